import re
from pathlib import Path

import pytest

from attrition import FigureError, FigureKind, parse_figure
from attrition.uncertain import figure_words as words

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "figures_from_text.md"
KIND = re.compile(r"\| `(?P<kind>[A-Z_]+)` \|")
HEDGED = sorted(words.BEFORE.items())
BEHIND = sorted(words.AFTER.items())


def spelled(phrase: tuple[str, ...]) -> str:
    """A phrase as people write it."""
    return " ".join(phrase).replace("- ", "-")


def documented(title: str) -> dict[str, FigureKind]:
    """The hedges in the table of the page under this title, with their kinds."""
    table = PAGE.read_text("utf-8").partition(f"| {title} |")[2].partition("\n\n")[0]
    rows = [(KIND.search(line), line) for line in table.splitlines()]
    return {
        hedge.removesuffix("."): FigureKind[found["kind"]]
        for found, line in rows
        if found is not None
        for hedge in re.findall(r'"([^"]+)"', line)
    }


class TestPage:
    def test_hedges_in_front(self) -> None:
        """The page has every hedge in front of a number, with its kind, and no more."""
        assert documented("in front of the number") == {
            spelled(phrase): kind for phrase, kind in words.BEFORE.items()
        }

    def test_hedges_behind(self) -> None:
        """The page has every hedge behind a number, with its kind, and no more."""
        known = {spelled(phrase): kind for phrase, kind in words.AFTER.items()}

        assert documented("directly behind the number") == known | {"+": FigureKind.LOWER_BOUND}

    def test_other_words(self) -> None:
        """The page has every word that is read without being a hedge."""
        text = PAGE.read_text("utf-8")
        phrases = [*words.PLAIN, *words.PLUS_MINUS, *words.PER_CENT, *((k,) for k in words.SCALES)]

        assert [phrase for phrase in phrases if f'"{spelled(phrase)}"' not in text] == []


class TestBefore:
    @pytest.mark.parametrize(("phrase", "kind"), HEDGED, ids=[spelled(row[0]) for row in HEDGED])
    def test_hedge(self, phrase: tuple[str, ...], kind: FigureKind) -> None:
        """A hedge decides the kind and is kept whole, in any case of letters."""
        hedge = spelled(phrase)
        figure = parse_figure(f"{hedge.upper()} 44,000 men")

        assert (figure.kind, figure.hedge) == (kind, hedge.upper())
        assert {figure.point, figure.low, figure.high} == {None, 44_000.0}

    @pytest.mark.parametrize("phrase", sorted(words.PLAIN))
    def test_plain_words(self, phrase: tuple[str, ...]) -> None:
        """A word that hedges nothing leaves a point without a hedge."""
        figure = parse_figure(f"{spelled(phrase)} 44,000")

        assert (figure.kind, figure.hedge) == (FigureKind.POINT, None)

    @pytest.mark.parametrize("word", sorted(words.ABBREVIATIONS))
    def test_abbreviations(self, word: str) -> None:
        """An abbreviation is a hedge, with its full stop."""
        assert (word,) in words.BEFORE
        assert parse_figure(f"{word}. 44,000").hedge == f"{word}."


class TestAfter:
    @pytest.mark.parametrize(("phrase", "kind"), BEHIND, ids=[spelled(row[0]) for row in BEHIND])
    def test_hedge(self, phrase: tuple[str, ...], kind: FigureKind) -> None:
        """A hedge behind a number decides the kind as one in front does."""
        figure = parse_figure(f"44,000 {spelled(phrase)}, they say")

        assert (figure.kind, figure.hedge, figure.trailing) == (kind, spelled(phrase), "they say")


class TestNumbers:
    @pytest.mark.parametrize(("word", "power"), sorted(words.SCALES.items()))
    def test_scale(self, word: str, power: int) -> None:
        """A scale multiplies by its power of ten, in any case of letters."""
        assert parse_figure(f"2 {word}").point == 2 * 10**power
        assert parse_figure(f"2 {word.capitalize()}").point == 2 * 10**power

    @pytest.mark.parametrize("word", sorted(words.NUMBER_WORDS))
    def test_number_word_behind(self, word: str) -> None:
        """A number in words behind a figure would contradict or change it, so it is refused."""
        with pytest.raises(FigureError) as caught:
            parse_figure(f"44,000 or {word}")

        assert str(caught.value) == (
            f"cannot read '44,000 or {word}' at position 10: a second number, '{word}', expected "
            f"one number or one range. Cut the text to the figure that is meant."
        )

    @pytest.mark.parametrize("month", sorted(words.MONTHS))
    def test_month(self, month: str) -> None:
        """A number up to 31 in front of a month is a date, from 1 on."""
        name = month.capitalize()

        assert parse_figure(f"0 {name}").trailing == name
        for day in (1, 31):
            with pytest.raises(FigureError, match=f"{day} {name} is a date"):
                parse_figure(f"{day} {name}")
        with pytest.raises(FigureError, match=f"'{name}' is a month"):
            parse_figure(f"{name} 26")

    @pytest.mark.parametrize("dash", sorted(words.DASHES))
    def test_dash(self, dash: str) -> None:
        """Every dash joins two ends, with blanks and without."""
        for text in (f"14,500{dash}23,000", f"14,500 {dash} 23,000"):
            assert parse_figure(text).high == 23_000.0

    @pytest.mark.parametrize("phrase", sorted(words.PLUS_MINUS))
    def test_plus_minus(self, phrase: tuple[str, ...]) -> None:
        """Every spelling of plus or minus states a spread."""
        assert parse_figure(f"44,000 {spelled(phrase)} 3,000").plus_minus == 3_000.0

    @pytest.mark.parametrize("phrase", sorted(words.SHARES))
    def test_share(self, phrase: tuple[str, ...]) -> None:
        """A share alone is no figure; in per cent it may be a spread."""
        with pytest.raises(FigureError, match="a share, expected a number of people"):
            parse_figure(f"10 {spelled(phrase)}")
        if phrase in words.PER_CENT:
            assert parse_figure(f"44,000 ± 10 {spelled(phrase)}").relative == 0.1
