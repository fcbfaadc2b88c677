"""What can be wrong with a bank, and where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Place(NamedTuple):
    """A position in a file. Line and column count from 1, in characters; 0 means the whole file."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


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
        return f"{where}{kind}: {self.message}{name}"


class BankError(Exception):
    """The bank, or what was asked of it, has errors: all of them, in `problems`."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[BankError], tuple[tuple[Problem, ...]]]:
        # Exception's own pickling would hand `problems` the message; workers raise this too.
        return (type(self), (self.problems,))
