"""The file itself, written object by object, each as soon as it is final: what is on the disk needs
no memory. Most objects are packed into compressed streams.

reportlab writes every object on its own, uncompressed, when all are there; a tagged file has many
small ones. Object streams and a cross-reference stream (ISO 32000-1, 7.5.7 and 7.5.8) make it a
fifth of the size. reportlab's own objects (fonts, pictures, the catalog) are written last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import accumulate, count
from struct import Struct
from typing import BinaryIO

import deflate
from reportlab.lib.utils import rawBytes
from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.pdfdoc import PDFDocument, PDFObject, PDFStream

from ...words import unhyphenated

_PACKED = 200
"""Objects in one stream: enough to compress well, few enough to reach one without the rest."""

_LEVEL = 5
"""Of libdeflate, which takes half the time of zlib for a smaller file. What it packs has the same
bytes everywhere, whichever zlib a Python came with; only pictures are packed by that."""


@dataclass
class Stretch:
    """A part of a file that can be written again into another one, where the number of its first
    object is the next one, too."""

    position: int
    """Of its first byte."""
    first: int
    end: int = 0
    """The numbers that were claimed while it was written: those from `first` up to `end`."""
    data: list[bytes] = field(default_factory=list)
    rows: bytes = b""
    """Of the cross-reference table, from that of `first` on."""
    alone: list[tuple[int, int]] = field(default_factory=list)
    """The objects that are in no stream, by number, with their positions in the file."""
    earlier: list[tuple[int, int, int]] = field(default_factory=list)
    """Packed objects whose numbers were claimed before: number, holder and index."""

    def enter(self, numbers: Sequence[int], kind: int, place: int) -> None:
        """Note where some objects are."""
        if kind == 1:
            self.alone += [(number, place) for number in numbers]
        else:
            placed = enumerate(numbers)
            self.earlier += [(n, place, index) for index, n in placed if n < self.first]


class File:
    """One file in the making. Objects are known by number, some by name as well; either may be
    referred to before the object is written."""

    def __init__(self, out: BinaryIO, document: PDFDocument) -> None:
        self.document = document
        self.names: dict[str, tuple[int, int]] = document.idToObjectNumberAndVersion
        """The numbers of objects with a name, reportlab's among them."""
        self._out = out
        self._position = 0
        self._table = bytearray(_ENTRY.pack(0, 0, 0xFFFF))
        self._packed: list[tuple[int, str]] = []
        self._recorded: Stretch | None = None
        self._digest = sha256()
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def claim(self) -> int:
        """The number of an object yet to be written."""
        self.document.objectcounter += 1
        number: int = self.document.objectcounter
        return number

    def number(self, name: str) -> int:
        """The number of the object with a name: one of reportlab's, or one yet to be written."""
        known = self.names
        if name not in known:
            known[name] = (self.claim(), 0)
        return known[name][0]

    def put(self, number: int, body: str) -> None:
        """Write an object."""
        self._packed.append((number, body))
        if len(self._packed) == _PACKED:
            self._pack()

    def put_value(self, number: int, value: PDFObject) -> None:
        """Write an object of reportlab's. A stream that asks for no filter is not compressed: what
        a file says of itself is also found by programs that read no PDF (ISO 32000-1, 14.3.2)."""
        packed = isinstance(value, PDFStream) and value.filters
        if packed and "Filter" not in value.dictionary.dict:
            entries = pdfdoc.format(value.dictionary, self.document).decode("latin-1")
            self._alone(number, _stream(entries[2:-2], rawBytes(value.content)))
            return
        body: bytes = pdfdoc.format(value, self.document, toplevel=1)
        if body.endswith((b"endstream", b"endstream\n")):
            self._alone(number, body)
        else:
            self.put(number, body.decode("latin-1"))

    def stream(self, number: int, data: bytes) -> None:
        """Write an object that is nothing but data."""
        self._alone(number, _stream("", data))

    def begin_stretch(self) -> Stretch:
        """What is written from here on, until it is ended, as a stretch of the file."""
        self._pack()
        self._recorded = Stretch(self._position, self.document.objectcounter + 1)
        return self._recorded

    def end_stretch(self, stretch: Stretch) -> None:
        """The stretch is complete."""
        self._pack()
        self._recorded = None
        stretch.end = self.document.objectcounter + 1
        stretch.rows = bytes(self._table[stretch.first * _ENTRY.size :])

    def write_again(self, stretch: Stretch) -> None:
        """Write a stretch of another file, where the same numbers were the next ones."""
        self._pack()
        shift = self._position - stretch.position
        self.document.objectcounter = stretch.end - 1
        start = stretch.first * _ENTRY.size
        self._table.extend(bytes(start - len(self._table)))
        self._table += stretch.rows
        for number, place in stretch.alone:
            self._enter([number], 1, place + shift)
        for number, holder, index in stretch.earlier:
            _ENTRY.pack_into(self._table, number * _ENTRY.size, 2, holder, index)
        self._write(b"".join(stretch.data))

    def finish(self, info: str) -> None:
        """Write what is left: reportlab's objects, and where each object is."""
        catalog = self.number_of(self.document.Catalog)
        about = self.claim()
        self.put(about, info)
        self._put_own()
        self._pack()
        mark = self._digest.hexdigest()[:32]
        table, start = self.claim(), self._position
        self._enter([table], 1, start)
        entries = (
            f"/Type/XRef /Size {table + 1} /W [1 4 2] /Root {catalog} 0 R /Info {about} 0 R"
            f" /ID [<{mark}><{mark}>]"
        )
        body = _stream(entries, bytes(self._table))
        self._write(b"%d 0 obj\n%s\nendobj\n" % (table, body))
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)

    def number_of(self, value: PDFObject) -> int:
        """The number of an object of reportlab's."""
        return self.number(self.document.Reference(value).name)

    def _put_own(self) -> None:
        """Write reportlab's objects; formatting one may add others."""
        names = self.document.numberToId
        for number in count(1):
            if number > self.document.objectcounter:
                return
            if number in names:
                self.put_value(number, self.document.idToObject[names[number]])

    def _alone(self, number: int, body: bytes) -> None:
        self._enter([number], 1, self._position)
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def _pack(self) -> None:
        """Write the objects that wait for it as one stream."""
        if not self._packed:
            return
        holder = self.claim()
        numbers, bodies = zip(*self._packed, strict=True)
        self._enter(numbers, 2, holder)
        offsets = accumulate((len(body) + 1 for body in bodies), initial=0)
        head = " ".join([f"{number} {at}" for number, at in zip(numbers, offsets, strict=False)])
        data = f"{head}\n{chr(10).join(bodies)}".encode("latin-1")
        entries = f"/Type/ObjStm /N {len(numbers)} /First {len(head) + 1}"
        self._packed.clear()
        self._alone(holder, _stream(entries, data))

    def _enter(self, numbers: Sequence[int], kind: int, place: int) -> None:
        """Note where some objects are. Numbers that were never used stay as they are here: free."""
        table, size, enter = self._table, _ENTRY.size, _ENTRY.pack_into
        table.extend(bytes(max(0, (max(numbers) + 1) * size - len(table))))
        for index, number in enumerate(numbers):
            enter(table, number * size, kind, place, index)
        if self._recorded:
            self._recorded.enter(numbers, kind, place)

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        if self._recorded:
            self._recorded.data.append(data)
        self._digest.update(data)
        self._position += len(data)


