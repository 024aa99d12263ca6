"""Laws whose quantiles are found from their probabilities, which rise without a rest."""

import abc
from typing import TypeAlias

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.law import Law
from attrition.uncertain.scores import score_of
from attrition.uncertain.search import Flags, place_by_root

__all__ = ["Ends", "Searched", "ahead"]

Ends: TypeAlias = tuple[FloatArray, FloatArray]
"""A place below and one above, for each of several."""

_HALF, _QUARTER = 0.5, 0.25

# Half the distance over which a density is taken, as a share of the scale of the law.
_STEP = 1e-4

# Normal scores this close are alike, where probabilities are not exact.
_CLOSE = 1e-11

# The least probability that is told from none.
_LEAST = 1e-300


def ahead(chance: FloatArray, tail: FloatArray, in_upper: Flags) -> FloatArray:
    """
    How far the normal score of a chance is ahead of that of ``tail``, rising with the place.

    Examples:
        >>> none = np.array([False])
        >>> ahead(np.array([0.5]), np.array([0.025]), none).round(2).tolist()
        [1.96]
    """
    off = score_of(np.maximum(chance, _LEAST)) - score_of(tail)
    return np.where(in_upper, -off, off)


@attrs.frozen
class Searched(Law):
    """A law known by its probabilities; a quantile is sought in its smaller tail."""

    @abc.abstractmethod
    def chance(self, x: FloatArray, upper: Flags) -> FloatArray:
        """Probability of at most ``x``, or of more where ``upper``; shape (n,)."""

    @abc.abstractmethod
    def bracket(self, tail: FloatArray, in_upper: Flags) -> Ends:
        """Places probably below and above those with probability ``tail`` below, or above."""

    def cdf(self, x: FloatArray) -> FloatArray:
        places = np.ravel(np.asarray(x, dtype=np.float64))
        return self.chance(places, np.zeros(places.shape, dtype=bool)).reshape(np.shape(x))

    def sf(self, x: FloatArray) -> FloatArray:
        places = np.ravel(np.asarray(x, dtype=np.float64))
        return self.chance(places, np.ones(places.shape, dtype=bool)).reshape(np.shape(x))

    @property
    def searched(self) -> bool:
        return True

    def ppf(self, q: FloatArray) -> FloatArray:
        return self._placed(np.asarray(q, dtype=np.float64), upper=False)

    def isf(self, q: FloatArray) -> FloatArray:
        return self._placed(np.asarray(q, dtype=np.float64), upper=True)

    def _placed(self, q: FloatArray, *, upper: bool) -> FloatArray:
        """The places with probability ``q`` below them, or above."""
        low, high = self.support()
        flat = np.ravel(q)
        in_upper = (flat < _HALF) == upper
        tail = np.where(flat < _HALF, flat, 1.0 - flat)
        at_low, at_high = self._at_ends(tail, in_upper) if self.atomic else (tail < 0.0, tail < 0.0)
        at_low |= (tail == 0.0) & ~in_upper
        at_high |= (tail == 0.0) & in_upper
        found = np.where(at_low, low, high)
        inside = ~(at_low | at_high)
        if inside.any():
            found[inside] = self.sought(tail[inside], in_upper[inside])
        return np.clip(found, low, high).reshape(np.shape(q))

    def _at_ends(self, tail: FloatArray, in_upper: Flags) -> tuple[Flags, Flags]:
        """Where the first value, or the last one, has mass enough to be the quantile."""
        low, high = self.support()
        first = float(self.cdf(np.array(low))) if np.isfinite(low) else 0.0
        last = float(self.at_least(np.array(high))) if np.isfinite(high) else 0.0
        below = np.where(in_upper, 1.0 - tail, tail)
        return below <= first, (below > first) & (1.0 - below < last)

    def sought(self, tail: FloatArray, in_upper: Flags) -> FloatArray:
        """The places with probability ``tail`` below them, or above."""
        ends = self.bracket(tail, in_upper)
        close = 0.0 if self.method == "exact" else _CLOSE
        return place_by_root(self.excess, (tail, in_upper), *ends, close=close)

    def excess(self, x: FloatArray, tail: FloatArray, in_upper: Flags) -> FloatArray:
        """How far the normal score at ``x`` is ahead of the one wanted, which rises with it."""
        return ahead(self.chance(x, in_upper), tail, in_upper)

    @abc.abstractmethod
    def chance_errors(self, x: FloatArray) -> FloatArray:
        """Numerical standard errors of the probabilities of at most ``x``; shape (n,)."""

    def probability_error(self, x: float) -> float:
        return float(self.chance_errors(np.array([x]))[0])

    def error(self, q: float) -> float:
        return float(self.errors(np.array([q]))[0])

    def errors(self, q: FloatArray) -> FloatArray:
        places = self.ppf(q)
        off = self.chance_errors(places)
        return np.where(off > 0.0, off / np.maximum(self.pdf(places), _LEAST), 0.0)

    def pdf(self, x: FloatArray) -> FloatArray:
        places = np.ravel(np.asarray(x, dtype=np.float64))
        tails, upper = np.full(2, _QUARTER), np.array([False, True])
        low, high = self.bracket(tails, upper)
        step = _STEP * float(high.max() - low.min())
        around = np.concatenate([places - step, places + step])
        in_upper = np.tile(places > 0.5 * float(low.min() + high.max()), 2)
        before, after = np.split(self.chance(around, in_upper), 2)
        return (np.abs(after - before) / (2.0 * step)).reshape(np.shape(x))
