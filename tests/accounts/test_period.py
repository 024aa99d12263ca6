import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrition.accounts import Per, Period
from attrition.errors import EstimateError, PeriodError
from tests.accounts.records import JANUARY, unchecked

days = st.dates(date(1970, 1, 1), date(2070, 12, 31))
periods = st.builds(Period.days, days, st.integers(1, 500))
AFGHANISTAN = Period.spanning(date(1979, 12, 25), date(1989, 2, 15))


def dates_of(period: Period) -> set[date]:
    """The days of a period, one by one."""
    return {period.start + timedelta(days=i) for i in range((period.end - period.start).days)}


def days_in_month(day: date) -> int:
    """The days of the month of a day, counted without the calendar module."""
    first = day.replace(day=1)
    return ((first + timedelta(days=32)).replace(day=1) - first).days


class TestConstructors:
    def test_month(self) -> None:
        """A month ends where the next one begins, in December too."""
        assert Period.month(2026, 1) == Period(start=date(2026, 1, 1), end=date(2026, 2, 1))
        assert Period.month(2025, 12).end == Period.month(2026, 1).start

    def test_months(self) -> None:
        """Months in a row may cross the year."""
        assert Period.months(2025, 11, count=14) == Period(
            start=date(2025, 11, 1), end=date(2027, 1, 1)
        )

    def test_year(self) -> None:
        """A year is its twelve months."""
        assert Period.year(2024) == Period(start=date(2024, 1, 1), end=date(2025, 1, 1))

    def test_days(self) -> None:
        """Four ISO weeks from 1 December end on 28 December."""
        assert Period.days(date(2025, 12, 1), 28).last_day == date(2025, 12, 28)

    def test_spanning_holds_both_days(self) -> None:
        """The first and the last day belong to the period, and one day is a period."""
        period = Period.spanning(date(2026, 1, 3), date(2026, 1, 10))

        assert period == Period.days(date(2026, 1, 3), 8)
        assert Period.spanning(date(2026, 1, 3), date(2026, 1, 3)) == Period.days(
            date(2026, 1, 3), 1
        )

    def test_equal_periods_are_one_key(self) -> None:
        """A period is its two dates: equal, hashed and pickled by them."""
        period = Period.month(2026, 1)

        assert {period: 1}[JANUARY] == 1
        assert pickle.loads(pickle.dumps(period)) == period
        assert period != Period.month(2027, 1)


class TestLength:
    @given(periods)
    def test_days_and_weeks(self, period: Period) -> None:
        """Days are counted one by one, and seven are a week."""
        assert period.length(Per.DAY) == len(dates_of(period))
        assert period.length(Per.WEEK) == len(dates_of(period)) / 7

    @given(periods)
    def test_months_are_sums_of_parts(self, period: Period) -> None:
        """Each day is one part of its own month."""
        parts = sum(1 / days_in_month(day) for day in dates_of(period))

        # The sum of up to 500 parts rounds at each step.
        assert period.length(Per.MONTH) == pytest.approx(parts, rel=1e-12)
        assert period.length(Per.YEAR) == pytest.approx(parts / 12, rel=1e-12)

    @given(st.integers(1, 9_000), st.integers(1, 12), st.integers(1, 400))
    def test_whole_months_are_exact(self, year: int, month: int, count: int) -> None:
        """Whole months have whole lengths, without rounding."""
        period = Period.months(year, month, count=count)

        assert period.length(Per.MONTH) == count
        assert period.length(Per.YEAR) == count / 12

    def test_known_lengths(self) -> None:
        """The Soviet war in Afghanistan took 3,341 days and just under 110 months."""
        assert AFGHANISTAN.length(Per.DAY) == 3_341
        assert AFGHANISTAN.length(Per.MONTH) == pytest.approx(7 / 31 + 109 + 15 / 28, rel=1e-14)

    def test_natural_per(self) -> None:
        """Whole months are spread by month; a cut at either end asks for days."""
        assert Period.months(2025, 12, count=3).natural_per is Per.MONTH
        assert Period.spanning(date(2025, 12, 1), date(2025, 12, 30)).natural_per is Per.DAY
        assert Period.spanning(date(2025, 12, 2), date(2025, 12, 31)).natural_per is Per.DAY
        assert Period.spanning(date(2025, 12, 2), date(2026, 1, 1)).natural_per is Per.DAY


