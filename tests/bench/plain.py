"""
Two models of a future in plain vectorised numpy: what the library is measured against.

Each is written twice, as a careful user would: on one matrix of months and draws, in place where
that saves time, and as a loop over months that holds few rows. Both count month ends only and cut
nothing at zero.
"""

import itertools
import math
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from attrition._typing import FloatArray

__all__ = [
    "Answer",
    "Parts",
    "benchmark",
    "benchmark_loop",
    "hills_parts",
    "needed_anew",
    "needed_kept",
    "of_matrix",
    "of_rows",
    "two_hills",
    "two_hills_loop",
]

MONTHS = 36

DELAY = np.diff([1.0 - math.exp(-k / 1.5) * (1.0 + k / 1.5) for k in range(13)])
DELAY /= DELAY.sum()
"""The shares of a loss that return in its own month and in the eleven after it."""

LOST, JOINED = 40_000.0, 33_000.0
LASTING, PERSISTENCE, PASSING = 0.15, 0.7, 0.08
FRESH = LASTING * math.sqrt(1.0 - PERSISTENCE**2)

WAVE = np.where((np.arange(MONTHS) >= 12) & (np.arange(MONTHS) < 24), 1.15, 1.0)
CAMPAIGN = np.where(np.arange(MONTHS) >= 18, 1.05, 1.0)

CLOSE = 10.0
"""A level of recruitment is sought to this many people."""


class Answer(NamedTuple):
    """Quantiles of strength (months, levels), and the probability of having been below."""

    quantiles: FloatArray
    below_by: FloatArray


class Parts(NamedTuple):
    """Strength without recruits and what one recruit a month adds, (months, draws)."""

    without: FloatArray
    each: FloatArray


def of_matrix(strength: FloatArray, levels: Sequence[float], threshold: float) -> Answer:
    """What is read off paths (months, draws)."""
    lowest = np.minimum.accumulate(strength, axis=0)
    return Answer(np.quantile(strength, levels, axis=1).T, (lowest < threshold).mean(axis=1))


def of_rows(rows: Iterable[FloatArray], levels: Sequence[float], threshold: float) -> Answer:
    """The same off one month after the other."""
    quantiles, below_by = [], []
    lowest: FloatArray = np.array(math.inf)
    for row in rows:
        lowest = np.minimum(row, lowest)
        quantiles.append(np.quantile(row, levels))
        below_by.append(np.count_nonzero(lowest < threshold) / row.size)
    return Answer(np.array(quantiles), np.array(below_by))


# The benchmark: a shared factor of the losses, independent months, for good


def benchmark(draws: int, rng: np.random.Generator) -> FloatArray:
    """Strength at the ends of the months."""
    shared, own = math.log1p(0.1**2), math.log1p((4 / 38) ** 2)
    factor = 38_000 * np.exp(math.sqrt(shared) * rng.standard_normal(draws) - shared / 2)
    lost = rng.standard_normal((MONTHS, draws))
    lost *= math.sqrt(own)
    lost -= own / 2
    np.exp(lost, out=lost)
    lost *= factor
    np.subtract(rng.normal(34_000, 2_000, draws), lost, out=lost)
    lost[0] += rng.normal(700_000, 25_000, draws)
    return running(lost)


def benchmark_loop(draws: int, rng: np.random.Generator) -> Iterator[FloatArray]:
    """The same, month by month in one array."""
    shared, own = math.log1p(0.1**2), math.log1p((4 / 38) ** 2)
    factor = 38_000 * np.exp(math.sqrt(shared) * rng.standard_normal(draws) - shared / 2)
    joined, strength = rng.normal(34_000, 2_000, draws), rng.normal(700_000, 25_000, draws)
    lost = np.empty(draws)
    for _ in range(MONTHS):
        rng.standard_normal(out=lost)
        lost *= math.sqrt(own)
        lost -= own / 2
        np.exp(lost, out=lost)
        lost *= factor
        strength += joined
        strength -= lost
        yield strength


def running(rows: FloatArray) -> FloatArray:
    """Running totals over the months, in place: far faster than cumsum over the first axis."""
    for before, row in itertools.pairwise(rows):
        np.add(row, before, out=row)
    return rows


# Two hills: a wave of losses with noise that lasts, recruits that decline, returns over a year


class _Shared(NamedTuple):
    """What is drawn once for a whole path, (draws,)."""

    start: FloatArray
    lost: FloatArray
    joined: FloatArray
    growth: FloatArray
    share: FloatArray


def _shared(draws: int, rng: np.random.Generator, lost: float, joined: float) -> _Shared:
    share = 1 / (1 + np.exp(-_logit(0.75) - 0.2 * rng.standard_normal(draws)))
    share /= 1 + np.exp(-_logit(0.35) - 0.3 * rng.standard_normal(draws))
    return _Shared(
        rng.normal(700_000, 20_000, draws),
        lost * np.exp(0.12 * rng.standard_normal(draws)),
        joined * np.exp(0.08 * rng.standard_normal(draws)),
        rng.normal(-0.03, 0.05, draws),
        share,
    )


