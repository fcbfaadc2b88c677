"""What is read otherwise than it was meant: slips that are good YAML and good Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..markdown import Markdown, Text
from ..model import Guide, Question, live, texts
from ..problems import Place
from ..remarks import RemarkPlaces
from ..texts import ClozeText
from ..words import did_you_mean
from .rules import Finding, guide_rule, parts

_TYPES = ("technical", "system-design", "behavioral", "coding")
_CLOZE = re.compile(r"\{\{[cC]\d+::|\{\{\s+[cC]\d+\s*:|\{\{[cC]\d+:(?!:)")
_BRACES = re.compile(r"\{\{|\{[cC]\d+:")
_COMMENT = re.compile(r"\s#\S")
_BEYOND = 80
"""Characters that are looked at after a text, on its line."""


@guide_rule("text-cut")
def cut(guide: Guide) -> Iterator[Finding]:
    """A text without quotes ends before a `#`, with which a comment begins in YAML, though a word
    follows it at once, as in `What is issue #12?`."""
    for owners, text, line, _ in _plain_texts(guide):
        comment = _COMMENT.search(line)
        if comment and text.source.strip() == line[: comment.start()].strip():
            lost = line[comment.start() :].strip()
            message = f"the text ends before {lost[:20]!r}, a comment for YAML: quote the text"
            yield Finding(message, text.place, owners=owners)


@guide_rule("text-joined")
def joined(guide: Guide) -> Iterator[Finding]:
    """The line below a text begins with a hyphen, but further to the right: it belongs to that
    text, and is no item of a list."""
    for owners, text, line, below in _plain_texts(guide, " - "):
        item = below.strip()
        if item.startswith("- ") and text.source.startswith(f"{line.strip()} {item}"):
            message = (
                f"{item[:20]!r} is read as part of the text above it: indent both alike, or write "
                "that text as a block after |"
            )
            place = text.place and Place(text.place.path, text.place.line + 1, below.index("-") + 1)
            yield Finding(message, place, owners=owners)


@guide_rule("cloze-stray")
def stray(guide: Guide) -> Iterator[Finding]:
    """Braces look like a gap and are none: `{{c1:` or `{c1::` in a cloze, or a gap in a text that
    is no cloze. They are shown as written."""
    places = RemarkPlaces()
    for question in live(guide):
        for text in texts(question):
            if "{" not in text.source:
                continue
            is_cloze = isinstance(text, ClozeText)
            sign = _BRACES if is_cloze else _CLOZE
            words = (part.text for part in parts(text, Text))
            for found in filter(None, map(sign.search, words)):
                why = "expected {{c1::...}}" if is_cloze else "a gap belongs under 'cloze'"
                message = f"{found[0]!r} is shown as written: {why}"
                yield Finding(message, places.place(text, found[0]), owners=(question,))


@guide_rule("type-misspelt")
def misspelt(guide: Guide) -> Iterator[Finding]:
    """A type is nearly one that deckgen knows, such as `behavioural`: that gets no note for a story
    of one's own."""
    places = RemarkPlaces()
    for question in live(guide):
        is_one = any(f"-{known}-" in f"-{question.type}-" for known in _TYPES)  # or a kind of one
        meant = "" if is_one else did_you_mean(question.type, _TYPES, near=0.83)
        if meant:
            key = places.find(f"type: {question.type}", question.place)
            place = places.find(question.type, key) if key != question.place else key
            message = f"the type {question.type!r} is none that deckgen knows{meant}"
            yield Finding(message, place, owners=(question,))


def _plain_texts(
    guide: Guide, sign: str = ""
) -> Iterator[tuple[tuple[Question, ...], Markdown, str, str]]:
    """The texts with some sign that begin without a quotation mark or a `|`, each with the question
    it is of, if any, what its file has from there to the end of the line, and the line below."""
    places = RemarkPlaces()
    for owner in (guide, *live(guide)):
        owners = (owner,) if isinstance(owner, Question) else ()
        for text in texts(owner):
            if sign not in text.source or text.place is None or not text:
                continue
            line, below = places.lines(text.place, len(text.source) + _BEYOND)
            if line[:1] not in ("", '"', "'", "|", ">"):
                yield owners, text, line, below
