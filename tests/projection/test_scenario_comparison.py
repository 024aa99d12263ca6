import pickle
from datetime import date

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from scipy import stats

from attrition.accounts import Per
from attrition.errors import DependenceError, ParameterError, PeriodError, ProjectionError
from attrition.projection import Scenario, ScenarioComparison, compare_scenarios
from attrition.uncertain import about, draws
from tests.accounts.records import unchecked
from tests.projection.futures import intake, of
from tests.projection.whatifs import END, FEWER, LOST, MORE, NOISY, TODAY, lost, today

SEED = 20260101
BANDS = [0.05, 0.25, 0.5, 0.75, 0.95]
MID = date(2026, 8, 1)
NOISY_FEWER = Scenario("fewer", losses=lost(0.9 * LOST, NOISY))
ANEW = Scenario("anew", recruitment=intake(about(40_000, sd=2_100, name="joined")))


@pytest.fixture(scope="module", name="plain")
def make_plain() -> ScenarioComparison:
    """Normal inputs, no noise: everything is known in closed form."""
    return compare_scenarios(TODAY, [FEWER, MORE])


@pytest.fixture(scope="module", name="noisy")
def make_noisy() -> ScenarioComparison:
    """Losses that vary from month to month."""
    return compare_scenarios(today(NOISY), [NOISY_FEWER, ANEW])


class TestParts:
    def test_names(self, plain: ScenarioComparison) -> None:
        """The base comes first, the others as they were given."""
        assert plain.names == ("as today", "a tenth fewer lost", "5,000 more recruits")
        assert plain.projection("as today").force is TODAY.changes["force"]
        assert repr(plain) == "<ScenarioComparison of 3, 'as today' first>"

    def test_unknown_name(self, plain: ScenarioComparison) -> None:
        """A name that nobody has is refused with those there are."""
        with pytest.raises(ProjectionError) as caught:
            plain.projection("fewer")

        assert str(caught.value) == (
            "there is no scenario 'fewer': expected one of 'as today', 'a tenth fewer lost', "
            "'5,000 more recruits'. Type it as the scenario is named."
        )

    def test_unknown_name_among_many(self) -> None:
        """Of many names, the first are listed and the others counted."""
        many = compare_scenarios(TODAY, [Scenario(str(n)) for n in range(8)])
        with pytest.raises(ProjectionError) as caught:
            many.difference("8", on=END)

        assert str(caught.value) == (
            "there is no scenario '8': expected one of 'as today', '0', '1', '2', '3', '4' and 3 "
            "more. Type it as the scenario is named."
        )

    def test_dates_in_common(self) -> None:
        """Scenarios of other horizons and steps are held against each other where all look."""
        short = Scenario("short", until=date(2026, 6, 1))
        yearly = Scenario("quarter", step=Per.WEEK)
        found = compare_scenarios(TODAY, [short, yearly])
        shared = set(found.projection("short").dates) & set(found.projection("quarter").dates)

        assert set(found.dates) == shared
        assert list(found.dates) == sorted(shared)
        assert found.quantiles([0.5]).shape == (3, len(shared), 1)
        for place, name in enumerate(found.names):
            own = found.projection(name)
            for row, day in enumerate(found.dates):
                expected = own.strength(day).ppf(0.5)
                assert found.quantiles([0.5])[place, row, 0] == pytest.approx(expected, rel=1e-9)

    def test_no_date_in_common(self) -> None:
        """Futures that never meet cannot be compared."""
        later = Scenario("later", force=of(700_000, date(2028, 2, 1)), until=date(2029, 2, 1))
        with pytest.raises(PeriodError) as caught:
            compare_scenarios(TODAY, [later])

        assert str(caught.value) == (
            "the scenarios have no date in common: 2026-02-01 to 2027-02-01 is that of the base. "
            "Type the same step in all of them, and let their spans overlap."
        )

    def test_pickle(self, plain: ScenarioComparison) -> None:
        """It goes through a pickle with its numbers."""
        copy = pickle.loads(pickle.dumps(plain))

        assert copy.dates == plain.dates
        np.testing.assert_array_equal(copy.quantiles(BANDS), plain.quantiles(BANDS))


