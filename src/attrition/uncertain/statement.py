"""What is asked of a number, given an event perhaps, with one unknown to be integrated exactly."""

from collections.abc import Callable, Mapping
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.node import Apply, Bounds, FlatRows, Leaf, Node, flat, in_order, unflat
from attrition.uncertain.operations import Maximum, Minimum
from attrition.uncertain.search import Flags
from attrition.uncertain.section import TRUE, Interval, Values, mass_in, section, siblings

__all__ = ["Statement", "statement_for"]


def _restored(rows: FlatRows, places: list[int], events: int) -> "Statement":
    root, unknown, *rest = unflat(rows, places)
    assert isinstance(unknown, Leaf)  # noqa: S101 - as flat was given one
    return Statement(root, rest[0] if events else None, unknown, tuple(rest[events:]))


@final
@attrs.frozen(eq=False)
class Statement:
    """
    That a number is at most, or more than, some value, and that an event is true.

    Attributes:
        root: The number.

        event: What has to be true as well, None for nothing.

        unknown: The unknown below them whose law gives the probability.

        sides: What has to be known for it.
    """

    root: Node
    event: Node | None
    unknown: Leaf
    sides: tuple[Node, ...]

    def __reduce__(self) -> tuple[Callable[..., "Statement"], tuple[object, ...]]:
        # As lists, so that pickling a long expression never recurses.
        event = () if self.event is None else (self.event,)
        return _restored, (*flat(self.root, self.unknown, *event, *self.sides), len(event))

    def between(self, values: Values, wanted: Interval) -> Interval:
        """The values of the unknown at which the number lies as wanted and the event is true."""
        if self.event is None:
            return section([self.root], self.unknown, values, [wanted])
        return section([self.root, self.event], self.unknown, values, [wanted, TRUE])

    def mass(self, values: Values, x: FloatArray, upper: Flags) -> FloatArray:
        """
        The probability that the number is at most ``x``, or more than it, and the event true.

        Args:
            values: What has to be known, arrays that broadcast against ``x``.

            x: Shape (places,).

            upper: Where more than ``x`` is meant, likewise.
        """
        law = self.unknown.law
        if not upper.any():
            return mass_in(law, self.between(values, Interval(high=x)))
        if upper.all():
            return mass_in(law, self.between(values, Interval(low=np.nextafter(x, np.inf))))
        low = np.where(upper, np.nextafter(x, np.inf), -np.inf)
        return mass_in(law, self.between(values, Interval(low, np.where(upper, np.inf, x))))

    @property
    def switches(self) -> tuple[Node, ...]:
        """Pairs, one after another, whose order decides which of two formulas is used."""
        choices = [
            node.arguments
            for node in in_order(self.sides)
            if isinstance(node, Apply) and isinstance(node.operation, Maximum | Minimum)
        ]
        return tuple(argument for pair in choices for argument in pair)


def statement_for(
    root: Node, event: Node | None, unknown: Leaf, order: list[Node], bounds: Mapping[str, Bounds]
) -> Statement | None:
    """
    The statement solved for one unknown, None where it cannot be.

    Args:
        root: The number.

        event: What has to be true as well.

        unknown: The unknown.

        order: All nodes below the two, arguments first.

        bounds: Where each of them lies.
    """
    depends = _above(unknown, order)
    roots = [root] if event is None else [root, event]
    sides = siblings(roots, depends, bounds)
    return None if sides is None else Statement(root, event, unknown, tuple(sides))


def _above(unknown: Leaf, order: list[Node]) -> frozenset[str]:
    """The identities of an unknown and of everything that depends on it."""
    found = {unknown.uid}
    for node in order:
        if isinstance(node, Apply) and any(a.uid in found for a in node.arguments):
            found.add(node.uid)
    return frozenset(found)
