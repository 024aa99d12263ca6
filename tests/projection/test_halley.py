from collections.abc import Callable

import numpy as np
import pytest
from scipy import optimize, stats

from attrition._typing import FloatArray
from attrition.projection.halley import quantiles_by_slopes
from attrition.projection.three_moments import Normals, Slopes, ThreeMoments

Q = np.array([1e-6, 0.001, 0.05, 0.3, 0.5, 0.6, 0.9, 0.995, 1.0 - 1e-7])

# Means, standard deviations and weights of normals; they overlap, or lie far apart.
NEAR = (np.array([0.0, 3.0, 5.0]), np.array([1.0, 0.5, 2.0]), np.array([0.3, 0.5, 0.2]))
FAR = (np.array([0.0, 100.0]), np.array([1.0, 1.0]), np.array([0.4, 0.6]))
Mixed = tuple[FloatArray, FloatArray, FloatArray]


def slopes_of(law: Normals | ThreeMoments, weights: FloatArray) -> Callable[[FloatArray], Slopes]:
    """Of mixtures, a sum in each row."""
    return lambda x: Slopes(*(part @ weights for part in law.slopes(x[..., None])))


def spread(mixed: Mixed) -> float:
    """The standard deviation of a mixture of normals."""
    means, sds, weights = mixed
    return float(np.sqrt(weights @ (sds**2 + (means - weights @ means) ** 2)))


def by_scipy(mixed: Mixed) -> FloatArray:
    """Quantiles of a mixture of normals by Brent's method on scipy's probabilities."""
    means, sds, weights = mixed

    def gap(x: float, q: float) -> float:
        return float(weights @ stats.norm.cdf(x, means, sds)) - q

    ends = float((means - 9 * sds).min()), float((means + 9 * sds).max())
    return np.array([optimize.brentq(gap, *ends, args=(q,), xtol=1e-13) for q in Q])


def found(mixed: Mixed, start: float, q: FloatArray = Q) -> FloatArray:
    """Quantiles of a mixture of normals from one start for all."""
    means, sds, weights = mixed
    sd = np.array([[spread(mixed)]])
    slopes = slopes_of(Normals(means, sds), weights)
    return np.asarray(quantiles_by_slopes(slopes, q, np.full((1, q.size), start), sd)[0])


