"""When strength is first below a threshold: all dates in one look, one input integrated exactly."""

import itertools
from collections.abc import Sequence
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.projection.response import Response
from attrition.projection.simulate import Model
from attrition.projection.smoothed import lines
from attrition.projection.sums import spread
from attrition.uncertain.combination import Combination
from attrition.uncertain.empirical import frozen_array
from attrition.uncertain.lattice import FEWER
from attrition.uncertain.law import Law, Method
from attrition.uncertain.node import Node, apply

__all__ = ["OfDays", "first_below"]


@final
@attrs.frozen(eq=False, repr=False)
class OfDays(Law):
    """
    The law of a number of days until something has happened, infinite where it does not.

    Attributes:
        days: When it is looked for, rising, shape (dates,).

        by: Probability that it has happened by then, shape (copies, dates).
    """

    days: FloatArray = attrs.field(converter=frozen_array)
    by: FloatArray = attrs.field(converter=frozen_array)

    def __repr__(self) -> str:
        return f"days until a passage, {len(self.days)} looks"

    @property
    def method(self) -> Method:
        return "lattice"

    @property
    def atomic(self) -> bool:
        return True

    def _curve(self) -> FloatArray:
        return np.asarray(self.by.mean(axis=0))

    def ppf(self, q: FloatArray) -> FloatArray:
        places = np.searchsorted(self._curve(), q, side="left")
        return np.append(self.days, np.inf)[places]

    def isf(self, q: FloatArray) -> FloatArray:
        return self.ppf(1.0 - np.asarray(q))

    def cdf(self, x: FloatArray) -> FloatArray:
        places = np.searchsorted(self.days, x, side="right")
        chance = np.insert(self._curve(), 0, 0.0)[places]
        return np.where(np.isposinf(x), 1.0, chance)

    def sf(self, x: FloatArray) -> FloatArray:
        return 1.0 - self.cdf(x)

    def support(self) -> tuple[float, float]:
        return float(self.days[0]), np.inf

    def error(self, q: float) -> float:
        """Nothing where the date is the same in all copies, else the disagreement in days."""
        by_copy = [
            self.days[np.searchsorted(curve, q)] if curve[-1] >= q else np.inf for curve in self.by
        ]
        if not np.isfinite(by_copy).all():
            return 0.0 if np.isinf(by_copy).all() else np.inf
        return float(spread(np.array(by_copy)))

    def probability_error(self, x: float) -> float:
        place = int(np.searchsorted(self.days, x, side="right")) - 1
        return float(spread(self.by)[place]) if place >= 0 else 0.0


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
    line = lines(Response(model, inputs, np.eye(len(days)), (gap,)), FEWER)
    if line is None:
        return None
    crossing = line.crossing(np.zeros((len(days), 1)))[:, 0]
    farthest = np.maximum if line.rising else np.minimum
    for before, row in itertools.pairwise(crossing):
        farthest(before, row, out=row)
    return OfDays(np.array(days, dtype=np.float64), line.by_copy(crossing))
