"""
The January question in plain numpy and scipy: a second computation to compare the library with.

Nothing here imports the library. Normal figures are drawn as normal, the year is stepped month by
month, and a full hospital is filled by stepping through the year before.
"""

import math
from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

DRAWS = 400_000
SEED = 20260101
"""The first of the seeds that the project allows itself; it was not searched for."""

MONTHS = 12
SIMULATED = 65_536
"""Draws of a projection: its numerical error comes from them."""

Values = npt.NDArray[np.float64]

Z = float(stats.norm.ppf(0.95))
"""Half the width of a central 90 % interval, in standard deviations."""


class January:
    """Independent draws of every unknown, each figure with the spread that it is given."""

    def __init__(self) -> None:
        self.rng = np.random.default_rng(SEED)

    def figure(self, centre: float, sd: float) -> Values:
        """A normal figure."""
        return self.rng.normal(centre, sd, DRAWS)

    def give_or_take(self, centre: float, share: float = 0.1) -> Values:
        """A normal figure with 90 % within a share of its centre."""
        return self.figure(centre, share * centre / Z)

    def inside(self, low: float, high: float) -> Values:
        """A lognormal figure with 90 % between two ends."""
        middle, sigma = 0.5 * math.log(low * high), math.log(high / low) / (2 * Z)
        return self.rng.lognormal(middle, sigma, DRAWS)

    def wounded_per_killed(self) -> Values:
        """The ratio of the table of signs."""
        return self.inside(2.3, 3.4)

    def returned_per_wounded(self) -> Values:
        """The share of the table of signs."""
        return self.rng.uniform(0.4, 0.7, DRAWS)


def months_away(mean: float) -> Values:
    """Shares that return in the month of the loss and after: gamma of shape 2 over a year."""
    by_month = np.diff(stats.gamma(2, scale=mean / 2).cdf(np.arange(MONTHS + 1)))
    return np.asarray(by_month / by_month.sum())


def strengths(
    start: Values | float,
    lost: Values,
    joined: Values,
    back: Values | float,
    *,
    away: Values,
    hospital: Literal["full", "empty"],
) -> Values:
    """
    Strength at the start and after every month, shape (13, draws).

    ``lost`` leave every month, ``back`` of them return after the shares ``away``.
    """
    level = np.zeros(DRAWS) + start
    rows = [level]
    for month in range(MONTHS):
        first = -MONTHS if hospital == "full" else 0
        returning = sum(
            back * away[month - then]
            for then in range(first, month + 1)
            if month - then < away.size
        )
        level = level + joined + returning - lost
        rows.append(level)
    return np.stack(rows)


def assert_share(happened: npt.NDArray[np.bool_], p: float) -> None:
    """The share of draws is a probability of the library, within four standard errors of both."""
    # Where no draw of a simulation hits, one in all of them still may have.
    q = min(max(p, 1.0 / SIMULATED), 1.0 - 1.0 / SIMULATED)
    error = math.sqrt(q * (1.0 - q) * (1.0 / DRAWS + 1.0 / SIMULATED))
    share = float(happened.mean())
    assert abs(share - p) <= 4.0 * error, f"{share:.5f} here, {p:.5f} there, error {error:.5f}"


def assert_same_law(values: Values | npt.NDArray[np.bool_], ppf: Callable[[float], float]) -> None:
    """Draws lie below the quantiles of a law as often as these say."""
    for p in (0.05, 0.25, 0.5, 0.75, 0.95):
        assert_share(values <= ppf(p), p)
