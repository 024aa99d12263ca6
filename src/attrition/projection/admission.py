"""What may be projected, and what each refusal says to type instead."""

import warnings
from collections.abc import Iterable, Sequence
from datetime import date

from attrition.accounts import Category, LossEstimate, Per, RecruitmentRate, StrengthBasis
from attrition.errors import EstimateError, HorizonWarning, ProjectionError
from attrition.projection.calendar import Grid
from attrition.projection.change import Change, Ramp, Surge
from attrition.projection.custom import Custom, CustomLosses
from attrition.projection.flows import trend_is_negative
from attrition.projection.process import IntakeProcess, LossProcess, Process
from attrition.projection.returns import RETURNING, Returns

__all__ = [
    "check_category",
    "check_common",
    "check_flows",
    "check_horizon",
    "check_past",
    "check_sides",
    "omitted_exits",
]

IN_PLACE = (StrengthBasis.PRESENT, StrengthBasis.COMMITTED)


def check_flows(
    losses: LossProcess, recruitment: IntakeProcess, other: Sequence[Process | Custom]
) -> None:
    """Refuse records of the past where models of the future belong."""
    _check_flow("losses", losses, isinstance(losses, LossProcess))
    _check_flow("recruitment", recruitment, isinstance(recruitment, IntakeProcess))
    if not isinstance(other, Iterable):
        raise ProjectionError(
            f"other is {other!r}: expected a list of processes. Type other=[LossProcess(...)]."
        )
    for process in other:
        _check_flow("other", process, isinstance(process, Process | Custom))


def _check_flow(what: str, given: object, fits: bool) -> None:  # noqa: FBT001 - private
    if fits:
        return
    if isinstance(given, LossEstimate | RecruitmentRate):
        raise ProjectionError(
            f"{what} is a {type(given).__name__}, a record of the past: expected a process. "
            f"Type {what}=steady(...) to say that the observed level goes on."
        )
    if isinstance(given, Custom):
        raise ProjectionError(
            f"{what} is a {type(given).__name__}, a flow by a function: expected a process. Type "
            f"other=[{type(given).__name__}(...)], and {what} with level=0 if that is all there is."
        )
    raise ProjectionError(
        f"{what} is {given!r}: expected a process. Type {what}=steady(...) for a record, or "
        f"build LossProcess(...) or IntakeProcess(...)."
    )


def check_sides(
    side: str, processes: Iterable[Process | Custom], whose: str = "the force is"
) -> None:
    """Refuse flows of another side than that of the force, or of whatever is weighed."""
    for process in processes:
        if process.side != side:
            raise EstimateError(
                f"{whose} of {side} and the {process.kind} of {process.side}: expected one side. "
                f"Type side={side!r} in both if they are the same people."
            )


def check_common(processes: Iterable[Process]) -> None:
    """Refuse shocks that are shared by processes with different clocks."""
    first: dict[str, tuple[Process, Per]] = {}
    for process in processes:
        variation = process.variation
        if variation is None or variation.common is None:
            continue
        other, per = first.setdefault(variation.common.name, (process, variation.per))
        if per is not variation.per:
            raise ProjectionError(
                f"the {other.kind} and the {process.kind} share the shocks "
                f"{variation.common.name!r}, and per is Per.{per.name} in one variation and "
                f"Per.{variation.per.name} in the other: expected one clock. Type "
                f"per=Per.{per.name} in both, or give the shocks two names."
            )


