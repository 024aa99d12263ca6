"""What numbers rest on: the unknowns below them."""

from collections.abc import Iterable
from typing import TypeAlias

from attrition.uncertain.node import Joint, Leaf, Node, Noise, in_order, unknowns

__all__ = ["Placeable", "uids_of", "unknowns_of"]

Placeable: TypeAlias = Leaf | Joint
"""An unknown with a value at every place of (0, 1)."""


def unknowns_of(nodes: Iterable[Node]) -> list[Placeable]:
    """
    The unknowns below some numbers, each once; the noise of simulations is none.

    Examples:
        >>> from attrition.uncertain import about
        >>> lost = about(44_000, sd=3_000, name="lost")
        >>> [unknown.name for unknown in unknowns_of([(lost - 35_000).node, lost.node])]
        ['lost']
    """
    return [found for found in unknowns(in_order(nodes)) if not isinstance(found, Noise)]


def uids_of(nodes: Iterable[Node]) -> frozenset[str]:
    """
    The identities of the unknowns below some numbers.

    Examples:
        >>> from attrition.uncertain import about
        >>> lost = about(44_000, sd=3_000)
        >>> uids_of([(lost - 35_000).node]) == {lost.node.uid}
        True
    """
    return frozenset(unknown.uid for unknown in unknowns_of(nodes))
