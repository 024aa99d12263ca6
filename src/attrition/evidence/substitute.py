"""A number with some of the unknowns below it replaced by other numbers."""

from collections.abc import Mapping

from attrition.uncertain.node import Apply, Node, apply, in_order

__all__ = ["substituted"]


def substituted(root: Node, replacements: Mapping[str, Node]) -> Node:
    """
    The same computation on other unknowns.

    Args:
        root: The number.

        replacements: By uid of a node below it, or of its own, what takes its place.

    Returns:
        The number itself where nothing below it is replaced.

    Examples:
        >>> from attrition.uncertain import about, exactly
        >>> lost, joined = about(44_000, sd=3_000), about(35_000, sd=2_000)
        >>> node = substituted((lost - joined).node, {joined.node.uid: exactly(22_000).node})
        >>> node.uid == (lost - 22_000).node.uid
        True
    """
    done: dict[str, Node] = {}
    for node in in_order([root]):
        if node.uid in replacements:
            done[node.uid] = replacements[node.uid]
        elif isinstance(node, Apply):
            done[node.uid] = apply(node.operation, *(done[a.uid] for a in node.arguments))
        else:
            done[node.uid] = node
    return done[root.uid]
