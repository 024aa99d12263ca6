"""
The unknowns of tests/derived.py once more, in plain numpy and scipy, and its numbers as formulas.

Nothing here imports the library: what a constructor means is written out a second time.
"""

import math
from collections.abc import Callable
from typing import Literal, Protocol, TypeAlias, final

import attrs
import numpy as np
import numpy.typing as npt
from scipy import special, stats

__all__ = [
    "ARRIVED",
    "BIAS",
    "CONTRACTS",
    "COUNT",
    "DEAD",
    "DECEMBER",
    "FILLED",
    "FORMULAS",
    "JOINED",
    "LOST",
    "MISSING",
    "NEEDED",
    "OTHER",
    "RECRUITS",
    "RETURNED",
    "SCORES",
    "START",
    "STRAGGLERS",
    "WOUNDED",
    "Gamma",
    "Pert",
    "Plain",
    "Scored",
    "Uniform",
    "Values",
    "draws_of",
]

Values: TypeAlias = npt.NDArray[np.float64]

Z = float(special.ndtri(0.95))
"""Half the width of a central 90 % interval, in standard deviations."""


class Plain(Protocol):
    """An unknown: its draws, its distribution function, and a rule for means over it."""

    def draw(self, rng: np.random.Generator, n: int) -> Values:
        """Independent values."""

    def cdf(self, x: Values) -> Values:
        """The probability of at most ``x``."""

    def gauss(self, n: int) -> tuple[Values, Values]:
        """Values and weights of the Gauss rule whose weight function is the density."""


@final
@attrs.frozen
class Scored:
    """A normal unknown, or one whose logarithm or log odds are normal."""

    centre: float
    sd: float
    scale: Literal["natural", "log", "log odds"]

    def at(self, z: Values) -> Values:
        """The value at a normal score."""
        y = self.centre + self.sd * z
        if self.scale == "natural":
            return y
        return np.exp(y) if self.scale == "log" else np.asarray(special.expit(y))

    def score(self, x: Values) -> Values:
        """The normal score of a value, infinite beyond the ends of the support."""
        with np.errstate(all="ignore"):
            if self.scale == "natural":
                y = np.asarray(x)
            elif self.scale == "log":
                y = np.log(np.maximum(x, 0.0))
            else:
                y = np.asarray(special.logit(np.clip(x, 0.0, 1.0)))
        return (y - self.centre) / self.sd

    def draw(self, rng: np.random.Generator, n: int) -> Values:
        """Independent values."""
        return self.at(rng.standard_normal(n))

    def cdf(self, x: Values) -> Values:
        """The probability of at most ``x``."""
        return np.asarray(special.ndtr(self.score(x)))

    def gauss(self, n: int) -> tuple[Values, Values]:
        """The rule of Gauss and Hermite, on the score."""
        z, weights = np.polynomial.hermite_e.hermegauss(n)
        return self.at(z), weights / math.sqrt(2.0 * math.pi)


@final
@attrs.frozen
class Gamma:
    """A gamma unknown."""

    shape: float
    scale: float

    def draw(self, rng: np.random.Generator, n: int) -> Values:
        """Independent values."""
        return rng.gamma(self.shape, self.scale, n)

    def cdf(self, x: Values) -> Values:
        """The probability of at most ``x``."""
        return np.asarray(special.gammainc(self.shape, np.maximum(x, 0.0) / self.scale))

    def gauss(self, n: int) -> tuple[Values, Values]:
        """The rule of Gauss and Laguerre."""
        x, weights = special.roots_genlaguerre(n, self.shape - 1.0)
        return self.scale * x, weights / weights.sum()


@final
@attrs.frozen
class Pert:
    """A beta unknown between hard ends, its mean (low + 4 mode + high) / 6."""

    low: float
    mode: float
    high: float

    @property
    def shapes(self) -> tuple[float, float]:
        """The two parameters of the beta law."""
        width = self.high - self.low
        return 1 + 4 * (self.mode - self.low) / width, 1 + 4 * (self.high - self.mode) / width

    def draw(self, rng: np.random.Generator, n: int) -> Values:
        """Independent values."""
        return self.low + (self.high - self.low) * rng.beta(*self.shapes, n)

    def cdf(self, x: Values) -> Values:
        """The probability of at most ``x``."""
        share = (x - self.low) / (self.high - self.low)
        return np.asarray(stats.beta(*self.shapes).cdf(share))

    def gauss(self, n: int) -> tuple[Values, Values]:
        """The rule of Gauss and Jacobi."""
        a, b = self.shapes
        x, weights = special.roots_jacobi(n, b - 1.0, a - 1.0)
        return self.low + 0.5 * (self.high - self.low) * (1.0 + x), weights / weights.sum()


