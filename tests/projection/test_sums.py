import math
from datetime import date

import attrs
import numpy as np
import pytest
from scipy import stats

from attrition._typing import FloatArray
from attrition.projection.sums import OfSum, Sums, places_of, spread
from attrition.uncertain.lattice import FEWER, SHIFTS
from attrition.uncertain.law import Method
from tests.projection.responses import asked

Q = np.array([1e-6, 0.02, 0.3, 0.5, 0.77, 0.999])
GAMMA = stats.gamma([2.0, 9.0, 1.2], scale=[3.0, 0.5, 40.0])
MEAN, SD = np.asarray(GAMMA.mean()), np.asarray(GAMMA.std())[:, None]


# Three sums in which nothing is unknown, so that nothing of them moves.
NOTHING = asked(until=date(2026, 5, 1))


@attrs.frozen(eq=False)
class Gammas(Sums):
    """Sums with laws that scipy knows."""

    @property
    def method(self) -> Method:
        return "quadrature"

    def chance(self, x: FloatArray) -> FloatArray:
        return np.asarray(stats.gamma([[2.0], [9.0], [1.2]], scale=[[3.0], [0.5], [40.0]]).cdf(x))

    def uncut_errors(self, x: FloatArray) -> FloatArray:
        return np.full(x.shape, 1e-4)

    def moments(self) -> tuple[FloatArray, FloatArray]:
        return np.asarray(GAMMA.mean()), np.asarray(GAMMA.var())


@attrs.frozen(eq=False)
class One(Gammas):
    """The first of them alone."""

    def chance(self, x: FloatArray) -> FloatArray:
        return np.asarray(stats.gamma(2.0, scale=3.0).cdf(x))

    def moments(self) -> tuple[FloatArray, FloatArray]:
        return np.array([6.0]), np.array([18.0])


LAWS = (stats.gamma(2, scale=3), stats.gamma(9, scale=0.5), stats.gamma(1.2, scale=40))
PLACES = np.asarray([law.ppf(Q) for law in LAWS])


class TestSums:
    def test_quantiles(self) -> None:
        """Quantiles of all sums at once are those that scipy finds."""
        np.testing.assert_allclose(Gammas(NOTHING).quantiles(Q), PLACES, rtol=1e-5, atol=1e-5)

    def test_first_guesses(self) -> None:
        """The first guess is the normal with mean and variance."""
        expected = MEAN[:, None] + SD * stats.norm.ppf(Q)

        np.testing.assert_allclose(Gammas(NOTHING).start(Q), expected, rtol=1e-9, atol=1e-9)

    def test_density(self) -> None:
        """The slope of the probabilities is the density."""
        found = Gammas(NOTHING).density(PLACES[:, 1:])
        expected = [law.pdf(row[1:]) for law, row in zip(LAWS, PLACES, strict=True)]

        np.testing.assert_allclose(found, expected, rtol=1e-5)

    def test_errors_of_quantiles(self) -> None:
        """An error of a probability moves a quantile by itself over the density."""
        sums = Gammas(NOTHING, cut=3e-4)
        x = PLACES[:, 2:5]
        found = sums.quantile_errors(Q[2:5])

        # None of the points moves, so the cut is known to one of them.
        error = 1e-4 + 1.0 / (SHIFTS * FEWER)
        np.testing.assert_allclose(found, error / sums.density(x), rtol=1e-4)


class TestSpread:
    def test_standard_error_of_a_mean(self) -> None:
        """The spread over copies is the standard error of their mean."""
        copies = np.random.default_rng(20260101).random((8, 3))

        np.testing.assert_allclose(spread(copies), stats.sem(copies, axis=0), rtol=1e-12)


