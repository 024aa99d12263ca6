"""A simulated future as uncertain numbers: tied to its inputs and to every other date."""

import itertools
from collections.abc import Sequence
from typing import ClassVar, Literal, TypeAlias, final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.errors import ProjectionError
from attrition.projection.break_even import break_even
from attrition.projection.first_passage import first_below
from attrition.projection.lattice import on_lattice
from attrition.projection.response import Response
from attrition.projection.simulate import Model, Paths
from attrition.projection.sums import OfSum
from attrition.projection.ways import Fixed, sums_of
from attrition.uncertain.combination import Combination
from attrition.uncertain.families import Constant
from attrition.uncertain.forms import linear_form
from attrition.uncertain.lattice import FEWER
from attrition.uncertain.law import Law
from attrition.uncertain.node import (
    Apply,
    Bounds,
    Evaluated,
    Known,
    Node,
    Operation,
    Simulation,
    apply,
    in_order,
)
from attrition.uncertain.number import Uncertain
from attrition.uncertain.operations import Log

__all__ = ["Affordable", "FirstBelow", "Future", "Moving", "Needed", "Row", "Strength", "Whole"]

Moving: TypeAlias = Literal["losses", "arrivals", "returns"]
"""What moves people, by its name among the parts of a path."""


@attrs.frozen(eq=False, repr=False)
class _Simulated(Operation):
    """
    What every question to a model shares: the model, how it is drawn, and whether it has to be.

    Attributes:
        model: The plan.

        drawn: Draws and seed.

        cut: The probability of strengths below zero, where it is so small that answers come
            without draws; None for draws.
    """

    model: Model
    drawn: Simulation
    cut: float | None = attrs.field(default=None, kw_only=True)

    def __repr__(self) -> str:
        cut = "" if self.cut is None else f", cut={self.cut!r}"
        return f"{type(self).__name__}({self.model.key}{cut})"

    @property
    def simulation(self) -> Simulation:
        """The draws that the projection was made with."""
        return self.drawn

    def points_above(self, roots: Sequence[Node], mine: Apply) -> Evaluated | None:
        """The points of a lattice, even where the noise matters for strength."""
        if self.cut is None:
            return None
        inputs = mine.arguments[: self.model.inputs]
        response = Response(self.model, inputs, np.eye(self.model.losses.steps + 1))
        found = on_lattice(response, FEWER, roots)
        return Evaluated(found.values, found.size)

    def _law_of_sum(self, root: Node, mine: Apply, rows: int, *, whole: bool = False) -> Law | None:
        """The law of a weighted sum of the rows of this node and of numbers beside them."""
        found = _weighted(root, mine, rows)
        if self.cut is None or found is None:
            return None
        sums = sums_of(Response(self.model, mine.arguments, *found, whole))
        if isinstance(sums, Fixed):
            return Constant(float(sums.values[0]))
        low = 0.0 if isinstance(root, Apply) and isinstance(root.operation, Row) else -np.inf
        return None if sums is None else OfSum(attrs.evolve(sums, cut=self.cut), low)


@final
class Strength(_Simulated):
    """Strength at the start and after every step, shape (steps + 1, draws)."""

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        return self.model.strength(arguments)

    def law_above(self, root: Node, mine: Apply) -> Law | None:
        """By quadrature or the lattice: of weighted sums of strengths, and of first passages."""
        if self.cut is None:
            return None
        if isinstance(root, Apply) and isinstance(root.operation, FirstBelow):
            strength, threshold = root.arguments
            if strength.uid == mine.uid and not _rests_on(threshold, mine):
                days = root.operation.days
                return first_below(self.model, mine.arguments, threshold, days)
        return self._law_of_sum(root, mine, self.model.losses.steps + 1)


def _rests_on(node: Node, below: Node) -> bool:
    return any(other.uid == below.uid for other in in_order([node]))


