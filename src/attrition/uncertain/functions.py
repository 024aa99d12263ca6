"""Functions of uncertain numbers, typed: the spelling to use in code."""

import numpy as np

from attrition._typing import Draws, Seed
from attrition.errors import ParameterError
from attrition.uncertain import operations as op
from attrition.uncertain.checks import as_draws
from attrition.uncertain.evaluate import draw_nodes
from attrition.uncertain.node import Operation
from attrition.uncertain.number import Operand, Uncertain, combined, node_of
from attrition.uncertain.stream import seed_given

__all__ = ["clip", "draws", "exp", "log", "maximum", "minimum", "sqrt", "total_of"]


def exp(x: Operand) -> Uncertain:
    """
    The exponential.

    Examples:
        >>> from attrition import about, exp
        >>> exp(about(0, sd=0.1)).median()
        1.0
    """
    return combined(op.Exp(), x)


def log(x: Operand) -> Uncertain:
    """
    The natural logarithm.

    Raises:
        ParameterError: If more than a millionth of the mass lies below zero.

    Examples:
        >>> from attrition import between, log
        >>> round(log(between(1, 100, confidence=0.9, family="lognormal")).median(), 4)
        2.3026
    """
    return combined(op.Log(), x)


def sqrt(x: Operand) -> Uncertain:
    """
    The square root.

    Raises:
        ParameterError: If more than a millionth of the mass lies below zero.

    Examples:
        >>> from attrition import sqrt, uniform
        >>> sqrt(uniform(0, 4)).median().__round__(4)
        1.4142
    """
    return combined(op.Sqrt(), x)


def maximum(first: Operand, *others: Operand) -> Uncertain:
    """
    The largest, draw by draw.

    Examples:
        >>> from attrition import maximum, uniform
        >>> maximum(uniform(0, 1), 0.5).support()
        (0.5, 1.0)
    """
    return _folded(op.Maximum(), first, others)


def minimum(first: Operand, *others: Operand) -> Uncertain:
    """
    The smallest, draw by draw.

    Examples:
        >>> from attrition import minimum, uniform
        >>> minimum(uniform(0, 1), 0.5).support()
        (0.0, 0.5)
    """
    return _folded(op.Minimum(), first, others)


def clip(x: Operand, low: Operand, high: Operand) -> Uncertain:
    """
    The number held between two bounds; mass beyond a bound moves onto it.

    Raises:
        ParameterError: If both bounds are known and reversed.

    Examples:
        >>> from attrition import about, clip
        >>> clip(about(0, sd=1), 0, 1).support()
        (0.0, 1.0)
    """
    ends = [Uncertain.of(end).value for end in (low, high)]
    if ends[0] is not None and ends[1] is not None and ends[0] > ends[1]:
        message = (
            f"clip from {ends[0]:.15g} to {ends[1]:.15g}: expected low <= high. "
            f"Type for example clip(x, 0, 1)."
        )
        raise ParameterError(message)
    return minimum(maximum(x, low), high)


def total_of(first: Operand, *others: Operand) -> Uncertain:
    """
    The sum of several numbers.

    Examples:
        >>> from attrition import about, total_of
        >>> total_of(*(about(1_000, sd=30) for _ in range(100))).std()
        300.0
    """
    return _folded(op.Add(), first, others)


def _folded(operation: Operation, first: Operand, others: tuple[Operand, ...]) -> Uncertain:
    result = combined(op.Add(), first, 0.0) if not isinstance(first, Uncertain) else first
    for other in others:
        result = combined(operation, result, other)
    return result


def draws(*numbers: Uncertain, n: int, rng: Seed) -> tuple[Draws, ...]:
    """
    Joint draws of several numbers: row i of each comes from one and the same world.

    Args:
        numbers: The numbers wanted.

        n: How many draws.

        rng: Whatever ``numpy.random.default_rng`` takes, None excepted.

    Returns:
        One array of shape (n,) for each number.

    Raises:
        ParameterError: If ``n`` is not positive.

    Examples:
        >>> from attrition import about, draws
        >>> x, y = about(3, sd=1), about(5, sd=1)
        >>> a, b, total = draws(x, y, x + y, n=1_000, rng=20260101)
        >>> bool((a + b == total).all())
        True
    """
    values = draw_nodes([node_of(x) for x in numbers], as_draws(n, "n"), seed=seed_given(rng))
    return tuple(np.array(v) for v in values)
