import math

import numpy as np
import pytest
from scipy import stats

from attrition.uncertain.scipy_law import from_scipy
from attrition.uncertain.steps import first_step, step_before, step_isf, step_ppf, step_upto

TAILS = 10.0 ** -np.arange(1.0, 300.0, 23.0)


class TestPlaces:
    @pytest.mark.parametrize("loc", [0.0, -2.5, 1e6 + 0.25])
    def test_around_a_place(self, loc: float) -> None:
        """Up to a place is the place itself, before it the one before; between them the lower."""
        law = from_scipy(stats.poisson(2.5, loc=loc))
        x = loc + np.array([3.0, 3.5, 4.0])

        assert step_upto(law, x).tolist() == [loc + 3.0, loc + 3.0, loc + 4.0]
        assert step_before(law, x).tolist() == [loc + 2.0, loc + 3.0, loc + 3.0]


class TestQuantiles:
    @pytest.mark.parametrize("mean", [0.01, 2.5, 712_000.0])
    def test_upper_tail_has_all_digits(self, mean: float) -> None:
        """The first place with at most q beyond it, where scipy's own is infinite below 1e-16."""
        law = from_scipy(stats.poisson(mean))
        places = step_isf(law, TAILS)

        assert (stats.poisson.sf(places, mean) <= TAILS).all()
        assert ((places == 0.0) | (stats.poisson.sf(places - 1.0, mean) > TAILS)).all()

    def test_both_ends_open(self) -> None:
        """Places without a first one are found from the middle; the ends are infinite."""
        law = from_scipy(stats.skellam(2.0, 3.0))
        q = np.array([0.0, 1e-9, 0.5, 1.0 - 1e-9, 1.0])
        places = step_ppf(law, q)

        assert places[[0, -1]].tolist() == [-math.inf, math.inf]
        assert places[1:-1].tolist() == stats.skellam(2.0, 3.0).ppf(q[1:-1]).tolist()
        assert step_isf(law, q[[0, -1]]).tolist() == [math.inf, -math.inf]

    def test_where_scipy_does_not_end(self) -> None:
        """A search of scipy's that ends in an error is none of ours."""
        law = from_scipy(stats.betanbinom(5, 9.3, 1))
        q = np.array(1.0 - 10.0**-12.2)
        with pytest.raises(RuntimeError, match="endless loop"):
            stats.betanbinom(5, 9.3, 1).ppf(q)

        place = step_ppf(law, q)
        assert law.below(place) < q <= law.cdf(place)

    def test_no_more_digits(self) -> None:
        """Beyond the digits of the probabilities the place is the one at which they end."""
        law = from_scipy(stats.zipf(6.6))
        place = step_isf(law, np.array([1e-17, 1e-300]))

        assert place[0] == place[1] < 2_000
        assert law.sf(place[:1]) < 1e-15


class TestFirstStep:
    def test_a_last_place(self) -> None:
        """The last place is reached where nothing less is enough."""
        found = first_step(lambda x: 1.0 - x / 8.0, np.array([0.0, 0.01, 0.99]), 0.5, (0.0, 7.0))

        assert found.tolist() == [7.0, 7.0, 1.0]

    def test_only_a_last_place(self) -> None:
        """Without a first place the search begins at the last one."""
        found = first_step(lambda x: 1.0 - 2.0**x, np.array([0.3, 0.7]), 0.5, (-math.inf, -1.0))

        assert found.tolist() == [-1.0, -1.0]
