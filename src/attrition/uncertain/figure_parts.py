"""The parts of a stated figure: hedges, numbers, what joins two, a spread, and the rest."""

import re
from typing import TypeAlias, final

import attrs

from attrition.errors import FigureError
from attrition.uncertain.figure_kind import FigureKind
from attrition.uncertain.figure_number import Amount, Mark, read_amount, starts_number
from attrition.uncertain.figure_tokens import Token, TokenKind, Tokens, cut, refusal
from attrition.uncertain.figure_words import (
    ABBREVIATIONS,
    AFTER,
    BEFORE,
    DASHES,
    MONTHS,
    NUMBER_WORDS,
    OPENERS,
    PER_CENT,
    PLAIN,
    PLUS_MINUS,
    SHARES,
)

__all__ = [
    "Hedges",
    "Spread",
    "read_before",
    "read_behind",
    "read_join",
    "read_number",
    "read_spread",
    "read_tokens",
    "read_trailing",
]

_MOST_CHARACTERS = 1_000
"""A figure and a few sentences; a longer text is a document."""

# One mark twice, so that "12-14.5 thousand" is none.
_DATE = re.compile(r"(?<![\d.,])\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?!\d)")

_MARKS = " ,;:."
"""What is dropped between a figure and what trails it."""

_CUT = "Cut the text to the figure that is meant"
_OPENS_SPREAD = {"(", ","}
_PER_CENT_SCALE = -2
_NO_BOUND = {FigureKind.POINT}
_DAYS = range(1, 32)

_VERBS = {"may", "march"}
"""Months with a capital letter, verbs without one."""

_Span: TypeAlias = tuple[int, int]


@final
@attrs.frozen(kw_only=True)
class Hedges:
    """Hedges on one side of a number: where they stand, what they bound, and the next piece."""

    span: _Span | None
    bounds: frozenset[FigureKind]
    opener: Token | None
    at: int


@final
@attrs.frozen(kw_only=True)
class Spread:
    """A stated spread, and the next piece."""

    amount: Amount
    relative: bool
    at: int


def read_tokens(text: object) -> Tokens:
    """The pieces of a text that may hold a figure."""
    if not isinstance(text, str):
        raise FigureError(
            f"cannot read {text!r:.40}, a {type(text).__name__}: expected a text such as "
            f'"about 44,000". A number needs no reading: type exactly(44_000).'
        )
    if len(text) > _MOST_CHARACTERS:
        problem = f"a text of {len(text):,} characters, expected at most {_MOST_CHARACTERS:,}"
        raise refusal(text, _MOST_CHARACTERS, problem, _CUT)
    foreign = next((at for at, sign in enumerate(text) if _is_foreign_digit(sign)), None)
    if foreign is not None:
        raise refusal(text, foreign, f"{text[foreign]!r} is no digit from 0 to 9", "Write 44,000")
    date = _DATE.search(text)
    if date is not None:
        raise refusal(text, date.start(), f"{date[0]!r} is a date, expected a number", _CUT)
    tokens = cut(text)
    if not any(token.kind is TokenKind.NUMBER for token in tokens.items):
        word = next(filter(_is_number_word, tokens.items), None)
        problem = "no number in it" if word is None else f"{word.text!r} is a number in words"
        at = 0 if word is None else word.start
        raise tokens.refusal(at, f"{problem}, expected digits", 'Write for example "about 44,000"')
    return tokens


def read_before(tokens: Tokens, at: int, *, opens: bool) -> Hedges:
    """The hedges in front of a number, as far as they are known."""
    known = BEFORE.keys() | PLAIN | (OPENERS if opens else set())
    spans: list[_Span] = []
    bounds: set[FigureKind] = set()
    opener = None
    while phrase := tokens.phrase(at, known):
        first, last = tokens.items[at], tokens.items[at + len(phrase) - 1]
        at += len(phrase)
        stop = tokens.items[at]
        if phrase[-1] in ABBREVIATIONS and stop.text == "." and last.opens(stop):
            last, at = stop, at + 1
        if phrase in BEFORE:
            spans.append((first.start, last.end))
            bounds.add(BEFORE[phrase])
        if phrase in OPENERS:
            known, opener = known - OPENERS, first
    span = (spans[0][0], spans[-1][1]) if spans else None
    return Hedges(span=span, bounds=frozenset(bounds - _NO_BOUND), opener=opener, at=at)


