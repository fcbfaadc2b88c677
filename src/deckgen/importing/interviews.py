"""The rounds of a page: number, title, a line of facts, and in fuller copies sections of text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from .plain import escaped, markdown, one_line, paragraphs
from .remarks import Remarks
from .values import ImportedRound, Line, heading

_SECTIONS = {
    "what to expect": "summary",
    "tips and advice": "tips",
    "tips": "tips",
    "focus topics": "focus",
    "focus areas": "focus",
}
"""The headings within a round, and the key that takes what stands below."""

NUMBER = re.compile(r"(?:round )?(?P<number>\d{1,2})[.:)]?", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:round )?(?P<number>\d{1,2})[.:)] *(?P<title>\S.*)", re.IGNORECASE)
_FACTS = re.compile(
    r"(?P<duration>\d+(?: ?(?:-|–|to) ?\d+)? ?(?:minutes|minute|mins|min|hours|hour|hrs|hr|h)"
    r"(?: ?\d+ ?(?:minutes|min))?)?"
    r" *(?P<topics>\d+ focus topics?)? *(?P<format>[A-Za-z][A-Za-z _/-]{0,30})?",
    re.IGNORECASE,
)
_LONGEST_TITLE = 120


class _Start(NamedTuple):
    """Where a round begins, where its text begins, and its title's line."""

    at: int
    text: int
    title: Line


def read_rounds(lines: Sequence[Line], remarks: Remarks) -> list[ImportedRound]:
    """The rounds in the lines between their heading and the questions."""
    lines = [line for line in lines if line.text.strip()]
    starts = _alone(lines) or _before_titles(lines) or _told_by_facts(lines)
    remarks.unplaced(lines[: starts[0].at] if starts else lines, "it belongs to no round")
    found = []
    for start, end in pairwise([*starts, _Start(len(lines), 0, Line(0, ""))]):
        found.append(_round(start.title, lines[start.text : end.at]))
    return found


def _alone(lines: Sequence[Line]) -> list[_Start]:
    """Rounds whose numbers stand on lines of their own."""
    starts: list[_Start] = []
    number = 0
    for at, line in enumerate(lines[:-1]):
        found = NUMBER.fullmatch(one_line(line.text))
        next_one = found and number < int(found["number"]) <= number + 2
        if found and next_one and len(lines[at + 1].text) < _LONGEST_TITLE:
            number = int(found["number"])
            starts.append(_Start(at, at + 2, lines[at + 1]))
    return starts


def _before_titles(lines: Sequence[Line]) -> list[_Start]:
    """Rounds whose numbers stand before their titles: `1. Phone Screen`."""
    starts: list[_Start] = []
    for at, line in enumerate(lines):
        found = _NUMBERED.fullmatch(one_line(line.text))
        if found and int(found["number"]) == len(starts) + 1 and len(line.text) < _LONGEST_TITLE:
            starts.append(_Start(at, at + 1, line._replace(text=found["title"])))
    return starts


def _told_by_facts(lines: Sequence[Line]) -> list[_Start]:
    """Rounds without numbers: a line of facts stands below each title."""
    told = dict.fromkeys(at for at in range(1, len(lines)) if _facts(lines[at]))
    return [_Start(at - 1, at, lines[at - 1]) for at in told if at - 1 not in told]


def _facts(line: Line) -> re.Match[str] | None:
    """A line such as `30 min4 focus topicsbehavioral`, or a part of it that is sure."""
    found = _FACTS.fullmatch(one_line(line.text))
    return found if found and (found["duration"] or found["topics"]) else None


def _round(title: Line, lines: Sequence[Line]) -> ImportedRound:
    facts: dict[str, str] = {}
    at = 0
    while at < len(lines) and (found := _facts(lines[at])):
        facts |= {name: value for name, value in found.groupdict().items() if value}
        at += 1
    if 0 < at < len(lines) and "format" not in facts and _is_format(lines[at]):
        facts["format"] = one_line(lines[at].text)
        at += 1
    parts: dict[str, list[str]] = {"summary": [], "tips": [], "focus": []}
    section = "summary"
    for line in lines[at:]:
        if heading(line) in _SECTIONS:
            section = _SECTIONS[heading(line)]
        else:
            parts[section].append(line.text)
    return ImportedRound(
        title=one_line(title.text),
        summary=markdown("\n".join(parts["summary"])),
        duration=facts.get("duration", ""),
        format=facts.get("format", "").replace("_", " "),
        tips=tuple(paragraphs("\n".join(parts["tips"]))),
        focus=tuple(_topics(parts["focus"])),
        line=title.number,
    )


def _is_format(line: Line) -> bool:
    known = heading(line) in _SECTIONS
    return not known and len(line.text.split()) <= 3 and line.text.rstrip()[-1:].isalpha()


def _topics(lines: Sequence[str]) -> Iterator[str]:
    """A title and its paragraphs, as one item each."""
    title = ""
    told: list[str] = []
    for line in lines:
        if _is_title(line):
            yield from _topic(title, told)
            title, told = line, []
        else:
            told.append(line)
    yield from _topic(title, told)


def _is_title(line: str) -> bool:
    return len(line) <= 90 and not line.rstrip().endswith((".", "?", "!", ":", ";", ","))


def _topic(title: str, told: Sequence[str]) -> list[str]:
    text = " ".join(filter(None, map(escaped, told)))
    if title and text:
        return [f"**{escaped(title)}**: {text}"]
    return [words for words in (escaped(title), text) if words]
