"""Which way answers about a projection are found, and how much is cut at nobody."""

from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.projection.quadrature import by_rules
from attrition.projection.response import Response
from attrition.projection.simulate import Model
from attrition.projection.smoothed import lines
from attrition.projection.sums import Sums
from attrition.uncertain.lattice import FEWER, POINTS
from attrition.uncertain.law import Method
from attrition.uncertain.node import Node
from attrition.uncertain.scores import bell

__all__ = ["Fixed", "fan_of", "fan_response", "sums_of"]

# Standard errors of quantiles, in standard deviations, that call for more points, the normal
# scores at which that is looked at, and for how many sums there is memory for them.
_CLOSE = 0.01
_LOOKS = np.array([-1.645, 0.0, 1.645])
_MOST_SUMS = 40

# Where strength is below zero losses are cut, which is not linear: with more of that than this,
# futures are simulated.
_MOST_CUT = 1e-3


def sums_of(response: Response) -> Sums | None:
    """The laws of sums of strengths: known, by rules, on the lattice; None where none fits."""
    if not response.unknowns and not response.noises:
        return Fixed(response, response.sums(response.at({}, {}, 1))[:, 0])
    return by_rules(response) or lines(response, FEWER)


def _refined(found: Sums) -> Sums:
    """On a large lattice, where a small one is too coarse."""
    response = found.response
    if found.method != "lattice" or len(response.weights) > _MOST_SUMS or _is_fine(found):
        return found
    return lines(response, POINTS) or found


def _is_fine(found: Sums) -> bool:
    """Whether the median and the 90 % interval of the last sum are known well enough."""
    mean, var = found.moments()
    places = mean[:, None] + np.sqrt(var)[:, None] * _LOOKS
    errors = found.uncut_errors(places)[-1]
    return bool((errors <= _CLOSE * bell(_LOOKS)).all())


@final
@attrs.frozen(eq=False)
class Fixed(Sums):
    """
    Sums in which nothing is unknown.

    Attributes:
        values: Shape (sums,).
    """

    values: FloatArray

    @property
    def method(self) -> Method:
        return "exact"

    def chance(self, x: FloatArray) -> FloatArray:
        return np.asarray(x >= self.values[:, None], dtype=np.float64)

    def uncut_errors(self, x: FloatArray) -> FloatArray:
        return np.zeros(x.shape)

    def moments(self) -> tuple[FloatArray, FloatArray]:
        return self.values, np.zeros(self.values.shape)

    def quantiles(self, q: FloatArray) -> FloatArray:
        return np.repeat(self.values[:, None], len(q), axis=1)

    def quantile_errors(self, q: FloatArray) -> FloatArray:
        return np.zeros((len(self.values), len(q)))


def fan_of(model: Model, inputs: tuple[Node, ...]) -> Sums | None:
    """
    The laws of strength at every date after the start, None where it has to be simulated.

    Args:
        model: The plan.

        inputs: Its inputs.
    """
    fan = None if model.sequential else sums_of(fan_response(model, inputs))
    if fan is None:
        return None
    cut = float(fan.chance(np.zeros((model.losses.steps, 1))).max())
    return attrs.evolve(_refined(fan), cut=cut) if cut <= _MOST_CUT else None


def fan_response(model: Model, inputs: tuple[Node, ...]) -> Response:
    """Strength at every date after the start."""
    return Response(model, inputs, np.eye(model.losses.steps + 1)[1:])
