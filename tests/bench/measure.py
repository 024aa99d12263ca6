"""Clocks, memory and errors for the benches of projections."""

import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from attrition.words import text_table

__all__ = ["RUNS", "SEED", "Timed", "interleaved", "peak_of", "rms", "show", "worth"]

RUNS = 7
SEED = 20_260_101

T = TypeVar("T")


class Timed(NamedTuple, Generic[T]):
    """The median seconds of the runs and what each run gave."""

    seconds: float
    answers: list[T]


def interleaved(ways: Mapping[str, Callable[[int], T]], runs: int = RUNS) -> dict[str, Timed[T]]:
    """Every way in turn, each run with a seed of its own: a busy minute falls on all alike."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    answers: dict[str, list[T]] = {name: [] for name in ways}
    for run in range(runs):
        for name, way in ways.items():
            began = time.perf_counter()
            answers[name].append(way(SEED + run))
            times[name].append(time.perf_counter() - began)
    return {name: Timed(statistics.median(times[name]), answers[name]) for name in ways}


def peak_of(call: Callable[[], object]) -> float:
    """The most memory that was held at one time, in megabytes."""
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def rms(values: npt.ArrayLike) -> float:
    """The root of the mean square over figures and runs."""
    return float(np.sqrt(np.mean(np.square(np.asarray(values, dtype=np.float64)))))


def worth(gaps: npt.ArrayLike, scales: npt.ArrayLike) -> float:
    """
    How many independent draws have errors as large as these.

    Args:
        gaps: Errors that were found, shape (runs, figures...).

        scales: The standard error of each figure from one draw; of n draws it is this / sqrt(n).
    """
    return 1.0 / max(rms(np.asarray(gaps) / np.asarray(scales)) ** 2, 1e-12)


def show(title: str, header: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """A table under its title."""
    print(f"\n{title}\n{text_table(list(header), [list(row) for row in rows])}")
