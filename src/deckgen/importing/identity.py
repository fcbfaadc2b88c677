"""Which question of a bank an imported one is, and what a new one is called.

A copy of a question is known by its words. One that was reworded is taken for the closest question
of its category that is left when all copies have found theirs.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from hashlib import sha256
from itertools import islice

from ..model import Question
from ..words import ascii_slug, slug
from .plain import words
from .values import ImportedQuestion

CLOSE = 0.8
"""The share of words in common from which two texts are one question, reworded."""

_MAX_PAIRS = 250_000
"""Comparing texts is slow: a bank with more of them to compare is left at exact matches."""

_COMPARED = 200
"""Words at the beginning of a text: the time it takes grows with their square."""

_ID_WORDS, _ID_LENGTH = 7, 60


def match(imported: Sequence[ImportedQuestion], bank: Sequence[Question]) -> list[Question | None]:
    """For each imported question the one of the bank that it is; None for those that are new."""
    found: dict[int, Question] = {}
    rest = list(bank)
    for key in (_words_and_category, _words):
        left = defaultdict[object, deque[Question]](deque)
        for known in rest:
            left[key(known.question.source, known.category)].append(known)
        for number, question in enumerate(imported):
            if number not in found and (same := left[key(question.question, question.category)]):
                found[number] = same.popleft()
        taken = {id(known) for known in found.values()}
        rest = [known for known in bank if id(known) not in taken]
    new = {number: each for number, each in enumerate(imported) if number not in found}
    found |= dict(_closest(new, rest))
    return [found.get(number) for number in range(len(imported))]


def _words(source: str, category: str) -> object:
    return " ".join(words(source)) or source


def _words_and_category(source: str, category: str) -> object:
    return _words(source, category), slug(category)


def _closest(
    new: dict[int, ImportedQuestion], bank: Sequence[Question]
) -> Iterator[tuple[int, Question]]:
    """Pairs of new and known questions that are close, the closest first; no question is in two."""
    by_category = defaultdict[str, list[int]](list)
    for number, question in new.items():
        by_category[slug(question.category)].append(number)
    if sum(len(by_category[slug(known.category)]) for known in bank) > _MAX_PAIRS:
        return
    pairs = [(number, known) for known in bank for number in by_category[slug(known.category)]]
    scored = [
        (-_closeness(new[number].question, known.question.source), number, at)
        for at, (number, known) in enumerate(pairs)
    ]
    taken: set[int | str] = set()
    for score, number, at in sorted(scored):
        known = pairs[at][1]
        if -score >= CLOSE and number not in taken and known.id not in taken:
            taken |= {number, known.id}
            yield number, known


def _closeness(one: str, other: str) -> float:
    first, second = ([*islice(words(text), _COMPARED)] for text in (one, other))
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < CLOSE:
        return 0
    return matcher.ratio()


def new_ids(texts: Iterable[str], taken: Iterable[str], noun: str) -> list[str]:
    """An id for each text, from its first words; unlike each other and those that are taken."""
    used = set(taken)
    numbers: dict[str, int] = {}
    out = []
    for text in texts:
        base = id = _id(text, noun)
        while id in used:
            numbers[base] = numbers.get(base, 1) + 1
            id = f"{base}-{numbers[base]}"
        used.add(id)
        out.append(id)
    return out


def _id(text: str, noun: str) -> str:
    kept = ascii_slug(" ".join(words(text))).split("-")[:_ID_WORDS]
    while len(kept) > 1 and len("-".join(kept)) > _ID_LENGTH:
        kept.pop()
    id = "-".join(kept)[:_ID_LENGTH].strip("-")
    # A text in another script has no words for an id: a digest of it stays the same, too.
    return id if any(c.isalpha() for c in id) else f"{noun}-{sha256(text.encode()).hexdigest()[:8]}"
