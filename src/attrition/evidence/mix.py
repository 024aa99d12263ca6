"""How casualties divide: the ratios between killed, wounded, returned, missing and captured."""

import functools
import operator
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Self, final

import attrs

from attrition.accounts.category import Category, checked_category
from attrition.accounts.losses import LossEstimate
from attrition.accounts.quantities import as_number, as_number_or_none, as_share, check_ratio
from attrition.errors import CategoryError, MixError
from attrition.uncertain import Uncertain, UncertainLike

__all__ = ["CasualtyMix"]

RATIOS = {
    "died_of_wounds_per_killed": Category.KILLED,
    "returned_per_wounded": Category.WOUNDED,
    "missing_per_killed": Category.MIA,
    "captured_per_killed": Category.POW,
    "nonbattle_dead_per_killed": Category.DNB_DIED,
}
"""The outcomes that each optional ratio tells apart or adds."""


def _is_ratio(_: object, field: "attrs.Attribute[Uncertain]", value: Uncertain) -> None:
    check_ratio(value, field.name, error=MixError)


def _is_ratio_or_none(
    _: object, field: "attrs.Attribute[Uncertain | None]", value: Uncertain | None
) -> None:
    if value is not None:
        check_ratio(value, field.name, error=MixError)


def _is_share_or_none(
    _: object, field: "attrs.Attribute[Uncertain | None]", value: Uncertain | None
) -> None:
    if value is not None:
        as_share(value, field.name, error=MixError)


def _as_estimates(value: LossEstimate | Iterable[LossEstimate]) -> tuple[LossEstimate, ...]:
    if not isinstance(value, Iterable):
        return (_as_estimate(value),)
    return tuple(map(_as_estimate, value))


def _as_estimate(value: object) -> LossEstimate:
    if not isinstance(value, LossEstimate):
        raise MixError(
            f"estimated_from holds {value!r}: expected the LossEstimates whose counts the ratios "
            f"came from. Leave it out where they came from elsewhere."
        )
    return value


