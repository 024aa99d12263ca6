import math
from collections.abc import Callable

import numpy as np
import pytest
from mpmath import mp, mpf
from scipy import stats

from attrition.errors import NumberError, ParameterError
from attrition.uncertain import (
    Uncertain,
    about,
    at_least,
    between,
    exactly,
    exp,
    from_draws,
    from_joint_draws,
    maximum,
    mixture,
    share,
    truncate,
    uniform,
)
from attrition.uncertain.empirical import Empirical, Weighted
from attrition.uncertain.exact import exact_law
from attrition.uncertain.families import Exponential, LogitNormal, LogNormal, Normal, Uniform
from attrition.uncertain.law import Law
from attrition.uncertain.monotone import Image
from attrition.uncertain.node import Leaf
from attrition.uncertain.sampled import Sampled
from attrition.uncertain.scipy_law import ScipyFrozen
from attrition.uncertain.shape_laws import TwoPiece
from attrition.uncertain.truncate import Truncated
from tests.precise import P, assert_quantiles, normal_below, solved

INF = math.inf

Below = Callable[[mpf], mpf]


def normal(x: mpf) -> mpf:
    """The standard normal."""
    return normal_below(x)


def shifted(x: mpf) -> mpf:
    """A normal deficit."""
    return normal_below((x - 9_000) / 6_000)


def lognormal(x: mpf) -> mpf:
    """A lognormal ratio."""
    return normal_below(mp.log(x / 10) / mpf(1.2))


def exponential(x: mpf) -> mpf:
    """An exponential excess."""
    return -mp.expm1(-x * mp.log(2) / 3)


def logit(x: mpf) -> mpf:
    """A share, normal in its log odds."""
    if x >= 1:
        return mpf(1)
    return normal_below((mp.log(x / (1 - x)) - mpf(0.2)) / mpf(0.7))


def pieces(x: mpf) -> mpf:
    """Two halves of normal laws."""
    return normal_below((x - 3) / (1 if x < 3 else 7))


LAWS: list[tuple[Truncated, Below]] = [
    (Truncated(Normal(0.0, 1.0), 8.0, INF), normal),
    (Truncated(Normal(0.0, 1.0), -INF, -8.0), normal),
    (Truncated(Normal(0.0, 1.0), 8.0, 8.5), normal),
    (Truncated(Normal(0.0, 1.0), -37.0, -30.0), normal),
    (Truncated(Normal(0.0, 1.0), -1.0, 1.2), normal),
    (Truncated(Normal(0.0, 1.0), -9.0, 0.5), normal),
    (Truncated(Normal(0.0, 1.0), 0.5, 9.0), normal),
    (Truncated(Normal(9_000.0, 6_000.0), 0.0, INF), shifted),
    (Truncated(LogNormal(10.0, 1.2), 9.0, 1e6), lognormal),
    (Truncated(LogNormal(10.0, 1.2), -5.0, 1e-3), lognormal),
    (Truncated(Exponential(3.0), 150.0, INF), exponential),
    (Truncated(LogitNormal(0.2, 0.7), 0.9, INF), logit),
    (Truncated(TwoPiece(3.0, 1.0, 7.0), 2.0, 20.0), pieces),
]

IDS = [repr(law) for law, _ in LAWS]


def cut(law: Truncated, below: Below) -> tuple[mpf, mpf]:
    """The probabilities up to both ends of the support, with all digits."""
    low, high = law.support()
    return (
        below(mpf(low)) if low not in (-INF, 0.0) or below is shifted else mpf(0),
        below(mpf(high)) if math.isfinite(high) and high != 1.0 else mpf(1),
    )


