"""What is asked of a number, given an event perhaps, with one unknown to be integrated exactly."""

from collections.abc import Callable, Mapping, Sequence
from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.at_score import AtScore
from attrition.uncertain.flat import FlatRows, flat, unflat
from attrition.uncertain.mixed import Mixture
from attrition.uncertain.node import Apply, Bounds, Known, Leaf, Node, in_order
from attrition.uncertain.operations import Maximum, Minimum
from attrition.uncertain.search import Flags
from attrition.uncertain.section import (
    TRUE,
    Interval,
    Values,
    common,
    mass_in,
    sections,
    siblings,
)

__all__ = ["Statement", "beside", "statement_for"]

# With more kinks and jumps than this, panels between them cost more than the lattice.
_MOST_SWITCHES = 64


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
        return common(self.sections(values, wanted))

    def sections(self, values: Values, wanted: Interval) -> list[Interval]:
        """The intervals that these values have to lie in, one for each bound."""
        if self.event is None:
            return sections([self.root], self.unknown, values, [wanted])
        return sections([self.root, self.event], self.unknown, values, [wanted, TRUE])

    def mass(self, values: Values, x: FloatArray, upper: Flags) -> FloatArray:
        """
        The probability that the number is at most ``x``, or more than it, and the event true.

        Args:
            values: What has to be known, arrays that broadcast against ``x``.

            x: Shape (places,).

            upper: Where more than ``x`` is meant, likewise.
        """
        return mass_in(self.unknown.law, self.between(values, beside(x, upper)))

    @property
    def switches(self) -> tuple[Node, ...] | None:
        """
        Pairs, one after another, whose order decides where what is known has a kink or a jump.

        None where jumps are too many to be listed.
        """
        pairs: list[Node] = []
        for node in in_order(self.sides):
            if isinstance(node, Apply):
                found = _pairs(node)
                if found is None:
                    return None
                pairs += found
        return tuple(pairs) if len(pairs) <= 2 * _MOST_SWITCHES else None


def beside(x: FloatArray, upper: Flags) -> Interval:
    """
    What is at most ``x``, or more than it where ``upper``.

    Examples:
        >>> beside(np.array([3.0]), np.array([False])).high.tolist()
        [3.0]
    """
    # An end that is infinite for all of them is one number, which costs less.
    if not upper.any():
        return Interval(high=x)
    if upper.all():
        return Interval(low=np.nextafter(x, np.inf))
    low = np.where(upper, np.nextafter(x, np.inf), -np.inf)
    return Interval(low, np.where(upper, np.inf, x))


def _pairs(node: Apply) -> Sequence[Node] | None:
    """The pairs whose order decides which formula an operation uses."""
    first = node.arguments[0]
    match node.operation:
        case Maximum() | Minimum():
            return node.arguments
        case Mixture(weights):
            edges = np.cumsum(weights)[:-1]
        case AtScore(law) if law.atomic:
            points = law.points()
            if points is None:
                return None
            edges = law.score(np.unique(points[0])[:-1])
        case _:
            return ()
    return [part for edge in edges.tolist() for part in (first, Known(edge))]


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
