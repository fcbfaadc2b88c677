"""Fonts for scripts that are more than letters in a row: shaped by HarfBuzz, embedded as they look.

What reads as one, a letter with its marks, a ligature, a syllable with its vowel before it, becomes
one glyph of a font made for the document, whatever it was made up of, at the weight that is wanted.
So the text that is copied from the page is the text that was written. The font is a composite one
of two bytes a glyph (ISO 32000-1, 9.7), its outlines in the Compact Font Format.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from hashlib import sha256
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import uharfbuzz
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFDocument, PDFName, PDFStream, PDFZCompress

from .file import Raw
from .metadata import cmap
from .scripts import mirrored
from .typefaces import Typeface

if TYPE_CHECKING:
    from fontTools.misc.psCharStrings import T2CharString

_EM = 1000

# What it has to say of a damaged font would go to standard error, without a word whose font it is.
logging.getLogger("fontTools").addHandler(logging.NullHandler())
_MOST = 65_534
"""Glyphs of one embedded font, beside the one for none: such a font counts them in two bytes."""

_SYMBOLIC = 4

_MOST_GLYPHS = 8
"""Of each character of a word, and once more: rules of a few bytes can make thousands of one."""

MAX_LINES = 2_000_000
"""Straight and curved, in the outlines of one font: those of ten thousand ideographs."""


class Shown(NamedTuple):
    """Characters as a page's text operators take them: a font resource, and the inside of a string
    (with `) n (` where a pair is kerned by n thousandths of the size)."""

    font: str
    codes: str


class Cluster(NamedTuple):
    """What reads as one: its glyphs with their places, in units of the font, and its text."""

    glyphs: tuple[tuple[int, int, int], ...]
    text: str


class ShapedFont:
    """One typeface in one document, embedded as one font or, where it has too many clusters for
    that, as several."""

    def __init__(
        self,
        typeface: Typeface,
        bold: bool,
        document: PDFDocument,
        number: int,
        language: str,
        report: Callable[[str], None],
    ) -> None:
        self.typeface = typeface
        self._report = report
        self._shapers: list[str] | None = None
        """HarfBuzz's own choice. The one for a font whose rules are a bomb applies none."""
        self._lines_left = MAX_LINES
        self._name = f"Shaped{number}"
        self._language = language
        self._location = typeface.location(bold)
        self._scale = _EM / float(typeface.face.upem)
        self._clusters: dict[Cluster, tuple[int, int]] = {}
        """Each with its number and its width, in thousandths of the size."""
        document.delayedFonts.append(self)

    @property
    def clusters(self) -> int:
        """How many are in the document."""
        return len(self._clusters)

    def has(self, characters: Iterable[str]) -> bool:
        return all(map(self.typeface.has, characters))

    @cached_property
    def _font(self) -> uharfbuzz.Font:
        font = uharfbuzz.Font(self.typeface.face)
        font.set_variations(self._location)
        return font

    # ----------------------------------------------------------------------------- shaping

    def measure(self, text: str, right: bool) -> float:
        return sum(advance for _, advance in self._shape(text, right)) / _EM

    def show(self, text: str, right: bool) -> list[Shown]:
        shown: list[Shown] = []
        for cluster, advance in self._shape(text, right):
            number, width = self._clusters.setdefault(cluster, (len(self._clusters), advance))
            part, code = divmod(number, _MOST)
            font, codes = f"/{self._part(part)}", "".join(map(escape, divmod(code + 1, 256)))
            if kern := advance - width:
                codes += f") {-kern} ("
            if shown and shown[-1].font == font:
                codes = shown.pop().codes + codes
            shown.append(Shown(font, codes))
        return shown

    def _part(self, part: int) -> str:
        """The name of one of the fonts that it is embedded as."""
        return f"{self._name}.{part}" if part else self._name

    def _shape(self, text: str, right: bool) -> Iterator[tuple[Cluster, int]]:
        """The clusters of a text from left to right, with their advances."""
        buffer = self._buffer(text, right)
        glyphs = list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
        edges = sorted({*(info.cluster for info, _ in glyphs), len(text)})
        ends = dict(pairwise(edges))
        for start, group in groupby(glyphs, lambda glyph: glyph[0].cluster):
            part = text[start : ends[start]]
            placed, x = [], 0
            for info, position in group:
                placed.append((info.codepoint, x + position.x_offset, position.y_offset))
                x += position.x_advance
            advance = round(x * self._scale)
            if not right:
                yield Cluster(tuple(placed), part), advance
                continue
            # Whoever copies text that runs to the left turns it round character by character: each
            # has a code of its own, the first with all the outlines.
            for char in reversed(part[1:]):
                yield Cluster((), char), 0
            yield Cluster(tuple(placed), mirrored(part[0])), advance

    def _buffer(self, text: str, right: bool) -> uharfbuzz.Buffer:
        """A text as glyphs."""
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.flags = uharfbuzz.BufferFlags.REMOVE_DEFAULT_IGNORABLES
        buffer.direction = "rtl" if right else "ltr"
        if self._language:
            buffer.language = self._language
        buffer.guess_segment_properties()
        try:
            uharfbuzz.shape(self._font, buffer, shapers=self._shapers)
            too_many = len(buffer) > _MOST_GLYPHS * (len(text) + 1)
        except MemoryError:  # HarfBuzz has lost patience
            too_many = True
        if too_many and not self._shapers:
            self._report(
                f"the rules of the font {self.typeface.name} make more than {_MOST_GLYPHS} glyphs "
                "of a character, or do not end: it is used without them"
            )
            self._shapers = ["fallback"]
            return self._buffer(text, right)
        return buffer

    # --------------------------------------------------------------------------- embedding

    def addObjects(self, document: PDFDocument) -> None:
        """Embeds it. reportlab calls this, by this name, when a document is done."""
        clusters = [(cluster, width) for cluster, (_, width) in self._clusters.items()]
        for part, start in enumerate(range(0, len(clusters), _MOST)):
            self._embed(document, self._part(part), clusters[start : start + _MOST])

    def _embed(
        self, document: PDFDocument, part: str, clusters: Sequence[tuple[Cluster, int]]
    ) -> None:
        drawn = [self._draw(cluster, width) for cluster, width in clusters]
        data = _compact(self.typeface.name, drawn)
        tag = "".join(chr(65 + byte % 26) for byte in sha256(data).digest()[:6])
        name = f"{tag}+{self.typeface.name}"
        outlines, texts = f"{part} outlines", f"{part} texts"
        _stream(document, outlines, data, Subtype=PDFName("CIDFontType0C"))
        _stream(document, texts, _to_unicode(cluster for cluster, _ in clusters).encode())
        described = f"{part} descriptor"
        document.Reference(self._descriptor(name, outlines, drawn), described)
        widths = " ".join(str(width) for _, width in clusters)
        font = Raw(
            f"<</Type/Font /Subtype/Type0 /BaseFont/{name} /Encoding/Identity-H"
            f" /ToUnicode {{{texts}}} /DescendantFonts [<</Type/Font /Subtype/CIDFontType0"
            f" /BaseFont/{name} /FontDescriptor {{{described}}} /W [1 [{widths}]]"
            " /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>>>>]>>"
        )
        reference = document.Reference(font, f"{part} font")
        document.idToObject["BasicFonts"].dict[part] = reference

    def _draw(self, cluster: Cluster, width: int) -> T2CharString:
        """The outlines of a cluster as one glyph."""
        # Lazy import, here and below: a tenth of a second, and few guides need it.
        from fontTools.pens.t2CharStringPen import T2CharStringPen
        from fontTools.pens.transformPen import TransformPen

        pen, scale = T2CharStringPen(width, None), self._scale
        for glyph, x, y in cluster.glyphs:
            if self._lines_left <= 0:
                break
            placed = TransformPen(pen, (scale, 0, 0, scale, x * scale, y * scale))
            before = len(pen._commands)
            self._font.draw_glyph_with_pen(glyph, placed)
            self._lines_left -= len(pen._commands) - before
            if self._lines_left <= 0:
                self._report(
                    f"the outlines of the font {self.typeface.name} come to more than "
                    f"{MAX_LINES:,} lines: what is left of them is not drawn"
                )
        return pen.getCharString()

    def _descriptor(self, name: str, outlines: str, drawn: list[T2CharString]) -> Raw:
        boxes = [box for glyph in drawn if (box := glyph.calcBounds(None))]
        left, bottom, right, top = zip(*boxes, strict=True) if boxes else ([0],) * 4
        edges = f"{min(left):.0f} {min(bottom):.0f} {max(right):.0f} {max(top):.0f}"
        extents = self._font.get_font_extents("ltr")
        ascent, descent = extents.ascender * self._scale, extents.descender * self._scale
        return Raw(
            f"<</Type/FontDescriptor /FontName/{name} /Flags {_SYMBOLIC} /FontBBox [{edges}]"
            f" /ItalicAngle 0 /Ascent {ascent:.0f} /Descent {descent:.0f} /CapHeight {ascent:.0f}"
            f" /StemV 80 /FontFile3 {{{outlines}}}>>"
        )


