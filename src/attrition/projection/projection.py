"""The future of a force: strength by date, and the answers that rest on it."""

import math
from datetime import date
from typing import TYPE_CHECKING, final

import attrs
import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray, Seed
from attrition.accounts import Category, Force
from attrition.errors import PeriodError
from attrition.projection.moved import Moved
from attrition.projection.passage import WatchedPassage
from attrition.projection.provenance import Provenance, found_text, largest_error, versions
from attrition.projection.questions import Affordable, Needed, Whole
from attrition.projection.sensitivity import Sensitivity, sensitivity_of
from attrition.projection.simulate import Paths
from attrition.projection.sums import Sums
from attrition.uncertain import Uncertain, UncertainLike
from attrition.uncertain.checks import as_draws, between_zero_and_one
from attrition.uncertain.evaluate import draw_nodes, law_of
from attrition.uncertain.law import Law
from attrition.uncertain.node import apply
from attrition.uncertain.stream import seed_from
from attrition.words import caption_below, fan, new_axes, people, text_table

if TYPE_CHECKING:
    import matplotlib.axes

__all__ = ["Projection"]

_BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The median with the central 50 and 90 per cent, for fans."""

_OUTER = (0.5, 0.05, 0.95)
"""The median with the central 90 per cent, for tables."""

_ROWS = 14
"""Rows of a table that still read at a glance."""


@final
@attrs.frozen(kw_only=True, eq=False, repr=False)
class Projection(Moved):
    """
    A force forward in time: what ``project`` returns.

    Every answer is about the same future and tied to the inputs and to every other answer. How
    each is found, and with what error, it says itself; see :func:`project`.

    Attributes:
        force: Where it starts.

        grid: The dates.

        omitted_exits: Ways to leave the force that no input counts.

    Examples:
        >>> import attrition as at
        >>> force = Force(
        ...     strength=at.about(712_000, relative=0.05, confidence=0.9), as_of=date(2026, 2, 1),
        ...     side="Russia", basis=at.StrengthBasis.COMMITTED,
        ... )
        >>> lost = at.LossEstimate.central(
        ...     count=at.about(44_000, relative=0.1, confidence=0.9), side="Russia",
        ...     category=Category.IRRECOVERABLE, period=at.Period.month(2026, 1),
        ... )
        >>> joined = at.RecruitmentRate(
        ...     rate=at.about(35_000, relative=0.1, confidence=0.9), per=at.Per.MONTH,
        ...     side="Russia", stage=at.IntakeStage.ARRIVED,
        ... )
        >>> future = at.project(
        ...     force, losses=at.steady(lost), recruitment=at.steady(joined),
        ...     until=date(2027, 2, 1),
        ... )
        >>> a_year_on = date(2027, 2, 1)
        >>> round(future.probability_below(712_000, on=a_year_on), 2)
        0.99
        >>> future.passage(0.9 * force.strength).quantile(0.5)
        datetime.date(2026, 10, 1)
        >>> (future.strength(date(2026, 2, 1)) - force.strength).std()
        0.0
    """

    force: Force
    omitted_exits: Category
    _fan: Sums

    # Strength at all dates

    def quantiles(self, q: npt.ArrayLike) -> FloatArray:
        """
        Quantiles of strength at every date.

        Args:
            q: Probabilities inside (0, 1), shape (q,).

        Returns:
            People, shape (dates, q).

        Raises:
            ParameterError: If one is not inside (0, 1).
        """
        levels = _levels(q)
        later = np.maximum(self._fan.quantiles(levels), 0.0)
        return np.vstack([self._start.ppf(levels), later])

    def standard_errors(self, q: npt.ArrayLike) -> FloatArray:
        """
        Numerical standard errors of :meth:`quantiles`.

        By quadrature they are the distance from a finer rule and from simulated noise at a few
        of its nodes; on the lattice and by draws the disagreement of eight parts.

        Args:
            q: Probabilities inside (0, 1), shape (q,).

        Returns:
            People, shape (dates, q).
        """
        levels = _levels(q)
        start = [self._start.error(p) for p in levels]
        return np.vstack([start, self._fan.quantile_errors(levels)])

    def interval(self, confidence: float) -> FloatArray:
        """
        The central interval of strength at every date.

        Args:
            confidence: Mass inside, in (0, 1).

        Returns:
            Lower and upper ends, shape (dates, 2).
        """
        tail = 0.5 * (1.0 - between_zero_and_one(confidence, "confidence"))
        return self.quantiles([tail, 1.0 - tail])

    # Probabilities and what it would take

    def probability_below(self, threshold: UncertainLike, *, on: date) -> float:
        """
        Probability that strength is below a threshold on one date.

        Below ON a date is not below BY a date: see :meth:`passage`.

        Args:
            threshold: People; it may be tied, such as ``0.9 * force.strength``.

            on: One of ``dates``.

        Returns:
            Between 0 and 1; ``(strength(on) < threshold).summary()`` has its error.

        Raises:
            PeriodError: If ``on`` is no date of the projection.
        """
        limit, place = Uncertain.of(threshold), self._place(on, "on")
        if limit.value is None or place == 0:
            return (self.strength(on) < limit).summary().probability
        below = np.full((self.grid.steps, 1), np.nextafter(limit.value, -np.inf))
        return float(np.clip(self._fan.chance(below)[place - 1, 0], 0.0, 1.0))

    def passage(self, threshold: UncertainLike) -> WatchedPassage:
        """
        When strength is first below a threshold, watched at ``dates``.

        A finer step watches more often, and so finds passages earlier and more of them.

        Args:
            threshold: People; it may be tied to the inputs.

        Returns:
            The date, with the mass beyond the horizon.
        """
        days = [(day - self.grid.start).days for day in self.dates]
        first = self._future.first_below(Uncertain.of(threshold).node, days)
        return WatchedPassage(grid=self.grid, days=first, law=law_of(first.node))

    def recruits_needed(
        self, keep_above: UncertainLike, *, by: date, throughout: bool
    ) -> Uncertain:
        """
        The level of recruitment that keeps strength at or above a threshold.

        It is a level like that of the recruitment process, in people per its ``per``, and goes
        through the same trend, changes and variation.

        Args:
            keep_above: The threshold, people.

            by: The last date that counts, one of ``dates``.

            throughout: Whether strength must hold on every date after the start up to ``by``, or
                only then.

        Returns:
            The level; read the one that holds with 90 per cent probability with ``.ppf(0.9)``.

        Raises:
            PeriodError: If ``by`` is no date after the start.
        """
        return self._level(Needed, keep_above, by, throughout=throughout)

    def losses_affordable(
        self, keep_above: UncertainLike, *, by: date, throughout: bool
    ) -> Uncertain:
        """
        The level of losses at which strength still holds at a threshold.

        It is a level like that of the loss process. Whoever is in hospital at the start was lost
        at the level of the past.

        Args:
            keep_above: The threshold, people.

            by: The last date that counts, one of ``dates``.

            throughout: Whether strength must hold on every date after the start up to ``by``, or
                only then.

        Returns:
            The level; losses of ``.ppf(0.1)`` are borne with 90 per cent probability, those of
            ``.ppf(0.9)`` break the threshold with 90 per cent probability.

        Raises:
            PeriodError: If ``by`` is no date after the start.
        """
        return self._level(Affordable, keep_above, by, throughout=throughout)

    # What it hangs on

    def sensitivity(self, on: date | None = None) -> Sensitivity:
        """
        What strength on a date hangs on: shares of its variance, and one input at a time.

        Args:
            on: One of ``dates``; the last one unless told.

        Returns:
            For each group of inputs that share nothing with the others its part of the variance,
            and mean strength with that input low and high.

        Raises:
            PeriodError: If ``on`` is no date of the projection.

            ProjectionError: If strength is known on that date.

            MomentError: If an input has no variance.
        """
        day = self.grid.end if on is None else on
        return sensitivity_of(self._future, self._place(day, "on"), day)

    # Paths and origin

    def paths(self, n: int, *, rng: Seed) -> Paths:
        """
        Whole futures, one by one.

        Args:
            n: How many.

            rng: Whatever ``numpy.random.default_rng`` takes, required.

        Returns:
            Strength, losses, arrivals and returns by step and draw.
        """
        whole = Whole(self._future.model, self._future.drawn)
        node = apply(whole, *self._future.inputs)
        (stacked,) = draw_nodes([node], as_draws(n, "n"), seed=seed_from(rng))
        return whole.taken_apart(stacked)

    @property
    def provenance(self) -> Provenance:
        """How it was made, with versions and omitted exits."""
        return Provenance(
            method=self._fan.method,
            draws=self._fan.draws,
            seed=self._future.drawn.seed,
            versions=versions(),
            omitted_exits=self.omitted_exits,
        )

    # For people

    def plot(
        self, ax: "matplotlib.axes.Axes | None" = None, *, caption: bool = False
    ) -> "matplotlib.axes.Axes":
        """
        A fan chart of strength: the median with the central 50 and 90 per cent.

        Args:
            ax: Axes to draw on; new ones unless given.

            caption: Whether method and numerical error stand beneath. Axes of your own need
                room there: ``layout="constrained"`` makes it.

        Returns:
            The axes.
        """
        drawn = new_axes() if ax is None else ax
        fan(drawn, self.dates, _BANDS, self.quantiles(_BANDS))
        drawn.set_ylabel("strength, people")
        if caption:
            caption_below(drawn, self._found(self.standard_errors(_BANDS)))
        return drawn

    def __repr__(self) -> str:
        return f"<Projection of {self.force.side}, {self.grid.start} to {self.grid.end}>"

    def __str__(self) -> str:
        shown = self._shown()
        quantiles = self.quantiles(_OUTER)
        rows = [[str(self.dates[i]), *(people(x) for x in quantiles[i])] for i in shown]
        left_out = self.omitted_exits.label if self.omitted_exits else "nothing"
        return (
            f"{text_table(['date', 'median', '90 % from', 'to'], rows)}\n"
            f"{self._found(self.standard_errors(_OUTER)[shown])}\n"
            f"left out: {left_out}"
        )

    # Helpers

    @property
    def _start(self) -> Law:
        """The law at the start is that of the input itself."""
        return law_of(self.force.strength.node)

    def _found(self, errors: FloatArray) -> str:
        made = self.provenance
        return found_text(made.method, error=largest_error(errors), draws=made.draws)

    def _level(
        self,
        kind: type[Needed] | type[Affordable],
        keep_above: UncertainLike,
        by: date,
        *,
        throughout: bool,
    ) -> Uncertain:
        until = self._place(by, "by")
        if until == 0:
            raise PeriodError(
                f"by is {by}, the start itself: expected a later date. "
                f"Type by={self.dates[-1]!r} for the end of the projection."
            )
        threshold = Uncertain.of(keep_above).node
        return self._future.level(kind, threshold, until=until, throughout=throughout)

    def _shown(self) -> list[int]:
        """The rows of a table: all of a short projection, evenly spaced ones of a long one."""
        last = len(self.dates) - 1
        every = max(1, math.ceil(last / _ROWS))
        return sorted({*range(0, last, every), last})


def _levels(q: npt.ArrayLike) -> FloatArray:
    levels = np.atleast_1d(np.asarray(q, dtype=np.float64))
    return np.array([between_zero_and_one(float(p), "q") for p in levels])
