"""Time cut into stretches in which nothing about a process changes but the way of a ramp."""

import functools
import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple, TypeAlias, final

import attrs
import numpy as np
import numpy.typing as npt

from attrition._typing import Draws, FloatArray
from attrition.accounts import Per
from attrition.projection.calendar import Grid, boundaries, lengths, units_between
from attrition.projection.change import Change, Ramp
from attrition.projection.noise import clock
from attrition.projection.process import Process
from attrition.projection.season import Season

__all__ = ["Segments", "segments_of", "years_of"]

_Places: TypeAlias = npt.NDArray[np.intp]
_Mask: TypeAlias = npt.NDArray[np.bool_]

_DAYS_A_YEAR = 365.25


@final
@attrs.frozen(eq=False, repr=False)
class Segments:
    """
    Stretches of one step each in which one factor of noise and one level hold, in order.

    Attributes:
        steps: The step of each, shape (segments,).

        volumes: Units of the process in each, times its season, shape (segments, 1).

        years: Where the trend stands in each, nothing without one, shape (segments, 1).

        cells: The cell of the noise of each, shape (segments,).

        gone: The mean share of its way from one that each change or ramp has gone in each, 0
            where it is not at work, shape (changes, segments, 1).

        levels: -1 for the level of the process, else the place of the change that replaced it,
            shape (segments,).
    """

    steps: _Places
    volumes: FloatArray
    years: FloatArray
    cells: _Places
    gone: FloatArray
    levels: _Places

    def __attrs_post_init__(self) -> None:
        for array in self._arrays:
            array.setflags(write=False)

    def __repr__(self) -> str:
        """A digest of all arrays: equal plans have equal texts, as their key needs."""
        parts = b"".join(array.tobytes() for array in self._arrays)
        return f"Segments({hashlib.blake2b(parts, digest_size=16).hexdigest()})"

    @property
    def _arrays(self) -> tuple[_Places | FloatArray, ...]:
        return self.steps, self.volumes, self.years, self.cells, self.gone, self.levels

    @functools.cached_property
    def rows(self) -> slice | _Places:
        """The cells, as a slice where each segment has one of its own, for no copy."""
        first = int(self.cells[0])
        alone = bool((np.diff(self.cells) == 1).all())
        return slice(first, first + self.cells.size) if alone else self.cells

    @functools.cached_property
    def ways(self) -> tuple[tuple[int, FloatArray], ...]:
        """The changes and ramps at work in any segment: their places and how far they are."""
        return tuple((place, gone) for place, gone in enumerate(self.gone) if gone.any())

    @functools.cached_property
    def replaced(self) -> _Mask | None:
        """Where another level holds, shape (segments, 1); None for nowhere."""
        replaced = self.levels[:, None] >= 0
        return replaced if replaced.any() else None

    @functools.cached_property
    def _starts(self) -> _Places | None:
        """The first segment of each step, None where every step is one."""
        starts = np.flatnonzero(np.diff(self.steps, prepend=-1))
        return starts if starts.size < self.steps.size else None

    def by_step(self, moved: Draws) -> Draws:
        """Sums over the segments of each step, which are one after another."""
        return moved if self._starts is None else np.add.reduceat(moved, self._starts)


class _Span(NamedTuple):
    """A change or ramp by its days."""

    begins: date
    until: date | None
    ramps: bool
    replaces: bool

    @classmethod
    def of(cls, change: Change | Ramp) -> "_Span":
        until = None if change.during is None else change.during.end
        replaces = isinstance(change, Change) and change.level is not None
        return cls(change.begins, until, isinstance(change, Ramp), replaces)

    def holds(self, days: _Places, since: _Places) -> _Mask:
        """Whether a factor is at work; a new level ends what would stay."""
        begins = self.begins.toordinal()
        if self.until is None or self.ramps:
            return (since <= begins) & (begins <= days)
        return (begins <= days) & (days < self.until.toordinal())


class _Dated(NamedTuple):
    """All of a process that its segments depend on: dates, and nothing that is unknown."""

    per: Per
    season: Season | None
    origin: date | None
    spans: tuple[_Span, ...]


def segments_of(
    process: Process, grid: Grid, changes: Iterable[Change | Ramp], cells: tuple[date, ...]
) -> Segments:
    """
    Every segment of a process on a grid, in order.

    Args:
        process: The process.

        grid: The steps.

        changes: Its changes and ramps, in the order of their places.

        cells: The edges of the cells of its noise.
    """
    origin = None if process.trend is None else process.trend.origin or grid.start
    spans = tuple(map(_Span.of, changes))
    return _segments(_Dated(process.per, process.season, origin, spans), grid, cells)


