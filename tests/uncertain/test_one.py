import math
import pickle

import numpy as np
import pytest
from mpmath import mp
from scipy import stats

from attrition.errors import MomentError
from attrition.uncertain import Uncertain, about, exp, maximum, minimum, sqrt, uniform
from attrition.uncertain.evaluate import law_of
from attrition.uncertain.families import Normal
from attrition.uncertain.node import Leaf, Noise, apply
from attrition.uncertain.one import OfOne, law_of_one
from attrition.uncertain.operations import Add

P = np.array([1e-12, 1e-6, 0.01, 0.3, 0.5, 0.8, 0.99, 1.0 - 1e-9])
NORMAL = stats.norm(1.0, 2.0)


def _normal() -> Uncertain:
    return about(1, sd=2)


def _student() -> Uncertain:
    return Uncertain.of(stats.t(3))


def _law(x: Uncertain) -> OfOne:
    law = law_of(x.node)
    assert isinstance(law, OfOne)
    return law


class TestSquare:
    LAW = _law(_normal() ** 2)
    EXACT = stats.ncx2(1, 0.25, scale=4.0)

    def test_probabilities(self) -> None:
        """The square of a normal is a noncentral chi-square, in both tails."""
        x = np.array([1e-10, 1e-3, 0.5, 3.0, 20.0, 150.0])

        assert self.LAW.cdf(x) == pytest.approx(self.EXACT.cdf(x), rel=1e-11)
        assert self.LAW.sf(x) == pytest.approx(self.EXACT.sf(x), rel=1e-13)

    def test_quantiles(self) -> None:
        """The named law has the probability asked for at a quantile, in both tails."""
        assert self.EXACT.cdf(self.LAW.ppf(P[1:])) == pytest.approx(P[1:], rel=1e-9)
        assert self.EXACT.sf(self.LAW.isf(P)) == pytest.approx(P, rel=1e-9)
        # Next to the turn the mass lies between two scores that are almost one.
        assert self.EXACT.cdf(self.LAW.ppf(P[0])) == pytest.approx(P[0], rel=1e-3)

    def test_moments(self) -> None:
        """E Y^2 = m^2 + s^2, and its variance is 2 s^4 + 4 m^2 s^2."""
        assert self.LAW.mean() == pytest.approx(5.0, rel=1e-14)
        assert self.LAW.var() == pytest.approx(48.0, rel=1e-13)

    def test_stated_errors(self) -> None:
        """Twice as many steps find the same turn, so no error is stated; the way is."""
        assert self.LAW.method == "quadrature"
        assert self.LAW.probability_error(3.0) <= 1e-15
        assert self.LAW.error(0.9) <= 1e-14

    def test_text_and_pickle(self) -> None:
        """The text names function and law; a law comes back from a pickle."""
        back = pickle.loads(pickle.dumps(self.LAW))

        assert repr(self.LAW) == "Power of Normal(centre=1.0, sd=2.0), by quadrature"
        assert repr(OfOne(Leaf(Normal(0.0, 1.0)), Normal(0.0, 1.0))) == (
            "identity of Normal(centre=0.0, sd=1.0), by quadrature"
        )
        assert back.ppf(P).tolist() == self.LAW.ppf(P).tolist()


class TestMonotone:
    def test_rising_though_it_enters_twice(self) -> None:
        """x / (1 + x) of a uniform has the image of its quantiles, without a search."""
        x = uniform(1, 3)
        law, places = _law(x / (1.0 + x)), 1.0 + 2.0 * P

        assert law.ppf(P) == pytest.approx(places / (1.0 + places), rel=1e-14)
        assert law.isf(P) == pytest.approx((4.0 - places) / (5.0 - places), rel=1e-14)
        assert law.mean() == pytest.approx(1.0 - 0.5 * math.log(2.0), rel=1e-14)
        assert law.support()[0] <= 0.5
        assert law.pieces.rising.tolist() == [True]

    def test_falling(self) -> None:
        """1 / (x + x^2) falls, so that its lower quantiles are those of large x."""
        x = uniform(1, 3)
        law = law_of_one((1.0 / (x + x * x)).node)
        low, high = 3.0 - 2.0 * P, 1.0 + 2.0 * P
        assert isinstance(law, OfOne)

        assert law.ppf(P) == pytest.approx(1.0 / (low + low**2), rel=1e-14)
        assert law.isf(P) == pytest.approx(1.0 / (high + high**2), rel=1e-14)
        assert law.pieces.rising.tolist() == [False]

    def test_nowhere_moving(self) -> None:
        """What cancels is one value."""
        x = uniform(1, 3)
        law = _law(maximum(x - x * x, 5.0))

        assert law.ppf(np.array([0.2, 0.7])).tolist() == [5.0, 5.0]
        assert (law.mean(), law.var()) == (5.0, 0.0)


