"""Arithmetic on arrays of shape (steps, draws), where what is the same in all draws is one wide."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from attrition._typing import Draws, FloatArray

__all__ = ["add_up", "added", "columns_of", "of_draws", "own", "stacked", "width_of"]

_NARROW = 256
"""Draws up to which numpy's running total is faster than a loop over rows."""


def width_of(*flows: Draws | float) -> int:
    """For how many draws flows are."""
    return max(1 if isinstance(flow, float) else flow.shape[-1] for flow in flows)


def of_draws(
    values: Sequence[FloatArray], places: slice | npt.NDArray[np.intp]
) -> list[FloatArray]:
    """The values of inputs in some of the draws."""
    return [value[..., places] if value.shape[-1] > 1 else value for value in values]


def columns_of(
    values: Draws | float, places: npt.NDArray[np.intp], shape: tuple[int, ...]
) -> Draws:
    """Some of the draws of a flow, read-only."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim < 2 or array.shape[-1] == 1:  # noqa: PLR2004 - the same in every draw
        return np.broadcast_to(array, shape)
    return np.broadcast_to(array[:, places], shape)


def added(people: Draws, more: Draws | float) -> Draws:
    """Their sum, in the place of the first, which is new, where it fits there."""
    if isinstance(more, float):
        return np.add(people, more, out=people) if more else people
    return np.add(people, more, out=people if more.shape[-1] <= people.shape[-1] else None)


def own(values: Draws | float, shape: tuple[int, ...]) -> Draws:
    """A writable array of full shape."""
    array = np.asarray(values, dtype=np.float64)
    return array if array.shape == shape else np.broadcast_to(array, shape).copy()


def stacked(rows: Sequence[FloatArray]) -> Draws:
    """Rows below each other, a new array."""
    found = np.empty((len(rows), max(row.size for row in rows)))
    for place, row in zip(found, rows, strict=True):
        place[:] = row
    return found


def add_up(strength: Draws, arrivals: Draws, returns: Draws | float, losses: Draws) -> None:
    """Strength after every step from that at the start, which is its first row."""
    if strength.shape[1] <= _NARROW:
        strength[1:] = arrivals + returns - losses
        np.cumsum(strength, axis=0, out=strength)
        return
    # In place and row by row: several times faster than cumsum over the first axis
    # (tests/bench/bench_projection.py).
    steps = len(strength) - 1
    flows = (np.broadcast_to(flow, (steps, width_of(flow))) for flow in (arrivals, returns, losses))
    level = strength[0]
    for row, arrived, returned, lost in zip(strength[1:], *flows, strict=True):
        np.add(level, arrived, out=row)
        np.add(row, returned, out=row)
        np.subtract(row, lost, out=row)
        level = row
