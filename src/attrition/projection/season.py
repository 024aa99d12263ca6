"""What the time of year does to a level: twelve known factors with mean one."""

import itertools
import math
from collections.abc import Iterable
from typing import TypeAlias, final

import attrs

from attrition._typing import Number
from attrition.accounts import Per, Period
from attrition.accounts.checks import is_a
from attrition.errors import ProjectionError
from attrition.projection.calendar import boundaries
from attrition.uncertain.checks import as_float

__all__ = ["Season", "is_season"]

MONTHS = 12

SLACK = 1e-6
"""How far the mean may lie from one: twelve numbers of six digits are off by half of it."""

_EXAMPLE = "Season((0.9, 0.9, 1, 1, 1, 1.1, 1.1, 1.1, 1, 1, 1, 0.9))"

_Factors: TypeAlias = tuple[float, ...]


def _as_factors(values: Iterable[Number]) -> _Factors:
    text: object = values
    if isinstance(text, str) or not isinstance(text, Iterable):
        raise ProjectionError(
            f"factors is {values!r}: expected twelve numbers, January first. Type {_EXAMPLE}."
        )
    return tuple(as_float(value, "factors") for value in values)


@final
@attrs.frozen
class Season:
    """
    Factors of the calendar months, January first.

    Their mean is one, so the level of a process stays its mean over twelve months. They are
    known: what differs from one winter to the next belongs into a :class:`Variation`.

    Attributes:
        factors: Twelve numbers from 0 on with mean one.

    Examples:
        >>> season = Season((0.9, 0.9, 1, 1, 1, 1.1, 1.1, 1.1, 1, 1, 1, 0.9))
        >>> season.factors[5]
        1.1
    """

    factors: _Factors = attrs.field(converter=_as_factors)

    @factors.validator
    def _twelve_of_mean_one(self, _: object, factors: _Factors) -> None:
        if len(factors) != MONTHS:
            raise ProjectionError(
                f"{len(factors)} factors were given: expected twelve, one for each calendar month "
                f"with January first. Type {_EXAMPLE}."
            )
        if min(factors) < 0.0:
            raise ProjectionError(
                f"a factor is {min(factors)}: expected 0 or more. Type 0 for a month in which "
                f"nobody is moved."
            )
        mean = math.fsum(factors) / MONTHS
        if mean == 0.0:
            raise ProjectionError(
                "all factors are 0: expected a mean of 1. Type level=0 for a process that moves "
                "nobody."
            )
        if abs(mean - 1.0) > SLACK:
            divided = ", ".join(str(round(factor / mean, 6)) for factor in factors)
            raise ProjectionError(
                f"the factors have the mean {mean:.6g}: expected 1, so that the level stays the "
                f"mean. Divide them by their mean: type Season(({divided}))."
            )

    def of(self, month: int) -> float:
        """
        The factor of a calendar month, 1 for January.

        Examples:
            >>> Season((0.5, 1.5, *[1] * 10)).of(2)
            1.5
        """
        return self.factors[month - 1]

    def over(self, period: Period, per: Per) -> float:
        """
        The mean factor of a period, in the clock of a process.

        Args:
            period: The stretch of time.

            per: The unit of the process; in months every month counts alike, else by its days.

        Examples:
            >>> Season((0.5, 1.5, *[1] * 10)).over(Period.months(2026, 1, count=2), Per.MONTH)
            1.0
        """
        first, last = period.start, period.end
        turns = boundaries(first.replace(day=1), last, Per.MONTH)
        parts = itertools.pairwise([first, *turns, last])
        moved = (self.of(a.month) * Period(start=a, end=b).length(per) for a, b in parts)
        return math.fsum(moved) / period.length(per)


is_season = is_a(Season, example=_EXAMPLE, optional=True)
"""The check of a field that holds a season, or None."""
