"""From checked inputs to the draws of a future: plans, blocks, executors."""

import functools
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from concurrent.futures import Future as Job
from typing import NamedTuple

import numpy as np

from attrition._typing import Draws, FloatArray
from attrition.accounts import Force, Per
from attrition.errors import ProjectionError
from attrition.projection.calendar import Grid, months_between
from attrition.projection.counts import counted
from attrition.projection.custom import Custom
from attrition.projection.flows import FlowPlan, plan_flow
from attrition.projection.noise import shared_start
from attrition.projection.process import IntakeProcess, LossProcess, Process
from attrition.projection.questions import Future
from attrition.projection.returns import Returns
from attrition.projection.simulate import Model
from attrition.uncertain import Uncertain
from attrition.uncertain.evaluate import draw_block
from attrition.uncertain.node import Node, Simulation
from attrition.uncertain.stream import BLOCK

__all__ = ["Flows", "draw_strength", "plan_future", "returning"]

_DAYS_A_MONTH = 365.25 / 12.0
_A_MONTH = {Per.DAY: _DAYS_A_MONTH, Per.WEEK: _DAYS_A_MONTH / 7.0, Per.MONTH: 1.0, Per.YEAR: 1 / 12}


class Flows(NamedTuple):
    """Everything that moves people."""

    losses: LossProcess
    recruitment: IntakeProcess
    other: tuple[Process, ...]
    returns: Returns | None
    custom: tuple[Custom, ...] = ()

    @property
    def processes(self) -> tuple[Process, ...]:
        """All of them, the losses first."""
        return self.losses, self.recruitment, *self.other


def plan_future(force: Force, flows: Flows, grid: Grid, drawn: Simulation) -> Future:
    """The model of a projection with its inputs in the order that the model takes them."""
    plans: list[FlowPlan] = []
    inputs: list[Node] = [force.strength.node]
    returns = flows.returns
    for place, process in enumerate(flows.processes):
        plan, nodes = plan_flow(process, grid, shared_start(process, flows.processes, grid))
        plan, nodes = counted(plan, nodes, process, grid, place)
        plans.append(plan)
        inputs += nodes
    matrix, steady, past = returning(returns, grid)
    if returns is not None:
        inputs.append(returns.share_of(flows.losses.category).node)
        inputs += [estimate.count.node for estimate in returns.hospital.past]
    signs = [-1 if isinstance(process, LossProcess) else 1 for process in flows.other]
    model = Model(
        losses=plans[0],
        recruitment=plans[1],
        others=tuple(zip(signs, plans[2:], strict=True)),
        delay=matrix,
        steady=steady,
        past=past,
        monthly=_A_MONTH[flows.losses.per],
        custom=flows.custom,
        periods=tuple(grid.periods) if flows.custom else (),
    )
    return Future(model, tuple(inputs), drawn)


def returning(returns: Returns | None, grid: Grid) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Who returns when: of the losses of each step, of a steady past, of each past loss."""
    nobody = np.zeros(grid.steps)
    if returns is None:
        return np.zeros((0, 0)), nobody, np.zeros((0, grid.steps))
    hospital, delay = returns.hospital, returns.delay
    steady = delay.from_steady(grid) if hospital.is_steady else nobody
    periods = [estimate.period for estimate in hospital.past]
    ends = [[months_between(grid.start, day) for day in (p.start, p.end)] for p in periods]
    past = [delay.from_past(grid, first, last) for first, last in ends]
    return delay.matrix(grid), steady, np.array(past).reshape(-1, grid.steps)


def draw_strength(
    future: Future,
    *,
    executor: Executor | None,
    progress: Callable[[int, int], object] | None,
    cancel: Callable[[], bool] | None,
) -> Draws:
    """
    Strength at every date, shape (dates, draws), block by block.

    A block has generators of its own, so it is the same whoever computes it. Cancelling keeps
    the blocks that are done.

    Raises:
        ProjectionError: If it was cancelled before the first block was done.
    """
    draws, seed = future.drawn
    count = -(-draws // BLOCK)
    job = functools.partial(_block, Uncertain(future.strength), seed)
    done: list[Draws] = []
    for values in _computed(job, count, executor, cancel or (lambda: False)):
        done.append(values)
        if progress is not None:
            progress(len(done), count)
    if not done:
        raise ProjectionError(
            "the projection was cancelled before its first block of draws was done: there is "
            "nothing to return. Cancel later, or ask for draws=16_384 to have one block only."
        )
    return np.concatenate(done, axis=-1)[:, :draws]


def _block(strength: Uncertain, seed: int, block: int) -> Draws:
    return np.array(draw_block([strength.node], block, seed=seed)[0])


def _computed(
    job: Callable[[int], Draws], count: int, executor: Executor | None, cancel: Callable[[], bool]
) -> Iterator[Draws]:
    """The blocks in order, until there are no more or it is cancelled."""
    waiting: list[Job[Draws]] = []
    if executor is not None:
        waiting = [executor.submit(job, block) for block in range(count)]
    for block in range(count):
        if cancel():
            for rest in waiting:
                rest.cancel()
            return
        yield waiting[block].result() if waiting else job(block)