@final
@attrs.frozen(kw_only=True)
class CasualtyMix:
    """
    How the people lost divide among outcomes, as ratios to the killed.

    KILLED holds those who died of wounds; WOUNDED are the survivors. With w wounded
    per killed, a share s of them returned, m missing and c captured per killed,
    KILLED : WIA_RTD : WIA_LOST : MIA : POW = 1 : w s : w (1 - s) : m : c. None is
    UNKNOWN, never zero; write 0 where none is meant.

    Attributes:
        wounded_per_killed: Surviving wounded per killed.

        returned_per_wounded: Share of the wounded who return to duty.

        missing_per_killed: Missing per killed.

        captured_per_killed: Captured per killed.

        died_of_wounds_per_killed: Share of the killed who died of wounds.

        nonbattle_dead_per_killed: Dead of disease or accident per killed.

        estimated_from: The estimates whose counts the ratios came from, if any.

    Examples:
        >>> from attrition import Category, between, share
        >>> mix = CasualtyMix.from_ratios(
        ...     wounded_per_killed=between(2.3, 3.4, confidence=0.9, family="lognormal"),
        ...     returned_per_wounded=share(0.4, 0.7, confidence=0.9),
        ... )
        >>> dead = mix.share(Category.KILLED, of=Category.KILLED_AND_WOUNDED)
        >>> round(dead.median(), 3)
        0.263
        >>> mix.covers(Category.WIA_LOST), mix.covers(Category.IRRECOVERABLE)
        (True, False)
    """

    wounded_per_killed: Uncertain = attrs.field(converter=as_number, validator=_is_ratio)
    returned_per_wounded: Uncertain | None = attrs.field(
        default=None, converter=as_number_or_none, validator=_is_share_or_none
    )
    missing_per_killed: Uncertain | None = attrs.field(
        default=None, converter=as_number_or_none, validator=_is_ratio_or_none
    )
    captured_per_killed: Uncertain | None = attrs.field(
        default=None, converter=as_number_or_none, validator=_is_ratio_or_none
    )
    died_of_wounds_per_killed: Uncertain | None = attrs.field(
        default=None, converter=as_number_or_none, validator=_is_share_or_none
    )
    nonbattle_dead_per_killed: Uncertain | None = attrs.field(
        default=None, converter=as_number_or_none, validator=_is_ratio_or_none
    )
    estimated_from: tuple[LossEstimate, ...] = attrs.field(default=(), converter=_as_estimates)

    @classmethod
    def from_ratios(
        cls,
        wounded_per_killed: UncertainLike,
        *,
        returned_per_wounded: UncertainLike | None = None,
        missing_per_killed: UncertainLike | None = None,
        captured_per_killed: UncertainLike | None = None,
        died_of_wounds_per_killed: UncertainLike | None = None,
        nonbattle_dead_per_killed: UncertainLike | None = None,
        estimated_from: LossEstimate | Iterable[LossEstimate] = (),
    ) -> Self:
        """
        A mix from ratios; what is not given is unknown.

        Args:
            wounded_per_killed: Surviving wounded per killed.

            returned_per_wounded: Share of the wounded who return to duty.

            missing_per_killed: Missing per killed.

            captured_per_killed: Captured per killed.

            died_of_wounds_per_killed: Share of the killed who died of wounds.

            nonbattle_dead_per_killed: Dead of disease or accident per killed.

            estimated_from: The estimates whose counts the ratios came from, if any.

        Returns:
            The mix.

        Raises:
            MixError: If a ratio can be negative, or a share lies outside [0, 1].

        Examples:
            >>> CasualtyMix.from_ratios(2.67).covers(Category.KILLED_AND_WOUNDED)
            True
        """
        return cls(
            wounded_per_killed=wounded_per_killed,
            returned_per_wounded=returned_per_wounded,
            missing_per_killed=missing_per_killed,
            captured_per_killed=captured_per_killed,
            died_of_wounds_per_killed=died_of_wounds_per_killed,
            nonbattle_dead_per_killed=nonbattle_dead_per_killed,
            estimated_from=estimated_from,
        )

    @property
    def parts(self) -> Mapping[Category, Uncertain]:
        """
        The finest sets of outcomes that the mix tells apart, as people per killed.

        Examples:
            >>> {part.label: x.median() for part, x in CasualtyMix.from_ratios(2.67).parts.items()}
            {'KILLED': 1.0, 'WOUNDED': 2.67}
        """
        return MappingProxyType(self._weights(split=True))

    def covers(self, category: Category) -> bool:
        """
        Whether the mix determines a category: it is a union of parts.

        Examples:
            >>> mix = CasualtyMix.from_ratios(2.67, missing_per_killed=0.35)
            >>> mix.covers(Category.KILLED | Category.MIA), mix.covers(Category.WIA_RTD)
            (True, False)
        """
        wanted = checked_category(category, "category")
        return wanted == _union(_inside(wanted, self.parts))

    def ratio(self, category: Category, *, per: Category) -> Uncertain:
        """
        People in one category per person in another one.

        Raises:
            MixError: If the mix does not determine both; the message names the missing
                ratios.

        Examples:
            >>> mix = CasualtyMix.from_ratios(3, returned_per_wounded=0.5, missing_per_killed=0.25)
            >>> mix.ratio(Category.MIA, per=Category.WOUNDED).median().__round__(4)
            0.0833
        """
        above, below = self._people(category, "category"), self._people(per, "per")
        if below.value == 0.0:
            raise MixError(
                f"the mix has nobody in {per}: expected people to take a ratio to. "
                f"Give a ratio above 0 for it."
            )
        return above / below

    def share(self, part: Category, *, of: Category) -> Uncertain:
        """
        The share of a whole that one of its parts makes up.

        The shares of parts that make up the whole add up to 1 in every draw.

        Raises:
            CategoryError: If ``of`` does not cover ``part``.

            MixError: If the mix does not determine both.

        Examples:
            >>> mix = CasualtyMix.from_ratios(3, returned_per_wounded=0.5)
            >>> mix.share(Category.WIA_RTD, of=Category.KILLED_AND_WOUNDED).median()
            0.375
        """
        if not checked_category(of, "of").covers(part):
            raise CategoryError(
                f"{part} is no part of {of}: expected a category inside it. "
                f"Type mix.ratio(..., per=...) for people of one category per person of another."
            )
        return self.ratio(part, per=of)

    def missing_ratios(self, category: Category) -> tuple[str, ...]:
        """
        The ratios of ``from_ratios`` to add before the mix determines a category.

        Examples:
            >>> CasualtyMix.from_ratios(2.67).missing_ratios(Category.IRRECOVERABLE)
            ('returned_per_wounded', 'missing_per_killed', 'captured_per_killed')
        """
        wanted = checked_category(category, "category")
        loose = wanted & ~_union(_inside(wanted, self.parts))
        return tuple(name for name, outcomes in RATIOS.items() if loose & outcomes)

    def _people(self, category: Category, what: str) -> Uncertain:
        """People per killed; whole KILLED and WOUNDED are not split, so that they stay exact."""
        wanted = checked_category(category, what)
        if not self.covers(wanted):
            raise MixError(self._why_not(wanted))
        whole = _inside(wanted, self._weights(split=False))
        rest = wanted & ~_union(whole)
        weights = [*whole.values(), *_inside(rest, self._weights(split=True)).values()]
        return functools.reduce(operator.add, weights)

    def _weights(self, *, split: bool) -> dict[Category, Uncertain]:
        wounded, one = self.wounded_per_killed, Uncertain.of(1)
        returned = self.returned_per_wounded if split else None
        died = self.died_of_wounds_per_killed if split else None
        weights = {
            Category.KILLED: one if died is None else None,
            Category.KIA: None if died is None else 1 - died,
            Category.DOW: died,
            Category.WOUNDED: wounded if returned is None else None,
            Category.WIA_RTD: None if returned is None else wounded * returned,
            Category.WIA_LOST: None if returned is None else wounded * (1 - returned),
            Category.MIA: self.missing_per_killed,
            Category.POW: self.captured_per_killed,
            Category.DNB_DIED: self.nonbattle_dead_per_killed,
        }
        return {part: weight for part, weight in weights.items() if weight is not None}

    def _why_not(self, category: Category) -> str:
        reach = _union((Category.KILLED, Category.WOUNDED, *RATIOS.values()))
        beyond = category & ~reach
        if beyond:
            return (
                f"the mix does not determine {category}: no ratio of a mix reaches {beyond}. "
                f"State those as LossEstimate.central(...) of their own."
            )
        missing = self.missing_ratios(category)
        example = ", ".join(f"{name}=..." for name in missing)
        return (
            f"the mix does not determine {category}: {_listed(missing)} unknown, and unknown is "
            f"not zero. Type CasualtyMix.from_ratios(..., {example})."
        )


def _listed(names: tuple[str, ...]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last} are" if others else f"{last} is"


def _inside(category: Category, weights: Mapping[Category, Uncertain]) -> dict[Category, Uncertain]:
    return {part: weight for part, weight in weights.items() if not part & ~category}


def _union(sets: Iterable[Category]) -> Category:
    return functools.reduce(operator.or_, sets, Category(0))
