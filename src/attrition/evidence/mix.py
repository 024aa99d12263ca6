"""How casualties divide: the ratios between killed, wounded, returned, missing and captured."""

import functools
import operator
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Self, final, overload

import attrs

from attrition._typing import Number
from attrition.accounts.category import Category, checked_category
from attrition.accounts.losses import LossEstimate
from attrition.accounts.quantities import as_number, as_number_or_none
from attrition.errors import CategoryError, MixError
from attrition.evidence.bases import survivors
from attrition.evidence.fields import (
    as_estimates,
    is_ratio,
    is_share,
)
from attrition.evidence.parts import RATIOS, loose, summed, told_by, why_not
from attrition.evidence.shares import ratios_of
from attrition.uncertain import Uncertain, UncertainLike

__all__ = ["CasualtyMix"]


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

    wounded_per_killed: Uncertain = attrs.field(converter=as_number, validator=is_ratio)
    returned_per_wounded: Uncertain | None = attrs.field(
        default=None, converter=as_number_or_none, validator=attrs.validators.optional(is_share)
    )
    missing_per_killed: Uncertain | None = attrs.field(
        default=None, converter=as_number_or_none, validator=attrs.validators.optional(is_ratio)
    )
    captured_per_killed: Uncertain | None = attrs.field(
        default=None, converter=as_number_or_none, validator=attrs.validators.optional(is_ratio)
    )
    died_of_wounds_per_killed: Uncertain | None = attrs.field(
        default=None, converter=as_number_or_none, validator=attrs.validators.optional(is_share)
    )
    nonbattle_dead_per_killed: Uncertain | None = attrs.field(
        default=None, converter=as_number_or_none, validator=attrs.validators.optional(is_ratio)
    )
    estimated_from: tuple[LossEstimate, ...] = attrs.field(default=(), converter=as_estimates)

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

    @classmethod
    def from_us_ratios(
        cls,
        *,
        wia_per_kia: UncertainLike | None = None,
        wia_per_killed: UncertainLike | None = None,
        dow_per_wia: UncertainLike,
        returned_per_wounded: UncertainLike | None = None,
        missing_per_killed: UncertainLike | None = None,
        captured_per_killed: UncertainLike | None = None,
        nonbattle_dead_per_killed: UncertainLike | None = None,
        estimated_from: LossEstimate | Iterable[LossEstimate] = (),
    ) -> Self:
        """
        A mix from ratios in which the wounded hold those who died of wounds.

        With a share d of the wounded dead of their wounds, w' wounded per killed in action
        are w' (1 - d) / (1 + d w') survivors per killed, and r wounded per killed, died of
        wounds on both sides of the ratio, are r (1 - d).

        Args:
            wia_per_kia: Wounded, died of wounds among them, per killed before treatment.

            wia_per_killed: The same per killed, died of wounds among these as well; give one
                of the two.

            dow_per_wia: Share of the wounded who died of their wounds.

            returned_per_wounded: Share of the survivors who return to duty.

            missing_per_killed: Missing per killed.

            captured_per_killed: Captured per killed.

            nonbattle_dead_per_killed: Dead of disease or accident per killed.

            estimated_from: The estimates whose counts the ratios came from, if any.

        Raises:
            MixError: If not one of the two ratios is given, a ratio can be negative, a share
                lies outside [0, 1], or more would have died of wounds than were killed.

        Examples:
            US forces in Iraq, 9.17: as the source has it, died of wounds on both sides, and
            as it would be with those among the wounded only.

            >>> both = CasualtyMix.from_us_ratios(wia_per_killed=9.17, dow_per_wia=0.035)
            >>> wounded = CasualtyMix.from_us_ratios(wia_per_kia=9.17, dow_per_wia=0.035)
            >>> [round(mix.wounded_per_killed.median(), 2) for mix in (both, wounded)]
            [8.85, 6.7]

        References:
            Congressional Budget Office (2014), Working Paper 2014-08.
        """
        wounded, died = survivors(wia_per_kia, wia_per_killed, dow_per_wia)
        return cls(
            wounded_per_killed=wounded,
            returned_per_wounded=returned_per_wounded,
            missing_per_killed=missing_per_killed,
            captured_per_killed=captured_per_killed,
            died_of_wounds_per_killed=died,
            nonbattle_dead_per_killed=nonbattle_dead_per_killed,
            estimated_from=estimated_from,
        )

    @overload
    @classmethod
    def from_shares(
        cls,
        shares: Mapping[Category, UncertainLike],
        *,
        rest: Category,
        estimated_from: LossEstimate | Iterable[LossEstimate] = (),
    ) -> Self: ...
    @overload
    @classmethod
    def from_shares(
        cls,
        *,
        dirichlet: Mapping[Category, Number],
        estimated_from: LossEstimate | Iterable[LossEstimate] = (),
    ) -> Self: ...
    @classmethod
    def from_shares(
        cls,
        shares: Mapping[Category, UncertainLike] | None = None,
        *,
        rest: Category | None = None,
        dirichlet: Mapping[Category, Number] | None = None,
        estimated_from: LossEstimate | Iterable[LossEstimate] = (),
    ) -> Self:
        """
        A mix from the shares of a whole: all but one, or a Dirichlet distribution of them.

        The parts are KILLED, or KIA and DOW; WOUNDED, or WIA_RTD and WIA_LOST; and MIA, POW
        and DNB_DIED where they are among those counted. A part that is left out is unknown.

        Args:
            shares: The share of each part but one, inside [0, 1].

            rest: The part that makes up what is left.

            dirichlet: The parameter of each part, above 0. After k_i people of each part
                were counted, and with a flat prior, k_i + 1.

            estimated_from: The estimates whose counts the shares came from, if any.

        Raises:
            MixError: If the parts do not make up a mix, or the shares sum to more than 1.

            ParameterError: If a parameter is not above 0.

        Examples:
            >>> from attrition import share
            >>> dead = share(0.2, 0.35, confidence=0.9)
            >>> mix = CasualtyMix.from_shares({Category.KILLED: dead}, rest=Category.WOUNDED)
            >>> round(mix.wounded_per_killed.median(), 2)
            2.73
            >>> mix = CasualtyMix.from_shares(
            ...     dirichlet={Category.KILLED: 27, Category.WIA_RTD: 41, Category.WIA_LOST: 34}
            ... )
            >>> mix.covers(Category.WIA_LOST), round(mix.returned_per_wounded.mean(), 3)
            (True, 0.547)

        References:
            James, I. R. and Mosimann, J. E. (1980). A new characterization of the Dirichlet
            distribution through neutrality. doi:10.1214/aos/1176344900
        """
        ratios = ratios_of(shares, rest, dirichlet)
        return cls(**ratios, estimated_from=estimated_from)

    @property
    def parts(self) -> Mapping[Category, Uncertain]:
        """
        The finest sets of outcomes that the mix tells apart, as people per killed.

        Examples:
            >>> {part.label: x.median() for part, x in CasualtyMix.from_ratios(2.67).parts.items()}
            {'KILLED': 1.0, 'WOUNDED': 2.67}
        """
        return MappingProxyType(self._split)

    def covers(self, category: Category) -> bool:
        """
        Whether the mix determines a category: it is a union of parts.

        Examples:
            >>> mix = CasualtyMix.from_ratios(2.67, missing_per_killed=0.35)
            >>> mix.covers(Category.KILLED | Category.MIA), mix.covers(Category.WIA_RTD)
            (True, False)
        """
        wanted = checked_category(category, "category")
        return not loose(wanted, self._told)

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
        missing = loose(wanted, self._told)
        return tuple(name for name, outcomes in RATIOS.items() if missing & outcomes)

    def _people(self, category: Category, what: str) -> Uncertain:
        """People per killed; whole KILLED and WOUNDED are not split, so that they stay exact."""
        wanted = checked_category(category, what)
        if not self.covers(wanted):
            raise MixError(why_not(wanted, self.missing_ratios(wanted)))
        weights = map(self._weight, summed(wanted, self._told))
        return functools.reduce(operator.add, (one for one in weights if one is not None))

    @functools.cached_property
    def _told(self) -> tuple[Category, ...]:
        """The finest sets of outcomes that the mix tells apart."""
        known = [name for name in RATIOS if getattr(self, name) is not None]
        return told_by(tuple(known))

    @functools.cached_property
    def _split(self) -> dict[Category, Uncertain]:
        weights = ((part, self._weight(part)) for part in self._told)
        return {part: weight for part, weight in weights if weight is not None}

    def _weight(self, part: Category) -> Uncertain | None:
        """People in a part per killed, made where they are asked for; None if unknown."""
        wounded, died = self.wounded_per_killed, self.died_of_wounds_per_killed
        returned = self.returned_per_wounded
        if part is Category.KIA:
            return None if died is None else 1 - died
        if part is Category.WIA_RTD:
            return None if returned is None else wounded * returned
        if part is Category.WIA_LOST:
            return None if returned is None else wounded * (1 - returned)
        given = {
            Category.KILLED: Uncertain.of(1),
            Category.DOW: died,
            Category.WOUNDED: wounded,
            Category.MIA: self.missing_per_killed,
            Category.POW: self.captured_per_killed,
            Category.DNB_DIED: self.nonbattle_dead_per_killed,
        }
        return given[part]
