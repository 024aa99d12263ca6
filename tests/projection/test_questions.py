import pickle
from datetime import date

import numpy as np
import pytest

from attrition._typing import FloatArray
from attrition.accounts import Per, Period
from attrition.projection import (
    Change,
    Delay,
    Hospital,
    Process,
    Projection,
    Surge,
)
from attrition.projection.calendar import Grid
from attrition.projection.engine import Flows, plan_future
from attrition.projection.questions import (
    Affordable,
    FirstBelow,
    Future,
    Needed,
    Row,
    Strength,
    Whole,
)
from attrition.uncertain import Uncertain, about, draws
from attrition.uncertain.node import Simulation
from tests.projection.futures import (
    CLAIMED,
    HALF,
    back,
    claimed,
    future,
    intake,
    losses,
    of,
)

START = date(2026, 2, 1)
GRID = Grid.spanning(START, date(2026, 6, 1), Per.MONTH)
DRAWN = Simulation(16, 7)
LEVEL = about(40_000, sd=3_000)
JOINED = about(35_000, sd=2_000)


def asked(*, seed: int = 7) -> Future:
    """Four months of two uncertain levels."""
    flows = Flows(losses(LEVEL), intake(JOINED), (), None)
    return plan_future(of(712_000, START), flows, GRID, Simulation(16, seed))


class TestStrength:
    def test_values(self) -> None:
        """Strength falls by the difference of the levels each month."""
        model = asked().model
        values = Strength(model, DRAWN)(np.array([10.0]), np.array([3.0, 4.0]), np.array([2.0]))

        np.testing.assert_allclose(values, [[10, 10], [9, 8], [8, 6], [7, 4], [6, 2]])

    def test_simulation(self) -> None:
        """A question is answered with the draws that the projection was made with."""
        assert Strength(asked().model, DRAWN).simulation == DRAWN

    def test_repr_is_the_plan(self) -> None:
        """Equal plans are the same question, and the seed is no part of it."""
        model = asked().model

        assert repr(Strength(model, DRAWN)) == f"Strength({model.key})"
        assert repr(Whole(model, DRAWN)) == f"Whole({model.key})"
        assert asked(seed=8).strength.uid == asked().strength.uid

    def test_there_and_back_through_pickle(self) -> None:
        """A question comes back the same number."""
        strength = Uncertain(asked().strength)

        assert pickle.loads(pickle.dumps(strength)) == strength


class TestWhole:
    def test_taken_apart(self) -> None:
        """What is stacked comes apart again: strength has one row more than the others."""
        whole = Whole(asked().model, DRAWN)
        stacked = whole(np.array([10.0]), np.array([3.0]), np.array([2.0]))
        paths = whole.taken_apart(stacked)

        assert paths.strength.ravel().tolist() == [10.0, 9.0, 8.0, 7.0, 6.0]
        assert paths.losses.ravel().tolist() == [3.0] * 4
        assert paths.arrivals.ravel().tolist() == [2.0] * 4
        assert paths.returns.ravel().tolist() == [0.0] * 4


class TestRow:
    ROWS = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])

    def test_one_date(self) -> None:
        """One row is one date."""
        assert Row(2)(self.ROWS).tolist() == [5.0, 6.0]

    def test_several(self) -> None:
        """Several rows are their sum."""
        assert Row(1, 2)(self.ROWS).tolist() == [8.0, 10.0]

    def test_bounds(self) -> None:
        """There are never fewer people than none."""
        assert Row(2).bounds((-5.0, 5.0)) == (0.0, np.inf)

    def test_dates_differ(self) -> None:
        """Two dates of one strength are two numbers, one date asked twice is one."""
        question = asked()

        assert question.at(1) == question.at(1)
        assert question.at(1) != question.at(2)

    def test_start_is_the_input(self) -> None:
        """The strength at the start is the figure that was given."""
        strength = about(712_000, sd=20_000)
        flows = Flows(losses(LEVEL), intake(JOINED), (), None)

        assert plan_future(of(strength, START), flows, GRID, DRAWN).at(0) == strength


