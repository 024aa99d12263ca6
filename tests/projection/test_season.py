import math
import pickle
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from attrition.accounts import Per, Period
from attrition.errors import NumberError, ParameterError, ProjectionError
from attrition.projection import Season
from tests.accounts.records import unchecked
from tests.projection.futures import SUMMER

RAW = (0.7, 0.75, 0.9, 1, 1.05, 1.3, 1.25, 1.2, 1.1, 1, 0.95, 0.9)
EXAMPLE = "Season((0.9, 0.9, 1, 1, 1, 1.1, 1.1, 1.1, 1, 1, 1, 0.9))"


class TestSeason:
    def test_factors(self) -> None:
        """Twelve numbers of any kind are kept in order, January first."""
        season = Season([0, 2, *[1] * 10])

        assert season.factors == (0.0, 2.0, *[1.0] * 10)
        assert [season.of(month) for month in (1, 2, 12)] == [0.0, 2.0, 1.0]

    def test_there_and_back_through_pickle(self) -> None:
        """A season comes back equal."""
        assert pickle.loads(pickle.dumps(SUMMER)) == SUMMER

    @pytest.mark.parametrize("count", [0, 11, 13])
    def test_not_twelve(self, count: int) -> None:
        """A year has twelve months."""
        with pytest.raises(ProjectionError) as caught:
            Season([1.0] * count)

        assert str(caught.value) == (
            f"{count} factors were given: expected twelve, one for each calendar month with "
            f"January first. Type {EXAMPLE}."
        )

    @pytest.mark.parametrize("values", [1.1, "1.1"])
    def test_no_list(self, values: object) -> None:
        """One number is no season, and a text is none either."""
        with pytest.raises(ProjectionError) as caught:
            unchecked(Season)(values)

        assert str(caught.value) == (
            f"factors is {values!r}: expected twelve numbers, January first. Type {EXAMPLE}."
        )

    def test_negative(self) -> None:
        """A month cannot bring people back."""
        with pytest.raises(ProjectionError) as caught:
            Season((-0.5, 2.5, *[1] * 10))

        assert str(caught.value) == (
            "a factor is -0.5: expected 0 or more. Type 0 for a month in which nobody is moved."
        )

    def test_another_mean(self) -> None:
        """Factors of another mean are refused with those that have the mean one."""
        with pytest.raises(ProjectionError) as caught:
            Season(RAW)

        assert str(caught.value) == (
            "the factors have the mean 1.00833: expected 1, so that the level stays the mean. "
            "Divide them by their mean: type Season((0.694215, 0.743802, 0.892562, 0.991736, "
            "1.041322, 1.289256, 1.239669, 1.190083, 1.090909, 0.991736, 0.942149, 0.892562))."
        )

    def test_a_mean_a_little_off(self) -> None:
        """Only the rounding of six digits is forgiven."""
        assert Season((1 + 9e-6, *[1] * 11)).of(1) == 1 + 9e-6
        with pytest.raises(ProjectionError, match="have the mean 1: expected 1"):
            Season((1 + 2e-5, *[1] * 11))

    @given(st.lists(st.floats(0.01, 1_000), min_size=12, max_size=12))
    def test_what_the_message_says(self, raw: list[float]) -> None:
        """What a message says to type is accepted, and near what was meant."""
        mean = math.fsum(raw) / 12
        assume(abs(mean - 1) > 1e-5)
        with pytest.raises(ProjectionError) as caught:
            Season(raw)
        typed = str(caught.value).partition("Season((")[2].removesuffix(")).").split(", ")
        season = Season([float(number) for number in typed])

        assert season.factors == pytest.approx([one / mean for one in raw], abs=1e-6)

    def test_nobody_at_all(self) -> None:
        """Twelve zeros have no mean to divide by."""
        with pytest.raises(ProjectionError) as caught:
            Season([0] * 12)

        assert str(caught.value) == (
            "all factors are 0: expected a mean of 1. Type level=0 for a process that moves nobody."
        )

    def test_no_number(self) -> None:
        """A bool is no factor and nan is none either."""
        with pytest.raises(NumberError, match=r"^factors is True, a bool: "):
            Season([True] * 12)
        with pytest.raises(ParameterError, match=r"^factors is nan: "):
            Season([math.nan] * 12)


class TestOver:
    @pytest.mark.parametrize("per", [Per.DAY, Per.WEEK])
    def test_by_days(self, per: Per) -> None:
        """In days and weeks the mean is that of the factors of all days."""
        period = Period.spanning(date(2025, 11, 12), date(2026, 3, 3))
        days = [period.start + timedelta(days=n) for n in range(112)]
        factors = [SUMMER.factors[day.month - 1] for day in days]

        assert days[-1] == period.last_day
        assert SUMMER.over(period, per) == pytest.approx(math.fsum(factors) / 112, rel=1e-12)

    @pytest.mark.parametrize("per", [Per.MONTH, Per.YEAR])
    def test_by_months(self, per: Per) -> None:
        """In months every month counts alike, and a cut one by its part."""
        period = Period.spanning(date(2026, 1, 17), date(2026, 4, 15))
        expected = (15 / 31 * 0.7 + 0.75 + 0.9 + 0.5 * 1) / (15 / 31 + 2.5)

        assert SUMMER.over(period, per) == pytest.approx(expected, rel=1e-12)

    def test_year(self) -> None:
        """Twelve months from any day on have the mean one."""
        period = Period(start=date(2026, 5, 1), end=date(2027, 5, 1))

        assert SUMMER.over(period, Per.MONTH) == pytest.approx(1.0, abs=1e-12)
