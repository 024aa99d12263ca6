import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from attrition.evidence import pool
from attrition.report import plot
from attrition.uncertain import about
from tests.accounts.records import joined, lost
from tests.projection.futures import future


class TestFanChart:
    def test_draws_what_the_projection_draws(self) -> None:
        """The chart is the plot of the projection, on the axes of the caller."""
        year = future(about(712_000, sd=20_000), draws=80)
        first, second = Figure().subplots(1, 2)
        found = plot.fan_chart(year, first)
        year.plot(second)

        assert found is first
        assert first.get_ylabel() == second.get_ylabel() == "strength, people"
        assert len(first.collections) == len(second.collections) == 2
        for ax in (first, second):
            median = np.asarray(ax.lines[0].get_ydata(), dtype=np.float64)
            np.testing.assert_allclose(median, year.quantiles(0.5).ravel())

    def test_makes_axes(self) -> None:
        """Without axes there are new ones."""
        ax = plot.fan_chart(future(about(712_000, sd=20_000), draws=8))
        try:
            assert ax is plt.gca()
        finally:
            plt.close()


class TestForestPlot:
    def test_draws_what_the_pool_draws(self) -> None:
        """The forest is the plot of the pool, on the axes of the caller."""
        pooled = pool([lost(about(9_000, sd=800)), lost(about(9_900, sd=500))], method="linear")
        ax = Figure().subplots()

        assert plot.forest_plot(pooled, ax) is ax
        assert ax.get_xlabel() == "people, with 90 % intervals"
        assert len(ax.get_yticklabels()) == 3

    def test_makes_axes(self) -> None:
        """Without axes there are new ones."""
        ax = plot.forest_plot(pool([joined(about(22_000, sd=800))], method="linear"))
        try:
            assert ax is plt.gca()
        finally:
            plt.close()
