"""One guide laid out, drawn and saved."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from ...model import Guide, Question
from ...problems import Place
from . import CardsOptions, PdfOptions, styles
from .blocks import Composer
from .bookmarks import write_bookmarks
from .file import Raw, serialize
from .flowables import Anchor, Room, stack
from .fonts import Fonts, first_font
from .matter import Matter
from .metadata import Info, mend_cmaps
from .pages import Drawer, Page, Placed, paginate
from .pen import Pen
from .story import Section, Story, answer_key, question_key
from .tags import Element, write_tree
from .text import Breaker
from .typefaces import families

Warn = Callable[[str, Place | None], None]

_COLUMN_GAP = 24.0


def write(guide: Guide, path: Path, options: PdfOptions, warn: Warn) -> None:
    """Write the guide's PDF to `path`."""
    with settings():
        _Book(guide, options, warn).write(path)


class Printing:
    """One file in the making."""

    def __init__(self, guide: Guide, options: PdfOptions | CardsOptions, warn: Warn) -> None:
        self.guide = guide
        self.paper = styles.PAPERS[options.paper]
        self.warn = warn
        self.canvas = _canvas(self.paper, guide.language)
        self.document = self.canvas._doc
        self.told: set[tuple[str, Place | None]] = set()
        named = families(options.fonts, warn)
        fonts = Fonts(self.document, self._report, guide.language, named)
        colors = styles.COLORS if options.color else styles.GREYS
        self.pen = Pen(self.canvas, fonts, colors, self.paper.width if fonts.right else None)

    def finish(self, tree: Mapping[int, str]) -> bytes:
        """The file, once all is drawn; `tree` has the elements of its structure by number."""
        document = self.document
        info = Info(self.guide)
        document.Catalog.Metadata = info.xmp()
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        mend_cmaps(document)
        digest = sha256()
        for page in document.Pages.pages:
            digest.update(page.stream.encode("latin-1"))
        return serialize(document, Raw(info.dictionary()), digest.hexdigest()[:32], tree)

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
    """The guide: all of it is laid out before any of it is drawn, so that contents, index and
    references have their page numbers with nothing set twice."""

    def __init__(self, guide: Guide, options: PdfOptions, warn: Warn) -> None:
        super().__init__(guide, options, warn)
        self.options = options
        self.breaker = Breaker(self.pen.fonts, guide.language)
        self.pages: dict[str, str] = {}
        """The page label of each anchor."""
        self.codes = {
            key(question): question.code
            for question in guide.questions
            for key in (question_key, answer_key)
        }
        """The question's code for each anchor that has one."""

    def codes_on(self, placed: Sequence[Placed], before: str) -> tuple[str, str]:
        """The codes of the questions on a page, the first and the last, and the one that may go on
        from there; `before` is the one that may go on from the page before."""
        found = [
            [self.codes[anchor.key] for anchor in item.slab.anchors if anchor.key in self.codes]
            for item in placed
        ]
        codes = [code for some in found for code in some]
        if before and found and not found[0]:
            codes.insert(0, before)
        ends = dict.fromkeys((*codes[:1], *codes[-1:]))
        return "\u2013".join(ends), codes[-1] if codes else ""

    def write(self, path: Path) -> None:
        composer = Composer(self.guide.media, self.tell, color=self.options.color)
        story = Story(self.guide, self.options, composer)
        matter = Matter(story, self.pages)
        body = _Part(self, str)
        body.lay(story.body())
        body.lay(matter.back())
        front = _Part(self, _roman)
        front.lay(matter.front(body.anchors))
        if self.options.duplex and len(front.sheets) % 2:
            front.sheets.append(Page())
        root = Element("Document")
        root.kids = [*front.element.kids, *body.element.kids]
        self._draw(front.sheets, body.sheets)
        write_bookmarks(self.document, [*front.anchors, *body.anchors])
        tree = write_tree(self.document, root, self.pen.elements[:-1], self.pen.annotations)
        path.write_bytes(self.finish(tree))

    def _draw(self, front: Sequence[Page], body: Sequence[Page]) -> None:
        self.pen.pages = self.pages
        self.pen.page_count = len(front) + len(body)
        drawer = Drawer(self.pen, self.paper, self.options.duplex, self.guide.title)
        for number, page in enumerate([*front, *body], 1):
            drawer.draw(page, number)
            page.placed = ()  # drawn: its room is wanted for the file
        self.canvas.addPageLabel(0, "ROMAN_LOWER", 1)
        self.canvas.addPageLabel(len(front), "ARABIC", 1)


class _Part:
    """Consecutive pages with numbers of one kind."""

    def __init__(self, book: _Book, numeral: Callable[[int], str]) -> None:
        self.book = book
        self.numeral = numeral
        self.sheets: list[Page] = []
        self.anchors: list[Anchor] = []
        """What has a bookmark, in order."""
        self.element = Element("Document")

    def lay(self, sections: Iterable[Section]) -> None:
        for section in sections:
            if section.recto and self.book.options.duplex and len(self.sheets) % 2:
                self.sheets.append(Page())
            self._lay(section)

    def _lay(self, section: Section) -> None:
        paper = self.book.paper
        room = Room(
            self.book.breaker, 0, paper.measure, self.element.add("Sect"),
            hang=paper.hang, gap=paper.gap, depth=paper.depth,
        )  # fmt: skip
        columns = [0.0]
        if section.columns > 1:
            wide = room.wide()
            width = (wide.width - _COLUMN_GAP * (section.columns - 1)) / section.columns
            room = wide._replace(x=0, width=width, hang=0)
            columns = [n * (width + _COLUMN_GAP) - paper.hang for n in range(section.columns)]
        for flowables in (section.flowables, *section.tighter):
            room.element.kids.clear()
            pages = paginate(stack(flowables, room), paper.depth, columns)
            if len(pages) <= section.most:
                break
        code = ""
        for placed in pages:
            label = self.numeral(len(self.sheets) + 1)
            codes, code = self.book.codes_on(placed, code)
            self.sheets.append(Page(section.title, section.bare, label, codes, placed))
            for anchor in (anchor for item in placed for anchor in item.slab.anchors):
                self.book.pages[anchor.key] = label
                if anchor.title:
                    self.anchors.append(anchor)


def _canvas(paper: styles.Paper, language: str) -> Canvas:
    return Canvas(
        "", (paper.width, paper.height), pageCompression=1, invariant=1, pdfVersion=(1, 7),
        lang=language, initialFontName=first_font(),
    )  # fmt: skip


@contextmanager
def settings() -> Iterator[None]:
    """The file depends on neither the environment nor anyone's settings of reportlab. The garbage
    collector rests meanwhile: all that is made here is needed to the end, so it finds nothing."""
    fixed = {"useA85": 0, "invariant": 1, "pdfComments": 0, "pdfMultiLine": 0}
    before = {name: getattr(rl_config, name) for name in fixed}
    epoch = os.environ.pop("SOURCE_DATE_EPOCH", None)
    collecting = gc.isenabled()
    gc.disable()
    try:
        for name, value in fixed.items():
            setattr(rl_config, name, value)
        yield
    finally:
        if collecting:
            gc.freeze()  # and thaw: all is old now, not to be looked through at once
            gc.unfreeze()
            gc.enable()
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
