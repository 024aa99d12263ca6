"""The level of a flow that keeps strength at a threshold, with one input integrated exactly."""

from collections.abc import Sequence
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.projection.lattice import on_lattice
from attrition.projection.response import Response
from attrition.projection.smoothed import by_influence, candidates_of, line_in
from attrition.projection.sums import Sums, spread
from attrition.uncertain.lattice import FEWER, SHIFTS
from attrition.uncertain.law import Law, Method
from attrition.uncertain.sampled import quantiles_of
from attrition.uncertain.stream import DEFAULT_SEED, generator

__all__ = ["BreakEven", "break_even"]


@final
@attrs.frozen(eq=False)
class BreakEven(Sums):
    """
    The law of the level x at which the least of at + slope v + more x over the dates is nothing.

    Strength holds at every date if v, the input that is integrated, is beyond all the crossings.

    Attributes:
        at: Strength less the threshold without either, shape (dates, points), the copies one
            after another.

        slope: In the input, likewise; of one sign.

        more: In the level, likewise.

        law: Of the input.

        helps: Whether more of the level holds strength better.

        values: Levels at the points with the input drawn at random, for first guesses and
            moments, shape (points,).
    """

    at: FloatArray
    slope: FloatArray
    more: FloatArray
    law: Law
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
        # Place by place: all at once would be as many times the dates and points.
        holds = np.stack([self._holds(place) for place in x[0]])
        chance = holds if self.helps else 1.0 - holds
        by_copy = np.asarray(chance.reshape(len(holds), SHIFTS, -1).mean(axis=-1))
        return by_copy.T[:, None]

    def _holds(self, level: float) -> FloatArray:
        """The probability that strength holds at a level, shape (points,)."""
        with np.errstate(all="ignore"):
            crossing = -(self.at + self.more * level) / self.slope
        if self.slope[-1, 0] > 0.0:
            return self.law.sf(np.fmax.reduce(crossing))
        return self.law.cdf(np.fmin.reduce(crossing))


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
    others = [one for one in candidates_of(response) if one.place != place]
    dealt = on_lattice(response, FEWER)
    for candidate in by_influence(response, others)[:1]:
        line = line_in(response, dealt, candidate, [place])
        if line is None:
            return None
        drawn = candidate.law.draw(generator(DEFAULT_SEED, "break-even", 0), dealt.size)
        parts = line.at, line.slope, line.more[place]
        return _found(response, parts, candidate.law, drawn, helps=helps)
    return None


def _found(
    response: Response,
    parts: Sequence[FloatArray],
    law: Law,
    drawn: FloatArray,
    *,
    helps: bool,
) -> BreakEven | None:
    at, slope, more = parts
    with np.errstate(all="ignore"):
        levels = -(at + slope * drawn) / more
    values = np.maximum(levels.max(axis=0) if helps else levels.min(axis=0), 0.0)
    if not np.isfinite(values).all():
        return None
    return BreakEven(response, at, slope, more, law, helps, values)
