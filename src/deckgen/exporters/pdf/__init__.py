"""The PDF exporter: a printable study guide, arranged by interview round.

This module is cheap to import; reportlab and the fonts load when a guide is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ...exporter import Exporter, option

if TYPE_CHECKING:
    from ...model import Guide


@dataclass(frozen=True)
class PdfOptions:
    """What a reader can choose about the printed guide."""

    paper: Literal["a4", "letter"] = option("paper size", "a4")
    answers: Literal["inline", "end", "none"] = option(
        "answers after each question, gathered at the end, or left out with ruled space to write",
        "inline",
    )
    duplex: bool = option(
        "two-sided: the wide margin alternates, rounds open on a right-hand page", True
    )
    color: bool = option("false prints in pure grey", True)


class PdfExporter(Exporter):
    name = "pdf"
    suffix = ".pdf"
    description = "printable study guide"
    on_by_default = True
    Options = PdfOptions

    options: PdfOptions

    def export(self, guide: Guide, path: Path) -> None:
        from .document import write

        write(guide, path, self.options, self.warn)
