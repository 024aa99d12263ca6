import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from scipy import stats

from attrition.errors import DependenceError, EventError, NumberError, ParameterError
from attrition.uncertain import (
    Event,
    EventSummary,
    Uncertain,
    about,
    draws,
    exactly,
    from_draws,
    from_joint_draws,
    maximum,
    probability,
    total_of,
    uniform,
)
from attrition.uncertain.node import Noise
from tests.accounts.records import unchecked
from tests.strategies import normals, positives

POISSON = stats.poisson(2.5)


def _poisson() -> Uncertain:
    return Uncertain.of(POISSON)


class TestProbability:
    def test_normals(self) -> None:
        """The larger of two normals is so with the probability of a normal difference."""
        losses, recruits = about(44_000, sd=3_000), about(35_000, sd=2_000)
        expected = float(stats.norm.cdf(9_000 / math.hypot(3_000, 2_000)))

        assert probability(losses > recruits) == pytest.approx(expected, rel=1e-13)
        assert probability(losses >= recruits) == pytest.approx(expected, rel=1e-13)
        assert probability(losses < recruits) == pytest.approx(1.0 - expected, rel=1e-12)
        assert probability(losses <= recruits) == pytest.approx(1.0 - expected, rel=1e-12)
        assert probability(losses.equals(recruits)) == 0.0

    @pytest.mark.parametrize("k", [-1, 0, 2, 2.5, 3])
    def test_discrete_numbers(self, k: float) -> None:
        """Of a discrete number less, at most and equal are three probabilities."""
        x = _poisson()

        assert probability(x < k) == pytest.approx(POISSON.cdf(math.ceil(k) - 1), rel=1e-12)
        assert probability(x <= k) == pytest.approx(POISSON.cdf(k), rel=1e-12)
        assert probability(x > k) == pytest.approx(POISSON.sf(k), rel=1e-12)
        assert probability(x >= k) == pytest.approx(POISSON.sf(math.ceil(k) - 1), rel=1e-12)
        assert probability(x.equals(k)) == pytest.approx(POISSON.pmf(k), abs=1e-15)
        assert probability(k < x) == probability(x > k)
        assert probability(k >= x) == probability(x <= k)

    def test_shifted_and_scaled_discrete_numbers(self) -> None:
        """Nothing is lost in the rounding of a scaled discrete number."""
        y = 0.1 * _poisson()

        assert probability(y <= 0.3) == pytest.approx(POISSON.cdf(3), rel=1e-12)
        assert probability(y < 0.3) == pytest.approx(POISSON.cdf(2), rel=1e-12)
        assert probability(y.equals(0.3)) == pytest.approx(POISSON.pmf(3), rel=1e-12)
        assert probability((-y).equals(-0.7)) == pytest.approx(POISSON.pmf(7), rel=1e-12)
        assert probability(3.0 - _poisson() > 1.0) == pytest.approx(POISSON.cdf(1), rel=1e-12)

    def test_a_number_and_itself(self) -> None:
        """A number is at most itself and never less."""
        x = _poisson()

        assert probability(x < x) == 0.0
        assert probability(x <= x) == 1.0
        assert probability(x.equals(x)) == 1.0
        assert probability(x + 1 > x) == 1.0
        assert probability(about(3, sd=1) - about(3, sd=1) > 1e9) < 1e-300

    def test_known_numbers(self) -> None:
        """Of known numbers a comparison is certain."""
        assert (exactly(3) < 4).summary() == EventSummary(
            probability=1.0, method="exact", error=0.0
        )
        assert probability(exactly(3) > 4) == 0.0
        assert probability(exactly(3).equals(3)) == 1.0

    def test_a_bound_with_mass(self) -> None:
        """Mass piled up on a bound is at the bound."""
        x = maximum(about(1, sd=2), 0)
        piled = stats.norm.cdf(-0.5)

        assert probability(x <= 0) == pytest.approx(piled, rel=1e-9)
        assert probability(x < 0) == 0.0
        assert probability(x.equals(0)) == pytest.approx(piled, rel=1e-9)
        assert probability(2.0 * x + 1.0 > 1.0) == pytest.approx(1.0 - piled, rel=1e-9)

    def test_values_and_columns(self) -> None:
        """Of draws a probability is a share, of columns one of rows."""
        x = from_draws([1.0, 2.0, 2.0, 5.0])
        tied = from_joint_draws({"a": [1.0, 2.0, 3.0, 4.0], "b": [2.0, 1.0, 3.0, 5.0]})

        assert probability(x < 2) == 0.25
        assert probability(x <= 2) == 0.75
        assert probability(tied["a"] < tied["b"]) == 0.5
        assert probability(tied["a"] <= tied["b"]) == 0.75
        assert probability(tied["a"].equals(tied["b"])) == 0.25
        assert (tied["a"] < tied["b"]).summary().method == "exact"

    @given(normals(), positives())
    def test_two_sides_sum_to_one(self, x: Uncertain, y: Uncertain) -> None:
        """Less and at least are opposites, whatever the numbers."""
        assert probability(x < 1.0) + probability(x >= 1.0) == pytest.approx(1.0, abs=1e-14)
        assert probability(y <= 1.0) + probability(y > 1.0) == pytest.approx(1.0, abs=1e-14)

    def test_on_the_lattice(self) -> None:
        """Without a closed form the lattice answers, and its error covers the truth."""
        a, b, c = (Uncertain.of(stats.expon(scale=scale)) for scale in (1.0, 2.0, 4.0))
        summary = (a + b < c).summary()
        expected = 4.0 / 5.0 * 2.0 / 3.0

        assert summary.method == "lattice"
        assert 0.0 < summary.error < 0.002
        # P(C > A + B) is the product of the Laplace transforms at 1 / 4.
        assert abs(summary.probability - expected) <= 7.0 * summary.error

    def test_what_is_no_event(self) -> None:
        """A probability is that of an event; the message shows one."""
        with pytest.raises(NumberError) as caught:
            unchecked(probability)(0.7)
        assert str(caught.value) == (
            "probability takes an event, not 0.7: expected a comparison. "
            "Type for example probability(x > 0)."
        )

    def test_nan_is_never_compared(self) -> None:
        """A comparison with nan is refused."""
        with pytest.raises(ParameterError, match=r"^operand is nan"):
            _ = about(3, sd=1) < math.nan


