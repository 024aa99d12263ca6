from datetime import date

import numpy as np
import pytest

from attrition.accounts import Per, Period
from attrition.errors import PeriodError
from attrition.projection import Change, Hospital, Projection, Surge
from attrition.uncertain import about, draws
from tests.projection.futures import CLAIMED, MIX, MONTHLY, back, future, intake, losses

FOUR_MONTHS = Period(start=date(2026, 4, 1), end=date(2026, 8, 1))
LEVEL = about(44_000, relative=0.2, confidence=0.9, positive=True)


def busy(method: str = "auto", draws: int = 8) -> Projection:
    """A year in which everything moves people, and all of it varies."""
    return future(
        about(712_000, sd=20_000),
        losses(LEVEL, CLAIMED, variation=MONTHLY),
        intake(about(35_000, sd=2_000), variation=MONTHLY),
        other=[losses(about(900, sd=100)), intake(about(1_500, sd=200))],
        returns=back(MIX, hospital=Hospital.steady()),
        method="auto" if method == "auto" else "paths",
        draws=draws,
    )


class TestBetween:
    def test_by_hand(self) -> None:
        """Known flows are counted month by month, by all flows of a kind."""
        year = future(
            712_000,
            losses(40_000, changes=[Surge(people=6_000, during=Period.months(2026, 7, count=2))]),
            intake(35_000, changes=[Change(factor=1.2, during=Period.month(2026, 4))]),
            other=[losses(700), intake(500)],
            method="auto",
        )
        june_to_july = Period.months(2026, 6, count=2)

        assert year.losses_between(june_to_july).median() == pytest.approx(
            2 * 40_700 + 6_000 * 31 / 62, rel=1e-12
        )
        assert year.arrivals_between(FOUR_MONTHS).median() == pytest.approx(
            3 * 35_500 + 42_500, rel=1e-12
        )
        assert year.returns_between(FOUR_MONTHS).value == 0.0

    def test_steady_levels_are_exact(self) -> None:
        """Losses without variation are so many months of their level."""
        year = future(about(712_000, sd=20_000), losses(about(44_000, sd=2_500)), method="auto")
        lost = year.losses_between(FOUR_MONTHS)

        assert lost.summary().method == "exact"
        assert lost.mean() == pytest.approx(176_000, rel=1e-12)
        assert lost.std() == pytest.approx(10_000, rel=1e-9)
        assert lost.ppf(0.95) == pytest.approx(176_000 + 1.6448536269514722 * 10_000, rel=1e-9)

    @pytest.mark.parametrize("method", ["auto", "paths"])
    def test_people_are_conserved(self, method: str) -> None:
        """In every draw strength changes by arrivals and returns less losses."""
        year = busy(method)
        before, after, lost, arrived, returned = draws(
            year.strength(FOUR_MONTHS.start),
            year.strength(FOUR_MONTHS.end),
            year.losses_between(FOUR_MONTHS),
            year.arrivals_between(FOUR_MONTHS),
            year.returns_between(FOUR_MONTHS),
            n=2_000,
            rng=20260101,
        )

        np.testing.assert_allclose(after - before, arrived + returned - lost, atol=1e-6)
        assert lost.std() > 10_000.0

    def test_people_are_conserved_where_losses_are_cut(self) -> None:
        """Nobody is lost who is not there, so losses are no more than who was or came."""
        year = future(about(90_000, sd=10_000), losses(about(60_000, sd=5_000)), method="auto")
        whole = Period(start=year.dates[0], end=year.dates[-1])
        before, lost, arrived = draws(
            year.strength(whole.start),
            year.losses_between(whole),
            year.arrivals_between(whole),
            n=2_000,
            rng=20260102,
        )

        assert (lost <= before + arrived + 1e-6).all()
        assert year.losses_between(whole).summary().method == "draws"

    def test_parts_add_up(self) -> None:
        """What is lost in two periods is lost in both together."""
        year = busy()
        first = Period(start=FOUR_MONTHS.start, end=date(2026, 6, 1))
        second = Period(start=first.end, end=FOUR_MONTHS.end)
        parts = year.losses_between(first) + year.losses_between(second)

        assert (parts - year.losses_between(FOUR_MONTHS)).std() == pytest.approx(0.0, abs=1e-6)

    @pytest.mark.parametrize("kind", ["losses_between", "arrivals_between", "returns_between"])
    def test_against_paths(self, kind: str) -> None:
        """By quadrature and by simulated paths the law is the same."""
        ways = (busy(), busy("paths", draws=65_536))
        found, simulated = (getattr(year, kind)(FOUR_MONTHS) for year in ways)

        assert found.summary().method == "quadrature"
        assert simulated.summary().method == "draws"
        for q in (0.05, 0.5, 0.95):
            # Of 65,536 draws a tail quantile is known to 0.008 of the standard deviation.
            assert found.ppf(q) == pytest.approx(simulated.ppf(q), abs=0.03 * found.std())

    def test_tied_to_the_inputs(self) -> None:
        """Losses of a steady level are a multiple of the level itself."""
        level = about(44_000, sd=2_500)
        year = future(712_000, losses(level), method="auto", step=Per.MONTH)

        assert (year.losses_between(FOUR_MONTHS) - 4 * level).std() == pytest.approx(0.0, abs=1e-6)

    @pytest.mark.parametrize("kind", ["losses_between", "arrivals_between", "returns_between"])
    def test_other_dates(self, kind: str) -> None:
        """A period that begins between two dates is refused."""
        with pytest.raises(PeriodError) as caught:
            getattr(busy(), kind)(Period(start=date(2026, 4, 2), end=date(2026, 8, 1)))

        assert str(caught.value) == str(_refused(date(2026, 4, 2)))


def _refused(day: date) -> PeriodError:
    with pytest.raises(PeriodError) as caught:
        busy().strength(day)
    return caught.value
