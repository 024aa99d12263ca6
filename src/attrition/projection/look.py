"""What one axis or two do to sums of strengths, with everything else in the middle."""

import itertools
from collections.abc import Mapping, Sequence
from typing import final

import attrs
import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray
from attrition.projection.axes import Axis
from attrition.projection.conditioned import means_of, root_of
from attrition.projection.profiles import at_values
from attrition.projection.response import Response
from attrition.projection.slices import Slices, nodes_along

__all__ = ["Look", "look_at"]

# Rounding of differences of strengths.
_ROUNDING = 1e-9


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

        means: Of the factors of noise, shape (cells,).

        cov: Their covariance as multiples of their means, shape (cells, cells).

        centre: With everything in the middle, shape (sums,).

        slices: The sums along each axis.

        ups: With one or two normal axes a standard deviation up, by their places.

        doubled: By the same places, with all factors of noise two.

        profile: By how much the sums rise with the factor of each cell, shape (sums, cells).

        largest: The largest sum that was looked at, for rounding.
    """

    response: Response
    axes: tuple[Axis, ...]
    middle: FloatArray
    up: FloatArray
    means: FloatArray
    cov: FloatArray
    centre: FloatArray
    slices: Slices
    ups: Mapping[tuple[int, ...], FloatArray]
    doubled: Mapping[tuple[int, ...], FloatArray]
    profile: FloatArray
    largest: float

    def inner(self) -> list[int]:
        """Normals in which everything is linear: alone, in pairs and with the noise."""
        lines = self.slices.are_lines(self.slices.nodes.scores, self._rounding)
        linear = [p for p, axis in enumerate(self.axes) if axis.is_normal and lines[p]]
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
        noise = ((self.profile @ self.cov) * self.profile).sum(axis=1)
        return np.asarray(noise + sum(self._step(place) ** 2 for place in inner))

    def are_linear_in_value(self) -> npt.NDArray[np.bool_]:
        """Whether each axis moves the sums along a line in its value, wherever the others are."""
        return self.slices.are_lines(self.slices.nodes.values, self._rounding)

    @property
    def _rounding(self) -> float:
        """What rounding leaves of differences of sums that are the same."""
        return _ROUNDING * self.largest

    def _step(self, place: int) -> FloatArray:
        return self.ups[place,] - self.centre

    def _mixed(self, one: int, other: int) -> FloatArray:
        """What two do together beyond what each does."""
        both = self.ups[min(one, other), max(one, other)]
        return both - self.centre - self._step(one) - self._step(other)

    def _is_nothing(self, gap: FloatArray) -> bool:
        return bool(np.abs(gap).max() <= self._rounding)


def look_at(response: Response, axes: Sequence[Axis]) -> Look:
    """
    A look at each axis alone, at pairs of normals, and at the noise, in one evaluation.

    Args:
        response: What is asked for.

        axes: All that is not known beside the noise.
    """
    nodes = nodes_along(axes)
    middle, up = np.array([(axis.middle, axis.up) for axis in axes]).reshape(-1, 2).T
    normal = [place for place, axis in enumerate(axes) if axis.is_normal]
    ups = [(place,) for place in normal] + [*itertools.combinations(normal, 2)]
    doubled = [(), *ups[: len(normal)]]
    sizes = [1, nodes.values.size, nodes.three.size, len(ups), len(doubled), response.cells]
    along, aside, raised, twice, each, end = itertools.accumulate(sizes)
    columns = np.repeat(middle[:, None], end, axis=1)
    columns[nodes.axis, np.arange(along, aside)] = nodes.values
    columns[:, aside:raised] = up[:, None]
    thrice = np.repeat(np.arange(len(axes)), nodes.three.shape[1])
    columns[thrice, np.arange(aside, raised)] = nodes.values[nodes.three.ravel()]
    several = [*enumerate([*ups, *doubled], raised)]
    moved = [place for _, places in several for place in places]
    columns[moved, [column for column, places in several for _ in places]] = up[moved]
    factors = np.ones((response.cells, end))
    factors[:, twice:each] = 2.0
    factors[:, each:] += np.eye(response.cells)
    root, means = root_of(response), means_of(response)
    sums = response.sums(at_values(response, axes, columns, factors * means[:, None])).T
    return Look(
        response=response,
        axes=tuple(axes),
        middle=middle,
        up=up,
        means=means,
        cov=np.expm1(root @ root.T),
        centre=sums[0],
        slices=Slices(
            nodes,
            sums[along:aside],
            sums[aside:raised].reshape(*nodes.three.shape, sums.shape[1]),
        ),
        ups=dict(zip(ups, sums[raised:twice], strict=True)),
        doubled=dict(zip(doubled, sums[twice:each], strict=True)),
        profile=(sums[each:] - sums[0]).T,
        largest=float(np.abs(sums).max()),
    )
