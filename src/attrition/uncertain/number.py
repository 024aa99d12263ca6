"""The face of the wing: a real number known only through a distribution."""

from collections.abc import Callable
from typing import NoReturn, TypeAlias, final

import attrs
import numpy as np

from attrition._typing import Draws, FrozenDistribution, FrozenVariable, Number, Seed
from attrition.errors import NumberError
from attrition.uncertain import operations as op
from attrition.uncertain.answers import Answers
from attrition.uncertain.checks import as_float, is_number
from attrition.uncertain.evaluate import draw_nodes, law_of
from attrition.uncertain.event import Event
from attrition.uncertain.exact import bounds_of
from attrition.uncertain.law import Law
from attrition.uncertain.node import (
    Apply,
    Column,
    Known,
    Leaf,
    Node,
    Operation,
    apply,
    flat,
    unflat,
)
from attrition.uncertain.scipy_law import from_scipy
from attrition.uncertain.stream import seed_from
from attrition.uncertain.support import check_divisor, check_not_negative
from attrition.uncertain.ufuncs import ARITHMETIC, COMPARISONS
from attrition.words import interval_text

__all__ = ["Operand", "Uncertain", "UncertainLike", "combined", "node_of"]

_SHOWN = (0.05, 0.5, 0.95)
_LAW_GRID = np.linspace(0.0, 1.0, 259)[1:-1]
_LAW_TOLERANCE = 1e-9


def _rebuild(rows: list[tuple[Node | Operation, tuple[int, ...]]]) -> "Uncertain":
    return Uncertain(unflat(rows))


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
        return self.node.name if isinstance(self.node, Leaf) else None

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
        return _rebuild, (flat(self.node),)

    def __repr__(self) -> str:
        node = self.node
        if isinstance(node, Known):
            return f"exactly({node.value:g})"
        if isinstance(node, Leaf | Column):
            text = node.law if isinstance(node, Leaf) else f"column {node.label!r}"
            label = "" if self.name is None else f", {self.name!r}"
            return f"Uncertain({text}{label})"
        kind = type(node.operation).__name__ if isinstance(node, Apply) else "noise"
        return f"Uncertain({kind}, {node.uid[:8]})"

    def __str__(self) -> str:
        law = self._law()
        low, middle, high = law.ppf(np.array(_SHOWN)).tolist()
        return interval_text(middle, low, high, confidence=0.9)

    def same_law(self, other: "Uncertain") -> bool:
        """
        Whether two numbers have the same distribution, whoever they are.

        Numbers without a closed form are compared quantile by quantile, within five of the
        stated errors.

        Examples:
            >>> from attrition import about
            >>> about(100, sd=5).same_law(about(100, sd=5))
            True
        """
        mine, theirs = self._law(), law_of(other.node)
        if mine.key == theirs.key:
            return True
        gap = np.abs(mine.ppf(_LAW_GRID) - theirs.ppf(_LAW_GRID))
        errors = np.array([max(mine.error(q), theirs.error(q)) for q in _LAW_GRID])
        scale = float(mine.ppf(np.array(0.75)) - mine.ppf(np.array(0.25)))
        return bool((gap <= 5.0 * errors + _LAW_TOLERANCE * scale).all())

    # Answers

    def _law(self) -> Law:
        return law_of(self.node)

    def support(self) -> tuple[float, float]:
        """An interval that holds all the mass; of a derived number, never too narrow."""
        low, high = bounds_of(self.node)
        law_low, law_high = self._law().support()
        return max(low, law_low), min(high, law_high)

    def rvs(self, size: int | tuple[int, ...] = 1, *, rng: Seed) -> Draws:
        """Random values; ``rng`` is required, as nothing here is random by accident."""
        n = int(np.prod(size))
        return draw_nodes([self.node], n, seed=seed_from(rng))[0].reshape(size)

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
        """The event that two numbers have the same value; ``==`` asks about identity."""
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
        known = ufunc in ARITHMETIC or ufunc in COMPARISONS
        plain = method == "__call__" and not options
        scalars: list[Operand] = [
            i if isinstance(i, Uncertain) else float(i)
            for i in inputs
            if isinstance(i, Uncertain) or is_number(i)
        ]
        if not (known and plain and len(scalars) == len(inputs)):
            message = (
                f"numpy.{ufunc.__name__} does not take an Uncertain among arrays or options: "
                f"expected scalars. Type exp, log, sqrt, maximum, minimum of attrition, or work "
                f"on draws(x, n=..., rng=...)."
            )
            raise NumberError(message)
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
    if isinstance(operation, op.Divide):
        check_divisor(nodes[1])
    if isinstance(operation, op.Log | op.Sqrt):
        check_not_negative(nodes[0], type(operation).__name__.lower())
    if isinstance(operation, op.Power):
        exponent = nodes[1]
        if not (isinstance(exponent, Known) and exponent.value.is_integer()):
            check_not_negative(nodes[0], "a broken power")
    return Uncertain(apply(operation, *nodes))


def compared(operation: Operation, left: Operand, right: Operand) -> Event:
    """The event of a comparison."""
    return Event(apply(operation, node_of(left), node_of(right)))
