"""A density given as a function, integrated once: its mass in panels, each a polynomial."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias, final

import attrs
import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray

__all__ = ["Panels", "Places", "panels_of"]

Places: TypeAlias = npt.NDArray[np.intp]
Chosen: TypeAlias = npt.NDArray[np.bool_] | Places

# Nodes of a panel: a polynomial of degree 15 through the density.
_NODES = 16

# A panel is halved until its halves give its mass to this share of it. The polynomials of the
# halves are then as good: an error c^32 of the mass means c^16 of the polynomial, and halving
# takes 2^16 off that.
_TOLERANCE = 1e-9

# A panel that holds less than this share of all is left as it is: the density may be too small
# there for a float to have all its digits.
_NEGLIGIBLE = 1e-200

# Halvings next to a jump or a pole, and panels at which rounding is taken for a misfit.
_ROUNDS = 60
_MOST_PANELS = 20_000

# Steps to a root, and the last one: Newton's need seven or eight, halving alone needs 54.
_STEPS = 60
_LAST_STEP = 1e-14

_AT, _WEIGHTS = np.polynomial.legendre.leggauss(_NODES)

# From the values at the nodes to the Legendre series through them.
_TO_SERIES = (np.polynomial.legendre.legvander(_AT, _NODES - 1) * _WEIGHTS[:, None]).T * (
    np.arange(_NODES) + 0.5
)[:, None]


class _Pieces(NamedTuple):
    """Panels beside each other or not: ends (panels,), and values at the nodes, nodes first."""

    low: FloatArray
    high: FloatArray
    values: FloatArray

    @property
    def masses(self) -> FloatArray:
        return np.asarray(0.5 * (self.high - self.low) * (_WEIGHTS @ self.values))

    def where(self, chosen: Chosen) -> "_Pieces":
        return _Pieces(self.low[chosen], self.high[chosen], self.values[:, chosen])


@final
@attrs.frozen(eq=False)
class Panels:
    """
    A density in panels that join each other, not normalised.

    Attributes:
        low: Lower ends, shape (panels,).

        width: Widths, shape (panels,).

        values: The density at the nodes, shape (nodes, panels).

        series: The Legendre series of the density in each panel, shape (degrees, panels). It is
            made once: a product of matrices rounds differently for another number of columns.

        integrals: Those of the mass, from the lower end on, one degree more.

        below: Mass below the lower end of each panel, and of all, shape (panels + 1,).

        above: Mass above the upper end of each, after that of all, shape (panels + 1,).

        error: How far the halves of panels and the panels differ, over all of them.
    """

    low: FloatArray
    width: FloatArray
    values: FloatArray
    series: FloatArray
    integrals: FloatArray
    below: FloatArray
    above: FloatArray
    error: float

    @property
    def total(self) -> float:
        """The whole mass."""
        return float(self.below[-1])

    @property
    def high(self) -> float:
        """The upper end of the last panel."""
        return float(self.low[-1] + self.width[-1])

    def mass_below(self, x: FloatArray) -> FloatArray:
        """The mass up to ``x``."""
        at, place = self._place(x)
        mass = self.below[at] + self._risen(at, place)
        return np.where(x >= self.high, self.total, np.minimum(mass, self.total))

    def mass_above(self, x: FloatArray) -> FloatArray:
        """The mass from ``x`` on."""
        at, place = self._place(x)
        left = self._risen(at, np.ones_like(place)) - self._risen(at, place)
        mass = self.above[at + 1] + np.maximum(left, 0.0)
        return np.where(x <= self.low[0], self.total, np.minimum(mass, self.total))

    def between(self, below: FloatArray, above: FloatArray) -> FloatArray:
        """The place with these masses on either side, found from the smaller one."""
        last = self.low.size - 1
        lower = np.clip(np.searchsorted(self.below, below, side="right") - 1, 0, last)
        # Masses above fall from panel to panel, and a search wants them rising.
        upper = np.clip(last + 1 - np.searchsorted(self.above[::-1], above, side="left"), 0, last)
        from_below = below <= above
        at = np.where(from_below, lower, upper)
        mass = np.where(from_below, below - self.below[lower], self.above[upper] - above)
        return self._solved(at, mass)

    def moments(self, centre: float, power: int) -> FloatArray:
        """The integral of (x - centre)^power times the density over each panel."""
        x = self.low + self.width * 0.5 * (1.0 + _AT[:, None])
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray(0.5 * self.width * (_WEIGHTS @ (self.values * (x - centre) ** power)))

    def _place(self, x: FloatArray) -> tuple[Places, FloatArray]:
        """The panel of a place, and where it lies in it, from -1 to 1."""
        at = np.clip(np.searchsorted(self.low, x, side="right") - 1, 0, self.low.size - 1)
        return at, np.clip(2.0 * (x - self.low[at]) / self.width[at] - 1.0, -1.0, 1.0)

    def _risen(self, at: Places, place: FloatArray) -> FloatArray:
        """The mass of a panel up to a place in it."""
        risen = np.maximum(0.5 * self.width[at] * _at(self.integrals[:, at], place), 0.0)
        return np.where(place > -1.0, risen, 0.0)

    def _solved(self, at: Places, mass: FloatArray) -> FloatArray:
        """The place in a panel up to which it holds a mass, by Newton's steps in a bracket."""
        series, integral = self.series[:, at], self.integrals[:, at]
        half = 0.5 * self.width[at]
        low, high = np.full(np.shape(mass), -1.0), np.full(np.shape(mass), 1.0)
        place, found = np.zeros(np.shape(mass)), np.zeros(np.shape(mass), dtype=bool)
        for _ in range(_STEPS):
            miss = half * _at(integral, place) - mass
            low, high = np.where(miss < 0.0, place, low), np.where(miss < 0.0, high, place)
            with np.errstate(all="ignore"):
                step = place - miss / (half * _at(series, place))
            middle = 0.5 * (low + high)
            moved = np.where((step >= low) & (step <= high), step, middle)
            # Each place stops by itself, so that it does not depend on what else is asked.
            moved = np.where(found, place, moved)
            found |= np.abs(moved - place) <= _LAST_STEP
            place = moved
            if found.all():
                break
        return np.asarray(self.low[at] + half * (1.0 + place))


