import math

import numpy as np
import pytest

from attrition._typing import FloatArray
from attrition.accounts import Per
from attrition.projection import Projection, Trend, Variation
from attrition.projection.controls import Control, by_cell, controls_of
from attrition.projection.groups import Group, groups_of
from attrition.projection.response import Response
from attrition.projection.sobol import by_copy, indices, points_of
from attrition.uncertain import about
from attrition.uncertain.lattice import FEWER, SHIFTS
from tests.projection.futures import MONTHLY, future, intake, losses

SIZE = SHIFTS * FEWER


def response_of(projection: Projection, place: int = -1) -> Response:
    """Strength at one date, the last one unless told."""
    model, inputs = projection._future.model, projection._future.inputs
    return Response(model, inputs, np.eye(model.losses.steps + 1)[[place]])


def none_of(groups: int) -> list[Control]:
    """Controls that say nothing."""
    return [Control(np.zeros(SIZE), np.zeros(SIZE), 0.0, 0.0)] * groups


def alone(*places: int) -> list[Group]:
    """Groups of one input each."""
    return [Group(str(place), (place,), None) for place in places]


def varied() -> Projection:
    """Two processes with noise, one with a trend."""
    return future(
        about(712_000, sd=20_000),
        losses(about(44_000, sd=2_500), variation=MONTHLY),
        intake(
            about(35_000, sd=2_000),
            variation=MONTHLY,
            trend=Trend(per_year=about(-0.03, sd=0.05), form="linear"),
        ),
    )


def two(rng: int) -> tuple[list[FloatArray], list[FloatArray]]:
    """Normals of three inputs at two sets of random points."""
    normals = np.random.default_rng(rng).standard_normal((2, 3, SIZE))
    return [*normals[0]], [*normals[1]]


class TestIndices:
    def test_sum_of_functions(self) -> None:
        """Of a sum of functions of one input each the shares add up to one at every point."""
        first, second = two(20260101)
        found = indices(
            lambda x: np.exp(x[0]) + x[1] ** 3 - 2.0 * x[2],
            alone(0, 1, 2),
            first,
            second,
            none_of(3),
        )

        assert found.first.sum() == pytest.approx(1.0, abs=1e-12)
        np.testing.assert_allclose(found.first, found.total, rtol=1e-12)
        variances = [math.e * (math.e - 1.0), 15.0, 4.0]
        # Plain random points, of a fourth and a twelfth moment.
        np.testing.assert_allclose(found.first, np.array(variances) / sum(variances), atol=0.1)
        assert found.mean == pytest.approx(math.exp(0.5), abs=0.25)

    def test_product(self) -> None:
        """A product of three is no more than what its factors do together."""
        first, second = two(20260102)
        found = indices(lambda x: x[0] * x[1] * x[2], alone(0, 1, 2), first, second, none_of(3))

        np.testing.assert_allclose(found.first, 0.0, atol=5.0 * found.errors[0].max())
        np.testing.assert_allclose(found.total, 1.0, atol=5.0 * found.errors[1].max())
        assert 0.0 < found.errors.max() < 0.15

    def test_groups(self) -> None:
        """Inputs of one group are exchanged together, so what they do together is the group's."""
        first, second = two(20260103)
        groups = [Group("both", (0, 1), None), Group("one", (2,), None)]
        found = indices(lambda x: x[0] * x[1] + x[2], groups, first, second, none_of(2))

        np.testing.assert_allclose(found.first, found.total, rtol=1e-12)
        np.testing.assert_allclose(found.first, 0.5, atol=0.05)

    def test_controls_make_what_is_linear_exact(self) -> None:
        """With controls a linear answer has its shares, mean and variance from them alone."""
        first, second = two(20260104)
        controls = [Control(first[i], second[i], 0.0, 1.0) for i in range(3)]
        found = indices(
            lambda x: 7.0 + x[0] - 2.0 * x[1] + 3.0 * x[2],
            alone(0, 1, 2),
            first,
            second,
            controls,
        )

        np.testing.assert_allclose(found.first, np.array([1.0, 4.0, 9.0]) / 14.0, rtol=1e-12)
        np.testing.assert_allclose(found.slopes, [1.0, -2.0, 3.0], rtol=1e-12)
        assert (found.mean, found.variance) == pytest.approx((7.0, 14.0), rel=1e-12)
        assert max(found.errors.max(), found.mean_error) < 1e-12

    def test_mean_of_copies(self) -> None:
        """The points of a copy lie side by side."""
        values = np.repeat(np.arange(SHIFTS), FEWER).astype(float)

        assert by_copy(values).tolist() == [*range(SHIFTS)]


