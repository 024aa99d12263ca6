import itertools
import math
from collections.abc import Sequence

import attrs
import numpy as np
import pytest
from scipy import stats

from attrition.accounts import Period
from attrition.projection import Change, Process, Trend
from attrition.projection.axes import axes_of, gauss
from attrition.projection.look import look_at
from attrition.projection.response import Response
from attrition.projection.splitting import _REACH, MISSED, Split, missed_by, splits
from attrition.uncertain import Uncertain, UncertainLike, about, between
from tests.projection.futures import CLAIMED, MIX, MONTHLY, back, intake, losses
from tests.projection.responses import asked

START = about(712_000, sd=20_000, name="start")
LOST = about(44_000, sd=2_700, name="lost")
JOINED = between(31_000, 38_000, confidence=0.9, family="lognormal", name="joined")
END = [[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]]


def ways(response: Response) -> list[Split]:
    """The ways to integrate what is not known, from most merged to nothing merged."""
    axes = axes_of(response)
    assert axes is not None
    return splits(look_at(response, axes))


def parts(response: Response) -> Split | None:
    """The way that merges nothing."""
    found = ways(response)
    return found[-1] if found else None


def names(found: Split | None) -> tuple[list[str], ...]:
    """The names of the outer, the inner and the folded unknowns."""
    assert found is not None
    axes = found.look.axes
    places = (found.outer, found.inner, found.folded)
    return tuple(sorted(axes[p].leaves[0].name or "" for p in part) for part in places)


def excess(number: Uncertain) -> float:
    """The excess kurtosis of a lognormal."""
    shape = math.sqrt(math.log1p(number.var() / number.mean() ** 2))
    return float(stats.lognorm(shape).stats("k"))


class TestReach:
    def test_how_far_each_rule_reaches(self) -> None:
        """So many nodes give E Phi(x - r Z) to 1e-4 up to the reach in the table, not beyond."""
        x = np.linspace(-8.0, 8.0, 3_201)

        def miss(nodes: int, reach: float) -> float:
            scores, weights = gauss(nodes)
            by_rule = stats.norm.cdf(x[:, None] - reach * scores) @ weights
            return float(np.abs(by_rule - stats.norm.cdf(x / math.hypot(1.0, reach))).max())

        for nodes, reach in enumerate(_REACH, 1):
            assert miss(nodes, reach) < 1e-4
            assert miss(nodes, reach + 0.02) > 1e-4


class TestMissedBy:
    def test_a_fourth_cumulant_that_is_missing(self) -> None:
        """A law with three of the moments and another fourth is off by so much, to first order."""
        # The sum of twelve uniforms has variance one, an excess of -1.2 / 12 and no skewness.
        places = np.linspace(3.0, 9.0, 601)
        off = stats.irwinhall(12).cdf(places) - stats.norm(6.0, 1.0).cdf(places)

        limit = missed_by(np.array([-1.2 / 12.0]), np.array([1.0]))
        # The next term is of the sixth cumulant, some tenth of this one.
        assert np.abs(off).max() == pytest.approx(limit, rel=0.1)

    def test_the_worst_of_several(self) -> None:
        """Of several sums that which is off most counts, with the square of its variance."""
        fourth, var = np.array([1.0, -8.0, 5.0]), np.array([1.0, 2.0, 4.0])
        slope = max(abs(z**3 - 3 * z) * stats.norm.pdf(z) for z in np.linspace(0, 4, 4_001))

        assert missed_by(fourth, var) == pytest.approx(2.0 * slope / 24.0, rel=1e-3)


