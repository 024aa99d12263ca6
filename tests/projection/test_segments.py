import itertools
from datetime import date

import pytest

from attrition.accounts import Per, Period
from attrition.projection import Change, Ramp
from attrition.projection.calendar import Grid, units_between
from attrition.projection.segments import Segment, segments_of
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
        found = list(segments_of(losses(changes=CHANGES), GRID, CHANGES, cells))

        # The ramp is under way for 1 + 14/31 months.
        month = 1 / (1 + 14 / 31)
        ways = [(0.0, 14 / 28 * month), (14 / 28 * month, month), (month, 1.0), (1.0, 1.0)]
        ramps = [pytest.approx((0, (first + last) / 2)) for first, last in ways]
        assert found == [
            Segment(0, pytest.approx(17 / 31), 0.0, 0, (), -1),
            Segment(0, pytest.approx(14 / 28), 1 / 12, 0, (ramps[0],), -1),
            Segment(1, pytest.approx(14 / 28), 1 / 12, 0, (ramps[1],), -1),
            Segment(1, pytest.approx(14 / 31), 2 / 12, 1, (ramps[2],), -1),
            Segment(2, pytest.approx(17 / 31), 2 / 12, 1, (ramps[3], (2, 1.0)), -1),
            Segment(2, pytest.approx(14 / 30), 3 / 12, 1, (), 1),
        ]

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
