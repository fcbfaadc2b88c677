"""What the ledger keeps a date of: for every note, a hash of all that its content is made from.

The sources are hashed, not the HTML, so that a newer Markdown library or a change here does not
date every note anew and with it replace what people wrote on theirs. When a better rendering is
worth that, the bank's maintainer says so, by raising `rendering` in its ledger.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from ...exporter import Piece
from ...markdown import Image, Markdown, walk
from ...model import Guide, Link, Question
from .notes import keys, origin

if TYPE_CHECKING:
    from . import AnkiOptions


def pieces(guide: Guide, options: AnkiOptions) -> dict[str, Piece]:
    """Every note that follows the bank, whichever kinds are asked for: a kind that is left out for
    a time keeps its dates. A story note follows nothing."""
    found = {}
    for question in guide.questions:
        # Written once: all the notes of a question have these in common.
        about = _canonical(_about(guide, question, options))
        asked = _written(guide, question.question)
        for key, kind, card in keys(question):
            content = _answered(question) if card is None else (card.front, card.back, card.cloze)
            parts = ",".join([asked, *(_written(guide, part) for part in content)])
            source = f'["{kind}",{about},[{parts}]]'
            found[key] = Piece(kind, sha256(source.encode()).hexdigest()[:16])
    return found


_canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _about(guide: Guide, question: Question, options: AnkiOptions) -> list[Any]:
    """What every note of the question says or is tagged with, besides its text."""
    return [
        question.code,
        question.category,
        question.difficulty,
        question.type,
        list(question.rounds),
        guide.round(question.round).title,
        list(question.tags),
        question.status,
        guide.company,
        guide.language,
        list(origin(guide)),
        guide.report,
        options.tag_prefix,
    ]


def _answered(question: Question) -> Iterator[Any]:
    yield question.answer
    yield question.key_points
    yield question.strong
    yield question.hint
    yield tuple((follow_up.question, follow_up.answer) for follow_up in question.follow_ups)
    yield question.pitfalls
    yield question.references


def _written(guide: Guide, part: Any) -> str:
    """A text, a link or several as JSON."""
    match part:
        case Markdown():
            # Parsing takes far longer than hashing, and few texts show a picture.
            pictures = _pictures(guide, part) if "![" in part.source else ""
            return (
                f"[{encode_basestring(part.source)},{'true' if part.math else 'false'}{pictures}]"
            )
        case Link():
            return _canonical([part.title, part.url])
        case tuple():
            return f"[{','.join([_written(guide, each) for each in part])}]"
    raise TypeError(part)


def _pictures(guide: Guide, text: Markdown) -> str:
    images = (part for part in walk(text.blocks) if isinstance(part, Image))
    return "".join([f',"{guide.media[image.source].sha256}"' for image in images])
