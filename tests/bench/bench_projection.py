"""
A projection by the library and by plain vectorised numpy, in one run: speed and accuracy.

Prints the errors against 1e8 draws; then, for a fan chart, for first passage, for the recruits
needed and for simulated paths, the median time of seven interleaved runs from records to numbers,
the error that was reached, and the ratio of times as measured and at equal accuracy. Run it from
the repository on one thread, ``OPENBLAS_NUM_THREADS=1 python -m tests.bench.bench_projection``,
with the names of some sections to have only these.

What takes milliseconds is called again on new records, of the same dates, until its turn has taken
a fifth of a second, as ``timeit`` does. The first call of a turn, which finds the caches of the
machine full of what numpy left there, is compared beside.

Equal accuracy is counted in independent draws: errors that are as large as those of n draws are
worth n. The time of numpy at so many draws is that of its own number of draws in proportion.
"""

import functools
import itertools
import math
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from attrition._typing import FloatArray
from tests.bench import plain
from tests.bench.measure import RUNS, SEED, Timed, interleaved, peak_of, rms, show, worth
from tests.bench.models import DATES, END, Question, after, benchmark, two_hills

FAN = (0.05, 0.25, 0.5, 0.75, 0.95)
YEARS = (12, 24, 36)
NEEDED = (0.5, 0.9)

Q95_WITHIN = 1e-3
"""The root mean square error of numpy's 95 % quantile of month 36, as a share of it."""

P_WITHIN = 8e-4
"""The root mean square error of numpy's probability of passage by month 36."""

NEEDED_DRAWS = 100_000
PATHS = 262_144
MANY = 1_000_000

TURN = 0.2
"""Seconds that a turn takes at least, as in ``timeit``."""

CALLS = 200
"""More than fit into a turn."""


class Way(NamedTuple):
    """One way to an answer: its times, the draws that it took, and what its errors are worth."""

    name: str
    timed: Timed[FloatArray]
    draws: float | None
    error: str
    worth: float


def ratios(title: str, ways: Sequence[Way]) -> None:
    """A table of ways, the library first: times over the library's, and at its accuracy."""
    library = ways[0]
    rows = []
    for way in ways:
        ratio = way.timed.seconds / library.timed.seconds
        first = way.timed.first / library.timed.first
        equal = f"{ratio * library.worth / way.draws:,.1f}" if way.draws else "1"
        draws = f"{way.draws:,.0f}" if way.draws else ""
        taken = f"{1e3 * way.timed.seconds:,.1f}"
        times = [f"{ratio:,.1f}", f"{first:,.1f}", equal]
        rows.append([way.name, draws, taken, way.error, f"{way.worth:,.0f}", *times])
    times = ["time / library", "first calls", "at its accuracy"]
    header = ["way", "draws", "ms", "error", "worth draws", *times]
    show(title, header, rows)


# Accuracy


def accuracy(*questions: Question) -> None:
    """Fans and probabilities of the default against 1e8 draws."""
    for question in questions:
        errors(question)


def errors(question: Question) -> None:
    """The largest errors of a fan and those of six probabilities, one a line."""
    reference = question.reference
    future = question.future()
    found = future.quantiles(reference.levels)[1:]
    stated = future.standard_errors(reference.levels)[1:]
    true = np.array(reference.quantiles)
    own = np.array(reference.scales) / math.sqrt(reference.draws)
    gaps = np.abs(found - true)
    # A central 90 % interval is 3.29 standard deviations wide, near enough for a unit.
    sd = (true[:, 5] - true[:, 1])[:, None] / 3.29
    method = future.strength(END).summary().method
    last = gaps[-1, 5] / true[-1, 5]
    rows = [
        ["fan, 7 quantiles, worst of 36 months, in sd", method, f"{(gaps / sd).max():.5f}", ".01"],
        ["95 % quantile of month 36, as a share", method, f"{last:.6f}", ".0005"],
        *_chances(question),
    ]
    show(f"errors of the default, {question.name}", ["figure", "method", "error", "asked"], rows)
    apart = gaps / np.hypot(stated, own)
    print(
        f"stated standard errors of the fan: up to {(stated / sd).max():.5f} sd; "
        f"gaps up to {apart.max():.1f} of stated and reference errors together"
    )