class TestPlacesOf:
    START = np.zeros((1, 3))
    LEVELS = np.array([0.1, 0.4, 0.9])

    def test_from_far_away(self) -> None:
        """A first guess that is far off, or that has passed the place, does no harm."""
        law = stats.lognorm(0.9, scale=5.0)
        for start in (-400.0, 400.0):
            found = places_of(law.cdf, self.LEVELS, np.full((1, 3), start), np.full((1, 1), 6.0))
            np.testing.assert_allclose(found[0], law.ppf(self.LEVELS), rtol=1e-5)

    def test_jumps(self) -> None:
        """Where probabilities jump past the level the place is the jump."""

        def chance(x: FloatArray) -> FloatArray:
            return np.where(x < 2.5, 0.2 * stats.norm.cdf(x), 0.6 + 0.4 * stats.norm.cdf(x))

        (found,) = places_of(chance, self.LEVELS, self.START, np.ones((1, 1)))

        assert found[0] == pytest.approx(0.0, abs=1e-5)
        assert found[1] == pytest.approx(2.5, abs=1e-5)
        assert found[2] == pytest.approx(2.5, abs=1e-5)

    def test_flat_stretches(self) -> None:
        """Where probabilities stand still the search goes on across."""

        def chance(x: FloatArray) -> FloatArray:
            return 0.5 * (stats.norm(-40.0, 1.0).cdf(x) + stats.norm(40.0, 1.0).cdf(x))

        (found,) = places_of(chance, self.LEVELS, self.START, np.full((1, 1), 40.0))
        expected = [-40 + stats.norm.ppf(0.2), -40 + stats.norm.ppf(0.8), 40 + stats.norm.ppf(0.8)]

        np.testing.assert_allclose(found, expected, atol=1e-4)

    def test_it_ends(self) -> None:
        """A hundred steps of at most four deviations are all: no quantile is farther off."""
        law = stats.norm(1_000.0, 1.0)
        found = places_of(law.cdf, self.LEVELS, self.START, np.ones((1, 1)))

        assert found[0] == pytest.approx([400.0] * 3)

    def test_rows_without_spread(self) -> None:
        """A row in which nothing is unknown has one place for all levels."""

        def chance(x: FloatArray) -> FloatArray:
            steps = np.where(x[:1] >= 712_000.0, 1.0, 0.0)
            return np.vstack([steps, stats.norm(700.0, 3.0).cdf(x[1:])])

        start = np.array([[712_000.0] * 3, [700.0] * 3])
        sd = np.array([[7.12e-4], [3.0]])
        found = places_of(chance, self.LEVELS, start, sd)

        np.testing.assert_allclose(found[0], 712_000.0, atol=1e-3)
        np.testing.assert_allclose(found[1], stats.norm(700.0, 3.0).ppf(self.LEVELS), rtol=1e-6)


class TestOfSum:
    LAW = OfSum(One(NOTHING), 0.0)
    GAMMA = stats.gamma(2.0, scale=3.0)

    def test_against_scipy(self) -> None:
        """Quantiles, probabilities, densities and moments are those of the one sum."""
        x = self.GAMMA.ppf(Q[1:])

        np.testing.assert_allclose(self.LAW.ppf(Q[1:]), x, rtol=1e-5)
        np.testing.assert_allclose(self.LAW.cdf(x), Q[1:], rtol=1e-9)
        np.testing.assert_allclose(self.LAW.sf(x), 1.0 - Q[1:], rtol=1e-9)
        np.testing.assert_allclose(self.LAW.isf(1.0 - Q[1:]), x, rtol=1e-5)
        np.testing.assert_allclose(self.LAW.pdf(x), self.GAMMA.pdf(x), rtol=1e-5)
        assert (self.LAW.mean(), self.LAW.var()) == pytest.approx((6.0, 18.0))

    def test_ends(self) -> None:
        """The quantile at nothing is the lower bound, that at one is infinite."""
        found = self.LAW.ppf(np.array([0.0, 1.0]))
        unbounded = OfSum(One(NOTHING), -math.inf)

        assert found.tolist() == [0.0, math.inf]
        assert self.LAW.isf(np.array([1.0, 0.0])).tolist() == [0.0, math.inf]
        assert unbounded.ppf(np.array(0.0)) == -math.inf
        assert self.LAW.support() == (0.0, math.inf)
        assert unbounded.support() == (-math.inf, math.inf)

    def test_nothing_below_the_bound(self) -> None:
        """What lies below the bound lies at it."""
        law = OfSum(One(NOTHING), 4.0)

        assert law.ppf(np.array([0.01, 0.2])).tolist() == [4.0, 4.0]
        assert law.cdf(np.array([3.9, 4.0])) == pytest.approx([0.0, self.GAMMA.cdf(4.0)])
        assert law.sf(np.array([3.9])).tolist() == [1.0]

    @pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,)])
    def test_shapes(self, shape: tuple[int, ...]) -> None:
        """What goes in as an array comes out as one of the same shape."""
        q, x = np.full(shape, 0.3), np.full(shape, 5.0)

        assert self.LAW.ppf(q).shape == self.LAW.isf(q).shape == shape
        assert self.LAW.cdf(x).shape == self.LAW.sf(x).shape == self.LAW.pdf(x).shape == shape

    def test_monotone(self) -> None:
        """Probabilities rise and quantiles too, up to the search."""
        q = np.linspace(0.001, 0.999, 200)

        assert (np.diff(self.LAW.ppf(q)) > 0.0).all()
        assert (np.diff(self.LAW.cdf(np.linspace(-1.0, 40.0, 200))) >= 0.0).all()

    def test_errors(self) -> None:
        """Errors of probabilities are those of the sum, of quantiles by the density."""
        x = float(self.GAMMA.ppf(0.3))
        expected = 1e-4 / self.GAMMA.pdf(x)

        assert self.LAW.probability_error(x) == 1e-4
        assert self.LAW.error(0.3) == pytest.approx(expected, rel=1e-4)
        assert self.LAW.errors(np.array([0.3, 0.5]))[0] == self.LAW.error(0.3)

    def test_how(self) -> None:
        """It says how it is found, and that a search finds quantiles."""
        assert self.LAW.method == "quadrature"
        assert self.LAW.searched
        assert not self.LAW.atomic
        assert repr(self.LAW) == "strength by quadrature"
