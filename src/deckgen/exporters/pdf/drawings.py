"""Pictures made of lines: SVG as vectors, by svglib, in the guide's own faces.

deckgen's loader has refused what an SVG must not hold (scripts, references outside itself) before a
file comes here; svglib is told to fetch nothing all the same.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing, Group, String
from reportlab.lib.colors import Color
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from .fonts import font_name
from .pictures import PictureError
from .styles import Family

_MONO = re.compile(r"mono|courier|consol|code", re.IGNORECASE)
_SERIF = re.compile(r"(?<!sans-)\bserif|times|georgia|roman", re.IGNORECASE)
_SANS = re.compile(r"sans", re.IGNORECASE)

_PASSED_OVER = ("filter", "marker", "mask", "pattern")
_USED = re.compile(r"""url\(\s*["']?#([^"')\s]+)""")


class Faces:
    """What svglib asks for fonts: always one of the guide's, so that all are embedded. (Its own map
    falls back on Helvetica, and asks the system for what it does not know.)"""

    def find_font(
        self, family: str, weight: str | int = "normal", style: str = "normal"
    ) -> tuple[str, bool]:
        """The name of a registered font, and that it is the right one."""
        text = str(weight).lower()
        bold = text in ("bold", "bolder") or (text.isdigit() and int(text) >= 600)
        return font_name(_family(family), bold, str(style).lower() in ("italic", "oblique")), True


def _family(name: str) -> Family:
    if _MONO.search(name):
        return "mono"
    return "serif" if _SERIF.search(name) and not _SANS.search(name) else "sans"


@lru_cache(maxsize=64)  # whoever watches a bank prints the same pictures again and again
def read_drawing(path: Path, sha256: str, *, color: bool) -> tuple[Drawing, Sequence[str]]:
    """The picture, as large as it says it is at 96 pixels to the inch, and what it lacks of its
    file, whose hash is `sha256`. Raises PictureError."""
    # Lazy import: svglib costs a third of a second, and most guides have no such picture.
    from lxml.etree import LxmlError
    from svglib.svglib import SvgRenderer, load_svg_file

    try:
        with _quiet():
            root = load_svg_file(str(path))
            renderer = SvgRenderer(
                str(path),
                color_converter=None if color else _grey,
                font_map=Faces(),
                external_reference_root=str(path.parent),
            )
            drawing = renderer.render(root) if root is not None else None
    except (LxmlError, OSError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
        raise PictureError(str(error) or type(error).__name__) from error
    if drawing is None or not (drawing.width > 0 and drawing.height > 0):
        raise PictureError("it can't be drawn")
    drawing.initialFontName = font_name("sans")  # else Helvetica, which is not embedded
    lacks = [f"its {name}s are not drawn" for name in _passed_over(root)]
    lacks += (f"no font can draw {c!r} (U+{ord(c):04X})" for c in sorted(_missing(drawing)))
    return drawing, lacks


def _passed_over(root: Any) -> list[str]:
    """What the picture uses of all that svglib knows nothing of."""
    from lxml import etree

    used = set(_USED.findall(etree.tostring(root, encoding="unicode")))
    elements = ((etree.QName(element).localname, element) for element in root.iter("{*}*"))
    return sorted({name for name, e in elements if name in _PASSED_OVER and e.get("id") in used})


def _missing(drawing: Drawing) -> set[str]:
    """The characters of its words that its fonts do not have."""
    missing: set[str] = set()
    for shape in _shapes(drawing):
        if isinstance(shape, String):
            glyphs = pdfmetrics.getFont(shape.fontName).face.charToGlyph
            missing |= {c for c in shape.text if ord(c) not in glyphs and not c.isspace()}
    return missing


def draw(drawing: Drawing, canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
    """Draw it into a rectangle of the page, its proportions kept. What lies outside its edges is
    not seen, as in a browser."""
    edges = canvas.beginPath()
    edges.rect(0, 0, drawing.width, drawing.height)
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(width / drawing.width, height / drawing.height)
    canvas.clipPath(edges, stroke=0, fill=0)
    renderPDF.draw(drawing, canvas, 0, 0)
    canvas.restoreState()


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
