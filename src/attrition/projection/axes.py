"""What rules integrate one by one: an input with unknowns of its own, else a single unknown."""

import functools
import itertools
import math
from collections.abc import Mapping, Sequence
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.projection.response import Response
from attrition.uncertain.at_score import AtScore
from attrition.uncertain.empirical import frozen_array
from attrition.uncertain.families import Normal
from attrition.uncertain.forms import linear_form
from attrition.uncertain.mixed import Mixture
from attrition.uncertain.node import Apply, Leaf, Node, evaluate, in_order
from attrition.uncertain.operations import Maximum, Minimum

__all__ = ["Axis", "Rule", "axes_of", "gauss", "gauss_of"]

Rule = tuple[FloatArray, FloatArray]
"""Values and weights that sum to one, both of shape (nodes,)."""

# Unknowns of one input that are integrated together, and points of their product.
_MOST_TOGETHER, _MOST_POINTS = 4, 144

# Nodes in each unknown that stand for its whole law, at most.
_FINE = 12

# Values that differ by less than this share of their spread are one.
_ONE = 1e-10


@functools.cache
def gauss(nodes: int) -> Rule:
    """The rule of Gauss for a standard normal: scores and weights that sum to one."""
    from scipy.special import roots_hermitenorm

    scores, weights = roots_hermitenorm(nodes)
    return frozen_array(scores), frozen_array(weights / weights.sum())


def gauss_of(values: FloatArray, weights: FloatArray, nodes: int) -> Rule:
    """
    The rule of Gauss for a law of single values.

    Args:
        values: They, shape (n,).

        weights: Their probabilities, which sum to one.

        nodes: Of the rule; it has fewer where there are fewer different values.

    References:
        Golub, G. H. and Welsch, J. H. (1969). Calculation of Gauss quadrature rules.
        doi:10.1090/S0025-5718-69-99647-1
    """
    mean = weights.dot(values)
    off = values - mean
    sd = math.sqrt(weights.dot(off * off))
    if sd == 0.0:
        return values[:1], np.ones(1)
    off /= sd
    # The polynomials that are orthogonal under the law, by Lanczos; once more against rounding.
    basis = np.empty((nodes, values.size))
    basis[0] = np.sqrt(weights)
    for size in range(1, nodes):
        before, left = basis[:size], off * basis[size - 1]
        for _ in range(2):
            left -= before.dot(left).dot(before)
        length = math.sqrt(left.dot(left))
        if length <= _ONE:
            basis = before
            break
        np.divide(left, length, out=basis[size])
    places, vectors = np.linalg.eigh((basis * off).dot(basis.T))
    return mean + sd * places, vectors[0] ** 2


@functools.cache
def _together(size: int) -> Rule:
    """
    Scores of several normals, shape (size, 2 + points), and weights of the points, of sum one.

    Before the points come the middle and a standard deviation up.
    """
    scores, weights = gauss(min(_FINE, int(_MOST_POINTS ** (1.0 / size))))
    grid, parts = (np.array([*itertools.product(row, repeat=size)]) for row in (scores, weights))
    places = np.vstack([np.zeros(size), np.ones(size), grid])
    return frozen_array(places.T), frozen_array(parts.prod(axis=1))


