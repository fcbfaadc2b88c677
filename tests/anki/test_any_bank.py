"""Banks that nobody wrote, with every key there is: both exporters say all that is in them, to the
real Anki and to a PDF reader that is not the writer."""

from __future__ import annotations

import itertools
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pypdfium2
from anki.collection import Collection
from anki_bank import GUIDE, PublishedBank
from anki_collection import Candidate
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from deckgen import build
from value_bank import picture, svg

Draw = Callable[[st.SearchStrategy[Any]], Any]

CATEGORIES = ["Algorithms", "Distributed Systems", "Réseaux & Systèmes"]
TAGS = ["warm up", "caches", "日本"]


@dataclass
class Writer:
    """Writes texts of Markdown. Each holds a word that stands nowhere else, to be looked for in an
    output."""

    draw: Draw
    numbers: Iterable[int] = field(default_factory=lambda: itertools.count(1))
    words: list[str] = field(default_factory=list)

    def word(self) -> str:
        self.words.append(f"q{next(iter(self.numbers))}z")
        return self.words[-1]

    def one_of(self, *makers: Callable[[], str]) -> str:
        return self.draw(st.sampled_from(makers))()

    def inline(self, deep: int = 2) -> str:
        def nested() -> str:
            return self.inline(deep - 1) if deep else self.word()

        return self.one_of(
            self.word,
            self.word,
            lambda: f"{self.word()} `{self.word()}`",
            lambda: f"{self.word()} **{nested()}** {self.word()}",
            lambda: f"*{nested()}* {self.word()}",
            lambda: f"~~{self.word()} {nested()}~~",  # without the word, two would be a fence
            lambda: f'[{nested()}](https://example.com/a_(b)?c=1&d=2 "title")',
            lambda: f"{self.word()}<sub>{self.word()}</sub> <kbd>{self.word()}</kbd>",
            lambda: rf"{self.word()} $\frac{{a_1}}{{\sqrt{{b}}}} \le \alpha^{{2}}$ {self.word()}",
            lambda: rf"{self.word()} \$5 & <b> {{{{ [sound:x] \\( ] (",
            lambda: f"![alt](a.png) {self.word()} ![alt](media/b.svg)",
            lambda: f"日本語 مرحبا ﬁ {self.word()} e\u0301 \u202e{self.word()}",
        )

    def block(self, deep: int = 2) -> str:
        def nested(lead: str, rest: str) -> str:
            inner = self.block(deep - 1) if deep else self.inline(0)
            return lead + inner.replace("\n", f"\n{rest}")

        return self.one_of(
            self.inline,
            lambda: f"{self.inline()}  \n{self.inline()}",
            lambda: f"### {self.inline(1)}",
            lambda: nested("- ", "  ") + "\n" + nested("- ", "  "),
            lambda: nested("7. ", "   ") + "\n\n" + nested("8. ", "   "),
            lambda: f"- [x] {self.word()}\n- [ ] {self.word()}",
            lambda: nested("> ", "> "),
            lambda: f"```python\ndef {self.word()}(x):\n    return '{self.word()}'  # λ\n```",
            lambda: f"    {self.word()}  <b>\n\n    {self.word()}",
            lambda: (
                f"| {self.word()} | {self.word()} |\n|:--|--:|\n"
                f"| {self.inline(0)} | `{self.word()}` |"
            ),
            lambda: f"$$\n\\sum_{{k=1}}^n k\n$$\n\n{self.word()}",
            lambda: f"---\n\n{self.word()}",
        )

    def text(self) -> str:
        return self.inline(1)

    def blocks(self) -> str:
        return "\n\n".join(self.block() for _ in range(self.draw(st.integers(1, 3))))

    def texts(self, most: int = 2) -> list[str]:
        return [self.text() for _ in range(self.draw(st.integers(0, most)))]


@dataclass
class Asked:
    """A question, and what the outputs have to hold of it."""

    written: dict[str, Any]
    words: list[str]
    cards: list[str]
    clozes: int


def question(writer: Writer, number: int, rounds: list[str]) -> Asked:
    draw = writer.draw
    before = len(writer.words)
    written: dict[str, Any] = {
        "id": f"q-{number}",
        "question": writer.text(),
        "category": draw(st.sampled_from(CATEGORIES)),
        "difficulty": draw(st.sampled_from(["easy", "medium", "hard"])),
        "type": draw(st.sampled_from(["technical", "behavioral", "system-design"])),
        "rounds": draw(st.lists(st.sampled_from(rounds), min_size=1, unique=True)),
        "practiced": draw(st.integers(0, 10**6)),
        "status": draw(st.sampled_from(["published"] * 4 + ["draft", "retired"])),
        "tags": draw(st.lists(st.sampled_from(TAGS), unique=True)),
    }
    optional: dict[str, Callable[[], Any]] = {
        "answer": writer.blocks,
        "key_points": writer.texts,
        "strong": writer.texts,
        "hint": writer.blocks,
        "follow_ups": lambda: [
            writer.text(),
            {"question": writer.text(), "answer": writer.blocks()},
        ],
        "pitfalls": writer.texts,
        "references": lambda: [{"title": writer.word(), "url": "https://example.com/?a=1&b=2"}],
    }
    for key, make in optional.items():
        if draw(st.booleans()):
            written[key] = make()
    words = writer.words[before:]
    cards, clozes = [], 0
    written["cards"] = []
    for n in range(draw(st.integers(0, 2))):
        if draw(st.booleans()):
            written["cards"].append(
                {"id": f"c-{n}", "front": writer.text(), "back": writer.blocks()}
            )
        else:
            gaps = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
            hidden = " ".join(f"{{{{c{gap}::{writer.inline(0)}::hint}}}}" for gap in gaps)
            written["cards"].append({"id": f"c-{n}", "cloze": f"{writer.word()} {hidden}"})
            clozes += len(set(gaps))
        cards.append("cloze" if "cloze" in written["cards"][-1] else "recall")
    return Asked(written, words, cards, clozes)


