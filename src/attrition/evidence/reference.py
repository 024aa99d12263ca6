"""
Published ratios of wounded to killed, each with its basis and where it was read.

They are figures without spread, and their bases differ: a number comes out of one only when
the caller says how far it may be off for the war at hand.
"""

from typing import NoReturn, final, overload

import attrs

from attrition._typing import Number
from attrition.accounts.category import Category, checked_category
from attrition.accounts.checks import as_text
from attrition.errors import ParameterError
from attrition.uncertain import Uncertain, about, between
from attrition.uncertain.checks import positive

__all__ = [
    "ALL",
    "CSIS_2025",
    "DPR_2022",
    "KURSK_GERMAN",
    "KURSK_SOVIET",
    "RUSSIA_2023_SEVERE",
    "SOVIET_AFGHANISTAN",
    "US_AFGHANISTAN",
    "US_IRAQ",
    "WORLD_WAR_II",
    "ReferenceRatio",
]


def _is_side(_: object, field: "attrs.Attribute[Category | None]", value: Category | None) -> None:
    if value is not None:
        checked_category(value, field.name)


def _as_end(value: Number) -> float:
    return positive(value, "an end of a reference ratio")


def _is_text(_: object, field: "attrs.Attribute[str]", value: str) -> None:
    as_text(value, field.name, example="Chicago Tribune, 26 May 1988")


@final
@attrs.frozen(kw_only=True)
class ReferenceRatio:
    """
    A ratio that somebody published, with what it counts on either side.

    Attributes:
        name: Which force in which war.

        low: The ratio, or the lower end of a range of ratios.

        high: The ratio again, or the upper end.

        numerator: Who is counted above, None where the source does not say or no category
            fits; never to be guessed.

        denominator: Who is counted below, likewise.

        basis: The same in words, with what is not known about it.

        when: What time it speaks of.

        source: Where it was read.

    Examples:
        >>> print(CSIS_2025)  # doctest: +NORMALIZE_WHITESPACE
        Russian forces in Ukraine, to December 2025: 2.69 to 3.36 (casualties other than the
        dead, per dead; CSIS)
    """

    name: str = attrs.field(validator=_is_text)
    low: float = attrs.field(converter=_as_end)
    high: float = attrs.field(converter=_as_end)
    numerator: Category | None = attrs.field(default=None, validator=_is_side)
    denominator: Category | None = attrs.field(default=None, validator=_is_side)
    basis: str = attrs.field(validator=_is_text)
    when: str = attrs.field(validator=_is_text)
    source: str = attrs.field(validator=_is_text)

    def __attrs_post_init__(self) -> None:
        if self.low > self.high:
            raise ParameterError(
                f"low is {self.low:g} and high is {self.high:g} in the ratio of {self.name}: "
                f"expected low <= high. Put the smaller number first."
            )

    @property
    def is_range(self) -> bool:
        """
        Whether a range was published, not one ratio.

        Examples:
            >>> KURSK_GERMAN.is_range, KURSK_SOVIET.is_range
            (True, False)
        """
        return self.low < self.high

    @overload
    def uncertain(
        self, *, relative: Number, confidence: Number, name: str | None = None
    ) -> Uncertain: ...
    @overload
    def uncertain(self, *, confidence: Number, name: str | None = None) -> Uncertain: ...
    def uncertain(
        self,
        *,
        relative: Number | None = None,
        confidence: Number | None = None,
        name: str | None = None,
    ) -> Uncertain:
        """
        The ratio as an uncertain number, once it is said how far it may be off.

        One ratio r asks for ``relative=`` with ``confidence=``, a range for ``confidence=``.
        The number is lognormal, as a ratio of people is never negative: its central interval
        is from r / (1 + relative) to r * (1 + relative), or from low to high.

        Args:
            relative: How far off one ratio may be, as a share of it.

            confidence: Mass of the central interval, inside (0, 1).

            name: A label; it decides the random stream.

        Returns:
            The number; each call makes a new unknown.

        Raises:
            ParameterError: If the keywords are not those that it asks for.

        Examples:
            >>> low, high = SOVIET_AFGHANISTAN.uncertain(relative=0.3, confidence=0.9).interval(0.9)
            >>> round(low, 2), round(high, 2)
            (2.05, 3.47)
            >>> round(KURSK_GERMAN.uncertain(confidence=0.5).median(), 2)
            4.79
        """
        if confidence is None or (relative is None) != self.is_range:
            self._refuse(relative, confidence)
        if relative is None:
            low, high = self.low, self.high
            return between(low, high, confidence=confidence, family="lognormal", name=name)
        return about(self.low, relative=relative, confidence=confidence, positive=True, name=name)

    def _refuse(self, relative: Number | None, confidence: Number | None) -> NoReturn:
        given = {"relative": relative, "confidence": confidence}
        said = ", ".join(f"{key}={value}" for key, value in given.items() if value is not None)
        asks = "confidence=0.9" if self.is_range else "relative=0.3, confidence=0.9"
        raise ParameterError(
            f"the ratio of {self.name} is {self._figure()} without a spread and was given "
            f"{said or 'no keyword'}: expected how far it may be off. "
            f"Type for example .uncertain({asks})."
        )

    def _figure(self) -> str:
        return f"{self.low:.3g} to {self.high:.3g}" if self.is_range else f"{self.low:.3g}"

    def __str__(self) -> str:
        return f"{self.name}, {self.when}: {self._figure()} ({self.basis}; {self.source})"


