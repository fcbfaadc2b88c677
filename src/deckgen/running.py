"""Running exporters: one job an output, and nothing that an exporter does ends the build."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from . import files
from .exporter import Exporter
from .model import Guide, texts
from .problems import Problem, describe
from .registry import Installed

if TYPE_CHECKING:
    from concurrent.futures import Future


@dataclass(frozen=True)
class Job:
    """One output to make."""

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

    A stranger's exporter always has a process of its own, as it may take it down; but where a
    process can't be forked (Windows), all run here, one after the other.
    """
    own = all(job.exporter.package == "deckgen" for job in jobs)
    if not hasattr(os, "fork") or (own and (at_once < 2 or len(jobs) < 2)):
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

    _parse_texts(jobs)
    # A forked worker has the bank, its texts and the modules already.
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(
        at_once, mp_context=context, initializer=_begin_worker, initargs=(jobs,)
    ) as pool:
        futures = {}
        try:
            with _interrupts_held():
                for number, job in enumerate(jobs):
                    # A worker may die while jobs are still handed out.
                    with contextlib.suppress(BrokenProcessPool):
                        futures[pool.submit(_export_number, number)] = job
            for future in as_completed(futures):
                yield futures[future], _result(future, futures[future])
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    handed_out = {job.path for job in futures.values()}
    yield from ((job, None) for job in jobs if job.path not in handed_out)


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Holds a Ctrl-C back until the workers are there, who begin by taking it quietly."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _parse_texts(jobs: list[Job]) -> None:
    """Parses the texts of every guide here, once, rather than in each worker again."""
    for guide in {id(job.guide): job.guide for job in jobs}.values():
        for owner in (guide, *guide.questions):
            for text in texts(owner):
                _ = text.blocks


_JOBS: list[Job] = []
"""In a worker: all jobs. They come with the process, not through its queue of work."""


def _export_number(number: int) -> Made:
    return export(_JOBS[number])


def _begin_worker(jobs: list[Job]) -> None:
    """Takes the jobs, and lets a Ctrl-C end a worker without a word, and the end of its parent too:
    a worker whose parent was killed would wait for jobs for ever."""
    import multiprocessing
    import threading

    _JOBS[:] = jobs
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:  # as in the background of a script
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _result(future: Future[Made], job: Job) -> Made | None:
    from concurrent.futures.process import BrokenProcessPool

    error = future.exception()
    if isinstance(error, BrokenProcessPool):
        return None
    # Any other was raised on the way: what an exporter is given, or gives, must be plain values.
    return future.result() if error is None else Made((), failure(job.exporter, describe(error)))


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
        why = full if error.filename is None else describe(error)
        return Made(tuple(warnings), failure(job.exporter, why))
    except BaseException as error:  # SystemExit too: an exporter does not end the program
        return Made(tuple(warnings), failure(job.exporter, describe(error)))
    missing = None if size else failure(job.exporter, "it wrote nothing")
    return Made(tuple(warnings), missing)


def failure(exporter: Installed, message: str) -> Problem:
    """What went wrong in an exporter, under its name."""
    return Problem(f"exporter {exporter.name} ({exporter.package} {exporter.version}): {message}")
