"""Other people's code, held to a time: here, by an alarm, or in a process of its own, which can be
ended whatever it does."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from .problems import describe

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

LOAD_SECONDS = 10
"""How long the import of an exporter's module may take, or the making of its options: neither
should do anything heavy."""

EXPORT_SECONDS = 600
"""How long a stranger's exporter may take over one output, unless EXPORT_VARIABLE says so."""

EXPORT_VARIABLE = "DECKGEN_EXPORT_SECONDS"


_AGAIN = 5
"""Time enough for code that is interrupted to put things back."""


@contextlib.contextmanager
def alarm(seconds: int) -> Iterator[None]:
    """Raises TimeoutError in code that runs longer, where the system has alarms to do it with. It
    is raised again every _AGAIN seconds, lest the code catch it and go on. An alarm that somebody
    else has set waits meanwhile; one that is nearer is not put off."""
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def late(*_: object) -> None:
        raise TimeoutError(f"not done after {seconds} seconds")

    old = signal.signal(signal.SIGALRM, late)
    left, again = signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    if 0 < left < seconds:
        signal.setitimer(signal.ITIMER_REAL, left, _AGAIN)
    start = time.monotonic()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
        if left:
            left -= time.monotonic() - start
            signal.setitimer(signal.ITIMER_REAL, max(0.001, left), again)


@contextlib.contextmanager
def uninterrupted(*signals: signal.Signals) -> Iterator[None]:
    """Holds back these signals, or all that ask a process to end, until what must be whole is."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    asks = signals or (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, asks)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def can_fork() -> bool:
    """Whether there can be processes that begin with all that this one has; not on Windows, nor in
    a process that may have none of its own, such as those of multiprocessing.Pool."""
    module = sys.modules.get("multiprocessing.process")  # it is there in all that it has started
    return hasattr(os, "fork") and not (module and module.current_process().daemon)


class Task(NamedTuple):
    """Something to be called in another process. `seconds` is the time that it may take; a task of
    deckgen's own has no such limit, and is called in the same process as others like it. `setting`
    is the environment variable that sets the time, if any does: named when the time is over."""

    call: Callable[[], Any]
    seconds: float | None = None
    setting: str = EXPORT_VARIABLE


class Ended(NamedTuple):
    """Why a task has no result."""

    why: str


def results(tasks: Sequence[Task], at_once: int) -> Iterator[tuple[int, Any]]:
    """Calls tasks, up to `at_once` of them side by side. As each ends, gives its number and its
    result; where it has none, an `Ended` that says why."""
    # Lazy import: it costs 10 ms.
    from multiprocessing.connection import wait

    waiting = deque(range(len(tasks)))
    busy: list[_Worker] = []
    idle: list[_Worker] = []
    try:
        while waiting or busy:
            while waiting and len(busy) < at_once:
                number = waiting.popleft()
                own = tasks[number].seconds is None
                # Until a new process is known here and out of a Ctrl-C's reach.
                with uninterrupted(signal.SIGINT):
                    busy.append(idle.pop() if own and idle else _Worker(tasks))
                busy[-1].begin(number)
            # What a task has started may hold its pipe open when it has died: so look now and then.
            wait([worker.pipe for worker in busy], min(1, *(worker.left() for worker in busy)))
            for worker in [worker for worker in busy if worker.has_ended()]:
                busy.remove(worker)
                result = worker.result()
                if tasks[worker.number].seconds is None and not isinstance(result, Ended):
                    idle.append(worker)
                else:
                    worker.end()
                yield worker.number, result
    finally:
        for worker in (*busy, *idle):
            worker.end()


class _Worker:
    """A process that was forked off to call tasks. It leads a group of processes, so that whatever
    a task has started can be ended with it."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        # Lazy import: it costs 10 ms.
        import multiprocessing

        context = multiprocessing.get_context("fork")
        self.tasks = tasks
        self.number = -1
        self.deadline = 0.0
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(tasks, theirs))
        self.process.start()
        with contextlib.suppress(OSError):  # it was quicker
            os.setpgid(self._pid, self._pid)
        theirs.close()

    @property
    def _pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    def begin(self, number: int) -> None:
        self.number = number
        seconds = self.tasks[number].seconds
        self.deadline = float("inf") if seconds is None else time.monotonic() + seconds
        with contextlib.suppress(OSError):  # it was killed while it waited
            self.pipe.send(number)

    def left(self) -> float:
        return max(0, self.deadline - time.monotonic())

    def has_ended(self) -> bool:
        return self.pipe.poll() or not self.process.is_alive() or not self.left()

    def result(self) -> Any:
        """What the task gave. To be asked once it has ended."""
        try:
            if self.pipe.poll():
                return self.pipe.recv()
        except Exception:  # the pipe is closed, or what came through it is not whole
            return Ended("its process died")
        return Ended(self._late() if self.process.is_alive() else "its process died")

    def _late(self) -> str:
        task = self.tasks[self.number]
        advice = f"; {task.setting} sets how long it may take" if task.setting else ""
        return f"not done after {task.seconds:g} seconds{advice}"

    def end(self) -> None:
        with contextlib.suppress(OSError):  # it may have gone, and all that it started
            os.killpg(self._pid, signal.SIGKILL)
        self.process.join()
        self.pipe.close()


def _work(tasks: Sequence[Task], pipe: Connection) -> NoReturn:
    """In a worker: calls the tasks whose numbers come through the pipe, until there are no more."""
    try:
        with contextlib.suppress(OSError):
            os.setpgid(0, 0)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # what a task says may reach the terminal
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        with contextlib.suppress(OSError):  # standard error is closed
            os.dup2(2, 1)  # a program that a task starts has no results for standard output
        threading.Thread(target=_follow_parent, daemon=True).start()
        while True:
            call = tasks[pipe.recv()].call
            try:
                result = call()
                sys.stderr.flush()  # before the result is out, which may be the end of this process
                pipe.send(result)
            except BaseException as error:  # what a task gives must be plain values, too
                pipe.send(Ended(describe(error)))
    finally:  # without a word, whatever went wrong and whatever threads a task has left running
        os._exit(0)


def _follow_parent() -> None:
    """Ends a worker with its parent: it would wait for tasks for ever."""
    import multiprocessing

    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os.killpg(0, signal.SIGKILL)
