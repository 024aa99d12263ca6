"""Statements about numbers, solved for one of the unknowns below them."""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray
from attrition.uncertain import operations as op
from attrition.uncertain.at_score import AtScore
from attrition.uncertain.combination import Combination
from attrition.uncertain.law import Law
from attrition.uncertain.mixed import Mixture
from attrition.uncertain.node import Apply, Bounds, Leaf, Node, Operation

__all__ = ["TRUE", "Interval", "Values", "common", "mass_in", "section", "sections", "siblings"]

_INF = np.asarray(np.inf)


class Interval(NamedTuple):
    """From ``low`` to ``high``, both included; nothing where they are reversed."""

    low: FloatArray = -_INF
    high: FloatArray = _INF


Values: TypeAlias = Mapping[str, FloatArray]
"""The numbers that do not depend on the unknown, by identity."""

Flags: TypeAlias = npt.NDArray[np.bool_]

TRUE = Interval(low=np.asarray(0.5))
"""Where the value of an event lies in the draws in which it is true."""

_FALSE = Interval(high=np.asarray(0.5))


def siblings(
    roots: Sequence[Node], depends: frozenset[str], bounds: Mapping[str, Bounds]
) -> list[Node] | None:
    """
    What has to be known to solve statements for one unknown.

    Args:
        roots: Numbers that are to lie between bounds, and events that are to be true.

        depends: The identities of the unknown and of all nodes above it.

        bounds: Where every node lies, by identity.

    Returns:
        The nodes beside the way down to the unknown; None where a statement cannot be solved
        for it, as it enters twice or through a function that turns.
    """
    found: dict[str, Node] = {}
    stack = [(root, True) for root in roots]
    seen: set[tuple[str, bool]] = set()
    while stack:
        node, true = stack.pop()
        if (node.uid, true) in seen:
            continue
        seen.add((node.uid, true))
        if node.uid not in depends:
            found[node.uid] = node
        elif isinstance(node, Apply):
            if not _solvable(node, depends, bounds, true=true):
                return None
            turned = isinstance(node.operation, op.Not)
            stack.extend((argument, true != turned) for argument in node.arguments)
    return list(found.values())


def _solvable(
    node: Apply, depends: frozenset[str], bounds: Mapping[str, Bounds], *, true: bool
) -> bool:
    """Whether it can be told where the arguments lie from where the value lies."""
    if isinstance(node.operation, op.And | op.Or | op.Not):
        # Where both have to hold, or neither, the answer is one interval.
        return isinstance(node.operation, op.Not) or isinstance(node.operation, op.And) == true
    if isinstance(node.operation, AtScore):
        return not node.operation.law.atomic
    if isinstance(node.operation, Mixture):
        # Wherever the choice is known, one part alone decides.
        return node.arguments[0].uid not in depends
    (place, *others) = (i for i, a in enumerate(node.arguments) if a.uid in depends)
    if others or type(node.operation) not in {Combination, *_SOLVED}:
        return False
    return _solvable_for(node, place, bounds)


def _solvable_for(node: Apply, place: int, bounds: Mapping[str, Bounds]) -> bool:
    """The same, where it depends on which argument that is, and on its sign."""
    low, _ = bounds[node.arguments[place].uid]
    match node.operation:
        case op.Divide():
            return place == 0 or low >= 0.0
        case op.Power():
            return low >= 0.0 if place == 0 else bounds[node.arguments[0].uid][0] > 0.0
        case _:
            return True


def section(
    roots: Sequence[Node], unknown: Leaf, values: Values, wanted: Sequence[Interval]
) -> Interval:
    """
    The values of an unknown at which statements hold together.

    Args:
        roots: Numbers and events, for which :func:`siblings` found what has to be known.

        unknown: The unknown to solve for.

        values: What has to be known, arrays that broadcast against each other.

        wanted: Where each root is to lie; :data:`TRUE` for events.

    Returns:
        From the smallest to the largest value of the unknown.

    Examples:
        >>> from attrition.uncertain.families import Normal
        >>> from attrition.uncertain.node import Known, apply
        >>> x = Leaf(Normal(3.0, 1.0))
        >>> three = Known(3.0)
        >>> triple = apply(op.Multiply(), x, three)
        >>> at_most = Interval(high=np.asarray(12.0))
        >>> section([triple], x, {three.uid: np.asarray(3.0)}, [at_most]).high.tolist()
        4.0
    """
    return common(sections(roots, unknown, values, wanted))


