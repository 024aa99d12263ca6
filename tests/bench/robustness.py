"""
Thirty random futures and two traps: the default against many simulated paths.

For each it compares quantiles at the first third, the middle and the last date, probabilities
below a threshold on the last date and by two dates, and the recruits needed. A miss is a gap of
more than five of the standard errors that are stated by the library and found among the paths,
taken together. Run it from the repository with ``OPENBLAS_NUM_THREADS=1 python -m
tests.bench.robustness [--draws 10_000_000] [--only 7 31] [--brief] [--keep FOLDER]``.

Paths are drawn in blocks with a seed each, so memory stays small. Quantiles of blocks are averaged
and their scatter is their error. Probabilities are counted off the paths here, so that they share
with the library no more than the paths themselves. Ten million paths of all models take an hour;
``--keep`` writes what they gave into a folder, where another run finds it as long as the model, the
threshold and the number of paths are the same.
"""

import argparse
import math
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from attrition._typing import FloatArray
from attrition.projection import Projection
from tests.bench.measure import show
from tests.bench.random_models import Case, cases

BLOCK = 16_384
SEED = 20_260_102
LEVELS = (0.05, 0.5, 0.95)
NEEDED = (0.1, 0.5, 0.9)
FAR = 5.0

PILOT_DRAWS = 4_096
PILOT_SHARE = 0.3
"""About this share of the paths is below the threshold at some time."""


class Found(NamedTuple):
    """Answers in one order, with their standard errors and how they were found."""

    values: FloatArray
    errors: FloatArray
    methods: Sequence[str]


class Asked(NamedTuple):
    """The dates, as places among those of the projection, and the threshold."""

    first: int
    middle: int
    last: int
    threshold: float

    @property
    def places(self) -> list[int]:
        """The three dates."""
        return [self.first, self.middle, self.last]

    @property
    def names(self) -> list[str]:
        """What is asked, in order."""
        dates = ("first third", "middle", "last")
        quantiles = [f"{100 * q:g} % at {date}" for date in dates for q in LEVELS]
        chances = ["below on last", "below by middle", "below by last"]
        return [*quantiles, *chances, *(f"recruits for {100 * q:g} %" for q in NEEDED)]


class Line(NamedTuple):
    """One answer in two ways."""

    name: str
    method: str
    auto: float
    paths: float
    stated: float
    scatter: float

    @property
    def gap(self) -> float:
        """In standard errors of both together; none if both are the same exactly."""
        apart = abs(self.auto - self.paths)
        # Exact answers may differ by rounding.
        if apart <= 1e-9 * abs(self.paths):
            return 0.0
        both = math.hypot(self.stated, self.scatter)
        return apart / both if both > 0.0 else math.inf

    @property
    def row(self) -> list[str]:
        """Probabilities with more digits than people."""
        numbers = (self.auto, self.paths, self.stated, self.scatter)
        digits = ",.5f" if "below" in self.name else ",.1f"
        shown = [format(number, digits) for number in numbers]
        return [self.name, self.method, *shown, f"{self.gap:.1f}", "MISS" * (self.gap > FAR)]


