import itertools
import pickle
from datetime import date, timedelta

import numpy as np
import pytest
from matplotlib.figure import Figure
from scipy import special, stats

from attrition.accounts import Per
from attrition.errors import ParameterError, PeriodError
from attrition.projection import OpenPassage, WatchedPassage, time_to_objective
from attrition.projection.provenance import found_text
from attrition.uncertain import about, between, exactly, probability
from attrition.words import percent
from tests.accounts.records import unchecked
from tests.projection.futures import MONTHLY, future, intake, losses

START = date(2026, 2, 1)
FALL = about(10_000, sd=2_000)
THRESHOLD = 650_000


@pytest.fixture(scope="module", name="watched")
def make_watched() -> WatchedPassage:
    """A force of 712,000 that falls by 10,000 +- 2,000 a month: below 650,000 after 62,000."""
    return future(712_000, losses(FALL), intake(0), draws=65_536).passage(THRESHOLD)


@pytest.fixture(scope="module", name="noisy")
def make_noisy() -> WatchedPassage:
    """A force that falls and recovers."""
    lost = losses(about(36_000, sd=2_000), variation=MONTHLY)
    return future(about(712_000, sd=9_000), lost, intake(35_000), draws=16_384).passage(705_000)


class TestWatched:
    def test_probability_against_the_normal_law(self, watched: WatchedPassage) -> None:
        """By month m it is below where 62,000 / m was lost each month, and no day earlier."""
        for months, day in enumerate([date(2026, m, 1) for m in range(3, 13)], start=1):
            expected = stats.norm.sf(62_000 / months, 10_000, 2_000)
            error = 4 * np.sqrt(expected * (1 - expected) / 65_536) + 1e-5

            assert watched.probability(by=day) == pytest.approx(expected, abs=error)
            before = watched.probability(by=day - timedelta(days=1))
            assert before == watched.probability(by=_month_before(day))

    def test_never_falls_with_time(self, noisy: WatchedPassage) -> None:
        """What has happened by a date has happened by every later one."""
        days = [START + timedelta(days=n) for n in range(0, 366, 5)]
        curve = [noisy.probability(by=day) for day in days]

        assert all(a <= b for a, b in itertools.pairwise(curve))
        assert 0.1 < curve[0] < curve[-1] < 1.0

    def test_start_counts(self) -> None:
        """A force that begins below is below on the first day."""
        passage = future(600_000, losses(FALL), intake(0)).passage(THRESHOLD)

        assert passage.probability(by=START) == 1.0
        assert passage.quantile(0.5) == START

    def test_quantile_fits_the_probability(self, noisy: WatchedPassage) -> None:
        """The quantile is the first of the dates that reaches the probability."""
        for p in (0.05, 0.2, 0.3, 0.5, 0.6):
            day = noisy.quantile(p)

            assert day is not None
            assert day in noisy.grid.dates
            assert noisy.probability(by=day) >= p
            assert day == START or noisy.probability(by=day - timedelta(days=1)) < p

    def test_beyond_the_horizon(self, noisy: WatchedPassage) -> None:
        """What is left over at the end lies beyond it, and has no date."""
        reached = noisy.probability(by=date(2027, 2, 1))

        assert noisy.beyond_horizon == pytest.approx(1.0 - reached, abs=1e-12)
        assert noisy.quantile(reached - 1e-9) is not None
        assert noisy.quantile(reached + 1e-9) is None

    def test_days(self, watched: WatchedPassage) -> None:
        """The days to passage are a number like any other."""
        by_august = probability(watched.days <= (date(2026, 8, 1) - START).days)

        assert by_august == watched.probability(by=date(2026, 8, 1))

    def test_text(self, watched: WatchedPassage, noisy: WatchedPassage) -> None:
        """The median with its interval, in dates; beyond the horizon it is later than that."""
        low, middle, high = (watched.quantile(p) for p in (0.05, 0.5, 0.95))

        assert str(watched) == f"{middle} ({low} to {high} at 90 %)"
        assert str(noisy).endswith(" to after 2027-02-01 at 90 %)")

    def test_method_and_error(self, watched: WatchedPassage) -> None:
        """Paths give draws, with the error of a share of so many."""
        day = date(2026, 8, 1)
        p = watched.probability(by=day)
        binomial = np.sqrt(p * (1 - p) / 65_536)

        assert watched.method == "draws"
        # Eight parts tell an error to a quarter of itself.
        assert 0.3 * binomial < watched.standard_error(by=day) < 2.5 * binomial

    def test_there_and_back_through_pickle(self, watched: WatchedPassage) -> None:
        """A passage comes back equal, with its draws."""
        copy = pickle.loads(pickle.dumps(watched))

        assert copy == watched
        assert copy.quantile(0.3) == watched.quantile(0.3)

    @pytest.mark.parametrize("day", [date(2026, 1, 31), date(2027, 2, 2)])
    def test_outside(self, watched: WatchedPassage, day: date) -> None:
        """A projection says nothing about dates outside of it."""
        with pytest.raises(PeriodError) as caught:
            watched.probability(by=day)
        with pytest.raises(PeriodError) as error:
            watched.standard_error(by=day)

        message = (
            f"by is {day}, outside the projection from 2026-02-01 to 2027-02-01: expected a date "
            f"inside. Project until={day!r} to ask for it."
        )
        assert str(caught.value) == message
        assert str(error.value) == message

    @pytest.mark.parametrize("p", [0.0, 1.0])
    def test_no_quantile(self, watched: WatchedPassage, p: float) -> None:
        """Quantiles lie inside (0, 1)."""
        with pytest.raises(ParameterError) as caught:
            watched.quantile(p)

        assert str(caught.value) == (
            f"p is {p:g}: expected a number inside (0, 1). Write 90 per cent as p=0.9."
        )

    def test_no_date(self, watched: WatchedPassage) -> None:
        """A date is a date."""
        with pytest.raises(PeriodError) as caught:
            unchecked(watched.probability)(by="August")

        assert str(caught.value) == (
            "by is 'August': expected a datetime.date. "
            "Type for example by=datetime.date(2026, 1, 1)."
        )


