"""The passage curve on given matplotlib axes: how likely something has come to pass by a date."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray
from attrition.errors import WordError
from attrition.words.colours import DARK, LIGHT, STANDS_OUT
from attrition.words.days import day_numbers, dress_dates
from attrition.words.rounding import percent

if TYPE_CHECKING:
    import matplotlib.axes

__all__ = ["passage_curve"]

# Whoever knows the probability to the last bits may lie this far outside [0, 1].
_ROUNDING = 1e-12

_TOO_SMALL_FOR_TEXT = 0.06
"""A rest below this has no room for its label beside it."""


def passage_curve(
    ax: "matplotlib.axes.Axes", dates: Sequence[date], probabilities: npt.ArrayLike
) -> None:
    """
    Draw the probability that something has come to pass by each date, as steps.

    The line stands still between dates, since nobody looks there. What is missing to one at the
    last date is marked at the right: it does not come to pass by then. Title and axis labels are
    left to the caller.

    Args:
        ax: Where to draw.

        dates: At least two dates.

        probabilities: In [0, 1] and never falling, shape (dates,).

    Raises:
        WordError: If they are not.

    Examples:
        >>> from datetime import date
        >>> from matplotlib.figure import Figure
        >>> ax = Figure().subplots()
        >>> passage_curve(ax, [date(2026, 2, 1), date(2026, 3, 1)], [0.1, 0.7])
        >>> ax.texts[0].get_text().split()
        ['not', 'by', '2026-03-01:', '30', '%']
    """
    values = _cumulative(probabilities, dates)
    days = day_numbers(dates, what="curve")
    ax.fill_between(days, values, step="post", color=LIGHT, linewidth=0.0)
    ax.step(days, values, where="post", color=DARK, linewidth=1.8)
    _mark_rest(ax, float(days[-1]), float(values[-1]), dates[-1])
    _dress(ax, days)


def _cumulative(probabilities: npt.ArrayLike, dates: Sequence[date]) -> FloatArray:
    values = np.asarray(probabilities, dtype=np.float64)
    if values.shape != (len(dates),):
        raise WordError(
            f"cannot draw a curve from values of shape {values.shape}: expected {(len(dates),)}, "
            "one probability a date. Pass those of one passage."
        )
    inside = (values >= -_ROUNDING) & (values <= 1.0 + _ROUNDING)
    if not (inside.all() and np.all(np.diff(values) >= -_ROUNDING)):
        raise WordError(
            f"cannot draw a curve through {values.tolist()}: expected probabilities in [0, 1] that "
            "never fall. Pass those of 'by a date', not of 'on a date'."
        )
    return np.clip(values, 0.0, 1.0)


def _mark_rest(ax: "matplotlib.axes.Axes", day: float, reached: float, last: date) -> None:
    """A bracket from the last probability up to one, with what it stands for."""
    # To the right of the axes, where no line of the curve can hide it.
    beside = ax.get_yaxis_transform()
    ax.plot(
        [1.02, 1.02], [reached, 1.0], color=STANDS_OUT, linewidth=3.0, transform=beside,
        clip_on=False, solid_capstyle="butt",
    )  # fmt: skip
    ax.plot([day], [reached], color=DARK, marker="o", markersize=5.0, clip_on=False, zorder=4)
    middle = min(0.5 * (reached + 1.0), 1.0 - _TOO_SMALL_FOR_TEXT)
    text = f"not by\n{last}:\n{percent(1.0 - reached)}"
    ax.text(1.035, middle, text, transform=beside, va="center", color=STANDS_OUT)


def _dress(ax: "matplotlib.axes.Axes", days: FloatArray) -> None:
    from matplotlib.ticker import PercentFormatter

    dress_dates(ax, days)
    ax.set_ylim(0.0, 1.0)
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))