class TestTruncated:
    @pytest.mark.parametrize(("law", "below"), LAWS, ids=IDS)
    def test_quantiles(self, law: Truncated, below: Below) -> None:
        """Quantiles are exact far out in either tail, and next to both bounds."""
        first, last = cut(law, below)

        def exact(p: mpf, start: float) -> mpf:
            return solved(below, mpf(start), first + p * (last - first))

        assert_quantiles(law, exact, mean=law.mean(), sd=math.sqrt(law.var()))

    @pytest.mark.parametrize(("law", "below"), LAWS, ids=IDS)
    def test_probabilities(self, law: Truncated, below: Below) -> None:
        """Probabilities are shares of the mass between the bounds; the two sides sum to one."""
        first, last = cut(law, below)
        x = law.ppf(np.array([0.001, 0.2, 0.5, 0.9, 0.999]))
        exact = [float((below(mpf(value)) - first) / (last - first)) for value in x.tolist()]

        # A hair of x is up to a thousand hairs of a probability, thirty deviations out.
        assert law.cdf(x) == pytest.approx(exact, rel=2e-12)
        assert law.sf(x) == pytest.approx([1.0 - p for p in exact], rel=2e-12)
        assert law.cdf(x) + law.sf(x) == pytest.approx(1.0, abs=1e-14)

    @pytest.mark.parametrize(("law", "below"), LAWS, ids=IDS)
    def test_moments(self, law: Truncated, below: Below) -> None:
        """Mean and variance are the integrals of the probabilities."""
        first, last = cut(law, below)
        low, high = (float(end) for end in law.ppf(np.array([0.0, 1.0])))
        start = mpf(low)
        # Among the knots is the one place where a density jumps.
        shares = law.ppf(np.array([1e-9, 0.01, 0.3, 0.7, 0.99, 1 - 1e-9])).tolist()
        knots = sorted({*shares, low, *([3.0] if below is pieces else [])})
        knots += [high] if math.isfinite(high) else [float(law.isf(np.array(1e-40)))]

        def above(x: mpf) -> mpf:
            return (last - below(x)) / (last - first)

        if not math.isfinite(low):
            knots[0] = float(law.ppf(np.array(1e-40)))
            start = mpf(knots[0])
        mean = start + mp.quad(above, knots)
        variance = mp.quad(lambda x: 2 * (x - start) * above(x), knots) - (mean - start) ** 2

        assert law.mean() == pytest.approx(float(mean), rel=1e-10)
        assert law.var() == pytest.approx(float(variance), rel=1e-8)

    @pytest.mark.parametrize(("law", "below"), LAWS, ids=IDS)
    def test_density(self, law: Truncated, below: Below) -> None:
        """Inside, the density is that of the inner law over the mass; outside there is none."""
        first, last = cut(law, below)
        x = law.ppf(np.array([0.1, 0.6]))

        assert law.mass == pytest.approx(float(last - first), rel=1e-13, abs=0.0)
        assert law.pdf(x) == pytest.approx(
            law.inner.pdf(x) / float(last - first), rel=1e-12, abs=0.0
        )
        assert law.pdf(np.array([law.low - 1.0, law.high + 1.0])).tolist() == [0.0, 0.0]

    def test_density_at_the_bounds(self) -> None:
        """The bounds belong to what is left."""
        law = Truncated(Uniform(0.0, 4.0), 1.0, 3.0)

        assert law.pdf(np.array([1.0, 3.0])).tolist() == [0.5, 0.5]

    @pytest.mark.parametrize(("law", "below"), LAWS, ids=IDS)
    def test_ends(self, law: Truncated, below: Below) -> None:
        """No quantile lies beyond a bound; all mass lies between the ends."""
        low, high = law.support()
        ends = np.array([low, high])

        assert law.ppf(np.array([0.0, 1.0])).tolist() == ends.tolist()
        assert law.isf(np.array([0.0, 1.0])).tolist() == ends.tolist()[::-1]
        assert law.cdf(ends).tolist() == [0.0, 1.0]
        assert law.sf(ends).tolist() == [1.0, 0.0]
        outside = np.array([np.nextafter(law.low, -INF), np.nextafter(law.high, INF)])
        assert law.cdf(outside).tolist() == [0.0, 1.0]
        assert law.sf(outside).tolist() == [1.0, 0.0]
        assert below(mpf(1)) > 0

    def test_twice(self) -> None:
        """To truncate what was truncated is to truncate once, to the narrower bounds."""
        twice = Truncated(Truncated(Normal(0.0, 1.0), -2.0, 3.0), 1.0, 5.0)
        once = Truncated(Normal(0.0, 1.0), 1.0, 3.0)

        assert twice.ppf(np.array(P)) == pytest.approx(once.ppf(np.array(P)), rel=1e-14)
        assert twice.support() == (1.0, 3.0)

    @pytest.mark.parametrize(("low", "high"), [(-0.3, 0.0), (1.2, 3.3), (-0.6, 3.3), (-0.4, 3.4)])
    def test_rounding_stays_inside(self, low: float, high: float) -> None:
        """Next to a bound rounding carries neither a quantile nor a probability over it."""
        law = Truncated(Normal(0.0, 1.0), low, high)
        q = np.array([1e-20, 1e-17, 1.0 - 2.0**-53])
        x = np.array([low, np.nextafter(low, high), np.nextafter(high, low)])

        assert ((law.ppf(q) >= low) & (law.ppf(q) <= high)).all()
        assert ((law.isf(q) >= low) & (law.isf(q) <= high)).all()
        assert ((law.cdf(x) >= 0.0) & (law.cdf(x) <= 1.0)).all()
        assert ((law.sf(x) >= 0.0) & (law.sf(x) <= 1.0)).all()

    def test_errors_of_the_inner_law(self) -> None:
        """What the inner law knows of its errors counts by the mass that is left."""
        copies = np.sort(np.random.default_rng(20260101).uniform(0.0, 4.0, (8, 4_000)))
        inner = Sampled(copies, "lattice", 0.0, 4.0)
        law = Truncated(inner, 1.0, 3.0)

        assert (law.method, Truncated(Uniform(0.0, 4.0), 1.0, 3.0).method) == ("lattice", "exact")
        assert law.probability_error(1.5) == inner.probability_error(1.5) / law.mass
        assert law.error(0.25) == pytest.approx(2.0 * law.probability_error(1.5), rel=0.3)

    def test_support_is_the_narrower(self) -> None:
        """A bound outside the support changes nothing of it."""
        assert Truncated(Uniform(0.0, 4.0), -1.0, 3.0).support() == (0.0, 3.0)
        assert Truncated(Uniform(0.0, 4.0), 1.0, 7.0).support() == (1.0, 4.0)

    def test_jumps(self) -> None:
        """A law with jumps keeps them; its quantiles are the places where they are reached."""
        law = Truncated(exact(maximum(about(1, sd=2), 0.5)), -INF, 3.0)
        jump = float(law.cdf(np.array(0.5)))
        q = np.array([0.0, 0.5 * jump, 0.999 * jump, 0.5 * (jump + 1.0), 1.0])
        places = law.ppf(q)

        assert law.atomic
        assert jump == pytest.approx(stats.norm.cdf(-0.25) / stats.norm.cdf(1.0), rel=1e-12)
        assert places[:3].tolist() == [0.5] * 3
        assert places[4] == 3.0
        assert float(law.cdf(places[3])) == pytest.approx(float(q[3]), rel=1e-12)
        assert law.isf(1.0 - q) == pytest.approx(places, rel=1e-12)
        assert float(law.below(np.array(0.5))) == 0.0

    def test_jump_on_a_bound(self) -> None:
        """What has a probability of its own on a bound belongs to what is left."""
        law = exact(maximum(about(1, sd=2), 0.5))
        at = stats.norm.cdf(-0.25)

        assert Truncated(law, 0.5, INF).mass == pytest.approx(1.0)
        assert Truncated(law, 0.5, INF).cdf(np.array(0.5)) == pytest.approx(at)
        assert Truncated(law, 0.5, INF).sf(np.array(0.5)) == pytest.approx(1.0 - at)
        assert Truncated(law, -INF, 0.5).mass == pytest.approx(at)
        assert float(Truncated(law, -INF, 0.5).ppf(np.array(0.7))) == 0.5

    def test_upper_jumps(self) -> None:
        """Jumps in the upper half are reached from above."""
        law = Truncated(exact(-1.0 * maximum(about(1, sd=2), 0.5)), -3.0, INF)
        jump = float(law.at_least(np.array(-0.5)))

        assert law.isf(np.array([0.0, 0.5 * jump])).tolist() == [-0.5, -0.5]
        assert law.ppf(np.array([1.0, 1.0 - 0.5 * jump])).tolist() == [-0.5, -0.5]
        assert float(law.sf(law.isf(np.array(0.9)))) == pytest.approx(0.9, rel=1e-12)


