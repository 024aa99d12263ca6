"""
What a user writes, under strict typing.

Checked with ``mypy --strict`` against the installed package, with and without scipy-stubs, and run.
"""

import math
from datetime import date
from typing import Literal, assert_type

import numpy as np
import numpy.typing as npt
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
# What several reports say together.
other = at.LossEstimate.central(
    count=at.about(30_618, relative=0.1, confidence=0.9),
    category=at.Category.KILLED_AND_WOUNDED,
    period=at.Period.month(2026, 1),
    side="Russia",
)
december = at.LossEstimate.central(
    count=at.about(35_050, relative=0.08, confidence=0.9),
    category=at.Category.KILLED_AND_WOUNDED,
    period=at.Period.month(2025, 12),
    side="Russia",
)
assert_type(at.compare(lost, other), at.Comparison)
assert_type(at.total([december, lost], dependence=0.5), at.Total)
assert_type(at.pool([lost, other], method="linear").estimate, at.LossEstimate)
shortfall = at.Claim(
    relation=lost.count - joined.rate, value=at.about(9_000, sd=500), scale="difference"
)
learned = at.reconcile({"lost": lost.count, "joined": joined.rate}, [shortfall])
assert_type(learned, at.Reconciled)
assert_type(learned.posterior["lost"], at.Uncertain)
bias = at.between(1.1, 1.5, confidence=0.9, family="lognormal")
assert_type(at.debias(lost, factor=bias), at.LossEstimate)
assert_type(at.implied_bias(lost, other), at.Uncertain)
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

# Every constructor gives an uncertain number.
known = at.exactly(35_000)
assert_type(known, at.Uncertain)
assert_type(at.about(9_000, sd=2_000, name="deficit"), at.Uncertain)
assert_type(at.about(9_000, sd=2_000, positive=True), at.Uncertain)
assert_type(at.about(9_000, relative=0.1, confidence=0.9), at.Uncertain)
assert_type(at.between(1, 2, confidence=0.9, family="normal"), at.Uncertain)
assert_type(at.share(0.4, 0.7, confidence=0.9), at.Uncertain)
assert_type(at.uniform(1, 2), at.Uncertain)
assert_type(at.rounded(44_000, to=1_000), at.Uncertain)
assert_type(at.at_least(1_562, median=9_000), at.Uncertain)
assert_type(at.at_most(480, median=460), at.Uncertain)
assert_type(at.pert(8, 10, 15), at.Uncertain)
assert_type(at.asymmetric(31, 35, 47, confidence=0.9), at.Uncertain)
assert_type(at.from_quantiles({0.05: 1, 0.5: 2, 0.95: 4}, tails="lognormal"), at.Uncertain)
assert_type(at.from_draws([1.0, 2.0, 4.0], [1, 2, 3]), at.Uncertain)
assert_type(at.from_joint_draws({"a": [1, 2], "b": [2, 3]}), dict[str, at.Uncertain])
assert_type(at.mixture([(0.3, older), (0.7, 9_000)]), at.Uncertain)
assert_type(at.truncate(stats.gamma(4.0), low=1), at.Uncertain)
assert_type(at.given(older, older > newer), at.Uncertain)
assert_type(at.probability_from("likely", scale="icd203", confidence=0.9), at.Uncertain)
assert_type(
    at.correlate([at.about(3, sd=1), at.uniform(0, 1)], spearman=0.6), tuple[at.Uncertain, ...]
)

