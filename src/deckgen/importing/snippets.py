"""The HTML of a card's field -> Markdown, by markdownify."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning
from markdownify import MarkdownConverter

from ..markdown import ClozeText, Markdown
from .plain import cleaned, escaped, in_cell, markdown
from .saved import UNREADABLE

Picture = Callable[[str], str | None]
"""Gives the name that an image is kept under, or None where it can't be kept."""

_SOUND = re.compile(r"\[sound:[^\]]{0,300}\]")
_CLOZE = re.compile(r"\{\{c\d+::")
_WHOLE_CLOZE = re.compile(r"\{\{c\d+::(.*?)\}\}", re.DOTALL)
_TEX = r"((?:(?!\\[()\[\]])[^\n$])+?)"
_FORMULA = re.compile(
    rf"(?:\\\({_TEX}\\\)|\\\[{_TEX}\\\]|\[\$\]{_TEX}\[/\$\]|\[\$\$\]{_TEX}\[/\$\$\])(?!\d)"
)
"""TeX as Anki marks it, for MathJax and for LaTeX."""

_LANGUAGE = re.compile(r"\blang(?:uage)?-([\w+#.-]+)")
_WIDE = re.compile(r"[ \t]{200,}")
_MOST_TAGS = 5_000
"""In a field. Of one with more the text is taken alone: what markdownify does with lists and tables
takes a time that grows with their square."""
_BLANKS = re.compile(r"\n{3,}")


def to_markdown(html: str, picture: Picture) -> str:
    """A field as Markdown that reads like it. Images are those that `picture` keeps; sounds go."""
    return _converted(html, picture, Markdown)


def to_cloze(html: str, picture: Picture) -> str:
    """As `to_markdown`, its `{{c1::...}}` left for what they are; empty where it has none that the
    bank takes."""
    if not _CLOZE.search(html):
        return ""
    text = _converted(html, picture, ClozeText)
    return "" if any(not r.warning for r in ClozeText(text).remarks) else text


def without_clozes(html: str) -> str:
    """A cloze field as the question it asks."""
    closed = html.rfind("}}") + 2  # of many that nothing closes each would be read to the end
    return _WHOLE_CLOZE.sub(_gap, html[:closed]) + html[closed:]


def _gap(found: re.Match[str]) -> str:
    _, _, hint = found[1].partition("::")
    return f"[{hint or '…'}]"


def has_sound(html: str) -> bool:
    return _SOUND.search(html) is not None


def _converted(html: str, picture: Picture, kind: type[Markdown]) -> str:
    html = _WIDE.sub(" ", _SOUND.sub("", cleaned(html)))
    try:
        soup = _soup(html)
    except UNREADABLE:
        return markdown(html)
    try:
        converter = _Converter(picture)
        much = html.count("<") > _MOST_TAGS
        text = "" if much else _BLANKS.sub("\n\n", converter.convert_soup(soup)).strip()
    except (RecursionError, ValueError):  # markdownify's, of numbers that are none
        text = ""
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    if not text or any(not remark.warning for remark in kind(text).remarks):
        return markdown(soup.get_text("\n"))
    return text


def _soup(html: str) -> BeautifulSoup:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)  # a field may be one word
        soup = BeautifulSoup(html, "html.parser")
    for tag in soup(["script", "style", "template"]):
        tag.decompose()
    return soup


def _with_formulas(text: str, escape: Callable[[str], str]) -> str:
    """A text escaped, but for the formulas in it."""
    words = []
    at = 0
    for found in _FORMULA.finditer(text):
        formula = next(filter(None, found.groups())).strip()
        if formula and not formula.endswith("\\"):  # which would escape the mark behind it
            words += [escape(text[at : found.start()]), f"${formula}$"]
            at = found.end()
    return "".join([*words, escape(text[at:])])


def _escaped(text: str) -> str:
    """As `escaped`, with the spaces around it."""
    stripped = text.strip()
    return text.replace(stripped, escaped(text), 1) if stripped else text


def _escaped_in_cell(text: str) -> str:
    return in_cell(_escaped(text))


def _language(pre: Any) -> str:
    """The language that a code block's classes name, on it or on the element in it."""
    inner = [pre, *pre.find_all("code", limit=1)]
    classes = " ".join(str(name) for tag in inner for name in tag.get("class") or ())
    found = _LANGUAGE.search(classes)
    return found[1] if found else ""


class _Converter(MarkdownConverter):
    """markdownify with our own escapes, and images by name."""

    def __init__(self, picture: Picture) -> None:
        super().__init__(
            bullets="-",
            heading_style="atx",
            newline_style="backslash",
            strong_em_symbol="*",
            sub_symbol="<sub>",
            sup_symbol="<sup>",
            strip=["form", "input", "button"],
            code_language_callback=_language,
        )
        self.picture = picture

    def escape(self, text: str, parent_tags: Any) -> str:
        if not text.strip():
            return text
        before = text[: len(text) - len(text.lstrip())]
        after = text[len(text.rstrip()) :]
        cell = not {"td", "th"}.isdisjoint(parent_tags)
        words = _with_formulas(text.strip(), _escaped_in_cell if cell else _escaped)
        return before + words + after

    def convert_br(self, el: Any, text: str, parent_tags: Any) -> str:
        if "pre" in parent_tags:
            return "\n"
        return str(super().convert_br(el, text, parent_tags))  # type: ignore[misc]

    def convert_img(self, el: Any, text: str, parent_tags: Any) -> str:
        source = unquote(str(el.get("src") or ""))
        alt = escaped(str(el.get("alt") or "")).replace("]", "\\]")
        name = self.picture(source)
        return f"![{alt}]({name})" if name else alt

    def convert_a(self, el: Any, text: str, parent_tags: Any) -> str:
        if re.match(r"https?://[^\s/]|mailto:\S", str(el.get("href") or "")):
            return str(super().convert_a(el, text, parent_tags))  # type: ignore[misc]
        return text
