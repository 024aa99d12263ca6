"""Everything that is not known at the points of a lattice, in order of what it does to strength."""

import functools
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from attrition._typing import FloatArray
from attrition.projection.covariance import joint_root, noises_below
from attrition.projection.response import Response
from attrition.uncertain.lattice import FEWER, SHIFTS, block, columns
from attrition.uncertain.node import Leaf, Node, Noise, in_order, unknowns
from attrition.uncertain.quantile_table import scored
from attrition.uncertain.scores import score_of
from attrition.uncertain.stream import DEFAULT_SEED, generator, streams

__all__ = ["Points", "normals_in_order", "on_lattice"]

# So many directions at most lie on the lattice; plain random numbers do for the others, which move
# strength least.
_EVEN = 56

# Columns that are made together.
_TOGETHER = 8

# glibc returns freed memory to the system beyond twice the largest array that was freed before, and
# gets it anew page by page, which takes longer than the arithmetic on it. So many numbers, which
# are never touched, are freed first: then arrays for thousands of points stay within reach.
_FREED = 2**21

# Directions that move sums by less than this share of the first move none, and digits to which
# distances tell unknowns apart.
_NOTHING, _DIGITS = 1e-9, 6


class Points(NamedTuple):
    """
    The points of a lattice in copies.

    Attributes:
        values: Of every unknown by uid, shape (points,), the copies one after another; of noise
            below other numbers than its factors, its normals, shape (size, points).

        factors: Of every noise by the place of its input, shape (cells, points).

        size: How many points there are.
    """

    values: dict[str, FloatArray]
    factors: dict[int, FloatArray]
    size: int


def on_lattice(
    response: Response, points: int, roots: Sequence[Node] = (), still: Collection[str] = ()
) -> Points:
    """
    The points of a lattice: what is not known lies most evenly where it moves strength most.

    Args:
        response: What they are made for.

        points: In each of the copies.

        roots: Further numbers whose unknowns are wanted; these have columns of their own.

        still: Identities of unknowns that stay in the middle.
    """
    order = in_order([*response.roots, *roots]) if roots else response.order
    found = [unknown for unknown in unknowns(order) if not isinstance(unknown, Noise)]
    moving = [unknown for unknown in found if unknown.uid not in still]
    asked = noises_below(order)
    # What is asked of other numbers may hang on one unknown alone, which is most even by itself.
    alone = {unknown.uid for unknown in unknowns(in_order(roots))}
    turned = [u for u in moving if isinstance(u, Leaf) and u.uid not in alone]
    beside = [u for u in moving if u not in turned]
    scores, factors, normals = _turned_together(response, turned, asked, len(beside), points)
    dealt = columns(beside, streams(found), points=points) if beside else {}
    values = {
        **{u.uid: u.place(np.array([0.5])) for u in found if u.uid in still},
        **{unknown.uid: unknown.place(dealt[unknown.uid]) for unknown in beside},
        **{leaf.uid: scored(leaf.law, z) for leaf, z in zip(turned, scores, strict=True)},
    }
    return Points(values | normals, factors, SHIFTS * points)


def _turned_together(
    response: Response, leaves: Sequence[Leaf], asked: Sequence[Noise], before: int, points: int
) -> tuple[FloatArray, dict[int, FloatArray], dict[str, FloatArray]]:
    """Scores of leaves, factors of every noise by place, and the normals that are asked for."""
    nodes = [response.inputs[place] for place in response.noises]
    mine = noises_below(nodes)
    root = joint_root(nodes)
    basis, few = _few_normals(root, whole=bool(asked))
    turn, even = _turned(_effects(response, leaves, few), before, points)
    count = len(leaves)
    log = (few @ turn[count:]) @ even
    log -= 0.5 * np.square(root).sum(axis=1, keepdims=True)
    factors = response.by_noise(np.exp(log, out=log))
    found = {}
    if asked and mine:
        rng = generator(DEFAULT_SEED, "lattice below factors", 0)
        others = rng.standard_normal((len(basis) - few.shape[1], SHIFTS * points))
        ends = np.cumsum([noise.size for noise in mine])[:-1]
        parts = np.split(basis @ np.vstack([turn[count:] @ even, others]), ends.tolist())
        found = {noise.uid: part for noise, part in zip(mine, parts, strict=True)}
    return turn[:count] @ even, factors, _normals(asked, found, points)


