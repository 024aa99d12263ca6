import math
import pickle
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import attrs
import numpy as np
import pytest

from attrition._typing import FloatArray
from attrition.accounts import Category, Per, Period, StrengthBasis
from attrition.errors import (
    DependenceError,
    EstimateError,
    HorizonWarning,
    NumberError,
    ParameterError,
    PeriodError,
    ProjectionError,
)
from attrition.evidence import CasualtyMix
from attrition.projection import (
    Change,
    Delay,
    Hospital,
    IntakeProcess,
    LossProcess,
    Process,
    Projection,
    Returns,
    Surge,
    Trend,
    Variation,
    WatchedPassage,
    project,
)
from attrition.uncertain import Uncertain, UncertainLike, about, draws, exp
from tests.accounts.records import JANUARY, force, joined, lost, unchecked
from tests.projection.futures import (
    CLAIMED,
    MIX,
    MONTHLY,
    SEED,
    back,
    claimed,
    future,
    intake,
    losses,
    of,
)

NEW_YEAR = date(2026, 1, 1)
DRAWS = 262_144


def after(months: int, start: date = NEW_YEAR) -> date:
    """The first of a month so many months after the first of another one."""
    years, month = divmod(start.month - 1 + months, 12)
    return date(start.year + years, month + 1, start.day)


class Reference(NamedTuple):
    """What 1e8 draws of a model gave elsewhere."""

    future: Projection
    passage: WatchedPassage
    quantiles: Mapping[int, tuple[float, float, float]]
    below_by: Mapping[int, float]


def _two_hills() -> Reference:
    """
    Killed and wounded with a wave of losses, recruits that decline, returns over a year.

    The wounded per killed are lognormal with median 3 and a spread of .2, so that the wounded
    are the share 1 / (1 + exp(-logit(.75) - .2 z)) of both.
    """
    shares = np.diff([1 - math.exp(-k / 1.5) * (1 + k / 1.5) for k in range(13)])
    returned = 1 / (1 + exp(-about(math.log(0.35 / 0.65), sd=0.3)))
    past = [claimed(40_000, Period.month(2025, month)) for month in range(1, 13)]
    year = future(
        about(700_000, sd=20_000),
        losses(
            exp(about(math.log(40_000), sd=0.12)),
            CLAIMED,
            variation=MONTHLY,
            changes=[Change(factor=1.15, during=Period.year(2027))],
        ),
        intake(
            exp(about(math.log(33_000), sd=0.08)),
            trend=Trend(per_year=about(-0.03, sd=0.05), form="linear"),
            changes=[Change(factor=1.05, during=Period.months(2027, 7, count=18))],
        ),
        start=NEW_YEAR,
        until=date(2029, 1, 1),
        returns=Returns(
            mix=CasualtyMix.from_ratios(
                exp(about(math.log(3), sd=0.2)), returned_per_wounded=returned
            ),
            delay=Delay.shares((shares / shares.sum()).tolist()),
            hospital=Hospital.from_losses(past),
        ),
        draws=DRAWS,
    )
    return Reference(
        year,
        year.passage(600_000),
        {36: (380_136, 751_650, 1_095_410)},
        {12: 0.0421, 24: 0.2193, 36: 0.2718},
    )


def _benchmark() -> Reference:
    """Losses of a shared factor and independent months, for good, against a shared rate."""
    factor = about(1, sd=0.1, positive=True)
    year = future(
        about(700_000, sd=25_000),
        losses(38_000 * factor, variation=Variation.independent(4 / 38, Per.MONTH)),
        intake(about(34_000, sd=2_000)),
        start=NEW_YEAR,
        until=date(2029, 1, 1),
        draws=DRAWS,
    )
    return Reference(
        year,
        year.passage(500_000),
        {
            12: (552_429, 653_611, 746_092),
            24: (420_845, 607_540, 775_109),
            36: (286_661, 561_367, 807_026),
        },
        {12: 0.00745, 24: 0.16597, 36: 0.35065},
    )


@pytest.fixture(scope="module", name="two_hills")
def make_two_hills() -> Reference:
    """The first model, simulated once."""
    return _two_hills()


@pytest.fixture(scope="module", name="benchmark")
def make_benchmark() -> Reference:
    """The second model, simulated once."""
    return _benchmark()


@pytest.fixture(name="reference", params=["two_hills", "benchmark"])
def make_reference(
    request: pytest.FixtureRequest, two_hills: Reference, benchmark: Reference
) -> Reference:
    """Each of the two."""
    return two_hills if request.param == "two_hills" else benchmark


