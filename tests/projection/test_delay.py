import itertools
import pickle
from datetime import date

import numpy as np
import pytest
from scipy import integrate, stats

from attrition._typing import FloatArray, ScipyDistribution
from attrition.accounts import Per
from attrition.errors import NumberError, ParameterError, ProjectionError
from attrition.projection import Delay
from attrition.projection.calendar import Grid, months_between, step_before
from tests.accounts.records import unchecked

GAMMA = Delay.gamma(mean=3, sd=2)
LAW = stats.gamma(a=(3 / 2) ** 2, scale=2**2 / 3)
SHARES = Delay.shares([0.2, 0.5, 0.3])
UNEVEN = Grid.spanning(date(2026, 1, 15), date(2026, 7, 1), Per.MONTH)
EVEN = Grid.spanning(date(2026, 1, 1), date(2026, 7, 1), Per.MONTH)
WEEKS = Grid.spanning(date(2026, 1, 15), date(2026, 3, 1), Per.WEEK)
DELAYS = [GAMMA, SHARES, Delay.shares([1.0]), Delay.of(stats.lognorm(s=0.6, scale=3)), Delay.of(3)]


def past(delay: Delay, grid: Grid, first: float, last: float) -> FloatArray:
    """The share of one past loss, evenly from one month to another, that returns."""
    return np.asarray(delay.from_past(grid, np.array([first]), np.array([last]))[0])


def _mean_cdf(first: float, last: float, day: float) -> float:
    """The mean of G(day - s) over s in [first, last], by quadrature of scipy's own law."""
    value, _ = integrate.quad(lambda s: LAW.cdf(day - s), first, last, epsabs=1e-13, limit=200)
    return float(value) / (last - first)


class TestEveryDelay:
    @pytest.mark.parametrize("delay", DELAYS, ids=repr)
    @pytest.mark.parametrize("grid", [UNEVEN, WEEKS], ids=["months", "weeks"])
    def test_several_losses_at_once(self, grid: Grid, delay: Delay) -> None:
        """Each past loss returns as it does alone, and none at all is none."""
        first, last = np.array([-7.5, -2.25, -0.5]), np.array([-2.25, -0.5, 0.0])
        found = delay.from_past(grid, first, last)
        alone = [past(delay, grid, a, b) for a, b in zip(first, last, strict=True)]

        np.testing.assert_allclose(found, alone, atol=1e-12)
        assert delay.from_past(grid, np.zeros(0), np.zeros(0)).shape == (0, grid.steps)

    @pytest.mark.parametrize("delay", DELAYS, ids=repr)
    def test_nobody_returns_twice(self, delay: Delay) -> None:
        """Shares are not negative, and those of one loss never exceed all."""
        for rows in (delay.matrix(WEEKS), delay.from_past(WEEKS, -np.ones(1), np.zeros(1))):
            assert (rows >= -1e-12).all()
            assert (rows.sum(axis=1) <= 1.0 + 1e-12).all()
        assert (delay.from_steady(WEEKS) >= -1e-12).all()


class TestLaw:
    @pytest.mark.parametrize("grid", [UNEVEN, WEEKS], ids=["months", "weeks"])
    def test_gamma_is_a_law(self, grid: Grid) -> None:
        """The gamma law of scipy, integrated in panels, is the gamma delay in closed form."""
        law = Delay.of(LAW)

        np.testing.assert_allclose(law.matrix(grid), GAMMA.matrix(grid), atol=1e-12)
        np.testing.assert_allclose(law.from_steady(grid), GAMMA.from_steady(grid), atol=1e-12)
        np.testing.assert_allclose(
            past(law, grid, -9.25, -0.5), past(GAMMA, grid, -9.25, -0.5), atol=1e-12
        )

    def test_fixed_delay_of_months(self) -> None:
        """Away for two months and a half, a month's losses return half each in two months."""
        delay = Delay.of(2.5)
        expected = [_due([0.0, 0.0, 0.5, 0.5], 6, loss) for loss in range(6)]

        np.testing.assert_allclose(delay.matrix(EVEN), expected, atol=1e-13)
        np.testing.assert_allclose(
            delay.from_steady(EVEN), [1.0, 1.0, 0.5, 0.0, 0.0, 0.0], atol=1e-13
        )
        np.testing.assert_allclose(
            past(delay, EVEN, -2.0, -1.0), [0.5, 0.5, 0.0, 0.0, 0.0, 0.0], atol=1e-13
        )

    def test_infinite_mean(self) -> None:
        """Of a steady past with an infinite mean time away, a finite number returns a step."""
        # 1 - G of this law is 1 / (1 + x).
        found = Delay.of(stats.lomax(1.0)).from_steady(EVEN)

        np.testing.assert_allclose(found, np.log(np.arange(2, 8) / np.arange(1, 7)), atol=1e-12)

    @pytest.mark.parametrize(
        "law",
        [stats.lognorm(s=0.6, scale=3), stats.poisson(2), stats.uniform(0.5, 4)],
        ids=["lognormal", "poisson", "uniform"],
    )
    def test_against_single_persons(self, law: ScipyDistribution) -> None:
        """Persons lost at random times of a step return in the steps that the matrix says."""
        rng, persons = np.random.default_rng(20260101), 400_000
        edges = np.array(UNEVEN.edges)
        for step in (0, 2):
            lost = rng.uniform(edges[step], edges[step + 1], persons)
            months = np.asarray(law.rvs(size=persons, random_state=rng), dtype=np.float64)
            found, _ = np.histogram(lost + months, edges)
            share = Delay.of(law).matrix(UNEVEN)[step]
            error = np.sqrt(np.maximum(share * (1.0 - share), 1e-12) / persons)

            assert (np.abs(found / persons - share) < 4.5 * error).all()

    def test_there_and_back_through_pickle(self) -> None:
        """A delay comes back equal, and delays of other laws differ."""
        delay = Delay.of(LAW)

        assert pickle.loads(pickle.dumps(delay)) == delay
        assert Delay.of(stats.gamma(a=3, scale=1)) != delay


