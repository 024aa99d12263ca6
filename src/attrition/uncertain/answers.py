"""What a number known through a law answers, under the names that scipy.stats uses."""

import abc
from collections.abc import Callable
from typing import final, overload

import attrs
import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray, Number, ScipyDistribution
from attrition.errors import ParameterError
from attrition.uncertain.checks import as_array, between_zero_and_one
from attrition.uncertain.law import Law, Method
from attrition.uncertain.scipy_out import law_to_scipy

__all__ = ["Answers", "Summary"]

_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@final
@attrs.frozen(kw_only=True)
class Summary:
    """
    A number in a few numbers, with the way they were found.

    Attributes:
        mean: The mean.

        std: The standard deviation.

        quantiles: Value by probability.

        method: "exact", "quadrature", "lattice" or "draws".

        error: The largest numerical standard error among the quantiles.

    Examples:
        >>> from attrition import about
        >>> about(9_000, sd=3_000).summary().quantiles[0.5]
        9000.0
    """

    mean: float
    std: float
    quantiles: dict[float, float]
    method: Method
    error: float


class Answers(abc.ABC):
    """The questions that a law answers; whoever has a law inherits them."""

    __slots__ = ()

    @abc.abstractmethod
    def _law(self) -> Law:
        """The law, found afresh: nothing here remembers."""

    @property
    def method(self) -> Method:
        """How answers are found, which is "exact", "quadrature", "lattice" or "draws"."""
        return self._law().method

    def mean(self) -> float:
        """The mean, or a ``MomentError`` where there is none."""
        return self._law().mean()

    def var(self) -> float:
        """The variance, or a ``MomentError`` where there is none."""
        return self._law().var()

    def std(self) -> float:
        """The standard deviation, or a ``MomentError`` where there is none."""
        return float(np.sqrt(self._law().var()))

    def median(self) -> float:
        """The value that is as likely exceeded as not."""
        return float(_shaped(self._law().ppf, np.array(0.5)))

    @overload
    def ppf(self, q: Number) -> float: ...
    @overload
    def ppf(self, q: npt.ArrayLike) -> float | FloatArray: ...
    def ppf(self, q: npt.ArrayLike) -> float | FloatArray:
        """The quantile: the value that holds probability ``q`` below it."""
        return _shaped(self._law().ppf, _probabilities(q))

    @overload
    def isf(self, q: Number) -> float: ...
    @overload
    def isf(self, q: npt.ArrayLike) -> float | FloatArray: ...
    def isf(self, q: npt.ArrayLike) -> float | FloatArray:
        """The upper quantile: the value that holds probability ``q`` above it."""
        return _shaped(self._law().isf, _probabilities(q))

    @overload
    def cdf(self, x: Number) -> float: ...
    @overload
    def cdf(self, x: npt.ArrayLike) -> float | FloatArray: ...
    def cdf(self, x: npt.ArrayLike) -> float | FloatArray:
        """Probability of at most ``x``."""
        return _shaped(self._law().cdf, _places(x))

    @overload
    def sf(self, x: Number) -> float: ...
    @overload
    def sf(self, x: npt.ArrayLike) -> float | FloatArray: ...
    def sf(self, x: npt.ArrayLike) -> float | FloatArray:
        """Probability of more than ``x``."""
        return _shaped(self._law().sf, _places(x))

    @overload
    def pdf(self, x: Number) -> float: ...
    @overload
    def pdf(self, x: npt.ArrayLike) -> float | FloatArray: ...
    def pdf(self, x: npt.ArrayLike) -> float | FloatArray:
        """Density at ``x``; of a number without closed form, a smoothed one."""
        return _shaped(self._law().pdf, _places(x))

    def interval(self, confidence: float) -> tuple[float, float]:
        """
        The central interval that holds ``confidence``.

        Examples:
            >>> from attrition import about
            >>> low, high = about(44_000, relative=0.10, confidence=0.9).interval(0.9)
            >>> round(low), round(high)
            (39600, 48400)
        """
        tail = 0.5 * (1.0 - between_zero_and_one(confidence, "confidence"))
        law = self._law()
        return float(_shaped(law.ppf, np.array(tail))), float(_shaped(law.isf, np.array(tail)))

    def to_scipy(self) -> ScipyDistribution:
        """
        A frozen distribution of ``scipy.stats`` that is equivalent to the law of the number.

        What was made from a frozen distribution comes back as it was; a normal, lognormal,
        uniform, PERT or exponential number is a member of scipy's family; one of a few values
        is a discrete distribution. Any other distribution asks this number for its
        probabilities and quantiles: ``dist.cdf_error`` states the standard error of its
        probabilities, 0 for an exact law. The ties to other numbers are lost on the way.

        Examples:
            >>> from attrition import between
            >>> between(14_500, 23_000, confidence=0.9, family="lognormal").to_scipy().dist.name
            'lognorm'
        """
        return law_to_scipy(self._law())

    def summary(self) -> Summary:
        """
        Mean, spread and quantiles, with the method and the numerical error.

        Examples:
            >>> from attrition import about
            >>> about(9_000, sd=3_000).summary().method
            'exact'
        """
        law = self._law()
        places = np.asarray(_shaped(law.ppf, np.array(_QUANTILES)))
        return Summary(
            mean=law.mean(),
            std=float(np.sqrt(law.var())),
            quantiles=dict(zip(_QUANTILES, places.tolist(), strict=True)),
            method=law.method,
            error=float(law.errors(np.array(_QUANTILES)).max()),
        )


def _shaped(function: Callable[[FloatArray], FloatArray], at: FloatArray) -> float | FloatArray:
    with np.errstate(all="ignore"):
        values = np.array(function(at), dtype=np.float64)
    return float(values) if values.ndim == 0 else values


def _places(x: npt.ArrayLike) -> FloatArray:
    places = as_array(x, "a place to look at")
    if np.isnan(places).any():
        message = "a place to look at is nan: expected numbers. Leave missing values out."
        raise ParameterError(message)
    return places


def _probabilities(q: npt.ArrayLike) -> FloatArray:
    places = as_array(q, "a probability")
    if not ((places >= 0.0) & (places <= 1.0)).all():
        message = f"a probability is {q!r}: expected numbers in [0, 1]. Write 90 per cent as 0.9."
        raise ParameterError(message)
    return places
