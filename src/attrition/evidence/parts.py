"""The outcomes that the ratios of a mix tell apart, and which ratio a category waits for."""

import functools
import itertools
import operator
from collections.abc import Iterable, Sequence

from attrition.accounts.category import Category

__all__ = ["RATIOS", "REACH", "inside", "listed", "loose", "summed", "told_by", "union", "why_not"]

RATIOS = {
    "died_of_wounds_per_killed": Category.KILLED,
    "returned_per_wounded": Category.WOUNDED,
    "missing_per_killed": Category.MIA,
    "captured_per_killed": Category.POW,
    "nonbattle_dead_per_killed": Category.DNB_DIED,
}
"""The outcomes that each optional ratio tells apart or adds."""

REACH = functools.reduce(operator.or_, RATIOS.values())
"""Every outcome that a mix may hold."""

WHOLES = (Category.KILLED, Category.WOUNDED, Category.MIA, Category.POW, Category.DNB_DIED)
"""What a mix knows without the ratios that divide KILLED and WOUNDED, in the order of a sum."""

HALVES = {
    "died_of_wounds_per_killed": (Category.KIA, Category.DOW),
    "returned_per_wounded": (Category.WIA_RTD, Category.WIA_LOST),
}
"""The halves into which a ratio divides a whole."""


def union(sets: Iterable[Category]) -> Category:
    """
    Everybody who is in one of the sets.

    Examples:
        >>> union([Category.KIA, Category.DOW])
        Category.KILLED
    """
    return functools.reduce(operator.or_, sets, Category(0))


@functools.cache
def told_by(ratios: tuple[str, ...]) -> tuple[Category, ...]:
    """
    The finest sets of outcomes that a mix with some of the optional ratios tells apart.

    Examples:
        >>> told_by(("returned_per_wounded",))
        (Category.KILLED, Category.WIA_RTD, Category.WIA_LOST)
    """
    whole = {name: outcomes for name, outcomes in RATIOS.items() if name in HALVES}
    parts = [HALVES[name] if name in ratios else (one,) for name, one in whole.items()]
    beside = [one for name, one in RATIOS.items() if name in ratios and name not in HALVES]
    return (*itertools.chain.from_iterable(parts), *beside)


@functools.cache
def inside(category: Category, parts: tuple[Category, ...]) -> tuple[Category, ...]:
    """
    The parts that lie inside a category.

    Examples:
        >>> inside(Category.DEATHS, (Category.KILLED, Category.MIA))
        (Category.KILLED,)
    """
    return tuple(part for part in parts if not part & ~category)


@functools.cache
def loose(category: Category, parts: tuple[Category, ...]) -> Category:
    """
    Who of a category is in none of the parts that lie inside it.

    Examples:
        >>> loose(Category.DEATHS, (Category.KILLED, Category.MIA))
        Category.DNB_DIED
    """
    return category & ~union(inside(category, parts))


@functools.cache
def summed(category: Category, parts: tuple[Category, ...]) -> tuple[Category, ...]:
    """
    What makes up a category: KILLED and WOUNDED whole where they are, then parts.

    Examples:
        >>> summed(Category.KILLED | Category.WIA_LOST, (Category.KIA, Category.WIA_LOST))
        (Category.KILLED, Category.WIA_LOST)
    """
    whole = inside(category, WHOLES)
    return whole + inside(category & ~union(whole), parts)


def why_not(category: Category, missing: Sequence[str]) -> str:
    """
    Why a mix does not determine a category, and what to type.

    Args:
        category: What was asked for.

        missing: The ratios that it waits for.

    Examples:
        >>> print(
        ...     why_not(Category.MIA, ["missing_per_killed"])
        ... )  # doctest: +NORMALIZE_WHITESPACE
        the mix does not determine MIA: missing_per_killed is unknown, and unknown is not zero.
        Type CasualtyMix.from_ratios(..., missing_per_killed=...).
    """
    beyond = category & ~REACH
    if beyond:
        return (
            f"the mix does not determine {category}: no ratio of a mix reaches {beyond}. "
            f"State those as LossEstimate.central(...) of their own."
        )
    example = ", ".join(f"{name}=..." for name in missing)
    verb = "are" if len(missing) > 1 else "is"
    return (
        f"the mix does not determine {category}: {listed(missing)} {verb} unknown, and unknown is "
        f"not zero. Type CasualtyMix.from_ratios(..., {example})."
    )


def listed(names: Sequence[str]) -> str:
    """
    Names in a sentence.

    Examples:
        >>> listed(["KIA", "DOW", "MIA"])
        'KIA, DOW and MIA'
    """
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
