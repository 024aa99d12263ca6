"""The warning that a figure for one period is used for another."""

import warnings

from attrition.accounts.period import Period
from attrition.errors import ExtrapolationWarning

__all__ = ["warn_outside"]


def warn_outside(wanted: Period, observed: Period) -> None:
    """
    Warn the caller's caller where a figure is used for days that it does not speak of.

    Examples:
        >>> warn_outside(Period.month(2025, 3), Period.year(2025))
    """
    if not observed.covers(wanted):
        warnings.warn(
            f"a figure for {observed} is used for {wanted}, which it does not speak of. "
            f"Project it with steady(...) if it is meant to go on, or ask inside {observed}.",
            ExtrapolationWarning,
            stacklevel=3,
        )
