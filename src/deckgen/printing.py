"""What the command line prints: lines, problems, progress, JSON."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING, Any

import click

from .words import count

if TYPE_CHECKING:
    from .builder import Progress, Report
    from .problems import Problem


def say(line: str) -> None:
    """Tells why the command ends. Where standard error is full or gone, its status alone does."""
    with suppress(OSError):
        click.echo(line, err=True)


def steady_streams() -> None:
    """Makes it safe to print anything: closed streams lead nowhere, and what a locale can't write
    is written as its escape."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


class ProgressBar(AbstractContextManager["Progress"]):
    """A progress bar on a terminal, and nothing elsewhere."""

    bar: Any = None

    def __enter__(self) -> Progress:
        return self.show if sys.stderr.isatty() else lambda done, all: None

    def show(self, done: int, all: int) -> None:
        if self.bar is None:
            self.bar = click.progressbar(length=all, label="building", file=sys.stderr)
            self.bar.__enter__()
        self.bar.update(done - self.bar.pos)

    def __exit__(self, *error: object) -> None:
        if self.bar is not None:
            self.bar.__exit__(*error)


_WORDS = {
    "fresh": "up to date",
    "built": "written",
    "unchanged": "unchanged",
    "planned": "would be written",
}


def print_report(report: Report) -> None:
    """What a build had to say, then what became of each output that is not stale or failed."""
    from .problems import printable

    problems = dict.fromkeys(problem for outcome in report.outcomes for problem in outcome.problems)
    print_problems((*problems, *report.problems))
    for outcome in report.outcomes:
        if outcome.status in _WORDS:
            line = f"{outcome.path.as_posix()}: {_WORDS[outcome.status]}"
            if outcome.changed:
                line += f"; {count(outcome.changed, 'published note')} changed"
            click.echo(printable(line))


def annotation(problem: Problem) -> str:
    """A workflow command that GitHub shows beside the line
    (docs.github.com/actions/reference/workflow-commands-for-github-actions)."""
    kind = "warning" if problem.warning else "error"
    place = problem.place
    parts = {"file": place.path, "line": place.line, "col": place.column} if place else {}
    parts = {**{name: value for name, value in parts.items() if value}, "title": problem.name}
    properties = ",".join(f"{name}={_escaped(str(v), ':,')}" for name, v in parts.items() if v)
    return f"::{kind} {properties}".rstrip() + f"::{_escaped(problem.message)}"


def _escaped(text: str, also: str = "") -> str:
    for character in "%\r\n" + also:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def problem_data(problem: Problem) -> dict[str, Any]:
    """A problem as data for scripts."""
    return {
        "severity": "warning" if problem.warning else "error",
        "name": problem.name,
        "message": problem.message,
        "file": problem.place.path if problem.place else "",
        "line": problem.place.line if problem.place else 0,
        "column": problem.place.column if problem.place else 0,
    }


def print_json(data: Any) -> None:
    """On standard output, for scripts."""
    import json

    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


def print_problems(problems: Iterable[Problem]) -> None:
    """On standard error, a line each, coloured on a terminal."""
    colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    for problem in problems:
        text = str(problem)
        if colour:
            kind, paint = ("warning", "yellow") if problem.warning else ("error", "red")
            text = text.replace(f"{kind}:", click.style(f"{kind}:", fg=paint, bold=True), 1)
        click.echo(text, err=True)


def terminal_width() -> int:
    """In columns; 100 where nobody says."""
    import shutil

    return shutil.get_terminal_size((100, 24)).columns
