import pytest

from attrition import FigureKind
from attrition.uncertain.figure_parts import read_before, read_behind, read_spread, read_trailing
from attrition.uncertain.figure_tokens import cut


class TestReadBefore:
    def test_one_range_has_one_opener(self) -> None:
        """Hedges may stand on both sides of what opens a range, which opens it once."""
        found = read_before(cut("roughly between about 3"), 0, opens=True)

        assert (found.span, found.at) == ((0, 21), 3)
        assert found.opener is not None
        assert found.opener.text == "between"
        assert read_before(cut("between between 3"), 0, opens=True).at == 1

    def test_second_end_opens_nothing(self) -> None:
        """Behind the first end nothing opens a range."""
        assert read_before(cut("about between 3"), 0, opens=False).at == 1


class TestReadBehind:
    @pytest.mark.parametrize(
        ("text", "bounds", "at"),
        [
            ("3+", {FigureKind.LOWER_BOUND}, 2),
            ("3 +", set(), 1),
            ("3 or so", set(), 3),
            ("3 or more", {FigureKind.LOWER_BOUND}, 3),
            ("3 or more than", set(), 1),
            ("3 at the most", {FigureKind.UPPER_BOUND}, 4),
            ("3", set(), 1),
        ],
    )
    def test_hedges(self, text: str, bounds: set[FigureKind], at: int) -> None:
        """A hedge counts directly behind the number only, and not as part of a comparison."""
        found = read_behind(cut(text), 1)

        assert (set(found.bounds), found.at) == (bounds, at)
        assert found.opener is None


class TestReadSpread:
    @pytest.mark.parametrize(
        ("text", "value", "relative", "at"),
        [
            ("1 (± 3) x", 3.0, False, 5),
            ("1 ± 3) x", 3.0, False, 3),
            ("1 (± 3 % x", 0.03, True, 5),
            ("1, ± 3 per cent", 0.03, True, 6),
            ("1, ± 3k x", 3_000.0, False, 5),
        ],
    )
    def test_brackets_and_shares(
        self,
        text: str,
        value: float,
        relative: bool,  # noqa: FBT001 - a table of answers
        at: int,
    ) -> None:
        """A bracket belongs to the spread if it opens it; per cent make it a share."""
        found = read_spread(cut(text), 1, None)

        assert found is not None
        assert (found.amount.value, found.relative, found.at) == (value, relative, at)

    @pytest.mark.parametrize("text", ["1 (of 3)", "1, 3", "1", "1 + 3"])
    def test_no_spread(self, text: str) -> None:
        """Brackets and commas alone state no spread."""
        assert read_spread(cut(text), 1, None) is None


class TestReadTrailing:
    def test_as_written(self) -> None:
        """What trails a figure stays as it is, but for the marks and blanks around it."""
        text = '1 ,; : \N{NO-BREAK SPACE}more "so" they \t say. '

        assert read_trailing(cut(text), 1) == 'more "so" they \t say.'
