import math
import pickle

import numpy as np
import pytest
from scipy import stats

from attrition.uncertain.families import LogNormal, Normal, Uniform
from attrition.uncertain.law import Law
from attrition.uncertain.operations import Add, Multiply
from attrition.uncertain.pairs import Larger, Product, Smaller, Sum
from attrition.uncertain.scipy_law import from_scipy

P = np.array([1e-6, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0 - 1e-6])
GAMMA = from_scipy(stats.gamma(2.0))

KNOWN = {
    "uniform + uniform": (
        Sum.of(Add(), Uniform(0.0, 1.0), Uniform(0.0, 1.0)),
        stats.triang(0.5, 0.0, 2.0),
    ),
    "normal + normal": (
        Sum.of(Add(), Normal(1.0, 1.0), Normal(3.0, 2.0)),
        stats.norm(4.0, math.sqrt(5.0)),
    ),
    "narrow + wide": (
        Sum.of(Add(), Normal(0.0, 0.01), Normal(3.0, 2.0)),
        stats.norm(3.0, math.hypot(2, 0.01)),
    ),
    "gamma + gamma": (Sum.of(Add(), GAMMA, from_scipy(stats.gamma(3.0))), stats.gamma(5.0)),
    "gamma + gamma, both infinite at 0": (
        Sum.of(Add(), from_scipy(stats.gamma(0.5)), from_scipy(stats.gamma(0.5))),
        stats.expon(),
    ),
    "lognormal * lognormal": (
        Product.of(Multiply(), LogNormal(2.0, 0.1), LogNormal(5.0, 0.5)),
        stats.lognorm(math.sqrt(0.26), scale=10.0),
    ),
    "gamma / gamma": (
        Product.of(Multiply(), from_scipy(stats.invgamma(9.0)), from_scipy(stats.gamma(7.0))),
        stats.betaprime(7.0, 9.0),
    ),
}


@pytest.fixture(params=KNOWN, name="known")
def make_known(request: pytest.FixtureRequest) -> tuple[Law, "stats.rv_continuous"]:
    """A pair whose law has a name, and that law."""
    return KNOWN[request.param]  # type: ignore[return-value]  # a frozen law has no public type


class TestAgainstNamedLaws:
    def test_quantiles(self, known: tuple[Law, "stats.rv_continuous"]) -> None:
        """Quantiles are those of the named law to a millionth of its interquartile range."""
        law, named = known
        spread = named.ppf(0.75) - named.ppf(0.25)
        inner = P[1:-1]

        assert np.abs(law.ppf(inner) - named.ppf(inner)).max() <= 1e-9 * spread
        assert np.abs(law.isf(inner) - named.isf(inner)).max() <= 1e-9 * spread

    def test_far_quantiles(self, known: tuple[Law, "stats.rv_continuous"]) -> None:
        """At a millionth the probability beyond a quantile is right to four digits."""
        law, named = known

        assert named.cdf(law.ppf(np.array(1e-6))) == pytest.approx(1e-6, rel=1e-4)
        assert named.sf(law.isf(np.array(1e-6))) == pytest.approx(1e-6, rel=1e-4)

    def test_density(self, known: tuple[Law, "stats.rv_continuous"]) -> None:
        """The density is the slope of the distribution function."""
        law, named = known
        x = named.ppf(P[2:-2])

        assert law.pdf(x) == pytest.approx(named.pdf(x), rel=1e-4)

    def test_moments(self, known: tuple[Law, "stats.rv_continuous"]) -> None:
        """Means and variances come from those of the two."""
        law, named = known

        assert law.mean() == pytest.approx(named.mean(), rel=1e-12)
        assert law.var() == pytest.approx(named.var(), rel=1e-12)

    def test_stated_error(self, known: tuple[Law, "stats.rv_continuous"]) -> None:
        """The stated error of a quantile is tiny, and of the size of the true one."""
        law, named = known
        spread = named.ppf(0.75) - named.ppf(0.25)

        assert law.method == "quadrature"
        assert 0.0 <= law.error(0.9) <= 1e-7 * spread


class TestSum:
    def test_support(self) -> None:
        """It lies between the sums of the ends."""
        assert Sum.of(Add(), Uniform(0.0, 1.0), Uniform(2.0, 5.0)).support() == (2.0, 6.0)
        assert Sum.of(Add(), Uniform(0.0, 1.0), GAMMA).support() == (0.0, math.inf)

    def test_ends(self) -> None:
        """Probability 0 and 1 are at the ends of the support."""
        law = Sum.of(Add(), Uniform(0.0, 1.0), Uniform(2.0, 5.0))

        assert law.ppf(np.array([0.0, 1.0])).tolist() == [2.0, 6.0]
        assert law.isf(np.array([0.0, 1.0])).tolist() == [6.0, 2.0]

    def test_there_and_back_through_pickle(self) -> None:
        """A law comes back equal."""
        law = Sum.of(Add(), Uniform(0.0, 1.0), Normal(2.0, 5.0))

        assert pickle.loads(pickle.dumps(law)) == law


