import math
import pickle
from collections.abc import Callable

import numpy as np
import pytest
from scipy import integrate, stats

from attrition._typing import FloatArray
from attrition.errors import MomentError
from attrition.uncertain.families import LogitNormal, LogNormal, Normal, Uniform
from attrition.uncertain.law import Law
from attrition.uncertain.node import Leaf
from attrition.uncertain.number import Uncertain
from attrition.uncertain.product import ProductLaw, product_law
from attrition.uncertain.scipy_law import from_scipy
from attrition.uncertain.shape_laws import TwoPiece
from tests.conformance import LAWS

P = np.array([1e-6, 0.01, 0.05, 0.25, 0.5, 0.9, 0.99, 1 - 1e-6])

# Weights, laws, and an interval outside of which the densities of scipy are 0 in their product.
CASES: dict[str, tuple[tuple[float, ...], tuple[Law, ...], tuple[float, float]]] = {
    "gamma and normal": (
        (0.4, 0.6),
        (from_scipy(stats.gamma(4, scale=9_000)), Normal(30_000.0, 5_000.0)),
        (0.0, 120_000.0),
    ),
    "lognormal and normal": (
        (0.3, 0.7),
        (LogNormal(35_000.0, 0.3), Normal(30_000.0, 5_000.0)),
        (0.0, 120_000.0),
    ),
    "uniform and lognormal": (
        (0.5, 0.5),
        (Uniform(20_000.0, 35_000.0), LogNormal(35_000.0, 0.3)),
        (20_000.0, 35_000.0),
    ),
    "three": (
        (0.2, 0.5, 0.3),
        (
            from_scipy(stats.beta(2, 5)),
            LogitNormal(-1.0, 0.7),
            from_scipy(stats.expon(scale=0.4)),
        ),
        (0.0, 1.0),
    ),
}


def density(weights: tuple[float, ...], parts: tuple[Law, ...]) -> Callable[[float], float]:
    """The product of powers, not normalised, at one place."""

    def at(x: float) -> float:
        values = [float(part.pdf(np.array(x))) for part in parts]
        return math.prod(math.pow(*pair) for pair in zip(values, weights, strict=True))

    return at


def made(weights: tuple[float, ...], *parts: Law) -> Law:
    """The law, which there is."""
    law = product_law(weights, parts)
    assert law is not None
    return law


