from datetime import date

import attrs
import numpy as np
import pytest

from attrition.accounts import Category, Period, StrengthBasis
from attrition.errors import (
    EstimateError,
    HorizonWarning,
    NumberError,
    ParameterError,
    PeriodError,
    ProjectionError,
)
from attrition.projection import (
    Hospital,
    Surge,
    project,
)
from attrition.uncertain import Uncertain, UncertainLike, about
from tests.accounts.records import JANUARY, force, joined, lost, unchecked
from tests.projection.futures import CLAIMED, back, claimed, drawn, future, intake, losses, of

NEW_YEAR = date(2026, 1, 1)


class TestDraws:
    @pytest.mark.parametrize(
        ("asked", "made"), [(1, 8), (7, 8), (8, 8), (9, 16), (16_384, 16_384), (16_385, 16_392)]
    )
    def test_rounded_up(self, asked: int, made: int) -> None:
        """Draws come in eight parts of equal size, whose disagreement is the error."""
        year = future(about(712_000, sd=9_000), draws=asked)

        assert year.provenance.draws == made
        assert drawn(year).shape == (13, made)
        assert year.standard_errors([0.5])[-1, 0] >= 0.0

    def test_default(self) -> None:
        """Unless told there are 65,536 draws of a seed that is always the same."""
        years = [
            project(
                force(about(712_000, sd=9_000, name="start")),
                losses=losses(),
                recruitment=intake(),
                until=date(2026, 4, 1),
                method="paths",
            )
            for _ in range(2)
        ]

        assert years[0].provenance.draws == 65_536
        np.testing.assert_array_equal(years[0].quantiles([0.1]), years[1].quantiles([0.1]))

    def test_seeds(self) -> None:
        """A seed decides the numbers; a generator is used up by what it gave."""
        start = about(712_000, sd=9_000)

        def median(rng: int | np.random.Generator | None) -> float:
            year = project(
                force(start),
                losses=losses(about(40_000, sd=900)),
                recruitment=intake(),
                until=date(2026, 4, 1),
                draws=80,
                rng=rng,
                method="paths",
            )
            return float(year.quantiles([0.5])[-1, 0])

        generator = np.random.default_rng(1)
        assert median(1) == median(1) == median(generator)
        assert len({median(None), median(1), median(2), median(generator)}) == 4

    @pytest.mark.parametrize(
        ("given", "error", "message"),
        [
            (
                0,
                ParameterError,
                (
                    "draws is 0: expected a whole number of draws, at least 1. "
                    "Type for example draws=10_000."
                ),
            ),
            (
                2.5,
                ParameterError,
                (
                    "draws is 2.5: expected a whole number of draws, at least 1. "
                    "Type for example draws=10_000."
                ),
            ),
            (
                "many",
                NumberError,
                (
                    "draws is 'many', a str: expected a finite number. "
                    "Type a number such as 35_000; a text is never read as one."
                ),
            ),
        ],
    )
    def test_no_number_of_draws(self, given: object, error: type[Exception], message: str) -> None:
        """Draws are a whole number from one on."""
        with pytest.raises(error) as caught:
            unchecked(future)(draws=given)

        assert str(caught.value) == message


