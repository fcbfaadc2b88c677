"""Annotated dataclass -> reader of nodes, JSON Schema, table of keys.

One declaration serves the bank's keys (`model.py`) and every exporter's options.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from functools import cache, partial
from typing import Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from .files import InputFile
from .model import Language, Slug, Url
from .problems import Place, Problem
from .texts import MAX_URL, Markdown
from .words import ascii_slug, did_you_mean, one_of, quoted
from .yamltree import Entry, Node, Report, Scalar, Sequence, is_blank
from .yamltree import Mapping as MappingNode

T = TypeVar("T")
Read = Callable[["Reader", Node], Any]
"""Reads a value of one type, or gives FAILED."""


class Key(NamedTuple):
    """One declared key: its name, its type, and whether it may be left out."""

    name: str
    kind: Any
    required: bool
    default: Any
    help: str
    lines: int
    read: Read


@cache
def keys(cls: type) -> tuple[Key, ...]:
    """The keys that a dataclass declares with `key()` or `option()`, in order."""
    hints = get_type_hints(cls)
    return tuple(_key(f, _without_none(hints[f.name])) for f in fields(cls) if "help" in f.metadata)


def _key(f: Field[Any], kind: Any) -> Key:
    required = f.default is MISSING and f.default_factory is MISSING
    default = f.default_factory() if f.default_factory is not MISSING else f.default
    lines = f.metadata.get("lines", 0)
    read = partial(Reader.lines, lines=lines) if lines else reading(kind)
    return Key(f.name, kind, required, default, f.metadata["help"], lines, read)


class _Plan(NamedTuple):
    """How a class is read."""

    keys: dict[str, Key]
    required: tuple[Key, ...]
    ways: tuple[tuple[str, ...], ...]
    """The sets of keys of which it needs one."""
    has_place: bool
    shorthand: str


@cache
def _plan(cls: Any) -> _Plan:
    declared = keys(cls)
    required = tuple(key for key in declared if key.required)
    return _Plan(
        keys={key.name: key for key in declared},
        required=required,
        ways=getattr(cls, "either", ()) or _ways(declared),
        has_place="place" in cls.__dataclass_fields__,
        shorthand=getattr(cls, "shorthand", ""),
    )


def _ways(declared: tuple[Key, ...]) -> tuple[tuple[str, ...], ...]:
    required = tuple(key.name for key in declared if key.required)
    return (required,) if required else tuple((key.name,) for key in declared)


def _without_none(kind: Any) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        kinds = [k for k in get_args(kind) if k is not type(None)]
        return kinds[0] if len(kinds) == 1 else kind
    return kind


# --------------------------------------------------------------------------------------- reading

FAILED: Any = object()
"""What a reader gives for a value that was wrong and has been reported."""

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_URL = re.compile(r"(?:https?://[^\s/?#]+|mailto:[^\s@]+@)\S*", re.IGNORECASE)
_LANGUAGE = re.compile("(?:[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{1,8})*|[iIxX](?:-[a-zA-Z0-9]{1,8})+)")
_INTEGER = re.compile(r"[0-9]{1,15}")
MAX_SLUG = 100
MAX_TEXT = 250_000
"""Characters of one Markdown text. Hostile ones take a parser or a highlighter time that grows with
the square of their length."""


class Reader:
    """Reads nodes as declared types. It never raises: what is wrong goes to `report`, and the
    reading goes on.

    With `commas` a list may be written as one text, its items between commas, as options on the
    command line are.
    """

    def __init__(self, report: Report, *, commas: bool = False) -> None:
        self.report = report
        self.math = True
        """Whether the Markdown that is read from here on holds math."""
        self.commas = commas
        self.is_partial = False
        """Whether what is read has lost some of its keys, so that none is told to be missing."""
        self.doubtful: set[Place] = set()
        """Mappings in which a key is unknown or what it holds is wrong: what else they lack may
        come of that."""
        self.texts: list[Markdown] = []
        """Every Markdown text read so far."""

    def read(self, cls: type[T], node: Node, what: str = "") -> T | None:
        """A `cls` from a mapping, or None from anything else. What is required and missing or wrong
        is reported and left blank, so that what else is wrong can still be seen. `what` names the
        thing in messages; by default the class does: `a question`."""
        value = self.mapping_as(cls, node, what)
        return None if value is FAILED else value

    def problem(self, message: str, place: Place) -> Any:
        """Reports a problem; gives FAILED, so that a reader can return it."""
        self.report(Problem(message, place))
        return FAILED

    def mapping_as(self, cls: Any, node: Node, what: str = "") -> Any:
        """As `read`, but FAILED where that gives None, as the other readers do."""
        plan = _plan(cls)
        if isinstance(node, MappingNode):
            entries = node.entries
        elif plan.shorthand and isinstance(node, Scalar):
            entries = {plan.shorthand: Entry(node.mark, node)}
        else:
            ways = one_of([one_of(names, "and") for names in plan.ways])
            return self._wrong(f"{what or _noun(cls)}, a mapping with {ways}", node)
        if plan.shorthand and entries and plan.keys.keys().isdisjoint(entries):
            return self._text(node)
        values: dict[str, Any] = {}
        hints = ""
        for name, entry in entries.items():
            key = plan.keys.get(name)
            if key is None:
                hints += self._unknown(name, entries, plan, what or _noun(cls))
                self.doubtful.add(node.place)
                continue
            part = entry.value
            if not key.required and is_blank(part):
                continue
            value = key.read(self, part)
            if value is not FAILED:
                values[name] = value
            elif key.kind is not Slug:
                self.doubtful.add(node.place)
        for key in plan.required:
            if key.name not in values:
                # One mistake, one message: a misspelt key is not reported as missing, too.
                missing = key.name not in entries and not self.is_partial and "<<" not in entries
                if missing and repr(key.name) not in hints:
                    message = f"{what or _noun(cls)} needs the key {key.name!r}: {key.help}"
                    self.problem(message, node.place)
                values[key.name] = _blank(key.kind)
        if plan.has_place:
            values["place"] = node.place
        return cls(**values)

    def _unknown(self, name: str, entries: dict[str, Entry], plan: _Plan, what: str) -> str:
        hint = _meant(name, entries, plan)
        expected = hint or f"; it takes {', '.join(plan.keys)}"
        self.problem(f"unknown key {quoted(name)} in {what}{expected}", entries[name].place)
        return hint

    def items(self, node: Node, read: Read) -> Any:
        if self.commas and isinstance(node, Scalar):
            parts = [part.strip() for part in node.text.split(",") if part.strip()]
            node = Sequence(tuple(Scalar(part, node.place, True) for part in parts), node.place)
        if self.is_partial and is_blank(node):
            return ()  # its items may be what could not be read
        if not isinstance(node, Sequence):
            return self._wrong("a list", node, "; write '- ' before each of its items")
        values = [read(self, item) for item in node.items]
        return tuple([value for value in values if value is not FAILED])

    def mapping(self, node: Node) -> Any:
        if not isinstance(node, MappingNode):
            return self._wrong("a mapping", node)
        return {k: entry.value for k, entry in node.entries.items()}

    def lines(self, node: Node, lines: int) -> Any:
        """A list of at most so many texts, or one text, each line of which is one."""
        if isinstance(node, Scalar):
            written = [line.strip() for line in node.text.splitlines() if line.strip()]
            value = tuple(Markdown(line, self.math, node.place) for line in written)
            self.texts += value
        else:
            value = self.items(node, reading(Markdown))
        if value is not FAILED and len(value) > lines:
            return self.problem(f"expected at most {lines} lines, found {len(value)}", node.place)
        return value

    def markdown(self, node: Node, kind: type[Markdown] = Markdown) -> Any:
        text = self._text(node)
        if text is FAILED:
            return FAILED
        if len(text) > MAX_TEXT:
            return self._wrong(f"at most {MAX_TEXT:,} characters", node)
        value = kind(text.strip("\n"), self.math, node.place)
        self.texts.append(value)
        return value

    def _text(self, node: Node) -> Any:
        if not isinstance(node, Scalar):
            return self._wrong("text", node, _quotes_needed(node))
        text = node.text
        return self._wrong("text", node) if not text or text.isspace() else text

    def _name(self, node: Node) -> Any:
        text = self._text(node)
        return text if text is FAILED else " ".join(text.split())

    def _file(self, node: Node) -> Any:
        text = self._text(node)
        if text is FAILED:
            return FAILED
        file = InputFile(text)
        file.place = node.place
        return file

    def _slug(self, node: Node) -> Any:
        text = self._text(node)
        if text is FAILED or (_SLUG.fullmatch(text) and len(text) <= MAX_SLUG):
            return text
        near = ascii_slug(text) if len(text) <= MAX_SLUG else ""  # longer ones are no names
        hint = f"; did you mean {near!r}?" if near else ""
        kind = f"a slug (a-z, 0-9 and hyphens, up to {MAX_SLUG})"
        return self._wrong(kind, node, hint)

    def _url(self, node: Node) -> Any:
        text = self._text(node)
        if text is FAILED or (_URL.fullmatch(text) and len(text) <= MAX_URL):
            return text
        kind = f"a web address (http://, https:// or mailto:, up to {MAX_URL:,} characters)"
        whole = f"mailto:{text}" if "@" in text else f"https://{text}"
        is_short = re.fullmatch(r"(?:[^\s:/@]+@)?[\w-]+(?:\.[\w-]+)+(?:/\S*)?", text)
        return self._wrong(kind, node, f"; did you mean {whole!r}?" if is_short else "")

    def _language(self, node: Node) -> Any:
        text = self._text(node)
        if text is FAILED or _LANGUAGE.fullmatch(text):
            return text
        tag = text.replace("_", "-")
        hint = f"; did you mean {tag!r}?" if _LANGUAGE.fullmatch(tag) else ""
        return self._wrong("a language tag such as en or pt-BR", node, hint)

    def _integer(self, node: Node) -> Any:
        if not (isinstance(node, Scalar) and _INTEGER.fullmatch(node.text)):
            return self._wrong("a whole number, 0 or more", node)
        if not node.plain:
            return self._wrong("a whole number, 0 or more", node, "; leave out the quotes")
        return int(node.text)

    def _boolean(self, node: Node) -> Any:
        words = {"true": True, "false": False}
        if isinstance(node, Scalar) and node.text.lower() in words:
            return words[node.text.lower()]
        meant = {"yes": "true", "on": "true", "no": "false", "off": "false"}
        word = meant.get(node.text.lower()) if isinstance(node, Scalar) else None
        hint = f"; did you mean {word!r}?" if word else ""
        return self._wrong("true or false", node, hint)

    def _date(self, node: Node) -> Any:
        try:
            if isinstance(node, Scalar) and re.fullmatch(r"\d{4}-\d\d-\d\d", node.text):
                return date.fromisoformat(node.text)
        except ValueError:
            pass
        return self._wrong("a date such as 2026-06-19", node, _near_date(node))

    def choice(self, node: Node, choices: tuple[str, ...]) -> Any:
        if isinstance(node, Scalar):
            if node.text in choices:
                return node.text
            return self._wrong(one_of(choices), node, did_you_mean(node.text, choices))
        return self._wrong(one_of(choices), node)

    def _wrong(self, expected: str, node: Node, hint: str = "") -> Any:
        return self.problem(f"expected {expected}, found {_found(node)}{hint}", node.place)


_SCALARS: dict[Any, Read] = {
    str: Reader._name,
    InputFile: Reader._file,
    Slug: Reader._slug,
    Url: Reader._url,
    Language: Reader._language,
    int: Reader._integer,
    bool: Reader._boolean,
    date: Reader._date,
    Markdown: Reader.markdown,
}


@cache
def reading(kind: Any) -> Read:
    """How a value of an annotated type is read. Raises TypeError for a type that none is."""
    if kind in _SCALARS:
        return _SCALARS[kind]
    if isinstance(kind, type) and issubclass(kind, Markdown):
        return partial(Reader.markdown, kind=kind)
    if is_dataclass(kind):
        return lambda reader, node: reader.mapping_as(kind, node)
    match get_origin(kind):
        case origin if origin is Literal:
            return partial(Reader.choice, choices=get_args(kind))
        case origin if origin is tuple:
            return partial(Reader.items, read=reading(get_args(kind)[0]))
        case origin if origin is Mapping:
            return Reader.mapping
    raise TypeError(f"no reader for {kind!r}")


def _found(node: Node) -> str:
    if isinstance(node, Scalar):
        return quoted(node.text) if node.text.strip() else "nothing"
    return "a list" if isinstance(node, Sequence) else "a mapping"


def _meant(name: str, entries: dict[str, Entry], plan: _Plan) -> str:
    """What may be meant by a key that there is not, to be put behind a message."""
    if name == "<<":
        return (
            "; keys can't be merged: write them out, or put what all questions of a file share "
            "under 'defaults'"
        )
    if is_blank(entries[name].value):  # as is all that stands between two commas in braces
        if name.partition(":")[0] in plan.keys:
            return "; a space is missing after the colon"
        if " " in name:
            return "; quote a text that has a comma in it"
    missing = [key.name for key in plan.required if key.name not in entries]
    strange = [other for other in entries if other not in plan.keys]
    if len(missing) == len(strange) == 1 and len(plan.required) == len(plan.keys):
        return f"; did you mean {missing[0]!r}?"
    return did_you_mean(name, plan.keys)


def _quotes_needed(node: Node) -> str:
    """Why a text may have been taken for a mapping."""
    if not isinstance(node, MappingNode):
        return ""
    first = next(iter(node.entries.values()), None)
    why = "has a colon in it" if first and first.place == node.place else "begins with {"
    return f"; quote a text that {why}"


def _near_date(node: Node) -> str:
    found = isinstance(node, Scalar) and re.match(r"(\d{4})\D(\d\d?)\D(\d\d?)(?!\d)", node.text)
    if not found:
        return ""
    try:
        return f"; did you mean '{date(*map(int, found.groups()))}'?"
    except ValueError:
        return ""


def _blank(kind: Any) -> Any:
    """What stands for a required value that is missing."""
    if isinstance(kind, type) and issubclass(kind, Markdown):
        return kind()
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    return () if get_origin(kind) is tuple else ""


def _noun(cls: Any) -> str:
    """`a question` for Question, unless the class calls itself something else."""
    noun: str = getattr(cls, "noun", f"a {cls.__name__.lower()}")
    return noun


# ---------------------------------------------------------------------------------------- schema

_TEXT = {"type": ["string", "number", "boolean"]}
"""Text keys take an unquoted `no` or `2024` as written."""

_SCALAR_SCHEMAS: dict[Any, dict[str, Any]] = {
    str: _TEXT,
    InputFile: _TEXT,
    Slug: {**_TEXT, "pattern": f"^{_SLUG.pattern}$", "maxLength": MAX_SLUG},
    Url: {"type": "string", "pattern": f"^{_URL.pattern}$"},
    Language: {"type": "string", "pattern": f"^{_LANGUAGE.pattern}$"},
    int: {"type": "integer", "minimum": 0},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
}


def schema(cls: type) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a mapping read as `cls`."""
    properties = {key.name: _key_schema(key) for key in keys(cls)}
    required = [key.name for key in keys(cls) if key.required]
    out: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    if required:
        out["required"] = required
    if hasattr(cls, "either"):
        out["anyOf"] = [{"required": list(names)} for names in cls.either]
    return out