def _logit(p: float) -> float:
    return math.log(p / (1 - p))


def hills_parts(
    draws: int, rng: np.random.Generator, *, lost: float = LOST, joined: float = JOINED
) -> Parts:
    """Running totals of both, for questions about the level of recruitment."""
    shared = _shared(draws, rng, lost, joined)
    net = _net(shared, rng)
    net[0] += shared.start
    return Parts(running(net), running(_basis(shared.growth)))


def two_hills(
    draws: int, rng: np.random.Generator, *, lost: float = LOST, joined: float = JOINED
) -> FloatArray:
    """Strength at the ends of the months."""
    shared = _shared(draws, rng, lost, joined)
    net = _net(shared, rng)
    recruits = _basis(shared.growth)
    recruits *= shared.joined
    net += recruits
    net[0] += shared.start
    return running(net)


def _net(shared: _Shared, rng: np.random.Generator) -> FloatArray:
    """Returns minus losses in every month."""
    lost = rng.standard_normal((MONTHS, shared.lost.size))
    lost *= PASSING
    lasting = LASTING * rng.standard_normal(shared.lost.size)
    for row in lost:
        np.add(row, lasting, out=row)
        lasting *= PERSISTENCE
        lasting += FRESH * rng.standard_normal(lasting.size)
    lost -= (LASTING**2 + PASSING**2) / 2
    np.exp(lost, out=lost)
    lost *= shared.lost
    lost *= WAVE[:, None]
    back = _delays() @ lost
    back += _pipeline()[:, None]
    back *= shared.share
    back -= lost
    return back


def _basis(growth: FloatArray) -> FloatArray:
    """What a level of one recruit a month brings in every month."""
    basis = np.multiply.outer(np.arange(MONTHS) / 12.0, growth)
    basis += 1.0
    basis *= CAMPAIGN[:, None]
    return basis


def _delays() -> FloatArray:
    """The share of the losses of a month (columns) that returns in a month (rows)."""
    lag = np.subtract.outer(np.arange(MONTHS), np.arange(MONTHS))
    return np.where((lag >= 0) & (lag < DELAY.size), DELAY[np.clip(lag, 0, DELAY.size - 1)], 0.0)


def _pipeline() -> FloatArray:
    """Who is due of 40,000 lost in each of the twelve months before the start."""
    due = np.zeros(MONTHS)
    due[: DELAY.size] = LOST * (1.0 - np.cumsum(DELAY))
    return due


def two_hills_loop(draws: int, rng: np.random.Generator) -> Iterator[FloatArray]:
    """The same, month by month; the last twelve months of losses are kept."""
    shared = _shared(draws, rng, LOST, JOINED)
    strength, lasting = shared.start.copy(), LASTING * rng.standard_normal(draws)
    kept: deque[FloatArray] = deque(maxlen=DELAY.size)
    for month, due in enumerate(_pipeline()):
        lost = PASSING * rng.standard_normal(draws)
        lost += lasting
        lost -= (LASTING**2 + PASSING**2) / 2
        np.exp(lost, out=lost)
        lost *= WAVE[month] * shared.lost
        kept.appendleft(lost)
        back = due + sum(weight * row for weight, row in zip(DELAY, kept, strict=False))
        strength += shared.share * back
        strength += CAMPAIGN[month] * shared.joined * (1.0 + month / 12.0 * shared.growth)
        strength -= lost
        yield strength
        lasting *= PERSISTENCE
        lasting += FRESH * rng.standard_normal(draws)


# Recruits needed, by finding the level at which a probability is right


def needed_anew(draws: int, seed: int, p: float, threshold: float) -> float:
    """Bisection in which every step simulates again, with common random numbers."""

    def held(level: float) -> float:
        parts = hills_parts(draws, np.random.default_rng(seed))
        return _held(parts, level, threshold)

    low, high = 0.0, 100_000.0
    while high - low > CLOSE:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if held(middle) < p else (low, middle)
    return 0.5 * (low + high)


def needed_kept(parts: Parts, p: float, threshold: float) -> float:
    """Bisection over paths that are drawn once and kept."""
    low, high = 0.0, 100_000.0
    while high - low > CLOSE:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _held(parts, middle, threshold) < p else (low, middle)
    return 0.5 * (low + high)


def _held(parts: Parts, level: float, threshold: float) -> float:
    """The share of paths that a level of recruitment keeps above a threshold throughout."""
    lowest = np.full(parts.without.shape[1], math.inf)
    for without, each in zip(parts.without, parts.each, strict=True):
        np.minimum(lowest, without + level * each, out=lowest)
    return float(np.mean(lowest >= threshold))
