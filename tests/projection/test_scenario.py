import inspect
import pickle
from datetime import date

import attrs
import pytest

from attrition.accounts import Per
from attrition.errors import EstimateError, ProjectionError
from attrition.projection import Scenario, compare_scenarios, project
from attrition.projection.scenario import KNOWN
from tests.accounts.records import unchecked
from tests.projection.futures import intake
from tests.projection.whatifs import FEWER, TODAY


class TestScenario:
    def test_arguments_are_those_of_project(self) -> None:
        """What a scenario may change is what project takes and compare_scenarios does not."""
        taken = set(inspect.signature(project).parameters)
        options = set(inspect.signature(compare_scenarios).parameters) - {"base", "scenarios"}

        assert set(KNOWN) == taken - options
        assert options < taken

    def test_changes(self) -> None:
        """It keeps what it was given, in the order of project's arguments, None included."""
        found = Scenario("x", until=date(2027, 1, 1), returns=None, losses=FEWER.changes["losses"])

        assert list(found.changes) == ["losses", "until", "returns"]
        assert found.changes["returns"] is None
        assert found.changes["until"] == date(2027, 1, 1)

    def test_changes_are_a_copy(self) -> None:
        """Whoever writes into the changes changes nothing."""
        found = Scenario("x", step=Per.DAY)
        found.changes["step"] = Per.WEEK

        assert found.changes == {"step": Per.DAY}

    def test_other_flows_are_kept(self) -> None:
        """A generator of other flows serves every projection, not the first one only."""
        flows = (intake(level) for level in (1, 2))
        found = Scenario("x", other=unchecked(lambda given: given)(flows))

        assert [len(found.changes["other"]) for _ in range(2)] == [2, 2]

    def test_frozen(self) -> None:
        """A scenario cannot be written to."""
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            FEWER.name = "other"  # type: ignore[misc] # it is frozen

    def test_value(self) -> None:
        """Scenarios of one name and equal changes are equal, hash alike and pickle."""
        same = Scenario("a tenth fewer lost", losses=FEWER.changes["losses"])

        assert same == FEWER
        assert hash(same) == hash(FEWER)
        assert Scenario("another", losses=FEWER.changes["losses"]) != FEWER
        assert Scenario("a tenth fewer lost", losses=TODAY.changes["losses"]) != FEWER
        assert pickle.loads(pickle.dumps(FEWER)) == FEWER

    def test_text(self) -> None:
        """Its text names what changes, its repr is the call that makes it."""
        assert str(FEWER) == "a tenth fewer lost: losses"
        assert str(Scenario(" same ")) == "same: nothing changes"
        assert repr(Scenario("x", until=date(2027, 1, 1), step=Per.WEEK)) == (
            f"Scenario('x', until=datetime.date(2027, 1, 1), step={Per.WEEK!r})"
        )

    @pytest.mark.parametrize("argument", ["recruits", "draws"])
    def test_unknown_argument(self, argument: str) -> None:
        """An argument that project does not take, or an option, is refused with those it takes."""
        with pytest.raises(ProjectionError) as caught:
            unchecked(Scenario)("more", **{argument: 3})

        assert str(caught.value) == (
            f"the scenario 'more' changes {argument}: expected arguments of project, which are "
            f"force, losses, recruitment, until, returns, step, other. Options such as draws= and "
            f"rng= go to compare_scenarios."
        )

    @pytest.mark.parametrize("name", ["", "  ", 3])
    def test_no_name(self, name: object) -> None:
        """A scenario has a name to be asked for by."""
        with pytest.raises(EstimateError) as caught:
            unchecked(Scenario)(name)

        assert str(caught.value) == (
            f"name is {name!r}: expected a text that is not empty. "
            f'Type for example name="as today".'
        )

    def test_other_that_is_no_list(self) -> None:
        """What cannot be listed is left for project to refuse."""
        assert dict(unchecked(Scenario)("x", other=3).changes) == {"other": 3}
