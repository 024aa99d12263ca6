"""The level of a flow that keeps strength at a threshold, with one input integrated exactly."""

from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.projection.lattice import on_lattice
from attrition.projection.response import Response
from attrition.projection.smoothed import (
    Line,
    below,
    candidates_of,
    line_in,
    share_by_copy,
)
from attrition.projection.sums import Sums, spread
from attrition.uncertain.lattice import FEWER
from attrition.uncertain.law import Law, Method
from attrition.uncertain.sampled import quantiles_of
from attrition.uncertain.stream import DEFAULT_SEED, generator

__all__ = ["BreakEven", "break_even"]

# A slope that is so small that what is divided by it is beyond every input, and finite.
_NEARLY_NOBODY = 1e-150


@final
@attrs.frozen(eq=False)
class BreakEven(Sums):
    """
    The law of a level at which strength just holds at all dates.

    At each date it holds if an input that is integrated is beyond a crossing, which is a line in
    the level: first + each level. It holds at all of them beyond the farthest.

    Attributes:
        first: Shape (dates, points), the copies one after another.

        each: Likewise.

        law: Of the input.

        above: Whether beyond is above.

        helps: Whether more of the level holds strength better.

        values: Levels at the points with the input drawn at random, for first guesses and
            moments, shape (points,).
    """

    first: FloatArray
    each: FloatArray
    law: Law
    above: bool
    helps: bool
    values: FloatArray

    @property
    def method(self) -> Method:
        return "lattice"

    def chance(self, x: FloatArray) -> FloatArray:
        return np.asarray(self._copies(x).mean(axis=0))

    def uncut_errors(self, x: FloatArray) -> FloatArray:
        return spread(self._copies(x))

    def moments(self) -> tuple[FloatArray, FloatArray]:
        return np.array([self.values.mean()]), np.array([self.values.var()])

    def start(self, q: FloatArray) -> FloatArray:
        return quantiles_of(self.values, q)[None]

    def _copies(self, x: FloatArray) -> FloatArray:
        """Probabilities that the level is at most ``x``, shape (copies, 1, places)."""
        farthest = np.stack([self._farthest(level) for level in x[0]])
        holds = share_by_copy(self.law, farthest, rising=not self.above)[:, None]
        return holds if self.helps else 1.0 - holds

    def _farthest(self, level: float) -> FloatArray:
        """What the input has to be beyond for strength to hold at a level, shape (points,)."""
        farther = np.maximum if self.above else np.minimum
        found = self.first[0] + self.each[0] * level
        # Date by date: new arrays of all dates cost more than the arithmetic.
        crossing = np.empty_like(found)
        for first, each in zip(self.first[1:], self.each[1:], strict=True):
            np.multiply(each, level, out=crossing)
            crossing += first
            farther(found, crossing, out=found)
        return np.asarray(found)


def break_even(response: Response, place: int, *, helps: bool) -> BreakEven | None:
    """
    The law of a level that keeps strength at a threshold.

    Args:
        response: Strength at the dates that count, less the threshold.

        place: The input that is the level.

        helps: Whether more of it holds strength better.

    Returns:
        The law; None where no other input can be integrated exactly, or the level has no bound.
    """
    others = (one for one in candidates_of(response) if one.place != place)
    candidate = next(others, None)
    if candidate is None:
        return None
    still = candidate.unknowns | _alone(response, place)
    dealt = on_lattice(response, FEWER, still=still)
    line = line_in(response, dealt, candidate, [place])
    return None if line is None else _found(response, line, candidate.law, place, helps=helps)


def _alone(response: Response, place: int) -> frozenset[str]:
    """The identities of unknowns that nothing but an input rests on."""
    others = (node for i, node in enumerate(response.inputs) if i != place)
    return below(response.inputs[place]) - below(*others, *response.rest)


def _found(
    response: Response, line: Line, law: Law, place: int, *, helps: bool
) -> BreakEven | None:
    at, slope, more = line.at, line.slope, line.more[place]
    parts = slope * law.draw(generator(DEFAULT_SEED, "break-even", 0), at.shape[1])
    with np.errstate(all="ignore"):
        parts += at
        parts /= more
    values = np.maximum(-(parts.min(axis=0) if helps else parts.max(axis=0)), 0.0)
    if not np.isfinite(values).all():
        return None
    above = bool(slope[-1, 0] > 0.0)
    if not slope.all():
        # Where the input moves nobody it is as if it moved nearly nobody: all or nothing holds.
        slope = np.where(slope == 0.0, _NEARLY_NOBODY if above else -_NEARLY_NOBODY, slope)
    first, each = np.divide(at, slope, out=parts), more / slope
    np.negative(first, out=first)
    return BreakEven(response, first, np.negative(each, out=each), law, above, helps, values)
