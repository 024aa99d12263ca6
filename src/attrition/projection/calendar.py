"""The dates of a projection: steps of equal kind, and time counted in calendar months."""

import functools
import itertools
import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.accounts import Per, Period
from attrition.accounts.months import days_in_month, number_of, part_of_month
from attrition.errors import PeriodError

__all__ = [
    "Grid",
    "boundaries",
    "day_of",
    "lengths",
    "months_before",
    "months_between",
    "step_before",
    "units_between",
    "units_later",
]

_DAYS = {Per.DAY: 1, Per.WEEK: 7}
_MONTHS = {Per.MONTH: 1, Per.YEAR: 12}


@final
@attrs.frozen
class Grid:
    """
    The start and the end of every step.

    Attributes:
        dates: Rising dates; the last step is cut short where it must be.

        step: The kind of the steps.
    """

    dates: tuple[date, ...]
    step: Per

    @classmethod
    def spanning(cls, start: date, until: date, step: Per) -> "Grid":
        """The grid from ``start`` to ``until``, refused where there is nothing between them."""
        if until <= start:
            raise PeriodError(
                f"until is {until} and the start is {start}: expected a date after the start. "
                f"Type for example until=datetime.date({start.year + 1}, {start.month}, 1)."
            )
        return _spanning(start, until, step)

    @property
    def start(self) -> date:
        """The first date."""
        return self.dates[0]

    @property
    def end(self) -> date:
        """The last date."""
        return self.dates[-1]

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return len(self.dates) - 1

    @property
    def periods(self) -> list[Period]:
        """Every step as a period."""
        return [Period(start=a, end=b) for a, b in itertools.pairwise(self.dates)]

    @functools.cached_property
    def edges(self) -> tuple[float, ...]:
        """Every date in months from the start."""
        return tuple(months_between(self.start, day) for day in self.dates)

    def place(self, day: date, what: str) -> int:
        """The place of a date, refused with its neighbours where it is none."""
        if day in self.dates:
            return self.dates.index(day)
        near = sorted(self.dates, key=lambda other: abs((other - day).days))[:2]
        raise PeriodError(
            f"{what} is {day}, which is no date of this projection from {self.start} to "
            f"{self.end}: expected the start or the end of a step. "
            f"Type {' or '.join(repr(d) for d in sorted(near))}, or project in smaller steps."
        )


@functools.lru_cache(maxsize=32)
def _spanning(start: date, until: date, step: Per) -> Grid:
    return Grid((start, *boundaries(start, until, step), until), step)


@functools.lru_cache(maxsize=32)
def boundaries(start: date, until: date, step: Per) -> tuple[date, ...]:
    """The dates one, two, ... steps after ``start`` and before ``until``."""
    size, later = (_DAYS[step], _days) if step in _DAYS else (_MONTHS[step], _months)
    dates = (later(start, size * count) for count in itertools.count(1))
    return tuple(itertools.takewhile(lambda day: day < until, dates))


def _days(day: date, count: int) -> date:
    """So many days later."""
    return day + timedelta(days=count)


def _months(day: date, count: int) -> date:
    """So many months later, on the last day of a month that is too short."""
    year, month = divmod(12 * day.year + day.month - 1 + count, 12)
    last = days_in_month(year, month + 1)
    return date(year, month + 1, min(day.day, last))


def step_before(day: date, count: int, step: Per) -> date:
    """The date ``count`` steps before ``day``."""
    return (
        _days(day, -_DAYS[step] * count) if step in _DAYS else _months(day, -_MONTHS[step] * count)
    )


@functools.lru_cache(maxsize=32)
def months_before(start: date, step: Per, count: int) -> tuple[float, ...]:
    """Where 0, 1, ... steps before a date begin, in months from it, ``count`` of them."""
    return tuple(months_between(start, step_before(start, lag, step)) for lag in range(count))


def months_between(first: date, last: date) -> float:
    """Calendar months from one date to another, cut months by their days; negative backwards."""
    # As Period.length has it, whole months for themselves, without making a Period: dates are
    # compared thousands of times for one projection.
    return number_of(last) - number_of(first) + (part_of_month(last) - part_of_month(first))


def units_between(first: date, last: date, per: Per) -> float:
    """The same in any unit."""
    if last <= first:
        return 0.0
    # The unit of nearly every process, without looking it up.
    if per is Per.MONTH:
        return months_between(first, last)
    return (last - first).days / _DAYS[per] if per in _DAYS else months_between(first, last) / 12.0


def lengths(days: Sequence[date], per: Per) -> FloatArray:
    """Units from each of several rising dates to the next, as :func:`units_between` has them."""
    if per in _DAYS:
        return np.asarray(np.diff([day.toordinal() for day in days]) / _DAYS[per])
    # The whole months are subtracted as integers, so that they stay exact.
    whole = np.diff([number_of(day) for day in days])
    months: FloatArray = whole + np.diff([part_of_month(day) for day in days])
    return months if per is Per.MONTH else months / _MONTHS[per]


def units_later(start: date, units: float, per: Per) -> date | None:
    """
    The first date by which ``units`` have passed, None where the calendar ends before.

    A part of a day counts as the day, so that the date is never too early.
    """
    try:
        if per in _DAYS:
            return start + timedelta(days=_up(_DAYS[per] * units))
        return day_of(start, _MONTHS[per] * units)
    except OverflowError:
        return None


def day_of(start: date, months: float) -> date:
    """The first date at least that many calendar months after ``start``."""
    place = number_of(start) + part_of_month(start) + months
    whole = math.floor(place)
    if whole >= 12 * (date.max.year + 1) - 1:
        raise OverflowError
    first = date(whole // 12, whole % 12 + 1, 1)
    days = (place - whole) * days_in_month(first.year, first.month)
    return first + timedelta(days=_up(days))


def _up(days: float) -> int:
    # A rounding error of a few ulp past a whole day is still that day.
    return math.ceil(days - 1e-9 * max(1.0, abs(days)))
