"""Printing guides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pdf_guides import Printed

from deckgen.exporters.pdf import PdfExporter, PdfOptions
from deckgen.model import Guide
from deckgen.problems import Problem

Print = Callable[..., Printed]


@pytest.fixture
def print_guide(tmp_path: Path) -> Print:
    """Print a guide with some options."""
    made: list[Printed] = []

    def printed(guide: Guide, **options: Any) -> Printed:
        warnings: list[Problem] = []
        path = tmp_path / f"{len(made)}.pdf"
        PdfExporter(replace(PdfOptions(), **options), warnings.append).export(guide, path)
        made.append(Printed(path, warnings))
        return made[-1]

    return printed
