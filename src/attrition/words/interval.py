"""An estimate with its interval, in as many digits as its width bears."""

import math

__all__ = ["interval_text"]

_DIGITS = 3
"""Significant digits of the width that are shown: a third one still tells bounds apart."""

_ROUNDING = 1e-12
"""A width below this share of the middle is what rounding left of none."""


def interval_text(middle: float, low: float, high: float, *, confidence: float) -> str:
    """
    The middle with its central interval; the middle alone where there is no spread.

    Args:
        middle: The median.

        low: Lower end.

        high: Upper end.

        confidence: Mass between the ends.

    Examples:
        >>> interval_text(9000.0, 3069.4, 14930.6, confidence=0.9)
        '9,000 (3,069 to 14,931 at 90 %)'
        >>> interval_text(0.555, 0.4, 0.7, confidence=0.9)
        '0.555 (0.400 to 0.700 at 90 %)'
        >>> interval_text(35000.0, 35000.0, 35000.0, confidence=0.9)
        '35,000'
    """
    if low == high or high - low <= _ROUNDING * abs(middle):
        return f"{middle:,.10g}"
    decimals = _decimals(high - low) if math.isfinite(high - low) else 0
    shown = [f"{x + 0.0:,.{decimals}f}" for x in (middle, low, high)]
    return f"{shown[0]} ({shown[1]} to {shown[2]} at {100.0 * confidence:g} %)"


def _decimals(width: float) -> int:
    return max(0, _DIGITS - 1 - math.floor(math.log10(width)))
