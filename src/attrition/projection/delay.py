"""How long the wounded are away: the shares of a step's losses that return in each later step."""

import abc
import math
from collections.abc import Sequence
from typing import final

import attrs
import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray, Number
from attrition.errors import ProjectionError
from attrition.projection.calendar import Grid, months_before
from attrition.projection.law_delay import law_of_delay, returned_by
from attrition.uncertain.checks import as_float, positive
from attrition.uncertain.law import Law
from attrition.uncertain.number import UncertainLike

__all__ = ["Delay", "GammaDelay", "LawDelay", "ShareDelay"]


class Delay(abc.ABC):
    """
    The time from loss to return, for those who return.

    Make one with :meth:`gamma`, :meth:`of` or :meth:`shares`.

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
    def of(months: UncertainLike) -> "LawDelay":
        """
        Any law of the months that one person is away, with a finite mean or without.

        It is a law over persons: of those who return, half are back by its median. It is no
        doubt about a mean.

        Args:
            months: A frozen distribution of ``scipy.stats``, of the older or the newer kind, an
                uncertain number with a law of its own, or the same months for all.

        Returns:
            The delay; a loss of a step is spread evenly over the step.

        Raises:
            ParameterError: If more than a millionth of the law lies below 0, its parameters are
                invalid, or the number was computed from several.

            NumberError: If ``months`` is none of these.

        Examples:
            >>> from scipy import stats
            >>> Delay.of(stats.lognorm(s=0.6, scale=3)).law
            lognorm(s=0.6, scale=3)
        """
        return LawDelay(law_of_delay(months))

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
    def from_past(self, grid: Grid, first: FloatArray, last: FloatArray) -> FloatArray:
        """
        The share of losses before the start, each evenly over its months, that returns.

        Args:
            grid: The steps.

            first: Where each loss begins, months from the start, shape (losses,).

            last: Where it ends, not after the start.

        Returns:
            Shape (losses, steps).
        """


class _TimedDelay(Delay):
    """
    A law of the time away in months.

    With G the distribution function and K its integral from 0, losses spread evenly over [a, b]
    have returned by d to the share (K(d - a) - K(d - b)) / (b - a).
    """

    __slots__ = ()

    @abc.abstractmethod
    def _returned(self, months: FloatArray) -> FloatArray:
        """K, the integral of the distribution function; 0 before 0."""

    def matrix(self, grid: Grid) -> FloatArray:
        """The share of the losses of step i that returns in step j; shape (steps, steps)."""
        edges = np.array(grid.edges)
        since = self._returned(edges[None, :] - edges[:, None])
        return np.diff((since[:-1] - since[1:]) / np.diff(edges)[:, None], axis=1)

    def from_steady(self, grid: Grid) -> FloatArray:
        """Returns in each step from a steady past, per person lost a month; shape (steps,)."""
        edges = np.array(grid.edges)
        return np.diff(edges - self._returned(edges))

    def from_past(self, grid: Grid, first: FloatArray, last: FloatArray) -> FloatArray:
        """The share of losses, each evenly over its months, that returns; (losses, steps)."""
        edges = np.array(grid.edges)
        since = self._returned(edges - np.stack([first, last])[..., None])
        return np.diff((since[0] - since[1]) / (last - first)[..., None], axis=-1)


@final
@attrs.frozen
class GammaDelay(_TimedDelay):
    """
    A gamma law in months.

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


@final
@attrs.frozen
class LawDelay(_TimedDelay):
    """
    Any law in months.

    Attributes:
        law: Of the time that one person is away.
    """

    law: Law

    def _returned(self, months: FloatArray) -> FloatArray:
        """K, the integral of the distribution function; 0 before 0."""
        return returned_by(self.law, months)


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

    def _at(self, lags: npt.NDArray[np.intp], steps: int) -> FloatArray:
        """The shares that return so many steps later; nobody before a loss or after the last."""
        nobody = (0.0,) * steps
        return np.asarray(np.array((*nobody, *self.weights, *nobody))[steps + lags])

    def matrix(self, grid: Grid) -> FloatArray:
        """The share of the losses of step i that returns in step j; shape (steps, steps)."""
        steps = np.arange(grid.steps)
        return self._at(steps - steps[:, None], grid.steps)

    def from_steady(self, grid: Grid) -> FloatArray:
        """Returns in each step from a steady past, per person lost a month; shape (steps,)."""
        waiting = 1.0 - np.cumsum(self._at(np.arange(grid.steps), grid.steps))
        return np.diff(grid.edges) * np.maximum(waiting, 0.0)

    def from_past(self, grid: Grid, first: FloatArray, last: FloatArray) -> FloatArray:
        """The share of losses, each evenly over its months, that returns; (losses, steps)."""
        back = np.array(months_before(grid.start, grid.step, len(self.weights)))
        later, earlier = back[:-1], back[1:]
        inside = np.minimum(last[..., None], later) - np.maximum(first[..., None], earlier)
        shares = np.maximum(inside, 0.0) / (last - first)[..., None]
        lags = 1 + np.arange(later.size)[:, None] + np.arange(grid.steps)
        return np.asarray(shares @ self._at(lags, grid.steps))
