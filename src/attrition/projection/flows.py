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
from attrition.projection.process import Process
from attrition.uncertain.node import Node, Noise
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

        noise: What the variation needs, None without one.
    """

    steps: int
    segments: tuple[_Segment, ...]
    start_years: float
    trend: str | None
    changes: int
    surges: tuple[tuple[float, ...], ...]
    noise: "_NoisePlan | None"

    def flow(self, inputs: Iterator[FloatArray]) -> Flow:
        """The flow, taking from ``inputs`` as many arrays as the plan has inputs."""
        level = np.maximum(next(inputs), 0.0)
        growth = next(inputs) if self.trend else None
        changes = [np.maximum(next(inputs), 0.0) for _ in range(self.changes)]
        surges = [np.maximum(next(inputs), 0.0) for _ in self.surges]
        factors = None if self.noise is None else self.noise.factors(next(inputs))
        if self.noise is not None and factors is not None:
            level = level / self.noise.observed_mean(factors)
        basis, extra = self._rows(growth, changes, factors)
        for people, shares in zip(surges, self.surges, strict=True):
            extra = extra + np.multiply.outer(np.array(shares), people)
        before = _grown(self.trend, growth, self.start_years)
        return Flow(level, basis, extra, before)

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


@final
@attrs.frozen
class _NoisePlan:
    """Mean-one factors from standard normals, one cell a row."""

    cells: int
    lasting_sd: float
    persistence: float
    passing_sd: float
    observed: tuple[float, ...]

    @property
    def rows(self) -> int:
        """Normals a cell needs."""
        return (self.lasting_sd > 0.0) + (self.passing_sd > 0.0)

    def factors(self, normals: FloatArray) -> Draws:
        """Factors of shape (cells, draws) from normals of at least (cells * rows, draws)."""
        log = np.zeros((self.cells, normals.shape[-1]))
        used = normals[: self.cells * self.rows]
        if self.passing_sd > 0.0:
            np.multiply(used[self.rows - 1 :: self.rows], self.passing_sd, out=log)
        if self.lasting_sd > 0.0:
            self._add_lasting(log, used[:: self.rows])
        log -= 0.5 * (self.lasting_sd**2 + self.passing_sd**2)
        return np.exp(log, out=log)

    def _add_lasting(self, log: Draws, normals: FloatArray) -> None:
        fresh = self.lasting_sd * math.sqrt(1.0 - self.persistence**2)
        state = self.lasting_sd * normals[0]
        log[0] += state
        for row, normal in zip(log[1:], normals[1:], strict=True):
            state = self.persistence * state + fresh * normal
            np.add(row, state, out=row)

    def observed_mean(self, factors: Draws) -> Draws:
        """The mean factor over the observed period, 1 without one."""
        if not self.observed:
            return np.ones(())
        weights = np.array(self.observed)
        return np.asarray(weights @ factors[: weights.size])


def plan_flow(process: Process, grid: Grid) -> tuple[FlowPlan, list[Node]]:
    """The plan of a process on a grid, and the nodes of its inputs in order."""
    changes = [c for c in process.changes if isinstance(c, Change)]
    surges = [s for s in process.changes if isinstance(s, Surge)]
    cells = _cells(process, grid)
    noise = _noise_plan(process, cells)
    plan = FlowPlan(
        steps=grid.steps,
        segments=tuple(_segments(process, grid, changes, cells)),
        start_years=_years(process, grid.start, grid.start),
        trend=None if process.trend is None else process.trend.form,
        changes=len(changes),
        surges=tuple(tuple(_shares(surge.during, grid)) for surge in surges),
        noise=noise,
    )
    nodes = [node_of(process.level)]
    nodes += [node_of(t.per_year) for t in (process.trend,) if t is not None]
    nodes += [node_of(v) for c in changes for v in (c.factor, c.level) if v is not None]
    nodes += [node_of(surge.people) for surge in surges]
    if noise is not None:
        nodes.append(_noise_node(process, noise, cells[0]))
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


def _noise_node(process: Process, noise: _NoisePlan, first: date) -> Noise:
    """The noise of a process: the same unknown wherever it is projected from the same cell on."""
    key = f"{process.kind} of {process.side}"
    uid = f"noise:{key}:{process.level.node.uid}:{process.variation!r}:{first}"
    return Noise(key=key, size=max(noise.cells * noise.rows, 1), uid=uid)


def _noise_plan(process: Process, cells: Sequence[date]) -> _NoisePlan | None:
    variation = process.variation
    if variation is None:
        return None
    return _NoisePlan(
        cells=len(cells) - 1,
        lasting_sd=variation.lasting_sd,
        persistence=variation.persistence,
        passing_sd=variation.passing_sd,
        observed=_observed_weights(process, cells),
    )


def _observed_weights(process: Process, cells: Sequence[date]) -> tuple[float, ...]:
    """How much of the observed people a level without noise moves in each cell."""
    observed, per = process.observed, process.per
    if observed is None:
        return ()
    spans = itertools.pairwise(cells)
    parts = [observed.intersection(Period(start=a, end=b)) for a, b in spans]
    inside = [0.0 if p is None else p.length(per) / observed.length(per) for p in parts]
    while inside[-1] == 0.0:
        inside.pop()
    return tuple(inside)


def _cells(process: Process, grid: Grid) -> list[date]:
    """The edges of the stretches in which one value of the noise holds."""
    if process.variation is None:
        return [grid.start, grid.end]
    start, end = grid.start, grid.end
    if process.observed is not None:
        start, end = min(start, process.observed.start), max(end, process.observed.end)
    return [start, *_clock(start, end, process.variation.per), end]


def _clock(start: date, end: date, per: Per) -> Iterator[date]:
    """Where a unit of time begins anew: with the calendar for months and years of months."""
    first = start.replace(day=1) if per in {Per.MONTH, Per.YEAR} else start
    return boundaries(first, end, per)


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
            volume=units_between(first, last, process.per),
            years=_years(process, grid.start, first),
            cell=cell,
            factors=tuple(_factors_on(changes, first)),
            level=_level_on(changes, first),
        )


def _edges(
    process: Process, grid: Grid, changes: Sequence[Change], cells: Sequence[date]
) -> set[date]:
    edges = {*grid.dates, *cells}
    if process.trend is not None:
        edges.update(_trend_clock(process, grid))
    for change in changes:
        if change.during is not None:
            edges.update((change.during.start, change.during.end))
        if change.start is not None:
            edges.add(change.start)
    return {day for day in edges if grid.start <= day <= grid.end}


def _trend_clock(process: Process, grid: Grid) -> Iterator[date]:
    """Where the trend moves on: every month, or every day or week from its origin."""
    if process.per in {Per.MONTH, Per.YEAR}:
        return _clock(grid.start, grid.end, Per.MONTH)
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
