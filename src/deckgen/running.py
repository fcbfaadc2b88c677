"""Running exporters: one job an output, and nothing that an exporter does ends the build."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from . import files
from .exporter import Exporter
from .kept import Kept
from .limits import Ended, Task, can_fork, results
from .model import Guide, texts
from .problems import Problem, describe
from .registry import Installed


@dataclass(frozen=True)
class Job:
    """One output to make. `path` is where, in a folder of its own."""

    exporter: Installed
    guide: Guide
    options: Any
    changed: Mapping[str, int]
    published: Mapping[str, str]
    path: Path
    kept: Kept


class Made(NamedTuple):
    """The warnings of an exporter, and, where it made no file, why."""

    warnings: tuple[Problem, ...]
    failure: Problem | None


def run(jobs: list[Job], at_once: int, seconds: float) -> Generator[tuple[Job, Made], None, None]:
    """Runs jobs, up to `at_once` of them side by side, and gives each as it ends.

    A stranger's exporter always has a process of its own, as it may take it down, and `seconds` for
    each output; but where a process can't be forked (Windows), all run here, one after the other.
    """
    forks = can_fork()
    # Where most is kept, another process takes longer than what is left to do.
    side_by_side = at_once > 1 and sum(not job.kept.is_there for job in jobs) > 1
    here: list[Job] = []
    apart: list[Job] = []
    for job in jobs:
        (apart if forks and (side_by_side or not job.exporter.own) else here).append(job)
    yield from ((job, export(job)) for job in here)
    if not apart:
        return
    _parse_texts(apart)
    tasks = [Task(partial(export, job), None if job.exporter.own else seconds) for job in apart]
    for number, made in results(tasks, at_once):
        job = apart[number]
        yield job, Made((), failure(job.exporter, made.why)) if isinstance(made, Ended) else made


def _parse_texts(jobs: list[Job]) -> None:
    """Parses the texts of every guide here, once: a forked process has the bank, its texts and the
    modules already."""
    for guide in {id(job.guide): job.guide for job in jobs}.values():
        for owner in (guide, *guide.questions):
            for text in texts(owner):
                _ = text.blocks


def export(job: Job) -> Made:
    """Runs one exporter. Whatever it does becomes warnings and a failure; only Ctrl-C goes on."""
    warnings: list[Problem] = []
    exporter: type[Exporter] = job.exporter.cls
    try:
        with contextlib.redirect_stdout(sys.stderr):
            made = exporter(job.options, warnings.append, job.changed)
            made.published, made.kept = job.published, job.kept
            made.export(job.guide, job.path)
        missing = _missing(job.path)
        if not missing:
            job.kept.save()
    except KeyboardInterrupt:
        raise
    except OSError as error:
        full = f"can't write {job.path.name}: {files.reason(error)}"
        why = full if error.filename is None else describe(error)
        return Made(tuple(warnings), failure(job.exporter, why))
    except BaseException as error:  # SystemExit too: an exporter does not end the program
        return Made(tuple(warnings), failure(job.exporter, describe(error)))
    return Made(tuple(warnings), failure(job.exporter, missing) if missing else None)


def _missing(path: Path) -> str:
    """What is wrong with a file that should be there, and not empty."""
    if path.is_symlink():
        return "it wrote a link: expected a file"
    if not path.is_file():
        return "it wrote nothing"
    return "" if path.stat().st_size else "it wrote an empty file"


def failure(exporter: Installed, message: str) -> Problem:
    """What went wrong in an exporter, under its name."""
    return Problem(f"exporter {exporter.name} ({exporter.package} {exporter.version}): {message}")