class TestCombinations:
    def test_and_or_not(self) -> None:
        """Combined events have the areas in which they hold together."""
        x, y = uniform(0, 1), uniform(0, 1)
        left, right = x < 0.5, y < 0.25
        for event, expected in (
            (left & right, 0.125),
            (left | right, 0.625),
            (~left, 0.5),
            (~(left & right), 0.875),
            ((x > 0.25) & (x < 0.5), 0.25),
            ((x < 0.25) & (x > 0.5), 0.0),
            ((x < 0.25) | (x >= 0.25), 1.0),
        ):
            summary = event.summary()

            assert summary.method in {"exact", "quadrature"}
            assert abs(summary.probability - expected) < 1e-9
            assert summary.error < 1e-9

    def test_what_nothing_can_be_solved_for(self) -> None:
        """Where every unknown enters twice, the shares of values decide: X + Y > 1 for a half."""
        x, y = uniform(0, 1), uniform(0, 1)
        summary = (x * y * (x + y) - x * y > 0.0).summary()

        assert summary.method == "lattice"
        assert abs(summary.probability - 0.5) <= 7.0 * summary.error
        assert 0.0 < summary.error < 2e-3

    def test_draws_that_agree_are_no_proof(self) -> None:
        """An event that holds in no draw is known to one draw."""
        x, y = uniform(0, 1), uniform(0, 1)
        never = (x * x * y - y > 2.0) & (x * x * y - y > 3.0)

        assert never.summary().method == "lattice"
        assert never.summary().error == pytest.approx(1.0 / 32_744)

    def test_orthants(self) -> None:
        """Correlated normals share an orthant by the arcsine of their correlation."""
        x, y, z = (about(0, sd=1) for _ in range(3))
        two = (x > 0) & (x + y > 0)
        correlated = 1.0 / math.sqrt(2.0)

        assert probability(two) == pytest.approx(0.25 + math.asin(correlated) / (2 * math.pi))
        assert (two).summary().method == "quadrature"
        # In order, one of six ways; and smallest of three.
        for event, expected in (((x < y) & (y < z), 1 / 6), ((x < y) & (x < z), 1 / 3)):
            summary = event.summary()
            assert abs(summary.probability - expected) <= 6.0 * summary.error

    def test_inclusion_and_exclusion(self) -> None:
        """P(A or B) = P(A) + P(B) - P(A and B), by a complement on the left side."""
        x, y = about(0, sd=1), uniform(-1, 2)
        a, b = x > 0.3, x + y > 0.7
        union = probability(a) + probability(b) - probability(a & b)

        assert probability(a | b) == pytest.approx(union, abs=1e-12)
        assert (a | b).summary().method == "quadrature"
        assert probability(~(a & b)) == pytest.approx(1.0 - probability(a & b), abs=1e-15)

    def test_columns(self) -> None:
        """Of columns a combination is a share of rows, exactly."""
        tied = from_joint_draws({"a": [1.0, 2.0, 3.0, 4.0], "b": [2.0, 1.0, 3.0, 5.0]})
        summary = ((tied["a"] < 4) & (tied["b"] > 1)).summary()

        assert (summary.probability, summary.method, summary.error) == (0.5, "exact", 0.0)

    def test_by_values(self) -> None:
        """What can be solved for no unknown is a share of the values of the lattice."""
        x, y = uniform(0, 1), uniform(0, 1)
        summary = ((x * x - x + y * y - y < -0.25) & (x > 0.5)).summary()

        # Half a disc of radius 1/2.
        assert summary.method == "lattice"
        assert abs(summary.probability - math.pi / 8) <= 6.0 * summary.error

    def test_ties(self) -> None:
        """Two different unknowns of one name are refused in combinations too."""
        a, b = about(3, sd=1, name="a"), uniform(0, 1, name="a")
        with pytest.raises(DependenceError, match=r"^two different unknowns are both named 'a'"):
            ((a > 3) & (b > 0.5)).summary()

    def test_the_rules_of_logic(self) -> None:
        """De Morgan's rules hold in every draw."""
        x, y = uniform(0, 1), about(0, sd=1)
        a, b = x < 0.3, y > 0.2

        assert probability(~(a & b)) == pytest.approx(probability(~a | ~b), abs=1e-15)
        assert probability(a & b) + probability(a | b) == pytest.approx(
            probability(a & a) + probability(b & b)
        )

    def test_only_events_combine(self) -> None:
        """An event is combined with events, nothing else."""
        event = about(3, sd=1) > 2
        for combine in (lambda: event & True, lambda: event | 0.5, lambda: True & event):  # type: ignore[operator]  # refused or allowed at run time only
            with pytest.raises(TypeError, match="unsupported operand"):
                combine()


