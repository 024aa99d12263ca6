"""Sums of independent normals, and with them products of independent lognormals."""

import math
from collections.abc import Sequence

import numpy as np

from attrition.uncertain.families import LogNormal, Normal
from attrition.uncertain.forms import Atom
from attrition.uncertain.law import Law
from attrition.uncertain.node import Leaf

__all__ = ["as_normal", "lognormal", "sum_of_normals"]


def as_normal(atom: Atom) -> Normal | None:
    """The normal law with which an atom enters, if it does."""
    law = atom.node.law if isinstance(atom.node, Leaf) else None
    if isinstance(law, LogNormal) and atom.in_log:
        return Normal(math.log(law.middle), law.sigma)
    return law if isinstance(law, Normal) and not atom.in_log else None


def sum_of_normals(atoms: Sequence[Atom]) -> Normal | None:
    """The law of a weighted sum of independent normals, None if one is not or there is none."""
    laws = [law for law in map(as_normal, atoms) if law is not None]
    if len(laws) < len(atoms):
        return None
    weights = [atom.weight for atom in atoms]
    centre = sum(w * law.centre for w, law in zip(weights, laws, strict=True))
    sd = math.hypot(*(w * law.sd for w, law in zip(weights, laws, strict=True)))
    return Normal(centre, sd) if sd > 0.0 else None


def lognormal(constant: float, normal: Normal) -> Law | None:
    """Constant * exp of a normal, unless its median is out of reach of floats."""
    with np.errstate(over="ignore"):
        middle = constant * float(np.exp(normal.centre))
    return LogNormal(middle, normal.sd) if 0.0 < middle < math.inf else None
