"""Small counts: who of those counted had which outcome is a matter of chance, given the shares."""

import warnings

from attrition.accounts.category import Category
from attrition.accounts.losses import LossEstimate
from attrition.errors import MixError, SmallCountWarning
from attrition.evidence.mix import CasualtyMix
from attrition.evidence.naming import named
from attrition.evidence.shares import HALVES, WHOLES
from attrition.uncertain import Uncertain, exactly, total_of
from attrition.uncertain.binomial import binomial_count
from attrition.words import people

__all__ = ["sampled_count", "warn_if_small"]

SMALL = 400
"""Of so many people chance alone moves a part by up to 5 per cent, 1 / sqrt(400)."""


def warn_if_small(estimate: LossEstimate, to: Category, ratio: Uncertain) -> None:
    """
    Warn the caller's caller where chance matters and is left out.

    Examples:
        >>> from attrition import Period
        >>> estimate = LossEstimate.central(
        ...     count=31_680,
        ...     category=Category.KILLED_AND_WOUNDED,
        ...     period=Period.month(2026, 1),
        ...     side="Russia",
        ... )
        >>> warn_if_small(estimate, Category.KILLED, exactly(0.27))
    """
    counted = estimate.count.median()
    converted = counted * ratio.median()
    if not 0.0 < min(counted, converted) < SMALL:
        return
    if estimate.category.covers(to):
        way_out = "Type sampling=True to add it, or sampling=False to go on without"
    else:
        way_out = f"It cannot be added on the way to {to}: type sampling=False to go on without"
    warnings.warn(
        f"{named(estimate)} is converted from about {people(counted)} to about "
        f"{people(converted)} {to} without the chance in who was hit how, which counts below "
        f"{SMALL} people. {way_out}.",
        SmallCountWarning,
        stacklevel=3,
    )


def sampled_count(estimate: LossEstimate, to: Category, mix: CasualtyMix) -> Uncertain:
    """
    How many of those counted had an outcome, drawn one by one from the shares of the mix.

    The parts of one estimate by one mix are multinomial: they add up to it in every draw.

    Args:
        estimate: Whole people, whose category covers ``to``.

        to: The outcomes asked for.

        mix: The shares.

    Raises:
        MixError: If ``to`` holds people who were not counted.

    Examples:
        >>> from attrition import Period
        >>> estimate = LossEstimate.central(
        ...     count=300,
        ...     category=Category.KILLED_AND_WOUNDED,
        ...     period=Period.month(2026, 1),
        ...     side="Russia",
        ... )
        >>> mix = CasualtyMix.from_ratios(3)
        >>> count = sampled_count(estimate, Category.KILLED, mix)
        >>> count.mean(), count.var()
        (75.0, 56.25)
    """
    if not estimate.category.covers(to):
        raise MixError(
            f"sampling=True for {named(estimate)} to {to}: expected outcomes of people who were "
            f"counted, for only those can be drawn from shares. Type sampling=False."
        )
    # Without the category: of the killed that were drawn from a claim, those who died of wounds
    # are the same, whether they are asked for at once or one step after the other.
    key = f"{estimate.period}\n{estimate.side}\n{estimate.source}\n{estimate.unit}"
    left, remaining = _possible(estimate.category, mix), estimate.count
    found: list[Uncertain] = []
    for whole in WHOLES:
        block = left & whole
        if not block:
            continue
        count = remaining
        if block != left:
            chance = mix.share(block, of=left)
            count = binomial_count(remaining, chance, key=f"{key}\n{whole}")
        if to & block:
            found.append(_wanted(count, block, to, mix, key))
        left, remaining = left & ~block, remaining - count
    return total_of(*found) if found else exactly(0)


def _possible(category: Category, mix: CasualtyMix) -> Category:
    """The outcomes that somebody may have had: without those whose weight is 0."""
    parts = [part for part in mix.parts if category.covers(part)]
    empty = [part for part in parts if mix.parts[part].value == 0.0]
    for part in empty:
        category &= ~part
    return category


def _wanted(
    count: Uncertain, block: Category, to: Category, mix: CasualtyMix, key: str
) -> Uncertain:
    """The people of a block that were asked for: all, or one of its halves."""
    if to.covers(block):
        return count
    first, _ = HALVES[block]
    chance = mix.share(first, of=block)
    of_first = binomial_count(count, chance, key=f"{key}\n{first}")
    return of_first if to.covers(first) else count - of_first
