import itertools
import math
import pickle

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from mpmath import mp, mpf

from attrition.errors import MomentError, NumberError, ParameterError
from attrition.uncertain import between, from_quantiles
from attrition.uncertain.from_quantiles import Interpolated, Tails
from tests.precise import P, assert_quantiles, normal_score

LAWS = [
    Interpolated(((0.05, 14_500.0), (0.5, 17_000.0), (0.95, 23_000.0)), "lognormal"),
    Interpolated(((0.05, 14_500.0), (0.5, 17_000.0), (0.95, 23_000.0)), "normal"),
    Interpolated(((0.01, -3.0), (0.05, -1.0), (0.5, 1.0), (0.9, 1.1), (0.95, 30.0)), "normal"),
    Interpolated(((0.01, 0.3), (0.05, 1.0), (0.5, 1.01), (0.8, 1.1), (0.95, 3.0)), "lognormal"),
    Interpolated(((0.2, -7.0), (0.3, 5.0)), "normal"),
    Interpolated(((1e-6, 2.0), (0.7, 5.0)), "lognormal"),
]


class Exact:
    """The same curve at fifty digits, written as Hermite's cubic on its four basis functions."""

    def __init__(self, law: Interpolated) -> None:
        self.tails = law.tails
        self.middle = mpf(law.quantiles[len(law.quantiles) // 2][1])
        self.z = [normal_score(p) for p, _ in law.quantiles]
        self.y = [self.straight(mpf(x)) for _, x in law.quantiles]
        steps = list(itertools.pairwise(zip(self.z, self.y, strict=True)))
        h = [b[0] - a[0] for a, b in steps]
        s = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in steps]
        inner = [
            3
            * (h[i] + h[i - 1])
            / ((2 * h[i] + h[i - 1]) / s[i - 1] + (h[i] + 2 * h[i - 1]) / s[i])
            for i in range(1, len(s))
        ]
        self.d = [s[0], *inner, s[-1]]

    def straight(self, x: mpf) -> mpf:
        """The value on the scale on which the curve is drawn."""
        return x if self.tails == "normal" else mp.log(x / self.middle)

    def curve(self, z: mpf) -> mpf:
        """The curve at a normal score."""
        if z <= self.z[0]:
            return self.y[0] + self.d[0] * (z - self.z[0])
        if z >= self.z[-1]:
            return self.y[-1] + self.d[-1] * (z - self.z[-1])
        i = max(k for k, knot in enumerate(self.z[:-1]) if knot <= z)
        h = self.z[i + 1] - self.z[i]
        u = (z - self.z[i]) / h
        return (
            (1 + 2 * u) * (1 - u) ** 2 * self.y[i]
            + u * (1 - u) ** 2 * h * self.d[i]
            + u * u * (3 - 2 * u) * self.y[i + 1]
            + u * u * (u - 1) * h * self.d[i + 1]
        )

    def value(self, z: mpf) -> mpf:
        """The number at a normal score."""
        straight = self.curve(z)
        return straight if self.tails == "normal" else self.middle * mp.exp(straight)

    def moment(self, centre: mpf, power: int) -> mpf:
        """E[(X - centre)^power]."""
        edges = [-25, -15, -8, *self.z, *(e for e in (8, 15, 25) if e > self.z[-1])]
        return mp.quad(lambda z: (self.value(z) - centre) ** power * mp.npdf(z), edges)


class TestInterpolated:
    @pytest.mark.parametrize("law", LAWS, ids=repr)
    def test_quantiles(self, law: Interpolated) -> None:
        """Quantiles lie on the cubic pieces and the straight lines, at fifty digits."""
        exact = Exact(law)

        assert_quantiles(
            law,
            lambda p, _: exact.value(normal_score(p)),
            mean=law.mean(),
            sd=math.sqrt(law.var()),
        )

    @pytest.mark.parametrize("law", LAWS, ids=repr)
    def test_through_every_point(self, law: Interpolated) -> None:
        """Each stated quantile is a quantile of the law, and its probability is found again."""
        for p, x in law.quantiles:
            assert float(law.ppf(np.array(p))) == pytest.approx(x, rel=1e-15)
            # Of 1 - 1e-6 the last ten digits of the small one are gone.
            assert float(law.isf(np.array(1.0 - p))) == pytest.approx(x, rel=1e-10)
            assert float(law.cdf(np.array(x))) == pytest.approx(p, rel=1e-14)
            assert float(law.sf(np.array(x))) == pytest.approx(1.0 - p, rel=1e-13)

    @pytest.mark.parametrize("law", LAWS, ids=repr)
    def test_probabilities_invert_quantiles(self, law: Interpolated) -> None:
        """A probability is found again from its quantile, as far as the quantile's digits say."""
        p = np.array(P)
        for ask, answer in ((law.ppf, law.cdf), (law.isf, law.sf)):
            x = ask(p)
            moved = law.pdf(x) * np.spacing(np.abs(x))

            assert (np.abs(answer(x) - p) <= 1e-13 * p + 4.0 * moved).all()

    @pytest.mark.parametrize("law", LAWS, ids=repr)
    def test_moments(self, law: Interpolated) -> None:
        """Mean and variance are the integrals at fifty digits."""
        exact = Exact(law)
        mean = exact.moment(mpf(0), 1)
        variance = exact.moment(mean, 2)

        assert law.mean() == pytest.approx(float(mean), rel=1e-14)
        assert law.var() == pytest.approx(float(variance), rel=1e-12)

    @pytest.mark.parametrize("law", LAWS, ids=repr)
    def test_density_is_the_slope(self, law: Interpolated) -> None:
        """The density is the slope of the distribution function, in the tails and between."""
        p = np.array([1e-4, 0.04, 0.1, 0.25, 0.45, 0.6, 0.77, 0.93, 0.99])
        x = law.ppf(p)
        step = 1e-6 * np.abs(x - law.ppf(0.9 * p))
        slope = (law.cdf(x + step) - law.cdf(x - step)) / (2.0 * step)

        assert law.pdf(x) == pytest.approx(slope, rel=1e-6)

    @pytest.mark.parametrize("law", LAWS, ids=repr)
    def test_smooth_at_the_points(self, law: Interpolated) -> None:
        """The density does not jump at a stated quantile."""
        for p, x in law.quantiles:
            step = 1e-11 * float(law.ppf(np.array(0.5 + 0.5 * p)) - x)
            left, right = law.pdf(np.array([x - step, x + step]))

            # Steep, at most, as from 1.1 to 30 within five per cent of the mass.
            assert left == pytest.approx(right, rel=1e-4)

    def test_support(self) -> None:
        """Normal tails go on for ever; lognormal ones end at zero, where there is no density."""
        lognormal, normal = LAWS[0], LAWS[1]
        places = np.array([-np.inf, -1.0, 0.0])

        assert (normal.support(), lognormal.support()) == ((-math.inf, math.inf), (0.0, math.inf))
        assert lognormal.cdf(places).tolist() == [0.0] * 3
        assert lognormal.sf(places).tolist() == [1.0] * 3
        assert lognormal.pdf(places).tolist() == [0.0] * 3
        assert normal.pdf(places).tolist()[1:] != [0.0, 0.0]

    @pytest.mark.parametrize("law", LAWS[:2], ids=repr)
    def test_ends(self, law: Interpolated) -> None:
        """Probabilities of none and all give the ends of the support, and back."""
        low, high = law.support()

        assert law.ppf(np.array([0.0, 1.0])).tolist() == [low, high]
        assert law.isf(np.array([0.0, 1.0])).tolist() == [high, low]
        assert law.cdf(np.array([low, high])).tolist() == [0.0, 1.0]
        assert law.sf(np.array([low, high])).tolist() == [1.0, 0.0]

    def test_draws_are_the_scores_of_the_generator(self) -> None:
        """Draws come from normal scores, so that a moved quantile changes no other draw."""
        law = LAWS[0]
        z = np.random.default_rng(20260101).standard_normal(5)

        drawn = law.draw(np.random.default_rng(20260101), 5)
        assert drawn.tolist() == law.at_score(z).tolist()

    def test_moment_out_of_reach(self) -> None:
        """A moment beyond the largest float is refused, not returned as infinite."""
        law = Interpolated(((0.4, 0.01), (0.6, 1e6)), "lognormal")
        for ask, what in ((law.mean, "mean"), (law.var, "mean")):
            with pytest.raises(MomentError) as caught:
                ask()

            assert str(caught.value) == (
                f"the {what} of {law!r} is too large to be computed. "
                f"Use median() and interval(confidence), which always exist."
            )

    def test_variance_out_of_reach(self) -> None:
        """A variance is refused where only the mean is within reach."""
        law = Interpolated(((0.4, 0.01), (0.6, 100.0)), "lognormal")

        assert math.isfinite(law.mean())
        with pytest.raises(MomentError, match="the variance of Interpolated"):
            law.var()

    def test_equality_and_pickle(self) -> None:
        """The law is its points and its tails."""
        law = LAWS[0]

        assert pickle.loads(pickle.dumps(law)) == law
        assert law != LAWS[1]
        assert (
            law.key
            == repr(law)
            == (
                "Interpolated(quantiles=((0.05, 14500.0), (0.5, 17000.0), (0.95, 23000.0)), "
                "tails='lognormal')"
            )
        )


class TestFromQuantiles:
    @pytest.mark.parametrize("family", ["normal", "lognormal"])
    def test_two_points_are_the_family(self, family: Tails) -> None:
        """Through two points goes exactly the law of the tails."""
        x = from_quantiles({0.05: 14_500, 0.95: 23_000}, tails=family)
        y = between(14_500, 23_000, confidence=0.9, family=family)
        p = np.array(P)

        assert x.same_law(y)
        assert x.ppf(p) == pytest.approx(y.ppf(p), rel=1e-13)
        assert x.mean() == pytest.approx(y.mean(), rel=1e-14)
        assert x.std() == pytest.approx(y.std(), rel=1e-13)
        assert x.pdf(17_000) == pytest.approx(y.pdf(17_000), rel=1e-12)

    def test_points_of_a_normal_law(self) -> None:
        """Through many points of a normal law goes that law."""
        y = between(-3, 5, confidence=0.9, family="normal")
        stated = {p: float(y.ppf(p)) for p in (0.01, 0.1, 0.35, 0.5, 0.9, 0.975)}

        x = from_quantiles(stated, tails="normal")
        assert x.ppf(P) == pytest.approx(y.ppf(P), rel=1e-12)

    def test_order_of_statement_does_not_matter(self) -> None:
        """Points are taken in the order of their probability."""
        x = from_quantiles({0.95: 23, 0.05: 14, 0.5: 17}, tails="normal", name="afghanistan")
        y = from_quantiles({0.05: 14, 0.5: 17, 0.95: 23}, tails="normal")

        assert x.same_law(y)
        assert (x.name, x.method) == ("afghanistan", "exact")

    @given(
        st.lists(st.floats(1e-6, 1.0 - 1e-6), min_size=2, max_size=7, unique=True),
        st.lists(st.floats(1e-3, 1e3), min_size=7, max_size=7),
        st.sampled_from(["normal", "lognormal"]),
    )
    def test_always_rises(self, p: list[float], steps: list[float], tails: Tails) -> None:
        """Whatever rises in the statement, the quantile function rises strictly everywhere."""
        values = np.cumsum(steps)[: len(p)]
        assume(min(np.diff(sorted(p))) > 1e-3)
        law = Interpolated(tuple(zip(sorted(p), values.tolist(), strict=True)), tails)
        z = np.linspace(-8.0, 8.0, 401)

        assert (np.diff(law.curve().at(z)) > 0.0).all()
        assert (law.curve().slope(z) > 0.0).all()
        for q, value in zip(sorted(p), values, strict=True):
            assert float(law.ppf(np.array(q))) == pytest.approx(value, rel=1e-12)

    @pytest.mark.parametrize("quantiles", [[(0.05, 1), (0.95, 2)], 17_000, "0.5: 3"])
    def test_no_mapping(self, quantiles: object) -> None:
        """Quantiles are stated as values by probability."""
        with pytest.raises(ParameterError) as caught:
            from_quantiles(quantiles, tails="normal")  # type: ignore[arg-type]  # the point

        assert str(caught.value) == (
            f"quantiles is {quantiles!r}: expected values by probability. Type for example "
            f'from_quantiles({{0.05: 31_000, 0.5: 35_000, 0.95: 47_000}}, tails="normal").'
        )

    @pytest.mark.parametrize("quantiles", [{}, {0.5: 17_000}])
    def test_too_few(self, quantiles: dict[float, float]) -> None:
        """One quantile has no spread."""
        with pytest.raises(ParameterError) as caught:
            from_quantiles(quantiles, tails="normal")

        assert str(caught.value) == (
            f"{len(quantiles)} quantiles were given: expected at least 2. Type for example "
            f'from_quantiles({{0.05: 31_000, 0.5: 35_000, 0.95: 47_000}}, tails="normal").'
        )

    @pytest.mark.parametrize(("p", "text"), [(0.0, "0"), (1, "1"), (95, "95"), (-0.05, "-0.05")])
    def test_no_probability(self, p: float, text: str) -> None:
        """A quantile has a probability inside (0, 1); per cent are not read as such."""
        with pytest.raises(ParameterError) as caught:
            from_quantiles({0.5: 17_000, p: 23_000}, tails="normal")

        assert str(caught.value) == (
            f"the probability of a quantile is {text}: expected a number inside (0, 1). Write the "
            f"95 % quantile as 0.95; an end that cannot be passed is one of uniform or pert."
        )

    def test_no_number(self) -> None:
        """Probabilities and values must be numbers, and the message says which is none."""
        with pytest.raises(NumberError) as caught:
            from_quantiles({0.05: 3, "0.95": 4}, tails="normal")  # type: ignore[dict-item]  # so
        assert str(caught.value) == (
            "the probability of a quantile is '0.95', a str: expected a finite number. "
            "Type a number such as 35_000; a text is never read as one."
        )
        with pytest.raises(ParameterError) as refused:
            from_quantiles({0.05: 3, 0.95: math.inf}, tails="normal")
        assert str(refused.value) == (
            "the 0.95 quantile is inf: expected a finite number. "
            "Leave an unknown value out rather than marking it with nan or inf."
        )

    @pytest.mark.parametrize("tails", ["normal", "lognormal"])
    @pytest.mark.parametrize("value", [23_000, 20_000.5])
    def test_not_rising(self, value: float, tails: Tails) -> None:
        """Values must rise with the probability; the message names the first two that do not."""
        stated = {0.05: 14_500, 0.5: 23_000, 0.95: value, 0.99: 1}
        with pytest.raises(ParameterError) as caught:
            from_quantiles(stated, tails=tails)

        assert str(caught.value) == (
            f"the 0.5 quantile is 23000.0 and the 0.95 quantile is {float(value)!r}: expected "
            f"values that rise with the probability, by more than the spacing of floats. "
            f"Type for example "
            f'from_quantiles({{0.05: 31_000, 0.5: 35_000, 0.95: 47_000}}, tails="normal").'
        )

    def test_rising_by_less_than_floats_show(self) -> None:
        """Values whose logarithms are one and the same float are refused."""
        with pytest.raises(ParameterError) as caught:
            from_quantiles(
                {0.1: 1, 0.2: 2, 0.25: 3, 0.3: 1e13, 0.4: 1e13 + 0.002}, tails="lognormal"
            )

        assert str(caught.value) == (
            "the 0.3 quantile is 10000000000000.0 and the 0.4 quantile is 10000000000000.002: "
            "expected values that rise with the probability, by more than the spacing of floats. "
            "Type for example "
            'from_quantiles({0.05: 31_000, 0.5: 35_000, 0.95: 47_000}, tails="normal").'
        )

    @pytest.mark.parametrize("value", [0, -3.5])
    def test_lognormal_is_positive(self, value: float) -> None:
        """Lognormal tails need values above zero."""
        with pytest.raises(ParameterError) as caught:
            from_quantiles({0.05: value, 0.95: 4}, tails="lognormal")

        assert str(caught.value) == (
            f"a quantile is {value:g}: expected more than 0 with lognormal tails. "
            f'Type tails="normal" for a number that may be negative.'
        )

    def test_unknown_tails(self) -> None:
        """The tails are one of two."""
        with pytest.raises(ParameterError) as caught:
            from_quantiles({0.05: 3, 0.95: 4}, tails="flat")  # type: ignore[arg-type]  # the point

        assert str(caught.value) == (
            'tails is \'flat\': expected "normal" or "lognormal". '
            'Counts and ratios usually have tails="lognormal".'
        )

    def test_too_wide(self) -> None:
        """Quantiles that need more than the largest float are refused."""
        with pytest.raises(ParameterError, match="spread too small or too large for floats"):
            from_quantiles({0.49: 1, 0.51: 1e300}, tails="lognormal")
