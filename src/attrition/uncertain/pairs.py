"""Laws of two independent numbers: the larger and the smaller of them, their sum and product."""

import abc
import math
from typing import Self, final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.forms import bounds_in
from attrition.uncertain.law import Law, slope
from attrition.uncertain.moments import mean_by_probability, var_by_probability
from attrition.uncertain.node import Bounds, Leaf, Operation, apply, in_order
from attrition.uncertain.over_scores import OverScores
from attrition.uncertain.search import Flags
from attrition.uncertain.searched import Ends, Searched
from attrition.uncertain.statement import statement_for

__all__ = ["Larger", "Product", "Smaller", "Sum"]


@attrs.frozen
class _Extreme(Searched):
    """One of two independent numbers, chosen by their order."""

    first: Law
    second: Law

    @abc.abstractmethod
    def _of(self, a: FloatArray, b: FloatArray) -> FloatArray:
        """The choice."""

    def support(self) -> Bounds:
        ends = zip(self.first.support(), self.second.support(), strict=True)
        low, high = (float(self._of(np.asarray(a), np.asarray(b))) for a, b in ends)
        return low, high

    def bracket(self, tail: FloatArray, in_upper: Flags) -> Ends:  # noqa: ARG002 - wide enough
        low = self._of(self.first.ppf(0.25 * tail), self.second.ppf(0.25 * tail))
        return low, self._of(self.first.isf(0.25 * tail), self.second.isf(0.25 * tail))

    def chance_errors(self, x: FloatArray) -> FloatArray:
        return np.zeros(x.shape)

    def pdf(self, x: FloatArray) -> FloatArray:
        return slope(self, x, relative_step=1e-5)

    def _kinks(self) -> list[float]:
        ends = (*self.first.support(), *self.second.support())
        return [end for end in ends if math.isfinite(end)]

    def mean(self) -> float:
        return mean_by_probability(self, self._kinks())

    def var(self) -> float:
        return var_by_probability(self, self._kinks())


@final
@attrs.frozen
class Larger(_Extreme):
    """The larger of two independent numbers."""

    def _of(self, a: FloatArray, b: FloatArray) -> FloatArray:
        return np.maximum(a, b)

    def chance(self, x: FloatArray, upper: Flags) -> FloatArray:
        a, b = self.first.sf(x), self.second.sf(x)
        return np.where(upper, a + b - a * b, self.first.cdf(x) * self.second.cdf(x))


@final
@attrs.frozen
class Smaller(_Extreme):
    """The smaller of two independent numbers."""

    def _of(self, a: FloatArray, b: FloatArray) -> FloatArray:
        return np.minimum(a, b)

    def chance(self, x: FloatArray, upper: Flags) -> FloatArray:
        a, b = self.first.cdf(x), self.second.cdf(x)
        return np.where(upper, self.first.sf(x) * self.second.sf(x), a + b - a * b)


@attrs.frozen(eq=False, repr=False)
class _OfTwo(OverScores):
    """One operation on two independent numbers, the mean taken over the first."""

    @classmethod
    def of(cls, operation: Operation, first: Law, second: Law) -> Self:
        """The law of ``operation`` on two numbers."""
        a, b = Leaf(first), Leaf(second)
        order = in_order([apply(operation, a, b)])
        bounds = bounds_in(order)
        statement = statement_for(order[-1], None, b, order, bounds)
        # None only for operations that turn, and none of those is used here.
        assert statement is not None  # noqa: S101
        return cls(statement, bounds[order[-1].uid], a)

    @property
    def _parts(self) -> tuple[Law, Law]:
        return self.other.law, self.statement.unknown.law


@final
@attrs.frozen(eq=False, repr=False)
class Sum(_OfTwo):
    """The sum of two independent numbers, the first one with less spread."""

    def mean(self) -> float:
        return sum(law.mean() for law in self._parts)

    def var(self) -> float:
        return sum(law.var() for law in self._parts)


@final
@attrs.frozen(eq=False, repr=False)
class Product(_OfTwo):
    """The product of two independent numbers, the first one with less relative spread."""

    def mean(self) -> float:
        return math.prod(law.mean() for law in self._parts)

    def var(self) -> float:
        squares = (law.var() + law.mean() ** 2 for law in self._parts)
        return math.prod(squares) - self.mean() ** 2
