"""Which estimates may be added: nobody is counted twice, and the sum has a name."""

import functools
import itertools
import operator
from collections.abc import Iterable, Sequence

from attrition.accounts.category import Category
from attrition.accounts.losses import Bound, LossEstimate
from attrition.errors import CategoryError, EstimateError, PeriodError
from attrition.evidence.naming import all_named, named

__all__ = ["as_addable", "joined_category"]


def as_addable(estimates: Iterable[LossEstimate]) -> list[LossEstimate]:
    """
    Estimates of one side, in one unit and of one bound; at least one.

    Raises:
        EstimateError: If there is none, or sides or bounds differ.

        CategoryError: If units differ.

    Examples:
        >>> from attrition import Category, Period
        >>> year = LossEstimate.central(
        ...     count=1_000, category=Category.KILLED, period=Period.year(2025), side="Russia"
        ... )
        >>> as_addable([year]) == [year]
        True
    """
    if not isinstance(estimates, Iterable):
        raise EstimateError(
            f"estimates is {estimates!r}: expected several LossEstimates. "
            f"Type for example total([december, january], dependence=0.5)."
        )
    given = list(estimates)
    for one in given:
        if not isinstance(one, LossEstimate):
            raise EstimateError(
                f"estimates holds {one!r}: expected LossEstimates only. "
                f"Type for example total([december, january], dependence=0.5)."
            )
    if not given:
        raise EstimateError(
            "estimates is empty: expected at least one LossEstimate. "
            "Type for example total([december, january], dependence=0.5)."
        )
    _refuse_other_kinds(given)
    return given


def _refuse_other_kinds(given: Sequence[LossEstimate]) -> None:
    first = given[0]
    for other in given[1:]:
        both = f"cannot add {named(first)} and {named(other)}"
        if other.side != first.side:
            raise EstimateError(
                f"{both}: they are losses of different sides. Make a total for each side."
            )
        if other.unit is not first.unit:
            raise CategoryError(
                f"{both}: one counts {first.unit.name}, the other {other.unit.name}, and one "
                f"person may be several cases. Add estimates of one unit."
            )
        if other.bound is not first.bound:
            raise EstimateError(
                f"{both}: one is {_an(first.bound)}, the other {_an(other.bound)}, and their sum "
                f"would be neither. State what you believe as LossEstimate.central(...), or leave "
                f"one of them out."
            )


def _an(bound: Bound) -> str:
    return "central" if bound is Bound.CENTRAL else f"a {bound.value}"


def joined_category(given: Sequence[LossEstimate]) -> Category:
    """
    The category of a sum, where nobody is counted twice and nobody is left out.

    Raises:
        PeriodError: If one category is counted twice over some days.

        CategoryError: If some people are, or categories and periods both differ.

    Examples:
        >>> from attrition import Category, Period
        >>> parts = [
        ...     LossEstimate.central(
        ...         count=1_000, category=category, period=Period.year(2025), side="Russia"
        ...     )
        ...     for category in (Category.KILLED, Category.WOUNDED)
        ... ]
        >>> joined_category(parts)
        Category.KILLED_AND_WOUNDED
    """
    if all(one.category == given[0].category for one in given):
        _refuse_overlaps(given)
        return given[0].category
    if all(one.period == given[0].period for one in given):
        _refuse_shared_people(given)
        return functools.reduce(operator.or_, (one.category for one in given))
    raise CategoryError(
        f"cannot add {all_named(given)}: categories and periods both differ, so that nothing says "
        f"which people the sum would count. Add the categories of one period first, and then the "
        f"totals: total([total(...).estimate, total(...).estimate], dependence=...)."
    )


def _refuse_overlaps(given: Sequence[LossEstimate]) -> None:
    ordered = sorted(given, key=lambda one: one.period.start)
    for first, other in itertools.pairwise(ordered):
        shared = first.period.intersection(other.period)
        if shared is not None:
            raise PeriodError(
                f"cannot add {named(first)} and {named(other)}: both count {shared}, so that its "
                f"people would count twice. Leave one of them out; two figures for the same days "
                f"are compared or pooled, not added."
            )


def _refuse_shared_people(given: Sequence[LossEstimate]) -> None:
    for first, other in itertools.combinations(given, 2):
        if not first.category.may_add(other.category):
            raise CategoryError(
                f"cannot add {named(first)} and {named(other)}: both count "
                f"{first.category & other.category}, so that these people would count twice. "
                f"Convert to categories that share nobody, or leave one of them out."
            )
