"""Strength at the dates as simulated paths show it."""

from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.projection.sums import Sums, spread
from attrition.uncertain.lattice import SHIFTS
from attrition.uncertain.law import Method
from attrition.uncertain.sampled import quantiles_of

__all__ = ["Simulated"]


@final
@attrs.frozen(eq=False)
class Simulated(Sums):
    """
    The laws of strength at every date after the start, through simulated paths.

    Attributes:
        strength: At the start and at every date, shape (dates, draws).
    """

    strength: FloatArray = attrs.field(repr=False)

    @property
    def method(self) -> Method:
        return "draws"

    @property
    def draws(self) -> int:
        return int(self.strength.shape[-1])

    @property
    def _later(self) -> FloatArray:
        """By copy, shape (dates, copies, draws in a copy)."""
        return self.strength[1:].reshape(len(self.strength) - 1, SHIFTS, -1)

    def chance(self, x: FloatArray) -> FloatArray:
        return np.stack(
            [(self.strength[1:] <= place[:, None]).mean(axis=1) for place in x.T], axis=1
        )

    def uncut_errors(self, x: FloatArray) -> FloatArray:
        shares = [(self._later <= place[:, None, None]).mean(axis=-1) for place in x.T]
        return np.stack([spread(share.T) for share in shares], axis=1)

    def moments(self) -> tuple[FloatArray, FloatArray]:
        return self.strength[1:].mean(axis=1), self.strength[1:].var(axis=1)

    def quantiles(self, q: FloatArray) -> FloatArray:
        # Date by date, so that no second copy of all draws is made.
        return np.stack([quantiles_of(row, q) for row in self.strength[1:]])

    def quantile_errors(self, q: FloatArray) -> FloatArray:
        return np.stack([spread(quantiles_of(copies, q).T) for copies in self._later])
