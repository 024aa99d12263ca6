"""Strength as a function of what is not known, before anything is cut."""

import functools
import itertools
from collections.abc import Mapping, Sequence
from typing import NamedTuple, final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.projection.noise import Factors
from attrition.projection.simulate import Model
from attrition.uncertain.empirical import frozen_array
from attrition.uncertain.node import (
    Apply,
    Known,
    Leaf,
    Node,
    Noise,
    Unknown,
    evaluate,
    in_order,
    unknowns,
)

__all__ = ["Reaction", "Response", "Rows"]

# Normal scores between which a leaf is moved to see what it does.
_ASIDE = np.array([-1.0, 1.0])

_MIDDLE = np.array([0.5])


class Rows(NamedTuple):
    """
    What comes out of settings of everything that is not known.

    Attributes:
        strength: Shape (dates, settings), more rows with ``whole``; see :class:`Response`.

        rest: Other numbers, shape (numbers, settings).
    """

    strength: FloatArray
    rest: FloatArray


class Reaction(NamedTuple):
    """
    What is added to the sums where one thing moves and everything else is in the middle.

    Attributes:
        by_leaf: By a normal score of each leaf, by uid, each of shape (sums,).

        by_factor: By each factor of the noise, shape (sums, cells).
    """

    by_leaf: dict[str, FloatArray]
    by_factor: FloatArray


