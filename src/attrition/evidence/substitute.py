"""A number with some of the unknowns below it replaced by other numbers."""

from collections.abc import Mapping

from attrition.evidence.from_score import FromScore
from attrition.uncertain.at_score import AtScore
from attrition.uncertain.families import LogNormal, Normal
from attrition.uncertain.law import Law
from attrition.uncertain.node import Apply, Known, Node, apply, in_order
from attrition.uncertain.operations import Add, Exp, Multiply

__all__ = ["at_other_score", "substituted"]


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
            done[node.uid] = _rebuilt(node, [done[a.uid] for a in node.arguments])
        else:
            done[node.uid] = node
    return done[root.uid]


def _rebuilt(node: Apply, arguments: list[Node]) -> Node:
    if all(new.uid == old.uid for new, old in zip(arguments, node.arguments, strict=True)):
        return node
    if isinstance(node.operation, AtScore):
        return at_other_score(node.operation.law, arguments[0])
    return apply(node.operation, *arguments)


def at_other_score(law: Law, score: Node) -> Node:
    """
    The number of a law at a score that is not standard normal, plainly where that is possible.

    Examples:
        >>> from attrition.uncertain import Uncertain, about
        >>> Uncertain(at_other_score(Normal(44_000.0, 3_000.0), about(1, sd=0.5).node)).mean()
        47000.0
    """
    if isinstance(law, Normal):
        return apply(Add(), Known(law.centre), apply(Multiply(), Known(law.sd), score))
    if isinstance(law, LogNormal):
        factor = apply(Exp(), apply(Multiply(), Known(law.sigma), score))
        return apply(Multiply(), Known(law.middle), factor)
    return apply(FromScore(law), score)
