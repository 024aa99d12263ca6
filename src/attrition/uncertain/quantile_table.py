"""Many quantiles at once where each is slow: a table for draws, never for answers."""

import functools
from typing import NamedTuple

import numpy as np

from attrition._typing import Draws, FloatArray
from attrition.uncertain.law import Law, open_unit
from attrition.uncertain.scores import probability_of, score_of

__all__ = ["ScoreTable", "StepTable", "drawn", "placed", "scored", "table_of"]

_MANY = 4_096
"""From so many quantiles on a table pays for itself."""

_REACH = 4.5
"""How far a table goes, in normal scores: 1e-5 of the mass lies beyond and is found exactly."""

_FEWEST, _MOST = 128, 2_048
"""Cells of the first table tried, and of the last one."""

_CLOSE = 1e-6
"""The largest error of a table, in normal scores; in probability it is at most 0.4 of that."""

_FALL = 16.0
"""What a table of half the step divides the error by, where quantiles are smooth."""

# A cubic is farthest off in the middle of its cell; a second look, at a share that no halving
# of cells hits, catches what the middle misses.
_LOOKS = (0.5, 0.236)

_RARE = 1e-7
"""Mass on each side of the places that a table of steps holds."""

_MOST_STEPS = 16_384
"""More places than this are not listed."""


_KEPT = 64
"""Tables that are kept: equal laws have one, and draws come in blocks that all ask for it."""


class ScoreTable(NamedTuple):
    """
    Quantiles against the normal score: cubic pieces over cells of one width.

    The slope at an end of a cell is that of the quartic through five neighbours, so the error
    falls with the fourth power of the width.

    Attributes:
        first: The score at which the first cell begins.

        cells: How many cells there are in a unit of the score.

        pieces: Value, slope, bend and twist at the start of each cell, shape (4, cells).

    References:
        Fritsch, F. N. and Carlson, R. E. (1980). Monotone piecewise cubic interpolation.
        doi:10.1137/0717021
    """

    first: float
    cells: float
    pieces: FloatArray

    @classmethod
    def through(cls, z: FloatArray, x: FloatArray) -> "ScoreTable":
        """The table of values at even scores; two cells on either side are lost to slopes."""
        slopes = (x[:-4] - 8.0 * x[1:-3] + 8.0 * x[3:-1] - x[4:]) / 12.0
        start, climb = x[2:-3], np.diff(x[2:-2])
        left, right = slopes[:-1], slopes[1:]
        pieces = (start, left, 3.0 * climb - 2.0 * left - right, left + right - 2.0 * climb)
        return cls(float(z[2]), 1.0 / float(z[1] - z[0]), np.stack(pieces))

    @property
    def last(self) -> float:
        """The score at which the last cell ends."""
        return self.first + len(self.pieces.T) / self.cells

    @property
    def rises(self) -> bool:
        """Whether every piece rises: its slopes at the ends are at most thrice its own."""
        _, left, bend, twist = self.pieces
        climb, right = left + bend + twist, left + 2.0 * bend + 3.0 * twist
        low, high = np.minimum(left, right), np.maximum(left, right)
        return bool(((low >= 0.0) & (high <= 3.0 * climb)).all())

    def at(self, z: FloatArray) -> FloatArray:
        """The values at scores from ``first`` to ``last``."""
        place = (z - self.first) * self.cells
        cell = np.minimum(place.astype(np.intp), self.pieces.shape[1] - 1)
        share = place - cell
        value, slope, bend, twist = (piece[cell] for piece in self.pieces)
        return np.asarray(value + share * (slope + share * (bend + share * twist)))

    def ppf(self, law: Law, u: FloatArray) -> FloatArray:
        """Quantiles of the law: from the table, beyond its ends exactly."""
        return self.at_score(law, score_of(u))

    def at_score(self, law: Law, z: FloatArray) -> FloatArray:
        """Quantiles of the law at normal scores, likewise."""
        values = self.at(np.clip(z, self.first, self.last))
        beyond = (z < self.first) | (z > self.last)
        if beyond.any():
            values[beyond] = law.at_score(z[beyond])
        return values


class StepTable(NamedTuple):
    """
    Whole steps and the probabilities of at most each: it loses nothing.

    Attributes:
        values: All values but for the rarest, shape (n,).

        upto: The probability of at most each, shape (n,).

        below: The probability of less than the first.
    """

    values: FloatArray
    upto: FloatArray
    below: float

    def ppf(self, law: Law, u: FloatArray) -> FloatArray:
        """Quantiles of the law: from the table, beyond its ends one by one."""
        inside = (u > self.below) & (u <= self.upto[-1])
        step = np.searchsorted(self.upto, np.where(inside, u, self.upto[-1]))
        values = self.values[step]
        if not inside.all():
            values[~inside] = law.ppf(u[~inside])
        return values

    def at_score(self, law: Law, z: FloatArray) -> FloatArray:
        """Quantiles of the law at normal scores."""
        return self.ppf(law, probability_of(z))


