"""The verb of the wing: a force, its losses and its recruits, forward in time."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from datetime import date
from typing import Literal

import attrs

from attrition._typing import Seed
from attrition.accounts import Force, Per
from attrition.accounts.checks import checked, checked_date, member
from attrition.errors import PeriodError, ProjectionError
from attrition.projection.admission import (
    check_category,
    check_common,
    check_flows,
    check_horizon,
    check_past,
    check_sides,
    omitted_exits,
)
from attrition.projection.calendar import Grid
from attrition.projection.custom import Custom
from attrition.projection.engine import Flows, draw_strength, plan_future
from attrition.projection.process import IntakeProcess, LossProcess, Process
from attrition.projection.projection import Projection
from attrition.projection.returns import Returns
from attrition.uncertain.checks import as_draws
from attrition.uncertain.lattice import SHIFTS
from attrition.uncertain.node import Simulation
from attrition.uncertain.stream import seed_from

__all__ = ["project"]

DRAWS = 65_536
"""Draws unless told: a probability is known to 0.002, a median to 0.005 of the spread."""

METHODS = ("auto", "paths")


def project(
    force: Force,
    *,
    losses: LossProcess,
    recruitment: IntakeProcess,
    until: date,
    returns: Returns | None = None,
    step: Per = Per.MONTH,
    other: Sequence[Process | Custom] = (),
    draws: int | None = None,
    method: Literal["auto", "paths"] = "auto",
    rng: Seed | None = None,
    executor: Executor | None = None,
    progress: Callable[[int, int], object] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Projection:
    """
    Project a force forward in time.

    On PRESENT or COMMITTED strength everyone lost leaves at once and those who return come back
    after the delay; on ASSIGNED or AUTHORISED strength only losses for good leave. Losses of a
    step are cut at who is there, so nobody is lost who never was. Flows of fewer than 400 people a
    step on average are Poisson counts around their means. What the inputs leave out is
    listed in ``omitted_exits`` of the result.

    Args:
        force: Strength, its date and its basis.

        losses: Losses as they go on; ``steady(estimate)`` for a record.

        recruitment: Arrivals as they go on; ``steady(rate)`` for a record.

        until: The last date.

        returns: Who comes back and when; needed where the losses include some who do.

        step: Steps between the dates at which strength is looked at. It changes no mean, but
            for returns of a step in which a level changes: its losses are spread evenly over it.

        other: Further flows of the same side: exits that the losses leave out, transfers in, and
            flows by functions.

        draws: Simulated paths, rounded up to a multiple of eight; 65,536 unless told.

        method: "paths" simulates; "auto" picks the best way there is, today the same.

        rng: A seed or generator; without one the result is always the same.

        executor: Computes blocks of draws elsewhere; the numbers do not depend on it.

        progress: Called with blocks done and blocks in all.

        cancel: Asked before each block; once it says True the blocks done are kept.

    Returns:
        The projection.

    Raises:
        ProjectionError: If the losses do not say who comes back, records are given instead of
            processes, shocks are shared by unequal clocks, or an option is unknown.

        EstimateError: If sides differ.

        PeriodError: If ``until`` is not after the date of the force.

    Warns:
        HorizonWarning: If a change lies outside the projection.

    Examples:
        >>> from attrition import about
        >>> from attrition.accounts import Category, StrengthBasis
        >>> force = Force(
        ...     strength=about(712_000, sd=20_000), as_of=date(2026, 2, 1), side="Russia",
        ...     basis=StrengthBasis.COMMITTED,
        ... )
        >>> future = project(
        ...     force,
        ...     losses=LossProcess(
        ...         level=about(44_000, sd=2_700), per=Per.MONTH, side="Russia",
        ...         category=Category.IRRECOVERABLE,
        ...     ),
        ...     recruitment=IntakeProcess(
        ...         level=about(35_000, sd=2_100), per=Per.MONTH, side="Russia"
        ...     ),
        ...     until=date(2026, 5, 1),
        ... )
        >>> print(future)
        date         median  90 % from       to
        ----------  -------  ---------  -------
        2026-02-01  712,000    679,103  744,897
        2026-03-01  702,910    669,810  736,110
        2026-04-01  693,881    659,332  728,462
        2026-05-01  684,878    647,992  721,651
        found by 65,536 draws, standard error up to 139
        left out: DNB_DIED | DNB_LOST | DESERTED | DISCHARGED
    """
    checked(force, Force, "force", example="Force(strength=..., as_of=..., side=..., basis=...)")
    check_flows(losses, recruitment, other)
    flows = _flows(losses, recruitment, other, returns)
    _check(force, flows)
    grid = _grid(force, until, step)
    check_horizon(flows.processes, grid)
    future = plan_future(force, flows, grid, _simulation(draws, rng, method))
    strength = draw_strength(future, executor=executor, progress=progress, cancel=cancel)
    return Projection(
        force=force,
        grid=grid,
        omitted_exits=omitted_exits(losses, other),
        future=attrs.evolve(future, drawn=future.drawn._replace(draws=strength.shape[-1])),
        strength=strength,
    )


def _flows(
    losses: LossProcess,
    recruitment: IntakeProcess,
    other: Sequence[Process | Custom],
    returns: Returns | None,
) -> Flows:
    custom = tuple(flow for flow in other if isinstance(flow, Custom))
    processes = tuple(flow for flow in other if not isinstance(flow, Custom))
    return Flows(losses, recruitment, processes, returns, custom)


def _check(force: Force, flows: Flows) -> None:
    losses, returns = flows.losses, flows.returns
    check_sides(force.side, (*flows.processes, *flows.custom))
    check_common(flows.processes)
    if returns is not None:
        checked(returns, Returns, "returns", example="Returns(mix=..., delay=..., hospital=...)")
    check_category(losses.category, returns, force.basis)
    if returns is not None:
        check_past(losses, returns, force.as_of)


def _grid(force: Force, until: date, step: Per) -> Grid:
    member(step, Per, "step", error=PeriodError)
    return Grid.spanning(force.as_of, checked_date(until, "until"), step)


def _simulation(draws: int | None, rng: Seed | None, method: str) -> Simulation:
    if method not in METHODS:
        raise ProjectionError(
            f'method is {method!r}: expected "auto" or "paths". '
            f'Leave it out, or type method="paths" to be sure of simulation.'
        )
    wanted = DRAWS if draws is None else as_draws(draws, "draws")
    return Simulation(-(-wanted // SHIFTS) * SHIFTS, seed_from(rng))
