"""Guides as pages: YAML written to a folder, read by the real loader, exported."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deckgen.exporters.html import HtmlExporter, HtmlOptions
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
    "summary": "Two rounds, *both* on one day.",
    "source": [{"title": "The careers page", "url": "https://example.org/careers"}],
    "rounds": [
        {
            "id": "screen",
            "title": "Phone Screen",
            "summary": "A short call.",
            "duration": "45 minutes",
            "format": "by phone",
            "brief": "Tests the basics.",
            "focus": ["Caches above all."],
            "tips": ["Sleep well."],
            "pitfalls": ["Talking too long."],
            "ask": ["Who decides?"],
        },
        {"id": "onsite", "title": "Onsite"},
    ],
    "night_before": [{"title": "In the bag", "items": ["A pen.", "Water."]}],
}


def question(id: str, **keys: Any) -> dict[str, Any]:
    """A question with all that is required, and the given keys; None leaves one out."""
    all_keys = {
        "id": id,
        "question": f"What is {id}?",
        "category": "Basics",
        "difficulty": "easy",
        "rounds": ["screen"],
        "answer": f"The answer to {id}.",
        **keys,
    }
    return {key: value for key, value in all_keys.items() if value is not None}


QUESTIONS = (
    question(
        "caches",
        answer="It keeps what was *dear to compute* near.",
        key_points=["Says what goes stale."],
        strong=["Names a bound."],
        hint="Think of a fridge.",
        follow_ups=["And when full?", {"question": "Who fills it?", "answer": "The reader."}],
        pitfalls=["No eviction."],
        references=[{"title": "A book", "url": "https://example.org/book"}],
        tags=["warm up"],
        practiced=1204,
        cards=[
            {"id": "ttl", "front": "What ends an entry's life?", "back": "Its time to live."},
            {"id": "lru", "cloze": "LRU drops the {{c1::least}} {{c2::recently::when}} used."},
        ],
    ),
    question("queues", difficulty="hard", category="Messaging", answer="Work that waits. Café."),
    question("old", status="retired"),
    question("conflict", type="behavioral", rounds=["onsite", "screen"], category="Leadership"),
    question("bare", rounds=["onsite"], difficulty="medium", answer=None),
)


@dataclass
class Pages(ValueBank):
    """A bank with one guide, and pages made of it."""

    guide: dict[str, Any] = field(default_factory=lambda: deepcopy(GUIDE))
    questions: list[dict[str, Any]] = field(default_factory=lambda: deepcopy(list(QUESTIONS)))
    warnings: list[str] = field(default_factory=list)

    def make(self, **options: Any) -> Path:
        """The page, in a folder of its own with nothing beside it."""
        path = self.path.parent / f"made-{self.path.name}" / "acme.html"
        path.parent.mkdir(exist_ok=True)
        guide = self.load()
        exporter = HtmlExporter(HtmlOptions(**options), lambda it: self.warnings.append(str(it)))
        exporter.export(guide, path)
        return path
