import math
from collections.abc import Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pytest

from attrition._typing import FloatArray
from attrition.projection import Trend
from attrition.projection.axes import axes_of
from attrition.projection.look import Look, look_at
from attrition.projection.response import Response
from attrition.uncertain import Uncertain, UncertainLike, about, between, exp, share
from tests.projection.futures import CLAIMED, MIX, MONTHLY, back, intake, losses
from tests.projection.responses import asked, by_run

START = about(712_000, sd=20_000, name="start")
LOST = about(44_000, sd=2_700, name="lost")
JOINED = between(31_000, 38_000, confidence=0.9, family="lognormal", name="joined")
KEPT = share(0.4, 0.7, confidence=0.9, name="kept")
END = [[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]]


def looked(response: Response) -> Look:
    """A look at all axes of a response."""
    axes = axes_of(response)
    assert axes is not None
    return look_at(response, axes)


def place_of(look: Look, number: Uncertain) -> int:
    """The place of the axis that a number is."""
    return [axis.node.uid for axis in look.axes].index(number.node.uid)


def inner(response: Response) -> list[str]:
    """The names of what is integrated in closed form, that which matters most first."""
    look = looked(response)
    return [look.axes[place].leaves[0].name or "" for place in look.inner()]


def growing(growth: UncertainLike) -> Trend:
    """A trend along a line."""
    return Trend(per_year=growth, form="linear")


class TestLookAt:
    RESPONSE = asked(
        START,
        losses(LOST, variation=MONTHLY),
        intake(JOINED * KEPT, variation=MONTHLY),
        weights=[[0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 1.0], *END],
    )
    LOOK = looked(RESPONSE)
    MIDDLE = (712_000.0, 44_000.0, math.sqrt(31_000 * 38_000) * float(KEPT.median()))

    def run(self, levels: Sequence[float], factors: FloatArray | None = None) -> FloatArray:
        """The sums by the step-by-step simulation, from the start, the losses and the recruits."""
        start, lost, joined = levels
        every = np.ones(12) if factors is None else factors
        values: list[npt.ArrayLike] = [start, lost, every[:6, None], joined, every[6:, None]]
        return by_run(self.RESPONSE, values)[:, 0]

    def places(self) -> list[int]:
        """Those of the start, the losses and the recruits."""
        return [place_of(self.LOOK, number) for number in (START, LOST, JOINED * KEPT)]

    def test_the_middle(self) -> None:
        """The middle is where all unknowns are at their medians and the noise is one."""
        look = self.LOOK

        assert look.middle[self.places()] == pytest.approx(self.MIDDLE, rel=1e-12)
        np.testing.assert_allclose(look.centre, self.run(self.MIDDLE), rtol=1e-12)

    def test_slices(self) -> None:
        """A slice is the simulation with one axis at the nodes of its rule."""
        nodes = self.LOOK.slices.nodes
        for spot, place in enumerate(self.places()):
            values = nodes.values[nodes.axis == place]
            moved = [[*self.MIDDLE[:spot], value, *self.MIDDLE[spot + 1 :]] for value in values]
            expected = [self.run(one) for one in moved]

            np.testing.assert_allclose(
                self.LOOK.slices.sums[nodes.axis == place], expected, rtol=1e-12
            )

    def test_aside(self) -> None:
        """The same at three nodes of each with the others a standard deviation up."""
        nodes, places = self.LOOK.slices.nodes, self.places()
        high = self.LOOK.up[places]
        for spot, place in enumerate(places):
            three = nodes.values[nodes.three[place]]
            moved = [[*high[:spot], value, *high[spot + 1 :]] for value in three]
            expected = [self.run(one) for one in moved]

            np.testing.assert_allclose(self.LOOK.slices.aside[place], expected, rtol=1e-12)

    def test_a_standard_deviation_up(self) -> None:
        """Normals one at a time and both at once, with factors of one and of two."""
        start, lost, _ = self.places()
        high = {start: 732_000.0, lost: 46_700.0}
        assert self.LOOK.up[[start, lost]] == pytest.approx(list(high.values()), rel=1e-12)
        for moved in [(start,), (lost,), tuple(sorted((start, lost)))]:
            at = [high[p] if p in moved else self.MIDDLE[i] for i, p in enumerate((start, lost))]
            at.append(self.MIDDLE[2])
            np.testing.assert_allclose(self.LOOK.ups[moved], self.run(at), rtol=1e-12)
            if len(moved) == 1:
                twice = self.run(at, np.full(12, 2.0))
                np.testing.assert_allclose(self.LOOK.doubled[moved], twice, rtol=1e-12)
        twice = self.run(self.MIDDLE, np.full(12, 2.0))
        np.testing.assert_allclose(self.LOOK.doubled[()], twice, rtol=1e-12)
        assert len(self.LOOK.ups) == len(self.LOOK.doubled) == 3

    def test_profile_and_covariance(self) -> None:
        """The rise with each factor of noise, and what these factors do together."""
        for cell, step in enumerate(np.eye(12)):
            rise = self.run(self.MIDDLE, 1.0 + step) - self.run(self.MIDDLE)
            np.testing.assert_allclose(self.LOOK.profile[:, cell], rise, rtol=1e-9, atol=1e-6)
        lags = np.abs(np.subtract.outer(np.arange(6), np.arange(6)))
        one = np.expm1(0.15**2 * 0.7**lags + 0.08**2 * (lags == 0))
        expected = np.kron(np.eye(2), one)
        np.testing.assert_allclose(self.LOOK.cov, expected, rtol=1e-12, atol=1e-15)

    def test_the_largest(self) -> None:
        """The largest sum is that of the last node of the start, or with twice the noise."""
        largest = max(
            np.abs(found).max()
            for found in (
                self.LOOK.slices.sums,
                self.LOOK.slices.aside,
                *self.LOOK.ups.values(),
                *self.LOOK.doubled.values(),
                self.LOOK.profile + self.LOOK.centre[:, None],
            )
        )

        assert self.LOOK.largest == pytest.approx(largest, rel=1e-12)

    def test_nothing_unknown_beside_the_noise(self) -> None:
        """Without axes there is the middle and the noise."""
        look = looked(asked(712_000, losses(44_000, variation=MONTHLY), weights=END))

        assert look.centre.tolist() == [712_000.0 - 6 * 9_000]
        assert (look.slices.sums.size, look.ups, set(look.doubled)) == (0, {}, {()})
        np.testing.assert_allclose(look.profile, np.full((1, 6), -44_000.0), rtol=1e-12)

    def test_no_noise(self) -> None:
        """Without noise there are no cells."""
        look = looked(asked(START, losses(LOST), weights=END))

        assert look.profile.shape == (1, 0)
        assert look.cov.shape == (0, 0)
        assert look.variance([]).tolist() == [0.0]


