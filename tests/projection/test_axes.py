import math
from datetime import date

import numpy as np
import pytest
from scipy import integrate, special, stats

from attrition._typing import FloatArray
from attrition.projection.axes import axes_of, gauss, gauss_of
from attrition.projection.response import Response
from attrition.uncertain import (
    Uncertain,
    about,
    between,
    correlate,
    exactly,
    from_draws,
    from_joint_draws,
    log,
    maximum,
    minimum,
    mixture,
    share,
    uniform,
)
from attrition.uncertain.node import Known
from tests.projection.futures import MONTHLY, future, intake, losses
from tests.projection.responses import asked, axis

START = about(712_000, sd=20_000, name="start")
LOST = about(44_000, sd=2_700, name="lost")
JOINED = between(31_000, 38_000, confidence=0.9, family="lognormal", name="joined")
KEPT = share(0.4, 0.7, confidence=0.9, name="kept")
END = [[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]]


def found(response: Response) -> list[tuple[str, int]]:
    """The uid of each axis and how many unknowns are below it, in an order of their own."""
    axes = axes_of(response)
    assert axes is not None
    return sorted((one.node.uid, len(one.leaves)) for one in axes)


def each(*numbers: tuple[Uncertain, int]) -> list[tuple[str, int]]:
    """The same from numbers."""
    return sorted((number.node.uid, size) for number, size in numbers)


def raw(values: FloatArray, weights: FloatArray, powers: int) -> list[float]:
    """Raw moments of single values."""
    return [float(weights @ values**power) for power in range(powers)]


class TestGauss:
    @pytest.mark.parametrize("nodes", [1, 2, 5, 12])
    def test_moments_of_a_normal(self, nodes: int) -> None:
        """A rule of n nodes is exact for the first 2 n moments of a standard normal."""
        scores, weights = gauss(nodes)
        moments = raw(scores, weights, 2 * nodes)

        expected = [math.prod(range(p - 1, 0, -2)) if p % 2 == 0 else 0 for p in range(2 * nodes)]
        assert moments == pytest.approx(expected, rel=1e-9, abs=1e-4 * max(expected) / 1e4)
        assert not scores.flags.writeable
        assert not weights.flags.writeable


class TestGaussOf:
    @pytest.mark.parametrize("nodes", [1, 2, 5, 9])
    def test_of_the_rule_of_a_normal(self, nodes: int) -> None:
        """From the points of a fine rule for a normal come those of a coarse one."""
        for many in zip(gauss_of(*gauss(16), nodes), gauss(nodes), strict=True):
            np.testing.assert_allclose(many[0], many[1], atol=1e-12)

    @pytest.mark.parametrize("nodes", [2, 4, 7])
    def test_of_evenly_spread_values(self, nodes: int) -> None:
        """From the points of Legendre, in any order, come those of a coarser rule of Legendre."""
        points, weights = special.roots_legendre(40)
        order = np.random.default_rng(20260101).permutation(40)
        values, chances = gauss_of(5.0 + 3.0 * points[order], weights[order] / 2.0, nodes)
        expected = special.roots_legendre(nodes)

        np.testing.assert_allclose(values, 5.0 + 3.0 * expected[0], rtol=1e-12)
        np.testing.assert_allclose(chances, expected[1] / 2.0, rtol=1e-11)

    @pytest.mark.parametrize("nodes", [1, 3, 6])
    def test_moments(self, nodes: int) -> None:
        """A rule of n nodes has the first 2 n moments of the law."""
        rng = np.random.default_rng(20260101)
        values, weights = rng.random(30) ** 3, rng.dirichlet(np.ones(30))
        rule = gauss_of(values, weights, nodes)

        assert rule[0].size == nodes
        assert raw(*rule, 2 * nodes) == pytest.approx(raw(values, weights, 2 * nodes), rel=1e-10)

    def test_a_law_with_long_tails(self) -> None:
        """The polynomials stay orthogonal where values differ by many orders of magnitude."""
        scores, weights = gauss(16)
        values = np.exp(3.0 * (scores - scores[-1]))
        rule = gauss_of(values, weights, 12)

        assert raw(*rule, 24) == pytest.approx(raw(values, weights, 24), rel=1e-10, abs=0.0)

    def test_fewer_values(self) -> None:
        """Where a law has fewer values than nodes were asked for, these are the nodes."""
        values, chances = (
            np.array([7.0, -2.0, 7.0, 3.0, 3.0]),
            np.array([0.1, 0.2, 0.3, 0.15, 0.25]),
        )
        places, weights = gauss_of(values, chances, 6)

        np.testing.assert_allclose(places, [-2.0, 3.0, 7.0], rtol=1e-12)
        np.testing.assert_allclose(weights, [0.2, 0.4, 0.4], rtol=1e-12)

    @pytest.mark.parametrize("value", [0.0, 0.1, 712_000.3])
    def test_one_value(self, value: float) -> None:
        """A law of one value has one node."""
        # Of these weights the mean is off by rounding, so that values are not quite their mean.
        for weights in (gauss(12)[1], np.array([0.1, 0.2, 0.7])):
            places, chances = gauss_of(np.full(weights.size, value), weights, 4)

            assert places == pytest.approx([value], rel=1e-15)
            assert chances == pytest.approx([1.0], rel=1e-15)


