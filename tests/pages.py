"""Runs the code blocks of a Markdown page in order, in one namespace a page."""

import contextlib
import doctest
import io
import re
from collections.abc import Iterator
from pathlib import Path

import attrs

__all__ = ["Block", "read_blocks", "run_page"]

_FENCE = re.compile(r"\s*(?P<marks>`{3,}|~{3,})\s*(?P<info>[^`]*?)\s*")

# Python in plain Markdown, and as the directives of MyST.
_PYTHON = {"python", "py", "pycon", "{code-block} python", "{code-block} pycon", "{doctest}"}

# Directly below Python, a block of text is what that Python prints.
_OUTPUT = {"text", "output", "{code-block} text"}

_FLAGS = doctest.ELLIPSIS


@attrs.frozen(kw_only=True)
class Block:
    """
    A fenced block of a page.

    Attributes:
        line: Number of its first line in the page, from 1.

        info: What stands behind the fence, such as "python".

        source: The lines in between.

        adjoins: Whether only blank lines part it from the block above.
    """

    line: int
    info: str
    source: str
    adjoins: bool


def read_blocks(text: str) -> list[Block]:
    """Every code block of a page; other directives are looked into."""
    return list(_blocks(text.splitlines()))


def run_page(path: Path) -> int:
    """Run a page, raise what it raises or prints wrongly, and count the blocks that ran."""
    namespace: dict[str, object] = {"__name__": "__main__"}
    ran, printed = 0, None
    for block in read_blocks(path.read_text("utf-8")):
        if block.info in _PYTHON:
            printed = _run(block, path, namespace)
            ran += 1
        elif block.info in _OUTPUT and block.adjoins and printed is not None:
            _check(block, path, printed)
            printed = None
        else:
            printed = None
    return ran


def _blocks(lines: list[str]) -> Iterator[Block]:
    # The marks of the directives that are open: notes, tips, tabs.
    containers: list[str] = []
    last_end = -1
    at = 0
    while at < len(lines):
        fence = _FENCE.fullmatch(lines[at])
        at += 1
        if fence is None:
            continue
        marks, info = fence["marks"], fence["info"]
        if not info and containers and marks.startswith(containers[-1]):
            containers.pop()
        elif info.startswith("{") and info not in _PYTHON | _OUTPUT:
            containers.append(marks)
        else:
            end = _end(lines, at, marks)
            yield Block(
                line=at + 1,
                info=info,
                source=_dedented(lines[at:end]),
                adjoins=last_end >= 0 and not "".join(lines[last_end + 1 : at - 1]).strip(),
            )
            at, last_end = end + 1, end


def _end(lines: list[str], start: int, marks: str) -> int:
    for at in range(start, len(lines)):
        if lines[at].strip().startswith(marks) and not lines[at].strip().strip(marks[0]):
            return at
    raise ValueError(f"the code block on line {start} is never closed")


def _dedented(lines: list[str]) -> str:
    """The lines without the indent of the first one, and without options of a directive."""
    kept = ["" if re.match(r"\s*:[\w-]+:", line) else line for line in lines]
    indent = len(lines[0]) - len(lines[0].lstrip()) if lines else 0
    return "".join(f"{line[indent:]}\n" for line in kept)


def _run(block: Block, path: Path, namespace: dict[str, object]) -> str:
    if ">>> " in block.source:
        _doctest(block, path, namespace)
        return ""
    # Blank lines in front, so that a traceback names the line of the page.
    code = compile("\n" * (block.line - 1) + block.source, str(path), "exec", dont_inherit=True)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, namespace)  # noqa: S102 - the project's own pages
    return printed.getvalue()


def _doctest(block: Block, path: Path, namespace: dict[str, object]) -> None:
    parser = doctest.DocTestParser()
    test = parser.get_doctest(block.source, namespace, path.name, str(path), block.line - 1)
    report = io.StringIO()
    runner = doctest.DocTestRunner(verbose=False, optionflags=_FLAGS)
    runner.run(test, out=report.write, clear_globs=False)
    namespace.update(test.globs)
    if runner.failures:
        raise AssertionError(report.getvalue())


def _check(block: Block, path: Path, printed: str) -> None:
    if not doctest.OutputChecker().check_output(block.source, printed, _FLAGS):
        raise AssertionError(
            f"{path}:{block.line} shows\n{block.source}\nbut the block above it prints\n{printed}"
        )
