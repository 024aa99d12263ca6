"""What each axis does to sums of strengths by itself, at the nodes of a rule of its own."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray
from attrition.projection.axes import Axis, gauss

__all__ = ["Nodes", "Slices", "nodes_along"]

# Nodes for what is made of several unknowns; one unknown has those of its fine rule.
_SEVERAL = 6


class Nodes(NamedTuple):
    """
    The nodes of a rule for each axis, one axis after another.

    Attributes:
        axis: The place of the axis that each node is of, shape (nodes,).

        values: Of that axis, likewise.

        scores: The normal scores of these, likewise; the values themselves for an axis of several
            unknowns.

        weights: Those of each axis sum to one, likewise.

        first: The first node of each axis, shape (axes,).

        three: The nodes of the least value of each axis, of one between and of the largest,
            shape (axes, 3).
    """

    axis: npt.NDArray[np.intp]
    values: FloatArray
    scores: FloatArray
    weights: FloatArray
    first: npt.NDArray[np.intp]
    three: npt.NDArray[np.intp]


def nodes_along(axes: Sequence[Axis]) -> Nodes:
    """The nodes of a rule for each axis."""
    alone = [len(axis.leaves) == 1 for axis in axes]
    rules = [a.fine if one else a.rule(_SEVERAL) for a, one in zip(axes, alone, strict=True)]
    sizes = [len(values) for values, _ in rules]
    scores = [gauss(len(v))[0] if one else v for (v, _), one in zip(rules, alone, strict=True)]
    first = np.cumsum([0, *sizes])[:-1]
    three = [[int(v.argmin()), v.size // 2, int(v.argmax())] for v, _ in rules]
    nothing = np.empty(0)
    return Nodes(
        axis=np.repeat(np.arange(len(axes)), sizes),
        values=np.concatenate([nothing, *(values for values, _ in rules)]),
        scores=np.concatenate([nothing, *scores]),
        weights=np.concatenate([nothing, *(weights for _, weights in rules)]),
        first=first,
        three=np.array(three, dtype=np.intp).reshape(-1, 3) + first[:, None],
    )


class Slices(NamedTuple):
    """
    The sums along each axis.

    Attributes:
        nodes: Where they are.

        sums: At each node with all other axes in the middle, shape (nodes, sums).

        aside: At three nodes of each axis with all others a standard deviation up, shape (axes, 3,
            sums).
    """

    nodes: Nodes
    sums: FloatArray
    aside: FloatArray

    def cumulants(self) -> FloatArray:
        """
        What each axis does by itself.

        Returns:
            Mean, variance, third central moment and fourth cumulant, shape (4, axes, sums).
        """
        axis, first, weights = self.nodes.axis, self.nodes.first, self.nodes.weights[:, None]
        mean = np.add.reduceat(weights * self.sums, first)
        off = self.sums - mean[axis]
        square = off * off
        var, third, fourth = (
            np.add.reduceat(weights * power, first)
            for power in (square, square * off, square * square)
        )
        return np.stack([mean, var, third, fourth - 3.0 * var**2])

    def are_lines(self, over: FloatArray, tolerance: float) -> npt.NDArray[np.bool_]:
        """
        Whether each axis moves the sums along a line, with the others in the middle and up.

        Args:
            over: What they would be lines in, at the nodes, in the order of the values or against
                it.

            tolerance: So far from a line is on it.

        Returns:
            Shape (axes,); an axis with one value moves nothing along a line.
        """
        axis = self.nodes.axis
        low, middle, high = self.nodes.three.T
        apart = over[high] - over[low]
        gone = (over - over[low][axis]) / np.where(apart == 0.0, np.inf, apart)[axis]
        rise = self.sums[high] - self.sums[low]
        off = np.abs(self.sums - self.sums[low][axis] - gone[:, None] * rise[axis])
        start, between, end = self.aside.transpose(1, 0, 2)
        bent = np.abs(between - start - gone[middle, None] * (end - start))
        most = np.maximum(np.maximum.reduceat(off, self.nodes.first), bent)
        return np.asarray((apart != 0.0) & (most <= tolerance).all(axis=1))
