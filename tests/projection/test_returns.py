import pickle
from datetime import date
from typing import Literal

import attrs
import numpy as np
import pytest

from attrition._typing import FloatArray
from attrition.accounts import Bound, Category, Per, Period
from attrition.errors import EstimateError, MixError, ProjectionError
from attrition.evidence import CasualtyMix
from attrition.projection import Change, Delay, Hospital, LaterMix, Returns, Trend
from attrition.projection.calendar import Grid
from attrition.uncertain import about, draws
from tests.accounts.records import DECEMBER, JANUARY, lost, unchecked
from tests.projection.futures import (
    CLAIMED,
    HALF,
    MIX,
    MONTHLY,
    back,
    claimed,
    future,
    intake,
    losses,
    only,
)

NEW_YEAR = date(2026, 1, 1)
PAST = [
    claimed(40_000, Period.month(year, month)) for year in (2024, 2025) for month in range(1, 13)
]


class TestHospital:
    def test_three_kinds(self) -> None:
        """Empty, steady and filled by known losses are three things."""
        filled = Hospital.from_losses(PAST)

        assert (filled.is_steady, filled.past) == (False, tuple(PAST))
        assert (Hospital.empty().is_steady, Hospital.empty().past) == (False, ())
        assert (Hospital.steady().is_steady, Hospital.steady().past) == (True, ())

    def test_there_and_back_through_pickle(self) -> None:
        """A hospital comes back equal."""
        filled = Hospital.from_losses([claimed(about(40_000, sd=2_000), DECEMBER)])

        assert pickle.loads(pickle.dumps(filled)) == filled

    def test_nobody(self) -> None:
        """No past at all is an empty hospital, which has a name of its own."""
        with pytest.raises(ProjectionError) as caught:
            Hospital.from_losses([])

        assert str(caught.value) == (
            "no past losses were given: expected at least one estimate. "
            "Type Hospital.empty() if nobody is in hospital."
        )

    def test_no_central_estimate(self) -> None:
        """A floor does not say how many there were."""
        with pytest.raises(ProjectionError) as caught:
            Hospital.from_losses([lost(1_562, bound=Bound.FLOOR)])

        assert str(caught.value) == (
            "1,562 KILLED_AND_WOUNDED, January 2026, Russia, floor among the past losses: "
            "expected central estimates. Type LossEstimate.central(count=..., ...)."
        )

    def test_no_estimate(self) -> None:
        """A number says neither when nor of whom."""
        with pytest.raises(ProjectionError) as caught:
            unchecked(Hospital.from_losses)([40_000])

        assert str(caught.value) == (
            "40000 among the past losses: expected central estimates. "
            "Type LossEstimate.central(count=..., ...)."
        )

    def test_overlap(self) -> None:
        """Nobody is in hospital twice, in whatever order the periods come."""
        with pytest.raises(ProjectionError) as caught:
            Hospital.from_losses(
                [lost(period=JANUARY), lost(period=Period.month(2025, 10)), lost(period=JANUARY)]
            )

        assert str(caught.value) == (
            "past losses of January 2026 and of January 2026 overlap: expected each person once. "
            "Leave one of the two out."
        )

    def test_order_does_not_matter(self) -> None:
        """Neighbouring periods may come in any order."""
        assert len(Hospital.from_losses(reversed(PAST)).past) == 24


