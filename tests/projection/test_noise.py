from datetime import date, timedelta

import attrs
import numpy as np
import pytest

from attrition._typing import FloatArray
from attrition.accounts import Per, Period
from attrition.projection import Change, IntakeProcess, LossProcess, Surge, Trend, Variation
from attrition.projection.calendar import Grid
from attrition.projection.flows import plan_flow
from attrition.projection.noise import Factors
from attrition.uncertain import about
from attrition.uncertain.node import Apply, Known, Node, Noise
from tests.projection.futures import MONTHLY, future, intake, losses

START = date(2026, 1, 17)
UNTIL = date(2027, 3, 10)


def noise_of(node: Node) -> tuple[Factors, Noise]:
    """How factors are made, and the normals that they are made of."""
    assert isinstance(node, Apply)
    assert isinstance(node.operation, Factors)
    (noise,) = node.arguments
    assert isinstance(noise, Noise)
    return node.operation, noise


def moved(process: LossProcess | IntakeProcess, grid: Grid) -> FloatArray:
    """People of a process without unknowns in every step, shape (steps,)."""
    plan, nodes = plan_flow(process, grid)
    values = [np.array([node.value]) for node in nodes if isinstance(node, Known)]
    return plan.flow(iter(values)).people[:, 0]


def factors(
    variation: Variation, step: Per, *, until: date = UNTIL, n: int = 4, start: date = START
) -> FloatArray:
    """The noise factors of steps, shape (steps, n): people over those of the level alone."""
    noisy, plain = losses(1_000, variation=variation), losses(1_000)
    grid = Grid.spanning(start, until, step)
    plan, nodes = plan_flow(noisy, grid)
    made, noise = noise_of(nodes[-1])
    normals = noise.draw(np.random.default_rng(20260101), n)
    flow = plan.flow(iter([np.array([1_000.0]), made(normals)]))
    return np.asarray(flow.people / moved(plain, grid)[:, None])


