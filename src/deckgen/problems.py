"""What can be wrong with a bank, and where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


def printable(text: str) -> str:
    """A text on one line, with escapes for what could move a terminal's cursor, change its colours
    or turn its direction: a file of a stranger's bank can have any name."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


class Place(NamedTuple):
    """A position in a file. Line and column count from 1, in characters; 0 means the whole file, or
    the whole line."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join(str(part) for part in self if part)


class Problem(NamedTuple):
    """One error or warning, worded for the person who can mend it.

    A warning has a name, which a question can list under `allow` to silence it.
    """

    message: str
    place: Place | None = None
    warning: bool = False
    name: str = ""

    def __str__(self) -> str:
        kind = "warning" if self.warning else "error"
        where = f"{self.place}: " if self.place else ""
        name = f" [{self.name}]" if self.name else ""
        return printable(f"{where}{kind}: {self.message}{name}")


class BankError(Exception):
    """The bank, or what was asked of it, has errors: all of them, in `problems`."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[BankError], tuple[tuple[Problem, ...]]]:
        # Exception's own pickling would hand `problems` the message.
        return (type(self), (self.problems,))


def describe(error: BaseException) -> str:
    """An exception as one line, with the place it was raised: `ValueError: no (bad.py:8)`."""
    # Lazy imports: only for what should not happen.
    import traceback
    from pathlib import Path

    try:
        is_number = isinstance(error, SystemExit) and not isinstance(error.code, str)
        words = "" if is_number else " ".join(str(error).split())
    except Exception:  # a stranger's exception may fail to say what it is
        words = ""
    what = type(error).__name__ + (f": {words}" if words else "")
    frames = traceback.extract_tb(error.__traceback__)
    return f"{what} ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else what
