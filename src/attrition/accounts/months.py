"""Calendar arithmetic on days: which month, which part of it, how many later."""

import calendar
from datetime import date, timedelta

from attrition.accounts.checks import as_whole
from attrition.errors import PeriodError

__all__ = [
    "MONTHS",
    "MONTHS_OF_A_YEAR",
    "days_in_month",
    "days_later",
    "first_of",
    "months_later",
    "number_of",
    "part_of_month",
]

# Not calendar.month_name: that one follows the locale.
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
MONTHS_OF_A_YEAR = 12

_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY = 2


def number_of(day: date) -> int:
    """
    The number of a month, counted through the years.

    Examples:
        >>> number_of(date(2026, 1, 31)) - number_of(date(2025, 12, 1))
        1
    """
    return MONTHS_OF_A_YEAR * day.year + day.month - 1


def days_in_month(year: int, month: int) -> int:
    """
    How many days a month has.

    Examples:
        >>> days_in_month(2028, 2), days_in_month(2026, 2)
        (29, 28)
    """
    # calendar.monthrange finds the day of the week too, and takes five times as long.
    return _DAYS[month - 1] + (month == _FEBRUARY and calendar.isleap(year))


def part_of_month(day: date) -> float:
    """
    The part of its month that has passed at the start of a day.

    Examples:
        >>> part_of_month(date(2026, 2, 15))
        0.5
    """
    gone = day.day - 1
    return gone / days_in_month(day.year, day.month) if gone else 0.0


def first_of(year: object, month: object) -> date:
    """
    The first day of a month.

    Raises:
        PeriodError: If there is no such month.

    Examples:
        >>> first_of(2026, 2)
        datetime.date(2026, 2, 1)
    """
    number = as_whole(month, "month", least=1, example=1)
    if number > MONTHS_OF_A_YEAR:
        raise PeriodError(
            f"month is {number}: expected 1 to 12. Type Period.month(2026, 1) for January 2026."
        )
    return _first_day(as_whole(year, "year", least=1, example=2026), number)


def months_later(day: date, count: int) -> date:
    """
    The same day of the month so many months later, or the last one where there is none.

    Raises:
        PeriodError: If that is after the year 9999.

    Examples:
        >>> months_later(date(2026, 1, 31), 1)
        datetime.date(2026, 2, 28)
    """
    year, month = divmod(number_of(day) + count, MONTHS_OF_A_YEAR)
    first = _first_day(year, month + 1)
    last = days_in_month(first.year, first.month)
    return first.replace(day=min(day.day, last))


def days_later(day: date, count: int) -> date:
    """
    The day so many days later.

    Raises:
        PeriodError: If that is after the year 9999.

    Examples:
        >>> days_later(date(2025, 12, 31), 1)
        datetime.date(2026, 1, 1)
    """
    try:
        return day + timedelta(days=count)
    except OverflowError:
        raise PeriodError(
            f"{count} days after {day} is no date: expected a period inside the years 1 to 9999. "
            f"Type a smaller number of days."
        ) from None


def _first_day(year: int, month: int) -> date:
    if year > date.max.year:
        raise PeriodError(
            f"the period reaches the year {year}: expected a period inside the years 1 to 9999. "
            f"Type a year such as 2026."
        )
    return date(year, month, 1)
