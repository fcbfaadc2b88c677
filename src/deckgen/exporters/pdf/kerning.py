"""Fonts for scripts whose letters stand in a row, each for itself: kerned by pairs, not shaped.

Words repeat in prose, so a font keeps the width and the encoded bytes of every word it has met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property
from operator import add

import uharfbuzz
from reportlab.pdfbase.ttfonts import FF_FIXED, TTFont

from ...memo import Memo
from .scripts import mirrored, plain
from .shaping import Shown, escape

_NO_LIGATURES = {"kern": True, "liga": False, "clig": False, "calt": False}


class Metrics:
    """The widths of a font's words, which are the same in every document."""

    def __init__(self, font: TTFont) -> None:
        self._font = font
        self._glyphs: dict[int, int] = font.face.charToGlyph
        self._advances: dict[int, float] = font.face.charWidths
        self.characters = frozenset(plain("".join(map(chr, self._glyphs))))
        self.widths = Memo(self._width)
        """The width of any word, in sizes of the type (1.0 is an em)."""
        self.codes = Memo(self._codes)
        """The codes of an ASCII word, with its kerns. They are the same in every document:
        reportlab puts these characters into the first subset."""
        self.kerns = Memo(self._kern)
        """For a pair of characters, how much the second is moved to the right (below 0: closer), in
        thousandths of the size. These fonts kern by pairs alone, so no word need be shaped."""
        self.pitch = self._advances[ord(" ")] / 1000 if font.face.flags & FF_FIXED else 0.0
        """The width of each character, where all are as wide and none is kerned; 0 in other
        fonts."""
        self._steps = Memo(self._step)
        self._strings = Memo(self._string)

    def _width(self, word: str) -> float:
        return sum(map(self._steps.__getitem__, pairs(word))) / 1000

    def _step(self, pair: str) -> float:
        return self._advances.get(ord(pair[0]), 0.0) + self.kerns[pair]

    def _codes(self, word: str) -> str:
        return "".join(map(self._strings.__getitem__, pairs(word)))

    def _string(self, pair: str) -> str:
        return escape(ord(pair[0])) + _kerned(self.kerns[pair])

    def _kern(self, pair: str) -> float:
        if len(pair) < 2 or not pair.isprintable():
            return 0.0
        buffer = uharfbuzz.Buffer()
        buffer.add_str(pair)
        buffer.guess_segment_properties()
        uharfbuzz.shape(self._shaper, buffer, _NO_LIGATURES)
        glyphs = [info.codepoint for info in buffer.glyph_infos]
        if glyphs != [self._glyphs.get(ord(char)) for char in pair]:
            return 0.0  # a sequence that asks for more than kerning
        advance: float = buffer.glyph_positions[0].x_advance * 1000 / self._shaper.face.upem
        return round(advance - self._advances[ord(pair[0])])

    @cached_property
    def _shaper(self) -> uharfbuzz.Font:
        return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob(self._font.face._ttf_data)))


_metrics = cache(Metrics)


def pairs(word: str) -> Iterator[str]:
    """Each character of a word with the next; the last alone."""
    return map(add, word, (*word[1:], ""))


def _kerned(kern: float) -> str:
    """What stands in a string after a character whose advance differs by so much."""
    return f") {-kern:g} (" if kern else ""


class PlainFont:
    """A font for scripts whose letters stand in a row, each for itself: kerned, not shaped."""

    def __init__(
        self,
        font: TTFont,
        assign: Callable[[str], tuple[str, int]],
        only: Callable[[str], bool] | None = None,
    ) -> None:
        self._assign = assign
        """Gives a character its code in the document, after the name of its subset."""
        self._metrics = _metrics(font)
        self._letters = Memo(self._letter)
        known = self._metrics.characters
        self.characters = frozenset(filter(only, known)) if only else known
        """The characters that it is used for."""
        self.pitch = self._metrics.pitch

    def has(self, characters: Iterable[str]) -> bool:
        return self.characters.issuperset(characters)

    def measure(self, text: str, right: bool) -> float:
        return self._metrics.widths[_turned(text) if right else text]

    def codes(self, word: str) -> str:
        """The codes of an ASCII word, all in the first subset."""
        return self._metrics.codes[word]

    def show(self, text: str, right: bool) -> list[Shown]:
        text = _turned(text) if right else text
        if text.isascii():
            return [Shown(self.resource, self.codes(text))] if text else []
        shown: list[list[str]] = []
        for pair in pairs(text):
            font, codes = self._letters[pair[0]]
            codes += _kerned(self._metrics.kerns[pair])
            if shown and shown[-1][0] == font:
                shown[-1][1] += codes
            else:
                shown.append([font, codes])
        return [Shown(font, codes) for font, codes in shown]

    @cached_property
    def resource(self) -> str:
        """The name of its first subset, which has the space, as the page's operators have it."""
        return self._assign(" ")[0]

    def _letter(self, char: str) -> tuple[str, str]:
        subset, code = self._assign(char)
        return subset, escape(code)


def _turned(text: str) -> str:
    """A text of one letter after the other, as it looks from right to left."""
    return "".join(map(mirrored, reversed(text)))
