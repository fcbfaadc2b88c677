"""One guide laid out, drawn and saved."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from ...exporter import Warn
from ...model import Guide, Question
from ...problems import Place
from . import CardsOptions, PdfOptions, styles
from .blocks import Composer
from .bookmarks import write_bookmarks
from .breaker import Breaker
from .file import File
from .flowables import Anchor, Flowable, Room, Slab, flow
from .fonts import Fonts, font_name
from .matter import Matter
from .metadata import Info, mend_cmaps
from .notes import Notes
from .pages import Drawer, Filled, Page, Placed, paginate
from .pen import Pen
from .story import Section, Story, answer_key, question_key
from .tags import Element
from .typefaces import families

_COLUMN_GAP = 24.0


def write(guide: Guide, path: Path, options: PdfOptions, warn: Warn) -> None:
    """Write the guide's PDF to `path`."""
    with settings(), path.open("wb") as out:
        _Book(guide, options, warn, out).write()


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


class _Book(Printing):
    """The guide. Each page of the body is drawn as soon as it is full, and what it was laid out
    from is forgotten; the pages before the body come last, when all page numbers are known."""

    def __init__(self, guide: Guide, options: PdfOptions, warn: Warn, out: BinaryIO) -> None:
        super().__init__(guide, options, warn, out)
        self.options = options
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
        notes = Notes()
        composer = Composer(self.guide.media, self.tell, color=self.options.color, notes=notes)
        story = Story(self.guide, self.options, composer, notes)
        if not story.questions:
            self.tell(
                "there are no questions to print: drafts and retired ones are left out",
                self.guide.place,
            )
        matter = Matter(story, self.pages)
        body = _Part(self, str)
        body.print(story.body())
        body.print(matter.back())
        front = _Part(self, _roman)
        front.print(matter.front(body.anchors))
        front.end_leaf()
        self.canvas.addPageLabel(0, "ROMAN_LOWER", 1)
        self.canvas.addPageLabel(len(front.sheets), "ARABIC", 1)
        root = Element("Document")
        root.kids = [*front.sections, *body.sections]
        self.finish([*front.sheets, *body.sheets], root, [*front.anchors, *body.anchors])


class _Part:
    """Consecutive pages with numbers of one kind."""

    def __init__(self, book: _Book, numeral: Callable[[int], str]) -> None:
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
            self._print(section)

    def end_leaf(self) -> None:
        """Where paper is printed on both sides, what follows opens on a right-hand page."""
        if self.book.options.duplex and len(self.sheets) % 2:
            self._draw(Page())

    def _draw(self, page: Page) -> None:
        self.sheets.append(self.book.drawer.draw(page, len(self.sheets) + 1))

    def _print(self, section: Section) -> None:
        book, element = self.book, Element("Sect")
        self.sections.append(element)
        code, settled = "", 0
        for placed, closed in self._pages(section, element):
            label = self.numeral(len(self.sheets) + 1)
            anchors = _anchors(placed)
            codes, code = book.codes_on(anchors, placed[0].slab, code)
            for anchor in anchors:
                book.pages[anchor.key] = label
                if anchor.title:
                    self.anchors.append(anchor)
            self._draw(Page(section.title, section.bare, label, codes, placed))
            if closed > settled:
                book.pen.tree.settle(element, settled, closed)
                settled = closed

    def _pages(self, section: Section, element: Element) -> Iterable[Filled]:
        """The section's pages, in the roomiest form that comes to no more than it may."""
        paper = self.book.paper
        room = Room(
            self.book.breaker, 0, paper.measure, element,
            hang=paper.hang, gap=paper.gap, depth=paper.depth,
        )  # fmt: skip
        columns = [0.0]
        if section.columns > 1:
            wide = room.wide()
            width = (wide.width - _COLUMN_GAP * (section.columns - 1)) / section.columns
            room = wide._replace(x=0, width=width, hang=0)
            columns = [n * (width + _COLUMN_GAP) - paper.hang for n in range(section.columns)]
        if not section.most:
            return paginate(_slabs(section.flowables, room), room, columns)
        for flowables in chain([section.flowables], section.tighter):
            element.kids.clear()
            pages = list(paginate(_slabs(flowables, room), room, columns))
            if len(pages) <= section.most:
                break
        return pages


def _anchors(placed: Iterable[Placed]) -> list[Anchor]:
    """Those of a page; few slabs have any."""
    anchored = [item.slab.anchors for item in placed if item.slab.anchors]
    return list(chain.from_iterable(anchored))


def _slabs(flowables: Iterable[Flowable], room: Room) -> Iterator[Slab]:
    """The slabs of a section; the last of each flowable closes its elements."""
    for slabs in flow(flowables, room):
        slabs[-1].closes = len(room.element.kids)
        yield from slabs


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
