"""How long a goal takes at a steady pace, and what it costs."""

from datetime import date
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.accounts import Force, LossEstimate, Per, RecruitmentRate
from attrition.accounts.checks import checked, checked_date, member
from attrition.accounts.quantities import as_amount
from attrition.errors import PeriodError, ProjectionError
from attrition.projection.admission import check_category, check_sides
from attrition.projection.balance import balance
from attrition.projection.passage import OpenPassage
from attrition.projection.returns import Hospital, Returns
from attrition.projection.steady import steady
from attrition.uncertain import Uncertain, UncertainLike, maximum, probability
from attrition.uncertain.node import Bounds, Operation, apply

__all__ = ["losses_to_objective", "runway", "time_to_objective"]


@final
@attrs.frozen
class _Waiting(Operation):
    """Time until a stock is used up at a pace, infinite where the pace is not positive."""

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        stock, pace = arguments
        time = np.divide(stock, pace, out=np.full(np.shape(stock + pace), np.inf), where=pace > 0)
        return np.where(stock <= 0.0, 0.0, time)

    def bounds(self, *arguments: Bounds) -> Bounds:  # noqa: ARG002 - time runs forward
        return 0.0, np.inf


def time_to_objective(
    remaining: UncertainLike, rate: UncertainLike, *, per: Per, start: date
) -> OpenPassage:
    """
    Time until what remains is taken at a steady pace.

    A pace that may be zero or negative never gets there: that share is ``never``.

    Args:
        remaining: What is left to take, in any unit of area or number.

        rate: What is taken per unit of time, in the same unit.

        per: The unit of time.

        start: The date of ``remaining``, not of the question.

    Returns:
        The date as a passage with a mass at never.

    Raises:
        EstimateError: If ``remaining`` can be negative.

    Examples:
        >>> from attrition import between
        >>> pace = between(200, 380, confidence=0.9, family="lognormal")
        >>> taken = time_to_objective(6_500, pace, per=Per.MONTH, start=date(2025, 10, 15))
        >>> taken.quantile(0.5)
        datetime.date(2027, 10, 2)
    """
    left = as_amount(remaining, "remaining")
    unit = member(per, Per, "per", error=PeriodError)
    return _passage(left, Uncertain.of(rate), per=unit, start=start)


def _passage(left: Uncertain, pace: Uncertain, *, per: Per, start: date) -> OpenPassage:
    checked_date(start, "start")
    if _is_positive(pace):
        return OpenPassage(time=left / pace, per=per, start=start, never=0.0)
    time = Uncertain(apply(_Waiting(), left.node, pace.node))
    # Without mass at nothing left, the chance of no pace alone is never, and often exact.
    idle = pace <= 0.0
    never = probability(idle if probability(left <= 0.0) == 0.0 else idle & (left > 0.0))
    return OpenPassage(time=time, per=per, start=start, never=never)


def _is_positive(pace: Uncertain) -> bool:
    """Whether there is no mass at or below zero, a bound of zero itself aside."""
    return pace.support()[0] >= 0.0 and probability(pace <= 0.0) == 0.0


def losses_to_objective(
    remaining: UncertainLike, losses: LossEstimate, rate: UncertainLike, *, per: Per
) -> Uncertain:
    """
    Losses until what remains is taken, at a steady pace and a steady rate of losses.

    Args:
        remaining: What is left to take.

        losses: A central estimate; its rate goes on.

        rate: What is taken per unit of time; positive.

        per: The unit of time of ``rate``.

    Returns:
        People, in the category of the losses.

    Raises:
        EstimateError: If ``remaining`` can be negative, or the losses are a floor or a ceiling.

        ProjectionError: If the pace can be zero or negative.

    Examples:
        >>> from attrition.accounts import Category, Period
        >>> lost = LossEstimate.central(
        ...     count=31_680, category=Category.KILLED_AND_WOUNDED,
        ...     period=Period.month(2026, 1), side="Russia",
        ... )
        >>> losses_to_objective(550, lost, 275, per=Per.MONTH).median()
        63360.0
    """
    left, pace = as_amount(remaining, "remaining"), Uncertain.of(rate)
    if not _is_positive(pace):
        raise ProjectionError(
            f"the pace {pace!r} may be zero or negative, and then the objective is never reached "
            f"and the losses have no bound: expected a positive pace. Type between(low, high, "
            f'confidence=0.9, family="lognormal"), or ask time_to_objective for the share of never.'
        )
    checked(losses, LossEstimate, "losses", example="LossEstimate.central(...)")
    return losses.rate(member(per, Per, "per", error=PeriodError)) * (left / pace)


def runway(
    force: Force,
    *,
    floor: UncertainLike,
    losses: LossEstimate,
    recruitment: RecruitmentRate,
    returns: Returns | None = None,
) -> OpenPassage:
    """
    Time until a force is down to a floor, at the deficit of today after all returns.

    Args:
        force: Where it starts.

        floor: People; ``0.9 * force.strength`` for 10 per cent less.

        losses: A central estimate; its rate goes on.

        recruitment: A rate of arrivals, which goes on too.

        returns: Who comes back; needed where the losses include some who do.

    Returns:
        The date as a passage; ``never`` is the probability that the force does not shrink.

    Raises:
        ProjectionError: If the losses do not say who comes back.

        EstimateError: If the sides differ.

    Examples:
        >>> from attrition.accounts import Category, IntakeStage, Period, StrengthBasis
        >>> force = Force(
        ...     strength=712_000, as_of=date(2026, 2, 1), side="Russia",
        ...     basis=StrengthBasis.COMMITTED,
        ... )
        >>> lost = LossEstimate.central(
        ...     count=44_000, category=Category.IRRECOVERABLE, period=Period.month(2026, 1),
        ...     side="Russia",
        ... )
        >>> joined = RecruitmentRate(
        ...     rate=35_000, per=Per.MONTH, side="Russia", stage=IntakeStage.ARRIVED
        ... )
        >>> shrunk = runway(
        ...     force, floor=0.9 * force.strength, losses=lost, recruitment=joined
        ... )
        >>> round(shrunk.time.median(), 1)
        7.9
    """
    checked(force, Force, "force", example="Force(strength=..., as_of=..., side=..., basis=...)")
    checked(losses, LossEstimate, "losses", example="LossEstimate.central(...)")
    check_category(losses.category, returns, force.basis)
    check_sides(force.side, (steady(losses),))
    deficit = balance(losses, recruitment, returns=_from_now(returns)).ultimate
    left = maximum(force.strength - Uncertain.of(floor), 0.0)
    return _passage(
        left, deficit / losses.period.length(Per.MONTH), per=Per.MONTH, start=force.as_of
    )


def _from_now(returns: Returns | None) -> Returns | None:
    """The same without those in hospital, who are no part of a deficit after all returns."""
    return None if returns is None else attrs.evolve(returns, hospital=Hospital.empty())
