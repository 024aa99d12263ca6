import itertools
import math
from datetime import date, timedelta

import numpy as np
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


ENDS = (GRID.start, GRID.end)


class TestSegments:
    def test_one_by_one(self) -> None:
        """Steps, changes and cells cut the time, and each piece says what holds in it."""
        cells = (date(2026, 1, 15), date(2026, 3, 1), date(2026, 4, 15))
        growing = losses(changes=CHANGES, trend=Trend(per_year=0.1, form="linear"))
        found = segments_of(growing, GRID, CHANGES, cells)

        assert found.steps.tolist() == [0, 0, 1, 1, 2, 2]
        assert found.cells.tolist() == [0, 0, 0, 1, 1, 1]
        assert found.levels.tolist() == [-1] * 5 + [1]
        assert (12 * found.years[:, 0]).tolist() == [0, 1, 1, 2, 2, 3]
        volumes = [17 / 31, 14 / 28, 14 / 28, 14 / 31, 17 / 31, 14 / 30]
        assert found.volumes[:, 0].tolist() == pytest.approx(volumes, rel=1e-12)

    def test_without_a_trend(self) -> None:
        """A trend cuts the time by months; nothing else hangs on it here, so all else stays."""
        growing = losses(changes=CHANGES, trend=Trend(per_year=0.1, form="linear"))
        trend = segments_of(growing, GRID, CHANGES, ENDS)
        found = segments_of(losses(changes=CHANGES), GRID, CHANGES, ENDS)

        assert found.years.tolist() == [[0.0]] * 5
        # Without one the first of March, between the changes, is no edge.
        assert found.volumes[2, 0] == trend.volumes[2, 0] + trend.volumes[3, 0]

    def test_factors(self) -> None:
        """A ramp has the mean share of its way, what stays after it is at work too."""
        found = segments_of(losses(changes=CHANGES), GRID, CHANGES, ENDS)

        # The ramp takes 1 + 14/31 months, and after half of one a step begins; the new level of
        # April ends it, and the factor from the middle of March on.
        half = 0.5 / (1 + 14 / 31)
        ramp = [0.0, half / 2, (half + 1) / 2, 1.0, 0.0]
        assert found.gone[0, :, 0].tolist() == pytest.approx(ramp, rel=1e-12)
        assert found.gone[1:, :, 0].tolist() == [[0.0] * 5, [0.0, 0.0, 0.0, 1.0, 0.0]]
        assert [place for place, _ in found.ways] == [0, 2]

    def test_two_levels_on_one_day(self) -> None:
        """Of two levels from one day on the later in the list holds, and an earlier day's never."""
        day = date(2026, 3, 1)
        levels: list[Change | Ramp] = [
            Change(level=60, start=day),
            Change(level=70, start=day),
            Change(level=80, start=date(2026, 2, 1)),
        ]
        found = segments_of(losses(changes=levels), GRID, levels, ENDS)

        assert found.levels.tolist() == [-1, 2, 2, 1, 1]
        assert found.replaced is not None
        assert found.replaced[:, 0].tolist() == [False, True, True, True, True]
        assert not found.ways

    def test_two_ramps(self) -> None:
        """Every day on which two ramps are under way is a segment, and no other."""
        ramps = [Ramp(factor=2, during=Period.days(date(2026, 2, day), 10)) for day in (3, 9)]
        found = segments_of(losses(changes=ramps), GRID, ramps, ENDS)
        apart = [ramps[0], Ramp(factor=2, during=Period.days(date(2026, 2, 20), 10))]

        # The start, the 3rd, the 9th to the 12th day by day, the 13th; a step and the 19th; a step.
        assert found.steps.tolist() == [0] * 7 + [1] * 2 + [2]
        assert segments_of(losses(changes=apart), GRID, apart, ENDS).steps.size == 7

    def test_sums_by_step(self) -> None:
        """The segments of a step are added up, and where each step is one they stay."""
        several = segments_of(losses(changes=CHANGES), GRID, CHANGES, ENDS)
        single = segments_of(losses(), GRID, [], ENDS)
        moved = np.array([[1.0, 2.0], [4.0, 8.0], [16.0, 32.0], [64.0, 128.0], [256.0, 512.0]])

        assert several.by_step(moved).tolist() == [[5, 10], [16, 32], [320, 640]]
        assert single.by_step(moved) is moved

    def test_cells_without_a_copy(self) -> None:
        """Cells are a slice where each segment has one of its own, and begin before the start."""
        cells = (date(2025, 12, 15), *GRID.dates)
        single = segments_of(losses(), GRID, [], cells)
        several = segments_of(losses(changes=CHANGES), GRID, CHANGES, cells)

        assert single.rows == slice(1, 4)
        assert np.asarray(several.rows).tolist() == [1, 1, 2, 3, 3]

    def test_figures_make_no_difference(self) -> None:
        """Segments hang on dates alone, and equal ones have one text, other ones another."""
        other: list[Change | Ramp] = [
            Ramp(factor=7, during=CHANGES[0].during or Period.month(2026, 2)),
            Change(level=60, start=date(2026, 4, 1)),
            Change(factor=0.5, start=date(2026, 3, 15)),
        ]
        found = segments_of(losses(changes=CHANGES), GRID, CHANGES, ENDS)
        later = [Change(factor=2, start=date(2026, 3, 16))]

        assert repr(segments_of(losses(5, changes=other), GRID, other, ENDS)) == repr(found)
        assert len(repr(found)) == len("Segments()") + 32
        assert repr(segments_of(losses(changes=later), GRID, later, ENDS)) != repr(found)

    def test_read_only(self) -> None:
        """Segments are kept for the next question, so nobody writes into them."""
        found = segments_of(losses(), GRID, [], ENDS)

        with pytest.raises(ValueError, match="read-only"):
            found.volumes[0, 0] = 2.0

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
            found = segments_of(process, GRID, CHANGES, ENDS)
            for step, (first, last) in enumerate(itertools.pairwise(GRID.dates)):
                turn = last.replace(day=1)
                early = 1.0 if season is None else season.factors[first.month - 1]
                late = 1.0 if season is None else season.factors[last.month - 1]
                expected = early * units_between(first, turn, per)
                expected += late * units_between(turn, last, per)

                total = found.volumes[found.steps == step].sum()
                assert total == pytest.approx(expected, rel=1e-12)
