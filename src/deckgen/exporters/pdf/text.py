"""What text is made of: runs of characters in one style, and the lines they are broken into."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from .scripts import SOFT_HYPHEN
from .styles import Style
from .tags import Element

if TYPE_CHECKING:
    from .pen import Pen


class Picture(Protocol):
    """Something that stands in a line as a character does, such as a formula. Its size is in
    points; ascent and descent are counted from the baseline, up and down."""

    @property
    def width(self) -> float: ...
    @property
    def ascent(self) -> float: ...
    @property
    def descent(self) -> float: ...
    @property
    def alternative(self) -> str:
        """What it says in words; nothing if it is an ornament, or draws words itself."""

    def draw(self, pen: Pen, x: float, y: float, style: Style, element: Element | None) -> None:
        """Draw it from `x` rightwards on the baseline `y`."""


class Link:
    """One link of the text, which its runs share. `address` is a URL, or a place of this document
    after a `#`; `alternative` says where it leads."""

    __slots__ = ("address", "alternative", "element")

    def __init__(self, address: str, alternative: str = "") -> None:
        self.address = address
        self.alternative = alternative
        self.element: Element | None = None

    def within(self, element: Element) -> Element:
        """Its place in the structure tree, made where it is first drawn."""
        if self.element is None:
            self.element = element.add("Link", self.alternative)
        return self.element


class Run(NamedTuple):
    """Characters in one style. A newline ends the line. A run with a picture has no other text."""

    text: str
    style: Style
    link: Link | None = None
    picture: Picture | None = None
    level: int = 0
    """Of embedding, as the Unicode Bidirectional Algorithm counts: odd runs from right to left."""


class Line(NamedTuple):
    """A line's pieces, from left to right. `width`, in points, leaves out the space at its end,
    which is there so that copied text keeps its words apart; `spaces` is how many can be
    stretched."""

    pieces: list[tuple[Run, str]]
    width: float
    spaces: int
    last: bool
    plain: bool = False
    """Whether it is known to be nothing but letters: without links, pictures and rules."""
    reading: Sequence[int] = ()
    """The order in which the pieces are read, if it is another."""
    right: bool = False
    """Whether it begins at the right."""
    gaps: int = 0
    """How many characters can be moved apart to fill it, where ideographs leave no spaces to."""

    @property
    def divided(self) -> bool:
        """Whether it ends inside a word."""
        return bool(self.pieces) and self.pieces[-1][1].endswith(SOFT_HYPHEN)


def is_plain(runs: Iterable[Run]) -> bool:
    """Whether there is nothing to them but letters."""
    for _, style, link, picture, _ in runs:
        if link or picture or style.rule or style.strike:
            return False
    return True
