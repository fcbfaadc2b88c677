"""Files: reading those of a bank and nothing outside it, replacing outputs at once and whole."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from .problems import BankError, Place, Problem

GUIDE = "guide.yaml"
LEDGER = "ledger.yaml"


class Unreadable(Exception):
    """Why a file can't be read, worded to follow `can't read this file: `."""


def guide_folders(root: Path) -> list[Path]:
    """The folders of a bank that hold a guide, by name; the bank itself when it is one.

    Raises BankError when there are none.
    """
    where = Place(root.as_posix())
    try:
        if (root / GUIDE).exists():
            return [root]
        folders = sorted(f for f in root.iterdir() if not f.name.startswith("."))
        found = [folder for folder in folders if (folder / GUIDE).exists()]
    except OSError as error:
        raise BankError([Problem(f"can't read the bank: {reason(error)}", where)]) from None
    if not found:
        message = f"expected a bank, a folder whose sub-folders hold a {GUIDE}; found none"
        raise BankError([Problem(message, where)])
    return found


def question_files(folder: Path) -> list[Path]:
    """A guide's question files, by path. Hidden files, as editors leave, are passed over."""
    return _below(folder / "questions", lambda name: name.endswith((".yaml", ".yml")))


def media_files(folder: Path) -> list[Path]:
    """A guide's images, by path."""
    return _below(folder / "media", lambda name: True)


def guide_files(folder: Path) -> list[Path]:
    """Every file that a guide's outputs are made from, but for the ledger."""
    return [folder / GUIDE, *question_files(folder), *media_files(folder)]


def _below(folder: Path, wanted: Callable[[str], bool]) -> list[Path]:
    # os.walk does not follow links to folders, so a loop of links ends here.
    found = [
        Path(base, name)
        for base, folders, names in os.walk(folder)
        if not _hidden(Path(base), folder)
        for name in [*names, *(f for f in folders if Path(base, f).is_symlink())]
        if not name.startswith(".") and wanted(name)
    ]
    return sorted(found, key=lambda path: path.relative_to(folder).parts)


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def read(path: Path, root: Path) -> bytes:
    """A file's bytes. Raises Unreadable for what is no plain file inside `root`, links resolved."""
    try:
        if not path.resolve(strict=True).is_relative_to(root.resolve()):
            raise Unreadable("it is a link that leaves the guide's folder")
        if not stat.S_ISREG(path.stat().st_mode):
            raise Unreadable("it is not a plain file")
        return path.read_bytes()
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
        raise Unreadable(reason(error)) from None


def reason(error: Exception) -> str:
    """An operating system's error in its own words, without the path, which stands beside it."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[0].lower() + error.strerror[1:]
    return str(error)


@contextlib.contextmanager
def temporary_folder(where: Path | None) -> Iterator[Path]:
    """A folder for files that are not finished, below `where` so that they can be moved from it in
    one step; without it, in the system's place for such things."""
    prefix = f".deckgen-{os.getpid()}-"
    with tempfile.TemporaryDirectory(dir=where, prefix=prefix) as folder:
        yield Path(folder)


def sweep(where: Path) -> None:
    """Clears the temporary folders of builds that were killed."""
    for folder in where.glob(".deckgen-*-*"):
        pid = folder.name.split("-")[1]
        if pid.isdigit() and not _is_running(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)  # signal 0 only asks whether the process is there
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def replace(new: Path, old: Path) -> None:
    """Puts a file in another's place: at every moment the path holds one of them, whole."""
    with new.open("rb") as file:
        os.fsync(file.fileno())  # before the name moves, lest a power cut leave it empty
    new.replace(old)
