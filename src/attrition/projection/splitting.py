"""Which unknowns of a projection are integrated how: looked at, not assumed."""

import bisect
import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from attrition._typing import FloatArray
from attrition.projection.look import Look

__all__ = ["MERGED_NODES", "MISSED", "Split", "missed_by", "splits"]

# The largest spread of an unknown, in standard deviations of what is integrated in closed form
# beside it, for which so many nodes give every probability to 1e-4: E Phi(x - r Z) by the rule of
# Gauss against Phi(x / sqrt(1 + r^2)).
_REACH = (0.02, 0.2, 0.42, 0.62, 0.78, 0.92, 1.06, 1.18, 1.3, 1.4, 1.5, 1.6, 1.68, 1.78, 1.86, 1.94)

# Below this an unknown enters by its first three moments: what they miss of it is less than a
# sixth of its own skewness times the cube.
_FOLDED = 0.1

# What three moments may miss of probabilities, and nodes at which four of a merged axis are exact.
MISSED, MERGED_NODES = 1e-4, 3

# What those that are merged may miss alone; together they miss more.
_ALONE = MISSED / 3.0

# The largest value of |z^3 - 3 z| times the normal density.
_THIRD_SLOPE = 0.5506

# More nodes than this cost more than the lattice.
_MOST_NODES = 2_048


class Split(NamedTuple):
    """
    How the axes are integrated.

    Attributes:
        look: At all axes, which the places are of.

        outer: By a rule of Gauss.

        merged: By a rule of Gauss as well, but at each node of the outer ones all that they do
            enters by its first three moments.

        inner: In closed form: normals in which everything is linear, given the others.

        folded: By three moments that they have alone, as they hardly matter.

        nodes: Of the rule of each outer one.

        linear: Whether the sums are linear in the value of each outer and each merged one.

        small: Mean, variance and third moment of what the folded ones add, shape (3, sums).
    """

    look: Look
    outer: tuple[int, ...]
    merged: tuple[int, ...]
    inner: tuple[int, ...]
    folded: tuple[int, ...]
    nodes: tuple[int, ...]
    linear: tuple[bool, ...]
    small: FloatArray


def splits(look: Look) -> list[Split]:
    """
    The ways to integrate, from the one that merges most to the one that merges nothing.

    Args:
        look: At all axes.

    Returns:
        Splits, each closer than the one before and with more nodes; none where the last would
        have too many, or nothing is integrated in closed form.
    """
    inner = look.inner()
    variance = look.variance(inner)
    if not (variance > 0.0).all():
        return []
    others = [place for place in range(len(look.axes)) if place not in inner]
    effects = look.slices.cumulants()
    reach = _reach(effects, variance)
    outer = [place for place in others if reach[place] > _FOLDED]
    missed = missed_by(effects[3], variance + effects[1, others].sum(axis=0))
    order = sorted(outer, key=missed.__getitem__)
    sums = np.cumsum([0.0, *missed[order]])
    several = [order[:size] for size, both in enumerate(sums) if both <= _ALONE]
    lines = look.are_linear_in_value()
    linear = {place: bool(lines[place]) for place in outer}
    found = [_split(look, inner, effects, variance, linear, merged=few) for few in several]
    return [] if found[0] is None else [parts for parts in reversed(found) if parts is not None]


def missed_by(fourth: FloatArray, var: FloatArray) -> FloatArray:
    """
    How far off probabilities are at most where a fourth cumulant is missing.

    Args:
        fourth: It, shape (..., sums).

        var: The variance of the sums.

    Returns:
        Shape (...).

    References:
        Cramér, H. (1946). Mathematical methods of statistics, 17.6. Princeton University Press.
    """
    return np.asarray((np.abs(fourth) / var**2).max(axis=-1) * (_THIRD_SLOPE / 24.0))


def _reach(effects: FloatArray, variance: FloatArray) -> FloatArray:
    """The largest spread that each axis gives to a sum, in sd of what is integrated beside it."""
    return np.asarray(np.sqrt((effects[1] / variance).max(axis=1)))


def _split(
    look: Look,
    inner: Sequence[int],
    effects: FloatArray,
    variance: FloatArray,
    linear: Mapping[int, bool],
    *,
    merged: Sequence[int],
) -> Split | None:
    """One way; ``linear`` has the places of all axes that are outer or merged."""
    reach = _reach(effects, variance + effects[1, list(merged)].sum(axis=0))
    outer = [place for place in linear if place not in merged]
    nodes = [1 + bisect.bisect(_REACH, reach[place]) for place in outer]
    many = math.prod(nodes) * MERGED_NODES ** len(merged)
    if max(nodes, default=0) > len(_REACH) or many > _MOST_NODES:
        return None
    small = np.zeros((3, len(variance)))
    others = (place for place in range(len(look.axes)) if place not in inner)
    folded = tuple(place for place in others if place not in linear)
    for place in folded:
        small += effects[:3, place] - np.outer([1.0, 0.0, 0.0], look.centre)
    return Split(
        look=look,
        outer=tuple(outer),
        merged=tuple(merged),
        inner=tuple(sorted(inner)),
        folded=folded,
        nodes=tuple(nodes),
        linear=tuple(linear[place] for place in [*outer, *merged]),
        small=small,
    )
