"""Guide -> Anki deck: how it is put together is in docs/anki.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ...exporter import Exporter, Piece, option

if TYPE_CHECKING:
    from ...model import Guide

STORY_TIME = 1
"""The date of a story note, in seconds since 1970. Anki replaces a note only by a later one, so
that nothing a candidate writes on theirs is ever lost."""

UNDATED = date(2020, 1, 1)
"""The date of notes that have none in the ledger, in a guide that says not when it was updated."""


@dataclass(frozen=True)
class AnkiOptions:
    """What can be asked of a deck."""

    deck: str = option("name of the deck, `::` between levels; default: the guide's title", "")
    tag_prefix: str = option("puts all tags under this one, e.g. `interviews`", "")
    cards: tuple[Literal["question", "recall", "cloze"], ...] = option(
        "which kinds of cards to make", ("question", "recall", "cloze")
    )
    stories: bool = option("a note for a story of one's own, for each behavioral question", True)
    order: Literal["interview", "difficulty"] = option(
        "in which order new cards come: by round, or the easy ones first", "interview"
    )
    licence: str = option("under which licence the deck may be shared; shown with it", "")


class AnkiExporter(Exporter):
    """Writes a deck for Anki, and says which notes the ledger is to date."""

    name = "anki"
    suffix = ".apkg"
    description = "Anki deck, tagged by category, difficulty, type and round"
    on_by_default = True
    Options = AnkiOptions

    options: AnkiOptions

    def pieces(self, guide: Guide) -> Mapping[str, Piece]:
        # Lazy import: listing the exporters needs none of this.
        from .pieces import pieces

        return pieces(guide, self.options)

    def export(self, guide: Guide, path: Path) -> None:
        # Lazy import: genanki takes a tenth of a second to load.
        from . import ids
        from .decks import decks
        from .notes import notes
        from .package import write

        made = notes(guide, self.options, self.published, self.kept)
        write(
            path,
            decks(guide, self.options, made),
            made,
            times={note.key: self._time(guide, note.key, note.kind) for note in made},
            media={
                ids.media_name(source, guide.media[source]): guide.media[source].path.read_bytes()
                for note in made
                for source in note.media
            },
            first_row=ids.first_row(guide),
        )

    def _time(self, guide: Guide, key: str, kind: str) -> int:
        if kind == "story":
            return STORY_TIME
        updated = datetime.combine(guide.updated or UNDATED, time(), UTC)
        return self.changed.get(key, int(updated.timestamp()))
