"""Which question of a bank an imported one is, and what a new one is called.

A copy of a question is known by its words; one that was reworded, by being the closest of its
category that nothing else on the page is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from hashlib import sha256

from ..model import Question
from ..words import ascii_slug, slug
from .plain import words
from .values import ImportedQuestion

CLOSE = 0.8
"""The share of words in common from which two texts are one question, reworded."""

_MAX_PAIRS = 250_000
"""Comparing texts is slow: a bank with more of them to compare is left at exact matches."""

_ID_WORDS, _ID_LENGTH = 7, 60


def match(imported: Sequence[ImportedQuestion], bank: Sequence[Question]) -> list[Question | None]:
    """For each imported question the one of the bank that it is; None for those that are new."""
    found: dict[int, Question] = {}
    left = defaultdict[str, list[Question]](list)
    for known in bank:
        left[_words(known.question.source)].append(known)
    for same_category in (True, False):
        for number, question in enumerate(imported):
            if number in found:
                continue
            candidates = left[_words(question.question)]
            fitting = [
                known
                for known in candidates
                if not same_category or slug(known.category) == slug(question.category)
            ]
            if fitting:
                found[number] = fitting[0]
                candidates.remove(fitting[0])
    rest = [known for candidates in left.values() for known in candidates]
    new = [number for number in range(len(imported)) if number not in found]
    found |= dict(_closest({number: imported[number] for number in new}, rest))
    return [found.get(number) for number in range(len(imported))]


def _words(source: str) -> str:
    return " ".join(words(source)) or source


def _closest(
    new: dict[int, ImportedQuestion], bank: Sequence[Question]
) -> Iterator[tuple[int, Question]]:
    """The pairs that are close, the closest first, each question in one of them."""
    pairs = [
        (number, known)
        for known in bank
        for number, question in new.items()
        if slug(known.category) == slug(question.category)
    ]
    if len(pairs) > _MAX_PAIRS:
        return
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
    matcher = SequenceMatcher(None, [*words(one)], [*words(other)], autojunk=False)
    if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < CLOSE:
        return 0
    return matcher.ratio()


def new_ids(texts: Iterable[str], taken: Iterable[str], noun: str) -> list[str]:
    """An id for each text, from its first words; unlike each other and those that are taken."""
    used = set(taken)
    out = []
    for text in texts:
        base = _id(text, noun)
        id = base
        number = 1
        while id in used:
            number += 1
            id = f"{base}-{number}"
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
