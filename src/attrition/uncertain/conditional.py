"""Which unknown is integrated exactly, and how the mean over the others is taken."""

from collections.abc import Mapping, Sequence

import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.forms import bounds_in
from attrition.uncertain.lattice import POINTS, SHIFTS, columns
from attrition.uncertain.law import Points, open_unit
from attrition.uncertain.node import (
    Apply,
    Bounds,
    Joint,
    Leaf,
    Node,
    Noise,
    Unknown,
    evaluate,
    in_order,
    unknowns,
)
from attrition.uncertain.over_rows import OverRows
from attrition.uncertain.over_scores import OverScores
from attrition.uncertain.rough import Rough
from attrition.uncertain.sampled import law_of_values
from attrition.uncertain.scores import bell
from attrition.uncertain.statement import Statement, statement_for
from attrition.uncertain.stream import DEFAULT_SEED, generator, streams

__all__ = ["FEWEST", "conditional_law", "points_of"]

FEWEST = 32
"""Values without which there is no law to be seen, in every copy of the lattice."""

# With more unknowns than this no single one makes a difference.
_MOST_UNKNOWNS = 64

# Values that are averaged over one by one; the lattice stands for more.
_MOST_ROWS = 2**15

_ROUGH = np.linspace(-8.5, 8.5, 61)
_MOST_ROUGH = 2**16

# Settings of the other unknowns in which an influence is looked at, the share of them that may
# show less of it, and what the mean over all counts beside that.
_SETTINGS, _FEW, _TIE = 16, 0.25, 1e-3

# What an infinite move counts.
_LARGEST = 1e300

# An unknown with less than this share of the largest influence smooths nothing.
_LEAST = 1e-3
_QUARTERS = np.array([0.25, 0.75])


def conditional_law(root: Node, event: Node | None = None) -> OverScores | OverRows | None:
    """
    The law of a number, given an event perhaps, with one unknown integrated exactly.

    Args:
        root: The number.

        event: What is given.

    Returns:
        The law; None where no unknown can be solved for.
    """
    roots = [root] if event is None else [root, event]
    order = in_order(roots)
    found = unknowns(order)
    drawn = [n.operation.simulation for n in order if isinstance(n, Apply)]
    if any(isinstance(unknown, Noise) for unknown in found) or any(drawn):
        return None
    statement = _chosen(root, event, order, found)
    if statement is None:
        return None
    bounds = bounds_in(order)[root.uid]
    others = [unknown for unknown in found if unknown.uid != statement.unknown.uid]
    match others:
        case [Leaf() as other] if not other.law.atomic and statement.switches is not None:
            return OverScores(statement, bounds, other)
        case []:
            return _over_points(statement, bounds, None, (np.zeros(1), None))
        case [Leaf() | Joint() as other] if (points := points_of(other)) is not None:
            return _over_points(statement, bounds, other, points)
        case _:
            return _over_lattice(statement, bounds, found)


def points_of(unknown: Leaf | Joint) -> Points | None:
    """The places of an unknown that is known by few enough values, and their weights."""
    if isinstance(unknown, Joint):
        points: Points | None = np.arange(unknown.values.shape[1], dtype=float), unknown.weights
    else:
        points = unknown.law.points()
    return points if points is not None and points[0].size <= _MOST_ROWS else None


def _chosen(
    root: Node, event: Node | None, order: list[Node], found: Sequence[Unknown]
) -> Statement | None:
    """The statement solved for the unknown that moves the number most, where it can be."""
    leaves = [u for u in found if isinstance(u, Leaf) and not u.law.atomic]
    if len(found) > 2:  # noqa: PLR2004 - the lattice
        # Hundreds of thousands of probabilities are wanted there, and of some laws each is dear.
        leaves = [leaf for leaf in leaves if not leaf.law.searched]
    if not leaves or len(found) > _MOST_UNKNOWNS:
        return None
    bounds, influences = bounds_in(order), _influences(root, found)
    on_lattice = event is None and len(found) > 2  # noqa: PLR2004 - as above
    least = _LEAST * max(influences.values()) if on_lattice else 0.0
    for leaf in sorted(leaves, key=lambda leaf: -influences[leaf.uid]):
        if influences[leaf.uid] < least:
            return None
        statement = statement_for(root, event, leaf, order, bounds)
        if statement is not None:
            return statement
    return None


