"""How losses and intake go on: a level that is not known, a trend, noise and changes."""

from typing import ClassVar, TypeAlias, final

import attrs

from attrition.accounts import Category, Per, Period
from attrition.accounts.category import is_category
from attrition.accounts.checks import as_side, is_a, is_member
from attrition.accounts.quantities import as_number, is_people
from attrition.errors import ProjectionError
from attrition.projection.change import Change, Ramp, Surge, as_changes
from attrition.projection.exposure import Exposure
from attrition.projection.season import Season, is_season
from attrition.projection.trend import Trend
from attrition.projection.variation import Variation
from attrition.uncertain import Uncertain

__all__ = ["IntakeProcess", "LossProcess", "Process"]


@final
@attrs.frozen(kw_only=True)
class LossProcess:
    """
    Losses as they go on: a model of the future, not a record of the past.

    Attributes:
        level: Mean people lost per ``per``; unknown, and the same unknown in every step.

        per: The unit of the level.

        category: What is counted.

        side: Who loses them.

        trend: Growth of the level.

        season: What the time of year does to the level.

        variation: What differs from step to step.

        changes: Changes, ramps and surges.

        observed: The period in which the level was counted. The count tells the level times the
            season and the noise of that period, and the noise goes on from there.

        exposure: How they depend on strength.

    Examples:
        >>> from attrition import about
        >>> LossProcess(
        ...     level=about(44_000, sd=3_000), per=Per.MONTH,
        ...     category=Category.IRRECOVERABLE, side="Russia",
        ... ).per.name
        'MONTH'
    """

    level: Uncertain = attrs.field(converter=as_number, validator=is_people)
    per: Per = attrs.field(validator=is_member(Per, error=ProjectionError))
    category: Category = attrs.field(validator=is_category)
    side: str = attrs.field(converter=as_side)
    trend: Trend | None = attrs.field(
        default=None,
        validator=is_a(Trend, example="Trend(per_year=-0.03, form=...)", optional=True),
    )
    season: Season | None = attrs.field(default=None, validator=is_season)
    variation: Variation | None = attrs.field(
        default=None,
        validator=is_a(Variation, example="Variation.independent(0.1, Per.MONTH)", optional=True),
    )
    changes: tuple[Change | Ramp | Surge, ...] = attrs.field(default=(), converter=as_changes)
    observed: Period | None = attrs.field(
        default=None, validator=is_a(Period, example="Period.month(2026, 1)", optional=True)
    )
    exposure: Exposure | None = attrs.field(
        default=None, validator=is_a(Exposure, example="Exposure(power=1)", optional=True)
    )

    kind: ClassVar[str] = "losses"

    def __attrs_post_init__(self) -> None:
        _check_observed(self)


@final
@attrs.frozen(kw_only=True)
class IntakeProcess:
    """
    Arrivals as they go on: recruits who reach the force, not contracts signed.

    Attributes:
        level: Mean people who arrive per ``per``; unknown, and the same in every step.

        per: The unit of the level.

        side: Whose force they join.

        trend: Growth of the level.

        season: What the time of year does to the level.

        variation: What differs from step to step.

        changes: Changes, ramps and surges.

        observed: The period in which the level was counted; see :class:`LossProcess`.

    Examples:
        >>> from attrition import about
        >>> IntakeProcess(level=about(35_000, sd=2_000), per=Per.MONTH, side="Russia").side
        'Russia'
    """

    level: Uncertain = attrs.field(converter=as_number, validator=is_people)
    per: Per = attrs.field(validator=is_member(Per, error=ProjectionError))
    side: str = attrs.field(converter=as_side)
    trend: Trend | None = attrs.field(
        default=None,
        validator=is_a(Trend, example="Trend(per_year=-0.03, form=...)", optional=True),
    )
    season: Season | None = attrs.field(default=None, validator=is_season)
    variation: Variation | None = attrs.field(
        default=None,
        validator=is_a(Variation, example="Variation.independent(0.1, Per.MONTH)", optional=True),
    )
    changes: tuple[Change | Ramp | Surge, ...] = attrs.field(default=(), converter=as_changes)
    observed: Period | None = attrs.field(
        default=None, validator=is_a(Period, example="Period.month(2026, 1)", optional=True)
    )

    kind: ClassVar[str] = "recruitment"

    def __attrs_post_init__(self) -> None:
        _check_observed(self)


Process: TypeAlias = LossProcess | IntakeProcess
"""A process of either kind."""


def _check_observed(process: Process) -> None:
    season, observed = process.season, process.observed
    if season is None or observed is None or season.over(observed, process.per) > 0.0:
        return
    raise ProjectionError(
        f"the {process.kind} were observed in {observed}, in which their season is 0: expected a "
        f"period in which people were moved. Leave observed out if the level is a mean over the "
        f"year."
    )
