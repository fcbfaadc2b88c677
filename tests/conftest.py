"""Fixtures: see support.py."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from chromium import MISSING, Chromium, installed
from support import GUIDE, PLAIN, QUESTIONS, BankFolder, Plugins, Ran, Run


@pytest.fixture
def bank(tmp_path: Path) -> BankFolder:
    folder = BankFolder(tmp_path / "content")
    folder.write("guide.yaml", GUIDE)
    folder.write("questions/all.yaml", QUESTIONS)
    return folder


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """deckgen in a process of its own, in `tmp_path`."""

    def run(
        *arguments: str | Path,
        env: dict[str, str] | None = None,
        cwd: Path = tmp_path,
        input: str = "",
    ) -> Ran:
        environment = {k: v for k, v in os.environ.items() if k != "SOURCE_DATE_EPOCH"}
        done = subprocess.run(
            [sys.executable, "-m", "deckgen", *map(str, arguments)],
            cwd=cwd,
            env={**environment, **(env or {})},
            input=input,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


def pytest_configure(config: pytest.Config) -> None:
    # What builds keep for the next ones is not left with whoever runs the tests.
    kept = tempfile.TemporaryDirectory()
    os.environ["XDG_CACHE_HOME"] = kept.name
    config.add_cleanup(kept.cleanup)
    # What a shell starts in the background ignores Ctrl-C, and so does all that it starts.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-cases",
        action="store_true",
        help="write what the program says now into tests/cases; read the diff before you commit it",
    )


@pytest.fixture
def plugins(tmp_path: Path) -> Plugins:
    """A folder of installed packages, with the exporter `plain` in it."""
    plugins = Plugins(tmp_path / "site-packages")
    plugins.add("plain", PLAIN)
    return plugins


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    if not installed() and not os.environ.get("CI"):
        pytest.skip(MISSING)  # pytest_terminal_summary says so loudly; in CI it is an error
    browser = Chromium(tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    missing = [report for report in skipped if MISSING in str(report.longrepr)]
    if missing:
        line = f"NOT RUN: {len(missing)} tests of cards and pages in a browser. Each {MISSING}"
        terminalreporter.write_sep("!", "the browser tests were not run")
        terminalreporter.write_line(line, red=True, bold=True)
