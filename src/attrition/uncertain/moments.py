"""Means and variances from probabilities, for laws whose quantiles have to be searched for."""

import functools
import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from attrition._typing import FloatArray
from attrition.errors import MomentError
from attrition.uncertain.empirical import frozen_array
from attrition.uncertain.law import Law, quantile_moments
from attrition.uncertain.searched import Searched

__all__ = ["Integrals", "check_moment", "integrals", "mean_by_probability", "var_by_probability"]

# Panels end about where this mass lies beyond, which is a unit of the normal score or so.
_TAILS = np.array([0.4, 0.2, 0.08, 0.02, 2e-3, 1e-4, 1e-6, 1e-9, 1e-12, 1e-16])
_NODES = 20

# Next to a kink or a jump the last two coefficients of the Legendre series through the values do
# not vanish, and panels are halved until they are this share of the whole; so many panels at once
# are a matter of rounding, and left.
_NEGLIGIBLE, _MOST = 1e-11, 64

# A jump takes 37 halvings; after a few more what is still rough is a pole.
_ROUNDS = 44

# The share of a moment that the outermost panel may hold, if what lies beyond is to be nothing.
_OUTERMOST = 1e-9


class Integrals(NamedTuple):
    """
    Integrals over panels.

    Attributes:
        low: Where the panels begin, shape (panels,).

        masses: Shape (values, panels).

        error: How rough those are of which halving came to no end, as at a pole.
    """

    low: FloatArray
    masses: FloatArray
    error: float


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

    By Gauss-Legendre quadrature in panels that end at quantiles and at kinks, and are halved
    where a polynomial does not fit; where tails are too heavy for that, over quantiles.

    Args:
        law: The law.

        kinks: Places at which its density is not smooth or that have mass of their own, as far
            as they are known.

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

        kinks: Places at which its density is not smooth or that have mass of their own, as far
            as they are known.

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
        lower, upper = law.ppf(_TAILS), law.isf(_TAILS)
        middle = 0.5 * float(lower[0] + upper[0])
        places = np.array(list(kinks), dtype=np.float64)
        above = _side(upper - middle, places - middle, lambda t: law.sf(middle + t))
        below = _side(middle - lower, middle - places, lambda t: law.cdf(middle - t))
    return middle, above, below


def _side(ends: FloatArray, kinks: FloatArray, chance: Callable[[FloatArray], FloatArray]) -> _Side:
    inside = kinks[(kinks > 0.0) & (kinks < ends[-1])]

    def both(t: FloatArray) -> FloatArray:
        held = chance(t)
        return np.stack([held, 2.0 * t * held])

    found = integrals(both, np.sort(np.concatenate([[0.0], ends, inside])))
    beyond = found.masses[:, found.low >= ends[-2]]
    return _Side(*found.masses.sum(axis=1).tolist(), *beyond.sum(axis=1).tolist())


def integrals(function: Callable[[FloatArray], FloatArray], edges: FloatArray) -> Integrals:
    """
    Integrals over panels, halved where a polynomial does not fit the first function.

    Args:
        function: Of places of shape (n,), several values at each, shape (values, n).

        edges: Where panels end, rising.

    Examples:
        >>> kinked = lambda t: np.maximum(t - 0.3, 0.0)[None]
        >>> round(float(integrals(kinked, np.array([0.0, 1.0])).masses.sum()), 12)
        0.245
    """
    nodes, weights, series = _rule()
    low, high = edges[:-1], edges[1:]
    lows, masses, whole, error = [low[:0]], [], 0.0, 0.0
    rounds = 0
    while True:
        half = 0.5 * (high - low)[:, None]
        t = low[:, None] + half * (1.0 + nodes)
        values = half * function(t.ravel()).reshape(-1, *t.shape)
        found = values @ weights
        off = np.abs(values[0] @ series).sum(axis=1)
        rough = ~(off <= _NEGLIGIBLE * (whole + np.abs(found[0]).sum()))
        if rounds == _ROUNDS or rough.sum() > _MOST:
            error = float(off[rough].sum())
            rough[:] = False
        lows.append(low[~rough])
        masses.append(found[:, ~rough])
        whole += float(np.abs(found[0, ~rough]).sum())
        if not rough.any():
            break
        low, middle, high = low[rough], (0.5 * (low + high))[rough], high[rough]
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
        rounds += 1
    return Integrals(np.concatenate(lows), np.concatenate(masses, axis=1), error)


@functools.cache
def _rule() -> tuple[FloatArray, FloatArray, FloatArray]:
    """Nodes, weights, and what makes the last two coefficients of a series of the values."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    last = np.polynomial.legendre.legvander(nodes, _NODES - 1)[:, -2:]
    series = last * weights[:, None] * (np.array([_NODES - 2, _NODES - 1]) + 0.5)
    return frozen_array(nodes), frozen_array(weights), frozen_array(series)
