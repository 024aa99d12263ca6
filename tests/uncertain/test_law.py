import math
from typing import final

import attrs
import numpy as np
import pytest
from scipy import special, stats

from attrition._typing import FloatArray
from attrition.errors import MomentError
from attrition.uncertain import Uncertain
from attrition.uncertain.families import Constant, Exponential, Normal, Uniform
from attrition.uncertain.law import (
    Law,
    no_density,
    no_moment,
    open_unit,
    quantile_moments,
    slope,
)
from attrition.uncertain.sampled import Sampled


@final
@attrs.frozen
class Power(Law):
    """X with P(X > x) = x ** -tail from 1 on: moments exist below ``tail``."""

    tail: float
    kink: float = 1.0

    @property
    def atomic(self) -> bool:
        return self.kink > 1.0

    def ppf(self, q: FloatArray) -> FloatArray:
        return np.maximum((1.0 - np.asarray(q)) ** (-1.0 / self.tail), self.kink)

    def isf(self, q: FloatArray) -> FloatArray:
        return np.maximum(np.asarray(q) ** (-1.0 / self.tail), self.kink)

    def cdf(self, x: FloatArray) -> FloatArray:
        return 1.0 - self.sf(x)

    def sf(self, x: FloatArray) -> FloatArray:
        return np.maximum(x, self.kink) ** -self.tail

    def support(self) -> tuple[float, float]:
        return self.kink, math.inf


class TestLaw:
    def test_moments_by_quadrature(self) -> None:
        """A law that only knows its quantiles has the moments of its density."""
        law = Power(2.5)

        assert law.mean() == pytest.approx(2.5 / 1.5, rel=1e-10)
        assert law.var() == pytest.approx(2.5 / 0.5 - (2.5 / 1.5) ** 2, rel=1e-6)

    def test_density_by_slope(self) -> None:
        """A law that only knows its probabilities has the density of its quantiles."""
        places = np.array([1.1, 1.7, 3.0, 40.0])

        assert Power(2.5).pdf(places) == pytest.approx(2.5 * places**-3.5, rel=1e-6)

    def test_quantile_of_a_score(self) -> None:
        """The quantile at a normal score is that at its probability, in either tail."""
        law, z = Power(2.5), np.array([-3.0, -0.5, 0.0, 0.5, 9.0])
        expected = special.ndtr(-z) ** (-1 / 2.5)

        assert law.at_score(z) == pytest.approx(expected, rel=1e-13)

    def test_a_continuous_law_has_no_jumps(self) -> None:
        """Without atoms less than x is as likely as at most x."""
        law, x = Power(2.5), np.array([1.0, 2.0])

        assert not law.atomic
        assert law.points() is None
        assert law.below(x).tolist() == law.cdf(x).tolist()
        assert law.at_least(x).tolist() == law.sf(x).tolist()

    def test_an_atom_counts_in_one_of_the_two(self) -> None:
        """The mass on a value is in at most, and not in less."""
        law, x = Constant(3.0), np.array([2.0, 3.0, 4.0])

        assert law.below(x).tolist() == [0.0, 0.0, 1.0]
        assert law.cdf(x).tolist() == [0.0, 1.0, 1.0]
        assert law.at_least(x).tolist() == [1.0, 1.0, 0.0]
        assert law.sf(x).tolist() == [1.0, 0.0, 0.0]

    def test_score_of_a_place(self) -> None:
        """The normal score of a place undoes the place of a score, in either tail."""
        law, z = Power(2.5), np.array([-3.0, -0.5, 0.0, 0.5, 9.0, 30.0])

        assert law.score(law.at_score(z)) == pytest.approx(z, rel=1e-9, abs=1e-12)
        assert law.score(np.array([0.0, 1.0])).tolist() == [-math.inf, -math.inf]

    def test_errors_of_several_quantiles(self) -> None:
        """Several errors are those of each."""
        copies = np.array([[1.0, 2.0, 4.0, 8.0], [0.0, 2.0, 5.0, 9.0]])
        law, q = Sampled(copies, "lattice"), np.array([0.1, 0.5, 0.8])

        assert law.errors(q).tolist() == [law.error(p) for p in (0.1, 0.5, 0.8)]
        assert Power(2.5).errors(q).tolist() == [0.0, 0.0, 0.0]
        assert not law.stepped
        assert not law.searched

    def test_draws_by_inversion(self) -> None:
        """Draws are the quantiles of the generator's uniforms."""
        drawn = Power(2.5).draw(np.random.default_rng(20260101), 5)
        uniforms = np.random.default_rng(20260101).random(5)

        assert drawn == pytest.approx((1.0 - uniforms) ** (-1 / 2.5), rel=1e-14)

    def test_exact_answers_have_no_error(self) -> None:
        """A law in closed form states errors of exactly 0."""
        assert Power(2.5).error(0.3) == 0.0
        assert Power(2.5).probability_error(2.0) == 0.0
        assert Power(2.5).method == "exact"

    def test_key_is_family_and_parameters(self) -> None:
        """The key of a law is its text."""
        assert Power(2.5).key == "Power(tail=2.5, kink=1.0)"


