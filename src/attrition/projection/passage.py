"""When something is reached, if ever: a date that is not known, with a mass at never."""

import abc
from datetime import date
from typing import TYPE_CHECKING, final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.accounts import Per
from attrition.accounts.checks import checked_date
from attrition.errors import PeriodError
from attrition.projection.calendar import Grid, units_between, units_later
from attrition.projection.provenance import found_text
from attrition.uncertain import Uncertain
from attrition.uncertain.checks import between_zero_and_one
from attrition.uncertain.law import Law, Method
from attrition.words import caption_below, new_axes, passage_curve

if TYPE_CHECKING:
    import matplotlib.axes

__all__ = ["OpenPassage", "Passage", "WatchedPassage"]


class Passage(abc.ABC):
    """
    The first date on which something holds.

    Examples:
        >>> from attrition import between
        >>> from attrition.projection import time_to_objective
        >>> pace = between(200, 380, confidence=0.9, family="lognormal")
        >>> taken = time_to_objective(6_500, pace, per=Per.MONTH, start=date(2025, 10, 15))
        >>> taken.quantile(0.5)
        datetime.date(2027, 10, 2)
        >>> print(taken)
        2027-10-02 (2027-03-19 to 2028-06-30 at 90 %)
    """

    @abc.abstractmethod
    def probability(self, *, by: date) -> float:
        """Probability that it holds on some date up to ``by``."""

    @abc.abstractmethod
    def standard_error(self, *, by: date) -> float:
        """Numerical standard error of :meth:`probability`."""

    @abc.abstractmethod
    def quantile(self, p: float) -> date | None:
        """The first date by which it holds with probability ``p``, None if there is none."""

    @abc.abstractmethod
    def _beyond(self) -> str:
        """What is said where a quantile is no date."""

    def __str__(self) -> str:
        dates = (self.quantile(p) for p in (0.5, 0.05, 0.95))
        middle, low, high = (self._beyond() if day is None else str(day) for day in dates)
        return f"{middle} ({low} to {high} at 90 %)"

    @property
    @abc.abstractmethod
    def method(self) -> Method:
        """How it was found, which is "exact", "quadrature", "lattice" or "draws"."""


@final
@attrs.frozen(kw_only=True)
class WatchedPassage(Passage):
    """
    First passage of a projection, watched at its dates only.

    Attributes:
        grid: The dates at which strength was looked at.

        days: Days from the start until passage; infinite beyond the horizon.

    Examples:
        >>> import attrition as at
        >>> future = at.project(
        ...     at.Force(
        ...         strength=at.about(712_000, sd=20_000), as_of=date(2026, 2, 1), side="Russia",
        ...         basis=at.StrengthBasis.COMMITTED,
        ...     ),
        ...     losses=at.LossProcess(
        ...         level=44_000, per=at.Per.MONTH, side="Russia",
        ...         category=at.Category.IRRECOVERABLE,
        ...     ),
        ...     recruitment=at.IntakeProcess(level=35_000, per=at.Per.MONTH, side="Russia"),
        ...     until=date(2026, 8, 1),
        ... )
        >>> passage = future.passage(680_000)
        >>> passage.quantile(0.5), round(passage.beyond_horizon, 2)
        (datetime.date(2026, 6, 1), 0.14)
    """

    grid: Grid
    days: Uncertain
    _law: Law = attrs.field(repr=False, eq=False)

    @property
    def method(self) -> Method:
        """How it was found."""
        return self._law.method

    def probability(self, *, by: date) -> float:
        """
        Probability of passage on one of the dates up to ``by``.

        Raises:
            PeriodError: If ``by`` lies outside the projection.
        """
        return float(self._law.cdf(np.array(self._days_to(by))))

    def standard_error(self, *, by: date) -> float:
        """
        Numerical standard error of :meth:`probability`.

        Raises:
            PeriodError: If ``by`` lies outside the projection.
        """
        return self._law.probability_error(self._days_to(by))

    def quantile(self, p: float) -> date | None:
        """The first date by which passage has probability ``p``, None beyond the horizon."""
        wanted = between_zero_and_one(p, "p")
        reached = np.flatnonzero(self._curve() >= wanted)
        return self.grid.dates[reached[0]] if reached.size else None

    @property
    def beyond_horizon(self) -> float:
        """Probability of no passage on any date of the projection."""
        return float(1.0 - self._curve()[-1])

    def plot(
        self, ax: "matplotlib.axes.Axes | None" = None, *, caption: bool = False
    ) -> "matplotlib.axes.Axes":
        """
        The probability of passage by each date, and what is left beyond the horizon.

        Args:
            ax: Axes to draw on; new ones unless given.

            caption: Whether method and numerical error stand beneath. Axes of your own need
                room there, and for the text at the right: ``layout="constrained"`` makes it.

        Returns:
            The axes.
        """
        drawn = new_axes() if ax is None else ax
        passage_curve(drawn, self.grid.dates, self._curve())
        drawn.set_ylabel("probability by the date")
        if caption:
            error = max(self.standard_error(by=day) for day in self.grid.dates)
            caption_below(drawn, found_text(self.method, error=f"{100.0 * error:.2g} %"))
        return drawn

    def _beyond(self) -> str:
        return f"after {self.grid.end}"

    def _curve(self) -> FloatArray:
        days = [(day - self.grid.start).days for day in self.grid.dates]
        return self._law.cdf(np.array(days, dtype=np.float64))

    def _days_to(self, by: date) -> float:
        if not self.grid.start <= checked_date(by, "by") <= self.grid.end:
            raise PeriodError(
                f"by is {by}, outside the projection from {self.grid.start} to {self.grid.end}: "
                f"expected a date inside. Project until={by!r} to ask for it."
            )
        return float((by - self.grid.start).days)


@final
@attrs.frozen(kw_only=True)
class OpenPassage(Passage):
    """
    Time until a goal at a steady pace, without a horizon.

    Attributes:
        time: Time from the start, in units of ``per``; infinite where the pace is not positive.

        per: The unit of the time.

        start: When the time begins.

        never: Probability that the pace is not positive, so that the goal is never reached.

    Examples:
        >>> from attrition import about
        >>> from attrition.projection import time_to_objective
        >>> pace = about(275, sd=200)
        >>> taken = time_to_objective(6_500, pace, per=Per.MONTH, start=date(2025, 10, 15))
        >>> round(taken.never, 3)
        0.085
    """

    time: Uncertain
    per: Per
    start: date
    never: float

    @property
    def method(self) -> Method:
        """How it was found."""
        return self.time.method

    def probability(self, *, by: date) -> float:
        """Probability that the goal is reached by the start of the day ``by``."""
        return float(self.time.cdf(self._units_to(by)))

    def standard_error(self, *, by: date) -> float:
        """Numerical standard error of :meth:`probability`."""
        return (self.time <= self._units_to(by)).summary().error

    def quantile(self, p: float) -> date | None:
        """The first date by which it is reached with probability ``p``, None if never."""
        units = self.time.ppf(between_zero_and_one(p, "p"))
        return units_later(self.start, units, self.per) if np.isfinite(units) else None

    def _beyond(self) -> str:
        return "never"

    def _units_to(self, by: date) -> float:
        return units_between(self.start, checked_date(by, "by"), self.per)
