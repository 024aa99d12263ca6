"""Changes of a level that are known to come, and people beyond it."""

from collections.abc import Iterable
from datetime import date
from typing import final

import attrs
from attrs.validators import optional

from attrition.accounts import Period
from attrition.accounts.checks import is_a, is_date
from attrition.accounts.quantities import (
    as_number,
    as_number_or_none,
    check_ratio,
    is_people,
)
from attrition.errors import ProjectionError
from attrition.uncertain import Uncertain

__all__ = ["Change", "Ramp", "Surge", "as_changes"]


def _is_factor(_: object, field: "attrs.Attribute[Uncertain]", value: Uncertain) -> None:
    check_ratio(value, field.name, error=ProjectionError)


@final
@attrs.frozen(kw_only=True)
class Change:
    """
    A level that is different for a while, or from a date on.

    A ``factor`` multiplies: ``during`` a period, or from ``start`` on, relative to the level that
    was there; overlapping factors multiply each other. A ``level`` replaces the level from
    ``start`` on, whatever it was, and with it the factors from a date on and the ramps that
    began before; a factor during a period multiplies the new level too.

    Attributes:
        factor: What the level is multiplied by.

        during: When.

        level: The new level, in the unit of the process.

        start: From when on.

    Examples:
        >>> Change(factor=1.15, during=Period.year(2027)).factor.value
        1.15
        >>> Change(factor=0.8, start=date(2026, 9, 1)).during is None
        True
    """

    factor: Uncertain | None = attrs.field(
        default=None, converter=as_number_or_none, validator=optional(_is_factor)
    )
    during: Period | None = attrs.field(
        default=None, validator=is_a(Period, example="Period.month(2026, 6)", optional=True)
    )
    level: Uncertain | None = attrs.field(
        default=None, converter=as_number_or_none, validator=optional(is_people)
    )
    start: date | None = attrs.field(default=None, validator=optional(is_date))

    def __attrs_post_init__(self) -> None:
        given = [f.name for f in attrs.fields(Change) if getattr(self, f.name) is not None]
        if given not in (["factor", "during"], ["factor", "start"], ["level", "start"]):
            raise ProjectionError(
                f"a change was given {given or 'nothing'}: expected factor with during or with "
                f"start, or level with start. Type Change(factor=1.2, "
                f"during=Period.month(2026, 6)), or Change(level=30_000, "
                f"start=datetime.date(2026, 6, 1))."
            )

    @property
    def begins(self) -> date:
        """The first day."""
        days = (self.start, self.during and self.during.start)
        return next(day for day in days if day is not None)

    @property
    def ends(self) -> date | None:
        """The day after the last; None for what stays."""
        return self.during and self.during.end


@final
@attrs.frozen(kw_only=True)
class Ramp:
    """
    A level that goes to a multiple of itself little by little, and stays there.

    It goes evenly, in the clock of the process: from 1 to ``factor`` times the level that was
    there. Within a step its mean counts, so the step changes nothing; where two ramps are under
    way, they multiply day by day. A new level ends a ramp that began before (see
    :class:`Change`).

    Attributes:
        factor: What the level is multiplied by in the end.

        during: When it is under way.

    Examples:
        >>> Ramp(factor=1.5, during=Period.months(2026, 6, count=6)).factor.value
        1.5
    """

    factor: Uncertain = attrs.field(converter=as_number, validator=_is_factor)
    during: Period = attrs.field(validator=is_a(Period, example="Period.months(2026, 6, count=3)"))

    @property
    def begins(self) -> date:
        """The first day."""
        return self.during.start

    @property
    def ends(self) -> None:
        """None: what it brings stays."""


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

    @property
    def begins(self) -> date:
        """The first day."""
        return self.during.start

    @property
    def ends(self) -> date:
        """The day after the last."""
        return self.during.end


def as_changes(
    value: Change | Ramp | Surge | Iterable[Change | Ramp | Surge],
) -> tuple[Change | Ramp | Surge, ...]:
    """
    Changes as a tuple, one alone as a tuple of one.

    Examples:
        >>> as_changes(Surge(people=300, during=Period.month(2026, 9)))[0].people.value
        300.0
    """
    changes = (value,) if isinstance(value, Change | Ramp | Surge) else tuple(value)
    for change in changes:
        if not isinstance(change, Change | Ramp | Surge):
            raise ProjectionError(
                f"{change!r} among the changes: expected a Change, a Ramp or a Surge. "
                f"Type changes=[Change(factor=1.2, during=Period.month(2026, 6))]."
            )
    return changes
