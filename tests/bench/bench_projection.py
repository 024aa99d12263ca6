"""
Two models by the library and by plain vectorised numpy, in one run.

Prints, for each, the median time of seven runs, the peak of the memory that numpy asked for, and
the error against 1e8 draws; then a loop of rows in place against cumsum. Run it from the
repository with ``python -m tests.bench.bench_projection [draws]``.
"""

import functools
import math
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple, TypeAlias

import numpy as np

from attrition._typing import FloatArray
from attrition.accounts import Category, Force, LossEstimate, Per, Period, StrengthBasis
from attrition.evidence import CasualtyMix
from attrition.projection import (
    Change,
    Delay,
    Hospital,
    IntakeProcess,
    LossProcess,
    Paths,
    Returns,
    Trend,
    Variation,
    project,
)
from attrition.projection.simulate import _step
from attrition.uncertain import about, exp

RUNS = 7
MONTHS = 36
LEVELS = (0.05, 0.5, 0.95)
SIDE = "Russia"
START, END = date(2026, 1, 1), date(2029, 1, 1)
YEARS = (date(2027, 1, 1), date(2028, 1, 1), END)


class Answer(NamedTuple):
    """Quantiles of the last month, and the probability of having been below by each year."""

    quantiles: FloatArray
    below: FloatArray


Way: TypeAlias = Callable[[int, int], Answer]
"""An answer from a number of draws and a seed."""


class Model(NamedTuple):
    """One question, two ways to answer it, and the truth."""

    name: str
    library: Way
    plain: Way
    truth: Answer


def of_library(
    losses: LossProcess,
    recruitment: IntakeProcess,
    returns: Returns | None,
    sd: float,
    threshold: float,
) -> Way:
    """The library's answer for a number of draws and a seed."""
    force = Force(
        strength=about(700_000, sd=sd),
        as_of=START,
        side=SIDE,
        basis=StrengthBasis.COMMITTED,
    )

    def answer(draws: int, seed: int) -> Answer:
        future = project(
            force,
            losses=losses,
            recruitment=recruitment,
            returns=returns,
            until=END,
            draws=draws,
            rng=seed,
        )
        passage = future.passage(threshold)
        below = [passage.probability(by=day) for day in YEARS]
        return Answer(future.quantiles(LEVELS)[-1], np.array(below))

    return answer


def of_paths(strength: FloatArray, threshold: float) -> Answer:
    """What plain numpy reads off paths (months, draws): quantiles of all months, as the library."""
    quantiles = np.quantile(strength, LEVELS, axis=1)
    lowest = np.minimum.accumulate(strength, axis=0)
    return Answer(quantiles[:, -1], (lowest[11::12] < threshold).mean(axis=1))


def benchmark() -> Model:
    """A shared factor of the losses, independent months, for good."""
    level = 38_000 * about(1, sd=0.1, positive=True)
    sigma, passing = math.sqrt(math.log1p(0.1**2)), math.sqrt(math.log1p((4 / 38) ** 2))

    def plain(draws: int, seed: int) -> Answer:
        rng = np.random.default_rng(seed)
        factor = np.exp(sigma * rng.standard_normal(draws) - sigma**2 / 2)
        lost = rng.standard_normal((MONTHS, draws))
        lost *= passing
        lost -= passing**2 / 2
        np.exp(lost, out=lost)
        lost *= 38_000 * factor
        np.subtract(rng.normal(34_000, 2_000, draws), lost, out=lost)
        lost[0] += rng.normal(700_000, 25_000, draws)
        return of_paths(np.cumsum(lost, axis=0), 500_000)

    losses = LossProcess(
        level=level,
        per=Per.MONTH,
        category=Category.IRRECOVERABLE,
        side=SIDE,
        variation=Variation.independent(4 / 38, Per.MONTH),
    )
    recruits = IntakeProcess(level=about(34_000, sd=2_000), per=Per.MONTH, side=SIDE)
    return Model(
        "for good, shared factor",
        of_library(losses, recruits, None, 25_000, 500_000),
        plain,
        Answer(np.array([286_661, 561_367, 807_026]), np.array([0.00745, 0.16597, 0.35065])),
    )


def kernel() -> FloatArray:
    """The shares of a loss that return in its own month and in the eleven after it."""
    by = np.array([1 - math.exp(-k / 1.5) * (1 + k / 1.5) for k in range(13)])
    return np.asarray(np.diff(by) / by[-1])


def logit(p: float) -> float:
    """The logarithm of the odds."""
    return math.log(p / (1 - p))


def two_hills() -> Model:
    """A wave of losses with noise that lasts, recruits that decline, returns over a year."""
    losses = LossProcess(
        level=exp(about(math.log(40_000), sd=0.12)),
        per=Per.MONTH,
        category=Category.KILLED_AND_WOUNDED,
        side=SIDE,
        variation=Variation(lasting_sd=0.15, persistence=0.7, passing_sd=0.08, per=Per.MONTH),
        changes=(Change(factor=1.15, during=Period.year(2027)),),
    )
    recruits = IntakeProcess(
        level=exp(about(math.log(33_000), sd=0.08)),
        per=Per.MONTH,
        side=SIDE,
        trend=Trend(per_year=about(-0.03, sd=0.05), form="linear"),
        changes=(Change(factor=1.05, during=Period.months(2027, 7, count=18)),),
    )
    past = [
        LossEstimate.central(
            count=40_000, category=losses.category, period=Period.month(2025, month), side=SIDE
        )
        for month in range(1, 13)
    ]
    mix = CasualtyMix.from_ratios(
        exp(about(math.log(3), sd=0.2)),
        returned_per_wounded=1 / (1 + exp(-about(logit(0.35), sd=0.3))),
    )
    returns = Returns(
        mix=mix, delay=Delay.shares(kernel().tolist()), hospital=Hospital.from_losses(past)
    )
    return Model(
        "with returns, trend, lasting noise",
        of_library(losses, recruits, returns, 20_000, 600_000),
        plain_two_hills,
        Answer(np.array([380_136, 751_650, 1_095_410]), np.array([0.0421, 0.2193, 0.2718])),
    )


