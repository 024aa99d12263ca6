"""
Draws from a table against draws by the quantiles themselves, in one run.

Prints, for a few laws, the time of one block of draws either way, their ratio, and the largest
error of the table in probability. Run it from the repository with
``python -m tests.bench.bench_tables``.
"""

import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from scipy import stats

from attrition._typing import FloatArray
from attrition.uncertain.families import Normal
from attrition.uncertain.law import Law, open_unit
from attrition.uncertain.mixed import MixtureLaw
from attrition.uncertain.quantile_table import placed
from attrition.uncertain.scipy_law import from_scipy
from attrition.uncertain.shape_laws import Pert
from attrition.uncertain.stream import BLOCK
from attrition.uncertain.truncate import Truncated

RUNS = 7

LAWS: dict[str, Law] = {
    "uniform": from_scipy(stats.uniform()),
    "lognorm": from_scipy(stats.lognorm(0.4)),
    "gamma": from_scipy(stats.gamma(4, scale=9_000)),
    "beta": from_scipy(stats.beta(2.3, 0.63)),
    "nct": from_scipy(stats.nct(14, 0.24)),
    "poisson": from_scipy(stats.poisson(31_680)),
    "pert": Pert(8.0, 10.0, 15.0),
    "truncated gamma": Truncated(from_scipy(stats.gamma(4)), 1.0, 5.0),
    "mixture": MixtureLaw((0.4, 0.6), (Normal(0.0, 1.0), Normal(2.0, 0.5))),
}


def seconds(work: Callable[[], FloatArray]) -> float:
    """The median time of a few runs."""
    found = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def main() -> None:
    """Print a line for each law."""
    u = open_unit(np.random.default_rng(20260101).random(BLOCK))
    print(f"{BLOCK:,} draws      by quantiles    by table   ratio   error in probability")
    for name, law in LAWS.items():
        slow = seconds(partial(law.ppf, u))
        fast = seconds(partial(placed, law, u))
        x = placed(law, u)
        error = float(np.maximum(u - law.cdf(x), law.below(x) - u).max())
        times = f"{1e3 * slow:10.2f} ms {1e3 * fast:8.2f} ms {slow / fast:7.1f}"
        print(f"{name:16s} {times}   {error:.0e}")


if __name__ == "__main__":
    main()
