"""Quantiles by search: the smallest double with enough probability below it, jumps included."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray
from attrition.uncertain.law import Law

__all__ = ["Flags", "error_of_quantile", "place_by_search", "smallest"]

Flags: TypeAlias = npt.NDArray[np.bool_]
Ranks: TypeAlias = npt.NDArray[np.int64]

# Parts that a range is cut into at every step: one vectorised call of a slow law then does the
# work of four halvings.
_PARTS = 16

_SIGN_BIT = np.int64(-(2**63))


def _rank(x: FloatArray) -> Ranks:
    """Whole numbers in the order of the doubles, neighbours for neighbours."""
    bits = np.ascontiguousarray(x, dtype=np.float64).view(np.int64)
    return np.where(bits < 0, _SIGN_BIT - bits, bits)


def _double(rank: Ranks) -> FloatArray:
    bits = np.where(rank < 0, _SIGN_BIT - rank, rank)
    return np.ascontiguousarray(bits, dtype=np.int64).view(np.float64)


def smallest(
    reached: Callable[[FloatArray], Flags], low: FloatArray, high: FloatArray
) -> FloatArray:
    """
    The smallest double above ``low`` at which a condition holds, for each of several.

    Args:
        reached: The condition; once it holds it holds for all that is larger. It is asked at
            arrays of shape (places, n).

        low: Shape (n,); the condition is taken not to hold here.

        high: Shape (n,), not below ``low``; the condition is taken to hold here.

    Returns:
        Shape (n,), at most ``high``.

    Examples:
        >>> smallest(lambda x: x * x >= 2.0, np.array([0.0]), np.array([4.0])).tolist()
        [1.4142135623730951]
    """
    first, last = _rank(low), _rank(high)
    marks = np.arange(1, _PARTS)[:, None]
    while (last > first + 1).any():
        # Two quotients, as the distance itself may be more than 64 bits can hold.
        step = np.maximum(last // _PARTS - first // _PARTS, 1)
        places = np.minimum(first + step * marks, last)
        held = reached(_double(places)) | (places == last)
        before = (~held).sum(axis=0)
        whole = np.where(before < _PARTS - 1, first + step * (before + 1), last)
        first, last = first + step * before, np.minimum(whole, last)
    return _double(last)


def place_by_search(
    law: Law, tail: FloatArray, in_upper: Flags, low: FloatArray, high: FloatArray
) -> FloatArray:
    """
    The quantiles of a law whose probabilities are known and rise, jump or rest.

    Args:
        law: Its ``cdf`` and ``sf`` are used, nothing else.

        tail: Probability below the quantile, or above it.

        in_upper: Whether ``tail`` is above it.

        low: No quantile is below it.

        high: No quantile is above it.

    Returns:
        The smallest place with at least ``tail`` below it, or at most ``tail`` above it.

    Examples:
        >>> from attrition.uncertain.families import Normal
        >>> tail, low, high = np.array([0.25]), np.array([-9.0]), np.array([9.0])
        >>> place_by_search(Normal(0.0, 1.0), tail, np.array([True]), low, high).round(4).tolist()
        [0.6745]
    """
    shape = np.shape(tail)
    wanted, upper = np.ravel(tail), np.ravel(in_upper)
    start, end = (np.ravel(np.broadcast_to(x, shape)) for x in (low, high))

    def reached(x: FloatArray) -> Flags:
        return np.where(upper, law.sf(x) <= wanted, law.cdf(x) >= wanted)

    found = smallest(reached, np.nextafter(start, -np.inf), end)
    # At probability zero the ends themselves are meant, even where they are infinite.
    extreme = np.where(upper, end, start)
    return np.where(wanted == 0.0, extreme, found).reshape(shape)


def error_of_quantile(law: Law, q: float) -> float:
    """
    How far a quantile may be off, from how far its probability may be.

    Examples:
        >>> from attrition.uncertain.families import Normal
        >>> error_of_quantile(Normal(0.0, 1.0), 0.9)
        0.0
    """
    if law.method == "exact":
        return 0.0
    off = law.probability_error(float(law.ppf(np.array(q))))
    low, high = law.ppf(np.clip(np.array([q - off, q + off]), 0.0, 1.0))
    return 0.5 * float(high - low)