def asked_of(case: Case) -> Asked:
    """A threshold at which probabilities are neither 0 nor 1, from a few paths."""
    future = case.future("paths", draws=8)
    strength = future.paths(PILOT_DRAWS, rng=SEED).strength
    low = float(np.quantile(strength.min(axis=0), PILOT_SHARE))
    threshold = max(1_000.0, math.floor(low / 1_000.0) * 1_000.0)
    last = len(future.dates) - 1
    return Asked(max(1, last // 3), max(1, last // 2), last, threshold)


def by_default(future: Projection, asked: Asked) -> Found:
    """What the library says, and what it says of its errors."""
    dates = future.dates
    quantiles = future.quantiles(LEVELS)[asked.places]
    errors = future.standard_errors(LEVELS)[asked.places]
    methods = [future.strength(dates[place]).method for place in asked.places]
    on = (future.strength(dates[-1]) < asked.threshold).summary()
    passage = future.passage(asked.threshold)
    by = [dates[asked.middle], dates[asked.last]]
    needed = future.recruits_needed(asked.threshold, by=dates[-1], throughout=True)
    summary = needed.summary()
    values = [
        *quantiles.ravel(),
        future.probability_below(asked.threshold, on=dates[-1]),
        *(passage.probability(by=day) for day in by),
        *(needed.ppf(q) for q in NEEDED),
    ]
    return Found(
        np.array(values),
        np.array(
            [
                *errors.ravel(),
                on.error,
                *(passage.standard_error(by=day) for day in by),
                *(summary.error for _ in NEEDED),
            ]
        ),
        [
            *(method for method in methods for _ in LEVELS),
            on.method,
            *(passage.method for _ in by),
            *(summary.method for _ in NEEDED),
        ],
    )


def by_paths(case: Case, asked: Asked, draws: int) -> Found:
    """Means over blocks and their errors."""
    blocks = max(2, -(-draws // BLOCK))
    future = case.future("paths", draws=8)
    found = np.array([_block(future, asked, block) for block in range(blocks)])
    values = found.mean(axis=0)
    errors = found.std(axis=0, ddof=1) / math.sqrt(blocks)
    # A count that is the same in all blocks, none or all, may still be off by one path.
    chances = np.array(["below" in name for name in asked.names])
    errors[chances] = np.maximum(errors[chances], 1.0 / (blocks * BLOCK))
    return Found(values, errors, ["paths"] * values.size)


def _block(future: Projection, asked: Asked, block: int) -> FloatArray:
    """The answers of one block, each counted off its paths."""
    seed = np.random.SeedSequence(SEED, spawn_key=(block,))
    strength = future.paths(BLOCK, rng=seed).strength
    quantiles = [np.quantile(strength[place], LEVELS, method="hazen") for place in asked.places]
    below = strength < asked.threshold
    by = [below[: place + 1].any(axis=0).mean() for place in (asked.middle, asked.last)]
    needed = future.recruits_needed(asked.threshold, by=future.dates[-1], throughout=True)
    levels = np.quantile(needed.rvs(BLOCK, rng=seed), NEEDED, method="hazen")
    return np.concatenate([*quantiles, [below[-1].mean(), *by], levels])


def kept_paths(case: Case, asked: Asked, draws: int, folder: Path | None) -> Found:
    """What the paths gave, from the folder if it is there."""
    if folder is None:
        return by_paths(case, asked, draws)
    name = f"{case.name} {asked.threshold:.0f} {draws}"
    file = folder / f"{re.sub('[^a-z0-9]+', '-', name.lower())}.npz"
    if not file.exists():
        found = by_paths(case, asked, draws)
        np.savez(file, values=found.values, errors=found.errors)
    with np.load(file) as kept:
        return Found(kept["values"], kept["errors"], ["paths"] * len(kept["values"]))


def compared(case: Case, draws: int, folder: Path | None) -> tuple[list[Line], Asked, float]:
    """All answers in both ways, and the seconds of the default."""
    asked = asked_of(case)
    began = time.perf_counter()
    auto = by_default(case.future("auto"), asked)
    seconds = time.perf_counter() - began
    paths = kept_paths(case, asked, draws, folder)
    columns = zip(
        asked.names,
        auto.methods,
        map(float, auto.values),
        map(float, paths.values),
        map(float, auto.errors),
        map(float, paths.errors),
        strict=True,
    )
    return [Line(*column) for column in columns], asked, seconds


def tables(
    numbers: Sequence[int], draws: int, folder: Path | None, *, brief: bool
) -> Iterator[Line]:
    """Every line of the models that were asked for, shown as they come."""
    every, rows = cases(), []
    header = ["answer", "method", "auto", "paths", "stated error", "paths' error", "gap", ""]
    for number in numbers:
        lines, asked, seconds = compared(every[number - 1], draws, folder)
        yield from lines
        if not brief:
            title = f"model {number}: {every[number - 1].name}; threshold {asked.threshold:,.0f}"
            show(title, header, [line.row for line in lines])
        worst = max(lines, key=lambda line: line.gap)
        methods = ", ".join(sorted({line.method for line in lines}))
        misses = sum(line.gap > FAR for line in lines)
        gap = f"{worst.gap:.1f}"
        rows.append([f"{number}", methods, f"{1e3 * seconds:,.0f}", gap, worst.name, f"{misses}"])
        print(
            f"model {number}: {methods}, worst {gap} at {worst.name}, misses {misses}", flush=True
        )
    show("all models", ["model", "methods", "ms", "worst gap", "at", "misses"], rows)


def main() -> None:
    """Parse, compare, and count the misses."""
    parser = argparse.ArgumentParser(description="The default against many simulated paths.")
    parser.add_argument("--draws", type=int, default=1_000_000, help="paths of each model")
    parser.add_argument("--only", type=int, nargs="+", help="numbers of models, from 1 on")
    parser.add_argument("--brief", action="store_true", help="one line a model")
    parser.add_argument("--keep", type=Path, help="a folder for what the paths gave")
    given = parser.parse_args()
    numbers = given.only or list(range(1, len(cases()) + 1))
    lines = list(tables(numbers, given.draws, given.keep, brief=given.brief))
    misses = sum(line.gap > FAR for line in lines)
    print(f"{misses} misses of {len(lines)} answers beyond {FAR:g} standard errors")


if __name__ == "__main__":
    main()
