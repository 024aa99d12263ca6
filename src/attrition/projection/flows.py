"""People a process moves in every step: volumes, trend, changes and noise, on arrays."""

import itertools
import math
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple, final

import attrs
import numpy as np

from attrition._typing import Draws, FloatArray
from attrition.accounts import Per, Period
from attrition.projection.calendar import Grid, boundaries, units_between
from attrition.projection.change import Change, Surge
from attrition.projection.noise import cells_of, clock, factors_of, observed_weights
from attrition.projection.process import Process
from attrition.uncertain.node import Node
from attrition.uncertain.number import node_of
from attrition.uncertain.support import MASS_IGNORED, mass_below_zero

__all__ = ["Flow", "FlowPlan", "plan_flow", "trend_is_negative"]

_DAYS_A_YEAR = 365.25


class Flow(NamedTuple):
    """
    level * basis + extra, in every step and draw.

    Attributes:
        level: Shape (draws,), never negative.

        basis: What one person of the level moves, (steps, draws) or (steps, 1).

        extra: What moves whatever the level: replaced levels and surges; like ``basis``.

        before: The level just before the start as a multiple of ``level``, (draws,) or ().
    """

    level: Draws
    basis: Draws
    extra: Draws
    before: Draws

    @property
    def people(self) -> Draws:
        """All that moves, a new array of shape (steps, draws)."""
        return self.level * self.basis + self.extra


class _Segment(NamedTuple):
    """A stretch in which nothing about a process changes."""

    step: int
    volume: float
    years: float
    cell: int
    factors: tuple[int, ...]
    level: int  # -1: the level of the process; else the place of the change that replaced it


@final
@attrs.frozen
class FlowPlan:
    """
    How to compute a flow from its inputs, in the order of ``inputs``.

    Attributes:
        steps: How many steps.

        segments: Every stretch of every step.

        start_years: Where the trend stands at the start.

        trend: Its form, None without one.

        changes: How many changes there are.

        surges: For each surge the share of it in each step.

        varies: Whether factors of noise are an input.

        observed: How much of the observed people each cell of the noise moved, one number
            without noise; empty where the level was not observed.
    """

    steps: int
    segments: tuple[_Segment, ...]
    start_years: float
    trend: str | None
    changes: int
    surges: tuple[tuple[float, ...], ...]
    varies: bool
    observed: tuple[float, ...]

    def flow(self, inputs: Iterator[FloatArray]) -> Flow:
        """The flow, taking from ``inputs`` as many arrays as the plan has inputs."""
        level = np.maximum(next(inputs), 0.0)
        growth = next(inputs) if self.trend else None
        changes = [np.maximum(next(inputs), 0.0) for _ in range(self.changes)]
        surges = [np.maximum(next(inputs), 0.0) for _ in self.surges]
        factors = next(inputs) if self.varies else None
        if self.observed:
            level = level / self._observed(factors)
        basis, extra = self._rows(growth, changes, factors)
        for people, shares in zip(surges, self.surges, strict=True):
            extra = extra + np.multiply.outer(np.array(shares), people)
        before = _grown(self.trend, growth, self.start_years)
        return Flow(level, basis, extra, before)

    def _observed(self, factors: Draws | None) -> Draws:
        """The observed people as a multiple of the level."""
        weights = np.array(self.observed)
        return np.asarray(weights.sum() if factors is None else weights @ factors[: weights.size])

    def _rows(
        self, growth: Draws | None, changes: Sequence[Draws], factors: Draws | None
    ) -> tuple[Draws, Draws]:
        arrays = [a for a in (growth, *changes, factors) if a is not None]
        width = np.broadcast_shapes(*(a.shape[-1:] for a in arrays), (1,))
        basis, extra = np.zeros((self.steps, *width)), np.zeros((self.steps, *width))
        for segment in self.segments:
            moved = segment.volume * _grown(self.trend, growth, segment.years)
            by = [changes[place] for place in segment.factors]
            by += [] if factors is None else [factors[segment.cell]]
            if segment.level < 0:
                basis[segment.step] += math.prod(by, start=moved)
            else:
                extra[segment.step] += math.prod((*by, changes[segment.level]), start=moved)
        return basis, extra


def _grown(form: str | None, growth: Draws | None, years: float) -> Draws:
    if form is None or growth is None:
        return np.ones(())
    if form == "linear":
        return np.maximum(1.0 + growth * years, 0.0)
    return np.asarray(np.maximum(1.0 + growth, 0.0) ** years)


