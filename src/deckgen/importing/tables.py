"""A table of cards as CSV or TSV -> an `Imported` guide.

Columns are front, back and tags, in this order or as a first row names them. The `#` lines with
which Anki begins its own text exports are understood (docs.ankiweb.net/importing/text-files.html).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from .cards import Cards
from .values import Given, Imported, refusal

_NAMES = {
    "front": ("front", "question", "term", "prompt"),
    "back": ("back", "answer", "definition"),
    "tags": ("tags", "tag", "labels"),
    "category": ("category", "topic", "subject", "section"),
    "difficulty": ("difficulty", "level"),
    "type": ("type", "kind"),
}
_OF_ANKI = ("guid column", "notetype column", "deck column")
"""Columns that say nothing of a card's words, by the setting that has their numbers."""
_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " ", "colon": ":"}
_LONGEST_CELL = 1024 * 1024


def is_export(text: str) -> bool:
    """Whether a text begins as Anki's own text exports do."""
    return text.startswith(("#separator:", "#html:"))


def as_tsv(text: str) -> tuple[str, str]:
    """A text that is a table, whatever its file is called, as TSV, line by line: one with as many
    tabs in every line, or a Markdown table; and the heading above it. Empty for any other."""
    lines = text.splitlines()
    filled = [line for line in lines if line.strip()]
    if len(filled) < 2:
        return "", ""
    if filled[0].count("\t") and len({line.count("\t") for line in filled}) == 1:
        first = [line.split("\t")[0] for line in filled]
        return text if all(first) and not all(map(_MARK.fullmatch, first)) else "", ""
    rows = [line for line in filled if not line.startswith("#")]
    if len(rows) < 3 or not all(map(_PIPED.fullmatch, rows)) or set(rows[1]) - set(" |:-"):
        return "", ""
    top = filled[0] if filled[0].startswith("#") else ""
    head = lines.index(rows[0])
    unsaid = {top, *rows[:2]}  # once more where a table is in several parts
    kept = (line if at == head or line not in unsaid else "" for at, line in enumerate(lines))
    return "\n".join(_cells(line) if line else "" for line in kept), top.lstrip("#").strip()


_MARK = re.compile(r"\s*(?:\(?\d{1,3}[.)]\)?|[^\w\s])\s*")
"""The number or the bullet of a list's item, as word processors put them before a tab."""
_PIPED = re.compile(r"\s*\|.*\|\s*")
_BETWEEN = re.compile(r"(?<!\\)\|")


def _cells(line: str) -> str:
    """A line of a Markdown table as one of TSV, where quotes around a cell would be taken away."""
    cells = _BETWEEN.split(line.strip()[1:-1]) if _PIPED.fullmatch(line) else [line]
    plain = (" ".join(cell.replace("\\|", "|").split()).replace('"', '""') for cell in cells)
    return "\t".join(f'"{cell}"' for cell in plain)


def read_table(text: str, path: str, suffix: str, given: Given) -> Imported:
    """Read the cards of a table. Raises BankError where there are none."""
    settings, body, skipped = _settings(text)
    separator = _separator(settings.get("separator", ""), suffix, body)
    csv.field_size_limit(_LONGEST_CELL)
    cards = Cards(path, given)
    try:
        rows = list(_rows(body, separator, skipped))
    except csv.Error as error:
        raise refusal(f"this is no table that can be read: {error}", path) from None
    columns = _columns(rows[0][1]) if rows else None
    order = columns or _in_order(settings)
    known = {*order.values(), *(_number(settings, key) - 1 for key in _OF_ANKI)}
    for line, row in rows[1 if columns else 0 :]:
        cells = {name: row[at] for name, at in order.items() if at < len(row)}
        others = [cell for at, cell in enumerate(row) if cell.strip() and at not in known]
        if others:
            cards.remarks.warn(f"not imported: {others[0][:60]!r}: it is in no known column", line)
        cards.add(
            cells.get("front", ""),
            cells.get("back", ""),
            cells.get("tags", "").replace(",", " ").split(),
            facts={
                name: cells.get(name, "").strip() for name in ("category", "difficulty", "type")
            },
            html=settings.get("html") == "true",
            line=line,
        )
    return cards.imported()


def _settings(text: str) -> tuple[dict[str, str], str, int]:
    """Anki's `#key:value` lines, the text after them, and how many they are."""
    settings: dict[str, str] = {}
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        key, colon, value = line.strip().removeprefix("#").partition(":")
        if not (line.startswith("#") and colon):
            return settings, "".join(lines[number:]), number
        settings[key.lower()] = value.strip() if key.lower() != "separator" else value.strip("\r\n")
    return settings, "", len(lines)


def _separator(named: str, suffix: str, body: str) -> str:
    if named:
        return _SEPARATORS.get(named.lower(), named[:1])
    if suffix == ".tsv":
        return "\t"
    first = body.split("\n", 1)[0]
    return max(",;\t|", key=first.count)


def _rows(body: str, separator: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not empty, with the line it begins in."""
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=separator)
    line = skipped + 1
    for row in reader:
        if any(cell.strip() for cell in row):
            yield line, row
        line = skipped + reader.line_num + 1


def _columns(first: Sequence[str]) -> dict[str, int] | None:
    """The columns by name, where the first row names a front and a back."""
    names = [cell.strip().casefold() for cell in first]
    found = {
        column: next(at for at, name in enumerate(names) if name in known)
        for column, known in _NAMES.items()
        if set(names) & set(known)
    }
    return found if "front" in found and "back" in found else None


def _in_order(settings: dict[str, str]) -> dict[str, int]:
    order = {"front": 0, "back": 1, "tags": (_number(settings, "tags column") or 3) - 1}
    for key in _OF_ANKI:
        # Columns of Anki's own come first: the others move on.
        order["front"] = max(order["front"], _number(settings, key))
        order["back"] = order["front"] + 1
    return order


def _number(settings: dict[str, str], key: str) -> int:
    """A column's number; 0 where none is set."""
    written = settings.get(key, "")
    return int(written) if re.fullmatch("[0-9]{1,4}", written) else 0
