import math
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import numpy as np
import pytest

from attrition.accounts import Per, Period
from attrition.evidence import CasualtyMix
from attrition.projection import (
    Change,
    Delay,
    Hospital,
    Projection,
    Returns,
    Trend,
    Variation,
    WatchedPassage,
)
from attrition.uncertain import about, exp
from tests.projection.futures import (
    CLAIMED,
    MONTHLY,
    claimed,
    future,
    intake,
    losses,
)

NEW_YEAR = date(2026, 1, 1)
DRAWS = 262_144


def after(months: int, start: date = NEW_YEAR) -> date:
    """The first of a month so many months after the first of another one."""
    years, month = divmod(start.month - 1 + months, 12)
    return date(start.year + years, month + 1, start.day)


class Reference(NamedTuple):
    """What 1e8 draws of a model gave elsewhere."""

    future: Projection
    passage: WatchedPassage
    quantiles: Mapping[int, tuple[float, float, float]]
    below_by: Mapping[int, float]


def _two_hills() -> Reference:
    """
    Killed and wounded with a wave of losses, recruits that decline, returns over a year.

    The wounded per killed are lognormal with median 3 and a spread of .2, so that the wounded
    are the share 1 / (1 + exp(-logit(.75) - .2 z)) of both.
    """
    shares = np.diff([1 - math.exp(-k / 1.5) * (1 + k / 1.5) for k in range(13)])
    returned = 1 / (1 + exp(-about(math.log(0.35 / 0.65), sd=0.3)))
    past = [claimed(40_000, Period.month(2025, month)) for month in range(1, 13)]
    year = future(
        about(700_000, sd=20_000),
        losses(
            exp(about(math.log(40_000), sd=0.12)),
            CLAIMED,
            variation=MONTHLY,
            changes=[Change(factor=1.15, during=Period.year(2027))],
        ),
        intake(
            exp(about(math.log(33_000), sd=0.08)),
            trend=Trend(per_year=about(-0.03, sd=0.05), form="linear"),
            changes=[Change(factor=1.05, during=Period.months(2027, 7, count=18))],
        ),
        start=NEW_YEAR,
        until=date(2029, 1, 1),
        returns=Returns(
            mix=CasualtyMix.from_ratios(
                exp(about(math.log(3), sd=0.2)), returned_per_wounded=returned
            ),
            delay=Delay.shares((shares / shares.sum()).tolist()),
            hospital=Hospital.from_losses(past),
        ),
        draws=DRAWS,
    )
    return Reference(
        year,
        year.passage(600_000),
        {36: (380_136, 751_650, 1_095_410)},
        {12: 0.0421, 24: 0.2193, 36: 0.2718},
    )


def _benchmark() -> Reference:
    """Losses of a shared factor and independent months, for good, against a shared rate."""
    factor = about(1, sd=0.1, positive=True)
    year = future(
        about(700_000, sd=25_000),
        losses(38_000 * factor, variation=Variation.independent(4 / 38, Per.MONTH)),
        intake(about(34_000, sd=2_000)),
        start=NEW_YEAR,
        until=date(2029, 1, 1),
        draws=DRAWS,
    )
    return Reference(
        year,
        year.passage(500_000),
        {
            12: (552_429, 653_611, 746_092),
            24: (420_845, 607_540, 775_109),
            36: (286_661, 561_367, 807_026),
        },
        {12: 0.00745, 24: 0.16597, 36: 0.35065},
    )


@pytest.fixture(scope="module", name="two_hills")
def make_two_hills() -> Reference:
    """The first model, simulated once."""
    return _two_hills()


@pytest.fixture(scope="module", name="benchmark")
def make_benchmark() -> Reference:
    """The second model, simulated once."""
    return _benchmark()


@pytest.fixture(name="reference", params=["two_hills", "benchmark"])
def make_reference(
    request: pytest.FixtureRequest, two_hills: Reference, benchmark: Reference
) -> Reference:
    """Each of the two."""
    return two_hills if request.param == "two_hills" else benchmark


class TestReferences:
    """Two models against 1e8 draws of independent programs; four standard errors of the run."""

    def test_quantiles(self, reference: Reference) -> None:
        """The 5, 50 and 95 per cent quantiles are those of the reference."""
        levels = (0.05, 0.5, 0.95)
        found = reference.future.quantiles(levels)
        errors = reference.future.standard_errors(levels)
        for month, expected in reference.quantiles.items():
            gaps = np.abs(found[month] - expected)

            # The reference itself is known to 50 people.
            assert (gaps < 4 * errors[month] + 50).all(), (month, gaps, errors[month])
            assert (errors[month] < 1_500).all()

    def test_first_passage(self, reference: Reference) -> None:
        """The probability of having been below by a month is that of the reference."""
        passage = reference.passage
        for month, expected in reference.below_by.items():
            error = math.sqrt(expected * (1 - expected) / DRAWS)

            # The references are rounded to the last digit given.
            assert passage.probability(by=after(month)) == pytest.approx(
                expected, abs=4 * error + 5e-5
            )
            assert passage.standard_error(by=after(month)) < 2.5 * error

    def test_below_on_the_date_is_less(self, two_hills: Reference) -> None:
        """Below by month 36 is .2718, below at month 36 only .2445: some recover."""
        on = two_hills.future.probability_below(600_000, on=after(36))
        by = two_hills.passage.probability(by=after(36))

        assert on == pytest.approx(0.2445, abs=4 * math.sqrt(0.2445 * 0.7555 / DRAWS) + 5e-5)
        assert by - on == pytest.approx(0.2718 - 0.2445, abs=4 * math.sqrt(0.027 / DRAWS) + 1e-4)

    def test_date_of_first_passage(self, benchmark: Reference) -> None:
        """Five per cent are below by month 17, and half never within 36."""
        assert benchmark.passage.quantile(0.05) == after(17)
        assert benchmark.passage.quantile(0.5) is None
        assert benchmark.passage.beyond_horizon == pytest.approx(1 - 0.35065, abs=4e-3)
