"""Whether two records say the same, whoever made them."""

from typing import TypeGuard

import attrs

from attrition.uncertain import Uncertain

__all__ = ["same_statement"]


def same_statement(first: object, second: object) -> bool:
    """
    Whether two records say the same: equal fields, and numbers of the same law.

    ``==`` asks for the same unknowns, so that two records typed in twice differ.

    Args:
        first: A record of this library.

        second: Another one.

    Returns:
        False for records of different classes.

    Examples:
        >>> from datetime import date
        >>> from attrition import Force, StrengthBasis, about
        >>> a, b = (
        ...     Force(
        ...         strength=about(712_000, sd=20_000),
        ...         as_of=date(2026, 2, 1),
        ...         side="Russia",
        ...         basis=StrengthBasis.COMMITTED,
        ...     )
        ...     for _ in range(2)
        ... )
        >>> a == b, same_statement(a, b)
        (False, True)
    """
    if isinstance(first, Uncertain) and isinstance(second, Uncertain):
        return first.same_law(second)
    if isinstance(first, tuple) and isinstance(second, tuple):
        return _all_same(first, second)
    if type(first) is type(second) and _is_record(first) and _is_record(second):
        return _all_same(_values(first), _values(second))
    return first == second


def _is_record(value: object) -> "TypeGuard[attrs.AttrsInstance]":
    return attrs.has(type(value))


def _all_same(first: tuple[object, ...], second: tuple[object, ...]) -> bool:
    pairs = zip(first, second, strict=False)
    return len(first) == len(second) and all(same_statement(a, b) for a, b in pairs)


def _values(record: attrs.AttrsInstance) -> tuple[object, ...]:
    return tuple(getattr(record, field.name) for field in attrs.fields(type(record)))
