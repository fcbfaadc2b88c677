"""Questions and their answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..model import Question, texts
from ..words import count
from .rules import Finding, question_rule, word_count

_CLAIM = re.compile(
    r"\b(currently|latest|nowadays|(?:19|20)\d\d)\b|\d[\d.,]{0,20}\s?(?:%|per cent|percent)"
)


@question_rule("answer-long")
def long(question: Question) -> Iterator[Finding]:
    """A model answer has more than 200 words, or 400 where the question is hard or one of system
    design: with the question, 200 fill the 60 seconds that Anki times."""
    if question.type == "behavioral":
        return
    limit = 400 if question.type == "system-design" or question.difficulty == "hard" else 200
    if (words := word_count(question.answer)) > limit:
        message = f"the answer has {words} words: expected at most {limit}"
        yield Finding(message, question.answer.place)


@question_rule("answer-spoken-long")
def spoken_long(question: Question) -> Iterator[Finding]:
    """A behavioral answer has more than 450 words: two and a half minutes aloud (183 words a
    minute), where two to three is the usual advice."""
    if question.type == "behavioral" and (words := word_count(question.answer)) > 450:
        message = (
            f"the answer has {words} words: expected at most 450, what one says in 2.5 minutes"
        )
        yield Finding(message, question.answer.place)


@question_rule("answer-no-cards")
def no_cards(question: Question) -> Iterator[Finding]:
    """An answer of more than 120 words has no cards: it is read again, not recalled."""
    if not question.cards and (words := word_count(question.answer)) > 120:
        message = f"an answer of {words} words without cards is read again, not recalled: add two"
        yield Finding(message, question.place)


@question_rule("answer-no-result", only_strict=True)
def no_result(question: Question) -> Iterator[Finding]:
    """A behavioral answer holds no figure (note): a result is measured."""
    told = question.type == "behavioral" and question.answer
    if told and not re.search(r"\d", question.answer.plain):
        message = "a behavioral answer without a figure: say how the result is measured"
        yield Finding(message, question.answer.place, note=True)


@question_rule("key-points-count")
def key_points(question: Question) -> Iterator[Finding]:
    """An answered question has fewer than 2 or more than 7 key points: a rubric one can hold."""
    number = len(question.key_points)
    if question.answer and not 2 <= number <= 7:
        place = question.key_points[0].place if number else question.place
        yield Finding(f"{count(number, 'key point')}: expected 2 to 7", place)


@question_rule("claim-no-source", only_strict=True)
def no_source(question: Question) -> Iterator[Finding]:
    """A text says currently or latest, or gives a year or a percentage, and the question has no
    references (note): such claims rot first."""
    if question.references:
        return
    for text in texts(question):
        if text and (claim := _CLAIM.search(text.plain)):
            message = f"{claim.group()!r} is a claim without a source: add a reference"
            yield Finding(message, text.place, note=True)
            return
