"""Laws of a monotone function of one unknown: its quantiles are the function's quantiles."""

from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.checks import has_value
from attrition.uncertain.empirical import Weighted, law_of_points
from attrition.uncertain.families import LogNormal, Normal
from attrition.uncertain.forms import bounds_in
from attrition.uncertain.law import Law, Method, Points
from attrition.uncertain.node import (
    Apply,
    Bounds,
    Joint,
    Known,
    Leaf,
    Node,
    evaluate,
    in_order,
    makes_atoms,
    unknowns,
)
from attrition.uncertain.search import smallest
from attrition.uncertain.section import Interval, mass_in
from attrition.uncertain.statement import statement_for

__all__ = ["Affine", "Image", "affine", "image"]

# Beyond it the spacing of floats is of no use, and at the very end it overflows.
_LARGEST = 2.0**1000


@final
@attrs.frozen
class Affine(Law):
    """shift + scale X, for a scale that is not zero."""

    inner: Law
    shift: float
    scale: float

    @property
    def method(self) -> Method:
        return self.inner.method

    @property
    def atomic(self) -> bool:
        return self.inner.atomic

    @property
    def searched(self) -> bool:
        return self.inner.searched

    def points(self) -> Points | None:
        found = self.inner.points()
        return None if found is None else (self.shift + self.scale * found[0], found[1])

    def ppf(self, q: FloatArray) -> FloatArray:
        if self.scale > 0.0:
            return self.shift + self.scale * self.inner.ppf(q)
        # Where the probability is exactly that of some values, the smallest of ours is
        # the largest of the inner ones.
        lower = np.nextafter(q, 0.0) if self.atomic else q
        return self.shift + self.scale * self.inner.isf(lower)

    def isf(self, q: FloatArray) -> FloatArray:
        if self.scale > 0.0:
            return self.shift + self.scale * self.inner.isf(q)
        upper = np.nextafter(q, 1.0) if self.atomic else q
        return self.shift + self.scale * self.inner.ppf(upper)

    def _inner(self, x: FloatArray, side: float = 0.0) -> FloatArray:
        """Where the inner number lies, on one ``side`` of the rounding of shift + scale X."""
        place = (np.asarray(x) - self.shift) / self.scale
        if not self.atomic:
            return np.asarray(place)
        largest = np.clip(np.abs(x), abs(self.shift), _LARGEST)
        return np.asarray(place + side * 2.0 * np.spacing(largest) / abs(self.scale))

    def cdf(self, x: FloatArray) -> FloatArray:
        if self.scale > 0.0:
            return self.inner.cdf(self._inner(x, 1.0))
        return self.inner.at_least(self._inner(x, -1.0))

    def sf(self, x: FloatArray) -> FloatArray:
        if self.scale > 0.0:
            return self.inner.sf(self._inner(x, 1.0))
        return self.inner.below(self._inner(x, -1.0))

    def below(self, x: FloatArray) -> FloatArray:
        if self.scale > 0.0:
            return self.inner.below(self._inner(x, -1.0))
        return self.inner.sf(self._inner(x, 1.0))

    def at_least(self, x: FloatArray) -> FloatArray:
        if self.scale > 0.0:
            return self.inner.at_least(self._inner(x, -1.0))
        return self.inner.cdf(self._inner(x, 1.0))

    def pdf(self, x: FloatArray) -> FloatArray:
        return self.inner.pdf(self._inner(x)) / abs(self.scale)

    def mean(self) -> float:
        return self.shift + self.scale * self.inner.mean()

    def var(self) -> float:
        return self.scale * self.scale * self.inner.var()

    def support(self) -> Bounds:
        ends = [self.shift + self.scale * end for end in self.inner.support()]
        return min(ends), max(ends)

    def error(self, q: float) -> float:
        return abs(self.scale) * self.inner.error(q if self.scale > 0.0 else 1.0 - q)

    def probability_error(self, x: float) -> float:
        return self.inner.probability_error((x - self.shift) / self.scale)


def affine(inner: Law, shift: float, scale: float) -> Law:
    """
    The law of shift + scale X, of its own family where there is one.

    Examples:
        >>> from attrition.uncertain.families import LogNormal
        >>> affine(LogNormal(31_000.0, 0.1), 0.0, 0.5)
        LogNormal(middle=15500.0, sigma=0.1)
    """
    if shift == 0.0 and scale == 1.0:
        return inner
    if isinstance(inner, Normal):
        return Normal(shift + scale * inner.centre, abs(scale) * inner.sd)
    if isinstance(inner, LogNormal) and shift == 0.0 and scale > 0.0:
        return LogNormal(scale * inner.middle, inner.sigma)
    return Affine(inner, shift, scale)


