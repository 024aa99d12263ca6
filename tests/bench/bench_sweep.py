"""
A thousand scenarios by one call of the library, and by plain numpy.

The scenarios are 40 medians of the losses by 25 of the recruitment in the model with returns, a
trend and lasting noise, none so grim that strength runs out; asked are five quantiles at three
dates, or at all. Run it from the
repository with ``OPENBLAS_NUM_THREADS=1 python -m tests.bench.bench_sweep [scenarios]``: fewer
scenarios than 1,000 are spread over all of them, and their time is scaled to 1,000 and said to be.

numpy simulates 100,000 draws for each scenario, which is timed for five of them; or it keeps one
set of draws, in which strength is linear in both levels, and only reads quantiles anew, which is
timed for fifty. Both are scaled to 1,000. The error is that
of the model's own scenario against 1e8 draws, over the dates that were asked for.
"""

import itertools
import sys
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from attrition._typing import FloatArray
from attrition.projection import Scenario, compare_scenarios
from tests.bench import plain
from tests.bench.measure import SEED, interleaved, rms, show, worth
from tests.bench.models import END, Question, hills_flows, two_hills

SCENARIOS = 1_000
PLAIN_SCENARIOS = 5
DRAWS = 100_000
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
LOST, JOINED = np.linspace(28_000, 38_000, 40), np.linspace(33_000, 40_000, 25)
MONTHS = {"3 dates": (12, 24, 36), "all dates": tuple(range(1, plain.MONTHS + 1))}


class Medians(NamedTuple):
    """Of the two levels."""

    lost: float
    joined: float


OWN = Medians(plain.LOST, plain.JOINED)
"""That of the references."""


def spread(count: int) -> list[Medians]:
    """So many scenarios, evenly over the thousand."""
    every = list(itertools.starmap(Medians, itertools.product(LOST, JOINED)))
    return [every[int(place)] for place in np.linspace(0, len(every) - 1, count)]


def by_library(base: Scenario, sweep: Sequence[Scenario], months: Sequence[int]) -> FloatArray:
    """Quantiles of each, shape (scenarios, months, levels); the base is left out."""
    return compare_scenarios(base, sweep).quantiles(LEVELS)[1:, [*months]]


def records(own: Question, medians: Sequence[Medians]) -> tuple[Scenario, list[Scenario]]:
    """The base and the scenarios, which are built before any clock starts."""
    base = Scenario(
        "as it is",
        force=own.force,
        losses=own.losses,
        recruitment=own.recruitment,
        returns=own.returns,
        until=END,
    )
    losses = {lost: hills_flows(lost=lost)[0] for lost, _ in medians}
    recruitment = {joined: hills_flows(joined=joined)[1] for _, joined in medians}
    return base, [
        Scenario(
            f"{lost:.0f} lost, {joined:.0f} joined",
            losses=losses[lost],
            recruitment=recruitment[joined],
        )
        for lost, joined in medians
    ]


def anew(scenarios: Sequence[Medians], months: Sequence[int], seed: int) -> FloatArray:
    """Simulated for each scenario, with common random numbers."""
    places = [month - 1 for month in months]
    found = []
    for lost, joined in scenarios:
        strength = plain.two_hills(DRAWS, np.random.default_rng(seed), lost=lost, joined=joined)
        found.append(np.quantile(strength[places], LEVELS, axis=1).T)
    return np.array(found)


def kept(slopes: Sequence[FloatArray], scenarios: Sequence[Medians]) -> FloatArray:
    """From simulations that are done once, as strength is linear in both levels."""
    start, lost, joined = slopes
    found = []
    for scenario in scenarios:
        strength = start + scenario.lost * lost
        strength += scenario.joined * joined
        found.append(np.quantile(strength, LEVELS, axis=1).T)
    return np.array(found)


def slopes_of(months: Sequence[int], seed: int) -> tuple[FloatArray, ...]:
    """Strength without either flow, and the people that one of each level is, by month."""
    places = [month - 1 for month in months]

    def at(lost: float, joined: float) -> FloatArray:
        rng = np.random.default_rng(seed)
        return plain.two_hills(DRAWS, rng, lost=lost, joined=joined)[places]

    start = at(0.0, 0.0)
    return start, at(1.0, 0.0) - start, at(0.0, 1.0) - start


def sweep(dates: str, count: int) -> None:
    """One table: seconds for a thousand scenarios."""
    months, own = MONTHS[dates], two_hills()
    seconds = thousand(own, spread(count), months)
    truths: dict[str, Callable[[int], FloatArray]] = {
        "library": lambda _: by_library(*records(own, [OWN]), months),
        "numpy, draws anew": lambda seed: anew([OWN], months, seed),
        "numpy, draws kept": lambda seed: kept(slopes_of(months, seed), [OWN]),
    }
    rows = []
    for name, found in interleaved(truths).items():
        people, draws = errors(own, months, np.array(found.answers)[:, 0])
        ratio = seconds[name] / seconds["library"]
        rows.append(
            [name, f"{seconds[name]:,.1f}", f"{ratio:.3f}", f"{people:,.0f}", f"{draws:,.0f}"]
        )
    header = ["way", "seconds", "time / library", "error, people", "worth draws"]
    show(f"{SCENARIOS:,} scenarios, {dates}", header, rows)


def thousand(
    own: Question, scenarios: Sequence[Medians], months: Sequence[int]
) -> dict[str, float]:
    """Seconds for a thousand scenarios, in proportion to those that are timed."""
    base, what_ifs = records(own, scenarios)
    few, some = spread(PLAIN_SCENARIOS), spread(10 * PLAIN_SCENARIOS)
    began = time.perf_counter()
    slopes = slopes_of(months, SEED)
    once = time.perf_counter() - began
    ways: dict[str, Callable[[int], FloatArray]] = {
        "library": lambda _: by_library(base, what_ifs, months),
        "numpy, draws anew": lambda seed: anew(few, months, seed),
        "numpy, draws kept": lambda _: kept(slopes, some),
    }
    seconds = {
        name: found.seconds * SCENARIOS / len(found.answers[0])
        for name, found in interleaved(ways).items()
    }
    seconds["numpy, draws kept"] += once
    return seconds


def errors(own: Question, months: Sequence[int], found: FloatArray) -> tuple[float, float]:
    """Root mean square in people, and the draws that it is worth."""
    places = [own.reference.levels.index(level) for level in LEVELS]
    rows = [month - 1 for month in months]
    true = np.array(own.reference.quantiles)[np.ix_(rows, places)]
    scales = np.array(own.reference.scales)[np.ix_(rows, places)]
    return rms(found - true), worth(found - true, scales)


def main() -> None:
    """Both kinds of question."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SCENARIOS
    print(
        f"timed and scaled to {SCENARIOS:,}: {count:,} scenarios of the library, "
        f"{PLAIN_SCENARIOS} with draws anew, {10 * PLAIN_SCENARIOS} with draws kept"
    )
    for dates in MONTHS:
        sweep(dates, count)


if __name__ == "__main__":
    main()
