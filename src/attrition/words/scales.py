"""The published tables of words for probability, each with its source."""

import types
import typing
from collections.abc import Iterator, Mapping

import attrs

from attrition.errors import WordError

__all__ = ["SCALES", "Band", "Scale", "scale_of"]

_NOISE = 12
"""Decimals up to which edges, typed as decimals, are told apart: differences of floats are not."""


@typing.final
@attrs.frozen(kw_only=True)
class Band:
    """
    One stretch of probability and what it is called.

    Attributes:
        low: Lower edge, in [0, 1].

        high: Upper edge, in [0, 1].

        terms: The term of each row of the scale, in the order of its rows.

        low_open: Whether the lower edge itself is left out.

        high_open: Whether the upper edge itself is left out.

        also: Other spellings that the table prints.

    Examples:
        >>> band = SCALES["phia"].bands[3]
        >>> print(band.terms[0], "is", band)
        realistic possibility is 40 to <50 %
    """

    low: float
    high: float
    terms: tuple[str, ...]
    low_open: bool = False
    high_open: bool = False
    also: tuple[str, ...] = ()

    @property
    def width(self) -> float:
        """How much probability it spans; 0 for certain and impossible."""
        return round(self.high - self.low, _NOISE)

    @property
    def from_even(self) -> float:
        """How far its middle lies from an even chance."""
        return round(abs(0.5 * (self.low + self.high) - 0.5), _NOISE)

    def holds(self, p: float) -> bool:
        """
        Whether p lies inside it; an open edge does not.

        Examples:
            >>> SCALES["phia"].bands[3].holds(0.4), SCALES["phia"].bands[3].holds(0.5)
            (True, False)
        """
        above = p > self.low if self.low_open else p >= self.low
        below = p < self.high if self.high_open else p <= self.high
        return above and below

    def distance(self, p: float) -> float:
        """
        How far p lies from the band; 0 inside it and on its edges.

        Examples:
            >>> SCALES["phia"].bands[4].distance(0.8)
            0.05
        """
        return round(max(self.low - p, p - self.high, 0.0), _NOISE)

    def __str__(self) -> str:
        high = f"{'<' if self.high_open else ''}{100.0 * self.high:.6g} %"
        if self.width == 0.0:
            return high
        return f"{'>' if self.low_open else ''}{100.0 * self.low:.6g} to {high}"


@typing.final
@attrs.frozen(kw_only=True)
class Scale:
    """
    A published table of words for probability.

    Attributes:
        title: What people call it.

        source: Where it was published.

        rows: A name for each row of terms; the first one is used unless told.

        bands: The bands in the order of their lower edge; they may share edges, nest, or
            leave gaps.
    """

    title: str
    source: str
    rows: tuple[str, ...]
    bands: tuple[Band, ...]

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest edge."""
        return self.bands[0].low, max(band.high for band in self.bands)

    @property
    def words(self) -> tuple[str, ...]:
        """
        Every term that it prints, from low to high, both rows of a band together.

        Examples:
            >>> SCALES["kent"].words[:3]
            ('impossible', 'almost certainly not', 'probably not')
        """
        return tuple(dict.fromkeys(name for band in self.bands for name in band.terms))

    def best(self, p: float) -> Band:
        """
        The narrowest band that holds p, else the nearest one that is more than a point.

        Of two that are equally narrow or equally near it takes the one nearer to an even
        chance, which claims less.

        Examples:
            >>> print(SCALES["ipcc"].best(0.97), "|", SCALES["kent"].best(0.999))
            95 to 100 % | 87 to 99 %
        """
        held = [band for band in self.bands if band.holds(p)]
        if held:
            return min(held, key=lambda band: (band.width, band.from_even))
        stretches = [band for band in self.bands if band.width > 0.0]
        return min(stretches, key=lambda band: (band.distance(p), band.from_even))


def _twice(term: str) -> tuple[str, str]:
    """A term that both rows share."""
    return term, term


def _kent() -> Iterator[Band]:
    """Kent's bands: a centre and how much to give or take, in per cent."""
    for centre, half, term in (
        (0, 0, "impossible"),
        (7, 5, "almost certainly not"),
        (30, 10, "probably not"),
        (50, 10, "chances about even"),
        (75, 12, "probable"),
        (93, 6, "almost certain"),
        (100, 0, "certain"),
    ):
        yield Band(low=(centre - half) / 100, high=(centre + half) / 100, terms=(term,))


