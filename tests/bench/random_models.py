"""
Thirty random futures and two traps, for the bench of robustness.

One generator makes all thirty. What is to be covered is dealt out like cards: each kind of level,
start, noise, trend, hospital, step and so on comes up equally often, in an order of its own.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple, TypeVar

import attrs
import numpy as np

from attrition.accounts import Category, Force, LossEstimate, Per, Period, StrengthBasis
from attrition.evidence import CasualtyMix
from attrition.projection import (
    Change,
    Delay,
    Hospital,
    IntakeProcess,
    LossProcess,
    Process,
    Projection,
    Returns,
    Surge,
    Trend,
    Variation,
    project,
)
from attrition.uncertain import Uncertain, about, between, mixture, share, uniform
from tests.bench.models import END, hills_flows, two_hills

__all__ = ["Case", "cases"]

SEED = 20_260_101
MODELS = 30
SIDE = "Russia"
START = date(2026, 1, 1)

LEVELS = ("normal", "lognormal", "uniform", "mixture", "gamma", "heavy")
STARTS = ("normal", "lognormal", "exact", "uniform")
NOISES = ("none", "lasting", "passing", "both", "dominant")
TRENDS = ("none", "exponential", "linear")
CHANGES = ("none", "factor", "surge", "level", "factor and surge")
HOSPITALS = ("no returns", "empty", "steady", "from losses")
STEPS = (Per.MONTH, Per.MONTH, Per.MONTH, Per.WEEK, Per.DAY)
LONGEST = {Per.MONTH: 60, Per.WEEK: 18, Per.DAY: 4}
"""Months that are simulated in reasonable time."""

DAYS = {Per.DAY: 365.25 / 12, Per.WEEK: 365.25 / 84, Per.MONTH: 1.0}
"""How many of a unit a month holds."""

T = TypeVar("T")


class Case(NamedTuple):
    """A future to ask the same of in two ways."""

    name: str
    force: Force
    losses: LossProcess
    recruitment: IntakeProcess
    returns: Returns | None
    other: tuple[Process, ...]
    until: date
    step: Per

    def future(
        self, method: Literal["auto", "paths"], draws: int | None = None, seed: int | None = None
    ) -> Projection:
        """What the library makes of it."""
        return project(
            self.force,
            losses=self.losses,
            recruitment=self.recruitment,
            returns=self.returns,
            other=self.other,
            until=self.until,
            step=self.step,
            method=method,
            draws=draws,
            rng=seed,
        )


class Deck(NamedTuple):
    """What one model is dealt."""

    level: str
    joined: str
    start: str
    noise: str
    joined_noise: str
    trend: str
    joined_trend: str
    change: str
    hospital: str
    others: int
    step: Per
    place: float


def cases() -> list[Case]:
    """All of them; the two traps come last."""
    rng = np.random.default_rng(SEED)
    return [*(_case(deck, rng) for deck in _decks(rng)), *_traps()]


def _decks(rng: np.random.Generator) -> list[Deck]:
    def dealt(kinds: Sequence[T]) -> list[T]:
        """Each kind equally often, shuffled."""
        return [kinds[int(place) % len(kinds)] for place in rng.permutation(MODELS)]

    columns = (
        dealt(LEVELS),
        dealt(LEVELS),
        dealt(STARTS),
        dealt(NOISES),
        dealt(("none", "none", "passing", "both")),
        dealt(TRENDS),
        dealt(TRENDS),
        dealt(CHANGES),
        dealt(HOSPITALS),
        dealt((0, 1, 2, 3)),
        dealt(STEPS),
        # Horizons from one month on, more of the long ones than evenly on a scale of ratios.
        dealt([float(x) for x in np.linspace(0.0, 1.0, MODELS) ** 0.6]),
    )
    return [Deck(*cards) for cards in zip(*columns, strict=True)]


def _case(deck: Deck, rng: np.random.Generator) -> Case:
    months = round(LONGEST[deck.step] ** deck.place)
    people = rng.uniform(100_000, 900_000)
    # So that most of the long futures, too, stay clear of zero, and some do not.
    lost = people * rng.uniform(0.02, 0.08) * min(1.0, 12.0 / months) ** 0.5
    returning = deck.hospital != "no returns"
    drift = people * rng.uniform(-0.4, 0.3) / months
    joined = max(0.3 * lost, lost * (0.6 if returning else 1.0) + drift)
    category = Category.KILLED_AND_WOUNDED if returning else Category.IRRECOVERABLE
    name = (
        f"{deck.level} losses, {deck.joined} recruits, {deck.start} start, {deck.noise} noise, "
        f"{deck.trend} trend, change: {deck.change}, {deck.hospital}, {deck.others} others, "
        f"{months} months by {deck.step.name}"
    )
    per = (Per.MONTH, Per.WEEK, Per.DAY)[int(rng.integers(3))]
    losses = LossProcess(
        level=_level(deck.level, lost / DAYS[per], rng),
        per=per,
        category=category,
        side=SIDE,
        trend=_trend(deck.trend, rng),
        variation=_variation(deck.noise, rng),
        changes=_changes(deck.change, lost, months, per, rng),
    )
    recruitment = IntakeProcess(
        level=_level(deck.joined, joined, rng),
        per=Per.MONTH,
        side=SIDE,
        trend=_trend(deck.joined_trend, rng),
        variation=_variation(deck.joined_noise, rng),
    )
    return Case(
        name,
        Force(
            strength=_start(deck.start, people, rng),
            as_of=START,
            side=SIDE,
            basis=StrengthBasis.COMMITTED,
        ),
        losses,
        recruitment,
        _returns(deck.hospital, lost, rng),
        _others(deck.others, lost, rng),
        _after(months),
        deck.step,
    )


def _after(months: int) -> date:
    return date(START.year + months // 12, months % 12 + 1, 1)


def _level(kind: str, mean: float, rng: np.random.Generator) -> Uncertain:
    """A level around a mean; each kind with a spread of its own."""
    cv = rng.uniform(0.05, 0.2)
    if kind == "uniform":
        return uniform(mean * (1.0 - 2.0 * cv), mean * (1.0 + 2.0 * cv))
    if kind == "mixture":
        # Two readings of one figure, as far apart as 44,000 and 31,680.
        low, high = 0.84 * mean, 1.16 * mean
        parts = [(0.6, about(low, sd=0.3 * cv * low)), (0.4, about(high, sd=0.3 * cv * high))]
        return mixture(parts)
    if kind == "gamma":
        from scipy import stats

        return Uncertain.of(stats.gamma(0.25 / cv**2, scale=4.0 * mean * cv**2))
    if kind == "normal":
        return about(mean, sd=cv * mean)
    return about(mean, sd=(0.5 if kind == "heavy" else cv) * mean, positive=True)


def _start(kind: str, people: float, rng: np.random.Generator) -> Uncertain:
    cv = rng.uniform(0.02, 0.08)
    if kind == "exact":
        return Uncertain.of(float(round(people)))
    if kind == "uniform":
        return uniform(people * (1.0 - cv), people * (1.0 + cv))
    return about(people, sd=cv * people, positive=kind == "lognormal")


def _variation(kind: str, rng: np.random.Generator) -> Variation | None:
    """Spreads up to .5 and persistence up to .95."""
    lasting, passing, persistence = rng.uniform(0.05, 0.25), rng.uniform(0.05, 0.25), rng.random()
    per = (Per.MONTH, Per.WEEK)[int(rng.integers(2))]
    spreads = {
        "none": (0.0, 0.0),
        "lasting": (lasting, 0.0),
        "passing": (0.0, passing),
        "both": (lasting, passing),
        "dominant": (0.5, 2.0 * passing),
    }
    first, second = spreads[kind]
    if kind == "none":
        return None
    return Variation(lasting_sd=first, persistence=0.95 * persistence, passing_sd=second, per=per)


def _trend(kind: str, rng: np.random.Generator) -> Trend | None:
    """A linear one stays positive for five years in all but a millionth of the draws."""
    growth, sd = rng.uniform(-0.04, 0.06), rng.uniform(0.01, 0.03)
    if kind == "linear":
        return Trend(per_year=about(growth, sd=sd), form="linear")
    if kind == "exponential":
        return Trend(per_year=about(4.0 * growth, sd=4.0 * sd), form="exponential")
    return None


def _changes(
    kind: str, lost: float, months: int, per: Per, rng: np.random.Generator
) -> list[Change | Surge]:
    """In the first half of the future; none of them need begin with a month."""
    days = (_after(months) - START).days
    first = START + timedelta(days=int(rng.integers(1, max(2, days // 2))))
    during = Period.days(first, max(1, days // 3))
    factor, people = about(rng.uniform(0.7, 1.5), sd=0.05), about(0.4 * lost, sd=0.08 * lost)
    level = about(1.1 * lost / DAYS[per], sd=0.1 * lost / DAYS[per])
    found: list[Change | Surge] = []
    if "factor" in kind:
        found.append(Change(factor=factor, during=during))
    if "surge" in kind:
        found.append(Surge(people=people, during=during))
    if kind == "level":
        found.append(Change(level=level, start=first))
    return found


def _returns(kind: str, lost: float, rng: np.random.Generator) -> Returns | None:
    mean = rng.uniform(1.0, 5.0)
    low = rng.uniform(1.5, 3.0)
    if kind == "no returns":
        return None
    hospitals = {"empty": Hospital.empty, "steady": Hospital.steady}
    past = [
        LossEstimate.central(
            count=about(size * lost, sd=0.05 * lost),
            category=Category.KILLED_AND_WOUNDED,
            period=Period.months(2025, month, count=3),
            side=SIDE,
        )
        for month, size in ((7, 2.7), (10, 3.2))
    ]
    return Returns(
        mix=CasualtyMix.from_ratios(
            between(low, low + 1.5, confidence=0.9, family="lognormal"),
            returned_per_wounded=share(0.4, 0.7, confidence=0.9),
        ),
        delay=Delay.gamma(mean=mean, sd=mean * rng.uniform(0.4, 0.8)),
        hospital=hospitals[kind]() if kind in hospitals else Hospital.from_losses(past),
    )


def _others(count: int, lost: float, rng: np.random.Generator) -> tuple[Process, ...]:
    deserted, sick = lost * rng.uniform(0.02, 0.1), lost * rng.uniform(0.02, 0.1)
    moved = lost * rng.uniform(0.05, 0.15)
    every: tuple[Process, ...] = (
        LossProcess(
            level=about(deserted, sd=0.3 * deserted, positive=True),
            per=Per.MONTH,
            category=Category.DESERTED,
            side=SIDE,
            variation=Variation.independent(0.4, Per.MONTH),
        ),
        IntakeProcess(level=uniform(0.5 * moved, 1.5 * moved), per=Per.MONTH, side=SIDE),
        LossProcess(
            level=about(sick, sd=0.2 * sick), per=Per.MONTH, category=Category.DNB_LOST, side=SIDE
        ),
    )
    return every[:count]


def _traps() -> list[Case]:
    """The reference model with levels that no three moments can tell."""
    readings = mixture([(0.5, about(44_000, sd=2_700)), (0.5, about(31_680, sd=1_600))])
    levels = {"trap: two readings": readings, "trap: uniform level": uniform(25_000, 55_000)}
    losses, recruitment = hills_flows()
    question = two_hills()
    return [
        Case(
            name,
            question.force,
            attrs.evolve(losses, level=level),
            recruitment,
            question.returns,
            (),
            END,
            Per.MONTH,
        )
        for name, level in levels.items()
    ]
