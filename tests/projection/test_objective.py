from datetime import date

import numpy as np
import pytest
from scipy import integrate, stats

from attrition.accounts import Bound, Category, Per, Period, StrengthBasis
from attrition.errors import (
    EstimateError,
    NumberError,
    PeriodError,
    ProjectionError,
)
from attrition.projection import (
    Hospital,
    OpenPassage,
    losses_to_objective,
    runway,
    time_to_objective,
)
from attrition.uncertain import (
    UncertainLike,
    about,
    between,
    exactly,
    from_draws,
    maximum,
    probability,
    uniform,
)
from tests.accounts.records import JANUARY, force, joined, lost, unchecked
from tests.projection.futures import MIX, back, claimed

OCTOBER = date(2025, 10, 15)
PACE = between(200, 380, confidence=0.9, family="lognormal")
IRRECOVERABLE = Category.IRRECOVERABLE


class TestTimeToObjective:
    def test_example_of_the_style(self) -> None:
        """6,500 km2 at 200 to 380 a month from mid-October 2025 are taken on 2 October 2027."""
        taken = time_to_objective(6_500, PACE, per=Per.MONTH, start=OCTOBER)

        assert taken.quantile(0.5) == date(2027, 10, 2)
        assert taken.never == 0.0
        assert (taken.per, taken.start) == (Per.MONTH, OCTOBER)

    def test_pace_of_the_article(self) -> None:
        """908 km2 in 3.3 months take 23.6 months for 6,500: the article's two years."""
        taken = time_to_objective(6_500, 908 / 3.3, per=Per.MONTH, start=OCTOBER)

        assert taken.time.median() == pytest.approx(23.6, abs=0.05)
        assert taken.method == "exact"

    def test_uncertain_remains(self) -> None:
        """The quotient of two lognormals is lognormal: exact."""
        left = between(6_000, 7_000, confidence=0.9, family="lognormal")
        taken = time_to_objective(left, PACE, per=Per.MONTH, start=OCTOBER)
        width = np.hypot(np.log(7_000 / 6_000), np.log(380 / 200)) / 2
        middle = np.sqrt(6_000 * 7_000 / 200 / 380)

        assert taken.method == "exact"
        assert taken.time.ppf(0.95) == pytest.approx(middle * np.exp(width), rel=1e-9)

    def test_negative_paces_never_arrive(self) -> None:
        """A normal pace has the law of the quotient where it is positive, and never elsewhere."""
        taken = time_to_objective(300, about(10, sd=10), per=Per.WEEK, start=OCTOBER)

        assert taken.never == pytest.approx(stats.norm.cdf(-1), abs=1e-4)
        for weeks in (12, 30, 90):
            expected = stats.norm.sf(300 / weeks, 10, 10)
            assert taken.time.cdf(weeks) == pytest.approx(expected, abs=2e-4)

    @pytest.mark.parametrize(
        ("pace", "never"),
        [
            (maximum(about(10, sd=10), 0), stats.norm.cdf(-1)),
            (from_draws([0.0, 0.0, 5.0, 8.0]), 0.5),
            (0, 1.0),
            (-3, 1.0),
        ],
    )
    def test_paces_of_exactly_zero(self, pace: UncertainLike, never: float) -> None:
        """A pace of zero never gets there either, however it comes about."""
        taken = time_to_objective(300, pace, per=Per.WEEK, start=OCTOBER)

        assert taken.never == pytest.approx(never, abs=2e-4)
        assert taken.quantile(1 - never + 1e-3 if never < 1 else 0.01) is None

    def test_a_pace_from_zero_on(self) -> None:
        """A bound of zero without mass on it is no never."""
        taken = time_to_objective(300, uniform(0, 20), per=Per.WEEK, start=OCTOBER)

        assert taken.never == 0.0
        assert taken.time.median() == pytest.approx(30, rel=1e-9)

    def test_nothing_remains(self) -> None:
        """What is taken already needs no pace."""
        left = maximum(about(0, sd=100), 0)
        taken = time_to_objective(left, about(10, sd=10), per=Per.WEEK, start=OCTOBER)
        at_once = taken.probability(by=OCTOBER)

        assert at_once == pytest.approx(0.5, abs=1e-3)
        assert taken.never == pytest.approx(0.5 * stats.norm.cdf(-1), abs=1e-3)

    def test_negative_remains(self) -> None:
        """Less than nothing cannot remain."""
        with pytest.raises(EstimateError) as caught:
            time_to_objective(-1, PACE, per=Per.MONTH, start=OCTOBER)

        assert str(caught.value) == (
            "remaining is -1: an amount cannot be negative. Type a number from 0 on, "
            'between(low, high, confidence=0.9, family="lognormal") or '
            "about(centre, sd=..., positive=True)."
        )

    def test_wrong_arguments(self) -> None:
        """A unit is a unit, a date a date, and a bool no pace."""
        ask = unchecked(time_to_objective)
        with pytest.raises(PeriodError) as unit:
            ask(1, PACE, per="month", start=OCTOBER)
        with pytest.raises(PeriodError) as start:
            ask(1, PACE, per=Per.MONTH, start="2025")
        with pytest.raises(NumberError):
            ask(1, True, per=Per.MONTH, start=OCTOBER)

        assert str(unit.value) == (
            "per is 'month': expected a Per. Type one of Per.DAY, Per.WEEK, Per.MONTH, Per.YEAR."
        )
        assert str(start.value) == (
            "start is '2025': expected a datetime.date. "
            "Type for example start=datetime.date(2026, 1, 1)."
        )


