"""Strength forward in time on arrays of shape (steps, draws): nobody appears, nobody is lost."""

import functools
import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple, final

import attrs
import numpy as np
import numpy.typing as npt

from attrition._typing import Draws, FloatArray
from attrition.accounts import Period
from attrition.projection.custom import Custom, CustomLosses, people_of
from attrition.projection.flows import Flow, FlowPlan
from attrition.projection.rows import add_up, added, columns_of, of_draws, own, stacked, width_of
from attrition.projection.sequential import Asked, Coming, Stream, step_by_step
from attrition.uncertain.empirical import frozen_array

__all__ = ["Model", "Paths", "Streams"]

_AT_ONCE = 4_096
"""Draws of 36 months whose flows are stepped at once: one array of them fits a cache."""


class Paths(NamedTuple):
    """
    Futures one by one; in each, start + arrivals + returns - losses is the end.

    Attributes:
        strength: At the start and after every step, shape (steps + 1, draws).

        losses: In every step, shape (steps, draws).

        arrivals: In every step.

        returns: In every step.

    Examples:
        >>> from datetime import date
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
        >>> paths = future.paths(100, rng=20260101)
        >>> paths.strength.shape, paths.losses.shape
        ((7, 100), (6, 100))
    """

    strength: Draws
    losses: Draws
    arrivals: Draws
    returns: Draws


class Streams(NamedTuple):
    """
    The flows of a model before anything is cut.

    Attributes:
        start: Strength at the start, shape (draws,).

        losses: Those of whom some return.

        recruitment: Arrivals.

        more_losses: Losses for good, shape (steps, draws).

        more_arrivals: Further arrivals.

        shares: The share of the losses that returns, by each mix, each of shape (draws,); none
            without returns.

        due: Who was lost before the start and is due in each step, were all to return, shape
            (steps, draws) or (steps, 1).

        others: All further flows.
    """

    start: Draws
    losses: Flow
    recruitment: Flow
    more_losses: Draws | float
    more_arrivals: Draws | float
    shares: tuple[Draws, ...]
    due: Draws
    others: tuple[Flow, ...] = ()

    @property
    def waiting(self) -> Draws | float:
        """Returns of those lost before the start, shape (steps, draws)."""
        return self.shares[0] * self.due if self.shares else 0.0


