"""How the factors of several noises hang together, seen from the normals they are made of."""

from collections.abc import Sequence

import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.node import Node, Noise, Unknown, evaluate, in_order, unknowns

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
    if not noises:
        return np.zeros((0, 0))
    ends = np.cumsum([noise.size for noise in noises])
    normals = np.hstack([np.eye(ends[-1]), np.zeros((ends[-1], 1))])
    rows = np.split(normals, ends[:-1].tolist())
    dealt = {noise.uid: row for noise, row in zip(noises, rows, strict=True)}

    def sample(unknown: Unknown) -> FloatArray:
        return dealt[unknown.uid]

    log = np.log(np.vstack(evaluate(factors, sample, normals.shape[1])))
    return np.asarray(log[:, :-1] - log[:, -1:])


def joint_covariance(factors: Sequence[Node]) -> FloatArray:
    """The covariance of the logarithms of several factors, shape (cells, cells)."""
    root = joint_root(factors)
    return np.asarray(root @ root.T)
