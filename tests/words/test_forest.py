import math

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from attrition.errors import WordError
from attrition.words import ForestRow, forest

ROWS = [
    ForestRow("claim", 35_050.0, 32_583.0, 37_517.0, 0.7, None),
    ForestRow("institute", 31_000.0, 26_888.0, 35_112.0, 0.3, None),
    ForestRow("names", 27_000.0, 27_000.0, 27_000.0, None, "right"),
    ForestRow("unit", 40_000.0, 40_000.0, 40_000.0, None, "left"),
]
POOLED = ForestRow("pooled", 33_418.0, 31_404.0, 35_432.0, None, None)


def drawn(rows: list[ForestRow] = ROWS, pooled: ForestRow = POOLED) -> Axes:
    """Axes with a forest on them, of a figure that no window shows."""
    ax = Figure().subplots()
    forest(ax, rows, pooled, confidence=0.9)
    return ax


class TestForest:
    def test_lines_reach_over_the_intervals(self) -> None:
        """Each estimate has a line from end to end of its interval, at its place."""
        lines = [line for line in drawn().lines if len(np.asarray(line.get_xdata())) == 2]
        ends = [np.asarray(line.get_xdata()).tolist() for line in lines]
        places = [np.asarray(line.get_ydata()).tolist() for line in lines]

        assert [32_583.0, 37_517.0] in ends
        assert places[ends.index([26_888.0, 35_112.0])] == [1, 1]

    def test_the_first_is_on_top(self) -> None:
        """Estimates stand from the top down, and the pool below them."""
        ax = drawn()
        bottom, top = ax.get_ylim()

        assert top < 0.0
        assert bottom > 4.0
        labels = [label.get_text() for label in ax.get_yticklabels()]
        assert labels == ["claim", "institute", "names", "unit", "pooled"]

    def test_squares_are_as_large_as_weights(self) -> None:
        """The area of a mark is linear in its weight, and a small one can still be seen."""
        rows = [row._replace(weight=weight) for row, weight in zip(ROWS, (0.0, 0.5), strict=False)]
        rows.append(ROWS[0]._replace(weight=1.0))
        marks = [c for c in drawn(rows).collections if isinstance(c, PathCollection)]
        small, middle, large = (float(np.asarray(mark.get_sizes())[0]) for mark in marks)

        assert 0.0 < small < middle < large
        assert middle == pytest.approx(0.5 * (small + large))

    def test_no_weight_at_all(self) -> None:
        """An estimate without a stated weight has the smallest mark."""
        rows = [ROWS[0]._replace(weight=None), ROWS[1]._replace(weight=0.0)]
        marks = [c for c in drawn(rows).collections if isinstance(c, PathCollection)]

        assert marks[0].get_sizes() == marks[1].get_sizes()

    def test_the_diamond_is_the_pool(self) -> None:
        """The diamond reaches over the interval of the pool, with its middle at the median."""
        ax = drawn()
        (diamond,) = (patch for patch in ax.patches if isinstance(patch, Polygon))
        corners = diamond.get_xy()[:-1]

        assert corners[:, 0].tolist() == [31_404.0, 33_418.0, 35_432.0, 33_418.0]
        assert corners[:, 1].mean() == 4.0
        (dashed,) = (line for line in ax.lines if line.get_linestyle() == "--")
        assert np.asarray(dashed.get_xdata()).tolist() == [33_418.0, 33_418.0]

    def test_arrows_point_to_the_open_side(self) -> None:
        """A floor has an arrow to the right, a ceiling one to the left."""
        arrows = {
            text.xy: float(text.get_position()[0]) for text in drawn().texts if hasattr(text, "xy")
        }

        assert arrows[27_000.0, 2] > 0.0
        assert arrows[40_000.0, 3] < 0.0
        assert len(arrows) == 2

    def test_figures_to_the_right(self) -> None:
        """Every line has its figure in digits beside it, with the confidence."""
        texts = [text.get_text() for text in drawn().texts if text.get_text()]

        assert texts == [
            "35,050 (32,583 to 37,517 at 90 %)",
            "31,000 (26,888 to 35,112 at 90 %)",
            "at least 27,000",
            "at most 40,000",
            "33,418 (31,404 to 35,432 at 90 %)",
        ]

    def test_thousands(self) -> None:
        """The axis of people has separators."""
        ax = drawn()
        figure = ax.figure
        assert isinstance(figure, Figure)
        figure.draw_without_rendering()

        assert "30,000" in [label.get_text() for label in ax.get_xticklabels()]


class TestRefusals:
    def test_no_rows(self) -> None:
        """A pool without estimates is no forest."""
        with pytest.raises(WordError) as caught:
            drawn([])

        assert str(caught.value) == (
            "cannot draw a forest of no rows: expected at least one estimate. "
            "Print the pool as a text instead."
        )

    @pytest.mark.parametrize(
        "row",
        [
            ROWS[0]._replace(high=math.inf),
            ROWS[0]._replace(middle=math.nan),
            ROWS[0]._replace(low=36_000.0),
            ROWS[0]._replace(high=35_000.0),
        ],
    )
    def test_no_interval(self, row: ForestRow) -> None:
        """An interval has two finite ends around its middle, in rows and pool."""
        for rows, pooled in (([row], POOLED), (ROWS, row)):
            with pytest.raises(WordError) as caught:
                drawn(rows, pooled)

            assert str(caught.value) == (
                f"cannot draw 'claim' with the middle {row.middle:g} and an interval from "
                f"{row.low:g} to {row.high:g}: expected finite numbers, low <= middle <= high. "
                "Leave the row out."
            )
