"""The structure tree of a tagged PDF (ISO 32000-1, 14.7 and 14.8; PDF/UA-1 is ISO 14289-1).

An `Element` is made where the layout makes the thing it stands for, so the tree has the order of
the story. Content joins it when it is drawn: the pen marks it with a number of its page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from reportlab.pdfbase.pdfdoc import PDFDocument, PDFObjectReference, PDFString

Role = Literal[
    "Document", "Sect", "TOC", "TOCI", "H1", "H2", "H3", "H4", "P", "L", "LI", "Lbl", "LBody",
    "Table", "TR", "TH", "TD", "BlockQuote", "Code", "Link", "Figure", "Formula", "Reference",
]  # fmt: skip


class Content(NamedTuple):
    """A marked piece of a page."""

    page: str
    number: int


class Annotation(NamedTuple):
    """A link's active area."""

    page: str
    name: str


class Element:
    """A node of the tree."""

    __slots__ = ("alternative", "bounds", "kids", "name", "role")

    def __init__(self, role: Role, alternative: str = "") -> None:
        self.role = role
        self.alternative = alternative
        """What a screen reader says instead of a picture, a formula or a bare address."""
        self.bounds: tuple[float, float, float, float] | None = None
        self.kids: list[Element | Content | Annotation] = []
        self.name = ""

    def add(self, role: Role, alternative: str = "") -> Element:
        """A new last child."""
        kid = Element(role, alternative)
        self.kids.append(kid)
        return kid

    def drawn(self) -> bool:
        return any(not isinstance(kid, Element) or kid.drawn() for kid in self.kids)
