"""Calling functions in other processes, some of them with a time limit."""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

import pytest

from deckgen import limits
from deckgen.limits import Ended, Task, alarm, results


def values(tasks: list[Task], at_once: int = 1) -> list[object]:
    return [value for _, value in sorted(results(tasks, at_once), key=lambda pair: pair[0])]


def test_results_come_by_number_as_they_end() -> None:
    tasks = [Task(lambda: time.sleep(0.5) or "slow"), Task(lambda: "quick")]
    assert list(results(tasks, 2)) == [(1, "quick"), (0, "slow")]
    assert list(results(tasks, 1)) == [(0, "slow"), (1, "quick")]
    assert list(results([], 2)) == []


def test_only_as_many_run_at_once_as_may() -> None:
    def now() -> tuple[float, float]:
        start = time.monotonic()
        time.sleep(0.1)
        return start, time.monotonic()

    spans = [span for _, span in results([Task(now, 9)] * 6, 2)]
    for start, _ in spans:
        assert sum(a <= start < b for a, b in spans) <= 2


def test_trusted_tasks_share_processes_and_others_never() -> None:
    assert len(set(values([Task(os.getpid)] * 4))) == 1
    assert len(set(values([Task(os.getpid, 9)] * 4))) == 4
    assert os.getpid() not in values([Task(os.getpid), Task(os.getpid, 9)])


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (lambda: os._exit(0), "its process died"),
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "its process died"),
        (lambda: time.sleep(60), "not done after 1 seconds; DECKGEN_EXPORT_SECONDS sets"),
        (lambda: os.kill(os.getpid(), signal.SIGSTOP), "not done after 1 seconds"),
        (lambda: 1 / 0, "ZeroDivisionError: division by zero"),
        (lambda: lambda: 1, "AttributeError: Can't"),  # be pickled
        # What it leaves behind holds its pipe open, but is not waited for.
        (lambda: os._exit(0) if os.fork() else time.sleep(60), "its process died"),
    ],
)
def test_what_fails_says_why_and_costs_only_itself(call: Callable[[], object], why: str) -> None:
    start = time.monotonic()
    bad, good = values([Task(call, 1), Task(lambda: "good", 30)])
    assert isinstance(bad, Ended)
    assert why in bad.why
    assert good == "good"
    assert time.monotonic() - start < 20


def test_what_a_task_says_is_out_before_its_process_is_ended(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def say() -> str:
        sys.stderr = io.TextIOWrapper(io.BufferedWriter(io.FileIO(2, "w", closefd=False)))
        sys.stderr.write("no end of line")
        return "done"

    assert values([Task(say, 30)] * 9) == ["done"] * 9
    assert capfd.readouterr().err == "no end of line" * 9


def test_what_is_trusted_has_no_limit_and_one_that_dies_costs_only_itself() -> None:
    tasks = [Task(lambda: os._exit(1)), Task(lambda: time.sleep(1.5) or "done"), Task(lambda: 1, 1)]
    assert values(tasks, 3) == [Ended("its process died"), "done", 1]


def test_what_takes_too_long_is_told_what_sets_its_time_if_anything_does() -> None:
    tasks = [Task(lambda: time.sleep(60), 0.2), Task(lambda: time.sleep(60), 0.2, "")]
    assert values(tasks, 2) == [
        Ended("not done after 0.2 seconds; DECKGEN_EXPORT_SECONDS sets how long it may take"),
        Ended("not done after 0.2 seconds"),
    ]


def test_nothing_is_left_when_nobody_waits_any_longer() -> None:
    given = results([Task(os.getpid), Task(lambda: time.sleep(60))], 2)
    _, pid = next(given)
    workers = multiprocessing.active_children()
    assert pid in [worker.pid for worker in workers]
    given.close()
    assert multiprocessing.active_children() == []
    for worker in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(worker.pid or 0, 0)


def test_a_process_that_can_start_no_thread_ends_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def no_room(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", no_room)
    assert values([Task(os.getpid)]) == [Ended("its process died")]
    assert capfd.readouterr().err == ""


def test_an_alarm_leaves_that_of_somebody_else_on() -> None:
    signal.alarm(100)
    try:
        with alarm(5):
            time.sleep(1.1)
        assert 97 <= signal.alarm(0) <= 99
    finally:
        signal.alarm(0)


def test_many_short_alarms_do_not_put_off_a_long_one() -> None:
    def several() -> None:
        for _ in range(20):
            with alarm(5):
                time.sleep(0.2)

    with pytest.raises(TimeoutError), alarm(1):
        several()


def test_an_alarm_ends_what_runs_here_and_is_off_afterwards() -> None:
    with pytest.raises(TimeoutError, match="not done after 1 seconds"), alarm(1):
        time.sleep(30)
    assert signal.alarm(0) == 0


def test_an_alarm_that_a_library_catches_goes_off_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def library() -> None:
        with contextlib.suppress(TimeoutError):
            time.sleep(20)
        time.sleep(20)

    monkeypatch.setattr(limits, "_AGAIN", 1)
    start = time.monotonic()
    with pytest.raises(TimeoutError), alarm(1):
        library()
    assert time.monotonic() - start < 10
