"""Several futures side by side: what ``compare_scenarios`` returns."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, final

import attrs
import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray
from attrition.accounts.checks import checked_date
from attrition.errors import DependenceError, PeriodError, ProjectionError
from attrition.evidence.substitute import substituted
from attrition.projection.projection import Projection
from attrition.projection.provenance import found_text, largest_error
from attrition.uncertain import Uncertain, UncertainLike
from attrition.uncertain.node import Node, Noise, in_order, unknowns
from attrition.uncertain.stream import check_ties
from attrition.words import caption_below, fans, new_axes, people, text_table

if TYPE_CHECKING:
    import matplotlib.axes

__all__ = ["ScenarioComparison"]

_BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)
_OUTER = (0.5, 0.05, 0.95)

_HEADER = ("scenario", "median", "90 % from", "to", "against base", "90 % from", "to")

_ROWS = 15
"""Scenarios that a printed comparison lists."""

_NAMES_SHOWN = 6
"""Names that an error lists."""


@final
@attrs.frozen(kw_only=True, eq=False, repr=False)
class ScenarioComparison:
    """
    Projections that differ in some of their arguments, the base first.

    Attributes:
        projections: All of them by name.

        dates: The dates that all of them have.

    Examples:
        >>> import attrition as at
        >>> lost = at.about(44_000, sd=2_700, name="lost")
        >>> def losses(level):
        ...     return at.LossProcess(
        ...         level=level, per=at.Per.MONTH, side="Russia",
        ...         category=at.Category.IRRECOVERABLE,
        ...     )
        >>> today = at.Scenario(
        ...     "as today",
        ...     force=at.Force(
        ...         strength=at.about(712_000, sd=20_000), as_of=date(2026, 2, 1), side="Russia",
        ...         basis=at.StrengthBasis.COMMITTED,
        ...     ),
        ...     losses=losses(lost),
        ...     recruitment=at.IntakeProcess(
        ...         level=at.about(35_000, sd=2_100), per=at.Per.MONTH, side="Russia"
        ...     ),
        ...     until=date(2026, 8, 1),
        ... )
        >>> compared = at.compare_scenarios(
        ...     today, [at.Scenario("a tenth fewer lost", losses=losses(0.9 * lost))]
        ... )
        >>> more = compared.difference("a tenth fewer lost", on=date(2026, 8, 1))
        >>> round(more.mean(), -2), round(more.std(), -2)
        (26400.0, 1600.0)
    """

    projections: dict[str, Projection]
    dates: tuple[date, ...] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        every = [projection.dates for projection in self.projections.values()]
        shared = sorted(set(every[0]).intersection(*every[1:]))
        if not shared:
            raise PeriodError(
                f"the scenarios have no date in common: {every[0][0]} to {every[0][-1]} is that of "
                f"the base. Type the same step in all of them, and let their spans overlap."
            )
        object.__setattr__(self, "dates", tuple(shared))

    # Parts

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the scenarios, that of the base first."""
        return tuple(self.projections)

    def projection(self, name: str) -> Projection:
        """
        The projection of one scenario.

        Raises:
            ProjectionError: If there is none of that name.
        """
        if name in self.projections:
            return self.projections[name]
        shown = ", ".join(map(repr, self.names[:_NAMES_SHOWN]))
        more = len(self.names) - _NAMES_SHOWN
        raise ProjectionError(
            f"there is no scenario {name!r}: expected one of {shown}"
            f"{f' and {more} more' if more > 0 else ''}. Type it as the scenario is named."
        )

    def difference(self, name: str, *, on: date) -> Uncertain:
        """
        How much more strength a scenario has than the base.

        What both have in common cancels: the same numbers, and the noise of the same flow, which
        hits both alike even where the level of the flow is another one.

        Args:
            name: The scenario.

            on: One of ``dates``.

        Returns:
            People, below zero where there are fewer; tied to the inputs and to the base.

        Raises:
            ProjectionError: If there is no such scenario.

            PeriodError: If ``on`` is no date of both.

            DependenceError: If the two have different unknowns under one name.
        """
        other, base = self.projection(name), self._base
        node, base_node = other.strength(on).node, base.strength(on).node
        if other.grid.start == base.grid.start:
            node = substituted(node, _same_noise(node, base_node))
        try:
            check_ties(unknowns(in_order([node, base_node])))
        except DependenceError as refusal:
            raise DependenceError(
                f"cannot take {name!r} less {self.names[0]!r}: {refusal} In a scenario, derive the "
                f"number from that of the base, for example level=0.9 * level."
            ) from None
        return Uncertain(node) - Uncertain(base_node)

    # Arrays, one row a scenario

    def quantiles(self, q: npt.ArrayLike) -> FloatArray:
        """
        Quantiles of strength in every scenario at every date.

        Args:
            q: Probabilities inside (0, 1), shape (q,).

        Returns:
            People, shape (scenarios, dates, q).

        Raises:
            ParameterError: If one is not inside (0, 1).
        """
        return np.stack([p.quantiles(q)[self._shared(p)] for p in self.projections.values()])

    def standard_errors(self, q: npt.ArrayLike) -> FloatArray:
        """
        Numerical standard errors of :meth:`quantiles`.

        Args:
            q: Probabilities inside (0, 1), shape (q,).

        Returns:
            People, shape (scenarios, dates, q).
        """
        return np.stack([p.standard_errors(q)[self._shared(p)] for p in self.projections.values()])

    def probability_below(self, threshold: UncertainLike, *, on: date) -> FloatArray:
        """
        Probability that strength is below a threshold on one date, in every scenario.

        Args:
            threshold: People; it may be tied, such as ``0.9 * force.strength``.

            on: One of ``dates``.

        Returns:
            Shape (scenarios,).

        Raises:
            PeriodError: If ``on`` is no date of all of them.
        """
        known = Uncertain.of(threshold)
        found = [p.probability_below(known, on=on) for p in self.projections.values()]
        return np.array(found)

    # For people

    def table(self, on: date) -> str:
        """
        Strength in every scenario on one date, and how much more or less it is than in the base.

        The difference is left empty where a scenario has its own unknown under a name of the base.

        Args:
            on: One of ``dates``.

        Returns:
            A table with medians and central 90 per cent.

        Raises:
            PeriodError: If ``on`` is no date of all of them.
        """
        return self._table(self.names, checked_date(on, "on"))

    def plot(
        self,
        ax: "matplotlib.axes.Axes | None" = None,
        *,
        names: Sequence[str] | None = None,
        caption: bool = False,
    ) -> "matplotlib.axes.Axes":
        """
        A fan chart of several scenarios: medians with the central 50 and 90 per cent.

        Args:
            ax: Axes to draw on; new ones unless given.

            names: Which scenarios, at most six; all unless told.

            caption: Whether method and numerical error stand beneath. Axes of your own need
                room there: ``layout="constrained"`` makes it.

        Returns:
            The axes.

        Raises:
            ProjectionError: If there is no scenario of a name.

            WordError: If there are more than six.
        """
        chosen = self.names if names is None else tuple(names)
        found = [self.projection(name) for name in chosen]
        values = [p.quantiles(_BANDS)[self._shared(p)] for p in found]
        drawn = new_axes() if ax is None else ax
        fans(drawn, self.dates, _BANDS, np.array(values), chosen)
        drawn.set_ylabel("strength, people")
        if caption:
            errors = [p.standard_errors(_BANDS)[self._shared(p)] for p in found]
            caption_below(drawn, self._found(np.array(errors)))
        return drawn

    def __repr__(self) -> str:
        return f"<ScenarioComparison of {len(self.names)}, {self.names[0]!r} first>"

    def __str__(self) -> str:
        shown, on = self.names[:_ROWS], self.dates[-1]
        more = len(self.names) - len(shown)
        errors = self.standard_errors(_OUTER)[: len(shown), -1]
        return (
            f"{self._table(shown, on)}\n"
            f"{f'and {more:,} more' + chr(10) if more else ''}"
            f"strength on {on}, {self._found(errors)}"
        )

    # Helpers

    @property
    def _base(self) -> Projection:
        return self.projections[self.names[0]]

    def _shared(self, projection: Projection) -> list[int]:
        """The rows of a projection that all scenarios have."""
        return [projection.dates.index(day) for day in self.dates]

    def _found(self, errors: FloatArray) -> str:
        methods = [p.provenance.method for p in self.projections.values()]
        return found_text(*methods, error=largest_error(errors))

    def _table(self, names: Sequence[str], on: date) -> str:
        rows = [
            [name, *map(people, _outer(self.projection(name).strength(on))), *more]
            for name, more in ((name, self._more(name, on)) for name in names)
        ]
        return text_table(_HEADER, rows, align="lrrrrrr")

    def _more(self, name: str, on: date) -> list[str]:
        """The cells of the difference from the base."""
        if name == self.names[0]:
            return [""] * 3
        try:
            found = self.difference(name, on=on)
        except DependenceError:
            return [""] * 3
        return [f"{round(x):+,}" for x in _outer(found)]


def _outer(number: Uncertain) -> list[float]:
    """The median with the central 90 per cent."""
    return [number.ppf(p) for p in _OUTER]


def _same_noise(node: Node, base: Node) -> dict[str, Node]:
    """The noise of the base in the place of that of the same flow, by uid."""
    mine = _noises(base)
    return {
        noise.uid: attrs.evolve(noise, uid=mine[flow].uid)
        for flow, noise in _noises(node).items()
        if flow in mine
    }


def _noises(root: Node) -> dict[tuple[str, int], Noise]:
    """Every noise by the flow it belongs to, and the place among flows of that kind."""
    seen: Counter[str] = Counter()
    found: dict[tuple[str, int], Noise] = {}
    for unknown in unknowns(in_order([root])):
        if isinstance(unknown, Noise):
            found[unknown.key, seen[unknown.key]] = unknown
            seen[unknown.key] += 1
    return found