class Words(HTMLParser):
    """The text of HTML, and nothing of its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.found = ""

    def handle_data(self, data: str) -> None:
        self.found += data


def tags_of(asked: dict[str, Any]) -> set[str]:
    slugs = dict(
        zip(CATEGORIES, ["algorithms", "distributed-systems", "réseaux-systèmes"], strict=True)
    )
    status = {f"status::{asked['status']}"} if asked["status"] == "retired" else set()
    return {
        f"category::{slugs[asked['category']]}",
        f"difficulty::{asked['difficulty']}",
        f"type::{asked['type']}",
        "company::acme",
        *(f"round::{id}" for id in asked["rounds"]),
        *(tag.replace(" ", "-") for tag in asked["tags"]),
        *status,
    }


@dataclass
class Whole:
    """A bank, and the words of its guide."""

    guide: dict[str, Any]
    words: list[str]
    asked: list[Asked]


@st.composite
def banks(draw: Draw) -> Whole:
    writer = Writer(draw)
    guide = {**deepcopy(GUIDE), "summary": writer.blocks()}
    for round in guide["rounds"]:
        round |= {"summary": writer.blocks(), "tips": writer.texts(), "pitfalls": writer.texts()}
    words = list(writer.words)
    ids = [round["id"] for round in guide["rounds"]]
    asked = [question(writer, n, ids) for n in range(draw(st.integers(1, 4)))]
    return Whole(guide, words, asked)


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink a bank takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(banks())
def test_all_that_is_in_a_bank_is_in_the_deck_and_in_the_print(whole: Whole) -> None:
    shown = [one for one in whole.asked if one.written["status"] != "draft"]
    printed = [one for one in shown if one.written["status"] == "published"]
    with tempfile.TemporaryDirectory() as folder:
        bank = PublishedBank(Path(folder) / "bank", whole.guide)
        bank.media = {"a.png": picture(), "b.svg": svg()}
        bank.questions = [one.written for one in whole.asked]
        bank.load()
        output = Path(folder) / "output"
        report = build(bank.path, output)
        assert report.ok, report
        assert_in_print(output / "acme.pdf", whole.words, printed)
        candidate = Candidate(Collection(f"{folder}/collection.anki2"))
        try:
            candidate.import_deck(output / "acme.apkg")
            assert_in_deck(candidate, shown)
        finally:
            candidate.col.close()


def assert_in_print(path: Path, guide_words: list[str], printed: list[Asked]) -> None:
    document = pypdfium2.PdfDocument(path)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    # A word may be broken where a line ends.
    text = "".join(c for c in text if c.isalnum())
    missing = [word for word in guide_words if word not in text]
    missing += [word for one in printed for word in one.words if word not in text]
    assert missing == []


def assert_in_deck(candidate: Candidate, shown: list[Asked]) -> None:
    problems, sound = candidate.col.fix_integrity()
    assert sound, problems
    assert candidate.col.get_empty_cards().notes == []
    check = candidate.col.media.check()
    assert (list(check.missing), list(check.unused)) == ([], [])
    notes = candidate.notes()
    expected: Counter[str] = Counter()
    cards = 0
    for one in shown:
        kinds = ["question", *one.cards, *["story"] * (one.written["type"] == "behavioral")]
        expected.update(f"deckgen {kind}" for kind in kinds)
        cards += len([kind for kind in kinds if kind != "cloze"]) + one.clozes
    assert Counter(note.note_type()["name"] for note in notes) == expected
    assert len(candidate.cards()) == cards
    by_question: dict[str, list[Any]] = {}
    for note in notes:
        by_question.setdefault(_first_word(note, shown), []).append(note)
    for one in shown:
        found = by_question[one.written["id"]]
        assert all(set(note.tags) == tags_of(one.written) for note in found)
        (whole,) = [note for note in found if note.note_type()["name"] == "deckgen question"]
        text = _text(whole)
        assert [word for word in one.words if word not in text] == []


def _first_word(note: Any, shown: list[Asked]) -> str:
    """The id of the question that a note belongs to: all notes of one hold its text."""
    question = dict(note.items())["Question"]
    parser = Words()
    parser.feed(question)
    (one,) = [one for one in shown if one.words[0] in parser.found]
    return str(one.written["id"])


def _text(note: Any) -> str:
    parser = Words()
    parser.feed("\n".join(note.fields))
    return parser.found
