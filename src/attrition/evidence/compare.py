"""Which of two figures is larger, by how much, and how sure that is."""

from typing import final

import attrs
import numpy as np

from attrition._typing import Number
from attrition.accounts.checks import checked
from attrition.accounts.losses import Bound, LossEstimate
from attrition.accounts.period import Per, Period
from attrition.errors import CategoryError, DependenceError, EstimateError, PeriodError
from attrition.evidence.correlations import as_correlation
from attrition.evidence.naming import named
from attrition.evidence.tie import share_unknowns, tied_counts
from attrition.uncertain import Uncertain, probability
from attrition.words import chance_text

__all__ = ["Comparison", "compare"]


@final
@attrs.frozen(kw_only=True)
class Comparison:
    """
    Two figures for the same outcomes, side by side.

    Attributes:
        first: The estimate that is asked about.

        second: The estimate that it is compared with.

        figure: People of the first, or people per ``per``.

        reference: The same of the second. The two have the correlation that was stated.

        per: The unit of time of the two, or None for totals.

    Examples:
        >>> from attrition import Category, about
        >>> january, december = (
        ...     LossEstimate.central(
        ...         count=count, category=Category.KILLED, period=period, side="Russia"
        ...     )
        ...     for count, period in (
        ...         (about(9_000, sd=800), Period.month(2026, 1)),
        ...         (about(8_000, sd=600), Period.month(2025, 12)),
        ...     )
        ... )
        >>> found = compare(january, december)
        >>> found.difference.mean(), round(found.exceeds, 3)
        (1000.0, 0.841)
    """

    first: LossEstimate
    second: LossEstimate
    figure: Uncertain
    reference: Uncertain
    per: Per | None

    @property
    def ratio(self) -> Uncertain:
        """
        The first figure in units of the second.

        Raises:
            ParameterError: If the second one is exactly 0.
        """
        return self.figure / self.reference

    @property
    def difference(self) -> Uncertain:
        """The first figure minus the second, in people or people per ``per``."""
        return self.figure - self.reference

    @property
    def exceeds(self) -> float:
        """The probability that the first figure is the larger one."""
        return probability(self.figure > self.reference)

    def sentence(self) -> str:
        """
        The comparison in words: how likely in one sentence, how large in another.

        The first holds a likelihood in a word of ICD 203, the second the median of the ratio
        with the confidence of its interval. The two are never put into one.

        Examples:
            >>> from attrition import Category, about
            >>> january, december = (
            ...     LossEstimate.central(
            ...         count=about(count, relative=0.08, confidence=0.9),
            ...         category=Category.KILLED_AND_WOUNDED,
            ...         period=period,
            ...         side="Russia",
            ...     )
            ...     for count, period in (
            ...         (31_680, Period.month(2026, 1)),
            ...         (35_050, Period.month(2025, 12)),
            ...     )
            ... )
            >>> print(compare(january, december).sentence())  # doctest: +NORMALIZE_WHITESPACE
            KILLED_AND_WOUNDED, Russia, January 2026 exceeds KILLED_AND_WOUNDED, Russia,
            December 2025: very unlikely (7 %). The ratio is 0.904 (0.807 to 1.012 at 90 %).
        """
        chance = self.exceeds
        first, second = self._names()
        return f"{first} exceeds {second}: {chance_text(chance)}. {self._ratio_text()}."

    def __str__(self) -> str:
        return self.sentence()

    def _names(self) -> list[str]:
        """What each counts, and who says so where that alone tells the two apart."""
        per = "" if self.per is None else f" per {self.per.value}"
        both = (self.first, self.second)
        names = [f"{one.category}{per}, {one.side}, {one.period}" for one in both]
        if names[0] != names[1]:
            return names
        marks = [one.count if one.source is None else one.source for one in both]
        return [f"{name} ({mark})" for name, mark in zip(names, marks, strict=True)]

    def _ratio_text(self) -> str:
        if self.reference.value == 0.0:
            return "There is no ratio, as the second is 0"
        return f"The ratio is {self.ratio}"


