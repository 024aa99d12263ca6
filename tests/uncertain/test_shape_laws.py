import math

import numpy as np
import pytest
from mpmath import mp, mpf
from scipy import stats

from attrition.uncertain.shape_laws import NearZero, Pert, TwoPiece
from tests.precise import P, assert_quantiles, normal_score, solved

PERTS = [
    Pert(8.0, 10.0, 15.0),
    Pert(-3.0, -3.0, 1.0),
    Pert(0.0, 0.7, 0.7),
    Pert(31_000.0, 34_999.0, 35_001.0),
    Pert(-1e6, 5.0, 30.0),
]

PIECES = [TwoPiece(35_000.0, 2_000.0, 7_000.0), TwoPiece(-3.0, 1e-3, 9.0), TwoPiece(0.0, 5.0, 0.25)]

NEAR_ZERO = [NearZero(44.89), NearZero(5.75), NearZero(1.0), NearZero(0.13)]


def beta_below(law: Pert) -> tuple[mpf, mpf, mpf, mpf]:
    """Ends and parameters of the law, from their definition, with all digits."""
    low, mode, high = mpf(law.low), mpf(law.mode), mpf(law.high)
    return (
        low,
        high,
        1 + 4 * (mode - low) / (high - low),
        1 + 4 * (high - mode) / (high - low),
    )


class TestPert:
    @pytest.mark.parametrize("law", PERTS, ids=repr)
    def test_quantiles(self, law: Pert) -> None:
        """Quantiles are those of the beta law at fifty digits, in both tails."""
        low, high, a, b = beta_below(law)

        def exact(p: mpf, start: float) -> mpf:
            place = (mpf(start) - low) / (high - low)
            if place in (0, 1):
                return mpf(start)
            share = solved(lambda y: mp.betainc(a, b, 0, y, regularized=True), place, p)
            return low + (high - low) * share

        assert_quantiles(law, exact, mean=law.mean(), sd=math.sqrt(law.var()))

    @pytest.mark.parametrize("law", PERTS, ids=repr)
    def test_probabilities(self, law: Pert) -> None:
        """Both probabilities are those of the beta law, each to its last digits."""
        low, high, a, b = beta_below(law)
        for share in (0.001, 0.2, 0.5, 0.9, 0.999):
            x = law.low + share * (law.high - law.low)
            y = (mpf(x) - low) / (high - low)
            below = mp.betainc(a, b, 0, y, regularized=True)
            above = mp.betainc(a, b, y, 1, regularized=True)

            # A place is rounded before it is looked at, and powers of it to the fifth follow.
            assert float(law.cdf(np.array(x))) == pytest.approx(float(below), rel=3e-12, abs=0.0)
            assert float(law.sf(np.array(x))) == pytest.approx(float(above), rel=3e-12, abs=0.0)

    @pytest.mark.parametrize("law", PERTS, ids=repr)
    def test_moments(self, law: Pert) -> None:
        """The mean is (low + 4 mode + high) / 6; the variance is the integral of the squares."""
        nodes, weights = np.polynomial.legendre.leggauss(60)
        half = 0.5 * law.width
        x = law.low + half * (1.0 + nodes)
        density = law.pdf(x)
        mean = (law.low + 4.0 * law.mode + law.high) / 6.0

        # Sixty nodes miss a millionth where the density falls to its end like a broken power.
        assert half * weights @ density == pytest.approx(1.0, rel=1e-5)
        assert law.mean() == pytest.approx(mean, rel=1e-15)
        assert law.var() == pytest.approx(half * weights @ (density * (x - mean) ** 2), rel=1e-5)
        assert law.var() == pytest.approx((mean - law.low) * (law.high - mean) / 7.0, rel=1e-12)

    def test_most_likely_value(self) -> None:
        """The density is highest at the mode."""
        law = Pert(8.0, 10.0, 15.0)
        x = np.linspace(8.0, 15.0, 7_001)

        assert x[np.argmax(law.pdf(x))] == pytest.approx(10.0, abs=1e-9)

    def test_density_of_a_symmetric_one(self) -> None:
        """With the mode in the middle the density is 15/16 of (1 - u^2)^2 on (-1, 1)."""
        u = np.array([-1.0, -0.5, 0.0, 0.25, 1.0])

        assert Pert(-1.0, 0.0, 1.0).pdf(u) == pytest.approx(15.0 / 16.0 * (1.0 - u * u) ** 2)

    def test_beyond_the_ends(self) -> None:
        """There is no mass and no density outside the ends, and the ends are the extremes."""
        law = Pert(8.0, 10.0, 15.0)
        outside = np.array([-np.inf, 7.9, 15.1, np.inf])

        assert law.cdf(outside).tolist() == [0.0, 0.0, 1.0, 1.0]
        assert law.sf(outside).tolist() == [1.0, 1.0, 0.0, 0.0]
        assert law.pdf(outside).tolist() == [0.0] * 4
        assert Pert(0.0, 0.0, 1.0).pdf(np.array([0.0, 1.0])).tolist() == pytest.approx([5.0, 0.0])
        assert Pert(0.0, 1.0, 1.0).pdf(np.array([0.0, 1.0])).tolist() == pytest.approx([0.0, 5.0])
        assert law.ppf(np.array([0.0, 1.0])).tolist() == [8.0, 15.0]
        assert law.isf(np.array([0.0, 1.0])).tolist() == [15.0, 8.0]
        assert law.support() == (8.0, 15.0)

    @pytest.mark.parametrize("mode", [0.0, 0.2, 0.25, 0.5, 0.7, 1.0])
    def test_quantiles_beyond_every_draw(self, mode: float) -> None:
        """Far out a quantile is the root of its probability, where scipy's search gives up."""
        law = Pert(0.0, mode, 1.0)
        a, b = law.shapes
        for q in (1e-300, 1e-130, 1e-110, 1.0001e-90, 0.9999e-90, 1e-60):
            lower = mp.power(mpf(q) * mpf(a) * mp.beta(a, b), 1 / mpf(a))

            assert float(law.ppf(np.array(q))) == pytest.approx(float(lower), rel=1e-12, abs=0.0)
        assert law.isf(np.array([0.0, 1e-300])).tolist() == [1.0, 1.0]

    def test_quantiles_stay_inside(self) -> None:
        """Rounding never carries a quantile over an end."""
        law = Pert(0.1, 0.3, 0.7)
        q = np.array([0.0, 1e-300, 0.2, 1.0 - 2.0**-53, 1.0])

        for values in (law.ppf(q), law.isf(q)):
            assert (values >= 0.1).all()
            assert (values <= 0.7).all()


