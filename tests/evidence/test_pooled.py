import math
import pickle

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from attrition.accounts import Bound, LossEstimate, RecruitmentRate
from attrition.errors import DependenceError, PoolError
from attrition.evidence import Pooled, pool
from attrition.evidence.pooled import pooled_of
from attrition.evidence.recipe import Recipe
from attrition.uncertain import about
from tests.accounts.records import STAFF, joined, lost

CLAIMS = (
    lost(about(35_050, sd=1_500), source=STAFF),
    lost(about(31_000, sd=2_500)),
    lost(about(28_000, sd=4_000)),
)
NAMES = lost(27_000, bound=Bound.FLOOR)
FIXED = Recipe(method="fixed", scale="natural")
RANDOM = Recipe(method="random", scale="natural", heterogeneity="Paule-Mandel")


class TestPooledOf:
    def test_the_estimate_is_a_record_like_the_others(self) -> None:
        """People, period and side stay; the source is derived from those of the estimates."""
        found = pooled_of(CLAIMS, FIXED, name="pooled").estimate

        assert found.category == CLAIMS[0].category
        assert found.period == CLAIMS[0].period
        assert found.bound is Bound.CENTRAL
        assert found.source is not None
        assert found.source.derived_from == (STAFF,)
        assert found.count.name == "pooled"
        assert f"{found.count.mean():.2f}" == "33417.74"

    def test_a_floor_cuts_and_has_no_weight(self) -> None:
        """A floor conditions the pool of the central estimates, wherever it stands."""
        for records in ((*CLAIMS, NAMES), (NAMES, *CLAIMS)):
            found = pooled_of(records, FIXED)

            assert len(found.weights) == 3
            assert found.estimates == records
            assert found.estimate.bound is Bound.CENTRAL
            assert found.number.same_law(pooled_of(CLAIMS, FIXED).number)
            assert found.estimate.count.support() == (27_000.0, math.inf)

    def test_pickle(self) -> None:
        """A pickled pool is equal."""
        found = pooled_of((*CLAIMS, NAMES), RANDOM)

        assert pickle.loads(pickle.dumps(found)) == found


class TestLeaveOneOut:
    def test_each_in_turn(self) -> None:
        """Without one estimate it is the pool of the others, floors included."""
        found = pooled_of((CLAIMS[0], NAMES, *CLAIMS[1:]), FIXED).leave_one_out()

        for at, one in enumerate(found):
            others = tuple(claim for place, claim in enumerate(CLAIMS) if place != at)
            expected = pooled_of((*others, NAMES), FIXED)
            assert one.number.same_law(expected.number)
            assert one.estimate.count.same_law(expected.estimate.count)

    def test_options_follow(self) -> None:
        """Weights keep their ratios, and correlations their pairs."""
        weighted = pooled_of((NAMES, *CLAIMS), Recipe(method="log", weights=(0.5, 0.25, 0.25)))
        matrix = ((1.0, 0.1, 0.2), (0.1, 1.0, 0.3), (0.2, 0.3, 1.0))
        tied = Recipe(method="dependent", scale="natural", correlation=matrix)

        assert [one.weights for one in weighted.leave_one_out()] == [
            (0.5, 0.5),
            pytest.approx((2 / 3, 1 / 3)),
            pytest.approx((2 / 3, 1 / 3)),
        ]
        assert [one.recipe.correlation for one in pooled_of(CLAIMS, tied).leave_one_out()] == [
            ((1.0, 0.3), (0.3, 1.0)),
            ((1.0, 0.2), (0.2, 1.0)),
            ((1.0, 0.1), (0.1, 1.0)),
        ]

    def test_the_only_one(self) -> None:
        """Without its only estimate a pool is none."""
        only = pooled_of((lost(about(9_000, relative=0.1, confidence=0.9)),), FIXED)
        with pytest.raises(PoolError) as caught:
            only.leave_one_out()

        assert str(caught.value) == (
            "cannot leave out estimates[0] (9,000 (8,100 to 9,900 at 90 %)), the only central "
            "estimate: expected at least two. Pool more of them first."
        )

    def test_two_at_random(self) -> None:
        """Of two estimates one is left, which shows no spread between sources."""
        with pytest.raises(PoolError, match='method="random" was given one central estimate'):
            pooled_of(CLAIMS[:2], RANDOM).leave_one_out()

    def test_correlations_that_are_left(self) -> None:
        """Correlations that fit three may not fit two of them."""
        matrix = ((1.0, 0.7, -0.8), (0.7, 1.0, -0.8), (-0.8, -0.8, 1.0))
        records = tuple(lost(about(9_000, sd=sd)) for sd in (500, 1_000, 900))
        recipe = Recipe(method="dependent", scale="natural", correlation=matrix)
        found = pooled_of(records, recipe)

        assert min(found.weights) > 0.0
        with pytest.raises(DependenceError, match=r"^the correlation 0\.7 gives the weights "):
            found.leave_one_out()


