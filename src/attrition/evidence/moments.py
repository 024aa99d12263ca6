"""Means and variances of estimates on the scale on which they are pooled."""

from collections.abc import Sequence

import numpy as np

from attrition._typing import FloatArray
from attrition.errors import MomentError, ParameterError, PoolError
from attrition.evidence.recipe import PoolScale
from attrition.uncertain import Uncertain, log, truncate
from attrition.uncertain.support import mass_below_zero

__all__ = ["moments"]

SPREADS = {
    "natural": "about(count, sd=...)",
    "log": 'between(low, high, confidence=0.9, family="lognormal")',
}
"""A number that can be pooled on each scale."""


def moments(
    numbers: Sequence[Uncertain], names: Sequence[str], scale: PoolScale
) -> tuple[FloatArray, FloatArray]:
    """
    Means and variances of numbers, or of their logarithms.

    Args:
        numbers: The figures.

        names: What a message calls each.

        scale: "log" for those of the logarithms.

    Returns:
        Means and variances, shape (numbers,) each.

    Raises:
        PoolError: If a number has no spread, or no mean and variance on the scale.

    Examples:
        >>> from attrition import about
        >>> means, variances = moments([about(35_050, sd=1_500)], ["claim"], "natural")
        >>> means.tolist(), variances.tolist()
        ([35050.0], [2250000.0])
    """
    found = [_moments(*pair, scale) for pair in zip(numbers, names, strict=True)]
    means, variances = np.array(found).T
    return means, variances


def _moments(number: Uncertain, name: str, scale: PoolScale) -> tuple[float, float]:
    if number.value is not None:
        raise PoolError(
            f"{name} has no spread, and would have all of the weight: expected a figure with the "
            f"spread that you believe. Type for example {SPREADS[scale]}."
        )
    try:
        scaled = log(_positive(number)) if scale == "log" else number
        mean, variance = scaled.mean(), scaled.var()
    except (MomentError, ParameterError) as error:
        raise _without_moments(name, scale) from error
    if not (np.isfinite(mean) and 0.0 < variance < np.inf):
        raise _without_moments(name, scale)
    return mean, variance


def _positive(number: Uncertain) -> Uncertain:
    """The number above zero: the record let at most a millionth of it be below."""
    return truncate(number, low=0) if mass_below_zero(number.node) else number


def _without_moments(name: str, scale: PoolScale) -> PoolError:
    what = "logarithm" if scale == "log" else "figure"
    other = "natural" if scale == "log" else "log"
    return PoolError(
        f"{name} has no mean and variance of its {what}: expected both with scale={scale!r}. State "
        f'it for example as {SPREADS[scale]}, or try scale="{other}" or method="linear".'
    )
