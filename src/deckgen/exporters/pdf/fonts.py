"""The faces text is set in, falling back from font to font, character by character.

The text's typefaces are static TrueType files from ordinary Python packages (reportlab takes no
others): IBM Plex Serif, Plex Mono and Plex Sans Condensed; behind them the fonts that the guide's
maintainer names; DejaVu Sans and STIX Two Math, which ziafont and ziamath carry, for symbols,
arrows, mathematics, Greek and Cyrillic; and the fonts that `deckgen[fonts]` brings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, cached_property, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.ttfonts import TTFont

from ...languages import direction
from ...memo import Memo
from ...model import Question
from ...words import composed, unhyphenated
from .kerning import PlainFont
from .scripts import (
    RIGHT_TO_LEFT,
    SOFT_HYPHEN,
    ZERO_WIDTH_SPACE,
    drawn,
    graphemes,
    has_right,
    hyphens_meant,
    steers,
    unforced,
    visible,
)
from .shaping import ShapedFont, Shown, escape
from .styles import Family, Style
from .typefaces import Family as TypeFamily
from .typefaces import Typeface, packs, typeface

_PACKAGES: dict[Family, tuple[str, str]] = {
    "serif": ("fontpkg_ibm_plex_serif", "IBMPlexSerif"),
    "mono": ("fontpkg_ibm_plex_mono", "IBMPlexMono"),
    "sans": ("fontpkg_ibm_plex_sans_condensed", "IBMPlexSansCondensed"),
}
_CUTS = {
    (False, False): "Regular",
    (False, True): "Italic",
    (True, False): "SemiBold",
    (True, True): "SemiBoldItalic",
}
_FILES: dict[tuple[Family, bool, bool], tuple[str, str]] = {
    (family, bold, italic): (package, f"files/{name}-{cut}.ttf")
    for family, (package, name) in _PACKAGES.items()
    for (bold, italic), cut in _CUTS.items()
}
"""The package and the file of each font, by family, bold and italic."""

_DEJAVU = ("ziafont", "fonts/DejaVuSans.ttf")
_STIX = ("ziamath", "fonts/STIXTwoMath-Regular.ttf")

# Spaces that text fonts lack are made of those that all have: another font's would be embedded for
# nothing to see.
_SPACES = {0x2002: "\u00a0" * 2, 0x2003: "\u00a0" * 4, 0x2007: "\u00a0" * 2} | dict.fromkeys(
    (0x2004, 0x2005, 0x2006, 0x2008, 0x2009, 0x200A, 0x202F), "\u00a0"
)

_ESCAPED = re.compile(
    "["
    + re.escape("".join(char for char in map(chr, range(128)) if escape(ord(char)) != char))
    + "]"
)
"""What is written in another way inside a string; the other characters of ASCII are their codes."""


def _path(package: str, file: str) -> Path:
    # Found without importing: ziamath takes a tenth of a second, and only its file is wanted.
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"the font package {package} is not installed", name=package)
    return Path(spec.origin).parent / file


@cache
def _load(package: str, file: str) -> TTFont:
    path = _path(package, file)
    font = TTFont(f"deckgen-{path.stem}", str(path), asciiReadable=True, shapable=False)
    pdfmetrics.registerFont(font)
    return font


@cache
def _last_resort() -> TypeFamily:
    """DejaVu Sans once more, for Arabic, Hebrew and Lao."""
    return TypeFamily([typeface(_path(*_DEJAVU).read_bytes())])


def font_name(family: Family, bold: bool = False, italic: bool = False) -> str:
    """The name under which reportlab knows one of the guide's fonts."""
    name: str = _load(*_FILES[family, bold, italic]).fontName
    return name


class Drawer(Protocol):
    """A font in a document, that draws words or parts of them. `right` is whether they run from
    right to left; even then they are drawn to the right of where the pen is."""

    def has(self, characters: Iterable[str]) -> bool: ...

    def measure(self, text: str, right: bool) -> float:
        """The width of some characters of its own, in sizes of the type (1.0 is an em)."""

    def show(self, text: str, right: bool) -> list[Shown]: ...


class _OtherFonts(Exception):
    """A word needs more than the first subset of a font."""


