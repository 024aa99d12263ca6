"""Where functions have no value: how much mass lies there, and what is said about it."""

import warnings

import numpy as np

from attrition.errors import ParameterError, SupportWarning
from attrition.uncertain.evaluate import law_of
from attrition.uncertain.exact import exact_law
from attrition.uncertain.forms import bounds_of
from attrition.uncertain.law import Law
from attrition.uncertain.node import Known, Node

__all__ = [
    "MASS_IGNORED",
    "check_divisor",
    "check_not_negative",
    "check_positive",
    "mass_below_zero",
]

_ZERO = np.zeros(())

MASS_IGNORED = 1e-6
"""Mass on the wrong side of zero that is a matter of tails, not of meaning."""

# The logarithm of the smallest float is -708, so that a millionth there would add half a unit to
# the variance of a logarithm.
_LOG_MASS_IGNORED = 1e-12


def mass_below_zero(node: Node) -> float:
    """Probability of less than zero, without evaluating what cannot be negative."""
    low, high = bounds_of(node)
    if low >= 0.0:
        return 0.0
    if high < 0.0:
        return 1.0
    return float(law_of(node).below(_ZERO))


def _mass_at_zero(law: Law) -> float:
    return float(law.cdf(_ZERO) - law.below(_ZERO))


def check_not_negative(node: Node, function: str, *, ignored: float = MASS_IGNORED) -> None:
    """Refuse ``function`` of a number that may well be negative."""
    mass = mass_below_zero(node)
    if mass > ignored:
        message = (
            f"{function} of a number with {mass:.2g} of its mass below 0: expected a number that "
            f"is not negative. Use a positive one, such as between(low, high, confidence=0.9, "
            f'family="lognormal").'
        )
        raise ParameterError(message)


def check_positive(node: Node, function: str) -> None:
    """Refuse ``function`` of a number that may be negative or zero, but for the last of tails."""
    check_not_negative(node, function, ignored=_LOG_MASS_IGNORED)
    if bounds_of(node)[0] > 0.0:
        return
    mass = _mass_at_zero(law_of(node))
    if mass > _LOG_MASS_IGNORED:
        message = (
            f"{function} of a number with {mass:.2g} of its mass at 0: expected a number above 0. "
            f"Keep it away from 0, for example with maximum(x, 1)."
        )
        raise ParameterError(message)


def _check_zero(mass: float) -> None:
    if mass > MASS_IGNORED:
        message = (
            f"dividing by a number with {mass:.2g} of its mass at exactly 0: the quotient has no "
            f"value there. Keep the divisor away from 0, for example with maximum(x, 1)."
        )
        raise ParameterError(message)


def check_divisor(node: Node) -> None:
    """Refuse a divisor of zero; warn about one that lies on both sides of it."""
    if isinstance(node, Known):
        if node.value == 0.0:
            message = (
                "division by exactly 0: expected a divisor other than 0. "
                "Check the figure, or divide by an uncertain number that stays away from 0."
            )
            raise ParameterError(message)
        return
    low, high = bounds_of(node)
    if low > 0.0 or high < 0.0:
        return
    straddles = low < 0.0 < high
    law = law_of(node) if straddles else exact_law(node)
    if law is None:
        # Shares are made of such quotients; a value of zero shows when they are evaluated.
        return
    _check_zero(_mass_at_zero(law))
    across = min(float(law.below(_ZERO)), float(law.sf(_ZERO)))
    if across > MASS_IGNORED:
        message = (
            f"dividing by a number with {across:.2g} of its mass across 0: the quotient has no "
            f"mean and wild tails. Use a positive divisor, such as between(low, high, "
            f'confidence=0.9, family="lognormal").'
        )
        warnings.warn(message, SupportWarning, stacklevel=5)
