"""Laws of two unknowns: the mean over one of them by Gauss-Legendre quadrature."""

import functools
from collections.abc import Sequence
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
from attrition.uncertain.section import Interval

__all__ = ["OverScores"]

_FARTHEST = 8.5
"""Beyond these normal scores lies 1e-17 of the mass."""

_NODES = 80
"""Nodes in each panel of the integral; its error is read off against half of them."""

# Where kinks of the integrand are looked for, and how one is narrowed down: to 2e-11.
_CELLS = np.linspace(-_FARTHEST, _FARTHEST, 35)
_PARTS = np.linspace(0.0, 1.0, 129)[:, None]
_ROUNDS = 5

_ROUGH = np.linspace(-_FARTHEST, _FARTHEST, 61)

Codes: TypeAlias = npt.NDArray[np.int64]


@attrs.frozen(eq=False, repr=False)
class OverScores(Averaged):
    """
    A number with two unknowns below it.

    The mean is taken over the normal score of the one, in panels that end where the integrand
    has a kink or a jump: where the other one comes to an end of its law, or a maximum or minimum
    changes over.

    Attributes:
        other: The unknown that is averaged over.
    """

    other: Leaf
    of_event: float = attrs.field(init=False, repr=False)

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
            scores, weights = panels(self._edges(x), nodes)
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

    def _edges(self, x: FloatArray) -> FloatArray:
        """The ends of the panels as scores, rising; shape (edges, places), or (edges, 1)."""
        codes = self._codes(_CELLS[:, None], x)
        cells, columns = np.nonzero(codes[1:] != codes[:-1])
        fixed = np.repeat(np.array([[-_FARTHEST], [0.0], [_FARTHEST]]), x.size, axis=1)
        if cells.size == 0:
            return fixed[:, :1]
        kinks = self._narrowed(_CELLS[cells], x[columns])
        most = np.bincount(columns).max()
        placed = np.full((most, x.size), _FARTHEST)
        # Each in a row of its own: how many come before it in its column.
        order = np.argsort(columns, kind="stable")
        ranked = columns[order]
        rows = np.arange(ranked.size) - np.searchsorted(ranked, ranked)
        placed[rows, ranked] = kinks[order]
        return np.sort(np.concatenate([fixed, placed]), axis=0)

    def _narrowed(self, start: FloatArray, x: FloatArray) -> FloatArray:
        """Where the formula first changes in cells that begin at the scores ``start``."""
        low, width = start, _CELLS[1] - _CELLS[0]
        for _ in range(_ROUNDS):
            codes = self._codes(low + width * _PARTS, x)
            unchanged = np.argmax(codes != codes[0], axis=0) - 1
            width /= _PARTS.size - 1
            low = low + width * np.maximum(unchanged, 0)
        return np.asarray(low + 0.5 * width)

    def _codes(self, scores: FloatArray, x: FloatArray) -> Codes:
        """Which formula holds at scores of shape (n, places), as whole numbers."""
        statement = self.statement
        low, high = statement.unknown.law.support()
        with np.errstate(all="ignore"):
            between = statement.between(self._known(scores), Interval(high=x))
            pairs = self._values(statement.switches, scores)
        flags = [between.low < between.high]
        flags += [end > low for end in between] + [end >= high for end in between]
        flags += [a < b for a, b in zip(pairs[::2], pairs[1::2], strict=True)]
        codes = np.zeros(np.broadcast_shapes(scores.shape, x.shape), dtype=np.int64)
        for place, flag in enumerate(flags):
            codes = codes + (np.asarray(flag, dtype=np.int64) << place)
        return codes


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
