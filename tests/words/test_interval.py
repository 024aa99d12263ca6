import math

import pytest

from attrition.words import interval_text


class TestIntervalText:
    @pytest.mark.parametrize(
        ("middle", "low", "high", "text"),
        [
            (9_000.0, 3_069.4, 14_930.6, "9,000 (3,069 to 14,931 at 90 %)"),
            (31_680.0, 31_629.52, 31_730.48, "31,680 (31,630 to 31,730 at 90 %)"),
            (31_680.0, 31_635.12, 31_724.88, "31,680.0 (31,635.1 to 31,724.9 at 90 %)"),
            (0.555, 0.4, 0.7, "0.555 (0.400 to 0.700 at 90 %)"),
            (-2_153.4, -6_541.2, 2_258.3, "-2,153 (-6,541 to 2,258 at 90 %)"),
        ],
    )
    def test_width_decides_the_digits(
        self, middle: float, low: float, high: float, text: str
    ) -> None:
        """Three digits of the width are shown, and whole numbers keep all of theirs."""
        assert interval_text(middle, low, high, confidence=0.9) == text

    def test_confidence_keeps_its_digits(self) -> None:
        """A confidence of 99.5 per cent is printed as that."""
        assert interval_text(5.0, 4.0, 8.0, confidence=0.995) == "5.00 (4.00 to 8.00 at 99.5 %)"

    @pytest.mark.parametrize(("value", "text"), [(35_000.0, "35,000"), (0.0625, "0.0625")])
    def test_no_spread(self, value: float, text: str) -> None:
        """What is exactly known is printed alone."""
        assert interval_text(value, value, value, confidence=0.9) == text

    def test_rounding_is_no_spread(self) -> None:
        """A width that is left of rounding alone is not printed as an interval."""
        assert interval_text(0.9, 0.9 - 1e-16, 0.9 + 1e-16, confidence=0.9) == "0.9"

    def test_open_end(self) -> None:
        """An end at infinity is said as it is."""
        assert interval_text(7.4, 2.0, math.inf, confidence=0.9) == "7 (2 to inf at 90 %)"

    def test_zero_has_no_sign(self) -> None:
        """A negative zero is printed as zero."""
        assert interval_text(1.0, -0.0, 3.0, confidence=0.9) == "1.00 (0.00 to 3.00 at 90 %)"
