from datetime import date, timedelta
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attrition._typing import FloatArray
from attrition.accounts import Per, Period
from attrition.projection import Change, IntakeProcess, LossProcess, Ramp, Season, Surge, Trend
from attrition.projection.calendar import Grid
from attrition.projection.flows import plan_flow, trend_is_negative
from attrition.uncertain import UncertainLike, about
from attrition.uncertain.node import Known
from tests.projection.futures import MONTHLY, SUMMER, intake, losses, people

START = date(2026, 1, 15)
UNTIL = date(2027, 3, 10)
PERS = st.sampled_from(Per)
DAYS = st.dates(date(2025, 6, 1), date(2027, 12, 31))


def moved(process: LossProcess | IntakeProcess, grid: Grid) -> FloatArray:
    """People of a process without unknowns in every step, shape (steps,)."""
    plan, nodes = plan_flow(process, grid)
    values = [np.array([node.value]) for node in nodes if isinstance(node, Known)]
    return plan.flow(iter(values)).people[:, 0]


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """A stretch of up to seven months, somewhere around the projection."""
    return Period.days(draw(DAYS), draw(st.integers(1, 200)))


@st.composite
def changes(draw: st.DrawFn) -> Change | Ramp | Surge:
    """A factor, for a while or from a day on, a ramp, a new level or a surge."""
    kind = draw(st.sampled_from(["factor", "open", "ramp", "level", "surge"]))
    factor = draw(st.floats(0.0, 3.0))
    if kind == "factor":
        return Change(factor=factor, during=draw(periods()))
    if kind == "open":
        return Change(factor=factor, start=draw(DAYS))
    if kind == "ramp":
        return Ramp(factor=factor, during=draw(periods()))
    if kind == "level":
        return Change(level=draw(st.floats(0.0, 5_000.0)), start=draw(DAYS))
    return Surge(people=draw(st.floats(0.0, 90_000.0)), during=draw(periods()))


@st.composite
def trends(draw: st.DrawFn) -> Trend | None:
    """A growth that leaves the level positive over two years, or none."""
    form: Literal["linear", "exponential"] = draw(st.sampled_from(["linear", "exponential"]))
    origin = draw(st.none() | st.dates(date(2025, 10, 1), date(2026, 6, 1)))
    rate = draw(st.none() | st.floats(-0.3, 0.5))
    return None if rate is None else Trend(per_year=rate, form=form, origin=origin)


@st.composite
def seasons(draw: st.DrawFn) -> Season | None:
    """Twelve factors with mean one, or none."""
    weights = draw(st.none() | st.lists(st.floats(0.1, 3.0), min_size=12, max_size=12))
    return None if weights is None else Season([12 * w / sum(weights) for w in weights])


@st.composite
def processes(draw: st.DrawFn) -> IntakeProcess:
    """A process without unknowns."""
    return intake(
        draw(st.floats(0.0, 9_000.0)),
        per=draw(PERS),
        trend=draw(trends()),
        season=draw(seasons()),
        changes=draw(st.lists(changes(), max_size=4)),
    )


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """Four hundred days in steps of any kind."""
    start = draw(st.dates(date(2026, 1, 1), date(2026, 2, 28)))
    return Grid.spanning(start, start + timedelta(days=400), draw(PERS))


