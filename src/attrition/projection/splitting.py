"""Which unknowns of a projection are integrated how: looked at, not assumed."""

import functools
import itertools
import math
from collections.abc import Sequence
from typing import NamedTuple, final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.projection.covariance import joint_covariance
from attrition.projection.profiles import at_scores, profiles, values_at
from attrition.projection.response import Response
from attrition.uncertain.at_score import AtScore
from attrition.uncertain.empirical import frozen_array
from attrition.uncertain.families import Normal
from attrition.uncertain.mixed import Mixture
from attrition.uncertain.node import Apply, Leaf, Node, in_order
from attrition.uncertain.operations import Maximum, Minimum

__all__ = ["SLICE", "Split", "alone", "gauss", "leaves_of", "split"]

# The largest spread of an unknown, in standard deviations of what is integrated in closed form
# beside it, for which so many nodes give every probability to 1e-4: E Phi(x - r Z) by the rule of
# Gauss against Phi(x / sqrt(1 + r^2)).
_REACH = (0.02, 0.2, 0.42, 0.62, 0.78, 0.92, 1.06, 1.18, 1.3, 1.4, 1.5, 1.6, 1.68, 1.78, 1.86, 1.94)

# Below this an unknown enters by its first three moments: what they miss of it is less than a
# sixth of its own skewness times the cube.
_FOLDED = 0.1

# More nodes than this cost more than the lattice.
_MOST_NODES = 2_048

# Nodes at which the effect of one unknown alone is looked at.
SLICE = 12

# Rounding of differences of strengths.
_ROUNDING = 1e-9


class Split(NamedTuple):
    """
    How the unknowns are integrated.

    Attributes:
        outer: By a rule of Gauss in the normal score.

        inner: In closed form: normals in which everything is linear, given the others.

        folded: By their first three moments, as they hardly matter.

        nodes: Of the rule of each outer one.
    """

    outer: tuple[Leaf, ...]
    inner: tuple[Leaf, ...]
    folded: tuple[Leaf, ...]
    nodes: tuple[int, ...]


@functools.cache
def gauss(nodes: int) -> tuple[FloatArray, FloatArray]:
    """The rule of Gauss for a standard normal: scores and weights that sum to one."""
    from scipy.special import roots_hermitenorm

    scores, weights = roots_hermitenorm(nodes)
    return frozen_array(scores), frozen_array(weights / weights.sum())


def alone(slices: FloatArray) -> FloatArray:
    """
    Mean, variance and third central moment of what one unknown does alone.

    Args:
        slices: At the nodes of the rule with :data:`SLICE` nodes, shape (nodes, sums).

    Returns:
        Shape (3, sums).
    """
    weights = gauss(SLICE)[1]
    mean = weights @ slices
    return np.stack([mean, weights @ (slices - mean) ** 2, weights @ (slices - mean) ** 3])


def leaves_of(response: Response) -> list[Leaf] | None:
    """The unknowns, None if one of them is no smooth function of a normal score."""
    found = response.unknowns
    leaves = [u for u in found if isinstance(u, Leaf) and not u.law.atomic]
    smooth = not any(_has_kinks(node) for node in in_order(response.roots))
    return leaves if smooth and len(leaves) == len(found) else None


def _has_kinks(node: Node) -> bool:
    if not isinstance(node, Apply):
        return False
    operation = node.operation
    by_table = isinstance(operation, AtScore) and operation.law.atomic
    return by_table or isinstance(operation, Maximum | Minimum | Mixture)


def split(response: Response, leaves: Sequence[Leaf]) -> Split | None:
    """
    Look at every unknown alone and at pairs of them, and decide.

    Args:
        response: What is asked for.

        leaves: Its unknowns, smooth functions of normal scores.

    Returns:
        The split; None where it would take too many nodes, or nothing is integrated in closed
        form.
    """
    look = _Look.at(response, leaves)
    inner = look.inner()
    spread = look.spread(inner)
    if not (spread > 0.0).all():
        return None
    others = [place for place in range(len(leaves)) if place not in inner]
    reach = {place: float((look.effect(place) / spread).max()) for place in others}
    outer = [place for place in others if reach[place] > _FOLDED]
    nodes = [int(np.searchsorted(_REACH, reach[place])) + 1 for place in outer]
    if max(nodes, default=0) > len(_REACH) or math.prod(nodes) > _MOST_NODES:
        return None
    folded = [place for place in others if reach[place] <= _FOLDED]
    parts = [tuple(leaves[place] for place in part) for part in (outer, inner, folded)]
    return Split(parts[0], parts[1], parts[2], tuple(nodes))


