"""Runs of characters broken into lines.

A paragraph's lines are chosen together, in the manner of Knuth and Plass ("Breaking Paragraphs into
Lines", 1981): the breaks that cost least over all its lines. Words are hyphenated only where the
paragraph is poor without it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import cache, lru_cache
from itertools import accumulate, chain, pairwise
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
    """What no line break divides: characters, or a picture. Paragraphs share those of their common
    words."""

    __slots__ = ("glued", "hyphen", "space", "syllables", "text", "width")

    def __init__(
        self,
        text: str,
        width: float,
        *,
        space: float = 0.0,
        hyphen: float = 0.0,
        glued: bool = False,
    ) -> None:
        self.text = text
        """With the space that follows."""
        self.width = width
        """Without it."""
        self.space = space
        """The width of the space; 0 for none."""
        self.hyphen = hyphen
        """The width of the hyphen that shows when a line ends here; 0 for none."""
        self.glued = glued
        """Whether no line may end here, unless the paragraph does."""
        self.syllables: Sequence[Item] = ()
        """What hyphens divide it into, once that was asked."""

    def unglued(self) -> Item:
        """The same, with a line's end after it."""
        return Item(self.text, self.width, space=self.space, hyphen=self.hyphen)

    @property
    def word(self) -> str:
        """Its text without the space."""
        return self.text[:-1] if self.space else self.text