class TestFirstBelow:
    STRENGTH = np.array([[9.0, 9.0, 4.0, 9.0], [8.0, 5.0, 3.0, 4.9], [7.0, 4.0, 9.0, 8.0]])

    def test_values(self) -> None:
        """The first day below counts, whatever follows; equal is not below."""
        days = FirstBelow((0, 31, 59))(self.STRENGTH, np.array(5.0))

        assert days.tolist() == [np.inf, 59.0, 0.0, 31.0]

    def test_uncertain_threshold(self) -> None:
        """A threshold may have draws of its own."""
        days = FirstBelow((0, 31, 59))(self.STRENGTH, np.array([8.5, 4.5, 3.5, 1.0]))

        assert days.tolist() == [31.0, 59.0, 31.0, np.inf]

    def test_bounds(self) -> None:
        """Time runs forward."""
        assert FirstBelow((0, 31)).bounds((-1.0, 1.0), (5.0, 5.0)) == (0.0, np.inf)

    def test_same_draws_as_the_strength(self) -> None:
        """A threshold that is tied to an input leaves the paths what they are."""
        # Both levels have one law: asked for by the threshold first, their streams would swap.
        level, other = about(40_000, sd=3_000), about(40_000, sd=3_000)
        year = future(712_000, losses(level), intake(other))
        threshold = 17.5 * other
        days = [(day - year.grid.start).days for day in year.dates]
        question = year._future.first_below(threshold.node, days)
        numbers = [year.strength(day) for day in year.dates]
        *rows, limit = draws(*numbers, threshold, n=500, rng=20260101)
        expected = FirstBelow(tuple(days))(np.array(rows), limit)

        np.testing.assert_array_equal(question.rvs(500, rng=20260101), expected)
        assert np.isfinite(expected).any()
        assert np.isinf(expected).any()


MONTHS = [Period.month(2026, month) for month in range(2, 6)]


class TestLevels:
    """The level that keeps strength, against trying levels out."""

    @staticmethod
    def needed(level: float, spare: float, until: int, *, throughout: bool) -> float:
        """The recruits that a force of 100 needs to lose no more than it can spare."""
        changes = [Surge(people=5, during=MONTHS[0]), Surge(people=9, during=MONTHS[1])]
        joined = intake(0, changes=[Surge(people=2, during=MONTHS[0])])
        flows = Flows(losses(level, changes=changes), joined, (), None)
        asked_ = plan_future(of(100, START), flows, GRID, DRAWN)
        threshold = Uncertain.of(100 - spare).node
        return asked_.level(Needed, threshold, until=until, throughout=throughout).median()

    @pytest.mark.parametrize(
        ("until", "throughout", "expected"),
        [
            # A level of 10 and surges of 5 and 9 against 2: 13, 32, 42 and 52 lost of 20 spare.
            (1, True, 0.0),
            (2, True, 12 / 2),
            (3, True, 22 / 3),
            (4, True, 32 / 4),
            (1, False, 0.0),
            (3, False, 22 / 3),
        ],
    )
    def test_needed_by_hand(self, until: int, expected: float, *, throughout: bool) -> None:
        """Nobody is needed while people are to spare, and then what is short, spread evenly."""
        assert self.needed(10, 20, until, throughout=throughout) == pytest.approx(expected)

    def test_throughout_is_the_worst_date(self) -> None:
        """A level that holds throughout is the largest of those that hold on each date."""
        # A surge early on and few losses later: the worst date is the second.
        single = [self.needed(1, 10, until, throughout=False) for until in range(1, 5)]

        assert self.needed(1, 10, 4, throughout=True) == max(single)
        assert single == pytest.approx([0.0, 4 / 2, 5 / 3, 6 / 4])


def reached(year: Projection, place: int) -> FloatArray:
    """Strength of known futures up to a date."""
    return year.paths(1, rng=20260101).strength[1 : place + 1, 0]


RETURNS = {
    "none": None,
    "empty": back(),
    "shares": back(HALF, Delay.shares([0.2, 0.5, 0.3])),
    "past": back(HALF, hospital=Hospital.from_losses([claimed(30_000, Period.month(2026, 1))])),
}


