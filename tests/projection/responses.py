"""Responses of small projections: what the ways to an answer are asked."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray
from attrition.accounts import Per
from attrition.projection import IntakeProcess, LossProcess, Process, Returns
from attrition.projection.axes import Axis
from attrition.projection.calendar import Grid
from attrition.projection.engine import Flows, plan_future
from attrition.projection.response import Response
from attrition.uncertain import Uncertain, UncertainLike
from attrition.uncertain.node import Leaf, Node, Simulation
from tests.projection.futures import intake, losses, of

__all__ = ["asked", "axis", "by_run"]

START = date(2026, 2, 1)


def asked(
    strength: UncertainLike = 712_000,
    lost: LossProcess | None = None,
    joined: IntakeProcess | None = None,
    *,
    until: date = date(2026, 8, 1),
    returns: Returns | None = None,
    other: Sequence[Process] = (),
    weights: npt.ArrayLike | None = None,
    rest: tuple[UncertainLike, ...] = (),
) -> Response:
    """What is asked of half a year unless told: the strengths at all dates after the start."""
    grid = Grid.spanning(START, until, Per.MONTH)
    flows = Flows(lost or losses(), joined or intake(), tuple(other), returns)
    plan = plan_future(of(strength, START), flows, grid, Simulation(8, 1))
    wanted = np.eye(grid.steps + 1)[1:] if weights is None else np.asarray(weights, dtype=float)
    nodes: tuple[Node, ...] = tuple(Uncertain.of(number).node for number in rest)
    return Response(plan.model, plan.inputs, wanted, nodes)


def by_run(response: Response, values: Sequence[npt.ArrayLike]) -> FloatArray:
    """The sums by the step-by-step simulation, from the values of every input in order."""
    inputs = [np.atleast_1d(np.asarray(value, dtype=float)) for value in values]
    return np.asarray(response.weights @ response.model.run(inputs).strength)


def axis(number: Uncertain, *unknowns: Uncertain) -> Axis:
    """A number with its unknowns as one axis."""
    leaves = [unknown.node for unknown in unknowns or (number,)]
    return Axis(number.node, tuple(leaf for leaf in leaves if isinstance(leaf, Leaf)))