def _to_unicode(clusters: Iterable[Cluster]) -> str:
    pairs = [
        f"<{code:04x}> <{cluster.text.encode('utf-16-be').hex()}>"
        for code, cluster in enumerate(clusters, 1)
    ]
    return cmap(pairs, "<0000> <FFFF>")


def _compact(name: str, drawn: list[T2CharString]) -> bytes:
    """A font of these glyphs in the Compact Font Format, keyed by number, from 1 on."""
    from fontTools.cffLib import FDArrayIndex, FDSelect, FontDict
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.t2CharStringPen import T2CharStringPen

    names = [".notdef", *(f"cid{number:05d}" for number in range(1, len(drawn) + 1))]
    glyphs = [T2CharStringPen(_EM, None).getCharString(), *drawn]
    builder = FontBuilder(_EM, isTTF=False)
    builder.setupGlyphOrder(names)
    builder.setupCFF(name, {}, dict(zip(names, glyphs, strict=True)), {})
    table = builder.font["CFF "]
    [top] = table.cff.topDictIndex
    inner = FontDict()
    inner.Private = top.Private
    del top.Private
    top.ROS = ("Adobe", "Identity", 0)
    top.CIDCount = len(names)
    top.FDArray = top.CharStrings.fdArray = FDArrayIndex()
    top.FDArray.append(inner)
    top.FDSelect = top.CharStrings.fdSelect = FDSelect()
    top.FDSelect.format, top.FDSelect.gidArray = 3, [0] * len(names)
    data: bytes = table.compile(builder.font)
    return data


def escape(code: int) -> str:
    """One byte inside a string."""
    char = chr(code)
    if char in "()\\":
        return "\\" + char
    return char if 32 <= code < 127 else f"\\{code:03o}"


def _stream(document: PDFDocument, name: str, data: bytes, **entries: Any) -> None:
    document.Reference(PDFStream(PDFDictionary(entries), data, [PDFZCompress]), name)