class Face:
    """What the text of a style is set in: a font, and others for the characters that it lacks. A
    word that begins with RIGHT_TO_LEFT is drawn in that direction."""

    def __init__(self, font: PlainFont, fallbacks: Callable[[], Iterable[Drawer]]) -> None:
        self._font = font
        self._fallbacks = fallbacks
        self.characters = font.characters
        """Those that need no other font."""
        self.widths = Memo(self._measure)
        """The width of any word, in sizes of the type (1.0 is an em)."""
        self.drawer = Memo(self._first_with).__getitem__
        """The first font that has all there is to see of what reads as one character."""
        self._shown = Memo(self._show_word)
        self._plain = Memo(self._simple)
        self._pitch = font.pitch

    def width(self, text: str) -> float:
        """The width of a text with its spaces, in sizes of the type."""
        if self._pitch and text.isascii():
            return len(text) * self._pitch
        words = text.split(" ")
        return sum(map(self.widths.__getitem__, words)) + (len(words) - 1) * self.space

    @cached_property
    def space(self) -> float:
        return self.widths["\u00a0"]

    def codes(self, text: str) -> str | None:
        """The text in codes of this font; nothing where it needs another, too."""
        if self._pitch and text.isascii() and not _ESCAPED.search(text):
            return text
        try:
            return " ".join(map(self._plain.__getitem__, text.split(" ")))
        except _OtherFonts:
            return None

    def show(self, text: str) -> Sequence[Shown]:
        """The text as fonts with strings of codes."""
        runs: list[Shown] = []
        for position, word in enumerate(text.split(" ")):
            # Word spacing stretches code 32 only, which the first subset is sure to have.
            space = [Shown(self.own, " ")] if position else []
            for shown in (*space, *self._shown[word]):
                if runs and runs[-1].font == shown.font:
                    runs[-1] = Shown(shown.font, runs[-1].codes + shown.codes)
                else:
                    runs.append(shown)
        return runs

    def _first_with(self, cluster: str) -> Drawer | None:
        seen = set(visible(cluster))
        if seen <= self.characters:
            return self._font
        return next((font for font in self._fallbacks() if font.has(seen)), None)

    def portions(self, word: str) -> list[str]:
        """What one font draws each of a word from right to left, in the order it is read."""
        bare = word.replace(RIGHT_TO_LEFT, "")
        return [RIGHT_TO_LEFT + part for _, part in self._parts(bare)]

    def _simple(self, word: str) -> str:
        """The codes of a word that the first subset of this font has whole."""
        if word.isascii():
            return self._font.codes(word)
        shown = self._shown[word]
        if any(part.font != self.own for part in shown):
            raise _OtherFonts
        return "".join(part.codes for part in shown)

    @cached_property
    def own(self) -> str:
        """The font, as the page's operators name it."""
        return self._font.resource

    def _parts(self, word: str) -> list[tuple[Drawer, str]]:
        """A word divided by the fonts that draw it."""
        if self.characters.issuperset(word):
            return [(self._font, word)]
        divided: list[tuple[Drawer, str]] = []
        for cluster in graphemes(word):
            font = self.drawer(cluster)
            for part in cluster if font is None else (cluster,):
                drawer = font or self.drawer(part) or self._font
                if divided and divided[-1][0] is drawer:
                    divided[-1] = (drawer, divided[-1][1] + part)
                else:
                    divided.append((drawer, part))
        return divided

    def _set(self, word: str) -> tuple[list[tuple[Drawer, str]], bool]:
        """The parts of a word, from left to right, and whether their characters run to the left."""
        if RIGHT_TO_LEFT in word:
            return self._parts(word.replace(RIGHT_TO_LEFT, ""))[::-1], True
        return self._parts(word), False

    def _measure(self, word: str) -> float:
        word = drawn(word)
        if self.characters.issuperset(word):
            return self._font.measure(word, False)
        parts, right = self._set(word)
        return sum(font.measure(part, right) for font, part in parts)

    def _show_word(self, word: str) -> list[Shown]:
        parts, right = self._set(drawn(word))
        return [shown for font, part in parts for shown in font.show(part, right)]


