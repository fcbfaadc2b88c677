"""Markdown blocks as flowables, inline content as runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import assert_never

from ...exporter import Warn
from ...markdown import (
    Alignment,
    Block,
    Break,
    Code,
    CodeBlock,
    Gap,
    Heading,
    Image,
    Inline,
    List,
    Markdown,
    Math,
    MathBlock,
    Paragraph,
    Row,
    Span,
    Table,
    Token,
    inline_text,
)
from ...markdown import Link as LinkText
from ...markdown import (
    Quote as QuoteBlock,
)
from ...markdown import (
    Rule as RuleBlock,
)
from ...markdown import (
    Text as Words,
)
from ...memo import Memo
from ...model import Media
from ...problems import Place
from ...words import quoted
from . import styles
from .figures import Figure
from .flowables import Flowable, Group, Quote, Text
from .formula import FormulaError, formula
from .furniture import Rule
from .labels import ListItem, number_indent
from .listings import Listing
from .notes import Mark, Notes, is_address
from .pictures import Image as Picture
from .pictures import PictureError, read_picture
from .pictures import Words as PictureWords
from .spaces import with_firm_spaces
from .styles import Setting, Style
from .tables import Grid
from .tags import Role
from .text import Link, Run

# Of a listing's tokens only what a reader looks for stands out, and by weight or slant as well as
# by colour: a photocopy shows as much. Names are the first letters of Pygments' short classes.
_TOKENS: tuple[tuple[str, dict[str, object]], ...] = (
    ("c", {"ink": "comment", "italic": True}),
    ("k", {"bold": True}),
    ("ow", {"bold": True}),
    ("s", {"ink": "string"}),
    ("m", {"ink": "number"}),
    ("nf", {"ink": "accent"}),
    ("nc", {"ink": "accent", "bold": True}),
    ("gd", {"strike": True}),
)

_INTRODUCED = (List, QuoteBlock, CodeBlock, Table)
"""What the paragraph above it speaks of: its last lines stay with it."""

_Read = tuple[Picture, Sequence[PictureWords], Sequence[str]]
"""A picture, the words in it that need several fonts, and what it lacks of its file."""


class Composer:
    """Turns the Markdown of one guide into flowables."""

    def __init__(
        self,
        media: Mapping[str, Media],
        warn: Warn,
        *,
        color: bool = True,
        widest_formula: float = styles.WIDEST_FORMULA,
        notes: Notes | None = None,
    ) -> None:
        self.media = media
        self.notes = notes
        """Where the addresses of links go; without it, links are no more than their words."""
        self.color = color
        self.widest_formula = widest_formula
        self._warn = warn
        self._place: Place | None = None
        self._heading: Role = "H4"
        self._pictures = Memo(self._picture_of)
        """By the names of their files: one may be in many texts, and takes a second to read."""

    def text(
        self, source: Markdown, setting: Setting = styles.BODY, heading: Role = "H4"
    ) -> list[Flowable]:
        """What a text comes to; `heading` is what its headings are, below the one that it stands
        under. Their levels are one: in a text of a page or two they look alike."""
        self._place, self._heading = source.place, heading
        return self.blocks(source.blocks, setting)

    def blocks(
        self, blocks: Iterable[Block], setting: Setting, gap: float = styles.BLOCK_GAP
    ) -> list[Flowable]:
        """The blocks one below the other, `gap` apart."""
        flowables: list[Flowable] = []
        above: Block | None = None
        for block in blocks:
            made = self._block(block, setting)
            if made and isinstance(above, Paragraph) and isinstance(block, _INTRODUCED):
                flowables[-1].keep = True
            space = styles.SHAPE_GAP if isinstance(above, (CodeBlock, Table)) else gap
            for flowable in made:
                flowable.before = max(flowable.before, space) if flowables else flowable.before
                flowables.append(flowable)
                space = gap
            above = block if made else above
        return flowables

    def _block(self, block: Block, setting: Setting) -> list[Flowable]:
        match block:
            case Paragraph(content):
                return self._paragraph(content, setting)
            case Heading(_, content):
                bold = Setting(setting.style.but(bold=True), setting.leading)
                runs = self.runs(content, bold.style)
                return [Text(runs, bold, self._heading, before=styles.BLOCK_GAP + 3, keep=True)]
            case CodeBlock(_, lines):
                return [Listing([_code(line) for line in lines], before=styles.BLOCK_GAP + 2)]
            case List():
                return [self._list(block, setting)]
            case QuoteBlock(inner):
                return [Quote(self.blocks(inner, setting))]
            case Table(align, head, rows):
                return [self._table(align, head, rows)]
            case MathBlock(tex):
                return [self._display(tex)]
            case RuleBlock():
                return [Rule()]
            case _:
                assert_never(block)

    def _paragraph(self, content: Sequence[Inline], setting: Setting) -> list[Flowable]:
        """A paragraph; the pictures in it stand on their own, between its parts."""
        if Image not in map(type, content):
            return self._runs_of(content, setting)
        flowables: list[Flowable] = []
        part: list[Inline] = []
        for inline in content:
            picture = self._picture(inline)
            if picture:
                flowables += [*self._runs_of(part, setting), picture]
                part = []
            elif isinstance(inline, Words) and not part:
                part.append(Words(inline.text.lstrip()))  # from the picture it parts nothing
            else:
                part.append(inline)
        return flowables + self._runs_of(part, setting)

    def _runs_of(self, part: Sequence[Inline], setting: Setting) -> list[Flowable]:
        runs = self.runs(part, setting.style)
        if not any(run.text.strip() or run.picture for run in runs):
            return []
        bold = runs[0].style.bold and not setting.style.bold
        if bold and all(run.style.bold for run in runs):  # a heading all but in name
            return [Text(runs, setting, before=styles.BLOCK_GAP + 3, keep=True)]
        # What a colon announces stays with it.
        return [Text(runs, setting, keep=runs[-1].text.endswith(":"))]

    def _picture(self, inline: Inline) -> Flowable | None:
        if not isinstance(inline, Image) or inline.source not in self.media:
            return None
        media = self.media[inline.source]
        found = self._pictures[inline.source]
        if isinstance(found, PictureError):
            message = f"{inline.source}: the PDF has only the picture's text: {found}"
            self._warn(message, self._place)
            return Quote([Text([Run(inline.alt or inline.source, styles.NOTE.style)], styles.NOTE)])
        image, words, lacks = found
        for lack in lacks:
            self._warn(f"{media.path.name}: its {lack} are not drawn", self._place)
        # Pixels, and the units of an SVG, are taken as those of a screen, 96 to the inch.
        size = media.width * 0.75, media.height * 0.75
        below = styles.NOTE._replace(align="center")
        caption = Text([Run(inline.title, below.style)], below) if inline.title else None
        return Figure(image, *size, inline.alt or inline.source, caption, words, before=6)

    def _picture_of(self, source: str) -> _Read | PictureError:
        try:
            return self._read(self.media[source])
        except PictureError as error:
            return PictureError(str(error))  # the other holds all that was drawn until then

    def _read(self, media: Media) -> _Read:
        if media.kind != "svg":
            return read_picture(media.path, color=self.color), (), ()
        # Lazy import: it takes a third of a second, and few guides have such pictures.
        from .drawings import mixed_words, read_drawing

        drawing, lacks = read_drawing(media.path, media.sha256, color=self.color)
        return drawing, mixed_words(drawing), lacks

    def _list(self, block: List, setting: Setting) -> Flowable:
        gap = styles.ITEM_GAP if block.tight else styles.BLOCK_GAP
        setting = setting._replace(justify=False)  # items are short: they justify badly
        indent = styles.INDENT
        if block.start is not None:
            indent = number_indent(block.start + len(block.items) - 1)
        items: list[Flowable] = []
        for number, item in enumerate(block.items, block.start or 0):
            label = "•" if block.start is None else f"{number}."
            children = self.blocks(item.blocks, setting, gap)
            items.append(
                ListItem(label, children, setting, indent, item.done, before=gap if items else 0.0)
            )
        return Group(items, role="L", ordered=block.start is not None)

    def _table(
        self, align: Sequence[Alignment], head: Sequence[Sequence[Inline]], rows: Sequence[Row]
    ) -> Flowable:
        cell, bold = styles.CELL.style, styles.CELL_HEAD.style
        return Grid(
            align,
            [self.runs(inlines, bold) for inlines in head],
            [[self.runs(inlines, cell) for inlines in row] for row in rows],
            before=styles.BLOCK_GAP + 2,
        )

    # ------------------------------------------------------------------------------- inline

    def _formula(self, tex: str, style: Style, display: bool, link: Link | None) -> Run:
        """A formula in the line; what cannot be set is shown as it was written."""
        try:
            picture = formula(tex, style.size, self.widest_formula, display)
        except FormulaError as error:
            self._warn(f"the formula {quoted(tex)} is printed as TeX: {error}", self._place)
            return Run(" ".join(tex.split()), _mono(style), link)
        return Run("", style, link, picture)

    def _display(self, tex: str) -> Flowable:
        centred = styles.BODY._replace(justify=False, align="center")
        run = self._formula(tex.strip(), centred.style, True, None)
        return Text([run], centred, before=styles.BLOCK_GAP)

    def runs(self, content: Iterable[Inline], style: Style, link: Link | None = None) -> list[Run]:
        """Inline content as runs, in a style that its parts vary. All of it is one link if that is
        given."""
        runs: list[Run] = []
        for inline in content:
            match inline:
                case Words(text):
                    runs.append(Run(with_firm_spaces(text.replace("\n", " ")), style, link))
                case Code(text):
                    runs.append(Run(text.replace("\n", " "), _mono(style), link))
                case Math(tex, display):
                    runs.append(self._formula(tex, style, display, link))
                case Break():
                    runs.append(Run("\n", style, link))
                case Image(source, alt):
                    runs.append(self._named(source, alt, style, link))
                case Span(kind, inner):
                    runs += self.runs(inner, _spanned(style, kind), link)
                case LinkText(url, inner, title):
                    runs += self._linked(url, inner, title, style)
                case Gap():
                    runs += self._gap(inline, style, link)
                case _:
                    assert_never(inline)
        return runs

    def _named(self, source: str, alt: str, style: Style, link: Link | None) -> Run:
        """What a picture shows, in words: a line has no room for it."""
        self._warn(
            f"{source}: the PDF has only the picture's text: it stands within a table, a link, a "
            "heading or words in a style of their own",
            self._place,
        )
        return Run(f"[{alt or source}]", style.but(italic=True), link)

    def _gap(self, gap: Gap, style: Style, link: Link | None) -> Iterable[Run]:
        """A cloze deletion, filled in."""
        return self.runs(gap.content, style, link)

    def _linked(
        self, url: str, content: Sequence[Inline], title: str, style: Style
    ) -> Iterator[Run]:
        yield from self.runs(content, style.but(rule=True), Link(url, title))
        if self.notes and not is_address(inline_text(content), url):
            note = self.notes.note(url)
            yield Run(str(note.number), _spanned(style, "sup"), Mark(note))


@cache
def _mono(style: Style) -> Style:
    return style.but(family="mono", size=round(style.size * styles.INLINE_CODE, 2))


@cache
def _spanned(style: Style, kind: str) -> Style:
    small = round(style.size * 0.72, 2)
    match kind:
        case "emphasis":
            return style.but(italic=not style.italic)
        case "strong":
            return style.but(bold=True)
        case "strike":
            return style.but(strike=True)
        case "sub":
            return style.but(size=small, rise=style.rise - style.size * 0.15)
        case "sup":
            return style.but(size=small, rise=style.rise + style.size * 0.33)
        case _:  # a key of the keyboard
            return style.but(family="sans", bold=True, size=round(style.size * 0.9, 2))


def _code(line: Sequence[Token]) -> list[Run]:
    styled = groupby(line, lambda token: _token_style(token.style))
    return [Run("".join(token.text for token in tokens), style) for style, tokens in styled]


@cache
def _token_style(kind: str) -> Style:
    for prefix, changes in _TOKENS:
        if kind.startswith(prefix):
            return styles.CODE.style.but(**changes)
    return styles.CODE.style