def _chances(question: Question) -> list[list[str]]:
    """Errors of the probabilities below by and below on the dates."""
    reference = question.reference
    future = question.future()
    passage = future.passage(reference.threshold)
    rows = []
    for month in YEARS:
        by = abs(passage.probability(by=after(month)) - reference.below_by[month - 1])
        rows.append([f"below by month {month}", passage.method, f"{by:.6f}", ".001"])
    for month in YEARS:
        summary = (future.strength(after(month)) < reference.threshold).summary()
        asked = future.probability_below(reference.threshold, on=after(month))
        on = abs(asked - reference.below_on[month - 1])
        rows.append([f"below on month {month}", summary.method, f"{on:.6f}", ".001"])
    return rows


# Times


class Records:
    """New records for every call, so that no plan kept from the last one is of use."""

    def __init__(self, make: Callable[[], Question]) -> None:
        self._make = make
        self._made: list[Question] = []

    def renew(self) -> None:
        """Make those of a turn, before its clock starts."""
        self._made += [self._make() for _ in range(CALLS - len(self._made))]

    def next(self) -> Question:
        """Those of the next call."""
        return self._made.pop()


def fan(make: Callable[[], Question]) -> None:
    """Five quantiles of 36 months; numpy takes the draws that one quantile needs."""
    question, asked = make(), Records(make)
    reference = question.reference
    places = [reference.levels.index(level) for level in FAN]
    true = np.array(reference.quantiles)[:, places]
    scales = np.array(reference.scales)[:, places]
    draws = math.ceil((scales[-1, -1] / (Q95_WITHIN * true[-1, -1])) ** 2)
    print(
        f"\n{question.name}: the 95 % quantile of month 36 is {true[-1, -1]:,.0f} and has a "
        f"standard error of {scales[-1, -1]:,.0f} / sqrt(draws), so {draws:,} draws know it "
        f"to 0.1 %"
    )
    ways = interleaved(
        {
            "library": lambda seed: asked.next().future(seed).quantiles(FAN)[1:],
            "numpy, matrix": lambda seed: question.plainly(draws, seed, FAN).quantiles,
            "numpy, loop": lambda seed: question.by_months(draws, seed, FAN).quantiles,
        },
        at_least=TURN,
        before=asked.renew,
    )

    def way(name: str, timed: Timed[FloatArray]) -> Way:
        gaps = np.array(timed.answers) - true
        top = rms(gaps[:, -1, -1] / true[-1, -1])
        taken = None if name == "library" else draws
        return Way(name, timed, taken, f"{top:.6f}", worth(gaps, scales))

    title = f"fan chart, {question.name}: error of the 95 % quantile of month 36 as a share"
    ratios(title, [way(name, timed) for name, timed in ways.items()])


# First passage


def passage(make: Callable[[], Question]) -> None:
    """The probability of having been below by the end of each year."""
    question, asked = make(), Records(make)
    reference = question.reference
    true = np.array([reference.below_by[month - 1] for month in YEARS])
    scales = np.sqrt(true * (1.0 - true))
    draws = math.ceil((scales[-1] / P_WITHIN) ** 2)

    def library(seed: int) -> FloatArray:
        found = asked.next().future(seed).passage(reference.threshold)
        return np.array([found.probability(by=after(month)) for month in YEARS])

    def below(rows: Callable[[np.random.Generator], Iterable[FloatArray]], seed: int) -> FloatArray:
        # No quantiles: only the running minimum, row by row.
        lowest, found = np.full(draws, math.inf), []
        for strength in rows(np.random.default_rng(seed)):
            np.minimum(lowest, strength, out=lowest)
            found.append(np.count_nonzero(lowest < reference.threshold) / draws)
        return np.array(found)[[month - 1 for month in YEARS]]

    ways: dict[str, Callable[[int], FloatArray]] = {
        "library": library,
        "numpy, matrix": lambda seed: below(functools.partial(question.matrix, draws), seed),
        "numpy, loop": lambda seed: below(functools.partial(question.loop, draws), seed),
    }

    def way(name: str, timed: Timed[FloatArray]) -> Way:
        gaps = np.array(timed.answers) - true
        taken = None if name == "library" else draws
        return Way(name, timed, taken, f"{rms(gaps[:, -1]):.6f}", worth(gaps, scales))

    timed_ways = interleaved(ways, at_least=TURN, before=asked.renew)
    title = f"first passage, {question.name}: error of the probability by month 36"
    ratios(title, [way(name, timed) for name, timed in timed_ways.items()])


# Recruits needed