class TestReferences:
    """Two models against 1e8 draws of independent programs; four standard errors of the run."""

    def test_quantiles(self, reference: Reference) -> None:
        """The 5, 50 and 95 per cent quantiles are those of the reference."""
        levels = (0.05, 0.5, 0.95)
        found = reference.future.quantiles(levels)
        errors = reference.future.standard_errors(levels)
        for month, expected in reference.quantiles.items():
            gaps = np.abs(found[month] - expected)

            # The reference itself is known to 50 people.
            assert (gaps < 4 * errors[month] + 50).all(), (month, gaps, errors[month])
            assert (errors[month] < 1_500).all()

    def test_first_passage(self, reference: Reference) -> None:
        """The probability of having been below by a month is that of the reference."""
        passage = reference.passage
        for month, expected in reference.below_by.items():
            error = math.sqrt(expected * (1 - expected) / DRAWS)

            # The references are rounded to the last digit given.
            assert passage.probability(by=after(month)) == pytest.approx(
                expected, abs=4 * error + 5e-5
            )
            assert passage.standard_error(by=after(month)) < 2.5 * error

    def test_below_on_the_date_is_less(self, two_hills: Reference) -> None:
        """Below by month 36 is .2718, below at month 36 only .2445: some recover."""
        on = two_hills.future.probability_below(600_000, on=after(36))
        by = two_hills.passage.probability(by=after(36))

        assert on == pytest.approx(0.2445, abs=4 * math.sqrt(0.2445 * 0.7555 / DRAWS) + 5e-5)
        assert by - on == pytest.approx(0.2718 - 0.2445, abs=4 * math.sqrt(0.027 / DRAWS) + 1e-4)

    def test_date_of_first_passage(self, benchmark: Reference) -> None:
        """Five per cent are below by month 17, and half never within 36."""
        assert benchmark.passage.quantile(0.05) == after(17)
        assert benchmark.passage.quantile(0.5) is None
        assert benchmark.passage.beyond_horizon == pytest.approx(1 - 0.35065, abs=4e-3)


