from attrition.accounts import Category, LossEstimate, Period
from attrition.evidence.naming import all_named, named
from tests.accounts.records import DECEMBER, STAFF, lost


class TestNamed:
    def test_what_when_who(self) -> None:
        """An estimate is named by category, period and side, and by its source if it has one."""
        assert named(lost(5, Category.KILLED, side="Ukraine")) == "KILLED, January 2026, Ukraine"
        assert named(lost(5, period=DECEMBER, source=STAFF)) == (
            "KILLED_AND_WOUNDED, December 2025, Russia (General Staff, 2026-02-01)"
        )


class TestAllNamed:
    def months(self, n: int) -> list[LossEstimate]:
        return [lost(5, period=Period.month(2025, month)) for month in range(1, n + 1)]

    def test_three_are_listed(self) -> None:
        """Up to three estimates are named one by one."""
        assert all_named(self.months(3)) == (
            "KILLED_AND_WOUNDED, January 2025, Russia; KILLED_AND_WOUNDED, February 2025, Russia; "
            "KILLED_AND_WOUNDED, March 2025, Russia"
        )

    def test_more_are_counted(self) -> None:
        """More are named by the first, the last and how many there are."""
        assert all_named(self.months(4)) == (
            "4 estimates, from KILLED_AND_WOUNDED, January 2025, Russia to KILLED_AND_WOUNDED, "
            "April 2025, Russia"
        )
