"""Slabs placed on pages, and pages drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from . import styles
from .flowables import Box, Slab
from .pen import Pen
from .styles import Paper

_GAP_COST = 900.0
"""Of leaving a column empty; half empty costs a quarter of it."""

_STEPS = 60  # in which the depth of a last page with columns is tried: about a line each


class Placed(NamedTuple):
    """A slab on a page. `x` is that of its column, `top` counts down from the top of the text."""

    slab: Slab
    x: float
    top: float
    again: bool = False
    """Repeated from an earlier page."""


@dataclass
class Page:
    """A page of the finished guide. Without content it is blank, so that what follows opens on a
    right-hand page."""

    title: str = ""
    bare: bool = True
    label: str = ""
    codes: str = ""
    """Of the questions on it, to find one by leafing."""
    placed: Sequence[Placed] = ()


def paginate(slabs: Sequence[Slab], depth: float, columns: Sequence[float]) -> list[list[Placed]]:
    """The slabs on as many pages as they take, filling the columns (their left edges) in turn."""
    pages: list[list[Placed]] = []
    start = 0
    while start < len(slabs):
        page, end = _page(slabs, start, depth, columns)
        if end == len(slabs) and len(columns) > 1:
            page = _balanced(slabs, start, depth, columns)
        pages.append(page)
        start = end
    return pages


def _page(
    slabs: Sequence[Slab], start: int, depth: float, columns: Sequence[float]
) -> tuple[list[Placed], int]:
    """The page that begins with slab `start`, and the slab that the next one begins with."""
    page: list[Placed] = []
    for x in columns:
        if start == len(slabs):
            break
        end, tops = _column(slabs, start, depth)
        y = 0.0
        for slab in _resumed(slabs, start):
            page.append(Placed(slab, x, y, again=True))
            y += slab.height
        page += [Placed(slab, x, top) for slab, top in zip(slabs[start:end], tops, strict=False)]
        start = end
    return page, start


def _balanced(
    slabs: Sequence[Slab], start: int, depth: float, columns: Sequence[float]
) -> list[Placed]:
    """The last page, its columns about as long as each other."""
    for part in range(1, _STEPS):
        page, end = _page(slabs, start, depth * part / _STEPS, columns)
        if end == len(slabs):
            return page
    return _page(slabs, start, depth, columns)[0]


def _resumed(slabs: Sequence[Slab], start: int) -> list[Slab]:
    """What the boxes that go on from the page before repeat."""
    if start == 0:
        return []
    open_boxes = slabs[start - 1].boxes
    return [slab for box in slabs[start].boxes if box in open_boxes for slab in box.resume]


def _column(slabs: Sequence[Slab], start: int, depth: float) -> tuple[int, list[float]]:
    """Where the column that begins with slab `start` is best ended, and where its slabs stand."""
    y = head = sum(slab.height for slab in _resumed(slabs, start))
    tops: list[float] = []
    end = start
    while end < len(slabs):
        slab = slabs[end]
        top = y + (slab.before if y else 0.0)
        if top + slab.height > depth + 0.01 and y > head:
            break
        tops.append(top)
        y = top + slab.height
        end += 1
    else:
        return end, tops
    best, least = end, float("inf")
    for candidate in range(end, start, -1):
        bottom = tops[candidate - 1 - start] + slabs[candidate - 1].height
        cost = slabs[candidate].cost + _GAP_COST * (1 - bottom / depth) ** 2
        if cost < least:
            best, least = candidate, cost
    return best, tops


# ----------------------------------------------------------------------------------- drawing


class Drawer:
    """Draws pages on a paper with a pen."""

    def __init__(self, pen: Pen, paper: Paper, duplex: bool, name: str) -> None:
        self.pen = pen
        self.paper = paper
        self.duplex = duplex
        self.name = name
        """Of the guide, for the running heads."""

    def draw(self, page: Page, number: int) -> None:
        """Draw a page; `number` counts the sheets' sides from 1."""
        paper = self.paper
        verso = self.duplex and number % 2 == 0
        left = (paper.outer if verso else paper.inner) + paper.hang
        top = paper.height - paper.top
        draw_placed(self.pen, page.placed, left, top)
        if not page.bare:
            self._furniture(page, left - paper.hang, verso)
        self.pen.next_page()

    def _furniture(self, page: Page, left: float, verso: bool) -> None:
        pen, paper = self.pen, self.paper
        right = left + paper.hang + paper.measure
        head, foot = paper.height - paper.top + 22, paper.bottom - 26
        title, folio = styles.RUNNING.style, styles.FOLIO.style
        with pen.artifact("header"):
            pen.words(page.codes, folio, left if verso else right, head, right=not verso)
            taken = pen.width(page.codes, folio) + 10 if page.codes else 0.0
            room = right - left - taken
            if verso:
                pen.words(self.name, title, left + taken, head, widest=room)
            else:
                pen.words(page.title, title, right - taken, head, right=True, widest=room)
        with pen.artifact("footer"):
            pen.words(page.label, folio, left if verso else right, foot, right=not verso)


def draw_placed(pen: Pen, placed: Sequence[Placed], left: float, top: float) -> None:
    """Draw slabs into a column whose upper left corner is given, what is behind them first."""
    for box, x, high, low in _extents(placed):
        with pen.artifact():
            box.draw(pen, left + x, top - high, top - low)
    for run in _stretches(placed):
        _draw_stretch(pen, run, left, top)


def _draw_stretch(pen: Pen, run: Sequence[Placed], left: float, top: float) -> None:
    first = run[0]
    x = left + first.x
    for placed in run:
        for anchor in placed.slab.anchors:
            pen.anchor(anchor.key, top - placed.top + 10)
        for slab, offset in placed.slab.beside:
            slab.piece.draw(pen, x + slab.x, slab.index, [top - placed.top - offset])
    tops = [top - placed.top for placed in run]
    slab = first.slab
    if first.again:
        with pen.artifact():
            slab.piece.draw(pen, x + slab.x, slab.index, tops)
    else:
        slab.piece.draw(pen, x + slab.x, slab.index, tops)


def _extents(placed: Sequence[Placed]) -> Iterator[tuple[Box, float, float, float]]:
    """The boxes of a page, outermost first, each with its column and its first and last edge."""
    found: dict[Box, tuple[float, float, float]] = {}
    for slab, x, top, _ in placed:
        for box in slab.boxes:
            _, high, _ = found.get(box, (x, top, top))
            found[box] = (x, high, top + slab.height)
    for box, (x, high, low) in found.items():
        yield box, x, high, low


def _stretches(placed: Sequence[Placed]) -> Iterator[list[Placed]]:
    """The slabs of a page, those together that one piece draws in one go."""
    run: list[Placed] = []
    for item in placed:
        if run and (
            item.slab.piece is not run[-1].slab.piece
            or item.x != run[-1].x
            or item.slab.index != run[-1].slab.index + 1
        ):
            yield run
            run = []
        run.append(item)
    if run:
        yield run
