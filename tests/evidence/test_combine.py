import math

import numpy as np
import pytest
from scipy import stats

from attrition.errors import DependenceError, PoolError
from attrition.evidence.combine import combine
from attrition.evidence.recipe import Recipe
from attrition.uncertain import about, between
from attrition.uncertain.families import Normal
from attrition.uncertain.mixed import MixtureLaw

FIGURES = [about(35_050, sd=1_500), about(31_000, sd=2_500), about(28_000, sd=4_000)]
NAMES = ["first", "second", "third"]


class TestCombine:
    def test_linear(self) -> None:
        """The linear pool is the mixture, equally weighted unless told."""
        found = combine(FIGURES, NAMES, Recipe(method="linear"))

        assert isinstance(found.law, MixtureLaw)
        assert found.weights == (1 / 3, 1 / 3, 1 / 3)
        assert (found.in_log, found.q, found.i2, found.tau2) == (False, None, None, None)

    def test_log(self) -> None:
        """The log pool takes the weights of the caller."""
        found = combine(FIGURES, NAMES, Recipe(method="log", weights=(0.5, 0.5, 0.0)))
        precision = 0.5 / 1_500**2 + 0.5 / 2_500**2

        assert isinstance(found.law, Normal)
        assert found.law.sd == pytest.approx(precision**-0.5, rel=1e-14)
        assert found.weights == (0.5, 0.5, 0.0)

    def test_fixed(self) -> None:
        """The fixed pool is normal, takes one true value for granted and states Q and I2."""
        found = combine(FIGURES, NAMES, Recipe(method="fixed", scale="natural"))

        assert isinstance(found.law, Normal)
        assert f"{found.law.centre:.2f} {found.law.sd:.2f}" == "33417.74 1224.49"
        assert found.q is not None
        assert found.i2 is not None
        assert f"{found.q:.4f} {found.i2:.3f} {found.tau2}" == "3.9539 0.494 0.0"
        assert sum(found.weights) == pytest.approx(1.0, rel=1e-14)

    def test_on_the_log_scale(self) -> None:
        """Lognormal figures are pooled by medians and standard deviations of logarithms."""
        figures = [
            between(30_000, 40_000, confidence=0.9, family="lognormal"),
            between(20_000, 50_000, confidence=0.9, family="lognormal"),
        ]
        found = combine(figures, NAMES[:2], Recipe(method="fixed", scale="log"))
        widths = np.log([4 / 3, 5 / 2]) / (2 * 1.6448536269514722)
        weights = widths**-2 / (widths**-2).sum()
        middles = 0.5 * np.log([12e8, 10e8])

        assert found.in_log
        assert found.law.mean() == pytest.approx(float(weights @ middles), rel=1e-12)
        assert found.law.var() == pytest.approx(1 / float((widths**-2).sum()), rel=1e-12)

    @pytest.mark.parametrize(
        ("heterogeneity", "centre", "sd", "tau2"),
        [
            ("DerSimonian-Laird", "32429.19", "2005.30", "5983788"),
            ("Paule-Mandel", "32483.82", "1942.79", "5338306"),
        ],
    )
    def test_random(self, heterogeneity: str, centre: str, sd: str, tau2: str) -> None:
        """A random-effects pool is a Student law with k - 1 degrees of freedom."""
        recipe = Recipe(method="random", scale="natural", heterogeneity=heterogeneity)  # type: ignore[arg-type] # one of the two words
        found = combine(FIGURES, NAMES, recipe)
        # Here Hartung and Knapp's factor is at most 1, so the modified one is 1.
        reach = float(found.law.ppf(np.array(0.95)) - found.law.ppf(np.array(0.5)))

        assert f"{found.law.mean():.2f}" == centre
        assert f"{reach / float(stats.t(2).ppf(0.95)):.2f}" == sd
        assert f"{found.tau2:.0f}" == tau2

    def test_a_factor_above_one(self) -> None:
        """Where the estimates scatter more than their variances say, so does the pool."""
        # After DerSimonian and Laird the generalised Q is not k - 1: here it is above.
        figures = [about(0, sd=1), about(10, sd=1), about(5, sd=8), about(20, sd=8)]
        names = [*NAMES, "fourth"]
        recipe = Recipe(method="random", scale="natural", heterogeneity="DerSimonian-Laird")
        found = combine(figures, names, recipe)
        y, v = np.array([0.0, 10.0, 5.0, 20.0]), np.array([1.0, 1.0, 64.0, 64.0])
        w = 1 / v
        q = float(w @ (y - w @ y / w.sum()) ** 2)
        tau2 = (q - 3) / (w.sum() - (w**2).sum() / w.sum())
        w = 1 / (v + tau2)
        factor = float(w @ (y - w @ y / w.sum()) ** 2) / 3
        reach = float(found.law.ppf(np.array(0.95)) - found.law.ppf(np.array(0.5)))

        assert factor != pytest.approx(1.0, abs=0.01)
        expected = math.sqrt(max(1.0, factor) / w.sum()) * float(stats.t(3).ppf(0.95))
        assert reach == pytest.approx(expected, rel=1e-12)

    def test_random_with_one(self) -> None:
        """One estimate shows no spread between sources."""
        recipe = Recipe(method="random", scale="natural", heterogeneity="Paule-Mandel")
        with pytest.raises(PoolError) as caught:
            combine(FIGURES[:1], ["estimates[2]"], recipe)

        assert str(caught.value) == (
            'method="random" was given one central estimate, estimates[2]: expected at least two, '
            'as one shows no spread between sources. Type method="fixed".'
        )

    def test_dependent(self) -> None:
        """A correlation inside its limit widens the pool, and Q is that of the covariance."""
        matrix = ((1.0, 0.3), (0.3, 1.0))
        recipe = Recipe(method="dependent", scale="natural", correlation=matrix)
        found = combine(FIGURES[:2], NAMES[:2], recipe)
        a, b, cross = 1_500.0**2, 2_500.0**2, 0.3 * 1_500 * 2_500

        assert isinstance(found.law, Normal)
        assert found.law.sd**2 == pytest.approx((a * b - cross**2) / (a + b - 2 * cross), rel=1e-12)
        # Of two estimates Q is the squared difference in units of its variance.
        assert found.q == pytest.approx(4_050**2 / (a + b - 2 * cross), rel=1e-12)
        assert found.tau2 == 0.0

    def test_a_correlation_of_levels(self) -> None:
        """The .9994 of two series of figures is refused, with the limit of these two."""
        matrix = ((1.0, 0.9994), (0.9994, 1.0))
        recipe = Recipe(method="dependent", scale="natural", correlation=matrix)
        with pytest.raises(DependenceError) as caught:
            combine(FIGURES[:2], NAMES[:2], recipe)

        assert str(caught.value) == (
            "the correlation 0.9994 gives the weights 2.49 to first, -1.49 to second: a weight "
            "below 0 uses an estimate against itself. With these spreads the limit is 0.6. A "
            "correlation of figures over time is not one of their errors: type the latter, or "
            'method="conservative" where nobody knows it.'
        )

    def test_a_matrix_beyond_its_limit(self) -> None:
        """Of a matrix the limit is a share of it."""
        matrix = ((1.0, 0.9, 0.7), (0.9, 1.0, 0.8), (0.7, 0.8, 1.0))
        recipe = Recipe(method="dependent", scale="natural", correlation=matrix)
        with pytest.raises(DependenceError) as caught:
            combine(FIGURES, NAMES, recipe)

        text = str(caught.value)
        assert text.startswith("the correlations of the matrix give the weights ")
        share = float(text.partition("limit is ")[2].partition(" times the correlations.")[0])
        shrunk = np.eye(3) + share * (np.array(matrix) - np.eye(3))
        sd = np.array([1_500.0, 2_500.0, 4_000.0])
        # The share is printed with six digits.
        assert np.linalg.solve(shrunk, 1 / sd).min() == pytest.approx(0.0, abs=1e-8)

    def test_conservative(self) -> None:
        """With an unknown correlation the most precise estimate is the pool."""
        found = combine(FIGURES, NAMES, Recipe(method="conservative", scale="natural"))

        assert found.law == Normal(35_050.0, 1_500.0)
        assert found.weights == (1.0, 0.0, 0.0)
        assert (found.q, found.i2, found.tau2) == (None, None, None)

    def test_conservative_with_weights(self) -> None:
        """Weights of the caller divide the precisions."""
        recipe = Recipe(method="conservative", scale="natural", weights=(0.5, 0.5, 0.0))
        found = combine(FIGURES, NAMES, recipe)

        assert found.law.var() == pytest.approx(1 / (0.5 / 1_500**2 + 0.5 / 2_500**2), rel=1e-12)
        assert found.weights == pytest.approx((6.25 / 8.5, 2.25 / 8.5, 0.0), rel=1e-12)
