"""A law seen through values in independent copies, whose disagreement is the error."""

import math
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.empirical import frozen_array
from attrition.uncertain.law import Law, Method, slope

__all__ = ["Sampled", "quantiles_of"]


def quantiles_of(values: FloatArray, q: FloatArray) -> FloatArray:
    """
    Quantiles along the last axis, by Hazen's rule: value i of n stands for (i + 1/2) / n.

    References:
        Hyndman, R. J. and Fan, Y. (1996). Sample quantiles in statistical packages.
        doi:10.1080/00031305.1996.10473566
    """
    return np.asarray(np.quantile(values, q, axis=-1, method="hazen"), dtype=np.float64)


@final
@attrs.frozen(repr=False, eq=False)
class Sampled(Law):
    """
    A law known by sorted values in independent copies of equal size.

    Attributes:
        copies: Shape (copies, values), every row sorted.

        method: How the values were placed.

        low: A bound below which the number cannot be.

        high: A bound above which the number cannot be.
    """

    copies: FloatArray = attrs.field(converter=frozen_array)
    method: Method = attrs.field()  # type: ignore[misc]  # a field here, a constant elsewhere
    low: float = -math.inf
    high: float = math.inf

    def __repr__(self) -> str:
        return f"Sampled({self.copies.size} values, {self.method})"

    def _spread(self, answers: FloatArray) -> float:
        """Standard error of the mean of one answer a copy."""
        return float(np.std(answers, ddof=1) / math.sqrt(answers.size))

    def ppf(self, q: FloatArray) -> FloatArray:
        return quantiles_of(self.copies.ravel(), q)

    def isf(self, q: FloatArray) -> FloatArray:
        return self.ppf(1.0 - q)

    def cdf(self, x: FloatArray) -> FloatArray:
        ranks = [np.searchsorted(row, x, side="right") for row in self.copies]
        return np.asarray(np.sum(ranks, axis=0) / self.copies.size, dtype=np.float64)

    def sf(self, x: FloatArray) -> FloatArray:
        return 1.0 - self.cdf(x)

    def pdf(self, x: FloatArray) -> FloatArray:
        """Density smoothed over a tenth of the interquartile range."""
        return slope(self, x, relative_step=0.05)

    def mean(self) -> float:
        return float(self.copies.mean())

    def var(self) -> float:
        first = self.copies.flat[0]
        if (self.copies == first).all():
            return 0.0
        return float(self.copies.var())

    def support(self) -> tuple[float, float]:
        return self.low, self.high

    def error(self, q: float) -> float:
        return self._spread(quantiles_of(self.copies, np.asarray(q)))

    def probability_error(self, x: float) -> float:
        shares = [np.searchsorted(row, x, side="right") / row.size for row in self.copies]
        return self._spread(np.array(shares))
