"""Clocks, memory and errors for the benches of projections."""

import functools
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
    """
    The median times of the runs and what each run gave.

    Attributes:
        seconds: Of a call among others.

        first: Of the first call of a run, with the caches of the machine full of other work.

        answers: Of the first call of each run.
    """

    seconds: float
    first: float
    answers: list[T]


def interleaved(
    ways: Mapping[str, Callable[[int], T]],
    runs: int = RUNS,
    *,
    at_least: float = 0.0,
    before: Callable[[], object] = lambda: None,
) -> dict[str, Timed[T]]:
    """
    Every way in turn, each run with a seed of its own: a busy minute falls on all alike.

    Args:
        ways: By name; each takes a seed.

        runs: How often each has its turn.

        at_least: Seconds of a turn: what takes less is called again, and the time of a call is the
            median of all after the first.

        before: Called before each turn.
    """
    turns: dict[str, list[_Turn[T]]] = {name: [] for name in ways}
    for run in range(runs):
        for name, way in ways.items():
            turns[name].append(_turn(functools.partial(way, SEED + run), at_least, before))
    return {
        name: Timed(
            statistics.median(turn.seconds for turn in mine),
            statistics.median(turn.first for turn in mine),
            [turn.answer for turn in mine],
        )
        for name, mine in turns.items()
    }


class _Turn(NamedTuple, Generic[T]):
    """Seconds of a call, of the first one, and its answer."""

    seconds: float
    first: float
    answer: T


def _turn(way: Callable[[], T], at_least: float, before: Callable[[], object]) -> _Turn[T]:
    before()
    began = time.perf_counter()
    answer = way()
    first = taken = time.perf_counter() - began
    calls: list[float] = []
    while taken < at_least:
        began = time.perf_counter()
        way()
        calls.append(time.perf_counter() - began)
        taken += calls[-1]
    return _Turn(statistics.median(calls) if calls else first, first, answer)


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
