from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from attrition._typing import FloatArray
from attrition.accounts import Category, Period
from attrition.projection import Change, Delay, Hospital, Surge, Trend
from attrition.projection.by_level import ByLevel, by_level
from attrition.projection.lattice import Points, on_lattice
from attrition.projection.response import Response
from attrition.uncertain import Uncertain, about
from attrition.uncertain.lattice import FEWER, POINTS
from attrition.uncertain.node import evaluate
from tests.projection.futures import CLAIMED, MIX, MONTHLY, back, claimed, intake, losses
from tests.projection.responses import asked, by_run

# So many that nobody is ever cut.
START = about(5_000_000, sd=20_000)
LOST, JOINED = about(44_000, sd=2_700), about(35_000, sd=2_000)
FACTOR = about(1.2, sd=0.1, positive=True)
CHANGES = (
    Change(factor=FACTOR, during=Period.month(2026, 4)),
    Change(level=20_000, start=date(2026, 6, 10)),
    Surge(people=9_000, during=Period.month(2026, 5)),
)
HOSPITALS = {
    "empty": Hospital.empty(),
    "steady": Hospital.steady(),
    "past": Hospital.from_losses(
        [claimed(about(30_000, sd=1_000), Period.month(2025, m)) for m in (11, 12)]
    ),
}


def everything(hospital: str = "steady", changes: Sequence[Change | Surge] = CHANGES) -> Response:
    """Strengths with whatever a process can have."""
    return asked(
        START,
        losses(LOST, CLAIMED, variation=MONTHLY, changes=changes),
        intake(JOINED, variation=MONTHLY, trend=Trend(per_year=about(0.1, sd=0.05), form="linear")),
        returns=back(MIX, Delay.gamma(mean=3, sd=2), HOSPITALS[hospital]),
        other=[
            losses(about(1_000, sd=90), Category.DESERTED, changes=CHANGES[2:]),
            intake(about(500, sd=60)),
        ],
    )


def inputs_at(response: Response, dealt: Points) -> list[FloatArray]:
    """The values of all inputs."""
    nodes = [node for place, node in enumerate(response.inputs) if place not in dealt.factors]
    found = iter(evaluate(nodes, lambda unknown: dealt.values[unknown.uid], dealt.size))
    places = range(len(response.inputs))
    return [dealt.factors[p] if p in dealt.factors else next(found) for p in places]


def put_together(found: ByLevel, values: Sequence[FloatArray]) -> FloatArray:
    """The sums at + slope level + slope level."""
    return found.at + sum(slope * values[place] for place, slope in found.slopes.items())