class TestInner:
    def test_a_start_whatever_else_there_is(self) -> None:
        """Strength is linear in the start."""
        everything = losses(LOST, CLAIMED, variation=MONTHLY, trend=growing(-0.2))
        response = asked(START, everything, intake(JOINED), returns=back(MIX))

        assert inner(response) == ["start"]

    def test_what_matters_most_comes_first(self) -> None:
        """Levels that nothing multiplies are inner, in order of what they do."""
        assert inner(asked(START, losses(LOST))) == ["start", "lost"]
        wide = about(44_000, sd=6_000, name="wide")
        assert inner(asked(START, losses(wide))) == ["wide", "start"]

    def test_noise_multiplies_a_level(self) -> None:
        """What a level does depends on the noise that multiplies it."""
        assert inner(asked(712_000, losses(LOST, variation=MONTHLY))) == []

    def test_no_normal(self) -> None:
        """A lognormal is no line in its score, and an input of two has none."""
        assert inner(asked(712_000, joined=intake(JOINED))) == []
        assert inner(asked(712_000, joined=intake(LOST * KEPT))) == []

    def test_what_is_made_of_a_normal(self) -> None:
        """A normal is inner where what is made of it is linear."""
        assert inner(asked(712_000, losses(0.5 * LOST))) == ["lost"]
        assert inner(asked(712_000, losses(LOST**2 / 44_000))) == []

    def test_of_two_that_multiply_each_other(self) -> None:
        """One of two is inner: that which matters more."""
        wide, narrow = about(-0.2, sd=0.15, name="growth"), about(-0.2, sd=0.01, name="growth")
        still = about(44_000, sd=400, name="lost")

        assert inner(asked(712_000, losses(LOST, trend=growing(narrow)))) == ["lost"]
        assert inner(asked(712_000, losses(still, trend=growing(wide)), weights=END)) == ["growth"]

    def test_clipping_is_not_linear(self) -> None:
        """A normal that reaches below nobody within the rule is no line."""
        # The last of twelve nodes is 5.5 standard deviations off.
        for sd, names in ((19_000, ["lost"]), (18_000, ["start", "lost"])):
            start = about(100_000, sd=sd, name="start")
            response = asked(start, losses(about(44_000, sd=900, name="lost")), intake(44_000))
            assert inner(response) == names


