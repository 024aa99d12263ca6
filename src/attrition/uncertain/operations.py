"""The arithmetic of uncertain numbers: values, bounds and directions of every operation."""

import math
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.checks import has_value
from attrition.uncertain.node import UNBOUNDED, Bounds, Operation

__all__ = [
    "Add",
    "And",
    "Divide",
    "Equal",
    "Exp",
    "Less",
    "LessEqual",
    "Log",
    "Maximum",
    "Minimum",
    "Multiply",
    "Not",
    "Or",
    "Power",
    "Sqrt",
    "Subtract",
]

_TINY = float(np.finfo(float).tiny)


def _sign(of: Bounds, pivot: float = 0.0) -> int | None:
    """On which side of ``pivot`` a number lies, None if on both."""
    low, high = of
    if low >= pivot:
        return 1
    return -1 if high <= pivot else None


def _negative(sign: int | None) -> int | None:
    return None if sign is None else -sign


def _products(a: Bounds, b: Bounds) -> Bounds:
    values = [0.0 if 0.0 in (x, y) else x * y for x in a for y in b]
    return min(values), max(values)


@final
@attrs.frozen
class Add(Operation):
    """a + b."""

    commutative = True

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        a, b = arguments
        return a + b

    def bounds(self, *arguments: Bounds) -> Bounds:
        a, b = arguments
        return a[0] + b[0], a[1] + b[1]

    def signs(self, *arguments: Bounds) -> tuple[int | None, ...]:
        return 1, 1


@final
@attrs.frozen
class Subtract(Operation):
    """a - b."""

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        a, b = arguments
        return a - b

    def bounds(self, *arguments: Bounds) -> Bounds:
        a, b = arguments
        return a[0] - b[1], a[1] - b[0]

    def signs(self, *arguments: Bounds) -> tuple[int | None, ...]:
        return 1, -1


@final
@attrs.frozen
class Multiply(Operation):
    """a b."""

    commutative = True

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        a, b = arguments
        return a * b

    def bounds(self, *arguments: Bounds) -> Bounds:
        a, b = arguments
        return _products(a, b)

    def signs(self, *arguments: Bounds) -> tuple[int | None, ...]:
        a, b = arguments
        return _sign(b), _sign(a)


@final
@attrs.frozen
class Divide(Operation):
    """a / b."""

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        a, b = arguments
        return np.divide(a, b)

    def bounds(self, *arguments: Bounds) -> Bounds:
        a, b = arguments
        low, high = b
        if low < 0.0 < high:
            return UNBOUNDED
        # A bound of zero is approached from inside, so its reciprocal keeps its sign.
        ends = [math.copysign(math.inf, low + high) if end == 0.0 else 1.0 / end for end in b]
        return _products(a, (min(ends), max(ends)))

    def signs(self, *arguments: Bounds) -> tuple[int | None, ...]:
        a, b = arguments
        side = _sign(b)
        return side, None if side is None else _negative(_sign(a))


def _base(a: Bounds, b: Bounds) -> Bounds:
    """Where a base lies: mass below zero was refused but for a whole known exponent."""
    if b[0] == b[1] and b[0].is_integer():
        # The reciprocal of a zero that is reached from below is minus infinity.
        return a[0], -0.0 if a[0] < 0.0 == a[1] else a[1]
    return max(a[0], 0.0), max(a[1], 0.0)


