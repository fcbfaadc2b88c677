"""The text of an interview-guide page -> an `Imported` guide.

Title, role, company, level, number of rounds, date, summary; the rounds; the questions, each below
its label; a footer. What stands nowhere in this order is reported with its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ..problems import Problem
from ..words import count, slug
from .labels import Label, read_label, type_slug
from .plain import cleaned, escaped, markdown, one_line, paragraphs
from .values import (
    Given,
    Imported,
    ImportedQuestion,
    ImportedRound,
    Line,
    refusal,
    remark,
)

_SECTIONS = {
    "what to expect": "summary",
    "tips and advice": "tips",
    "tips": "tips",
    "focus topics": "focus",
    "focus areas": "focus",
}
"""The headings within a round, and the key that takes what stands below."""

_NOISE = frozenset(
    (
        *("get started for free", "get started", "sign up", "sign up for free", "log in", "sign in"),
        *("show answer", "view answer", "practice", "practice now", "start practicing"),
        *("show more", "load more", "view all questions", "view more questions"),
    )
)
"""Buttons, which are copied with the text around them."""

_TITLE = re.compile(
    r"(?P<title>(?P<about>\S.{0,140}?) interview (?:prep(?:aration)? )?guide)(?: *[|–—·-].*)?",
    re.IGNORECASE,
)
_ROUNDS = re.compile(r"(?P<number>\d{1,2}) (?:interview )?rounds?", re.IGNORECASE)
_UPDATED = re.compile(r"(?:last )?updated:?(?: on)? (?P<date>\S.*)", re.IGNORECASE)
_FREQUENT = re.compile(r"frequently asked .*questions|frequently asked questions")
_NUMBER = re.compile(r"(?:round )?(?P<number>\d{1,2})[.:)]?", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:round )?(?P<number>\d{1,2})[.:)] *(?P<title>\S.*)", re.IGNORECASE)
_FACTS = re.compile(
    r"(?P<duration>\d+(?: ?(?:-|–|to) ?\d+)? ?(?:minutes|minute|mins|min|hours|hour|hrs|hr|h)"
    r"(?: ?\d+ ?(?:minutes|min))?)?"
    r" *(?P<topics>\d+ focus topics?)? *(?P<format>[A-Za-z][A-Za-z _/-]{0,30})?",
    re.IGNORECASE,
)


def read_page(lines: Iterable[Line], path: str, given: Given) -> Imported:
    """Read a page. `path` names its file in remarks. Raises BankError for what is no such page."""
    return _Page(lines, path, given).read()


def text_lines(text: str) -> list[Line]:
    """The lines of a plain text, as `read_page` takes them."""
    return [Line(number, line) for number, line in enumerate(cleaned(text).split("\n"), 1)]


def _key(line: Line) -> str:
    """A line as headings are compared."""
    plain = line.text.strip().strip("#*: ").replace("&", " and ").replace("’", "'")
    return " ".join(plain.casefold().split())


class _Marks(NamedTuple):
    """Where the parts of a page begin: indices into its lines, its length for what is not there."""

    title: int
    rounds: int
    questions: int
    footer: int


@dataclass
class _Asked:
    """A question's label and the lines below it."""

    line: Line
    label: Label
    lines: list[Line]


