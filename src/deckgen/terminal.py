"""Blocks -> lines of a terminal, for `deckgen show`."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import assert_never

from .markdown import (
    Block,
    CodeBlock,
    Heading,
    Inline,
    Item,
    Link,
    List,
    MathBlock,
    Paragraph,
    Quote,
    Rule,
    Table,
    inline_text,
)

_NARROWEST = 20


def lines(blocks: Iterable[Block], width: int) -> Iterator[str]:
    """The blocks as plain lines of at most `width` columns (code and tables may be wider, and no
    line is made narrower than a word or two), with an empty line between them."""
    for number, block in enumerate(blocks):
        if number:
            yield ""
        yield from _block(block, width)


def _block(block: Block, width: int) -> Iterator[str]:
    match block:
        case Paragraph(content) | Heading(_, content):
            yield from textwrap.wrap(_words(content), max(width, _NARROWEST)) or [""]
        case CodeBlock(_, code):
            yield from ("    " + "".join(token.text for token in line) for line in code)
        case List():
            yield from _list(block, width)
        case Quote(blocks):
            yield from (f"> {line}" for line in lines(blocks, width - 2))
        case Table():
            yield from _table(block)
        case MathBlock(tex):
            yield f"    {tex}"
        case Rule():
            yield "-" * 20
        case _:
            assert_never(block)


def _words(content: tuple[Inline, ...]) -> str:
    addresses = [part.url for part in content if isinstance(part, Link)]
    return " ".join([inline_text(content), *(f"<{url}>" for url in addresses)])


def _list(block: List, width: int) -> Iterator[str]:
    for number, item in enumerate(block.items, block.start or 0):
        mark = _mark(item, f"{number}. " if block.start is not None else "- ")
        if number > (block.start or 0) and not block.tight:
            yield ""
        indent = " " * len(mark)
        inner = [line for b in item.blocks for line in _block(b, width - len(mark))] or [""]
        yield mark + inner[0]
        yield from ((indent + line).rstrip() for line in inner[1:])


def _mark(item: Item, mark: str) -> str:
    return mark if item.done is None else f"{mark}[{'x' if item.done else ' '}] "


def _table(table: Table) -> Iterator[str]:
    rows = [[inline_text(cell) for cell in row] for row in (table.head, *table.rows)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for number, row in enumerate(rows):
        cells = zip(row, widths, strict=True)
        yield "  ".join(cell.ljust(size) for cell, size in cells).rstrip()
        if number == 0:
            yield "  ".join("-" * size for size in widths)
