import pickle
from datetime import date

import pytest

from attrition.errors import NumberError, PeriodError, ProjectionError
from attrition.projection import Trend
from attrition.uncertain import about
from tests.accounts.records import unchecked


class TestTrend:
    def test_growth_stays_the_same_unknown(self) -> None:
        """An uncertain growth is kept, a number becomes exactly known."""
        growth = about(-0.03, sd=0.05)

        assert Trend(per_year=growth, form="linear").per_year == growth
        assert Trend(per_year=-0.03, form="linear").per_year.value == -0.03

    def test_origin(self) -> None:
        """Without an origin the projection's start is one; a date is kept."""
        origin = date(2025, 7, 1)

        assert Trend(per_year=0.1, form="exponential").origin is None
        assert Trend(per_year=0.1, form="exponential", origin=origin).origin == origin

    def test_there_and_back_through_pickle(self) -> None:
        """A trend comes back equal, the same unknown included."""
        trend = Trend(per_year=about(-0.03, sd=0.05), form="linear", origin=date(2026, 1, 1))

        assert pickle.loads(pickle.dumps(trend)) == trend

    def test_unknown_form(self) -> None:
        """A form that is not known is refused."""
        with pytest.raises(ProjectionError) as caught:
            unchecked(Trend)(per_year=0.1, form="quadratic")

        assert str(caught.value) == (
            'form is \'quadratic\': expected "exponential" or "linear". '
            'Type form="exponential" for growth by a share of the current level.'
        )

    def test_no_number(self) -> None:
        """A bool is no growth."""
        with pytest.raises(NumberError):
            unchecked(Trend)(per_year=True, form="linear")

    def test_no_date(self) -> None:
        """An origin is a date."""
        with pytest.raises(PeriodError) as caught:
            unchecked(Trend)(per_year=0.1, form="linear", origin="2026")

        assert str(caught.value) == (
            "origin is '2026': expected a datetime.date. "
            "Type for example origin=datetime.date(2026, 1, 1)."
        )
