"""A weighted sum in one node, so that a hundred correlated numbers stay a hundred nodes."""

import math
from typing import final

import attrs

from attrition._typing import FloatArray
from attrition.uncertain.node import Bounds, Operation

__all__ = ["Combination"]


@final
@attrs.frozen
class Combination(Operation):
    """
    w1 a1 + w2 a2 + ... of as many numbers as there are weights.

    Attributes:
        weights: One for each argument, none of them 0.
    """

    weights: tuple[float, ...]

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        """The sum in every draw."""
        first, *others = zip(self.weights, arguments, strict=True)
        found = first[0] * first[1]
        for weight, argument in others:
            found = found + weight * argument
        return found

    def bounds(self, *arguments: Bounds) -> Bounds:
        """The sums of the lowest and of the highest terms."""
        pairs = zip(self.weights, arguments, strict=True)
        ends = [sorted(weight * end for end in bounds) for weight, bounds in pairs]
        return math.fsum(low for low, _ in ends), math.fsum(high for _, high in ends)

    def signs(self, *arguments: Bounds) -> tuple[int | None, ...]:
        """The signs of the weights."""
        pairs = zip(self.weights, arguments, strict=True)
        return tuple(1 if weight > 0.0 else -1 for weight, _ in pairs)
