"""Changes of a level that are known to come, and people beyond it."""

from collections.abc import Iterable
from datetime import date
from typing import final

import attrs

from attrition.accounts import Period
from attrition.accounts.checks import is_a, is_date
from attrition.accounts.quantities import (
    as_number,
    as_number_or_none,
    as_people,
    check_ratio,
    is_people,
)
from attrition.errors import ProjectionError
from attrition.uncertain import Uncertain

__all__ = ["Change", "Surge", "as_changes"]


def _is_factor(
    _: object, field: "attrs.Attribute[Uncertain | None]", value: Uncertain | None
) -> None:
    if value is not None:
        check_ratio(value, field.name, error=ProjectionError)


def _is_level(
    _: object, field: "attrs.Attribute[Uncertain | None]", value: Uncertain | None
) -> None:
    if value is not None:
        as_people(value, field.name)


@final
@attrs.frozen(kw_only=True)
class Change:
    """
    A level that is different for a while, or from a date on.

    Either ``factor`` with ``during``, which multiplies (overlapping factors multiply each
    other), or ``level`` with ``start``, which replaces the level from that date on.

    Attributes:
        factor: What the level is multiplied by.

        during: When.

        level: The new level, in the unit of the process.

        start: From when on.

    Examples:
        >>> Change(factor=1.15, during=Period.year(2027)).factor.value
        1.15
    """

    factor: Uncertain | None = attrs.field(
        default=None, converter=as_number_or_none, validator=_is_factor
    )
    during: Period | None = attrs.field(
        default=None, validator=is_a(Period, example="Period.month(2026, 6)", optional=True)
    )
    level: Uncertain | None = attrs.field(
        default=None, converter=as_number_or_none, validator=_is_level
    )
    start: date | None = attrs.field(default=None, validator=attrs.validators.optional(is_date))

    def __attrs_post_init__(self) -> None:
        given = [f.name for f in attrs.fields(Change) if getattr(self, f.name) is not None]
        if given not in (["factor", "during"], ["level", "start"]):
            raise ProjectionError(
                f"a change was given {given or 'nothing'}: expected factor with during, or level "
                f"with start. Type Change(factor=1.2, during=Period.month(2026, 6)) or "
                f"Change(level=30_000, start=datetime.date(2026, 6, 1))."
            )


@final
@attrs.frozen(kw_only=True)
class Surge:
    """
    People beyond the level, once, spread evenly over the days of a period.

    Attributes:
        people: How many in all.

        during: When.

    Examples:
        >>> Surge(people=300_000, during=Period.months(2026, 9, count=3)).people.value
        300000.0
    """

    people: Uncertain = attrs.field(converter=as_number, validator=is_people)
    during: Period = attrs.field(validator=is_a(Period, example="Period.month(2026, 9)"))


def as_changes(value: Change | Surge | Iterable[Change | Surge]) -> tuple[Change | Surge, ...]:
    """
    Changes as a tuple, one alone as a tuple of one.

    Examples:
        >>> as_changes(Surge(people=300, during=Period.month(2026, 9)))[0].people.value
        300.0
    """
    changes = (value,) if isinstance(value, Change | Surge) else tuple(value)
    for change in changes:
        if not isinstance(change, Change | Surge):
            raise ProjectionError(
                f"{change!r} among the changes: expected a Change or a Surge. "
                f"Type changes=[Change(factor=1.2, during=Period.month(2026, 6))]."
            )
    return changes
