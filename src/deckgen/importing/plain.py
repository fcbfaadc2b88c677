"""Plain text -> Markdown that reads as the text did.

What Markdown would take for a mark is escaped; lists and code are kept as such where they are plain
to see.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Controls and noncharacters, which YAML does not take, and what has no width and no meaning.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def cleaned(text: str) -> str:
    """The text with one kind of line end and of space, and without what nobody can see."""
    if text.isascii() and text.isprintable():
        return text
    text = _UNSEEN.sub("", _BREAKS.sub("\n", text))
    if text.isascii():
        return text
    return "".join(" " if unicodedata.category(c) == "Zs" else c for c in text)


def one_line(text: str) -> str:
    """The words of a text, for keys that hold no Markdown."""
    return " ".join(cleaned(text).split())


# ------------------------------------------------------------------------------------- one line

# Emphasis, code, links, math, tags, entities and strikethrough. An underscore between two letters
# or digits is none.
_MARK = re.compile(
    r"[\\`*\[$]|<(?=[A-Za-z/!?])|&(?=#|\w+;)|(?<![^\W_])_+|_+(?![^\W_])|~~+", re.ASCII
)
_FIRST = re.compile(r"[#>+=|:-]|\d{1,9}(?=[.)](?:\s|$))")


def escaped(text: str) -> str:
    """One line of text as Markdown, wherever in a paragraph or an item it comes to stand."""
    text = one_line(text)
    marked = _MARK.sub(lambda found: "".join(f"\\{c}" for c in found[0]), text)
    first = _FIRST.match(marked)
    if first is None:
        return marked
    if first[0].isdigit():
        return f"{first[0]}\\{marked[first.end() :]}"
    return f"\\{marked}"


_PIPE = re.compile(r"\\.|\|", re.DOTALL)
"""One that would end a cell, or what is escaped already."""


def in_cell(markdown: str) -> str:
    """One line of Markdown as it is written in a table's cell."""
    return _PIPE.sub(lambda found: f"\\{found[0]}" if found[0] == "|" else found[0], markdown)


# ---------------------------------------------------------------------------------- several lines

_Found = tuple[str, int] | None
"""A block of Markdown and the index of the line after it; or no such block here."""


def markdown(text: str) -> str:
    """Lines of text as Markdown: a paragraph each, but for lists, code, tables, and lines that
    break off in the middle of a sentence."""
    lines = cleaned(text).expandtabs(4).split("\n")
    blocks: list[str] = []
    listings = _listings(lines)
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        if listing := listings.get(at):
            block = fence(lines[at + 1 : listing.end], listing.language)
            at = listing.end + 1
        else:
            block, at = _block(lines, at)
        if blocks and _LIST.match(block) and _LIST.match(blocks[-1]):
            blocks.append("<!-- -->")  # keeps two lists two
        blocks.append(block)
    return "\n\n".join(blocks)


def paragraphs(text: str) -> list[str]:
    """Lines of text as Markdown items: one for each list item or paragraph."""
    lines = cleaned(text).split("\n")
    items: list[str] = []
    for previous, line in zip(["", *lines], lines, strict=False):
        words = escaped(_ITEM.sub("", line))
        if words and continues(previous, line):
            items[-1] += f"\n{words}"
        elif words:
            items.append(words)
    return items


def _block(lines: Sequence[str], at: int) -> tuple[str, int]:
    found = _table(lines, at) or _list(lines, at) or _code(lines, at)
    return found or _paragraph(lines, at)


def _paragraph(lines: Sequence[str], at: int) -> tuple[str, int]:
    out = [escaped(lines[at])]
    at += 1
    while at < len(lines) and continues(lines[at - 1], lines[at]):
        out.append(escaped(lines[at]))
        at += 1
    return "\n".join(out), at


def continues(previous: str, line: str) -> bool:
    """Whether a line goes on with the one before it, as text that was wrapped does."""
    ended = previous.rstrip().endswith((".", "?", "!", ":", ";"))
    words = line.lstrip()
    return len(previous.strip()) > 40 and not ended and words[:1].islower() and not _codes(line)


