"""The outcomes that the ratios of a mix tell apart, and which ratio a category waits for."""

import functools
import operator
from collections.abc import Iterable, Mapping, Sequence

from attrition.accounts.category import Category
from attrition.uncertain import Uncertain

__all__ = ["RATIOS", "REACH", "inside", "listed", "union", "why_not"]

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


def union(sets: Iterable[Category]) -> Category:
    """
    Everybody who is in one of the sets.

    Examples:
        >>> union([Category.KIA, Category.DOW])
        Category.KILLED
    """
    return functools.reduce(operator.or_, sets, Category(0))


def inside(category: Category, weights: Mapping[Category, Uncertain]) -> dict[Category, Uncertain]:
    """
    The parts that lie inside a category, with their weights.

    Examples:
        >>> weights = {Category.KILLED: Uncertain.of(1), Category.MIA: Uncertain.of(0.3)}
        >>> list(inside(Category.DEATHS, weights))
        [Category.KILLED]
    """
    return {part: weight for part, weight in weights.items() if not part & ~category}


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
