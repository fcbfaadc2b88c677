"""Markdown text -> the values of `markdown.py`, by markdown-it-py.

What differs from CommonMark is in docs/bank.md: raw HTML is text (comments go, four tags are
honoured), math binds before emphasis, and only web and mail addresses make links.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, cast
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token as MdToken

from .highlight import highlight
from .markdown import (
    MAX_LEVEL,
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
    Parsed,
    Quote,
    Remark,
    Row,
    Rule,
    Span,
    Table,
    Text,
)

MAX_CLOZE = 500
"""Anki makes an empty card of a higher number (rslib/src/cloze.rs)."""


def parse(source: str, *, math: bool = True, clozes: bool = False) -> Parsed:
    """Parse a text. Never raises: what is wrong with it comes back as remarks."""
    return _Converter(_parser(math, clozes)).run(source)


@cache
def _parser(math: bool, clozes: bool) -> MarkdownIt:
    md = MarkdownIt("commonmark", {"maxNesting": 2 * MAX_LEVEL})
    md.enable(["table", "strikethrough"])
    md.disable("html_block")
    md.disable(["inline", "text_join"])  # inline content is parsed when it is converted
    # Addresses are judged in one place, when links are converted, where a warning can be given.
    md.validateLink = lambda url: True  # type: ignore[method-assign]
    md.block.ruler.before("paragraph", "comment", _comment_rule)
    if math:
        md.block.ruler.before(
            "fence", "math_block", _math_block_rule, {"alt": ["paragraph", "blockquote", "list"]}
        )
        md.inline.ruler.before("escape", "math", _math_rule)
    if clozes:
        md.inline.ruler.before("escape", "cloze", _cloze_rule)
    return md


# --------------------------------------------------------------------------- markdown-it rules


def _comment_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """An HTML comment that begins a block; it may hold blank lines."""
    first = state.bMarks[start] + state.tShift[start]
    if state.is_code_block(start) or not state.src.startswith("<!--", first):
        return False
    close = state.src.find("-->", first + 4)
    if close < 0 or silent:
        return False
    line = start
    while line < end and state.eMarks[line] < close:
        line += 1
    if line >= end or state.src[close + 3 : state.eMarks[line]].strip():
        return False  # text follows: a paragraph, in which the inline rule drops the comment
    state.line = line + 1
    return True


def _math_block_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`$$`, at the beginning of a line, to `$$` at the end of the same or a later one."""
    first = state.bMarks[start] + state.tShift[start]
    if state.is_code_block(start) or not state.src.startswith("$$", first):
        return False
    close = state.src.find("$$", first + 2)
    line = start
    while line < end and state.eMarks[line] < close:
        line += 1
        if line == end or state.isEmpty(line) or state.sCount[line] < state.blkIndent:
            return False
    tex = state.getLines(start, line + 1, state.blkIndent, False).strip()[2:-2].strip()
    ends_line = not state.src[close + 2 : state.eMarks[line]].strip()
    if close < 0 or not ends_line or not tex or tex.endswith("\\"):
        return False
    if not silent:
        token = state.push("math_block", "", 0)
        token.content = tex
        token.map = [start, line + 1]
        state.line = line + 1
    return True


_MATH = re.compile(
    r"\$\$(?P<display>(?:\\.|[^$\\])+?)\$\$"
    r"|\$(?![\s$])(?P<inline>(?:\\[^\n]|[^$\\\n])+?)(?<!\s)\$(?!\d)",
    re.DOTALL,
)


