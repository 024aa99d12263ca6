import math
import pickle
from datetime import date

import numpy as np
import pytest

from attrition._typing import FloatArray
from attrition.accounts import Category, Per, Period
from attrition.errors import (
    DependenceError,
)
from attrition.projection import (
    Change,
    Delay,
    Hospital,
    IntakeProcess,
    LossProcess,
    Process,
    Projection,
    Returns,
    Surge,
    Trend,
    Variation,
)
from attrition.uncertain import about, draws
from tests.projection.futures import (
    CLAIMED,
    MIX,
    MONTHLY,
    SEED,
    back,
    drawn,
    future,
    intake,
    losses,
)

NEW_YEAR = date(2026, 1, 1)


class TestStreams:
    """A what-if keeps every draw that it does not change."""

    START = about(700_000, sd=25_000, name="start")
    RECRUITS = about(34_000, sd=2_000, name="recruits")
    SEEDS = range(20260101, 20260111)

    def what_if(
        self, seed: int, level: float = 38_000, other: tuple[Process, ...] = ()
    ) -> Projection:
        """A year with noise in both flows, at a level of losses of that centre."""
        return future(
            self.START,
            losses(about(level, sd=level / 10, name="losses"), variation=MONTHLY),
            intake(self.RECRUITS, variation=MONTHLY),
            start=NEW_YEAR,
            until=date(2027, 1, 1),
            other=other,
            draws=1_024,
            rng=seed,
        )

    def test_changed_input(self) -> None:
        """Ten per cent fewer losses are ten per cent fewer in each path; all else is kept."""
        base, fewer = (self.what_if(SEED, level).paths(200, rng=SEED) for level in (38_000, 34_200))

        np.testing.assert_array_equal(base.arrivals, fewer.arrivals)
        np.testing.assert_array_equal(base.strength[0], fewer.strength[0])
        np.testing.assert_allclose(0.9 * base.losses, fewer.losses, rtol=1e-12)

    def test_added_input(self) -> None:
        """One more flow adds itself and changes nothing else."""
        more = losses(about(2_000, sd=300, name="deserters"), Category.DESERTED, variation=MONTHLY)
        base = self.what_if(SEED).paths(200, rng=SEED)
        found = self.what_if(SEED, other=(more,)).paths(200, rng=SEED)
        added = found.losses - base.losses

        np.testing.assert_array_equal(base.arrivals, found.arrivals)
        assert (added > 0.0).all()
        assert added.mean() == pytest.approx(2_000, rel=0.05)
        # They are no copy of the other losses.
        assert abs(np.corrcoef(added[5], base.losses[5])[0, 1]) < 4 / math.sqrt(200)

    def test_precision_of_a_what_if(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Over seeds, the effect of a what-if scatters far less than with fresh seeds."""
        more = (losses(about(2_000, sd=300, name="deserters"), Category.DESERTED),)

        def ends(seed: int, level: float, other: tuple[Process, ...] = ()) -> FloatArray:
            """The mean and the 5 per cent quantile of the last date."""
            year = self.what_if(seed, level, other)
            return np.array([drawn(year)[-1].mean(), year.quantiles([0.05])[-1, 0]])

        base = {seed: ends(seed, 38_000) for seed in self.SEEDS}
        rows = {
            "losses 10 % lower": [ends(s, 34_200) - base[s] for s in self.SEEDS],
            "one more input": [ends(s, 38_000, more) - base[s] for s in self.SEEDS],
            "both": [ends(s, 34_200, more) - base[s] for s in self.SEEDS],
            "both, fresh seeds": [ends(s + 999, 34_200, more) - base[s] for s in self.SEEDS],
        }
        spread = {name: np.std(values, axis=0, ddof=1) for name, values in rows.items()}
        with capsys.disabled():
            print("\nsd over ten seeds of a what-if, 1,024 draws: mean, 5 % quantile")
            for name, (mean, low) in spread.items():
                print(f"  {name:18}{mean:8,.0f}{low:8,.0f}")

        fresh = spread.pop("both, fresh seeds")
        # A quantile of so few draws has a noise of its own in each of the two.
        assert all(mean < fresh[0] / 8 and low < fresh[1] / 2 for mean, low in spread.values())

    def test_two_unknowns_of_one_name(self) -> None:
        """Two different unknowns of one name are refused."""
        with pytest.raises(DependenceError):
            future(about(712_000, sd=9, name="x"), losses(about(44_000, sd=9, name="x")))


# Known and unknown, changing and steady: everything that a horizon could disturb.
EVERYTHING = {
    "lost": losses(
        about(40_000, sd=3_000),
        CLAIMED,
        variation=MONTHLY,
        observed=Period.months(2025, 11, count=3),
        changes=[
            Change(factor=about(1.3, sd=0.1), during=Period.days(date(2026, 3, 10), 60)),
            Surge(people=about(9_000, sd=900), during=Period.year(2026)),
        ],
    ),
    "joined": intake(
        about(30_000, sd=2_000),
        variation=Variation(lasting_sd=0.1, persistence=0.4, passing_sd=0.05, per=Per.WEEK),
        trend=Trend(per_year=about(-0.1, sd=0.05), form="exponential"),
    ),
}
SHARES = Delay.shares([0.1, 0.3, 0.3, 0.2, 0.1])


def _everything(
    until: date,
    *,
    step: Per = Per.MONTH,
    start: date = date(2026, 2, 1),
    returns: Returns | None = None,
) -> Projection:
    lost_, joined_ = EVERYTHING["lost"], EVERYTHING["joined"]
    assert isinstance(lost_, LossProcess)
    assert isinstance(joined_, IntakeProcess)
    return future(
        about(712_000, sd=20_000),
        lost_,
        joined_,
        start=start,
        until=until,
        step=step,
        returns=returns or back(MIX, hospital=Hospital.steady()),
        other=[losses(about(500, sd=50), Category.DESERTED)],
    )


class TestHorizon:
    @pytest.mark.parametrize("delay", [None, SHARES], ids=["gamma", "shares"])
    @pytest.mark.parametrize("step", [Per.WEEK, Per.MONTH])
    def test_a_longer_projection_begins_with_the_shorter(
        self, step: Per, delay: Delay | None
    ) -> None:
        """Every date of the shorter one has the same strength in every draw of the longer one."""
        returns = back(MIX, delay, Hospital.steady())
        short = _everything(date(2026, 7, 1), step=step, returns=returns)
        long = _everything(date(2027, 7, 1), step=step, returns=returns)
        shared = [day for day in short.dates if day in long.dates]
        a, b = (y.paths(300, rng=SEED).strength for y in (short, long))

        assert len(shared) > 5
        # BLAS adds in an order that depends on the size.
        np.testing.assert_allclose(a[: len(shared)], b[: len(shared)], rtol=1e-12)

    def test_tied_across_horizons(self) -> None:
        """Strength on one date in two projections of one force is the same in every draw."""
        process, start = losses(about(40_000, sd=3_000), variation=MONTHLY), about(712_000, sd=9)
        short = future(start, process, until=date(2026, 7, 1))
        long = future(start, process, until=date(2027, 7, 1))
        day = date(2026, 6, 1)
        a, b = draws(short.strength(day), long.strength(day), n=300, rng=SEED)

        np.testing.assert_allclose(a, b, rtol=1e-12)
        assert a.std() > 5_000
        # So is what comes back from a pickle of both.
        gap = pickle.loads(pickle.dumps(long.strength(day) - short.strength(day)))
        assert np.abs(gap.rvs(300, rng=SEED)).max() < 1e-6


class TestSteps:
    """The step is when one looks, and changes nothing of what happens."""

    @pytest.mark.parametrize("step", [Per.WEEK, Per.DAY])
    def test_whole_months(self, step: Per) -> None:
        """Where nothing changes within a month, finer steps end alike in every draw."""
        lost_ = losses(
            about(40_000, sd=3_000),
            CLAIMED,
            variation=MONTHLY,
            trend=Trend(per_year=0.3, form="linear"),
            changes=[Change(factor=about(1.3, sd=0.1), during=Period.months(2026, 4, count=3))],
        )
        returns = back(MIX, hospital=Hospital.steady())

        def end(one: Per) -> FloatArray:
            year = future(712_000, lost_, until=date(2026, 11, 1), step=one, returns=returns)
            strength: FloatArray = year.paths(300, rng=SEED).strength[-1]
            return strength

        # A week may hold the end of a month, and then spreads both parts evenly.
        tolerance = {Per.WEEK: 1e-4, Per.DAY: 1e-12}[step]
        np.testing.assert_allclose(end(step), end(Per.MONTH), rtol=tolerance)

    @pytest.mark.parametrize("step", [Per.WEEK, Per.DAY])
    @pytest.mark.parametrize("start", [date(2026, 2, 1), date(2026, 1, 15), date(2026, 1, 31)])
    def test_means_and_spread(self, start: date, step: Per) -> None:
        """From any day on, with changes within a month, mean and spread are the same."""
        years = [_everything(date(2026, 8, 20), step=one, start=start) for one in (step, Per.MONTH)]
        ends = [year.paths(2_000, rng=SEED).strength[-1] for year in years]

        # Losses of a step are spread over it evenly, so that returns move by days: 100 of 150,000.
        assert ends[0].mean() == pytest.approx(ends[1].mean(), abs=150)
        assert ends[0].std() == pytest.approx(ends[1].std(), rel=2e-3)
        assert np.abs(ends[0] - ends[1]).max() < 0.05 * ends[1].std()

    @pytest.mark.parametrize("step", [Per.DAY, Per.WEEK, Per.MONTH, Per.YEAR])
    def test_spread_of_a_year(self, step: Per) -> None:
        """A variation has its own clock: the year varies by .094, whatever the step."""
        year = future(
            2_000_000,
            losses(40_000, variation=MONTHLY),
            intake(0),
            start=NEW_YEAR,
            until=date(2027, 1, 1),
            step=step,
            draws=16_384,
        )
        total = 2_000_000 - year.strength(date(2027, 1, 1))
        lags = np.abs(np.subtract.outer(range(12), range(12)))
        covariance = np.exp(0.15**2 * 0.7**lags + 0.08**2 * (lags == 0)) - 1
        expected = math.sqrt(covariance.sum()) / 12

        assert expected == pytest.approx(0.094, abs=5e-4)
        # Standard errors: of a mean 1/128 of the sd, of an sd 1/181 of it.
        assert total.mean() == pytest.approx(480_000, rel=4 * expected / 128)
        assert total.std() / 480_000 == pytest.approx(expected, rel=4 / 181)
