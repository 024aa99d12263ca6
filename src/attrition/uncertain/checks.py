"""Refusals that every constructor shares: what is a number, and which one."""

import math
from typing import TypeGuard

import numpy as np

from attrition._typing import FloatArray
from attrition.errors import NumberError, ParameterError

__all__ = [
    "as_array",
    "as_draws",
    "as_float",
    "as_name",
    "between_zero_and_one",
    "has_value",
    "increasing",
    "is_number",
    "positive",
]


def is_number(value: object) -> TypeGuard[float | int | np.integer | np.floating]:
    """
    Whether ``value`` is a certain number: int, float or a numpy scalar, never a bool.

    Examples:
        >>> is_number(3), is_number(True), is_number("3")
        (True, False, False)
    """
    kinds = (int, float, np.integer, np.floating)
    return isinstance(value, kinds) and not isinstance(value, bool)


def as_float(value: object, what: str) -> float:
    """
    A finite float, or an error that names ``what``.

    Examples:
        >>> as_float(35_000, "count")
        35000.0
    """
    if not is_number(value):
        kind = type(value).__name__
        message = (
            f"{what} is {value!r}, a {kind}: expected a finite number. "
            f"Type a number such as 35_000; a text is never read as one."
        )
        raise NumberError(message)
    number = _float(value)
    if not math.isfinite(number):
        message = (
            f"{what} is {number}: expected a finite number. "
            f"Leave an unknown value out rather than marking it with nan or inf."
        )
        raise ParameterError(message)
    return number


def _float(value: float | np.integer | np.floating) -> float:
    try:
        return float(value)
    except OverflowError:  # A whole number beyond the largest float.
        return math.inf


def positive(
    value: object, what: str, *, instead: str = "A number without spread is exactly(value)."
) -> float:
    """
    A float above zero.

    Args:
        value: The number.

        what: The argument, for the message.

        instead: What to do about a number that is not, for the message.

    Raises:
        ParameterError: If it is zero or below.

    Examples:
        >>> positive(0.5, "sd")
        0.5
    """
    number = as_float(value, what)
    if number <= 0.0:
        message = f"{what} is {number:g}: expected more than 0. {instead}"
        raise ParameterError(message)
    return number


def between_zero_and_one(value: object, what: str) -> float:
    """
    A float strictly inside (0, 1), such as a confidence.

    Examples:
        >>> between_zero_and_one(0.9, "confidence")
        0.9
    """
    number = as_float(value, what)
    if not 0.0 < number < 1.0:
        message = (
            f"{what} is {number:g}: expected a number inside (0, 1). "
            f"Write 90 per cent as {what}=0.9."
        )
        raise ParameterError(message)
    return number


def increasing(
    low: object, high: object, *, example: str, names: tuple[str, str] = ("low", "high")
) -> tuple[float, float]:
    """
    Two floats in rising order.

    Examples:
        >>> increasing(14_500, 23_000, example="uniform(low, high)")
        (14500.0, 23000.0)
    """
    less, more = names
    first, second = as_float(low, less), as_float(high, more)
    if first >= second:
        message = (
            f"{less} is {first:.15g} and {more} is {second:.15g}: expected {less} < {more}. "
            f"Type for example {example}."
        )
        raise ParameterError(message)
    return first, second


def as_draws(value: object, what: str) -> int:
    """
    A whole number of draws, at least 1.

    Examples:
        >>> as_draws(10_000, "n")
        10000
    """
    number = as_float(value, what)
    if number < 1.0 or not number.is_integer():
        message = (
            f"{what} is {value}: expected a whole number of draws, at least 1. "
            f"Type for example {what}=10_000."
        )
        raise ParameterError(message)
    return int(number)


def as_array(values: object, what: str) -> FloatArray:
    """
    An array of floats from numbers, of any shape; bools and texts are none.

    Examples:
        >>> as_array([1, 2], "values").tolist()
        [1.0, 2.0]
    """
    try:
        array = np.asarray(values)
    except ValueError:  # Rows of unequal length.
        array = np.asarray(None)
    if array.dtype.kind not in "iuf":
        message = (
            f"{what} holds values of type {array.dtype}: expected numbers in rows of equal "
            f"length. Type numbers such as 0.9 or [0.1, 0.9]; a text is never read as one."
        )
        raise NumberError(message)
    return array.astype(np.float64)


def as_name(value: object) -> str | None:
    """
    A label, or None.

    Examples:
        >>> as_name("losses")
        'losses'
    """
    if value is None or (isinstance(value, str) and value.strip()):
        return value
    message = (
        f"name is {value!r}: expected a text that is not empty, or None. "
        f'Type for example name="losses".'
    )
    raise ParameterError(message)


def has_value(values: FloatArray) -> FloatArray:
    """
    The values themselves, if every draw has one.

    Examples:
        >>> has_value(np.array([1.0, np.inf])).tolist()
        [1.0, inf]
    """
    missing = float(np.isnan(values).mean())
    if missing:
        message = (
            f"{missing:.2g} of the draws have no value, from 0 / 0, 0 times infinity or infinity "
            f"minus infinity: expected a value in each. Keep divisors away from 0, for example "
            f"with maximum(x, 1)."
        )
        raise ParameterError(message)
    return values
