"""Everything that identifies something to Anki. None of it may ever change: Anki would take the
same note, type or field for a new one, and what people did with the old one would be lost."""

from __future__ import annotations

import base64
from hashlib import sha256
from json.encoder import encode_basestring_ascii

from ...model import Card, Guide, Media, Question
from ...words import ascii_slug

QUESTION = "=question"
STORY = "=story"
"""Parts of a question that are no card. Ids of cards are slugs, so these can't be one."""


def card_id(question: Question, card: Card) -> str:
    """The card's id, or, without one, its position among the question's cards: `#1`, ..."""
    if card.id:
        return card.id
    # By identity: two cards may be equal, and then have two positions all the same.
    return f"#{next(n for n, other in enumerate(question.cards, 1) if other is card)}"


def guid(guide: Guide, question: Question, part: str) -> str:
    """Of a note: from guide id, question id and card id (or one of the words above) alone."""
    digest = _digest("note", guide.id, question.id, part)
    return base64.urlsafe_b64encode(digest[:12]).decode()


def note_type(kind: str) -> int:
    """What Anki knows a note type by, from one file to the next."""
    return _number("note type", kind)


def field(kind: str, name: str) -> int:
    """What Anki 23.10 and later match the fields of two versions of a note type by."""
    return _number("field", kind, name)


def template(kind: str, name: str) -> int:
    """As `field`, for the card templates."""
    return _number("template", kind, name)


def deck(name: str) -> int:
    """Unique in a file and no more: Anki matches decks by name."""
    return _number("deck", name)


def first_row(guide: Guide) -> int:
    """Where the row ids of a guide's notes and cards begin.

    Anki reads them as milliseconds since 1970, moves ids that are taken and replaces those of the
    future. Guides start a million apart, from the beginning of 2015 to the middle of 2016, so that
    two of them seldom meet.
    """
    return 1_420_070_400_000 + _number("rows", guide.id) % 50_000 * 1_000_000


def media_name(source: str, media: Media) -> str:
    """Of an image in Anki's one media folder. A changed image has another name, as Anki would keep
    showing the old one under the same."""
    stem = ascii_slug(source.rsplit(".", 1)[0], 40) or "image"
    suffix = {"jpeg": "jpg"}.get(media.kind, media.kind)
    return f"{stem}-{media.sha256[:16]}.{suffix}"


def _number(*parts: str) -> int:
    """From 2^30 up to 2^31: never 1, which is Anki's own, and exact in any JSON reader."""
    return (1 << 30) + int.from_bytes(_digest(*parts)[:8], "big") % (1 << 30)


def _digest(*parts: str) -> bytes:
    # As `json.dumps` writes a list of texts.
    listed = ", ".join(map(encode_basestring_ascii, ("deckgen", *parts)))
    return sha256(f"[{listed}]".encode()).digest()