def compare(
    first: LossEstimate,
    second: LossEstimate,
    *,
    correlation: Number | None = None,
    per: Per | None = None,
    totals: bool = False,
) -> Comparison:
    """
    Compare two figures that count the same outcomes.

    Sides and periods may differ. Figures that rest on the same unknowns stay tied.

    Args:
        first: The estimate that is asked about.

        second: The estimate that it is compared with.

        correlation: Between the errors of the two, in [-1, 1], on the scale on which
            each is normal: the logarithm for lognormal figures. Required where the two
            go back to one speaker; 0 leaves them as they were built. Any other one makes
            new unknowns of the same laws, as ``correlate`` does.

        per: Compare rates per this unit of time.

        totals: Compare totals although the periods differ in length.

    Returns:
        The comparison; ask for its ``ratio``, ``difference``, ``exceeds``, ``sentence()``.

    Raises:
        CategoryError: If the two count different outcomes, or in different units.

        EstimateError: If one is a floor or a ceiling, or both ``per`` and ``totals`` are
            given.

        PeriodError: If the periods differ in length and neither ``per`` nor ``totals``
            says what to do about it.

        DependenceError: If the two go back to one speaker and no correlation is given,
            or the correlation is none, contradicts ties that are there, or cannot be
            applied.

    Examples:
        >>> from datetime import date
        >>> from attrition import Category, between
        >>> month = LossEstimate.central(
        ...     count=between(8_000, 13_000, confidence=0.9, family="lognormal"),
        ...     category=Category.KILLED,
        ...     period=Period.month(2026, 1),
        ...     side="Russia",
        ... )
        >>> decade = LossEstimate.central(
        ...     count=between(14_500, 23_000, confidence=0.9, family="lognormal"),
        ...     category=Category.KILLED,
        ...     period=Period.spanning(date(1979, 12, 25), date(1989, 2, 15)),
        ...     side="USSR",
        ... )
        >>> print(compare(month, decade, per=Per.MONTH).sentence())
        ... # doctest: +NORMALIZE_WHITESPACE
        KILLED per month, Russia, January 2026 exceeds KILLED per month, USSR,
        1979-12-25 to 1989-02-15: above 99 % (outside the ICD 203 table).
        The ratio is 61.3 (43.9 to 85.7 at 90 %).
    """
    for estimate, what in ((first, "first"), (second, "second")):
        checked(estimate, LossEstimate, what, example="LossEstimate.central(...)")
        _refuse_bounds(estimate)
    _refuse_other_people(first, second)
    _refuse_other_lengths(first, second, per=per, totals=totals)
    _refuse_one_speaker(first, second, correlation)
    figure, reference = (
        count if per is None else attrs.evolve(one, count=count).rate(per)
        for one, count in zip((first, second), _counts(first, second, correlation), strict=True)
    )
    return Comparison(first=first, second=second, figure=figure, reference=reference, per=per)


def _counts(
    first: LossEstimate, second: LossEstimate, correlation: Number | None
) -> list[Uncertain]:
    """The counts of the two, with the correlation that was stated."""
    r = 0.0 if correlation is None else as_correlation(correlation, "correlation")
    if r != 0.0 and share_unknowns(first.count, second.count):
        raise DependenceError(
            f"the counts of {named(first)} and {named(second)} rest on the same unknowns, which "
            f"ties them already: a correlation of {r:g} would contradict that. "
            f"Type correlation=0 to leave them as they were built."
        )
    return tied_counts([first, second], np.array([[1.0, r], [r, 1.0]]))


def _refuse_bounds(estimate: LossEstimate) -> None:
    if estimate.bound is not Bound.CENTRAL:
        raise EstimateError(
            f"cannot compare a {estimate.bound.value} ({named(estimate)}): how many there were "
            f"beyond it is not stated. Compare LossEstimate.central(...), with the count that you "
            f"believe."
        )


def _refuse_other_people(first: LossEstimate, second: LossEstimate) -> None:
    if not first.category.may_compare(second.category):
        inner = min(first.category, second.category, key=lambda one: len(one.outcomes))
        raise CategoryError(
            f"cannot compare {named(first)} with {named(second)}: they count different people. "
            f"Convert one first, for example convert(estimate, to={inner!r}, "
            f"mix=CasualtyMix.from_ratios(...))."
        )
    if first.unit is not second.unit:
        raise CategoryError(
            f"cannot compare {named(first)} with {named(second)}: one counts "
            f"{first.unit.name}, the other {second.unit.name}, and one person may be several "
            f"cases. Compare estimates of one unit, for example both with unit=Unit.PERSONS."
        )


def _refuse_other_lengths(
    first: LossEstimate, second: LossEstimate, *, per: Per | None, totals: bool
) -> None:
    if per is not None and totals:
        raise EstimateError(
            f"per is {per} and totals is True: expected one of the two. Type per={per} for rates, "
            f"or totals=True for the totals as they are."
        )
    if per is None and not totals and not _as_long(first.period, second.period):
        raise PeriodError(
            f"cannot compare {named(first)} with {named(second)}: the periods differ in length, "
            f"{_days(first.period)} and {_days(second.period)} days. Type compare(..., "
            f"per=Per.MONTH) for rates, or compare(..., totals=True) for the totals as they are."
        )


def _as_long(first: Period, second: Period) -> bool:
    """Equal in days, or equal in whole calendar months: January is as long as February."""
    months = first.natural_per is second.natural_per is Per.MONTH
    lengths = (Per.DAY, Per.MONTH) if months else (Per.DAY,)
    return any(first.length(per) == second.length(per) for per in lengths)


def _days(period: Period) -> str:
    return f"{period.length(Per.DAY):,.0f}"


def _refuse_one_speaker(
    first: LossEstimate, second: LossEstimate, correlation: Number | None
) -> None:
    if correlation is not None or first.source is None or second.source is None:
        return
    if first.source.shares_origin_with(second.source):
        raise DependenceError(
            f"{named(first)} and {named(second)} go back to one speaker: expected a correlation, "
            f"for their errors go together. Type compare(..., correlation=0.8) with the value "
            f"that you hold to be right, or correlation=0 if they do not."
        )
