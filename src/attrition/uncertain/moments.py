"""Means and variances from probabilities, for laws whose quantiles have to be searched for."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from attrition._typing import FloatArray
from attrition.errors import MomentError
from attrition.uncertain.law import Law, quantile_moments
from attrition.uncertain.searched import Searched

__all__ = ["check_moment", "mean_by_probability", "var_by_probability"]

# Panels end about where this mass lies beyond, which is a unit of the normal score or so.
_TAILS = np.array([0.4, 0.2, 0.08, 0.02, 2e-3, 1e-4, 1e-6, 1e-9, 1e-12, 1e-16])
_NODES = 20

# The share of a moment that the outermost panel may hold, if what lies beyond is to be nothing.
_OUTERMOST = 1e-9


class _Side(NamedTuple):
    """Integrals of a chance over the distance from the median: of it, and of twice itself."""

    mean: float
    square: float
    mean_beyond: float
    square_beyond: float


def check_moment(what: str, law: Law, moment: float) -> None:
    """
    Refuse a moment that would look finite although it may not be, resting on an infinite one.

    Raises:
        MomentError: If ``moment`` is infinite.
    """
    if not math.isfinite(moment):
        message = (
            f"the {what} of a number that rests on {law!r}, whose own is infinite, may not exist. "
            f"Use median() and interval(confidence), which always exist."
        )
        raise MomentError(message)


def mean_by_probability(law: Searched, kinks: Sequence[float] = ()) -> float:
    """
    The mean, m and the integral of P(X > m + t) - P(X <= m - t) over t for any m.

    By Gauss-Legendre quadrature in panels that end near quantiles and at kinks; where tails are too
    heavy for that, over quantiles.

    Args:
        law: The law.

        kinks: Places at which its density is not smooth, and all those with mass of their own.

    Raises:
        MomentError: If the mean does not exist.

    Examples:
        >>> from attrition.uncertain.families import Normal
        >>> from attrition.uncertain.pairs import Larger
        >>> round(mean_by_probability(Larger(Normal(0.0, 1.0), Normal(0.0, 1.0))), 9)
        0.564189584
    """
    middle, above, below = _sides(law, kinks)
    if above.mean_beyond + below.mean_beyond > _OUTERMOST * (above.mean + below.mean):
        return quantile_moments(law, 0.0, 1)
    return middle + above.mean - below.mean


def var_by_probability(law: Searched, kinks: Sequence[float] = ()) -> float:
    """
    The variance, from the integral of 2 t (P(X > m + t) + P(X <= m - t)) over t for any m.

    Args:
        law: The law.

        kinks: Places at which its density is not smooth, and all those with mass of their own.

    Raises:
        MomentError: If the variance does not exist.

    Examples:
        >>> from attrition.uncertain.families import Normal
        >>> from attrition.uncertain.pairs import Larger
        >>> round(var_by_probability(Larger(Normal(0.0, 1.0), Normal(0.0, 1.0))), 9)
        0.681690114
    """
    _, above, below = _sides(law, kinks)
    square = above.square + below.square
    if above.square_beyond + below.square_beyond > _OUTERMOST * square:
        return quantile_moments(law, mean_by_probability(law, kinks), 2)
    return square - (above.mean - below.mean) ** 2


def _sides(law: Searched, kinks: Sequence[float]) -> tuple[float, _Side, _Side]:
    """A place in the middle, and what lies above and below it."""
    with np.errstate(all="ignore"):
        lower, _ = law.bracket(_TAILS, np.zeros(_TAILS.shape, dtype=bool))
        _, upper = law.bracket(_TAILS, np.ones(_TAILS.shape, dtype=bool))
        middle = 0.5 * float(lower[0] + upper[0])
        places = np.array(list(kinks), dtype=np.float64)
        above = _side(upper - middle, places - middle, lambda t: law.sf(middle + t))
        below = _side(middle - lower, middle - places, lambda t: law.cdf(middle - t))
    return middle, above, below


def _side(ends: FloatArray, kinks: FloatArray, chance: Callable[[FloatArray], FloatArray]) -> _Side:
    inside = kinks[(kinks > 0.0) & (kinks < ends[-1])]
    edges = np.sort(np.concatenate([[0.0], ends, inside]))
    half = 0.5 * np.diff(edges)[:, None]
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    t = edges[:-1, None] + half * (1.0 + nodes)
    weighted = half * weights * chance(t.ravel()).reshape(t.shape)
    first, second = weighted.sum(axis=1), (2.0 * t * weighted).sum(axis=1)
    last = edges[:-1] >= ends[-2]
    beyond = float(first[last].sum()), float(second[last].sum())
    return _Side(float(first.sum()), float(second.sum()), *beyond)
