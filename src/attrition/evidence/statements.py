"""Claims made ready: checked against the quantities, and each as a gap that is 0 if it holds."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import final

import attrs

from attrition.errors import ClaimError
from attrition.evidence.below import uids_of, unknowns_of
from attrition.evidence.claim import Claim, Scale, gap
from attrition.evidence.linear import Linear, linear_claims
from attrition.evidence.pivots import pivots_of
from attrition.uncertain import Uncertain
from attrition.uncertain.exact import exact_law
from attrition.uncertain.forms import bounds_of
from attrition.uncertain.node import (
    Apply,
    Known,
    Leaf,
    Node,
    Noise,
    act,
    in_order,
)
from attrition.uncertain.stream import check_ties

__all__ = ["Problem", "Statement", "problem_of"]


@final
@attrs.frozen(kw_only=True, eq=False)
class Statement:
    """
    One claim as a gap.

    Attributes:
        label: What texts call it.

        gap: What is 0 if it holds.

        measured: Its value where that is an unknown of its own, else None.
    """

    label: str
    gap: Node
    measured: Leaf | None


@final
@attrs.frozen(kw_only=True, eq=False)
class Problem:
    """
    Quantities with all that is claimed of them.

    Attributes:
        quantities: By name.

        statements: The claims.

        linear: Their weights in normal scores, None where one is not linear in them.

        replaced: Uids of unknowns that are no longer what they were once the claims are known.

        identity: Of what is asked: the same claims on the same quantities have the same one.
    """

    quantities: Mapping[str, Uncertain]
    statements: tuple[Statement, ...]
    linear: Linear | None
    replaced: frozenset[str]
    identity: str

    @property
    def known(self) -> frozenset[str]:
        """Uids of the unknowns below the quantities."""
        return uids_of(number.node for number in self.quantities.values())

    def first(self, count: int) -> "Problem":
        """The same with the first claims only."""
        statements = self.statements[:count]
        return attrs.evolve(self, statements=statements, linear=_linear(statements))

    def without(self, which: int) -> "Problem":
        """The same without one claim."""
        statements = self.statements[:which] + self.statements[which + 1 :]
        return attrs.evolve(self, statements=statements, linear=_linear(statements))


def problem_of(quantities: Mapping[str, Uncertain], claims: Sequence[Claim]) -> Problem:
    """
    The claims as gaps, if they are about the quantities.

    A value that rests on unknowns of its own and has a law in closed form becomes one unknown.

    Raises:
        ClaimError: If there are no quantities or no claims, labels repeat, a relation rests on
            other unknowns, or a number rests on a simulation.

        DependenceError: If the numbers hold an unknown beside what took its place.
    """
    _check_kinds(quantities, claims)
    labels = _labels(claims)
    roots = [number.node for number in quantities.values()]
    _check_simulations(quantities, claims, labels)
    check_ties(unknowns_of([*roots, *_nodes(claims)]))
    known = uids_of(roots)
    for claim, label in zip(claims, labels, strict=True):
        _check_relation(claim, label, quantities, known)
    statements = tuple(
        _statement(claim, label, known | uids_of(_nodes(_others(claims, i))))
        for i, (claim, label) in enumerate(zip(claims, labels, strict=True))
    )
    identity = _identity(roots, claims)
    return Problem(
        quantities=quantities,
        statements=statements,
        linear=_linear(statements),
        replaced=_replaced(claims) | {act(identity)},
        identity=identity,
    )


def _linear(statements: Sequence[Statement]) -> Linear | None:
    return linear_claims([statement.gap for statement in statements])


def _replaced(claims: Iterable[Claim]) -> frozenset[str]:
    """All that the claims rest on, and what those took the place of themselves."""
    found = unknowns_of(_nodes(claims))
    return frozenset(u.uid for u in found).union(*(u.replaces for u in found))


def _identity(roots: Iterable[Node], claims: Iterable[Claim]) -> str:
    """Derived, like that of an expression: taking the same in twice is the same posterior."""
    parts = [root.uid for root in roots]
    for claim in claims:
        parts += [claim.relation.node.uid, claim.value.node.uid, claim.scale]
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


def _nodes(claims: Iterable[Claim]) -> list[Node]:
    return [number.node for claim in claims for number in (claim.relation, claim.value)]


def _others(claims: Sequence[Claim], which: int) -> list[Claim]:
    return [claim for i, claim in enumerate(claims) if i != which]


def _check_kinds(quantities: object, claims: object) -> None:
    if not isinstance(quantities, Mapping) or not quantities:
        raise ClaimError(
            f"quantities is {quantities!r}: expected the numbers that the claims are about, by "
            f'name. Type for example reconcile({{"lost": lost, "joined": joined}}, claims).'
        )
    if not isinstance(claims, Sequence) or not claims:
        raise ClaimError(
            f"claims is {claims!r}: expected a list of what is said of the quantities. Type for "
            f"example reconcile(quantities, [Claim(relation=lost - joined, value=about(...), "
            f'scale="difference")]).'
        )
    for name, number in quantities.items():
        if not isinstance(number, Uncertain) or number.value is not None:
            raise ClaimError(
                f"quantity {name!r} is {number!r}: expected an uncertain number, for a claim "
                f"says nothing new of a known one. State what was known before the claims, for "
                f"example with about(...) or uniform(...)."
            )
    for claim in claims:
        if not isinstance(claim, Claim):
            raise ClaimError(
                f"{claim!r} is among the claims: expected a Claim. Type for example "
                f'Claim(relation=lost - joined, value=..., scale="difference").'
            )


def _labels(claims: Sequence[Claim]) -> list[str]:
    labels = [claim.name or f"claim {i}" for i, claim in enumerate(claims, start=1)]
    for label in labels:
        if labels.count(label) > 1:
            raise ClaimError(
                f"two claims are both named {label!r}: expected a name for each, as answers are "
                f"given by it. Rename one of them."
            )
    return labels


def _check_simulations(
    quantities: Mapping[str, Uncertain], claims: Sequence[Claim], labels: Sequence[str]
) -> None:
    named = [(f"quantity {name!r}", [number.node]) for name, number in quantities.items()]
    named += [(label, _nodes([claim])) for label, claim in zip(labels, claims, strict=True)]
    for what, nodes in named:
        if any(_simulated(node) for node in in_order(nodes)):
            raise ClaimError(
                f"{what} rests on a simulation, which cannot be weighed against claims. Reconcile "
                f"the inputs first, and project with the posteriors."
            )


def _simulated(node: Node) -> bool:
    simulation = node.operation.simulation if isinstance(node, Apply) else None
    return simulation is not None or isinstance(node, Noise)


def _check_relation(
    claim: Claim, label: str, quantities: Mapping[str, Uncertain], known: frozenset[str]
) -> None:
    for unknown in unknowns_of([claim.relation.node]):
        if unknown.uid not in known:
            what = unknown.key if unknown.name is None else repr(unknown.name)
            raise ClaimError(
                f"{label} rests on {what}, which is not among the quantities "
                f"({', '.join(quantities)}): expected a relation of those. Add it to the "
                f"quantities, and use one object for one unknown."
            )
    if claim.relation == claim.value:
        raise ClaimError(
            f"{label} says that a number is equal to itself: expected a relation and another "
            f"number. State the value with its own spread, for example value=about(..., sd=...)."
        )


def _statement(claim: Claim, label: str, taken: frozenset[str]) -> Statement:
    relation, value = claim.relation.node, claim.value.node
    if isinstance(value, Known):
        return Statement(label=label, gap=_solvable(relation, value, claim.scale), measured=None)
    measured = None if uids_of([value]) & taken else _own(value)
    node = gap(relation, value if measured is None else measured, claim.scale)
    return Statement(label=label, gap=node, measured=measured)


def _own(value: Node) -> Leaf | None:
    """The value as one unknown, None where its law has no closed form with a density."""
    if isinstance(value, Leaf):
        return None if value.law.atomic else value
    law = exact_law(value)
    if law is None or law.method != "exact" or law.atomic:
        return None
    return Leaf(law)


def _solvable(relation: Node, value: Known, scale: Scale) -> Node:
    """
    The gap of an exact claim of a constant, on a scale on which it can be solved.

    That g is c says the same as that log g is log c: both condition on one and the same number.
    """
    stated = gap(relation, value, scale)
    if value.value <= 0.0 or bounds_of(relation)[0] < 0.0:
        return stated
    both = [stated, gap(relation, value, "difference" if scale == "log" else "log")]
    linear = [each for each in both if linear_claims([each]) is not None]
    solvable = [each for each in both if pivots_of([each], [None]) is not None]
    return (linear + solvable + both)[0]
