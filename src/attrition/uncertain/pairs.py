"""Laws of two independent numbers combined: closed for extremes, one integral for the rest."""

import abc
import functools
import math
from typing import final

import attrs
import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray
from attrition.uncertain.empirical import frozen_array
from attrition.uncertain.law import Law, Method, slope

__all__ = ["Larger", "Product", "Smaller", "Sum"]

_FARTHEST = 8.5
"""Beyond these normal scores lies 1e-17 of the mass."""

_NODES = 80
"""Nodes in each panel of the integral; its error is read off against half of them."""


@attrs.frozen
class _Pair(Law):
    """Two independent numbers, seen through one function that is monotone in each."""

    first: Law
    second: Law

    @abc.abstractmethod
    def _of(self, a: FloatArray, b: FloatArray) -> FloatArray:
        """The function."""

    def ppf(self, q: FloatArray) -> FloatArray:
        return self._solved(np.asarray(q, dtype=np.float64), upper=False)

    def isf(self, q: FloatArray) -> FloatArray:
        return self._solved(np.asarray(q, dtype=np.float64), upper=True)

    def support(self) -> tuple[float, float]:
        low, high = self._corners(np.zeros(()))
        return float(low), float(high)

    def _corners(self, tail: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Bounds that hold but for ``tail`` on each side of each of the two."""
        ends = [(law.ppf(tail), law.isf(tail)) for law in (self.first, self.second)]
        with np.errstate(invalid="ignore"):
            values = [
                np.nan_to_num(self._of(a, b), nan=0.0, posinf=np.inf, neginf=-np.inf)
                for a in ends[0]
                for b in ends[1]
            ]
        return np.minimum.reduce(values), np.maximum.reduce(values)

    def _solved(self, q: FloatArray, *, upper: bool) -> FloatArray:
        """The place with probability ``q`` below it (or above), found in its smaller tail."""
        from scipy.optimize.elementwise import find_root

        flat = np.ravel(q)
        in_upper = (flat < 0.5) == upper  # noqa: PLR2004 - the median
        tail = np.where(flat < 0.5, flat, 1.0 - flat)  # noqa: PLR2004 - the median
        low, high = self._corners(0.25 * tail)
        inside = (tail > 0.0) & (low < high)
        found = np.where(in_upper, high, low)
        if inside.any():
            bracket = low[inside], high[inside]
            arguments = tail[inside], in_upper[inside]
            found[inside] = find_root(self._excess, bracket, args=arguments).x
        return found.reshape(np.shape(q))

    def _excess(
        self, x: FloatArray, tail: FloatArray, in_upper: npt.NDArray[np.bool_]
    ) -> FloatArray:
        """How far the probability at ``x`` is from ``tail``, rising; each in its own tail."""
        excess = np.empty(np.shape(x))
        excess[in_upper] = tail[in_upper] - self.sf(x[in_upper])
        excess[~in_upper] = self.cdf(x[~in_upper]) - tail[~in_upper]
        return excess


@final
@attrs.frozen
class Larger(_Pair):
    """The larger of two independent numbers."""

    def _of(self, a: FloatArray, b: FloatArray) -> FloatArray:
        return np.maximum(a, b)

    def cdf(self, x: FloatArray) -> FloatArray:
        return self.first.cdf(x) * self.second.cdf(x)

    def sf(self, x: FloatArray) -> FloatArray:
        a, b = self.first.sf(x), self.second.sf(x)
        return a + b - a * b


@final
@attrs.frozen
class Smaller(_Pair):
    """The smaller of two independent numbers."""

    def _of(self, a: FloatArray, b: FloatArray) -> FloatArray:
        return np.minimum(a, b)

    def cdf(self, x: FloatArray) -> FloatArray:
        a, b = self.first.cdf(x), self.second.cdf(x)
        return a + b - a * b

    def sf(self, x: FloatArray) -> FloatArray:
        return self.first.sf(x) * self.second.sf(x)


@attrs.frozen
class _Integral(_Pair):
    """
    P(f(A, B) at most x), the mean over A of the law of B at the place where f(A, b) is x.

    The mean is taken over the normal score of A, in panels that end where the integrand has a
    kink: where that place is an end of the support of B. A is the one with less spread, so that
    the law of B is smooth on its scale.
    """

    @property
    def method(self) -> Method:
        return "quadrature"

    @abc.abstractmethod
    def _inner(self, x: FloatArray, a: FloatArray, *, upper: bool) -> FloatArray:
        """P(f(a, B) at most x), or more than x."""

    @abc.abstractmethod
    def _kinks(self, x: FloatArray) -> list[FloatArray]:
        """Values of A at which the integrand is not smooth."""

    def cdf(self, x: FloatArray) -> FloatArray:
        return self._chance(x, _NODES, upper=False)

    def sf(self, x: FloatArray) -> FloatArray:
        return self._chance(x, _NODES, upper=True)

    def pdf(self, x: FloatArray) -> FloatArray:
        return slope(self, x, relative_step=1e-4)

    def probability_error(self, x: float) -> float:
        place = np.asarray(x, dtype=np.float64)
        fine, coarse = (self._chance(place, n, upper=False) for n in (_NODES, _NODES // 2))
        return float(abs(fine - coarse))

    def error(self, q: float) -> float:
        place = float(self.ppf(np.asarray(q)))
        density = float(self.pdf(np.asarray(place)))
        return self.probability_error(place) / density if density > 0.0 else 0.0

    def _chance(self, x: FloatArray, nodes: int, *, upper: bool) -> FloatArray:
        places = np.ravel(np.asarray(x, dtype=np.float64))
        scores, weights = _panels(self._edges(places), nodes)
        with np.errstate(all="ignore"):
            inner = self._inner(places, self.first.at_score(scores), upper=upper)
        chance = np.where(weights > 0.0, weights * inner, 0.0).sum(axis=(0, 1))
        return np.asarray(np.clip(chance, 0.0, 1.0).reshape(np.shape(x)))

    def _edges(self, x: FloatArray) -> FloatArray:
        """The ends of the panels as scores, rising; shape (edges, places), or (edges, 1)."""
        with np.errstate(all="ignore"):
            scores = [_score_of(self.first, kink) for kink in self._kinks(x)]
        shape = x.shape if scores else (1,)
        fixed = [np.full(shape, end) for end in (-_FARTHEST, 0.0, _FARTHEST)]
        return np.sort(np.stack([*fixed, *scores]), axis=0)


def _panels(edges: FloatArray, nodes: int) -> tuple[FloatArray, FloatArray]:
    """
    Scores and their weights under the normal law, shape (panels, nodes, places).

    Within a panel the nodes crowd towards its ends by a quintic, so that a kink that is a root
    or a jump of a derivative costs little.
    """
    crowded, weights = _crowded(nodes)
    first, width = edges[:-1, None, :], np.diff(edges, axis=0)[:, None, :]
    scores = first + width * crowded[None, :, None]
    bell = np.exp(-0.5 * scores * scores) / math.sqrt(2.0 * math.pi)
    return scores, bell * width * weights[None, :, None]


@functools.cache
def _crowded(nodes: int) -> tuple[FloatArray, FloatArray]:
    """Gauss-Legendre nodes on (0, 1) after the quintic, and their weights."""
    points, weights = np.polynomial.legendre.leggauss(nodes)
    t = 0.5 * (points + 1.0)
    crowded = t**3 * (10.0 - 15.0 * t + 6.0 * t * t)
    speed = 30.0 * (t * (1.0 - t)) ** 2
    return frozen_array(crowded), frozen_array(0.5 * weights * speed)


def _score_of(law: Law, values: FloatArray) -> FloatArray:
    """The normal scores of values of a law, held within what is integrated."""
    from scipy.special import ndtri

    below, above = law.cdf(values), law.sf(values)
    scores = np.where(below < above, ndtri(below), -ndtri(above))
    inside = np.clip(scores, -_FARTHEST, _FARTHEST)
    return np.asarray(np.nan_to_num(inside, nan=_FARTHEST), dtype=np.float64)


@final
@attrs.frozen
class Sum(_Integral):
    """The sum of two independent numbers, the first one with less spread."""

    def _of(self, a: FloatArray, b: FloatArray) -> FloatArray:
        return a + b

    def _inner(self, x: FloatArray, a: FloatArray, *, upper: bool) -> FloatArray:
        return self.second.sf(x - a) if upper else self.second.cdf(x - a)

    def _kinks(self, x: FloatArray) -> list[FloatArray]:
        return [x - end for end in self.second.support() if math.isfinite(end)]

    def mean(self) -> float:
        return self.first.mean() + self.second.mean()

    def var(self) -> float:
        return self.first.var() + self.second.var()


@final
@attrs.frozen
class Product(_Integral):
    """The product of two independent numbers, the first one with less relative spread."""

    def _of(self, a: FloatArray, b: FloatArray) -> FloatArray:
        return a * b

    def _inner(self, x: FloatArray, a: FloatArray, *, upper: bool) -> FloatArray:
        place, turned = x / a, a < 0.0
        if not turned.any():
            return self.second.sf(place) if upper else self.second.cdf(place)
        return np.where(turned != upper, self.second.sf(place), self.second.cdf(place))

    def _kinks(self, x: FloatArray) -> list[FloatArray]:
        ends = [end for end in self.second.support() if math.isfinite(end) and end != 0.0]
        low, high = self.first.support()
        zero = [np.zeros_like(x)] if low < 0.0 < high else []
        return [*zero, *(x / end for end in ends)]

    def mean(self) -> float:
        return self.first.mean() * self.second.mean()

    def var(self) -> float:
        a, b = self.first.mean(), self.second.mean()
        return (self.first.var() + a * a) * (self.second.var() + b * b) - (a * b) ** 2