def _month_before(day: date) -> date:
    return (day - timedelta(days=1)).replace(day=1)


PACE = between(200, 380, confidence=0.9, family="lognormal")
OPEN = time_to_objective(6_500, PACE, per=Per.MONTH, start=date(2025, 10, 1))
MAYBE = time_to_objective(1_000, about(10, sd=40), per=Per.WEEK, start=START)


class TestPlot:
    def test_curve(self, noisy: WatchedPassage) -> None:
        """The line is the probability by each date, and the label what lies beyond."""
        ax = Figure().subplots()
        found = noisy.plot(ax)
        drawn = np.asarray(ax.lines[0].get_ydata(), dtype=np.float64)

        assert found is ax
        assert ax.get_ylabel() == "probability by the date"
        np.testing.assert_allclose(drawn, [noisy.probability(by=d) for d in noisy.grid.dates])
        (label,) = ax.texts
        assert label.get_text() == f"not by\n2027-02-01:\n{percent(noisy.beyond_horizon)}"

    def test_caption(self, noisy: WatchedPassage) -> None:
        """On request, method and the largest error stand beneath."""
        ax = noisy.plot(Figure().subplots(), caption=True)
        error = max(noisy.standard_error(by=day) for day in noisy.grid.dates)

        assert ax.texts[1].get_text() == (
            f"{found_text(noisy.method, error='x')[:-1]}{100 * error:.2g} %"
        )

    def test_on_new_axes(self, watched: WatchedPassage) -> None:
        """Without axes there are new ones."""
        from matplotlib import pyplot as plt

        ax = watched.plot()
        try:
            assert ax.figure is plt.gcf()
        finally:
            plt.close()


