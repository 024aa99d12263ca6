"""Losses against recruits in one period: three deficits, and they are not the same."""

from collections.abc import Sequence
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.accounts import LossEstimate, Per, Period, RecruitmentRate
from attrition.accounts.checks import checked
from attrition.accounts.quantities import people_text
from attrition.projection.admission import check_category, check_past, check_sides
from attrition.projection.calendar import Grid
from attrition.projection.engine import returning
from attrition.projection.returns import Returns
from attrition.projection.steady import steady
from attrition.uncertain import Uncertain, exactly, total_of
from attrition.words import text_table

__all__ = ["Balance", "balance"]


@final
@attrs.frozen(kw_only=True)
class Balance:
    """
    What losses leave of a force after recruits and returns; positive means it shrinks.

    Attributes:
        period: The period of the losses; recruits are counted over the same one.

        gross: Losses minus arrivals, the number that officials give.

        ultimate: The same once everyone of these losses who comes back has come back.

        in_period: The same with those who come back within the period, from the hospital too.

        replacement_ratio: Arrivals and all returns per person lost; below 1 the force shrinks.

    Examples:
        >>> from attrition.accounts import Category, IntakeStage
        >>> lost = LossEstimate.central(
        ...     count=44_000, category=Category.IRRECOVERABLE, period=Period.month(2026, 1),
        ...     side="Russia",
        ... )
        >>> joined = RecruitmentRate(
        ...     rate=35_000, per=Per.MONTH, side="Russia", stage=IntakeStage.ARRIVED
        ... )
        >>> round(balance(lost, joined).replacement_ratio.median(), 3)
        0.795
    """

    period: Period
    gross: Uncertain
    ultimate: Uncertain
    in_period: Uncertain
    replacement_ratio: Uncertain

    def __str__(self) -> str:
        header = ["deficit", "people", "that the force shrinks", "found by"]
        rows = [
            _row("gross", self.gross),
            _row("after all returns", self.ultimate),
            _row("within the period", self.in_period),
        ]
        return f"{self.period}\n{text_table(header, rows, align='llll')}"


def _row(name: str, deficit: Uncertain) -> list[str]:
    shrinks = (deficit > 0.0).summary()
    return [name, people_text(deficit), f"{shrinks}", shrinks.method]


def balance(
    losses: LossEstimate, recruitment: RecruitmentRate, *, returns: Returns | None = None
) -> Balance:
    """
    Weigh the losses of a period against those who arrived in it.

    The gross difference means something only for losses for good; of killed and wounded many
    come back, so it says how many fell out, not by how much the force shrank.

    Args:
        losses: A central estimate in persons.

        recruitment: A rate of arrivals; it is taken over the period of the losses.

        returns: Who comes back and when; needed where the losses include some who do. Later
            mixes count from their dates on, those after the period not at all.

    Returns:
        Three deficits and the replacement ratio, tied to the inputs and to each other.

    Raises:
        ProjectionError: If the losses do not say who comes back, a later mix starts before the
            period, or the hospital was filled by others or by losses that are not before it.

        EstimateError: If a figure is a floor or a ceiling, counts cases or contracts, or the
            sides differ.

    Warns:
        ExtrapolationWarning: If the rate was observed in another period.

    Examples:
        >>> from attrition import about, probability
        >>> from attrition.accounts import Category, IntakeStage
        >>> lost = LossEstimate.central(
        ...     count=about(44_000, relative=0.1, confidence=0.9),
        ...     category=Category.IRRECOVERABLE, period=Period.month(2026, 1), side="Russia",
        ... )
        >>> joined = RecruitmentRate(
        ...     rate=about(35_000, relative=0.1, confidence=0.9), per=Per.MONTH, side="Russia",
        ...     stage=IntakeStage.ARRIVED,
        ... )
        >>> january = balance(lost, joined)
        >>> round(january.gross.median()), round(probability(january.gross > 0), 3)
        (9000, 0.996)
    """
    process = steady(checked(losses, LossEstimate, "losses", example="LossEstimate.central(...)"))
    intake = steady(
        checked(recruitment, RecruitmentRate, "recruitment", example="RecruitmentRate(...)")
    )
    check_sides(process.side, (intake,), "the losses are")
    check_category(losses.category, returns)
    if returns is not None:
        check_past(process, returns, losses.period.start)
    arrived = recruitment.over(losses.period)
    gross = losses.count - arrived
    back_in_all, back_in_period = _returned(losses, returns)
    return Balance(
        period=losses.period,
        gross=gross,
        ultimate=gross - back_in_all,
        in_period=gross - back_in_period,
        replacement_ratio=(arrived + back_in_all) / losses.count,
    )


def _returned(losses: LossEstimate, returns: Returns | None) -> tuple[Uncertain, Uncertain]:
    """Who of the losses comes back in all, and who comes back within the period."""
    if returns is None:
        return exactly(0), exactly(0)
    shares = returns.shares_of(losses.category)
    grid = Grid.spanning(losses.period.start, losses.period.end, Per.MONTH)
    matrix, steady_past, past = returning(returns, grid)
    months = np.diff(grid.edges)
    parts = returns.parts(grid) * months / months.sum()
    by_then = parts @ matrix.sum(axis=1)
    here = losses.count * by_then[0] + losses.rate(Per.MONTH) * steady_past.sum()
    for estimate, due in zip(returns.hospital.past, past, strict=True):
        here = here + estimate.count * due.sum()
    in_period = here * shares[0]
    if by_then[1:].any():
        in_period = in_period + losses.count * _weighted(shares[1:], by_then[1:])
    return losses.count * _weighted(shares, parts.sum(axis=1)), in_period


def _weighted(shares: Sequence[Uncertain], weights: FloatArray) -> Uncertain:
    """The weighted sum over the mixes that held, as plain as it can be."""
    held = [(share, weight) for share, weight in zip(shares, weights, strict=True) if weight > 0.0]
    return total_of(*(share if weight == 1.0 else share * weight for share, weight in held))
