"""A hash of everything an output is made from, taken without parsing any of it."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from . import files

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

    def fingerprint(self, package: str, asked: Mapping[str, Any]) -> str:
        """With the package of the exporter and what was asked for: options, filters, drafts."""
        made_from = {
            "format": FORMAT,
            "folder": self.name,
            "files": self.hashes,
            "asked": asked,
            "versions": {**versions("deckgen"), **versions(package)},
            "zlib": zlib.ZLIB_RUNTIME_VERSION,
        }
        text = json.dumps(made_from, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


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
