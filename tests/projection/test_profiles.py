from datetime import date

import numpy as np
import pytest
from scipy import stats

from attrition.accounts import Period
from attrition.projection import Change, Hospital, Returns, Surge, Trend
from attrition.projection.profiles import at_scores, profiles, values_at
from attrition.projection.splitting import leaves_of
from attrition.uncertain import Uncertain, about, between
from attrition.uncertain.node import Leaf
from tests.projection.futures import CLAIMED, MONTHLY, back, intake, losses
from tests.projection.responses import asked, by_run

STRENGTH = about(712_000, sd=20_000)
LOST = between(30_000, 44_000, confidence=0.9, family="lognormal")
JOINED = about(35_000, sd=2_000)


def leaf(number: Uncertain) -> Leaf:
    """The unknown that a number is."""
    assert isinstance(number.node, Leaf)
    return number.node


class TestValuesAt:
    def test_quantiles_at_scores(self) -> None:
        """The values are the quantiles at the probabilities of the scores."""
        scores = np.array([[-2.0, 0.0, 1.0], [0.5, -1.0, 3.0]])
        found = values_at([leaf(LOST), leaf(JOINED)], scores)

        expected = np.asarray(LOST.ppf(stats.norm.cdf(scores[0])))
        np.testing.assert_allclose(found[LOST.node.uid], expected, rtol=1e-12)
        np.testing.assert_allclose(found[JOINED.node.uid], 35_000 + 2_000 * scores[1], rtol=1e-12)


class TestAtScores:
    def test_noise_of_one_unless_given(self) -> None:
        """Factors that are left out are one, those given hold in all cells or in each."""
        response = asked(
            STRENGTH, losses(LOST, variation=MONTHLY), intake(JOINED, variation=MONTHLY)
        )
        leaves = leaves_of(response)
        assert leaves == [leaf(STRENGTH), leaf(LOST), leaf(JOINED)]
        scores = np.array([[0.0, 1.0], [-1.0, 0.5], [2.0, 0.0]])
        factors = np.linspace(0.5, 1.5, 6)[:, None]
        lost = LOST.ppf(stats.norm.cdf(scores[1]))
        start, joined = 712_000 + 20_000 * scores[0], 35_000 + 2_000 * scores[2]
        one = np.ones((6, 1))

        plain = response.sums(at_scores(response, leaves, scores))
        noisy = response.sums(at_scores(response, leaves, scores, {2: factors}))
        expected = by_run(response, [start, lost, one, joined, one])
        np.testing.assert_allclose(plain, expected, rtol=1e-12)
        expected = by_run(response, [start, lost, factors, joined, one])
        np.testing.assert_allclose(noisy, expected, rtol=1e-12)


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
