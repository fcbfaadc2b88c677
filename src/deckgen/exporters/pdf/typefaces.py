"""Font files that the guide's maintainer names, and those of installed packages: found, and looked
over before anything is set in them."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import uharfbuzz

from ...exporter import InputFile, Unreadable, Warn
from ...memo import Memo
from . import FONT_PACKAGES

_PACKS = ("manimgx-fonts", "manimgx-fonts-cjk")
"""What `deckgen[fonts]` installs: used wherever they are there, without being named."""

_FOLDER = "fonts"
"""Of a guide, for font files of its own."""

_SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
_WEBFONTS = (b"wOFF", b"wOF2")
_MAGIC = (b"\x00\x01\x00\x00", b"true", b"OTTO", b"ttcf")
_CMAP = int.from_bytes(b"cmap")
_LIMIT = 100 * 2**20
"""Bytes of a font that is named on the command line, or comes in a package."""

MAX_FONTS = 30
"""Files and packages that are named. Each file is kept whole, and one may have many names."""

_REGULAR, _BOLD = 400, 600


class BadFont(Exception):
    """Why a font can't be used."""


@dataclass(frozen=True, eq=False)
class Typeface:
    """One font file that can be drawn with and embedded."""

    name: str
    """As its maker has it, without spaces."""
    family: str
    weight: int
    italic: bool
    face: uharfbuzz.Face

    @cached_property
    def has(self) -> Callable[[str], bool]:
        """Whether it has a character. They are looked up, never listed: a table of a few bytes can
        name each of them a million times."""
        font = uharfbuzz.Font(self.face)
        count = self.face.glyph_count
        known: Memo[str, bool] = Memo(
            lambda char: 0 < (font.get_nominal_glyph(ord(char)) or 0) < count
        )
        return known.__getitem__

    @cached_property
    def weights(self) -> bool:
        """Whether it is a variable font with weights to choose from."""
        return any(axis.tag == "wght" for axis in self.face.axis_infos)

    def location(self, bold: bool) -> dict[str, float]:
        """Where on its axes a variable font is used."""
        place: dict[str, float] = {}
        for axis in self.face.axis_infos:
            weight = _BOLD if bold else _REGULAR
            wanted = weight if axis.tag == "wght" else axis.default_value
            place[axis.tag] = min(max(wanted, axis.min_value), axis.max_value)
        return place


class Family:
    """The typefaces of one name, of which text takes the regular and the bold one."""

    def __init__(self, typefaces: Sequence[Typeface]) -> None:
        upright = [typeface for typeface in typefaces if not typeface.italic] or typefaces
        self._upright = upright

    def typeface(self, bold: bool) -> Typeface:
        """The nearest to the weight that is wanted."""
        wanted = _BOLD if bold else _REGULAR
        return min(self._upright, key=lambda typeface: abs(typeface.weight - wanted))


def families(names: Sequence[str], warn: Warn) -> list[Family]:
    """The families of the font files, and of the packages of such, that are named."""
    found: list[Typeface] = []
    for number, name in enumerate(dict.fromkeys(names)):
        file = name if isinstance(name, InputFile) else InputFile(name)
        try:
            if number >= MAX_FONTS:
                raise BadFont(f"expected no more than {MAX_FONTS} fonts and packages")
            found += _named(file)
        except BadFont as error:
            warn(f"the font {str(name)!r} is not used: {error}", file.place)
    return _grouped(found)


def packs() -> Iterator[Family]:
    """The families of the packages that are used without being named."""
    for name in _PACKS:
        yield from _pack(name)


@cache
def _pack(name: str) -> list[Family]:
    """The families of an installed package; none where it is not installed, or damaged."""
    try:
        return _grouped(_package(name))
    except BadFont:
        return []


def _grouped(typefaces: Sequence[Typeface]) -> list[Family]:
    by_family: dict[str, list[Typeface]] = {}
    for typeface in typefaces:
        by_family.setdefault(typeface.family, []).append(typeface)
    return [Family(group) for group in by_family.values()]


