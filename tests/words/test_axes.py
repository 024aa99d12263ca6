from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from attrition._typing import FloatArray
from attrition.errors import WordError
from attrition.words import fan, fans
from attrition.words.colours import HUES

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
DATES = [date(2026, month, 1) for month in (2, 3, 5, 6)]
VALUES = np.array(
    [
        [700_000.0, 705_000.0, 712_000.0, 718_000.0, 725_000.0],
        [680_000.0, 691_000.0, 703_000.0, 716_000.0, 730_000.0],
        [650_000.0, 668_000.0, 688_000.0, 709_000.0, 729_000.0],
        [630_000.0, 654_000.0, 677_000.0, 703_000.0, 731_000.0],
    ]
)


def axes() -> Axes:
    """Axes of a figure that no window shows."""
    return Figure().subplots()


def drawn(values: FloatArray = VALUES, *, levels: Sequence[float] = LEVELS) -> Axes:
    """Axes with a fan on them."""
    ax = axes()
    fan(ax, DATES, levels, values)
    return ax


def laid_out(ax: Axes) -> None:
    """Let matplotlib place and write the tick labels, as it does when it saves a picture."""
    figure = ax.figure
    assert isinstance(figure, Figure)
    figure.draw_without_rendering()


def ends(band: PolyCollection) -> list[tuple[float, float]]:
    """The lower and upper end of a band at each date."""
    corners = np.asarray(band.get_paths()[0].vertices)
    return [
        (float(here.min()), float(here.max()))
        for here in (corners[corners[:, 0] == day, 1] for day in date2num(DATES))
    ]


