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
    if all(map(_is_normal, form.atoms)):
        centre, sd = _centre_and_sd(form.atoms)
        return Normal(form.constant + centre, sd) if sd > 0.0 else None
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
    if all(map(_is_normal, form.atoms)) and form.constant > 0.0:
        return _lognormal(form)
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


def _lognormal(form: Form) -> Law | None:
    """A product of lognormals, unless its median or spread is out of reach of floats."""
    centre, sd = _centre_and_sd(form.atoms)
    with np.errstate(over="ignore"):
        middle = form.constant * float(np.exp(centre))
    return LogNormal(middle, sd) if 0.0 < middle < math.inf and sd > 0.0 else None


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


def _is_normal(atom: Atom) -> bool:
    """Whether the atom, as it enters, is normal."""
    wanted = LogNormal if atom.in_log else Normal
    return isinstance(atom.node, Leaf) and isinstance(atom.node.law, wanted)


def _centre_and_sd(atoms: tuple[Atom, ...]) -> tuple[float, float]:
    """Mean and standard deviation of a weighted sum of independent normals."""
    centre, spreads = 0.0, []
    for atom in atoms:
        law = atom.node.law if isinstance(atom.node, Leaf) else None
        if isinstance(law, Normal):
            centre += atom.weight * law.centre
            spreads.append(atom.weight * law.sd)
        elif isinstance(law, LogNormal):
            centre += atom.weight * math.log(law.middle)
            spreads.append(atom.weight * law.sigma)
    return centre, math.hypot(*spreads)