def panels_of(density: Callable[[FloatArray], FloatArray], breaks: FloatArray) -> Panels:
    """
    The mass of a density between the first and the last of some places.

    Args:
        density: Of places of any shape; not negative, and finite but for single places.

        breaks: Rising places at which panels end, shape (n,); best where the density has kinks,
            and no further apart than it changes its scale.

    Returns:
        The panels, halved where a polynomial does not fit.

    Examples:
        >>> panels = panels_of(lambda x: np.exp(-x), np.array([0.0, 1.0, 40.0]))
        >>> half = np.array(0.5)
        >>> round(panels.total, 12), round(float(panels.between(half, half)), 12)
        (1.0, 0.69314718056)
    """
    pending = _pieces(density, breaks[:-1], breaks[1:])
    least = _NEGLIGIBLE * float(pending.masses.sum())
    done = [pending.where(np.zeros(0, dtype=np.intp))]
    error = 0.0
    rounds = 0
    while pending.low.size:
        rounds += 1
        middle = 0.5 * (pending.low + pending.high)
        halves = [
            _pieces(density, pending.low, middle),
            _pieces(density, middle, pending.high),
        ]
        found = halves[0].masses + halves[1].masses
        off = np.abs(found - pending.masses)
        fits = off <= _TOLERANCE * found + least
        fits |= rounds == _ROUNDS or off.size > _MOST_PANELS
        error += float(off[fits].sum())
        done += [half.where(fits) for half in halves]
        pending = _joined([half.where(~fits) for half in halves])
    return _settled(_joined(done), error)


def _pieces(
    density: Callable[[FloatArray], FloatArray], low: FloatArray, high: FloatArray
) -> _Pieces:
    x = low + (high - low) * 0.5 * (1.0 + _AT[:, None])
    return _Pieces(low, high, density(x))


def _joined(pieces: list[_Pieces]) -> _Pieces:
    low, high, values = (np.concatenate(parts, axis=-1) for parts in zip(*pieces, strict=True))
    return _Pieces(low, high, values)


def _settled(pieces: _Pieces, error: float) -> Panels:
    """The panels in order, with the masses on either side of each."""
    # Between neighbouring floats there is nothing to halve, and one half is empty.
    full = pieces.where(pieces.high > pieces.low)
    ordered = full.where(np.argsort(full.low))
    masses = ordered.masses
    series = np.asarray(_TO_SERIES @ ordered.values, dtype=np.float64)
    integrals = np.polynomial.legendre.legint(series, lbnd=-1)
    return Panels(
        low=ordered.low,
        width=ordered.high - ordered.low,
        values=ordered.values,
        series=series,
        integrals=np.asarray(integrals, dtype=np.float64),
        below=np.concatenate(([0.0], np.cumsum(masses))),
        above=np.concatenate((np.cumsum(masses[::-1])[::-1], [0.0])),
        error=error,
    )


def _at(series: FloatArray, place: FloatArray) -> FloatArray:
    """Each Legendre series at its own place."""
    found = np.polynomial.legendre.legval(place, series, tensor=False)
    return np.asarray(found, dtype=np.float64)
