"""Runs of characters broken into lines.

A paragraph's lines are chosen together, in the manner of Knuth and Plass ("Breaking Paragraphs into
Lines", 1981): the breaks that cost least over all its lines. Words are hyphenated only where the
paragraph is poor without it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import cache
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ...model import Question
from .fonts import Face, Fonts, Memo
from .scripts import RIGHT_TO_LEFT, directed, graphemes, has_right, parts, reordered
from .styles import Style
from .tags import Element

if TYPE_CHECKING:
    from .pen import Pen


class Picture(Protocol):
    """Something that stands in a line as a character does, such as a formula."""

    @property
    def width(self) -> float: ...
    @property
    def ascent(self) -> float: ...
    @property
    def descent(self) -> float: ...
    @property
    def alternative(self) -> str:
        """What it says in words; nothing if it is an ornament, or draws words itself."""

    def draw(self, pen: Pen, x: float, y: float, style: Style, element: Element | None) -> None:
        """Draw it from `x` rightwards on the baseline `y`."""


class Link:
    """One link of the text, which its runs share. `address` is a URL, or a place of this document
    after a `#`; `alternative` says where it leads."""

    __slots__ = ("address", "alternative", "element")

    def __init__(self, address: str, alternative: str = "") -> None:
        self.address = address
        self.alternative = alternative
        self.element: Element | None = None

    def within(self, element: Element) -> Element:
        """Its place in the structure tree, made where it is first drawn."""
        if self.element is None:
            self.element = element.add("Link", self.alternative)
        return self.element


class Run(NamedTuple):
    """Characters in one style. A newline ends the line. A run with a picture has no other text."""

    text: str
    style: Style
    link: Link | None = None
    picture: Picture | None = None
    level: int = 0
    """Of embedding, as the Unicode Bidirectional Algorithm counts: odd runs from right to left."""


class Item:
    """What no line break divides: its pieces, then the space or the hyphen that may follow. Not
    changed once made: paragraphs share those of their common words."""

    __slots__ = ("hyphen", "pieces", "space", "spacer", "syllables", "width")

    def __init__(
        self,
        pieces: Sequence[tuple[Run, str]],
        width: float,
        space: float = 0.0,
        spacer: Run | None = None,
        hyphen: float = 0.0,
    ) -> None:
        self.pieces = pieces
        self.width = width
        self.space = space
        self.spacer = spacer
        """The run whose space follows."""
        self.hyphen = hyphen
        """The width of the hyphen that shows when a line ends here; 0 for none."""
        self.syllables: list[Item] | None = None
        """What hyphens divide it into, once that was asked."""

    def joined(self, other: Item) -> Item:
        """The two as one."""
        pieces, width = (*self.pieces, *other.pieces), self.width + other.width
        return Item(pieces, width, other.space, other.spacer)


class Line(NamedTuple):
    """A line's pieces, from left to right. `width` leaves out the space at its end, which is there
    so that copied text keeps its words apart; `spaces` is how many can be stretched."""

    pieces: list[tuple[Run, str]]
    width: float
    spaces: int
    last: bool
    reading: Sequence[int] = ()
    """The order in which the pieces are read, if it is another."""
    right: bool = False
    """Whether it begins at the right."""


_LINE_END = "\n"
_SOFT_HYPHEN = "\u00ad"

# Where a long token may be broken without a hyphen: after what joins its parts.
_SEAMS = re.compile(r"(?<=[-–—/])(?=\w)|(?<=[.,:;=&?_@#%+|)\]}>])(?=\w)|(?<=\w)(?=[(\[{<])")
# In an address before a hyphen: after it nobody could tell whose it is.
_ADDRESS_SEAMS = re.compile(r"(?<=[/.,:;=&?_@#%+|])(?=\w)|(?<=\w)(?=-\w)")
_ADDRESS = re.compile(r"\w\.\w[^/]*/|@\w[\w.-]*\.\w|://")
_PROSE_SEAMS = re.compile(r"(?<=[^\W\d][-–—/])(?=[^\W\d]{2})|(?<=—)(?=\w)")
_TOKEN = 20  # in longer ones every seam counts, in shorter ones only dashes and slashes

_ROUNDING = 0.01
_NARROWEST = 0.3  # of the size: few texts are narrower, letter for letter
_STRETCH = 0.45  # of a space, in a good line
_SHRINK = 0.22
_HYPHEN_COST = 60.0
_STUB = 0.88  # a last line emptier than this is a stub, and so is what is left of a divided word
_STUB_COST = 120.0
_RAGGED = 6.0  # an unjustified line a sixth too short is as bad as one stretched fully
_HOPELESS = 6.0  # looser lines are only looked at where there is nothing better
_LOOSE = 1.6  # lines looser than this, in stretches, are worth hyphenating for


class Breaker:
    """Breaks runs into lines, for one document's fonts and language."""

    def __init__(self, fonts: Fonts, language: str) -> None:
        self._fonts = fonts
        self._cuts = _hyphenator(language)
        self._words: Memo[Style, _Words] = Memo(lambda style: self._words_in(Run("", style)))

    def about(self, question: Question | None) -> AbstractContextManager[None]:
        """What is missing from the fonts inside is reported as this question's."""
        return self._fonts.about(question)

    def lines(self, runs: Iterable[Run], measure: float, justify: bool = False) -> list[Line]:
        """The runs in lines at most `measure` wide; at least one line, if an empty one."""
        lines: list[Line] = []
        for paragraph in _paragraphs(self._ready(runs, measure)):
            if _has_right(paragraph):
                paragraph, base = directed(paragraph, self._fonts.right or None)
                right = self._fonts.right or (justify and base == 1)
                made = self._set(paragraph, measure, justify)
                lines += (_reordered(line, right) for line in made)
            else:
                lines += self._set(paragraph, measure, justify)
        if self._fonts.right:
            return [line._replace(right=True) for line in lines]
        return lines

    def _set(self, paragraph: list[Run], measure: float, justify: bool) -> Iterable[Line]:
        """The lines of a paragraph, each in the order it is read."""
        if sum(len(run.text) * run.style.size for run in paragraph) * _NARROWEST <= measure:
            whole = self._whole(paragraph)
            if whole.width <= measure + _ROUNDING:
                return [whole]
        return self._broken(self._items(paragraph), measure, justify)

    def line(self, runs: Iterable[Run]) -> Line:
        """Runs on one line, whatever its width."""
        ready = self._drawn(runs)
        if _has_right(ready):
            ready, _ = directed(ready, self._fonts.right or None)
            return _reordered(self._whole(ready), False)
        return self._whole(ready)

    def code(self, runs: Iterable[Run]) -> Line:
        """The same for code: it runs from left to right, and so does each token for itself,
        whatever is in it."""
        ready = self._drawn(runs)
        if _has_right(ready):
            ready = [part for run in ready for part in directed([run], False)[0]]
            return _reordered(self._whole(ready), False)
        return self._whole(ready)

    def _drawn(self, runs: Iterable[Run]) -> list[Run]:
        return [
            run
            if run.text.isascii() and run.text.isprintable()
            else run._replace(text=self._fonts.drawable(run.text, run.style))
            for run in runs
        ]

    def _whole(self, runs: Sequence[Run]) -> Line:
        return Line([(run, run.text) for run in runs], self._natural(runs), 0, True)

    def _broken(self, items: list[Item], measure: float, justify: bool) -> Iterator[Line]:
        """A paragraph that takes more than one line."""
        if any(item.width > measure for item in items):
            items = [part for item in items for part in self._shatter(item, measure)]
        ends = _ends(items, measure, justify, _LOOSE)
        if ends is None:
            items = [part for item in items for part in self._hyphenate(item)]
            ends = _ends(items, measure, justify, _LOOSE) or _ends(items, measure, justify, inf)
            assert ends is not None
        for start, end in pairwise([0, *ends]):
            yield self._line(items, start, end)

    def natural_width(self, runs: Iterable[Run]) -> tuple[float, float]:
        """The width of the widest word, and of everything on one line."""
        widest = longest = 0.0
        for paragraph in _paragraphs(self._ready(runs, inf)):
            if _has_right(paragraph):
                paragraph, _ = directed(paragraph, self._fonts.right or None)
            longest = max(longest, self._natural(paragraph))
            for run in paragraph:
                widths = self._fonts.face(run.style).widths
                words = max(map(widths.__getitem__, _unbroken(run.text))) * run.style.size
                widest = max(widest, run.picture.width if run.picture else words)
        return widest, longest

    def _ready(self, runs: Iterable[Run], measure: float) -> list[Run]:
        """The runs as they can be drawn: no picture wider than the measure, no unknown
        character."""
        return [
            run if run.picture is None and run.text.isascii() else self._mended(run, measure)
            for run in runs
        ]

    def _mended(self, run: Run, measure: float) -> Run:
        if run.picture:
            if run.picture.width <= measure:
                return run
            run = Run(run.picture.alternative, run.style.but(family="mono"), run.link)
        text = self.drawable(run)
        return run if text == run.text else run._replace(text=text)

    def _natural(self, runs: Iterable[Run]) -> float:
        """The width of some runs on one line."""
        width, face = 0.0, self._fonts.face
        for text, style, _, picture, _ in runs:
            width += picture.width if picture else face(style).width(text) * style.size
        return width

    def width(self, text: str, style: Style) -> float:
        return self._fonts.face(style).width(text) * style.size

    def drawable(self, run: Run) -> str:
        """A run's text, with what no font can draw spelt out."""
        return run.text if run.text.isascii() else self._fonts.drawable(run.text, run.style)

    def _words_in(self, run: Run) -> _Words:
        return _Words(self._fonts.face(run.style), run)

    def _items(self, runs: Iterable[Run]) -> list[Item]:
        items: list[Item] = []
        goes_on = False
        """Whether no space has followed the last item yet."""

        def add(parts: Sequence[Item]) -> None:
            if goes_on and parts:
                items[-1] = items[-1].joined(parts[0])
                parts = parts[1:]
            items.extend(parts)

        for run in runs:
            if run.picture:
                add([Item([(run, "")], run.picture.width)])
                goes_on = True
                continue
            own = run.link or run.level
            words = self._words_in(run) if own else self._words[run.style]
            *spaced, last = run.text.split(" ")
            for word in spaced:
                if goes_on:
                    add(words.spaced[word])
                    goes_on = False
                elif word:
                    items += words.spaced[word]
            if last:
                add(words.bare[last])
                goes_on = True
        return items or [Item([], 0.0)]

    def _shatter(self, item: Item, measure: float) -> list[Item]:
        """An item too wide for any line, cut wherever a line is full."""
        if item.width <= measure:
            return [item]
        cut: list[Item] = []
        pieces: list[tuple[Run, str]] = []
        width = 0.0
        for run, text in item.pieces:
            chars = [(text, run.picture.width)] if run.picture else self._advances(text, run.style)
            mark = RIGHT_TO_LEFT if text.startswith(RIGHT_TO_LEFT) else ""
            start = position = len(mark)
            for char, advance in chars:
                if width + advance > measure and width:
                    pieces += [(run, mark + text[start:position])] if position > start else []
                    cut.append(Item(pieces, width))
                    pieces, start, width = [], position, 0.0
                width += advance
                position += len(char)
            pieces.append((run, mark + text[start:]))
        return [*cut, Item(pieces, width, item.space, item.spacer)]

    def _advances(self, text: str, style: Style) -> Iterator[tuple[str, float]]:
        widths = self._fonts.face(style).widths
        chars = text if text.isascii() else graphemes(text.replace(RIGHT_TO_LEFT, ""))
        return ((char, widths[char] * style.size) for char in chars)

    def _hyphenate(self, item: Item) -> list[Item]:
        if item.syllables is None:
            item.syllables = self._syllables_of(item)
        return item.syllables or [item]

    def _syllables_of(self, item: Item) -> list[Item]:
        """What hyphens divide an item into; nothing, if they do not."""
        if len(item.pieces) != 1:
            return []
        [(run, word)] = item.pieces
        cuts = self._cuts(word) if run.style.family == "serif" else []
        if not cuts:
            return []
        widths, size = self._fonts.face(run.style).widths, run.style.size
        # As differences, so that the parts together are as wide as the word, kerns and all.
        edges = [0.0, *(widths[word[:cut]] * size for cut in (*cuts, len(word)))]
        hyphen = widths[_SOFT_HYPHEN] * size
        parts = [
            Item([(run, word[start:end])], right - left, hyphen=hyphen)
            for (start, end), (left, right) in zip(
                pairwise([0, *cuts, len(word)]), pairwise(edges), strict=True
            )
        ]
        last = parts.pop()
        return [*parts, Item(last.pieces, last.width, item.space, item.spacer)]

    def _line(self, items: Sequence[Item], start: int, end: int) -> Line:
        pieces: list[tuple[Run, str]] = []
        run: Run | None = None
        words: list[str] = []
        width, spaces = 0.0, 0
        last = items[end - 1]
        for number, item in enumerate(items[start:end], start + 1):
            for piece, text in item.pieces:
                if piece is not run or piece.picture:
                    if run is not None:
                        pieces.append((run, "".join(words)))
                    run, words = piece, []
                words.append(text)
            width += item.width
            if item.spacer is not None:
                if item.spacer is not run:
                    if run is not None:
                        pieces.append((run, "".join(words)))
                    run, words = item.spacer, []
                words.append(" ")
                if number < end:
                    width += item.space
                    spaces += 1
        if run is not None:
            if last.hyphen:
                words.append(_SOFT_HYPHEN)
                width += last.hyphen
            pieces.append((run, "".join(words)))
        return Line(pieces, width, spaces, end == len(items))


