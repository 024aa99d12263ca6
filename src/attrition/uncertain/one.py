"""Laws of a function of one unknown that rises and falls: the mass where it is low enough."""

from typing import NamedTuple, final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.checks import has_value
from attrition.uncertain.forms import bounds_of
from attrition.uncertain.law import Law, Method, no_moment
from attrition.uncertain.moments import integrals
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
from attrition.uncertain.panels import Places
from attrition.uncertain.rough import Rough
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

# Neighbouring values whose difference may be one of rounding are at rest.
_ROUNDING = 1e-15

_ROUGH = np.linspace(-_FARTHEST, _FARTHEST, 513)

# Golden sections that narrow a turn down, where the function hardly moves.
_SECTIONS, _GOLDEN = 60, 0.6180339887498949

# Halvings of a step in which the function may jump: until two floats are left.
_TO_A_JUMP = 64

# Moments are sums over scores up to here, as heavy tails matter beyond the mass of floats. The
# outermost unit, and what is rough next to a pole, have to be these shares of the whole.
_MOMENT_EDGES = np.linspace(-30.0, 30.0, 61)
_OUTERMOST, _ROUGHEST = 1e-9, 1e-6

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
        moves = _moves(has_value(self._of(grid)))
        # A step on which the function rests belongs to the one before it, or to the first move.
        moved = np.flatnonzero(moves)
        places = np.searchsorted(moved, np.arange(steps), side="right") - 1
        rising = moves[moved[np.maximum(places, 0)]] > 0.0 if moved.size else np.ones(steps, bool)
        turns = np.flatnonzero(rising[1:] != rising[:-1]) + 1
        edges = self._narrowed(grid[turns - 1], grid[turns + 1], peak=rising[turns - 1])
        self._set_jumps(edges, grid, turns)
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

    def _set_jumps(self, edges: FloatArray, grid: FloatArray, turns: Places) -> None:
        """Put both ends of a step against the run of the function at the jump that made it."""
        (found,) = np.nonzero(np.diff(turns) == 1)
        low, high = grid[turns[found]], grid[turns[found] + 1]
        before, after = self._of(low), self._of(high)
        for _ in range(_TO_A_JUMP):
            middle = 0.5 * (low + high)
            value = self._of(middle)
            # Short of the jump the function goes on as before, away from where it jumps to.
            short = (value > before) != (after > before)
            low, high = np.where(short, middle, low), np.where(short, high, middle)
        with np.errstate(invalid="ignore"):
            jumps = np.abs(self._of(high) - self._of(low)) >= np.abs(after - before)
        edges[found[jumps]], edges[found[jumps] + 1] = low[jumps], high[jumps]

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
        # The first place that is past it, as the very end may be a pole or beyond.
        past = np.where(held.all(axis=0), _CELLS, np.argmin(held, axis=0))
        cells = np.maximum(past - 1, 0)
        rows = np.arange(pieces.low.size)[:, None]
        return grid[cells, rows], grid[cells + 1, rows]

    def bracket(self, tail: FloatArray, in_upper: Flags) -> Ends:
        values = self._of(_ROUGH)
        return Rough.of(values, bell(_ROUGH), 0.5).bracket(np.where(in_upper, 1.0 - tail, tail))

    def mean(self) -> float:
        (middle,) = self._of(np.zeros(1)).tolist()
        centre = middle if np.isfinite(middle) else 0.0
        return centre + self._moment(centre, 1)

    def var(self) -> float:
        return self._moment(self.mean(), 2)

    def _moment(self, centre: float, power: int) -> float:
        """The mean of a power of the distance from the centre, over scores."""
        turns = self.pieces.low[1:]

        def integrand(z: FloatArray) -> FloatArray:
            return np.asarray(((self._of(z) - centre) ** power * bell(z))[None])

        with np.errstate(all="ignore"):
            found = integrals(integrand, np.unique(np.concatenate([_MOMENT_EDGES, turns])))
            sizes = np.abs(found.masses[0])
            ends = sizes[(found.low < _MOMENT_EDGES[1]) | (found.low >= _MOMENT_EDGES[-2])]
            shares = np.array([ends.sum() / _OUTERMOST, found.error / _ROUGHEST])
            if not (shares <= sizes.sum()).all() or not np.isfinite(sizes.sum()):
                no_moment(self, power)
        return float(found.masses.sum())

    def chance_errors(self, x: FloatArray) -> FloatArray:
        lower, coarse = np.zeros(x.shape, dtype=bool), self._pieces(_STEPS // 2)
        return np.abs(self._chance(x, lower, self.pieces) - self._chance(x, lower, coarse))


def _moves(values: FloatArray) -> FloatArray:
    """Whether a function rises, falls or rests from each place to the next."""
    sizes = np.abs(values)
    with np.errstate(invalid="ignore"):
        moves = np.diff(values)
        rests = np.abs(moves) <= _ROUNDING * np.maximum(sizes[1:], sizes[:-1])
    return np.where(rests & np.isfinite(moves), 0.0, np.sign(np.nan_to_num(moves)))


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
