"""What laws of scipy's two kinds share: answers as arrays, places in a list, a digest."""

import hashlib
import math
from typing import Protocol, runtime_checkable

import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.law import Law, Points
from attrition.uncertain.steps import step_upto

__all__ = ["CLOSED", "PROBES", "Dense", "Listed", "Massive", "as_floats", "digest", "listed"]

PROBES = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
"""Probabilities whose quantiles tell laws apart."""

CLOSED = frozenset(
    {
        *("alpha", "anglit", "bradford", "burr", "burr12", "cauchy", "expon", "exponweib"),
        *("fatiguelife", "fisk", "genextreme", "genhalflogistic", "genlogistic", "genpareto"),
        *("gibrat", "gompertz", "gumbel_l", "gumbel_r", "halfcauchy", "halflogistic", "halfnorm"),
        *("hypsecant", "invweibull", "johnsonsb", "johnsonsu", "kappa3", "laplace"),
        *("laplace_asymmetric", "levy", "levy_l", "logistic", "loglaplace", "lognorm"),
        *("loguniform", "lomax", "mielke", "moyal", "norm", "pareto", "powerlaw", "powerlognorm"),
        *("powernorm", "rayleigh", "reciprocal", "skewcauchy", "triang", "truncexpon"),
        *("truncpareto", "truncweibull_min", "uniform", "weibull_max", "weibull_min"),
        "wrapcauchy",
    }
)
"""Families whose quantiles are a formula, faster than any table: tests/bench/bench_tables.py."""

# Places further than this many standard deviations, and a few more, hold no mass that counts;
# where they do, or there are too many, a discrete law is not listed.
_REACH = 40.0
_MASS_LEFT = 1e-12
_MOST_POINTS = 2**21


@runtime_checkable
class Dense(Protocol):
    """What has a density, among the older kind."""

    def pdf(self, x: FloatArray, /) -> object:
        """The density."""


@runtime_checkable
class Listed(Protocol):
    """An older family that was made of values and their probabilities."""

    xk: FloatArray
    pk: FloatArray


@runtime_checkable
class Massive(Protocol):
    """What gives the probability of single values."""

    def pmf(self, x: FloatArray, /) -> object:
        """The probabilities of values."""


def as_floats(values: object) -> FloatArray:
    """What scipy answered, as an array."""
    return np.asarray(values, dtype=np.float64)


def digest(law: Law) -> str:
    """A few quantiles in nine digits: what a text may leave out, alike on every machine."""
    text = " ".join(f"{value:.9g}" for value in law.ppf(PROBES))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def listed(source: Massive, law: Law) -> Points | None:
    """Places that hold all the mass, where they are not too many to list."""
    low, high = law.support()
    centre, reach = law.mean(), _REACH * (math.sqrt(law.var()) + 1.0)
    first = max(low, step_upto(law, np.array(centre - reach)).item())
    steps = min(high, centre + reach) - first
    if not steps < _MOST_POINTS:
        return None
    values = first + np.arange(math.floor(steps) + 1.0)
    weights = as_floats(source.pmf(values))
    return (values, weights) if abs(weights.sum() - 1.0) < _MASS_LEFT else None
