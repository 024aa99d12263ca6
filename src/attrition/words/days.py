"""Axes of dates: days as numbers, ticks that name their year, and text beneath."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from attrition._typing import FloatArray
from attrition.errors import WordError
from attrition.words.colours import FAINT

if TYPE_CHECKING:
    import matplotlib.axes

__all__ = ["caption_below", "day_numbers", "dress_dates", "new_axes"]

# For ticks a year, a month, a day or less apart: every tick names its year, so
# that a chart can be cut and still be read.
_DATES = ["%Y", "%b\n%Y", *["%d %b\n%Y"] * 4]

_CAPTION_SIZE = 8.0
_CAPTION_GREY = "0.35"
_CAPTION_GAP = -6.0


def new_axes() -> "matplotlib.axes.Axes":
    """
    Axes of a new figure that makes room for whatever stands around them.

    Examples:
        >>> from matplotlib import pyplot as plt
        >>> ax = new_axes()
        >>> ax.figure is plt.gcf()
        True
        >>> plt.close()
    """
    from matplotlib import pyplot as plt

    return plt.subplots(layout="constrained")[1]


def day_numbers(dates: Sequence[date], *, what: str) -> FloatArray:
    """
    Dates as matplotlib counts them.

    Args:
        dates: At least two.

        what: What is drawn over them, for the refusal.

    Returns:
        Days since matplotlib's epoch, shape (dates,).

    Raises:
        WordError: If there are fewer than two.

    Examples:
        >>> first, last = day_numbers([date(2026, 2, 1), date(2026, 3, 1)], what="fan")
        >>> int(last - first)
        28
    """
    from matplotlib.dates import date2num

    if len(dates) < 2:  # noqa: PLR2004 - a line needs two ends
        raise WordError(
            f"cannot draw a {what} over {len(dates)} date(s): expected at least two. "
            "Print a single date as a table instead."
        )
    return np.asarray(date2num(dates), dtype=np.float64)


def dress_dates(ax: "matplotlib.axes.Axes", days: FloatArray) -> None:
    """
    Dates that can be read, from the first to the last, and no more lines than needed.

    Args:
        ax: Where something is drawn over dates.

        days: The dates, from :func:`day_numbers`.

    Examples:
        >>> from matplotlib.figure import Figure
        >>> ax = Figure().subplots()
        >>> days = day_numbers([date(2026, 2, 1), date(2026, 3, 1)], what="line")
        >>> dress_dates(ax, days)
        >>> ax.get_xlim() == (days[0], days[1])
        True
    """
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=3, maxticks=8)
    ax.xaxis.set_major_locator(locator)
    formatter = ConciseDateFormatter(
        locator, formats=_DATES, zero_formats=_DATES, show_offset=False
    )
    ax.xaxis.set_major_formatter(formatter)
    ax.set_xlim(float(days[0]), float(days[-1]))
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(visible=True, axis="y", color=FAINT, linewidth=0.6)
    ax.set_axisbelow(True)


def caption_below(ax: "matplotlib.axes.Axes", text: str) -> None:
    """
    Small print beneath the axes, such as how the numbers were found.

    It stays below the label of the horizontal axis, whatever that becomes.

    Args:
        ax: Above it.

        text: One line or several.

    Examples:
        >>> from matplotlib.figure import Figure
        >>> ax = Figure().subplots()
        >>> caption_below(ax, "found by 65,536 draws")
        >>> ax.texts[0].get_text()
        'found by 65,536 draws'
    """
    ax.annotate(
        text,
        xy=(0.0, 0.0),
        xycoords=("axes fraction", ax.xaxis.label),
        xytext=(0.0, _CAPTION_GAP),
        textcoords="offset points",
        ha="left",
        va="top",
        fontsize=_CAPTION_SIZE,
        color=_CAPTION_GREY,
        annotation_clip=False,
    )
