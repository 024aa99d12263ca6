"""Words for probability, from published tables only."""

import types
import typing
from collections.abc import Mapping

import attrs

from attrition._typing import Number
from attrition.errors import WordError
from attrition.words.checks import plain_number
from attrition.words.rounding import percent

__all__ = ["Band", "Scale", "Word", "chance_text", "word"]


@typing.final
@attrs.frozen(kw_only=True)
class Band:
    """
    One stretch of probability and what it is called.

    Attributes:
        low: Lower edge, in [0, 1].

        high: Upper edge, in [0, 1].

        terms: The term of each row of the scale, in the order of its rows.
    """

    low: float
    high: float
    terms: tuple[str, ...]

    def distance(self, p: float) -> float:
        """How far p lies from the band; 0 inside it and on its edges."""
        return max(self.low - p, p - self.high, 0.0)


@typing.final
@attrs.frozen(kw_only=True)
class Scale:
    """
    A published table of words for probability.

    Attributes:
        title: What people call it.

        source: Where it was published.

        rows: A name for each row of terms; the first one is used unless told.

        bands: The bands from low to high; they may share edges, nest, or leave gaps.
    """

    title: str
    source: str
    rows: tuple[str, ...]
    bands: tuple[Band, ...]


ICD_203 = Scale(
    title="ICD 203",
    source="Intelligence Community Directive 203, Analytic Standards, 2 January 2015, D.6.e(2)(a)",
    rows=("likely", "probable"),
    bands=(
        Band(low=0.01, high=0.05, terms=("almost no chance", "remote")),
        Band(low=0.05, high=0.20, terms=("very unlikely", "highly improbable")),
        Band(low=0.20, high=0.45, terms=("unlikely", "improbable")),
        Band(low=0.45, high=0.55, terms=("roughly even chance", "roughly even odds")),
        Band(low=0.55, high=0.80, terms=("likely", "probable")),
        Band(low=0.80, high=0.95, terms=("very likely", "highly probable")),
        Band(low=0.95, high=0.99, terms=("almost certain", "nearly certain")),
    ),
)

SCALES: Mapping[str, Scale] = types.MappingProxyType({"icd203": ICD_203})


@typing.final
@attrs.frozen(kw_only=True)
class Word:
    """
    What a probability is called, and how well the name fits.

    Attributes:
        text: The term, or where p lies when the table has none.

        low: Lower edge of what the text stands for.

        high: Upper edge of what the text stands for.

        exact: Whether p lies inside the band of the term.

        outside: Whether p lies beyond both ends of the table, so that it has no term.

    Examples:
        >>> word(0.87)
        Word(text='very likely', low=0.8, high=0.95, exact=True, outside=False)
    """

    text: str
    low: float
    high: float
    exact: bool
    outside: bool

    def __str__(self) -> str:
        return self.text


def word(p: Number, *, scale: str = "icd203", row: str | None = None) -> Word:
    """
    The published word for a probability.

    A probability on the edge of two bands takes the narrower one, so that an
    event and its complement get mirror words: 0.95 is "almost certain" and 0.05
    "almost no chance". One call uses one row of terms, and ICD 203 asks the
    same of a whole text.

    Args:
        p: The probability.

        scale: The table: "icd203".

        row: The row of terms, named by its word for 55 to 80 per cent: "likely"
            (the first, used when this is None) or "probable".

    Returns:
        The word; beyond the ends of the table its text says so.

    Raises:
        WordError: If p is no probability, or the scale or the row is not known.

    Examples:
        >>> print(word(0.3))
        unlikely
        >>> print(word(0.3, row="probable"))
        improbable
        >>> print(word(0.996))
        above 99 %: outside the ICD 203 table
    """
    chance = _probability(p)
    table = _scale(scale)
    column = _column(table, row)
    low, high = table.bands[0].low, table.bands[-1].high
    if chance < low:
        return _beyond(f"below {percent(low)}", 0.0, low, table)
    if chance > high:
        return _beyond(f"above {percent(high)}", high, 1.0, table)
    band = min(table.bands, key=lambda each: (each.distance(chance), each.high - each.low))
    return Word(
        text=band.terms[column],
        low=band.low,
        high=band.high,
        exact=band.distance(chance) == 0.0,
        outside=False,
    )


def chance_text(p: Number, *, scale: str = "icd203") -> str:
    """
    A probability as its word and in per cent.

    Args:
        p: A probability in [0, 1].

        scale: Which table of words.

    Raises:
        WordError: If p is no probability or the scale is not known.

    Examples:
        >>> chance_text(0.92), chance_text(0.9991)
        ('very likely (92 %)', 'above 99 % (outside the ICD 203 table)')
    """
    term = word(p, scale=scale)
    if term.outside:
        where, _, why = term.text.partition(": ")
        return f"{where} ({why})"
    return f"{term} ({percent(p)})"


def _beyond(where: str, low: float, high: float, table: Scale) -> Word:
    text = f"{where}: outside the {table.title} table"
    return Word(text=text, low=low, high=high, exact=False, outside=True)


def _probability(p: object) -> float:
    number = plain_number(p)
    if number is None or not 0.0 <= number <= 1.0:
        raise WordError(
            f"cannot put {p!r} into words: expected a probability in [0, 1]. "
            "Write 87 per cent as word(0.87)."
        )
    return number


def _scale(name: str) -> Scale:
    if name not in SCALES:
        raise WordError(
            f"scale {name!r} is not known: expected one of {sorted(SCALES)}. "
            f"Write word(p, scale={min(SCALES)!r})."
        )
    return SCALES[name]


def _column(table: Scale, row: str | None) -> int:
    if row is None:
        return 0
    if row not in table.rows:
        raise WordError(
            f"row {row!r} of the {table.title} table is not known: expected one of "
            f"{sorted(table.rows)}. Write row={table.rows[0]!r}."
        )
    return table.rows.index(row)
