"""One guide laid out, drawn and saved."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from ...exporter import Warn
from ...kept import Kept
from ...model import Guide, Question
from ...problems import Place
from . import CardsOptions, PdfOptions, styles
from .blocks import Composer
from .bookmarks import write_bookmarks
from .breaker import Breaker
from .file import File
from .flowables import Anchor, Room, Slab
from .fonts import Fonts, font_name
from .matter import Matter
from .metadata import Info, mend_cmaps
from .notes import Notes
from .pages import Drawer, Filled, Page, Placed, paginate
from .pen import Pen
from .story import Section, Story, answer_key, question_key
from .stretches import Stretches, Strip
from .tags import Element
from .typefaces import families

_COLUMN_GAP = 24.0


def write(guide: Guide, path: Path, options: PdfOptions, warn: Warn, kept: Kept) -> None:
    """Write the guide's PDF to `path`."""
    with settings(), path.open("wb") as out:
        Book(guide, options, warn, out, kept).write()


class Printing:
    """One file in the making."""

    def __init__(
        self, guide: Guide, options: PdfOptions | CardsOptions, warn: Warn, out: BinaryIO
    ) -> None:
        self.guide = guide
        self.paper = styles.PAPERS[options.paper]
        self.warn = warn
        self.canvas = _canvas(self.paper, guide.language)
        self.document = self.canvas._doc
        self.file = File(out, self.document)
        self.told: set[tuple[str, Place | None]] = set()
        named = families(options.fonts, warn)
        fonts = Fonts(self.document, self._report, guide.language, named)
        colors = styles.COLORS if options.color else styles.GREYS
        mirror = self.paper.width if fonts.right else None
        self.pen = Pen(self.canvas, self.file, fonts, colors, mirror)

    def finish(self, pages: Sequence[int], root: Element, anchors: Sequence[Anchor]) -> None:
        """Write what is left, once all is drawn: the pages in their order, the structure tree, the
        bookmarks."""
        document, info = self.document, Info(self.guide)
        self.pen.close()
        self.pen.tree.finish(root)
        write_bookmarks(self.file, anchors)
        document.Pages.pages = [f"{page} 0 R" for page in pages]
        document.Catalog.Metadata = info.xmp()
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        mend_cmaps(document)
        self.file.finish(info.dictionary())

    def _report(self, message: str, question: Question | None) -> None:
        """Something about the text of a question, or of the guide."""
        subject = f"question {question.id!r}" if question else "the guide"
        self.tell(f"{subject}: {message}", question.place if question else self.guide.place)

    def tell(self, message: str, place: Place | None) -> None:
        """A warning, once: the same text is measured more than once."""
        if (message, place) not in self.told:
            self.told.add((message, place))
            self.warn(message, place)


class Book(Printing):
    """The guide. Each page of the body is drawn as soon as it is full, and what it was laid out
    from is forgotten; the pages before the body come last, when all page numbers are known."""

    def __init__(
        self, guide: Guide, options: PdfOptions, warn: Warn, out: BinaryIO, kept: Kept
    ) -> None:
        super().__init__(guide, options, warn, out)
        self.options = options
        self.notes = Notes()
        self.stretches = Stretches(self, kept)
        self.breaker = Breaker(self.pen.fonts, guide.language)
        self.pages: dict[str, str] = {}
        """The page label of each anchor."""
        self.pen.pages = self.pages
        self.drawer = Drawer(self.pen, self.paper, options.duplex, guide.title)
        self.codes = {
            key(question): question.code
            for question in guide.questions
            for key in (question_key, answer_key)
        }
        """The question's code for each anchor that has one."""

    def codes_on(self, anchors: Sequence[Anchor], top: Slab, before: str) -> tuple[str, str]:
        """The codes of the questions on a page, the first and the last, and the one that may go on
        from there; `before` is the one that may go on from the page before, above what is on top
        here."""
        codes = self._codes_of(anchors)
        if before and not self._codes_of(top.anchors):
            codes.insert(0, before)
        ends = dict.fromkeys((*codes[:1], *codes[-1:]))
        return "\u2013".join(ends), codes[-1] if codes else ""

    def _codes_of(self, anchors: Iterable[Anchor]) -> list[str]:
        return [self.codes[anchor.key] for anchor in anchors if anchor.key in self.codes]

    def write(self) -> None:
        composer = Composer(self.guide.media, self.tell, color=self.options.color, notes=self.notes)
        story = Story(self.guide, self.options, composer, self.notes)
        if not story.questions:
            self.tell(
                "there are no questions to print: drafts and retired ones are left out",
                self.guide.place,
            )
        matter = Matter(story, self.pages)
        body = Part(self, str)
        body.print(story.body())
        body.print(matter.back())
        front = Part(self, _roman)
        front.print(matter.front(body.anchors))
        front.end_leaf()
        self.canvas.addPageLabel(0, "ROMAN_LOWER", 1)
        self.canvas.addPageLabel(len(front.sheets), "ARABIC", 1)
        root = Element("Document")
        root.kids = [*front.sections, *body.sections]
        self.finish([*front.sheets, *body.sheets], root, [*front.anchors, *body.anchors])


