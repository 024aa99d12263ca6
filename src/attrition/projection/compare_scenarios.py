"""The verb of what-ifs: one projection a scenario, all on the same random numbers."""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from typing import Literal

import numpy as np

from attrition._typing import Seed
from attrition.accounts.checks import checked
from attrition.errors import AttritionError, ProjectionError
from attrition.projection.project import project
from attrition.projection.projection import Projection
from attrition.projection.scenario import Scenario, ScenarioArguments
from attrition.projection.scenario_comparison import ScenarioComparison
from attrition.uncertain.stream import seed_from

__all__ = ["compare_scenarios"]

REQUIRED = ("force", "losses", "recruitment", "until")

_EXAMPLE = 'Scenario("as today", force=..., losses=..., recruitment=..., until=...)'


def compare_scenarios(
    base: Scenario,
    scenarios: Iterable[Scenario],
    *,
    draws: int | None = None,
    method: Literal["auto", "paths"] = "auto",
    rng: Seed | None = None,
    executor: Executor | None = None,
    progress: Callable[[int, int], object] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> ScenarioComparison:
    """
    Project a base and what-ifs that differ from it in some arguments.

    Every scenario gets the same random numbers for the inputs that it leaves alone, so that two
    of them differ by what they change and not by chance.

    Args:
        base: The scenario that the others are held against; it has ``force``, ``losses``,
            ``recruitment`` and ``until``.

        scenarios: What-ifs; what they do not change is that of the base.

        draws: As for :func:`~attrition.project`.

        method: As there.

        rng: As there; one seed for all.

        executor: As there.

        progress: Called with projections done and projections in all, the base among them.

        cancel: Asked before each projection; once it says True those done are kept.

    Returns:
        The projections side by side.

    Raises:
        ProjectionError: If the base lacks an argument, two scenarios share a name, or it is
            cancelled before the base is done. What ``project`` refuses is raised with a note that
            names the scenario.

        PeriodError: If they have no date in common.

    Examples:
        >>> from datetime import date
        >>> import attrition as at
        >>> def intake(level):
        ...     return at.IntakeProcess(level=level, per=at.Per.MONTH, side="Russia")
        >>> today = at.Scenario(
        ...     "as today",
        ...     force=at.Force(
        ...         strength=at.about(712_000, sd=20_000), as_of=date(2026, 2, 1), side="Russia",
        ...         basis=at.StrengthBasis.COMMITTED,
        ...     ),
        ...     losses=at.LossProcess(
        ...         level=at.about(44_000, sd=2_700), per=at.Per.MONTH, side="Russia",
        ...         category=at.Category.IRRECOVERABLE,
        ...     ),
        ...     recruitment=intake(35_000),
        ...     until=date(2026, 8, 1),
        ... )
        >>> sweep = [at.Scenario(f"{level:,}", recruitment=intake(level)) for level in (4e4, 4.5e4)]
        >>> found = compare_scenarios(today, sweep)
        >>> found.probability_below(680_000, on=date(2026, 8, 1)).round(1).tolist()
        [0.8, 0.4, 0.1]
    """
    _check_base(base)
    listed = _listed(base, scenarios)
    seed = seed_from(rng) if isinstance(rng, np.random.Generator | np.random.BitGenerator) else rng
    done: dict[str, Projection] = {}
    for scenario in listed:
        if cancel is not None and cancel():
            break
        arguments: ScenarioArguments = {**base.changes, **scenario.changes}
        try:
            done[scenario.name] = project(
                **arguments,
                draws=draws,
                method=method,
                rng=seed,
                executor=executor,
            )
        except AttritionError as refusal:
            refusal.add_note(f"It was raised by the scenario {scenario.name!r}.")
            raise
        if progress is not None:
            progress(len(done), len(listed))
    _check_done(done)
    return ScenarioComparison(projections=done)


def _check_base(base: Scenario) -> None:
    checked(base, Scenario, "base", example=_EXAMPLE)
    lacking = [argument for argument in REQUIRED if argument not in base.changes]
    if lacking:
        raise ProjectionError(
            f"the base {base.name!r} lacks {', '.join(lacking)}: expected all that project needs. "
            f"Type {_EXAMPLE}."
        )


def _listed(base: Scenario, scenarios: object) -> list[Scenario]:
    """All of them, the base first; refused where two have one name."""
    if not isinstance(scenarios, Iterable):
        raise ProjectionError(
            f"scenarios is {scenarios!r}: expected a list of them. "
            f'Type for example [Scenario("more recruits", recruitment=...)].'
        )
    listed = [base]
    names = {base.name}
    for place, each in enumerate(scenarios):
        scenario = checked(
            each, Scenario, f"scenarios[{place}]", example='Scenario("fewer losses", losses=...)'
        )
        if scenario.name in names:
            raise ProjectionError(
                f"two scenarios are named {scenario.name!r}: expected a name for each, as answers "
                f"are asked for by name. Type another name for one of them."
            )
        names.add(scenario.name)
        listed.append(scenario)
    return listed


def _check_done(done: dict[str, Projection]) -> None:
    if not done:
        raise ProjectionError(
            "the comparison was cancelled before its base was done: there is nothing to return. "
            "Cancel later."
        )
