"""Streams so small that whole people come and go: Poisson counts, by inverse distribution."""

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import attrs
import numpy as np

from attrition._typing import Draws, FloatArray
from attrition.projection.calendar import Grid
from attrition.projection.flows import FlowPlan
from attrition.projection.noise import Factors
from attrition.projection.process import Process
from attrition.uncertain.node import Apply, Node, Noise, Unknown, evaluate

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["FEW", "counted", "people_a_month", "poisson_counts"]

FEW = 400.0
"""People a month below which counts differ visibly from their mean."""


# What-ifs share most of their flows.
@functools.lru_cache(maxsize=64)
def people_a_month(plan: FlowPlan, nodes: tuple[Node, ...], grid: Grid) -> float:
    """
    How many people a flow moves in a month, or in a step that is longer, on average.

    Luck adds up over a month to the same whatever the step, so a finer step makes none small.

    Args:
        plan: How to compute the flow.

        nodes: Its inputs, which are looked at with every unknown at its median and without noise.

        grid: The steps.
    """
    values = [
        np.ones((node.operation.cells, 1))
        if isinstance(node, Apply) and isinstance(node.operation, Factors)
        else evaluate([node], _middle, 1)[0]
        for node in nodes
    ]
    return float(plan.flow(iter(values)).people.sum()) / min(grid.steps, grid.edges[-1])


def _middle(unknown: Unknown) -> FloatArray:
    if isinstance(unknown, Noise):
        return np.zeros((unknown.size, 1))
    return unknown.place(np.array([0.5]))


def counted(
    plan: FlowPlan, nodes: Sequence[Node], process: Process, grid: Grid, place: int
) -> tuple[FlowPlan, tuple[Node, ...]]:
    """
    The plan and the inputs of a flow with the luck of whole people.

    Args:
        plan: How to compute the flow.

        nodes: Its inputs.

        process: What was planned.

        grid: The steps.

        place: Its place among the processes, as each has its own luck.
    """
    key = f"counts of {process.kind} of {process.side}"
    uid = f"{key}:{place}:{process.level.node.uid}:{grid.start}:{grid.step}"
    return attrs.evolve(plan, counts=True), (*nodes, Noise(key=key, size=plan.steps, uid=uid))


def poisson_counts(normals: FloatArray, mean: FloatArray) -> Draws:
    """
    The Poisson counts at the places of standard normals: the same normal, the same luck.

    A count is the smallest k whose distribution function reaches that of the normal. It begins
    at the Cornish-Fisher expansion and is corrected by the distribution function itself.

    Args:
        normals: Standard normals.

        mean: Means of the counts, of the same shape or one that goes with it.

    Returns:
        Whole numbers as floats, 0 where the mean is 0.

    Examples:
        >>> poisson_counts(np.array([-1.0, 0.0, 1.0, 5.0]), np.array(3.0)).tolist()
        [1.0, 3.0, 5.0, 15.0]

    References:
        Cornish, E. A. and Fisher, R. A. (1938). Moments and cumulants in the specification of
        distributions. doi:10.2307/1400905
    """
    z, rate = (np.array(one, dtype=np.float64) for one in np.broadcast_arrays(normals, mean))
    counts = np.zeros(z.shape)
    # From the nearer tail, as a distribution function near one is blind.
    for upper in (False, True):
        side = ((z > 0.0) == upper) & (rate > 0.0)
        counts[side] = _counts(z[side], rate[side], upper=upper)
    return counts


def _counts(z: FloatArray, rate: FloatArray, *, upper: bool) -> Draws:
    spread = np.sqrt(rate)
    skewed = (z - z**3) / (72.0 * np.maximum(spread, 1.0))
    begun = rate + spread * z + (z * z - 1.0) / 6.0 + skewed
    counts = np.maximum(np.rint(begun), 0.0)
    for down in (False, True):
        # Count on, then back, wherever the count is not the smallest that reaches its place.
        wrong = np.arange(z.size)
        while wrong.size:
            reached = _reaches(counts[wrong] - down, z[wrong], rate[wrong], upper=upper)
            wrong = wrong[reached == down]
            counts[wrong] += 1.0 - 2.0 * down
    return counts


def _reaches(
    counts: FloatArray, z: FloatArray, rate: FloatArray, *, upper: bool
) -> "npt.NDArray[np.bool_]":
    """Whether the distribution function is that of the normal or more."""
    from scipy.special import ndtr, pdtr, pdtrc

    somebody = np.maximum(counts, 0.0)
    reached = pdtrc(somebody, rate) <= ndtr(-z) if upper else pdtr(somebody, rate) >= ndtr(z)
    return np.asarray((counts >= 0.0) & reached, dtype=np.bool_)
