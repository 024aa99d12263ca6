import itertools
import math
import pickle
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrition import (
    Figure,
    FigureKind,
    NumberError,
    ParameterError,
    about,
    at_least,
    at_most,
    between,
    parse_figure,
    rounded,
)

POINT = parse_figure("about 44,000")
STATED = parse_figure("44,000 +- 3,000")
RELATIVE = parse_figure("44,000 +- 7.5 %")
RANGE = parse_figure("14,500 to 23,000, although estimates vary")
LOWER = parse_figure("at least 1,562 names")
UPPER = parse_figure("up to 44k")

KEYWORDS: dict[str, Any] = {
    "to": 1_000,
    "sd": 2_000,
    "relative": 0.1,
    "confidence": 0.9,
    "family": "lognormal",
    "median": 40_000,
}

ENOUGH = [
    (POINT, [{"to"}, {"sd"}, {"relative", "confidence"}]),
    (STATED, [{"confidence"}]),
    (RELATIVE, [{"confidence"}]),
    (RANGE, [{"confidence", "family"}]),
    (LOWER, [{"median"}]),
    (UPPER, [{"median"}]),
]


def made(**changes: Any) -> Figure:  # noqa: ANN401 - wrong values are the point
    """A point of 44,000 with some fields changed."""
    fields: dict[str, Any] = {
        "text": "44,000",
        "kind": FigureKind.POINT,
        "point": 44_000.0,
        "smallest_place": 1.0,
        "largest_place": 1_000.0,
    }
    return Figure(**(fields | changes))


