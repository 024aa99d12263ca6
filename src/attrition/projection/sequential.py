"""Strength step by step, for flows that depend on how many are there."""

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from attrition._typing import Draws, FloatArray
from attrition.projection.counts import poisson_counts

__all__ = ["Asked", "Coming", "Stream", "left_after", "step_by_step"]


class Stream(NamedTuple):
    """
    One flow before anything is cut.

    Attributes:
        sign: -1 for losses, +1 for arrivals.

        people: Who moves in every step, shape (steps, draws) or (steps, 1).

        power: Of strength, for losses that depend on it; else None.

        at: The strength at which ``people`` holds, (draws,) or (1,).

        luck: Normals that make Poisson counts of ``people``, (steps, draws); None for many.
    """

    sign: int
    people: Draws
    power: float | None
    at: Draws
    luck: Draws | None = None


class Asked(NamedTuple):
    """
    A flow by a function of strength.

    Attributes:
        sign: -1 for losses, +1 for arrivals.

        people: Who moves in a step, from its place and the strength at its start.
    """

    sign: int
    people: Callable[[int, Draws], Draws]


class Coming(NamedTuple):
    """
    Who comes back of the losses of the first stream, and when.

    Attributes:
        delay: Shape (steps, steps), or (0, 0) if nobody does.

        share: Of the losses of every step, (steps, draws) or (steps, 1).

        waiting: Who was lost before the start and comes back, (steps, draws) or ().
    """

    delay: FloatArray
    share: Draws
    waiting: Draws


def step_by_step(
    start: Draws, streams: Sequence[Stream], coming: Coming, asked: Sequence[Asked] = ()
) -> tuple[Draws, Draws, Draws, Draws]:
    """
    Strength, losses, arrivals and returns; losses are cut at who is there.

    Args:
        start: Strength at the start, (draws,) or (1,).

        streams: All flows; of the first one people return.

        coming: Who comes back.

        asked: Flows by functions.

    Returns:
        Arrays of shape (steps + 1, draws) and three times (steps, draws).
    """
    streams = [_counted(stream) for stream in streams]
    shapes = [stream.people.shape for stream in streams]
    shapes += [stream.luck.shape for stream in streams if stream.luck is not None]
    shapes += [(1, *np.shape(one)) for one in (start, *(s.at for s in streams))]
    steps, draws = np.broadcast_shapes(*shapes, coming.share.shape, np.shape(coming.waiting))
    strength, losses = np.empty((steps + 1, draws)), np.empty((steps, draws))
    arrivals = np.zeros((steps, draws))
    for stream in streams:
        arrivals += stream.people if stream.sign > 0 else 0.0
    due = np.broadcast_to(coming.waiting, (steps, draws)).copy()
    strength[0] = start
    for step, level in enumerate(strength[:-1]):
        arrivals[step] += sum(flow.people(step, level) for flow in asked if flow.sign > 0)
        taken = [flow.people(step, level) for flow in asked if flow.sign < 0]
        wanted = _wanted(streams, step, level, arrivals[step] + due[step] - sum(taken))
        there = level + arrivals[step] + due[step]
        losses[step], first = _cut([*wanted, *taken], there, coming, step)
        if coming.delay.size:
            due[step:] += np.multiply.outer(coming.delay[step, step:], coming.share[step] * first)
        # Not below zero by rounding either.
        np.maximum(level + arrivals[step] + due[step] - losses[step], 0.0, out=strength[step + 1])
    return strength, losses, arrivals, due


def _counted(stream: Stream) -> Stream:
    """Counts for people, where their mean does not depend on strength."""
    if stream.luck is None or stream.power is not None:
        return stream
    return stream._replace(people=poisson_counts(stream.luck, stream.people), luck=None)


def left_after(strength: Draws, rate: Draws, power: float) -> Draws:
    """
    Who is left of ``strength`` where d strength / dt is -``rate`` strength ** ``power``, after 1.

    Examples:
        >>> float(left_after(np.array(100.0), np.array(0.01), 2.0))
        50.0
    """
    if power == 1.0:
        return np.asarray(strength * np.exp(-rate))
    rest = 1.0 - power
    if rest > 0.0:
        return np.asarray(np.maximum(strength**rest - rest * rate, 0.0) ** (1.0 / rest))
    return np.asarray(strength * (1.0 - rest * rate * strength**-rest) ** (1.0 / rest))


def _wanted(streams: Sequence[Stream], step: int, level: Draws, joining: Draws) -> list[Draws]:
    """What every stream of losses would take in a step, in order."""
    lost = {
        place: np.broadcast_to(stream.people[step], level.shape)
        for place, stream in enumerate(streams)
        if stream.sign < 0 and stream.power is None
    }
    fixed = sum(lost.values(), start=np.zeros_like(level))
    exposed = np.maximum(level + 0.5 * (joining - fixed), 0.0)
    groups = _by_power(streams)
    # There and back in halves, so that of several powers none comes first.
    for power, places in (*groups, *reversed(groups)):
        rates = [0.5 * _rate(streams[place], step, power) for place in places]
        rate = sum(rates, start=np.zeros_like(level))
        left = left_after(exposed, rate, power)
        for place, part in zip(places, rates, strict=True):
            share = np.divide(part, rate, out=np.zeros_like(rate), where=rate > 0.0)
            lost[place] = lost.get(place, 0.0) + share * (exposed - left)
        exposed = left
    for place, stream in enumerate(streams):
        if stream.luck is not None:
            lost[place] = poisson_counts(stream.luck[step], lost[place])
    return [lost[place] for place in sorted(lost)]


def _by_power(streams: Iterable[Stream]) -> list[tuple[float, list[int]]]:
    powers = sorted((s.power, place) for place, s in enumerate(streams) if s.power is not None)
    groups = itertools.groupby(powers, key=lambda pair: pair[0])
    return [(power, [place for _, place in pairs]) for power, pairs in groups]


def _rate(stream: Stream, step: int, power: float) -> Draws:
    """The rate, 0 where the level holds for a strength of nobody."""
    people, scale = np.broadcast_arrays(stream.people[step], stream.at**power)
    rate = np.zeros(scale.shape)
    np.divide(people, scale, out=rate, where=scale > 0.0)
    return rate


def _cut(wanted: Sequence[Draws], there: Draws, coming: Coming, step: int) -> tuple[Draws, Draws]:
    """
    The losses of a step in all and of the first stream, cut at who is there.

    Who returns within the step can be lost again.
    """
    total = sum(wanted, start=np.zeros_like(there))
    part = np.divide(wanted[0], total, out=np.zeros_like(there), where=total > 0.0)
    stay = 1.0 - (
        coming.delay[step, step] * coming.share[step] * part if coming.delay.size else 0.0
    )
    most = np.divide(there, stay, out=np.full_like(there, np.inf), where=stay > 0.0)
    lost = np.minimum(total, most)
    return lost, part * lost