class TestPeople:
    @given(processes(), grids())
    @settings(max_examples=150)
    def test_against_a_count_day_by_day(self, process: IntakeProcess, grid: Grid) -> None:
        """Level, unit, trend, season, changes and surges add up to the sum over days."""
        np.testing.assert_allclose(
            moved(process, grid), people(process, grid.start, grid.dates), rtol=1e-9, atol=1e-6
        )

    @pytest.mark.parametrize("step", Per)
    @pytest.mark.parametrize("per", Per)
    def test_the_step_changes_nothing(self, per: Per, step: Per) -> None:
        """Over fourteen months the same people move by days, weeks, months and years."""
        process = losses(
            7_000,
            per=per,
            trend=Trend(per_year=0.1, form="exponential"),
            season=SUMMER,
            changes=[
                Change(factor=1.3, during=Period.spanning(date(2026, 3, 10), date(2026, 8, 20))),
                Change(level=5_000, start=date(2026, 7, 5)),
                Ramp(factor=2.5, during=Period.spanning(date(2026, 9, 9), date(2027, 1, 20))),
                Change(factor=0.7, start=date(2027, 1, 6)),
                Surge(people=3_000, during=Period.spanning(date(2027, 3, 1), date(2027, 3, 20))),
            ],
        )
        total = people(process, START, [START, UNTIL]).sum()

        assert moved(process, Grid.spanning(START, UNTIL, step)).sum() == pytest.approx(total)

    def test_parts(self) -> None:
        """What moves is the level times its basis, and what moves whatever the level."""
        process = losses(
            40_000,
            changes=[
                Change(factor=1.5, during=Period.month(2026, 2)),
                Change(level=10_000, start=date(2026, 3, 1)),
                Surge(people=620, during=Period.month(2026, 1)),
            ],
        )
        grid = Grid.spanning(date(2026, 1, 1), date(2026, 4, 1), Per.MONTH)
        plan, nodes = plan_flow(process, grid)
        flow = plan.flow(iter([np.array([k.value]) for k in nodes if isinstance(k, Known)]))

        assert flow.level == [40_000]
        np.testing.assert_allclose(flow.basis[:, 0], [1.0, 1.5, 0.0])
        np.testing.assert_allclose(flow.extra[:, 0], [620.0, 0.0, 10_000.0])
        assert flow.before.tolist() == 1.0

    def test_overlapping_factors_multiply(self) -> None:
        """Two factors at one time multiply each other, a new level too."""
        both = [
            Change(factor=1.5, during=Period.months(2026, 1, count=2)),
            Change(factor=0.5, during=Period.months(2026, 2, count=2)),
            Change(level=20_000, start=date(2026, 3, 1)),
        ]
        grid = Grid.spanning(date(2026, 1, 1), date(2026, 5, 1), Per.MONTH)

        np.testing.assert_allclose(
            moved(losses(10_000, changes=both), grid), [15_000, 7_500, 10_000, 20_000]
        )

    def test_the_latest_level_counts(self) -> None:
        """A level holds until the next one starts, in whatever order they are listed."""
        levels = [
            Change(level=3_000, start=date(2026, 3, 1)),
            Change(level=2_000, start=date(2026, 2, 1)),
        ]
        grid = Grid.spanning(date(2026, 1, 1), date(2026, 4, 1), Per.MONTH)
        found = moved(losses(1_000, changes=levels), grid)

        np.testing.assert_allclose(found, [1_000, 2_000, 3_000])

    def test_a_level_from_before_the_start(self) -> None:
        """A level that began before the start holds from the start on."""
        process = losses(1_000, changes=[Change(level=2_000, start=date(2025, 3, 1))])
        grid = Grid.spanning(date(2026, 1, 1), date(2026, 3, 1), Per.MONTH)

        np.testing.assert_allclose(moved(process, grid), [2_000, 2_000])

    def test_surge_across_the_horizon(self) -> None:
        """Of a surge only the days inside the projection count."""
        surge = Surge(people=9_000, during=Period.spanning(date(2026, 2, 20), date(2026, 3, 1)))
        grid = Grid.spanning(date(2026, 1, 1), date(2026, 2, 26), Per.MONTH)

        np.testing.assert_allclose(moved(losses(0, changes=[surge]), grid), [0.0, 5_400.0])

    def test_nothing_is_negative(self) -> None:
        """Where the tail of an input is below zero it moves nobody, and nobody back."""
        process = losses(
            about(100, sd=20),
            trend=Trend(per_year=about(0.0, sd=0.1), form="linear"),
            changes=[
                Change(factor=about(1, sd=0.2), during=Period.month(2026, 2)),
                Change(level=about(100, sd=20), start=date(2026, 4, 1)),
                Surge(people=about(100, sd=20), during=Period.month(2026, 2)),
            ],
        )
        plan, _ = plan_flow(process, Grid.spanning(date(2026, 1, 1), UNTIL, Per.MONTH))
        good = np.array([1.0, 0.0, 1.0, 1.0, 1.0])
        # In every draw but the last one input is negative.
        bad = np.diag([-2.0, -20.0, -2.0, -2.0, -2.0])
        values = np.column_stack([np.where(bad != 0.0, bad, good[:, None]), good])
        flow = plan.flow(iter(values))

        assert (flow.people >= 0.0).all()
        assert flow.level.tolist() == [0.0, 1.0, 1.0, 1.0, 1.0, 1.0]
        # Level, trend, factor, new level and surge, each where it counts.
        assert flow.people[0].tolist() == [0.0, 1.0, 1.0, 1.0, 1.0, 1.0]
        assert flow.people[1].tolist() == [1.0, 1.0, 1.0, 2.0, 1.0, 2.0]
        assert flow.people[2].tolist() == [0.0, 0.0, 1.0, 1.0, 1.0, 1.0]
        assert flow.people[3].tolist() == [1.0, 0.0, 1.0, 0.0, 1.0, 1.0]

    def test_exponential_of_less_than_nothing(self) -> None:
        """A growth of less than -100 per cent leaves nobody, and no nan."""
        process = losses(100, trend=Trend(per_year=about(0.0, sd=0.1), form="exponential"))
        plan, _ = plan_flow(process, Grid.spanning(START, UNTIL, Per.MONTH))
        flow = plan.flow(iter([np.array([100.0]), np.array([-1.5])]))

        assert flow.people[0, 0] > 0.0
        assert (flow.people[1:, 0] >= 0.0).all()
        assert flow.people[3, 0] == 0.0


