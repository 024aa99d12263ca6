import itertools

import numpy as np
import pytest
from scipy import integrate

from attrition._typing import FloatArray
from attrition.accounts import Category, Per
from attrition.errors import ProjectionError
from attrition.projection import Delay, Exposure, Hospital, Paths, Process, Surge
from attrition.projection.sequential import left_after
from attrition.uncertain import about, draws
from tests.accounts.records import JANUARY
from tests.projection.futures import (
    CLAIMED,
    MONTHLY,
    back,
    claimed,
    future,
    intake,
    losses,
    only,
)

NOBODY = intake(0)
HEADS = Exposure()


def solved(rates: list[tuple[float, float]], joining: float, start: float, until: float) -> float:
    """Strength by scipy's solver: losses k S ** p for each pair, and people who join."""

    def slope(_: float, strength: FloatArray) -> FloatArray:
        lost = sum(k * np.maximum(strength, 0.0) ** p for k, p in rates)
        return np.asarray(joining - lost)

    found = integrate.solve_ivp(slope, (0, until), [start], rtol=1e-11, atol=1e-9)
    return float(found.y[0, -1])


class TestLeftAfter:
    @pytest.mark.parametrize("power", [0.5, 0.9, 1.0, 1.5, 2.0, 3.0])
    def test_against_a_solver(self, power: float) -> None:
        """Who is left solves dS/dt = -k S ** p."""
        rate = 0.3 * 900 / 900**power
        found = left_after(np.array([900.0]), np.array([rate]), power)

        assert found[0] == pytest.approx(solved([(rate, power)], 0, 900, 1), rel=1e-8)

    @pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
    def test_nobody(self, power: float) -> None:
        """Of nobody nobody is left, and below one power everyone may be gone in time."""
        strength, rate = np.array([0.0, 4.0]), np.array([7.0, 4.0 if power < 1 else 0.0])
        left = 0.0 if power < 1 else 4.0

        assert left_after(strength, rate, power).tolist() == [0.0, left]


class TestPerHead:
    @pytest.mark.parametrize("step", Per)
    @pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
    def test_alone(self, power: float, step: Per) -> None:
        """Without other flows the step changes nothing."""
        lost = losses(40_000, exposure=Exposure(power=power))
        found = only(future(700_000, lost, NOBODY, step=step)).strength[-1]
        rate = 40_000 / 700_000**power

        assert found == pytest.approx(solved([(rate, power)], 0, 700_000, 12), rel=1e-8)

    def test_closed_form(self) -> None:
        """Per head strength falls exponentially, and the losses are the fall."""
        found = only(future(700_000, losses(35_000, exposure=HEADS), NOBODY))
        expected = 700_000 * np.exp(-0.05 * np.arange(13))

        np.testing.assert_allclose(found.strength, expected, rtol=1e-12)
        np.testing.assert_allclose(found.losses, -np.diff(expected), rtol=1e-10)

    def test_with_recruits(self) -> None:
        """With recruits the error falls with the square of the step."""
        exact = 300_000 + 400_000 * np.exp(-0.1 * 12)
        errors = []
        for step in (Per.YEAR, Per.MONTH):
            lost = losses(70_000, exposure=HEADS)
            found = only(future(700_000, lost, intake(30_000), step=step)).strength[-1]
            errors.append(abs(found - exact))

        assert errors[1] < 300
        assert errors[0] / errors[1] == pytest.approx(12**2, rel=0.1)

    def test_where_the_level_holds(self) -> None:
        """A level that holds at another strength is scaled to the start."""
        exposure = Exposure(power=2, at=350_000)
        found = only(future(700_000, losses(10_000, exposure=exposure), NOBODY))
        scaled = only(future(700_000, losses(40_000, exposure=Exposure(power=2)), NOBODY))

        np.testing.assert_allclose(found.strength, scaled.strength, rtol=1e-12)

    def test_unknown_strengths(self) -> None:
        """In every draw the level holds at the strength of that draw."""
        at = about(650_000, sd=30_000)
        lost = losses(40_000, exposure=Exposure(at=at))
        whole = future(about(700_000, sd=20_000), lost, NOBODY, draws=64)
        start, end, held = draws(
            whole.strength(whole.dates[0]), whole.strength(whole.dates[1]), at, n=64, rng=20260101
        )

        np.testing.assert_allclose(np.log(start / end), 40_000 / held, rtol=1e-9)

    def test_two_streams(self) -> None:
        """Two streams per head compete for the same people, in proportion to their rates."""
        desert = losses(10_000, Category.DESERTED, exposure=HEADS)
        found = only(
            future(700_000, losses(60_000, exposure=HEADS), NOBODY, other=[desert])
        ).strength

        np.testing.assert_allclose(found, 700_000 * np.exp(-0.1 * np.arange(13)), rtol=1e-12)

    def test_two_powers(self) -> None:
        """Two powers by turns in halves err with the square of the step."""
        square = losses(10_000, Category.DESERTED, exposure=Exposure(power=2))
        rates = [(60 / 700, 1.0), (10_000 / 700_000**2, 2.0)]
        exact = solved(rates, 20_000, 700_000, 12)
        errors = []
        for step in (Per.YEAR, Per.MONTH):
            whole = future(
                700_000,
                losses(60_000, exposure=HEADS),
                intake(20_000),
                other=[square],
                step=step,
            )
            errors.append(abs(only(whole).strength[-1] - exact))

        assert errors[1] < 200
        assert errors[0] / errors[1] == pytest.approx(12**2, rel=0.2)

    def test_nobody_at_the_start(self) -> None:
        """A rate per head of nobody is nobody, also of those who come later."""
        found = only(future(0, losses(5_000, exposure=HEADS), intake(1_000)))

        assert not found.losses.any()
        assert found.strength[-1] == pytest.approx(12_000)


