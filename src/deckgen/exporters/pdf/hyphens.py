"""Words divided by hyphens, where their language allows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import chain, pairwise

from .fonts import Face
from .items import Item, Paragraph
from .styles import Style
from .text import SOFT_HYPHEN


def hyphenated(paragraph: Paragraph, face: Callable[[Style], Face], language: str) -> Paragraph:
    """A paragraph with its words divided wherever they may be. What is only a part of a word, the
    rest in another style, stays whole: its letters do not say where the word may be divided."""
    divided = Paragraph(paragraph.ideographs)
    shared = _shared(paragraph)
    cuts = _cuts(language)
    for first, (run, items) in zip(paragraph.firsts, paragraph.spans(), strict=True):
        if run.style.family == "serif" and not run.picture:
            for item in items:
                if not item.syllables:
                    item.syllables = _syllables(item, cuts(item.word), face(run.style), run.style)
            parts = [
                (item,) if number in shared else item.syllables
                for number, item in enumerate(items, first)
            ]
            items = list(chain.from_iterable(parts))
        divided.add(run, items)
    return divided.measured()


def _shared(paragraph: Paragraph) -> set[int]:
    """The numbers of the items that are parts of words which go on in another run."""
    items, shared = paragraph.items, set[int]()
    for first in paragraph.firsts[1:]:
        before, after = items[first - 1], items[first]
        if before.glued and before.text[-1:].isalpha() and after.text[:1].isalpha():
            shared |= {first - 1, first}
    return shared


def _syllables(item: Item, cuts: Sequence[int], face: Face, style: Style) -> Sequence[Item]:
    """What hyphens divide an item into, where its word may be cut."""
    if not cuts:
        return (item,)
    word = item.word
    widths, size = face.widths, style.size
    # As differences, so that the parts together are as wide as the word, kerns and all.
    edges = [0.0, *(widths[word[:cut]] * size for cut in (*cuts, len(word)))]
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


@cache
def _cuts(language: str) -> Callable[[str], list[int]]:
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