_ICD_203 = Scale(
    title="ICD 203",
    source="Intelligence Community Directive 203, Analytic Standards, 2 January 2015, D.6.e(2)(a)",
    rows=("likely", "probable"),
    bands=(
        Band(low=0.01, high=0.05, terms=("almost no chance", "remote")),
        Band(low=0.05, high=0.20, terms=("very unlikely", "highly improbable")),
        Band(low=0.20, high=0.45, terms=("unlikely", "improbable"), also=("improbably",)),
        Band(low=0.45, high=0.55, terms=("roughly even chance", "roughly even odds")),
        Band(low=0.55, high=0.80, terms=("likely", "probable"), also=("probably",)),
        Band(low=0.80, high=0.95, terms=("very likely", "highly probable")),
        Band(
            low=0.95,
            high=0.99,
            terms=("almost certain", "nearly certain"),
            also=("almost certainly",),
        ),
    ),
)

_PHIA = Scale(
    title="PHIA",
    source=(
        "Professional Head of Intelligence Assessment, Probability Yardstick, in: Explaining "
        "Uncertainty in UK Intelligence Assessment, 24 March 2025"
    ),
    rows=("likely", "probable"),
    bands=(
        Band(low=0.0, high=0.05, terms=_twice("remote chance"), low_open=True),
        Band(low=0.10, high=0.20, terms=_twice("highly unlikely")),
        Band(low=0.25, high=0.35, terms=_twice("unlikely")),
        Band(low=0.40, high=0.50, terms=_twice("realistic possibility"), high_open=True),
        Band(low=0.55, high=0.75, terms=("likely", "probable"), also=("likely or probable",)),
        Band(low=0.80, high=0.90, terms=_twice("highly likely")),
        Band(low=0.95, high=1.0, terms=_twice("almost certain"), high_open=True),
    ),
)

_IPCC = Scale(
    title="IPCC",
    source=(
        "Mastrandrea et al. (2010), Guidance Note for Lead Authors of the IPCC Fifth Assessment "
        "Report on Consistent Treatment of Uncertainties"
    ),
    rows=("likely",),
    bands=(
        Band(low=0.0, high=0.01, terms=("exceptionally unlikely",)),
        Band(low=0.0, high=0.05, terms=("extremely unlikely",)),
        Band(low=0.0, high=0.10, terms=("very unlikely",)),
        Band(low=0.0, high=0.33, terms=("unlikely",)),
        Band(low=0.33, high=0.66, terms=("about as likely as not",)),
        Band(low=0.50, high=1.0, terms=("more likely than not",), low_open=True),
        Band(low=0.66, high=1.0, terms=("likely",)),
        Band(low=0.90, high=1.0, terms=("very likely",)),
        Band(low=0.95, high=1.0, terms=("extremely likely",)),
        Band(low=0.99, high=1.0, terms=("virtually certain",)),
    ),
)

_KENT = Scale(
    title="Kent",
    source="Kent, S. (1964), Words of Estimative Probability, Studies in Intelligence, Fall 1964",
    rows=("probable",),
    bands=tuple(_kent()),
)

SCALES: Mapping[str, Scale] = types.MappingProxyType(
    {"icd203": _ICD_203, "phia": _PHIA, "ipcc": _IPCC, "kent": _KENT}
)
"""The tables by the name that ``scale=`` takes."""


def scale_of(name: object) -> Scale:
    """
    The table of that name.

    Raises:
        WordError: If nobody entered it.

    Examples:
        >>> scale_of("phia").source[-13:]
        '24 March 2025'
    """
    if not isinstance(name, str) or name not in SCALES:
        raise WordError(
            f"scale {name!r} is not known: expected one of {sorted(SCALES)}. "
            f"Write scale={min(SCALES)!r}."
        )
    return SCALES[name]
