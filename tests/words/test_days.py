from datetime import date

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from attrition.errors import WordError
from attrition.words import caption_below, new_axes
from attrition.words.days import day_numbers, dress_dates

DATES = [date(2026, 2, 1), date(2026, 3, 1), date(2026, 6, 1)]


def drawn_below(ax: Axes) -> tuple[float, float]:
    """The lowest pixel of the ticks and of their label, and the highest of the caption."""
    figure = ax.figure
    assert isinstance(figure, Figure)
    figure.draw_without_rendering()
    (caption,) = ax.texts
    ticks = [label.get_window_extent().y0 for label in ax.get_xticklabels() if label.get_text()]
    if ax.get_xlabel():
        ticks.append(ax.xaxis.label.get_window_extent().y0)
    return min(ticks), caption.get_window_extent().y1


class TestDayNumbers:
    def test_as_matplotlib_counts(self) -> None:
        """Days are those of matplotlib, so that a line of the caller fits."""
        np.testing.assert_array_equal(day_numbers(DATES, what="fan"), date2num(DATES))

    @pytest.mark.parametrize("count", [0, 1])
    def test_too_few(self, count: int) -> None:
        """The refusal says what cannot be drawn."""
        with pytest.raises(WordError) as caught:
            day_numbers(DATES[:count], what="curve")

        assert str(caught.value) == (
            f"cannot draw a curve over {count} date(s): expected at least two. "
            "Print a single date as a table instead."
        )


class TestDressDates:
    def test_axis_ends_with_the_dates(self) -> None:
        """The axis runs from the first to the last date, in a box of two sides."""
        ax = Figure().subplots()
        dress_dates(ax, day_numbers(DATES, what="fan"))

        assert ax.get_xlim() == (date2num(DATES[0]), date2num(DATES[-1]))
        assert [side for side, spine in ax.spines.items() if spine.get_visible()] == [
            "left",
            "bottom",
        ]


class TestCaptionBelow:
    @pytest.mark.parametrize("label", ["", "date\nof two lines"])
    def test_beneath_everything(self, label: str) -> None:
        """The caption is below the ticks and below a label that is set after it."""
        ax = Figure(layout="constrained").subplots()
        dress_dates(ax, day_numbers(DATES, what="fan"))
        caption_below(ax, "found by 65,536 draws")
        ax.set_xlabel(label)
        lowest, highest = drawn_below(ax)

        assert highest < lowest

    def test_inside_the_figure(self) -> None:
        """A figure that makes room shows the whole caption."""
        ax = Figure(layout="constrained").subplots()
        caption_below(ax, "found by 65,536 draws\nleft out: nothing")
        drawn_below(ax)

        assert ax.texts[0].get_window_extent().y0 >= 0.0


class TestNewAxes:
    def test_makes_room(self) -> None:
        """New axes belong to the current figure, which makes room for what stands around them."""
        from matplotlib import pyplot as plt

        ax = new_axes()
        try:
            assert ax.figure is plt.gcf()
            assert plt.gcf().get_constrained_layout()
        finally:
            plt.close()
