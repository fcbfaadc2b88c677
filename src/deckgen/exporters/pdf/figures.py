"""Pictures of the guide, with their captions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .flowables import NOWHERE, Flowable, Piece, Room, Slab, Text
from .pen import Pen
from .pictures import Image, Words
from .tags import Element
from .text import Line


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
