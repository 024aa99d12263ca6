import math

import numpy as np
import pytest
from scipy import stats

from attrition.uncertain import (
    Uncertain,
    about,
    between,
    exactly,
    exp,
    from_draws,
    log,
    maximum,
    minimum,
    probability,
    uniform,
)
from attrition.uncertain.exact import exact_law
from attrition.uncertain.families import LogNormal, Normal
from attrition.uncertain.monotone import affine
from attrition.uncertain.node import Known, Leaf, apply
from attrition.uncertain.operations import Log, Multiply

Q = np.array([0.01, 0.25, 0.5, 0.75, 0.99])
GAMMA = stats.gamma(4, scale=9_000)


class TestTwoTerms:
    def test_normals_together_are_one_part(self) -> None:
        """Two normals and a gamma are an integral over the sum of the two normals."""
        x = Uncertain.of(GAMMA) + about(500, sd=300) - about(200, sd=400)
        y = Uncertain.of(GAMMA) + about(300, sd=500)

        assert x.method == "quadrature"
        assert x.ppf(Q) == pytest.approx(y.ppf(Q), rel=1e-12)

    def test_weights_and_constant(self) -> None:
        """7 - 2 U - 3 V of two uniforms is known in closed form at its ends and its middle."""
        x = 7 - 2 * uniform(0, 1) - 3 * uniform(0, 1)

        assert x.method == "quadrature"
        assert x.support() == (2.0, 7.0)
        assert x.median() == pytest.approx(4.5, rel=1e-12)
        # P(2 U + 3 V < 1) = 1 / 12, a triangle with legs 1/2 and 1/3.
        assert probability(x > 6) == pytest.approx(1 / 12, rel=1e-12)
        assert (x.mean(), x.var()) == pytest.approx((4.5, 13 / 12), rel=1e-12)

    def test_stated_errors_are_scaled(self) -> None:
        """The error of a multiple is the multiple of the error, tiny as it is."""
        x = Uncertain.of(stats.beta(2, 3)) + uniform(0, 1)

        assert 0.0 <= (1 - 2 * x).summary().error < 1e-9
        assert 0.0 <= exp(x).summary().error < 1e-9
        assert 0.0 <= exp(-x).summary().error < 1e-9
        assert (exp(x) < 3).summary().error < 1e-9

    def test_what_is_shared_is_no_pair(self) -> None:
        """A number that enters both parts keeps them from being independent."""
        shared = Uncertain.of(GAMMA)

        assert exact_law((shared * uniform(0, 1) + shared).node) is None

    def test_what_is_not_closed_is_no_part(self) -> None:
        """Three unlike parts, parts made of values and integrals over integrals go elsewhere."""
        a, b, c = Uncertain.of(GAMMA), uniform(0, 1), uniform(2, 5)

        assert exact_law((a + b + c).node) is None
        assert exact_law((a * b + c).node) is None
        assert exact_law((a + from_draws([1.0, 4.0])).node) is None
        assert exact_law((a + Uncertain.of(stats.poisson(3))).node) is None

    def test_no_logarithm_of_nothing(self) -> None:
        """The logarithm of 0 times a number has no closed form, and no nan either."""
        root = apply(Log(), apply(Multiply(), Known(0.0), Leaf(LogNormal(3.0, 0.2))))

        law = exact_law(root)
        assert law is None or not math.isnan(float(law.ppf(np.array(0.5))))


class TestTwoFactors:
    def test_quotient_of_gammas(self) -> None:
        """Two gammas of one scale have a beta prime quotient."""
        quotient = Uncertain.of(stats.gamma(7)) / Uncertain.of(stats.gamma(9))

        assert quotient.method == "quadrature"
        assert quotient.ppf(Q) == pytest.approx(stats.betaprime(7, 9).ppf(Q), rel=1e-9)

    def test_lognormals_together_are_one_part(self) -> None:
        """Two lognormals and a uniform are an integral over the product of the two."""
        a = between(2, 5, confidence=0.9, family="lognormal")
        b = between(1, 3, confidence=0.9, family="lognormal")
        both = Uncertain(Leaf(_lognormal_of(a * b)))
        u = uniform(1, 2)

        assert (3 * a * b * u).method == "quadrature"
        assert (3 * a * b * u).ppf(Q) == pytest.approx((3 * both * u).ppf(Q), rel=1e-12)

    def test_exponential_enters_as_a_factor(self) -> None:
        """u e^(v) of uniforms: its logarithm is log u + v."""
        u, v = uniform(1, 2), uniform(0, 1)

        assert (u * exp(v)).ppf(Q) == pytest.approx(np.exp((log(u) + v).ppf(Q)), rel=1e-9)


class TestExtremes:
    def test_larger_and_smaller(self) -> None:
        """Distribution functions of two independent numbers multiply."""
        x, y = Uncertain.of(GAMMA), about(30_000, sd=9_000)
        at = 33_000

        assert maximum(x, y).method == "exact"
        assert maximum(x, y).cdf(at) == pytest.approx(x.cdf(at) * y.cdf(at), rel=1e-14)
        assert minimum(x, y).sf(at) == pytest.approx(x.sf(at) * y.sf(at), rel=1e-14)

    def test_tied_or_made_of_values(self) -> None:
        """Tied numbers and numbers with point masses are no such pairs."""
        x = Uncertain.of(GAMMA)

        assert exact_law(maximum(x, x * uniform(0.5, 2)).node) is None
        assert exact_law(maximum(x, Uncertain.of(stats.poisson(30_000))).node) is None


class TestAffine:
    def test_families_stay_families(self) -> None:
        """A multiple of a lognormal is one, a shifted normal too."""
        assert affine(LogNormal(30.0, 0.2), 0.0, 0.5) == LogNormal(15.0, 0.2)
        assert affine(Normal(30.0, 2.0), 5.0, -0.5) == Normal(-10.0, 1.0)
        assert affine(Normal(30.0, 2.0), 0.0, 1.0) == Normal(30.0, 2.0)

    def test_known_is_no_part(self) -> None:
        """A known number only shifts."""
        assert (uniform(0, 1) + exactly(3)).method == "exact"


def _lognormal_of(x: Uncertain) -> LogNormal:
    law = exact_law(x.node)
    assert isinstance(law, LogNormal)
    return law