@final
@attrs.frozen(eq=False)
class Model:
    """
    The plan of a projection: which flows there are, and who comes back when.

    Its inputs are the start, the losses, the recruitment, every other flow, and with returns
    the share that returns by each mix and the past losses.

    Attributes:
        losses: The plan of the losses that may return.

        recruitment: The plan of the arrivals.

        others: Plans of other flows, with -1 for losses and +1 for arrivals.

        delay: Who returns when, shape (steps, steps); of shape (0, 0) without returns.

        by_mix: The part of each step in which each mix holds, shape (mixes, steps), columns that
            sum to 1; of shape (0, steps) without returns. Of the losses of a step the share
            sum_k by_mix[k, step] * shares[k] returns.

        steady: Returns of a steady past per person lost a month, shape (steps,).

        past: Returns of each past loss per person, shape (losses, steps).

        monthly: How many ``per`` of the losses one month holds.

        custom: Flows by functions.

        periods: The steps, which they are asked for.
    """

    losses: FlowPlan
    recruitment: FlowPlan
    others: tuple[tuple[int, FlowPlan], ...]
    delay: FloatArray = attrs.field(converter=frozen_array)
    by_mix: FloatArray = attrs.field(converter=frozen_array)
    steady: FloatArray = attrs.field(converter=frozen_array)
    past: FloatArray = attrs.field(converter=frozen_array)
    monthly: float
    custom: tuple[Custom, ...] = ()
    periods: tuple[Period, ...] = ()

    @property
    def plans(self) -> tuple[FlowPlan, ...]:
        """The plans of all flows but those by functions, in the order of their inputs."""
        return self.losses, self.recruitment, *(plan for _, plan in self.others)

    @property
    def feeds_back(self) -> bool:
        """Whether flows depend on strength."""
        return bool(self.custom) or any(plan.power is not None for plan in self.plans)

    @property
    def sequential(self) -> bool:
        """Whether strength is not linear in the levels, and has to be stepped."""
        return self.feeds_back or any(plan.sequential for plan in self.plans)

    @functools.cached_property
    def key(self) -> str:
        """A digest of the plan: equal plans of equal inputs are the same unknown future."""
        text = f"{self.losses!r}{self.recruitment!r}{self.others!r}{self.monthly!r}"
        text += f"{self.custom!r}{self.periods!r}"
        arrays = (self.delay, self.by_mix, self.steady, self.past)
        parts = (text.encode(), *(array.tobytes() for array in arrays))
        return hashlib.blake2b(b"".join(parts), digest_size=16).hexdigest()

    @property
    def inputs(self) -> int:
        """How many inputs the model takes."""
        flows = sum(plan.inputs for plan in self.plans)
        return 1 + flows + len(self.by_mix) + len(self.past)

    @functools.cached_property
    def levels(self) -> list[int]:
        """The places of the inputs in which strength is linear: the start, and every level."""
        ends = np.cumsum([1, *(plan.inputs for plan in self.plans)])
        return [0, *ends[:-1].tolist()]

    def streams(self, inputs: Sequence[FloatArray]) -> Streams:
        """All flows from the values of the inputs."""
        values = iter([value if value.ndim else value[None] for value in inputs])
        start = np.maximum(next(values), 0.0)
        losses, recruitment = self.losses.flow(values), self.recruitment.flow(values)
        flows = tuple(plan.flow(values) for _, plan in self.others)
        others = [(sign, flow.people) for (sign, _), flow in zip(self.others, flows, strict=True)]
        shares = tuple(np.minimum(np.maximum(next(values), 0.0), 1.0) for _ in self.by_mix)
        return Streams(
            start=start,
            losses=losses,
            recruitment=recruitment,
            more_losses=sum((people for sign, people in others if sign < 0), start=0.0),
            more_arrivals=sum((people for sign, people in others if sign > 0), start=0.0),
            shares=shares,
            due=self._due(losses, values),
            others=flows,
        )

    def _due(self, losses: Flow, values: Iterator[FloatArray]) -> Draws:
        due = np.zeros((self.steady.size, 1))
        if self._is_steady:
            due = np.multiply.outer(self.steady, losses.level * losses.before * self.monthly)
        if self.past.size:
            lost = stacked([next(values) for _ in self.past])
            due = due + self.past.T @ np.maximum(lost, 0.0, out=lost)
        return due

    @functools.cached_property
    def _is_steady(self) -> bool:
        """Whether the hospital is full of a steady past."""
        return bool(self.steady.any())

    @functools.cached_property
    def _delays(self) -> list[FloatArray]:
        """By each mix, who of those lost in each step is back in each, were all to return."""
        return [(self.delay * part[:, None]).T for part in self.by_mix]

    def returned(
        self, losses: Draws, shares: Sequence[Draws], due: Draws | float = 0.0
    ) -> Draws | float:
        """Who of ``losses`` returns in each step, and of those ``due``, linear in all three."""
        returned: Draws | float = 0.0
        for delay, share in zip(self._delays, shares, strict=True):
            back = delay @ losses
            if np.ndim(returned) == 0:
                returned = share * added(back, due)
            else:
                returned = returned + share * back
        return returned

    def uncut(
        self, inputs: Sequence[FloatArray], *, whole: bool = False, out: Draws | None = None
    ) -> Draws:
        """
        Strength at the start and after every step were losses not cut, shape (steps + 1, draws).

        It is linear in the start, in every level and in every factor of noise. Where it is
        never below zero it is the strength.

        Args:
            inputs: Their values.

            whole: Whether losses, arrivals and returns of every step follow below it.

            out: Where the strengths go, of full shape; None for a new array.
        """
        streams = self.streams(inputs)
        losses, arrivals, returns = self._moved(streams)
        shape = self.losses.steps, width_of(losses, arrivals, returns, streams.start)
        rows = np.empty((shape[0] + 1, shape[1])) if out is None else out
        rows[0] = streams.start
        add_up(rows, arrivals, returns, losses)
        if not whole:
            return rows
        flows = (np.broadcast_to(flow, shape) for flow in (losses, arrivals, returns))
        return np.concatenate([rows, *flows])

    def _moved(self, streams: Streams) -> tuple[Draws, Draws, Draws | float]:
        """Losses, arrivals and returns of every step."""
        lost = streams.losses.people
        returns = self.returned(lost, streams.shares, streams.due)
        arrivals = added(streams.recruitment.people, streams.more_arrivals)
        return added(lost, streams.more_losses), arrivals, returns

    def strength(self, inputs: Sequence[FloatArray]) -> Draws:
        """The strength of :meth:`run`, shape (steps + 1, draws), without what moved it."""
        if self.sequential:
            return self.run(inputs).strength
        values = [np.atleast_1d(value) for value in inputs]
        draws = max(value.shape[-1] for value in values)
        strength = np.empty((self.losses.steps + 1, draws))
        for first in range(0, draws, _AT_ONCE):
            few = slice(first, first + _AT_ONCE)
            self.uncut(of_draws(values, few), out=strength[:, few])
        short = np.flatnonzero(strength.min(axis=0) < 0.0)
        if short.size:
            strength[:, short] = self.run(of_draws(values, short)).strength
        return strength

    def run(self, inputs: Sequence[FloatArray]) -> Paths:
        """Every step; losses are cut at who is there, so strength is never below zero."""
        streams = self.streams(inputs)
        if self.sequential:
            return self._stepped(streams)
        losses, arrivals, returns = self._moved(streams)
        shape = self.losses.steps, width_of(losses, arrivals, returns, streams.start)
        run = Paths(
            strength=np.empty((shape[0] + 1, shape[1])),
            losses=own(losses, shape),
            arrivals=np.broadcast_to(arrivals, shape),
            returns=own(returns, shape),
        )
        run.strength[0] = streams.start
        add_up(run.strength, run.arrivals, run.returns, run.losses)
        short = np.flatnonzero(run.strength.min(axis=0) < 0.0)
        if short.size:
            self._cut(run, streams, short)
        return run

    def _stepped(self, streams: Streams) -> Paths:
        plans = [(-1, self.losses), (1, self.recruitment), *self.others]
        flows = [streams.losses, streams.recruitment, *streams.others]
        moving = [
            Stream(
                sign,
                flow.people,
                plan.power,
                streams.start if flow.at is None else flow.at,
                flow.luck,
            )
            for (sign, plan), flow in zip(plans, flows, strict=True)
        ]
        parts = (part[:, None] * one for part, one in zip(self.by_mix, streams.shares, strict=True))
        share = sum(parts, start=np.zeros((self.losses.steps, 1)))
        coming = Coming(self.delay, share, np.asarray(streams.waiting))
        asked = [
            Asked(-1 if isinstance(flow, CustomLosses) else 1, functools.partial(self._ask, flow))
            for flow in self.custom
        ]
        return Paths(*step_by_step(streams.start, moving, coming, asked))

    def _ask(self, flow: Custom, step: int, strength: Draws) -> Draws:
        return people_of(flow, strength, self.periods[step])

    def _cut(self, run: Paths, streams: Streams, short: npt.NDArray[np.intp]) -> None:
        """
        Step again where losses exceed who is there: they are cut, and fewer return later.

        Who returns within the step can be lost again, so the cut begins where strength would
        turn negative and nowhere else.
        """
        wanted = run.losses[:, short]
        coming = columns_of(streams.losses.people, short, wanted.shape)
        part = np.divide(coming, wanted, out=np.zeros_like(wanted), where=wanted > 0.0)
        waiting = columns_of(streams.waiting, short, wanted.shape)
        shares = [np.broadcast_to(share, run.losses.shape[1:])[short] for share in streams.shares]
        returning = part * (self.by_mix.T @ np.reshape(shares, (len(shares), short.size)))
        due = waiting.copy()
        level = run.strength[0, short]
        for step, arrivals in enumerate(run.arrivals[:, short]):
            there = level + arrivals + due[step]
            back = returning[step]
            stay = 1.0 - (self.delay[step, step] * back if self.delay.size else 0.0)
            most = np.divide(there, stay, out=np.full_like(there, np.inf), where=stay > 0.0)
            lost = np.minimum(wanted[step], most)
            if self.delay.size:
                due[step:] += np.multiply.outer(self.delay[step, step:], back * lost)
            # Not below zero by rounding either.
            level = np.maximum(level + arrivals + due[step] - lost, 0.0)
            run.losses[step, short], run.returns[step, short] = lost, due[step]
            run.strength[step + 1, short] = level
