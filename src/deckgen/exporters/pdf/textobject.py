"""Lines of text as operators of a page: a paragraph is one text object (ISO 32000-1, 9.4), whatever
the number of its lines and runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from .scripts import graphemes
from .styles import Setting, Style
from .tags import Element
from .text import Line, Link, Picture, Run, is_plain

if TYPE_CHECKING:
    from .pen import Pen

_WIDEST_GAP = 0.9
"""Of the size: a line that needs wider gaps to be full is left short."""

_WIDEST_TRACKING = 0.1
"""The same for the room between ideographs."""


class InRow(NamedTuple):
    """A line of a row, at `x` within `measure`, on its baseline."""

    line: Line
    x: float
    measure: float
    baseline: float


class TextObject:
    """One paragraph's lines on their way to the page; without an element they are furniture."""

    # As a text object finds the page.
    gap = 0.0
    tracking = 0.0
    rise = 0.0
    link: Link | None = None

    def __init__(
        self, pen: Pen, x: float, measure: float, setting: Setting, element: Element | None
    ) -> None:
        self.pen = pen
        self.write = pen.canvas._code.append
        self.x = x
        self.measure = measure
        self.setting = setting
        self.element = element
        self.after: list[tuple[Run, Element | None, float, float, float]] = []

    def draw(self, lines: Sequence[Line], baselines: Sequence[float]) -> None:
        self._begin(lines[0])
        for line, baseline in zip(lines, baselines, strict=True):
            self._line(line, baseline)
        self._end()

    def draw_row(self, parts: Sequence[InRow]) -> None:
        """Lines that stand in different places, but are read as one."""
        self._begin(parts[0].line)
        for line, self.x, self.measure, baseline in parts:
            self._line(line, baseline)
        self._end()

    def _begin(self, line: Line) -> None:
        """Opens it, and marks what comes first: the element's own text, or that of a link."""
        self.write("BT")
        if self.element is not None:
            if line.pieces and not line.reading:
                self.link = line.pieces[0][0].link
            self.pen.begin(self.link.within(self.element) if self.link else self.element)

    def _end(self) -> None:
        write = self.write
        if self.rise:
            write("0 Ts")
            self.pen.style = None
        if self.gap:
            write("0 Tw")
        if self.tracking:
            write("0 Tc")
        if self.element is not None:
            write("EMC")
        write("ET")
        for decoration in self.after:
            self._decorate(*decoration)

    def _line(self, line: Line, baseline: float) -> None:
        pieces = line.pieces
        x, gap, tracking = self._set(line)
        if gap != self.gap:
            self.gap = gap
            self.write(f"{gap:.3f} Tw")
        if tracking != self.tracking:
            self.tracking = tracking
            self.write(f"{tracking:.3f} Tc")
        if line.reading:
            self._line_as_read(line, x, baseline)
            return
        self.write(f"1 0 0 1 {x:.2f} {baseline:.2f} Tm")
        if line.plain and not self.link:
            for run, text in pieces:
                self._show(run.style, text)
            return
        # Where a run ends matters only if something beside its letters is drawn.
        tracked = not is_plain(run for run, _ in pieces)
        for number, (run, text) in enumerate(pieces, 1):
            if run.link or self.link:
                self._enter(run)
            if run.picture:
                x = self._picture(run, run.picture, x, baseline)
                continue
            self._show(run.style, text)
            if tracked:
                if number == len(pieces):
                    text = text.rstrip(" ")  # the space at a line's end reaches into the margin
                end = x + self._advance(run, text)
                if _decorated(run):
                    self.after.append((run, None, x, end, baseline))
                x = end

    def _line_as_read(self, line: Line, x: float, baseline: float) -> None:
        """A line with parts that run from right to left. Pieces are drawn in the order they are
        read; only the characters within a string that runs to the left stand in the order they
        look, and are marked as reversed (ISO 32000-1, 14.8.2.3.3)."""
        edges = [x]
        for run, text in line.pieces:
            edges.append(edges[-1] + self._advance(run, text))
        for number in line.reading:
            run, text = line.pieces[number]
            start, end = edges[number], edges[number + 1]
            if run.link or self.link:
                self._enter(run)
            if run.picture:
                self._picture(run, run.picture, start, baseline)
                continue
            if run.level % 2 and not text.isspace():
                self._word_from_right(run, text, end, baseline)
            else:
                self.write(f"1 0 0 1 {start:.2f} {baseline:.2f} Tm")
                self._show(run.style, text)
            if _decorated(run) and not text.isspace():
                self.after.append((run, None, start, end, baseline))

    def _word_from_right(self, run: Run, word: str, x: float, baseline: float) -> None:
        """A word that ends at `x`, which is where its reading begins."""
        self.write("/ReversedChars BMC")
        for portion in self.pen.fonts.face(run.style).portions(word):
            x -= self._advance(run, portion)
            self.write(f"1 0 0 1 {x:.2f} {baseline:.2f} Tm")
            self._show(run.style, portion)
        self.write("EMC")

    def _advance(self, run: Run, text: str) -> float:
        """How far a piece reaches, its spaces stretched."""
        if run.picture:
            return run.picture.width
        stretched = self.gap * (text.count(" ") + text.count("\u00a0"))
        if self.tracking:
            stretched += self.tracking * len(graphemes(text))
        return self.pen.width(text, run.style) + stretched

    def _set(self, line: Line) -> tuple[float, float, float]:
        """Where a line begins, how much is added to each space, and how much between characters. A
        line of ideographs is stretched or squeezed between its characters, not in its spaces."""
        setting, slack = self.setting, self.measure - line.width
        if setting.align != "left":
            return self.x + (slack if setting.align == "right" else slack / 2), 0.0, 0.0
        gap = tracking = 0.0
        if slack < 0 or (setting.justify and not line.last):
            size = setting.style.size
            if line.gaps:
                tracking = _unless_wider(slack / line.gaps, size * _WIDEST_TRACKING)
            if line.spaces and not tracking:
                gap = _unless_wider(slack / line.spaces, size * _WIDEST_GAP)
        short = line.right and not (gap or tracking)
        return self.x + (slack if short else 0.0), gap, tracking

    def _show(self, style: Style, text: str) -> None:
        pen = self.pen
        if style is not pen.style:
            self._turn_to(style)
        codes = pen.face.codes(text)
        if codes is not None:
            self.write(f"[({codes})] TJ")
            return
        for font, codes in pen.face.show(text):
            self.write(f"{font} {style.size:g} Tf [({codes})] TJ")
        pen.style = None  # the font is another now

    def _turn_to(self, style: Style) -> None:
        """What follows is in that style."""
        pen = self.pen
        if style.rise != self.rise:
            self.rise = style.rise
            self.write(f"{style.rise:g} Ts")
        pen.fill(style.ink)
        pen.style = style
        pen.face, font = pen.styles[style]
        self.write(font)

    def _picture(self, run: Run, picture: Picture, x: float, baseline: float) -> float:
        """Leaves room for a picture, which is drawn when the text is done; gives its end."""
        pen, element, end = self.pen, self.element, x + picture.width
        if element is not None and picture.alternative:
            # Its place in the order of reading is here.
            self.write("EMC")
            formula = element.add("Formula", picture.alternative)
            pen.begin(self.link.within(element) if self.link else element)
            element = formula
        self.after.append((run, element, x, end, baseline))
        self.write(f"1 0 0 1 {end:.2f} {baseline:.2f} Tm")
        return end

    def _enter(self, run: Run) -> None:
        """Marks the change between a link and the text around it."""
        if self.element is not None and run.link is not self.link:
            self.write("EMC")
            self.pen.begin(run.link.within(self.element) if run.link else self.element)
            self.link = run.link

    def _decorate(
        self, run: Run, element: Element | None, start: float, end: float, baseline: float
    ) -> None:
        pen, style = self.pen, run.style
        if run.picture:
            run.picture.draw(pen, start, baseline, style, element)
        if style.rule:
            with pen.artifact():
                pen.box("faint", start, baseline - style.size * 0.2, end - start, 0.5)
        if style.strike:
            with pen.artifact():
                pen.box(style.ink, start, baseline + style.size * 0.25, end - start, 0.6)
        if run.link and self.element is not None:
            low, high = baseline - style.size * 0.25, baseline + style.size * 0.85
            pen.link(run.link, (start, low, end, high))


def _unless_wider(gap: float, widest: float) -> float:
    """A gap, or none where a line had better be left short."""
    return gap if gap <= widest else 0.0


def _decorated(run: Run) -> bool:
    return not is_plain((run,))
