"""Guide -> the text of its page."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING, Any

from ...exporter import Warn
from ...languages import direction
from ...model import DIFFICULTIES, Guide, Question, Round, by_code, live
from ...problems import Place
from ...words import count, slug
from .questions import anchor, article
from .rendering import PageHtml, file, lines, part, template

if TYPE_CHECKING:
    from . import HtmlOptions

_EMPTY_ROUND = '<p class="missing" lang="en">This round has no questions yet.</p>'


def page(guide: Guide, options: HtmlOptions, warn: Warn) -> str:
    """The whole page, as one text."""
    return _Page(guide, options, warn).text()


class _Page:
    def __init__(self, guide: Guide, options: HtmlOptions, warn: Warn) -> None:
        self.guide = guide
        self.options = options
        self.warn = warn
        self.shown_times = Counter[str]()
        self.html = self._renderer(guide.place)
        self.questions = by_code(live(guide))
        """Those shown, by code."""
        if not self.questions:
            warn(
                "there are no questions to show: drafts and retired ones are left out", guide.place
            )

    def text(self) -> str:
        guide, style, script = self.guide, file("style.css"), file("page.js")
        return template("page.html").substitute(
            language=self.html.attribute(guide.language),
            direction=direction(guide.language),
            style=style,
            style_hash=_hash(style),
            script=script,
            script_hash=_hash(script),
            data=_json(self._data()),
            title=self.html.text(guide.title),
            people=self._people(),
            facts=self._facts(),
            rounds=_options((round.id, round.title) for round in guide.rounds),
            categories=_options(sorted(self._categories().items(), key=_by_name)),
            difficulties=_options((word, word.capitalize()) for word in DIFFICULTIES),
            contents=self._contents(),
            process=self._process(),
            chapters="\n".join(map(self._chapter, guide.rounds)),
            night_before=self._night_before,
            sources=self._sources(),
            footer=self._footer(),
        ) + "\n"  # fmt: skip

    def _renderer(self, place: Place) -> PageHtml:
        return PageHtml(
            self.guide.media, lambda message: self.warn(message, place), self.shown_times
        )

    def _of(self, round: Round) -> list[Question]:
        return [question for question in self.questions if question.round == round.id]

    # ------------------------------------------------------------------------------ above

    def _people(self) -> str:
        named = filter(None, (self.guide.company, self.guide.role, self.guide.level))
        return self.html.text(" · ".join(named))

    def _facts(self) -> str:
        asked = count(len(self.questions), "question")
        updated = self.guide.updated
        dated = f" · facts as of <time>{updated.isoformat()}</time>" if updated else ""
        return f"{asked} in {count(len(self.guide.rounds), 'round')}{dated}"

    def _categories(self) -> dict[str, str]:
        return {slug(question.category): question.category for question in self.questions}

    def _contents(self) -> str:
        """A list of links to the parts of the page."""
        entries = [("process", '<span lang="en">The process</span>')] if self.guide.summary else []
        for round in self.guide.rounds:
            number = f"<b>{round.number}</b> " if round.number else ""
            entries.append((_round_anchor(round), number + self.html.text(round.title)))
        if self._night_before:
            entries.append(("night-before", '<span lang="en">The night before</span>'))
        if self.guide.source:
            entries.append(("sources", '<span lang="en">Sources</span>'))
        return self.html.bullets(f'<a href="#{id}">{title}</a>' for id, title in entries)

    def _data(self) -> dict[str, Any]:
        """What the script knows of the guide; the words themselves it reads from the page."""
        return {
            "id": self.guide.id,
            "questions": [
                {
                    "id": question.id,
                    "anchor": anchor(question),
                    "round": question.rounds,
                    "category": slug(question.category),
                    "difficulty": question.difficulty,
                    "tags": ["-".join(tag.split()) for tag in question.tags],
                }
                for question in self.questions
            ],
        }

    # ------------------------------------------------------------------------------- body

    def _process(self) -> str:
        return _chapter("process", "The process", self.html.blocks(self.guide.summary.blocks))

    def _chapter(self, round: Round) -> str:
        questions = "\n".join(map(self._article, self._of(round)))
        return template("round.html").substitute(
            anchor=_round_anchor(round),
            number=round.number or "",
            title=self.html.text(round.title),
            opening=self._opening(round),
            questions=questions or _EMPTY_ROUND,
        )

    def _opening(self, round: Round) -> str:
        html = self.html
        facts = " · ".join(filter(None, (round.duration, round.format)))
        return lines(
            f'<p class="facts">{html.text(facts)}</p>' if facts else "",
            html.blocks(round.summary.blocks),
            part("What it tests", html.texts(round.focus), level=3),
            part("How to prepare", html.texts(round.tips), level=3),
            part("How people fail", html.texts(round.pitfalls), level=3),
            part("What to ask them", html.texts(round.ask), level=3),
        )

    def _article(self, question: Question) -> str:
        html = self._renderer(question.place)
        return article(self.guide, question, html, cards=self.options.cards)

    # ------------------------------------------------------------------------------ below

    @cached_property
    def _night_before(self) -> str:
        """The rounds in brief, then the guide's own lists."""
        html = self.html
        parts = [(html.text(r.title), html.texts(r.brief)) for r in self.guide.rounds if r.brief]
        parts += [(html.text(b.title), html.texts(b.items)) for b in self.guide.night_before]
        body = "\n".join(f"<section><h3>{title}</h3>\n{body}\n</section>" for title, body in parts)
        return _chapter("night-before", "The night before", body, kind="aside sheet")

    def _sources(self) -> str:
        links = (self.html.link(link.url, link.title) for link in self.guide.source)
        return _chapter("sources", "Sources", self.html.bullets(links))

    def _footer(self) -> str:
        links = ((self.guide.home, "The guide online"), (self.guide.report, "Report a mistake"))
        return " · ".join(self.html.link(url, title) for url, title in links if url)


def _chapter(id: str, title: str, body: str, *, kind: str = "aside") -> str:
    """A part of the page that has no questions; nothing when there is nothing in it."""
    if not body:
        return ""
    heading = f'<h2 lang="en">{title}</h2>'
    return f'<section id="{id}" class="{kind}" tabindex="-1">{heading}\n{body}\n</section>'


def _round_anchor(round: Round) -> str:
    return f"round-{round.id}"


def _options(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(
        f'<option value="{escape(value)}">{escape(name)}</option>' for value, name in pairs
    )


def _by_name(pair: tuple[str, str]) -> str:
    return pair[1].casefold()


def _json(value: Any) -> str:
    """JSON that ends no element and begins no comment."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _hash(text: str) -> str:
    """As a Content-Security-Policy names the style or script it lets through."""
    return f"sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}"
