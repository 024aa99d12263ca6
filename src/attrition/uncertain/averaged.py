"""Laws as means over all unknowns but one, whose own law gives the probability."""

import abc
import math
from collections.abc import Sequence
from typing import NamedTuple, Self

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.law import Law, slope
from attrition.uncertain.moments import check_moment, mean_by_probability, var_by_probability
from attrition.uncertain.node import Apply, Bounds, in_order
from attrition.uncertain.operations import Maximum, Minimum
from attrition.uncertain.scipy_law import ScipyFrozen, ScipyVariable
from attrition.uncertain.search import Flags
from attrition.uncertain.searched import Ends, Searched
from attrition.uncertain.statement import Statement

__all__ = ["Averaged", "Rough"]

_HALF = 0.5

# The least probability that is told from none.
_LEAST = 1e-300


# Normal scores this close are alike.
_CLOSE = 1e-11


_FARTHEST = 1e300


class Rough(NamedTuple):
    """A law seen through values, for a first guess: sorted, with the weight up to each."""

    values: FloatArray
    up_to: FloatArray
    step: float

    @classmethod
    def of(cls, values: FloatArray, weights: FloatArray, step: float) -> Self:
        """From values that carry weight, in any order, whose shares are right to ``step``."""
        flat, share = (np.ravel(array) for array in np.broadcast_arrays(values, weights))
        counts = ~np.isnan(flat) & (share > 0.0)
        order = np.argsort(flat[counts])
        up_to = np.cumsum(share[counts][order])
        placed = np.clip(flat[counts][order], -_FARTHEST, _FARTHEST)
        return cls(placed, up_to / up_to[-1], step)

    def bracket(self, q: FloatArray) -> Ends:
        """Values well below and well above the quantiles at lower probability ``q``."""
        step = self.step * np.minimum(q, 1.0 - q)
        before = np.searchsorted(self.up_to, q - step) - 1
        after = np.searchsorted(self.up_to, q + step) + 1
        low = self.values[np.maximum(before, 0)]
        return low, self.values[np.minimum(after, self.values.size - 1)]


@attrs.frozen(eq=False, repr=False)
class Averaged(Searched):
    """
    P(X at most x) as the mean, over all unknowns but one, of the probability that this one gives.

    Attributes:
        statement: The number, the event that is given, and the unknown.

        bounds: Where the number lies.
    """

    statement: Statement
    bounds: Bounds

    def __repr__(self) -> str:
        root = self.statement.root
        kind = type(root.operation).__name__ if isinstance(root, Apply) else "unknown"
        given = "" if self.statement.event is None else ", given an event"
        return f"{kind} by {self.method}{given}"

    @property
    def atomic(self) -> bool:
        operations = (n.operation for n in in_order([self.statement.root]) if isinstance(n, Apply))
        return any(isinstance(o, Maximum | Minimum) for o in operations)

    @abc.abstractmethod
    def rough(self) -> Rough:
        """The law, roughly."""

    @abc.abstractmethod
    def whole(self) -> float:
        """The probability of the event alone."""

    @abc.abstractmethod
    def whole_error(self) -> float:
        """The numerical error of that."""

    @abc.abstractmethod
    def averaged(self) -> Sequence[Law]:
        """The laws of what is averaged over."""

    def bracket(self, tail: FloatArray, in_upper: Flags) -> Ends:
        return self.rough().bracket(np.where(in_upper, 1.0 - tail, tail))

    def support(self) -> Bounds:
        return self.bounds

    def pdf(self, x: FloatArray) -> FloatArray:
        return slope(self, x, relative_step=1e-4)

    def mean(self) -> float:
        for law in self._doubtful():
            check_moment("mean", law, law.mean())
        return super().mean() if self.atomic else mean_by_probability(self)

    def var(self) -> float:
        for law in self._doubtful():
            check_moment("variance", law, law.var())
        return super().var() if self.atomic else var_by_probability(self)

    def _doubtful(self) -> list[Law]:
        """The laws whose missing moments may reach this number; its bounds would keep them out."""
        if math.isfinite(self.bounds[0]) and math.isfinite(self.bounds[1]):
            return []
        laws = [self.statement.unknown.law, *self.averaged()]
        return [law for law in laws if isinstance(law, ScipyFrozen | ScipyVariable)]

    def error(self, q: float) -> float:
        place = float(self.ppf(np.asarray(q)))
        density = float(self.pdf(np.asarray(place)))
        return self.probability_error(place) / density if density > 0.0 else 0.0
