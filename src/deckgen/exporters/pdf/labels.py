"""What hangs beside something: the labels of list items, and what stands in the label column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import styles
from .breaker import Breaker
from .flowables import (
    NOWHERE,
    Flowable,
    Piece,
    Room,
    Slab,
    Text,
    blank,
    first_baseline,
    stack,
)
from .pen import Pen
from .styles import Setting
from .tags import Element
from .text import Line


def number_indent(last: int) -> float:
    """How far the items of a list hang whose numbers end with this one: clear of its figures."""
    return 6.5 + 6 * len(str(last))


@dataclass
class ListItem(Flowable):
    """A list's item: a label, and what it is about hanging beside it."""

    label: str
    children: Sequence[Flowable]
    setting: Setting = styles.BODY
    indent: float = styles.INDENT
    box: bool | None = None
    """A box to tick instead of the label: ticked already or not."""

    def lay(self, room: Room) -> list[Slab]:
        item = room.element.add("LI")
        mark = item.add("Lbl")
        if len(self.children) == 1 and isinstance(self.children[0], Text):
            self.children[0].role = None
        slabs = stack(self.children, room.inset(self.indent).within(item.add("LBody")))
        slabs = slabs or blank(self.setting.leading, room)
        first = slabs[0]
        label = self._label(room.breaker, mark)
        labelled = Slab(label, 0, room, self.setting.leading)
        if first.x < room.x:
            return _above([labelled], slabs)
        first.beside = ((labelled, _offset(first.piece, label)), *first.beside)
        return slabs

    def _label(self, breaker: Breaker, element: Element) -> Piece:
        if self.box is not None:
            return _TickPiece(self.box, self.setting, element)
        line = breaker.words(self.label, self.setting.style)
        if breaker.right:
            line = line._replace(right=True)
            if len(self.label) > 1:
                # A number's point is on the side of the text, there too. It is read after the
                # number.
                [(run, _)], number, point = line.pieces, self.label[:-1], self.label[-1]
                line = line._replace(pieces=[(run, point), (run, number)], reading=[1, 0])
        return _LabelPiece(line, self.setting, self.indent, element)


class _LabelPiece(Piece):
    """A bullet, or a number."""

    def __init__(self, line: Line, setting: Setting, measure: float, element: Element) -> None:
        self.line = line
        self.setting = Setting(setting.style, setting.leading)
        self.measure = measure
        self.element = element
        self.baseline = first_baseline(setting)

    def draw(self, pen: Pen, x: float, first: int, tops: Sequence[float]) -> None:
        y = tops[0] - self.baseline
        pen.text([self.line], x, [y], self.measure, self.setting, self.element)


class _TickPiece(Piece):
    """A box to tick."""

    def __init__(self, done: bool, setting: Setting, element: Element) -> None:
        self.done = done
        self.element = element
        self.baseline = first_baseline(setting)

    def draw(self, pen: Pen, x: float, first: int, tops: Sequence[float]) -> None:
        y = tops[0] - self.baseline
        side = styles.TICK
        with pen.marked(self.element):
            pen.outline("quiet", x + 0.5, y - 0.3, side, side)
            if self.done:
                pen.stroke("text", [(x + 2, y + 3), (x + 3.4, y + 1.4), (x + 6.2, y + 5.6)])


@dataclass
class Beside(Flowable):
    """Something in the label column, level with the first line of what it labels."""

    label: Flowable
    child: Flowable

    def lay(self, room: Room) -> list[Slab]:
        label = self.label.slabs(room._replace(x=-room.hang, width=room.hang - room.gap, boxes=()))
        slabs = self.child.slabs(room) or blank(0.0, room)
        offset = _offset(slabs[0].piece, label[0].piece)
        below = []
        for slab in label:
            below.append((slab, offset))
            offset += slab.height
        if slabs[0].x < room.x:
            return _above(label, slabs)
        slabs[0].beside = (*below, *slabs[0].beside)
        return _clear(slabs, offset, room)


def _offset(piece: Piece, label: Piece) -> float:
    """How far below the top of a piece its label begins, so that their first lines are level.
    Beside what has no lines, such as a picture, it begins at the top."""
    return piece.baseline - label.baseline if piece.baseline else 0.0


def _above(label: list[Slab], slabs: list[Slab]) -> list[Slab]:
    """A label over something that takes the label column too."""
    for slab in (*label[1:], slabs[0]):
        slab.cost = NOWHERE
    slabs[0].before = styles.ITEM_GAP
    return label + slabs


def _clear(slabs: list[Slab], depth: float, room: Room) -> list[Slab]:
    """Keeps the label column free down to `depth` below the top of the first slab: what is set
    across the column is moved down, no page may end before that, and where the slabs end sooner,
    space is added before the next label."""
    y = 0.0
    for slab in slabs:
        if y >= depth:
            return slabs
        if slab.x < room.x:
            slab.before += depth - y
            return slabs
        if y:
            slab.cost = NOWHERE
        y += slab.height + (slab.before if y else 0.0)
    return slabs + blank(depth - y, room, NOWHERE) if y < depth else slabs
