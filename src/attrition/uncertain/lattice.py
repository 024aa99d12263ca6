"""Points that fill the unit cube evenly: one lattice, shifted at random eight times."""

from collections.abc import Iterable, Mapping

import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.law import open_unit
from attrition.uncertain.node import Unknown
from attrition.uncertain.stream import DEFAULT_SEED, generator

__all__ = ["POINTS", "SHIFTS", "VECTOR", "columns"]

POINTS = 4_093
"""Points in one copy of the lattice, a prime."""

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


def columns(unknowns: Iterable[Unknown], streams: Mapping[str, str]) -> dict[str, FloatArray]:
    """
    A column of uniforms for every unknown, dealt in order of stream.

    Every copy is folded by the tent map, which makes a smooth function one of a periodic kind,
    whose mean a lattice finds to a higher order. Beyond the length of the vector a column is
    plain random numbers, which is valid and only less even.

    Returns:
        By uid, arrays of shape (SHIFTS * POINTS,), the copies one after another.

    References:
        Dick, J., Nuyens, D. and Pillichshammer, F. Lattice rules for nonperiodic smooth
        integrands. arXiv:1211.3799
    """
    ordered = sorted(unknowns, key=lambda unknown: streams[unknown.uid])
    steps = np.arange(POINTS)
    dealt: dict[str, FloatArray] = {}
    for place, unknown in enumerate(ordered):
        rng = generator(DEFAULT_SEED, streams[unknown.uid], 0)
        if place < len(VECTOR):
            base = (steps * VECTOR[place]) % POINTS / POINTS
            points = base + rng.random((SHIFTS, 1))
            points -= points >= 1.0
            points = 1.0 - np.abs(2.0 * points - 1.0)
        else:
            points = rng.random((SHIFTS, POINTS))
        dealt[unknown.uid] = open_unit(points.ravel())
    return dealt