class TestStepped:
    """A stream of nobody that depends on strength makes a projection step by step."""

    STREAM = losses(0, Category.DESERTED, exposure=HEADS)

    def _both(self, strength: float, hospital: Hospital, delay: Delay) -> list[Paths]:
        lost = losses(about(60_000, sd=9_000), CLAIMED, variation=MONTHLY, observed=JANUARY)
        more: list[Process] = [
            losses(about(2_000, sd=300), Category.DESERTED),
            intake(900, changes=[Surge(people=20_000, during=JANUARY.later(months=4))]),
        ]
        return [
            future(
                about(strength, sd=strength / 20),
                lost,
                intake(about(20_000, sd=2_000)),
                returns=back(hospital=hospital, delay=delay),
                other=[*more, *stream],
            ).paths(300, rng=20260101)
            for stream in ([], [self.STREAM])
        ]

    @pytest.mark.parametrize("strength", [60_000, 200_000, 900_000])
    @pytest.mark.parametrize(
        "hospital", [Hospital.steady(), Hospital.from_losses([claimed(9_000, JANUARY)])]
    )
    def test_like_the_whole_at_once(self, strength: float, hospital: Hospital) -> None:
        """Steps make the same people of the same inputs, where losses are cut too."""
        whole, stepped = self._both(strength, hospital, Delay.gamma(mean=1, sd=1))

        for one, other in zip(whole, stepped, strict=True):
            np.testing.assert_allclose(other, one, rtol=1e-9, atol=1e-6)

    def test_nobody_appears(self) -> None:
        """Start, arrivals and returns less losses are the strength, which is never negative."""
        lost = losses(about(60_000, sd=9_000), CLAIMED, exposure=Exposure(power=0.5))
        paths = future(
            about(300_000, sd=9_000),
            lost,
            intake(9_000),
            returns=back(),
            other=[losses(30_000, Category.DESERTED)],
        ).paths(200, rng=20260101)
        moved = paths.arrivals + paths.returns - paths.losses

        np.testing.assert_allclose(
            paths.strength[1:], paths.strength[0] + np.cumsum(moved, axis=0), atol=1e-6
        )
        assert paths.strength.min() == 0.0

    def test_more_people_are_never_fewer(self) -> None:
        """A larger force with one rate per head at one strength stays the larger."""
        lost = losses(40_000, exposure=Exposure(power=1.5, at=600_000))
        ends = [only(future(s, lost, NOBODY)).strength for s in (500_000, 600_000, 700_000)]

        assert all((b > a).all() for a, b in itertools.pairwise(ends))

    @pytest.mark.parametrize("what", ["needed", "affordable"])
    def test_no_line(self, what: str) -> None:
        """Which level keeps strength is a question to flows that do not depend on it."""
        whole = future(lost=losses(exposure=HEADS))
        ask = {"needed": whole.recruits_needed, "affordable": whole.losses_affordable}[what]
        with pytest.raises(ProjectionError) as caught:
            ask(600_000, by=whole.dates[-1], throughout=True)

        assert str(caught.value) == (
            "the level that keeps strength at a threshold was asked of a projection in which "
            "flows depend on strength: expected flows that do not. Leave exposure and functions "
            "out, or compare probability_below of projections with several levels."
        )