class TestTwoPiece:
    @pytest.mark.parametrize("law", PIECES, ids=repr)
    def test_quantiles(self, law: TwoPiece) -> None:
        """On each side of the median quantiles are those of its own normal law."""

        def exact(p: mpf, _: float) -> mpf:
            z = normal_score(p)
            return mpf(law.middle) + z * mpf(law.sd_below if z < 0 else law.sd_above)

        assert_quantiles(law, exact, mean=law.mean(), sd=math.sqrt(law.var()))

    @pytest.mark.parametrize("law", PIECES, ids=repr)
    def test_moments(self, law: TwoPiece) -> None:
        """Mean and variance are the integrals over the normal score."""
        below, above = mpf(law.sd_below), mpf(law.sd_above)
        first = mp.quad(lambda z: z * mp.npdf(z) * (above - below), [0, 10, 40])
        second = mp.quad(lambda z: z * z * mp.npdf(z) * (above**2 + below**2), [0, 10, 40])

        assert law.mean() == pytest.approx(float(mpf(law.middle) + first), rel=1e-15)
        assert law.var() == pytest.approx(float(second - first**2), rel=1e-14)

    def test_probabilities_invert_quantiles(self) -> None:
        """A probability is found again from its quantile, in its own tail."""
        law = TwoPiece(35_000.0, 2_000.0, 7_000.0)
        p = np.array(P)

        assert law.cdf(law.ppf(p)) == pytest.approx(p, rel=1e-12, abs=0.0)
        assert law.sf(law.isf(p)) == pytest.approx(p, rel=1e-12, abs=0.0)
        assert law.at_score(np.array([-2.0, 0.0, 2.0])).tolist() == [31_000.0, 35_000.0, 49_000.0]

    def test_density_jumps_at_the_median(self) -> None:
        """The density jumps in the ratio of the two widths; on it lies that of the upper side."""
        law = TwoPiece(0.0, 5.0, 0.25)
        left, middle, right = law.pdf(np.array([-1e-12, 0.0, 1e-12]))

        assert middle / left == pytest.approx(20.0, rel=1e-9)
        assert right == pytest.approx(middle, rel=1e-9)
        assert middle == pytest.approx(4.0 / math.sqrt(2.0 * math.pi), rel=1e-15)

    def test_density_is_the_slope(self) -> None:
        """On each side the density is the slope of the probability."""
        law = TwoPiece(0.0, 5.0, 0.25)
        x = np.array([-11.0, -2.0, 0.1, 0.4])
        step = 1e-5

        slope = (law.cdf(x + step) - law.cdf(x - step)) / (2.0 * step)
        assert law.pdf(x) == pytest.approx(slope, rel=1e-7)

    def test_draws_are_the_scores_of_the_generator(self) -> None:
        """Draws come from normal scores, so that a wider side changes no other draw."""
        drawn = TwoPiece(3.0, 1.0, 7.0).draw(np.random.default_rng(20260101), 4)
        z = np.random.default_rng(20260101).standard_normal(4)

        assert drawn.tolist() == [3.0 + (7.0 if s >= 0.0 else 1.0) * s for s in z]

    def test_support(self) -> None:
        """Both sides go on for ever."""
        assert TwoPiece(3.0, 1.0, 7.0).support() == (-math.inf, math.inf)


