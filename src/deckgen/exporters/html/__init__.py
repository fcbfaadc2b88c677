"""Guide -> one web page that needs nothing but a browser: docs/html.md says what it can do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...exporter import Exporter, option

if TYPE_CHECKING:
    from ...model import Guide


@dataclass(frozen=True)
class HtmlOptions:
    """What a reader can choose about the web page."""

    cards: bool = option("the recall cards, below the question they belong to", True)


class HtmlExporter(Exporter):
    """Writes a web page in one file."""

    name = "html"
    suffix = ".html"
    description = "web page in one file, to search, filter and tick off"
    Options = HtmlOptions

    options: HtmlOptions

    def export(self, guide: Guide, path: Path) -> None:
        # Lazy import: listing the exporters needs none of this.
        from .page import page

        path.write_text(page(guide, self.options, self.warn), "utf-8", newline="\n")
