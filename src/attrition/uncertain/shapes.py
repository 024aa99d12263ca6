"""Constructors from three figures: hard ends around a mode, or unequal sides of a median."""

from attrition._typing import Number
from attrition.errors import ParameterError
from attrition.uncertain.checks import as_float
from attrition.uncertain.leaf import half_score, new_leaf
from attrition.uncertain.number import Uncertain
from attrition.uncertain.shape_laws import Pert, TwoPiece

__all__ = ["asymmetric", "pert"]


def pert(low: Number, mode: Number, high: Number, *, name: str | None = None) -> Uncertain:
    """
    A number between two hard ends, with its most likely value: the PERT form of the beta law.

    The beta law on (low, high) that has this mode and the mean (low + 4 mode + high) / 6; its
    parameters are 1 + 4 (mode - low) / (high - low) and 1 + 4 (high - mode) / (high - low).
    Nothing lies beyond the ends: for an interval that can be missed use ``asymmetric``.

    Args:
        low: No value is below it.

        mode: The most likely value, from ``low`` to ``high``.

        high: No value is above it.

        name: A label; it decides the random stream.

    Returns:
        The number.

    Raises:
        NumberError: If a figure is not a number.

        ParameterError: If the ends are reversed or equal, or the mode is not between them.

    References:
        Malcolm, D. G., Roseboom, J. H., Clark, C. E. and Fazar, W. (1959). Application of a
        technique for research and development program evaluation. doi:10.1287/opre.7.5.646

        Revisiting the PERT mean and variance (2011). European Journal of Operational Research
        210, 448-451: the parameters that keep both the mode and that mean.

    Examples:
        >>> from attrition import pert
        >>> brigades = pert(8, 10, 15)
        >>> round(brigades.mean(), 2), brigades.support()
        (10.5, (8.0, 15.0))
    """
    bottom, peak, top = as_float(low, "low"), as_float(mode, "mode"), as_float(high, "high")
    if not (bottom <= peak <= top and bottom < top):
        message = (
            f"low is {bottom:.15g}, mode is {peak:.15g} and high is {top:.15g}: expected "
            f"low <= mode <= high and low < high. Type for example pert(8, 10, 15)."
        )
        raise ParameterError(message)
    return new_leaf(Pert(bottom, peak, top), name)


def asymmetric(
    low: Number, mid: Number, high: Number, *, confidence: Number, name: str | None = None
) -> Uncertain:
    """
    A number by its median and a central interval that reaches further on one side.

    Below the median it is the lower half of one normal law, above it the upper half of another
    one, each as wide as its end of the interval says. The distribution function is continuous;
    the density jumps at the median, in the ratio of the two widths. This is not the two-piece
    normal law, whose density is continuous and whose figure in the middle is the mode.

    Args:
        low: Lower end of the central interval.

        mid: The median.

        high: Upper end of the central interval.

        confidence: Mass between the ends, inside (0, 1).

        name: A label; it decides the random stream.

    Returns:
        The number, with (1 - confidence) / 2 of its mass on either side of the interval.

    Raises:
        NumberError: If a figure is not a number.

        ParameterError: If the three do not rise, or the confidence is not inside (0, 1).

    References:
        Barlow, R. (2003). Asymmetric systematic errors. arXiv:physics/0306138: two straight
        lines in the normal score, and why the two errors must not be added apart.

        Wallis, K. F. (2014). The two-piece normal, binormal, or double Gaussian distribution:
        its origin and rediscoveries. doi:10.1214/13-STS417

    Examples:
        >>> from attrition import asymmetric
        >>> lost = asymmetric(31_000, 35_000, 47_000, confidence=0.9)
        >>> low, high = lost.interval(0.9)
        >>> round(low), round(lost.median()), round(high), round(lost.mean())
        (31000, 35000, 47000, 36940)
    """
    bottom, middle, top = as_float(low, "low"), as_float(mid, "mid"), as_float(high, "high")
    score = half_score(confidence)
    if not bottom < middle < top:
        message = (
            f"low is {bottom:.15g}, mid is {middle:.15g} and high is {top:.15g}: expected "
            f"low < mid < high. "
            f"Type for example asymmetric(31_000, 35_000, 47_000, confidence=0.9)."
        )
        raise ParameterError(message)
    return new_leaf(TwoPiece(middle, (middle - bottom) / score, (top - middle) / score), name)
