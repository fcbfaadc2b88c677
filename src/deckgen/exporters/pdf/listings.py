"""Code listings: on a tint, wrapped where they are too wide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile
from typing import NamedTuple

from . import styles
from .flowables import (
    APART,
    FREE,
    INSIDE,
    NOWHERE,
    Box,
    Flowable,
    Nothing,
    Piece,
    Room,
    Slab,
    blank,
    first_baseline,
    paragraph,
)
from .pen import Pen
from .scripts import graphemes
from .styles import Setting
from .tags import Element
from .text import Line, Run

_SHORT_LISTING = 12  # rows: no more than a fifth of a page
_LEAST_ROWS = 4  # of a longer one on a page: enough to tell what it is
_LEAST_APART = 2  # of those that an empty row parts from the rest
_OPENED = 2 * INSIDE  # after a row that opens a block, as after a heading


@dataclass
class Listing(Flowable):
    """Lines of code on a tint. Longer ones are wrapped; where a line goes on is marked."""

    lines: Sequence[Sequence[Run]]

    def lay(self, room: Room) -> list[Slab]:
        pad = styles.CODE_PAD
        whole = [room.breaker.code(line) for line in self.lines]
        longest = max((line.width for line in whole), default=0.0)
        if longest > room.width - 2 * pad - 2:
            room = room.wide()
        element = room.element.add("P").add("Code")
        tint = _Tint(room.x, room.width)
        inner = room.inset(pad + 2, pad)._replace(boxes=(*room.boxes, tint))
        lines = zip(self.lines, whole, strict=True)
        wrapped = (row for runs, line in lines for row in _wrap(runs, line, inner))
        rows, empty = _gathered(wrapped)
        piece = _CodePiece(rows, inner.width, element)
        slabs = [Slab(Nothing(pad + piece.baseline), 0, inner, pad)]
        for row, cost in zip(rows, _costs(rows), strict=True):
            slab = Slab(piece, len(slabs) - 1, inner, styles.CODE.leading, cost)
            slab.before = row.above * styles.CODE.leading
            slabs.append(slab)
        slabs += blank(pad + empty * styles.CODE.leading, inner, NOWHERE)
        note = styles.RUNNING.style.but(italic=True)
        tint.resume = paragraph([Run("continued", note)], Setting(note, 13), inner, None)
        return slabs


class _Row(NamedTuple):
    """A line of code, or a part of one: `goes_on` where it continues the row above."""

    line: Line
    goes_on: bool = False
    indent: float = 0.0
    above: int = 0
    """Empty rows above it. They are space: at the end of a page nobody misses it."""

    @property
    def text(self) -> str:
        return "".join(text for _, text in self.line.pieces)

    @property
    def depth(self) -> int:
        return len(self.text) - len(self.text.lstrip())


def _gathered(rows: Iterable[_Row]) -> tuple[list[_Row], int]:
    """The rows that are not empty, and how many empty ones end the listing."""
    gathered: list[_Row] = []
    empty = 0
    for row in rows:
        if not row.text.strip():
            empty += 1
            continue
        gathered.append(row._replace(above=empty))
        empty = 0
    return gathered, empty


def _costs(rows: Sequence[_Row]) -> Iterator[float]:
    """What it costs to break a page before each row: least where an empty one stood, as code has
    its joints there, most behind a row that opens a block; a short listing stays whole."""
    short = sum(1 + row.above for row in rows) <= _SHORT_LISTING
    for index, row in enumerate(rows):
        least = _LEAST_APART if row.above else _LEAST_ROWS
        if index < least or index > len(rows) - least or row.goes_on:
            yield NOWHERE
        elif short:
            yield APART
        elif row.above:
            yield FREE
        else:
            yield _OPENED if row.depth > rows[index - 1].depth else INSIDE


class _CodePiece(Piece):
    def __init__(self, rows: Sequence[_Row], width: float, element: Element) -> None:
        self.rows = rows
        self.width = width
        self.element = element
        self.baseline = first_baseline(styles.CODE)

    def draw(self, pen: Pen, x: float, first: int, tops: Sequence[float]) -> None:
        rows = self.rows[first : first + len(tops)]
        lines = [row.line for row in rows]
        baselines = [top - self.baseline for top in tops]
        pen.text(lines, x, baselines, self.width, styles.CODE, self.element)
        mark = styles.CODE.style.but(ink="quiet")
        for row, y in zip(rows, baselines, strict=True):
            if row.goes_on:
                with pen.from_left(x, self.width) as left:
                    pen.words("↪", mark, left + row.indent, y)


class _Tint(Box):
    """The field behind a listing."""

    def __init__(self, x: float, width: float) -> None:
        self.x = x
        self.width = width

    def draw(self, pen: Pen, x: float, top: float, bottom: float) -> None:
        pen.box("tint", x + self.x, bottom, self.width, top - bottom)
        pen.box("faint", x + self.x, bottom, 1.6, top - bottom)


def _wrap(line: Sequence[Run], whole: Line, room: Room) -> list[_Row]:
    """A line of code in rows that fit, broken after a space or a joint near the row's end. Code
    runs from left to right, whatever is in it. `whole` is the line as it is where it fits."""
    if whole.width <= room.width:
        return [_Row(whole)]
    chars = [(run, char) for run in line for char in graphemes(room.breaker.drawable(run))]
    cell = room.breaker.width("0", chars[0][0].style)
    lead = next((n for n, (_, char) in enumerate(chars) if char != " "), 0)
    indent = min(lead + 4, int(room.width / cell / 3))
    rows: list[_Row] = []
    start = 0
    while start < len(chars):
        taken = room.width - (indent * cell if rows else 0.0)
        end = _row_end(chars, start, taken, room)
        body = _joined(chars[start:end])
        start = end
        if rows:
            body = [body[0]._replace(text=" " * indent), *body]
        row = room.breaker.code(body)._replace(width=room.width)
        rows.append(_Row(row, bool(rows), (indent - 2) * cell))
    return rows


def _row_end(chars: Sequence[tuple[Run, str]], start: int, room: float, where: Room) -> int:
    """Where the row ends that begins with a character."""
    rest = (chars[number] for number in range(start, len(chars)))
    ends = accumulate(where.breaker.width(char, run.style) for run, char in rest)
    # No further than the row's end: a hostile line has as many rows as there is room for in a text.
    count = max(1, sum(1 for _ in takewhile(lambda end: end <= room, ends)))
    last = start + count
    if last == len(chars):
        return last
    for cut in range(last, start + int(count * 0.6), -1):
        if chars[cut - 1][1] in " ,;([{|&=.":
            return cut
    return last


def _joined(chars: Sequence[tuple[Run, str]]) -> list[Run]:
    pieces: list[list[tuple[Run, str]]] = []
    for run, char in chars:
        if not pieces or pieces[-1][0][0] is not run:
            pieces.append([])
        pieces[-1].append((run, char))
    return [piece[0][0]._replace(text="".join(char for _, char in piece)) for piece in pieces]
