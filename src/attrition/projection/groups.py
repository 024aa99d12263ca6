"""What is not known in a projection, in groups that know nothing of each other."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from attrition.projection.flows import FlowPlan
from attrition.projection.simulate import Model
from attrition.uncertain import Uncertain
from attrition.uncertain.node import Leaf, Node, Noise, in_order, unknowns

__all__ = ["Group", "groups_of", "roles_of"]


class Group(NamedTuple):
    """
    Inputs of a model that share what is not known, and share nothing with any other input.

    Attributes:
        name: That of the one input or unknown, else the roles of the inputs.

        places: Of the inputs, rising.

        number: What one number moves the group: the only input, or the only unknown below
            several; None for noise, and where several unknowns make several inputs.
    """

    name: str
    places: tuple[int, ...]
    number: Node | None


def groups_of(model: Model, inputs: Sequence[Node]) -> list[Group]:
    """
    The groups of inputs that are not known, in the order of their first inputs.

    Args:
        model: The plan.

        inputs: The nodes of its inputs.
    """
    roles = roles_of(model)
    found: list[tuple[list[int], set[str]]] = []
    for place, node in enumerate(inputs):
        below = {unknown.uid for unknown in unknowns(in_order([node]))}
        tied = [group for group in found if group[1] & below]
        if not below:
            continue
        places = sorted(place for group in tied for place in group[0])
        joined = ([*places, place], below.union(*(group[1] for group in tied)))
        found = sorted([*(group for group in found if group not in tied), joined])
    return [_group(tuple(places), inputs, roles) for places, _ in found]


def _group(places: tuple[int, ...], inputs: Sequence[Node], roles: Sequence[str]) -> Group:
    number = _number([inputs[place] for place in places])
    named = None if number is None else Uncertain(number).name
    return Group(named or " and ".join(roles[place] for place in places), places, number)


def _number(nodes: Sequence[Node]) -> Node | None:
    match unknowns(in_order(nodes)):
        case [Leaf() as leaf]:
            return nodes[0] if len(nodes) == 1 else leaf
        case found if len(nodes) == 1 and not any(isinstance(one, Noise) for one in found):
            return nodes[0]
        case _:
            return None


def roles_of(model: Model) -> list[str]:
    """What each input of a model is, in their order."""
    roles = ["start"]
    for flow, plan in zip(_flows(model), model.plans, strict=True):
        roles += (f"{flow}, {part}" for part in _parts(plan))
    roles += _numbered("share that returns", len(model.by_mix))
    roles += _numbered("losses before the start", len(model.past))
    return roles


def _flows(model: Model) -> list[str]:
    signs = [sign for sign, _ in model.others]
    lost = iter(_numbered("other losses", signs.count(-1)))
    joined = iter(_numbered("other arrivals", signs.count(1)))
    return ["losses", "recruitment", *(next(lost if sign < 0 else joined) for sign in signs)]


def _parts(plan: FlowPlan) -> Iterator[str]:
    yield "level"
    if plan.trend is not None:
        yield "trend"
    yield from _numbered("change", plan.changes)
    yield from _numbered("surge", len(plan.surges))
    if plan.varies:
        yield "noise"
    if plan.at:
        yield "strength of the level"
    if plan.counts:
        yield "luck"


def _numbered(name: str, count: int) -> list[str]:
    return [name] if count == 1 else [f"{name} {i}" for i in range(1, count + 1)]
