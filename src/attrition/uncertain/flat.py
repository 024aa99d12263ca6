"""Graphs as lists, so that pickling them never recurses."""

from collections.abc import Sequence
from typing import TypeAlias

from attrition.uncertain.node import Apply, Node, Noise, Operation, apply, in_order

__all__ = ["Flat", "FlatRows", "flat", "unflat"]

FlatRows: TypeAlias = list[tuple[Node | Operation, tuple[int, ...]]]
Flat: TypeAlias = tuple[FlatRows, list[int]]
"""Nodes and operations, each with the places of its arguments, and the places of the roots."""


def flat(*roots: Node) -> Flat:
    """Graphs as one list, so that pickling them never recurses, and the places of the roots."""
    order = in_order(roots)
    place = {_key(node): i for i, node in enumerate(order)}
    rows: FlatRows = [
        (node.operation, tuple(place[_key(a)] for a in node.arguments))
        if isinstance(node, Apply)
        else (node, ())
        for node in order
    ]
    return rows, [place[_key(root)] for root in roots]


def unflat(rows: FlatRows, places: Sequence[int]) -> list[Node]:
    """The graphs that :func:`flat` took apart."""
    nodes: list[Node] = []
    for item, arguments in rows:
        if isinstance(item, Operation):
            nodes.append(apply(item, *(nodes[i] for i in arguments)))
        else:
            nodes.append(item)
    return [nodes[place] for place in places]
