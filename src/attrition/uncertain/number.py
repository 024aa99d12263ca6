"""The face of the wing: a real number known only through a distribution."""

import math
from collections.abc import Callable
from typing import NoReturn, TypeAlias, final

import attrs
import numpy as np

from attrition._typing import Draws, FrozenDistribution, FrozenVariable, Number, Seed
from attrition.errors import NumberError, ParameterError
from attrition.uncertain import operations as op
from attrition.uncertain.answers import Answers
from attrition.uncertain.at_score import AtScore
from attrition.uncertain.checks import as_float, is_number
from attrition.uncertain.evaluate import draw_nodes, law_of
from attrition.uncertain.event import Event
from attrition.uncertain.flat import FlatRows, flat, unflat
from attrition.uncertain.forms import bounds_of
from attrition.uncertain.law import Law
from attrition.uncertain.node import (
    Apply,
    Column,
    Known,
    Leaf,
    Node,
    Operation,
    apply,
    in_order,
    unknowns,
)
from attrition.uncertain.scipy_law import from_scipy
from attrition.uncertain.stream import seed_given
from attrition.uncertain.support import check_divisor, check_not_negative, check_positive
from attrition.uncertain.ufuncs import ARITHMETIC, COMPARISONS, IDENTITY
from attrition.words import interval_text

__all__ = ["Operand", "Uncertain", "UncertainLike", "combined", "node_of"]

_SHOWN = (0.05, 0.5, 0.95)
_LAW_GRID = np.linspace(0.0, 1.0, 259)[1:-1]
_ERROR_GRID = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
_LAW_TOLERANCE = 1e-9


def _shape(size: object) -> tuple[int, ...]:
    sizes = size if isinstance(size, tuple) else (size,)
    whole = [int(s) for s in sizes if isinstance(s, int | np.integer) and s >= 0]
    if len(whole) != len(sizes) or any(isinstance(s, bool) for s in sizes):
        message = (
            f"size is {size!r}: expected a whole number from 0 on, or a tuple of them. "
            f"Type for example size=1_000."
        )
        raise ParameterError(message)
    return tuple(whole)


def _rebuild(rows: FlatRows, places: list[int]) -> "Uncertain":
    return Uncertain(*unflat(rows, places))


