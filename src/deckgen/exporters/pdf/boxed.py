"""Quotations, code listings, tables and pictures: what has a shape of its own on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import accumulate, takewhile
from math import ceil
from typing import NamedTuple

from ...markdown import Alignment
from . import styles
from .flowables import (
    APART,
    FREE,
    INSIDE,
    NOWHERE,
    Box,
    Flowable,
    Group,
    Nothing,
    Piece,
    Room,
    Slab,
    Text,
    TextPiece,
    blank,
    first_baseline,
    line_costs,
    paragraph,
    stack,
)
from .pen import Pen
from .pictures import Image, Words
from .scripts import graphemes
from .styles import Setting
from .tags import Element
from .text import Line, Run

# -------------------------------------------------------------------------------- quotations


@dataclass
class Quote(Flowable):
    """Quoted blocks, with a rule at their left."""

    children: Sequence[Flowable]

    def lay(self, room: Room) -> list[Slab]:
        inner = room.inset(styles.INDENT).within(room.element.add("BlockQuote"))
        return stack(self.children, inner._replace(boxes=(*room.boxes, _SideRule(room.x))))


class _SideRule(Box):
    def __init__(self, x: float) -> None:
        self.x = x

    def draw(self, pen: Pen, x: float, top: float, bottom: float) -> None:
        pen.box("faint", x + self.x + 3, bottom + 2, 1.6, top - bottom - 4)


# ---------------------------------------------------------------------------------- listings

_SHORT_LISTING = 12  # rows: no more than a fifth of a page
_LEAST_ROWS = 4  # of a longer one on a page: enough to tell what it is


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
        rows = [row for runs, line in lines for row in _wrap(runs, line, inner)]
        piece = _CodePiece(rows, inner.width, element)
        slabs = [Slab(Nothing(pad + piece.baseline), 0, inner, pad)]
        for index in range(len(rows)):
            slabs.append(Slab(piece, index, inner, styles.CODE.leading, _break(rows, index)))
        slabs += blank(pad, inner, NOWHERE)
        note = styles.RUNNING.style.but(italic=True)
        tint.resume = paragraph([Run("continued", note)], Setting(note, 13), inner, None)
        return slabs


class _Row(NamedTuple):
    """A line of code, or a part of one: `goes_on` where it continues the row above."""

    line: Line
    goes_on: bool = False
    indent: float = 0.0


def _break(rows: Sequence[_Row], index: int) -> float:
    """What it costs to break a page before a row: least after an empty line, where code has its
    joints; a short listing stays whole."""
    if index < _LEAST_ROWS or index > len(rows) - _LEAST_ROWS or rows[index].goes_on:
        return NOWHERE
    if len(rows) <= _SHORT_LISTING:
        return APART
    return INSIDE if any(text.strip() for _, text in rows[index - 1].line.pieces) else FREE


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
    while chars:
        taken = room.width - (indent * cell if rows else 0.0)
        count = _fitting(chars, taken, room)
        body = _joined(chars[:count])
        chars = chars[count:]
        if rows:
            body = [body[0]._replace(text=" " * indent), *body]
        row = room.breaker.code(body)._replace(width=room.width)
        rows.append(_Row(row, bool(rows), (indent - 2) * cell))
    return rows


def _fitting(chars: Sequence[tuple[Run, str]], room: float, where: Room) -> int:
    """How many characters go on a row."""
    ends = accumulate(where.breaker.width(char, run.style) for run, char in chars)
    # No further than the row's end: a hostile line has as many rows as there is room for in a text.
    count = max(1, sum(1 for _ in takewhile(lambda end: end <= room, ends)))
    if count == len(chars):
        return count
    for cut in range(count, int(count * 0.6), -1):
        if chars[cut - 1][1] in " ,;([{|&=.":
            return cut
    return count


def _joined(chars: Sequence[tuple[Run, str]]) -> list[Run]:
    pieces: list[list[tuple[Run, str]]] = []
    for run, char in chars:
        if not pieces or pieces[-1][0][0] is not run:
            pieces.append([])
        pieces[-1].append((run, char))
    return [piece[0][0]._replace(text="".join(char for _, char in piece)) for piece in pieces]


# ------------------------------------------------------------------------------------- tables

Cell = Sequence[Run]
_CELL_PAD = 5.0
_NARROWEST = 30.0  # of a column: five or six letters
_LONGEST_WORD = 96.0  # that a column is widened for


@dataclass
class Grid(Flowable):
    """A table. Its head is repeated on every page; one whose columns are too many for the words in
    them, which would be cut, is set as records."""

    align: Sequence[Alignment]
    head: Sequence[Cell]
    rows: Sequence[Sequence[Cell]]
    shares: Sequence[float] = ()
    """Of the width, for each column; without them a column has what its cells need."""
    pitch: float = 0.0
    """The least height of a row, to write in."""

    def lay(self, room: Room) -> list[Slab]:
        sample = (self.head, *self.rows[:400])  # enough to tell
        natural = [[room.breaker.natural_width(cell) for cell in row] for row in sample]
        wants = [_wants(column) for column in zip(*natural, strict=True)]
        needed = sum(least for least, _ in wants)
        if needed > room.wide().width and not self.shares:
            return self._records().slabs(room)
        if needed > room.width:
            room = room.wide()
        lengths = [[longest for _, longest in row] for row in natural]
        widths = [share * room.width for share in self.shares] or _share(wants, room.width, lengths)
        table = room.element.add("Table")
        box = _Head()
        inner = room._replace(element=table, boxes=(*room.boxes, box))
        slabs = self._row(self.head, widths, inner, head=True)
        if sum(slab.height for slab in slabs) < room.depth / 4:
            box.resume = list(map(copy, slabs))  # without what comes to stand beside the first
        for number, row in enumerate(self.rows):
            made = self._row(row, widths, inner)
            if number in (0, len(self.rows) - 1):
                made[0].cost = NOWHERE  # neither the head nor the last row stands alone
            slabs += made
        if sum(slab.height for slab in slabs) < room.depth / 4:
            for slab in slabs[1:]:
                slab.cost = max(slab.cost, APART)
        return slabs

    def _row(
        self, cells: Sequence[Cell], widths: Sequence[float], room: Room, head: bool = False
    ) -> list[Slab]:
        element = room.element.add("TR")
        setting = styles.CELL_HEAD if head else styles.CELL
        texts, x = [], 0.0
        for cell, width, align in zip(cells, widths, self.align, strict=True):
            inside = width - 2 * _CELL_PAD
            side = setting._replace(align=align or "left")
            lines = room.breaker.lines(cell, inside)
            tag = element.add("TH" if head else "TD")
            texts.append((x + _CELL_PAD, TextPiece(lines, side, inside, tag)))
            x += width
        piece = _RowPiece(texts, sum(widths), head, 0.0 if head else self.pitch)
        slabs = [
            Slab(piece, n, room, height, NOWHERE if head else cost)
            for n, (height, cost) in enumerate(
                zip(piece.heights, line_costs(len(piece.heights)), strict=True)
            )
        ]
        for _, text in texts:
            for n, notes in text.notes.items():
                slabs[n].notes = [*slabs[n].notes, *notes]
        return slabs

    def _records(self) -> Flowable:
        """Each row as a list of its cells, named by the heads."""
        groups = []
        for row in self.rows:
            entries = [
                Text([*_strong(head), Run(": ", styles.CELL_HEAD.style), *cell], styles.CELL)
                for head, cell in zip(self.head, row, strict=True)
            ]
            groups.append(Group(entries, before=styles.BLOCK_GAP))
        return Group(groups)


def _strong(cell: Cell) -> list[Run]:
    return [run._replace(style=run.style.but(bold=True)) for run in cell]


def _wants(column: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The least and the most width that a column has a use for, from its cells' widest words and
    whole lengths."""
    pad = 2 * _CELL_PAD
    least = min(max(_NARROWEST - pad, *(word for word, _ in column)), _LONGEST_WORD) + pad
    return least, max(least, max(longest for _, longest in column) + pad)


