"""
Make the references of two models of a future by plain simulation, without the library.

Prints the tables of tests/bench/projection_references.py. Run it from the repository with
``python -m tests.bench.make_projection_references [draws] > tests/bench/projection_references.py``;
1e8 draws of both models take seven minutes on one thread. ``ruff format`` breaks the lines.

Blocks of draws are counted into narrow bins, 100 people wide, and a quantile is read off the counts
by a straight line in its bin, which is wrong by less than one person. Nothing is cut at zero: the
library cuts losses at who is there, which leaves every figure here alone, since no path that has
run out of people comes back above the one per cent quantile or above a threshold.
"""

import itertools
import math
import sys
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]
Counts: TypeAlias = npt.NDArray[np.int64]

SEED = 20_260_101
BLOCK = 16_384
MONTHS = 36
LEVELS: Final = (0.01, 0.05, 0.25, 0.50, 0.75, 0.95, 0.99)
NEEDED: Final = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)


class Drawn(NamedTuple):
    """One block: strength without recruits, and what one recruit a month adds, by month ends."""

    without: Array
    each: Array
    level: Array


class Bins(NamedTuple):
    """Where counting begins and how wide a bin is, in people."""

    low: float
    width: float
    total: int

    def counted(self, values: Array) -> Counts:
        """How many values lie in each bin; the outermost take what lies beyond."""
        places = ((values - self.low) * (1.0 / self.width)).astype(np.intp)
        np.clip(places, 0, self.total - 1, out=places)
        return np.bincount(places, minlength=self.total)

    def quantile(self, counts: Counts, p: float) -> float:
        """The place below which the share ``p`` of all values lies."""
        below = np.cumsum(counts)
        wanted = p * below[-1]
        place = int(np.searchsorted(below, wanted))
        return float(self.low + self.width * (place + 1 - (below[place] - wanted) / counts[place]))

    def scale(self, counts: Counts, p: float) -> float:
        """Standard error of the quantile times the root of the draws: sqrt(p (1 - p)) / density."""
        near = 0.1 * min(p, 1.0 - p)
        span = self.quantile(counts, p + near) - self.quantile(counts, p - near)
        return math.sqrt(p * (1.0 - p)) * span / (2.0 * near)


PEOPLE = Bins(-1_000_000.0, 100.0, 40_000)
RECRUITS = Bins(-20_000.0, 5.0, 40_000)

Way: TypeAlias = Callable[[np.random.Generator, int], Drawn]


def benchmark(rng: np.random.Generator, n: int) -> Drawn:
    """A shared factor of the losses and independent months, means given, lost for good."""
    start = rng.normal(700_000.0, 25_000.0, n)
    shared = math.log1p(0.1**2)
    factor = np.exp(math.sqrt(shared) * rng.standard_normal(n) - 0.5 * shared)
    own = math.log1p((4_000.0 / 38_000.0) ** 2)
    lost = 38_000.0 * factor * np.exp(math.sqrt(own) * rng.standard_normal((MONTHS, n)) - 0.5 * own)
    months = np.arange(1.0, MONTHS + 1.0)[:, None]
    level = rng.normal(34_000.0, 2_000.0, n)
    return Drawn(start - running(lost), np.broadcast_to(months, lost.shape), level)


def two_hills(rng: np.random.Generator, n: int) -> Drawn:
    """A wave of losses with noise that lasts, recruits that decline, returns over a year."""
    start = rng.normal(700_000.0, 20_000.0, n)
    level = 33_000.0 * np.exp(0.08 * rng.standard_normal(n))
    growth = rng.normal(-0.03, 0.05, n)
    lost = 40_000.0 * np.exp(0.12 * rng.standard_normal(n)) * noise(rng, n)
    lost[12:24] *= 1.15
    wounded = expit(math.log(0.75 / 0.25) + 0.2 * rng.standard_normal(n))
    returned = wounded * expit(math.log(0.35 / 0.65) + 0.3 * rng.standard_normal(n))
    delay, pipeline = hospital()
    net = returned * (delay @ lost + pipeline[:, None]) - lost
    months = np.arange(MONTHS)[:, None]
    basis = (1.0 + growth * (months / 12.0)) * np.where(months >= 18, 1.05, 1.0)
    return Drawn(start + running(net), running(basis), level)


def noise(rng: np.random.Generator, n: int) -> Array:
    """Mean-one factors: an autoregression of order one and a white part, on the log scale."""
    log = 0.08 * rng.standard_normal((MONTHS, n))
    state = 0.15 * rng.standard_normal(n)
    for row in log:
        np.add(row, state, out=row)
        state = 0.7 * state + 0.15 * math.sqrt(1.0 - 0.7**2) * rng.standard_normal(n)
    log -= 0.5 * (0.15**2 + 0.08**2)
    return np.exp(log, out=log)


