import math
from collections.abc import Sequence
from typing import NamedTuple

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from attrition._typing import FloatArray
from attrition.uncertain import operations as op
from attrition.uncertain.at_score import AtScore
from attrition.uncertain.binomial import BinomialAt
from attrition.uncertain.combination import Combination
from attrition.uncertain.families import LogNormal, Normal, Uniform
from attrition.uncertain.forms import bounds_in
from attrition.uncertain.law import Law
from attrition.uncertain.mixed import Mixture
from attrition.uncertain.node import Apply, Leaf, Node, Operation, apply, evaluate, in_order
from attrition.uncertain.scipy_law import from_scipy
from attrition.uncertain.section import (
    TRUE,
    Interval,
    common,
    mass_in,
    section,
    sections,
    siblings,
)
from tests.strategies import small

ANY, POSITIVE = Normal(0.4, 1.7), LogNormal(1.3, 0.6)
GRID = np.linspace(-6.0137, 6.0219, 241)

NEAR = 1e-9
"""Values this close to an end are a matter of rounding."""


class Solved(NamedTuple):
    """A statement about one operation, the unknown in it and what is known beside it."""

    root: Node
    unknown: Leaf
    known: dict[str, float]

    def section(self, wanted: Interval) -> tuple[float, float]:
        """The solution, as two numbers."""
        values = {uid: np.asarray(value) for uid, value in self.known.items()}
        with np.errstate(all="ignore"):
            low, high = section([self.root], self.unknown, values, [wanted])
        return float(low), float(high)

    def values(self, grid: FloatArray) -> FloatArray:
        """What the statement is about, at values of the unknown."""

        def placed(node: object) -> FloatArray:
            assert isinstance(node, Leaf)
            return grid if node.uid == self.unknown.uid else np.asarray(self.known[node.uid])

        with np.errstate(all="ignore"):
            (found,) = evaluate([self.root], placed, grid.size)
        return found


def solved(operation: Operation, place: int, *others: float, law: Law = ANY) -> Solved:
    """An operation with the unknown at a place and known numbers at the others."""
    unknown = Leaf(law)
    # Leaves stand for the known ones: known numbers alone would be computed at once.
    beside = [Leaf(ANY) for _ in others]
    arguments = [*beside[:place], unknown, *beside[place:]]
    known = {leaf.uid: value for leaf, value in zip(beside, others, strict=True)}
    return Solved(apply(operation, *arguments), unknown, known)


def refuted(case: Solved, wanted: Interval, grid: FloatArray) -> list[float]:
    """The values at which the solution and the operation itself disagree."""
    low, high = case.section(wanted)
    values = case.values(grid)
    lies = (float(wanted.low) <= values) & (values <= float(wanted.high))
    inside = (low <= grid) & (grid <= high)
    slack = NEAR * (1.0 + np.abs(grid))
    edge = (np.abs(grid - low) < slack) | (np.abs(grid - high) < slack)
    for end in (float(wanted.low), float(wanted.high)):
        edge |= np.abs(values - end) < NEAR * (1.0 + abs(end))
    return [float(x) for x in grid[(lies != inside) & ~edge]]


def depends(root: Node, unknown: Leaf) -> frozenset[str]:
    """The unknown and all that rests on it."""
    found = {unknown.uid}
    for node in in_order([root]):
        if isinstance(node, Apply) and any(a.uid in found for a in node.arguments):
            found.add(node.uid)
    return frozenset(found)


def beside(root: Node, unknown: Leaf) -> list[Node] | None:
    """What has to be known to solve a statement for the unknown."""
    return siblings([root], depends(root, unknown), bounds_in(in_order([root])))


def interval(low: float, high: float) -> Interval:
    """From one number to another."""
    return Interval(np.asarray(low), np.asarray(high))


@st.composite
def wants(draw: st.DrawFn) -> Interval:
    """Where a value may have to lie: below, above, between two ends, in the wrong order too."""
    a, b = draw(small), draw(small)
    return draw(st.sampled_from([interval(-math.inf, a), interval(a, math.inf), interval(a, b)]))


BOTH = (0, 1)
TWO: list[Operation] = [op.Add(), op.Subtract(), op.Multiply(), op.Maximum(), op.Minimum()]
OF_TWO = [(operation, place) for operation in TWO for place in BOTH]
OF_ONE = [(op.Exp(), ANY), (op.Log(), POSITIVE), (op.Sqrt(), POSITIVE)]


