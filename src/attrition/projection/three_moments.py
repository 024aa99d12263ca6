"""A law through three moments: the lognormal that is shifted, and turned round where it must."""

from typing import NamedTuple, Self

import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.scores import bell, probability_of, score_of

__all__ = ["Normals", "Slopes", "ThreeMoments", "fourth_cumulant", "law_of_moments"]

# Below it the lognormal is a normal to rounding, and the logarithm would lose its digits.
_STRAIGHT = 1e-6

# Stands for what lies beyond the end of the lognormal.
_END = 1e-300


class Slopes(NamedTuple):
    """
    Probabilities of at most a place, with their first two derivatives in it.

    Attributes:
        chance: Of any shape.

        density: Likewise.

        bend: The slope of the density.
    """

    chance: FloatArray
    density: FloatArray
    bend: FloatArray


class Normals(NamedTuple):
    """
    Normal laws.

    Attributes:
        mean: Any shape.

        sd: Standard deviations; they broadcast.
    """

    mean: FloatArray
    sd: FloatArray

    def cdf(self, x: FloatArray) -> FloatArray:
        """Probability of at most ``x``."""
        return probability_of((x - self.mean) / self.sd)

    def slopes(self, x: FloatArray) -> Slopes:
        """Probability of at most ``x`` with its derivatives."""
        z = (x - self.mean) / self.sd
        density = bell(z) / self.sd
        return Slopes(probability_of(z), density, -z * density / self.sd)

    def ppf(self, q: FloatArray) -> FloatArray:
        """Quantiles."""
        return self.mean + self.sd * score_of(q)


def law_of_moments(
    mean: FloatArray, var: FloatArray, third: FloatArray
) -> "Normals | ThreeMoments":
    """Normal laws where no third moment says otherwise, else shifted lognormals."""
    return ThreeMoments.of(mean, var, third) if third.any() else Normals(mean, np.sqrt(var))


def fourth_cumulant(var: FloatArray, third: FloatArray) -> FloatArray:
    """The fourth cumulants of the laws that have such variances and third central moments."""
    square = _variation(third / (var * np.sqrt(var))) ** 2
    # With w = 1 + r^2 the excess of a lognormal is w^4 + 2 w^3 + 3 w^2 - 6.
    return np.asarray(var**2 * square * (16.0 + square * (15.0 + square * (6.0 + square))))


def _variation(skewness: FloatArray) -> FloatArray:
    """The coefficient of variation of a lognormal with this skewness, of either sign."""
    return np.asarray(2.0 * np.sinh(np.arcsinh(0.5 * skewness) / 3.0))


class ThreeMoments(NamedTuple):
    """
    Laws with a given mean, standard deviation and skewness.

    With r the coefficient of variation of a lognormal, its skewness is r^3 + 3 r, and so
    r = 2 sinh(asinh(skewness / 2) / 3). A negative skewness is that of the mirrored law. With
    x inside the law, 1 + r (x - mean) / sd is lognormal with mean one.

    Attributes:
        slope: r / sd, of any shape.

        start: 1 - r mean / sd.

        sigma: The standard deviation of the logarithm, negative where the law is mirrored.

    References:
        Yuan, P.-T. (1933). On the logarithmic frequency distribution and the semi-logarithmic
        correlation surface. doi:10.1214/aoms/1177732821
    """

    slope: FloatArray
    start: FloatArray
    sigma: FloatArray

    @classmethod
    def of(cls, mean: FloatArray, var: FloatArray, third: FloatArray) -> Self:
        """From means, variances and third central moments; they broadcast."""
        skew = third / (var * np.sqrt(var))
        size = np.maximum(np.abs(_variation(skew)), _STRAIGHT)
        slope = np.copysign(size, skew) / np.sqrt(var)
        sigma = np.copysign(np.sqrt(np.log1p(size**2)), skew)
        return cls(slope, 1.0 - slope * mean, sigma)

    def cdf(self, x: FloatArray) -> FloatArray:
        """Probability of at most ``x``."""
        return probability_of(self._scores(self._inside(x)))

    def slopes(self, x: FloatArray) -> Slopes:
        """Probability of at most ``x`` with its derivatives."""
        inside = self._inside(x)
        z, rate = self._scores(inside), self.slope / inside
        density = bell(z) * rate / self.sigma
        return Slopes(probability_of(z), density, -density * rate * (1.0 + z / self.sigma))

    def ppf(self, q: FloatArray) -> FloatArray:
        """Quantiles."""
        return np.asarray(
            (np.exp((score_of(q) - 0.5 * self.sigma) * self.sigma) - self.start) / self.slope
        )

    def _inside(self, x: FloatArray) -> FloatArray:
        """How far inside the end of the lognormal, in means of it."""
        return np.maximum(self.start + self.slope * x, _END)

    def _scores(self, inside: FloatArray) -> FloatArray:
        return np.asarray(np.log(inside) / self.sigma + 0.5 * self.sigma)
