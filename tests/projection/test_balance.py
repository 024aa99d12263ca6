import pickle
from datetime import date

import attrs
import numpy as np
import pytest
from scipy import stats

from attrition.accounts import Bound, Category, IntakeStage, Per, Period
from attrition.errors import EstimateError, ExtrapolationWarning, ProjectionError
from attrition.evidence import CasualtyMix
from attrition.projection import Delay, Hospital, LaterMix, balance
from attrition.uncertain import about, draws, probability
from tests.accounts.records import DECEMBER, JANUARY, joined, lost, unchecked
from tests.projection.futures import CLAIMED, HALF, MIX, back, claimed

IRRECOVERABLE = Category.IRRECOVERABLE
SHARES = Delay.shares([0.2, 0.5, 0.3])
QUARTER = Period.months(2025, 11, count=3)


class TestForGood:
    """Losses of whom nobody comes back: three deficits are one."""

    LOST = lost(about(44_000, relative=0.1, confidence=0.9), IRRECOVERABLE)
    JOINED = joined(about(35_000, relative=0.1, confidence=0.9))

    def test_closed_form(self) -> None:
        """The difference of two normals is normal."""
        found = balance(self.LOST, self.JOINED).gross
        score = stats.norm.ppf(0.95)
        law = stats.norm(9_000, np.hypot(4_400, 3_500) / score)

        for q in (0.01, 0.5, 0.9):
            assert found.ppf(q) == pytest.approx(law.ppf(q), rel=1e-12)
        assert found.method == "exact"
        assert probability(found > 0) == pytest.approx(law.sf(0), rel=1e-12)

    def test_nobody_comes_back(self) -> None:
        """All deficits are the same number, tied to the inputs."""
        found = balance(self.LOST, self.JOINED)

        assert (found.ultimate - found.gross).std() == 0.0
        assert (found.in_period - found.gross).std() == 0.0
        assert found.gross == self.LOST.count - self.JOINED.rate * 1.0
        assert found.period == JANUARY

    def test_replacement_ratio(self) -> None:
        """Without returns it is arrivals per loss, in every draw."""
        found = balance(self.LOST, self.JOINED)
        ratio, count, rate = draws(
            found.replacement_ratio, self.LOST.count, self.JOINED.rate, n=300, rng=20260101
        )

        np.testing.assert_allclose(ratio, rate / count, rtol=1e-13)

    def test_recruits_of_the_same_time(self) -> None:
        """A yearly rate of recruits is taken over the months of the losses."""
        found = balance(lost(130_000, IRRECOVERABLE, period=QUARTER), joined(420_000, per=Per.YEAR))

        assert found.gross.value == 130_000 - 105_000

    def test_there_and_back_through_pickle(self) -> None:
        """A balance comes back equal."""
        found = balance(self.LOST, self.JOINED)

        assert pickle.loads(pickle.dumps(found)) == found

    def test_text(self) -> None:
        """Every deficit with its interval, the chance in words and the way it was found."""
        assert str(balance(self.LOST, self.JOINED)) == (
            "January 2026\n"
            "deficit            people                           "
            "that the force shrinks                  found by\n"
            "-----------------  -------------------------------  "
            "--------------------------------------  --------\n"
            "gross              9,000 (3,378 to 14,622 at 90 %)  "
            "above 99 % (outside the ICD 203 table)  exact\n"
            "after all returns  9,000 (3,378 to 14,622 at 90 %)  "
            "above 99 % (outside the ICD 203 table)  exact\n"
            "within the period  9,000 (3,378 to 14,622 at 90 %)  "
            "above 99 % (outside the ICD 203 table)  exact"
        )