class TestSection:
    @pytest.mark.parametrize(("operation", "place"), OF_TWO, ids=str)
    @given(small, wants())
    def test_two_arguments(
        self, operation: Operation, place: int, c: float, wanted: Interval
    ) -> None:
        """Sums, differences, products and extremes lie as wanted in the section alone."""
        assert refuted(solved(operation, place, c), wanted, GRID) == []

    @pytest.mark.parametrize(("operation", "place"), OF_TWO, ids=str)
    @pytest.mark.parametrize("wanted", [interval(-1.3, 2.1), interval(0.7, 2.1)])
    def test_zero_and_equal(self, operation: Operation, place: int, wanted: Interval) -> None:
        """Nothing decides a product with 0, and a bound itself lies within the bounds."""
        assert refuted(solved(operation, place, 0.0), wanted, GRID) == []
        assert refuted(solved(operation, place, 2.1), wanted, GRID) == []

    @given(small.filter(bool), wants())
    def test_dividend(self, c: float, wanted: Interval) -> None:
        """A dividend may be solved for, whatever the sign of the divisor."""
        assert refuted(solved(op.Divide(), 0, c), wanted, GRID) == []

    @given(small, wants())
    def test_divisor(self, c: float, wanted: Interval) -> None:
        """So may a divisor that is never negative, whatever the sign of the dividend."""
        case = solved(op.Divide(), 1, c, law=POSITIVE)

        assert refuted(case, wanted, GRID[GRID > 0.0]) == []

    @pytest.mark.parametrize(("operation", "law"), OF_ONE, ids=str)
    @given(wanted=wants())
    def test_one_argument(self, operation: Operation, law: Law, wanted: Interval) -> None:
        """Exponentials, logarithms and roots lie as wanted in the section alone."""
        grid = GRID if law is ANY else GRID[GRID > 0.0]

        assert refuted(solved(operation, 0, law=law), wanted, grid) == []

    @given(small, wants())
    def test_base(self, c: float, wanted: Interval) -> None:
        """A base may be solved for, whatever the sign of the exponent."""
        assert refuted(solved(op.Power(), 0, c, law=POSITIVE), wanted, GRID[GRID > 0.0]) == []

    @pytest.mark.parametrize("c", [-2.0, -0.5, 0.0, 0.5, 3.0])
    @pytest.mark.parametrize(
        "ends", [(-2.0, -1.0), (-1.0, 0.0), (0.0, 1.7), (0.4, 5.0), (2.0, 3.0)]
    )
    def test_base_at_ends(self, c: float, ends: tuple[float, float]) -> None:
        """No power is negative, and the power zero is one."""
        case = solved(op.Power(), 0, c, law=POSITIVE)

        assert refuted(case, interval(*ends), GRID[GRID > 0.0]) == []

    @pytest.mark.parametrize("operation", [op.Sqrt(), op.Power()], ids=str)
    def test_no_root_below_zero(self, operation: Operation) -> None:
        """Nothing under a root or power makes it negative, not even what counts as zero."""
        others = (2.0,) if isinstance(operation, op.Power) else ()
        case = solved(operation, 0, *others)
        zero = Leaf(ANY)
        cut = apply(op.Maximum(), case.unknown, zero)
        root = apply(operation, cut, *(Leaf(ANY, uid=uid) for uid in case.known))
        known = {**case.known, zero.uid: 0.0}

        assert refuted(Solved(root, case.unknown, known), interval(-math.inf, -1.0), GRID) == []
        assert refuted(Solved(root, case.unknown, known), interval(-1.0, 2.0), GRID) == []

    @given(st.floats(0.1, 4.0), wants())
    def test_exponent(self, c: float, wanted: Interval) -> None:
        """An exponent may be solved for, whether the base is above or below one."""
        assert refuted(solved(op.Power(), 1, c), wanted, GRID) == []

    @pytest.mark.parametrize("ends", [(-1.0, 0.5), (0.5, 3.0), (1.2, 3.0)])
    def test_base_one(self, ends: tuple[float, float]) -> None:
        """Any power of one is one."""
        assert refuted(solved(op.Power(), 1, 1.0), interval(*ends), GRID) == []

    @pytest.mark.parametrize("operation", [op.Less(), op.LessEqual()], ids=str)
    @pytest.mark.parametrize("place", BOTH)
    @pytest.mark.parametrize("negated", [False, True])
    @given(c=small)
    def test_comparison(self, operation: Operation, place: int, c: float, *, negated: bool) -> None:
        """A comparison is true in the section alone, to the last double beside the bound."""
        case = solved(operation, place, c)
        case = case._replace(root=apply(op.Not(), case.root)) if negated else case
        grid = np.array([c - 1.0, np.nextafter(c, -9.0), c, np.nextafter(c, 9.0), c + 1.0])
        low, high = case.section(TRUE)

        assert ((low <= grid) & (grid <= high)).tolist() == (case.values(grid) == 1.0).tolist()

    @given(st.floats(0.1, 4.0), st.floats(-4.0, -0.1), small, wants())
    def test_combination(self, up: float, down: float, c: float, wanted: Interval) -> None:
        """A weighted sum may be solved for each of its terms, whatever the sign of its weight."""
        weighted = Combination((up, down, -0.7))

        for place in range(3):
            assert refuted(solved(weighted, place, c, 0.9), wanted, GRID) == []

    @given(wants())
    def test_at_score(self, wanted: Interval) -> None:
        """A law at a normal score lies as wanted in the section alone, beyond its ends too."""
        for law in (Uniform(-1.3, 2.2), LogNormal(0.9, 0.4), Normal(0.3, 1.2)):
            case = solved(AtScore(law, None), 0)

            assert refuted(case, wanted, GRID) == []

    @given(st.sampled_from([0.1, 0.45, 0.9]), small, small, wants())
    def test_part_of_a_mixture(self, choice: float, a: float, b: float, wanted: Interval) -> None:
        """A part decides where it is chosen; elsewhere it may be anything or nothing helps."""
        chosen = Mixture((0.3, 0.5, 0.2))

        for place in (1, 2, 3):
            assert refuted(solved(chosen, place, choice, a, b), wanted, GRID) == []

    @given(small, small)
    def test_conjunction(self, a: float, b: float) -> None:
        """Both have to hold for &, and neither for the opposite of |."""
        x, c, d = Leaf(ANY), Leaf(ANY), Leaf(ANY)
        first, second = apply(op.Less(), c, x), apply(op.LessEqual(), x, d)
        both = apply(op.And(), first, second)
        neither = apply(op.Not(), apply(op.Or(), apply(op.Not(), first), apply(op.Not(), second)))

        for root in (both, neither):
            case = Solved(root, x, {c.uid: a, d.uid: b})
            assert refuted(case, TRUE, GRID) == []
            assert beside(root, x) is not None

    @pytest.mark.parametrize(("value", "inside"), [(1.0, True), (3.0, False)])
    def test_what_is_known_decides(self, value: float, *, inside: bool) -> None:
        """Where a known part of an event fails, no value of the unknown helps."""
        x, y, two = Leaf(ANY), Leaf(ANY), Leaf(ANY)
        other = apply(op.Less(), y, two)
        root = apply(op.And(), apply(op.Less(), x, two), other)
        low, high = Solved(root, x, {two.uid: 2.0, other.uid: float(value < 2.0)}).section(TRUE)

        assert (low <= 1.5 <= high) is inside

    def test_number_and_event_together(self) -> None:
        """The number lies as wanted and the event is true: the narrower of both bounds holds."""
        x, c = Leaf(ANY), Leaf(ANY)
        double, event = apply(op.Add(), x, c), apply(op.Less(), c, x)
        values = {c.uid: np.array([0.5, 2.0])}
        found = section([double, event], x, values, [interval(-math.inf, 3.0), TRUE])

        assert found.high.tolist() == [2.5, 1.0]
        assert found.low.tolist() == [np.nextafter(0.5, 9.0), np.nextafter(2.0, 9.0)]

    def test_bounds_apart(self) -> None:
        """Each way down to the unknown gives a bound of its own; together they are the section."""
        x, c = Leaf(ANY), Leaf(ANY)
        roots = [apply(op.Multiply(), x, c), apply(op.Less(), c, x)]
        wanted = [interval(-math.inf, 3.0), TRUE]
        found = sections(roots, x, {c.uid: np.asarray(0.5)}, wanted)

        assert sorted(part.high.tolist() for part in found) == [6.0, math.inf]
        assert common(found) == section(roots, x, {c.uid: np.asarray(0.5)}, wanted)

    def test_infinite_values_bound_nothing(self) -> None:
        """Infinity less infinity stands where no bound was asked for, and is none."""
        case = solved(op.Add(), 0, -math.inf)

        assert case.section(interval(-math.inf, 3.0)) == (-math.inf, math.inf)
        assert solved(op.Add(), 0, math.inf).section(interval(-math.inf, 3.0))[1] == -math.inf

    def test_repeated_event(self) -> None:
        """An event joined with itself sixty times is followed once, not 2**60 times."""
        x, c = Leaf(ANY), Leaf(ANY)
        root = apply(op.Less(), x, c)
        for _ in range(60):
            root = apply(op.And(), root, root)

        assert beside(root, x) == [c]
        assert Solved(root, x, {c.uid: 1.5}).section(TRUE) == (-math.inf, np.nextafter(1.5, 0.0))

    def test_long_graph(self) -> None:
        """A sum of ten thousand terms is solved without recursion."""
        x, c = Leaf(ANY), Leaf(ANY)
        root: Node = x
        for _ in range(10_000):
            root = apply(op.Add(), root, c)

        assert Solved(root, x, {c.uid: 0.5}).section(interval(1.0, 5_001.0)) == (-4_999.0, 1.0)


