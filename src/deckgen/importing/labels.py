"""The line above each question of a page: category, difficulty and type, glued into one word.

`Hard Real-Time SystemsMediumTechnical`: the words of difficulty may be part of the category, so of
all the ways to read such a line the likeliest is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, cast

from ..model import Difficulty
from ..words import ascii_slug, slug
from .values import Line

KNOWN_TYPES = frozenset((
    "technical", "system-design", "behavioral", "coding", "case-study", "situational",
    "conceptual", "design", "debugging", "algorithms", "leadership", "culture-fit",
    "product-sense", "estimation", "machine-learning", "sql", "theory", "practical",
))  # fmt: skip
"""By which a label is known for sure. Other types are taken where all looks like one."""

_SPELLINGS = {"behavioural": "behavioral"}
LEVELS = ("Easy", "Medium", "Hard")
_LEVEL = re.compile("|".join(LEVELS))
_APART = " \t-–—·•|,/:"
_COUNT = re.compile(
    r"(?P<number>\d[\d.,' ]*)(?P<thousands>k?)\+? *(?:people )?practi[cs]ed(?: this)?",
    re.IGNORECASE,
)
_TAIL = re.compile(rf"(?<=\D){_COUNT.pattern}$", re.IGNORECASE)


_LONGEST = 300
"""Characters of a label with its count. What is longer would keep the patterns busy."""

_LONGEST_TYPE = 80
"""What the bank takes as a slug, and is written on one line."""


class Label(NamedTuple):
    """What stands above a question. `type` is as written; `lines` counts those it takes up."""

    category: str
    difficulty: Difficulty
    type: str
    practiced: int | None
    lines: int


def type_slug(written: str) -> str:
    """The type as the bank spells it; empty where it has no letter or digit of ASCII."""
    name = ascii_slug(written, _LONGEST_TYPE)
    return _SPELLINGS.get(name, name)


def read_count(text: str) -> int | None:
    """`1,204 practiced` or `1.2k practiced` as a number."""
    found = _COUNT.fullmatch(text.strip())
    if not found:
        return None
    if found["thousands"]:
        number = found["number"].strip().replace(",", ".")
        return round(float(number) * 1000) if re.fullmatch(r"\d{1,6}(\.\d+)?", number) else None
    digits = re.sub(r"\D", "", found["number"])
    return int(digits) if len(digits) < 10 else None


def read_label(lines: Sequence[Line], at: int) -> Label | None:
    """The label that begins at `lines[at]`, none of which is blank: in one line, or, as some pages
    are saved, in two or three. Its count, if it has one, is taken with it."""
    for size in (1, 2, 3):
        texts = [line.text.strip() for line in lines[at : at + size]]
        if len(texts) == size and (label := _label(texts, lines, at + size)):
            return label
    return None


def _label(texts: list[str], lines: Sequence[Line], after: int) -> Label | None:
    written = "".join(texts)
    if len(written) > _LONGEST or not _LEVEL.search(written):
        return None
    tail = _TAIL.search(written)
    written = written[: tail.start()] if tail else written
    count = read_count(tail[0]) if tail else None
    taken = len(texts)
    below = lines[after].text.strip() if after < len(lines) and not tail else ""
    if len(below) <= _LONGEST and _COUNT.fullmatch(below):
        count, taken = read_count(below), taken + 1
    counted = taken > len(texts) or tail is not None
    splits = _splits(written, counted)
    if len(texts) > 1:
        splits = [s for s in splits if s.known and s.category == texts[0].strip(_APART)]
    if not splits:
        return None
    best = max(splits)
    difficulty = cast(Difficulty, best.difficulty.lower())
    return Label(best.category, difficulty, best.type, count, taken)


class _Split(NamedTuple):
    """One way to read a label; the greatest is the likeliest."""

    known: bool
    glued: bool
    at: int
    category: str
    difficulty: str
    type: str


def _splits(text: str, counted: bool) -> list[_Split]:
    out = []
    for found in _LEVEL.finditer(text) if len(text) <= 200 else ():
        before, after = text[: found.start()], text[found.end() :]
        category, kind = before.lstrip("#*•- ").rstrip(_APART), after.strip(_APART)
        known = type_slug(kind) in KNOWN_TYPES
        glued = not before[-1:].isspace() and not after[:1].isspace()
        if not slug(category) or after[:1].islower():
            continue
        likely = (known and (glued or counted)) or (glued and _is_name(category) and _is_name(kind))
        if likely or (counted and glued and not kind):
            out.append(_Split(known, glued, found.start(), category, found[0], kind))
    return out


def _is_name(text: str) -> bool:
    """Whether a text can be the name of a category or a type: short, and no sentence or code."""
    return (
        len(text) <= 80
        and not text[:1].islower()
        and text[:1].isalnum()
        and not re.search(r"[.?!;={}\[\]]|\)\S", text)
    )