class Raw(PDFObject):  # type: ignore[misc]
    """An object of reportlab's as it is written, but for {names} of others, which become
    references."""

    def __init__(self, text: str) -> None:
        self._text = text

    def format(self, document: PDFDocument) -> bytes:
        numbers = document.idToObjectNumberAndVersion
        names = _NAMES.sub(lambda match: f"{numbers[match[1]][0]} 0 R", self._text)
        return names.encode("latin-1")


_NAMES = re.compile(r"\{([^}]+)\}")
_ENTRY = Struct(">BIH")
"""A row of the cross-reference table: kind, place, index."""


def string(text: str) -> str:
    """A text as a PDF string: in hexadecimal, where no character means anything to the syntax."""
    if text.isascii():
        return f"<{text.encode().hex()}>"
    return f"<feff{unhyphenated(text).encode('utf-16-be', 'replace').hex()}>"


def place(key: str) -> str:
    """The name of the object that says where in the document an anchor is."""
    return f"{_PLACE}{key}"


def is_place(name: str) -> bool:
    """Whether an object's name is that of a place."""
    return name.startswith(_PLACE)


_PLACE = "Place "


def _stream(entries: str, data: bytes) -> bytes:
    packed = deflate.zlib_compress(data, _LEVEL)
    head = f"<<{entries} /Filter/FlateDecode /Length {len(packed)}>>\nstream\n"
    return b"".join((head.encode(), packed, b"\nendstream"))
