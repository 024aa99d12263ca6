"""What became of the people who are counted, as sets of outcomes."""

import enum
import functools
import operator
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self, final

from attrition.errors import CategoryError

if TYPE_CHECKING:
    import attrs

__all__ = ["Category", "checked_category", "is_category"]


@final
class Category(enum.Flag):
    """
    A set of eventual outcomes, mutually exclusive, of an event dated in the period.

    A person wounded in January who dies of it in March is ``DOW`` of January. Named
    sets are unions of outcomes; any other union is made with ``|``.

    Values are written into data and never change: new outcomes are appended.

    Attributes:
        KIA: Killed before treatment.

        DOW: Died of wounds.

        WIA_RTD: Wounded, returned to duty.

        WIA_LOST: Wounded, lost to service; discharged as unfit included.

        MIA: Missing.

        POW: Captured.

        DNB_DIED: Died of disease or accident.

        DNB_LOST: Lost to service by disease or accident.

        DNB_RTD: Disease or accident, returned to duty.

        DESERTED: Deserted.

        DISCHARGED: Left at the end of a contract or by age; not for wounds.

        KILLED: Dead by enemy action: ``KIA`` and ``DOW``.

        WOUNDED: Wounded and alive.

        US_WIA: Wounded as the US counts them, died of wounds included.

        KILLED_AND_WOUNDED: What a "losses" claim most often counts.

        BATTLE_CASUALTIES: ``KILLED_AND_WOUNDED`` with missing and captured.

        IRRECOVERABLE: Battle casualties who do not come back to duty: ``KILLED``,
            ``WIA_LOST``, missing and captured.

        DEATHS: ``KILLED`` and ``DNB_DIED``.

        SOVIET_IRRECOVERABLE: ``DEATHS``, missing and captured.

        SOVIET_SANITARY: Wounded and sick who were evacuated.

        CASUALTIES: ``BATTLE_CASUALTIES`` and all disease and accident.

        SEPARATIONS: Everyone who leaves the force for good.

    Examples:
        >>> Category.IRRECOVERABLE.covers(Category.KILLED)
        True
        >>> (Category.KIA | Category.DOW).label
        'KILLED'
    """

    KIA = 1
    DOW = 2
    WIA_RTD = 4
    WIA_LOST = 8
    MIA = 16
    POW = 32
    DNB_DIED = 64
    DNB_LOST = 128
    DNB_RTD = 256
    DESERTED = 512
    DISCHARGED = 1024

    KILLED = KIA | DOW
    WOUNDED = WIA_RTD | WIA_LOST
    US_WIA = WOUNDED | DOW
    KILLED_AND_WOUNDED = KILLED | WOUNDED
    BATTLE_CASUALTIES = KILLED_AND_WOUNDED | MIA | POW
    IRRECOVERABLE = KILLED | WIA_LOST | MIA | POW
    DEATHS = KILLED | DNB_DIED
    SOVIET_IRRECOVERABLE = DEATHS | MIA | POW
    SOVIET_SANITARY = WOUNDED | DNB_LOST | DNB_RTD
    CASUALTIES = BATTLE_CASUALTIES | DNB_DIED | DNB_LOST | DNB_RTD
    SEPARATIONS = IRRECOVERABLE | DNB_DIED | DNB_LOST | DESERTED | DISCHARGED

    @classmethod
    def _missing_(cls, value: object) -> object:
        try:
            return super()._missing_(value)
        except ValueError:
            raise CategoryError(
                f"Category({value!r}) is no set of outcomes: expected one that has a name. "
                f'Type Category.KILLED, or Category.from_names(["KILLED", "MIA"]).'
            ) from None

    @classmethod
    def from_names(cls, names: Iterable[str]) -> Self:
        """
        The union of outcomes or named sets given by name.

        Raises:
            CategoryError: If a name is unknown, or there is none.

        Examples:
            >>> Category.from_names(["KIA", "DOW", "MIA"]) == Category.KILLED | Category.MIA
            True
        """
        if isinstance(names, str):
            raise CategoryError(
                f"names is the text {names!r}: expected a list of names. "
                f"Type Category.from_names([{names!r}])."
            )
        union = functools.reduce(operator.or_, map(cls._named, names), cls(0))
        if not union:
            raise CategoryError(
                "names is empty: expected at least one outcome. "
                'Type for example Category.from_names(["KIA", "DOW"]).'
            )
        return union

    @classmethod
    def _named(cls, name: object) -> Self:
        found = cls.__members__.get(name) if isinstance(name, str) else None
        if found is None:
            known = ", ".join(cls.__members__)
            raise CategoryError(f"{name!r} is no category: expected one of {known}.")
        return found

    @property
    def outcomes(self) -> list[str]:
        """
        The names of the single outcomes in this set.

        Examples:
            >>> Category.US_WIA.outcomes
            ['DOW', 'WIA_RTD', 'WIA_LOST']
        """
        return [str(one.name) for one in self]

    @property
    def label(self) -> str:
        """
        The name of this set where it has one, else its outcomes joined by a bar.

        Examples:
            >>> Category.US_WIA.label, (Category.KIA | Category.MIA).label
            ('US_WIA', 'KIA | MIA')
        """
        return " | ".join(self._terms()) or "no outcome"

    def may_add(self, other: Self) -> bool:
        """
        Whether figures for the two can be added: nobody is in both.

        Examples:
            >>> Category.KILLED.may_add(Category.WOUNDED), Category.KILLED.may_add(Category.DEATHS)
            (True, False)
        """
        return not self & checked_category(other, "other")

    def may_compare(self, other: Self) -> bool:
        """
        Whether figures for the two can be compared: they count the same outcomes.

        Examples:
            >>> Category.KILLED.may_compare(Category.KILLED_AND_WOUNDED)
            False
        """
        return self == checked_category(other, "other")

    def covers(self, other: Self) -> bool:
        """
        Whether everybody counted by ``other`` is counted here as well.

        Examples:
            >>> Category.IRRECOVERABLE.covers(Category.WOUNDED)
            False
        """
        return not checked_category(other, "other") & ~self

    def _terms(self) -> list[str]:
        whole = [name for name, member in type(self).__members__.items() if member == self]
        return whole or self.outcomes

    def __str__(self) -> str:
        return self.label

    def __repr__(self) -> str:
        return " | ".join(f"Category.{term}" for term in self._terms()) or "Category(0)"


def checked_category(value: object, what: str) -> Category:
    """
    A category that is not empty, or an error that names ``what``.

    Raises:
        CategoryError: If ``value`` is not a Category, or holds no outcome.

    Examples:
        >>> checked_category(Category.KILLED, "to")
        Category.KILLED
    """
    if not isinstance(value, Category):
        raise CategoryError(
            f"{what} is {value!r}: expected a Category. Type for example {what}=Category.KILLED."
        )
    if not value:
        raise CategoryError(
            f"{what} holds no outcome: expected at least one. "
            f"Join sets with |, for example {what}=Category.KILLED | Category.MIA."
        )
    return value


def is_category(_: object, field: "attrs.Attribute[Category]", value: object) -> None:
    """
    Validate a field that says what was counted.

    Examples:
        >>> import attrs
        >>> category = attrs.field(validator=is_category)
    """
    checked_category(value, field.name)