def hospital() -> tuple[Array, Array]:
    """Returns in each month of each month's losses, and of 40,000 lost a month in a year before."""
    by = np.array([1.0 - math.exp(-k / 1.5) * (1.0 + k / 1.5) for k in range(13)])
    share = np.diff(by) / by[-1]
    delay, pipeline = np.zeros((MONTHS, MONTHS)), np.zeros(MONTHS)
    for month in range(-12, MONTHS):
        for lag in range(12):
            later = month + lag
            if month >= 0 and later < MONTHS:
                delay[later, month] = share[lag]
            elif month < 0 <= later:
                pipeline[later] += 40_000.0 * share[lag]
    return delay, pipeline


def expit(x: Array) -> Array:
    """The inverse of the logarithm of the odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-x)))


def running(rows: Array) -> Array:
    """Running totals over the months, in place."""
    for before, row in itertools.pairwise(rows):
        np.add(row, before, out=row)
    return rows


class Tally:
    """Counts of everything that is asked of a model."""

    def __init__(self, threshold: float) -> None:
        self.threshold = threshold
        self.draws = 0
        self.strength = np.zeros((MONTHS, PEOPLE.total), dtype=np.int64)
        self.needed = np.zeros(RECRUITS.total, dtype=np.int64)
        self.on = np.zeros(MONTHS, dtype=np.int64)
        self.by = np.zeros(MONTHS, dtype=np.int64)

    def add(self, block: Drawn) -> None:
        """One block more."""
        strength = block.without + block.level * block.each
        below = strength < self.threshold
        self.on += np.count_nonzero(below, axis=1)
        self.by += np.count_nonzero(np.logical_or.accumulate(below, axis=0), axis=1)
        for counts, row in zip(self.strength, strength, strict=True):
            np.add(counts, PEOPLE.counted(row), out=counts)
        needed = ((self.threshold - block.without) / block.each).max(axis=0)
        self.needed += RECRUITS.counted(needed)
        self.draws += strength.shape[1]

    def lines(self) -> Iterator[str]:
        """The tables, as arguments of a Reference."""
        yield f"threshold={self.threshold:_.0f}, draws={self.draws:_}, levels={LEVELS},"
        for name, read in (("quantiles", PEOPLE.quantile), ("scales", PEOPLE.scale)):
            rows = [[read(counts, p) for p in LEVELS] for counts in self.strength]
            yield f"{name}=({', '.join(text(row, '_.0f') for row in rows)},),"
        for name, counts in (("below_on", self.on), ("below_by", self.by)):
            yield f"{name}={text(list(counts / self.draws), '.6f')},"
        yield f"needed_levels={NEEDED},"
        yield f"needed={text([RECRUITS.quantile(self.needed, p) for p in NEEDED], '_.1f')},"
        yield f"needed_scales={text([RECRUITS.scale(self.needed, p) for p in NEEDED], '_.0f')},"


def text(row: list[float], how: str) -> str:
    """A row as a tuple."""
    return f"({', '.join(format(value, how) for value in row)})"


def tallied(way: Way, threshold: float, draws: int) -> Tally:
    """All blocks of a model, each with a stream of its own."""
    tally = Tally(threshold)
    for block in range(-(-draws // BLOCK)):
        seed = np.random.SeedSequence(SEED, spawn_key=(block,))
        tally.add(way(np.random.default_rng(seed), BLOCK))
    return tally


def main() -> None:
    """Print both tables."""
    draws = int(float(sys.argv[1])) if len(sys.argv) > 1 else 100_000_000
    print(HEAD)
    for name, way, threshold in (
        ("BENCHMARK", benchmark, 500_000.0),
        ("TWO_HILLS", two_hills, 600_000.0),
    ):
        print(f"\n{name} = Reference(", *tallied(way, threshold, draws).lines(), ")", sep="\n")


HEAD = '''"""
Two models of a future by plain simulation: the tables of make_projection_references.py.

The first is the benchmark of docs/explanation/peers.md; the second has a wave of losses, noise that
lasts, recruits that decline and returns over a year. Month 1 is the first row.
"""

from typing import NamedTuple

__all__ = ["BENCHMARK", "TWO_HILLS", "Reference"]


class Reference(NamedTuple):
    """
    What many draws of a model gave.

    Attributes:
        threshold: People.

        draws: How many.

        levels: Probabilities of the quantiles.

        quantiles: Strength at the ends of the months, shape (months, levels).

        scales: Standard error of a quantile of independent draws times the root of their number.

        below_on: Probability of strength below the threshold at the end of each month.

        below_by: Probability that it has been below at the end of some month so far.

        needed_levels: Probabilities of the quantiles of the recruits needed.

        needed: The level of recruitment that keeps strength above the threshold throughout.

        needed_scales: As ``scales``.
    """

    threshold: float
    draws: int
    levels: tuple[float, ...]
    quantiles: tuple[tuple[float, ...], ...]
    scales: tuple[tuple[float, ...], ...]
    below_on: tuple[float, ...]
    below_by: tuple[float, ...]
    needed_levels: tuple[float, ...]
    needed: tuple[float, ...]
    needed_scales: tuple[float, ...]
'''


if __name__ == "__main__":
    main()
