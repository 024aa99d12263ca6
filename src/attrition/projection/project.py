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
from attrition.projection.blocks import Workers
from attrition.projection.calendar import Grid
from attrition.projection.custom import Custom
from attrition.projection.engine import Flows, plan_future, simulated
from attrition.projection.process import IntakeProcess, LossProcess, Process
from attrition.projection.projection import Projection
from attrition.projection.questions import Future
from attrition.projection.returns import Returns
from attrition.projection.sums import Sums
from attrition.projection.ways import fan_of
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
    step are cut at who is there, so nobody is lost who never was. Where all flows together move
    fewer than 400 people a month they are Poisson counts around their means. What the inputs
    leave out is listed in ``omitted_exits`` of the result.

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

        draws: Simulated paths where there are any, rounded up to a multiple of eight; 65,536
            unless told.

        method: "auto" finds strength at the dates by quadrature and passages and levels on a
            lattice, where these hold, and simulates paths elsewhere; "paths" simulates.

        rng: A seed or generator; without one the result is always the same.

        executor: Computes blocks of paths elsewhere, in any executor of the standard interface;
            the numbers do not depend on it.

        progress: Called with blocks done and blocks in all after every block, where paths are
            simulated.

        cancel: Asked before each block and while one is waited for; once it says True the
            blocks done are kept, and the result rests on them.

    Returns:
        The projection.

    Raises:
        ProjectionError: If the losses do not say who comes back, records are given instead of
            processes, shocks are shared by unequal clocks, an option is unknown, or it was
            cancelled before the first block.

        BlockError: If a block fails or the executor dies; its ``partial`` is the projection
            from the blocks before.

        EstimateError: If sides differ.

        PeriodError: If ``until`` is not after the date of the force.

    Warns:
        HorizonWarning: If a change or a later mix lies outside the projection.

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
        2026-03-01  703,000    669,625  736,375
        2026-04-01  694,000    659,232  728,768
        2026-05-01  685,000    648,026  721,974
        found in closed form
        left out: DNB_DIED | DNB_LOST | DESERTED | DISCHARGED
    """
    workers = Workers(executor=executor, progress=progress, cancel=cancel)
    checked(force, Force, "force", example="Force(strength=..., as_of=..., side=..., basis=...)")
    check_flows(losses, recruitment, other)
    flows = _flows(losses, recruitment, other, returns)
    _check(force, flows)
    grid = _grid(force, until, step)
    check_horizon(flows.processes, grid, returns)
    future = plan_future(force, flows, grid, _simulation(draws, rng, method))
    fan = None if method == "paths" else fan_of(future.model, future.inputs)
    if fan is not None:
        future = attrs.evolve(future, cut=fan.cut)
        return _projection(force, grid, flows, future, fan)
    paths, ran = simulated(future, workers)
    if paths is None:
        return ran.answer(None)
    future = attrs.evolve(future, drawn=future.drawn._replace(draws=paths.draws))
    return ran.answer(_projection(force, grid, flows, future, paths))


def _projection(force: Force, grid: Grid, flows: Flows, future: Future, fan: Sums) -> Projection:
    return Projection(
        force=force,
        grid=grid,
        omitted_exits=omitted_exits(flows.losses, (*flows.other, *flows.custom)),
        future=future,
        fan=fan,
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