class TestNoise:
    def test_each_cell_in_all_its_segments(self) -> None:
        """The factor of a cell holds in all its segments, of which a change makes several."""
        grid = Grid.spanning(date(2026, 2, 1), date(2026, 5, 1), Per.MONTH)
        change = Change(factor=3.0, during=Period.days(date(2026, 2, 15), 7))
        plan, _ = plan_flow(losses(28_000, variation=MONTHLY, changes=[change]), grid)
        factors = np.array([[0.5, 1.0], [0.8, 1.1], [1.3, 2.0]])
        inputs = iter([np.array([28_000.0]), np.array([3.0]), factors])

        # A quarter of February is trebled.
        expected = 28_000.0 * np.array([[1.5], [1.0], [1.0]]) * factors
        np.testing.assert_allclose(plan.flow(inputs).people, expected, rtol=1e-12)


class TestRamp:
    YEAR = Grid.spanning(date(2026, 1, 1), date(2026, 8, 1), Per.MONTH)

    def test_evenly(self) -> None:
        """A ramp over four months doubles a level by quarters, and each month has its mean."""
        ramp = Ramp(factor=2, during=Period.months(2026, 2, count=4))
        found = moved(losses(1_000, changes=[ramp]), self.YEAR)

        np.testing.assert_allclose(found, [1_000, 1_125, 1_375, 1_625, 1_875, 2_000, 2_000])

    def test_closed_form(self) -> None:
        """In days the people of a ramp are the area under a straight line."""
        during = Period.days(date(2026, 2, 10), 100)
        process = losses(1_000, per=Per.DAY, changes=[Ramp(factor=0.4, during=during)])
        found = moved(process, Grid.spanning(date(2026, 1, 1), date(2026, 8, 1), Per.WEEK)).sum()

        assert found == pytest.approx(1_000 * (40 + 100 * (1 + 0.4) / 2 + 72 * 0.4), rel=1e-12)

    def test_from_before_the_start(self) -> None:
        """A ramp under way at the start goes on from there, and one that is over has done all."""
        ramps = [
            Ramp(factor=3, during=Period.months(2025, 11, count=4)),
            Ramp(factor=0.5, during=Period.month(2025, 3)),
        ]
        found = moved(losses(1_000, changes=ramps), self.YEAR)

        np.testing.assert_allclose(found, [1_125, 1_375, *[1_500] * 5])

    def test_unknown(self) -> None:
        """In every draw a ramp goes to its own factor, never below nobody."""
        ramp = Ramp(factor=about(1, sd=0.2), during=Period.months(2026, 2, count=2))
        plan, _ = plan_flow(losses(1_000, changes=[ramp]), self.YEAR)
        flow = plan.flow(iter([np.array([1_000.0]), np.array([1.4, -0.5])]))

        np.testing.assert_allclose(flow.people[:4, 0], [1_000, 1_100, 1_300, 1_400])
        np.testing.assert_allclose(flow.people[:4, 1], [1_000, 750, 250, 0], atol=1e-9)