class TestReturns:
    def test_share(self) -> None:
        """In every draw w s / (1 + w) of the killed and wounded return."""
        returned = MIX.returned_per_wounded
        assert returned is not None
        found, w, s = draws(
            back(MIX).share_of(CLAIMED), MIX.wounded_per_killed, returned, n=500, rng=20260101
        )

        np.testing.assert_allclose(found, w * s / (1 + w), rtol=1e-13)

    def test_share_of_every_mix(self) -> None:
        """Each mix has a share of its own, in order of date, the first mix first."""
        worse = CasualtyMix.from_ratios(2, returned_per_wounded=0.45)
        worst = CasualtyMix.from_ratios(1, returned_per_wounded=0.2)
        later = [
            LaterMix(mix=worst, start=date(2026, 10, 1)),
            LaterMix(mix=worse, start=date(2026, 7, 1)),
        ]
        found = attrs.evolve(back(HALF), later=later)

        assert [each.value for each in found.shares_of(CLAIMED)] == pytest.approx([0.375, 0.3, 0.1])
        assert found.share_of(CLAIMED).value == pytest.approx(0.375)
        assert found.parts(
            Grid.spanning(date(2026, 6, 1), date(2026, 11, 1), Per.MONTH)
        ).tolist() == [
            [1.0, 0.0, 0.0, 0.0, 0.0],
            [0.0, 1.0, 1.0, 1.0, 0.0],
            [0.0, 0.0, 0.0, 0.0, 1.0],
        ]

    def test_later_mix_without_a_share(self) -> None:
        """A later mix determines who returns too."""
        later = LaterMix(mix=CasualtyMix.from_ratios(2), start=date(2026, 7, 1))
        with pytest.raises(MixError) as caught:
            attrs.evolve(back(HALF), later=later).shares_of(CLAIMED)

        assert "returned_per_wounded" in str(caught.value)

    def test_share_of_the_sick(self) -> None:
        """Of a category without wounded who return, a mix of battle losses knows nothing."""
        with pytest.raises(MixError) as caught:
            back().share_of(Category.DNB_RTD)

        assert str(caught.value) == (
            "the mix does not determine DNB_RTD: no ratio of a mix reaches DNB_RTD. "
            "State those as LossEstimate.central(...) of their own."
        )

    def test_there_and_back_through_pickle(self) -> None:
        """Returns come back equal."""
        assert pickle.loads(pickle.dumps(back(MIX))) == back(MIX)

    @pytest.mark.parametrize(
        ("field", "kind", "example"),
        [
            ("mix", "CasualtyMix", "CasualtyMix.from_ratios(wounded_per_killed=...)"),
            ("delay", "Delay", "Delay.gamma(mean=3, sd=2)"),
            ("hospital", "Hospital", "Hospital.steady()"),
        ],
    )
    def test_wrong_parts(self, field: str, kind: str, example: str) -> None:
        """Every part is of its own kind."""
        parts: dict[str, object] = {
            "mix": HALF,
            "delay": Delay.gamma(mean=3, sd=2),
            "hospital": Hospital.empty(),
        }
        with pytest.raises(EstimateError) as caught:
            unchecked(Returns)(**{**parts, field: 3})

        assert str(caught.value) == (
            f"{field} is 3: expected a {kind}. Type for example {field}={example}."
        )


