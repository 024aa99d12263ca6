"""Records with all their fields, for tests that change one of them."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from attrition.accounts import (
    Bound,
    Category,
    Force,
    IntakeStage,
    LossEstimate,
    Per,
    Period,
    RecruitmentRate,
    Source,
    StrengthBasis,
    Unit,
)
from attrition.uncertain import UncertainLike

R = TypeVar("R")

JANUARY = Period.month(2026, 1)
DECEMBER = Period.month(2025, 12)
STAFF = Source(name="General Staff", published=date(2026, 2, 1), aligned_with="Ukraine")


def unchecked(function: Callable[..., R]) -> Callable[..., R]:
    """The function as somebody calls it who runs no type checker."""
    return function


def lost(
    count: UncertainLike = 31_680,
    category: Category = Category.KILLED_AND_WOUNDED,
    *,
    unit: Unit = Unit.PERSONS,
    period: Period = JANUARY,
    side: str = "Russia",
    bound: Bound = Bound.CENTRAL,
    source: Source | None = None,
) -> LossEstimate:
    """Losses of January 2026 as the General Staff of Ukraine claims them."""
    return LossEstimate(
        count=count,
        category=category,
        unit=unit,
        period=period,
        side=side,
        bound=bound,
        source=source,
    )


def joined(
    rate: UncertainLike = 22_000,
    *,
    per: Per = Per.MONTH,
    side: str = "Russia",
    stage: IntakeStage = IntakeStage.ARRIVED,
    period: Period | None = None,
    source: Source | None = None,
) -> RecruitmentRate:
    """Recruits of January 2026, as a rate."""
    return RecruitmentRate(rate=rate, per=per, side=side, stage=stage, period=period, source=source)


def force(
    strength: UncertainLike = 712_000,
    *,
    as_of: date = date(2026, 2, 1),
    side: str = "Russia",
    basis: StrengthBasis = StrengthBasis.COMMITTED,
    source: Source | None = None,
) -> Force:
    """The force in the theatre."""
    return Force(strength=strength, as_of=as_of, side=side, basis=basis, source=source)