class TestFromADateOn:
    YEAR = Grid.spanning(date(2026, 1, 1), date(2026, 7, 1), Per.MONTH)

    def test_relative_and_absolute(self) -> None:
        """A new level ends what began before it, whatever the order of the list."""
        several: list[Change | Ramp] = [
            Change(factor=3, start=date(2026, 5, 1)),
            Change(level=10_000, start=date(2026, 4, 1)),
            Change(factor=0.5, start=date(2026, 3, 1)),
            Ramp(factor=9, during=Period.months(2026, 3, count=4)),
            Change(factor=1.1, during=Period.months(2026, 3, count=2)),
            Change(factor=2, start=date(2026, 2, 1)),
        ]
        found = moved(losses(1_000, changes=several), self.YEAR)

        march = 1_000 * 2 * 0.5 * (1 + 8 / 8) * 1.1
        np.testing.assert_allclose(found, [1_000, 2_000, march, 11_000, 30_000, 30_000])

    def test_on_one_day(self) -> None:
        """A factor from the day of a new level on multiplies the new level."""
        both = [
            Change(level=10_000, start=date(2026, 4, 1)),
            Change(factor=0.5, start=date(2026, 4, 1)),
        ]
        found = moved(losses(1_000, changes=both), self.YEAR)

        np.testing.assert_allclose(found, [1_000] * 3 + [5_000] * 3)

    def test_linear_in_the_level(self) -> None:
        """What is relative to the level goes with it; only new levels and surges do not."""
        relative: list[Change | Ramp] = [
            Change(factor=2, start=date(2026, 2, 1)),
            Ramp(factor=3, during=Period.months(2026, 3, count=2)),
        ]
        plan, _ = plan_flow(losses(1, changes=relative), self.YEAR)
        flow = plan.flow(iter([np.array([700.0]), np.array([2.0]), np.array([3.0])]))

        np.testing.assert_allclose(flow.basis[:, 0], [1, 2, 3, 5, 6, 6])
        assert not flow.extra.any()


class TestTrend:
    def test_stands_still_within_a_month(self) -> None:
        """A level per month is constant per calendar month, whatever the step."""
        process = losses(31_000, trend=Trend(per_year=0.12, form="linear"))
        days = moved(process, Grid.spanning(date(2026, 1, 1), date(2026, 2, 3), Per.DAY))

        np.testing.assert_allclose(days[:31], 1_000)
        np.testing.assert_allclose(days[31:], 31_000 * 1.01 / 28)

    def test_stands_still_within_a_week(self) -> None:
        """A level per week is constant for seven days, counted from the origin of its trend."""
        trend = Trend(per_year=0.3652500, form="linear", origin=date(2026, 1, 4))
        process = losses(7_000, per=Per.WEEK, trend=trend)
        days = moved(process, Grid.spanning(date(2026, 1, 1), date(2026, 1, 20), Per.DAY))

        # Seven days of 0.36525 a year are seven thousandths.
        np.testing.assert_allclose(days[:3], 993)
        np.testing.assert_allclose(days[3:10], 1_000)
        np.testing.assert_allclose(days[10:17], 1_007)
        np.testing.assert_allclose(days[17:], 1_014)

    def test_before_the_start(self) -> None:
        """Just before the start the level stands where its trend stands at the start."""
        trend = Trend(per_year=0.2, form="linear", origin=date(2025, 1, 1))
        plan, _ = plan_flow(losses(1, trend=trend), Grid.spanning(START, UNTIL, Per.MONTH))
        flow = plan.flow(iter([np.array([1.0]), np.array([0.2])]))

        assert flow.before.tolist() == [1.2]


