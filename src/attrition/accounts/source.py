"""Who said it, when, how good it is held to be, and from whom they had it."""

import enum
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Self, final

import attrs

from attrition.accounts.checks import as_text, is_a, is_date
from attrition.errors import EstimateError
from attrition.words import CREDIBILITY, RELIABILITY

__all__ = ["Grade", "Interest", "Source"]


def _is_code(_: object, field: "attrs.Attribute[str]", value: object) -> None:
    known = {letter + digit for letter in RELIABILITY for digit in CREDIBILITY}
    if not isinstance(value, str) or value not in known:
        raise EstimateError(
            f"{field.name} is {value!r}: expected a letter from A to F and a digit from 1 to 6. "
            f'Type for example Grade("B2") for a usually reliable source and probably true '
            f'information, or Grade("F6") where neither can be judged.'
        )


@final
@attrs.frozen
class Grade:
    """
    The Admiralty grade of a source and of its information.

    Two independent ordinal axes. The published maps to numbers disagree, so a grade
    has no weight: any weight is the caller's. ``F`` and ``6`` mean that there is no
    basis for a judgement, not that it is a bad one.

    Attributes:
        code: A letter for the source and a digit for the information.

    Examples:
        >>> str(Grade("B2"))
        'B2 (source usually reliable, information probably true)'
    """

    code: str = attrs.field(validator=_is_code)

    @property
    def reliability(self) -> str:
        """
        The words for the source.

        Examples:
            >>> Grade("F6").reliability
            'cannot be judged'
        """
        return RELIABILITY[self.code[0]]

    @property
    def credibility(self) -> str:
        """
        The words for the information.

        Examples:
            >>> Grade("C4").credibility
            'doubtful'
        """
        return CREDIBILITY[self.code[1]]

    def __str__(self) -> str:
        return f"{self.code} (source {self.reliability}, information {self.credibility})"


@final
class Interest(enum.Enum):
    """
    Where a speaker stands with regard to the side that is spoken of.

    Attributes:
        OWN_SIDE: It speaks of its own side.

        ADVERSARY: It speaks of the other one.

        THIRD_PARTY: It shares the cause of neither.

        UNKNOWN: Nobody stated where it stands.

    Examples:
        >>> staff = Source(name="General Staff", published=date(2026, 2, 1), aligned_with="Ukraine")
        >>> staff.interest("Russia")
        <Interest.ADVERSARY: 'adversary'>
    """

    OWN_SIDE = "own side"
    ADVERSARY = "adversary"
    THIRD_PARTY = "third party"
    UNKNOWN = "unknown"


def _as_aligned(value: str | Interest | None) -> str | Interest | None:
    if value is None or value is Interest.THIRD_PARTY:
        return Interest.THIRD_PARTY if value else None
    if isinstance(value, Interest):
        raise EstimateError(
            f"aligned_with is {value}: expected a side, Interest.THIRD_PARTY or None. "
            f"Whether a speaker is on its own side follows from the side of the estimate: "
            f'type for example aligned_with="Ukraine".'
        )
    return as_text(value, "aligned_with", example="Ukraine")


def _as_sources(value: "Source | Iterable[Source]") -> "tuple[Source, ...]":
    if not isinstance(value, Iterable):
        return (_as_source(value),)
    return tuple(map(_as_source, value))


def _as_source(value: object) -> "Source":
    if not isinstance(value, Source):
        raise EstimateError(
            f"derived_from holds {value!r}: expected sources. "
            f"Type for example derived_from=(Source(name=..., published=...),)."
        )
    return value


def _as_name(value: str) -> str:
    return as_text(value, "name", example="General Staff")


def _as_url(value: str | None) -> str | None:
    return None if value is None else as_text(value, "url", example="https://example.org/report")


@final
@attrs.frozen(kw_only=True)
class Source:
    """
    Who said it, and when.

    Attributes:
        name: The speaker. Two sources of one name are one speaker.

        published: The day on which it was said; what is known of a period grows.

        grade: The Admiralty grade, where somebody gave one.

        aligned_with: The side whose cause the speaker shares, spelled as the ``side``
            of estimates; ``Interest.THIRD_PARTY`` for none of them; None if not stated.

        derived_from: The sources that this one repeats or computes from.

        url: Where to read it.

        debiased: Whether its figure was corrected for the interest of the speaker, by
            :func:`~attrition.debias`.

    Examples:
        >>> staff = Source(name="General Staff", published=date(2026, 2, 1), grade=Grade("C3"))
        >>> paper = Source(name="Newspaper", published=date(2026, 2, 13), derived_from=(staff,))
        >>> paper.shares_origin_with(staff)
        True
    """

    name: str = attrs.field(converter=_as_name)
    published: date = attrs.field(validator=is_date)
    grade: Grade | None = attrs.field(
        default=None, validator=is_a(Grade, example='Grade("B2")', optional=True)
    )
    aligned_with: str | Interest | None = attrs.field(default=None, converter=_as_aligned)
    derived_from: "tuple[Source, ...]" = attrs.field(default=(), converter=_as_sources)
    url: str | None = attrs.field(default=None, converter=_as_url)
    debiased: bool = attrs.field(default=False, validator=is_a(bool, example="True"))

    def interest(self, side: str) -> Interest:
        """
        Where the speaker stands when it speaks of ``side``.

        Own sides have reported a third of their dead, and adversaries several times
        theirs, so the same words weigh differently.

        Args:
            side: The side of the estimate.

        Returns:
            ``OWN_SIDE`` where the two agree, ``ADVERSARY`` where they differ.

        Examples:
            >>> Source(name="Ministry", published=date(2026, 2, 1)).interest("Russia")
            <Interest.UNKNOWN: 'unknown'>

        References:
            Radford et al. (2023), PNAS 120.
        """
        other = as_text(side, "side", example="Russia")
        if self.aligned_with is None:
            return Interest.UNKNOWN
        if isinstance(self.aligned_with, Interest):
            return self.aligned_with
        same = self.aligned_with.casefold() == other.casefold()
        return Interest.OWN_SIDE if same else Interest.ADVERSARY

    def shares_origin_with(self, other: Self) -> bool:
        """
        Whether the two go back to one speaker, so that their errors go together.

        Examples:
            >>> monday = Source(name="General Staff", published=date(2026, 1, 5))
            >>> tuesday = Source(name="General Staff", published=date(2026, 1, 6))
            >>> monday.shares_origin_with(tuesday)
            True
        """
        mine = set(_speakers(self))
        return any(name in mine for name in _speakers(other))

    def __str__(self) -> str:
        corrected = ", debiased" if self.debiased else ""
        return f"{self.name}, {self.published}{corrected}"


def _speakers(source: Source) -> Iterator[str]:
    yield source.name.casefold()
    for parent in source.derived_from:
        yield from _speakers(parent)
