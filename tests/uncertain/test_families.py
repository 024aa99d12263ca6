"""Against mpmath with fifty digits; parameters that all differ."""

import math
from collections.abc import Callable

import mpmath
import numpy as np
import pytest

from attrition.uncertain.families import (
    Constant,
    Exponential,
    LogitNormal,
    LogNormal,
    Normal,
    Uniform,
)
from attrition.uncertain.law import Law
from tests.precise import assert_quantiles

mpmath.mp.dps = 50

Exact = Callable[[mpmath.mpf], mpmath.mpf]


def _score(p: mpmath.mpf) -> mpmath.mpf:
    return mpmath.sqrt(2) * mpmath.erfinv(2 * p - 1)


def _logistic(x: mpmath.mpf) -> mpmath.mpf:
    return 1 / (1 + mpmath.exp(-x))


# Quantile functions in terms of the lower probability, with fifty digits.
QUANTILES: list[tuple[Law, Exact]] = [
    (Normal(44_000.0, 3_100.0), lambda p: 44_000 + 3_100 * _score(p)),
    (Normal(-0.25, 7.5), lambda p: mpmath.mpf("-0.25") + mpmath.mpf("7.5") * _score(p)),
    (LogNormal(18_262.5, 0.125), lambda p: mpmath.mpf("18262.5") * mpmath.exp(_score(p) / 8)),
    (
        LogNormal(2.5, 1.75),
        lambda p: mpmath.mpf("2.5") * mpmath.exp(mpmath.mpf("1.75") * _score(p)),
    ),
    (LogitNormal(0.25, 0.375), lambda p: _logistic(mpmath.mpf("0.25") + 3 * _score(p) / 8)),
    (LogitNormal(-3.0, 1.5), lambda p: _logistic(-3 + mpmath.mpf("1.5") * _score(p))),
    (Uniform(43_500.0, 44_500.0), lambda p: 43_500 + 1_000 * p),
    (Uniform(-3.0, 0.5), lambda p: -3 + mpmath.mpf("3.5") * p),
    (Exponential(7_438.0), lambda p: -7_438 * mpmath.log(1 - p) / mpmath.log(2)),
]

LAWS = [law for law, _ in QUANTILES]

TAILS = [1e-12, 1e-9, 1e-6, 0.001, 0.05, 0.1, 0.25, 0.4, 0.5]


def _size(law: Law) -> float:
    return max(abs(law.mean()), math.sqrt(law.var()))


class TestQuantiles:
    @pytest.mark.parametrize(("law", "exact"), QUANTILES, ids=map(repr, LAWS))
    def test_lower_and_upper(self, law: Law, exact: Exact) -> None:
        """Quantiles from 1e-12 to one less 1e-12 have thirteen digits of their scale."""
        for tail in TAILS:
            low, high = exact(mpmath.mpf(tail)), exact(1 - mpmath.mpf(tail))
            found_low, found_high = law.ppf(np.array(tail)), law.isf(np.array(tail))

            assert abs(found_low - low) <= 1e-13 * max(abs(low), _size(law))
            assert abs(found_high - high) <= 1e-13 * max(abs(high), _size(law))

    @pytest.mark.parametrize(("law", "exact"), QUANTILES, ids=map(repr, LAWS))
    def test_both_functions_over_the_whole_range(self, law: Law, exact: Exact) -> None:
        """Each of the two has thirteen digits in the tail that is not its own, too."""
        assert_quantiles(law, lambda p, _: exact(p), mean=law.mean(), sd=math.sqrt(law.var()))

    @pytest.mark.parametrize(("law", "exact"), QUANTILES, ids=map(repr, LAWS))
    def test_probabilities_come_back(self, law: Law, exact: Exact) -> None:
        """The probability at an exact quantile is the one it was made for, in both tails."""
        for tail in TAILS:
            low = np.array(float(exact(mpmath.mpf(tail))))
            high = np.array(float(exact(1 - mpmath.mpf(tail))))
            # A place is rounded to a double, so its probability moves by its density.
            slack = 4e-16 * float(abs(low) * law.pdf(low) + abs(high) * law.pdf(high))

            assert float(law.cdf(low)) == pytest.approx(tail, rel=1e-12, abs=slack)
            assert float(law.sf(high)) == pytest.approx(tail, rel=1e-12, abs=slack)
            assert float(law.cdf(high)) == pytest.approx(1.0 - tail, rel=1e-12)
            assert float(law.sf(low)) == pytest.approx(1.0 - tail, rel=1e-12)

    @pytest.mark.parametrize(("law", "exact"), QUANTILES, ids=map(repr, LAWS))
    def test_density_is_the_derivative(self, law: Law, exact: Exact) -> None:
        """The density is one over the derivative of the exact quantile function."""
        for p in (1e-6, 0.03, 0.4, 0.7, 0.999):
            place = float(exact(mpmath.mpf(p)))
            rate = float(1 / mpmath.diff(exact, mpmath.mpf(p)))

            assert float(law.pdf(np.array(place))) == pytest.approx(rate, rel=1e-9)

    @pytest.mark.parametrize(("law", "exact"), QUANTILES, ids=map(repr, LAWS))
    def test_moments(self, law: Law, exact: Exact) -> None:
        """Mean and variance are the integrals of the exact quantile function."""
        # Over normal scores, by the trapezoidal rule: its error falls with exp(-2 pi^2 / step^2).
        step, mean, second = mpmath.mpf("0.25"), mpmath.mpf(0), mpmath.mpf(0)
        for k in range(-56, 57):
            z = k * step
            value, weight = exact(mpmath.ncdf(z)), step * mpmath.npdf(z)
            mean, second = mean + weight * value, second + weight * value**2

        assert law.mean() == pytest.approx(float(mean), rel=1e-10)
        assert law.var() == pytest.approx(float(second - mean**2), rel=1e-10)

    @pytest.mark.parametrize(("law", "exact"), QUANTILES, ids=map(repr, LAWS))
    def test_quantile_of_a_score(self, law: Law, exact: Exact) -> None:
        """The quantile at a normal score is that at its probability."""
        for z in (-4.0, -0.5, 1.25):
            place = exact(mpmath.ncdf(mpmath.mpf(z)))

            assert float(law.at_score(np.array(z))) == pytest.approx(float(place), rel=1e-12)


