"""Pools of dependent estimates on arrays: a stated correlation, or an unknown one."""

import numpy as np

from attrition._typing import FloatArray
from attrition.evidence.meta import Weighed

__all__ = ["generalised", "generalised_q", "intersected", "largest_share"]

# Halvings of (0, 1); the last one is below the spacing of floats.
_HALVINGS = 53

# Variances that differ by less are equal up to rounding.
_EQUAL = 1e-9


def generalised(y: FloatArray, sd: FloatArray, correlation: FloatArray) -> Weighed:
    """
    The mean of least variance under a stated correlation of the errors.

    A weight leaves [0, 1] where an estimate would be used to correct another one, rather than
    as a witness of its own.

    Args:
        y: Estimates, shape (estimates,).

        sd: Their standard deviations, the same shape, above zero.

        correlation: Of their errors, shape (estimates, estimates), positive definite.

    Returns:
        Weights V^-1 1 / (1' V^-1 1) and variance 1 / (1' V^-1 1), V being the covariance.

    References:
        Aitken, A. C. (1936). On least squares and linear combination of observations.
        doi:10.1017/S0370164600014346

    Examples:
        >>> tied = np.array([[1.0, 0.5], [0.5, 1.0]])
        >>> found = generalised(np.array([10.0, 13.0]), np.array([1.0, 1.0]), tied)
        >>> found.weights.round(12).tolist(), round(float(found.variance), 12)
        ([0.5, 0.5], 0.75)
    """
    solved = np.linalg.solve(correlation, 1.0 / sd) / sd
    total = solved.sum()
    weights = solved / total
    return Weighed(np.asarray(weights @ y), np.asarray(1.0 / total), weights)


def generalised_q(y: FloatArray, sd: FloatArray, correlation: FloatArray) -> float:
    """
    Squared distance from the generalised pool, in units of the stated covariance.

    Examples:
        >>> round(generalised_q(np.array([1.0, 3.0]), np.array([1.0, 1.0]), np.eye(2)), 12)
        2.0
    """
    away = (y - generalised(y, sd, correlation).centre) / sd
    return float(away @ np.linalg.solve(correlation, away))


def largest_share(sd: FloatArray, correlation: FloatArray) -> float:
    """
    The largest share of the stated correlations at which no weight is negative.

    Args:
        sd: Standard deviations, shape (estimates,), above zero.

        correlation: Of the errors, shape (estimates, estimates), positive definite; with it
            a weight is negative.

    Returns:
        A number in [0, 1): the correlations times it leave every weight in [0, 1].

    Examples:
        >>> tied = np.array([[1.0, 0.9], [0.9, 1.0]])
        >>> round(0.9 * largest_share(np.array([1_500.0, 2_500.0]), tied), 12)
        0.6
    """
    apart = np.eye(sd.size)
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        share = 0.5 * (low + high)
        shrunk = apart + share * (correlation - apart)
        fits = (np.linalg.solve(shrunk, 1.0 / sd) >= 0.0).all()
        low, high = (share, high) if fits else (low, share)
    return low


def intersected(y: FloatArray, v: FloatArray, weights: FloatArray | None = None) -> Weighed:
    """
    Covariance intersection: a mean whose variance is not too small, whatever the correlation.

    With weights w the variance is 1 / sum(w / v). It is least where all weight is on the
    estimate of least variance: of an unknown correlation nothing can be gained. So without
    weights the result is the most precise estimate, or the mean of those that are equally
    precise.

    Args:
        y: Estimates, shape (estimates,).

        v: Their variances, the same shape, above zero.

        weights: Of the precisions, the same shape, which sum to one; those of least variance
            when None.

    Returns:
        The mean; its weights are those of the estimates, w / v over their sum.

    References:
        Julier, S. J. and Uhlmann, J. K. (1997). A non-divergent estimation algorithm in the
        presence of unknown correlations. doi:10.1109/ACC.1997.609105

    Examples:
        >>> found = intersected(np.array([10.0, 13.0]), np.array([1.0, 4.0]))
        >>> float(found.centre), float(found.variance)
        (10.0, 1.0)
    """
    if weights is None:
        least = v <= v.min() * (1.0 + _EQUAL)
        weights = least / least.sum()
    shares = weights / v
    total = shares.sum()
    return Weighed(np.asarray((shares @ y) / total), np.asarray(1.0 / total), shares / total)
