"""A law seen through values in independent copies, whose disagreement is the error."""

import math
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.errors import MomentError
from attrition.uncertain.checks import has_value
from attrition.uncertain.empirical import frozen_array
from attrition.uncertain.forms import bounds_of
from attrition.uncertain.law import Law, Method, slope
from attrition.uncertain.moments import check_moment
from attrition.uncertain.node import Leaf, Node, in_order, unknowns
from attrition.uncertain.scipy_law import ScipyFrozen, ScipyVariable
from attrition.uncertain.sums import mean_of_sum, var_of_sum

__all__ = ["Sampled", "law_of_values", "quantiles_of"]


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

        root: The number, if its moments may be those of the terms of a sum.
    """

    copies: FloatArray = attrs.field(converter=frozen_array)
    method: Method
    low: float = -math.inf
    high: float = math.inf
    rests_on: tuple[Law, ...] = ()
    root: Node | None = None

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
            check_moment("mean", law, law.mean())
        exact = None if self.root is None else mean_of_sum(self.root)
        if exact is not None:
            return exact
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
            check_moment("variance", law, law.var())
        exact = None if self.root is None else var_of_sum(self.root)
        return float(self.copies.var()) if exact is None else exact

    def support(self) -> tuple[float, float]:
        return self.low, self.high

    def error(self, q: float) -> float:
        return self._spread(quantiles_of(self.copies, np.asarray(q)))

    def probability_error(self, x: float) -> float:
        shares = [np.searchsorted(row, x, side="right") / row.size for row in self.copies]
        return self._spread(np.array(shares))


def law_of_values(
    root: Node, values: FloatArray, method: Method, held: FloatArray | None = None
) -> Sampled:
    """
    The law of a number through its values.

    Args:
        root: The number.

        values: Its values in independent copies, shape (copies, values).

        method: How they were placed.

        held: One where a value counts, else zero; None where all do. As copies are equally
            long, each is seen through as many of its quantiles as the one with fewest has values.

    Raises:
        ParameterError: If a value that counts is none, from 0 / 0 for example.
    """
    if held is None:
        rows = has_value(values)
    else:
        kept = [has_value(row[flags > 0.0]) for row, flags in zip(values, held, strict=True)]
        least = min(row.size for row in kept)
        places = (np.arange(least) + 0.5) / least
        rows = np.stack([quantiles_of(row, places) for row in kept])
    leaves = (u.law for u in unknowns(in_order([root])) if isinstance(u, Leaf))
    doubtful = tuple(law for law in leaves if isinstance(law, ScipyFrozen | ScipyVariable))
    whole = root if held is None and method == "lattice" else None
    return Sampled(np.sort(rows, axis=-1), method, *bounds_of(root), doubtful, whole)