class TestPoles:
    def test_reciprocal_of_both_signs(self) -> None:
        """P(1/Y <= x) is the mass of Y in (1/x, 0), and for positive x that below 0 besides."""
        with pytest.warns(match="across 0"):
            law = _law(1.0 / _normal())
        below, above = -np.array([1e4, 3.0, 0.1, 1e-3]), np.array([1e-3, 0.1, 3.0, 1e6])

        assert law.cdf(below) == pytest.approx(NORMAL.cdf(0) - NORMAL.cdf(1 / below), abs=1e-15)
        assert law.cdf(above) == pytest.approx(NORMAL.cdf(0) + NORMAL.sf(1 / above), abs=1e-15)
        assert law.sf(above) == pytest.approx(NORMAL.cdf(1 / above) - NORMAL.cdf(0), rel=1e-9)
        assert law.cdf(law.ppf(P[1:])) == pytest.approx(P[1:], rel=1e-9)
        assert law.support() == (-math.inf, math.inf)
        assert law.probability_error(-3.0) <= 1e-14

    def test_pole_at_the_median(self) -> None:
        """A pole on the very grid in which turns are sought is one too."""
        with pytest.warns(match="across 0"):
            law = _law(1.0 / about(0, sd=1))
        x = np.array([-7.0, -1.0, -0.2])
        expected = 0.5 - stats.norm.cdf(1.0 / x)

        assert law.cdf(x) == pytest.approx(expected, abs=1e-15)
        assert law.sf(-x) == pytest.approx(expected, abs=1e-15)

    def test_even_pole(self) -> None:
        """1 / Y^2 of a standard normal is an inverse gamma of shape and scale 1/2."""
        y = about(0, sd=1)
        law, exact = _law(1.0 / (y * y)), stats.invgamma(0.5, scale=0.5)

        assert law.ppf(P[:6]) == pytest.approx(exact.ppf(P[:6]), rel=1e-10)
        assert law.cdf(np.array([0.1, 1.0, 9.0])) == pytest.approx(exact.cdf([0.1, 1.0, 9.0]))

    def test_no_moments(self) -> None:
        """A pole leaves no mean, which the error says in full."""
        y = about(0, sd=1)
        law = _law(1.0 / (y * y))
        for ask in (law.mean, law.var):
            with pytest.raises(MomentError) as caught:
                ask()
            assert str(caught.value) == (
                "the mean of Divide of Normal(centre=0.0, sd=1.0), by quadrature does not exist or "
                "cannot be computed. Use median() and interval(confidence), which always exist."
            )
        with pytest.warns(match="across 0"), pytest.raises(MomentError, match=r"^the mean of Div"):
            (1.0 / _normal()).mean()