def exact(x: Uncertain) -> Law:
    """The law of a number of one unknown."""
    law = exact_law(x.node)
    assert law is not None
    return law


def law_of(x: Uncertain) -> Law:
    """The law of a leaf."""
    assert isinstance(x.node, Leaf)
    return x.node.law


class TestTruncate:
    def test_statement(self) -> None:
        """The result has the bounds, the name and the exact law that were asked for."""
        x = truncate(about(9_000, sd=6_000), low=0, name="deficit")

        assert (x.name, x.support(), x.method) == ("deficit", (0.0, INF), "exact")
        ratio = stats.norm.pdf(1.5) / stats.norm.cdf(1.5)
        assert x.mean() == pytest.approx(9_000 + 6_000 * ratio, rel=1e-12)
        assert repr(x) == (
            "Uncertain(Truncated(inner=Normal(centre=9000.0, sd=6000.0), low=0.0, high=inf), "
            "'deficit')"
        )

    def test_both_bounds(self) -> None:
        """Bounds may be given by position, low first."""
        x = truncate(uniform(0, 10), 2, 6)

        assert x.same_law(uniform(2, 6))
        assert truncate(uniform(0, 10), high=6).same_law(uniform(0, 6))

    def test_memory(self) -> None:
        """What is left of an exponential excess is the same excess again."""
        assert truncate(at_least(0, median=3), low=50).same_law(at_least(50, median=53))

    def test_new_unknown(self) -> None:
        """The result is tied neither to the number nor to another result."""
        x = about(3, sd=1)
        y, z = truncate(x, low=0), truncate(x, low=0)

        assert y != z
        assert (x - y).var() == pytest.approx(x.var() + y.var(), rel=1e-2)

    def test_closed_form_of_a_derived_number(self) -> None:
        """A number computed from others may be truncated where its law has a closed form."""
        x = truncate(about(44_000, sd=3_000) - about(35_000, sd=2_000), low=0)

        assert law_of(x) == Truncated(Normal(9_000.0, math.hypot(3_000.0, 2_000.0)), 0.0, INF)
        assert truncate(exp(share(0.4, 0.7, confidence=0.9)), low=1.5).support()[0] == 1.5

    def test_distributions(self) -> None:
        """A frozen distribution is taken as it is."""
        x = truncate(stats.gamma(3), low=2)

        assert isinstance(law_of(x), Truncated)
        assert x.cdf(3) == pytest.approx(
            (stats.gamma(3).cdf(3) - stats.gamma(3).cdf(2)) / stats.gamma(3).sf(2), rel=1e-12
        )

    def test_discrete(self) -> None:
        """Of whole numbers those between the bounds are left, bounds included."""
        x = truncate(stats.poisson(2.5), 1, 3)
        mass = stats.poisson(2.5).pmf([1, 2, 3])

        assert x.ppf([0.0, 1.0]) == pytest.approx([1, 3])
        assert x.mean() == pytest.approx(mass @ [1, 2, 3] / mass.sum(), rel=1e-13)

    def test_draws(self) -> None:
        """Of draws those between the bounds are left, with their weights."""
        plain = law_of(truncate(from_draws([5, 1, 2, 9, 3]), 2, 5))
        weighted = law_of(truncate(from_draws([5, 1, 2, 9, 3], [1, 2, 3, 4, 4]), 2, 5))
        values = law_of(truncate(stats.poisson(2.5), 1, 3))

        assert isinstance(plain, Empirical)
        assert plain.values.tolist() == [2.0, 3.0, 5.0]
        assert isinstance(weighted, Weighted)
        assert (weighted.values.tolist(), weighted.drawn) == ([2.0, 3.0, 5.0], True)
        assert weighted.weights == pytest.approx([0.375, 0.5, 0.125])
        assert isinstance(values, Weighted)
        assert not values.drawn

    def test_column(self) -> None:
        """A column of joint draws loses its ties."""
        tied = from_joint_draws({"a": [1, 2, 3, 4], "b": [1, 2, 3, 4]})
        x = truncate(tied["a"], high=2)

        assert x.support() == (1.0, 2.0)
        assert (x - tied["b"]).std() > 0.5

    def test_one_value_left(self) -> None:
        """Where one value is left, the number is known."""
        assert truncate(from_draws([5, 1, 1]), high=4).value == 1.0
        assert truncate(from_draws([5, 1, 1]), low=4, name="x").value == 5.0

    def test_known(self) -> None:
        """A known number stays what it is, if it may."""
        assert truncate(exactly(3), low=3) == exactly(3)
        assert truncate(3, high=3).value == 3.0

    def test_no_bound(self) -> None:
        """Without a bound there is nothing to do, which is not what was meant."""
        with pytest.raises(ParameterError) as caught:
            truncate(about(3, sd=1))

        assert str(caught.value) == (
            "truncate was given no bound: expected low, high or both. "
            "Type for example truncate(x, low=0)."
        )

    @pytest.mark.parametrize(("low", "high"), [(3, 3), (4, 3.5)])
    def test_bounds_reversed(self, low: float, high: float) -> None:
        """The lower bound must be the lower one."""
        with pytest.raises(ParameterError) as caught:
            truncate(about(3, sd=1), low, high)

        assert str(caught.value) == (
            f"low is {low} and high is {high}: expected low < high. "
            f"Type for example truncate(x, low=0, high=50_000)."
        )

    @pytest.mark.parametrize("bounds", [{"low": math.nan}, {"high": math.nan}])
    def test_bound_without_value(self, bounds: dict[str, float]) -> None:
        """A bound is finite; none is given by leaving it out."""
        (name,) = bounds
        with pytest.raises(ParameterError) as caught:
            truncate(about(3, sd=1), **bounds)  # type: ignore[arg-type]  # no name among them

        assert str(caught.value) == (
            f"{name} is nan: expected a finite number. "
            f"Leave an unknown value out rather than marking it with nan or inf."
        )

    def test_no_number(self) -> None:
        """A text is no number to truncate."""
        with pytest.raises(NumberError, match="'44,000' is a str: expected a number, an Uncertain"):
            truncate("44,000", low=0)  # type: ignore[arg-type]  # the point

    @pytest.mark.parametrize(
        ("x", "low", "high", "text"),
        [
            (
                uniform(0, 1),
                2,
                None,
                (
                    "truncate to [2, inf] keeps a mass of 0 of Uniform(low=0.0, high=1.0), "
                    "which lies from 0 to 1"
                ),
            ),
            (
                about(0, sd=1),
                None,
                -37,
                (
                    "truncate to [-inf, -37] keeps a mass of 5.7e-300 of "
                    "Normal(centre=0.0, sd=1.0), which lies from -inf to inf"
                ),
            ),
            (
                exactly(3),
                4,
                5,
                (
                    "truncate to [4, 5] keeps a mass of 0 of Constant(value=3.0), "
                    "which lies from 3 to 3"
                ),
            ),
        ],
    )
    def test_no_mass(self, x: Uncertain, low: float | None, high: float | None, text: str) -> None:
        """Bounds that leave nothing, or too little for floats, are refused with the mass."""
        with pytest.raises(ParameterError) as caught:
            truncate(x, low, high)

        assert str(caught.value) == (
            f"{text}: expected some of its mass. Check the bounds, or the figure."
        )

    def test_little_mass(self) -> None:
        """Mass that floats can still tell apart is enough."""
        assert truncate(about(0, sd=1), high=-36).support() == (-INF, -36.0)

    def test_no_values_left(self) -> None:
        """Draws that all lie outside are refused."""
        x = from_draws([5, 1, 2])
        with pytest.raises(ParameterError) as caught:
            truncate(x, low=6)

        assert str(caught.value) == (
            f"truncate to [6, inf] keeps a mass of 0 of {law_of(x)!r}, which lies from 1 to 5: "
            f"expected some of its mass. Check the bounds, or the figure."
        )

    def test_no_closed_form(self) -> None:
        """A number of several unknowns without a closed form is refused."""
        a, b = uniform(0, 1), between(1, 2, confidence=0.9, family="lognormal")
        x = a**b + b * about(1, sd=1) * a
        with pytest.raises(ParameterError) as caught:
            truncate(x, low=0)

        assert str(caught.value) == (
            f"truncate of {x!r}, whose law has no closed form: expected a figure as it was stated. "
            f"Truncate the figures that it was computed from before computing it."
        )

    def test_inner_kinds(self) -> None:
        """Images and scipy's own laws are truncated like any other."""
        assert isinstance(exact(exp(share(0.4, 0.7, confidence=0.9))), Image)
        law = Truncated(ScipyFrozen(stats.gamma(3)), 5.0, INF)

        assert law.sf(law.isf(np.array(P))) == pytest.approx(P, rel=1e-9, abs=0.0)

    def test_mixture(self) -> None:
        """A mixture of values is made of values, and is truncated as such or refused as a whole."""
        x = mixture([(0.5, exactly(1)), (0.5, exactly(2))])
        if x.method == "exact":
            assert truncate(x, low=1.5).value == 2.0
