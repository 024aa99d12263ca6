import numpy as np
import pytest
from scipy import integrate, stats

from attrition.evidence.pool_linear import linear_pool
from attrition.uncertain import Uncertain, about, exactly, from_draws
from attrition.uncertain.families import Constant, Normal

P = np.array([1e-6, 0.05, 0.3, 0.5, 0.7, 0.95, 1 - 1e-6])


class TestLinearPool:
    def test_worked_numbers(self) -> None:
        """Three estimates with equal weights have the mean 31,350 and the sd 4,063.46."""
        figures = [about(35_050, sd=1_500), about(31_000, sd=2_500), about(28_000, sd=4_000)]
        law = linear_pool(figures, [1 / 3] * 3)

        assert f"{law.mean():,.0f}" == "31,350"
        assert f"{law.var() ** 0.5:,.2f}" == "4,063.46"
        assert law.method == "exact"

    def test_against_integration(self) -> None:
        """Probabilities and moments of analytic laws are those of the mixed density."""
        first, second = stats.gamma(4, scale=9_000), stats.lognorm(0.4, scale=20_000)
        law = linear_pool([Uncertain.of(first), Uncertain.of(second)], [0.3, 0.7])

        def density(x: float) -> float:
            return 0.3 * float(first.pdf(x)) + 0.7 * float(second.pdf(x))

        for q in P[1:-1]:
            x = float(law.ppf(np.array(q)))
            assert integrate.quad(density, 0, x, epsabs=0)[0] == pytest.approx(q, rel=1e-9)
        mean = integrate.quad(lambda x: x * density(x), 0, 1e6, epsabs=0, limit=400)[0]
        assert law.mean() == pytest.approx(mean, rel=1e-9)
        variance = integrate.quad(
            lambda x: (x - mean) ** 2 * density(x), 0, 1e6, epsabs=0, limit=400
        )[0]
        assert law.var() == pytest.approx(variance, rel=1e-9)

    def test_values(self) -> None:
        """Figures made of values keep them, each with its share."""
        law = linear_pool([from_draws([1, 2]), exactly(5)], [0.5, 0.5])

        assert law.cdf(np.array([1.0, 2.0, 4.9, 5.0])).tolist() == [0.25, 0.5, 0.5, 1.0]

    def test_no_weight(self) -> None:
        """A figure without weight is no part of the pool."""
        law = linear_pool([about(10, sd=3), Uncertain.of(stats.cauchy(0))], [1.0, 0.0])

        assert law == Normal(10.0, 3.0)

    def test_one_known_value(self) -> None:
        """Where all say one known number, that is it."""
        assert linear_pool([exactly(7), exactly(7)], [0.5, 0.5]) == Constant(7.0)

    def test_known_values(self) -> None:
        """Two known numbers stay two."""
        law = linear_pool([exactly(7), exactly(9)], [0.25, 0.75])

        assert law.mean() == 8.5
        assert law.support() == (7.0, 9.0)
