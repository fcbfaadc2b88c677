"""A deck of Anki's (.apkg) -> an `Imported` guide.

A package is a zip with an SQLite collection and numbered images. Three forms are about, told apart
by the collection's name: `collection.anki21b` (compressed with zstd, as are the images, which a
protobuf names), `collection.anki21` and `collection.anki2` (plain, the images named by JSON); see
Anki's source, rslib/src/import_export/package/meta.rs and proto/anki/import_export.proto. Nothing
in a package is believed: what is read is bounded, and no SQL of its own is run.
"""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import IO, NamedTuple

import zstandard

from ..files import MAX_BYTES as MAX_IMAGE
from ..files import temporary_folder
from ..media import MediaError, identify
from ..words import ascii_slug, count
from .cards import Cards
from .values import Given, Imported, refusal

MAX_COLLECTION = 256 * 1024 * 1024
MAX_IMAGES = 256 * 1024 * 1024
"""Of all together: a small zip can hold any number of big ones."""
MAX_NAMES = 16 * 1024 * 1024
MAX_NOTES = 50_000
MAX_NOTE = 1024 * 1024
MAX_FIELDS = 100
MAX_STEPS = 500_000_000
"""Of SQLite's virtual machine, far more than any honest package takes."""
_LONGEST_SQL = 10_000
"""Characters of what makes one table: reading it takes a time that grows with their square."""

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Of compression. What is broken in others is an error of another kind for each."""

_FRONTS = ("front", "question", "text", "term")
_BACKS = ("back", "answer", "back extra", "definition")


class _Refused(Exception):
    """Why a package can't be read."""


class _Note(NamedTuple):
    fields: dict[str, str]
    tags: str


def read_deck(data: bytes, path: str, given: Given) -> Imported:
    """Read the notes of a package. Raises BankError for what is none, or none to be trusted."""
    cards = Cards(path, given)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            package = _Package(archive)
            images = _Images(package, cards)
            for note in _notes(package.collection()):
                _add(cards, images, note)
    except _Refused as error:
        raise refusal(str(error), path) from None
    except sqlite3.Error as error:
        # An alarm or a Ctrl-C within SQLite becomes this, too.
        if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
            message = "reading its collection took too long, or was interrupted: nothing is written"
            raise refusal(message, path) from None
        raise refusal(f"its collection can't be read: {error}", path) from None
    except (zipfile.BadZipFile, zstandard.ZstdError, zlib.error, EOFError) as error:
        raise refusal(f"this is no whole Anki package: {error}", path) from None
    except (NotImplementedError, RuntimeError, ValueError) as error:  # encrypted, or made up
        raise refusal(f"this Anki package can't be read: {error}", path) from None
    return cards.imported(images.kept)


def _add(cards: Cards, images: _Images, note: _Note) -> None:
    """A note's front, back and what else it holds."""
    size = sum(map(len, (*note.fields.values(), note.tags)))
    if len(note.fields) > MAX_FIELDS or size > MAX_NOTE:
        limit = f"{MAX_FIELDS} fields or {MAX_NOTE // 2**20} MiB"
        cards.remarks.warn(f"not imported: a note of more than {limit}")
        return
    filled = {name: value for name, value in note.fields.items() if value.strip()}
    front = _named(note.fields, _FRONTS, 0)
    others = {name: value for name, value in filled.items() if name != front}
    back = _named(note.fields, _BACKS, 1)
    back = back if back in others else next(iter(others), "")
    cards.add(
        note.fields.get(front, ""),
        others.pop(back, ""),
        note.tags.split(),
        html=True,
        more=others,
        picture=images.name,
    )


def _named(fields: Mapping[str, str], names: tuple[str, ...], position: int) -> str:
    """The field with one of these names, else the one at this position."""
    known = {name.casefold(): name for name in reversed(list(fields))}
    by_position = [*fields][position : position + 1]
    return next((known[name] for name in names if name in known), "".join(by_position))


# ------------------------------------------------------------------------------------ the package


