"""What every uncertain number must keep, whatever made it: one list of laws, one of makers."""

import math
import pickle
from collections.abc import Callable

import attrs
import numpy as np
import pytest
from scipy import stats

from attrition._typing import FloatArray
from attrition.errors import MomentError
from attrition.uncertain import (
    Uncertain,
    about,
    asymmetric,
    at_least,
    at_most,
    between,
    clip,
    draws,
    exactly,
    exp,
    from_draws,
    from_joint_draws,
    from_quantiles,
    maximum,
    mixture,
    pert,
    probability_from,
    rounded,
    share,
    truncate,
    uniform,
)
from attrition.uncertain.evaluate import law_of
from attrition.uncertain.law import Law

__all__ = ["LAWS", "MAKERS", "SEEDS", "distance"]

SEEDS = range(20260101, 20260106)

P = np.array([1e-12, 1e-6, 0.001, 0.05, 0.25, 0.3, 0.5, 0.7, 0.95, 0.999, 1 - 1e-6])

# A sorted sample without a pattern, by the golden ratio.
SAMPLE = np.floor(1e4 * ((np.arange(1.0, 41.0) * 0.6180339887498949) % 1.0))

WEIGHTS = 1.0 + np.arange(40.0) % 7.0


def _tied() -> Uncertain:
    return from_joint_draws({"killed": SAMPLE, "wounded": 3.0 * SAMPLE[::-1]})["wounded"]


def _tied_and_weighted() -> Uncertain:
    return from_joint_draws({"killed": SAMPLE, "wounded": 3.0 * SAMPLE[::-1]}, WEIGHTS)["wounded"]


def _three() -> Uncertain:
    """A number that only the lattice can answer."""
    a, b = about(3, sd=1), uniform(1, 2)
    return a * b + Uncertain.of(stats.gamma(2.5)) * b


MAKERS: dict[str, Callable[[], Uncertain]] = {
    "exactly": lambda: exactly(35_000),
    "about": lambda: about(-44_000, sd=3_000),
    "about, positive": lambda: about(44_000, sd=13_000, positive=True),
    "about, relative": lambda: about(44_000, relative=0.1, confidence=0.9),
    "about, relative and positive": lambda: about(
        44_000, relative=0.5, confidence=0.8, positive=True
    ),
    "between, lognormal": lambda: between(14_500, 23_000, confidence=0.9, family="lognormal"),
    "between, normal": lambda: between(-500, 2_300, confidence=0.8, family="normal"),
    "share": lambda: share(0.4, 0.7, confidence=0.9),
    "share near one": lambda: share(0.9, 0.9999, confidence=0.9),
    "probability_from, inside": lambda: probability_from("likely", scale="icd203", confidence=0.9),
    "probability_from, from zero": lambda: probability_from(
        "remote chance", scale="phia", confidence=0.8
    ),
    "probability_from, up to one": lambda: probability_from(
        "likely", scale="ipcc", confidence=0.95
    ),
    "uniform": lambda: uniform(-3, 0.7),
    "rounded": lambda: rounded(44_000, to=1_000),
    "at_least": lambda: at_least(1_562, median=9_000),
    "at_most": lambda: at_most(480, median=-460),
    "pert": lambda: pert(8, 10, 15),
    "pert with the mode at an end": lambda: pert(-3, -3, 1),
    "asymmetric": lambda: asymmetric(31_000, 35_000, 47_000, confidence=0.9),
    "from_quantiles, normal": lambda: from_quantiles(
        {0.05: -3, 0.25: -1, 0.5: 0.5, 0.95: 9}, tails="normal"
    ),
    "from_quantiles, lognormal": lambda: from_quantiles(
        {0.05: 14_500, 0.5: 17_000, 0.95: 23_000}, tails="lognormal"
    ),
    "from_draws": lambda: from_draws(SAMPLE),
    "from_draws, weighted": lambda: from_draws(SAMPLE, WEIGHTS),
    "from_joint_draws": _tied,
    "from_joint_draws, weighted": _tied_and_weighted,
    "mixture": lambda: mixture(
        [(0.4, about(5, sd=1)), (0.6, between(1, 2, confidence=0.9, family="lognormal"))]
    ),
    "mixture of values": lambda: mixture([(0.3, 44_000), (0.7, from_draws(SAMPLE))]),
    "truncate": lambda: truncate(about(9_000, sd=6_000), low=0),
    "truncate, far out": lambda: truncate(about(0, sd=1), low=8, high=9),
    "truncate, falling function": lambda: truncate(1.0 - Uncertain.of(stats.gamma(3)), -4),
    "truncate, discrete": lambda: truncate(stats.poisson(2.5), 1, 4),
    "scipy, continuous": lambda: Uncertain.of(stats.gamma(4, scale=9_000)),
    "scipy, discrete": lambda: Uncertain.of(stats.poisson(2.5)),
    "scipy, values": lambda: Uncertain.of(stats.rv_discrete(values=([1, 2.5, 7], [0.2, 0.5, 0.3]))),
    "scipy, histogram": lambda: Uncertain.of(
        stats.rv_histogram(
            (np.array([3, 1, 7, 2]), np.array([0.0, 1.0, 4.0, 5.0, 9.0])), density=False
        )
    ),
    "scipy, new style": lambda: Uncertain.of(stats.Uniform(a=-3.0, b=2.0)),
    "scipy, new normal": lambda: Uncertain.of(stats.Normal(mu=3, sigma=4)),
    "sum of normals": lambda: about(44_000, sd=3_000) - about(35_000, sd=2_000),
    "product of lognormals": lambda: (
        between(1, 2, confidence=0.9, family="lognormal")
        / between(3, 5, confidence=0.7, family="lognormal")
    ),
    "falling function": lambda: 1.0 / (1.0 + Uncertain.of(stats.gamma(3))),
    "function with a kink": lambda: maximum(about(1, sd=2), 0.5),
    "function held between bounds": lambda: clip(about(1, sd=2), -1, 2),
    "turned discrete": lambda: 0.1 - 0.7 * Uncertain.of(stats.poisson(2.5)),
    "square of discrete": lambda: (Uncertain.of(stats.poisson(2.5)) - 2) ** 2,
    "function of columns": lambda: exp(0.0001 * _tied()),
    "three unknowns": _three,
}


