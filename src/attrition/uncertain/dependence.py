"""Ties between unknowns that were stated one by one: a Gaussian copula over their laws."""

import math
from collections.abc import Sequence
from typing import NoReturn

import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray
from attrition.errors import DependenceError, NumberError
from attrition.uncertain.at_score import AtScore
from attrition.uncertain.checks import as_array
from attrition.uncertain.combination import Combination
from attrition.uncertain.families import Normal
from attrition.uncertain.law import Law
from attrition.uncertain.node import Column, Leaf, Node, act, apply
from attrition.uncertain.number import Uncertain

__all__ = ["correlate", "root_of_scores", "tied_laws"]

_STANDARD = Normal(0.0, 1.0)

# What rounding may take from an eigenvalue or a pivot that is zero.
_ROUNDING = 1e-10


def correlate(
    numbers: Sequence[Uncertain],
    *,
    spearman: npt.ArrayLike | None = None,
    normal_scores: npt.ArrayLike | None = None,
) -> tuple[Uncertain, ...]:
    """
    The same numbers with a correlation: new unknowns, same laws, a Gaussian copula.

    Correlate first and build records and expressions after: what was built from the old numbers
    knows nothing of the new ones, and a question that holds both raises. Say in one call all
    that is known of a group, as a number cannot be correlated twice.

    A Gaussian copula has no ties in the tails beyond its correlation: the rarer two extremes,
    the closer they come to independence.

    Args:
        numbers: Two or more numbers as they were stated, not computed ones.

        spearman: Rank correlation, one for all pairs or a matrix of shape (n, n); for laws
            without point masses.

        normal_scores: Correlation of the normal scores of the numbers, likewise; for normal
            numbers their correlation, for lognormal ones that of their logarithms.

    Returns:
        The new numbers, in the same order and with the same names.

    Raises:
        NumberError: If one is not an uncertain number.

        DependenceError: If one is known or computed or listed twice, not exactly one kind of
            correlation is given, the matrix is none of correlations, or a rank correlation is
            asked of a number with point masses.

    Examples:
        >>> from attrition import about, correlate
        >>> losses, recruits = about(44_000, sd=3_000), about(35_000, sd=4_000)
        >>> (losses - recruits).std()
        5000.0
        >>> losses, recruits = correlate([losses, recruits], normal_scores=0.8)
        >>> round((losses - recruits).std(), 3)
        2408.319

    References:
        Kruskal, W. H. (1958). Ordinal measures of association. doi:10.2307/2281954
        (the rank correlation of normal scores with correlation r is 6 / pi * asin(r / 2)).
    """
    leaves = [_leaf(number) for number in numbers]
    _check_distinct(leaves)
    scores = _normal_scores(leaves, spearman, normal_scores)
    replaced = frozenset(leaf.uid for leaf in leaves)
    laws = [(leaf.law, leaf.name) for leaf in leaves]
    return tied_laws(laws, scores, replaces=replaced)


def tied_laws(
    laws: Sequence[tuple[Law, str | None]], scores: FloatArray, *, replaces: frozenset[str]
) -> tuple[Uncertain, ...]:
    """
    New unknowns with these laws and names, tied by their normal scores.

    Args:
        laws: n laws, each with the name of its number.

        scores: Correlations of the normal scores, shape (n, n), which can hold together.

        replaces: The identities of the unknowns that they take the place of.

    Examples:
        >>> laws = [(Normal(35_050.0, 1_500.0), None), (Normal(31_680.0, 1_500.0), None)]
        >>> a, b = tied_laws(laws, np.array([[1.0, 0.28], [0.28, 1.0]]), replaces=frozenset())
        >>> round((a + b).std())
        2400
    """
    marked = replaces | {act()}
    fresh = [Leaf(_STANDARD, name, replaces=marked) for _, name in laws]
    return tuple(
        Uncertain(apply(AtScore(law, name), _weighted(fresh, row)))
        for (law, name), row in zip(laws, root_of_scores(scores), strict=True)
    )


def _leaf(number: object) -> Leaf:
    if not isinstance(number, Uncertain):
        message = (
            f"{number!r} among the numbers to correlate: expected uncertain numbers. "
            f"Type for example correlate([about(44_000, sd=3_000), about(35_000, sd=4_000)], "
            f"spearman=0.6)."
        )
        raise NumberError(message)
    if not isinstance(number.node, Leaf):
        _refuse(number)
    return number.node


def _refuse(number: Uncertain) -> NoReturn:
    if number.value is not None:
        what = "is known: expected numbers with a spread. Leave it out"
    elif isinstance(number.node, Column):
        what = "is known only together with others: its ties are those of its draws. Leave it out"
    elif repr(number).endswith("correlated)"):
        what = "is correlated already. Correlate all numbers of a group in one call"
    else:
        what = "is computed, which settles its ties. Correlate the numbers it was computed from"
    raise DependenceError(f"{number!r} {what}.")


