"""Numbers whose law has a closed form: sums of normals, products of lognormals, one unknown."""

import math

from attrition.uncertain.at_score import AtScore
from attrition.uncertain.empirical import Empirical, Weighted
from attrition.uncertain.families import Constant, Normal
from attrition.uncertain.forms import Form, bounds_in, linear_form, product_form
from attrition.uncertain.law import Law
from attrition.uncertain.mixed import mixture_law
from attrition.uncertain.monotone import affine, image
from attrition.uncertain.node import Apply, Column, Known, Leaf, Node, apply, in_order
from attrition.uncertain.normals import lognormal, sum_of_normals
from attrition.uncertain.operations import Add, Exp, Log, Multiply, Power
from attrition.uncertain.two import law_of_extreme, law_of_two_factors, law_of_two_terms

__all__ = ["exact_law"]

# Forms in forms are looked for twice at every depth, so this bounds the work; beyond it a number
# of one unknown is still exact.
_DEEPEST = 6


def exact_law(root: Node, *, deep: int = _DEEPEST) -> Law | None:
    """
    The law of a number where it has a closed form, else None.

    Args:
        root: The number.

        deep: How often a form may be looked for inside a form.
    """
    if isinstance(root, Known):
        return Constant(root.value)
    if isinstance(root, Leaf | Column):
        return root.law
    if isinstance(root, Apply) and isinstance(root.operation, AtScore):
        return root.operation.law
    order = in_order([root])
    linear, product = linear_form(order), product_form(order)
    return (
        _law_of_sum(linear, root, deep)
        or _law_of_product(product, root, deep)
        or image(order, bounds_in(order))
        or _law_of_parts(linear, product, root, deep)
    )


def _law_of_parts(linear: Form, product: Form, root: Node, deep: int) -> Law | None:
    """The law of a choice among parts, or of two independent parts, each in closed form."""
    if deep == 0:
        return None

    def law_of(node: Node) -> Law | None:
        # An integral over an integral would cost the square of one, and the lattice costs less.
        law = None if node.uid == root.uid else exact_law(node, deep=deep - 1)
        return law if law is not None and law.method == "exact" else None

    return (
        mixture_law(root, law_of)
        or law_of_two_terms(linear, law_of)
        or law_of_two_factors(product, law_of)
        or law_of_extreme(root, law_of)
    )


def _law_of_sum(form: Form, root: Node, deep: int) -> Law | None:
    if not math.isfinite(form.constant):
        return None
    if not form.atoms:
        return Constant(form.constant)
    normal = sum_of_normals(form.atoms)
    if normal is not None:
        return Normal(form.constant + normal.centre, normal.sd)
    inner = _only_law(form, root, deep)
    if inner is None:
        return None
    atom = form.atoms[0]
    if not atom.in_log:
        return affine(inner, form.constant, atom.weight)
    stand_in = Leaf(inner)
    scaled = apply(Multiply(), Known(atom.weight), apply(Log(), stand_in))
    return _image(apply(Add(), Known(form.constant), scaled))


def _law_of_product(form: Form, root: Node, deep: int) -> Law | None:
    if not math.isfinite(form.constant) or form.constant == 0.0:
        return None
    if not form.atoms:
        return Constant(form.constant)
    normal = sum_of_normals(form.atoms)
    if normal is not None and form.constant > 0.0:
        return lognormal(form.constant, normal)
    inner = _only_law(form, root, deep)
    if inner is None:
        return None
    atom, stand_in = form.atoms[0], Leaf(inner)
    if atom.in_log and atom.weight == 1.0:
        return affine(inner, 0.0, form.constant)
    if atom.in_log:
        power = apply(Power(), stand_in, Known(atom.weight))
    else:
        power = apply(Exp(), apply(Multiply(), Known(atom.weight), stand_in))
    return _image(apply(Multiply(), Known(form.constant), power))


def _image(root: Node) -> Law | None:
    order = in_order([root])
    return image(order, bounds_in(order))


def _only_law(form: Form, root: Node, deep: int) -> Law | None:
    """The law of the only atom, if there is one and it is simpler than the number itself."""
    (atom, *others) = form.atoms
    if others or atom.node.uid == root.uid or deep == 0:
        return None
    law = exact_law(atom.node, deep=deep - 1)
    # A number made of values is evaluated in each of them, without a detour.
    return None if isinstance(law, Empirical | Weighted) else law
