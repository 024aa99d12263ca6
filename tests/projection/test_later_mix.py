import pickle
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest

from attrition._typing import FloatArray
from attrition.accounts import Per
from attrition.errors import EstimateError, PeriodError, ProjectionError
from attrition.evidence import CasualtyMix
from attrition.projection import Delay, Hospital, LaterMix, Paths, Returns
from attrition.projection.calendar import Grid
from attrition.projection.later_mix import as_later, parts_by_mix
from attrition.uncertain import share
from tests.accounts.records import DECEMBER, unchecked
from tests.projection.futures import CLAIMED, HALF, MIX, claimed, future, intake, losses, only

WORSE = CasualtyMix.from_ratios(2, returned_per_wounded=0.45)
"""Of 10 killed and wounded 3 return; by HALF it is 3 of 8."""
WORST = CasualtyMix.from_ratios(1, returned_per_wounded=0.2)
"""1 of 10."""

NEW_YEAR = date(2026, 1, 1)
SHARES = Delay.shares([0.2, 0.5, 0.3])
JULY = LaterMix(mix=WORSE, start=date(2026, 7, 1))
OCTOBER = LaterMix(mix=WORST, start=date(2026, 10, 11))


def returns(later: Sequence[LaterMix], hospital: Hospital | None = None) -> Returns:
    """Returns in three months, of whom fewer come back later on."""
    return Returns(mix=HALF, delay=SHARES, hospital=hospital or Hospital.steady(), later=later)


class TestLaterMix:
    def test_there_and_back_through_pickle(self) -> None:
        """A later mix comes back equal."""
        assert pickle.loads(pickle.dumps(JULY)) == JULY
        assert JULY != OCTOBER

    def test_no_mix(self) -> None:
        """A share is no mix."""
        with pytest.raises(EstimateError) as caught:
            unchecked(LaterMix)(mix=0.3, start=JULY.start)

        assert str(caught.value) == (
            "mix is 0.3: expected a CasualtyMix. Type for example "
            "mix=CasualtyMix.from_ratios(wounded_per_killed=...)."
        )

    def test_no_date(self) -> None:
        """It starts on a day."""
        with pytest.raises(PeriodError, match="start is '2026-07-01'"):
            unchecked(LaterMix)(mix=WORSE, start="2026-07-01")


class TestAsLater:
    def test_order(self) -> None:
        """Later mixes are kept by date, one alone as a tuple of one, none as none."""
        assert as_later([OCTOBER, JULY]) == (JULY, OCTOBER)
        assert as_later(JULY) == (JULY,)
        assert as_later(()) == ()
        assert returns([OCTOBER, JULY]) == returns([JULY, OCTOBER])

    def test_two_on_one_day(self) -> None:
        """On one day one mix begins to hold."""
        with pytest.raises(ProjectionError) as caught:
            as_later([JULY, OCTOBER, LaterMix(mix=WORST, start=JULY.start)])

        assert str(caught.value) == (
            "two later mixes start on 2026-07-01: expected one for each date. Leave one of the "
            "two out, or let it start on another day."
        )

    @pytest.mark.parametrize("given", [WORSE, [WORSE]])
    def test_mix_without_a_date(self, given: object) -> None:
        """A mix without a date does not say from when on it holds."""
        with pytest.raises(ProjectionError) as caught:
            unchecked(as_later)(given)

        assert str(caught.value) == (
            f"{WORSE!r} among the later mixes: expected a LaterMix. Type later=[LaterMix("
            "mix=CasualtyMix.from_ratios(...), start=datetime.date(2026, 7, 1))]."
        )


def counted(starts: Sequence[date], grid: Grid) -> FloatArray:
    """The same by counting the days of every step, in calendar months."""
    parts = np.zeros((len(starts) + 1, grid.steps))
    for step, (first, last) in enumerate(zip(grid.dates[:-1], grid.dates[1:], strict=True)):
        for n in range((last - first).days):
            day = first + timedelta(days=n)
            following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
            length = 1.0 / (following - timedelta(days=1)).day
            parts[sum(start <= day for start in starts), step] += length
    return np.asarray(parts / parts.sum(axis=0))


