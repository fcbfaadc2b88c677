"""The structure tree of a tagged PDF (ISO 32000-1, 14.7 and 14.8; PDF/UA-1 is ISO 14289-1).

An `Element` is made where the layout makes the thing it stands for, so the tree has the order of
the story. Content joins it when it is drawn: the pen marks it with a number of its page.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Literal, NamedTuple

from reportlab.pdfbase.pdfdoc import (
    PDFDictionary,
    PDFDocument,
    PDFObjectReference,
)

from .file import Raw, string

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

    __slots__ = ("alternative", "bounds", "kids", "number", "numbering", "role")

    def __init__(self, role: Role, alternative: str = "") -> None:
        self.role = role
        self.alternative = alternative
        """What a screen reader says instead of a picture, a formula or a bare address."""
        self.numbering: Literal["Disc", "Decimal"] = "Disc"
        self.bounds: tuple[float, float, float, float] | None = None
        self.kids: list[Element | Content | Annotation] = []
        self.number = 0
        """Of its object in the file."""

    def add(self, role: Role, alternative: str = "") -> Element:
        """A new last child."""
        kid = Element(role, alternative)
        self.kids.append(kid)
        return kid

    def prune(self, numbers: Iterator[int]) -> bool:
        """Drop what was never drawn; true, and the element has its number, if anything is left."""
        self.kids = [kid for kid in self.kids if not isinstance(kid, Element) or kid.prune(numbers)]
        if self.kids:
            self.number = next(numbers)
        return bool(self.kids)


def write_tree(
    document: PDFDocument, root: Element, pages: list[list[Element]], annotations: list[Element]
) -> dict[int, str]:
    """Put the tree into the document; gives its elements by object number. `pages` gives the
    elements of each page's marked content by number, `annotations` those of the links, whose keys
    follow those of the pages."""
    numbers = {name: number for name, (number, _) in document.idToObjectNumberAndVersion.items()}
    unused = count(document.objectcounter + 1)
    if not root.prune(unused):
        root.number = next(unused)
    document.objectcounter = root.number
    written: dict[int, str] = {}
    _write(root, root.number + 1, numbers, written)
    document.Reference(
        Raw(
            f"<</Type/StructTreeRoot /K {root.number} 0 R /ParentTree {{ParentTree}}"
            f" /ParentTreeNextKey {len(pages) + len(annotations)}>>"
        ),
        "StructTreeRoot",
    )
    entries = [
        f"{key} [{' '.join(f'{element.number} 0 R' for element in marked)}]"
        for key, marked in enumerate(pages)
    ]
    entries += [f"{len(pages) + n} {element.number} 0 R" for n, element in enumerate(annotations)]
    document.Reference(Raw(f"<</Nums [{' '.join(entries)}]>>"), "ParentTree")
    document.Catalog.StructTreeRoot = PDFObjectReference("StructTreeRoot")
    document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})
    return written


def _write(element: Element, parent: int, numbers: dict[str, int], written: dict[int, str]) -> None:
    """Write the element and those below it; `numbers` are those of pages and annotations."""
    kids = []
    for kid in element.kids:
        if isinstance(kid, Element):
            kids.append(f"{kid.number} 0 R")
            _write(kid, element.number, numbers, written)
        elif isinstance(kid, Content):
            kids.append(f"<</Type/MCR /Pg {numbers[kid.page]} 0 R /MCID {kid.number}>>")
        else:
            kids.append(f"<</Type/OBJR /Pg {numbers[kid.page]} 0 R /Obj {numbers[kid.name]} 0 R>>")
    written[element.number] = (
        f"<</Type/StructElem /S/{element.role} /P {parent} 0 R /K [{' '.join(kids)}]"
        f"{_attributes(element)}>>"
    )


def _attributes(element: Element) -> str:
    text = f" /Alt {string(element.alternative)}" if element.alternative else ""
    match element.role:
        case "TH":
            text += " /A <</O/Table /Scope/Column>>"
        case "L":
            text += f" /A <</O/List /ListNumbering/{element.numbering}>>"
        case "Figure" | "Formula" if element.bounds:
            edges = " ".join(f"{edge:.2f}" for edge in element.bounds)
            text += f" /A <</O/Layout /BBox [{edges}]>>"
        case _:
            pass
    return text