@final
@attrs.frozen(eq=False, repr=False)
class Uncertain(Answers):
    """
    One real number, known only through a distribution.

    The same object used twice is the same unknown, so ``x - x`` is exactly 0. Two figures
    stated separately are independent unless tied. ``==`` asks whether two objects are the same
    unknown; :meth:`same_law` compares distributions.

    Make one with ``about``, ``between``, ``share``, ``uniform``, ``rounded``, ``exactly``,
    ``from_draws`` or :meth:`of`; never by calling the class.

    Examples:
        >>> from attrition import about
        >>> lost, joined = about(44_000, sd=3_000), about(35_000, sd=2_000)
        >>> (lost - joined).mean()
        9000.0
        >>> print(lost - joined)
        9,000 (3,069 to 14,931 at 90 %)
        >>> (lost - lost).std()
        0.0
    """

    node: Node

    @classmethod
    def of(cls, value: "UncertainLike") -> "Uncertain":
        """
        An uncertain number from a number, an uncertain number or a frozen scipy distribution.

        Each call on a distribution makes a new unknown, independent of every other.

        Args:
            value: A finite number, an ``Uncertain`` (returned as it is), or a frozen
                distribution of ``scipy.stats``, of the older or the newer kind.

        Returns:
            The uncertain number.

        Raises:
            NumberError: If ``value`` is none of these, a bool or an unfrozen family.

            ParameterError: If it is nan or infinite, or the distribution is invalid.

        Examples:
            >>> from scipy import stats
            >>> Uncertain.of(stats.gamma(4, scale=9_000)).mean()
            36000.0
        """
        if isinstance(value, Uncertain):
            return value
        if is_number(value):
            return cls(Known(as_float(value, "value")))
        return cls(Leaf(from_scipy(value)))

    @property
    def name(self) -> str | None:
        """The name that its constructor was given."""
        node = self.node.operation if isinstance(self.node, Apply) else self.node
        return node.name if isinstance(node, Leaf | AtScore) else None

    @property
    def value(self) -> float | None:
        """The number itself where it is known, else None."""
        return self.node.value if isinstance(self.node, Known) else None

    # Identity

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Uncertain) and self.node.uid == other.node.uid

    def __hash__(self) -> int:
        return hash(self.node.uid)

    def __reduce__(self) -> tuple[Callable[..., "Uncertain"], tuple[object, ...]]:
        return _rebuild, flat(self.node)

    def __repr__(self) -> str:
        node = self.node
        if isinstance(node, Known):
            return f"exactly({node.value:.15g})"
        label = "" if self.name is None else f", {self.name!r}"
        if isinstance(node, Apply) and isinstance(node.operation, AtScore):
            return f"Uncertain({node.operation.law}{label}, correlated)"
        if isinstance(node, Leaf | Column):
            text = node.law if isinstance(node, Leaf) else f"column {node.label!r}"
            return f"Uncertain({text}{label})"
        # Without the uid, so that two runs print the same.
        kind = type(node.operation).__name__ if isinstance(node, Apply) else "Noise"
        count = len(unknowns(in_order([node])))
        return f"Uncertain({kind} of {count} unknown{'s' if count != 1 else ''})"

    def __str__(self) -> str:
        low, middle, high = np.asarray(self.ppf(_SHOWN)).tolist()
        return interval_text(middle, low, high, confidence=0.9)

    def same_law(self, other: "Uncertain") -> bool:
        """
        Whether two numbers have the same distribution, whoever they are.

        Numbers without a closed form are compared quantile by quantile, within five times the
        largest of their stated errors.

        Examples:
            >>> from attrition import about
            >>> about(100, sd=5).same_law(about(100, sd=5))
            True
        """
        mine, theirs = self._law(), law_of(other.node)
        errors = [law.error(q) for law in (mine, theirs) for q in _ERROR_GRID]
        slack = 5.0 * max((error for error in errors if math.isfinite(error)), default=0.0)
        with np.errstate(all="ignore"):
            here, there = mine.ppf(_LAW_GRID), theirs.ppf(_LAW_GRID)
            low, high = mine.ppf(np.array([0.25, 0.75]))
            close = np.abs(here - there) <= slack + _LAW_TOLERANCE * (high - low)
        return bool((close | (here == there)).all())

    # Answers

    def _law(self) -> Law:
        return law_of(self.node)

    def support(self) -> tuple[float, float]:
        """An interval that holds all the mass; of a derived number, never too narrow."""
        low, high = bounds_of(self.node)
        law_low, law_high = self._law().support()
        return max(low, law_low), min(high, law_high)

    def rvs(self, size: int | tuple[int, ...] = 1, *, rng: Seed) -> Draws:
        """
        Random values; ``rng`` is required, as nothing here is random by accident.

        Args:
            size: How many, or the shape of the array.

            rng: Whatever ``numpy.random.default_rng`` takes, None excepted.

        Returns:
            An array of that shape.

        Examples:
            >>> from attrition import about
            >>> about(44_000, sd=3_000).rvs((2, 3), rng=20260101).shape
            (2, 3)
        """
        shape = _shape(size)
        return draw_nodes([self.node], math.prod(shape), seed=seed_given(rng))[0].reshape(shape)

    # Arithmetic

    def __add__(self, other: "Operand") -> "Uncertain":
        return combined(op.Add(), self, other)

    def __radd__(self, other: "Operand") -> "Uncertain":
        return combined(op.Add(), other, self)

    def __sub__(self, other: "Operand") -> "Uncertain":
        return combined(op.Subtract(), self, other)

    def __rsub__(self, other: "Operand") -> "Uncertain":
        return combined(op.Subtract(), other, self)

    def __mul__(self, other: "Operand") -> "Uncertain":
        return combined(op.Multiply(), self, other)

    def __rmul__(self, other: "Operand") -> "Uncertain":
        return combined(op.Multiply(), other, self)

    def __truediv__(self, other: "Operand") -> "Uncertain":
        return combined(op.Divide(), self, other)

    def __rtruediv__(self, other: "Operand") -> "Uncertain":
        return combined(op.Divide(), other, self)

    def __pow__(self, other: "Operand") -> "Uncertain":
        return combined(op.Power(), self, other)

    def __rpow__(self, other: "Operand") -> "Uncertain":
        return combined(op.Power(), other, self)

    def __neg__(self) -> "Uncertain":
        return combined(op.Multiply(), -1.0, self)

    def __pos__(self) -> "Uncertain":
        return self

    # Events

    def __lt__(self, other: "Operand") -> Event:
        return compared(op.Less(), self, other)

    def __le__(self, other: "Operand") -> Event:
        return compared(op.LessEqual(), self, other)

    def __gt__(self, other: "Operand") -> Event:
        return compared(op.Less(), other, self)

    def __ge__(self, other: "Operand") -> Event:
        return compared(op.LessEqual(), other, self)

    def equals(self, other: "Operand") -> Event:
        """
        The event that two numbers have the same value; ``==`` asks about identity.

        Examples:
            >>> from attrition import from_draws, probability
            >>> round(probability(from_draws([1, 2, 3]).equals(2)), 3)
            0.333
        """
        return compared(op.Equal(), self, other)

    # numpy

    def __array__(self, dtype: object = None, copy: object = None) -> NoReturn:
        message = (
            "an Uncertain is not an array element: an array of them would lose speed and ties. "
            "Use rvs(size, rng=...) or draws(x, y, n=..., rng=...) for arrays of values."
        )
        raise NumberError(message)

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: object, **options: object
    ) -> object:
        known = ufunc in ARITHMETIC or ufunc in COMPARISONS or ufunc in IDENTITY
        plain = method == "__call__" and not options
        # numpy hands on its scalars as arrays without dimensions.
        plain_inputs = [i[()] if isinstance(i, np.ndarray) else i for i in inputs]
        scalars: list[Operand] = [
            i if isinstance(i, Uncertain) else float(i)
            for i in plain_inputs
            if isinstance(i, Uncertain) or is_number(i)
        ]
        if not (known and plain and len(scalars) == len(inputs)):
            message = (
                f"numpy.{ufunc.__name__} was given an Uncertain: expected scalars without "
                f"options, in arithmetic, comparisons, exp, log, sqrt, maximum or minimum. Type "
                f"those of attrition, or work on draws(x, n=..., rng=...)."
            )
            raise NumberError(message)
        if ufunc in IDENTITY:
            return (scalars[0] == scalars[1]) is IDENTITY[ufunc]
        if ufunc in ARITHMETIC:
            return combined(ARITHMETIC[ufunc], *scalars)
        operation, swapped = COMPARISONS[ufunc]
        return compared(operation, *(scalars[::-1] if swapped else scalars))


