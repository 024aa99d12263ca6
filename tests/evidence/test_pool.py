import math
import warnings
from datetime import date

import numpy as np
import pytest
from scipy import integrate, stats

from attrition.accounts import Bound, Category, IntakeStage, RecruitmentRate, Source
from attrition.errors import (
    CategoryError,
    DependenceError,
    EstimateError,
    InterestWarning,
    PoolError,
)
from attrition.evidence import compare, pool
from attrition.uncertain import Uncertain, about, between, draws, exactly, uniform
from tests.accounts.records import DECEMBER, STAFF, joined, lost, unchecked

MINISTRY = Source(name="UK MoD", published=date(2026, 1, 9), derived_from=(STAFF,))
OWN = Source(name="Ministry of Defence", published=date(2026, 2, 2), aligned_with="Russia")

CLAIMS = [
    lost(about(35_050, sd=1_500)),
    lost(about(31_000, sd=2_500)),
    lost(about(28_000, sd=4_000)),
]


class TestPool:
    def test_worked_numbers(self) -> None:
        """The pools of three estimates, to all printed digits."""
        fixed = pool(CLAIMS, method="fixed", scale="natural")
        linear = pool(CLAIMS, method="linear").number
        log = pool(CLAIMS, method="log").number
        laird = pool(CLAIMS, method="random", scale="natural", heterogeneity="DerSimonian-Laird")
        mandel = pool(CLAIMS, method="random", scale="natural", heterogeneity="Paule-Mandel")

        assert f"{fixed.number.mean():,.2f} {fixed.number.std():,.2f}" == "33,417.74 1,224.49"
        assert (f"{fixed.q:.4f}", f"{fixed.i2:.3f}") == ("3.9539", "0.494")
        assert f"{linear.mean():,.0f} {linear.std():,.2f}" == "31,350 4,063.46"
        assert f"{log.mean():,.2f} {log.std():,.2f}" == "33,417.74 2,120.88"
        assert f"{laird.number.mean():,.2f} {laird.tau2:,.0f}" == "32,429.19 5,983,788"
        assert f"{mandel.number.mean():,.2f} {mandel.tau2:,.0f}" == "32,483.82 5,338,306"

    def test_modified_hartung_knapp(self) -> None:
        """At 90 % the interval of three is 2.92 stated spreads, where Hartung-Knapp had fewer."""
        found = pool(CLAIMS, method="random", scale="natural", heterogeneity="DerSimonian-Laird")
        low, high = found.number.interval(0.9)

        half = float(stats.t(2).ppf(0.95)) * 2_005.3023154
        assert 0.5 * (high - low) == pytest.approx(half, rel=1e-8)
        assert half > 5_697

    def test_a_new_unknown(self) -> None:
        """The pool is tied to none of its estimates, and two pools are two unknowns."""
        first, second = (pool(CLAIMS, method="linear").estimate.count for _ in range(2))
        x, y = draws(first, CLAIMS[0].count, n=50_000, rng=20260101)

        assert first != second
        # Standard error of a correlation of nothing: 1 / sqrt(n); four of them.
        assert abs(np.corrcoef(x, y)[0, 1]) < 4 / 50_000**0.5

    def test_a_name(self) -> None:
        """A name labels the pooled number."""
        found = pool(CLAIMS, method="fixed", scale="natural", name="pooled")

        assert found.number.name == "pooled"

    def test_one_estimate(self) -> None:
        """A pool of one is that one."""
        for options in (
            {"method": "linear"},
            {"method": "log"},
            {"method": "fixed", "scale": "natural"},
            {"method": "dependent", "scale": "natural", "correlation": 0.5},
            {"method": "conservative", "scale": "natural"},
        ):
            found = unchecked(pool)(CLAIMS[:1], **options)
            assert found.number.same_law(CLAIMS[0].count)
            assert found.weights == (1.0,)

    @pytest.mark.parametrize("unit", [0.001, 40.0])
    def test_lognormal_figures_in_other_units(self, unit: float) -> None:
        """On the log scale a pool of figures in other units is the pool in those units."""
        figures = [(8_000, 13_000), (9_500, 11_000), (7_000, 21_000)]
        options = {"method": "random", "scale": "log", "heterogeneity": "Paule-Mandel"}
        found, scaled = (
            unchecked(pool)(
                [
                    lost(between(u * low, u * high, confidence=0.9, family="lognormal"))
                    for low, high in figures
                ],
                **options,
            ).number
            for u in (1.0, unit)
        )

        for q in (0.05, 0.5, 0.95):
            assert scaled.ppf(q) == pytest.approx(unit * found.ppf(q), rel=1e-9)

    def test_recruits(self) -> None:
        """Rates of recruits are pooled like losses, and stay rates."""
        rates = [joined(about(35_000, sd=2_000)), joined(about(33_000, sd=3_000))]
        found = pool(rates, method="fixed", scale="natural").estimate

        assert isinstance(found, RecruitmentRate)
        assert found.rate.mean() == pytest.approx((35_000 / 4 + 33_000 / 9) / (1 / 4 + 1 / 9))
        assert found.stage is IntakeStage.ARRIVED

    def test_against_integration(self) -> None:
        """Linear and log pool of a gamma and a lognormal figure, to 1e-6 of the integral."""
        gamma, lognormal = stats.gamma(16, scale=2_000), stats.lognorm(0.4, scale=30_000)
        records = [lost(Uncertain.of(gamma)), lost(Uncertain.of(lognormal))]
        for method in ("linear", "log"):

            def density(x: float, method: str = method) -> float:
                f, g = float(gamma.pdf(x)), float(lognormal.pdf(x))
                return 0.4 * f + 0.6 * g if method == "linear" else math.pow(f / g, 0.4) * g

            number = unchecked(pool)(records, method=method, weights=[0.4, 0.6]).number
            total = integrate.quad(density, 1e-9, 2e5, epsabs=0, limit=400)[0]
            for x in (20_000, 30_000, 45_000):
                below = integrate.quad(density, 1e-9, x, epsabs=0, limit=400)[0] / total
                assert number.cdf(x) == pytest.approx(below, rel=1e-6)
                assert number.pdf(x) == pytest.approx(density(x) / total, rel=1e-6)


