"""
Simulation-based calibration: worlds drawn from the prior, and where their posterior has them.

If a posterior is right, the probability that it gives to less than the truth is uniform over worlds
drawn from the prior, each with claims drawn from that world.

A posterior that leaves a claim out is uniform too in everything that depends on the unknowns alone;
so the misses of the claims, which depend on what was claimed, are asked for as well.

References:
    Talts, S. et al. (2018). Validating Bayesian inference algorithms with simulation-based
    calibration. arXiv:1804.06788

    Modrak, M. et al. (2023). Simulation-based calibration checking for Bayesian computation: the
    choice of test quantities shapes sensitivity. doi:10.1214/23-BA1404
"""

from collections.abc import Callable

import numpy as np
from scipy import special, stats

from attrition._typing import FloatArray
from attrition.evidence import Claim
from attrition.evidence.conditioning import condition, triangular
from attrition.evidence.linear import Linear
from attrition.evidence.statements import problem_of
from attrition.uncertain import Uncertain, about, between, correlate, log
from attrition.uncertain.forms import linear_form
from attrition.uncertain.node import in_order
from attrition.uncertain.normals import as_normal

__all__ = ["BUGS", "REPLICATES", "SEEDS", "SURE", "exact_places", "p_values"]

REPLICATES = 5_000

SEEDS = tuple(range(20260101, 20260111))

SURE = 1e-4
"""A p-value below this one is a fault."""

_BINS = 20

Pair = tuple[FloatArray, FloatArray]


class Model:
    """Losses and recruits that go together, and losses that divide, with what is said of them."""

    def __init__(self, r: float) -> None:
        """With the correlation ``r`` between the normal scores of losses and recruits."""
        pair = [about(31_000, sd=5_000), about(35_000, sd=4_000)]
        self.lost, self.joined = correlate(pair, normal_scores=r)
        self.killed = between(5_000, 20_000, confidence=0.9, family="lognormal")
        self.ratio = between(1.3, 3.4, confidence=0.9, family="lognormal")
        self.claims = [
            Claim(
                relation=self.lost - self.joined,
                value=about(9_000, sd=3_000),
                scale="difference",
                name="gap",
            ),
            Claim(
                relation=self.joined,
                value=about(30_000, sd=3_500),
                scale="difference",
                name="joined",
            ),
            Claim(
                relation=self.killed * self.ratio,
                value=between(15_000, 25_000, confidence=0.9, family="lognormal"),
                scale="log",
                name="wounded",
            ),
        ]

    @property
    def quantities(self) -> dict[str, Uncertain]:
        """What the claims are about."""
        return {
            "lost": self.lost,
            "joined": self.joined,
            "killed": self.killed,
            "ratio": self.ratio,
        }

    @property
    def asked(self) -> list[Uncertain]:
        """What the calibration looks at, all normal."""
        wounded = log(self.killed) + log(self.ratio)
        plain = [self.lost, self.joined, self.lost - self.joined, self.lost + self.joined]
        return [*plain, log(self.killed), log(self.ratio), wounded]

    @property
    def relations(self) -> list[Uncertain]:
        """What the claims are on, each on its scale."""
        return [self.lost - self.joined, self.joined, log(self.killed) + log(self.ratio)]

    def linear(self) -> Linear:
        """The claims in normal scores."""
        linear = problem_of(self.quantities, self.claims).linear
        assert linear is not None
        return linear


def _rows(numbers: list[Uncertain], linear: Linear) -> FloatArray:
    """Numbers as weights of the scores, their constants left out."""
    place = {leaf.uid: i for i, leaf in enumerate(linear.leaves)}
    rows = np.zeros((len(numbers), len(place)))
    for row, number in zip(rows, numbers, strict=True):
        for atom in linear_form(in_order([number.node])).atoms:
            law = as_normal(atom)
            assert law is not None
            row[place[atom.node.uid]] = atom.weight * law.sd
    return rows


def _plain(mean: FloatArray, sd: FloatArray) -> Pair:
    return mean, sd


BUGS: dict[str, Callable[[FloatArray, FloatArray], Pair]] = {
    "none": _plain,
    "sd x 0.9": lambda mean, sd: (mean, 0.9 * sd),
    "mean + 0.1 sd": lambda mean, sd: (mean + 0.1 * sd, sd),
    "one claim dropped": _plain,
    "correlation sign flipped": _plain,
}
"""What is planted into the posterior."""


def exact_places(bug: str, seed: int, replicates: int = REPLICATES) -> FloatArray:
    """Where the closed form has the truth and what the claims miss, shape (asked, replicates)."""
    truth, analyst = Model(0.6), Model(-0.6 if bug == "correlation sign flipped" else 0.6)
    world, model = truth.linear(), analyst.linear()
    # A world and what is claimed in it: errors of measurement are scores of the values, and the
    # figures claimed are those that close the gaps.
    z = np.random.default_rng(seed).standard_normal((len(world.leaves), replicates))
    constants = -world.weights @ z
    used = slice(None, -1 if bug == "one claim dropped" else None)
    given = condition(model.weights[used], constants[used])

    def posterior(rows: FloatArray) -> Pair:
        sd = np.linalg.norm(rows @ triangular(given.free), axis=1)[:, None]
        return BUGS[bug](rows @ given.mean, sd)

    mean, sd = posterior(_rows(analyst.asked, model))
    plain = special.ndtr((_rows(truth.asked, world) @ z - mean) / sd)
    miss, sd = posterior(_rows(analyst.relations, model))
    size = np.abs(_rows(truth.relations, world) @ z + constants)
    misses = special.ndtr((size - miss - constants) / sd)
    misses -= special.ndtr((-size - miss - constants) / sd)
    return np.concatenate([plain, misses])


def p_values(places: FloatArray) -> FloatArray:
    """Of chi-square in twenty bins and of Kolmogorov and Smirnov, shape (asked, 2)."""
    counts = [np.histogram(row, _BINS, (0.0, 1.0))[0] for row in places]
    return np.array(
        [
            (stats.chisquare(count).pvalue, stats.kstest(row, "uniform").pvalue)
            for count, row in zip(counts, places, strict=True)
        ]
    )
