"""Laws of two unknowns: the mean over one of them by Gauss-Legendre quadrature."""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray
from attrition.uncertain.averaged import Averaged
from attrition.uncertain.empirical import frozen_array
from attrition.uncertain.law import Law, Method
from attrition.uncertain.node import Leaf, Node, evaluate
from attrition.uncertain.rough import Rough
from attrition.uncertain.scores import bell
from attrition.uncertain.search import Flags
from attrition.uncertain.section import Interval, common
from attrition.uncertain.statement import beside

__all__ = ["OverScores"]

_FARTHEST = 8.5
"""Beyond these normal scores lies 1e-17 of the mass."""

_NODES = 80
"""Nodes in each panel of the integral; its error is read off against half of them."""

# Where kinks of the integrand are looked for, and how one is narrowed down: to 2e-11.
_CELLS = np.linspace(-_FARTHEST, _FARTHEST, 35)
_FINE = np.linspace(-_FARTHEST, _FARTHEST, 545)
_PARTS = np.linspace(0.0, 1.0, 129)[:, None]
_ROUNDS = 5

# Where the unknown passes between the inner two of these scores within so many cells, nodes
# would miss how, and panels end at the outer two. Where it takes a single cell it may turn back
# in there, so they end at distances from these that grow by steps as well.
_ACROSS = np.array([-7.0, -2.0, 2.0, 7.0])
_FAST = 3
_STEPS = 10.0 ** np.linspace(-9.0, -1.5, 6)
_GRADES = np.concatenate([-_STEPS, [0.0], _STEPS])

_ROUGH = np.linspace(-_FARTHEST, _FARTHEST, 61)

# That of a well-mixed linear congruential generator modulo 2**64.
_FACTOR = 6_364_136_223_846_793_005

Codes: TypeAlias = npt.NDArray[np.int64]
Places: TypeAlias = npt.NDArray[np.intp]


