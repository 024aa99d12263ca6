import hashlib
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrition._typing import FloatArray
from attrition.errors import MomentError
from attrition.uncertain.empirical import Empirical, Weighted, frozen_array, law_of_points
from attrition.uncertain.law import Law

samples = st.lists(st.integers(-9, 9), min_size=2, max_size=60).map(
    lambda values: np.array(values, dtype=np.float64)
)


def _by_counting(law: Law, values: FloatArray, weights: FloatArray) -> None:
    """Compare a law with sums over its values, at values, between them and beyond."""
    places = np.concatenate([values, values + 0.5, [-99.0, 99.0]])
    for x in places:
        at_most, below = weights[values <= x].sum(), weights[values < x].sum()

        assert float(law.cdf(x)) == pytest.approx(at_most, abs=1e-12)
        assert float(law.sf(x)) == pytest.approx(1.0 - at_most, abs=1e-12)
        assert float(law.below(x)) == pytest.approx(below, abs=1e-12)
        assert float(law.at_least(x)) == pytest.approx(1.0 - below, abs=1e-12)


def _digest(values: list[float]) -> str:
    return hashlib.blake2b(np.array(values).tobytes(), digest_size=8).hexdigest()


class TestEmpirical:
    def test_values_are_sorted_copied_and_read_only(self) -> None:
        """The law keeps its own sorted copy, which nothing can change."""
        values = np.array([3.0, 1.0, 2.0])
        law = Empirical(values)
        values[:] = 0.0

        assert law.values.tolist() == [1.0, 2.0, 3.0]
        assert not law.values.flags.writeable
        assert not pickle.loads(pickle.dumps(law)).values.flags.writeable

    @given(samples)
    def test_probabilities_are_shares_of_the_values(self, values: FloatArray) -> None:
        """Every probability is a count of values, ties included."""
        _by_counting(Empirical(values), values, np.full(values.size, 1.0 / values.size))

    @pytest.mark.parametrize("n", [2, 3, 7, 10, 49, 100, 1_000, 4_093])
    def test_quantiles_at_every_step(self, n: int) -> None:
        """At k / n the quantile is value k exactly, whatever k / n times n rounds to."""
        law, k = Empirical(np.arange(1.0, n + 1.0)), np.arange(1, n)

        assert law.ppf(k / n).tolist() == k.tolist()
        assert law.isf(k / n).tolist() == (n - k).tolist()
        assert law.ppf(np.nextafter(k / n, 1.0)).tolist() == (k + 1).tolist()
        assert law.isf(np.nextafter(k / n, 0.0)).tolist() == (n - k + 1).tolist()

    def test_quantiles_at_the_ends(self) -> None:
        """Probabilities 0 and 1 give the smallest and the largest value."""
        law = Empirical(np.array([4.0, 1.0, 9.0]))

        assert law.ppf(np.array([0.0, 1.0])).tolist() == [1.0, 9.0]
        assert law.isf(np.array([0.0, 1.0])).tolist() == [9.0, 1.0]
        assert law.support() == (1.0, 9.0)

    def test_moments(self) -> None:
        """The moments are those of the values, each as likely as the other."""
        law = Empirical(np.array([1.0, 2.0, 6.0]))

        assert law.mean() == 3.0
        assert law.var() == pytest.approx((4.0 + 1.0 + 9.0) / 3.0)

    def test_smoothed_density(self) -> None:
        """The density of an even sample is even: one over its length."""
        law = Empirical(np.linspace(0.0, 8.0, 4_001))

        assert law.pdf(np.array([1.0, 4.0, 7.0])) == pytest.approx(1.0 / 8.0, rel=0.01)

    def test_text_tells_samples_apart(self) -> None:
        """Equal samples have one text in any order, others another."""
        one, same = Empirical(np.array([2.0, 1.0])), Empirical(np.array([1.0, 2.0]))
        other = Empirical(np.array([1.0, 3.0]))

        assert repr(one) == repr(same) == f"Empirical(2 draws, {_digest([1.0, 2.0])})"
        assert repr(one) != repr(other)
        assert one == same
        assert one != other
        assert one.points()[1] is None


