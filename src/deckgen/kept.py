"""What an exporter keeps from one build to the next, so as not to make again what is as it was."""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import os
import sys
import time
import zlib
from functools import cache
from pathlib import Path
from typing import Any


class Kept:
    """Values by key, of the kinds that marshal writes (texts, bytes, numbers, tuples, lists and the
    like), in a file of the user's own cache. Nothing is there when `base`, which names all that
    every value depends on, is not what it was. What a build does not ask for is dropped; without a
    path nothing is kept."""

    def __init__(self, path: Path | None = None, base: str = "", *, anew: bool = False) -> None:
        self._path = path
        self._base = f"{base} {_program()}" if path else ""
        self._old = _read(path, self._base) if path and not anew else {}
        self._new: dict[str, bytes] = {}

    @property
    def is_there(self) -> bool:
        """Whether anything was kept."""
        return bool(self._old)

    def get(self, key: str) -> Any:
        """The value that was kept under a key, or None."""
        written = self._old.get(key)
        if written is None:
            return None
        self._new[key] = written
        return marshal.loads(written)

    def put(self, key: str, value: Any) -> None:
        """Keep a value."""
        if self._path:
            self._new[key] = marshal.dumps(value)

    def save(self) -> None:
        """Write what there is now, where that is possible."""
        if self._path is None or self._new == self._old:
            return
        data = marshal.dumps(self._new)
        folder, unfinished = self._path.parent, self._path.with_suffix(f".{os.getpid()}")
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Nobody waits for the disk: what a power cut leaves of it is not taken for whole.
            with unfinished.open("wb") as file:
                file.writelines((_head(self._base, data), data))
            unfinished.replace(self._path)
            _clear(folder)
        except OSError:
            with contextlib.suppress(OSError):
                unfinished.unlink()


def _read(path: Path, base: str) -> dict[str, bytes]:
    """What is in a file that this user wrote and that is whole; nothing is made of any other."""
    try:
        with path.open("rb") as file:
            own = os.name == "nt" or os.fstat(file.fileno()).st_uid == os.getuid()
            head, end, data = file.read().partition(b"\n") if own else (b"", b"", b"")
    except OSError:
        return {}
    known: dict[str, bytes] = marshal.loads(data) if head + end == _head(base, data) else {}
    return known


def _head(base: str, data: bytes) -> bytes:
    return f"{base} {zlib.crc32(data):08x}\n".encode()


def named(text: str) -> str:
    """A name for a text, or a path, that no other has."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def kept_path(output: Path) -> Path | None:
    """Where what is kept of an output stands; nowhere for who has no home."""
    # Lazy import: not before something is made.
    from platformdirs import user_cache_path

    folder = user_cache_path("deckgen")
    return folder / named(str(output.absolute())) if folder.is_absolute() else None


_DAYS = 30
"""For which is kept what nobody asks for."""


def _clear(folder: Path) -> None:
    """Let go of what is kept of outputs that were not built for a long time."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file() and entry.stat().st_mtime < time.time() - _DAYS * 24 * 3600:
                os.unlink(entry)


@cache
def _program() -> str:
    """A hash of what makes the values: the versions of Python, of deckgen and of what it needs, and
    when deckgen's files were last changed, so that who works on them sees it at once."""
    # Lazy import: an exporter is loaded to be listed, too, and this takes longer than all of it.
    from .fingerprint import versions

    own = sorted(Path(__file__).parent.rglob("*.py"))
    changed = [(path.as_posix(), path.stat().st_mtime_ns) for path in own]
    return named(repr((sys.version, versions("deckgen"), changed)))