# Every operator and function does, with numbers of Python and of numpy.
assert_type(older + newer, at.Uncertain)
assert_type(older + 1, at.Uncertain)
assert_type(1.5 + older, at.Uncertain)
assert_type(older - newer, at.Uncertain)
assert_type(1 - older, at.Uncertain)
assert_type(older * newer, at.Uncertain)
assert_type(2.0 * older, at.Uncertain)
assert_type(newer / older, at.Uncertain)
assert_type(1 / older, at.Uncertain)
assert_type(older**2, at.Uncertain)
assert_type(2.0 ** at.uniform(0, 1), at.Uncertain)
assert_type(-older, at.Uncertain)
assert_type(+older, at.Uncertain)
assert_type(at.exp(at.uniform(0, 1)), at.Uncertain)
assert_type(at.log(older), at.Uncertain)
assert_type(at.sqrt(older), at.Uncertain)
assert_type(at.maximum(older, 3), at.Uncertain)
assert_type(at.minimum(older, newer), at.Uncertain)
assert_type(at.clip(older, 0, 9_000), at.Uncertain)
assert_type(at.total_of(older, newer, 3), at.Uncertain)

# Comparisons give events, and == asks about identity.
assert_type(older < newer, at.Event)
assert_type(older <= 3, at.Event)
assert_type(older > newer, at.Event)
assert_type(older >= 3, at.Event)
assert_type(counted.equals(30), at.Event)
assert_type((older > 3) & (newer > 3), at.Event)
assert_type((older > 3) | (newer > 3), at.Event)
assert_type(~(older > 3), at.Event)
assert_type(at.probability(older > newer), float)
assert_type((older > newer).summary(), at.EventSummary)
assert_type(older == newer, bool)
assert_type(hash(older), int)

# A number in gives a float, an array a float or an array.
assert_type(older.mean(), float)
assert_type(older.var(), float)
assert_type(older.std(), float)
assert_type(older.median(), float)
assert_type(older.interval(0.9), tuple[float, float])
assert_type(older.support(), tuple[float, float])
assert_type(older.ppf(0.9), float)
assert_type(older.isf(0.1), float)
assert_type(older.cdf(9_000), float)
assert_type(older.sf(9_000), float)
assert_type(older.pdf(9_000), float)
assert_type(older.ppf(np.array([0.1, 0.9])), float | npt.NDArray[np.float64])
assert_type(older.isf([0.1, 0.9]), float | npt.NDArray[np.float64])
assert_type(older.cdf([1.0, 2.0]), float | npt.NDArray[np.float64])
assert_type(older.sf([1.0, 2.0]), float | npt.NDArray[np.float64])
assert_type(older.pdf([1.0, 2.0]), float | npt.NDArray[np.float64])
assert_type(older.method, Literal["exact", "quadrature", "lattice", "draws"])
assert_type(older.name, str | None)
assert_type(known.value, float | None)
assert_type(older.same_law(newer), bool)
assert_type(older.rvs(3, rng=20260101), npt.NDArray[np.float64])
assert_type(older.rvs((3, 2), rng=np.random.default_rng(20260101)), npt.NDArray[np.float64])
assert_type(at.draws(older, newer, n=3, rng=20260101), tuple[npt.NDArray[np.float64], ...])
assert_type(older.summary(), at.Summary)
assert_type(older.summary().quantiles, dict[float, float])
round_trip: at.Uncertain = at.Uncertain.of(older.to_scipy())
assert math.isclose(round_trip.median(), older.median())

# Figures from text ask for what the text does not say.
figure = at.parse_figure("14,500 to 23,000, although estimates vary")
assert_type(figure, at.Figure)
assert_type(figure.kind, at.FigureKind)
assert_type(figure.low, float | None)
assert_type(figure.uncertain(confidence=0.9, family="lognormal"), at.Uncertain)
assert_type(at.parse_figure("about 44,000").uncertain(to=1_000), at.Uncertain)
assert_type(at.parse_figure("at least 1,562").uncertain(median=9_000), at.Uncertain)

# What the projection answers, for a date and for a threshold.
later: at.Uncertain = future.strength(date(2026, 8, 1)) - force.strength
below: float = future.probability_below(640_800, on=date(2027, 2, 1))
crossing: date | None = future.passage(640_800).quantile(0.5)
needed: float = future.recruits_needed(
    keep_above=640_800, by=date(2027, 2, 1), throughout=True
).ppf(0.9)
print(f"{later.mean():,.0f} {below:.3f} {crossing} {needed:,.0f}")