class TestLevelsWithReturns:
    """A known level at its answer just reaches the threshold, with returns and other flows."""

    @pytest.mark.parametrize("throughout", [True, False])
    @pytest.mark.parametrize("kind", RETURNS)
    def test_needed(self, kind: str, *, throughout: bool) -> None:
        """Recruits at the level found leave exactly the threshold."""
        lost = losses(60_000) if kind == "none" else losses(60_000, CLAIMED)
        surge = [Surge(people=90_000, during=Period.months(2026, 3, count=2))]
        more: list[Process] = [losses(1_000), intake(500)]

        def year(level: float) -> Projection:
            joined = intake(level, changes=surge)
            return future(712_000, lost, joined, returns=RETURNS[kind], other=more)

        start = year(0)
        level = start.recruits_needed(600_000, by=start.dates[9], throughout=throughout).median()
        found = reached(year(level), 9)

        assert level > 1_000
        assert (found.min() if throughout else found[-1]) == pytest.approx(600_000, rel=1e-12)

    @pytest.mark.parametrize("throughout", [True, False])
    @pytest.mark.parametrize("kind", RETURNS)
    def test_affordable(self, kind: str, *, throughout: bool) -> None:
        """Losses at the level found leave exactly the threshold."""
        surge = [Surge(people=90_000, during=Period.months(2026, 3, count=2))]
        more: list[Process] = [losses(1_000), intake(500)]

        def year(level: float) -> Projection:
            category = losses().category if kind == "none" else CLAIMED
            lost = losses(level, category, changes=surge)
            return future(712_000, lost, intake(20_000), returns=RETURNS[kind], other=more)

        start = year(1)
        level = start.losses_affordable(600_000, by=start.dates[9], throughout=throughout).median()
        found = reached(year(level), 9)

        assert level > 1_000
        assert (found.min() if throughout else found[-1]) == pytest.approx(600_000, rel=1e-12)

    def test_nothing_is_affordable(self) -> None:
        """A force that falls below the threshold without losses can afford none."""
        surge = [Surge(people=700_000, during=Period.month(2026, 3))]
        year = future(712_000, losses(1, changes=surge), intake(0))

        assert year.losses_affordable(100_000, by=year.dates[4], throughout=True).median() == 0.0

    def test_months_without_a_flow(self) -> None:
        """Where nobody moves yet and nobody is short, the later months decide."""
        pause = [Change(factor=0, during=Period.month(2026, 2))]
        year = future(712_000, losses(44_000, changes=pause), intake(35_000, changes=pause))
        first, second = year.dates[1:3]

        assert year.recruits_needed(712_000, by=first, throughout=True).median() == 0.0
        assert year.recruits_needed(712_000, by=second, throughout=True).median() == 44_000
        assert year.losses_affordable(712_000, by=first, throughout=True).ppf(0.9) == np.inf
        assert year.losses_affordable(712_000, by=second, throughout=True).median() == 35_000
        # No level of recruits helps before recruits come.
        assert year.recruits_needed(712_001, by=second, throughout=True).ppf(0.1) == np.inf

    def test_hospital_of_the_past(self) -> None:
        """Those in a steady hospital were lost at the level of the past, not the one asked for."""
        delay = Delay.shares([0.0, 1.0])
        year = future(
            712_000,
            losses(40_000, CLAIMED),
            intake(0),
            returns=back(HALF, delay, Hospital.steady()),
        )
        found = year.losses_affordable(600_000, by=year.dates[2], throughout=False).median()

        # 712,000 + 15,000 of the past + 0.375 L of the first month - 2 L = 600,000.
        assert found == pytest.approx(127_000 / 1.625)

    def test_bounds_and_repr(self) -> None:
        """Levels are not negative; date and reading are part of the question."""
        model = asked().model
        one, other = Needed(model, DRAWN, 3, True), Affordable(model, DRAWN, 3, False)

        assert one.bounds() == other.bounds() == (0.0, np.inf)
        assert repr(one) == f"Needed({model.key}):3:True"
        assert repr(other) == f"Affordable({model.key}):3:False"
