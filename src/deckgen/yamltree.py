"""YAML text -> nodes that know their place.

PyYAML's composer makes the tree, in C, told to resolve no tags: it builds no objects, shows
duplicate keys, knows `no` from `"no"`, and calls back at every step down, where nesting is bounded
before it becomes too much for the interpreter. It takes half the time of `yaml.load`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from .problems import Place, Problem
from .words import quoted

if TYPE_CHECKING:
    import yaml

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 32
MAX_VALUES = 1_000_000

Report = Callable[[Problem], None]


_place = tuple.__new__  # a third quicker than Place's own, which only does this


class _Placed:
    """What has a place. It is made when it is asked for: most never are."""

    __slots__ = ("_mark",)

    def __init__(self, mark: Place | yaml.Mark) -> None:
        self._mark = mark

    @property
    def place(self) -> Place:
        mark = self._mark
        if isinstance(mark, Place):
            return mark
        return _place(Place, (mark.name, mark.line + 1, mark.column + 1))


class Scalar(_Placed):
    """Text as written. `plain` means unquoted: only then may it be read as a number or a date."""

    __slots__ = ("plain", "text")

    def __init__(self, text: str, mark: Place | yaml.Mark, plain: bool = False) -> None:
        self._mark = mark
        self.text = text
        self.plain = plain


class Sequence(_Placed):
    __slots__ = ("items",)

    def __init__(self, items: tuple[Node, ...], mark: Place | yaml.Mark) -> None:
        self._mark = mark
        self.items = items


class Entry(_Placed):
    """A mapping's value, with the place of its key."""

    __slots__ = ("value",)

    def __init__(self, mark: Place | yaml.Mark, value: Node) -> None:
        self._mark = mark
        self.value = value


class Mapping(_Placed):
    __slots__ = ("entries",)

    def __init__(self, entries: dict[str, Entry], mark: Place | yaml.Mark) -> None:
        self._mark = mark
        self.entries = entries


Node = Scalar | Sequence | Mapping


def size(node: Node) -> int:
    """The characters of a tree, aliases counted as what they stand for."""
    match node:
        case Scalar():
            return len(node.text)
        case Sequence():
            return sum(map(size, node.items))
        case Mapping():
            return sum(len(key) + size(entry.value) for key, entry in node.entries.items())


def parse(data: bytes, path: str, report: Report) -> Node | None:
    """The tree of one YAML document, or None when it is empty or broken.

    `path` is how places name the file. What is wrong goes to `report`; a duplicate key does not end
    the reading, a syntax error does.
    """
    text = _decode(data, path, report)
    if text is None:
        return None
    import yaml

    loader = _loader()(_Stream(text, path))
    builder = (_Expanding if _ANCHOR.search(text) else _Builder)(text, report)
    try:
        root = loader.get_single_node()
        return None if root is None else builder.document(root)
    except _Stop as stop:
        report(stop.problem)
    except yaml.reader.ReaderError as error:
        place = locate(text, error.position, path)
        report(Problem(f"U+{_codepoint(error):04X} is not allowed in YAML: remove it", place))
    except yaml.MarkedYAMLError as error:
        report(_syntax_problem(error, path))
    finally:
        loader.dispose()
    return None


