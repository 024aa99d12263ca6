"""Strength and who moves between two dates, tied to the inputs."""

from datetime import date

import attrs

from attrition.accounts import Period
from attrition.accounts.checks import checked_date
from attrition.projection.calendar import Grid
from attrition.projection.questions import Future, Moving
from attrition.uncertain import Uncertain

__all__ = ["Moved"]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Moved:
    """
    The part of a projection that is numbers by date: strength, and who is lost and who comes.

    Attributes:
        grid: The dates.
    """

    grid: Grid
    _future: Future

    # Dates and strength

    @property
    def dates(self) -> tuple[date, ...]:
        """The start and the end of every step."""
        return self.grid.dates

    def strength(self, on: date) -> Uncertain:
        """
        Strength at the start of a day, tied to the inputs and to every other date.

        Args:
            on: One of ``dates``.

        Returns:
            People; at the start the strength of the force itself.

        Raises:
            PeriodError: If ``on`` is no date of the projection.
        """
        return self._future.at(self._place(on, "on"))

    def net_change(self, period: Period) -> Uncertain:
        """
        The change of strength over a period, positive where the force grows.

        Args:
            period: It begins and ends on one of ``dates``.

        Returns:
            People.

        Raises:
            PeriodError: If it does not.
        """
        return self.strength(period.end) - self.strength(period.start)

    def losses_between(self, period: Period) -> Uncertain:
        """
        Everyone lost in a period, whether or not they return.

        Args:
            period: It begins and ends on one of ``dates``.

        Returns:
            People, by all flows that are losses. Strength changes by arrivals and returns less
            losses, in every draw.

        Raises:
            PeriodError: If it does not.
        """
        return self._moved("losses", period)

    def arrivals_between(self, period: Period) -> Uncertain:
        """
        Everyone who arrives in a period, returns left out.

        Args:
            period: It begins and ends on one of ``dates``.

        Returns:
            People, by all flows that are arrivals.

        Raises:
            PeriodError: If it does not.
        """
        return self._moved("arrivals", period)

    def returns_between(self, period: Period) -> Uncertain:
        """
        Everyone who comes back in a period, from the hospital at the start too.

        Args:
            period: It begins and ends on one of ``dates``.

        Returns:
            People; nobody without ``returns``.

        Raises:
            PeriodError: If it does not.
        """
        return self._moved("returns", period)

    # Helpers

    def _moved(self, flow: Moving, period: Period) -> Uncertain:
        first, last = (self._place(day, "on") for day in (period.start, period.end))
        return self._future.moved(flow, first, last)

    def _place(self, day: date, what: str) -> int:
        return self.grid.place(checked_date(day, what), what)
