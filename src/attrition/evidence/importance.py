"""Self-normalised importance weights in the space of normal scores, on arrays."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from attrition._typing import FloatArray

__all__ = ["Proposal", "adapted", "effective_size", "points_of", "relative"]

LogLikelihood = Callable[[FloatArray], FloatArray]

# The share of effective points that a step towards the posterior keeps: below a tenth, moments
# get noisy in more than a handful of dimensions; above a half, it takes twice the steps.
_KEPT = 0.2

# How much wider than the posterior a proposal is: its tails must not be the lighter ones.
_WIDER = 1.1

# Where no point of the prior is possible, points this many times as far out are tried.
_FAR_OUT = 4.0

_STEPS = 60
_POLISH = 3


class Proposal(NamedTuple):
    """
    A normal law of scores.

    Attributes:
        centre: Shape (scores,).

        factor: Lower triangular, shape (scores, scores).
    """

    centre: FloatArray
    factor: FloatArray

    def at(self, scores: FloatArray) -> FloatArray:
        """Points from independent standard normals, shape (scores, points)."""
        return self.centre[:, None] + self.factor @ scores

    def log_density(self, z: FloatArray) -> FloatArray:
        """The logarithm of the density but for the power of 2 pi, shape (points,)."""
        scores = np.linalg.inv(self.factor) @ (z - self.centre[:, None])
        return _log_bell(scores) - float(np.log(np.diagonal(self.factor)).sum())


def _log_bell(z: FloatArray) -> FloatArray:
    return np.asarray(-0.5 * np.square(z).sum(axis=0), dtype=np.float64)


def effective_size(weights: FloatArray) -> float:
    """
    How many draws of equal weight would be worth as much: (sum w)^2 / sum w^2.

    Examples:
        >>> effective_size(np.array([1.0, 1.0, 0.0]))
        2.0

    References:
        Kong, A., Liu, J. S. and Wong, W. H. (1994). Sequential imputations and Bayesian missing
        data problems. doi:10.1080/01621459.1994.10476469
    """
    return float(weights.sum() ** 2 / np.square(weights).sum())


def relative(log_weights: FloatArray) -> FloatArray:
    """
    Weights with 1 for the largest.

    Examples:
        >>> relative(np.array([-1e4, -1e4 - np.log(4.0)])).round(12).tolist()
        [1.0, 0.25]
    """
    return np.asarray(np.exp(log_weights - log_weights.max()), dtype=np.float64)


def adapted(log_likelihood: LogLikelihood, scores: FloatArray) -> Proposal | None:
    """
    A normal law near the posterior of scores whose prior is standard normal.

    The likelihood is let in by powers that rise to one, each as large as leaves enough effective
    points, and the proposal follows the moments: no derivatives, so kinks do no harm.

    Args:
        log_likelihood: Of points of shape (scores, points), shape (points,); minus infinity
            where the claims cannot hold.

        scores: Evenly spread standard normals, shape (scores, points).

    Returns:
        None if the claims hold at none of the points.

    References:
        Neal, R. M. (2001). Annealed importance sampling. doi:10.1023/A:1008923215028
    """
    size = scores.shape[0]
    start = Proposal(np.zeros(size), np.eye(size))
    z, log_l = scores, log_likelihood(scores)
    if not np.isfinite(log_l).any():
        start = Proposal(start.centre, _FAR_OUT * start.factor)
        z = start.at(scores)
        log_l = log_likelihood(z)
    if not np.isfinite(log_l).any():
        return None
    proposal, power, polished = start, 0.0, 0
    for _ in range(_STEPS):
        base = _log_bell(z) - proposal.log_density(z)
        power = _next_power(base, log_l, power)
        proposal = _moments(z, relative(base + power * log_l), proposal)
        polished += power == 1.0
        if polished == _POLISH:
            break
        z = proposal.at(scores)
        log_l = log_likelihood(z)
    return proposal


def _next_power(base: FloatArray, log_l: FloatArray, power: float) -> float:
    """The largest power of the likelihood that leaves enough effective points."""
    possible = np.isfinite(log_l)
    base, log_l = base[possible], log_l[possible]

    def kept(candidate: float) -> float:
        return effective_size(relative(base + candidate * log_l))

    needed = _KEPT * effective_size(relative(base + power * log_l))
    if kept(1.0) >= needed:
        return 1.0
    low, high = power, 1.0
    for _ in range(30):
        # Powers start from nothing: they are halved by their ratio once there is one.
        middle = math.sqrt(low * high) if low > 0.0 else 0.01 * high
        if kept(middle) >= needed:
            low = middle
        else:
            high = middle
    return low


def _moments(z: FloatArray, weights: FloatArray, before: Proposal) -> Proposal:
    """The weighted moments, leaning on the proposal before where few points are effective."""
    size = z.shape[0]
    share = weights / weights.sum()
    centre = z @ share
    off = z - centre[:, None]
    found = (off * share) @ off.T
    lean = (size + 1.0) / (effective_size(weights) + size + 1.0)
    spread = (1.0 - lean) * found + lean * before.factor @ before.factor.T
    return Proposal(centre, _WIDER * np.linalg.cholesky(spread))


def points_of(scores: FloatArray, proposal: Proposal) -> tuple[FloatArray, FloatArray]:
    """
    Points of the proposal and of the prior, half each.

    A point counts as drawn from the mixture of both, so no weight exceeds twice the likelihood:
    what the proposal overlooks, the prior finds.

    Args:
        scores: Evenly spread standard normals, shape (scores, points).

        proposal: Where the posterior is.

    Returns:
        Points of shape (scores, 2 points), and by what their log-likelihood is raised to give
        the logarithm of their weight.

    References:
        Owen, A. and Zhou, Y. (2000). Safe and effective importance sampling.
        doi:10.1080/01621459.2000.10473909
    """
    z = np.concatenate([proposal.at(scores), -scores], axis=1)
    prior = _log_bell(z)
    return z, prior - np.logaddexp(prior, proposal.log_density(z))
