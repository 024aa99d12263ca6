import math
import pickle
import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attrition import Figure, FigureError, FigureKind, ParameterError, parse_figure
from tests.uncertain.figures import (
    BOUNDS,
    CUT,
    POINTS,
    RANGES,
    REFUSED,
    SPREADS,
    Bound,
    Point,
    Range,
    Spread,
)


def shown(figure: Figure) -> tuple[object, ...]:
    """The numbers of a figure."""
    return figure.point, figure.low, figure.high, figure.plus_minus, figure.relative


def read(text: str) -> Figure | FigureError:
    """The figure, or why it is none."""
    try:
        return parse_figure(text)
    except FigureError as error:
        return error


class TestParseFigure:
    def test_texts_are_many(self) -> None:
        """At least 60 texts are read, and at least 25 refused."""
        read = [row[0] for table in (POINTS, RANGES, BOUNDS, SPREADS) for row in table]

        assert len(set(read)) == len(read) >= 60
        assert len({row[0] for row in REFUSED}) == len(REFUSED) >= 25

    @pytest.mark.parametrize("row", POINTS, ids=[row[0] for row in POINTS])
    def test_point(self, row: Point) -> None:
        """One number with its hedge, what trails it, and the places its digits allow."""
        text, point, hedge, trailing, smallest, largest = row
        figure = parse_figure(text)

        assert (figure.kind, figure.text) == (FigureKind.POINT, text)
        assert shown(figure) == (point, None, None, None, None)
        assert (figure.hedge, figure.trailing) == (hedge, trailing)
        assert (figure.smallest_place, figure.largest_place) == (smallest, largest)

    @pytest.mark.parametrize("row", RANGES, ids=[row[0] for row in RANGES])
    def test_range(self, row: Range) -> None:
        """Two ends share the scale that people mean, and the finer places of the two."""
        text, low, high, hedge, trailing, smallest, largest = row
        figure = parse_figure(text)

        assert (figure.kind, figure.text) == (FigureKind.RANGE, text)
        assert shown(figure) == (None, low, high, None, None)
        assert (figure.hedge, figure.trailing) == (hedge, trailing)
        assert (figure.smallest_place, figure.largest_place) == (smallest, largest)

    @pytest.mark.parametrize("row", BOUNDS, ids=[row[0] for row in BOUNDS])
    def test_bound(self, row: Bound) -> None:
        """A hedge that points one way makes the number a bound and no point."""
        text, kind, bound, hedge, trailing = row
        figure = parse_figure(text)
        low, high = (bound, None) if kind is FigureKind.LOWER_BOUND else (None, bound)

        assert (figure.kind, figure.text) == (kind, text)
        assert shown(figure) == (None, low, high, None, None)
        assert (figure.hedge, figure.trailing) == (hedge, trailing)

    @pytest.mark.parametrize("row", SPREADS, ids=[row[0] for row in SPREADS])
    def test_spread(self, row: Spread) -> None:
        """A spread behind a point is kept as it is stated, in people or as a share."""
        text, point, plus_minus, relative, trailing, smallest = row
        figure = parse_figure(text)

        assert figure.kind is FigureKind.POINT
        assert shown(figure) == (point, None, None, plus_minus, relative)
        assert (figure.trailing, figure.smallest_place) == (trailing, smallest)

    @pytest.mark.parametrize(
        ("text", "position", "reason"), REFUSED, ids=[row[0] for row in REFUSED]
    )
    def test_refused(self, text: str, position: int, reason: str) -> None:
        """What is not one figure is refused with its place and with what was expected there."""
        with pytest.raises(FigureError) as caught:
            parse_figure(text)

        assert str(caught.value) == f"cannot read {text!r} at position {position}: {reason}"
        assert (caught.value.text, caught.value.position) == (text, position)

    @pytest.mark.parametrize(
        ("text", "numbers"),
        [
            ("1.234", (1_234.0, None, None)),
            ("about 1.200.000,5", (1_200_000.5, None, None)),
            ("1,2 million", (1_200_000.0, None, None)),
            ("44 000,25", (44_000.25, None, None)),
            ("44,000", (44.0, None, None)),
            ("14.500-23.000", (None, 14_500.0, 23_000.0)),
        ],
    )
    def test_decimal_comma(self, text: str, numbers: tuple[float | None, ...]) -> None:
        """With a decimal comma points group thousands, and nothing is doubtful."""
        assert shown(parse_figure(text, decimal=","))[:3] == numbers

    def test_decimal_comma_spread(self) -> None:
        """The spread has the decimal mark of the point, and the digits behind it count."""
        figure = parse_figure("1.234,50 +- 1.500,75", decimal=",")

        assert (figure.plus_minus, figure.smallest_place) == (1_500.75, 0.01)

    def test_decimal_point_is_stated(self) -> None:
        """A caller who says that the point is decimal gets 1.234 as it stands."""
        figure = parse_figure("1.234", decimal=".")

        assert (figure.point, figure.smallest_place) == (1.234, 0.001)

    def test_wrong_mark_for_a_decimal_comma(self) -> None:
        """The refusal of a number shows the decimal mark that would fit."""
        with pytest.raises(FigureError) as caught:
            parse_figure("44,000,000.5", decimal=",")

        assert str(caught.value) == (
            "cannot read '44,000,000.5' at position 0: '44,000,000.5' is not written as one "
            "number, expected groups of three as in 44.000 and one decimal mark as in 44,5. "
            'Type decimal="." if that is its decimal mark.'
        )

    @pytest.mark.parametrize("mark", [";", "", True, []])
    def test_unknown_mark(self, mark: Any) -> None:  # noqa: ANN401 - it is wrong on purpose
        """A decimal mark is a point or a comma."""
        with pytest.raises(ParameterError) as caught:
            parse_figure("44", decimal=mark)

        assert str(caught.value) == (
            f'decimal is {mark!r}: expected "." or ",". Type decimal="," for 1.200.000,5.'
        )

    @pytest.mark.parametrize(
        ("value", "written"),
        [
            (None, "None, a NoneType"),
            (True, "True, a bool"),
            (44_000, "44000, a int"),
            (math.nan, "nan, a float"),
            (b"44,000", "b'44,000', a bytes"),
            (["44,000"] * 9, "['44,000', '44,000', '44,000', '44,000',, a list"),
        ],
    )
    def test_no_text(self, value: Any, written: str) -> None:  # noqa: ANN401 - it is no text
        """What is no text is refused before it is read."""
        with pytest.raises(FigureError) as caught:
            parse_figure(value)

        assert str(caught.value) == (
            f'cannot read {written}: expected a text such as "about 44,000". '
            f"A number needs no reading: type exactly(44_000)."
        )
        assert (caught.value.text, caught.value.position) == ("", 0)

    def test_longest_text(self) -> None:
        """A thousand characters are read, and one more is refused at its place."""
        text = "44,000 " + "x" * 993

        assert parse_figure(text).trailing == "x" * 993
        with pytest.raises(FigureError) as caught:
            parse_figure(text + "y")
        assert str(caught.value) == (
            f"cannot read '...{'x' * 40}y' at position 1000: a text of 1,001 characters, "
            f"expected at most 1,000. {CUT}"
        )

    def test_hedges_are_no_units_in_the_last_digit(self) -> None:
        """No 43,998 to 44,002: "about 44000" allows four places, and the caller picks one."""
        figure = parse_figure("about 44000")

        assert (figure.smallest_place, figure.largest_place) == (1.0, 1_000.0)
        assert figure.uncertain(to=1_000).support() == (43_500.0, 44_500.0)
        low, high = figure.uncertain(relative=0.1, confidence=0.9).interval(0.9)
        assert (low, high) == pytest.approx((39_600.0, 48_400.0), rel=1e-12)

    @pytest.mark.parametrize(
        "piece", ["1 ", "1,", "1.", "about ", "just ", "+/", "a-", "a'", "- ", "1-", "(±", "\x00"]
    )
    def test_hostile_texts_take_no_time(self, piece: str) -> None:
        """The longest text of one repeated piece is done within a second."""
        text = (piece * 1_000)[:999] + "!"
        start = time.perf_counter()
        with pytest.raises(FigureError):
            parse_figure(text)

        assert time.perf_counter() - start < 1.0


