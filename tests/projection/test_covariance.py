import numpy as np

from attrition._typing import FloatArray
from attrition.projection.covariance import joint_covariance, joint_root, noises_below
from attrition.projection.noise import Factors
from attrition.uncertain.node import Noise, apply

MADE = Factors(cells=5, lasting_sd=0.3, persistence=0.7, passing_sd=0.2)
OTHER = Factors(cells=3, lasting_sd=0.15, persistence=-0.4, passing_sd=0.0)


def autoregression(cells: int, lasting: float, persistence: float, passing: float) -> FloatArray:
    """The covariance of an autoregression of order one with white noise on top."""
    lags = np.abs(np.subtract.outer(np.arange(cells), np.arange(cells)))
    return np.asarray(lasting**2 * persistence**lags + passing**2 * (lags == 0))


class TestNoisesBelow:
    def test_each_once(self) -> None:
        """Noise that two factors share is listed once, in the longer length."""
        short, long, other = Noise("a", 6, uid="a"), Noise("a", 10, uid="a"), Noise("b", 3)
        nodes = [apply(OTHER, short), apply(MADE, long), apply(OTHER, other)]

        assert noises_below(nodes) == [long, other]


class TestJointCovariance:
    def test_one_noise(self) -> None:
        """Logarithms of factors have the covariance of their autoregression."""
        found = joint_covariance([apply(MADE, Noise("a", 10))])

        np.testing.assert_allclose(found, autoregression(5, 0.3, 0.7, 0.2), rtol=1e-12)

    def test_two_noises(self) -> None:
        """Factors of different noise know nothing of each other."""
        found = joint_covariance([apply(MADE, Noise("a", 10)), apply(OTHER, Noise("b", 3))])

        np.testing.assert_allclose(found[:5, :5], autoregression(5, 0.3, 0.7, 0.2), rtol=1e-12)
        np.testing.assert_allclose(
            found[5:, 5:], autoregression(3, 0.15, -0.4, 0.0), rtol=1e-12, atol=1e-16
        )
        assert (found[:5, 5:] == 0.0).all()

    def test_noise_in_two_lengths(self) -> None:
        """Factors of the same noise move together, over as many cells as both have."""
        longer = Factors(cells=4, lasting_sd=0.3, persistence=0.7, passing_sd=0.2)
        nodes = [apply(MADE, Noise("a", 10, uid="a")), apply(longer, Noise("a", 8, uid="a"))]
        found = joint_covariance(nodes)

        np.testing.assert_allclose(found[:4, 5:], autoregression(4, 0.3, 0.7, 0.2), rtol=1e-12)

    def test_no_noise(self) -> None:
        """Without factors there are no cells, and factors without noise are none."""
        assert joint_covariance([]).shape == (0, 0)
        assert joint_root([]).shape == (0, 0)

    def test_root_is_what_a_normal_does(self) -> None:
        """A column is the rise of the logarithms with one normal, wherever the others are."""
        rng = np.random.default_rng(20260101)
        normals, step = rng.standard_normal((10, 1)), 1.7
        root = joint_root([apply(MADE, Noise("a", 10))])

        assert root.shape == (5, 10)
        for place in range(10):
            moved = normals + step * (np.arange(10) == place)[:, None]
            rise = np.log(MADE(moved) / MADE(normals))[:, 0]
            np.testing.assert_allclose(step * root[:, place], rise, atol=1e-14)