class TestDifference:
    def test_closed_form(self, plain: ScenarioComparison) -> None:
        """A tenth of twelve months of losses, and nothing of what both have in common."""
        found = plain.difference("a tenth fewer lost", on=END)

        assert found.mean() == pytest.approx(0.1 * 12 * 44_000, abs=20)
        assert found.std() == pytest.approx(0.1 * 12 * 2_700, rel=2e-3)
        assert plain.difference("5,000 more recruits", on=MID).std() == pytest.approx(0, abs=1e-6)

    def test_nothing_changes(self) -> None:
        """A scenario that changes nothing differs by exactly zero, noise and all."""
        found = compare_scenarios(today(NOISY), [Scenario("same")]).difference("same", on=END)

        assert (found.mean(), found.std()) == (0.0, 0.0)

    def test_noise_hits_both_alike(self, noisy: ScenarioComparison) -> None:
        """The noise of a flow is the same where only its level differs: a tenth of it is left."""
        found = noisy.difference("fewer", on=END)
        # With losses L f in a month, what is left is L / 10 times the sum of twelve factors.
        lag = np.abs(np.subtract.outer(np.arange(12), np.arange(12)))
        covariance = np.exp(0.15**2 * 0.7**lag + 0.08**2 * (lag == 0)) - 1
        sum_squared, sum_variance = 144.0, covariance.sum()
        level = 2_700**2
        variance = (44_000**2 + level) * (sum_squared + sum_variance) - 44_000**2 * sum_squared

        assert found.mean() == pytest.approx(52_800, rel=2e-3)
        assert found.std() == pytest.approx(0.1 * np.sqrt(variance), rel=0.02)

    def test_tied_to_the_base(self, noisy: ScenarioComparison) -> None:
        """The base and the difference move together: more noise, more to be saved."""
        base = noisy.projection("as today").strength(END)
        start, more, level = draws(base, noisy.difference("fewer", on=END), LOST, n=4_000, rng=SEED)

        assert np.corrcoef(start, more)[0, 1] < -0.8
        assert np.corrcoef(level, more)[0, 1] > 0.4

    def test_another_start(self) -> None:
        """Noise of another month is another noise, so it does not cancel."""
        later = Scenario("later", force=of(712_000, date(2026, 3, 1)))
        found = compare_scenarios(today(NOISY), [later])
        apart = found.difference("later", on=END).std()
        alone = found.projection("later").strength(END).std()

        assert apart > 0.5 * alone

    def test_two_flows_of_a_kind(self) -> None:
        """Noises of several flows of one kind are matched in their order."""
        more = lost(about(1_000, sd=100, name="elsewhere"), NOISY)
        base = unchecked(Scenario)("base", **{**today(NOISY).changes, "other": [more]})
        found = compare_scenarios(base, [NOISY_FEWER])
        without = compare_scenarios(today(NOISY), [NOISY_FEWER])

        assert found.difference("fewer", on=END).std() == pytest.approx(
            without.difference("fewer", on=END).std(), rel=0.02
        )

    def test_one_name_for_two_unknowns(self, noisy: ScenarioComparison) -> None:
        """Another unknown under the name of one of the base is refused, with the way out."""
        with pytest.raises(DependenceError) as caught:
            noisy.difference("anew", on=END)

        assert str(caught.value) == (
            "cannot take 'anew' less 'as today': two different unknowns are both named 'joined': "
            "one name means one unknown. Use the same object twice for one unknown, or give the "
            "other another name. In a scenario, derive the number from that of the base, for "
            "example level=0.9 * level."
        )


class TestArrays:
    def test_rows(self, noisy: ScenarioComparison) -> None:
        """A row of each array is that of the projection of the scenario."""
        for place, name in enumerate(noisy.names):
            own = noisy.projection(name)
            for found, expected in (
                (noisy.quantiles(BANDS), own.quantiles(BANDS)),
                (noisy.standard_errors(BANDS), own.standard_errors(BANDS)),
            ):
                np.testing.assert_array_equal(found[place], expected)
            assert noisy.probability_below(640_000, on=MID)[place] == own.probability_below(
                640_000, on=MID
            )

    def test_probability_below(self, plain: ScenarioComparison) -> None:
        """It is that of a normal law in every scenario; a tied threshold stays tied."""
        means = np.array([604_000, 604_000 + 52_800, 664_000])
        levels = np.array([2_700, 0.9 * 2_700, 2_700])
        flows = 12 * np.hypot(levels, 2_100)
        strength = TODAY.changes["force"].strength

        np.testing.assert_allclose(
            plain.probability_below(640_000, on=END),
            stats.norm.cdf(640_000, means, np.hypot(20_000, flows)),
            rtol=1e-3,
        )
        np.testing.assert_allclose(
            plain.probability_below(0.9 * strength, on=END),
            stats.norm.cdf(0, means - 0.9 * 712_000, np.hypot(0.1 * 20_000, flows)),
            rtol=1e-2,
        )

    def test_bad_arguments(self, plain: ScenarioComparison) -> None:
        """Levels and dates are checked as those of a projection."""
        with pytest.raises(ParameterError, match="q is 1: expected a number inside"):
            plain.quantiles([1.0])
        with pytest.raises(PeriodError, match="on is 2026-02-03, which is no date"):
            plain.probability_below(1, on=date(2026, 2, 3))
        with pytest.raises(PeriodError, match="on is 2026-02-03, which is no date"):
            plain.table(date(2026, 2, 3))


