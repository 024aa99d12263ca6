import numpy as np
import pytest
from scipy import stats

from attrition.evidence.conditioning import (
    condition,
    statement_given_others,
    statements_alone,
    triangular,
    upper_tail,
)

SEEDS = range(20260101, 20260106)


class TestCondition:
    @pytest.mark.parametrize("seed", SEEDS)
    def test_the_textbook_formula(self, seed: int) -> None:
        """Mean and covariance are -A'S^-1 b and I - A'S^-1 A, with S = A A'."""
        rng = np.random.default_rng(seed)
        A, b = rng.standard_normal((3, 5)) * [[1e3], [1.0], [1e-3]], rng.standard_normal(3)
        found = condition(A, b)
        gain = A.T @ np.linalg.inv(A @ A.T)

        assert found.mean == pytest.approx(-gain @ b, rel=1e-9)
        assert found.free @ found.free.T == pytest.approx(np.eye(5) - gain @ A, abs=1e-9)
        assert found.statistic == pytest.approx(b @ np.linalg.solve(A @ A.T, b), rel=1e-9)
        assert (found.rank, found.free.shape, bool(found.possible)) == (3, (5, 2), True)

    def test_replicates(self) -> None:
        """Many sets of constants at once are each as it is alone."""
        A = np.array([[1.0, 2.0, -1.0], [0.0, 1.0, 3.0]])
        b = np.array([[1.0, -2.0, 0.5], [2.0, 0.0, 4.0]])
        found = condition(A, b)

        for i in range(3):
            alone = condition(A, b[:, i])
            assert found.mean[:, i] == pytest.approx(alone.mean, rel=1e-12)
            assert found.statistic[i] == pytest.approx(float(alone.statistic), rel=1e-12)

    def test_statements_that_repeat_each_other(self) -> None:
        """What is said twice exactly counts once; said differently, it is impossible."""
        A = np.array([[3.0, 4.0], [6.0, 8.0]])
        same, other = condition(A, np.array([5.0, 10.0])), condition(A, np.array([5.0, 10.1]))

        assert (same.rank, bool(same.possible), bool(other.possible)) == (1, True, False)
        assert same.mean == pytest.approx([-0.6, -0.8])

    def test_a_statement_about_nothing(self) -> None:
        """That 0 is 1 is impossible, that 0 is 0 says nothing."""
        A = np.zeros((1, 2))

        assert condition(A, np.array([1.0])).possible.tolist() is False
        assert condition(A, np.array([0.0])).free.shape == (2, 2)

    def test_precise_measurements_differ_without_being_impossible(self) -> None:
        """A spread of a millionth of the prior one is a spread."""
        A = np.array([[1.0, -1e-6, 0.0], [1.0, 0.0, -1e-6]])
        found = condition(A, np.array([1e-6, -1e-6]))

        assert bool(found.possible)
        assert found.statistic == pytest.approx(2.0, rel=1e-6)


class TestTriangular:
    @pytest.mark.parametrize("seed", SEEDS)
    def test_a_root_of_the_covariance(self, seed: int) -> None:
        """L L' is F F', L is lower triangular, and its diagonal is not negative."""
        F = np.random.default_rng(seed).standard_normal((3, 4)) * [[1.0], [1e-5], [1e4]]
        L = triangular(F)

        covariance = L @ L.T

        assert covariance == pytest.approx(F @ F.T, rel=1e-10)
        assert (np.triu(L, 1) == 0.0).all()
        assert (np.diag(L) > 0.0).all()

    def test_nothing_left(self) -> None:
        """What claims have settled has no spread left, not one of rounding."""
        found = condition(np.array([[1.0, 1.0, 0.0], [1.0, -1.0, 0.0]]), np.array([0.5, 0.25]))

        assert (triangular(found.free[:2]) == 0.0).all()


class TestStatementGivenOthers:
    def test_alone(self) -> None:
        """The only statement is compared with the prior."""
        p = statement_given_others(np.array([[3.0, 4.0]]), np.array([10.0]), 0)

        assert p == pytest.approx(2 * stats.norm.sf(2.0), rel=1e-12)

    def test_two_measurements(self) -> None:
        """What one measurement foretells of another: prior 2, errors 1 and 3, figures 0 and 6."""
        A, b = np.array([[2.0, 1.0, 0.0], [2.0, 0.0, 3.0]]), np.array([0.0, -6.0])
        sd = np.sqrt(4 * 1 / (4 + 1) + 9)

        assert statement_given_others(A, b, 1) == pytest.approx(2 * stats.norm.sf(6 / sd))

    def test_what_the_others_settle(self) -> None:
        """A statement that follows from the others is no surprise."""
        A, b = np.array([[1.0, 1.0], [1.0, -1.0], [1.0, 0.0]]), np.array([-3.0, -1.0, -2.0])

        assert statement_given_others(A, b, 2) == 1.0


class TestStatementsAlone:
    def test_two_measurements_of_one_thing(self) -> None:
        """Two figures for one thing differ by their errors alone, whatever was known before."""
        unknown = np.array([True, False, False])
        for prior in (1e-3, 2.0, 1e3):
            A = np.array([[prior, 3.0, 0.0], [prior, 0.0, 4.0]])
            p = statements_alone(A, np.array([0.0, -8.0]), unknown)
            assert p == pytest.approx(2 * stats.norm.sf(8 / 5), rel=1e-6)

    def test_weighted_least_squares(self) -> None:
        """With more claims it is the chi-square of the weighted fit."""
        rng = np.random.default_rng(20260101)
        G, sds, v = rng.standard_normal((5, 2)), np.array([1.0, 2.0, 0.5, 3.0, 1.5]), np.arange(5.0)
        fit, *_ = np.linalg.lstsq(G / sds[:, None], v / sds, rcond=None)
        chi2 = float(np.square((G @ fit - v) / sds).sum())
        A = np.concatenate([G, np.diag(sds)], axis=1)
        p = statements_alone(A, -v, np.array([True] * 2 + [False] * 5))

        assert p == pytest.approx(stats.chi2.sf(chi2, 3), rel=1e-9)

    def test_none_where_all_can_hold(self) -> None:
        """As many claims as unknowns cannot contradict each other."""
        A = np.array([[1.0, 0.0, 1.0, 0.0], [1.0, 2.0, 0.0, 1.0]])

        assert (
            statements_alone(A, np.array([5.0, 9.0]), np.array([True, True, False, False])) is None
        )

    def test_none_where_exact_claims_repeat_each_other(self) -> None:
        """Exact claims that agree leave nothing to test."""
        A = np.array([[1.0, 2.0], [2.0, 4.0]])

        assert statements_alone(A, np.array([1.0, 2.0]), np.array([True, True])) is None


class TestUpperTail:
    @pytest.mark.parametrize(("x", "k"), [(0.0, 1), (3.2, 2), (18.7, 5)])
    def test_chi_square(self, x: float, k: int) -> None:
        """It is the survival function of chi-square."""
        assert upper_tail(x, k) == pytest.approx(stats.chi2.sf(x, k), rel=1e-12)
