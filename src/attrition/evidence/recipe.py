"""How to pool: the method, what it needs, and what it has no use for."""

import math
from collections.abc import Sequence
from typing import Literal, TypeAlias, TypeVar, final

import attrs
import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray
from attrition.errors import DependenceError, PoolError
from attrition.uncertain.checks import as_array, as_float

__all__ = ["Between", "PoolMethod", "PoolScale", "Recipe", "checked_recipe"]

T = TypeVar("T")

PoolMethod: TypeAlias = Literal["linear", "log", "fixed", "random", "dependent", "conservative"]

PoolScale: TypeAlias = Literal["natural", "log"]

Between: TypeAlias = Literal["DerSimonian-Laird", "Paule-Mandel"]
"""How the variance between sources is estimated."""

USES = {
    "linear": {"weights"},
    "log": {"weights"},
    "fixed": {"scale"},
    "random": {"scale", "heterogeneity"},
    "dependent": {"scale", "correlation"},
    "conservative": {"scale", "weights"},
}
"""The options of each method; all but weights are required where they are used."""

WORDS = {"scale": ("natural", "log"), "heterogeneity": ("DerSimonian-Laird", "Paule-Mandel")}
"""What options that are words may be."""

ADVICE = {
    "scale": 'Type scale="log" where errors multiply, such as give or take 10 per cent, or '
    'scale="natural" where they add, such as give or take 2,000 people.',
    "heterogeneity": 'Type heterogeneity="Paule-Mandel", or "DerSimonian-Laird" for the older '
    "estimate in one step.",
    "correlation": "Type correlation=0.5 with the value that you hold to be right for their "
    'errors, or method="conservative" where nobody knows it.',
}

# What a sum of typed weights, or the halves of a symmetric matrix, may differ by.
_ROUNDING = 1e-9


@final
@attrs.frozen(kw_only=True)
class Recipe:
    """
    A method with its options, checked.

    Attributes:
        method: The name of the method.

        scale: The scale on which means and variances are taken; None where it makes no
            difference.

        heterogeneity: How the variance between sources is estimated, for "random".

        weights: The caller's weights, which sum to one.

        correlation: Of the errors, row by row, for "dependent".
    """

    method: PoolMethod
    scale: PoolScale | None = None
    heterogeneity: Between | None = None
    weights: tuple[float, ...] | None = None
    correlation: tuple[tuple[float, ...], ...] | None = None

    def without(self, at: int) -> "Recipe":
        """The recipe for the estimates without one; the other weights keep their ratios."""
        return attrs.evolve(
            self,
            weights=None if self.weights is None else _shares(_dropped(self.weights, at)),
            correlation=None
            if self.correlation is None
            else tuple(_dropped(row, at) for row in _dropped(self.correlation, at)),
        )


def _dropped(values: tuple[T, ...], at: int) -> tuple[T, ...]:
    return (*values[:at], *values[at + 1 :])


def _shares(weights: tuple[float, ...]) -> tuple[float, ...]:
    total = math.fsum(weights)
    if total == 0.0:
        raise PoolError(
            f"the estimate that is left out has all of the weight, and the others have {weights}: "
            f"expected weight on another one. Type weights above 0, or leave them out."
        )
    return tuple(weight / total for weight in weights)


def checked_recipe(
    *,
    method: PoolMethod,
    scale: PoolScale | None,
    heterogeneity: Between | None,
    weights: Sequence[float] | None,
    correlation: npt.ArrayLike | None,
    count: int,
) -> Recipe:
    """
    The recipe for a number of estimates.

    Raises:
        PoolError: If the method is unknown, an option is missing, of no use or unknown, or the
            weights do not fit.

        DependenceError: If the correlation is none.

    Examples:
        >>> checked_recipe(
        ...     method="fixed", scale="log", heterogeneity=None, weights=None, correlation=None,
        ...     count=2,
        ... ).scale
        'log'
    """
    if method not in USES:
        known = ", ".join(f'"{one}"' for one in USES)
        raise PoolError(f"method is {method!r}: expected one of {known}. Type one of them.")
    given = {
        "scale": scale,
        "heterogeneity": heterogeneity,
        "weights": weights,
        "correlation": correlation,
    }
    for option, value in given.items():
        _check_option(option, value, method)
    return Recipe(
        method=method,
        scale=scale,
        heterogeneity=heterogeneity,
        weights=None if weights is None else _checked_weights(weights, count),
        correlation=None if correlation is None else _checked_matrix(correlation, count),
    )


def _check_option(option: str, value: object, method: str) -> None:
    used = option in USES[method]
    if value is not None and not used:
        users = ", ".join(f'"{one}"' for one, options in USES.items() if option in options)
        raise PoolError(
            f"{option} is {value!r} with method={method!r}, which has no use for it: expected it "
            f"with {users} only. Leave {option} out."
        )
    if value is None and used and option != "weights":
        raise PoolError(f"method={method!r} was given no {option}. {ADVICE[option]}")
    if value is not None and option in WORDS and value not in WORDS[option]:
        known = " or ".join(f'"{one}"' for one in WORDS[option])
        raise PoolError(f"{option} is {value!r}: expected {known}. {ADVICE[option]}")


def _checked_weights(weights: Sequence[float], count: int) -> tuple[float, ...]:
    found = tuple(as_array(weights, "weights").ravel().tolist())
    fits = len(found) == count and np.ndim(weights) == 1
    if not (fits and min(found) >= 0.0 and math.isclose(sum(found), 1.0, abs_tol=_ROUNDING)):
        raise PoolError(
            f"weights are {found}, which sum to {math.fsum(found):.15g}: expected {count}, one "
            f"for each central estimate, from 0 on and with the sum 1. Floors and ceilings have "
            f"none."
        )
    return _shares(found)


def _checked_matrix(correlation: npt.ArrayLike, count: int) -> tuple[tuple[float, ...], ...]:
    matrix = as_array(correlation, "correlation")
    if matrix.ndim == 0:
        common = as_float(correlation, "correlation")
        matrix = np.where(np.eye(count, dtype=bool), 1.0, common)
    if matrix.shape != (count, count):
        raise DependenceError(
            f"correlation has shape {matrix.shape}: expected a number for all pairs, or a matrix "
            f"of shape ({count}, {count}), a row and a column for each central estimate. "
            f"Type for example correlation=0.5."
        )
    _refuse_no_correlation(matrix)
    rows: list[list[float]] = matrix.tolist()
    return tuple(tuple(row) for row in rows)


def _refuse_no_correlation(matrix: FloatArray) -> None:
    symmetric = np.allclose(matrix, matrix.T, rtol=0.0, atol=_ROUNDING)
    unit = np.allclose(matrix.diagonal(), 1.0, rtol=0.0, atol=_ROUNDING)
    smallest = float(np.linalg.eigvalsh(matrix)[0]) if symmetric else math.nan
    if not (symmetric and unit and smallest > _ROUNDING):
        rows = "; ".join(" ".join(f"{value:g}" for value in row) for row in matrix)
        raise DependenceError(
            f"correlation is the matrix [{rows}]: expected 1 on the diagonal, the same on both "
            f"sides of it, and no eigenvalue of 0 or less, but the smallest is {smallest:.2g}. "
            f"Figures with a correlation of 1 are one figure: leave one out."
        )