class TestSplits:
    def test_a_normal_start_is_inner(self) -> None:
        """Strength is linear in the start whatever else there is."""
        found = parts(asked(START, losses(44_000, variation=MONTHLY)))

        assert names(found) == ([], ["start"], [])

    def test_a_normal_level_without_noise_is_inner(self) -> None:
        """A level that nothing multiplies is integrated in closed form."""
        assert names(parts(asked(START, losses(LOST)))) == ([], ["lost", "start"], [])

    def test_a_normal_level_with_noise_is_outer(self) -> None:
        """What a level does depends on the noise that multiplies it."""
        found = parts(asked(START, losses(LOST, variation=MONTHLY)))

        assert names(found) == (["lost"], ["start"], [])

    def test_a_lognormal_level_is_outer(self) -> None:
        """No sum of a lognormal is normal."""
        found = parts(asked(START, joined=intake(JOINED)))

        assert names(found) == (["joined"], ["start"], [])

    def test_a_tiny_one_is_folded(self) -> None:
        """What hardly matters enters by its moments, close to the limit of a tenth too."""
        # Six months of 33.2 are 199.2 against 2,000, those of 33.5 are 201.
        for sd, place in ((33.2, 2), (33.5, 0)):
            small = about(35_000, sd=sd, positive=True, name="joined")
            found = parts(asked(about(712_000, sd=2_000, name="start"), joined=intake(small)))
            assert names(found)[place] == ["joined"]
            assert names(found)[1] == ["start"]

    def test_what_folded_ones_add(self) -> None:
        """What is folded adds its mean, variance and third moment to what is in the middle."""
        tiny = [about(300 + 50 * i, sd=200, positive=True) for i in range(2)]
        found = parts(asked(START, losses(0), intake(tiny[0]), other=[intake(tiny[1])]))
        assert found is not None
        assert len(found.folded) == 2
        months = np.arange(1.0, 7.0)
        mean = sum(one.mean() - one.median() for one in tiny)
        shapes = [math.sqrt(math.log1p((200 / (300 + 50 * i)) ** 2)) for i in range(2)]
        skew = sum(float(stats.lognorm(shape).stats("s")) for shape in shapes)

        np.testing.assert_allclose(found.small[0], mean * months, rtol=1e-6)
        np.testing.assert_allclose(found.small[1], 2 * (200 * months) ** 2, rtol=1e-6)
        # Twelve nodes are exact up to powers of the score, not of its exponential.
        np.testing.assert_allclose(found.small[2], skew * (200 * months) ** 3, rtol=1e-4)

    def test_a_level_times_its_growth(self) -> None:
        """Of two normals that multiply each other one is inner: that which matters more."""
        trend = Trend(per_year=about(-0.2, sd=0.1, name="growth"), form="linear")
        found = parts(asked(712_000, losses(LOST, trend=trend)))

        assert names(found) == (["growth"], ["lost"], [])

    @pytest.mark.parametrize(
        "number", [between(6.8e5, 7.4e5, confidence=0.9, family="lognormal"), 712_000]
    )
    def test_nothing_in_closed_form(self, number: UncertainLike) -> None:
        """Where nothing is left to integrate in closed form there is no way."""
        assert ways(asked(number, joined=intake(JOINED))) == []

    def test_a_sum_that_nothing_moves(self) -> None:
        """Where one of the sums has nothing in closed form there is no way for any."""
        pause = [Change(factor=0, during=Period.month(2026, 2))]
        lost = losses(44_000, variation=MONTHLY, changes=pause)

        assert ways(asked(712_000, lost)) == []
        assert ways(asked(712_000, lost, weights=END))

    def test_one_with_too_many_nodes(self) -> None:
        """An unknown that is much wider than what is inside it needs more than 16 nodes."""
        # By six months of 35,000 exp(s Z): up to 1.94 times the spread inside, and beyond.
        joined = about(35_000, sd=3_000, positive=True, name="joined")
        spread = 6 * 3_000
        for reach, fits in ((1.9, True), (1.98, False)):
            start = about(712_000, sd=spread / reach, name="start")
            found = parts(asked(start, joined=intake(joined), weights=END))
            assert (found is not None) == fits
            assert found is None or found.nodes == (16,)

    def test_too_many_nodes_together(self) -> None:
        """Rules whose product has more than 2,048 nodes are none."""
        levels = [
            about(9_000 + 10 * i, sd=1_000, positive=True, name=f"level {i}") for i in range(4)
        ]

        def more(count: int) -> Sequence[Process]:
            return [intake(level) for level in levels[:count]]

        # A ratio of .9 each: six nodes, 6^4 = 1,296; of 1.1: eight nodes, 8^4 = 4,096.
        def found(count: int, reach: float) -> Split | None:
            start = about(712_000, sd=6_000 / reach, name="start")
            return parts(asked(start, other=more(count), weights=END))

        few, fewer = found(4, 0.9), found(3, 1.1)
        assert few is not None
        assert few.nodes == (6, 6, 6, 6)
        assert fewer is not None
        assert fewer.nodes == (8, 8, 8)
        assert found(4, 1.1) is None

    def test_noise_counts_as_inside(self) -> None:
        """The wider the noise beside it, the fewer nodes an unknown needs."""
        wild = attrs.evolve(MONTHLY, lasting_sd=0.6)
        tame, loud = (
            parts(asked(START, losses(LOST, variation=v), weights=END)) for v in (MONTHLY, wild)
        )
        assert tame is not None
        assert loud is not None
        # Beside the 20,000 of the start, 6 months of .170 or .605 of 44,000 with persistence .7.
        lags = np.abs(np.subtract.outer(np.arange(6), np.arange(6)))
        for split_, sd in ((tame, 0.15), (loud, 0.6)):
            log = sd**2 * 0.7**lags + 0.08**2 * (lags == 0)
            inside = math.hypot(20_000, 44_000 * math.sqrt(np.expm1(log).sum()))
            reach = 6 * 2_700 / inside
            assert split_.nodes == (1 + sum(reach > limit for limit in _REACH),)
        assert loud.nodes < tame.nodes


