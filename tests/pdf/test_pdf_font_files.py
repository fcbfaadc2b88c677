"""Fonts in a build: named in guide.yaml or on the command line, and counted among its inputs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

import pypdfium2
import pytest

from support import BankFolder, Run

FONTS = Path(str(distribution("manimgx-fonts").locate_file("manimgx_fonts")))
HEBREW = FONTS / "NotoSansHebrew[wght].ttf"
ARABIC = FONTS / "NotoSansArabic[wght].ttf"
PDF = "output/example.pdf"

Build = Callable[..., str]


@pytest.fixture
def build(bank: BankFolder, run: Run) -> Build:
    """`deckgen build -f pdf`; gives what became of the file, and what was said of it."""
    bank.edit("guide.yaml", "company:", "export: {pdf: {fonts: [fonts/own.ttf]}}\ncompany:")
    (bank.guide / "fonts").mkdir()
    shutil.copy(HEBREW, bank.guide / "fonts/own.ttf")

    def build(*arguments: str | Path) -> str:
        ran = run("build", "-f", "pdf", *arguments)
        assert ran.code == 0, ran.err
        return ran.out + ran.err

    return build


def manifest(bank: BankFolder) -> str:
    return Path(bank.path.parent, "output/manifest.json").read_text(encoding="utf-8")


def test_a_font_of_the_guide_is_used_and_is_an_input(build: Build, bank: BankFolder) -> None:
    assert f"{PDF}: written" in build()
    before = manifest(bank)
    assert json.loads(before)["outputs"]["example.pdf"]["options"]["fonts"] == ["fonts/own.ttf"]
    build()
    assert manifest(bank) == before
    shutil.copy(ARABIC, bank.guide / "fonts/own.ttf")
    build()
    assert manifest(bank) != before


def test_a_font_on_the_command_line_may_be_any_and_is_an_input(
    build: Build, bank: BankFolder, tmp_path: Path
) -> None:
    font = tmp_path / "elsewhere.ttf"
    shutil.copy(HEBREW, font)
    asked = f"pdf.fonts={font},fonttools"
    said = build("-O", asked)
    assert "'fonttools' is not used: there are no fonts in this package" in said
    assert "elsewhere" not in said
    before = manifest(bank)
    build("-O", asked)
    assert manifest(bank) == before
    shutil.copy(ARABIC, font)
    build("-O", asked)
    assert manifest(bank) != before


def test_a_bank_with_the_name_of_an_option_may_name_no_more_than_any(
    bank: BankFolder, run: Run, tmp_path: Path
) -> None:
    font = tmp_path / "elsewhere.ttf"
    shutil.copy(HEBREW, font)
    bank.edit("guide.yaml", "company:", f"export: {{pdf: {{fonts: [{font}]}}}}\ncompany:")
    bank.path.rename(tmp_path / "-O pdf.fonts")
    ran = run("build", "./-O pdf.fonts", "-f", "pdf")
    assert ran.code == 0, ran.err
    assert "is not used: can't read this file: expected one of the guide's own folder" in ran.err


def test_a_font_that_is_missing_is_a_warning_at_its_place(build: Build, bank: BankFolder) -> None:
    (bank.guide / "fonts/own.ttf").unlink()
    said = build()
    assert "guide.yaml:" in said
    assert "warning: the font 'fonts/own.ttf' is not used: can't read this file" in said


def test_a_guide_in_hebrew_is_built_whole(build: Build, bank: BankFolder, tmp_path: Path) -> None:
    bank.edit("guide.yaml", "company:", "language: he\nsummary: סיכום בעברית\ncompany:")
    build()
    document = pypdfium2.PdfDocument(tmp_path / PDF)
    assert any("סיכום בעברית" in page.get_textpage().get_text_range() for page in document)
