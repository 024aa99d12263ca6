import pickle
from datetime import date

import numpy as np
import pytest
from scipy import stats

import attrition
from attrition.accounts import Category, Period
from attrition.errors import ParameterError, PeriodError
from attrition.projection import IntakeProcess, LossProcess, Projection
from attrition.uncertain import Uncertain, about, draws, exactly, probability
from tests.accounts.records import unchecked
from tests.projection.futures import MONTHLY, SEED, drawn, future, intake, losses

START, END = date(2026, 2, 1), date(2027, 2, 1)
STRENGTH = about(712_000, sd=20_000)
LOST = losses(about(44_000, sd=2_700), variation=MONTHLY)
JOINED = intake(about(35_000, sd=2_100))


def made(lost: LossProcess = LOST, joined: IntakeProcess = JOINED, n: int = 16_384) -> Projection:
    """A year of an uncertain force."""
    return future(STRENGTH, lost, joined, draws=n)


@pytest.fixture(scope="module", name="year")
def make_year() -> Projection:
    """The year, simulated once."""
    return made()


@pytest.fixture(scope="module", name="normal")
def make_normal() -> Projection:
    """A year that is a sum of normals, so that every answer has a closed form."""
    return future(STRENGTH, losses(about(44_000, sd=2_700)), JOINED, draws=65_536)


class TestDates:
    def test_start_and_every_boundary(self, year: Projection) -> None:
        """The first date is the start, the last one the horizon."""
        assert year.dates == (*(date(2026, m, 1) for m in range(2, 13)), date(2027, 1, 1), END)

    def test_no_date_of_it(self, year: Projection) -> None:
        """Strength is known on these dates only, and the message names the two next to it."""
        message = (
            "on is 2026-03-20, which is no date of this projection from 2026-02-01 to 2027-02-01: "
            "expected the start or the end of a step. Type datetime.date(2026, 3, 1) or "
            "datetime.date(2026, 4, 1), or project in smaller steps."
        )
        with pytest.raises(PeriodError) as strength:
            year.strength(date(2026, 3, 20))
        with pytest.raises(PeriodError) as below:
            year.probability_below(1, on=date(2026, 3, 20))
        with pytest.raises(PeriodError) as no_date:
            unchecked(year.strength)("March")

        assert str(strength.value) == message
        assert str(below.value) == message
        assert str(no_date.value) == (
            "on is 'March': expected a datetime.date. "
            "Type for example on=datetime.date(2026, 1, 1)."
        )


class TestStrength:
    def test_closed_form(self, normal: Projection) -> None:
        """With steady normal levels strength is normal, with a spread that grows with time."""
        for months, day in enumerate(normal.dates):
            law = stats.norm(712_000 - 9_000 * months, np.hypot(20_000, months * 3_420.5))
            found = normal.quantiles([0.05, 0.5, 0.95])[months]
            density = law.pdf(law.ppf([0.05, 0.5, 0.95]))
            error = np.sqrt(np.array([0.0475, 0.25, 0.0475]) / 65_536) / density

            np.testing.assert_allclose(found, law.ppf([0.05, 0.5, 0.95]), atol=4 * error.max())
            assert normal.strength(day).mean() == pytest.approx(law.mean(), abs=law.std() / 64)

    def test_start_is_the_force(self, year: Projection) -> None:
        """The strength at the start is the figure itself: the difference is exactly zero."""
        gap = year.strength(START) - year.force.strength

        assert year.strength(START) == STRENGTH
        assert gap.std() == 0.0
        assert gap.median() == 0.0

    def test_net_change(self, year: Projection) -> None:
        """The change over a period is the difference of its two dates, as one number."""
        spring = Period.months(2026, 3, count=3)
        found = year.net_change(spring)

        assert found == year.strength(date(2026, 6, 1)) - year.strength(date(2026, 3, 1))
        assert found.same_law(year.strength(date(2026, 6, 1)) - year.strength(date(2026, 3, 1)))
        assert found.mean() == pytest.approx(-27_000, abs=400)
        # Far narrower than that of two forces that know nothing of each other.
        assert found.std() < 0.8 * year.strength(date(2026, 6, 1)).std()

    def test_net_change_outside(self, year: Projection) -> None:
        """A period has to begin and end on dates of the projection."""
        with pytest.raises(PeriodError) as caught:
            year.net_change(Period.spanning(date(2026, 3, 1), date(2026, 3, 14)))

        assert str(caught.value).startswith("on is 2026-03-15, which is no date of this projection")

    def test_tied_to_the_inputs(self, normal: Projection) -> None:
        """Strength moves with the level of the losses in every draw."""
        end, start, lost, joined = draws(
            normal.strength(END), STRENGTH, _level(normal, 0), JOINED.level, n=400, rng=SEED
        )

        np.testing.assert_allclose(end, start + 12 * (joined - lost), rtol=1e-12)

    def test_tied_across_dates(self, year: Projection) -> None:
        """The paths behind two dates are the same paths."""
        a, b, change = draws(
            year.strength(date(2026, 5, 1)),
            year.strength(END),
            year.net_change(Period(start=date(2026, 5, 1), end=END)),
            n=400,
            rng=SEED,
        )

        np.testing.assert_allclose(b - a, change, rtol=1e-9)

    def test_never_negative(self) -> None:
        """The support of a strength begins at nobody."""
        small = future(about(60_000, sd=9_000), LOST, intake(0), draws=800)

        assert small.strength(END).support()[0] == 0.0
        assert small.quantiles([0.01, 0.99])[-1].tolist() == [0.0, 0.0]


