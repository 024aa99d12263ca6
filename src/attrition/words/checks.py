"""What counts as a plain number in front of words and digits."""

import numpy as np

__all__ = ["plain_number"]


def plain_number(x: object) -> float | None:
    """
    The number as a float, or None where it is none.

    A bool is no number: True printed as 1 hides a mistake.

    Examples:
        >>> plain_number(44_000), plain_number(True), plain_number("44,000")
        (44000.0, None, None)
    """
    if isinstance(x, bool) or not isinstance(x, int | float | np.integer | np.floating):
        return None
    return float(x)
