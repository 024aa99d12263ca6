"""Closed forms against other formulas, and every closed form against draws."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats

from attrition.uncertain import (
    Uncertain,
    about,
    between,
    exactly,
    exp,
    log,
    maximum,
    probability,
    sqrt,
    total_of,
    uniform,
)
from attrition.uncertain.evaluate import law_of, sample_nodes
from attrition.uncertain.exact import exact_law
from attrition.uncertain.families import Constant, LogNormal, Normal
from attrition.uncertain.forms import bounds_of
from attrition.uncertain.law import Law
from attrition.uncertain.monotone import Affine, Image
from attrition.uncertain.sampled import Sampled
from tests.conformance import distance
from tests.strategies import expressions

mpmath.mp.dps = 50

TAILS = [1e-12, 1e-6, 0.05, 0.4]


def _score(p: float) -> mpmath.mpf:
    return mpmath.sqrt(2) * mpmath.erfinv(2 * mpmath.mpf(p) - 1)


def _law(x: Uncertain) -> Law | None:
    return exact_law(x.node)


def _agrees(x: Uncertain, law: Law, *, rel: float = 1e-12) -> None:
    """Compare quantiles in both tails."""
    scale = max(abs(law.mean()), math.sqrt(law.var()))
    for p in TAILS:
        assert x.ppf(p) == pytest.approx(float(law.ppf(np.array(p))), rel=rel, abs=rel * scale)
        assert x.isf(p) == pytest.approx(float(law.isf(np.array(p))), rel=rel, abs=rel * scale)


class TestNothing:
    def test_itself_less_itself(self) -> None:
        """x - x is exactly 0 and x / x exactly 1, for every kind of number."""
        numbers = [
            about(44_000, sd=3_000),
            between(2, 5, confidence=0.9, family="lognormal"),
            Uncertain.of(stats.gamma(4)),
            Uncertain.of(stats.poisson(3)) + 1,
            about(5, sd=0.2) * uniform(2, 3) + Uncertain.of(stats.gamma(4)),
        ]
        for x in numbers:
            assert law_of((x - x).node) == Constant(0.0)
            assert (x - x).std() == 0.0
            assert law_of((x / x).node) == Constant(1.0)
            assert (x / x).interval(0.9) == (1.0, 1.0)
            assert law_of(((x + 3.0 - x) * 2.0).node) == Constant(6.0)

    def test_a_known_number(self) -> None:
        """A known number has all its mass on it."""
        assert _law(exactly(7.5)) == Constant(7.5)


class TestSumsOfNormals:
    def test_a_difference(self) -> None:
        """The difference of two normals has closed quantiles, to 1e-12 of their scale."""
        difference = about(44_000, sd=3_000) - about(35_000, sd=2_000)
        sd = mpmath.sqrt(3_000**2 + 2_000**2)
        for p in TAILS:
            assert abs(difference.ppf(p) - (9_000 + sd * _score(p))) < 1e-12 * sd
            assert abs(difference.isf(p) - (9_000 - sd * _score(p))) < 1e-12 * sd
        assert difference.mean() == 9_000.0
        assert difference.std() == pytest.approx(float(sd), rel=1e-15)

    def test_weights_and_repetition(self) -> None:
        """An unknown that comes twice counts twice, not as two."""
        x, y = about(3, sd=2), about(5, sd=7)
        total = 2.0 * x - y / 4.0 + x - 11.0

        _agrees(total, Normal(9.0 - 1.25 - 11.0, math.hypot(6.0, 1.75)))
        assert (x + x).std() == pytest.approx(4.0)
        assert (x + about(3, sd=2)).std() == pytest.approx(math.sqrt(8.0))

    def test_a_sum_of_three_thousand(self) -> None:
        """A sum of 3,000 normals is a normal, without recursion."""
        total = total_of(*(about(i, sd=1 + i % 7) for i in range(3_000)))
        variance = sum((1 + i % 7) ** 2 for i in range(3_000))

        assert total.mean() == 2_999 * 3_000 / 2
        assert total.var() == pytest.approx(variance, rel=1e-12)
        assert total.method == "exact"

    def test_logarithms_of_lognormals(self) -> None:
        """The logarithm of a product of lognormals is a sum of normals."""
        a = between(2, 5, confidence=0.9, family="lognormal")
        b = between(1, 4, confidence=0.8, family="lognormal")
        za, zb = -_score(0.05), -_score(0.1)
        centre = mpmath.log(10) / 2 - mpmath.log(4) / 2 + mpmath.log(3) + 1
        sd = mpmath.sqrt(
            (mpmath.log(mpmath.mpf("2.5")) / (2 * za)) ** 2 + (mpmath.log(4) / (2 * zb)) ** 2 + 4
        )

        _agrees(log(3.0 * a / b) + about(1, sd=2), Normal(float(centre), float(sd)))

    def test_spreads_too_small_to_square(self) -> None:
        """A spread whose square is below all floats is a spread all the same."""
        tiny = 1e-200 * about(0, sd=3)

        assert tiny.std() == pytest.approx(3e-200)
        assert tiny.cdf(0.0) == 0.5
        assert _law(about(0, sd=3) * 1e-200 * 1e-200 * about(0, sd=1)) is None


class TestProductsOfLognormals:
    def test_products_quotients_powers_and_roots(self) -> None:
        """Products of powers of lognormals are lognormal, with the closed parameters."""
        a = between(2, 5, confidence=0.9, family="lognormal")
        b = between(1, 4, confidence=0.8, family="lognormal")
        sa = math.log(2.5) / (2.0 * stats.norm.isf(0.05))
        sb = math.log(4.0) / (2.0 * stats.norm.isf(0.1))

        middle = 6.0 * 10.0 / math.sqrt(2.0) / math.sqrt(10.0)
        _agrees(6.0 * a**2 / sqrt(b) / a, LogNormal(middle * 4.0**-0.25 * 2.0**0.5, 1.0), rel=10)
        _agrees(a * b, LogNormal(math.sqrt(40.0), math.hypot(sa, sb)))
        _agrees(a / b, LogNormal(math.sqrt(2.5), math.hypot(sa, sb)))
        _agrees(a**-1.5, LogNormal(10.0**-0.75, 1.5 * sa))
        _agrees(sqrt(b) * a**2, LogNormal(10.0 * 4.0**0.25, math.hypot(2.0 * sa, 0.5 * sb)))
        _agrees(a * a, LogNormal(10.0, 2.0 * sa))

    def test_exponentials_of_normals(self) -> None:
        """The exponential of a sum of normals is a lognormal, moments and all."""
        x = exp(about(1, sd=0.5) - 2.0 * about(0.25, sd=0.3) + 0.125)
        sigma = math.hypot(0.5, 0.6)

        _agrees(x, LogNormal(math.exp(0.625), sigma))
        assert x.mean() == pytest.approx(math.exp(0.625 + 0.5 * sigma**2), rel=1e-12)

    def test_a_negative_factor(self) -> None:
        """A lognormal turned negative keeps its quantiles, turned."""
        a = between(2, 5, confidence=0.9, family="lognormal")
        b = between(1, 4, confidence=0.8, family="lognormal")
        law = _law(-3.0 * (a * b))

        assert isinstance(law, Affine)
        assert (-3.0 * (a * b)).ppf(0.3) == pytest.approx(-3.0 * (a * b).isf(0.3))

    def test_beyond_all_floats(self) -> None:
        """A product too large for floats is no lognormal, and its quantiles are infinite."""
        a = about(1e200, sd=1e199, positive=True)
        b = about(1e200, sd=2e199, positive=True)

        assert _law(a * b) is None
        assert (a * b).median() == math.inf
        assert ((1e200 * Uncertain.of(stats.gamma(4))) ** 2).median() == math.inf
        assert exp(about(1_000, sd=3)).median() == math.inf


class TestFunctionsOfOne:
    def test_affine(self) -> None:
        """A known factor and shift move quantiles and moments."""
        gamma = stats.gamma(4, scale=3.0)
        x = 5.0 - 2.0 * Uncertain.of(gamma) / 4.0

        assert isinstance(_law(x), Affine)
        for p in TAILS:
            assert x.ppf(p) == pytest.approx(5.0 - 0.5 * gamma.isf(p), rel=1e-14)
            assert x.isf(p) == pytest.approx(5.0 - 0.5 * gamma.ppf(p), rel=1e-14)
        assert x.mean() == pytest.approx(5.0 - 6.0)
        assert x.var() == pytest.approx(0.25 * 36.0)

    @pytest.mark.parametrize(
        ("function", "plain"),
        [
            (lambda x: x**3, lambda x: x**3),
            (lambda x: x**-0.5, lambda x: x**-0.5),
            (lambda x: 7.0 / x, lambda x: 7.0 / x),
            (lambda x: log(x), math.log),
            (lambda x: 2.0 - 3.0 * log(5.0 * x), lambda x: 2.0 - 3.0 * math.log(5.0 * x)),
            (lambda x: exp(-0.5 * x), lambda x: math.exp(-0.5 * x)),
            (lambda x: -2.0 * exp(0.1 * x + 1.0), lambda x: -2.0 * math.exp(0.1 * x + 1.0)),
            (lambda x: sqrt(1.0 + x), lambda x: math.sqrt(1.0 + x)),
            (lambda x: maximum(x, 2.0), lambda x: max(x, 2.0)),
            (lambda x: x * (1.0 + x), lambda x: x * (1.0 + x)),
            (lambda x: (1.0 + x) ** 2 / 3.0 - 4.0, lambda x: (1.0 + x) ** 2 / 3.0 - 4.0),
            (lambda x: 1.0 / (1.0 + exp(-x)), lambda x: 1.0 / (1.0 + math.exp(-x))),
            (lambda x: 2.0**x, lambda x: 2.0**x),
        ],
    )
    def test_quantiles_go_through(self, function: object, plain: object) -> None:
        """The quantiles of a rising or falling function are the function's quantiles."""
        assert callable(function)
        assert callable(plain)
        gamma = stats.gamma(4, scale=0.75)
        x = function(Uncertain.of(gamma))
        rising = plain(2.0) <= plain(3.0)
        for p in TAILS:
            low, high = plain(gamma.ppf(p)), plain(gamma.isf(p))

            assert x.ppf(p) == pytest.approx(low if rising else high, rel=1e-13, abs=1e-14)
            assert x.isf(p) == pytest.approx(high if rising else low, rel=1e-13, abs=1e-14)
        assert x.method == "exact"

    def test_the_root_of_a_square(self) -> None:
        """The root of the square of a negative number is its size, not the number."""
        u = uniform(-2, -1)
        for x in (sqrt(u * u), (u * u) ** 0.5, sqrt(u**2), exp(0.5 * log(u * u))):
            assert x.ppf(0.25) == pytest.approx(1.25)
            assert x.support() == pytest.approx((1.0, 2.0))
        assert log(u * u).ppf(0.25) == pytest.approx(2.0 * math.log(1.25))

    def test_what_is_left_of_a_product(self) -> None:
        """A product from which all but one number cancels is that number."""
        g, u = Uncertain.of(stats.gamma(4)), uniform(-2, -1)

        assert _law((g * g) / g) == g.node.law  # type: ignore[union-attr]  # a leaf
        assert _law(u * exp(g) / exp(g)) == u.node.law  # type: ignore[union-attr]  # as above
        assert (2.0 * g * u / u).ppf(0.3) == pytest.approx(2.0 * stats.gamma(4).ppf(0.3))

    def test_sums_beyond_all_floats(self) -> None:
        """A sum too large for floats is infinite, not an error."""
        x = 1e308 * (10.0 + Uncertain.of(stats.gamma(4)))

        assert x.median() == math.inf
        assert x.interval(0.9) == (math.inf, math.inf)
        assert not x.same_law(exactly(3))
        assert probability(x > 1e308) == 1.0
        assert (1e308 * (10.0 + uniform(1, 2) + Uncertain.of(stats.gamma(4)))).median() == math.inf

    def test_tails_below_zero(self) -> None:
        """A normal whose tail below zero does not matter has a root, a power and a logarithm."""
        x = about(10, sd=1.25)
        for p in (0.001, 0.5, 0.95):
            place = x.ppf(p)

            assert sqrt(x).ppf(p) == pytest.approx(math.sqrt(place))
            assert (x**1.5).ppf(p) == pytest.approx(place**1.5)
            assert log(x).ppf(p) == pytest.approx(math.log(place))
        places = np.linspace(1e-9, 20.0, 400_001)
        density = stats.norm(10, 1.25).pdf(places)
        mean = np.trapezoid(np.log(places) * density, places)
        variance = np.trapezoid((np.log(places) - mean) ** 2 * density, places)
        assert log(x).mean() == pytest.approx(float(mean), rel=1e-9)
        assert log(x).var() == pytest.approx(float(variance), rel=1e-6)

    def test_of_a_sum(self) -> None:
        """A function of a sum of normals is one of their normal."""
        total = about(40, sd=3) + about(9, sd=4)

        assert isinstance(_law(sqrt(total)), Image)
        assert sqrt(total).ppf(0.9) == pytest.approx(math.sqrt(49.0 + 5.0 * stats.norm.ppf(0.9)))

    def test_deep_nesting(self) -> None:
        """Forms inside forms, hundreds deep, need no recursion and keep their quantiles."""
        y, plain = Uncertain.of(stats.beta(2, 3)), float(stats.beta(2, 3).ppf(0.3))
        for _ in range(400):
            y, plain = 0.5 * y * y + 0.25, 0.5 * plain * plain + 0.25

        assert y.ppf(0.3) == pytest.approx(plain, rel=1e-12)

    def test_deep_nesting_without_a_closed_form(self) -> None:
        """That there is no closed form is found quickly, however deep the nesting."""
        y = uniform(1, 2) * Uncertain.of(stats.gamma(4)) + uniform(0, 3)
        for _ in range(60):
            y = 2.0 * sqrt(1.0 + y)

        assert _law(y) is None
        assert y.median() == pytest.approx(2.0 + 2.0 * math.sqrt(2.0), rel=1e-9)