class TestLossesToObjective:
    def test_by_hand(self) -> None:
        """What remains, over the pace, times the losses of the same time."""
        estimate = lost(36_525, period=Period.year(2025))

        assert losses_to_objective(550, estimate, 275, per=Per.MONTH).value == pytest.approx(
            36_525 / 12 * 2
        )
        assert losses_to_objective(550, estimate, 275, per=Per.DAY).value == pytest.approx(
            36_525 / 365 * 2
        )

    def test_against_quadrature(self) -> None:
        """The law of losses over a lognormal pace is an integral over the pace."""
        estimate = lost(about(31_680, sd=1_541))
        found = losses_to_objective(550, estimate, PACE, per=Per.MONTH)
        sigma = np.log(380 / 200) / (2 * stats.norm.ppf(0.95))
        pace = stats.lognorm(s=sigma, scale=np.sqrt(200 * 380))
        expected, _ = integrate.quad(
            lambda p: stats.norm.cdf(60_000 * pace.ppf(p) / 550, 31_680, 1_541), 0, 1, limit=200
        )

        assert found.cdf(60_000) == pytest.approx(expected, abs=2e-4)

    @pytest.mark.parametrize("pace", [0, -2, about(10, sd=40), maximum(about(10, sd=40), 0)])
    def test_paces_that_may_be_zero(self, pace: UncertainLike) -> None:
        """A pace that may be zero or negative leaves the losses without a bound."""
        with pytest.raises(ProjectionError) as caught:
            losses_to_objective(550, lost(), pace, per=Per.MONTH)

        shown = pace if not isinstance(pace, int) else exactly(pace)
        assert str(caught.value) == (
            f"the pace {shown!r} may be zero or negative, and then the objective is never reached "
            "and the losses have no bound: expected a positive pace. Type between(low, high, "
            'confidence=0.9, family="lognormal"), or ask time_to_objective for the share of never.'
        )

    def test_other_refusals(self) -> None:
        """Only estimates have a rate, only central ones; less than nothing cannot remain."""
        ask = unchecked(losses_to_objective)
        with pytest.raises(EstimateError) as number:
            ask(550, 31_680, 275, per=Per.MONTH)
        with pytest.raises(EstimateError) as floor:
            ask(550, lost(bound=Bound.FLOOR), 275, per=Per.MONTH)
        with pytest.raises(EstimateError) as left:
            ask(-550, lost(), 275, per=Per.MONTH)
        with pytest.raises(PeriodError) as unit:
            ask(550, lost(), 275, per=30)

        assert str(number.value) == (
            "losses is 31680: expected a LossEstimate. "
            "Type for example losses=LossEstimate.central(...)."
        )
        assert str(floor.value).startswith("a floor has no rate: 31,680 KILLED_AND_WOUNDED")
        assert str(left.value).startswith("remaining is -550: an amount cannot be negative.")
        assert str(unit.value).startswith("per is 30: expected a Per.")


def shrunk(floor: UncertainLike = 640_800) -> OpenPassage:
    """The runway of the article's figures: 9,000 fewer a month."""
    return runway(
        force(712_000), floor=floor, losses=lost(44_000, IRRECOVERABLE), recruitment=joined(35_000)
    )


