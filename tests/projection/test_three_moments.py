import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import integrate, stats

from attrition._typing import FloatArray
from attrition.projection.three_moments import (
    Normals,
    Slopes,
    ThreeMoments,
    fourth_cumulant,
    law_of_moments,
)

Q = np.array([0.0005, 0.03, 0.25, 0.5, 0.81, 0.97, 0.9995])

# Means, variances and skewnesses: slight, of an exponential, strong; either way round.
CASES = [
    (3.0, 4.0, 0.05),
    (-7.0, 0.25, 2.0),
    (712.0, 900.0, -0.7),
    (0.5, 9.0, 4.5),
    (2.0, 1.7, -3.1),
]


def law(mean: float, var: float, skew: float) -> ThreeMoments:
    """A law with a skewness."""
    return ThreeMoments.of(np.array(mean), np.array(var), np.array(skew * var**1.5))


def expected(found: ThreeMoments, function: Callable[[float], float]) -> float:
    """The mean of a function, by an integral over normal scores of the quantiles."""

    def at(score: float) -> float:
        place = float(found.ppf(np.array(stats.norm.cdf(score))))
        return function(place) * float(stats.norm.pdf(score))

    return float(integrate.quad(at, -8.0, 8.0, limit=400, epsabs=0.0)[0])


