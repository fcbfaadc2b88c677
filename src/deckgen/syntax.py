"""YAML that can't be parsed: what its author may have meant, and what to write instead.

A parser says where it could not go on, in the words of its grammar. Here the lines around that
place are looked at as whoever wrote them sees them. Then the item with the mistake can be left out,
so that the rest of the file is read as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from .problems import Place, Problem
from .words import LINE_END, quoted

if TYPE_CHECKING:
    import yaml


class Found(NamedTuple):
    """A syntax error in plain words, at the character to mend, and whether those after it may come
    of it."""

    problem: Problem
    hides_others: bool


def find(text: str, path: str, error: yaml.MarkedYAMLError) -> Found:
    """What is wrong with a text that a parser has stopped in."""
    broken = _Broken(text, error)
    spot = _conflict(broken) or _explained(broken) or broken.as_told()
    place = Place(path, spot.line + 1, spot.column + 1)
    return Found(Problem(spot.message, place), spot.hides_others)


def without_item(text: str, line: int) -> str:
    """The text with blank lines in place of what its line, counted from 1, is part of: an item of
    the outermost list, or a key of the outermost mapping. The same text where that is nothing."""
    lines, ends = re.split(LINE_END, text), [*re.findall(LINE_END, text), ""]
    margin = _outermost(lines)
    begun = next((written for written in lines if re.match(r"\s*[^\s#%]", written)), "")
    item = re.compile(rf" {{{margin}}}-(?=[ \t]|$)" + ("" if _DASH.match(begun) else _OR_KEY))
    starts = [n for n, written in enumerate(lines) if item.match(written)]
    first = next((n for n in reversed(starts) if n < line), None)
    if first is None:
        return text
    conflict_end = _conflict_end(lines, first, line)
    end = next((n for n in starts if n > conflict_end), len(lines))
    lines[first:end] = [""] * (end - first)
    return "".join(map("".join, zip(lines, ends, strict=True)))


def _outermost(lines: list[str]) -> int:
    """The column of the items of the outermost list."""
    return min((len(dash[1]) for dash in map(_DASH.match, lines) if dash), default=0)


def _conflict_end(lines: list[str], first: int, line: int) -> int:
    """The last line of the merge conflict that begins between two lines, or the second of them."""
    if not any(written.startswith("<<<<<<< ") for written in lines[first:line]):
        return line - 1
    marks = (n for n, written in enumerate(lines) if n >= line and written.startswith(">>>>>>> "))
    return next(marks, line - 1)


_DASH = re.compile(r"( *)-(?=[ \t]|$)")
_OR_KEY = r"|[A-Za-z_][\w-]*:(?=\s|$)"
_MARGIN = re.compile(r" *(?:- +)*")
"""What stands before a key, or a text in a list."""
_NO_SPACE = re.compile(r"-[^\s-]")
"""The beginning of an item whose dash has no space after it."""
_PAIR = re.compile(r"[\"']?[A-Za-z_][\w-]*[\"']?:(?=\s|$)")
_BLOCK = re.compile(r"(?:^|[:-]) *[|>][-+0-9]* *(?:#.*)?$")
"""The end of a line whose text is the lines below it."""

_IN_QUOTES = "put the whole text in quotes, or write it as a block after |"


class _Spot(NamedTuple):
    """Where something is wrong, counted from 0, and what."""

    line: int
    column: int
    message: str
    hides_others: bool = False


class _Before(NamedTuple):
    """What the parser had read when it stopped: a text in quotes or a block, or a list or mapping
    in brackets. Lines and columns of its ends are counted from 0."""

    sign: str
    """How it begins."""
    start: tuple[int, int]
    end: tuple[int, int]


class _Broken:
    """A file that can't be parsed, with what its parser said of it."""

    def __init__(self, text: str, error: yaml.MarkedYAMLError) -> None:
        self.text = text
        self.lines = re.split(LINE_END, text)
        self.said = str(error.problem)
        self.during = str(error.context or "")
        mark: Any = error.problem_mark or error.context_mark
        begun: Any = error.context_mark or mark
        self.line: int = mark.line if mark else 0
        self.column: int = mark.column if mark else 0
        self.begun: tuple[int, int] = (begun.line, begun.column) if begun else (0, 0)
        """Where that began which the parser could not end."""

    def at(self, line: int, column: int = 0) -> str:
        """What is left of a line from a column on."""
        return self.lines[line][column:] if line < len(self.lines) else ""

    @property
    def here(self) -> str:
        return self.at(self.line, self.column)

    def above(self, line: int) -> int:
        """The last line before another that has more than a comment."""
        numbers = range(min(line, len(self.lines)) - 1, -1, -1)
        return next((n for n in numbers if re.match(r"\s*[^\s#]", self.lines[n])), 0)

    @property
    def before(self) -> _Before | None:
        """What ends where the parser stopped, but for spaces."""
        _, last = self.read
        if last is None:
            return None
        start, end = last
        sign = self.at(start.line, start.column)[:1]
        return _Before(sign, (start.line, start.column), (end.line, end.column))

    @cached_property
    def read(self) -> tuple[list[Any], tuple[Any, Any] | None]:
        """Where the lists and mappings begin that are open when the parser stops, and where what it
        has read last begins and ends."""
        import yaml

        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        begun: list[Any] = []
        last: tuple[Any, Any] | None = None
        with suppress(yaml.YAMLError):
            for event in yaml.parse(self.text, Loader=loader):
                start: Any = event.start_mark
                end: Any = event.end_mark
                if isinstance(event, yaml.CollectionStartEvent):
                    begun.append(start)
                elif isinstance(event, yaml.CollectionEndEvent):
                    last = begun.pop(), end
                elif isinstance(event, yaml.ScalarEvent) and start.index < end.index:
                    last = start, end
        return begun, last

    def stop(self, message: str) -> _Spot:
        return _Spot(self.line, self.column, message)

    def start(self, message: str) -> _Spot:
        line, column = self.begun
        return _Spot(line, column, message)

    def as_told(self) -> _Spot:
        context = f" ({self.during})" if self.during else ""
        return self.stop(f"not valid YAML: {self.said}{context}")


