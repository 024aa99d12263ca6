"""Laws as means over rows: draws that are given, or the points of the lattice in copies."""

import math
from collections.abc import Sequence
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.averaged import Averaged
from attrition.uncertain.law import Law, Method
from attrition.uncertain.quantile_table import ScoreTable
from attrition.uncertain.rough import Rough
from attrition.uncertain.sampled import Sampled
from attrition.uncertain.scores import probability_of, score_of
from attrition.uncertain.search import Flags, place_by_secant
from attrition.uncertain.searched import ahead
from attrition.uncertain.section import Values

__all__ = ["OverRows"]

# So many quantiles are read off a curve through a hundred of them.
_MANY, _CELLS = 96, 96
_FARTHEST = 8.0

# Values held at once, in one array of places by rows.
_AT_ONCE = 2**16


@final
@attrs.frozen(eq=False, repr=False)
class OverRows(Averaged):
    """
    A number whose other unknowns are known by rows.

    Attributes:
        known: What has to be known, arrays of shape (copies, 1, rows).

        weights: Of the rows, shape (copies, 1, rows).

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

    @property
    def sampled_as(self) -> Law | None:
        return self.sampled

    def averaged(self) -> Sequence[Law]:
        return ()

    def mean(self) -> float:
        return super().mean() if self.sampled is None else self.sampled.mean()

    def var(self) -> float:
        return super().var() if self.sampled is None else self.sampled.var()

    def ppf(self, q: FloatArray) -> FloatArray:
        if self.sampled is None or np.size(q) < _MANY:
            return super().ppf(q)
        return self._many(self.sampled, score_of(np.ravel(q))).reshape(np.shape(q))

    def isf(self, q: FloatArray) -> FloatArray:
        if self.sampled is None or np.size(q) < _MANY:
            return super().isf(q)
        return self._many(self.sampled, -score_of(np.ravel(q))).reshape(np.shape(q))

    def _many(self, sampled: Sampled, scores: FloatArray) -> FloatArray:
        """Quantiles on a curve through some, or through the values where there may be gaps."""
        if self.atomic:
            return sampled.at_score(scores)
        inside = np.clip(scores, -_FARTHEST, _FARTHEST)
        step = (inside.max() - inside.min()) / _CELLS
        z = inside.min() + step * np.arange(-2.0, _CELLS + 3.0)
        curve = ScoreTable.through(z, self._one_by_one(z))
        return curve.at(inside) if curve.rises else sampled.at_score(scores)

    def _one_by_one(self, z: FloatArray) -> FloatArray:
        """Quantiles at normal scores, each sought for itself."""
        tail, lower = probability_of(-np.abs(z)), z < 0.0
        places = np.empty(z.shape)
        places[lower], places[~lower] = super().ppf(tail[lower]), super().isf(tail[~lower])
        return places

    def sought(self, tail: FloatArray, in_upper: Flags) -> FloatArray:
        if self.sampled is None:
            return super().sought(tail, in_upper)
        ends = self.bracket(tail, in_upper)
        return place_by_secant(self.excess, self._excess_of_few, (tail, in_upper), *ends)

    def _excess_of_few(self, x: FloatArray, tail: FloatArray, in_upper: Flags) -> FloatArray:
        """As :meth:`excess`, from a quarter of the copies."""
        few = max(len(self.weights) // 4, 1)
        part = attrs.evolve(
            self,
            known={uid: value[:few] for uid, value in self.known.items()},
            weights=self.weights[:few],
        )
        return ahead(part.chance(x, in_upper), tail, in_upper)

    def chance(self, x: FloatArray, upper: Flags) -> FloatArray:
        return np.asarray(np.clip(self._chances(x, upper).mean(axis=0), 0.0, 1.0))

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
                found[:, few] = self._means_at_once(x[few, None], upper[few, None])
        return found

    def _means_at_once(self, x: FloatArray, upper: Flags) -> FloatArray:
        with np.errstate(all="ignore"):
            mass = self.statement.mass(self.known, x, upper)
        # Rows last and each sum by itself, so that it is the same whatever is asked beside it.
        total = np.broadcast_to(self.weights, mass.shape).sum(axis=-1)
        return np.asarray((self.weights * mass).sum(axis=-1) / total)

    def _wholes(self) -> FloatArray:
        return self._means(np.array([np.inf]), np.array([False]))

    def whole(self) -> float:
        """The probability of the event alone."""
        return float(self._wholes().mean())

    def whole_error(self) -> float:
        """Standard error of the probability of the event, from the copies."""
        return float(_spread(self._wholes())[0])

    def chance_errors(self, x: FloatArray) -> FloatArray:
        return np.hypot(_spread(self._chances(x, np.zeros(x.shape, dtype=bool))), self._coarse())

    def _coarse(self) -> float:
        """How well the lattice places a jump: to one of its points, which all copies may share."""
        if self.sampled is None or not self.atomic:
            return 0.0
        copies, _, rows = self.weights.shape
        return float(1.0 / (rows * math.sqrt(12.0 * copies)))


def _spread(answers: FloatArray) -> FloatArray:
    """Standard errors of the means of one answer a copy; none of a single one."""
    copies = len(answers)
    if copies == 1:
        return np.zeros(answers.shape[1:])
    return np.asarray(np.std(answers, axis=0, ddof=1) / math.sqrt(copies))
