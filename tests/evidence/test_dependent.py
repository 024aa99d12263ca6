import math

import numpy as np
import pytest

from attrition.evidence import dependent, meta

Y = np.array([35_050.0, 31_000.0, 28_000.0])
SD = np.array([1_500.0, 2_500.0, 4_000.0])


def common(k: int, r: float) -> "np.typing.NDArray[np.float64]":
    """One correlation for all pairs."""
    return np.where(np.eye(k, dtype=bool), 1.0, r)


class TestGeneralised:
    def test_two_by_hand(self) -> None:
        """Of two estimates the weights are those of the textbook formula."""
        a, b, r = 1_500.0, 2_500.0, 0.4
        found = dependent.generalised(Y[:2], SD[:2], common(2, r))
        first = (b * b - r * a * b) / (a * a + b * b - 2 * r * a * b)
        variance = a * a * b * b * (1 - r * r) / (a * a + b * b - 2 * r * a * b)

        np.testing.assert_allclose(found.weights, [first, 1 - first], rtol=1e-12)
        assert float(found.variance) == pytest.approx(variance, rel=1e-12)
        assert float(found.centre) == pytest.approx(
            first * 35_050 + (1 - first) * 31_000, rel=1e-14
        )

    def test_a_correlation_of_levels(self) -> None:
        """The .9994 between two series of figures gives weights 2.49 and -1.49: 41,089 +- 130."""
        found = dependent.generalised(Y[:2], SD[:2], common(2, 0.9994))

        assert found.weights.round(2).tolist() == [2.49, -1.49]
        assert f"{found.centre:,.0f}" == "41,089"
        assert f"{math.sqrt(found.variance):,.0f}" == "130"

    def test_independent(self) -> None:
        """Without correlations it is the fixed pool, and so is its Q."""
        found, fixed = dependent.generalised(Y, SD, np.eye(3)), meta.fixed(Y, SD**2)

        np.testing.assert_allclose(found.weights, fixed.weights, rtol=1e-12)
        assert float(found.centre) == pytest.approx(float(fixed.centre), rel=1e-14)
        assert dependent.generalised_q(Y, SD, np.eye(3)) == pytest.approx(
            float(meta.heterogeneity(Y, SD**2)), rel=1e-12
        )

    def test_q_has_its_expected_value(self) -> None:
        """Errors with the stated covariance give Q the mean k - 1."""
        rng = np.random.default_rng(20260101)
        matrix = np.array([[1.0, 0.3, 0.1], [0.3, 1.0, 0.5], [0.1, 0.5, 1.0]])
        root = np.linalg.cholesky(matrix)
        found = [
            dependent.generalised_q(SD * (root @ rng.standard_normal(3)), SD, matrix)
            for _ in range(4_000)
        ]

        # The variance of Q is 2 (k - 1), so the mean is known to .032; four of them.
        assert np.mean(found) == pytest.approx(2.0, abs=0.13)


class TestLargestShare:
    @pytest.mark.parametrize("k", [2, 3])
    def test_one_correlation(self, k: int) -> None:
        """
        The limit of a common correlation is in closed form.

        With precisions u = 1 / sd it is min u / (sum u - (k - 1) min u).
        """
        u = 1.0 / SD[:k]
        limit = u.min() / (u.sum() - (k - 1) * u.min())
        stated = 0.95

        share = dependent.largest_share(SD[:k], common(k, stated))
        assert share * stated == pytest.approx(limit, rel=1e-12)

    def test_a_matrix(self) -> None:
        """At the limit the smallest weight is zero, and above it below."""
        matrix = np.array([[1.0, 0.9, 0.7], [0.9, 1.0, 0.8], [0.7, 0.8, 1.0]])
        share = dependent.largest_share(SD, matrix)
        apart = np.eye(3)

        at, beyond = (
            dependent.generalised(Y, SD, apart + s * (matrix - apart)).weights.min()
            for s in (share, share + 1e-6)
        )
        assert at == pytest.approx(0.0, abs=1e-12)
        assert beyond < 0.0


class TestIntersected:
    def test_the_most_precise(self) -> None:
        """Without weights the pool is the most precise estimate: nothing can be gained."""
        found = dependent.intersected(Y, SD**2)

        assert (float(found.centre), float(found.variance)) == (35_050.0, 1_500.0**2)
        assert found.weights.tolist() == [1.0, 0.0, 0.0]

    def test_equally_precise(self) -> None:
        """Estimates of the least variance, up to rounding, share the weight; so goes the mean."""
        v = np.array([2.0, 2.0 * (1 + 1e-15), 5.0])
        found = dependent.intersected(np.array([10.0, 14.0, 30.0]), v)

        assert float(found.centre) == pytest.approx(12.0, rel=1e-14)
        assert float(found.variance) == pytest.approx(2.0, rel=1e-14)

    def test_weights(self) -> None:
        """With weights the precision is their weighted mean."""
        found = dependent.intersected(Y[:2], SD[:2] ** 2, np.array([0.5, 0.5]))
        precision = 0.5 / 1_500**2 + 0.5 / 2_500**2

        assert float(found.variance) == pytest.approx(1.0 / precision, rel=1e-14)
        assert float(found.centre) == pytest.approx(
            (0.5 * 35_050 / 1_500**2 + 0.5 * 31_000 / 2_500**2) / precision, rel=1e-14
        )
        np.testing.assert_allclose(found.weights.sum(), 1.0, rtol=1e-14)

    @pytest.mark.parametrize("r", [-0.9, 0.0, 0.5, 0.99])
    @pytest.mark.parametrize("w", [0.0, 0.3, 1.0])
    def test_never_too_sure(self, r: float, w: float) -> None:
        """Whatever the correlation, the mean has no more variance than is stated."""
        v = SD[:2] ** 2
        found = dependent.intersected(Y[:2], v, np.array([w, 1.0 - w]))
        covariance = common(2, r) * np.outer(SD[:2], SD[:2])
        true = found.weights @ covariance @ found.weights

        assert true <= float(found.variance) * (1.0 + 1e-12)