class TestPartsByMix:
    @pytest.mark.parametrize(
        "starts",
        [
            [],
            [date(2026, 3, 20)],
            [date(2026, 2, 10), date(2026, 4, 3)],
            [date(2026, 3, 16), date(2026, 3, 18), date(2026, 3, 30)],
            [date(2026, 1, 15), date(2027, 1, 1)],
            [date(2025, 3, 1)],
        ],
    )
    @pytest.mark.parametrize("step", [Per.DAY, Per.WEEK, Per.MONTH, Per.YEAR])
    def test_by_days(self, step: Per, starts: list[date]) -> None:
        """A step is split by the time before and after each date."""
        grid = Grid.spanning(date(2026, 1, 15), date(2026, 5, 20), step)
        found = parts_by_mix(starts, grid)

        np.testing.assert_allclose(found, counted(starts, grid), atol=1e-12)
        np.testing.assert_allclose(found.sum(axis=0), 1.0, rtol=1e-15)
        assert (found >= 0.0).all()


def by_hand(start: float, lost: float, delay: Sequence[float], shares: Sequence[float]) -> Paths:
    """A year by a loop over months, in which losses stop where nobody is left."""
    strength, losses_, due = [start], [], [0.0] * 30
    for month, part in enumerate(shares):
        there = strength[-1] + due[month]
        done = min(lost, there / (1 - part * delay[0]))
        for lag, weight in enumerate(delay):
            due[month + lag] += part * weight * done
        strength.append(strength[-1] + due[month] - done)
        losses_.append(done)
    steps = len(losses_)
    return Paths(*(np.array(x) for x in (strength, losses_, [0.0] * steps, due[:steps])))


