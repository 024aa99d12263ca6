import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from attrition.errors import WordError
from attrition.words import percent, tornado
from attrition.words.colours import DARK, MEDIUM

LABELS = ["losses", "recruits", "share who return"]
LOW = [652_000.0, 570_000.0, 600_000.0]
HIGH = [556_000.0, 638_000.0, 590_000.0]
CENTRE = 604_000.0


def drawn() -> Axes:
    """Axes with a tornado: the last answer is lower whether its input is low or high."""
    ax = Figure().subplots()
    tornado(ax, LABELS, LOW, HIGH, CENTRE)
    return ax


def parts(ax: Axes) -> list[tuple[int, float, tuple[float, ...]]]:
    """Row, far end and colour of every part of a bar, in the order in which they are drawn."""
    bars = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    return [
        (
            round(bar.get_y() + 0.5 * bar.get_height()),
            bar.get_x() + bar.get_width(),
            to_rgb(bar.get_facecolor()),
        )
        for bar in bars
    ]


class TestTornado:
    def test_bars_reach_from_the_centre_to_both_ends(self) -> None:
        """Each input has a light part to its low and a dark one to its high end."""
        found = set(parts(drawn()))
        expected = {(row, low, MEDIUM) for row, low in enumerate(LOW)}
        expected |= {(row, high, DARK) for row, high in enumerate(HIGH)}

        assert found == expected
        assert all(bar.get_x() == CENTRE for bar in drawn().patches if isinstance(bar, Rectangle))

    def test_shorter_part_on_top(self) -> None:
        """Where both ends lie on one side, the shorter part is not hidden by the longer one."""
        last = [end for row, end, _ in parts(drawn()) if row == 2]

        assert last == [590_000.0, 600_000.0]

    def test_rows_from_the_top(self) -> None:
        """The first input stands above the others."""
        ax = drawn()
        bottom, top = ax.get_ylim()

        assert [label.get_text() for label in ax.get_yticklabels()] == LABELS
        assert bottom > len(LABELS) - 1
        assert top < 0

    def test_numbers_beyond_the_ends(self) -> None:
        """Ends carry their numbers, away from the centre; one inside a bar has none."""
        found = {(t.get_text(), t.get_horizontalalignment()) for t in drawn().texts}

        assert found == {
            ("652,000", "left"),
            ("556,000", "right"),
            ("570,000", "right"),
            ("638,000", "left"),
            ("590,000", "right"),
        }

    def test_numbers_have_room(self) -> None:
        """The axis reaches beyond the longest bars."""
        left, right = drawn().get_xlim()

        assert left < 556_000 - 10_000
        assert right > 652_000 + 10_000

    def test_centre_line_and_legend(self) -> None:
        """A line marks the answer in the middle, and the legend says which part is which."""
        ax = drawn()
        legend = ax.get_legend()

        assert np.asarray(ax.lines[0].get_xdata()).tolist() == [CENTRE, CENTRE]
        assert legend is not None
        assert [text.get_text() for text in legend.get_texts()] == ["input low", "input high"]

    def test_own_words(self) -> None:
        """Numbers other than people, and names of ends, are the caller's."""
        ax = Figure().subplots()
        tornado(
            ax, ["losses"], [0.01], [0.99], 0.5, text=percent, low_label="5 %", high_label="95 %"
        )
        figure = ax.figure
        assert isinstance(figure, Figure)
        figure.draw_without_rendering()
        legend = ax.get_legend()

        assert {t.get_text() for t in ax.texts} == {"1 %", "99 %"}
        # Where the axis leaves [0, 1] there is nothing to write.
        assert {label.get_text() for label in ax.get_xticklabels()} >= {"", "0 %", "90 %"}
        assert legend is not None
        assert [text.get_text() for text in legend.get_texts()] == ["5 %", "95 %"]

    def test_nothing_moves(self) -> None:
        """An answer that no input moves has bars of no length and axes of some width."""
        ax = Figure().subplots()
        tornado(ax, ["losses"], [3.0], [3.0], 3.0)
        left, right = ax.get_xlim()

        assert not ax.texts
        assert left < 3.0 < right

    def test_no_inputs(self) -> None:
        """There is something to vary."""
        with pytest.raises(WordError) as caught:
            tornado(Figure().subplots(), [], [], [], 1.0)

        assert str(caught.value) == (
            "cannot draw a tornado of no inputs: expected at least one. "
            "An answer that rests on nothing unknown has none."
        )

    def test_shapes(self) -> None:
        """There is one low and one high end an input."""
        with pytest.raises(WordError) as caught:
            tornado(Figure().subplots(), LABELS, LOW, HIGH[:2], CENTRE)

        assert str(caught.value) == (
            "cannot draw a tornado of 3 inputs from ends of shapes (3,) and (2,): expected (3,), "
            "one low and one high end an input."
        )

    @pytest.mark.parametrize("bad", [np.nan, np.inf])
    def test_not_finite(self, bad: float) -> None:
        """Bars end somewhere."""
        for low, centre in (([bad, *LOW[1:]], CENTRE), (LOW, bad)):
            with pytest.raises(WordError) as caught:
                tornado(Figure().subplots(), LABELS, low, HIGH, centre)

            assert str(caught.value) == (
                "cannot draw a tornado to nan or infinite ends: expected finite numbers. "
                "Leave out the inputs that have none."
            )