class _Paragraph:
    """The items of a paragraph, and the runs they are from."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.runs: list[Run] = []
        self.firsts: list[int] = []
        """For each run, the number of its first item."""
        self.edges: list[float] = []
        """The width of all that stands before each item, and of all."""
        self.springs: list[float] = []
        """The same for the spaces alone."""

    def add(self, run: Run, items: Iterable[Item]) -> None:
        if not self.runs or _differ(run, self.runs[-1]):
            self.runs.append(run)
            self.firsts.append(len(self.items))
        self.items += items

    def measured(self) -> _Paragraph:
        """It, once all is added."""
        self.edges = [0.0, *accumulate([item.width + item.space for item in self.items])]
        self.springs = [0.0, *accumulate([item.space for item in self.items])]
        return self

    def spans(self) -> Iterator[tuple[Run, list[Item]]]:
        for run, (first, end) in zip(
            self.runs, pairwise([*self.firsts, len(self.items)]), strict=True
        ):
            yield run, self.items[first:end]

    def lines(self, ends: Sequence[int]) -> Iterator[Line]:
        """The lines that end before these items."""
        items, runs, firsts = self.items, self.runs, [*self.firsts, len(self.items)]
        texts, edges = [item.text for item in items], self.edges
        plain = is_plain(runs)
        number = start = 0
        for end in ends:
            pieces: list[tuple[Run, str]] = []
            spaces, at = 0, start
            while at < end:
                while firsts[number + 1] <= at:
                    number += 1
                until = min(end, firsts[number + 1])
                text = "".join(texts[at:until])
                spaces += text.count(" ") + text.count("\u00a0")  # fonts have one code for both
                pieces.append((runs[number], text))
                at = until
            last = items[end - 1]
            width = edges[end] - edges[start] - last.space
            if last.hyphen:
                pieces[-1] = (runs[number], text + _SOFT_HYPHEN)
                width += last.hyphen
            spaces -= last.space > 0
            yield Line(pieces, width, spaces, end == len(items), plain)
            start = end


class Line(NamedTuple):
    """A line's pieces, from left to right. `width` leaves out the space at its end, which is there
    so that copied text keeps its words apart; `spaces` is how many can be stretched."""

    pieces: list[tuple[Run, str]]
    width: float
    spaces: int
    last: bool
    plain: bool = False
    """Whether it is known to be nothing but letters: without links, pictures and rules."""
    reading: Sequence[int] = ()
    """The order in which the pieces are read, if it is another."""
    right: bool = False
    """Whether it begins at the right."""


_LINE_END = "\n"
_SOFT_HYPHEN = "\u00ad"

# Where a long token may be broken without a hyphen: after what joins its parts.
_SEAMS = re.compile(r"(?<=[-–—/])(?=\w)|(?<=[.,:;=&?_@#%+|)\]}>])(?=\w)|(?<=\w)(?=[(\[{<])")
# In an address, and in code, before a hyphen: after it nobody could tell whose it is.
_ADDRESS_SEAMS = re.compile(r"(?<=[/.,:;=&?_@#%+|])(?=\w)|(?<=\w)(?=-\w)")
_CODE_SEAMS = re.compile(r"(?<=[/.,:;=&?_@#%+|)\]}>])(?=\w)|(?<=\w)(?=[(\[{<]|-\w)")
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
        self._face = fonts.face
        self.right = fonts.right
        """Whether lines begin at the right."""
        self._language = language
        self._of_late = lru_cache(64)(lambda text, style: self.line([Run(text, style)]))
        self._words: Memo[Style, _Words] = Memo(lambda style: _Words(fonts.face(style), style))

    def about(self, question: Question | None) -> AbstractContextManager[None]:
        """What is missing from the fonts inside is reported as this question's."""
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
        ready = self._drawn(runs)
        if _has_right(ready):
            ready, _ = directed(ready, self.right or None)
            return _reordered(_whole(ready, self._natural(ready)), False)
        return _whole(ready, self._natural(ready))

    def code(self, runs: Iterable[Run]) -> Line:
        """The same for code: it runs from left to right, and so does each token for itself,
        whatever is in it."""
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

    def _broken(self, paragraph: _Paragraph, measure: float, justify: bool) -> list[Line]:
        """A paragraph that takes more than one line."""
        if not paragraph.items:
            return [Line([], 0.0, 0, True)]
        ends = _ends(paragraph, measure, justify, _LOOSE)
        if ends is None:
            if any(_too_wide(paragraph.items, measure)):
                paragraph = self._shattered(paragraph, measure)
            paragraph = self._hyphenated(paragraph)
            limits = (_LOOSE, _HOPELESS, inf)
            found = (_ends(paragraph, measure, justify, limit) for limit in limits)
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
        width, face = 0.0, self._face
        for text, style, _, picture, _ in runs:
            width += picture.width if picture else face(style).width(text) * style.size
        return width

    def width(self, text: str, style: Style) -> float:
        return self._face(style).width(text) * style.size

    def drawable(self, run: Run) -> str:
        """A run's text, with what no font can draw spelt out."""
        return run.text if run.text.isascii() else self._fonts.drawable(run.text, run.style)

    def _paragraph(self, runs: Iterable[Run]) -> _Paragraph:
        paragraph = _Paragraph()
        goes_on = False
        """Whether no space has followed the last item yet."""
        for run in runs:
            if run.picture:
                paragraph.add(run, [Item("", run.picture.width, glued=True)])
                goes_on = True
                continue
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

    def _shattered(self, paragraph: _Paragraph, measure: float) -> _Paragraph:
        """The same, with what is too wide for any line cut wherever a line is full."""
        cut, taken = _Paragraph(), 0.0
        wide = iter(_too_wide(paragraph.items, measure))
        for run, items in paragraph.spans():
            parts: list[Item] = []
            for item in items:
                if not next(wide):
                    parts.append(item)
                    continue
                chars = self._advances(run, item)
                if taken and chars and taken + chars[0][1] > measure:
                    before = parts or cut.items
                    before[-1] = before[-1].unglued()
                    taken = 0.0
                made, taken = _cut(item, chars, taken, measure)
                parts += made
            cut.add(run, parts)
        return cut.measured()

    def _advances(self, run: Run, item: Item) -> list[tuple[str, float]]:
        """What reads as one character each, with its width, kerned to the next."""
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

    def _hyphenated(self, paragraph: _Paragraph) -> _Paragraph:
        """The same, with its words divided wherever they may be. What is only a part of a word, the
        rest in another style, stays whole: its letters do not say where the word may be divided."""
        divided = _Paragraph()
        shared = _shared_words(paragraph)
        for first, (run, items) in zip(paragraph.firsts, paragraph.spans(), strict=True):
            if run.style.family == "serif" and not run.picture:
                for item in items:
                    if not item.syllables:
                        item.syllables = self._syllables(item, run.style)
                parts = [
                    (item,) if number in shared else item.syllables
                    for number, item in enumerate(items, first)
                ]
                items = list(chain.from_iterable(parts))
            divided.add(run, items)
        return divided.measured()

    def _syllables(self, item: Item, style: Style) -> Sequence[Item]:
        """What hyphens divide an item into."""
        word = item.word
        cuts = _hyphenator(self._language)(word)
        if not cuts:
            return (item,)
        widths, size = self._face(style).widths, style.size
        # As differences, so that the parts together are as wide as the word, kerns and all.
        edges = [0.0, *(widths[word[:cut]] * size for cut in (*cuts, len(word)))]
        hyphen = widths[_SOFT_HYPHEN] * size
        parts = [
            Item(word[start:end], right - left, hyphen=hyphen)
            for (start, end), (left, right) in zip(
                pairwise([0, *cuts, len(word)]), pairwise(edges), strict=True
            )
        ]
        last = parts.pop()
        text = last.text + item.text[len(word) :]
        return [*parts, Item(text, last.width, space=item.space, glued=item.glued)]


