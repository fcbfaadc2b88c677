"""Every size, distance and colour of the printed guide, in points, with its reason.

The grid: a narrow column for codes and labels, always on the left of the text, so that the eye
finds a question by its number and a part of it by its name without reading a line of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, NamedTuple

MM = 72 / 25.4

Family = Literal["serif", "sans", "mono"]
Ink = Literal["text", "quiet", "accent", "faint", "tint", "string", "comment", "number"]


@dataclass(frozen=True, eq=False)
class Style:
    """How characters look. Compared by identity: make variants with `but`, which caches them."""

    family: Family = "serif"
    bold: bool = False
    italic: bool = False
    size: float = 9.75
    ink: Ink = "text"
    rise: float = 0.0
    strike: bool = False
    rule: bool = False
    """Underlined by a hair."""

    @cache  # noqa: B019 - a style lives as long as the program, as do its variants
    def _variant(self, changes: tuple[tuple[str, object], ...]) -> Style:
        return replace(self, **dict(changes))  # type: ignore[arg-type]

    def but(self, **changes: object) -> Style:
        """This style with some attributes changed: the same object for the same changes."""
        return self._variant(tuple(sorted(changes.items())))


class Setting(NamedTuple):
    """How a paragraph is set: the style it starts from, and its lines."""

    style: Style
    leading: float
    justify: bool = False
    align: Literal["left", "center", "right"] = "left"
    blanks: bool = False
    """Whether a row of underscores that ends it is a line to write on, as far as the margin."""


# Plex Serif is large on its body: 9.75 point reads as 10.5 in most book faces. With a measure of
# 380 points that makes 70 to 75 characters a line; leading of 1.41 keeps lines that long apart.
BODY = Setting(Style(), 13.75, justify=True)
RAGGED = Setting(BODY.style, BODY.leading)  # lists and notes: short lines justify badly
QUESTION = Setting(Style(bold=True, size=11), 15.25)
FINE = Setting(Style(family="sans", size=8.25, ink="quiet"), 11.5)
NOTE = Setting(Style(family="sans", size=8.75), 12)
FOOTNOTE = Setting(Style(family="sans", size=8), 10.5)
LABEL = Setting(Style(family="sans", bold=True, size=8.25, ink="accent"), 10.5)
CODE_NUMBER = Setting(Style(family="sans", bold=True, size=13, ink="accent"), 15.25)
CHAPTER_NUMBER = Setting(Style(family="sans", bold=True, size=9.5, ink="accent"), 13)
CHAPTER = Setting(Style(bold=True, size=22), 27)
SECTION = Setting(Style(bold=True, size=13), 18)
TITLE = Setting(Style(bold=True, size=30), 37)
SUBTITLE = Setting(Style(size=14, ink="quiet"), 20)
# A line of `brief` on a line of the page.
SHEET = Setting(Style(family="sans", size=9.5), 13.5, blanks=True)
TIGHT_SHEET = Setting(Style(family="sans", size=8.75), 11.25, blanks=True)
CELL = Setting(Style(family="sans", size=8.75), 12)
CELL_HEAD = Setting(Style(family="sans", bold=True, size=8.75), 12)
RUNNING = Setting(Style(family="sans", size=7.75, ink="quiet"), 10)
FOLIO = Setting(Style(family="sans", bold=True, size=8.75), 10)

CODE = Setting(  # 75 columns fit the text column, 95 the full width: no line up to 80 is broken
    Style(family="mono", size=8.1), 11.25
)
CODE_PAD = 6.0
INLINE_CODE = 0.92  # Plex Mono's x-height is taller than the serif's: this evens them out

WIDEST_FORMULA = 300.0  # fits a cell of a list three deep; wider ones are made smaller

BLOCK_GAP = 5.5  # between the paragraphs of one text: less than half a line, more than none
SHAPE_GAP = 9.0  # below a table, a listing or a picture: as much as there seems to be above it
ITEM_GAP = 1.75
PART_GAP = 11.0  # between the parts of a question
QUESTION_GAP = 30.0
INDENT = 15.0
TICK = 7.0  # a box to tick: an x-height and a half, so a pen finds it

# Grey values keep the order of the colours' lightness: a photocopy tells the same things apart.
# Whatever words are set in has a contrast of at least 4.5 to 1 to what is behind them; "faint" is
# for rules alone, dark enough for a worn drum to print.
COLORS: dict[Ink, tuple[float, float, float]] = {
    "text": (0.09, 0.09, 0.11),
    "quiet": (0.36, 0.36, 0.40),
    "accent": (0.07, 0.27, 0.42),
    "faint": (0.58, 0.59, 0.61),
    "tint": (0.955, 0.955, 0.945),
    "string": (0.12, 0.36, 0.24),
    "comment": (0.40, 0.40, 0.43),
    "number": (0.48, 0.20, 0.10),
}
GREYS: dict[Ink, tuple[float, float, float]] = {
    "text": (0.08,) * 3,
    "quiet": (0.36,) * 3,
    "accent": (0.2,) * 3,
    "faint": (0.58,) * 3,
    "tint": (0.95,) * 3,
    "string": (0.3,) * 3,
    "comment": (0.42,) * 3,
    "number": (0.25,) * 3,
}


class Paper(NamedTuple):
    """A sheet and where the text stands on it. `hang` is the label column, its gap included."""

    width: float
    height: float
    inner: float
    outer: float
    top: float
    bottom: float
    hang: float
    gap: float

    @property
    def measure(self) -> float:
        """The width of the text column."""
        return self.width - self.inner - self.outer - self.hang

    @property
    def depth(self) -> float:
        """The height of the text column."""
        return self.height - self.top - self.bottom


# An inner margin of 23 mm clears the holes of every common punch (12 mm to their centre).
PAPERS = {
    "a4": Paper(210 * MM, 297 * MM, 23 * MM, 18 * MM, 25 * MM, 24 * MM, 96, 14),
    "letter": Paper(8.5 * 72, 11 * 72, 24 * MM, 20 * MM, 24 * MM, 23 * MM, 96, 14),
}