class TestOpen:
    def test_probability_in_closed_form(self) -> None:
        """Taken by a date means a pace of at least what remains over the months until then."""
        sigma = np.log(380 / 200) / (2 * special.ndtri(0.95))
        law = stats.lognorm(s=sigma, scale=np.sqrt(200 * 380))
        day = date(2027, 4, 1)

        assert OPEN.probability(by=day) == pytest.approx(law.sf(6_500 / 18), rel=1e-12)
        assert OPEN.method == "exact"
        assert OPEN.standard_error(by=day) == 0.0

    def test_quantile_in_closed_form(self) -> None:
        """The median time is what remains over the median pace."""
        months = 6_500 / np.sqrt(200 * 380)

        assert OPEN.time.median() == pytest.approx(months, rel=1e-12)
        # 23.58 months: 23 whole ones and 0.58 of September 2027.
        assert OPEN.quantile(0.5) == date(2027, 9, 1) + timedelta(days=int(0.5780 * 30) + 1)

    def test_quantile_fits_the_probability(self) -> None:
        """The quantile is the first day that reaches the probability."""
        for passage, levels in ((OPEN, (0.02, 0.5, 0.98)), (MAYBE, (0.05, 0.3, 0.55))):
            for p in levels:
                day = passage.quantile(p)

                assert day is not None
                # A lattice of 32,744 points knows a probability to one of them.
                assert passage.probability(by=day) >= p - 1 / 32_744
                assert passage.probability(by=day - timedelta(days=1)) < p

    def test_never(self) -> None:
        """A pace that may be negative never gets there in that share of cases."""
        expected = special.ndtr(-10 / 40)

        assert MAYBE.never == pytest.approx(expected, abs=1e-4)
        assert MAYBE.quantile(1 - expected - 1e-3) is not None
        assert MAYBE.quantile(1 - expected + 1e-3) is None
        assert MAYBE.quantile(0.99) is None
        assert MAYBE.method == MAYBE.time.method

    def test_text(self) -> None:
        """The median with its interval, in dates; what is never reached is never."""
        assert str(OPEN) == (
            f"{OPEN.quantile(0.5)} ({OPEN.quantile(0.05)} to {OPEN.quantile(0.95)} at 90 %)"
        )
        assert str(MAYBE) == (f"{MAYBE.quantile(0.5)} ({MAYBE.quantile(0.05)} to never at 90 %)")

    def test_error_of_an_integral(self) -> None:
        """Where a probability is found by an integral its error is stated, and it holds."""
        day = date(2028, 2, 1)
        weeks = (day - START).days / 7
        expected = special.ndtr((10 - 1_000 / weeks) / 40)

        assert MAYBE.standard_error(by=day) == (MAYBE.time <= weeks).summary().error
        assert 0.0 <= MAYBE.standard_error(by=day) < 1e-9
        assert MAYBE.probability(by=day) == pytest.approx(expected, abs=1e-9)

    @pytest.mark.parametrize("per", Per)
    def test_units(self, per: Per) -> None:
        """Ten units at a known pace are ten units on the calendar."""
        passage = OpenPassage(time=exactly(10), per=per, start=START, never=0.0)
        expected = {
            Per.DAY: date(2026, 2, 11),
            Per.WEEK: date(2026, 4, 12),
            Per.MONTH: date(2026, 12, 1),
            Per.YEAR: date(2036, 2, 1),
        }[per]

        assert passage.quantile(0.5) == expected
        assert passage.probability(by=expected) == 1.0
        assert passage.probability(by=expected - timedelta(days=1)) == 0.0

    def test_before_the_start(self) -> None:
        """Nothing is reached before the time begins."""
        assert OPEN.probability(by=date(2020, 1, 1)) == 0.0

    def test_beyond_the_calendar(self) -> None:
        """A time that no calendar holds has no date."""
        assert (
            OpenPassage(time=exactly(1e9), per=Per.MONTH, start=START, never=0.0).quantile(0.5)
            is None
        )

    def test_refusals(self) -> None:
        """Quantiles lie inside (0, 1), and dates are dates."""
        with pytest.raises(ParameterError) as caught:
            OPEN.quantile(1.5)
        with pytest.raises(PeriodError) as no_date:
            unchecked(OPEN.probability)(by="2027")

        assert str(caught.value) == (
            "p is 1.5: expected a number inside (0, 1). Write 90 per cent as p=0.9."
        )
        assert str(no_date.value) == (
            "by is '2027': expected a datetime.date. Type for example by=datetime.date(2026, 1, 1)."
        )