# -- fenced code

_FENCE = re.compile(r"\s*+(`{3,}+|~{3,}+) *+([\w+#.-]*+)\s*+")


class _Listing(NamedTuple):
    language: str
    end: int


def _listings(lines: Sequence[str]) -> dict[int, _Listing]:
    """The fenced listings, by the number of the line that opens each: those that are closed, by the
    next fence of as many marks or more. Gone through from the end, as from the beginning each of
    many fences that nothing closes would be looked for to the end."""
    found: dict[int, _Listing] = {}
    below: dict[str, list[tuple[int, int]]] = {"`": [], "~": []}
    """The fences further down that can close one, as pairs of length and line, the nearest last;
    one that is longer and nearer hides those below it."""
    for at in reversed(range(len(lines))):
        match = _FENCE.fullmatch(lines[at])
        if not match:
            continue
        marks, language = match.groups()
        closing = below[marks[0]]
        fitting = bisect_right(closing, -len(marks), key=lambda fence: -fence[0])
        if fitting:
            found[at] = _Listing(language, closing[fitting - 1][1])
        if not language:
            while closing and closing[-1][0] <= len(marks):
                closing.pop()
            closing.append((len(marks), at))
    return found


def fence(lines: Sequence[str], language: str = "") -> str:
    """Lines of code, as a fenced block that none of them can end."""
    runs = (len(run) for line in lines for run in re.findall("`{3,}", line))
    ticks = "`" * (max(runs, default=2) + 1)
    return "\n".join([f"{ticks}{language}", *(line.rstrip() for line in lines), ticks])


# -- code without fences

_CODE = re.compile(
    r"""\s*(?:
        [^\s].*[=()\[\]{}.].*;                                   # a statement and its semicolon
        | (?:return|break|continue)\b.*;
        | (?:def|class|if|for|while|with|elif|else|try|except|finally)\b.*[:{]
        | (?:async\ |export\ |public\ |private\ |static\ |pub\ )*
          (?:func|function|fn|const|let|var|interface|struct|enum)\ \w.*[=({]
        | (?:public|private|protected)\ .*[({]
        | import\ [\w.{}*,\ ]+(?:\ from\ \S+)? | from\ [\w.]+\ import\ .+ | \#include\ .+ | @\w+.*
        | [A-Za-z_][\w.\[\]]*\ (?:=|:=|\+=|-=)\ \S.*
        | (?:return|raise|yield|await)\ [\w.]+[(\[].*
        | [\w.]+\(.*\)
        | (?:SELECT|INSERT\ INTO|UPDATE|DELETE\ FROM|CREATE|FROM|WHERE|JOIN|GROUP\ BY|ORDER\ BY)\ .+
        | [})\]]+[;,]? | .*\{
    )\s*""",
    re.VERBOSE,
)


_LONGEST_CODE = 300
"""Characters. What is longer is prose, and would keep the pattern busy."""


def _codes(line: str) -> bool:
    return len(line) < _LONGEST_CODE and _CODE.fullmatch(line) is not None


def _code(lines: Sequence[str], at: int) -> _Found:
    """Two lines or more that begin like code and go on like it, or indented."""
    if not _codes(lines[at]) or _ITEM.match(lines[at]):
        return None
    base = _indent(lines[at])
    end = sure = 0
    for number in range(at, len(lines)):
        line = lines[number]
        if line.strip() and not _codes(line) and _indent(line) <= base:
            break
        if line.strip():
            end, sure = number + 1, sure + 1
    if sure < 2:
        return None
    return fence([line[base:] for line in lines[at:end]]), end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


# -- lists

_ITEM = re.compile(r"(?P<indent>\s*)(?:(?P<bullet>[-*+•◦▪‣●○–])|(?P<number>\d{1,3})[.)])\s+(?=\S)")


def is_item(line: str) -> bool:
    return _ITEM.match(line) is not None


_LIST = re.compile(r"(?:-|\d+\.) ")
_DEEPEST = 6


