"""Questions to a model that come without simulated paths."""

import math
from datetime import date

import attrs
import numpy as np
import pytest
from scipy import stats

from attrition.accounts import Per
from attrition.projection import LossProcess
from attrition.projection.calendar import Grid
from attrition.projection.engine import Flows, plan_future
from attrition.projection.first_passage import OfDays
from attrition.projection.questions import Future, Needed, Strength
from attrition.projection.sums import OfSum
from attrition.uncertain import Uncertain, about, between, exp, log
from attrition.uncertain.families import Constant
from attrition.uncertain.lattice import FEWER, SHIFTS
from attrition.uncertain.law import Law
from attrition.uncertain.node import Apply, Known, Simulation
from tests.projection.futures import MONTHLY, intake, losses, of

START = date(2026, 2, 1)
GRID = Grid.spanning(START, date(2026, 6, 1), Per.MONTH)
DRAWN = Simulation(16, 7)
LEVEL, JOINED = about(40_000, sd=3_000), about(35_000, sd=2_000)
NOISY = losses(LEVEL, variation=MONTHLY)


def uncut(*, cut: float | None = 2e-6, of_lost: LossProcess | None = None) -> Future:
    """Four months that are answered without draws."""
    lost = losses(LEVEL) if of_lost is None else of_lost
    flows = Flows(lost, intake(JOINED), (), None)
    plan = plan_future(of(about(712_000, sd=9_000), START), flows, GRID, DRAWN)
    return attrs.evolve(plan, cut=cut)


class TestStrength:
    def test_repr_tells_how_it_is_answered(self) -> None:
        """With and without draws are two questions: their answers differ by numerical errors."""
        model = uncut().model

        assert repr(Strength(model, DRAWN, cut=2e-6)) == f"Strength({model.key}, cut=2e-06)"
        assert uncut().strength.uid != uncut(cut=None).strength.uid


class TestLawAbove:
    """The laws of numbers above a strength, where they come without draws."""

    @staticmethod
    def law(number: Uncertain, plan: Future) -> Law | None:
        """The law of a number above the strength of a plan."""
        strength = plan.strength
        assert isinstance(strength, Apply)
        return strength.operation.law_above(number.node, strength)

    def test_one_date(self) -> None:
        """The strength on a date is a sum that is never negative."""
        plan = uncut()
        law = self.law(plan.at(3), plan)
        expected = stats.norm(712_000 - 15_000, math.hypot(9_000, 3 * 3_000, 3 * 2_000))

        assert isinstance(law, OfSum)
        assert law.support() == (0.0, math.inf)
        assert law.sums.cut == 2e-6
        assert law.ppf(np.array([0.1, 0.7])) == pytest.approx(expected.ppf([0.1, 0.7]))

    def test_weighted_dates_and_other_numbers(self) -> None:
        """A weighted sum of dates and of numbers tied to the inputs is found by rules."""
        plan = uncut()
        law = self.law(2.0 * plan.at(3) - plan.at(1) - 0.5 * JOINED + 7.0, plan)
        # Twice three months less one are five; half a recruit level goes off.
        mean = 712_000 - 5 * 5_000 - 17_500 + 7
        expected = stats.norm(mean, math.hypot(9_000, 5 * 3_000, 4.5 * 2_000))

        assert isinstance(law, OfSum)
        assert law.support() == (-math.inf, math.inf)
        assert law.ppf(np.array([0.1, 0.7])) == pytest.approx(expected.ppf([0.1, 0.7]))

    def test_a_logarithm_beside_it(self) -> None:
        """A logarithm of another number is part of what stands beside the strengths."""
        plan = uncut()
        other = between(2.0, 9.0, confidence=0.9, family="lognormal")
        law = self.law(plan.at(1) + 10_000.0 * log(other), plan)
        spread = math.log(4.5) / (2.0 * stats.norm.ppf(0.95))
        expected = stats.norm(
            712_000 - 5_000 + 1e4 * math.log(math.sqrt(18.0)),
            math.hypot(9_000, 3_000, 2_000, 1e4 * spread),
        )

        assert isinstance(law, OfSum)
        assert law.ppf(np.array([0.1, 0.7])) == pytest.approx(expected.ppf([0.1, 0.7]), rel=1e-6)

    def test_no_sum(self) -> None:
        """What holds a strength in another way has no such law."""
        plan = uncut()
        for number in (
            plan.at(1) * plan.at(2),
            log(plan.at(1)),
            plan.at(1) + exp(plan.at(2) / 7e5),
        ):
            assert self.law(number, plan) is None

    def test_no_way(self) -> None:
        """A sum that no way is for has no such law."""
        plan = uncut()

        assert self.law(plan.at(1) - plan.at(1) + 0.0 * LEVEL, plan) is None

    def test_by_draws(self) -> None:
        """Where strength has to be simulated there is no law, and there are no points."""
        plan = uncut(cut=None)
        strength = plan.strength
        assert isinstance(strength, Apply)

        assert self.law(plan.at(1), plan) is None
        assert strength.operation.points_above([strength], strength) is None

    def test_first_passage(self) -> None:
        """The days until a first passage are looked at all at once."""
        plan = uncut(of_lost=NOISY)
        days = (0, 28, 59, 89, 120)

        assert isinstance(self.law(plan.first_below((16.0 * JOINED).node, days), plan), OfDays)

    def test_passage_below_its_own_past(self) -> None:
        """A threshold that is a strength itself is for the points of the lattice."""
        plan = uncut()
        threshold = (0.97 * plan.at(1)).node

        assert self.law(plan.first_below(threshold, (0, 28, 59, 89, 120)), plan) is None

    def test_another_question(self) -> None:
        """A level has a law of its own, what is made of it has none."""
        plan = uncut()
        needed = plan.level(Needed, Known(7e5), until=4, throughout=True)
        node, twice = needed.node, (2.0 * needed).node
        assert isinstance(node, Apply)

        assert isinstance(node.operation.law_above(node, node), OfSum)
        assert node.operation.law_above(twice, node) is None

    def test_nothing_unknown(self) -> None:
        """A known strength has the law of a known number."""
        flows = Flows(losses(44_000), intake(35_000), (), None)
        plan = attrs.evolve(plan_future(of(712_000, START), flows, GRID, DRAWN), cut=0.0)

        assert self.law(plan.at(2), plan) == Constant(712_000 - 18_000)


class TestPointsAbove:
    def test_points_of_the_lattice(self) -> None:
        """Every unknown below the numbers has a value at each point, also those beside it."""
        plan = uncut(of_lost=NOISY)
        strength, other = plan.strength, about(3, sd=1)
        assert isinstance(strength, Apply)
        found = strength.operation.points_above([(plan.at(1) * other).node], strength)

        assert found is not None
        assert found.size == SHIFTS * FEWER
        assert other.node.uid in found.values
        assert len(found.values) == 5

    def test_levels_on_the_lattice(self) -> None:
        """The level that is needed comes from the lattice, and is that of simulated paths."""
        exact, drawn = (
            plan.level(Needed, Known(7e5), until=4, throughout=True)
            for plan in (
                uncut(of_lost=NOISY),
                attrs.evolve(uncut(cut=None, of_lost=NOISY), drawn=Simulation(65_536, 7)),
            )
        )
        one, other = exact.summary(), drawn.summary()

        assert (one.method, other.method) == ("lattice", "draws")
        error = np.hypot(one.error, other.error)
        for q, value in one.quantiles.items():
            assert abs(value - other.quantiles[q]) <= 5.0 * error
