"""What one axis or two do to sums of strengths, with everything else in the middle."""

import itertools
from collections.abc import Mapping, Sequence
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.projection.axes import Axis, Rule, gauss
from attrition.projection.conditioned import means_of, root_of
from attrition.projection.profiles import at_values
from attrition.projection.response import Response

__all__ = ["Look", "alone", "look_at"]

# Nodes at which the effect of one axis alone is looked at, of one unknown and of several.
_SLICE, _SEVERAL = 12, 6

# Nodes at which it is looked at once more, with the others elsewhere.
_THREE = 3

# Rounding of differences of strengths.
_ROUNDING = 1e-9


def alone(slices: FloatArray, weights: FloatArray) -> FloatArray:
    """
    Mean, variance, third central moment and fourth cumulant of what one axis does alone.

    Args:
        slices: At the nodes of its rule, shape (nodes, sums).

        weights: Of the nodes.

    Returns:
        Shape (4, sums).
    """
    mean = weights @ slices
    off = slices - mean
    square = off * off
    var = weights @ square
    third, fourth = weights @ (square * off), weights @ (square * square)
    return np.stack([mean, var, third, fourth - 3.0 * var**2])


@final
@attrs.frozen(eq=False)
class Look:
    """
    What the sums are with everything in the middle, and what one axis or two do to them.

    Attributes:
        response: The sums.

        axes: All that is not known beside the noise.

        middle: The values of all axes in the middle, shape (axes,).

        up: Those a standard deviation up.

        rules: A rule for each.

        means: Of the factors of noise, shape (cells,).

        cov: Their covariance as multiples of their means, shape (cells, cells).

        centre: With everything in the middle, shape (sums,).

        slices: For each axis the sums at the nodes of its rule, shape (nodes, sums).

        aside: For each axis the same at three of these nodes with all others a standard deviation
            up, shape (3, sums).

        ups: With one or two normal axes a standard deviation up, by their places.

        doubled: By the same places, with all factors of noise two.

        profile: By how much the sums rise with the factor of each cell, shape (sums, cells).

        largest: The largest sum that was looked at, for rounding.
    """

    response: Response
    axes: tuple[Axis, ...]
    middle: FloatArray
    up: FloatArray
    rules: tuple[Rule, ...]
    means: FloatArray
    cov: FloatArray
    centre: FloatArray
    slices: tuple[FloatArray, ...]
    aside: tuple[FloatArray, ...]
    ups: Mapping[tuple[int, ...], FloatArray]
    doubled: Mapping[tuple[int, ...], FloatArray]
    profile: FloatArray
    largest: float

    def inner(self) -> list[int]:
        """Normals in which everything is linear: alone, in pairs and with the noise."""
        linear = [p for p, axis in enumerate(self.axes) if axis.is_normal and self._is_line(p)]
        linear.sort(key=lambda place: -float(np.abs(self._step(place)).max()))
        found: list[int] = []
        for place in linear:
            noisy = self.doubled[place,] - self.doubled[()] - self._step(place)
            pairs = [self._mixed(place, other) for other in found]
            if self._is_nothing(noisy) and all(self._is_nothing(pair) for pair in pairs):
                found.append(place)
        return found

    def variance(self, inner: Sequence[int]) -> FloatArray:
        """The variance of the sums that the inner ones and the noise give, shape (sums,)."""
        noise = np.einsum("sc,sc->s", self.profile @ self.cov, self.profile)
        return np.asarray(noise + sum(self._step(place) ** 2 for place in inner))

    def is_linear_in_value(self, place: int) -> bool:
        """Whether an axis moves the sums along a line, with the others in the middle and up."""
        values, slices = self.rules[place][0], self.slices[place]
        low, _, high = three = _three(values)
        if values[low] == values[high]:
            return False
        gone = (values - values[low]) / (values[high] - values[low])
        line = slices[low] + np.outer(gone, slices[high] - slices[low])
        return self._is_nothing(slices - line) and self._is_straight(place, gone[three])

    def _is_line(self, place: int) -> bool:
        """Whether a normal moves the sums along a line in its score, wherever the others are."""
        scores = gauss(_SLICE)[0]
        gap = self.slices[place] - self.centre - np.outer(scores, self._step(place))
        low, _, high = three = _three(self.rules[place][0])
        gone = (scores[three] - scores[low]) / (scores[high] - scores[low])
        return self._is_nothing(gap) and self._is_straight(place, gone)

    def _is_straight(self, place: int, gone: FloatArray) -> bool:
        """Whether three sums with the others up lie on a line, by how far the middle one is."""
        low, middle, high = self.aside[place]
        return self._is_nothing(middle - low - gone[1] * (high - low))

    def _step(self, place: int) -> FloatArray:
        return self.ups[place,] - self.centre

    def _mixed(self, one: int, other: int) -> FloatArray:
        """What two do together beyond what each does."""
        both = self.ups[min(one, other), max(one, other)]
        return both - self.centre - self._step(one) - self._step(other)

    def _is_nothing(self, gap: FloatArray) -> bool:
        return bool(np.abs(gap).max() <= _ROUNDING * self.largest)


