"""Answers of a projection that come without simulated paths."""

import pickle
from datetime import date

import numpy as np
import pytest
from scipy import stats

from attrition.accounts import Period
from attrition.projection import LossProcess, Projection
from attrition.uncertain import about, exp, from_draws, mixture
from tests.projection.futures import MONTHLY, future, intake, losses

START, HALF, END = date(2026, 2, 1), date(2026, 8, 1), date(2027, 2, 1)
STRENGTH = about(712_000, sd=20_000)
LOST, JOINED = about(44_000, sd=2_700), about(35_000, sd=2_100)
NOISY = losses(LOST, variation=MONTHLY)
EITHER = mixture([(0.6, LOST), (0.4, about(31_680, sd=1_500))])


def year(lost: LossProcess = NOISY) -> Projection:
    """A year by the best way there is."""
    return future(STRENGTH, lost, intake(JOINED), method="auto")


@pytest.fixture(scope="module", name="paths")
def make_paths() -> Projection:
    """The same year, simulated."""
    return future(STRENGTH, NOISY, intake(JOINED), draws=262_144)


class TestOrigin:
    def test_provenance(self) -> None:
        """It says how it was found, and that no path was simulated."""
        by_draws = future(from_draws([6e5, 7e5]), method="auto", draws=80).provenance

        assert (year().provenance.method, year().provenance.draws) == ("quadrature", 0)
        assert year(losses(LOST)).provenance.method == "exact"
        assert year(losses(EITHER)).provenance.method == "lattice"
        assert (by_draws.method, by_draws.draws) == ("draws", 80)

    @pytest.mark.parametrize(
        ("found", "text"),
        [
            (year(losses(LOST)), "found in closed form\n"),
            (year(), "found by quadrature, standard error up to "),
            (year(losses(EITHER)), "found on a lattice, standard error up to "),
            (
                future(from_draws([6e5, 7e5]), method="auto", draws=80),
                "found by 80 draws, standard error up to ",
            ),
        ],
        ids=["exact", "quadrature", "lattice", "draws"],
    )
    def test_text(self, found: Projection, text: str) -> None:
        """The table says how it was found."""
        assert text in str(found)


