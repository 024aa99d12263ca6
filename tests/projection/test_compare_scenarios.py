import inspect
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import numpy as np
import pytest

from attrition._typing import Seed
from attrition.errors import EstimateError, PeriodError, ProjectionError
from attrition.projection import Scenario, compare_scenarios, project
from attrition.projection.compare_scenarios import REQUIRED
from attrition.uncertain import about
from tests.accounts.records import unchecked
from tests.projection.futures import intake, of
from tests.projection.whatifs import END, FEWER, MORE, NOISY, TODAY, today

SEED = 20260101
Q = [0.05, 0.5, 0.95]


class TestCompareScenarios:
    def test_each_is_a_projection(self) -> None:
        """A scenario is projected from the arguments of the base with its own in their place."""
        found = compare_scenarios(TODAY, [FEWER, MORE], draws=800, method="paths", rng=SEED)
        by_hand = project(
            TODAY.changes["force"],
            losses=FEWER.changes["losses"],
            recruitment=TODAY.changes["recruitment"],
            until=END,
            draws=800,
            method="paths",
            rng=SEED,
        )

        assert found.names == ("as today", "a tenth fewer lost", "5,000 more recruits")
        np.testing.assert_array_equal(found.quantiles(Q)[1], by_hand.quantiles(Q))

    def test_required_arguments(self) -> None:
        """What the base has to have is what project has no default for."""
        parameters = inspect.signature(project).parameters.values()

        assert [p.name for p in parameters if p.default is p.empty] == list(REQUIRED)

    def test_common_random_numbers(self) -> None:
        """An input that a scenario states anew under its name keeps its random numbers."""
        anew = Scenario("anew", recruitment=intake(about(40_000, sd=2_100, name="joined")))
        found = compare_scenarios(today(NOISY), [anew])
        base, more = (found.projection(name).paths(800, rng=SEED).strength for name in found.names)

        # 5,000 more arrive in each of the twelve months, in every one of the 800 futures.
        expected = np.broadcast_to(5_000.0 * np.arange(13)[:, None], base.shape)
        np.testing.assert_allclose(more - base, expected, atol=1e-6)

    @pytest.mark.parametrize(
        "rng", [7, np.random.SeedSequence(7), np.random.default_rng(7), np.random.PCG64(7)]
    )
    def test_one_seed_for_all(self, rng: Seed) -> None:
        """A generator is asked for a seed once, so that scenarios differ by what they change."""
        found = compare_scenarios(TODAY, [Scenario("same")], draws=800, rng=rng)
        seeds = {found.projection(name).provenance.seed for name in found.names}

        assert len(seeds) == 1
        assert seeds == {int(np.random.default_rng(7).integers(2**63))} or not isinstance(rng, int)

    def test_executor(self) -> None:
        """The numbers do not depend on who computes them."""
        with ThreadPoolExecutor(2) as pool:
            elsewhere = compare_scenarios(
                TODAY, [FEWER], draws=20_000, method="paths", executor=pool
            )
        here = compare_scenarios(TODAY, [FEWER], draws=20_000, method="paths")

        np.testing.assert_array_equal(elsewhere.quantiles(Q), here.quantiles(Q))

    def test_method(self) -> None:
        """The method goes on to project, which refuses what it does not know."""
        compare_scenarios(TODAY, [], draws=8, method="paths")
        with pytest.raises(ProjectionError, match="method is 'guess'") as caught:
            unchecked(compare_scenarios)(TODAY, [FEWER], method="guess")

        assert caught.value.__notes__ == ["It was raised by the scenario 'as today'."]

    def test_progress(self) -> None:
        """Progress counts projections, the base among them."""
        seen: list[tuple[int, int]] = []
        compare_scenarios(
            TODAY, [FEWER, MORE], draws=8, progress=lambda done, total: seen.append((done, total))
        )

        assert seen == [(1, 3), (2, 3), (3, 3)]

    def test_cancelled(self) -> None:
        """Whoever cancels keeps the scenarios that are done, each of them whole."""
        answers = iter([False, False, True])
        found = compare_scenarios(
            TODAY, [FEWER, MORE], draws=24, method="paths", cancel=lambda: next(answers)
        )

        assert found.names == ("as today", "a tenth fewer lost")
        assert found.projection("a tenth fewer lost").provenance.draws == 24

    def test_cancelled_at_once(self) -> None:
        """Without the base there is nothing to compare."""
        with pytest.raises(ProjectionError) as caught:
            compare_scenarios(TODAY, [FEWER], cancel=lambda: True)

        assert str(caught.value) == (
            "the comparison was cancelled before its base was done: there is nothing to return. "
            "Cancel later."
        )

    def test_any_iterable(self) -> None:
        """Scenarios may come from a generator, as in a sweep of levels."""

        def sweep() -> Iterator[Scenario]:
            for level in range(30_000, 50_000, 100):
                yield Scenario(f"{level:,} recruits", recruitment=intake(level))

        found = compare_scenarios(TODAY, sweep(), draws=16)
        chances = found.probability_below(640_000, on=END)

        assert found.quantiles(Q).shape == (201, 13, 3)
        assert chances.shape == (201,)
        # More recruits never mean fewer people: on common numbers without any exception.
        assert (np.diff(chances[1:]) <= 0.0).all()
        assert chances[1] > chances[-1]