def plain_two_hills(draws: int, seed: int) -> Answer:
    """The same by whole arrays: an autoregression, a convolution by months, a running sum."""
    rng = np.random.default_rng(seed)
    level = 40_000 * np.exp(0.12 * rng.standard_normal(draws))
    recruits = 33_000 * np.exp(0.08 * rng.standard_normal(draws))
    growth = rng.normal(-0.03, 0.05, draws)
    share = 1 / (1 + np.exp(-logit(0.75) - 0.2 * rng.standard_normal(draws)))
    share /= 1 + np.exp(-logit(0.35) - 0.3 * rng.standard_normal(draws))
    lost, lasting = 0.08 * rng.standard_normal((MONTHS, draws)), 0.15 * rng.standard_normal(draws)
    for row in lost:
        np.add(row, lasting, out=row)
        lasting = 0.7 * lasting + 0.15 * math.sqrt(1 - 0.7**2) * rng.standard_normal(draws)
    lost -= (0.15**2 + 0.08**2) / 2
    np.exp(lost, out=lost)
    lost *= level
    lost[12:24] *= 1.15
    months = np.arange(MONTHS)[:, None]
    net = recruits * (1 + growth * months / 12) * np.where(months >= 18, 1.05, 1.0)
    known = np.vstack([np.full((12, draws), 40_000.0), lost])
    for lag, weight in enumerate(kernel()):
        net += share * weight * known[12 - lag : 12 - lag + MONTHS]
    net -= lost
    net[0] += rng.normal(700_000, 20_000, draws)
    return of_paths(np.cumsum(net, axis=0), 600_000)


class Measured(NamedTuple):
    """Median seconds, peak megabytes, errors in people and in probability."""

    seconds: float
    megabytes: float
    people: float
    chance: float


def measured(ways: Sequence[Way], truth: Answer, draws: int) -> list[Measured]:
    """Every way in turn, seven times, so that a busy minute falls on all alike."""
    times: list[list[float]] = [[] for _ in ways]
    answers: list[list[Answer]] = [[] for _ in ways]
    for run in range(RUNS):
        for place, way in enumerate(ways):
            began = time.perf_counter()
            answers[place].append(way(draws, 20_260_101 + run))
            times[place].append(time.perf_counter() - began)
    peaks = [peak_of(functools.partial(way, draws, 20_260_101)) for way in ways]
    return [
        Measured(
            statistics.median(seconds),
            peak,
            rms([found.quantiles - truth.quantiles for found in given]),
            rms([found.below - truth.below for found in given]),
        )
        for seconds, peak, given in zip(times, peaks, answers, strict=True)
    ]


def peak_of(call: Callable[[], object]) -> float:
    """The most memory that was held at one time, in megabytes."""
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def rms(gaps: Sequence[FloatArray]) -> float:
    """The root of the mean square over figures and runs."""
    return float(np.sqrt(np.mean(np.square(gaps))))


def report(model: Model, draws: int) -> None:
    """One line for each way, with ratios to plain numpy."""
    plain, library = measured((model.plain, model.library), model.truth, draws)
    print(f"\n{model.name}: {MONTHS} months, {draws:,} draws, median of {RUNS} runs")
    for name, found in (("numpy", plain), ("attrition", library)):
        print(
            f"  {name:10}{found.seconds:7.3f} s {found.seconds / plain.seconds:5.2f}x"
            f"{found.megabytes:8.0f} MB {found.megabytes / plain.megabytes:5.2f}x"
            f"{found.people:8,.0f} people{found.chance:9.5f} of a probability"
        )


def rows_against_cumsum(draws: int) -> None:
    """The running total of a projection: rows in place against cumsum over the first axis."""
    rng = np.random.default_rng(20_260_101)
    lost, joined, back = (rng.normal(30_000, 3_000, (MONTHS, draws)) for _ in range(3))
    strength = np.empty((MONTHS + 1, draws))
    strength[0] = 700_000
    run = Paths(strength, lost, joined, back)

    def by_cumsum() -> object:
        return np.cumsum(np.vstack([strength[:1], joined + back - lost]), axis=0)

    def sums_alone() -> object:
        return np.cumsum(lost, axis=0)

    ways = {"rows in place": lambda: _step(run), "cumsum": by_cumsum, "cumsum alone": sums_alone}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(3 * RUNS):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - began)
    first = statistics.median(times["rows in place"])
    print(f"\nrunning totals of {MONTHS} x {draws:,}, median of {3 * RUNS} runs")
    for name, found in times.items():
        seconds = statistics.median(found)
        print(f"  {name:14}{1e3 * seconds:8.2f} ms {seconds / first:6.2f}x")


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 65_536
    for made in (benchmark(), two_hills()):
        report(made, asked)
    for width in (16_384, asked):
        rows_against_cumsum(width)
