"""A candidate's collection in the real Anki backend."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anki.cards import Card
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.notes import Note


@dataclass
class Candidate:
    """Somebody who imports decks with Anki's default settings, and studies."""

    col: Collection

    def import_deck(self, path: Path, **options: Any) -> Any:
        """Anki's log of the import: `new`, `updated`, `duplicate`, `conflicting` notes, ..."""
        request = ImportAnkiPackageRequest(
            package_path=str(path), options=ImportAnkiPackageOptions(**options)
        )
        return self.col.import_anki_package(request).log

    def notes(self, search: str = "") -> list[Note]:
        return [self.col.get_note(id) for id in self.col.find_notes(search)]

    def note(self, search: str) -> Note:
        (note,) = self.notes(search)
        return note

    def cards(self, search: str = "") -> list[Card]:
        return [self.col.get_card(id) for id in self.col.find_cards(search)]

    def card(self, search: str) -> Card:
        (card,) = self.cards(search)
        return card

    def answer(self, card: Card) -> None:
        """Review a card, and find it good."""
        card.start_timer()
        self.col.sched.answerCard(card, 3)

    def decks(self) -> list[str]:
        return [deck.name for deck in self.col.decks.all_names_and_ids()]


def html(card: Card) -> tuple[str, str]:
    """Front and back as Anki draws them, without the style sheet."""
    card.load()
    return tuple(
        re.sub(r"<style>.*?</style>", "", side, flags=re.DOTALL)
        for side in (card.question(reload=True), card.answer())
    )
