"""The frozen values a bank is made of, and, in the same breath, the declaration of every YAML key.

A field made with `key()` is a key of the bank: its annotation says how the value is read, its
default whether it may be left out, its help what it means. `declared.py` turns that into the
reader, the JSON Schema and the tables in the documentation. The other fields are set by the loader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import date
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any, ClassVar, Literal, NewType, get_args

from .ledger import Ledger
from .problems import Place
from .texts import ClozeText, Markdown
from .yamltree import Node

Slug = NewType("Slug", str)
"""An ASCII id: lower-case letters and digits, in groups joined by single hyphens."""

Url = NewType("Url", str)
"""An http, https or mailto address."""

Language = NewType("Language", str)
"""A BCP 47 language tag, e.g. `en` or `pt-BR`."""

Difficulty = Literal["easy", "medium", "hard"]
Status = Literal["published", "draft", "retired"]
MediaKind = Literal["png", "jpeg", "gif", "webp", "svg"]

DIFFICULTIES: tuple[Difficulty, ...] = get_args(Difficulty)
"""From the easiest on."""


def key(help: str, default: Any = MISSING, **metadata: Any) -> Any:
    """A field that is a key of the bank; required unless it has a default.

    `lines=N` on a tuple of Markdown also takes a text of at most N lines.
    """
    if default == {}:  # which has no hash, but the value it is part of has one
        return field(default_factory=dict, hash=False, metadata={"help": help, **metadata})
    return field(default=default, metadata={"help": help, **metadata})


def _set_by_loader(default: Any, *, compare: bool = False) -> Any:
    """A field that is no key. `compare` says whether two values that differ in it are different:
    the place where something stands, say, makes no difference."""
    if default == {}:
        return field(default_factory=dict, compare=compare, hash=False, repr=False)
    return field(default=default, compare=compare, repr=False)


NOWHERE = Place("")


@dataclass(frozen=True, kw_only=True)
class Link:
    """A page on the web."""

    title: str = key("what it is called")
    url: Url = key("its address: http, https or mailto")
    place: Place = _set_by_loader(NOWHERE)


@dataclass(frozen=True, kw_only=True)
class Block:
    """A titled list for the night-before sheet."""

    title: str = key("the block's heading")
    items: tuple[Markdown, ...] = key("its lines", ())
    place: Place = _set_by_loader(NOWHERE)


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """What the interviewer asks next. A text alone is the question."""

    noun: ClassVar[str] = "a follow-up"
    shorthand: ClassVar[str] = "question"

    question: Markdown = key("what is asked")
    answer: Markdown = key("a short answer", Markdown())
    place: Place = _set_by_loader(NOWHERE)


@dataclass(frozen=True, kw_only=True)
class Card:
    """A small recall card: `front` and `back`, or a `cloze`."""

    either: ClassVar[tuple[tuple[str, ...], ...]] = (("front", "back"), ("cloze",))

    id: Slug = key("unique in its question; without one its position is its identity", Slug(""))
    front: Markdown = key("what is asked", Markdown())
    back: Markdown = key("what is recalled", Markdown())
    cloze: ClozeText = key("a sentence with {{c1::hidden::hint}}", ClozeText())
    place: Place = _set_by_loader(NOWHERE)


@dataclass(frozen=True, kw_only=True)
class Question:
    """One interview question with all that is known about answering it."""

    id: Slug = key("unique in its guide, never changes once published")
    question: Markdown = key("what is asked")
    category: str = key("the subject, e.g. Distributed Systems Fundamentals")
    difficulty: Difficulty = key("how hard it is")
    type: Slug = key(
        "technical, system-design, behavioral, coding, ... (any slug)", Slug("technical")
    )
    rounds: tuple[Slug, ...] = key(
        "ids of rounds; the first is where it is printed and where its cards live; "
        "without any, the first round that lists the category",
        (),
    )
    practiced: int = key("how many people are known to have practised it", 0)
    answer: Markdown = key("a model answer; without one every output says so", Markdown())
    key_points: tuple[Markdown, ...] = key("what a strong answer must touch", ())
    strong: tuple[Markdown, ...] = key("what sets a strong answer apart at this level", ())
    hint: Markdown = key("a first step for someone who is stuck", Markdown())
    follow_ups: tuple[FollowUp, ...] = key("what the interviewer asks next", ())
    pitfalls: tuple[Markdown, ...] = key("what sinks an answer", ())
    cards: tuple[Card, ...] = key("small recall cards", ())
    references: tuple[Link, ...] = key("where to read more, and where claims come from", ())
    tags: tuple[str, ...] = key("extra tags; spaces become hyphens", ())
    status: Status = key(
        "a draft is checked but in no output; a retired one leaves the PDF, stays in the deck",
        "published",
    )
    math: bool = key("false leaves every $ alone", True)
    allow: tuple[str, ...] = key("names of warnings to silence on this question", ())
    code: str = _set_by_loader("")
    """`4.07`: the number of the round it was first given in, and a running number within it."""
    place: Place = _set_by_loader(NOWHERE)

    @property
    def round(self) -> Slug:
        """The id of the round it is printed in; the loader sees that there is one."""
        return self.rounds[0]


@dataclass(frozen=True, kw_only=True)
class Round:
    """One interview of the process."""

    id: Slug = key("never changes once published")
    title: str = key("what it is called")
    summary: Markdown = key("what happens in it", Markdown())
    duration: str = key("how long it takes", "")
    format: str = key("phone, video, on site; who takes part", "")
    brief: tuple[Markdown, ...] = key("up to three lines for the night-before sheet", (), lines=3)
    focus: tuple[Markdown, ...] = key("what it tests", ())
    tips: tuple[Markdown, ...] = key("how to prepare", ())
    pitfalls: tuple[Markdown, ...] = key("how people fail it", ())
    ask: tuple[Markdown, ...] = key("what to ask them", ())
    categories: tuple[str, ...] = key(
        "categories whose questions belong here unless they name a round", ()
    )
    number: int = _set_by_loader(0)
    """Its number in codes and deck names, from 1, kept in the ledger."""
    place: Place = _set_by_loader(NOWHERE)


@dataclass(frozen=True, kw_only=True)
class Media:
    """An image of the guide, looked into: `kind` is what its content says, whatever its name."""

    path: Path = field(compare=False)
    kind: MediaKind
    width: float
    """In pixels, or in an SVG's user units."""
    height: float
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Guide:
    """One company, role and level: the rounds of its process and the questions asked in them."""

    id: Slug = key(
        "part of every Anki id, never changes once published; default: the folder", Slug("")
    )
    title: str = key("what the guide is called")
    company: str = key("who is hiring")
    role: str = key("for what")
    level: str = key("at which level", "")
    updated: date | None = key("ISO date; stamps the outputs", None)
    language: Language = key("BCP 47 tag", Language("en"))
    summary: Markdown = key("what the process is like", Markdown())
    source: tuple[Link, ...] = key("where the facts come from", ())
    home: Url = key("where the guide lives; shown on cards and in the PDF", Url(""))
    report: Url = key("where to report a mistake; shown with the question's code", Url(""))
    rounds: tuple[Round, ...] = key("the process, in order; at least one")
    night_before: tuple[Block, ...] = key("blocks for the one-leaf sheet", ())
    export: Mapping[str, Node] = key("option defaults by exporter, e.g. pdf: {paper: letter}", {})
    questions: tuple[Question, ...] = _set_by_loader((), compare=True)
    """By file path, then by position in the file; drafts and retired ones too."""
    media: Mapping[str, Media] = _set_by_loader({}, compare=True)
    """The images its texts refer to, by the `source` of `markdown.Image`."""
    ledger: Ledger = _set_by_loader(Ledger())
    """What was published before, with the numbers and codes that this guide adds to it."""
    place: Place = _set_by_loader(NOWHERE)

    def round(self, id: str) -> Round:
        """The round with this id. Raises KeyError."""
        for candidate in self.rounds:
            if candidate.id == id:
                return candidate
        raise KeyError(id)


def live(guide: Guide) -> list[Question]:
    """The questions that are still asked: retired ones are not."""
    return [question for question in guide.questions if question.status != "retired"]


def by_code(questions: Iterable[Question]) -> list[Question]:
    """Questions in the order of their codes: `4.07` before `4.10` and `4.100`."""
    return sorted(questions, key=lambda q: [int(part) for part in q.code.split(".") if part])


def texts(value: Any) -> list[Markdown]:
    """Every Markdown text below a value of the model, in the order of the keys; of a guide without
    its questions."""
    kind: Any = type(value)
    found: list[Markdown] = []
    for part in value if kind is tuple else _keys(kind)(value):
        if isinstance(part, Markdown):
            found.append(part)
        elif part and not isinstance(part, str):
            found += texts(part)
    return found


@cache
def _keys(cls: Any) -> Callable[[Any], Iterable[Any]]:
    """Gives the values of the keys that a class declares; none where it is no part of the model."""
    declared = fields(cls) if is_dataclass(cls) else ()
    names = [each.name for each in declared if "help" in each.metadata]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: [getattr(value, name) for name in names]


@dataclass(frozen=True, kw_only=True)
class Bank:
    """All the guides of one folder, by folder name."""

    path: Path
    guides: tuple[Guide, ...]