class TestSets:
    @given(periods, periods)
    def test_relations_are_those_of_sets_of_days(self, a: Period, b: Period) -> None:
        """Overlap, cover and intersection are those of the sets of days."""
        ours, theirs = dates_of(a), dates_of(b)
        shared = a.intersection(b)

        assert a.overlaps(b) == (not ours.isdisjoint(theirs))
        assert a.covers(b) == ours.issuperset(theirs)
        assert (set() if shared is None else dates_of(shared)) == ours & theirs

    @given(periods, st.integers(-3, 503))
    def test_contains(self, period: Period, offset: int) -> None:
        """A day is contained when it is one of the days."""
        day = period.start + timedelta(days=offset)

        assert period.contains(day) == (day in dates_of(period))

    def test_touching_periods_share_nothing(self) -> None:
        """January and February touch and share no day."""
        assert not Period.month(2026, 1).overlaps(Period.month(2026, 2))
        assert Period.month(2026, 2).intersection(Period.month(2026, 1)) is None

    def test_a_part_at_either_end_is_covered(self) -> None:
        """A period covers itself and its ends."""
        assert JANUARY.covers(JANUARY)
        assert JANUARY.covers(Period.days(date(2026, 1, 25), 7))
        assert not JANUARY.covers(Period.days(date(2026, 1, 25), 8))
        assert not JANUARY.covers(Period.days(date(2025, 12, 31), 2))


class TestLater:
    def test_whole_months_stay_whole(self) -> None:
        """A quarter a month later is three whole months again."""
        assert Period.months(2025, 11, count=3).later(months=1) == Period.months(2025, 12, count=3)

    def test_other_periods_keep_their_days(self) -> None:
        """A week stays a week, from the last day of a shorter month."""
        week = Period.days(date(2026, 1, 31), 7)

        assert week.later(months=1) == Period.days(date(2026, 2, 28), 7)
        assert week.later(months=2) == Period.days(date(2026, 3, 31), 7)

    def test_zero_months(self) -> None:
        """No delay moves nothing."""
        assert AFGHANISTAN.later(months=0) == AFGHANISTAN


class TestText:
    @pytest.mark.parametrize(
        ("period", "text"),
        [
            (Period.month(2026, 1), "January 2026"),
            (Period.month(2025, 12), "December 2025"),
            (Period.year(2025), "2025"),
            (Period.year(2024), "2024"),
            (Period.months(2025, 7, count=12), "2025-07-01 to 2026-06-30"),
            (Period.months(2025, 12, count=2), "2025-12-01 to 2026-01-31"),
            (Period.days(date(2026, 1, 3), 8), "2026-01-03 to 2026-01-10"),
            (Period.days(date(2026, 1, 16), 31), "2026-01-16 to 2026-02-15"),
            (Period.days(date(2026, 1, 3), 1), "2026-01-03"),
            (Period.days(date(9999, 1, 1), 5), "9999-01-01 to 9999-01-05"),
        ],
    )
    def test_as_people_say_it(self, period: Period, text: str) -> None:
        """A month and a year have names; any other period shows its first and last day."""
        assert str(period) == text


