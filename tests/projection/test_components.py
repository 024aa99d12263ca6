import math

import numpy as np
import pytest
from scipy import stats

from attrition._typing import FloatArray
from attrition.projection.components import Components, lacking, merged

SHARES = np.array([0.2, 0.5, 0.3])


def lognormals(sums: int, groups: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Shapes, scales and weights of shifted lognormals, three in each group."""
    rng = np.random.default_rng(20260101)
    shape, scale = 0.1 + 0.5 * rng.random((2, sums, 3 * groups))
    weights = np.kron(rng.dirichlet(np.ones(groups)), SHARES)
    return shape, scale, weights


def components(shape: FloatArray, scale: FloatArray, weights: FloatArray) -> Components:
    """The moments of the lognormals, one law at a time by scipy."""
    mean, var, skew = (np.asarray(m) for m in stats.lognorm(shape, scale=scale).stats("mvs"))
    return Components(mean, var, skew * var**1.5, weights)


def raw(shape: FloatArray, scale: FloatArray, weights: FloatArray, power: int) -> FloatArray:
    """A raw moment of mixtures of lognormals, shape (sums,)."""
    return np.asarray((scale**power * np.exp(0.5 * (power * shape) ** 2)) @ weights)


def central(shape: FloatArray, scale: FloatArray, weights: FloatArray, power: int) -> FloatArray:
    """A central moment of mixtures of lognormals from their raw moments, shape (sums,)."""
    every = [raw(shape, scale, weights, p) for p in range(power + 1)]
    terms = (math.comb(power, p) * every[p] * (-every[1]) ** (power - p) for p in range(power + 1))
    return np.asarray(sum(terms))


class TestComponents:
    def test_moments_of_a_mixture(self) -> None:
        """Moments of the whole are those of a mixture from raw moments."""
        made = lognormals(4, 2)
        mean, var, third = components(*made).moments

        np.testing.assert_allclose(mean, raw(*made, 1), rtol=1e-12)
        np.testing.assert_allclose(var, central(*made, 2), rtol=1e-9)
        np.testing.assert_allclose(third, central(*made, 3), rtol=1e-9)

    def test_some_of_the_sums(self) -> None:
        """Some of the sums keep their moments and the weights."""
        every = components(*lognormals(5, 2))
        few = every.of(np.array([4, 1]))

        np.testing.assert_array_equal(few.moments, every.moments[:, [4, 1]])
        assert few.weights is every.weights


class TestMerged:
    def test_each_group_keeps_its_moments(self) -> None:
        """Each group is one component with the three moments of its mixture."""
        shape, scale, weights = lognormals(4, 3)
        coarse = merged(components(shape, scale, weights), 3)
        for group in range(3):
            part = slice(3 * group, 3 * group + 3)
            one = shape[:, part], scale[:, part], SHARES
            np.testing.assert_allclose(coarse.mean[:, group], raw(*one, 1), rtol=1e-12)
            np.testing.assert_allclose(coarse.var[:, group], central(*one, 2), rtol=1e-9)
            np.testing.assert_allclose(coarse.third[:, group], central(*one, 3), rtol=1e-9)
        np.testing.assert_allclose(coarse.weights, weights.reshape(3, 3).sum(axis=1), rtol=1e-12)

    def test_the_whole_keeps_its_moments(self) -> None:
        """Merging changes no moment of the whole."""
        fine = components(*lognormals(4, 3))

        np.testing.assert_allclose(merged(fine, 3).moments, fine.moments, rtol=1e-11)

    def test_one_at_a_time(self) -> None:
        """Groups of one are what they were."""
        fine = components(*lognormals(2, 2))

        for before, after in zip(fine, merged(fine, 1), strict=True):
            np.testing.assert_allclose(after, before, rtol=1e-12)


class TestLacking:
    def test_fourth_cumulant_of_a_group(self) -> None:
        """What a merged law lacks is the fourth cumulant of the mixture less its own."""
        shape, scale, weights = lognormals(4, 3)
        found = lacking(components(shape, scale, weights), 3)
        for group in range(3):
            part = slice(3 * group, 3 * group + 3)
            one = shape[:, part], scale[:, part], SHARES
            var, third, fourth = (central(*one, power) for power in (2, 3, 4))
            # The lognormal with this skewness, by its closed form in w = exp(sigma^2).
            for row, skew in enumerate(third / var**1.5):
                w = max(np.roots([1.0, 3.0, 0.0, -4.0 - skew**2]).real)
                own = var[row] ** 2 * (w**4 + 2 * w**3 + 3 * w**2 - 6)
                expected = fourth[row] - 3 * var[row] ** 2 - own
                assert found[row, group] == pytest.approx(expected, rel=1e-6)

    def test_nothing_where_nothing_is_merged(self) -> None:
        """A group of equal lognormals lacks nothing."""
        shape, scale = np.full((2, 3), 0.4), np.full((2, 3), 5.0)
        found = lacking(components(shape, scale, SHARES), 3)

        np.testing.assert_allclose(found, 0.0, atol=1e-12 * 5.0**4)

    def test_a_normal_from_its_parts(self) -> None:
        """Normals at the nodes of a rule lack what three nodes have of a normal: nothing."""
        nodes, weights = np.sqrt(3.0) * np.array([-1.0, 0.0, 1.0]), np.array([1.0, 4.0, 1.0]) / 6.0
        made = Components(2.0 * nodes[None], np.full((1, 3), 0.7), np.zeros((1, 3)), weights)

        assert lacking(made, 3) == pytest.approx(np.zeros((1, 1)), abs=1e-12)
        assert merged(made, 3).var == pytest.approx(np.array([[4.7]]))
