"""Strength at the dates as many simulated paths show it, folded into narrow cells."""

import functools
from typing import NamedTuple, final

import attrs
import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray
from attrition.projection.sums import Sums, spread
from attrition.uncertain.checks import has_value
from attrition.uncertain.lattice import SHIFTS
from attrition.uncertain.law import Method

__all__ = ["Cells", "Fold", "Folded"]

_CELLS = 2_048
"""Cells of a date; a cell then holds about a thousandth of the paths."""

_LUMP = 1 / 128
"""More of the paths in one even cell, and cells follow the ranks instead."""

_PILOT = 4_096
"""Draws of the first block that say where the cells are."""

_RARE = 1 / 2_048
"""About so many paths on either side are beyond the even cells, and are kept one by one."""


_SHORT_OF_ONE = 1.0 - 2.0**-50
"""So that rounding puts nothing into the cell after the last one."""


class Cells(NamedTuple):
    """
    Draws by the cell they lie in: spread evenly over it, or all on one value.

    Attributes:
        low: Where each cell begins, shape (cells,), ascending.

        high: Where it ends and the next one may begin; ``low`` for one value.

        counts: Draws in each cell by copy, shape (copies, cells).
    """

    low: FloatArray
    high: FloatArray
    counts: npt.NDArray[np.intp]

    def upto(self, x: FloatArray) -> FloatArray:
        """The share of the draws that is at most ``x`` by copy, shape (copies, places)."""
        whole = np.cumsum(self.counts, axis=1)
        passed = np.searchsorted(self.high, x, side="right")
        before = np.where(passed > 0, whole[:, passed - 1], 0)
        at = np.minimum(passed, self.low.size - 1)
        begun = (passed < self.low.size) & (x > self.low[at])
        part, inside = np.zeros(x.shape), at[begun]
        low = self.low[inside]
        part[begun] = (x[begun] - low) / (self.high[inside] - low)
        return np.asarray((before + part * self.counts[:, at]) / whole[:, -1:])

    def quantiles(self, counts: npt.NDArray[np.intp], q: FloatArray) -> FloatArray:
        """
        Quantiles by Hazen's rule, as of draws: value i of n stands for (i + 1/2) / n.

        Args:
            counts: Draws in each cell, shape (cells,).

            q: Probabilities.
        """
        some = counts > 0
        held, low, high = counts[some], self.low[some], self.high[some]
        upto = np.cumsum(held)
        half = _width(low, high) / (2.0 * held)
        ranks = np.stack([upto - held, upto - 1.0], axis=1).ravel()
        places = np.stack([low + half, high - half], axis=1).ravel()
        return np.asarray(np.interp(q * upto[-1] - 0.5, ranks, places), dtype=np.float64)

    def moments(self) -> tuple[float, float]:
        """Mean and variance."""
        shares = self.counts.sum(axis=0) / self.counts.sum()
        middle = 0.5 * (self.low + self.high)
        mean = float(shares @ middle)
        within = np.square(_width(self.low, self.high)) / 12.0
        return mean, float(shares @ (np.square(middle - mean) + within))


def _width(low: FloatArray, high: FloatArray) -> FloatArray:
    """Of each cell, 0 for one value, also where that is infinite."""
    return np.subtract(high, low, out=np.zeros(low.shape), where=high > low)


