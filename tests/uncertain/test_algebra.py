"""Algebra that holds in every draw, whatever the numbers are."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings

from attrition.uncertain import Uncertain, about, draws, exactly, share, total_of, uniform
from attrition.uncertain.forms import bounds_of
from tests.conformance import SEEDS
from tests.strategies import expressions, leaves, normals, positives

FEW = settings(max_examples=40)


class TestInverses:
    @FEW
    @given(expressions())
    def test_a_number_less_itself(self, x: Uncertain) -> None:
        """x - x is exactly 0 in every draw, and as a law."""
        nothing = x - x

        assert not nothing.rvs(999, rng=20260101).any()
        assert (nothing.mean(), nothing.std(), nothing.support()) == (0.0, 0.0, (0.0, 0.0))
        assert nothing.same_law(exactly(0))

    @FEW
    @given(positives())
    def test_a_number_over_itself(self, x: Uncertain) -> None:
        """x / x is exactly 1 in every draw, and as a law."""
        low, _ = bounds_of(x.node)
        assume(low > 0.0)
        one = x / x

        assert (one.rvs(999, rng=20260101) == 1.0).all()
        assert (one.mean(), one.std(), one.support()[0]) == (1.0, 0.0, 1.0)
        assert one.same_law(exactly(1))

    @pytest.mark.parametrize("seed", SEEDS)
    def test_products_over_themselves(self, seed: int) -> None:
        """So it is for numbers that were computed."""
        x = uniform(1, 3) * share(0.4, 0.7, confidence=0.9) + 2.0

        assert (x / x).rvs(999, rng=seed).tolist() == [1.0] * 999
        assert (x / x).std() == 0.0


class TestSums:
    @FEW
    @given(leaves(), leaves())
    def test_what_was_added_can_be_taken_away(self, x: Uncertain, y: Uncertain) -> None:
        """(x + y) - y is x in every draw, to 4 ulp of the largest of x, y and their sum."""
        here, there, back = draws(x, y, (x + y) - y, n=999, rng=20260101)
        largest = np.maximum(np.maximum(np.abs(here), np.abs(there)), np.abs(here + there))

        assert (np.abs(back - here) <= 4.0 * np.spacing(largest)).all()

    @FEW
    @given(leaves(), leaves())
    def test_parts_of_a_total(self, x: Uncertain, y: Uncertain) -> None:
        """A total is the sum of its parts in every draw."""
        here, there, both, total = draws(x, y, x + y, total_of(x, y), n=999, rng=20260102)

        assert (here + there).tolist() == both.tolist()
        assert total == pytest.approx(both, rel=1e-15, abs=1e-300)


class TestTies:
    @FEW
    @given(normals(), normals())
    def test_correlation_of_a_part_with_the_whole(self, x: Uncertain, y: Uncertain) -> None:
        """x and x + y correlate as their spreads demand, in draws and by variances."""
        assume(x != y)
        expected = x.std() / math.hypot(x.std(), y.std())
        whole = x + y
        by_variances = (whole.var() + x.var() - (whole - x).var()) / (2.0 * whole.std() * x.std())
        part, both = draws(x, whole, n=20_000, rng=20260101)
        score = math.atanh(float(np.corrcoef(part, both)[0, 1])) - math.atanh(expected)

        assert by_variances == pytest.approx(expected, rel=1e-9)
        # Fisher's score of a correlation is normal with variance 1 / (n - 3).
        assert abs(score) < 6.0 / math.sqrt(20_000 - 3)

    def test_without_normals(self) -> None:
        """So they do where the parts are not normal."""
        x, y = uniform(0, 3), about(44_000, sd=1, positive=True)
        part, both = draws(x, x + y, n=20_000, rng=20260103)
        expected = math.sqrt(0.75 / 1.75)
        score = math.atanh(float(np.corrcoef(part, both)[0, 1])) - math.atanh(expected)

        assert abs(score) < 6.0 / math.sqrt(20_000 - 3)