class TestFan:
    def test_bands_join_the_paired_levels(self) -> None:
        """Each band reaches from level p to level 1 - p at every date, the widest first."""
        outer, inner = drawn().collections

        assert isinstance(outer, PolyCollection)
        assert isinstance(inner, PolyCollection)
        assert ends(outer) == list(zip(VALUES[:, 0], VALUES[:, 4], strict=True))
        assert ends(inner) == list(zip(VALUES[:, 1], VALUES[:, 3], strict=True))

    def test_line_is_the_median(self) -> None:
        """The line goes through the level 0.5 at its dates."""
        (line,) = drawn().lines

        assert np.array_equal(np.asarray(line.get_ydata()), VALUES[:, 2])
        assert np.array_equal(np.asarray(line.get_xdata()), date2num(DATES))

    def test_legend_names_the_intervals(self) -> None:
        """The legend says how much probability each band holds."""
        assert drawn().get_legend_handles_labels()[1] == [
            "90 % interval",
            "50 % interval",
            "median",
        ]

    def test_odd_confidence_keeps_its_digits(self) -> None:
        """A band of 99.9 per cent is not called 100."""
        ax = drawn(VALUES[:, 1:4], levels=(0.0005, 0.5, 0.9995))

        assert ax.get_legend_handles_labels()[1][0] == "99.9 % interval"

    def test_threshold_is_marked_and_named(self) -> None:
        """A threshold is a level line over the whole width, with its number in the legend."""
        ax = axes()
        fan(ax, DATES, LEVELS, VALUES, threshold=640_800)
        line = ax.lines[1]

        assert np.asarray(line.get_ydata()).tolist() == [640_800, 640_800]
        assert line.get_label() == "threshold 640,800"

    def test_threshold_with_the_name_of_the_caller(self) -> None:
        """The caller's own name for the threshold replaces the number."""
        ax = axes()
        fan(ax, DATES, LEVELS, VALUES, threshold=640_800, threshold_label="10 % less")

        assert ax.lines[1].get_label() == "10 % less"

    def test_inner_bands_are_darker(self) -> None:
        """In grey print, where only lightness is left, the bands are still told apart."""
        seven = (0.05, 0.15, 0.25, 0.5, 0.75, 0.85, 0.95)
        ax = drawn(np.sort(np.hstack([VALUES, VALUES[:, [0, 4]] - [-2_000, 3_000]])), levels=seven)
        # Luma of ITU-R BT.601.
        faces = [np.asarray(band.get_facecolor())[0, :3] for band in ax.collections]
        grey = [float(face @ [0.299, 0.587, 0.114]) for face in faces]

        assert grey == sorted(grey, reverse=True)
        assert np.diff(grey).max() < -0.08

    def test_thousands_are_set_apart(self) -> None:
        """People stand on the vertical axis with thousands separators."""
        ax = drawn()
        laid_out(ax)

        assert "700,000" in [label.get_text() for label in ax.get_yticklabels()]

    @pytest.mark.parametrize(
        ("dates", "labels"),
        [
            (
                [date(2026, 10, 1), date(2027, 4, 1)],
                [f"{month}\n2026" for month in ("Oct", "Nov", "Dec")]
                + [f"{month}\n2027" for month in ("Jan", "Feb", "Mar", "Apr")],
            ),
            (
                [date(2026, 2, 26), date(2026, 3, 4)],
                [f"{day} Feb\n2026" for day in (26, 27, 28)]
                + [f"{day} Mar\n2026" for day in ("01", "02", "03", "04")],
            ),
            ([date(2026, 1, 1), date(2032, 1, 1)], [str(year) for year in range(2026, 2033)]),
        ],
    )
    def test_every_date_names_its_year(self, dates: list[date], labels: list[str]) -> None:
        """Whatever the horizon, a tick can be read on its own, and the axis ends with the dates."""
        ax = axes()
        fan(ax, dates, LEVELS, VALUES[:2])
        laid_out(ax)

        assert [label.get_text() for label in ax.get_xticklabels()] == labels
        assert ax.xaxis.get_offset_text().get_text() == ""
        assert ax.get_xlim() == (date2num(dates[0]), date2num(dates[-1]))

    def test_no_more_lines_than_needed(self) -> None:
        """There is a legend and a grid of levels behind the bands, and no box around them."""
        ax = drawn()

        assert ax.get_legend() is not None
        assert [side for side, spine in ax.spines.items() if spine.get_visible()] == [
            "left",
            "bottom",
        ]
        assert all(line.get_visible() for line in ax.get_ygridlines())
        assert not any(line.get_visible() for line in ax.get_xgridlines())
        assert ax.get_axisbelow() is True

    def test_words_are_left_to_the_caller(self) -> None:
        """Neither a title nor a label is written over what the caller sets."""
        ax = axes()
        ax.set(title="Russia", xlabel="date", ylabel="people")
        fan(ax, DATES, LEVELS, VALUES)

        assert (ax.get_title(), ax.get_xlabel(), ax.get_ylabel()) == ("Russia", "date", "people")

    def test_arguments_are_left_alone(self) -> None:
        """Values that cannot be written to are drawn like any others."""
        values = VALUES.copy()
        values.setflags(write=False)

        assert drawn(values).lines

    @pytest.mark.parametrize(
        "levels",
        [
            (0.05, 0.5, 0.9),
            (0.05, 0.95),
            (0.5,),
            (0.95, 0.5, 0.05),
            (0.0, 0.5, 1.0),
            (0.25, 0.5, 0.5, 0.5, 0.75),
            (),
        ],
    )
    def test_levels_without_pairs(self, levels: tuple[float, ...]) -> None:
        """Levels that make no central intervals around a median are refused."""
        with pytest.raises(WordError) as caught:
            fan(axes(), DATES, levels, np.ones((4, len(levels))))
        assert str(caught.value) == (
            f"cannot draw a fan for the levels {levels}: expected rising pairs p and 1 - p "
            "around 0.5. Write for example (0.05, 0.25, 0.5, 0.75, 0.95)."
        )

    def test_shapes_that_do_not_fit(self) -> None:
        """Values with levels first are refused, not drawn across."""
        with pytest.raises(WordError) as caught:
            fan(axes(), DATES, LEVELS, VALUES.T)
        assert str(caught.value) == (
            "cannot draw a fan from values of shape (5, 4): expected (4, 5), one row "
            "a date and one column a level. Transpose them, or pass the levels they belong to."
        )

    @pytest.mark.parametrize("bad", [np.nan, np.inf])
    def test_values_that_are_not_finite(self, bad: float) -> None:
        """A gap in the values is refused, not drawn as a hole."""
        values = VALUES.copy()
        values[2, 1] = bad
        with pytest.raises(WordError) as caught:
            fan(axes(), DATES, LEVELS, values)
        assert str(caught.value) == (
            "cannot draw a fan through nan or infinite values: expected finite numbers. "
            "Leave out the dates that have none."
        )

    @pytest.mark.parametrize("count", [0, 1])
    def test_too_few_dates(self, count: int) -> None:
        """One date makes no fan."""
        with pytest.raises(WordError) as caught:
            fan(axes(), DATES[:count], LEVELS, VALUES[:count])
        assert str(caught.value) == (
            f"cannot draw a fan over {count} date(s): expected at least two. "
            "Print a single date as a table instead."
        )


TWO = np.stack([VALUES, VALUES + 30_000.0])
NAMES = ["as today", "more recruits"]


def side_by_side(values: FloatArray = TWO, labels: Sequence[str] = NAMES) -> Axes:
    """Axes with several fans on them."""
    ax = axes()
    fans(ax, DATES, LEVELS, values, labels)
    return ax


