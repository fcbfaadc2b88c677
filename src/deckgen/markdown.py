"""Markdown, parsed once into plain values that every exporter renders for its own medium.

CommonMark by pyromark, with tables, strikethrough, task lists, `$math$` and, on cloze cards,
`{{c1::hidden::hint}}`. A renderer is one `match` over the types here, ended by `assert_never`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from .texts import ClozeText as ClozeText
from .texts import Markdown as Markdown
from .words import unhyphenated

# ------------------------------------------------------------------------------- inline types


@dataclass(frozen=True, slots=True, init=False)
class Text:
    """Plain characters. A newline is a soft break: white space like any other."""

    text: str

    def __init__(self, text: str) -> None:
        _set_text(self, text)  # in half the time of what dataclass would write: most values are it


_set_text: Any = Text.__dict__["text"].__set__


@dataclass(frozen=True, slots=True)
class Code:
    """Code in a line."""

    text: str


@dataclass(frozen=True, slots=True)
class Math:
    """TeX, without its dollars. `display` stands on a line of its own."""

    tex: str
    display: bool = False


@dataclass(frozen=True, slots=True)
class Break:
    """A hard line break."""


@dataclass(frozen=True, slots=True)
class Image:
    """`source` is a file's path below the guide's media folder: a key of `Guide.media`."""

    source: str
    alt: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Text in a style of its own."""

    style: Literal["emphasis", "strong", "strike", "sub", "sup", "kbd"]
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """`url` is http, https or mailto; every other address has become plain text."""

    url: str
    content: tuple[Inline, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A cloze deletion: what card `number` (from 1) hides."""

    number: int
    content: tuple[Inline, ...]
    hint: str = ""


Inline = Text | Code | Math | Break | Image | Span | Link | Gap

# -------------------------------------------------------------------------------- block types


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines of text."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` counts from 1, the highest."""

    level: int
    content: tuple[Inline, ...]


class Token(NamedTuple):
    """Characters of code with Pygments' short class for their token (`k`, `s2`; `""` is plain)."""

    style: str
    text: str


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A listing: lines of tokens, without line ends. `language` is as written, lower-cased."""

    language: str
    lines: tuple[tuple[Token, ...], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A list's item. `done` is None unless it is a task."""

    blocks: tuple[Block, ...]
    done: bool | None = None


@dataclass(frozen=True, slots=True)
class List:
    """`start` is the first number of an ordered list and None for bullets. In a `tight` list the
    items' paragraphs stand without space between them."""

    items: tuple[Item, ...]
    start: int | None = None
    tight: bool = True


@dataclass(frozen=True, slots=True)
class Quote:
    """Blocks in somebody else's words."""

    blocks: tuple[Block, ...]


Alignment = Literal["", "left", "center", "right"]
Row = tuple[tuple["Inline", ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Every row has as many cells as `head`; `align` has one entry a column."""

    align: tuple[Alignment, ...]
    head: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class MathBlock:
    """A formula in TeX, without its dollars, on lines of its own."""

    tex: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A thematic break."""


Block = Paragraph | Heading | CodeBlock | List | Quote | Table | MathBlock | Rule

# ----------------------------------------------------------------------------------- the words


def plain_text(blocks: Iterable[Block]) -> str:
    """The words of some blocks, on one line, code and formulas as written, clozes filled in."""
    return _in_a_line(" ".join(_block_words(block) for block in blocks))


def inline_text(content: Iterable[Inline]) -> str:
    """The words of some inline content, as `plain_text` gives those of blocks."""
    return _in_a_line("".join(map(_inline_words, content)))


def _in_a_line(words: str) -> str:
    return " ".join(unhyphenated(words).split())


def _block_words(block: Block) -> str:
    match block:
        case Paragraph(content) | Heading(_, content):
            return "".join(map(_inline_words, content))
        case CodeBlock(_, lines):
            return "\n".join("".join(token.text for token in line) for line in lines)
        case List(items):
            return " ".join(_block_words(b) for item in items for b in item.blocks)
        case Quote(blocks):
            return " ".join(map(_block_words, blocks))
        case Table(_, head, rows):
            cells = (cell for row in (head, *rows) for cell in row)
            return " ".join("".join(map(_inline_words, cell)) for cell in cells)
        case MathBlock(tex):
            return tex
        case Rule():
            return ""


def _inline_words(inline: Inline) -> str:
    match inline:
        case Text(text) | Code(text):
            return text
        case Math(tex):
            return tex
        case Break():
            return " "
        case Image(_, alt):
            return alt
        case Span(_, content) | Link(_, content) | Gap(_, content):
            return "".join(map(_inline_words, content))


def walk(blocks: Iterable[Block]) -> Iterator[Block | Inline]:
    """Every block and inline in reading order, a container before what it holds."""
    for block in blocks:
        yield block
        match block:
            case Paragraph(content) | Heading(_, content):
                yield from _walk_inline(content)
            case List(items):
                for item in items:
                    yield from walk(item.blocks)
            case Quote(inner):
                yield from walk(inner)
            case Table(_, head, rows):
                for row in (head, *rows):
                    for cell in row:
                        yield from _walk_inline(cell)
            case CodeBlock() | MathBlock() | Rule():
                pass


def _walk_inline(content: Iterable[Inline]) -> Iterator[Inline]:
    for inline in content:
        yield inline
        match inline:
            case Span(_, inner) | Link(_, inner) | Gap(_, inner):
                yield from _walk_inline(inner)
            case _:
                pass
