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

# The farthest place that is looked at: twice as far the distance of two would overflow.
_FAR = float(np.finfo(float).max) / 4.0

# What a value near a root may be, and what is a root where it is more.
_NEAR = 0.01
_CLOSE = 1e-6

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


def place_by_root(
    excess: Callable[..., FloatArray],
    arguments: tuple[FloatArray | Flags, ...],
    low: FloatArray,
    high: FloatArray,
    *,
    close: float = 0.0,
) -> FloatArray:
    """
    Where rising functions are zero, from a guess of between where.

    Args:
        excess: The functions, elementwise over places of shape (n,) and the arguments.

        arguments: What tells the functions apart, of shape (n,).

        low: Shape (n,), finite, probably below; widened where it is not.

        high: Shape (n,), above ``low`` and probably above the place.

        close: Functions this close to zero are at their root.

    Returns:
        Shape (n,); infinite where no float is far enough.

    Examples:
        >>> start, end = np.array([0.0, 0.0]), np.array([1.0, 1.0])
        >>> found = place_by_root(lambda x, a: x**3 - a, (np.array([8.0, 1.0]),), start, end)
        >>> found.round(12).tolist()
        [2.0, 1.0]
    """
    from scipy.optimize.elementwise import find_root

    places = np.full(low.shape, np.nan)
    reach, growth = np.zeros(low.shape), 4.0
    while (missed := np.isnan(places)).any() and growth < np.inf:
        ends = (np.clip(low - reach, -_FAR, _FAR), np.clip(high + reach, -_FAR, _FAR))
        rest = tuple(argument[missed] for argument in arguments)
        found = find_root(
            excess, (ends[0][missed], ends[1][missed]), args=rest, tolerances={"fatol": close}
        )
        places[missed] = np.where(found.success, found.x, np.nan)
        with np.errstate(over="ignore"):
            reach = growth * np.maximum(reach, np.maximum(high - low, np.spacing(np.abs(low))))
        growth *= growth
    if missed.any():
        short = excess(np.full(low.shape, _FAR), *arguments) < 0.0
        places = np.where(missed, np.where(short, np.inf, -np.inf), places)
    return places


def place_by_secant(
    excess: Callable[..., FloatArray],
    alike: Callable[..., FloatArray],
    arguments: tuple[FloatArray | Flags, ...],
    low: FloatArray,
    high: FloatArray,
) -> FloatArray:
    """
    Where smooth rising functions are zero, from a guess so close that one of their values does.

    The slope is that of functions much like them and cheaper, between both ends of the guess.
    Where the value is not near zero after all, by root finding.

    Args:
        excess: The functions, elementwise over places of shape (n,) and the arguments.

        alike: Functions that differ little from them, likewise.

        arguments: What tells the functions apart, of shape (n,).

        low: Shape (n,), near the place.

        high: Shape (n,), near the place and above ``low``.

    Returns:
        Shape (n,).

    Examples:
        >>> def cube(x, a):
        ...     return x**3 - a
        >>> start, end = np.array([1.999]), np.array([2.003])
        >>> place_by_secant(cube, cube, (np.array([8.0]),), start, end).round(6).tolist()
        [2.0]
    """
    twice = tuple(np.concatenate([argument, argument]) for argument in arguments)
    before, after = np.split(alike(np.concatenate([low, high]), *twice), 2)
    with np.errstate(all="ignore"):
        slope = (after - before) / (high - low)
        middle = low - before / slope
        middle = np.where(np.isfinite(middle), middle, low)
        rest = excess(middle, *arguments)
        places = middle - rest / slope
        missed = ~((np.abs(rest) < _NEAR) & np.isfinite(places))
    if missed.any():
        few = tuple(argument[missed] for argument in arguments)
        places[missed] = _place_step_by_step(excess, alike, few, low[missed], high[missed])
    return places


def _place_step_by_step(
    excess: Callable[..., FloatArray],
    alike: Callable[..., FloatArray],
    arguments: tuple[FloatArray | Flags, ...],
    low: FloatArray,
    high: FloatArray,
) -> FloatArray:
    """The same where the guess was poor: first the root of the cheaper functions."""
    start = place_by_root(alike, arguments, low, high, close=_CLOSE)
    step = 1e-3 * (high - low)
    with np.errstate(all="ignore"):
        slope = (alike(start + step, *arguments) - alike(start - step, *arguments)) / (2.0 * step)
        rest = excess(start, *arguments)
        places = start - rest / slope
    missed = ~((np.abs(rest) < _NEAR) & np.isfinite(places))
    if missed.any():
        few = tuple(argument[missed] for argument in arguments)
        ends = (start - step)[missed], (start + step)[missed]
        places[missed] = place_by_root(excess, few, *ends, close=_CLOSE)
    return places
