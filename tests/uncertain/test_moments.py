import math

import numpy as np
import pytest
from scipy import stats

from attrition.errors import MomentError
from attrition.uncertain.families import Normal, Uniform
from attrition.uncertain.law import Law
from attrition.uncertain.moments import (
    check_moment,
    integrals,
    mean_by_probability,
    var_by_probability,
)
from attrition.uncertain.pairs import Larger, Smaller
from attrition.uncertain.scipy_law import from_scipy
from attrition.uncertain.searched import Searched

SMALLEST = Smaller(Uniform(2.0, 3.0), Uniform(2.5, 7.0))


def _smallest_moment(power: int) -> float:
    """E min(U, V)^k over the two areas on either side of 5/2, for U in (2, 3), V in (2.5, 7)."""
    x = np.polynomial.Polynomial([0.0, 1.0])
    below, above = x**power, x**power * ((7.0 - x) + (3.0 - x)) / 4.5
    first, second = below.integ(), above.integ()
    return float(first(2.5) - first(2.0) + second(3.0) - second(2.5))


class TestMoments:
    def test_kinks_given_or_found(self) -> None:
        """A kink of the density costs no digits, whether it is told or has to be found."""
        mean = _smallest_moment(1)
        var = _smallest_moment(2) - mean**2
        for kinks in ([], [2.5], [2.0, 2.5, 3.0, 7.0, 99.0]):
            assert mean_by_probability(SMALLEST, kinks) == pytest.approx(mean, rel=1e-12)
            assert var_by_probability(SMALLEST, kinks) == pytest.approx(var, rel=1e-10)

    def test_heavy_tails(self) -> None:
        """Where the last panel holds too much, the integral is one over quantiles."""
        two = (from_scipy(stats.pareto(1.5)),) * 2
        larger, smaller = Larger(*two), Smaller(*two)

        # The smaller of two has the exponent 3, and the two have the sum of the means.
        assert smaller.mean() == pytest.approx(1.5, rel=1e-9)
        assert smaller.var() == pytest.approx(0.75, rel=1e-9)
        assert larger.mean() == pytest.approx(4.5, rel=1e-9)

    def test_no_variance(self) -> None:
        """An infinite variance is refused, never a number."""
        law = Larger(from_scipy(stats.pareto(1.9)), Normal(0.0, 1.0))
        with pytest.raises(MomentError) as caught:
            law.var()
        assert str(caught.value) == (
            f"the variance of {law!r} does not exist or cannot be computed. "
            "Use median() and interval(confidence), which always exist."
        )

    def test_shift_and_scale(self) -> None:
        """Moments move with the numbers, far from zero too."""
        here: Searched = Larger(Normal(0.0, 1.0), Normal(0.0, 2.0))
        far = Larger(Normal(1e6, 1.0), Normal(1e6, 2.0))

        assert here.mean() == pytest.approx(math.sqrt(5.0 / (2.0 * math.pi)), rel=1e-12)
        assert here.var() == pytest.approx(2.5 - 2.5 / math.pi, rel=1e-11)
        assert far.mean() - 1e6 == pytest.approx(here.mean(), abs=1e-8)
        assert far.var() == pytest.approx(here.var(), rel=1e-8)


class TestCheckMoment:
    def test_finite(self) -> None:
        """A finite moment passes."""
        check_moment("mean", Normal(0.0, 1.0), 3.0)

    @pytest.mark.parametrize("moment", [math.inf, -math.inf, math.nan])
    def test_infinite(self, moment: float) -> None:
        """An infinite one, or none, is refused with the law it belongs to."""
        law: Law = Normal(0.0, 1.0)
        with pytest.raises(MomentError) as caught:
            check_moment("variance", law, moment)
        assert str(caught.value) == (
            "the variance of a number that rests on Normal(centre=0.0, sd=1.0), whose own is "
            "infinite, may not exist. Use median() and interval(confidence), which always exist."
        )


class TestIntegrals:
    def test_jump_and_root(self) -> None:
        """Panels are halved next to a jump and next to a root, and there alone."""
        edges = np.array([0.0, 0.5, 1.0])
        jump = integrals(lambda t: (t > 0.3).astype(np.float64)[None], edges)
        root = integrals(lambda t: np.sqrt(np.abs(t - 0.7))[None], edges)

        assert float(jump.masses.sum()) == pytest.approx(0.7, abs=1e-11)
        assert float(root.masses.sum()) == pytest.approx((0.7**1.5 + 0.3**1.5) / 1.5, abs=1e-11)
        assert (jump.low >= 0.5).sum() == 1
        assert (root.low < 0.5).sum() == 1
        assert jump.error == root.error == 0.0

    def test_pole(self) -> None:
        """At a pole without an integral halving comes to no end, which the error says."""
        found = integrals(lambda t: (1.0 / np.abs(t - 0.3))[None], np.array([0.0, 1.0]))

        assert found.error > 1e-4 * found.masses.sum()

    def test_rounding(self) -> None:
        """Panels that are rough everywhere are not halved for ever, which the error says."""
        edges = np.linspace(0.0, 1.0, 101)
        found = integrals(lambda t: np.floor(1e5 * t * t % 2.0)[None], edges)

        assert found.low.size < 400
        assert found.error > 0.1

    def test_several_functions(self) -> None:
        """Every function is integrated over the same panels."""
        found = integrals(lambda t: np.stack([np.exp(t), t * np.exp(t)]), np.array([0.0, 1.0, 2.0]))

        assert found.masses.shape == (2, 2)
        assert found.masses.sum(axis=1) == pytest.approx(
            [math.exp(2.0) - 1.0, math.exp(2.0) + 1.0], rel=1e-14
        )
