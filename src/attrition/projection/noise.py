"""What differs from step to step: mean-one factors that hold for one stretch of time each."""

import functools
import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import final

import attrs
import numpy as np

from attrition._typing import Draws, FloatArray
from attrition.accounts import Per, Period
from attrition.projection.calendar import Grid, boundaries
from attrition.projection.process import Process
from attrition.uncertain.empirical import frozen_array
from attrition.uncertain.node import Bounds, Node, Noise, Operation, apply

__all__ = [
    "Factors",
    "cells_of",
    "clock",
    "factors_of",
    "observed_weights",
    "shared_start",
]

_LASTING, _PASSING = 0, 1

_KINDS = 2
"""Normals a cell of common shocks holds: one for what lasts and one for what passes."""


@final
@attrs.frozen
class Factors(Operation):
    """
    Mean-one factors from standard normals, one cell a row, shape (cells, draws).

    Their logarithms are an autoregression of order one plus what passes within a cell. That sum
    is made of one normal a cell in its innovations form: the mean of each cell given the cells
    before it, by the filter of Kalman, and what is new in it. Where shocks are shared, a second
    argument holds the common normals, and there are two a cell of either.

    Attributes:
        cells: How many stretches of time there are.

        lasting_sd: Stationary standard deviation of the autoregression.

        persistence: Its correlation from one cell to the next.

        passing_sd: Standard deviation of what passes.

        loading: Correlation of its shocks with the common ones; None where none are shared.

    References:
        Kalman, R. E. (1960). A new approach to linear filtering and prediction problems.
        doi:10.1115/1.3662552
    """

    cells: int
    lasting_sd: float
    persistence: float
    passing_sd: float
    loading: float | None = None

    @property
    def rows(self) -> int:
        """Normals of its own that a cell needs."""
        # Shared shocks need both: two innovations that are correlated do not give lasting and
        # passing parts that are, each by itself.
        if self.loading is None:
            return 1
        return (self.lasting_sd > 0.0) + (self.passing_sd > 0.0)

    def __call__(self, *arguments: FloatArray) -> Draws:
        """The factors from normals of at least (cells * rows, draws), and the common ones."""
        log = self._innovations(*arguments) if self.loading is None else self._shared(*arguments)
        log -= 0.5 * (self.lasting_sd**2 + self.passing_sd**2)
        return np.exp(log, out=log)

    @property
    def roots(self) -> tuple[FloatArray, ...]:
        """By how much the logarithms rise with each normal of each argument, (cells, normals)."""
        return _roots(self)

    def write_roots(self) -> tuple[FloatArray, ...]:
        """The roots as new arrays."""
        if self.loading is None:
            return (self._root(),)
        sizes = self.cells * self.rows, self.cells * _KINDS
        own, common = np.split(np.eye(sum(sizes)), sizes[:1])
        return tuple(np.split(self._shared(own, common), sizes[:1], axis=1))

    def _root(self) -> FloatArray:
        """The same for the normals of its own, where no shocks are shared."""
        if self.lasting_sd == 0.0:
            return self.passing_sd * np.eye(self.cells)
        new, lasts = np.array([*self._weights()]).T
        lags = np.abs(np.subtract.outer(np.arange(self.cells), np.arange(self.cells)))
        return np.asarray(np.tril(self.persistence**lags * lasts, -1) + np.diag(new))

    def _innovations(self, normals: FloatArray) -> Draws:
        """The logarithms about their mean from one normal a cell."""
        if self.lasting_sd == 0.0:
            return self.passing_sd * normals[: self.cells]
        log = np.empty((self.cells, normals.shape[-1]))
        ahead, fresh = np.zeros(log.shape[-1]), np.empty(log.shape[-1])
        for (new, lasts), row, normal in zip(self._weights(), log, normals, strict=False):
            np.add(ahead, np.multiply(normal, new, out=row), out=row)
            ahead *= self.persistence
            ahead += np.multiply(normal, self.persistence * lasts, out=fresh)
        return log

    def _weights(self) -> Iterator[tuple[float, float]]:
        """How much a normal adds to the logarithm of its cell, and to what lasts of it."""
        # Of what lasts, the standard deviation of what is not known before the cell is seen.
        unknown = self.lasting_sd
        for _ in range(self.cells):
            new = math.hypot(unknown, self.passing_sd)
            yield new, unknown * (unknown / new)
            # What stays unknown of it once the cell is seen, one cell on.
            stays = self.persistence * self.passing_sd * (unknown / new)
            unknown = math.hypot(stays, self.lasting_sd * math.sqrt(1.0 - self.persistence**2))

    def _shared(self, *arguments: FloatArray) -> Draws:
        """The logarithms about their mean where shocks are shared, from two normals a cell."""
        log = np.zeros((self.cells, arguments[0].shape[-1]))
        if self.passing_sd > 0.0:
            np.multiply(self._shocks(_PASSING, *arguments), self.passing_sd, out=log)
        if self.lasting_sd > 0.0:
            self._add_lasting(log, self._shocks(_LASTING, *arguments))
        return log

    def _shocks(self, kind: int, own: FloatArray, common: FloatArray) -> FloatArray:
        """Standard normals of one kind, one cell a row."""
        alone = own[: self.cells * self.rows][min(kind, self.rows - 1) :: self.rows]
        shared = common[: self.cells * _KINDS][kind::_KINDS]
        loading = self.loading or 0.0
        return np.asarray(loading * shared + math.sqrt(1.0 - loading**2) * alone)

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