def _level(projection: Projection, place: int) -> Uncertain:
    """The level of the losses, which comes right after the start."""
    return Uncertain(projection._future.inputs[1 + place])


class TestQuantiles:
    def test_the_same_as_of_each_date(self, year: Projection) -> None:
        """A row is the quantiles of the strength on its date, the start's in closed form."""
        q = [0.05, 0.25, 0.9]
        found = year.quantiles(q)

        assert found.shape == (13, 3)
        np.testing.assert_allclose(found[0], stats.norm(712_000, 20_000).ppf(q), rtol=1e-12)
        for place in (1, 7, 12):
            np.testing.assert_array_equal(found[place], year.strength(year.dates[place]).ppf(q))

    def test_one_level(self, year: Projection) -> None:
        """A single probability makes one column."""
        np.testing.assert_array_equal(year.quantiles(0.5), year.quantiles([0.5]))

    def test_interval(self, year: Projection) -> None:
        """The central interval leaves half of the rest on either side."""
        np.testing.assert_allclose(year.interval(0.9), year.quantiles([0.05, 0.95]), rtol=1e-12)

    def test_standard_errors(self, normal: Projection) -> None:
        """The start has no error; later dates have that of a quantile of so many draws."""
        errors = normal.standard_errors([0.5, 0.95])
        law = stats.norm(0, np.hypot(20_000, 12 * 3_420.5))
        expected = [np.sqrt(p * (1 - p) / 65_536) / law.pdf(law.ppf(p)) for p in (0.5, 0.95)]

        assert errors[0].tolist() == [0.0, 0.0]
        assert (errors[-1] / expected > 0.3).all()
        assert (errors[-1] / expected < 2.5).all()
        assert errors[-1, 1] == normal.strength(END)._law().error(0.95)

    @pytest.mark.parametrize("q", [0.0, 1.0, 1.5, -0.1])
    def test_outside(self, year: Projection, q: float) -> None:
        """Probabilities of quantiles and intervals lie inside (0, 1)."""
        with pytest.raises(ParameterError) as quantile:
            year.quantiles([0.5, q])
        with pytest.raises(ParameterError) as error:
            year.standard_errors(q)
        with pytest.raises(ParameterError) as interval:
            year.interval(q)

        message = f"q is {q:g}: expected a number inside (0, 1). Write 90 per cent as q=0.9."
        assert str(quantile.value) == message
        assert str(error.value) == message
        assert str(interval.value) == message.replace("q ", "confidence ").replace(
            "q=", "confidence="
        )