class _Package:
    """The files of the zip, each read up to a limit."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        names = set(archive.namelist())
        known = ("collection.anki21b", "collection.anki21", "collection.anki2")
        self.collection_name = next((name for name in known if name in names), "")
        if not self.collection_name:
            raise _Refused("this zip is no Anki package: expected a collection in it")
        self.compressed = self.collection_name.endswith("b")
        self.has_media = "media" in names

    def collection(self) -> bytes:
        return self.read(self.collection_name, MAX_COLLECTION)

    def media(self) -> dict[str, str]:
        """The entry of the zip that holds an image, by the image's name."""
        if not self.has_media:
            return {}
        data = self.read("media", MAX_NAMES)
        if self.compressed:
            return {name: str(number) for number, name in enumerate(_entry_names(data))}
        try:
            names = json.loads(data or b"{}")
        except (ValueError, RecursionError):
            raise _Refused("its list of images can't be read") from None
        if not isinstance(names, dict):
            raise _Refused("its list of images can't be read")
        return {str(name): str(entry) for entry, name in names.items()}

    def read(self, name: str, limit: int) -> bytes:
        if self.archive.getinfo(name).compress_type not in _METHODS:
            raise _Refused(f"{name!r} in it is compressed in a way that is not Anki's")
        with self.archive.open(name) as file:
            if not self.compressed:
                return _bounded(file, name, limit)
            reader = zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(file)
            return _bounded(reader, name, limit)


def _bounded(file: IO[bytes], name: str, limit: int) -> bytes:
    data = file.read(limit + 1)
    if len(data) > limit:
        raise _Refused(f"{name!r} in it has more than {limit // 2**20} MiB")
    return data


def _entry_names(data: bytes) -> Iterator[str]:
    """The names in a `MediaEntries` message: field 1 of field 1, again and again."""
    for number, entry in _fields(data):
        if number == 1:
            yield next((v.decode("utf-8", "replace") for n, v in _fields(entry) if n == 1), "")


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of a protobuf message's fields; numbers have none
    (protobuf.dev/programming-guides/encoding)."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        kind, size = key & 7, 0
        if kind == 0:
            _, at = _varint(data, at)
        elif kind == 2:
            size, at = _varint(data, at)
        elif kind in (1, 5):
            at += 8 if kind == 1 else 4
        else:
            raise _Refused("its list of images can't be read")
        if at + size > len(data):
            raise _Refused("its list of images is cut off")
        yield key >> 3, data[at : at + size]
        at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 64, 7):
        if at >= len(data):
            raise _Refused("its list of images is cut off")
        value |= (data[at] & 0x7F) << shift
        at += 1
        if not data[at - 1] & 0x80:
            return value, at
    raise _Refused("its list of images can't be read")


# ----------------------------------------------------------------------------------------- images


class _Images:
    """The images that notes show, once each, under names that say what they hold."""

    def __init__(self, package: _Package, cards: Cards) -> None:
        self.package = package
        self.cards = cards
        self.entries = package.media()
        self.kept: dict[str, bytes] = {}
        self.size = 0
        self.names: dict[str, str | None] = {}

    def name(self, source: str) -> str | None:
        if source not in self.names:
            self.names[source] = self.keep(source)
        return self.names[source]

    def keep(self, source: str) -> str | None:
        if source not in self.entries:
            self.cards.remarks.warn(
                f"the image {source[:80]!r} is not in the package: not imported"
            )
            return None
        if self.size > MAX_IMAGES:
            limit = f"the images have more than {MAX_IMAGES // 2**20} MiB"
            self.cards.remarks.warn(f"{limit}: {source[:80]!r} is not imported")
            return None
        try:
            data = self.package.read(self.entries[source], MAX_IMAGE)
            kind = identify(Path(source), data).kind
        except (MediaError, KeyError, _Refused) as error:
            why = str(error) if isinstance(error, MediaError) else "can't be read"
            self.cards.remarks.warn(f"the image {source[:80]!r} {why}: not imported")
            return None
        stem = ascii_slug(source.rsplit(".", 1)[0])[:60] or "image"
        name = f"{stem}-{sha256(data).hexdigest()[:8]}.{kind}"
        self.kept[name] = data
        self.size += len(data)
        return name


