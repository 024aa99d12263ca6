from collections.abc import Callable
from typing import final

import attrs
import numpy as np
import pytest
from scipy import stats

from attrition import (
    Uncertain,
    about,
    correlate,
    exp,
    from_draws,
    from_joint_draws,
    given,
    log,
    maximum,
    minimum,
    probability,
    sqrt,
    total_of,
    uniform,
)
from attrition._typing import FloatArray
from attrition.uncertain import Event
from attrition.uncertain.conditional import conditional_law
from attrition.uncertain.evaluate import law_of
from attrition.uncertain.families import Normal
from attrition.uncertain.leaf import new_leaf
from attrition.uncertain.node import Known, Leaf, Node, Noise, Operation, Simulation, apply
from attrition.uncertain.operations import Add
from attrition.uncertain.over_rows import OverRows
from attrition.uncertain.over_scores import OverScores

GAMMA = stats.gamma(30, scale=0.4)


def law(x: Uncertain, event: Event | None = None) -> OverScores | OverRows:
    """The law of a number with one unknown integrated exactly."""
    found = conditional_law(x.node, None if event is None else event.node)
    assert found is not None
    return found


def chosen(x: Uncertain, event: Event | None = None) -> Leaf:
    """The unknown that is integrated exactly."""
    return law(x, event).statement.unknown


class TestWhich:
    def test_the_one_that_moves_the_number_most(self) -> None:
        """Of unknowns that can be solved for, the one with the widest effect is taken."""
        x, y, z = about(5, sd=1), about(3, sd=2), about(40, sd=4)

        assert chosen(x + y) is y.node
        assert chosen(x + 0.1 * z) is x.node
        assert chosen(x + y + 0.1 * z) is y.node

    def test_only_what_can_be_solved_for(self) -> None:
        """An unknown that enters twice is left to the mean, however much it moves."""
        x, y = about(5, sd=0.1), uniform(0, 30)

        assert chosen(x + y * y + y) is x.node
        assert chosen(y, x > y * y + y) is x.node

    def test_nothing_is_smoothed_by_what_hardly_matters(self) -> None:
        """On the lattice an unknown without influence is no help, and values speak instead."""
        x, y, z = about(5, sd=1e-4), uniform(0, 30), uniform(0, 20)
        root = (x + y * y + y - z * z * y).node

        assert conditional_law(root) is None
        assert law_of(root).method == "lattice"

    def test_slow_families_only_where_few_probabilities_are_wanted(self) -> None:
        """A family of scipy is integrated beside one other unknown, not over the lattice."""
        gamma, x, y = Uncertain.of(GAMMA), about(3, sd=1), about(2, sd=0.5)

        assert chosen(gamma + x) is gamma.node
        assert chosen(gamma + x + y) is x.node

    def test_not_what_comes_in_steps(self) -> None:
        """An unknown with point masses is no one to solve for."""
        count, x = Uncertain.of(stats.poisson(90)), about(3, sd=1)

        assert chosen(count * x) is x.node


@final
@attrs.frozen
class Simulated(Operation):
    """A simulation that only adds."""

    @property
    def simulation(self) -> Simulation:
        return Simulation(100, 7)

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        a, b = arguments
        return a + b


X, Y = about(1.2, sd=0.6), uniform(0.3, 2.0)
COUNTS = [Uncertain.of(stats.poisson(mean)) for mean in (2.0, 5.0)]
NOTHING: dict[str, Callable[[], Node]] = {
    "both enter twice": lambda: (X * Y + exp(X) + exp(Y)).node,
    "steps alone": lambda: (COUNTS[0] * COUNTS[1]).node,
    "slow families alone, three of them": lambda: (
        total_of(*(exp(0.1 * Uncertain.of(stats.gamma(k))) for k in (2, 3, 4))).node
    ),
    "noise": lambda: apply(Add(), X.node, Noise("steps", 2)),
    "a simulation": lambda: apply(Simulated(), X.node, Y.node),
    "too many unknowns": lambda: total_of(*(exp(about(0, sd=1)) for _ in range(65))).node,
}