class _Page:
    def __init__(self, lines: Iterable[Line], path: str, given: Given) -> None:
        self.path = path
        self.given = given
        self.remarks: list[Problem] = []
        self.lines: list[Line] = []
        aside: list[Line] = []
        for line in lines:
            (aside if line.aside or _key(line) in _NOISE else self.lines).append(line)
        self.unplaced(aside, "it is no content of the page")
        self.filled = [n for n, line in enumerate(self.lines) if line.text.strip()]
        self.labels = self.find_labels()

    # -- reporting

    def warn(self, message: str, line: int) -> None:
        self.remarks.append(remark(message, self.path, line))

    def unplaced(self, lines: Sequence[Line], why: str) -> None:
        """Report lines that go nowhere, those that follow each other as one."""
        run: list[Line] = []
        for line in [line for line in lines if line.text.strip()]:
            if run and line.number > run[-1].number + 2:
                self.unplaced_run(run, why)
                run = []
            run.append(line)
        if run:
            self.unplaced_run(run, why)

    def unplaced_run(self, run: list[Line], why: str) -> None:
        first = one_line(run[0].text)
        shown = first if len(first) <= 60 else first[:59] + "…"
        more = f" and {count(len(run) - 1, 'more line')}" if len(run) > 1 else ""
        self.warn(f"not imported: {shown!r}{more}: {why}", run[0].number)

    # -- finding the parts

    def find_labels(self) -> dict[int, Label]:
        """Every label by the index of its line."""
        lines = [self.lines[n] for n in self.filled]
        labels: dict[int, Label] = {}
        at = 0
        while at < len(lines):
            label = read_label(lines, at)
            if label:
                labels[self.filled[at]] = label
            at += label.lines if label else 1
        return labels

    def find(self, wanted: Callable[[str], object], start: int, end: int) -> int | None:
        """The first line from `start` whose key is wanted."""
        return next((n for n in range(start, end) if wanted(_key(self.lines[n]))), None)

    def marks(self) -> _Marks:
        end = len(self.lines)
        frequent = self.find(_FREQUENT.fullmatch, 0, end)
        labels = [n for n in self.labels if n > (-1 if frequent is None else frequent)]
        first = min([*labels[:1], *([] if frequent is None else [frequent])], default=end)
        last = max(labels, default=frequent or 0)
        footer = self.find("additional information".__eq__, last, end)
        footer = end if footer is None else footer
        questions = min(first, footer)
        rounds = self.rounds_heading(questions)
        return _Marks(self.title(rounds), rounds, questions, footer)

    def rounds_heading(self, end: int) -> int:
        """The heading that a number follows, else the first; `end` where there is none."""
        found = [n for n in range(end) if _key(self.lines[n]) == "interview rounds"]
        for n in found:
            after = next((m for m in self.filled if m > n), n)
            if _NUMBER.fullmatch(_key(self.lines[after])):
                return n
        return found[0] if found else end

    def title(self, end: int) -> int:
        """The title's line: the last one before the facts below it; -1 where there is none."""
        facts = self.find(lambda key: _ROUNDS.fullmatch(key) or _UPDATED.fullmatch(key), 0, end)
        titles = [
            n
            for n in range(end if facts is None else facts)
            if _TITLE.fullmatch(one_line(self.lines[n].text))
        ]
        return -1 if not titles else titles[0] if facts is None else titles[-1]

    # -- reading them

    def read(self) -> Imported:
        marks = self.marks()
        bare = marks.rounds == marks.questions and not self.labels
        if marks.title < 0 and bare:
            raise refusal(self.no_page(), self.path)
        found = _TITLE.fullmatch(one_line(self.lines[marks.title].text)) if marks.title >= 0 else None
        title = one_line(self.given.title) or (found["title"] if found else "")
        if not title:
            message = "found no title such as 'Acme Senior Engineer Interview Preparation Guide'"
            raise refusal(f"{message}: give it with --title", self.path)
        about = found["about"] if found else title
        self.unplaced(self.lines[: max(marks.title, 0)], "it stands before the title")
        head = self.head(self.lines[marks.title + 1 : marks.rounds], about)
        if bare and not head.recognised:
            raise refusal(self.no_page(), self.path)
        rounds = self.rounds(marks.rounds, marks.questions, head.rounds)
        questions = self.questions(marks.questions, marks.footer)
        self.unplaced(self.lines[marks.footer :], "it stands below the questions")
        return Imported(
            title=title,
            company=head.company,
            role=head.role,
            level=head.level,
            updated=head.updated,
            summary=markdown("\n".join(line.text for line in head.summary)),
            rounds=tuple(rounds),
            questions=tuple(questions),
            remarks=tuple(sorted(self.remarks, key=lambda r: r.place or ("", 0, 0))),
        )

    def no_page(self) -> str:
        if not self.filled:
            return "the file is empty: expected the text of an interview-guide page"
        return (
            "this is no interview-guide page: expected a title '... Interview Preparation Guide', "
            "'Interview Rounds' and questions"
        )

    def head(self, lines: Sequence[Line], about: str) -> _Head:
        return _Head(self, [line for line in lines if line.text.strip()], lines, about)

    # -- rounds

    def rounds(self, start: int, end: int, promised: int | None) -> list[ImportedRound]:
        lines = [line for line in self.lines[start + 1 : end] if line.text.strip()]
        starts = _round_starts(lines)
        self.unplaced(lines[: starts[0][0]] if starts else lines, "it belongs to no round")
        rounds = []
        ends = [begin for begin, _, _ in starts[1:]] + [len(lines)]
        for (_, after, title), stop in zip(starts, ends, strict=True):
            rounds.append(_round(title, lines[after:stop]))
        if promised is not None and promised != len(rounds):
            number = self.lines[min(start, len(self.lines) - 1)].number
            self.warn(f"the page speaks of {count(promised, 'round')}, found {len(rounds)}", number)
        return rounds

    # -- questions

    def questions(self, start: int, end: int) -> list[ImportedQuestion]:
        inside = [n for n in self.labels if start <= n < end]
        first = inside[0] if inside else end
        heading = start < end and start not in self.labels
        self.unplaced(self.lines[start + heading : first], "it stands above the first question")
        out = []
        for at, stop in zip(inside, [*inside[1:], end], strict=True):
            label = self.labels[at]
            taken = [n for n in self.filled if n >= at][: label.lines]
            asked = _Asked(self.lines[at], label, self.lines[taken[-1] + 1 : stop])
            out += self.question(asked)
        return out

    def question(self, asked: _Asked) -> list[ImportedQuestion]:
        text = markdown("\n".join(line.text for line in asked.lines))
        label = asked.label
        if not text:
            self.unplaced([asked.line], "a label without a question below it")
            return []
        kind = type_slug(label.type)
        if not kind:
            self.warn(f"the type {label.type!r} is taken as technical", asked.line.number)
        question = ImportedQuestion(
            question=text,
            category=one_line(label.category),
            difficulty=label.difficulty,
            type=kind or "technical",
            practiced=label.practiced,
            line=asked.line.number,
        )
        return [question]


