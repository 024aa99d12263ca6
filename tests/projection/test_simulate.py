import pickle
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from attrition.accounts import Per, Period
from attrition.projection import Delay, Hospital, IntakeProcess, LossProcess, Paths, Surge
from attrition.projection.calendar import Grid
from attrition.projection.engine import Flows, plan_future
from attrition.projection.simulate import Model
from attrition.uncertain.node import Simulation
from tests.projection.futures import (
    CLAIMED,
    MIX,
    MONTHLY,
    back,
    claimed,
    future,
    intake,
    losses,
    of,
    only,
)

START = date(2026, 1, 1)
STEPS = 5
MONTHS = [Period.month(2026, month) for month in range(1, STEPS + 1)]
GRID = Grid.spanning(START, date(2026, 6, 1), Per.MONTH)
DECEMBER = Hospital.from_losses([claimed(0, Period.month(2025, 12))])
SURGES = [Surge(people=0, during=month) for month in MONTHS]


class Case(NamedTuple):
    """A future of five months in which every month has numbers of its own."""

    start: float
    lost: Sequence[float]
    more: Sequence[float]
    joined: Sequence[float]
    share: float
    weights: Sequence[float]
    past: float = 0.0


class Plain(NamedTuple):
    """One path by hand."""

    strength: Sequence[float]
    losses: Sequence[float]
    returns: Sequence[float]


def model(weights: Sequence[float] | None) -> Model:
    """A model that takes the people of every month of three flows, and the share that returns."""
    category = losses().category if weights is None else CLAIMED
    other: LossProcess | IntakeProcess = losses(0, changes=SURGES)
    flows = Flows(
        losses(0, category, changes=SURGES),
        intake(0, changes=SURGES),
        (other,),
        None if weights is None else back(MIX, Delay.shares(weights), DECEMBER),
    )
    return plan_future(of(0, START), flows, GRID, Simulation(8, 1)).model


def run(case: Case, *, returns: bool = True) -> Paths:
    """The model's paths of one case; each field of shape (steps,)."""
    level = 0.0
    values = [case.start, level, *case.lost, level, *case.joined, level, *case.more]
    values += [case.share, case.past] if returns else []
    plan = model(case.weights if returns else None)
    paths = plan.run([np.array([value]) for value in values])
    return Paths(*(rows[:, 0] for rows in paths))


def by_hand(case: Case) -> Plain:
    """
    The same, month by month: losses stop where nobody is left.

    Of the losses of a month the part ``done`` happens; who returns within the month is there.
    """
    strength, lost, returned = [case.start], [], []
    due = [case.share * weight * case.past for weight in case.weights[1:]] + [0.0] * (2 * STEPS)
    for month in range(STEPS):
        wanted = case.lost[month] + case.more[month]
        net = wanted - case.share * case.weights[0] * case.lost[month]
        there = strength[-1] + case.joined[month] + due[month]
        done = 1.0 if net <= there else there / net
        for lag, weight in enumerate(case.weights):
            due[month + lag] += case.share * weight * done * case.lost[month]
        strength.append(strength[-1] + case.joined[month] + due[month] - done * wanted)
        lost.append(done * wanted)
        returned.append(due[month])
    return Plain(strength, lost, returned)