def _named(name: InputFile) -> list[Typeface]:
    if "/" not in name and "\\" not in name and not name.lower().endswith(_SUFFIXES):
        return _package(name)
    return [_file(name)]


def _file(file: InputFile) -> Typeface:
    try:
        return typeface(file.read_from(_FOLDER, _LIMIT))
    except Unreadable as error:
        raise BadFont(f"can't read this file: {error}") from None


def _package(name: str) -> list[Typeface]:
    """The fonts of an installed package. It is not imported."""
    if not any(word in name.lower() for word in FONT_PACKAGES):
        raise BadFont(
            f"expected a font file ({', '.join(_SUFFIXES)}), or a package with "
            f"{' or '.join(FONT_PACKAGES)} in its name"
        )
    try:
        listed = distribution(name).files or []
    except (PackageNotFoundError, ValueError):
        raise BadFont("no package of this name is installed") from None
    fonts = sorted(file for file in listed if file.name.lower().endswith(_SUFFIXES))
    if not fonts:
        raise BadFont("there are no fonts in this package")
    return [_opened(Path(str(file.locate()))) for file in fonts]


def _opened(path: Path) -> Typeface:
    try:
        if path.stat().st_size > _LIMIT:
            raise BadFont(f"{path.name} has more than {_LIMIT // 2**20} MiB")
        return typeface(path.read_bytes())
    except OSError as error:
        raise BadFont(f"can't read {path.name}: {error.strerror}") from None


# ------------------------------------------------------------------------------- one font's bytes


def typeface(data: bytes) -> Typeface:
    """The font in these bytes; of a collection the first. Raises BadFont for what can't be used."""
    if data[:4] in _WEBFONTS:
        raise BadFont("it is a webfont: expected .ttf or .otf, as made for printing")
    if data[:4] not in _MAGIC:
        raise BadFont("it is neither a TrueType nor an OpenType font")
    tables = _tables(data)
    face = uharfbuzz.Face(uharfbuzz.Blob(data))
    if not tables & {"glyf", "CFF ", "CFF2"} or face.has_color_paint:
        raise BadFont("it has only colour pictures: print needs outlines, as Noto Emoji has them")
    if "cmap" not in tables:
        raise BadFont("it has no table of characters")
    os2 = face.reference_table("OS/2").data
    weight, forbidden, selection = 400, 0, 0
    if len(os2) >= 64:
        weight, _, forbidden = struct.unpack_from(">HHH", os2, 4)
        [selection] = struct.unpack_from(">H", os2, 62)
    if forbidden & 0xF == 2:
        raise BadFont("its maker forbids embedding it")
    try:
        trial = uharfbuzz.SubsetInput()
        trial.unicode_set.add(ord(" "))
        trial.drop_table_tag_set.add(_CMAP)  # HarfBuzz would list it all
        trial.subset(face)
    except RuntimeError:
        raise BadFont("it is damaged") from None
    family = face.get_name(16) or face.get_name(1) or "unnamed"
    name = face.get_name(6) or family
    plain = "".join(char for char in name if char.isascii() and (char.isalnum() or char == "-"))
    return Typeface(plain[:60] or "Font", family, weight, bool(selection & 1), face)


def _tables(data: bytes) -> set[str]:
    """The tables of a font, each of which must lie within the file."""
    start = 0
    try:
        if data[:4] == b"ttcf":
            [start] = struct.unpack_from(">I", data, 12)
        [count] = struct.unpack_from(">H", data, start + 4)
        found = set()
        for number in range(count):
            tag, _, offset, length = struct.unpack_from(">4sIII", data, start + 12 + 16 * number)
            if offset + length > len(data):
                raise BadFont("it is cut short")
            found.add(tag.decode("latin-1"))
    except struct.error:
        raise BadFont("it is cut short") from None
    return found