def _conflict(broken: _Broken) -> _Spot | None:
    """The first mark that a merge left: the parser may stumble long after it."""
    marks = (n for n, line in enumerate(broken.lines) if re.match(r"<{7} |={7}$|>{7} ", line))
    line = next(marks, None)
    if line is None or line > broken.line:
        return None
    what = "choose what to keep, and delete the lines with <<<<<<<, ======= and >>>>>>>"
    return _Spot(line, 0, f"a merge conflict: {what}")


def _explained(broken: _Broken) -> _Spot | None:
    where = f"{broken.said} {broken.during}"
    return next((explain(broken) for words, explain in _EXPLAIN.items() if words in where), None)


# ------------------------------------------------------------------------------------------ texts


def _bad_start(broken: _Broken) -> _Spot | None:
    sign = broken.at(*broken.begun)[:1]
    if sign == "\t":
        return _tab(broken)
    told = broken.start(f"a text can't begin with {sign}: put it in quotes") if sign else None
    return _out_of_block(broken) or told


def _no_anchor(broken: _Broken) -> _Spot:
    return broken.start("this alias names no anchor before it; quote a text that begins with *")


def _tab(broken: _Broken) -> _Spot:
    column = max(broken.at(broken.line).find("\t"), 0)
    return _Spot(broken.line, column, "a tab: indent with spaces")


def _after_pipe(broken: _Broken) -> _Spot:
    line, column = broken.begun
    sign = broken.at(line, column)[:1]
    spot = _out_of_block(broken)
    if spot or not broken.at(line)[:column].strip():
        return spot or broken.start("a text of several lines is a block: put | after its key")
    return broken.stop(
        f"a block begins on the line below its {sign}; quote a text that begins with {sign}"
    )


def _escape(broken: _Broken) -> _Spot:
    line = broken.at(broken.line)
    column = max(line.rfind("\\", 0, broken.column + 1), 0)
    sign = line[column : column + 2]
    message = f"{sign} is no escape here: write \\{sign}, or use single quotes"
    return _Spot(broken.line, column, message)


def _no_character(broken: _Broken) -> _Spot:
    return _escape(broken)._replace(message="this escape stands for no character: remove it")


def _open_quote(broken: _Broken) -> _Spot:
    return broken.start("this quotation mark is not closed")


def _went_on(broken: _Broken) -> _Spot | None:
    """Something after the end of a text in quotes, or of a list or mapping in brackets, which was
    to be a text."""
    before = broken.before
    if before is None or before.sign not in ("'", '"', "[", "{"):
        return None
    line, column = before.end
    if line != broken.line or broken.at(line)[column : broken.column].strip():
        return None
    if before.sign in "[{":
        return _Spot(*before.start, f"a text can't begin with {before.sign}: put it in quotes")
    inside = (broken.at(n) for n in range(before.start[0] + 1, line + 1))
    if any(_PAIR.match(_words(written)) for written in inside):
        return _Spot(*before.start, "this quotation mark is not closed")
    twice = "''" if before.sign == "'" else '\\"'
    message = (
        f"the text has ended before this: write {twice} for a quotation mark in it, or {_IN_QUOTES}"
    )
    return broken.stop(message)


