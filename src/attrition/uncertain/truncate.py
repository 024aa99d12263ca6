"""A number conditioned on bounds, as far out as its tails reach."""

import math
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray, Number
from attrition.errors import ParameterError
from attrition.uncertain.checks import as_float, as_name, increasing
from attrition.uncertain.empirical import Weighted, law_of_points
from attrition.uncertain.exact import exact_law
from attrition.uncertain.law import Law, Points
from attrition.uncertain.leaf import new_leaf
from attrition.uncertain.node import Known, Leaf
from attrition.uncertain.number import Uncertain, UncertainLike

__all__ = ["Truncated", "truncate"]

_HALF = 0.5

# Below this, probabilities are too close to the smallest doubles to be told apart.
_LEAST_MASS = 1e-290


@final
@attrs.frozen
class Truncated(Law):
    """
    A law conditioned on bounds, computed in whichever tail of it is smaller.

    Quantiles are as accurate as those of the inner law, on its scale: a band that is 1e-4 of
    that scale wide keeps twelve of its sixteen digits.

    Attributes:
        inner: The law.

        low: The lower bound, which may be minus infinity.

        high: The upper bound, which may be infinity.
    """

    inner: Law
    low: float
    high: float

    @property
    def atomic(self) -> bool:
        return self.inner.atomic

    def _cut(self) -> tuple[float, float]:
        """The mass below the lower bound and above the upper one."""
        return float(self.inner.below(np.array(self.low))), float(
            self.inner.sf(np.array(self.high))
        )

    def mass(self) -> float:
        """The mass of the inner law between the bounds."""
        below, above = self._cut()
        if below > _HALF:
            return float(self.inner.at_least(np.array(self.low))) - above
        if above > _HALF:
            return float(self.inner.cdf(np.array(self.high))) - below
        return 1.0 - below - above

    def ppf(self, q: FloatArray) -> FloatArray:
        return self._place(np.asarray(q), np.asarray(1.0 - q))

    def isf(self, q: FloatArray) -> FloatArray:
        return self._place(np.asarray(1.0 - q), np.asarray(q))

    def _place(self, q: FloatArray, rest: FloatArray) -> FloatArray:
        """The place with the share ``q`` of the mass below it and the ``rest`` above it."""
        below, above = self._cut()
        mass = self.mass()
        lower, upper = below + q * mass, above + rest * mass
        low, high = self.support()
        place = np.where(
            lower <= upper,
            self.inner.ppf(np.clip(lower, 0.0, 1.0)),
            self.inner.isf(np.clip(upper, 0.0, 1.0)),
        )
        # Rounding may end next to a bound.
        place = np.where(q == 0.0, low, np.where(rest == 0.0, high, place))
        return np.clip(place, low, high)

    def cdf(self, x: FloatArray) -> FloatArray:
        below, _ = self._cut()
        at_least = self.inner.at_least(np.array(self.low))
        lower, upper = self.inner.cdf(x), self.inner.sf(x)
        inside = np.where(lower <= upper, lower - below, at_least - upper) / self.mass()
        return np.where(x < self.low, 0.0, np.where(x >= self.high, 1.0, np.clip(inside, 0.0, 1.0)))

    def sf(self, x: FloatArray) -> FloatArray:
        _, above = self._cut()
        at_most = self.inner.cdf(np.array(self.high))
        lower, upper = self.inner.cdf(x), self.inner.sf(x)
        inside = np.where(lower <= upper, at_most - lower, upper - above) / self.mass()
        return np.where(x < self.low, 1.0, np.where(x >= self.high, 0.0, np.clip(inside, 0.0, 1.0)))

    def pdf(self, x: FloatArray) -> FloatArray:
        inside = (np.asarray(x) >= self.low) & (np.asarray(x) <= self.high)
        return np.where(inside, self.inner.pdf(x) / self.mass(), 0.0)

    def support(self) -> tuple[float, float]:
        low, high = self.inner.support()
        return max(low, self.low), min(high, self.high)


def truncate(
    x: UncertainLike,
    low: Number | None = None,
    high: Number | None = None,
    *,
    name: str | None = None,
) -> Uncertain:
    """
    A number conditioned on bounds: what is known of it if it lies between them.

    The mass beyond a bound is shared out in proportion, unlike ``clip``, which moves it onto
    the bound. The result is a NEW unknown, with the law that the number has between the bounds;
    it is tied neither to the number nor to what was computed from it.

    Args:
        x: The number; its law must have a closed form.

        low: No value is below it; None for no lower bound.

        high: No value is above it; None for no upper bound.

        name: A label; it decides the random stream.

    Returns:
        The new unknown.

    Raises:
        NumberError: If ``x`` or a bound is not a number.

        ParameterError: If there is no bound, the bounds are reversed, no mass lies between
            them, or the number has no closed form.

    Examples:
        >>> from attrition import about, truncate
        >>> deficit = truncate(about(9_000, sd=6_000), low=0)
        >>> round(deficit.mean()), deficit.support()
        (9832, (0.0, inf))
    """
    bottom, top = _bounds(low, high)
    number = Uncertain.of(x)
    law = exact_law(number.node)
    if law is None:
        message = (
            f"truncate of {number!r}, whose law has no closed form: expected a figure as it was "
            f"stated. Truncate the figures that it was computed from before computing it."
        )
        raise ParameterError(message)
    points = law.points() if number.value is None else (np.array([number.value]), None)
    if points is not None:
        return _of_points(points, law, bottom, top, name)
    cut = Truncated(law, bottom, top)
    mass = cut.mass()
    if mass < _LEAST_MASS:
        _refuse(law, mass, bottom, top)
    return new_leaf(cut, name)


def _bounds(low: Number | None, high: Number | None) -> tuple[float, float]:
    if low is None and high is None:
        message = (
            "truncate was given no bound: expected low, high or both. "
            "Type for example truncate(x, low=0)."
        )
        raise ParameterError(message)
    if low is None:
        return -math.inf, as_float(high, "high")
    if high is None:
        return as_float(low, "low"), math.inf
    return increasing(low, high, example="truncate(x, low=0, high=50_000)")


def _of_points(points: Points, law: Law, low: float, high: float, name: str | None) -> Uncertain:
    """What is left of a law made of values."""
    values, weights = points
    inside = (values >= low) & (values <= high)
    if not inside.any():
        _refuse(law, 0.0, low, high)
    kept = values[inside]
    if (kept == kept[0]).all():
        return Uncertain(Known(float(kept[0])))
    shares = None if weights is None else weights[inside]
    drawn = isinstance(law, Weighted) and law.drawn
    return Uncertain(Leaf(law_of_points(kept, shares, drawn=drawn), as_name(name)))


def _refuse(law: Law, mass: float, low: float, high: float) -> None:
    first, last = law.support()
    message = (
        f"truncate to [{low:g}, {high:g}] keeps a mass of {mass:.2g} of {law!r}, which lies from "
        f"{first:g} to {last:g}: expected some of its mass. Check the bounds, or the figure."
    )
    raise ParameterError(message)
