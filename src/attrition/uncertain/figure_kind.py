"""The kinds of figure, the numbers that each has, and what each leaves open."""

import enum
from typing import final

__all__ = ["ASKS", "ENOUGH", "NUMBERS", "FigureKind"]


@final
class FigureKind(enum.Enum):
    """
    What a text states: a number, two ends, or one end.

    Examples:
        >>> from attrition import parse_figure
        >>> parse_figure("up to 44,000").kind
        <FigureKind.UPPER_BOUND: 'upper bound'>
    """

    POINT = "point"
    RANGE = "range"
    LOWER_BOUND = "lower bound"
    UPPER_BOUND = "upper bound"


NUMBERS = {
    FigureKind.POINT: ("point",),
    FigureKind.RANGE: ("low", "high"),
    FigureKind.LOWER_BOUND: ("low",),
    FigureKind.UPPER_BOUND: ("high",),
}
"""The numbers that a figure of each kind has."""

ENOUGH = {
    FigureKind.POINT: ({"to"}, {"sd"}, {"relative", "confidence"}),
    FigureKind.RANGE: ({"confidence", "family"},),
    FigureKind.LOWER_BOUND: ({"median"},),
    FigureKind.UPPER_BOUND: ({"median"},),
}
"""The keywords that complete a figure of each kind, unless it states its spread."""

ASKS = {
    FigureKind.POINT: "to=, or sd=, or relative= with confidence=",
    FigureKind.RANGE: "confidence= with family=",
    FigureKind.LOWER_BOUND: "median=, above it",
    FigureKind.UPPER_BOUND: "median=, below it",
}
"""ENOUGH in words."""