class TestStreams:
    """A what-if keeps every draw that it does not change."""

    START = about(700_000, sd=25_000, name="start")
    RECRUITS = about(34_000, sd=2_000, name="recruits")
    SEEDS = range(20260101, 20260111)

    def what_if(
        self, seed: int, level: float = 38_000, other: tuple[Process, ...] = ()
    ) -> Projection:
        """A year with noise in both flows, at a level of losses of that centre."""
        return future(
            self.START,
            losses(about(level, sd=level / 10, name="losses"), variation=MONTHLY),
            intake(self.RECRUITS, variation=MONTHLY),
            start=NEW_YEAR,
            until=date(2027, 1, 1),
            other=other,
            draws=1_024,
            rng=seed,
        )

    def test_changed_input(self) -> None:
        """Ten per cent fewer losses are ten per cent fewer in each path; all else is kept."""
        base, fewer = (self.what_if(SEED, level).paths(200, rng=SEED) for level in (38_000, 34_200))

        np.testing.assert_array_equal(base.arrivals, fewer.arrivals)
        np.testing.assert_array_equal(base.strength[0], fewer.strength[0])
        np.testing.assert_allclose(0.9 * base.losses, fewer.losses, rtol=1e-12)

    def test_added_input(self) -> None:
        """One more flow adds itself and changes nothing else."""
        more = losses(about(2_000, sd=300, name="deserters"), Category.DESERTED, variation=MONTHLY)
        base = self.what_if(SEED).paths(200, rng=SEED)
        found = self.what_if(SEED, other=(more,)).paths(200, rng=SEED)
        added = found.losses - base.losses

        np.testing.assert_array_equal(base.arrivals, found.arrivals)
        assert (added > 0.0).all()
        assert added.mean() == pytest.approx(2_000, rel=0.05)
        # They are no copy of the other losses.
        assert abs(np.corrcoef(added[5], base.losses[5])[0, 1]) < 4 / math.sqrt(200)

    def test_precision_of_a_what_if(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Over seeds, the effect of a what-if scatters far less than with fresh seeds."""
        more = (losses(about(2_000, sd=300, name="deserters"), Category.DESERTED),)

        def ends(seed: int, level: float, other: tuple[Process, ...] = ()) -> FloatArray:
            """The mean and the 5 per cent quantile of the last date."""
            year = self.what_if(seed, level, other)
            return np.array([year._strength[-1].mean(), year.quantiles([0.05])[-1, 0]])

        base = {seed: ends(seed, 38_000) for seed in self.SEEDS}
        rows = {
            "losses 10 % lower": [ends(s, 34_200) - base[s] for s in self.SEEDS],
            "one more input": [ends(s, 38_000, more) - base[s] for s in self.SEEDS],
            "both": [ends(s, 34_200, more) - base[s] for s in self.SEEDS],
            "both, fresh seeds": [ends(s + 999, 34_200, more) - base[s] for s in self.SEEDS],
        }
        spread = {name: np.std(values, axis=0, ddof=1) for name, values in rows.items()}
        with capsys.disabled():
            print("\nsd over ten seeds of a what-if, 1,024 draws: mean, 5 % quantile")  # noqa: T201 - the measurement is the point
            for name, (mean, low) in spread.items():
                print(f"  {name:18}{mean:8,.0f}{low:8,.0f}")  # noqa: T201 - as above

        fresh = spread.pop("both, fresh seeds")
        # A quantile of so few draws has a noise of its own in each of the two.
        assert all(mean < fresh[0] / 8 and low < fresh[1] / 2 for mean, low in spread.values())

    def test_two_unknowns_of_one_name(self) -> None:
        """Two different unknowns of one name are refused."""
        with pytest.raises(DependenceError):
            future(about(712_000, sd=9, name="x"), losses(about(44_000, sd=9, name="x")))


# Known and unknown, changing and steady: everything that a horizon could disturb.
EVERYTHING = {
    "lost": losses(
        about(40_000, sd=3_000),
        CLAIMED,
        variation=MONTHLY,
        observed=Period.months(2025, 11, count=3),
        changes=[
            Change(factor=about(1.3, sd=0.1), during=Period.days(date(2026, 3, 10), 60)),
            Surge(people=about(9_000, sd=900), during=Period.year(2026)),
        ],
    ),
    "joined": intake(
        about(30_000, sd=2_000),
        variation=Variation(lasting_sd=0.1, persistence=0.4, passing_sd=0.05, per=Per.WEEK),
        trend=Trend(per_year=about(-0.1, sd=0.05), form="exponential"),
    ),
}
SHARES = Delay.shares([0.1, 0.3, 0.3, 0.2, 0.1])


def _everything(
    until: date,
    *,
    step: Per = Per.MONTH,
    start: date = date(2026, 2, 1),
    returns: Returns | None = None,
) -> Projection:
    lost_, joined_ = EVERYTHING["lost"], EVERYTHING["joined"]
    assert isinstance(lost_, LossProcess)
    assert isinstance(joined_, IntakeProcess)
    return future(
        about(712_000, sd=20_000),
        lost_,
        joined_,
        start=start,
        until=until,
        step=step,
        returns=returns or back(MIX, hospital=Hospital.steady()),
        other=[losses(about(500, sd=50), Category.DESERTED)],
    )


class TestHorizon:
    @pytest.mark.parametrize("delay", [None, SHARES], ids=["gamma", "shares"])
    @pytest.mark.parametrize("step", [Per.WEEK, Per.MONTH])
    def test_a_longer_projection_begins_with_the_shorter(
        self, step: Per, delay: Delay | None
    ) -> None:
        """Every date of the shorter one has the same strength in every draw of the longer one."""
        returns = back(MIX, delay, Hospital.steady())
        short = _everything(date(2026, 7, 1), step=step, returns=returns)
        long = _everything(date(2027, 7, 1), step=step, returns=returns)
        shared = [day for day in short.dates if day in long.dates]
        a, b = (y.paths(300, rng=SEED).strength for y in (short, long))

        assert len(shared) > 5
        # BLAS adds in an order that depends on the size.
        np.testing.assert_allclose(a[: len(shared)], b[: len(shared)], rtol=1e-12)

    def test_tied_across_horizons(self) -> None:
        """Strength on one date in two projections of one force is the same in every draw."""
        process, start = losses(about(40_000, sd=3_000), variation=MONTHLY), about(712_000, sd=9)
        short = future(start, process, until=date(2026, 7, 1))
        long = future(start, process, until=date(2027, 7, 1))
        day = date(2026, 6, 1)
        a, b = draws(short.strength(day), long.strength(day), n=300, rng=SEED)

        np.testing.assert_allclose(a, b, rtol=1e-12)
        assert a.std() > 5_000
        # So is what comes back from a pickle of both.
        gap = pickle.loads(pickle.dumps(long.strength(day) - short.strength(day)))
        assert np.abs(gap.rvs(300, rng=SEED)).max() < 1e-6


class TestSteps:
    """The step is when one looks, and changes nothing of what happens."""

    @pytest.mark.parametrize("step", [Per.WEEK, Per.DAY])
    def test_whole_months(self, step: Per) -> None:
        """Where nothing changes within a month, finer steps end alike in every draw."""
        lost_ = losses(
            about(40_000, sd=3_000),
            CLAIMED,
            variation=MONTHLY,
            trend=Trend(per_year=0.3, form="linear"),
            changes=[Change(factor=about(1.3, sd=0.1), during=Period.months(2026, 4, count=3))],
        )
        returns = back(MIX, hospital=Hospital.steady())

        def end(one: Per) -> FloatArray:
            year = future(712_000, lost_, until=date(2026, 11, 1), step=one, returns=returns)
            strength: FloatArray = year.paths(300, rng=SEED).strength[-1]
            return strength

        # A week may hold the end of a month, and then spreads both parts evenly.
        tolerance = {Per.WEEK: 1e-4, Per.DAY: 1e-12}[step]
        np.testing.assert_allclose(end(step), end(Per.MONTH), rtol=tolerance)

    @pytest.mark.parametrize("step", [Per.WEEK, Per.DAY])
    @pytest.mark.parametrize("start", [date(2026, 2, 1), date(2026, 1, 15), date(2026, 1, 31)])
    def test_means_and_spread(self, start: date, step: Per) -> None:
        """From any day on, with changes within a month, mean and spread are the same."""
        years = [_everything(date(2026, 8, 20), step=one, start=start) for one in (step, Per.MONTH)]
        ends = [year.paths(2_000, rng=SEED).strength[-1] for year in years]

        # Losses of a step are spread over it evenly, so that returns move by days: 100 of 150,000.
        assert ends[0].mean() == pytest.approx(ends[1].mean(), abs=150)
        assert ends[0].std() == pytest.approx(ends[1].std(), rel=2e-3)
        assert np.abs(ends[0] - ends[1]).max() < 0.05 * ends[1].std()

    @pytest.mark.parametrize("step", [Per.DAY, Per.WEEK, Per.MONTH, Per.YEAR])
    def test_spread_of_a_year(self, step: Per) -> None:
        """A variation has its own clock: the year varies by .094, whatever the step."""
        year = future(
            2_000_000,
            losses(40_000, variation=MONTHLY),
            intake(0),
            start=NEW_YEAR,
            until=date(2027, 1, 1),
            step=step,
            draws=16_384,
        )
        total = 2_000_000 - year.strength(date(2027, 1, 1))
        lags = np.abs(np.subtract.outer(range(12), range(12)))
        covariance = np.exp(0.15**2 * 0.7**lags + 0.08**2 * (lags == 0)) - 1
        expected = math.sqrt(covariance.sum()) / 12

        assert expected == pytest.approx(0.094, abs=5e-4)
        # Standard errors: of a mean 1/128 of the sd, of an sd 1/181 of it.
        assert total.mean() == pytest.approx(480_000, rel=4 * expected / 128)
        assert total.std() / 480_000 == pytest.approx(expected, rel=4 / 181)


class TestDraws:
    @pytest.mark.parametrize(
        ("asked", "made"), [(1, 8), (7, 8), (8, 8), (9, 16), (16_384, 16_384), (16_385, 16_392)]
    )
    def test_rounded_up(self, asked: int, made: int) -> None:
        """Draws come in eight parts of equal size, whose disagreement is the error."""
        year = future(about(712_000, sd=9_000), draws=asked)

        assert year.provenance.draws == made
        assert year._strength.shape == (13, made)
        assert year.standard_errors([0.5])[-1, 0] >= 0.0

    def test_default(self) -> None:
        """Unless told there are 65,536 draws of a seed that is always the same."""
        years = [
            project(
                force(about(712_000, sd=9_000, name="start")),
                losses=losses(),
                recruitment=intake(),
                until=date(2026, 4, 1),
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
        """Both methods there are give the same paths today."""
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

        assert median("auto") == median("paths")
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
        year = future(700_000, other=[losses(1_000, Category.DESERTED), intake(300), intake(200)])

        assert year.quantiles([0.5])[-1, 0] == pytest.approx(592_000 - 12 * 500)

    def test_omitted_exits(self) -> None:
        """Other losses are counted as exits, and what is left out is listed."""
        year = future(other=[losses(1_000, Category.DESERTED)])

        assert year.omitted_exits == (Category.DNB_DIED | Category.DNB_LOST | Category.DISCHARGED)
        assert year.provenance.omitted_exits == year.omitted_exits

    def test_exactly_known_levels_are_numbers(self) -> None:
        """A known number and the uncertain number that is known are one input."""
        assert losses(44_000) == losses(Uncertain.of(44_000))
