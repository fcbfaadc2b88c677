"""What an import reads from a file, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import NamedTuple

from ..model import Difficulty
from ..problems import BankError, Place, Problem


class Grid(NamedTuple):
    """A table of a saved page: its rows, as Markdown has them but for what needs to be escaped; and
    how many lines they have while each cell is one, or several."""

    rows: tuple[str, ...]
    lines: int


class Line(NamedTuple):
    """A line of a page, with its number in the file. `aside` marks what a saved page itself says is
    no content: navigation and footers. `parts` are its words where a saved page has nothing but
    labels side by side; `level` is that of a heading there, 0 for any other line; `grid` is the
    table that the line is part of, where it is one of words."""

    number: int
    text: str
    aside: bool = False
    parts: tuple[str, ...] = ()
    level: int = 0
    grid: Grid | None = None


def gridded(lines: Iterable[Line]) -> list[Line]:
    """The lines with a row of each table on one. A table that is not whole stays as it is: a page
    can have its questions in one."""
    found: list[Line] = []
    for _, part in groupby(lines, key=lambda line: id(line.grid) if line.grid else 0):
        run = list(part)
        grid = run[0].grid
        if grid and len(run) == grid.lines:
            run = [run[0]._replace(text=row) for row in grid.rows]
        found += run
    return found


def text_of(lines: Iterable[Line]) -> str:
    """The lines as they stand on a page, tables in rows."""
    return "\n".join(line.text for line in gridded(lines))


def heading(line: Line) -> str:
    """A line's words as headings are compared: whatever their case, and the marks around them."""
    plain = line.text.strip().strip("#*: ").replace("&", " and ").replace("’", "'")
    return " ".join(plain.casefold().split())


class Given(NamedTuple):
    """What the command line says of a guide; it goes before what the file says."""

    title: str = ""
    company: str = ""
    role: str = ""


@dataclass(frozen=True, kw_only=True)
class ImportedCard:
    """A recall card, in Markdown: front and back, or a cloze."""

    front: str = ""
    back: str = ""
    cloze: str = ""


@dataclass(frozen=True, kw_only=True)
class ImportedQuestion:
    """A question. Texts are Markdown; `line` is where it stands, 0 where the file has no lines."""

    question: str
    category: str
    difficulty: Difficulty = "medium"
    type: str = "technical"
    practiced: int | None = None
    answer: str = ""
    cards: tuple[ImportedCard, ...] = ()
    tags: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class ImportedRound:
    """A round, its texts in Markdown."""

    title: str
    summary: str = ""
    duration: str = ""
    format: str = ""
    focus: tuple[str, ...] = ()
    tips: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class Imported:
    """A guide as a file has it. `remarks` say what could not be placed; `media` holds images by
    the name they are to have."""

    title: str
    company: str
    role: str
    level: str = ""
    updated: date | None = None
    summary: str = ""
    rounds: tuple[ImportedRound, ...] = ()
    questions: tuple[ImportedQuestion, ...] = ()
    remarks: tuple[Problem, ...] = ()
    media: Mapping[str, bytes] = field(default_factory=dict)


def refusal(message: str, path: str) -> BankError:
    """The error that ends an import before anything is written."""
    return BankError([Problem(message, Place(path))])
