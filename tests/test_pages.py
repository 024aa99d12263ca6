from collections.abc import Iterator
from pathlib import Path

import pytest
from matplotlib import pyplot as plt

from tests.pages import read_blocks, run_page

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a page writes goes to a folder of its own, and its figures are closed."""
    monkeypatch.chdir(tmp_path)
    yield
    plt.close("all")


def written(tmp_path: Path, text: str) -> Path:
    """A page with this text."""
    page = tmp_path / "page.md"
    page.write_text(text, "utf-8")
    return page


class TestPages:
    @pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
    def test_runs(self, page: Path) -> None:
        """Every code block of the page runs and prints what the page shows."""
        run_page(page)


class TestReadBlocks:
    def test_blocks_with_their_lines(self) -> None:
        """A block knows where it starts, what it is, and whether it follows on another."""
        blocks = read_blocks(
            "Text\n```python\nx = 1\n```\n\n```text\n1\n```\nmore\n~~~\nplain ```\n~~~\n"
        )

        assert [(block.line, block.info, block.source, block.adjoins) for block in blocks] == [
            (3, "python", "x = 1\n", False),
            (7, "text", "1\n", True),
            (11, "", "plain ```\n", False),
        ]

    def test_blocks_inside_directives(self) -> None:
        """A block in a note or in a list is a block, without its indent."""
        blocks = read_blocks(
            "````{note}\n```{code-block} python\n:name: x\nx = 1\n```\n````\n"
            "- item\n  ```python\n  if x:\n      y = 2\n  ```\n"
        )

        assert [(block.info, block.source) for block in blocks] == [
            ("{code-block} python", "\nx = 1\n"),
            ("python", "if x:\n    y = 2\n"),
        ]

    def test_empty_block(self) -> None:
        """A block may be empty."""
        assert [block.source for block in read_blocks("```python\n```\n")] == [""]

    def test_open_block(self) -> None:
        """A block that is never closed is reported, not skipped."""
        with pytest.raises(ValueError, match="the code block on line 1 is never closed"):
            read_blocks("```python\nx = 1\n")


class TestRunPage:
    def test_blocks_share_names(self, tmp_path: Path) -> None:
        """Later blocks see what earlier ones made, in plain code and in examples."""
        page = written(
            tmp_path,
            "```python\nx = 2\n```\n```pycon\n>>> y = x + 1\n>>> y\n3\n```\n"
            "```python\nassert y == 3\n```\n",
        )

        assert run_page(page) == 3

    def test_output_below(self, tmp_path: Path) -> None:
        """A block of text below a block of Python is what it prints."""
        page = "```python\nprint('a\\nbc')\n```\n\n```text\na\nb...\n```\n"

        assert run_page(written(tmp_path, page)) == 1
        with pytest.raises(AssertionError) as caught:
            run_page(written(tmp_path, page.replace("b...", "d")))
        assert str(caught.value) == (
            f"{tmp_path / 'page.md'}:6 shows\na\nd\n\nbut the block above it prints\na\nbc\n"
        )

    @pytest.mark.parametrize("between", ["And so:\n", "```sh\nls\n```\n", "```text\n1\n```\n"])
    def test_text_further_below(self, tmp_path: Path, between: str) -> None:
        """A block of text is left alone when anything else stands in between."""
        page = f"```python\nprint(1)\n```\n{between}```text\n2\n```\n"

        assert run_page(written(tmp_path, page)) == 1

    def test_wrong_example(self, tmp_path: Path) -> None:
        """An example that gives something else fails."""
        with pytest.raises(AssertionError, match="Expected:\n    3\nGot:\n    2"):
            run_page(written(tmp_path, "```python\n>>> 1 + 1\n3\n```\n"))

    def test_error_names_the_line_of_the_page(self, tmp_path: Path) -> None:
        """What a block raises comes out, with the line in the page."""
        page = written(tmp_path, "one\n\n```python\nx = 1\nx / 0\n```\n")
        with pytest.raises(ZeroDivisionError) as caught:
            run_page(page)

        assert (caught.traceback[-1].path, caught.traceback[-1].lineno + 1) == (page, 5)

    def test_refusal_as_an_example(self, tmp_path: Path) -> None:
        """A page can show an error by its last line."""
        page = ">>> int('x')\nTraceback (most recent call last):\n    ...\nValueError: invalid...\n"

        assert run_page(written(tmp_path, f"```pycon\n{page}```\n")) == 1
