"""Stated correlations between figures that are normal, or whose logarithms are."""

import functools
import math
import operator
from collections.abc import Sequence

import numpy as np

from attrition._typing import FloatArray
from attrition.errors import DependenceError
from attrition.uncertain import Uncertain, about, exp, log
from attrition.uncertain.checks import as_float
from attrition.uncertain.exact import exact_law
from attrition.uncertain.families import LogNormal, Normal
from attrition.uncertain.node import in_order, unknowns
from attrition.uncertain.number import node_of

__all__ = ["share_unknowns", "tied", "tied_by"]

DEGENERATE = 1e-9
"""A variance below it is what rounding leaves of none."""


def share_unknowns(first: Uncertain, second: Uncertain) -> bool:
    """
    Whether two numbers rest on an unknown that they have in common.

    Examples:
        >>> a, b = about(35_050, sd=1_500), about(31_680, sd=1_500)
        >>> share_unknowns(a, a + b), share_unknowns(a, b)
        (True, False)
    """
    mine, theirs = (
        {unknown.uid for unknown in unknowns(in_order([node_of(number)]))}
        for number in (first, second)
    )
    return not mine.isdisjoint(theirs)


def tied(numbers: Sequence[Uncertain], correlations: FloatArray) -> list[Uncertain]:
    """
    Numbers with the laws of ``numbers`` and correlations between their normal scores.

    Args:
        numbers: n numbers that share no unknown.

        correlations: Shape (n, n), positive semidefinite.

    Returns:
        New unknowns; a number that is known, or correlated with no other one, stays.

    Raises:
        DependenceError: If a number that is to be correlated is neither normal nor lognormal.

    Examples:
        >>> a, b = about(35_050, sd=1_500), about(31_680, sd=1_500)
        >>> c, d = tied([a, b], np.array([[1.0, 0.28], [0.28, 1.0]]))
        >>> round((c + d).std())
        2400
    """
    unknown = np.array([number.value is None for number in numbers])
    between = np.where(np.outer(unknown, unknown), correlations, 0.0) - np.diag(unknown * 1.0)
    places = np.flatnonzero(between.any(axis=1))
    scores = _scores(correlations[np.ix_(places, places)])
    found = list(numbers)
    for place, score in zip(places.tolist(), scores, strict=True):
        found[place] = _at_score(numbers[place], score)
    return found


def _scores(correlations: FloatArray) -> list[Uncertain]:
    """Standard normals with these correlations."""
    root = _root(correlations)
    own = [about(0, sd=1) for _ in root]
    return [
        functools.reduce(
            operator.add, (weight * z for weight, z in zip(row, own, strict=True) if weight)
        )
        for row in root.tolist()
    ]


def _root(correlations: FloatArray) -> FloatArray:
    """A lower triangle whose product with its transpose is the matrix, which may be singular."""
    # Not a root by eigenvectors: their signs and order differ between machines.
    root = np.zeros_like(correlations)
    for j, column in enumerate(correlations.T):
        left = column[j:] - root[j:, :j] @ root[j, :j]
        if left[0] > DEGENERATE:
            root[j:, j] = left / math.sqrt(left[0])
    return root


def tied_by(fixed: Uncertain, other: Uncertain, correlation: float) -> Uncertain:
    """
    A number with the law of ``other`` and a correlation with ``fixed``.

    With normal scores z of ``fixed`` and z' independent, the score of the result is
    r z + sqrt(1 - r^2) z'. The result is a new unknown: other ties of ``other`` are
    replaced by this one.

    Args:
        fixed: The number that stays what it is.

        other: The number whose law is kept.

        correlation: r, in [-1, 1], between the two on the scale on which each is normal.

    Returns:
        ``other`` itself where r is 0 or one of the two is known.

    Raises:
        DependenceError: If r is no number in [-1, 1], or one of the two is neither normal
            nor lognormal.

    Examples:
        >>> a, b = about(35_050, sd=1_500), about(31_680, sd=1_500)
        >>> (a - tied_by(a, b, 1.0)).std()
        0.0
    """
    r = _checked(correlation)
    if r == 0.0 or fixed.value is not None or other.value is not None:
        return other
    own = about(0, sd=1)
    return _at_score(other, r * _score(fixed) + math.sqrt(1.0 - r * r) * own)


def _checked(correlation: object) -> float:
    r = as_float(correlation, "correlation")
    if not -1.0 <= r <= 1.0:
        raise DependenceError(
            f"correlation is {r:g}: expected a number in [-1, 1]. Type for example correlation=0.8."
        )
    return r


def _score(x: Uncertain) -> Uncertain:
    """The normal score of a number, tied to it."""
    law = _law(x)
    if isinstance(law, Normal):
        return (x - law.centre) / law.sd
    return (log(x) - math.log(law.middle)) / law.sigma


def _at_score(x: Uncertain, score: Uncertain) -> Uncertain:
    """The number with the law of ``x`` that has the given normal score."""
    law = _law(x)
    if isinstance(law, Normal):
        return law.centre + law.sd * score
    return law.middle * exp(law.sigma * score)


def _law(x: Uncertain) -> Normal | LogNormal:
    law = exact_law(node_of(x))
    if not isinstance(law, Normal | LogNormal):
        raise DependenceError(
            f"a correlation other than 0 is stated for {x!r}, which is neither normal nor "
            f"lognormal: expected one of the two. State the figure with about(...) or "
            f"between(...), or type correlation=0."
        )
    return law