class TestNone:
    @pytest.mark.parametrize("make", NOTHING.values(), ids=NOTHING)
    def test_nothing_to_solve(self, make: Callable[[], Node]) -> None:
        """Without an unknown to integrate there is no such law."""
        assert conditional_law(make()) is None

    def test_sixty_four_unknowns(self) -> None:
        """Of sixty-four, one is still integrated."""
        assert chosen(total_of(*(exp(about(0, sd=1)) for _ in range(64)))).law == Normal(0.0, 1.0)

    def test_too_rare_on_the_lattice(self) -> None:
        """An event that the lattice hardly sees is left to those who say so."""
        x, y, z = about(0, sd=1), about(0, sd=1), about(0, sd=1)

        assert conditional_law(x.node, ((x > 3.5 + y) & (x > 3.5 + z)).node) is None
        assert conditional_law(x.node, ((x > y) & (x > z)).node) is not None


class TestHow:
    def test_over_scores(self) -> None:
        """One other unknown without steps is integrated over."""
        assert isinstance(law(X * Y), OverScores)
        assert law(X * Y).support() == (-np.inf, np.inf)

    def test_over_draws(self) -> None:
        """One that is known by draws is summed over."""
        found = law(X * from_draws([1.0, 4.0]))
        tied = from_joint_draws({"a": [1.0, 3.0], "b": [2.0, 9.0]})

        assert (found.method, law(X * tied["a"] + tied["b"]).method) == ("exact", "exact")

    def test_alone(self) -> None:
        """A number of one unknown, given an event about it, is a sum over nothing."""
        found = law(X, (X > 1.0) & (X < 2.0))
        below, inside = (stats.norm.cdf(end, 1.2, 0.6) for end in (1.0, 1.5))

        assert found.method == "exact"
        true = (inside - below) / (stats.norm.cdf(2.0, 1.2, 0.6) - below)
        assert float(found.cdf(np.array(1.5))) == pytest.approx(true, rel=1e-13)

    @pytest.mark.parametrize(
        "other",
        [
            lambda: from_draws(np.arange(2.0**15 + 1)),
            lambda: new_leaf(law_of(maximum(Y, 1.0).node), None),
        ],
        ids=["many draws", "a value with mass of its own"],
    )
    def test_over_the_lattice(self, other: Callable[[], Uncertain]) -> None:
        """Others with steps are left to the lattice, if they are too many to be listed."""
        assert law(X * other()).method == "lattice"

    @pytest.mark.parametrize(
        ("stated", "method"),
        [
            (Uncertain.of(stats.binom(3, 0.4)), "quadrature"),
            (Uncertain.of(stats.poisson(900.0)), "lattice"),
        ],
    )
    def test_counts_tied_by_their_scores(self, stated: Uncertain, method: str) -> None:
        """A correlated count is integrated over if its steps are few, else it takes the lattice."""
        count, x = correlate([stated, X], normal_scores=0.5)

        assert law(x + 0.01 * count).method == method

    @pytest.mark.parametrize(
        "x",
        [
            lambda: X * Y + Y,
            lambda: log(1.0 + Y) * exp(X) - Y,
            lambda: sqrt(Y) + minimum(X, 2 * Y),
            lambda: maximum(X * Y, Y),
            lambda: (X + COUNTS[1]) * COUNTS[1],
            lambda: X * Y / (1 + uniform(0, 3)) + Y,
        ],
    )
    def test_draws_agree(self, x: Callable[[], Uncertain]) -> None:
        """Whatever way it goes, as many plain draws lie below a quantile as should."""
        number = x()
        found, n = law(number), 100_000
        values = number.rvs(n, rng=20260101)

        for q in (0.05, 0.4, 0.9):
            place, slack = float(found.ppf(np.array(q))), 5.0 * np.sqrt(q * (1.0 - q) / n)
            near = 1e-9 * (1.0 + abs(place))
            assert (values < place - near).mean() - slack <= q
            assert q <= (values <= place + near).mean() + slack

    def test_given_what_both_enter(self) -> None:
        """A number given an event keeps the method, and its probability is that of the event."""
        event = X > Y

        assert given(X * Y, event).method == "quadrature"
        known = conditional_law(Known(0.0), event.node)
        assert known is not None
        assert known.whole() == pytest.approx(probability(event), rel=1e-9)