class TestAxis:
    SCORES = np.array([[-2.0, 0.0, 1.0], [0.5, -1.0, 3.0]])

    def test_values_of_an_unknown(self) -> None:
        """An unknown has its quantiles at the probabilities of the scores."""
        expected = np.asarray(JOINED.ppf(stats.norm.cdf(self.SCORES[0])))

        np.testing.assert_allclose(axis(JOINED).at(self.SCORES[:1]), expected, rtol=1e-12)

    def test_values_of_an_input(self) -> None:
        """An input is computed from the quantiles of all its unknowns."""
        joined = np.asarray(JOINED.ppf(stats.norm.cdf(self.SCORES[0])))
        kept = np.asarray(KEPT.ppf(stats.norm.cdf(self.SCORES[1])))
        made = axis(JOINED * (1.0 - KEPT) / (1.0 + KEPT), JOINED, KEPT)

        expected = joined * (1.0 - kept) / (1.0 + kept)
        np.testing.assert_allclose(made.at(self.SCORES), expected, rtol=1e-12)

    def test_which_is_normal(self) -> None:
        """A normal, and what is made of one alone, has a score that it may be linear in."""
        made = [axis(LOST), axis(3.0 * LOST, LOST), axis(JOINED), axis(LOST * START, LOST, START)]

        assert [one.is_normal for one in made] == [True, True, False, False]

    def test_rule_of_an_unknown(self) -> None:
        """The rule of one unknown is that of its score."""
        values, weights = axis(2.0 * JOINED, JOINED).rule(7)
        scores, expected = gauss(7)

        np.testing.assert_allclose(values, 2.0 * JOINED.ppf(stats.norm.cdf(scores)), rtol=1e-9)
        assert weights.tolist() == expected.tolist()

    @pytest.mark.parametrize("in_value", [False, True])
    def test_moments_of_two_unknowns(self, *, in_value: bool) -> None:
        """Mean and variance of an input of two unknowns are their integrals over both."""
        ratio = between(2.3, 3.4, confidence=0.9, family="lognormal")
        made = axis(ratio * KEPT / (1.0 + ratio), ratio, KEPT)
        values, weights = made.rule_in_value(4) if in_value else made.rule(4)

        def moment(power: int) -> float:
            def at(z: float, u: float) -> float:
                wounded = math.sqrt(2.3 * 3.4) * math.exp(z * math.log(3.4 / 2.3) / (2 * 1.6448536))
                logit = [math.log(p / (1.0 - p)) for p in (0.4, 0.7)]
                score = sum(logit) / 2 + u * (logit[1] - logit[0]) / (2 * 1.6448536)
                value = wounded / (1.0 + wounded) / (1.0 + math.exp(-score))
                return float(value**power * stats.norm.pdf(z) * stats.norm.pdf(u))

            return float(integrate.dblquad(at, -8, 8, -8, 8, epsabs=1e-9)[0])

        mean, second = moment(1), moment(2)
        assert values.size == 4
        assert weights @ values == pytest.approx(mean, rel=1e-7)
        assert weights @ values**2 == pytest.approx(second, rel=1e-7)

    @pytest.mark.parametrize("size", [3, 4])
    def test_moments_of_several_unknowns(self, size: int) -> None:
        """Mean and variance of a product of lognormals are the products of theirs."""
        parts = [about(2.0 + i, sd=0.1 * (1.0 + i), positive=True) for i in range(size)]
        values, weights = axis(math.prod(parts[1:], start=parts[0]), *parts).rule(3)
        second = math.prod(part.var() + part.mean() ** 2 for part in parts)

        assert weights @ values == pytest.approx(math.prod(part.mean() for part in parts), rel=1e-8)
        # Three points of each are exact up to the fifth power of its score.
        assert weights @ values**2 == pytest.approx(second, rel=1e-6)

    def test_powers_of_the_value(self) -> None:
        """Of a law half as wide as its mean a rule in its value has the powers."""
        wide = about(10.0, sd=5.0, positive=True)
        shape = math.sqrt(math.log1p(0.25))
        expected = [10.0**p * math.exp(0.5 * p * (p - 1) * shape**2) for p in range(6)]
        by_value, by_score = (
            np.array(raw(*rule, 6)) / expected
            for rule in (axis(wide).rule_in_value(3), axis(wide).rule(3))
        )

        np.testing.assert_allclose(by_value, 1.0, rtol=1e-6)
        assert np.abs(by_score - 1.0).max() > 0.1

    def test_a_constant_has_one_node(self) -> None:
        """An input of unknowns that cancel each other has one node."""
        other = about(3.0, sd=1.0, positive=True)
        values, weights = axis(5.0 + (other - other) * JOINED, JOINED, other).rule(4)

        assert (values.tolist(), weights.tolist()) == ([5.0], [1.0])


