"""HTML that Anki leaves alone.

Anki looks into the HTML of a field before a browser does: for clozes, sounds, LaTeX, and its
MathJax looks for `\\(` in the text. Characters that begin any of these are written as entities,
which only the browser resolves; a backslash before a bracket gets an element of its own, which is
where MathJax stops looking for a delimiter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from ...html import HtmlRenderer
from ...markdown import Gap
from ...model import Media
from . import ids

# Controls have no meaning in HTML, and U+001F is what Anki joins fields with. A soft line break is
# a space already, so that searching Anki for a phrase finds it wherever its line was broken.
_SPACES = dict.fromkeys((*range(9), *range(11, 32), 127)) | {10: " "}
# A bracket begins [sound:, [anki:, [latex], [$] and [[type:.
_BRACKET = str.maketrans({"[": "&#91;"})
_BACKSLASH = str.maketrans({"\\": "&#92;"})
_MATH_DELIMITER = re.compile(r"\\(?=[()\]&]|$)")


def _doubled(characters: str) -> re.Pattern[str]:
    """These characters beside one another, or at either end of a text, beside whose other half they
    may come to stand."""
    one = f"[{characters}]"
    return re.compile(f"{one}(?={one}|$)|(?:^|(?<={one})){one}")


class AnkiHtml(HtmlRenderer):
    """Renders into the fields of a note that has no clozes."""

    delimiters = _doubled("{")
    special = re.compile(r"[\x00-\x1f\x7f&<>\[{\\]")
    """Where it has none of these, a text needs nothing done to it."""

    def __init__(self, media: Mapping[str, Media]) -> None:
        super().__init__(media, ids.media_name)

    def escaped(self, text: str, *, quote: bool = False) -> str:
        html = escape(text.translate(_SPACES), quote)
        separate = self.delimiters.sub(lambda found: f"&#{ord(found[0])};", html)
        return separate.translate(_BRACKET)

    def text(self, text: str) -> str:
        text = text.replace("\n", " ")
        if not self.special.search(text):
            return text  # most words: what follows takes half the time of an export
        html = self.escaped(text)
        return _MATH_DELIMITER.sub(r"<span>\\</span>", html) if "\\" in html else html

    def attribute(self, value: str) -> str:
        return self.escaped(value, quote=True).translate(_BACKSLASH)


class ClozeHtml(AnkiHtml):
    """Renders into the text of a cloze note, in which `::` and `}}` are delimiters as well."""

    delimiters = _doubled("{}:")
    special = re.compile(r"[\x00-\x1f\x7f&<>\[{}:\\]")

    def gap(self, gap: Gap) -> str:
        hint = f"::{self.text(gap.hint)}" if gap.hint else ""
        return f"{{{{c{gap.number}::{self.inlines(gap.content)}{hint}}}}}"
