"""
The two models of the benches as records of the library, beside plain numpy and the references.

Records are built here, before any clock starts; a bench times ``project`` and the answers.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple

import numpy as np

from attrition._typing import FloatArray
from attrition.accounts import Category, Force, LossEstimate, Per, Period, StrengthBasis
from attrition.evidence import CasualtyMix
from attrition.projection import (
    Change,
    Delay,
    Hospital,
    IntakeProcess,
    LossProcess,
    Projection,
    Returns,
    Trend,
    Variation,
    project,
)
from attrition.uncertain import about, exp
from tests.bench import plain
from tests.bench.projection_references import BENCHMARK, TWO_HILLS, Reference

__all__ = ["DATES", "END", "Question", "after", "benchmark", "hills_flows", "two_hills"]

SIDE = "Russia"
START = date(2026, 1, 1)


def after(months: int) -> date:
    """The end of so many months."""
    return date(START.year + months // 12, months % 12 + 1, 1)


DATES = tuple(after(month) for month in range(1, plain.MONTHS + 1))
END = DATES[-1]


class Question(NamedTuple):
    """A model by the library and by plain numpy, with what many draws gave."""

    name: str
    reference: Reference
    force: Force
    losses: LossProcess
    recruitment: IntakeProcess
    returns: Returns | None
    matrix: Callable[[int, np.random.Generator], FloatArray]
    loop: Callable[[int, np.random.Generator], Iterator[FloatArray]]

    def future(
        self,
        seed: int | None = None,
        *,
        draws: int | None = None,
        method: Literal["auto", "paths"] = "auto",
    ) -> Projection:
        """What the library makes of it."""
        return project(
            self.force,
            losses=self.losses,
            recruitment=self.recruitment,
            returns=self.returns,
            until=END,
            draws=draws,
            method=method,
            rng=seed,
        )

    def plainly(self, draws: int, seed: int, levels: Sequence[float]) -> plain.Answer:
        """What numpy makes of it on one matrix."""
        strength = self.matrix(draws, np.random.default_rng(seed))
        return plain.of_matrix(strength, levels, self.reference.threshold)

    def by_months(self, draws: int, seed: int, levels: Sequence[float]) -> plain.Answer:
        """What numpy makes of it in a loop over months."""
        rows = self.loop(draws, np.random.default_rng(seed))
        return plain.of_rows(rows, levels, self.reference.threshold)


def _force(sd: float) -> Force:
    return Force(
        strength=about(700_000, sd=sd), as_of=START, side=SIDE, basis=StrengthBasis.COMMITTED
    )


def benchmark() -> Question:
    """A shared factor of the losses, independent months, for good."""
    return Question(
        "for good, shared factor",
        BENCHMARK,
        _force(25_000),
        LossProcess(
            level=38_000 * about(1, sd=0.1, positive=True),
            per=Per.MONTH,
            category=Category.IRRECOVERABLE,
            side=SIDE,
            variation=Variation.independent(4 / 38, Per.MONTH),
        ),
        IntakeProcess(level=about(34_000, sd=2_000), per=Per.MONTH, side=SIDE),
        None,
        plain.benchmark,
        plain.benchmark_loop,
    )


def two_hills() -> Question:
    """A wave of losses with noise that lasts, recruits that decline, returns over a year."""
    losses, recruitment = hills_flows()
    return Question(
        "with returns, trend, lasting noise",
        TWO_HILLS,
        _force(20_000),
        losses,
        recruitment,
        _returns(losses.category),
        plain.two_hills,
        plain.two_hills_loop,
    )


def hills_flows(
    lost: float = plain.LOST, joined: float = plain.JOINED
) -> tuple[LossProcess, IntakeProcess]:
    """Losses and recruitment of two hills with these medians of their levels."""
    losses = LossProcess(
        level=exp(about(math.log(lost), sd=0.12)),
        per=Per.MONTH,
        category=Category.KILLED_AND_WOUNDED,
        side=SIDE,
        variation=Variation(
            lasting_sd=plain.LASTING,
            persistence=plain.PERSISTENCE,
            passing_sd=plain.PASSING,
            per=Per.MONTH,
        ),
        changes=(Change(factor=1.15, during=Period.year(2027)),),
    )
    recruitment = IntakeProcess(
        level=exp(about(math.log(joined), sd=0.08)),
        per=Per.MONTH,
        side=SIDE,
        trend=Trend(per_year=about(-0.03, sd=0.05), form="linear"),
        changes=(Change(factor=1.05, during=Period.months(2027, 7, count=18)),),
    )
    return losses, recruitment


def _returns(category: Category) -> Returns:
    past = [
        LossEstimate.central(
            count=40_000, category=category, period=Period.month(2025, month), side=SIDE
        )
        for month in range(1, 13)
    ]
    # Wounded per killed are lognormal around 3, so the wounded are the share
    # 1 / (1 + exp(-logit(.75) - .2 z)) of both.
    mix = CasualtyMix.from_ratios(
        exp(about(math.log(3), sd=0.2)),
        returned_per_wounded=1 / (1 + exp(-about(math.log(0.35 / 0.65), sd=0.3))),
    )
    return Returns(
        mix=mix, delay=Delay.shares(plain.DELAY.tolist()), hospital=Hospital.from_losses(past)
    )
