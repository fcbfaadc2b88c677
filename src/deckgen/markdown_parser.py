"""Markdown text -> the values of `markdown.py`, by pyromark (pulldown-cmark, a parser in Rust).

What differs from CommonMark is in docs/bank.md: raw HTML is text (comments go, four tags are
honoured), math binds before emphasis, and only web and mail addresses make links. What is not
CommonMark at all is cut out first, by `markdown_pieces.py`.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from typing import Any, Literal
from urllib.parse import quote, unquote

import pyromark

from .highlight import NotHighlighted, highlight, plain
from .markdown import (
    Alignment,
    Block,
    Break,
    Code,
    CodeBlock,
    Gap,
    Heading,
    Image,
    Inline,
    Item,
    Link,
    List,
    Math,
    MathBlock,
    Paragraph,
    Quote,
    Row,
    Rule,
    Span,
    Table,
    Text,
    inline_text,
)
from .markdown_pieces import PLACE, WORDS_ALONE, Cloze, Comment, Cut, Piece, Tag, cut
from .texts import MAX_DEPTH, MAX_FILLED, MAX_URL, Parsed, Remark
from .words import quoted

MAX_CLOZE = 500
"""Anki makes an empty card of a higher number (rslib/src/cloze.rs)."""

_TOO_DEEP = f"lists, quotes or emphasis are nested more than {MAX_DEPTH} deep"

_PARSER = pyromark.Markdown(
    options=pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
)


def parse(source: str, math: bool = True, clozes: bool = False) -> Parsed:
    """Parse a text. Never raises: what is wrong with it comes back as remarks."""
    if WORDS_ALONE.fullmatch(source):
        return Parsed((Paragraph((Text(source),)),), ())
    try:
        return _parse(source, math, clozes)
    except UnicodeEncodeError:  # half a character, which no file can hold but a string can
        whole = source.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return _parse(whole, math, clozes)


def _parse(source: str, math: bool, clozes: bool) -> Parsed:
    text = cut(source, math=math, clozes=clozes)
    remarks = list(text.remarks)
    try:
        blocks = _Converter(text, remarks).blocks(0)
    except _TooMuch as error:
        return Parsed((), (*remarks, Remark(str(error), "", warning=False)))
    return Parsed(blocks, tuple(remarks))


class _TooMuch(Exception):
    """Which limit a text is beyond."""


class _Level:
    """What is learnt of a list's item while its content is read: whether it is a task, and done;
    whether its paragraphs stand apart."""

    done: bool | None = None
    loose = False


_Part = Inline | MathBlock | Tag
"""A part of inline content as the parser gives it: HTML tags are not yet paired, and formulas on
lines of their own not yet moved out into blocks."""


class _Converter:
    """Reads the parser's events once; a method for each kind of container, up to its end."""

    def __init__(self, text: Cut, remarks: list[Remark], *, in_line: bool = False) -> None:
        self.text = text
        self.remarks = remarks
        self.in_line = in_line
        """Whether the text is part of a paragraph, so that the spaces around it count."""
        self.is_whole = not text.pieces
        """Whether nothing is cut out of it."""
        self.events: Iterator[Any] = _PARSER.events(text.text)
        self.level = _Level()

    def remark(self, message: str, needle: str, *, warning: bool = True, name: str = "") -> None:
        self.remarks.append(Remark(message, needle, warning, name))

    # -- blocks

    def blocks(self, depth: int) -> tuple[Block, ...]:
        """The blocks up to the end of what holds them."""
        if depth > MAX_DEPTH:
            raise _TooMuch(_TOO_DEEP)
        out: list[Block] = []
        bare: list[_Part] = []  # a tight list's items hold text without paragraphs
        for event in self.events:
            kind, value = _parts(event)
            if kind == "End":
                break
            make = _BLOCKS.get(_name(value)) if kind in ("Start", "Rule") else None
            if make:
                if bare:
                    out += self.paragraphs(bare)
                    bare = []
                out += make(self, value, depth)
            else:
                self.inline(kind, value, bare, depth)
        return (*out, *self.paragraphs(bare)) if bare else tuple(out)

    def inside(self, depth: int) -> tuple[tuple[Block, ...], _Level]:
        """The blocks of a container, and what was learnt of it while they were read."""
        around, self.level = self.level, _Level()
        blocks = self.blocks(depth + 1)
        level, self.level = self.level, around
        return blocks, level

    def paragraph(self, value: Any, depth: int) -> list[Block]:
        self.level.loose = True
        return self.paragraphs(self.parts(depth))

    def heading(self, value: Any, depth: int) -> list[Block]:
        level = int(value["Heading"]["level"].removeprefix("H"))
        return [Heading(level, self.content(depth))]

    def code(self, value: Any, depth: int) -> list[Block]:
        opening = value["CodeBlock"]
        info = "" if opening == "Indented" else self.text.restored(opening["Fenced"]).strip()
        code = self.text.restored("".join(self.raw()))
        language = info.split()[0].lower() if info else ""
        try:
            lines = highlight(code, language)
        except NotHighlighted as why:
            self.remark(str(why), info, name=why.name)
            lines = plain(code)
        return [CodeBlock(language, lines)]

    def raw(self) -> Iterator[str]:
        """The texts up to the end of what holds them."""
        for event in self.events:
            kind, value = _parts(event)
            if kind == "End":
                return
            yield value

    def quote(self, value: Any, depth: int) -> list[Block]:
        blocks, _ = self.inside(depth)
        return [Quote(blocks)]

    def items(self, value: Any, depth: int) -> list[Block]:
        items, tight = [], True
        for event in self.events:
            if _parts(event)[0] == "End":
                break
            blocks, level = self.inside(depth)
            items.append(Item(blocks, level.done))
            tight = tight and not level.loose
        return [List(tuple(items), value["List"], tight)]

    def table(self, value: Any, depth: int) -> list[Block]:
        rows: list[Row] = []
        row: list[tuple[Inline, ...]] = []
        for event in self.events:
            kind, name = _parts(event)
            if kind == "Start" and name == "TableCell":
                row.append(self.content(depth))
            elif kind == "End":
                if name == "Table":
                    break
                rows.append(tuple(row))
                row = []
        if any(len(row) < len(rows[0]) for row in rows):
            # The parser fills short rows in, lest one be as long as all: but no more than this.
            raise _TooMuch(f"the rows of a table lack more than {MAX_FILLED:,} cells of its head's")
        align = tuple(_ALIGNMENTS[side] for side in value["Table"])
        return [Table(align, rows[0], tuple(rows[1:]))]

    # -- inline content

    def parts(self, depth: int) -> list[_Part]:
        """The inline content up to the end of what holds it."""
        if depth > MAX_DEPTH:
            raise _TooMuch(_TOO_DEEP)
        out: list[_Part] = []
        words = ""  # those that are not in `out` yet: most content is nothing else
        for event in self.events:
            kind, value = event.popitem() if type(event) is dict else (event, event)
            if kind == "Text" and (self.is_whole or value.isascii()):
                words += value
                continue
            if kind == "SoftBreak":
                words += "\n"
                continue
            if words:
                _add_text(out, words)
                words = ""
            if kind == "End":
                break
            if kind == "Start":
                self.container(value, out, depth + 1)
            else:
                self.inline(kind, value, out, depth)
        return out

    def content(self, depth: int) -> tuple[Inline, ...]:
        """The same, as it stands in a line."""
        parts = self.parts(depth)
        return tuple(parts) if self.is_whole else _paired(parts)  # type: ignore[arg-type]

    def paragraphs(self, parts: list[_Part]) -> list[Block]:
        """A paragraph. A formula on a line of its own divides it: what stands before it and after
        it are paragraphs too."""
        if self.is_whole:
            return _paragraph(tuple(parts))  # type: ignore[arg-type]
        blocks: list[Block] = []
        start = 0
        for at, part in enumerate(parts):
            if isinstance(part, MathBlock):
                blocks += _paragraph(_trimmed(_paired(parts[start:at])))
                blocks.append(part)
                start = at + 1
        rest = _paired(parts[start:])
        return blocks + _paragraph(rest if self.in_line and not start else _trimmed(rest))

    def inline(self, kind: str, value: Any, out: list[_Part], depth: int) -> None:
        """Append what one event, with all that it opens, comes to."""
        match kind:
            case "Start":
                self.container(value, out, depth + 1)
            case "SoftBreak":
                _add_text(out, "\n")
            case "Code":
                out.append(Code(self.text.restored(value)))
            case "Text" | "InlineHtml" | "Html":
                self.words(value, out, depth)
            case "HardBreak":
                out.append(Break())
            case "TaskListMarker":
                self.level.done = value
            case _:
                raise AssertionError(kind)

    def words(self, text: str, out: list[_Part], depth: int) -> None:
        if self.is_whole or text.isascii():
            _add_text(out, text)
            return
        for part in PLACE.split(text):
            if PLACE.fullmatch(part):
                self.piece(self.text.piece(part), out, depth)
            elif part:
                _add_text(out, part)

    def piece(self, piece: Piece, out: list[_Part], depth: int) -> None:
        match piece.value:
            case Text(text):
                _add_text(out, text)
            case Comment():
                pass
            case Cloze() as cloze:
                out.append(self.gap(cloze, piece.source, depth + 1))
            case value:
                out.append(value)

    def container(self, value: Any, out: list[_Part], depth: int) -> None:
        content = self.content(depth)
        match value:
            case str():
                out.append(Span(_STYLES[value], content))
            case {"Link": opening}:
                for inline in self.link(opening, content):
                    _add(out, inline)
            case _:
                _add(out, self.image(value["Image"], content))

    def link(self, opening: Any, content: tuple[Inline, ...]) -> tuple[Inline, ...]:
        url = self.text.restored(opening["dest_url"])
        if opening["link_type"] == "Email":
            url = f"mailto:{url}"
        if _WEB.match(url) and len(url) <= MAX_URL:
            return (Link(_encoded(url), content, self.text.restored(opening["title"])),)
        expected = f"up to {MAX_URL:,} characters" if _WEB.match(url) else "http, https or mailto"
        message = f"the link to {quoted(url)} becomes plain text: expected {expected}"
        self.remark(message, url, name="link-target")
        return content

    def image(self, opening: Any, content: tuple[Inline, ...]) -> Inline:
        written = unquote(self.text.restored(opening["dest_url"]))
        alt = inline_text(content)
        if _ADDRESS.match(written):
            self.remark(
                f"the image {quoted(written)} is on the web: save it under the guide's media/ "
                "folder and name that file",
                written,
                warning=False,
            )
            return Text(alt or written)
        return Image(written.removeprefix("media/"), alt, self.text.restored(opening["title"]))

    def gap(self, cloze: Cloze, source: str, depth: int) -> Gap:
        if depth > MAX_DEPTH:
            raise _TooMuch(_TOO_DEEP)
        content = self.hidden(cloze.content, depth)
        number = int(cloze.number[:9])
        if not 1 <= number <= MAX_CLOZE:
            message = f"cloze number {number}: expected 1 to {MAX_CLOZE}"
            self.remark(message, source, warning=False)
        if not content:
            self.remark("this cloze hides nothing", source, warning=False)
        return Gap(number, content, cloze.hint)

    def hidden(self, text: str, depth: int) -> tuple[Inline, ...]:
        """What a cloze hides, as it stands in its line."""
        if WORDS_ALONE.fullmatch(text):
            return (Text(text),)
        inner = _Converter(self.text._replace(text=text), self.remarks, in_line=True)
        blocks = inner.blocks(depth)
        return blocks[0].content if blocks and isinstance(blocks[0], Paragraph) else ()