class TestMerged:
    LEVELS = tuple(
        about(9_000 + 100 * i, sd=300 + 60 * i, positive=True, name=f"level {i}") for i in range(4)
    )

    def found(self, sd: float, *, levels: Sequence[Uncertain] = LEVELS) -> list[Split]:
        """Ways with a start of such a spread and several lognormal levels."""
        start = about(712_000, sd=sd, name="start")
        return ways(asked(start, other=[intake(level) for level in levels], weights=END))

    def missed(self, sd: float) -> list[float]:
        """How far the sum is off if the fourth cumulant of one level after another is missing."""
        var = sd**2 + 36 * sum(level.var() for level in self.LEVELS)
        slope = 0.5506 / 24.0
        return [slope * excess(one) * (36 * one.var() / var) ** 2 for one in self.LEVELS]

    def variance(self, way: Split, place: int) -> float:
        """Of the level that an axis is."""
        uid = way.look.axes[place].node.uid
        return next(level.var() for level in self.LEVELS if level.node.uid == uid)

    @pytest.mark.parametrize(("sd", "most"), [(2_500, 2), (6_000, 3), (9_000, 4)])
    def test_one_more_at_a_time(self, sd: float, most: int) -> None:
        """Ways merge one axis less after another, those first whose fourth cumulants are least."""
        found = self.found(sd)
        limits = [*itertools.accumulate(sorted(self.missed(sd)), initial=0.0)]
        merged = [[way.look.axes[p].leaves[0].name for p in way.merged] for way in found]

        assert sum(limit <= MISSED / 3.0 for limit in limits) - 1 == most
        assert merged == [[f"level {i}" for i in range(size)] for size in range(most, -1, -1)]
        for way in found:
            assert sorted([*way.outer, *way.merged]) == sorted(found[-1].outer)
            assert way.linear == (True,) * 4

    def test_merged_ones_count_as_inside(self) -> None:
        """What is merged is inside the others, which need fewer nodes for it."""
        for way in self.found(3_000):
            var = {p: 36 * self.variance(way, p) for p in (*way.outer, *way.merged)}
            inside = 3_000**2 + sum(var[p] for p in way.merged)
            reach = [math.sqrt(var[p] / inside) for p in way.outer]
            assert way.nodes == tuple(1 + sum(r > limit for limit in _REACH) for r in reach)

    def test_no_way_that_is_not_compared(self) -> None:
        """Where the one that merges nothing has too many nodes there is no way at all."""
        limits = [*itertools.accumulate(sorted(self.missed(2_000)), initial=0.0)]

        assert sum(limit <= MISSED / 3.0 for limit in limits) - 1 == 2
        assert self.found(2_000) == []

    @pytest.mark.parametrize(("count", "merged"), [(9, [3, 2, 1, 0]), (10, [1, 0]), (11, [0])])
    def test_too_many_nodes_of_merged_ones(self, count: int, merged: list[int]) -> None:
        """Ways with more than 2,048 nodes, those of the merged axes counted, are left out."""
        levels = [about(9_000, sd=200 + i, positive=True) for i in range(count)]
        found = self.found(9_000, levels=levels)

        # Three nodes of each merged one and two of each other: at most 3^m 2^(count - m).
        assert [len(way.merged) for way in found] == merged
        assert all(way.nodes == (2,) * (count - len(way.merged)) for way in found)

    def test_which_are_linear(self) -> None:
        """Strength is linear in levels and shares, but not in a growth that compounds."""
        trend = Trend(per_year=about(0.2, sd=0.2, name="growth"), form="exponential")
        response = asked(START, losses(JOINED, CLAIMED, trend=trend), returns=back(MIX))
        way = parts(response)
        assert way is not None
        compound = [way.look.axes[place].leaves[0].name == "growth" for place in way.outer]

        assert sum(compound) == 1
        assert way.linear == tuple(not one for one in compound)