class TestRefusals:
    def test_dates_are_named(self) -> None:
        """Two dates in a row do not say whether the second one is included."""
        with pytest.raises(TypeError):
            unchecked(Period)(date(2026, 1, 1), date(2026, 2, 1))

    @pytest.mark.parametrize("end", [date(2026, 1, 1), date(2025, 12, 1)])
    def test_empty_and_reversed(self, end: date) -> None:
        """A period has at least one day."""
        with pytest.raises(PeriodError) as caught:
            Period(start=date(2026, 1, 1), end=end)

        assert str(caught.value) == (
            f"the period from 2026-01-01 to {end} has no day: expected start < end, "
            f"where end is the day after the last one. "
            f"Type Period.spanning(first_day, last_day) to name both days."
        )

    def test_reversed_days(self) -> None:
        """The last day does not come before the first."""
        with pytest.raises(PeriodError) as caught:
            Period.spanning(date(2026, 1, 10), date(2026, 1, 3))

        assert str(caught.value) == (
            "last is 2026-01-03 and first is 2026-01-10: expected first <= last. Type "
            "Period.spanning(datetime.date(2026, 1, 3), datetime.date(2026, 1, 10)) "
            "for the days between the two."
        )

    @pytest.mark.parametrize("what", ["start", "end"])
    def test_a_time_of_day(self, what: str) -> None:
        """A datetime is a date to Python and not to a period."""
        dates: dict[str, date] = {"start": date(2026, 1, 1), "end": date(2026, 2, 1)}
        dates[what] = datetime(2026, 1, 15, 12, tzinfo=UTC)
        with pytest.raises(PeriodError) as caught:
            Period(**dates)

        assert str(caught.value) == (
            f"{what} is datetime.datetime(2026, 1, 15, 12, 0, tzinfo=datetime.timezone.utc), "
            f"a date with a time of day: expected a datetime.date. "
            f"Type {what}=datetime.date(2026, 1, 15)."
        )

    def test_a_text_is_no_date(self) -> None:
        """A text is never read as a date."""
        with pytest.raises(PeriodError) as caught:
            unchecked(Period)(start="2026-01-01", end=date(2026, 2, 1))

        assert str(caught.value) == (
            "start is '2026-01-01': expected a datetime.date. "
            "Type for example start=datetime.date(2026, 1, 1)."
        )

    @pytest.mark.parametrize(
        ("what", "ask"),
        [
            ("first", lambda: unchecked(Period.days)("2026", 3)),
            ("first", lambda: unchecked(Period.spanning)("2026", date(2026, 1, 1))),
            ("last", lambda: unchecked(Period.spanning)(date(2026, 1, 1), "2026")),
            ("day", lambda: unchecked(JANUARY.contains)("2026")),
        ],
    )
    def test_every_date_is_checked(self, what: str, ask: Callable[[], object]) -> None:
        """The message names the argument that is no date."""
        with pytest.raises(PeriodError) as caught:
            ask()

        assert str(caught.value) == (
            f"{what} is '2026': expected a datetime.date. "
            f"Type for example {what}=datetime.date(2026, 1, 1)."
        )

    def test_no_thirteenth_month(self) -> None:
        """A year has twelve months."""
        with pytest.raises(PeriodError) as caught:
            Period.month(2025, 13)

        assert str(caught.value) == (
            "month is 13: expected 1 to 12. Type Period.month(2026, 1) for January 2026."
        )

    @pytest.mark.parametrize(
        ("text", "ask"),
        [
            ("month is 0: expected a whole number from 1 on. Type for example month=1.",
             lambda: Period.month(2026, 0)),
            ("year is '2026': expected a whole number from 1 on. Type for example year=2026.",
             lambda: unchecked(Period.year)("2026")),
            ("count is 0: expected a whole number from 1 on. Type for example count=3.",
             lambda: Period.months(2026, 1, count=0)),
            ("n is 0: expected a whole number from 1 on. Type for example n=7.",
             lambda: Period.days(date(2026, 1, 1), 0)),
            ("months is -1: expected a whole number from 0 on. Type for example months=2.",
             lambda: JANUARY.later(months=-1)),
        ],
    )  # fmt: skip
    def test_whole_numbers(self, text: str, ask: Callable[[], object]) -> None:
        """Months, years and days are counted in whole numbers."""
        with pytest.raises(PeriodError) as caught:
            ask()

        assert str(caught.value) == text

    def test_after_the_last_year(self) -> None:
        """The calendar of dates ends with the year 9999."""
        with pytest.raises(PeriodError) as caught:
            Period.year(9999)

        assert str(caught.value) == (
            "the period reaches the year 10000: expected a period inside the years 1 to 9999. "
            "Type a year such as 2026."
        )

    def test_after_the_last_day(self) -> None:
        """So many days that no date is left are refused."""
        with pytest.raises(PeriodError) as caught:
            Period.days(date(9999, 12, 31), 1)

        assert str(caught.value) == (
            "1 days after 9999-12-31 is no date: expected a period inside the years 1 to 9999. "
            "Type a smaller number of days."
        )

    def test_per_is_no_text(self) -> None:
        """The unit of time is a Per."""
        with pytest.raises(PeriodError) as caught:
            unchecked(JANUARY.length)("month")

        assert str(caught.value) == (
            "per is 'month': expected a Per. Type one of Per.DAY, Per.WEEK, Per.MONTH, Per.YEAR."
        )

    @pytest.mark.parametrize("relation", [JANUARY.covers, JANUARY.overlaps, JANUARY.intersection])
    def test_relations_take_periods(self, relation: Callable[..., object]) -> None:
        """A period relates to periods only."""
        with pytest.raises(EstimateError) as caught:
            relation(date(2026, 1, 3))

        assert str(caught.value) == (
            "other is datetime.date(2026, 1, 3): expected a Period. "
            "Type for example other=Period.month(2026, 1)."
        )
