"""How the factors of several noises hang together, seen from the normals they are made of."""

import itertools
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from attrition._typing import FloatArray
from attrition.projection.noise import Factors
from attrition.uncertain.node import Apply, Node, Noise, in_order, unknowns

__all__ = ["joint_covariance", "joint_root", "noises_below"]


def noises_below(nodes: Sequence[Node]) -> list[Noise]:
    """The columns of normals below nodes, each once."""
    return [found for found in unknowns(in_order(nodes)) if isinstance(found, Noise)]


def joint_root(factors: Sequence[Node]) -> FloatArray:
    """
    By how much the logarithms of factors rise with each normal, which is the same everywhere.

    Args:
        factors: Nodes of factors of noise.

    Returns:
        Shape (cells, normals), the cells of all factors one after another, and the normals of
        all noises below them.
    """
    noises = noises_below(factors)
    ends = itertools.accumulate((noise.size for noise in noises), initial=0)
    first = dict(zip((noise.uid for noise in noises), ends, strict=False))
    blocks = []
    for made, arguments in _made(factors):
        block = np.zeros((made.cells, sum(noise.size for noise in noises)))
        for noise, part in zip(arguments, made.roots, strict=True):
            block[:, first[noise.uid] : first[noise.uid] + part.shape[1]] = part
        blocks.append(block)
    return np.concatenate(blocks) if blocks else np.zeros((0, 0))


def _made(factors: Iterable[Node]) -> Iterator[tuple[Factors, tuple[Node, ...]]]:
    applied = (node for node in factors if isinstance(node, Apply))
    return ((a.operation, a.arguments) for a in applied if isinstance(a.operation, Factors))


def joint_covariance(factors: Sequence[Node]) -> FloatArray:
    """The covariance of the logarithms of several factors, shape (cells, cells)."""
    root = joint_root(factors)
    return np.asarray(root @ root.T)
