"""Pictures made of lines: SVG as vectors, by svglib, in the guide's own faces.

deckgen's loader has refused what an SVG must not hold (scripts, references outside itself) before a
file comes here; svglib is told to fetch nothing all the same.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
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
def read_drawing(path: Path, sha256: str, *, color: bool) -> Drawing:
    """The picture, as large as it says it is at 96 pixels to the inch; `sha256` is of its file.
    Raises PictureError."""
    # Lazy import: svglib costs a third of a second, and most guides have no such picture.
    from svglib.svglib import SvgRenderer, load_svg_file

    try:
        with _quiet():
            root = load_svg_file(str(path))
            renderer = SvgRenderer(
                str(path), font_map=Faces(), external_reference_root=str(path.parent)
            )
            drawing = renderer.render(root) if root is not None else None
        if drawing is not None:  # numbers that are none, or have no end, show only then
            renderPDF.draw(drawing, Canvas(io.BytesIO()), 0, 0)
    except Exception as error:  # svglib raises whatever an odd drawing makes it
        words = "" if isinstance(error, KeyError) else " ".join(str(error).split())
        raise PictureError(words or "it can't be drawn") from error
    if drawing is None or not (drawing.width > 0 and drawing.height > 0):
        raise PictureError("it can't be drawn")
    drawing.initialFontName = font_name("sans")  # else Helvetica, which is not embedded
    if not color:
        _to_grey(drawing)
    return drawing


def lacking(drawing: Drawing) -> set[str]:
    """The characters of a drawing's words that its fonts do not have."""
    missing: set[str] = set()
    for shape in _shapes(drawing):
        if isinstance(shape, String):
            glyphs = pdfmetrics.getFont(shape.fontName).face.charToGlyph
            missing |= {c for c in shape.text if ord(c) not in glyphs and not c.isspace()}
    return missing


def draw(drawing: Drawing, canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
    """Draw it into a rectangle of the page, its proportions kept."""
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(width / drawing.width, height / drawing.height)
    renderPDF.draw(drawing, canvas, 0, 0)
    canvas.restoreState()


def _shapes(group: Group) -> Iterator[Any]:
    for shape in group.contents:
        yield shape
        if isinstance(shape, Group):
            yield from _shapes(shape)


def _to_grey(drawing: Drawing) -> None:
    for shape in _shapes(drawing):
        for name in ("fillColor", "strokeColor"):
            ink = getattr(shape, name, None)
            if isinstance(ink, Color):
                # Rec. 709's weights: how light the eye takes each primary for.
                grey = 0.2126 * ink.red + 0.7152 * ink.green + 0.0722 * ink.blue
                setattr(shape, name, Color(grey, grey, grey, ink.alpha))


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
