"""The text of an interview-guide page -> an `Imported` guide.

Title, role, company, level, number of rounds, date, summary; the rounds; the questions, each below
its label; a footer. What stands nowhere in this order is reported with its line.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from ..words import count
from .heads import is_mark, read_head
from .interviews import NUMBER, read_rounds
from .labels import LEVELS, Label, read_label, type_slug
from .lists import read_part
from .plain import cleaned, markdown, one_line
from .remarks import Remarks
from .values import Given, Imported, ImportedQuestion, Line, heading, refusal, text_of

_NOISE = frozenset((
    "get started", "get started for free", "sign up", "sign up for free", "log in", "sign in",
    "show answer", "view answer", "practice", "practice now", "start practicing",
    "show more", "load more", "view all questions", "view more questions",
))  # fmt: skip
"""Buttons, which are copied with the text around them."""

_TITLE = re.compile(
    r"(?P<title>(?P<about>\S.{0,140}?) interview (?:prep(?:aration)? )?guide)(?: *[|–—·-].*)?",
    re.IGNORECASE,
)
_FREQUENT = re.compile(r"frequently asked .*questions")


def read_page(lines: Iterable[Line], path: str, given: Given) -> Imported | None:
    """Read a page, whose file `path` names in remarks; None where it is no such page. Raises
    BankError for one that has no title."""
    return _Page(lines, path, given).read()


def text_lines(text: str) -> list[Line]:
    """The lines of a plain text, as `read_page` takes them."""
    return [Line(number, line) for number, line in enumerate(cleaned(text).split("\n"), 1)]


def _laid_out(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines with the labels of a saved page as they look in a copy: those of the head on a line
    each, and those above a question in one word."""
    in_head = True
    for line in lines:
        in_head = in_head and not (
            heading(line) == "interview rounds" or _FREQUENT.match(heading(line))
        )
        if any(part in LEVELS for part in line.parts[1:]):
            yield line._replace(text="".join(line.parts))
        elif in_head and line.parts:
            yield from (line._replace(text=part) for part in line.parts)
        else:
            yield line


class _Marks(NamedTuple):
    """Where the parts of a page begin: indices into its lines, its length for what is not there."""

    title: int
    rounds: int
    questions: int
    footer: int


class _Page:
    def __init__(self, lines: Iterable[Line], path: str, given: Given) -> None:
        self.path = path
        self.given = given
        self.remarks = Remarks(path)
        self.lines: list[Line] = []
        aside: list[Line] = []
        for line in _laid_out(lines):
            (aside if line.aside or heading(line) in _NOISE else self.lines).append(line)
        self.remarks.unplaced(aside, "it is no content of the page")
        self.filled = [at for at, line in enumerate(self.lines) if line.text.strip()]
        self.labels = self.find_labels()

    # -- finding the parts

    def find_labels(self) -> dict[int, Label]:
        """Every label by the index of its line."""
        lines = [self.lines[at] for at in self.filled]
        labels: dict[int, Label] = {}
        at = 0
        while at < len(lines):
            label = read_label(lines, at)
            if label:
                labels[self.filled[at]] = label
            at += label.lines if label else 1
        return labels

    def find(self, wanted: Callable[[str], object], start: int) -> int | None:
        """The first line from `start` whose heading is wanted."""
        found = (at for at in self.filled if at >= start and wanted(heading(self.lines[at])))
        return next(found, None)

    def marks(self) -> _Marks:
        end = len(self.lines)
        frequent = self.find(_FREQUENT.fullmatch, 0)
        labels = [at for at in self.labels if frequent is None or at > frequent]
        first = min([*labels[:1], *([] if frequent is None else [frequent])], default=end)
        footer = self.find("additional information".__eq__, max(labels, default=frequent or 0))
        footer = end if footer is None else footer
        questions = min(first, footer)
        rounds = self.rounds_heading(questions)
        return _Marks(self.title(rounds), rounds, questions, footer)

    def rounds_heading(self, end: int) -> int:
        """The heading that a number follows, else the first; `end` where there is none."""
        found = [at for at in self.filled if heading(self.lines[at]) == "interview rounds"]
        found = [at for at in found if at < end]
        for at in found:
            after = bisect_right(self.filled, at)
            below = self.filled[after : after + 1]
            if below and NUMBER.fullmatch(heading(self.lines[below[0]])):
                return at
        return found[0] if found else end

    def title(self, end: int) -> int:
        """The title's line: the last above the facts below it; -1 where there is none."""
        mark = next((at for at in range(end) if is_mark(self.lines[at].text)), None)
        above = range(end if mark is None else mark)
        titles = [at for at in above if _TITLE.fullmatch(one_line(self.lines[at].text))]
        return -1 if not titles else titles[0] if mark is None else titles[-1]

    # -- reading them

    def read(self) -> Imported | None:
        marks = self.marks()
        bare = marks.rounds == marks.questions and not self.labels
        title = self.lines[marks.title] if marks.title >= 0 else None
        if bare and title is None:
            return None
        name, about = self.named(title)
        self.remarks.unplaced(self.lines[: max(marks.title, 0)], "it stands before the title")
        below = self.lines[marks.title + 1 : marks.rounds]
        head = read_head(below, about, self.given, self.remarks)
        if bare and not head.recognised:
            return None
        rounds = read_rounds(self.lines[marks.rounds + 1 : marks.questions], self.remarks)
        if head.rounds is not None and head.rounds != len(rounds):
            promised = count(head.rounds, "round")
            self.remarks.warn(f"the page speaks of {promised}, found {len(rounds)}")
        questions = self.questions(marks.questions, marks.footer)
        self.remarks.unplaced(self.lines[marks.footer :], "it stands below the questions")
        return Imported(
            title=name,
            company=head.company,
            role=head.role,
            level=head.level,
            updated=head.updated,
            summary=head.summary,
            rounds=tuple(rounds),
            questions=tuple(questions),
            remarks=self.remarks.in_order(),
        )

    def named(self, title: Line | None) -> tuple[str, str]:
        """The guide's title, and what it says before `Interview Preparation Guide`."""
        found = _TITLE.fullmatch(one_line(title.text)) if title else None
        name = one_line(self.given.title) or (found["title"] if found else "")
        if not name:
            message = "found no title such as 'Acme Senior Engineer Interview Preparation Guide'"
            raise refusal(f"{message}: give it with --title", self.path)
        return name, found["about"] if found else name

    def questions(self, start: int, end: int) -> list[ImportedQuestion]:
        inside = [at for at in self.labels if start <= at < end]
        above = self.lines[start : inside[0] if inside else end]
        titled = [line for line in above if not _FREQUENT.fullmatch(heading(line))]
        if not inside:
            return read_part(titled, self.remarks)
        self.remarks.unplaced(titled, "it stands above the first question")
        found = []
        for at, stop in pairwise([*inside, end]):
            last = self.filled[bisect_left(self.filled, at) + self.labels[at].lines - 1]
            question = self.question(self.lines[at], self.labels[at], self.lines[last + 1 : stop])
            found += [question] if question else []
        return found

    def question(self, line: Line, label: Label, below: Sequence[Line]) -> ImportedQuestion | None:
        text = markdown(text_of(below))
        if not text:
            self.remarks.unplaced([line], "no question stands below it")
            return None
        kind = type_slug(label.type)
        if not kind:
            self.remarks.warn(f"the type {label.type!r} is taken as technical", line.number)
        return ImportedQuestion(
            question=text,
            category=one_line(label.category),
            difficulty=label.difficulty,
            type=kind or "technical",
            practiced=label.practiced,
            line=line.number,
        )
