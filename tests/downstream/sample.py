"""
What a user writes, under strict typing.

Checked with ``mypy --strict`` against the installed package, with and without scipy-stubs, and run.
"""

from datetime import date

from scipy import stats  # type: ignore[import-untyped, unused-ignore]  # Typed by scipy-stubs only.

import attrition as at

lost = at.LossEstimate.central(
    count=at.about(31_680, relative=0.08, confidence=0.9),
    category=at.Category.KILLED_AND_WOUNDED,
    period=at.Period.month(2026, 1),
    side="Russia",
)
joined = at.RecruitmentRate(
    rate=at.about(22_000, relative=0.08, confidence=0.9),
    per=at.Per.MONTH,
    side="Russia",
    stage=at.IntakeStage.ARRIVED,
)
force = at.Force(
    strength=at.about(712_000, relative=0.05, confidence=0.9),
    as_of=date(2026, 2, 1),
    side="Russia",
    basis=at.StrengthBasis.COMMITTED,
)
mix = at.CasualtyMix.from_ratios(
    wounded_per_killed=at.between(1.3, 3.4, confidence=0.9, family="lognormal"),
    returned_per_wounded=at.share(0.4, 0.7, confidence=0.9),
)
back = at.Returns(mix=mix, delay=at.Delay.gamma(mean=3, sd=2), hospital=at.Hospital.steady())
future = at.project(
    force,
    losses=at.steady(lost),
    recruitment=at.steady(joined),
    returns=back,
    until=date(2027, 2, 1),
)
print(future)
print(at.balance(lost, joined, returns=back))

# Numbers of scipy, of its older kind and of its newer one, discrete ones too.
older: at.Uncertain = at.Uncertain.of(stats.gamma(4.0, scale=2_500.0))
newer: at.Uncertain = at.Uncertain.of(stats.Normal(mu=9_000.0, sigma=1_500.0))
counted: at.Uncertain = at.Uncertain.of(stats.poisson(30.0))

# Arithmetic with plain numbers on either side, and between uncertain ones.
deficit: at.Uncertain = lost.count - joined.rate
share: at.Uncertain = (1.0 - deficit / lost.count) ** 2
total: at.Uncertain = at.total_of(older, newer, 2 * counted, -deficit)
middle: float = at.maximum(total, at.exactly(1_000)).median()
low, high = at.log(older).interval(0.9)
width: float = high - low
shrinks: at.Event = (deficit > 0) & ~(share <= 0.5)
chance: float = at.probability(shrinks)
print(f"{middle:,.0f} {width:.3f} {chance:.3f}")

# What the projection answers, for a date and for a threshold.
later: at.Uncertain = future.strength(date(2026, 8, 1)) - force.strength
below: float = future.probability_below(640_800, on=date(2027, 2, 1))
crossing: date | None = future.passage(640_800).quantile(0.5)
needed: float = future.recruits_needed(
    keep_above=640_800, by=date(2027, 2, 1), throughout=True
).ppf(0.9)
print(f"{later.mean():,.0f} {below:.3f} {crossing} {needed:,.0f}")
