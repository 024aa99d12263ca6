"""A simulated future as uncertain numbers: tied to its inputs and to every other date."""

import itertools
from collections.abc import Sequence
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.errors import ProjectionError
from attrition.projection.simulate import Model, Paths
from attrition.uncertain.node import Bounds, Node, Operation, Simulation, apply
from attrition.uncertain.number import Uncertain

__all__ = ["Affordable", "FirstBelow", "Future", "Needed", "Row", "Strength", "Whole"]


@attrs.frozen(eq=False, repr=False)
class _Simulated(Operation):
    """What every question to a model shares: the model and how it is drawn."""

    model: Model
    drawn: Simulation

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.model.key})"

    @property
    def simulation(self) -> Simulation:
        """The draws that the projection was made with."""
        return self.drawn


@final
class Strength(_Simulated):
    """Strength at the start and after every step, shape (steps + 1, draws)."""

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        return self.model.run(arguments).strength


@final
class Whole(_Simulated):
    """Everything that happened: strength, losses, arrivals and returns one below the other."""

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        return np.concatenate(self.model.run(arguments), axis=0)

    def taken_apart(self, stacked: FloatArray) -> Paths:
        """The run that :meth:`__call__` stacked."""
        steps = self.model.losses.steps
        return Paths(*np.split(stacked, np.cumsum([steps + 1, steps, steps])))


@final
@attrs.frozen
class Row(Operation):
    """One date of a strength."""

    place: int

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        (rows,) = arguments
        return np.asarray(rows[self.place], dtype=np.float64)

    def bounds(self, *arguments: Bounds) -> Bounds:  # noqa: ARG002 - strength is never negative
        return 0.0, np.inf


@final
@attrs.frozen
class FirstBelow(Operation):
    """
    Days until strength is first below a threshold, infinite where it never is.

    Attributes:
        days: The days from the start at which strength is looked at.
    """

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

    def __repr__(self) -> str:
        return f"{super().__repr__()}:{self.until}:{self.throughout}"

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

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        *inputs, threshold = arguments
        streams = self.model.streams(inputs)
        losses = streams.losses.people
        rest = streams.recruitment.extra + streams.more_arrivals - streams.more_losses - losses
        if self.model.delay.size:
            rest = rest + streams.share * self.model.returned(losses) + streams.waiting
        without = streams.start + self._counted(rest)
        level = _ratio(threshold - without, self._counted(streams.recruitment.basis), 0.0)
        return np.asarray(np.maximum(level.max(axis=0), 0.0))


@final
class Affordable(_Level):
    """The level of losses at which strength is still at or above a threshold."""

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        *inputs, threshold = arguments
        streams = self.model.streams(inputs)
        basis, extra = streams.losses.basis, streams.losses.extra
        rest = streams.recruitment.people + streams.more_arrivals - streams.more_losses
        rest = rest + streams.waiting
        if self.model.delay.size:
            basis = basis - streams.share * self.model.returned(basis)
            extra = extra - streams.share * self.model.returned(extra)
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
    """

    model: Model
    inputs: tuple[Node, ...]
    drawn: Simulation

    @property
    def strength(self) -> Node:
        """The strength at all dates."""
        return apply(Strength(self.model, self.drawn), *self.inputs)

    def at(self, place: int) -> Uncertain:
        """The strength at one date; at the start, the input itself."""
        if place == 0:
            return Uncertain(self.inputs[0])
        return Uncertain(apply(Row(place), self.strength))

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
        question = kind(self.model, self.drawn, until, throughout)
        return Uncertain(apply(question, *self.inputs, threshold))
