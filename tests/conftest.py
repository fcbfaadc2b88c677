"""A small bank to change, and deckgen run as users run it."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

GUIDE = """\
title: Example Guide
company: Example
role: Engineer
level: Senior
updated: 2026-01-02
rounds:
  - id: phone
    title: Phone Screen
    categories: [Algorithms]
  - id: onsite
    title: Onsite
    categories: [Distributed Systems]
"""

QUESTIONS = """\
- id: caching
  question: Where would you put a cache?
  category: Distributed Systems
  difficulty: medium
  answer: Near the reader.
  key_points: [staleness, eviction]
  cards:
    - {id: ttl, front: What does a TTL bound?, back: How stale an entry can get.}
    - {id: lru, cloze: "When it is full, LRU evicts the entry {{c1::used longest ago}}."}
- id: sorting
  question: Sort a million numbers.
  category: Algorithms
  difficulty: easy
  tags: [warm up]
"""


@dataclass
class BankFolder:
    """A bank on disk with one guide, `example`."""

    path: Path

    @property
    def guide(self) -> Path:
        return self.path / "example"

    def write(self, name: str, text: str) -> Path:
        """A file of the guide; the text may be indented."""
        path = self.guide / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.guide / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def bank(tmp_path: Path) -> BankFolder:
    folder = BankFolder(tmp_path / "content")
    folder.write("guide.yaml", GUIDE)
    folder.write("questions/all.yaml", QUESTIONS)
    return folder


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """deckgen in a process of its own, in `tmp_path`."""

    def run(*arguments: str | Path, env: dict[str, str] | None = None, **options: object) -> Ran:
        environment = {k: v for k, v in os.environ.items() if k != "SOURCE_DATE_EPOCH"}
        done = subprocess.run(
            [sys.executable, "-m", "deckgen", *map(str, arguments)],
            cwd=options.get("cwd", tmp_path),  # type: ignore[arg-type]
            env={**environment, **(env or {})},
            input=options.get("input", ""),  # type: ignore[arg-type]
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-cases",
        action="store_true",
        help="write what the program says now into tests/cases; read the diff before you commit it",
    )


PLAIN = """
from dataclasses import dataclass
from deckgen import Exporter, Piece, option


class Plain(Exporter):
    name = "plain"
    suffix = ".txt"
    description = "the questions, a line each"

    @dataclass(frozen=True)
    class Options:
        mark: str = option("what stands before each", "-")
        upper: bool = option("capitals", False)

    def pieces(self, guide):
        return {q.id: Piece("question", f"{hash_of(q.question.source)}") for q in guide.questions}

    def export(self, guide, path):
        words = [f"{self.options.mark} {q.code} {q.question.plain}" for q in guide.questions]
        dates = [f"{key} {when}" for key, when in sorted(self.changed.items())]
        text = "\\n".join([guide.title, *words, *dates]) + "\\n"
        path.write_text(text.upper() if self.options.upper else text, encoding="utf-8")


def hash_of(text):
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()[:16]
"""


class Plugins:
    """Packages installed beside deckgen, for runs that are given `env`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def env(self) -> dict[str, str]:
        path = os.pathsep.join(filter(None, [str(self.folder), os.environ.get("PYTHONPATH", "")]))
        return {"PYTHONPATH": path}

    def add(self, name: str, source: str, *, entry: str = "", package: str = "") -> None:
        """A package `deckgen-<name>` with one module and one exporter."""
        package = package or f"deckgen_{name}"
        module = f"{package}_module"
        info = self.folder / f"{package}-1.0.dist-info"
        info.mkdir(parents=True)
        (self.folder / f"{module}.py").write_text(textwrap.dedent(source), encoding="utf-8")
        metadata = f"Metadata-Version: 2.1\nName: {package.replace('_', '-')}\nVersion: 1.0\n"
        (info / "METADATA").write_text(metadata, encoding="utf-8")
        target = entry or f"{module}:{name.capitalize()}"
        text = f"[deckgen.exporters]\n{name} = {target}\n"
        (info / "entry_points.txt").write_text(text, encoding="utf-8")


@pytest.fixture
def plugins(tmp_path: Path) -> Plugins:
    """A folder of installed packages, with the exporter `plain` in it."""
    plugins = Plugins(tmp_path / "site-packages")
    plugins.add("plain", PLAIN)
    return plugins
