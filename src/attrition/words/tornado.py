"""The tornado on given matplotlib axes: what an answer becomes as one input at a time moves."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray
from attrition.errors import WordError
from attrition.words.colours import DARK, FAINT, MEDIUM
from attrition.words.rounding import people

if TYPE_CHECKING:
    import matplotlib.axes

__all__ = ["tornado"]

_THICKNESS = 0.62
"""Of a bar, where rows are 1 apart."""

_GAP_POINTS = 4.0

_MARGIN = 0.16
"""Room for the numbers on either side, as a share of the longest reach."""


def tornado(
    ax: "matplotlib.axes.Axes",
    labels: Sequence[str],
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    centre: float,
    *,
    text: Callable[[float], str] = people,
    low_label: str = "input low",
    high_label: str = "input high",
) -> None:
    """
    Draw a bar for each input, from the answer with it low to the answer with it high.

    Rows go from the top down in the order given: the longest bar first makes the tornado. Where
    an answer falls as its input rises, the low end lies to the right. The label of the
    horizontal axis is left to the caller.

    Args:
        ax: Where to draw.

        labels: The inputs.

        low: The answer with each of them at its low end, shape (inputs,).

        high: The answer with each of them at its high end.

        centre: The answer with all of them in the middle.

        text: Writes the numbers, with thousands separators unless told.

        low_label: What the legend calls the part towards ``low``.

        high_label: What it calls the part towards ``high``.

    Raises:
        WordError: If there is no input, the shapes do not fit or a number is not finite.

    Examples:
        >>> from matplotlib.figure import Figure
        >>> ax = Figure().subplots()
        >>> tornado(ax, ["losses", "recruits"], [720, 690], [650, 710], 700)
        >>> [label.get_text() for label in ax.get_yticklabels()]
        ['losses', 'recruits']
    """
    lows, highs = _checked(labels, low, high, centre)
    # A part that hides behind another one on the same side is drawn later, on top of it.
    for place, ends in enumerate(zip(lows, highs, strict=True)):
        parts = zip(ends, (MEDIUM, DARK), strict=True)
        for end, colour in sorted(parts, key=lambda part: -abs(part[0] - centre)):
            ax.barh(place, end - centre, _THICKNESS, left=centre, color=colour, zorder=2)
    _write(ax, lows, highs, centre, text)
    ax.axvline(centre, color="0.2", linewidth=1.0, zorder=3)
    _dress(ax, labels, np.concatenate([lows, highs, [centre]]), text)
    _explain(ax, low_label, high_label)


def _checked(
    labels: Sequence[str], low: npt.ArrayLike, high: npt.ArrayLike, centre: float
) -> tuple[FloatArray, FloatArray]:
    lows, highs = (np.asarray(ends, dtype=np.float64) for ends in (low, high))
    if not labels:
        raise WordError(
            "cannot draw a tornado of no inputs: expected at least one. "
            "An answer that rests on nothing unknown has none."
        )
    if not lows.shape == highs.shape == (len(labels),):
        raise WordError(
            f"cannot draw a tornado of {len(labels)} inputs from ends of shapes {lows.shape} and "
            f"{highs.shape}: expected {(len(labels),)}, one low and one high end an input."
        )
    if not np.isfinite([*lows, *highs, centre]).all():
        raise WordError(
            "cannot draw a tornado to nan or infinite ends: expected finite numbers. "
            "Leave out the inputs that have none."
        )
    return lows, highs


def _write(
    ax: "matplotlib.axes.Axes",
    lows: FloatArray,
    highs: FloatArray,
    centre: float,
    text: Callable[[float], str],
) -> None:
    """The numbers beyond the ends of each bar; one that lies inside the bar is left out."""
    for place, ends in enumerate(zip(lows, highs, strict=True)):
        for end in {min(*ends, centre), max(*ends, centre)} - {centre}:
            outward = 1.0 if end > centre else -1.0
            ax.annotate(
                text(float(end)),
                xy=(end, place),
                xytext=(outward * _GAP_POINTS, 0.0),
                textcoords="offset points",
                ha="left" if outward > 0.0 else "right",
                va="center",
                fontsize="small",
            )


def _dress(
    ax: "matplotlib.axes.Axes",
    labels: Sequence[str],
    ends: FloatArray,
    text: Callable[[float], str],
) -> None:
    """Labels to the left, the longest reach with room for its numbers, few lines."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    room = _MARGIN * (float(np.ptp(ends)) or 1.0)
    ax.set_xlim(float(ends.min()) - room, float(ends.max()) + room)
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value, text)))
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.tick_params(axis="y", length=0.0)
    ax.grid(visible=True, axis="x", color=FAINT, linewidth=0.6)
    ax.set_axisbelow(True)


def _tick(value: float, text: Callable[[float], str]) -> str:
    # The axis goes on beyond the ends, where a probability has no text.
    try:
        return text(value)
    except WordError:
        return ""


def _explain(ax: "matplotlib.axes.Axes", low_label: str, high_label: str) -> None:
    from matplotlib.patches import Patch

    parts = ((MEDIUM, low_label), (DARK, high_label))
    patches = [Patch(color=colour, label=label) for colour, label in parts]
    # Below the shortest bar, where there is most room.
    ax.legend(handles=patches, loc="lower right", framealpha=0.9, edgecolor="none")
