"""Events: statements about uncertain numbers that are true in some draws and not in others."""

from collections.abc import Callable
from typing import NoReturn, TypeGuard, final

import attrs
import numpy as np

from attrition.errors import EventError, NumberError
from attrition.uncertain.conditional import conditional_law
from attrition.uncertain.evaluate import law_of, sample_nodes
from attrition.uncertain.exact import exact_law
from attrition.uncertain.flat import FlatRows, flat, unflat
from attrition.uncertain.law import Method
from attrition.uncertain.node import Apply, Known, Node, apply, in_order, unknowns
from attrition.uncertain.operations import And, Equal, Less, LessEqual, Not, Or, Subtract
from attrition.uncertain.sampled import Sampled
from attrition.uncertain.stream import check_ties
from attrition.words import chance_text

__all__ = ["Event", "EventSummary", "probability"]

_ZERO, _HALF = np.zeros(()), np.array(0.5)
_NOTHING = Known(0.0)


@final
@attrs.frozen(kw_only=True)
class EventSummary:
    """
    How likely an event is, and how that was found.

    Attributes:
        probability: Between 0 and 1.

        method: "exact", "quadrature", "lattice" or "draws".

        error: Numerical standard error of the probability.

    Examples:
        >>> from attrition import about
        >>> print((about(44_000, sd=3_000) > 40_000).summary())
        very likely (91 %)
    """

    probability: float
    method: Method
    error: float

    def __str__(self) -> str:
        return chance_text(self.probability, error=self.error)


def _rebuild(rows: FlatRows, places: list[int]) -> "Event":
    return Event(*unflat(rows, places))


@final
@attrs.frozen(eq=False, repr=False)
class Event:
    """
    A statement about uncertain numbers, such as ``losses > recruits``.

    Neither true nor false: it has a probability. Combine events with ``&``, ``|`` and ``~``.

    Examples:
        >>> from attrition import about, probability
        >>> losses, recruits = about(44_000, sd=3_000), about(35_000, sd=2_000)
        >>> round(probability(losses > recruits), 4)
        0.9937
    """

    node: Node

    def __and__(self, other: "Event") -> "Event":
        if not _is_event(other):
            return NotImplemented
        return Event(apply(And(), self.node, other.node))

    def __or__(self, other: "Event") -> "Event":
        if not _is_event(other):
            return NotImplemented
        return Event(apply(Or(), self.node, other.node))

    def __invert__(self) -> "Event":
        return Event(apply(Not(), self.node))

    def __eq__(self, other: object) -> bool:
        return _is_event(other) and self.node.uid == other.node.uid

    def __hash__(self) -> int:
        return hash(self.node.uid)

    def __reduce__(self) -> tuple[Callable[..., "Event"], tuple[object, ...]]:
        return _rebuild, flat(self.node)

    def __repr__(self) -> str:
        if isinstance(self.node, Known):
            return f"Event({'always' if self.node.value else 'never'})"
        kind = type(self.node.operation).__name__ if isinstance(self.node, Apply) else "Noise"
        return f"Event({kind})"

    def __bool__(self) -> NoReturn:
        message = (
            "an event is neither true nor false: it has a probability. Ask for probability(event); "
            "use maximum(a, b) for the larger of two, and sorted(numbers, key=Uncertain.median) "
            "to sort."
        )
        raise EventError(message)

    def summary(self) -> EventSummary:
        """
        The probability with the way it was found and its numerical error.

        Examples:
            >>> from attrition import about
            >>> (about(44_000, sd=3_000) > about(35_000, sd=2_000)).summary().method
            'exact'
        """
        node = self.node
        if isinstance(node, Known):
            return EventSummary(probability=node.value, method="exact", error=0.0)
        if isinstance(node, Apply) and isinstance(node.operation, Less | LessEqual | Equal):
            return _of_comparison(node)
        return _of_combination(node)


def _is_event(value: object) -> TypeGuard[Event]:
    return isinstance(value, Event)


def _of_comparison(node: Apply) -> EventSummary:
    """P(a - b below, at most, or at zero), from the law of the difference."""
    law = law_of(apply(Subtract(), *node.arguments))
    if isinstance(law, Sampled):
        return _of_values(node)
    with np.errstate(all="ignore"):
        at_most, below = float(law.cdf(_ZERO)), float(law.below(_ZERO))
    by_operation = {Less: below, LessEqual: at_most, Equal: at_most - below}
    chance = by_operation[type(node.operation)]
    error = law.probability_error(0.0)
    return EventSummary(probability=chance, method=law.method, error=error)


def _of_combination(node: Node) -> EventSummary:
    """The mean over all unknowns but one of the probability that this one gives."""
    check_ties(unknowns(in_order([node])))
    exact = exact_law(node)
    if exact is not None:
        chance = float(exact.sf(_HALF))
        return EventSummary(probability=chance, method=exact.method, error=0.0)
    if (law := conditional_law(_NOTHING, node)) is not None:
        return EventSummary(probability=law.whole(), method=law.method, error=law.whole_error())
    if (law := conditional_law(_NOTHING, apply(Not(), node))) is not None:
        chance = 1.0 - law.whole()
        return EventSummary(probability=chance, method=law.method, error=law.whole_error())
    return _of_values(node)


def _of_values(node: Node) -> EventSummary:
    (values,), method = sample_nodes([node])
    shares = values.mean(axis=-1)
    # Draws that all agree are no proof: the probability is known to one draw at best.
    error = max(float(np.std(shares, ddof=1) / np.sqrt(shares.size)), 1.0 / values.size)
    return EventSummary(probability=float(shares.mean()), method=method, error=error)


def probability(event: Event) -> float:
    """
    The probability of an event; ``event.summary()`` adds how it was found.

    Args:
        event: A comparison of uncertain numbers, or several combined.

    Returns:
        Between 0 and 1.

    Raises:
        NumberError: If ``event`` is not an event.

    Examples:
        >>> from attrition import about, probability
        >>> lost = about(9_000, sd=3_000)
        >>> round(probability(lost > 0), 5)
        0.99865
    """
    if not _is_event(event):
        message = (
            f"probability takes an event, not {event!r}: expected a comparison. "
            f"Type for example probability(x > 0)."
        )
        raise NumberError(message)
    return event.summary().probability
