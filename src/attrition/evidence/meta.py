"""Pools of independent estimates on arrays: one true value, or true values that differ."""

from typing import NamedTuple

import numpy as np

from attrition._typing import FloatArray

__all__ = [
    "Weighed",
    "dersimonian_laird",
    "fixed",
    "heterogeneity",
    "inconsistency",
    "paule_mandel",
    "scale_of_student",
]

# Newton's steps from below never pass the root; they double until they are near it, and then
# double their digits.
_STEPS = 200
_LAST_STEP = 1e-15


class Weighed(NamedTuple):
    """
    A weighted mean, on the scale on which it was pooled.

    Attributes:
        centre: The mean, shape (...).

        variance: Its variance, shape (...).

        weights: The weights, which sum to one, shape (estimates, ...).
    """

    centre: FloatArray
    variance: FloatArray
    weights: FloatArray


def fixed(y: FloatArray, v: FloatArray) -> Weighed:
    """
    The mean with inverse variances as weights: one true value, independent errors.

    With a variance between the true values added to each of ``v`` it is the mean of a
    random-effects pool.

    Args:
        y: Estimates, shape (estimates, ...).

        v: Their variances, the same shape, above zero.

    Returns:
        Centre sum(y / v) / sum(1 / v), and variance 1 / sum(1 / v).

    Examples:
        >>> y, sd = np.array([35_050.0, 31_000.0, 28_000.0]), np.array([1_500.0, 2_500.0, 4_000.0])
        >>> found = fixed(y, sd**2)
        >>> round(float(found.centre), 2), round(float(np.sqrt(found.variance)), 2)
        (33417.74, 1224.49)
    """
    precisions = 1.0 / v
    total = precisions.sum(axis=0)
    weights = precisions / total
    return Weighed((weights * y).sum(axis=0), 1.0 / total, weights)


def heterogeneity(y: FloatArray, v: FloatArray) -> FloatArray:
    """
    Cochran's Q: squared distances from the fixed pool in units of the stated variances.

    Where the estimates have one true value and independent normal errors, it has the chi-square
    law with one degree of freedom less than estimates.

    Args:
        y: Estimates, shape (estimates, ...).

        v: Their variances, the same shape, above zero.

    Returns:
        Shape (...).

    Examples:
        >>> round(float(heterogeneity(np.array([1.0, 3.0]), np.array([1.0, 1.0]))), 12)
        2.0
    """
    return np.asarray((np.square(y - fixed(y, v).centre) / v).sum(axis=0))


def inconsistency(q: FloatArray, k: int) -> FloatArray:
    """
    I^2, the share of Q beyond what the stated variances explain: max(0, (Q - (k - 1)) / Q).

    Args:
        q: Cochran's Q.

        k: How many estimates.

    References:
        Higgins, J. P. T. and Thompson, S. G. (2002). Quantifying heterogeneity in a
        meta-analysis. doi:10.1002/sim.1186

    Examples:
        >>> float(inconsistency(np.array(4.0), 3))
        0.5
    """
    beyond = np.maximum(q - (k - 1), 0.0)
    return np.divide(beyond, q, out=np.zeros(np.shape(q)), where=beyond > 0.0)


def dersimonian_laird(y: FloatArray, v: FloatArray) -> FloatArray:
    """
    The variance between true values at which Q has the value that is expected of it.

    With w = 1 / v it is max(0, (Q - (k - 1)) / (sum w - sum w^2 / sum w)).

    Args:
        y: Estimates, shape (estimates, ...), at least two.

        v: Their variances, the same shape, above zero.

    Returns:
        tau^2, shape (...).

    References:
        DerSimonian, R. and Laird, N. (1986). Meta-analysis in clinical trials.
        doi:10.1016/0197-2456(86)90046-2

    Examples:
        >>> y, sd = np.array([35_050.0, 31_000.0, 28_000.0]), np.array([1_500.0, 2_500.0, 4_000.0])
        >>> round(float(dersimonian_laird(y, sd**2)))
        5983788
    """
    w = 1.0 / v
    total = w.sum(axis=0)
    excess = heterogeneity(y, v) - (y.shape[0] - 1)
    return np.asarray(np.maximum(excess / (total - np.square(w).sum(axis=0) / total), 0.0))


def paule_mandel(y: FloatArray, v: FloatArray) -> FloatArray:
    """
    The variance between true values that makes the generalised Q equal to k - 1.

    The generalised Q, sum((y - centre)^2 / (v + tau^2)), falls in tau^2 and is convex, so
    Newton's steps from 0 rise to the root.

    Args:
        y: Estimates, shape (estimates, ...), at least two.

        v: Their variances, the same shape, above zero.

    Returns:
        tau^2, shape (...); 0 where Q is below k - 1 already.

    References:
        Paule, R. C. and Mandel, J. (1982). Consensus values and weighting factors.
        doi:10.6028/jres.087.022

    Examples:
        >>> y, sd = np.array([35_050.0, 31_000.0, 28_000.0]), np.array([1_500.0, 2_500.0, 4_000.0])
        >>> round(float(paule_mandel(y, sd**2)))
        5338306
    """
    found = np.zeros(y.shape[1:])
    for _ in range(_STEPS):
        step = _newton(y, v + found)
        found = found + step
        if (step <= _LAST_STEP * found).all():
            break
    return found


def _newton(y: FloatArray, v: FloatArray) -> FloatArray:
    """How far the generalised Q is above k - 1, in units of its slope; never backwards."""
    away: FloatArray = np.square(y - fixed(y, v).centre) / v
    slope: FloatArray = (away / v).sum(axis=0)
    excess = np.maximum(away.sum(axis=0) - (y.shape[0] - 1), 0.0)
    steps = np.divide(excess, slope, out=np.zeros(np.shape(slope)), where=excess > 0.0)
    return np.asarray(steps, dtype=np.float64)


def scale_of_student(y: FloatArray, v: FloatArray) -> FloatArray:
    """
    The variance factor of Hartung and Knapp: how the estimates scatter, where 1 was expected.

    With it, (centre - truth) / sqrt(factor variance) has about the Student law with k - 1
    degrees of freedom. It may be small by chance, and then the interval is narrower than
    the normal one: the modified method takes max(1, factor).

    Args:
        y: Estimates, shape (estimates, ...), at least two.

        v: Their variances, the variance between true values included.

    Returns:
        sum((y - centre)^2 / v) / (k - 1), shape (...).

    References:
        Hartung, J. and Knapp, G. (2001). A refined method for the meta-analysis of controlled
        clinical trials with binary outcome. doi:10.1002/sim.1009

        Röver, C., Knapp, G. and Friede, T. (2015). Hartung-Knapp-Sidik-Jonkman approach and its
        modification for random-effects meta-analysis with few studies.
        doi:10.1186/s12874-015-0091-1

    Examples:
        >>> round(float(scale_of_student(np.array([1.0, 3.0, 8.0]), np.full(3, 13.0))), 12)
        1.0
    """
    return np.asarray(heterogeneity(y, v) / (y.shape[0] - 1))