class TestWithReturns:
    def test_ultimate_by_hand(self) -> None:
        """After all returns three of eight killed and wounded are back."""
        found = balance(lost(40_000), joined(22_000), returns=back(HALF))

        assert found.gross.value == 18_000
        assert found.ultimate.value == pytest.approx(3_000)
        assert found.replacement_ratio.value == pytest.approx(37_000 / 40_000)

    def test_shares_are_tied(self) -> None:
        """The ultimate deficit and the ratio use the share of the mix in every draw."""
        estimate = lost(about(31_680, sd=1_541))
        returns = back(MIX)
        found = balance(estimate, joined(22_000), returns=returns)
        ultimate, ratio, count, share = draws(
            found.ultimate,
            found.replacement_ratio,
            estimate.count,
            returns.share_of(CLAIMED),
            n=300,
            rng=20260101,
        )

        np.testing.assert_allclose(ultimate, count * (1 - share) - 22_000, rtol=1e-10)
        np.testing.assert_allclose(ratio, (22_000 + count * share) / count, rtol=1e-12)

    def test_empty_hospital(self) -> None:
        """From an empty hospital only those return whose share is the first."""
        returns = back(HALF, SHARES)
        found = balance(lost(40_000), joined(22_000), returns=returns)

        assert found.in_period.value == pytest.approx(18_000 - 0.2 * 15_000)

    def test_empty_hospital_over_months(self) -> None:
        """Of three months, the first had time to return, the last hardly."""
        returns = back(HALF, SHARES)
        found = balance(lost(120_000, period=QUARTER), joined(22_000), returns=returns)

        assert found.in_period.value == pytest.approx(120_000 - 66_000 - 15_000 * (1.0 + 0.7 + 0.2))

    def test_parts_of_months(self) -> None:
        """A month and a half loses by its length, and the half month returns its own share."""
        period = Period.spanning(date(2026, 2, 1), date(2026, 3, 31))
        cut = Period(start=date(2026, 2, 1), end=date(2026, 4, 16))
        returns = back(HALF, SHARES)
        whole = balance(lost(80_000, period=period), joined(0), returns=returns).in_period
        part = balance(lost(100_000, period=cut), joined(0), returns=returns).in_period

        # 2.5 months of 40,000 lost, 15,000 of whom return.
        assert whole.value == pytest.approx(80_000 - 15_000 * (0.7 + 0.2))
        assert part.value == pytest.approx(100_000 - 15_000 * (1.0 + 0.7 + 0.5 * 0.2))

    @pytest.mark.parametrize(
        ("delay", "period"),
        [
            (SHARES, JANUARY),
            (SHARES, QUARTER),
            (Delay.gamma(mean=3, sd=2), JANUARY),
            (Delay.gamma(mean=3, sd=2), Period.days(date(2025, 12, 20), 50)),
        ],
    )
    def test_steady_hospital_is_the_ultimate(self, delay: Delay, period: Period) -> None:
        """With a steady past as many return in the period as of it in the end."""
        returns = back(MIX, delay, Hospital.steady())
        found = balance(lost(about(31_680, sd=900), period=period), joined(22_000), returns=returns)
        in_period, ultimate = draws(found.in_period, found.ultimate, n=300, rng=20260101)

        np.testing.assert_allclose(in_period, ultimate, rtol=1e-10, atol=1e-6)

    def test_known_past_by_hand(self) -> None:
        """Known losses of the months before return by their place."""
        hospital = Hospital.from_losses(
            [claimed(20_000, Period.month(2025, 11)), claimed(30_000, DECEMBER)]
        )
        returns = back(HALF, SHARES, hospital)
        found = balance(lost(40_000), joined(22_000), returns=returns)
        back_in_january = 0.375 * (0.2 * 40_000 + 0.5 * 30_000 + 0.3 * 20_000)

        assert found.in_period.value == pytest.approx(18_000 - back_in_january)
        assert found.ultimate.value == pytest.approx(3_000)

    def test_past_is_tied(self) -> None:
        """What the past lost is the unknown that was given."""
        december = claimed(about(30_000, sd=2_000), DECEMBER)
        returns = back(HALF, SHARES, Hospital.from_losses([december]))
        found = balance(lost(40_000), joined(22_000), returns=returns)

        without = found.in_period + 0.375 * 0.5 * december.count

        assert without.std() == pytest.approx(0.0, abs=1e-9)


WORSE = CasualtyMix.from_ratios(2, returned_per_wounded=0.45)
"""Of 10 killed and wounded 3 return; by HALF it is 3 of 8."""


class TestLaterMixes:
    @pytest.mark.parametrize("start", [date(2026, 2, 1), date(2026, 7, 1)])
    def test_after_the_period(self, start: date) -> None:
        """A mix of later losses is nothing to those of the period, and no warning is due."""
        returns = attrs.evolve(back(MIX, SHARES), later=LaterMix(mix=WORSE, start=start))
        estimate = lost(about(40_000, sd=900))
        found = balance(estimate, joined(22_000), returns=returns)
        without = balance(estimate, joined(22_000), returns=back(MIX, SHARES))

        assert found == without

    def test_from_the_first_day(self) -> None:
        """A mix that holds from the first day counts for all losses, but not for the hospital."""
        hospital = Hospital.from_losses([claimed(30_000, DECEMBER)])
        later = LaterMix(mix=WORSE, start=JANUARY.start)
        returns = attrs.evolve(back(HALF, SHARES, hospital), later=later)
        found = balance(lost(40_000), joined(22_000), returns=returns)

        assert found.ultimate.value == pytest.approx(18_000 - 12_000)
        assert found.in_period.value == pytest.approx(18_000 - 0.2 * 12_000 - 0.5 * 0.375 * 30_000)

    def test_within_the_period(self) -> None:
        """Losses of three months return by the part of each month in which a mix holds."""
        later = LaterMix(mix=WORSE, start=date(2025, 12, 11))
        returns = attrs.evolve(back(HALF, SHARES), later=later)
        found = balance(lost(120_000, period=QUARTER), joined(22_000), returns=returns)
        december = 0.375 * 10 / 31 + 0.3 * 21 / 31
        shares = np.array([0.375, december, 0.3])

        assert found.ultimate.value == pytest.approx(54_000 - 40_000 * shares.sum())
        assert found.in_period.value == pytest.approx(54_000 - 40_000 * (shares @ [1.0, 0.7, 0.2]))
        assert found.replacement_ratio.value == pytest.approx(
            (66_000 + 40_000 * shares.sum()) / 120_000
        )


