import numpy as np
import pytest
from scipy import stats

from attrition.errors import PoolError
from attrition.evidence.pool_log import log_pool
from attrition.uncertain import Uncertain, about, exactly, exp, from_draws, uniform
from attrition.uncertain.families import Normal

P = np.array([1e-6, 0.05, 0.3, 0.5, 0.7, 0.95, 1 - 1e-6])
NAMES = ["estimates[0]", "estimates[1]", "estimates[2]"]


class TestLogPool:
    def test_worked_numbers(self) -> None:
        """Three estimates with equal weights have the mean 33,417.74 and the sd 2,120.88."""
        figures = [about(35_050, sd=1_500), about(31_000, sd=2_500), about(28_000, sd=4_000)]
        law = log_pool(figures, NAMES, [1 / 3] * 3)

        assert f"{law.mean():,.2f}" == "33,417.74"
        assert f"{law.var() ** 0.5:,.2f}" == "2,120.88"

    def test_analytic_laws(self) -> None:
        """Gammas make a gamma: (k - 1) and 1 / scale are weighted means."""
        figures = [
            Uncertain.of(stats.gamma(4, scale=9_000)),
            Uncertain.of(stats.gamma(9, scale=2_500)),
        ]
        law = log_pool(figures, NAMES[:2], [0.25, 0.75])
        expected = stats.gamma(1 + 0.25 * 3 + 0.75 * 8, scale=1 / (0.25 / 9_000 + 0.75 / 2_500))

        np.testing.assert_allclose(law.ppf(P), expected.ppf(P), rtol=1e-8)

    def test_an_agreement_is_no_more_than_one(self) -> None:
        """Two that say the same are one: the pool of equal laws is that law."""
        law = log_pool([about(10, sd=3), about(10, sd=3)], NAMES[:2], [0.5, 0.5])

        assert isinstance(law, Normal)
        assert (law.centre, law.sd) == pytest.approx((10.0, 3.0), rel=1e-14)

    def test_computed_figures(self) -> None:
        """A figure that was computed in closed form has a density too."""
        figure = exp(uniform(0, 2)) + 1
        law = log_pool([figure, about(5, sd=1)], NAMES[:2], [0.5, 0.5])

        # With u uniform the density of e^u + 1 is 1 / (2 (x - 1)) on [2, e^2 + 1].
        x = np.linspace(2, np.exp(2) + 1, 200_001)
        f = np.sqrt(0.5 / (x - 1) * stats.norm(5, 1).pdf(x))
        below = np.concatenate(([0.0], np.cumsum(0.5 * (f[1:] + f[:-1]))))
        places = law.ppf(P[1:-1])
        # The density of a computed figure is the slope of its distribution function, which takes
        # in a step of 1e-5 of the width from beyond the ends.
        found = np.interp(places, x, below / below[-1])
        np.testing.assert_allclose(found, P[1:-1], rtol=0.0, atol=1e-6)

    def test_no_weight(self) -> None:
        """A figure without weight has no say, though it excludes all others."""
        law = log_pool([about(10, sd=3), uniform(90, 91)], NAMES[:2], [1.0, 0.0])

        assert law == Normal(10.0, 3.0)

    @pytest.mark.parametrize(
        "number",
        [
            exactly(7),
            from_draws([1, 2, 3]),
            Uncertain.of(stats.poisson(9)),
            about(9, sd=1) * about(2, sd=0.1) * uniform(1, 2),
        ],
    )
    def test_no_density(self, number: Uncertain) -> None:
        """Known figures, values and simulated figures have no density to multiply."""
        with pytest.raises(PoolError) as caught:
            log_pool([about(10, sd=3), number], NAMES[:2], [0.5, 0.5])

        assert str(caught.value) == (
            'estimates[1] has no density: expected one with method="log", which multiplies them. '
            'State it for example with about(...) or between(...), or type method="linear".'
        )

    def test_disjoint(self) -> None:
        """Where no value is possible for all, the sources contradict each other."""
        figures = [uniform(10, 20), about(15, sd=2), uniform(30, 40)]
        with pytest.raises(PoolError) as caught:
            log_pool(figures, NAMES, [0.5, 0.2, 0.3])

        assert str(caught.value) == (
            "estimates[0], from 10 to 20, and estimates[1], from -inf to inf, and estimates[2], "
            "from 30 to 40, have no place in common at which each has a density that a float can "
            'hold: the sources contradict each other. Type method="linear", which keeps them '
            "apart, or widen the figures."
        )
