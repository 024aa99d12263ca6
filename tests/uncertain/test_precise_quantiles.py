"""At fifty digits: truncated laws of every family, at_least and at_most, the larger of two."""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import TypeAlias

import pytest
from mpmath import mp, mpf

from attrition.uncertain.families import Exponential, Normal, Uniform
from attrition.uncertain.interpolated import Interpolated
from attrition.uncertain.law import Law
from attrition.uncertain.mixed import MixtureLaw
from attrition.uncertain.monotone import Affine
from attrition.uncertain.pairs import Larger, Smaller
from attrition.uncertain.scores import score_of
from attrition.uncertain.shape_laws import Pert
from attrition.uncertain.truncate import Truncated
from tests.precise import assert_quantiles, normal_below, normal_score, solved

Below: TypeAlias = Callable[[mpf], mpf]

INF = math.inf


def uniform(x: mpf) -> mpf:
    """Evenly from -3 to 5."""
    return (min(max(x, mpf(-3)), mpf(5)) + 3) / 8


def beta(x: mpf) -> mpf:
    """A PERT number from 8 over 10 to 15: beta with 15/7 and 27/7."""
    share = min(max((x - 8) / 7, mpf(0)), mpf(1))
    return mp.betainc(mpf(15) / 7, mpf(27) / 7, 0, share, regularized=True)


def mixed(x: mpf) -> mpf:
    """Two normal readings."""
    return mpf(0.25) * normal_below(x) + mpf(0.75) * normal_below((x - 4) / mpf(0.5))


def excess(x: mpf) -> mpf:
    """At least 150, with the median 153."""
    return -mp.expm1(-max(x - 150, mpf(0)) * mp.log(2) / 3)


def shortfall(x: mpf) -> mpf:
    """At most 480, with the median 477."""
    return mp.exp(-max(480 - x, mpf(0)) * mp.log(2) / 3)


def larger(x: mpf) -> mpf:
    """The larger of two normals."""
    return normal_below(x) * normal_below((x - 1) / 2)


def smaller(x: mpf) -> mpf:
    """The smaller of two normals: one less both above, kept apart for the lower tail."""
    a, b = normal_below(x), normal_below((x - 1) / 2)
    return a + b - a * b


READINGS = MixtureLaw((0.25, 0.75), (Normal(0.0, 1.0), Normal(4.0, 0.5)))
EXCESS = Affine(Exponential(3.0), 150.0, 1.0)
SHORTFALL = Affine(Exponential(3.0), 480.0, -1.0)

CUT: list[tuple[Truncated, Below]] = [
    (Truncated(Uniform(-3.0, 5.0), 1.0, 4.5), uniform),
    (Truncated(Uniform(-3.0, 5.0), -9.0, -2.5), uniform),
    (Truncated(Pert(8.0, 10.0, 15.0), 8.25, 14.5), beta),
    (Truncated(Pert(8.0, 10.0, 15.0), 13.5, 20.0), beta),
    (Truncated(READINGS, 0.5, 4.5), mixed),
    (Truncated(READINGS, 6.0, INF), mixed),
    (Truncated(EXCESS, 151.0, 160.0), excess),
    (Truncated(SHORTFALL, 470.0, 479.5), shortfall),
    (Truncated(Larger(Normal(0.0, 1.0), Normal(1.0, 2.0)), 0.0, 3.0), larger),
]

WHOLE: list[tuple[Law, Below]] = [
    (EXCESS, excess),
    (SHORTFALL, shortfall),
    (Larger(Normal(0.0, 1.0), Normal(1.0, 2.0)), larger),
    (Smaller(Normal(0.0, 1.0), Normal(1.0, 2.0)), smaller),
]


def _ids(cases: list[tuple[Law, Below]] | list[tuple[Truncated, Below]]) -> list[str]:
    return [repr(law) for law, _ in cases]


class TestTruncated:
    @pytest.mark.parametrize(("law", "below"), CUT, ids=_ids(CUT))
    def test_quantiles(self, law: Truncated, below: Below) -> None:
        """A truncated law of any family is exact to 1e-13 of what is largest."""
        low, high = law.support()
        first = below(mpf(low))
        last = below(mpf(high)) if math.isfinite(high) else mpf(1)

        def exact(p: mpf, start: float) -> mpf:
            return solved(below, mpf(start), first + p * (last - first))

        assert_quantiles(law, exact, mean=law.mean(), sd=math.sqrt(law.var()))

    def test_through_stated_quantiles(self) -> None:
        """So is a curve through stated quantiles: it is cut at the scores of the bounds."""
        stated = ((0.05, -3.0), (0.25, -1.0), (0.5, 0.5), (0.95, 9.0))
        inner = Interpolated(stated, "normal")
        law = Truncated(inner, -1.0, 9.0)
        # Below 0.05 and above 0.95 the curve is straight; between it is the cubic that
        # tests/uncertain/test_interpolated.py checks: the score decides, so the scores must be.
        first, last = mpf(0.25), mpf(0.95)

        def exact(p: mpf, _: float) -> mpf:
            z = normal_score(first + p * (last - first))
            return _curve(stated, z)

        assert_quantiles(law, exact, mean=law.mean(), sd=math.sqrt(law.var()))


def _curve(stated: tuple[tuple[float, float], ...], z: mpf) -> mpf:
    """The monotone cubic of Fritsch and Butland (1984) with fifty digits."""
    # The knots are where the library has them, as doubles.
    knots = [mpf(float(score_of(q))) for q, _ in stated]  # type: ignore[arg-type]  # one number
    values = [mpf(x) for _, x in stated]
    widths = [b - a for a, b in pairwise(knots)]
    rises = [b - a for a, b in pairwise(values)]
    secants = [rise / width for rise, width in zip(rises, widths, strict=True)]
    slopes = [secants[0]]
    for i in range(1, len(secants)):
        left, right = 2 * widths[i] + widths[i - 1], widths[i] + 2 * widths[i - 1]
        slopes.append((left + right) / (left / secants[i - 1] + right / secants[i]))
    slopes.append(secants[-1])
    i = max(j for j in range(len(widths)) if j == 0 or z >= knots[j])
    t = (z - knots[i]) / widths[i]
    bend = (1 - t) * slopes[i] - t * slopes[i + 1]
    return values[i] + t * t * (3 - 2 * t) * rises[i] + t * (1 - t) * widths[i] * bend


class TestWhole:
    @pytest.mark.parametrize(("law", "below"), WHOLE, ids=_ids(WHOLE))
    def test_quantiles(self, law: Law, below: Below) -> None:
        """Shifted and turned laws are exact to 1e-13 of what is largest."""
        assert_quantiles(
            law,
            lambda p, start: solved(below, mpf(start), p),
            mean=law.mean(),
            sd=math.sqrt(law.var()),
        )