class TestAnswers:
    def test_fan_is_that_of_the_dates(self) -> None:
        """Quantiles at all dates are those of the strength on each."""
        q = [0.05, 0.5, 0.9]
        found = year()

        for place in (0, 3, 12):
            law = found.strength(found.dates[place])
            np.testing.assert_allclose(found.quantiles(q)[place], law.ppf(q), rtol=1e-5)
        assert found.strength(END).summary().method == "quadrature"
        assert found.standard_errors(q).shape == (13, 3)
        assert (found.standard_errors(q)[0] == 0.0).all()

    def test_net_change(self, paths: Projection) -> None:
        """The change over a period is found by quadrature too, and agrees with paths."""
        period = Period.months(2026, 3, count=4)
        found, simulated = year().net_change(period), paths.net_change(period)
        one, other = found.summary(), simulated.summary()

        assert one.method == "quadrature"
        for q, value in one.quantiles.items():
            assert abs(value - other.quantiles[q]) <= 5.0 * np.hypot(one.error, other.error)
        assert found.mean() == pytest.approx(-36_000, rel=1e-6)

    def test_probability_below(self, paths: Projection) -> None:
        """Probabilities below thresholds, known and tied, agree with paths."""
        for threshold in (600_000, 0.9 * STRENGTH, 15.0 * LOST):
            one, other = ((p.strength(END) < threshold).summary() for p in (year(), paths))
            assert one.method == "quadrature"
            assert 0.05 < one.probability < 0.95
            gap = abs(one.probability - other.probability)
            assert gap <= 5.0 * np.hypot(one.error, other.error)

    def test_known_strength_is_not_below_itself(self) -> None:
        """A known strength is at most its value and not below it."""
        known = future(712_000, method="auto")

        assert known.strength(HALF).summary().method == "exact"
        assert known.probability_below(712_000 - 6 * 9_000, on=HALF) == 0.0
        assert known.probability_below(712_000 - 6 * 9_000 + 1, on=HALF) == 1.0

    def test_later_below_earlier(self) -> None:
        """Two dates of one strength are compared by rules, with a closed form without noise."""
        found = year(losses(LOST))
        event = (found.strength(END) < found.strength(HALF)).summary()

        assert event.method == "exact"
        expected = stats.norm.cdf(9_000 / np.hypot(2_700, 2_100))
        assert event.probability == pytest.approx(expected, rel=1e-9)

    def test_passage(self, paths: Projection) -> None:
        """First passages are found on the lattice, and agree with paths."""
        one, other = (p.passage(0.9 * STRENGTH) for p in (year(), paths))
        assert one.method == "lattice"
        assert other.method == "draws"
        for day in (date(2026, 4, 1), HALF, END):
            gap = abs(one.probability(by=day) - other.probability(by=day))
            errors = one.standard_error(by=day), other.standard_error(by=day)
            assert gap <= 5.0 * np.hypot(*errors)

    def test_two_projections(self) -> None:
        """Two futures in one number are looked at together on the lattice."""
        fewer = about(31_000, sd=900)
        other = future(STRENGTH, losses(LOST), intake(fewer), method="auto")
        found = (year(losses(LOST)).strength(END) - other.strength(END)).summary()

        # Start and losses are the same unknowns: what is left is the recruits.
        assert found.method == "lattice"
        law = stats.norm(12 * 4_000, 12 * np.hypot(2_100, 900))
        for q, value in found.quantiles.items():
            assert value == pytest.approx(law.ppf(q), abs=7 * found.error)
        assert found.error < 0.02 * law.std()

    def test_smooth_function(self) -> None:
        """A function of strength that is no sum is found on the lattice."""
        found = exp(year().strength(END) / 712_000).summary()

        assert found.method == "lattice"

    def test_noise_of_three_futures(self) -> None:
        """The noise of three futures is three noises."""
        futures = [
            future(712_000, losses(about(44_000, sd=1), variation=MONTHLY), method="auto")
            for _ in range(3)
        ]
        one, two, three = (f.strength(END) for f in futures)
        alone = one.std()

        # A second standard error is a 256th; what is tied would be nothing.
        assert (one * 1e-9 + two - three).std() == pytest.approx(np.sqrt(2.0) * alone, rel=0.05)
        assert (one - two).std() == pytest.approx(np.sqrt(2.0) * alone, rel=0.05)


class TestSame:
    @pytest.mark.parametrize("lost", [losses(LOST), NOISY, losses(EITHER)], ids=str)
    def test_there_and_back_through_pickle(self, lost: LossProcess) -> None:
        """A projection and its strength come back, with the same numbers."""
        found = year(lost)
        strength = found.strength(END)
        again, strength_again = pickle.loads(pickle.dumps((found, strength)))

        assert strength_again == strength == again.strength(END)
        assert strength_again.ppf(0.05) == strength.ppf(0.05)
        assert again.quantiles([0.05, 0.9]).tolist() == found.quantiles([0.05, 0.9]).tolist()
        assert again.provenance == found.provenance
        assert str(again) == str(found)
        below = [p.probability_below(600_000, on=END) for p in (found, again)]
        assert below[0] == below[1]

    def test_every_time(self) -> None:
        """Two calls give identical numbers."""
        one, two = (year() for _ in range(2))

        assert one.quantiles([0.05, 0.5]).tolist() == two.quantiles([0.05, 0.5]).tolist()
        assert one.strength(END) == two.strength(END)
        passages = [found.passage(650_000).probability(by=END) for found in (one, two)]
        changes = [found.net_change(Period.month(2026, 5)).ppf(0.2) for found in (one, two)]
        assert passages[0] == passages[1]
        assert changes[0] == changes[1]