@final
@attrs.frozen(eq=False, repr=False)
class Image(Law):
    """
    The law of a rising or falling function of one unknown.

    Attributes:
        inner: The law of the unknown.

        root: The function, as the last node of its graph.

        rising: Whether the function rises.
    """

    inner: Law
    root: Node
    rising: bool

    def __repr__(self) -> str:
        kind = type(self.root.operation).__name__ if isinstance(self.root, Apply) else "identity"
        return f"{kind} of {self.inner!r}"

    @property
    def method(self) -> Method:
        return self.inner.method

    @property
    def atomic(self) -> bool:
        return self.inner.atomic or makes_atoms(self.root)

    @property
    def searched(self) -> bool:
        return self.inner.searched

    def _of(self, values: FloatArray) -> FloatArray:
        flat = np.ravel(values)
        return _values(self.root, flat).reshape(np.shape(values))

    def ppf(self, q: FloatArray) -> FloatArray:
        return self._of(self.inner.ppf(q) if self.rising else self.inner.isf(q))

    def isf(self, q: FloatArray) -> FloatArray:
        return self._of(self.inner.isf(q) if self.rising else self.inner.ppf(q))

    def _solved(self, x: FloatArray, *, upper: bool) -> FloatArray | None:
        """Probability of at most ``x``, or more, by the inverse function; None if it has none."""
        order = in_order([self.root])
        (unknown,) = (node for node in order if isinstance(node, Leaf))
        statement = statement_for(self.root, None, unknown, order, bounds_in(order))
        if self.atomic or statement is None:
            return None
        known = {n.uid: np.asarray(n.value) for n in statement.sides if isinstance(n, Known)}
        places = np.ravel(np.asarray(x, dtype=np.float64))
        with np.errstate(all="ignore"):
            between = statement.between(
                known, Interval(low=places) if upper else Interval(high=places)
            )
        return mass_in(self.inner, between).reshape(np.shape(x))

    def _passed(self, x: FloatArray, passed: np.ufunc) -> FloatArray:
        """The smallest inner value at which the function stands to ``x`` as ``passed`` says."""
        places = np.ravel(np.asarray(x, dtype=np.float64))
        low, high = self.inner.support()
        start = np.full(places.shape, np.nextafter(low, -np.inf))
        end = np.full(places.shape, np.nextafter(high, np.inf))
        found = smallest(lambda v: np.asarray(passed(self._of(v), places)), start, end)
        # Passed from the start on, which for an open end is the lowest of all doubles.
        found = np.where(found <= np.nextafter(start, np.inf), start, found)
        return found.reshape(np.shape(x))

    def cdf(self, x: FloatArray) -> FloatArray:
        solved = self._solved(x, upper=False)
        if solved is not None:
            return solved
        if self.rising:
            return self.inner.below(self._passed(x, np.greater))
        return self.inner.at_least(self._passed(x, np.less_equal))

    def sf(self, x: FloatArray) -> FloatArray:
        solved = self._solved(x, upper=True)
        if solved is not None:
            return solved
        if self.rising:
            return self.inner.at_least(self._passed(x, np.greater))
        return self.inner.below(self._passed(x, np.less_equal))

    def below(self, x: FloatArray) -> FloatArray:
        if not self.atomic:
            return self.cdf(x)
        if self.rising:
            return self.inner.below(self._passed(x, np.greater_equal))
        return self.inner.at_least(self._passed(x, np.less))

    def at_least(self, x: FloatArray) -> FloatArray:
        if not self.atomic:
            return self.sf(x)
        if self.rising:
            return self.inner.at_least(self._passed(x, np.greater_equal))
        return self.inner.below(self._passed(x, np.less))

    def error(self, q: float) -> float:
        at = np.array(q if self.rising else 1.0 - q)
        off = self.inner.probability_error(float(self.inner.ppf(at)))
        low, high = self.ppf(np.clip(np.array([q - off, q + off]), 0.0, 1.0))
        return 0.5 * float(high - low) if off > 0.0 else 0.0

    def probability_error(self, x: float) -> float:
        at = self.cdf(np.array(x)) if self.rising else self.sf(np.array(x))
        return self.inner.probability_error(float(self.inner.ppf(at)))

    def support(self) -> Bounds:
        ends = self._of(np.array(self.inner.support()))
        return float(ends.min()), float(ends.max())


def _values(root: Node, sample: FloatArray) -> FloatArray:
    """The number in every value of the only unknown below it."""
    with np.errstate(all="ignore"):
        return evaluate([root], lambda _: sample, sample.size)[0]


def image(order: list[Node], bounds: dict[str, Bounds]) -> Law | None:
    """
    The law of the last node if there is only one unknown below it.

    One that is made of values may enter any function, another one that rises or falls.
    """
    found = unknowns(order)
    drawn = [n.operation.simulation for n in order if isinstance(n, Apply)]
    if len(found) != 1 or any(simulation is not None for simulation in drawn):
        return None
    if isinstance(found[0], Joint):
        rows = np.arange(found[0].values.shape[1], dtype=np.float64)
        values = has_value(_values(order[-1], rows))
        return law_of_points(values, found[0].weights, drawn=True)
    if isinstance(found[0], Leaf):
        return _image_of_leaf(found[0].law, order, bounds)
    return None


def _image_of_leaf(law: Law, order: list[Node], bounds: dict[str, Bounds]) -> Law | None:
    points = law.points()
    if points is not None:
        drawn = isinstance(law, Weighted) and law.drawn
        return law_of_points(has_value(_values(order[-1], points[0])), points[1], drawn=drawn)
    signs: dict[str, int | None] = {}
    for node in order:
        signs[node.uid] = _sign(node, signs, bounds)
    sign = signs[order[-1].uid]
    return Image(law, order[-1], rising=sign > 0) if sign else None


def _sign(node: Node, signs: dict[str, int | None], bounds: dict[str, Bounds]) -> int | None:
    """+1, -1 or 0 as the node rises with the unknown, falls, or ignores it; None if neither."""
    if not isinstance(node, Apply):
        return 1 if isinstance(node, Leaf) else 0
    partial = node.operation.signs(*(bounds[a.uid] for a in node.arguments))
    found = set()
    for own, argument in zip(partial, node.arguments, strict=True):
        inner = signs[argument.uid]
        if inner == 0:
            continue
        found.add(None if own is None or inner is None else own * inner)
    return found.pop() if len(found) == 1 else (0 if not found else None)
