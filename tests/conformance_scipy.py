"""
Every family of the installed scipy.stats, with what each costs, and the laws that they keep.

The parameters are those of scipy's own tests.
"""

import math
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
import pytest
from scipy import stats

# Private, and used in tests only: there is no other list of families with valid parameters. Where
# a later scipy has none, the import fails and with it the tests.
from scipy.stats._distr_params import distcont, distdiscrete

from attrition._typing import FloatArray
from attrition.errors import MomentError
from attrition.uncertain import Uncertain
from attrition.uncertain.law import Law, open_unit
from attrition.uncertain.quantile_table import StepTable, table_of
from attrition.uncertain.scipy_law import ScipyFrozen
from tests.conformance import LAWS, SEEDS, distance

__all__ = [
    "BROKEN",
    "CASES",
    "DEFECTS",
    "REFUSED",
    "SHARED",
    "TOO_SLOW",
    "WITHOUT_VARIANCE",
    "Family",
]


Quantile: TypeAlias = Callable[[FloatArray], FloatArray]


class Family(NamedTuple):
    """A family of scipy with the parameters of its tests."""

    name: str
    arguments: tuple[object, ...]

    def __str__(self) -> str:
        return f"{self.name}{self.arguments}"

    def make(self) -> Uncertain:
        return Uncertain.of(getattr(stats, self.name)(*self.arguments))

    def law(self) -> Law:
        return ScipyFrozen(getattr(stats, self.name)(*self.arguments))


CONTINUOUS = [Family(name, arguments) for name, arguments in distcont]
DISCRETE = [Family(name, arguments) for name, arguments in distdiscrete]

# Families whose quantiles cost 0.3 ms and more each: scipy searches for them in Python, over
# probabilities that are integrals or sums. They are drawn fewer times for each seed, and keep the
# laws that ask for tens of quantiles but not those that ask for hundreds.
SLOW = {
    **dict.fromkeys(["argus", "dpareto_lognorm", "exponnorm", "foldcauchy", "foldnorm"], 200),
    **dict.fromkeys(["irwinhall", "kappa4", "recipinvgauss", "rel_breitwigner"], 200),
    **dict.fromkeys(["gausshyper", "genhyperbolic", "geninvgauss", "norminvgauss"], 60),
    **dict.fromkeys(["vonmises", "vonmises_line", "kstwo"], 60),
    **dict.fromkeys(["nchypergeom_fisher", "nchypergeom_wallenius", "nhypergeom"], 20),
    **dict.fromkeys(["betabinom", "betanbinom", "logser", "skellam"], 100),
    "ksone": 20,
    "levy_stable": 20,
    "studentized_range": 1,
}

POINTS = {"studentized_range": 5}
"""Families that are asked at every so many points only."""

# Their quantiles have kinks, or cost 8 ms and 60 ms each: the four are drawn without a table.
UNTABLED = {"kstwo", "ksone", "levy_stable", "studentized_range"}

WITHOUT_MEAN = {"cauchy", "kappa3", "landau", "skewcauchy"}
WITHOUT_VARIANCE = {*WITHOUT_MEAN, "dpareto_lognorm"}

INFINITE_MEAN = {"alpha", "foldcauchy", "halfcauchy", "levy", "levy_l"}
INFINITE_VARIANCE = {*INFINITE_MEAN, "crystalball", "levy_stable", "lomax"}

# --- the laws ---------------------------------------------------------------------------------

P = np.array([1e-12, 1e-9, 1e-6, 1e-3, 0.05, 0.25, 0.3137, 0.5, 0.7, 0.95, 0.999, 1.0 - 1e-6])

# Doubles next to one are 1e-16 apart, and scipy finds some quantiles through 1 - q.
NEXT_TO_ONE = 1e-15

