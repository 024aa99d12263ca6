"""Laws whose places are one apart: the place up to a number, the one before it, and quantiles."""

import math
from collections.abc import Callable

import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.law import Law

__all__ = ["first_step", "step_before", "step_isf", "step_ppf", "step_upto"]


_HALF = 0.5


def _offset(law: Law) -> float:
    """What the places are more than whole numbers."""
    low, _ = law.support()
    return low if math.isfinite(low) else 0.0


def step_upto(law: Law, x: FloatArray) -> FloatArray:
    """The last place up to ``x``."""
    return np.floor(x - _offset(law)) + _offset(law)


def step_before(law: Law, x: FloatArray) -> FloatArray:
    """The last place before ``x``; x less an epsilon is lost in rounding."""
    return np.ceil(x - _offset(law)) - 1.0 + _offset(law)


def step_ppf(law: Law, q: FloatArray) -> FloatArray:
    """The first place with at least ``q`` up to it."""
    low, high = law.support()
    inside = np.where((q > 0.0) & (q < 1.0), q, _HALF)
    found = first_step(lambda x: -law.cdf(x), -inside, -_HALF, (low, high))
    return np.where(q <= 0.0, low, np.where(q >= 1.0, high, found))


def step_isf(law: Law, q: FloatArray) -> FloatArray:
    """The first place with at most ``q`` beyond it."""
    low, high = law.support()
    inside = np.where((q > 0.0) & (q < 1.0), q, _HALF)
    found = first_step(law.sf, inside, _HALF, (low, high))
    return np.where(q <= 0.0, high, np.where(q >= 1.0, low, found))


def first_step(
    falling: Callable[[FloatArray], FloatArray],
    wanted: FloatArray,
    middle: float,
    ends: tuple[float, float],
) -> FloatArray:
    """
    The first of places one apart at which a falling function is at most what is wanted.

    Where probabilities next to one have no more digits, the function stops falling before it
    gets there: then the place is meant at which it stops.

    Args:
        falling: The function of arrays of shape (n,).

        wanted: Shape (n,), below what the function comes from.

        middle: From this value on the function falls at every step, as long as it has digits.

        ends: The first place and the last one, either of which may be infinite.

    Returns:
        Shape (n,).

    Examples:
        >>> first_step(lambda x: 2.0**-x, np.array([0.26, 0.25]), 0.5, (0.0, np.inf)).tolist()
        [2.0, 2.0]
        >>> first_step(lambda x: 1.0 - x / 7.0, np.array([0.5]), 0.5, (0.0, 7.0)).tolist()
        [4.0]
    """
    low, high = ends
    start = np.full(np.shape(wanted), low if math.isfinite(low) else min(high, 0.0))
    above, value, stride = start, falling(start), 1.0
    while (short := (value > wanted) & (above < high)).any():
        above = np.where(short, np.minimum(above + stride, high), above)
        before, value = value, falling(above)
        wanted = np.where(short & (value == before) & (value < middle), value, wanted)
        stride *= 2.0
    below, stride = start, 1.0
    while (deep := (below >= low) & (falling(below) <= wanted)).any():
        below = np.where(deep, np.maximum(below - stride, low - 1.0), below)
        stride *= 2.0
    while ((gap := above - below) > 1.0).any():
        between = below + np.floor(0.5 * gap)
        held = falling(between) <= wanted
        above, below = np.where(held, between, above), np.where(held, below, between)
    return above
