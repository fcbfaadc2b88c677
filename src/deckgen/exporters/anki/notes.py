"""Guide -> notes: plain values, with every field rendered, in the order they are to be learnt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from ...html import NO_ANSWER
from ...kept import Kept
from ...languages import direction
from ...markdown import Gap, Markdown, walk
from ...model import DIFFICULTIES, Card, Guide, Question, by_code
from ...words import composed, slug
from . import ids
from .note_types import NOTE_TYPES, Kind
from .rendering import AnkiHtml, ClozeHtml

if TYPE_CHECKING:
    from . import AnkiOptions


class Note(NamedTuple):
    """One note, ready to be written.

    `key` is its name among the exporter's pieces, `ordinals` the cards it makes, counted from 0,
    `media` the sources of the images it shows.
    """

    key: str
    kind: Kind
    guid: str
    round: str
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    ordinals: tuple[int, ...] = (0,)
    media: tuple[str, ...] = ()


def keys(question: Question) -> Iterator[tuple[str, Kind, Card | None]]:
    """The notes that follow the bank: key, kind and card; the first is the question's own."""
    yield question.id, "question", None
    for card in question.cards:
        kind: Kind = "cloze" if card.cloze else "recall"
        yield f"{question.id}/{ids.card_id(question, card)}", kind, card


def notes(
    guide: Guide, options: AnkiOptions, published: Mapping[str, str], kept: Kept
) -> list[Note]:
    """Every note of the guide that the options ask for. Those of a question are kept, by the
    digests that it was published with."""
    found = []
    renderers = AnkiHtml(guide.media), ClozeHtml(guide.media)
    for question in _in_order(guide, options):
        digests = [published.get(key, "") for key, _, _ in keys(question)]
        known = kept.get(question.id) if all(digests) else None
        if known and known[0] == digests:
            found += [Note(*values) for values in known[1]]
            continue
        made = list(_notes(_Maker(guide, question, options, *renderers), question, options))
        if all(digests):
            kept.put(question.id, (digests, [tuple(note) for note in made]))
        found += made
    return found


def _notes(maker: _Maker, question: Question, options: AnkiOptions) -> Iterator[Note]:
    """Those of one question."""
    for key, kind, card in keys(question):
        if kind in options.cards:
            yield maker.question(key) if card is None else maker.card(key, kind, card)
    if options.stories and question.type == "behavioral":
        yield maker.story()


def _in_order(guide: Guide, options: AnkiOptions) -> list[Question]:
    """As interviewed: by round, then by code; or the easy ones first."""
    positions = {round.id: position for position, round in enumerate(guide.rounds)}

    def place(question: Question) -> tuple[int, int]:
        rank = DIFFICULTIES.index(question.difficulty) if options.order == "difficulty" else 0
        return rank, positions[question.round]

    return sorted(by_code(guide.questions), key=place)


