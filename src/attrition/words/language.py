"""Words for probability, both ways, from published tables only."""

import itertools
import math
import typing

import attrs

from attrition._typing import Number
from attrition.errors import WordError
from attrition.words.checks import plain_number
from attrition.words.rounding import percent
from attrition.words.scales import Band, Scale, scale_of

__all__ = ["Word", "band_of", "chance_text", "word"]

_ERRORS = 2.0
"""How many standard errors on either side a probability may be off."""


@typing.final
@attrs.frozen(kw_only=True)
class Word:
    """
    What a probability is called, and how well the name fits.

    Neither ``exact`` nor ``outside`` means that p lies in a gap which the table leaves on
    purpose, and that the term is the nearest one.

    Attributes:
        text: The term, or where p lies when the table has none; with "or" where the
            numerical error leaves more than one.

        terms: The terms in the text, none if all of it lies beyond the ends.

        low: Lower edge of what the text stands for.

        high: Upper edge of what the text stands for.

        exact: Whether p, give or take its error, lies inside bands.

        outside: Whether p, give or take its error, reaches beyond the ends of the table.

    Examples:
        >>> word(0.87).text, word(0.87).exact
        ('very likely', True)
        >>> word(0.77, scale="phia").text, word(0.77, scale="phia").exact
        ('likely', False)
    """

    text: str
    terms: tuple[str, ...]
    low: float
    high: float
    exact: bool
    outside: bool

    def __str__(self) -> str:
        return self.text


def word(p: Number, *, scale: str = "icd203", row: str | None = None, error: Number = 0.0) -> Word:
    """
    The published word for a probability.

    A probability that several bands hold takes the narrowest. On the edge of two bands of
    ICD 203 an event and its complement so get mirror words: 0.95 is "almost certain" and
    0.05 "almost no chance". In a gap of the table the nearest term is marked inexact; half-way
    it is the one nearer to an even chance, and never one without width: 0.1 % is not
    Kent's "impossible". One call uses one row of terms, and ICD 203 asks the same of a whole
    text.

    Args:
        p: The probability.

        scale: The table: "icd203" (USA, 2015), "phia" (United Kingdom, 2025), "ipcc" (2010)
            or "kent" (1964).

        row: The row of terms of "icd203" and "phia", "likely" (used when this is None) or
            "probable".

        error: Numerical standard error of p, as in ``EventSummary.error``. Every word within
            two of them is given.

    Returns:
        The word; beyond the ends of the table its text says so.

    Raises:
        WordError: If p is no probability, the error is negative or endless, or the scale or
            the row is not known.

    Examples:
        >>> print(word(0.3), "|", word(0.3, row="probable"), "|", word(0.3, scale="ipcc"))
        unlikely | improbable | unlikely
        >>> print(word(0.996))
        above 99 % (outside the ICD 203 table)
        >>> print(word(0.2003, error=0.0004))
        very unlikely or unlikely

    References:
        Intelligence Community Directive 203, Analytic Standards, 2 January 2015, D.6.e(2)(a).

        Professional Head of Intelligence Assessment, Probability Yardstick, in: Explaining
        Uncertainty in UK Intelligence Assessment, 24 March 2025.

        Mastrandrea, M. D. et al. (2010), Guidance Note for Lead Authors of the IPCC Fifth
        Assessment Report on Consistent Treatment of Uncertainties; and on it
        doi:10.1007/s10584-011-0178-6.

        Kent, S. (1964), Words of Estimative Probability, Studies in Intelligence, Fall 1964.
    """
    chance, reach = _probability(p), _ERRORS * _error(error)
    table = scale_of(scale)
    column = _column(table, row)
    found = [_at(place, table, column) for place in _places(chance, reach, table)]
    return Word(
        text=" or ".join(dict.fromkeys(each.text for each in found)),
        terms=tuple(dict.fromkeys(term for each in found for term in each.terms)),
        low=min(each.low for each in found),
        high=max(each.high for each in found),
        exact=all(each.exact for each in found),
        outside=any(each.outside for each in found),
    )


