"""How strong a force is: how many people, on which day, counted on which basis."""

import enum
from datetime import date
from typing import Self, final

import attrs

from attrition.accounts.checks import as_side, checked_date, is_a, is_date, is_member
from attrition.accounts.period import Period
from attrition.accounts.quantities import as_number, is_people, people_text
from attrition.accounts.source import Source
from attrition.uncertain import Uncertain, UncertainLike

__all__ = ["Force", "StrengthBasis"]


@final
class StrengthBasis(enum.Enum):
    """
    Who counts as part of the force.

    Attributes:
        PRESENT: Present for duty.

        COMMITTED: In the theatre.

        ASSIGNED: On the books, those in hospital included.

        AUTHORISED: Posts, filled or not.

    Examples:
        >>> StrengthBasis("committed")
        <StrengthBasis.COMMITTED: 'committed'>
    """

    PRESENT = "present"
    COMMITTED = "committed"
    ASSIGNED = "assigned"
    AUTHORISED = "authorised"


@final
@attrs.frozen(kw_only=True)
class Force:
    """
    The strength of one side at the START of a day.

    Attributes:
        strength: People.

        as_of: The day at whose start this holds; see :meth:`end_of` for its end.

        side: Whose force it is.

        basis: Who counts. No default, on purpose: bases differ by hundreds of thousands.

        source: Who said it.

    Examples:
        >>> from attrition import about
        >>> force = Force(
        ...     strength=about(712_000, relative=0.05, confidence=0.9),
        ...     as_of=date(2026, 2, 1),
        ...     side="Russia",
        ...     basis=StrengthBasis.COMMITTED,
        ... )
        >>> print(force)
        712,000 (676,400 to 747,600 at 90 %) committed, start of 2026-02-01, Russia
    """

    strength: Uncertain = attrs.field(converter=as_number, validator=is_people)
    as_of: date = attrs.field(validator=is_date)
    side: str = attrs.field(converter=as_side)
    basis: StrengthBasis = attrs.field(validator=is_member(StrengthBasis))
    source: Source | None = attrs.field(
        default=None,
        validator=is_a(Source, example="Source(name=..., published=...)", optional=True),
    )

    @classmethod
    def end_of(
        cls,
        day: date,
        *,
        strength: UncertainLike,
        side: str,
        basis: StrengthBasis,
        source: Source | None = None,
    ) -> Self:
        """
        The strength at the end of a day, which is the start of the next one.

        Examples:
            >>> Force.end_of(
            ...     date(2026, 1, 31),
            ...     strength=712_000,
            ...     side="Russia",
            ...     basis=StrengthBasis.COMMITTED,
            ... ).as_of
            datetime.date(2026, 2, 1)
        """
        return cls(
            strength=strength,
            as_of=Period.days(checked_date(day, "day"), 1).end,
            side=side,
            basis=basis,
            source=source,
        )

    def __str__(self) -> str:
        strength = f"{people_text(self.strength)} {self.basis.value}"
        return f"{strength}, start of {self.as_of}, {self.side}"