class TestProduct:
    def test_two_signs(self) -> None:
        """The product of two standard normals has the density K0(|x|) / pi."""
        law = Product.of(Multiply(), Normal(0.0, 1.0), Normal(0.0, 1.0))
        expected = [_bessel_tail(x) for x in (0.5, 1.0, 3.0)]

        assert law.sf(np.array([0.5, 1.0, 3.0])) == pytest.approx(expected, abs=1e-9)
        assert law.cdf(np.array([-0.5, -1.0, -3.0])) == pytest.approx(expected, abs=1e-9)
        assert law.support() == (-math.inf, math.inf)

    def test_uniforms(self) -> None:
        """P(U V <= x) = x - x log x."""
        law = Product.of(Multiply(), Uniform(0.0, 1.0), Uniform(0.0, 1.0))
        x = np.array([1e-3, 0.1, 0.5, 0.99])

        assert law.cdf(x) == pytest.approx(x - x * np.log(x), rel=1e-11)

    def test_negative_factor(self) -> None:
        """A negative factor turns the other number round."""
        law = Product.of(Multiply(), Uniform(-3.0, -2.0), GAMMA)
        mirror = Product.of(Multiply(), Uniform(2.0, 3.0), GAMMA)
        x = np.array([0.5, 4.0, 12.0])

        assert law.cdf(-x) == pytest.approx(mirror.sf(x), rel=1e-12)


def _bessel_tail(x: float) -> float:
    from mpmath import besselk, inf, mp, pi, quad

    with mp.workdps(15):
        return float(quad(lambda t: besselk(0, t) / pi, [x, 2 * x, inf]))


class TestExtremes:
    def test_larger(self) -> None:
        """At most x means that both are."""
        law = Larger(Normal(0.0, 1.0), Uniform(0.0, 1.0))
        x = np.array([0.2, 0.7, 1.5])

        assert law.cdf(x) == pytest.approx(stats.norm.cdf(x) * stats.uniform.cdf(x), rel=1e-14)
        assert law.sf(x) == pytest.approx(1 - stats.norm.cdf(x) * stats.uniform.cdf(x), rel=1e-13)
        assert law.ppf(law.cdf(x)) == pytest.approx(x, rel=1e-12)
        assert law.support() == (0.0, math.inf)

    def test_smaller(self) -> None:
        """More than x means that both are."""
        law = Smaller(Normal(0.0, 1.0), Uniform(0.0, 1.0))
        x = np.array([-1.0, 0.2, 0.7])

        assert law.sf(x) == pytest.approx(stats.norm.sf(x) * stats.uniform.sf(x), rel=1e-14)
        assert law.cdf(x) == pytest.approx(1 - stats.norm.sf(x) * stats.uniform.sf(x), rel=1e-13)
        assert law.isf(law.sf(x)) == pytest.approx(x, rel=1e-12)

    def test_mean(self) -> None:
        """The larger of two standard normals has the mean 1 / sqrt(pi), the smaller minus that."""
        two = Normal(0.0, 1.0), Normal(0.0, 1.0)

        assert Larger(*two).mean() == pytest.approx(1 / math.sqrt(math.pi), rel=1e-10)
        assert Smaller(*two).mean() == pytest.approx(-1 / math.sqrt(math.pi), rel=1e-10)
        assert Larger(*two).method == "exact"

    def test_moments_across_kinks(self) -> None:
        """Ends of supports cost no digits: closed moments of uniforms and exponentials."""
        larger = Larger(Uniform(0.0, 1.0), Uniform(0.5, 2.0))
        quick, slow = from_scipy(stats.expon()), from_scipy(stats.expon(scale=2.0))

        # E max = 5/4 + E (U - V)+, and that is 1/72: a corner with legs of 1/2.
        assert larger.mean() == pytest.approx(5 / 4 + 1 / 72, rel=1e-13)
        assert Smaller(quick, slow).mean() == pytest.approx(2 / 3, rel=1e-13)
        assert Smaller(quick, slow).var() == pytest.approx(4 / 9, rel=1e-11)
        assert Larger(quick, slow).mean() == pytest.approx(7 / 3, rel=1e-13)
        assert Larger(quick, slow).var() == pytest.approx(10 - 8 / 9 - 49 / 9, rel=1e-11)

    def test_variance(self) -> None:
        """The larger of two standard normals has the variance 1 - 1 / pi."""
        two = Normal(0.0, 1.0), Normal(0.0, 1.0)

        assert Larger(*two).var() == pytest.approx(1 - 1 / math.pi, rel=1e-12)
        assert Smaller(*two).var() == pytest.approx(1 - 1 / math.pi, rel=1e-12)

    def test_density_and_errors(self) -> None:
        """The density of the larger is 2 f F, of the smaller 2 f (1 - F); no error is stated."""
        two, x = (Normal(0.0, 1.0), Normal(0.0, 1.0)), np.array([-1.0, 0.3, 2.0])
        f, below = stats.norm.pdf(x), stats.norm.cdf(x)

        assert Larger(*two).pdf(x) == pytest.approx(2 * f * below, rel=1e-7)
        assert Smaller(*two).pdf(x) == pytest.approx(2 * f * (1 - below), rel=1e-7)
        assert Larger(*two).errors(x * 0.1 + 0.5).tolist() == [0.0, 0.0, 0.0]

    def test_far_tails(self) -> None:
        """At 1e-12 a quantile is right in either tail, from its own side."""
        two, q = (Normal(0.0, 1.0), Normal(0.0, 1.0)), np.array(1e-12)

        assert Larger(*two).isf(q) == pytest.approx(-stats.norm.ppf(5e-13), rel=1e-10)
        assert Larger(*two).ppf(q) == pytest.approx(stats.norm.ppf(1e-6), rel=1e-10)
        assert Smaller(*two).support() == (-math.inf, math.inf)
        assert Smaller(Uniform(0.0, 3.0), Uniform(1.0, 2.0)).support() == (0.0, 2.0)
