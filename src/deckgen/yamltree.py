"""YAML text -> nodes that know their place.

Built from the parser's events rather than from `yaml.load`: that sees duplicate keys, knows `no`
from `"no"`, stops at absurd nesting before the interpreter does, builds no objects, and is faster.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from .problems import Place, Problem
from .words import quoted

if TYPE_CHECKING:
    import yaml

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 32
MAX_VALUES = 1_000_000

Report = Callable[[Problem], None]


class Scalar(NamedTuple):
    """Text as written. `plain` means unquoted: only then may it be read as a number or a date."""

    text: str
    place: Place
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Node, ...]
    place: Place


class Entry(NamedTuple):
    """A mapping's value, with the place of its key."""

    place: Place
    value: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    entries: dict[str, Entry]
    place: Place


Node = Scalar | Sequence | Mapping


def size(node: Node) -> int:
    """The characters of a tree, aliases counted as what they stand for."""
    match node:
        case Scalar(text):
            return len(text)
        case Sequence(items):
            return sum(map(size, items))
        case Mapping(entries):
            return sum(len(key) + size(entry.value) for key, entry in entries.items())


def parse(data: bytes, path: str, report: Report) -> Node | None:
    """The tree of one YAML document, or None when it is empty or broken.

    `path` is how places name the file. What is wrong goes to `report`; a duplicate key does not end
    the reading, a syntax error does.
    """
    text = _decode(data, path, report)
    if text is None:
        return None
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    events = yaml.parse(text, Loader=loader)
    try:
        return _Builder(path, report).document(events)
    except _Stop as stop:
        report(stop.problem)
    except yaml.reader.ReaderError as error:
        place = locate(text, error.position, path)
        report(Problem(f"U+{_codepoint(error):04X} is not allowed in YAML: remove it", place))
    except yaml.MarkedYAMLError as error:
        report(_syntax_problem(error, path))
    return None


def _syntax_problem(error: yaml.MarkedYAMLError, path: str) -> Problem:
    marks = [error.problem_mark, error.context_mark]
    if "end of stream" in str(error.problem):
        marks.reverse()  # what was opened and not closed is where to look, not the file's end
    mark = next(filter(None, marks), None)
    place = Place(path, mark.line + 1, mark.column + 1) if mark else Place(path)
    context = f" ({error.context})" if error.context else ""
    return Problem(f"not valid YAML: {error.problem}{context}", place)


def forbidden(text: str) -> str:
    """The first character that no text may hold, in words; empty where there is none."""
    if text.isprintable():
        return ""
    found = _FORBIDDEN.search(text)
    return f"U+{ord(found.group()):04X}, a control character" if found else ""


def locate(text: str, index: int, path: str) -> Place:
    """The place of the character at `index` of a file's text."""
    line_start = max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1
    lines = len(re.findall(r"\r\n|\r|\n", text[:line_start]))
    return Place(path, lines + 1, index - line_start + 1)


class _Stop(Exception):
    def __init__(self, message: str, place: Place) -> None:
        self.problem = Problem(message, place)


def _decode(data: bytes, path: str, report: Report) -> str | None:
    if len(data) > MAX_BYTES:
        size, limit = len(data) / 2**20, MAX_BYTES // 2**20
        report(Problem(f"the file has {size:.0f} MiB; the limit is {limit}: split it", Place(path)))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        place = locate(before, len(before), path)
        report(
            Problem(f"byte 0x{data[error.start]:02X} is not UTF-8: save the file as UTF-8", place)
        )
        return None


def _codepoint(error: Any) -> int:
    character = error.character
    return ord(character) if isinstance(character, str) else int(character)


class _Anchor(NamedTuple):
    """What an alias stands for, and how much that is."""

    node: Node
    values: int
    characters: int


class _Builder:
    """Turns one document's events into nodes."""

    def __init__(self, path: str, report: Report) -> None:
        import yaml

        self.yaml = yaml
        self.path = path
        self.report = report
        self.anchors: dict[str, _Anchor] = {}
        self.values = 0
        self.characters = 0

    def document(self, events: Iterator[Any]) -> Node | None:
        root: Node | None = None
        for event in events:
            if isinstance(event, self.yaml.DocumentStartEvent):
                if root is not None:
                    raise _Stop("a second document: expected one per file", self.place(event))
                first = next(events)
                root = self.node(first, events, 0)
        if isinstance(root, Scalar) and root.plain and not root.text:
            return None
        return root

    def place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        assert mark is not None  # only hand-made events have none
        return Place(self.path, mark.line + 1, mark.column + 1)

    def node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        if isinstance(event, self.yaml.AliasEvent):
            return self.alias(event)
        place = self.place(event)
        before = self.values, self.characters
        self.count(1, 0, place)
        if depth > MAX_DEPTH:
            raise _Stop(f"nested more than {MAX_DEPTH} deep", place)
        if event.tag is not None and event.tag != "!":
            self.report(Problem(f"tag {event.tag}: expected a plain value, without a tag", place))
        node: Node
        if isinstance(event, self.yaml.ScalarEvent):
            node = self.scalar(event, place)
        elif isinstance(event, self.yaml.SequenceStartEvent):
            node = self.sequence(events, place, depth)
        else:
            node = self.mapping(events, place, depth)
        if event.anchor is not None:
            values, characters = before
            added = self.values - values, self.characters - characters
            self.anchors[event.anchor] = _Anchor(node, *added)
        return node

    def count(self, values: int, characters: int, place: Place) -> None:
        """Keeps the limits; what an alias stands for counts each time, lest a small file become a
        big one."""
        self.values += values
        self.characters += characters
        if self.values > MAX_VALUES:
            raise _Stop(
                f"more than {MAX_VALUES:,} values, aliases filled in: split the file", place
            )
        if self.characters > MAX_BYTES:
            limit = MAX_BYTES // 2**20
            raise _Stop(f"more than {limit} MiB with its aliases filled in: split the file", place)

    def alias(self, event: Any) -> Node:
        if event.anchor not in self.anchors:
            raise _Stop(f"*{event.anchor} names no anchor before it", self.place(event))
        anchor = self.anchors[event.anchor]
        self.count(anchor.values, anchor.characters, self.place(event))
        return anchor.node

    def scalar(self, event: yaml.ScalarEvent, place: Place) -> Scalar:
        text: str = event.value
        self.count(0, len(text), place)
        if bad := forbidden(text):
            self.report(Problem(f"the text holds {bad}", place))
            text = _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
        return Scalar(text, place, event.style is None or event.style == "")

    def sequence(self, events: Iterator[Any], place: Place, depth: int) -> Sequence:
        items = []
        while not isinstance(event := next(events), self.yaml.SequenceEndEvent):
            items.append(self.node(event, events, depth + 1))
        return Sequence(tuple(items), place)

    def mapping(self, events: Iterator[Any], place: Place, depth: int) -> Mapping:
        entries: dict[str, Entry] = {}
        while not isinstance(event := next(events), self.yaml.MappingEndEvent):
            key = self.node(event, events, depth + 1)
            at = self.place(event)
            value = self.node(next(events), events, depth + 1)
            if not isinstance(key, Scalar):
                self.report(Problem("expected a word as key, found a list or mapping", at))
            elif key.text in entries:
                first = entries[key.text].place.line
                self.report(Problem(f"duplicate key {quoted(key.text)}: first in line {first}", at))
            else:
                entries[key.text] = Entry(at, value)
        return Mapping(entries, place)


# Controls but tab and line feed, noncharacters, and surrogates, which a "\ud800" can smuggle in.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
