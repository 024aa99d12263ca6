"""Sums of strengths taken apart: what they are without some levels, and what a unit of each adds."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from attrition._typing import Draws, FloatArray
from attrition.projection.flows import Flow
from attrition.projection.lattice import Points
from attrition.projection.response import Response
from attrition.projection.simulate import Model, Streams
from attrition.uncertain.node import Known, Node, evaluate

__all__ = ["ByLevel", "by_level"]


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
    """Who moves in every step, shape (steps, points) or (steps, 1); nobody unless told."""

    losses: Draws | float = 0.0
    arrivals: Draws | float = 0.0
    returns: Draws | float = 0.0


def by_level(response: Response, dealt: Points, places: Collection[int]) -> ByLevel:
    """
    The sums at points, in one look for all levels.

    Args:
        response: The sums.

        dealt: The points.

        places: Of the inputs that are taken out: the start, and levels.
    """
    model = response.model
    # With a one in their places, what moves with a level is what one unit of it moves.
    given = {**dealt.factors, **dict.fromkeys(places, np.ones(1))}
    others = [node for place, node in enumerate(response.inputs) if place not in given]
    found = iter(_values([*others, *response.rest], dealt))
    inputs = [given.get(place) for place in range(len(response.inputs))]
    streams = model.streams([next(found) if value is None else value for value in inputs])
    moved = dict(_with_levels(model, streams))
    units = {place: moved.pop(place, _Moved()) for place in places}
    start = np.zeros(1) if 0 in places else streams.start
    at = _sums(response, start, [_without_levels(model, streams), *moved.values()])
    slopes = {
        place: _sums(response, np.full(1, float(place == 0)), [unit])
        for place, unit in units.items()
    }
    rest = [*found]
    return ByLevel(at + np.stack(np.broadcast_arrays(*rest)) if rest else at, slopes)


def _values(nodes: Sequence[Node], dealt: Points) -> list[FloatArray]:
    """Their values at the points; what is known is one number wide."""
    wanted = [node for node in nodes if not isinstance(node, Known)]
    with np.errstate(all="ignore"):
        found = iter(evaluate(wanted, lambda unknown: dealt.values[unknown.uid], dealt.size))
    return [np.full(1, n.value) if isinstance(n, Known) else next(found) for n in nodes]


def _flows(model: Model, streams: Streams) -> Iterator[tuple[int, int, Flow]]:
    """Every flow with the place of its level and -1 for losses or +1 for arrivals."""
    signs = (-1, 1, *(sign for sign, _ in model.others))
    flows = (streams.losses, streams.recruitment, *streams.others)
    return zip(model.levels[1:], signs, flows, strict=True)


def _with_levels(model: Model, streams: Streams) -> Iterator[tuple[int, _Moved]]:
    """Who moves in proportion to each level, by its place."""
    for place, sign, flow in _flows(model, streams):
        people = flow.level * flow.basis
        if flow is streams.losses:
            back = model.returned(people, streams.shares) + _waiting(model, streams)
            yield place, _Moved(losses=people, returns=back)
        else:
            yield place, _Moved(losses=people) if sign < 0 else _Moved(arrivals=people)


def _waiting(model: Model, streams: Streams) -> Draws | float:
    """Returns of those who were lost before the start at the level of the losses."""
    if not model.steady.any():
        return 0.0
    lost = streams.losses.level * streams.losses.before * model.monthly
    return np.asarray(streams.shares[0] * np.multiply.outer(model.steady, lost))


def _without_levels(model: Model, streams: Streams) -> _Moved:
    """Who moves whatever the levels are."""
    extras = [(sign, flow.extra) for _, sign, flow in _flows(model, streams) if flow.extra.any()]
    back: Draws | float = streams.waiting - _waiting(model, streams)
    if streams.losses.extra.any():
        back = back + model.returned(streams.losses.extra, streams.shares)
    return _Moved(
        losses=sum((extra for sign, extra in extras if sign < 0), start=0.0),
        arrivals=sum((extra for sign, extra in extras if sign > 0), start=0.0),
        returns=back,
    )


def _sums(response: Response, start: FloatArray, parts: Sequence[_Moved]) -> FloatArray:
    """The weighted sums of what a start and parts of the flows make of strength."""
    nobody = np.zeros((response.model.losses.steps, 1))
    losses, arrivals, returns = (sum(flow, start=nobody) for flow in zip(*parts, strict=True))
    net = arrivals + returns - losses
    width = max(net.shape[1], start.size)
    rows = np.empty((len(net) + 1, width))
    rows[0] = start
    for before, row, change in zip(rows, rows[1:], net, strict=False):
        np.add(before, change, out=row)
    if response.whole:
        flows = (np.broadcast_to(f, (len(net), width)) for f in (losses, arrivals, returns))
        rows = np.concatenate([rows, *flows])
    return _weighted(response.weights, rows)


def _weighted(weights: FloatArray, rows: FloatArray) -> FloatArray:
    """Weighted sums; where each of them is one row, that row, for a product costs more."""
    places = weights.argmax(axis=1)
    alone = np.eye(weights.shape[1])[places]
    return rows[places] if np.array_equal(weights, alone) else weights @ rows
