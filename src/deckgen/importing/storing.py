"""Putting an import's files into place: all of them, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import files
from ..loader import load_bank
from ..model import Guide
from ..problems import Problem
from ..words import ascii_slug


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What an import changes in a guide's folder.

    `counted` questions get a new count, `added` are new, and `absent` are in the guide and not in
    what was imported.
    """

    folder: Path
    texts: Mapping[Path, bytes]
    removed: Sequence[Path] = ()
    remarks: tuple[Problem, ...] = ()
    added: int = 0
    counted: int = 0
    absent: int = 0


def question_path(folder: Path, category: str) -> Path:
    """The file for the questions of a category that has none yet."""
    return folder / "questions" / f"{ascii_slug(category, 80) or 'questions'}.yaml"


def store(plan: Plan) -> Guide:
    """Make a plan's changes; give the guide as it is then. Raises BankError, with everything as it
    was before, when the guide would have errors."""
    before = {path: _bytes(path) for path in [*plan.texts, *plan.removed]}
    made = _missing_folders(plan)
    try:
        _write(plan.texts, plan.folder)
        for path in plan.removed:
            path.unlink()
        return load_bank(plan.folder).guides[0]
    except BaseException:
        for path, data in before.items():
            if data is None:
                path.unlink(missing_ok=True)
        _write({path: data for path, data in before.items() if data is not None}, plan.folder)
        for folder in reversed(made):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        raise


def _write(texts: Mapping[Path, bytes], folder: Path) -> None:
    """Writes files of a guide, and the schemas beside it, which may be on another disk. guide.yaml
    comes last: a folder without one is no guide, so half a guide is none."""
    beside = {path: data for path, data in texts.items() if not path.is_relative_to(folder)}
    for path, data in beside.items():
        files.write({path: data}, path.parent.parent)
    inside = sorted(texts.keys() - beside, key=lambda path: (path.name == files.GUIDE, path))
    files.write({path: texts[path] for path in inside}, folder)


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _missing_folders(plan: Plan) -> list[Path]:
    """The folders that will be made, outer ones first."""
    inside = {folder for path in plan.texts for folder in path.parents}
    return sorted((f for f in inside if not f.exists()), key=lambda f: len(f.parts))