@final
@attrs.frozen(eq=False)
class Response:
    """
    Weighted sums of the strengths at the dates, from values of everything below them.

    Attributes:
        model: The plan.

        inputs: Its inputs.

        weights: Of the strengths, shape (sums, dates); with ``whole`` of strengths, losses,
            arrivals and returns below each other, shape (sums, dates + 3 steps).

        rest: A number that each sum holds beside them, tied to the inputs perhaps; empty for
            nothing.

        whole: Whether losses, arrivals and returns count too.

        observed: How much of what was counted each factor of a noise moved, by the place of the
            noise, where its factors stand for quotients; see
            :func:`~attrition.projection.conditioned.conditioned`.
    """

    model: Model
    inputs: tuple[Node, ...]
    weights: FloatArray = attrs.field(converter=frozen_array)
    rest: tuple[Node, ...] = ()
    whole: bool = False
    observed: Mapping[int, FloatArray] = attrs.field(factory=dict)

    @functools.cached_property
    def noises(self) -> dict[int, Factors]:
        """The inputs that are factors of noise, by place."""
        return {
            place: node.operation
            for place, node in enumerate(self.inputs)
            if isinstance(node, Apply) and isinstance(node.operation, Factors)
        }

    @functools.cached_property
    def cells(self) -> int:
        """How many factors of noise there are."""
        return sum(made.cells for made in self.noises.values())

    @functools.cached_property
    def _rows_of(self) -> dict[int, slice]:
        """Which of the cells of all noises one after another each noise has, by its place."""
        ends = itertools.accumulate((made.cells for made in self.noises.values()), initial=0)
        rows = itertools.starmap(slice, itertools.pairwise(ends))
        return dict(zip(self.noises, rows, strict=True))

    def by_noise(self, rows: FloatArray) -> dict[int, FloatArray]:
        """Rows of the cells of all noises one after another, by the place of their noise."""
        return {place: rows[mine] for place, mine in self._rows_of.items()}

    @functools.cached_property
    def roots(self) -> list[Node]:
        """The inputs beside the noise, and the rest, without those that are known."""
        inputs = [node for i, node in enumerate(self.inputs) if i not in self.noises]
        return [node for node in (*inputs, *self.rest) if not isinstance(node, Known)]

    @functools.cached_property
    def some_rows(self) -> slice | None:
        """The rows that the sums are, where they are rows next to each other."""
        first, sums = int(self.weights[0].argmax()), len(self.weights)
        picked = np.eye(sums, self.weights.shape[1], first)
        return slice(first, first + sums) if np.array_equal(self.weights, picked) else None

    @functools.cached_property
    def order(self) -> list[Node]:
        """Every node below the roots once, arguments before what uses them."""
        return in_order(self.roots)

    @functools.cached_property
    def unknowns(self) -> list[Unknown]:
        """What is not known beside the noise."""
        return unknowns(self.order)

    @functools.cached_property
    def middle(self) -> dict[str, FloatArray]:
        """Every unknown but the noise at its median, shape (1,), by uid."""
        found = (unknown for unknown in self.unknowns if not isinstance(unknown, Noise))
        return {unknown.uid: unknown.place(_MIDDLE) for unknown in found}

    @functools.cached_property
    def reaction(self) -> Reaction:
        """What the sums do where one thing moves."""
        leaves = [unknown for unknown in self.unknowns if isinstance(unknown, Leaf)]
        uids, places = [leaf.uid for leaf in leaves], np.arange(len(leaves))
        ends = 2 * len(leaves)
        n = ends + self.cells + 1
        scores = np.zeros((len(leaves), n))
        scores[places, 2 * places], scores[places, 2 * places + 1] = _ASIDE
        found = (leaf.law.at_score(row) for leaf, row in zip(leaves, scores, strict=True))
        values = dict(zip(uids, found, strict=True))
        others = [one for one in self.unknowns if not isinstance(one, Leaf | Noise)]
        values |= {one.uid: np.repeat(one.place(_MIDDLE), n) for one in others}
        raised = np.ones((self.cells, n))
        raised[:, ends:-1] += np.eye(self.cells)
        sums = self.sums(self.at(values, self.by_noise(raised), n))
        with np.errstate(invalid="ignore"):
            by_score = 0.5 * (sums[:, 1:ends:2] - sums[:, 0:ends:2])
            by_factor = sums[:, ends:-1] - sums[:, -1:]
        return Reaction(dict(zip(uids, by_score.T, strict=True)), by_factor)

    def sums(self, rows: Rows) -> FloatArray:
        """The weighted sums, shape (sums, settings)."""
        strengths = self.weights @ rows.strength
        return strengths + rows.rest if self.rest else strengths

    def at(
        self,
        values: Mapping[str, FloatArray],
        factors: Mapping[int, FloatArray],
        n: int,
        *,
        fixed: Mapping[int, float] | None = None,
        cut: bool = False,
    ) -> Rows:
        """
        The rows where everything is known.

        Args:
            values: Of every unknown by uid, or of an input or rest instead, shape (n,).

            factors: Of every noise by the place of its input, shape (cells, n) or (cells, 1).

            n: How many settings there are.

            fixed: Inputs by place that have another value than theirs.

            cut: Whether losses are cut at who is there.
        """
        found = self._values(values, n)
        given = {**factors, **{p: np.full(1, value) for p, value in (fixed or {}).items()}}
        inputs = [
            given[place] if place in given else found[node.uid]
            for place, node in enumerate(self.inputs)
        ]
        strength = self._cut(inputs) if cut else self.model.uncut(inputs, whole=self.whole)
        rest = np.empty((len(self.rest), n))
        for row, node in zip(rest, self.rest, strict=True):
            row[:] = found[node.uid]
        shape = (len(strength), n)
        return Rows(strength if strength.shape == shape else np.broadcast_to(strength, shape), rest)

    def _values(self, values: Mapping[str, FloatArray], n: int) -> dict[str, FloatArray]:
        """The values of the inputs beside the noise and of the rest by uid, and those given."""
        wanted = [root for root in self.roots if root.uid not in values]
        found = {**self._known, **values}
        if wanted:
            with np.errstate(all="ignore"):
                rows = evaluate(wanted, lambda unknown: values[unknown.uid], n)
            found.update(zip((root.uid for root in wanted), rows, strict=True))
        return found

    @functools.cached_property
    def _known(self) -> dict[str, FloatArray]:
        """What is known, by uid."""
        nodes = (*self.inputs, *self.rest)
        return {node.uid: np.array([node.value]) for node in nodes if isinstance(node, Known)}

    def _cut(self, inputs: Sequence[FloatArray]) -> FloatArray:
        run = self.model.run(inputs)
        return np.concatenate(run, axis=0) if self.whole else run.strength