class _Words:
    """The words of one style, or of one link, as items."""

    def __init__(self, face: Face, run: Run) -> None:
        self._face = face
        self._run = run
        self.bare = Memo(self._split)
        """What no line divides of a word, without a hyphen."""
        self.spaced = Memo(self._with_space)
        """The same with a space after the last."""

    def _split(self, word: str) -> list[Item]:
        widths, style = self._face.widths, self._run.style
        # A hyphen in code is the code's: at a line's end it would look like one of ours.
        whole = style.family == "mono" and len(word) <= _TOKEN and word.isascii()
        divided = [word] if whole else _unbroken_parts(word)
        return [Item([(self._run, part)], widths[part] * style.size) for part in divided]

    def _with_space(self, word: str) -> list[Item]:
        *parts, last = self._split(word)
        pieces = last.pieces if word else ()
        return [
            *parts,
            Item(pieces, last.width, self._face.space * self._run.style.size, self._run),
        ]


def _unbroken_parts(word: str) -> list[str]:
    """A word divided wherever a line may end without a hyphen."""
    if not word.isascii():
        if word.startswith(RIGHT_TO_LEFT):
            return [RIGHT_TO_LEFT + part for part in _unbroken_parts(word[1:])]
        if (wide := parts(word)) is not None:
            return wide
    if len(word) <= _TOKEN:
        return _PROSE_SEAMS.split(word)
    return (_ADDRESS_SEAMS if _ADDRESS.search(word) else _SEAMS).split(word)