BLANKS = [",", " ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "'", "_", ""]


def grouped(number: int, mark: str) -> str:
    """A whole number in groups of three."""
    return f"{number:,}".replace(",", mark)


class TestWrittenAndRead:
    @given(
        number=st.integers(min_value=0, max_value=10**15 - 1),
        mark=st.sampled_from(BLANKS),
        hedge=st.sampled_from(["", "about ", "at least ", "~", "nearly "]),
        trailing=st.sampled_from(["", " men", ", they say", "."]),
    )
    def test_whole_number(self, number: int, mark: str, hedge: str, trailing: str) -> None:
        """A whole number in any grouping comes back, with the zeros it ends on."""
        figure = parse_figure(f"{hedge}{grouped(number, mark)}{trailing}")
        zeros = len(str(number)) - len(str(number).rstrip("0")) if number else 0

        values = {figure.point, figure.low, figure.high} - {None}
        assert values == {float(number)}
        assert figure.hedge == (hedge.strip() or None)
        assert (figure.smallest_place, figure.largest_place) == (1.0, float(10**zeros))

    @given(
        whole=st.integers(min_value=0, max_value=10**7),
        digits=st.text("0123456789", min_size=1, max_size=6),
        scale=st.sampled_from([("", 0), ("k", 3), (" thousand", 3), ("m", 6), (" billion", 9)]),
        mark=st.sampled_from([".", ","]),
    )
    def test_decimal_number(
        self,
        whole: int,
        digits: str,
        scale: tuple[str, int],
        mark: Any,  # noqa: ANN401 - a literal
    ) -> None:
        """Digits behind a mark and a scale come back as the nearest float, exactly."""
        word, power = scale
        figure = parse_figure(f"{whole}{mark}{digits}{word}", decimal=mark)

        assert figure.point == float(f"{whole}.{digits}e{power}")
        assert figure.smallest_place == figure.largest_place == float(f"1e{power - len(digits)}")

    @given(
        low=st.integers(min_value=1_000, max_value=10**9),
        more=st.integers(min_value=1, max_value=10**9),
        join=st.sampled_from(["-", "\N{EN DASH}", " — ", " to "]),
        mark=st.sampled_from(BLANKS[:-1]),
    )
    def test_range(self, low: int, more: int, join: str, mark: str) -> None:
        """Two grouped ends come back, whatever joins them."""
        text = f"{grouped(low, mark)}{join}{grouped(low + more, mark)}"
        figure = parse_figure(text)

        assert (figure.low, figure.high) == (float(low), float(low + more))

    @given(st.text(max_size=60) | st.text("0123456789 ,.-±%kmtoabout+", max_size=30))
    @example("c")
    @example("about +")
    @example("1 (")
    @example("1±1 %)")
    def test_any_text_is_read_or_refused(self, text: str) -> None:
        """Any text gives a figure that says what it stands for, or a refusal with a place."""
        found = read(text)

        assert found.text == text
        if isinstance(found, FigureError):
            assert 0 <= found.position <= len(text)
        else:
            assert found.trailing in text
            assert pickle.loads(pickle.dumps(found)) == found
