from datetime import date

import numpy as np
import pytest
from matplotlib.figure import Figure

from attrition.accounts import Category, Per
from attrition.projection import IntakeProcess, LossProcess, Projection, Variation
from attrition.uncertain import about
from tests.projection.futures import (
    MONTHLY,
    future,
    intake,
    losses,
)

START, END = date(2026, 2, 1), date(2027, 2, 1)
STRENGTH = about(712_000, sd=20_000)
LOST = losses(about(44_000, sd=2_700), variation=MONTHLY)
JOINED = intake(about(35_000, sd=2_100))


def made(lost: LossProcess = LOST, joined: IntakeProcess = JOINED, n: int = 16_384) -> Projection:
    """A year of an uncertain force."""
    return future(STRENGTH, lost, joined, draws=n)


@pytest.fixture(scope="module", name="year")
def make_year() -> Projection:
    """The year, simulated once."""
    return made()


class TestText:
    def test_repr(self, year: Projection) -> None:
        """Whose force, from when to when."""
        assert repr(year) == "<Projection of Russia, 2026-02-01 to 2027-02-01>"

    def test_table(self) -> None:
        """Median and interval by date, how found, what was left out."""
        short = future(
            712_000, losses(44_000, Category.SEPARATIONS), until=date(2026, 4, 1), draws=24
        )

        assert str(short) == (
            "date         median  90 % from       to\n"
            "----------  -------  ---------  -------\n"
            "2026-02-01  712,000    712,000  712,000\n"
            "2026-03-01  703,000    703,000  703,000\n"
            "2026-04-01  694,000    694,000  694,000\n"
            "found by 24 draws, standard error up to 0\n"
            "left out: nothing"
        )

    def test_columns_are_the_quantiles(self, year: Projection) -> None:
        """The numbers are those of the quantiles, and the error the largest of those shown."""
        lines = str(year).splitlines()
        median, low, high = year.quantiles([0.5, 0.05, 0.95])[-1]
        error = year.standard_errors([0.5, 0.05, 0.95]).max()

        assert lines[-3] == f"2027-02-01  {median:,.0f}    {low:,.0f}  {high:,.0f}"
        assert lines[-2] == f"found by 16,384 draws, standard error up to {error:,.0f}"
        assert lines[-1] == "left out: DNB_DIED | DNB_LOST | DESERTED | DISCHARGED"
        assert len(lines) == 2 + 13 + 2

    @pytest.mark.parametrize(
        ("until", "step", "rows"),
        [
            (date(2027, 4, 1), Per.MONTH, [0, 1, 2, 13, 14]),
            (date(2027, 5, 1), Per.MONTH, [0, 2, 4, 14, 15]),
            (date(2029, 2, 1), Per.MONTH, [0, 3, 6, 33, 36]),
            (date(2027, 2, 1), Per.DAY, [0, 27, 54, 351, 365]),
        ],
    )
    def test_long_tables(self, until: date, step: Per, rows: list[int]) -> None:
        """A long projection shows evenly spaced dates and the last one, at most sixteen."""
        year = future(until=until, step=step)
        shown = [line[:10] for line in str(year).splitlines()[2:-2]]
        expected = [str(year.dates[row]) for row in rows]

        assert shown[:3] + shown[-2:] == expected
        assert len(shown) <= 16

    def test_error_of_what_is_shown(self) -> None:
        """The error is that of the rows in the table, not of those left out."""
        # After a first month that costs three quarters, more or less, the second costs the rest.
        lost = losses(45_000, variation=Variation.independent(0.1, Per.MONTH))
        year = future(60_000, lost, intake(0), until=date(2027, 6, 1), draws=800)
        errors = year.standard_errors([0.5, 0.05, 0.95]).max(axis=1)
        shown = errors[::2].max()

        assert errors.argmax() == 1
        assert f"standard error up to {shown:,.0f}" in str(year)


class TestPlot:
    def test_on_given_axes(self, year: Projection) -> None:
        """The fan is drawn on the axes of the caller, which come back."""
        ax = Figure().subplots()
        found = year.plot(ax)

        assert found is ax
        assert ax.get_ylabel() == "strength, people"
        assert ax.get_legend_handles_labels()[1] == ["90 % interval", "50 % interval", "median"]
        median = np.asarray(ax.lines[0].get_ydata(), dtype=np.float64)
        np.testing.assert_allclose(median, year.quantiles(0.5).ravel())

    def test_caption(self, year: Projection) -> None:
        """On request, method and the largest error of what is drawn stand beneath."""
        ax = year.plot(Figure().subplots(), caption=True)
        error = year.standard_errors([0.05, 0.25, 0.5, 0.75, 0.95]).max()
        how = str(year).splitlines()[-2].partition(", standard")[0]

        assert not year.plot(Figure().subplots()).texts
        assert [text.get_text() for text in ax.texts] == [
            f"{how}, standard error up to {error:,.0f}"
        ]

    def test_on_new_axes(self, year: Projection) -> None:
        """Without axes there are new ones."""
        from matplotlib import pyplot as plt

        ax = year.plot()
        try:
            assert ax.figure is plt.gcf()
            assert len(ax.lines) == 1
        finally:
            plt.close()
