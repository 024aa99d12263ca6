"""Numbers made of two independent parts whose laws are known: a sum, a product, an extreme."""

import math
from collections.abc import Callable, Iterable
from typing import TypeAlias

import numpy as np

from attrition.uncertain.forms import Atom, Form, bounds_in
from attrition.uncertain.law import Law
from attrition.uncertain.monotone import affine, image
from attrition.uncertain.node import (
    Apply,
    Joint,
    Known,
    Leaf,
    Node,
    Noise,
    apply,
    in_order,
    unknowns,
)
from attrition.uncertain.normals import as_normal, lognormal, sum_of_normals
from attrition.uncertain.operations import Add, Exp, Log, Maximum, Minimum, Multiply, Power
from attrition.uncertain.pairs import Larger, Product, Smaller, Sum

__all__ = ["law_of_extreme", "law_of_two_factors", "law_of_two_terms"]

_DEAR = 4.0
"""How much wider a law counts of which a quantile is dear."""

LawOf: TypeAlias = Callable[[Node], Law | None]
"""How the law of a part is found."""


def law_of_two_terms(form: Form, law_of: LawOf) -> Law | None:
    """Constant + a + b for independent a and b; all normals together are one of the two."""
    normals, others = _sorted_atoms(form)
    together = [sum_of_normals(normals)] if normals else []
    if len(together) + len(others) != 2 or not math.isfinite(form.constant):  # noqa: PLR2004 - a pair
        return None
    laws = [*together, *(_term(atom, law_of) for atom in others)]
    both = _narrow_and_wide(laws, _spread)
    return None if both is None else affine(Sum.of(Add(), *both), form.constant, 1.0)


def law_of_two_factors(form: Form, law_of: LawOf) -> Law | None:
    """Constant * a * b for independent a and b; all lognormals together are one of the two."""
    normals, others = _sorted_atoms(form)
    together = [_lognormal(normals)] if normals else []
    within_floats = 0.0 < abs(form.constant) < math.inf
    if len(together) + len(others) != 2 or not within_floats:  # noqa: PLR2004 - a pair
        return None
    laws = [*together, *(_factor(atom, law_of) for atom in others)]
    both = _narrow_and_wide(laws, _relative_spread)
    return None if both is None else affine(Product.of(Multiply(), *both), 0.0, form.constant)


def law_of_extreme(root: Node, law_of: LawOf) -> Law | None:
    """The larger or the smaller of two independent numbers."""
    if not isinstance(root, Apply) or not isinstance(root.operation, Maximum | Minimum):
        return None
    if not _independent(root.arguments):
        return None
    both = _narrow_and_wide(map(law_of, root.arguments), _spread)
    if both is None:
        return None
    extreme = Larger if isinstance(root.operation, Maximum) else Smaller
    return extreme(*both)


def _sorted_atoms(form: Form) -> tuple[list[Atom], list[Atom]]:
    """Normal atoms and others; none at all where an unknown enters twice."""
    if not _independent(atom.node for atom in form.atoms):
        return [], []
    normals = [atom for atom in form.atoms if as_normal(atom) is not None]
    return normals, [atom for atom in form.atoms if as_normal(atom) is None]


def _narrow_and_wide(
    laws: Iterable[Law | None], spread: Callable[[Law], float]
) -> tuple[Law, Law] | None:
    """
    The two laws in order of spread, if both are known and neither has point masses.

    One whose quantiles are searched for counts as wider, since of the wide one only
    probabilities are wanted.
    """
    found = [law for law in laws if law is not None and not law.atomic]
    if len(found) != 2:  # noqa: PLR2004 - a pair
        return None
    narrow, wide = sorted(found, key=lambda law: spread(law) * (_DEAR if law.searched else 1.0))
    return narrow, wide


def _lognormal(normals: list[Atom]) -> Law | None:
    """The law of a product of lognormals."""
    together = sum_of_normals(normals)
    return None if together is None else lognormal(1.0, together)


def _independent(nodes: Iterable[Node]) -> bool:
    """Whether no unknown is below two of the nodes, and none is noise or known by draws."""
    found = [unknown for node in nodes for unknown in unknowns(in_order([node]))]
    if any(isinstance(unknown, Noise | Joint) for unknown in found):
        return False
    return len({unknown.uid for unknown in found}) == len(found)


def _term(atom: Atom, law_of: LawOf) -> Law | None:
    """The law of w a, or of w log a."""
    law = law_of(atom.node)
    if law is None or not atom.in_log:
        return None if law is None else affine(law, 0.0, atom.weight)
    return _image(apply(Multiply(), Known(atom.weight), apply(Log(), Leaf(law))))


def _factor(atom: Atom, law_of: LawOf) -> Law | None:
    """The law of a ** w, or of exp(w a)."""
    law = law_of(atom.node)
    if law is None or (atom.in_log and atom.weight == 1.0):
        return law
    if atom.in_log:
        return _image(apply(Power(), Leaf(law), Known(atom.weight)))
    return _image(apply(Exp(), apply(Multiply(), Known(atom.weight), Leaf(law))))


def _image(root: Node) -> Law | None:
    """The law of a function of one unknown."""
    order = in_order([root])
    return image(order, bounds_in(order))


def _spread(law: Law) -> float:
    """The interquartile range."""
    low, high = law.ppf(np.array([0.25, 0.75]))
    return float(high - low)


def _relative_spread(law: Law) -> float:
    """The interquartile range as a share of the median."""
    middle = float(law.ppf(np.array(0.5)))
    return _spread(law) / abs(middle) if middle != 0.0 else np.inf