def _math_rule(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "$":
        return False
    match = _MATH.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        display = match["display"]
        token = state.push("math_display" if display else "math_inline", "", 0)
        token.content = (display or match["inline"]).strip()
    state.pos = match.end()
    return True


_CLOZE_OPEN = re.compile(r"\{\{c(\d[\d,]*)::")


def _cloze_rule(state: StateInline, silent: bool) -> bool:
    """`{{c1::hidden::hint}}`; the hidden part holds any inline Markdown, clozes too."""
    opening = _CLOZE_OPEN.match(state.src, state.pos, state.posMax)
    if not opening:
        return False
    hint, close = _cloze_end(state, opening.end())
    if close < 0 or "," in opening[1]:
        if not silent:
            fault = "is not closed by }}" if close < 0 else "has several numbers: give it one"
            state.env["remarks"].append(Remark(f"this cloze {fault}", opening[0], warning=False))
        return False
    if not silent:
        token = state.push("cloze_open", "", 1)
        token.meta = {
            "number": opening[1],
            "hint": state.src[hint + 2 : close] if hint >= 0 else "",
            "source": state.src[state.pos : close + 2],
        }
        _tokenize_part(state, opening.end(), hint if hint >= 0 else close)
        state.push("cloze_close", "", -1)
    state.pos = close + 2
    return True


def _cloze_end(state: StateInline, pos: int) -> tuple[int, int]:
    """Where the hint's `::` (or -1) and the closing `}}` (or -1) of a cloze stand."""
    before, hint = state.pos, -1
    state.pos = pos
    close = -1
    while state.pos < state.posMax:
        if state.src.startswith("}}", state.pos):
            close = state.pos
            break
        if hint < 0 and state.src.startswith("::", state.pos):
            hint = state.pos
            state.pos += 2
        else:
            state.md.inline.skipToken(state)  # past code, escapes, links and inner clozes whole
    state.pos = before
    return hint, close


def _tokenize_part(state: StateInline, start: int, end: int) -> None:
    before = state.pos, state.posMax
    state.pos, state.posMax = start, end
    state.md.inline.tokenize(state)
    state.pos, state.posMax = before


# ------------------------------------------------------------------------------ tokens -> values

_STYLES = {"em": "emphasis", "strong": "strong", "s": "strike"}
_HONOURED = re.compile(r"<(/?)(sub|sup|kbd)>", re.IGNORECASE)
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_WEB = re.compile(r"(?:https?://[^\s/]|mailto:\S)", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
_TASK = re.compile(r"\[([ xX])\]\s+")


class _Converter:
    """Walks markdown-it's flat tokens once, by recursion at every opening token."""

    def __init__(self, parser: MarkdownIt) -> None:
        self.parser = parser
        self.remarks: list[Remark] = []
        self.env: dict[str, Any] = {"remarks": self.remarks}

    def run(self, source: str) -> Parsed:
        try:
            if _LINE.fullmatch(source):
                block = _paragraph(self.inlines(source))
                return Parsed((block,) if block else (), tuple(self.remarks))
            tokens = self.parser.parse(source, self.env)
            _bound_depth(tokens)
            blocks, _ = self.blocks(tokens, 0)
        except _TooDeep:
            message = f"lists, quotes or emphasis are nested more than {MAX_LEVEL // 2} deep"
            self.remark(message, "", warning=False)
            blocks = ()
        return Parsed(blocks, tuple(self.remarks))

    def remark(self, message: str, needle: str, *, warning: bool = True, name: str = "") -> None:
        self.remarks.append(Remark(message, needle, warning, name))

    # -- blocks: each takes the index of its opening token and gives the one after its closing

    def blocks(self, tokens: Sequence[MdToken], at: int) -> tuple[tuple[Block, ...], int]:
        out: list[Block] = []
        while at < len(tokens) and tokens[at].nesting != -1:
            block, at = _BLOCKS[tokens[at].type](self, tokens, at)
            if block is not None:
                out.append(block)
        return tuple(out), at

    def paragraph(self, tokens: Sequence[MdToken], at: int) -> tuple[Block | None, int]:
        return _paragraph(self.inlines(tokens[at + 1].content)), at + 3

    def heading(self, tokens: Sequence[MdToken], at: int) -> tuple[Block | None, int]:
        return Heading(int(tokens[at].tag[1]), self.inlines(tokens[at + 1].content)), at + 3

    def code(self, tokens: Sequence[MdToken], at: int) -> tuple[Block | None, int]:
        token = tokens[at]
        language = token.info.split()[0].lower() if token.info.strip() else ""
        lines = highlight(token.content, language)
        if lines is None:
            message = f"unknown code language {language!r}: the code is shown plain"
            self.remark(message, token.info.strip(), name="code-language")
            lines = highlight(token.content, "")
        return CodeBlock(language, lines or ()), at + 1

    def math(self, tokens: Sequence[MdToken], at: int) -> tuple[Block | None, int]:
        return MathBlock(tokens[at].content), at + 1

    def rule(self, tokens: Sequence[MdToken], at: int) -> tuple[Block | None, int]:
        return Rule(), at + 1

    def quote(self, tokens: Sequence[MdToken], at: int) -> tuple[Block | None, int]:
        blocks, at = self.blocks(tokens, at + 1)
        return Quote(blocks), at + 1

    def list(self, tokens: Sequence[MdToken], at: int) -> tuple[Block | None, int]:
        opening = tokens[at]
        ordered = opening.type == "ordered_list_open"
        start = int(opening.attrs.get("start", 1)) if ordered else None
        at += 1
        items, tight = [], True
        while tokens[at].type == "list_item_open":
            tight = tight and not _has_loose_paragraph(tokens, at)
            blocks, at = self.blocks(tokens, at + 1)
            items.append(_task(Item(blocks)))
            at += 1
        return List(tuple(items), start, tight), at + 1

    def table(self, tokens: Sequence[MdToken], at: int) -> tuple[Block | None, int]:
        align: list[Alignment] = []
        rows: list[Row] = []
        row: list[tuple[Inline, ...]] = []
        while tokens[at].type != "table_close":
            token = tokens[at]
            if token.type == "tr_open":
                row = []
            elif token.type == "th_open":
                style = str(token.attrs.get("style", ""))
                align.append(cast(Alignment, style.removeprefix("text-align:")))
            elif token.type == "inline":
                row.append(self.inlines(token.content))
            elif token.type == "tr_close":
                rows.append(tuple(row))
            at += 1
        return Table(tuple(align), rows[0], tuple(rows[1:])), at + 1

    # -- inlines

    def inlines(self, source: str) -> tuple[Inline, ...]:
        plain = _plain(source)
        if plain is not None:
            return plain
        tokens = self.parser.inline.parse(source, self.parser, self.env, [])
        _bound_depth(tokens)
        content, _ = self.run_of(_pair_html(tokens), 0)
        return content

    def run_of(self, tokens: Sequence[MdToken], at: int) -> tuple[tuple[Inline, ...], int]:
        """The inlines up to the next closing token of this level, and its index."""
        out: list[Inline] = []
        while at < len(tokens) and tokens[at].nesting != -1:
            token = tokens[at]
            if token.nesting == 1:
                content, at = self.run_of(tokens, at + 1)
                _extend(out, self.container(token, content))
            else:
                _extend(out, self.leaf(token))
            at += 1
        return tuple(out), at

    def container(self, token: MdToken, content: tuple[Inline, ...]) -> tuple[Inline, ...]:
        if token.type == "link_open":
            return self.link(token, content)
        if token.type == "cloze_open":
            return (self.gap(token, content),)
        style = _STYLES.get(token.tag, token.tag)
        return (Span(style, content),)  # type: ignore[arg-type]

    def leaf(self, token: MdToken) -> tuple[Inline, ...]:
        match token.type:
            case "text":
                return (Text(token.content),)
            case "code_inline":
                return (Code(token.content),)
            case "math_inline":
                return (Math(token.content),)
            case "math_display":
                return (Math(token.content, display=True),)
            case "softbreak":
                return (Text("\n"),)
            case "hardbreak":
                return (Break(),)
            case "image":
                return self.image(token)
            case "html_inline":
                return _html(token.content)
            case _:  # an escape, or a character by its name
                return (Text(token.content),)

    def link(self, token: MdToken, content: tuple[Inline, ...]) -> tuple[Inline, ...]:
        url = str(token.attrs.get("href", ""))
        if _WEB.match(url):
            return (Link(url, content, str(token.attrs.get("title", ""))),)
        message = f"the link to {unquote(url)!r} becomes plain text: expected http, https or mailto"
        self.remark(message, unquote(url), name="link-target")
        return content

    def image(self, token: MdToken) -> tuple[Inline, ...]:
        written = unquote(str(token.attrs.get("src", "")))
        alt = token.content and _alt(token.children or [])
        if _ADDRESS.match(written):
            self.remark(
                f"the image {written!r} is on the web: save it under the guide's media/ folder "
                "and name that file",
                written,
                warning=False,
            )
            return (Text(alt or written),)
        return (Image(written.removeprefix("media/"), alt, str(token.attrs.get("title", ""))),)

    def gap(self, token: MdToken, content: tuple[Inline, ...]) -> Gap:
        number = int(token.meta["number"][:9])
        source = token.meta["source"]
        if not 1 <= number <= MAX_CLOZE:
            message = f"cloze number {number}: expected 1 to {MAX_CLOZE}"
            self.remark(message, source, warning=False)
        if not content:
            self.remark("this cloze hides nothing", source, warning=False)
        return Gap(number, content, token.meta["hint"].strip())


_BLOCKS: dict[str, Callable[[_Converter, Sequence[MdToken], int], tuple[Block | None, int]]] = {
    "paragraph_open": _Converter.paragraph,
    "heading_open": _Converter.heading,
    "fence": _Converter.code,
    "code_block": _Converter.code,
    "math_block": _Converter.math,
    "hr": _Converter.rule,
    "blockquote_open": _Converter.quote,
    "bullet_list_open": _Converter.list,
    "ordered_list_open": _Converter.list,
    "table_open": _Converter.table,
}


# By its first character a line is seen to be a paragraph: no other kind of block is looked for.
_LINE = re.compile(r"(?:[^\W\d_]|[\"'(]|\*{1,2}[^\s*]|`[^`])[^\n\r\0]*[^\s\0]")

_PLAIN = re.compile(
    r"""(?P<text>(?:[^\0\t\n\r&*<_`~$\[\\{]|(?<![ ])\n(?![ ]))+)
    |`(?P<code>[^`\s](?:[^`\n]*[^`\s])?)`(?!`)
    |(?<![^ \n("'])(?P<stars>\*\*?)
        (?P<span>[^\W_](?:[^\0\t\n\r&*<_`~$\[\\{]*[^\W_])?)(?P=stars)(?![^ \n.,;:!?)"'])
    """,
    re.VERBOSE,
)


def _plain(source: str) -> tuple[Inline, ...] | None:
    """Most inline content is words, some of them emphasised or set as code, in ways that can mean
    one thing only: it needs no parser, which would take ten times as long."""
    out: list[Inline] = []
    at = 0
    while at < len(source):
        match = _PLAIN.match(source, at)
        if match is None:
            return None
        text, code, stars, span = match.groups()
        if text:
            out.append(Text(text))
        elif code:
            out.append(Code(code))
        else:
            out.append(Span("emphasis" if stars == "*" else "strong", (Text(span),)))
        at = match.end()
    return tuple(out)


def _paragraph(content: tuple[Inline, ...]) -> Block | None:
    if len(content) == 1 and isinstance(content[0], Math) and content[0].display:
        return MathBlock(content[0].tex)
    return Paragraph(content) if content else None  # what is empty now held only comments


class _TooDeep(Exception):
    pass


def _bound_depth(tokens: Sequence[MdToken]) -> None:
    # There are as many tokens before one as it is deep.
    if len(tokens) > MAX_LEVEL and any(token.level > MAX_LEVEL for token in tokens):
        raise _TooDeep


def _extend(out: list[Inline], more: tuple[Inline, ...]) -> None:
    """Append, joining neighbouring texts: escapes and dropped comments leave them in crumbs."""
    for inline in more:
        if isinstance(inline, Text):
            if not inline.text:
                continue
            if out and isinstance(out[-1], Text):
                out[-1] = Text(out[-1].text + inline.text)
                continue
        out.append(inline)


def _has_loose_paragraph(tokens: Sequence[MdToken], at: int) -> bool:
    """Whether the item opening at `at` holds a paragraph of its own that is not tight."""
    level = tokens[at].level + 1
    for token in tokens[at + 1 :]:
        if token.level < level:
            return False
        if token.level == level and token.type == "paragraph_open":
            return not token.hidden
    return False


def _task(item: Item) -> Item:
    """An item that begins with `[ ]` or `[x]` is a task (GitHub's extension of lists)."""
    if not item.blocks or not isinstance(item.blocks[0], Paragraph):
        return item
    content = item.blocks[0].content
    if not isinstance(content[0], Text) or not (mark := _TASK.match(content[0].text)):
        return item
    rest = content[0].text[mark.end() :]
    first = Paragraph(((Text(rest),) if rest else ()) + content[1:])
    return Item((first, *item.blocks[1:]), done=mark[1] != " ")


def _alt(tokens: Sequence[MdToken]) -> str:
    """The words of an image's description, which CommonMark lets hold Markdown."""
    words = (_alt(token.children) if token.children else token.content for token in tokens)
    return " ".join("".join(word or " " for word in words).split())


def _pair_html(tokens: list[MdToken]) -> list[MdToken]:
    """Make `<sub>`, `<sup>` and `<kbd>` opening and closing tokens where they pair up, properly
    nested with everything else and not too deep; the rest stay raw HTML, which is shown as text."""
    if all(token.type != "html_inline" for token in tokens):
        return tokens
    out = list(tokens)
    open_at: list[tuple[str, int]] = []
    for index, token in enumerate(tokens):
        tag = _HONOURED.fullmatch(token.content) if token.type == "html_inline" else None
        if tag is None:
            if token.nesting == 1:
                open_at.append(("", index))
            elif token.nesting == -1:
                while open_at and open_at.pop()[0]:
                    pass
        elif not tag[1]:
            if len(open_at) < MAX_LEVEL:
                open_at.append((tag[2].lower(), index))
        elif any(name == tag[2].lower() for name, _ in _since_container(open_at)):
            while open_at[-1][0] != tag[2].lower():
                open_at.pop()
            name, first = open_at.pop()
            out[first] = MdToken(f"{name}_open", name, 1)
            out[index] = MdToken(f"{name}_close", name, -1)
    return out


def _since_container(open_at: list[tuple[str, int]]) -> list[tuple[str, int]]:
    start = max((i for i, (name, _) in enumerate(open_at) if not name), default=-1)
    return open_at[start + 1 :]


def _html(raw: str) -> tuple[Inline, ...]:
    if raw.startswith("<!--"):
        return ()
    if _LINE_BREAK.fullmatch(raw):
        return (Break(),)
    return (Text(raw),)
