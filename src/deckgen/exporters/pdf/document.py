"""One guide laid out, drawn and saved."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from ...model import Guide, Question
from ...problems import Place
from . import PdfOptions, styles
from .blocks import Composer
from .flowables import Anchor, Room, stack
from .fonts import Fonts, first_font
from .matter import Matter
from .pages import Drawer, Page, paginate
from .pen import Pen
from .story import Section, Story
from .tags import Element, write_tree
from .text import Breaker

Warn = Callable[[str, Place | None], None]

_COLUMN_GAP = 24.0


def write(guide: Guide, path: Path, options: PdfOptions, warn: Warn) -> None:
    """Write the guide's PDF to `path`."""
    with _settings():
        _Book(guide, options, warn).write(path)


class _Book:
    """One file in the making: all of it is laid out before any of it is drawn, so that contents,
    index and references have their page numbers with nothing set twice."""

    def __init__(self, guide: Guide, options: PdfOptions, warn: Warn) -> None:
        self.guide = guide
        self.options = options
        self.warn = warn
        self.paper = styles.PAPERS[options.paper]
        self.canvas = _canvas(self.paper, guide.language)
        self.document = self.canvas._doc
        self.told: set[str] = set()
        fonts = Fonts(self.document, self._missing)
        self.breaker = Breaker(fonts, guide.language)
        self.pen = Pen(self.canvas, fonts, styles.COLORS if options.color else styles.GREYS)
        self.pages: dict[str, str] = {}
        """The page label of each anchor."""

    def write(self, path: Path) -> None:
        story = Story(self.guide, self.options, Composer(self.guide.media, self._said))
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
        self._bookmark([*front.anchors, *body.anchors])
        write_tree(self.document, root, self.pen.elements[:-1], self.pen.annotations)
        path.write_bytes(self._finish())

    def _draw(self, front: Sequence[Page], body: Sequence[Page]) -> None:
        self.pen.pages = self.pages
        drawer = Drawer(self.pen, self.paper, self.options.duplex, self.guide.title)
        for number, page in enumerate([*front, *body], 1):
            drawer.draw(page, number)
        self.canvas.addPageLabel(0, "ROMAN_LOWER", 1)
        self.canvas.addPageLabel(len(front), "ARABIC", 1)

    def _bookmark(self, anchors: Sequence[Anchor]) -> None:
        for anchor in anchors:
            title = readable(anchor.title)
            self.canvas.addOutlineEntry(title, anchor.key, anchor.level, closed=True)

    def _finish(self) -> bytes:
        document = self.document
        document.info = _Info(self.guide)
        document.Catalog.Metadata = document.info.xmp()
        document.Catalog.setPageMode("UseOutlines")
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        mend_cmaps(document)
        digest = sha256()
        for page in document.Pages.pages:
            digest.update(page.stream.encode("latin-1"))
        mark = digest.hexdigest()[:32]
        document._ID = f"[<{mark}><{mark}>]".encode()
        data: bytes = document.GetPDFData(self.canvas)
        return data

    def _missing(self, char: str, question: Question | None) -> None:
        subject = f"question {question.id!r}" if question else "the guide"
        name = unicodedata.name(char, "no name")
        shown = f" {char!r}" if char.isprintable() else ""
        message = f"{subject}: no font can draw U+{ord(char):04X}{shown} ({name})"
        if message not in self.told:
            self.told.add(message)
            self.warn(message, question.place if question else self.guide.place)

    def _said(self, message: str) -> None:
        self.warn(message, self.guide.place)


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
            room = replace(wide, x=0, width=width, hang=0)
            columns = [n * (width + _COLUMN_GAP) - paper.hang for n in range(section.columns)]
        for placed in paginate(stack(section.flowables, room), paper.depth, columns):
            label = self.numeral(len(self.sheets) + 1)
            self.sheets.append(Page(section.title, section.bare, label, placed))
            for anchor in (anchor for item in placed for anchor in item.slab.anchors):
                self.book.pages[anchor.key] = label
                if anchor.title:
                    self.anchors.append(anchor)


