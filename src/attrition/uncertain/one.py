"""Laws of a function of one unknown that rises and falls: the mass where it is low enough."""

from typing import NamedTuple, final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.checks import has_value
from attrition.uncertain.forms import bounds_of
from attrition.uncertain.law import Law, Method
from attrition.uncertain.moments import check_moment, mean_by_probability, var_by_probability
from attrition.uncertain.node import (
    Apply,
    Bounds,
    Leaf,
    Node,
    evaluate,
    in_order,
    makes_atoms,
    unknowns,
)
from attrition.uncertain.rough import Rough
from attrition.uncertain.scipy_law import ScipyFrozen, ScipyVariable
from attrition.uncertain.scores import bell, probability_of
from attrition.uncertain.search import Flags
from attrition.uncertain.searched import Ends, Searched

__all__ = ["OfOne", "law_of_one"]

_FARTHEST = 8.5
"""Beyond these normal scores lies 1e-17 of the mass."""

_STEPS = 2_047
"""
Steps in which turns are looked for: a turn and its opposite within one of them are missed.

Odd, as a function may have no value at the very median.
"""

_ROUGH = np.linspace(-_FARTHEST, _FARTHEST, 513)

# Golden sections that narrow a turn down, where the function hardly moves.
_SECTIONS, _GOLDEN = 60, 0.6180339887498949

# A place is sought among cells of a piece, and in its cell by halvings, to the last bits.
_CELLS, _HALVINGS = 256, 46


class Pieces(NamedTuple):
    """The normal scores between which a function rises, or falls."""

    low: FloatArray
    high: FloatArray
    rising: Flags