@final
class Fold:
    """
    The cells of one date while draws are folded into them, block by block.

    The first draws say where the cells are. They are even and lie between extreme values; if
    much of the pilot were in one of them, or on single values, each ends at the next of these
    draws, and a value that several of them have has a cell of its own. What is beyond the cells
    is kept one by one. As blocks come in order and the first one is always whole, the cells are
    the same whoever computes them, and for any number of draws.
    """

    def __init__(self, first: FloatArray) -> None:
        pilot = first[:_PILOT]
        ordered = np.sort(pilot[np.isfinite(pilot)])
        even = _even_edges(ordered)
        self._even = even is not None
        self._edges = _rank_edges(ordered) if even is None else even
        self._counts = np.zeros((SHIFTS, self._cells + 1), dtype=np.intp)
        self._beyond: list[FloatArray] = []

    @property
    def _cells(self) -> int:
        return max(self._edges.size - 1, 0)

    def add(self, row: FloatArray) -> None:
        """Fold the draws of a block in; each eighth of it belongs to one copy."""
        place, beyond = self._place(row)
        if beyond.size:
            kept = row[beyond]
            if np.isnan(kept).any():
                has_value(row)
            self._beyond.append(np.stack([beyond // (row.size // SHIFTS), kept]))
            place[beyond] = self._cells
        place += _starts(row.size, self._cells + 1)
        found = np.bincount(place, minlength=self._counts.size)
        self._counts += found.reshape(self._counts.shape)

    def _place(self, row: FloatArray) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """The cell of each draw, and which draws are beyond the cells."""
        if not self._even:
            place = np.searchsorted(self._edges, row) - 1
            return place, np.flatnonzero((place < 0) | (place >= self._cells))
        first, last = self._edges[[0, -1]]
        share = row - first
        share *= _SHORT_OF_ONE * self._cells / (last - first)
        # What is infinite or no number has no cell, and needs none.
        with np.errstate(invalid="ignore"):
            place = share.astype(np.intp)
        # Also what lies on an end: it may be many draws on one value.
        return place, np.flatnonzero(~((row > first) & (row < last)))

    def cells(self) -> Cells:
        """The cells with all draws that were folded in."""
        low, high = self._edges[:-1], self._edges[1:]
        # Nothing lies between two neighbouring floats: the draws are on the second one.
        low = np.where(np.nextafter(low, np.inf) == high, high, low)
        copy, kept = np.concatenate([np.zeros((2, 0)), *self._beyond], axis=1)
        values, which = np.unique(kept, return_inverse=True)
        alone = np.bincount(
            copy.astype(np.intp) * values.size + which, minlength=SHIFTS * values.size
        )
        highs = np.concatenate([high, values])
        order = np.argsort(highs, kind="stable")
        counts = np.hstack([self._counts[:, : self._cells], alone.reshape(SHIFTS, -1)])
        return Cells(np.concatenate([low, values])[order], highs[order], counts[:, order])


@functools.lru_cache(maxsize=2)
def _starts(size: int, width: int) -> npt.NDArray[np.intp]:
    """Where the counts of the copy of each draw of a block begin; dates have them in common."""
    return np.repeat(np.arange(SHIFTS) * width, size // SHIFTS)


def _even_edges(ordered: FloatArray) -> FloatArray | None:
    """Edges of even cells, None where the draws are too uneven for them."""
    rare = int(ordered.size * _RARE)
    if not ordered.size:
        return None
    first, last = ordered[rare], ordered[-1 - rare]
    inside = ordered[(ordered > first) & (ordered < last)]
    often = np.count_nonzero(inside[1:] == inside[:-1]) > rare
    if often or ordered.size - inside.size > _LUMP * ordered.size:
        return None
    edges = np.linspace(first, last, _CELLS + 1)
    held = np.diff(np.searchsorted(inside, edges))
    return None if held.max() > _LUMP * ordered.size else edges


def _rank_edges(ordered: FloatArray) -> FloatArray:
    """Edges at all draws of the pilot, and before values that several of them have."""
    values, times = np.unique(ordered, return_counts=True)
    return np.unique(np.concatenate([values, np.nextafter(values[times > 1], -np.inf)]))


@final
@attrs.frozen(eq=False)
class Folded(Sums):
    """
    The laws of strength at every date after the start, through paths that are not kept.

    Draws are counted in cells of which each holds about a thousandth of them, eight thousandths
    at most, and are taken to lie evenly inside. A quantile or a probability is then off by what
    chance moves within a cell, about 1/30 of the error of sampling in the middle of the law, and
    by how a density bends within one, which is less. Single values that many draws have, such as
    zero or whole numbers, and what lies far out, are counted by themselves; a value that fewer
    than about one in 2,000 have may be taken for its neighbours.

    Attributes:
        cells: Of every date after the start.
    """

    cells: tuple[Cells, ...] = attrs.field(repr=False)

    @property
    def method(self) -> Method:
        return "draws"

    @property
    def draws(self) -> int:
        return int(self.cells[0].counts.sum())

    def chance(self, x: FloatArray) -> FloatArray:
        return np.stack([cells.upto(at).mean(axis=0) for cells, at in self._with(x)])

    def uncut_errors(self, x: FloatArray) -> FloatArray:
        return np.stack([spread(cells.upto(at)) for cells, at in self._with(x)])

    def moments(self) -> tuple[FloatArray, FloatArray]:
        mean, var = np.array([cells.moments() for cells in self.cells]).T
        return mean, var

    def quantiles(self, q: FloatArray) -> FloatArray:
        return np.stack([cells.quantiles(cells.counts.sum(axis=0), q) for cells in self.cells])

    def quantile_errors(self, q: FloatArray) -> FloatArray:
        return np.stack(
            [spread(np.stack([c.quantiles(row, q) for row in c.counts])) for c in self.cells]
        )

    def _with(self, x: FloatArray) -> "zip[tuple[Cells, FloatArray]]":
        return zip(self.cells, x, strict=True)