Operand: TypeAlias = float | int | Uncertain
"""What the operators take; numpy's integers too, at run time."""

UncertainLike: TypeAlias = Number | Uncertain | FrozenDistribution | FrozenVariable
"""What every argument that is an uncertain number takes."""


def node_of(value: Operand) -> Node:
    """The node of an operand of arithmetic."""
    if isinstance(value, Uncertain):
        return value.node
    return Known(as_float(value, "operand"))


def combined(operation: Operation, *operands: Operand) -> Uncertain:
    """The uncertain number of an operation, after the checks that belong to it."""
    nodes = [node_of(value) for value in operands]
    if isinstance(operation, op.Multiply) and any(map(_is_zero, nodes)):
        return Uncertain(Known(0.0))
    _check_arguments(operation, nodes)
    result = apply(operation, *nodes)
    if isinstance(result, Known):
        _check_finite(result, operation, nodes)
    return Uncertain(result)


def _is_zero(node: Node) -> bool:
    return isinstance(node, Known) and node.value == 0.0


def _check_arguments(operation: Operation, nodes: list[Node]) -> None:
    """Refuse or warn where an operation has no value."""
    first, last = nodes[0], nodes[-1]
    if isinstance(operation, op.Divide):
        check_divisor(last)
    if isinstance(operation, op.Log):
        check_positive(first, "log")
    if isinstance(operation, op.Sqrt):
        check_not_negative(first, "sqrt")
    if isinstance(operation, op.Power):
        if not (isinstance(last, Known) and last.value.is_integer()):
            check_not_negative(first, "a broken power")
        if isinstance(last, Known) and last.value < 0.0:
            check_divisor(first)


def _check_finite(result: Known, operation: Operation, nodes: list[Node]) -> None:
    if not math.isfinite(result.value):
        texts = " and ".join(f"{node.value:.15g}" for node in nodes if isinstance(node, Known))
        message = (
            f"{type(operation).__name__.lower()} of {texts} is {result.value}: expected a finite "
            f"number. State the figures in larger units."
        )
        raise ParameterError(message)


def compared(operation: Operation, left: Operand, right: Operand) -> Event:
    """The event of a comparison."""
    return Event(apply(operation, node_of(left), node_of(right)))
