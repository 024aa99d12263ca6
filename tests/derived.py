"""Sixteen derived numbers of two to six unknowns, by which the accuracy of answers is judged."""

from collections.abc import Callable
from typing import final

import attrs
from scipy import stats

import attrition as at
from attrition import Uncertain

__all__ = ["DERIVED", "Derived", "P"]

P = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
"""The probabilities whose quantiles are compared."""

JOINED = stats.gamma(30, scale=750)
CONTRACTS = stats.gamma(60, scale=580)
STRAGGLERS = stats.gamma(4, scale=9_000)


@final
@attrs.frozen(kw_only=True)
class Derived:
    """
    A number that is computed from others.

    Attributes:
        name: What it stands for; the key of its draws and of its reference.

        unknowns: How many unknowns it rests on, a choice among readings included.

        make: Makes it afresh, unknowns and all.

        inner: The unknown whose distribution function the reference has in closed form; all
            others are integrated over.
    """

    name: str
    unknowns: int
    make: Callable[[], Uncertain]
    inner: str


def lost() -> Uncertain:
    """Killed and wounded of a month."""
    return at.about(31_680, relative=0.08, confidence=0.9)


def dead() -> Uncertain:
    """The dead, by a range."""
    return at.between(14_500, 23_000, confidence=0.9, family="lognormal")


def joined() -> Uncertain:
    """Recruits of a month."""
    return Uncertain.of(JOINED)


def recruits() -> Uncertain:
    """Recruits of a month, between hard ends."""
    return at.pert(18_000, 22_000, 30_000)


def wounded_per_killed() -> Uncertain:
    """The ratio that every conversion needs."""
    return at.between(1.3, 3.4, confidence=0.9, family="lognormal")


def returned_per_wounded() -> Uncertain:
    """The share of the wounded who come back."""
    return at.share(0.4, 0.7, confidence=0.9)


def correlated_sum() -> Uncertain:
    """A normal and a lognormal figure of one source."""
    first, second = at.correlate([lost(), dead()], normal_scores=0.6)
    return first + second


def conditional() -> Uncertain:
    """The dead, if they are more than another source says."""
    x = dead()
    return at.given(x, x > at.about(20_000, sd=2_000))


def returned_share() -> Uncertain:
    """The share of killed and wounded who come back; the ratio enters twice."""
    w = wounded_per_killed()
    return w * returned_per_wounded() / (1 + w)


def power() -> Uncertain:
    """The standard deviation of how many return, largest where the share is one half."""
    s = returned_per_wounded()
    return (dead() * s * (1 - s)) ** 0.5


def mixture() -> Uncertain:
    """A count that is of the dead, or of killed and wounded."""
    # The valley between the two readings, where quantiles hang on nothing, is at 0.6.
    count = at.about(44_000, sd=2_400)
    return at.mixture([(0.4, count), (0.6, count / (1 + wounded_per_killed()))])


def clipped() -> Uncertain:
    """A shortfall that stops at zero and at what can be filled."""
    needed = at.between(45_000, 70_000, confidence=0.9, family="lognormal")
    return at.clip(needed * at.share(0.4, 0.5, confidence=0.9) - joined(), 0, 8_000)


def irrecoverable() -> Uncertain:
    """Killed, and wounded who do not return, of a count of killed and wounded."""
    w, s = wounded_per_killed(), returned_per_wounded()
    return lost() * (1 + w * (1 - s)) / (1 + w)


def replacement_ratio() -> Uncertain:
    """Arrivals and returns for each one lost; the losses enter twice."""
    losses = lost()
    return (joined() + losses * returned_per_wounded()) / losses


def two_months() -> Uncertain:
    """Losses of two months with one bias, less those who joined."""
    bias = at.about(1, sd=0.1, positive=True)
    months = lost() + at.between(32_000, 38_000, confidence=0.9, family="lognormal")
    return bias * months - joined()


def strength() -> Uncertain:
    """Strength after a year of losses, returns and recruits."""
    start = at.about(712_000, relative=0.05, confidence=0.9)
    return start + 12 * recruits() - 12 * lost() * (1 - returned_share())


def deficit() -> Uncertain:
    """Irrecoverable losses, the missing among them, less the contracts that arrive."""
    w, s = wounded_per_killed(), returned_per_wounded()
    m = at.between(0.1, 0.5, confidence=0.9, family="lognormal")
    gone = at.about(44_000, sd=2_400) * (1 + w * (1 - s) + m) / (1 + w + m)
    return gone - Uncertain.of(CONTRACTS) * at.share(0.8, 0.95, confidence=0.9)


def _row(name: str, unknowns: int, make: Callable[[], Uncertain], inner: str) -> Derived:
    return Derived(name=name, unknowns=unknowns, make=make, inner=inner)


DERIVED = (
    _row("ratio", 2, lambda: lost() / joined(), "joined"),
    _row("product", 2, lambda: dead() * returned_per_wounded(), "dead"),
    _row("difference", 2, lambda: recruits() - joined(), "joined"),
    _row("maximum", 2, lambda: at.maximum(dead(), joined()), "both"),
    _row("correlated sum", 2, correlated_sum, "lost, given the score of the dead"),
    _row("conditional", 2, conditional, "the other source"),
    _row("gamma and lognormal", 2, lambda: Uncertain.of(STRAGGLERS) + dead(), "the gamma"),
    _row("returned share", 2, returned_share, "wounded per killed"),
    _row("power", 2, power, "dead"),
    _row("mixture", 3, mixture, "the count"),
    _row("clipped", 3, clipped, "joined"),
    _row("irrecoverable", 3, irrecoverable, "lost"),
    _row("replacement ratio", 3, replacement_ratio, "joined"),
    _row("two months", 4, two_months, "the bias"),
    _row("strength", 5, strength, "the start"),
    _row("deficit", 6, deficit, "the contracts"),
)
"""Two unknowns first; every other number of them after."""
