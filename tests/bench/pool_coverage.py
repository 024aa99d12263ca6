"""
How often 90 % intervals of pooled estimates hold the truth, by simulation.

Prints a table of coverage by method, number of estimates and spread between sources; one for
errors with a common part; and the bias of pooling multiplicative errors on the natural scale.
Run it from the repository with ``python -m tests.bench.pool_coverage [replicates]``.
"""

import math
import sys
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np

from attrition._typing import FloatArray
from attrition.evidence import dependent, meta
from attrition.uncertain.scores import probability_of, score_of

SEED = 20260101
REPLICATES = 200_000
COUNTS = (3, 5, 10)
TAUS = (0.0, 1.0)
"""Standard deviation of the true values between sources; the stated ones are around 1."""

COMMON = 0.3
"""The correlation of errors in the table of dependent errors."""

CONFIDENCE = 0.9
Z = float(score_of(np.array(0.5 + 0.5 * CONFIDENCE)))


Estimator: TypeAlias = Callable[[FloatArray, FloatArray], FloatArray]
"""From estimates and variances to the variance between sources."""


class Trial(NamedTuple):
    """Estimates of a number that is 0: values and variances, shape (estimates, replicates)."""

    y: FloatArray
    v: FloatArray


def stated_sd(k: int) -> FloatArray:
    """Unequal standard deviations, from 0.5 to 2 in equal ratios."""
    return np.geomspace(0.5, 2.0, k)[:, None]


def trial(k: int, tau: float, n: int, *, common: float = 0.0, seed: int = SEED) -> Trial:
    """Normal errors, with a common part of a given correlation, around true values."""
    rng = np.random.default_rng(seed)
    own, shared = rng.standard_normal((k, n)), rng.standard_normal(n)
    scores = math.sqrt(1.0 - common) * own + math.sqrt(common) * shared
    between = tau * rng.standard_normal((k, n))
    sd = np.broadcast_to(stated_sd(k), (k, n))
    return Trial(between + sd * scores, np.square(sd))


def _by_score(centre: FloatArray, variance: FloatArray, reach: float = Z) -> float:
    return float(np.mean(np.abs(centre) <= reach * np.sqrt(variance)))


def linear(y: FloatArray, v: FloatArray) -> float:
    """The truth is between the 5 and 95 % quantiles of the mixture."""
    below = probability_of(-y / np.sqrt(v)).mean(axis=0)
    return float(np.mean(np.abs(below - 0.5) <= 0.5 * CONFIDENCE))


def log(y: FloatArray, v: FloatArray) -> float:
    """Of normals the log pool is the fixed one with the variance times their number."""
    found = meta.fixed(y, v)
    return _by_score(found.centre, y.shape[0] * found.variance)


def fixed(y: FloatArray, v: FloatArray) -> float:
    """Inverse variances."""
    found = meta.fixed(y, v)
    return _by_score(found.centre, found.variance)


def wald(estimator: Estimator) -> Callable[..., float]:
    """A random-effects pool taken for normal."""

    def covered(y: FloatArray, v: FloatArray) -> float:
        found = meta.fixed(y, v + estimator(y, v))
        return _by_score(found.centre, found.variance)

    return covered


def student(estimator: Estimator, least: float) -> Callable[..., float]:
    """A random-effects pool with the interval of Hartung and Knapp; modified with least 1."""
    from scipy.stats import t

    def covered(y: FloatArray, v: FloatArray) -> float:
        whole = v + estimator(y, v)
        found = meta.fixed(y, whole)
        factor = np.maximum(meta.scale_of_student(y, whole), least)
        reach = float(t.ppf(0.5 + 0.5 * CONFIDENCE, y.shape[0] - 1))
        return _by_score(found.centre, factor * found.variance, reach)

    return covered


def tied(y: FloatArray, v: FloatArray, common: float) -> float:
    """Generalised least squares with the true correlation."""
    k, sd = y.shape[0], np.sqrt(v[:, 0])
    matrix = np.where(np.eye(k, dtype=bool), 1.0, common)
    found = dependent.generalised(np.zeros(k), sd, matrix)
    return _by_score(found.weights @ y, found.variance)


def intersected(y: FloatArray, v: FloatArray) -> float:
    """Covariance intersection: the most precise estimate alone."""
    found = dependent.intersected(np.zeros(y.shape[0]), v[:, 0])
    return _by_score(found.weights @ y, found.variance)


METHODS: dict[str, Callable[..., float]] = {
    "linear": linear,
    "log": log,
    "fixed": fixed,
    "conservative": intersected,
    "random, DerSimonian-Laird, normal": wald(meta.dersimonian_laird),
    "random, Paule-Mandel, normal": wald(meta.paule_mandel),
    "random, DerSimonian-Laird, Hartung-Knapp": student(meta.dersimonian_laird, 0.0),
    "random, DerSimonian-Laird, modified": student(meta.dersimonian_laird, 1.0),
    "random, Paule-Mandel, modified": student(meta.paule_mandel, 1.0),
}


def multiplied(n: int, *, k: int = 6, cv: float = 0.3, seed: int = SEED) -> Trial:
    """Estimates of 1 with multiplicative errors of mean one, each stated as cv times itself."""
    rng = np.random.default_rng(seed)
    sigma = math.sqrt(math.log1p(cv * cv))
    y = np.exp(sigma * rng.standard_normal((k, n)) - 0.5 * sigma**2)
    return Trial(y, np.square(cv * y))


def on_the_natural_scale(errors: Trial) -> tuple[float, float]:
    """Mean and coverage of the fixed pool, where the truth is 1."""
    found = meta.fixed(*errors)
    return float(found.centre.mean()), _by_score(found.centre - 1.0, found.variance)


def on_the_log_scale(errors: Trial) -> tuple[float, float]:
    """Median and coverage of the fixed pool of logarithms, where the truth is 1."""
    sigma2 = np.log1p(errors.v / np.square(errors.y))
    # The truth is y / error, and the logarithm of an error of mean one has the mean -sigma^2 / 2.
    found = meta.fixed(np.log(errors.y) + 0.5 * sigma2, sigma2)
    return float(np.exp(np.median(found.centre))), _by_score(found.centre, found.variance)


def main(n: int) -> None:
    """Print the tables."""
    header = "".join(f"{f'k={k}, tau={tau:g}':>14}" for tau in TAUS for k in COUNTS)
    print(f"{'independent errors':42}{header}")
    trials = [trial(k, tau, n) for tau in TAUS for k in COUNTS]
    for name, covered in METHODS.items():
        print(f"{name:42}" + "".join(f"{covered(*one):14.3f}" for one in trials))
    print(f"\n{f'errors with a correlation of {COMMON:g}':42}{header}")
    trials = [trial(k, tau, n, common=COMMON) for tau in TAUS for k in COUNTS]
    for name in ("fixed", "conservative"):
        print(f"{name:42}" + "".join(f"{METHODS[name](*one):14.3f}" for one in trials))
    print(f"{'dependent':42}" + "".join(f"{tied(*one, COMMON):14.3f}" for one in trials))
    errors = multiplied(n)
    natural, by_log = on_the_natural_scale(errors), on_the_log_scale(errors)
    print("\nsix multiplicative errors of mean one with a coefficient of variation of 0.3, truth 1")
    print(f"natural scale: mean {natural[0]:.3f}, coverage {natural[1]:.3f}")
    print(f"log scale: median {by_log[0]:.3f}, coverage {by_log[1]:.3f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else REPLICATES)
