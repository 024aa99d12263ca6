"""Three moments of sums of strengths, given the unknowns that are integrated by rules."""

import itertools
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray
from attrition.projection.covariance import joint_covariance
from attrition.projection.profiles import at_scores, profiles, values_at
from attrition.projection.response import Response
from attrition.projection.splitting import SLICE, Split, alone, gauss
from attrition.uncertain.node import Leaf

__all__ = ["Given", "Noisy", "given_outer"]

# How far combinations of profiles may miss the noise, as a share of it, and how many there are.
_CLOSE, _MOST_PROFILES = 1e-6, 10

# What the nodes that are left out may weigh together.
_CORNERS = 1e-5

# Sums for which the last term of the third moment is computed; between them it is interpolated.
_FEW = 6

_GOLDEN = 0.5 * (math.sqrt(5.0) - 1.0)


class Noisy(NamedTuple):
    """
    What the factors of noise do to the sums, as combinations of a few profiles.

    Attributes:
        profiles: By how much the sums rise with each factor, shape (profiles, sums, cells).

        shares: Of each profile at each setting, shape (profiles, settings).

        cov: The covariance of the factors, shape (cells, cells).
    """

    profiles: FloatArray
    shares: FloatArray
    cov: FloatArray


class Given(NamedTuple):
    """
    Three moments of each sum at every setting of the outer unknowns.

    Attributes:
        mean: Shape (sums, settings).

        var: Likewise.

        third: Third central moments, likewise.

        weights: Of the settings, shape (settings,); they sum to one.

        plain: The part of the variance that is not of the noise, like ``var``.

        noise: What the noise does, None without one.
    """

    mean: FloatArray
    var: FloatArray
    third: FloatArray
    weights: FloatArray
    plain: FloatArray
    noise: Noisy | None

    @property
    def moments(self) -> FloatArray:
        """Mean, variance and third central moment over all settings, shape (3, sums)."""
        mean = self.mean @ self.weights
        off = self.mean - mean[:, None]
        var = (self.var + off**2) @ self.weights
        third = (self.third + 3.0 * off * self.var + off**3) @ self.weights
        return np.stack([mean, var, third])


def given_outer(
    response: Response, parts: Split, leaves: Sequence[Leaf], *, more: int = 0
) -> Given | None:
    """
    The moments at the nodes of a product of rules.

    Args:
        response: What is asked for.

        parts: How its unknowns are integrated.

        leaves: All of them.

        more: Nodes beyond those of ``parts`` in each rule.

    Returns:
        The moments; None where the noise takes too many profiles.
    """
    scores, weights = _product(parts, leaves, more)
    steps = [np.zeros(len(leaves)), *(1.0 * (np.array(leaves) == leaf) for leaf in parts.inner)]
    first, *moved, effects = _settings(response, leaves, scores, steps)
    shift, folded, third = _of_folded(response, parts, leaves)
    plain = folded + sum(((sums - first) ** 2 for sums in moved), start=np.zeros_like(first))
    if not response.noises:
        return Given(first + shift, plain, third + 0.0 * plain, weights, plain, None)
    noise = _noisy(response, leaves, scores, effects)
    if noise is None:
        return None
    var, skewed = _moments(noise)
    return Given(first + shift, plain + var, third + skewed, weights, plain, noise)


def _product(parts: Split, leaves: Sequence[Leaf], more: int) -> tuple[FloatArray, FloatArray]:
    """Scores of all unknowns at the nodes, those of the others zero, and the weights."""
    rules = [gauss(nodes + more) for nodes in parts.nodes]
    grid = np.array([*itertools.product(*(places for places, _ in rules))])
    weights = np.array([math.prod(w) for w in itertools.product(*(shares for _, shares in rules))])
    kept = _kept(weights)
    scores = np.zeros((len(leaves), kept.size))
    for leaf, places in zip(parts.outer, grid[kept].T, strict=True):
        scores[leaves.index(leaf)] = places
    return scores, weights[kept] / weights[kept].sum()


def _kept(weights: FloatArray) -> npt.NDArray[np.intp]:
    """All nodes but the corners of the product, which weigh next to nothing together."""
    order = np.argsort(weights)
    return np.sort(order[np.cumsum(weights[order]) > _CORNERS])


