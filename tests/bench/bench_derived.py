"""
Sixteen derived numbers by the library, by a million draws of numpy, and by two other packages.

Prints how far the quantiles at seven probabilities are off, as a share of the interquartile
range, and the median time of seven runs, from building the expression to the quantiles: on the
wall and of the processor. Run it from the repository with ``python -m tests.bench.bench_derived``;
with ``--table`` it prints the table of docs/explanation/peers.md.

squigglepy and uncertainties are no dependencies of the project: install them beside it, for
example with ``pip install squigglepy uncertainties``; what is absent is left out. squigglepy is
used by hand: samples of every unknown, then numpy, since a number that enters its expressions
twice is drawn twice. uncertainties knows a mean, a standard deviation and slopes; its quantiles
are those of a normal number, and what is no smooth formula it does not have.
"""

import importlib
import math
import statistics
import sys
import time
from collections.abc import Callable
from types import ModuleType
from typing import NamedTuple, Protocol, TypeAlias, cast

import numpy as np
from scipy import special

from tests.derived import DERIVED, Derived, P
from tests.derived_plain import (
    DEAD,
    FORMULAS,
    LOST,
    SCORES,
    Gamma,
    Pert,
    Plain,
    Scored,
    Values,
    draws_of,
)
from tests.derived_references import REFERENCES

RUNS = 7
DRAWS = 1_000_000
SEED = 20_260_101

NOT_SMOOTH = {"maximum", "conditional", "mixture", "clipped"}
"""What linear propagation has no slope for."""

TARGETS = {2: (10.0, 1e-6, 1e-6)}
"""Milliseconds and errors inside and outside for two unknowns; for more, the next line."""

TARGET = (30.0, 1e-3, 5e-3)

Way: TypeAlias = Callable[[Derived, int], Values]
"""The quantiles of a number, from the number and a seed."""


class Linear(Protocol):
    """A number of the package uncertainties."""

    nominal_value: float
    std_dev: float


class Measured(NamedTuple):
    """The largest error at .25 to .75 and at all probabilities, and milliseconds."""

    inside: float
    outside: float
    wall: float
    processor: float


def by_library(derived: Derived, _: int) -> Values:
    """The library."""
    return np.asarray(derived.make().ppf(P))


def by_numpy(derived: Derived, seed: int) -> Values:
    """A million draws of numpy."""
    return np.quantile(draws_of(derived.name, np.random.default_rng(seed), DRAWS), P)


def by_squigglepy(package: ModuleType) -> Way:
    """A million samples of squigglepy for each unknown."""

    def sampled(unknown: Plain) -> Values:
        if isinstance(unknown, Scored):
            normal = package.norm(mean=unknown.centre, sd=unknown.sd)
            if unknown.scale == "log":
                normal = package.lognorm(norm_mean=unknown.centre, norm_sd=unknown.sd)
            values = np.asarray(package.sample(normal, DRAWS))
            return np.asarray(special.expit(values)) if unknown.scale == "log odds" else values
        if isinstance(unknown, Gamma):
            return np.asarray(package.sample(package.gamma(unknown.shape, unknown.scale), DRAWS))
        if isinstance(unknown, Pert):
            law = package.pert(unknown.low, unknown.mode, unknown.high)
            return np.asarray(package.sample(law, DRAWS))
        return np.asarray(package.sample(package.uniform(0, 1), DRAWS))

    def way(derived: Derived, seed: int) -> Values:
        package.set_seed(seed)
        formula, unknowns = FORMULAS[derived.name]
        return np.quantile(formula(*map(sampled, unknowns)), P)

    return way


def by_uncertainties(package: ModuleType) -> Way:
    """Linear propagation of means and standard deviations."""

    def correlated() -> Linear:
        first, second = (moments(unknown) for unknown in (LOST, DEAD))
        # Of a normal and a lognormal number whose scores have the correlation.
        tie = SCORES * DEAD.sd / math.sqrt(math.expm1(DEAD.sd**2))
        matrix = [[1.0, tie], [tie, 1.0]]
        one, other = package.correlated_values_norm([first, second], matrix)
        total: Linear = one + other
        return total

    def way(derived: Derived, _: int) -> Values:
        formula, unknowns = FORMULAS[derived.name]
        numbers = [package.ufloat(*moments(unknown)) for unknown in unknowns]
        if derived.name == "correlated sum":
            found = correlated()
        else:
            # Formulas are typed for arrays, and take these numbers as well.
            found = cast("Linear", formula(*numbers))
        return np.asarray(found.nominal_value + found.std_dev * special.ndtri(P))

    return way