class TestOutside:
    @pytest.mark.parametrize(
        ("law", "below", "above"),
        [
            (LogNormal(2.5, 1.75), [-1.0, 0.0], [math.inf]),
            (LogitNormal(0.25, 0.375), [-1.0, 0.0], [1.0, 1.5]),
            (Uniform(-3.0, 0.5), [-4.0], [0.6, math.inf]),
            (Exponential(3.0), [-2.0], [math.inf]),
            (Normal(3.0, 2.0), [-math.inf], [math.inf]),
        ],
    )
    def test_no_mass_and_no_density(self, law: Law, below: list[float], above: list[float]) -> None:
        """Outside the support there is no mass and no density, and no nan."""
        for x in map(np.array, below):
            assert (law.cdf(x), law.sf(x), law.pdf(x)) == (0.0, 1.0, 0.0)  # type: ignore[comparison-overlap]  # arrays of one value
        for x in map(np.array, above):
            assert (law.cdf(x), law.sf(x), law.pdf(x)) == (1.0, 0.0, 0.0)  # type: ignore[comparison-overlap]  # arrays of one value

    @pytest.mark.parametrize(
        ("law", "support"),
        [
            (Normal(3.0, 2.0), (-math.inf, math.inf)),
            (LogNormal(2.5, 1.75), (0.0, math.inf)),
            (LogitNormal(0.25, 0.375), (0.0, 1.0)),
            (Uniform(-3.0, 0.5), (-3.0, 0.5)),
            (Exponential(3.0), (0.0, math.inf)),
            (Constant(7.0), (7.0, 7.0)),
        ],
    )
    def test_support_is_reached(self, law: Law, support: tuple[float, float]) -> None:
        """The quantiles at 0 and 1 are the ends of the support, from either tail."""
        ends = np.array([0.0, 1.0])

        assert law.support() == support
        assert tuple(law.ppf(ends)) == support
        assert tuple(law.isf(ends[::-1])) == support

    def test_the_uniform_has_closed_ends(self) -> None:
        """The density of the uniform is the same on its bounds as inside."""
        density = Uniform(-3.0, 0.5).pdf(np.array([-3.0, -1.0, 0.5]))

        assert density.tolist() == [1.0 / 3.5] * 3
        assert float(Exponential(2.0).pdf(np.array(0.0))) == pytest.approx(math.log(2.0) / 2.0)


class TestConstant:
    def test_all_mass_on_one_value(self) -> None:
        """Every quantile is the value; the density there is infinite."""
        law, x = Constant(7.0), np.array([6.0, 7.0, 8.0])

        assert law.ppf(np.array([0.0, 0.3, 1.0])).tolist() == [7.0] * 3
        assert law.isf(np.array([[0.3, 0.9]])).tolist() == [[7.0, 7.0]]
        assert (law.cdf(x).tolist(), law.sf(x).tolist()) == ([0.0, 1.0, 1.0], [1.0, 0.0, 0.0])
        assert law.pdf(x).tolist() == [0.0, math.inf, 0.0]
        assert (law.mean(), law.var()) == (7.0, 0.0)
        assert law.atomic


class TestDraws:
    @pytest.mark.parametrize("law", LAWS, ids=repr)
    def test_mean_and_spread_of_draws(self, law: Law) -> None:
        """The mean of 40,000 draws is within five standard errors, for every seed."""
        n = 40_000
        for seed in range(20260101, 20260106):
            drawn = law.draw(np.random.default_rng(seed), n)

            assert drawn.shape == (n,)
            assert abs(drawn.mean() - law.mean()) < 5.0 * math.sqrt(law.var() / n)
            below = float(np.mean(drawn <= law.ppf(np.array(0.3))))
            assert abs(below - 0.3) < 5.0 * math.sqrt(0.21 / n)
