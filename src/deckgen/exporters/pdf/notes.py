"""The addresses of links, numbered: what footnotes say.

Numbers run through a chapter, so they are known, and their width with them, before anyone knows
what stands on which page. Inside a question an address has one number: where it is linked to again,
the same note serves, on each of the pages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import unquote

from .tags import Element
from .text import Link

if TYPE_CHECKING:
    from .flowables import Slab


class Note:
    """An address, and its number. `lines` are what it is laid out to, once it has been."""

    __slots__ = ("address", "element", "lines", "number")

    def __init__(self, number: int, address: str) -> None:
        self.number = number
        self.address = address
        self.lines: Sequence[Slab] = ()
        self.element: Element | None = None
        """Its place in the structure tree: from the mark on a page to the note below."""


class Mark(Link):
    """The number after a link's words; it is no link itself, but what refers to a note."""

    __slots__ = ("note",)

    def __init__(self, note: Note) -> None:
        super().__init__("")
        self.note = note

    def within(self, element: Element) -> Element:
        """The note follows its first mark of a page in the order of reading."""
        mark = element.add("Reference")
        if self.note.element is None:
            self.note.element = element.add("Note")
        return mark


class Notes:
    """The notes of one guide in the making."""

    def __init__(self) -> None:
        self.count = 0
        self._known: dict[str, Note] = {}

    def open_chapter(self) -> None:
        """Numbers begin with 1."""
        self.count = 0
        self.open_question()

    def open_question(self) -> None:
        """What was noted before is too far away to be referred to again."""
        self._known = {}

    def note(self, address: str) -> Note:
        """The note for an address: a new one, unless this question has it already."""
        if address not in self._known:
            self.count += 1
            self._known[address] = Note(self.count, address)
        return self._known[address]


def short_address(url: str) -> str:
    """An address as people write it."""
    return re.sub(r"^(https?://(www\.)?|mailto:)", "", url).rstrip("/")


def is_address(words: str, url: str) -> bool:
    """Whether the words of a link are its address already."""
    return unquote(short_address(words)) == unquote(short_address(url))
