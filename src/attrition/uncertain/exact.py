"""Numbers whose law has a closed form: sums of normals, products of lognormals, one unknown."""

import math

from attrition.uncertain.families import Constant, LogNormal, Normal
from attrition.uncertain.forms import Atom, Form, bounds_in, linear_form, product_form
from attrition.uncertain.law import Law
from attrition.uncertain.monotone import Affine, image
from attrition.uncertain.node import Bounds, Column, Known, Leaf, Node, apply, in_order
from attrition.uncertain.operations import Add, Exp, Log, Multiply, Power

__all__ = ["bounds_of", "exact_law"]


def bounds_of(root: Node) -> Bounds:
    """Where a number lies, by interval arithmetic; never too narrow."""
    return bounds_in(in_order([root]))[root.uid]


def exact_law(root: Node) -> Law | None:
    """The law of a number where it has a closed form, else None."""
    if isinstance(root, Known):
        return Constant(root.value)
    if isinstance(root, Leaf | Column):
        return root.law
    order = in_order([root])
    linear = linear_form(order)
    return (
        _law_of_sum(linear, root)
        or _law_of_product(product_form(order), root)
        or image(order, bounds_in(order))
    )


def _law_of_sum(form: Form, root: Node) -> Law | None:
    if not form.atoms:
        return Constant(form.constant)
    if all(map(_is_normal, form.atoms)):
        centre, sd = _centre_and_sd(form.atoms)
        return Normal(form.constant + centre, sd)
    inner = _only_law(form, root)
    if inner is None:
        return None
    atom = form.atoms[0]
    if not atom.in_log:
        return Affine(inner, form.constant, atom.weight)
    stand_in = Leaf(inner)
    scaled = apply(Multiply(), Known(atom.weight), apply(Log(), stand_in))
    return _image(apply(Add(), Known(form.constant), scaled))


def _law_of_product(form: Form, root: Node) -> Law | None:
    if not form.atoms:
        return Constant(form.constant)
    if all(map(_is_normal, form.atoms)) and form.constant > 0.0:
        centre, sd = _centre_and_sd(form.atoms)
        return LogNormal(form.constant * math.exp(centre), sd)
    inner = _only_law(form, root)
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


def _image(root: Node) -> Law | None:
    order = in_order([root])
    return image(order, bounds_in(order))


def _only_law(form: Form, root: Node) -> Law | None:
    """The law of the only atom, if there is one and it is simpler than the number itself."""
    (atom, *others) = form.atoms
    if others or atom.node.uid == root.uid:
        return None
    if atom.in_log and not atom.weight.is_integer() and bounds_of(atom.node)[0] < 0.0:
        return None
    return exact_law(atom.node)


def _is_normal(atom: Atom) -> bool:
    """Whether the atom, as it enters, is normal."""
    wanted = LogNormal if atom.in_log else Normal
    return isinstance(atom.node, Leaf) and isinstance(atom.node.law, wanted)


def _centre_and_sd(atoms: tuple[Atom, ...]) -> tuple[float, float]:
    """Mean and standard deviation of a weighted sum of independent normals."""
    centre, variance = 0.0, 0.0
    for atom in atoms:
        law = atom.node.law if isinstance(atom.node, Leaf) else None
        if isinstance(law, Normal):
            centre += atom.weight * law.centre
            variance += (atom.weight * law.sd) ** 2
        elif isinstance(law, LogNormal):
            centre += atom.weight * math.log(law.middle)
            variance += (atom.weight * law.sigma) ** 2
    return centre, math.sqrt(variance)