SEVERAL = from_joint_draws({"a": [7e5, 7.2e5, 7.1e5], "b": [1.0, 2.0, 3.0]})["a"]
EITHER = mixture([(0.7, about(700_000, sd=9_000)), (0.3, about(730_000, sd=5_000))])
TIED = correlate([about(712_000, sd=20_000), LOST], normal_scores=0.5)
DRAWN = correlate([from_draws([6.9e5, 7.0e5, 7.3e5]), about(44_000, sd=2_000)], normal_scores=0.5)


class TestAxesOf:
    @pytest.mark.parametrize(
        "strength",
        [
            EITHER,
            maximum(START, 700_000),
            minimum(START, 730_000),
            from_draws([7.0e5, 7.1e5, 7.4e5]),
            SEVERAL,
            DRAWN[0],
        ],
        ids=["mixture", "maximum", "minimum", "draws", "joint", "tied draws"],
    )
    def test_no_smooth_function_of_a_score(self, strength: Uncertain) -> None:
        """What has kinks or steps is for no rule."""
        assert axes_of(asked(strength)) is None

    def test_a_rest_with_a_kink(self) -> None:
        """A threshold with a kink is for no rule either."""
        assert axes_of(asked(START, weights=END, rest=(maximum(LOST, 1.0),))) is None

    def test_each_unknown(self) -> None:
        """Inputs that are unknowns are axes, those that are known and the noise are none."""
        lost = losses(LOST, variation=MONTHLY)

        assert found(asked(START, lost, intake(JOINED))) == each((START, 1), (LOST, 1), (JOINED, 1))
        assert found(asked(exactly(712_000), lost, intake(35_000))) == each((LOST, 1))
        assert found(asked(712_000)) == []

    def test_a_simulation_without_unknowns(self) -> None:
        """A number that is simulated although nothing in it is unknown is no axis."""
        arrivals = future().strength(date(2026, 8, 1)) / 20.0

        assert not isinstance(arrivals.node, Known)
        assert found(asked(START, joined=intake(arrivals))) == each((START, 1))

    def test_an_input_of_one_unknown(self) -> None:
        """What is made of one unknown alone is the axis, not the unknown."""
        level = 2.0 * uniform(15_000, 20_000)

        assert found(asked(START, joined=intake(level))) == each((START, 1), (level, 1))

    def test_an_input_of_several_unknowns(self) -> None:
        """An input of two to four unknowns of its own is one axis, of five each is one."""
        parts = [about(35_000, sd=900, positive=True)]
        parts += [about(1.0, sd=0.01 * (1 + i), positive=True) for i in range(4)]
        for size in (2, 3, 4):
            level = math.prod(parts[1:size], start=parts[0])
            assert found(asked(START, joined=intake(level))) == each((START, 1), (level, size))
        level = math.prod(parts[1:], start=parts[0])
        apart = [(part, 1) for part in parts]
        assert found(asked(START, joined=intake(level))) == each((START, 1), *apart)

    def test_a_sum_with_a_normal(self) -> None:
        """A normal in a sum stays by itself, for the closed form; in a product or logarithm not."""
        assert found(asked(2.0 * JOINED + START)) == each((JOINED, 1), (START, 1))
        assert found(asked(START, losses(KEPT * LOST))) == each((START, 1), (KEPT * LOST, 2))
        level = JOINED + 1_000.0 * log(LOST)
        assert found(asked(START, joined=intake(level))) == each((START, 1), (level, 2))

    def test_tied_numbers(self) -> None:
        """Numbers that were tied share unknowns, and each of these is an axis."""
        start, lost = TIED
        response = asked(start, losses(lost))

        assert found(asked(start)) == each((start, 1))
        assert found(response) == sorted((one.uid, 1) for one in response.unknowns)
        assert len(response.unknowns) == 2

    def test_the_same_again(self) -> None:
        """What-ifs that share an input have its axis, and the rules of it, from one place."""
        kept = 1.0 - KEPT
        one, other = (
            axes_of(asked(START, losses(LOST), intake(joined * kept))) for joined in (1.0, 2.0)
        )
        assert one is not None
        assert other is not None

        same = [axis in other for axis in one]
        assert sorted(same) == [False, True, True]
        assert one[0].rule_in_value(3) is one[0].rule_in_value(3)
        # Shared by all, and so not to be written into.
        assert not any(part.flags.writeable for part in (*one[0].rule_in_value(3), one[0].fine[0]))

    def test_a_shared_unknown(self) -> None:
        """Inputs that share an unknown are no axes; each of their unknowns is one."""
        other = about(1.0, sd=0.1, positive=True)
        three = [(START, 1), (JOINED, 1), (KEPT, 1)]
        response = asked(START, losses(JOINED * KEPT), intake(other * KEPT))

        assert found(response) == each(*three, (other, 1))
        assert found(asked(START, losses(JOINED * KEPT), intake(KEPT))) == each(*three)

    def test_one_input_twice(self) -> None:
        """A number that is two inputs is one axis, and is none with a rest of its unknowns."""
        level = JOINED * KEPT
        response = asked(START, losses(level), weights=END, rest=(level / 2.0,))

        assert found(asked(START, losses(level), intake(level))) == each((START, 1), (level, 2))
        assert found(response) == each((START, 1), (JOINED, 1), (KEPT, 1))

    def test_a_rest_of_its_own(self) -> None:
        """A threshold with unknowns of its own is one axis."""
        limit = JOINED * KEPT

        assert found(asked(START, weights=END, rest=(limit,))) == each((START, 1), (limit, 2))
