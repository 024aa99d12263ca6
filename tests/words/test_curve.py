from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from attrition.errors import WordError
from attrition.words import passage_curve

DATES = [date(2026, month, 1) for month in (2, 3, 5, 6)]
VALUES = [0.0, 0.125, 0.4, 0.85]


def drawn(values: Sequence[float] = VALUES) -> Axes:
    """Axes with a curve on them."""
    ax = Figure(layout="constrained").subplots()
    passage_curve(ax, DATES, values)
    return ax


class TestPassageCurve:
    def test_stands_still_between_dates(self) -> None:
        """The line holds the probability of a date until the next one."""
        line = drawn().lines[0]

        assert line.get_drawstyle() == "steps-post"
        assert np.asarray(line.get_xdata()).tolist() == date2num(DATES).tolist()
        assert np.asarray(line.get_ydata()).tolist() == VALUES

    def test_rest_is_marked(self) -> None:
        """What is left to one at the last date has a bracket, and a label with its share."""
        ax = drawn()
        _, bracket, end = ax.lines

        assert np.asarray(bracket.get_ydata()).tolist() == [0.85, 1.0]
        assert ax.texts[0].get_text() == "not by\n2026-06-01:\n15 %"
        assert np.asarray(end.get_xdata()).tolist() == [date2num(DATES[-1])]
        assert np.asarray(end.get_ydata()).tolist() == [0.85]

    def test_everything_is_inside_the_figure(self) -> None:
        """A figure that makes room shows the label at the right."""
        ax = drawn([0.0, 0.0, 0.999, 1.0])
        figure = ax.figure
        assert isinstance(figure, Figure)
        figure.draw_without_rendering()
        box = ax.texts[0].get_window_extent()

        assert box.x1 <= figure.bbox.width
        assert box.y1 <= figure.bbox.height

    def test_per_cent(self) -> None:
        """The vertical axis is the whole of probability in per cent."""
        ax = drawn()
        figure = ax.figure
        assert isinstance(figure, Figure)
        figure.draw_without_rendering()

        assert ax.get_ylim() == (0.0, 1.0)
        assert [label.get_text() for label in ax.get_yticklabels()][::5] == ["0 %", "100 %"]

    def test_rounding_errors_are_forgiven(self) -> None:
        """Probabilities that miss their range by rounding are drawn inside of it."""
        ax = drawn([-1e-16, 0.5, 0.5 - 1e-16, 1.0 + 2e-16])

        assert np.asarray(ax.lines[0].get_ydata())[[0, -1]].tolist() == [0.0, 1.0]

    @pytest.mark.parametrize(
        "values",
        [[0.0, 0.2, 0.1, 0.3], [-0.1, 0.2, 0.3, 0.4], [0.0, 0.2, 0.3, 1.2], [0.0, 0.1, np.nan, 1]],
    )
    def test_no_probabilities_by_a_date(self, values: list[float]) -> None:
        """What falls or leaves [0, 1] is no probability by a date."""
        with pytest.raises(WordError) as caught:
            drawn(values)

        assert str(caught.value) == (
            f"cannot draw a curve through {np.asarray(values, dtype=float).tolist()}: expected "
            "probabilities in [0, 1] that never fall. Pass those of 'by a date', not of 'on a "
            "date'."
        )

    def test_shape(self) -> None:
        """There is one probability a date."""
        with pytest.raises(WordError) as caught:
            drawn([0.1, 0.2])

        assert str(caught.value) == (
            "cannot draw a curve from values of shape (2,): expected (4,), one probability a "
            "date. Pass those of one passage."
        )