def check_category(
    category: Category, returns: Returns | None, basis: StrengthBasis | None = None
) -> None:
    """Refuse losses that do not say who comes back, and returns where nobody can."""
    if basis is not None and basis not in IN_PLACE:
        _check_on_the_books(category, returns, basis)
    if Category.DEATHS.covers(category):
        raise ProjectionError(
            f"{category} alone are not all who leave: the wounded come on top. Type "
            f"convert(estimate, to=Category.KILLED_AND_WOUNDED, mix=...) with "
            f"returns=Returns(...), or category=Category.IRRECOVERABLE if the figure means that."
        )
    comes_back = category & RETURNING
    if comes_back and returns is None:
        raise ProjectionError(
            f"{category} includes {comes_back}, who come back, and nothing says when. Type "
            f"returns=Returns(mix=CasualtyMix.from_ratios(...), delay=Delay.gamma(mean=3, sd=2), "
            f"hospital=Hospital.steady()), or category=Category.IRRECOVERABLE if the figure means "
            f"that."
        )
    if returns is not None and not comes_back:
        raise ProjectionError(
            f"returns were given, and of {category} nobody comes back: expected a category with "
            f"{RETURNING}. Leave returns out, or type category=Category.KILLED_AND_WOUNDED if the "
            f"figure means that."
        )


def _check_on_the_books(category: Category, returns: Returns | None, basis: StrengthBasis) -> None:
    if returns is not None:
        raise ProjectionError(
            f"returns were given on {basis.name} strength, which the wounded never leave: expected "
            f"none. Leave returns out and project category=Category.IRRECOVERABLE, or type "
            f"basis=StrengthBasis.COMMITTED."
        )
    if category & RETURNING:
        raise ProjectionError(
            f"{category} includes {category & RETURNING}, who stay on {basis.name} strength: "
            f"expected losses for good. Type convert(estimate, to=Category.IRRECOVERABLE, "
            f"mix=...), or basis=StrengthBasis.COMMITTED."
        )


def check_past(losses: LossProcess, returns: Returns, start: date) -> None:
    """Refuse a hospital filled by others, by losses after the start, or by several mixes."""
    for estimate in returns.hospital.past:
        if estimate.category != losses.category or estimate.side != losses.side:
            raise ProjectionError(
                f"the hospital holds {estimate.category} of {estimate.side} and the losses are "
                f"{losses.category} of {losses.side}: expected the same. Convert the past losses "
                f"with convert(estimate, to=..., mix=...)."
            )
        if estimate.period.end > start:
            raise ProjectionError(
                f"past losses of {estimate.period} reach beyond the start {start}: expected "
                f"periods before it. Cut the period, or leave it out."
            )
    for later in returns.later:
        if later.start < start:
            raise ProjectionError(
                f"a later mix starts on {later.start}, before the start {start}: expected a date "
                f"from the start on, for one mix fills the hospital. Type mix=... with the mix "
                f"that holds at the start, and leave those before it out."
            )


def check_horizon(processes: Iterable[Process], grid: Grid, returns: Returns | None = None) -> None:
    """Warn about changes without effect; refuse trends that turn a level negative."""
    for later in () if returns is None else returns.later:
        if later.start >= grid.end:
            warnings.warn(
                f"a later mix starts on {later.start}, outside the projection from {grid.start} "
                f"to {grid.end}, and changes nothing. Check its date, or leave it out.",
                HorizonWarning,
                stacklevel=3,
            )
    for process in processes:
        for change in process.changes:
            if not _inside(change, grid):
                warnings.warn(
                    f"a {type(change).__name__} of the {process.kind} lies outside the projection "
                    f"from {grid.start} to {grid.end} and changes nothing: {change}. Check its "
                    f"dates, or leave it out.",
                    HorizonWarning,
                    stacklevel=3,
                )
        if trend_is_negative(process, grid):
            raise ProjectionError(
                f"the trend of the {process.kind} turns the level negative before {grid.end}: "
                f'expected a level of 0 or more. Type form="exponential", or a shorter horizon.'
            )


def _inside(change: Change | Ramp | Surge, grid: Grid) -> bool:
    return change.begins < grid.end and (change.ends is None or grid.start < change.ends)


def omitted_exits(losses: LossProcess, other: Iterable[Process | Custom]) -> Category:
    """The ways to leave a force that no flow of a projection counts."""
    counted = losses.category
    for process in other:
        if isinstance(process, LossProcess | CustomLosses):
            counted |= process.category
    return Category.SEPARATIONS & ~counted
