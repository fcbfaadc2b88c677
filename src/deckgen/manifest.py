"""`manifest.json`: what each output was made from, so that a build can tell what changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from . import files
from .problems import Place, Problem

FILE = "manifest.json"
VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Record:
    """One output. `folder` is the guide's, by name; `inputs` a hash of everything the file was made
    from; `warnings` are what its export had to say, places relative to that folder."""

    guide: str
    folder: str
    exporter: str
    options: Mapping[str, Any]
    inputs: str
    sha256: str
    size: int
    warnings: tuple[Mapping[str, Any], ...] = ()


Manifest = dict[str, Record]
"""Records by file name."""


def read(output: Path) -> Manifest:
    """The manifest of an output folder; empty where there is none that can be read, which makes
    every output stale."""
    try:
        data: Any = json.loads((files.content(output / FILE) or b"{}").decode())
        if data.get("version") != VERSION:
            return {}
        return {name: _record(name, record) for name, record in data["outputs"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def _record(name: str, data: Mapping[str, Any]) -> Record:
    """One output's record. Raises ValueError, TypeError, KeyError or AttributeError for one that no
    build wrote: a manifest may come from a stranger, or from a merge."""
    record = Record(**{**data, "warnings": tuple(data["warnings"])})
    words = (record.guide, record.folder, record.exporter, record.inputs, record.sha256)
    if not all(isinstance(word, str) for word in words):
        raise TypeError("expected text")
    if Path(name).name != name or not name.startswith(f"{record.guide}."):
        raise ValueError("the file is not in the output folder")
    for packed in record.warnings:
        hash(unpack(packed, Path()))  # what holds anything but text and numbers has no hash
    return record


def text(manifest: Manifest) -> str:
    """The file, sorted."""
    outputs = {name: asdict(record) for name, record in sorted(manifest.items())}
    data = {"version": VERSION, "outputs": outputs}
    return json.dumps(data, indent=2, sort_keys=True) + "\n"


def pack(problem: Problem, folder: Path) -> dict[str, Any]:
    """A warning for the manifest, its place relative to the guide's folder: the manifest must not
    depend on where a build was run."""
    out: dict[str, Any] = {"message": problem.message, "name": problem.name}
    if problem.place is not None:
        path = Path(problem.place.path)
        inside = path.relative_to(folder) if path.is_relative_to(folder) else path
        out["place"] = [inside.as_posix(), problem.place.line, problem.place.column]
    return out


def unpack(packed: Mapping[str, Any], folder: Path) -> Problem:
    """The warning that `pack` packed."""
    place = None
    if "place" in packed:
        path, line, column = packed["place"]
        place = Place((folder / path).as_posix(), line, column)
    return Problem(packed["message"], place, warning=True, name=packed["name"])
