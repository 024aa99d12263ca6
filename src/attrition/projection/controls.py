"""Numbers that go with an answer and whose mean and variance are known: they carry its error."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from attrition._typing import FloatArray
from attrition.projection.covariance import joint_covariance
from attrition.projection.groups import Group
from attrition.projection.profiles import profiles
from attrition.projection.response import Response
from attrition.uncertain.evaluate import law_of
from attrition.uncertain.node import Noise

__all__ = ["Control", "by_cell", "controls_of"]

_SURE = ("exact", "quadrature")


class Control(NamedTuple):
    """
    A number that one group of inputs decides.

    Attributes:
        first: Its values at the first set of points.

        second: Its values at the second set.

        mean: Its mean.

        variance: Its variance.
    """

    first: FloatArray
    second: FloatArray
    mean: float
    variance: float


def controls_of(
    response: Response,
    groups: Sequence[Group],
    first: Sequence[FloatArray],
    second: Sequence[FloatArray],
) -> list[Control]:
    """
    One for each group: its first input, the factors of noise as they move strength, or all luck.

    Where the answer is linear in them, what is found with them is exact. A number of which
    nothing is known for sure is nothing at all, which changes nothing.

    Args:
        response: What moves the noise.

        groups: The groups.

        first: Values of all inputs, each of shape (..., points).

        second: The same at other points.
    """
    cells = by_cell(response)
    found = (
        _of_noise(response, [place for place in group.places if place in cells], cells)
        or _of_number(response, group.places[0])
        for group in groups
    )
    return [
        Control(_value(weights, first), _value(weights, second), mean, variance)
        for weights, mean, variance in found
    ]


class _Known(NamedTuple):
    """Weights of inputs by place, and mean and variance of their sum."""

    weights: Mapping[int, FloatArray]
    mean: float
    variance: float


def _value(weights: Mapping[int, FloatArray], inputs: Sequence[FloatArray]) -> FloatArray:
    parts = (weight @ np.atleast_2d(inputs[place]) for place, weight in weights.items())
    return np.asarray(sum(parts, start=np.zeros(inputs[0].shape[-1])))


def _of_noise(
    response: Response, places: Sequence[int], cells: Mapping[int, FloatArray]
) -> _Known | None:
    if not places:
        return None
    weights = {place: cells[place] for place in places}
    stacked = np.concatenate(list(weights.values()))
    # Of lognormal factors with mean one.
    covariance = np.expm1(joint_covariance([response.inputs[place] for place in places]))
    return _Known(weights, float(stacked.sum()), float(stacked @ covariance @ stacked))


def _of_number(response: Response, place: int) -> _Known:
    node = response.inputs[place]
    if isinstance(node, Noise):
        return _Known({place: np.ones(node.size)}, 0.0, node.size)
    law = law_of(node)
    if law.method not in _SURE:
        return _Known({}, 0.0, 0.0)
    return _Known({place: np.ones(1)}, law.mean(), law.var())


def by_cell(response: Response) -> dict[int, FloatArray]:
    """By how much the first sum rises with each factor of noise, by place of the input."""
    if not response.noises:
        return {}
    bare = [node for node in response.inputs if isinstance(node, Noise)]
    middle = response.middle | {noise.uid: np.zeros((noise.size, 1)) for noise in bare}
    return response.by_noise(response.weights[0] @ profiles(response, middle, 1)[0])