class _Words:
    """The words of one style, as items."""

    def __init__(self, face: Face, style: Style) -> None:
        self._face = face
        self._style = style
        self.bare = Memo(self._split)
        """A word in the parts that a line may divide it into, without a hyphen; the last is
        glued."""
        self.spaced = Memo(self._with_space)
        """The same with a space after the last."""

    def _parts(self, word: str) -> list[Item]:
        widths, style = self._face.widths, self._style
        if style.family == "mono" and word.isascii():
            divided = [word] if len(word) <= _TOKEN else _CODE_SEAMS.split(word)
        else:
            divided = _unbroken_parts(word)
        return [Item(part, widths[part] * style.size) for part in divided]

    def _split(self, word: str) -> list[Item]:
        *parts, last = self._parts(word)
        return [*parts, Item(last.text, last.width, glued=True)]

    def _with_space(self, word: str) -> list[Item]:
        *parts, last = self._parts(word)
        space = self._face.space * self._style.size
        return [*parts, Item(f"{last.text} ", last.width, space=space)]


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


def _simple(runs: Iterable[Run]) -> bool:
    """Whether there are only characters that need no looking at, on one line."""
    for text, _, _, picture, _ in runs:
        if picture or not text.isascii() or _LINE_END in text:
            return False
    return True


def _whole(runs: Sequence[Run], width: float) -> Line:
    """Runs that are a line."""
    return Line([(run, run.text) for run in runs], width, 0, True, is_plain(runs))


def is_plain(runs: Iterable[Run]) -> bool:
    """Whether there is nothing to them but letters."""
    for _, style, link, picture, _ in runs:
        if link or picture or style.rule or style.strike:
            return False
    return True


def _differ(run: Run, other: Run) -> bool:
    """Whether two runs must be drawn as two."""
    return (
        run.style is not other.style
        or run.link is not other.link
        or run.level != other.level
        or bool(run.picture or other.picture)  # a formula twice in a row is the same picture
    )


def _shared_words(paragraph: _Paragraph) -> set[int]:
    """The numbers of the items that are parts of words which go on in another run."""
    items, shared = paragraph.items, set[int]()
    for first in paragraph.firsts[1:]:
        before, after = items[first - 1], items[first]
        if before.glued and before.text[-1:].isalpha() and after.text[:1].isalpha():
            shared |= {first - 1, first}
    return shared


def _too_wide(items: Sequence[Item], measure: float) -> list[bool]:
    """Whether each of them is in a part that no line may divide, and that is wider than one."""
    wide: list[bool] = []
    width = 0.0
    for number, item in enumerate(items, 1):
        width += item.width
        if not item.glued or number == len(items):
            wide += [width > measure] * (number - len(wide))
            width = 0.0
    return wide


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


