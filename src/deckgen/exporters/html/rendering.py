"""HTML for a page that is read in a browser, and the pieces it is put together from."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from ...html import HtmlRenderer
from ...markdown import Gap, Image
from ...model import Media
from .mathml import FormulaError, mathml

_MOST_TIMES = 100
"""That an image may be on a page: it is inside the file anew each time."""


class PageHtml(HtmlRenderer):
    """Renders texts with their images inside and their formulas as MathML.

    `warn` is told of a formula that stays as it was written; `shown_times` counts the page's
    images.
    """

    heading_shift = 4
    """Below the guide, a round, a question and a part of it."""

    def __init__(
        self, media: Mapping[str, Media], warn: Callable[[str], None], shown_times: Counter[str]
    ) -> None:
        super().__init__(media, _data_address)
        self.warn = warn
        self.shown_times = shown_times

    def image(self, image: Image) -> str:
        self.shown_times[image.source] += 1
        times = self.shown_times[image.source]
        if times <= _MOST_TIMES:
            return super().image(image)
        if times == _MOST_TIMES + 1:
            self.warn(f"{image.source} is shown {_MOST_TIMES} times, and then only its text")
        return self.text(image.alt or image.source)

    def tex(self, tex: str, *, display: bool) -> str:
        try:
            return mathml(tex, display=display)
        except FormulaError as error:
            self.warn(f"the formula ${tex}$ is shown as it is written: {error}")
            return f"<code>{self.text(tex)}</code>"

    def gap(self, gap: Gap) -> str:
        return f'<b class="gap">{self.inlines(gap.content)}</b>'


class HiddenHtml(PageHtml):
    """The same with every cloze deletion still to be filled in."""

    def gap(self, gap: Gap) -> str:
        return f'<b class="gap">[{self.text(gap.hint or "…")}]</b>'


def _data_address(_: str, media: Media) -> str:
    """The image itself as its address. A script in an image does not run, and there is none."""
    kind = "svg+xml" if media.kind == "svg" else media.kind
    return f"data:image/{kind};base64,{base64.b64encode(media.path.read_bytes()).decode()}"


def part(label: str, body: str, *, level: int = 4, kind: str = "") -> str:
    """Something with a heading; nothing when there is nothing in it."""
    marked = f' class="{kind}"' if kind else ""
    heading = f'<h{level} lang="en">{escape(label)}</h{level}>'
    return f"<section{marked}>{heading}\n{body}\n</section>" if body else ""


def fold(label: str, body: str) -> str:
    """Something folded away below its label; nothing when there is nothing in it."""
    summary = f'<summary lang="en">{escape(label)}</summary>'
    return f"<details>{summary}\n<div>{body}</div></details>" if body else ""


def lines(*parts: str) -> str:
    """What there is of some pieces of HTML."""
    return "\n".join(filter(None, parts))


@cache
def file(name: str) -> str:
    """A file of the templates."""
    return files(__package__).joinpath("templates", name).read_text("utf-8")


@cache
def template(name: str) -> Template:
    return Template(file(name).strip())
