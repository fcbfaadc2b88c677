"""TeX formulas as outlines, set by ziamath."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.etree import ElementTree

from .pen import Pen
from .styles import Style
from .tags import Element

_SMALLEST = 0.55  # of its size: what is made smaller still could not be read
_SCALE = 1.06  # STIX Two Math is set a little larger, for letters as tall as Plex Serif's


MAX_TEX = 2_000
MAX_GROUPS = 8
"""Characters of a formula, and groups in each other. ziamath's time grows with the square of the
one, and doubles with each of the other."""


class FormulaError(Exception):
    """TeX that cannot be set; the message says why."""


@dataclass(frozen=True)
class Formula:
    """A formula in points; `operators` draw it from its left end on its baseline."""

    alternative: str
    width: float
    ascent: float
    descent: float
    operators: str

    def draw(self, pen: Pen, x: float, y: float, style: Style, element: Element | None) -> None:
        if element is not None:
            bounds = (x, y - self.descent, x + self.width, y + self.ascent)
            element.bounds = pen.on_page(bounds)
        with pen.marked(element):
            pen.outlines(self.operators, style.ink, x, y)


@cache
def formula(tex: str, size: float, widest: float, display: bool = False) -> Formula:
    """Set TeX at a size of type, smaller where it would be wider than `widest`.

    Raises FormulaError.
    """
    if len(tex) > MAX_TEX:
        raise FormulaError(f"it has more than {MAX_TEX:,} characters")
    if _nesting(tex) > MAX_GROUPS:
        raise FormulaError(f"its groups are nested more than {MAX_GROUPS} deep")
    size *= _SCALE
    try:
        set_ = _latex()(tex, size=size, inline=not display, margin=0)
        picture = ElementTree.fromstring(set_.svg())
    except Exception as error:  # the library lets whatever went wrong inside it out
        raise FormulaError(str(error) or "it is not understood") from error
    _look_through(set_)
    x, y, width, height = map(float, picture.attrib["viewBox"].split())
    # The box begins with the ink: the space that the first letter has before it belongs to it too.
    x, width = min(x, 0.0), width + max(x, 0.0)
    scale = min(1.0, widest / width) if width else 1.0
    if scale < _SMALLEST:
        raise FormulaError("it is too wide")
    operators = [f"{scale:.4f} 0 0 {-scale:.4f} {-x * scale:.2f} 0 cm"]
    for node in picture.iter():
        match node.tag.rpartition("}")[2]:
            case "path":
                operators += _painted(node, _path(node.attrib["d"]))
            case "rect":
                edges = (float(node.attrib[edge]) for edge in ("x", "y", "width", "height"))
                operators += _painted(node, [" ".join(f"{edge:.2f}" for edge in edges) + " re"])
            case "svg" | "g" | "title":
                pass
            case other:
                raise FormulaError(f"it needs {other}, which is not drawn here")
    ascent, descent = -y * scale, (height + y) * scale
    return Formula(tex, width * scale, ascent, max(descent, 0.0), "\n".join(operators))


def _look_through(math: Any) -> None:
    """Raises FormulaError for what would be set otherwise than it was meant: ziamath passes over
    some things, and draws a box for a character that its font lacks."""
    for node in math.mathml.iter():
        text = node.text or ""
        if text[:1] == "\\" and text[1:]:
            raise FormulaError(f"{text} is not known")
        for char in text:
            if not (char.isspace() or math.font.glyphindex(char)):
                raise FormulaError(f"its font has no {char!r} (U+{ord(char):04X})")
        if node.get("mathbackground"):
            raise FormulaError("a background is not drawn")
        lines = f"{node.get('rowlines', '')} {node.get('columnlines', '')}"
        if "solid" in lines or "dashed" in lines:
            raise FormulaError("the lines of an array are not drawn")


def _nesting(tex: str) -> int:
    """How deep its groups are in each other: braces, fences, environments."""
    deepest = depth = 0
    for token in re.findall(r"\\(?:[A-Za-z]+|.)|[{}]", tex, re.DOTALL):
        depth += (token in ("{", "\\left", "\\begin")) - (token in ("}", "\\right", "\\end"))
        deepest = max(deepest, depth)
    return deepest


@cache
def _latex() -> Any:
    # Lazy import: a tenth of a second, and few guides have formulas. It finds its fonts in a way
    # that Python has deprecated.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from ziamath.config import config
        from ziamath.zmath import Latex
    config.svg2 = False  # plain outlines instead of shared symbols
    return Latex


def _painted(node: ElementTree.Element, path: Iterable[str]) -> Iterator[str]:
    """A path filled, or drawn as a line if it has a stroke."""
    if "stroke" in node.attrib:
        yield f"{float(node.attrib['stroke-width']):.2f} w"
    yield from path
    yield "S" if "stroke" in node.attrib else "f"


def _path(data: str) -> Iterator[str]:
    """An SVG path (absolute commands only, as ziamath writes them) as page operators."""
    x = y = 0.0
    for command, text in re.findall(r"([A-Z])([^A-Z]*)", data):
        numbers = [float(number) for number in text.split()]
        match command, numbers:
            case "M", [x, y]:
                yield f"{x:.2f} {y:.2f} m"
            case "L", [x, y]:
                yield f"{x:.2f} {y:.2f} l"
            case "Q", [a, b, to_x, to_y]:
                # PDF has only cubic curves: two thirds of the way to the one control point.
                first = x + (a - x) * 2 / 3, y + (b - y) * 2 / 3
                x, y = to_x, to_y
                second = x + (a - x) * 2 / 3, y + (b - y) * 2 / 3
                points = (*first, *second, x, y)
                yield " ".join(f"{value:.2f}" for value in points) + " c"
            case "C", [_, _, _, _, x, y]:
                yield " ".join(f"{value:.2f}" for value in numbers) + " c"
            case "Z", []:
                yield "h"
            case _:
                raise FormulaError(f"an outline has {command}{text}")
