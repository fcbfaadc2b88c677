"""The same text set by other programs, to compare with.

    python benchmarks/peers.py typst BANK OUT.pdf
    python benchmarks/peers.py weasyprint BANK OUT.pdf

YAML, Markdown and highlighting as in plain.py; then Typst, with a table of contents, or WeasyPrint.
Neither is needed for anything else: `pip install typst weasyprint`.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from plain import highlighted, questions, texts

FONTS = ("fontpkg_ibm_plex_serif", "fontpkg_ibm_plex_mono")


def font_folders() -> list[str]:
    """Where the typefaces of the guide are, for Typst."""
    specs = [find_spec(package) for package in FONTS]
    return [str(Path(spec.origin).parent / "files") for spec in specs if spec and spec.origin]


# ------------------------------------------------------------------------------------- Typst

TYPST_HEAD = """\
#set page(paper: "a4", numbering: "1")
#set text(font: "IBM Plex Serif", size: 9.5pt, lang: "en")
#show raw: set text(font: "IBM Plex Mono", size: 8pt)
#set par(justify: true)
#outline()
"""


def typst(bank: Path, out: Path) -> None:
    """A PDF by Typst, from its own markup."""
    import typst as compiler

    md = MarkdownIt("commonmark").enable("table")
    parts = [TYPST_HEAD]
    for question in questions(bank):
        asked, *others = texts(question)
        parts.append("= " + " ".join(typst_blocks(md.parse(asked))))
        parts += ("\n".join(typst_blocks(md.parse(text))) + "\n" for text in others)
    source = "\n".join(parts).encode()
    compiler.compile(source, output=str(out), font_paths=font_folders())


def typst_blocks(tokens: list[Token]) -> Iterator[str]:
    """The blocks of a text in Typst's markup."""
    cells: list[str] = []
    columns = 0
    item = ""
    for token in tokens:
        match token.type:
            case "list_item_open":
                item = "- "
            case "th_open":
                columns += 1
            case "table_close":
                yield f"#table(columns: {columns}, {', '.join(cells)})"
                cells, columns = [], 0
            case "inline":
                words = typst_inline(token.children or [])
                if columns:
                    cells.append(f"[{words}]")
                else:
                    yield item + words + ("" if item else "\n")
                    item = ""
            case "fence":
                yield f"```{token.info}\n{token.content}```\n"


MARKS = {"em_open": "#emph[", "em_close": "]", "strong_open": "#strong[", "strong_close": "]"}


def typst_inline(tokens: list[Token]) -> str:
    parts = []
    for token in tokens:
        if token.type == "code_inline":
            parts.append(f"`{token.content}`")
        elif token.type in MARKS:
            parts.append(MARKS[token.type])
        else:
            parts.append(re.sub(r"([\\#*_`$<>@\[\]~=\-+/])", r"\\\1", token.content) or "\n")
    return "".join(parts)


# -------------------------------------------------------------------------------- WeasyPrint

FACE = "@font-face {{ font-family: Plex{family}; src: url(file://{path}) }}\n"
STYLE = """\
@page { size: A4; margin: 20mm; @bottom-center { content: counter(page) } }
body { font: 9.5pt/1.4 PlexSerif } pre, code { font: 8pt PlexMono }
h2 { font-size: 11pt; break-after: avoid } td, th { border: 0.5pt solid }
"""


def weasyprint(bank: Path, out: Path) -> None:
    """A PDF by WeasyPrint, from HTML."""
    from weasyprint import HTML

    md = MarkdownIt("commonmark", {"highlight": highlighted}).enable("table")
    faces = "".join(
        FACE.format(family=family, path=f"{folder}/IBMPlex{family}-Regular.ttf")
        for family, folder in zip(("Serif", "Mono"), font_folders(), strict=True)
    )
    parts = [f"<title>{html.escape(bank.name)}</title><style>{faces}{STYLE}</style>"]
    for question in questions(bank):
        asked, *others = texts(question)
        parts.append(f"<h2>{md.renderInline(asked)}</h2>")
        parts += map(md.render, others)
    HTML(string="".join(parts)).write_pdf(out)


if __name__ == "__main__":
    {"typst": typst, "weasyprint": weasyprint}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
