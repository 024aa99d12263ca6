"""What differs from step to step: mean-one factors that hold for one stretch of time each."""

import itertools
import math
from collections.abc import Iterator, Sequence
from datetime import date
from typing import final

import attrs
import numpy as np

from attrition._typing import Draws, FloatArray
from attrition.accounts import Per, Period
from attrition.projection.calendar import Grid, boundaries
from attrition.projection.process import Process
from attrition.uncertain.node import Bounds, Node, Noise, Operation, apply

__all__ = ["Factors", "cells_of", "clock", "factors_of", "observed_weights"]


@final
@attrs.frozen
class Factors(Operation):
    """
    Mean-one factors from standard normals, one cell a row, shape (cells, draws).

    Their logarithms are an autoregression of order one plus what passes within a cell.

    Attributes:
        cells: How many stretches of time there are.

        lasting_sd: Stationary standard deviation of the autoregression.

        persistence: Its correlation from one cell to the next.

        passing_sd: Standard deviation of what passes.
    """

    cells: int
    lasting_sd: float
    persistence: float
    passing_sd: float

    @property
    def rows(self) -> int:
        """Normals a cell needs."""
        return (self.lasting_sd > 0.0) + (self.passing_sd > 0.0)

    def __call__(self, *arguments: FloatArray) -> Draws:
        """The factors from normals of at least (cells * rows, draws)."""
        (normals,) = arguments
        log = np.zeros((self.cells, normals.shape[-1]))
        used = normals[: self.cells * self.rows]
        if self.passing_sd > 0.0:
            np.multiply(used[self.rows - 1 :: self.rows], self.passing_sd, out=log)
        if self.lasting_sd > 0.0:
            self._add_lasting(log, used[:: self.rows])
        log -= 0.5 * (self.lasting_sd**2 + self.passing_sd**2)
        return np.exp(log, out=log)

    def bounds(self, *arguments: Bounds) -> Bounds:  # noqa: ARG002 - factors are positive
        """Positive."""
        return 0.0, np.inf

    def _add_lasting(self, log: Draws, normals: FloatArray) -> None:
        fresh = self.lasting_sd * math.sqrt(1.0 - self.persistence**2)
        state = self.lasting_sd * normals[0]
        log[0] += state
        for row, normal in zip(log[1:], normals[1:], strict=True):
            state = self.persistence * state + fresh * normal
            np.add(row, state, out=row)

    @property
    def covariance(self) -> FloatArray:
        """The covariance of the logarithms, shape (cells, cells)."""
        lag = np.abs(np.subtract.outer(np.arange(self.cells), np.arange(self.cells)))
        lasting = self.lasting_sd**2 * self.persistence**lag
        return np.asarray(lasting + self.passing_sd**2 * np.eye(self.cells))


def factors_of(process: Process, cells: Sequence[date]) -> list[Node]:
    """The factors of a process: the same unknowns wherever it is projected from one cell on."""
    variation = process.variation
    if variation is None:
        return []
    factors = Factors(
        cells=len(cells) - 1,
        lasting_sd=variation.lasting_sd,
        persistence=variation.persistence,
        passing_sd=variation.passing_sd,
    )
    key = f"{process.kind} of {process.side}"
    uid = f"noise:{key}:{process.level.node.uid}:{variation!r}:{cells[0]}"
    noise = Noise(key=key, size=max(factors.cells * factors.rows, 1), uid=uid)
    return [apply(factors, noise)]


def observed_weights(process: Process, cells: Sequence[date]) -> tuple[float, ...]:
    """How much of the observed people a level without noise moves in each cell."""
    observed, season = process.observed, process.season
    if observed is None or (process.variation is None and season is None):
        return ()
    if process.variation is None:
        cells = (observed.start, observed.end)
    spans = itertools.pairwise(cells)
    parts = [observed.intersection(Period(start=a, end=b)) for a, b in spans]
    inside = [0.0 if part is None else _moved(part, process) for part in parts]
    while inside[-1] == 0.0:
        inside.pop()
    return tuple(people / observed.length(process.per) for people in inside)


def _moved(period: Period, process: Process) -> float:
    season, per = process.season, process.per
    return period.length(per) * (1.0 if season is None else season.over(period, per))


def cells_of(process: Process, grid: Grid) -> list[date]:
    """The edges of the stretches in which one value of the noise holds."""
    if process.variation is None:
        return [grid.start, grid.end]
    start, end = grid.start, grid.end
    if process.observed is not None:
        start, end = min(start, process.observed.start), max(end, process.observed.end)
    return [start, *clock(start, end, process.variation.per), end]


def clock(start: date, end: date, per: Per) -> Iterator[date]:
    """Where a unit of time begins anew: with the calendar for months and years of months."""
    first = start.replace(day=1) if per in {Per.MONTH, Per.YEAR} else start
    return boundaries(first, end, per)
