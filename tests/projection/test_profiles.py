from datetime import date

import numpy as np
import pytest

from attrition._typing import FloatArray
from attrition.accounts import Period
from attrition.projection import Change, Hospital, Returns, Surge, Trend
from attrition.projection.axes import axes_of
from attrition.projection.profiles import at_values, profiles, values_at
from attrition.uncertain import about, between
from tests.projection.futures import CLAIMED, MONTHLY, back, intake, losses
from tests.projection.responses import asked, axis, by_run

STRENGTH = about(712_000, sd=20_000)
LOST = between(30_000, 44_000, confidence=0.9, family="lognormal")
JOINED = about(35_000, sd=2_000)


class TestValuesAt:
    def test_by_uid(self) -> None:
        """Each row belongs to the number that is the axis."""
        values = np.array([[3.0, 4.0], [5.0, 6.0]])
        found = values_at([axis(LOST), axis(JOINED)], values)

        assert {uid: row.tolist() for uid, row in found.items()} == {
            LOST.node.uid: [3.0, 4.0],
            JOINED.node.uid: [5.0, 6.0],
        }


class TestAtValues:
    LEVEL = LOST * about(1.0, sd=0.1, positive=True)
    RESPONSE = asked(STRENGTH, losses(LEVEL, variation=MONTHLY), intake(JOINED, variation=MONTHLY))
    VALUES = (
        np.array([7.1e5, 7.0e5, 7.2e5]),
        np.array([4.0e4, 4.5e4, 3.9e4]),
        np.array([3.5e4, 3.1e4, 3.0e4]),
    )

    def sums(self, factors: FloatArray | None = None) -> FloatArray:
        """The sums at values of the start, of an input of two unknowns, and of the recruits."""
        axes = axes_of(self.RESPONSE)
        assert axes is not None
        given = dict(zip((STRENGTH, self.LEVEL, JOINED), self.VALUES, strict=True))
        by_uid = {number.node.uid: value for number, value in given.items()}
        values = np.array([by_uid[one.node.uid] for one in axes])
        return self.RESPONSE.sums(at_values(self.RESPONSE, axes, values, factors))

    def test_noise_of_one_unless_given(self) -> None:
        """Where no factors are given they are one."""
        start, lost, joined = self.VALUES
        one = np.ones((6, 1))

        expected = by_run(self.RESPONSE, [start, lost, one, joined, one])
        np.testing.assert_allclose(self.sums(), expected, rtol=1e-12)

    def test_factors_of_all_noises(self) -> None:
        """Factors of all noises stand below each other, one column for each setting."""
        factors = np.random.default_rng(20260101).random((12, 3)) + 0.5
        start, lost, joined = self.VALUES

        expected = by_run(self.RESPONSE, [start, lost, factors[:6], joined, factors[6:]])
        np.testing.assert_allclose(self.sums(factors), expected, rtol=1e-12)

    def test_without_noise(self) -> None:
        """Without noise there are values alone."""
        response = asked(STRENGTH)
        found = at_values(response, [axis(STRENGTH)], np.array([[7e5, 8e5]]))

        assert response.sums(found)[0].tolist() == [6.91e5, 7.91e5]


HOSPITALS = [None, back(), back(hospital=Hospital.steady())]
CHANGES: list[Change | Surge] = [
    Change(factor=1.3, during=Period.months(2026, 3, count=2)),
    Change(level=38_000, start=date(2026, 6, 1)),
    Surge(people=9_000, during=Period.month(2026, 4)),
]


class TestProfiles:
    @pytest.mark.parametrize("returns", HOSPITALS, ids=["none", "empty", "steady"])
    def test_differences_of_the_simulation(self, returns: Returns | None) -> None:
        """A profile is what the simulation does where the factor of one cell rises."""
        category = losses().category if returns is None else CLAIMED
        response = asked(
            STRENGTH,
            losses(
                LOST,
                category,
                variation=MONTHLY,
                trend=Trend(per_year=-0.2, form="linear"),
                changes=CHANGES,
            ),
            intake(JOINED, variation=MONTHLY),
            returns=returns,
        )
        levels = {
            STRENGTH.node.uid: np.array([7.1e5, 7.3e5]),
            LOST.node.uid: np.array([3.5e4, 4.4e4]),
            JOINED.node.uid: np.array([3.3e4, 3.8e4]),
        }
        found = profiles(response, levels, 2)

        assert found.shape == (2, 7, 12)
        start, lost, joined = levels.values()
        more = [-0.2, 1.3, 38_000.0, 9_000.0]
        tail = [] if returns is None else [0.375]
        for cell in range(12):
            rise = (np.arange(12) == cell)[:, None] * 0.25
            low, high = (
                by_run(response, [start, lost, *more, a[:6], joined, a[6:], *tail])
                for a in (np.ones((12, 1)), 1.0 + rise)
            )
            assert found[:, 0, cell].tolist() == [0.0, 0.0]
            expected = (high - low).T / 0.25
            np.testing.assert_allclose(found[:, 1:, cell], expected, rtol=1e-9, atol=1e-6)
