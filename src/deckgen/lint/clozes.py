"""Cloze cards: a short gap in a sentence that carries it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..markdown import Gap, inline_text
from ..model import Card
from .rules import Finding, card_rule, parts, words_in


def _gaps(card: Card) -> list[Gap]:
    return [*parts(card.cloze, Gap)]


@card_rule("cloze-crowded")
def crowded(card: Card) -> Iterator[Finding]:
    """A cloze text has more than 3 numbers, or hides more than 6 words at once: each number is a
    card, and phrases are not recalled to the word."""
    gaps = _gaps(card)
    numbers = {gap.number for gap in gaps}
    if len(numbers) > 3:
        message = f"{len(numbers)} gaps in one text: expected at most 3; make two cards"
        yield Finding(message, card.cloze.place)
    for gap in gaps:
        words = len(inline_text(gap.content).split())
        if words > 6:
            message = f"gap {gap.number} hides {words} words: expected at most 6"
            yield Finding(message, card.cloze.place)


@card_rule("cloze-bare")
def bare(card: Card) -> Iterator[Finding]:
    """Fewer than 5 words are left when a gap is hidden: nothing says what is asked."""
    hidden = Counter[int]()
    for gap in _gaps(card):
        hidden[gap.number] += words_in(inline_text(gap.content))
    words = words_in(card.cloze.plain) if hidden else 0
    for number in sorted(hidden):
        left = words - hidden[number]
        if left < 5:
            message = f"{left} words are left when gap {number} is hidden: expected 5 or more"
            yield Finding(message, card.cloze.place)


@card_rule("cloze-gap")
def gap(card: Card) -> Iterator[Finding]:
    """The numbers of a cloze text skip, or begin above 1: putting that right later moves people's
    histories from one gap to another."""
    numbers = {gap.number for gap in _gaps(card)}
    if numbers and numbers != set(range(1, len(numbers) + 1)):
        shown = ", ".join(f"c{number}" for number in sorted(numbers))
        yield Finding(f"the gaps are {shown}: expected c1, c2 and so on", card.cloze.place)