def _check_distinct(leaves: Sequence[Leaf]) -> None:
    if len(leaves) < 2:  # noqa: PLR2004 - a correlation is between two
        message = (
            f"{len(leaves)} numbers to correlate: expected two or more. "
            f"Type for example correlate([x, y], spearman=0.6)."
        )
        raise DependenceError(message)
    if len({leaf.uid for leaf in leaves}) < len(leaves):
        message = (
            "one number is listed twice to be correlated: it is itself, with correlation 1. "
            "List every number once."
        )
        raise DependenceError(message)


def _normal_scores(
    leaves: Sequence[Leaf], spearman: npt.ArrayLike | None, normal_scores: npt.ArrayLike | None
) -> FloatArray:
    """The correlation matrix of the scores, checked."""
    if (spearman is None) == (normal_scores is None):
        message = (
            f"spearman is {spearman!r} and normal_scores is {normal_scores!r}: expected exactly "
            f"one of the two. Type for example spearman=0.6."
        )
        raise DependenceError(message)
    if spearman is None:
        matrix = _matrix(normal_scores, len(leaves), "normal_scores")
        _check_valid(matrix, matrix, "normal_scores")
        return matrix
    for leaf in leaves:
        if leaf.law.atomic:
            message = (
                f"spearman of {leaf.law!r}, which has point masses: the ties among its ranks keep "
                f"them from the correlation that was asked for. Type normal_scores=... instead."
            )
            raise DependenceError(message)
    ranks = _matrix(spearman, len(leaves), "spearman")
    _check_valid(_of_ranks(ranks), ranks, "spearman")
    return _of_ranks(ranks)


def _of_ranks(ranks: FloatArray) -> FloatArray:
    """Correlations of normal scores from rank correlations, one within rounding."""
    return np.clip(2.0 * np.sin(math.pi / 6.0 * ranks), -1.0, 1.0)


def _matrix(stated: object, n: int, what: str) -> FloatArray:
    given = as_array(stated, what)
    matrix = np.where(np.eye(n, dtype=bool), 1.0, given) if given.ndim == 0 else given
    wrong = None
    if matrix.shape != (n, n):
        wrong = f"has shape {matrix.shape}: expected ({n}, {n}), a row for every number"
    elif not (np.abs(matrix) <= 1.0).all():
        odd = matrix[~(np.abs(matrix) <= 1.0)][0]
        wrong = f"holds {odd:g}: expected numbers in [-1, 1]"
    elif (matrix != matrix.T).any():
        i, j = np.argwhere(matrix != matrix.T)[0]
        wrong = (
            f"has {matrix[i, j]:g} in row {i} and {matrix[j, i]:g} in column {i}: "
            f"expected a symmetric matrix"
        )
    elif (np.diag(matrix) != 1.0).any():
        wrong = "has other numbers than 1 on its diagonal: expected 1, each with itself"
    if wrong is not None:
        message = f"{what} {wrong}. Type {what}=0.6 for one correlation of all pairs."
        raise DependenceError(message)
    return matrix


def _check_valid(scores: FloatArray, stated: FloatArray, what: str) -> None:
    """Refuse correlations that cannot hold together, and say how much smaller ones can."""
    least = float(np.linalg.eigvalsh(scores)[0])
    if least >= -_ROUNDING:
        return
    shares = np.linspace(0.999, 0.0, 1_000)
    smaller = np.where(np.eye(len(stated), dtype=bool), 1.0, shares[:, None, None] * stated)
    tried = smaller if what == "normal_scores" else _of_ranks(smaller)
    share = shares[np.argmax(np.linalg.eigvalsh(tried)[:, 0] >= 0.0)]
    message = (
        f"the correlations of {what} cannot hold together: the matrix of normal scores has the "
        f"eigenvalue {least:.3g}, expected none below 0. "
        f"Multiply all that is off the diagonal by {share:.3f} or less."
    )
    raise DependenceError(message)


def root_of_scores(scores: FloatArray) -> FloatArray:
    """
    A lower triangle whose rows, as weights of independent scores, have the correlations.

    Correlations of one are allowed, so this is Cholesky's rule with pivots that may be zero.

    Examples:
        >>> root_of_scores(np.array([[1.0, 0.6], [0.6, 1.0]])).tolist()
        [[1.0, 0.0], [0.6, 0.8]]
    """
    root = np.zeros_like(scores)
    for i in range(len(root)):
        for j in range(i):
            rest, pivot = scores[i, j] - root[i, :j] @ root[j, :j], root[j, j]
            root[i, j] = rest / pivot if pivot > 0.0 else 0.0
        own = 1.0 - root[i, :i] @ root[i, :i]
        root[i, i] = math.sqrt(own) if own > _ROUNDING else 0.0
        root[i] /= np.linalg.norm(root[i])
    return root


def _weighted(scores: Sequence[Leaf], weights: FloatArray) -> Node:
    terms = [(w, z) for w, z in zip(weights.tolist(), scores, strict=True) if w != 0.0]
    return apply(Combination(tuple(w for w, _ in terms)), *(z for _, z in terms))