DUPUY = "Dupuy Institute, casualty-estimation"
BASIS_OPEN = "wounded per killed, and not said on which side those are who died of wounds"

WORLD_WAR_II = ReferenceRatio(
    name="World War II",
    low=3,
    high=3,
    basis=BASIS_OPEN,
    when="the whole war",
    source=DUPUY,
)
"""About 3."""

KURSK_SOVIET = ReferenceRatio(
    name="Soviet forces at Kursk",
    low=2.48,
    high=2.48,
    basis=BASIS_OPEN,
    when="1943",
    source=DUPUY,
)
"""2.48."""

KURSK_GERMAN = ReferenceRatio(
    name="German forces at Kursk",
    low=4.5,
    high=5.1,
    basis=BASIS_OPEN,
    when="1943",
    source=DUPUY,
)
"""4.5 to 5.1, in the same battle."""

DPR_2022 = ReferenceRatio(
    name="Donetsk People's Republic",
    low=4.16,
    high=4.16,
    basis=BASIS_OPEN,
    when="2022",
    source=DUPUY,
)
"""4.16."""

US_AFGHANISTAN = ReferenceRatio(
    name="US Army in Afghanistan",
    low=10,
    high=10,
    basis=BASIS_OPEN,
    when="the US war there",
    source=DUPUY,
)
"""10."""

SOVIET_AFGHANISTAN = ReferenceRatio(
    name="Soviet forces in Afghanistan",
    low=35_478 / 13_310,
    high=35_478 / 13_310,
    basis=BASIS_OPEN,
    when="as published in May 1988",
    source="Chicago Tribune, 26 May 1988",
)
"""35,478 wounded and 13,310 killed."""

US_IRAQ = ReferenceRatio(
    name="US forces in Iraq",
    low=31_947 / 3_482,
    high=31_947 / 3_482,
    numerator=Category.US_WIA,
    denominator=Category.KILLED,
    basis="US_WIA per KILLED, so that those who died of wounds are on both sides",
    when="the war there",
    source="Congressional Budget Office, Working Paper 2014-08",
)
"""31,947 wounded and 3,482 killed; type it as ``wia_per_killed`` of ``from_us_ratios``."""

RUSSIA_2023_SEVERE = ReferenceRatio(
    name="Russian forces in Ukraine",
    low=78_000 / 47_000,
    high=78_000 / 47_000,
    basis="severely wounded only, per dead",
    when="to May 2023",
    source="Moscow Times, 10 July 2023",
)
"""78,000 severely wounded and 47,000 dead; it is no ratio of all wounded."""

CSIS_2025 = ReferenceRatio(
    name="Russian forces in Ukraine",
    low=(1_200_000 - 325_000) / 325_000,
    high=(1_200_000 - 275_000) / 275_000,
    basis="casualties other than the dead, per dead",
    when="to December 2025",
    source="CSIS",
)
"""1.2 million casualties, of whom 275,000 to 325,000 dead."""

ALL = (
    WORLD_WAR_II,
    KURSK_SOVIET,
    KURSK_GERMAN,
    DPR_2022,
    US_AFGHANISTAN,
    SOVIET_AFGHANISTAN,
    US_IRAQ,
    RUSSIA_2023_SEVERE,
    CSIS_2025,
)
"""Every ratio here, to print or to search."""