@final
@attrs.frozen(eq=False)
class _Look:
    """
    What the sums are with everything at its median, and what one unknown does to them.

    Attributes:
        response: What is looked at.

        leaves: Its unknowns.

        centre: With everything at its median, shape (sums,).

        slices: With one unknown at the nodes of a rule, shape (leaves, nodes, sums).

        steps: With one unknown moved by a standard deviation, shape (leaves, sums).
    """

    response: Response
    leaves: tuple[Leaf, ...]
    centre: FloatArray
    slices: FloatArray
    steps: FloatArray

    @classmethod
    def at(cls, response: Response, leaves: Sequence[Leaf]) -> "_Look":
        """A look at each unknown alone."""
        size = len(leaves)
        places = np.array([*gauss(SLICE)[0], 1.0])
        moved = np.einsum("ij,k->ijk", np.eye(size), places).reshape(size, -1)
        scores = np.hstack([np.zeros((size, 1)), moved])
        found = response.sums(at_scores(response, leaves, scores))
        by_leaf = found[:, 1:].T.reshape(size, SLICE + 1, len(found))
        return cls(response, tuple(leaves), found[:, 0], by_leaf[:, :-1], by_leaf[:, -1])

    def effect(self, place: int) -> FloatArray:
        """The standard deviation of the sums if nothing but one unknown moved."""
        return np.asarray(np.sqrt(alone(self.slices[place])[1]))

    def spread(self, inner: Sequence[int]) -> FloatArray:
        """The standard deviation of the sums that the inner ones and the noise give."""
        var = np.zeros(self.centre.shape)
        if self.response.noises:
            centre = values_at(self.leaves, np.zeros((len(self.leaves), 1)))
            profile = self.response.weights @ profiles(self.response, centre, 1)[0]
            cov = np.expm1(
                joint_covariance([self.response.inputs[i] for i in self.response.noises])
            )
            var += np.einsum("sc,cd,sd->s", profile, cov, profile)
        steps = sum((self.steps[i] - self.centre) ** 2 for i in inner)
        return np.asarray(np.sqrt(var + steps))

    def inner(self) -> list[int]:
        """Normals in which everything is linear: alone, in pairs and with the noise."""
        linear = [place for place in range(len(self.leaves)) if self._is_linear(place)]
        linear.sort(key=lambda place: -float(self.effect(place).max()))
        mixed = self._mixed(linear)
        found: list[int] = []
        for place in linear:
            if place not in mixed and not any((place, other) in mixed for other in found):
                found.append(place)
        return found

    def _is_linear(self, place: int) -> bool:
        """Whether a normal alone moves the sums along a line."""
        if not isinstance(self.leaves[place].law, Normal):
            return False
        line = np.outer(gauss(SLICE)[0], self.steps[place] - self.centre)
        return self._is_nothing(self.slices[place] - self.centre - line)

    def _mixed(self, linear: Sequence[int]) -> set[int | tuple[int, int]]:
        """Those whose effect depends on the noise, and pairs that depend on each other."""
        pairs = [*itertools.permutations(linear, 2)]
        size, plain = len(self.leaves), len(pairs)
        scores = np.zeros((size, plain + len(linear) + 1))
        for column, moved in enumerate([*pairs, *((place,) for place in linear)]):
            scores[list(moved), column] = 1.0
        doubled = np.where(np.arange(scores.shape[1]) < plain, 1.0, 2.0)
        noise = dict.fromkeys(self.response.noises, doubled)
        found = self.response.sums(at_scores(self.response, self.leaves, scores, noise)).T
        alone_ = {place: self.steps[place] - self.centre for place in linear}
        together = {
            pair: found[column] - self.centre - alone_[pair[0]] - alone_[pair[1]]
            for column, pair in enumerate(pairs)
        }
        noisy = {
            place: found[plain + column] - found[-1] - alone_[place]
            for column, place in enumerate(linear)
        }
        return {key for key, gap in (together | noisy).items() if not self._is_nothing(gap)}

    def _is_nothing(self, gap: FloatArray) -> bool:
        scale = np.abs(self.centre).max() + np.abs(self.steps - self.centre).max()
        return bool((np.abs(gap) <= _ROUNDING * scale).all())
