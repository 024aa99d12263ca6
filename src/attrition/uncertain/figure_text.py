"""From a text to a figure: one number, one range or one bound, and nothing guessed."""

from typing import Literal

from attrition.errors import ParameterError
from attrition.uncertain.figure import Figure
from attrition.uncertain.figure_kind import FigureKind
from attrition.uncertain.figure_number import Amount
from attrition.uncertain.figure_parts import (
    Hedges,
    Spread,
    read_before,
    read_behind,
    read_join,
    read_number,
    read_spread,
    read_tokens,
    read_trailing,
)
from attrition.uncertain.figure_scale import refuse_doubtful, settle_range, settle_spread
from attrition.uncertain.figure_tokens import Tokens

__all__ = ["parse_figure"]

_YEARS = range(1900, 2100)


def parse_figure(text: str, *, decimal: Literal[".", ","] | None = None) -> Figure:
    """
    Read one hedged figure from the beginning of a text.

    Hedges, a number, a range or a number with its spread, then anything that holds no second
    number. What has two readings is refused: "14-23,000", or "1.234" as long as nobody says
    which mark is decimal.

    Args:
        text: At most 1,000 characters, English words, the figure first.

        decimal: The decimal mark, "." or ",". None reads as "." does, and refuses a number such
            as 1.234, which is 1,234 where points group thousands.

    Returns:
        What the text says; :meth:`Figure.uncertain` asks for what it does not say.

    Raises:
        FigureError: If the text is not one figure. ``position`` is where the reading stopped.

        ParameterError: If ``decimal`` is neither of the two marks.

    Examples:
        >>> from attrition import parse_figure
        >>> parse_figure("around 9,000 more losses than it was able to replace").point
        9000.0
        >>> figure = parse_figure("from 275 to 325 thousand dead")
        >>> figure.low, figure.high, figure.trailing
        (275000.0, 325000.0, 'dead')
        >>> parse_figure("1.200.000,5", decimal=",").point
        1200000.5
        >>> parse_figure("14-23,000")
        Traceback (most recent call last):
            ...
        attrition.errors.FigureError: cannot read '14-23,000' at position 0: it reads as 14 to ...
    """
    if decimal not in (None, ".", ","):
        raise ParameterError(
            f'decimal is {decimal!r}: expected "." or ",". Type decimal="," for 1.200.000,5.'
        )
    tokens = read_tokens(text)
    before = read_before(tokens, 0, opens=True)
    first = read_number(tokens, before, decimal)
    between = read_join(tokens, before, first)
    if between is None:
        return _single(tokens, before, first, read_spread(tokens, first.at, decimal))
    return _range(tokens, before, between, first, read_number(tokens, between, decimal))


def _single(tokens: Tokens, before: Hedges, first: Amount, spread: Spread | None) -> Figure:
    """A point with its spread, or a bound."""
    behind = read_behind(tokens, first.at if spread is None else spread.at)
    kind = _kind(tokens, first, before.bounds | behind.bounds)
    if spread is not None and kind is not FigureKind.POINT:
        raise tokens.refusal(
            first.start,
            "a bound with a spread, expected one or the other",
            "Cut the hedge or the spread off",
        )
    plus_minus = relative = None
    if spread is not None and spread.relative:
        relative = spread.amount.value
    elif spread is not None:
        first, amount = settle_spread(tokens, first, spread.amount)
        refuse_doubtful(tokens, amount)
        plus_minus = amount.value
    refuse_doubtful(tokens, first)
    return Figure(
        text=tokens.text,
        trailing=read_trailing(tokens, behind.at),
        kind=kind,
        point=first.value if kind is FigureKind.POINT else None,
        low=first.value if kind is FigureKind.LOWER_BOUND else None,
        high=first.value if kind is FigureKind.UPPER_BOUND else None,
        hedge=_hedge(tokens, before, behind),
        plus_minus=plus_minus,
        relative=relative,
        smallest_place=first.places[0],
        largest_place=first.places[1],
    )


def _range(
    tokens: Tokens, before: Hedges, between: Hedges, first: Amount, second: Amount
) -> Figure:
    """Two ends."""
    behind = read_behind(tokens, second.at)
    if before.bounds | between.bounds | behind.bounds:
        raise tokens.refusal(
            first.start,
            "a range that is hedged as a bound, expected one or the other",
            "Cut the text to the two ends, or to the one bound that is meant",
        )
    if _is_year(first) and _is_year(second):
        raise tokens.refusal(
            first.start,
            f"{first.mantissa:.0f} and {second.mantissa:.0f} look like years",
            f"Write {first} to {second} if they count people",
        )
    low, high = settle_range(tokens, first, second)
    refuse_doubtful(tokens, low, high)
    # Zero has every place, so it says nothing about how the other end was rounded.
    places = [end.places for end in (low, high) if end.value != 0.0]
    smallest, largest = map(min, zip(*places, strict=True))
    return Figure(
        text=tokens.text,
        trailing=read_trailing(tokens, behind.at),
        kind=FigureKind.RANGE,
        low=low.value,
        high=high.value,
        hedge=_hedge(tokens, before, between, behind),
        smallest_place=smallest,
        largest_place=largest,
    )


def _kind(tokens: Tokens, first: Amount, bounds: frozenset[FigureKind]) -> FigureKind:
    if len(bounds) > 1:
        raise tokens.refusal(
            first.start,
            "hedged as a lower and as an upper bound, expected one of them",
            "Cut the text to the bound that is meant",
        )
    return next(iter(bounds), FigureKind.POINT)


def _hedge(tokens: Tokens, *hedges: Hedges) -> str | None:
    """The hedges as written."""
    written = [tokens.text[slice(*hedge.span)] for hedge in hedges if hedge.span is not None]
    return " ... ".join(written) or None


def _is_year(amount: Amount) -> bool:
    return amount.scale is None and not amount.grouped and amount.mantissa in _YEARS
