"""A new unknown from a law, and the normal score behind an interval."""

import math

import numpy as np

from attrition._typing import Number
from attrition.errors import ParameterError
from attrition.uncertain.checks import as_name, between_zero_and_one
from attrition.uncertain.law import Law
from attrition.uncertain.node import Leaf
from attrition.uncertain.number import Uncertain

__all__ = ["half_score", "new_leaf"]

_FAR = 2.0**-53
"""The smallest probability at which a draw is made."""


def new_leaf(law: Law, name: str | None) -> Uncertain:
    """
    An unknown with a law of its own, if floats can tell its values apart.

    Examples:
        >>> from attrition.uncertain.families import Normal
        >>> new_leaf(Normal(44_000.0, 3_000.0), "losses").name
        'losses'
    """
    with np.errstate(all="ignore"):
        low, high = law.ppf(np.array([_FAR, 1.0 - _FAR]))
        spread = float(high - low)
    if not 0.0 < spread < math.inf:
        message = (
            f"{law!r} has a spread too small or too large for floats: expected one above a 1e-16th "
            f"of the value and below 1e308. Check the figures; a known number is exactly(value)."
        )
        raise ParameterError(message)
    return Uncertain(Leaf(law, as_name(name)))


def half_score(confidence: Number) -> float:
    """
    The normal score of the upper end of a central interval.

    Examples:
        >>> round(half_score(0.9), 6)
        1.644854
    """
    from scipy.special import erfinv

    return math.sqrt(2.0) * float(erfinv(between_zero_and_one(confidence, "confidence")))
