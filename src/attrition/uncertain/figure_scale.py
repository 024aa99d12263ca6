"""What a scale means that is written for one of two numbers; refused where it is not clear."""

import attrs

from attrition.errors import FigureError
from attrition.uncertain.figure_number import Amount
from attrition.uncertain.figure_tokens import Tokens

__all__ = ["refuse_doubtful", "settle_range", "settle_spread"]

_THOUSAND = 1_000

_DIRECTLY = {"to": "between(low, high, ...)", "+-": "about(point, sd=...)"}

_CLEARLY_WHOLE = 100
"""A spread from here on, as in 44k +- 500, has no part in the scale of its point."""


def settle_range(tokens: Tokens, low: Amount, high: Amount) -> tuple[Amount, Amount]:
    """
    The two ends of a range, each with its scale; refused where a scale has two readings.

    "275-325 thousand" is read as people mean it; "14-23,000" is not.

    Examples:
        >>> from attrition.uncertain.figure_number import read_amount
        >>> from attrition.uncertain.figure_tokens import cut
        >>> text = cut("275-325 thousand")
        >>> ends = settle_range(text, read_amount(text, 0, None), read_amount(text, 2, None))
        >>> print(*ends)
        275,000 325,000
    """
    lent, returned = attrs.evolve(low, scale=high.scale), attrs.evolve(high, scale=low.scale)
    elided = attrs.evolve(low, scale=_elided(low, high))
    if low.scale is None and high.scale is not None:
        if _is_small(low) and lent.value < high.value:
            low = lent
        elif not _is_small(high):
            raise _two_readings(tokens, "to", (low, high), (lent, high))
        elif elided.scale is not None:
            raise _two_readings(tokens, "to", (low, high), (elided, high))
    elif high.scale is None and low.scale is not None and low.value > high.value:
        raise _two_readings(tokens, "to", (low, high), (low, returned))
    elif low.scale is high.scale is None and elided.scale is not None:
        raise _two_readings(tokens, "to", (low, high), (elided, high))
    if low.value >= high.value:
        raise tokens.refusal(
            low.start,
            f"a range from {low} to {high}, expected the smaller number first",
            f"Write {high} to {low} if that is meant"
            if low.value > high.value
            else f"Write {low} if that is meant",
        )
    return low, high


def settle_spread(tokens: Tokens, point: Amount, spread: Amount) -> tuple[Amount, Amount]:
    """
    A point and its spread, each with its scale; refused where a scale has two readings.

    Examples:
        >>> from attrition.uncertain.figure_number import read_amount
        >>> from attrition.uncertain.figure_tokens import cut
        >>> text = cut("44 +- 3 thousand")
        >>> pair = settle_spread(text, read_amount(text, 0, None), read_amount(text, 2, None))
        >>> print(*pair)
        44,000 3,000
    """
    lent = attrs.evolve(point, scale=spread.scale)
    returned = attrs.evolve(spread, scale=point.scale)
    if point.scale is None and spread.scale is not None:
        if _is_small(point) and spread.mantissa < abs(point.mantissa):
            return lent, spread
        if _is_small(point) or not _is_small(spread):
            raise _two_readings(tokens, "+-", (point, spread), (lent, spread))
    elif spread.scale is None and point.scale is not None:
        if spread.mantissa < max(abs(point.mantissa), _CLEARLY_WHOLE):
            raise _two_readings(tokens, "+-", (point, spread), (point, returned))
    elif point.scale is None and _is_small(point) and spread.value % _THOUSAND == 0:
        elided = attrs.evolve(point, scale=3)
        raise _two_readings(tokens, "+-", (point, spread), (elided, spread))
    return point, spread


def refuse_doubtful(tokens: Tokens, *amounts: Amount) -> None:
    """
    Refuse a number such as 1.234, unless a scale or the caller said what its mark is.

    Examples:
        >>> from attrition.uncertain.figure_number import read_amount
        >>> from attrition.uncertain.figure_tokens import cut
        >>> text = cut("1.234 million")
        >>> refuse_doubtful(text, read_amount(text, 0, None))
    """
    for amount in amounts:
        if amount.doubtful and amount.scale is None:
            raise tokens.refusal(
                amount.start,
                f"it reads as {amount.digits} or, with groups behind points, as "
                f"{amount.digits.replace('.', ',')}",
                'Say which mark is decimal: decimal="." or decimal=","',
            )


def _is_small(amount: Amount) -> bool:
    return abs(amount.mantissa) < _THOUSAND


def _elided(first: Amount, second: Amount) -> int | None:
    """The thousands that the second number may lend to the first, as in "14-23,000"."""
    if first.mantissa == 0.0 or not _is_small(first):
        return None
    fits = (
        power
        for power in (12, 9, 6, 3)
        if second.value % 10.0**power == 0 and abs(first.value) * 10.0**power < abs(second.value)
    )
    return next(fits, None)


def _two_readings(
    tokens: Tokens, join: str, one: tuple[Amount, Amount], other: tuple[Amount, Amount]
) -> FigureError:
    return tokens.refusal(
        one[0].start,
        f"it reads as {one[0]} {join} {one[1]} or as {other[0]} {join} {other[1]}",
        f"Write both numbers in full; if they are, type {_DIRECTLY[join]}",
    )
