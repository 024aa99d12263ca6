"""Sums and products seen through: a number as a weighted sum, or product, of atoms."""

import functools
import math
from typing import NamedTuple

import numpy as np

from attrition.uncertain import operations as op
from attrition.uncertain.at_score import AtScore
from attrition.uncertain.combination import Combination
from attrition.uncertain.families import LogNormal, Normal
from attrition.uncertain.node import Apply, Bounds, Column, Known, Leaf, Node, in_order

__all__ = ["Atom", "Form", "bounds_in", "bounds_of", "linear_form", "product_form"]


class Atom(NamedTuple):
    """A node that enters a form with a weight, as itself or through its logarithm."""

    node: Node
    weight: float
    in_log: bool


class Form(NamedTuple):
    """
    A constant and atoms: constant + sum(w a) or constant * product(a ** w).

    An atom of a sum may enter as its logarithm, one of a product as its exponential, which is
    what ``in_log`` tells apart.
    """

    constant: float
    atoms: tuple[Atom, ...]


def bounds_in(order: list[Node]) -> dict[str, Bounds]:
    """Where every node of a graph lies, by interval arithmetic; never too narrow."""
    bounds: dict[str, Bounds] = {}
    for node in order:
        if isinstance(node, Apply):
            arguments = (bounds[a.uid] for a in node.arguments)
            bounds[node.uid] = node.operation.bounds(*arguments)
        elif isinstance(node, Known):
            bounds[node.uid] = (node.value, node.value)
        elif isinstance(node, Leaf | Column):
            bounds[node.uid] = node.law.support()
        else:
            bounds[node.uid] = (-math.inf, math.inf)
    return bounds


def bounds_of(root: Node) -> Bounds:
    """Where a number lies, by interval arithmetic; never too narrow."""
    return bounds_in(in_order([root]))[root.uid]


def linear_form(order: list[Node]) -> Form:
    """The last node of ``order`` as constant + sum(w a); an overflow makes the constant inf."""
    weights = _Weights(order, root_in_log=False)
    return Form(weights.constant + _quietly(np.log, weights.factor), weights.settled())


def product_form(order: list[Node]) -> Form:
    """The last node of ``order`` as constant * product(a ** w)."""
    weights = _Weights(order, root_in_log=True)
    return Form(weights.factor * _quietly(np.exp, weights.constant), weights.settled())


def _quietly(function: np.ufunc, *arguments: float) -> float:
    """A float where the functions of ``math`` would raise, inf or nan perhaps."""
    with np.errstate(all="ignore"):
        return float(function(*arguments))


class _Weights:
    """
    Weights on their way down a graph, and the atoms where they came to rest.

    One pass in reverse order of computation, so a node has its whole weight, from every path
    that leads to it, before it hands it on.
    """

    def __init__(self, order: list[Node], *, root_in_log: bool) -> None:
        self.root_in_log = root_in_log
        self.order = order
        self.pending = {(order[-1].uid, root_in_log): 1.0}
        self.atoms: list[Atom] = []
        self.constant = 0.0
        self.factor = 1.0
        for node in reversed(order):
            for in_log in (False, True):
                weight = self.pending.pop((node.uid, in_log), 0.0)
                if weight != 0.0:
                    self.hand_down(Atom(node, weight, in_log))

    @functools.cached_property
    def bounds(self) -> dict[str, Bounds]:
        """Where every node lies; sums alone need not know."""
        return bounds_in(self.order)

    def settled(self) -> tuple[Atom, ...]:
        return tuple(self.atoms)

    def hand_down(self, atom: Atom) -> None:
        node, weight, in_log = atom
        if isinstance(node, Known) and not in_log:
            self.constant += weight * node.value
        elif isinstance(node, Known) and self.splits(atom, [atom]):
            self.factor *= _quietly(np.power, node.value, weight)
        elif (parts := _parts(node, atom)) and self.splits(atom, parts):
            for child, share, child_in_log in parts:
                key = (child.uid, child_in_log)
                self.pending[key] = self.pending.get(key, 0.0) + share
            self.constant += _constant_part(node, atom)
        else:
            self.atoms.append(atom)

    def splits(self, atom: Atom, parts: list[Atom]) -> bool:
        """
        Whether log(a b) may be read as log a + log b: signs must survive.

        They do in a whole power of a product. Elsewhere a and b must not be negative: the
        square root of x x is not x.
        """
        if self.root_in_log and atom.weight.is_integer():
            return True
        return all(self.bounds[part.node.uid][0] >= 0.0 for part in parts if part.in_log)


def _parts(node: Node, atom: Atom) -> list[Atom] | None:
    if not isinstance(node, Apply):
        return None
    return _log_parts(node, atom.weight) if atom.in_log else _linear_parts(node, atom.weight)


def _linear_parts(node: Apply, weight: float) -> list[Atom] | None:
    """How the weight of a node reaches its arguments, where it is linear in them."""
    first, last = node.arguments[0], node.arguments[-1]
    match node.operation:
        case op.Add() | op.Subtract():
            sign = 1.0 if isinstance(node.operation, op.Add) else -1.0
            return [Atom(first, weight, in_log=False), Atom(last, sign * weight, in_log=False)]
        case op.Multiply() | op.Divide():
            return _scaled_part(node, weight)
        case op.Log():
            return [Atom(first, weight, in_log=True)]
        case AtScore(Normal(_, sd)):
            return [Atom(first, weight * sd, in_log=False)]
        case Combination(weights):
            pairs = zip(node.arguments, weights, strict=True)
            return [Atom(argument, weight * w, in_log=False) for argument, w in pairs]
        case _:
            return None


def _constant_part(node: Node, atom: Atom) -> float:
    """What a node adds to a sum, or to the logarithm of a product, beside its arguments."""
    match node.operation if isinstance(node, Apply) else None:
        case AtScore(Normal(centre, _)):
            return atom.weight * centre
        case AtScore(LogNormal(middle, _)):
            return atom.weight * math.log(middle)
        case _:
            return 0.0


def _scaled_part(node: Apply, weight: float) -> list[Atom] | None:
    """A product with, or a quotient by, a known number."""
    first, last = node.arguments
    if isinstance(last, Known):
        scale = last.value if isinstance(node.operation, op.Multiply) else 1.0 / last.value
        return [Atom(first, weight * scale, in_log=False)]
    if isinstance(first, Known) and isinstance(node.operation, op.Multiply):
        return [Atom(last, weight * first.value, in_log=False)]
    return None


def _log_parts(node: Apply, weight: float) -> list[Atom] | None:
    """The same for the logarithm of a node."""
    first, last = node.arguments[0], node.arguments[-1]
    match node.operation:
        case op.Multiply() | op.Divide():
            sign = 1.0 if isinstance(node.operation, op.Multiply) else -1.0
            return [Atom(first, weight, in_log=True), Atom(last, sign * weight, in_log=True)]
        case op.Power() if isinstance(last, Known):
            return [Atom(first, weight * last.value, in_log=True)]
        case op.Sqrt():
            return [Atom(first, 0.5 * weight, in_log=True)]
        case op.Exp():
            return [Atom(first, weight, in_log=False)]
        case AtScore(LogNormal(_, sigma)):
            return [Atom(first, weight * sigma, in_log=False)]
        case _:
            return None
