import numpy as np
import pytest
from scipy import integrate, stats

from attrition._typing import FloatArray, ScipyDistribution
from attrition.errors import NumberError, ParameterError
from attrition.projection.law_delay import _points, law_of_delay, returned_by
from attrition.uncertain import (
    Uncertain,
    UncertainLike,
    about,
    between,
    exactly,
    from_draws,
    maximum,
    mixture,
    truncate,
    uniform,
)
from tests.accounts.records import unchecked

MONTHS = np.array([[-3.0, 0.0, 0.31, 1.0], [2.5, 4.9, 7.0, 36.0]])


def returned(months: UncertainLike) -> FloatArray:
    """The integral of the distribution function at some months."""
    return returned_by(law_of_delay(months), MONTHS)


class TestReturnedBy:
    """The integral of the distribution function, against closed forms."""

    def test_exponential(self) -> None:
        """Of an exponential law it is x - m (1 - exp(-x / m))."""
        x = np.maximum(MONTHS, 0.0)
        expected = x + 3 * np.expm1(-x / 3)

        np.testing.assert_allclose(returned(stats.expon(scale=3)), expected, atol=1e-12)

    def test_uniform(self) -> None:
        """Of a uniform law on [1, 5] it is a parabola with lines on both sides."""
        x = MONTHS
        expected = np.where(x < 5, np.clip(x - 1, 0, 4) ** 2 / 8, x - 3)

        for law in (stats.uniform(1, 4), stats.Uniform(a=1, b=5), uniform(1, 5)):
            np.testing.assert_allclose(returned(law), expected, atol=1e-10)

    def test_lognormal(self) -> None:
        """Of a lognormal law it is x F(x) less the mean up to x, itself lognormal."""
        x = np.maximum(MONTHS, 1e-300)
        for spread in (0.05, 0.6, 2.5):
            part = stats.norm.cdf(np.log(x / 3) / spread - spread)
            expected = x * stats.norm.cdf(np.log(x / 3) / spread)
            expected -= 3 * np.exp(spread**2 / 2) * part

            found = returned(stats.lognorm(s=spread, scale=3))
            np.testing.assert_allclose(found, expected, atol=1e-10)

    @pytest.mark.parametrize("shape", [0.02, 0.1, 0.7])
    def test_steep_at_zero(self, shape: float) -> None:
        """Laws that rise like a root at zero have all their digits too."""
        law, longer = stats.gamma(shape, scale=9), stats.gamma(shape + 1, scale=9)
        expected = MONTHS * law.cdf(MONTHS) - 9 * shape * longer.cdf(MONTHS)

        np.testing.assert_allclose(returned(law), np.where(MONTHS > 0, expected, 0.0), atol=1e-10)

    def test_infinite_mean(self) -> None:
        """A law without a mean has an integral all the same: here x - log(1 + x)."""
        x = np.maximum(MONTHS, 0.0)

        np.testing.assert_allclose(returned(stats.lomax(1.0)), x - np.log1p(x), atol=1e-12)

    def test_far_away(self) -> None:
        """A law of years hardly begins within months."""
        expected = np.maximum(MONTHS, 0.0) ** 2 / 2e9

        np.testing.assert_allclose(returned(stats.uniform(0, 1e9)), expected, atol=1e-15)

    @pytest.mark.parametrize("at", [2.5, 3.0])
    def test_the_same_months_for_all(self, at: float) -> None:
        """With one value it is a line from there on, without any rounding of a rule."""
        expected = np.maximum(MONTHS - at, 0.0)

        for months in (at, exactly(at), from_draws([at, at, at])):
            np.testing.assert_allclose(returned(months), expected, atol=1e-13)

    def test_observed_months(self) -> None:
        """Of observed values it is the mean of the lines, in whatever order they come."""
        values = [4.0, 0.5, 9.0, 0.5, 2.5]
        expected = np.mean([np.maximum(MONTHS - v, 0.0) for v in values], axis=0)
        weights = [0.1, 0.2, 0.3, 0.2, 0.2]
        weighted = sum(
            w * np.maximum(MONTHS - v, 0.0) for w, v in zip(weights, values, strict=True)
        )

        np.testing.assert_allclose(returned(from_draws(values)), expected, atol=1e-13)
        np.testing.assert_allclose(
            returned(from_draws(values, weights=weights)), weighted, atol=1e-13
        )

    def test_values_out_of_order(self) -> None:
        """Values of a mixture, or of what is left of a number, need not rise."""
        late, early = from_draws([6.0, 8.0]), from_draws([1.0, 2.0, 2.5])
        lines = {v: np.maximum(MONTHS - v, 0.0) for v in (1.0, 2.0, 2.5, 4.0, 6.0, 8.0)}
        expected = 0.2 * (lines[6.0] + lines[8.0]) / 2
        expected += 0.8 * (lines[1.0] + lines[2.0] + lines[2.5]) / 3

        np.testing.assert_allclose(
            returned(mixture([(0.2, late), (0.8, early)])), expected, atol=1e-13
        )
        np.testing.assert_allclose(returned(10 - late), (lines[2.0] + lines[4.0]) / 2, atol=1e-13)

    @pytest.mark.parametrize("shift", [0, 0.5])
    def test_whole_months(self, shift: float) -> None:
        """Of a discrete law it is a sum of lines, wherever its places begin."""
        expected = sum(
            stats.poisson(3).pmf(k) * np.maximum(MONTHS - k - shift, 0.0) for k in range(80)
        )

        np.testing.assert_allclose(returned(stats.poisson(3, loc=shift)), expected, atol=1e-12)

    @pytest.mark.parametrize("start", [-1, None])
    def test_whole_months_from_below_zero(self, start: int | None) -> None:
        """A mass below zero that may be ignored has returned at zero."""
        law = stats.skellam(40, 0.01) if start is None else stats.poisson(14.5, loc=start)
        expected = sum(law.pmf(k) * np.maximum(MONTHS - max(k, 0), 0.0) for k in range(-9, 200))

        np.testing.assert_allclose(returned(law), np.where(MONTHS > 0, expected, 0.0), atol=1e-12)

    @pytest.mark.parametrize("shift", [0, 0.5])
    def test_whole_months_without_end(self, shift: float) -> None:
        """A discrete law with an infinite mean is summed as far as is asked."""
        # Riemann's zeta of 3 / 2.
        masses = [k**-1.5 / 2.612375348685488 for k in range(1, 40)]
        expected = sum(
            mass * np.maximum(MONTHS - k - shift, 0.0) for k, mass in enumerate(masses, start=1)
        )

        np.testing.assert_allclose(returned(stats.zipf(1.5, loc=shift)), expected, atol=1e-12)

    @pytest.mark.parametrize("law", [stats.poisson(1e12, loc=-1), stats.skellam(1e9, 1)])
    def test_whole_months_far_away(self, law: ScipyDistribution) -> None:
        """Of a discrete law that begins at or below zero and lies far away nobody returns."""
        assert (returned(law) == 0.0).all()

    def test_only_what_is_asked(self) -> None:
        """Of a law of very many whole months only those from zero on are looked at."""
        law = law_of_delay(stats.poisson(1e12, loc=-1_000.5))
        points = _points(law, 3.2)

        assert points is not None
        assert points[0].tolist() == [0.5, 1.5, 2.5, 3.5]

    def test_single_values_among_others(self) -> None:
        """A jump inside a law that has none elsewhere is found to the last digits."""
        x = np.maximum(MONTHS, 0.0)
        months = mixture([(0.3, exactly(2.7)), (0.7, Uncertain.of(stats.expon(scale=3)))])
        expected = 0.3 * np.maximum(x - 2.7, 0.0) + 0.7 * (x + 3 * np.expm1(-x / 3))

        np.testing.assert_allclose(returned(months), expected, atol=1e-10)

    def test_some_at_once(self) -> None:
        """Who returns at once is back from zero on."""
        x = np.maximum(MONTHS, 0.0)
        law, score = stats.norm(2, 1), (x - 2)
        expected = score * law.cdf(x) + law.pdf(x) - (-2 * law.cdf(0) + law.pdf(0))

        np.testing.assert_allclose(returned(maximum(about(2, sd=1), 0)), expected, atol=1e-10)

    @pytest.mark.parametrize(
        "months",
        [
            about(3, sd=0.3),
            between(1, 9, confidence=0.9, family="lognormal"),
            truncate(about(2, sd=3), 0, 24),
        ],
        ids=["normal", "lognormal", "cut"],
    )
    def test_against_another_rule(self, months: Uncertain) -> None:
        """The rule of Clenshaw and Curtis over the same law gives the same."""

        def cdf(x: float) -> float:
            return float(np.asarray(months.cdf(x)))

        for x, found in zip(MONTHS.ravel(), returned(months).ravel(), strict=True):
            inside = [p for p in np.linspace(0.0, 12.0, 49) if 0.0 < p < x]
            expected, _ = integrate.quad(
                cdf, 0.0, max(x, 0.0), points=inside or None, epsabs=1e-13, limit=400
            )

            assert found == pytest.approx(expected, abs=1e-9)

    def test_nothing_has_passed(self) -> None:
        """Before the first moment nobody has returned."""
        law = law_of_delay(stats.expon(scale=3))

        assert returned_by(law, np.array([-2.0, 0.0])).tolist() == [0.0, 0.0]


