"""Time cut into stretches in which nothing about a process changes but the way of a ramp."""

import itertools
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from attrition.accounts import Per
from attrition.projection.calendar import Grid, boundaries, units_between
from attrition.projection.change import Change, Ramp
from attrition.projection.noise import clock
from attrition.projection.process import Process

__all__ = ["Segment", "segments_of", "years_of"]

_DAYS_A_YEAR = 365.25


class Segment(NamedTuple):
    """
    A stretch of one step in which one factor of noise and one level hold.

    Attributes:
        step: The step it belongs to.

        volume: Units of the process in it, times its season.

        years: Where the trend stands, nothing without one.

        cell: The cell of the noise.

        factors: Places of the changes and ramps at work, and the mean share of its way from one
            that each has gone.

        level: -1 for the level of the process, else the place of the change that replaced it.
    """

    step: int
    volume: float
    years: float
    cell: int
    factors: tuple[tuple[int, float], ...]
    level: int


def segments_of(
    process: Process, grid: Grid, changes: Sequence[Change | Ramp], cells: Sequence[date]
) -> Iterator[Segment]:
    """
    Every segment of a process on a grid, in order.

    Args:
        process: The process.

        grid: The steps.

        changes: Its changes and ramps, in the order of their places.

        cells: The edges of the cells of its noise.
    """
    edges = sorted(_edges(process, grid, changes, cells))
    spans = [_Span.of(place, change) for place, change in enumerate(changes)]
    step = cell = 0
    for first, last in itertools.pairwise(edges):
        while grid.dates[step + 1] <= first:
            step += 1
        while cells[cell + 1] <= first:
            cell += 1
        level = _level_on(spans, first) if spans else None
        yield Segment(
            step=step,
            volume=_volume(process, first, last),
            years=years_of(process, grid.start, first) if process.trend else 0.0,
            cell=cell,
            factors=tuple(_factors_on(process, spans, level, first, last)) if spans else (),
            level=-1 if level is None else level.place,
        )


class _Span(NamedTuple):
    """A change with its place, when it begins and ends, and whether it replaces the level."""

    place: int
    change: Change | Ramp
    begins: date
    ends: date | None
    replaces: bool

    @classmethod
    def of(cls, place: int, change: Change | Ramp) -> "_Span":
        replaces = isinstance(change, Change) and change.level is not None
        return cls(place, change, change.begins, change.ends, replaces)


def _volume(process: Process, first: date, last: date) -> float:
    units = units_between(first, last, process.per)
    return units if process.season is None else units * process.season.of(first.month)


def _edges(
    process: Process, grid: Grid, changes: Sequence[Change | Ramp], cells: Sequence[date]
) -> set[date]:
    edges = {*grid.dates, *cells}
    if process.trend is not None:
        edges.update(_trendclock(process, grid))
    if process.season is not None:
        edges.update(clock(grid.start, grid.end, Per.MONTH))
    edges.update(_days_of_several(changes))
    for change in changes:
        edges.add(change.begins)
        edges.update(() if change.during is None else (change.during.end,))
    return {day for day in edges if grid.start <= day <= grid.end}


def _days_of_several(changes: Sequence[Change | Ramp]) -> Iterator[date]:
    """Every day on which two ramps are under way: their product is no straight line."""
    ramps = [change.during for change in changes if isinstance(change, Ramp)]
    for one, other in itertools.combinations(ramps, 2):
        both = one.intersection(other)
        for day in range(0 if both is None else (both.end - both.start).days):
            yield max(one.start, other.start) + timedelta(days=day)


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


def years_of(process: Process, start: date, day: date) -> float:
    """Years of trend on a day; within one unit of the process they stand still."""
    origin = _origin(process, start)
    days = (day - origin).days
    if process.per is Per.DAY:
        return days / _DAYS_A_YEAR
    if process.per is Per.WEEK:
        return 7 * (days // 7) / _DAYS_A_YEAR
    return (12 * (day.year - origin.year) + day.month - origin.month) / 12.0


def _factors_on(
    process: Process, spans: Sequence[_Span], level: _Span | None, first: date, last: date
) -> Iterator[tuple[int, float]]:
    since = date.min if level is None else level.begins
    for span in spans:
        if not span.replaces and _holds(span, first, since):
            yield span.place, _gone(process, span.change, first, last)


def _holds(span: _Span, day: date, since: date) -> bool:
    """Whether a factor is at work; a new level ends what would stay."""
    if span.ends is None:
        return since <= span.begins <= day
    return span.begins <= day < span.ends


def _gone(process: Process, change: Change | Ramp, first: date, last: date) -> float:
    """The mean share of its way: that of its ends, for a ramp is straight in this clock."""
    if isinstance(change, Change):
        return 1.0
    whole = change.during.length(process.per)
    gone = (units_between(change.begins, day, process.per) / whole for day in (first, last))
    return sum(min(share, 1.0) for share in gone) / 2.0


def _level_on(spans: Sequence[_Span], day: date) -> _Span | None:
    """The latest change that replaced the level, None if none has."""
    replaced = [span for span in spans if span.replaces and span.begins <= day]
    return max(replaced, key=lambda span: (span.begins, span.place), default=None)
