"""Laws made of values: draws somebody already has, and values with probabilities."""

import hashlib
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.law import Law, Points, no_density, slope

__all__ = ["Empirical", "Weighted", "frozen_array", "law_of_points"]


def frozen_array(values: FloatArray) -> FloatArray:
    """A read-only copy, so that a value never changes under the number that holds it."""
    copy = np.array(values, dtype=np.float64)
    copy.setflags(write=False)
    return copy


def _sorted(values: FloatArray) -> FloatArray:
    return frozen_array(np.sort(values))


@final
@attrs.frozen(repr=False)
class Empirical(Law):
    """
    Equal mass on every value; the quantile is the smallest value with enough below it.

    Attributes:
        values: Sorted values, shape (n,).
    """

    values: FloatArray = attrs.field(
        converter=_sorted,
        eq=attrs.cmp_using(eq=np.array_equal),
        hash=False,
    )

    def __repr__(self) -> str:
        digest = hashlib.blake2b(self.values.tobytes(), digest_size=8).hexdigest()
        return f"Empirical({self.values.size} draws, {digest})"

    def __reduce__(self) -> tuple[type["Empirical"], tuple[FloatArray]]:
        # Rebuilt rather than copied, so that the values are read-only again.
        return Empirical, (self.values,)

    @property
    def atomic(self) -> bool:
        return True

    def points(self) -> Points:
        return self.values, None

    def ppf(self, q: FloatArray) -> FloatArray:
        n = self.values.size
        rank = np.ceil(np.asarray(q) * n)
        # The product is rounded: 0.07 * 100 is above 7. A rank is too high if the one below
        # it holds q already, and too low if it does not hold q itself.
        rank = rank - ((rank - 1.0) / n >= q) + (rank / n < q)
        return self.values[np.clip(rank - 1.0, 0, n - 1).astype(np.intp)]

    def isf(self, q: FloatArray) -> FloatArray:
        n = self.values.size
        above = np.floor(np.asarray(q) * n)
        above = above + ((above + 1.0) / n <= q) - (above / n > q)
        return self.values[np.clip(n - 1.0 - above, 0, n - 1).astype(np.intp)]

    def cdf(self, x: FloatArray) -> FloatArray:
        return np.searchsorted(self.values, x, side="right") / self.values.size

    def sf(self, x: FloatArray) -> FloatArray:
        above = self.values.size - np.searchsorted(self.values, x, side="right")
        return above / self.values.size

    def pdf(self, x: FloatArray) -> FloatArray:
        """Density smoothed over a tenth of the interquartile range."""
        return slope(self, x, relative_step=0.05)

    def mean(self) -> float:
        return float(self.values.mean())

    def var(self) -> float:
        return float(self.values.var())

    def support(self) -> tuple[float, float]:
        return float(self.values[0]), float(self.values[-1])


@final
@attrs.frozen(repr=False, eq=False)
class Weighted(Law):
    """
    Some values, each with its probability.

    Attributes:
        values: Sorted values, shape (n,).

        weights: Their probabilities, which sum to one.

        drawn: Whether the values are draws, so that there may be a density behind them.
    """

    values: FloatArray = attrs.field(converter=frozen_array)
    weights: FloatArray = attrs.field(converter=frozen_array)
    drawn: bool = False

    def __reduce__(self) -> tuple[type["Weighted"], tuple[FloatArray, FloatArray, bool]]:
        # Rebuilt rather than copied, so that the values are read-only again.
        return Weighted, (self.values, self.weights, self.drawn)

    def __repr__(self) -> str:
        digest = hashlib.blake2b(self.values.tobytes(), digest_size=8)
        digest.update(self.weights.tobytes())
        kind = "draws" if self.drawn else "values"
        return f"Weighted({self.values.size} {kind}, {digest.hexdigest()})"

    @property
    def atomic(self) -> bool:
        return True

    def points(self) -> Points:
        return self.values, self.weights

    def _at_most(self) -> FloatArray:
        """Probability of at most each value, with 0 for none before them."""
        return np.concatenate(([0.0], np.cumsum(self.weights)[:-1], [1.0]))

    def _above(self) -> FloatArray:
        """Probability of more than each value, with 1 for none before them."""
        return np.concatenate(([1.0], np.cumsum(self.weights[:0:-1])[::-1], [0.0]))

    def ppf(self, q: FloatArray) -> FloatArray:
        rank = np.searchsorted(self._at_most()[1:], q, side="left")
        return self.values[np.minimum(rank, self.values.size - 1)]

    def isf(self, q: FloatArray) -> FloatArray:
        rank = self.values.size - np.searchsorted(self._above()[:0:-1], q, side="right")
        return self.values[np.minimum(rank, self.values.size - 1)]

    def cdf(self, x: FloatArray) -> FloatArray:
        return self._at_most()[np.searchsorted(self.values, x, side="right")]

    def sf(self, x: FloatArray) -> FloatArray:
        return self._above()[np.searchsorted(self.values, x, side="right")]

    def pdf(self, x: FloatArray) -> FloatArray:
        """Density of draws, smoothed over a tenth of the interquartile range; else none."""
        return slope(self, x, relative_step=0.05) if self.drawn else no_density(self)

    def mean(self) -> float:
        return float(self.weights @ self.values)

    def var(self) -> float:
        return float(self.weights @ (self.values - self.mean()) ** 2)

    def support(self) -> tuple[float, float]:
        return float(self.values[0]), float(self.values[-1])


def law_of_points(values: FloatArray, weights: FloatArray | None, *, drawn: bool = False) -> Law:
    """The law of values in any order, equally likely where there are no weights."""
    if weights is None:
        return Empirical(values)
    # The support ends at a value that can occur.
    possible = np.flatnonzero(weights > 0.0)
    order = possible[np.argsort(values[possible], kind="stable")]
    return Weighted(values[order], weights[order] / weights.sum(), drawn)
