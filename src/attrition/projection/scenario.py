"""A what-if: a name, and the arguments of ``project`` that it changes."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypedDict, Unpack, cast, final

import attrs

from attrition.accounts import Force, Per
from attrition.accounts.checks import as_text
from attrition.errors import ProjectionError
from attrition.projection.process import IntakeProcess, LossProcess, Process
from attrition.projection.returns import Returns

__all__ = ["Scenario", "ScenarioArguments"]


class ScenarioArguments(TypedDict, total=False):
    """
    The arguments of ``project`` that say what is projected, as :class:`Scenario` takes them.

    Examples:
        >>> sorted(ScenarioArguments(until=date(2026, 8, 1), step=Per.WEEK))
        ['step', 'until']
    """

    force: Force
    losses: LossProcess
    recruitment: IntakeProcess
    until: date
    returns: Returns | None
    step: Per
    other: Sequence[Process]


KNOWN = tuple(ScenarioArguments.__annotations__)


@final
@attrs.frozen(init=False, repr=False)
class Scenario:
    """
    A name and the arguments of ``project`` that it changes.

    A number that is derived from one of the base, such as ``0.9 * level``, moves with it in
    every draw; one that is stated anew is another unknown.

    Attributes:
        name: What tables and pictures call it.

    Examples:
        >>> from attrition.accounts import Category
        >>> fewer = LossProcess(
        ...     level=40_000, per=Per.MONTH, side="Russia", category=Category.IRRECOVERABLE
        ... )
        >>> half_a_year = Scenario("fewer losses", losses=fewer, until=date(2026, 8, 1))
        >>> print(half_a_year)
        fewer losses: losses, until
    """

    name: str
    _changes: tuple[tuple[str, object], ...]

    def __init__(self, name: str, **changes: Unpack[ScenarioArguments]) -> None:
        """
        Note what changes.

        Args:
            name: What tables and pictures call it.

            **changes: ScenarioArguments of :func:`~attrition.project`.

        Raises:
            ProjectionError: If one is unknown.

            EstimateError: If the name is empty.
        """
        label = as_text(name, "name", example="as today")
        given: dict[str, object] = {**changes}
        for argument in given:
            _check_known(label, argument)
        # A generator would be empty for the second projection.
        if isinstance(other := given.get("other"), Iterable):
            given["other"] = tuple(other)
        kept = tuple((argument, given[argument]) for argument in KNOWN if argument in given)
        self.__attrs_init__(name=label, changes=kept)

    @property
    def changes(self) -> ScenarioArguments:
        """What it changes, by argument; a new dict each time."""
        # Every name was checked, and project checks the values.
        return cast("ScenarioArguments", dict(self._changes))

    def __repr__(self) -> str:
        changes = "".join(f", {argument}={value!r}" for argument, value in self._changes)
        return f"Scenario({self.name!r}{changes})"

    def __str__(self) -> str:
        return f"{self.name}: {', '.join(self.changes) or 'nothing changes'}"


def _check_known(name: str, argument: str) -> None:
    if argument not in KNOWN:
        raise ProjectionError(
            f"the scenario {name!r} changes {argument}: expected arguments of project, which are "
            f"{', '.join(KNOWN)}. Options such as draws= and rng= go to compare_scenarios."
        )
