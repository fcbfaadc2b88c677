"""Quotations, code listings, tables and pictures: what has a shape of its own on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import NamedTuple

from ...markdown import Alignment
from . import styles
from .flowables import (
    INSIDE,
    NOWHERE,
    Box,
    Flowable,
    Group,
    Piece,
    Room,
    Slab,
    Text,
    TextPiece,
    blank,
    line_costs,
    paragraph,
    stack,
)
from .pen import Pen
from .pictures import Image
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
        return stack(self.children, replace(inner, boxes=(*room.boxes, _SideRule(room.x))))


class _SideRule(Box):
    def __init__(self, x: float) -> None:
        self.x = x

    def draw(self, pen: Pen, x: float, top: float, bottom: float) -> None:
        pen.box("faint", x + self.x + 3, bottom + 2, 1.6, top - bottom - 4)


# ---------------------------------------------------------------------------------- listings


@dataclass
class Listing(Flowable):
    """Lines of code on a tint. Longer ones are wrapped; where a line goes on is marked."""

    lines: Sequence[Sequence[Run]]

    def lay(self, room: Room) -> list[Slab]:
        pad = styles.CODE_PAD
        longest = max((_width(room, line) for line in self.lines), default=0.0)
        if longest > room.width - 2 * pad - 2:
            room = room.wide()
        element = room.element.add("P").add("Code")
        tint = _Tint(room.x, room.width)
        inner = replace(room.inset(pad + 2, pad), boxes=(*room.boxes, tint))
        rows = [row for line in self.lines for row in _wrap(line, inner)]
        piece = _CodePiece(rows, inner.width, element)
        slabs = blank(pad, inner)
        for index, row in enumerate(rows):
            alone = index < 2 or index == len(rows) - 1 or row.goes_on
            cost = NOWHERE if alone else INSIDE
            slabs.append(Slab(piece, index, inner, styles.CODE.leading, cost))
        slabs += blank(pad, inner, NOWHERE)
        note = styles.RUNNING.style.but(italic=True)
        tint.resume = paragraph([Run("continued", note)], Setting(note, 13), inner, None)
        return slabs


class _Row(NamedTuple):
    """A line of code, or a part of one: `goes_on` where it continues the row above."""

    line: Line
    goes_on: bool = False
    indent: float = 0.0


class _CodePiece(Piece):
    def __init__(self, rows: Sequence[_Row], width: float, element: Element) -> None:
        self.rows = rows
        self.width = width
        self.element = element
        self.baseline = styles.CODE.leading / 2 + styles.CODE.style.size * 0.3

    def draw(self, pen: Pen, x: float, first: int, tops: Sequence[float]) -> None:
        rows = self.rows[first : first + len(tops)]
        lines = [row.line for row in rows]
        baselines = [top - self.baseline for top in tops]
        pen.text(lines, x, baselines, self.width, styles.CODE, self.element)
        mark = styles.CODE.style.but(ink="quiet")
        for row, y in zip(rows, baselines, strict=True):
            if row.goes_on:
                pen.words("↪", mark, x + row.indent, y)


class _Tint(Box):
    """The field behind a listing."""

    def __init__(self, x: float, width: float) -> None:
        self.x = x
        self.width = width

    def draw(self, pen: Pen, x: float, top: float, bottom: float) -> None:
        pen.box("tint", x + self.x, bottom, self.width, top - bottom)
        pen.box("faint", x + self.x, bottom, 1.6, top - bottom)


def _width(room: Room, line: Sequence[Run]) -> float:
    return sum(room.breaker.width(run.text, run.style) for run in line)


def _wrap(line: Sequence[Run], room: Room) -> list[_Row]:
    """A line of code in rows that fit, broken after a space or a joint near the row's end."""
    pieces = [(run, room.breaker.drawable(run)) for run in line]
    width = sum(room.breaker.width(text, run.style) for run, text in pieces)
    if width <= room.width:
        return [_Row(Line(pieces, width, 0, True))]
    chars = [(run, char) for run, text in pieces for char in text]
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
            body = [(body[0][0], " " * indent), *body]
        rows.append(_Row(Line(body, room.width, 0, True), bool(rows), (indent - 2) * cell))
    return rows


def _fitting(chars: Sequence[tuple[Run, str]], room: float, where: Room) -> int:
    """How many characters go on a row."""
    ends = accumulate(where.breaker.width(char, run.style) for run, char in chars)
    count = max(1, sum(1 for end in ends if end <= room))
    if count == len(chars):
        return count
    for cut in range(count, int(count * 0.6), -1):
        if chars[cut - 1][1] in " ,;([{|&=.":
            return cut
    return count


def _joined(chars: Sequence[tuple[Run, str]]) -> list[tuple[Run, str]]:
    pieces: list[tuple[Run, str]] = []
    for run, char in chars:
        if pieces and pieces[-1][0] is run:
            pieces[-1] = (run, pieces[-1][1] + char)
        else:
            pieces.append((run, char))
    return pieces