class TestPoints:
    def test_two_sets_are_independent(self) -> None:
        """Neither set says anything about the other, or one input about another one."""
        response = response_of(varied())
        halves = [points_of(response, half) for half in range(2)]
        rows = np.vstack([np.atleast_2d(value) for half in halves for value in half])
        correlations = np.asarray(np.corrcoef(rows))
        inputs = len(response.inputs)
        cells = sum(np.atleast_2d(value).shape[0] for value in halves[0])

        assert inputs == len(halves[0])
        assert np.abs(correlations[:cells, cells:]).max() < 5.0 / math.sqrt(SIZE)
        noise = MONTHLY.passing_sd**2 + MONTHLY.lasting_sd**2
        spread = [half[2].var(axis=1) for half in halves]
        np.testing.assert_allclose(spread, math.expm1(noise), rtol=0.15)

    def test_shifts_of_their_own(self) -> None:
        """The copies of the two sets are shifted apart from each other."""
        response = response_of(varied())
        for one, two in zip(points_of(response, 0), points_of(response, 1), strict=True):
            # A copy begins at its shift.
            assert (one[..., ::FEWER] != two[..., ::FEWER]).all()

    def test_the_start(self) -> None:
        """Noise that moves nobody yet has points all the same."""
        found = points_of(response_of(varied(), 0), 0)

        assert np.isfinite(np.concatenate([np.ravel(value) for value in found])).all()

    def test_known_inputs(self) -> None:
        """Without noise there is none to deal."""
        found = points_of(response_of(future(712_000, losses(about(40_000, sd=1_000)))), 1)

        assert [value.shape for value in found] == [(SIZE,)] * 3


class TestControls:
    def test_mean_and_variance(self) -> None:
        """What is said of a control is so at points of its own."""
        response = response_of(varied())
        groups = groups_of(response.model, response.inputs)
        rng = np.random.default_rng(20260105)
        draws = _drawn(response, rng, 100_000)
        controls = controls_of(response, groups, draws, draws)

        assert len(controls) == len(groups)
        for control in controls:
            # A mean of 100,000 draws is known to 0.003 of the standard deviation.
            sd = math.sqrt(control.variance)
            assert control.first.mean() == pytest.approx(control.mean, abs=0.016 * sd)
            assert control.first.std() == pytest.approx(sd, rel=0.02)

    def test_noise_moves_strength(self) -> None:
        """A factor of the losses takes a month of them, one of the recruits brings one."""
        cells = by_cell(response_of(varied()))
        lost, joined = cells.values()

        np.testing.assert_allclose(lost, -44_000.0, rtol=1e-9)
        np.testing.assert_allclose(joined, 35_000.0 * (1 - 0.03 * np.arange(12) / 12), rtol=1e-9)

    def test_variance_of_noise(self) -> None:
        """Independent factors of variance one move the level times the root of the months."""
        wild = Variation.independent(1.0, Per.MONTH)
        response = response_of(future(712_000, losses(44_000, variation=wild)))
        groups = groups_of(response.model, response.inputs)
        points = points_of(response, 0)
        (control,) = controls_of(response, groups, points, points)

        assert control.variance == pytest.approx(12 * 44_000**2, rel=1e-9)
        assert control.mean == pytest.approx(-12 * 44_000, rel=1e-9)

    def test_without_noise(self) -> None:
        """Without noise there are no cells."""
        assert by_cell(response_of(future())) == {}

    def test_luck(self) -> None:
        """Luck is standard normals beside the noise, and its control their sum."""
        year = future(2_500, losses(90, variation=MONTHLY), intake(200))
        response = response_of(year)
        halves = [points_of(response, half) for half in range(2)]
        groups = groups_of(response.model, response.inputs)
        controls = controls_of(response, groups, *halves)

        assert [control.variance for control in controls[1:]] == [12.0, 12.0]
        for control in controls[1:]:
            assert control.first.std() == pytest.approx(math.sqrt(12.0), rel=0.01)
            assert np.corrcoef(control.first, control.second)[0, 1] == pytest.approx(0.0, abs=0.05)

    def test_nothing_known_for_sure(self) -> None:
        """An input that only a lattice knows has a control that is nothing."""
        one, two, three = (about(c, sd=100, positive=True) for c in (9_000, 8_000, 7_000))
        year = future(712_000, losses(one * two / (two + three)))
        response = response_of(year)
        points = points_of(response, 0)
        (control,) = controls_of(
            response, groups_of(response.model, response.inputs), points, points
        )

        assert not control.first.any()
        assert (control.mean, control.variance) == (0.0, 0.0)


def _drawn(response: Response, rng: np.random.Generator, n: int) -> list[FloatArray]:
    """Plain random values of the inputs of :func:`varied`."""
    start, lost, joined, growth = (rng.standard_normal(n) for _ in range(4))
    factors = []
    for place, made in response.noises.items():
        log, state = np.empty((made.cells, n)), rng.standard_normal(n)
        for cell in range(made.cells):
            log[cell] = made.lasting_sd * state + made.passing_sd * rng.standard_normal(n)
            state = made.persistence * state
            state += math.sqrt(1.0 - made.persistence**2) * rng.standard_normal(n)
        factors.append(np.exp(log - 0.5 * (made.lasting_sd**2 + made.passing_sd**2)))
        assert place in {2, 5}
    return [
        712_000 + 20_000 * start,
        44_000 + 2_500 * lost,
        factors[0],
        35_000 + 2_000 * joined,
        -0.03 + 0.05 * growth,
        factors[1],
    ]