class Fonts:
    """All the faces of one document. `named` are the families its maintainer names."""

    def __init__(
        self,
        document: PDFDocument,
        report: Callable[[str, Question | None], None],
        language: str = "",
        named: Sequence[TypeFamily] = (),
    ) -> None:
        self._document = document
        self._report = report
        self.language = language
        self.right = direction(language) == "rtl"
        """Whether the document's language is written from right to left."""
        self._named = named
        self._question: Question | None = None
        self._faces: dict[tuple[Family, bool, bool], Face] = {}
        self._shaped: dict[tuple[Typeface, bool], ShapedFont] = {}
        self._chosen = Memo(self._chosen_of)
        self._others = Memo(self._others_of)
        self._symbols: Memo[tuple[str, str], PlainFont] = Memo(self._plain)
        self.assigned: dict[tuple[str, str, str], tuple[str, int]] = {}
        """The characters that have a code in a font, in the order they got it: by package, file
        and character the name of a subset, and the code in it."""
        self.face = Memo(self._find).__getitem__
        """The face of a style."""

    def _find(self, style: Style) -> Face:
        key = (style.family, style.bold, style.italic)
        if key not in self._faces:
            font = self._plain(_FILES[key])
            self._faces[key] = Face(font, lambda: self._fallbacks(style))
        return self._faces[key]

    def _plain(self, file: tuple[str, str], only: Callable[[str], bool] | None = None) -> PlainFont:
        return PlainFont(_load(*file), partial(self.assign, *file), only)

    def assign(self, package: str, file: str, char: str) -> tuple[str, int]:
        """The code of a character in a font, after the name of the subset that has it."""
        key = package, file, char
        if key not in self.assigned:
            font, document = _load(package, file), self._document
            [(subset, code)] = font.splitString(char, document)
            self.assigned[key] = font.getSubsetInternalName(subset, document), code[0]
        return self.assigned[key]

    @property
    def shaped(self) -> int:
        """How many characters of scripts that are shaped are in the document, and their fonts."""
        return sum(1 + font.clusters for font in self._shaped.values())

    def _fallbacks(self, style: Style) -> Iterator[Drawer]:
        """The fonts that are named, then those for symbols, so that these look the same whatever
        else is installed; the rest is not loaded before it is needed."""
        yield from self._chosen[style.bold]
        if style.family == "serif":
            yield self._with_serifs
        yield from (self._symbols[file] for file in (_DEJAVU, _STIX))
        yield from self._others[style.bold]

    @cached_property
    def _with_serifs(self) -> Drawer:
        """Greek and mathematics for text with serifs; other symbols of this font stand out of a
        line."""
        return self._plain(_STIX, _is_letter)

    def _chosen_of(self, bold: bool) -> list[Drawer]:
        return [self._shape(family, bold) for family in self._named]

    def _others_of(self, bold: bool) -> list[Drawer]:
        return [self._shape(family, bold) for family in (*packs(), _last_resort())]

    def _shape(self, family: TypeFamily, bold: bool) -> ShapedFont:
        typeface = family.typeface(bold)
        key = typeface, bold and typeface.weights
        if key not in self._shaped:
            number = len(self._shaped)
            font = ShapedFont(typeface, bold, self._document, number, self.language, self.report)
            self._shaped[key] = font
        return self._shaped[key]

    def report(self, message: str) -> None:
        """Something about the text that is being set."""
        self._report(message, self._question)

    @contextmanager
    def about(self, question: Question) -> Iterator[None]:
        """What is reported of texts that are set inside is about this question."""
        before, self._question = self._question, question
        yield
        self._question = before

    def drawable(self, text: str, style: Style) -> str:
        """The text with what no font can draw spelt out, as in [U+65E5], and reported."""
        face = self.face(style)
        text = composed(text)
        if SOFT_HYPHEN in text:
            text = unhyphenated(text) if style.family == "mono" else hyphens_meant(text)
        if face.characters.issuperset(text):
            return text
        text = unforced(text.translate(_SPACES))
        steered = has_right(text)
        kept: list[str] = []
        missing: set[str] = set()
        for cluster in graphemes(text):
            font = face.drawer(cluster)
            if font is None:
                lacking = {char for char in visible(cluster) if face.drawer(char) is None}
                missing |= lacking
                spelt = (f"[U+{ord(c):04X}]" if c in lacking else c for c in visible(cluster))
                kept.append("".join(spelt))
            elif (
                isinstance(font, ShapedFont)
                or cluster in (SOFT_HYPHEN, ZERO_WIDTH_SPACE)
                or (steered and steers(cluster))
            ):
                kept.append(cluster)
            else:
                # Joiners, marks of direction and variation selectors ask for nothing here;
                # without this they would print as boxes.
                kept.append(visible(cluster))
        for char in sorted(missing):
            name, shown = unicodedata.name(char, "no name"), char if char.isprintable() else ""
            self.report(f"no font can draw U+{ord(char):04X} {shown} ({name})")
        return "".join(kept)


def _is_letter(char: str) -> bool:
    """Whether a character is a letter, or a sign of mathematics."""
    return unicodedata.category(char) in ("Lu", "Ll", "Lt", "Lm", "Lo", "Sm")
