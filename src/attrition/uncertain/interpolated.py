"""The law through stated quantiles: a smooth rising curve against the normal score."""

import math
from typing import Literal, NamedTuple, TypeAlias, final

import attrs
import numpy as np
import numpy.typing as npt

from attrition._typing import Draws, FloatArray
from attrition.errors import MomentError
from attrition.uncertain.law import Law
from attrition.uncertain.scores import bell, probability_of, score_of

__all__ = ["Interpolated", "Tails"]

Places: TypeAlias = npt.NDArray[np.intp]

Tails: TypeAlias = Literal["normal", "lognormal"]

# Halvings of a piece of the curve; the last is below the spacing of doubles.
_HALVINGS = 54

# A step of Newton so short leaves rounding errors only.
_CLOSE = 2.0**-44

# Panels of an integral over the normal score, as far out as the density is above 0 in floats;
# twenty nodes in each leave rounding errors only.
_PANELS = np.arange(-38.0, 39.0)
_NODES = 20


class _Curve(NamedTuple):
    """
    A rising curve through points: cubic pieces between them, straight lines beyond.

    Between two points the slopes at the ends make the cubic; an inner slope is the weighted
    harmonic mean of its neighbours', which keeps every piece rising; at the outer points the
    slope is that of the outer two, and of the line beyond.

    References:
        Fritsch, F. N. and Butland, J. (1984). A method for constructing local monotone
        piecewise cubic interpolants. doi:10.1137/0905021
    """

    z: FloatArray
    y: FloatArray
    slopes: FloatArray

    @classmethod
    def through(cls, z: FloatArray, y: FloatArray) -> "_Curve":
        widths = np.diff(z)
        secants = np.diff(y) / widths
        left, right = widths[:-1], widths[1:]
        first, second = 2.0 * right + left, right + 2.0 * left
        inner = (first + second) / (first / secants[:-1] + second / secants[1:])
        return cls(z, y, np.concatenate((secants[:1], inner, secants[-1:])))

    def piece(self, knots: FloatArray, at: FloatArray) -> Places:
        """The number of the piece that holds a place."""
        return np.clip(np.searchsorted(knots, at, side="right") - 1, 0, knots.size - 2)

    def rise(self, i: Places, t: FloatArray) -> FloatArray:
        """How far the curve has risen over the share ``t`` of piece ``i``."""
        width: FloatArray = self.z[i + 1] - self.z[i]
        climb: FloatArray = self.y[i + 1] - self.y[i]
        bend = (1.0 - t) * self.slopes[i] - t * self.slopes[i + 1]
        return t * t * (3.0 - 2.0 * t) * climb + t * (1.0 - t) * width * bend

    def beyond(self, knots: FloatArray, slopes: FloatArray, at: FloatArray) -> FloatArray:
        """How far the line below the first knot, or above the last one, goes on."""
        below, above = np.minimum(at - knots[0], 0.0), np.maximum(at - knots[-1], 0.0)
        return np.asarray(below * slopes[0] + above * slopes[-1], dtype=np.float64)

    def at(self, z: FloatArray) -> FloatArray:
        inside = np.clip(z, self.z[0], self.z[-1])
        i = self.piece(self.z, inside)
        share = (inside - self.z[i]) / (self.z[i + 1] - self.z[i])
        found: FloatArray = self.y[i] + self.rise(i, share)
        return found + self.beyond(self.z, self.slopes, z)

    def slope(self, z: FloatArray) -> FloatArray:
        inside = np.clip(z, self.z[0], self.z[-1])
        i = self.piece(self.z, inside)
        width: FloatArray = self.z[i + 1] - self.z[i]
        return self.pace(i, (inside - self.z[i]) / width) / width

    def pace(self, i: Places, t: FloatArray) -> FloatArray:
        """How fast :meth:`rise` grows with the share of the piece."""
        width: FloatArray = self.z[i + 1] - self.z[i]
        climb: FloatArray = self.y[i + 1] - self.y[i]
        first, second = (1.0 - t) * (1.0 - 3.0 * t), t * (3.0 * t - 2.0)
        ends = first * self.slopes[i] + second * self.slopes[i + 1]
        return 6.0 * t * (1.0 - t) * climb + width * ends

    def inverse(self, y: FloatArray) -> FloatArray:
        inside = np.clip(y, self.y[0], self.y[-1])
        i = self.piece(self.y, inside)
        wanted = inside - self.y[i]
        found: FloatArray = self.z[i] + self._share(i, wanted) * (self.z[i + 1] - self.z[i])
        return found + self.beyond(self.y, 1.0 / self.slopes, y)

    def _share(self, i: Places, wanted: FloatArray) -> FloatArray:
        """Where a piece has risen as far as wanted: Newton's steps, halvings where they leave."""
        low, high = np.zeros(np.shape(wanted)), np.ones(np.shape(wanted))
        before, share = high, np.asarray(wanted / (self.y[i + 1] - self.y[i]))
        steps = 0
        while steps < _HALVINGS and (np.abs(share - before) > _CLOSE).any():
            off = self.rise(i, share) - wanted
            low, high = np.where(off < 0.0, share, low), np.where(off < 0.0, high, share)
            step = share - off / self.pace(i, share)
            inside = (step >= low) & (step <= high)
            before, share = share, np.where(inside, step, 0.5 * (low + high))
            steps += 1
        return share