def moments(unknown: Plain) -> tuple[float, float]:
    """Mean and standard deviation."""
    values, weights = unknown.gauss(40)
    mean = float(weights @ values)
    return mean, math.sqrt(float(weights @ (values - mean) ** 2))


def ways() -> dict[str, Way | None]:
    """Every way, None where its package is absent."""
    found: dict[str, Way | None] = {"attrition": by_library, "numpy": by_numpy}
    for name, make in (("squigglepy", by_squigglepy), ("uncertainties", by_uncertainties)):
        try:
            found[name] = make(importlib.import_module(name))
        except ModuleNotFoundError:
            found[name] = None
    return found


def measured(way: Way, derived: Derived) -> Measured:
    """Medians of seven runs, each with a seed of its own."""
    true = np.array(REFERENCES[derived.name])
    spread = true[P.index(0.75)] - true[P.index(0.25)]
    inside, outside, wall, processor = [], [], [], []
    for run in range(RUNS):
        began = time.perf_counter(), time.process_time()
        found = way(derived, SEED + run)
        wall.append(1e3 * (time.perf_counter() - began[0]))
        processor.append(1e3 * (time.process_time() - began[1]))
        off = np.abs(found - true) / spread
        inside.append(float(off[2:5].max()))
        outside.append(float(off.max()))
    return Measured(*map(statistics.median, (inside, outside, wall, processor)))


def line(name: str, found: Measured, against: Measured) -> str:
    """One way, with its time beside that of numpy."""
    return (
        f"  {name:14}{found.inside:9.0e}{found.outside:9.0e}"
        f"{found.wall:9.2f} ms{found.processor:9.2f} ms{found.wall / against.wall:8.3f}x"
    )


def cell(found: Measured | None) -> str:
    """One way in a table: the largest error, and milliseconds of the processor."""
    if found is None:
        return ""
    digits = 1 if found.processor < 9.95 else 0
    return f"{found.outside:.0e}, {found.processor:.{digits}f}".replace("e-0", "e-")


def measure(derived: Derived, found: dict[str, Way | None]) -> dict[str, Measured | None]:
    """All ways, None for one that is not installed or cannot say it."""
    cannot = {"uncertainties"} if derived.name in NOT_SMOOTH else set()
    return {
        name: None if way is None or name in cannot else measured(way, derived)
        for name, way in found.items()
    }


def report(derived: Derived, results: dict[str, Measured | None], *, installed: set[str]) -> None:
    """The lines of one number."""
    number, true = derived.make(), REFERENCES[derived.name]
    stated = number.summary().error / (true[P.index(0.75)] - true[P.index(0.25)])
    print(f"\n{derived.name}: {derived.unknowns} unknowns, {number.method}, states {stated:.0e}")
    plain = results["numpy"]
    for name, found in results.items():
        if found is None or plain is None:
            print(f"  {name:14}{'cannot say it' if name in installed else 'not installed'}")
        else:
            print(line(name, found, plain))


def missed(derived: Derived, own: Measured | None) -> bool:
    """Whether the library is slower or less accurate than it should be."""
    milliseconds, inside, outside = TARGETS.get(derived.unknowns, TARGET)
    return own is None or not (
        own.inside <= inside and own.outside <= outside and own.processor <= milliseconds
    )


def main(*, table: bool) -> None:
    """All numbers, and those that miss a target; or one table in Markdown."""
    found = ways()
    installed = {name for name, way in found.items() if way is not None}
    names = list(found)
    if table:
        print(f"| | unknowns | {' | '.join(names)} |\n|{'---|' * (len(names) + 2)}")
    else:
        print(f"{'':16}{'.25-.75':>9}{'.01-.99':>9}{'wall':>9}{'processor':>15}{'/ numpy':>12}")
    late = []
    for derived in DERIVED:
        results = measure(derived, found)
        if table:
            cells = " | ".join(map(cell, results.values()))
            print(f"| {derived.name} | {derived.unknowns} | {cells} |", flush=True)
        else:
            report(derived, results, installed=installed)
        if missed(derived, results["attrition"]):
            late.append(derived.name)
    print(f"\nmissed: {', '.join(late) or 'none'}")


if __name__ == "__main__":
    main(table="--table" in sys.argv[1:])
