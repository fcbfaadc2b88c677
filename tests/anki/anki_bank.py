"""Banks to make decks of: YAML files in a folder, read by the real loader."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

from deckgen.exporters.anki import AnkiExporter, AnkiOptions
from deckgen.loader import load_bank
from deckgen.model import Guide

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
class BankFolder:
    """A bank with one guide, to be changed and published again, as maintainers do."""

    path: Path
    guide: dict[str, Any] = field(default_factory=lambda: deepcopy(GUIDE))
    questions: list[dict[str, Any]] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)

    def __getitem__(self, id: str) -> dict[str, Any]:
        return next(q for q in self.questions if q["id"] == id)

    def load(self) -> Guide:
        folder = self.path / "acme"
        (folder / "questions").mkdir(parents=True, exist_ok=True)
        (folder / "media").mkdir(exist_ok=True)
        for name, content in self.media.items():
            (folder / "media" / name).write_bytes(content)
        _write(folder / "guide.yaml", self.guide)
        _write(folder / "questions" / "all.yaml", self.questions)
        (guide,) = load_bank(self.path).guides
        return guide

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


def _write(path: Path, content: Any) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")


def _no_warning(problem: object) -> None:
    raise AssertionError(f"unexpected warning: {problem}")


def picture(kind: str = "png", grey: int = 0, size: tuple[int, int] = (4, 4)) -> bytes:
    """An image file: png, jpeg, gif or webp."""
    file = BytesIO()
    Image.new("L", size, grey).save(file, kind)
    return file.getvalue()


def svg(width: int = 40, height: int = 20) -> bytes:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<rect width="{width}" height="{height}" fill="#204060"/></svg>'
    ).encode()
