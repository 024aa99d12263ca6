"""Laws as means over a rule: three moments at each node, and two checks for the error."""

from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.projection.axes import Axis, axes_of
from attrition.projection.covariance import joint_root
from attrition.projection.cumulants import Given, given_outer
from attrition.projection.halley import quantiles_by_slopes
from attrition.projection.lattice import normals_in_order
from attrition.projection.response import Response
from attrition.projection.splitting import Split, split
from attrition.projection.sums import Sums, spread
from attrition.projection.three_moments import Normals, Slopes, ThreeMoments, law_of_moments
from attrition.uncertain.lattice import FEWER, SHIFTS
from attrition.uncertain.law import Method
from attrition.uncertain.scores import probability_of

__all__ = ["ByRules", "by_rules"]

# Nodes at which laws with three moments are compared with simulated noise.
_LOOKS = 4


@final
@attrs.frozen(eq=False)
class ByRules(Sums):
    """
    The laws of sums of strengths as mixtures of laws with three moments.

    Attributes:
        axes: All that is not known beside the noise.

        parts: How they are integrated.

        given: The moments at every node.

        law: The laws with these moments.
    """

    axes: tuple[Axis, ...]
    parts: Split
    given: Given
    law: Normals | ThreeMoments = attrs.field(repr=False)

    @property
    def method(self) -> Method:
        one = self.given.noise is None and self.given.weights.size == 1 and not self.parts.folded
        return "exact" if one else "quadrature"

    def chance(self, x: FloatArray) -> FloatArray:
        return np.asarray(self.law.cdf(x[..., None]) @ self.given.weights)

    def uncut_errors(self, x: FloatArray) -> FloatArray:
        """The difference from a rule with one more node each, and what three moments miss."""
        if self.method == "exact":
            return np.zeros(x.shape)
        finer = given_outer(self.response, self.parts, self.axes, more=1)
        gap = np.zeros(x.shape)
        if finer is not None:
            gap = _laws(finer).cdf(x[..., None]) @ finer.weights - self.chance(x)
        return np.hypot(gap, self._missed(x))

    def _missed(self, x: FloatArray) -> FloatArray:
        """How far laws with three moments are from simulated noise, at a few nodes."""
        noise = self.given.noise
        if noise is None:
            return np.zeros(x.shape)
        root = joint_root([self.response.inputs[place] for place in self.response.noises])
        middle = np.tensordot(noise.shares @ self.given.weights, noise.profiles, axes=1)
        half = 0.5 * (root**2).sum(axis=1, keepdims=True)
        factors = np.expm1(root @ normals_in_order(middle @ root, 0, FEWER) - half)
        off = np.zeros((SHIFTS, *x.shape))
        for node in self._typical():
            moved = np.tensordot(noise.shares[:, node], noise.profiles, axes=1) @ factors
            off += self._gaps(x, node, moved) / _LOOKS
        return np.asarray(np.maximum(np.abs(off.mean(axis=0)), spread(off)))

    def _typical(self) -> list[int]:
        """Nodes at the middles of equal shares of the weight, in order of the last sum."""
        order = np.argsort(self.given.mean[-1])
        up_to = np.cumsum(self.given.weights[order])
        return [int(order[up_to.searchsorted((i + 0.5) / _LOOKS)]) for i in range(_LOOKS)]

    def _gaps(self, x: FloatArray, node: int, moved: FloatArray) -> FloatArray:
        """By copy, simulated less three-moment probabilities; shape (copies, sums, places)."""
        mean, var, third, _, plain, _, _ = self.given
        law = law_of_moments(*(moment[:, node : node + 1] for moment in (mean, var, third)))
        centres = (mean[:, node : node + 1] + moved)[:, None, :]
        sd = np.sqrt(np.maximum(plain[:, node], 1e-12 * var[:, node]))[:, None, None]
        simulated = probability_of((x[..., None] - centres) / sd)
        by_copy = simulated.reshape(*x.shape, SHIFTS, -1).mean(axis=-1)
        return np.asarray(np.moveaxis(by_copy, -1, 0) - law.cdf(x))

    def moments(self) -> tuple[FloatArray, FloatArray]:
        mean, var, _ = self.given.moments
        return mean, var

    def quantiles(self, q: FloatArray) -> FloatArray:
        mean, var, third = self.given.moments[..., None]
        start = law_of_moments(mean, var, third).ppf(q)
        return quantiles_by_slopes(self._slopes, q, start, np.sqrt(var))

    def _slopes(self, x: FloatArray) -> Slopes:
        found = self.law.slopes(x[..., None])
        return Slopes(*(np.asarray(each @ self.given.weights) for each in found))


def _laws(given: Given) -> Normals | ThreeMoments:
    return law_of_moments(*(part[:, None, :] for part in (given.mean, given.var, given.third)))


def by_rules(response: Response) -> ByRules | None:
    """
    The laws of sums of strengths by rules, None where these do not fit.

    They do not where an unknown is no smooth function of a normal score, where a level is
    conditioned on what was observed, which makes it a quotient by the noise, and where the
    product of the rules would have too many nodes.
    """
    if any(plan.observed and plan.varies for plan in response.model.plans):
        return None
    axes = axes_of(response)
    parts = None if axes is None else split(response, axes)
    given = None if axes is None or parts is None else given_outer(response, parts, axes)
    if axes is None or parts is None or given is None:
        return None
    return ByRules(response, tuple(axes), parts, given, _laws(given))
