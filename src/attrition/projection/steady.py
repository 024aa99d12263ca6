"""From a record of the past to a process that goes on."""

from typing import overload

from attrition.accounts import (
    Bound,
    IntakeStage,
    LossEstimate,
    RecruitmentRate,
    Unit,
)
from attrition.accounts.losses import WAYS_OUT
from attrition.errors import EstimateError, ProjectionError
from attrition.projection.process import IntakeProcess, LossProcess
from attrition.projection.season import Season
from attrition.projection.variation import Variation

__all__ = ["steady"]


@overload
def steady(
    estimate: LossEstimate, *, variation: Variation | None = None, season: Season | None = None
) -> LossProcess: ...
@overload
def steady(
    estimate: RecruitmentRate, *, variation: Variation | None = None, season: Season | None = None
) -> IntakeProcess: ...
def steady(
    estimate: LossEstimate | RecruitmentRate,
    *,
    variation: Variation | None = None,
    season: Season | None = None,
) -> LossProcess | IntakeProcess:
    """
    The process in which an observed level goes on: an assumption, named where it is made.

    With a variation, the observed period told the level times the noise of that period, which
    widens the level and gives the noise a state to go on from. The count stays the median of
    a like period to come; the mean level lies above it, for the mean of a quotient by the noise
    exceeds the quotient. With a season, the level is the count divided by the season of the
    observed period.

    Args:
        estimate: A central loss estimate in persons, or a rate of arrivals.

        variation: What differs from step to step.

        season: What the time of year does.

    Returns:
        A loss or an intake process at the level of the estimate.

    Raises:
        EstimateError: If the estimate is a floor or a ceiling, counts cases, or the rate counts
            contracts.

        ProjectionError: If it is no estimate, or a variation is given for a rate whose period
            is not known.

    Examples:
        >>> from attrition import Category, Period, about
        >>> lost = LossEstimate.central(
        ...     count=about(31_680, relative=0.08, confidence=0.9),
        ...     category=Category.KILLED_AND_WOUNDED, period=Period.month(2026, 1), side="Russia",
        ... )
        >>> steady(lost).level.median()
        31680.0
    """
    if isinstance(estimate, LossEstimate):
        return _steady_losses(estimate, variation, season)
    if isinstance(estimate, RecruitmentRate):
        return _steady_intake(estimate, variation, season)
    raise ProjectionError(
        f"steady was given {estimate!r}: expected a LossEstimate or a RecruitmentRate. "
        f"Type steady(LossEstimate.central(...)), or build a LossProcess(level=..., per=...)."
    )


def _steady_losses(
    estimate: LossEstimate, variation: Variation | None, season: Season | None
) -> LossProcess:
    if estimate.bound is not Bound.CENTRAL:
        raise EstimateError(
            f"a {estimate.bound.value} is no level to go on from: {estimate} bounds the count and "
            f"does not estimate it. State what you believe, for example "
            f"LossEstimate.central(count={WAYS_OUT[estimate.bound]}, ...)."
        )
    if estimate.unit is not Unit.PERSONS:
        raise EstimateError(
            "CASES of wounds are no people: one person may be several cases, and nothing says how "
            "many. Type unit=Unit.PERSONS for an estimate of persons."
        )
    per = estimate.period.natural_per
    return LossProcess(
        level=estimate.rate(per),
        per=per,
        category=estimate.category,
        side=estimate.side,
        season=season,
        variation=variation,
        observed=estimate.period if variation or season else None,
    )


def _steady_intake(
    rate: RecruitmentRate, variation: Variation | None, season: Season | None
) -> IntakeProcess:
    if rate.stage is not IntakeStage.ARRIVED:
        raise EstimateError(
            f"a {rate.stage.value} rate is no rate of arrivals: {rate}. Contracts are not people "
            f"who arrived. Type steady(arrivals(rate, share=share(0.8, 0.95, confidence=0.9)))."
        )
    given = "variation" if variation else "season" if season else None
    if given and rate.period is None:
        raise ProjectionError(
            f"a {given} was given for a recruitment rate whose period is not known: expected the "
            "period in which it was counted. Type RecruitmentRate(..., "
            "period=Period.month(2026, 1))."
        )
    return IntakeProcess(
        level=rate.rate,
        per=rate.per,
        side=rate.side,
        season=season,
        variation=variation,
        observed=rate.period if variation or season else None,
    )