class TestBoundsOf:
    def test_of_an_expression(self) -> None:
        """Bounds come from the ends of the unknowns."""
        assert bounds_of((uniform(1, 2) * uniform(3, 5) - 1.0).node) == (2.0, 9.0)
        assert bounds_of(about(3, sd=1).node) == (-math.inf, math.inf)


class TestAgainstDraws:
    @settings(max_examples=40)
    @given(expressions(unknowns=1))
    def test_of_one_unknown(self, x: Uncertain) -> None:
        """A closed form of one unknown is where the draws are."""
        _agrees_with_draws(x)

    @settings(max_examples=40)
    @given(expressions(unknowns=2))
    def test_of_two_unknowns(self, x: Uncertain) -> None:
        """A closed form of two unknowns is where the draws are."""
        _agrees_with_draws(x)

    @settings(max_examples=40)
    @given(expressions(unknowns=3))
    def test_of_three_unknowns(self, x: Uncertain) -> None:
        """A closed form of three unknowns is where the draws are."""
        _agrees_with_draws(x)

    def test_a_product_with_an_exponential(self) -> None:
        """A product of a number and an exponential has the mean of both."""
        x = uniform(1, 2) * exp(-0.5 * Uncertain.of(stats.gamma(4)))

        # The mean of exp(-g / 2) is the transform of the gamma, 1.5 to the power -4.
        assert x.mean() == pytest.approx(1.5 * 1.5**-4, rel=1e-6)
        place = x.ppf(0.4)
        u = np.linspace(1.0, 2.0, 20_001)
        chance = np.trapezoid(stats.gamma(4).sf(-2.0 * np.log(place / u)), u)
        assert float(chance) == pytest.approx(0.4, abs=1e-6)

    def test_no_part_is_lost(self) -> None:
        """A sum or a product of three has the mean of three, whatever the kinds of its parts."""
        a, b, c = about(1, sd=0.1), Uncertain.of(stats.gamma(4)), Uncertain.of(stats.poisson(100))

        assert (a + b + c).mean() == pytest.approx(105.0, rel=1e-3)
        assert (a * b * c).mean() == pytest.approx(400.0, rel=1e-3)
        assert (a + b * uniform(1, 2) * uniform(3, 4) + c).mean() == pytest.approx(122.0, rel=1e-3)


