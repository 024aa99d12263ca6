from datetime import date

import numpy as np
import pytest
from scipy import stats

from attrition.accounts import Period
from attrition.projection import Change, Delay, Hospital, Projection, Returns
from attrition.projection.break_even import BreakEven, break_even
from attrition.uncertain import Uncertain, about, mixture
from tests.projection.futures import CLAIMED, MIX, MONTHLY, future, intake, losses
from tests.projection.responses import asked

START = about(712_000, sd=20_000)
LOST = about(44_000, sd=2_500)
JOINED = about(35_000, sd=2_000)
END = date(2027, 2, 1)
Q = np.array([0.02, 0.3, 0.5, 0.9])


def needed(year: Projection, keep: float = 700_000, *, throughout: bool = False) -> Uncertain:
    """Recruits who keep strength at a threshold."""
    return year.recruits_needed(keep, by=END, throughout=throughout)


def auto(strength: Uncertain | float = START, lost: Uncertain | float = LOST) -> Projection:
    """A year of a start and losses for good."""
    return future(strength, losses(lost), intake(JOINED), method="auto")


class TestClosedForms:
    def test_recruits_on_a_date(self) -> None:
        """With normals, recruits needed on one date are the normal (keep - start) / 12 + losses."""
        found = needed(auto())
        law = stats.norm(44_000 - 1_000, np.hypot(20_000 / 12, 2_500))
        summary = found.summary()

        assert summary.method == "lattice"
        np.testing.assert_allclose(found.ppf(Q), law.ppf(Q), atol=5 * summary.error + 0.5)
        # The lattice has but one unknown left, so a tenth of a per cent of the spread is much.
        assert summary.error < 0.01 * law.std()
        assert found.mean() == pytest.approx(law.mean(), abs=5 * law.std() / np.sqrt(4_072))
        assert found.std() == pytest.approx(law.std(), rel=0.05)

    def test_losses_on_a_date(self) -> None:
        """Losses that are borne are the normal (start - keep) / 12 + recruits."""
        found = auto().losses_affordable(700_000, by=END, throughout=False)
        law = stats.norm(35_000 + 1_000, np.hypot(20_000 / 12, 2_000))

        np.testing.assert_allclose(found.ppf(Q), law.ppf(Q), atol=5 * found.summary().error + 0.5)

    def test_throughout(self) -> None:
        """With a start above, the last month asks most, and where it is below, the first one."""
        found = needed(auto(START, 44_000), throughout=True)
        levels = np.array([[level] for level in np.asarray(found.ppf(Q)).tolist()])
        # Known losses of 44,000: what has to be there at the start for each month to hold.
        starts = 700_000 - np.array([1.0, 12.0]) * (levels - 44_000)
        least = stats.norm.sf((starts.max(axis=1) - 712_000) / 20_000)

        np.testing.assert_allclose(least, Q, atol=2e-6)

    def test_before_losses_begin(self) -> None:
        """Where nobody is lost at first, so many are needed at least, whatever the losses."""
        pause = [Change(factor=0, during=Period.month(2026, 2))]
        lost = about(18_000, sd=2_500)
        year = future(712_000, losses(lost, changes=pause), intake(JOINED), method="auto")
        found = needed(year, 730_000, throughout=True)
        # A level r holds in month m if m r - (m - 1) lost is at least 18,000.
        levels = np.array([17_999.0, 18_001.0, 19_000.0, 21_000.0])
        most = (12.0 * levels - 18_000.0) / 11.0
        expected = np.where(levels < 18_000.0, 0.0, stats.norm(18_000, 2_500).cdf(most))

        assert found.summary().method == "lattice"
        np.testing.assert_allclose(found.cdf(levels), expected, rtol=1e-9)

    def test_a_threshold_tied_to_the_start(self) -> None:
        """Nine tenths of the start are kept by losses less a twelfth of a tenth of it."""
        start = about(712_000, sd=20_000)
        year = auto(start)
        found = year.recruits_needed(0.9 * start, by=END, throughout=False)
        law = stats.norm(44_000 - 71_200 / 12, np.hypot(2_000 / 12, 2_500))

        np.testing.assert_allclose(found.ppf(Q), law.ppf(Q), atol=5 * found.summary().error + 0.5)

    def test_a_threshold_tied_to_the_level(self) -> None:
        """Twenty months of recruits are kept by a twelfth of them, less the start's, and losses."""
        found = auto().recruits_needed(20.0 * JOINED, by=END, throughout=False)
        sd = np.sqrt((20 * 2_000 / 12) ** 2 + (20_000 / 12) ** 2 + 2_500**2)
        law = stats.norm(44_000 - 12_000 / 12, sd)

        np.testing.assert_allclose(found.ppf(Q), law.ppf(Q), atol=5 * found.summary().error + 0.5)

    def test_the_level_itself(self) -> None:
        """How many are needed has nothing to do with how many are expected."""
        narrow, wide = (
            needed(future(START, losses(LOST, variation=MONTHLY), intake(level), method="auto"))
            for level in (about(35_000, sd=10), about(36_000, sd=3_000))
        )

        np.testing.assert_allclose(narrow.ppf(Q), wide.ppf(Q), rtol=1e-9)


