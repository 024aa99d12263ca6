"""The closed families: constant, normal, lognormal, logit-normal and uniform."""

import math
from typing import final

import attrs
import numpy as np

from attrition._typing import Draws, FloatArray
from attrition.uncertain.law import Law
from attrition.uncertain.scores import bell, probability_of, score_of

__all__ = ["Constant", "Exponential", "LogNormal", "LogitNormal", "Normal", "Uniform"]


@final
@attrs.frozen
class Constant(Law):
    """All mass on one value."""

    value: float

    @property
    def atomic(self) -> bool:
        return True

    def ppf(self, q: FloatArray) -> FloatArray:
        return np.full(np.shape(q), self.value)

    isf = ppf

    def cdf(self, x: FloatArray) -> FloatArray:
        return np.where(x >= self.value, 1.0, 0.0)

    def sf(self, x: FloatArray) -> FloatArray:
        return np.where(x >= self.value, 0.0, 1.0)

    def pdf(self, x: FloatArray) -> FloatArray:
        return np.where(x == self.value, np.inf, 0.0)

    def mean(self) -> float:
        return self.value

    def var(self) -> float:
        return 0.0

    def support(self) -> tuple[float, float]:
        return self.value, self.value


@final
@attrs.frozen
class Normal(Law):
    """The normal law with its mean and standard deviation."""

    centre: float
    sd: float

    def at_score(self, z: FloatArray) -> FloatArray:
        return self.centre + self.sd * z

    def score(self, x: FloatArray) -> FloatArray:
        return np.asarray((x - self.centre) / self.sd)

    def ppf(self, q: FloatArray) -> FloatArray:
        return self.at_score(score_of(q))

    def isf(self, q: FloatArray) -> FloatArray:
        return self.at_score(-score_of(q))

    def cdf(self, x: FloatArray) -> FloatArray:
        return probability_of(self.score(x))

    def sf(self, x: FloatArray) -> FloatArray:
        return probability_of(-self.score(x))

    def pdf(self, x: FloatArray) -> FloatArray:
        return bell(self.score(x)) / self.sd

    def mean(self) -> float:
        return self.centre

    def var(self) -> float:
        return self.sd * self.sd

    def support(self) -> tuple[float, float]:
        return -math.inf, math.inf

    def draw(self, rng: np.random.Generator, n: int) -> Draws:
        return self.at_score(rng.standard_normal(n))


@final
@attrs.frozen
class LogNormal(Law):
    """The law whose logarithm is normal: a median and a standard deviation of the log."""

    middle: float
    sigma: float

    def at_score(self, z: FloatArray) -> FloatArray:
        return self.middle * np.exp(self.sigma * z)

    def ppf(self, q: FloatArray) -> FloatArray:
        return self.at_score(score_of(q))

    def isf(self, q: FloatArray) -> FloatArray:
        return self.at_score(-score_of(q))

    def score(self, x: FloatArray) -> FloatArray:
        with np.errstate(divide="ignore"):
            return np.log(np.maximum(x, 0.0) / self.middle) / self.sigma

    def cdf(self, x: FloatArray) -> FloatArray:
        return probability_of(self.score(x))

    def sf(self, x: FloatArray) -> FloatArray:
        return probability_of(-self.score(x))

    def pdf(self, x: FloatArray) -> FloatArray:
        inside = np.maximum(x, np.finfo(float).tiny)
        return np.where(x > 0.0, bell(self.score(inside)) / (self.sigma * inside), 0.0)

    def mean(self) -> float:
        return self.middle * math.exp(0.5 * self.sigma**2)

    def var(self) -> float:
        return self.mean() ** 2 * math.expm1(self.sigma**2)

    def support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def draw(self, rng: np.random.Generator, n: int) -> Draws:
        return self.at_score(rng.standard_normal(n))


@final
@attrs.frozen
class LogitNormal(Law):
    """The law on (0, 1) whose log odds are normal."""

    centre: float
    sigma: float

    @staticmethod
    def _share(z: FloatArray) -> FloatArray:
        from scipy.special import expit

        return np.asarray(expit(z), dtype=np.float64)

    def score(self, x: FloatArray) -> FloatArray:
        from scipy.special import logit

        inside = np.clip(x, 0.0, 1.0)
        return (np.asarray(logit(inside), dtype=np.float64) - self.centre) / self.sigma

    def at_score(self, z: FloatArray) -> FloatArray:
        return self._share(self.centre + self.sigma * z)

    def ppf(self, q: FloatArray) -> FloatArray:
        return self.at_score(score_of(q))

    def isf(self, q: FloatArray) -> FloatArray:
        return self.at_score(-score_of(q))

    def cdf(self, x: FloatArray) -> FloatArray:
        return probability_of(self.score(x))

    def sf(self, x: FloatArray) -> FloatArray:
        return probability_of(-self.score(x))

    def pdf(self, x: FloatArray) -> FloatArray:
        inside = (x > 0.0) & (x < 1.0)
        safe = np.where(inside, x, 0.5)
        density = bell(self.score(safe)) / (self.sigma * safe * (1.0 - safe))
        return np.where(inside, density, 0.0)

    def support(self) -> tuple[float, float]:
        return 0.0, 1.0

    def draw(self, rng: np.random.Generator, n: int) -> Draws:
        return self.at_score(rng.standard_normal(n))


@final
@attrs.frozen
class Uniform(Law):
    """Every value between two hard bounds, equally likely."""

    low: float
    high: float

    def ppf(self, q: FloatArray) -> FloatArray:
        return self.low * (1.0 - q) + self.high * q

    def isf(self, q: FloatArray) -> FloatArray:
        return self.low * q + self.high * (1.0 - q)

    def cdf(self, x: FloatArray) -> FloatArray:
        return np.clip((x - self.low) / (self.high - self.low), 0.0, 1.0)

    def sf(self, x: FloatArray) -> FloatArray:
        return np.clip((self.high - x) / (self.high - self.low), 0.0, 1.0)

    def pdf(self, x: FloatArray) -> FloatArray:
        inside = (x >= self.low) & (x <= self.high)
        return np.where(inside, 1.0 / (self.high - self.low), 0.0)

    def mean(self) -> float:
        return self.low + 0.5 * (self.high - self.low)

    def var(self) -> float:
        return (self.high - self.low) ** 2 / 12.0

    def support(self) -> tuple[float, float]:
        return self.low, self.high


@final
@attrs.frozen
class Exponential(Law):
    """Waiting times with a median: density falls by half with every median."""

    middle: float

    def ppf(self, q: FloatArray) -> FloatArray:
        with np.errstate(divide="ignore"):
            return -self.middle * np.log1p(-np.asarray(q)) / math.log(2.0)

    def isf(self, q: FloatArray) -> FloatArray:
        with np.errstate(divide="ignore"):
            return -self.middle * np.log(q) / math.log(2.0)

    def _powers(self, x: FloatArray) -> FloatArray:
        return np.maximum(x, 0.0) * math.log(2.0) / self.middle

    def cdf(self, x: FloatArray) -> FloatArray:
        return -np.expm1(-self._powers(x))

    def sf(self, x: FloatArray) -> FloatArray:
        return np.exp(-self._powers(x))

    def pdf(self, x: FloatArray) -> FloatArray:
        density = math.log(2.0) / self.middle * self.sf(x)
        return np.where(np.asarray(x) >= 0.0, density, 0.0)

    def mean(self) -> float:
        return self.middle / math.log(2.0)

    def var(self) -> float:
        return self.mean() ** 2

    def support(self) -> tuple[float, float]:
        return 0.0, math.inf
