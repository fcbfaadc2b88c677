"""The structure tree of a tagged PDF (ISO 32000-1, 14.7 and 14.8; PDF/UA-1 is ISO 14289-1).

An `Element` is made where the layout makes the thing it stands for, so the tree has the order of
the story. Content joins it when it is drawn: the pen marks it with a number of its page. An element
to which nothing more will be added is written to the file, and what it was made of forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFObjectReference

from .file import File, string

Role = Literal[
    "Document", "Sect", "TOC", "TOCI", "H1", "H2", "H3", "H4", "P", "L", "LI", "Lbl", "LBody",
    "Table", "TR", "TH", "TD", "BlockQuote", "Code", "Link", "Figure", "Formula", "Reference",
    "Note",
]  # fmt: skip


class Content(NamedTuple):
    """A marked piece of a page, whose object's number is given."""

    page: int
    number: int


class Annotation(NamedTuple):
    """A link's active area: an object on a page."""

    page: int
    area: int


class Element:
    """A node of the tree."""

    __slots__ = ("alternative", "bounds", "kids", "number", "numbering", "role")

    def __init__(self, role: Role, alternative: str = "") -> None:
        self.role = role
        self.alternative = alternative
        """What a screen reader says instead of a picture, a formula or a bare address."""
        self.numbering: Literal["Disc", "Decimal"] = "Disc"
        self.bounds: tuple[float, float, float, float] | None = None
        self.kids: list[Kid] = []
        """Those already written are there by number; nothing is where nothing was drawn."""
        self.number = 0
        """Of its object in the file, once it has one."""

    def add(self, role: Role, alternative: str = "") -> Element:
        """A new last child."""
        kid = Element(role, alternative)
        self.kids.append(kid)
        return kid


Kid = Element | Content | Annotation | int | None

_MORE = {"TH", "L", "Figure", "Formula", "Note"}
"""Roles of elements that say more of themselves than what they hold."""


class Tree:
    """The structure tree of one file in the making."""

    def __init__(self, file: File) -> None:
        self._file = file
        self.parents: list[str] = []
        """What the parent tree has under each key: the elements of a page's marked content, or
        that of a link."""
        self.notes: list[str] = []
        """The identifiers of notes, with the numbers of their elements."""

    def number(self, element: Element) -> int:
        """That of the element's object, which may be written later."""
        if not element.number:
            element.number = self._file.claim()
        return element.number

    def key(self, elements: str) -> int:
        """A new key of the parent tree."""
        self.parents.append(elements)
        return len(self.parents) - 1

    def settle(self, element: Element, start: int, end: int) -> None:
        """Write those children of an element, to which nothing will be added any more."""
        number = self.number(element)
        for index, kid in enumerate(element.kids[start:end], start):
            if isinstance(kid, Element):
                element.kids[index] = self._write(kid, number)

    def finish(self, root: Element) -> None:
        """Write what is left of the tree, and put it into the document."""
        file, document = self._file, self._file.document
        top = file.number("StructTreeRoot")
        first = self._write(root, top)
        identifiers = file.claim()
        file.put(identifiers, f"<</Names [{' '.join(sorted(self.notes))}]>>")
        file.put(
            top,
            f"<</Type/StructTreeRoot /K {first} 0 R /IDTree {identifiers} 0 R"
            f" /ParentTree {self._parent_tree()} 0 R /ParentTreeNextKey {len(self.parents)}>>",
        )
        document.Catalog.StructTreeRoot = PDFObjectReference("StructTreeRoot")
        document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})

    def _parent_tree(self) -> int:
        """Write it, its keys in groups that a reader finds one of without the others."""
        groups = []
        for start in range(0, len(self.parents), _GROUP):
            group = self.parents[start : start + _GROUP]
            entries = " ".join(f"{key} {elements}" for key, elements in enumerate(group, start))
            number = self._file.claim()
            limits = f"{start} {start + len(group) - 1}"
            self._file.put(number, f"<</Limits [{limits}] /Nums [{entries}]>>")
            groups.append(f"{number} 0 R")
        number = self._file.claim()
        self._file.put(number, f"<</Kids [{' '.join(groups)}]>>")
        return number

    def _write(self, element: Element, parent: int) -> int | None:
        """Write the element and those below it; gives its number, if anything of it was drawn."""
        if not element.kids:
            return None
        number = self.number(element)
        page, kids = self._kids(element.kids, number)
        if not kids:
            return None
        on = f" /Pg {page} 0 R" if page else ""
        more = self._attributes(element) if element.alternative or element.role in _MORE else ""
        body = f"<</S/{element.role} /P {parent} 0 R{on} /K [{kids}]{more}>>"
        self._file.put(number, body)
        return number

    def _kids(self, kids: Sequence[Kid], number: int) -> tuple[int, str]:
        """What an element holds, those below it written; and the page that its content is on, if it
        has any."""
        if len(kids) == 1 and isinstance(kids[0], Content):
            return kids[0].page, str(kids[0].number)  # most of them
        held, page = [], 0
        for kid in kids:
            if isinstance(kid, Content):
                page = page or kid.page
                if kid.page == page:
                    held.append(str(kid.number))
                else:
                    held.append(f"<</Type/MCR /Pg {kid.page} 0 R /MCID {kid.number}>>")
            elif isinstance(kid, Annotation):
                held.append(f"<</Type/OBJR /Pg {kid.page} 0 R /Obj {kid.area} 0 R>>")
            else:
                written = self._write(kid, number) if isinstance(kid, Element) else kid
                if written:
                    held.append(f"{written} 0 R")
        return page, " ".join(held)

    def _attributes(self, element: Element) -> str:
        text = f" /Alt {string(element.alternative)}" if element.alternative else ""
        match element.role:
            case "TH":
                text += " /A <</O/Table /Scope/Column>>"
            case "L":
                text += f" /A <</O/List /ListNumbering/{element.numbering}>>"
            case "Figure" | "Formula" if element.bounds:
                edges = " ".join(f"{edge:.2f}" for edge in element.bounds)
                text += f" /A <</O/Layout /BBox [{edges}]>>"
            case "Note":
                name = f"({element.number:010})"
                text += f" /ID {name}"
                self.notes.append(f"{name} {element.number} 0 R")
            case _:
                pass
        return text


_GROUP = 500