@functools.lru_cache(maxsize=_KEPT)
def table_of(law: Law) -> ScoreTable | StepTable | None:
    """
    A table of a law, checked against its probabilities.

    Two scores in each cell are looked at: there the law has to give back the score that the
    value was read at, to 1e-6. A kink in the quantiles, or a gap between them, is not reached
    by cubics, and the law is left without a table.

    Examples:
        >>> from scipy import stats
        >>> from attrition.uncertain.scipy_law import from_scipy
        >>> law = from_scipy(stats.gamma(4, scale=9_000))
        >>> table = table_of(law)
        >>> u = np.array([0.1, 0.5, 0.9])
        >>> bool((abs(law.cdf(table.ppf(law, u)) - u) < 1e-6).all())
        True
    """
    with np.errstate(all="ignore"):
        if law.stepped:
            return _steps(law)
        return None if law.atomic else _scores(law)


def _steps(law: Law) -> StepTable | None:
    rare = np.array(_RARE)
    first, last = float(law.ppf(rare)), float(law.isf(rare))
    if not last - first < _MOST_STEPS:
        return None
    values = first + np.arange(last - first + 1.0)
    return StepTable(values, law.cdf(values), float(law.below(values[:1])[0]))


def _scores(law: Law) -> ScoreTable | None:
    cells = _FEWEST
    z = np.linspace(-_REACH, _REACH, cells + 1)
    x = law.at_score(z)
    while cells <= _MOST and np.isfinite(x).all():
        table = ScoreTable.through(z, x)
        off = _farthest(law, table)
        if off <= _CLOSE and table.rises:
            return table
        # Halving on at the rate of a smooth law would not get there.
        if not off <= _CLOSE * _FALL ** np.log2(_MOST / cells):
            return None
        cells *= 2
        z = np.linspace(-_REACH, _REACH, cells + 1)
        finer = np.empty(cells + 1)
        finer[::2], finer[1::2] = x, law.at_score(z[1::2])
        x = finer
    return None


def _farthest(law: Law, table: ScoreTable) -> float:
    """The largest distance between the score of a value and the score it was read at."""
    starts = np.arange(table.pieces.shape[1])
    z = table.first + np.concatenate([starts + share for share in _LOOKS]) / table.cells
    x = table.at(z)
    lower = z < 0.0
    found = np.empty(z.shape)
    found[lower] = score_of(law.cdf(x[lower]))
    found[~lower] = -score_of(law.sf(x[~lower]))
    return float(np.abs(found - z).max())


def placed(law: Law, u: FloatArray) -> FloatArray:
    """
    The quantiles of a law at the probabilities ``u``, from a table where that is faster.

    The same probabilities give the same ranks either way. With a table a value lies where the
    probability of at most it is ``u`` to 1e-6, at most; few values are always found exactly.

    Examples:
        >>> from attrition.uncertain.families import Uniform
        >>> placed(Uniform(2.0, 4.0), np.array([0.25, 0.5])).tolist()
        [2.5, 3.0]
    """
    if u.size >= _MANY and law.sampled_as is not None:
        return law.sampled_as.ppf(u)
    table = table_of(law) if law.searched and u.size >= _MANY else None
    return law.ppf(u) if table is None else table.ppf(law, u)


def scored(law: Law, z: FloatArray) -> FloatArray:
    """
    The quantiles of a law at normal scores, from a table where that is faster.

    Only of draws, which come in one dimension: the nodes of an integral are answers.

    Examples:
        >>> from attrition.uncertain.families import Uniform
        >>> scored(Uniform(2.0, 4.0), np.array([0.0])).tolist()
        [3.0]
    """
    many = z.ndim == 1 and z.size >= _MANY
    if many and law.sampled_as is not None:
        return law.sampled_as.at_score(z)
    table = table_of(law) if law.searched and many else None
    return law.at_score(z) if table is None else table.at_score(law, z)


def drawn(law: Law, rng: np.random.Generator, n: int) -> Draws:
    """
    ``n`` random values of a law, from a table where that is faster.

    Examples:
        >>> from attrition.uncertain.families import Uniform
        >>> drawn(Uniform(2.0, 4.0), np.random.default_rng(20260101), 3).round(2).tolist()
        [2.46, 3.66, 3.06]
    """
    return placed(law, open_unit(rng.random(n))) if law.searched else law.draw(rng, n)
