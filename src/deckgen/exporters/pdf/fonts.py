"""The faces text is set in: measured, encoded, and falling back character by character.

Words repeat in prose, so each face keeps the width and the encoded bytes of every word it has met.
The typefaces are static TrueType files from ordinary Python packages (reportlab takes no others):
IBM Plex Serif, Plex Mono and Plex Sans Condensed; behind them DejaVu Sans and STIX Two Math, which
ziafont and ziamath carry, for symbols, arrows, mathematics, Greek and Cyrillic.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

import uharfbuzz
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.ttfonts import TTFont

from ...model import Question
from .styles import Family, Style

_FILES: dict[tuple[Family, bool, bool], tuple[str, str]] = {
    ("serif", False, False): ("fontpkg_ibm_plex_serif", "files/IBMPlexSerif-Regular.ttf"),
    ("serif", False, True): ("fontpkg_ibm_plex_serif", "files/IBMPlexSerif-Italic.ttf"),
    ("serif", True, False): ("fontpkg_ibm_plex_serif", "files/IBMPlexSerif-SemiBold.ttf"),
    ("serif", True, True): ("fontpkg_ibm_plex_serif", "files/IBMPlexSerif-SemiBoldItalic.ttf"),
    ("mono", False, False): ("fontpkg_ibm_plex_mono", "files/IBMPlexMono-Regular.ttf"),
    ("mono", False, True): ("fontpkg_ibm_plex_mono", "files/IBMPlexMono-Italic.ttf"),
    ("mono", True, False): ("fontpkg_ibm_plex_mono", "files/IBMPlexMono-SemiBold.ttf"),
    ("mono", True, True): ("fontpkg_ibm_plex_mono", "files/IBMPlexMono-SemiBoldItalic.ttf"),
    ("sans", False, False): (
        "fontpkg_ibm_plex_sans_condensed",
        "files/IBMPlexSansCondensed-Regular.ttf",
    ),
    ("sans", False, True): (
        "fontpkg_ibm_plex_sans_condensed",
        "files/IBMPlexSansCondensed-Italic.ttf",
    ),
    ("sans", True, False): (
        "fontpkg_ibm_plex_sans_condensed",
        "files/IBMPlexSansCondensed-SemiBold.ttf",
    ),
    ("sans", True, True): (
        "fontpkg_ibm_plex_sans_condensed",
        "files/IBMPlexSansCondensed-SemiBoldItalic.ttf",
    ),
}
_FALLBACKS = (
    ("ziafont", "fonts/DejaVuSans.ttf"),
    ("ziamath", "fonts/STIXTwoMath-Regular.ttf"),
)

Key = TypeVar("Key")
Value = TypeVar("Value")

_NO_LIGATURES = {"kern": True, "liga": False, "clig": False, "calt": False}


@cache
def _load(package: str, file: str) -> TTFont:
    # Found without importing: ziamath takes a tenth of a second, and only its file is wanted.
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"the font package {package} is not installed", name=package)
    path = Path(spec.origin).parent / file
    font = TTFont(f"deckgen-{path.stem}", str(path), asciiReadable=True, shapable=False)
    pdfmetrics.registerFont(font)
    return font


def first_font() -> str:
    """The name of the body face, for reportlab, which wants one before any page is begun."""
    name: str = _load(*_FILES["serif", False, False]).fontName
    return name


def font_name(family: Family, bold: bool = False, italic: bool = False) -> str:
    """The name under which reportlab knows one of the guide's fonts."""
    name: str = _load(*_FILES[family, bold, italic]).fontName
    return name


class Shown(NamedTuple):
    """Characters as a page's text operators take them: a font resource, and the inside of a string
    (with `) n (` where a pair is kerned by n thousandths of the size)."""

    font: str
    codes: str


