import math
from typing import final

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrition._typing import FloatArray
from attrition.uncertain.families import Normal, Uniform
from attrition.uncertain.law import Law
from attrition.uncertain.sampled import Sampled
from attrition.uncertain.search import (
    error_of_quantile,
    place_by_root,
    place_by_search,
    place_by_secant,
    smallest,
)
from tests.precise import P

finite = st.floats(allow_nan=False, allow_infinity=False)

LOWER = np.zeros((), bool)


@final
@attrs.frozen
class Counted(Law):
    """A normal law that counts how often it is asked."""

    asked: list[int] = attrs.field(factory=list)

    def ppf(self, q: FloatArray) -> FloatArray:
        """Not to be asked."""
        raise NotImplementedError

    def isf(self, q: FloatArray) -> FloatArray:
        """Not to be asked."""
        raise NotImplementedError

    def cdf(self, x: FloatArray) -> FloatArray:
        """That of the standard normal."""
        self.asked.append(x.size)
        return Normal(0.0, 1.0).cdf(x)

    def sf(self, x: FloatArray) -> FloatArray:
        """That of the standard normal."""
        return Normal(0.0, 1.0).sf(x)

    def support(self) -> tuple[float, float]:
        """Not to be asked."""
        raise NotImplementedError


class TestSmallest:
    @given(finite, finite, finite)
    def test_finds_the_very_double(self, a: float, b: float, c: float) -> None:
        """Among all doubles between two, the first one that is large enough is found."""
        low, wanted, high = sorted([a, b, c])
        found = smallest(lambda x: x >= wanted, np.array([low]), np.array([high]))

        expected = np.nextafter(low, np.inf) if low == wanted < high else wanted
        assert found[0] == expected

    def test_several_at_once(self) -> None:
        """Each of several searches has its own range and its own end."""
        wanted = np.array([-1e300, -1e-300, 0.0, 5e-324, 7.25, 1e308])
        low = np.array([-np.inf, -1.0, -1e308, -1.0, 7.0, -np.inf])
        high = np.array([np.inf, 0.0, 1e308, 1.0, 8.0, np.inf])

        found = smallest(lambda x: x >= wanted, low, high)
        assert found.tolist() == wanted.tolist()
        assert not np.signbit(found[2])

    def test_end_is_believed(self) -> None:
        """The condition is not asked at the upper end, where it holds."""
        found = smallest(lambda x: np.zeros(x.shape, bool), np.array([1.0]), np.array([2.0]))

        assert found.tolist() == [2.0]

    def test_few_questions(self) -> None:
        """The whole range of doubles takes a handful of vectorised questions, not 64."""
        asked: list[int] = []

        def reached(x: FloatArray) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
            asked.append(x.size)
            return x >= 1.2345

        smallest(reached, np.array([-np.inf]), np.array([np.inf]))

        assert len(asked) <= 18


class TestPlaceBySearch:
    def test_normal(self) -> None:
        """The places of the normal law are found in both tails, to the last digits."""
        law = Normal(3.0, 2.0)
        tail = np.minimum(P, 1.0 - np.array(P))
        in_upper = np.array(P) > 0.5
        found = place_by_search(law, tail, in_upper, np.array(-40.0), np.array(40.0))

        assert found == pytest.approx(law.ppf(np.array(P)), rel=1e-14)

    def test_any_shape(self) -> None:
        """Places have the shape of the probabilities, one number included."""
        law, low, high = Uniform(0.0, 4.0), np.array(0.0), np.array(4.0)
        scalar = place_by_search(law, np.array(0.25), LOWER, low, high)
        square = place_by_search(law, np.full((2, 3), 0.25), np.ones((2, 3), bool), low, high)

        assert (scalar.shape, float(scalar)) == ((), 1.0)
        assert square.tolist() == [[3.0] * 3] * 2

    def test_nothing_below_is_the_end(self) -> None:
        """At probability zero the ends are meant, even where the tail runs out of floats first."""
        law = Normal(0.0, 1.0)
        tail, upper = np.zeros(2), np.array([False, True])
        found = place_by_search(law, tail, upper, np.array(-math.inf), np.array(math.inf))

        assert found.tolist() == [-math.inf, math.inf]

    def test_lower_end_itself(self) -> None:
        """The lower end is found where it has enough probability already."""
        law = Normal(0.0, 1.0)
        found = place_by_search(law, np.array(0.25), LOWER, np.array(1.0), np.array(2.0))

        assert float(found) == 1.0

    def test_slow_laws_are_asked_rarely(self) -> None:
        """A law is asked for probabilities some sixteen times for all places together."""
        law = Counted()
        low, high = np.array(-40.0), np.array(40.0)
        place_by_search(law, np.array([0.1, 0.2, 0.3]), np.zeros(3, bool), low, high)

        assert len(law.asked) <= 18


