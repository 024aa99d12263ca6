"""Quantiles at fifty digits, and how close the ones of a law must come to them."""

from collections.abc import Callable

import numpy as np
from mpmath import mp, mpf

from attrition.uncertain.law import Law

__all__ = ["P", "assert_quantiles", "normal_below", "normal_score", "solved"]

mp.dps = 50

P = [1e-12, 1e-9, 1e-6, 0.001, 0.05, 0.3, 0.5, 0.8, 0.99, 1.0 - 1e-6, 1.0 - 1e-12]
"""From one tail to the other; as doubles, which is what the exact quantiles are of."""

CLOSE = mpf("1e-13")


def normal_below(z: mpf) -> mpf:
    """The probability of the standard normal below ``z``, with all digits in either tail."""
    return mp.erfc(-mpf(z) / mp.sqrt(2)) / 2


def normal_score(p: mpf) -> mpf:
    """The place of the standard normal with probability ``p`` below it."""
    start = mp.sqrt(2) * mp.erfinv(2 * mpf(float(p)) - 1)
    return solved(normal_below, start, mpf(p))


def solved(below: Callable[[mpf], mpf], start: mpf, wanted: mpf) -> mpf:
    """Where a smooth rising function reaches a value, by secants from a start close to it."""
    far = mpf(start)
    if far == 0:
        return mp.findroot(lambda x: below(x) - wanted, (mpf(-1) / 7, mpf(1) / 9))
    near = far * (1 + mpf("1e-12"))
    for _ in range(12):
        high, low = below(near) - wanted, below(far) - wanted
        if high == low:
            break
        far, near = near, near - high * (near - far) / (high - low)
    return near


def assert_quantiles(
    law: Law, exact: Callable[[mpf, float], mpf], *, mean: mpf | float, sd: mpf | float
) -> None:
    """
    Both quantile functions of a law are exact to 1e-13 of what is largest.

    Args:
        law: The law.

        exact: Gives the quantile at a probability, from the double that the law answers.

        mean: The mean of the law.

        sd: Its standard deviation.
    """
    for p in P:
        answers = {
            mpf(p): float(law.ppf(np.array(p))),
            1 - mpf(p): float(law.isf(np.array(p))),
        }
        for probability, answer in answers.items():
            true = exact(probability, answer)
            largest = max(abs(true), abs(mpf(mean)), mpf(sd))
            assert abs(mpf(answer) - true) <= CLOSE * largest, (law, p)