def sections(
    roots: Sequence[Node], unknown: Leaf, values: Values, wanted: Sequence[Interval]
) -> list[Interval]:
    """
    The intervals of :func:`section`, one for each way down to the unknown, not yet intersected.

    Args:
        roots: Numbers and events.

        unknown: The unknown to solve for.

        values: What has to be known.

        wanted: Where each root is to lie.
    """
    found: list[Interval] = []
    stack = list(zip(roots, wanted, strict=True))
    seen: set[tuple[str, bool]] = set()
    while stack:
        node, between = stack.pop()
        if between is TRUE or between is _FALSE:
            # What is said twice is followed once: each & of an event with itself would double it.
            if (node.uid, between is TRUE) in seen:
                continue
            seen.add((node.uid, between is TRUE))
        if node.uid == unknown.uid:
            found.append(_bounded(between))
        elif node.uid in values:
            found.append(_if_all(_lies(values[node.uid], between)))
        else:
            assert isinstance(node, Apply)  # noqa: S101 - nothing else is above the unknown
            stack.extend(_arguments(node, values, between))
    return found


def common(intervals: Sequence[Interval]) -> Interval:
    """
    What lies in all of several intervals.

    Examples:
        >>> low, high = common([Interval(low=np.asarray(2.0)), Interval(high=np.asarray(7.0))])
        >>> float(low), float(high)
        (2.0, 7.0)
    """
    return functools.reduce(
        lambda a, b: Interval(np.maximum(a.low, b.low), np.minimum(a.high, b.high)), intervals
    )


def _arguments(node: Apply, values: Values, wanted: Interval) -> list[tuple[Node, Interval]]:
    """The arguments that depend on the unknown, and where they have to lie."""
    if isinstance(node.operation, op.And | op.Or | op.Not):
        true = isinstance(node.operation, op.Not) != (wanted is TRUE)
        return [(argument, TRUE if true else _FALSE) for argument in node.arguments]
    if isinstance(node.operation, AtScore):
        law = node.operation.law
        return [(node.arguments[0], Interval(*(law.score(end) for end in wanted)))]
    if isinstance(node.operation, Mixture):
        return _parts_of_choice(node, node.operation, values, wanted)
    known = [values.get(argument.uid) for argument in node.arguments]
    place = next(i for i, value in enumerate(known) if value is None)
    others = [value for value in known if value is not None]
    if isinstance(node.operation, Combination):
        solved = _combination(node.operation.weights, place, others, wanted)
    else:
        solved = _SOLVED[type(node.operation)](node.operation, place, others, wanted)
    return [(node.arguments[place], solved)]


def _parts_of_choice(
    node: Apply, choice: Mixture, values: Values, wanted: Interval
) -> list[tuple[Node, Interval]]:
    """The parts that depend on the unknown: where one is not chosen, the chosen one decides."""
    place, *parts = node.arguments
    at = values[place.uid]
    known = [values.get(part.uid, np.asarray(np.nan)) for part in parts]
    # Not a number where a part was chosen that depends on the unknown, which says nothing here.
    rest = choice(at, *known)
    elsewhere = _either(np.isnan(rest), Interval(), _if_all(_lies(rest, wanted)))
    flags = np.eye(len(parts))
    return [
        (part, _either(np.asarray(choice(at, *flag) == 1.0), wanted, elsewhere))
        for part, flag in zip(parts, flags, strict=True)
        if part.uid not in values
    ]


def mass_in(law: Law, between: Interval) -> FloatArray:
    """
    The probability of an interval under a law without point masses, from its smaller tail.

    Examples:
        >>> from attrition.uncertain.families import Normal
        >>> round(float(mass_in(Normal(0.0, 1.0), Interval(high=np.asarray(1.0)))), 4)
        0.8413
    """
    low, high = between
    first, last = law.support()
    if ((low <= first) | (high <= first)).all():
        return law.cdf(high)
    if ((high >= last) | (low >= last)).all():
        return law.sf(low)
    low, high = np.broadcast_arrays(low, high)
    below, above = (low <= first) | (high <= first), (high >= last) | (low >= last)
    mass = np.empty(low.shape)
    # Each end is asked for only where it matters: probabilities are dear.
    for where, mass_of in (
        (below, _mass_below),
        (~below & above, _mass_above),
        (~(below | above), _mass_between),
    ):
        if where.any():
            mass[where] = mass_of(law, low[where], high[where])
    return mass


def _mass_below(law: Law, _: FloatArray, high: FloatArray) -> FloatArray:
    return law.cdf(high)


def _mass_above(law: Law, low: FloatArray, _: FloatArray) -> FloatArray:
    return law.sf(low)


def _mass_between(law: Law, low: FloatArray, high: FloatArray) -> FloatArray:
    lower, upper = law.cdf(low), law.sf(high)
    inside = np.where(lower > upper, law.sf(low) - upper, law.cdf(high) - lower)
    return np.where(low < high, np.maximum(inside, 0.0), 0.0)


def _bounded(wanted: Interval) -> Interval:
    # An end that is no number came from infinity less infinity, where no bound was asked for.
    return Interval(np.fmax(wanted.low, -_INF), np.fmin(wanted.high, _INF))


def _either(condition: Flags, a: Interval, b: Interval) -> Interval:
    return Interval(np.where(condition, a.low, b.low), np.where(condition, a.high, b.high))


def _if_all(condition: Flags) -> Interval:
    """Everything where a condition holds, nothing elsewhere."""
    return Interval(np.where(condition, -np.inf, np.inf), np.where(condition, np.inf, -np.inf))


