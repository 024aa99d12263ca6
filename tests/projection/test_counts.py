import math
from datetime import date

import attrs
import numpy as np
import pytest
from scipy import special, stats

from attrition.accounts import Category, Per
from attrition.projection import Exposure, LossProcess, Surge, Trend
from attrition.projection.calendar import Grid
from attrition.projection.counts import counted, people_a_month, poisson_counts
from attrition.projection.flows import plan_flow
from attrition.uncertain import about
from attrition.uncertain.node import Node, Noise
from tests.accounts.records import JANUARY
from tests.projection.futures import MONTHLY, future, intake, losses

MEANS = np.array([1e-9, 0.003, 0.1, 0.7, 1.0, 2.5, 9.99, 30.0, 123.4, 399.0, 5_000.0])


class TestPoissonCounts:
    def test_against_scipy(self) -> None:
        """On a grid of normals and means counts are those of scipy's quantile function."""
        normals = np.linspace(-5, 5, 1_001)[:, None]
        found = poisson_counts(normals, MEANS)
        expected = stats.poisson.ppf(special.ndtr(normals), MEANS)

        np.testing.assert_array_equal(found, expected)

    def test_far_out(self) -> None:
        """In the upper tail, where quantiles near one are blind, the survival function decides."""
        normals = np.array([8.0, 9.0, 12.0])[:, None]
        found = poisson_counts(normals, MEANS)

        assert (stats.poisson.sf(found, MEANS) <= special.ndtr(-normals)).all()
        assert (stats.poisson.sf(found - 1, MEANS) > special.ndtr(-normals)).all()
        assert (found[0] < found[-1]).all()

    def test_nobody(self) -> None:
        """Streams of nobody stay nobody, whatever the luck."""
        assert not poisson_counts(np.array([-9.0, 0.0, 9.0]), np.zeros(3)).any()

    @pytest.mark.parametrize("mean", [0.4, 12.0, 300.0])
    def test_law(self, mean: float) -> None:
        """Counts of normal draws have the mean and the variance of a Poisson law."""
        normals = np.random.default_rng(20260101).standard_normal(200_000)
        found = poisson_counts(normals, np.array(mean))

        # The variance of a variance is (mean + 2 mean^2) / n; four standard errors.
        assert found.mean() == pytest.approx(mean, abs=4 * np.sqrt(mean / 200_000))
        assert found.var() == pytest.approx(mean, abs=4 * np.sqrt((mean + 2 * mean**2) / 200_000))

    def test_same_luck(self) -> None:
        """With the same normal a larger mean has never a smaller count."""
        normals = np.random.default_rng(20260102).standard_normal((1_000, 1))
        found = poisson_counts(normals, np.linspace(0, 40, 81))

        assert (np.diff(found, axis=1) >= 0).all()


class TestPeopleAMonth:
    GRID = Grid.spanning(date(2026, 1, 1), date(2027, 1, 1), Per.MONTH)

    @pytest.mark.parametrize(
        ("process", "people"),
        [
            (losses(399), 399),
            (losses(0), 0),
            (losses(about(300, sd=60)), 300),
            (losses(4_800, per=Per.YEAR), 400),
            (losses(0, changes=[Surge(people=4_800, during=JANUARY)]), 400),
            (losses(300, trend=Trend(per_year=0.24, form="linear")), 300 * (1 + 0.24 * 5.5 / 12)),
            (losses(399, variation=MONTHLY), 399),
        ],
    )
    def test_at_medians(self, process: LossProcess, people: float) -> None:
        """The mean of the months with every unknown at its median and no noise."""
        found = people_a_month(*plan_flow(process, self.GRID), self.GRID)

        assert found == pytest.approx(people, rel=1e-12)

    def test_a_level_of_another_future(self) -> None:
        """The noise below a level that is a strength of another future is in the middle."""
        strength = future(lost=losses(variation=MONTHLY)).strength(date(2026, 8, 1))
        found = people_a_month(*plan_flow(losses(strength / 1_000), self.GRID), self.GRID)
        median = math.exp(-(0.15**2 + 0.08**2) / 2)

        assert found == pytest.approx(712 + 6 * 35 - 6 * 44 * median, rel=1e-12)

    @pytest.mark.parametrize("step", [Per.DAY, Per.WEEK, Per.MONTH])
    def test_a_finer_step_makes_none_small(self, step: Per) -> None:
        """What is many in a month is many in its days, although each has few."""
        grid = Grid.spanning(date(2026, 1, 1), date(2026, 3, 1), step)

        assert people_a_month(*plan_flow(losses(390), grid), grid) == pytest.approx(390)

    def test_a_longer_step(self) -> None:
        """A step of a year is looked at whole."""
        grid = Grid.spanning(date(2026, 1, 1), date(2028, 1, 1), Per.YEAR)

        assert people_a_month(*plan_flow(losses(390), grid), grid) == pytest.approx(12 * 390)


class TestFew:
    @pytest.mark.parametrize(
        ("lost", "joined", "few"),
        [(200, 150, True), (250, 150, False), (0, 0, False), (90, 40_000, False)],
    )
    def test_in_all(self, lost: float, joined: float, *, few: bool) -> None:
        """Fewer than 400 people a month in all flows together are counted, each for itself."""
        year = future(strength=2_500, lost=losses(lost), joined=intake(joined))
        plans = year._future.model.plans

        assert [plan.counts for plan in plans] == [few, few]


