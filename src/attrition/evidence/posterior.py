"""What claims leave of the unknowns: by closed form, or as worlds with weights."""

import math
import warnings
from collections.abc import Mapping
from typing import final

import attrs
import numpy as np

from attrition.errors import FewDrawsWarning
from attrition.evidence.below import Placeable, uids_of, unknowns_of
from attrition.evidence.conditioning import condition
from attrition.evidence.linear import Linear, posterior_leaves
from attrition.evidence.statements import Problem
from attrition.evidence.worlds import Worlds, worlds_given
from attrition.uncertain.checks import has_value
from attrition.uncertain.node import Column, Joint, Leaf, Node

__all__ = ["Given", "exact_route", "importance_route"]

_FEW = 400
"""Effective draws below which a 90 % interval has lost its second digit."""

_NOTHING = 1e-15
"""A weight, beside the largest one, that no answer can notice."""


@final
@attrs.frozen(kw_only=True, eq=False)
class Given:
    """
    What takes the place of unknowns once the claims are known.

    Attributes:
        replacements: By uid of a node.

        effective_draws: Infinite for the closed form.

        errors: Standard error of the posterior mean of every quantity.
    """

    replacements: Mapping[str, Node]
    effective_draws: float
    errors: dict[str, float]


def exact_route(problem: Problem, linear: Linear) -> Given | None:
    """Normal scores conditioned in closed form, None if the claims exclude each other."""
    given = condition(linear.weights, linear.constants)
    if not given.possible:
        return None
    known = problem.known
    wanted = [leaf.uid for leaf in linear.leaves if leaf.uid in known]
    return Given(
        replacements=posterior_leaves(
            linear, given, wanted, identity=problem.identity, replaces=problem.replaced
        ),
        effective_draws=math.inf,
        errors=dict.fromkeys(problem.quantities, 0.0),
    )


def importance_route(problem: Problem) -> Given | None:
    """
    Worlds with weights as one joint unknown, None if no world agrees with the claims.

    Warns:
        FewDrawsWarning: If few worlds carry the weight.
    """
    roots = [number.node for number in problem.quantities.values()]
    worlds = worlds_given(problem.statements, roots)
    if worlds is None:
        return None
    if worlds.effective < _FEW:
        message = (
            f"the posterior rests on {worlds.effective:.0f} effective draws: its answers are "
            f"rough, and so are their errors. The claims lie far from what was known before, or "
            f"leave a sliver of it: widen whichever spread was stated too narrow."
        )
        warnings.warn(message, FewDrawsWarning, stacklevel=4)
    means = dict(zip(problem.quantities, worlds.of(roots), strict=True))
    return Given(
        replacements=_columns(problem, worlds),
        effective_draws=worlds.effective,
        errors={name: worlds.error_of_mean(values) for name, values in means.items()},
    )


def _columns(problem: Problem, worlds: Worlds) -> dict[str, Node]:
    """Quantities and unknowns that claims touch, as columns of one joint unknown."""
    touched = uids_of(statement.gap for statement in problem.statements)
    wanted = {
        number.node.uid: (name, number.node)
        for name, number in problem.quantities.items()
        if uids_of([number.node]) <= touched
    }
    for unknown in unknowns_of(number.node for number in problem.quantities.values()):
        if unknown.uid in touched:
            for label, node in _parts(unknown):
                wanted.setdefault(node.uid, (label, node))
    keep = worlds.weights > _NOTHING * worlds.weights.max()
    values = np.array(worlds.of([node for _, node in wanted.values()]))[:, keep]
    # In order of the first one, so that evenly spread places are evenly spread values of it.
    order = np.argsort(values[0], kind="stable")
    weights = worlds.weights[keep][order]
    joint = Joint(
        has_value(values[:, order]),
        uid=f"{problem.identity}:worlds",
        weights=weights / weights.sum(),
        replaces=problem.replaced,
    )
    return {uid: Column(joint, i, label) for i, (uid, (label, _)) in enumerate(wanted.items())}


def _parts(unknown: Placeable) -> list[tuple[str, Node]]:
    """An unknown as numbers with labels: a joint one has several."""
    if isinstance(unknown, Leaf):
        return [(unknown.name or unknown.key, unknown)]
    return [(f"{unknown.key} {i}", Column(unknown, i, "")) for i in range(len(unknown.values))]