@functools.lru_cache(maxsize=64)
def _roots(made: Factors) -> tuple[FloatArray, ...]:
    return tuple(frozen_array(root) for root in made.write_roots())


def factors_of(process: Process, cells: Sequence[date]) -> list[Node]:
    """The factors of a process: the same unknowns wherever it is projected from one cell on."""
    variation = process.variation
    if variation is None:
        return []
    common = variation.common
    factors = Factors(
        cells=len(cells) - 1,
        lasting_sd=variation.lasting_sd,
        persistence=variation.persistence,
        passing_sd=variation.passing_sd,
        loading=None if common is None else common.loading,
    )
    key = f"{process.kind} of {process.side}"
    uid = f"noise:{key}:{process.level.node.uid}:{variation!r}:{cells[0]}"
    own = Noise(key=key, size=max(factors.cells * factors.rows, 1), uid=uid)
    if common is None:
        return [apply(factors, own)]
    shared = Noise(
        key=f"common shocks of {common.name}",
        size=factors.cells * _KINDS,
        uid=f"noise:common:{common.name}:{variation.per}:{cells[0]}",
    )
    return [apply(factors, own, shared)]


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


def cells_of(process: Process, grid: Grid, since: date | None = None) -> tuple[date, ...]:
    """
    The edges of the stretches in which one value of the noise holds.

    Args:
        process: The process.

        grid: The steps.

        since: Where the first one begins at the latest, for shocks that are shared.
    """
    if process.variation is None:
        return grid.start, grid.end
    start, end = grid.start, grid.end
    if process.observed is not None:
        start, end = min(start, process.observed.start), max(end, process.observed.end)
    start = min(start, since or start)
    return start, *clock(start, end, process.variation.per), end


def shared_start(process: Process, processes: Iterable[Process], grid: Grid) -> date | None:
    """Where the noise begins of all who share the shocks of a process; None if it shares none."""
    name = _shared_name(process)
    if name is None:
        return None
    return min(cells_of(other, grid)[0] for other in processes if _shared_name(other) == name)


def _shared_name(process: Process) -> str | None:
    common = None if process.variation is None else process.variation.common
    return None if common is None else common.name


def clock(start: date, end: date, per: Per) -> tuple[date, ...]:
    """Where a unit of time begins anew: with the calendar for months and years of months."""
    first = start.replace(day=1) if per in {Per.MONTH, Per.YEAR} else start
    return boundaries(first, end, per)