@final
@attrs.frozen
class Interpolated(Law):
    """
    The law whose quantiles are a smooth curve through stated ones, against the normal score.

    Attributes:
        quantiles: Probabilities and values, both rising.

        tails: "normal" for a curve of the values, "lognormal" for one of their logarithms.
    """

    quantiles: tuple[tuple[float, float], ...]
    tails: Tails

    @property
    def _middle(self) -> float:
        """The value whose multiples have the logarithms of the curve."""
        return self.quantiles[len(self.quantiles) // 2][1]

    def curve(self) -> _Curve:
        """The values, or their logarithms, against the normal scores of the probabilities."""
        q, x = np.array(self.quantiles).T
        return _Curve.through(score_of(q), self._straight(x))

    def _straight(self, x: FloatArray) -> FloatArray:
        if self.tails == "normal":
            return np.asarray(x, dtype=np.float64)
        with np.errstate(divide="ignore"):
            return np.log(np.maximum(x, 0.0) / self._middle)

    def at_score(self, z: FloatArray) -> FloatArray:
        straight = self.curve().at(np.asarray(z))
        return straight if self.tails == "normal" else self._middle * np.exp(straight)

    def ppf(self, q: FloatArray) -> FloatArray:
        return self.at_score(score_of(q))

    def isf(self, q: FloatArray) -> FloatArray:
        return self.at_score(-score_of(q))

    def cdf(self, x: FloatArray) -> FloatArray:
        return probability_of(self.curve().inverse(self._straight(x)))

    def sf(self, x: FloatArray) -> FloatArray:
        return probability_of(-self.curve().inverse(self._straight(x)))

    def pdf(self, x: FloatArray) -> FloatArray:
        curve = self.curve()
        inside = np.asarray(x) > self.support()[0]
        safe = np.where(inside, x, self._middle)
        z = curve.inverse(self._straight(safe))
        per_unit = 1.0 if self.tails == "normal" else safe
        return np.where(inside, bell(z) / (curve.slope(z) * per_unit), 0.0)

    def mean(self) -> float:
        return self._middle + self._moment(self._middle, 1, "mean")

    def var(self) -> float:
        return self._moment(self.mean(), 2, "variance")

    def _moment(self, centre: float, power: int, what: str) -> float:
        """E[(X - centre)^power] over the normal score, in panels that end at the points."""
        edges = np.union1d(_PANELS, self.curve().z)
        nodes, weights = np.polynomial.legendre.leggauss(_NODES)
        halves = 0.5 * np.diff(edges)[:, None]
        z = edges[:-1, None] + halves * (1.0 + nodes)
        with np.errstate(over="ignore"):
            away = (self.at_score(z) - centre) ** power
            moment = float((halves * weights * bell(z) * away).sum())
        if not math.isfinite(moment):
            message = (
                f"the {what} of {self!r} is too large to be computed. "
                f"Use median() and interval(confidence), which always exist."
            )
            raise MomentError(message)
        return moment

    def support(self) -> tuple[float, float]:
        return (-math.inf if self.tails == "normal" else 0.0), math.inf

    def draw(self, rng: np.random.Generator, n: int) -> Draws:
        return self.at_score(rng.standard_normal(n))