class TestArguments:
    def test_method(self) -> None:
        """Left to choose, known flows and a normal start are a normal in closed form."""
        start = about(712_000, sd=9_000)

        def median(method: str) -> object:
            return unchecked(project)(
                force(start),
                losses=losses(),
                recruitment=intake(),
                until=date(2026, 4, 1),
                draws=8,
                method=method,
            ).quantiles([0.5])[-1, 0]

        assert median("auto") == 712_000 - 2 * 9_000
        assert median("paths") == pytest.approx(694_000, abs=9_000)
        with pytest.raises(ProjectionError) as caught:
            median("exact")
        assert str(caught.value) == (
            'method is \'exact\': expected "auto" or "paths". '
            'Leave it out, or type method="paths" to be sure of simulation.'
        )

    def test_no_force(self) -> None:
        """A number is no force."""
        with pytest.raises(EstimateError) as caught:
            unchecked(project)(
                712_000, losses=losses(), recruitment=intake(), until=date(2027, 2, 1)
            )

        assert str(caught.value) == (
            "force is 712000: expected a Force. "
            "Type for example force=Force(strength=..., as_of=..., side=..., basis=...)."
        )

    def test_bare_records(self) -> None:
        """Records of the past are refused where they are typed in first."""
        for place, value in (("lost", lost()), ("joined", joined())):
            with pytest.raises(ProjectionError, match=r"a record of the past"):
                unchecked(future)(**{place: value})

    def test_sides(self) -> None:
        """Force and flows are of one side, other flows too."""
        of_ukraine = attrs.evolve(losses(), side="Ukraine")
        for wrong in (
            {"lost": of_ukraine},
            {"joined": attrs.evolve(intake(), side="Ukraine")},
            {"other": [of_ukraine]},
        ):
            with pytest.raises(EstimateError, match=r"^the force is of Russia and the"):
                unchecked(future)(**wrong)

    def test_category(self) -> None:
        """The basis of the force decides which losses leave it."""
        with pytest.raises(ProjectionError, match=r"^KILLED alone are not all who leave"):
            future(lost=losses(9, Category.KILLED))
        with pytest.raises(ProjectionError, match=r"^returns were given on ASSIGNED strength"):
            project(
                force(basis=StrengthBasis.ASSIGNED),
                losses=losses(9, CLAIMED),
                recruitment=intake(),
                until=date(2027, 2, 1),
                returns=back(),
            )

    def test_returns(self) -> None:
        """Returns are returns, and their past lies before the start."""
        with pytest.raises(EstimateError) as no_returns:
            unchecked(future)(lost=losses(9, CLAIMED), returns=0.4)
        with pytest.raises(ProjectionError, match=r"^past losses of January 2026 reach beyond"):
            future(
                lost=losses(9, CLAIMED),
                returns=back(hospital=Hospital.from_losses([claimed(1, JANUARY)])),
                start=NEW_YEAR,
            )

        assert str(no_returns.value) == (
            "returns is 0.4: expected a Returns. "
            "Type for example returns=Returns(mix=..., delay=..., hospital=...)."
        )

    def test_dates(self) -> None:
        """The horizon is a date after the start, the step a unit of time."""
        with pytest.raises(PeriodError) as no_date:
            unchecked(future)(until="2027")
        with pytest.raises(PeriodError) as reversed_:
            future(until=date(2026, 2, 1))
        with pytest.raises(PeriodError) as no_step:
            unchecked(future)(step="month")

        assert str(no_date.value) == (
            "until is '2027': expected a datetime.date. "
            "Type for example until=datetime.date(2026, 1, 1)."
        )
        assert str(reversed_.value) == (
            "until is 2026-02-01 and the start is 2026-02-01: expected a date after the start. "
            "Type for example until=datetime.date(2027, 2, 1)."
        )
        assert str(no_step.value) == (
            "step is 'month': expected a Per. Type one of Per.DAY, Per.WEEK, Per.MONTH, Per.YEAR."
        )

    def test_change_outside(self) -> None:
        """A change outside the horizon warns where project was called."""
        late = losses(changes=[Surge(people=1, during=Period.year(2030))])
        with pytest.warns(HorizonWarning, match=r"^a Surge of the losses lies outside") as caught:
            project(of(1_000), losses=late, recruitment=intake(), until=date(2026, 3, 1))

        assert caught[0].filename == __file__


class TestKnownFuture:
    """A future without unknowns, by hand."""

    @pytest.mark.parametrize(
        ("basis", "expected"),
        [
            (StrengthBasis.COMMITTED, 700_000 - 12 * 9_000),
            (StrengthBasis.ASSIGNED, 700_000 - 12 * 9_000),
        ],
    )
    def test_deficit_of_a_year(self, basis: StrengthBasis, expected: float) -> None:
        """Losses for good leave any basis at once."""
        year = project(
            force(700_000, basis=basis),
            losses=losses(44_000),
            recruitment=intake(35_000),
            until=date(2027, 2, 1),
            draws=8,
        )

        assert year.quantiles([0.5])[-1, 0] == pytest.approx(expected)
        assert year.strength(date(2027, 2, 1)).std() == 0.0

    @pytest.mark.parametrize("given", [44_000, about(44_000, sd=1e-6)])
    def test_known_is_the_limit_of_unknown(self, given: UncertainLike) -> None:
        """A level known to a millionth moves the same people as one that is known."""
        year = future(700_000, losses(given), returns=None)

        assert year.quantiles([0.5])[-1, 0] == pytest.approx(592_000, abs=0.01)

    def test_other_flows(self) -> None:
        """Other losses leave and other arrivals come, each once."""
        year = future(700_000, other=[losses(1_000, Category.DESERTED), intake(500), intake(400)])

        assert year.quantiles([0.5])[-1, 0] == pytest.approx(592_000 - 12 * 100)

    def test_omitted_exits(self) -> None:
        """Other losses are counted as exits, and what is left out is listed."""
        year = future(other=[losses(1_000, Category.DESERTED)])

        assert year.omitted_exits == (Category.DNB_DIED | Category.DNB_LOST | Category.DISCHARGED)
        assert year.provenance.omitted_exits == year.omitted_exits

    def test_exactly_known_levels_are_numbers(self) -> None:
        """A known number and the uncertain number that is known are one input."""
        assert losses(44_000) == losses(Uncertain.of(44_000))