X, Y, S = Leaf(ANY), Leaf(ANY), Leaf(POSITIVE)
NEGATIVE = Leaf(Uniform(-3.0, -1.0))
COUNT = from_scipy(stats.poisson(3))
CHOICE = Leaf(Uniform(0.0, 1.0))
UNSOLVED: dict[str, tuple[Node, Leaf]] = {
    "twice": (apply(op.Add(), X, apply(op.Exp(), X)), X),
    "twice through a combination": (apply(Combination((1.0, 2.0)), X, apply(op.Exp(), X)), X),
    "a divisor of both signs": (apply(op.Divide(), Y, X), X),
    "a divisor below zero": (apply(op.Divide(), Y, NEGATIVE), NEGATIVE),
    "a base of both signs": (apply(op.Power(), X, S), X),
    "an exponent of a base of both signs": (apply(op.Power(), X, S), S),
    "an equality": (apply(op.Equal(), X, Y), X),
    "one of two events": (apply(op.Or(), apply(op.Less(), X, Y), apply(op.Less(), Y, S)), X),
    "not both of two": (
        apply(op.Not(), apply(op.And(), apply(op.Less(), X, Y), apply(op.Less(), X, S))),
        X,
    ),
    "a law with atoms at its score": (apply(AtScore(COUNT, None), X), X),
    "the choice of a mixture": (apply(Mixture((0.4, 0.6)), CHOICE, X, Y), CHOICE),
    "a count of so many": (apply(BinomialAt(), S, CHOICE, Y), S),
    "below something that turns": (apply(op.Exp(), apply(op.Divide(), Y, X)), X),
}


