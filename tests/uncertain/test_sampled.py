import math

import numpy as np
import pytest
from scipy import stats

from attrition._typing import FloatArray
from attrition.errors import MomentError, ParameterError
from attrition.uncertain.families import Normal, Uniform
from attrition.uncertain.node import Leaf, apply
from attrition.uncertain.operations import Add, Multiply
from attrition.uncertain.sampled import Sampled, law_of_values, quantiles_of
from attrition.uncertain.scipy_law import from_scipy

COPIES = np.array([[1.0, 2.0, 4.0, 8.0], [0.0, 2.0, 5.0, 9.0]])
LAW = Sampled(COPIES, "lattice", -3.0, 40.0)


def _hazen(values: FloatArray, q: float) -> float:
    """Value i of n stands for (i - 1/2) / n; straight lines between."""
    ordered = np.sort(values)
    places = (np.arange(values.size) + 0.5) / values.size
    return float(np.interp(q, places, ordered))


class TestQuantilesOf:
    @pytest.mark.parametrize("q", [0.0, 0.01, 0.2, 0.5, 0.73, 0.99, 1.0])
    def test_hazen(self, q: float) -> None:
        """Between the places of values a quantile lies on a straight line."""
        values = np.array([3.0, 1.0, 7.0, 4.0, 11.0])

        assert float(quantiles_of(values, np.array(q))) == pytest.approx(_hazen(values, q))

    def test_along_the_last_axis(self) -> None:
        """Each row has its own quantile."""
        assert quantiles_of(COPIES, np.array(0.5)).tolist() == [3.0, 3.5]

    def test_infinite_values(self) -> None:
        """Beside or between infinite values a quantile is a value, never nan."""
        values = np.array([-math.inf, -math.inf, 1.0, 2.0, math.inf, math.inf, math.inf, math.inf])
        q = np.array([0.05, 0.125, 0.2, 0.35, 0.4, 0.5, 0.7, 0.99])
        found = quantiles_of(values, q)

        assert not np.isnan(found).any()
        assert found.tolist()[:2] == [-math.inf, -math.inf]
        assert 1.0 <= found[3] <= found[4] <= 2.0
        assert found.tolist()[5:] == [2.0, math.inf, math.inf]


class TestSampled:
    def test_quantiles_of_all_copies_together(self) -> None:
        """A quantile is that of all values, from either side."""
        for q in (0.1, 0.5, 0.8):
            assert float(LAW.ppf(np.array(q))) == pytest.approx(_hazen(COPIES.ravel(), q))
            assert float(LAW.isf(np.array(1.0 - q))) == pytest.approx(_hazen(COPIES.ravel(), q))

    def test_probabilities_are_shares(self) -> None:
        """A probability is a share of the values, ties included; shapes are kept."""
        x = np.array([[-1.0, 2.0], [4.5, 9.0]])

        assert LAW.cdf(x).tolist() == [[0.0, 0.5], [0.625, 1.0]]
        assert LAW.sf(x).tolist() == [[1.0, 0.5], [0.375, 0.0]]
        assert float(LAW.below(np.array(2.0))) == 0.25
        assert float(LAW.at_least(np.array(2.0))) == 0.75
        assert LAW.atomic

    def test_moments(self) -> None:
        """Mean and variance are those of all values."""
        assert LAW.mean() == np.mean(COPIES)
        assert LAW.var() == pytest.approx(np.var(COPIES))

    def test_what_never_changes(self) -> None:
        """Values that are all the same have no variance at all, whatever the rounding."""
        law = Sampled(np.full((8, 5), 0.1), "draws")

        assert law.var() == 0.0
        assert law.error(0.3) == 0.0

    def test_errors_are_the_disagreement_of_copies(self) -> None:
        """An error is the standard error of the mean of the answers of the copies."""
        medians = [3.0, 3.5]
        shares = [0.5, 0.5]

        assert LAW.error(0.5) == pytest.approx(np.std(medians, ddof=1) / math.sqrt(2.0))
        assert LAW.probability_error(2.0) == np.std(shares, ddof=1)
        assert LAW.probability_error(1.0) == pytest.approx(0.0)
        assert LAW.probability_error(4.0) == pytest.approx(
            np.std([0.75, 0.5], ddof=1) / math.sqrt(2.0)
        )

    def test_errors_of_infinite_answers(self) -> None:
        """Copies that agree on infinity have no error; where one does not, it has no end."""
        law = Sampled(np.array([[1.0, math.inf], [2.0, math.inf]]), "lattice")
        torn = Sampled(np.array([[1.0, 2.0], [2.0, math.inf]]), "lattice")

        assert law.error(0.99) == 0.0
        assert torn.error(0.99) == math.inf

    def test_density(self) -> None:
        """The density of even values is even."""
        values = np.sort(np.linspace(0.0, 5.0, 8_000).reshape(1_000, 8).T, axis=-1)
        law = Sampled(values, "lattice")

        assert law.pdf(np.array([1.0, 2.5, 4.0])) == pytest.approx(0.2, rel=0.01)

    def test_support_and_text(self) -> None:
        """The support is what was stated, and the text says how much is known."""
        assert LAW.support() == (-3.0, 40.0)
        assert Sampled(COPIES, "draws").support() == (-math.inf, math.inf)
        assert repr(LAW) == "Sampled(8 values, lattice)"
        assert LAW.method == "lattice"
        assert not LAW.copies.flags.writeable


