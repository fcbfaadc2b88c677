"""`deckgen build --watch`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import PLAIN, BankFolder, Plugins

# It waits for as long as a file called `hold` stands beside it.
HELD = PLAIN.replace(
    "        words =",
    """        import pathlib, sys, time

        hold = pathlib.Path(__file__).with_name("hold")
        if hold.exists():
            print("held", file=sys.stderr, flush=True)
        while hold.exists():
            time.sleep(0.01)
        words =""",
)


class Watching:
    """A running `deckgen build --watch`, with what it has said so far."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.log = folder / "log"
        self.file = self.log.open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "deckgen", "build", "--watch", "-f", "plain"],
            cwd=folder,
            env={**os.environ, **env},
            stdout=self.file,
            stderr=subprocess.STDOUT,
        )
        self.seen = 0

    def wait_for(self, words: str, seconds: float = 20) -> float:
        """Until the words are said, after what was waited for before; how long that took."""
        start = time.monotonic()
        while time.monotonic() < start + seconds:
            found = self.log.read_text().find(words, self.seen)
            if found >= 0:
                self.seen = found + len(words)
                return time.monotonic() - start
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.01)
        pytest.fail(f"{words!r} was not said: {self.log.read_text()}")


@pytest.fixture
def watching(bank: BankFolder, plugins: Plugins, tmp_path: Path) -> Iterator[Watching]:
    (plugins.folder / "deckgen_plain_module.py").write_text(HELD)
    watching = Watching(tmp_path, plugins.env)
    yield watching
    watching.process.kill()
    watching.process.wait()
    watching.file.close()


def test_it_builds_after_every_edit_survives_errors_and_stops(
    bank: BankFolder, watching: Watching, tmp_path: Path
) -> None:
    watching.wait_for("output/example.txt: written")
    watching.wait_for("watching content; Ctrl-C ends")
    bank.edit("questions/all.yaml", "a million", "many")
    watching.wait_for("output/example.txt: written")
    assert "Sort many" in (tmp_path / "output" / "example.txt").read_text()
    bank.edit("questions/all.yaml", "difficulty: easy", "difficulty: esay")
    watching.wait_for("all.yaml:13:15: error: expected easy, medium or hard")
    bank.edit("questions/all.yaml", "difficulty: esay", "difficulty: hard")
    watching.wait_for("output/example.txt: unchanged")
    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(timeout=20) == 130
    assert "Traceback" not in watching.log.read_text()


def test_it_comes_to_rest(bank: BankFolder, watching: Watching) -> None:
    watching.wait_for("Ctrl-C ends")
    bank.edit("questions/all.yaml", "a million", "many")
    watching.wait_for("output/example.txt: written")
    time.sleep(1.5)
    said = watching.log.read_text()
    assert said.count("written") <= 4
    time.sleep(1.0)
    assert watching.log.read_text() == said


def test_what_is_saved_during_a_build_is_in_the_next(
    bank: BankFolder, plugins: Plugins, watching: Watching, tmp_path: Path
) -> None:
    watching.wait_for("Ctrl-C ends")
    (plugins.folder / "hold").touch()
    bank.edit("questions/all.yaml", "a million", "a dozen")
    watching.wait_for("held")
    bank.edit("questions/all.yaml", "a dozen", "a few")
    (plugins.folder / "hold").unlink()
    watching.wait_for("output/example.txt: written")
    watching.wait_for("output/example.txt: written")
    assert "Sort a few" in (tmp_path / "output" / "example.txt").read_text()


def test_the_ledger_it_wrote_is_no_news_and_an_error_mended_is(
    bank: BankFolder, watching: Watching
) -> None:
    watching.wait_for("Ctrl-C ends")
    time.sleep(1)
    bank.edit("questions/all.yaml", "difficulty: easy", "difficulty: esay")
    watching.wait_for("error: expected easy, medium or hard")
    bank.edit("questions/all.yaml", "difficulty: esay", "difficulty: easy")
    watching.wait_for("output/example.txt: up to date")
    assert watching.log.read_text().count("up to date") == 1
