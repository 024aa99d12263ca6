import itertools

import numpy as np
import pytest

from attrition._typing import FloatArray
from attrition.projection.noisy import Noisy, moments_of, some_of

CELLS = 4
COV = np.expm1(0.3**2 * 0.7 ** np.abs(np.subtract.outer(np.arange(CELLS), np.arange(CELLS))))


def made(sums: int, nodes: int) -> Noisy:
    """Two profiles of some sums, and their shares at some nodes."""
    rng = np.random.default_rng(20260101)
    return Noisy(rng.normal(size=(2, sums, CELLS)), rng.normal(size=(2, nodes)), COV)


def by_triples(weights: FloatArray) -> tuple[float, float]:
    """Variance and third central moment of a weighted sum of lognormals with mean one."""
    third = 0.0
    for i, j, k in itertools.product(range(CELLS), repeat=3):
        one, two, three = COV[i, j], COV[i, k], COV[j, k]
        all_at_once = (1.0 + one) * (1.0 + two) * (1.0 + three)
        third += weights[i] * weights[j] * weights[k] * (all_at_once - 1.0 - one - two - three)
    return float(weights @ COV @ weights), third


class TestMomentsOf:
    def test_against_all_triples(self) -> None:
        """At one node both moments are exact where they are computed, at six sums and fewer."""
        noise = made(6, 1)
        var, third = moments_of(noise)
        weights = np.tensordot(noise.shares[:, 0], noise.profiles, axes=1)
        expected = np.array([by_triples(row) for row in weights])

        np.testing.assert_allclose(var[:, 0], expected[:, 0], rtol=1e-12)
        np.testing.assert_allclose(third[:, 0], expected[:, 1], rtol=1e-10)

    def test_at_several_nodes(self) -> None:
        """At each node the variance is exact, and the larger part of the third moment."""
        noise = made(3, 5)
        var, third = moments_of(noise)
        for node in range(5):
            weights = np.tensordot(noise.shares[:, node], noise.profiles, axes=1)
            spread = weights @ COV

            np.testing.assert_allclose(var[:, node], (spread * weights).sum(axis=1), rtol=1e-12)
            larger = 3.0 * (weights * spread**2).sum(axis=1)
            # What is left is the trace of the mean node, scaled by the standard deviation.
            rest = (third[:, node] - larger) / var[:, node] ** 1.5
            middle = np.tensordot(noise.shares.mean(axis=1), noise.profiles, axes=1)
            traces = [np.trace(np.linalg.matrix_power(np.diag(w) @ COV, 3)) for w in middle]
            scale = np.einsum("sc,cd,sd->s", middle, COV, middle) ** 1.5
            np.testing.assert_allclose(rest, np.array(traces) / scale, rtol=1e-9)

    def test_a_sum_that_noise_does_not_move(self) -> None:
        """Before losses begin there is no variance, and no third moment."""
        noise = made(3, 2)
        noise.profiles[:, 0] = 0.0
        var, third = moments_of(noise)

        assert not var[0].any()
        assert not third[0].any()
        assert var[1:].all()


class TestSomeOf:
    @pytest.mark.parametrize(
        ("sums", "places"), [(1, [0]), (3, [0, 1, 2]), (36, [0, 7, 14, 21, 28, 35])]
    )
    def test_first_and_last_among_them(self, sums: int, places: list[int]) -> None:
        """Six sums at most, evenly from the first to the last."""
        assert some_of(sums).tolist() == places
        assert not some_of(sums).flags.writeable