# Figures change from one question to the next far more often than dates do.
@functools.lru_cache(maxsize=64)
def _segments(dated: _Dated, grid: Grid, cells: tuple[date, ...]) -> Segments:
    edges = sorted(_edges(dated, grid, cells))
    days = _ordinals(edges[:-1])
    levels, since = _levels(dated.spans, days)
    gone = [_gone(dated.per, span, edges) * span.holds(days, since) for span in dated.spans]
    return Segments(
        steps=_place(days, grid.dates),
        volumes=_volumes(dated, edges)[:, None],
        years=_years(dated, edges[:-1])[:, None],
        cells=_place(days, cells),
        gone=np.reshape(gone, (len(gone), days.size, 1)),
        levels=levels,
    )


def _ordinals(days: Sequence[date]) -> _Places:
    return np.array([day.toordinal() for day in days], dtype=np.intp)


def _place(days: _Places, edges: Sequence[date]) -> _Places:
    """Between which two edges each day lies."""
    return np.searchsorted(_ordinals(edges), days, side="right") - 1


def _volumes(dated: _Dated, edges: Sequence[date]) -> FloatArray:
    units, season = lengths(edges, dated.per), dated.season
    factors = [1.0 if season is None else season.of(day.month) for day in edges[:-1]]
    return np.asarray(units * np.array(factors))


def _years(dated: _Dated, days: Sequence[date]) -> FloatArray:
    origin = dated.origin
    if origin is None:
        return np.zeros(len(days))
    return np.array([_grown_for(dated.per, origin, day) for day in days])


def _levels(spans: Sequence[_Span], days: _Places) -> tuple[_Places, _Places]:
    """The place of the latest change that replaced the level, -1 for none, and its first day."""
    levels, since = np.full(days.size, -1, dtype=np.intp), np.zeros(days.size, dtype=np.intp)
    replacing = [(span.begins.toordinal(), i) for i, span in enumerate(spans) if span.replaces]
    for begins, place in sorted(replacing):
        levels[days >= begins] = place
        since[days >= begins] = begins
    return levels, since


def _gone(per: Per, span: _Span, edges: Sequence[date]) -> FloatArray:
    """The mean share of its way: that of its ends, for a ramp is straight in this clock."""
    if span.until is None or not span.ramps:
        return np.full(len(edges) - 1, 0.0 if span.replaces else 1.0)
    whole = units_between(span.begins, span.until, per)
    gone = [units_between(span.begins, day, per) / whole for day in edges]
    shares = np.minimum(gone, 1.0)
    return np.asarray((shares[:-1] + shares[1:]) / 2.0)


def _edges(dated: _Dated, grid: Grid, cells: Iterable[date]) -> set[date]:
    edges = {*grid.dates, *cells, *_days_of_several(dated.spans)}
    if dated.origin is not None:
        edges.update(_trendclock(dated.per, dated.origin, grid))
    if dated.season is not None:
        edges.update(clock(grid.start, grid.end, Per.MONTH))
    for span in dated.spans:
        edges.update(day for day in (span.begins, span.until) if day is not None)
    return {day for day in edges if grid.start <= day <= grid.end}


def _days_of_several(spans: Iterable[_Span]) -> Iterator[date]:
    """Every day on which two ramps are under way: their product is no straight line."""
    ramps = [(span.begins, span.until) for span in spans if span.ramps and span.until is not None]
    for (one, end), (other, other_end) in itertools.combinations(ramps, 2):
        first = max(one, other)
        for day in range((min(end, other_end) - first).days):
            yield first + timedelta(days=day)


def _trendclock(per: Per, origin: date, grid: Grid) -> tuple[date, ...]:
    """Where the trend moves on: every month, or every day or week from its origin."""
    if per in {Per.MONTH, Per.YEAR}:
        return clock(grid.start, grid.end, Per.MONTH)
    past = (grid.start - origin).days % 7 if per is Per.WEEK else 0
    return boundaries(grid.start - timedelta(days=past), grid.end, per)


def years_of(process: Process, start: date, day: date) -> float:
    """Years of trend on a day; within one unit of the process they stand still."""
    given = None if process.trend is None else process.trend.origin
    return _grown_for(process.per, given or start, day)


def _grown_for(per: Per, origin: date, day: date) -> float:
    days = (day - origin).days
    if per is Per.DAY:
        return days / _DAYS_A_YEAR
    if per is Per.WEEK:
        return 7 * (days // 7) / _DAYS_A_YEAR
    return (12 * (day.year - origin.year) + day.month - origin.month) / 12.0