# ---------------------------------------------------------------------------------- below the title


class _Head:
    """Role, company, level, number of rounds and date, a line each in any order that makes sense
    beside the title, and the summary after them."""

    def __init__(
        self, page: _Page, filled: Sequence[Line], lines: Sequence[Line], about: str
    ) -> None:
        self.page = page
        self.rounds: int | None = None
        self.updated: date | None = None
        self.recognised = False
        facts = self.marked(filled)
        if not self.recognised:
            known = [line for line in filled[:3] if _within(line.text, about)]
            facts = filled[: len(known)]
        after = max([n.number for n in facts] + [self.last_mark], default=0)
        self.summary = [line for line in lines if line.number > after]
        self.company, self.role, self.level = self.names(facts, about)

    last_mark = 0

    def marked(self, lines: Sequence[Line]) -> list[Line]:
        """Reads the lines that say what they are; gives those before and between them."""
        others: list[Line] = []
        pending: list[Line] = []
        for line in lines:
            words = one_line(line.text)
            if found := _ROUNDS.fullmatch(words):
                self.rounds = int(found["number"])
            elif found := _UPDATED.fullmatch(words):
                self.read_date(found["date"], line)
            else:
                pending.append(line)
                continue
            self.recognised = True
            self.last_mark = line.number
            others, pending = others + pending, []
        return others

    def read_date(self, written: str, line: Line) -> None:
        """Month, day, year, as the page has it; ISO too."""
        american = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", written)
        iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", written)
        try:
            if american:
                self.updated = date(int(american[3]), int(american[1]), int(american[2]))
            elif iso:
                self.updated = date(int(iso[1]), int(iso[2]), int(iso[3]))
        except ValueError:
            pass
        if self.updated is None:
            self.page.warn(f"not imported: the date {written!r}: expected M/D/YYYY", line.number)

    def names(self, facts: Sequence[Line], about: str) -> tuple[str, str, str]:
        """Company, role and level: the company begins the title, the role ends it."""
        left = list(facts)
        whole = slug(about)

        def take(fits: Callable[[str], bool]) -> str:
            fitting = [line for line in left if slug(line.text) and fits(slug(line.text))]
            best = max(fitting, key=lambda line: len(line.text), default=None)
            if best is not None:
                left.remove(best)
            return one_line(best.text) if best else ""

        company = take(lambda name: f"{whole}-".startswith(f"{name}-"))
        role = take(lambda name: f"-{whole}".endswith(f"-{name}"))
        level = take(lambda name: f"-{name}-" in f"-{whole}-")
        if len(facts) == 3:  # what the title does not name stands in the page's own order
            role, company, level = (
                name or (one_line(left.pop(0).text) if left else "") for name in (role, company, level)
            )
        self.page.unplaced(left, "neither role, company nor level")
        given = self.page.given
        company = one_line(given.company) or company
        role = one_line(given.role) or role
        if not (company and role):
            company, role = self.guessed(about, company, role, level)
        return company, role, level

    def guessed(self, about: str, company: str, role: str, level: str) -> tuple[str, str]:
        """The title's words for what no line says."""
        words = [word for word in one_line(about).split() if word not in level.split()]
        company = company or " ".join(words[:1])
        rest = [word for word in words if word not in company.split()]
        role = role or " ".join(rest) or "Candidate"
        number = self.page.lines[0].number if self.page.lines else 0
        self.page.warn(
            f"company {company!r} and role {role!r} are guessed from the title: give --company and "
            "--role, or change them in guide.yaml",
            number,
        )
        return company, role


