"""Which round a category's questions belong to, unless the maintainer says otherwise.

A guess, made once and written into guide.yaml, where it is easily changed: each category is listed
on the round that speaks of the same things.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..words import slug
from .values import ImportedQuestion, ImportedRound

_KINDS: Mapping[str, tuple[str, str]] = {
    # kind: (words of a round's title, words of a category); each the beginning of a word
    "motives": (
        "recruiter hr screening introduct",
        "motivation career narrative background resume fit introduct interest compensation",
    ),
    "projects": (
        "manager hiring project experience portfolio",
        "ownership project delivery decision stakeholder cross collaborat coordinat manag plan "
        "product prioriti execution",
    ),
    "code": (
        "coding code technical phone assessment algorithm pair programming live take-home",
        "algorithm structure coding code program test clean practices concurren language runtime "
        "debug sql python java javascript frontend backend object",
    ),
    "design": (
        "design architecture system onsite technical",
        "system architecture distributed scal reliab database storage cach infrastructure cloud "
        "api network operation observab security design microservice stream performance machine "
        "data",
    ),
    "people": (
        "behavioral behavioural culture values leadership bar team executive director final",
        "behavior behaviour leadership culture communicat conflict feedback team mentor candor "
        "ethic influence values adaptab learning growth",
    ),
}

_TYPES = {
    "technical": ("code", "design"),
    "coding": ("code",),
    "system-design": ("design",),
    "behavioral": ("people", "projects", "motives"),
}
"""The kinds of round that questions of a type belong to, where their category says nothing."""


class _Subject(NamedTuple):
    """What a round or a category is about."""

    words: frozenset[str]
    kinds: Counter[str]


def place(
    rounds: Sequence[ImportedRound],
    questions: Sequence[ImportedQuestion],
    listed: Mapping[str, int] | None = None,
) -> dict[str, int]:
    """For each category, by its slug, the index of its round. `listed` has the categories that a
    round lists already. Of rounds that fit equally well the one with the fewest questions is
    taken."""
    chosen = dict(listed or {})
    load = Counter(chosen[slug(q.category)] for q in questions if slug(q.category) in chosen)
    subjects = [_round_subject(round) for round in rounds]
    by_category = defaultdict[str, list[ImportedQuestion]](list)
    for question in questions:
        by_category[slug(question.category)].append(question)
    for name, asked in by_category.items():
        if name in chosen:
            continue
        category = _category_subject(asked)
        scores = [_score(category, subject) for subject in subjects]
        best = max(range(len(rounds)), key=lambda n: (scores[n], -load[n], -n))
        chosen[name] = best
        load[best] += len(asked)
    return chosen


def _score(category: _Subject, round: _Subject) -> int:
    shared = sum(number * round.kinds[kind] for kind, number in category.kinds.items())
    return shared + 4 * len(category.words & round.words)


def _round_subject(round: ImportedRound) -> _Subject:
    kinds = _kinds(round.title, 0)
    kinds.update(_TYPES.get(slug(round.format), ()))
    return _Subject(_stems([round.title, *round.focus]), kinds)


def _category_subject(asked: Sequence[ImportedQuestion]) -> _Subject:
    kinds = Counter({kind: 2 * number for kind, number in _kinds(asked[0].category, 1).items()})
    ((type, _),) = Counter(question.type for question in asked).most_common(1)
    kinds.update(_TYPES.get(type, _TYPES["technical"]))
    return _Subject(_stems([asked[0].category]), kinds)


def _kinds(text: str, column: int) -> Counter[str]:
    """How many words of a text speak for each kind."""
    found = slug(text).split("-")
    return Counter(
        {
            kind: number
            for kind, table in _KINDS.items()
            if (number := sum(word.startswith(tuple(table[column].split())) for word in found))
        }
    )


_EMPTY = frozenset(("and", "the", "for", "with", "interview", "round", "screen", "technical"))


def _stems(texts: Iterable[str]) -> frozenset[str]:
    """The beginnings of the longer words, which `design` and `designing` share."""
    words = (word for text in texts for word in re.findall(r"[^\W_]{3,}", text.casefold()))
    return frozenset(word[:6] for word in words if word not in _EMPTY)