class TestErrorOfQuantile:
    def test_exact_laws_have_none(self) -> None:
        """Where probabilities have no error, quantiles have none."""
        assert error_of_quantile(Normal(0.0, 1.0), 0.3) == 0.0

    def test_error_of_the_probability_over_the_density(self) -> None:
        """A small error of a probability moves the quantile by itself over the density."""
        copies = np.sort(np.random.default_rng(20260101).uniform(0.0, 4.0, (8, 4_000)))
        law = Sampled(copies, "lattice", 0.0, 4.0)
        off = law.probability_error(float(law.ppf(np.array(0.3))))

        assert off > 1e-4
        assert error_of_quantile(law, 0.3) == pytest.approx(4.0 * off, rel=0.3)

    def test_next_to_an_end(self) -> None:
        """No quantile is asked beyond probabilities of none and all."""
        law = Sampled(np.array([[0.0, 3.0], [2.0, 3.0]]), "lattice", 0.0, 4.0)
        low = Sampled(np.array([[0.0, 1.0], [0.0, 3.0]]), "lattice", 0.0, 4.0)

        assert (law.probability_error(0.6), low.probability_error(2.4)) == (0.25, 0.25)
        assert error_of_quantile(law, 0.2) == 0.5 * float(law.ppf(np.array(0.45)))
        assert error_of_quantile(low, 0.8) == 0.5 * float(3.0 - low.ppf(np.array(0.55)))


def _cubic(x: FloatArray, a: FloatArray) -> FloatArray:
    return x**3 - a


class TestPlaceByRoot:
    def test_guesses_that_are_wrong(self) -> None:
        """A root is found below, between, above and far from where it was guessed."""
        cubes = np.array([-27.0, 8.0, 1e12, 0.125, 64.0])
        low, high = np.array([1.0, 1.0, 1.0, 3.0, 4.0]), np.array([2.0, 3.0, 2.0, 3.0, 4.0])
        found = place_by_root(_cubic, (cubes,), low, high)

        assert found == pytest.approx([-3.0, 2.0, 1e4, 0.5, 4.0], rel=1e-12)

    def test_never_zero(self) -> None:
        """Where no float is far enough the answer is infinite, with the right sign."""
        ends = np.zeros(3), np.ones(3)
        found = place_by_root(lambda x, a: a + np.tanh(x), (np.array([-2.0, 0.5, 2.0]),), *ends)

        assert found[[0, 2]].tolist() == [math.inf, -math.inf]
        assert found[1] == pytest.approx(math.atanh(-0.5), rel=1e-12)

    def test_close_enough(self) -> None:
        """A value close to zero is a root where that is asked for."""
        ends = np.array([1.9]), np.array([2.2])
        exact = place_by_root(_cubic, (np.array([8.0]),), *ends)
        close = place_by_root(_cubic, (np.array([8.0]),), *ends, close=0.05)

        assert exact[0] == pytest.approx(2.0, rel=1e-14)
        assert 1e-9 < abs(close[0] - 2.0) <= 0.05 / 11.0


class TestPlaceBySecant:
    def test_one_value_does(self) -> None:
        """From close guesses a value and the slope of functions much alike give seven digits."""
        asked: list[int] = []

        def counted(x: FloatArray, a: FloatArray) -> FloatArray:
            asked.append(x.size)
            return _cubic(x, a)

        def alike(x: FloatArray, a: FloatArray) -> FloatArray:
            return 1.0001 * _cubic(x, a)

        cubes = np.array([8.0, 27.0])
        low, high = np.array([1.9999, 2.9999]), np.array([2.0002, 3.0001])
        found = place_by_secant(counted, alike, (cubes,), low, high)

        assert found == pytest.approx([2.0, 3.0], rel=1e-7)
        assert asked == [2]

    def test_falls_back(self) -> None:
        """Where the guess was no good or of no width the root is found all the same."""
        cubes = np.array([8.0, 1e6, 1.0])
        low, high = np.array([1.9999, 1.0, 3.0]), np.array([2.0002, 2.0, 3.0])
        found = place_by_secant(_cubic, _cubic, (cubes,), low, high)

        assert found == pytest.approx([2.0, 100.0, 1.0], rel=1e-6)
