import math
from fractions import Fraction

import numpy as np
import pytest

from attrition.errors import NumberError, ParameterError
from attrition.uncertain import about
from attrition.uncertain.checks import (
    as_array,
    as_draws,
    as_float,
    as_name,
    between_zero_and_one,
    has_value,
    increasing,
    is_number,
    positive,
)


class TestIsNumber:
    @pytest.mark.parametrize("value", [3, 3.5, -7, np.int16(3), np.float32(2.5), np.float64(1.0)])
    def test_numbers_of_python_and_numpy(self, value: object) -> None:
        """Whole and broken numbers of Python and of numpy are numbers."""
        assert is_number(value)

    @pytest.mark.parametrize(
        "value", [True, np.False_, "3", None, 3j, [3.0], np.array(3.0), Fraction(1, 3)]
    )
    def test_everything_else_is_none(self, value: object) -> None:
        """Bools, texts, arrays and exact fractions are no numbers."""
        assert not is_number(value)


class TestAsFloat:
    @pytest.mark.parametrize("value", [35, np.int64(35), np.float32(35.0)])
    def test_a_float_comes_back(self, value: object) -> None:
        """Whatever kind of number it is, a float of Python comes back."""
        assert as_float(value, "count") == 35.0
        assert type(as_float(value, "count")) is float

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (True, "True, a bool"),
            ("35_000", "'35_000', a str"),
            (None, "None, a NoneType"),
            (np.False_, "np.False_, a bool"),
        ],
    )
    def test_what_is_no_number(self, value: object, text: str) -> None:
        """The message names the value, its kind and what to type."""
        with pytest.raises(NumberError) as caught:
            as_float(value, "count")
        assert str(caught.value) == (
            f"count is {text}: expected a finite number. "
            "Type a number such as 35_000; a text is never read as one."
        )

    @pytest.mark.parametrize(
        ("value", "text"),
        [(math.nan, "nan"), (-math.inf, "-inf"), (np.float32(np.inf), "inf"), (10**400, "inf")],
    )
    def test_what_is_not_finite(self, value: object, text: str) -> None:
        """Nan, infinity and a whole number beyond all floats are refused."""
        with pytest.raises(ParameterError) as caught:
            as_float(value, "count")
        assert str(caught.value) == (
            f"count is {text}: expected a finite number. "
            "Leave an unknown value out rather than marking it with nan or inf."
        )


class TestPositive:
    def test_what_is_above_zero(self) -> None:
        """The smallest float above zero is positive."""
        assert positive(5e-324, "sd") == 5e-324

    @pytest.mark.parametrize(("value", "text"), [(0, "0"), (-0.5, "-0.5")])
    def test_what_is_not(self, value: float, text: str) -> None:
        """Zero and less are refused, with the way to say that nothing is uncertain."""
        with pytest.raises(ParameterError) as caught:
            positive(value, "sd")
        assert str(caught.value) == (
            f"sd is {text}: expected more than 0. A number without spread is exactly(value)."
        )


class TestBetweenZeroAndOne:
    def test_what_is_inside(self) -> None:
        """Numbers strictly inside pass, however close to the ends."""
        assert between_zero_and_one(5e-324, "confidence") == 5e-324
        assert between_zero_and_one(1.0 - 2.0**-53, "confidence") < 1.0

    @pytest.mark.parametrize(("value", "text"), [(0, "0"), (1, "1"), (90, "90"), (-0.1, "-0.1")])
    def test_what_is_not(self, value: float, text: str) -> None:
        """The ends are refused, and per cents with the way to write them."""
        with pytest.raises(ParameterError) as caught:
            between_zero_and_one(value, "confidence")
        assert str(caught.value) == (
            f"confidence is {text}: expected a number inside (0, 1). "
            "Write 90 per cent as confidence=0.9."
        )


