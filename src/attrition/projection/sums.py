"""The laws of several sums of strengths at once, whatever way they are found."""

import abc
import math
from collections.abc import Callable
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.projection.lattice import on_lattice
from attrition.projection.response import Response
from attrition.uncertain.lattice import FEWER
from attrition.uncertain.law import Law, Method
from attrition.uncertain.scores import score_of

__all__ = ["OfSum", "Sums", "places_of", "spread"]

_STEPS, _CLOSE = 100, 1e-6

# The least probability that is told from none, on either side.
_LEAST, _MOST = 1e-300, 1.0 - 2.0**-53

_ROUNDING = 1e-9

# A probability of being cut that is not worth a look.
_NOTHING = 1e-6

# Half the distance over which a density is taken, in standard deviations.
_STEP = 1e-4


@attrs.frozen(eq=False)
class Sums(abc.ABC):
    """
    The laws of sums of strengths; places are of shape (sums, places).

    Attributes:
        response: The sums.

        cut: The probability of strengths below zero, which are cut there.
    """

    response: Response
    cut: float = attrs.field(default=0.0, kw_only=True)

    @property
    @abc.abstractmethod
    def method(self) -> Method:
        """How they are found."""

    @property
    def draws(self) -> int:
        """How many paths were simulated, 0 for none."""
        return 0

    @abc.abstractmethod
    def chance(self, x: FloatArray) -> FloatArray:
        """Probabilities of at most ``x``."""

    @abc.abstractmethod
    def uncut_errors(self, x: FloatArray) -> FloatArray:
        """Numerical standard errors of these, were nothing cut."""

    def chance_errors(self, x: FloatArray) -> FloatArray:
        """Numerical standard errors of the probabilities, with what is cut at zero."""
        return self.uncut_errors(x) + (self._of_cut(x) if self.cut > _NOTHING else self.cut)

    def _of_cut(self, x: FloatArray) -> FloatArray:
        """How often cutting moves a sum across a place, seen at the points of a lattice."""
        points = on_lattice(self.response, FEWER)
        sides = [
            self.response.sums(
                self.response.at(points.values, points.factors, points.size, cut=cut)
            )[:, None]
            <= x[..., None]
            for cut in (False, True)
        ]
        # Where none of them moves, it is known to one point at best.
        moved = np.mean(sides[0] != sides[1], axis=-1)
        return np.asarray(np.maximum(moved, min(self.cut, 1.0 / points.size)))

    @abc.abstractmethod
    def moments(self) -> tuple[FloatArray, FloatArray]:
        """Mean and variance of each sum."""

    def start(self, q: FloatArray) -> FloatArray:
        """First guesses of the quantiles at ``q``, shape (sums, q)."""
        mean, var = self.moments()
        return mean[:, None] + np.sqrt(var)[:, None] * score_of(q)

    def quantiles(self, q: FloatArray) -> FloatArray:
        """The quantiles at ``q``, shape (sums, q)."""
        mean, var = self.moments()
        # Where nothing is unknown, as little as rounding does.
        sd = np.maximum(np.sqrt(var), _ROUNDING * (1.0 + np.abs(mean)))[:, None]
        return places_of(self.chance, q, self.start(q), sd)

    def density(self, x: FloatArray) -> FloatArray:
        """Densities, by the slope of the probabilities."""
        step = _STEP * np.sqrt(self.moments()[1])[:, None]
        return (self.chance(x + step) - self.chance(x - step)) / (2.0 * step)

    def quantile_errors(self, q: FloatArray) -> FloatArray:
        """Numerical standard errors of the quantiles."""
        x = self.quantiles(q)
        return self.chance_errors(x) / np.maximum(self.density(x), _LEAST)


def spread(copies: FloatArray) -> FloatArray:
    """Standard errors of the means of one answer a copy."""
    return np.asarray(np.std(copies, axis=0, ddof=1) / math.sqrt(len(copies)))


def places_of(
    chance: Callable[[FloatArray], FloatArray], q: FloatArray, start: FloatArray, sd: FloatArray
) -> FloatArray:
    """
    Where probabilities that rise with the place are ``q``.

    By the secant of their normal scores, which is nearly a line, inside brackets.

    Args:
        chance: Probabilities of at most a place.

        q: Probabilities inside (0, 1), shape (q,).

        start: First guesses, shape (sums, q).

        sd: Standard deviations, shape (sums, 1).
    """
    wanted = score_of(q)

    def gap_at(x: FloatArray) -> FloatArray:
        return score_of(np.clip(chance(x), _LEAST, _MOST)) - wanted

    x, slope = start, 1.0 / sd
    gap = gap_at(x)
    low, high = np.full(x.shape, -np.inf), np.full(x.shape, np.inf)
    for _ in range(_STEPS):
        low, high = np.where(gap <= 0.0, x, low), np.where(gap >= 0.0, x, high)
        moved = x - np.clip(gap / slope, -4.0 * sd, 4.0 * sd)
        with np.errstate(invalid="ignore"):
            middle = 0.5 * (low + high)
        outside = ((moved < low) | (moved > high)) & np.isfinite(middle)
        moved = np.where(outside, middle, moved)
        step = moved - x
        before, gap = gap, gap_at(moved)
        rise = np.divide(gap - before, step, out=np.zeros_like(step), where=step != 0.0)
        slope = np.where(rise > 0.0, rise, slope)
        x = moved
        if (np.abs(step) <= _CLOSE * sd).all():
            break
    return x


@final
@attrs.frozen(eq=False, repr=False)
class OfSum(Law):
    """
    The law of one sum.

    Attributes:
        sums: It and nothing else.

        low: A bound below which it cannot be.
    """

    sums: Sums
    low: float

    def __repr__(self) -> str:
        return f"strength by {self.method}"

    @property
    def method(self) -> Method:
        return self.sums.method

    @property
    def searched(self) -> bool:
        return True

    def ppf(self, q: FloatArray) -> FloatArray:
        levels = np.ravel(q)
        found = np.where(levels <= 0.0, self.low, np.inf)
        inside = (levels > 0.0) & (levels < 1.0)
        if inside.any():
            found[inside] = self.sums.quantiles(levels[inside])[0]
        return np.maximum(found, self.low).reshape(np.shape(q))

    def isf(self, q: FloatArray) -> FloatArray:
        return self.ppf(1.0 - np.asarray(q))

    def cdf(self, x: FloatArray) -> FloatArray:
        chance = np.clip(self._chance(x), 0.0, 1.0)
        return np.asarray(np.where(np.asarray(x) < self.low, 0.0, chance))

    def sf(self, x: FloatArray) -> FloatArray:
        return 1.0 - self.cdf(x)

    def pdf(self, x: FloatArray) -> FloatArray:
        return np.asarray(self.sums.density(np.ravel(x)[None])[0].reshape(np.shape(x)))

    def _chance(self, x: FloatArray) -> FloatArray:
        return np.asarray(self.sums.chance(np.ravel(x)[None])[0].reshape(np.shape(x)))

    def mean(self) -> float:
        return float(self.sums.moments()[0][0])

    def var(self) -> float:
        return float(self.sums.moments()[1][0])

    def support(self) -> tuple[float, float]:
        return self.low, np.inf

    def error(self, q: float) -> float:
        return float(self.errors(np.array([q]))[0])

    def errors(self, q: FloatArray) -> FloatArray:
        return np.asarray(self.sums.quantile_errors(np.asarray(q, dtype=np.float64))[0])

    def probability_error(self, x: float) -> float:
        return float(self.sums.chance_errors(np.array([[x]]))[0, 0])