class TestRefusals:
    def test_base_lacks(self) -> None:
        """The base says what it lacks, in the order of project."""
        with pytest.raises(ProjectionError) as caught:
            compare_scenarios(FEWER, [MORE])

        assert str(caught.value) == (
            "the base 'a tenth fewer lost' lacks force, recruitment, until: expected all that "
            'project needs. Type Scenario("as today", force=..., losses=..., recruitment=..., '
            "until=...)."
        )

    def test_base_is_no_scenario(self) -> None:
        """A base is a scenario."""
        with pytest.raises(EstimateError) as caught:
            unchecked(compare_scenarios)(3, [MORE])

        assert str(caught.value) == (
            "base is 3: expected a Scenario. Type for example "
            'base=Scenario("as today", force=..., losses=..., recruitment=..., until=...).'
        )

    @pytest.mark.parametrize("twice", [[FEWER, FEWER], [Scenario("as today")]])
    def test_one_name_twice(self, twice: list[Scenario]) -> None:
        """Two scenarios of one name are refused, and one with the name of the base."""
        with pytest.raises(ProjectionError) as caught:
            compare_scenarios(TODAY, twice)

        assert str(caught.value) == (
            f"two scenarios are named {twice[0].name!r}: expected a name for each, as answers "
            f"are asked for by name. Type another name for one of them."
        )

    def test_no_list(self) -> None:
        """A single scenario is no list of them."""
        with pytest.raises(ProjectionError) as caught:
            unchecked(compare_scenarios)(TODAY, Scenario("same"))

        assert str(caught.value) == (
            "scenarios is Scenario('same'): expected a list of them. "
            'Type for example [Scenario("more recruits", recruitment=...)].'
        )

    def test_something_else_in_the_list(self) -> None:
        """Every member of the list is a scenario."""
        with pytest.raises(EstimateError) as caught:
            unchecked(compare_scenarios)(TODAY, [FEWER, "more"])

        assert str(caught.value) == (
            "scenarios[1] is 'more': expected a Scenario. Type for example "
            'scenarios[1]=Scenario("fewer losses", losses=...).'
        )

    def test_the_note_names_the_scenario(self) -> None:
        """Of a thousand scenarios, the one that project refuses is named."""
        late = Scenario("late", force=of(700_000, date(2028, 2, 1)))
        with pytest.raises(PeriodError) as caught:
            compare_scenarios(TODAY, [FEWER, late], draws=8)

        assert caught.value.__notes__ == ["It was raised by the scenario 'late'."]
