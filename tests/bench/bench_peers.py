"""
The benchmark of docs/explanation/peers.md: the library, numpy and other packages in one process.

Asked are 5, 50 and 95 % of strength in each of 36 months, the probability of having been below
500,000 by each, and the first month by which it is 5 %. Run it from the repository with
``OPENBLAS_NUM_THREADS=1 python -m tests.bench.bench_peers [draws]``.

squigglepy and probabilit are no dependencies of the project: install them beside it, for example
with ``pip install squigglepy probabilit``; what is absent is said to be. squigglepy is used by
hand, samples of every unknown and then numpy, since a number that enters its expressions twice is
drawn twice.
"""

import importlib
import math
import sys
from collections.abc import Callable
from types import ModuleType
from typing import NamedTuple, TypeAlias

import numpy as np

from attrition._typing import FloatArray
from tests.bench import plain
from tests.bench.measure import RUNS, interleaved, rms, show, worth
from tests.bench.models import DATES, benchmark

LEVELS = (0.05, 0.5, 0.95)
YEARS = (12, 24, 36)
DRAWS = 100_000

SHARED_SD = math.sqrt(math.log1p(0.1**2))
OWN_SD = math.sqrt(math.log1p((4 / 38) ** 2))


class Asked(NamedTuple):
    """Quantiles (months, levels), probabilities by month, the month by which 5 % are below."""

    quantiles: FloatArray
    below_by: FloatArray
    first: int


Way: TypeAlias = Callable[[int], Asked]


def asked_of(answer: plain.Answer) -> Asked:
    """The month is the first whose probability has reached it."""
    first = 1 + int(np.searchsorted(answer.below_by, 0.05))
    return Asked(answer.quantiles, answer.below_by, first)


def by_library(seed: int) -> Asked:
    """One projection, from records to numbers."""
    future = QUESTION.future(seed)
    passage = future.passage(QUESTION.reference.threshold)
    below = np.array([passage.probability(by=day) for day in DATES])
    day = passage.quantile(0.05)
    first = 1 + DATES.index(day) if day is not None else 0
    return Asked(future.quantiles(LEVELS)[1:], below, first)


QUESTION = benchmark()


def by_numpy(draws: int) -> dict[str, Way]:
    """On one matrix, and month by month in one array."""
    return {
        "numpy, loop": lambda seed: asked_of(QUESTION.by_months(draws, seed, LEVELS)),
        "numpy, matrix": lambda seed: asked_of(QUESTION.plainly(draws, seed, LEVELS)),
    }


def by_squigglepy(sq: ModuleType, draws: int) -> Way:
    """Samples of each unknown; months one after the other."""

    def way(seed: int) -> Asked:
        sq.set_seed(seed)
        factor = sq.sample(sq.lognorm(lognorm_mean=1, lognorm_sd=0.1), draws)
        joined = sq.sample(sq.norm(mean=34_000, sd=2_000), draws)
        month = sq.lognorm(lognorm_mean=38_000, lognorm_sd=4_000)
        strength = np.empty((plain.MONTHS, draws))
        level = sq.sample(sq.norm(mean=700_000, sd=25_000), draws)
        for row in strength:
            level = level + joined - factor * sq.sample(month, draws)
            row[:] = level
        return asked_of(plain.of_matrix(strength, LEVELS, QUESTION.reference.threshold))

    return way


def by_probabilit(modeling: ModuleType, draws: int) -> Way:
    """One expression for each month, sampled together."""

    def way(seed: int) -> Asked:
        new = modeling.Distribution
        factor = new("lognorm", s=SHARED_SD, scale=math.exp(-(SHARED_SD**2) / 2))
        joined = new("norm", loc=34_000, scale=2_000)
        level = new("norm", loc=700_000, scale=25_000)
        months = []
        for _ in range(plain.MONTHS):
            lost = new("lognorm", s=OWN_SD, scale=38_000 * math.exp(-(OWN_SD**2) / 2))
            level = level + joined - factor * lost
            months.append(level)
        # Sampling the last one keeps the samples of all on the way to it.
        level.sample(draws, random_state=seed, method=None)
        strength = np.array([month.samples_ for month in months])
        return asked_of(plain.of_matrix(strength, LEVELS, QUESTION.reference.threshold))

    return way


def by_packages(draws: int) -> dict[str, Way]:
    """Those that are installed."""
    found: dict[str, Way] = {}
    makers = {"squigglepy": by_squigglepy, "probabilit.modeling": by_probabilit}
    for name, make in makers.items():
        try:
            found[name.partition(".")[0]] = make(importlib.import_module(name), draws)
        except ModuleNotFoundError:
            print(f"{name.partition('.')[0]} is not installed, and left out")
    return found


def main() -> None:
    """One table; numpy's loop over months is the yardstick."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS
    ways = {"attrition": by_library, **by_numpy(draws), **by_packages(draws)}
    true = np.array([[row[1], row[3], row[5]] for row in QUESTION.reference.quantiles])
    scales = np.array([[row[1], row[3], row[5]] for row in QUESTION.reference.scales])
    by = np.array(QUESTION.reference.below_by)
    timed = interleaved(ways)
    library, rows = timed["attrition"], []
    value = worth(np.array([a.quantiles for a in library.answers]) - true, scales)
    for name, found in timed.items():
        gaps = np.array([a.quantiles for a in found.answers]) - true
        chances = np.array([a.below_by for a in found.answers]) - by
        ratio = found.seconds / library.seconds
        rows.append(
            [
                name,
                f"{1e3 * found.seconds:,.1f}",
                f"{rms(gaps[:, :, 1]):,.0f}",
                f"{rms(gaps[:, :, 2]):,.0f}",
                f"{rms(chances):.5f}",
                f"{worth(gaps, scales):,.0f}",
                f"{ratio:.2f}",
                "1" if name == "attrition" else f"{ratio * value / draws:.2f}",
            ]
        )
    header = ["way", "ms", "median, people", "95 %", "P by month", "worth draws"]
    title = f"benchmark of peers, {draws:,} draws (the library: its default), median of {RUNS} runs"
    show(title, [*header, "time / library", "at its accuracy"], rows)
    months = {name: sorted({a.first for a in found.answers}) for name, found in timed.items()}
    print(f"first month by which 5 % are below: {months}; by 1e8 draws 17")


if __name__ == "__main__":
    main()
