"""TeX -> MathML, which browsers set by themselves: no script, no font to fetch.

latex2mathml does the work. Its own serializer undoes all escaping, and it hands on what `\\href`
and `\\style` ask for, so its tree is taken instead and rebuilt from what is mathematics alone.
"""

from __future__ import annotations

from functools import cache
from html import unescape
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

_ATTRIBUTES = frozenset((
    "display", "displaystyle", "scriptlevel", "mathvariant", "mathsize", "width", "height", "depth",
    "voffset", "lspace", "rspace", "stretchy", "symmetric", "largeop", "minsize", "maxsize",
    "movablelimits", "form", "fence", "separator", "accent", "accentunder", "linethickness",
    "columnalign", "columnspacing", "rowspacing", "notation",
))  # fmt: skip
"""Those of https://www.w3.org/TR/mathml-core/ and its tables that lay out. Not `href`, not `style`,
and no colours: they would have to suit day and night."""

_SCRIPTED = frozenset(("msub", "msup", "msubsup", "munder", "mover", "munderover"))
_THIN = "0.167em"


class FormulaError(Exception):
    """TeX that cannot be set; the message says why."""


@cache
def mathml(tex: str, *, display: bool = False) -> str:
    """A `<math>` element, with the TeX beside it for those who copy it. Raises FormulaError."""
    # Lazy import: it reads a table of symbols, and few guides have formulas.
    from latex2mathml.converter import Converter

    try:
        tree = Converter(display="block" if display else "inline").convert_to_element(tex)
        math = _cleaned(tree)
    except FormulaError:
        raise
    except Exception as error:  # the library lets whatever went wrong inside it out
        raise FormulaError(str(error) or "it is not understood") from error
    content = list(math)
    math[:] = []
    semantics = SubElement(math, "semantics")
    semantics.extend(content)
    SubElement(semantics, "annotation", encoding="application/x-tex").text = tex
    return tostring(math, encoding="unicode", method="html")


def _cleaned(element: Any) -> Element:
    """A copy with nothing in it but mathematics, its text without the library's entities."""
    text = unescape(element.text or "")
    if text.startswith("\\") and len(text) > 1:
        raise FormulaError(f"{text} is not known")
    kept = {name: value for name, value in element.attrib.items() if name in _ATTRIBUTES}
    copy = Element(element.tag, kept)
    copy.text = text
    copy.extend([_cleaned(child) for child in element])
    if copy.tag in ("math", "mrow", "mtd"):
        _space_functions(copy)
    return copy


def _space_functions(row: Element) -> None:
    """A thin space between the name of a function and what is no operator, as TeX has it: MathML
    sets `v log v` without any."""
    spaced = list(row[:1])
    for left, right in pairwise(row):
        named = _is_function(left), _is_function(right)
        if any(named) and "mo" not in (left.tag, right.tag):
            spaced.append(Element("mspace", width=_THIN))
        spaced.append(right)
    row[:] = spaced


def _is_function(element: Element) -> bool:
    if element.tag in _SCRIPTED:
        return _is_function(element[0])
    name = element.text or ""
    return element.tag == "mi" and len(name) > 1 and name.isalpha()
