"""Mixes by date: what holds for losses from a day on, and for which part of every step."""

import itertools
from collections.abc import Iterable, Sequence
from datetime import date
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.accounts.checks import is_a, is_date
from attrition.errors import ProjectionError
from attrition.evidence import CasualtyMix
from attrition.projection.calendar import Grid, months_between

__all__ = ["LaterMix", "as_later", "parts_by_mix"]


@final
@attrs.frozen(kw_only=True)
class LaterMix:
    """
    The mix of losses from a date on, up to the next one.

    Who was lost before that date comes back by the earlier mix, however late.

    Attributes:
        mix: Who is killed, wounded and returned among the losses.

        start: The first day of it.

    Examples:
        >>> worse = CasualtyMix.from_ratios(wounded_per_killed=2, returned_per_wounded=0.5)
        >>> LaterMix(mix=worse, start=date(2026, 7, 1)).start
        datetime.date(2026, 7, 1)
    """

    mix: CasualtyMix = attrs.field(
        validator=is_a(CasualtyMix, example="CasualtyMix.from_ratios(wounded_per_killed=...)")
    )
    start: date = attrs.field(validator=is_date)


def as_later(value: LaterMix | Iterable[LaterMix]) -> tuple[LaterMix, ...]:
    """
    Later mixes as a tuple in order of their dates, one alone as a tuple of one.

    Raises:
        ProjectionError: If one is no :class:`LaterMix`, or two start on one day.

    Examples:
        >>> as_later([])
        ()
    """
    given = (value,) if isinstance(value, LaterMix) or not isinstance(value, Iterable) else value
    later = sorted((_checked(one) for one in given), key=lambda one: one.start)
    for earlier, next_ in itertools.pairwise(later):
        if earlier.start == next_.start:
            raise ProjectionError(
                f"two later mixes start on {next_.start}: expected one for each date. Leave one of "
                f"the two out, or let it start on another day."
            )
    return tuple(later)


def _checked(one: object) -> LaterMix:
    if not isinstance(one, LaterMix):
        raise ProjectionError(
            f"{one!r} among the later mixes: expected a LaterMix. Type "
            f"later=[LaterMix(mix=CasualtyMix.from_ratios(...), start=datetime.date(2026, 7, 1))]."
        )
    return one


def parts_by_mix(starts: Sequence[date], grid: Grid) -> FloatArray:
    """
    The part of every step in which each mix holds; the first one holds until the first date.

    Args:
        starts: Rising dates from which the second mix, the third and so on hold.

        grid: The steps.

    Returns:
        Shape (mixes, steps), columns that sum to 1.

    Examples:
        >>> from attrition.accounts import Per
        >>> months = Grid.spanning(date(2026, 2, 1), date(2026, 5, 1), Per.MONTH)
        >>> parts_by_mix([date(2026, 3, 16)], months).round(3).tolist()
        [[1.0, 0.484, 0.0], [0.0, 0.516, 1.0]]
    """
    if not starts:
        return np.ones((1, grid.steps))
    edges = np.array(grid.edges)
    marks = np.array([months_between(grid.start, start) for start in starts])
    passed = (marks[:, None] - edges[:-1]) / np.diff(edges)
    before = np.clip(passed, 0.0, 1.0)
    return np.diff(before, axis=0, prepend=0.0, append=1.0)
