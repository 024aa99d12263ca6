"""One input integrated exactly at every point of a lattice: probabilities without steps."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple, final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.projection.by_level import by_level
from attrition.projection.lattice import Points, on_lattice
from attrition.projection.response import Response
from attrition.projection.sums import Sums, spread
from attrition.uncertain.exact import exact_law
from attrition.uncertain.forms import linear_form
from attrition.uncertain.lattice import SHIFTS
from attrition.uncertain.law import Law, Method
from attrition.uncertain.node import Known, Leaf, Node, in_order, unknowns

__all__ = [
    "Candidate",
    "Line",
    "Lines",
    "below",
    "candidates_of",
    "line_in",
    "lines",
    "share_by_copy",
]

# Of differences of strengths.
_ROUNDING = 1e-12


@final
@attrs.frozen(eq=False)
class Candidate:
    """
    An input in which every sum is linear.

    Attributes:
        place: Of the input.

        node: The input.

        law: Of the input.

        unknowns: The identities of those below it.

        in_rest: Its weight in what is added to each sum.
    """

    place: int
    node: Node
    law: Law
    unknowns: frozenset[str]
    in_rest: FloatArray


@final
@attrs.frozen(eq=False)
class Lines(Sums):
    """
    Sums of strengths as lines in one input, at the points of a lattice: at + slope v.

    Attributes:
        at: Shape (sums, points), the copies one after another.

        slope: Shape (sums, points); of one sign.

        law: Of the input.

        rising: Whether the slopes are positive.
    """

    at: FloatArray
    slope: FloatArray
    law: Law
    rising: bool

    @property
    def method(self) -> Method:
        return "lattice"

    def crossing(self, x: FloatArray) -> FloatArray:
        """Where in the input the sums are ``x``, of shape (sums, places); (..., points)."""
        with np.errstate(all="ignore"):
            found = x[..., None] - self.at[:, None]
            found /= self.slope[:, None]
        # Nothing over nothing: the sum is the place itself, and not below it.
        found[np.isnan(found)] = -np.inf if self.rising else np.inf
        return found

    def by_copy(self, x: FloatArray) -> FloatArray:
        """Probabilities of at most ``x`` in each copy, shape (copies, sums, places)."""
        return share_by_copy(self.law, self.crossing(x), rising=self.rising)

    def chance(self, x: FloatArray) -> FloatArray:
        return np.asarray(self.by_copy(x).mean(axis=0))

    def uncut_errors(self, x: FloatArray) -> FloatArray:
        """The disagreement of the copies."""
        return spread(self.by_copy(x))

    def moments(self) -> tuple[FloatArray, FloatArray]:
        mean, var = self.law.mean(), self.law.var()
        middle = self.at + self.slope * mean
        within = np.mean(self.slope**2, axis=1) * var
        return np.asarray(middle.mean(axis=1)), np.asarray(middle.var(axis=1) + within)


def share_by_copy(law: Law, limit: FloatArray, *, rising: bool) -> FloatArray:
    """
    Probabilities that a number is beyond limits at points, shape (copies, ...).

    Args:
        law: Of the number.

        limit: Shape (..., points), the copies one after another.

        rising: Whether beyond is below, as where a sum that rises with the number is too low.
    """
    chance = law.cdf(limit) if rising else law.sf(limit)
    copies = *limit.shape[:-1], SHIFTS, limit.shape[-1] // SHIFTS
    found = np.asarray(chance).reshape(copies).mean(axis=-1)
    return np.moveaxis(found, -1, 0)


def lines(response: Response, points: int) -> Lines | None:
    """
    The sums as lines in the input that moves the last of them most.

    Args:
        response: What is asked for.

        points: Of the lattice, in each copy.

    Returns:
        The lines; None where no input stands alone, has a density and moves all sums one way.
    """
    found = (_in_one(response, points, candidate) for candidate in candidates_of(response))
    return next((line for line in found if line is not None), None)


def _in_one(response: Response, points: int, candidate: Candidate) -> Lines | None:
    dealt = on_lattice(response, points, still=candidate.unknowns)
    line = line_in(response, dealt, candidate)
    if line is None:
        return None
    at, slope, _ = line
    return Lines(response, at, slope, candidate.law, bool(slope[-1, 0] > 0.0))


class Line(NamedTuple):
    """
    Sums as lines in an input, and in further levels beside it, each of shape (sums, points).

    Attributes:
        at: The sums with all of these at nothing.

        slope: In the input; of one sign.

        more: In the further levels by place.
    """

    at: FloatArray
    slope: FloatArray
    more: dict[int, FloatArray]


def line_in(
    response: Response, dealt: Points, candidate: Candidate, others: Sequence[int] = ()
) -> Line | None:
    """
    The sums as lines in an input.

    Args:
        response: The sums.

        dealt: The points.

        candidate: The input.

        others: Places of levels that are taken out too.

    Returns:
        None where the input moves some sums up and others down, or the last not at all.
    """
    shape = len(response.weights), dealt.size
    at, slopes = by_level(response, dealt, (candidate.place, *others))
    slope = slopes.pop(candidate.place)
    if candidate.in_rest.any():
        at = at - np.outer(candidate.in_rest, dealt.values[candidate.node.uid])
        slope = slope + candidate.in_rest[:, None]
    if not slope[-1].any():
        return None
    sign = 1.0 if slope[-1, 0] > 0.0 else -1.0
    low, high = slope.min(), slope.max()
    wrong = -min(sign * low, sign * high)
    if wrong > _ROUNDING * max(abs(low), abs(high)):
        return None
    if wrong > 0.0:
        slope = sign * np.maximum(sign * slope, 0.0)
    # So that where the input moves nobody, what is divided by the slope has the right sign.
    slope[slope == 0.0] = math.copysign(0.0, sign)
    return Line(np.broadcast_to(at, shape), np.broadcast_to(slope, shape), slopes)


def candidates_of(response: Response) -> Iterator[Candidate]:
    """
    The inputs that stand alone, have a density, and in which every sum is linear.

    Those that move the last sum, with everything else in the middle, most of them first.
    """
    inputs = [frozenset() if isinstance(n, Known) else below(n) for n in response.inputs]
    resting = Counter(uid for input_ in inputs for uid in input_)
    last = {uid: float(sums[-1]) for uid, sums in response.reaction.by_leaf.items()}
    moves = {
        place: math.hypot(*(last.get(uid, 0.0) for uid in inputs[place]))
        for place in response.model.levels
        if all(resting[uid] == 1 for uid in inputs[place])
    }
    for place in sorted((place for place in moves if moves[place] > 0.0), key=lambda p: -moves[p]):
        node, mine = response.inputs[place], inputs[place]
        law = exact_law(node)
        if law is None or law.atomic or law.searched:
            continue
        in_rest = [_weight(rest, node, mine) for rest in response.rest]
        weights = [weight for weight in in_rest if weight is not None]
        if len(weights) == len(in_rest):
            yield Candidate(place, node, law, mine, np.array(weights or [0.0]))


def below(*nodes: Node) -> frozenset[str]:
    """The identities of the unknowns below nodes."""
    return frozenset(unknown.uid for unknown in unknowns(in_order(nodes)))


def _weight(rest: Node, node: Node, mine: frozenset[str]) -> float | None:
    """The weight of an input in a sum; None where the sum holds it in another way."""
    if mine.isdisjoint(below(rest)):
        return 0.0
    atoms = linear_form(in_order([rest])).atoms
    inside = [atom for atom in atoms if not mine.isdisjoint(below(atom.node))]
    match inside:
        case [atom] if atom.node.uid == node.uid and isinstance(node, Leaf) and not atom.in_log:
            return atom.weight
        case _:
            return None
