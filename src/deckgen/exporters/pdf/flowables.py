"""What a page is made of: text, and what holds text together.

A flowable says what there is to print; it knows nothing of pages. Given a room, it turns into
slabs: lines, rows, pictures that no page break divides, each with the cost of breaking before it. A
slab belongs to a piece, which draws any stretch of its slabs, so a paragraph cut by a page's end is
drawn as two paragraphs would be.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count, repeat
from typing import NamedTuple

from ...model import Question
from . import styles
from .breaker import Breaker
from .notes import Mark, Note
from .pen import Pen
from .styles import Setting, Style
from .tags import Element, Role
from .text import Line, Run

# Costs of a page break before a slab. The page's foot left empty costs too: a twelfth of the page
# as much as HERE, a quarter of it about as much as APART.
NOWHERE = 1_000_000.0  # only where a thing is longer than a page
APART = 60.0  # inside what should stand together
INSIDE = 12.0  # inside a paragraph
_DIVIDED = 2 * INSIDE  # inside a word: nobody should turn a page to read its end
HERE = 6.0  # between two blocks
FREE = 0.0  # between two questions


class Anchor(NamedTuple):
    """A place that links, bookmarks and page numbers find. `level` is that of its bookmark, from 0;
    without a title there is none."""

    key: str
    title: str = ""
    level: int = 0


class Piece(ABC):
    """Draws a stretch of its slabs."""

    baseline: float = 0.0
    """From the top of its first slab down to its first line of type, if it has any."""

    @abstractmethod
    def draw(self, pen: Pen, x: float, first: int, tops: Sequence[float]) -> None:
        """Draw its slabs from number `first` on, each below its top."""


class Slab:
    """What no page break divides."""

    __slots__ = (
        "anchors", "before", "beside", "boxes", "closes", "cost", "height", "index", "notes",
        "opens", "piece", "x",
    )  # fmt: skip

    def __init__(
        self, piece: Piece, index: int, room: Room, height: float, cost: float = HERE
    ) -> None:
        self.piece = piece
        self.index = index
        self.x = room.x
        self.height = height
        self.before = 0.0
        """The space above it, dropped at the top of a page."""
        self.cost = cost
        self.boxes = room.boxes
        self.anchors: tuple[Anchor, ...] = ()
        self.beside: tuple[tuple[Slab, float], ...] = ()
        """Slabs in the label column, with how far below this one's top they begin."""
        self.notes: Sequence[Note] = ()
        """What stands at the foot of the page for it."""
        self.closes = 0
        """How many of the section's elements, counted from its first, are complete once this is
        drawn."""
        self.opens = 0
        """The number of the section's flowable that begins with this one; the first one's is 0, as
        is that of slabs that begin none."""


class Box(ABC):
    """Something drawn behind or beside slabs: once for those that follow each other on a page."""

    resume: Sequence[Slab] = ()
    """What is repeated at the top of a page where the box goes on."""

    @abstractmethod
    def draw(self, pen: Pen, x: float, top: float, bottom: float) -> None:
        """`x` is the left edge of the text column."""


class Room(NamedTuple):
    """Where a flowable is to stand: `x` from the left edge of the text column."""

    breaker: Breaker
    x: float
    width: float
    element: Element
    boxes: tuple[Box, ...] = ()
    hang: float = 0.0
    """The width of the label column beside the text column, its gap included."""
    gap: float = 0.0
    depth: float = 0.0
    """The height of a page."""

    def inset(self, left: float, right: float = 0.0) -> Room:
        """The same, narrower by so much on each side."""
        x, width = self.x + left, self.width - left - right
        return Room(
            self.breaker, x, width, self.element, self.boxes, self.hang, self.gap, self.depth
        )

    def within(self, element: Element) -> Room:
        """The same, for what belongs to another element of the structure tree."""
        return Room(
            self.breaker, self.x, self.width, element, self.boxes, self.hang, self.gap, self.depth
        )

    def wide(self) -> Room:
        """The label column and the text column as one, across whatever is drawn beside the text."""
        return self._replace(x=-self.hang, width=self.width + self.x + self.hang, boxes=())


