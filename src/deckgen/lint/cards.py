"""Recall cards: one fact each, asked so that it has one answer.

The thresholds follow Wozniak's twenty rules of formulating knowledge (supermemo.com) and
Matuschak's "How to write good prompts" (andymatuschak.org/prompts); reading speeds are Brysbaert's
(2019, doi.org/10.1016/j.jml.2019.104047): 238 words a minute, so 40 words take ten seconds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from ..markdown import CodeBlock, List
from ..model import Card, Guide, Question, live
from .rules import Finding, card_rule, folded, guide_rule, parts, word_count

_AUXILIARIES = re.compile(
    r"(is|are|was|were|do|does|did|can|could|should|would|will|has|have|had|may|might|must|shall)\b",
    re.IGNORECASE,
)
_ENUMERATION = re.compile(
    r"(?:list|enumerate|(?:what|which) are) (?:the|all|some|common|main|key|typical|possible)\b"
    r"|name (?:[\w-]+ ){0,2}[\w-]+(?<![sui])s\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d|\b(two|three|four|five|six|seven|eight|nine|ten)\b", re.IGNORECASE)
_SHOWN = r"(?:code|diagram|example|figure|listing|query|question|snippet|table|text)"
_DANGLING = re.compile(
    rf"(?:it|this|they|these|those|he|she)\b"
    rf"|.*\b(?:the above|above {_SHOWN}|(?:{_SHOWN}|described|mentioned|shown) above)\b",
    re.IGNORECASE,
)

_Words = tuple[str, ...]

_MOST_ALIKE = 10
"""How many fronts that differ in the same words are compared with one more: thousands of them would
make millions of pairs."""


@card_rule("card-back-long")
def back_long(card: Card) -> Iterator[Finding]:
    """The back of a recall card has more than 40 words (note: 30): ten seconds of reading, and
    several facts."""
    words = word_count(card.back)
    if words > 30:
        message = f"the back has {words} words: expected at most 40, better 30; split the card"
        yield Finding(message, card.back.place, note=words <= 40)


@card_rule("card-front-long")
def front_long(card: Card) -> Iterator[Finding]:
    """The front has more than 30 words: eight seconds before one can begin."""
    if (words := word_count(card.front)) > 30:
        yield Finding(f"the front has {words} words: expected at most 30", card.front.place)


@card_rule("card-front-vague")
def front_vague(card: Card) -> Iterator[Finding]:
    """The front has fewer than 3 words: `CAP?` has many right answers."""
    if card.front and word_count(card.front) < 3:
        message = "the front has fewer than 3 words: ask for one thing, in a sentence"
        yield Finding(message, card.front.place)


@card_rule("card-list-long")
def list_long(card: Card) -> Iterator[Finding]:
    """The back holds a list of more than 5 items (note: 3): sets are hard to keep."""
    for part in parts(card.back, List):
        number = len(part.items)
        if number > 3:
            message = f"a list of {number} to recall: expected at most 5, better 3; split the card"
            yield Finding(message, card.back.place, note=number <= 5)


@card_rule("card-enumeration", english=True)
def enumeration(card: Card) -> Iterator[Finding]:
    """The front asks for a list without saying how many things are in it."""
    front = card.front.plain if card.front else ""
    if _ENUMERATION.match(front) and not _NUMBER.search(front):
        message = "asks for a list without saying how long: say the number, split it, or hide one"
        yield Finding(message, card.front.place)


@card_rule("card-yes-no", only_strict=True, english=True)
def yes_no(card: Card) -> Iterator[Finding]:
    """The front begins with an auxiliary verb (note): the answer can be guessed."""
    if card.front and _AUXILIARIES.match(card.front.plain):
        message = "the front asks for yes or no, which can be guessed: ask what, why or when"
        yield Finding(message, card.front.place, note=True)


@card_rule("card-two-questions")
def two_questions(card: Card) -> Iterator[Finding]:
    """The front has two question marks: one thing a card."""
    prose = re.sub(r"`[^`]*`", "", card.front.source)
    if len(re.findall(r"\?(?!\w)|[？؟]", prose)) > 1:
        yield Finding("the front asks two questions: make two cards", card.front.place)


@card_rule("card-leak")
def leak(card: Card) -> Iterator[Finding]:
    """The front contains the back: nothing is recalled."""
    front, back = (" ".join(["", *folded(text.plain), ""]) for text in (card.front, card.back))
    if back.strip() and back in front:
        yield Finding("the front gives the answer away", card.front.place)


@card_rule("card-dangling", english=True)
def dangling(card: Card) -> Iterator[Finding]:
    """The front begins with it, this, they or these, or speaks of what is shown above: cards are
    met alone."""
    if card.front and _DANGLING.match(card.front.plain):
        message = "the front leans on something that is not on the card: name what it is about"
        yield Finding(message, card.front.place)


@card_rule("code-tall")
def code_tall(card: Card) -> Iterator[Finding]:
    """A card shows a listing of more than 20 lines: more than a phone's screen."""
    for text in (card.front, card.back, card.cloze):
        for listing in parts(text, CodeBlock):
            if len(listing.lines) > 20:
                message = f"a listing of {len(listing.lines)} lines: expected at most 20 on a card"
                yield Finding(message, text.place)


