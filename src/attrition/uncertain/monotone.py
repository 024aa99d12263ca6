"""Laws of a monotone function of one unknown: its quantiles are the function's quantiles."""

from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.law import Law
from attrition.uncertain.node import Apply, Bounds, Column, Leaf, Node, evaluate, unknowns

__all__ = ["Affine", "Image", "image"]

# Halvings of a range of normal scores 76 wide; the last is below the spacing of doubles there.
_HALVINGS = 60
_FARTHEST_SCORE = 38.0


@final
@attrs.frozen
class Affine(Law):
    """shift + scale X, for a scale that is not zero."""

    inner: Law
    shift: float
    scale: float

    def ppf(self, q: FloatArray) -> FloatArray:
        inner = self.inner.ppf(q) if self.scale > 0.0 else self.inner.isf(q)
        return self.shift + self.scale * inner

    def isf(self, q: FloatArray) -> FloatArray:
        inner = self.inner.isf(q) if self.scale > 0.0 else self.inner.ppf(q)
        return self.shift + self.scale * inner

    def cdf(self, x: FloatArray) -> FloatArray:
        inner = (np.asarray(x) - self.shift) / self.scale
        if self.scale > 0.0:
            return self.inner.cdf(inner)
        return self.inner.sf(np.nextafter(inner, -np.inf))

    def sf(self, x: FloatArray) -> FloatArray:
        inner = (np.asarray(x) - self.shift) / self.scale
        if self.scale > 0.0:
            return self.inner.sf(inner)
        return self.inner.cdf(np.nextafter(inner, -np.inf))

    def pdf(self, x: FloatArray) -> FloatArray:
        return self.inner.pdf((np.asarray(x) - self.shift) / self.scale) / abs(self.scale)

    def mean(self) -> float:
        return self.shift + self.scale * self.inner.mean()

    def var(self) -> float:
        return self.scale * self.scale * self.inner.var()

    def support(self) -> Bounds:
        ends = [self.shift + self.scale * end for end in self.inner.support()]
        return min(ends), max(ends)


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

    def _of(self, values: FloatArray) -> FloatArray:
        with np.errstate(all="ignore"):
            flat = np.ravel(values)
            return evaluate([self.root], lambda _: flat, flat.size)[0].reshape(np.shape(values))

    def ppf(self, q: FloatArray) -> FloatArray:
        return self._of(self.inner.ppf(q) if self.rising else self.inner.isf(q))

    def isf(self, q: FloatArray) -> FloatArray:
        return self._of(self.inner.isf(q) if self.rising else self.inner.ppf(q))

    def _score(self, x: FloatArray) -> FloatArray:
        """The normal score of the probability of at most ``x``, by halving."""
        from scipy.special import ndtr

        low = np.full(np.shape(x), -_FARTHEST_SCORE)
        high = -low
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            tail = np.asarray(ndtr(-np.abs(middle)), dtype=np.float64)
            value = np.where(middle < 0.0, self.ppf(tail), self.isf(tail))
            below = value <= x
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return low

    def cdf(self, x: FloatArray) -> FloatArray:
        from scipy.special import ndtr

        return np.asarray(ndtr(self._score(x)), dtype=np.float64)

    def sf(self, x: FloatArray) -> FloatArray:
        from scipy.special import ndtr

        return np.asarray(ndtr(-self._score(x)), dtype=np.float64)

    def support(self) -> Bounds:
        ends = self._of(np.array(self.inner.support()))
        return float(ends.min()), float(ends.max())


def image(order: list[Node], bounds: dict[str, Bounds]) -> Law | None:
    """The law of the last node if it rises or falls with the only unknown below it."""
    sources = [node for node in order if isinstance(node, Leaf | Column)]
    if len(sources) != 1 or len(unknowns(order)) != 1:
        return None
    signs: dict[str, int | None] = {}
    for node in order:
        signs[node.uid] = _sign(node, signs, bounds)
    sign = signs[order[-1].uid]
    if sign is None or sign == 0:
        return None
    return Image(sources[0].law, order[-1], rising=sign > 0)


def _sign(node: Node, signs: dict[str, int | None], bounds: dict[str, Bounds]) -> int | None:
    """+1, -1 or 0 as the node rises with the unknown, falls, or ignores it; None if neither."""
    if not isinstance(node, Apply):
        return 1 if isinstance(node, Leaf | Column) else 0
    partial = node.operation.signs(*(bounds[a.uid] for a in node.arguments))
    found = set()
    for own, argument in zip(partial, node.arguments, strict=True):
        inner = signs[argument.uid]
        if inner == 0:
            continue
        found.add(None if own is None or inner is None else own * inner)
    return found.pop() if len(found) == 1 else (0 if not found else None)
