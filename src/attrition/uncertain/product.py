"""The law whose density is a product of powers of densities."""

import math
import warnings
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.errors import MomentError
from attrition.uncertain.families import LogNormal, Normal
from attrition.uncertain.law import Law, Method
from attrition.uncertain.panels import Panels, panels_of
from attrition.uncertain.search import error_of_quantile

__all__ = ["ProductLaw", "product_law"]

# Normal scores of the places at which panels end; a normal density reaches so far in floats.
_SCORES = np.arange(-37.0, 38.0)

_HALF = 0.5

# What rounding leaves of a probability.
_EPSILON = float(np.finfo(np.float64).eps)

# The most that may be missing of the mass, or lie far out of a moment that exists; and the share
# of the mass below which a panel lies far out.
_LEFT_OUT = 1e-9
_FAR = 1e-60


@final
@attrs.frozen
class ProductLaw(Law):
    """
    The law whose density is proportional to the product of densities, each to a power.

    The powers sum to one, so the law is the same on every scale: the factors by which a change
    of scale multiplies the densities make that factor of their product.

    Attributes:
        weights: The powers, each above zero; they sum to one.

        parts: The laws; each has a density.
    """

    weights: tuple[float, ...]
    parts: tuple[Law, ...]
    peak: float = attrs.field(init=False, repr=False, eq=False)
    panels: Panels = attrs.field(init=False, repr=False, eq=False)

    @peak.default
    def _peak(self) -> float:
        """The largest logarithm of the product in the middles of the first panels."""
        breaks = self._breaks()
        middles = 0.5 * breaks[1:] + 0.5 * breaks[:-1]
        return float(self._log_density(middles).max(initial=-math.inf))

    @panels.default
    def _panels(self) -> Panels:
        return panels_of(lambda x: np.exp(self._log_density(x) - self.peak), self._breaks())

    def _breaks(self) -> FloatArray:
        """The quantiles of every part at whole normal scores, as far as all have a density."""
        # Far out scipy warns of some of its laws, and gives nan or infinity.
        with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
            places = np.array([part.at_score(_SCORES) for part in self.parts])
        finite = np.where(np.isfinite(places), places, np.nan)
        low, high = np.nanmin(finite, axis=1).max(), np.nanmax(finite, axis=1).min()
        return np.unique(finite[(finite >= low) & (finite <= high)])

    def _log_density(self, x: FloatArray) -> FloatArray:
        """The logarithm of the product, which is not normalised."""
        with np.errstate(divide="ignore"):
            logs = [
                w * np.log(part.pdf(x)) for w, part in zip(self.weights, self.parts, strict=True)
            ]
        return np.asarray(sum(logs))

    @property
    def is_whole(self) -> bool:
        """Whether its mass lies where every density is a float above 0."""
        if self.panels.low.size == 0:
            return False
        low, high = self.support()
        masses = self.panels.moments(0.0, 0)
        first, last = self.panels.low[0], self.panels.high
        cut = max(masses[0] if first > low else 0.0, masses[-1] if last < high else 0.0)
        return bool(cut <= _LEFT_OUT * self.panels.total > 0.0)

    @property
    def method(self) -> Method:
        return "quadrature"

    def ppf(self, q: FloatArray) -> FloatArray:
        return self._quantile(np.asarray(q), np.asarray(1.0 - q))

    def isf(self, q: FloatArray) -> FloatArray:
        return self._quantile(np.asarray(1.0 - q), np.asarray(q))

    def _quantile(self, lower: FloatArray, upper: FloatArray) -> FloatArray:
        total = self.panels.total
        found = self.panels.between(
            np.clip(lower, 0.0, 1.0) * total, np.clip(upper, 0.0, 1.0) * total
        )
        low, high = self.support()
        return np.where(lower <= 0.0, low, np.where(upper <= 0.0, high, found))

    def cdf(self, x: FloatArray) -> FloatArray:
        return self.panels.mass_below(np.asarray(x)) / self.panels.total

    def sf(self, x: FloatArray) -> FloatArray:
        return self.panels.mass_above(np.asarray(x)) / self.panels.total

    def pdf(self, x: FloatArray) -> FloatArray:
        return np.exp(self._log_density(np.asarray(x)) - self.peak) / self.panels.total

    def mean(self) -> float:
        # From the median on, so that no digits are lost to a distance from zero.
        middle = float(self.ppf(np.array(_HALF)))
        return middle + self._moment(middle, 1, "mean")

    def var(self) -> float:
        return self._moment(self.mean(), 2, "variance")

    def _moment(self, centre: float, power: int, what: str) -> float:
        each = self.panels.moments(centre, power)
        far = self.panels.moments(0.0, 0) < _FAR * self.panels.total
        whole, outer = float(np.abs(each).sum()), float(np.abs(each[far]).sum())
        if not math.isfinite(whole) or outer > _LEFT_OUT * whole:
            message = (
                f"the {what} of {self!r} does not exist or cannot be computed. "
                f"Use median() and interval(confidence), which always exist."
            )
            raise MomentError(message)
        return float(each.sum()) / self.panels.total

    def support(self) -> tuple[float, float]:
        ends = [part.support() for part in self.parts]
        return max(low for low, _ in ends), min(high for _, high in ends)

    def error(self, q: float) -> float:
        return error_of_quantile(self, q)

    def probability_error(self, x: float) -> float:
        return max(self.panels.error / self.panels.total, _EPSILON)


def product_law(weights: tuple[float, ...], parts: tuple[Law, ...]) -> Law | None:
    """
    The law whose density is proportional to the product of densities, each to a power.

    Args:
        weights: The powers, each above zero; they sum to one.

        parts: As many laws; each has a density.

    Returns:
        Of normals a normal, of lognormals a lognormal; None where no place has a density in
        all of them.

    References:
        Genest, C. and Zidek, J. V. (1986). Combining probability distributions: a critique and
        an annotated bibliography. doi:10.1214/ss/1177013825

    Examples:
        >>> product_law((0.5, 0.5), (Normal(0.0, 1.0), Normal(4.0, 1.0)))
        Normal(centre=2.0, sd=1.0)
    """
    normals = [part for part in parts if isinstance(part, Normal)]
    if len(normals) == len(parts):
        return Normal(*_of_normals(weights, [(n.centre, n.sd) for n in normals]))
    lognormals = [part for part in parts if isinstance(part, LogNormal)]
    if len(lognormals) == len(parts):
        unit = lognormals[0].middle
        logs = [(math.log(part.middle / unit), part.sigma) for part in lognormals]
        centre, sigma = _of_normals(weights, logs)
        return LogNormal(unit * math.exp(centre), sigma)
    return _by_panels(weights, parts)


def _of_normals(
    weights: tuple[float, ...], normals: list[tuple[float, float]]
) -> tuple[float, float]:
    """Precisions add, each times its weight; the centre is their weighted mean."""
    shares = [w / sd**2 for w, (_, sd) in zip(weights, normals, strict=True)]
    precision = math.fsum(shares)
    centre = math.fsum(s * c for s, (c, _) in zip(shares, normals, strict=True)) / precision
    return centre, 1.0 / math.sqrt(precision)


def _by_panels(weights: tuple[float, ...], parts: tuple[Law, ...]) -> Law | None:
    law = ProductLaw(weights, parts)
    return law if law.is_whole else None
