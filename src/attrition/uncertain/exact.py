"""Numbers whose law has a closed form: sums of normals, products of lognormals, one unknown."""

import math

import numpy as np

from attrition.uncertain.empirical import Empirical, Weighted
from attrition.uncertain.families import Constant, LogNormal, Normal
from attrition.uncertain.forms import Atom, Form, bounds_in, linear_form, product_form
from attrition.uncertain.law import Law
from attrition.uncertain.monotone import Affine, image
from attrition.uncertain.node import Bounds, Column, Known, Leaf, Node, apply, in_order
from attrition.uncertain.operations import Add, Exp, Log, Multiply, Power

__all__ = ["bounds_of", "exact_law"]

# Forms in forms are looked for twice at every depth, so this bounds the work; beyond it a number
# of one unknown is still exact.
_DEEPEST = 6


def bounds_of(root: Node) -> Bounds:
    """Where a number lies, by interval arithmetic; never too narrow."""
    return bounds_in(in_order([root]))[root.uid]


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
    order = in_order([root])
    return (
        _law_of_sum(linear_form(order), root, deep)
        or _law_of_product(product_form(order), root, deep)
        or image(order, bounds_in(order))
    )


def _law_of_sum(form: Form, root: Node, deep: int) -> Law | None:
    if not math.isfinite(form.constant):
        return None
    if not form.atoms:
        return Constant(form.constant)
    normal = _sum_of_normals(form.atoms)
    if normal is not None:
        return Normal(form.constant + normal.centre, normal.sd)
    inner = _only_law(form, root, deep)
    if inner is None:
        return None
    atom = form.atoms[0]
    if not atom.in_log:
        return Affine(inner, form.constant, atom.weight)
    stand_in = Leaf(inner)
    scaled = apply(Multiply(), Known(atom.weight), apply(Log(), stand_in))
    return _image(apply(Add(), Known(form.constant), scaled))


def _law_of_product(form: Form, root: Node, deep: int) -> Law | None:
    if not math.isfinite(form.constant) or form.constant == 0.0:
        return None
    if not form.atoms:
        return Constant(form.constant)
    normal = _sum_of_normals(form.atoms)
    if normal is not None and form.constant > 0.0:
        return _lognormal(form.constant, normal)
    inner = _only_law(form, root, deep)
    if inner is None:
        return None
    atom, stand_in = form.atoms[0], Leaf(inner)
    if atom.in_log and atom.weight == 1.0:
        return Affine(inner, 0.0, form.constant)
    if atom.in_log:
        power = apply(Power(), stand_in, Known(atom.weight))
    else:
        power = apply(Exp(), apply(Multiply(), Known(atom.weight), stand_in))
    return _image(apply(Multiply(), Known(form.constant), power))


def _lognormal(constant: float, normal: Normal) -> Law | None:
    """A product of lognormals, unless its median is out of reach of floats."""
    with np.errstate(over="ignore"):
        middle = constant * float(np.exp(normal.centre))
    return LogNormal(middle, normal.sd) if 0.0 < middle < math.inf else None


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


def _as_normal(atom: Atom) -> Normal | None:
    """The normal law with which an atom enters, if it does."""
    law = atom.node.law if isinstance(atom.node, Leaf) else None
    if isinstance(law, LogNormal) and atom.in_log:
        return Normal(math.log(law.middle), law.sigma)
    return law if isinstance(law, Normal) and not atom.in_log else None


def _sum_of_normals(atoms: tuple[Atom, ...]) -> Normal | None:
    """The law of a weighted sum of independent normals, None if one is not."""
    laws = [law for law in map(_as_normal, atoms) if law is not None]
    if len(laws) < len(atoms):
        return None
    weights = [atom.weight for atom in atoms]
    centre = sum(w * law.centre for w, law in zip(weights, laws, strict=True))
    sd = math.hypot(*(w * law.sd for w, law in zip(weights, laws, strict=True)))
    return Normal(centre, sd) if sd > 0.0 else None
