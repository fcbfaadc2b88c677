"""Runs of characters broken into lines. Words are hyphenated only where a paragraph is poor without
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from itertools import chain, pairwise
from math import inf

from ...memo import Memo
from ...model import Question
from ...words import quoted
from .ends import HOPELESS, LOOSE, LOOSER, line_ends
from .fonts import Fonts
from .hyphens import hyphenated
from .items import Item, Paragraph, Words, too_wide, unbroken
from .quotes import curled
from .scripts import RIGHT_TO_LEFT, directed, graphemes, has_ideographs, has_right, reordered
from .styles import Style
from .text import Line, Run, is_plain

_LINE_END = "\n"
_ROUNDING = 0.01
_NARROWEST = 0.3  # of the size: few texts are narrower, letter for letter


class Breaker:
    """Breaks runs into lines, for one document's fonts and language."""

    def __init__(self, fonts: Fonts, language: str) -> None:
        self._fonts = fonts
        self._face = fonts.face
        self.right = fonts.right
        """Whether lines begin at the right."""
        self._language = language
        self._of_late = lru_cache(64)(lambda text, style: self.line([Run(text, style)]))
        self._words: Memo[Style, Words] = Memo(lambda style: Words(fonts.face(style), style))

    def about(self, question: Question) -> AbstractContextManager[None]:
        """What is reported of texts that are set inside is about this question."""
        return self._fonts.about(question)

    def lines(self, runs: Sequence[Run], measure: float, justify: bool = False) -> list[Line]:
        """The runs in lines at most `measure` wide; at least one line, if an empty one."""
        if _simple(runs) and not self.right:
            return self._set(runs, measure, justify)
        lines: list[Line] = []
        for paragraph in _paragraphs(self._ready(runs, measure)):
            if _has_right(paragraph):
                paragraph, base = directed(paragraph, self.right or None)
                right = self.right or (justify and base == 1)
                made = self._set(paragraph, measure, justify)
                lines += (_reordered(line, right) for line in made)
            else:
                lines += self._set(paragraph, measure, justify)
        if self.right:
            return [line._replace(right=True) for line in lines]
        return lines

    def _set(self, runs: Sequence[Run], measure: float, justify: bool) -> list[Line]:
        """The lines of a paragraph, each in the order it is read."""
        width = 0.0
        for text, style, _, picture, _ in runs:
            if width + len(text) * style.size * _NARROWEST > measure:
                break  # measuring it would be for nothing
            width += picture.width if picture else self._face(style).width(text) * style.size
        else:
            if width <= measure + _ROUNDING:
                return [_whole(runs, width)]
        return self._broken(self._paragraph(runs), measure, justify)

    def words(self, text: str, style: Style) -> Line:
        """A text in one style on one line, whatever its width. Those of late are kept: running
        heads and labels come again and again."""
        return self._of_late(text, style)

    def line(self, runs: Iterable[Run]) -> Line:
        """Runs on one line, whatever its width."""
        ready = self._drawn(curled(list(runs), self._fonts.language))
        if _has_right(ready):
            ready, _ = directed(ready, self.right or None)
            return _reordered(_whole(ready, self._natural(ready)), False)
        return _whole(ready, self._natural(ready))

    def code(self, runs: Iterable[Run]) -> Line:
        """Code on one line. It runs from left to right, token after token, whatever is in them; a
        token of a script from right to left is turned for itself."""
        ready = self._drawn(runs)
        if _has_right(ready):
            ready = [part for run in ready for part in directed([run], False)[0]]
            return _reordered(_whole(ready, self._natural(ready)), False)
        return _whole(ready, self._natural(ready))

    def _drawn(self, runs: Iterable[Run]) -> list[Run]:
        return [
            run
            if run.text.isascii() and run.text.isprintable()
            else run._replace(text=self._fonts.drawable(run.text, run.style))
            for run in runs
        ]

    def _broken(self, paragraph: Paragraph, measure: float, justify: bool) -> list[Line]:
        """A paragraph that takes more than one line."""
        if not paragraph.items:
            return [Line([], 0.0, 0, True)]
        ends = line_ends(paragraph, measure, justify, LOOSE)
        if ends is None:
            if any(too_wide(paragraph.items, measure)):
                paragraph = self._shattered(paragraph, measure)
            paragraph = hyphenated(paragraph, self._face, self._language)
            limits = (LOOSER, HOPELESS, inf)
            found = (line_ends(paragraph, measure, justify, limit) for limit in limits)
            ends = next(filter(None, found))
        return list(paragraph.lines(ends))

    def natural_width(self, runs: Iterable[Run]) -> tuple[float, float]:
        """The width of the widest word, and of everything on one line."""
        widest = longest = 0.0
        for paragraph in _paragraphs(self._ready(runs, inf)):
            if _has_right(paragraph):
                paragraph, _ = directed(paragraph, self.right or None)
            longest = max(longest, self._natural(paragraph))
            for run in paragraph:
                widths = self._face(run.style).widths
                words = max(map(widths.__getitem__, unbroken(run.text))) * run.style.size
                widest = max(widest, run.picture.width if run.picture else words)
        return widest, longest

    def _ready(self, runs: Iterable[Run], measure: float) -> list[Run]:
        """The runs as they are printed: with a printer's quotation marks, no picture wider than the
        measure, and no unknown character."""
        return [
            run if run.picture is None and run.text.isascii() else self._mended(run, measure)
            for run in curled(list(runs), self._fonts.language)
        ]

    def _mended(self, run: Run, measure: float) -> Run:
        if run.picture:
            if run.picture.width <= measure:
                return run
            tex = run.picture.alternative
            self._fonts.report(
                f"the formula {quoted(tex)} is printed as TeX: its column is too narrow"
            )
            run = Run(tex, run.style.but(family="mono"), run.link)
        text = self.drawable(run)
        return run if text == run.text else run._replace(text=text)

    def _natural(self, runs: Iterable[Run]) -> float:
        """The width of some runs on one line."""
        width, face = 0.0, self._face
        for text, style, _, picture, _ in runs:
            width += picture.width if picture else face(style).width(text) * style.size
        return width

    def width(self, text: str, style: Style) -> float:
        return self._face(style).width(text) * style.size

    def drawable(self, run: Run) -> str:
        """A run's text, with what no font can draw spelt out."""
        return run.text if run.text.isascii() else self._fonts.drawable(run.text, run.style)

    def _paragraph(self, runs: Iterable[Run]) -> Paragraph:
        paragraph = Paragraph()
        goes_on = False
        """Whether no space has followed the last item yet."""
        for run in runs:
            if run.picture:
                paragraph.add(run, [Item("", run.picture.width, glued=True)])
                goes_on = True
                continue
            if not run.text.isascii() and has_ideographs(run.text):
                paragraph.ideographs = True
            words = self._words[run.style]
            *spaced, last = run.text.split(" ")
            items: list[Item] = []
            if spaced and not spaced[0] and goes_on:
                items += words.spaced[""]
            # Other empty words are spaces beside spaces.
            items += chain.from_iterable(map(words.spaced.__getitem__, filter(None, spaced)))
            if last:
                items += words.bare[last]
            if items:
                paragraph.add(run, items)
                goes_on = bool(last)
        return paragraph.measured()

    def _shattered(self, paragraph: Paragraph, measure: float) -> Paragraph:
        """The same, with what is too wide for any line cut wherever a line is full."""
        shattered, taken = Paragraph(paragraph.ideographs), 0.0
        wide = iter(too_wide(paragraph.items, measure))
        for run, items in paragraph.spans():
            parts: list[Item] = []
            for item in items:
                if not next(wide):
                    parts.append(item)
                    continue
                chars = self._advances(run, item)
                if taken and chars and taken + chars[0][1] > measure:
                    before = parts or shattered.items
                    before[-1] = before[-1].unglued()
                    taken = 0.0
                made, taken = item.cut(chars, taken, measure)
                parts += made
            shattered.add(run, parts)
        return shattered.measured()

    def _advances(self, run: Run, item: Item) -> list[tuple[str, float]]:
        """The characters of an item, as a reader counts them, each with its width, kerned to the
        next."""
        if run.picture:
            return [("", run.picture.width)]
        face, size, word = self._face(run.style), run.style.size, item.word
        chars = word if word.isascii() else graphemes(word.replace(RIGHT_TO_LEFT, ""))
        if not face.characters.issuperset(word):
            return [(char, face.widths[char] * size) for char in chars]
        return [
            (char, (face.widths[char + after] - face.widths[after]) * size)
            for char, after in pairwise([*chars, ""])
        ]


def _simple(runs: Iterable[Run]) -> bool:
    """Whether there are only characters that need no looking at, on one line."""
    for text, _, _, picture, _ in runs:
        if picture or not text.isascii() or _LINE_END in text or "'" in text or '"' in text:
            return False
    return True


def _whole(runs: Sequence[Run], width: float) -> Line:
    """Runs that are a line."""
    return Line([(run, run.text) for run in runs], width, 0, True, is_plain(runs))


def _has_right(runs: Iterable[Run]) -> bool:
    return any(has_right(run.text) for run in runs if not run.text.isascii())


def _reordered(line: Line, right: bool) -> Line:
    """A line as it looks, from one that stands in the order it is read."""
    pieces, reading = reordered(line.pieces)
    return line._replace(pieces=pieces, reading=reading, right=right, gaps=0)


def _paragraphs(runs: list[Run]) -> Iterator[list[Run]]:
    """The runs between forced line ends."""
    paragraph: list[Run] = []
    for run in runs:
        if _LINE_END not in run.text:
            paragraph.append(run)
            continue
        first, *others = run.text.split(_LINE_END)
        paragraph.append(run._replace(text=first))
        for text in others:
            yield paragraph
            paragraph = [run._replace(text=text)]
    yield paragraph
