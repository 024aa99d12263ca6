import itertools
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrition.uncertain.figure_tokens import TokenKind, cut, refusal


def pieces(text: str) -> list[tuple[str, str]]:
    """The kinds and the texts of the pieces but for the end."""
    return [(token.kind.value, token.text) for token in cut(text).items[:-1]]


class TestCut:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("about 44,000", [("word", "about"), ("number", "44,000")]),
            ("44k", [("number", "44"), ("word", "k")]),
            ("km2", [("word", "km2")]),
            ("1.2.3,4", [("number", "1.2.3,4")]),
            ("1,,2", [("number", "1"), ("sign", ","), ("sign", ","), ("number", "2")]),
            ("14 500 men", [("number", "14 500"), ("word", "men")]),
            ("14 50", [("number", "14"), ("number", "50")]),
            ("14 5000", [("number", "14"), ("number", "5000")]),
            ("a_b", [("word", "a"), ("sign", "_"), ("word", "b")]),
            ("±+-3", [("sign", "±"), ("sign", "+-"), ("number", "3")]),
            ("+/-+", [("sign", "+/-"), ("sign", "+")]),
            (">=<==", [("sign", ">="), ("sign", "<="), ("sign", "=")]),
            ("---", [("sign", "--"), ("sign", "-")]),
            ("“a” 'b'", [("word", "a"), ("word", "b")]),
            ("\N{ZERO WIDTH SPACE}a\N{WORD JOINER}\N{LEFT-TO-RIGHT MARK}", [("word", "a")]),
            ("é½²٤", [("word", "é½²٤")]),
            ("٤", [("sign", "٤")]),
            ("", []),
        ],
    )
    def test_pieces(self, text: str, expected: list[tuple[str, str]]) -> None:
        """Numbers keep their groups, words their digits, and blanks and quotes are no pieces."""
        assert pieces(text) == expected

    @given(st.text(max_size=80))
    def test_pieces_stand_where_they_say(self, text: str) -> None:
        """Every piece is the text at its place, in order, and the last one is its end."""
        items = cut(text).items

        assert [text[token.start : token.end] for token in items] == [it.text for it in items]
        assert all(one.end <= two.start for one, two in itertools.pairwise(items))
        assert (items[-1].kind, items[-1].start) == (TokenKind.END, len(text))


class TestPhrase:
    def test_longest_first(self) -> None:
        """The longest phrase wins, whatever else begins there."""
        known = {("in",), ("in", "the", "region", "of"), ("the",)}

        assert cut("In the region of 3").phrase(0, known) == ("in", "the", "region", "of")
        assert cut("in the region").phrase(0, known) == ("in",)
        assert cut("in the region").phrase(1, known) == ("the",)
        assert cut("in the region").phrase(2, known) == ()

    def test_dashes(self) -> None:
        """A minus sign or a dash in a sign is the hyphen of the tables."""
        for text in ("+-", "+\N{MINUS SIGN}", "+\N{EN DASH}"):
            assert cut(f"{text} 3").phrase(0, {("+-",)}) == ("+-",)


class TestRefusal:
    def test_long_texts_are_cut(self) -> None:
        """An error shows forty characters on either side, and keeps the whole text."""
        text = "a" * 60 + "b" + "c" * 60
        error = refusal(text, 60, "a problem", "A fix")

        assert str(error) == (
            f"cannot read '...{'a' * 40}b{'c' * 39}...' at position 60: a problem. A fix."
        )
        assert (error.text, error.position) == (text, 60)

    @pytest.mark.parametrize(("length", "shown"), [(40, "x" * 40), (41, "x" * 40 + "...")])
    def test_dots_stand_for_something(self, length: int, shown: str) -> None:
        """Dots appear only where a character was left out."""
        assert str(refusal("x" * length, 0, "p", "f")).startswith(f"cannot read '{shown}' at")

    @pytest.mark.parametrize(("at", "shown"), [(40, "x" * 41), (41, "..." + "x" * 40)])
    def test_dots_in_front(self, at: int, shown: str) -> None:
        """The same in front of what is shown."""
        assert str(refusal("x" * 41, at, "p", "f")).startswith(f"cannot read '{shown}' at")

    def test_pickles(self) -> None:
        """The error keeps its text and its place through pickling."""
        error = cut("44,00").refusal(2, "a problem", "A fix")
        again = pickle.loads(pickle.dumps(error))

        assert (str(again), again.text, again.position) == (str(error), "44,00", 2)
