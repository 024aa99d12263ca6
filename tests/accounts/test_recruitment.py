import pickle

import numpy as np
import pytest

from attrition.accounts import IntakeStage, Per, Period, RecruitmentRate, arrivals
from attrition.errors import EstimateError, ExtrapolationWarning, PeriodError
from attrition.uncertain import about, draws, share
from tests.accounts.records import DECEMBER, JANUARY, STAFF, joined, lost, unchecked

SIGNED = joined(422_704, per=Per.YEAR, stage=IntakeStage.CONTRACTED, period=Period.year(2025))


class TestRecord:
    def test_fields(self) -> None:
        """A rate is compared by its fields, hashed and pickled."""
        rate = joined(about(22_000, sd=1_070), period=JANUARY, source=STAFF)
        again = pickle.loads(pickle.dumps(rate))

        assert (again, hash(again)) == (rate, hash(rate))
        assert rate != joined(rate.rate, period=JANUARY)

    @pytest.mark.parametrize(
        ("rate", "text"),
        [
            (joined(), "22,000 per month, Russia, arrived"),
            (SIGNED, "422,704 per year, 2025, Russia, contracted"),
        ],
    )
    def test_text(self, rate: RecruitmentRate, text: str) -> None:
        """A rate prints as one line; the observed period stands where it is known."""
        assert str(rate) == text

    def test_stage_has_no_default(self) -> None:
        """Contracts are not arrivals, so the stage is stated."""
        with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'stage'"):
            unchecked(RecruitmentRate)(rate=22_000, per=Per.MONTH, side="Russia")


class TestOver:
    def test_by_the_unit_of_the_rate(self) -> None:
        """A monthly rate counts calendar months, a daily one days."""
        february = Period.month(2026, 2)

        assert joined(22_000, per=Per.MONTH).over(february).median() == 22_000
        assert joined(1_000, per=Per.DAY).over(february).median() == 28_000
        assert joined(1_000, per=Per.WEEK).over(february).median() == 4_000
        assert SIGNED.over(Period.months(2025, 4, count=3)).median() == 422_704 / 4

    def test_outside_what_was_observed(self) -> None:
        """A rate that says when it was observed warns for other days."""
        with pytest.warns(ExtrapolationWarning) as caught:
            people = joined(22_000, period=JANUARY).over(DECEMBER)

        assert people.median() == 22_000
        assert caught[0].filename == __file__
        assert str(caught[0].message) == (
            "a figure for January 2026 is used for December 2025, which it does not speak of. "
            "Project it with steady(...) if it is meant to go on, or ask inside January 2026."
        )

    def test_a_text_is_no_period(self) -> None:
        """The period asked for is a Period."""
        with pytest.raises(EstimateError) as caught:
            unchecked(joined().over)("2026-01")

        assert str(caught.value) == (
            "period is '2026-01': expected a Period. Type for example period=Period.month(2026, 1)."
        )


class TestArrivals:
    def test_the_share_arrives(self) -> None:
        """In every draw arrivals are contracts times the share."""
        signed = joined(about(35_000, sd=1_750), stage=IntakeStage.CONTRACTED, source=STAFF)
        part = share(0.85, 0.98, confidence=0.9)
        arrived = arrivals(signed, share=part)
        a, b, c = draws(signed.rate, part, arrived.rate, n=1_000, rng=20260101)

        assert np.array_equal(a * b, c)
        assert (arrived.stage, arrived.per) == (IntakeStage.ARRIVED, Per.MONTH)
        assert (arrived.side, arrived.source, arrived.period) == ("Russia", STAFF, None)

    def test_a_delay_moves_the_period(self) -> None:
        """Contracts of 2025 arrive from March 2025 on, two months later."""
        arrived = arrivals(SIGNED, share=0.9, delay=2)

        assert arrived.period == Period.months(2025, 3, count=12)
        assert arrived.rate.median() == pytest.approx(380_433.6)

    def test_no_delay_keeps_the_period(self) -> None:
        """Without a delay the period is the one observed."""
        assert arrivals(SIGNED, share=0.9).period == Period.year(2025)
        assert arrivals(SIGNED, share=0.9, delay=0).period == Period.year(2025)

    def test_without_a_period_a_delay_changes_nothing(self) -> None:
        """A rate that holds at any time holds later too."""
        signed = joined(35_000, stage=IntakeStage.CONTRACTED)

        assert arrivals(signed, share=0.5, delay=2) == arrivals(signed, share=0.5)

    def test_who_arrived_does_not_arrive_again(self) -> None:
        """Arrivals are not converted a second time."""
        with pytest.raises(EstimateError) as caught:
            arrivals(joined(), share=0.9)

        assert str(caught.value) == (
            "the rate of 22,000 per month, Russia, arrived has stage ARRIVED: expected "
            "CONTRACTED. Use it as it is, for its people have arrived already."
        )

    def test_a_share_is_inside_zero_and_one(self) -> None:
        """More than all of them do not arrive."""
        with pytest.raises(EstimateError) as caught:
            arrivals(SIGNED, share=1.1)

        assert str(caught.value) == (
            "share is 1.1: expected a share inside [0, 1]. "
            "Write 40 to 70 per cent as share(0.4, 0.7, confidence=0.9)."
        )

    @pytest.mark.parametrize("rate", [SIGNED, joined(1, stage=IntakeStage.CONTRACTED)])
    def test_a_delay_is_whole_months(self, rate: RecruitmentRate) -> None:
        """A delay is checked whether or not there is a period to move."""
        with pytest.raises(PeriodError) as caught:
            unchecked(arrivals)(rate, share=0.9, delay=1.5)

        assert str(caught.value) == (
            "delay is 1.5: expected a whole number from 0 on. Type for example delay=2."
        )

    def test_only_rates_arrive(self) -> None:
        """Losses do not arrive."""
        with pytest.raises(EstimateError) as caught:
            unchecked(arrivals)(lost(), share=0.9)

        assert str(caught.value) == (
            f"rate is {lost()!r}: expected a RecruitmentRate. "
            "Type for example rate=RecruitmentRate(rate=..., per=Per.MONTH, ...)."
        )


class TestRefusals:
    @pytest.mark.parametrize(
        ("what", "text"),
        [
            ("per", "a Per. Type one of Per.DAY, Per.WEEK, Per.MONTH, Per.YEAR."),
            (
                "stage",
                "an IntakeStage. Type one of IntakeStage.CONTRACTED, IntakeStage.ARRIVED.",
            ),
            ("period", "a Period. Type for example period=Period.month(2026, 1)."),
            ("source", "a Source. Type for example source=Source(name=..., published=...)."),
        ],
    )
    def test_texts_are_no_members(self, what: str, text: str) -> None:
        """Fields take their types, not their names."""
        with pytest.raises(EstimateError) as caught:
            unchecked(joined)(**{what: "month"})

        assert str(caught.value) == f"{what} is 'month': expected {text}"

    def test_rates_are_not_negative(self) -> None:
        """A net loss is no recruitment."""
        with pytest.raises(EstimateError, match=r"^rate is -9,000: people cannot be negative\. "):
            joined(-9_000)

    def test_nobody(self) -> None:
        """Somebody gains them."""
        with pytest.raises(EstimateError, match=r"^side is '': expected a text that is not empty"):
            joined(side="")