@dataclass(kw_only=True)
class Flowable(ABC):
    """Something to print."""

    before: float = 0.0
    """The space above it."""
    keep: bool = False
    """Whether it must stand on one page with the beginning of what follows."""
    anchor: Anchor | None = None

    def slabs(self, room: Room) -> list[Slab]:
        """What it comes to in a room."""
        slabs = self.lay(room)
        if slabs:
            slabs[0].before = self.before
            if self.anchor:
                slabs[0].anchors = (self.anchor, *slabs[0].anchors)
        return slabs

    @abstractmethod
    def lay(self, room: Room) -> list[Slab]:
        """Its slabs, without the space above."""


# ------------------------------------------------------------------------------------------ text


def first_baseline(setting: Setting) -> float:
    """From the top of a paragraph: the middle of a line is that of its lower-case letters."""
    return setting.leading / 2 + setting.style.size * 0.3


class TextPiece(Piece):
    """Lines of one paragraph."""

    def __init__(
        self, lines: Sequence[Line], setting: Setting, measure: float, element: Element | None
    ) -> None:
        self.lines = lines
        self.setting = setting
        self.measure = measure
        self.element = element
        above = first_baseline(setting)
        below = setting.leading - above  # a tall picture makes room
        self.drops = [above] * len(lines)
        self.heights = [above + below] * len(lines)
        self.notes: dict[int, list[Note]] = {}
        """Those of the lines that have some."""
        for number, line in enumerate(lines):
            if line.plain:
                continue
            special = [run for run, _ in line.pieces if run.picture or run.link]
            if not special:
                continue
            pictures = [run.picture for run in special if run.picture]
            if pictures:
                drop = max(above, *(picture.ascent + 1 for picture in pictures))
                fall = max(below, *(picture.descent + 1 for picture in pictures))
                self.drops[number], self.heights[number] = drop, drop + fall
            notes = [run.link.note for run in special if isinstance(run.link, Mark)]
            if notes:
                self.notes[number] = notes
        self.baseline = self.drops[0]

    def slabs(self, room: Room, costs: Iterable[float]) -> list[Slab]:
        """Its lines, with the cost of a page break before each."""
        slabs = list(map(Slab, repeat(self), count(), repeat(room), self.heights, costs))
        for number, notes in self.notes.items():
            slabs[number].notes = notes
        return slabs

    def draw(self, pen: Pen, x: float, first: int, tops: Sequence[float]) -> None:
        lines = self.lines[first : first + len(tops)]
        baselines = self.baselines(first, tops)
        pen.text(lines, x, baselines, self.measure, self.setting, self.element)

    def baselines(self, first: int, tops: Sequence[float]) -> list[float]:
        """Those of its lines from number `first` on, each of which has its top."""
        drops = self.drops[first : first + len(tops)]
        return [top - drop for top, drop in zip(tops, drops, strict=True)]


@cache
def line_costs(count: int) -> Sequence[float]:
    """What it costs to break a page before each line of a paragraph: neither the first line nor
    the last may stand alone."""
    costs = [HERE] + [INSIDE] * (count - 1)
    if count > 1:
        costs[1] = costs[-1] = NOWHERE
    return tuple(costs)


@dataclass
class Text(Flowable):
    """A paragraph, or a heading."""

    runs: Sequence[Run]
    setting: Setting = styles.BODY
    role: Role | None = "P"
    """Without one its lines belong to the element around it, such as a list's item."""

    def lay(self, room: Room) -> list[Slab]:
        element = room.element.add(self.role) if self.role else room.element
        return paragraph(self.runs, self.setting, room, element)


def paragraph(
    runs: Sequence[Run], setting: Setting, room: Room, element: Element | None
) -> list[Slab]:
    """The slabs of a paragraph: its lines."""
    lines = room.breaker.lines(runs, room.width, setting.justify)
    if setting.blanks:
        lines[-1] = _with_blank(lines[-1], room)
    piece = TextPiece(lines, setting, room.width, element)
    slabs = piece.slabs(room, line_costs(len(lines)))
    for line, slab in zip(lines, slabs[1:], strict=False):
        if line.divided:
            slab.cost = max(slab.cost, _DIVIDED)
    return slabs


