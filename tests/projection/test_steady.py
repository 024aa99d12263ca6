import itertools
from datetime import date

import numpy as np
import pytest

from attrition.accounts import Bound, Category, IntakeStage, Per, Period, Unit
from attrition.errors import EstimateError, ProjectionError
from attrition.projection import IntakeProcess, LossProcess, steady
from attrition.uncertain import about, draws
from tests.accounts.records import JANUARY, joined, lost, unchecked
from tests.projection.futures import MONTHLY, SUMMER, future, intake

QUARTER = Period.months(2025, 11, count=3)
FOUR_WEEKS = Period.days(date(2025, 12, 1), 28)


class TestLosses:
    def test_level_of_a_month(self) -> None:
        """A month's count is the level itself; nothing else is assumed."""
        estimate = lost(31_680)

        assert steady(estimate) == LossProcess(
            level=31_680, per=Per.MONTH, category=Category.KILLED_AND_WOUNDED, side="Russia"
        )

    def test_level_of_several_months(self) -> None:
        """A count of three months is three of the level, tied to it in every draw."""
        estimate = lost(about(90_000, sd=4_000), period=QUARTER)
        process = steady(estimate)
        count, level = draws(estimate.count, process.level, n=100, rng=20260101)

        np.testing.assert_allclose(level, count / 3, rtol=1e-15)
        assert process.per is Per.MONTH

    def test_level_of_days(self) -> None:
        """A count of no whole months goes on by the day."""
        process = steady(lost(28_000, period=FOUR_WEEKS))

        assert (process.level.value, process.per) == (1_000, Per.DAY)

    def test_observed_only_with_a_variation(self) -> None:
        """The observed period matters for the noise and the season, and for nothing else."""
        assert steady(lost()).observed is None
        assert steady(lost(), variation=MONTHLY).observed == JANUARY
        assert steady(lost(), variation=MONTHLY).variation == MONTHLY
        assert steady(lost(), season=SUMMER).observed == JANUARY
        assert steady(lost(), season=SUMMER).season == SUMMER

    @pytest.mark.parametrize(
        ("bound", "way"),
        [
            (Bound.FLOOR, "at_least(low, median=...)"),
            (Bound.CEILING, "at_most(high, median=...)"),
        ],
    )
    def test_bounds(self, bound: Bound, way: str) -> None:
        """A floor or a ceiling is no level, and the message shows what to state instead."""
        with pytest.raises(EstimateError) as caught:
            steady(lost(1_562, Category.KILLED, bound=bound))

        assert str(caught.value) == (
            f"a {bound.value} is no level to go on from: 1,562 KILLED, January 2026, Russia, "
            f"{bound.value} bounds the count and does not estimate it. State what you believe, "
            f"for example LossEstimate.central(count={way}, ...)."
        )

    def test_cases(self) -> None:
        """Cases of wounds are not projected."""
        with pytest.raises(EstimateError) as caught:
            steady(lost(unit=Unit.CASES))

        assert str(caught.value) == (
            "CASES of wounds are no people: one person may be several cases, and nothing says how "
            "many. Type unit=Unit.PERSONS for an estimate of persons."
        )


class TestIntake:
    def test_level(self) -> None:
        """A rate is its own level, in its own unit."""
        rate = joined(about(422_704, sd=5_000), per=Per.YEAR)

        assert steady(rate) == IntakeProcess(level=rate.rate, per=Per.YEAR, side="Russia")

    def test_observed_only_with_a_variation(self) -> None:
        """The period of a rate matters for the noise and the season, and for nothing else."""
        rate = joined(period=QUARTER)

        assert steady(rate).observed is None
        assert steady(rate, variation=MONTHLY).observed == QUARTER
        assert steady(rate, variation=MONTHLY).variation == MONTHLY
        assert steady(rate, season=SUMMER).observed == QUARTER
        assert steady(rate, season=SUMMER).season == SUMMER

    def test_contracts(self) -> None:
        """Contracts are no arrivals."""
        with pytest.raises(EstimateError) as caught:
            steady(joined(stage=IntakeStage.CONTRACTED))

        assert str(caught.value) == (
            "a contracted rate is no rate of arrivals: 22,000 per month, Russia, contracted. "
            "Contracts are not people who arrived. Type steady(arrivals(rate, share=share(0.8, "
            "0.95, confidence=0.9)))."
        )

    @pytest.mark.parametrize("given", ["variation", "season"])
    def test_no_period(self, given: str) -> None:
        """Without a period nobody knows which noise or season the rate was counted in."""
        with pytest.raises(ProjectionError) as caught:
            unchecked(steady)(joined(), **{given: {"variation": MONTHLY, "season": SUMMER}[given]})

        assert str(caught.value) == (
            f"a {given} was given for a recruitment rate whose period is not known: expected the "
            "period in which it was counted. Type RecruitmentRate(..., "
            "period=Period.month(2026, 1))."
        )


class TestOther:
    def test_something_else(self) -> None:
        """Anything but the two records is refused."""
        with pytest.raises(ProjectionError) as caught:
            unchecked(steady)(44_000)

        assert str(caught.value) == (
            "steady was given 44000: expected a LossEstimate or a RecruitmentRate. "
            "Type steady(LossEstimate.central(...)), or build a LossProcess(level=..., per=...)."
        )


