"""A text cut into numbers, words and signs in one pass, and the refusal that points into it."""

import enum
import re
from collections.abc import Collection
from typing import final

import attrs

from attrition.errors import FigureError

__all__ = ["Token", "TokenKind", "Tokens", "cut", "refusal"]

_SHOWN = 40
"""Characters that an error shows on either side of a position."""

_LONGEST_PHRASE = 4
"""Words in "in the region of"."""

# Blanks of typesetters group digits as an ordinary one does: no-break, figure, thin and narrow
# no-break. A blank belongs to the number only if exactly three digits follow.
_BLANKS = " \N{NO-BREAK SPACE}\N{FIGURE SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}"
_INVISIBLE = (
    "\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}\N{WORD JOINER}\N{LEFT-TO-RIGHT MARK}"
    "\N{RIGHT-TO-LEFT MARK}"
)
_DASHES = "\N{MINUS SIGN}\N{EN DASH}"
_APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"
_QUOTES = f'"“”„«»\N{LEFT SINGLE QUOTATION MARK}{_APOSTROPHES}'

# Linear in the length of the text: what a repetition repeats begins with a character that the
# repetition before it cannot take, so there is one way only to match.
_TOKEN = re.compile(
    rf"""
    (?P<NUMBER> [0-9]+ (?: [.,{_APOSTROPHES}_] [0-9]+ | [{_BLANKS}] [0-9]{{3}} (?![0-9]) )* )
    | (?P<WORD> [^\W\d_] [^\W_]* )
    | (?P<BLANK> [\s{_INVISIBLE}{_QUOTES}]+ )
    | (?P<SIGN> \+/?[-{_DASHES}] | [<>]= | -- | . )
    """,
    re.VERBOSE,
)


@final
class TokenKind(enum.Enum):
    """What a piece of a text is."""

    NUMBER = "number"
    WORD = "word"
    SIGN = "sign"
    END = "end"


@final
@attrs.frozen(kw_only=True)
class Token:
    """
    A piece of a text.

    Attributes:
        kind: What it is.

        text: As written; empty at the end of the text.

        start: Where it begins, from 0.
    """

    kind: TokenKind
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)

    def opens(self, other: "Token") -> bool:
        """
        Whether nothing parts this piece from the one behind it.

        Examples:
            >>> first, second, *_ = cut("44k lost").items
            >>> first.opens(second)
            True
        """
        return self.end == other.start


@final
@attrs.frozen(kw_only=True)
class Tokens:
    """
    A text and its pieces, without blanks and quotation marks.

    Attributes:
        text: The text.

        items: Its pieces in order; the last one is the end.
    """

    text: str
    items: tuple[Token, ...]

    def phrase(self, at: int, phrases: Collection[tuple[str, ...]]) -> tuple[str, ...]:
        """
        The longest of these phrases that begins at ``at``; empty if none does.

        Examples:
            >>> cut("Just about 44,000").phrase(0, {("just",), ("just", "about"), ("about",)})
            ('just', 'about')
        """
        words = tuple(_plain(token.text) for token in self.items[at : at + _LONGEST_PHRASE])
        sizes = range(len(words), 0, -1)
        return next((words[:size] for size in sizes if words[:size] in phrases), ())

    def refusal(self, position: int, problem: str, fix: str) -> FigureError:
        """
        The error that shows a place of the text.

        Examples:
            >>> print(cut("44,00").refusal(0, "it is not grouped in threes", "Write 4,400"))
            cannot read '44,00' at position 0: it is not grouped in threes. Write 4,400.
        """
        return refusal(self.text, position, problem, fix)


def cut(text: str) -> Tokens:
    """
    Cut a text into its pieces.

    Examples:
        >>> [token.text for token in cut("about 44 000 men").items]
        ['about', '44 000', 'men', '']
    """
    found = (
        Token(kind=TokenKind[str(match.lastgroup)], text=match[0], start=match.start())
        for match in _TOKEN.finditer(text)
        if match.lastgroup != "BLANK"
    )
    end = Token(kind=TokenKind.END, text="", start=len(text))
    return Tokens(text=text, items=(*found, end))


def refusal(text: str, position: int, problem: str, fix: str) -> FigureError:
    """
    The error that shows a place of a text, with what stands around it.

    Examples:
        >>> refusal("1 2", 2, "a second number", "Cut the text").position
        2
    """
    first, last = max(0, position - _SHOWN), position + _SHOWN
    shown = f"{'...' * (first > 0)}{text[first:last]}{'...' * (last < len(text))}"
    message = f"cannot read {shown!r} at position {position}: {problem}. {fix}."
    return FigureError(message, text=text, position=position)


def _plain(word: str) -> str:
    """A word as the tables spell it."""
    return re.sub(f"[{_DASHES}]", "-", word.casefold())