ROUNDING = {
    "gausshyper": 5e-13,  # Its probabilities are integrals.
    "semicircular": 3e-14,  # Its probabilities are a half and what cancels it.
    "tukeylambda": 5e-15,  # Its probabilities are found by a search.
}
"""Where scipy has fewer digits in the tails."""

FARTHEST = 7.5

SCORES = np.array([-2.3, -1.1, -0.37, 0.23, 0.71, 1.9])
STEP = 1e-3


def quantiles_and_probabilities_invert(family: Family) -> None:
    """The probability of a quantile is the one it was asked for, far out in both tails."""
    law, p = family.law(), P[:: POINTS.get(family.name, 1)]
    for quantile, probability in ((law.ppf, law.cdf), (law.isf, law.sf)):
        x = quantile(p)
        around = np.sort([probability(np.nextafter(x, end)) for end in (-np.inf, np.inf)], axis=0)

        # Where no double has that probability, two neighbours have it between them.
        slack = 1e-9 * p + ROUNDING.get(family.name, NEXT_TO_ONE)
        assert ((around[0] <= p + slack) & (around[1] >= p - slack)).all()


def places_of_steps_are_the_first(family: Family) -> None:
    """A quantile of whole numbers is the first with enough up to it, in both tails exactly."""
    law = family.law()
    lower, upper = law.ppf(P), law.isf(P)

    assert (law.cdf(lower) >= P).all()
    assert (law.below(lower) < P).all()
    assert (law.sf(upper) <= P).all()
    assert (law.at_least(upper) > P).all()


def density_is_the_slope_of_scores(family: Family) -> None:
    """The density times the slope of the quantile against its score is the normal density."""
    law, z = family.law(), SCORES[:: POINTS.get(family.name, 1)]
    far, near = (law.at_score(z + k * STEP) - law.at_score(z - k * STEP) for k in (2.0, 1.0))
    slope = (8.0 * near - far) / (12.0 * STEP)
    bell = np.exp(-0.5 * z**2) / math.sqrt(2.0 * math.pi)

    assert np.abs(law.pdf(law.at_score(z)) * slope / bell - 1.0).max() < 1e-8


def moments_are_integrals_of_quantiles(family: Family) -> None:
    """Mean and variance are integrals over the score; infinite where quantiles grow too fast."""
    law = family.law()
    if family.name in WITHOUT_VARIANCE | INFINITE_VARIANCE:
        _moments_do_not_exist(family, law)
        return
    mean, variance = law.mean(), law.var()
    # Panels end at the median, where some densities have a kink; elsewhere a kink costs 1e-6.
    panels, count = (16, 6) if family.name in SLOW else (128, 5)
    count = 12 if family.name in UNTABLED else count
    nodes, weights = np.polynomial.legendre.leggauss(count)
    width = 2.0 * FARTHEST / panels
    scores = (width * (np.arange(panels)[:, None] + 0.5 * (1.0 + nodes)) - FARTHEST).ravel()
    bell = np.exp(-0.5 * scores**2) / math.sqrt(2.0 * math.pi)
    mass, x = np.tile(0.5 * width * weights, panels) * bell, law.at_score(scores)
    beyond = sum(_square_beyond(quantile, mean) for quantile in (law.ppf, law.isf))

    assert abs(mass @ x - mean) < 1e-6 * math.sqrt(variance)
    assert (mass @ (x - mean) ** 2 + beyond) / variance == pytest.approx(1.0, rel=2e-5)


def _square_beyond(quantile: Quantile, mean: float) -> float:
    """The part of a variance beyond the farthest score, where quantiles grow with a power."""
    tail = np.array(stats.norm.sf(FARTHEST))
    power = max(_growth_of(quantile), 0.0)
    return float(tail * (quantile(tail) - mean) ** 2 / (1.0 - 2.0 * power))


