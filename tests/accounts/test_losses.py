import pickle
from collections.abc import Callable
from datetime import date

import pytest
from scipy import stats

from attrition.accounts import Bound, Category, LossEstimate, Per, Period, Unit
from attrition.errors import (
    CategoryError,
    EstimateError,
    ExtrapolationWarning,
    NumberError,
    ParameterError,
)
from attrition.uncertain import about
from tests.accounts.records import DECEMBER, JANUARY, STAFF, lost, unchecked


class TestConstructors:
    def test_they_spell_the_bound_and_count_persons(self) -> None:
        """Central, floor and ceiling differ in their bound alone."""
        count = about(11_168, sd=1_461)
        fields = {"count": count, "category": Category.KILLED, "period": DECEMBER}
        made = {
            Bound.CENTRAL: unchecked(LossEstimate.central)(**fields, side="Russia"),
            Bound.FLOOR: unchecked(LossEstimate.floor)(**fields, side="Russia"),
            Bound.CEILING: unchecked(LossEstimate.ceiling)(**fields, side="Russia"),
        }

        for bound, estimate in made.items():
            assert estimate == lost(count, Category.KILLED, period=DECEMBER, bound=bound)

    @pytest.mark.parametrize(
        "make", [LossEstimate.central, LossEstimate.floor, LossEstimate.ceiling]
    )
    def test_unit_and_source_are_kept(self, make: Callable[..., LossEstimate]) -> None:
        """Cases are counted where told, and the source is handed on."""
        estimate = make(
            count=370_000,
            category=Category.WOUNDED,
            period=Period.year(2025),
            side="Russia",
            unit=Unit.CASES,
            source=STAFF,
        )

        assert (estimate.unit, estimate.source) == (Unit.CASES, STAFF)

    def test_nothing_that_decides_the_meaning_has_a_default(self) -> None:
        """Without unit and bound there is no estimate."""
        with pytest.raises(TypeError, match="missing 2 required keyword-only arguments"):
            unchecked(LossEstimate)(
                count=1, category=Category.KILLED, period=JANUARY, side="Russia"
            )

    def test_frozen_scipy_distributions_are_counts(self) -> None:
        """A distribution of scipy becomes a new unknown, each time it is given."""
        first, second = (lost(stats.gamma(4, scale=9_000)) for _ in range(2))

        assert first.count.mean() == pytest.approx(36_000)
        assert first != second


class TestRecord:
    def test_numbers_are_compared_by_identity(self) -> None:
        """Two estimates of one unknown are equal; one typed in twice is not."""
        count = about(31_680, sd=1_541)

        assert lost(count) == lost(count)
        assert hash(lost(count)) == hash(lost(count))
        assert lost(count) != lost(about(31_680, sd=1_541))
        assert lost(count) != lost(count, side="Ukraine")

    def test_pickle(self) -> None:
        """A pickled estimate is equal and still tied to its count."""
        estimate = lost(about(31_680, sd=1_541), source=STAFF)
        again = pickle.loads(pickle.dumps(estimate))

        assert again == estimate
        assert (again.count - estimate.count).std() == 0.0

    def test_there_is_no_addition(self) -> None:
        """Adding needs a choice of dependence, so there is no operator for it."""
        with pytest.raises(TypeError):
            lost() + lost()  # type: ignore[operator] # what is refused here

    @pytest.mark.parametrize(
        ("estimate", "text"),
        [
            (lost(), "31,680 KILLED_AND_WOUNDED, January 2026, Russia, central"),
            (
                lost(about(31_680, relative=0.08, confidence=0.9), Category.KIA, period=DECEMBER),
                "31,680 (29,146 to 34,214 at 90 %) KIA, December 2025, Russia, central",
            ),
            (
                lost(1_562, Category.KILLED | Category.MIA, bound=Bound.FLOOR),
                "1,562 KIA | DOW | MIA, January 2026, Russia, floor",
            ),
            (
                lost(370_000, Category.WOUNDED, unit=Unit.CASES),
                "370,000 WOUNDED (cases), January 2026, Russia, central",
            ),
        ],
    )
    def test_text(self, estimate: LossEstimate, text: str) -> None:
        """An estimate prints as one line that says all it counts."""
        assert str(estimate) == text


class TestRate:
    def test_a_month(self) -> None:
        """A month's losses are a rate per month, tied to the count."""
        estimate = lost(about(31_680, sd=1_541))

        assert (estimate.rate(Per.MONTH) - estimate.count).std() == 0.0
        assert estimate.rate(Per.DAY).median() == pytest.approx(31_680 / 31)
        assert estimate.rate(Per.DAY).std() == pytest.approx(1_541 / 31)

    def test_a_year(self) -> None:
        """418,000 a year are 34,833 a month and 1,145 a day."""
        estimate = lost(418_000, period=Period.year(2025))

        assert estimate.rate(Per.MONTH).median() == pytest.approx(34_833.33, abs=0.01)
        assert estimate.rate(Per.DAY).median() == pytest.approx(1_145.21, abs=0.01)

    @pytest.mark.parametrize(
        ("bound", "way_out"),
        [
            (Bound.FLOOR, "at_least(low, median=...)"),
            (Bound.CEILING, "at_most(high, median=...)"),
        ],
    )
    def test_a_bound_has_no_rate(self, bound: Bound, way_out: str) -> None:
        """A list of names has no rate, nor an estimate of nobody beyond it."""
        names = lost(1_562, Category.KILLED, bound=bound)
        with pytest.raises(EstimateError) as caught:
            names.rate(Per.DAY)
        with pytest.raises(EstimateError) as again:
            names.over(JANUARY)

        assert str(again.value) == str(caught.value)
        assert str(caught.value) == (
            f"a {bound.value} has no rate: 1,562 KILLED, January 2026, Russia, {bound.value} "
            "says nothing about how many there were beyond it. State what you believe, for "
            f"example LossEstimate.central(count={way_out}, ...)."
        )