_BLOCKS: dict[str, Callable[[_Converter, Any, int], list[Block]]] = {
    "Paragraph": _Converter.paragraph,
    "HtmlBlock": _Converter.paragraph,
    "Heading": _Converter.heading,
    "CodeBlock": _Converter.code,
    "BlockQuote": _Converter.quote,
    "List": _Converter.items,
    "Table": _Converter.table,
    "Rule": lambda converter, value, depth: [Rule()],
}
_STYLES: dict[str, Literal["emphasis", "strong", "strike"]] = {
    "Emphasis": "emphasis",
    "Strong": "strong",
    "Strikethrough": "strike",
}
_ALIGNMENTS: dict[str, Alignment] = {
    "None": "",
    "Left": "left",
    "Center": "center",
    "Right": "right",
}
_WEB = re.compile(r"(?:https?://[^\s/]|mailto:\S)", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)


def _parts(event: Any) -> tuple[str, Any]:
    """An event's kind, and what it says."""
    if type(event) is str:
        return event, event
    return event.popitem()  # type: ignore[no-any-return]


def _name(value: Any) -> str:
    """What begins: a word, or the key of a mapping with more about it."""
    return value if type(value) is str else next(iter(value))


def _add_text(out: list[_Part], text: str) -> None:
    """Append words, as one text with those before them."""
    if not text:
        return
    if out and type(out[-1]) is Text:
        out[-1] = Text(out[-1].text + text)
    else:
        out.append(Text(text))


