"""A law as a mixture of components with three moments each."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray
from attrition.projection.three_moments import fourth_cumulant

__all__ = ["Components", "lacking", "merged"]


class Components(NamedTuple):
    """
    Three moments of each sum in each component.

    Attributes:
        mean: Shape (sums, components).

        var: Likewise.

        third: Third central moments, likewise.

        weights: Of the components, shape (components,); they sum to one.
    """

    mean: FloatArray
    var: FloatArray
    third: FloatArray
    weights: FloatArray

    @property
    def moments(self) -> FloatArray:
        """Mean, variance and third central moment of the mixtures, shape (3, sums)."""
        mean = self.mean @ self.weights
        off = self.mean - mean[:, None]
        var = (self.var + off**2) @ self.weights
        third = (self.third + off * (3.0 * self.var + off**2)) @ self.weights
        return np.stack([mean, var, third])

    def of(self, places: npt.NDArray[np.intp]) -> "Components":
        """Some of the sums."""
        mean, var, third, weights = self
        return Components(mean[places], var[places], third[places], weights)


def merged(fine: Components, size: int) -> Components:
    """
    Each so many components one after another as one with the same three moments.

    Args:
        fine: The components; the weights of all groups have the same proportions.

        size: How many are one.
    """
    mean, var, third, off, weights, shares = _grouped(fine, size)
    square = off * off
    skewed = third + off * (3.0 * var + square)
    return Components(mean @ shares, (var + square) @ shares, skewed @ shares, weights.sum(axis=1))


def lacking(fine: Components, size: int) -> FloatArray:
    """
    The fourth cumulants that laws with three moments lack once components are merged.

    Args:
        fine: The components before.

        size: How many are one.

    Returns:
        Those of each that is left, shape (sums, components).
    """
    _, var, third, off, _, shares = _grouped(fine, size)
    square = off * off
    fourth = fourth_cumulant(var, third) + 3.0 * var**2 + 4.0 * off * third
    fourth = (fourth + square * (6.0 * var + square)) @ shares
    coarse = merged(fine, size)
    return np.asarray(fourth - 3.0 * coarse.var**2 - fourth_cumulant(coarse.var, coarse.third))


class _Grouped(NamedTuple):
    """Moments of shape (sums, groups, size), how far means are from those of their groups."""

    mean: FloatArray
    var: FloatArray
    third: FloatArray
    off: FloatArray
    weights: FloatArray
    shares: FloatArray


def _grouped(fine: Components, size: int) -> _Grouped:
    mean, var, third = (part.reshape(len(part), -1, size) for part in fine[:3])
    weights = fine.weights.reshape(-1, size)
    shares = weights[0] / weights[0].sum()
    return _Grouped(mean, var, third, mean - (mean @ shares)[..., None], weights, shares)
