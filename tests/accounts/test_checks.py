import enum
from datetime import date

import pytest

from attrition.accounts.checks import as_side, as_text, as_whole, checked, checked_date, member
from attrition.errors import EstimateError, PeriodError, WordError


class Axis(enum.Enum):
    X = 1
    Y = 2


class TestAsText:
    def test_blanks_around_a_text_say_nothing(self) -> None:
        """Two spellings of a side that differ in blanks are one side."""
        assert as_side(" Russia\n") == as_side("Russia")

    @pytest.mark.parametrize("value", ["", " \t", None, 3])
    def test_no_text(self, value: object) -> None:
        """Blanks, None and numbers name nobody."""
        with pytest.raises(EstimateError) as caught:
            as_text(value, "side", example="Russia")

        assert str(caught.value) == (
            f'side is {value!r}: expected a text that is not empty. Type for example side="Russia".'
        )


class TestAsWhole:
    def test_least_is_allowed(self) -> None:
        """The least number itself is not below the least."""
        assert as_whole(0, "months", least=0, example=2) == 0

    @pytest.mark.parametrize("value", [0, -3, 2.0, "3", None, True])
    def test_not_whole(self, value: object) -> None:
        """Floats, texts and bools are no counts, nor is what lies below the least."""
        with pytest.raises(PeriodError) as caught:
            as_whole(value, "count", least=1, example=3)

        assert str(caught.value) == (
            f"count is {value!r}: expected a whole number from 1 on. Type for example count=3."
        )


class TestMember:
    def test_not_a_member(self) -> None:
        """A value of a member is not the member, and the members are listed."""
        with pytest.raises(WordError) as caught:
            member(1, Axis, "axis", error=WordError)

        assert str(caught.value) == "axis is 1: expected an Axis. Type one of Axis.X, Axis.Y."


class TestChecked:
    def test_of_the_kind(self) -> None:
        """What is of the kind passes unchanged."""
        day = date(2026, 1, 1)

        assert checked(day, date, "day", example="...") is day
        assert checked_date(day, "day") is day

    def test_of_another_kind(self) -> None:
        """What is of another kind is named with its value."""
        with pytest.raises(EstimateError) as caught:
            checked("January", date, "day", example="date(2026, 1, 1)")

        assert str(caught.value) == (
            "day is 'January': expected a date. Type for example day=date(2026, 1, 1)."
        )
