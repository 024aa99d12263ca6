"""What laws with three moments miss of probabilities, against simulated noise at a few nodes."""

import numpy as np

from attrition._typing import FloatArray
from attrition.projection.components import Components
from attrition.projection.conditioned import factors_at, root_of
from attrition.projection.cumulants import Given
from attrition.projection.lattice import normals_in_order
from attrition.projection.noisy import Noisy
from attrition.projection.profiles import at_values
from attrition.projection.response import Response
from attrition.projection.splitting import Split
from attrition.projection.sums import spread
from attrition.projection.three_moments import law_of_moments
from attrition.uncertain.lattice import FEWER, SHIFTS
from attrition.uncertain.scores import probability_of

__all__ = ["missed"]

# Nodes at which they are compared.
_LOOKS = 4


def missed(parts: Split, given: Given, x: FloatArray) -> FloatArray:
    """
    How far probabilities of at most ``x`` are from those with simulated noise.

    Args:
        parts: How all that is not known is integrated.

        given: The sums at all nodes.

        x: Shape (sums, places).

    Returns:
        Numerical standard errors, shape (sums, places).
    """
    if given.noise is None:
        return np.zeros(x.shape)
    response, nodes = parts.look.response, _typical(given.components)
    # The sums themselves, not those that follow from the ends of the axes.
    means = np.repeat(parts.look.means[:, None], len(nodes), axis=1)
    centres = response.sums(at_values(response, parts.look.axes, given.places[:, nodes], means))
    factors = _factors(response, given.noise, given.components.weights)
    factors = factors / parts.look.means[:, None] - 1.0
    off = np.zeros((SHIFTS, *x.shape))
    for node, centre in zip(nodes, centres.T + parts.small[0], strict=True):
        moved = np.tensordot(given.noise.shares[:, node], given.noise.profiles, axes=1) @ factors
        off += _gaps(given, x, node, centre[:, None] + moved) / _LOOKS
    return np.asarray(np.maximum(np.abs(off.mean(axis=0)), spread(off)))


def _typical(components: Components) -> list[int]:
    """Nodes at the middles of equal shares of the weight, in order of the last sum."""
    order = np.argsort(components.mean[-1])
    up_to = np.cumsum(components.weights[order])
    return [int(order[up_to.searchsorted((i + 0.5) / _LOOKS)]) for i in range(_LOOKS)]


def _factors(response: Response, noise: Noisy, weights: FloatArray) -> FloatArray:
    """Factors of noise at the points of a lattice, shape (cells, points)."""
    middle = np.tensordot(noise.shares @ weights, noise.profiles, axes=1)
    return factors_at(response, normals_in_order(middle @ root_of(response), 0, FEWER))


def _gaps(given: Given, x: FloatArray, node: int, centres: FloatArray) -> FloatArray:
    """By copy, simulated less three-moment probabilities; shape (copies, sums, places)."""
    mean, var, third, _ = given.components
    law = law_of_moments(*(moment[:, node : node + 1] for moment in (mean, var, third)))
    sd = np.sqrt(np.maximum(given.plain[:, node], 1e-12 * var[:, node]))[:, None, None]
    simulated = probability_of((x[..., None] - centres[:, None]) / sd)
    by_copy = simulated.reshape(*x.shape, SHIFTS, -1).mean(axis=-1)
    return np.asarray(np.moveaxis(by_copy, -1, 0) - law.cdf(x))