def _weighted(root: Node, stacked: Apply, rows: int) -> tuple[FloatArray, tuple[Node, ...]] | None:
    """A number as a weighted sum of the rows of a node and a rest that does not depend on them."""
    form = linear_form(in_order([root]))
    weights = np.zeros((1, rows))
    rest: list[tuple[Node, float]] = []
    for node, weight, in_log in form.atoms:
        row = None if in_log else _row_of(node, stacked)
        if row is not None:
            weights[0, row.place : row.place + row.count] += weight
        elif _rests_on(node, stacked):
            return None
        else:
            rest.append((apply(Log(), node) if in_log else node, weight))
    rest.append((Known(form.constant), 1.0))
    return weights, (apply(Combination(tuple(w for _, w in rest)), *(node for node, _ in rest)),)


def _row_of(node: Node, stacked: Apply) -> "Row | None":
    """Which rows of a simulation the node is, None if of no such."""
    if not (isinstance(node, Apply) and isinstance(node.operation, Row)):
        return None
    # By identity: every question makes its own node of the one simulation.
    return node.operation if node.arguments[0].uid == stacked.uid else None


@final
class Whole(_Simulated):
    """Everything that happened: strength, losses, arrivals and returns one below the other."""

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        return np.concatenate(self.model.run(arguments), axis=0)

    def law_above(self, root: Node, mine: Apply) -> Law | None:
        """By quadrature or the lattice: of weighted sums of everything that happened."""
        return self._law_of_sum(root, mine, 4 * self.model.losses.steps + 1, whole=True)

    def taken_apart(self, stacked: FloatArray) -> Paths:
        """The run that :meth:`__call__` stacked."""
        steps = self.model.losses.steps
        return Paths(*np.split(stacked, np.cumsum([steps + 1, steps, steps])))


@final
@attrs.frozen
class Row(Operation):
    """
    One date of a strength, or the sum of several rows of a flow.

    Attributes:
        place: The first row.

        count: How many rows.
    """

    simulated: ClassVar[bool] = True

    place: int
    count: int = 1

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        (rows,) = arguments
        return np.asarray(rows[self.place : self.place + self.count].sum(axis=0))

    def bounds(self, *arguments: Bounds) -> Bounds:  # noqa: ARG002 - people are never negative
        return 0.0, np.inf


@final
@attrs.frozen
class FirstBelow(Operation):
    """
    Days until strength is first below a threshold, infinite where it never is.

    Attributes:
        days: The days from the start at which strength is looked at.
    """

    simulated: ClassVar[bool] = True

    days: tuple[int, ...]

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        strength, threshold = arguments
        below = strength < threshold
        days = np.asarray(self.days, dtype=np.float64)[below.argmax(axis=0)]
        return np.where(below.any(axis=0), days, np.inf)

    def bounds(self, *arguments: Bounds) -> Bounds:  # noqa: ARG002 - time runs forward
        return 0.0, np.inf


@attrs.frozen(eq=False, repr=False)
class _Level(_Simulated):
    """
    The level of one flow that keeps strength at a threshold, path by path.

    Given the noise, strength is linear in the level: a + b level. Paths that are kept above a
    threshold are never cut at zero, so the line is exact for them.

    Attributes:
        until: How many steps count.

        throughout: Whether every step up to then counts, or only the last.
    """

    until: int
    throughout: bool

    simulated: ClassVar[bool] = True

    flow: ClassVar[int]
    """The place of the flow among those of the model."""

    helps: ClassVar[bool]
    """Whether more of it holds strength better."""

    def __repr__(self) -> str:
        return f"{super().__repr__()}:{self.until}:{self.throughout}"

    def law_above(self, root: Node, mine: Apply) -> Law | None:
        """Of the level itself, with one other input integrated exactly."""
        plan = self.model.plans[self.flow]
        # A level that was observed is a quotient by the noise, and the hospital has the old one.
        other = plan.observed or (not self.helps and self.model.steady.any())
        if self.cut is None or root.uid != mine.uid or other:
            return None
        *inputs, threshold = mine.arguments
        first = 1 if self.throughout else self.until
        weights = np.eye(self.model.losses.steps + 1)[first : self.until + 1]
        gap = apply(Combination((-1.0,)), threshold)
        response = Response(self.model, tuple(inputs), weights, (gap,))
        found = break_even(response, self.model.levels[1 + self.flow], helps=self.helps)
        return None if found is None else OfSum(found, 0.0)

    def bounds(self, *arguments: Bounds) -> Bounds:  # noqa: ARG002 - levels are not negative
        return 0.0, np.inf

    def _counted(self, steps: FloatArray) -> FloatArray:
        """Running totals at the steps that count."""
        totals = np.array(steps[: self.until])
        for before, row in itertools.pairwise(totals):
            np.add(row, before, out=row)
        return totals if self.throughout else totals[-1:]