class TestOpenUnit:
    def test_the_ends_are_kept_off(self) -> None:
        """Nothing reaches 0 or 1; what is inside stays."""
        edge = 2.0**-53

        assert open_unit(np.array([0.0, 0.3, 1.0])).tolist() == [edge, 0.3, 1.0 - edge]


class TestQuantileMoments:
    @pytest.mark.parametrize("kink", [1.0, 1.3, 5.0])
    def test_a_kink_costs_no_digits(self, kink: float) -> None:
        """A law with mass piled up on a value has its closed moments all the same."""
        law = Power(2.5, kink)
        mean = kink + kink**-1.5 / 1.5
        second = kink**2 + 2.0 * kink**-0.5 / 0.5

        assert quantile_moments(law, 0.0, 1) == pytest.approx(mean, rel=1e-9)
        assert quantile_moments(law, mean, 2) == pytest.approx(second - mean**2, rel=1e-8)

    def test_a_mean_of_zero(self) -> None:
        """Zero has no relative error, and is found as zero."""
        assert quantile_moments(Normal(0.0, 7.0), 0.0, 1) == 0.0
        assert quantile_moments(Uniform(-2.0, 1.0), -0.5, 1) == pytest.approx(0.0, abs=1e-15)
        exponential = Exponential(3.0 * math.log(2.0))
        assert quantile_moments(exponential, 3.0, 1) == pytest.approx(0.0, abs=1e-12)

    @pytest.mark.parametrize("tail", [0.5, 0.9, 1.0])
    @pytest.mark.parametrize("kink", [1.0, 5.0])
    def test_a_mean_that_does_not_exist(self, tail: float, kink: float) -> None:
        """A tail too heavy for a mean is refused, and the message says what always exists."""
        with pytest.raises(MomentError) as caught:
            Power(tail, kink).mean()
        assert str(caught.value) == (
            f"the mean of Power(tail={tail}, kink={kink}) does not exist or cannot be computed. "
            "Use median() and interval(confidence), which always exist."
        )

    def test_two_infinite_tails_do_not_cancel(self) -> None:
        """A symmetric law has no mean where its halves have none."""
        with pytest.raises(MomentError, match="does not exist or cannot be computed"):
            (Uncertain.of(stats.cauchy()) ** 3).mean()

    @pytest.mark.parametrize("tail", [1.5, 2.0])
    def test_a_variance_that_does_not_exist(self, tail: float) -> None:
        """A tail too heavy for a variance is refused although there is a mean."""
        assert Power(tail).mean() == pytest.approx(tail / (tail - 1.0), rel=1e-8)
        with pytest.raises(MomentError) as caught:
            Power(tail).var()
        assert str(caught.value) == (
            f"the variance of Power(tail={tail}, kink=1.0) does not exist or cannot be computed. "
            "Use median() and interval(confidence), which always exist."
        )


class TestSlope:
    def test_both_tails(self) -> None:
        """The slope keeps its digits far out in either tail."""
        z = np.array([-8.0, -3.0, 0.0, 0.5, 3.0, 8.0])
        found = slope(Normal(10.0, 2.0), 10.0 + 2.0 * z, relative_step=1e-5)

        assert found == pytest.approx(stats.norm.pdf(z) / 2.0, rel=1e-8)


class TestNoDensity:
    def test_it_says_what_to_ask_instead(self) -> None:
        """Values with probabilities have no density; the message names what they have."""
        with pytest.raises(MomentError) as caught:
            no_density(Constant(3.0))
        assert str(caught.value) == (
            "Constant(value=3.0) is discrete and has no density. "
            "Ask for probability(x.equals(value)), or for cdf(value)."
        )


class TestNoMoment:
    @pytest.mark.parametrize(("power", "what"), [(1, "mean"), (2, "variance")])
    def test_it_says_which(self, power: int, what: str) -> None:
        """The power decides which moment is missing; what always exists is named."""
        with pytest.raises(MomentError) as caught:
            no_moment(Constant(3.0), power)
        assert str(caught.value) == (
            f"the {what} of Constant(value=3.0) does not exist or cannot be computed. "
            "Use median() and interval(confidence), which always exist."
        )
