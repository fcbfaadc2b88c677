"""The paper exporters: a printable study guide, arranged by interview round, and its recall cards,
on sheets to cut.

This module is cheap to import; reportlab and the fonts load when a guide is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ...exporter import Exporter, InputFile, option

if TYPE_CHECKING:
    from ...model import Guide

FONT_PACKAGES = ("font", "noto")
"""Words of which one is in the name of every package that fonts are taken from."""

_FONTS_HELP = (
    "font files, or packages of fonts, for scripts that the guide's own fonts lack; "
    "in guide.yaml a file is one of the guide's folder fonts/"
)


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
    fonts: tuple[InputFile, ...] = option(_FONTS_HELP, ())


class PdfExporter(Exporter):
    """Writes the printed guide."""

    name = "pdf"
    suffix = ".pdf"
    description = "printable study guide"
    on_by_default = True
    uses = FONT_PACKAGES
    Options = PdfOptions

    options: PdfOptions

    def export(self, guide: Guide, path: Path) -> None:
        from .document import write

        write(guide, path, self.options, self.warn, self.kept)


@dataclass(frozen=True)
class CardsOptions:
    """What a reader can choose about the printed cards."""

    paper: Literal["a4", "letter"] = option("paper size", "a4")
    per_sheet: Literal["8", "10"] = option(
        "cards on a sheet: eight of 92 by 64 mm, or ten of 92 by 51 mm", "8"
    )
    duplex: Literal["long-edge", "short-edge", "none"] = option(
        "the edge over which the printer turns a sheet; none puts all fronts first, then all backs "
        "in the same places, to be glued",
        "long-edge",
    )
    color: bool = option("false prints in pure grey", True)
    fonts: tuple[InputFile, ...] = option(_FONTS_HELP, ())


class CardsExporter(Exporter):
    """Writes recall cards to print and cut."""

    name = "cards"
    suffix = ".cards.pdf"
    description = "recall cards to print and cut"
    uses = FONT_PACKAGES
    Options = CardsOptions

    options: CardsOptions

    def export(self, guide: Guide, path: Path) -> None:
        from .cards import write

        write(guide, path, self.options, self.warn)
