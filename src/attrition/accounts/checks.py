"""Refusals that every record of an account shares; each names the field and its value."""

import enum
import operator
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from attrition.errors import AttritionError, EstimateError, PeriodError

if TYPE_CHECKING:
    from collections.abc import Callable

    import attrs

__all__ = [
    "as_side",
    "as_text",
    "as_whole",
    "checked",
    "checked_date",
    "is_a",
    "is_date",
    "is_member",
    "member",
]

T = TypeVar("T")
E = TypeVar("E", bound=enum.Enum)


def as_text(value: object, what: str, *, example: str) -> str:
    """
    A text without the blanks around it, or an error that names ``what``.

    Examples:
        >>> as_text(" Russia ", "side", example="Russia")
        'Russia'
    """
    text = value.strip() if isinstance(value, str) else ""
    if not text:
        raise EstimateError(
            f"{what} is {value!r}: expected a text that is not empty. "
            f'Type for example {what}="{example}".'
        )
    return text


def as_side(value: str) -> str:
    """
    Who lost or gained the people.

    Examples:
        >>> as_side("Russia")
        'Russia'
    """
    return as_text(value, "side", example="Russia")


def checked_date(value: object, what: str) -> date:
    """
    A calendar day, or an error that names ``what``.

    Examples:
        >>> checked_date(date(2026, 1, 1), "start")
        datetime.date(2026, 1, 1)
    """
    # datetime is a subclass of date, and comparing the two fails later on.
    if isinstance(value, datetime):
        raise PeriodError(
            f"{what} is {value!r}, a date with a time of day: expected a datetime.date. "
            f"Type {what}={value.date()!r}."
        )
    if not isinstance(value, date):
        raise PeriodError(
            f"{what} is {value!r}: expected a datetime.date. "
            f"Type for example {what}=datetime.date(2026, 1, 1)."
        )
    return value


def is_date(_: object, field: "attrs.Attribute[date]", value: object) -> None:
    """
    Validate a field that is a calendar day.

    Examples:
        >>> import attrs
        >>> day = attrs.field(validator=is_date)
    """
    checked_date(value, field.name)


def as_whole(value: object, what: str, *, least: int, example: int) -> int:
    """
    An int that is not below ``least``.

    Examples:
        >>> as_whole(3, "count", least=1, example=12)
        3
    """
    try:
        number = None if isinstance(value, bool) else operator.index(value)  # type: ignore[arg-type] # it is asked here whether this is an index
    except TypeError:
        number = None
    if number is None or number < least:
        raise PeriodError(
            f"{what} is {value!r}: expected a whole number from {least} on. "
            f"Type for example {what}={example}."
        )
    return number


def member(value: object, kind: type[E], what: str, *, error: type[AttritionError]) -> E:
    """
    A member of an enum, or an error that lists the members.

    Examples:
        >>> import enum
        >>> Axis = enum.Enum("Axis", ["X", "Y"])
        >>> member(Axis.X, Axis, "axis", error=PeriodError).name
        'X'
    """
    if not isinstance(value, kind):
        known = ", ".join(f"{kind.__name__}.{one.name}" for one in kind)
        raise error(f"{what} is {value!r}: expected {_one(kind)}. Type one of {known}.")
    return value


def is_member(
    kind: type[E], *, error: type[AttritionError] = EstimateError
) -> "Callable[[object, attrs.Attribute[E], object], None]":
    """
    Validate a field that is a member of an enum.

    Examples:
        >>> import enum
        >>> check = is_member(enum.Enum("Axis", ["X", "Y"]))
    """

    def check(_: object, field: "attrs.Attribute[E]", value: object) -> None:
        member(value, kind, field.name, error=error)

    return check


def checked(value: object, kind: type[T], what: str, *, example: str) -> T:
    """
    A ``kind``, or an error that names ``what``.

    Examples:
        >>> checked(3, int, "count", example="3")
        3
    """
    if not isinstance(value, kind):
        raise EstimateError(
            f"{what} is {value!r}: expected {_one(kind)}. Type for example {what}={example}."
        )
    return value


def is_a(
    kind: type[T], *, example: str, optional: bool = False
) -> "Callable[[object, attrs.Attribute[T], object], None]":
    """
    Validate a field that is a ``kind``, or None where that is allowed.

    Examples:
        >>> check = is_a(int, example="3")
    """

    def check(_: object, field: "attrs.Attribute[T]", value: object) -> None:
        if not (optional and value is None):
            checked(value, kind, field.name, example=example)

    return check


def _one(kind: type) -> str:
    # By sound: no type here begins with a spoken U, and Unit with a consonant.
    article = "an" if kind.__name__[0] in "AEIO" else "a"
    return f"{article} {kind.__name__}"
