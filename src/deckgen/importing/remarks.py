"""What an import has to say about a file: a warning for each thing that found no place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..problems import Place, Problem
from ..words import count
from .plain import one_line
from .values import Line


class Remarks:
    """Gathers the remarks on one file, which `path` names."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.found: list[Problem] = []

    def warn(self, message: str, line: int = 0) -> None:
        self.found.append(Problem(message, Place(self.path, line), warning=True))

    def unplaced(self, lines: Iterable[Line], why: str) -> None:
        """Report lines that go nowhere; those that follow each other in one remark."""
        run: list[Line] = []
        for line in (line for line in lines if line.text.strip()):
            if run and line.number > run[-1].number + 2:
                self._run(run, why)
                run = []
            run.append(line)
        if run:
            self._run(run, why)

    def _run(self, run: Sequence[Line], why: str) -> None:
        first = one_line(run[0].text)
        shown = first if len(first) <= 60 else f"{first[:59]}…"
        more = f" and {count(len(run) - 1, 'more line')}" if len(run) > 1 else ""
        self.warn(f"not imported: {shown!r}{more}: {why}", run[0].number)

    def in_order(self) -> tuple[Problem, ...]:
        found = dict.fromkeys(self.found)  # an image may be missing on both sides of a card
        return tuple(sorted(found, key=lambda problem: problem.place or Place("")))
