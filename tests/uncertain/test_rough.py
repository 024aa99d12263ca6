import math

import numpy as np
import pytest

from attrition.uncertain.rough import Rough
from tests.precise import P

VALUES = np.array([7.0, 2.0, math.nan, 11.0, 3.0])
WEIGHTS = np.array([1.0, 4.0, 9.0, 0.0, 3.0])


class TestRough:
    def test_sorted_with_shares(self) -> None:
        """Values come in order, with the share of weight up to each; what has none is left out."""
        rough = Rough.of(VALUES, WEIGHTS, 0.5)

        assert rough.values.tolist() == [2.0, 3.0, 7.0]
        assert rough.up_to.tolist() == [0.5, 0.875, 1.0]

    def test_any_shape(self) -> None:
        """Values of rows by columns have weights of their columns."""
        rough = Rough.of(np.array([[5.0, 1.0], [4.0, 2.0]]), np.array([3.0, 1.0]), 0.5)

        assert rough.values.tolist() == [1.0, 2.0, 4.0, 5.0]
        assert rough.up_to.tolist() == [0.125, 0.25, 0.625, 1.0]

    def test_infinite_values_stand_with_finite_ones(self) -> None:
        """A search that began at the end of all floats would halve a thousand times."""
        rough = Rough.of(np.array([-math.inf, 1.0, math.inf, 5.0]), np.ones(4), 0.5)
        nowhere = Rough.of(np.array([-math.inf, math.inf]), np.ones(2), 0.5)

        assert rough.values.tolist() == [1.0, 1.0, 5.0, 5.0]
        assert nowhere.values.tolist() == [0.0, 0.0]

    @pytest.mark.parametrize("weights", [0.0, math.nan])
    def test_nothing_counts(self, weights: float) -> None:
        """Where no value counts, the search starts at zero."""
        rough = Rough.of(VALUES, np.array(weights), 0.5)
        low, high = rough.bracket(np.array([0.2, 0.9]))

        assert (low.tolist(), high.tolist()) == ([0.0, 0.0], [0.0, 0.0])

    def test_quantiles_are_bracketed(self) -> None:
        """The quantiles of what the values are of lie between the two places, in the tails too."""
        n = 1_000
        values = (np.arange(n) + 0.5) / n
        low, high = Rough.of(values, np.ones(n), 0.02).bracket(np.array(P))
        reached = np.clip(P, values[0], values[-1])

        assert (low <= reached).all()
        assert (high >= reached).all()
        # As wide as a fiftieth of the smaller tail on either side, and three values more.
        assert (high - low <= 0.04 * np.minimum(P, 1.0 - np.array(P)) + 3.001 / n).all()

    def test_wider_where_shares_are_rough(self) -> None:
        """Half the smaller tail on either side lies between the places where shares are rough."""
        n = 10_000
        values = (np.arange(n) + 0.5) / n
        low, high = Rough.of(values, np.ones(n), 0.5).bracket(np.array([0.2, 0.96]))

        assert low == pytest.approx([0.1, 0.94], abs=2.0 / n)
        assert high == pytest.approx([0.3, 0.98], abs=2.0 / n)

    def test_repeated(self) -> None:
        """Values that come more than once are told, the thirty-two heaviest if there are more."""
        values = np.concatenate([np.arange(50.0), np.arange(40.0), [7.5, -3.0]])
        rough = Rough.of(values, np.where(values == 17.0, 1e-3, 4.0 + values), 0.5)

        assert sorted(rough.repeated()) == [x for x in range(7, 40) if x != 17]
        assert Rough.of(np.array([1.0, 2.0, 2.0, 3.0]), np.ones(4), 0.5).repeated() == [2.0]
        assert Rough.of(np.array([1.0, 2.0, 3.0]), np.ones(3), 0.5).repeated() == []