class TestInHospital:
    """What the three hospitals mean for those who return, in futures without unknowns."""

    def test_steady_level_and_steady_hospital(self) -> None:
        """A steady past of a steady level returns a constant number of people."""
        paths = only(
            future(
                lost=losses(40_000, CLAIMED),
                start=NEW_YEAR,
                returns=back(hospital=Hospital.steady()),
            )
        )

        np.testing.assert_allclose(paths.returns, 0.375 * 40_000, rtol=1e-12)

    @pytest.mark.parametrize(
        "delay", [Delay.gamma(mean=3, sd=2), Delay.shares([0.2, 0.5, 0.3])], ids=["gamma", "shares"]
    )
    def test_steady_is_a_long_known_past(self, delay: Delay) -> None:
        """Two known years at the level of the projection fill the hospital as a steady past."""

        def returned(hospital: Hospital) -> FloatArray:
            year = future(
                lost=losses(40_000, CLAIMED),
                start=NEW_YEAR,
                returns=back(delay=delay, hospital=hospital),
            )
            return only(year).returns

        # Of a gamma delay of 3 +- 2 months, 2e-7 are away for more than two years.
        np.testing.assert_allclose(
            returned(Hospital.from_losses(PAST)), returned(Hospital.steady()), rtol=2e-6
        )

    def test_empty(self) -> None:
        """From an empty hospital the first returns are those of the first losses."""
        year = future(
            lost=losses(40_000, CLAIMED),
            start=NEW_YEAR,
            returns=back(delay=Delay.shares([0.2, 0.5, 0.3])),
        )

        np.testing.assert_allclose(
            only(year).returns[:4], 15_000 * np.array([0.2, 0.7, 1.0, 1.0]), rtol=1e-13
        )

    def test_from_losses_by_hand(self) -> None:
        """Known losses of December and November return by their own shares."""
        hospital = Hospital.from_losses(
            [claimed(30_000, DECEMBER), claimed(20_000, Period.month(2025, 11))]
        )
        year = future(
            lost=losses(0, CLAIMED),
            start=NEW_YEAR,
            returns=back(delay=Delay.shares([0.2, 0.5, 0.3]), hospital=hospital),
        )
        expected = 0.375 * np.array([30_000 * 0.5 + 20_000 * 0.3, 30_000 * 0.3, 0.0])

        np.testing.assert_allclose(only(year).returns[:3], expected, rtol=1e-13)

    @pytest.mark.parametrize("form", ["linear", "exponential"])
    def test_steady_with_a_trend(self, form: Literal["linear", "exponential"]) -> None:
        """The hospital is filled at the level of the start, its trend since the origin included."""
        trend = Trend(per_year=0.2, form=form, origin=date(2025, 7, 1))
        year = future(
            lost=losses(40_000, CLAIMED, trend=trend),
            start=NEW_YEAR,
            returns=back(delay=Delay.shares([0.2, 0.5, 0.3]), hospital=Hospital.steady()),
        )
        before = {"linear": 1 + 0.2 / 2, "exponential": 1.2**0.5}[form]
        after = {"linear": 1 + 0.2 * 7 / 12, "exponential": 1.2 ** (7 / 12)}[form]
        first = 0.2 * before + 0.8 * before
        second = 0.2 * after + 0.5 * before + 0.3 * before

        np.testing.assert_allclose(
            only(year).returns[:2], 15_000 * np.array([first, second]), rtol=1e-13
        )

    def test_steady_with_changes_and_surges(self) -> None:
        """Changes that come do not fill the hospital of the start."""
        change = Change(factor=2, during=Period.year(2026))
        year = future(
            lost=losses(40_000, CLAIMED, changes=[change]),
            start=NEW_YEAR,
            returns=back(delay=Delay.shares([0.2, 0.5, 0.3]), hospital=Hospital.steady()),
        )

        np.testing.assert_allclose(
            only(year).returns[:3],
            15_000 * np.array([0.8 + 2 * 0.2, 0.3 + 2 * 0.7, 2.0]),
            rtol=1e-13,
        )

    def test_steady_with_a_variation(self) -> None:
        """The hospital knows the level and not the noise."""
        year = future(
            lost=losses(40_000, CLAIMED, variation=MONTHLY),
            joined=intake(0),
            start=NEW_YEAR,
            returns=back(delay=Delay.shares([0.0, 1.0]), hospital=Hospital.steady()),
        )
        paths = year.paths(40, rng=20260101)

        np.testing.assert_allclose(paths.returns[0], 15_000, rtol=1e-13)
        np.testing.assert_allclose(paths.returns[1:], 0.375 * paths.losses[:-1], rtol=1e-12)

    @pytest.mark.parametrize(
        ("per", "a_month"),
        [(Per.DAY, 365.25 / 12), (Per.WEEK, 365.25 / 84), (Per.MONTH, 1.0), (Per.YEAR, 1 / 12)],
    )
    def test_steady_in_other_units(self, per: Per, a_month: float) -> None:
        """The past of a level per day, week or year is that of a mean month."""
        year = future(
            lost=losses(1_000, CLAIMED, per=per),
            start=NEW_YEAR,
            returns=back(delay=Delay.shares([0.0, 1.0]), hospital=Hospital.steady()),
        )

        assert only(year).returns[0] == pytest.approx(0.375 * 1_000 * a_month, rel=1e-13)

    def test_share_is_tied(self) -> None:
        """The share that returns is the same unknown for the past and for what comes."""
        mix = CasualtyMix.from_ratios(MIX.wounded_per_killed, returned_per_wounded=0.5)
        year = future(
            lost=losses(40_000, CLAIMED),
            start=NEW_YEAR,
            returns=back(mix, Delay.shares([0.5, 0.5]), Hospital.from_losses([PAST[-1]])),
        )
        paths = year.paths(40, rng=20260101)

        np.testing.assert_allclose(paths.returns[0], paths.returns[1], rtol=1e-12)
        assert paths.returns[0].std() > 100