class TestSeason:
    def test_months(self) -> None:
        """Each calendar month has its factor, and a year is that of the level."""
        grid = Grid.spanning(date(2026, 1, 1), date(2027, 1, 1), Per.MONTH)
        found = moved(losses(1_000, season=SUMMER), grid)

        np.testing.assert_allclose(found, [1_000 * factor for factor in SUMMER.factors])
        assert found.sum() == pytest.approx(12_000, rel=1e-12)

    def test_observed(self) -> None:
        """A count of January is the season of January times the level that goes on."""
        process = losses(7_000, season=SUMMER, observed=Period.month(2026, 1))
        grid = Grid.spanning(date(2026, 2, 1), date(2026, 4, 1), Per.MONTH)

        np.testing.assert_allclose(moved(process, grid), [7_500, 9_000])

    def test_observed_with_noise(self) -> None:
        """Counted in two months, a level is the count over both seasons times both noises."""
        process = losses(
            5_000,
            season=SUMMER,
            variation=MONTHLY,
            observed=Period.months(2025, 11, count=2),
        )
        plan, _ = plan_flow(process, Grid.spanning(date(2026, 2, 1), date(2026, 4, 1), Per.MONTH))
        noise = np.array([[1.1], [0.8], [1.0], [1.2], [0.9]])
        flow = plan.flow(iter([np.array([5_000.0]), noise]))
        level = 5_000 / ((0.95 * 1.1 + 0.8 * 0.8) / 2)

        np.testing.assert_allclose(flow.level, [level], rtol=1e-12)
        np.testing.assert_allclose(
            flow.people[:, 0], [level * 0.75 * 1.2, level * 0.9 * 0.9], rtol=1e-12
        )


class TestTrendIsNegative:
    GRID = Grid.spanning(START, UNTIL, Per.MONTH)

    @pytest.mark.parametrize(
        ("per_year", "negative"),
        [(-0.9, True), (-0.8, False), (about(-0.3, sd=0.2), True), (about(-0.03, sd=0.05), False)],
    )
    def test_linear(self, per_year: UncertainLike, *, negative: bool) -> None:
        """A linear fall of 90 per cent a year ends below zero in the fourteenth month."""
        trend = Trend(per_year=per_year, form="linear")

        assert trend_is_negative(losses(trend=trend), self.GRID) is negative

    def test_linear_before_its_origin(self) -> None:
        """A linear growth was negative long before its origin."""
        trend = Trend(per_year=0.5, form="linear", origin=date(2028, 6, 1))

        assert trend_is_negative(losses(trend=trend), self.GRID) is True

    @pytest.mark.parametrize(
        ("per_year", "negative"), [(-0.9, False), (-1.1, True), (about(-0.5, sd=0.2), True)]
    )
    def test_exponential(self, per_year: UncertainLike, *, negative: bool) -> None:
        """An exponential fall stays above zero but for growth below -100 per cent."""
        trend = Trend(per_year=per_year, form="exponential")

        assert trend_is_negative(losses(trend=trend), self.GRID) is negative

    def test_no_trend(self) -> None:
        """What has no trend never turns negative."""
        assert trend_is_negative(losses(), self.GRID) is False
