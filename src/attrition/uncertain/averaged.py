"""Laws as means over all unknowns but one, whose own law gives the probability."""

import abc
import math
from collections.abc import Sequence

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.law import Law
from attrition.uncertain.moments import check_moment, mean_by_probability, var_by_probability
from attrition.uncertain.node import Apply, Bounds, makes_atoms
from attrition.uncertain.rough import Rough
from attrition.uncertain.scipy_law import ScipyFrozen, ScipyVariable
from attrition.uncertain.search import Flags
from attrition.uncertain.searched import Ends, Searched
from attrition.uncertain.statement import Statement

__all__ = ["Averaged"]

_QUARTERS = np.array([0.25, 0.75])

# How far rounding may carry a value that has mass of its own, as a share of its scale.
_ROUNDING = 1e-12


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
        return makes_atoms(self.statement.root)

    def _side(self, x: FloatArray, side: float) -> FloatArray:
        """Places a little to one side, where single values have mass: they are rounded."""
        if not self.atomic:
            return np.asarray(x)
        low, high = self.rough().bracket(_QUARTERS)
        return np.asarray(x + side * _ROUNDING * (np.abs(x) + (high[1] - low[0])))

    def cdf(self, x: FloatArray) -> FloatArray:
        return super().cdf(self._side(x, 1.0))

    def sf(self, x: FloatArray) -> FloatArray:
        return super().sf(self._side(x, 1.0))

    def below(self, x: FloatArray) -> FloatArray:
        return super().cdf(self._side(x, -1.0))

    def at_least(self, x: FloatArray) -> FloatArray:
        return super().sf(self._side(x, -1.0))

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

    def mean(self) -> float:
        for law in self._doubtful():
            check_moment("mean", law, law.mean())
        return mean_by_probability(self, self._atoms())

    def var(self) -> float:
        for law in self._doubtful():
            check_moment("variance", law, law.var())
        return var_by_probability(self, self._atoms())

    def _atoms(self) -> list[float]:
        """The single values with most mass, at which probabilities jump."""
        return self.rough().repeated() if self.atomic else []

    def _doubtful(self) -> list[Law]:
        """The laws whose missing moments may reach this number; its bounds would keep them out."""
        if math.isfinite(self.bounds[0]) and math.isfinite(self.bounds[1]):
            return []
        laws = [self.statement.unknown.law, *self.averaged()]
        return [law for law in laws if isinstance(law, ScipyFrozen | ScipyVariable)]
