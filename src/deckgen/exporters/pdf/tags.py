"""The structure tree of a tagged PDF (ISO 32000-1, 14.7 and 14.8; PDF/UA-1 is ISO 14289-1).

An `Element` is made where the layout makes the thing it stands for, so the tree has the order of
the story. Content joins it when it is drawn: the pen marks it with a number of its page.
"""

from __future__ import annotations

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

    __slots__ = ("alternative", "bounds", "kids", "name", "numbering", "role")

    def __init__(self, role: Role, alternative: str = "") -> None:
        self.role = role
        self.alternative = alternative
        """What a screen reader says instead of a picture, a formula or a bare address."""
        self.numbering: Literal["Disc", "Decimal"] = "Disc"
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


def write_tree(
    document: PDFDocument, root: Element, pages: list[list[Element]], annotations: list[Element]
) -> None:
    """Put the tree into the document. `pages` gives the elements of each page's marked content by
    number, `annotations` those of the links, whose keys follow those of the pages."""
    _name(document, root, "StructTreeRoot", [0])
    entries = [
        f"{key} [{' '.join('{' + element.name + '}' for element in marked)}]"
        for key, marked in enumerate(pages)
    ]
    entries += [f"{len(pages) + n} {{{element.name}}}" for n, element in enumerate(annotations)]
    document.Reference(Raw(f"<</Nums [{' '.join(entries)}]>>"), "ParentTree")
    document.Reference(
        Raw(
            f"<</Type/StructTreeRoot /K {{{root.name}}} /ParentTree {{ParentTree}}"
            f" /ParentTreeNextKey {len(pages) + len(annotations)}>>"
        ),
        "StructTreeRoot",
    )
    document.Catalog.StructTreeRoot = PDFObjectReference("StructTreeRoot")
    document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})


def _name(document: PDFDocument, element: Element, parent: str, counter: list[int]) -> None:
    """Give the element and those below it their objects, leaving out what was never drawn."""
    counter[0] += 1
    element.name = f"Element{counter[0]}"
    kids = []
    for kid in element.kids:
        match kid:
            case Element():
                if kid.drawn():
                    _name(document, kid, element.name, counter)
                    kids.append(f"{{{kid.name}}}")
            case Content(page, number):
                kids.append(f"<</Type/MCR /Pg {{{page}}} /MCID {number}>>")
            case Annotation(page, name):
                kids.append(f"<</Type/OBJR /Pg {{{page}}} /Obj {{{name}}}>>")
    text = f"<</Type/StructElem /S/{element.role} /P {{{parent}}} /K [{' '.join(kids)}]"
    document.Reference(Raw(text + _attributes(element) + ">>"), element.name)


def _attributes(element: Element) -> str:
    text = ""
    if element.alternative:
        text += f" /Alt {string(element.alternative)}"
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