class TestFutures:
    """Whole futures in which fewer come back from a date on."""

    # Of October ten of 31 days are before the eleventh.
    PARTS = (*[0.375] * 6, *[0.3] * 3, 0.3 * 10 / 31 + 0.1 * 21 / 31, 0.1, 0.1)

    @pytest.mark.parametrize("start", [700_000, 200_000])
    def test_against_a_loop_by_hand(self, start: float) -> None:
        """Losses of a month return by the mixes of that month, also where people run out."""
        found = only(
            future(
                start,
                losses(40_000, CLAIMED),
                intake(0),
                start=NEW_YEAR,
                until=date(2027, 1, 1),
                returns=returns([JULY, OCTOBER], Hospital.empty()),
            )
        )
        expected = by_hand(start, 40_000, [0.2, 0.5, 0.3], self.PARTS)

        for rows, by_loop in zip(found, expected, strict=True):
            np.testing.assert_allclose(rows, by_loop, rtol=1e-12, atol=1e-6)
        assert (expected.strength.min() < 1.0) == (start == 200_000)

    def test_the_hospital_is_of_the_first_mix(self) -> None:
        """Who was lost before the start comes back by the first mix, whatever holds then."""
        for hospital in (Hospital.steady(), Hospital.from_losses([claimed(40_000, DECEMBER)])):
            at_once = LaterMix(mix=WORST, start=NEW_YEAR)
            paths = only(
                future(
                    lost=losses(40_000, CLAIMED),
                    start=NEW_YEAR,
                    returns=returns([at_once], hospital),
                )
            )
            older = 0.3 * 0.375 if hospital.is_steady else 0.0

            assert paths.returns[0] == pytest.approx(
                40_000 * (0.5 * 0.375 + older + 0.2 * 0.1), rel=1e-13
            )
            assert paths.returns[4] == pytest.approx(4_000, rel=1e-13)

    def test_one_mix_twice_is_one_mix(self) -> None:
        """A later mix that is the first one changes nothing."""
        same = [LaterMix(mix=MIX, start=date(2026, 7, 15))]
        quiet, split = (
            future(
                lost=losses(40_000, CLAIMED),
                start=NEW_YEAR,
                returns=Returns(mix=MIX, delay=SHARES, hospital=Hospital.steady(), later=later),
            ).paths(40, rng=20260101)
            for later in ((), same)
        )

        for rows, expected in zip(split, quiet, strict=True):
            np.testing.assert_allclose(rows, expected, rtol=1e-12)

    def test_shares_are_tied_where_the_mixes_are(self) -> None:
        """Mixes that rest on one unknown share move together."""
        returned = share(0.4, 0.7, confidence=0.9)
        first, second = (
            CasualtyMix.from_ratios(wounded, returned_per_wounded=returned) for wounded in (3, 1)
        )
        year = future(
            lost=losses(40_000, CLAIMED),
            start=NEW_YEAR,
            until=date(2027, 1, 1),
            returns=Returns(
                mix=first,
                delay=Delay.shares([1]),
                hospital=Hospital.empty(),
                later=LaterMix(mix=second, start=JULY.start),
            ),
        )
        paths = year.paths(40, rng=20260101)

        # Wounded are 3 of 4 by the first mix and 1 of 2 by the second.
        np.testing.assert_allclose(paths.returns[5] * 2 / 3, paths.returns[6], rtol=1e-12)
        assert paths.returns[0].std() > 100

    @pytest.mark.parametrize("start", [712_000, 120_000])
    @pytest.mark.parametrize("step", [Per.WEEK, Per.MONTH])
    def test_people_are_conserved(self, step: Per, start: int) -> None:
        """Nobody appears and nobody is lost, and never more return than the largest share."""
        year = future(
            start,
            losses(45_000, CLAIMED),
            intake(10_000),
            step=step,
            returns=Returns(
                mix=MIX, delay=Delay.gamma(mean=3, sd=2), hospital=Hospital.empty(), later=[JULY]
            ),
            other=[losses(3_000)],
        )
        paths = year.paths(200, rng=20260101)
        net = np.cumsum(paths.arrivals + paths.returns - paths.losses, axis=0)

        np.testing.assert_allclose(start + net, paths.strength[1:], atol=1e-6)
        assert all((rows >= 0.0).all() for rows in paths)
        assert (paths.returns.sum(axis=0) <= 0.8 * paths.losses.sum(axis=0)).all()

    @pytest.mark.parametrize("throughout", [True, False])
    def test_levels_that_keep_strength(self, *, throughout: bool) -> None:
        """Recruits and losses at the levels found leave exactly the threshold."""
        back = returns([JULY, OCTOBER])

        def reached(lost: float, joined: float) -> float:
            year = future(
                712_000, losses(lost, CLAIMED), intake(joined), returns=back, start=NEW_YEAR
            )
            strength = only(year).strength[1:11]
            return float(strength.min() if throughout else strength[-1])

        year = future(712_000, losses(60_000, CLAIMED), intake(9_000), returns=back, start=NEW_YEAR)
        by = year.dates[10]
        needed = year.recruits_needed(600_000, by=by, throughout=throughout).median()

        assert needed > 1_000
        assert reached(60_000, needed) == pytest.approx(600_000, rel=1e-12)

    def test_affordable_losses(self) -> None:
        """Losses at the level found leave exactly the threshold, from an empty hospital."""
        back = returns([JULY, OCTOBER], Hospital.empty())

        def year(lost: float) -> FloatArray:
            found = future(
                712_000, losses(lost, CLAIMED), intake(9_000), returns=back, start=NEW_YEAR
            )
            return only(found).strength

        asked = future(712_000, losses(1, CLAIMED), intake(9_000), returns=back, start=NEW_YEAR)
        level = asked.losses_affordable(600_000, by=asked.dates[11], throughout=False).median()

        assert level > 9_000
        assert year(level)[11] == pytest.approx(600_000, rel=1e-12)

    def test_key(self) -> None:
        """Futures with other dates of a mix are other unknowns."""
        futures = [
            future(lost=losses(40_000, CLAIMED), start=NEW_YEAR, returns=returns(later))
            for later in ([], [JULY], [LaterMix(mix=WORSE, start=OCTOBER.start)], [JULY])
        ]
        keys = [year._future.model.key for year in futures]

        assert len(set(keys)) == 3
        assert keys[1] == keys[3]
