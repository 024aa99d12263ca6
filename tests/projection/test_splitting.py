import math
from collections.abc import Sequence

import attrs
import numpy as np
import pytest
from scipy import stats

from attrition.projection import Process, Trend
from attrition.projection.response import Response
from attrition.projection.splitting import _REACH, SLICE, Split, alone, gauss, leaves_of, split
from attrition.uncertain import (
    Uncertain,
    UncertainLike,
    about,
    between,
    correlate,
    from_draws,
    from_joint_draws,
    maximum,
    minimum,
    mixture,
    uniform,
)
from tests.projection.futures import MONTHLY, intake, losses
from tests.projection.responses import asked

START = about(712_000, sd=20_000, name="start")
LOST = about(44_000, sd=2_700, name="lost")
JOINED = between(31_000, 38_000, confidence=0.9, family="lognormal", name="joined")
END = [[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]]


def parts(response: Response) -> Split | None:
    """How the unknowns of a response are integrated."""
    leaves = leaves_of(response)
    assert leaves is not None
    return split(response, leaves)


def names(found: Split | None) -> tuple[list[str], ...]:
    """The names of the outer, the inner and the folded unknowns."""
    assert found is not None
    return tuple(sorted(leaf.name or "" for leaf in part) for part in found[:3])


class TestGauss:
    @pytest.mark.parametrize("nodes", [1, 2, 5, 12])
    def test_moments_of_a_normal(self, nodes: int) -> None:
        """A rule of n nodes is exact for the first 2 n moments of a standard normal."""
        scores, weights = gauss(nodes)
        moments = [float(weights @ scores**power) for power in range(2 * nodes)]

        expected = [math.prod(range(p - 1, 0, -2)) if p % 2 == 0 else 0 for p in range(2 * nodes)]
        assert moments == pytest.approx(expected, rel=1e-9, abs=1e-4 * max(expected) / 1e4)
        assert not scores.flags.writeable
        assert not weights.flags.writeable

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


class TestAlone:
    def test_moments_of_a_lognormal(self) -> None:
        """Mean, variance and third central moment of a smooth function of a score."""
        made = stats.lognorm(0.3, scale=5.0)
        scores = gauss(SLICE)[0]
        found = alone(np.stack([5.0 * np.exp(0.3 * scores), 3.0 + 2.0 * scores], axis=1))
        mean, var, skew = (float(m) for m in made.stats("mvs"))

        assert found[:, 0] == pytest.approx([mean, var, skew * var**1.5], rel=1e-9)
        assert found[:, 1] == pytest.approx([3.0, 4.0, 0.0], abs=1e-9)


SEVERAL = from_joint_draws({"a": [7e5, 7.2e5, 7.1e5], "b": [1.0, 2.0, 3.0]})["a"]
EITHER = mixture([(0.7, about(700_000, sd=9_000)), (0.3, about(730_000, sd=5_000))])
TIED, DRAWN_TIED = (
    correlate([about(712_000, sd=20_000), LOST], normal_scores=0.5)[0],
    correlate([from_draws([6.9e5, 7.0e5, 7.3e5]), about(44_000, sd=2_000)], normal_scores=0.5)[0],
)


class TestLeavesOf:
    @pytest.mark.parametrize(
        "strength",
        [
            EITHER,
            maximum(START, 700_000),
            minimum(START, 730_000),
            from_draws([7.0e5, 7.1e5, 7.4e5]),
            SEVERAL,
            DRAWN_TIED,
        ],
        ids=["mixture", "maximum", "minimum", "draws", "joint", "tied draws"],
    )
    def test_no_smooth_function_of_a_score(self, strength: Uncertain) -> None:
        """What has kinks or steps is for no rule."""
        assert leaves_of(asked(strength)) is None

    @pytest.mark.parametrize("strength", [START, uniform(7e5, 8e5), 2.0 * JOINED + START, TIED])
    def test_smooth(self, strength: Uncertain) -> None:
        """Leaves with densities and arithmetic on them are smooth, correlated ones too."""
        response = asked(strength)
        leaves = leaves_of(response)

        assert leaves == response.unknowns

    def test_a_rest_counts(self) -> None:
        """A threshold with a kink is for no rule either."""
        assert leaves_of(asked(START, weights=END, rest=(maximum(LOST, 1.0),))) is None


class TestSplit:
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

    def test_a_level_times_its_growth(self) -> None:
        """Of two normals that multiply each other one is inner: that which matters more."""
        trend = Trend(per_year=about(-0.2, sd=0.1, name="growth"), form="linear")
        found = parts(asked(712_000, losses(LOST, trend=trend)))

        assert names(found) == (["growth"], ["lost"], [])

        still = Trend(per_year=about(-0.2, sd=0.15, name="growth"), form="linear")
        narrow = about(44_000, sd=400, name="lost")
        found = parts(asked(712_000, losses(narrow, trend=still), weights=END))

        assert names(found) == (["lost"], ["growth"], [])

    def test_clipping_is_not_linear(self) -> None:
        """A normal that reaches below nobody within the rule is no line."""
        # Its last node is 5.5 standard deviations off.
        start = about(100_000, sd=19_000, name="start")
        found = parts(asked(start, losses(LOST), intake(44_000), weights=END))

        assert names(found) == (["start"], ["lost"], [])

    @pytest.mark.parametrize(
        "number", [between(6.8e5, 7.4e5, confidence=0.9, family="lognormal"), 712_000]
    )
    def test_nothing_in_closed_form(self, number: UncertainLike) -> None:
        """Where nothing is left to integrate in closed form there is no split."""
        assert parts(asked(number, joined=intake(JOINED))) is None

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
