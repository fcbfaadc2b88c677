"""Stretches of pages, kept from one build to the next.

A stretch goes from a page that a question or a chapter begins to the next such page; contents and
index are of stretches, too. It follows from what it tells, and as much of what comes next as is
looked at to end its last page well, and from what the pages before it left behind: numbers that are
taken, characters that have a code in a font. Where all that is as it was, the stretch is written as
it was, and neither laid out nor drawn.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, fields
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from ...kept import Kept, named
from ...markdown import Markdown
from ...memo import Memo
from .file import Stretch, is_place
from .flowables import Anchor, Flowable, Room, Slab, Telling, flow
from .tags import Element

if TYPE_CHECKING:
    from .document import Book, Chapter


class _Before(NamedTuple):
    """How many elements a section had, notes its chapter, and warnings the book."""

    kids: int
    notes: int
    told: int


class Strip:
    """The flowables of a section, laid out in turn from any of them on."""

    def __init__(self, flowables: Iterable[Flowable], room: Room, book: Book) -> None:
        self.flowables = list(flowables)
        self.room = room
        self.book = book
        self.before: dict[int, _Before] = {}
        """What there was before each was laid out."""
        self.reached = 0
        """How many were laid out, or left out since they are kept."""
        self.ended = False
        """Whether it was seen that there are no more."""
        self.hash = Memo(self._hash).__getitem__
        """The hash of what a question says, by the number of its flowable; None after the last."""

    def slabs(self, start: int) -> Iterator[Slab]:
        """The slabs from a flowable on; the last of each closes its elements."""
        for slabs in flow(self._from(start), self.room):
            slabs[0].opens = self.reached - 1
            slabs[-1].closes = len(self.room.element.kids)
            yield from slabs

    def _from(self, start: int) -> Iterator[Flowable]:
        self.ended = False
        for number in range(start, len(self.flowables)):
            self.before[number] = self.now()
            self.reached = number + 1
            yield self.flowables[number]
        self.ended = True

    def now(self) -> _Before:
        """What there is at this moment."""
        book = self.book
        return _Before(len(self.room.element.kids), book.notes.count, len(book.told))

    def forget(self, start: int) -> None:
        """Undo what was laid out from a flowable on: none of it was drawn."""
        before = self.before[start]
        self.book.notes.count = before.notes
        del self.room.element.kids[before.kids :]

    def seen(self, start: int) -> list[str | None]:
        """What was looked at since a flowable: hashes of questions, and None for the end."""
        end = self.reached + self.ended
        return [self.hash(number) for number in range(start, end)]

    def begins_with(self, seen: Sequence[str | None], start: int) -> bool:
        """Whether the same would be seen from a flowable on."""
        return all(self.hash(number) == hash for number, hash in enumerate(seen, start))

    def _hash(self, number: int) -> str | None:
        return _content(self.flowables[number]) if number < len(self.flowables) else None


def _content(flowable: Flowable) -> str:
    """A hash of what is told of questions. The rest of a chapter is the guide's, as all options
    are."""
    if not isinstance(flowable, Telling):
        return ""
    return named(json.dumps(flowable.told, default=_parts, separators=(",", ":")))


def _parts(value: Any) -> Any:
    if isinstance(value, Markdown):
        return [value.source, value.math]
    return [getattr(value, name) for name in _names[type(value)]]


_names: Memo[type, list[str]] = Memo(
    lambda kind: [field.name for field in fields(kind) if field.name != "place"]
)
"""What there is to a part of a question, but for where it stands."""


class _Lengths(NamedTuple):
    """How much there is, at one point of the printing, of all that a stretch adds to."""

    names: int = 0
    assigned: int = 0
    keys: int = 0
    ids: int = 0
    labels: int = 0
    sheets: int = 0
    anchors: int = 0
    kids: int = 0
    peculiar: int = 0

    @classmethod
    def of(cls, book: Book, chapter: Chapter) -> _Lengths:
        tree = book.pen.tree
        return cls(
            names=len(book.file.names),
            assigned=len(book.pen.fonts.assigned),
            keys=len(tree.parents),
            ids=len(tree.notes),
            labels=len(book.pages),
            sheets=len(chapter.part.sheets),
            anchors=len(chapter.part.anchors),
            kids=chapter.settled,
            peculiar=book.pen.peculiar,
        )


class _Begun(NamedTuple):
    """A stretch that is being written: its first flowable, and what there was before it."""

    start: int
    stretch: Stretch
    lengths: _Lengths


class Stretches:
    """Those of one book."""

    def __init__(self, book: Book, kept: Kept) -> None:
        self._book = book
        self._kept = kept
        self._state = ""
        """A hash of all that was left behind so far."""
        self._entered = _Lengths()
        """How much there was when the last chapter was entered."""

    def enter(self, chapter: Chapter) -> None:
        """What follows are the stretches of a chapter. The sections since the last one had none,
        and what they left behind is not known yet."""
        book, now = self._book, _Lengths.of(self._book, chapter)
        numbers = book.file.document.objectcounter, book.pen.page, book.notes.count
        self._advance([chapter.section.title, numbers, now, self._added(self._entered)])
        self._entered = now

    def find(self, strip: Strip, start: int) -> dict[str, Any] | None:
        """The stretch that begins with a flowable, if it is kept."""
        kept: dict[str, Any] | None = self._kept.get(self._state)
        return kept if kept and strip.begins_with(kept["seen"], start) else None

    def begin(self, chapter: Chapter, start: int) -> _Begun:
        """What is written from here on is a stretch, which begins with a flowable."""
        return _Begun(start, self._book.file.begin_stretch(), _Lengths.of(self._book, chapter))

    def end(self, chapter: Chapter, begun: _Begun, next: int) -> None:
        """A stretch ends before the flowable `next`. It is kept if it can be."""
        (start, stretch, lengths), strip = begun, chapter.strip
        self._book.file.end_stretch(stretch)
        seen = strip.seen(start)
        left = self._left(chapter, lengths, next)
        # What was warned of has to be told again: of a question as it was laid out, maybe before
        # the stretch began, or as it was drawn.
        if left is None or len(self._book.told) > strip.before[start].told:
            self._advance(seen)
            return
        left["end"] = stretch.end
        key = self._state
        self._advance(left)
        value = {
            "seen": seen,
            "covers": next - start,
            "left": left,
            "after": self._state,
            "anchors": [tuple(anchor) for anchor in chapter.part.anchors[lengths.anchors :]],
            "file": astuple(stretch),
        }
        self._kept.put(key, value)

    def _left(self, chapter: Chapter, begun: _Lengths, next: int) -> dict[str, Any] | None:
        """All that later pages depend on; nothing where there is more than is known how to leave
        behind again."""
        book, strip = self._book, chapter.strip
        tree = book.pen.tree
        kids, notes, _ = strip.before.get(next) or strip.now()
        names, assigned = self._added(begun)
        drawn = chapter.element.kids[begun.kids : kids]
        if (
            book.pen.peculiar != begun.peculiar
            or not all(is_place(name) for name, _ in names)
            or any(isinstance(kid, Element) for kid in drawn)
        ):
            return None
        return {
            "names": names,
            "assigned": assigned,
            "keys": tree.parents[begun.keys :],
            "ids": tree.notes[begun.ids :],
            "labels": list(islice(book.pages.items(), begun.labels, None)),
            "sheets": chapter.part.sheets[begun.sheets :],
            "kids": drawn,
            "element": chapter.element.number,
            "page": book.pen.page,
            "notes": notes,
            "code": chapter.code,
        }

    def _added(self, since: _Lengths) -> tuple[list[tuple[str, int]], list[tuple[str, str, str]]]:
        """The names of objects, and the characters with a code, that came since then."""
        names = islice(self._book.file.names.items(), since.names, None)
        assigned = islice(self._book.pen.fonts.assigned, since.assigned, None)
        return [(name, number) for name, (number, _) in names], list(assigned)

    def _advance(self, left: Any) -> None:
        self._state = named(json.dumps([self._state, left], separators=(",", ":")))

    def again(self, kept: dict[str, Any], chapter: Chapter, start: int) -> int:
        """Write a kept stretch, that begins with the flowable `start`; gives the one after it."""
        book, part, left = self._book, chapter.part, kept["left"]
        book.file.write_again(Stretch(*kept["file"]))
        book.file.names.update({name: (number, 0) for name, number in left["names"]})
        for package, file, char in left["assigned"]:
            book.pen.fonts.assign(package, file, char)
        book.pen.page = left["page"]
        book.pen.tree.parents += left["keys"]
        book.pen.tree.notes += left["ids"]
        book.notes.count = left["notes"]
        book.pages.update(left["labels"])
        part.sheets += left["sheets"]
        part.anchors += [Anchor(*anchor) for anchor in kept["anchors"]]
        chapter.element.number = left["element"]
        chapter.element.kids += left["kids"]
        chapter.settled = len(chapter.element.kids)
        chapter.code = left["code"]
        self._state = kept["after"]
        return start + int(kept["covers"])
