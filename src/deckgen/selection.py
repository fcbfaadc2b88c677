"""Filters: which questions of which guides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from .problems import BankError, Problem
from .words import did_you_mean, slug

if TYPE_CHECKING:
    from .model import Bank, Guide, Question

    Names = Callable[[Guide, Question], Iterable[str]]


def _guide_names(guide: Guide) -> tuple[str, ...]:
    return guide.id, guide.title


def _round_names(guide: Guide, question: Question) -> Iterator[str]:
    for id in question.rounds:
        yield from (id, guide.round(id).title)


_NAMES: dict[str, Names] = {
    "round": _round_names,
    "category": lambda _, question: (question.category,),
    "difficulty": lambda _, question: (question.difficulty,),
    "type": lambda _, question: (question.type,),
    "tag": lambda _, question: question.tags,
}


@dataclass(frozen=True)
class Selection:
    """What is wanted: of each kind any of these names, in any case or as slugs; empty is all."""

    guide: tuple[str, ...] = ()
    round: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    difficulty: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()

    def wanted(self) -> dict[str, set[str]]:
        """The slugs wanted, for the kinds that are limited at all."""
        every = {f.name: {slug(name) for name in getattr(self, f.name)} for f in fields(self)}
        return {kind: slugs for kind, slugs in every.items() if slugs}


def select(bank: Bank, selection: Selection, *, drafts: bool = True) -> tuple[Guide, ...]:
    """The guides with only the questions that every filter takes, and the rounds these are in.

    A guide that is wanted by name is there without questions, too, as it is without any filter.
    Raises BankError when a filter, or all of them together, match nothing.
    """
    wanted = selection.wanted()
    problems = [p for kind in wanted for p in _unmatched(bank, kind, getattr(selection, kind))]
    if problems:
        raise BankError(problems)
    by_name = wanted.pop("guide", None)
    guides = tuple(
        _select(guide, wanted, drafts)
        for guide in bank.guides
        if by_name is None or not by_name.isdisjoint(map(slug, _guide_names(guide)))
    )
    if not wanted:
        return guides
    guides = tuple(guide for guide in guides if guide.questions)
    if not guides:
        raise BankError([Problem("no question matches all of these filters")])
    return guides


def _unmatched(bank: Bank, kind: str, asked: Iterable[str]) -> Iterator[Problem]:
    if kind == "guide":
        what = "no guide is named"
        names = {name for guide in bank.guides for name in _guide_names(guide)}
    else:
        what = f"no question has the {kind}"
        pairs = ((guide, question) for guide in bank.guides for question in guide.questions)
        names = {name for guide, question in pairs for name in _NAMES[kind](guide, question)}
    slugs = set(map(slug, names))
    for name in asked:
        if slug(name) not in slugs:
            yield Problem(f"{what} {name!r}{did_you_mean(name, sorted(names))}")


def _select(guide: Guide, wanted: dict[str, set[str]], drafts: bool) -> Guide:
    def taken(question: Question) -> bool:
        if question.status == "draft" and not drafts:
            return False
        return all(
            not slugs.isdisjoint(map(slug, _NAMES[kind](guide, question)))
            for kind, slugs in wanted.items()
        )

    questions = tuple(filter(taken, guide.questions))
    rounds = guide.rounds
    if wanted:
        homes = {question.round for question in questions}
        rounds = tuple(round for round in rounds if round.id in homes)
    return replace(guide, questions=questions, rounds=rounds)