@attrs.frozen(eq=False, repr=False)
class OverScores(Averaged):
    """
    A number with two unknowns below it.

    The mean is taken over the normal score of the one, in panels that end where the integrand
    has a kink or a jump: where the other one comes to an end of its law, or a maximum or minimum
    changes over.

    Attributes:
        other: The unknown that is averaged over.

        at_cells: What has to be known, at the scores between which kinks are looked for.

        across: Values of the unknown from its one tail to the other.

        fixed: Ends of panels that are the same for all places.

        of_event: The probability of the event alone, one without an event.
    """

    other: Leaf
    at_cells: Mapping[str, FloatArray] = attrs.field(init=False)
    across: tuple[float, ...] = attrs.field(init=False)
    fixed: FloatArray = attrs.field(init=False)
    of_event: float = attrs.field(init=False)

    @at_cells.default
    def _at_cells(self) -> Mapping[str, FloatArray]:
        return self._known(_CELLS[:, None])

    @across.default
    def _across(self) -> tuple[float, ...]:
        return tuple(self.statement.unknown.law.at_score(_ACROSS).tolist())

    @fixed.default
    def _fixed(self) -> FloatArray:
        switches = self.statement.switches or ()
        ends = np.array([[-_FARTHEST], [0.0], [_FARTHEST]])
        if not switches:
            return ends
        one = np.zeros(1, dtype=np.intp)
        return np.concatenate([ends, _changes(lambda z, _: self._order(switches, z), _FINE, one)])

    @of_event.default
    def _whole(self) -> float:
        everywhere, lower = np.array([np.inf]), np.array([False])
        return (
            1.0
            if self.statement.event is None
            else float(self._means(everywhere, lower, _NODES)[0])
        )

    @property
    def method(self) -> Method:
        return "quadrature"

    def averaged(self) -> Sequence[Law]:
        return (self.other.law,)

    def _values(self, nodes: Sequence[Node], scores: FloatArray) -> list[FloatArray]:
        values = self.other.law.at_score(scores)
        return evaluate(nodes, lambda _: values, scores.shape[-1])

    def _known(self, scores: FloatArray) -> dict[str, FloatArray]:
        sides = self.statement.sides
        found = self._values(sides, scores)
        return {node.uid: value for node, value in zip(sides, found, strict=True)}

    def chance(self, x: FloatArray, upper: Flags) -> FloatArray:
        return np.clip(self._shares(x, upper, _NODES), 0.0, 1.0)

    def _shares(self, x: FloatArray, upper: Flags, nodes: int) -> FloatArray:
        """The probability of the statement, as a share of that of the event."""
        return self._means(x, upper, nodes) / self.of_event

    def whole(self) -> float:
        return self.of_event

    def whole_error(self) -> float:
        everywhere, lower = np.array([np.inf]), np.array([False])
        return abs(self.of_event - float(self._means(everywhere, lower, _NODES // 2)[0]))

    def chance_errors(self, x: FloatArray) -> FloatArray:
        lower = np.zeros(x.shape, dtype=bool)
        fine, coarse = (self._shares(x, lower, n) for n in (_NODES, _NODES // 2))
        return np.abs(fine - coarse)

    def _means(self, x: FloatArray, upper: Flags, nodes: int) -> FloatArray:
        with np.errstate(all="ignore"):
            scores, weights = panels(self._edges(x, upper), nodes)
            known = self._known(scores)
            mass = self.statement.mass(known, x, upper)
        return np.asarray(np.where(weights > 0.0, weights * mass, 0.0).sum(axis=(0, 1)))

    def rough(self) -> Rough:
        law, other = self.statement.unknown.law, self.other.law
        placed = {
            self.statement.unknown.uid: law.at_score(_ROUGH),
            self.other.uid: other.at_score(_ROUGH[:, None]),
        }
        roots = [node for node in (self.statement.root, self.statement.event) if node is not None]
        with np.errstate(all="ignore"):
            values, *held = evaluate(roots, lambda unknown: placed[unknown.uid], _ROUGH.size)
        weights = bell(_ROUGH) * bell(_ROUGH[:, None])
        return Rough.of(values, weights * held[0] if held else weights, 0.5)

    def _edges(self, x: FloatArray, upper: Flags) -> FloatArray:
        """The ends of the panels as scores, rising; shape (edges, places), or (edges, 1)."""
        edges = self.fixed
        codes = functools.partial(self._codes, x=x, upper=upper)
        moving = np.concatenate([_changes(codes, _CELLS, np.arange(x.size)), self._steep(x, upper)])
        if moving.size:
            edges = np.concatenate([np.repeat(edges, x.size, axis=1), moving])
        return np.sort(edges, axis=0)

    def _steep(self, x: FloatArray, upper: Flags) -> FloatArray:
        """Where the unknown passes from one tail to the other, for places at which it is fast."""
        beyond = [
            functools.partial(self._beyond, x=x, upper=upper, value=value) for value in self.across
        ]
        every = np.arange(x.size)
        passed = [codes(_CELLS[:, None], every) for codes in beyond[1:3]]
        steep, sheer = (
            np.logical_and(*(codes[n:] != codes[:-n] for codes in passed)).any(axis=0)
            for n in (_FAST, 1)
        )
        if not steep.any():
            return np.empty((0, x.size))
        found = [_changes(codes, _CELLS, every[steep]) for codes in (beyond[0], beyond[3])]
        placed = np.full((sum(map(len, found)), x.size), _FARTHEST)
        placed[:, steep] = np.concatenate(found)
        if not sheer.any():
            return placed
        graded = np.where(sheer, placed + _GRADES[:, None, None], placed)
        return np.clip(graded.reshape(-1, x.size), -_FARTHEST, _FARTHEST)

    def _between(self, scores: FloatArray, x: FloatArray, upper: Flags) -> list[Interval]:
        """The intervals that hold the unknown."""
        known = self.at_cells if scores.shape == (_CELLS.size, 1) else self._known(scores)
        with np.errstate(all="ignore"):
            return self.statement.sections(known, beside(x, upper))

    def _beyond(
        self, scores: FloatArray, at: Places, *, x: FloatArray, upper: Flags, value: float
    ) -> Codes:
        """Which ends of the interval lie beyond a value of the unknown."""
        between = common(self._between(scores, x[at], upper[at]))
        return _coded([end > value for end in between], scores, at)

    def _order(self, pairs: Sequence[Node], scores: FloatArray) -> Codes:
        """Which of each pair is smaller."""
        with np.errstate(all="ignore"):
            found = self._values(pairs, scores)
        flags = [a < b for a, b in zip(found[::2], found[1::2], strict=True)]
        return _coded(flags, scores, np.zeros(1, dtype=np.intp))

    def _codes(self, scores: FloatArray, at: Places, *, x: FloatArray, upper: Flags) -> Codes:
        """Which bounds hold the unknown, and which of them lie within its law."""
        low, high = self.statement.unknown.law.support()
        found = self._between(scores, x[at], upper[at])
        between = common(found)
        flags = [between.low < between.high]
        flags += [end > low for end in between] + [end >= high for end in between]
        if len(found) > 1:
            flags += [part.low >= between.low for part in found]
            flags += [part.high <= between.high for part in found]
        return _coded(flags, scores, at)


def _coded(flags: Sequence[Flags], scores: FloatArray, at: Places) -> Codes:
    """One whole number for several conditions, alike where all of them are."""
    codes = np.zeros(np.broadcast_shapes(scores.shape, at.shape), dtype=np.int64)
    for flag in flags:
        # Modulo 2**64, and odd, so that conditions beyond the 64th do not fall out.
        codes = codes * _FACTOR + flag
    return codes


def _changes(
    codes: Callable[[FloatArray, Places], Codes], cells: FloatArray, places: Places
) -> FloatArray:
    """
    The scores at which codes change, the first in every cell.

    Args:
        codes: Of scores of shape (n, places) at these places.

        cells: Scores between which changes are looked for, shape (cells + 1,).

        places: Whole numbers that stand for them, shape (places,).

    Returns:
        Shape (most changes, places), filled up with the last score.
    """
    found = codes(cells[:, None], places)
    rows, columns = np.nonzero(found[1:] != found[:-1])
    kinks = _narrowed(codes, cells[rows], cells[1] - cells[0], places[columns])
    most = np.bincount(columns, minlength=1).max()
    placed = np.full((most, places.size), _FARTHEST)
    # Each in a row of its own: how many come before it in its column.
    order = np.argsort(columns, kind="stable")
    ranked = columns[order]
    placed[np.arange(ranked.size) - np.searchsorted(ranked, ranked), ranked] = kinks[order]
    return placed


def _narrowed(
    codes: Callable[[FloatArray, Places], Codes], low: FloatArray, width: float, places: Places
) -> FloatArray:
    """Where codes first change in cells that begin at the scores ``low``."""
    if low.size == 0:
        return low
    for _ in range(_ROUNDS):
        found = codes(low + width * _PARTS, places)
        unchanged = np.argmax(found != found[0], axis=0) - 1
        width /= _PARTS.size - 1
        low = low + width * np.maximum(unchanged, 0)
    return np.asarray(low + 0.5 * width)


def panels(edges: FloatArray, nodes: int) -> tuple[FloatArray, FloatArray]:
    """
    Scores and their weights under the normal law, shape (panels, nodes, places).

    Within a panel the nodes crowd towards its ends by a quintic, so that a kink that is a root
    or a jump of a derivative costs little.

    Examples:
        >>> scores, weights = panels(np.array([[-8.5], [0.0], [8.5]]), 40)
        >>> round(float((weights * scores**2).sum()), 9)
        1.0
    """
    crowded, weights = _crowded(nodes)
    first, width = edges[:-1, None, :], np.diff(edges, axis=0)[:, None, :]
    scores = first + width * crowded[None, :, None]
    return scores, bell(scores) * width * weights[None, :, None]


@functools.cache
def _crowded(nodes: int) -> tuple[FloatArray, FloatArray]:
    """Gauss-Legendre nodes on (0, 1) after the quintic, and their weights."""
    points, weights = np.polynomial.legendre.leggauss(nodes)
    t = 0.5 * (points + 1.0)
    crowded = t**3 * (10.0 - 15.0 * t + 6.0 * t * t)
    speed = 30.0 * (t * (1.0 - t)) ** 2
    return frozen_array(crowded), frozen_array(0.5 * weights * speed)