def _within(text: str, about: str) -> bool:
    return bool(slug(text)) and f"-{slug(text)}-" in f"-{slug(about)}-"


# ------------------------------------------------------------------------------------------ a round


def _round_starts(lines: Sequence[Line]) -> list[tuple[int, int, Line]]:
    """Of every round: where it begins, where its text begins, and its title's line. Numbers stand
    on lines of their own; where none does, before the titles; where there are none at all, a line
    of facts below each title tells."""
    alone: list[tuple[int, int, Line]] = []
    number = 0
    for at, line in enumerate(lines[:-1]):
        found = _NUMBER.fullmatch(one_line(line.text))
        if found and number < int(found["number"]) <= number + 2 and len(lines[at + 1].text) < 120:
            number = int(found["number"])
            alone.append((at, at + 2, lines[at + 1]))
    if alone:
        return alone
    numbered: list[tuple[int, int, Line]] = []
    for at, line in enumerate(lines):
        found = _NUMBERED.fullmatch(one_line(line.text))
        if found and int(found["number"]) == len(numbered) + 1 and len(line.text) < 120:
            numbered.append((at, at + 1, line._replace(text=found["title"])))
    if numbered:
        return numbered
    told = [at for at in range(1, len(lines)) if _facts(lines[at])]
    return [(at - 1, at, lines[at - 1]) for at in told if at - 1 not in told]


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
    if at < len(lines) and at and "format" not in facts and _is_format(lines[at]):
        facts["format"] = one_line(lines[at].text)
        at += 1
    parts: dict[str, list[str]] = {"summary": [], "tips": [], "focus": []}
    section = "summary"
    for line in lines[at:]:
        if _key(line) in _SECTIONS:
            section = _SECTIONS[_key(line)]
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
    return len(line.text.split()) <= 3 and not line.text.rstrip().endswith((".", ":", "?"))


def _topics(lines: Sequence[str]) -> Iterable[str]:
    """A title and its paragraphs, as one item each."""
    title = ""
    told: list[str] = []
    for line in [*lines, ""]:
        is_title = len(line) <= 90 and not line.rstrip().endswith((".", "?", "!", ":", ";", ","))
        if is_title and (told or title or not line):
            yield from _topic(title, told)
            title, told = "", []
        if is_title:
            title = line
        else:
            told.append(line)


def _topic(title: str, told: Sequence[str]) -> list[str]:
    text = " ".join(filter(None, map(escaped, told)))
    if title and text:
        return [f"**{escaped(title)}**: {text}"]
    return [words for words in (escaped(title), text) if words]
