"""Laws as means over rows: draws that are given, or the points of the lattice in copies."""

import math
from collections.abc import Sequence
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.averaged import Averaged, Rough
from attrition.uncertain.law import Law, Method
from attrition.uncertain.sampled import Sampled
from attrition.uncertain.search import Flags, place_by_secant
from attrition.uncertain.section import Values

__all__ = ["OverRows"]

_QUARTERS = np.array([0.25, 0.75])

# Values held at once, in one array of places by rows.
_AT_ONCE = 2**16


@final
@attrs.frozen(eq=False, repr=False)
class OverRows(Averaged):
    """
    A number whose other unknowns are known by rows.

    Attributes:
        known: What has to be known, arrays of shape (copies, rows, 1).

        weights: Of the rows, which sum to one in every copy; shape (copies, rows).

        about: The law, roughly.

        sampled: The law through values of the number, where the rows are those of the lattice;
            None where they are all there is.
    """

    known: Values
    weights: FloatArray
    about: Rough
    sampled: Sampled | None = None

    @property
    def method(self) -> Method:
        return "exact" if self.sampled is None else self.sampled.method

    def rough(self) -> Rough:
        return self.about

    def averaged(self) -> Sequence[Law]:
        return ()

    def mean(self) -> float:
        return super().mean() if self.sampled is None else self.sampled.mean()

    def var(self) -> float:
        return super().var() if self.sampled is None else self.sampled.var()

    def root(self, tail: FloatArray, in_upper: Flags) -> FloatArray:
        if self.sampled is None:
            return super().root(tail, in_upper)
        return place_by_secant(self.excess, (tail, in_upper), *self.bracket(tail, in_upper))

    def chance(self, x: FloatArray, upper: Flags) -> FloatArray:
        return np.clip(self._chances(x, upper).mean(axis=0), 0.0, 1.0)

    def _chances(self, x: FloatArray, upper: Flags) -> FloatArray:
        shares = self._means(x, upper)
        return shares if self.statement.event is None else shares / self._wholes()

    def _means(self, x: FloatArray, upper: Flags) -> FloatArray:
        # One side at a time, as a place needs only one end of an interval then.
        found = np.empty((len(self.weights), x.size))
        step = max(_AT_ONCE // self.weights.size, 1)
        for side in (False, True):
            (places,) = np.nonzero(upper == side)
            for i in range(0, places.size, step):
                few = places[i : i + step]
                found[:, few] = self._means_at_once(x[few], upper[few])
        return found

    def _means_at_once(self, x: FloatArray, upper: Flags) -> FloatArray:
        with np.errstate(all="ignore"):
            mass = self.statement.mass(self.known, x, upper)
        shape = (*self.weights.shape, x.size)
        return np.einsum("cr,crx->cx", self.weights, np.broadcast_to(mass, shape))

    def _wholes(self) -> FloatArray:
        return self._means(np.array([np.inf]), np.array([False]))

    def whole(self) -> float:
        """The probability of the event alone."""
        return float(self._wholes().mean())

    def whole_error(self) -> float:
        """Standard error of the probability of the event, from the copies."""
        return _spread(self._wholes()[:, 0])

    def error(self, q: float) -> float:
        place = float(self.ppf(np.array(q)))
        low, high = self.ppf(_QUARTERS)
        places = place + np.array([-0.01, 0.0, 0.01]) * (high - low)
        chances = self._chances(places, np.full(3, q > 0.5))  # noqa: PLR2004 - the median
        density = abs(float(np.diff(chances[:, ::2]).mean())) / float(places[2] - places[0])
        return _spread(chances[:, 1]) / density if density > 0.0 else 0.0

    def probability_error(self, x: float) -> float:
        return _spread(self._chances(np.array([x]), np.array([False]))[:, 0])


def _spread(answers: FloatArray) -> float:
    """Standard error of the mean of one answer a copy; none of a single one."""
    if answers.size == 1:
        return 0.0
    return float(np.std(answers, ddof=1) / math.sqrt(answers.size))