class TestPaths:
    @pytest.mark.parametrize("throughout", [True, False])
    def test_against_paths(self, *, throughout: bool) -> None:
        """With noise and returns the levels are those of simulated paths."""
        back = Returns(mix=MIX, delay=Delay.gamma(mean=3, sd=2), hospital=Hospital.empty())
        lost = losses(LOST, CLAIMED, variation=MONTHLY)
        exact = future(START, lost, intake(JOINED), returns=back, method="auto")
        paths = future(START, lost, intake(JOINED), returns=back, draws=262_144)
        for ask in ("recruits_needed", "losses_affordable"):
            one, other = (
                getattr(y, ask)(700_000, by=END, throughout=throughout) for y in (exact, paths)
            )
            error = np.hypot(one.summary().error, other.summary().error)

            assert one.summary().method == "lattice"
            np.testing.assert_allclose(one.ppf(Q), other.ppf(Q), atol=5 * error)
            # The mean is that of random numbers at the points.
            assert one.mean() == pytest.approx(other.mean(), abs=5 * other.std() / np.sqrt(4_072))


class TestOtherWays:
    def test_values_elsewhere(self) -> None:
        """A level in an expression, an observed one, or one that fills a hospital has values."""
        plain = auto()
        observed = future(
            START,
            losses(LOST),
            intake(JOINED, variation=MONTHLY, observed=Period.month(2026, 1)),
            method="auto",
        )
        full = Returns(mix=MIX, delay=Delay.gamma(mean=3, sd=2), hospital=Hospital.steady())
        wounded = future(START, losses(LOST, CLAIMED), intake(JOINED), returns=full, method="auto")

        for number in (
            2.0 * needed(plain),
            needed(observed),
            wounded.losses_affordable(700_000, by=END, throughout=False),
        ):
            assert number.summary().method == "lattice"
            assert repr(number._law()).startswith("Sampled")

    def test_nothing_to_integrate(self) -> None:
        """Where no input has a density of its own, values of the lattice are the law."""
        either = mixture([(0.5, about(690_000, sd=10)), (0.5, about(730_000, sd=10))])
        found = future(either, losses(44_000), intake(JOINED), method="auto")

        number = needed(found)
        assert repr(number._law()).startswith("Sampled")
        # A choice of two starts and recruits who no longer matter: one of two levels.
        low, high = (44_000 + (700_000 - start) / 12 for start in (730_000, 690_000))
        np.testing.assert_allclose(number.ppf([0.25, 0.75]), [low, high], atol=5)

    def test_no_bound(self) -> None:
        """A level that moves nobody before the date has no bound, and no law of its own."""
        response = asked(START, losses(LOST), intake(JOINED), weights=np.eye(7)[6:], rest=(-7e5,))
        level = response.model.levels[1]

        assert isinstance(break_even(response, level, helps=False), BreakEven)
        # At the start nobody has been lost yet, whatever the level.
        still = asked(START, losses(LOST), intake(JOINED), weights=np.eye(7)[:1], rest=(-7e5,))
        assert break_even(still, level, helps=False) is None

    def test_mixed_directions(self) -> None:
        """An input that moves one sum up and another down is no input to integrate."""
        weights = np.array([[0.0, 1.0, 0.0], [0.0, -1.0, 0.0]])
        response = asked(
            START, losses(44_000), intake(35_000), until=date(2026, 4, 1), weights=weights
        )

        assert break_even(response, response.model.levels[1], helps=False) is None
