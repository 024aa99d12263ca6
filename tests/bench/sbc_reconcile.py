"""
Calibrate both routes of ``reconcile`` by simulation, with and without planted bugs.

Run it with ``python -m tests.bench.sbc_reconcile``; it takes about two minutes of a core and
prints the smallest p-value of all that is asked, for every bug and seed. Without a bug it must
stay above 1e-4; a bug is caught where it falls below.

The closed form is run with ten seeds and 5,000 worlds each, as in tests/evidence/test_sbc.py. The
weighted worlds are run on a nonlinear model with one seed and 2,000 worlds, or as many as the
command line says; the two bugs that cost a run of their own get fewer.

References:
    Talts, S. et al. (2018). Validating Bayesian inference algorithms with simulation-based
    calibration. arXiv:1804.06788
"""

import sys
import time

import numpy as np

from attrition._typing import FloatArray
from attrition.evidence import Claim
from attrition.evidence.statements import problem_of
from attrition.evidence.worlds import worlds_given
from attrition.uncertain import Uncertain, about, between, correlate, draws, share
from attrition.uncertain.families import LogNormal
from attrition.uncertain.leaf import new_leaf
from tests.evidence.calibration import BUGS, REPLICATES, SEEDS, exact_places, p_values

__all__ = ["Nonlinear", "weighed_places"]

_WORLDS = 2_000

_FEWER = {"one claim dropped": 200, "correlation sign flipped": 1_000}

_TOTAL_SD, _LEFT_SIGMA = 2_500.0, 0.17


class Nonlinear:
    """Losses that divide, with what is said of all of them and of those lost for good."""

    def __init__(self, r: float) -> None:
        """With the correlation ``r`` between the normal scores of killed and ratio."""
        killed = between(5_000, 20_000, confidence=0.9, family="lognormal")
        ratio = between(1.3, 3.4, confidence=0.9, family="lognormal")
        self.killed, self.ratio = correlate([killed, ratio], normal_scores=r)
        self.returned = share(0.4, 0.7, confidence=0.9)
        self.total = self.killed * (1 + self.ratio)
        self.left = self.killed * self.ratio * (1 - self.returned)

    @property
    def asked(self) -> list[Uncertain]:
        """What the calibration looks at; the last two are what the claims are on."""
        return [self.killed, self.ratio, self.returned, self.total, self.left]

    def claims(self, total: float, left: float) -> list[Claim]:
        """What is said in a world."""
        return [
            Claim(relation=self.total, value=about(total, sd=_TOTAL_SD), scale="difference"),
            Claim(
                relation=self.left, value=new_leaf(LogNormal(left, _LEFT_SIGMA), None), scale="log"
            ),
        ]


def weighed_places(bugs: list[str], seed: int, replicates: int) -> dict[str, FloatArray]:
    """By bug, where weighted worlds have the truth and the misses, shape (asked, replicates)."""
    flipped, dropped = "correlation sign flipped" in bugs, "one claim dropped" in bugs
    truth, analyst = Nonlinear(0.6), Nonlinear(-0.6 if flipped else 0.6)
    rng = np.random.default_rng(seed)
    worlds = np.array(draws(*truth.asked, n=replicates, rng=rng))
    totals = worlds[3] + _TOTAL_SD * rng.standard_normal(replicates)
    lefts = worlds[4] * np.exp(_LEFT_SIGMA * rng.standard_normal(replicates))
    names = {f"{i}": number for i, number in enumerate(analyst.asked)}
    found: dict[str, list[FloatArray]] = {bug: [] for bug in bugs}
    for world, total, left in zip(worlds.T, totals, lefts, strict=True):
        claims = analyst.claims(total, left)[: 1 if dropped else 2]
        nodes = [number.node for number in analyst.asked]
        given = worlds_given(problem_of(names, claims).statements, nodes)
        assert given is not None
        values = np.array(given.of(nodes))
        for bug in bugs:
            found[bug].append(_places(bug, values, given.weights, world, np.array([total, left])))
    return {bug: np.array(rows).T for bug, rows in found.items()}


def _places(
    bug: str, values: FloatArray, weights: FloatArray, world: FloatArray, claimed: FloatArray
) -> FloatArray:
    keep = weights > 0.0
    values, weights = values[:, keep], weights[keep]
    mean = (values @ weights)[:, None]
    sd = np.sqrt(np.square(values - mean) @ weights)[:, None]
    centre, spread = BUGS[bug](mean, sd)
    values = centre + (values - mean) * spread / sd
    misses = np.abs(values[3:] - claimed[:, None])
    true_misses = np.abs(world[3:] - claimed)
    below = np.concatenate([values <= world[:, None], misses <= true_misses[:, None]])
    return np.asarray(below @ weights, dtype=np.float64)


def main() -> None:
    """Print both tables."""
    start = time.perf_counter()
    print(f"closed form, {REPLICATES:,} worlds a seed")
    for bug in BUGS:
        least = [p_values(exact_places(bug, seed)).min() for seed in SEEDS]
        caught = sum(p < 1e-4 for p in least)
        print(
            f"  {bug:25s} caught {caught:2d} of {len(SEEDS)}  "
            f"largest {max(least):.1e}  smallest {min(least):.1e}"
        )
    print(f"weighted worlds, seed {SEEDS[0]}")
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else _WORLDS
    runs = [(["none", "sd x 0.9", "mean + 0.1 sd"], worlds)]
    runs += [([bug], replicates) for bug, replicates in _FEWER.items()]
    for bugs, replicates in runs:
        for bug, places in weighed_places(bugs, SEEDS[0], replicates).items():
            found = p_values(places)
            print(f"  {bug:25s} {replicates:5,} worlds  smallest {found.min():.1e} of {found.size}")
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
