"""A hash of everything an output is made from, taken without parsing any of it."""

from __future__ import annotations

import hashlib
import json
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

if TYPE_CHECKING:
    from .registry import Installed

FORMAT = 1
"""Raised when the same inputs must be taken for different ones."""


@dataclass(frozen=True)
class GuideFiles:
    """The hashes of a guide's files by name; those that can't be read are left to the loader."""

    folder: Path
    hashes: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, folder: Path) -> GuideFiles:
        paths: Iterable[Path] = (*files.guide_files(folder), folder / files.LEDGER)
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

    @property
    def name(self) -> str:
        """The folder's own name, which the guide's id may come from."""
        return self.folder.resolve().name

    def fingerprint(self, exporter: Installed, asked: Mapping[str, Any]) -> str:
        """With the exporter and what was asked for: options, filters, drafts."""
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
                content = files.content(Path(str(text).strip()))
                hashes[str(text).strip()] = hashlib.sha256(content or b"").hexdigest()
    return hashes


@cache
def installed(words: tuple[str, ...]) -> list[str]:
    """The installed packages with one of these words in their names, with their versions."""
    if not words:
        return []
    folders = {Path(entry) for entry in sys.path if Path(entry).is_dir()}
    names = {info.stem for folder in folders for info in folder.glob("*.dist-info")}
    return sorted(name for name in names if any(word in name.lower() for word in words))


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
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
