"""Sums of strengths taken apart: what they are without levels, and what a unit of each adds."""

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from attrition._typing import Draws, FloatArray
from attrition.projection.flows import Flow
from attrition.projection.lattice import Points
from attrition.projection.response import Response
from attrition.projection.rows import added, stacked
from attrition.projection.simulate import Model, Streams
from attrition.uncertain.node import Known, Node, evaluate

__all__ = ["ByLevel", "by_level"]

_LOSSES, _ARRIVALS, _RETURNS = range(3)

# The key of the sums without levels, which is the place of no input.
_AT = -1

# So many numbers in the arrays of one block: a few of them fit a cache, and blocks are few.
_NUMBERS = 60_000


class ByLevel(NamedTuple):
    """
    Sums of strengths as at + slope level + slope level, which they are where nobody is cut.

    Attributes:
        at: The sums with the levels at nothing, shape (sums, points) or (sums, 1).

        slopes: What one unit of each level adds, by the place of its input; likewise.
    """

    at: FloatArray
    slopes: dict[int, FloatArray]


class _Moved(NamedTuple):
    """Who moves in every step, shape (steps, points) or (steps, 1), and in which flow."""

    flow: int
    people: Draws


def by_level(response: Response, dealt: Points, places: Collection[int]) -> ByLevel:
    """
    The sums at points, in one look for all levels.

    Args:
        response: The sums.

        dealt: The points.

        places: Of the inputs that are taken out: the start, and levels.
    """
    blocks = -(-dealt.size * len(response.weights) // _NUMBERS)
    if blocks == 1:
        return _in_block(response, dealt, places)
    # A block of points at a time: new arrays of many points cost more than the arithmetic.
    edges = np.linspace(0, dealt.size, blocks + 1).astype(int).tolist()
    found: dict[int, FloatArray] = {}
    for some in itertools.starmap(slice, itertools.pairwise(edges)):
        at, slopes = _in_block(response, _part(dealt, some), places)
        _keep(found, {_AT: at, **slopes}, some, dealt.size)
    return ByLevel(found[_AT], {place: found[place] for place in places})


def _keep(
    found: dict[int, FloatArray], parts: dict[int, FloatArray], some: slice, size: int
) -> None:
    """Put blocks of points in their places; what is the same at all points stays one number."""
    for key, part in parts.items():
        if part.shape[1] == 1:
            found[key] = part
        else:
            if key not in found:
                found[key] = np.empty((len(part), size))
            found[key][:, some] = part


def _part(dealt: Points, some: slice) -> Points:
    """Some of the points."""
    values = {uid: value[..., some] for uid, value in dealt.values.items() if value.shape[-1] > 1}
    factors = {place: rows[:, some] for place, rows in dealt.factors.items()}
    return Points(dealt.values | values, factors, some.stop - some.start)


def _in_block(response: Response, dealt: Points, places: Collection[int]) -> ByLevel:
    model = response.model
    # With a one in their places, what moves with a level is what one unit of it moves.
    given = {**dealt.factors, **dict.fromkeys(places, np.ones(1))}
    others = [node for place, node in enumerate(response.inputs) if place not in given]
    found = iter(_values([*others, *response.rest], dealt))
    streams = model.streams(
        [given[p] if p in given else next(found) for p in range(len(response.inputs))]
    )
    units: dict[int, list[_Moved]] = {place: [] for place in places}
    still = [*_without_levels(model, streams)]
    for place, moved in _with_levels(model, streams):
        units.get(place, still).append(moved)
    start = np.zeros(1) if 0 in units else streams.start
    at = _sums(response, start, still)
    rest = [*found]
    if rest:
        at = added(at, stacked(rest))
    slopes = {p: _sums(response, np.full(1, p == 0), unit) for p, unit in units.items()}
    return ByLevel(at, slopes)


def _values(nodes: Sequence[Node], dealt: Points) -> list[FloatArray]:
    """Their values at the points; what is known is one number wide."""
    wanted = [node for node in nodes if not isinstance(node, Known)]
    with np.errstate(all="ignore"):
        found = iter(evaluate(wanted, lambda unknown: dealt.values[unknown.uid], dealt.size))
    return [np.full(1, n.value) if isinstance(n, Known) else next(found) for n in nodes]


def _flows(model: Model, streams: Streams) -> Iterator[tuple[int, int, Flow]]:
    """Every flow with the place of its level and what kind it is."""
    kinds = (_LOSSES if sign < 0 else _ARRIVALS for sign, _ in model.others)
    flows = (streams.losses, streams.recruitment, *streams.others)
    return zip(model.levels[1:], (_LOSSES, _ARRIVALS, *kinds), flows, strict=True)


def _with_levels(model: Model, streams: Streams) -> Iterator[tuple[int, _Moved]]:
    """Who moves in proportion to each level, by its place."""
    for place, kind, flow in _flows(model, streams):
        one = flow.level.size == 1 and flow.level[0] == 1.0
        people = flow.basis if one else flow.level * flow.basis
        yield place, _Moved(kind, people)
        if flow is streams.losses and streams.shares:
            yield place, _Moved(_RETURNS, np.asarray(model.returned(people, streams.shares)))
            if model.steady.any():
                yield place, _Moved(_RETURNS, _waiting(model, streams))


def _without_levels(model: Model, streams: Streams) -> Iterator[_Moved]:
    """Who moves whatever the levels are."""
    for _, kind, flow in _flows(model, streams):
        if flow.extra.any():
            yield _Moved(kind, flow.extra)
    if streams.shares:
        waiting = np.asarray(streams.waiting)
        if model.steady.any():
            waiting -= _waiting(model, streams)
        yield _Moved(_RETURNS, waiting)
        extra = streams.losses.extra
        if extra.any():
            yield _Moved(_RETURNS, np.asarray(model.returned(extra, streams.shares)))


def _waiting(model: Model, streams: Streams) -> Draws:
    """Returns of those who were lost before the start at the level of the losses."""
    lost = streams.losses.level * streams.losses.before * model.monthly
    return np.asarray(streams.shares[0] * np.multiply.outer(model.steady, lost))


def _sums(response: Response, start: FloatArray, moved: Iterable[_Moved]) -> FloatArray:
    """The weighted sums of what a start and people who move make of strength."""
    steps, parts = response.model.losses.steps, [*moved]
    width = max([start.size, *(people.shape[1] for _, people in parts)])
    rows = np.zeros((1 + steps * (4 if response.whole else 1), width))
    rows[0] = start
    for flow, people in parts:
        # In place: new arrays of this size cost more than the arithmetic.
        change = rows[1 : steps + 1]
        (np.subtract if flow == _LOSSES else np.add)(change, people, out=change)
        if response.whole:
            rows[1 + (flow + 1) * steps :][:steps] += people
    _add_up(rows[: steps + 1])
    # A product costs more than rows next to each other.
    some = response.some_rows
    return response.weights @ rows if some is None else rows[some]


def _add_up(rows: FloatArray) -> None:
    """Running totals in place."""
    if rows.shape[1] == 1:
        np.cumsum(rows, axis=0, out=rows)
        return
    for before, row in itertools.pairwise(rows):
        np.add(before, row, out=row)
