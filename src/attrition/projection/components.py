"""A law as a mixture of components with three moments each."""

from typing import NamedTuple

import numpy as np

from attrition._typing import FloatArray
from attrition.projection.three_moments import fourth_cumulant

__all__ = ["Components", "merged"]


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
        third = (self.third + 3.0 * off * self.var + off**3) @ self.weights
        return np.stack([mean, var, third])


def merged(fine: Components, size: int) -> tuple[Components, FloatArray]:
    """
    Each so many components one after another as one.

    Args:
        fine: The components; the weights of all groups have the same proportions.

        size: How many are one.

    Returns:
        Fewer components with the same first three moments, and the fourth cumulants of each that
        its law with three moments lacks, shape (sums, components).
    """
    mean, var, third = (part.reshape(len(part), -1, size) for part in fine[:3])
    weights = fine.weights.reshape(-1, size)
    shares = weights[0] / weights[0].sum()
    centre = mean @ shares
    off = mean - centre[..., None]
    whole = (var + off**2) @ shares
    skewed = (third + 3.0 * off * var + off**3) @ shares
    fourth = fourth_cumulant(var, third) + 3.0 * var**2
    fourth = (fourth + 4.0 * off * third + 6.0 * off**2 * var + off**4) @ shares
    lacking = fourth - 3.0 * whole**2 - fourth_cumulant(whole, skewed)
    return Components(centre, whole, skewed, weights.sum(axis=1)), lacking
