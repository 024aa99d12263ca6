"""How long the wounded are away: the shares of a step's losses that return in each later step."""

import abc
import math
from collections.abc import Sequence
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray, Number
from attrition.errors import ProjectionError
from attrition.projection.calendar import Grid, months_between, step_before
from attrition.uncertain.checks import as_float, positive

__all__ = ["Delay", "GammaDelay", "ShareDelay"]


class Delay(abc.ABC):
    """
    The time from loss to return, for those who return.

    Make one with :meth:`gamma` or :meth:`shares`.

    Examples:
        >>> Delay.gamma(mean=3, sd=2).mean
        3.0
    """

    @staticmethod
    def gamma(*, mean: Number, sd: Number) -> "GammaDelay":
        """
        A gamma law, in calendar months.

        Args:
            mean: Mean time away, months.

            sd: Standard deviation, months.

        Returns:
            The delay; a loss of a step is spread evenly over the step.

        Raises:
            ParameterError: If either is not positive.

        Examples:
            >>> Delay.gamma(mean=3, sd=2).sd
            2.0
        """
        instead = "Type for example Delay.gamma(mean=3, sd=2), or Delay.shares(...) by step."
        months = (positive(x, what, instead=instead) for x, what in ((mean, "mean"), (sd, "sd")))
        return GammaDelay(*months)

    @staticmethod
    def shares(shares: Sequence[Number]) -> "ShareDelay":
        """
        The share that returns in the same step, in the next one, and so on.

        Args:
            shares: One for each step from the step of the loss on; they sum to 1.

        Returns:
            The delay; it counts steps, so it changes with the step of a projection.

        Raises:
            ProjectionError: If a share is negative or they do not sum to 1.

        Examples:
            >>> Delay.shares([0.2, 0.5, 0.3]).weights
            (0.2, 0.5, 0.3)
        """
        return ShareDelay(tuple(as_float(share, "share") for share in shares))

    @abc.abstractmethod
    def matrix(self, grid: Grid) -> FloatArray:
        """The share of the losses of step i that returns in step j; shape (steps, steps)."""

    @abc.abstractmethod
    def from_steady(self, grid: Grid) -> FloatArray:
        """Returns in each step from a steady past, per person lost a month; shape (steps,)."""

    @abc.abstractmethod
    def from_past(self, grid: Grid, first: float, last: float) -> FloatArray:
        """The share of past losses, evenly from month ``first`` to ``last``, that returns."""


@final
@attrs.frozen
class GammaDelay(Delay):
    """
    A gamma law in months.

    With G the distribution function and K its integral from 0, losses spread evenly over [a, b]
    have returned by d to the share (K(d - a) - K(d - b)) / (b - a).

    Attributes:
        mean: Months.

        sd: Months.
    """

    mean: float
    sd: float

    def _returned(self, months: FloatArray) -> FloatArray:
        """K, the integral of the distribution function; 0 before 0."""
        from scipy.special import gammainc

        shape = (self.mean / self.sd) ** 2
        x = np.maximum(months, 0.0)
        z = x * shape / self.mean
        # The integral of t dG(t) up to x is mean * G(x) with one more in the shape.
        integral = x * gammainc(shape, z) - self.mean * gammainc(shape + 1.0, z)
        return np.asarray(integral, dtype=np.float64)

    def _by(self, first: FloatArray, last: FloatArray, day: FloatArray) -> FloatArray:
        return (self._returned(day - first) - self._returned(day - last)) / (last - first)

    def matrix(self, grid: Grid) -> FloatArray:
        """The share of the losses of step i that returns in step j; shape (steps, steps)."""
        edges = np.array(grid.edges)
        first, last = edges[:-1, None], edges[1:, None]
        return np.diff(self._by(first, last, edges[None, :]), axis=1)

    def from_steady(self, grid: Grid) -> FloatArray:
        """Returns in each step from a steady past, per person lost a month; shape (steps,)."""
        edges = np.array(grid.edges)
        return np.diff(edges - self._returned(edges))

    def from_past(self, grid: Grid, first: float, last: float) -> FloatArray:
        """The share of past losses, evenly from month ``first`` to ``last``, that returns."""
        edges = np.array(grid.edges)
        return np.diff(self._by(np.array(first), np.array(last), edges))


@final
@attrs.frozen
class ShareDelay(Delay):
    """
    Shares by step.

    Attributes:
        weights: The share in the same step first; sum 1.
    """

    weights: tuple[float, ...] = attrs.field()

    @weights.validator
    def _sum_to_one(self, _: object, value: tuple[float, ...]) -> None:
        total = math.fsum(value)
        if not value or min(value) < 0.0 or abs(total - 1.0) > 1e-9:  # noqa: PLR2004 - rounding
            raise ProjectionError(
                f"the shares of a delay are {list(value)}, sum {total:g}: expected shares of 0 or "
                f"more that sum to 1. Divide them by their sum; who never returns belongs into "
                f"returned_per_wounded of the mix."
            )

    def _padded(self, steps: int) -> FloatArray:
        return np.array((*self.weights, *(0.0 for _ in range(steps))))

    def matrix(self, grid: Grid) -> FloatArray:
        """The share of the losses of step i that returns in step j; shape (steps, steps)."""
        weights = self._padded(grid.steps)
        lag = np.arange(grid.steps)[None, :] - np.arange(grid.steps)[:, None]
        return np.where(lag >= 0, weights[np.maximum(lag, 0)], 0.0)

    def from_steady(self, grid: Grid) -> FloatArray:
        """Returns in each step from a steady past, per person lost a month; shape (steps,)."""
        waiting = 1.0 - np.cumsum(self._padded(grid.steps))[: grid.steps]
        return np.diff(grid.edges) * np.maximum(waiting, 0.0)

    def from_past(self, grid: Grid, first: float, last: float) -> FloatArray:
        """The share of past losses, evenly from month ``first`` to ``last``, that returns."""
        weights = self._padded(grid.steps)
        returned = np.zeros(grid.steps)
        for lag in range(1, len(self.weights)):
            later, earlier = (step_before(grid.start, k, grid.step) for k in (lag - 1, lag))
            top = min(last, months_between(grid.start, later))
            bottom = max(first, months_between(grid.start, earlier))
            share = max(top - bottom, 0.0) / (last - first)
            returned += share * weights[lag : lag + grid.steps]
        return returned
