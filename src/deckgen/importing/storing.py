"""Putting an import's files into place: all of them, or none."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import files
from ..limits import uninterrupted
from ..loader import load_bank
from ..model import Guide
from ..problems import BankError, Place, Problem
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


def store(plan: Plan, before: Mapping[Path, bytes | None]) -> Guide:
    """Make a plan's changes to files that were `before`; give the guide as it is then. Raises
    BankError, with everything as it was, when the guide would have errors."""
    made = _missing_folders(plan)
    try:
        with uninterrupted():
            _write(plan.texts, plan.folder)
            for path in plan.removed:
                path.unlink()
        return load_bank(plan.folder).guides[0]
    except BaseException:
        with uninterrupted():
            _put_back(before, plan.folder)
            for folder in reversed(made):
                if folder.is_dir() and not any(folder.iterdir()):
                    folder.rmdir()
        raise


def _write(texts: Mapping[Path, bytes], folder: Path) -> None:
    """Writes files of a guide, and the schemas beside it, which may be on another disk. guide.yaml
    comes last where it is new: a folder without one is no guide, so half a guide is none. Else it
    is the first: a round may list categories without questions, so half a merge can be gone on
    with."""
    beside = {path: data for path, data in texts.items() if not path.is_relative_to(folder)}
    for path, data in beside.items():
        files.write({path: data}, path.parent.parent)
    guide = folder / files.GUIDE
    is_new = not guide.exists()
    inside = sorted(texts.keys() - beside, key=lambda path: ((path == guide) is is_new, path))
    files.write({path: texts[path] for path in inside}, folder)


def _put_back(before: Mapping[Path, bytes | None], folder: Path) -> None:
    """Makes files what they were. What still is needs no room, of which there may be none."""
    for path, data in before.items():
        if data is None and os.path.lexists(path):
            path.unlink()
    held = {path: data for path, data in before.items() if data is not None}
    if changed := {path: data for path, data in held.items() if files.content(path) != data}:
        _write(changed, folder)


def standing(path: Path, folder: Path) -> bytes | None:
    """What stands where a file of a guide is to be; None where there is nothing. Raises BankError
    for what is not one of the guide's own files: a pipe would be waited for."""
    if not os.path.lexists(path):
        return None
    try:
        return files.read(path, folder if path.is_relative_to(folder) else path.parent)
    except files.Unreadable as error:
        message = f"can't write this file: {error}: move it away, or choose another folder with -o"
        raise BankError([Problem(message, Place(path.as_posix()))]) from None


def _missing_folders(plan: Plan) -> list[Path]:
    """The folders that will be made, outer ones first."""
    inside = {folder for path in plan.texts for folder in path.parents}
    return sorted((f for f in inside if not f.exists()), key=lambda f: len(f.parts))