class _Stream(io.StringIO):
    """A file's text, whose name every mark in it will have."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text)
        self.name = name


@cache
def _loader() -> Any:
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """Composes nodes, and bounds how deep and how many they are."""

        def __init__(self, stream: _Stream) -> None:
            super().__init__(stream)
            self.depth = 0
            self.values = 0

        def resolve(self, kind: object, value: object, implicit: object) -> str:
            return ""  # what a value is follows from its key

        def descend_resolver(self, parent: yaml.Node | None, index: object) -> None:
            self.depth += 1
            self.values += 1
            if self.depth > MAX_DEPTH + 1 and parent is not None:
                raise _Stop(f"nested more than {MAX_DEPTH} deep", _Placed(parent.start_mark).place)
            if self.values > MAX_VALUES and parent is not None:
                raise _Stop(_TOO_MANY, _Placed(parent.start_mark).place)

        def ascend_resolver(self) -> None:
            self.depth -= 1

    return Loader


def _syntax_problem(error: yaml.MarkedYAMLError, path: str) -> Problem:
    marks = [error.problem_mark, error.context_mark]
    if "end of stream" in str(error.problem):
        marks.reverse()  # what was opened and not closed is where to look, not the file's end
    mark = next(filter(None, marks), None)
    place = Place(path, mark.line + 1, mark.column + 1) if mark else Place(path)
    if error.problem == "but found another document":
        return Problem("a second document: expected one per file", place)
    if error.problem == "found undefined alias":
        return Problem("this alias names no anchor before it", place)
    if error.problem == "second occurrence":
        return Problem("an anchor of this name is there already: choose another name", place)
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


_TOO_MANY = f"more than {MAX_VALUES:,} values, aliases filled in: split the file"
_TOO_LONG = f"more than {MAX_BYTES // 2**20} MiB with its aliases filled in: split the file"


class _Builder:
    """Turns composed nodes into ours."""

    def __init__(self, text: str, report: Report) -> None:
        self.report = report
        # What no text may hold comes into one as it is, or from an escape.
        self.is_suspect = bool(_FORBIDDEN.search(text) or _ESCAPE.search(text))

    def document(self, root: yaml.Node) -> Node | None:
        node = self.node(root)
        return None if isinstance(node, Scalar) and node.plain and not node.text else node

    def node(self, composed: Any) -> Node:
        mark = composed.start_mark
        if composed.tag:
            message = f"tag {composed.tag}: expected a plain value, without a tag"
            self.report(Problem(message, _Placed(mark).place))
        match composed.id:
            case "scalar":
                text = composed.value
                if self.is_suspect:
                    text = self.allowed(text, mark)
                return Scalar(text, mark, not composed.style)
            case "sequence":
                return Sequence(tuple(map(self.node, composed.value)), mark)
            case _:
                return self.mapping(composed)

    def mapping(self, composed: Any) -> Mapping:
        entries: dict[str, Entry] = {}
        for key, value in composed.value:
            node, mark = self.node(value), key.start_mark
            if key.id != "scalar":
                message = "expected a word as key, found a list or mapping"
                self.report(Problem(message, _Placed(mark).place))
                continue
            name = self.allowed(key.value, mark) if self.is_suspect else key.value
            if name in entries:
                first = entries[name].place.line
                message = f"duplicate key {quoted(name)}: first in line {first}"
                self.report(Problem(message, _Placed(mark).place))
            else:
                entries[name] = Entry(mark, node)
        return Mapping(entries, composed.start_mark)

    def allowed(self, text: str, mark: yaml.Mark) -> str:
        bad = forbidden(text)
        if not bad:
            return text
        self.report(Problem(f"the text holds {bad}", _Placed(mark).place))
        return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


class _Expanding(_Builder):
    """The same for a file with anchors: an alias gives the same node again, and what it stands for
    counts each time, lest a small file become a big one."""

    def __init__(self, text: str, report: Report) -> None:
        super().__init__(text, report)
        self.made: dict[int, tuple[Node, int, int]] = {}
        """Nodes by the identity of what they were made from, with their values and characters."""
        self.open: set[int] = set()
        self.values = 0
        self.characters = 0

    def node(self, composed: Any) -> Node:
        key = id(composed)
        if key in self.open:
            raise _Stop("this holds an alias of itself", _Placed(composed.start_mark).place)
        if key in self.made:
            node, values, characters = self.made[key]
            self.count(values, characters, node.place)
            return node
        values, characters = self.values, self.characters
        self.open.add(key)
        node = super().node(composed)
        self.open.remove(key)
        self.count(1, len(node.text) if isinstance(node, Scalar) else 0, node.place)
        self.made[key] = node, self.values - values, self.characters - characters
        return node

    def count(self, values: int, characters: int, place: Place) -> None:
        self.values += values
        self.characters += characters
        if self.values > MAX_VALUES:
            raise _Stop(_TOO_MANY, place)
        if self.characters > MAX_BYTES:
            raise _Stop(_TOO_LONG, place)


_ANCHOR = re.compile(r"&(?<![^\s\[{,:?-]&)[^\s,\[\]{}]")
_ESCAPE = re.compile(r"\\[0abevfNLPxuU]")

# Controls but tab and line feed, noncharacters, and surrogates, which a "\ud800" can smuggle in.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
