"""The words around a figure that are understood, and what each of them means."""

from collections.abc import Mapping
from types import MappingProxyType

from attrition.uncertain.figure_kind import FigureKind

__all__ = [
    "ABBREVIATIONS",
    "AFTER",
    "BEFORE",
    "DASHES",
    "GLUED",
    "MONTHS",
    "NUMBER_WORDS",
    "OPENERS",
    "PER_CENT",
    "PLAIN",
    "PLUS_MINUS",
    "SCALES",
    "SHARES",
]

Phrases = Mapping[tuple[str, ...], FigureKind]


def _phrases(**texts: str) -> Phrases:
    """Phrases parted by commas, as tuples of their words."""
    return MappingProxyType(
        {
            tuple(phrase.split()): FigureKind[kind]
            for kind, phrases in texts.items()
            for phrase in phrases.split(",")
        }
    )


BEFORE = _phrases(
    POINT=(
        "about, just about, around, just around, somewhere around, roughly, some, approximately, "
        "approx, circa, c, ca, estimated, an estimated, perhaps, maybe, probably, close to, "
        "in the region of, in the order of, on the order of, somewhere, anywhere, ~, ≈"
    ),
    # "nearly 44,000" lies below 44,000 and "just over 44,000" above: how far is not said.
    LOWER_BOUND=(
        "at least, more than, over, well over, just over, a little over, slightly over, above, "
        "just above, well above, upwards of, upward of, in excess of, exceeding, as few as, "
        "as little as, no fewer than, not fewer than, no less than, not less than, a minimum of, "
        "minimum, min, >, >=, ≥"
    ),
    UPPER_BOUND=(
        "up to, at most, fewer than, less than, under, just under, well under, below, just below, "
        "well below, nearly, almost, not quite, as many as, as much as, no more than, "
        "not more than, a maximum of, maximum, max, <, <=, ≤"
    ),
)
"""Hedges in front of a number."""

AFTER = _phrases(
    POINT="or so, or thereabouts, odd, - odd",
    LOWER_BOUND="or more, or over, or higher, or greater, and counting, at least, minimum",
    UPPER_BOUND="or fewer, or less, or under, or lower, at most, at the most, maximum, max",
)
"""Hedges directly behind a number; "+" belongs to them where nothing parts it from the number."""

PLAIN = frozenset({("the",), ("a", "total", "of"), ("only",), ("just",), ("exactly",)})
"""Words in front of a number that hedge nothing."""

ABBREVIATIONS = frozenset({"approx", "c", "ca", "min", "max"})
"""What may carry a full stop in front of a number."""

OPENERS = frozenset({("between",), ("from",)})
"""What opens a range."""

DASHES = frozenset({"-", "--", "\N{HYPHEN}", "\N{NON-BREAKING HYPHEN}", "\N{FIGURE DASH}"}) | (
    frozenset({"\N{EN DASH}", "\N{EM DASH}", "\N{HORIZONTAL BAR}", "\N{MINUS SIGN}"})
)
"""What may stand between the ends of a range."""

PLUS_MINUS = frozenset({("±",), ("+-",), ("+/-",), ("plus", "or", "minus"), ("give", "or", "take")})
"""What comes before a stated spread."""

PER_CENT = frozenset({("%",), ("percent",), ("per", "cent"), ("pct",)})
"""What makes a number a percentage."""

SHARES = PER_CENT | {("percentage",), ("‰",), ("permille",)}
"""What makes a number a share, one that is no spread either."""

GLUED: Mapping[str, int] = MappingProxyType({"k": 3, "K": 3, "m": 6, "M": 6})
"""Powers of ten of single letters; a blank before "m" makes it metres, and is refused."""

SCALES: Mapping[str, int] = MappingProxyType(
    {
        "hundred": 2,
        "thousand": 3,
        "thousands": 3,
        "lakh": 5,
        "mn": 6,
        "mln": 6,
        "million": 6,
        "millions": 6,
        "crore": 7,
        "bn": 9,
        "billion": 9,
        "billions": 9,
        "tn": 12,
        "trillion": 12,
    }
)
"""Powers of ten of words, in any case of letters; the billion is that of today's English."""

NUMBER_WORDS = frozenset(SCALES) | frozenset(
    {"hundreds", "lakhs", "crores", "trillions", "dozen", "dozens", "score", "scores", "tens"}
    | {"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}
)
"""Words for numbers that would change or contradict a figure if they were passed over."""

MONTHS = frozenset(
    {"january", "february", "march", "april", "may", "june", "july", "august", "september"}
    | {"october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug"}
    | {"sep", "sept", "oct", "nov", "dec"}
)
"""The months."""