class TestText:
    def test_table(self, plain: ScenarioComparison) -> None:
        """Strength and what is gained by scenario, in closed form."""
        half = 1.6448536 * np.hypot(20_000, 12 * np.hypot(2_700, 2_100))

        assert str(plain) == (
            "scenario              median  90 % from       to  against base  90 % from       to\n"
            "-------------------  -------  ---------  -------  ------------  ---------  -------\n"
            f"as today             604,000    {604_000 - half:,.0f}  {604_000 + half:,.0f}\n"
            "a tenth fewer lost   656,800    585,380  728,220       +52,797    +47,483  +58,142\n"
            "5,000 more recruits  664,000    588,897  739,103       +60,000    +60,000  +60,000\n"
            "strength on 2027-02-01, found in closed form"
        )
        assert plain.table(END) == str(plain).rpartition("\n")[0]

    def test_difference_that_cannot_be_taken(self, noisy: ScenarioComparison) -> None:
        """A scenario with its own unknown under a name of the base has strength alone."""
        _, _, base, fewer, anew, found = str(noisy).splitlines()

        assert len(base.split()) == 5
        assert len(anew.split()) == 4
        assert len(fewer.split()) == 7
        error = noisy.standard_errors([0.5, 0.05, 0.95])[:, -1].max()
        assert found == (
            "strength on 2027-02-01, found by quadrature, standard error up to " + f"{error:,.0f}"
        )

    def test_many(self) -> None:
        """A long list is cut for print, and says so."""
        many = compare_scenarios(TODAY, [Scenario(str(n)) for n in range(20)])
        lines = str(many).splitlines()

        assert len(lines) == 2 + 15 + 2
        assert lines[-2] == "and 6 more"
        assert len(many.table(END).splitlines()) == 2 + 21


class TestPlot:
    def test_fans(self, noisy: ScenarioComparison) -> None:
        """Each scenario has its median on the axes of the caller, under its name."""
        ax = Figure().subplots()
        found = noisy.plot(ax)

        assert found is ax
        assert ax.get_ylabel() == "strength, people"
        assert ax.get_legend_handles_labels()[1] == list(noisy.names)
        medians = ax.get_legend_handles_labels()[0]
        for line, rows in zip(medians, noisy.quantiles([0.5]), strict=True):
            assert isinstance(line, Line2D)
            drawn = np.asarray(line.get_ydata(), dtype=np.float64)
            np.testing.assert_allclose(drawn, rows.ravel(), rtol=1e-9)
        assert not ax.texts

    def test_some_of_them(self, noisy: ScenarioComparison) -> None:
        """Names choose what is drawn, and in which order."""
        ax = noisy.plot(Figure().subplots(), names=["anew", "as today"])

        assert ax.get_legend_handles_labels()[1] == ["anew", "as today"]

    def test_caption(self, noisy: ScenarioComparison) -> None:
        """On request, method and the largest error of what is drawn stand beneath."""
        ax = noisy.plot(Figure().subplots(), names=["fewer"], caption=True)
        error = noisy.standard_errors(BANDS)[1].max()

        assert [text.get_text() for text in ax.texts] == [
            f"found by quadrature, standard error up to {error:,.0f}"
        ]

    def test_on_new_axes(self, plain: ScenarioComparison) -> None:
        """Without axes there are new ones."""
        from matplotlib import pyplot as plt

        ax = plain.plot()
        try:
            assert ax.figure is plt.gcf()
        finally:
            plt.close()