class _Maker:
    """Makes the notes of one question, which have its words, tags and pictures in common."""

    def __init__(
        self,
        guide: Guide,
        question: Question,
        options: AnkiOptions,
        html: AnkiHtml,
        cloze: ClozeHtml,
    ) -> None:
        self.guide = guide
        self.asked = question
        self.html = html
        self.cloze = cloze
        self.tags = tags(guide, question, options.tag_prefix)
        self.common = {
            "Question": html.compact(question.question.blocks),
            **_about(html, guide, question),
        }
        self.pictures = html.pictures()

    def question(self, key: str) -> Note:
        asked, html = self.asked, self.html
        fields = {
            "Key points": html.texts(asked.key_points),
            "Answer": html.blocks(asked.answer.blocks) or NO_ANSWER,
            "Strong answers": html.texts(asked.strong),
            "Hint": html.blocks(asked.hint.blocks),
            "Follow-ups": html.bullets(map(html.follow_up, asked.follow_ups)),
            "Pitfalls": html.texts(asked.pitfalls),
            "References": html.bullets(
                html.link(page.url, page.title) for page in asked.references
            ),
        }
        return self._note(key, "question", ids.QUESTION, fields, html.pictures())

    def card(self, key: str, kind: Kind, card: Card) -> Note:
        part = ids.card_id(self.asked, card)
        if card.cloze:
            fields = {"Text": self.cloze.compact(card.cloze.blocks)}
            pictures = self.cloze.pictures()
            return self._note(key, kind, part, fields, pictures, _ordinals(card.cloze))
        fields = {
            "Front": self.html.compact(card.front.blocks),
            "Back": self.html.blocks(card.back.blocks),
        }
        return self._note(key, kind, part, fields, self.html.pictures())

    def story(self) -> Note:
        return self._note(f"{self.asked.id}/{ids.STORY}", "story", ids.STORY, {}, set())

    def _note(
        self,
        key: str,
        kind: Kind,
        part: str,
        fields: Mapping[str, str],
        pictures: set[str],
        ordinals: tuple[int, ...] = (0,),
    ) -> Note:
        values = {**self.common, **fields}
        written = [values.get(name, "") for name in NOTE_TYPES[kind].fields]
        if not written[0].strip():  # no more than a comment: but without a front there is no card
            written[0] = values["Code"]
        if not "".join(written).isascii():
            # Anki brings every field to this form on import, and counts its checksum from it.
            written = [composed(html) for html in written]
        return Note(
            key=key,
            kind=kind,
            guid=ids.guid(self.guide, self.asked, part),
            round=self.asked.round,
            fields=tuple(written),
            tags=self.tags,
            ordinals=ordinals,
            media=tuple(sorted(self.pictures | pictures)),
        )


def _about(html: AnkiHtml, guide: Guide, question: Question) -> dict[str, str]:
    return {
        "Code": html.text(question.code),
        "Category": html.text(question.category),
        "Difficulty": question.difficulty,
        "Type": question.type,
        "Round": html.text(guide.round(question.round).title),
        "Status": "" if question.status == "published" else question.status,
        "Links": _links(html, guide, question.code),
        "Language": html.attribute(guide.language),
        "Direction": direction(guide.language),
    }


def tags(guide: Guide, question: Question, prefix: str) -> tuple[str, ...]:
    """The tags of all the notes of a question, in Anki's order, each once."""
    found = {
        f"category::{slug(question.category)}",
        f"difficulty::{question.difficulty}",
        f"type::{question.type}",
        f"company::{slug(guide.company)}",
        *(f"round::{id}" for id in question.rounds),
        *(_one_word(tag) for tag in question.tags),
    }
    if question.status != "published":
        found.add(f"status::{question.status}")
    root = _one_word(prefix).strip(":")
    return tuple(sorted(f"{root}::{tag}" if root else tag for tag in found if tag))


def _one_word(tag: str) -> str:
    """A tag as Anki takes it: it has no spaces and no quotes, and no level of it is empty."""
    word = "-".join(tag.replace('"', "").split())
    return "::".join(filter(None, word.split("::")))


def _ordinals(cloze: Markdown) -> tuple[int, ...]:
    """The cards of a cloze text, one a number; of a text without clozes, the one there is."""
    gaps = {part.number - 1 for part in walk(cloze.blocks) if isinstance(part, Gap)}
    return tuple(sorted(gaps)) or (0,)


def origin(guide: Guide) -> tuple[str, str]:
    """The address and the name of the page that cards link to: the guide's own, or its source."""
    if guide.home:
        return guide.home, "The guide"
    return (guide.source[0].url, "Source") if guide.source else ("", "")


def _links(html: AnkiHtml, guide: Guide, code: str) -> str:
    """Where the question comes from, and where to report a mistake in it, by its code."""
    report = f"Report a mistake in {code}" if code else "Report a mistake"
    links = (origin(guide), (guide.report, report))
    return " · ".join(html.link(url, title) for url, title in links if url)
