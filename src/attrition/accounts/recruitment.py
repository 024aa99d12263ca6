"""People gained: how many per unit of time, and whether they signed or arrived."""

import enum
from typing import final

import attrs

from attrition.accounts.checks import as_side, as_whole, checked, is_a, is_member
from attrition.accounts.extrapolation import warn_outside
from attrition.accounts.period import Per, Period
from attrition.accounts.quantities import as_number, as_share, is_people, people_text
from attrition.accounts.source import Source
from attrition.errors import EstimateError
from attrition.uncertain import Uncertain, UncertainLike

__all__ = ["IntakeStage", "RecruitmentRate", "arrivals"]


@final
class IntakeStage(enum.Enum):
    """
    How far those counted have come.

    Attributes:
        CONTRACTED: They signed.

        ARRIVED: They came to the force.

    Examples:
        >>> IntakeStage("arrived")
        <IntakeStage.ARRIVED: 'arrived'>
    """

    CONTRACTED = "contracted"
    ARRIVED = "arrived"


@final
@attrs.frozen(kw_only=True)
class RecruitmentRate:
    """
    People one side gains per unit of time.

    Attributes:
        rate: People per ``per``.

        per: The unit of time of the rate.

        side: Who gains them.

        stage: Contracted, or arrived with the force. No default, on purpose: the
            difference is months and a share that never comes.

        period: When this was observed, where that is known.

        source: Who said it.

    Examples:
        >>> from attrition import about
        >>> joined = RecruitmentRate(
        ...     rate=about(22_000, relative=0.08, confidence=0.9),
        ...     per=Per.MONTH,
        ...     side="Russia",
        ...     stage=IntakeStage.ARRIVED,
        ... )
        >>> print(joined)
        22,000 (20,240 to 23,760 at 90 %) per month, Russia, arrived
    """

    rate: Uncertain = attrs.field(converter=as_number, validator=is_people)
    per: Per = attrs.field(validator=is_member(Per))
    side: str = attrs.field(converter=as_side)
    stage: IntakeStage = attrs.field(validator=is_member(IntakeStage))
    period: Period | None = attrs.field(
        default=None, validator=is_a(Period, example="Period.month(2026, 1)", optional=True)
    )
    source: Source | None = attrs.field(
        default=None,
        validator=is_a(Source, example="Source(name=..., published=...)", optional=True),
    )

    def over(self, period: Period) -> Uncertain:
        """
        People in ``period`` at this rate.

        Warns:
            ExtrapolationWarning: If the rate says when it was observed, and ``period``
                is not inside.

        Examples:
            >>> RecruitmentRate(
            ...     rate=406_000, per=Per.YEAR, side="Russia", stage=IntakeStage.ARRIVED
            ... ).over(Period.months(2025, 1, count=3)).median()
            101500.0
        """
        checked(period, Period, "period", example="Period.month(2026, 1)")
        people = self.rate * period.length(self.per)
        if self.period is not None:
            warn_outside(period, self.period)
        return people

    def __str__(self) -> str:
        observed = "" if self.period is None else f", {self.period}"
        pace = f"{people_text(self.rate)} per {self.per.value}"
        return f"{pace}{observed}, {self.side}, {self.stage.value}"


def arrivals(
    rate: RecruitmentRate, *, share: UncertainLike, delay: int | None = None
) -> RecruitmentRate:
    """
    The arrivals that contracts lead to.

    Args:
        rate: Contracts per unit of time.

        share: The part of those contracted who arrive, inside [0, 1].

        delay: Whole months from contract to arrival. It moves the observed period;
            a rate without a period holds at any time, and no delay changes it.

    Returns:
        The rate of arrivals, tied to the rate of contracts and to the share.

    Raises:
        EstimateError: If the rate already counts arrivals, or the share has more than
            a millionth of its mass outside [0, 1].

        PeriodError: If the delay is not a whole number of months from 0 on.

    Examples:
        >>> from attrition import share
        >>> signed = RecruitmentRate(
        ...     rate=422_704,
        ...     per=Per.YEAR,
        ...     side="Russia",
        ...     stage=IntakeStage.CONTRACTED,
        ...     period=Period.year(2025),
        ... )
        >>> arrived = arrivals(signed, share=share(0.85, 0.98, confidence=0.9), delay=1)
        >>> print(arrived)
        398,773 (359,298 to 414,250 at 90 %) per year, 2025-02-01 to 2026-01-31, Russia, arrived
    """
    checked(rate, RecruitmentRate, "rate", example="RecruitmentRate(rate=..., per=Per.MONTH, ...)")
    if rate.stage is not IntakeStage.CONTRACTED:
        raise EstimateError(
            f"the rate of {rate} has stage {rate.stage.name}: expected CONTRACTED. "
            f"Use it as it is, for its people have arrived already."
        )
    months = 0 if delay is None else as_whole(delay, "delay", least=0, example=2)
    return attrs.evolve(
        rate,
        rate=rate.rate * as_share(share, "share", error=EstimateError),
        stage=IntakeStage.ARRIVED,
        period=None if rate.period is None else rate.period.later(months=months),
    )
