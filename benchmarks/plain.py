"""The plain way, to compare with: what one would write in an afternoon with the same libraries.

    python benchmarks/plain.py deck BANK OUT.apkg
    python benchmarks/plain.py pdf BANK OUT.pdf

YAML by `yaml.load` with the C loader, Markdown by markdown-it-py, code by Pygments; the deck by
genanki as its manual shows; the PDF by one pass of reportlab's Paragraph, XPreformatted and Table,
with embedded fonts, no contents, no index and no links.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token


def questions(bank: Path) -> Iterator[dict[str, Any]]:
    """Every question of a bank."""
    for path in sorted(bank.rglob("questions/*.yaml")):
        yield from yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)


LISTS = ("key_points", "strong", "follow_ups", "pitfalls")


def texts(question: dict[str, Any]) -> list[str]:
    """What is printed of a question, in order."""
    return [question["question"], question["answer"], *(t for key in LISTS for t in question[key])]


def highlighted(code: str, language: str, _: str) -> str:
    """A listing as Pygments' HTML, or as it is."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name

    return highlight(code, get_lexer_by_name(language or "text"), HtmlFormatter(nowrap=True))


def deck(bank: Path, out: Path) -> None:
    """The deck, as genanki's manual shows."""
    import genanki

    md = MarkdownIt("commonmark", {"highlight": highlighted}).enable("table")
    fields = [
        {"name": name} for name in ("Question", "Answer", "Points", "Strong", "Next", "Traps")
    ]
    template = {
        "name": "Card",
        "qfmt": "{{Question}}",
        "afmt": "{{Question}}<hr>{{Answer}}{{Points}}",
    }
    basic = genanki.Model(1, "Question", fields=fields, templates=[template])
    recall = genanki.Model(
        2,
        "Recall",
        fields=[{"name": "Front"}, {"name": "Back"}],
        templates=[{"name": "Card", "qfmt": "{{Front}}", "afmt": "{{Front}}<hr>{{Back}}"}],
    )
    cloze = genanki.Model(
        3,
        "Cloze",
        fields=[{"name": "Text"}],
        templates=[{"name": "Card", "qfmt": "{{cloze:Text}}", "afmt": "{{cloze:Text}}"}],
        model_type=genanki.Model.CLOZE,
    )
    made = genanki.Deck(4, "Benchmark")
    for question in questions(bank):
        tags = [question["category"].replace(" ", "-"), question["difficulty"]]
        points = [md.render("\n".join(f"- {t}" for t in question[k])) for k in LISTS]
        sides = [md.render(question["question"]), md.render(question["answer"]), *points]
        made.add_note(genanki.Note(basic, sides, tags=tags))
        for card in question["cards"]:
            if "cloze" in card:
                note = genanki.Note(cloze, [md.render(card["cloze"])], tags=tags)
            else:
                note = genanki.Note(
                    recall, [md.render(card[s]) for s in ("front", "back")], tags=tags
                )
            made.add_note(note)
    genanki.Package(made).write_to_file(out)


def pdf(bank: Path, out: Path) -> None:
    """The guide, as reportlab's manual shows."""
    import fontpkg_ibm_plex_mono
    import fontpkg_ibm_plex_serif
    from reportlab.lib.fonts import addMapping
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import SimpleDocTemplate

    faces = {"Serif": fontpkg_ibm_plex_serif, "Mono": fontpkg_ibm_plex_mono}
    styles = (("Regular", 0, 0), ("Bold", 1, 0), ("Italic", 0, 1), ("BoldItalic", 1, 1))
    for family, package in faces.items():
        folder = Path(str(package.__file__)).parent / "files"
        for style, bold, italic in styles:
            name = f"{family}-{style}"
            pdfmetrics.registerFont(TTFont(name, str(folder / f"IBMPlex{family}-{style}.ttf")))
            addMapping(family, bold, italic, name)
    body = ParagraphStyle(
        "body", fontName="Serif-Regular", fontSize=9.5, leading=13.5, spaceAfter=4
    )
    head = ParagraphStyle("head", body, fontName="Serif-Bold", fontSize=11, leading=15)
    code = ParagraphStyle("code", body, fontName="Mono-Regular", fontSize=8, leading=10)
    md = MarkdownIt("commonmark").enable("table")
    story: list[Any] = []
    for question in questions(bank):
        for number, text in enumerate(texts(question)):
            story += flowables(md.parse(text), head if number == 0 else body, code)
    SimpleDocTemplate(str(out), initialFontName="Serif-Regular").build(story)


def flowables(tokens: list[Token], style: Any, code: Any) -> Iterator[Any]:
    """The blocks of a text as reportlab's own flowables."""
    from reportlab.lib.pygments2xpre import pygments2xpre
    from reportlab.platypus import Paragraph, Table, XPreformatted

    rows: list[list[Any]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "table_close":
            yield Table(rows, style=[("FONTNAME", (0, 0), (-1, -1), style.fontName)])
            rows = []
        elif token.type == "inline":
            paragraph = Paragraph(markup(token.children or []), style)
            if rows:
                rows[-1].append(paragraph)
            else:
                yield paragraph
        elif token.type == "fence":
            yield XPreformatted(pygments2xpre(token.content, token.info or "text"), code)


_TAGS = {"em_open": "<i>", "em_close": "</i>", "strong_open": "<b>", "strong_close": "</b>"}


def markup(tokens: list[Token]) -> str:
    """Inline tokens as reportlab's markup."""
    parts = []
    for token in tokens:
        if token.type == "code_inline":
            parts.append(f'<font name="Mono-Regular">{escape(token.content)}</font>')
        else:
            parts.append(_TAGS.get(token.type) or escape(token.content) or " ")
    return re.sub(r"\s+", " ", "".join(parts))


if __name__ == "__main__":
    {"deck": deck, "pdf": pdf}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