# ------------------------------------------------------------------------------------- tables

Cell = Sequence[Run]
_CELL_PAD = 5.0
_NARROWEST = 30.0  # of a column: five or six letters
_LONGEST_WORD = 96.0  # that a column is widened for


@dataclass
class Grid(Flowable):
    """A table. Its head is repeated on every page; one of too many columns is set as records."""

    align: Sequence[Alignment]
    head: Sequence[Cell]
    rows: Sequence[Sequence[Cell]]

    def lay(self, room: Room) -> list[Slab]:
        wants = [self._wants(column, room) for column in range(len(self.head))]
        if len(wants) * _NARROWEST > room.wide().width:
            return self._records().slabs(room)
        if sum(least for least, _ in wants) > room.width:
            room = room.wide()
        widths = _share(wants, room.width)
        table = room.element.add("Table")
        head = self._row(self.head, widths, replace(room, element=table), head=True)
        box = _Head(head) if sum(slab.height for slab in head) < room.depth / 4 else None
        inner = replace(room, element=table, boxes=(*room.boxes, box) if box else room.boxes)
        slabs = self._row(self.head, widths, inner, head=True)
        table.kids.pop(0)  # the repeated head is furniture: only the first is in the tree
        for number, row in enumerate(self.rows):
            made = self._row(row, widths, inner)
            if number in (0, len(self.rows) - 1):
                made[0].cost = NOWHERE  # neither the head nor the last row stands alone
            slabs += made
        return slabs

    def _wants(self, column: int, room: Room) -> tuple[float, float]:
        """The least and the most width that a column has a use for."""
        least = most = 0.0
        for position, row in enumerate((self.head, *self.rows)):
            if position > 400:
                break  # a sample tells enough
            widest, longest = room.breaker.natural_width(row[column])
            least, most = max(least, widest), max(most, longest)
        pad = 2 * _CELL_PAD
        return min(max(least, _NARROWEST - pad), _LONGEST_WORD) + pad, most + pad

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
        piece = _RowPiece(texts, sum(widths), head)
        return [
            Slab(piece, n, room, height, NOWHERE if head else cost)
            for n, (height, cost) in enumerate(
                zip(piece.heights, line_costs(len(piece.heights)), strict=True)
            )
        ]

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


def _share(wants: Sequence[tuple[float, float]], width: float) -> list[float]:
    """Column widths: each what it wants where there is room, else its least and a fair share."""
    if sum(most for _, most in wants) <= width:
        return [most for _, most in wants]
    least = sum(least for least, _ in wants)
    if least > width:
        return [width * low / least for low, _ in wants]
    greed = sum(max(most - low, 0.0) for low, most in wants) or 1.0
    return [low + (width - least) * max(most - low, 0.0) / greed for low, most in wants]


class _Head(Box):
    """Repeats a table's head; draws nothing itself."""

    def __init__(self, resume: Sequence[Slab]) -> None:
        self.resume = resume

    def draw(self, pen: Pen, x: float, top: float, bottom: float) -> None:
        pass


class _RowPiece(Piece):
    """One row of a table; a slab is a line of it, so that a tall row can go over pages."""

    def __init__(self, cells: Sequence[tuple[float, TextPiece]], width: float, head: bool) -> None:
        self.cells = cells
        self.width = width
        self.head = head
        count = max(len(cell.heights) for _, cell in cells)
        self.heights = [
            max((cell.heights[n] for _, cell in cells if n < len(cell.heights)), default=0.0)
            for n in range(count)
        ]
        self.pad = 3.5
        self.heights[0] += self.pad
        self.heights[-1] += self.pad
        self.baseline = self.pad + cells[0][1].baseline

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
                pen.box("text" if self.head else "faint", x, bottom, self.width, 0.5)


# ----------------------------------------------------------------------------------- pictures


@dataclass
class Figure(Flowable):
    """A picture of the guide, with its caption if it has one."""

    image: Image
    width: float
    """Its natural size, in points."""
    height: float
    alternative: str

    def lay(self, room: Room) -> list[Slab]:
        scale = min(1.0, room.width / self.width, room.depth * 0.6 / self.height)
        element = room.element.add("Figure", self.alternative)
        piece = _PicturePiece(
            self.image, self.width * scale, self.height * scale, room.width, element
        )
        return [Slab(piece, 0, room, self.height * scale + 4)]


class _PicturePiece(Piece):
    def __init__(
        self, image: Image, width: float, height: float, room: float, element: Element
    ) -> None:
        self.image = image
        self.width = width
        self.height = height
        self.room = room
        self.element = element

    def draw(self, pen: Pen, x: float, first: int, tops: Sequence[float]) -> None:
        left, bottom = x + (self.room - self.width) / 2, tops[0] - self.height - 2
        self.element.bounds = (left, bottom, left + self.width, bottom + self.height)
        with pen.marked(self.element):
            pen.image(self.image, left, bottom, self.width, self.height)