@final
@attrs.frozen(eq=False)
class Axis:
    """
    A number that is integrated by a rule of its own, independent of all others.

    Attributes:
        node: It: an unknown, or an input that no other input shares unknowns with.

        leaves: The unknowns below it.
    """

    node: Node
    leaves: tuple[Leaf, ...]
    _rules: dict[int, Rule] = attrs.field(init=False, factory=dict, repr=False)

    @functools.cached_property
    def _values(self) -> FloatArray:
        """In the middle, a standard deviation up, and at the points of the fine rule."""
        return frozen_array(self.at(_together(len(self.leaves))[0]))

    @property
    def middle(self) -> float:
        """With all its unknowns in the middle."""
        return float(self._values[0])

    @property
    def up(self) -> float:
        """With all of them a standard deviation up."""
        return float(self._values[1])

    @property
    def fine(self) -> Rule:
        """A rule that stands for its whole law."""
        return self._values[2:], _together(len(self.leaves))[1]

    @property
    def is_normal(self) -> bool:
        """Whether it has a normal score that it may be linear in."""
        return len(self.leaves) == 1 and _is_normal(self.leaves[0])

    def at(self, scores: FloatArray) -> FloatArray:
        """
        The values at normal scores of its unknowns.

        Args:
            scores: Shape (leaves, n).
        """
        values = {
            leaf.uid: leaf.law.at_score(row) for leaf, row in zip(self.leaves, scores, strict=True)
        }
        if self.node.uid in values:
            return values[self.node.uid]
        with np.errstate(all="ignore"):
            return evaluate([self.node], lambda leaf: values[leaf.uid], scores.shape[1])[0]

    def rule(self, nodes: int) -> Rule:
        """A rule with so many nodes, fewer for a number with fewer values."""
        if len(self.leaves) > 1:
            return self.rule_in_value(nodes)
        scores, weights = gauss(nodes)
        return self.at(scores[None]), weights

    def rule_in_value(self, nodes: int) -> Rule:
        """A rule that is exact for powers of the value, up to twice its nodes less one."""
        if nodes not in self._rules:
            values, weights = gauss_of(*self.fine, nodes)
            self._rules[nodes] = frozen_array(values), frozen_array(weights)
        return self._rules[nodes]


# What-ifs share most of their inputs.
_axis = functools.lru_cache(maxsize=64)(Axis)


def axes_of(response: Response) -> list[Axis] | None:
    """The axes of all unknowns, None if one of these is no smooth function of a normal score."""
    found = response.unknowns
    leaves = [u for u in found if isinstance(u, Leaf) and not u.law.atomic]
    if len(leaves) < len(found) or any(_has_kinks(node) for node in response.order):
        return None
    below = _below(response.order)
    roots = {root.uid: root for root in response.roots if below[root.uid]}
    own = [root for root in roots.values() if _stands_alone(root, roots, below)]
    taken = frozenset[str]().union(*(below[root.uid] for root in own))
    by_uid = {leaf.uid: leaf for leaf in leaves}
    inputs = [_axis(root, tuple(by_uid[uid] for uid in sorted(below[root.uid]))) for root in own]
    return inputs + [_axis(leaf, (leaf,)) for leaf in leaves if leaf.uid not in taken]


def _has_kinks(node: Node) -> bool:
    if not isinstance(node, Apply):
        return False
    operation = node.operation
    by_table = isinstance(operation, AtScore) and operation.law.atomic
    return by_table or isinstance(operation, Maximum | Minimum | Mixture)


def _below(order: Sequence[Node]) -> dict[str, frozenset[str]]:
    """The unknowns below every node."""
    found: dict[str, frozenset[str]] = {}
    for node in order:
        if isinstance(node, Apply):
            found[node.uid] = frozenset[str]().union(*(found[a.uid] for a in node.arguments))
        else:
            found[node.uid] = frozenset([node.uid] if isinstance(node, Leaf) else [])
    return found


def _stands_alone(
    root: Node, roots: Mapping[str, Node], below: Mapping[str, frozenset[str]]
) -> bool:
    """Whether nothing else has its unknowns, and no normal is better taken by itself."""
    mine = below[root.uid]
    others = (below[uid] for uid in roots if uid != root.uid)
    if len(mine) > _MOST_TOGETHER or not all(mine.isdisjoint(other) for other in others):
        return False
    return len(mine) == 1 or not _holds_normals(root)


def _holds_normals(root: Node) -> bool:
    atoms = linear_form(in_order([root])).atoms
    return any(_is_normal(atom.node) for atom in atoms)


def _is_normal(node: Node) -> bool:
    return isinstance(node, Leaf) and isinstance(node.law, Normal)
