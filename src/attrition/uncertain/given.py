"""A number given that an event is true."""

from typing import NoReturn

from attrition.errors import EventError, NumberError
from attrition.uncertain.checks import as_name
from attrition.uncertain.conditional import FEWEST, conditional_law
from attrition.uncertain.evaluate import sample_nodes
from attrition.uncertain.event import Event
from attrition.uncertain.law import Law
from attrition.uncertain.node import Known, Leaf, Node, in_order, unknowns
from attrition.uncertain.number import Uncertain, UncertainLike
from attrition.uncertain.sampled import law_of_values
from attrition.uncertain.stream import check_ties

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
    check_ties(unknowns(in_order([number.node, event.node])))
    if isinstance(event.node, Known) and not event.node.value:
        _refuse(0.0)
    if number.value is not None or isinstance(event.node, Known):
        return number
    return Uncertain(Leaf(_law_given(number.node, event.node), as_name(name)))


def _law_given(root: Node, event: Node) -> Law:
    law = conditional_law(root, event)
    if law is not None:
        if law.whole() < _RAREST:
            _refuse(law.whole())
        return law
    (values, held), method = sample_nodes([root, event])
    if held.sum(axis=-1).min() < FEWEST:
        _refuse_rare(float(held.mean()), held.size)
    return law_of_values(root, values, method, held)


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
