import pytest

from attrition.evidence import meta
from tests.bench import pool_coverage as bench

N = 20_000

# Four standard errors of a share of .9 over so many replicates.
SLACK = 4.0 * (0.9 * 0.1 / N) ** 0.5


class TestCoverage:
    @pytest.mark.parametrize("estimator", [meta.dersimonian_laird, meta.paule_mandel])
    @pytest.mark.parametrize("tau", bench.TAUS)
    @pytest.mark.parametrize("k", bench.COUNTS)
    def test_modified_hartung_knapp(self, estimator: bench.Estimator, tau: float, k: int) -> None:
        """The modified interval at 90 % holds the truth in at least 88 % of trials."""
        trial = bench.trial(k, tau, N)

        assert bench.student(estimator, 1.0)(*trial) >= 0.88

    def test_a_normal_interval_is_too_short(self) -> None:
        """With a spread between sources a normal interval does not, for three and for ten."""
        for k in (3, 10):
            assert bench.wald(meta.paule_mandel)(*bench.trial(k, 1.0, N)) < 0.88

    @pytest.mark.parametrize("k", bench.COUNTS)
    def test_one_true_value(self, k: int) -> None:
        """Where all measure one value with independent errors the fixed pool is exact."""
        assert bench.fixed(*bench.trial(k, 0.0, N)) == pytest.approx(0.9, abs=SLACK)

    @pytest.mark.parametrize("k", bench.COUNTS)
    def test_dependent_errors(self, k: int) -> None:
        """With a common part the fixed pool is too sure; with its correlation it is exact."""
        trial = bench.trial(k, 0.0, N, common=bench.COMMON)

        assert bench.fixed(*trial) < 0.86
        assert bench.tied(*trial, bench.COMMON) == pytest.approx(0.9, abs=SLACK)
        assert bench.intersected(*trial) == pytest.approx(0.9, abs=SLACK)

    def test_pools_of_distributions_are_wide(self) -> None:
        """Where all measure one value the linear and the log pool hold it nearly always."""
        trial = bench.trial(5, 0.0, N)

        assert bench.linear(*trial) > 0.99
        assert bench.log(*trial) > 0.99


class TestMultiplicativeErrors:
    def test_the_natural_scale_is_biased(self) -> None:
        """Low figures state small spreads: six with cv .3 have the mean .87, and coverage .63."""
        mean, covered = bench.on_the_natural_scale(bench.multiplied(N))

        assert mean == pytest.approx(0.871, abs=0.005)
        assert covered == pytest.approx(0.629, abs=4 * (0.63 * 0.37 / N) ** 0.5)

    def test_the_log_scale_is_not(self) -> None:
        """On the log scale neither the median nor the coverage is off."""
        median, covered = bench.on_the_log_scale(bench.multiplied(N))

        # The logarithm of the pool has a standard deviation of .12, its median of .0011.
        assert median == pytest.approx(1.0, abs=0.005)
        assert covered == pytest.approx(0.9, abs=SLACK)