class TestIncreasing:
    def test_rising_numbers(self) -> None:
        """Two rising numbers come back as floats."""
        assert increasing(-2, 3, example="") == (-2.0, 3.0)

    @pytest.mark.parametrize(
        ("low", "high", "text"),
        [
            (1_234_568, 1_234_567, "low is 1234568 and high is 1234567"),
            (0.5, 0.5, "low is 0.5 and high is 0.5"),
        ],
    )
    def test_falling_or_equal(self, low: float, high: float, text: str) -> None:
        """The message shows every digit in which the two differ."""
        with pytest.raises(ParameterError) as caught:
            increasing(low, high, example="uniform(0.4, 0.7)")
        assert (
            str(caught.value) == f"{text}: expected low < high. Type for example uniform(0.4, 0.7)."
        )

    def test_names_of_the_two(self) -> None:
        """Numbers that go by other names are called by them, in every message."""
        with pytest.raises(ParameterError) as caught:
            increasing(9, 3, names=("low", "median"), example="at_least(3, median=9)")
        assert str(caught.value) == (
            "low is 9 and median is 3: expected low < median. "
            "Type for example at_least(3, median=9)."
        )
        with pytest.raises(ParameterError, match=r"^median is nan: "):
            increasing(9, math.nan, names=("low", "median"), example="")
        with pytest.raises(ParameterError, match=r"^low is inf: "):
            increasing(math.inf, 9, names=("low", "median"), example="")


class TestAsDraws:
    @pytest.mark.parametrize("value", [1, 10_000, 65_536.0, np.int64(8)])
    def test_whole_numbers(self, value: object) -> None:
        """A whole number of at least one is an int, also where it came as a float."""
        assert as_draws(value, "n") == value
        assert type(as_draws(value, "n")) is int

    @pytest.mark.parametrize("value", [0, -3, 2.5])
    def test_what_is_none(self, value: float) -> None:
        """Less than one draw, or a broken number, is refused."""
        with pytest.raises(ParameterError) as caught:
            as_draws(value, "n")
        assert str(caught.value) == (
            f"n is {value}: expected a whole number of draws, at least 1. "
            "Type for example n=10_000."
        )


class TestAsArray:
    @pytest.mark.parametrize("value", [3, [1, 2], np.ones((2, 3), dtype=np.int8), [], range(3)])
    def test_numbers_of_any_shape(self, value: object) -> None:
        """Numbers keep their shape and become floats."""
        array = as_array(value, "values")

        assert array.dtype == np.float64
        assert np.array_equal(array, np.asarray(value))

    def test_a_copy(self) -> None:
        """What is done to the result does not reach the argument."""
        values = np.ones(3)
        as_array(values, "values")[:] = 7.0

        assert values.tolist() == [1.0, 1.0, 1.0]

    @pytest.mark.parametrize(
        ("value", "kind"),
        [
            ("0.9", "<U3"),
            ([True, False], "bool"),
            ([1, None], "object"),
            ([[1, 2], [3]], "object"),
            (1j, "complex128"),
        ],
    )
    def test_what_is_none(self, value: object, kind: str) -> None:
        """Texts, bools and rows of unequal length are refused."""
        with pytest.raises(NumberError) as caught:
            as_array(value, "a probability")
        assert str(caught.value) == (
            f"a probability holds values of type {kind}: expected numbers in rows of equal "
            "length. Type numbers such as 0.9 or [0.1, 0.9]; a text is never read as one."
        )

    def test_an_uncertain_number(self) -> None:
        """An uncertain number is no array element, and says so itself."""
        with pytest.raises(NumberError, match=r"^an Uncertain is not an array element"):
            as_array([about(3, sd=1)], "values")


class TestAsName:
    def test_texts_and_none(self) -> None:
        """A text is a name, and there may be none."""
        assert as_name("losses") == "losses"
        assert as_name(None) is None

    @pytest.mark.parametrize("value", ["", "  ", 3, ["a"]])
    def test_what_is_none(self, value: object) -> None:
        """An empty text or no text at all is refused."""
        with pytest.raises(ParameterError) as caught:
            as_name(value)
        assert str(caught.value) == (
            f"name is {value!r}: expected a text that is not empty, or None. "
            'Type for example name="losses".'
        )


class TestHasValue:
    def test_values_and_infinity_pass(self) -> None:
        """Infinity is a value; the array itself comes back."""
        values = np.array([1.0, -np.inf, np.inf])

        assert has_value(values) is values

    def test_nan_is_no_value(self) -> None:
        """The message says how many draws have none, where it comes from and what to do."""
        with pytest.raises(ParameterError) as caught:
            has_value(np.array([1.0, np.nan, 2.0, 3.0]))
        assert str(caught.value) == (
            "0.25 of the draws have no value, from 0 / 0, 0 times infinity or infinity minus "
            "infinity: expected a value in each. Keep divisors away from 0, for example with "
            "maximum(x, 1)."
        )