class TestThreeMoments:
    @pytest.mark.parametrize(("mean", "var", "skew"), CASES)
    def test_moments(self, mean: float, var: float, skew: float) -> None:
        """Mean, variance and skewness are those that were given."""
        found = law(mean, var, skew)

        assert expected(found, lambda x: x) == pytest.approx(mean, rel=1e-6)
        assert expected(found, lambda x: (x - mean) ** 2) == pytest.approx(var, rel=1e-5)
        third = expected(found, lambda x: ((x - mean) / math.sqrt(var)) ** 3)
        # Scores beyond 8 are left out, where little of a heavy third moment lies.
        assert third == pytest.approx(skew, rel=1e-3)

    @pytest.mark.parametrize(("mean", "var", "skew"), CASES)
    def test_quantiles_and_probabilities(self, mean: float, var: float, skew: float) -> None:
        """A quantile has the probability it was asked for."""
        found = law(mean, var, skew)

        np.testing.assert_allclose(found.cdf(found.ppf(Q)), Q, rtol=1e-10)
        assert (np.diff(found.ppf(Q)) > 0.0).all()

    def test_a_shifted_lognormal(self) -> None:
        """The law through the moments of a shifted lognormal is that lognormal."""
        made = stats.lognorm(0.6, loc=-5.0, scale=4.0)
        mean, var, skew = (float(m) for m in made.stats("mvs"))
        found = law(mean, var, skew)

        np.testing.assert_allclose(found.ppf(Q), made.ppf(Q), rtol=1e-9)
        np.testing.assert_allclose(found.cdf(made.ppf(Q)), made.cdf(made.ppf(Q)), rtol=1e-9)

    def test_nothing_beyond_the_end(self) -> None:
        """Beyond the end of the lognormal there is nothing, and of the mirrored one all."""
        made = stats.lognorm(0.6, loc=-5.0, scale=4.0)
        mean, var, skew = (float(m) for m in made.stats("mvs"))

        assert law(mean, var, skew).cdf(np.array([-5.0, -9.0])).tolist() == [0.0, 0.0]
        assert law(-mean, var, -skew).cdf(np.array([5.0, 9.0])).tolist() == [1.0, 1.0]

    @pytest.mark.parametrize(("mean", "var", "skew"), CASES)
    def test_mirrored(self, mean: float, var: float, skew: float) -> None:
        """With the opposite skewness and mean the law is the mirror image."""
        found, mirrored = law(mean, var, skew), law(-mean, var, -skew)

        np.testing.assert_allclose(mirrored.ppf(1.0 - Q), -found.ppf(Q), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(mirrored.cdf(-found.ppf(Q)), 1.0 - Q, atol=1e-12)

    @pytest.mark.parametrize("skew", [1e-5, -1e-5, 1e-9, 0.0])
    def test_the_limit_is_normal(self, skew: float) -> None:
        """As the skewness goes to nothing the law becomes the normal."""
        found, normal = law(3.0, 4.0, skew), stats.norm(3.0, 2.0)

        # By the first term of Cornish and Fisher the quantiles are skew (z^2 - 1) / 6 off.
        np.testing.assert_allclose(found.ppf(Q), normal.ppf(Q), atol=2 * 12 * 1e-5 / 6)
        np.testing.assert_allclose(found.cdf(normal.ppf(Q)), Q, atol=1e-5)

    def test_many_at_once(self) -> None:
        """Moments and places broadcast, one law for each."""
        moments = np.array(CASES)
        mean, var, third = moments[:, 0], moments[:, 1], moments[:, 2] * moments[:, 1] ** 1.5
        found = ThreeMoments.of(mean[:, None], var[:, None], third[:, None]).ppf(Q)

        assert found.shape == (5, 7)
        for row, case in zip(found, CASES, strict=True):
            np.testing.assert_allclose(row, law(*case).ppf(Q), rtol=1e-12)


def by_differences(law: Normals | ThreeMoments, x: FloatArray) -> Slopes:
    """Probabilities with slopes by differences of them."""
    step = 1e-4
    low, chance, high = (law.cdf(x + gap) for gap in (-step, 0.0, step))
    return Slopes(chance, (high - low) / (2 * step), (high - 2 * chance + low) / step**2)


def same_slopes(law: Normals | ThreeMoments, x: FloatArray) -> None:
    """The slopes are those by differences."""
    expected = by_differences(law, x)
    found = law.slopes(x)
    np.testing.assert_array_equal(found.chance, expected.chance)
    np.testing.assert_allclose(found.density, expected.density, rtol=1e-5, atol=1e-9)
    # Rounding of a probability over the square of the step is 1e-16 / 1e-8.
    np.testing.assert_allclose(found.bend, expected.bend, rtol=1e-4, atol=1e-6)


class TestSlopes:
    @pytest.mark.parametrize("skew", [0.05, 2.0, -0.7, -3.1])
    def test_differences(self, skew: float) -> None:
        """Density and bend are differences of the probabilities, either way round."""
        found = law(3.0, 4.0, skew)

        same_slopes(found, np.asarray(found.ppf(Q[1:-1])))

    @pytest.mark.parametrize(("mean", "skew", "chance"), [(3.0, 2.0, 0.0), (-3.0, -2.0, 1.0)])
    def test_beyond_the_end(self, mean: float, skew: float, chance: float) -> None:
        """Beyond the end of the lognormal nothing rises."""
        found = law(mean, 4.0, skew)
        # The end is less than two standard deviations off.
        slopes = found.slopes(np.array([-9.0, -30.0]) if mean > 0 else np.array([9.0, 30.0]))

        assert [part.tolist() for part in slopes] == [[chance] * 2, [0.0] * 2, [0.0] * 2]

    def test_normals(self) -> None:
        """The slopes of normal laws too, one row for each."""
        found = Normals(TestNormals.MEAN, TestNormals.SD)

        same_slopes(found, np.asarray(found.ppf(Q[1:-1])))


class TestFourthCumulant:
    @pytest.mark.parametrize("shape", [0.02, 0.3, 0.9])
    @pytest.mark.parametrize("sign", [1.0, -1.0])
    def test_of_lognormals(self, shape: float, sign: float) -> None:
        """The law with the moments of a lognormal has its fourth cumulant, mirrored or not."""
        _, var, skew, excess = (float(m) for m in stats.lognorm(shape, scale=5.0).stats("mvsk"))
        found = fourth_cumulant(np.array([var]), np.array([sign * skew * var**1.5]))

        # Of the smallest shape scipy's own kurtosis is a difference of numbers near three.
        assert found == pytest.approx([excess * var**2], rel=1e-9 if shape > 0.1 else 1e-7)

    def test_of_normals(self) -> None:
        """Without a third moment there is no fourth cumulant."""
        assert fourth_cumulant(np.array([4.0, 0.5]), np.zeros(2)).tolist() == [0.0, 0.0]


class TestNormals:
    MEAN, SD = np.array([[3.0], [-2.0]]), np.array([[2.0], [0.5]])

    def test_closed_form(self) -> None:
        """Quantiles and probabilities are those of normal laws."""
        found = Normals(self.MEAN, self.SD)
        made = stats.norm(self.MEAN, self.SD)

        np.testing.assert_allclose(found.ppf(Q), made.ppf(Q), rtol=1e-12)
        np.testing.assert_allclose(found.cdf(made.ppf(Q)), np.tile(Q, (2, 1)), rtol=1e-12)


class TestLawOfMoments:
    @staticmethod
    def made(*third: float) -> Normals | ThreeMoments:
        """The laws of two sums with mean 3 and variance 4."""
        return law_of_moments(np.full(2, 3.0), np.full(2, 4.0), np.array(third))

    def test_normal_without_third_moments(self) -> None:
        """Where no third moment says otherwise the laws are normal."""
        found = self.made(0.0, 0.0)

        assert isinstance(found, Normals)
        assert found.sd.tolist() == [2.0, 2.0]

    def test_shifted_lognormal_with_one(self) -> None:
        """One third moment makes shifted lognormals of them all."""
        found = self.made(0.0, 8.0)
        median: FloatArray = found.ppf(np.array(0.5))

        assert isinstance(found, ThreeMoments)
        assert median[0] == pytest.approx(3.0, abs=1e-5)
        assert median[1] == pytest.approx(float(law(3.0, 4.0, 1.0).ppf(np.array(0.5))))