class TestVariance:
    def test_of_noise_and_of_what_is_inner(self) -> None:
        """The variances of the noise and of what is inner add up."""
        look = looked(asked(START, losses(LOST, variation=MONTHLY), intake(JOINED), weights=END))
        lags = np.abs(np.subtract.outer(np.arange(6), np.arange(6)))
        noise = 44_000**2 * np.expm1(0.15**2 * 0.7**lags + 0.08**2 * (lags == 0)).sum()

        assert look.variance([]) == pytest.approx([noise], rel=1e-12)
        start = place_of(look, START)
        assert look.variance([start]) == pytest.approx([noise + 20_000.0**2], rel=1e-9)


class TestAreLinearInValue:
    @pytest.mark.parametrize("form", ["linear", "exponential"])
    def test_a_trend(self, form: str) -> None:
        """Losses are linear in a growth along a line and in no other."""
        growth = about(0.2, sd=0.1, name="growth")
        trend = growing(growth) if form == "linear" else Trend(per_year=growth, form="exponential")
        look = looked(asked(START, losses(LOST, trend=trend)))

        assert look.are_linear_in_value()[place_of(look, growth)] == (form == "linear")

    def test_levels(self) -> None:
        """Strength is linear in the value of a level, of whatever law, with noise on it too."""
        noisy = attrs.evolve(MONTHLY, lasting_sd=0.5)
        look = looked(asked(START, losses(LOST, variation=noisy), intake(JOINED * KEPT)))

        assert look.are_linear_in_value().tolist() == [True] * 3

    def test_what_comes_back(self) -> None:
        """Strength is linear in the share that returns, of however many unknowns it is made."""
        look = looked(asked(START, losses(JOINED, CLAIMED), returns=back(MIX)))
        place = next(i for i, axis in enumerate(look.axes) if len(axis.leaves) == 2)

        assert look.are_linear_in_value()[place]

    def test_a_square(self) -> None:
        """A level that is a square is linear in its own value, but not in one that it shares."""
        level, other = JOINED**2 / 35_000, JOINED / 2.0
        alone_, tied = asked(START, losses(level)), asked(START, losses(level), intake(other))
        for response, number, linear in ((alone_, level, True), (tied, JOINED, False)):
            look = looked(response)
            assert look.are_linear_in_value()[place_of(look, number)] == linear

    @pytest.mark.parametrize("shape", [2, 1])
    def test_bent_by_another(self, shape: int) -> None:
        """What is a line only while another number is in its middle is none."""
        away = about(0, sd=1, name="away")
        look = looked(asked(START, losses(LOST), weights=END, rest=(away * LOST**shape * 1e-5,)))

        assert look.are_linear_in_value()[place_of(look, LOST)] == (shape == 1)
        assert [look.axes[place].leaves[0].name for place in look.inner()] == (
            ["start", "lost" if shape == 1 else "away"]
        )

    def test_a_constant(self) -> None:
        """Of an axis with one value there is no line, of how many unknowns it is made."""
        for level in (35_000 + (KEPT - KEPT) * JOINED, 35_000 + exp(-0.1 * JOINED)):
            look = looked(asked(START, joined=intake(level)))
            assert not look.are_linear_in_value()[place_of(look, level)]

    def test_the_same_at_both_ends(self) -> None:
        """A level that is the square of a normal is linear in its value, not in the normal's."""
        level = 20_000 + about(0, sd=30) ** 2
        look = looked(asked(START, joined=intake(level)))

        assert look.are_linear_in_value()[place_of(look, level)]