class TestRefusals:
    def test_bounds_only(self) -> None:
        """Floors and ceilings alone say nothing of how many there were between them."""
        bounds = [lost(1_562, bound=Bound.FLOOR), lost(9_000, bound=Bound.CEILING)]
        with pytest.raises(PoolError) as caught:
            pool(bounds, method="linear")

        assert str(caught.value) == (
            "estimates holds floors and ceilings only (estimates[0] (1,562), estimates[1] "
            "(9,000)): nothing says how many there were between them. Add "
            "LossEstimate.central(...), with the count that you believe."
        )

    def test_floors_have_no_weight(self) -> None:
        """Weights and correlations are those of the central estimates."""
        records = [*CLAIMS, lost(1_562, bound=Bound.FLOOR)]

        assert len(pool(records, method="linear", weights=[0.5, 0.3, 0.2]).weights) == 3
        with pytest.raises(PoolError, match="expected 3, one for each central estimate"):
            pool(records, method="linear", weights=[0.4, 0.3, 0.2, 0.1])

    def test_other_people(self) -> None:
        """A floor of other people is refused like a central estimate."""
        floor = lost(1_562, Category.KILLED, bound=Bound.FLOOR)
        with pytest.raises(CategoryError, match=r"^cannot pool estimates\[0\]"):
            pool([*CLAIMS, floor], method="linear")

    @pytest.mark.parametrize("method", ["linear", "log", "fixed", "random"])
    def test_copies(self, method: str) -> None:
        """A source and whoever repeats it are one witness for every method that counts two."""
        options: dict[str, str] = {}
        if method in ("fixed", "random"):
            options["scale"] = "natural"
        if method == "random":
            options["heterogeneity"] = "Paule-Mandel"
        records = [lost(about(35_050, sd=900), source=STAFF), CLAIMS[1]]
        copy = lost(about(35_030, sd=900), source=MINISTRY)
        with pytest.raises(DependenceError) as caught:
            unchecked(pool)([*records, copy], method=method, **options)

        assert str(caught.value) == (
            "estimates[0] (35,050 (33,570 to 36,530 at 90 %), General Staff, 2026-02-01) and "
            "estimates[2] (35,030 (33,550 to 36,510 at 90 %), UK MoD, 2026-01-09) go back to one "
            f"speaker, so their errors go together, and method={method!r} would count them twice. "
            'Leave one out, or type method="dependent" with the correlation of their errors, or '
            'method="conservative" where nobody knows it.'
        )

    def test_copies_with_a_stated_dependence(self) -> None:
        """With a correlation, or without a claim to independence, a copy may be pooled."""
        records = [
            lost(about(35_050, sd=900), source=STAFF),
            lost(about(35_030, sd=900), source=MINISTRY),
        ]
        tied = pool(records, method="dependent", scale="natural", correlation=0.9)
        careful = pool(records, method="conservative", scale="natural")

        assert tied.number.std() == pytest.approx(900 * (1.9 / 2) ** 0.5)
        assert careful.number.std() == pytest.approx(900)

    def test_a_pool_and_its_source(self) -> None:
        """A pool is derived from its sources, so it is no witness beside one of them."""
        records = [lost(about(35_050, sd=900), source=STAFF), CLAIMS[1]]
        pooled = pool(records, method="linear").estimate
        later = lost(about(9_000, sd=500), period=DECEMBER, source=STAFF)

        with pytest.raises(DependenceError, match="go back to one speaker"):
            pool([pooled, records[0]], method="linear")
        with pytest.raises(DependenceError, match="go back to one speaker"):
            compare(pooled, later)

    def test_no_spread(self) -> None:
        """A figure without spread is refused where spreads are weights, and mixed elsewhere."""
        records = [CLAIMS[0], lost(31_000)]
        with pytest.raises(PoolError, match=r"^estimates\[1\] \(31,000\) has no spread"):
            pool(records, method="fixed", scale="natural")

        assert pool(records, method="linear").number.support()[1] == np.inf

    def test_the_place_is_that_of_the_list(self) -> None:
        """A message counts floors too when it says which estimate it means."""
        records = [lost(1_562, bound=Bound.FLOOR), CLAIMS[0], lost(31_000)]
        with pytest.raises(PoolError, match=r"^estimates\[2\] \(31,000\) has no spread"):
            pool(records, method="fixed", scale="natural")

    def test_disjoint_figures(self) -> None:
        """Figures that exclude each other have no log pool."""
        records = [lost(uniform(9, 10)), lost(uniform(30, 40))]
        with pytest.raises(PoolError, match="the sources contradict each other"):
            pool(records, method="log")

    def test_no_records(self) -> None:
        """Numbers are not pooled: they do not say what they count."""
        with pytest.raises(EstimateError, match="expected a list of LossEstimates"):
            unchecked(pool)([about(9, sd=1), exactly(3)], method="linear")


class TestInterests:
    RECORDS = (
        lost(about(35_050, sd=1_500), source=STAFF),
        lost(about(9_000, sd=500), source=OWN),
    )

    def test_random_effects_warn(self) -> None:
        """A spread at random does not stand for two sources that lean opposite ways."""
        with pytest.warns(InterestWarning) as caught:
            pool(self.RECORDS, method="random", scale="natural", heterogeneity="Paule-Mandel")

        assert caught[0].filename == __file__

    def test_other_methods_do_not(self) -> None:
        """A pool that takes either for the right one needs no warning."""
        with warnings.catch_warnings(action="error"):
            pool(self.RECORDS, method="linear")
