"""A number as it is written, with its sign, its scale and the places it has."""

import re
from typing import Literal, TypeAlias, final

import attrs

from attrition.uncertain.figure_tokens import Token, TokenKind, Tokens
from attrition.uncertain.figure_words import GLUED, SCALES

__all__ = ["Amount", "Mark", "read_amount", "starts_number"]

Mark: TypeAlias = Literal[".", ","]
"""The decimal mark."""

_WHOLE = r"(?P<whole>0|[1-9]\d*|[1-9]\d{{0,2}}(?P<parts>[{parts}])\d{{3}}(?:(?P=parts)\d{{3}})*)"
_SHAPES = {
    ".": re.compile(_WHOLE.format(parts=",' _") + r"(?:\.(?P<fraction>\d+))?"),
    ",": re.compile(_WHOLE.format(parts=".' _") + r"(?:,(?P<fraction>\d+))?"),
}
"""Groups of three behind one mark, then at most one decimal mark."""

_GROUP = 3

_MOST_DIGITS = 15
"""Every decimal number of that many digits survives in a float."""

_SIGNS = {"-": "-", "\N{MINUS SIGN}": "-", "+": ""}


@final
@attrs.frozen(kw_only=True)
class Amount:
    """
    One number as written.

    Attributes:
        digits: The number without its scale, as Python writes it.

        finest: Power of ten of the last digit, without the scale.

        coarsest: Power of ten of the last digit that is not zero, or ``finest`` behind a
            decimal mark.

        scale: Power of ten of the scale; None if none is written.

        grouped: Whether its digits are in groups.

        doubtful: Whether it can be read as groups and as decimals.

        start: Where it begins in the text.

        at: The index of the piece behind it.
    """

    digits: str
    finest: int
    coarsest: int
    scale: int | None
    grouped: bool
    doubtful: bool
    start: int
    at: int

    @property
    def mantissa(self) -> float:
        """The number without its scale."""
        return float(self.digits)

    @property
    def value(self) -> float:
        """The number."""
        # Adding zero turns -0.0 into 0.0.
        return float(f"{self.digits}e{self.scale or 0}") + 0.0

    @property
    def places(self) -> tuple[float, float]:
        """The smallest and the largest power of ten that it may have been rounded to."""
        scale = self.scale or 0
        return float(f"1e{self.finest + scale}"), float(f"1e{self.coarsest + scale}")

    def __str__(self) -> str:
        return f"{self.value:,.{max(0, -self.finest - (self.scale or 0))}f}"


def starts_number(tokens: Tokens, at: int) -> bool:
    """
    Whether a number begins here, with its sign if it has one.

    Examples:
        >>> from attrition.uncertain.figure_tokens import cut
        >>> starts_number(cut("-9,000"), 0), starts_number(cut("- 9,000"), 0)
        (True, False)
    """
    token = tokens.items[at]
    if token.text in _SIGNS:
        following = tokens.items[at + 1]
        return following.kind is TokenKind.NUMBER and token.opens(following)
    return token.kind is TokenKind.NUMBER


def read_amount(tokens: Tokens, at: int, decimal: Mark | None) -> Amount:
    """
    Read the number that begins here, and its scale.

    Examples:
        >>> from attrition.uncertain.figure_tokens import cut
        >>> amount = read_amount(cut("1.20 million men"), 0, None)
        >>> amount.value, amount.places
        (1200000.0, (10000.0, 10000.0))
    """
    first = tokens.items[at]
    sign = _SIGNS.get(first.text, "")
    at += first.text in _SIGNS
    token = tokens.items[at]
    whole, fraction, grouped = _shape(tokens, token, decimal)
    zeros = len(whole) - len(whole.rstrip("0")) if whole != "0" else 0
    scale = _scale(tokens, at)
    return Amount(
        digits=f"{sign}{whole}.{fraction or 0}",
        finest=-len(fraction),
        coarsest=-len(fraction) if fraction else zeros,
        scale=scale,
        grouped=grouped,
        doubtful=decimal is None and _is_doubtful(whole, fraction, grouped=grouped),
        start=first.start,
        at=at + (1 if scale is None else 2),
    )


def _shape(tokens: Tokens, token: Token, decimal: Mark | None) -> tuple[str, str, bool]:
    """The digits before and behind the decimal mark, and whether they are grouped."""
    mark: Mark = decimal or "."
    written = _plain(token.text)
    found = _SHAPES[mark].fullmatch(written)
    if found is None:
        other: Mark = "," if mark == "." else "."
        fits = _SHAPES[other].fullmatch(written)
        raise tokens.refusal(
            token.start,
            f"{token.text!r} is not written as one number, expected groups of three as in "
            f"{'44,000' if mark == '.' else '44.000'} and one decimal mark as in 44{mark}5",
            f'Type decimal="{other}" if that is its decimal mark' if fits else "Write it in full",
        )
    digits = re.sub(r"\D", "", found["whole"]), found["fraction"] or ""
    if len("".join(digits)) > _MOST_DIGITS:
        raise tokens.refusal(
            token.start,
            f"a number of {len(''.join(digits))} digits, expected at most {_MOST_DIGITS}",
            "Write it with a scale, for example 1.2 million",
        )
    return *digits, found["parts"] is not None


def _plain(written: str) -> str:
    """A number with one kind of blank and one kind of apostrophe."""
    return re.sub(r"[^\d.,'_]", " ", written.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))


def _is_doubtful(whole: str, fraction: str, *, grouped: bool) -> bool:
    """Whether it may be groups of three behind a point, as 1.234 is in much of Europe."""
    return not grouped and whole != "0" and len(whole) <= _GROUP and len(fraction) == _GROUP


def _scale(tokens: Tokens, at: int) -> int | None:
    """The power of ten that is written behind the number at ``at``."""
    number, word = tokens.items[at : at + 2]
    glued = number.opens(word)
    if word.kind is not TokenKind.WORD:
        return None
    if word.text == "m" and not glued:
        raise tokens.refusal(
            word.start,
            "'m' behind a blank is million or metres",
            f"Write {number.text} million, or leave the unit out",
        )
    scale = GLUED.get(word.text, SCALES.get(word.text.casefold()))
    if glued and scale is None:
        raise tokens.refusal(
            word.start,
            f"{word.text!r} behind {number.text!r} is no scale, expected k, m, bn or a blank",
            "Write the scale as a word, or put a blank before a unit",
        )
    return scale