def _law(x: Uncertain) -> Law:
    return law_of(x.node)


def _scale(x: Uncertain) -> float:
    """What a deviation is measured against."""
    low, high = x.interval(0.9)
    return max(abs(low), abs(high), high - low)


def distance(sample: FloatArray, law: Law) -> float:
    """The largest gap between the distribution of a sample and a law, jumps included."""
    places, counts = np.unique(sample, return_counts=True)
    upper = np.cumsum(counts) / sample.size
    lower = upper - counts / sample.size
    gaps = np.abs([upper - law.cdf(places), lower - law.below(places)])
    return float(gaps.max())


# --- the laws ---------------------------------------------------------------------------------


def quantiles_rise(make: Callable[[], Uncertain]) -> None:
    """Quantiles rise with their probability, upper quantiles fall."""
    x = make()

    assert (np.diff(np.asarray(x.ppf(P))) >= 0.0).all()
    assert (np.diff(np.asarray(x.isf(P))) <= 0.0).all()


def quantiles_invert_probabilities(make: Callable[[], Uncertain]) -> None:
    """A quantile is the place with at least q up to it and at most q before it."""
    law = _law(make())
    # Between two values of a sample a quantile is interpolated, so a value is missed.
    slack = 1e-10 if law.method != "lattice" else 2.0 / 32_744
    lower, upper = law.ppf(P), law.isf(P)

    assert (law.cdf(lower) >= P * (1.0 - 1e-9) - slack).all()
    assert (law.below(lower) <= P * (1.0 + 1e-9) + slack).all()
    assert (law.sf(upper) <= P * (1.0 + 1e-9) + slack).all()
    assert (law.at_least(upper) >= P * (1.0 - 1e-9) - slack).all()


def both_tails_agree(make: Callable[[], Uncertain]) -> None:
    """The probabilities on the two sides of a place sum to one, with it and without it."""
    law = _law(make())
    places = law.ppf(P)

    assert law.cdf(places) + law.sf(places) == pytest.approx(1.0, abs=1e-14)
    assert law.below(places) + law.at_least(places) == pytest.approx(1.0, abs=1e-14)


