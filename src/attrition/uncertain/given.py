"""A number given that an event is true."""

from typing import NoReturn

import numpy as np

from attrition.errors import EventError, NumberError
from attrition.uncertain.checks import as_name, has_value
from attrition.uncertain.conditional import FEWEST, conditional_law, points_of
from attrition.uncertain.empirical import law_of_points
from attrition.uncertain.evaluate import sample_nodes
from attrition.uncertain.event import Event
from attrition.uncertain.law import Law, Points
from attrition.uncertain.node import Joint, Known, Leaf, Node, evaluate, in_order, unknowns
from attrition.uncertain.number import Uncertain, UncertainLike
from attrition.uncertain.over_rows import OverRows
from attrition.uncertain.over_scores import OverScores
from attrition.uncertain.sampled import law_of_values
from attrition.uncertain.section import Interval
from attrition.uncertain.stream import check_ties
from attrition.uncertain.truncate import Truncated

__all__ = ["given"]

# Rarer events are matters of the far tails of what was stated, which nobody meant.
_RAREST = 1e-9


def given(x: UncertainLike, event: Event, *, name: str | None = None) -> Uncertain:
    """
    A number with the law that it has if an event is true.

    The result is a NEW unknown, tied neither to the number nor to what the event is about, as
    with ``truncate``, which does the same for bounds on the number itself. What is learned from
    a claim that may be wrong is not an event: that is what ``reconcile`` is for.

    Args:
        x: The number.

        event: What is taken to be true, such as ``losses > recruits``, or several combined.

        name: A label; it decides the random stream.

    Returns:
        The new unknown; the number itself where it is known.

    Raises:
        NumberError: If ``x`` is not a number, or ``event`` no event.

        EventError: If the event is impossible, or too rare to say what follows from it: below
            1e-9, or below about 0.01 where more than two unknowns decide.

    Examples:
        >>> from attrition import about, given
        >>> lost, joined = about(31_680, sd=1_600), about(32_000, sd=1_100)
        >>> lost.median()
        31680.0
        >>> round(given(lost, lost > joined).median())
        32818
    """
    number = Uncertain.of(x)
    if not isinstance(event, Event):
        message = (
            f"given takes an event, not {event!r}: expected a comparison. "
            f"Type for example given(x, x > 0)."
        )
        raise NumberError(message)
    found = unknowns(in_order([number.node, event.node]))
    check_ties(found)
    if isinstance(event.node, Known) and not event.node.value:
        _refuse(0.0)
    if number.value is not None or isinstance(event.node, Known):
        return number
    only = found[0] if len(found) == 1 else None
    points = points_of(only) if isinstance(only, Leaf | Joint) else None
    if points is not None:
        return _of_points(number.node, event.node, points, name)
    return Uncertain(Leaf(_law_given(number.node, event.node), as_name(name)))


def _of_points(root: Node, event: Node, points: Points, name: str | None) -> Uncertain:
    """A number with one unknown that is known by its values: those in which the event is true."""
    places, weights = points
    with np.errstate(all="ignore"):
        values, held = evaluate([root, event], lambda _: places, places.size)
    true = held > 0.0
    if not true.any():
        _refuse(0.0)
    kept = has_value(values[true])
    if (kept == kept[0]).all():
        return Uncertain(Known(float(kept[0])))
    shares = None if weights is None else weights[true]
    return Uncertain(Leaf(law_of_points(kept, shares, drawn=False), as_name(name)))


def _law_given(root: Node, event: Node) -> Law:
    law = conditional_law(root, event)
    if law is not None:
        if law.whole() < _RAREST:
            _refuse(law.whole())
        return _between_bounds(law) or law
    (values, held), method = sample_nodes([root, event])
    if held.sum(axis=-1).min() < FEWEST:
        _refuse_rare(float(held.mean()), held.size)
    return law_of_values(root, values, method, held)


def _between_bounds(law: OverScores | OverRows) -> Law | None:
    """The law of an unknown that is held between known bounds, None if it is not that."""
    unknown = law.statement.unknown
    if (
        law.statement.root.uid != unknown.uid
        or not isinstance(law, OverRows)
        or law.weights.size > 1
    ):
        return None
    low, high = (float(end.item()) for end in law.statement.between(law.known, Interval()))
    return Truncated(unknown.law, low, high)


def _refuse_rare(chance: float, size: int) -> NoReturn:
    if chance == 0.0:
        _refuse(chance)
    message = (
        f"the event that is given holds in {chance:.2g} of {size:,} values, which are too few to "
        f"show a law: expected about 0.01 or more where more than two unknowns decide. Replace "
        f"those that matter little by known numbers, or take another event."
    )
    raise EventError(message)


def _refuse(chance: float) -> NoReturn:
    message = (
        f"the event that is given has probability {chance:.2g}: expected one that can happen. "
        f"To learn from a claim that contradicts what was stated, and may itself be wrong, use "
        f"reconcile(...)."
    )
    raise EventError(message)