def _influences(root: Node, found: Sequence[Unknown]) -> dict[str, float]:
    """
    How far a number moves with each unknown between its quartiles, in most settings of others.

    One that moves it much in some settings and not at all in others would leave jumps there.
    """
    rng = generator(DEFAULT_SEED, "settings", 0)
    listed = [unknown for unknown in found if not isinstance(unknown, Noise)]
    rows = 2 * len(listed) * _SETTINGS
    placed: dict[str, FloatArray] = {}
    for i, unknown in enumerate(listed):
        settings = unknown.place(open_unit(rng.random(_SETTINGS)))
        placed[unknown.uid] = np.repeat(np.tile(settings, len(listed)), 2)
        mine = slice(2 * i * _SETTINGS, 2 * (i + 1) * _SETTINGS)
        placed[unknown.uid][mine] = np.tile(unknown.place(_QUARTERS), _SETTINGS)
    with np.errstate(all="ignore"):
        (values,) = evaluate([root], lambda unknown: placed[unknown.uid], rows)
        moves = np.abs(np.diff(values.reshape(len(listed), _SETTINGS, 2), axis=-1)[..., 0])
    moves = np.minimum(np.nan_to_num(moves), _LARGEST)
    strengths = np.quantile(moves, _FEW, axis=1) + _TIE * moves.mean(axis=1)
    return {unknown.uid: float(s) for unknown, s in zip(listed, strengths, strict=True)}


def _over_points(
    statement: Statement, bounds: Bounds, other: Unknown | None, points: Points
) -> OverRows:
    """The mean over the values of the other unknown, if there is one."""
    values, weights = points
    n = values.size
    shares = np.full(n, 1.0 / n) if weights is None else weights
    sides = statement.sides
    with np.errstate(all="ignore"):
        found = evaluate(sides, lambda _: values, n)
    known = {node.uid: value[None, None, :] for node, value in zip(sides, found, strict=True)}
    few = slice(None, None, -(-n * _ROUGH.size // _MOST_ROUGH))
    law = statement.unknown.law
    placed = {statement.unknown.uid: law.at_score(_ROUGH)}
    if other is not None:
        placed[other.uid] = values[few, None]
    rough = _rough(statement, placed, _ROUGH.size, shares[few, None] * bell(_ROUGH), step=0.5)
    return OverRows(statement, bounds, known, shares[None, None, :], rough)


def _over_lattice(
    statement: Statement, bounds: Bounds, found: Sequence[Unknown]
) -> OverRows | None:
    """The mean over the shifted copies of the lattice, None if the event is too rare there."""
    dealt = columns(found, streams(found))
    placed = {u.uid: u.place(dealt[u.uid]) for u in found if not isinstance(u, Noise)}
    roots = [node for node in (statement.root, statement.event) if node is not None]
    with np.errstate(all="ignore"):
        values = evaluate(
            [*roots, *statement.sides], lambda unknown: placed[unknown.uid], SHIFTS * POINTS
        )
    copies = [value.reshape(SHIFTS, POINTS) for value in values]
    known = {
        node.uid: value[:, None, :]
        for node, value in zip(statement.sides, copies[len(roots) :], strict=True)
    }
    held = None if statement.event is None else copies[1]
    if held is not None and held.sum(axis=-1).min() < FEWEST:
        return None
    sampled = law_of_values(statement.root, copies[0], "lattice", held)
    weights = np.ones((SHIFTS, 1, POINTS))
    rough = Rough.of(copies[0], np.ones(()) if held is None else held, 0.02)
    return OverRows(statement, bounds, known, weights, rough, sampled)


def _rough(
    statement: Statement,
    placed: Mapping[str, FloatArray],
    n: int,
    weights: FloatArray,
    *,
    step: float,
) -> Rough:
    """The law through the values that the number takes in draws where the event is true."""
    roots = [node for node in (statement.root, statement.event) if node is not None]
    with np.errstate(all="ignore"):
        values, *held = evaluate(roots, lambda unknown: placed[unknown.uid], n)
    return Rough.of(values, weights * held[0] if held else weights, step)
