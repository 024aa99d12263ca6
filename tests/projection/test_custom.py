import math
import pickle
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context

import numpy as np
import pytest

from attrition._typing import FloatArray
from attrition.accounts import Category, Per, Period
from attrition.errors import BlockError, CategoryError, EstimateError, ProjectionError
from attrition.projection import (
    CustomIntake,
    CustomLosses,
    Exposure,
    LossProcess,
    Process,
    Projection,
)
from attrition.projection.custom import Custom, people_of
from attrition.uncertain import about
from tests.accounts.records import unchecked
from tests.projection.futures import CLAIMED, MONTHLY, back, future, intake, losses, only

FEBRUARY = Period.month(2026, 2)


def one_in_twenty(strength: FloatArray, period: Period) -> FloatArray:
    """Five per cent a step, twice as many in summer."""
    return strength * (0.1 if period.start.month in {6, 7, 8} else 0.05)


def refilled(strength: FloatArray, _: Period) -> FloatArray:
    """Half of what is missing from 600,000."""
    return 0.5 * np.maximum(600_000 - strength, 0.0)


def leaving(people: Callable[[FloatArray, Period], FloatArray | float]) -> CustomLosses:
    """Deserters by a function."""
    return CustomLosses(people=people, category=Category.DESERTED, side="Russia")


def coming(people: Callable[[FloatArray, Period], FloatArray | float]) -> CustomIntake:
    """Arrivals by a function."""
    return CustomIntake(people=people, side="Russia")


def ran(*other: CustomLosses | CustomIntake) -> Projection:
    """A year of nothing but these flows."""
    return future(about(650_000, sd=30_000), losses(0), intake(0), other=other, draws=64)


class TestInAProjection:
    def test_against_a_plain_loop(self) -> None:
        """People of each step are those of the function at the strength at its start."""
        paths = ran(leaving(one_in_twenty), coming(refilled)).paths(50, rng=20260101)
        level = paths.strength[0]
        for step in range(12):
            lost = level * (0.1 if step in {4, 5, 6} else 0.05)
            joined = 0.5 * np.maximum(600_000 - level, 0.0)

            np.testing.assert_allclose(paths.losses[step], lost, rtol=1e-12)
            np.testing.assert_allclose(paths.arrivals[step], joined, rtol=1e-12)
            level = level + joined - lost
            np.testing.assert_allclose(paths.strength[step + 1], level, rtol=1e-12)

    def test_like_a_process(self) -> None:
        """A function of no strength is the process of that level, where losses are cut too."""
        lost = losses(about(50_000, sd=3_000), CLAIMED, variation=MONTHLY)
        kinds: list[list[Process | Custom]] = [
            [losses(9_000, Category.DESERTED), intake(2_000)],
            [leaving(lambda s, _: np.full(s.shape, 9_000.0)), coming(lambda *_: 2_000)],
        ]
        found = [
            future(
                about(150_000, sd=9_000), lost, intake(5_000), returns=back(), other=other
            ).paths(200, rng=20260101)
            for other in kinds
        ]

        assert found[0].strength.min() == 0.0
        for one, other in zip(*found, strict=True):
            np.testing.assert_allclose(other, one, rtol=1e-9, atol=1e-6)

    def test_beside_exposure(self) -> None:
        """Half of what a function moves counts for losses per head of the same step."""
        found = only(
            future(
                1_000_000,
                losses(100_000, exposure=Exposure()),
                intake(0),
                other=[leaving(lambda *_: 60_000.0), coming(lambda *_: 20_000.0)],
                until=date(2026, 3, 1),
            )
        )
        heads = 1_000_000 - 20_000

        assert found.losses[0] == pytest.approx(60_000 + heads * -math.expm1(-0.1), rel=1e-12)

    def test_every_step_has_its_period(self) -> None:
        """A function is asked for each step in order, the cut one too."""
        asked: list[Period] = []

        def noted(_: FloatArray, period: Period) -> float:
            asked.append(period)
            return 0.0

        future(
            lost=losses(0), step=Per.WEEK, until=date(2026, 2, 18), other=[coming(noted)], draws=8
        )

        assert asked == [
            Period.days(date(2026, 2, 1), 7),
            Period.days(date(2026, 2, 8), 7),
            Period.days(date(2026, 2, 15), 3),
        ]

    def test_what_is_counted(self) -> None:
        """What a function loses is not left out."""
        whole = ran(leaving(one_in_twenty), coming(refilled))

        assert whole.omitted_exits == (Category.DNB_DIED | Category.DNB_LOST | Category.DISCHARGED)

    def test_other_side(self) -> None:
        """A flow of another side is refused like a process."""
        flow = CustomLosses(people=one_in_twenty, category=Category.DESERTED, side="Ukraine")
        with pytest.raises(EstimateError, match=r"^the force is of Russia and the losses of Ukr"):
            ran(flow)

    @pytest.mark.parametrize("place", ["losses", "recruitment"])
    def test_in_place_of_a_process(self, place: str) -> None:
        """A function stands beside losses and recruitment, not in their place."""
        flow = leaving(one_in_twenty) if place == "losses" else coming(refilled)
        given = {"lost": flow} if place == "losses" else {"joined": flow}
        with pytest.raises(ProjectionError) as caught:
            unchecked(future)(**given)

        name = type(flow).__name__
        assert str(caught.value) == (
            f"{place} is a {name}, a flow by a function: expected a process. Type "
            f"other=[{name}(...)], and {place} with level=0 if that is all there is."
        )

    def test_no_line(self) -> None:
        """Which level keeps strength is no question to functions either."""
        whole = ran(coming(refilled))
        with pytest.raises(ProjectionError, match=r"^the level that keeps strength at a thr"):
            whole.recruits_needed(600_000, by=whole.dates[-1], throughout=False)