class TestByLevel:
    @pytest.mark.parametrize("hospital", list(HOSPITALS))
    def test_sums_are_those_of_the_simulation(self, hospital: str) -> None:
        """However many levels are taken out, the parts add up to the simulation step by step."""
        response = everything(hospital)
        dealt = on_lattice(response, FEWER)
        values = inputs_at(response, dealt)
        expected = by_run(response, values)
        levels = response.model.levels

        assert len(levels) == 5
        for places in ([], levels[:1], levels[1:2], levels[2:4], levels):
            found = by_level(response, dealt, places)
            assert list(found.slopes) == places
            np.testing.assert_allclose(put_together(found, values), expected, rtol=1e-11)

    def test_a_slope_is_a_difference(self) -> None:
        """What a unit of a level adds is what the simulation ends with when there is one more."""
        response = everything(changes=())
        dealt = on_lattice(response, FEWER)
        values = inputs_at(response, dealt)
        found = by_level(response, dealt, response.model.levels)
        for place, slope in found.slopes.items():
            more = [value + 100.0 * (i == place) for i, value in enumerate(values)]
            difference = (by_run(response, more) - by_run(response, values)) / 100.0

            np.testing.assert_allclose(
                np.broadcast_to(slope, difference.shape), difference, atol=1e-6
            )

    def test_an_observed_level(self) -> None:
        """A level that was observed under noise is a quotient by it, and in proportion too."""
        lost = losses(LOST, variation=MONTHLY, observed=Period.month(2026, 1))
        response = asked(START, lost, intake(JOINED))
        dealt = on_lattice(response, FEWER)
        values = inputs_at(response, dealt)
        found = by_level(response, dealt, [1])

        np.testing.assert_allclose(
            put_together(found, values), by_run(response, values), rtol=1e-12
        )
        assert np.ptp(found.slopes[1][0]) > 0.1

    @pytest.mark.parametrize("points", [FEWER, POINTS])
    def test_blocks(self, points: int) -> None:
        """Many points are looked at in blocks, and none is left out or moved."""
        response = asked(START, losses(LOST, variation=MONTHLY), intake(JOINED))
        dealt = on_lattice(response, points)
        values = inputs_at(response, dealt)
        found = by_level(response, dealt, [0, 1])

        assert found.slopes[0].tolist() == [[1.0]] * 6
        assert found.at.shape == found.slopes[1].shape == (6, dealt.size)
        np.testing.assert_allclose(
            put_together(found, values), by_run(response, values), rtol=1e-12
        )

    def test_blocks_of_what_stays_still(self) -> None:
        """An unknown that stays in the middle does so in every block."""
        lost = losses(LOST, variation=MONTHLY)
        response = asked(START, lost, intake(JOINED), rest=(-0.5 * START,))
        dealt = on_lattice(response, POINTS, still={START.node.uid})
        values = inputs_at(response, dealt)
        found = put_together(by_level(response, dealt, [1]), values)

        np.testing.assert_allclose(found, by_run(response, values) - 2_500_000.0, rtol=1e-12)

    def test_what_is_the_same_everywhere(self) -> None:
        """Where all else is known, and of the start, one number stands for all points."""
        response = asked(START, losses(44_000), intake(35_000))
        found = by_level(response, on_lattice(response, FEWER), [0, 1])

        assert found.at[:, 0].tolist() == [35_000.0 * month for month in range(1, 7)]
        assert found.slopes[0].tolist() == [[1.0]] * 6
        assert found.slopes[1][:, 0].tolist() == [-1.0, -2.0, -3.0, -4.0, -5.0, -6.0]

    def test_the_rest(self) -> None:
        """Other numbers stand beside the sums, be they known or tied to the inputs."""
        values = np.linspace(30_000.0, 36_000.0, 8)
        points = Points({JOINED.node.uid: values}, {}, 8)
        weights = [[0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]]
        numbers: list[tuple[Uncertain | float, FloatArray]] = [
            (-7e5, np.full(1, -7e5)),
            (-0.5 * JOINED, -0.5 * values),
        ]
        for rest, expected in numbers:
            known = asked(7e5, losses(44_000), intake(35_000), weights=weights, rest=(rest,))
            wide = asked(7e5, losses(44_000), intake(JOINED), weights=weights, rest=(rest,))

            at = by_level(known, points, []).at
            np.testing.assert_allclose(at, 691_000.0 + expected[None], rtol=1e-12)
            at = by_level(wide, points, []).at
            np.testing.assert_allclose(at, (656_000.0 + values + expected)[None], rtol=1e-12)

    @pytest.mark.parametrize("rows", [[3], [1, 2, 3], [0, 2], [5, 4]])
    def test_rows_alone(self, rows: list[int]) -> None:
        """Sums that are single dates, in order or not, are the strengths of these dates."""
        weights = np.eye(7)[rows]
        response = asked(START, losses(LOST, variation=MONTHLY), weights=weights)
        dealt = on_lattice(response, FEWER)
        values = inputs_at(response, dealt)
        found = by_level(response, dealt, [1])

        np.testing.assert_allclose(
            put_together(found, values), by_run(response, values), rtol=1e-12
        )

    def test_a_row_in_part(self) -> None:
        """Half of a date, or two of them, is no single date."""
        weights = [[0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, -1.0, 0.0, 0.0, 0.0]]
        response = asked(START, losses(44_000), intake(35_000), weights=weights)
        found = by_level(response, Points({START.node.uid: np.array([7e5])}, {}, 1), [])

        assert found.at[:, 0].tolist() == pytest.approx([341_000.0, 9_000.0])


class TestWhole:
    def test_every_flow(self) -> None:
        """Losses, arrivals and returns of every step come apart by level too."""
        weights = np.random.default_rng(20260101).standard_normal((3, 25))
        one = everything()
        response = Response(one.model, one.inputs, weights, whole=True)
        dealt = on_lattice(response, FEWER)
        values = inputs_at(response, dealt)
        expected = weights @ np.concatenate(response.model.run(values), axis=0)

        for places in ([0, 1], response.model.levels):
            found = by_level(response, dealt, places)
            np.testing.assert_allclose(put_together(found, values), expected, rtol=1e-10, atol=1e-4)
