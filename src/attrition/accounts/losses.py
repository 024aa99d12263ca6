"""People lost: how many, in which category, over which period, on whose side."""

import enum
from typing import Self, final

import attrs

from attrition.accounts.category import Category, is_category
from attrition.accounts.checks import as_side, checked, is_a, is_member
from attrition.accounts.extrapolation import warn_outside
from attrition.accounts.period import Per, Period
from attrition.accounts.quantities import as_number, is_people, people_text
from attrition.accounts.source import Source
from attrition.errors import EstimateError
from attrition.uncertain import Uncertain, UncertainLike

__all__ = ["Bound", "LossEstimate", "Unit"]


@final
class Unit(enum.Enum):
    """
    What one counts as one.

    A person wounded twice is one person and two cases.

    Attributes:
        PERSONS: People, each once.

        CASES: Wounds; one person may be several.

    Examples:
        >>> Unit("persons")
        <Unit.PERSONS: 'persons'>
    """

    PERSONS = "persons"
    CASES = "cases"


@final
class Bound(enum.Enum):
    """
    Whether a figure says how many there were, or only from or up to how many.

    Attributes:
        CENTRAL: How many there were.

        FLOOR: How many there were at least.

        CEILING: How many there were at most.

    Examples:
        >>> Bound("floor")
        <Bound.FLOOR: 'floor'>
    """

    CENTRAL = "central"
    FLOOR = "floor"
    CEILING = "ceiling"


WAYS_OUT = {
    Bound.FLOOR: "at_least(low, median=...)",
    Bound.CEILING: "at_most(high, median=...)",
}
"""The number that says what is believed beyond a bound."""


@final
@attrs.frozen(kw_only=True)
class LossEstimate:
    """
    People one side lost in one category over one period.

    It has no operators: adding two estimates needs a choice of dependence.

    Attributes:
        count: People, known up to a distribution; for a floor or a ceiling its value.

        category: What became of those counted. No default, on purpose.

        unit: Persons, or cases of wounds. No default: ``central``, ``floor`` and
            ``ceiling`` count persons unless told.

        period: When they were lost, whatever day it became known.

        side: Who lost them.

        bound: Whether the count is central, a floor or a ceiling.

        source: Who said it.

    Examples:
        >>> from attrition import about
        >>> lost = LossEstimate.central(
        ...     count=about(31_680, relative=0.08, confidence=0.9),
        ...     category=Category.KILLED_AND_WOUNDED,
        ...     period=Period.month(2026, 1),
        ...     side="Russia",
        ... )
        >>> print(lost)
        31,680 (29,146 to 34,214 at 90 %) KILLED_AND_WOUNDED, January 2026, Russia, central
    """

    count: Uncertain = attrs.field(converter=as_number, validator=is_people)
    category: Category = attrs.field(validator=is_category)
    unit: Unit = attrs.field(validator=is_member(Unit))
    period: Period = attrs.field(validator=is_a(Period, example="Period.month(2026, 1)"))
    side: str = attrs.field(converter=as_side)
    bound: Bound = attrs.field(validator=is_member(Bound))
    source: Source | None = attrs.field(
        default=None,
        validator=is_a(Source, example="Source(name=..., published=...)", optional=True),
    )

    @classmethod
    def central(
        cls,
        *,
        count: UncertainLike,
        category: Category,
        period: Period,
        side: str,
        unit: Unit = Unit.PERSONS,
        source: Source | None = None,
    ) -> Self:
        """
        An estimate of how many there were.

        Examples:
            >>> LossEstimate.central(
            ...     count=1_000, category=Category.KILLED, period=Period.year(2025), side="Russia"
            ... ).bound
            <Bound.CENTRAL: 'central'>
        """
        return cls(
            count=count,
            category=category,
            unit=unit,
            period=period,
            side=side,
            bound=Bound.CENTRAL,
            source=source,
        )

    @classmethod
    def floor(
        cls,
        *,
        count: UncertainLike,
        category: Category,
        period: Period,
        side: str,
        unit: Unit = Unit.PERSONS,
        source: Source | None = None,
    ) -> Self:
        """
        A number that there were at least, such as a list of names.

        Examples:
            >>> from datetime import date
            >>> names = LossEstimate.floor(
            ...     count=1_562,
            ...     category=Category.KILLED,
            ...     period=Period.days(date(2025, 12, 1), 28),
            ...     side="Russia",
            ... )
            >>> print(names)
            1,562 KILLED, 2025-12-01 to 2025-12-28, Russia, floor
        """
        central = cls.central(
            count=count, category=category, period=period, side=side, unit=unit, source=source
        )
        return attrs.evolve(central, bound=Bound.FLOOR)

    @classmethod
    def ceiling(
        cls,
        *,
        count: UncertainLike,
        category: Category,
        period: Period,
        side: str,
        unit: Unit = Unit.PERSONS,
        source: Source | None = None,
    ) -> Self:
        """
        A number that there were at most, such as everybody of a unit that was lost.

        Examples:
            >>> LossEstimate.ceiling(
            ...     count=480, category=Category.POW, period=Period.year(2025), side="Russia"
            ... ).bound
            <Bound.CEILING: 'ceiling'>
        """
        central = cls.central(
            count=count, category=category, period=period, side=side, unit=unit, source=source
        )
        return attrs.evolve(central, bound=Bound.CEILING)

    def rate(self, per: Per) -> Uncertain:
        """
        People per unit of time, as a mean over the period.

        Raises:
            EstimateError: If this is a floor or a ceiling.

        Examples:
            >>> year = LossEstimate.central(
            ...     count=418_000, category=Category.KILLED, period=Period.year(2025), side="Russia"
            ... )
            >>> year.rate(Per.MONTH).median().__round__()
            34833
        """
        if self.bound in WAYS_OUT:
            raise EstimateError(
                f"a {self.bound.value} has no rate: {self} says nothing about how many there "
                f"were beyond it. State what you believe, for example "
                f"LossEstimate.central(count={WAYS_OUT[self.bound]}, ...)."
            )
        return self.count / self.period.length(per)

    def over(self, period: Period) -> Uncertain:
        """
        People in ``period`` at the rate of this estimate.

        A figure for whole months is spread by calendar month, any other one by day.

        Warns:
            ExtrapolationWarning: If ``period`` is not inside the observed one.

        Raises:
            EstimateError: If this is a floor or a ceiling.

        Examples:
            >>> from datetime import date
            >>> december = LossEstimate.central(
            ...     count=35_030,
            ...     category=Category.KILLED_AND_WOUNDED,
            ...     period=Period.month(2025, 12),
            ...     side="Russia",
            ... )
            >>> december.over(Period.days(date(2025, 12, 1), 28)).median().__round__()
            31640
        """
        checked(period, Period, "period", example="Period.month(2026, 1)")
        per = self.period.natural_per
        people = self.rate(per) * period.length(per)
        warn_outside(period, self.period)
        return people

    def __str__(self) -> str:
        unit = "" if self.unit is Unit.PERSONS else " (cases)"
        what = f"{people_text(self.count)} {self.category}{unit}"
        return f"{what}, {self.period}, {self.side}, {self.bound.value}"