class Face:
    """One font in one document, with the fonts to turn to for what it lacks."""

    def __init__(self, font: TTFont, document: PDFDocument, fallbacks: Callable[[], list[Face]]):
        self.font = font
        self._document = document
        self._fallbacks = fallbacks
        self._glyphs: dict[int, int] = font.face.charToGlyph
        self._advances: dict[int, float] = font.face.charWidths
        self.widths = Memo(self._measure)
        """The width of any word, in sizes of the type (1.0 is an em)."""
        self._kerns = Memo(self._shape)
        self._letters = Memo(self._letter)
        self._shown = Memo(self._encode)
        self._plain = Memo(self._simple)

    @cached_property
    def characters(self) -> frozenset[str]:
        return frozenset(map(chr, self._glyphs))

    def lacks(self, text: str) -> set[str]:
        """The characters that neither this font nor those behind it can draw."""
        missing = set(text) - self.characters
        for face in self._fallbacks() if missing else ():
            missing -= face.characters
        return missing

    def width(self, text: str) -> float:
        """The width of a text with its spaces, in sizes of the type."""
        words = text.split(" ")
        return sum(map(self.widths.__getitem__, words)) + (len(words) - 1) * self.space

    @cached_property
    def space(self) -> float:
        return self.widths["\u00a0"]

    def show(self, text: str) -> list[tuple[str, str]]:
        """The text as fonts with strings of codes: mostly one alone."""
        words = text.split(" ")
        plain = list(map(self._plain.__getitem__, words))
        if None not in plain:
            return [(self._own, " ".join(plain))]  # type: ignore[arg-type]
        runs: list[list[str]] = []
        for position, word in enumerate(words):
            # Word spacing stretches code 32 only, which the first subset is sure to have.
            space = [Shown(self._own, " ")] if position else []
            for font, codes in (*space, *self._shown[word]):
                if runs and runs[-1][0] == font:
                    runs[-1][1] += codes
                else:
                    runs.append([font, codes])
        return [(font, codes) for font, codes in runs]

    def _simple(self, word: str) -> str | None:
        """The codes of a word that the first subset of this font has whole."""
        shown = self._shown[word]
        if not shown:
            return ""
        return shown[0].codes if len(shown) == 1 and shown[0].font == self._own else None

    @cached_property
    def _own(self) -> str:
        self.font.splitString(" ", self._document)
        name: str = self.font.getSubsetInternalName(0, self._document)
        return name

    def _parts(self, word: str) -> Iterator[tuple[Face, str]]:
        if self.characters.issuperset(word):
            return iter([(self, word)])
        faces = [self, *self._fallbacks()]

        def drawn_by(char: str) -> Face:
            return next((face for face in faces if char in face.characters), self)

        return ((face, "".join(chars)) for face, chars in groupby(word, drawn_by))

    def _measure(self, word: str) -> float:
        width = 0.0
        for face, part in self._parts(word):
            advances = face._advances
            width += sum(advances.get(ord(char), 0.0) for char in part) + sum(face._kerns[part])
        return width / 1000

    def _encode(self, word: str) -> tuple[Shown, ...]:
        return tuple(shown for face, part in self._parts(word) for shown in face._codes(part))

    def _codes(self, part: str) -> list[Shown]:
        shown: list[list[str]] = []
        for char, kern in zip(part, self._kerns[part], strict=True):
            font, codes = self._letters[char]
            if kern:
                codes += f") {-kern:g} ("
            if shown and shown[-1][0] == font:
                shown[-1][1] += codes
            else:
                shown.append([font, codes])
        return [Shown(font, codes) for font, codes in shown]

    def _letter(self, char: str) -> Shown:
        [(subset, code)] = self.font.splitString(char, self._document)
        return Shown(self.font.getSubsetInternalName(subset, self._document), _escape(code[0]))

    def _shape(self, part: str) -> list[float]:
        """How much each character's advance differs from its own, in thousandths of the size."""
        if len(part) < 2 or not part.isprintable():
            return [0.0] * len(part)
        buffer = uharfbuzz.Buffer()
        buffer.add_str(part)
        buffer.guess_segment_properties()
        uharfbuzz.shape(self._shaper, buffer, _NO_LIGATURES)
        glyphs = [info.codepoint for info in buffer.glyph_infos]
        if glyphs != [self._glyphs.get(ord(char)) for char in part]:
            return [0.0] * len(part)  # a script that needs more than kerning: set letter by letter
        scale = 1000 / self._shaper.face.upem
        return [
            round(position.x_advance * scale - self._advances[ord(char)])
            for char, position in zip(part, buffer.glyph_positions, strict=True)
        ]

    @cached_property
    def _shaper(self) -> uharfbuzz.Font:
        return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob(self.font.face._ttf_data)))


class Fonts:
    """All the faces of one document."""

    def __init__(
        self, document: PDFDocument, report: Callable[[str, Question | None], None]
    ) -> None:
        self._document = document
        self._report = report
        self._question: Question | None = None
        self._faces: dict[tuple[Family, bool, bool], Face] = {}
        self.face = Memo(self._find).__getitem__
        """The face of a style."""

    def _find(self, style: Style) -> Face:
        key = (style.family, style.bold, style.italic)
        if key not in self._faces:
            font = _load(*_FILES[key])
            self._faces[key] = Face(font, self._document, lambda: self._fallbacks)
        return self._faces[key]

    @cached_property
    def _fallbacks(self) -> list[Face]:
        return [Face(_load(*file), self._document, list) for file in _FALLBACKS]

    @contextmanager
    def about(self, question: Question | None) -> Iterator[None]:
        """What is missing inside is reported as this question's, if there is one."""
        before = self._question
        self._question = question or before
        yield
        self._question = before

    def drawable(self, text: str, style: Style) -> str:
        """The text with what no font can draw spelt out, as in [U+65E5], and reported."""
        face = self.face(style)
        text = unicodedata.normalize("NFC", text)
        if face.characters.issuperset(text):
            return text
        text = "".join(filter(_visible, text))
        for char in sorted(face.lacks(text)):
            name, shown = unicodedata.name(char, "no name"), char if char.isprintable() else ""
            self._report(f"no font can draw U+{ord(char):04X} {shown} ({name})", self._question)
            text = text.replace(char, f"[U+{ord(char):04X}]")
        if any(unicodedata.bidirectional(char) in ("R", "AL") for char in text):
            message = "right-to-left text is set from left to right, its letters unjoined"
            self._report(message, self._question)
        return text


class Memo(dict[Key, Value], Generic[Key, Value]):
    """A dictionary that computes what it lacks."""

    def __init__(self, compute: Callable[[Key], Value]) -> None:
        self._compute = compute

    def __missing__(self, key: Key) -> Value:
        value = self[key] = self._compute(key)
        return value


def _visible(char: str) -> bool:
    # Joiners, byte order marks, direction marks and variation selectors ask for nothing that is
    # done here; without this they would print as boxes.
    return unicodedata.category(char) not in ("Cf", "Cc") and not "\ufe00" <= char <= "\ufe0f"


def _escape(code: int) -> str:
    char = chr(code)
    if char in "()\\":
        return "\\" + char
    return char if 32 <= code < 127 else f"\\{code:03o}"