class TestNoise:
    MONTHS = Grid.spanning(date(2026, 1, 1), date(2027, 1, 1), Per.MONTH)

    def test_law(self) -> None:
        """Factors are lognormal with mean one, and their logs follow the autoregression."""
        found = factors(
            MONTHLY, Per.MONTH, n=100_000, start=date(2026, 1, 1), until=date(2026, 7, 1)
        )
        log = np.log(found)
        variance = 0.15**2 + 0.08**2
        lags = [np.corrcoef(log[1], log[1 + lag])[0, 1] for lag in range(4)]
        expected = [1.0, *(0.15**2 * 0.7**lag / variance for lag in (1, 2, 3))]

        # Standard errors with 1e5 draws: .17 / 316 of a mean, a 447th of an sd, a 316th of a
        # correlation; four of them.
        np.testing.assert_allclose(found.mean(axis=1), 1.0, atol=4 * 0.172 / 316)
        np.testing.assert_allclose(log.mean(axis=1), -variance / 2, atol=4 * 0.17 / 316)
        np.testing.assert_allclose(log.std(axis=1), np.sqrt(variance), rtol=4 / 447)
        np.testing.assert_allclose(lags, expected, atol=4 / 316)

    def test_bounds(self) -> None:
        """Factors are positive."""
        made = Factors(cells=5, lasting_sd=0.3, persistence=0.7, passing_sd=0.2)

        assert made.bounds((-np.inf, np.inf)) == (0.0, np.inf)

    def test_lasting_part_alone(self) -> None:
        """Without a passing part the log is the autoregression itself."""
        only = attrs.evolve(MONTHLY, passing_sd=0)
        log = np.log(factors(only, Per.MONTH, n=100_000, start=date(2026, 1, 1)))

        np.testing.assert_allclose(log.std(axis=1), 0.15, rtol=4 / 447)
        assert np.corrcoef(log[3], log[4])[0, 1] == pytest.approx(0.7, abs=4 / 316)

    def test_passing_part_alone(self) -> None:
        """Without a lasting part months are independent."""
        independent = Variation.independent(0.2, Per.MONTH)
        log = np.log(factors(independent, Per.MONTH, n=100_000, start=date(2026, 1, 1)))

        assert np.corrcoef(log[3], log[4])[0, 1] == pytest.approx(0.0, abs=4 / 316)
        assert np.exp(log[5]).std() == pytest.approx(0.2, rel=0.02)

    def test_no_spread(self) -> None:
        """A variation of nothing changes nothing."""
        none = Variation(lasting_sd=0, persistence=0, passing_sd=0, per=Per.MONTH)

        np.testing.assert_allclose(factors(none, Per.MONTH), 1.0)

    @pytest.mark.parametrize(
        ("per", "values"), [(Per.DAY, 417), (Per.WEEK, 60), (Per.MONTH, 15), (Per.YEAR, 2)]
    )
    def test_clock(self, per: Per, values: int) -> None:
        """One value holds for one unit of the clock: calendar months, else from the start on."""
        found = factors(attrs.evolve(MONTHLY, per=per), Per.DAY)[:, 0]
        turns = np.flatnonzero(~np.isclose(found[1:], found[:-1], rtol=1e-9)) + 1

        assert turns.size + 1 == values
        days = [START + timedelta(days=int(turn)) for turn in turns]
        if per in {Per.MONTH, Per.YEAR}:
            assert {day.day for day in days} == {1}
        if per is Per.WEEK:
            assert {(day - START).days % 7 for day in days} == {0}
        if per is Per.YEAR:
            assert days == [date(2027, 1, 1)]

    @pytest.mark.parametrize("step", [Per.DAY, Per.WEEK, Per.YEAR])
    def test_the_step_changes_no_value(self, step: Per) -> None:
        """The same normals move the same people, whatever the step."""
        process = losses(1_000, variation=MONTHLY)
        rng = np.random.default_rng(20260101)
        normals = rng.standard_normal((30, 5))
        totals = []
        for one in (step, Per.MONTH):
            plan, nodes = plan_flow(process, Grid.spanning(START, UNTIL, one))
            found = noise_of(nodes[-1])[0](normals)
            totals.append(plan.flow(iter([np.array([1_000.0]), found])).people.sum(axis=0))

        np.testing.assert_allclose(totals[0], totals[1], rtol=1e-12)

    def test_a_longer_horizon_begins_with_the_shorter(self) -> None:
        """The noise of the first months does not depend on how many follow."""
        short = factors(MONTHLY, Per.MONTH, until=date(2026, 6, 17))
        long = factors(MONTHLY, Per.MONTH, until=date(2027, 6, 17))

        np.testing.assert_allclose(short, long[:5], rtol=1e-13)

    def test_new_levels_go_through_the_noise(self) -> None:
        """A level that replaces the observed one has the noise, not the correction of the count."""
        process = losses(
            1_000,
            variation=MONTHLY,
            observed=Period.month(2025, 12),
            changes=[
                Change(level=3_000, start=date(2026, 2, 1)),
                Change(factor=2, during=Period.months(2026, 1, count=2)),
            ],
        )
        plan, nodes = plan_flow(process, self.MONTHS)
        normals = np.random.default_rng(20260101).standard_normal((26, 5))
        factors = noise_of(nodes[-1])[0](normals)
        flow = plan.flow(iter([np.array([1_000.0]), np.array([3_000.0]), np.array([2.0]), factors]))
        noise = _by_hand(normals, 3)

        np.testing.assert_allclose(flow.level, 1_000 / noise[0], rtol=1e-12)
        np.testing.assert_allclose(flow.people[0], 1_000 / noise[0] * 2 * noise[1], rtol=1e-12)
        np.testing.assert_allclose(flow.people[1], 3_000 * 2 * noise[2], rtol=1e-12)

    def test_key_and_size(self) -> None:
        """The stream is that of the flow and its side; one normal a cell, whatever it is for."""
        sizes = {}
        for name, variation in {
            "both": MONTHLY,
            "one": Variation.independent(0.1, Per.MONTH),
            "none": Variation(lasting_sd=0, persistence=0, passing_sd=0, per=Per.MONTH),
        }.items():
            noise = noise_of(plan_flow(losses(1, variation=variation), self.MONTHS)[1][-1])[1]
            assert noise.key == "losses of Russia"
            sizes[name] = noise.size
        recruits = plan_flow(intake(1, variation=MONTHLY), self.MONTHS)[1][-1]

        assert sizes == {"both": 12, "one": 12, "none": 12}
        assert noise_of(recruits)[1].key == "recruitment of Russia"

    def test_identity(self) -> None:
        """One process has one noise wherever it is projected from the same day on."""
        level = about(1_000, sd=100)
        process = losses(level, variation=MONTHLY)

        def uid(process: LossProcess | IntakeProcess, start: date = START, months: int = 1) -> str:
            until = date(2026, 6 + months, 1)
            node = plan_flow(process, Grid.spanning(start, until, Per.MONTH))[1][-1]
            return noise_of(node)[1].uid

        other_noise = attrs.evolve(process, variation=attrs.evolve(MONTHLY, persistence=0.6))
        earlier = attrs.evolve(process, observed=Period.month(2025, 12))
        changed = attrs.evolve(process, changes=(Surge(people=1, during=Period.year(2026)),))

        assert uid(process) == uid(process, months=4) == uid(changed)
        different = {
            uid(process),
            uid(process, date(2026, 2, 15)),
            uid(other_noise),
            uid(earlier),
            uid(attrs.evolve(process, level=about(1_000, sd=100))),
            uid(intake(level, variation=MONTHLY)),
        }
        assert len(different) == 6


def _by_hand(normals: FloatArray, cells: int) -> FloatArray:
    """Factors of the monthly noise from a normal a cell, by the root of their covariance."""
    lag = np.abs(np.subtract.outer(np.arange(cells), np.arange(cells)))
    covariance = 0.15**2 * 0.7**lag + 0.08**2 * np.eye(cells)
    # What is new in each cell given those before it is what the triangular root holds.
    root = np.linalg.cholesky(covariance)
    return np.asarray(np.exp(root @ normals[:cells] - (0.15**2 + 0.08**2) / 2))


class TestMeans:
    """What different steps have in common, in whole futures with unknowns."""

    @pytest.mark.parametrize("step", [Per.DAY, Per.WEEK])
    def test_steps_end_alike(self, step: Per) -> None:
        """Without returns a finer step ends with the same strength in every draw."""
        lost = losses(
            about(40_000, sd=3_000),
            variation=MONTHLY,
            trend=Trend(per_year=about(0.05, sd=0.02), form="exponential"),
            changes=[
                Change(factor=about(1.2, sd=0.1), during=Period.days(date(2026, 3, 9), 50)),
                Change(level=about(30_000, sd=900), start=date(2026, 5, 20)),
            ],
        )
        joined = intake(
            about(35_000, sd=2_000),
            variation=Variation(lasting_sd=0.1, persistence=0.5, passing_sd=0.2, per=Per.WEEK),
        )
        ends = []
        for one in (step, Per.MONTH):
            year = future(
                about(712_000, sd=20_000),
                lost,
                joined,
                start=START,
                until=date(2026, 7, 10),
                step=one,
            )
            ends.append(year.paths(200, rng=20260101).strength[-1])

        np.testing.assert_allclose(ends[0], ends[1], rtol=1e-11)
