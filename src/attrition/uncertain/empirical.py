"""A law made of values: draws somebody already has."""

import hashlib
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.law import Law, slope

__all__ = ["Empirical", "frozen_array"]


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

    def ppf(self, q: FloatArray) -> FloatArray:
        rank = np.ceil(np.asarray(q) * self.values.size).astype(np.intp) - 1
        return self.values[np.clip(rank, 0, self.values.size - 1)]

    def isf(self, q: FloatArray) -> FloatArray:
        rank = self.values.size - 1 - np.floor(np.asarray(q) * self.values.size).astype(np.intp)
        return self.values[np.clip(rank, 0, self.values.size - 1)]

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