def _few_normals(root: FloatArray, *, whole: bool) -> tuple[FloatArray, FloatArray]:
    """
    An orthonormal basis of the normals below factors, and what the first of it does to these.

    As many normals as there are factors do: those below are made of them, and, in the ``whole``
    basis, of others that no factor hangs on.
    """
    if root.shape[0] == root.shape[1]:
        return np.eye(len(root)), root
    basis, few = np.linalg.qr(root.T, mode="complete" if whole else "reduced")
    return basis, few[: min(root.shape)].T


def _effects(response: Response, leaves: Sequence[Leaf], few: FloatArray) -> FloatArray:
    """What a normal score of each leaf, and each normal of the noise, adds to the sums."""
    by_leaf, by_factor = response.reaction
    effects = np.column_stack([*(by_leaf[leaf.uid] for leaf in leaves), by_factor @ few])
    # What has no value there is in no order.
    return np.where(np.isfinite(effects), effects, 0.0)


def _normals(
    asked: Sequence[Noise], found: Mapping[str, FloatArray], points: int
) -> dict[str, FloatArray]:
    """The normals of noises; those that were not found are plain random."""
    stream_of, size = streams(asked), SHIFTS * points
    normals = {}
    for noise in asked:
        known = found.get(noise.uid, np.empty((0, size)))
        rng = generator(DEFAULT_SEED, f"lattice beside {stream_of[noise.uid]}", 0)
        normals[noise.uid] = np.vstack([known, noise.draw(rng, size)[len(known) :]])
    return normals


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
    turn, even = _turned(effects, before, points, key=key, most=most)
    return np.asarray(turn @ even)


def _turned(
    effects: FloatArray, before: int, points: int, *, key: str = "noise", most: int = _EVEN
) -> tuple[FloatArray, FloatArray]:
    """An orthogonal matrix, and the normals that it turns, the most even first."""
    size = effects.shape[1]
    turn = _directions(effects).T
    make = _kept if points <= FEWER else _even_normals
    even = make(before, min(size, most), key, points)
    if size <= most:
        return turn, even
    rng = generator(DEFAULT_SEED, f"{key} beyond the lattice", 0)
    return turn, np.vstack([even, rng.standard_normal((size - most, SHIFTS * points))])


def _even_normals(before: int, count: int, key: str, points: int) -> FloatArray:
    """Normal scores of columns of the lattice, read-only."""
    np.empty(_FREED)
    rows = np.empty((count, SHIFTS * points))
    # A few at a time: new arrays of all would cost more than the arithmetic.
    for first in range(0, count, _TOGETHER):
        some = rows[first : first + _TOGETHER]
        some[:] = score_of(block(before + first, len(some), f"{key} {first}", points=points))
    rows.setflags(write=False)
    return rows


# The seed is fixed, so that they are the same in every question: the last ones of small lattices
# are kept, which is 15 MB at most.
_kept = functools.lru_cache(maxsize=8)(_even_normals)


def _directions(effects: FloatArray) -> FloatArray:
    """
    Orthonormal rows, those that move the sums most first.

    A decomposition points them to either side, and turns those that move no sum in any way, as
    its rounding has it. So that points do not depend on that, the largest part of each row is
    positive, and each row that moves nothing is the unknown that is farthest from all before it.
    """
    if not effects.shape[1]:
        return np.zeros((0, 0))
    _, moves, directions = np.linalg.svd(effects, full_matrices=False)
    directions = directions[moves > _NOTHING * moves.max(initial=0.0)]
    largest = np.abs(directions).round(_DIGITS).argmax(axis=1)
    directions = directions * np.sign(directions[np.arange(len(directions)), largest, None])
    found = [*directions]
    left = np.eye(directions.shape[1]) - directions.T @ directions
    while len(found) < len(left):
        # Of the square of a projection, which is itself, so that these are lengths of rows.
        far = np.sqrt(np.abs(left.diagonal()))
        place = int(far.round(_DIGITS).argmax())
        found.append(left[place] / far[place])
        left = left - np.outer(left @ found[-1], found[-1])
    return np.array(found).reshape(left.shape)
