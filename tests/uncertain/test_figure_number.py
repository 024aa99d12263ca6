from typing import Literal

import pytest

from attrition import FigureError
from attrition.uncertain.figure_number import Amount, read_amount, starts_number
from attrition.uncertain.figure_tokens import cut


def amount(text: str, *, decimal: Literal[".", ","] | None = None) -> Amount:
    """The number at the beginning of a text."""
    return read_amount(cut(text), 0, decimal)


class TestStartsNumber:
    @pytest.mark.parametrize(
        ("text", "starts"),
        [
            ("3", True),
            ("-3", True),
            ("+3", True),
            ("\N{MINUS SIGN}3", True),
            ("- 3", False),
            ("\N{EN DASH}3", False),
            ("-a", False),
            ("-", False),
            ("--3", False),
            ("a 3", False),
            ("", False),
        ],
    )
    def test_signs(self, text: str, starts: bool) -> None:  # noqa: FBT001 - a table of answers
        """A number begins with a digit, or with a sign that nothing parts from it."""
        assert starts_number(cut(text), 0) is starts


class TestReadAmount:
    def test_parts(self) -> None:
        """A number keeps how it was written: digits, places, scale, groups and where it stood."""
        found = amount("1,230.50 million men")

        assert found == Amount(
            digits="1230.50",
            finest=-2,
            coarsest=-2,
            scale=6,
            grouped=True,
            doubtful=False,
            start=0,
            at=2,
        )
        assert (found.mantissa, found.value, found.places) == (1_230.5, 1_230_500_000.0, (1e4, 1e4))

    def test_sign(self) -> None:
        """A sign belongs to the number, and there is no zero below zero."""
        negative = amount("-1,200 men")

        assert (negative.mantissa, negative.value, negative.at) == (-1_200.0, -1_200.0, 2)
        assert str(amount("-0").value) == "0.0"

    @pytest.mark.parametrize(
        ("text", "doubtful"),
        [
            ("1.234", True),
            ("12.345", True),
            ("123.456", True),
            ("1234.567", False),
            ("1,234.567", False),
            ("0.123", False),
            ("1.23", False),
            ("1.2345", False),
            ("1,234", False),
        ],
    )
    def test_doubtful(self, text: str, doubtful: bool) -> None:  # noqa: FBT001 - a table of answers
        """One to three digits, a point and three digits may be a group, unless the mark is said."""
        assert amount(text).doubtful is doubtful
        assert not amount(text, decimal=".").doubtful

    @pytest.mark.parametrize(
        ("text", "shown"),
        [("44,000", "44,000"), ("1.25", "1.25"), ("1.25k", "1,250"), ("1.2345k", "1,234.5")],
    )
    def test_text(self, text: str, shown: str) -> None:
        """A number prints in full, with the decimals that it has."""
        assert str(amount(text)) == shown

    @pytest.mark.parametrize(
        ("text", "digits"),
        [("999,999,999,999,999", 999_999_999_999_999.0), ("0.12345678901234", 0.12345678901234)],
    )
    def test_most_digits(self, text: str, digits: float) -> None:
        """Fifteen digits are read, behind the decimal mark too."""
        assert amount(text).value == digits

    @pytest.mark.parametrize("text", ["1,999,999,999,999,999", "0.123456789012345"])
    def test_too_many_digits(self, text: str) -> None:
        """Sixteen digits are not: a float would change the last one."""
        with pytest.raises(FigureError, match="a number of 16 digits, expected at most 15"):
            amount(text)