@card_rule("card-no-id", only_strict=True)
def no_id(card: Card) -> Iterator[Finding]:
    """A card has no id (note): its position is its identity, so a card put before it takes over its
    history."""
    if not card.id:
        message = (
            "this card has no id: give it one before it is published; given later, it makes "
            "another card of it"
        )
        yield Finding(message, card.place, note=True)


@guide_rule("card-duplicate")
def duplicate(guide: Guide) -> Iterator[Finding]:
    """Two cards of the guide ask the same, but for case, space and punctuation."""
    first: dict[tuple[str, ...], tuple[Question, Card]] = {}
    for question, card in _live_cards(guide):
        text = card.cloze or card.front
        words = (*folded(text.source), "cloze" if card.cloze else "")
        if words in first:
            other_question, other = first[words]
            place = (other.cloze or other.front).place
            owners = (question, other_question)
            yield Finding(f"asks the same as the card in {place}", text.place, owners=owners)
        else:
            first[words] = question, card


@guide_rule("card-interferes", only_strict=True)
def interferes(guide: Guide) -> Iterator[Finding]:
    """Two fronts of five words or more differ by at most two of them, and the backs differ
    (note): one will be answered with the other."""
    seen: dict[_Words, dict[_Words, tuple[Question, Card]]] = defaultdict(dict)
    for question, card in _live_cards(guide):
        words = folded(card.front.plain) if card.front else ()
        if not 5 <= len(words) <= 30:  # longer ones are too long to begin with
            continue
        alike: dict[_Words, tuple[Question, Card]] = {}
        for variant in _shortened(words):
            alike |= seen[variant]
            if len(seen[variant]) < _MOST_ALIKE:
                seen[variant].setdefault(words, (question, card))
        for other_words, (other_question, other) in alike.items():
            if other_words == words or other.back == card.back:
                continue
            if abs(len(other_words) - len(words)) <= 2:
                message = f"is easily taken for the card in {other.front.place}"
                owners = (question, other_question)
                yield Finding(message, card.front.place, note=True, owners=owners)


def _shortened(words: _Words) -> Iterator[_Words]:
    """The words with any two left out: what two texts share that differ in two places. In order, as
    findings at one place stand in the order in which they are found."""
    for i, j in combinations(range(len(words)), 2):
        yield words[:i] + words[i + 1 : j] + words[j + 1 :]


def _live_cards(guide: Guide) -> Iterator[tuple[Question, Card]]:
    for question in live(guide):
        for card in question.cards:
            yield question, card
