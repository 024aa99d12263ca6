"""Normal scores: how many standard deviations from the centre a probability lies."""

import math

import numpy as np

from attrition._typing import FloatArray

__all__ = ["bell", "probability_of", "score_of"]

_SQRT_TWO_PI = math.sqrt(2.0 * math.pi)


def bell(z: FloatArray) -> FloatArray:
    """
    The density of the standard normal.

    Examples:
        >>> round(float(bell(np.array(0.0))), 6)
        0.398942
    """
    return np.exp(-0.5 * np.square(z)) / _SQRT_TWO_PI


def score_of(q: FloatArray) -> FloatArray:
    """
    The normal score below which probability ``q`` lies.

    Examples:
        >>> round(float(score_of(np.array(0.95))), 6)
        1.644854
    """
    from scipy.special import ndtri

    return np.asarray(ndtri(q), dtype=np.float64)


def probability_of(z: FloatArray) -> FloatArray:
    """
    The probability below a normal score; above it, that of the opposite score.

    Examples:
        >>> f"{probability_of(np.array(-8.0)):.4g}"
        '6.221e-16'
    """
    from scipy.special import ndtr

    return np.asarray(ndtr(z), dtype=np.float64)
