import pickle

import numpy as np
import pytest
from scipy import stats

from attrition import about, correlate, exactly, exp, from_draws, maximum, minimum, mixture, uniform
from attrition._typing import FloatArray
from attrition.uncertain import Event, Uncertain
from attrition.uncertain.evaluate import law_of
from attrition.uncertain.forms import bounds_in
from attrition.uncertain.leaf import new_leaf
from attrition.uncertain.node import Leaf, Node, evaluate, in_order
from attrition.uncertain.section import Interval
from attrition.uncertain.statement import Statement, statement_for

X, Y = about(1.3, sd=2.0), uniform(0.5, 2.0)
AT = np.array([-3.0, 0.4, 1.9, 7.0])
EVERY, NONE = np.ones(4, bool), np.zeros(4, bool)


def leaf_of(x: Uncertain) -> Leaf:
    """The unknown that a number is."""
    assert isinstance(x.node, Leaf)
    return x.node


def found(x: Uncertain, unknown: Uncertain, event: Event | None = None) -> Statement | None:
    """The statement about a number, solved for one of the unknowns below it."""
    below = None if event is None else event.node
    order = in_order([x.node] if below is None else [x.node, below])
    return statement_for(x.node, below, leaf_of(unknown), order, bounds_in(order))


def stated(x: Uncertain, unknown: Uncertain, event: Event | None = None) -> Statement:
    """The same, where it can be solved."""
    statement = found(x, unknown, event)
    assert statement is not None
    return statement


def known(statement: Statement, other: float) -> dict[str, FloatArray]:
    """What has to be known, where the other unknown has a value."""
    values = evaluate(statement.sides, lambda _: np.asarray(other), 1)
    return {node.uid: value for node, value in zip(statement.sides, values, strict=True)}


def switches(x: Uncertain, unknown: Uncertain) -> tuple[Node, ...] | None:
    """The pairs whose order matters."""
    return stated(x, unknown).switches


class TestMass:
    def test_at_most(self) -> None:
        """x y is at most t where x is at most t / y."""
        statement = stated(X * Y, X)
        mass = statement.mass(known(statement, 0.8), AT, NONE)

        assert mass == pytest.approx(stats.norm.cdf(AT / 0.8, 1.3, 2.0), rel=1e-13)

    def test_more(self) -> None:
        """It is more where x is more, with all digits of the upper tail."""
        statement = stated(X * Y, X)
        mass = statement.mass(known(statement, 0.8), 3.0 * AT, EVERY)

        assert mass == pytest.approx(stats.norm.sf(3.0 * AT / 0.8, 1.3, 2.0), rel=1e-13)

    def test_each_its_own_side(self) -> None:
        """At most and more may be asked for at once, place by place."""
        statement = stated(X * Y, X, X > Y)
        values, upper = known(statement, 0.8), np.array([False, True, True, False])
        lower, above = (statement.mass(values, AT, side) for side in (NONE, EVERY))

        assert statement.mass(values, AT, upper).tolist() == np.where(upper, above, lower).tolist()
        assert lower + above == pytest.approx([stats.norm.sf(0.8, 1.3, 2.0)] * 4, rel=1e-13)

    def test_a_value_is_on_one_side_only(self) -> None:
        """A number that is a value exactly is at most that value, and not more."""
        statement = stated(maximum(X, 3.0), X)
        place = np.array([3.0])

        assert statement.mass(known(statement, 0.0), place, NONE[:1]) == pytest.approx(
            stats.norm.cdf(3.0, 1.3, 2.0), rel=1e-13
        )
        assert statement.mass(known(statement, 0.0), place, EVERY[:1]) == pytest.approx(
            stats.norm.sf(3.0, 1.3, 2.0), rel=1e-13
        )

    def test_between(self) -> None:
        """The event cuts the interval of the number."""
        statement = stated(X + Y, X, X > 2 * Y)
        low, high = statement.between(known(statement, 0.75), Interval(high=np.asarray(4.0)))

        assert (low.tolist(), high.tolist()) == ([np.nextafter(1.5, 9.0)], [3.25])


