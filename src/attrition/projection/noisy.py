"""Moments of what the factors of noise do to sums of strengths."""

import functools
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray

__all__ = ["Noisy", "moments_of", "some_of"]

# Sums at which it is looked at whether three moments are enough, and for which the last term of
# the third moment is computed; between them it is interpolated.
_FEW = 6


class Noisy(NamedTuple):
    """
    What the factors of noise do to the sums, as combinations of a few profiles.

    Attributes:
        profiles: By how much the sums rise with each factor, shape (profiles, sums, cells).

        shares: Of each profile at each node, shape (profiles, nodes).

        cov: The covariance of the factors, shape (cells, cells).
    """

    profiles: FloatArray
    shares: FloatArray
    cov: FloatArray


def moments_of(noise: Noisy) -> tuple[FloatArray, FloatArray]:
    """
    Variance and third moment of weighted sums of lognormal factors with mean one.

    With K the covariance of the factors, the third is 3 sum_i w_i (K w)_i^2 plus the trace of
    (W K)^3, W the diagonal matrix of the weights. The last term is small beside the first; it
    is computed at the mean node and scaled as a third moment is.
    """
    weights, shares, cov = noise
    spread = weights @ cov
    two = _products(shares, shares)
    pairs = weights.transpose(1, 0, 2) @ spread.transpose(1, 2, 0)
    var = pairs.reshape(len(pairs), -1) @ two
    square = (spread[:, None] * spread).reshape(-1, *spread.shape[1:])
    triples = weights.transpose(1, 0, 2) @ square.transpose(1, 2, 0)
    third = 3.0 * triples.reshape(len(triples), -1) @ _products(shares, two)
    middle = (shares.mean(axis=1) @ weights.reshape(len(weights), -1)).reshape(weights.shape[1:])
    scale = ((middle @ cov) * middle).sum(axis=1, keepdims=True)
    # Where the noise moves nobody, as before losses begin, there is nothing to scale.
    size = np.divide(var, scale, out=np.zeros_like(var), where=scale > 0.0)
    return var, third + _traces(middle, cov)[:, None] * (size * np.sqrt(size))


def _products(one: FloatArray, other: FloatArray) -> FloatArray:
    """The products of all pairs of rows, shape (rows of one x rows of the other, nodes)."""
    return np.asarray((one[:, None] * other).reshape(-1, one.shape[1]))


@functools.cache
def some_of(sums: int) -> npt.NDArray[np.intp]:
    """Some of the sums, the first and the last among them."""
    places = np.unique(np.linspace(0, sums - 1, _FEW).round().astype(np.intp))
    places.flags.writeable = False
    return places


def _traces(weights: FloatArray, cov: FloatArray) -> FloatArray:
    places = some_of(len(weights))
    scaled = cov * weights[places, None]
    traces = ((scaled @ scaled) * scaled.transpose(0, 2, 1)).sum(axis=(1, 2))
    found = np.interp(np.arange(len(weights)), places, traces)
    return np.asarray(found, dtype=np.float64)
