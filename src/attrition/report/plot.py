"""Pictures of results, on axes of the caller or new ones."""

from typing import TYPE_CHECKING

from attrition.accounts import LossEstimate, RecruitmentRate
from attrition.evidence import Pooled
from attrition.projection import Projection

if TYPE_CHECKING:
    import matplotlib.axes

__all__ = ["fan_chart", "forest_plot"]


def fan_chart(
    projection: Projection, ax: "matplotlib.axes.Axes | None" = None
) -> "matplotlib.axes.Axes":
    """
    A fan chart of strength: the median with the central 50 and 90 per cent.

    Args:
        projection: What to draw.

        ax: Axes to draw on; new ones unless given.

    Returns:
        The axes.

    Examples:
        >>> from datetime import date
        >>> from attrition import about, project
        >>> from attrition.accounts import Category, Force, Per, StrengthBasis
        >>> from attrition.projection import IntakeProcess, LossProcess
        >>> from matplotlib.figure import Figure
        >>> future = project(
        ...     Force(
        ...         strength=about(712_000, sd=20_000), as_of=date(2026, 2, 1), side="Russia",
        ...         basis=StrengthBasis.COMMITTED,
        ...     ),
        ...     losses=LossProcess(
        ...         level=about(44_000, sd=2_700), per=Per.MONTH, side="Russia",
        ...         category=Category.IRRECOVERABLE,
        ...     ),
        ...     recruitment=IntakeProcess(
        ...         level=about(35_000, sd=2_100), per=Per.MONTH, side="Russia"
        ...     ),
        ...     until=date(2026, 8, 1),
        ... )
        >>> fan_chart(future, Figure().subplots()).get_ylabel()
        'strength, people'
    """
    return projection.plot(ax)


def forest_plot(
    pooled: Pooled[LossEstimate] | Pooled[RecruitmentRate],
    ax: "matplotlib.axes.Axes | None" = None,
) -> "matplotlib.axes.Axes":
    """
    A forest plot: each estimate with its 90 % interval, and the pool below them.

    Args:
        pooled: What to draw.

        ax: Axes to draw on; new ones unless given.

    Returns:
        The axes.

    Examples:
        >>> from attrition import Category, Period, about, pool
        >>> from matplotlib.figure import Figure
        >>> claims = [
        ...     LossEstimate.central(
        ...         count=about(count, sd=800), category=Category.KILLED,
        ...         period=Period.month(2025, 12), side="Russia",
        ...     )
        ...     for count in (9_000, 9_300)
        ... ]
        >>> ax = forest_plot(pool(claims, method="linear"), Figure().subplots())
        >>> [label.get_text() for label in ax.get_yticklabels()]
        ['estimates[0]', 'estimates[1]', 'pooled']
    """
    return pooled.plot(ax)