def sums_are_the_moments(family: Family) -> None:
    """Mean and variance of whole numbers are sums of differences of probabilities."""
    law = family.law()
    first, last = (float(quantile(np.array(1e-15))) for quantile in (law.ppf, law.isf))
    places = np.arange(first, last + 1.0)
    mass = law.cdf(places) - law.below(places)
    mean = mass @ places

    assert law.mean() == pytest.approx(mean, rel=1e-9)
    assert law.var() == pytest.approx(mass @ (places - mean) ** 2, rel=1e-7)


def _growth_of(quantile: Quantile) -> float:
    """The power of one over the probability with which quantiles of a tail grow."""
    far, near = np.abs(quantile(np.array([1e-12, 1e-9])))
    return float(np.log(far / near)) / math.log(1e3)


def _moments_do_not_exist(family: Family, law: Law) -> None:
    """Exactly the moments that the growth of the quantiles rules out are refused or infinite."""
    power = max(_growth_of(law.ppf), _growth_of(law.isf))
    for name, moment, highest in (("mean", law.mean, 1.0), ("variance", law.var, 0.5)):
        refused = WITHOUT_MEAN if name == "mean" else WITHOUT_VARIANCE
        try:
            value = moment()
        except MomentError as error:
            assert family.name in refused
            assert str(error) == (
                f"the {name} of {law!r} does not exist. "
                "Use median() and interval(confidence), which always exist."
            )
            value = math.inf
        assert math.isinf(value) is (power > highest - 1e-3)


def draws_have_the_law_and_the_table_is_close(family: Family) -> None:
    """
    Draws of any seed keep within the distance that one in a million samples exceeds.

    Drawn from a table they are within 1e-6 in probability of where they should be, one by one;
    of whole numbers they are the exact ones.
    """
    law = family.law()
    table = None if family.name in UNTABLED else table_of(law)
    n = SLOW.get(family.name, 2_000)
    for seed in SEEDS:
        u = open_unit(np.random.default_rng(seed).random(n))
        x = law.ppf(u) if table is None else table.ppf(law, u)

        assert stats.kstwo.sf(distance(x, law), n) > 1e-6
        if isinstance(table, StepTable):
            assert (x == law.ppf(u)).all()
        elif table is not None:
            assert np.abs(law.cdf(x) - u).max() <= 1e-6
            assert (np.argsort(x, kind="stable") == np.argsort(u, kind="stable")).all()


def equal_statements_are_equal_laws(family: Family) -> None:
    """Two makings are two unknowns of one law."""
    x, y = family.make(), family.make()

    assert x != y
    assert family.law() == family.law()
    assert repr(x) == repr(y)
    assert repr(x).startswith(f"Uncertain({family.name}(")


REFUSED = {"summary_repeats_the_answers", "two_makings_print_alike", "shift_and_scale_go_through"}
"""Laws that ask for moments."""

TENS = {
    *("quantiles_rise", "quantiles_invert_probabilities", "both_tails_agree"),
    *("pickling_keeps_identity", "scalars_give_floats", "a_density_is_never_invented"),
}
"""Laws that ask for tens of quantiles; one of studentized_range costs 60 ms."""

INTEGRATED = {
    *("exponpow", "exponweib", "genexpon", "genhalflogistic", "gompertz", "halfgennorm"),
    *("johnsonsb", "kstwobign", "powerlognorm", "powernorm"),
}
"""Families whose moments scipy integrates anew every time, at up to 0.1 s."""

HUNDREDS = {
    *("it_is_itself", "two_makings_print_alike", "fewer_draws_are_the_first_of_more"),
    *("nothing_changes_it", "summary_repeats_the_answers", "shift_and_scale_go_through"),
}
"""Laws that ask for hundreds of quantiles, or for moments that slow families integrate."""

ELSEWHERE = {"moments_are_integrals_of_probabilities", "draws_have_the_law", "density_is_the_slope"}
"""Laws that stand here in a form without kinks and with a table."""

CONTINUOUS_LAWS = [
    quantiles_and_probabilities_invert,
    density_is_the_slope_of_scores,
    moments_are_integrals_of_quantiles,
    draws_have_the_law_and_the_table_is_close,
    equal_statements_are_equal_laws,
]

