"""Everything that is not known at the points of a lattice, in order of what it does to strength."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from attrition._typing import FloatArray
from attrition.projection.covariance import joint_root, noises_below
from attrition.projection.profiles import profiles
from attrition.projection.response import Response
from attrition.uncertain.lattice import SHIFTS, column, columns
from attrition.uncertain.node import Node, Noise, evaluate, in_order, unknowns
from attrition.uncertain.scores import score_of
from attrition.uncertain.stream import DEFAULT_SEED, generator, streams

__all__ = ["Points", "middle_of", "normals_in_order", "on_lattice"]

# So many directions of the noise lie on the lattice; what is left of it moves strength so little
# that plain random numbers do.
_EVEN = 24


class Points(NamedTuple):
    """
    The points of a lattice in copies.

    Attributes:
        values: Of every unknown by uid, shape (points,), the copies one after another; of noise
            its normals, shape (size, points).

        factors: Of every noise by the place of its input, shape (cells, points).

        size: How many points there are.
    """

    values: dict[str, FloatArray]
    factors: dict[int, FloatArray]
    size: int


def on_lattice(response: Response, points: int, roots: Sequence[Node] = ()) -> Points:
    """
    The points of a lattice.

    Args:
        response: What they are made for: the noise lies where it moves strength most.

        points: In each of the copies.

        roots: Further numbers whose unknowns are wanted.
    """
    order = in_order([*response.inputs, *response.rest, *roots])
    found = [unknown for unknown in unknowns(order) if not isinstance(unknown, Noise)]
    dealt = columns(found, streams(found), points=points)
    values = {unknown.uid: unknown.place(dealt[unknown.uid]) for unknown in found}
    values |= _normals(response, noises_below(order), len(found), points)
    places = [*response.noises]
    factors = evaluate(
        [response.inputs[place] for place in places],
        lambda unknown: values[unknown.uid],
        SHIFTS * points,
    )
    return Points(values, dict(zip(places, factors, strict=True)), SHIFTS * points)


def middle_of(response: Response) -> dict[str, FloatArray]:
    """Every unknown but the noise at its median."""
    found = (unknown for unknown in response.unknowns if not isinstance(unknown, Noise))
    return {unknown.uid: unknown.place(np.array([0.5])) for unknown in found}


def _normals(
    response: Response, noises: Sequence[Noise], before: int, points: int
) -> dict[str, FloatArray]:
    """The normals of every noise; those that are none of the response's are plain random."""
    factors = [response.inputs[place] for place in response.noises]
    mine = noises_below(factors)
    found: dict[str, FloatArray] = {}
    if mine:
        weights = response.weights @ profiles(response, middle_of(response), 1)[0]
        normals = normals_in_order(weights @ joint_root(factors), before, points)
        ends = np.cumsum([noise.size for noise in mine])[:-1]
        parts = np.split(normals, ends.tolist())
        found = {noise.uid: part for noise, part in zip(mine, parts, strict=True)}
    stream_of = streams(noises)
    for noise in noises:
        if noise.uid not in found or len(found[noise.uid]) < noise.size:
            rng = generator(DEFAULT_SEED, f"lattice beside {stream_of[noise.uid]}", 0)
            found[noise.uid] = noise.draw(rng, SHIFTS * points)
    return found


def normals_in_order(
    effects: FloatArray, before: int, points: int, *, key: str = "noise", most: int = _EVEN
) -> FloatArray:
    """
    Standard normals, shape (normals, points), even where they move several sums most.

    Normals turned by an orthogonal matrix are normals; turned so that the first columns of a
    lattice, which are the most even, go where they matter most.

    Args:
        effects: Of each normal on each sum, shape (sums, normals).

        before: Columns of the lattice that are taken.

        points: Of the lattice, in each copy.

        key: It decides the shifts; what is to be independent has keys of its own.

        most: So many directions at most lie on the lattice, the others are plain random.

    References:
        Imai, J. and Tan, K. S. (2006). A general dimension reduction technique for derivative
        pricing. doi:10.21314/JCF.2006.143
    """
    size = effects.shape[1]
    turn = np.linalg.svd(effects, full_matrices=True)[2].T
    even = min(size, most)
    rows = [score_of(column(before + i, f"{key} {i}", points=points)) for i in range(even)]
    rng = generator(DEFAULT_SEED, f"{key} beyond the lattice", 0)
    return np.asarray(
        turn @ np.vstack([*rows, rng.standard_normal((size - even, SHIFTS * points))])
    )