def _unbroken(text: str) -> list[str]:
    """The words of a text, those without spaces divided."""
    words = text.split(" ")
    return words if text.isascii() else [part for word in words for part in parts(word) or [word]]


def _has_right(runs: Iterable[Run]) -> bool:
    return any(has_right(run.text) for run in runs if not run.text.isascii())


def _reordered(line: Line, right: bool) -> Line:
    """A line as it looks, from one that stands in the order it is read."""
    pieces, reading = reordered(line.pieces)
    return line._replace(pieces=pieces, reading=reading, right=right)


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


def _ends(items: Sequence[Item], measure: float, justify: bool, loosest: float) -> list[int] | None:
    """Where the lines end at the least cost with none looser than `loosest`, in stretches of its
    spaces, if there is a way. The lower that is, the fewer breaks there are to look at.

    cost[n] is the least cost of setting the first n items in whole lines, before[n] the start of
    the last of these. A line's looseness, cubed, is its badness, as TeX has it.
    """
    count = len(items)
    cost = [0.0] + [inf] * count
    before = [0] * (count + 1)
    shrink = _SHRINK if justify else 0.0
    # Where lines can start: the break, and the width and the spaces up to it.
    starts = [(0, 0.0, 0.0)]
    edge = spring = 0.0
    for end, item in enumerate(items, 1):
        tail = edge + item.width + item.hyphen
        penalty = 10 + (_HYPHEN_COST if item.hyphen else 0.0)
        fullest = tail - measure
        useless = 0
        for start, left, springs in starts:
            if start == end - 1 or fullest <= left + shrink * (spring - springs):
                break
            useless += 1
        if useless:
            del starts[:useless]
        least = inf
        for start, left, springs in starts:
            slack = left - fullest
            if end == count and slack >= 0:
                loose = 0.0  # the last line need not be full
            elif not justify:
                loose = slack / measure * _RAGGED
            elif slack < 0:
                loose = slack / (shrink * (spring - springs) or 0.01)
            else:
                loose = slack / (_STRETCH * (spring - springs) or 1.0)
            if loose > loosest or (loose > _HOPELESS and least < inf):
                break
            badness = penalty + 100 * abs(loose * loose * loose)
            if end == count and (slack > measure * _STUB or items[start - 1].hyphen):
                badness += _STUB_COST
            total = cost[start] + badness * badness
            if total < least:
                least, before[end] = total, start
        edge += item.width + item.space
        spring += item.space
        if least < inf:
            cost[end] = least
            starts.append((end, edge, spring))
    return _traced(before) if cost[count] < inf else None


def _traced(before: Sequence[int]) -> list[int]:
    """The ends of all lines, found from the last one back."""
    ends = [len(before) - 1]
    while before[ends[-1]]:
        ends.append(before[ends[-1]])
    return ends[::-1]


@cache
def _hyphenator(language: str) -> Callable[[str], list[int]]:
    """Where a word of the language may be divided; nowhere, if nothing is known of it."""
    import pyphen

    found = pyphen.language_fallback(language.replace("-", "_"))
    if found is None:
        return lambda word: []
    dictionary = pyphen.Pyphen(lang=found, left=2, right=3)
    core = re.compile(r"[^\W\d_]{5,}")

    @cache
    def cuts(word: str) -> list[int]:
        match = core.search(word)
        if match is None or len(match[0]) < len(word.strip(".,;:!?()“”\"'’")):
            return []
        return [match.start() + position for position in dictionary.positions(match[0])]

    return cuts