def chance_text(
    p: Number, *, scale: str = "icd203", row: str | None = None, error: Number = 0.0
) -> str:
    """
    A probability as its word and in per cent.

    Args:
        p: A probability in [0, 1].

        scale: Which table of words.

        row: Which row of its terms, as for ``word``.

        error: Numerical standard error of p, as for ``word``.

    Raises:
        WordError: If p is no probability or the scale is not known.

    Examples:
        >>> chance_text(0.92), chance_text(0.9991)
        ('very likely (92 %)', 'above 99 % (outside the ICD 203 table)')
        >>> chance_text(0.92, scale="phia")
        'highly likely (92 %, nearest term)'
    """
    term = word(p, scale=scale, row=row, error=error)
    if term.outside:
        return term.text
    return f"{term} ({percent(p)}{'' if term.exact else ', nearest term'})"


def band_of(term: str, *, scale: str) -> Band:
    """
    What a word stands for in a published table.

    The tables disagree on the same word, so that the scale has no default: "likely" is
    55 to 80 per cent in ICD 203 and 66 to 100 in the tables of the IPCC.

    Args:
        term: A word of the table, of any row, in any case of letters.

        scale: The table, as for ``word``.

    Returns:
        The band with its two edges and which of them are open.

    Raises:
        WordError: If the table does not have the word, or the scale is not known.

    Examples:
        >>> print(band_of("Highly improbable", scale="icd203"))
        5 to 20 %
        >>> print(band_of("remote chance", scale="phia"))
        >0 to 5 %
        >>> band_of("more likely than not", scale="ipcc").low_open
        True
    """
    table = scale_of(scale)
    said = _said(term)
    for band in table.bands:
        if said in (*band.terms, *band.also):
            return band
    raise WordError(
        f"{term!r} is no word of the {table.title} table: expected one of {list(table.words)}. "
        "Spell it as listed, or name the scale whose word it is."
    )


def _said(term: object) -> str | None:
    """A text without the accidents of its letters and blanks."""
    return " ".join(term.split()).casefold() if isinstance(term, str) else None


def _places(chance: float, reach: float, table: Scale) -> list[float]:
    """Probabilities within reach, from low to high, that meet every word there is."""
    low, high = max(chance - reach, 0.0), min(chance + reach, 1.0)
    edges = {edge for band in table.bands for edge in (band.low, band.high) if low < edge < high}
    stops = sorted({low, high} | edges)
    # Words change at edges and half-way between them.
    return sorted(stops + [0.5 * (a + b) for a, b in itertools.pairwise(stops)])


def _at(p: float, table: Scale, column: int) -> Word:
    """The word for p itself."""
    band = table.best(p)
    low, high = table.ends
    if not band.holds(p) and not low < p < high:
        return _beyond(p, table)
    term = band.terms[column]
    return Word(
        text=term,
        terms=(term,),
        low=band.low,
        high=band.high,
        exact=band.holds(p),
        outside=False,
    )


def _beyond(p: float, table: Scale) -> Word:
    bottom, top = table.ends
    low, high = (0.0, bottom) if p <= bottom else (top, 1.0)
    side = f"below {percent(bottom)}" if p <= bottom else f"above {percent(top)}"
    # The ends of PHIA are 0 and 1 themselves, left out.
    where = percent(p) if low == high else side
    text = f"{where} (outside the {table.title} table)"
    return Word(text=text, terms=(), low=low, high=high, exact=False, outside=True)


def _probability(p: object) -> float:
    number = plain_number(p)
    if number is None or not 0.0 <= number <= 1.0:
        raise WordError(
            f"cannot put {p!r} into words: expected a probability in [0, 1]. "
            "Write 87 per cent as word(0.87)."
        )
    return number


def _error(error: object) -> float:
    number = plain_number(error)
    if number is None or not 0.0 <= number < math.inf:
        raise WordError(
            f"error is {error!r}: expected the numerical standard error of a probability, 0 or "
            "more. Write error=0 for a probability that is exact."
        )
    return number


def _column(table: Scale, row: str | None) -> int:
    if row is None:
        return 0
    if row not in table.rows:
        raise WordError(
            f"row {row!r} of the {table.title} table is not known: expected one of "
            f"{sorted(table.rows)}. Write row={table.rows[0]!r}."
        )
    return table.rows.index(row)