def probabilities_go_from_none_to_all(make: Callable[[], Uncertain]) -> None:
    """Nothing lies below minus infinity and everything below infinity."""
    x = make()

    assert (x.cdf(-math.inf), x.sf(-math.inf)) == (0.0, 1.0)
    assert (x.cdf(math.inf), x.sf(math.inf)) == (1.0, 0.0)


def support_holds_the_mass(make: Callable[[], Uncertain]) -> None:
    """No quantile lies outside the support, and no mass."""
    x = make()
    law, (low, high) = _law(x), x.support()

    assert low <= law.ppf(np.array(0.0)) <= law.ppf(np.array(1.0)) <= high
    assert low <= law.isf(np.array(1.0)) <= law.isf(np.array(0.0)) <= high
    assert law.below(np.array(low)) == 0.0
    assert law.sf(np.array(high)) == 0.0


def moments_are_integrals_of_probabilities(make: Callable[[], Uncertain]) -> None:
    """Mean and variance are what the distribution function alone makes of them."""
    x = make()
    law = _law(x)
    p = np.concatenate([np.geomspace(1e-13, 0.01, 4_000), np.linspace(0.01, 0.5, 8_000)])
    if law.method == "lattice":
        p = p[::20]
    grid = np.unique(np.concatenate([law.ppf(p), law.isf(p)]))
    at, between_two = law.cdf(grid) - law.below(grid), law.below(grid[1:]) - law.cdf(grid[:-1])
    middle = 0.5 * (grid[1:] + grid[:-1])
    mean = at @ grid + between_two @ middle
    variance = at @ (grid - mean) ** 2 + between_two @ (middle - mean) ** 2

    # The rule of the middle has an error of the square of the cells, 1e-6 of the spread here;
    # quantiles of a sample miss half a value at either end.
    close = 1e-5 if law.method != "lattice" else 1e-3
    assert x.mean() == pytest.approx(mean, abs=close * x.std() + 1e-12 * abs(mean))
    assert x.var() == pytest.approx(variance, rel=10.0 * close, abs=0.0 if x.std() else 1e-12)


def draws_have_the_law(make: Callable[[], Uncertain]) -> None:
    """Draws of any seed keep within the distance that one in a million samples exceeds."""
    x = make()
    law = _law(x)
    n = 2_000 if law.method != "lattice" else 500
    slack = 5.0 * law.probability_error(x.median())
    for seed in SEEDS:
        gap = distance(x.rvs(n, rng=seed), law)

        assert stats.kstwo.sf(max(gap - slack, 0.0), n) > 1e-6


def fewer_draws_are_the_first_of_more(make: Callable[[], Uncertain]) -> None:
    """One seed means one sequence of draws."""
    x = make()
    more = x.rvs((7, 3), rng=20260101)

    assert x.rvs(21, rng=20260101).tolist() == more.ravel().tolist()
    assert x.rvs(5, rng=20260101).tolist() == more.ravel()[:5].tolist()
    assert draws(x, n=21, rng=20260101)[0].tolist() == more.ravel().tolist()


def pickling_keeps_identity(make: Callable[[], Uncertain]) -> None:
    """A number comes back from a pickle as the same unknown, still tied to itself."""
    x = make()
    back = pickle.loads(pickle.dumps(x))

    assert back == x
    assert hash(back) == hash(x)
    assert (back.name, repr(back)) == (x.name, repr(x))
    assert (back - x).std() == 0.0
    assert np.array_equal(back.ppf(P), x.ppf(P))


def nothing_changes_it(make: Callable[[], Uncertain]) -> None:
    """Neither a number nor what it hands out can be changed from outside."""
    x = make()
    before = x.median()
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        x.node = exactly(1).node  # type: ignore[misc]  # the point of the test
    x.rvs(3, rng=20260101)[:] = 0.0
    np.asarray(x.ppf(P))[:] = 0.0

    assert x.median() == before


def two_makings_print_alike(make: Callable[[], Uncertain]) -> None:
    """Texts and numbers depend on what was stated, never on who states it when."""
    x, y = make(), make()

    assert repr(x) == repr(y)
    assert str(x) == str(y)
    assert x.rvs(4, rng=20260101).tolist() == y.rvs(4, rng=20260101).tolist()
    assert x.summary() == y.summary()