def _share(
    wants: Sequence[tuple[float, float]], width: float, lengths: Sequence[Sequence[float]]
) -> list[float]:
    """Column widths: each what it wants where there is room. Else the narrow ones get that, up to
    the limit that makes the table lowest, and the others share what is left."""
    if sum(most for _, most in wants) <= width:
        return [most for _, most in wants]
    limits = sorted({0.0, *(most for _, most in wants)}, reverse=True)
    shared = [_limited(wants, width, limit) for limit in limits]
    return min((widths for widths in shared if widths), key=lambda widths: _lines(lengths, widths))


def _limited(wants: Sequence[tuple[float, float]], width: float, limit: float) -> list[float]:
    """What is left when columns that want no more than the limit have got it, shared among the
    others; nothing if there is too little."""
    floors = [most if most <= limit else low for low, most in wants]
    over = width - sum(floors)
    greed = sum(most - floor for (_, most), floor in zip(wants, floors, strict=True))
    if over < 0 or not greed:
        return []
    return [
        floor + over * (most - floor) / greed
        for (_, most), floor in zip(wants, floors, strict=True)
    ]


def _lines(lengths: Sequence[Sequence[float]], widths: Sequence[float]) -> int:
    """About how many lines a table comes to, from the lengths of its cells."""
    inside = [width - 2 * _CELL_PAD for width in widths]
    return sum(
        max(ceil(length * 1.04 / room) for length, room in zip(row, inside, strict=True))
        for row in lengths
    )


