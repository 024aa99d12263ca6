"""Where functions have no value: how much mass lies there, and what is said about it."""

import warnings

import numpy as np

from attrition.errors import ParameterError, SupportWarning
from attrition.uncertain.evaluate import law_of
from attrition.uncertain.exact import bounds_of
from attrition.uncertain.node import Known, Node

__all__ = ["MASS_IGNORED", "check_divisor", "check_not_negative", "mass_below_zero"]

MASS_IGNORED = 1e-6
"""Mass on the wrong side of zero that is a matter of tails, not of meaning."""


def mass_below_zero(node: Node) -> float:
    """Probability of less than zero, without evaluating what cannot be negative."""
    low, high = bounds_of(node)
    if low >= 0.0:
        return 0.0
    if high < 0.0:
        return 1.0
    return float(law_of(node).cdf(np.nextafter(np.zeros(1), -1.0))[0])


def check_not_negative(node: Node, function: str) -> None:
    """Refuse ``function`` of a number that may well be negative."""
    mass = mass_below_zero(node)
    if mass > MASS_IGNORED:
        message = (
            f"{function} of a number with {mass:.2g} of its mass below 0: expected a number that "
            f"is not negative. Use a positive one, such as between(low, high, confidence=0.9, "
            f'family="lognormal").'
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
    if low >= 0.0 or high <= 0.0:
        return
    below = mass_below_zero(node)
    across = min(below, 1.0 - below)
    if across > MASS_IGNORED:
        message = (
            f"dividing by a number with {across:.2g} of its mass across 0: the quotient has no "
            f"mean and wild tails. Use a positive divisor, such as between(low, high, "
            f'confidence=0.9, family="lognormal").'
        )
        warnings.warn(message, SupportWarning, stacklevel=4)
