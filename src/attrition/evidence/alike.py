"""Whether estimates speak of one unknown, and whether each is a witness of its own."""

import itertools
import warnings
from collections.abc import Sequence

from attrition.accounts.losses import LossEstimate
from attrition.accounts.recruitment import RecruitmentRate
from attrition.accounts.source import Interest
from attrition.errors import (
    CategoryError,
    DependenceError,
    EstimateError,
    InterestWarning,
    PeriodError,
)
from attrition.evidence.records import figure_of, named_record
from attrition.evidence.tie import share_unknowns

__all__ = ["refuse_copies", "refuse_other_unknowns", "warn_of_interests"]

INDEPENDENT = ("fixed", "random")
"""Methods that divide errors as independent; a mixture does not, but a copy has two weights."""


def refuse_other_unknowns(records: Sequence[LossEstimate | RecruitmentRate]) -> None:
    """
    Refuse figures for different people, sides or times.

    Raises:
        CategoryError: If categories, units, units of time or stages differ.

        EstimateError: If sides differ.

        PeriodError: If periods differ.

    Examples:
        >>> refuse_other_unknowns([])
    """
    for at, other in enumerate(records[1:], start=1):
        first = records[0]
        pair = f"cannot pool {named_record(0, first)} with {named_record(at, other)}"
        if isinstance(first, LossEstimate) and isinstance(other, LossEstimate):
            _refuse_other_people(first, other, pair)
        if isinstance(first, RecruitmentRate) and isinstance(other, RecruitmentRate):
            _refuse_other_recruits(first, other, pair)
        if first.side != other.side:
            raise EstimateError(
                f"{pair}: one is of {first.side}, the other of {other.side}. Pool figures of one "
                f"side, and spell it alike."
            )
        if first.period != other.period:
            raise PeriodError(
                f"{pair}: one is for {_when(first)}, the other for {_when(other)}. Pool figures "
                f"for one period; state each for it, for example with estimate.over(period)."
            )


def _refuse_other_people(first: LossEstimate, other: LossEstimate, pair: str) -> None:
    if not first.category.may_compare(other.category):
        raise CategoryError(
            f"{pair}: one counts {first.category}, the other {other.category}, which are different "
            f"people. Convert one first, for example convert(estimate, to={first.category!r}, "
            f"mix=CasualtyMix.from_ratios(...))."
        )
    if first.unit is not other.unit:
        raise CategoryError(
            f"{pair}: one counts {first.unit.name}, the other {other.unit.name}, and one person "
            f"may be several cases. Pool estimates of one unit, for example unit=Unit.PERSONS."
        )


def _refuse_other_recruits(first: RecruitmentRate, other: RecruitmentRate, pair: str) -> None:
    if first.per is not other.per:
        raise CategoryError(
            f"{pair}: one is per {first.per.value}, the other per {other.per.value}. State both "
            f"per {first.per.value}, for example RecruitmentRate(rate=..., per={first.per}, ...)."
        )
    if first.stage is not other.stage:
        raise CategoryError(
            f"{pair}: one counts who {first.stage.value}, the other who {other.stage.value}. "
            f"Convert contracts with arrivals(rate, share=...)."
        )


def _when(record: LossEstimate | RecruitmentRate) -> str:
    return "no stated period" if record.period is None else str(record.period)


def refuse_copies(
    records: Sequence[tuple[int, LossEstimate | RecruitmentRate]], *, method: str
) -> None:
    """
    Refuse figures that repeat each other, in whole or in part.

    Args:
        records: Central estimates of one unknown, each with its place.

        method: How they are to be pooled.

    Raises:
        DependenceError: If two go back to one speaker; or rest on the same unknowns, where
            the method takes their errors for independent.

    Examples:
        >>> refuse_copies([], method="fixed")
    """
    for (i, first), (j, other) in itertools.combinations(records, 2):
        why = _common_origin(first, other, unknowns_too=method in INDEPENDENT)
        if why:
            raise DependenceError(
                f"{named_record(i, first)} and {named_record(j, other)} {why}, so their errors "
                f"go together, and method={method!r} would count them twice. Leave one out, or "
                f'type method="dependent" with the correlation of their errors, or '
                f'method="conservative" where nobody knows it.'
            )


def _common_origin(
    first: LossEstimate | RecruitmentRate,
    other: LossEstimate | RecruitmentRate,
    *,
    unknowns_too: bool,
) -> str | None:
    mine, theirs = first.source, other.source
    if mine is not None and theirs is not None and mine.shares_origin_with(theirs):
        return "go back to one speaker"
    if unknowns_too and share_unknowns(figure_of(first), figure_of(other)):
        return "rest on the same unknowns"
    return None


def warn_of_interests(records: Sequence[tuple[int, LossEstimate | RecruitmentRate]]) -> None:
    """
    Warn the caller's caller where own side and adversary are pooled as they were stated.

    Warns:
        InterestWarning: If one speaks of its own side and another one of the other side.

    Examples:
        >>> warn_of_interests([])
    """
    found: dict[Interest, str] = {}
    for at, one in records:
        if one.source is not None and not one.source.debiased:
            found.setdefault(one.source.interest(one.side), named_record(at, one))
    if Interest.OWN_SIDE in found and Interest.ADVERSARY in found:
        warnings.warn(
            f"{found[Interest.OWN_SIDE]} speaks of its own side and {found[Interest.ADVERSARY]} "
            f"of its adversary: their errors lean opposite ways, and a spread between sources "
            f"that is drawn at random does not say so. Correct each for the bias of its source "
            f"first, with debias(estimate, factor=...).",
            InterestWarning,
            stacklevel=3,
        )