class _Info(pdfdoc.PDFInfo):  # type: ignore[misc]
    """What the file says of itself, the same in the two places a PDF has for it (ISO 32000-1,
    14.3.2 and 14.3.3). The only date is the guide's: it stands for creation and change."""

    def __init__(self, guide: Guide) -> None:
        super().__init__()
        self.title = readable(guide.title)
        self.author = readable(f"{guide.company} study guide")
        self.subject = readable(" ".join(filter(None, (guide.company, guide.level, guide.role))))
        self.keywords = "interview, study guide"
        self.creator = "deckgen"
        self.producer = "deckgen, with ReportLab"
        self.updated = guide.updated

    def format(self, document: pdfdoc.PDFDocument) -> bytes:
        texts = {
            "Title": self.title,
            "Author": self.author,
            "Subject": self.subject,
            "Keywords": self.keywords,
            "Creator": self.creator,
            "Producer": self.producer,
        }
        if self.updated:
            texts["CreationDate"] = texts["ModDate"] = f"D:{self.updated:%Y%m%d}000000Z"
        strings = {key: pdfdoc.PDFString(text) for key, text in texts.items()}
        data: bytes = pdfdoc.PDFDictionary(strings).format(document)
        return data

    def xmp(self) -> pdfdoc.PDFStream:
        date = f"{self.updated.isoformat()}T00:00:00Z" if self.updated else ""
        dates = f"<xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>"
        packet = _XMP.format(
            title=escape(self.title),
            author=escape(self.author),
            subject=escape(self.subject),
            keywords=escape(self.keywords),
            creator=escape(self.creator),
            producer=escape(self.producer),
            dates=dates if date else "",
        )
        kind = {"Type": pdfdoc.PDFName("Metadata"), "Subtype": pdfdoc.PDFName("XML")}
        return pdfdoc.PDFStream(pdfdoc.PDFDictionary(kind), packet.encode())


_XMP = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
  xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
  xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<pdfuaid:part>1</pdfuaid:part>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<pdf:Keywords>{keywords}</pdf:Keywords>
<pdf:Producer>{producer}</pdf:Producer>
<xmp:CreatorTool>{creator}</xmp:CreatorTool>
{dates}
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def mend_cmaps(document: pdfdoc.PDFDocument) -> None:
    """Write the tables that turn glyphs back into text as ISO 32000-1, 9.10.3 has them. Those that
    reportlab writes map unused codes to U+0000, and cut characters beyond U+FFFF short."""
    for font in document.delayedFonts:
        font.addObjects(document)
    document.delayedFonts = []
    for name, stream in document.idToObject.items():
        if not name.startswith("toUnicodeCMap:"):
            continue
        pairs = [
            f"<{code}> <{chr(int(value, 16)).encode('utf-16-be').hex()}>"
            for code, value in re.findall(r"<(\w+)> <(\w+)>", stream.content)
            if int(value, 16)
        ]
        blocks = [pairs[n : n + 100] for n in range(0, len(pairs), 100)]
        stream.content = _CMAP + "".join(
            f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar\n" for block in blocks
        ) + _CMAP_END


_CMAP = """\
/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<00> <FF>
endcodespacerange
"""
_CMAP_END = """\
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def _canvas(paper: styles.Paper, language: str) -> Canvas:
    canvas = Canvas(
        "", (paper.width, paper.height), pageCompression=1, invariant=1, pdfVersion=(1, 7),
        lang=language, initialFontName=first_font(),
    )  # fmt: skip
    return canvas


@contextmanager
def _settings() -> Iterator[None]:
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


def readable(text: str) -> str:
    """Text that every encoding can hold: half characters replaced."""
    return text.encode("utf-8", "replace").decode()


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
