"""Stated correlations between the counts of estimates, which keep their laws."""

from collections.abc import Sequence

import numpy as np

from attrition._typing import FloatArray
from attrition.accounts.losses import LossEstimate
from attrition.errors import DependenceError
from attrition.evidence.naming import named
from attrition.uncertain import Uncertain
from attrition.uncertain.dependence import tied_laws
from attrition.uncertain.exact import exact_law
from attrition.uncertain.families import LogNormal, Normal
from attrition.uncertain.law import Law
from attrition.uncertain.node import Leaf, in_order, unknowns
from attrition.uncertain.number import node_of

__all__ = ["share_unknowns", "tied_counts"]


def share_unknowns(first: Uncertain, second: Uncertain) -> bool:
    """
    Whether two numbers rest on an unknown that they have in common.

    Examples:
        >>> from attrition import about
        >>> a, b = about(35_050, sd=1_500), about(31_680, sd=1_500)
        >>> share_unknowns(a, a + b), share_unknowns(a, b)
        (True, False)
    """
    return not _below(first).isdisjoint(_below(second))


def tied_counts(estimates: Sequence[LossEstimate], correlations: FloatArray) -> list[Uncertain]:
    """
    The counts of estimates with correlations between their normal scores.

    The counts that are correlated are new unknowns, as ``correlate`` makes them: a question
    that holds one of them and the count that it took the place of raises.

    Args:
        estimates: n estimates whose counts share no unknown.

        correlations: Shape (n, n), positive semidefinite.

    Returns:
        New counts; one that is known, or correlated with no other one, stays.

    Raises:
        DependenceError: If a count that is to be correlated was computed, and is neither
            normal nor lognormal.

    Examples:
        >>> from attrition import Category, Period, about
        >>> months = [
        ...     LossEstimate.central(
        ...         count=about(count, sd=1_500),
        ...         category=Category.KILLED_AND_WOUNDED,
        ...         period=period,
        ...         side="Russia",
        ...     )
        ...     for count, period in (
        ...         (35_050, Period.month(2025, 12)),
        ...         (31_680, Period.month(2026, 1)),
        ...     )
        ... ]
        >>> december, january = tied_counts(months, np.array([[1.0, 0.28], [0.28, 1.0]]))
        >>> round((december + january).std())
        2400
    """
    found = [estimate.count for estimate in estimates]
    uncertain = np.array([count.value is None for count in found])
    off_diagonal = ~np.eye(len(found), dtype=bool)
    between = (correlations != 0.0) & off_diagonal & np.outer(uncertain, uncertain)
    places = np.flatnonzero(between.any(axis=1)).tolist()
    laws = [(_law(estimates[place]), found[place].name) for place in places]
    replaced = frozenset[str]().union(*(_below(found[place]) for place in places))
    tied = tied_laws(laws, correlations[np.ix_(places, places)], replaces=replaced)
    for place, count in zip(places, tied, strict=True):
        found[place] = count
    return found


def _below(number: Uncertain) -> set[str]:
    """The identities of the unknowns that a number rests on."""
    return {unknown.uid for unknown in unknowns(in_order([node_of(number)]))}


def _law(estimate: LossEstimate) -> Law:
    """The law that a count keeps: that of any number as stated, or of a normal or lognormal."""
    node = node_of(estimate.count)
    if isinstance(node, Leaf):
        return node.law
    law = exact_law(node)
    if not isinstance(law, Normal | LogNormal):
        raise DependenceError(
            f"a correlation is stated for {named(estimate)}, whose count was computed and is "
            f"neither normal nor lognormal: expected a count as it was stated. Correlate the "
            f"numbers that it was computed from with correlate([...], normal_scores=...)."
        )
    return law
