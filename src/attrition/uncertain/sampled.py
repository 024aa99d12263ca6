"""A law seen through values in independent copies, whose disagreement is the error."""

import math
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.errors import MomentError
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
    with np.errstate(invalid="ignore"):
        found = np.asarray(np.quantile(values, q, axis=-1, method="hazen"), dtype=np.float64)
    between = np.isnan(found)
    if not between.any():
        return found
    # Nothing lies between a value and an infinite one: the value that has enough below it.
    return np.where(between, np.quantile(values, q, axis=-1, method="inverted_cdf"), found)


def _vouch(what: str, law: Law, moment: float) -> None:
    """Refuse a moment that values would show as finite although it may not be."""
    if not math.isfinite(moment):
        message = (
            f"the {what} of a number that rests on {law!r}, whose own is infinite, may not exist. "
            f"Use median() and interval(confidence), which always exist."
        )
        raise MomentError(message)


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

        rests_on: Laws below it that may have no moments.
    """

    copies: FloatArray = attrs.field(converter=frozen_array)
    method: Method
    low: float = -math.inf
    high: float = math.inf
    rests_on: tuple[Law, ...] = ()

    def __repr__(self) -> str:
        return f"Sampled({self.copies.size} values, {self.method})"

    @property
    def atomic(self) -> bool:
        return True

    def _spread(self, answers: FloatArray) -> float:
        """Standard error of the mean of one answer a copy."""
        if (answers == answers[0]).all():
            return 0.0
        if not np.isfinite(answers).all():
            return math.inf
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

    def _doubtful(self) -> tuple[Law, ...]:
        """The laws whose missing moments may reach this number; its bounds would keep them out."""
        bounded = math.isfinite(self.low) and math.isfinite(self.high)
        return () if bounded else self.rests_on

    def mean(self) -> float:
        for law in self._doubtful():
            _vouch("mean", law, law.mean())
        with np.errstate(invalid="ignore"):
            mean = float(self.copies.mean())
        if math.isnan(mean):
            message = (
                "the mean of a number that may be infinite on either side does not exist. "
                "Use median() and interval(confidence), which always exist."
            )
            raise MomentError(message)
        return mean

    def var(self) -> float:
        if (self.copies == self.copies.flat[0]).all():
            return 0.0
        if not math.isfinite(self.mean()):
            return math.inf
        for law in self._doubtful():
            _vouch("variance", law, law.var())
        return float(self.copies.var())

    def support(self) -> tuple[float, float]:
        return self.low, self.high

    def error(self, q: float) -> float:
        return self._spread(quantiles_of(self.copies, np.asarray(q)))

    def probability_error(self, x: float) -> float:
        shares = [np.searchsorted(row, x, side="right") / row.size for row in self.copies]
        return self._spread(np.array(shares))
