"""Any law of the time away: checked, and its distribution function integrated."""

import math

import numpy as np

from attrition._typing import FloatArray
from attrition.errors import ParameterError
from attrition.uncertain.exact import exact_law
from attrition.uncertain.law import Law, Points
from attrition.uncertain.number import Uncertain, UncertainLike
from attrition.uncertain.panels import panels_of
from attrition.uncertain.support import MASS_IGNORED, mass_below_zero

__all__ = ["law_of_delay", "returned_by"]

# Panels end at these quantiles, so that they are no wider than the law changes its scale.
_BREAKS = np.array([1e-9, 1e-6, 1e-3, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999, 1.0 - 1e-6, 1.0 - 1e-9])

# Panels fit to a share of what they hold. With this on top of probabilities, none below a
# millionth of it are refined, which may be rounding of one.
_LIFT = 1e-3


def law_of_delay(months: UncertainLike) -> Law:
    """
    The law of the months that one person is away.

    Args:
        months: A frozen distribution of scipy, an uncertain number with a law of its own, or the
            months themselves.

    Returns:
        Its law; of which unknown it is the law does not matter.

    Raises:
        ParameterError: If more than a millionth of it lies below 0, or the number was computed
            from several.

        NumberError: If it is none of these.

    Examples:
        >>> from scipy import stats
        >>> law_of_delay(stats.expon(scale=3)).mean()
        3.0
    """
    number = Uncertain.of(months)
    law = exact_law(number.node)
    if law is None:
        raise ParameterError(
            f"the delay was computed from several unknowns, {number}: expected one law of the "
            f"months that a person is away. Type Delay.of(scipy.stats.lognorm(s=0.6, scale=3)), "
            f"or Delay.of(from_draws(...)) for months that were observed."
        )
    below = mass_below_zero(number.node)
    if below > MASS_IGNORED:
        raise ParameterError(
            f"{law!r} has {below:.2g} of its mass below 0 months: expected a law of times from 0 "
            f"on, as nobody returns before being lost. Type for example "
            f"Delay.of(scipy.stats.lognorm(s=0.6, scale=3)), or truncate(x, 0, 24)."
        )
    return law


def returned_by(law: Law, months: FloatArray) -> FloatArray:
    """
    The integral from 0 to ``months`` of the distribution function, 0 before 0.

    A law of single values is summed; of any other the function is integrated by the rule of
    Gauss and Legendre, in panels that are halved until they fit.

    Args:
        law: Of months from 0 on.

        months: Of any shape.

    Returns:
        Months, of the same shape.

    Examples:
        >>> from scipy import stats
        >>> law = law_of_delay(stats.expon(scale=3))
        >>> round(float(returned_by(law, np.array(3.0))), 12) == round(3 / math.e, 12)
        True
    """
    x = np.maximum(months, 0.0)
    longest = float(x.max(initial=0.0))
    if longest == 0.0:
        return np.zeros(x.shape)
    points = _points(law, longest)
    if points is not None:
        return _summed(*points, x)
    with np.errstate(all="ignore"):
        quantiles = law.ppf(_BREAKS)
        inside = quantiles[(quantiles > 0.0) & (quantiles < longest)]
        # Between its ends a panel may be off by 5e-10 of what it holds, so none exceeds a month.
        breaks = np.unique([*np.arange(0.0, longest), *inside, longest])
        panels = panels_of(lambda at: law.cdf(at) + _LIFT, breaks)
    return panels.mass_below(x) - _LIFT * x


def _points(law: Law, longest: float) -> Points | None:
    """The single values of a law up to the longest that is asked for, None without any."""
    points = law.points()
    if points is not None or not law.stepped:
        return points
    low, _ = law.support()
    first = low + math.ceil(max(-low, 0.0)) if math.isfinite(low) else 0.0
    places = np.arange(first, longest + 1.0)
    return places, np.diff(law.cdf(places), prepend=0.0)


def _summed(values: FloatArray, masses: FloatArray | None, x: FloatArray) -> FloatArray:
    """The sum of mass * (x - value) over the values up to x."""
    order = np.argsort(values)
    rising = np.maximum(values[order], 0.0)
    held = np.full(rising.size, 1.0 / rising.size) if masses is None else masses[order]
    mass, moment = (np.concatenate(([0.0], np.cumsum(m))) for m in (held, held * rising))
    place = np.searchsorted(rising, x, side="right")
    return np.asarray(mass[place] * x - moment[place])
