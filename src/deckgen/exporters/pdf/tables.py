"""Tables: the widths of their columns, and their rows, whose heads are repeated on every page."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from math import ceil

from ...markdown import Alignment
from . import styles
from .flowables import (
    APART,
    NOWHERE,
    Box,
    Flowable,
    Group,
    Piece,
    Room,
    Slab,
    Text,
    TextPiece,
    line_costs,
)
from .pen import Pen
from .text import Run

Cell = Sequence[Run]
_CELL_PAD = 5.0
_NARROWEST = 30.0  # of a column: five or six letters
_LONGEST_WORD = 97.0  # that a column is widened for: twenty characters of code are not divided
_SHORT_ROW = 8  # lines: a row of no more stays whole


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
            box.resume = list(map(copy, slabs))  # copies, as the first may get a label beside it
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
        costs = line_costs(len(piece.heights))
        if len(costs) <= _SHORT_ROW:
            costs = [costs[0], *(max(cost, APART) for cost in costs[1:])]
        slabs = [
            Slab(piece, n, room, height, NOWHERE if head else cost)
            for n, (height, cost) in enumerate(zip(piece.heights, costs, strict=True))
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
    """A head once more: in bold, its links other links to the same pages."""
    links = {run.link: copy(run.link) for run in cell}
    return [run._replace(style=run.style.but(bold=True), link=links[run.link]) for run in cell]


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
    """Column widths when every column that wants no more than the limit gets what it wants, and the
    others share what is left; empty where too little is left for them."""
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
    """Put one line of a row's cells on a common baseline; gives the height that it takes."""
    cells = [cell for cell in cells if line < len(cell.heights)]
    drop = max(cell.drops[line] for cell in cells)
    fall = max(cell.heights[line] - cell.drops[line] for cell in cells)
    for cell in cells:
        cell.drops[line] = drop
    return drop + fall
