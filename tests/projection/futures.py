"""Processes, futures and a plain day count that know nothing of the library's arrays."""

import calendar
import functools
import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from datetime import date, timedelta
from typing import Literal

import numpy as np

from attrition._typing import FloatArray
from attrition.accounts import Category, Force, LossEstimate, Per, Period
from attrition.evidence import CasualtyMix
from attrition.projection import (
    Change,
    CustomIntake,
    CustomLosses,
    Delay,
    Exposure,
    Hospital,
    IntakeProcess,
    LossProcess,
    Paths,
    Process,
    Projection,
    Ramp,
    Returns,
    Season,
    Surge,
    Trend,
    Variation,
    project,
)
from attrition.projection.simulated import Simulated
from attrition.uncertain import UncertainLike, between, share
from tests.accounts.records import force, lost

CLAIMED = Category.KILLED_AND_WOUNDED
MONTHLY = Variation(lasting_sd=0.15, persistence=0.7, passing_sd=0.08, per=Per.MONTH)
MIX = CasualtyMix.from_ratios(
    between(2.3, 3.4, confidence=0.9, family="lognormal"),
    returned_per_wounded=share(0.4, 0.7, confidence=0.9),
)
SUMMER = Season((0.7, 0.75, 0.9, 1, 1.05, 1.3, 1.25, 1.2, 1.1, 1, 0.95, 0.8))
HALF = CasualtyMix.from_ratios(3, returned_per_wounded=0.5)
"""Of 8 killed and wounded 2 are killed and 3 return."""

SEED = 20260101


def losses(
    level: UncertainLike = 44_000,
    category: Category = Category.IRRECOVERABLE,
    *,
    per: Per = Per.MONTH,
    trend: Trend | None = None,
    season: Season | None = None,
    variation: Variation | None = None,
    changes: Sequence[Change | Ramp | Surge] = (),
    observed: Period | None = None,
    exposure: Exposure | None = None,
) -> LossProcess:
    """Losses that go on."""
    return LossProcess(
        level=level,
        per=per,
        category=category,
        side="Russia",
        trend=trend,
        season=season,
        variation=variation,
        changes=changes,
        observed=observed,
        exposure=exposure,
    )


def intake(
    level: UncertainLike = 35_000,
    *,
    per: Per = Per.MONTH,
    trend: Trend | None = None,
    season: Season | None = None,
    variation: Variation | None = None,
    changes: Sequence[Change | Ramp | Surge] = (),
    observed: Period | None = None,
) -> IntakeProcess:
    """Recruits who go on arriving."""
    return IntakeProcess(
        level=level,
        per=per,
        side="Russia",
        trend=trend,
        season=season,
        variation=variation,
        changes=changes,
        observed=observed,
    )


def back(
    mix: CasualtyMix = HALF, delay: Delay | None = None, hospital: Hospital | None = None
) -> Returns:
    """Returns of the killed and wounded, by a gamma delay from an empty hospital unless told."""
    return Returns(
        mix=mix,
        delay=delay or Delay.gamma(mean=3, sd=2),
        hospital=hospital or Hospital.empty(),
    )


def claimed(count: UncertainLike, period: Period) -> LossEstimate:
    """Killed and wounded of a period."""
    return lost(count, CLAIMED, period=period)


def future(
    strength: UncertainLike = 712_000,
    lost: LossProcess | None = None,
    joined: IntakeProcess | None = None,
    *,
    start: date = date(2026, 2, 1),
    until: date = date(2027, 2, 1),
    returns: Returns | None = None,
    step: Per = Per.MONTH,
    other: Sequence[Process | CustomLosses | CustomIntake] = (),
    draws: int = 8,
    rng: int | None = None,
    executor: Executor | None = None,
    progress: Callable[[int, int], object] | None = None,
    cancel: Callable[[], bool] | None = None,
    method: Literal["auto", "paths"] = "paths",
) -> Projection:
    """A year from February 2026 on unless told, in as few simulated paths as there can be."""
    return project(
        of(strength, start),
        losses=lost or losses(),
        recruitment=joined or intake(),
        until=until,
        returns=returns,
        step=step,
        other=other,
        draws=draws,
        rng=rng,
        executor=executor,
        progress=progress,
        cancel=cancel,
        method=method,
    )


