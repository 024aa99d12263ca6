"""Numbers known only through values: draws that somebody already has, alone or together."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray
from attrition.errors import ParameterError
from attrition.uncertain.checks import as_array, as_name
from attrition.uncertain.empirical import law_of_points
from attrition.uncertain.node import Column, Joint, Leaf
from attrition.uncertain.number import Uncertain

__all__ = ["from_draws", "from_joint_draws"]


def from_draws(
    values: npt.ArrayLike, weights: npt.ArrayLike | None = None, *, name: str | None = None
) -> Uncertain:
    """
    A number known through values, equally likely or with weights.

    Args:
        values: Shape (n,), at least two finite values.

        weights: How likely each value is, beside the others, shape (n,); they need not sum to
            one. None where all are equally likely.

        name: A label; it decides the random stream.

    Returns:
        The number; its quantiles are among the values.

    Raises:
        NumberError: If values or weights are no arrays of numbers.

        ParameterError: If there are too few values or one is not finite; if the weights have
            another length, one is negative, nan or infinite, or all are zero.

    Examples:
        >>> from attrition import from_draws
        >>> from_draws([31_000, 35_000, 44_000]).median()
        35000.0
        >>> from_draws([31_000, 35_000, 44_000], weights=[1, 1, 4]).median()
        44000.0
    """
    array = _checked(values, "values")
    law = law_of_points(array, _probabilities(weights, array.size), drawn=True)
    return Uncertain(Leaf(law, as_name(name)))


def from_joint_draws(
    columns: Mapping[str, npt.ArrayLike],
    weights: npt.ArrayLike | None = None,
    *,
    name: str | None = None,
) -> dict[str, Uncertain]:
    """
    Several numbers known together: value i of each comes from one and the same world.

    Args:
        columns: By label, shape (n,) each, all of one length.

        weights: How likely each world is, beside the others, shape (n,); they need not sum to
            one. None where all are equally likely.

        name: A label for the whole; it decides the random stream.

    Returns:
        By label, numbers that stay tied to each other.

    Raises:
        NumberError: If a column or the weights are no arrays of numbers.

        ParameterError: If there is no column, lengths differ or a value is not finite; if the
            weights have another length, one is negative, nan or infinite, or all are zero.

    Examples:
        >>> from attrition import from_joint_draws
        >>> tied = from_joint_draws({"killed": [10, 12, 15], "wounded": [30, 36, 45]})
        >>> (tied["wounded"] / tied["killed"]).std()
        0.0
    """
    if not columns:
        message = (
            "no columns were given: expected at least one. "
            'Type for example from_joint_draws({"killed": [...], "wounded": [...]}).'
        )
        raise ParameterError(message)
    arrays = {label: _checked(column, label) for label, column in columns.items()}
    lengths = {label: array.size for label, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        message = (
            f"columns have lengths {lengths}: expected one length, as value i of each belongs "
            f"together. Cut or draw them to the same length."
        )
        raise ParameterError(message)
    values = np.stack(list(arrays.values()))
    shares = _probabilities(weights, values.shape[1])
    joint = Joint(values, as_name(name), weights=shares)
    return {label: Uncertain(Column(joint, i, label)) for i, label in enumerate(arrays)}


def _checked(values: npt.ArrayLike, what: str) -> FloatArray:
    array = as_array(values, what)
    if array.ndim != 1 or array.size < 2:  # noqa: PLR2004 - one value is no distribution
        message = (
            f"{what} has shape {array.shape}: expected (n,) with at least 2 values. "
            f"A single known value is exactly(value)."
        )
        raise ParameterError(message)
    bad = int(np.count_nonzero(~np.isfinite(array)))
    if bad:
        message = (
            f"{what} has {bad} of {array.size} values that are nan or infinite: expected finite "
            f"values. Drop them first, and say so."
        )
        raise ParameterError(message)
    return array


def _probabilities(weights: npt.ArrayLike | None, n: int) -> FloatArray | None:
    """Weights that sum to one; None where there are none."""
    if weights is None:
        return None
    array = as_array(weights, "weights")
    if array.shape != (n,):
        message = (
            f"weights has shape {array.shape}: expected ({n},), one weight for each draw. "
            f"Leave weights out where all draws are equally likely."
        )
        raise ParameterError(message)
    if not np.isfinite(array).all() or (array < 0.0).any():
        bad = array[~(np.isfinite(array) & (array >= 0.0))]
        message = (
            f"weights has {bad.size} of {n} values that are negative, nan or infinite, the first "
            f"of them {bad[0]:g}: expected finite values from 0 on. "
            f"A draw that cannot be has the weight 0."
        )
        raise ParameterError(message)
    if not array.any():
        message = (
            "weights are all 0: expected at least one above 0. "
            "Leave weights out where all draws are equally likely."
        )
        raise ParameterError(message)
    scaled = array / array.max()
    return np.asarray(scaled / scaled.sum(), dtype=np.float64)