class TestNearZero:
    @pytest.mark.parametrize("law", NEAR_ZERO, ids=repr)
    def test_quantiles(self, law: NearZero) -> None:
        """Quantiles are where (1 - x)^power is left, at fifty digits, in both tails."""

        def exact(p: mpf, _: float) -> mpf:
            return 1 - mp.power(1 - p, 1 / mpf(law.power))

        assert_quantiles(law, exact, mean=law.mean(), sd=math.sqrt(law.var()))

    @pytest.mark.parametrize("law", NEAR_ZERO, ids=repr)
    def test_small_quantiles_keep_their_digits(self, law: NearZero) -> None:
        """Next to zero quantiles and probabilities keep all digits, however small they are."""
        for q in (1e-300, 1e-100, 1e-20, 1e-3):
            true = float(-mp.expm1(mp.log1p(-mpf(q)) / mpf(law.power)))

            assert float(law.ppf(np.array(q))) == pytest.approx(true, rel=1e-14, abs=0.0)
            assert float(law.cdf(np.array(true))) == pytest.approx(q, rel=1e-13, abs=0.0)

    @pytest.mark.parametrize("law", NEAR_ZERO, ids=repr)
    def test_it_is_a_beta_law(self, law: NearZero) -> None:
        """Probabilities, density and moments are those of the beta law of 1 and the power."""
        beta = stats.beta(1.0, law.power)
        x = np.array([1e-9, 0.02, 0.3, 0.71, 0.999])

        assert law.cdf(x) == pytest.approx(beta.cdf(x), rel=1e-12, abs=0.0)
        assert law.sf(x) == pytest.approx(beta.sf(x), rel=1e-12, abs=0.0)
        assert law.pdf(x) == pytest.approx(beta.pdf(x), rel=1e-12, abs=0.0)
        assert law.mean() == pytest.approx(beta.mean(), rel=1e-14)
        assert law.var() == pytest.approx(beta.var(), rel=1e-14)

    @pytest.mark.parametrize("law", NEAR_ZERO, ids=repr)
    def test_beyond_the_ends(self, law: NearZero) -> None:
        """There is no mass and no density outside (0, 1), and the ends are the extremes."""
        outside = np.array([-np.inf, -0.1, 1.0, 1.1, np.inf])

        assert law.cdf(outside).tolist() == [0.0, 0.0, 1.0, 1.0, 1.0]
        assert law.sf(outside).tolist() == [1.0, 1.0, 0.0, 0.0, 0.0]
        assert law.pdf(outside).tolist() == [0.0] * 5
        assert float(law.pdf(np.array(0.0))) == law.power
        assert law.ppf(np.array([0.0, 1.0])).tolist() == [0.0, 1.0]
        assert law.isf(np.array([0.0, 1.0])).tolist() == [1.0, 0.0]
        assert law.support() == (0.0, 1.0)
