"""Weighted values that show where quantiles are to be sought."""

from typing import NamedTuple, Self

import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.searched import Ends

__all__ = ["Rough"]

_MOST_REPEATED = 32


class Rough(NamedTuple):
    """A law seen through values, for a first guess: sorted, with the weight up to each."""

    values: FloatArray
    up_to: FloatArray
    step: float

    @classmethod
    def of(cls, values: FloatArray, weights: FloatArray, step: float) -> Self:
        """From values that carry weight, in any order, whose shares are right to ``step``."""
        flat, share = (np.ravel(array) for array in np.broadcast_arrays(values, weights))
        counts = ~np.isnan(flat) & (share > 0.0)
        if not counts.any():
            return cls(np.zeros(1), np.ones(1), step)
        order = np.argsort(flat[counts])
        up_to = np.cumsum(share[counts][order])
        placed = flat[counts][order]
        # Infinite values stand with the farthest finite ones, from where a search gets on.
        finite = placed[np.isfinite(placed)]
        ends = (finite[0], finite[-1]) if finite.size else (0.0, 0.0)
        return cls(np.clip(placed, *ends), up_to / up_to[-1], step)

    def bracket(self, q: FloatArray) -> Ends:
        """Values well below and well above the quantiles at lower probability ``q``."""
        step = self.step * np.minimum(q, 1.0 - q)
        before = np.searchsorted(self.up_to, q - step) - 1
        after = np.searchsorted(self.up_to, q + step) + 1
        low = self.values[np.maximum(before, 0)]
        return low, self.values[np.minimum(after, self.values.size - 1)]

    def repeated(self) -> list[float]:
        """The values that come most often, in any order: single values with mass of their own."""
        first = np.flatnonzero(np.diff(self.values, prepend=-np.inf) > 0.0)
        counts = np.diff(first, append=self.values.size)
        shares = np.diff(self.up_to[first + counts - 1], prepend=0.0)
        heaviest = np.argsort(np.where(counts > 1, shares, 0.0))[-_MOST_REPEATED:]
        return [float(value) for value in self.values[first][heaviest[counts[heaviest] > 1]]]
