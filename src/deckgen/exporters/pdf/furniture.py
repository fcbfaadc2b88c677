"""The parts of a workbook: entries of contents and index, boxes to tick, lines to write on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import styles
from .flowables import (
    APART,
    HERE,
    INSIDE,
    NOWHERE,
    Flowable,
    Group,
    Piece,
    Room,
    Slab,
    TextPiece,
    line_costs,
)  # fmt: skip
from .pen import Pen
from .styles import Ink, Setting, Style
from .tags import Element
from .text import Line, Link, Run
from .textobject import InRow


@dataclass
class Entry(Flowable):
    """A line of the contents: what is found, and the page where."""

    runs: Sequence[Run]
    page: str
    link: Link
    setting: Setting = styles.BODY
    code: str = ""
    """Of the question, by itself: a title may run the other way."""

    def lay(self, room: Room) -> list[Slab]:
        element = room.element.add("TOCI").add("Reference")
        linked = [run._replace(link=self.link) for run in self.runs]
        code = Run(self.code, self.setting.style.but(bold=True), self.link)
        number = Run(self.page, self.setting.style.but(family="sans"), self.link)
        space = code.style.size / 2
        hang = room.breaker.width(self.code, code.style) + space if self.code else 0.0
        lines = room.breaker.lines(linked, room.width - hang - 36)
        piece = _EntryPiece(lines, code, number, hang, room, self.setting, element)
        return piece.slabs(room, [HERE] + [NOWHERE] * (len(lines) - 1))


@dataclass
class Hanging(Flowable):
    """A paragraph whose first line stands out to the left, so that the eye finds its first word."""

    runs: Sequence[Run]
    setting: Setting

    def lay(self, room: Room) -> list[Slab]:
        width = room.width - _HANG
        lines = room.breaker.lines(self.runs, width)
        piece = _HangingPiece(lines, self.setting, width, room.element.add("P"))
        return piece.slabs(room, line_costs(len(lines)))


_HANG = 9.0


class _HangingPiece(TextPiece):
    def draw(self, pen: Pen, x: float, first: int, tops: Sequence[float]) -> None:
        if first == 0:
            super().draw(pen, x, 0, tops[:1])
            first, tops = 1, tops[1:]
        if tops:
            super().draw(pen, x + _HANG, first, tops)


class _EntryPiece(TextPiece):
    """Text with a code before it, and a number at the right end of its last line, with dots that
    lead to it."""

    def __init__(
        self,
        lines: Sequence[Line],
        code: Run,
        number: Run,
        hang: float,
        room: Room,
        setting: Setting,
        element: Element,
    ) -> None:
        super().__init__(lines, setting, room.width - hang - 36, element)
        self.code = code
        self.number = number
        self.hang = hang
        self.column = room.width

    def draw(self, pen: Pen, x: float, first: int, tops: Sequence[float]) -> None:
        last = first + len(tops)
        baselines = self.baselines(first, tops)
        row = [
            InRow(line, x + self.hang, self.measure, baseline)
            for line, baseline in zip(self.lines[first:last], baselines, strict=True)
        ]
        if first == 0 and self.code.text:
            row.insert(0, self._figures(pen, self.code, x, baselines[0]))
        if last == len(self.lines):
            baseline = baselines[-1]
            left = x + self.column - pen.width(self.number.text, self.number.style)
            row.append(self._figures(pen, self.number, left, baseline))
            with pen.artifact():
                pen.dots("faint", x + self.hang + self.lines[-1].width + 6, left - 6, baseline)
        pen.row(row, self.setting, self.element)

    def _figures(self, pen: Pen, run: Run, x: float, baseline: float) -> InRow:
        width = pen.width(run.text, run.style)
        # The space keeps copied text apart; it takes no room.
        return InRow(Line([(run, f"{run.text} ")], width, 0, True), x, width, baseline)


@dataclass(frozen=True)
class PageOf:
    """The number of the page where a place is, in a line of text. It is known only when that page
    is laid out, so room is kept for four figures."""

    key: str
    width: float = 22.0
    ascent: float = 0.0
    descent: float = 0.0
    alternative: str = ""

    def draw(self, pen: Pen, x: float, y: float, style: Style, element: Element | None) -> None:
        pen.label_of(self.key, style, x, y, element)


@dataclass(frozen=True)
class Bars:
    """How many questions are easy, medium, hard: a bar of three parts, open, striped and full, so
    that a photocopy tells them apart."""

    counts: Sequence[int]
    unit: float
    """The length of one question, in points; a part is never too short to be seen."""
    ascent: float = 0.0
    descent: float = 0.0
    alternative: str = ""

    _HEIGHT = 6.5
    _SHORTEST = 3.0
    _STRIPE = 1.1  # as wide as the gap beside it: too coarse for a copier to fill in

    @property
    def _parts(self) -> list[float]:
        return [max(count * self.unit, self._SHORTEST) if count else 0.0 for count in self.counts]

    @property
    def width(self) -> float:
        return sum(self._parts)

    def draw(self, pen: Pen, x: float, y: float, style: Style, element: Element | None) -> None:
        easy, medium, hard = self._parts
        with pen.artifact():
            for n in range(int(medium / self._STRIPE / 2)):
                stripe = x + easy + (2 * n + 1) * self._STRIPE
                pen.box("text", stripe, y, self._STRIPE, self._HEIGHT)
            pen.box("text", x + easy + medium, y, hard, self._HEIGHT)
            for left, length in ((x, easy), (x + easy, medium)):
                if length:
                    pen.outline("text", left, y, length, self._HEIGHT)


@dataclass
class Together(Group):
    """Kept on one page; what takes a large part of one may be divided rather than leave as much
    of the page before it empty."""

    def lay(self, room: Room) -> list[Slab]:
        slabs = super().lay(room)
        large = sum(slab.before + slab.height for slab in slabs) > room.depth / 3
        for slab in slabs[1:]:
            slab.cost = max(slab.cost, APART if large else NOWHERE)
        return slabs


@dataclass
class Paired(Group):
    """Neither its first line nor its last stands alone on a page."""

    def lay(self, room: Room) -> list[Slab]:
        slabs = super().lay(room)
        for slab in (*slabs[1:2], *slabs[2:][-1:]):
            slab.cost = max(slab.cost, APART)
        return slabs


_LEAST_LINES = 3  # to write on, together on a page: fewer are lost on whoever turns it


@dataclass
class Ruled(Flowable):
    """Lines to write on."""

    count: int

    def lay(self, room: Room) -> list[Slab]:
        piece = _RuledPiece(room.width)
        slabs = [Slab(piece, n, room, piece.PITCH, INSIDE) for n in range(self.count)]
        for slab in (*slabs[1:_LEAST_LINES], *slabs[1 - _LEAST_LINES :]):
            slab.cost = NOWHERE
        if slabs:
            slabs[0].cost = HERE
        return slabs


class _RuledPiece(Piece):
    PITCH = 22.0  # the usual wide-ruled 8 mm, near enough
    baseline = PITCH - 3

    def __init__(self, width: float) -> None:
        self.width = width

    def draw(self, pen: Pen, x: float, first: int, tops: Sequence[float]) -> None:
        with pen.artifact():
            for top in tops:
                pen.box("faint", x, top - self.baseline, self.width, 0.5)


@dataclass
class PracticeRuns(Flowable):
    """Three boxes to tick, each with a line for the date."""

    def lay(self, room: Room) -> list[Slab]:
        piece = _RunsPiece(room.width)
        return [Slab(piece, n, room, piece.PITCH, NOWHERE) for n in range(3)]


class _RunsPiece(Piece):
    PITCH = 16.0  # nearly 6 mm: a date in handwriting
    baseline = PITCH - 3

    def __init__(self, width: float) -> None:
        self.width = width

    def draw(self, pen: Pen, x: float, first: int, tops: Sequence[float]) -> None:
        with pen.artifact():
            for y in (top - self.baseline for top in tops):
                pen.outline("quiet", x + 0.4, y - 0.4, styles.TICK, styles.TICK)
                pen.box("faint", x + 13, y - 0.4, self.width - 26, 0.5)


@dataclass
class Rule(Flowable):
    """A thematic break: a short rule."""

    def lay(self, room: Room) -> list[Slab]:
        return [Slab(_RulePiece("faint", room.width / 5, 0.6), 0, room, 6)]


@dataclass
class Bar(Flowable):
    """The one ornament of the cover."""

    def lay(self, room: Room) -> list[Slab]:
        return [Slab(_RulePiece("accent", 44, 4), 0, room, 6)]


class _RulePiece(Piece):
    def __init__(self, ink: Ink, width: float, thickness: float) -> None:
        self.ink: Ink = ink
        self.width = width
        self.thickness = thickness

    def draw(self, pen: Pen, x: float, first: int, tops: Sequence[float]) -> None:
        with pen.artifact():
            pen.box(self.ink, x, tops[0] - 3, self.width, self.thickness)
