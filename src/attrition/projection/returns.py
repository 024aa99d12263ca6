"""Who comes back, when, and who is in hospital when a projection starts."""

import itertools
from collections.abc import Iterable, Sequence
from typing import final

import attrs

from attrition._typing import FloatArray
from attrition.accounts import Bound, Category, LossEstimate
from attrition.accounts.checks import is_a
from attrition.errors import ProjectionError
from attrition.evidence import CasualtyMix
from attrition.projection.calendar import Grid
from attrition.projection.delay import Delay
from attrition.projection.later_mix import LaterMix, as_later, parts_by_mix
from attrition.uncertain import Uncertain

__all__ = ["RETURNING", "Hospital", "Returns"]

RETURNING = Category.WIA_RTD | Category.DNB_RTD
"""The outcomes that end with the force again."""


@final
@attrs.frozen
class Hospital:
    """
    Who is in hospital at the start, and so comes back without having been lost since.

    It decides signs, so there is no default: :meth:`empty`, :meth:`steady` or
    :meth:`from_losses`.

    Attributes:
        is_steady: Whether it is filled at the projection's own level.

        past: The losses that filled it.

    Examples:
        >>> Hospital.steady() == Hospital.empty()
        False
    """

    is_steady: bool
    past: tuple[LossEstimate, ...] = ()

    @classmethod
    def empty(cls) -> "Hospital":
        """
        Nobody: the returns of earlier losses are left out, which makes the fall too steep.

        Examples:
            >>> Hospital.empty().past
            ()
        """
        return cls(is_steady=False)

    @classmethod
    def steady(cls) -> "Hospital":
        """
        As many as if the losses had always stood at the projection's own unknown level.

        The level is that of the losses at the start with its trend, without changes and without
        variation.

        Examples:
            >>> Hospital.steady().is_steady
            True
        """
        return cls(is_steady=True)

    @classmethod
    def from_losses(cls, past: Iterable[LossEstimate]) -> "Hospital":
        """
        Those whom known losses put there, each spread evenly over its period.

        Args:
            past: Central estimates in the category of the projected losses, on periods before
                the start that do not overlap.

        Returns:
            The hospital.

        Raises:
            ProjectionError: If there are none, one is no central estimate, or two overlap.

        Examples:
            >>> from attrition import about
            >>> from attrition.accounts import Period
            >>> december = LossEstimate.central(
            ...     count=about(35_050, sd=1_750), category=Category.KILLED_AND_WOUNDED,
            ...     period=Period.month(2025, 12), side="Russia",
            ... )
            >>> len(Hospital.from_losses([december]).past)
            1
        """
        losses = tuple(_check_estimate(estimate) for estimate in past)
        _check_past(losses)
        return cls(is_steady=False, past=losses)


def _check_estimate(estimate: object) -> LossEstimate:
    if not isinstance(estimate, LossEstimate) or estimate.bound is not Bound.CENTRAL:
        raise ProjectionError(
            f"{estimate} among the past losses: expected central estimates. "
            f"Type LossEstimate.central(count=..., ...)."
        )
    return estimate


def _check_past(past: Sequence[LossEstimate]) -> None:
    if not past:
        raise ProjectionError(
            "no past losses were given: expected at least one estimate. "
            "Type Hospital.empty() if nobody is in hospital."
        )
    ordered = sorted((estimate.period for estimate in past), key=lambda period: period.start)
    for earlier, later in itertools.pairwise(ordered):
        if earlier.overlaps(later):
            raise ProjectionError(
                f"past losses of {earlier} and of {later} overlap: expected each person once. "
                f"Leave one of the two out."
            )


@final
@attrs.frozen(kw_only=True)
class Returns:
    """
    What comes back of losses that are not for good.

    Attributes:
        mix: Who is killed, wounded and returned among the losses.

        delay: How long those who return are away.

        hospital: Who is in hospital at the start, by ``mix``.

        later: Mixes of the losses from a date on, by date.

    Examples:
        >>> from attrition import between, share
        >>> mix = CasualtyMix.from_ratios(
        ...     wounded_per_killed=between(2.3, 3.4, confidence=0.9, family="lognormal"),
        ...     returned_per_wounded=share(0.4, 0.7, confidence=0.9),
        ... )
        >>> back = Returns(
        ...     mix=mix, delay=Delay.gamma(mean=3, sd=2), hospital=Hospital.steady()
        ... )
        >>> round(back.share_of(Category.KILLED_AND_WOUNDED).median(), 2)
        0.41
    """

    mix: CasualtyMix = attrs.field(
        validator=is_a(CasualtyMix, example="CasualtyMix.from_ratios(wounded_per_killed=...)")
    )
    delay: Delay = attrs.field(validator=is_a(Delay, example="Delay.gamma(mean=3, sd=2)"))  # type: ignore[type-abstract] # any delay
    hospital: Hospital = attrs.field(validator=is_a(Hospital, example="Hospital.steady()"))
    later: tuple[LaterMix, ...] = attrs.field(default=(), converter=as_later)

    def share_of(self, category: Category) -> Uncertain:
        """
        The share of losses in ``category`` that returns, by the first mix.

        Raises:
            MixError: If the mix does not determine it.

        Examples:
            >>> mix = CasualtyMix.from_ratios(wounded_per_killed=3, returned_per_wounded=0.5)
            >>> Returns(
            ...     mix=mix, delay=Delay.shares([1.0]), hospital=Hospital.empty()
            ... ).share_of(Category.KILLED_AND_WOUNDED).value
            0.375
        """
        return _share(self.mix, category)

    def shares_of(self, category: Category) -> tuple[Uncertain, ...]:
        """
        The share of losses in ``category`` that returns, by each mix in order of date.

        Raises:
            MixError: If a mix does not determine it.

        Examples:
            >>> from datetime import date
            >>> mix = CasualtyMix.from_ratios(wounded_per_killed=3, returned_per_wounded=0.5)
            >>> worse = CasualtyMix.from_ratios(wounded_per_killed=3, returned_per_wounded=0.4)
            >>> back = Returns(
            ...     mix=mix, delay=Delay.shares([1.0]), hospital=Hospital.empty(),
            ...     later=[LaterMix(mix=worse, start=date(2026, 7, 1))],
            ... )
            >>> [round(share.mean(), 3) for share in back.shares_of(Category.KILLED_AND_WOUNDED)]
            [0.375, 0.3]
        """
        return tuple(_share(mix, category) for mix in (self.mix, *(m.mix for m in self.later)))

    def parts(self, grid: Grid) -> FloatArray:
        """
        The part of every step in which each mix holds, shape (mixes, steps).

        Examples:
            >>> from datetime import date
            >>> from attrition.accounts import Per
            >>> mix = CasualtyMix.from_ratios(wounded_per_killed=3, returned_per_wounded=0.5)
            >>> back = Returns(mix=mix, delay=Delay.shares([1.0]), hospital=Hospital.empty())
            >>> back.parts(Grid.spanning(date(2026, 2, 1), date(2026, 4, 1), Per.MONTH)).tolist()
            [[1.0, 1.0]]
        """
        return parts_by_mix([later.start for later in self.later], grid)


def _share(mix: CasualtyMix, category: Category) -> Uncertain:
    return mix.share(category & RETURNING, of=category)
