"""What a rule is, and how each kind of rule walks a guide."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from ..markdown import CodeBlock, Image, Markdown, Table, plain_text, walk
from ..model import Card, Guide, Question, live, texts
from ..problems import Place


class Finding(NamedTuple):
    """Something a rule objects to. A note is worth saying only when asked to be strict. Any of the
    `owners` can silence it."""

    message: str
    place: Place | None
    note: bool = False
    owners: tuple[Question, ...] = ()


Find = Callable[[Guide], Iterable[Finding]]
Part = TypeVar("Part")


@dataclass(frozen=True)
class Rule:
    """A named rule; `only_strict` is one that has nothing but notes to say."""

    name: str
    find: Find
    help: str
    only_strict: bool = False


def guide_rule(name: str, *, only_strict: bool = False) -> Callable[[Find], Rule]:
    """A rule that looks at a guide as a whole. It sets the owners itself."""

    def register(function: Find) -> Rule:
        return Rule(name, function, _help(function), only_strict)

    return register


def question_rule(
    name: str, *, only_strict: bool = False, english: bool = False
) -> Callable[[Callable[[Question], Iterable[Finding]]], Rule]:
    """A rule that looks at one question after another; retired ones are left in peace. One that
    looks for English words leaves guides in other languages alone: `Was` is what in German."""

    def register(function: Callable[[Question], Iterable[Finding]]) -> Rule:
        def find(guide: Guide) -> Iterator[Finding]:
            if english and guide.language.partition("-")[0].lower() != "en":
                return
            for question in live(guide):
                for finding in function(question):
                    yield finding._replace(owners=(question,))

        return Rule(name, find, _help(function), only_strict)

    return register


def card_rule(
    name: str, *, only_strict: bool = False, english: bool = False
) -> Callable[[Callable[[Card], Iterable[Finding]]], Rule]:
    """A rule that looks at one card after another."""
    return _part_rule(name, only_strict, lambda question: question.cards, english)


def text_rule(
    name: str, *, only_strict: bool = False
) -> Callable[[Callable[[Markdown], Iterable[Finding]]], Rule]:
    """A rule that looks at every text of every question."""
    return _part_rule(name, only_strict, texts)


def _part_rule(
    name: str,
    only_strict: bool,
    parts_of: Callable[[Question], Iterable[Part]],
    english: bool = False,
) -> Callable[[Callable[[Part], Iterable[Finding]]], Rule]:
    def register(function: Callable[[Part], Iterable[Finding]]) -> Rule:
        def find(question: Question) -> Iterator[Finding]:
            for part in parts_of(question):
                yield from function(part)

        find.__doc__ = function.__doc__
        return question_rule(name, only_strict=only_strict, english=english)(find)

    return register


def _help(function: Callable[..., object]) -> str:
    return " ".join((function.__doc__ or "").split())


# ----------------------------------------------------------------------------------- measuring

_IDEOGRAPHS = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese and Khmer
_MARKS = r"\u0300-\u036f\u0591-\u05c7\u064b-\u0670\u0900-\u0dff"  # parts of words, but not \w
_WORD = re.compile(
    rf"[{_IDEOGRAPHS}]{{1,2}}|[{_UNSPACED}]{{1,5}}"
    rf"|(?![{_IDEOGRAPHS}{_UNSPACED}])\w(?:(?![{_IDEOGRAPHS}{_UNSPACED}])[\w'’.{_MARKS}-])*"
)
"""A word. In scripts that put no space between words it is as many letters as most of them have."""


def words_in(text: str) -> int:
    return len(_WORD.findall(text))


def word_count(text: Markdown) -> int:
    """The words of a text, listings left out: they are not read as prose is."""
    return words_in(plain_text([b for b in text.blocks if not isinstance(b, CodeBlock)]))


def folded(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, without punctuation: what a reader would call the same.
    Signs stay: `&&` is not `||`, and C++ is not C."""
    return tuple(re.findall(r"\w+|[+#&|=<>/%^~@$\\]+", text.casefold()))


_SIGNS: dict[type, tuple[str, ...]] = {
    CodeBlock: ("```", "    ", "\t", "~~~"),
    Image: ("![",),
    Table: ("|",),
}
"""What stands in every text that has such a part, or one of them: most texts need no parsing to
tell that there is none."""


def parts(text: Markdown, kind: type[Part]) -> Iterator[Part]:
    """Every block or inline of a kind in a text."""
    if text and any(sign in text.source for sign in _SIGNS.get(kind, ("",))):
        yield from (part for part in walk(text.blocks) if isinstance(part, kind))
