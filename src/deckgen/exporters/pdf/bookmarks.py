"""The document's outline (ISO 32000-1, 12.3.3): chapters, their questions folded below them."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.pdfbase.pdfdoc import PDFDocument, PDFObjectReference

from .file import Raw, place, string
from .flowables import Anchor


def write_bookmarks(document: PDFDocument, anchors: Sequence[Anchor]) -> None:
    """A bookmark for each anchor, in order; those of level 1 go below the one of level 0 before."""
    chapters: list[tuple[Anchor, list[Anchor]]] = []
    for anchor in anchors:
        if anchor.level and chapters:
            chapters[-1][1].append(anchor)
        else:
            chapters.append((anchor, []))
    if not chapters:
        document.Catalog.Outlines = None
        return
    for (chapter, below), around in zip(chapters, _around([c for c, _ in chapters]), strict=True):
        inner = ""
        if below:
            inner = f" {_ends(below)} /Count -{len(below)}"
            for anchor, beside in zip(below, _around(below), strict=True):
                _bookmark(document, anchor, f"{beside} /Parent {{{_name(chapter)}}}")
        _bookmark(document, chapter, f"{around} /Parent {{Bookmarks}}{inner}")
    top = _ends([chapter for chapter, _ in chapters])
    root = Raw(f"<</Type/Outlines {top} /Count {len(chapters)}>>")
    document.Reference(root, "Bookmarks")
    document.Catalog.Outlines = PDFObjectReference("Bookmarks")
    document.Catalog.setPageMode("UseOutlines")


def _bookmark(document: PDFDocument, anchor: Anchor, links: str) -> None:
    title, target = string(anchor.title), place(anchor.key)
    document.Reference(Raw(f"<</Title {title} /Dest {{{target}}} {links}>>"), _name(anchor))


def _name(anchor: Anchor) -> str:
    return f"Bookmark {anchor.key}"


def _ends(anchors: Sequence[Anchor]) -> str:
    return f"/First {{{_name(anchors[0])}}} /Last {{{_name(anchors[-1])}}}"


def _around(anchors: Sequence[Anchor]) -> list[str]:
    """For each of some siblings, the one before and the one after it."""
    texts = []
    for index in range(len(anchors)):
        text = f"/Prev {{{_name(anchors[index - 1])}}}" if index else ""
        if index + 1 < len(anchors):
            text += f" /Next {{{_name(anchors[index + 1])}}}"
        texts.append(text)
    return texts
