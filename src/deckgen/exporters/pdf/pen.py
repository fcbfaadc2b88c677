"""Drawing on reportlab's canvas: text, rules and boxes, each marked with what it is.

Everything is written as page operators at once; what a text comes to is in `textobject.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from math import inf
from typing import Literal, NamedTuple

from reportlab.pdfbase.pdfdoc import PDFResourceDictionary
from reportlab.pdfgen.canvas import Canvas

from ...memo import Memo
from .breaker import Breaker
from .file import File, place, string
from .fonts import Face, Fonts
from .pictures import Image, Raster
from .scripts import has_right
from .styles import Ink, Setting, Style
from .tags import Annotation, Content, Element, Tree
from .text import Line, Link
from .textobject import InRow, TextObject

_ARTIFACTS = {
    "layout": "/Artifact <</Type/Layout>> BDC",
    "header": "/Artifact <</Type/Pagination/Subtype/Header>> BDC",
    "footer": "/Artifact <</Type/Pagination/Subtype/Footer>> BDC",
}

_AWAITED = "\ue000"
"""Around the number of a page label that is not known yet: no operator has such a character."""

_LONGEST = 2_000
"""Characters of what a link says of where it leads: each line of its words says that again."""

Bounds = tuple[float, float, float, float]
"""A rectangle: left, bottom, right, top."""


class Pen:
    """Draws on one canvas. Coordinates are the page's: points, from its lower left corner.

    Where the text runs from right to left, `mirror` is the page's width, and everything that is
    drawn changes sides: what would stand 10 points from the left edge stands 10 points from the
    right one. Only places are mirrored, not what is drawn there."""

    def __init__(
        self,
        canvas: Canvas,
        file: File,
        fonts: Fonts,
        colors: Mapping[Ink, tuple[float, float, float]],
        mirror: float | None = None,
    ) -> None:
        self.canvas = canvas
        self.file = file
        self.tree = Tree(file)
        self.fonts = fonts
        self.pages: Mapping[str, str] = {}
        """The label of the page where each place of the document is, as far as it is laid out."""
        self.breaker = Breaker(fonts, "")
        self.styles = Memo(self._style)
        """For each style, its face and the operator that chooses its font."""
        self._parent = file.number_of(file.document.Pages)
        self.page = file.claim()
        """The number of the page's object."""
        self._elements: list[str] = []
        """Those of the page's marked content, by its numbers."""
        self._areas: list[str] = []
        """The page's links."""
        self._area: _Area | None = None
        """The last of them, which may go on."""
        self._shared: dict[str, int] = {}
        """The numbers of the pages' resources."""
        self._awaited: list[_Awaited] = []
        self._open: list[tuple[int, str]] = []
        """Contents of pages with labels that are not known yet, by the numbers of their objects."""
        self._colors = {ink: _color(rgb) for ink, rgb in colors.items()}
        # What the page's operators have chosen so far; None where that is not known.
        self._ink: Ink | None = None
        self.style: Style | None = None
        self.face: Face
        self._artifact = False
        self._origin = (0.0, 0.0, 1.0)
        self._mirror = mirror
        self._drawn: dict[Raster, tuple[str, str]] = {}
        """The names that the canvas has given to pictures of pixels."""

    def _style(self, style: Style) -> tuple[Face, str]:
        face = self.fonts.face(style)
        return face, f"{face.own} {style.size:g} Tf"

    @property
    def peculiar(self) -> int:
        """How much there is so far of what only some pages need: pictures, fonts that are shaped,
        labels of later pages."""
        pictures, resources = len(self._drawn), len(self._shared)
        return pictures + resources + len(self._awaited) + self.fonts.shaped

    # -------------------------------------------------------------------------------- pages

    def next_page(self) -> int:
        """End the page; gives the number of its object."""
        self._end_area()
        canvas, file, number = self.canvas, self.file, self.page
        contents = file.claim()
        stream = "\n".join(canvas._code)
        if _AWAITED in stream:
            self._open.append((contents, stream))
        else:
            file.stream(contents, stream.encode("latin-1"))
        marked = file.claim()
        file.put(marked, f"[{' '.join(self._elements)}]")
        width, height = canvas._pagesize
        areas = f" /Annots [{' '.join(self._areas)}]" if self._areas else ""
        file.put(  # S: the tab key goes from link to link in the order of the text
            number,
            f"<</Type/Page /Parent {self._parent} 0 R /MediaBox [0 0 {width:.7g} {height:.7g}]"
            f" /Resources {self._resources()} 0 R /Contents {contents} 0 R{areas}"
            f" /StructParents {self.tree.key(f'{marked} 0 R')} /Tabs/S>>",
        )
        canvas._startPage()
        self.page, self._elements, self._areas = file.claim(), [], []
        self._forget()
        return number

    def _forget(self) -> None:
        """Choose ink and font anew: what the page's operators have chosen is not known any more."""
        self._ink = self.style = None

    def _resources(self) -> int:
        """The number of the object with all that the page's operators name; pages that name the
        same share it."""
        canvas = self.canvas
        states = canvas._extgstate.getState()
        uses = (
            canvas._formsinuse,
            canvas._colorsUsed,
            canvas._shadingUsed,
            canvas._extgstate._c,  # with their values: each page gives them the same names
        )
        key = repr(uses)
        if key not in self._shared:
            resources = (
                PDFResourceDictionary(ExtGState=states) if states else PDFResourceDictionary()
            )
            resources.basicFonts()
            resources.allProcs()
            if canvas._formsinuse:
                resources.XObject = canvas._doc.xobjDict(canvas._formsinuse)
            resources.setShading(canvas._shadingUsed)
            resources.setColorSpace(canvas._colorsUsed)
            self._shared[key] = self.file.claim()
            self.file.put_value(self._shared[key], resources)
        return self._shared[key]

    def close(self) -> None:
        """Write the pages that waited for the labels of later ones."""
        for contents, stream in self._open:
            parts = stream.split(_AWAITED)
            parts[1::2] = [self._late(self._awaited[int(part)]) for part in parts[1::2]]
            self.file.stream(contents, "".join(parts).encode("latin-1"))

    def label_of(self, key: str, style: Style, x: float, y: float, element: Element | None) -> None:
        """Draw the label of the page where a place is. It may be a later page: then its operators
        are put in when the document is closed."""
        with self.marked(element):
            self._write(f"{_AWAITED}{len(self._awaited)}{_AWAITED}")
            self._awaited.append(_Awaited(key, style, x, y))
        self._forget()

    def _late(self, awaited: _Awaited) -> str:
        """The operators for a label, now that it is known. Called when no page is being drawn, as
        it makes use of the canvas."""
        self._forget()
        text = self.pages[awaited.key]
        line = self.breaker.words(text, awaited.style)
        setting = Setting(awaited.style, 0)
        TextObject(self, awaited.x, 0.0, setting, None).draw([line], [awaited.y])
        operators = "\n".join(self.canvas._code)
        self.canvas._code.clear()
        return operators

    def anchor(self, key: str, top: float) -> None:
        """Make a height of this page the place that links and bookmarks call by that key."""
        number = self.file.number(place(key))
        self.file.put(number, f"[{self.page} 0 R /XYZ 0 {top:.2f} null]")

    # ------------------------------------------------------------------------------ marking

    def _write(self, *operators: str) -> None:
        self.canvas._code.extend(operators)

    def begin(self, element: Element) -> None:
        """What is drawn from here on is content of the element, up to an `EMC`."""
        number = len(self._elements)
        element.kids.append(Content(self.page, number))
        self.canvas._code.append(f"/{element.role} <</MCID {number}>> BDC")
        self._elements.append(f"{self.tree.number(element)} 0 R")

    @contextmanager
    def marked(self, element: Element | None) -> Iterator[None]:
        """What is drawn inside belongs to the element; without one, to the furniture around it."""
        if element is not None:
            self.begin(element)
        yield
        if element is not None:
            self._write("EMC")

    def artifact(
        self, kind: Literal["layout", "header", "footer"] = "layout"
    ) -> AbstractContextManager[None]:
        """What is drawn inside is no part of the text: readers aloud skip it."""
        return _Artifact(self, _ARTIFACTS[kind])

    # --------------------------------------------------------------------------------- side

    def _left(self, x: float, width: float = 0.0) -> float:
        """The left edge of something `width` wide whose near edge is at `x`."""
        return x if self._mirror is None else self._mirror - x - width

    @contextmanager
    def from_left(self, x: float, width: float) -> Iterator[float]:
        """The left edge of something `width` wide whose near edge is at `x`: what is drawn inside
        does not change sides again."""
        left, before = self._left(x, width), self._mirror
        self._mirror = None
        yield left
        self._mirror = before

    # -------------------------------------------------------------------------------- scale

    @contextmanager
    def scaled(self, x: float, y: float, scale: float) -> Iterator[None]:
        """What is drawn inside has its origin at (x, y) of the page, and is `scale` times as
        large."""
        x, mirror = self._left(x), self._mirror
        self._origin = (x, y, scale)
        self._mirror = None if mirror is None else 0.0
        self._forget()
        self._write(f"q {scale:g} 0 0 {scale:g} {x:.2f} {y:.2f} cm")
        yield
        self._write("Q")
        self._forget()
        self._mirror = mirror
        self._origin = (0.0, 0.0, 1.0)

    def on_page(self, bounds: Bounds) -> Bounds:
        """Where a rectangle of what is drawn lies on the page."""
        x, y, scale = self._origin
        left, bottom, right, top = bounds
        left, right = self._left(left, right - left), self._left(left, right - left) + right - left
        return x + left * scale, y + bottom * scale, x + right * scale, y + top * scale

    # ------------------------------------------------------------------------------- shapes

    def fill(self, ink: Ink) -> None:
        """What is filled from here on, text too, has that ink."""
        if ink != self._ink:
            self._ink, self.style = ink, None
            self._write(self._colors[ink] + " rg")

    def box(self, ink: Ink, x: float, y: float, width: float, height: float) -> None:
        """A filled rectangle; rules are thin ones."""
        self.fill(ink)
        self._write(f"{self._left(x, width):.2f} {y:.2f} {width:.2f} {height:.2f} re f")

    def outline(self, ink: Ink, x: float, y: float, width: float, height: float) -> None:
        """The outline of a box to tick."""
        edges = f"{self._left(x, width):.2f} {y:.2f} {width:.2f} {height:.2f}"
        self._write(f"{self._colors[ink]} RG 0.7 w {edges} re S")

    def stroke(self, ink: Ink, points: Sequence[tuple[float, float]]) -> None:
        """A line through some points."""
        near, far = min(x for x, _ in points), max(x for x, _ in points)
        shift = self._left(near, far - near) - near
        path = " ".join(
            f"{x + shift:.2f} {y:.2f} {'l' if n else 'm'}" for n, (x, y) in enumerate(points)
        )
        self._write(f"{self._colors[ink]} RG 1 w {path} S")

    def hair(self, ink: Ink, start: tuple[float, float], end: tuple[float, float]) -> None:
        """The thinnest line that every printer prints."""
        (x, y), (to_x, to_y) = start, end
        x, to_x = self._left(x), self._left(to_x)
        color = self._colors[ink]
        self._write(f"{color} RG 0.3 w {x:.2f} {y:.2f} m {to_x:.2f} {to_y:.2f} l S")

    def dots(self, ink: Ink, start: float, end: float, y: float) -> None:
        """Dots from `start` to `end`, on a grid of the page, so that they line up down a list."""
        pitch = 4.0
        start, end = sorted((self._left(start), self._left(end)))
        start = (start // pitch + 1) * pitch
        if start < end:
            color = self._colors[ink]
            self._write(f"q {color} RG 0.9 w 1 J [0 {pitch:g}] 0 d")
            self._write(f"{start:.2f} {y:.2f} m {end:.2f} {y:.2f} l S Q")

    def outlines(self, operators: str, ink: Ink, x: float, y: float) -> None:
        """Ready-made operators, with their origin moved."""
        self.fill(ink)
        self._write(f"q {self._colors[ink]} RG 1 0 0 1 {x:.2f} {y:.2f} cm", operators, "Q")

    def image(
        self, image: Image, lines: Mapping[tuple[str, str], Line],
        x: float, y: float, width: float, height: float,
    ) -> None:  # fmt: skip
        """A picture; `lines` has those words of a drawing that need several fonts."""
        x = self._left(x, width)
        if isinstance(image, Raster):
            self._pixels(image, x, y, width, height)
            return
        from .drawings import draw

        draw(image, lines, self, x, y, width, height)

    def _pixels(self, image: Raster, x: float, y: float, width: float, height: float) -> None:
        """As the canvas draws them, which knows a picture again by all its pixels: that takes long
        where one is drawn a thousand times."""
        canvas = self.canvas
        if image not in self._drawn:
            names = {"name": "", "regName": ""}
            canvas.drawImage(image.pixels, x, y, width, height, mask="auto", extraReturn=names)
            self._drawn[image] = names["name"], names["regName"]
            image.pixels = None
            return
        form, name = self._drawn[image]
        canvas._currentPageHasImages = 1
        canvas._formsinuse.append(form)
        canvas.saveState()
        canvas.translate(x, y)
        canvas.scale(width, height)
        self._write(f"/{name} Do")
        canvas.restoreState()

    # --------------------------------------------------------------------------------- text

    def text(
        self,
        lines: Sequence[Line],
        x: float,
        baselines: Sequence[float],
        measure: float,
        setting: Setting,
        element: Element | None,
    ) -> None:
        """Lines that stand at `x` within `measure`, each on its baseline."""
        if self._mirror is not None:
            with self.from_left(x, measure) as left:
                self.text(lines, left, baselines, measure, setting, element)
        elif element is None and not self._artifact:
            with self.artifact():
                TextObject(self, x, measure, setting, None).draw(lines, baselines)
        else:
            if self._artifact:
                element = None
            TextObject(self, x, measure, setting, element).draw(lines, baselines)

    def row(self, parts: Sequence[InRow], setting: Setting, element: Element | None) -> None:
        """Lines beside or below each other that are read as one."""
        placed = [part._replace(x=self._left(part.x, part.measure)) for part in parts]
        with self.from_left(0, 0):
            TextObject(self, 0, 0, setting, element).draw_row(placed)

    def words(
        self, text: str, style: Style, x: float, y: float, *, right: bool = False,
        widest: float = inf, element: Element | None = None,
    ) -> None:  # fmt: skip
        """A line of furniture: text in one style from, or up to, `x`; cut short at `widest`."""
        if self._mirror is not None and not has_right(text):
            bare = text.lstrip(" ·")  # what parts it from its neighbour is at the other side now
            text = bare + text[: len(text) - len(bare)][::-1]
        line = self.breaker.words(text, style)
        if line.width > widest:
            kept = int(len(text) * widest / line.width)
            while True:
                line = self.breaker.words(f"{text[:kept]} …", style)
                if line.width <= widest or not kept:
                    break
                kept -= 1
        left = x - line.width if right else x
        self.text([line], left, [y], line.width, Setting(style, 0), element)

    def width(self, text: str, style: Style) -> float:
        return self.fonts.face(style).width(text) * style.size

    # -------------------------------------------------------------------------------- links

    def link(self, link: Link, bounds: Bounds) -> None:
        """An active area for a link of the text, if it leads anywhere. What a line has of one link
        is one area."""
        if link.element is None or not link.address:
            return
        area = _Area(link, link.element, *self.on_page(bounds))
        if self._area and self._area.goes_on_with(area):
            area = self._area.and_also(area)
        else:
            self._end_area()
        self._area = area

    def _end_area(self) -> None:
        """Write the last area; nothing will be added to it."""
        if self._area is None:
            return
        (link, element, *bounds), self._area = self._area, None
        number = self.file.claim()
        if link.address.startswith("#"):
            target = f"/Dest {self.file.number(place(link.address[1:]))} 0 R"
        else:
            target = f"/A <</S/URI /URI {string(link.address)}>>"
        key = self.tree.key(f"{self.tree.number(element)} 0 R")
        element.kids.append(Annotation(self.page, number))
        edges = " ".join(f"{edge:.2f}" for edge in bounds)
        described = string((link.alternative or link.address)[:_LONGEST])
        self.file.put(  # F 4 is "printed", as PDF/UA asks
            number,
            f"<</Type/Annot /Subtype/Link /Rect [{edges}] /Border [0 0 0] /F 4"
            f" /Contents {described} {target} /StructParent {key}>>",
        )
        self._areas.append(f"{number} 0 R")


class _Area(NamedTuple):
    """Where a link of a page is active."""

    link: Link
    element: Element
    left: float
    bottom: float
    right: float
    top: float

    def goes_on_with(self, other: _Area) -> bool:
        """Whether the other is of the same link in the same line."""
        middle = (other.bottom + other.top) / 2
        return self.link is other.link and self.bottom < middle < self.top

    def and_also(self, other: _Area) -> _Area:
        """The smallest area around both."""
        return _Area(
            self.link, self.element, min(self.left, other.left), min(self.bottom, other.bottom),
            max(self.right, other.right), max(self.top, other.top),
        )  # fmt: skip


class _Artifact(AbstractContextManager[None]):
    """A stretch of furniture on a page. Inside another it changes nothing."""

    def __init__(self, pen: Pen, opening: str) -> None:
        self._pen = pen
        self._opening = opening
        self._inner = pen._artifact

    def __enter__(self) -> None:
        if not self._inner:
            self._pen._artifact = True
            self._pen._write(self._opening)

    def __exit__(self, *_: object) -> None:
        if not self._inner:
            self._pen._write("EMC")
            self._pen._artifact = False


class _Awaited(NamedTuple):
    """A page label to be drawn once it is known."""

    key: str
    style: Style
    x: float
    y: float


def _color(rgb: tuple[float, float, float]) -> str:
    return " ".join(f"{part:g}" for part in rgb)
