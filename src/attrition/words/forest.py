"""The forest plot on given matplotlib axes: intervals below each other, and their pool."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from attrition.errors import WordError
from attrition.words.colours import DARK, FAINT, MEDIUM, STANDS_OUT
from attrition.words.interval import interval_text

if TYPE_CHECKING:
    import matplotlib.axes

__all__ = ["ForestRow", "forest"]

_SMALLEST, _LARGEST = 12.0, 260.0
"""Areas of the squares, in square points, for the weights 0 and 1."""

_HALF_HEIGHT = 0.22
"""Of the diamond, where rows are 1 apart."""

_ARROW_POINTS = 42.0

_RIGHT_OF_AXES = 1.02

_PREFIXES = {None: "", "right": "at least ", "left": "at most "}


class ForestRow(NamedTuple):
    """
    One line of a forest plot.

    Attributes:
        label: What stands to the left.

        middle: Where the mark is.

        low: Lower end of the interval.

        high: Upper end of it.

        weight: A share of one, which decides the size of the mark; None for no weight.

        open_to: "right" for a number that is at least this, "left" for at most, else None.

    Examples:
        >>> ForestRow("names", 1_562.0, 1_562.0, 1_562.0, None, "right").open_to
        'right'
    """

    label: str
    middle: float
    low: float
    high: float
    weight: float | None
    open_to: Literal["left", "right"] | None


def forest(
    ax: "matplotlib.axes.Axes",
    rows: Sequence[ForestRow],
    pooled: ForestRow,
    *,
    confidence: float,
) -> None:
    """
    Draw intervals below each other, and their pool as a diamond in the last line.

    The area of a square is its weight; an arrow stands for a floor or a ceiling. The label of
    the horizontal axis is left to the caller.

    Args:
        ax: Where to draw.

        rows: The estimates, from the top down.

        pooled: The pool; its weight and its open side are of no use.

        confidence: That of the intervals, for the text to the right of them.

    Raises:
        WordError: If there is no row, or a row has no finite interval around its middle.

    Examples:
        >>> from matplotlib.figure import Figure
        >>> ax = Figure().subplots()
        >>> rows = [ForestRow("claim", 35.0, 33.0, 37.0, 1.0, None)]
        >>> forest(ax, rows, ForestRow("pooled", 35.0, 33.0, 37.0, None, None), confidence=0.9)
        >>> [label.get_text() for label in ax.get_yticklabels()]
        ['claim', 'pooled']
    """
    _check(rows, pooled)
    ax.axvline(pooled.middle, color=STANDS_OUT, linewidth=1.0, linestyle="--", zorder=1)
    for place, row in enumerate(rows):
        if row.open_to is None:
            _draw_interval(ax, place, row)
        else:
            _draw_arrow(ax, place, row)
    _draw_diamond(ax, len(rows), pooled)
    _dress(ax, [*rows, pooled], confidence)


def _check(rows: Sequence[ForestRow], pooled: ForestRow) -> None:
    if not rows:
        raise WordError(
            "cannot draw a forest of no rows: expected at least one estimate. "
            "Print the pool as a text instead."
        )
    for row in (*rows, pooled):
        ends = (row.low, row.middle, row.high)
        if not (all(map(math.isfinite, ends)) and row.low <= row.middle <= row.high):
            raise WordError(
                f"cannot draw {row.label!r} with the middle {row.middle:g} and an interval from "
                f"{row.low:g} to {row.high:g}: expected finite numbers, low <= middle <= high. "
                f"Leave the row out."
            )


def _draw_interval(ax: "matplotlib.axes.Axes", place: int, row: ForestRow) -> None:
    ax.plot([row.low, row.high], [place, place], color=DARK, linewidth=1.4, zorder=2)
    area = _SMALLEST + (_LARGEST - _SMALLEST) * (row.weight or 0.0)
    ax.scatter([row.middle], [place], s=area, marker="s", color=MEDIUM, edgecolor=DARK, zorder=3)


def _draw_arrow(ax: "matplotlib.axes.Axes", place: int, row: ForestRow) -> None:
    length = _ARROW_POINTS if row.open_to == "right" else -_ARROW_POINTS
    ax.plot([row.middle], [place], color=DARK, marker="|", markersize=11.0, zorder=2)
    ax.annotate(
        "",
        xy=(row.middle, place),
        xytext=(length, 0.0),
        textcoords="offset points",
        arrowprops={"arrowstyle": "<-", "color": DARK, "shrinkA": 0.0, "shrinkB": 0.0},
    )


def _draw_diamond(ax: "matplotlib.axes.Axes", place: int, row: ForestRow) -> None:
    across = [row.low, row.middle, row.high, row.middle]
    down = [place, place - _HALF_HEIGHT, place, place + _HALF_HEIGHT]
    ax.fill(across, down, color=STANDS_OUT, zorder=3)


def _dress(ax: "matplotlib.axes.Axes", rows: Sequence[ForestRow], confidence: float) -> None:
    """Labels to the left, figures to the right, and no more lines than needed."""
    from matplotlib.ticker import MaxNLocator, StrMethodFormatter

    ax.set_yticks(range(len(rows)), [row.label for row in rows])
    for place, row in enumerate(rows):
        figure = interval_text(row.middle, row.low, row.high, confidence=confidence)
        text = f"{_PREFIXES[row.open_to]}{figure}"
        ax.text(_RIGHT_OF_AXES, place, text, transform=ax.get_yaxis_transform(), va="center")
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.axhline(len(rows) - 1.5, color=FAINT, linewidth=0.8)
    ax.xaxis.set_major_locator(MaxNLocator(3))
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.tick_params(axis="y", length=0.0)
    ax.grid(visible=True, axis="x", color=FAINT, linewidth=0.6)
    ax.set_axisbelow(True)
