"""People a process moves in every step: volumes, trend, changes and noise, on arrays."""

import functools
import itertools
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple, final

import attrs
import numpy as np

from attrition._typing import Draws, FloatArray
from attrition.accounts import Per, Period
from attrition.projection.calendar import Grid
from attrition.projection.change import Change, Ramp, Surge
from attrition.projection.noise import cells_of, factors_of, observed_weights
from attrition.projection.process import LossProcess, Process
from attrition.projection.segments import Segments, segments_of, years_of
from attrition.uncertain import Uncertain
from attrition.uncertain.evaluate import law_of
from attrition.uncertain.node import Node
from attrition.uncertain.number import node_of
from attrition.uncertain.support import MASS_IGNORED

__all__ = ["Flow", "FlowPlan", "plan_flow", "trend_is_negative"]


class Flow(NamedTuple):
    """
    level * basis + extra, in every step and draw.

    Attributes:
        level: Shape (draws,), never negative.

        basis: What one person of the level moves, (steps, draws) or (steps, 1).

        extra: What moves whatever the level: replaced levels and surges; like ``basis``.

        before: The level just before the start as a multiple of ``level``, (draws,) or ().

        at: The strength at which all this holds, if it depends on strength; None for the start.

        luck: Normals that make whole people of what moves, (steps, draws); None for many.
    """

    level: Draws
    basis: Draws
    extra: Draws
    before: Draws
    at: Draws | None = None
    luck: Draws | None = None

    @property
    def people(self) -> Draws:
        """All that moves, a new array of shape (steps, draws)."""
        moved = np.asarray(self.level * self.basis)
        return moved + self.extra if self.extra.any() else moved


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

        changes: How many changes and ramps there are.

        surges: For each surge the share of it in each step.

        varies: Whether factors of noise are an input.

        observed: How much of the observed people each cell of the noise moved, one number
            without noise; empty where the level was not observed.

        power: Of strength, if the flow depends on it.

        at: Whether the strength at which the level holds is an input.

        counts: Whether so few move that they are counted one by one; luck is then an input.
    """

    steps: int
    segments: Segments
    start_years: float
    trend: str | None
    changes: int
    surges: tuple[tuple[float, ...], ...]
    varies: bool
    observed: tuple[float, ...]
    power: float | None = None
    at: bool = False
    counts: bool = False

    @property
    def sequential(self) -> bool:
        """Whether strength is not linear in this flow, and has to be stepped."""
        return self.counts or self.power is not None

    @property
    def inputs(self) -> int:
        """How many inputs it takes; the first is the level."""
        optional = (self.trend is not None) + self.varies + self.at + self.counts
        return 1 + self.changes + len(self.surges) + optional

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
        at = np.maximum(next(inputs), 0.0) if self.at else None
        luck = next(inputs)[: self.steps] if self.counts else None
        return Flow(level, basis, extra, before, at, luck)

    def _observed(self, factors: Draws | None) -> Draws:
        """The observed people as a multiple of the level."""
        weights = np.array(self.observed)
        return np.asarray(weights.sum() if factors is None else weights @ factors[: weights.size])

    def _rows(
        self, growth: Draws | None, changes: Sequence[Draws], factors: Draws | None
    ) -> tuple[Draws, Draws]:
        # All segments at once, draws last: a loop over them costs more than the arithmetic. What
        # is known comes first, so that few products are as wide as the draws.
        segments = self.segments
        parts = [1.0 + gone * (changes[place] - 1.0) for place, gone in segments.ways]
        if self.trend is not None:
            parts.append(_grown(self.trend, growth, segments.years))
        if factors is not None:
            parts.append(factors[segments.rows])
        moved = segments.volumes.copy()
        for part in sorted(parts, key=np.size):
            # In the place of the product where it fits there.
            moved = np.multiply(moved, part, out=moved if part.size <= moved.size else None)
        if segments.replaced is None:
            return segments.by_step(moved), np.zeros((self.steps, 1))
        levels = [changes[max(place, 0)] for place in segments.levels.tolist()]
        extra = np.where(segments.replaced, moved * np.stack(np.broadcast_arrays(*levels)), 0.0)
        basis = np.where(segments.replaced, 0.0, moved)
        return segments.by_step(basis), segments.by_step(extra)


def _grown(form: str | None, growth: Draws | None, years: float | FloatArray) -> Draws:
    if form is None or growth is None:
        return np.ones(())
    if form == "linear":
        grown = np.atleast_1d(growth * years)
        grown += 1.0
        return np.maximum(grown, 0.0, out=grown)
    return np.asarray(np.maximum(1.0 + growth, 0.0) ** years)


@functools.lru_cache(maxsize=64)
def plan_flow(
    process: Process, grid: Grid, since: date | None = None
) -> tuple[FlowPlan, tuple[Node, ...]]:
    """
    The plan of a process on a grid, and the nodes of its inputs in order.

    What-ifs share most of their flows, so the last plans are kept.

    Args:
        process: The process.

        grid: The steps.

        since: Where the noise begins at the latest; see :func:`shared_start`.
    """
    changes = [c for c in process.changes if isinstance(c, Change | Ramp)]
    surges = [s for s in process.changes if isinstance(s, Surge)]
    cells = cells_of(process, grid, since)
    exposure = process.exposure if isinstance(process, LossProcess) else None
    plan = FlowPlan(
        steps=grid.steps,
        segments=segments_of(process, grid, changes, cells),
        start_years=years_of(process, grid.start, grid.start),
        trend=None if process.trend is None else process.trend.form,
        changes=len(changes),
        surges=tuple(tuple(_shares(surge.during, grid)) for surge in surges),
        varies=process.variation is not None,
        observed=observed_weights(process, cells),
        power=None if exposure is None else exposure.power,
        at=exposure is not None and exposure.at is not None,
    )
    nodes = [node_of(process.level)]
    nodes += [node_of(t.per_year) for t in (process.trend,) if t is not None]
    nodes += [node_of(value) for change in changes for value in _values(change)]
    nodes += [node_of(surge.people) for surge in surges]
    nodes += factors_of(process, cells)
    nodes += [node_of(e.at) for e in (exposure,) if e is not None and e.at is not None]
    return plan, tuple(nodes)


def _values(change: Change | Ramp) -> Iterator[Uncertain]:
    values = (change.factor, None if isinstance(change, Ramp) else change.level)
    return (value for value in values if value is not None)


@functools.lru_cache(maxsize=64)
def trend_is_negative(process: Process, grid: Grid) -> bool:
    """Whether more than a millionth of the draws of a trend would turn the level negative."""
    if process.trend is None:
        return False
    growth = law_of(process.trend.per_year.node)
    if process.trend.form == "exponential":
        return float(growth.below(np.array(-1.0))) > MASS_IGNORED
    years = [years_of(process, grid.start, day) for day in (grid.start, grid.end)]
    below = (float(growth.below(np.array(-1.0 / y))) for y in years if y > 0.0)
    above = (float(growth.sf(np.array(-1.0 / y))) for y in years if y < 0.0)
    return any(mass > MASS_IGNORED for mass in (*below, *above))


def _shares(during: Period, grid: Grid) -> Iterator[float]:
    days = during.length(Per.DAY)
    for first, last in itertools.pairwise(grid.dates):
        part = during.intersection(Period(start=first, end=last))
        yield 0.0 if part is None else part.length(Per.DAY) / days