class _Head(Box):
    """Repeats a table's head; draws nothing itself."""

    def draw(self, pen: Pen, x: float, top: float, bottom: float) -> None:
        pass


class _RowPiece(Piece):
    """One row of a table; a slab is a line of it, so that a tall row can go over pages."""

    def __init__(
        self, cells: Sequence[tuple[float, TextPiece]], width: float, head: bool, pitch: float
    ) -> None:
        self.cells = cells
        self.width = width
        self.head = head
        self.pitch = pitch
        count = max(len(cell.heights) for _, cell in cells)
        self.heights = [_level([cell for _, cell in cells], n) for n in range(count)]
        self.pad = 3.5
        self.heights[0] += self.pad
        self.heights[-1] += self.pad
        self.heights[-1] += max(0.0, pitch - sum(self.heights))
        self.baseline = self.pad + cells[0][1].drops[0]

    def draw(self, pen: Pen, x: float, first: int, tops: Sequence[float]) -> None:
        tops = list(tops)
        if first == 0:
            with pen.artifact():
                if self.head:
                    pen.box("text", x, tops[0], self.width, 0.9)
            tops[0] -= self.pad
        for offset, cell in self.cells:
            own = tops[: max(0, len(cell.heights) - first)]
            if own:
                cell.draw(pen, x + offset, first, own)
        last = first + len(tops)
        if last == len(self.heights):
            bottom = tops[-1] - self.heights[-1] + (self.pad if len(self.heights) == 1 else 0)
            with pen.artifact():
                for left, width in self._rules():
                    pen.box("text" if self.head else "faint", x + left, bottom, width, 0.5)

    def _rules(self) -> list[tuple[float, float]]:
        """The line below it; where cells are to be written in, one for each."""
        if not self.pitch:
            return [(0.0, self.width)]
        starts = [left - _CELL_PAD for left, _ in self.cells]
        ends = [start - _CELL_PAD for start in starts[1:]]
        return [(x, end - x) for x, end in zip(starts, [*ends, self.width], strict=True)]


def _level(cells: Sequence[TextPiece], line: int) -> float:
    """Put a line of some cells on one baseline; gives the height that it takes."""
    cells = [cell for cell in cells if line < len(cell.heights)]
    drop = max(cell.drops[line] for cell in cells)
    fall = max(cell.heights[line] - cell.drops[line] for cell in cells)
    for cell in cells:
        cell.drops[line] = drop
    return drop + fall


# ----------------------------------------------------------------------------------- pictures


@dataclass
class Figure(Flowable):
    """A picture of the guide, with its caption if it has one; a wide one takes the label column
    too."""

    image: Image
    width: float
    """Its natural size, in points."""
    height: float
    alternative: str
    caption: Text | None = None
    words: Sequence[Words] = ()
    """Those in it that need several fonts."""

    def lay(self, room: Room) -> list[Slab]:
        if self.width > room.width and not room.boxes:
            room = room.wide()
        scale = min(1.0, room.width / self.width, room.depth * 0.6 / self.height)
        element = room.element.add("Figure", self.alternative)
        lines = {(font, run.text): room.breaker.line([run]) for font, run in self.words}
        piece = _PicturePiece(
            self.image, lines, self.width * scale, self.height * scale, room.width, element
        )
        caption = self.caption.slabs(room) if self.caption else []
        for slab in caption:
            slab.cost = NOWHERE
        return [Slab(piece, 0, room, self.height * scale + 4), *caption]


class _PicturePiece(Piece):
    def __init__(
        self,
        image: Image,
        lines: Mapping[tuple[str, str], Line],
        width: float,
        height: float,
        room: float,
        element: Element,
    ) -> None:
        self.image = image
        self.lines = lines
        self.width = width
        self.height = height
        self.room = room
        self.element = element

    def draw(self, pen: Pen, x: float, first: int, tops: Sequence[float]) -> None:
        left, bottom = x + (self.room - self.width) / 2, tops[0] - self.height - 2
        bounds = (left, bottom, left + self.width, bottom + self.height)
        self.element.bounds = pen.on_page(bounds)
        with pen.marked(self.element):
            pen.image(self.image, self.lines, left, bottom, self.width, self.height)