DISCRETE_LAWS = [
    places_of_steps_are_the_first,
    sums_are_the_moments,
    draws_have_the_law_and_the_table_is_close,
    equal_statements_are_equal_laws,
]

DEFECTS = {
    "levy_stable": (
        "scipy 1.17 has levy_stable(1.8, -0.5).cdf constant within 0.01 of 0, off by 1e-3, and "
        "quantiles at 1e-9 that are a thousandth of those that the power of the tail demands"
    )
}
"""Families that are wrong in scipy, beyond what a law that asks it can mend."""

BROKEN = {
    *((law, "levy_stable") for law in ("quantiles_and_probabilities_invert", "quantiles_rise")),
    *((law, "levy_stable") for law in ("moments_are_integrals_of_quantiles",)),
    *((law, "levy_stable") for law in ("quantiles_invert_probabilities",)),
}
"""The laws that they break, each of which is seen to be broken."""

TOO_SLOW = {
    ("moments_are_integrals_of_quantiles", "studentized_range"): "scipy's two moments take 4 s",
    ("moments_are_integrals_of_quantiles", "ksone"): "scipy's two moments take 3 s",
}
"""What is not asked, and why."""


# --- the newer kind ---------------------------------------------------------------------------

NEWER: dict[str, Callable[[], object]] = {
    "Uniform": lambda: stats.Uniform(a=-3.0, b=2.0),
    "Logistic": stats.Logistic,
    "Binomial": lambda: stats.Binomial(n=10, p=0.3),
    "make_distribution": lambda: stats.make_distribution(stats.gamma)(a=2.5),
    "Mixture": lambda: stats.Mixture(
        [stats.Normal(mu=1.0, sigma=2.0), stats.Normal(mu=5.0, sigma=1.0)], weights=[0.3, 0.7]
    ),
    "truncate": lambda: stats.truncate(stats.Normal(mu=1.0, sigma=2.0), lb=0.0, ub=4.0),
    "exp": lambda: stats.exp(stats.Normal(mu=1.0, sigma=0.5)),
    "log": lambda: stats.log(stats.Uniform(a=1.0, b=3.0)),
    "abs": lambda: stats.abs(stats.Normal(mu=1.0, sigma=2.0)),
    "order_statistic": lambda: stats.order_statistic(stats.Normal(mu=1.0, sigma=2.0), r=2, n=5),
    "shifted and turned": lambda: 3.0 - 2.0 * stats.Uniform(a=1.0, b=3.0),
}
"""Variables of the newer kind, and what scipy makes of them."""

UNEVEN = {"truncate": "scipy's cdf and ccdf of a truncated variable sum to 1 only to 6e-13"}
"""Where scipy's two tails do not agree to 1e-14."""

UNPICKLED = {"Mixture", "truncate", "abs", "order_statistic"}
"""What scipy restores as something else: its Normal loses its parameters."""

UNPICKLABLE = {"make_distribution", "exp", "log"}
"""What scipy makes of local functions and classes."""


def _left_to(law: str, family: Family) -> bool:
    """Whether a law of tests/conformance.py is asked of a family."""
    if family.name == "studentized_range" and law in TENS:
        return False
    if family.name in INTEGRATED and law in REFUSED:
        return False
    return law not in ELSEWHERE and not (family.name in SLOW and law in HUNDREDS)


CASES: list[tuple[Callable[[Family], None], Family]] = [
    *((law, family) for family in CONTINUOUS for law in CONTINUOUS_LAWS),
    *((law, family) for family in DISCRETE for law in DISCRETE_LAWS),
]

SHARED: list[tuple[Callable[[Callable[[], Uncertain]], None], Family]] = [
    (law, family)
    for family in [*CONTINUOUS, *DISCRETE]
    for law in LAWS
    if _left_to(law.__name__, family)
]
