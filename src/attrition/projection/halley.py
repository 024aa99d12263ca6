"""Quantiles of smooth laws from probabilities and their slopes."""

from collections.abc import Callable

import numpy as np

from attrition._typing import FloatArray
from attrition.projection.three_moments import Slopes
from attrition.uncertain.scores import bell, score_of

__all__ = ["quantiles_by_slopes"]

_STEPS = 100

# In standard deviations: a step of this length leaves an error of its cube at most.
_NEAR = 0.02

# The least probability that is told from none, on either side.
_LEAST, _MOST = 1e-300, 1.0 - 2.0**-53

# The method of Newton is corrected by this factor either way at most.
_BENT = 2.0


def quantiles_by_slopes(
    slopes: Callable[[FloatArray], Slopes], q: FloatArray, start: FloatArray, sd: FloatArray
) -> FloatArray:
    """
    Where probabilities that rise with the place are ``q``.

    By the method of Halley for their normal scores, which rise nearly along a line, inside
    brackets.

    Args:
        slopes: Probabilities of at most a place, with derivatives.

        q: Probabilities inside (0, 1), shape (q,).

        start: First guesses, shape (sums, q).

        sd: Standard deviations, shape (sums, 1).

    References:
        Traub, J. F. (1964). Iterative methods for the solution of equations. Prentice-Hall.
    """
    wanted, x = score_of(q), start
    low, high = np.full(x.shape, -np.inf), np.full(x.shape, np.inf)
    for _ in range(_STEPS):
        gap, step = _step(slopes(x), wanted)
        low, high = np.where(gap <= 0.0, x, low), np.where(gap >= 0.0, x, high)
        with np.errstate(invalid="ignore"):
            moved, middle = x - np.clip(step, -4.0 * sd, 4.0 * sd), 0.5 * (low + high)
        # Not at an end of the bracket: between two flat places it would go to and fro.
        inside = (moved == x) | (moved > low) & (moved < high)
        before, x = x, np.where(inside | ~np.isfinite(middle), moved, middle)
        if (np.abs(x - before) <= _NEAR * sd).all():
            break
    return x


def _step(found: Slopes, wanted: FloatArray) -> tuple[FloatArray, FloatArray]:
    """How far normal scores are from those wanted, and how far back that is in places."""
    score = score_of(np.clip(found.chance, _LEAST, _MOST))
    gap = score - wanted
    with np.errstate(all="ignore"):
        density = bell(score)
        slope = found.density / density
        bend = found.bend / density + score * slope**2
        newton = gap / slope
        # Where nothing rises there is no bend to tell, and the step is as long as it may be.
        bent = np.fmin(np.fmax(1.0 - 0.5 * newton * bend / slope, 1.0 / _BENT), _BENT)
        return gap, newton / bent