def _add(out: list[_Part], part: _Part) -> None:
    if isinstance(part, Text):
        _add_text(out, part.text)
    else:
        out.append(part)


def _paragraph(content: tuple[Inline, ...]) -> list[Block]:
    return [Paragraph(content)] if content else []  # what is empty now held only comments


def _trimmed(content: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Content without what stood between it and a formula or a comment."""
    out = list(content)
    if out and isinstance(first := out[0], Text):
        out[0] = Text(first.text.lstrip(" \n"))
    if out and isinstance(last := out[-1], Text):
        out[-1] = Text(last.text.rstrip(" \n"))
    return tuple(part for part in out if not (isinstance(part, Text) and not part.text))


def _paired(parts: list[_Part]) -> tuple[Inline, ...]:
    """Inline content from its parts: tags that pair up become spans, the others text."""
    outs: list[list[_Part]] = [[]]
    opened: list[Tag] = []
    for part in parts:
        match part:
            case Tag(_, True) if len(opened) < MAX_DEPTH:
                opened.append(part)
                outs.append([])
            case Tag(name) if any(tag.name == name for tag in opened):
                while opened[-1].name != name:
                    _undo(outs, opened.pop())
                opened.pop()
                span = Span(name, tuple(outs.pop()))  # type: ignore[arg-type]
                outs[-1].append(span)
            case Tag(source=source):
                _add(outs[-1], Text(source))
            case MathBlock(tex):
                outs[-1].append(Math(tex, display=True))
            case _:
                _add(outs[-1], part)
    while opened:
        _undo(outs, opened.pop())
    return tuple(outs[0])  # type: ignore[arg-type]


def _undo(outs: list[list[_Part]], tag: Tag) -> None:
    """A tag that nothing closes is text."""
    inner = outs.pop()
    for part in (Text(tag.source), *inner):
        _add(outs[-1], part)


_HOST = re.compile(r"(https?://)([^/?#]*)", re.IGNORECASE)


def _encoded(url: str) -> str:
    """An address in ASCII, as links in files have it (RFC 3987, 3.1)."""
    found = _HOST.match(url)
    host = found[0] if found else ""
    rest = quote(url[len(host) :], safe="!#$%&'()*+,/:;=?@~")
    if found and not host.isascii():
        with contextlib.suppress(UnicodeError):  # what is no name of a host is quoted, too
            return found[1] + found[2].encode("idna").decode() + rest
        return quote(host, safe=":/") + rest
    return host + rest