@final
class Needed(_Level):
    """The level of recruitment that keeps strength at or above a threshold."""

    flow = 1
    helps = True

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        *inputs, threshold = arguments
        streams = self.model.streams(inputs)
        losses = streams.losses.people
        rest = streams.recruitment.extra + streams.more_arrivals - streams.more_losses - losses
        rest = rest + self.model.returned(losses, streams.shares) + streams.waiting
        without = streams.start + self._counted(rest)
        level = _ratio(threshold - without, self._counted(streams.recruitment.basis), 0.0)
        return np.asarray(np.maximum(level.max(axis=0), 0.0))


@final
class Affordable(_Level):
    """The level of losses at which strength is still at or above a threshold."""

    flow = 0
    helps = False

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        *inputs, threshold = arguments
        streams = self.model.streams(inputs)
        losses, shares = streams.losses, streams.shares
        basis = losses.basis - self.model.returned(losses.basis, shares)
        extra = losses.extra - self.model.returned(losses.extra, shares)
        rest = streams.recruitment.people + streams.more_arrivals - streams.more_losses
        rest = rest + streams.waiting
        without = streams.start + self._counted(rest - extra)
        level = _ratio(without - threshold, self._counted(basis), np.inf)
        return np.asarray(np.maximum(level.min(axis=0), 0.0))


def _ratio(people: FloatArray, basis: FloatArray, nobody: float) -> FloatArray:
    """People / basis; ``nobody`` where there is nobody to move and no flow to move them."""
    return np.where((people == 0.0) & (basis == 0.0), nobody, people / basis)


@final
@attrs.frozen(eq=False)
class Future:
    """
    A model with its inputs: what every answer about a projection is asked of.

    Attributes:
        model: The plan.

        inputs: The nodes of its inputs, the start first.

        drawn: Draws and seed.

        cut: The probability of strengths below zero, where answers come without draws.
    """

    model: Model
    inputs: tuple[Node, ...]
    drawn: Simulation
    cut: float | None = None

    @property
    def strength(self) -> Node:
        """The strength at all dates."""
        return apply(Strength(self.model, self.drawn, cut=self.cut), *self.inputs)

    def at(self, place: int) -> Uncertain:
        """The strength at one date; at the start, the input itself."""
        if place == 0:
            return Uncertain(self.inputs[0])
        return Uncertain(apply(Row(place), self.strength))

    def moved(self, flow: Moving, first: int, last: int) -> Uncertain:
        """Who is lost, arrives or returns in the steps from ``first`` up to ``last``."""
        steps = self.model.losses.steps
        if first == last or (flow == "returns" and not self.model.delay.size):
            return Uncertain(Known(0.0))
        place = 1 + Paths._fields.index(flow) * steps + first
        whole = Whole(self.model, self.drawn, cut=self.cut)
        return Uncertain(apply(Row(place, last - first), apply(whole, *self.inputs)))

    def first_below(self, threshold: Node, days: Sequence[int]) -> Uncertain:
        """Days until strength is first below ``threshold``."""
        return Uncertain(apply(FirstBelow(tuple(days)), self.strength, threshold))

    def level(
        self,
        kind: type[Needed] | type[Affordable],
        threshold: Node,
        *,
        until: int,
        throughout: bool,
    ) -> Uncertain:
        """The level of one flow that keeps strength at ``threshold``."""
        if self.model.feeds_back:
            raise ProjectionError(
                "the level that keeps strength at a threshold was asked of a projection in which "
                "flows depend on strength: expected flows that do not. Leave exposure and "
                "functions out, or compare probability_below of projections with several levels."
            )
        question = kind(self.model, self.drawn, until, throughout, cut=self.cut)
        return Uncertain(apply(question, *self.inputs, threshold))
