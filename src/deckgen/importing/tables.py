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
}
_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " ", "colon": ":"}
_LONGEST_CELL = 1024 * 1024


def is_export(text: str) -> bool:
    """Whether a text begins as Anki's own text exports do."""
    return text.startswith(("#separator:", "#html:"))


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
    for line, row in rows[1 if columns else 0 :]:
        cells = {name: row[at] for name, at in order.items() if at < len(row)}
        others = [cell for at, cell in enumerate(row) if cell.strip() and at not in order.values()]
        if others:
            cards.remarks.warn(f"not imported: {others[0][:60]!r}: it is in no known column", line)
        cards.add(
            cells.get("front", ""),
            cells.get("back", ""),
            cells.get("tags", "").replace(",", " ").split(),
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
    for key in ("guid column", "notetype column", "deck column"):
        # Columns of Anki's own come first: the others move on.
        order["front"] = max(order["front"], _number(settings, key))
        order["back"] = order["front"] + 1
    return order


def _number(settings: dict[str, str], key: str) -> int:
    """A column's number; 0 where none is set."""
    written = settings.get(key, "")
    return int(written) if re.fullmatch("[0-9]{1,4}", written) else 0
