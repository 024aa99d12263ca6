"""What pooling needs of a record: its figure, how a message names it, and the way back."""

from collections.abc import Iterable, Sequence
from typing import NoReturn, TypeVar

import attrs

from attrition.accounts.losses import Bound, LossEstimate
from attrition.accounts.quantities import people_text
from attrition.accounts.recruitment import RecruitmentRate
from attrition.accounts.source import Source
from attrition.errors import EstimateError
from attrition.uncertain import Uncertain

__all__ = [
    "R",
    "bound_of",
    "checked_records",
    "figure_of",
    "named_record",
    "per_text",
    "source_of_all",
    "with_figure",
]

R = TypeVar("R", LossEstimate, RecruitmentRate)

EXAMPLE = 'pool([first, second], method="fixed", scale="log")'


def checked_records(estimates: Iterable[R]) -> tuple[R, ...]:
    """
    The records of one kind, at least one.

    Raises:
        EstimateError: If there is none, or something else among them.

    Examples:
        >>> from attrition import Category, Period
        >>> one = LossEstimate.central(
        ...     count=9_000, category=Category.KILLED, period=Period.year(2025), side="Russia"
        ... )
        >>> len(checked_records([one, one]))
        2
    """
    if not isinstance(estimates, Iterable):
        _refuse(estimates)
    found = tuple(estimates)
    for one in found:
        if not isinstance(one, LossEstimate | RecruitmentRate):
            _refuse(one)
    if not found:
        raise EstimateError(
            f"estimates is empty: expected LossEstimates or RecruitmentRates. "
            f"Type for example {EXAMPLE}."
        )
    if len({type(one) for one in found}) > 1:
        raise EstimateError(
            f"estimates holds LossEstimates and RecruitmentRates: one counts who leaves, the "
            f"other who comes. Pool either kind on its own, for example {EXAMPLE}."
        )
    return found


def _refuse(value: object) -> NoReturn:
    raise EstimateError(
        f"estimates holds {value!r}: expected a list of LossEstimates or of RecruitmentRates. "
        f"Type for example {EXAMPLE}."
    )


def figure_of(record: LossEstimate | RecruitmentRate) -> Uncertain:
    """
    The number that a record states: people, or people per unit of time.

    Examples:
        >>> from attrition import IntakeStage, Per
        >>> figure_of(RecruitmentRate(
        ...     rate=22_000, per=Per.MONTH, side="Russia", stage=IntakeStage.ARRIVED
        ... )).value
        22000.0
    """
    return record.count if isinstance(record, LossEstimate) else record.rate


def with_figure(record: R, figure: Uncertain, source: Source | None) -> R:
    """
    The record with another number and source, and a central one.

    Examples:
        >>> from attrition import IntakeStage, Per, exactly
        >>> rate = RecruitmentRate(
        ...     rate=22_000, per=Per.MONTH, side="Russia", stage=IntakeStage.ARRIVED
        ... )
        >>> print(with_figure(rate, exactly(21_000), None))
        21,000 per month, Russia, arrived
    """
    if isinstance(record, LossEstimate):
        return attrs.evolve(record, count=figure, source=source, bound=Bound.CENTRAL)
    return attrs.evolve(record, rate=figure, source=source)


def bound_of(record: LossEstimate | RecruitmentRate) -> Bound:
    """
    Whether a record is central, a floor or a ceiling; a rate is central.

    Examples:
        >>> from attrition import Category, Period
        >>> names = LossEstimate.floor(
        ...     count=1_562, category=Category.KILLED, period=Period.year(2025), side="Russia"
        ... )
        >>> bound_of(names)
        <Bound.FLOOR: 'floor'>
    """
    return record.bound if isinstance(record, LossEstimate) else Bound.CENTRAL


def named_record(at: int, record: LossEstimate | RecruitmentRate) -> str:
    """
    How a message names one of several estimates: its place, its figure, who said so.

    Examples:
        >>> from attrition import Category, Period
        >>> named_record(2, LossEstimate.central(
        ...     count=9_000, category=Category.KILLED, period=Period.year(2025), side="Russia"
        ... ))
        'estimates[2] (9,000)'
    """
    source = "" if record.source is None else f", {record.source}"
    return f"estimates[{at}] ({people_text(figure_of(record))}{source})"


def per_text(record: LossEstimate | RecruitmentRate) -> str:
    """
    What stands behind "people" for a figure of a record.

    Examples:
        >>> from attrition import IntakeStage, Per
        >>> per_text(
        ...     RecruitmentRate(
        ...         rate=22_000, per=Per.MONTH, side="Russia", stage=IntakeStage.ARRIVED
        ...     )
        ... )
        ' per month'
    """
    return f" per {record.per.value}" if isinstance(record, RecruitmentRate) else ""


def source_of_all(records: Sequence[LossEstimate | RecruitmentRate], what: str) -> Source | None:
    """
    A source that is derived from all sources of the records; None where none is stated.

    So a figure made of them is known to depend on what went into it. Where all sources share
    the cause of one side, so does it.

    Args:
        records: What the figure was made of.

        what: What it is, such as "pool".

    Examples:
        >>> source_of_all([], "pool") is None
        True
    """
    stated = tuple(dict.fromkeys(one.source for one in records if one.source is not None))
    if not stated:
        return None
    names = dict.fromkeys(source.name for source in stated)
    aligned = {source.aligned_with for source in stated}
    return Source(
        name=f"{what} of {' and '.join(names)}",
        published=max(source.published for source in stated),
        aligned_with=aligned.pop() if len(aligned) == 1 else None,
        derived_from=stated,
    )
