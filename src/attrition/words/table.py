"""A table in plain text: a header, rows of cells, numbers to the right."""

import re
from collections.abc import Sequence

from attrition.errors import WordError

__all__ = ["text_table"]

_NUMBER = re.compile(r"[-+]?[\d,.]+( %)?")

_GAP = "  "


def text_table(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, align: str | None = None
) -> str:
    """
    The rows under their header, in columns two spaces apart.

    Args:
        header: The name of each column.

        rows: The cells of each row.

        align: "l" or "r" for each column. When None, a column of numbers goes to the
            right and any other one to the left; empty cells do not decide.

    Returns:
        Lines without trailing blanks, joined by newlines.

    Raises:
        WordError: If a row or ``align`` does not fit the header.

    Examples:
        >>> print(text_table(["date", "median"], [["2026-02-01", "712,000"], ["2027-02-01", "9"]]))
        date         median
        ----------  -------
        2026-02-01  712,000
        2027-02-01        9
    """
    _check_rows(header, rows)
    columns = [[row[at] for row in rows] for at in range(len(header))]
    sides = _sides(columns) if align is None else _stated(align, header)
    widths = [
        max(len(cell) for cell in (name, *column))
        for name, column in zip(header, columns, strict=True)
    ]
    rule = ["-" * width for width in widths]
    return "\n".join(_line(cells, widths, sides) for cells in (header, rule, *rows))


def _check_rows(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    for row in rows:
        if len(row) != len(header):
            raise WordError(
                f"a row of the table has {len(row)} cells under {len(header)} names: "
                f"{list(row)}. Give every row one cell a name; an empty one is ''."
            )


def _sides(columns: Sequence[Sequence[str]]) -> str:
    numeric = (all(_NUMBER.fullmatch(cell) for cell in column if cell) for column in columns)
    return "".join("r" if is_numeric else "l" for is_numeric in numeric)


def _stated(align: str, header: Sequence[str]) -> str:
    if len(align) != len(header) or set(align) - {"l", "r"}:
        raise WordError(
            f"align is {align!r}: expected 'l' or 'r' for each of {len(header)} columns. "
            f"Write align={'l' + 'r' * (len(header) - 1)!r}."
        )
    return align


def _line(cells: Sequence[str], widths: Sequence[int], sides: str) -> str:
    padded = (
        cell.rjust(width) if side == "r" else cell.ljust(width)
        for cell, width, side in zip(cells, widths, sides, strict=True)
    )
    return _GAP.join(padded).rstrip()