class TestCounted:
    GRID = Grid.spanning(date(2026, 1, 1), date(2026, 7, 1), Per.MONTH)

    def test_few(self) -> None:
        """A flow of few has one normal a step, last among its inputs, and is stepped."""
        process = intake(about(90, sd=9))
        plan, nodes = plan_flow(process, self.GRID)
        few, more = counted(plan, nodes, process, self.GRID, 1)
        luck = more[-1]

        assert isinstance(luck, Noise)
        assert (luck.key, luck.size) == ("counts of recruitment of Russia", 6)
        assert more[:-1] == nodes
        assert few == attrs.evolve(plan, counts=True)
        assert few.sequential
        flow = few.flow(iter([np.array([90.0]), np.arange(16.0).reshape(8, 2)]))
        assert flow.luck is not None
        assert flow.luck.tolist() == np.arange(12.0).reshape(6, 2).tolist()

    def test_one_luck(self) -> None:
        """Who has the same place in the same steps has the same luck, else another."""
        process = losses(90)
        nodes: list[Node] = []
        for place, one, grid in [
            (0, process, self.GRID),
            (0, attrs.evolve(process, category=Category.DESERTED), self.GRID),
            (1, process, self.GRID),
            (0, losses(80), self.GRID),
            (0, process, Grid.spanning(date(2026, 1, 1), date(2026, 7, 1), Per.WEEK)),
            (0, process, Grid.spanning(date(2026, 1, 2), date(2026, 7, 1), Per.MONTH)),
        ]:
            nodes.append(counted(*plan_flow(one, grid), one, grid, place)[1][-1])

        assert nodes[0].uid == nodes[1].uid
        assert len({node.uid for node in nodes}) == 5


class TestInAProjection:
    NOBODY = intake(0)

    def test_variance(self) -> None:
        """Of counts the mean stays, and the variance is the number of people."""
        year = future(
            9_000, losses(60), intake(25), other=[losses(9, Category.DESERTED)], draws=40_000
        )
        paths = year.paths(40_000, rng=20260101)
        change = paths.strength[-1] - 9_000

        # Twelve months of 94 who come or go; four standard errors.
        assert change.mean() == pytest.approx(12 * (25 - 60 - 9), abs=4 * np.sqrt(12 * 94 / 40_000))
        assert change.var() == pytest.approx(12 * 94, rel=4 * np.sqrt(2 / 40_000))
        assert (paths.losses == np.rint(paths.losses)).all()
        assert (paths.arrivals == np.rint(paths.arrivals)).all()

    def test_steps_alike(self) -> None:
        """Counts of days add up to counts of a year, in mean and in variance."""
        ends = []
        for step in (Per.WEEK, Per.YEAR):
            year = future(9_000, losses(20), intake(0), step=step)
            ends.append(year.paths(20_000, rng=20260101).strength[-1])

        for end in ends:
            assert 9_000 - end.mean() == pytest.approx(240, abs=4 * np.sqrt(240 / 20_000))
            assert end.var() == pytest.approx(240, rel=4 * np.sqrt(2 / 20_000))

    def test_beside_many(self) -> None:
        """Flows of many keep their people when one of few stands beside them."""
        lost = losses(about(40_000, sd=2_000), variation=MONTHLY)
        found = [
            future(about(700_000, sd=9_000), lost, other=other).paths(100, rng=20260101)
            for other in ([], [intake(30)])
        ]

        np.testing.assert_allclose(found[1].losses, found[0].losses, rtol=1e-12)
        assert (found[1].arrivals - found[0].arrivals).mean() == pytest.approx(30, abs=4 * 0.16)

    def test_per_head(self) -> None:
        """Few losses per head are counted too, around what the rate takes."""
        year = future(2_000, losses(100, exposure=Exposure()), self.NOBODY, draws=8)
        paths = year.paths(20_000, rng=20260101)
        left = 2_000 * np.exp(-0.05 * 12)

        assert (paths.losses == np.rint(paths.losses)).all()
        # Of S counts with mean k S, variance grows as a fixed share of it leaves: at most left.
        assert paths.strength[-1].mean() == pytest.approx(left, abs=4 * np.sqrt(left / 20_000))
        assert 0.5 * (2_000 - left) < paths.strength[-1].var() < 2_000 - left

    def test_what_few_recruits_do_to_a_need(self) -> None:
        """How many recruits are needed is answered at the mean of flows of few."""
        year = future(700_000, losses(40_000), other=[intake(300)])
        needed = year.recruits_needed(700_000, by=year.dates[-1], throughout=False)

        assert needed.median() == pytest.approx(39_700, rel=1e-9)

    def test_cut(self) -> None:
        """Few are cut at who is there as many are."""
        paths = future(300, losses(100), self.NOBODY).paths(500, rng=20260101)

        assert (paths.strength[-1] == 0.0).all()
        np.testing.assert_allclose(paths.losses.sum(axis=0), 300.0)
