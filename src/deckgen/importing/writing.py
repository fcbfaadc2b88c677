"""An `Imported` guide -> the YAML of a new guide's files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

from ..words import slug
from .values import Imported, ImportedQuestion, ImportedRound

_CATEGORIES = (
    "# A question that names no round goes to the first round that lists its category: move a\n"
    "# category to another round here, and its questions move with it.\n"
)


def guide_yaml(
    imported: Imported, id: str, round_ids: Sequence[str], categories: Sequence[Sequence[str]]
) -> str:
    """guide.yaml; `categories` has those of each round. Without an `id` the folder's name is it."""
    head = {
        "id": id,
        "title": imported.title,
        "company": imported.company,
        "role": imported.role,
        "level": imported.level,
        "updated": imported.updated,
        "summary": imported.summary,
    }
    rounds = [
        round_value(*each) for each in zip(imported.rounds, round_ids, categories, strict=True)
    ]
    return _dump(_filled(head)) + "\n" + _CATEGORIES + _dump({"rounds": rounds})


def round_value(round: ImportedRound, id: str, categories: Sequence[str]) -> dict[str, Any]:
    """A round by its keys."""
    return _filled(
        {
            "id": id,
            "title": round.title,
            "duration": round.duration,
            "format": round.format,
            "summary": round.summary,
            "focus": list(round.focus),
            "tips": list(round.tips),
            "categories": list(categories),
        }
    )


def round_yaml(value: Mapping[str, Any]) -> str:
    """A round as an item of the list of rounds."""
    return _dump([value])


def questions_yaml(questions: Iterable[tuple[str, ImportedQuestion]]) -> str:
    """Questions with their ids, as a file of them."""
    return "\n".join(_dump([_question(id, question)]) for id, question in questions)


def _question(id: str, question: ImportedQuestion) -> dict[str, Any]:
    cards = [
        _filled({"id": "recall", "front": card.front, "back": card.back, "cloze": card.cloze})
        for card in question.cards
    ]
    value = {
        "id": id,
        "question": question.question,
        "category": question.category,
        "difficulty": question.difficulty,
        "type": question.type,
        "practiced": question.practiced,
        "answer": question.answer,
        "cards": cards,
        "tags": list(question.tags),
    }
    return _filled(value)


def _filled(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: each for key, each in value.items() if each not in ("", [], None)}


def spelled(questions: Iterable[ImportedQuestion], known: Iterable[str] = ()) -> dict[str, str]:
    """One spelling of each category, by its slug: that of the bank, else the first."""
    names = [*known, *(question.category for question in questions)]
    return {slug(name): name for name in reversed(names)}


# ---------------------------------------------------------------------------------------- dumping


class _Dumper(yaml.SafeDumper):
    """Lists indented, texts of several lines as blocks, as people write them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def text(self, value: str) -> yaml.ScalarNode:
        block = "\n" in value or len(value) > 80
        written = f"{value}\n" if block else value
        return self.represent_scalar("tag:yaml.org,2002:str", written, "|" if block else None)


_Dumper.add_representer(str, _Dumper.text)


def _dump(value: Any) -> str:
    text: str = yaml.dump(
        value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**6, line_break="\n"
    )
    return text
