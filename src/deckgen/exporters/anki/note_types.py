"""The note types, frozen since the first release.

Anki takes a note for an update of an older one only if their types agree in every field and every
template. One more, one fewer, another id, and all that people have learnt is stranded on the old
type. So there are spare fields, and a spare template that makes no card while its field is empty.
What may change is the text of the templates and the style sheet; then `MODIFIED` must be later
than it was, or nobody's copy is replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal, NamedTuple

MODIFIED = int(datetime(2026, 11, 28, 16, tzinfo=UTC).timestamp())
"""When the templates or the style sheet last changed, in seconds since 1970."""

Kind = Literal["question", "recall", "cloze", "story"]

_MINE = {"My notes": "Your own words. They stay until an update changes this very note."}
_ABOUT = ("Code", "Category", "Difficulty", "Type", "Round", "Status", "Links")
_MACHINERY = ("Language", "Direction", "Spare 1", "Spare 2", "Spare 3", "Spare 4")

_STORY = {
    "Situation": "Where and when, who was involved, what was at stake. Two sentences.",
    "Task": "What you yourself had to achieve, and by when.",
    "Action": "What you did, step by step, and why: I, not we. What you decided against.",
    "Result": "What came of it for users, team and business. What you learnt.",
    "Numbers": "The figures that prove it: before and after, money, people, time.",
    "Themes": "What else it answers: ownership, conflict, failure, influence, a hard decision.",
}


class Template(NamedTuple):
    """How a card is drawn. `column` stands for the front in the table of Anki's browser."""

    name: str
    front: str
    back: str
    column: str = ""


@dataclass(frozen=True)
class NoteType:
    """`prompts` say what an empty field is for, in Anki's editor and on the story card."""

    kind: Kind
    content: tuple[str, ...]
    prompts: Mapping[str, str] = field(default_factory=lambda: _MINE)

    @property
    def name(self) -> str:
        return f"deckgen {self.kind}"

    @property
    def clozes(self) -> bool:
        return self.kind == "cloze"

    @cached_property
    def fields(self) -> tuple[str, ...]:
        return (*self.content, *_MINE, *_ABOUT, *_MACHINERY)

    @property
    def templates(self) -> tuple[Template, ...]:
        first = self.content[0]
        card = Template(
            name=self.kind.capitalize(),
            front=f"{{{{#{first}}}}}{_page(f'{self.kind}_front')}{{{{/{first}}}}}",
            back=_page(f"{self.kind}_back"),
            column=f"{{{{cloze:{first}}}}}" if self.clozes else f"{{{{{first}}}}}",
        )
        # A type with clozes can have no other template.
        return (card,) if self.clozes else (card, _SPARE)


_SPARE = Template("Spare", "{{#Spare 1}}{{Spare 1}}{{/Spare 1}}", "{{FrontSide}}{{Spare 2}}")

NOTE_TYPES: Mapping[Kind, NoteType] = {
    note_type.kind: note_type
    for note_type in (
        NoteType(
            "question",
            (
                "Question",
                "Key points",
                "Answer",
                "Strong answers",
                "Hint",
                "Follow-ups",
                "Pitfalls",
                "References",
            ),
        ),
        NoteType("recall", ("Front", "Back", "Question")),
        NoteType("cloze", ("Text", "Question")),
        NoteType("story", ("Question", *_STORY), {**_STORY, **_MINE}),
    )
}


def is_folded(field_name: str) -> bool:
    """Whether Anki's editor folds the field away: nobody has to write there."""
    return field_name in _ABOUT or field_name in _MACHINERY


def style_sheet() -> str:
    """The one style sheet of all the types."""
    return _file("style.css")


def _page(body: str) -> str:
    page = _file("page.html").replace("<!-- body -->", _file(f"{body}.html"))
    for part in ("about", "origin", "end"):
        page = page.replace(f"<!-- {part} -->", _file(f"{part}.html"))
    return page.replace("<!-- story -->", _story())


def _story() -> str:
    section = _file("story_section.html")
    return "\n".join(
        section.replace("NAME", name).replace("PROMPT", prompt) for name, prompt in _STORY.items()
    )


@cache
def _file(name: str) -> str:
    return files(__package__).joinpath("templates", name).read_text("utf-8").strip()
