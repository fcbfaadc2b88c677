"""Slabs placed on pages, and pages drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

from . import styles
from .flowables import NOWHERE, Box, Room, Slab
from .foot import Foot
from .notes import Note
from .pen import Pen
from .styles import Paper

_GAP_COST = 900.0
"""Of leaving a column empty; half empty costs a quarter of it."""

_SCANT = 80.0
_SCANT_COST = 60.0
"""Of a last page with next to nothing on it. Five lines or six are enough."""

_ROUNDING = 0.01
_STEPS = 60  # in which the depth of a last page with columns is tried: about a line each


class Placed(NamedTuple):
    """A slab on a page. `x` is that of its column, `top` counts down from the top of the text."""

    slab: Slab
    x: float
    top: float
    again: bool = False
    """Repeated from an earlier page."""


class Filled(NamedTuple):
    """What stands on a page, and how many of its section's elements are known to be final once it
    is drawn; more may be. `next` is the number of the flowable that begins with the next page; 0
    where one goes on there, or nothing follows."""

    placed: list[Placed]
    closed: int
    next: int


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


class _Coming:
    """Slabs in order, by number, each made when it is first asked for."""

    def __init__(self, slabs: Iterable[Slab]) -> None:
        self._source = iter(slabs)
        self._made: list[Slab] = []
        self._first = 0

    def __getitem__(self, number: int) -> Slab:
        return self._made[number - self._first]

    def reach(self, number: int) -> bool:
        """Whether there is a slab of that number."""
        while number - self._first >= len(self._made):
            slab = next(self._source, None)
            if slab is None:
                return False
            self._made.append(slab)
        return True

    def between(self, start: int, end: int) -> list[Slab]:
        return self._made[start - self._first : end - self._first]

    def forget(self, number: int) -> None:
        """Let go of the slabs before that number: nobody will ask for them."""
        del self._made[: number - self._first]
        self._first = number


def paginate(slabs: Iterable[Slab], room: Room, columns: Sequence[float]) -> Iterator[Filled]:
    """The slabs on as many pages as they take, filling the columns (their left edges) in turn. A
    page is there as soon as it is known where it ends."""
    filler = _Filler(_Coming(slabs), room, columns)
    while filler.goes_on():
        yield filler.page()


class _Filler:
    """Fills page after page."""

    def __init__(self, slabs: _Coming, room: Room, columns: Sequence[float]) -> None:
        self.slabs = slabs
        self.depth = room.depth
        self.columns = columns
        self.foot = Foot(room)
        self.start = 0
        """The slab that the next page begins with."""
        self.carried: Sequence[Slab] = ()
        """Lines of notes that the page before had no room for."""

    def goes_on(self) -> bool:
        return bool(self.carried) or self.slabs.reach(self.start)

    def page(self) -> Filled:
        """The next page."""
        begun = self.start, self.carried
        placed = self._columns(self.depth)
        if len(self.columns) > 1 and not self.goes_on():
            placed = self._balanced(*begun)
        closed = 0 if self.carried else max(item.slab.closes for item in placed)
        self.slabs.forget(max(0, self.start - 1))
        begins = not self.carried and self.slabs.reach(self.start)
        return Filled(placed, closed, self.slabs[self.start].opens if begins else 0)

    def _columns(self, depth: float) -> list[Placed]:
        """As much as goes into columns of some depth."""
        placed: list[Placed] = []
        for x in self.columns:
            if self.goes_on():
                placed += self._column(x, depth)
        return placed

    def _balanced(self, start: int, carried: Sequence[Slab]) -> list[Placed]:
        """The last page, its columns about as long as each other, and none broken where nothing
        should be."""
        for part in range(1, _STEPS + 1):
            self.start, self.carried = start, carried
            placed = self._columns(self.depth * part / _STEPS)
            if not self.goes_on() and all(slab.cost < NOWHERE for slab in _openings(placed)):
                break
        return placed

    def _column(self, x: float, depth: float) -> list[Placed]:
        """A column, ended where that is best, with its notes at the foot."""
        slabs, start = self.slabs, self.start
        again = self._resumed()
        notes = [note for slab in again for note in slab.notes]
        y = head = sum(slab.height for slab in again)
        foot = self._foot(notes)
        tops: list[float] = []
        feet: list[tuple[float, int]] = []
        """For each slab, the height of all notes up to it, and their number."""
        end = start
        while slabs.reach(end):
            slab = slabs[end]
            top = y + (slab.before if y > head else 0.0)
            if slab.notes:
                notes += slab.notes
                foot = self._foot(notes)
            if top + slab.height + foot > depth + _ROUNDING and y > head:
                end = self._best(tops, feet, depth)
                break
            tops.append(top)
            feet.append((foot, len(notes)))
            y = top + slab.height
            end += 1
        placed, y = [], 0.0
        for slab in again:
            placed.append(Placed(slab, x, y, again=True))
            y += slab.height
        for slab, top in zip(slabs.between(start, end), tops, strict=False):
            placed.append(Placed(slab, x, top))
            y = top + slab.height
        self.start = end
        lines = self._lines(notes[: feet[end - start - 1][1]] if end > start else notes)
        return [*placed, *self._at_foot(lines, x, y, depth)]

    def _resumed(self) -> list[Slab]:
        """What the boxes that go on from the page before repeat."""
        slabs, start = self.slabs, self.start
        if start == 0 or not slabs.reach(start):
            return []
        open_boxes = slabs[start - 1].boxes
        return [slab for box in slabs[start].boxes if box in open_boxes for slab in box.resume]

    def _best(self, tops: Sequence[float], feet: Sequence[tuple[float, int]], depth: float) -> int:
        """The slab before which a column is best ended; `tops` and `feet` are of those that fit."""
        best, least = self.start + len(tops), float("inf")
        rest = self._rest(best) if len(self.columns) == 1 else _SCANT
        for count in range(len(tops), 0, -1):
            candidate = self.start + count
            bottom = tops[count - 1] + self.slabs[candidate - 1].height + feet[count - 1][0]
            gap = _GAP_COST * (1 - bottom / depth) ** 2
            if gap >= least:
                break  # further up it is larger still
            cost = self.slabs[candidate].cost + gap
            if rest < _SCANT:
                cost += _SCANT_COST * (1 - rest / _SCANT)
            if cost < least:
                best, least = candidate, cost
            rest += self.slabs[candidate - 1].height
        return best

    def _rest(self, start: int) -> float:
        """The height of what there is from a slab on, as far as it could be too little for a page
        of its own."""
        rest = 0.0
        while rest < _SCANT and self.slabs.reach(start):
            rest += self.slabs[start].height
            start += 1
        return rest

    # ----------------------------------------------------------------------------- notes

    def _lines(self, notes: Iterable[Note]) -> list[Slab]:
        """Those carried over, then those of some notes, each once."""
        lines = list(self.carried)
        for note in sorted(set(notes), key=lambda note: note.number):
            of_note = self.foot.lines(note)
            if of_note[-1] not in self.carried:
                lines += of_note
        return lines

    def _foot(self, notes: Iterable[Note]) -> float:
        """The height of some notes, with those carried over."""
        return self.foot.height(self._lines(notes))

    def _at_foot(self, lines: Sequence[Slab], x: float, top: float, depth: float) -> list[Placed]:
        """Lines of notes at the foot of a column whose text ends at `top`; what there is no room
        for is carried over."""
        shown: list[Slab] = []
        others = (line.height for line in lines[1:])
        heights = accumulate(others, initial=self.foot.height(lines[:1]))
        for line, height in zip(lines, heights, strict=False):
            if top + height > depth + _ROUNDING:
                break
            shown.append(line)
        self.carried = lines[len(shown) :]
        placed, y = [], depth - self.foot.height(shown)
        for slab in self.foot.below(shown):
            placed.append(Placed(slab, x, y))
            y += slab.height
        return placed


def _openings(placed: Sequence[Placed]) -> Iterator[Slab]:
    """The slabs that the columns of a page begin with, but the first."""
    for before, item in pairwise(item for item in placed if not item.again):
        if item.x != before.x:
            yield item.slab


# ----------------------------------------------------------------------------------- drawing


class Drawer:
    """Draws pages on a paper with a pen."""

    def __init__(self, pen: Pen, paper: Paper, duplex: bool, name: str) -> None:
        self.pen = pen
        self.paper = paper
        self.duplex = duplex
        self.name = name
        """Of the guide, for the running heads."""

    def draw(self, page: Page, number: int) -> int:
        """Draw a page, and end it; `number` counts the sheets' sides from 1. Gives the number of
        its object."""
        paper = self.paper
        verso = self.duplex and number % 2 == 0
        left = (paper.outer if verso else paper.inner) + paper.hang
        top = paper.height - paper.top
        draw_placed(self.pen, page.placed, left, top)
        if not page.bare:
            self._furniture(page, left - paper.hang, verso)
        return self.pen.next_page()

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


def _extents(placed: Sequence[Placed]) -> list[tuple[Box, float, float, float]]:
    """The boxes of a page, outermost first, each with its column and its first and last edge: one
    that is interrupted by slabs that are not in it comes once for each of its parts."""
    found: list[tuple[Box, float, float, float]] = []
    going_on: dict[Box, int] = {}
    for slab, x, top, _ in placed:
        above, going_on = going_on, {}
        for box in slab.boxes:
            at = above.get(box, len(found))
            high = found[at][2] if box in above else top
            found[at : at + 1] = [(box, x, high, top + slab.height)]
            going_on[box] = at
    return found


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
