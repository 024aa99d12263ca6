from datetime import date

import pytest

from attrition.accounts import Bound, Category, LossEstimate, Period, Unit
from attrition.errors import AttritionError, CategoryError, EstimateError, PeriodError
from attrition.evidence import total
from attrition.evidence.addable import as_addable, joined_category
from tests.accounts.records import DECEMBER, STAFF, lost, unchecked

LATER = lost(31_680)
EARLIER = lost(35_050, period=DECEMBER)
NAMES = "KILLED_AND_WOUNDED, December 2025, Russia and KILLED_AND_WOUNDED, January 2026, Russia"


class TestAddable:
    def test_any_iterable(self) -> None:
        """Estimates come from any iterable, in their order."""
        assert as_addable(one for one in (LATER, EARLIER)) == [LATER, EARLIER]

    def test_periods_that_touch(self) -> None:
        """Months that follow each other share no day, in whatever order."""
        assert joined_category([LATER, EARLIER]) is Category.KILLED_AND_WOUNDED

    def test_three_categories(self) -> None:
        """Categories of one period make up their union."""
        parts = [lost(1, Category[name]) for name in ("POW", "KIA", "WIA_LOST")]

        assert joined_category(parts) == Category.KIA | Category.WIA_LOST | Category.POW


class TestRefusals:
    @pytest.mark.parametrize(
        ("pair", "error", "text"),
        [
            (
                [lost(5, side="Ukraine"), LATER],
                EstimateError,
                (
                    "cannot add KILLED_AND_WOUNDED, January 2026, Ukraine and "
                    "KILLED_AND_WOUNDED, January 2026, Russia: they are losses of different "
                    "sides. Make a total for each side."
                ),
            ),
            (
                [EARLIER, lost(5, unit=Unit.CASES)],
                CategoryError,
                (
                    f"cannot add {NAMES}: one counts PERSONS, the other CASES, and one person may "
                    "be several cases. Add estimates of one unit."
                ),
            ),
            (
                [lost(5, period=DECEMBER, bound=Bound.FLOOR), LATER],
                EstimateError,
                (
                    f"cannot add {NAMES}: one is a floor, the other central, and their sum would "
                    "be neither. State what you believe as LossEstimate.central(...), or leave "
                    "one of them out."
                ),
            ),
            (
                [EARLIER, lost(5, bound=Bound.CEILING)],
                EstimateError,
                (
                    f"cannot add {NAMES}: one is central, the other a ceiling, and their sum "
                    "would be neither. State what you believe as LossEstimate.central(...), or "
                    "leave one of them out."
                ),
            ),
            (
                [lost(5, period=Period.days(date(2025, 12, 29), 7)), LATER],
                PeriodError,
                (
                    "cannot add KILLED_AND_WOUNDED, 2025-12-29 to 2026-01-04, Russia and "
                    "KILLED_AND_WOUNDED, January 2026, Russia: both count 2026-01-01 to "
                    "2026-01-04, so that its people would count twice. Leave one of them out; "
                    "two figures for the same days are compared or pooled, not added."
                ),
            ),
            (
                [lost(5, Category.KILLED), lost(7, Category.US_WIA, source=STAFF)],
                CategoryError,
                (
                    "cannot add KILLED, January 2026, Russia and US_WIA, January 2026, Russia "
                    "(General Staff, 2026-02-01): both count DOW, so that these people would "
                    "count twice. Convert to categories that share nobody, or leave one of them "
                    "out."
                ),
            ),
            (
                [lost(5, Category.KILLED, period=DECEMBER), lost(7, Category.WOUNDED)],
                CategoryError,
                (
                    "cannot add KILLED, December 2025, Russia; WOUNDED, January 2026, Russia: "
                    "categories and periods both differ, so that nothing says which people the "
                    "sum would count. Add the categories of one period first, and then the "
                    "totals: total([total(...).estimate, total(...).estimate], dependence=...)."
                ),
            ),
            (
                [],
                EstimateError,
                (
                    "estimates is empty: expected at least one LossEstimate. "
                    "Type for example total([december, january], dependence=0.5)."
                ),
            ),
            (
                [LATER, 35_050],
                EstimateError,
                (
                    "estimates holds 35050: expected LossEstimates only. "
                    "Type for example total([december, january], dependence=0.5)."
                ),
            ),
        ],
    )
    def test_what_does_not_add_up(
        self, pair: list[LossEstimate], error: type[AttritionError], text: str
    ) -> None:
        """Estimates that make no sum are named, with the reason and a way out."""
        with pytest.raises(error) as caught:
            total(pair, dependence=0)

        assert str(caught.value) == text

    def test_not_several(self) -> None:
        """One estimate is no list of them."""
        with pytest.raises(
            EstimateError, match=r"^estimates is LossEstimate\(.*: expected several"
        ):
            unchecked(total)(LATER, dependence=0)
