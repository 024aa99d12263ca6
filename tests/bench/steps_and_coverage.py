"""
What a step changes, and how often stated intervals hold the truth.

Prints the mean and the spread of a year by daily, weekly and monthly steps, for variations with
clocks of their own; then how many of 20,000 futures lie inside the 50, 80, 90 and 95 % intervals
of strength, at the first third, the middle and the end. Run it from the repository with
``python -m tests.bench.steps_and_coverage [futures]``.

The futures are paths of the same model from other seeds, so the second table tells whether what is
stated by quadrature or lattice is what the model does. The bound is four standard errors of one
cell, made wider so that it is passed as rarely by the largest of all cells (Bonferroni).
"""

import math
import statistics
import sys
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from attrition._typing import FloatArray
from attrition.accounts import Category, Force, Per, StrengthBasis
from attrition.projection import IntakeProcess, LossProcess, Projection, Variation, project
from attrition.uncertain import about
from tests.bench.measure import show
from tests.bench.models import benchmark, two_hills
from tests.bench.random_models import cases

FUTURES = 20_000
CONFIDENCES: Final = (0.50, 0.80, 0.90, 0.95)
STEPS: Final = (Per.DAY, Per.WEEK, Per.MONTH)
VARIATIONS: Final = {
    "monthly": Variation(lasting_sd=0.15, persistence=0.7, passing_sd=0.08, per=Per.MONTH),
    "weekly": Variation(lasting_sd=0.2, persistence=0.8, passing_sd=0.1, per=Per.WEEK),
    "daily": Variation(lasting_sd=0.3, persistence=0.9, passing_sd=0.3, per=Per.DAY),
}
SEED = 20_260_103
RANDOM = (4, 6, 7, 21, 27, 30)
"""Numbers of random futures that stay clear of zero."""


class Cell(NamedTuple):
    """How many of the futures lie inside one interval on one date."""

    when: str
    confidence: float
    inside: float
    errors: float


def yearly(variation: Variation, step: Per, draws: int | None = None) -> tuple[float, float]:
    """Mean and standard deviation of the change of strength in a year."""
    side = "Russia"
    force = Force(
        strength=2_000_000, as_of=date(2026, 1, 1), side=side, basis=StrengthBasis.COMMITTED
    )
    future = project(
        force,
        losses=LossProcess(
            level=about(40_000, sd=2_000),
            per=Per.MONTH,
            category=Category.IRRECOVERABLE,
            side=side,
            variation=variation,
        ),
        recruitment=IntakeProcess(level=30_000, per=Per.MONTH, side=side, variation=variation),
        until=date(2027, 1, 1),
        step=step,
        draws=draws,
    )
    end = future.strength(date(2027, 1, 1)).summary()
    return end.mean - 2_000_000, end.std


def closed(variation: Variation) -> tuple[float, float]:
    """The same by the covariances of lognormal factors, for a clock of months."""
    lags = [abs(i - j) for i in range(12) for j in range(12)]
    lasting, passing = variation.lasting_sd**2, variation.passing_sd**2
    noise = math.fsum(
        math.expm1(lasting * variation.persistence**lag + passing * (lag == 0)) for lag in lags
    )
    level = 2_000.0**2 * (144.0 + noise)
    return -120_000.0, math.sqrt(level + (40_000.0**2 + 30_000.0**2) * noise)


def far(cells: int) -> float:
    """So many standard errors are passed by the largest of the cells as four are by one."""
    tail = statistics.NormalDist().cdf(-4.0)
    return -statistics.NormalDist().inv_cdf(tail / cells)


def truths(future: Projection, futures: int) -> FloatArray:
    """Strength in so many futures, shape (dates, futures)."""
    return future.paths(futures, rng=SEED).strength


def coverage(future: Projection, truth: FloatArray) -> list[Cell]:
    """How many of the true futures (dates, futures) the intervals of a projection hold."""
    last = len(future.dates) - 1
    places = {"first third": max(1, last // 3), "middle": max(1, last // 2), "end": last}
    futures = truth.shape[1]
    cells = []
    for confidence in CONFIDENCES:
        intervals = future.interval(confidence)
        error = math.sqrt(confidence * (1.0 - confidence) / futures)
        for when, place in places.items():
            low, high = intervals[place]
            inside = float(((truth[place] >= low) & (truth[place] <= high)).mean())
            cells.append(Cell(when, confidence, inside, (inside - confidence) / error))
    return cells


def by_steps() -> None:
    """A table of variations and steps."""
    rows = []
    for name, variation in VARIATIONS.items():
        found = {step: yearly(variation, step) for step in STEPS}
        rows += [
            [
                name,
                step.name,
                f"{mean:,.0f}",
                f"{sd:,.0f}",
                f"{(sd / found[Per.MONTH][1]) ** 2:.4f}",
            ]
            for step, (mean, sd) in found.items()
        ]
    mean, sd = closed(VARIATIONS["monthly"])
    rows.append(["monthly", "closed form", f"{mean:,.0f}", f"{sd:,.0f}", ""])
    header = ["clock", "step", "mean", "sd", "variance / that by months"]
    show("change of strength in a year, 2 per cent of variance asked", header, rows)


def of_intervals(futures: int) -> None:
    """A table of models, and the farthest cell of all."""
    every = cases()
    models = {
        "two hills": two_hills().future(),
        "benchmark": benchmark().future(),
        **{f"random {number}": every[number - 1].future("auto") for number in RANDOM},
    }
    found: dict[str, Sequence[Cell]] = {
        name: coverage(future, truths(future, futures)) for name, future in models.items()
    }
    rows = [
        [name, cell.when, f"{cell.confidence:.0%}", f"{cell.inside:.4f}", f"{cell.errors:+.1f}"]
        for name, cells in found.items()
        for cell in cells
    ]
    show(f"{futures:,} futures", ["model", "date", "stated", "inside", "errors"], rows)
    worst = max(abs(cell.errors) for cells in found.values() for cell in cells)
    bound = far(len(rows))
    print(f"farthest of {len(rows)} cells: {worst:.1f} standard errors, at most {bound:.1f} asked")


def main() -> None:
    """Both tables."""
    by_steps()
    of_intervals(int(sys.argv[1]) if len(sys.argv) > 1 else FUTURES)


if __name__ == "__main__":
    main()
