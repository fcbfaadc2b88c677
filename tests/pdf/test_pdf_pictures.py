"""Pictures on the page, and those that cannot be printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import page
import pypdfium2.raw as pdfium
import pytest
from pdf_guides import Printed, assert_in_order, guide, question
from PIL import Image

from deckgen.model import Media

Print = Callable[..., Printed]
Kind = Literal["png", "jpeg", "gif", "webp", "svg"]


def picture(path: Path, kind: Kind, mode: str, size: tuple[int, int] = (300, 100)) -> Media:
    Image.new(mode, size).save(path, kind)
    return Media(path=path, kind=kind, width=size[0], height=size[1], sha256="")


def images(printed: Printed) -> list[tuple[float, float, float, float]]:
    """Where PDFium finds pictures."""
    return [
        found.get_pos() if hasattr(found, "get_pos") else found.get_bounds()
        for sheet in printed.pdfium
        for found in sheet.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])
    ]


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("png", "RGB"), ("png", "RGBA"), ("png", "P"), ("png", "LA"), ("png", "1"), ("png", "I;16"),
        ("jpeg", "RGB"), ("jpeg", "CMYK"), ("jpeg", "L"), ("gif", "P"), ("webp", "RGBA"),
    ],
)  # fmt: skip
def test_every_kind_of_picture_is_printed(
    print_guide: Print, tmp_path: Path, kind: Kind, mode: str
) -> None:
    media = picture(tmp_path / f"a.{kind}", kind, mode)
    answer = "Before.\n\n![Two boxes](a)\n\nAfter."
    printed = print_guide(guide(question(1, answer=answer), media={"a": media}))
    assert printed.warnings == []
    [(left, bottom, right, top)] = images(printed)
    assert (right - left, top - bottom) == pytest.approx((225, 75), abs=0.1)
    report = page.validate_pdf(printed.path, profile=page.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, [(f.rule_id, f.message) for f in report.failures]


@pytest.mark.parametrize("size", [(6000, 400), (400, 6000), (6000, 6000), (1, 3000)])
def test_a_huge_picture_fits_the_page(
    print_guide: Print, tmp_path: Path, size: tuple[int, int]
) -> None:
    media = picture(tmp_path / "a.png", "png", "RGB", size)
    printed = print_guide(guide(question(1, answer="![Huge](a)"), media={"a": media}))
    [(left, bottom, right, top)] = images(printed)
    assert right - left <= 480
    assert top - bottom <= 500
    assert len(printed.data) < 400_000


def test_a_caption_stands_below_its_picture(print_guide: Print, tmp_path: Path) -> None:
    media = picture(tmp_path / "a.png", "png", "RGB")
    answer = 'Text ![Boxes](a "A caption") more.'
    printed = print_guide(guide(question(1, answer=answer), media={"a": media}))
    assert_in_order(printed.text, "Text", "A caption", "more.")


def test_a_damaged_picture_is_replaced_by_its_text_with_a_warning(
    print_guide: Print, tmp_path: Path
) -> None:
    media = picture(tmp_path / "a.png", "png", "RGB")
    media.path.write_bytes(media.path.read_bytes()[:60])
    printed = print_guide(guide(question(1, answer="![Two boxes](a)"), media={"a": media}))
    assert "Two boxes" in printed.text
    assert "the PDF has only the picture's text" in printed.warnings[0].message


SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100" viewBox="0 0 200 100">
<rect x="10" y="10" width="80" height="40" fill="#c00" stroke="black"/>
<text x="50" y="35" text-anchor="middle" font-family="Arial, sans-serif" font-size="14">Store</text>
<text x="100" y="80" font-family="Courier New" font-weight="700">{extra}</text></svg>"""


def drawn(folder: Path, extra: str = "code") -> Media:
    path = folder / "a.svg"
    path.write_text(SVG.format(extra=extra), encoding="utf-8")
    return Media(path=path, kind="svg", width=200, height=100, sha256="")


def test_an_svg_is_drawn_as_lines_and_words_in_embedded_fonts(
    print_guide: Print, tmp_path: Path
) -> None:
    media = {"a": drawn(tmp_path)}
    printed = print_guide(guide(question(1, answer="![Two boxes](a)"), media=media))
    assert printed.warnings == []
    assert "Store" in printed.text
    assert "code" in printed.text
    assert images(printed) == []
    for sheet in printed.pike.pages:
        for font in sheet.Resources.get("/Font", {}).values():
            assert "/FontDescriptor" in font, font.BaseFont


def test_an_svg_is_grey_where_the_guide_is(print_guide: Print, tmp_path: Path) -> None:
    media = {"a": drawn(tmp_path)}
    asked = guide(question(1, answer="![Two boxes](a)"), media=media)
    for color in (True, False):
        printed = print_guide(asked, color=color)
        written = b"".join(sheet.Contents.read_bytes() for sheet in printed.pike.pages)
        assert (b"0.8 0 0 rg" in written or b".8 0 0 rg" in written) == color


def test_each_page_shows_its_svg_as_transparent_as_it_is(
    print_guide: Print, tmp_path: Path
) -> None:
    media = {}
    for name, opacity in (("a", 0.25), ("b", 0.75)):
        path = tmp_path / f"{name}.svg"
        path.write_text(SVG.format(extra="").replace("<rect", f'<rect fill-opacity="{opacity}"'))
        media[name] = Media(path=path, kind="svg", width=200, height=100, sha256=name)
    filler = "\n\n".join(["A paragraph."] * 60)
    made = guide(question(1, answer=f"![One](a)\n\n{filler}\n\n![Another](b)"), media=media)
    states = [sheet.Resources.get("/ExtGState") for sheet in print_guide(made).pike.pages]
    found = [
        {float(state.ca) for state in on_page.values() if "/ca" in state}
        for on_page in filter(None, states)
    ]
    assert found == [{0.25}, {0.75}]


def test_a_character_that_no_font_of_an_svg_has_is_a_warning(
    print_guide: Print, tmp_path: Path
) -> None:
    media = {"a": drawn(tmp_path, "日")}
    printed = print_guide(guide(question(1, answer="![Two boxes](a)"), media=media))
    assert "a.svg: no font can draw '日' (U+65E5)" in printed.warnings[0].message


def test_an_svg_that_cant_be_drawn_is_replaced_by_its_text_with_a_warning(
    print_guide: Print, tmp_path: Path
) -> None:
    media = Media(path=tmp_path / "a.svg", kind="svg", width=10, height=10, sha256="")
    printed = print_guide(guide(question(1, answer="![Two boxes](a)"), media={"a": media}))
    assert "Two boxes" in printed.text
    assert "the PDF has only the picture's text" in printed.warnings[0].message


@pytest.mark.parametrize(
    "answer",
    [
        "| a |\n|---|\n| ![Two boxes](a) |",
        "[![Two boxes](a)](https://example.org)",
        "**![Two boxes](a)**",
        "# On ![Two boxes](a)",
    ],
)
def test_a_picture_that_a_line_has_no_room_for_is_shown_by_its_text_with_a_warning(
    print_guide: Print, tmp_path: Path, answer: str
) -> None:
    media = picture(tmp_path / "a.png", "png", "RGB")
    printed = print_guide(guide(question(1, answer=answer), media={"a": media}))
    assert "[Two boxes]" in printed.text
    assert "the PDF has only the picture's text" in printed.warnings[0].message
