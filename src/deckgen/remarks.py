"""Remarks on texts: which texts can have any, told without parsing them, and where each belongs.

Parsing every text would cost each command what only exporters need.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from pathlib import Path

from .problems import Place, Problem
from .texts import MAX_DEPTH, MAX_FILLED, Markdown
from .words import LINE_END


def may_be_wrong(text: Markdown) -> bool:
    """Whether a text can hold an error: an image that is not there, a cloze that is none, or
    nesting so deep, or tables so short of cells, that the parser gives up."""
    source = text.source
    if text.clozes and not SIMPLE_CLOZE.fullmatch(source):
        return True
    if "!" in source and "![" in source:  # one character is looked for much faster than two
        return True
    if len(source) <= MAX_DEPTH:
        return False
    if "\n" not in source and source[0] not in _AT_MARGIN and _marks(source) <= MAX_DEPTH:
        return False  # as nearly every text of one line
    if "|" in source and source.count("|") * source.count("\n") > MAX_FILLED:
        return True
    if _is_shallow(source):
        return False
    # No emphasis goes over a blank line, unless that is in a comment.
    parts = [source] if "<!--" in source else _BLANK_LINE.split(source)
    return any(_depth(part.expandtabs(4)) > MAX_DEPTH for part in parts)


def _is_shallow(source: str) -> bool:
    """Whether a quick look rules out that anything is nested too deep, as it does for nearly every
    text."""
    if "\t" in source or _INDENTED.search("\n" + source):
        return False
    if _marks(source) <= MAX_DEPTH:
        return True
    comment = "<" in source and "<!--" in source
    return not comment and all(_marks(p) <= MAX_DEPTH for p in source.split("\n\n"))


def _marks(source: str) -> int:
    # To look for a character takes a fifth of what it takes to count it.
    stars = source.count("*") if "*" in source else 0
    lows = source.count("_") if "_" in source else 0
    waves = source.count("~") if "~" in source else 0
    return stars + lows + waves


def _depth(source: str) -> int:
    """The deepest that things can be nested in a text: each list or quote takes a character at the
    beginning of a line or more, each emphasis two marks or more, and one link or simple cloze may
    come on top."""
    return max(map(len, _MARGIN.findall(source))) + _marks(source) // 2 + 1


def may_be_warned_of(source: str) -> bool:
    """Whether a text has what the parser can warn of: a listing or a link. Others are not parsed
    for their warnings, as no exporter may have a use for them either."""
    return "]" in source or "<" in source or "```" in source or "~~~" in source


_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_AT_MARGIN = frozenset(" \t>*+-.)0123456789")
_MARGIN = re.compile(r"^[ \t>*+\-\d.)]*", re.MULTILINE)
_INDENTED = re.compile(r"\n[ \t>*+\-\d.)]{16}")  # ten times as fast as by ^ and MULTILINE
_WORDS = r"(?:[^{}\\`$<\[\n]++|`[^{}\\`$<\[\n]+`)*+"
SIMPLE_CLOZE = re.compile(
    rf"(?!.*~~~)[^\s{{}}\\`$<\[]{_WORDS}"
    rf"(?:\{{\{{c[1-9]\d?::[^{{}}\\`$<\[\n:]+(?:::[^{{}}\\`$<\[\n:]*)?\}}\}}{_WORDS})+"
)
"""A line of words, code and well-formed clozes, and nothing that could make them something else.
Ticks side by side are left to the parser."""


class RemarkPlaces:
    """Finds where in its file a remark on a text belongs."""

    def __init__(self) -> None:
        self.sources: dict[str, tuple[str, list[int]]] = {}

    def problems(self, text: Markdown) -> list[Problem]:
        """The remarks on a text as problems, each at its character."""
        return [
            Problem(r.message, self.place(text, r.needle), r.warning, r.name) for r in text.remarks
        ]

    def place(self, text: Markdown, needle: str) -> Place:
        """Where `needle` first stands in a text, or the text where quoting or folding hides it."""
        return self.find(needle, text.place) if text.place else Place("")

    def find(self, needle: str, place: Place) -> Place:
        """Where `needle` first stands from a place on, or that place where it does not."""
        source, lines = self.source(place.path)
        start = lines[min(place.line, len(lines)) - 1] + place.column - 1
        found = source.find(needle, start) if needle else -1
        if found < 0:
            return place
        line = bisect_right(lines, found)
        return Place(place.path, line, found - lines[line - 1] + 1)

    def lines(self, place: Place, most: int) -> tuple[str, str]:
        """What stands from a place to the end of its line, and the line below; at most so many
        characters of each, as a whole bank may be one line."""
        source, starts = self.source(place.path)
        here = starts[place.line - 1] + place.column - 1
        below, end = [*starts[place.line : place.line + 2], len(source), len(source)][:2]
        return source[here : min(below, here + most)], source[below : min(end, below + most)]

    def source(self, path: str) -> tuple[str, list[int]]:
        """A file's text, and where each of its lines begins, which `yamltree.locate` would look for
        again for every remark."""
        if path not in self.sources:
            source = Path(path).read_bytes().decode("utf-8-sig", "replace")
            ends = (match.end() for match in re.finditer(LINE_END, source))
            self.sources[path] = source, [0, *ends]
        return self.sources[path]
