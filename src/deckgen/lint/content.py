"""What any text may hold: listings, tables, images."""

from __future__ import annotations

from collections.abc import Iterator

from ..markdown import CodeBlock, Image, Markdown, Table
from ..model import Guide, Media, texts
from .rules import Finding, guide_rule, parts, text_rule


@text_rule("code-wide")
def code_wide(text: Markdown) -> Iterator[Finding]:
    """A line of code has more than 80 columns (note: 60): a page holds about 87, a phone 38."""
    lines = (line for listing in parts(text, CodeBlock) for line in listing.lines)
    widest = max((sum(len(token.text) for token in line) for line in lines), default=0)
    if widest > 60:
        message = f"a line of code has {widest} columns: expected at most 80, better 60"
        yield Finding(message, text.place, note=widest <= 80)


@text_rule("table-wide")
def table_wide(text: Markdown) -> Iterator[Finding]:
    """A table has more than 4 columns: too wide for a phone, and for a page of print."""
    for table in parts(text, Table):
        if len(table.head) > 4:
            message = f"a table of {len(table.head)} columns: expected at most 4"
            yield Finding(message, text.place)


@text_rule("image-alt")
def image_alt(text: Markdown) -> Iterator[Finding]:
    """An image has no alternative text, for those who can't see it."""
    for image in parts(text, Image):
        if not image.alt:
            message = f"the image {image.source!r} has no alternative text: ![what it shows](...)"
            yield Finding(message, text.place)


@guide_rule("image-heavy")
def image_heavy(guide: Guide) -> Iterator[Finding]:
    """An image has more than 1 MB, or a side of more than 1,600 pixels."""
    for question in guide.questions:
        for text in texts(question):
            for image in parts(text, Image):
                media = guide.media.get(image.source)
                if media and (message := _too_heavy(media)):
                    yield Finding(message, text.place, owners=(question,))


def _too_heavy(media: Media) -> str:
    """What is wrong with an image's size; empty where nothing is."""
    size, pixels = media.path.stat().st_size, max(media.width, media.height)
    if size <= 1_000_000 and (media.kind == "svg" or pixels <= 1600):
        return ""
    return (
        f"{media.path.name} has {size / 1e6:.1f} MB and {pixels:.0f} pixels: "
        "expected at most 1 MB and 1,600"
    )