class TestSwitches:
    def test_extremes(self) -> None:
        """A maximum or minimum beside the unknown switches where its arguments cross."""
        y = maximum(Y, 1.1) * minimum(2 * Y, 3.0)
        pairs = switches(X + y, X)

        assert pairs is not None
        values = [float(v[0]) for v in evaluate(pairs, lambda _: np.asarray(0.7), 1)]
        assert {frozenset(values[:2]), frozenset(values[2:])} == {
            frozenset({0.7, 1.1}),
            frozenset({1.4, 3.0}),
        }

    def test_extremes_of_the_unknown(self) -> None:
        """An extreme that the unknown enters itself is solved, and switches nothing."""
        assert switches(maximum(X, Y), X) == ()

    def test_choice(self) -> None:
        """A choice switches at the sums of its weights."""
        pairs = switches(X + mixture([(0.25, 1), (0.5, 3), (0.25, 8)]), X)

        assert pairs is not None
        values = [float(v[0]) for v in evaluate(pairs, lambda _: np.asarray(0.1), 1)]
        assert values == [0.1, 0.25, 0.1, 0.75]

    def test_count_at_its_score(self) -> None:
        """A correlated count switches at the scores of its values."""
        few = stats.binom(3, 0.4)
        count, y = correlate([Uncertain.of(few), X], normal_scores=0.6)
        statement = _by_second(count + y)
        pairs = statement.switches

        assert pairs is not None
        edges = [float(v[0]) for v in evaluate(pairs[1::2], lambda _: np.asarray(0.0), 1)]
        assert edges == pytest.approx(stats.norm.ppf(few.cdf([0, 1, 2])), rel=1e-9)

    def test_draws_at_their_score(self) -> None:
        """So does a number that is known by draws, at each of its values once."""
        drawn, y = correlate([from_draws([4.0, 1.0, 4.0, 9.0]), X], normal_scores=0.6)
        pairs = _by_second(drawn + y).switches

        assert pairs is not None
        edges = [float(v[0]) for v in evaluate(pairs[1::2], lambda _: np.asarray(0.0), 1)]
        assert edges == pytest.approx(stats.norm.ppf([0.25, 0.75]), rel=1e-9)

    @pytest.mark.parametrize(
        "law",
        [Uncertain.of(stats.poisson(900)), new_leaf(law_of(maximum(X, 3.0).node), None)],
        ids=["too many", "not all of its mass in points"],
    )
    def test_not_to_be_listed(self, law: Uncertain) -> None:
        """Where values are too many, or not all there is, there is no list."""
        count, y = correlate([law, X], normal_scores=0.6)

        assert _by_second(count + y).switches is None

    def test_too_many(self) -> None:
        """Nor is there one of more than 64 pairs."""
        y = sum((0.1 * maximum(Y, 0.02 * i) for i in range(1, 65)), exactly(0))

        assert switches(X + y, X) is not None
        assert switches(X + (y + maximum(Y, 1.9)), X) is None


def _by_second(x: Uncertain) -> Statement:
    """A statement about two correlated numbers, solved for the second score."""
    order = in_order([x.node])
    leaves = [node for node in order if isinstance(node, Leaf)]
    statement = statement_for(x.node, None, leaves[1], order, bounds_in(order))
    assert statement is not None
    return statement


class TestStatementFor:
    def test_not_for_every_unknown(self) -> None:
        """It is solved for an unknown that enters once, not for one that enters twice."""
        x = X * Y + Y

        assert found(x, Y) is None
        assert stated(x, X).unknown is X.node

    def test_event_decides_too(self) -> None:
        """An unknown that the event cannot be solved for is none, though the number can."""
        assert found(Y, Y, X > Y + Y**2) is None
        assert stated(Y, X, X > Y + Y**2).event is not None

    @pytest.mark.parametrize("event", [None, X > Y])
    def test_pickles_without_recursion(self, event: Event | None) -> None:
        """A statement about a thousand terms goes through pickle, and answers alike."""
        total = X
        for i in range(1_000):
            total = total + exp(0.001 * i * Y)
        statement = stated(total, X, event)
        again = pickle.loads(pickle.dumps(statement))

        assert (again.event is None) is (event is None)
        assert [node.uid for node in again.sides] == [node.uid for node in statement.sides]
        values, upper = known(statement, 0.8), np.zeros(3, bool)
        at = np.array([1_500.0, 1_502.0, 1_504.0])
        assert again.mass(values, at, upper).tolist() == statement.mass(values, at, upper).tolist()
