"""Shares of a variance over groups of inputs, at two independent sets of points of a lattice."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from attrition._typing import FloatArray
from attrition.projection.controls import Control, by_cell
from attrition.projection.covariance import joint_root, noises_below
from attrition.projection.groups import Group
from attrition.projection.lattice import normals_in_order
from attrition.projection.response import Response
from attrition.projection.sums import spread
from attrition.uncertain.lattice import FEWER, SHIFTS, column
from attrition.uncertain.node import Noise, Unknown, evaluate, in_order, unknowns
from attrition.uncertain.stream import streams

__all__ = ["Answer", "Indices", "by_copy", "indices", "points_of"]

Answer: TypeAlias = Callable[[Sequence[FloatArray]], FloatArray]
"""A number at every point, from the values of all inputs."""

# Directions of each noise on the lattice: the first one moves strength, and with two sets of
# points of every unknown there are few columns to give away.
_DIRECTIONS = 8


def points_of(response: Response, half: int) -> list[FloatArray]:
    """
    The values of all inputs at one of two independent sets of points, in eight copies.

    Args:
        response: What they are made for: noise lies where it moves the first sum most.

        half: 0 or 1, which of the two sets.
    """
    found = unknowns(in_order(response.inputs))
    stream_of = streams(found)
    plain = [unknown for unknown in found if not isinstance(unknown, Noise)]
    plain.sort(key=lambda unknown: stream_of[unknown.uid])
    values: dict[str, FloatArray] = {}
    for i, unknown in enumerate(plain):
        key = f"{stream_of[unknown.uid]} half {half}"
        values[unknown.uid] = unknown.place(column(2 * i + half, key, points=FEWER))
    taken = 2 * len(plain) + half * _DIRECTIONS
    effects = _effects(response)
    noises = [unknown for unknown in found if isinstance(unknown, Noise)]
    for i, noise in enumerate(noises):
        values[noise.uid] = normals_in_order(
            # The luck of small counts moves strength alike in every step.
            effects.get(noise.uid, np.ones((1, noise.size))),
            taken + 2 * i * _DIRECTIONS,
            FEWER,
            key=f"{stream_of[noise.uid]} half {half}",
            most=_DIRECTIONS,
        )
    return _evaluated(response, values)


def _evaluated(response: Response, values: Mapping[str, FloatArray]) -> list[FloatArray]:
    def sample(unknown: Unknown) -> FloatArray:
        return values[unknown.uid]

    with np.errstate(all="ignore"):
        return evaluate(response.inputs, sample, SHIFTS * FEWER)


def _effects(response: Response) -> dict[str, FloatArray]:
    """By how much the first sum rises with each normal of the noises below factors, by uid."""
    factors = [response.inputs[place] for place in response.noises]
    noises = noises_below(factors)
    if not noises:
        return {}
    effects = np.concatenate([*by_cell(response).values()]) @ joint_root(factors)
    ends = np.cumsum([noise.size for noise in noises])[:-1]
    parts = np.split(effects[None], ends.tolist(), axis=1)
    return {noise.uid: part for noise, part in zip(noises, parts, strict=True)}


class Indices(NamedTuple):
    """
    What each group of inputs does to the variance of a number.

    Attributes:
        mean: Of the number.

        mean_error: Its numerical standard error.

        variance: Of the number.

        first: The share of the variance that goes where the group alone is known, (groups,).

        total: The share that stays where all but the group is known, (groups,).

        errors: Numerical standard errors of the shares, shape (2, groups).

        slopes: By how much the number rises with the control of each group, (groups,).
    """

    mean: float
    mean_error: float
    variance: float
    first: FloatArray
    total: FloatArray
    errors: FloatArray
    slopes: FloatArray


def indices(
    answer: Answer,
    groups: Sequence[Group],
    first: Sequence[FloatArray],
    second: Sequence[FloatArray],
    controls: Sequence[Control],
) -> Indices:
    """
    First-order and total indices of Sobol' by exchanging one group at a time.

    With a and b the answers at two sets of points, and a', b' those with the values of one group
    exchanged, the variance that is the group's alone is the mean of (a - a')(b' - b) / 2, and
    with everything it takes part in that of ((a - a')^2 + (b' - b)^2) / 4. The variance is a mean
    of the squares of b - a and of all b' - a', which are all of independent points, weighted so
    that for a sum of functions of one group each the shares add up to one at every point. What is
    linear in a control comes from the variance of the control and not from the points.

    Args:
        answer: The number.

        groups: Which inputs belong together.

        first: Values of all inputs, each of shape (..., points), the copies one after another.

        second: The same at independent points.

        controls: Of each group.

    References:
        Jansen, M. J. W. (1999). Analysis of variance designs for model output.
        doi:10.1016/S0010-4655(98)00154-4

        Saltelli, A. et al. (2010). Variance based sensitivity analysis of model output.
        doi:10.1016/j.cpc.2009.09.018

        Owen, A. B. (2013). Better estimation of small Sobol' sensitivity indices.
        doi:10.1145/2457459.2457460
    """
    a, b = answer(first), answer(second)
    mean, variance = (a + b) / 2.0, (0.5 - len(groups) / 8.0) * (b - a) ** 2
    parts, slopes = [], []
    for group, control in zip(groups, controls, strict=True):
        a_with = answer(_exchanged(first, second, group.places))
        b_with = answer(_exchanged(second, first, group.places))
        moved, back = a - a_with, b_with - b
        slope = _slope(control.first - control.second, (moved + back) / 2.0)
        # What the points lack of the variance that the control explains.
        lacking = slope**2 * (control.variance - (control.first - control.second) ** 2 / 2.0)
        mean = mean - slope * ((control.first + control.second) / 2.0 - control.mean)
        variance = variance + (b_with - a_with) ** 2 / 8.0 + lacking
        parts.append([moved * back / 2.0 + lacking, (moved**2 + back**2) / 4.0 + lacking])
        slopes.append(slope)
    alone, in_all = np.swapaxes(by_copy(np.array(parts)), 0, 1)
    return _shares(by_copy(mean), by_copy(variance), np.array([alone, in_all]), np.array(slopes))


def _slope(x: FloatArray, y: FloatArray) -> float:
    squares = float(x @ x)
    return float(x @ y) / squares if squares > 0.0 else 0.0


def _exchanged(
    mine: Sequence[FloatArray], others: Sequence[FloatArray], places: Sequence[int]
) -> list[FloatArray]:
    return [others[i] if i in places else value for i, value in enumerate(mine)]


def by_copy(values: FloatArray) -> FloatArray:
    """The mean in each copy of the points, shape (..., copies)."""
    return np.asarray(values.reshape(*values.shape[:-1], SHIFTS, -1).mean(axis=-1))


def _shares(
    mean: FloatArray, variance: FloatArray, parts: FloatArray, slopes: FloatArray
) -> Indices:
    """From means by copy to shares; ``parts`` of shape (2, groups, copies)."""
    whole = variance.mean()
    shares = parts.mean(axis=-1) / whole
    gaps = (parts - shares[..., None] * variance) / whole
    return Indices(
        mean=float(mean.mean()),
        mean_error=float(spread(mean)),
        variance=float(whole),
        first=shares[0],
        total=shares[1],
        errors=spread(np.moveaxis(gaps, -1, 0)),
        slopes=slopes,
    )
