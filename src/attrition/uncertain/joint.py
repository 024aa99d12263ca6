"""Numbers known only through values: draws that somebody already has, alone or together."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray
from attrition.errors import ParameterError
from attrition.uncertain.checks import as_array, as_name
from attrition.uncertain.empirical import Empirical
from attrition.uncertain.node import Column, Joint, Leaf
from attrition.uncertain.number import Uncertain

__all__ = ["from_draws", "from_joint_draws"]


def from_draws(values: npt.ArrayLike, *, name: str | None = None) -> Uncertain:
    """
    A number known through equally likely values.

    Args:
        values: Shape (n,), at least two finite values.

        name: A label; it decides the random stream.

    Returns:
        The number; its quantiles are among the values.

    Raises:
        ParameterError: If there are too few values or one is not finite.

    Examples:
        >>> from attrition import from_draws
        >>> from_draws([31_000, 35_000, 44_000]).median()
        35000.0
    """
    return Uncertain(Leaf(Empirical(_checked(values, "values")), as_name(name)))


def from_joint_draws(
    columns: Mapping[str, npt.ArrayLike], *, name: str | None = None
) -> dict[str, Uncertain]:
    """
    Several numbers known together: value i of each comes from one and the same world.

    Args:
        columns: By label, shape (n,) each, all of one length.

        name: A label for the whole; it decides the random stream.

    Returns:
        By label, numbers that stay tied to each other.

    Raises:
        ParameterError: If there is no column, lengths differ or a value is not finite.

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
    joint = Joint(np.stack(list(arrays.values())), as_name(name))
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