class TestProbabilityBelow:
    def test_is_that_of_the_event(self, year: Projection) -> None:
        """The probability is that of strength being less, on the same paths."""
        for day in (date(2026, 6, 1), END):
            found = year.probability_below(640_000, on=day)

            assert found == probability(year.strength(day) < 640_000)
            assert found == pytest.approx(year.strength(day).cdf(640_000), abs=1e-12)

    def test_closed_form(self, normal: Projection) -> None:
        """With normal inputs it is a normal probability."""
        law = stats.norm(604_000, np.hypot(20_000, 12 * 3_420.5))
        expected = law.cdf(600_000)

        assert normal.probability_below(600_000, on=END) == pytest.approx(
            expected, abs=4 * np.sqrt(expected * (1 - expected) / 65_536)
        )

    def test_at_the_start(self, year: Projection) -> None:
        """At the start it is exact."""
        assert year.probability_below(700_000, on=START) == pytest.approx(
            stats.norm.cdf(-0.6), rel=1e-12
        )

    def test_tied_threshold(self, normal: Projection) -> None:
        """Ten per cent less than the start knows nothing of how large the start is."""
        expected = stats.norm.cdf(-71_200, -108_000, np.hypot(2_000, 12 * 3_420.5))

        found = 1 - normal.probability_below(0.9 * STRENGTH, on=END)
        assert found == pytest.approx(
            1 - expected, abs=4 * np.sqrt(expected * (1 - expected) / 65_536)
        )

    def test_passage_of_a_tied_threshold(self, normal: Projection) -> None:
        """A force that only falls is below by a date where it is below on it."""
        for day in (date(2026, 8, 1), END):
            on = normal.probability_below(0.9 * STRENGTH, on=day)

            assert normal.passage(0.9 * STRENGTH).probability(by=day) == pytest.approx(on, abs=0.01)

    def test_by_is_never_less_than_on(self, year: Projection) -> None:
        """Who is below on a date has been below by it."""
        passage = year.passage(660_000)
        for day in year.dates:
            on = year.probability_below(660_000, on=day)

            # At the start, in closed form, it is known better: sqrt(.0047 / 16,384) is .0005.
            assert passage.probability(by=day) >= on - (0.002 if day == START else 0.0)


class TestPaths:
    def test_shapes(self, year: Projection) -> None:
        """Strength has a row for each date, the flows one for each step."""
        paths = year.paths(50, rng=SEED)

        assert paths.strength.shape == (13, 50)
        assert [rows.shape for rows in paths[1:]] == [(12, 50)] * 3

    def test_people_are_conserved(self, year: Projection) -> None:
        """Start + arrivals + returns - losses is the end."""
        paths = year.paths(50, rng=SEED)
        net = np.cumsum(paths.arrivals + paths.returns - paths.losses, axis=0)

        np.testing.assert_allclose(paths.strength[0] + net, paths.strength[1:], rtol=1e-12)

    def test_fewer_are_the_first_of_more(self, year: Projection) -> None:
        """Asking for more paths changes none of those that one had."""
        few, many = year.paths(50, rng=SEED), year.paths(20_000, rng=SEED)

        np.testing.assert_array_equal(few.strength, many.strength[:, :50])
        assert not np.array_equal(few.strength, year.paths(50, rng=SEED + 1).strength)

    def test_paths_of_the_projection(self) -> None:
        """With the seed of the projection its paths are the draws that it was made with."""
        year = made(n=80)
        generator = np.random.default_rng(5)
        twin = future(STRENGTH, LOST, JOINED, draws=80, rng=5)

        np.testing.assert_array_equal(twin.paths(80, rng=generator).strength[1:], drawn(twin)[1:])
        assert not np.array_equal(drawn(twin), drawn(year))

    def test_no_number(self, year: Projection) -> None:
        """Paths are counted from one on."""
        with pytest.raises(ParameterError) as caught:
            year.paths(0, rng=SEED)

        assert str(caught.value) == (
            "n is 0: expected a whole number of draws, at least 1. Type for example n=10_000."
        )


class TestProvenance:
    def test_everything_is_told(self, year: Projection) -> None:
        """Method, draws, seed, versions and what was left out."""
        import scipy

        found = year.provenance

        assert (found.method, found.draws, found.seed) == ("draws", 16_384, 20_260_201)
        assert found.versions == {
            "attrition": attrition.__version__,
            "numpy": np.__version__,
            "scipy": scipy.__version__,
        }
        assert found.omitted_exits == (
            Category.DNB_DIED | Category.DNB_LOST | Category.DESERTED | Category.DISCHARGED
        )

    def test_seed_of_the_caller(self) -> None:
        """The seed is what a generator of the caller's seed gives first."""
        expected = int(np.random.default_rng(7).integers(2**63))

        assert future(draws=8, rng=7).provenance.seed == expected

    def test_there_and_back_through_pickle(self, year: Projection) -> None:
        """A projection comes back with its draws and its answers."""
        copy = pickle.loads(pickle.dumps(year))

        assert copy.provenance == year.provenance
        np.testing.assert_array_equal(copy.quantiles([0.1]), year.quantiles([0.1]))
        assert copy.strength(END) == year.strength(END)


class TestEquality:
    def test_by_identity(self, year: Projection) -> None:
        """A projection is equal to itself only; its numbers are compared by identity."""
        twin = made()

        assert year == year
        assert year != twin
        assert year.strength(END) == twin.strength(END)
        assert exactly(3) == exactly(3)