def look_at(response: Response, axes: Sequence[Axis]) -> Look:
    """
    A look at each axis alone, at pairs of normals, and at the noise, in one evaluation.

    Args:
        response: What is asked for.

        axes: All that is not known beside the noise.
    """
    middle, up, rules = _along(axes)
    normal = [place for place, axis in enumerate(axes) if axis.is_normal]
    ups = [(place,) for place in normal] + [*itertools.combinations(normal, 2)]
    doubled = [(), *ups[: len(normal)]]
    sizes = [len(values) for values, _ in rules]
    blocks = [1, *sizes, *(_THREE for _ in axes), len(ups), len(doubled), response.cells]
    ends = np.cumsum(blocks)
    columns = np.repeat(middle[:, None], ends[-1], axis=1)
    columns[:, ends[len(axes)] : ends[-4]] = up[:, None]
    for place, (values, _) in enumerate(rules):
        columns[place, ends[place] : ends[place + 1]] = values
        first = ends[len(axes) + place]
        columns[place, first : first + _THREE] = values[_three(values)]
    for column, moved in enumerate([*ups, *doubled], ends[-4]):
        columns[moved, column] = up[moved,]
    factors = np.ones((response.cells, ends[-1]))
    factors[:, ends[-3] : ends[-2]] = 2.0
    factors[:, ends[-2] :] += np.eye(response.cells)
    root, means = root_of(response), means_of(response)
    sums = response.sums(at_values(response, axes, columns, factors * means[:, None]))
    centre, *parts, raised, twice, profile = np.split(sums, ends[:-1], axis=1)
    return Look(
        response=response,
        axes=tuple(axes),
        middle=middle,
        up=up,
        rules=tuple(rules),
        means=means,
        cov=np.expm1(root @ root.T),
        centre=centre[:, 0],
        slices=tuple(part.T for part in parts[: len(axes)]),
        aside=tuple(part.T for part in parts[len(axes) :]),
        ups=dict(zip(ups, raised.T, strict=True)),
        doubled=dict(zip(doubled, twice.T, strict=True)),
        profile=profile - centre,
        largest=float(np.abs(sums).max()),
    )


def _three(values: FloatArray) -> list[int]:
    """The places of the least value, of one in the middle of the nodes, and of the largest."""
    return [int(values.argmin()), len(values) // 2, int(values.argmax())]


def _along(axes: Sequence[Axis]) -> tuple[FloatArray, FloatArray, list[Rule]]:
    """Every axis in the middle, a standard deviation up, and at the nodes of a rule."""
    places, rules = np.empty((2, len(axes))), list[Rule]()
    for column, axis in enumerate(axes):
        # One unknown is looked at all at once.
        scores, weights = gauss(_SLICE) if len(axis.leaves) == 1 else (np.empty(0), np.empty(0))
        values = axis.at(np.tile([0.0, 1.0, *scores], (len(axis.leaves), 1)))
        places[:, column] = values[:2]
        rules.append((values[2:], weights) if weights.size else axis.rule(_SEVERAL))
    return places[0], places[1], rules
