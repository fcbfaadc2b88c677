"""The file itself: objects written as text, most of them packed into compressed streams.

reportlab writes every object on its own, uncompressed; a tagged file has many small ones. Object
streams and a cross-reference stream (ISO 32000-1, 7.5.7 and 7.5.8) make it a fifth of the size.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from itertools import count
from struct import Struct

from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.pdfdoc import PDFDocument, PDFObject

_PACKED = 200
"""Objects in one stream: enough to compress well, few enough to reach one without the rest."""


class Raw(PDFObject):  # type: ignore[misc]
    """An object as it is written, but for {names} of others, which become references."""

    def __init__(self, text: str) -> None:
        self._text = text

    def format(self, document: PDFDocument) -> bytes:
        numbers = document.idToObjectNumberAndVersion
        names = _NAMES.sub(lambda match: f"{numbers[match[1]][0]} 0 R", self._text)
        return names.encode("latin-1")


_NAMES = re.compile(r"\{([^}]+)\}")


def string(text: str) -> str:
    """A text as a PDF string: in hexadecimal, where no character means anything to the syntax."""
    if text.isascii():
        return f"<{text.encode().hex()}>"
    return f"<feff{text.encode('utf-16-be', 'replace').hex()}>"


def place(key: str) -> str:
    """The name of the object that says where in the document an anchor is."""
    return f"Place {key}"


def serialize(document: PDFDocument, info: Raw, mark: str, tree: Mapping[int, str]) -> bytes:
    """The whole file. `mark` is its identifier: 32 hexadecimal digits; `tree` has the objects of
    the structure tree by number."""
    catalog = document.Reference(document.Catalog)
    about = document.Reference(info)
    parts = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"]
    position = len(parts[0])
    entries: dict[int, tuple[int, int, int]] = {}
    packed: list[tuple[int, bytes]] = []

    def put(number: int, body: bytes) -> None:
        nonlocal position
        entries[number] = (1, position, 0)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        position += len(parts[-1])

    for number, body in _objects(document, tree):
        if body.rstrip().endswith(b"endstream"):
            put(number, body)
        else:
            packed.append((number, body))
    following = document.objectcounter + 1
    for start in range(0, len(packed), _PACKED):
        chunk = packed[start : start + _PACKED]
        for index, (number, _) in enumerate(chunk):
            entries[number] = (2, following, index)
        put(following, _object_stream(chunk))
        following += 1
    entries[following] = (1, position, 0)
    root = (
        f"/Root {reference(document, catalog)} /Info {reference(document, about)}"
        f" /ID [<{mark}><{mark}>]"
    )
    parts.append(_cross_references(entries, following, root))
    parts.append(b"startxref\n%d\n%%%%EOF\n" % position)
    return b"".join(parts)


def reference(document: PDFDocument, to: PDFObject) -> str:
    text: str = to.format(document).decode()
    return text


def _objects(document: PDFDocument, tree: Mapping[int, str]) -> Iterator[tuple[int, bytes]]:
    """Every object by number; formatting one may add others."""
    for number in count(1):
        if number in tree:
            yield number, tree[number].encode("latin-1")
        elif number in document.numberToId:
            value = document.idToObject[document.numberToId[number]]
            yield number, pdfdoc.format(value, document, toplevel=1)
        else:
            return


def _object_stream(objects: list[tuple[int, bytes]]) -> bytes:
    offset, head = 0, []
    for number, body in objects:
        head.append(b"%d %d" % (number, offset))
        offset += len(body) + 1
    index = b" ".join(head) + b"\n"
    data = index + b"\n".join(body for _, body in objects)
    return _stream(f"/Type/ObjStm /N {len(objects)} /First {len(index)}", data)


def _cross_references(entries: dict[int, tuple[int, int, int]], number: int, root: str) -> bytes:
    rows = [b"\x00\x00\x00\x00\x00\xff\xff"]
    rows += (_ENTRY.pack(*entries[key]) for key in range(1, number + 1))
    table = _stream(f"/Type/XRef /Size {number + 1} /W [1 4 2] {root}", b"".join(rows))
    return b"%d 0 obj\n%s\nendobj\n" % (number, table)


_ENTRY = Struct(">BIH")
"""A row of the cross-reference table: kind, place, index."""


def _stream(entries: str, data: bytes) -> bytes:
    data = zlib.compress(data)
    head = f"<<{entries} /Filter/FlateDecode /Length {len(data)}>>\nstream\n"
    return head.encode() + data + b"\nendstream"