PEOPLE = st.integers(0, 400).map(float)
MONTHLY_PEOPLE = st.lists(PEOPLE, min_size=STEPS, max_size=STEPS)
WEIGHTS = st.lists(st.integers(0, 5), min_size=1, max_size=STEPS).filter(any)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Futures of a tiny force, of which many run out of people."""
    weights = draw(WEIGHTS)
    return Case(
        start=draw(PEOPLE),
        lost=draw(MONTHLY_PEOPLE),
        more=draw(MONTHLY_PEOPLE | st.just([0.0] * STEPS)),
        joined=draw(MONTHLY_PEOPLE | st.just([0.0] * STEPS)),
        share=draw(st.integers(0, 10)) / 10,
        weights=[w / sum(weights) for w in weights],
        past=draw(PEOPLE),
    )


# At 106 nobody is cut as 45 come back within the month; at 100 some are.
SHORT = Case(100.0, [150.0] + [0.0] * 4, [0.0] * 5, [0.0] * 5, 1.0, [0.3, 0.7])
ALL_BACK = Case(0.0, [150.0] * 5, [0.0] * 5, [0.0] * 5, 1.0, [1.0])
# In the first month all who are lost are back, in the second somebody is lost who is not there.
NOBODY = ALL_BACK._replace(lost=[150.0] + [0.0] * 4, more=[0.0, 50.0, 0.0, 0.0, 0.0])
LAST = Case(100.0, [90.0, 80.0, 0.0, 70.0, 30.0], [20.0] * 5, [1.0] * 5, 0.5, [0.0, 1.0])

LAWS = settings(max_examples=150)


class TestRun:
    @given(cases())
    @example(SHORT)
    @example(ALL_BACK)
    @example(NOBODY)
    @example(LAST)
    @LAWS
    def test_against_a_loop_by_hand(self, case: Case) -> None:
        """Strength, losses and returns are those of a loop over months."""
        found, expected = run(case), by_hand(case)

        np.testing.assert_allclose(found.strength, expected.strength, atol=1e-9)
        np.testing.assert_allclose(found.losses, expected.losses, atol=1e-9)
        np.testing.assert_allclose(found.returns, expected.returns, atol=1e-9)
        np.testing.assert_allclose(found.arrivals, case.joined, atol=1e-12)

    @given(cases())
    @example(SHORT)
    @example(LAST)
    @LAWS
    def test_people_are_conserved(self, case: Case) -> None:
        """Start + arrivals + returns - losses is the end, in every step."""
        paths = run(case)
        net = np.cumsum(paths.arrivals + paths.returns - paths.losses)

        np.testing.assert_allclose(case.start + net, paths.strength[1:], atol=1e-9)

    @given(cases())
    @example(ALL_BACK)
    @LAWS
    def test_nothing_is_negative(self, case: Case) -> None:
        """There are never fewer people than none, whoever is lost, returns or is left."""
        for rows in run(case):
            assert (rows >= 0.0).all()

    @given(cases())
    @LAWS
    def test_nobody_returns_who_was_not_lost(self, case: Case) -> None:
        """All returns together are at most the share of the losses."""
        paths = run(case)

        assert paths.returns.sum() <= case.share * (paths.losses.sum() + case.past) + 1e-9

    @given(cases(), MONTHLY_PEOPLE, PEOPLE)
    @example(SHORT, [6.0, 0.0, 0.0, 0.0, 0.0], 0.0)
    @LAWS
    def test_more_recruits_never_mean_fewer_people(
        self, case: Case, joined: Sequence[float], start: float
    ) -> None:
        """Strength is monotone in recruits and in the start, cut or not."""
        more = case._replace(
            joined=[a + b for a, b in zip(case.joined, joined, strict=True)],
            start=case.start + start,
        )

        assert (run(more).strength >= run(case).strength - 1e-9).all()

    @given(cases(), st.integers(0, 10))
    @LAWS
    def test_more_returns_never_mean_fewer_people(self, case: Case, share: int) -> None:
        """Strength is monotone in the share that returns."""
        more = case._replace(share=max(case.share, share / 10))

        assert (run(more).strength >= run(case).strength - 1e-9).all()

    @given(cases(), MONTHLY_PEOPLE)
    @LAWS
    def test_more_losses_never_mean_more_people(self, case: Case, lost: Sequence[float]) -> None:
        """Strength is monotone in losses for good, cut or not."""
        more = case._replace(lost=[a + b for a, b in zip(case.lost, lost, strict=True)])
        fewer = run(case, returns=False).strength

        assert (run(more, returns=False).strength <= fewer + 1e-9).all()

    @given(cases(), MONTHLY_PEOPLE)
    @LAWS
    def test_more_losses_of_a_force_that_lasts(self, case: Case, lost: Sequence[float]) -> None:
        """With returns it is too, as long as nobody has to be cut."""
        # Of a force that runs out, those lost earlier also come back earlier.
        case = case._replace(start=10_000.0)
        more = case._replace(lost=[a + b for a, b in zip(case.lost, lost, strict=True)])

        assert (run(more).strength <= run(case).strength + 1e-9).all()

    def test_short_paths_leave_the_others_alone(self) -> None:
        """Paths beside one that runs out are what they are without it."""
        values = [np.array([100.0, 5_000.0, 300.0])]
        people = [*SHORT.lost, 0.0, *SHORT.joined, 0.0, *SHORT.more]
        values += [np.zeros(3), *(np.full(3, v) for v in people)]
        values += [np.array([1.0, 0.5, 0.2]), np.zeros(3)]
        together = model(SHORT.weights).run(values)

        for place, (start, share) in enumerate([(100.0, 1.0), (5_000.0, 0.5), (300.0, 0.2)]):
            alone = run(SHORT._replace(start=start, share=share))
            for rows, expected in zip(together, alone, strict=True):
                np.testing.assert_allclose(rows[:, place], expected, rtol=1e-13)

    def test_inputs_are_left_alone(self) -> None:
        """Running a model changes none of the arrays it is given."""
        values = [np.array([value]) for value in (100.0, *(50.0,) * 18, 0.5, 0.0)]
        copies = [value.copy() for value in values]
        model([0.5, 0.5]).run(values)

        for value, copy in zip(values, copies, strict=True):
            np.testing.assert_array_equal(value, copy)

    @pytest.mark.parametrize(("share", "same"), [(1.5, 1.0), (-0.5, 0.0)])
    def test_shares_outside(self, share: float, same: float) -> None:
        """The tail of a share outside [0, 1] is that of all or of nobody."""
        case = LAST._replace(start=900.0)

        for rows, expected in zip(
            run(case._replace(share=share)), run(case._replace(share=same)), strict=True
        ):
            np.testing.assert_array_equal(rows, expected)

    def test_tails_of_the_start_and_the_past(self) -> None:
        """The tail of a force or of past losses below zero is that of nobody."""
        flows = Flows(losses(0, CLAIMED), intake(0), (), back(MIX, hospital=DECEMBER))
        plan = plan_future(of(0, START), flows, GRID, Simulation(8, 1)).model
        start, level, joined, share, past = np.array(
            [[-5.0, 0.0], [10.0, 10.0], [20.0, 20.0], [0.5, 0.5], [-900.0, 0.0]]
        )
        paths = plan.run([start, level, joined, share, past])

        assert paths.strength[0].tolist() == [0.0, 0.0]
        for rows in paths:
            np.testing.assert_array_equal(rows[:, 0], rows[:, 1])

    def test_without_returns(self) -> None:
        """Losses for good never come back."""
        paths = run(LAST, returns=False)

        assert paths.returns.tolist() == [0.0] * 5
        assert paths.strength.tolist() == [100.0, 0.0, 0.0, 0.0, 0.0, 0.0]


class TestShapes:
    """Inputs that are known have no draws of their own, and fit with those that have."""

    @pytest.mark.parametrize("share_draws", [1, 4])
    @pytest.mark.parametrize("level_draws", [1, 4])
    @pytest.mark.parametrize("start_draws", [1, 4])
    @pytest.mark.parametrize("start", [712_000.0, 90_000.0])
    def test_known_and_unknown_inputs(
        self, start: float, start_draws: int, level_draws: int, share_draws: int
    ) -> None:
        """Whatever is known, the paths are those of the same numbers in every draw."""
        hospital = Hospital.from_losses([claimed(40_000, Period.month(2025, 12))])
        flows = Flows(
            losses(0, CLAIMED, changes=[Surge(people=9_000, during=MONTHS[1])]),
            intake(0),
            (),
            back(MIX, hospital=hospital),
        )
        plan = plan_future(of(0, START), flows, GRID, Simulation(8, 1)).model

        def paths(widths: Sequence[int]) -> Paths:
            values = [start, 40_000.0, 9_000.0, 22_000.0, 0.4, 38_000.0]
            arrays = [np.full(w, v) for v, w in zip(values, widths, strict=True)]
            return plan.run(arrays)

        found = paths([start_draws, level_draws, 1, level_draws, share_draws, 1])
        expected = paths([1] * 6)
        for rows, row in zip(found, expected, strict=True):
            np.testing.assert_allclose(rows, np.broadcast_to(row, rows.shape), rtol=1e-13)

    def test_known_numbers_without_an_axis(self) -> None:
        """Exactly known inputs of every kind make one path."""
        hospital = Hospital.from_losses([claimed(40_000, Period.month(2025, 12))])
        for kind in (hospital, Hospital.steady(), Hospital.empty()):
            paths = only(
                future(
                    300_000,
                    losses(40_000, CLAIMED, changes=[Surge(people=9_000, during=MONTHS[3])]),
                    intake(10_000, changes=[Surge(people=4_000, during=MONTHS[3])]),
                    start=START,
                    returns=back(hospital=kind),
                )
            )
            net = np.cumsum(paths.arrivals + paths.returns - paths.losses)

            assert paths.losses[3] == pytest.approx(49_000)
            assert paths.arrivals[3] == pytest.approx(14_000)
            np.testing.assert_allclose(300_000 + net, paths.strength[1:], rtol=1e-12)


class TestConservation:
    @pytest.mark.parametrize("start", [712_000, 120_000])
    @pytest.mark.parametrize("step", [Per.WEEK, Per.MONTH])
    def test_whole_futures(self, step: Per, start: int) -> None:
        """Nobody appears and nobody is lost in futures with everything in them."""
        year = future(
            start,
            losses(45_000, CLAIMED, variation=MONTHLY),
            intake(20_000, variation=MONTHLY),
            step=step,
            returns=back(MIX, hospital=Hospital.steady()),
            other=[losses(3_000), intake(1_000)],
        )
        paths = year.paths(500, rng=20260101)
        net = np.cumsum(paths.arrivals + paths.returns - paths.losses, axis=0)
        running_out = (paths.strength[1:] == 0.0).any()

        np.testing.assert_allclose(start + net, paths.strength[1:], atol=1e-6)
        assert all((rows >= 0.0).all() for rows in paths)
        assert running_out == (start == 120_000)


class TestModel:
    def test_key(self) -> None:
        """Equal plans have one key; a plan that differs anywhere has another."""
        keys = [
            model([0.5, 0.5]).key,
            model([0.4, 0.6]).key,
            model(None).key,
            _planned(Hospital.empty(), Per.DAY).key,
            _planned(Hospital.steady(), Per.DAY).key,
            _planned(Hospital.steady(), Per.WEEK).key,
            _planned(Hospital.from_losses([claimed(1, Period.month(2025, 12))]), Per.DAY).key,
            _planned(Hospital.from_losses([claimed(1, Period.month(2025, 11))]), Per.DAY).key,
        ]

        assert len(set(keys)) == 8
        assert model([0.5, 0.5]).key == keys[0]

    def test_other_flows_have_signs(self) -> None:
        """A loss and an arrival beside the main flows are two different plans."""
        lost = plan_future(
            of(0, START), Flows(losses(), intake(), (losses(),), None), GRID, Simulation(8, 1)
        ).model
        joined = plan_future(
            of(0, START), Flows(losses(), intake(), (intake(),), None), GRID, Simulation(8, 1)
        ).model

        assert lost.key != joined.key

    def test_there_and_back_through_pickle(self) -> None:
        """A model comes back with the same plan and the same paths."""
        copy = pickle.loads(pickle.dumps(model([0.5, 0.5])))
        values = [np.array([value]) for value in (100.0, *(50.0,) * 18, 0.5, 0.0)]

        assert copy.key == model([0.5, 0.5]).key
        for rows, expected in zip(copy.run(values), model([0.5, 0.5]).run(values), strict=True):
            np.testing.assert_array_equal(rows, expected)


def _planned(hospital: Hospital, per: Per) -> Model:
    flows = Flows(losses(1, CLAIMED, per=per), intake(1), (), back(hospital=hospital))
    return plan_future(of(0, START), flows, GRID, Simulation(8, 1)).model


class TestReturned:
    def test_returned_by_hand(self) -> None:
        """A fifth of given losses returns, by the shares of the delay."""
        lost = np.array([[10.0], [20.0], [0.0], [0.0], [100.0]])
        found = np.asarray(model([0.5, 0.3, 0.2]).returned(lost, [np.array([0.2])]))

        np.testing.assert_allclose(found[:, 0], [1.0, 2.6, 1.6, 0.8, 10.0])
        assert model(None).returned(lost, []) == 0.0

    def test_delay_is_read_only(self) -> None:
        """The plan of a model cannot be changed under it."""
        with pytest.raises(ValueError, match="read-only"):
            model([0.5, 0.5]).delay[0, 0] = 1.0