@final
@attrs.frozen
class Power(Operation):
    """a to the power b; below zero only for whole exponents, elsewhere its tail counts as 0."""

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        a, b = arguments
        return np.power(np.where(b == np.floor(b), a, np.maximum(a, 0.0)), b)

    def bounds(self, *arguments: Bounds) -> Bounds:
        b = arguments[1]
        a = _base(arguments[0], b)
        straddles = a[0] < 0.0 < a[1]
        if straddles and b[0] < 0.0:
            return UNBOUNDED
        with np.errstate(all="ignore"):
            corners = [float(np.power(np.float64(x), np.float64(y))) for x in a for y in b]
        if straddles:
            corners.append(0.0)
        return min(corners), max(corners)

    def signs(self, *arguments: Bounds) -> tuple[int | None, ...]:
        b = arguments[1]
        a = _base(arguments[0], b)
        exponent = _sign(b)
        if a[0] >= 0.0:
            return exponent, _sign(a, 1.0)
        odd = b[0] == b[1] and b[0] % 2.0 == 1.0
        if a[1] <= 0.0:
            return (exponent if odd else _negative(exponent)), None
        return (exponent if odd and b[0] > 0.0 else None), None


@final
@attrs.frozen
class Exp(Operation):
    """The exponential."""

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        (a,) = arguments
        return np.exp(a)

    def bounds(self, *arguments: Bounds) -> Bounds:
        (a,) = arguments
        with np.errstate(over="ignore"):
            return float(np.exp(a[0])), float(np.exp(a[1]))

    def signs(self, *arguments: Bounds) -> tuple[int | None, ...]:
        return (1,)


@final
@attrs.frozen
class Log(Operation):
    """The natural logarithm; mass below zero was refused when it was built."""

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        (a,) = arguments
        return np.log(np.where(a < 0.0, _TINY, a))

    def bounds(self, *arguments: Bounds) -> Bounds:
        (a,) = arguments
        low, high = (math.log(x) if x > 0.0 else -math.inf for x in a)
        return low, high

    def signs(self, *arguments: Bounds) -> tuple[int | None, ...]:
        return (1,)


@final
@attrs.frozen
class Sqrt(Operation):
    """The square root; mass below zero was refused when it was built."""

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        (a,) = arguments
        return np.sqrt(np.maximum(a, 0.0))

    def bounds(self, *arguments: Bounds) -> Bounds:
        (a,) = arguments
        low, high = (math.sqrt(max(x, 0.0)) for x in a)
        return low, high

    def signs(self, *arguments: Bounds) -> tuple[int | None, ...]:
        return (1,)


@final
@attrs.frozen
class Maximum(Operation):
    """The larger of two."""

    commutative = True
    makes_atoms = True

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        a, b = arguments
        return np.maximum(a, b)

    def bounds(self, *arguments: Bounds) -> Bounds:
        a, b = arguments
        return max(a[0], b[0]), max(a[1], b[1])

    def signs(self, *arguments: Bounds) -> tuple[int | None, ...]:
        return 1, 1


@final
@attrs.frozen
class Minimum(Operation):
    """The smaller of two."""

    commutative = True
    makes_atoms = True

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        a, b = arguments
        return np.minimum(a, b)

    def bounds(self, *arguments: Bounds) -> Bounds:
        a, b = arguments
        return min(a[0], b[0]), min(a[1], b[1])

    def signs(self, *arguments: Bounds) -> tuple[int | None, ...]:
        return 1, 1


@final
@attrs.frozen
class Less(Operation):
    """1 where a < b, else 0."""

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        a, b = arguments
        return np.less(has_value(a), has_value(b)).astype(np.float64)


@final
@attrs.frozen
class LessEqual(Operation):
    """1 where a <= b, else 0."""

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        a, b = arguments
        return np.less_equal(has_value(a), has_value(b)).astype(np.float64)


@final
@attrs.frozen
class Equal(Operation):
    """1 where a = b, else 0."""

    commutative = True

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        a, b = arguments
        return np.equal(has_value(a), has_value(b)).astype(np.float64)


@final
@attrs.frozen
class And(Operation):
    """1 where both hold."""

    commutative = True

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        a, b = arguments
        return np.minimum(a, b)


@final
@attrs.frozen
class Or(Operation):
    """1 where at least one holds."""

    commutative = True

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        a, b = arguments
        return np.maximum(a, b)


@final
@attrs.frozen
class Not(Operation):
    """1 where it does not hold."""

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        (a,) = arguments
        return 1.0 - a
