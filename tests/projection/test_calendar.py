import calendar
import itertools
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attrition.accounts import Per, Period
from attrition.errors import PeriodError
from attrition.projection.calendar import (
    Grid,
    boundaries,
    day_of,
    lengths,
    months_before,
    months_between,
    step_before,
    units_between,
    units_later,
)

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


class TestGrid:
    def test_months(self) -> None:
        """Monthly steps begin on the day of the start, and the last one is cut short."""
        grid = Grid.spanning(date(2026, 1, 15), date(2026, 4, 1), Per.MONTH)

        assert grid.dates == (
            date(2026, 1, 15),
            date(2026, 2, 15),
            date(2026, 3, 15),
            date(2026, 4, 1),
        )
        assert (grid.start, grid.end, grid.steps) == (date(2026, 1, 15), date(2026, 4, 1), 3)

    @pytest.mark.parametrize("day", [29, 30, 31])
    def test_starts_beyond_the_end_of_february(self, day: int) -> None:
        """From the 29th to the 31st on, February ends on its last day and March goes back."""
        grid = Grid.spanning(date(2026, 1, day), date(2026, 5, 1), Per.MONTH)

        assert grid.dates[1:] == (
            date(2026, 2, 28),
            date(2026, 3, day),
            date(2026, 4, min(day, 30)),
            date(2026, 5, 1),
        )

    def test_leap_year(self) -> None:
        """A year after 29 February is 28 February."""
        grid = Grid.spanning(date(2028, 2, 29), date(2030, 6, 1), Per.YEAR)

        assert grid.dates[1:-1] == (date(2029, 2, 28), date(2030, 2, 28))

    @pytest.mark.parametrize(("step", "length"), [(Per.DAY, 1), (Per.WEEK, 7)])
    def test_days_and_weeks(self, step: Per, length: int) -> None:
        """Days and weeks are counted through the ends of months."""
        grid = Grid.spanning(date(2026, 2, 20), date(2026, 3, 13), step)
        gaps = {(b - a).days for a, b in zip(grid.dates[:-1], grid.dates[1:], strict=True)}

        assert gaps == {length}
        assert grid.steps == 21 // length

    def test_one_step(self) -> None:
        """A horizon within the first step makes one step."""
        assert Grid.spanning(date(2026, 1, 1), date(2026, 1, 9), Per.YEAR).steps == 1

    def test_periods_cover_the_grid(self) -> None:
        """Every step is a period that begins where the one before ends."""
        grid = Grid.spanning(date(2026, 1, 31), date(2026, 4, 2), Per.MONTH)

        assert grid.periods == [
            Period(start=date(2026, 1, 31), end=date(2026, 2, 28)),
            Period(start=date(2026, 2, 28), end=date(2026, 3, 31)),
            Period(start=date(2026, 3, 31), end=date(2026, 4, 2)),
        ]

    def test_edges(self) -> None:
        """Edges are calendar months from the start, cut months by their days."""
        grid = Grid.spanning(date(2026, 1, 15), date(2026, 4, 1), Per.MONTH)

        assert grid.edges == pytest.approx(
            [0.0, 1 + 14 / 28 - 14 / 31, 2 + 14 / 31 - 14 / 31, 3 - 14 / 31]
        )

    def test_place(self) -> None:
        """A date is found by its place."""
        grid = Grid.spanning(date(2026, 1, 1), date(2026, 6, 1), Per.MONTH)

        assert [grid.place(day, "on") for day in grid.dates] == list(range(6))

    def test_no_place(self) -> None:
        """Any other date is refused, and the two next to it are named in order."""
        grid = Grid.spanning(date(2026, 1, 1), date(2026, 6, 1), Per.MONTH)
        with pytest.raises(PeriodError) as caught:
            grid.place(date(2026, 3, 20), "on")

        assert str(caught.value) == (
            "on is 2026-03-20, which is no date of this projection from 2026-01-01 to 2026-06-01: "
            "expected the start or the end of a step. Type datetime.date(2026, 3, 1) or "
            "datetime.date(2026, 4, 1), or project in smaller steps."
        )

    @pytest.mark.parametrize("until", [date(2026, 2, 1), date(2025, 12, 31)])
    def test_nothing_between(self, until: date) -> None:
        """A horizon that is not after the start is refused."""
        with pytest.raises(PeriodError) as caught:
            Grid.spanning(date(2026, 2, 1), until, Per.MONTH)

        assert str(caught.value) == (
            f"until is {until} and the start is 2026-02-01: expected a date after the start. "
            f"Type for example until=datetime.date(2027, 2, 1)."
        )