class TestUncertain:
    def test_rounded_point(self) -> None:
        """A point that was rounded is uniform over what rounds to it."""
        assert POINT.uncertain(to=1_000).same_law(rounded(44_000, to=1_000))

    def test_point_with_spread_of_the_caller(self) -> None:
        """A point takes a standard deviation, or a relative interval with its confidence."""
        assert POINT.uncertain(sd=2_000).same_law(about(44_000, sd=2_000))
        assert POINT.uncertain(relative=0.1, confidence=0.8).same_law(
            about(44_000, relative=0.1, confidence=0.8)
        )

    def test_point_with_stated_spread(self) -> None:
        """What a text states as +- is the central interval of the stated confidence."""
        stated = STATED.uncertain(confidence=0.8)
        share = RELATIVE.uncertain(confidence=0.8)

        assert stated.same_law(between(41_000, 47_000, confidence=0.8, family="normal"))
        assert share.same_law(about(44_000, relative=0.075, confidence=0.8))

    def test_range(self) -> None:
        """A range is a central interval of the family that the caller names."""
        for family in ("lognormal", "normal"):
            number = RANGE.uncertain(confidence=0.7, family=family)
            expected = between(14_500, 23_000, confidence=0.7, family=family)
            assert number.same_law(expected)

    def test_bounds(self) -> None:
        """A bound is one-sided around the median that the caller names."""
        assert LOWER.uncertain(median=9_000).same_law(at_least(1_562, median=9_000))
        assert UPPER.uncertain(median=40_000).same_law(at_most(44_000, median=40_000))

    @pytest.mark.parametrize(
        ("figure", "keywords"), [(figure, key) for figure, keys in ENOUGH for key in keys]
    )
    def test_name(self, figure: Figure, keywords: set[str]) -> None:
        """A name goes on to the number, and without one it has none."""
        given_keywords = {key: KEYWORDS[key] for key in keywords}

        assert figure.uncertain(**given_keywords, name="lost").name == "lost"
        assert figure.uncertain(**given_keywords).name is None

    def test_each_call_is_a_new_unknown(self) -> None:
        """Two calls are two unknowns, as two statements would be."""
        assert POINT.uncertain(to=1_000) != POINT.uncertain(to=1_000)

    @pytest.mark.parametrize(("figure", "enough"), ENOUGH)
    def test_every_other_set_of_keywords_is_refused(
        self, figure: Figure, enough: list[set[str]]
    ) -> None:
        """Of the 64 sets of keywords a figure takes those that complete it, and no other."""
        for size in range(len(KEYWORDS) + 1):
            for names in itertools.combinations(KEYWORDS, size):
                keywords = {name: KEYWORDS[name] for name in names}
                if set(names) in enough:
                    figure.uncertain(**keywords)
                else:
                    with pytest.raises(ParameterError, match=rf"is of kind {figure.kind.name}\b"):
                        figure.uncertain(**keywords)

    @pytest.mark.parametrize(
        ("figure", "keywords", "message"),
        [
            (
                POINT,
                {},
                (
                    "'about 44,000' is of kind POINT and was given no keyword: expected to=, or "
                    "sd=, or relative= with confidence=. "
                    "Type for example figure.uncertain(to=1_000)."
                ),
            ),
            (
                parse_figure("1.2m"),
                {"relative": 0.1},
                (
                    "'1.2m' is of kind POINT and was given relative=0.1: expected to=, or sd=, or "
                    "relative= with confidence=. Type for example figure.uncertain(to=100_000)."
                ),
            ),
            (
                parse_figure("0.25"),
                {"median": 1},
                (
                    "'0.25' is of kind POINT and was given median=1: expected to=, or sd=, or "
                    "relative= with confidence=. Type for example figure.uncertain(to=0.01)."
                ),
            ),
            (
                STATED,
                {"sd": 2_000},
                (
                    "'44,000 +- 3,000' is of kind POINT with a stated spread and was given "
                    "sd=2000: expected confidence=. "
                    "Type for example figure.uncertain(confidence=0.9)."
                ),
            ),
            (
                RANGE,
                {"confidence": 0.9},
                (
                    "'14,500 to 23,000, although estimates vary' is of kind RANGE and was given "
                    "confidence=0.9: expected confidence= with family=. "
                    'Type for example figure.uncertain(confidence=0.9, family="lognormal").'
                ),
            ),
            (
                LOWER,
                {"confidence": 0.9, "family": "normal"},
                (
                    "'at least 1,562 names' is of kind LOWER_BOUND and was given confidence=0.9, "
                    "family='normal': expected median=, above it. "
                    "Type for example figure.uncertain(median=...)."
                ),
            ),
            (
                UPPER,
                {"to": 1_000},
                (
                    "'up to 44k' is of kind UPPER_BOUND and was given to=1000: expected "
                    "median=, below it. Type for example figure.uncertain(median=...)."
                ),
            ),
        ],
    )
    def test_wrong_keywords(self, figure: Figure, keywords: dict[str, Any], message: str) -> None:
        """Wrong keywords are refused with the kind of the figure and what it asks for."""
        with pytest.raises(ParameterError) as caught:
            figure.uncertain(**keywords)

        assert str(caught.value) == message

    @pytest.mark.parametrize(
        ("text", "to"),
        [("44,000", 1), ("44,000", 500), ("35,050", 50), ("0.3", 0.1), ("1.2m", 200_000), ("0", 5)],
    )
    def test_possible_places(self, text: str, to: float) -> None:
        """A figure can have been rounded to what divides it, powers of ten or not."""
        low, high = parse_figure(text).uncertain(to=to).support()

        assert high - low == pytest.approx(to, rel=1e-9)

    @pytest.mark.parametrize(
        ("text", "to", "shown", "smallest", "largest"),
        [
            ("44,000", 10_000, "10_000", "1", "1_000"),
            ("44,000", 0.5, "0.5", "1", "1_000"),
            ("44 thousand", 100, "100", "1_000", "1_000"),
            ("35,050", 100, "100", "1", "10"),
            ("0.3", 0.2, "0.2", "0.1", "0.1"),
            ("-9,000", 4_000, "4_000", "1", "1_000"),
        ],
    )
    def test_impossible_place(
        self, text: str, to: float, shown: str, smallest: str, largest: str
    ) -> None:
        """A figure cannot have been rounded to what its digits contradict."""
        with pytest.raises(ParameterError) as caught:
            parse_figure(text).uncertain(to=to)

        assert str(caught.value) == (
            f"to is {shown}: '{text}' cannot have been rounded to that, expected {smallest} or a "
            f"larger number that divides it. Type for example to={largest}, or sd= for any other "
            f"spread."
        )

    @given(st.integers(min_value=1, max_value=10**12), st.integers(min_value=0, max_value=12))
    def test_its_own_places_are_possible(self, number: int, power: int) -> None:
        """Every power of ten from the smallest place to the largest is possible, and no other."""
        figure = parse_figure(str(number))
        if figure.smallest_place <= 10.0**power <= figure.largest_place:
            assert figure.uncertain(to=10**power).median() == pytest.approx(number, rel=1e-12)
        else:
            with pytest.raises(ParameterError):
                figure.uncertain(to=10**power)

    def test_bad_values_are_refused_where_they_are_used(self) -> None:
        """A keyword of the right name with a wrong value meets the check of its constructor."""
        with pytest.raises(NumberError, match="to is True"):
            POINT.uncertain(to=True)
        with pytest.raises(ParameterError, match="sd is nan"):
            POINT.uncertain(sd=math.nan)
        with pytest.raises(ParameterError, match="confidence is 90"):
            RANGE.uncertain(confidence=90, family="normal")
        with pytest.raises(ParameterError, match="44000"):
            UPPER.uncertain(median=50_000)