def it_is_itself(make: Callable[[], Uncertain]) -> None:
    """A number less itself is exactly 0, and has its own law."""
    x = make()
    nothing = x - x

    assert (nothing.mean(), nothing.std(), nothing.support()) == (0.0, 0.0, (0.0, 0.0))
    assert x == +x
    assert x.same_law(make())
    assert not x.same_law(x + 0.25 * _scale(x))


def scalars_give_floats(make: Callable[[], Uncertain]) -> None:
    """A number in gives a float out, an array an array of its shape."""
    x = make()
    square = np.array([[0.1, 0.2], [0.3, 0.4], [0.5, 0.9]])
    for ask in (x.ppf, x.isf, x.cdf, x.sf):
        assert type(ask(0.25)) is float
        assert type(ask(np.float64(0.25))) is float
        assert np.shape(ask(square)) == (3, 2)
        assert np.shape(ask([0.1, 0.9])) == (2,)
        assert np.shape(ask([])) == (0,)
        # Vector units round by the place in an array.
        assert np.asarray(ask(square))[2, 1] == pytest.approx(ask(0.9), rel=1e-13)


def shift_and_scale_go_through(make: Callable[[], Uncertain]) -> None:
    """Quantiles and moments of 5 - 2 x follow from those of x."""
    x = make()
    y = 5.0 - 2.0 * x
    size = 5.0 + 2.0 * _scale(x)

    # At 0.3 exactly some discrete laws jump, and either side of the jump is right.
    slack = 1e-9 * size + 10.0 * max(_law(y).error(0.3137), 0.0)
    assert y.ppf(0.3137) == pytest.approx(5.0 - 2.0 * x.isf(0.3137), abs=slack)
    assert y.mean() == pytest.approx(5.0 - 2.0 * x.mean(), abs=slack)
    assert y.var() == pytest.approx(4.0 * x.var(), rel=1e-6, abs=1e-18)


def density_is_the_slope(make: Callable[[], Uncertain]) -> None:
    """The density adds up to the probability, where there is one."""
    x = make()
    law = _law(x)
    if law.atomic and law.method == "exact":
        return
    nodes, weights = np.polynomial.legendre.leggauss(40)
    for low, high in zip(law.ppf(P[3:8]), law.ppf(P[4:9]), strict=True):
        mass = 0.5 * (high - low) * weights @ law.pdf(0.5 * (high + low + (high - low) * nodes))

        close = 1e-6 if law.method == "exact" else 0.02
        # A histogram has steps, which forty nodes do not see exactly.
        close = 0.05 if "histogram" in repr(law) else close
        assert mass == pytest.approx(float(law.cdf(high) - law.cdf(low)), abs=close)


def a_density_is_never_invented(make: Callable[[], Uncertain]) -> None:
    """A density is a number that is not negative, or refused."""
    x = make()
    places = x.ppf(P[2:10])
    try:
        density = np.asarray(x.pdf(places))
    except MomentError:
        with pytest.raises(MomentError, match=r"is discrete and has no density"):
            x.pdf(places)
    else:
        assert (density >= 0.0).all()


def summary_repeats_the_answers(make: Callable[[], Uncertain]) -> None:
    """A summary says what the methods say."""
    x = make()
    summary = x.summary()

    assert (summary.mean, summary.std) == (x.mean(), x.std())
    one_by_one = {q: x.ppf(q) for q in (0.05, 0.25, 0.5, 0.75, 0.95)}
    assert summary.quantiles == pytest.approx(one_by_one, rel=1e-13)
    tail = 0.5 * (1.0 - 0.9)
    assert x.interval(0.9) == (x.ppf(tail), x.isf(tail))
    assert summary.method == x.method
    assert (summary.error == 0.0) is (summary.method == "exact")


LAWS: list[Callable[[Callable[[], Uncertain]], None]] = [
    quantiles_rise,
    quantiles_invert_probabilities,
    both_tails_agree,
    probabilities_go_from_none_to_all,
    support_holds_the_mass,
    moments_are_integrals_of_probabilities,
    draws_have_the_law,
    fewer_draws_are_the_first_of_more,
    pickling_keeps_identity,
    nothing_changes_it,
    two_makings_print_alike,
    it_is_itself,
    scalars_give_floats,
    shift_and_scale_go_through,
    density_is_the_slope,
    a_density_is_never_invented,
    summary_repeats_the_answers,
]
