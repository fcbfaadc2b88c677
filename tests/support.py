"""What tests are made with: a small bank on disk, runs of deckgen, packages of strangers, folders
that can't be written to."""

from __future__ import annotations

import json
import os
import subprocess
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

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


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


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


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A folder that can't be written to, by root either: `chattr +i` where chmod does not bind."""
    if os.geteuid() == 0:
        subprocess.run(["chattr", "+i", folder], check=True)
    else:
        folder.chmod(0o500)
    try:
        yield
    finally:
        if os.geteuid() == 0:
            subprocess.run(["chattr", "-i", folder], check=True)
        else:
            folder.chmod(0o700)


def schemas_hold(guide: Path) -> int:
    """Checks every YAML file of a guide against the schema that its first line names, as an editor
    does; how many there are."""
    import yaml
    from jsonschema import Draft202012Validator

    found = [path for path in guide.rglob("*.yaml") if path.name != "ledger.yaml"]
    for path in found:
        first = path.read_text(encoding="utf-8").splitlines()[0]
        schema = path.parent / first.removeprefix("# yaml-language-server: $schema=")
        Draft202012Validator(json.loads(schema.read_text())).validate(
            json.loads(json.dumps(yaml.safe_load(path.read_bytes()), default=str))  # dates are text
        )
    return len(found)