def named(ax: Axes) -> list[Line2D]:
    """The lines that the legend names: medians and thresholds."""
    return [line for line in ax.lines if not str(line.get_label()).startswith("_")]


class TestFans:
    def test_bands_and_medians(self) -> None:
        """Each fan has its own bands and median, all of one hue that no other fan has."""
        ax = side_by_side()
        bands = [band for band in ax.collections if isinstance(band, PolyCollection)]

        for place, rows in enumerate(TWO):
            outer, inner = bands[2 * place : 2 * place + 2]
            assert ends(outer) == list(zip(rows[:, 0], rows[:, 4], strict=True))
            assert ends(inner) == list(zip(rows[:, 1], rows[:, 3], strict=True))
            line = named(ax)[place]
            assert np.asarray(line.get_ydata()).tolist() == rows[:, 2].tolist()
            hues = {to_rgb(np.asarray(band.get_facecolor())[0]) for band in (outer, inner)}
            assert hues == {to_rgb(line.get_color())} == {HUES[place]}

    def test_one_fan_shows_through_another(self) -> None:
        """Bands are translucent, the inner ones less so, and medians lie above all of them."""
        ax = side_by_side()
        opacity = [float(np.asarray(band.get_facecolor())[0, 3]) for band in ax.collections]

        assert opacity == [0.13, 0.20, 0.13, 0.20]
        assert min(line.get_zorder() for line in named(ax)) > max(
            band.get_zorder() for band in ax.collections
        )
        assert named(ax)[0].get_zorder() > named(ax)[1].get_zorder()

    def test_ends_are_lines(self) -> None:
        """The ends of the widest band are thin lines in the hue of the fan."""
        ax = side_by_side()
        thin = [line for line in ax.lines if line not in named(ax)]
        found = [np.asarray(line.get_ydata()).tolist() for line in thin]

        assert found == [rows[:, at].tolist() for rows in TWO for at in (0, -1)]
        assert [to_rgb(line.get_color()) for line in thin] == [HUES[0], HUES[0], HUES[1], HUES[1]]

    def test_legend(self) -> None:
        """The legend names every fan once, and says in grey how much each band holds."""
        legend = side_by_side().get_legend()

        assert legend is not None
        assert [text.get_text() for text in legend.get_texts()] == [
            *NAMES,
            "90 % interval",
            "50 % interval",
        ]

    def test_one_band(self) -> None:
        """A fan of one interval has one band."""
        ax = axes()
        fans(ax, DATES, LEVELS[1:4], TWO[:, :, 1:4], NAMES)

        assert len(ax.collections) == 2

    def test_threshold(self) -> None:
        """A threshold is marked and named, as on a single fan."""
        ax = axes()
        fans(ax, DATES, LEVELS, TWO, NAMES, threshold=640_800)
        legend = ax.get_legend()

        assert np.asarray(named(ax)[2].get_ydata()).tolist() == [640_800, 640_800]
        assert legend is not None
        assert legend.get_texts()[2].get_text() == "threshold 640,800"

    def test_hues_differ(self) -> None:
        """As many hues as fans, none like another."""
        ax = side_by_side(np.repeat(TWO, 3, axis=0), ["a", "b", "c", "d", "e", "f"])

        assert len({to_rgb(line.get_color()) for line in named(ax)}) == 6

    @pytest.mark.parametrize("count", [0, 7])
    def test_too_many(self, count: int) -> None:
        """More than six fans cannot be told apart, and none is no picture."""
        with pytest.raises(WordError) as caught:
            side_by_side(np.repeat(TWO[:1], count, axis=0), ["fan"] * count)

        assert str(caught.value) == (
            f"cannot draw {count} fans in one picture: expected 1 to 6, as more cannot be told "
            "apart. Draw a few of them, or print a table."
        )

    @pytest.mark.parametrize("values", [VALUES, np.repeat(TWO, 2, axis=0)])
    def test_shapes_that_do_not_fit(self, values: FloatArray) -> None:
        """There is one table a label."""
        with pytest.raises(WordError) as caught:
            side_by_side(values)

        assert str(caught.value) == (
            f"cannot draw 2 fans from values of shape {values.shape}: expected (2, 4, 5), one "
            "table of dates and levels a label."
        )

    def test_each_table_is_checked(self) -> None:
        """Gaps and levels are refused as for a single fan."""
        with pytest.raises(WordError, match="through nan or infinite values"):
            side_by_side(TWO * np.nan)
        with pytest.raises(WordError, match="expected rising pairs"):
            fans(axes(), DATES, LEVELS[:2], TWO[:, :, :2], NAMES)
        with pytest.raises(WordError, match="over 1 date"):
            fans(axes(), DATES[:1], LEVELS, TWO[:, :1], NAMES)
