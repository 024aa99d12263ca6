"""Refusals that every constructor shares: what is a number, and which one."""

import math
from typing import TypeGuard

import numpy as np

from attrition.errors import NumberError, ParameterError

__all__ = ["as_draws", "as_float", "between_zero_and_one", "increasing", "is_number", "positive"]


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
    number = float(value)
    if not math.isfinite(number):
        message = (
            f"{what} is {number}: expected a finite number. "
            f"Leave an unknown value out rather than marking it with nan or inf."
        )
        raise ParameterError(message)
    return number


def positive(value: object, what: str) -> float:
    """
    A float above zero.

    Examples:
        >>> positive(0.5, "sd")
        0.5
    """
    number = as_float(value, what)
    if number <= 0.0:
        message = (
            f"{what} is {number:g}: expected more than 0. "
            f"A number without spread is exactly(value)."
        )
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


def increasing(low: object, high: object, *, example: str) -> tuple[float, float]:
    """
    Two floats in rising order.

    Examples:
        >>> increasing(14_500, 23_000, example="uniform(low, high)")
        (14500.0, 23000.0)
    """
    first, second = as_float(low, "low"), as_float(high, "high")
    if first >= second:
        message = (
            f"low is {first:g} and high is {second:g}: expected low < high. "
            f"Type {example} with the smaller number first."
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