class TestQuantilesBySlopes:
    @pytest.mark.parametrize("start", [2.5, 3.0, -20.0, 50.0, -200.0, 400.0])
    def test_a_mixture(self, start: float) -> None:
        """Quantiles of a mixture are those of scipy's probabilities, from however bad a start."""
        # The last step is of a fiftieth of the spread at most and leaves its cube.
        np.testing.assert_allclose(found(NEAR, start), by_scipy(NEAR), atol=1e-5 * spread(NEAR))

    @pytest.mark.parametrize("start", [50.0, 0.0, 100.0, 10.0, -30.0, 300.0])
    def test_flat_places(self, start: float) -> None:
        """Where probabilities do not rise for long, as between parts far apart, they are found."""
        # The last step is longer than one standard deviation of a part is.
        np.testing.assert_allclose(found(FAR, start), by_scipy(FAR), atol=0.02 * spread(FAR))

    def test_a_median_that_is_everywhere_between(self) -> None:
        """Where a place in the middle of many has the probability it is kept."""
        even = FAR[0], FAR[1], np.array([0.5, 0.5])

        assert found(even, 45.0, np.array([0.5])).tolist() == [45.0]

    def test_given_up(self) -> None:
        """A step is four standard deviations long at most, and there are a hundred."""
        sd = spread(NEAR)

        assert found(NEAR, 900.0 * sd, Q[3:5]) == pytest.approx([500.0 * sd] * 2, rel=1e-12)

    def test_from_one_flat_place_to_another(self) -> None:
        """Steps that lead from one end of the bracket to the other are not taken for ever."""
        # From 50 a step of four standard deviations leads beyond 100, and one back to 50.
        sd = np.array([[20.0]])
        slopes = slopes_of(Normals(FAR[0], FAR[1]), FAR[2])
        q = np.array([0.45, 0.7])
        places = quantiles_by_slopes(slopes, q, np.array([[50.0, 50.0]]), sd)

        expected = 100.0 + stats.norm.ppf((q - 0.4) / 0.6)
        np.testing.assert_allclose(places[0], expected, atol=0.02 * 20.0)

    @pytest.mark.parametrize("start", [2.5, -20.0])
    def test_they_rise_with_the_probability(self, start: float) -> None:
        """The higher the probability the higher the quantile."""
        q = np.linspace(0.001, 0.999, 333)

        assert (np.diff(found(NEAR, start, q)) > 0.0).all()

    @pytest.mark.parametrize("start", [0.3, -30.0, 40.0])
    @pytest.mark.parametrize("sign", [1.0, -1.0])
    def test_laws_with_ends(self, start: float, sign: float) -> None:
        """Laws that end somewhere have quantiles inside, from a start beyond the end too."""
        made = [stats.lognorm(0.6, loc=-1.0), stats.lognorm(0.9, loc=0.5, scale=2.0)]
        mean, var, skew = np.array([[float(m) for m in one.stats("mvs")] for one in made]).T
        law = ThreeMoments.of(sign * mean, var, sign * skew * var**1.5)
        weights, sd = np.array([0.7, 0.3]), np.array([[1.5]])
        slopes, q = slopes_of(law, weights), Q[1:-1]
        places = quantiles_by_slopes(slopes, q, np.full((1, q.size), start), sd)[0]

        chance = sum(
            w * (one.cdf(places) if sign > 0 else one.sf(-places))
            for w, one in zip(weights, made, strict=True)
        )
        np.testing.assert_allclose(chance, q, rtol=1e-3, atol=1e-6)

    def test_many_sums_at_once(self) -> None:
        """Each sum has its own quantiles, and each its own start."""
        means, sds, weights = NEAR
        factors, q = np.array([[1.0], [-2.0]]), Q[2:6]
        law = Normals((factors * means)[:, None], (np.abs(factors) * sds)[:, None])
        start = np.array([[2.5] * 4, [10.0, -90.0, 3.0, 0.0]])
        sd = spread(NEAR) * np.abs(factors)
        places = quantiles_by_slopes(slopes_of(law, weights), q, start, sd)

        np.testing.assert_allclose(places[0], by_scipy(NEAR)[2:6], atol=1e-5 * sd[0, 0])
        mirrored = -2.0 * found(NEAR, 2.5, 1.0 - q)
        np.testing.assert_allclose(places[1], mirrored, atol=1e-5 * sd[1, 0])

    def test_what_is_found_stays(self) -> None:
        """Quantiles that are found to the last digit stay while others are on their way."""
        means, sds, weights = NEAR
        looked = list[int]()

        def slopes(x: FloatArray) -> Slopes:
            looked.append(x.size)
            return slopes_of(Normals(7e5 + means, sds), weights)(x)

        start = np.array([[7e5 - 5.0] * 4 + [7e5 + 60.0]])
        q = np.array([0.05, 0.3, 0.6, 0.9, 0.99])
        quantiles_by_slopes(slopes, q, start, np.array([[spread(NEAR)]]))

        # From 60 it is eight steps; whoever left his place would need more to come back.
        assert len(looked) == 8

    def test_few_evaluations(self) -> None:
        """From a start a tenth of a standard deviation off two steps are enough."""
        means, sds, weights = NEAR
        looked = list[int]()

        def slopes(x: FloatArray) -> Slopes:
            looked.append(x.size)
            return slopes_of(Normals(means, sds), weights)(x)

        sd, q = spread(NEAR), Q[1:-1]
        near = by_scipy(NEAR)[None, 1:-1] + 0.1 * sd
        quantiles_by_slopes(slopes, q, near, np.array([[sd]]))

        assert looked == [q.size] * len(looked)
        assert len(looked) <= 3
