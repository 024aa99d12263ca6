"""
Compute the quantiles that tests/derived_references.py holds, without the library.

Run it with ``python -m tests.bench.make_derived > tests/derived_references.py``; it takes about
half a minute of one core.

Every number has one unknown whose distribution function is closed; the probability of at most x
is its mean over the other unknowns. With one other unknown that is an integral over its score in
many short panels (Gauss-Legendre); with several it is a product of the Gauss rules whose weight
functions are their densities (Hermite, Laguerre, Jacobi). The quantile is the root of that. All
is done twice, the second time with more nodes; the table holds the second, and says by how much
of the interquartile range the two differ at most.
"""

import functools
import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from scipy import optimize, special

from tests.derived import DERIVED, P
from tests.derived_plain import (
    ARRIVED,
    BIAS,
    CONTRACTS,
    COUNT,
    DEAD,
    DECEMBER,
    FILLED,
    JOINED,
    LOST,
    MISSING,
    NEEDED,
    OTHER,
    RECRUITS,
    RETURNED,
    SCORES,
    START,
    STRAGGLERS,
    WOUNDED,
    Plain,
    Values,
    draws_of,
)

__all__ = ["CHANCES", "quantiles"]

SEED = 20260101

_FARTHEST = 9.0
"""Beyond these normal scores lies 2e-19 of the mass."""

_IN_PANEL = 16
"""Nodes in each panel of an integral over one score."""

Chance: TypeAlias = Callable[[float, int], float]
"""The probability of at most x, from x and how fine the rule is."""


def legendre(low: float, high: float, panels: int) -> tuple[Values, Values]:
    """Nodes and weights on an interval, in panels of equal width."""
    t, weights = np.polynomial.legendre.leggauss(_IN_PANEL)
    edges = np.linspace(low, high, panels + 1)
    half = 0.5 * np.diff(edges)[:, None]
    nodes = edges[:-1, None] + half * (1.0 + t)
    return nodes.ravel(), (half * weights).ravel()


def over_score(
    inner: Callable[[Values], Values], panels: int, low: float = -_FARTHEST, high: float = _FARTHEST
) -> float:
    """The mean of a function of a standard normal score, or the part of it between two scores."""
    z, weights = legendre(low, high, panels)
    bell = np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    return float(np.sum(weights * bell * inner(z)))


@functools.cache
def grid(unknowns: tuple[Plain, ...], n: int) -> tuple[list[Values], Values]:
    """The product of Gauss rules: values of every unknown, flat, and the weight of each point."""
    rules = [unknown.gauss(n) for unknown in unknowns]
    values = np.meshgrid(*(value for value, _ in rules), indexing="ij")
    weights = functools.reduce(np.multiply.outer, (weight for _, weight in rules))
    # What weighs less than 1e-18 adds nothing to a sum that is rounded at 1e-16.
    kept = weights > 1e-18 * weights.max()
    return [value[kept] for value in values], weights[kept]


def over(unknowns: tuple[Plain, ...], n: int, inner: Callable[..., Values]) -> float:
    """The mean of a function of several independent unknowns."""
    values, weights = grid(unknowns, n)
    return float(weights @ inner(*values) / weights.sum())


def ratio(x: float, fine: int) -> float:
    """Over the losses, which are positive as far as a float can tell."""
    return over((LOST,), fine, lambda lost: 1.0 - JOINED.cdf(lost / x))


def product(x: float, fine: int) -> float:
    """Over the share."""
    return over_score(lambda z: DEAD.cdf(x / RETURNED.at(z)), fine)


def difference(x: float, fine: int) -> float:
    """Over the recruits between hard ends."""
    return over((RECRUITS,), fine, lambda recruits: 1.0 - JOINED.cdf(recruits - x))


def maximum(x: float, _: int) -> float:
    """The product of both, closed."""
    return float(DEAD.cdf(np.array(x)) * JOINED.cdf(np.array(x)))


def correlated_sum(x: float, fine: int) -> float:
    """Over the score of the dead; the other score is normal around its share of that."""
    own = math.sqrt(1.0 - SCORES**2)
    return over_score(lambda z: special.ndtr((LOST.score(x - DEAD.at(z)) - SCORES * z) / own), fine)


def conditional(x: float, fine: int) -> float:
    """Over the dead up to x, and over all of them, as far as they are more than the other."""
    end = float(np.clip(DEAD.score(np.array(x)), -_FARTHEST, _FARTHEST))
    up_to, all_of = (
        over_score(lambda z: OTHER.cdf(DEAD.at(z)), fine, high=high) for high in (end, _FARTHEST)
    )
    return up_to / all_of


def gamma_and_lognormal(x: float, fine: int) -> float:
    """Over the lognormal, up to where it is all of x."""
    end = float(np.clip(DEAD.score(np.array(x)), -_FARTHEST, _FARTHEST))
    return over_score(lambda z: STRAGGLERS.cdf(x - DEAD.at(z)), fine, high=end)


def returned_share(x: float, fine: int) -> float:
    """Over the share; s w / (1 + w) is at most x where the odds w are at most those of x / s."""

    def inner(z: Values) -> Values:
        part = np.minimum(x / RETURNED.at(z), 1.0)
        with np.errstate(divide="ignore"):
            return WOUNDED.cdf(part / (1.0 - part))

    return over_score(inner, fine)


