import numpy as np
import pytest
from scipy import stats

from attrition.uncertain import Uncertain, about, draws, exactly, uniform
from attrition.uncertain.binomial import BinomialAt, binomial_count
from attrition.uncertain.forms import bounds_of

N, P = about(40, sd=5), uniform(0.2, 0.4)


class TestBinomialAt:
    def test_quantiles(self) -> None:
        """The value at u is the binomial quantile of u."""
        u = np.linspace(0.001, 0.999, 999)
        found = BinomialAt()(np.array(40.0), np.array(0.3), u)

        np.testing.assert_array_equal(found, stats.binom(40, 0.3).ppf(u))

    def test_broken_people(self) -> None:
        """The broken part of a number goes by its share, and what is below zero is nobody."""
        u = np.array([0.1, 0.5, 0.9])

        np.testing.assert_allclose(
            BinomialAt()(np.array(7.5), np.array(0.4), u),
            stats.binom(7, 0.4).ppf(u) + 0.5 * 0.4,
        )
        np.testing.assert_array_equal(BinomialAt()(np.array(-3.0), np.array(0.4), u), [0, 0, 0])

    @pytest.mark.parametrize(("p", "count"), [(0.0, 0), (1.0, 9), (1 + 1e-15, 9), (-1e-15, 0)])
    def test_ends(self, p: float, count: int) -> None:
        """Nobody or all, where rounding has left the share a little outside [0, 1] too."""
        u = np.array([1e-16, 0.5, 1 - 1e-16])

        assert BinomialAt()(np.array(9.0), np.array(p), u).tolist() == [count] * 3

    def test_bounds(self) -> None:
        """A count lies between nobody and all."""
        assert bounds_of(binomial_count(uniform(20, 30), P, key="a").node) == (0, 30)
        assert BinomialAt().bounds((-5, -2), (0, 1), (0, 1)) == (0, 0)


class TestBinomialCount:
    def test_known(self) -> None:
        """Of known people with a known chance the count is binomial, in closed form."""
        found = binomial_count(exactly(300), exactly(0.25), key="a")

        assert found.method == "exact"
        assert (found.mean(), found.var()) == (75, 56.25)

    def test_known_and_broken(self) -> None:
        """Of a broken number of people the mean is n p all the same."""
        found = binomial_count(exactly(30.5), exactly(0.25), key="a")

        assert found.mean() == pytest.approx(30.5 * 0.25)
        assert found.var() == pytest.approx(30 * 0.25 * 0.75)

    @pytest.mark.parametrize(
        ("n", "p", "count"), [(0, 0.3, 0), (7, 0, 0), (7, 1, 7), (0.5, 0.3, 0.15)]
    )
    def test_no_chance(self, n: float, p: float, count: float) -> None:
        """Nothing is left to chance where nobody or all are meant."""
        assert binomial_count(exactly(n), exactly(p), key="a").value == pytest.approx(count)

    @pytest.mark.parametrize("number", [N, exactly(40)])
    @pytest.mark.parametrize("chance", [P, exactly(0.3)])
    def test_one_count(self, number: Uncertain, chance: Uncertain) -> None:
        """The same people, chance and key are one count; another key is another one."""
        first, again = (binomial_count(number, chance, key="a") for _ in range(2))
        other = binomial_count(number, chance, key="b")

        assert first == again
        assert first != other
        assert (first - again).std() == 0
        assert (first - other).std() > 3

    def test_mean_and_variance(self) -> None:
        """The variance is that of n p, and the mean of n p (1 - p) on top."""
        (values,) = draws(binomial_count(N, P, key="a"), n=200_000, rng=20260101)
        mean_p, var_p = 0.3, 0.04 / 12
        var_np = 25 * (mean_p**2 + var_p) + 1_600 * var_p
        chance = 40 * (mean_p - mean_p**2 - var_p)

        # The broken part of a normal number has no noise: half a person of 40 has not, at most.
        assert values.mean() == pytest.approx(12, abs=4 * np.sqrt((var_np + chance) / 2e5))
        assert values.var() == pytest.approx(var_np + chance * 39.5 / 40, rel=0.015)
