import attrs
import numpy as np
import pytest
from scipy import stats

from attrition._typing import FloatArray
from attrition.uncertain.families import Normal, Uniform
from attrition.uncertain.pairs import Larger
from attrition.uncertain.search import Flags
from attrition.uncertain.searched import Ends, Searched


@attrs.frozen
class Guessed(Searched):
    """An exponential law whose probabilities are off by a known share, guessed badly."""

    off: float = 0.0

    def chance(self, x: FloatArray, upper: Flags) -> FloatArray:
        return np.where(upper, stats.expon.sf(x), stats.expon.cdf(x))

    def bracket(self, tail: FloatArray, in_upper: Flags) -> Ends:  # noqa: ARG002 - one guess for all
        return np.full(tail.shape, 0.5), np.full(tail.shape, 0.75)

    def support(self) -> tuple[float, float]:
        return 0.0, np.inf

    def chance_errors(self, x: FloatArray) -> FloatArray:
        return np.full(x.shape, self.off)


class TestSearched:
    def test_quantiles_from_bad_guesses(self) -> None:
        """Quantiles are found in both tails wherever they were guessed."""
        q = np.array([1e-12, 1e-5, 0.3, 0.5, 0.9, 1.0 - 1e-9])

        assert Guessed().ppf(q) == pytest.approx(stats.expon.ppf(q), rel=1e-9)
        assert Guessed().isf(q) == pytest.approx(stats.expon.isf(q), rel=1e-9)
        assert Guessed().searched

    def test_ends_and_shapes(self) -> None:
        """Probabilities of none and all are at the ends; answers have the shape of questions."""
        law = Guessed()

        assert law.ppf(np.array([[0.0], [1.0]])).tolist() == [[0.0], [np.inf]]
        assert law.isf(np.array([0.0, 1.0])).tolist() == [np.inf, 0.0]
        assert law.cdf(np.array([[0.5, 2.0]])).shape == (1, 2)
        assert law.sf(np.array(2.0)).shape == ()

    def test_errors(self) -> None:
        """The error of a quantile is that of its probability over the density."""
        law, q = Guessed(1e-6), np.array([0.3, 0.9])

        assert law.probability_error(2.0) == 1e-6
        assert law.errors(q) == pytest.approx(1e-6 / (1.0 - q), rel=1e-6)
        assert law.error(0.3) == law.errors(q)[0]
        assert Guessed().errors(q).tolist() == [0.0, 0.0]

    def test_density(self) -> None:
        """The density is the slope of the probabilities, from either side of the middle."""
        x = np.array([0.1, 0.6, 4.0])

        assert Guessed().pdf(x) == pytest.approx(np.exp(-x), rel=1e-8)

    def test_a_pair(self) -> None:
        """A law that narrows its guesses has the same quantiles."""
        law = Larger(Normal(0.0, 1.0), Uniform(-9.0, -8.0))

        assert law.ppf(np.array([0.2, 0.7])) == pytest.approx(stats.norm.ppf([0.2, 0.7]), rel=1e-10)