def of(strength: UncertainLike, start: date = date(2026, 2, 1)) -> Force:
    """A force on a day."""
    return force(strength, as_of=start)


def drawn(projection: Projection) -> FloatArray:
    """Strength in simulated paths at the start and at every date, shape (dates, draws)."""
    fan = projection._fan
    assert isinstance(fan, Simulated)
    return fan.strength


def only(projection: Projection) -> Paths:
    """The one path of a future without unknowns; each field of shape (steps,)."""
    return Paths(*(rows[:, 0] for rows in projection.paths(1, rng=SEED)))


def people(process: Process, start: date, edges: Sequence[date]) -> FloatArray:
    """
    People whom a process without unknowns moves between dates, counted day by day.

    A direct reading of what a process means, in one loop over days.
    """
    days = [edges[0] + timedelta(days=n) for n in range((edges[-1] - edges[0]).days)]
    counts = {day: _on(process, start, day) for day in days}
    return np.array(
        [sum(counts[day] for day in days if a <= day < b) for a, b in itertools.pairwise(edges)]
    )


def _on(process: Process, start: date, day: date) -> float:
    level, replaced, surges = known(process.level), date.min, 0.0
    for change in process.changes:
        if isinstance(change, Surge):
            days = (change.during.end - change.during.start).days
            surges += change.during.contains(day) * known(change.people) / days
        elif isinstance(change, Change) and change.level and replaced <= change.begins <= day:
            level, replaced = known(change.level), change.begins
    for change in process.changes:
        if isinstance(change, Ramp) and replaced <= change.during.start:
            level *= 1.0 + (known(change.factor) - 1.0) * _way(process.per, change.during, day)
        elif isinstance(change, Change) and change.factor and change.during:
            level *= known(change.factor) if change.during.contains(day) else 1.0
        elif isinstance(change, Change) and change.factor and change.start:
            level *= known(change.factor) if replaced <= change.start <= day else 1.0
    level *= process.season.factors[day.month - 1] if process.season else 1.0
    return level * _growth(process, start, day) * _part(process.per, day) + surges


@functools.cache
def _part(per: Per, day: date) -> float:
    """How much of a unit a day is."""
    days_of_month = calendar.monthrange(day.year, day.month)[1]
    parts = {
        Per.DAY: 1.0,
        Per.WEEK: 1.0 / 7.0,
        Per.MONTH: 1.0 / days_of_month,
        Per.YEAR: 1.0 / (12.0 * days_of_month),
    }
    return parts[per]


def _way(per: Per, during: Period, day: date) -> float:
    """How much of a period has passed at noon."""
    days = [during.start + timedelta(days=n) for n in range((during.end - during.start).days)]
    passed = sum(_part(per, one) for one in days if one < day)
    today = _part(per, day) / 2.0 if during.contains(day) else 0.0
    return (passed + today) / sum(_part(per, one) for one in days)


def _growth(process: Process, start: date, day: date) -> float:
    trend = process.trend
    if trend is None:
        return 1.0
    origin, rate = trend.origin or start, known(trend.per_year)
    months = 12 * (day.year - origin.year) + day.month - origin.month
    years = {
        Per.DAY: (day - origin).days / 365.25,
        Per.WEEK: (day - origin).days // 7 * 7 / 365.25,
        Per.MONTH: months / 12,
        Per.YEAR: months / 12,
    }[process.per]
    return float((1.0 + rate) ** years if trend.form == "exponential" else 1.0 + rate * years)


def known(number: UncertainLike) -> float:
    """The value of a number without spread."""
    value = getattr(number, "value", number)
    if not isinstance(value, float):
        raise TypeError(number)
    return value