class TestWeighted:
    @given(samples, st.data())
    def test_probabilities_are_sums_of_weights(
        self, values: FloatArray, data: st.DataObject
    ) -> None:
        """Every probability is a sum of weights, ties included."""
        parts = st.lists(st.integers(1, 9), min_size=values.size, max_size=values.size)
        weights = np.array(data.draw(parts), dtype=np.float64)
        law = law_of_points(values, weights)
        shares = weights / weights.sum()

        _by_counting(law, values, shares)
        assert law.mean() == pytest.approx(shares @ values)
        assert law.var() == pytest.approx(shares @ (values - shares @ values) ** 2, abs=1e-12)
        assert law.support() == (values.min(), values.max())

    def test_quantiles_at_every_step(self) -> None:
        """At a sum of weights the quantile is the value that completes it."""
        law = law_of_points(np.array([3.0, 1.0, 2.0]), np.array([0.5, 0.125, 0.375]))
        q = np.array([0.0, 0.125, 0.126, 0.5, 0.51, 1.0])

        assert law.ppf(q).tolist() == [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]
        assert law.isf(1.0 - q).tolist() == [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]
        assert law.isf(np.array([0.499, 0.5, 0.874, 0.875])).tolist() == [3.0, 2.0, 2.0, 1.0]

    def test_tails_keep_their_digits(self) -> None:
        """Small weights at either end are not lost beside one."""
        law = law_of_points(np.arange(3.0), np.array([1e-20, 1.0, 3e-20]))

        assert float(law.cdf(np.array(0.5))) == 1e-20
        assert float(law.sf(np.array(1.5))) == 3e-20
        assert law.ppf(np.array([1e-21, 1e-19])).tolist() == [0.0, 1.0]
        assert law.isf(np.array([1e-21, 1e-19])).tolist() == [2.0, 1.0]

    def test_the_whole_is_exactly_one(self) -> None:
        """Weights that are rounded still sum to one at the ends."""
        law = law_of_points(np.arange(10.0), np.full(10, 0.1))

        assert float(law.cdf(np.array(9.0))) == 1.0
        assert float(law.sf(np.array(-1.0))) == 1.0

    def test_no_density(self) -> None:
        """Values with probabilities have no density."""
        law = law_of_points(np.array([3.0, 1.0]), np.array([1.0, 3.0]))
        with pytest.raises(MomentError) as caught:
            law.pdf(np.array(1.0))
        assert str(caught.value) == (
            f"{law!r} is discrete and has no density. "
            "Ask for probability(x.equals(value)), or for cdf(value)."
        )

    def test_text_and_pickle(self) -> None:
        """The text tells weights apart, and a pickle keeps values that nothing can change."""
        law = law_of_points(np.array([3.0, 1.0]), np.array([1.0, 3.0]))
        back = pickle.loads(pickle.dumps(law))

        assert repr(law) == f"Weighted(2 values, {_digest([1.0, 3.0, 0.75, 0.25])})"
        assert repr(law) != repr(law_of_points(np.array([3.0, 1.0]), np.array([3.0, 1.0])))
        assert isinstance(back, Weighted)
        assert repr(back) == repr(law)
        assert not back.values.flags.writeable
        assert not back.weights.flags.writeable
        assert law.atomic


class TestLawOfPoints:
    def test_equal_weights_are_draws(self) -> None:
        """Without weights the values are equally likely."""
        law = law_of_points(np.array([3.0, 1.0]), None)

        assert law == Empirical(np.array([1.0, 3.0]))
        assert law.atomic


class TestFrozenArray:
    def test_a_read_only_copy(self) -> None:
        """The copy cannot be changed, and the original can."""
        values = np.array([1.0, 2.0])
        copy = frozen_array(values)
        values[0] = 5.0

        assert copy.tolist() == [1.0, 2.0]
        with pytest.raises(ValueError, match="read-only"):
            copy[0] = 3.0
