"""The decks of a guide: their names, and what Anki shows above each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from ...markdown import plain_text
from ...model import Guide, Round, live
from ...words import count, unhyphenated

if TYPE_CHECKING:
    from . import AnkiOptions
    from .notes import Note


_MAX_SOURCES = 3
_COLONS = re.compile(":{2,}")


class Deck(NamedTuple):
    """`round` is the round whose cards live here; empty for a deck that only holds others."""

    name: str
    description: str = ""
    round: str = ""


def decks(guide: Guide, options: AnkiOptions, notes: Iterable[Note]) -> list[Deck]:
    """Every deck from the root down, those of rounds without cards too: a parent that is not in
    the file is made by Anki, folded shut."""
    root = _root_name(guide, options)
    above = root.split("::")
    cards = sum(len(note.ordinals) for note in notes)
    # Of all rounds there ever were: a filter that leaves some out must rename no deck.
    numbers = (*guide.ledger.rounds.values(), *(round.number for round in guide.rounds))
    width = len(str(max(numbers)))
    return [
        *(Deck("::".join(above[:depth])) for depth in range(1, len(above))),
        Deck(root, _about_guide(guide, options.licence, cards)),
        *(
            Deck(f"{root}::{round.number:0{width}} {_part(round.title)}", _about(round), round.id)
            for round in guide.rounds
        ),
    ]


def _root_name(guide: Guide, options: AnkiOptions) -> str:
    """The option may name decks within decks; a title that happens to hold `::` may not."""
    named = "::".join(filter(None, map(_part, options.deck.split("::"))))
    return named or _part(guide.title)


def _part(name: str) -> str:
    """One level of a deck's name, which Anki would otherwise mend in its own way."""
    return " ".join(_COLONS.sub(":", unhyphenated(name)).strip(":").split())


def _about_guide(guide: Guide, licence: str, cards: int) -> str:
    people = ", ".join(filter(None, (guide.company, guide.role, guide.level)))
    dated = f", as of {guide.updated.isoformat()}" if guide.updated else ""
    held = f"{count(len(live(guide)), 'question')}, {count(cards, 'card')}"
    return _paragraphs(
        escape(f"Interview preparation for {people}{dated}: {held}."),
        escape(plain_text(guide.summary.blocks[:1])),
        f"From {_origin(guide)}." if guide.source or guide.home else "",
        escape(f"Licence: {licence}.") if licence else "",
    )


def _origin(guide: Guide) -> str:
    """Links to where the facts come from; a few, as this stands above the button to study."""
    pages = [_link(page.url, page.title) for page in guide.source[:_MAX_SOURCES]]
    home = [_link(guide.home, "the guide online")] if guide.home else []
    more = len(guide.source) - len(pages)
    return ", ".join((*pages, *home)) + (f" and {count(more, 'other source')}" if more else "")


def _about(round: Round) -> str:
    facts = " · ".join(filter(None, (round.duration, round.format)))
    return _paragraphs(escape(facts), escape(round.summary.plain))


def _link(url: str, title: str) -> str:
    return f'<a href="{escape(url)}">{escape(title)}</a>'


def _paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines if line)
