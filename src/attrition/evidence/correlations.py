"""How the errors of several estimates go together, as a matrix of correlations."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray, Number
from attrition.accounts.losses import LossEstimate
from attrition.accounts.period import Per, Period
from attrition.errors import DependenceError
from attrition.evidence.naming import all_named
from attrition.uncertain.checks import as_array, as_float

__all__ = ["AS_BUILT", "Dependence", "as_correlation", "correlation_matrix"]

Dependence: TypeAlias = Number | npt.ArrayLike | Literal["ar1", "as built"]
"""A common correlation, a matrix of them, ``"ar1"`` with its ``rho``, or ``"as built"``."""

AS_BUILT = "as built"
AR1 = "ar1"

CHOICES = (
    'Type dependence=0.5 for one correlation between all of them, a matrix, dependence="ar1" with '
    'rho=0.6, or dependence="as built" for the ties that the numbers have.'
)

ROUNDING = 1e-9
"""What rounding may leave of a symmetric matrix, and of an eigenvalue of zero."""


def as_correlation(value: object, what: str) -> float:
    """
    A correlation, or an error that names ``what``.

    Examples:
        >>> as_correlation(1, "rho")
        1.0
    """
    r = as_float(value, what)
    if not -1.0 <= r <= 1.0:
        raise DependenceError(
            f"{what} is {r:g}: expected a number in [-1, 1]. Type for example {what}=0.6."
        )
    return r


def correlation_matrix(
    estimates: Sequence[LossEstimate], dependence: Dependence, rho: Number | None
) -> FloatArray | None:
    """
    The correlations between the errors of estimates.

    Args:
        estimates: n estimates, in the order of the rows of a matrix.

        dependence: What the caller stated.

        rho: The correlation of neighbours, for ``"ar1"`` only.

    Returns:
        Shape (n, n); None for the ties that the numbers have.

    Raises:
        DependenceError: If it is none of the choices, or no correlations can be like that.

    Examples:
        >>> from attrition import Category, Period
        >>> months = [
        ...     LossEstimate.central(
        ...         count=1_000,
        ...         category=Category.KILLED,
        ...         period=Period.month(2025, month),
        ...         side="Russia",
        ...     )
        ...     for month in (1, 2, 4)
        ... ]
        >>> correlation_matrix(months, "ar1", 0.5)
        array([[1.   , 0.5  , 0.125],
               [0.5  , 1.   , 0.25 ],
               [0.125, 0.25 , 1.   ]])
    """
    _check_rho(dependence, rho)
    if isinstance(dependence, str):
        built = _choice(dependence) == AS_BUILT
        return None if built else _ar1(estimates, as_correlation(rho, "rho"))
    matrix = as_array(dependence, "dependence")
    if not matrix.ndim:
        matrix = _common(as_correlation(dependence, "dependence"), len(estimates))
    _check_form(matrix, estimates)
    _check_eigenvalues(matrix, estimates)
    return matrix


def _check_rho(dependence: Dependence, rho: Number | None) -> None:
    is_ar1 = isinstance(dependence, str) and dependence == AR1
    if is_ar1 == (rho is None):
        raise DependenceError(
            f"dependence is {dependence!r} and rho is {rho}: expected rho beside "
            f'dependence="ar1", and nowhere else. Type dependence="ar1", rho=0.6 for '
            f"neighbours with a correlation of 0.6."
        )


def _choice(dependence: str) -> str:
    if dependence not in (AR1, AS_BUILT):
        raise DependenceError(
            f'dependence is {dependence!r}: expected a number, a matrix, "ar1" or "as built". '
            f"{CHOICES}"
        )
    return dependence


def _common(r: float, n: int) -> FloatArray:
    return np.where(np.eye(n, dtype=bool), 1.0, r)


def _ar1(estimates: Sequence[LossEstimate], rho: float) -> FloatArray:
    """The power of rho by the steps between two periods; a gap counts as the steps it holds."""
    steps = np.array(_steps(estimates))
    return np.asarray(rho ** np.abs(np.subtract.outer(steps, steps)), dtype=np.float64)


def _steps(estimates: Sequence[LossEstimate]) -> list[float]:
    """Where each period ends, in steps of the length that all have."""
    periods = [estimate.period for estimate in estimates]
    per = Per.MONTH if all(p.natural_per is Per.MONTH for p in periods) else Per.DAY
    lengths = {period.length(per) for period in periods}
    first = min(period.start for period in periods)
    ends = [Period(start=first, end=period.end).length(per) for period in periods]
    steps = [end / max(lengths) for end in ends]
    if len(lengths) > 1 or len(set(steps)) < len(steps) or any(s % 1.0 for s in steps):
        raise DependenceError(
            f'dependence is "ar1" for {all_named(estimates)}: expected periods of one length, '
            f"whole steps apart, for rho is the correlation between one and the next. "
            f"Type a matrix of correlations."
        )
    return steps


def _check_form(matrix: FloatArray, estimates: Sequence[LossEstimate]) -> None:
    n = len(estimates)
    if matrix.shape != (n, n):
        raise DependenceError(
            f"dependence has shape {matrix.shape}: expected ({n}, {n}), a row and a column for "
            f"each of {all_named(estimates)}. {CHOICES}"
        )
    fine = (np.abs(matrix) <= 1.0 + ROUNDING) & (np.abs(matrix - matrix.T) <= ROUNDING)
    fine &= (np.abs(matrix - 1.0) <= ROUNDING) | ~np.eye(n, dtype=bool)
    if not fine.all():
        row, column = (int(place) for place in np.argwhere(~fine)[0])
        raise DependenceError(
            f"dependence has {matrix[row, column]:g} in row {row} and column {column} and "
            f"{matrix[column, row]:g} across the diagonal: expected correlations in [-1, 1], the "
            f"same on either side, and 1 on the diagonal. They are between "
            f"{all_named([estimates[row], estimates[column]])}."
        )


def _check_eigenvalues(matrix: FloatArray, estimates: Sequence[LossEstimate]) -> None:
    smallest = float(np.linalg.eigvalsh(matrix)[0])
    if smallest < -ROUNDING * len(estimates):
        raise DependenceError(
            f"the correlations between {all_named(estimates)} cannot hold together: the smallest "
            f"eigenvalue of their matrix is {smallest:.3g}, expected 0 or more. Type "
            f"correlations closer to 0; a common one of {len(estimates)} estimates is "
            f"{-1.0 / max(len(estimates) - 1, 1):.3g} or more."
        )
