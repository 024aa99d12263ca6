"""Functions of uncertain numbers against closed forms of their laws."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from scipy import stats

from attrition.errors import NumberError, ParameterError
from attrition.uncertain import (
    Operand,
    Uncertain,
    about,
    between,
    clip,
    draws,
    exactly,
    exp,
    from_draws,
    log,
    maximum,
    minimum,
    sqrt,
    total_of,
    uniform,
)
from tests.strategies import expressions, normals

P = np.array([1e-9, 0.02, 0.3, 0.5, 0.8, 0.999])


class TestExp:
    def test_of_a_normal(self) -> None:
        """The exponential of a normal is lognormal."""
        x, law = exp(about(2, sd=0.5)), stats.lognorm(0.5, scale=math.exp(2.0))

        assert x.ppf(P) == pytest.approx(law.ppf(P), rel=1e-12)
        assert x.mean() == pytest.approx(law.mean(), rel=1e-12)

    def test_undoes_the_logarithm(self) -> None:
        """exp(log x) is x, exactly in its law."""
        x = between(2, 7, confidence=0.8, family="lognormal")

        assert exp(log(x)).same_law(x)

    def test_of_a_known_number(self) -> None:
        """Functions of known numbers are known."""
        assert exp(2).value == pytest.approx(math.e**2, rel=1e-15)
        assert log(5).value == pytest.approx(math.log(5), rel=1e-15)
        assert sqrt(6.25).value == 2.5


class TestLog:
    def test_of_a_uniform(self) -> None:
        """The logarithm of a uniform has the exponential as distribution function."""
        x = log(uniform(0, 3))

        assert x.cdf(np.log([0.3, 0.6, 2.4])) == pytest.approx([0.1, 0.2, 0.8], rel=1e-9)

    def test_refuses_what_may_be_negative(self) -> None:
        """There is no logarithm below zero."""
        with pytest.raises(ParameterError, match=r"^log of a number with 0.5 of its mass below 0"):
            log(about(0, sd=1))


class TestSqrt:
    def test_of_a_uniform(self) -> None:
        """The square root of a uniform has a distribution function that is a square."""
        x = sqrt(uniform(0, 4))

        assert x.cdf([0.2, 1.0, 1.8]) == pytest.approx([0.01, 0.25, 0.81], rel=1e-9)

    def test_refuses_what_may_be_negative(self) -> None:
        """There is no square root below zero."""
        with pytest.raises(ParameterError, match=r"^sqrt of a number with 0.5 of its mass below 0"):
            sqrt(about(0, sd=1))


class TestMaximumAndMinimum:
    def test_of_three_uniforms(self) -> None:
        """The extremes of independent numbers follow from products of probabilities."""
        parts = [uniform(0, 1), uniform(0, 2), uniform(-1, 1)]
        top, bottom = maximum(*parts), minimum(*parts)

        # A lattice of 4,093 points in eight copies has errors far below a thousandth here.
        assert top.cdf(0.7) == pytest.approx(0.7 * 0.35 * 0.85, abs=1e-3)
        assert bottom.sf(0.4) == pytest.approx(0.6 * 0.8 * 0.3, abs=1e-3)

    def test_of_normal_and_number(self) -> None:
        """What lies below a floor moves onto it; the rest stays."""
        x = maximum(0.5, about(1, sd=2))

        assert x.cdf(0.5) == pytest.approx(stats.norm.cdf(-0.25))
        assert x.cdf(3) == pytest.approx(stats.norm.cdf(1))
        assert x.support() == (0.5, math.inf)

    @given(expressions(), normals())
    def test_they_share_the_parts(self, a: Uncertain, b: Uncertain) -> None:
        """In every draw one of the two is the larger and the other the smaller."""
        top, bottom, x, y = draws(maximum(a, b), minimum(b, a), a, b, n=50, rng=20260101)

        assert np.array_equal(np.sort([x, y], axis=0), [bottom, top])

    @pytest.mark.parametrize("fold", [maximum, minimum, total_of])
    def test_of_one(self, fold: Callable[..., Uncertain]) -> None:
        """One number alone is its own largest, its smallest and its sum."""
        x = about(1, sd=2)

        assert fold(x) == x
        assert fold(7) == exactly(7)

    @pytest.mark.parametrize(
        ("fold", "expected"), [(maximum, 4.0), (minimum, -3.0), (total_of, 3.0)]
    )
    def test_of_known_numbers(self, fold: Callable[..., Uncertain], expected: float) -> None:
        """Known numbers in any place give a known number."""
        assert fold(2, exactly(-3), 4).value == expected


class TestClip:
    def test_mass_moves_onto_the_bounds(self) -> None:
        """Each bound holds what lay beyond it, and between them nothing changes."""
        x = clip(about(1, sd=2), -1, 2)

        assert x.support() == (-1.0, 2.0)
        assert x.cdf([-1.0, 0.0]) == pytest.approx(stats.norm.cdf([-1.0, -0.5]))
        assert x.sf([1.0, 2.0]) == pytest.approx([0.5, 0.0])

    def test_bounds_may_be_uncertain(self) -> None:
        """Bounds are taken draw by draw, and the upper one decides where they cross."""
        x, low, high = about(0, sd=2), uniform(-2, 1), uniform(0, 1)
        values = draws(clip(x, low, high), x, low, high, n=500, rng=20260101)

        assert np.array_equal(values[0], np.clip(*values[1:]))

    def test_bounds_may_be_equal(self) -> None:
        """Between equal bounds there is one value."""
        assert clip(about(0, sd=2), 3, 3).ppf([0.1, 0.9]) == pytest.approx([3.0, 3.0])

    def test_reversed_bounds(self) -> None:
        """Known bounds are in order."""
        for low, high in ((1, 0), (exactly(1), exactly(0))):
            with pytest.raises(ParameterError) as caught:
                clip(about(0, sd=1), low, high)

            assert str(caught.value) == (
                "clip from 1 to 0: expected low <= high. Type for example clip(x, 0, 1)."
            )


class TestTotalOf:
    def test_normals(self) -> None:
        """Means add up, and so do variances."""
        total = total_of(*(about(k, sd=k) for k in range(1, 25)), -300)

        assert total.method == "exact"
        assert total.mean() == 0.0
        assert total.std() == pytest.approx(70.0)

    def test_one_unknown_several_times(self) -> None:
        """The same number twice is twice the number."""
        x = about(3, sd=2)

        assert total_of(x, 1, x).std() == 4.0


class TestDraws:
    def test_the_same_world(self) -> None:
        """Functions hold in every draw; numbers without a tie are not tied."""
        x, y = about(3, sd=1), about(5, sd=2)
        a, b, product, known = draws(x, y, x * y, exactly(7), n=4_000, rng=20260101)

        assert np.array_equal(a * b, product)
        assert known.tolist() == [7.0] * 4_000
        assert abs(np.corrcoef(a, b)[0, 1]) < 5.0 / math.sqrt(4_000)

    def test_the_same_seed(self) -> None:
        """A seed decides the draws, another one gives others."""
        x = about(3, sd=1)
        one, same, other = (draws(x, n=5, rng=seed)[0].tolist() for seed in (1, 1, 2))

        assert one == same
        assert not set(one) & set(other)

    def test_beyond_one_block(self) -> None:
        """Draws of later blocks are new ones."""
        (values,) = draws(about(3, sd=1), n=40_000, rng=20260101)

        assert values.shape == (40_000,)
        assert np.unique(values).size == 40_000

    def test_they_may_be_changed(self) -> None:
        """The arrays belong to the caller, those of known numbers too."""
        for values in draws(about(3, sd=1), exactly(7), n=4, rng=20260101):
            values[:] = [1.0, 2.0, 3.0, 4.0]

            assert values.tolist() == [1.0, 2.0, 3.0, 4.0]

    def test_of_nothing(self) -> None:
        """No numbers give no arrays."""
        assert draws(n=3, rng=20260101) == ()

    @pytest.mark.parametrize("n", [0, -5, 2.5])
    def test_bad_count(self, n: int) -> None:
        """Less than one draw or half a draw is refused."""
        with pytest.raises(ParameterError) as caught:
            draws(about(3, sd=1), n=n, rng=20260101)

        assert str(caught.value) == (
            f"n is {n}: expected a whole number of draws, at least 1. Type for example n=10_000."
        )


class TestOperands:
    @pytest.mark.parametrize("function", [exp, log, sqrt, maximum, minimum, total_of])
    def test_only_numbers(self, function: Callable[[Operand], Uncertain]) -> None:
        """Texts and bools are no operands of a function."""
        with pytest.raises(NumberError, match=r"^operand is '3', a str: expected a finite number"):
            function("3")  # type: ignore[arg-type]  # the point of the test
        with pytest.raises(NumberError, match=r"^operand is True, a bool: expected a finite numb"):
            function(True)  # noqa: FBT003 - the point of the test

    def test_discrete_numbers(self) -> None:
        """Functions of a number made of values are evaluated in each."""
        assert exp(from_draws([0, 1, 3])).mean() == pytest.approx((1 + math.e + math.e**3) / 3)
