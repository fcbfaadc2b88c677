"""A hash of everything an output is made from, taken without parsing any of it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import sys
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from . import files
from .files import InputFile
from .problems import BankError

if TYPE_CHECKING:
    from .registry import Installed

FORMAT = 1
"""Raised when the same inputs must be taken for different ones."""


@dataclass(frozen=True)
class GuideFiles:
    """The hashes of a guide's files, by name. A file that can't be read has none, and where a
    folder can't be read, no file has: the loader reports those."""

    folder: Path
    hashes: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, folder: Path) -> GuideFiles:
        paths: Iterable[Path] = ()
        with contextlib.suppress(BankError):
            paths = (*files.guide_files(folder), folder / files.LEDGER)
        hashes = []
        for path in paths:
            try:
                data = files.read(path, folder)
            except files.Unreadable:
                continue
            name = path.relative_to(folder).as_posix()
            hashes.append((name, hashlib.sha256(data).hexdigest()))
        return cls(folder, tuple(sorted(hashes)))

    def with_ledger(self, text: str) -> GuideFiles:
        """The same with the ledger as it is about to be written."""
        new = {**dict(self.hashes), files.LEDGER: hashlib.sha256(text.encode()).hexdigest()}
        return replace(self, hashes=tuple(sorted(new.items())))

    def without_questions(self) -> GuideFiles:
        """The same but for the files of questions and the ledger."""
        own = [
            (name, hash)
            for name, hash in self.hashes
            if not name.startswith("questions/") and name != files.LEDGER
        ]
        return replace(self, hashes=tuple(own))

    @property
    def name(self) -> str:
        """The folder's own name, which the guide's id may come from."""
        return self.folder.resolve().name

    def fingerprint(self, exporter: Installed, asked: Mapping[str, Any]) -> str:
        """A hash of these files, the exporter, and what was asked for: options, filters, drafts."""
        made_from = {
            "format": FORMAT,
            "folder": self.name,
            "files": self.hashes,
            "asked": asked,
            "named": named_files(exporter.cls.Options, asked["options"]),
            "versions": {**versions("deckgen"), **versions(exporter.package)},
            "used": installed(exporter.cls.uses),
            "zlib": zlib.ZLIB_RUNTIME_VERSION,
        }
        text = json.dumps(made_from, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def named_files(options: type[Any], asked: Mapping[str, object]) -> dict[str, str]:
    """The hashes of the files that were asked for by name; those that a guide.yaml names are the
    guide's own."""
    hashes = {}
    for name, kind in get_type_hints(options).items():
        if name in asked and InputFile in (kind, *get_args(kind)):
            value = asked[name]
            texts = value.split(",") if isinstance(value, str) else value
            for text in texts if isinstance(texts, list | tuple) else [texts]:
                hashes[str(text).strip()] = files.digest(Path(str(text).strip()))
    return hashes


@cache
def installed(words: tuple[str, ...]) -> list[str]:
    """The installed packages with one of these words in their names, with their versions."""
    found = (f"{name} {version}" for name, version in _versions().items() if words)
    return sorted(package for package in found if any(word in package for word in words))


@cache
def versions(package: str) -> dict[str, str]:
    """The versions of an installed package and of what it needs at run time, one level deep."""
    found = {package: _version(package)}
    try:
        needed = requires(package) or []
    except PackageNotFoundError:
        needed = []
    for requirement in needed:
        name = re.match(r"[A-Za-z0-9._-]+", requirement)
        if name and "extra ==" not in requirement:
            found[name.group()] = _version(name.group())
    return found


def _version(package: str) -> str:
    known = _versions().get(_spelling(package))
    if known:
        return known
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


@cache
def _versions() -> dict[str, str]:
    """The versions of the packages that were installed as the standard says, whose folders have
    them in their names (packaging.python.org, "Recording installed projects"): to read what is in
    them would be a fifth of the time of an unchanged build."""
    found: dict[str, str] = {}
    for folder in sys.path:
        with contextlib.suppress(OSError):
            for name in os.listdir(folder or "."):
                if name.endswith(".dist-info"):
                    package, _, number = name.removesuffix(".dist-info").partition("-")
                    found.setdefault(_spelling(package), number)
    return found


def _spelling(package: str) -> str:
    """A package's name as everyone spells it (packaging.python.org, "Names and normalization")."""
    return re.sub(r"[-_.]+", "-", package).lower()
