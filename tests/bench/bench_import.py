"""
What ``import attrition`` costs beside ``import numpy, attrs``, in pairs of fresh interpreters.

Prints the median ratio of the pairs, with and without the start of the interpreter itself, for
the import alone, which loads no wing, and for the first use of uncertain numbers and of
projections, which load what they need. Run it from the repository with
``python -m tests.bench.bench_import [pairs]``.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import attrition

PAIRS = 15
LIGHT = "import numpy, attrs"
OURS = "import attrition"
USES = (OURS, "from attrition import about", "from attrition import project")


class Cost(NamedTuple):
    """Seconds of one fresh interpreter: in all, and for the import alone."""

    whole: float
    inside: float


def cost(statement: str) -> Cost:
    """The cost of a statement in an interpreter of its own."""
    where = str(Path(attrition.__file__).parents[1])
    code = (
        f"import sys, time; sys.path.insert(0, {where!r}); start = time.perf_counter(); "
        f"{statement}; print(time.perf_counter() - start)"
    )
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return Cost(time.perf_counter() - start, float(done.stdout))


def main(pairs: int) -> None:
    """Print the median costs and ratios."""
    for use in USES:
        cost(use), cost(LIGHT)  # What is compiled once is not part of an import.
        found = [(cost(use), cost(LIGHT)) for _ in range(pairs)]
        for part in Cost._fields:
            ours, light = ([getattr(side[i], part) for side in found] for i in (0, 1))
            ratio = statistics.median(a / b for a, b in zip(ours, light, strict=True))
            print(
                f"{part}: {use} {1e3 * statistics.median(ours):.0f} ms, "
                f"{LIGHT} {1e3 * statistics.median(light):.0f} ms, ratio {ratio:.2f}"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PAIRS)
