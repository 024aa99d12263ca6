"""The sum of several estimates, with the dependence of their errors stated."""

import itertools
from collections.abc import Iterable, Sequence
from typing import final

import attrs

from attrition._typing import Number
from attrition.accounts.losses import Bound, LossEstimate
from attrition.accounts.period import Period
from attrition.accounts.source import Source
from attrition.errors import DependenceError, EstimateError
from attrition.evidence.addable import as_addable, joined_category
from attrition.evidence.correlations import Dependence, correlation_matrix
from attrition.evidence.naming import all_named, named
from attrition.evidence.records import source_of_all
from attrition.evidence.tie import share_unknowns, tied_counts
from attrition.uncertain import total_of

__all__ = ["Total", "total"]


@final
@attrs.frozen(kw_only=True)
class Total:
    """
    A sum of estimates, and what it does not cover.

    Attributes:
        estimate: The sum, from the first day to the last one. Where there are gaps it is a
            floor, for nothing was said of the days between.

        parts: The estimates that were added, in order of time, with the dependence that was
            stated; in every draw they add up to the estimate.

        gaps: The periods in between that no estimate speaks of.

    Examples:
        >>> from attrition import Category, about
        >>> months = [
        ...     LossEstimate.central(
        ...         count=about(count, sd=1_500),
        ...         category=Category.KILLED_AND_WOUNDED,
        ...         period=Period.month(2025, month),
        ...         side="Russia",
        ...     )
        ...     for month, count in ((9, 29_000), (10, 31_000), (12, 35_000))
        ... ]
        >>> print(total(months, dependence=0))  # doctest: +NORMALIZE_WHITESPACE
        95,000 (90,727 to 99,273 at 90 %) KILLED_AND_WOUNDED, 2025-09-01 to 2025-12-31, Russia,
        floor, without November 2025
    """

    estimate: LossEstimate
    parts: tuple[LossEstimate, ...]
    gaps: tuple[Period, ...]

    def __str__(self) -> str:
        gaps = ", ".join(map(str, self.gaps))
        return f"{self.estimate}, without {gaps}" if gaps else str(self.estimate)


def total(
    estimates: Iterable[LossEstimate], *, dependence: Dependence, rho: Number | None = None
) -> Total:
    """
    The sum of estimates of one category in several periods, or of several in one period.

    How the errors go together decides the width of the sum, so it has no default: the sum of
    n equal bands is n bands wide where all err alike, and root n where each errs on its own.

    Args:
        estimates: One side, one unit, and all central, all floors or all ceilings. One
            category over periods that do not overlap, or categories that share nobody over
            one period.

        dependence: A correlation in [-1, 1] between the errors of any two, on the scale on
            which each is normal (the logarithm for lognormal figures); a matrix of them,
            shape (n, n) in the order of the estimates; ``"ar1"`` for errors that go on from
            one period to the next; or ``"as built"`` for the ties that the counts have.

        rho: The correlation of neighbours, with ``"ar1"`` only; rho^k for k steps apart.

    Returns:
        The total. With ``0`` or ``"as built"`` it rests on the counts themselves, else on
        new unknowns with the same laws.

    Raises:
        EstimateError: If there is no estimate, or sides or bounds differ.

        CategoryError: If units differ, or the categories do not fit together.

        PeriodError: If periods overlap.

        DependenceError: If the correlations are none, or contradict the counts; or the
            counts share no unknown, their sources do, and ``"as built"`` is asked for.

    Examples:
        >>> from attrition import Category, about
        >>> claims = [
        ...     LossEstimate.central(
        ...         count=about(count, relative=0.1, confidence=0.9),
        ...         category=Category.KILLED_AND_WOUNDED,
        ...         period=period,
        ...         side="Russia",
        ...     )
        ...     for count, period in (
        ...         (35_050, Period.month(2025, 12)),
        ...         (31_680, Period.month(2026, 1)),
        ...     )
        ... ]
        >>> for dependence in (0, 0.5, 1):
        ...     print(total(claims, dependence=dependence).estimate.count)
        66,730 (62,005 to 71,455 at 90 %)
        66,730 (60,949 to 72,511 at 90 %)
        66,730 (60,057 to 73,403 at 90 %)
    """
    given = as_addable(estimates)
    category = joined_category(given)
    parts = sorted(_tied(given, dependence, rho), key=lambda one: one.period.start)
    gaps = _gaps(parts)
    summed = attrs.evolve(
        parts[0],
        count=total_of(*(one.count for one in parts)),
        category=category,
        period=Period(start=parts[0].period.start, end=parts[-1].period.end),
        bound=_bound(parts, gaps),
        source=_source(given),
    )
    return Total(estimate=summed, parts=tuple(parts), gaps=gaps)


def _tied(
    given: list[LossEstimate], dependence: Dependence, rho: Number | None
) -> list[LossEstimate]:
    """The estimates with the dependence that was stated."""
    matrix = correlation_matrix(given, dependence, rho)
    if matrix is None:
        _refuse_silent_independence(given)
        return given
    _refuse_shared_unknowns(given)
    pairs = zip(given, tied_counts(given, matrix), strict=True)
    return [attrs.evolve(one, count=count) for one, count in pairs]


def _refuse_silent_independence(given: Sequence[LossEstimate]) -> None:
    for first, other in itertools.combinations(given, 2):
        if first.source is None or other.source is None or _is_known(first, other):
            continue
        one_speaker = first.source.shares_origin_with(other.source)
        if one_speaker and not share_unknowns(first.count, other.count):
            raise DependenceError(
                f"{named(first)} and {named(other)} go back to one speaker, and their counts are "
                f"built without a tie: as built they would be added as independent. Type "
                f"dependence=0.8 with the value that you hold to be right, or dependence=0 if "
                f"their errors have nothing in common."
            )


def _is_known(*estimates: LossEstimate) -> bool:
    return any(one.count.value is not None for one in estimates)


def _refuse_shared_unknowns(given: Sequence[LossEstimate]) -> None:
    for first, other in itertools.combinations(given, 2):
        if share_unknowns(first.count, other.count):
            raise DependenceError(
                f"the counts of {named(first)} and {named(other)} rest on the same unknowns, "
                f"which ties them already: a correlation would contradict that. "
                f'Type dependence="as built".'
            )


def _gaps(ordered: Sequence[LossEstimate]) -> tuple[Period, ...]:
    periods = [one.period for one in ordered]
    return tuple(
        Period(start=before.end, end=after.start)
        for before, after in itertools.pairwise(periods)
        if before.end < after.start
    )


def _bound(ordered: Sequence[LossEstimate], gaps: Sequence[Period]) -> Bound:
    """A sum with gaps says nothing about the days between, so it is a floor."""
    bound = ordered[0].bound
    if gaps and bound is Bound.CEILING:
        raise EstimateError(
            f"cannot add the ceilings {all_named(ordered)}: nothing is said of "
            f"{', '.join(map(str, gaps))}, so that the sum is no ceiling. Add a ceiling for each "
            f"period in between, or make a total on either side of it."
        )
    return Bound.FLOOR if gaps else bound


def _source(given: Sequence[LossEstimate]) -> Source | None:
    """Where the sum comes from, so that a comparison knows of the common speaker."""
    only = given[0].source
    return only if all(one.source == only for one in given) else source_of_all(given, "total")