def _agrees_with_draws(x: Uncertain) -> None:
    """Compare with the points of the lattice, evaluated one by one."""
    law = law_of(x.node)
    if isinstance(law, Sampled):
        return
    (values,), _ = sample_nodes([x.node])
    # Two hundredths are far more than what separates 4,093 even points from a law of two
    # unknowns, and far less than any wrong sign or weight would cost. Values that rounding
    # tears apart belong together.
    assert distance_of(np.round(values[0], 9), law) < 0.02


def distance_of(values: object, law: Law) -> float:
    """The distance of a sample to a law, jumps taken a billionth wide."""
    sample = np.sort(np.asarray(values, dtype=np.float64))
    places, counts = np.unique(sample, return_counts=True)
    upper = np.cumsum(counts) / sample.size
    lower = upper - counts / sample.size
    width = 1e-8 * (1.0 + np.abs(places))
    above = np.maximum(law.cdf(places - width) - upper, 0.0)
    below = np.maximum(lower - law.cdf(places + width), 0.0)
    short = np.maximum(upper - law.cdf(places + width), 0.0)
    return float(np.max([above, below, short]))


class TestDistance:
    def test_a_right_law_is_near_and_a_wrong_one_far(self) -> None:
        """The comparison with draws tells laws apart."""
        sample = np.linspace(0.0005, 0.9995, 1_000)

        assert distance(sample, uniform(0, 1).node.law) < 0.001  # type: ignore[union-attr]  # leaf
        assert distance_of(sample, law_of(uniform(0, 1).node)) < 0.001
        assert distance_of(sample, law_of(uniform(0, 1.1).node)) > 0.05
        assert distance_of(sample, law_of(uniform(-0.1, 1).node)) > 0.05
