"""A page saved as HTML -> the lines that a browser's copy of it would have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from bs4 import BeautifulSoup, Tag
from bs4.element import CData, NavigableString
from bs4.exceptions import ParserRejectedMarkup

from ..collector import resting
from ..problems import BankError, Place, Problem
from .grids import CELLS, grid_rows, is_grid
from .plain import cleaned, fence, one_line
from .values import Grid, Line, refusal

_SKIPPED = frozenset(("script", "style", "noscript", "template", "svg", "head", "iframe", "object"))
_ASIDE = frozenset(("nav", "footer"))
_INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "em", "font", "i", "ins", "kbd",
    "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var",
    "wbr",
))  # fmt: skip
_LABELS = frozenset(("span", "time", "label", "data"))
"""Elements that a page can lay out as labels, side by side or below each other."""
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_DEEPEST = 200
_LONGEST_LABEL = 100
"""Texts in a label. What has more is no label; it would be read again for each block around it."""

_NOT_SAID = ("utf-16", "utf-32", "punycode", "idna")
"""Encodings that no page can say it has: one in which that can be read is not in the first two, and
Python takes a time for the others that grows with the square of a page."""

_MOST_OPEN = 100
"""Tags or comments that do not end, of which an honest page that was cut off has one."""

UNREADABLE = (ParserRejectedMarkup, AssertionError, RecursionError, ValueError)
"""What the parser raises for HTML that it gives up on: the last for a number of 5,000 digits."""

_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)?<(?:!doctype html|html\b)", re.I | re.S
)


def is_html(data: bytes) -> bool:
    """Whether a file begins as a saved page does."""
    return _START.match(data[:4096]) is not None


@resting()
def html_lines(data: bytes, path: str) -> list[Line]:
    """The lines of a saved page, numbered as in the file. Raises BankError for what is none."""
    _check_ends(data, path)
    try:
        soup = BeautifulSoup(data, "html.parser", exclude_encodings=_NOT_SAID)
    except UNREADABLE as error:
        raise refusal(f"this is no HTML that can be read: {error}", path) from None
    lines = _Lines()
    lines.children(soup, 0)
    lines.end()
    return lines.found


def _check_ends(data: bytes, path: str) -> None:
    """Raises BankError where many tags or comments do not end: html.parser looks for the end of
    each anew, through all that is left of the page."""
    text = data.replace(b"\0", b"")  # UTF-16 has one in each letter
    for begin, end in ((b"<", b">"), (b"<!--", b"-->")):
        start = text.rfind(end) + 1
        if text.count(begin, start) > _MOST_OPEN:
            line = text.count(b"\n", 0, text.find(begin, start)) + 1
            signs = f"{begin.decode()!r} and no {end.decode()!r} after them"
            message = f"found more than {_MOST_OPEN} {signs}: expected a page of HTML, saved whole"
            raise BankError([Problem(message, Place(path, line))])


class _Lines:
    """Gathers text; what is a block begins and ends a line."""

    def __init__(self) -> None:
        self.found: list[Line] = []
        self.text: list[str] = []
        self.items: Counter[int] = Counter()
        """Of each list, by its identity, how many items there were so far."""
        self.number = 1
        self.aside = False
        self.parts: tuple[str, ...] = ()
        self.level = 0
        self.cells: dict[int, range] = {}
        """Which lines each cell of a table has, by its identity."""

    def end(self) -> None:
        text = "".join(self.text)
        if text.strip():
            self.found.append(Line(self.number, one_line(text), self.aside, self.parts, self.level))
        self.text = []
        self.parts = ()
        self.level = 0

    def children(self, tag: Tag, depth: int) -> None:
        for child in tag.children:
            if isinstance(child, Tag):
                self.tag(child, depth + 1)
            elif _is_text(child):
                self.text.append(str(child))

    def tag(self, tag: Tag, depth: int) -> None:
        if tag.name in _SKIPPED:
            return
        if tag.name in _INLINE:
            self.inside(tag, depth)
            return
        self.end()
        self.number = tag.sourceline or self.number
        outer = self.aside
        self.aside = outer or tag.name in _ASIDE
        first = len(self.found)
        if tag.name == "table":
            self.cells = {}
        if tag.name == "pre":
            self.code(tag)
        else:
            self.text = [mark] if (mark := self.mark(tag)) else []
            self.parts = _parts(tag)
            self.level = _LEVELS.get(tag.name, 0)
            self.inside(tag, depth)
            self.text = [] if self.text == [mark] else self.text
        self.end()
        self.aside = outer
        if tag.name in CELLS:
            self.cells[id(tag)] = range(first, len(self.found))
        elif tag.name == "table" and is_grid(tag, sum(map(bool, self.cells.values()))):
            self.grid(tag)

    def grid(self, table: Tag) -> None:
        """Has the lines of a table's cells know the rows that they make."""
        texts = {
            cell: [line.text for line in self.found[at.start : at.stop]]
            for cell, at in self.cells.items()
        }
        if rows := grid_rows(table, texts):
            places = list(self.cells.values())
            first, end = places[0].start, places[-1].stop
            grid = Grid(rows, end - first)
            self.found[first:end] = [line._replace(grid=grid) for line in self.found[first:end]]

    def inside(self, tag: Tag, depth: int) -> None:
        if depth < _DEEPEST:
            self.children(tag, depth)
        else:
            self.text.append(tag.get_text(" "))

    def mark(self, tag: Tag) -> str:
        """What stands before a list's item. One that holds blocks is no plain item: pages lay out
        their parts with lists."""
        if tag.name != "li":
            return ""
        self.items[id(tag.parent)] += 1
        if any(child.name not in _INLINE for child in _tags(tag)):
            return ""
        if tag.parent is not None and tag.parent.name == "ol":
            return f"{self.items[id(tag.parent)]}. "
        return "- "

    def code(self, tag: Tag) -> None:
        lines = cleaned(tag.get_text()).strip("\n").split("\n")
        for number, line in enumerate(fence(lines).split("\n"), self.number):
            self.found.append(Line(number, line, self.aside))


def _is_text(node: object) -> bool:
    return type(node) in (NavigableString, CData)  # not a comment, which is a string as well


def _parts(tag: Tag) -> tuple[str, ...]:
    """The texts of a block's labels, where it holds two or more and nothing else."""
    labels = []
    for child in tag.children:
        if isinstance(child, Tag) and child.name in _LABELS:
            labels.append(child)
        elif isinstance(child, Tag) or (_is_text(child) and str(child).strip()):
            return ()
    if len(labels) < 2:
        return ()
    words = (cleaned("".join(islice(_shown(label), _LONGEST_LABEL))).split() for label in labels)
    parts = tuple(filter(None, map(" ".join, words)))
    return parts if len(parts) > 1 else ()


def _shown(tag: Tag) -> Iterator[str]:
    """The texts in an element, but for what a page does not show."""
    waiting: list[object] = [tag]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Tag) and node.name not in _SKIPPED:
            waiting += reversed(node.contents)
        elif _is_text(node):
            yield str(node)


def _tags(tag: Tag) -> Iterator[Tag]:
    return (child for child in tag.children if isinstance(child, Tag) and child.name != "br")