class TestText:
    def test_a_table(self) -> None:
        """Estimates with their weights, the pool, and how it was made."""
        assert str(pooled_of((*CLAIMS, NAMES), FIXED)) == (
            "estimate                   people                             weight\n"
            "-------------------------  ---------------------------------  ------\n"
            "General Staff, 2026-02-01  35,050 (32,583 to 37,517 at 90 %)    67 %\n"
            "estimates[1]               31,000 (26,888 to 35,112 at 90 %)    24 %\n"
            "estimates[2]               28,000 (21,421 to 34,579 at 90 %)     9 %\n"
            "estimates[3]               27,000                              floor\n"
            "pooled                     33,418 (31,404 to 35,432 at 90 %)\n"
            "inside its bounds          33,418 (31,404 to 35,432 at 90 %)\n"
            "fixed, natural scale; Q 3.95 where 2 is expected, I2 49 %"
        )

    def test_the_spread_between_sources(self) -> None:
        """The spread between sources is that of the number, or of its logarithm."""
        natural = str(pooled_of(CLAIMS, RANDOM))
        logs = Recipe(method="random", scale="log", heterogeneity="DerSimonian-Laird")

        assert natural.endswith(
            "random, Paule-Mandel, natural scale; Q 3.95 where 2 is expected, I2 49 %; tau 2,310"
        )
        assert " of the logarithm" in str(pooled_of(CLAIMS, logs))

    @pytest.mark.parametrize(
        ("recipe", "last"),
        [
            (Recipe(method="linear"), "linear"),
            (Recipe(method="conservative", scale="log"), "conservative, log scale"),
        ],
    )
    def test_methods_without_q(self, recipe: Recipe, last: str) -> None:
        """A method that takes no true value for granted states no Q."""
        lines = str(pooled_of(CLAIMS, recipe)).splitlines()

        assert lines[-1] == last
        assert lines[-2].startswith("pooled  ")


class TestPlot:
    def test_on_axes_of_the_caller(self) -> None:
        """Every estimate has a line, and the pool the last one."""
        ax = Figure().subplots()
        found = pooled_of((*CLAIMS, NAMES), RANDOM)

        assert found.plot(ax) is ax
        assert [label.get_text() for label in ax.get_yticklabels()] == [
            "General Staff, 2026-02-01",
            "estimates[1]",
            "estimates[2]",
            "estimates[3]",
            "pooled",
        ]
        texts = [text.get_text() for text in ax.texts]
        assert "at least 27,000" in texts
        assert ax.get_xlabel() == "people, with 90 % intervals"
        (vertical,) = (line for line in ax.lines if line.get_linestyle() == "--")
        assert np.asarray(vertical.get_xdata())[0] == found.estimate.count.median()

    def test_makes_axes(self) -> None:
        """Without axes there are new ones, with room for every line."""
        ax = pooled_of((*CLAIMS, lost(50_000, bound=Bound.CEILING)), FIXED).plot()
        try:
            assert ax is plt.gca()
            figure = ax.figure
            assert isinstance(figure, Figure)
            assert figure.get_figheight() == pytest.approx(1.2 + 0.4 * 5)
        finally:
            plt.close()

    def test_rates(self) -> None:
        """Recruits are people per unit of time."""
        rates = [joined(about(35_000, sd=2_000)), joined(about(22_000, sd=2_000))]
        ax = Figure().subplots()
        pool(rates, method="linear").plot(ax)

        assert ax.get_xlabel() == "people per month, with 90 % intervals"


class TestTypes:
    def test_a_pool_keeps_the_kind(self) -> None:
        """A pool of losses is a loss estimate, one of recruits a recruitment rate."""
        losses: Pooled[LossEstimate] = pooled_of(CLAIMS, FIXED)
        rates: Pooled[RecruitmentRate] = pooled_of((joined(about(22_000, sd=900)),), FIXED)

        assert isinstance(losses.estimate, LossEstimate)
        assert isinstance(rates.estimate, RecruitmentRate)
        assert rates.estimate.rate == rates.number
