"""The foot of a column: the notes to what stands above, below a short rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from . import styles
from .flowables import INSIDE, Piece, Room, Slab, TextPiece
from .notes import Note, short_address
from .pen import Pen
from .text import Line, Link, Run

_RULE = 60.0  # as long as a word or two: never taken for the end of a table
_ABOVE = 9.0  # the rule: more than between paragraphs, or the notes read on from the text
_BELOW = 4.5
_HANG = styles.INDENT  # as in the lists above: room for two figures, and a space
_SPACE = 5.0


class Foot:
    """Lays out notes, in a room as wide as their column."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._rule = Slab(_RulePiece(), 0, room, _ABOVE + _BELOW)

    def lines(self, note: Note) -> Sequence[Slab]:
        """The lines of a note."""
        if not note.lines:
            note.lines = self._lay(note)
        return note.lines

    def _lay(self, note: Note) -> list[Slab]:
        room, style = self._room, styles.FOOTNOTE.style
        address = Run(short_address(note.address), style, Link(note.address))
        hang = max(_HANG, room.breaker.width(str(note.number), style) + _SPACE)
        lines = room.breaker.lines([address], room.width - hang)
        piece = _NotePiece(note, lines, hang, room.width - hang)
        return [Slab(piece, n, room, height, INSIDE) for n, height in enumerate(piece.heights)]

    def below(self, lines: Sequence[Slab]) -> Sequence[Slab]:
        """The lines with what stands above them."""
        return (self._rule, *lines) if lines else ()

    def height(self, lines: Iterable[Slab]) -> float:
        """How much room lines take, with what stands above them."""
        total = sum(line.height for line in lines)
        return total + self._rule.height if total else 0.0


class _RulePiece(Piece):
    def draw(self, pen: Pen, x: float, first: int, tops: Sequence[float]) -> None:
        with pen.artifact():
            pen.box("faint", x, tops[0] - _ABOVE, _RULE, 0.5)


class _NotePiece(TextPiece):
    """An address with its number before it. A part of it on another page is a note of its own in
    the structure tree."""

    def __init__(self, note: Note, lines: Sequence[Line], hang: float, measure: float) -> None:
        super().__init__(lines, styles.FOOTNOTE, measure, None)
        self.note = note
        self.hang = hang

    def draw(self, pen: Pen, x: float, first: int, tops: Sequence[float]) -> None:
        self.element = self.note.element
        if first == 0:
            label = self.element.add("Lbl") if self.element else None
            number, style = str(self.note.number), self.setting.style
            pen.words(number, style, x, tops[0] - self.drops[0], element=label)
        super().draw(pen, x + self.hang, first, tops)
        if first + len(tops) == len(self.lines):
            self.note.element = None