def power(x: float, fine: int) -> float:
    """Over the share."""

    def inner(z: Values) -> Values:
        s = RETURNED.at(z)
        return DEAD.cdf(x * x / (s * (1.0 - s)))

    return over_score(inner, fine)


def mixture(x: float, fine: int) -> float:
    """One reading is closed, the other one an integral over the ratio."""
    wounded_too = over_score(lambda z: COUNT.cdf(x * (1.0 + WOUNDED.at(z))), fine)
    return 0.4 * float(COUNT.cdf(np.array(x))) + 0.6 * wounded_too


def unclipped(x: float, n: int) -> float:
    """The shortfall before it is held between its bounds."""
    return over((NEEDED, FILLED), n, lambda needed, s: 1.0 - JOINED.cdf(needed * s - x))


def irrecoverable(x: float, n: int) -> float:
    """Over both ratios."""
    return over((WOUNDED, RETURNED), n, lambda w, s: LOST.cdf(x * (1 + w) / (1 + w * (1 - s))))


def replacement_ratio(x: float, n: int) -> float:
    """Over the losses, which are positive as far as a float can tell, and the share."""
    return over((LOST, RETURNED), n, lambda lost, s: JOINED.cdf((x - s) * lost))


def two_months(x: float, n: int) -> float:
    """Over both months and those who joined."""
    return over((LOST, DECEMBER, JOINED), n, lambda a, b, r: BIAS.cdf((x + r) / (a + b)))


def strength(x: float, n: int) -> float:
    """Over all but the start."""
    return over(
        (RECRUITS, LOST, WOUNDED, RETURNED),
        n,
        lambda r, lost, w, s: START.cdf(x - 12 * r + 12 * lost * (1 - w * s / (1 + w))),
    )


def deficit(x: float, n: int) -> float:
    """Over all but the contracts."""

    def inner(count: Values, w: Values, s: Values, m: Values, a: Values) -> Values:
        gone = count * (1 + w * (1 - s) + m) / (1 + w + m)
        return 1.0 - CONTRACTS.cdf((gone - x) / a)

    return over((COUNT, WOUNDED, RETURNED, MISSING, ARRIVED), n, inner)


CHANCES: dict[str, tuple[Chance, int, int]] = {
    "ratio": (ratio, 60, 90),
    "product": (product, 20, 40),
    "difference": (difference, 60, 90),
    "maximum": (maximum, 1, 1),
    "correlated sum": (correlated_sum, 20, 40),
    "conditional": (conditional, 20, 40),
    "gamma and lognormal": (gamma_and_lognormal, 20, 40),
    "returned share": (returned_share, 40, 80),
    "power": (power, 20, 40),
    "mixture": (mixture, 20, 40),
    "clipped": (unclipped, 60, 90),
    "irrecoverable": (irrecoverable, 80, 120),
    "replacement ratio": (replacement_ratio, 60, 90),
    "two months": (two_months, 32, 44),
    "strength": (strength, 24, 32),
    "deficit": (deficit, 16, 20),
}
"""By the names of tests/derived.py, the probability and two rules, the second one finer."""


def quantiles(name: str, fine: int) -> list[float]:
    """The quantiles of a number, each a root between two quantiles of plain draws."""
    chance = CHANCES[name][0]
    drawn = draws_of(name, np.random.default_rng(SEED), 400_000)
    if name == "clipped":
        return [min(max(x, 0.0), 8_000.0) for x in _roots(chance, fine, -20_000.0, 40_000.0)]
    low, high = np.quantile(drawn, [0.005, 0.995])
    return _roots(chance, fine, float(low), float(high))


def _roots(chance: Chance, fine: int, low: float, high: float) -> list[float]:
    return [
        float(optimize.brentq(lambda x, p=p: chance(x, fine) - p, low, high, xtol=1e-13 * high))
        for p in P
    ]


def row(name: str) -> list[str]:
    """The lines of a number in the table."""
    _, coarse, fine = CHANCES[name]
    first, second = (quantiles(name, rule) for rule in (coarse, fine))
    apart = max(abs(a - b) for a, b in zip(first, second, strict=True)) / (second[4] - second[2])
    # Two rules that agree to the last bits are no proof of the last bits.
    values = [f"        {float(f'{x:.13g}')!r}," for x in second]
    return [
        f"    # The two rules differ by {max(apart, 1e-13):.0e}.",
        f'    "{name}": (',
        *values,
        "    ),",
    ]


HEAD = '''"""
Quantiles of the derived numbers at the probabilities of tests/derived.py, as computed once.

Made by tests/bench/make_derived.py, which does not use the library. They are right to 1e-9 of
the interquartile range for two unknowns, and to 1e-8 for more.
"""

__all__ = ["REFERENCES"]

REFERENCES: dict[str, tuple[float, ...]] = {'''


def main() -> None:
    """Print the module."""
    rows = [line for derived in DERIVED for line in row(derived.name)]
    print("\n".join([HEAD, *rows, "}"]))


if __name__ == "__main__":
    main()