class TestLawOfDelay:
    def test_of_whom_does_not_matter(self) -> None:
        """An uncertain number gives its law, a stated one or one in closed form."""
        months = about(3, sd=0.3)

        assert law_of_delay(months).mean() == 3.0
        assert law_of_delay(months + about(1, sd=0.4)).var() == pytest.approx(0.25)

    def test_computed_from_several(self) -> None:
        """A number that is only known by points is no law to count on."""
        a, b, c = (between(1, 9, confidence=0.9, family="lognormal") for _ in range(3))
        months = a + b * c / (a + b)
        with pytest.raises(ParameterError) as caught:
            law_of_delay(months)

        assert str(caught.value) == (
            f"the delay was computed from several unknowns, {months}: expected one law of the "
            "months that a person is away. Type Delay.of(scipy.stats.lognorm(s=0.6, scale=3)), "
            "or Delay.of(from_draws(...)) for months that were observed."
        )

    def test_below_zero(self) -> None:
        """Nobody returns before being lost."""
        with pytest.raises(ParameterError) as caught:
            law_of_delay(stats.norm(3, 2))

        assert str(caught.value) == (
            "norm(3, 2) has 0.067 of its mass below 0 months: expected a law of times from 0 on, "
            "as nobody returns before being lost. Type for example "
            "Delay.of(scipy.stats.lognorm(s=0.6, scale=3)), or truncate(x, 0, 24)."
        )

    def test_known_and_below_zero(self) -> None:
        """A known number of months is not negative either."""
        with pytest.raises(ParameterError) as caught:
            law_of_delay(-3)

        assert str(caught.value).startswith(
            "Constant(value=-3.0) has 1 of its mass below 0 months:"
        )

    def test_last_of_a_tail_below_zero(self) -> None:
        """Less than a millionth below zero is a matter of tails."""
        assert law_of_delay(stats.norm(3, 0.6)).mean() == 3.0

    def test_no_law(self) -> None:
        """A text is no law, and a family without parameters is none."""
        with pytest.raises(NumberError):
            unchecked(law_of_delay)("three")
        with pytest.raises(NumberError) as caught:
            unchecked(law_of_delay)(stats.gamma)

        assert str(caught.value).startswith("gamma_gen is a family, not a distribution:")

    def test_bad_parameters(self) -> None:
        """Parameters that scipy does not check are refused."""
        with pytest.raises(ParameterError):
            law_of_delay(stats.gamma(-1))
