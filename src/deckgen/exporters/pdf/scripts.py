"""What scripts ask of whoever sets them: which must be shaped, which run from right to left, and
where their lines may be broken."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

import bidi
import regex

from ...words import unhyphenated

if TYPE_CHECKING:
    from .text import Run

RIGHT_TO_LEFT = "\u200f"
"""Begins a word that is drawn from right to left. Fonts have nothing to draw for it."""

ZERO_WIDTH_SPACE = "\u200b"
"""Where a line may end and nothing shows: how those who write without spaces tell where a word
does."""

SOFT_HYPHEN = "\u00ad"
"""Where a line may end inside a word. It shows as a hyphen where it ends a word, as a line ends
there, and nowhere else; what is copied from the page is the word without it."""

_COMPLEX = regex.compile(
    "[\u0590-\u109f\u1700-\u18af\u1900-\u1cff\ua800-\uabff\ufb1d-\ufdff\ufe70-\ufefc"
    "\U00010800-\U00011fff\U0001e800-\U0001efff]"
)
# The blocks that Unicode keeps for such scripts: looked for in every text that is not ASCII.
_RIGHT = regex.compile(
    r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_INVISIBLE = regex.compile(r"[\p{Cf}\p{Cc}\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_STEERING = regex.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_OVERRIDES = regex.compile(r"[\u202d\u202e]")
# For each of many flags in a row \X looks back at all before it: so two letters of one come first.
_GRAPHEMES = regex.compile(r"\p{RI}{2}(?![\p{M}\u200d])|\X")
_UNMEANT = regex.compile("(?<!\\S)-+|-+(?!\\S)|-+(?=-)".replace("-", SOFT_HYPHEN))
_UNSEEN = regex.compile(rf"{ZERO_WIDTH_SPACE}|{SOFT_HYPHEN}(?!$)")
_LONGEST = 64
"""Code points that are taken for one character: joiners can join any number, and make a letter that
takes minutes to draw. Those that anybody reads have a dozen."""

# Lines break on either side of an ideograph (Unicode Standard Annex 14, reduced to what such text
# needs), but neither before what closes or trails nor after what opens. Scripts without spaces
# between words (class SA) break where their writer says a word ends; where nobody does, between
# letters with their signs, for want of a dictionary: Thai and Lao vowels that are written before or
# after their consonant stay with it.
_LONE = r"[\p{lb=ID}\p{lb=CJ}\p{lb=H2}\p{lb=H3}\p{lb=EB}\p{lb=NS}\p{lb=CL}]"
_WIDE = r"[\p{lb=ID}\p{lb=CJ}\p{lb=H2}\p{lb=H3}\p{lb=EB}]"
_TRAILING = (
    r"[\p{lb=CL}\p{lb=CP}\p{lb=EX}\p{lb=IS}\p{lb=SY}\p{lb=NS}\p{lb=CJ}\p{lb=CM}\p{lb=ZWJ}\p{lb=EM}"
    r"\p{lb=QU}\p{lb=GL}\p{lb=WJ}\p{lb=BA}\p{lb=PO}\p{lb=IN}]"
)
_OPENING = r"[\p{lb=ZWJ}\p{lb=OP}\p{lb=QU}\p{lb=GL}\p{lb=WJ}\p{lb=PR}]"
_MARKS = rf"\p{{M}}{{0,{_LONGEST}}}"  # not any number: each would be counted from every other
_BESIDE_WIDE = (
    rf"(?<={_LONE}{_MARKS})(?!{_TRAILING})(?!$)"
    rf"|(?<!^)(?<!{_OPENING})(?={_WIDE})(?!{_TRAILING})"
)
_BETWEEN_LETTERS = (
    rf"(?<=\p{{lb=SA}}{_MARKS})(?<![\u0e40-\u0e44\u0ec0-\u0ec4]{_MARKS})"
    r"(?=\p{lb=SA})(?![\p{M}\u0e2f\u0e30\u0e32\u0e33\u0e45\u0e46\u0eb0\u0eb2\u0eb3\u0ec6])"
)
_SEAMS = regex.compile(f"{_BESIDE_WIDE}|{_BETWEEN_LETTERS}")
_MARKED_SEAMS = regex.compile(f"{_BESIDE_WIDE}|{ZERO_WIDTH_SPACE}")
_SEAMLESS = regex.compile(r"\p{lb=SA}|" + _LONE)
_IDEOGRAPH = regex.compile(_WIDE)


def plain(text: str) -> str:
    """A text without what takes more than letters in a row: scripts that are joined, stacked or
    reordered, and marks of direction."""
    return _STEERING.sub("", _COMPLEX.sub("", text))


def unforced(text: str) -> str:
    """A text without the marks that force a direction on it, against that of its letters: nobody
    needs them to write, and in them a text reads otherwise than it is written."""
    return _OVERRIDES.sub("", text)


def hyphens_meant(text: str) -> str:
    """A text with one soft hyphen, where there are any, between two characters of a word."""
    return _UNMEANT.sub("", text)


def drawn(word: str) -> str:
    """A word without the marks in it that say where a line may end, and do not show."""
    return word if word.isascii() else _UNSEEN.sub("", word)


def has_right(text: str) -> bool:
    """Whether a text has anything that is written from right to left."""
    return _RIGHT.search(text) is not None


def isolated(text: str) -> str:
    """A text that runs in its own direction, whatever stands beside it on the line."""
    return f"\u2068{text}\u2069" if has_right(text) else text


def in_order(texts: Iterable[str]) -> list[str]:
    """Texts that stand one after the other on a line, in the line's order whatever they are."""
    listed = list(texts)
    if not any(map(has_right, listed)):
        return listed
    return [f"\u2068{text}\u2069" for text in listed]


