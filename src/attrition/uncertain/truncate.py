"""A number conditioned on bounds, as far out as its tails reach."""

import math
from typing import NamedTuple, NoReturn, final

import attrs
import numpy as np

from attrition._typing import FloatArray, Number
from attrition.errors import ParameterError
from attrition.uncertain.checks import as_float, as_name, increasing
from attrition.uncertain.empirical import Weighted, law_of_points
from attrition.uncertain.exact import exact_law
from attrition.uncertain.law import Law, Method, Points
from attrition.uncertain.leaf import new_leaf
from attrition.uncertain.node import Known, Leaf
from attrition.uncertain.number import Uncertain, UncertainLike
from attrition.uncertain.search import error_of_quantile

__all__ = ["Truncated", "truncate"]

_HALF = 0.5

# Below this, probabilities are too close to the smallest doubles to be told apart.
_LEAST_MASS = 1e-290


class _Cut(NamedTuple):
    """Probabilities of an inner law around the bounds, and its mass between them."""

    below: float
    above: float
    at_least: float
    at_most: float
    mass: float


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
    cut: _Cut = attrs.field(init=False, repr=False, eq=False)

    @cut.default
    def _cut(self) -> _Cut:
        low, high = np.array(self.low), np.array(self.high)
        below, above = float(self.inner.below(low)), float(self.inner.sf(high))
        at_least, at_most = float(self.inner.at_least(low)), float(self.inner.cdf(high))
        mass = 1.0 - below - above
        if below > _HALF:
            mass = at_least - above
        elif above > _HALF:
            mass = at_most - below
        return _Cut(below, above, at_least, at_most, mass)

    @property
    def atomic(self) -> bool:
        return self.inner.atomic

    @property
    def searched(self) -> bool:
        return self.inner.searched

    @property
    def method(self) -> Method:
        return self.inner.method

    @property
    def mass(self) -> float:
        """The mass of the inner law between the bounds."""
        return self.cut.mass

    def ppf(self, q: FloatArray) -> FloatArray:
        return self._place(np.asarray(q), np.asarray(1.0 - q))

    def isf(self, q: FloatArray) -> FloatArray:
        return self._place(np.asarray(1.0 - q), np.asarray(q))

    def _place(self, q: FloatArray, rest: FloatArray) -> FloatArray:
        """The place with the share ``q`` of the mass below it and the ``rest`` above it."""
        lower, upper = self.cut.below + q * self.mass, self.cut.above + rest * self.mass
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
        lower, upper = self.inner.cdf(x), self.inner.sf(x)
        mass = np.where(lower <= upper, lower - self.cut.below, self.cut.at_least - upper)
        share = np.clip(mass / self.mass, 0.0, 1.0)
        return np.where(x < self.low, 0.0, np.where(x >= self.high, 1.0, share))

    def sf(self, x: FloatArray) -> FloatArray:
        lower, upper = self.inner.cdf(x), self.inner.sf(x)
        mass = np.where(lower <= upper, self.cut.at_most - lower, upper - self.cut.above)
        share = np.clip(mass / self.mass, 0.0, 1.0)
        return np.where(x < self.low, 1.0, np.where(x >= self.high, 0.0, share))

    def pdf(self, x: FloatArray) -> FloatArray:
        inside = (np.asarray(x) >= self.low) & (np.asarray(x) <= self.high)
        return np.where(inside, self.inner.pdf(x) / self.mass, 0.0)

    def support(self) -> tuple[float, float]:
        low, high = self.inner.support()
        return max(low, self.low), min(high, self.high)

    def error(self, q: float) -> float:
        return error_of_quantile(self, q)

    def probability_error(self, x: float) -> float:
        return self.inner.probability_error(x) / self.mass


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
        (9833, (0.0, inf))
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
    if cut.mass < _LEAST_MASS:
        _refuse(law, cut.mass, bottom, top)
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


def _refuse(law: Law, mass: float, low: float, high: float) -> NoReturn:
    first, last = law.support()
    message = (
        f"truncate to [{low:g}, {high:g}] keeps a mass of {mass:.2g} of {law!r}, which lies from "
        f"{first:g} to {last:g}: expected some of its mass. Check the bounds, or the figure."
    )
    raise ParameterError(message)
