"""The fan chart on given matplotlib axes: nested intervals around a median."""

import math
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray
from attrition.errors import WordError
from attrition.words.colours import DARK, FAINT, LIGHT, MEDIUM, STANDS_OUT, Colour
from attrition.words.rounding import people

if TYPE_CHECKING:
    import matplotlib.axes

__all__ = ["fan"]

# For ticks a year, a month, a day or less apart: every tick names its year, so
# that a chart can be cut and still be read.
_DATES = ["%Y", "%b\n%Y", *["%d %b\n%Y"] * 4]


def fan(
    ax: "matplotlib.axes.Axes",
    dates: Sequence[date],
    levels: Sequence[float],
    quantiles: npt.ArrayLike,
    *,
    threshold: float | None = None,
    threshold_label: str | None = None,
) -> None:
    """
    Draw central intervals as nested bands and the median as a line.

    The bands hold each date on its own: a path stays inside the 90 % band at all
    dates with less than 90 %. Title and axis labels are left to the caller.

    Args:
        ax: Where to draw.

        dates: At least two dates.

        levels: Probabilities in rising order, in pairs p and 1 - p around 0.5.

        quantiles: Values, shape (dates, levels).

        threshold: A level to mark with a dashed line.

        threshold_label: What the legend calls it, "threshold" and its value when None.

    Raises:
        WordError: If the levels are not such pairs, or the shapes do not fit, or a
            value is not finite.

    Examples:
        >>> from datetime import date
        >>> from matplotlib.figure import Figure
        >>> ax = Figure().subplots()
        >>> fan(ax, [date(2026, 2, 1), date(2026, 3, 1)], [0.05, 0.5, 0.95], [[5, 7, 9], [4, 7, 8]])
        >>> ax.get_legend_handles_labels()[1]
        ['90 % interval', 'median']
    """
    probabilities = _rising_pairs(levels)
    values = _fitting(quantiles, dates, probabilities)
    days = _days(dates)
    middle = probabilities.size // 2
    for at in range(middle):
        ax.fill_between(
            days,
            values[:, at],
            values[:, -1 - at],
            color=_tint(at, middle),
            linewidth=0.0,
            label=f"{100.0 * (1.0 - 2.0 * probabilities[at]):.6g} % interval",
        )
    ax.plot(days, values[:, middle], color=DARK, linewidth=1.8, label="median")
    if threshold is not None:
        label = threshold_label or f"threshold {people(threshold)}"
        ax.axhline(threshold, color=STANDS_OUT, linewidth=1.4, linestyle="--", label=label)
    _dress(ax, days)


def _rising_pairs(levels: Sequence[float]) -> FloatArray:
    found = np.asarray(levels, dtype=np.float64)
    rising = np.all(np.diff(found) > 0.0) and np.all((found > 0.0) & (found < 1.0))
    # Pairs are typed as decimals, whose sums miss 1 by rounding only.
    paired = np.allclose(found + found[::-1], 1.0, rtol=0.0, atol=1e-9)
    if found.size % 2 == 0 or found.size == 1 or not (rising and paired):
        raise WordError(
            f"cannot draw a fan for the levels {tuple(levels)}: expected rising pairs p and 1 - p "
            "around 0.5. Write for example (0.05, 0.25, 0.5, 0.75, 0.95)."
        )
    return found


def _fitting(quantiles: npt.ArrayLike, dates: Sequence[date], levels: FloatArray) -> FloatArray:
    values = np.asarray(quantiles, dtype=np.float64)
    expected = (len(dates), levels.size)
    if values.shape != expected:
        raise WordError(
            f"cannot draw a fan from values of shape {values.shape}: expected {expected}, one row "
            "a date and one column a level. Transpose them, or pass the levels they belong to."
        )
    if not np.isfinite(values).all():
        raise WordError(
            "cannot draw a fan through nan or infinite values: expected finite numbers. "
            "Leave out the dates that have none."
        )
    return values


def _days(dates: Sequence[date]) -> FloatArray:
    from matplotlib.dates import date2num

    if len(dates) < 2:  # noqa: PLR2004 - a line needs two ends
        raise WordError(
            f"cannot draw a fan over {len(dates)} date(s): expected at least two. "
            "Print a single date as a table instead."
        )
    return np.asarray(date2num(dates), dtype=np.float64)


def _tint(at: int, count: int) -> Colour:
    """The colour of band number ``at`` of ``count``, counted from the outermost."""
    weight = at / max(count - 1, 1)
    red, green, blue = (
        math.fsum(((1.0 - weight) * light, weight * dark))
        for light, dark in zip(LIGHT, MEDIUM, strict=True)
    )
    return red, green, blue


def _dress(ax: "matplotlib.axes.Axes", days: FloatArray) -> None:
    """Dates that can be read, thousands separators, and no more lines than needed."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
    from matplotlib.ticker import StrMethodFormatter

    locator = AutoDateLocator(minticks=3, maxticks=8)
    ax.xaxis.set_major_locator(locator)
    formatter = ConciseDateFormatter(
        locator, formats=_DATES, zero_formats=_DATES, show_offset=False
    )
    ax.xaxis.set_major_formatter(formatter)
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.set_xlim(float(days[0]), float(days[-1]))
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(visible=True, axis="y", color=FAINT, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.legend(framealpha=0.9, edgecolor="none")