def graphemes(text: str) -> list[str]:
    """What a reader takes for one character each, with its accents, signs and joiners."""
    if len(text) == 1:
        return [text]
    found = _GRAPHEMES.findall(text)
    if len(text) <= _LONGEST:
        return found
    return [
        cluster[at : at + _LONGEST] for cluster in found for at in range(0, len(cluster), _LONGEST)
    ]


@cache
def visible(cluster: str) -> str:
    """What reads as one character, without joiners, selectors, marks of direction and the like."""
    return _INVISIBLE.sub("", cluster)


def steers(text: str) -> bool:
    """Whether all of it only says which way text runs."""
    return _STEERING.sub("", text) == ""


def parts(word: str) -> list[str] | None:
    """A word of a script without spaces, or one that says so itself, divided wherever a line may
    end; None for any other."""
    if ZERO_WIDTH_SPACE in word:
        return list(filter(None, _MARKED_SEAMS.split(word))) or [""]
    return list(filter(None, _SEAMS.split(word))) if _SEAMLESS.search(word) else None


def has_ideographs(text: str) -> bool:
    """Whether a text has characters of East Asia that stand for themselves, without spaces."""
    return _IDEOGRAPH.search(text) is not None


_SIDES = (
    ("LEFT", "RIGHT"),
    ("RIGHT", "LEFT"),
    ("LESS-THAN", "GREATER-THAN"),
    ("GREATER-THAN", "LESS-THAN"),
)
"""What changes in the names of characters that are each other's mirror image."""


@cache
def mirrored(char: str) -> str:
    """The character whose usual shape is this one's from right to left: `(` for `)`."""
    if not unicodedata.mirrored(char):
        return char
    name = unicodedata.name(char)
    here, there = next((pair for pair in _SIDES if pair[0] in name), ("", ""))
    try:
        return unicodedata.lookup(name.replace(here, there)) if here else char
    except KeyError:
        return char


# ------------------------------------------------------------- the Unicode Bidirectional Algorithm


def directed(runs: Sequence[Run], right: bool | None) -> tuple[list[Run], int]:
    """The runs of a paragraph divided by the levels of their characters, with the words of odd
    levels marked RIGHT_TO_LEFT; and the paragraph's own level. `right` is its direction, if that
    does not depend on its first letter."""
    texts = ["\ufffc" if run.picture else run.text for run in runs]
    # Code is isolated: what is around it does not turn its signs round.
    marks = ["\u2066\u2069" if run.style.family == "mono" else "" for run in runs]
    whole = "".join(mark[:1] + text + mark[1:] for text, mark in zip(texts, marks, strict=True))
    levels, base = _levels(whole, right)
    divided: list[Run] = []
    at = 0
    for run, text, mark in zip(runs, texts, marks, strict=True):
        at += len(mark[:1])
        leveled = zip(levels[at : at + len(text)], text, strict=True)
        for level, group in groupby(leveled, _first):
            part = _STEERING.sub("", "".join(char for _, char in group))
            if level % 2:
                part = unhyphenated(part)  # letters that are joined are not parted
            if run.picture:
                divided.append(run._replace(level=level))
            elif part and level % 2:
                words = (RIGHT_TO_LEFT + word if word else "" for word in part.split(" "))
                divided.append(run._replace(text=" ".join(words), level=level))
            elif part:
                divided.append(run._replace(text=part, level=level))
        at += len(text) + len(mark[1:])
    return divided, base


def _first(pair: tuple[int, str]) -> int:
    return pair[0]


_LEVEL = regex.compile(r"Level\(\s*(\d+)")


def _levels(text: str, right: bool | None) -> tuple[list[int], int]:
    """The embedding level of every character, and of the paragraph. The library gives them for
    every byte, as text."""
    text = regex.sub(r"\p{Bidi_Class=B}", " ", text)
    base = None if right is None else "R" if right else "L"
    _, _, found = bidi.get_display(text, base_dir=base, debug=True).rpartition("\n    levels: [\n")
    numbers = [int(number) for number in _LEVEL.findall(found)]
    levels, at = [], 0
    for char in text:
        levels.append(numbers[at])
        at += len(char.encode())
    return levels, numbers[-1] if text else bool(right)


Piece = tuple["Run", str]


def reordered(pieces: Sequence[Piece]) -> tuple[list[Piece], list[int]]:
    """The pieces of a line from left to right, and the order in which they are read. The space at
    the line's end is invisible: it stays at the end."""
    units = list(_units(pieces))
    tail = [units.pop()] if units and units[-1][1].isspace() else []
    levels = [run.level for run, _ in units]
    order = list(range(len(units)))
    for level in range(max(levels, default=0), 0, -1):
        order = _turned(order, levels, level)
    places = {unit: place for place, unit in enumerate(order)}
    reading = [places[unit] for unit in range(len(units))] + [len(units)] * len(tail)
    return [units[unit] for unit in order] + tail, reading


def _turned(order: list[int], levels: Sequence[int], level: int) -> list[int]:
    """Rule L2 for one level: what is at it or above it is turned round, stretch by stretch."""
    turned: list[int] = []
    for deep, group in groupby(order, lambda unit: levels[unit] >= level):
        stretch = list(group)
        turned += stretch[::-1] if deep else stretch
    return turned


def _units(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces in reading order, those from right to left divided into words and spaces; the
    space at the line's end by itself."""
    for number, (run, text) in enumerate(pieces, 1):
        body = text.rstrip(" ") if number == len(pieces) and not run.picture else text
        if run.level % 2 and not run.picture:
            yield from ((run, part) for part in _WORDS.findall(body))
        elif body or run.picture:
            yield run, body
        if len(body) < len(text):
            yield run, text[len(body) :]


_WORDS = regex.compile("[^ ]+| +")