class TestSiblings:
    @pytest.mark.parametrize(("root", "unknown"), UNSOLVED.values(), ids=UNSOLVED)
    def test_what_is_not_one_interval(self, root: Node, unknown: Leaf) -> None:
        """Where an unknown enters twice, or through what turns or steps, nothing is solved."""
        assert beside(root, unknown) is None

    def test_all_that_is_beside(self) -> None:
        """All that does not depend on the unknown has to be known, at the first place it joins."""
        product = apply(op.Multiply(), S, Y)
        root = apply(op.Add(), apply(op.Subtract(), X, product), S)

        found = beside(root, X)
        assert found is not None
        assert {node.uid for node in found} == {product.uid, S.uid}

    def test_root_that_rests_on_others(self) -> None:
        """A statement about something else has to be known itself."""
        assert siblings([X, S], frozenset({X.uid}), {}) == [S]


TAILS: Sequence[tuple[float, float]] = [
    (-math.inf, -9.0),
    (-9.0, -8.5),
    (-2.1, 0.3),
    (0.2, 1.9),
    (8.5, 9.0),
    (30.0, 30.1),
    (-30.1, -30.0),
    (9.0, math.inf),
]


class TestMassIn:
    @pytest.mark.parametrize("ends", TAILS, ids=str)
    def test_normal(self, ends: tuple[float, float]) -> None:
        """The mass of an interval is right in relation to itself, in the far tails too."""
        found = float(mass_in(Normal(0.0, 1.0), interval(*ends)))

        assert found == pytest.approx(float(_normal_mass(*ends)), rel=1e-13, abs=0.0)

    def test_nothing(self) -> None:
        """Reversed ends, ends that meet and ends beyond the law hold no mass."""
        low, high = np.array([2.0, 1.0, 5.0, -7.0]), np.array([1.0, 1.0, 6.0, -6.0])

        assert mass_in(Uniform(0.0, 4.0), Interval(low, high)).tolist() == [0.0] * 4
        assert mass_in(Uniform(0.0, 4.0), interval(math.inf, -math.inf)).tolist() == 0.0

    @pytest.mark.parametrize(
        "wanted", [interval(3.0, 2.0), interval(-1.0, -2.0), interval(5.0, 4.5)]
    )
    def test_nothing_beyond_one_end(self, wanted: Interval) -> None:
        """Nor do reversed ends of which one is beyond the law."""
        assert float(mass_in(Uniform(0.0, 4.0), wanted)) == 0.0

    def test_every_place_its_own(self) -> None:
        """Places of one array lie below, above and inside, each with its own mass."""
        low, high = np.array([-1.0, 1.0, 3.0]), np.array([1.0, 3.0, 9.0])
        found = mass_in(Uniform(0.0, 4.0), Interval(low, high))

        assert found.tolist() == [0.25, 0.5, 0.25]


def _normal_mass(low: float, high: float) -> mpmath.mpf:
    with mpmath.workdps(450):
        ends = [mpmath.mpf(end) / mpmath.sqrt(2) for end in (low, high)]
        return (mpmath.erfc(ends[0]) - mpmath.erfc(ends[1])) / 2