class TestRunway:
    def test_ten_per_cent_less(self) -> None:
        """712,000 at -9,000 a month are down by ten per cent after 7.9 months."""
        assert shrunk().time.value == pytest.approx(71_200 / 9_000)
        assert round(71_200 / 9_000, 1) == 7.9
        # 7.911 months from 1 February: 0.911 of September.
        assert shrunk().quantile(0.5) == date(2026, 9, 29)
        assert shrunk().never == 0.0

    def test_force_that_is_below(self) -> None:
        """A force below its floor has no time left."""
        assert shrunk(800_000).time.value == 0.0

    def test_never_is_the_chance_of_not_shrinking(self) -> None:
        """The force that does not shrink never gets there."""
        strength = about(712_000, sd=20_000)
        found = runway(
            force(strength),
            floor=0.9 * strength,
            losses=lost(about(38_000, sd=2_000), IRRECOVERABLE),
            recruitment=joined(about(35_000, sd=1_500)),
        )

        assert found.never == pytest.approx(stats.norm.cdf(-3_000 / 2_500), abs=2e-4)
        assert found.per is Per.MONTH
        assert found.start == date(2026, 2, 1)
        # Ten per cent of the strength over a normal deficit of 3,000 +- 2,500.
        expected, _ = integrate.quad(
            lambda p: stats.norm.sf(stats.norm.ppf(p, 71_200, 2_000) / 24, 3_000, 2_500), 0, 1
        )
        assert found.time.cdf(24) == pytest.approx(expected, abs=3e-4)

    def test_unit_of_the_losses(self) -> None:
        """Losses of a quarter are spread over its months."""
        found = runway(
            force(712_000),
            floor=640_800,
            losses=lost(132_000, IRRECOVERABLE, period=Period.months(2025, 11, count=3)),
            recruitment=joined(35_000),
        )

        assert found.time.value == pytest.approx(71_200 / 9_000)

    def test_all_returns_count(self) -> None:
        """The deficit is that after all returns, whoever is in hospital today."""
        estimate = lost(about(80_000, sd=2_000))
        returned = back(MIX).share_of(Category.KILLED_AND_WOUNDED)
        for hospital in (
            Hospital.empty(),
            Hospital.steady(),
            Hospital.from_losses([claimed(1, JANUARY)]),
        ):
            found = runway(
                force(712_000),
                floor=640_800,
                losses=estimate,
                recruitment=joined(22_000),
                returns=back(MIX, hospital=hospital),
            )
            deficit = estimate.count * (1 - returned) - 22_000

            assert found.never == pytest.approx(probability(deficit <= 0), abs=3e-4)
            assert found.time.median() == pytest.approx(71_200 / deficit.median(), rel=1e-3)

    def test_refusals(self) -> None:
        """Losses say who comes back, sides agree, and figures are records."""
        ask = unchecked(runway)
        good = {"floor": 1, "losses": lost(9, IRRECOVERABLE), "recruitment": joined(3)}
        with pytest.raises(EstimateError) as no_force:
            ask(712_000, **good)
        with pytest.raises(EstimateError) as no_losses:
            ask(force(), **{**good, "losses": 9})
        with pytest.raises(EstimateError) as no_rate:
            ask(force(), **{**good, "recruitment": 3})
        with pytest.raises(EstimateError) as sides:
            ask(force(side="Ukraine"), **good)
        with pytest.raises(ProjectionError) as wounded:
            ask(force(), **{**good, "losses": lost()})
        with pytest.raises(ProjectionError) as books:
            ask(force(basis=StrengthBasis.ASSIGNED), **{**good, "losses": lost()})

        assert str(no_force.value) == (
            "force is 712000: expected a Force. "
            "Type for example force=Force(strength=..., as_of=..., side=..., basis=...)."
        )
        assert str(no_losses.value) == (
            "losses is 9: expected a LossEstimate. "
            "Type for example losses=LossEstimate.central(...)."
        )
        assert str(no_rate.value) == (
            "recruitment is 3: expected a RecruitmentRate. "
            "Type for example recruitment=RecruitmentRate(...)."
        )
        assert str(sides.value) == (
            "the force is of Ukraine and the losses of Russia: expected one side. "
            "Type side='Ukraine' in both if they are the same people."
        )
        assert str(wounded.value).startswith("KILLED_AND_WOUNDED includes WIA_RTD, who come back")
        assert "who stay on ASSIGNED strength" in str(books.value)
