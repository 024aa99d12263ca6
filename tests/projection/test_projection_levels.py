from datetime import date

import numpy as np
import pytest

from attrition.accounts import Per, Period
from attrition.errors import NumberError, PeriodError
from attrition.projection import Hospital, IntakeProcess, LossProcess, Projection
from attrition.uncertain import Uncertain, about, draws
from tests.accounts.records import unchecked
from tests.projection.futures import (
    CLAIMED,
    MIX,
    MONTHLY,
    SEED,
    back,
    claimed,
    drawn,
    future,
    intake,
    losses,
)

START, END = date(2026, 2, 1), date(2027, 2, 1)
STRENGTH = about(712_000, sd=20_000)
LOST = losses(about(44_000, sd=2_700), variation=MONTHLY)
JOINED = intake(about(35_000, sd=2_100))


def made(lost: LossProcess = LOST, joined: IntakeProcess = JOINED, n: int = 16_384) -> Projection:
    """A year of an uncertain force."""
    return future(STRENGTH, lost, joined, draws=n)


@pytest.fixture(scope="module", name="year")
def make_year() -> Projection:
    """The year, simulated once."""
    return made()


@pytest.fixture(scope="module", name="normal")
def make_normal() -> Projection:
    """A year that is a sum of normals, so that every answer has a closed form."""
    return future(STRENGTH, losses(about(44_000, sd=2_700)), JOINED, draws=65_536)


def _level(projection: Projection, place: int) -> Uncertain:
    """The level of the losses, which comes right after the start."""
    return Uncertain(projection._future.inputs[1 + place])


class TestLevels:
    """The level at a quantile, put in its place, gives the probability of that quantile."""

    LOST = losses(about(36_000, sd=2_700), CLAIMED, variation=MONTHLY)
    JOINED = intake(about(22_000, sd=2_100))
    BACK = back(
        MIX, hospital=Hospital.from_losses([claimed(about(31_000, sd=900), Period.month(2026, 1))])
    )
    THRESHOLD = 690_000

    def year(self, lost: LossProcess, joined: IntakeProcess) -> Projection:
        """The year with these two flows."""
        return future(STRENGTH, lost, joined, returns=self.BACK, draws=16_384)

    @pytest.mark.parametrize("p", [0.3, 0.6])
    @pytest.mark.parametrize("by", [date(2026, 8, 1), END])
    def test_needed_throughout(self, p: float, by: date) -> None:
        """Recruits at the quantile p hold the force at all dates with probability p."""
        # Recruits come after the start, so that a passage on the first day is none of theirs.
        year = self.year(self.LOST, self.JOINED)
        level = year.recruits_needed(self.THRESHOLD, by=by, throughout=True).ppf(p)
        found = self.year(self.LOST, intake(level))
        strength = drawn(found)[1 : found.dates.index(by) + 1]
        held = (strength >= self.THRESHOLD).all(axis=0).mean()
        assert held == pytest.approx(p, abs=2 / 16_384)

    @pytest.mark.parametrize("p", [0.1, 0.9])
    @pytest.mark.parametrize("by", [date(2026, 8, 1), END])
    def test_needed_on_the_date(self, p: float, by: date) -> None:
        """Recruits at the quantile p hold the force on the date with probability p."""
        year = self.year(self.LOST, self.JOINED)
        level = year.recruits_needed(self.THRESHOLD, by=by, throughout=False).ppf(p)
        found = self.year(self.LOST, intake(level))

        held = 1 - found.probability_below(self.THRESHOLD, on=by)

        assert held == pytest.approx(p, abs=2 / 16_384)

    @pytest.mark.parametrize("p", [0.4, 0.8])
    @pytest.mark.parametrize("throughout", [True, False])
    def test_affordable(self, p: float, *, throughout: bool) -> None:
        """Losses at the quantile p are borne with probability 1 - p."""
        year = self.year(self.LOST, self.JOINED)
        level = year.losses_affordable(self.THRESHOLD, by=END, throughout=throughout).ppf(p)
        found = self.year(losses(level, CLAIMED, variation=MONTHLY), self.JOINED)
        strength = drawn(found)[1:] if throughout else drawn(found)[-1:]

        held = (strength >= self.THRESHOLD).all(axis=0).mean()
        assert held == pytest.approx(1 - p, abs=2 / 16_384)

    def test_throughout_is_harder(self) -> None:
        """Holding on every date takes more recruits and bears fewer losses than on the last."""
        year = self.year(self.LOST, self.JOINED)
        q = [0.1, 0.5, 0.9]
        needed, affordable = (
            [
                np.array(level(self.THRESHOLD, by=END, throughout=throughout).ppf(q))
                for throughout in (True, False)
            ]
            for level in (year.recruits_needed, year.losses_affordable)
        )

        assert (needed[0] >= needed[1]).all()
        assert (needed[0] > needed[1]).any()
        assert (affordable[0] <= affordable[1]).all()
        assert (affordable[0] < affordable[1]).any()

    def test_tied_threshold(self, normal: Projection) -> None:
        """Recruits that keep nine tenths of the start are losses less a tenth of it."""
        needed = normal.recruits_needed(0.9 * STRENGTH, by=END, throughout=False)
        found, lost, start = draws(needed, _level(normal, 0), STRENGTH, n=400, rng=SEED)

        np.testing.assert_allclose(found, lost - start / 120, rtol=1e-9)

    def test_levels_are_those_of_the_process(self) -> None:
        """A level of a process per week is people per week."""
        weekly = future(712_000, losses(7_000, per=Per.WEEK), intake(0, per=Per.WEEK), draws=8)
        level = weekly.recruits_needed(712_000, by=END, throughout=True)

        assert level.median() == pytest.approx(7_000)

    @pytest.mark.parametrize("question", ["recruits_needed", "losses_affordable"])
    def test_dates(self, year: Projection, question: str) -> None:
        """The date is one of the projection, and not its start."""
        ask = unchecked(getattr(year, question))
        with pytest.raises(PeriodError) as at_start:
            ask(600_000, by=START, throughout=True)
        with pytest.raises(PeriodError) as nowhere:
            ask(600_000, by=date(2026, 2, 5), throughout=True)

        assert str(at_start.value) == (
            "by is 2026-02-01, the start itself: expected a later date. "
            "Type by=datetime.date(2027, 2, 1) for the end of the projection."
        )
        assert str(nowhere.value).startswith("by is 2026-02-05, which is no date of this")

    def test_thresholds_are_numbers(self, year: Projection) -> None:
        """A text is no threshold, wherever there is one."""
        for ask in (
            lambda: unchecked(year.passage)("600,000"),
            lambda: unchecked(year.probability_below)("600,000", on=END),
            lambda: unchecked(year.recruits_needed)("600,000", by=END, throughout=True),
        ):
            with pytest.raises(NumberError):
                ask()