def _settings(
    response: Response, leaves: Sequence[Leaf], scores: FloatArray, steps: Sequence[FloatArray]
) -> list[FloatArray]:
    """The sums with each step taken, shape (sums, settings); last, what the noises do."""
    noises, settings = response.noises, scores.shape[1]
    trials = [(place, trial) for place in noises for trial in (_nothing, _uneven)]
    columns = [*(scores + step[:, None] for step in steps), *(scores for _ in trials)]
    noise = {
        place: np.hstack(
            [np.ones((made.cells, settings * len(steps)))]
            + [
                np.repeat(
                    trial(made.cells) if mine == place else np.ones((made.cells, 1)), settings, 1
                )
                for mine, trial in trials
            ]
        )
        for place, made in noises.items()
    }
    rows = at_scores(response, leaves, np.hstack(columns), noise)
    plain, *others = np.split(rows.strength, len(columns), axis=1)
    without, uneven = others[len(steps) - 1 :: 2], others[len(steps) :: 2]
    effects = [
        full - none for none, other in zip(without, uneven, strict=True) for full in (plain, other)
    ]
    sums = np.split(response.sums(rows), len(columns), axis=1)[: len(steps)]
    return [*sums, np.vstack([np.zeros((0, settings)), *effects])]


def _nothing(cells: int) -> FloatArray:
    return np.zeros((cells, 1))


def _uneven(cells: int) -> FloatArray:
    """Factors that differ from cell to cell in no simple way."""
    steps = np.arange(1, cells + 1, dtype=np.float64)[:, None]
    return np.asarray(steps * _GOLDEN % 1.0)


def _of_folded(
    response: Response, parts: Split, leaves: Sequence[Leaf]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """What the folded unknowns add to mean, variance and third moment, each (sums, 1)."""
    size = len(parts.folded)
    scores = np.zeros((len(leaves), size * SLICE + 1))
    for place, leaf in enumerate(parts.folded):
        scores[leaves.index(leaf), place * SLICE : (place + 1) * SLICE] = gauss(SLICE)[0]
    found = response.sums(at_scores(response, leaves, scores))
    moved = (found[:, :-1] - found[:, -1:]).reshape(len(found), size, SLICE).transpose(1, 2, 0)
    moments = np.array([alone(slices) for slices in moved]).reshape(size, 3, len(found))
    mean, var, skewed = (np.asarray(moments[:, i].sum(axis=0)[:, None]) for i in range(3))
    return mean, var, skewed


def _noisy(
    response: Response, leaves: Sequence[Leaf], scores: FloatArray, effects: FloatArray
) -> Noisy | None:
    """
    The noise at every setting, as combinations of what it does at a few of them.

    The shares are found from what a few choices of the factors do.
    """
    few = _pivots(effects)
    if few is None:
        return None
    shares = np.linalg.lstsq(effects[:, few], effects, rcond=None)[0]
    rows = profiles(response, values_at(leaves, scores[:, few]), len(few))
    cov = np.expm1(joint_covariance([response.inputs[place] for place in response.noises]))
    return Noisy(response.weights @ rows, np.asarray(shares, dtype=np.float64), cov)


def _pivots(effects: FloatArray) -> npt.NDArray[np.intp] | None:
    """The settings whose effects all others are combinations of, None if they are too many."""
    largest = np.abs(effects).max()
    if largest == 0.0:
        return np.array([0])
    left = effects / largest
    found: list[int] = []
    while len(found) <= _MOST_PROFILES:
        size = np.sqrt((left**2).sum(axis=0))
        if found and size.max() <= _CLOSE * math.sqrt(len(left)):
            return np.array(found)
        found.append(int(size.argmax()))
        one = left[:, found[-1]] / size.max()
        left = left - np.outer(one, one @ left)
    return None


def _moments(noise: Noisy) -> tuple[FloatArray, FloatArray]:
    """
    Variance and third moment of weighted sums of lognormal factors with mean one.

    With K the covariance of the factors, the third is 3 sum_i w_i (K w)_i^2 plus the trace of
    (W K)^3, W the diagonal matrix of the weights. The last term is small beside the first; it
    is computed at the mean setting and scaled as a third moment is.
    """
    weights, shares, cov = noise
    spread = weights @ cov
    pairs = np.einsum("psc,qsc->spq", weights, spread)
    var = np.einsum("spq,pk,qk->sk", pairs, shares, shares, optimize=True)
    triples = np.einsum("psc,qsc,rsc->spqr", weights, spread, spread, optimize=True)
    third = 3.0 * np.einsum("spqr,pk,qk,rk->sk", triples, shares, shares, shares, optimize=True)
    middle = np.tensordot(shares.mean(axis=1), weights, axes=1)
    scale = np.einsum("sc,cd,sd->s", middle, cov, middle, optimize=True)[:, None]
    # Where the noise moves nobody, as before losses begin, there is nothing to scale.
    size = np.divide(var, scale, out=np.zeros_like(var), where=scale > 0.0)
    return var, third + _traces(middle, cov)[:, None] * size**1.5


def _traces(weights: FloatArray, cov: FloatArray) -> FloatArray:
    places = np.unique(np.linspace(0, len(weights) - 1, _FEW).round().astype(int))
    scaled = [cov * weights[place] for place in places]
    traces = [((one @ one) * one.T).sum() for one in scaled]
    found = np.interp(np.arange(len(weights)), places, traces)
    return np.asarray(found, dtype=np.float64)
