"""Strength as a function of what is not known, before anything is cut."""

from collections.abc import Mapping
from typing import NamedTuple, final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.projection.noise import Factors
from attrition.projection.simulate import Model
from attrition.uncertain.empirical import frozen_array
from attrition.uncertain.node import Apply, Node, Unknown, evaluate, in_order, unknowns

__all__ = ["Response", "Rows"]


class Rows(NamedTuple):
    """
    What comes out of settings of everything that is not known.

    Attributes:
        strength: Shape (dates, settings).

        rest: Other numbers, shape (numbers, settings).
    """

    strength: FloatArray
    rest: FloatArray


@final
@attrs.frozen(eq=False)
class Response:
    """
    Weighted sums of the strengths at the dates, from values of everything below them.

    Attributes:
        model: The plan.

        inputs: Its inputs.

        weights: Of the strengths, shape (sums, dates).

        rest: A number that each sum holds beside them, tied to the inputs perhaps; empty for
            nothing.
    """

    model: Model
    inputs: tuple[Node, ...]
    weights: FloatArray = attrs.field(converter=frozen_array)
    rest: tuple[Node, ...] = ()

    @property
    def noises(self) -> dict[int, Factors]:
        """The inputs that are factors of noise, by place."""
        return {
            place: node.operation
            for place, node in enumerate(self.inputs)
            if isinstance(node, Apply) and isinstance(node.operation, Factors)
        }

    @property
    def roots(self) -> list[Node]:
        """The inputs beside the noise, and the rest."""
        noises = self.noises
        return [node for i, node in enumerate(self.inputs) if i not in noises] + list(self.rest)

    @property
    def unknowns(self) -> list[Unknown]:
        """What is not known beside the noise."""
        return unknowns(in_order(self.roots))

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
            values: Of every unknown by uid, shape (n,).

            factors: Of every noise by the place of its input, shape (cells, n) or (cells, 1).

            n: How many settings there are.

            fixed: Inputs by place that have another value than theirs.

            cut: Whether losses are cut at who is there.
        """
        with np.errstate(all="ignore"):
            found = evaluate(self.roots, lambda unknown: values[unknown.uid], n)
        places = [place for place in range(len(self.inputs)) if place not in factors]
        given = dict(zip(places, found, strict=False)) | dict(factors)
        given |= {place: np.full(1, value) for place, value in (fixed or {}).items()}
        inputs = [given[place] for place in range(len(self.inputs))]
        strength = self.model.run(inputs).strength if cut else self.model.uncut(inputs)
        rest = np.array(found[len(places) :]).reshape(len(self.rest), n)
        return Rows(np.broadcast_to(strength, (len(strength), n)), rest)
