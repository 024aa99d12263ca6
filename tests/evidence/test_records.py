from datetime import date

import pytest

from attrition.accounts import Bound, Category, LossEstimate, Source
from attrition.errors import EstimateError
from attrition.evidence.records import (
    bound_of,
    checked_records,
    figure_of,
    named_record,
    source_of_all,
    with_figure,
)
from attrition.uncertain import about, exactly
from tests.accounts.records import STAFF, joined, lost, unchecked

MINISTRY = Source(name="UK MoD", published=date(2026, 2, 4))
EXAMPLE = 'Type for example pool([first, second], method="fixed", scale="log").'


class TestCheckedRecords:
    def test_any_iterable(self) -> None:
        """Records of one kind come back in their order, from whatever holds them."""
        first, second = lost(1), lost(2)

        assert checked_records(iter([first, second])) == (first, second)
        rates = (joined(1), joined(2))
        assert checked_records(list(rates)) == rates

    @pytest.mark.parametrize("value", [3, lost(31_680), joined(22_000)])
    def test_no_list(self, value: object) -> None:
        """One record is no list of them."""
        with pytest.raises(EstimateError) as caught:
            unchecked(checked_records)(value)

        assert str(caught.value) == (
            f"estimates holds {value!r}: expected a list of LossEstimates or of "
            f"RecruitmentRates. {EXAMPLE}"
        )

    def test_something_else(self) -> None:
        """A number is no record: it does not say what it counts."""
        with pytest.raises(EstimateError) as caught:
            unchecked(checked_records)([lost(1), 35_000])

        assert str(caught.value) == (
            f"estimates holds 35000: expected a list of LossEstimates or of RecruitmentRates. "
            f"{EXAMPLE}"
        )

    def test_none(self) -> None:
        """Of no estimates there is no pool."""
        with pytest.raises(EstimateError) as caught:
            unchecked(checked_records)([])

        assert str(caught.value) == (
            f"estimates is empty: expected LossEstimates or RecruitmentRates. {EXAMPLE}"
        )

    def test_two_kinds(self) -> None:
        """Losses and recruits are not one number."""
        with pytest.raises(EstimateError) as caught:
            unchecked(checked_records)([lost(1), joined(2)])

        assert str(caught.value) == (
            "estimates holds LossEstimates and RecruitmentRates: one counts who leaves, the other "
            "who comes. Pool either kind on its own, for example pool([first, second], "
            'method="fixed", scale="log").'
        )


class TestFigure:
    def test_of_losses_and_rates(self) -> None:
        """The figure of losses is their count, that of recruits their rate."""
        losses, rate = lost(about(31_680, sd=900)), joined(about(22_000, sd=700))

        assert figure_of(losses) == losses.count
        assert figure_of(rate) == rate.rate
        assert bound_of(rate) is bound_of(losses) is Bound.CENTRAL
        assert bound_of(lost(1, bound=Bound.CEILING)) is Bound.CEILING

    def test_another_figure(self) -> None:
        """All but figure, source and bound stay."""
        floor = lost(1_562, Category.KILLED, bound=Bound.FLOOR)
        found = with_figure(floor, exactly(2_000), STAFF)

        assert found == LossEstimate.central(
            count=2_000,
            category=Category.KILLED,
            period=floor.period,
            side=floor.side,
            source=STAFF,
        )
        assert with_figure(joined(1, source=STAFF), exactly(2), None) == joined(2)


class TestNames:
    def test_place_figure_and_source(self) -> None:
        """A message says which of the estimates it means."""
        number = about(31_680, relative=0.08, confidence=0.9)

        assert named_record(0, lost(number)) == "estimates[0] (31,680 (29,146 to 34,214 at 90 %))"
        assert named_record(3, lost(9, source=STAFF)) == (
            "estimates[3] (9, General Staff, 2026-02-01)"
        )


class TestPooledSource:
    def test_it_is_derived_from_all(self) -> None:
        """A pool goes back to every speaker in it, and was said on the last of the days."""
        records = [lost(1, source=STAFF), lost(2), lost(3, source=MINISTRY), lost(4, source=STAFF)]
        source = source_of_all(records, "pool")

        assert source == Source(
            name="pool of General Staff and UK MoD",
            published=date(2026, 2, 4),
            derived_from=(STAFF, MINISTRY),
        )
        assert source.shares_origin_with(STAFF)

    def test_one_cause(self) -> None:
        """A pool of figures that all lean one way leans that way."""
        other = Source(name="R. Brovdi", published=date(2026, 2, 6), aligned_with="Ukraine")
        source = source_of_all([lost(1, source=STAFF), lost(2, source=other)], "pool")

        assert source is not None
        assert source.aligned_with == "Ukraine"

    def test_none_is_stated(self) -> None:
        """Where nobody is named, nobody is."""
        assert source_of_all([lost(1), lost(2)], "pool") is None
