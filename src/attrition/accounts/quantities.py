"""Uncertain numbers that cannot take every value: people, ratios of people, shares."""

from typing import TYPE_CHECKING

from attrition.errors import AttritionError, EstimateError
from attrition.uncertain import Uncertain, UncertainLike
from attrition.uncertain.number import node_of
from attrition.uncertain.support import MASS_IGNORED, mass_below_zero
from attrition.words import people, percent

if TYPE_CHECKING:
    import attrs

__all__ = [
    "SHOWN",
    "as_amount",
    "as_number",
    "as_number_or_none",
    "as_people",
    "as_share",
    "check_ratio",
    "is_people",
    "people_text",
]

SHOWN = 0.9
"""Confidence of the intervals in texts; it stands beside them."""


def as_number(value: UncertainLike) -> Uncertain:
    """
    Convert a field that takes an uncertain number; its validator checks the range.

    Examples:
        >>> as_number(31_680).median()
        31680.0
    """
    return Uncertain.of(value)


def as_number_or_none(value: UncertainLike | None) -> Uncertain | None:
    """
    Convert a field that takes an uncertain number, or None for unknown.

    Examples:
        >>> as_number_or_none(None) is None
        True
    """
    return None if value is None else Uncertain.of(value)


def as_people(value: UncertainLike, what: str) -> Uncertain:
    """
    A number of people, uncertain or not, that is not negative.

    Args:
        value: A number, an uncertain number or a frozen scipy distribution.

        what: The field, for the message.

    Returns:
        The uncertain number; one that was uncertain already stays the same unknown.

    Raises:
        EstimateError: If more than a millionth of the mass lies below zero.

    Examples:
        >>> as_people(31_680, "count").median()
        31680.0
    """
    number = Uncertain.of(value)
    _refuse_below_zero(number, what, "people cannot be negative", EstimateError)
    return number


def as_amount(value: UncertainLike, what: str) -> Uncertain:
    """
    What there is of anything, ground for example: uncertain or not, and not negative.

    Raises:
        EstimateError: If more than a millionth of the mass lies below zero.

    Examples:
        >>> as_amount(6_500, "remaining").median()
        6500.0
    """
    number = Uncertain.of(value)
    _refuse_below_zero(number, what, "an amount cannot be negative", EstimateError)
    return number


def is_people(_: object, field: "attrs.Attribute[Uncertain]", value: Uncertain) -> None:
    """
    Validate a field that counts people.

    Examples:
        >>> import attrs
        >>> count = attrs.field(converter=as_number, validator=is_people)
    """
    as_people(value, field.name)


def check_ratio(number: Uncertain, what: str, *, error: type[AttritionError]) -> None:
    """
    Refuse a ratio of two numbers of people that can be negative.

    Examples:
        >>> check_ratio(Uncertain.of(2.67), "wounded_per_killed", error=EstimateError)
    """
    _refuse_below_zero(number, what, "a ratio of people cannot be negative", error)


def as_share(value: UncertainLike, what: str, *, error: type[AttritionError]) -> Uncertain:
    """
    A share, inside [0, 1].

    Raises:
        AttritionError: Of the class ``error``, if more than a millionth of the mass lies
            outside.

    Examples:
        >>> as_share(0.55, "share", error=EstimateError).median()
        0.55
    """
    number = Uncertain.of(value)
    mass = _mass_below_zero(number) + _mass_below_zero(1.0 - number)
    if mass > MASS_IGNORED:
        raise error(
            f"{what} {_found(number, mass, 'outside [0, 1]')}: expected a share inside [0, 1]. "
            f"Write 40 to 70 per cent as share(0.4, 0.7, confidence=0.9)."
        )
    return number


def people_text(number: Uncertain) -> str:
    """
    The median of a number of people, with its central interval where it has one.

    Examples:
        >>> people_text(Uncertain.of(1_562))
        '1,562'
    """
    middle = people(number.median())
    if number.value is not None:
        return middle
    low, high = number.interval(SHOWN)
    return f"{middle} ({people(low)} to {people(high)} at {percent(SHOWN)})"


def _refuse_below_zero(number: Uncertain, what: str, why: str, error: type[AttritionError]) -> None:
    mass = _mass_below_zero(number)
    if mass > MASS_IGNORED:
        raise error(
            f"{what} {_found(number, mass, 'below zero')}: {why}. Type a number from 0 on, "
            f'between(low, high, confidence=0.9, family="lognormal") or '
            f"about(centre, sd=..., positive=True)."
        )


def _mass_below_zero(number: Uncertain) -> float:
    return mass_below_zero(node_of(number))


def _found(number: Uncertain, mass: float, where: str) -> str:
    if number.value is not None:
        return f"is {number.value:,g}"
    return f"has {mass:.2g} of its mass {where}"