class TestMomentsThatDoNotExist:
    def test_infinite_on_one_side(self) -> None:
        """A number that may be infinite has an infinite mean and variance."""
        law = Sampled(np.array([[1.0, math.inf], [2.0, 3.0]]), "draws", 0.0)

        assert law.mean() == math.inf
        assert law.var() == math.inf

    def test_infinite_on_both_sides(self) -> None:
        """A number that may be infinite on either side has no mean."""
        law = Sampled(np.array([[-math.inf, 1.0], [2.0, math.inf]]), "lattice")
        for ask in (law.mean, law.var):
            with pytest.raises(MomentError) as caught:
                ask()
            assert str(caught.value) == (
                "the mean of a number that may be infinite on either side does not exist. "
                "Use median() and interval(confidence), which always exist."
            )

    def test_below_it_a_law_without_a_mean(self) -> None:
        """What rests on a law without a mean shows none, though its values have one."""
        law = Sampled(COPIES, "lattice", rests_on=(from_scipy(stats.cauchy(3)),))
        with pytest.raises(MomentError, match=r"^the mean of cauchy\(3\) does not exist\."):
            law.mean()
        with pytest.raises(MomentError, match=r"^the mean of cauchy\(3\) does not exist\."):
            law.var()

    @pytest.mark.parametrize(
        ("tail", "what"), [(0.75, "mean"), (1.75, "variance")], ids=["mean", "variance"]
    )
    def test_below_it_an_infinite_moment(self, tail: float, what: str) -> None:
        """What rests on an infinite moment may have none; the message names the law."""
        law = Sampled(COPIES, "lattice", low=0.0, rests_on=(from_scipy(stats.pareto(tail)),))
        with pytest.raises(MomentError) as caught:
            law.var()
        assert str(caught.value) == (
            f"the {what} of a number that rests on pareto({tail}), whose own is infinite, may not "
            "exist. Use median() and interval(confidence), which always exist."
        )

    def test_between_bounds_all_moments_exist(self) -> None:
        """A number between bounds has all moments, whatever is below it."""
        law = Sampled(COPIES, "lattice", -3.0, 40.0, (from_scipy(stats.cauchy(3)),))

        assert law.mean() == np.mean(COPIES)
        assert law.var() == pytest.approx(np.var(COPIES))


class TestLawOfValues:
    VALUES = np.array([[4.0, 1.0, 3.0, 2.0], [8.0, 5.0, 6.0, 7.0]])

    def test_all_values_count(self) -> None:
        """Rows are sorted, and bounds and doubtful laws are those below the number."""
        a, b = Leaf(Uniform(0.0, 1.0)), Leaf(from_scipy(stats.uniform(2, 3)))
        law = law_of_values(apply(Multiply(), a, b), self.VALUES, "draws")

        assert law.copies.tolist() == [[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]
        assert law.support() == (0.0, 5.0)
        assert law.rests_on == (b.law,)
        assert law.method == "draws"

    def test_only_values_that_count(self) -> None:
        """Each row is seen through as many of its quantiles as the shortest has values."""
        held = np.array([[1.0, 1.0, 0.0, 1.0], [0.0, 1.0, 0.0, 1.0]])
        law = law_of_values(Leaf(Normal(0.0, 1.0)), self.VALUES, "lattice", held)

        # Of 1, 2, 4 the quartiles by Hazen's rule, and both of 5, 7.
        assert law.copies.tolist() == [[1.25, 3.5], [5.0, 7.0]]

    def test_no_value_at_all(self) -> None:
        """What is nan is refused where it counts, and passed over where it does not."""
        root = apply(Add(), Leaf(Normal(0.0, 1.0)), Leaf(Normal(0.0, 2.0)))
        values = np.array([[1.0, math.nan, 2.0]])
        with pytest.raises(ParameterError):
            law_of_values(root, values, "draws")
        with pytest.raises(ParameterError):
            law_of_values(root, values, "draws", np.ones((1, 3)))
        kept = law_of_values(root, values, "draws", np.array([[1.0, 0.0, 1.0]]))

        assert kept.copies.tolist() == [[1.0, 2.0]]
