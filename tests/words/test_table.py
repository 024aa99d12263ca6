import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrition.errors import WordError
from attrition.words import text_table

CELLS = st.text(alphabet="abc 0129,.%", max_size=6).map(str.strip)


class TestTextTable:
    def test_as_printed(self) -> None:
        """Text stands to the left, numbers to the right, blanks end no line."""
        printed = text_table(
            ["side", "lost", "share", "note"],
            [
                ["Russia", "31,680", "87 %", "killed and wounded"],
                ["a longer name", "-9,000.5", "", ""],
            ],
        )

        assert printed == (
            "side               lost  share  note\n"
            "-------------  --------  -----  ------------------\n"
            "Russia           31,680   87 %  killed and wounded\n"
            "a longer name  -9,000.5"
        )

    def test_one_cell_that_is_no_number_makes_a_column_of_text(self) -> None:
        """A column is set to the right only when all its cells are numbers."""
        printed = text_table(["n"], [["1"], ["never"]])

        assert printed == "n\n-----\n1\nnever"

    def test_stated_sides(self) -> None:
        """Sides that are stated are kept, whatever the cells look like."""
        printed = text_table(["name", "90 % interval"], [["1", "5 to 7"]], align="rl")

        assert printed == "name  90 % interval\n----  -------------\n   1  5 to 7"

    def test_no_rows(self) -> None:
        """A table without rows is its header."""
        assert text_table(["date", "median"], []) == "date  median\n----  ------"

    @given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=5))
    def test_every_cell_lies_under_its_name(self, rows: list[tuple[str, str, str]]) -> None:
        """Cut where the rule is cut, every line gives back its cells."""
        header = ["one", "two", "three"]
        lines = text_table(header, rows).split("\n")
        ends = [0, *(at for at, mark in enumerate(lines[1] + " ") if mark == " " and at)]
        first, second, third = (
            slice(0, ends[1]),
            slice(ends[1] + 2, ends[3]),
            slice(ends[3] + 2, None),
        )

        assert [
            (line[first].strip(), line[second].strip(), line[third].strip()) for line in lines[2:]
        ] == rows

    def test_row_of_another_length(self) -> None:
        """A row that does not fit its header is refused and shown."""
        with pytest.raises(WordError) as caught:
            text_table(["date", "median"], [["2026-02-01", "712,000"], ["2026-03-01"]])
        assert str(caught.value) == (
            "a row of the table has 1 cells under 2 names: ['2026-03-01']. "
            "Give every row one cell a name; an empty one is ''."
        )

    @pytest.mark.parametrize("align", ["l", "lrr", "lc"])
    def test_sides_that_do_not_fit(self, align: str) -> None:
        """Each column needs its own side, left or right."""
        with pytest.raises(WordError) as caught:
            text_table(["date", "median"], [], align=align)
        assert str(caught.value) == (
            f"align is {align!r}: expected 'l' or 'r' for each of 2 columns. Write align='lr'."
        )
