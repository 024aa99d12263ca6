import math

import numpy as np
import pytest
from hypothesis import given
from scipy import stats

from attrition.errors import NumberError, ParameterError
from attrition.uncertain import (
    Uncertain,
    about,
    between,
    clip,
    draws,
    exactly,
    exp,
    log,
    maximum,
    minimum,
    sqrt,
    total_of,
    uniform,
)
from tests.accounts.records import unchecked
from tests.strategies import normals, positives

X = between(1, 2, confidence=0.9, family="lognormal")


class TestOfOne:
    def test_draw_by_draw(self) -> None:
        """Exponential, logarithm and root are those of every draw."""
        x, e, l, r = draws(X, exp(X), log(X), sqrt(X), n=100, rng=20260101)  # noqa: E741 - log

        assert e == pytest.approx(np.exp(x))
        assert l == pytest.approx(np.log(x))
        assert r == pytest.approx(np.sqrt(x))

    def test_of_known_numbers(self) -> None:
        """A function of a known number is a known number."""
        assert exp(2).value == pytest.approx(math.exp(2.0))
        assert log(exactly(2)).value == pytest.approx(math.log(2.0))
        assert sqrt(np.int64(2)).value == pytest.approx(math.sqrt(2.0))  # type: ignore[arg-type]  # allowed at run time

    def test_they_undo_each_other(self) -> None:
        """Logarithm and exponential undo each other, exactly."""
        x = about(1, sd=0.5)

        assert (log(exp(x)) - x).std() == 0.0
        assert (exp(log(X)) / X).interval(0.9) == (1.0, 1.0)

    @pytest.mark.parametrize(("function", "name"), [(log, "log"), (sqrt, "sqrt")])
    def test_numbers_below_zero(self, function: object, name: str) -> None:
        """What may well be negative has neither logarithm nor root."""
        assert callable(function)
        for x, text in ((about(0, sd=1), "0.5"), (-2, "1")):
            with pytest.raises(ParameterError) as caught:
                function(x)
            assert str(caught.value) == (
                f"{name} of a number with {text} of its mass below 0: expected a number that is "
                "not negative. Use a positive one, such as between(low, high, confidence=0.9, "
                'family="lognormal").'
            )

    def test_zero(self) -> None:
        """Zero has a root and no logarithm."""
        assert sqrt(0).value == 0.0
        with pytest.raises(ParameterError) as caught:
            log(0)
        assert str(caught.value) == (
            "log of a number with 1 of its mass at 0: expected a number above 0. "
            "Keep it away from 0, for example with maximum(x, 1)."
        )


class TestExtremes:
    def test_draw_by_draw(self) -> None:
        """Largest and smallest of several are those of every draw."""
        a, b, c = about(3, sd=1), uniform(2, 4), exactly(3)
        x, y, top, low = draws(a, b, maximum(a, b, c), minimum(2.5, a, b), n=200, rng=20260101)

        assert np.array_equal(top, np.maximum(np.maximum(x, y), 3.0))
        assert np.array_equal(low, np.minimum(np.minimum(x, y), 2.5))

    def test_of_one(self) -> None:
        """The largest of one number is the number."""
        x = about(3, sd=1)

        assert maximum(x) is x
        assert minimum(7).value == 7.0
        assert maximum(exactly(7), 8).value == 8.0

    @given(normals(), positives())
    def test_together_they_are_the_two(self, x: Uncertain, y: Uncertain) -> None:
        """Largest and smallest of two sum to their sum in every draw."""
        a, b, low, top = draws(x, y, minimum(x, y), maximum(x, y), n=50, rng=20260101)

        assert low + top == pytest.approx(a + b)

    def test_the_larger_of_two_normals(self) -> None:
        """The larger of two normals has the mean of its closed form."""
        larger = maximum(about(3, sd=1), about(3, sd=1))

        assert larger.mean() == pytest.approx(3.0 + 1.0 / math.sqrt(math.pi), abs=1e-4)


class TestClip:
    def test_between_bounds(self) -> None:
        """What lies beyond a bound lies on it, with its mass."""
        x = clip(about(0, sd=1), -0.5, 1)
        phi, cdf = stats.norm.pdf, stats.norm.cdf
        mean = -0.5 * cdf(-0.5) + stats.norm.sf(1) + phi(-0.5) - phi(1)

        assert x.support() == (-0.5, 1.0)
        assert x.cdf(-0.5) == pytest.approx(cdf(-0.5))
        assert x.sf(1) == 0.0
        assert x.ppf([0.2, 0.9]) == pytest.approx([-0.5, 1.0])
        assert x.mean() == pytest.approx(mean, rel=1e-9)

    def test_bounds_that_are_uncertain(self) -> None:
        """A bound may be uncertain itself."""
        low = uniform(0, 1)
        a, b, held = draws(about(0, sd=2), low, clip(about(0, sd=2), low, 3), n=9, rng=20260101)
        del a

        assert ((held >= b) & (held <= 3.0)).all()
        assert clip(4, 1, 1).value == 1.0

    def test_reversed_bounds(self) -> None:
        """Known bounds in the wrong order are refused."""
        with pytest.raises(ParameterError) as caught:
            clip(about(0, sd=1), 5, exactly(1))
        assert str(caught.value) == (
            "clip from 5 to 1: expected low <= high. Type for example clip(x, 0, 1)."
        )


class TestTotalOf:
    def test_the_sum(self) -> None:
        """The total is the sum, known numbers among its parts or alone."""
        x, y = about(3, sd=1), about(4, sd=2)

        assert total_of(x, y, 5) == x + y + 5
        assert total_of(5, x) == 5 + x
        assert total_of(7).value == 7.0
        assert total_of(x) is x


class TestDraws:
    def test_rows_belong_together(self) -> None:
        """Row i of each number comes from one world."""
        x, y = about(3, sd=1), about(5, sd=2)
        a, b, total = draws(x, y, x + y, n=1_000, rng=20260101)

        assert np.array_equal(a + b, total)
        assert a.shape == (1_000,)
        assert abs(np.corrcoef(a, b)[0, 1]) < 5.0 / math.sqrt(1_000)

    def test_known_numbers_and_none(self) -> None:
        """Known numbers are drawn as they are; of no numbers there are no draws."""
        assert draws(exactly(3), n=2, rng=20260101)[0].tolist() == [3.0, 3.0]
        assert unchecked(draws)(4, n=2, rng=20260101)[0].tolist() == [4.0, 4.0]
        assert draws(n=2, rng=20260101) == ()

    def test_arrays_of_ones_own(self) -> None:
        """What comes back may be changed."""
        (a,) = draws(exactly(3), n=2, rng=20260101)
        a[0] = 7.0

        assert a.tolist() == [7.0, 3.0]

    @pytest.mark.parametrize(("n", "text"), [(0, "0"), (2.5, "2.5")])
    def test_how_many(self, n: float, text: str) -> None:
        """Draws are counted in whole numbers from one on."""
        with pytest.raises(ParameterError) as caught:
            unchecked(draws)(about(3, sd=1), n=n, rng=20260101)
        assert str(caught.value) == (
            f"n is {text}: expected a whole number of draws, at least 1. Type for example n=10_000."
        )

    def test_what_is_no_number(self) -> None:
        """A text is not drawn."""
        with pytest.raises(NumberError, match=r"^operand is 'x', a str"):
            unchecked(draws)("x", n=2, rng=20260101)
