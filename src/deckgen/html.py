"""Blocks -> HTML that needs no script, no style of its own and nothing from the network.

Everything that comes from the bank passes through `escaped`, which a subclass overrides where the
page it goes into reads more than HTML does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from html import escape
from typing import assert_never

from .markdown import (
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
    Rule,
    Span,
    Table,
    Text,
    Token,
)
from .model import FollowUp, Media
from .texts import Markdown

NO_ANSWER = '<p class="missing" lang="en">No model answer has been written yet.</p>'
"""Stands where a question's answer would."""

_TAGS = {
    "emphasis": "em",
    "strong": "strong",
    "strike": "del",
    "sub": "sub",
    "sup": "sup",
    "kbd": "kbd",
}


class HtmlRenderer:
    """Renders the texts of one guide.

    `address` gives what stands in `src` for an image.
    """

    heading_shift = 2
    """How many levels of heading the page keeps for itself."""

    def __init__(self, media: Mapping[str, Media], address: Callable[[str, Media], str]) -> None:
        self.media = media
        self.address = address
        self.shown: set[str] = set()
        """The sources of the images rendered since `pictures` was asked."""
        self.tokens = cache(self.token)
        """Of code, which has the same ones again and again."""

    def pictures(self) -> set[str]:
        """The sources of the images rendered since this was last asked."""
        shown, self.shown = self.shown, set()
        return shown

    # -- what a subclass may override

    def escaped(self, text: str, *, quote: bool = False) -> str:
        """A text with entities for all that HTML would not read as it is."""
        return escape(text, quote)

    def text(self, text: str) -> str:
        """Words between tags."""
        return self.escaped(text)

    def attribute(self, value: str) -> str:
        """The value of an attribute, without its quotes."""
        return self.escaped(value, quote=True)

    def gap(self, gap: Gap) -> str:
        """A cloze deletion, as its content."""
        return self.inlines(gap.content)

    # -- blocks

    def blocks(self, blocks: Iterable[Block]) -> str:
        return "\n".join(map(self.block, blocks))

    def compact(self, blocks: tuple[Block, ...]) -> str:
        """As `blocks`, but a lone paragraph stands without its `<p>`: for items, cells, titles."""
        if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
            return self.inlines(blocks[0].content)
        return self.blocks(blocks)

    def bullets(self, items: Iterable[str]) -> str:
        """A list of what is already HTML; nothing when there is nothing in it."""
        listed = "\n".join(f"<li>{item}</li>" for item in items)
        return f"<ul>\n{listed}\n</ul>" if listed else ""

    def texts(self, texts: Iterable[Markdown]) -> str:
        """Some texts as a list, without those that say nothing."""
        return self.bullets(filter(None, (self.compact(text.blocks) for text in texts)))

    def follow_up(self, follow_up: FollowUp) -> str:
        """What is asked next, its answer below it."""
        asked = self.compact(follow_up.question.blocks)
        reply = self.compact(follow_up.answer.blocks)
        return f'{asked}<div class="reply">{reply}</div>' if reply else asked

    def link(self, url: str, title: str) -> str:
        return f'<a href="{self.attribute(url)}">{self.text(title)}</a>'

    def block(self, block: Block) -> str:
        match block:
            case Paragraph(content):
                return f"<p>{self.inlines(content)}</p>"
            case Heading(level, content):
                tag = f"h{min(level + self.heading_shift, 6)}"
                return f"<{tag}>{self.inlines(content)}</{tag}>"
            case CodeBlock(_, lines):
                code = "\n".join("".join(map(self.tokens, line)) for line in lines)
                return f"<pre><code>{code}</code></pre>"
            case List():
                return self.list(block)
            case Quote(blocks):
                return f"<blockquote>\n{self.blocks(blocks)}\n</blockquote>"
            case Table():
                return self.table(block)
            case MathBlock(tex):
                return f"<p>{self.tex(tex, display=True)}</p>"
            case Rule():
                return "<hr>"
            case _:
                assert_never(block)

    def token(self, token: Token) -> str:
        text = self.text(token.text)
        return f'<span class="{token.style}">{text}</span>' if token.style else text

    def list(self, block: List) -> str:
        items = "\n".join(self.item(item, tight=block.tight) for item in block.items)
        if block.start is None:
            return f"<ul>\n{items}\n</ul>"
        start = "" if block.start == 1 else f' start="{block.start}"'
        return f"<ol{start}>\n{items}\n</ol>"

    def item(self, item: Item, *, tight: bool) -> str:
        body = "\n".join(
            self.inlines(block.content)
            if tight and isinstance(block, Paragraph)
            else self.block(block)
            for block in item.blocks
        )
        if item.done is None:
            return f"<li>{body}</li>"
        checked = " checked" if item.done else ""
        return f'<li class="task"><input type="checkbox" disabled{checked}> {body}</li>'

    def table(self, table: Table) -> str:
        """In a box of its own, which can scroll where the table is wider than the page."""

        def row(cells: Iterable[tuple[Inline, ...]], tag: str) -> str:
            marked = (
                f"<{tag}{f' class={align}' if align else ''}>{self.inlines(cell)}</{tag}>"
                for cell, align in zip(cells, table.align, strict=True)
            )
            return f"<tr>{''.join(marked)}</tr>"

        body = "\n".join(row(cells, "td") for cells in table.rows)
        return (
            f'<div class="table"><table>\n<thead>{row(table.head, "th")}</thead>\n'
            f"<tbody>\n{body}\n</tbody>\n</table></div>"
        )

    # -- inlines

    def inlines(self, content: tuple[Inline, ...]) -> str:
        # Most of any content is words, which `inline` would give the same.
        return "".join(
            [self.text(part.text) if type(part) is Text else self.inline(part) for part in content]
        )

    def inline(self, inline: Inline) -> str:
        match inline:
            case Text(text):
                return self.text(text)
            case Code(text):
                return f"<code>{self.text(text)}</code>"
            case Span(style, content):
                tag = _TAGS[style]
                return f"<{tag}>{self.inlines(content)}</{tag}>"
            case Math(tex, display):
                return self.tex(tex, display=display)
            case Break():
                return "<br>"
            case Image():
                return self.image(inline)
            case Link(url, content, title):
                return (
                    f'<a href="{self.attribute(url)}"{self.title(title)}>'
                    f"{self.inlines(content)}</a>"
                )
            case Gap():
                return self.gap(inline)
            case _:
                assert_never(inline)

    def tex(self, tex: str, *, display: bool) -> str:
        """A formula, between the delimiters that MathJax looks for."""
        opening, closing = (r"\[", r"\]") if display else (r"\(", r"\)")
        return f"{opening}{self.escaped(tex)}{closing}"

    def image(self, image: Image) -> str:
        media = self.media[image.source]
        self.shown.add(image.source)
        return (
            f'<img src="{self.attribute(self.address(image.source, media))}"'
            f' alt="{self.attribute(image.alt)}"{self.title(image.title)}'
            f' width="{round(media.width)}" height="{round(media.height)}">'
        )

    def title(self, title: str) -> str:
        return f' title="{self.attribute(title)}"' if title else ""