class TestTurns:
    def test_polynomial(self) -> None:
        """Probabilities of y^3 - 3 y are those of the level sets between its real roots."""
        y = about(0.2, sd=1.3)
        law = _law(y * y * y - 3.0 * y)
        x = np.array([-9.0, -2.5, -1.0, 0.0, 1.5, 2.5, 30.0])
        expected = [_below_cubic(float(c), 0.2, 1.3) for c in x]

        assert law.pieces.rising.tolist() == [True, False, True]
        assert law.cdf(x) == pytest.approx(expected, rel=1e-12)
        assert law.ppf(np.array(expected)) == pytest.approx(x, rel=1e-9, abs=1e-9)
        assert law.mean() == pytest.approx(0.2**3 + 3 * 0.2 * 1.69 - 0.6, rel=1e-12)

    def test_folded(self) -> None:
        """The larger of y and -y is a folded normal."""
        y = _normal()
        law, exact = _law(maximum(y, -y)), stats.foldnorm(0.5, scale=2.0)

        assert exact.cdf(law.ppf(P[1:])) == pytest.approx(P[1:], rel=1e-9)
        assert exact.sf(law.isf(P)) == pytest.approx(P, rel=1e-5)
        assert (law.mean(), law.var()) == pytest.approx((exact.mean(), exact.var()), rel=1e-13)

    def test_flat_pieces_have_mass(self) -> None:
        """y^2 between bounds has at them the mass beyond, and the moments of a clipped square."""
        y = _normal()
        law, exact = _law(minimum(maximum(y * y, 1.0), 9.0)), stats.ncx2(1, 0.25, scale=4.0)

        assert law.atomic
        assert law.cdf(np.array([0.99, 1.0, 4.0, 9.0])) == pytest.approx(
            [0.0, exact.cdf(1), exact.cdf(4), 1.0], rel=1e-13
        )
        assert law.at_least(np.array([9.0])) == pytest.approx(exact.sf(9), rel=1e-12)
        assert law.ppf(np.array([0.1, 0.3, 0.5, 0.9])) == pytest.approx(
            [1.0, 1.0, exact.ppf(0.5), 9.0], rel=1e-12
        )
        assert (law.mean(), law.var()) == pytest.approx(_clipped_moments(), rel=1e-11)


class TestHeavyTails:
    def test_what_exists(self) -> None:
        """|T| of Student's t with 3 degrees has the mean 2 sqrt(3) / pi, T^2 the mean 3."""
        t = _student()
        folded, square = _law(maximum(t, -t)), _law(t * t)

        assert folded.mean() == pytest.approx(2.0 * math.sqrt(3.0) / math.pi, rel=1e-12)
        assert folded.var() == pytest.approx(3.0 - 12.0 / math.pi**2, rel=1e-10)
        assert square.mean() == pytest.approx(3.0, rel=1e-12)

    def test_what_does_not(self) -> None:
        """The square of it has no variance, its fourth power no mean: neither looks finite."""
        t = _student()
        with pytest.raises(
            MomentError, match=r"^the variance of Multiply of t\(3\), by quadrature"
        ):
            (t * t).var()
        with pytest.raises(MomentError, match=r"^the mean of Multiply of t\(3\), by quadrature"):
            (t * t * t * t).mean()

    def test_bounded_function(self) -> None:
        """T / (1 + T^2) of a Cauchy number is half the sine of an even angle."""
        t = Uncertain.of(stats.cauchy())
        law = _law(t / (1.0 + t * t))

        assert law.mean() == pytest.approx(0.0, abs=1e-14)
        assert law.var() == pytest.approx(1.0 / 8.0, rel=1e-10)

    def test_root_of_what_has_no_mean(self) -> None:
        """The root of |C| of a Cauchy number has the mean sqrt(2), though C has none."""
        c = Uncertain.of(stats.cauchy())

        assert _law(sqrt(maximum(c, -c))).mean() == pytest.approx(math.sqrt(2.0), rel=1e-10)


class TestLawOfOne:
    def test_what_it_is_not_for(self) -> None:
        """Two unknowns, discrete ones, noise and known numbers go elsewhere."""
        x, count = _normal(), Uncertain.of(stats.poisson(3))

        assert law_of_one((x * uniform(0, 1)).node) is None
        assert law_of_one((count * count).node) is None
        assert law_of_one(apply(Add(), Noise("n", 1), Noise("m", 1))) is None
        assert law_of_one(exp(x * x).node) is not None


def _below_cubic(c: float, centre: float, sd: float) -> float:
    """The mass at which y^3 - 3 y is at most c, between the real roots."""
    roots = sorted(root.real for root in np.roots([1.0, 0.0, -3.0, -c]) if abs(root.imag) < 1e-9)
    ends = [stats.norm.cdf(root, centre, sd) for root in roots]
    return float(ends[0] if len(ends) == 1 else ends[0] + ends[2] - ends[1])


def _clipped_moments() -> tuple[float, float]:
    with mp.workdps(20):
        ends = [-mp.inf, -3, -1, 1, 3, mp.inf]
        mean = mp.quad(lambda y: min(max(y * y, 1), 9) * mp.npdf(y, 1, 2), ends)
        square = mp.quad(lambda y: min(max(y * y, 1), 9) ** 2 * mp.npdf(y, 1, 2), ends)
        return float(mean), float(square - mean**2)
