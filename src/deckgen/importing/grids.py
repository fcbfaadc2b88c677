"""A table of a saved page -> the rows of a Markdown table, as plain text has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bs4 import Tag

from .plain import BREAK, MOST_CELLS, one_line, table_row

CELLS = ("td", "th")
_NO_GRID = ("table", "pre", *(f"h{level}" for level in range(1, 7)))
_MOST_SPANNED = 100

_Row = dict[int, str]
"""The texts of a row by the number of their column; what is empty is left out."""


def is_grid(table: Tag, filled: int) -> bool:
    """Whether a table is one of words, and not one that lays out a page; with more cells filled
    than Markdown is given it is none."""
    laid_out = table.get("role") == "presentation"
    return filled <= MOST_CELLS and not laid_out and table.find(_NO_GRID) is None


def grid_rows(table: Tag, texts: Mapping[int, Sequence[str]]) -> tuple[str, ...]:
    """The rows of a grid, with the marks below its head, which is empty where it has none. `texts`
    are the lines of each cell by its identity. There are none for what can't be written so."""
    found = [row for row in table.find_all("tr") if isinstance(row, Tag)]
    inside = [cell for row in found for cell in _cells(row)]
    if len(inside) != len(table.find_all(CELLS)) or not all(id(cell) in texts for cell in inside):
        return ()  # cells inside of cells, as tags that nothing closes make them
    if any(BREAK.search(line) for cell in inside for line in texts[id(cell)]):
        return ()
    if any(sum(_span(cell, "colspan") for cell in _cells(row)) > MOST_CELLS for row in found):
        return ()
    rows = list(_placed(found, texts))
    columns = sorted({column for row in rows for column in row})
    if len(columns) < 2 or len(rows) < 2 or len(columns) * len(rows) > MOST_CELLS:
        return ()
    if not _is_head(found[0]):
        rows.insert(0, {})
    first, *others = ([row.get(column, "") for column in columns] for row in rows)
    return tuple(map(table_row, (first, ["---"] * len(columns), *others)))


def _placed(rows: Sequence[Tag], texts: Mapping[int, Sequence[str]]) -> Iterator[_Row]:
    """The rows, each text in the column where a browser shows it."""
    taken: dict[int, int] = {}
    """How many more rows the cell above takes, by column."""
    for row in rows:
        placed: _Row = {}
        column = 0
        below: dict[int, int] = {}
        for cell in _cells(row):
            while taken.get(column, 0):
                column += 1
            text = "<br>".join(texts[id(cell)]).replace("|", "\\|")
            if text:
                placed[column] = text
            spanned = range(column, column := column + _span(cell, "colspan"))
            below |= dict.fromkeys(spanned, _span(cell, "rowspan") - 1)
        taken = {at: left - 1 for at, left in taken.items() if left > 1} | below
        yield placed


def _cells(row: Tag) -> list[Tag]:
    return [cell for cell in row.contents if isinstance(cell, Tag) and cell.name in CELLS]


def _span(cell: Tag, name: str) -> int:
    written = str(cell.get(name) or "1").strip()
    return min(int(written), _MOST_SPANNED) or 1 if re.fullmatch("[0-9]{1,6}", written) else 1


def _is_head(row: Tag) -> bool:
    """Whether a first row says so itself, or has nothing but bold words."""
    cells = _cells(row)
    said = row.find_parent("thead") or all(cell.name == "th" for cell in cells)
    return bool(said) or all(map(_is_bold, filter(_words, cells)))


def _is_bold(cell: Tag) -> bool:
    bold = cell.find(("b", "strong"))
    return isinstance(bold, Tag) and _words(bold) == _words(cell)


def _words(tag: Tag) -> str:
    return one_line(tag.get_text())