@dataclass(frozen=True)
class _Blank:
    """A line to write on."""

    width: float
    ascent: float = 0.0
    descent: float = 0.0
    alternative: str = ""

    def draw(self, pen: Pen, x: float, y: float, style: Style, element: Element | None) -> None:
        with pen.artifact():
            pen.box("faint", x, y - 1.5, self.width, 0.5)


_LEAST_BLANK = 3  # underscores: fewer are part of a name


def _with_blank(line: Line, room: Room) -> Line:
    """The line with the underscores at its end, if there are some, drawn out to the margin."""
    *pieces, (run, text) = line.pieces or [(Run("", styles.BODY.style), "")]
    words = text.rstrip("_")
    underscores = text[len(words) :]
    if len(underscores) < _LEAST_BLANK or line.reading:
        return line
    taken = line.width - room.breaker.width(underscores, run.style)
    blank = run._replace(text="", picture=_Blank(room.width - taken))
    pieces += [(run._replace(text=words), words), (blank, "")]
    return line._replace(pieces=pieces, width=room.width, plain=False)


# --------------------------------------------------------------------------------- containers


@dataclass
class Group(Flowable):
    """Flowables one after the other."""

    children: Sequence[Flowable]
    role: Role | None = None
    whole: bool = False
    """Kept on one page if it is short."""
    ordered: bool = False
    """A numbered list."""

    def lay(self, room: Room) -> list[Slab]:
        if self.role:
            room = room.within(room.element.add(self.role))
            room.element.numbering = "Decimal" if self.ordered else "Disc"
        slabs = stack(self.children, room)
        if self.whole and sum(slab.before + slab.height for slab in slabs) < room.depth / 4:
            for slab in slabs[1:]:
                slab.cost = max(slab.cost, APART)
        return slabs


@dataclass
class Telling(Flowable):
    """Flowables that are written when they are laid out."""

    told: object
    """What they follow from, but for the guide itself: questions, parts of them, page labels."""
    write: Callable[[], Sequence[Flowable]]

    def lay(self, room: Room) -> list[Slab]:
        return stack(self.write(), room)


@dataclass
class About(Telling):
    """All that a part of the guide says about a question."""

    told: Question

    def lay(self, room: Room) -> list[Slab]:
        with room.breaker.about(self.told):
            slabs = super().lay(room)
        if slabs:
            slabs[0].cost = FREE
        return slabs


def stack(children: Iterable[Flowable], room: Room) -> list[Slab]:
    """The slabs of flowables one below the other; the first stands at the very top."""
    stacked: list[Slab] = []
    for slabs in flow(children, room):
        stacked += slabs
    return stacked


def flow(children: Iterable[Flowable], room: Room) -> Iterator[list[Slab]]:
    """The same, flowable by flowable, each laid out when it is asked for."""
    above: Flowable | None = None
    for child in children:
        slabs = child.slabs(room)
        if slabs:
            if above is None:
                slabs[0].before = 0.0
            elif above.keep:
                slabs[0].cost = NOWHERE
            above = child
            yield slabs


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


class Nothing(Piece):
    """Empty space. `baseline` is that of the first line below it, where this is its padding."""

    def __init__(self, baseline: float = 0.0) -> None:
        self.baseline = baseline

    def draw(self, pen: Pen, x: float, first: int, tops: Sequence[float]) -> None:
        pass


def blank(height: float, room: Room, cost: float = HERE) -> list[Slab]:
    """Empty space, in points, as a slab."""
    return [Slab(Nothing(), 0, room, height, cost)]


@dataclass
class Space(Flowable):
    """Empty space, at the top of a page too."""

    height: float

    def lay(self, room: Room) -> list[Slab]:
        return blank(self.height, room)