class TestGamma:
    def test_there_and_back_through_pickle(self) -> None:
        """A delay comes back equal, and delays of other numbers differ."""
        assert pickle.loads(pickle.dumps(GAMMA)) == GAMMA
        assert Delay.gamma(mean=2, sd=3) != GAMMA

    @pytest.mark.parametrize("grid", [UNEVEN, WEEKS], ids=["months", "weeks"])
    def test_matrix_against_quadrature(self, grid: Grid) -> None:
        """Of losses spread evenly over a step, each later step has its share of the gamma law."""
        edges = grid.edges
        expected = [
            [_mean_cdf(a, b, after) - _mean_cdf(a, b, before) for before, after in steps]
            for a, b in itertools.pairwise(edges)
            for steps in [list(itertools.pairwise(edges))]
        ]

        np.testing.assert_allclose(GAMMA.matrix(grid), expected, atol=1e-10)

    def test_nobody_returns_before_the_loss(self) -> None:
        """No loss returns in an earlier step."""
        assert (np.tril(GAMMA.matrix(UNEVEN), -1) == 0.0).all()
        assert (np.diag(GAMMA.matrix(UNEVEN)) > 0.0).all()

    def test_all_return_in_the_end(self) -> None:
        """Over ten years all of a first month return."""
        grid = Grid.spanning(date(2026, 1, 1), date(2036, 1, 1), Per.MONTH)

        assert GAMMA.matrix(grid)[0].sum() == pytest.approx(1.0, abs=1e-12)

    @pytest.mark.parametrize("grid", [UNEVEN, WEEKS], ids=["months", "weeks"])
    def test_steady_against_quadrature(self, grid: Grid) -> None:
        """Of a person lost each month since ever, a step sees the integral of 1 - G."""
        expected = [
            integrate.quad(LAW.sf, a, b, epsabs=1e-13)[0] for a, b in itertools.pairwise(grid.edges)
        ]

        np.testing.assert_allclose(GAMMA.from_steady(grid), expected, atol=1e-10)

    def test_waiting_in_all(self) -> None:
        """In a steady hospital wait as many as are lost in the mean time away."""
        grid = Grid.spanning(date(2026, 1, 1), date(2036, 1, 1), Per.MONTH)

        assert GAMMA.from_steady(grid).sum() == pytest.approx(3.0, abs=1e-10)

    def test_past_against_quadrature(self) -> None:
        """Past losses return by the same law, those who are back already aside."""
        edges = UNEVEN.edges
        expected = [
            _mean_cdf(-2.25, -0.5, b) - _mean_cdf(-2.25, -0.5, a)
            for a, b in itertools.pairwise(edges)
        ]

        np.testing.assert_allclose(past(GAMMA, UNEVEN, -2.25, -0.5), expected, atol=1e-10)

    @pytest.mark.parametrize("grid", [UNEVEN, WEEKS], ids=["months", "weeks"])
    def test_steady_is_an_endless_past(self, grid: Grid) -> None:
        """Eighty years of one person a month fill the hospital as a steady past does."""
        found = 960 * past(GAMMA, grid, -960.0, 0.0)

        np.testing.assert_allclose(found, GAMMA.from_steady(grid), atol=1e-10)

    @pytest.mark.parametrize("field", ["mean", "sd"])
    def test_no_spread(self, field: str) -> None:
        """A delay without length or spread is refused."""
        with pytest.raises(ParameterError) as caught:
            Delay.gamma(**{"mean": 3, "sd": 2, field: 0})

        assert str(caught.value) == (
            f"{field} is 0: expected more than 0. Type for example Delay.gamma(mean=3, sd=2), or "
            "Delay.shares(...) by step."
        )


def _due(weights: list[float], steps: int, loss: int) -> list[float]:
    """Who returns in each step of one lost in step ``loss``, which may be before the first."""
    due = [0.0] * steps
    for lag, weight in enumerate(weights):
        if 0 <= loss + lag < steps:
            due[loss + lag] += weight
    return due