@final
@attrs.frozen(eq=False, repr=False)
class OfOne(Searched):
    """
    A function of one unknown, seen at its normal scores.

    Attributes:
        root: The function.

        inner: The law of the unknown.
    """

    root: Node
    inner: Law
    pieces: Pieces = attrs.field(init=False)

    @pieces.default
    def _fine(self) -> Pieces:
        return self._pieces(_STEPS)

    def __repr__(self) -> str:
        kind = type(self.root.operation).__name__ if isinstance(self.root, Apply) else "identity"
        return f"{kind} of {self.inner!r}, by quadrature"

    @property
    def method(self) -> Method:
        return "quadrature"

    @property
    def atomic(self) -> bool:
        return makes_atoms(self.root)

    def support(self) -> Bounds:
        return bounds_of(self.root)

    def _of(self, scores: FloatArray) -> FloatArray:
        """The function at normal scores of any shape."""
        values = np.ravel(self.inner.at_score(scores))
        with np.errstate(all="ignore"):
            (found,) = evaluate([self.root], lambda _: values, values.size)
        return found.reshape(np.shape(scores))

    def _pieces(self, steps: int) -> Pieces:
        grid = np.linspace(-_FARTHEST, _FARTHEST, steps + 1)
        values = has_value(self._of(grid))
        moves = np.where(values[1:] > values[:-1], 1, np.where(values[1:] < values[:-1], -1, 0))
        # A step on which the function rests belongs to the one before it, or to the first move.
        moved = np.flatnonzero(moves)
        places = np.searchsorted(moved, np.arange(steps), side="right") - 1
        rising = moves[moved[np.maximum(places, 0)]] > 0.0 if moved.size else np.ones(steps, bool)
        turns = np.flatnonzero(rising[1:] != rising[:-1]) + 1
        edges = self._narrowed(grid[turns - 1], grid[turns + 1], peak=rising[turns - 1])
        ends = np.concatenate([[-np.inf], edges, [np.inf]])
        return Pieces(ends[:-1], ends[1:], rising[np.concatenate([[0], turns])])

    def _narrowed(self, low: FloatArray, high: FloatArray, *, peak: Flags) -> FloatArray:
        """Where the function turns between scores, by golden sections."""
        for _ in range(_SECTIONS):
            step = _GOLDEN * (high - low)
            first, second = high - step, low + step
            left = (self._of(first) > self._of(second)) == peak
            low, high = np.where(left, low, first), np.where(left, second, high)
        return 0.5 * (low + high)

    def ppf(self, q: FloatArray) -> FloatArray:
        (rising, *others) = self.pieces.rising
        if others:
            return super().ppf(q)
        return self._through(self.inner.ppf(q) if rising else self.inner.isf(q))

    def isf(self, q: FloatArray) -> FloatArray:
        (rising, *others) = self.pieces.rising
        if others:
            return super().isf(q)
        return self._through(self.inner.isf(q) if rising else self.inner.ppf(q))

    def _through(self, values: FloatArray) -> FloatArray:
        flat = np.ravel(values)
        with np.errstate(all="ignore"):
            return evaluate([self.root], lambda _: flat, flat.size)[0].reshape(np.shape(values))

    def chance(self, x: FloatArray, upper: Flags) -> FloatArray:
        return self._chance(x, upper, self.pieces)

    def _chance(self, x: FloatArray, upper: Flags, pieces: Pieces) -> FloatArray:
        """The mass of the scores at which the function is at most ``x``, or more."""
        low, high, rising = (end[:, None] for end in pieces)
        # More than x is on the other side of the place at which the function passes x.
        before = rising != upper
        place = self._passed(x, pieces)
        start, end = np.where(before, low, place), np.where(before, place, high)
        return np.asarray(_mass(start, end).sum(axis=0))

    def _passed(self, x: FloatArray, pieces: Pieces) -> FloatArray:
        """In each piece, the score up to which (or from which) the function is at most ``x``."""
        rising = pieces.rising[:, None]
        low, high = self._cells(x, pieces)
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            after = (self._of(middle) <= x) == rising
            low, high = np.where(after, middle, low), np.where(after, high, middle)
        return low

    def _cells(self, x: FloatArray, pieces: Pieces) -> Ends:
        """The steps of a grid in which that score lies, for each piece and place."""
        farthest = 2.0 * _FARTHEST
        start, end = np.maximum(pieces.low, -farthest), np.minimum(pieces.high, farthest)
        grid = start + np.linspace(0.0, 1.0, _CELLS + 1)[:, None] * (end - start)
        held = (self._of(grid)[:, :, None] <= x) == pieces.rising[:, None]
        cells = np.clip(held.sum(axis=0) - 1, 0, _CELLS - 1)
        rows = np.arange(pieces.low.size)[:, None]
        return grid[cells, rows], grid[cells + 1, rows]

    def bracket(self, tail: FloatArray, in_upper: Flags) -> Ends:
        values = self._of(_ROUGH)
        return Rough.of(values, bell(_ROUGH), 0.5).bracket(np.where(in_upper, 1.0 - tail, tail))

    def mean(self) -> float:
        if isinstance(self.inner, ScipyFrozen | ScipyVariable) and not self._bounded():
            check_moment("mean", self.inner, self.inner.mean())
        return super().mean() if self.atomic else mean_by_probability(self)

    def var(self) -> float:
        if isinstance(self.inner, ScipyFrozen | ScipyVariable) and not self._bounded():
            check_moment("variance", self.inner, self.inner.var())
        return super().var() if self.atomic else var_by_probability(self)

    def _bounded(self) -> bool:
        return bool(np.isfinite(self.support()).all())

    def chance_errors(self, x: FloatArray) -> FloatArray:
        lower, coarse = np.zeros(x.shape, dtype=bool), self._pieces(_STEPS // 2)
        return np.abs(self._chance(x, lower, self.pieces) - self._chance(x, lower, coarse))


def _mass(start: FloatArray, end: FloatArray) -> FloatArray:
    """The normal mass between scores, from the tail in which it is smaller."""
    above = start > 0.0
    first, last = np.where(above, -end, start), np.where(above, -start, end)
    return np.maximum(probability_of(last) - probability_of(first), 0.0)


def law_of_one(root: Node) -> Law | None:
    """
    The law of a function of one unknown that has a density, None if there are others.

    Args:
        root: The function.
    """
    order = in_order([root])
    found = unknowns(order)
    drawn = [n.operation.simulation for n in order if isinstance(n, Apply)]
    if len(found) != 1 or any(drawn) or not isinstance(found[0], Leaf) or found[0].law.atomic:
        return None
    return OfOne(root, found[0].law)