class TestSteps:
    def test_boundaries_leave_the_ends_out(self) -> None:
        """Neither the start nor the horizon is a boundary."""
        found = boundaries(date(2025, 11, 1), date(2026, 2, 1), Per.MONTH)

        assert found == (date(2025, 12, 1), date(2026, 1, 1))

    def test_grids_are_made_once(self) -> None:
        """The same dates are the same grid, whose edges are known already."""
        first, same, other = (
            Grid.spanning(date(2026, 1, 1), date(2026, month, 1), Per.MONTH) for month in (9, 9, 8)
        )

        assert first is same
        assert first != other

    @pytest.mark.parametrize(
        ("step", "expected"),
        [
            (Per.DAY, date(2026, 3, 28)),
            (Per.WEEK, date(2026, 3, 10)),
            (Per.MONTH, date(2025, 12, 31)),
            (Per.YEAR, date(2023, 3, 31)),
        ],
    )
    def test_three_steps_before(self, step: Per, expected: date) -> None:
        """Steps go back over the ends of months and years."""
        assert step_before(date(2026, 3, 31), 3, step) == expected

    def test_no_step_before(self) -> None:
        """No step before a day is the day."""
        assert step_before(date(2026, 3, 31), 0, Per.MONTH) == date(2026, 3, 31)

    def test_months_before(self) -> None:
        """Whole months lie one apart; weeks lie by the days of the months that they cut."""
        assert months_before(date(2026, 3, 1), Per.MONTH, 3) == (0.0, -1.0, -2.0)
        weeks = months_before(date(2026, 3, 1), Per.WEEK, 6)
        assert weeks == pytest.approx([0, -0.25, -0.5, -0.75, -1, -1 - 7 / 31], rel=1e-12)


class TestLengths:
    def test_months_by_hand(self) -> None:
        """Months count by the calendar, in both directions."""
        first, last = date(2026, 1, 11), date(2026, 3, 15)

        assert months_between(first, last) == pytest.approx(2 + 14 / 31 - 10 / 31)
        assert months_between(last, first) == pytest.approx(-2 - 4 / 31)
        assert months_between(first, first) == 0.0

    def test_units_by_hand(self) -> None:
        """Time between two dates in every unit, zero backwards."""
        first, last = date(2026, 1, 11), date(2026, 3, 15)

        assert [units_between(first, last, per) for per in Per] == pytest.approx(
            [63, 9, 2 + 4 / 31, (2 + 4 / 31) / 12]
        )
        assert units_between(last, first, Per.DAY) == 0.0
        assert units_between(first, first, Per.MONTH) == 0.0

    @pytest.mark.parametrize("per", Per)
    def test_lengths(self, per: Per) -> None:
        """Each date of a row is as far from the next as the two are by themselves."""
        days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 2, 14), date(2028, 2, 29)]
        days += [date(2028, 3, 7), date(2031, 11, 1)]

        alone = [units_between(first, last, per) for first, last in itertools.pairwise(days)]
        assert lengths(days, per).tolist() == alone


class TestUnitsLater:
    @pytest.mark.parametrize(
        ("units", "per", "expected"),
        [
            (10, Per.DAY, date(2026, 2, 11)),
            (9.2, Per.DAY, date(2026, 2, 11)),
            (1.5, Per.WEEK, date(2026, 2, 12)),
            (0.5, Per.MONTH, date(2026, 2, 15)),
            (7.9111111, Per.MONTH, date(2026, 9, 29)),
            (0.25, Per.YEAR, date(2026, 5, 1)),
            (0, Per.MONTH, date(2026, 2, 1)),
        ],
    )
    def test_by_hand(self, units: float, per: Per, expected: date) -> None:
        """A part of a day counts as the day."""
        assert units_later(date(2026, 2, 1), units, per) == expected

    def test_never_too_early(self) -> None:
        """A month after the start of 15 January is 12.65 days into February, so the 14th."""
        # 14 of 31 days of January have passed; the same part of February is 14 / 31 * 28 days.
        assert day_of(date(2026, 1, 15), 1.0) == date(2026, 2, 14)

    @given(DAYS, DAYS, st.sampled_from(Per))
    @example(date(2028, 2, 29), date(2030, 12, 31), Per.YEAR)
    def test_there_and_back(self, first: date, last: date, per: Per) -> None:
        """The time between two dates leads from one to the other, whatever the rounding."""
        first, last = sorted((first, last))

        assert units_later(first, units_between(first, last, per), per) == last

    @given(DAYS, st.floats(0.0, 60.0))
    def test_first_day_by_which_it_has_passed(self, start: date, months: float) -> None:
        """The day found is late enough, and the day before is not."""
        day = day_of(start, months)

        assert months_between(start, day) >= months - 1e-9
        assert day == start or months_between(start, day - timedelta(days=1)) < months

    @pytest.mark.parametrize("per", Per)
    @pytest.mark.parametrize("units", [1e7, 1e300])
    def test_beyond_the_calendar(self, units: float, per: Per) -> None:
        """There is no date after the year 9999."""
        assert units_later(date(2026, 2, 1), units, per) is None

    def test_end_of_the_calendar(self) -> None:
        """The last month that can be reached is November 9999."""
        assert units_later(date(9999, 11, 1), 0.5, Per.MONTH) == date(9999, 11, 16)
        assert units_later(date(9999, 11, 15), 1.0, Per.MONTH) is None

    def test_months_have_their_own_days(self) -> None:
        """Half of a month is half of its days, in each month."""
        for month in range(1, 13):
            days = calendar.monthrange(2026, month)[1]
            later = day_of(date(2026, month, 1), 0.5)

            assert later == date(2026, month, 1) + timedelta(days=(days + 1) // 2)
