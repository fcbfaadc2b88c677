"""Typewriter's quotation marks set as a printer's: `"a"` as “a”, `don't` as don’t.

Code is left as it is, and so are addresses. Other languages have other marks, and more than one
custom each, so only their apostrophes between letters are set, and only where an apostrophe is
what stands there: in Latin, Greek and Cyrillic.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from .items import looks_like_address
from .text import Run

_DOUBLE, _SINGLE, _APOSTROPHE = ("\u201c", "\u201d"), ("\u2018", "\u2019"), "\u2019"
_ENGLISH = "en"

_SetMark = Callable[[str, str, str], str]
"""Gives what a mark is printed as, between two characters."""

_PICTURE = "\ufffc"
_MARK = re.compile("['\"]")
_WORD = re.compile(r"""(?<![^ ])[^ '"]*+['"][^ ]*""")
"""A word with marks; from the middle of one it is not looked for."""
_LAST_LETTER = "\u052f"
"""Of the three alphabets: Hebrew, which follows, has marks of its own that look like these."""

_OPENERS = " \u00a0\n([{<-\u2010\u2013\u2014/\u201c\u2018'\""
"""What stands before a mark that opens."""


def _has_marks(text: str) -> bool:
    """Whether a text has any mark to be set."""
    return "'" in text or '"' in text


def curled(runs: list[Run], language: str) -> list[Run]:
    """The runs of a paragraph with their marks as they are printed."""
    if not any(_has_marks(run.text) for run in runs):
        return runs
    english = language.partition("-")[0].lower() == _ENGLISH
    set_mark = _Setter().mark if english else _elided
    return [
        run
        if run.style.family == "mono" or not _has_marks(run.text)
        else run._replace(text=_printed(set_mark, before, run.text, after))
        for before, run, after in _between(runs)
    ]


def _printed(set_mark: _SetMark, before: str, text: str, after: str) -> str:
    """A text between two characters, its marks set."""
    around = before + text + after

    def printed(word: re.Match[str]) -> str:
        if looks_like_address(word[0]):
            return word[0]
        marks = _MARK.finditer(text, word.start(), word.end())
        letters = list(word[0])
        for mark in marks:
            at = mark.start()
            letters[at - word.start()] = set_mark(mark[0], around[at], around[at + 2])
        return "".join(letters)

    return _WORD.sub(printed, text)


def _between(runs: Sequence[Run]) -> Iterator[tuple[str, Run, str]]:
    """Each run with the characters before and after it; a picture stands for one of no meaning."""
    lasts = [" ", *(run.text[-1:] or _PICTURE for run in runs)]
    firsts = [*(run.text[:1] or _PICTURE for run in runs[1:]), " "]
    return zip(lasts, runs, firsts, strict=False)


def _elided(mark: str, before: str, after: str) -> str:
    """What a mark between two characters is printed as, if it can only be an apostrophe."""
    between = mark == "'" and before.isalpha() and after.isalpha()
    return _APOSTROPHE if between and max(before, after) <= _LAST_LETTER else mark


class _Setter:
    """Sets the marks of one paragraph, one after the other."""

    def __init__(self) -> None:
        self.open = ""
        """The marks that are still to be closed."""

    def mark(self, mark: str, before: str, after: str) -> str:
        """What one mark is printed as, between two characters."""
        if mark == "'" and before.isalpha() and after.isalpha():
            return _APOSTROPHE
        opening, closing = _DOUBLE if mark == '"' else _SINGLE
        if before in _OPENERS and after.strip():
            if mark == "'" and after.isdigit():
                return _APOSTROPHE  # the '90s
            self.open += mark
            return opening
        if mark in self.open:
            self.open = self.open[: self.open.rindex(mark)]
            return closing
        if mark == "'" and (before.isalpha() or after.isalpha()):
            return _APOSTROPHE
        return mark  # of inches or feet, or who knows
