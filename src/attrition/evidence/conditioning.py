"""Normal scores given linear statements about them: the closed form, on arrays."""

import math
from typing import NamedTuple

import numpy as np

from attrition._typing import FloatArray

__all__ = [
    "Conditioned",
    "condition",
    "statement_given_others",
    "statements_alone",
    "triangular",
    "upper_tail",
]

# Statements are scaled to one standard deviation; below this share of it a direction is one that
# other statements fix already, and a miss is rounding.
_RANK = 1e-12
_MISS = 1e-9


class Conditioned(NamedTuple):
    """
    Scores given statements: mean + free e, with e standard normal.

    Attributes:
        mean: Shape (scores,), or (scores, replicates).

        free: What is left unknown, orthonormal columns, shape (scores, free directions).

        possible: Whether the statements can hold together; shape () or (replicates,).
    """

    mean: FloatArray
    free: FloatArray
    possible: np.ndarray

    @property
    def statistic(self) -> FloatArray:
        """The squared distance of the statements from their prior means, chi-square before."""
        return np.asarray(np.sum(np.square(self.mean), axis=0), dtype=np.float64)

    @property
    def rank(self) -> int:
        """How many independent statements there are."""
        return len(self.free) - len(self.free.T)


def condition(weights: FloatArray, constants: FloatArray) -> Conditioned:
    """
    Independent standard normals z, given that weights z + constants = 0.

    With A = U s V' it is z ~ N(-V s^-1 U' b, I - V V').

    Args:
        weights: A, shape (statements, scores).

        constants: b, shape (statements,), or (statements, replicates).

    Examples:
        >>> found = condition(np.array([[3.0, -4.0]]), np.array([10.0]))
        >>> found.mean.round(12).tolist(), round(float(found.statistic), 12)
        ([-1.2, 1.6], 4.0)
    """
    scales = np.linalg.norm(weights, axis=1)
    scales[scales == 0.0] = 1.0
    b = (constants.T / scales).T
    U, s, Vt = np.linalg.svd(weights / scales[:, None], full_matrices=True)
    rank = int(np.count_nonzero(s > _RANK))
    onto = U.T @ b
    mean = -Vt[:rank].T @ (onto[:rank].T / s[:rank]).T
    room = _MISS * np.maximum(1.0, np.abs(b).max(axis=0, initial=0.0))
    possible = np.asarray((np.abs(onto[rank:]) <= room).all(axis=0))
    return Conditioned(mean, Vt[rank:].T, possible)


def triangular(free: FloatArray) -> FloatArray:
    """
    L with L L' = F F', lower triangular, with a diagonal that is not negative.

    Through QR, so that a spread that claims have made small keeps its digits.

    Examples:
        >>> triangular(np.array([[0.6, 0.8], [0.0, 2.0]])).round(12).tolist()
        [[1.0, 0.0], [1.6, 1.2]]
    """
    R = np.linalg.qr(free.T, mode="r")
    signs = np.where(np.diagonal(R) < 0.0, -1.0, 1.0)
    L = (signs[:, None] * R).T
    return np.where(np.abs(L) <= _RANK, 0.0, L)


def statement_given_others(weights: FloatArray, constants: FloatArray, which: int) -> float:
    """
    How far a statement lies from what the others foretell, as a two-sided tail probability.

    Examples:
        >>> A = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0]])
        >>> round(statement_given_others(A, np.array([0.0, 0.0]), 1), 6)
        1.0
    """
    others = np.delete(weights, which, axis=0), np.delete(constants, which)
    given = condition(*others)
    size = float(np.linalg.norm(weights[which]))
    miss = float(constants[which] + weights[which] @ given.mean) / size
    sd = float(np.linalg.norm(weights[which] @ given.free)) / size
    if sd <= _RANK:
        return 1.0
    return math.erfc(abs(miss / sd) / math.sqrt(2.0))


def statements_alone(
    weights: FloatArray, constants: FloatArray, unknown: np.ndarray
) -> float | None:
    """
    The tail probability of the statements whatever some of the scores are.

    Args:
        weights: A, shape (statements, scores).

        constants: b, shape (statements,).

        unknown: Which scores may take any value at no cost, shape (scores,).

    Returns:
        None where values of those scores satisfy every statement.

    Examples:
        >>> A = np.array([[5.0, 3.0, 0.0], [5.0, 0.0, 4.0]])
        >>> p = statements_alone(A, np.array([10.0, 0.0]), np.array([True, False, False]))
        >>> round(p, 4)
        0.0455
    """
    scales = np.linalg.norm(weights, axis=1)
    scaled, b = weights / scales[:, None], constants / scales
    U, s, _ = np.linalg.svd(scaled[:, unknown], full_matrices=True)
    beyond = U[:, int(np.count_nonzero(s > _RANK)) :].T
    left = beyond @ scaled[:, ~unknown]
    left[np.abs(left) <= _RANK] = 0.0
    alone = condition(left, beyond @ b)
    return upper_tail(float(alone.statistic), alone.rank) if alone.rank else None


def upper_tail(statistic: float, degrees: int) -> float:
    """
    Probability that chi-square exceeds a value.

    Examples:
        >>> round(upper_tail(4.0, 1), 4)
        0.0455
    """
    from scipy.special import gammaincc

    return float(gammaincc(0.5 * degrees, 0.5 * statistic))