# ----------------------------------------------------------------------------- keys, lists, lines


def _colon(broken: _Broken) -> _Spot | None:
    """A colon in a text, or a key where none can be."""
    line = broken.at(broken.line)
    margin = _margin(line)
    key = _PAIR.match(line, margin)
    if key and key.end() - 1 == broken.column:
        above = broken.above(broken.line)
        spot = _no_pair(broken, above) if above < broken.line else None
        if spot or key[0].islower():
            return spot or _out_of_line(broken, broken.line)
    return broken.stop(f"a colon and a space inside a text: {_IN_QUOTES}")


def _no_colon(broken: _Broken) -> _Spot | None:
    """A line that is no key and value, where one should be."""
    line, _ = broken.begun
    above = broken.above(line)
    if above < line and _BLOCK.search(broken.at(above)):
        return broken.start("the text of a block is indented deeper than its key")
    found = quoted(_words(broken.at(line)).strip())
    return _no_pair(broken, line) or broken.start(
        f"expected a key with ': ' after it, found {found}"
    )


def _no_pair(broken: _Broken, number: int) -> _Spot | None:
    """What is wrong with a line that should have a key and a value; nothing where it has."""
    line = broken.at(number)
    margin = _margin(line)
    words = line[margin:]
    if not words or words[0] in "\"'[{#" or _PAIR.match(words):
        return None
    if _NO_SPACE.match(words):
        return _Spot(number, margin + 1, "a space is missing after this dash")
    if words[0] in "•·*" or unicodedata.category(words[0]) == "Pd":
        message = f"expected '- ' before an item of a list, found {words[0]!r}"
        return _Spot(number, margin, message)
    found = re.match(r"([A-Za-z_][\w-]*)(:(?=\S)|\s*[：﹕∶=])?", words)
    if found and found[2] == ":":
        return _Spot(number, margin + found.end(), "a space is missing after this colon")
    if found and found[2]:
        column = margin + found.end() - 1
        message = f"expected ': ' after {found[1]!r}, found {line[column]!r}"
        return _Spot(number, column, message)
    return _Spot(
        number, margin, f"expected a key with ': ' after it, found {quoted(words.strip())}"
    )


def _no_key(broken: _Broken) -> _Spot | None:
    """A line that continues neither the mapping nor the list it seems to be part of."""
    spot = _went_on(broken)
    if spot:
        return spot
    line = broken.at(broken.line)
    if broken.column > len(line) or line[: broken.column].strip():
        return None
    sign = broken.here[:1]
    if sign.isspace():
        return broken.stop(f"U+{ord(sign):04X} before a key: indent with plain spaces")
    before = broken.before
    key = _PAIR.match(line, _margin(line))
    if before and before.sign in ("|", ">") and not (key and key[0].islower()):
        return _shallow(broken, before)
    for number in (broken.line, broken.above(broken.line)):
        if _NO_SPACE.match(_words(broken.at(number))):
            return _no_pair(broken, number)
    if not (key or _DASH.match(line)):
        return broken.stop("indent this line deeper than the key whose text it is")
    return _out_of_line(broken, broken.line)


def _out_of_block(broken: _Broken) -> _Spot | None:
    """A line that was to be part of the block above it."""
    line, column = broken.begun
    before = None if broken.at(line)[:column].strip() else broken.before
    return _shallow(broken, before) if before and before.sign in ("|", ">") else None


def _shallow(broken: _Broken, before: _Before) -> _Spot:
    text = (n for n in range(before.start[0] + 1, broken.line) if broken.at(n).strip())
    first = next(text, None)
    if first is None:
        message = "this empty line has more spaces than the text below it: take them out"
        return _Spot(broken.line - 1, 0, message)
    here, deep = (_depth(broken.at(n)) for n in (broken.line, first))
    message = f"the text of the block begins in column {deep + 1}: indent this line as deep"
    return _Spot(broken.line, here, message)


