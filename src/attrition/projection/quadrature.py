"""Laws as means over a rule: three moments at each node, and two checks for the error."""

from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.projection.axes import axes_of
from attrition.projection.components import Components
from attrition.projection.conditioned import conditioned
from attrition.projection.cumulants import components_of, given_all
from attrition.projection.halley import quantiles_by_slopes
from attrition.projection.look import look_at
from attrition.projection.missed import missed
from attrition.projection.response import Response
from attrition.projection.splitting import Split, splits
from attrition.projection.sums import Sums
from attrition.projection.three_moments import Normals, Slopes, ThreeMoments, law_of_moments
from attrition.uncertain.law import Method

__all__ = ["ByRules", "by_rules"]


@final
@attrs.frozen(eq=False)
class ByRules(Sums):
    """
    The laws of sums of strengths as mixtures of laws with three moments.

    Attributes:
        parts: How all that is not known is integrated.

        closest: The same with nothing merged, for the errors.

        components: The three moments at every node.

        law: The laws with these moments.
    """

    parts: Split
    closest: Split
    components: Components
    law: Normals | ThreeMoments = attrs.field(repr=False)

    @property
    def method(self) -> Method:
        noisy = self.response.noises or self.parts.merged or self.parts.folded
        return "quadrature" if noisy or self.components.weights.size > 1 else "exact"

    def chance(self, x: FloatArray) -> FloatArray:
        return np.asarray(self.law.cdf(x[..., None]) @ self.components.weights)

    def uncut_errors(self, x: FloatArray) -> FloatArray:
        """The difference from a rule with one more node each, and what three moments miss."""
        if self.method == "exact":
            return np.zeros(x.shape)
        closer = given_all(self.closest, more=1)
        if closer is None:
            return np.ones(x.shape)
        found = closer.components
        gap = _laws(found).cdf(x[..., None]) @ found.weights - self.chance(x)
        return np.hypot(gap, missed(self.closest, closer, x))

    def moments(self) -> tuple[FloatArray, FloatArray]:
        mean, var, _ = self.components.moments
        return mean, var

    def quantiles(self, q: FloatArray) -> FloatArray:
        mean, var, third = self.components.moments[..., None]
        start = law_of_moments(mean, var, third).ppf(q)
        return quantiles_by_slopes(self._slopes, q, start, np.sqrt(var))

    def _slopes(self, x: FloatArray) -> Slopes:
        found = self.law.slopes(x[..., None])
        return Slopes(*(np.asarray(each @ self.components.weights) for each in found))


def _laws(components: Components) -> Normals | ThreeMoments:
    return law_of_moments(*(part[:, None, :] for part in components[:3]))


def by_rules(response: Response) -> ByRules | None:
    """
    The laws of sums of strengths by rules, None where these do not fit.

    They do not where an unknown is no smooth function of a normal score, and where the product
    of the rules would have too many nodes.
    """
    plainly = conditioned(response)
    axes = None if plainly is None else axes_of(plainly)
    ways = [] if plainly is None or axes is None else splits(look_at(plainly, axes))
    found = ((parts, components_of(parts)) for parts in ways)
    return next(
        (
            ByRules(response, parts, ways[-1], components, _laws(components))
            for parts, components in found
            if components is not None
        ),
        None,
    )
