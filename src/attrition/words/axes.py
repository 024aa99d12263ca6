"""Fan charts on given matplotlib axes: nested intervals around one median or several."""

import math
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray
from attrition.errors import WordError
from attrition.words.colours import DARK, HUES, LIGHT, MEDIUM, STANDS_OUT, Colour
from attrition.words.days import day_numbers, dress_dates
from attrition.words.rounding import people

if TYPE_CHECKING:
    import matplotlib.axes

__all__ = ["fan", "fans"]

_MOST_FANS = len(HUES)

_NEUTRAL = (0.45, 0.45, 0.45)

_OPACITY = (0.13, 0.20)
"""Of the outermost and the innermost band, where several fans lie on each other."""


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
    days = day_numbers(dates, what="fan")
    middle = probabilities.size // 2
    for at in range(middle):
        ax.fill_between(
            days,
            values[:, at],
            values[:, -1 - at],
            color=_tint(at, middle),
            linewidth=0.0,
            label=_confidence(probabilities[at]),
        )
    ax.plot(days, values[:, middle], color=DARK, linewidth=1.8, label="median")
    if threshold is not None:
        _mark(ax, threshold, threshold_label, STANDS_OUT)
    _dress(ax, days)
    ax.legend(framealpha=0.9, edgecolor="none")


def fans(
    ax: "matplotlib.axes.Axes",
    dates: Sequence[date],
    levels: Sequence[float],
    quantiles: npt.ArrayLike,
    labels: Sequence[str],
    *,
    threshold: float | None = None,
    threshold_label: str | None = None,
) -> None:
    """
    Draw several fans over the same dates, each in a colour of its own.

    Bands are translucent, so that one fan shows through another. Title and axis labels are left
    to the caller.

    Args:
        ax: Where to draw.

        dates: At least two dates.

        levels: Probabilities in rising order, in pairs p and 1 - p around 0.5.

        quantiles: Values, shape (fans, dates, levels).

        labels: What the legend calls each fan, at most six.

        threshold: A level to mark with a dashed line.

        threshold_label: What the legend calls it, "threshold" and its value when None.

    Raises:
        WordError: If the levels are not such pairs, the shapes do not fit, a value is not finite,
            or there are too many fans to be told apart.

    Examples:
        >>> from datetime import date
        >>> from matplotlib.figure import Figure
        >>> ax = Figure().subplots()
        >>> days = [date(2026, 2, 1), date(2026, 3, 1)]
        >>> values = [[[5, 7, 9], [4, 7, 8]], [[5, 7, 9], [6, 8, 10]]]
        >>> fans(ax, days, [0.05, 0.5, 0.95], values, ["as today", "half the losses"])
        >>> ax.get_legend_handles_labels()[1]
        ['as today', 'half the losses']
    """
    probabilities = _rising_pairs(levels)
    values = _several(quantiles, labels, dates, probabilities)
    days = day_numbers(dates, what="fan")
    middle = probabilities.size // 2
    for place, (rows, label) in enumerate(zip(values, labels, strict=True)):
        hue = HUES[place]
        for at in range(middle):
            low, high = rows[:, at], rows[:, -1 - at]
            ax.fill_between(days, low, high, color=hue, alpha=_opacity(at, middle), linewidth=0.0)
        # Where bands of several fans lie on each other, their ends are told by thin lines.
        ax.plot(days, rows[:, [0, -1]], color=hue, linewidth=0.8, alpha=0.7)
        # Medians lie above the bands of every fan, and the first one above the others.
        above = 3.0 - 0.01 * place
        ax.plot(days, rows[:, middle], color=hue, linewidth=2.0, label=label, zorder=above)
    if threshold is not None:
        _mark(ax, threshold, threshold_label, _NEUTRAL)
    _dress(ax, days)
    _explain(ax, probabilities)


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


def _several(
    quantiles: npt.ArrayLike, labels: Sequence[str], dates: Sequence[date], levels: FloatArray
) -> FloatArray:
    values = np.asarray(quantiles, dtype=np.float64)
    if not 1 <= len(labels) <= _MOST_FANS:
        raise WordError(
            f"cannot draw {len(labels)} fans in one picture: expected 1 to {_MOST_FANS}, as more "
            "cannot be told apart. Draw a few of them, or print a table."
        )
    if values.ndim != 3 or len(values) != len(labels):  # noqa: PLR2004 - fans, dates, levels
        raise WordError(
            f"cannot draw {len(labels)} fans from values of shape {values.shape}: expected "
            f"{(len(labels), len(dates), levels.size)}, one table of dates and levels a label."
        )
    return np.stack([_fitting(rows, dates, levels) for rows in values])


def _opacity(at: int, count: int) -> float:
    """That of band number ``at`` of ``count``, counted from the outermost."""
    least, most = _OPACITY
    return least + (most - least) * at / max(count - 1, 1)


def _tint(at: int, count: int) -> Colour:
    """The colour of band number ``at`` of ``count``, counted from the outermost."""
    weight = at / max(count - 1, 1)
    red, green, blue = (
        math.fsum(((1.0 - weight) * light, weight * dark))
        for light, dark in zip(LIGHT, MEDIUM, strict=True)
    )
    return red, green, blue


def _mark(ax: "matplotlib.axes.Axes", level: float, label: str | None, colour: Colour) -> None:
    name = label or f"threshold {people(level)}"
    ax.axhline(level, color=colour, linewidth=1.4, linestyle="--", label=name)


def _dress(ax: "matplotlib.axes.Axes", days: FloatArray) -> None:
    """Dates and thousands separators."""
    from matplotlib.ticker import StrMethodFormatter

    dress_dates(ax, days)
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))


def _explain(ax: "matplotlib.axes.Axes", levels: FloatArray) -> None:
    """A legend of every line, and one grey patch a band."""
    from matplotlib.patches import Patch

    middle = levels.size // 2
    opacities = np.cumsum([_opacity(at, middle) for at in range(middle)])
    bands = [
        Patch(facecolor=_NEUTRAL, alpha=float(min(alpha, 1.0)), label=_confidence(low))
        for low, alpha in zip(levels[:middle], opacities, strict=True)
    ]
    lines = ax.get_legend_handles_labels()[0]
    ax.legend(handles=[*lines, *bands], framealpha=0.9, edgecolor="none")


def _confidence(low: float) -> str:
    return f"{100.0 * (1.0 - 2.0 * low):.6g} % interval"
