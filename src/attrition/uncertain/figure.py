"""A figure as somebody stated it: what its text says, and what has to be added to use it."""

from fractions import Fraction
from typing import Literal, cast, final, overload

import attrs

from attrition._typing import Number
from attrition.errors import ParameterError
from attrition.uncertain.checks import as_float, positive
from attrition.uncertain.elicit import about, at_least, at_most, between, rounded
from attrition.uncertain.figure_kind import ASKS, ENOUGH, NUMBERS, FigureKind
from attrition.uncertain.number import Uncertain

__all__ = ["Figure"]


def _is_text(_: object, field: "attrs.Attribute[str]", value: object) -> None:
    if not isinstance(value, str):
        raise ParameterError(
            f"{field.name} is {value!r}: expected a text. "
            f'Read a figure from its text with parse_figure("about 44,000").'
        )


def _is_text_or_none(_: object, field: "attrs.Attribute[str | None]", value: object) -> None:
    if value is not None and not isinstance(value, str):
        raise ParameterError(
            f"{field.name} is {value!r}: expected a text or None. "
            f'Read a figure from its text with parse_figure("about 44,000").'
        )


def _is_kind(_: object, field: "attrs.Attribute[FigureKind]", value: object) -> None:
    if not isinstance(value, FigureKind):
        known = ", ".join(map(str, FigureKind))
        raise ParameterError(
            f"{field.name} is {value!r}: expected a FigureKind. Type one of {known}."
        )


def _is_number(_: object, field: "attrs.Attribute[float | None]", value: object) -> None:
    if value is not None:
        as_float(value, field.name)


def _is_positive(_: object, field: "attrs.Attribute[float]", value: object) -> None:
    positive(value, field.name)


def _is_positive_or_none(_: object, field: "attrs.Attribute[float | None]", value: object) -> None:
    if value is not None:
        positive(value, field.name)


