"""What the lines of a paragraph are chosen from: items, which no line end divides.

Where a line may end without a hyphen is told here; `hyphens` divides words further.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from operator import attrgetter

from ...memo import Memo
from ...words import unhyphenated
from .fonts import Face
from .scripts import RIGHT_TO_LEFT, SOFT_HYPHEN, graphemes, has_ideographs, parts
from .styles import Style
from .text import Line, Run, is_plain

# Where a long token may be broken without a hyphen: after what joins its parts.
_SEAMS = re.compile(r"(?<=[-–—/])(?=\w)|(?<=[.,:;=&?_@#%+|)\]}>])(?=\w)|(?<=\w)(?=[(\[{<])")
# In an address, and in code, before a hyphen or a point: at a line's end nobody could tell whether
# they are ours.
_ADDRESS_SEAMS = re.compile(r"(?<=[/,:;=&?_@#%+|])(?=\w)|(?<=\w)(?=[-.]\w)")
_CODE_SEAMS = re.compile(r"(?<=[/,:;=&?_@#%+|)\]}>])(?=\w)|(?<=\w)(?=[(\[{<]|[-.]\w)")
_ADDRESS = re.compile(r"\w\.\w[^/]{0,300}/|@\w[\w.-]{0,300}\.\w|://")  # hosts have up to 253
_PROSE_SEAMS = re.compile(r"(?<=[^\W\d][-–—/])(?=[^\W\d]{2})|(?<=—)(?=\w)")
_IDEOGRAPH = 0.12  # of its width: half of that, to be seen by nobody, is a good line's stretch
_TOKEN = 20  # in longer ones every seam counts, in shorter ones only dashes and slashes
_LONGEST = 1_000  # characters of a word whose every beginning is measured


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

    def cut(
        self, chars: Iterable[tuple[str, float]], taken: float, measure: float
    ) -> tuple[list[Item], float]:
        """Its parts, cut wherever a line of width `measure` is full; `taken` of the first line is
        full already. Gives how much of the last line they fill, too: 0 where a line may end after
        them. `chars` are its characters, as a reader counts them, each with its width."""
        word = self.word
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
        text = mark + word[start:] + self.text[len(word) :]
        last = Item(text, width, space=self.space, hyphen=self.hyphen, glued=self.glued)
        parts.append(last)
        return parts, taken + width if self.glued else 0.0

    @property
    def word(self) -> str:
        """Its text without the space."""
        return self.text[:-1] if self.space else self.text


class Paragraph:
    """The items of a paragraph, and the runs they are from."""

    def __init__(self, ideographs: bool = False) -> None:
        self.ideographs = ideographs
        """Whether it has ideographs: these can be moved apart as words can."""
        self.items: list[Item] = []
        self.runs: list[Run] = []
        self.firsts: list[int] = []
        """For each run, the number of its first item."""
        self.edges: list[float] = []
        """The width of all that stands before each item, and of all."""
        self.springs: list[float] = []
        """The same for what can be stretched alone: spaces, and with ideographs the room around
        those."""

    def add(self, run: Run, items: Iterable[Item]) -> None:
        if not self.runs or _differ(run, self.runs[-1]):
            self.runs.append(run)
            self.firsts.append(len(self.items))
        self.items += items

    def measured(self) -> Paragraph:
        """Itself, with its edges and springs computed. To be called once all is added."""
        self.edges = [0.0, *accumulate([item.width + item.space for item in self.items])]
        spring = _spring if self.ideographs else _space
        self.springs = [0.0, *accumulate(map(spring, self.items))]
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
                pieces[-1] = (runs[number], text + SOFT_HYPHEN)
                width += last.hyphen
            spaces -= last.space > 0
            line = Line(pieces, width, spaces, end == len(items), plain)
            yield line._replace(gaps=self._gaps(line, start, end)) if self.ideographs else line
            start = end

    def _gaps(self, line: Line, start: int, end: int) -> int:
        """Between how many characters of a line there is something to give: between all, where
        ideographs give more than spaces. Elsewhere the spaces have to do it alone, and can."""
        spaces = sum([item.space for item in self.items[start : end - 1]])
        springs = self.springs[end] - self.springs[start] - self.items[end - 1].space
        if springs <= 2 * spaces:
            return 0
        text = "".join([text for _, text in line.pieces])
        return len(graphemes(text.rstrip(" "))) - 1


_space: Callable[[Item], float] = attrgetter("space")


def _spring(item: Item) -> float:
    """What gives in an item, as wide as the space that would give as much."""
    return item.space + (_IDEOGRAPH * item.width if has_ideographs(item.text) else 0.0)


class Words:
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
        if self._style.family == "mono" and word.isascii():
            divided = [word] if len(word) <= _TOKEN else _CODE_SEAMS.split(word)
        else:
            divided = unbroken_parts(word)
        return [item for part in divided for item in self._items(part)]

    def _items(self, part: str) -> Sequence[Item]:
        """A part of a word, divided where soft hyphens say it may be, and then nowhere else."""
        size = self._style.size
        if SOFT_HYPHEN not in part:
            return (Item(part, self._face.widths[part] * size),)
        cuts = list(accumulate(map(len, part.split(SOFT_HYPHEN)[:-1])))
        whole = Item(unhyphenated(part), self._face.widths[part] * size)
        items = syllables(whole, cuts, self._face, self._style)
        for item in items:
            item.syllables = (item,)
        return items

    def _split(self, word: str) -> list[Item]:
        parts = self._parts(word)
        parts[-1].glued = True
        return parts

    def _with_space(self, word: str) -> list[Item]:
        parts = self._parts(word)
        parts[-1].text += " "
        parts[-1].space = self._face.space * self._style.size
        return parts


def syllables(item: Item, cuts: Sequence[int], face: Face, style: Style) -> Sequence[Item]:
    """What hyphens divide an item into, where its word may be cut."""
    if not cuts:
        return (item,)
    word = item.word
    widths, size = face.widths, style.size
    if len(word) <= _LONGEST:
        # As differences, so that the parts together are as wide as the word, kerns and all.
        edges = [0.0, *(widths[word[:cut]] * size for cut in (*cuts, len(word)))]
    else:
        slices = pairwise([0, *cuts, len(word)])
        edges = [0.0, *accumulate(widths[word[start:end]] * size for start, end in slices)]
    hyphen = widths[SOFT_HYPHEN] * size
    parts = [
        Item(word[start:end], right - left, hyphen=hyphen)
        for (start, end), (left, right) in zip(
            pairwise([0, *cuts, len(word)]), pairwise(edges), strict=True
        )
    ]
    last = parts.pop()
    text = last.text + item.text[len(word) :]
    return [*parts, Item(text, last.width, space=item.space, glued=item.glued)]


def unbroken_parts(word: str) -> list[str]:
    """A word divided wherever a line may end without a hyphen."""
    if not word.isascii():
        if word.startswith(RIGHT_TO_LEFT):
            return [RIGHT_TO_LEFT + part for part in unbroken_parts(word[1:])]
        if (wide := parts(word)) is not None:
            return [part for each in wide for part in _between_seams(each)]
    return _between_seams(word)


def _between_seams(word: str) -> list[str]:
    if len(word) <= _TOKEN:
        return _PROSE_SEAMS.split(word)
    return (_ADDRESS_SEAMS if looks_like_address(word) else _SEAMS).split(word)


def looks_like_address(word: str) -> bool:
    """Whether a word is an address of the web or of mail, with or without its scheme."""
    return _ADDRESS.search(word) is not None


def unbroken(text: str) -> list[str]:
    """The words of a text; in scripts without spaces, what stands between two possible line
    ends."""
    words = text.split(" ")
    return words if text.isascii() else [part for word in words for part in parts(word) or [word]]


def _differ(run: Run, other: Run) -> bool:
    """Whether two runs must be drawn as two."""
    return (
        run.style is not other.style
        or run.link is not other.link
        or run.level != other.level
        or bool(run.picture or other.picture)  # a formula twice in a row is the same picture
    )


def too_wide(items: Sequence[Item], measure: float) -> list[bool]:
    """For each item, whether it is part of a stretch that no line end may divide, and that is wider
    than a line."""
    wide: list[bool] = []
    width = 0.0
    for number, item in enumerate(items, 1):
        width += item.width
        if not item.glued or number == len(items):
            wide += [width > measure] * (number - len(wide))
            width = 0.0
    return wide