class TestOver:
    def test_a_part_by_days(self) -> None:
        """Four weeks of December hold 28 of its 31 days."""
        part = lost(35_050, period=DECEMBER).over(Period.days(date(2025, 12, 1), 28))

        assert part.median() == pytest.approx(35_050 * 28 / 31)

    def test_a_year_by_months(self) -> None:
        """A month of a year is a twelfth of it, February too."""
        year = lost(418_000, period=Period.year(2025))

        assert year.over(Period.month(2025, 2)).median() == pytest.approx(418_000 / 12)

    def test_a_cut_period_by_days(self) -> None:
        """A figure for four weeks is spread by day."""
        weeks = lost(11_168, Category.KILLED, period=Period.days(date(2025, 12, 1), 28))

        assert weeks.over(Period.days(date(2025, 12, 8), 7)).median() == pytest.approx(2_792)

    def test_parts_are_tied_to_the_whole(self) -> None:
        """The parts of a period add up to the count in every draw."""
        estimate = lost(about(31_680, sd=1_541))
        first = estimate.over(Period.days(date(2026, 1, 1), 10))
        rest = estimate.over(Period.days(date(2026, 1, 11), 21))

        assert (first + rest - estimate.count).std() == pytest.approx(0, abs=1e-9)

    def test_the_observed_period_itself(self) -> None:
        """Over its own period an estimate is its count."""
        assert lost().over(JANUARY).median() == 31_680

    def test_outside_is_extrapolation(self) -> None:
        """January says nothing about the year; the answer comes with a warning."""
        with pytest.warns(ExtrapolationWarning) as caught:
            year = lost().over(Period.year(2026))

        assert year.median() == pytest.approx(12 * 31_680)
        assert caught[0].filename == __file__
        assert str(caught[0].message) == (
            "a figure for January 2026 is used for 2026, which it does not speak of. "
            "Project it with steady(...) if it is meant to go on, or ask inside January 2026."
        )

    def test_a_text_is_no_period(self) -> None:
        """The period asked for is a Period."""
        with pytest.raises(EstimateError) as caught:
            unchecked(lost().over)("2026-01")

        assert str(caught.value) == (
            "period is '2026-01': expected a Period. Type for example period=Period.month(2026, 1)."
        )


class TestRefusals:
    @pytest.mark.parametrize("side", ["", "  ", None])
    def test_nobody(self, side: object) -> None:
        """Somebody lost them."""
        with pytest.raises(EstimateError) as caught:
            unchecked(lost)(side=side)

        assert str(caught.value) == (
            f'side is {side!r}: expected a text that is not empty. Type for example side="Russia".'
        )

    @pytest.mark.parametrize(
        ("what", "text"),
        [
            ("unit", "a Unit. Type one of Unit.PERSONS, Unit.CASES."),
            ("bound", "a Bound. Type one of Bound.CENTRAL, Bound.FLOOR, Bound.CEILING."),
            ("period", "a Period. Type for example period=Period.month(2026, 1)."),
            ("source", "a Source. Type for example source=Source(name=..., published=...)."),
        ],
    )
    def test_texts_are_no_members(self, what: str, text: str) -> None:
        """Fields take their types, not their names."""
        with pytest.raises(EstimateError) as caught:
            unchecked(lost)(**{what: "persons"})

        assert str(caught.value) == f"{what} is 'persons': expected {text}"

    def test_a_period_is_not_optional(self) -> None:
        """Losses without a period are no statement."""
        with pytest.raises(EstimateError, match=r"^period is None: expected a Period\."):
            unchecked(lost)(period=None)

    def test_a_category_is_no_text(self) -> None:
        """What was counted is a Category."""
        with pytest.raises(CategoryError):
            unchecked(lost)(category="KILLED")

    def test_counts_are_not_negative(self) -> None:
        """A count below zero names the field."""
        with pytest.raises(EstimateError, match=r"^count is -1: people cannot be negative\. "):
            lost(-1)

    @pytest.mark.parametrize(
        ("count", "error"), [(True, NumberError), (float("nan"), ParameterError)]
    )
    def test_counts_are_numbers(self, count: float, error: type[Exception]) -> None:
        """A bool and nan count nobody."""
        with pytest.raises(error):
            lost(count)