class TestRefusals:
    def test_killed_alone(self) -> None:
        """The killed are not all who leave."""
        with pytest.raises(ProjectionError) as caught:
            balance(lost(11_168, Category.KILLED), joined())

        assert str(caught.value).startswith("KILLED alone are not all who leave:")

    def test_killed_and_wounded_without_returns(self) -> None:
        """Of the killed and wounded some come back."""
        with pytest.raises(ProjectionError) as caught:
            balance(lost(), joined())

        assert str(caught.value).startswith("KILLED_AND_WOUNDED includes WIA_RTD, who come back,")

    def test_returns_of_the_irrecoverable(self) -> None:
        """Nobody comes back of losses for good."""
        with pytest.raises(ProjectionError) as caught:
            balance(lost(44_000, IRRECOVERABLE), joined(), returns=back())

        assert str(caught.value).startswith("returns were given, and of IRRECOVERABLE nobody")

    def test_sides(self) -> None:
        """Losses and recruits are of one side."""
        with pytest.raises(EstimateError) as caught:
            balance(lost(44_000, IRRECOVERABLE), joined(side="Ukraine"))

        assert str(caught.value) == (
            "the losses are of Russia and the recruitment of Ukraine: expected one side. "
            "Type side='Russia' in both if they are the same people."
        )

    def test_floors_and_contracts(self) -> None:
        """Neither floors nor contracts are weighed."""
        with pytest.raises(EstimateError) as floor:
            balance(lost(1_562, IRRECOVERABLE, bound=Bound.FLOOR), joined())
        with pytest.raises(EstimateError) as contracts:
            balance(lost(44_000, IRRECOVERABLE), joined(stage=IntakeStage.CONTRACTED))

        assert str(floor.value).startswith("a floor is no level to go on from: 1,562 IRRECOVERABLE")
        assert str(contracts.value).startswith("a contracted rate is no rate of arrivals: 22,000")

    def test_no_records(self) -> None:
        """Numbers do not say what they count."""
        with pytest.raises(EstimateError) as losses:
            unchecked(balance)(44_000, joined())
        with pytest.raises(EstimateError) as recruits:
            unchecked(balance)(lost(44_000, IRRECOVERABLE), 35_000)

        assert str(losses.value) == (
            "losses is 44000: expected a LossEstimate. "
            "Type for example losses=LossEstimate.central(...)."
        )
        assert str(recruits.value) == (
            "recruitment is 35000: expected a RecruitmentRate. "
            "Type for example recruitment=RecruitmentRate(...)."
        )

    def test_past_of_the_same_month(self) -> None:
        """Losses of the period itself are not in hospital when it begins."""
        with pytest.raises(ProjectionError) as caught:
            balance(
                lost(), joined(), returns=back(hospital=Hospital.from_losses([claimed(1, JANUARY)]))
            )

        assert str(caught.value) == (
            "past losses of January 2026 reach beyond the start 2026-01-01: expected periods "
            "before it. Cut the period, or leave it out."
        )

    def test_past_of_others(self) -> None:
        """The hospital was filled by the same losses of the same side."""
        other = lost(30_000, period=DECEMBER, side="Ukraine")
        with pytest.raises(ProjectionError) as caught:
            balance(lost(), joined(), returns=back(hospital=Hospital.from_losses([other])))

        assert str(caught.value) == (
            "the hospital holds KILLED_AND_WOUNDED of Ukraine and the losses are "
            "KILLED_AND_WOUNDED of Russia: expected the same. Convert the past losses with "
            "convert(estimate, to=..., mix=...)."
        )

    def test_recruits_of_another_month(self) -> None:
        """A rate of December is said to be one of December."""
        with pytest.warns(ExtrapolationWarning) as caught:
            balance(lost(44_000, IRRECOVERABLE), joined(period=DECEMBER))

        assert [str(warning.message) for warning in caught] == [
            (
                "a figure for December 2025 is used for January 2026, which it does not speak of. "
                "Project it with steady(...) if it is meant to go on, or ask inside December 2025."
            )
        ]