class TestShares:
    def test_there_and_back_through_pickle(self) -> None:
        """Shares come back equal."""
        assert pickle.loads(pickle.dumps(SHARES)) == SHARES

    def test_matrix_by_hand(self) -> None:
        """The first share returns in the step of the loss, the next one in the next."""
        expected = [_due([0.2, 0.5, 0.3], 6, loss) for loss in range(6)]

        np.testing.assert_array_equal(SHARES.matrix(EVEN), expected)

    def test_more_shares_than_steps(self) -> None:
        """Who is due after the horizon does not return within it."""
        grid = Grid.spanning(date(2026, 1, 1), date(2026, 3, 1), Per.MONTH)

        np.testing.assert_array_equal(SHARES.matrix(grid), [[0.2, 0.5], [0.0, 0.2]])

    def test_steady_by_hand(self) -> None:
        """Of a person lost each month since ever, those who are not yet due wait."""
        expected = np.sum([_due([0.2, 0.5, 0.3], 6, loss) for loss in range(-9, 0)], axis=0)

        np.testing.assert_allclose(SHARES.from_steady(EVEN), expected, atol=1e-15)
        np.testing.assert_allclose(expected[:3], [0.8, 0.3, 0.0], atol=1e-15)

    def test_steady_by_weeks(self) -> None:
        """A week sees the losses of a week of the past, counted in months."""
        months = [months_between(a, b) for a, b in itertools.pairwise(WEEKS.dates)]

        np.testing.assert_allclose(
            SHARES.from_steady(WEEKS)[:3], np.array(months[:3]) * [0.8, 0.3, 0.0], atol=1e-15
        )

    def test_past_by_hand(self) -> None:
        """A loss of each earlier month returns by its place, and old ones have returned."""
        for month in range(1, 6):
            found = past(SHARES, EVEN, -month, 1.0 - month)

            np.testing.assert_allclose(found, _due([0.2, 0.5, 0.3], 6, -month), atol=1e-15)

    def test_steady_is_a_long_past(self) -> None:
        """Twelve months of one person fill the hospital as a steady past does."""
        found = 12 * past(SHARES, EVEN, -12.0, 0.0)

        np.testing.assert_allclose(found, SHARES.from_steady(EVEN), atol=1e-14)

    def test_past_across_steps(self) -> None:
        """Losses over parts of two steps return by parts."""
        # From 1.75 to 0.75 months before: three quarters in the second step back.
        found = past(SHARES, EVEN, -1.75, -0.75)
        expected = 0.75 * np.array(_due([0.2, 0.5, 0.3], 6, -2))
        expected += 0.25 * np.array(_due([0.2, 0.5, 0.3], 6, -1))

        np.testing.assert_allclose(found, expected, atol=1e-15)

    @pytest.mark.parametrize("step", [Per.DAY, Per.WEEK])
    def test_past_by_short_steps(self, step: Per) -> None:
        """Losses of the days of December return by the step they fell into, counted backwards."""
        grid = Grid.spanning(date(2026, 1, 1), date(2026, 1, 29), step)
        length = 1 if step is Per.DAY else 7
        expected = np.zeros(grid.steps)
        for day in range(31):
            loss = -((31 - day + length - 1) // length)
            expected += np.array(_due([0.2, 0.5, 0.3], grid.steps, loss)) / 31

        np.testing.assert_allclose(past(SHARES, grid, -1.0, 0.0), expected, atol=1e-14)

    def test_past_of_a_start_on_the_31st(self) -> None:
        """Steps before the 31st of March end on the last day of February."""
        grid = Grid.spanning(date(2026, 3, 31), date(2026, 6, 30), Per.MONTH)
        first = months_between(grid.start, date(2026, 1, 31))
        last = months_between(grid.start, date(2026, 2, 28))

        assert step_before(grid.start, 1, Per.MONTH) == date(2026, 2, 28)
        np.testing.assert_allclose(
            past(SHARES, grid, first, last),
            _due([0.2, 0.5, 0.3], 3, -2),
            atol=1e-15,
        )

    @pytest.mark.parametrize(
        ("shares", "found"),
        [
            ([], "[], sum 0"),
            ([0.5, 0.4], "[0.5, 0.4], sum 0.9"),
            ([0.5, 0.6], "[0.5, 0.6], sum 1.1"),
            ([1.5, -0.5], "[1.5, -0.5], sum 1"),
        ],
    )
    def test_no_shares(self, shares: list[float], found: str) -> None:
        """Shares that are negative or do not sum to one are refused."""
        with pytest.raises(ProjectionError) as caught:
            Delay.shares(shares)

        assert str(caught.value) == (
            f"the shares of a delay are {found}: expected shares of 0 or more that sum to 1. "
            "Divide them by their sum; who never returns belongs into returned_per_wounded of the "
            "mix."
        )

    def test_rounding_is_no_error(self) -> None:
        """Shares that sum to one but for rounding are taken."""
        assert len(Delay.shares([0.3333333333] * 3).weights) == 3

    def test_no_number(self) -> None:
        """A text is no share."""
        with pytest.raises(NumberError):
            unchecked(Delay.shares)(["1"])