def _totals(n: int) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], float]:
    """Twelve months after an observed one by plain numpy, and what they vary by unobserved."""
    rng = np.random.default_rng(20260102)
    lasting, rows = 0.15 * rng.standard_normal(n), []
    for _ in range(13):
        rows.append(np.exp(lasting + 0.08 * rng.standard_normal(n)))
        lasting = 0.7 * lasting + 0.15 * np.sqrt(1 - 0.7**2) * rng.standard_normal(n)
    months = np.array(rows) * np.exp(-0.5 * (0.15**2 + 0.08**2))
    unobserved = 40_000 * months[1:].sum(axis=0)
    return 40_000 / months[0] * months[1:].sum(axis=0), float(unobserved.std())


def _moments() -> tuple[float, float]:
    """Mean and standard deviation of the same total in closed form, all being lognormal."""

    def covariance(i: int, j: int) -> float:
        return 0.15**2 * 0.7 ** abs(i - j) + 0.08**2 * (i == j)

    def spread(*months: int) -> float:
        signed = [(1, m) for m in months] + [(-1, 0)] * len(months)
        return sum(s * t * covariance(i, j) for s, i in signed for t, j in signed)

    mean = 40_000 * sum(np.exp(spread(i) / 2) for i in range(1, 13))
    pairs = itertools.product(range(1, 13), repeat=2)
    square = 40_000**2 * sum(np.exp(spread(i, j) / 2) for i, j in pairs)
    return float(mean), float(np.sqrt(square - mean**2))


class TestObservedNoise:
    def test_widens_the_next_year(self) -> None:
        """A month counted exactly leaves the year after it 1.9 times as wide as a known level."""
        process = steady(lost(40_000, Category.IRRECOVERABLE), variation=MONTHLY)
        year = future(2_000_000, process, intake(0), draws=65_536)
        total = 2_000_000 - year.strength(date(2027, 2, 1))
        plain, unobserved = _totals(400_000)
        mean, sd = _moments()

        # Standard errors: sd / sqrt(65,536) is 0.4 % of the sd; of an sd itself about 0.5 %.
        assert total.mean() == pytest.approx(mean, abs=4 * sd / 256)
        assert total.std() == pytest.approx(sd, rel=0.02)
        assert plain.mean() == pytest.approx(mean, abs=4 * sd / 632)
        assert total.median() == pytest.approx(float(np.median(plain)), abs=5 * sd / 256)
        assert total.std() / unobserved == pytest.approx(1.875, abs=0.04)

    def test_several_months_tell_more(self) -> None:
        """Three observed months leave less open than one."""

        def spread(period: Period) -> float:
            count = 40_000 * period.length(Per.MONTH)
            process = steady(lost(count, Category.IRRECOVERABLE, period=period), variation=MONTHLY)
            year = future(2_000_000, process, intake(0), draws=16_384)
            return year.strength(date(2027, 2, 1)).std()

        assert spread(QUARTER) < 0.9 * spread(JANUARY)

    def test_count_of_the_observed_period(self) -> None:
        """Projected over the period it was counted in, a count comes out as it was counted."""
        # Months have 31 and 28 days: the level counts months, and so must the noise.
        period = Period.months(2026, 1, count=2)
        process = steady(lost(80_000, Category.IRRECOVERABLE, period=period), variation=MONTHLY)
        paths = future(
            2_000_000, process, intake(0), start=date(2026, 1, 1), until=date(2026, 6, 1)
        ).paths(50, rng=20260103)

        np.testing.assert_allclose(paths.losses[:2].sum(axis=0), 80_000, rtol=1e-12)
        assert paths.losses[0].std() > 1_000
        assert paths.losses[2].std() > 1_000

    def test_observed_beyond_the_horizon(self) -> None:
        """A period that ends after the horizon still tells the whole of its noise."""
        period = Period.months(2026, 1, count=6)
        process = steady(lost(240_000, Category.IRRECOVERABLE, period=period), variation=MONTHLY)

        def paths(until: date) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
            year = future(2_000_000, process, intake(0), start=date(2026, 1, 1), until=until)
            return year.paths(50, rng=20260103).losses

        short, long = paths(date(2026, 3, 1)), paths(date(2026, 7, 1))
        np.testing.assert_allclose(short, long[:2], rtol=1e-12)
        np.testing.assert_allclose(long.sum(axis=0), 240_000, rtol=1e-12)

    def test_observed_after_the_horizon(self) -> None:
        """Even a count of a later period has its noise."""
        process = steady(
            lost(40_000, Category.IRRECOVERABLE, period=Period.month(2026, 9)), variation=MONTHLY
        )
        spring = future(2_000_000, process, intake(0), until=date(2026, 4, 1), draws=65_536)
        total = spring.strength(date(2026, 2, 1)) - spring.strength(date(2026, 3, 1))

        # Seven months apart the lasting parts hardly know each other.
        log_variance = 2 * (0.15**2 * (1 - 0.7**7) + 0.08**2)
        assert total.mean() == pytest.approx(40_000 * np.exp(log_variance / 2), rel=4e-3)
