import pytest

from attrition.accounts import Period
from attrition.accounts.extrapolation import warn_outside
from attrition.errors import ExtrapolationWarning
from tests.accounts.records import DECEMBER, JANUARY


class TestWarnOutside:
    def test_inside_says_nothing(self) -> None:
        """A part of what was observed is no extrapolation; warnings are errors here."""
        warn_outside(JANUARY, Period.year(2026))

    @pytest.mark.parametrize("wanted", [DECEMBER, Period.months(2025, 12, count=2)])
    def test_outside_and_across(self, wanted: Period) -> None:
        """One day outside is enough."""
        with pytest.warns(ExtrapolationWarning, match="^a figure for January 2026 is used for"):
            warn_outside(wanted, JANUARY)
