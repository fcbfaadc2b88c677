"""Banks to make decks of."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deckgen.exporters.anki import AnkiExporter, AnkiOptions
from value_bank import ValueBank

GUIDE: dict[str, Any] = {
    "id": "acme",
    "title": "Acme Interview",
    "company": "Acme",
    "role": "Engineer",
    "level": "Senior",
    "updated": "2026-06-19",
    "home": "https://example.org/guide",
    "report": "https://example.org/issues",
    "rounds": [
        {"id": "screen", "title": "Phone Screen", "summary": "A *short* call."},
        {"id": "onsite", "title": "Onsite", "duration": "4 hours"},
    ],
}


def question(id: str, **keys: Any) -> dict[str, Any]:
    """A question with all that is required, and the given keys."""
    return {
        "id": id,
        "question": f"What is {id}?",
        "category": "Basics",
        "difficulty": "easy",
        "rounds": ["screen"],
        "answer": f"The answer to {id}.",
        **keys,
    }


@dataclass
class PublishedBank(ValueBank):
    """A bank with one guide, to be changed and published again, as maintainers do."""

    guide: dict[str, Any] = field(default_factory=lambda: deepcopy(GUIDE))

    def __getitem__(self, id: str) -> dict[str, Any]:
        return next(q for q in self.questions if q["id"] == id)

    def publish(self, now: int, **options: Any) -> Path:
        """Make the deck, and keep the ledger as the build does."""
        guide = self.load()
        declared = AnkiOptions(**options)
        pieces = AnkiExporter(declared, _no_warning).pieces(guide)
        ledger = guide.ledger.with_notes("anki", pieces, now)
        (self.path / "acme" / "ledger.yaml").write_text(ledger.text(), "utf-8")
        changed = {key: stamp.changed for key, stamp in ledger.notes["anki"].items()}
        path = self.path / f"{now}.apkg"
        AnkiExporter(declared, _no_warning, changed).export(guide, path)
        return path


def _no_warning(problem: object) -> None:
    raise AssertionError(f"unexpected warning: {problem}")
