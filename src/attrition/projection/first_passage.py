"""When strength is first below a threshold: all dates in one look, one input integrated exactly."""

import itertools
from collections.abc import Sequence
from typing import final

import attrs
import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray
from attrition.projection.response import Response
from attrition.projection.simulate import Model
from attrition.projection.smoothed import lines, share_by_copy
from attrition.projection.sums import spread
from attrition.uncertain.combination import Combination
from attrition.uncertain.empirical import frozen_array
from attrition.uncertain.lattice import FEWER, LEAST, POINTS, SHIFTS
from attrition.uncertain.law import Law, Method
from attrition.uncertain.node import Node, apply

__all__ = ["OfDays", "first_below"]

# Standard errors of probabilities that call for more points. Of eight copies they scatter by a
# quarter, so that errors beyond .0008 are seldom taken for smaller ones.
_COARSE = 6e-4

# A probability that is not known to this share of it rests on few points, and what they have in
# common with those that were not met says little: the smallest lattice is left then, if it is
# larger than a millionth, and the error is that of all of it, a hundredth of a point at least.
_KNOWN, _SEEN, _OF_A_POINT = 0.2, 1e-6, 0.01

# For so many days there is memory for the large lattice.
_MOST_DAYS = 40


@final
@attrs.frozen(eq=False, repr=False)
class OfDays(Law):
    """
    The law of a number of days until something has happened, infinite where it does not.

    Probabilities are found when they are asked for: of the dates that are asked for.

    Attributes:
        days: When it is looked for, rising, shape (dates,).

        farthest: What an input has to be beyond for it to have happened by then, shape (dates,
            points), the copies one after another.

        law: Of that input.

        rising: Whether strength rises with it, so that beyond is below.
    """

    days: FloatArray = attrs.field(converter=frozen_array)
    farthest: FloatArray
    law: Law
    rising: bool
    _found: dict[int, FloatArray] = attrs.field(init=False, factory=dict)

    def __repr__(self) -> str:
        return f"days until a passage, {len(self.days)} looks"

    @property
    def method(self) -> Method:
        return "lattice"

    @property
    def atomic(self) -> bool:
        return True

    def _by_copy(self, looks: npt.NDArray[np.intp]) -> FloatArray:
        """The probabilities that it has happened after so many looks, shape (copies, looks)."""
        asked = looks.tolist()
        new = [look for look in dict.fromkeys(asked) if look > 0 and look not in self._found]
        if new:
            rows = self.farthest[np.array(new) - 1]
            found = share_by_copy(self.law, rows, rising=self.rising)
            self._found.update(zip(new, found.T, strict=True))
        never = np.zeros(SHIFTS)
        return np.stack([self._found.get(look, never) for look in asked], axis=1)

    @property
    def coarse(self) -> bool:
        """Whether the probabilities after a third, two thirds and all steps need more points."""
        return bool((spread(self._thirds) > _COARSE).any())

    @property
    def thin(self) -> bool:
        """Whether one of them rests on few points."""
        chance, error = self._thirds.mean(axis=0), spread(self._thirds)
        return bool(((chance > _SEEN) & (error > _KNOWN * chance)).any())

    @property
    def _thirds(self) -> FloatArray:
        """The probabilities after a third, two thirds and all steps, shape (copies, 3)."""
        return self._by_copy(1 + np.array([1, 2, 3]) * (len(self.days) - 1) // 3)

    def _curves(self) -> FloatArray:
        """These at all days, shape (copies, dates)."""
        return self._by_copy(np.arange(1, len(self.days) + 1))

    def ppf(self, q: FloatArray) -> FloatArray:
        places = np.searchsorted(self._curves().mean(axis=0), q, side="left")
        return np.append(self.days, np.inf)[places]

    def isf(self, q: FloatArray) -> FloatArray:
        return self.ppf(1.0 - np.asarray(q))

    def cdf(self, x: FloatArray) -> FloatArray:
        looks = np.searchsorted(self.days, x, side="right")
        chance = self._by_copy(np.ravel(looks)).mean(axis=0).reshape(np.shape(x))
        return np.where(np.isposinf(x), 1.0, chance)

    def sf(self, x: FloatArray) -> FloatArray:
        return 1.0 - self.cdf(x)

    def support(self) -> tuple[float, float]:
        return float(self.days[0]), np.inf

    def error(self, q: float) -> float:
        """Nothing where the date is the same in all copies, else the disagreement in days."""
        by_copy = [
            self.days[np.searchsorted(curve, q)] if curve[-1] >= q else np.inf
            for curve in self._curves()
        ]
        if not np.isfinite(by_copy).all():
            return 0.0 if np.isinf(by_copy).all() else np.inf
        return float(spread(np.array(by_copy)))

    def probability_error(self, x: float) -> float:
        copies = self._by_copy(np.searchsorted(self.days, [x], side="right"))[:, 0]
        chance, error = float(copies.mean()), float(spread(copies))
        # Of copies that differ by less than a double can square the error is nothing as well.
        if error <= _KNOWN * chance and (error > 0.0 or np.ptp(copies) == 0.0):
            return error
        return float(max(error, chance, _OF_A_POINT / self.farthest.shape[1]))


def first_below(
    model: Model, inputs: tuple[Node, ...], threshold: Node, days: Sequence[int]
) -> OfDays | None:
    """
    The law of the days until strength is first below a threshold.

    Where strength is a line in one input, it is below the threshold on some date up to a day if
    the input is beyond the farthest of the crossings up to then. What is cut at zero was below
    the threshold before, so that nothing is lost by leaving it uncut.

    Args:
        model: The plan.

        inputs: Its inputs.

        threshold: People.

        days: When strength is looked at, days from the start.

    Returns:
        The law; None where no input can be integrated exactly.
    """
    gap = apply(Combination((-1.0,)), threshold)
    response = Response(model, inputs, np.eye(len(days)), (gap,))
    found = None
    for points in (LEAST, FEWER, POINTS) if len(days) <= _MOST_DAYS else (LEAST, FEWER):
        found = _on_points(response, days, points)
        if found is None or not (found.coarse or (points == LEAST and found.thin)):
            break
    return found


def _on_points(response: Response, days: Sequence[int], points: int) -> OfDays | None:
    """The law by a lattice of so many points a copy."""
    line = lines(response, points)
    if line is None:
        return None
    crossing = line.crossing(np.zeros((len(days), 1)))[:, 0]
    farthest = np.maximum if line.rising else np.minimum
    for before, row in itertools.pairwise(crossing):
        farthest(before, row, out=row)
    return OfDays(np.array(days, dtype=np.float64), crossing, line.law, line.rising)
