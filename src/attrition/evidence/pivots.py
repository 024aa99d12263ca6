"""Claims of any shape as a likelihood: each is solved for one unknown that enters it plainly."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.evidence.below import Placeable, uids_of
from attrition.uncertain.families import LogNormal, Normal
from attrition.uncertain.forms import Atom, linear_form
from attrition.uncertain.law import Law
from attrition.uncertain.node import Apply, Leaf, Node, evaluate, in_order
from attrition.uncertain.operations import Log
from attrition.uncertain.scores import probability_of

__all__ = ["Pivot", "Solved", "pivots_of"]

_QUARTERS = np.array([0.25, 0.75])


class Pivot(NamedTuple):
    """
    The unknown that a claim is solved for.

    Attributes:
        claim: Which claim, from 0.

        leaf: The unknown.

        weight: With which it, or its logarithm, enters the gap of the claim.

        in_log: Whether it enters through its logarithm.
    """

    claim: int
    leaf: Leaf
    weight: float
    in_log: bool

    def reach(self) -> float:
        """How far the gap moves over the middle half of the unknown."""
        low, high = self.leaf.law.ppf(_QUARTERS)
        return abs(self.weight) * float(np.log(abs(high / low)) if self.in_log else high - low)


def pivots_of(gaps: Sequence[Node], measured: Sequence[Leaf | None]) -> list[Pivot] | None:
    """
    An unknown for every claim, in an order in which they can be solved one after another.

    Args:
        gaps: What is 0 if the claims hold.

        measured: The value of each claim where it is an unknown of its own: solved for, it
            gives the likelihood of the relation, so it is preferred.

    Returns:
        None where there is no such order.
    """
    rest = dict(enumerate(gaps))
    backwards: list[Pivot] = []
    while rest:
        found = [pivot for claim in rest for pivot in _candidates(rest, claim)]
        if not found:
            return None
        # A pivot in no other claim that is left can be solved after them.
        best = max(found, key=lambda pivot: (pivot.leaf is measured[pivot.claim], pivot.reach()))
        backwards.append(best)
        del rest[best.claim]
    return backwards[::-1]


def _candidates(gaps: Mapping[int, Node], claim: int) -> list[Pivot]:
    elsewhere = uids_of([gap for other, gap in gaps.items() if other != claim])
    atoms = [_plain(atom) for atom in linear_form(in_order([gaps[claim]])).atoms]
    found = []
    for atom in atoms:
        around = uids_of([other.node for other in atoms if other is not atom])
        leaf = atom.node
        if isinstance(leaf, Leaf) and not leaf.law.atomic and leaf.uid not in elsewhere | around:
            found.append(Pivot(claim, leaf, atom.weight, atom.in_log))
    return found


def _plain(atom: Atom) -> Atom:
    """The logarithm of a number that could be negative as what it is: the number, in log."""
    node = atom.node
    if isinstance(node, Apply) and isinstance(node.operation, Log) and not atom.in_log:
        return Atom(node.arguments[0], atom.weight, in_log=True)
    return atom


@final
@attrs.frozen(kw_only=True, eq=False)
class Solved:
    """
    A likelihood on normal scores of the unknowns that no claim is solved for.

    Given the others, a claim leaves one value to its pivot, and the density of the pivot
    there, by its weight in the gap, is the likelihood: f(v) for a measured value v.

    Attributes:
        gaps: What is 0 if the claims hold.

        pivots: The unknowns solved for, in order.

        free: The other unknowns, one a score.
    """

    gaps: tuple[Node, ...]
    pivots: tuple[Pivot, ...]
    free: tuple[Placeable, ...]

    def log_likelihood(self, scores: FloatArray) -> FloatArray:
        """The logarithm of the likelihood, but for a constant, shape (points,)."""
        return self.solve(scores)[1]

    def solve(self, scores: FloatArray) -> tuple[dict[str, FloatArray], FloatArray]:
        """By uid the value of every unknown, and the logarithm of the likelihood."""
        n = scores.shape[1]
        total = np.zeros(n)
        with np.errstate(all="ignore"):
            values = {u.uid: placed(u, z) for u, z in zip(self.free, scores, strict=True)}
            for pivot in self.pivots:
                x = _solved(self.gaps[pivot.claim], pivot, values, n)
                values[pivot.leaf.uid] = x
                total += _log_density(pivot.leaf.law, x) + (np.log(x) if pivot.in_log else 0.0)
        return values, np.where(np.isnan(total), -np.inf, total)


def placed(unknown: Placeable, scores: FloatArray) -> FloatArray:
    """Values at normal scores; for a joint the rows."""
    if isinstance(unknown, Leaf):
        return unknown.law.at_score(scores)
    return unknown.place(probability_of(scores))


def _solved(gap: Node, pivot: Pivot, values: Mapping[str, FloatArray], n: int) -> FloatArray:
    """The value of the pivot that closes the gap, from the gap at a trial value."""
    trial = float(pivot.leaf.law.ppf(np.array(0.5)))
    known = {**values, pivot.leaf.uid: np.full(n, trial)}
    (left,) = evaluate([gap], lambda unknown: known[unknown.uid], n)
    step = -left / pivot.weight
    return trial * np.exp(step) if pivot.in_log else trial + step


def _log_density(law: Law, x: FloatArray) -> FloatArray:
    """Without underflow for the two families whose tails claims reach."""
    if isinstance(law, Normal):
        return -0.5 * np.square((x - law.centre) / law.sd)
    if isinstance(law, LogNormal):
        return -0.5 * np.square(np.log(x / law.middle) / law.sigma) - np.log(x)
    return np.log(law.pdf(x))
