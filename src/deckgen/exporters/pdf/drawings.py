"""Pictures made of lines: SVG as vectors, by svglib, in the guide's own faces.

deckgen's loader has refused what an SVG must not hold (scripts, references outside itself) before a
file comes here; svglib is told to fetch nothing all the same.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from math import isfinite
from pathlib import Path
from typing import Any

from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing, Group, String
from reportlab.lib.colors import Color
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from ...limits import alarm
from ...words import unhyphenated
from .fonts import font_name
from .markers import place_markers, property_of, style_of
from .pen import Pen
from .pictures import PictureError, Words
from .styles import Family, Style
from .text import Line, Run

_MONO = re.compile(r"mono|courier|consol|code", re.IGNORECASE)
_SERIF = re.compile(r"(?<!sans-)\bserif|times|georgia|roman", re.IGNORECASE)
_SANS = re.compile(r"sans", re.IGNORECASE)

_PASSED_OVER = ("filter", "marker", "mask", "pattern")
_USED = re.compile(r"""url\(\s*["']?#([^"')\s]+)""")
_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = [
    _SVG + name
    for name in ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text")
]
_SHARE = re.compile(r"(\d++\.?\d*+|\.\d++)(%?)")
_OPACITY_RULE = re.compile(r"(?<![\w-])opacity\s*:(?!\s*1\s*[;}])")
_GRADIENT_LINE = re.compile(r"""stroke\s*[:=]\s*["']?\s*url\(""")


MAX_SECONDS = 10
"""Of drawing one picture, where the system has alarms. A style sheet of one line can keep svglib
busy for ever, as can a long path that is used a thousand times."""

_STOPS = 100
"""Of a gradient. Each shape that is filled with it has all of them in the PDF."""

_STYLES: dict[str, Style] = {}
"""Of the fonts that pictures have asked for, by their names."""


class Faces:
    """What svglib asks for fonts: always one of the guide's, so that all are embedded. (Its own map
    falls back on Helvetica, and asks the system for what it does not know.)"""

    def find_font(
        self, family: str, weight: str | int = "normal", style: str = "normal"
    ) -> tuple[str, bool]:
        """The name of a registered font, and that it is the right one."""
        text = str(weight).lower()
        bold = text in ("bold", "bolder") or (text.isdigit() and int(text) >= 600)
        face = _family(family), bold, str(style).lower() in ("italic", "oblique")
        name = font_name(*face)
        _STYLES.setdefault(name, Style(*face))
        return name, True


def _family(name: str) -> Family:
    if _MONO.search(name):
        return "mono"
    return "serif" if _SERIF.search(name) and not _SANS.search(name) else "sans"


@lru_cache(maxsize=64)  # whoever watches a bank prints the same pictures again and again
def read_drawing(path: Path, sha256: str, *, color: bool) -> tuple[Drawing, Sequence[str]]:
    """The picture, as large as it says it is at 96 pixels to the inch, and what it lacks of its
    file, whose hash is `sha256`. Raises PictureError."""
    # Lazy import: svglib costs a third of a second, and most guides have no such picture.
    from svglib.svglib import SvgRenderer, load_svg_file

    try:
        with _quiet(), alarm(MAX_SECONDS):
            root = load_svg_file(str(path))
            if root is not None:
                _count_stops(root)
                _fade(root)
                place_markers(root)
            renderer = SvgRenderer(
                str(path),
                color_converter=None if color else _grey,
                font_map=Faces(),
                external_reference_root=str(path.parent),
            )
            drawing = renderer.render(root) if root is not None else None
            if drawing is not None:
                _mend(drawing)
                _Trial().draw(drawing, Canvas(BytesIO()), 0, 0)
    except TimeoutError as error:
        raise PictureError(f"it takes over {MAX_SECONDS} seconds to draw") from error
    except Exception as error:  # the libraries let whatever went wrong inside them out
        speaks = not isinstance(error, LookupError | TypeError | AttributeError)
        words = " ".join(str(error).split()) if speaks else ""
        raise PictureError(words or "it can't be drawn") from error
    if drawing is None or not (drawing.width > 0 and drawing.height > 0):
        raise PictureError("it can't be drawn")
    drawing.initialFontName = font_name("sans")  # else Helvetica, which is not embedded
    return drawing, _passed_over(root, drawing)


def _count_stops(root: Any) -> None:
    """Raises PictureError for a gradient that can only be meant to harm."""
    for gradient in root.iter(f"{_SVG}linearGradient", f"{_SVG}radialGradient"):
        if len(gradient) > _STOPS:
            raise PictureError(f"it has a gradient of more than {_STOPS} stops")


def _fade(root: Any) -> None:
    """Opacity, of which svglib knows nothing, as that of a shape's fill and of its line. A group
    is more than its shapes, which may lie over each other: that is told."""
    for element in root.iter(*_SHAPES):
        opacity = _opacity(element)
        if opacity < 1:
            faded = {
                name: opacity * _share(property_of(element, name))
                for name in ("fill-opacity", "stroke-opacity")
            }
            element.attrib.pop("opacity", None)
            kept = {n: v for n, v in style_of(element).items() if n != "opacity"}
            rules = {**kept, **{name: f"{share:g}" for name, share in faded.items()}}
            element.set("style", ";".join(f"{name}:{value}" for name, value in rules.items()))


def _opacity(element: Any) -> float:
    """An element's own: it is not inherited."""
    return _share(style_of(element).get("opacity") or element.get("opacity"))


def _share(text: str | None) -> float:
    """A number from 0 to 1, or a percentage; 1 for anything else."""
    found = _SHARE.fullmatch((text or "").strip())
    return min(float(found[1]) / (100 if found[2] else 1), 1.0) if found else 1.0


def _mend(drawing: Drawing) -> None:
    """Dashes of no length are a whole line in SVG, and an error in a PDF. Soft hyphens show in a
    PDF, and in SVG nowhere, as no line ends."""
    for shape in _shapes(drawing):
        if isinstance(shape, String):
            shape.text = unhyphenated(shape.text)
        dashes = getattr(shape, "strokeDashArray", None)
        if dashes and not any(dashes):
            shape.strokeDashArray = None


def _passed_over(root: Any, drawing: Drawing) -> list[str]:
    """What the picture uses of all that svglib knows nothing of."""
    from lxml import etree

    source = etree.tostring(root, encoding="unicode")
    used = set(_USED.findall(source))
    elements = ((etree.QName(element).localname, element) for element in root.iter("{*}*"))
    found = {f"{name}s" for name, e in elements if name in _PASSED_OVER and e.get("id") in used}
    if any(_opacity(element) < 1 for element in root.iter("{*}*")):
        found.add("opacities of groups")
    if any(_OPACITY_RULE.search(sheet.text or "") for sheet in root.iter(f"{_SVG}style")):
        found.add("opacities in style sheets")
    if _GRADIENT_LINE.search(source):
        found.add("lines in a gradient")
    words = (shape for shape in _shapes(drawing) if isinstance(shape, String))
    if used and any(shape.fillColor is None for shape in words):
        found.add("words in a gradient")
    return sorted(found)


def mixed_words(drawing: Drawing) -> Sequence[Words]:
    """Those that need more than their own font."""
    return [
        Words(shape.fontName, Run(shape.text, _STYLES[shape.fontName]))
        for shape in _shapes(drawing)
        if isinstance(shape, String) and not _has_all(shape.fontName, shape.text)
    ]


def _has_all(font: str, text: str) -> bool:
    glyphs = pdfmetrics.getFont(font).face.charToGlyph
    return all(char.isspace() or ord(char) in glyphs for char in text)


def draw(
    drawing: Drawing, lines: Mapping[tuple[str, str], Line], pen: Pen,
    x: float, y: float, width: float, height: float,
) -> None:  # fmt: skip
    """Draw it into a rectangle of the page, its proportions kept. What lies outside its edges is
    not seen, as in a browser. `lines` has its mixed words, by their font and text."""
    canvas = pen.canvas
    edges = canvas.beginPath()
    edges.rect(0, 0, drawing.width, drawing.height)
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(width / drawing.width, height / drawing.height)
    canvas.clipPath(edges, stroke=0, fill=0)
    _Renderer(lines, pen).draw(drawing, canvas, 0, 0)
    canvas.restoreState()


class _Trial(renderPDF._PDFRenderer):  # type: ignore[misc]
    """Finds out whether a picture can be drawn, before there is a page that waits for it. Words
    can wherever there is a place for them."""

    def drawString(self, words: String) -> None:
        place = words.x, words.y, self._tracker.getState()["fontSize"]
        if not all(map(isfinite, place)):
            raise PictureError(f"{words.text!r} has no place")


class _Renderer(renderPDF._PDFRenderer):  # type: ignore[misc]
    """Draws the words that need several fonts as those of a text; reportlab draws the rest."""

    def __init__(self, lines: Mapping[tuple[str, str], Line], pen: Pen) -> None:
        super().__init__()
        self.lines = lines
        self.pen = pen

    def drawString(self, words: String) -> None:
        state = self._tracker.getState()
        line = self.lines.get((state["fontName"], words.text))
        if line is None or not self._fill:
            super().drawString(words)
            return
        size, faces = state["fontSize"], self.pen.fonts.face
        before = {"middle": 0.5, "end": 1.0}.get(state["textAnchor"], 0.0)
        left = (
            words.x - before * sum(faces(run.style).width(text) for run, text in line.pieces) * size
        )
        shown = (show for run, text in line.pieces for show in faces(run.style).show(text))
        operators = (f"{show.font} {size:g} Tf [({show.codes})] TJ" for show in shown)
        self._canvas._code += ["BT", f"1 0 0 1 {left:.2f} {words.y:.2f} Tm", *operators, "ET"]


def _shapes(group: Group) -> Iterator[Any]:
    for shape in group.contents:
        yield shape
        if isinstance(shape, Group):
            yield from _shapes(shape)


def _grey(ink: Color) -> Color:
    """As light as the colour, by the weights of Rec. 709: how light the eye takes each primary
    for."""
    grey = 0.2126 * ink.red + 0.7152 * ink.green + 0.0722 * ink.blue
    return Color(grey, grey, grey, ink.alpha)


@contextmanager
def _quiet() -> Iterator[None]:
    """svglib logs what it passes over; what that leaves is looked at as a picture, not as a log."""
    logger = logging.getLogger("svglib")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
