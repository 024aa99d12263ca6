"""Answers of the lattice against known laws, and draws in blocks."""

import math
from collections.abc import Sequence
from typing import ClassVar

import attrs
import numpy as np
import pytest
from scipy import stats

from attrition._typing import FloatArray
from attrition.errors import MomentError, ParameterError
from attrition.uncertain import Uncertain, about, between, exp, from_joint_draws, maximum, uniform
from attrition.uncertain import evaluate as evaluation
from attrition.uncertain.evaluate import draw_block, draw_nodes, law_of, sample_nodes
from attrition.uncertain.families import Normal
from attrition.uncertain.lattice import POINTS, SHIFTS
from attrition.uncertain.law import Law
from attrition.uncertain.node import (
    Apply,
    Evaluated,
    Known,
    Leaf,
    Node,
    Noise,
    Operation,
    apply,
    evaluate,
    in_order,
    unknowns,
)
from attrition.uncertain.operations import Add, Divide, Multiply, Subtract
from attrition.uncertain.sampled import Sampled
from attrition.uncertain.stream import BLOCK, generator
from tests.uncertain.test_node import Drawn


def _lattice(x: Uncertain) -> Sampled:
    """The law as the lattice sees it, whatever better way there is."""
    (values,), method = sample_nodes([x.node])
    return Sampled(np.sort(values, axis=-1), method)


# Eight copies give a t of seven degrees of freedom; a wrong answer is many errors off, a right
# one beyond seven errors once in five thousand.
MANY = 7.0


def _gamma(shape: float, scale: float = 1.0) -> Uncertain:
    return Uncertain.of(stats.gamma(shape, scale=scale))


CASES = [
    ("ratio of gammas", _gamma(3.0) / _gamma(5.0), stats.betaprime(3.0, 5.0)),
    ("share of gammas", 1.0 / (1.0 + _gamma(2.0) / _gamma(4.0)), stats.beta(4.0, 2.0)),
    (
        "sum of gammas",
        _gamma(1.5, 2.0) + _gamma(0.75, 2.0) + _gamma(3.0, 2.0),
        stats.gamma(5.25, scale=2.0),
    ),
    (
        "normal and exponential",
        about(1, sd=0.5) + Uncertain.of(stats.expon(scale=2.0)),
        stats.exponnorm(4.0, loc=1.0, scale=0.5),
    ),
    (
        "triangle",
        uniform(0, 1) + uniform(2, 3),
        stats.triang(0.5, loc=2.0, scale=2.0),
    ),
    (
        "sum of squares",
        about(0, sd=1) ** 2 + about(0, sd=1) ** 2 + about(0, sd=1) ** 2,
        stats.chi2(3),
    ),
    (
        "three lognormals",
        between(1, 2, confidence=0.9, family="lognormal")
        * exp(about(0.5, sd=0.25))
        / between(3, 5, confidence=0.9, family="lognormal"),
        stats.lognorm(
            math.sqrt(
                0.0625
                + (math.log(2.0) / 3.289707253902945) ** 2
                + (math.log(5.0 / 3.0) / 3.289707253902945) ** 2
            ),
            scale=math.sqrt(2.0) * math.exp(0.5) / math.sqrt(15.0),
        ),
    ),
]


