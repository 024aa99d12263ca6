"""One of several numbers, chosen with given probabilities: the choice, and its law."""

import math
from collections.abc import Callable
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.families import Constant
from attrition.uncertain.law import Law, Method, Points
from attrition.uncertain.node import Apply, Bounds, Node, Operation
from attrition.uncertain.search import Flags, error_of_quantile, place_by_search

__all__ = ["Mixture", "MixtureLaw", "mixture_law"]


@final
@attrs.frozen
class Mixture(Operation):
    """
    The number whose share of (0, 1) the first argument falls into.

    Attributes:
        weights: The length of each share; they sum to one.
    """

    makes_atoms = True

    weights: tuple[float, ...]

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        place, *parts = arguments
        edges = np.cumsum(self.weights)
        chosen = parts[-1]
        for edge, part in zip(edges[-2::-1], parts[-2::-1], strict=True):
            chosen = np.where(place < edge, part, chosen)
        return chosen

    def bounds(self, *arguments: Bounds) -> Bounds:
        return min(low for low, _ in arguments[1:]), max(high for _, high in arguments[1:])

    def signs(self, *arguments: Bounds) -> tuple[int | None, ...]:
        return None, *(1 for _ in arguments[1:])


@final
@attrs.frozen
class MixtureLaw(Law):
    """
    The law of one of several numbers, chosen independently of them.

    Its probabilities are weighted means, whatever ties the numbers to each other.

    Attributes:
        weights: The probability of each; they sum to one.

        parts: The laws.
    """

    weights: tuple[float, ...]
    parts: tuple[Law, ...]

    @property
    def method(self) -> Method:
        return next((part.method for part in self.parts if part.method != "exact"), "exact")

    @property
    def atomic(self) -> bool:
        return any(part.atomic for part in self.parts)

    @property
    def searched(self) -> bool:
        return True

    def points(self) -> Points | None:
        found = [points for points in map(_points, self.parts) if points is not None]
        if len(found) < len(self.parts):
            return None
        shares = [
            weight * (np.full(values.size, 1.0 / values.size) if own is None else own)
            for weight, (values, own) in zip(self.weights, found, strict=True)
        ]
        return np.concatenate([values for values, _ in found]), np.concatenate(shares)

    def _weighted(self, values: Callable[[Law], FloatArray]) -> FloatArray:
        return np.asarray(
            sum(w * values(part) for w, part in zip(self.weights, self.parts, strict=True))
        )

    def ppf(self, q: FloatArray) -> FloatArray:
        in_upper = np.asarray(q) > 0.5  # noqa: PLR2004 - the median
        return self._place(np.where(in_upper, 1.0 - q, q), in_upper)

    def isf(self, q: FloatArray) -> FloatArray:
        in_upper = np.asarray(q) <= 0.5  # noqa: PLR2004 - the median
        return self._place(np.where(in_upper, q, 1.0 - q), in_upper)

    def _place(self, tail: FloatArray, in_upper: Flags) -> FloatArray:
        ends = [np.where(in_upper, part.isf(tail), part.ppf(tail)) for part in self.parts]
        low, high = np.minimum.reduce(ends), np.maximum.reduce(ends)
        return place_by_search(self, tail, in_upper, low, high)

    def cdf(self, x: FloatArray) -> FloatArray:
        return self._weighted(lambda part: part.cdf(x))

    def sf(self, x: FloatArray) -> FloatArray:
        return self._weighted(lambda part: part.sf(x))

    def pdf(self, x: FloatArray) -> FloatArray:
        return self._weighted(lambda part: part.pdf(x))

    def mean(self) -> float:
        return float(self._weighted(lambda part: np.asarray(part.mean())))

    def var(self) -> float:
        centre = self.mean()
        if not math.isfinite(centre):
            return math.inf
        return float(
            self._weighted(lambda part: np.asarray(part.var() + (part.mean() - centre) ** 2))
        )

    def support(self) -> tuple[float, float]:
        ends = [part.support() for part in self.parts]
        return min(low for low, _ in ends), max(high for _, high in ends)

    def error(self, q: float) -> float:
        return error_of_quantile(self, q)

    def probability_error(self, x: float) -> float:
        return float(self._weighted(lambda part: np.asarray(part.probability_error(x))))


def mixture_law(root: Node, law_of: Callable[[Node], Law | None]) -> Law | None:
    """
    The law of a number that is one of several, if each of them has a closed form.

    The choice is an unknown of its own, so the law holds however the numbers are tied.

    Args:
        root: The number.

        law_of: Gives the law of a node where it has a closed form.

    Returns:
        The law; None if the number is no such choice or a part has no closed form.
    """
    if not (isinstance(root, Apply) and isinstance(root.operation, Mixture)):
        return None
    laws = [law for law in map(law_of, root.arguments[1:]) if law is not None]
    weights = root.operation.weights
    return MixtureLaw(weights, tuple(laws)) if len(laws) == len(weights) else None


def _points(law: Law) -> Points | None:
    return (np.array([law.value]), None) if isinstance(law, Constant) else law.points()
