"""Means and variances of weighted sums: they need no law of the whole."""

import math
from collections.abc import Callable

from attrition.uncertain.exact import exact_law
from attrition.uncertain.forms import Form, linear_form
from attrition.uncertain.law import Law
from attrition.uncertain.node import Joint, Node, Noise, in_order, unknowns

__all__ = ["mean_of_sum", "var_of_sum"]


def mean_of_sum(root: Node) -> float | None:
    """
    The mean of a number that is a sum, from the means of its terms, however they are tied.

    Returns:
        None where it is no sum, or a term has no closed form.

    Raises:
        MomentError: If a term has no mean.

    Examples:
        >>> from attrition.uncertain import about, uniform
        >>> a, b = about(3, sd=1), uniform(0, 1)
        >>> mean_of_sum((a + b - 2.0 * a * b).node)
        0.5
    """
    form = linear_form(in_order([root]))
    return _summed(form, root, lambda weight, law: weight * law.mean(), form.constant)


def var_of_sum(root: Node) -> float | None:
    """
    The variance of a number that is a sum of independent terms, from theirs.

    Returns:
        None where it is no such sum, or a term has no closed form.

    Raises:
        MomentError: If a term has no variance.

    Examples:
        >>> from attrition.uncertain import about, uniform
        >>> var_of_sum((about(3, sd=1) + 6.0 * uniform(0, 1) + uniform(0, 6)).node)
        7.0
    """
    form = linear_form(in_order([root]))
    if not _independent(form):
        return None
    return _summed(form, root, lambda weight, law: weight * weight * law.var(), 0.0)


def _summed(
    form: Form, root: Node, term: Callable[[float, Law], float], constant: float
) -> float | None:
    terms = [constant]
    for atom in form.atoms:
        law = None if atom.in_log or atom.node.uid == root.uid else exact_law(atom.node)
        if law is None:
            return None
        terms.append(term(atom.weight, law))
    return math.fsum(terms) if math.isfinite(form.constant) else None


def _independent(form: Form) -> bool:
    """Whether no unknown is below two of the atoms."""
    found = [u for atom in form.atoms for u in unknowns(in_order([atom.node]))]
    if any(isinstance(unknown, Joint | Noise) for unknown in found):
        return False
    return len({unknown.uid for unknown in found}) == len(found)
