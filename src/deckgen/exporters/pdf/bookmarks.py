"""The document's outline (ISO 32000-1, 12.3.3): chapters, their questions folded below them."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.pdfbase.pdfdoc import PDFObjectReference

from .file import File, place, string
from .flowables import Anchor


def write_bookmarks(file: File, anchors: Sequence[Anchor]) -> None:
    """A bookmark for each anchor, in order; those of level 1 go below the one of level 0 before."""
    catalog = file.document.Catalog
    chapters: list[tuple[Anchor, list[Anchor]]] = []
    for anchor in anchors:
        if anchor.level and chapters:
            chapters[-1][1].append(anchor)
        else:
            chapters.append((anchor, []))
    if not chapters:
        catalog.Outlines = None
        return
    top = f"/Parent {file.number('Bookmarks')} 0 R"
    for (chapter, below), around in zip(
        chapters, _around(file, [c for c, _ in chapters]), strict=True
    ):
        inner = ""
        if below:
            inner = f" {_ends(file, below)} /Count -{len(below)}"
            parent = f"/Parent {_number(file, chapter)} 0 R"
            for anchor, beside in zip(below, _around(file, below), strict=True):
                _bookmark(file, anchor, f"{beside} {parent}")
        _bookmark(file, chapter, f"{around} {top}{inner}")
    ends = _ends(file, [chapter for chapter, _ in chapters])
    file.put(file.number("Bookmarks"), f"<</Type/Outlines {ends} /Count {len(chapters)}>>")
    catalog.Outlines = PDFObjectReference("Bookmarks")
    catalog.setPageMode("UseOutlines")


def _bookmark(file: File, anchor: Anchor, links: str) -> None:
    title, target = string(anchor.title), file.number(place(anchor.key))
    file.put(_number(file, anchor), f"<</Title {title} /Dest {target} 0 R {links}>>")


def _number(file: File, anchor: Anchor) -> int:
    return file.number(f"Bookmark {anchor.key}")


def _ends(file: File, anchors: Sequence[Anchor]) -> str:
    return f"/First {_number(file, anchors[0])} 0 R /Last {_number(file, anchors[-1])} 0 R"


def _around(file: File, anchors: Sequence[Anchor]) -> list[str]:
    """For each of some siblings, the one before and the one after it."""
    texts = []
    for index in range(len(anchors)):
        text = f"/Prev {_number(file, anchors[index - 1])} 0 R" if index else ""
        if index + 1 < len(anchors):
            text += f" /Next {_number(file, anchors[index + 1])} 0 R"
        texts.append(text)
    return texts