def _key_schema(key: Key) -> dict[str, Any]:
    out = _kind_schema(key.kind)
    if key.lines:
        out = {"anyOf": [_TEXT, {**out, "maxItems": key.lines}]}
    if not key.required:
        out = _nullable(out)
    out = {"description": key.help, **out}
    if isinstance(key.default, str | int) and key.default:
        out["default"] = key.default
    return out


def _nullable(of: dict[str, Any]) -> dict[str, Any]:
    """`answer:` with nothing after it is the same as leaving the key out."""
    return {"anyOf": [of, {"type": "null"}]}


def _kind_schema(kind: Any) -> dict[str, Any]:
    if kind in _SCALAR_SCHEMAS:
        return dict(_SCALAR_SCHEMAS[kind])
    if isinstance(kind, type) and issubclass(kind, Markdown):
        return dict(_TEXT)
    if is_dataclass(kind) and isinstance(kind, type):
        whole = schema(kind)
        return {"anyOf": [_TEXT, whole]} if hasattr(kind, "shorthand") else whole
    match get_origin(kind):
        case origin if origin is Literal:
            return {"enum": list(get_args(kind))}
        case origin if origin is tuple:
            return {"type": "array", "items": _kind_schema(get_args(kind)[0])}
        case _:
            return {"type": "object"}


# ----------------------------------------------------------------------------------------- words

_SCALAR_NAMES: dict[Any, str] = {
    str: "text",
    InputFile: "file",
    Slug: "slug",
    Url: "URL",
    Language: "language tag",
    int: "integer",
    bool: "true|false",
    date: "date",
}


def type_name(kind: Any) -> str:
    """A declared type in words, for listings: `a4|letter`, `list of text`."""
    if kind in _SCALAR_NAMES:
        return _SCALAR_NAMES[kind]
    if isinstance(kind, type) and issubclass(kind, Markdown):
        return "Markdown"
    if get_origin(kind) is Literal:
        return "|".join(map(str, get_args(kind)))
    if get_origin(kind) is tuple:
        return f"list of {type_name(get_args(kind)[0])}"
    if is_dataclass(kind):
        return f"{_noun(kind).removeprefix('a ')}s"
    return "mapping"