def _lies(value: FloatArray, wanted: Interval) -> Flags:
    return np.asarray((wanted.low <= value) & (value <= wanted.high))


def _add(_: Operation, __: int, others: list[FloatArray], wanted: Interval) -> Interval:
    (c,) = others
    return Interval(wanted.low - c, wanted.high - c)


def _subtract(_: Operation, place: int, others: list[FloatArray], wanted: Interval) -> Interval:
    (c,) = others
    if place == 0:
        return Interval(wanted.low + c, wanted.high + c)
    return Interval(c - wanted.high, c - wanted.low)


def _combination(
    weights: Sequence[float], place: int, others: list[FloatArray], wanted: Interval
) -> Interval:
    rest = np.zeros(())
    for weight, c in zip([*weights[:place], *weights[place + 1 :]], others, strict=True):
        rest = rest + weight * c
    low, high = (end / weights[place] for end in _add(op.Add(), place, [rest], wanted))
    return Interval(low, high) if weights[place] > 0.0 else Interval(high, low)


def _scaled(wanted: Interval, c: FloatArray, ends: tuple[FloatArray, FloatArray]) -> Interval:
    """Ends that were multiplied or divided by ``c``, in order, and what zero does."""
    if (c > 0.0).all():
        return Interval(*ends)
    low, high = np.where(c < 0.0, ends[1], ends[0]), np.where(c < 0.0, ends[0], ends[1])
    return _either(np.asarray(c == 0.0), _if_all(_lies(c, wanted)), Interval(low, high))


def _multiply(_: Operation, __: int, others: list[FloatArray], wanted: Interval) -> Interval:
    (c,) = others
    return _scaled(wanted, c, (wanted.low / c, wanted.high / c))


def _divide(
    operation: Operation, place: int, others: list[FloatArray], wanted: Interval
) -> Interval:
    (c,) = others
    if place == 0:
        return _scaled(wanted, c, (wanted.low * c, wanted.high * c))
    low, high = _multiply(operation, 0, others, wanted)
    return Interval(
        np.where(high > 0.0, 1.0 / high, np.inf), np.where(low > 0.0, 1.0 / low, np.inf)
    )


def _exp(_: Operation, __: int, ___: list[FloatArray], wanted: Interval) -> Interval:
    return Interval(*(np.log(np.maximum(end, 0.0)) for end in wanted))


def _log(_: Operation, __: int, ___: list[FloatArray], wanted: Interval) -> Interval:
    low, high = wanted
    return Interval(np.where(low == -np.inf, -np.inf, np.exp(low)), np.exp(high))


def _sqrt(_: Operation, __: int, ___: list[FloatArray], wanted: Interval) -> Interval:
    low, high = wanted
    return Interval(
        np.where(low <= 0.0, -np.inf, low * low), np.where(high < 0.0, -np.inf, high * high)
    )


def _power(
    operation: Operation, place: int, others: list[FloatArray], wanted: Interval
) -> Interval:
    (c,) = others
    if place == 1:
        return _multiply(operation, 0, [np.log(c)], _exp(operation, 0, others, wanted))
    low, high = (np.power(np.maximum(end, 0.0), 1.0 / c) for end in wanted)
    rising = Interval(low, np.where(wanted.high < 0.0, -np.inf, high))
    found = _either(np.asarray(c < 0.0), Interval(high, low), rising)
    return _either(np.asarray(c == 0.0), _if_all(_lies(np.ones(()), wanted)), found)


def _maximum(_: Operation, __: int, others: list[FloatArray], wanted: Interval) -> Interval:
    (c,) = others
    low, high = wanted
    return Interval(np.where(c >= low, -np.inf, low), np.where(c <= high, high, -np.inf))


def _minimum(_: Operation, __: int, others: list[FloatArray], wanted: Interval) -> Interval:
    (c,) = others
    low, high = wanted
    return Interval(np.where(c >= low, low, np.inf), np.where(c <= high, np.inf, high))


def _compared(
    operation: Operation, place: int, others: list[FloatArray], wanted: Interval
) -> Interval:
    (c,) = others
    true, strict = wanted is TRUE, isinstance(operation, op.Less)
    below = true == (place == 0)
    if strict == true:
        c = np.nextafter(c, -np.inf if below else np.inf)
    return Interval(high=c) if below else Interval(low=c)


_Solved: TypeAlias = Callable[[Operation, int, list[FloatArray], Interval], Interval]

_SOLVED: dict[type[Operation], _Solved] = {
    op.Add: _add,
    op.Subtract: _subtract,
    op.Multiply: _multiply,
    op.Divide: _divide,
    op.Exp: _exp,
    op.Log: _log,
    op.Sqrt: _sqrt,
    op.Power: _power,
    op.Maximum: _maximum,
    op.Minimum: _minimum,
    op.Less: _compared,
    op.LessEqual: _compared,
}
"""For an operation, the place of an argument, the others and where the value is to lie."""