def read_number(tokens: Tokens, hedge: Hedges, decimal: Mark | None) -> Amount:
    """The number behind its hedges; a share and the day of a month are none."""
    token = tokens.items[hedge.at]
    if not starts_number(tokens, hedge.at):
        known = "is a month" if token.text.casefold() in MONTHS else "is not understood there"
        raise tokens.refusal(
            token.start,
            f"{token.text!r} {known}, expected a hedge or a number",
            f'{_CUT}, for example "about 44,000"',
        )
    amount = read_amount(tokens, hedge.at, decimal)
    unit = tokens.items[amount.at]
    _refuse_share(tokens, amount)
    if _is_day(amount) and unit.text.casefold() in MONTHS and unit.text not in _VERBS:
        raise tokens.refusal(
            amount.start,
            f"{amount.mantissa:.0f} {unit.text} is a date, expected a number",
            _CUT,
        )
    return amount


def read_join(tokens: Tokens, before: Hedges, first: Amount) -> Hedges | None:
    """The hedges of the second end, or None where there is no second end."""
    joint = tokens.items[first.at]
    opener = before.opener.text.casefold() if before.opener is not None else ""
    joins = DASHES | {"to"} | ({"and"} if opener == "between" else set())
    if joint.text.casefold() in joins:
        between = read_before(tokens, first.at + 1, opens=False)
        if starts_number(tokens, between.at):
            return between
    if opener:
        raise tokens.refusal(
            joint.start,
            f"{opener!r} opens a range, expected {'and' if opener == 'between' else 'to'!r} "
            f"and its second end",
            "Write both ends, for example 14,500 to 23,000",
        )
    return None


def read_spread(tokens: Tokens, at: int, decimal: Mark | None) -> Spread | None:
    """The spread that is stated behind a number."""
    opened = tokens.items[at].text
    at += opened in _OPENS_SPREAD
    phrase = tokens.phrase(at, PLUS_MINUS)
    if not phrase:
        return None
    at += len(phrase)
    token = tokens.items[at]
    amount = read_amount(tokens, at, decimal) if token.kind is TokenKind.NUMBER else None
    if amount is None or amount.value == 0.0:
        raise tokens.refusal(
            token.start,
            f"no spread behind {' '.join(phrase)!r}, expected a number above 0",
            "Write for example +- 3,000 or +- 10 %",
        )
    share = tokens.phrase(amount.at, PER_CENT) if amount.scale is None else ()
    if share:
        amount = attrs.evolve(amount, scale=_PER_CENT_SCALE)
    else:
        _refuse_share(tokens, amount)
    at = amount.at + len(share)
    at += opened == "(" and tokens.items[at].text == ")"
    return Spread(amount=amount, relative=bool(share), at=at)


def read_behind(tokens: Tokens, at: int) -> Hedges:
    """The hedge directly behind a number."""
    token = tokens.items[at]
    phrase = tokens.phrase(at, AFTER)
    if token.text == "+" and tokens.items[at - 1].opens(token):
        bound, length = FigureKind.LOWER_BOUND, 1
    elif phrase and tokens.items[at + len(phrase)].text.casefold() != "than":
        bound, length = AFTER[phrase], len(phrase)
    else:
        return Hedges(span=None, bounds=frozenset(), opener=None, at=at)
    span = token.start, tokens.items[at + length - 1].end
    return Hedges(span=span, bounds=frozenset({bound}) - _NO_BOUND, opener=None, at=at + length)


def read_trailing(tokens: Tokens, at: int) -> str:
    """The rest of the text, in which no other number may stand."""
    for token in tokens.items[at:]:
        if token.kind is TokenKind.NUMBER or _is_number_word(token):
            raise tokens.refusal(
                token.start,
                f"a second number, {token.text!r}, expected one number or one range",
                _CUT,
            )
    return tokens.text[tokens.items[at].start :].lstrip(_MARKS).strip()


def _refuse_share(tokens: Tokens, amount: Amount) -> None:
    if tokens.phrase(amount.at, SHARES):
        raise tokens.refusal(
            tokens.items[amount.at].start,
            "a share, expected a number of people",
            "Type share(0.4, 0.7, confidence=...) for 40 to 70 per cent",
        )


def _is_foreign_digit(sign: str) -> bool:
    return sign.isdecimal() and not sign.isascii()


def _is_number_word(token: Token) -> bool:
    return token.text.casefold() in NUMBER_WORDS


def _is_day(amount: Amount) -> bool:
    return amount.scale is None and amount.mantissa in _DAYS