def _ends(paragraph: _Paragraph, measure: float, justify: bool, loosest: float) -> list[int] | None:
    """Where the lines end at the least cost with none looser than `loosest`, in stretches of its
    spaces, if there is a way. The lower that is, the fewer breaks there are to look at.

    cost[n] is the least cost of setting the first n items in whole lines, before[n] the start of
    the last of these. A line's looseness, cubed, is its badness, as TeX has it.
    """
    items, edges, springs = paragraph.items, paragraph.edges, paragraph.springs
    count = len(items)
    cost = [0.0] + [inf] * count
    before = [0] * (count + 1)
    shrink = _SHRINK if justify else 0.0
    next_end = _next_end(paragraph, measure, justify, loosest)
    starts = [0]
    end = 0
    while end < count and starts:
        latest = end
        end = next_end(starts[0], end)
        while items[end - 1].glued and end < count:
            end += 1
        item = items[end - 1]
        fullest = edges[end] - item.space + item.hyphen - measure
        spring = springs[end - 1]
        useless = 0
        for start in starts:
            if fullest <= edges[start] + shrink * (spring - springs[start]):
                break
            if start == latest and loosest == inf:
                break  # there is no other way: a hyphen may stand out
            useless += 1
        del starts[:useless]
        least = inf
        for start in starts:
            slack = edges[start] - fullest
            if end == count and slack >= 0:
                loose = 0.0  # the last line need not be full
            elif not justify:
                loose = slack / measure * _RAGGED
            elif slack < 0:
                loose = slack / (shrink * (spring - springs[start]) or 0.01)
            else:
                loose = slack / (_STRETCH * (spring - springs[start]) or 1.0)
            if loose > loosest or (loose > _HOPELESS and least < inf):
                break
            badness = 10 + 100 * abs(loose * loose * loose)
            if item.hyphen:
                badness += _HYPHEN_COST
            if end == count and (slack > measure * _STUB or items[start - 1].hyphen):
                badness += _STUB_COST
            total = cost[start] + badness * badness
            if total < least:
                least, before[end] = total, start
        if least < inf:
            cost[end] = least
            starts.append(end)
    return _traced(before) if cost[count] < inf else None


def _next_end(
    paragraph: _Paragraph, measure: float, justify: bool, loosest: float
) -> Callable[[int, int], int]:
    """Gives the first end after another one at which a line from some start is not too short. Most
    words are passed over so: no line can end there."""
    if loosest == inf:
        return lambda start, end: end + 1
    items, edges, springs = paragraph.items, paragraph.edges, paragraph.springs
    # A line may fall short by so much, and by so much of its spaces. One without spaces that should
    # be full may by as many points as stretches, as _ends counts.
    short = loosest * (1.0 if justify else measure / _RAGGED)
    share = loosest * _STRETCH if justify else 0.0
    hyphen = max([item.hyphen for item in items])
    reach = [
        edge - item.space + share * spring
        for item, edge, spring in zip(items, edges[1:], springs, strict=False)
    ]
    lack = measure - short - hyphen
    last = len(items) - 1
    return lambda start, end: (
        bisect_left(reach, edges[start] + lack + share * springs[start], end, last) + 1
    )


def _cut(
    item: Item, chars: Iterable[tuple[str, float]], taken: float, measure: float
) -> tuple[list[Item], float]:
    """An item cut wherever a line is full, of which `taken` is full already; gives how much of the
    last line is full then, too."""
    word = item.word
    mark = RIGHT_TO_LEFT if word.startswith(RIGHT_TO_LEFT) else ""
    parts: list[Item] = []
    start = position = len(mark)
    width = 0.0
    for char, advance in chars:
        if taken + width + advance > measure and taken + width:
            parts.append(Item(mark + word[start:position], width))
            start, taken, width = position, 0.0, 0.0
        width += advance
        position += len(char)
    text = mark + word[start:] + item.text[len(word) :]
    parts.append(Item(text, width, space=item.space, glued=item.glued))
    return parts, taken + width if item.glued else 0.0


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
