"""From checked inputs to the draws of a future: plans and blocks."""

import functools
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from attrition._typing import Draws, FloatArray
from attrition.accounts import Category, Force, Per
from attrition.projection.blocks import Ran, Workers, run_blocks
from attrition.projection.calendar import Grid, months_between
from attrition.projection.counts import FEW, counted, people_a_month
from attrition.projection.custom import Custom
from attrition.projection.flows import FlowPlan, plan_flow
from attrition.projection.folded import Fold, Folded
from attrition.projection.noise import shared_start
from attrition.projection.process import IntakeProcess, LossProcess, Process
from attrition.projection.questions import Future
from attrition.projection.response import Response
from attrition.projection.returns import Returns
from attrition.projection.simulate import Model
from attrition.projection.simulated import Simulated
from attrition.projection.sums import Sums
from attrition.projection.ways import fan_response
from attrition.uncertain import Uncertain
from attrition.uncertain.evaluate import draw_block
from attrition.uncertain.node import Node, Simulation
from attrition.uncertain.stream import BLOCK

__all__ = ["KEPT", "Flows", "plan_future", "returning", "simulated"]

KEPT = 65_536
"""So many draws at most are kept one by one; more are counted in narrow cells."""

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
    returns, planned = flows.returns, _planned(flows, grid)
    plans = [plan for plan, _ in planned]
    inputs = [force.strength.node, *(node for _, nodes in planned for node in nodes)]
    back = _planned_returns(returns, flows.losses.category, grid)
    inputs += back.inputs
    signs = [-1 if isinstance(process, LossProcess) else 1 for process in flows.other]
    model = Model(
        losses=plans[0],
        recruitment=plans[1],
        others=tuple(zip(signs, plans[2:], strict=True)),
        delay=back.delay,
        by_mix=back.by_mix,
        steady=back.steady,
        past=back.past,
        monthly=_A_MONTH[flows.losses.per],
        custom=flows.custom,
        periods=tuple(grid.periods) if flows.custom else (),
    )
    return Future(model, tuple(inputs), drawn)


class _Back(NamedTuple):
    """The part of a model that is about returns, and its inputs."""

    delay: FloatArray
    by_mix: FloatArray
    steady: FloatArray
    past: FloatArray
    inputs: tuple[Node, ...]


# What-ifs share their returns more often than not.
@functools.lru_cache(maxsize=16)
def _planned_returns(returns: Returns | None, category: Category, grid: Grid) -> _Back:
    delay, steady, past = returning(returns, grid)
    if returns is None:
        return _Back(delay, np.zeros((0, grid.steps)), steady, past, ())
    shares = (share.node for share in returns.shares_of(category))
    counts = (estimate.count.node for estimate in returns.hospital.past)
    return _Back(delay, returns.parts(grid), steady, past, (*shares, *counts))


def _planned(flows: Flows, grid: Grid) -> list[tuple[FlowPlan, tuple[Node, ...]]]:
    """The flows as they are planned, with the luck of whole people where few move in all."""
    every = flows.processes
    planned = [plan_flow(one, grid, shared_start(one, every, grid)) for one in every]
    # The luck of a flow has its mean as variance, so that of the largest flow is the largest:
    # where that is left out, that of smaller ones is no reason to step.
    if not _few_move(planned, grid):
        return planned
    return [
        counted(plan, nodes, process, grid, place)
        for place, (process, (plan, nodes)) in enumerate(zip(every, planned, strict=True))
    ]


def _few_move(planned: Sequence[tuple[FlowPlan, tuple[Node, ...]]], grid: Grid) -> bool:
    moved = 0.0
    for plan, nodes in planned:
        moved += people_a_month(plan, nodes, grid)
        # Of large flows the first tells.
        if moved >= FEW:
            return False
    return moved > 0.0


def returning(returns: Returns | None, grid: Grid) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Who returns when: of the losses of each step, of a steady past, of each past loss."""
    nobody = np.zeros(grid.steps)
    if returns is None:
        return np.zeros((0, 0)), nobody, np.zeros((0, grid.steps))
    hospital, delay = returns.hospital, returns.delay
    steady = delay.from_steady(grid) if hospital.is_steady else nobody
    periods = [estimate.period for estimate in hospital.past]
    ends = [[months_between(grid.start, day) for day in (p.start, p.end)] for p in periods]
    first, last = np.array(ends).reshape(-1, 2).T
    return delay.matrix(grid), steady, delay.from_past(grid, first, last)


def simulated(future: Future, workers: Workers) -> tuple[Sums | None, Ran]:
    """
    The laws of strength by simulated paths, None without any, and how far the work came.

    A block has generators of its own, so it is the same whoever computes it. Where not all
    blocks were done, the laws are those of the blocks that were.
    """
    keep = _kept if future.drawn.draws <= KEPT else _folded
    return keep(future, workers, fan_response(future.model, future.inputs))


def _kept(future: Future, workers: Workers, response: Response) -> tuple[Sums | None, Ran]:
    """From all strengths."""
    strength = np.empty((future.model.losses.steps + 1, future.drawn.draws))

    def keep(first: int, values: Draws) -> None:
        strength[:, first : first + values.shape[1]] = values

    ran = _run(future, workers, keep)
    # A copy, so that what was never drawn is freed.
    whole = strength if ran.done == ran.total else strength[:, : ran.done * BLOCK].copy()
    return (Simulated(response, whole) if ran.done else None), ran


def _folded(future: Future, workers: Workers, response: Response) -> tuple[Sums | None, Ran]:
    """From counts, so that memory does not grow with the draws."""
    folds: list[Fold] = []

    def keep(first: int, values: Draws) -> None:
        if not first:
            folds.extend(Fold(row) for row in values[1:])
        for fold, row in zip(folds, values[1:], strict=True):
            fold.add(row)

    ran = _run(future, workers, keep)
    return (Folded(response, tuple(fold.cells() for fold in folds)) if folds else None), ran


def _run(future: Future, workers: Workers, keep: Callable[[int, Draws], None]) -> Ran:
    """Hand on strengths, shape (dates, draws), with the place of their first draw, in order."""
    draws, seed = future.drawn
    job = functools.partial(_block, Uncertain(future.strength), seed)

    def cut(block: int, values: Draws) -> None:
        first = block * BLOCK
        keep(first, values[:, : draws - first])

    return run_blocks(job, -(-draws // BLOCK), cut, workers=workers)


def _block(strength: Uncertain, seed: int, block: int) -> Draws:
    return draw_block([strength.node], block, seed=seed)[0]