@final
@attrs.frozen(kw_only=True)
class Figure:
    """
    One figure, with what its text says and nothing more.

    :func:`parse_figure` makes it. A place is a power of ten: 44,000 may have been rounded to
    1, 10, 100 or 1,000, "44 thousand" to 1,000 only, and 1.2m to 100,000 only. Digits behind
    a decimal mark count, zeros too, so that 1.20m was rounded to 10,000. The places of a range
    are those of the end that is written more finely.

    Attributes:
        text: The text as it was given.

        trailing: What stands behind the figure; it is searched for other numbers only.

        kind: Whether it is a point, a range, or a bound.

        point: The number of a POINT; None for the other kinds.

        low: The lower end of a RANGE, or a LOWER_BOUND; None for the other kinds.

        high: The upper end of a RANGE, or an UPPER_BOUND; None for the other kinds.

        hedge: The words that hedge it, as written; None if there are none.

        plus_minus: The spread stated behind a POINT, in the same unit; None if there is none.

        relative: The spread stated behind a POINT as a share of it; None if there is none.

        smallest_place: The smallest power of ten that it may have been rounded to.

        largest_place: The largest power of ten that it may have been rounded to.

    Examples:
        >>> from attrition import parse_figure
        >>> figure = parse_figure("just around 44,000 dead on the battlefield")
        >>> figure.point, figure.hedge, figure.trailing
        (44000.0, 'just around', 'dead on the battlefield')
        >>> figure.smallest_place, figure.largest_place
        (1.0, 1000.0)
        >>> figure.uncertain(to=1_000).support()
        (43500.0, 44500.0)
    """

    text: str = attrs.field(validator=_is_text)
    trailing: str = attrs.field(default="", validator=_is_text)
    kind: FigureKind = attrs.field(validator=_is_kind)
    point: float | None = attrs.field(default=None, validator=_is_number)
    low: float | None = attrs.field(default=None, validator=_is_number)
    high: float | None = attrs.field(default=None, validator=_is_number)
    hedge: str | None = attrs.field(default=None, validator=_is_text_or_none)
    plus_minus: float | None = attrs.field(default=None, validator=_is_positive_or_none)
    relative: float | None = attrs.field(default=None, validator=_is_positive_or_none)
    smallest_place: float = attrs.field(validator=_is_positive)
    largest_place: float = attrs.field(validator=_is_positive)

    def __attrs_post_init__(self) -> None:
        self._check_numbers()
        self._check_spread()
        _check_order("low", self.low, "high", self.high, equal=False)
        places = self.smallest_place, self.largest_place
        _check_order("smallest_place", places[0], "largest_place", places[1], equal=True)

    def _check_numbers(self) -> None:
        has = tuple(name for name in ("point", "low", "high") if getattr(self, name) is not None)
        needs = NUMBERS[self.kind]
        if has != needs:
            raise ParameterError(
                f"a figure of kind {self.kind.name} has {' and '.join(has) or 'no number'}: "
                f"expected {' and '.join(needs)}. Leave every other number None."
            )

    def _check_spread(self) -> None:
        stated = (self.plus_minus is not None) + (self.relative is not None)
        if stated > (self.kind is FigureKind.POINT):
            raise ParameterError(
                f"a figure of kind {self.kind.name} has plus_minus={self.plus_minus} and "
                f"relative={self.relative}: expected at most one of them, and neither unless it "
                f"is a POINT. Leave the other None."
            )

    @overload
    def uncertain(self, *, to: Number, name: str | None = None) -> Uncertain: ...
    @overload
    def uncertain(self, *, sd: Number, name: str | None = None) -> Uncertain: ...
    @overload
    def uncertain(
        self, *, relative: Number, confidence: Number, name: str | None = None
    ) -> Uncertain: ...
    @overload
    def uncertain(self, *, confidence: Number, name: str | None = None) -> Uncertain: ...
    @overload
    def uncertain(
        self,
        *,
        confidence: Number,
        family: Literal["lognormal", "normal"],
        name: str | None = None,
    ) -> Uncertain: ...
    @overload
    def uncertain(self, *, median: Number, name: str | None = None) -> Uncertain: ...
    def uncertain(
        self,
        *,
        to: Number | None = None,
        sd: Number | None = None,
        relative: Number | None = None,
        confidence: Number | None = None,
        family: Literal["lognormal", "normal"] | None = None,
        median: Number | None = None,
        name: str | None = None,
    ) -> Uncertain:
        """
        The figure as an uncertain number, once it is said what the text does not say.

        A POINT asks for ``to=``, ``sd=``, or ``relative=`` with ``confidence=``; a POINT that
        states its spread for ``confidence=``; a RANGE for ``confidence=`` with ``family=``; a
        bound for ``median=``.

        Args:
            to: What the point was rounded to; the number is that of ``rounded``.

            sd: Standard deviation of a normal around the point.

            relative: Half-width of the central interval as a share of the point.

            confidence: Mass of the central interval, inside (0, 1).

            family: "lognormal" or "normal", as for ``between``.

            median: As likely exceeded as not, as for ``at_least`` and ``at_most``.

            name: A label; it decides the random stream.

        Returns:
            The number; each call makes a new unknown.

        Raises:
            ParameterError: If the keywords are not those that this kind asks for, or the figure
                cannot have been rounded to ``to``.

        Examples:
            >>> from attrition import parse_figure
            >>> soviet = parse_figure("14,500 to 23,000, although estimates vary")
            >>> round(soviet.uncertain(confidence=0.9, family="lognormal").median())
            18262
            >>> low, high = parse_figure("44,000 +- 3,000").uncertain(confidence=0.9).interval(0.9)
            >>> round(low), round(high)
            (41000, 47000)
            >>> parse_figure("at least 1,562").uncertain(median=9_000).support()
            (1562.0, inf)
        """
        answers = {
            "to": to,
            "sd": sd,
            "relative": relative,
            "confidence": confidence,
            "family": family,
            "median": median,
        }
        self._check_answers({key: value for key, value in answers.items() if value is not None})
        if to is not None:
            return rounded(_known(self.point), to=self._as_place(to), name=name)
        if sd is not None:
            return about(_known(self.point), sd=sd, name=name)
        if median is not None:
            return self._bounded(median, name)
        sure = _known(confidence)
        if family is not None:
            low, high = _known(self.low), _known(self.high)
            return between(low, high, confidence=sure, family=family, name=name)
        return self._spread(relative, sure, name)

    def _check_answers(self, given: dict[str, object]) -> None:
        states = self.plus_minus is not None or self.relative is not None
        if set(given) in (({"confidence"},) if states else ENOUGH[self.kind]):
            return
        kind = f"{self.kind.name} with a stated spread" if states else self.kind.name
        said = ", ".join(f"{key}={value!r}" for key, value in given.items()) or "no keyword"
        asks = "confidence=" if states else ASKS[self.kind]
        example = "confidence=0.9" if states else self._example()
        raise ParameterError(
            f"{self.text!r} is of kind {kind} and was given {said}: expected {asks}. "
            f"Type for example figure.uncertain({example})."
        )

    def _example(self) -> str:
        examples = {
            FigureKind.POINT: f"to={_plain(self.largest_place)}",
            FigureKind.RANGE: 'confidence=0.9, family="lognormal"',
        }
        return examples.get(self.kind, "median=...")

    def _as_place(self, to: Number) -> float:
        place = positive(to, "to")
        # Fractions of the decimals that Python shows: 0.3 is three times 0.1.
        left = Fraction(repr(float(_known(self.point)))) % Fraction(repr(place))
        if place < self.smallest_place or left:
            raise ParameterError(
                f"to is {_plain(place)}: {self.text!r} cannot have been rounded to that, expected "
                f"{_plain(self.smallest_place)} or a larger number that divides it. "
                f"Type for example to={_plain(self.largest_place)}, or sd= for any other spread."
            )
        return place

    def _bounded(self, median: Number, name: str | None) -> Uncertain:
        if self.low is not None:
            return at_least(self.low, median=median, name=name)
        return at_most(_known(self.high), median=median, name=name)

    def _spread(self, relative: Number | None, sure: Number, name: str | None) -> Uncertain:
        point = _known(self.point)
        if self.plus_minus is not None:
            low, high = point - self.plus_minus, point + self.plus_minus
            return between(low, high, confidence=sure, family="normal", name=name)
        part = _known(self.relative if relative is None else relative)
        return about(point, relative=part, confidence=sure, name=name)


def _check_order(
    first: str, low: float | None, second: str, high: float | None, *, equal: bool
) -> None:
    if low is None or high is None or low < high or (equal and low == high):
        return
    raise ParameterError(
        f"{first} is {_plain(low)} and {second} is {_plain(high)}: expected "
        f"{first} {'<=' if equal else '<'} {second}. Put the smaller number first."
    )


def _known(value: Number | None) -> float:
    return cast("float", value)  # The checks of the record and of the keywords rule None out.


def _plain(value: float) -> str:
    """A number as one types it: 44_000, never 4.4e4."""
    return f"{int(value):_}" if value == int(value) else repr(float(value))