def recruits(make: Callable[[], Question]) -> None:
    """The level that holds throughout with 50 and 90 %, against bisection."""
    question, asked = make(), Records(make)
    reference = question.reference
    threshold = reference.threshold
    places = [reference.needed_levels.index(level) for level in NEEDED]
    true = np.array(reference.needed)[places]
    scales = np.array(reference.needed_scales)[places]

    def library(seed: int) -> FloatArray:
        future = asked.next().future(seed)
        needed = future.recruits_needed(threshold, by=END, throughout=True)
        return np.asarray(needed.ppf(NEEDED))

    def kept(seed: int) -> FloatArray:
        parts = plain.hills_parts(NEEDED_DRAWS, np.random.default_rng(seed))
        return np.array([plain.needed_kept(parts, p, threshold) for p in NEEDED])

    def anew(seed: int) -> FloatArray:
        return np.array([plain.needed_anew(NEEDED_DRAWS, seed, p, threshold) for p in NEEDED])

    def way(name: str, timed: Timed[FloatArray]) -> Way:
        gaps = np.array(timed.answers) - true
        taken = None if name == "library" else NEEDED_DRAWS
        return Way(name, timed, taken, f"{rms(gaps):,.1f}", worth(gaps, scales))

    # Bisection that simulates anew repeats one thing, and takes minutes in seven runs.
    few: dict[str, Callable[[int], FloatArray]] = {
        "library": library,
        "bisection, paths kept": kept,
    }
    ways = interleaved(few, at_least=TURN, before=asked.renew)
    long = interleaved({"bisection, paths anew": anew}, runs=3)
    title = f"recruits needed, {question.name}: people, of the medians and 90 % levels"
    ratios(title, [way(name, timed) for name, timed in (ways | long).items()])
    needed = question.future().recruits_needed(threshold, by=END, throughout=True).summary()
    print(f"found by {needed.method}, stated error up to {needed.error:,.1f}; anew: 3 runs")


# Simulated paths


def paths(question: Question) -> None:
    """The same work as numpy: so many paths, five quantiles of every month."""

    def library(draws: int, seed: int) -> object:
        return question.future(seed, draws=draws, method="paths").quantiles(FAN)

    def matrix(draws: int, seed: int) -> object:
        return question.plainly(draws, seed, FAN)

    def loop(draws: int, seed: int) -> object:
        return question.by_months(draws, seed, FAN)

    ways = {"library": library, "numpy, matrix": matrix, "numpy, loop": loop}
    timed = interleaved({name: functools.partial(way, PATHS) for name, way in ways.items()})
    peaks = {name: peak_of(functools.partial(way, MANY, SEED)) for name, way in ways.items()}
    rows = [
        [
            name,
            f"{timed[name].seconds:.3f}",
            f"{timed['numpy, matrix'].seconds / timed[name].seconds:.2f}",
            f"{peaks[name]:,.0f}",
            f"{peaks['numpy, matrix'] / peaks[name]:.1f}",
        ]
        for name in ways
    ]
    title = f"paths, {question.name}: time of {PATHS:,}, peak memory of {MANY:,}"
    show(title, ["way", "seconds", "times faster", "MB", "times less"], rows)


def rows_against_cumsum() -> None:
    """Running totals of a projection: rows in place against cumsum over the first axis."""
    rng = np.random.default_rng(SEED)
    for draws in (16_384, 65_536):
        change = rng.normal(0.0, 3_000.0, (plain.MONTHS, draws))
        ways: dict[str, Callable[[FloatArray], object]] = {
            "rows in place": plain.running,
            "cumsum": lambda rows: np.cumsum(rows, axis=0),
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        for (name, way), _ in itertools.product(ways.items(), range(3 * RUNS)):
            mine = change.copy()
            began = time.perf_counter()
            way(mine)
            times[name].append(time.perf_counter() - began)
        rows = [[name, f"{1e3 * statistics.median(found):.2f}"] for name, found in times.items()]
        show(f"running totals of {plain.MONTHS} x {draws:,}", ["way", "ms"], rows)


def main() -> None:
    """The sections that were named, or all."""
    hills, peers = two_hills(), benchmark()
    sections: dict[str, Callable[[], None]] = {
        "accuracy": lambda: accuracy(hills, peers),
        "fan": lambda: fan(two_hills),
        "passage": lambda: passage(two_hills),
        "recruits": lambda: recruits(two_hills),
        "paths": lambda: paths(hills),
        "rows": rows_against_cumsum,
    }
    threads = os.environ.get("OPENBLAS_NUM_THREADS", "not set")
    print(
        f"numpy {np.__version__}, {RUNS} runs, OPENBLAS_NUM_THREADS {threads}, {len(DATES)} dates"
    )
    for name in sys.argv[1:] or sections:
        sections[name]()


if __name__ == "__main__":
    main()
