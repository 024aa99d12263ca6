import math

import numpy as np
import pytest

from attrition.evidence.conditioning import condition
from attrition.evidence.linear import Linear, linear_claims, posterior_leaves
from attrition.uncertain import Uncertain, about, between, correlate, log, uniform
from attrition.uncertain.node import Leaf, in_order, unknowns

X, Y = about(44_000, sd=3_000), about(35_000, sd=2_000)
K = between(5_000, 20_000, confidence=0.9, family="lognormal")
W = between(1.3, 3.4, confidence=0.9, family="lognormal")
Z = 1.6448536269514722


def row(linear: Linear | None, number: Uncertain) -> float:
    """The weight of a number in the first claim."""
    assert linear is not None
    return float(linear.weights[0, [leaf.uid for leaf in linear.leaves].index(number.node.uid)])


class TestLinearClaims:
    def test_normal_numbers(self) -> None:
        """Weights are in standard deviations, constants are prior means."""
        linear = linear_claims([(2 * X - Y - 9_000).node, (Y - 30_000).node])

        assert linear is not None
        assert (row(linear, X), row(linear, Y)) == (6_000, -2_000)
        assert linear.constants.tolist() == [2 * 44_000 - 35_000 - 9_000, 5_000]
        assert np.abs(linear.weights[1]).tolist() in ([2_000, 0], [0, 2_000])

    def test_logarithms_of_lognormal_numbers(self) -> None:
        """A claim on a ratio is linear in the logarithms."""
        linear = linear_claims([(log(K * W) - log(20_000)).node])

        assert linear is not None
        assert row(linear, W) == pytest.approx(math.log(3.4 / 1.3) / (2 * Z), rel=1e-12)
        assert linear.constants == pytest.approx(
            [math.log(10_000) + math.log(1.3 * 3.4) / 2 - math.log(20_000)], rel=1e-12
        )

    def test_correlated_numbers(self) -> None:
        """Correlated numbers are sums of scores: the variance of a difference has the tie."""
        a, b = correlate([X, Y], normal_scores=0.6)
        linear = linear_claims([(a - b).node])

        assert linear is not None
        assert np.linalg.norm(linear.weights) == pytest.approx((a - b).std(), rel=1e-12)

    @pytest.mark.parametrize(
        "number", [X * Y, X - K, log(K) - log(X), uniform(0, 1) + X, log(K + W)]
    )
    def test_none_for_anything_else(self, number: Uncertain) -> None:
        """Products of normals, lognormals in sums and other laws have no closed form."""
        assert linear_claims([X.node, number.node]) is None


class TestPosteriorLeaves:
    def test_normal_and_lognormal(self) -> None:
        """The new numbers are of the old families, with the moments of the conditioned scores."""
        linear = linear_claims([(X - Y).node, (log(K) - log(9_000)).node])
        assert linear is not None
        given = condition(linear.weights, np.array([0.0, 0.1]))
        new = posterior_leaves(
            linear, given, [X.node.uid, K.node.uid], identity="new", replaces=frozenset({"old"})
        )
        x, k = (Uncertain(new[number.node.uid]) for number in (X, K))
        variance = 1 / (1 / 3_000**2 + 1 / 2_000**2)

        assert x.method == k.method == "exact"
        assert x.std() == pytest.approx(math.sqrt(variance), rel=1e-12)
        assert k.median() == pytest.approx(10_000 * math.exp(-0.1), rel=1e-12)
        assert k.std() == 0.0
        leaves = unknowns(in_order([x.node, k.node]))
        assert all(isinstance(leaf, Leaf) and leaf.replaces == {"old"} for leaf in leaves)
        assert {leaf.uid for leaf in leaves} <= {"new:0", "new:1"}

    def test_they_stay_tied(self) -> None:
        """A difference that is claimed exactly has no spread although its parts have."""
        linear = linear_claims([(X - Y - 9_000).node])
        assert linear is not None
        given = condition(linear.weights, linear.constants)
        new = posterior_leaves(
            linear, given, [X.node.uid, Y.node.uid], identity="new", replaces=frozenset()
        )
        x, y = (Uncertain(new[number.node.uid]) for number in (X, Y))

        assert (x - y).mean() == pytest.approx(9_000, rel=1e-12)
        assert (x - y).std() == pytest.approx(0.0, abs=1e-9)
        for number in (x, y):
            assert number.std() == pytest.approx(6e6 / math.hypot(3_000, 2_000), rel=1e-12)