class TestProductLaw:
    @pytest.mark.parametrize("case", CASES)
    def test_against_integration(self, case: str) -> None:
        """Probabilities and moments are those of the normalised product, to 1e-6 and better."""
        weights, parts, (low, high) = CASES[case]
        law, f = made(weights, *parts), density(weights, parts)
        middle = float(law.ppf(np.array(0.5)))

        def whole(g: Callable[[float], float]) -> float:
            halves = [(low, middle), (middle, high)]
            return math.fsum(
                integrate.quad(g, *ends, epsabs=0.0, epsrel=1e-11, limit=400)[0] for ends in halves
            )

        total = whole(f)
        mean = whole(lambda x: x * f(x)) / total
        assert law.mean() == pytest.approx(mean, rel=1e-9)
        assert law.var() == pytest.approx(whole(lambda x: (x - mean) ** 2 * f(x)) / total, rel=1e-8)
        for q in (0.05, 0.5, 0.95):
            x = float(law.ppf(np.array(q)))
            below = integrate.quad(f, low, x, epsabs=0.0, epsrel=1e-11, limit=400)[0] / total
            assert below == pytest.approx(q, rel=1e-9)
            assert float(law.pdf(np.array(x))) == pytest.approx(f(x) / total, rel=1e-9)

    @pytest.mark.parametrize(
        ("weights", "parts", "expected"),
        [
            (
                (0.25, 0.75),
                (stats.gamma(2, scale=3), stats.gamma(6, scale=1)),
                # x^(.25 + 3.75) exp(-(.25 / 3 + .75) x).
                stats.gamma(5, scale=1 / (0.25 / 3 + 0.75)),
            ),
            (
                (0.5, 0.5),
                (stats.gamma(0.5), stats.gamma(0.7)),
                stats.gamma(0.6),
            ),
            ((0.4, 0.6), (stats.beta(2, 5), stats.beta(7, 3)), stats.beta(5, 3.8)),
            ((0.5, 0.5), (stats.t(2.5), stats.t(2.5)), stats.t(2.5)),
            ((0.1, 0.9), (stats.expon(scale=5), stats.expon(scale=2)), stats.expon(scale=1 / 0.47)),
        ],
    )
    def test_closed_forms(
        self,
        weights: tuple[float, float],
        parts: tuple[object, object],
        expected: "stats.rv_continuous",
    ) -> None:
        """Gammas, betas and exponentials stay in their family; the same twice stays the same."""
        law = made(weights, *map(from_scipy, parts))

        assert law.method == "quadrature"
        np.testing.assert_allclose(law.ppf(P), expected.ppf(P), rtol=1e-7)
        np.testing.assert_allclose(law.isf(P), expected.isf(P), rtol=1e-7)
        np.testing.assert_allclose(law.cdf(expected.ppf(P)), P, rtol=1e-7)
        np.testing.assert_allclose(law.sf(expected.isf(P)), P, rtol=1e-7)
        assert law.mean() == pytest.approx(expected.mean(), rel=1e-9, abs=1e-12)
        assert law.var() == pytest.approx(expected.var(), rel=1e-8)

    def test_normals(self) -> None:
        """Of normals it is normal: precisions add by weight."""
        law = made((0.25, 0.75), Normal(10.0, 2.0), Normal(18.0, 3.0))
        precision = 0.25 / 4 + 0.75 / 9

        assert isinstance(law, Normal)
        assert law.sd == pytest.approx(precision**-0.5, rel=1e-14)
        assert law.centre == pytest.approx((0.25 * 10 / 4 + 0.75 * 18 / 9) / precision, rel=1e-14)

    def test_lognormals(self) -> None:
        """Of lognormals it is lognormal: their logarithms are pooled."""
        law = made((0.25, 0.75), LogNormal(10.0, 0.2), LogNormal(18.0, 0.3))
        precision = 0.25 / 0.04 + 0.75 / 0.09
        centre = (0.25 * math.log(10) / 0.04 + 0.75 * math.log(18) / 0.09) / precision

        assert isinstance(law, LogNormal)
        assert law.sigma == pytest.approx(precision**-0.5, rel=1e-14)
        assert math.log(law.middle) == pytest.approx(centre, rel=1e-14)

    def test_the_scale_makes_no_difference(self) -> None:
        """The closed form of lognormals is what panels find for the same laws of scipy."""
        weights = (0.25, 0.75)
        closed = made(weights, LogNormal(10.0, 0.2), LogNormal(18.0, 0.3))
        laws = (stats.lognorm(0.2, scale=10), stats.lognorm(0.3, scale=18))
        law = made(weights, *map(from_scipy, laws))

        np.testing.assert_allclose(law.ppf(P), closed.ppf(P), rtol=1e-8)

    def test_a_jump_of_a_density(self) -> None:
        """Where a part jumps, the density of the product does, and its probabilities do not."""
        parts = (TwoPiece(30.0, 4.0, 9.0), from_scipy(stats.gamma(9, scale=4)))
        law = made((0.5, 0.5), *parts)
        below, above = law.pdf(np.array([30 - 1e-9, 30 + 1e-9]))

        assert below / above == pytest.approx(math.sqrt(9 / 4), rel=1e-6)
        assert law.cdf(np.array([30.0])) == pytest.approx(law.cdf(np.array([30 + 1e-9])), abs=1e-9)

    def test_ends(self) -> None:
        """The support is what all parts have in common, and its ends are the extreme quantiles."""
        law = made((0.5, 0.5), Uniform(2.0, 9.0), LogNormal(4.0, 0.5))

        assert law.support() == (2.0, 9.0)
        assert law.ppf(np.array([0.0, 1.0])).tolist() == [2.0, 9.0]
        assert law.isf(np.array([0.0, 1.0])).tolist() == [9.0, 2.0]
        assert law.cdf(np.array([1.0, 10.0])).tolist() == [0.0, 1.0]
        assert law.sf(np.array([10.0])).tolist() == [0.0]

    def test_errors_are_stated(self) -> None:
        """The error of a probability is small, and that of a quantile follows from it."""
        law = made((0.5, 0.5), Uniform(2.0, 9.0), LogNormal(4.0, 0.5))

        assert 0.0 < law.probability_error(4.0) < 1e-9
        assert law.error(0.5) < 1e-8

    def test_tails_without_moments(self) -> None:
        """Of Cauchy laws there is no mean, and the text says what there is."""
        law = made((0.5, 0.5), *map(from_scipy, (stats.cauchy(0, 1), stats.cauchy(1, 2))))
        with pytest.raises(MomentError) as caught:
            law.mean()

        assert str(caught.value) == (
            "the mean of ProductLaw(weights=(0.5, 0.5), parts=(cauchy(0, 1), cauchy(1, 2))) does "
            "not exist or cannot be computed. Use median() and interval(confidence), which "
            "always exist."
        )

    def test_close_to_an_end(self) -> None:
        """A law that presses against the end of another is the truncated one."""
        law = made((0.5, 0.5), Uniform(0.0, 1.0), Normal(1.02, 0.001))
        sd = 0.001 * math.sqrt(2)
        cut = stats.truncnorm(-1.02 / sd, -0.02 / sd, 1.02, sd)

        np.testing.assert_allclose(1.0 - law.ppf(P), 1.0 - cut.ppf(P), rtol=1e-6, atol=1e-12)

    @pytest.mark.parametrize(
        ("weights", "parts"),
        [
            ((0.5, 0.5), (Uniform(0.0, 1.0), Uniform(1.0, 2.0))),
            ((0.5, 0.5), (Uniform(0.0, 1.0), Uniform(3.0, 4.0))),
            # Beyond 37 standard deviations a normal density is 0 in floats.
            ((0.5, 0.5), (Uniform(0.0, 1.0), Normal(300.0, 1.0))),
            # The mass would lie where the first density cannot be told from 0.
            ((0.01, 0.99), (Normal(0.0, 1.0), from_scipy(stats.gamma(4, scale=50)))),
        ],
    )
    def test_nothing_in_common(self, weights: tuple[float, float], parts: tuple[Law, Law]) -> None:
        """Where no place has a density in all parts there is no law."""
        assert product_law(weights, parts) is None

    def test_pickle(self) -> None:
        """A pickled law is the same law."""
        law = made((0.5, 0.5), Uniform(2.0, 9.0), LogNormal(4.0, 0.5))
        back = pickle.loads(pickle.dumps(law))

        assert isinstance(law, ProductLaw)
        assert back == law
        assert np.array_equal(back.ppf(P), law.ppf(P))

    @pytest.mark.parametrize("case", CASES)
    @pytest.mark.parametrize("check", LAWS, ids=lambda law: law.__name__)
    def test_conformance(self, check: Callable[[Callable[[], Uncertain]], None], case: str) -> None:
        """The laws of tests/conformance.py hold for an unknown with a product of densities."""
        weights, parts, _ = CASES[case]
        law = made(weights, *parts)

        check(lambda: Uncertain(Leaf(law)))

    def test_draws_follow_the_law(self) -> None:
        """The largest gap between draws and law is that of a sample of its size."""
        weights, parts, _ = CASES["gamma and normal"]
        law = made(weights, *parts)
        values: FloatArray = law.draw(np.random.default_rng(20260101), 20_000)

        assert stats.kstest(law.cdf(values), "uniform").pvalue > 1e-4