# ------------------------------------------------------------------------------------- collection


def _notes(collection: bytes) -> Iterator[_Note]:
    """Every note, in the order it was made."""
    with temporary_folder(None) as folder:
        path = folder / "collection"
        path.write_bytes(collection)
        uri = f"{path.as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            _tame(connection)
            tables = _tables(connection)
            names = _modern_names(connection) if "fields" in tables else _old_names(connection)
            query = f"SELECT id, mid, tags, flds FROM notes LIMIT {MAX_NOTES + 1}"
            rows = list(_bounded_rows(connection.execute(query), "notes", MAX_COLLECTION))
    if len(rows) > MAX_NOTES:
        raise _Refused(f"it has more than {count(MAX_NOTES, 'note')}")
    for _, mid, tags, flds in sorted(rows, key=lambda row: _integer(row[0])):
        yield _note(names.get(_integer(mid), ()), _text(tags), _text(flds))


def _bounded_rows(
    rows: Iterable[tuple[object, ...]], what: str, limit: int
) -> Iterator[tuple[object, ...]]:
    """The rows of a table. A column can be computed, and give far more than the file holds: so they
    are not sorted by SQLite, either, which would put them all on the disk."""
    size = 0
    for row in rows:
        size += sum(len(value) if isinstance(value, bytes) else 8 for value in row)
        if size > limit:
            raise _Refused(f"its {what} have more than {limit // 2**20} MiB")
        yield row


def _tame(connection: sqlite3.Connection) -> None:
    """No function, trigger or view of the file's own, no endless query, and bytes for texts."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_COLLECTION)
    connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, _LONGEST_SQL)
    steps = iter(range(MAX_STEPS // 1_000))  # between two of them an alarm can't go off
    connection.set_progress_handler(lambda: next(steps, None) is None, 1_000)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.create_collation("unicase", lambda a, b: (a > b) - (a < b))
    connection.text_factory = bytes


def _tables(connection: sqlite3.Connection) -> set[str]:
    # A table of a module of SQLite's own has no pages, and may do anything that the module does.
    rows = connection.execute("SELECT name, type, rootpage FROM sqlite_master")
    found = {_text(name): _text(kind) if pages else "module" for name, kind, pages in rows}
    if any(found.get(name, "table") != "table" for name in ("notes", "col", "fields")):
        raise _Refused("its collection is not one that Anki writes")
    if "notes" not in found:
        raise _Refused("its collection has no notes")
    return set(found)


def _modern_names(connection: sqlite3.Connection) -> Mapping[int, Sequence[str]]:
    """The names of each note type's fields."""
    names = defaultdict[int, list[str]](list)
    rows = connection.execute("SELECT ntid, ord, name FROM fields")
    bounded = _bounded_rows(rows, "note types", MAX_NAMES)
    for note_type, _, name in sorted(bounded, key=lambda row: _integer(row[1])):
        names[_integer(note_type)].append(_text(name))
    return names


def _old_names(connection: sqlite3.Connection) -> Mapping[int, Sequence[str]]:
    row = connection.execute("SELECT models FROM col").fetchone()
    try:
        models = json.loads(_text(row[0]) if row else "{}")
        return {
            int(id): tuple(str(field["name"]) for field in model["flds"])
            for id, model in models.items()
        }
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise _Refused("its note types can't be read") from None


def _note(names: Sequence[str], tags: str, fields: str) -> _Note:
    """A note; of one with too many fields enough of them to see that it has."""
    found: dict[str, str] = {}
    for number, value in enumerate(fields.split("\x1f", MAX_FIELDS), 1):
        name = names[number - 1] if number <= len(names) else ""
        found[name if name and name not in found else f"Field {number}"] = value
    return _Note(found, tags)


def _text(value: object) -> str:
    """A text of a collection; of one that is longer than any is to be, enough to see that."""
    return value[:MAX_NAMES].decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _integer(value: object) -> int:
    return value if isinstance(value, int) else 0