class TestIdentity:
    def test_the_same_statement(self) -> None:
        """The same statement about the same unknowns is one event."""
        x, y = about(3, sd=1), about(3, sd=1)

        assert (x < y) == (y > x)
        assert (x <= y) == (y >= x)
        assert hash(x < y) == hash(y > x)
        assert (x < y) != (x <= y)
        assert (x < y) != (y < x)
        assert ((x < y) & (y < 3)) == ((y < 3) & (x < y))
        assert (x < y) != 3
        assert x.equals(y) == y.equals(x)

    def test_pickle(self) -> None:
        """An event comes back from a pickle as the same one, however long its numbers."""
        total = total_of(*(about(i, sd=1) for i in range(3_000)))
        event = (total > 4e6) | (total < 0)
        back = pickle.loads(pickle.dumps(event))

        assert back == event
        assert probability(pickle.loads(pickle.dumps(total > 4e6))) == probability(total > 4e6)

    def test_text(self) -> None:
        """The text says what kind of statement it is, and is the same in every run."""
        x = about(3, sd=1)

        assert repr(x < 2) == "Event(Less)"
        assert repr(x >= 2) == "Event(LessEqual)"
        assert repr(~(x < 2)) == "Event(Not)"
        assert repr(exactly(3) < 2) == "Event(never)"
        assert repr(exactly(3) > 2) == "Event(always)"
        assert repr(Event(Noise("n", 1))) == "Event(Noise)"


class TestTruth:
    def test_neither_true_nor_false(self) -> None:
        """An event in an if, in max or in sorted is refused, with what to ask instead."""
        x, y = about(3, sd=1), about(4, sd=1)
        for use in (
            lambda: bool(x < y),
            lambda: max(x, y),
            lambda: sorted([x, y]),
            lambda: 1 < x < 4,
        ):
            with pytest.raises(EventError) as caught:
                use()
            assert str(caught.value) == (
                "an event is neither true nor false: it has a probability. Ask for "
                "probability(event); use maximum(a, b) for the larger of two, and "
                "sorted(numbers, key=Uncertain.median) to sort."
            )
        assert sorted([y, x], key=Uncertain.median) == [x, y]


class TestSummary:
    def test_text_is_words_and_per_cent(self) -> None:
        """The text of a summary is a word and a percentage."""
        assert str((about(3, sd=1) < 4).summary()) == "very likely (84 %)"

    def test_text_near_a_boundary(self) -> None:
        """A numerical error across a boundary of the table brings both of its words."""
        near, nearer = (
            EventSummary(probability=0.2001, method="lattice", error=error)
            for error in (4e-5, 1e-4)
        )

        assert str(near) == "unlikely (20 %)"
        assert str(nearer) == "very unlikely or unlikely (20 %)"

    def test_draws_agree(self) -> None:
        """The share of draws in which a comparison holds is its probability."""
        x, y = about(3, sd=1), uniform(1, 4)
        a, b = draws(x, y, n=50_000, rng=20260101)
        p = probability(x < y)

        assert abs(float(np.mean(a < b)) - p) < 5.0 * math.sqrt(p * (1.0 - p) / 50_000)
