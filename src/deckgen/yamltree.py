"""YAML text -> nodes that know their place.

PyYAML's parser, in C, tells what it finds as events, and the tree is made of them here: no tag is
resolved, no object built, duplicate keys show, `no` is not `"no"`, and nesting is bounded before it
becomes too much for anyone who walks the tree. It takes half the time of `yaml.load`.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from .problems import Place, Problem
from .words import LINE_END, quoted

if TYPE_CHECKING:
    import yaml

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 32
MAX_VALUES = 1_000_000

Report = Callable[[Problem], None]


_place = tuple.__new__  # a third quicker than Place's own, which does no more


class _Placed:
    """What has a place in a file. Most places are never asked for, so each is made when it is. Two
    are equal when they say the same, wherever they stand."""

    __slots__ = ("mark",)

    def __init__(self, mark: Place | yaml.Mark) -> None:
        self.mark = mark

    @property
    def place(self) -> Place:
        mark = self.mark
        if isinstance(mark, Place):
            return mark
        return _place(Place, (mark.name, mark.line + 1, mark.column + 1))

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    __hash__ = None  # type: ignore[assignment]


class Scalar(_Placed):
    """Text as written. `plain` means unquoted: only then may it be read as a number or a date."""

    __slots__ = ("plain", "text")

    def __init__(self, text: str, mark: Place | yaml.Mark, plain: bool = False) -> None:
        self.mark = mark
        self.text = text
        self.plain = plain


class Sequence(_Placed):
    __slots__ = ("items",)

    def __init__(self, items: tuple[Node, ...], mark: Place | yaml.Mark) -> None:
        self.mark = mark
        self.items = items


class Entry(_Placed):
    """A mapping's value, with the place of its key."""

    __slots__ = ("value",)

    def __init__(self, mark: Place | yaml.Mark, value: Node) -> None:
        self.mark = mark
        self.value = value


class Mapping(_Placed):
    __slots__ = ("entries",)

    def __init__(self, entries: dict[str, Entry], mark: Place | yaml.Mark) -> None:
        self.mark = mark
        self.entries = entries


Node = Scalar | Sequence | Mapping


def is_blank(node: Node) -> bool:
    """Whether nothing stands after a key: it counts as left out then."""
    return isinstance(node, Scalar) and node.plain and not node.text


def size(node: Node) -> int:
    """The characters of a tree, aliases counted as what they stand for."""
    match node:
        case Scalar():
            return len(node.text)
        case Sequence():
            return sum(map(size, node.items))
        case Mapping():
            return sum(len(key) + size(entry.value) for key, entry in node.entries.items())


class Tree(NamedTuple):
    """What was read of a file: nothing where it is empty."""

    root: Node | None
    is_whole: bool
    """Whether it is all of it. Items that can't be parsed are left out of a tree."""


def parse(data: bytes, path: str, report: Report) -> Node | None:
    """The tree of one YAML document, or None when it is empty or broken.

    `path` is how places name the file. What is wrong goes to `report`; a duplicate key does not end
    the reading, a syntax error does.
    """
    tree = read(data, path, report)
    return tree.root if tree.is_whole else None


def read(data: bytes, path: str, report: Report) -> Tree:
    """The tree of one YAML document, with what can be read of one that is broken."""
    data = data.removeprefix(codecs.BOM_UTF8)  # by "utf-8-sig" errors would be told without it
    if not _is_text(data, path, report):
        return _NOTHING
    # Lazy import: an unchanged build reads no YAML.
    import yaml

    try:
        return Tree(_compose(data, path, report), True)
    except _Stop as stop:
        report(stop.problem)
    except yaml.reader.ReaderError as error:
        text = data.decode()
        refused = _codepoint(error)  # the first of its kind; its position is told in bytes
        place = locate(text, text.find(chr(refused)), path)
        report(Problem(f"U+{refused:04X} is not allowed in YAML: remove it", place))
    except yaml.MarkedYAMLError as error:
        text = data.decode()
        if "nesting depth" in str(error.problem) and error.problem_mark:
            # A newer libyaml has a limit of its own, and looks ahead: ours was passed before that.
            return read(text[: error.problem_mark.index].encode(), path, report)
        return Tree(_salvaged(text, path, report, error), False)
    return _NOTHING


_NOTHING = Tree(None, False)


