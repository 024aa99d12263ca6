"""Claims that are linear in normal scores: their weights, and the unknowns they leave."""

import math
from collections.abc import Mapping, Sequence
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.evidence.conditioning import Conditioned, triangular
from attrition.uncertain import Uncertain, exp
from attrition.uncertain.families import LogNormal, Normal
from attrition.uncertain.forms import linear_form
from attrition.uncertain.node import Leaf, Node, in_order
from attrition.uncertain.normals import as_normal

__all__ = ["Linear", "linear_claims", "posterior_leaves"]


@final
@attrs.frozen(kw_only=True, eq=False)
class Linear:
    """
    Gaps of claims as weights z + constants, in the normal scores z of leaves.

    Attributes:
        leaves: Normal or lognormal, one a score.

        weights: Shape (claims, scores).

        constants: Shape (claims,).
    """

    leaves: tuple[Leaf, ...]
    weights: FloatArray
    constants: FloatArray


def linear_claims(gaps: Sequence[Node]) -> Linear | None:
    """
    Gaps of claims in normal scores, None where one is not linear in them.

    Examples:
        >>> from attrition.uncertain import about
        >>> lost, joined = about(44_000, sd=3_000), about(35_000, sd=2_000)
        >>> found = linear_claims([(lost - joined).node])
        >>> found.weights.tolist(), found.constants.tolist()
        ([[3000.0, -2000.0]], [9000.0])
    """
    leaves: dict[str, Leaf] = {}
    rows: list[dict[str, float]] = []
    constants: list[float] = []
    for gap in gaps:
        form = linear_form(in_order([gap]))
        row: dict[str, float] = {}
        constant = form.constant
        for atom in form.atoms:
            law = as_normal(atom)
            if law is None or not isinstance(atom.node, Leaf):
                return None
            leaves.setdefault(atom.node.uid, atom.node)
            row[atom.node.uid] = atom.weight * law.sd
            constant += atom.weight * law.centre
        rows.append(row)
        constants.append(constant)
    weights = np.array([[row.get(uid, 0.0) for uid in leaves] for row in rows])
    return Linear(leaves=tuple(leaves.values()), weights=weights, constants=np.array(constants))


def posterior_leaves(
    linear: Linear, given: Conditioned, wanted: Sequence[str]
) -> Mapping[str, Uncertain]:
    """
    Leaves given the claims, as sums of new independent normals, so that they stay tied.

    Args:
        linear: The claims.

        given: Their scores given the claims.

        wanted: Uids of the leaves wanted.

    Returns:
        By uid of the leaf that each one replaces.
    """
    place = {leaf.uid: i for i, leaf in enumerate(linear.leaves)}
    rows = [place[uid] for uid in wanted]
    factor = triangular(given.free[rows])
    own = [Uncertain(Leaf(Normal(0.0, 1.0))) for _ in range(factor.shape[1])]
    return {
        uid: _at_score(linear.leaves[row].law, float(given.mean[row]), weights, own)
        for uid, row, weights in zip(wanted, rows, factor, strict=True)
    }


def _at_score(law: object, mean: float, weights: FloatArray, own: Sequence[Uncertain]) -> Uncertain:
    """The number of a law whose score is mean + sum(w e)."""
    if isinstance(law, LogNormal):
        return exp(_sum(math.log(law.middle) + law.sigma * mean, law.sigma * weights, own))
    assert isinstance(law, Normal)
    return _sum(law.centre + law.sd * mean, law.sd * weights, own)


def _sum(constant: float, weights: FloatArray, own: Sequence[Uncertain]) -> Uncertain:
    total = Uncertain.of(constant)
    for weight, unknown in zip(weights.tolist(), own, strict=True):
        if weight != 0.0:
            total = total + weight * unknown
    return total
