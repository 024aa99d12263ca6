import itertools
import math
from datetime import date, timedelta

import pytest

from attrition.accounts import Per, Period
from attrition.projection import Change, Ramp, Trend
from attrition.projection.calendar import Grid, units_between
from attrition.projection.segments import segments_of, years_of
from tests.projection.futures import SUMMER, losses

GRID = Grid.spanning(date(2026, 1, 15), date(2026, 4, 15), Per.MONTH)
CHANGES: list[Change | Ramp] = [
    Ramp(factor=3, during=Period(start=date(2026, 2, 1), end=date(2026, 3, 15))),
    Change(level=70, start=date(2026, 4, 1)),
    Change(factor=2, start=date(2026, 3, 15)),
]


class TestSegments:
    def test_one_by_one(self) -> None:
        """Steps, changes and cells cut the time, and each piece says what holds in it."""
        cells = [date(2026, 1, 15), date(2026, 3, 1), date(2026, 4, 15)]
        growing = losses(changes=CHANGES, trend=Trend(per_year=0.1, form="linear"))
        found = list(segments_of(growing, GRID, CHANGES, cells))
        level = list(segments_of(losses(changes=CHANGES), GRID, CHANGES, cells))

        assert level == [one._replace(years=0.0) for one in found]
        assert [one.step for one in found] == [0, 0, 1, 1, 2, 2]
        assert [one.cell for one in found] == [0, 0, 0, 1, 1, 1]
        assert [one.level for one in found] == [-1] * 5 + [1]
        assert [12 * one.years for one in found] == [0, 1, 1, 2, 2, 3]
        volumes = [17 / 31, 14 / 28, 14 / 28, 14 / 31, 17 / 31, 14 / 30]
        assert [one.volume for one in found] == pytest.approx(volumes, rel=1e-12)

    def test_factors(self) -> None:
        """A ramp has the mean share of its way, what stays after it is at work too."""
        found = list(segments_of(losses(changes=CHANGES), GRID, CHANGES, [GRID.start, GRID.end]))
        factors = [one.factors for one in found]

        assert [[place for place, _ in one] for one in factors] == [[], [0], [0], [0, 2], []]
        # The ramp takes 1 + 14/31 months, and after half of one a step begins.
        half = 0.5 / (1 + 14 / 31)
        shares = [share for one in factors for _, share in one]
        assert shares == pytest.approx([half / 2, (half + 1) / 2, 1, 1], rel=1e-12)

    def test_two_levels_on_one_day(self) -> None:
        """Of two levels from one day on the later in the list holds, and an earlier day's never."""
        day = date(2026, 3, 1)
        levels: list[Change | Ramp] = [
            Change(level=60, start=day),
            Change(level=70, start=day),
            Change(level=80, start=date(2026, 2, 1)),
        ]
        found = list(segments_of(losses(changes=levels), GRID, levels, [GRID.start, GRID.end]))

        assert [one.level for one in found] == [-1, 2, 2, 1, 1]

    @pytest.mark.parametrize("per", Per)
    def test_years(self, per: Per) -> None:
        """A trend moves on with every month, or every day or week from its origin."""
        trend = Trend(per_year=0.1, form="linear", origin=date(2026, 1, 5))
        process = losses(per=per, trend=trend)
        days = [date(2026, 1, 1) + timedelta(days=i) for i in range(0, 500, 3)]
        found = [years_of(process, GRID.start, day) for day in days]
        since = [(day - date(2026, 1, 5)).days for day in days]
        expected = {
            Per.DAY: [gone / 365.25 for gone in since],
            Per.WEEK: [math.floor(gone / 7) * 7 / 365.25 for gone in since],
            Per.MONTH: [(day.year - 2026) + (day.month - 1) / 12 for day in days],
        }
        expected[Per.YEAR] = expected[Per.MONTH]

        assert found == pytest.approx(expected[per], rel=1e-12)

    @pytest.mark.parametrize("per", Per)
    def test_volume(self, per: Per) -> None:
        """The volumes of a step add up to its length, and with a season to that of each month."""
        for season in (None, SUMMER):
            process = losses(per=per, season=season, changes=CHANGES)
            found = list(segments_of(process, GRID, CHANGES, [GRID.start, GRID.end]))
            for step, (first, last) in enumerate(itertools.pairwise(GRID.dates)):
                turn = last.replace(day=1)
                early = 1.0 if season is None else season.factors[first.month - 1]
                late = 1.0 if season is None else season.factors[last.month - 1]
                expected = early * units_between(first, turn, per)
                expected += late * units_between(turn, last, per)

                total = sum(segment.volume for segment in found if segment.step == step)
                assert total == pytest.approx(expected, rel=1e-12)
