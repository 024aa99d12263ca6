"""Laws with a shape that a person states: hard ends, two unequal sides, or mass at one end."""

import math
from typing import final

import attrs
import numpy as np

from attrition._typing import Draws, FloatArray
from attrition.uncertain.law import Law
from attrition.uncertain.scores import bell, probability_of, score_of

__all__ = ["NearZero", "Pert", "TwoPiece"]

_PEAK = 4.0
"""How much the mode weighs against each end in the mean: Malcolm et al. (1959)."""

# Below 1e-107 scipy's search for a quantile of the beta law may end in nan; here the first term
# of its series has all digits already.
_FAR = 1e-90


def _beta_quantile(a: float, b: float, q: FloatArray) -> FloatArray:
    from scipy.special import betaincinv, betaln

    far = np.asarray(q) < _FAR
    with np.errstate(divide="ignore"):
        first_term = np.exp((np.log(np.where(far, q, 1.0)) + math.log(a) + betaln(a, b)) / a)
    return np.where(far, first_term, betaincinv(a, b, np.where(far, 1.0, q)))


@final
@attrs.frozen
class Pert(Law):
    """The beta law between two ends that has a given mode and mean (low + 4 mode + high) / 6."""

    low: float
    mode: float
    high: float

    @property
    def width(self) -> float:
        """The distance of the ends."""
        return self.high - self.low

    @property
    def shapes(self) -> tuple[float, float]:
        """The two parameters of the beta law; they sum to six."""
        below, above = self.mode - self.low, self.high - self.mode
        return 1.0 + _PEAK * below / self.width, 1.0 + _PEAK * above / self.width

    @property
    def searched(self) -> bool:
        return True

    def ppf(self, q: FloatArray) -> FloatArray:
        a, b = self.shapes
        return np.minimum(self.low + self.width * _beta_quantile(a, b, q), self.high)

    def isf(self, q: FloatArray) -> FloatArray:
        a, b = self.shapes
        return np.maximum(self.high - self.width * _beta_quantile(b, a, q), self.low)

    def cdf(self, x: FloatArray) -> FloatArray:
        from scipy.special import betainc

        a, b = self.shapes
        place = np.clip((x - self.low) / self.width, 0.0, 1.0)
        return np.asarray(betainc(a, b, place), dtype=np.float64)

    def sf(self, x: FloatArray) -> FloatArray:
        from scipy.special import betainc

        a, b = self.shapes
        place = np.clip((self.high - x) / self.width, 0.0, 1.0)
        return np.asarray(betainc(b, a, place), dtype=np.float64)

    def pdf(self, x: FloatArray) -> FloatArray:
        from scipy.special import betaln, xlogy

        a, b = self.shapes
        below, above = (x - self.low) / self.width, (self.high - x) / self.width
        inside = (below >= 0.0) & (above >= 0.0)
        exponent = xlogy(a - 1.0, below) + xlogy(b - 1.0, above) - betaln(a, b)
        return np.where(inside, np.exp(exponent) / self.width, 0.0)

    def mean(self) -> float:
        a, _ = self.shapes
        return self.low + self.width * a / (2.0 + _PEAK)

    def var(self) -> float:
        a, b = self.shapes
        total = 2.0 + _PEAK
        return self.width**2 * a * b / (total**2 * (total + 1.0))

    def support(self) -> tuple[float, float]:
        return self.low, self.high


@final
@attrs.frozen
class TwoPiece(Law):
    """
    Half of one normal law below the median and half of another one above it.

    Attributes:
        middle: The median.

        sd_below: Standard deviation of the normal law whose lower half this is.

        sd_above: Standard deviation of the normal law whose upper half this is.
    """

    middle: float
    sd_below: float
    sd_above: float

    def at_score(self, z: FloatArray) -> FloatArray:
        return self.middle + np.where(np.asarray(z) < 0.0, self.sd_below, self.sd_above) * z

    def _score(self, x: FloatArray) -> FloatArray:
        away = np.asarray(x) - self.middle
        return away / np.where(away < 0.0, self.sd_below, self.sd_above)

    def ppf(self, q: FloatArray) -> FloatArray:
        return self.at_score(score_of(q))

    def isf(self, q: FloatArray) -> FloatArray:
        return self.at_score(-score_of(q))

    def cdf(self, x: FloatArray) -> FloatArray:
        return probability_of(self._score(x))

    def sf(self, x: FloatArray) -> FloatArray:
        return probability_of(-self._score(x))

    def pdf(self, x: FloatArray) -> FloatArray:
        """Density; it jumps at the median, where it is that of the upper side."""
        return bell(self._score(x)) / np.where(
            np.asarray(x) < self.middle, self.sd_below, self.sd_above
        )

    def mean(self) -> float:
        return self.middle + (self.sd_above - self.sd_below) / math.sqrt(2.0 * math.pi)

    def var(self) -> float:
        squares = 0.5 * (self.sd_above**2 + self.sd_below**2)
        return squares - (self.sd_above - self.sd_below) ** 2 / (2.0 * math.pi)

    def support(self) -> tuple[float, float]:
        return -math.inf, math.inf

    def draw(self, rng: np.random.Generator, n: int) -> Draws:
        return self.at_score(rng.standard_normal(n))


@final
@attrs.frozen
class NearZero(Law):
    """
    The law on (0, 1) that exceeds x with probability (1 - x)^power: a beta law of 1 and power.

    Attributes:
        power: Above 1 the density falls from 0 on; at 1 the law is uniform.
    """

    power: float

    def ppf(self, q: FloatArray) -> FloatArray:
        with np.errstate(divide="ignore"):
            return -np.expm1(np.log1p(-np.asarray(q)) / self.power)

    def isf(self, q: FloatArray) -> FloatArray:
        with np.errstate(divide="ignore"):
            return -np.expm1(np.log(q) / self.power)

    def _log_rest(self, x: FloatArray) -> FloatArray:
        with np.errstate(divide="ignore"):
            return self.power * np.log1p(-np.clip(x, 0.0, 1.0))

    def cdf(self, x: FloatArray) -> FloatArray:
        return -np.expm1(self._log_rest(x))

    def sf(self, x: FloatArray) -> FloatArray:
        return np.exp(self._log_rest(x))

    def pdf(self, x: FloatArray) -> FloatArray:
        inside = (x >= 0.0) & (x < 1.0)
        rest = 1.0 - np.where(inside, x, 0.0)
        return np.where(inside, self.power * rest ** (self.power - 1.0), 0.0)

    def mean(self) -> float:
        return 1.0 / (1.0 + self.power)

    def var(self) -> float:
        return self.power / ((1.0 + self.power) ** 2 * (2.0 + self.power))

    def support(self) -> tuple[float, float]:
        return 0.0, 1.0
