"""How a message names an estimate: what was counted, when, on whose side, and who said so."""

from collections.abc import Sequence

from attrition.accounts.losses import LossEstimate

__all__ = ["all_named", "named"]

LISTED = 3
"""More estimates than these are named by the first, the last and how many there are."""


def named(estimate: LossEstimate) -> str:
    """
    One estimate without its count, which a message about several would drown in.

    Examples:
        >>> from attrition import Category, Period
        >>> estimate = LossEstimate.central(
        ...     count=1_000, category=Category.KILLED, period=Period.year(2025), side="Russia"
        ... )
        >>> named(estimate)
        'KILLED, 2025, Russia'
    """
    source = "" if estimate.source is None else f" ({estimate.source})"
    return f"{estimate.category}, {estimate.period}, {estimate.side}{source}"


def all_named(estimates: Sequence[LossEstimate]) -> str:
    """
    Several estimates in their order.

    Examples:
        >>> from attrition import Category, Period
        >>> years = [
        ...     LossEstimate.central(
        ...         count=1_000, category=Category.KILLED, period=Period.year(year), side="Russia"
        ...     )
        ...     for year in (2022, 2023, 2024, 2025)
        ... ]
        >>> all_named(years[:2])
        'KILLED, 2022, Russia; KILLED, 2023, Russia'
        >>> all_named(years)
        '4 estimates, from KILLED, 2022, Russia to KILLED, 2025, Russia'
    """
    names = [named(estimate) for estimate in estimates]
    if len(names) > LISTED:
        return f"{len(names)} estimates, from {names[0]} to {names[-1]}"
    return "; ".join(names)
