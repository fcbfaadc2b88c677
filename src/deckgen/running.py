"""Running exporters: one job an output, and nothing that an exporter does ends the build."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from . import files, registry
from .exporter import Exporter
from .model import Guide
from .problems import Problem
from .registry import Installed


@dataclass(frozen=True)
class Job:
    """One output to make; it can be sent to another process."""

    exporter: Installed
    guide: Guide
    options: Any
    changed: Mapping[str, int]
    path: Path


class Made(NamedTuple):
    """What an exporter said, and why there is no file, if there is none."""

    warnings: tuple[Problem, ...]
    failure: Problem | None


def run(jobs: list[Job], at_once: int) -> Iterator[tuple[Job, Made]]:
    """Runs jobs, up to `at_once` of them side by side, and gives each as it ends.

    A stranger's exporter always has a process of its own: it may take it down.
    """
    own = all(job.exporter.package == "deckgen" for job in jobs)
    if own and (at_once < 2 or len(jobs) < 2):
        yield from ((job, export(job)) for job in jobs)
        return
    died = []
    for job, made in _pool(jobs, min(at_once, len(jobs))):
        if made is None:
            died.append(job)  # or only shared the pool with one that did
        else:
            yield job, made
    for job in died:
        for _, made in _pool([job], 1):
            yield job, made or Made((), failure(job.exporter, "its process died"))


def _pool(jobs: list[Job], at_once: int) -> Iterator[tuple[Job, Made | None]]:
    # Lazy import: the pool costs 20 ms.
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from concurrent.futures.process import BrokenProcessPool

    # A forked worker has the bank and the modules already; where forking is unsafe it loads them.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    with ProcessPoolExecutor(at_once, mp_context=context) as pool:
        futures = {pool.submit(export, job): job for job in jobs}
        try:
            for future in as_completed(futures):
                died = isinstance(future.exception(), BrokenProcessPool)
                yield futures[future], None if died else future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def export(job: Job) -> Made:
    """Runs one exporter. Whatever it does, the answer is words."""
    warnings: list[Problem] = []
    exporter: type[Exporter] = job.exporter.cls
    try:
        with contextlib.redirect_stdout(sys.stderr):
            exporter(job.options, warnings.append, job.changed).export(job.guide, job.path)
        size = job.path.stat().st_size if job.path.is_file() else 0
    except KeyboardInterrupt:
        raise
    except OSError as error:
        full = f"can't write {job.path.name}: {files.reason(error)}"
        why = full if error.filename is None else registry.describe(error)
        return Made(tuple(warnings), failure(job.exporter, why))
    except BaseException as error:  # SystemExit too: an exporter does not end the program
        return Made(tuple(warnings), failure(job.exporter, registry.describe(error)))
    missing = None if size else failure(job.exporter, "it wrote nothing")
    return Made(tuple(warnings), missing)


def failure(exporter: Installed, message: str) -> Problem:
    """What went wrong in an exporter, under its name."""
    return Problem(f"exporter {exporter.name} ({exporter.package} {exporter.version}): {message}")
