"""Cards of other tools -> questions: what is asked is the question, what is recalled its answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..model import DIFFICULTIES
from ..words import ascii_slug, slug
from . import plain, snippets
from .labels import type_slug
from .remarks import Remarks
from .values import (
    Given,
    Imported,
    ImportedCard,
    ImportedQuestion,
    ImportedRound,
    refusal,
)

ROUND = "Imported Cards"
CATEGORY = "General"


class Cards:
    """Gathers cards into one guide with one round.

    The tags `category::...`, `difficulty::...` and `type::...`, as deckgen's own decks have them,
    say what they say; `company::`, `round::` and `status::` are dropped; all others are kept.
    """

    def __init__(self, path: str, given: Given) -> None:
        self.path = path
        self.given = given
        self.questions: list[ImportedQuestion] = []
        self.remarks = Remarks(path)

    def add(
        self,
        front: str,
        back: str,
        tags: Iterable[str],
        *,
        html: bool,
        line: int = 0,
        more: Mapping[str, str] | None = None,
        facts: Mapping[str, str] | None = None,
        picture: snippets.Picture | None = None,
    ) -> None:
        """A card, its sides as text or as HTML. `more` holds other fields, by name, which follow
        the back in the answer; `facts` say category, difficulty and type, before the tags do."""

        picture = picture or self._without_picture

        def text(written: str) -> str:
            return snippets.to_markdown(written, picture) if html else plain.markdown(written)

        shown = plain.one_line(front)[:60]
        if any(snippets.has_sound(side) for side in (front, back)):
            self.remarks.warn(f"the sound of {shown!r} is not imported", line)
        cloze = snippets.to_cloze(front, picture) if html else ""
        asked = text(snippets.without_clozes(front) if cloze else front)
        recalled = text(back)
        others = {name: text(field) for name, field in (more or {}).items()}
        extra = [f"**{plain.escaped(name)}**\n\n{said}" for name, said in others.items() if said]
        answer = "\n\n".join(filter(None, [recalled, *extra]))
        if not asked or not (cloze or answer):
            side = "back" if asked else "front"
            named = shown or plain.one_line(back)[:60]
            self.remarks.warn(f"not imported: {named!r}: no {side}", line)
            return
        if cloze:
            card = ImportedCard(cloze=cloze)
        else:
            card = ImportedCard(front=asked, back=recalled or answer)
        question = ImportedQuestion(
            question=asked,
            category=CATEGORY,
            answer=answer,
            cards=(card,),
            line=line,
        )
        self.questions.append(self._told(_tagged(question, tags), facts or {}))

    def _told(self, question: ImportedQuestion, facts: Mapping[str, str]) -> ImportedQuestion:
        category, type = plain.one_line(facts.get("category", "")), facts.get("type", "")
        if slug(category):
            question = replace(question, category=category)
        if type_slug(type):
            question = replace(question, type=type_slug(type))
        difficulty = facts.get("difficulty", "").lower()
        if difficulty in DIFFICULTIES:
            return replace(question, difficulty=difficulty)
        if difficulty:
            message = f"the difficulty {difficulty[:40]!r} is taken as {question.difficulty}"
            self.remarks.warn(f"{message}: expected easy, medium or hard", question.line)
        return question

    def _without_picture(self, source: str) -> None:
        self.remarks.warn(f"the image {source[:80]!r} is not in the file: not imported")

    def imported(self, media: Mapping[str, bytes] | None = None) -> Imported:
        """The guide. Raises BankError when it has no question, or no one said what to call it."""
        if not self.questions:
            raise refusal("found no card in it: expected a front and a back", self.path)
        title = plain.one_line(self.given.title) or named_by_file(self.path)
        return Imported(
            title=title,
            company=plain.one_line(self.given.company) or title,
            role=plain.one_line(self.given.role) or "Candidate",
            rounds=(ImportedRound(title=ROUND),),
            questions=tuple(self.questions),
            remarks=self.remarks.in_order(),
            media=media or {},
        )


def named_by_file(path: str) -> str:
    """A title made of a file's name. Raises BankError where there is none."""
    name = path.rsplit("/", 1)[-1].rsplit(".", 1)[0].replace("_", " ").replace("-", " ")
    if not ascii_slug(name) or path == "-":
        raise refusal("nothing says what to call the guide: give it with --title", path)
    return plain.one_line(name).title()


def _tagged(question: ImportedQuestion, tags: Iterable[str]) -> ImportedQuestion:
    kept: list[str] = []
    for tag in tags:
        name, _, value = plain.one_line(tag).partition("::")
        if name == "difficulty" and value in DIFFICULTIES:
            question = replace(question, difficulty=value)
        elif name == "category" and slug(value):
            question = replace(question, category=value.replace("-", " ").title())
        elif name == "type" and type_slug(value):
            question = replace(question, type=type_slug(value))
        elif name not in ("company", "round", "status") and slug(tag):
            kept.append(plain.one_line(tag))
    return replace(question, tags=tuple(dict.fromkeys(kept)))
