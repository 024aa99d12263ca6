"""To programs and pages: plots."""

from attrition.report import plot
from attrition.report.plot import fan_chart, forest_plot

__all__ = ["fan_chart", "forest_plot", "plot"]