def _out_of_line(broken: _Broken, number: int) -> _Spot | None:
    """A key or an item that begins in another column than those it belongs to."""
    line = broken.at(number)
    dash = _DASH.match(line)
    what, column = ("item", len(dash[1])) if dash else ("key", _margin(line))
    around = list(_around(broken, number, column))
    others = [(n, place) for n in around for place in _columns(broken.at(n), bool(dash))]
    if not others and dash and len(around) > 1:
        first = around[-2]
        message = f"expected '- ' before this, as in line {number + 1}: it is part of that list"
        return _Spot(first, _margin(broken.at(first)), message)
    if not others and dash:
        message = "an item of a list among keys: put the list below a key, such as 'questions:'"
        return _Spot(number, column, message, True)
    if not others:
        return None
    other, expected = min(others, key=lambda found: abs(found[1] - column))
    if "'-'" in broken.said and not dash and column == broken.begun[1]:
        other, expected = broken.begun[0], column
    if expected != column:
        message = (
            f"this {what} begins in column {column + 1}, that in line {other + 1} in column "
            f"{expected + 1}: indent both alike"
        )
        return _Spot(number, column, message)
    if "'-'" in broken.said and not dash:
        message = f"a key among the items of the list from line {other + 1}"
        hides = column == _outermost(broken.lines)  # it may have items below it
        return _Spot(number, column, f"{message}: put '- ' before it, or indent it", hides)
    return None


def _around(broken: _Broken, number: int, column: int) -> Iterator[int]:
    """The lines above one that may hold what stands beside it, the nearest first: up to one that
    begins left of its column."""
    for n in range(number - 1, -1, -1):
        line = broken.at(n)
        if re.match(r" *[^ #]", line):
            yield n
            if _depth(line) < column:
                return


def _columns(line: str, of_dash: bool) -> list[int]:
    """Where an item, or else a key, begins in a line."""
    if of_dash:
        dash = _DASH.match(line)
        return [len(dash[1])] if dash else []
    margin = _margin(line)
    return [margin] if _PAIR.match(line, margin) else []


def _item_after_key(broken: _Broken) -> _Spot:
    return broken.stop("a list begins on the line below its key; quote a text that begins with -")


def _in_brackets(broken: _Broken) -> _Spot | None:
    """No comma, and no end, of what stands in brackets."""
    spot = _went_on(broken)
    if spot:
        return spot
    sign = broken.at(*broken.begun)[:1]
    words = _words(broken.at(broken.line))
    if not broken.here or (broken.line > broken.begun[0] and _PAIR.match(words)):
        return broken.start(f"this {sign} is not closed")
    if broken.line > broken.begun[0] and _DASH.match(broken.at(broken.line)):
        return broken.start(f"this {sign} is not closed")
    if broken.here.startswith(":"):
        return broken.stop(
            "a comma is missing before this key; quote a text that has a colon in it"
        )
    return broken.stop(f"expected a comma, or the end of what {sign} began")


def _no_item(broken: _Broken) -> _Spot | None:
    """Nothing between two commas in brackets, or no end after the last."""
    if broken.here.startswith(","):
        return broken.stop("nothing stands before this comma: remove it, or quote a text with it")
    begun, _ = broken.read
    if not begun or (broken.here and not _DASH.match(broken.at(broken.line))):
        return None
    line, column = begun[-1].line, begun[-1].column
    return _Spot(line, column, f"this {broken.at(line, column)[:1]} is not closed")


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _margin(line: str) -> int:
    found = _MARGIN.match(line)
    return found.end() if found else 0


def _words(line: str) -> str:
    return line[_margin(line) :]


_EXPLAIN = {
    "tab character": _tab,
    "cannot start any token": _bad_start,
    "scanning an alias": _bad_start,
    "undefined alias": _no_anchor,
    "scanning an anchor": _bad_start,
    "scanning a tag": _bad_start,
    "undefined tag handle": _bad_start,
    "scanning a directive": _bad_start,
    "mapping keys are not allowed": _bad_start,
    "expected comment or line break": _after_pipe,
    "invalid Unicode character escape": _no_character,
    "parsing a quoted scalar": _escape,
    "end of stream": _open_quote,
    "mapping values are not allowed": _colon,
    "find expected ':'": _no_colon,
    "find expected key": _no_key,
    "find expected '-'": _no_key,
    "expected <document start>": _no_key,
    "block sequence entries": _item_after_key,
    "parsing a flow mapping": _in_brackets,
    "parsing a flow sequence": _in_brackets,
    "parsing a flow node": _no_item,
    "parsing a block node": _bad_start,
}
"""Words of the parser, and what looks into them."""