@final
@attrs.frozen
class Uniform:
    """A number between zero and one."""

    def draw(self, rng: np.random.Generator, n: int) -> Values:
        """Independent values."""
        return rng.random(n)

    def cdf(self, x: Values) -> Values:
        """The probability of at most ``x``."""
        return np.clip(x, 0.0, 1.0)

    def gauss(self, n: int) -> tuple[Values, Values]:
        """The rule of Gauss and Legendre."""
        x, weights = np.polynomial.legendre.leggauss(n)
        return 0.5 * (1.0 + x), 0.5 * weights


def _normal(centre: float, sd: float) -> Scored:
    return Scored(centre, sd, "natural")


def _lognormal(low: float, high: float) -> Scored:
    """A lognormal with 90 % between two ends."""
    return Scored(0.5 * math.log(low * high), 0.5 * math.log(high / low) / Z, "log")


def _share(low: float, high: float) -> Scored:
    """A logit-normal with 90 % between two ends."""
    bottom, top = math.log(low / (1 - low)), math.log(high / (1 - high))
    return Scored(0.5 * (bottom + top), 0.5 * (top - bottom) / Z, "log odds")


LOST = _normal(31_680, 0.08 * 31_680 / Z)
COUNT = _normal(44_000, 2_400)
OTHER = _normal(20_000, 2_000)
START = _normal(712_000, 0.05 * 712_000 / Z)
DEAD = _lognormal(14_500, 23_000)
WOUNDED = _lognormal(1.3, 3.4)
MISSING = _lognormal(0.1, 0.5)
NEEDED = _lognormal(45_000, 70_000)
DECEMBER = _lognormal(32_000, 38_000)
BIAS = Scored(-0.5 * math.log1p(0.1**2), math.sqrt(math.log1p(0.1**2)), "log")
RETURNED = _share(0.4, 0.7)
FILLED = _share(0.4, 0.5)
ARRIVED = _share(0.8, 0.95)
JOINED = Gamma(30, 750)
CONTRACTS = Gamma(60, 580)
STRAGGLERS = Gamma(4, 9_000)
RECRUITS = Pert(18_000, 22_000, 30_000)

SCORES = 0.6
"""The correlation of the normal scores in the correlated sum."""

Formula: TypeAlias = Callable[..., Values]

CHOICE = Uniform()
SCORE = _normal(0, 1)


def _correlated_sum(z: Values, own: Values) -> Values:
    return DEAD.at(z) + LOST.at(SCORES * z + math.sqrt(1 - SCORES**2) * own)


def _conditional(dead: Values, other: Values) -> Values:
    """What meets the condition: fewer values than were drawn."""
    return dead[dead > other]


def _mixture(choice: Values, count: Values, w: Values) -> Values:
    return np.where(choice < 0.4, count, count / (1 + w))


FORMULAS: dict[str, tuple[Formula, tuple[Plain, ...]]] = {
    "ratio": (lambda lost, joined: lost / joined, (LOST, JOINED)),
    "product": (lambda dead, s: dead * s, (DEAD, RETURNED)),
    "difference": (lambda recruits, joined: recruits - joined, (RECRUITS, JOINED)),
    "maximum": (np.maximum, (DEAD, JOINED)),
    "correlated sum": (_correlated_sum, (SCORE, SCORE)),
    "conditional": (_conditional, (DEAD, OTHER)),
    "gamma and lognormal": (lambda late, dead: late + dead, (STRAGGLERS, DEAD)),
    "returned share": (lambda w, s: w * s / (1 + w), (WOUNDED, RETURNED)),
    "power": (lambda dead, s: (dead * s * (1 - s)) ** 0.5, (DEAD, RETURNED)),
    "mixture": (_mixture, (CHOICE, COUNT, WOUNDED)),
    "clipped": (lambda x, s, r: np.clip(x * s - r, 0, 8_000), (NEEDED, FILLED, JOINED)),
    "irrecoverable": (
        lambda lost, w, s: lost * (1 + w * (1 - s)) / (1 + w),
        (LOST, WOUNDED, RETURNED),
    ),
    "replacement ratio": (lambda lost, r, s: (r + lost * s) / lost, (LOST, JOINED, RETURNED)),
    "two months": (lambda f, a, b, r: f * (a + b) - r, (BIAS, LOST, DECEMBER, JOINED)),
    "strength": (
        lambda start, r, lost, w, s: start + 12 * r - 12 * lost * (1 - w * s / (1 + w)),
        (START, RECRUITS, LOST, WOUNDED, RETURNED),
    ),
    "deficit": (
        lambda c, w, s, m, r, a: c * (1 + w * (1 - s) + m) / (1 + w + m) - r * a,
        (COUNT, WOUNDED, RETURNED, MISSING, CONTRACTS, ARRIVED),
    ),
}
"""By the names of tests/derived.py, each number as a formula of independent unknowns."""


def draws_of(name: str, rng: np.random.Generator, n: int) -> Values:
    """Values of a number from ``n`` draws of its unknowns."""
    formula, unknowns = FORMULAS[name]
    return formula(*(unknown.draw(rng, n) for unknown in unknowns))
