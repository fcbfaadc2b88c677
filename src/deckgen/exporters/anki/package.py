"""Notes and decks -> an .apkg file, by genanki, with what genanki leaves out.

genanki stamps everything with one time, counts ids from the clock, numbers the cards of some
clozes wrongly and leaves the checksum empty. Here every note has a time of its own, ids begin at a
fixed one, and the file's bytes are a function of what is written.
"""

from __future__ import annotations

import itertools
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from hashlib import sha1
from html import unescape
from pathlib import Path
from typing import Any

import genanki

from . import ids
from .decks import Deck
from .note_types import MODIFIED, NOTE_TYPES, NoteType, is_folded, style_sheet
from .notes import Note

_SQLITE_VERSION = (3_040_000).to_bytes(4, "big")
"""Stands for the version of the library that wrote the file, which SQLite notes in it."""

_LEVEL = 2  # a third of the time of zlib's own choice, for a file a seventh larger
_FIRST_ZIP_DATE = (1980, 1, 1, 0, 0, 0)

_IMAGE = re.compile(r'<img src="([^"]*)"[^>]*>')
_TAG = re.compile(r"<[^>]*>")


def write(
    path: Path,
    decks: Sequence[Deck],
    notes: Sequence[Note],
    times: Mapping[str, int],
    media: Mapping[str, bytes],
    first_row: int,
) -> None:
    """Write the package. `times` says for each note's key when it last changed, in seconds since
    1970; `media` has the content of each file by its name; row ids count from `first_row`."""
    models = {kind: _Model(note_type) for kind, note_type in NOTE_TYPES.items()}
    written = [genanki.Deck(ids.deck(deck.name), deck.name, deck.description) for deck in decks]
    by_round = {deck.round: row for deck, row in zip(decks, written, strict=True)}
    for due, note in enumerate(notes, 1):
        by_round[note.round].add_note(_Note(note, models[note.kind], times[note.key], due))
    _write_zip(path, _database(written, first_row), media)


def plain(html: str) -> str:
    """The words of a field, as Anki takes them for its sort column and its duplicate check."""
    words = _TAG.sub("", _IMAGE.sub(r" \1 ", html)) if "<" in html else html
    return unescape(words)


class _Model(genanki.Model):  # type: ignore[misc]
    """A note type with a date of its own."""

    def __init__(self, note_type: NoteType) -> None:
        kind = note_type.kind
        super().__init__(
            ids.note_type(kind),
            note_type.name,
            fields=[
                {
                    "name": name,
                    "id": ids.field(kind, name),
                    "description": note_type.prompts.get(name, ""),
                    "collapsed": is_folded(name),
                    "preventDeletion": True,
                }
                for name in note_type.fields
            ],
            templates=[
                {
                    "name": template.name,
                    "id": ids.template(kind, template.name),
                    "qfmt": template.front,
                    "afmt": template.back,
                    "bqfmt": template.column,
                }
                for template in note_type.templates
            ],
            css=style_sheet(),
            model_type=self.CLOZE if note_type.clozes else self.FRONT_BACK,
        )

    def to_json(self, timestamp: float, deck_id: int) -> Any:
        return super().to_json(MODIFIED, deck_id)


class _Note(genanki.Note):  # type: ignore[misc]
    """A note with a date, cards and checksum of its own."""

    def __init__(self, note: Note, model: _Model, time: int, due: int) -> None:
        super().__init__(model, list(note.fields), guid=note.guid, due=due)
        self.marked = f" {' '.join(note.tags)} "  # genanki's own list of tags is slow to fill
        self.time = time
        self.ordinals = note.ordinals

    def write_to_db(
        self, cursor: sqlite3.Cursor, timestamp: float, deck_id: int, id_gen: Iterator[int]
    ) -> None:
        row = next(id_gen)
        shown = plain(self.fields[0])
        checksum = int(sha1(shown.encode()).hexdigest()[:8], 16)
        cursor.execute(
            "INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, ?, 0, '')",
            (
                row,
                self.guid,
                self.model.model_id,
                self.time,
                self.marked,
                self._format_fields(),
                shown,
                checksum,
            ),
        )
        for ordinal in self.ordinals:
            genanki.Card(ordinal).write_to_db(cursor, self.time, deck_id, row, id_gen, self.due)


def _database(decks: list[genanki.Deck], first_row: int) -> bytearray:
    connection = sqlite3.connect(":memory:")
    with closing(connection):
        rows = itertools.count(first_row)
        genanki.Package(decks).write_to_db(connection.cursor(), MODIFIED, rows)
        connection.commit()
        content = bytearray(connection.serialize())
    # Bytes 96 to 99 of the header: https://www.sqlite.org/fileformat.html#the_database_header
    content[96:100] = _SQLITE_VERSION
    return content


def _write_zip(path: Path, database: bytearray, media: Mapping[str, bytes]) -> None:
    names = sorted(media)
    index = json.dumps({str(number): name for number, name in enumerate(names)})
    entries: dict[str, bytes | bytearray] = {
        "collection.anki2": database,
        "media": index.encode(),
    }
    entries |= {str(number): media[name] for number, name in enumerate(names)}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            entry = zipfile.ZipInfo(name, _FIRST_ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # Unix, wherever it is made
            archive.writestr(entry, content, compresslevel=_LEVEL)