class _Level(NamedTuple):
    """A list that an item can go on with: its indent in the text, the width of the mark before its
    last item in Markdown, and that item's number, -1 for bullets."""

    indent: int
    width: int
    number: int


def _list(lines: Sequence[str], at: int) -> _Found:
    """Items at one depth or several. Numbers must count up, and one alone makes no list."""
    out: list[str] = []
    levels: list[_Level] = []
    """Those that are open, the outermost first."""
    while (here := _next(lines, at)) is not None:
        found = _ITEM.match(lines[here])
        if not found:
            if not (out and here == at and continues(lines[here - 1], lines[here])):
                break
            out.append(" " * sum(level.width for level in levels) + escaped(lines[here]))
            at = here + 1
            continue
        opened = _opened(levels, len(found["indent"]), int(found["number"] or -1))
        if opened is None:
            break
        levels = opened
        mark = "- " if found["bullet"] else f"{found['number']}. "
        margin = " " * sum(level.width for level in levels[:-1])
        out.append(margin + mark + escaped(lines[here][found.end() :]))
        at = here + 1
    alone = len(out) == 1 and out[0][0].isdigit()
    return ("\n".join(out), at) if out and not alone else None


def _next(lines: Sequence[str], at: int) -> int | None:
    return next((n for n in range(at, len(lines)) if lines[n].strip()), None)


def _opened(levels: Sequence[_Level], indent: int, number: int) -> list[_Level] | None:
    """The levels open at an item of this indent; None where its number does not follow."""
    kept = [level for level in levels if level.indent < indent + 2][:_DEEPEST]
    same = next((level for level in kept if abs(level.indent - indent) < 2), None)
    outer = [level for level in kept if level.indent < indent - 1][: _DEEPEST - 1]
    width = 2 if number < 0 else len(str(number)) + 2
    if same and (same.number < 0) != (number < 0):
        return None
    if same and number >= 0 and number != same.number + 1:
        return None
    return [*outer, _Level(indent, width, number)]


# -- tables

_DIVIDER = re.compile(r"\s*+\|?(?:\s*+:?-++:?\s*+\|)*+(?:\s*+:?-++:?\s*+)?")
_BETWEEN = re.compile(r"(?<!\\)\|")
BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
"""A line's end in a cell, as pages write it."""

MOST_CELLS = 20_000
"""Of a table: what more there is stays as it is."""


def _table(lines: Sequence[str], at: int) -> _Found:
    """A head, the marks below it for as many columns, and rows. In one that has more cells pipes
    are part of the last, as where they stand in code."""
    if at + 1 >= len(lines) or not _DIVIDER.fullmatch(lines[at + 1]) or is_item(lines[at]):
        return None
    head, sides = _cells(lines[at]), _cells(lines[at + 1])
    if not head or len(head) != len(sides):
        return None
    rows = [head]
    end = at + 2
    while end < len(lines) and len(rows) * len(head) < MOST_CELLS:
        row = _cells(lines[end])
        if not row:
            break
        last = len(head) - 1
        row[last:] = ["|".join(row[last:])]
        rows.append(row + [""] * (last + 1 - len(row)))
        end += 1
    first, *others = (table_row(map(_cell, row)) for row in rows)
    return "\n".join([first, table_row(map(str.strip, sides)), *others]), end


def _cells(line: str) -> list[str]:
    """The cells of a table's row; none of a line without a pipe."""
    words = line.strip()
    if not _BETWEEN.search(words):
        return []
    cells = _BETWEEN.split(words.removeprefix("|"))
    if len(cells) > 1 and not cells[-1].strip():
        cells.pop()
    return cells


def _cell(text: str) -> str:
    parts = BREAK.split(text.replace("\\|", "|").strip())
    return "<br>".join(in_cell(escaped(part)) for part in parts)


def table_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def words(text: str) -> Iterator[str]:
    """The words of a text, folded, by which two copies of it are known to be one. Of a long one
    often only the first are asked for."""
    return (found[0].casefold() for found in re.finditer(r"[^\W_]+", text))
