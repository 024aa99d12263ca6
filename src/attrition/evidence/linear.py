"""Claims that are linear in normal scores: their weights, and the unknowns they leave."""

from collections.abc import Sequence
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.evidence.conditioning import Conditioned, triangular
from attrition.evidence.substitute import at_other_score
from attrition.uncertain import Uncertain
from attrition.uncertain.families import Normal
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
        ([[-2000.0, 3000.0]], [9000.0])
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
    linear: Linear,
    given: Conditioned,
    wanted: Sequence[str],
    *,
    identity: str,
    replaces: frozenset[str],
) -> dict[str, Node]:
    """
    Leaves given the claims, as sums of new independent normals, so that they stay tied.

    Args:
        linear: The claims.

        given: Their scores given the claims.

        wanted: Uids of the leaves wanted.

        identity: Where the uids of the new unknowns come from.

        replaces: Uids of all unknowns whose place the new ones take.

    Returns:
        By uid of the leaf.
    """
    place = {leaf.uid: i for i, leaf in enumerate(linear.leaves)}
    rows = [place[uid] for uid in wanted]
    factor = triangular(given.free[rows])
    own = [
        Uncertain(Leaf(Normal(0.0, 1.0), uid=f"{identity}:{i}", replaces=replaces))
        for i in range(factor.shape[1])
    ]
    return {
        uid: at_other_score(linear.leaves[row].law, _sum(float(given.mean[row]), weights, own).node)
        for uid, row, weights in zip(wanted, rows, factor, strict=True)
    }


def _sum(constant: float, weights: FloatArray, own: Sequence[Uncertain]) -> Uncertain:
    total = Uncertain.of(constant)
    for weight, unknown in zip(weights.tolist(), own, strict=True):
        if weight != 0.0:
            total = total + weight * unknown
    return total
