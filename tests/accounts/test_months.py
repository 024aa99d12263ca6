import calendar
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from attrition.accounts.months import MONTHS, months_later, number_of, part_of_month

days = st.dates(date(1, 1, 1), date(9_000, 12, 31))


class TestNames:
    def test_english_whatever_the_locale(self) -> None:
        """The names are those of the standard library in the C locale, which tests run in."""
        assert list(MONTHS) == list(calendar.month_name)[1:]


class TestMonthsLater:
    @given(days, st.integers(0, 1_200))
    def test_month_and_year(self, day: date, count: int) -> None:
        """Stepping month by month gives the same month of the same year."""
        later = months_later(day, count)
        month, year = day.month, day.year
        for _ in range(count):
            month, year = (1, year + 1) if month == 12 else (month + 1, year)

        assert (later.year, later.month) == (year, month)
        assert later.day == min(day.day, calendar.monthrange(year, month)[1])

    @given(days, st.integers(0, 1_200))
    def test_number_counts_months(self, day: date, count: int) -> None:
        """Numbers of months differ by the months between them."""
        assert number_of(months_later(day, count)) - number_of(day) == count


class TestPartOfMonth:
    def test_known_values(self) -> None:
        """Nothing has passed at the first day, and all but one day at the last."""
        assert part_of_month(date(2026, 2, 1)) == 0.0
        assert part_of_month(date(2026, 2, 28)) == 27 / 28
        assert part_of_month(date(2024, 2, 28)) == 27 / 29
