"""Guides written out in Python, printed, and opened with readers that share nothing with us."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2

from deckgen.markdown import Markdown
from deckgen.model import FollowUp, Guide, Link, Question, Round
from deckgen.problems import Problem

TEXTS = ("question", "answer", "hint", "key_points", "strong", "pitfalls")


def md(text: str) -> Markdown:
    return Markdown(text)


def question(number: int, **fields: Any) -> Question:
    """Question `1.<number>`; texts may be given as plain strings."""
    for name in TEXTS:
        value = fields.get(name)
        if isinstance(value, str):
            fields[name] = md(value)
        elif isinstance(value, tuple):
            fields[name] = tuple(map(md, value))
    round_id = fields.pop("round", "phone")
    base: dict[str, Any] = {
        "id": f"question-{number}",
        "question": md(f"What is asked in question number {number}?"),
        "category": "Systems",
        "difficulty": "medium",
        "rounds": (round_id,),
        "code": f"{1 if round_id == 'phone' else 2}.{number:02d}",
    }
    return Question(**{**base, **fields})


def guide(*questions: Question, **fields: Any) -> Guide:
    base: dict[str, Any] = {
        "id": "example",
        "title": "Example Engineer Guide",
        "company": "Example",
        "role": "Engineer",
        "level": "Senior",
        "updated": date(2026, 1, 2),
        "rounds": (
            Round(
                id="phone",
                title="Phone Screen",
                number=1,
                summary=md("An engineer calls you."),
                duration="45 minutes",
                format="A call with a shared editor",
                focus=(md("Reasoning aloud"),),
                tips=(md("Practise with a clock"),),
                pitfalls=(md("Silence"),),
                ask=(md("What broke last week?"),),
                brief=(md("Listen, ask, then code."),),
            ),
            Round(id="onsite", title="Onsite", number=2),
        ),
        "questions": questions,
    }
    return Guide(**{**base, **fields})


def full_question(number: int = 1, **fields: Any) -> Question:
    """One with everything a question can have."""
    return question(
        number,
        **{
            "hint": "Think of the reader.",
            "answer": "Put it **near** the reader, as `cache.get` does.\n\n```python\nx = 1\n```",
            "key_points": ("Names staleness", "Names eviction"),
            "strong": ("Measures before it caches",),
            "pitfalls": ("Caches without a limit",),
            "follow_ups": (FollowUp(question=md("And if it fails?"), answer=md("Serve stale.")),),
            "references": (Link(title="A paper", url="https://example.com/paper"),),
            "tags": ("caching", "latency"),
            "practiced": 7,
            **fields,
        },
    )


class Printed:
    """A finished file, as two independent readers see it."""

    def __init__(self, path: Path, warnings: list[Problem]) -> None:
        self.path = path
        self.data = path.read_bytes()
        self.warnings = warnings
        self.pdfium = pypdfium2.PdfDocument(self.data)
        self.pike = pikepdf.open(path)

    @property
    def pages(self) -> list[str]:
        """The text of each page, white space as single spaces, words whole across line ends."""
        return [readable(page.get_textpage().get_text_range()) for page in self.pdfium]

    @property
    def text(self) -> str:
        return " ".join(self.pages)

    def label(self, index: int) -> str:
        label: str = self.pdfium.get_page_label(index)
        return label

    def page_with(self, words: str, after: int = 0) -> int:
        """The index of the first page, from `after` on, whose text has the words."""
        return next(n for n, text in enumerate(self.pages) if n >= after and words in text)


def readable(text: str) -> str:
    # PDFium gives U+FFFE for a hyphen at a line's end.
    text = text.replace("\ufffe", "").replace("\u00ad", "")
    return " ".join(text.split())


def assert_in_order(text: str, *parts: str) -> None:
    """Each part stands in the text, after the one before it."""
    position = 0
    for part in parts:
        found = text.find(part, position)
        assert found >= 0, f"{part!r} is not in the text after {text[:position][-60:]!r}"
        position = found + len(part)