class TestPeopleOf:
    STRENGTH = np.array([10.0, 0.0, 30.0])

    def test_one_number(self) -> None:
        """One number is that of every draw, and an array its own."""
        assert people_of(coming(lambda *_: 3), self.STRENGTH, FEBRUARY).tolist() == [3.0] * 3
        assert people_of(coming(lambda s, _: s), self.STRENGTH, FEBRUARY).tolist() == [10, 0, 30]

    def test_strength_is_only_read(self) -> None:
        """A function cannot change the strength that it is shown."""

        def greedy(strength: FloatArray, _: Period) -> FloatArray:
            strength += 1.0
            return strength

        with pytest.raises(ValueError, match="read-only"):
            people_of(coming(greedy), self.STRENGTH, FEBRUARY)

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            (
                np.ones(2),
                (
                    "the function of a CustomLosses gave an array of shape (2,) for February "
                    "2026: expected one number, or the shape of strength, (3,). Return for "
                    "example 0.01 * strength."
                ),
            ),
            (
                np.array([1.0, math.nan, 2.0]),
                (
                    "the function of a CustomLosses gave nan for February 2026: expected finite "
                    "numbers. Strength may be 0: look for a division by it, or a logarithm of it."
                ),
            ),
            (
                math.inf,
                (
                    "the function of a CustomLosses gave inf for February 2026: expected finite "
                    "numbers. Strength may be 0: look for a division by it, or a logarithm of it."
                ),
            ),
            (
                np.array([1.0, -7.0, -3.0]),
                (
                    "the function of a CustomLosses gave -7.0 people for February 2026: expected "
                    "0 or more. Return np.maximum(..., 0), and give people who go the other way a "
                    "flow of their own."
                ),
            ),
            (
                "many",
                (
                    "the function of a CustomLosses gave 'many' for February 2026: expected "
                    "numbers. Return people in every draw, for example 0.01 * strength."
                ),
            ),
            (
                [[1.0], 2.0],
                (
                    "the function of a CustomLosses gave [[1.0], 2.0] for February 2026: expected "
                    "numbers. Return people in every draw, for example 0.01 * strength."
                ),
            ),
        ],
    )
    def test_refusals(self, given: float, message: str) -> None:
        """What a function gives is checked, and the message has the step."""
        with pytest.raises(ProjectionError) as caught:
            people_of(leaving(lambda *_: given), self.STRENGTH, FEBRUARY)

        assert str(caught.value) == message


class TestRecords:
    def test_no_function(self) -> None:
        """A number is a level and no function."""
        with pytest.raises(ProjectionError) as caught:
            unchecked(coming)(3)

        assert str(caught.value) == (
            "people is 3: expected a function of strength and period. Type for example "
            "people=lambda strength, period: 0.01 * strength."
        )

    def test_category_and_side(self) -> None:
        """Losses say what is counted, and both say whose they are."""
        with pytest.raises(CategoryError):
            unchecked(CustomLosses)(people=one_in_twenty, category="deserted", side="Russia")
        with pytest.raises(EstimateError):
            CustomIntake(people=refilled, side=" ")

    def test_kinds(self) -> None:
        """A flow by a function is of the kind of its process."""
        assert leaving(refilled).kind == LossProcess.kind == "losses"
        assert coming(refilled).kind == intake().kind


class TestPickle:
    def test_there_and_back(self) -> None:
        """A function at the top of a module comes back the same."""
        flow = leaving(one_in_twenty)

        assert pickle.loads(pickle.dumps(flow)) == flow

    def test_no_name(self) -> None:
        """A function without a name cannot be sent to a process, and the error says what to do."""
        flow = leaving(lambda strength, _: 0.01 * strength)
        with (
            ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor,
            pytest.raises(
                BlockError, match=r"define the function or class at the top of a module"
            ) as caught,
        ):
            future(other=[flow], executor=executor)

        assert caught.value.partial is None