class TestLattice:
    @pytest.mark.parametrize(("x", "law"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
    def test_errors_cover_the_truth(self, x: Uncertain, law: stats.rv_continuous) -> None:
        """The stated error covers the distance to the true quantile, and it is small."""
        found = _lattice(x)
        for q in (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99):
            error, miss = found.error(q), abs(float(found.ppf(np.array(q))) - law.ppf(q))

            assert miss <= MANY * error + 1e-9 * law.std()
            assert error < 0.03 * law.std()

    @pytest.mark.parametrize(("x", "law"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
    def test_probabilities_and_moments(self, x: Uncertain, law: stats.rv_continuous) -> None:
        """Probabilities are within their stated errors, moments within those of random points."""
        found = _lattice(x)
        for q in (0.02, 0.4, 0.9):
            place = law.ppf(q)

            miss = abs(float(found.cdf(np.array(place))) - q)
            assert miss <= MANY * found.probability_error(place) + 1e-9
        n = SHIFTS * POINTS
        assert found.mean() == pytest.approx(law.mean(), abs=3.0 * law.std() / math.sqrt(n))
        fourth = law.expect(lambda t: (t - law.mean()) ** 4) / law.var() ** 2
        assert found.var() == pytest.approx(law.var(), rel=3.0 * math.sqrt((fourth - 1.0) / n))

    def test_products_and_extremes(self) -> None:
        """The product of two uniforms and the larger of two normals have closed laws."""
        product, larger = uniform(0, 1) * uniform(0, 1), maximum(about(0, sd=1), about(0, sd=1))
        for q in (0.05, 0.5, 0.95):
            place = float(_lattice(product).ppf(np.array(q)))
            reached = place - place * math.log(place)
            density = -math.log(place)

            assert abs(reached - q) <= MANY * density * _lattice(product).error(q)
            normal = stats.norm.ppf(math.sqrt(q))
            miss = abs(float(_lattice(larger).ppf(np.array(q))) - normal)
            assert miss <= MANY * _lattice(larger).error(q)

    def test_it_is_the_same_every_time(self) -> None:
        """The lattice gives the same values in every call, and of equal numbers."""
        x, y = (uniform(0, 1) * _gamma(2.0) + about(3, sd=1) for _ in range(2))

        assert np.array_equal(_lattice(x).copies, _lattice(x).copies)
        assert np.array_equal(_lattice(x).copies, _lattice(y).copies)

    def test_parts_add_up_to_the_whole(self) -> None:
        """Numbers asked together are values of one and the same world."""
        a, b, c = uniform(0, 1), _gamma(2.0), about(3, sd=1)
        (first, second, whole), method = sample_nodes([(a * b).node, c.node, (a * b + c).node])

        assert method == "lattice"
        assert first.shape == (SHIFTS, POINTS)
        assert np.array_equal(first + second, whole)


class TestLawOf:
    def test_exact_where_possible(self) -> None:
        """What has a closed form is not sampled."""
        assert isinstance(law_of((about(3, sd=1) - 2.0).node), Normal)

    def test_the_lattice_elsewhere(self) -> None:
        """What has none is sampled, between its bounds."""
        u, v, w = uniform(1, 2), uniform(2, 3), uniform(1, 4)
        law = law_of((u * v / w + u * w + v / u).node)

        assert isinstance(law, Sampled)
        assert law.method == "lattice"
        assert law.support() == (2.5, 17.0)
        assert law.copies.shape == (SHIFTS, POINTS)
        assert (np.diff(law.copies) >= 0.0).all()

    def test_a_law_without_moments_is_remembered(self) -> None:
        """A number that rests on a law without a mean has none to show."""
        x = Uncertain.of(stats.cauchy(3)) * uniform(1, 2) + uniform(0, 1) * uniform(0, 1)
        with pytest.raises(MomentError, match=r"^the mean of cauchy\(3\) does not exist\."):
            x.mean()
        assert 3.0 < x.median() < 6.5

    def test_a_simulation_gets_its_draws(self) -> None:
        """What rests on a simulation is answered from the draws that it was made with."""
        root = apply(Add(), apply(Drawn(2.0), about(3, sd=1).node), uniform(0, 1).node)
        law = law_of(root)

        assert isinstance(law, Sampled)
        assert law.method == "draws"
        assert law.copies.shape == (SHIFTS, 10)
        expected = draw_nodes([root], 80, seed=7)[0].reshape(SHIFTS, 10)
        assert np.array_equal(law.copies, np.sort(expected))

    def test_values_that_there_are_not(self) -> None:
        """0 / 0 is refused wherever it would be answered, never a nan."""
        whole = [Uncertain.of(stats.poisson(1)).node for _ in range(2)]
        more: Node = apply(Multiply(), uniform(1, 2).node, uniform(1, 2).node)
        root = apply(Add(), apply(Divide(), whole[0], whole[1]), more)
        for ask in (
            lambda: law_of(root),
            lambda: draw_nodes([root], 1_000, seed=7),
            lambda: sample_nodes([root]),
        ):
            with pytest.raises(ParameterError, match=r"of the draws have no value, from 0 / 0"):
                ask()


@attrs.frozen
class Knowing(Drawn):
    """A simulation that knows more than its draws: a law, points, or neither."""

    law: Law | None = None
    values: tuple[float, ...] = ()

    def law_above(self, root: Node, mine: Apply) -> Law | None:
        return self.law if root is not mine else None

    def points_above(self, roots: Sequence[Node], mine: Apply) -> Evaluated | None:
        if not self.values:
            return None
        assert mine.operation is self
        found = {u.uid: np.array(self.values) for u in unknowns(in_order(roots))}
        return Evaluated(found, len(self.values))


@attrs.frozen
class Asking(Operation):
    """A sum that is a question to a simulation."""

    simulated: ClassVar[bool] = True

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        return np.asarray(sum(arguments))


class TestAboveASimulation:
    X, Y = about(3, sd=1).node, about(5, sd=2).node
    LAW = Normal(7.0, 2.5)
    VALUES = tuple(float(v) for v in range(16))

    def above(self, *operations: Drawn) -> Node:
        """A sum of a simulation or two and a number of its own."""
        parts = [apply(operation, self.X) for operation in operations]
        whole = self.Y
        for part in parts:
            whole = apply(Add(), whole, part)
        return whole

    def test_its_law(self) -> None:
        """A number above one simulation has the law that this knows."""
        assert law_of(self.above(Knowing(2.0, law=self.LAW))) is self.LAW

    def test_a_question_to_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What is a question to a simulation is not looked into, but for its law or its draws."""
        looked: list[Node] = []
        monkeypatch.setattr(evaluation, "exact_law", lambda root: looked.append(root))
        known, normal = apply(Knowing(2.0, law=self.LAW), self.X), apply(Add(), self.X, self.Y)

        assert law_of(apply(Asking(), known, self.Y)) is self.LAW
        assert law_of(apply(Asking(), self.X, self.Y)).method == "lattice"
        assert looked == []
        law_of(normal)
        assert looked == [normal]

    def test_two_know_nothing_of_each_other(self) -> None:
        """Above two simulations neither knows the law."""
        root = self.above(Knowing(2.0, law=self.LAW), Knowing(3.0, law=self.LAW))

        assert isinstance(law_of(root), Sampled)

    def test_none_without(self) -> None:
        """Without a simulation nothing is asked."""
        u, v, w = uniform(1, 2), uniform(2, 3), uniform(1, 4)

        assert law_of((u * v / w + u * w + v / u).node).method == "lattice"

    def test_its_points(self) -> None:
        """Numbers are looked at where the simulation says, in copies."""
        root = self.above(Knowing(2.0, values=self.VALUES))
        (values,), method = sample_nodes([root])

        assert method == "lattice"
        assert values.tolist() == (3.0 * np.arange(16.0)).reshape(SHIFTS, 2).tolist()

    def test_points_only_where_all_know(self) -> None:
        """One simulation that has to be drawn has all drawn."""
        both = self.above(Knowing(2.0, values=self.VALUES), Knowing(3.0, values=self.VALUES))
        one = self.above(Knowing(2.0, values=self.VALUES), Drawn(3.0))
        (values,), method = sample_nodes([both])
        (drawn,), how = sample_nodes([one])

        assert method == "lattice"
        assert values.tolist() == (6.0 * np.arange(16.0)).reshape(SHIFTS, 2).tolist()
        assert how == "draws"
        assert drawn.shape == (SHIFTS, 10)

    def test_no_warning_at_points(self) -> None:
        """Overflow at the points is infinity, and what has no value is refused."""
        huge = self.above(Knowing(1e308, values=self.VALUES))
        nothing = apply(Divide(), apply(Knowing(1.0, values=(0.0,) * 16), self.X), self.Y)

        assert np.isposinf(sample_nodes([huge])[0][0]).any()
        with pytest.raises(ParameterError, match=r"of the draws have no value, from 0 / 0"):
            sample_nodes([nothing])


class TestDrawNodes:
    @staticmethod
    def _numbers() -> list[Node]:
        tied = from_joint_draws({"a": [1.0, 2.0, 3.0], "b": [30.0, 10.0, 20.0]})
        x = about(3, sd=1)
        return [x.node, (x * 2.0 + tied["a"]).node, tied["b"].node, tied["a"].node, Known(4.0)]

    def test_fewer_are_the_first_of_more(self) -> None:
        """The first draws of many are those of few, over the ends of blocks too."""
        numbers = self._numbers()
        few, many = (draw_nodes(numbers, n, seed=20260101) for n in (BLOCK + 7, 3 * BLOCK))

        for short, long in zip(few, many, strict=True):
            assert short.shape == (BLOCK + 7,)
            assert np.array_equal(short, long[: BLOCK + 7])
        assert not np.array_equal(many[0][:BLOCK], many[0][BLOCK : 2 * BLOCK])

    def test_ties_hold_in_every_draw(self) -> None:
        """Columns of one joint and numbers of one unknown belong together."""
        x, mixed, b, a, known = draw_nodes(self._numbers(), 1_000, seed=20260101)

        assert np.array_equal(mixed, 2.0 * x + a)
        assert {(p, q) for p, q in zip(a.tolist(), b.tolist(), strict=True)} == {
            (1.0, 30.0),
            (2.0, 10.0),
            (3.0, 20.0),
        }
        assert known.tolist() == [4.0] * 1_000

    def test_none_at_all(self) -> None:
        """No draws are an empty array."""
        assert draw_nodes([about(3, sd=1).node], 0, seed=7)[0].shape == (0,)

    def test_rows_of_a_simulation(self) -> None:
        """Numbers with several rows keep them."""
        noise = Noise("steps", 3)
        (rows,) = draw_nodes([apply(Drawn(1.0), noise)], 5, seed=7)
        expected = generator(7, "steps#0", 0).standard_normal((3, BLOCK))[:, :5]

        assert np.array_equal(rows, expected)

    def test_blocks_have_generators_of_their_own(self) -> None:
        """A block is drawn from its own generator for each unknown."""
        leaf = Leaf(Normal(3.0, 2.0), "x")
        (drawn,) = draw_block([leaf], 2, seed=7)
        expected = 3.0 + 2.0 * generator(7, "name:x", 2).standard_normal(BLOCK)

        assert np.array_equal(drawn, expected)

    def test_noise_does_not_reach_the_lattice(self) -> None:
        """The lattice deals no column to noise, which only simulations use."""
        x, y = uniform(0, 1).node, uniform(2, 3).node
        (alone,), _ = sample_nodes([apply(Subtract(), x, y)])

        def sample(_: object) -> FloatArray:
            return np.zeros(4)

        assert alone.shape == (SHIFTS, POINTS)
        assert evaluate([Noise("n", 1)], sample, 4)[0].tolist() == [0.0] * 4