class Part:
    """Consecutive pages with numbers of one kind."""

    def __init__(self, book: Book, numeral: Callable[[int], str]) -> None:
        self.book = book
        self.numeral = numeral
        self.sheets: list[int] = []
        """The numbers of the pages' objects."""
        self.anchors: list[Anchor] = []
        """What has a bookmark, in order."""
        self.sections: list[Element] = []

    def print(self, sections: Iterable[Section]) -> None:
        for section in sections:
            if section.recto:
                self.end_leaf()
            chapter = Chapter(self, section)
            self.sections.append(chapter.element)
            chapter.print()

    def end_leaf(self) -> None:
        """Where paper is printed on both sides, what follows opens on a right-hand page."""
        if self.book.options.duplex and len(self.sheets) % 2:
            self.draw(Page())

    def draw(self, page: Page) -> None:
        self.sheets.append(self.book.drawer.draw(page, len(self.sheets) + 1))


class Chapter:
    """A section on its way to paper."""

    def __init__(self, part: Part, section: Section) -> None:
        self.part = part
        self.section = section
        self.book = part.book
        self.element = Element("Sect")
        self.settled = 0
        """How many of its elements are in the file."""
        self.code = ""
        """Of the question that may go on at the top of the next page."""
        self.room, self.columns = self._room()
        self.strip = Strip(section.flowables, self.room, self.book)

    def print(self) -> None:
        section = self.section
        if section.most:
            for filled in self._shortest():
                self._draw(filled)
        elif section.tells_questions:
            self._print_stretches()
        else:
            for filled in self._filled(self.strip, 0):
                self._draw(filled)

    def _print_stretches(self) -> None:
        stretches, strip, start = self.book.stretches, self.strip, 0
        stretches.enter(self)
        kept = stretches.find(strip, start)
        while start < len(strip.flowables):
            if kept:
                start = stretches.again(kept, self, start)
                kept = stretches.find(strip, start)
            else:
                start, kept = self._lay(start)

    def _lay(self, start: int) -> tuple[int, dict[str, Any] | None]:
        """Lay out the section from a flowable on, up to one that begins a stretch that is kept;
        gives that one and the stretch."""
        stretches, strip = self.book.stretches, self.strip
        begun = stretches.begin(self, start)
        for filled in self._filled(strip, start):
            self._draw(filled)
            if not filled.next:
                continue
            stretches.end(self, begun, filled.next)
            start = filled.next
            if kept := stretches.find(strip, start):
                strip.forget(start)
                return start, kept
            begun = stretches.begin(self, start)
        stretches.end(self, begun, len(strip.flowables))
        return len(strip.flowables), None

    def _draw(self, filled: Filled) -> None:
        """Draw a page."""
        part, book, section, placed = self.part, self.book, self.section, filled.placed
        label = part.numeral(len(part.sheets) + 1)
        anchors = _anchors(placed)
        codes, self.code = book.codes_on(anchors, placed[0].slab, self.code)
        for anchor in anchors:
            book.pages[anchor.key] = label
            if anchor.title:
                part.anchors.append(anchor)
        part.draw(Page(section.title, section.bare, label, codes, placed))
        if filled.closed > self.settled:
            book.pen.tree.settle(self.element, self.settled, filled.closed)
            self.settled = filled.closed

    def _room(self) -> tuple[Room, list[float]]:
        """Where its flowables stand, and the left edges of its columns."""
        paper, section = self.book.paper, self.section
        room = Room(
            self.book.breaker, 0, paper.measure, self.element,
            hang=paper.hang, gap=paper.gap, depth=paper.depth,
        )  # fmt: skip
        if section.columns == 1:
            return room, [0.0]
        wide = room.wide()
        width = (wide.width - _COLUMN_GAP * (section.columns - 1)) / section.columns
        columns = [n * (width + _COLUMN_GAP) - paper.hang for n in range(section.columns)]
        return wide._replace(x=0, width=width, hang=0), columns

    def _filled(self, strip: Strip, start: int) -> Iterator[Filled]:
        return paginate(strip.slabs(start), self.room, self.columns)

    def _shortest(self) -> Sequence[Filled]:
        """The section's pages, in the roomiest form that comes to no more than it may."""
        pages: Sequence[Filled] = ()
        for flowables in chain([self.strip.flowables], self.section.tighter):
            self.element.kids.clear()
            pages = list(self._filled(Strip(flowables, self.room, self.book), 0))
            if len(pages) <= self.section.most:
                break
        return pages


def _anchors(placed: Iterable[Placed]) -> list[Anchor]:
    """Those of a page; few slabs have any."""
    anchored = [item.slab.anchors for item in placed if item.slab.anchors]
    return list(chain.from_iterable(anchored))


def _canvas(paper: styles.Paper, language: str) -> Canvas:
    return Canvas(
        "", (paper.width, paper.height), pageCompression=1, invariant=1, pdfVersion=(1, 7),
        lang=language, initialFontName=font_name("serif"),  # else Helvetica, which is not embedded
    )  # fmt: skip


@contextmanager
def settings() -> Iterator[None]:
    """The file depends on neither the environment nor anyone's settings of reportlab."""
    fixed = {"useA85": 0, "invariant": 1, "pdfComments": 0, "pdfMultiLine": 0}
    before = {name: getattr(rl_config, name) for name in fixed}
    epoch = os.environ.pop("SOURCE_DATE_EPOCH", None)
    try:
        for name, value in fixed.items():
            setattr(rl_config, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(rl_config, name, value)
        if epoch is not None:
            os.environ["SOURCE_DATE_EPOCH"] = epoch


def _roman(number: int) -> str:
    """A number in lower-case Roman numerals."""
    text = ""
    for value, numeral in (
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
        (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ):  # fmt: skip
        text += numeral * (number // value)
        number %= value
    return text