def plan_flow(process: Process, grid: Grid) -> tuple[FlowPlan, list[Node]]:
    """The plan of a process on a grid, and the nodes of its inputs in order."""
    changes = [c for c in process.changes if isinstance(c, Change)]
    surges = [s for s in process.changes if isinstance(s, Surge)]
    cells = cells_of(process, grid)
    plan = FlowPlan(
        steps=grid.steps,
        segments=tuple(_segments(process, grid, changes, cells)),
        start_years=_years(process, grid.start, grid.start),
        trend=None if process.trend is None else process.trend.form,
        changes=len(changes),
        surges=tuple(tuple(_shares(surge.during, grid)) for surge in surges),
        varies=process.variation is not None,
        observed=observed_weights(process, cells),
    )
    nodes = [node_of(process.level)]
    nodes += [node_of(t.per_year) for t in (process.trend,) if t is not None]
    nodes += [node_of(v) for c in changes for v in (c.factor, c.level) if v is not None]
    nodes += [node_of(surge.people) for surge in surges]
    nodes += factors_of(process, cells)
    return plan, nodes


def trend_is_negative(process: Process, grid: Grid) -> bool:
    """Whether more than a millionth of the draws of a trend would turn the level negative."""
    if process.trend is None:
        return False
    growth = process.trend.per_year
    if process.trend.form == "exponential":
        return mass_below_zero((1.0 + growth).node) > MASS_IGNORED
    years = (_years(process, grid.start, day) for day in (grid.start, grid.end))
    return any(mass_below_zero((1.0 + growth * y).node) > MASS_IGNORED for y in years)


def _segments(
    process: Process, grid: Grid, changes: Sequence[Change], cells: Sequence[date]
) -> Iterator[_Segment]:
    edges = sorted(_edges(process, grid, changes, cells))
    step = cell = 0
    for first, last in itertools.pairwise(edges):
        while grid.dates[step + 1] <= first:
            step += 1
        while cells[cell + 1] <= first:
            cell += 1
        yield _Segment(
            step=step,
            volume=_volume(process, first, last),
            years=_years(process, grid.start, first),
            cell=cell,
            factors=tuple(_factors_on(changes, first)),
            level=_level_on(changes, first),
        )


def _volume(process: Process, first: date, last: date) -> float:
    units = units_between(first, last, process.per)
    return units if process.season is None else units * process.season.of(first.month)


def _edges(
    process: Process, grid: Grid, changes: Sequence[Change], cells: Sequence[date]
) -> set[date]:
    edges = {*grid.dates, *cells}
    if process.trend is not None:
        edges.update(_trendclock(process, grid))
    if process.season is not None:
        edges.update(clock(grid.start, grid.end, Per.MONTH))
    for change in changes:
        if change.during is not None:
            edges.update((change.during.start, change.during.end))
        if change.start is not None:
            edges.add(change.start)
    return {day for day in edges if grid.start <= day <= grid.end}


def _trendclock(process: Process, grid: Grid) -> Iterator[date]:
    """Where the trend moves on: every month, or every day or week from its origin."""
    if process.per in {Per.MONTH, Per.YEAR}:
        return clock(grid.start, grid.end, Per.MONTH)
    origin = _origin(process, grid.start)
    past = (grid.start - origin).days % 7 if process.per is Per.WEEK else 0
    return boundaries(grid.start - timedelta(days=past), grid.end, process.per)


def _origin(process: Process, start: date) -> date:
    given = None if process.trend is None else process.trend.origin
    return start if given is None else given


def _years(process: Process, start: date, day: date) -> float:
    """Years of trend on a day; within one unit of the process they stand still."""
    origin = _origin(process, start)
    if process.per in {Per.MONTH, Per.YEAR}:
        return (12 * (day.year - origin.year) + day.month - origin.month) / 12.0
    days = (day - origin).days
    return (days if process.per is Per.DAY else 7 * (days // 7)) / _DAYS_A_YEAR


def _factors_on(changes: Sequence[Change], day: date) -> Iterator[int]:
    for place, change in enumerate(changes):
        if change.during is not None and change.during.contains(day):
            yield place


def _level_on(changes: Sequence[Change], day: date) -> int:
    """The place of the latest change that replaced the level, -1 if none has."""
    replaced = [
        (change.start, place)
        for place, change in enumerate(changes)
        if change.start is not None and change.start <= day
    ]
    return max(replaced)[1] if replaced else -1


def _shares(during: Period, grid: Grid) -> Iterator[float]:
    days = during.length(Per.DAY)
    for first, last in itertools.pairwise(grid.dates):
        part = during.intersection(Period(start=first, end=last))
        yield 0.0 if part is None else part.length(Per.DAY) / days
