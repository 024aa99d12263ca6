"""Worlds weighed by how well they agree with claims, for claims of any shape."""

from collections.abc import Iterable, Sequence
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.errors import ClaimError
from attrition.evidence.below import Placeable, uids_of, unknowns_of
from attrition.evidence.importance import adapted, effective_size, points_of, relative
from attrition.evidence.pivots import Solved, pivots_of, placed
from attrition.evidence.statements import Statement
from attrition.uncertain.lattice import POINTS, SHIFTS, columns
from attrition.uncertain.node import Node, evaluate
from attrition.uncertain.scores import score_of
from attrition.uncertain.stream import streams

__all__ = ["Worlds", "prior_worlds", "worlds_given"]


@final
@attrs.frozen(kw_only=True, eq=False)
class Worlds:
    """
    Values of unknowns together, with weights.

    Attributes:
        values: By uid of an unknown, shape (worlds,).

        weights: They sum to one, shape (worlds,). The worlds are whole copies of the lattice,
            eight from a proposal and eight from the prior; or eight of the prior alone.
    """

    values: dict[str, FloatArray]
    weights: FloatArray

    @property
    def effective(self) -> float:
        """How many draws of equal weight are worth as much."""
        return effective_size(self.weights)

    def of(self, nodes: Sequence[Node]) -> list[FloatArray]:
        """Values of numbers that rest on the unknowns, shape (worlds,) each."""
        with np.errstate(all="ignore"):
            return evaluate(nodes, lambda unknown: self.values[unknown.uid], self.weights.size)

    def error_of_mean(self, values: FloatArray) -> float:
        """Standard error of the weighted mean, from the disagreement of the copies."""
        share, part = (
            x.reshape(-1, SHIFTS, POINTS).sum(axis=(0, 2))
            for x in (self.weights, self.weights * np.where(self.weights > 0.0, values, 0.0))
        )
        means = part[share > 0.0] / share[share > 0.0]
        return float(np.std(means, ddof=1) / np.sqrt(means.size)) if means.size > 1 else np.inf


def worlds_given(statements: Sequence[Statement], beside: Iterable[Node]) -> Worlds | None:
    """
    Worlds given claims, None if no world agrees with them.

    Args:
        statements: The claims.

        beside: Numbers that will be asked of the worlds.

    Raises:
        ClaimError: If the claims cannot be solved one after another.
    """
    gaps = tuple(statement.gap for statement in statements)
    pivots = pivots_of(gaps, [statement.measured for statement in statements])
    if pivots is None:
        raise ClaimError(_unsolvable(statements))
    solved = {pivot.leaf.uid for pivot in pivots}
    everything = [u for u in unknowns_of([*gaps, *beside]) if u.uid not in solved]
    touched = uids_of(gaps)
    scores = _scores(everything)
    inner = [i for i, unknown in enumerate(everything) if unknown.uid in touched]
    kernel = Solved(gaps=gaps, pivots=tuple(pivots), free=tuple(everything[i] for i in inner))
    proposal = adapted(kernel.log_likelihood, scores[inner, :POINTS])
    if proposal is None:
        return None
    z, raised = points_of(scores[inner], proposal)
    values, log_likelihood = kernel.solve(z)
    weights = relative(raised + log_likelihood)
    both = np.concatenate([scores, -scores], axis=1)
    for i, unknown in enumerate(everything):
        if unknown.uid not in values:
            values[unknown.uid] = placed(unknown, both[i])
    return Worlds(values=values, weights=weights / weights.sum())


def prior_worlds(nodes: Iterable[Node]) -> Worlds:
    """Worlds before any claim, all of one weight."""
    found = unknowns_of(nodes)
    scores = _scores(found)
    with np.errstate(all="ignore"):
        values = {u.uid: placed(u, z) for u, z in zip(found, scores, strict=True)}
    n = SHIFTS * POINTS
    return Worlds(values=values, weights=np.full(n, 1.0 / n))


def _scores(found: Sequence[Placeable]) -> FloatArray:
    """Normal scores of the lattice, shape (unknowns, points)."""
    dealt = columns(found, streams(found))
    rows = [score_of(dealt[unknown.uid]) for unknown in found]
    return np.array(rows).reshape(len(found), SHIFTS * POINTS)


def _unsolvable(statements: Sequence[Statement]) -> str:
    labels = ", ".join(s.label for s in statements if s.measured is None)
    return (
        f"{labels}: the value has no density of its own, and the claim cannot be solved for one "
        f"of the unknowns. State the value as one number with a spread, such as about(..., "
        f'sd=...), or write the relation as a sum with scale="difference" or as a product with '
        f'scale="log".'
    )
