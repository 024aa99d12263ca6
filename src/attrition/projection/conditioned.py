"""Noise of a level that was read off a count: factors over what they were when it was counted."""

from collections.abc import Iterator

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.projection.covariance import joint_root
from attrition.projection.flows import FlowPlan
from attrition.projection.response import Response
from attrition.projection.simulate import Model

__all__ = ["conditioned", "factors_at", "means_of", "root_of"]


def conditioned(response: Response) -> Response | None:
    """
    The same sums where levels are what was counted, and the noise is divided by its part in that.

    With the level the count over the observed mean of the factors, people lost in a cell are the
    count times the quotient of two factors, in which everything is linear again.

    Args:
        response: The sums.

    Returns:
        None where the hospital holds those of such a level, who have no factor of their own.
    """
    model = response.model
    varying = [plan for plan in model.plans if plan.varies]
    observed = {
        place: np.array(plan.observed)
        for place, plan in zip(response.noises, varying, strict=True)
        if plan.observed
    }
    if not observed:
        return response
    if model.steady.any() and model.losses.varies and model.losses.observed:
        return None
    return attrs.evolve(response, model=_plainly(model), observed=observed)


def _plainly(model: Model) -> Model:
    """The model with the levels as they are given, where these vary."""
    return attrs.evolve(
        model,
        losses=_plain(model.losses),
        recruitment=_plain(model.recruitment),
        others=tuple((sign, _plain(plan)) for sign, plan in model.others),
    )


def _plain(plan: FlowPlan) -> FlowPlan:
    return attrs.evolve(plan, observed=()) if plan.varies else plan


def root_of(response: Response) -> FloatArray:
    """
    By how much the logarithms of the factors, or quotients, rise with each normal.

    The observed mean of several factors is taken as the lognormal with its mean and variance
    along the mean of their logarithms; for that of one it is exact.

    Args:
        response: What was made by :func:`conditioned`.

    Returns:
        Shape (cells, normals).

    References:
        Fenton, L. F. (1960). The sum of log-normal probability distributions in scatter
        transmission systems. doi:10.1109/TCOM.1960.1097606
    """
    root = joint_root([response.inputs[place] for place in response.noises])
    if not response.observed:
        return root
    below = [_observed_root(rows, weights) for rows, weights in _blocks(response, root)]
    return np.asarray(root - np.concatenate(below))


def means_of(response: Response) -> FloatArray:
    """The means of the factors, or quotients, shape (cells,): one where nothing was observed."""
    if not response.observed:
        return np.ones(response.cells)
    root = joint_root([response.inputs[place] for place in response.noises])
    means = []
    for rows, weights in _blocks(response, root):
        below = _observed_root(rows, weights)
        log = (below**2).sum(axis=1) - (below * rows).sum(axis=1)
        means.append(np.exp(log) / (1.0 if weights is None else weights.sum()))
    return np.concatenate(means)


def factors_at(response: Response, normals: FloatArray) -> FloatArray:
    """
    The factors, or the quotients themselves, at normals.

    Args:
        response: What was made by :func:`conditioned`.

        normals: Shape (normals, points).

    Returns:
        Shape (cells, points).
    """
    root = joint_root([response.inputs[place] for place in response.noises])
    half = 0.5 * (root**2).sum(axis=1, keepdims=True)
    factors = np.exp(root @ normals - half)
    rows = [
        mine if weights is None else mine / (weights @ mine[: weights.size])
        for mine, weights in _blocks(response, factors)
    ]
    return np.concatenate([factors[:0], *rows])


def _blocks(response: Response, rows: FloatArray) -> Iterator[tuple[FloatArray, FloatArray | None]]:
    """The rows of each noise, and the weights of its factors in what was observed."""
    blocks = response.by_noise(rows)
    return ((block, response.observed.get(place)) for place, block in blocks.items())


def _observed_root(root: FloatArray, weights: FloatArray | None) -> FloatArray:
    """The root of the observed mean, the same in each row; nothing where none was observed."""
    if weights is None:
        return np.zeros_like(root)
    shares = weights / weights.sum()
    inside = root[: weights.size]
    along = shares @ inside
    var = np.log1p(shares @ np.expm1(inside @ inside.T) @ shares)
    size = np.sqrt(along @ along)
    return np.broadcast_to(along * (np.sqrt(var) / size if size > 0.0 else 1.0), root.shape)
