"""
Make the reference of tests/evidence/test_reconcile.py: a nonlinear posterior by rejection.

Run it with ``python -m tests.bench.reference_reconcile``; it takes a minute or two and prints means
and standard deviations with their standard errors.

Worlds are drawn from the prior and kept with the probability density of what was claimed, over its
maximum, so what is kept is the posterior itself: no weights, no proposal, no lattice, and nothing
of the library but the figures.
"""

import math

import numpy as np

from attrition._typing import FloatArray

__all__ = ["LEFT", "SCORE", "kept_worlds"]

SCORE = 1.6448536269514722
"""The normal score of 95 per cent."""

LEFT = ("killed", "wounded_per_killed", "returned", "total")
"""What is asked of the worlds."""

_DRAWS, _BLOCK = 300_000_000, 2_000_000


def _lognormal(rng: np.random.Generator, low: float, high: float, n: int) -> FloatArray:
    """The lognormal with 90 per cent of its mass from ``low`` to ``high``."""
    centre, sigma = math.log(low * high) / 2, math.log(high / low) / (2 * SCORE)
    return np.exp(centre + sigma * rng.standard_normal(n))


def _share(rng: np.random.Generator, low: float, high: float, n: int) -> FloatArray:
    """The logit-normal with 90 per cent of its mass from ``low`` to ``high``."""
    ends = [math.log(p / (1 - p)) for p in (low, high)]
    centre, sigma = sum(ends) / 2, (ends[1] - ends[0]) / (2 * SCORE)
    return 1.0 / (1.0 + np.exp(-centre - sigma * rng.standard_normal(n)))


def kept_worlds(rng: np.random.Generator, n: int) -> FloatArray:
    """The worlds among ``n`` that agree with three claims, shape (4, kept)."""
    killed = _lognormal(rng, 5_000, 20_000, n)
    wounded = _lognormal(rng, 1.3, 3.4, n)
    returned = _share(rng, 0.4, 0.7, n)
    total = killed * (1 + wounded)
    for_good = killed * wounded * (1 - returned)
    # 31,680 +- 2,500 in all; 8,000 to 14,000 lost for good, 90 per cent of a lognormal; at least
    # 8,000 and at most 12,000 killed.
    off = (total - 31_680) / 2_500
    sigma = math.log(14 / 8) / (2 * SCORE)
    off_log = (np.log(for_good) - math.log(8_000 * 14_000) / 2) / sigma
    chance = np.exp(-0.5 * (off**2 + off_log**2)) * ((killed >= 8_000) & (killed <= 12_000))
    kept = rng.random(n) < chance
    return np.array([killed, wounded, returned, total])[:, kept]


def main() -> None:
    """Print the reference."""
    rng = np.random.default_rng(20260101)
    worlds = np.concatenate([kept_worlds(rng, _BLOCK) for _ in range(_DRAWS // _BLOCK)], axis=1)
    n = worlds.shape[1]
    print(f"{n:,} of {_DRAWS:,} kept")
    for name, values in zip(LEFT, worlds, strict=True):
        mean, sd = values.mean(), values.std()
        off = (values - mean) / sd
        error_of_sd = sd * math.sqrt((float((off**4).mean()) - 1.0) / n) / 2.0
        print(f'    "{name}": ({mean:.9g}, {sd / math.sqrt(n):.2g}, {sd:.9g}, {error_of_sd:.2g}),')


if __name__ == "__main__":
    main()
