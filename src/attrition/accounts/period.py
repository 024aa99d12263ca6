"""Stretches of calendar time, half-open, and how long they are."""

import enum
from datetime import date, timedelta
from typing import Self, final

import attrs

from attrition.accounts.checks import as_whole, checked, checked_date, is_date, member
from attrition.accounts.months import (
    MONTHS,
    MONTHS_OF_A_YEAR,
    days_later,
    first_of,
    months_later,
    number_of,
    part_of_month,
)
from attrition.errors import PeriodError

__all__ = ["Per", "Period"]

DAYS_OF_A_WEEK = 7
ONE_DAY = timedelta(days=1)


@final
class Per(enum.Enum):
    """
    The unit of time of a rate.

    A month is a calendar month, whatever its days; a year is twelve months; a week
    is seven days.

    Attributes:
        DAY: A day.

        WEEK: Seven days.

        MONTH: A calendar month.

        YEAR: Twelve calendar months.

    Examples:
        >>> Period.month(2026, 2).length(Per.WEEK)
        4.0
    """

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@final
@attrs.frozen(kw_only=True)
class Period:
    """
    The days from ``start`` to the day before ``end``.

    Attributes:
        start: The first day.

        end: The day after the last one.

    Examples:
        >>> str(Period.month(2026, 1))
        'January 2026'
        >>> Period.spanning(date(1979, 12, 25), date(1989, 2, 15)).length(Per.DAY)
        3341.0
    """

    start: date = attrs.field(validator=is_date)
    end: date = attrs.field(validator=is_date)

    def __attrs_post_init__(self) -> None:
        if self.end <= self.start:
            raise PeriodError(
                f"the period from {self.start} to {self.end} has no day: expected start < end, "
                f"where end is the day after the last one. "
                f"Type Period.spanning(first_day, last_day) to name both days."
            )

    @classmethod
    def month(cls, year: int, month: int) -> Self:
        """
        One calendar month.

        Examples:
            >>> Period.month(2025, 12).end
            datetime.date(2026, 1, 1)
        """
        return cls.months(year, month, count=1)

    @classmethod
    def months(cls, year: int, month: int, *, count: int) -> Self:
        """
        Calendar months in a row, beginning with the one named.

        Examples:
            >>> Period.months(2025, 12, count=3).end
            datetime.date(2026, 3, 1)
        """
        start = first_of(year, month)
        number = as_whole(count, "count", least=1, example=3)
        return cls(start=start, end=months_later(start, number))

    @classmethod
    def year(cls, year: int) -> Self:
        """
        One calendar year.

        Examples:
            >>> Period.year(2025) == Period.months(2025, 1, count=12)
            True
        """
        return cls.months(year, 1, count=MONTHS_OF_A_YEAR)

    @classmethod
    def days(cls, first: date, n: int) -> Self:
        """
        ``n`` days in a row, beginning with ``first``.

        Examples:
            >>> Period.days(date(2025, 12, 1), 28).last_day
            datetime.date(2025, 12, 28)
        """
        days = as_whole(n, "n", least=1, example=7)
        return cls(start=first, end=days_later(checked_date(first, "first"), days))

    @classmethod
    def spanning(cls, first: date, last: date) -> Self:
        """
        From the first day to the last one, both included.

        Raises:
            PeriodError: If the last day is before the first one.

        Examples:
            >>> Period.spanning(date(2026, 1, 1), date(2026, 1, 31)) == Period.month(2026, 1)
            True
        """
        if checked_date(last, "last") < checked_date(first, "first"):
            raise PeriodError(
                f"last is {last} and first is {first}: expected first <= last. "
                f"Type Period.spanning({last!r}, {first!r}) for the days between the two."
            )
        return cls(start=first, end=days_later(last, 1))

    @property
    def last_day(self) -> date:
        """
        The last day, which still belongs to the period.

        Examples:
            >>> Period.month(2026, 2).last_day
            datetime.date(2026, 2, 28)
        """
        return self.end - ONE_DAY

    @property
    def natural_per(self) -> Per:
        """
        The unit by which a figure is spread over this period, months for whole months, else days.

        Examples:
            >>> Period.year(2025).natural_per, Period.days(date(2025, 12, 1), 28).natural_per
            (<Per.MONTH: 'month'>, <Per.DAY: 'day'>)
        """
        return Per.MONTH if self.start.day == self.end.day == 1 else Per.DAY

    def length(self, per: Per) -> float:
        """
        How many days, weeks, calendar months or years; a cut month counts by its days.

        Examples:
            >>> Period.year(2025).length(Per.MONTH), Period.year(2025).length(Per.WEEK)
            (12.0, 52.142857142857146)
            >>> Period.spanning(date(2026, 1, 1), date(2026, 2, 14)).length(Per.MONTH)
            1.5
        """
        member(per, Per, "per", error=PeriodError)
        days = float((self.end - self.start).days)
        months = self._months()
        lengths = {
            Per.DAY: days,
            Per.WEEK: days / DAYS_OF_A_WEEK,
            Per.MONTH: months,
            Per.YEAR: months / MONTHS_OF_A_YEAR,
        }
        return lengths[per]

    def _months(self) -> float:
        # The whole months are subtracted as integers, so that they stay exact.
        whole = number_of(self.end) - number_of(self.start)
        return whole + (part_of_month(self.end) - part_of_month(self.start))

    def contains(self, day: date) -> bool:
        """
        Whether ``day`` lies in the period.

        Examples:
            >>> Period.month(2026, 1).contains(date(2026, 2, 1))
            False
        """
        return self.start <= checked_date(day, "day") < self.end

    def covers(self, other: Self) -> bool:
        """
        Whether every day of ``other`` lies in this period.

        Examples:
            >>> Period.year(2026).covers(Period.month(2026, 1))
            True
        """
        asked = _period(other)
        return self.start <= asked.start and asked.end <= self.end

    def overlaps(self, other: Self) -> bool:
        """
        Whether the two share a day.

        Examples:
            >>> Period.month(2026, 1).overlaps(Period.month(2026, 2))
            False
        """
        asked = _period(other)
        return self.start < asked.end and asked.start < self.end

    def intersection(self, other: Self) -> "Period | None":
        """
        The days that the two share, or None.

        Examples:
            >>> str(Period.year(2026).intersection(Period.days(date(2025, 12, 30), 4)))
            '2026-01-01 to 2026-01-02'
        """
        if not self.overlaps(other):
            return None
        return Period(start=max(self.start, other.start), end=min(self.end, other.end))

    def later(self, *, months: int) -> "Period":
        """
        The period that many calendar months later.

        Whole months stay whole; any other period keeps its number of days and begins
        on the same day of the month, or on its last day where it is shorter.

        Examples:
            >>> str(Period.month(2026, 1).later(months=1))
            'February 2026'
            >>> str(Period.days(date(2026, 1, 30), 3).later(months=1))
            '2026-02-28 to 2026-03-02'
        """
        count = as_whole(months, "months", least=0, example=2)
        start = months_later(self.start, count)
        if self.natural_per is Per.MONTH:
            return Period(start=start, end=months_later(self.end, count))
        return Period(start=start, end=days_later(start, (self.end - self.start).days))

    def __str__(self) -> str:
        first, last, months = self.start, self.last_day, self._months()
        whole = self.natural_per is Per.MONTH
        if whole and months == MONTHS_OF_A_YEAR and first.month == 1:
            return str(first.year)
        if whole and months == 1:
            return f"{MONTHS[first.month - 1]} {first.year}"
        return f"{first}" if first == last else f"{first} to {last}"


def _period(value: object) -> Period:
    return checked(value, Period, "other", example="Period.month(2026, 1)")
