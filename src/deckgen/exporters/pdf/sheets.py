"""Cards on sheets of paper: where a front is printed, and where its back, so that the one lies
behind the other; and where to cut.

The cards stand without gaps in the middle of the sheet: whichever way a sheet is turned over, the
cards of its back cover those of its front, and one cut serves two cards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from .styles import MM

Flip = Literal["long-edge", "short-edge", "none"]

COLUMNS = 2
CARD_WIDTH = 92 * MM

# The same on both papers, so that cards from anywhere mix. Letter is left 12 mm above and below, A4
# 13 mm at the sides: marks for cutting fit there, clear of what printers cannot reach.
CARD_HEIGHTS = {"8": 64 * MM, "10": 51 * MM}

_MARK = (2 * MM, 6 * MM)  # from the cards' edge: a slip of the knife leaves no ink on a card
_CROSS = 1.2 * MM


class Corner(NamedTuple):
    """The upper left corner of a card, in points from the lower left one of the sheet."""

    left: float
    top: float


@dataclass(frozen=True)
class Sheet:
    """A sheet of paper with as many cards as `per_sheet` says."""

    width: float
    height: float
    per_sheet: Literal["8", "10"]

    @property
    def card_height(self) -> float:
        return CARD_HEIGHTS[self.per_sheet]

    @property
    def places(self) -> int:
        return int(self.per_sheet)

    @property
    def rows(self) -> int:
        return self.places // COLUMNS

    def corner(self, place: int) -> Corner:
        """Of a place on the printed page; places are numbered from 0, row by row."""
        row, column = divmod(place, COLUMNS)
        return Corner(self._edges[column], self._levels[row])

    def behind(self, place: int, flip: Flip) -> int:
        """The place on a sheet's back that lies behind one on its front. Both pages are upright as
        read; the printer turns the sheet over like a page of a book (long edge) or of a wall
        calendar (short edge). What is not printed on both sides has its back in the same place of
        another sheet."""
        row, column = divmod(place, COLUMNS)
        match flip:
            case "long-edge":
                column = COLUMNS - 1 - column
            case "short-edge":
                row = self.rows - 1 - row
            case "none":
                pass
        return row * COLUMNS + column

    def marks(self) -> Iterator[tuple[Corner, Corner]]:
        """The ends of every line that shows where to cut: outside the cards, and small crosses
        where four of them meet, by which the strips are cut once the margins are off."""
        near, far = _MARK
        lefts, levels = self._edges, self._levels
        for x in lefts:
            for edge, way in ((levels[0], 1), (levels[-1], -1)):
                yield Corner(x, edge + way * near), Corner(x, edge + way * far)
        for y in levels:
            for edge, way in ((lefts[0], -1), (lefts[-1], 1)):
                yield Corner(edge + way * near, y), Corner(edge + way * far, y)
        for x in lefts[1:-1]:
            for y in levels[1:-1]:
                yield Corner(x - _CROSS, y), Corner(x + _CROSS, y)
                yield Corner(x, y - _CROSS), Corner(x, y + _CROSS)

    @property
    def _edges(self) -> list[float]:
        """The lines between the columns, from the left."""
        first = (self.width - COLUMNS * CARD_WIDTH) / 2
        return [first + n * CARD_WIDTH for n in range(COLUMNS + 1)]

    @property
    def _levels(self) -> list[float]:
        """The lines between the rows, from the top."""
        first = (self.height + self.rows * self.card_height) / 2
        return [first - n * self.card_height for n in range(self.rows + 1)]
