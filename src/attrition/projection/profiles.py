"""Strengths at values of the axes, and what the noise of each stretch of time does to them."""

from collections.abc import Mapping, Sequence

import numpy as np

from attrition._typing import FloatArray
from attrition.projection.axes import Axis
from attrition.projection.response import Response, Rows

__all__ = ["at_values", "profiles", "values_at"]


def values_at(axes: Sequence[Axis], values: FloatArray) -> dict[str, FloatArray]:
    """
    Values of the axes by uid.

    Args:
        axes: They.

        values: Shape (axes, settings).
    """
    return {axis.node.uid: row for axis, row in zip(axes, values, strict=True)}


def at_values(
    response: Response, axes: Sequence[Axis], values: FloatArray, factors: FloatArray | None = None
) -> Rows:
    """
    The rows at values of all axes.

    Args:
        response: What is asked for.

        axes: All that is not known beside the noise.

        values: Shape (axes, settings).

        factors: Of all noises one after another, shape (cells, settings); one unless told.
    """
    settings = values.shape[1]
    every = np.broadcast_to(1.0 if factors is None else factors, (response.cells, settings))
    return response.at(values_at(axes, values), response.by_noise(every), settings)


def profiles(response: Response, values: Mapping[str, FloatArray], settings: int) -> FloatArray:
    """
    By how much strength at each date rises with the factor of each cell.

    Strength is linear in the factors, so a difference is the derivative.

    Args:
        response: What is asked for.

        values: Of every unknown by uid, or of an input instead, shape (settings,).

        settings: How many there are.

    Returns:
        Shape (settings, dates, cells); the cells of all noises one after another.
    """
    cells = response.cells
    # The last of each setting's columns is the one to compare with.
    raised = 1.0 + np.tile(np.hstack([np.eye(cells), np.zeros((cells, 1))]), settings)
    repeated = {uid: np.repeat(value, cells + 1, axis=-1) for uid, value in values.items()}
    found = response.at(repeated, response.by_noise(raised), raised.shape[1]).strength
    by_setting = found.reshape(len(found), settings, cells + 1).transpose(1, 0, 2)
    return np.asarray(by_setting[..., :-1] - by_setting[..., -1:])