def _compose(data: bytes, path: str, report: Report) -> Node | None:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    def events() -> Iterable[Any]:
        return iter(loader(_Stream(data, path)).get_event, None)

    composer = _Composer(data)
    try:
        root = composer.document(events())
    except _Unusual:
        composer = _WaryComposer(data)
        root = composer.document(events())
    for problem in sorted(composer.problems, key=lambda problem: problem.place or Place(path)):
        report(problem)
    return root


_MAX_TOLD, _MAX_PARSED = 20, 2 * MAX_BYTES
"""Syntax errors told of one file, and how much is parsed to find them."""


def _salvaged(text: str, path: str, report: Report, error: Any) -> Node | None:
    """What is left of a file without the items that can't be parsed, each of which is reported."""
    # Lazy imports: files that can't be parsed are few.
    import yaml

    from . import syntax

    has_anchors = re.search(_ANCHOR, text)
    for _ in range(min(_MAX_TOLD, 1 + _MAX_PARSED // len(text))):
        problem, hides_others = syntax.find(text, path, error)
        report(problem)
        rest = syntax.without_item(text, problem.place.line if problem.place else 1)
        if hides_others or rest == text:
            return None
        text = rest
        try:
            return _compose(text.encode(), path, report)
        except yaml.MarkedYAMLError as next_one:
            if has_anchors and next_one.problem == _UNDEFINED:
                return None  # its anchor may have been left out
            error = next_one
        except (_Stop, yaml.reader.ReaderError):
            return None  # it may come from what was left out
    return None


class _Stream(io.BytesIO):
    """A file's text, whose name every mark in it will have."""

    def __init__(self, text: bytes, name: str) -> None:
        super().__init__(text)
        self.name = name


def forbidden(text: str) -> str:
    """The first character that no text may hold, in words; empty where there is none."""
    if text.isprintable():
        return ""
    found = re.search(_FORBIDDEN, text)
    return f"U+{ord(found.group()):04X}, a control character" if found else ""


def locate(text: str, index: int, path: str) -> Place:
    """The place of the character at `index` of a file's text."""
    line, start = 1, 0
    for end in re.finditer(LINE_END, text[:index]):
        line, start = line + 1, end.end()
    return Place(path, line, index - start + 1)


class _Stop(Exception):
    def __init__(self, message: str, mark: Place | yaml.Mark) -> None:
        self.problem = Problem(message, _Placed(mark).place)


def _is_text(data: bytes, path: str, report: Report) -> bool:
    """Whether a file can be a text; otherwise it is told why not."""
    if len(data) > MAX_BYTES:
        size, limit = len(data) / 2**20, MAX_BYTES // 2**20
        report(Problem(f"the file has {size:.0f} MiB; the limit is {limit}: split it", Place(path)))
        return False
    if data.isascii():  # which is seen without a copy of it
        return True
    try:
        data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        place = locate(before, len(before), path)
        report(
            Problem(f"byte 0x{data[error.start]:02X} is not UTF-8: save the file as UTF-8", place)
        )
        return False
    return True


def _codepoint(error: Any) -> int:
    character = error.character
    return ord(character) if isinstance(character, str) else int(character)


_TOO_MANY = f"more than {MAX_VALUES:,} values, aliases filled in: split the file"
_TOO_LONG = f"more than {MAX_BYTES // 2**20} MiB with its aliases filled in: split the file"


class _Unusual(Exception):
    """A file has what only a look at every value can judge."""


class _Composer:
    """Makes the tree of one document from a parser's events. What is open is kept in a list, not by
    recursion, which a stranger's file could take too deep."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.problems: list[Problem] = []

    def document(self, events: Iterable[Any]) -> Node | None:
        """The tree of a file without tags and anchors, in one loop: most are. Raises _Unusual for
        any other. Without aliases a file has no more values than characters."""
        import yaml

        if len(self.data) >= MAX_VALUES:
            raise _Unusual
        # Only an escape can hold a character that no text may: the parser refuses the rest.
        escaped = b"\\" in self.data and re.search(_ESCAPE, self.data)

        scalar, end_of_list, end = yaml.ScalarEvent, yaml.SequenceEndEvent, yaml.MappingEndEvent
        begins = (yaml.SequenceStartEvent, yaml.MappingStartEvent)
        around: list[tuple[list[Node], yaml.Mark]] = []
        """For each open list or mapping, the items of the one around it, and where it begins."""
        items: list[Node] = []
        """Those of the innermost open one so far; of a mapping, keys and values in turn."""
        for event in events:
            kind = type(event)
            if kind is scalar:
                if event.anchor or event.tag:
                    raise _Unusual
                if escaped and event.style == '"' and forbidden(event.value):
                    raise _Unusual
                items.append(Scalar(event.value, event.start_mark, not event.style))
            elif kind in begins:
                if event.anchor or event.tag:
                    raise _Unusual
                if len(around) > MAX_DEPTH:
                    raise _too_deep(around[-1][1])
                around.append((items, event.start_mark))
                items = []
            elif kind is end_of_list or kind is end:
                held, (items, mark) = items, around.pop()
                if held and len(around) >= MAX_DEPTH:
                    raise _too_deep(mark)
                is_list = kind is end_of_list
                items.append(Sequence(tuple(held), mark) if is_list else self.mapping(held, mark))
            elif kind is yaml.AliasEvent:
                raise _unknown_alias(event)
            elif kind is yaml.DocumentStartEvent and items:
                raise _second_document(event)
        return _root(items)

    def mapping(self, items: list[Node], mark: yaml.Mark) -> Mapping:
        """A mapping of keys and values that stand in turn."""
        entries: dict[str, Entry] = {}
        again: list[Scalar] = []
        halves = iter(items)
        for key, value in zip(halves, halves, strict=True):
            if not isinstance(key, Scalar):
                entries["{…}" if isinstance(key, Mapping) else "[…]"] = Entry(key.mark, value)
            elif key.text in entries:
                again.append(key)
            else:
                entries[key.text] = Entry(key.mark, value)
        if again:
            self.duplicates(again, items[::2], entries)
        return Mapping(entries, mark)

    def duplicates(self, again: list[Scalar], keys: list[Node], entries: dict[str, Entry]) -> None:
        """Tells of keys that a mapping has already. Several of them that begin with its first, or
        are its last, are those of another item: that is one mistake."""
        begin, end = again[0].text == next(iter(entries)), keys[-len(again) :] == again
        are_another = len(again) > 1 and (begin or end)
        for key in again[:1] if are_another else again:
            first = entries[key.text].place.line
            mend = "; if an item of a list begins here, put '- ' before it" if are_another else ""
            message = f"duplicate key {quoted(key.text)}: first in line {first}{mend}"
            self.problem(message, key.mark)

    def problem(self, message: str, mark: Place | yaml.Mark) -> None:
        self.problems.append(Problem(message, _Placed(mark).place))


def _root(items: list[Node]) -> Node | None:
    root = items[0] if items else None
    return None if root is None or is_blank(root) else root


def _too_deep(mark: Place | yaml.Mark) -> _Stop:
    return _Stop(f"nested more than {MAX_DEPTH} deep", mark)


def _unknown_alias(event: Any) -> yaml.MarkedYAMLError:
    import yaml

    return yaml.composer.ComposerError(None, None, _UNDEFINED, event.start_mark)


_UNDEFINED = "found undefined alias"
"""As PyYAML's own composer says it."""


def _second_document(event: Any) -> _Stop:
    return _Stop("a second document: expected one per file", event.start_mark)


class _Open:
    """A list or mapping whose end is still to come, or the document."""

    __slots__ = ("before", "depth", "event", "items")

    def __init__(self, event: Any, before: tuple[int, int]) -> None:
        self.event = event
        """Its beginning."""
        self.before = before
        """How many values and characters there were."""
        self.items: list[Node] = []
        """What it holds so far: of a mapping keys and values in turn."""
        self.depth = 0
        """How deep the lists and mappings in it are nested, aliases filled in; empty ones do not
        count."""

    @property
    def is_mapping(self) -> bool:
        import yaml

        return isinstance(self.event, yaml.MappingStartEvent)


class _Named(NamedTuple):
    """What an alias stands for, and how much that is."""

    node: Node
    values: int
    characters: int
    depth: int


class _WaryComposer(_Composer):
    """The same, checking every value: its tag, its characters, and how much the file comes to with
    its aliases filled in."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.open: list[_Open] = []
        self.items: list[Node] = []
        """Those of the innermost open list or mapping."""
        self.named: dict[str, _Named | None] = {}
        """By anchor; None while the list or mapping that it names is still open."""
        self.values = 0
        self.characters = 0
        """How many there are so far, aliases filled in."""
        self.is_circular = False

    def document(self, events: Iterable[Any]) -> Node | None:
        import yaml

        others: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self.scalar,
            yaml.DocumentStartEvent: self.start,
            yaml.SequenceStartEvent: self.begin,
            yaml.SequenceEndEvent: self.end_sequence,
            yaml.MappingStartEvent: self.begin,
            yaml.MappingEndEvent: self.end_mapping,
            yaml.AliasEvent: self.alias,
        }
        for event in events:
            if type(event) in others:
                others[type(event)](event)
        return None if self.is_circular else _root(self.items)

    def start(self, event: Any) -> None:
        if self.open:
            raise _second_document(event)
        self.open.append(_Open(event, (0, 0)))
        self.items = self.open[0].items

    def scalar(self, event: Any) -> None:
        self.look_at(event)
        text = self.allowed(event.value, event.start_mark)
        self.count(1, len(text), self.open[-1].event.start_mark)
        node = Scalar(text, event.start_mark, not event.style)
        if event.anchor:
            self.named[event.anchor] = _Named(node, 1, len(text), 0)
        self.items.append(node)

    def begin(self, event: Any) -> None:
        self.check_depth()
        opened = _Open(event, (self.values, self.characters))
        self.look_at(event)
        self.count(1, 0, self.open[-1].event.start_mark)
        self.open.append(opened)
        self.items = opened.items

    def end_sequence(self, event: Any) -> None:
        opened = self.open[-1]
        self.end(Sequence(tuple(opened.items), opened.event.start_mark))

    def end_mapping(self, event: Any) -> None:
        opened = self.open[-1]
        self.end(self.mapping(opened.items, opened.event.start_mark))

    def end(self, node: Node) -> None:
        if self.items:
            self.check_depth()
        done = self.open.pop()
        self.items = self.open[-1].items
        self.items.append(node)
        depth = done.depth + bool(done.items)
        self.open[-1].depth = max(self.open[-1].depth, depth)
        if done.event.anchor:
            values, characters = self.values - done.before[0], self.characters - done.before[1]
            self.named[done.event.anchor] = _Named(node, values, characters, depth)

    def alias(self, event: Any) -> None:
        """The same node again; but what it stands for counts each time, lest a small file become a
        big one."""
        if event.anchor not in self.named:
            raise _unknown_alias(event)
        named = self.named[event.anchor]
        if named is None:
            opened = next(o for o in self.open[1:] if o.event.anchor == event.anchor)
            if not self.is_circular:
                self.problem("this holds an alias of itself", opened.event.start_mark)
            self.is_circular = True
            self.items.append(Scalar("", event.start_mark, plain=True))
            return
        if len(self.open) - 1 + named.depth > MAX_DEPTH:
            raise _too_deep(event.start_mark)
        self.count(named.values, named.characters, named.node.mark)
        self.open[-1].depth = max(self.open[-1].depth, named.depth)
        self.items.append(named.node)

    def count(self, values: int, characters: int, mark: Place | yaml.Mark) -> None:
        self.values += values
        self.characters += characters
        if self.values > MAX_VALUES:
            raise _Stop(_TOO_MANY, mark)
        if self.characters > MAX_BYTES:
            raise _Stop(_TOO_LONG, mark)

    def check_depth(self) -> None:
        """Ends the reading where the innermost open list or mapping is too deep to hold anything.
        The document itself, the first in `open`, does not count."""
        if len(self.open) - 1 > MAX_DEPTH:
            raise _too_deep(self.open[-1].event.start_mark)

    def look_at(self, event: Any) -> None:
        """Checks what stands before a value: a tag, which only keys may have, and an anchor."""
        is_key = self.open[-1].is_mapping and len(self.items) % 2 == 0
        if event.tag and event.tag != "!" and not is_key:
            message = (
                f"tag {event.tag}: expected a value without one; quote a text that begins with !"
            )
            self.problem(message, event.start_mark)
        if event.anchor in self.named:
            message = "an anchor of this name is there already: choose another name"
            raise _Stop(message, event.start_mark)
        if event.anchor:
            self.named[event.anchor] = None

    def allowed(self, text: str, mark: Place | yaml.Mark) -> str:
        bad = forbidden(text)
        if not bad:
            return text
        self.problem(f"the text holds {bad}", mark)
        return re.sub(_FORBIDDEN, "\N{REPLACEMENT CHARACTER}", text)


# Compiled when they are first needed, which they seldom are.

_ESCAPE = rb"\\[0abevfrNLPxuU]"
_ANCHOR = r"&(?<![^\s\ufeff\[{,:?-]&)[^\s,\[\]{}]"

_FORBIDDEN = "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
"""Controls but tab and line feed, noncharacters, and surrogates, which a "\\ud800" smuggles in."""