class TestFigure:
    def test_is_a_value(self) -> None:
        """Equal statements are equal, hash alike, pickle, and cannot be changed."""
        again = parse_figure("about 44,000")

        assert again == POINT
        assert hash(again) == hash(POINT)
        assert pickle.loads(pickle.dumps(RANGE)) == RANGE
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            POINT.point = 3  # type: ignore[misc] # it is frozen

    def test_defaults(self) -> None:
        """A figure made by hand needs its text, its kind, its numbers and its places."""
        figure = made()

        assert figure == attrs.evolve(POINT, text="44,000", hedge=None)
        assert figure.trailing == ""

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            (
                {"text": None},
                (
                    "text is None: expected a text. "
                    'Read a figure from its text with parse_figure("about 44,000").'
                ),
            ),
            (
                {"trailing": None},
                (
                    "trailing is None: expected a text. "
                    'Read a figure from its text with parse_figure("about 44,000").'
                ),
            ),
            (
                {"hedge": 3},
                (
                    "hedge is 3: expected a text or None. "
                    'Read a figure from its text with parse_figure("about 44,000").'
                ),
            ),
            (
                {"kind": "point"},
                (
                    "kind is 'point': expected a FigureKind. Type one of FigureKind.POINT, "
                    "FigureKind.RANGE, FigureKind.LOWER_BOUND, FigureKind.UPPER_BOUND."
                ),
            ),
            (
                {"point": math.nan},
                (
                    "point is nan: expected a finite number. "
                    "Leave an unknown value out rather than marking it with nan or inf."
                ),
            ),
            (
                {"smallest_place": 0},
                (
                    "smallest_place is 0: expected more than 0. "
                    "A number without spread is exactly(value)."
                ),
            ),
            (
                {"plus_minus": -1},
                (
                    "plus_minus is -1: expected more than 0. "
                    "A number without spread is exactly(value)."
                ),
            ),
            (
                {"point": None},
                (
                    "a figure of kind POINT has no number: expected point. "
                    "Leave every other number None."
                ),
            ),
            (
                {"kind": FigureKind.RANGE, "low": 3},
                (
                    "a figure of kind RANGE has point and low: expected low and high. "
                    "Leave every other number None."
                ),
            ),
            (
                {"kind": FigureKind.LOWER_BOUND, "point": None, "high": 3},
                (
                    "a figure of kind LOWER_BOUND has high: expected low. "
                    "Leave every other number None."
                ),
            ),
            (
                {"kind": FigureKind.UPPER_BOUND},
                (
                    "a figure of kind UPPER_BOUND has point: expected high. "
                    "Leave every other number None."
                ),
            ),
            (
                {"plus_minus": 3, "relative": 0.1},
                (
                    "a figure of kind POINT has plus_minus=3 and relative=0.1: expected at "
                    "most one of them, and neither unless it is a POINT. Leave the other None."
                ),
            ),
            (
                {"kind": FigureKind.LOWER_BOUND, "point": None, "low": 3, "relative": 0.1},
                (
                    "a figure of kind LOWER_BOUND has plus_minus=None and relative=0.1: expected "
                    "at most one of them, and neither unless it is a POINT. Leave the other None."
                ),
            ),
            (
                {"kind": FigureKind.RANGE, "point": None, "low": 3_000, "high": 3_000},
                (
                    "low is 3_000 and high is 3_000: expected low < high. "
                    "Put the smaller number first."
                ),
            ),
            (
                {"smallest_place": 10_000},
                (
                    "smallest_place is 10_000 and largest_place is 1_000: expected "
                    "smallest_place <= largest_place. Put the smaller number first."
                ),
            ),
        ],
    )
    def test_impossible_records(self, changes: dict[str, Any], message: str) -> None:
        """A record that no text could give is refused when it is made."""
        with pytest.raises(ParameterError) as caught:
            made(**changes)

        assert str(caught.value) == message

    @pytest.mark.parametrize("field", ["point", "low", "high", "plus_minus", "relative"])
    @pytest.mark.parametrize("value", [True, "3"])
    def test_numbers_are_numbers(self, field: str, value: object) -> None:
        """A bool or a text never gets into a number of a record."""
        with pytest.raises(NumberError, match=rf"{field} is {value!r}"):
            made(**{field: value})
