"""Points that fill the unit cube evenly: one lattice, shifted at random eight times."""

from collections.abc import Iterable, Mapping

import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.law import open_unit
from attrition.uncertain.node import Unknown
from attrition.uncertain.stream import DEFAULT_SEED, generator

__all__ = ["FEWER", "LEAST", "POINTS", "SHIFTS", "VECTOR", "VECTORS", "block", "column", "columns"]

POINTS = 4_093
"""Points in one copy of the lattice, a prime."""

FEWER = 509
"""Points in one copy of a smaller lattice, for what is dear at each of them."""

LEAST = 199
"""Points in one copy of the smallest lattice, where a few more probabilities are all it gives."""

SHIFTS = 8
"""Copies, each moved by its own random shift; their disagreement is the error."""

# Component by component for a product-weight Korobov space (weights 1/j^2, smoothness 2), each
# component different from those before: tests/bench/make_lattice.py makes it.
# Nuyens, D. and Cools, R. (2006). doi:10.1090/S0025-5718-06-01785-6
VECTOR = (
    *(1, 1715, 1422, 1952, 927, 554, 1870, 749, 1546, 67, 410, 687, 1897, 1178, 841, 1790),
    *(1138, 443, 1093, 362, 1996, 982, 808, 1226, 209, 765, 1389, 1408, 827, 113, 258, 631),
    *(305, 592, 435, 90, 1656, 1035, 612, 246, 230, 700, 603, 335, 1502, 487, 1472, 1623),
    *(1018, 1919, 1777, 1293, 1566, 223, 1460, 1891, 80, 1381, 1467, 1080, 1820, 1554, 1463, 579),
)


# The same for FEWER points.
VECTOR_OF_FEWER = (
    *(1, 209, 133, 228, 31, 48, 82, 40, 142, 153, 192, 98, 233, 220, 186, 236),
    *(112, 87, 108, 222, 194, 172, 58, 124, 197, 37, 199, 238, 116, 201, 190, 215),
    *(65, 249, 25, 36, 21, 74, 78, 69, 161, 14, 123, 184, 129, 55, 17, 173),
    *(158, 59, 64, 138, 12, 176, 247, 160, 103, 122, 13, 62, 68, 178, 79, 106),
)

# And for LEAST.
VECTOR_OF_LEAST = (
    *(1, 55, 81, 95, 42, 23, 70, 17, 30, 92, 65, 74, 61, 76, 46, 68),
    *(15, 32, 19, 13, 87, 49, 78, 60, 34, 51, 84, 91, 97, 21, 44, 31),
    *(12, 10, 29, 77, 47, 16, 26, 37, 75, 7, 86, 73, 58, 11, 6, 45),
    *(63, 39, 38, 69, 20, 62, 35, 64, 67, 9, 71, 52, 5, 83, 98, 93),
)

VECTORS = {POINTS: VECTOR, FEWER: VECTOR_OF_FEWER, LEAST: VECTOR_OF_LEAST}
"""Generating vectors by the points of a copy."""


def columns(
    unknowns: Iterable[Unknown], streams: Mapping[str, str], *, points: int = POINTS
) -> dict[str, FloatArray]:
    """
    A column of uniforms for every unknown, dealt in order of stream.

    Args:
        unknowns: Each gets a column.

        streams: The stream of each, by uid.

        points: In each of the copies.

    Returns:
        By uid, arrays of shape (SHIFTS * points,), the copies one after another.
    """
    ordered = sorted(unknowns, key=lambda unknown: streams[unknown.uid])
    return {
        unknown.uid: column(place, streams[unknown.uid], points=points)
        for place, unknown in enumerate(ordered)
    }


def column(place: int, stream: str, *, points: int = POINTS) -> FloatArray:
    """
    One column of uniforms, shape (SHIFTS * points,), the copies one after another.

    Every copy is folded by the tent map, which makes a smooth function one of a periodic kind,
    whose mean a lattice finds to a higher order. Beyond the length of the vector a column is
    plain random numbers, which is valid and only less even.

    Args:
        place: Which column of the lattice; the first ones are the most even together.

        stream: It decides the shifts.

        points: In each of the copies.

    References:
        Dick, J., Nuyens, D. and Pillichshammer, F. Lattice rules for nonperiodic smooth
        integrands. arXiv:1211.3799
    """
    return np.asarray(block(place, 1, stream, points=points)[0])


def block(first: int, count: int, stream: str, *, points: int = POINTS) -> FloatArray:
    """
    Several columns of uniforms next to each other, shape (count, SHIFTS * points).

    Args:
        first: The first column of the lattice; see :func:`column`.

        count: How many.

        stream: It decides the shifts of all of them.

        points: In each of the copies.
    """
    rng, vector = generator(DEFAULT_SEED, stream, 0), VECTORS[points][first : first + count]
    found = np.empty((count, SHIFTS, points))
    even, beyond = found[: len(vector)], found[len(vector) :]
    base = np.multiply.outer(vector, np.arange(points)) % points / points
    np.add(base[:, None], rng.random((len(vector), SHIFTS, 1)), out=even)
    even -= even >= 1.0
    even *= 2.0
    even -= 1.0
    np.abs(even, out=even)
    np.subtract(1.0, even, out=even)
    rng.random(out=beyond)
    return open_unit(found.reshape(count, -1))
