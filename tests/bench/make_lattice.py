"""
Construct the generating vectors of attrition.uncertain.lattice, component by component.

Run it with ``python -m tests.bench.make_lattice``; it takes a few seconds and prints the vectors.

Every component is the one with the smallest worst-case error in a Korobov space of smoothness 2
with product weights 1 / j^2, given those before it; a component that was taken already is passed
over, since two equal columns would be one.

References:
    Nuyens, D. and Cools, R. (2006). Fast algorithms for component-by-component construction of
    rank-1 lattice rules in shift-invariant reproducing kernel Hilbert spaces.
    doi:10.1090/S0025-5718-06-01785-6
"""

import math
import time

import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.lattice import VECTORS

__all__ = ["generating_vector", "is_prime"]

_AT_ONCE = 256
"""Candidates whose errors are computed together, to bound memory."""


def is_prime(n: int) -> bool:
    """Whether every component smaller than ``n`` steps through all points."""
    return n > 1 and all(n % d for d in range(2, math.isqrt(n) + 1))


def _kernel(x: FloatArray) -> FloatArray:
    """2 pi^2 B_2(x), the kernel of smoothness 2."""
    return 2.0 * np.pi**2 * (x * x - x + 1.0 / 6.0)


def _errors(product: FloatArray, kernel: FloatArray, candidates: np.ndarray) -> FloatArray:
    """The part of the worst-case error that depends on the next component."""
    n = kernel.size
    steps = np.arange(n)
    parts = [
        kernel[(candidates[start : start + _AT_ONCE, None] * steps) % n] @ product
        for start in range(0, candidates.size, _AT_ONCE)
    ]
    return np.concatenate(parts)


def generating_vector(n: int, columns: int) -> list[int]:
    """The first ``columns`` components for ``n`` points, a prime."""
    kernel, steps = _kernel(np.arange(n) / n), np.arange(n)
    candidates = np.arange(1, (n - 1) // 2 + 1)
    vector = [1]
    product = 1.0 + kernel
    for j in range(2, columns + 1):
        # Ties, which rounding leaves, go to the smallest.
        ranked = candidates[np.argsort(_errors(product, kernel, candidates), kind="stable")]
        best = next(int(z) for z in ranked if z not in vector)
        vector.append(best)
        product = product * (1.0 + kernel[(best * steps) % n] / j**2)
        product /= product.max()
    return vector


def main() -> None:
    """Print the vectors, and whether they are the ones in use."""
    for points, in_use in VECTORS.items():
        start = time.perf_counter()
        vector = generating_vector(points, len(in_use))
        for row in range(0, len(vector), 16):
            print(f"    *({', '.join(map(str, vector[row : row + 16]))}),")
        print(f"{time.perf_counter() - start:.1f} s; in use: {tuple(vector) == in_use}")


if __name__ == "__main__":
    main()
