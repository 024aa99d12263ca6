import pytest

from attrition.words import CREDIBILITY, RELIABILITY

# The scale as printed, one row a letter and one a digit.
SOURCES = [
    ("A", "completely reliable"),
    ("B", "usually reliable"),
    ("C", "fairly reliable"),
    ("D", "not usually reliable"),
    ("E", "unreliable"),
    ("F", "cannot be judged"),
]

INFORMATION = [
    ("1", "confirmed"),
    ("2", "probably true"),
    ("3", "possibly true"),
    ("4", "doubtful"),
    ("5", "improbable"),
    ("6", "cannot be judged"),
]


class TestAdmiralty:
    @pytest.mark.parametrize(("letter", "text"), SOURCES)
    def test_source(self, letter: str, text: str) -> None:
        """A letter says how reliable the source is, in the words that are printed."""
        assert RELIABILITY[letter] == text

    @pytest.mark.parametrize(("digit", "text"), INFORMATION)
    def test_information(self, digit: str, text: str) -> None:
        """A digit says how credible the information is, in the words that are printed."""
        assert CREDIBILITY[digit] == text

    def test_nothing_else(self) -> None:
        """The two axes have six steps each, in order, and nobody can add one."""
        assert list(RELIABILITY.items()) == SOURCES
        assert list(CREDIBILITY.items()) == INFORMATION
        with pytest.raises(TypeError):
            RELIABILITY["G"] = "deceptive"  # type: ignore[index]  # What is refused.

    def test_both_ways(self) -> None:
        """On its own axis a text belongs to one step, so that it leads back to it."""
        assert {text: letter for letter, text in RELIABILITY.items()} == {
            text: letter for letter, text in SOURCES
        }
        assert len(set(RELIABILITY.values())) == len(set(CREDIBILITY.values())) == 6
