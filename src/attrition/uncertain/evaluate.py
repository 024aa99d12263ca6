"""From a graph to its law: the closed form where there is one, else the lattice or draws."""

from collections.abc import Sequence

import numpy as np

from attrition._typing import Draws, FloatArray
from attrition.uncertain.checks import has_value
from attrition.uncertain.conditional import conditional_law
from attrition.uncertain.exact import exact_law
from attrition.uncertain.lattice import POINTS, SHIFTS, columns
from attrition.uncertain.law import Law, Method
from attrition.uncertain.node import Apply, Evaluated, Node, Noise, evaluate, in_order, unknowns
from attrition.uncertain.one import law_of_one
from attrition.uncertain.sampled import law_of_values
from attrition.uncertain.stream import BLOCK, check_ties, generator, streams

__all__ = ["draw_block", "draw_nodes", "law_of", "sample_nodes"]


def law_of(root: Node) -> Law:
    """The law of a number, by the best way there is."""
    order = in_order([root])
    check_ties(unknowns(order))
    law = None if _is_simulated(root) else _plain_law(root)
    law = law or _simulated_law(root, order)
    if law is not None:
        return law
    (values,), method = sample_nodes([root])
    return law_of_values(root, values, method)


def _is_simulated(root: Node) -> bool:
    return isinstance(root, Apply) and root.operation.simulated


def _plain_law(root: Node) -> Law | None:
    """The law of a number by its own arithmetic."""
    return exact_law(root) or law_of_one(root) or conditional_law(root)


def _simulated_law(root: Node, order: Sequence[Node]) -> Law | None:
    """The law of a number above one simulation, where that knows it without draws."""
    match _simulations(order):
        case [mine]:
            return mine.operation.law_above(root, mine)
        case _:
            return None


def _simulations(order: Sequence[Node]) -> list[Apply]:
    applied = (node for node in order if isinstance(node, Apply))
    return [node for node in applied if node.operation.simulation is not None]


def sample_nodes(roots: Sequence[Node]) -> tuple[list[FloatArray], Method]:
    """
    Values of several numbers together, in copies whose disagreement is the error.

    Numbers that rest on a simulation get the draws it was made with, or the points that it
    knows to be better; the others get the lattice.

    Returns:
        Arrays of shape (copies, values), and the method.
    """
    order = in_order(roots)
    simulations = _simulations(order)
    if not simulations:
        return _lattice_values(roots, order), "lattice"
    points = [node.operation.points_above(roots, node) for node in simulations]
    known = [found for found in points if found is not None]
    if len(known) == len(points):
        return _values_at(roots, known[0]), "lattice"
    draws, seed = max(o for o in (node.operation.simulation for node in simulations) if o)
    values = draw_nodes(roots, draws, seed=seed)
    return [v.reshape(SHIFTS, -1) for v in values], "draws"


def _values_at(roots: Sequence[Node], points: Evaluated) -> list[FloatArray]:
    with np.errstate(all="ignore"):
        values = evaluate(roots, lambda unknown: points.values[unknown.uid], points.size)
    return [has_value(v).reshape(SHIFTS, -1) for v in values]


def _lattice_values(roots: Sequence[Node], order: Sequence[Node]) -> list[FloatArray]:
    found = [unknown for unknown in unknowns(order) if not isinstance(unknown, Noise)]
    dealt = columns(found, streams(found))
    with np.errstate(all="ignore"):
        placed = {unknown.uid: unknown.place(dealt[unknown.uid]) for unknown in found}
        values = evaluate(roots, lambda unknown: placed[unknown.uid], SHIFTS * POINTS)
    return [has_value(v).reshape(SHIFTS, POINTS) for v in values]


def draw_nodes(roots: Sequence[Node], n: int, *, seed: int) -> list[Draws]:
    """``n`` joint draws of several numbers, from the streams of a seed."""
    blocks = [draw_block(roots, block, seed=seed) for block in range(max(-(-n // BLOCK), 1))]
    whole = [np.concatenate(parts, axis=-1)[..., :n] for parts in zip(*blocks, strict=True)]
    return [has_value(values) for values in whole] if n else whole


def draw_block(roots: Sequence[Node], block: int, *, seed: int) -> list[Draws]:
    """One block of joint draws; always whole, so that fewer draws are the first of more."""
    found = unknowns(in_order(roots))
    stream_of = streams(found)
    drawn = {
        unknown.uid: unknown.draw(generator(seed, stream_of[unknown.uid], block), BLOCK)
        for unknown in found
    }
    with np.errstate(all="ignore"):
        return evaluate(roots, lambda unknown: drawn[unknown.uid], BLOCK)
