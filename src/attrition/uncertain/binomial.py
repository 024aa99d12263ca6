"""How many of some people, each with the same chance: a whole number with a noise of its own."""

import hashlib
import math
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.families import Uniform
from attrition.uncertain.node import Bounds, Leaf, Operation, apply
from attrition.uncertain.number import Uncertain, node_of
from attrition.uncertain.scipy_law import from_scipy

__all__ = ["BinomialAt", "binomial_count"]


@final
@attrs.frozen
class BinomialAt(Operation):
    """
    The binomial quantile of n people and a chance p at the place u of (0, 1).

    Of a number of people that is not whole, the broken part goes by its share p, so that the
    mean is n p and nobody is counted who is not there.
    """

    makes_atoms = True

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        """The count in every draw."""
        from scipy.stats import binom

        n, p, u = arguments
        people, chance = np.maximum(n, 0.0), np.clip(p, 0.0, 1.0)
        whole = np.floor(people)
        return np.asarray(binom.ppf(u, whole, chance) + (people - whole) * chance)

    def bounds(self, *arguments: Bounds) -> Bounds:
        """From nobody to all."""
        return 0.0, max(arguments[0][1], 0.0)


def binomial_count(n: Uncertain, p: Uncertain, *, key: str) -> Uncertain:
    """
    How many of n people it happens to, each with the chance p.

    The same people, chance and key are the same count.

    Args:
        n: People, from 0 on.

        p: A share, inside [0, 1].

        key: What the noise belongs to.

    Returns:
        The count: between 0 and n, and whole where n is.

    Examples:
        >>> count = binomial_count(Uncertain.of(300), Uncertain.of(0.25), key="killed")
        >>> count.mean(), count.var()
        (75.0, 56.25)
        >>> count == binomial_count(Uncertain.of(300), Uncertain.of(0.25), key="killed")
        True
    """
    text = f"{key}\n{node_of(n).uid}\n{node_of(p).uid}"
    uid = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    if n.value is not None and p.value is not None:
        return _of_known(n.value, p.value, uid)
    noise = Leaf(Uniform(0.0, 1.0), uid=uid)
    return Uncertain(apply(BinomialAt(), node_of(n), node_of(p), noise))


def _of_known(n: float, p: float, uid: str) -> Uncertain:
    from scipy.stats import binom

    whole, chance = math.floor(n), min(max(p, 0.0), 1.0)
    broken = (n - whole) * chance
    if whole == 0 or chance in (0.0, 1.0):
        return Uncertain.of(whole * chance + broken)
    return Uncertain(Leaf(from_scipy(binom(whole, chance)), uid=uid)) + broken
