"""Pictures on the page, and those that cannot be printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal

import page
import pypdfium2.raw as pdfium
import pytest
from lxml import etree
from pdf_guides import Printed, assert_in_order, guide, question
from PIL import Image, ImageChops
from reportlab.graphics.shapes import Rect, String
from test_pdf_print import assert_within_margins

from deckgen.exporters.pdf import blocks, markers
from deckgen.exporters.pdf.drawings import _shapes, read_drawing
from deckgen.exporters.pdf.pictures import PictureError, Raster, read_picture
from deckgen.media import identify
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


def shown(printed: Printed) -> Image.Image:
    """The first picture of a file, as PDFium takes it out."""
    found = next(
        found
        for sheet in printed.pdfium
        for found in sheet.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])
    )
    return found.get_bitmap().to_pil().convert("RGB")


@pytest.mark.parametrize("orientation", [3, 5, 6, 8])
def test_a_photograph_stands_as_its_camera_was_held(
    print_guide: Print, tmp_path: Path, orientation: int
) -> None:
    upright = Image.new("RGB", (300, 100), "white")
    upright.paste("black", (0, 0, 300, 20))
    turns = {
        3: Image.Transpose.ROTATE_180,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        8: Image.Transpose.ROTATE_270,
    }
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "a.jpg"
    upright.transpose(turns[orientation]).save(path, exif=exif)
    media = identify(path, path.read_bytes())
    assert (media.width, media.height) == (300, 100)
    printed = print_guide(guide(question(1, answer="![Photo](a)"), media={"a": media}))
    photo = shown(printed)
    assert photo.size == (300, 100)
    assert max(photo.getpixel((150, 8))) < 60 < 200 < min(photo.getpixel((150, 90)))


def test_a_photograph_with_broken_exif_is_printed_as_it_is(
    print_guide: Print, tmp_path: Path
) -> None:
    path = tmp_path / "a.jpg"
    Image.new("RGB", (300, 100)).save(path, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x05\x01\x12")
    media = identify(path, path.read_bytes())
    printed = print_guide(guide(question(1, answer="![Photo](a)"), media={"a": media}))
    assert printed.warnings == []
    assert shown(printed).size == (300, 100)


@pytest.mark.parametrize("mode", ["1", "P", "RGB"])
def test_a_fine_picture_is_made_smaller_smoothly(
    print_guide: Print, tmp_path: Path, mode: str
) -> None:
    stripes = Image.new("1", (3600, 100))
    for x in range(0, 3600, 2):
        stripes.paste(1, (x, 0, x + 1, 100))
    path = tmp_path / "a.png"
    stripes.convert(mode).save(path)
    media = identify(path, path.read_bytes())
    printed = print_guide(guide(question(1, answer="![Stripes](a)"), media={"a": media}))
    assert 100 < shown(printed).getpixel((900, 25))[0] < 156


def test_a_grey_picture_of_sixteen_bits_keeps_its_shades(
    print_guide: Print, tmp_path: Path
) -> None:
    path = tmp_path / "a.png"
    Image.new("I;16", (30, 10), 32768).save(path)
    media = identify(path, path.read_bytes())
    printed = print_guide(guide(question(1, answer="![Grey](a)"), media={"a": media}))
    assert shown(printed).getpixel((5, 5)) == (128, 128, 128)


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


def test_text_after_a_picture_begins_at_the_margin(print_guide: Print, tmp_path: Path) -> None:
    media = picture(tmp_path / "a.png", "png", "RGB")
    printed = print_guide(guide(question(1, answer="Text ![Boxes](a) more."), media={"a": media}))
    words = printed.pdfium[printed.page_with("more.")].get_textpage()
    before, after = (words.search(word).get_next()[0] for word in ("Text", "more."))
    assert words.get_charbox(before)[0] == pytest.approx(words.get_charbox(after)[0], abs=1.5)


def test_a_picture_without_words_is_read_by_its_name(print_guide: Print, tmp_path: Path) -> None:
    media = picture(tmp_path / "a.png", "png", "RGB")
    printed = print_guide(guide(question(1, answer="![](a.png)"), media={"a.png": media}))
    report = page.validate_pdf(printed.path, profile=page.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, [(f.rule_id, f.message) for f in report.failures]


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


def drawn_with(folder: Path, definition: str, attribute: str) -> Media:
    """An SVG whose rectangle has one attribute more, for something defined."""
    media = drawn(folder)
    plain = media.path.read_text("utf-8").replace("<rect", f"<defs>{definition}</defs><rect", 1)
    media.path.write_text(plain.replace('fill="#c00"', attribute), "utf-8")
    return replace(media, sha256=attribute)


def test_a_gradient_is_grey_where_the_guide_is(print_guide: Print, tmp_path: Path) -> None:
    stops = '<stop offset="0" stop-color="red"/><stop offset="1" stop-color="blue"/>'
    gradient = f'<linearGradient id="g">{stops}</linearGradient>'
    media = {"a": drawn_with(tmp_path, gradient, 'fill="url(#g)"')}
    asked = guide(question(1, answer="![Two boxes](a)"), media=media)
    for color in (True, False):
        printed = print_guide(asked, color=color)
        image = printed.pdfium[printed.page_with("Store")].render().to_pil().convert("HSV")
        assert (image.getchannel("S").getextrema()[1] > 200) == color


def test_what_is_not_drawn_of_an_svg_is_a_warning(print_guide: Print, tmp_path: Path) -> None:
    marker = '<marker id="m"><path d="M0 0L6 3L0 6z"/></marker><filter id="f"/>'
    sheet = "<style>line { marker-end: url(#m) }</style>"
    media = {"a": drawn_with(tmp_path, marker + sheet, "style=\"filter: url('#f')\"")}
    printed = print_guide(guide(question(1, answer="![Two boxes](a)"), media=media))
    assert [problem.message for problem in printed.warnings] == [
        "a.svg: its filters are not drawn",
        "a.svg: its markers are not drawn",
    ]


HEAD = '<path d="M0 0 L10 5 L0 10 z" fill="#f00"/>'


@pytest.mark.parametrize(
    ("line", "marker", "where"),
    [  # where the red is, in the picture's units
        ('<line x1="20" y1="50" x2="80" y2="50" {}/>', "", (68, 44, 80, 56)),
        ('<polyline points="20,20 60,20 60,80" {}/>', "", (54, 68, 66, 80)),
        ('<path d="M20 50 C 20 20 50 20 80 20" {}/>', "", (68, 14, 80, 26)),
        ('<path d="m20 50 h60" {}/>', 'markerUnits="userSpaceOnUse"', (74, 47, 80, 53)),
        ('<path d="M80 50 H20" {}/>', 'orient="0"', (8, 44, 20, 56)),
        ('<g {}><path d="M10 0 h20" transform="translate(50,50)"/></g>', "", (68, 44, 80, 56)),
    ],
)
def test_arrowheads_of_an_svg_stand_where_its_lines_end(
    print_guide: Print, tmp_path: Path, line: str, marker: str, where: tuple[int, int, int, int]
) -> None:
    path = tmp_path / "a.svg"
    turn = "" if "orient" in marker else 'orient="auto"'
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="400" height="400">'
        f'<marker id="m" viewBox="0 0 10 10" refX="10" refY="5" markerWidth="6" markerHeight="6"'
        f" {marker} {turn}>{HEAD}</marker>"
        '<rect width="100" height="100" fill="#00f"/><g fill="none" stroke="#0f0" stroke-width="2">'
        + line.format('marker-end="url(#m)"')
        + "</g></svg>",
        "utf-8",
    )
    media = Media(path=path, kind="svg", width=400, height=400, sha256=line + marker)
    printed = print_guide(guide(question(1, answer="![An arrow](a)"), media={"a": media}))
    assert printed.warnings == []
    sheet = printed.pdfium[printed.page_with("Model answer")].render(scale=2).to_pil()
    square, red = (_box(sheet.convert("RGB"), channel) for channel in (2, 0))
    unit = (square[2] - square[0]) / 100
    seen = [(at - square[n % 2]) / unit for n, at in enumerate(red)]
    assert seen == pytest.approx(where, abs=1.2)


def _box(image: Image.Image, channel: int) -> tuple[int, int, int, int]:
    """The box around all that is of one primary colour."""
    others = list(image.split())
    mask = others.pop(channel).point(lambda value: 255 if value > 180 else 0)
    for other in others:
        mask = ImageChops.subtract(mask, other.point(lambda value: 255 if value > 90 else 0))
    found = mask.getbbox()
    assert found
    return found


def test_so_many_markers_that_nobody_needs_them_cost_the_picture(
    print_guide: Print, tmp_path: Path
) -> None:
    corners = " ".join(f"{n % 90},{n % 70}" for n in range(6000))
    media = drawn(tmp_path)
    dots = f'<marker id="m">{HEAD}</marker><polyline points="{corners}" marker-mid="url(#m)"/>'
    media.path.write_text(media.path.read_text("utf-8").replace("</svg>", f"{dots}</svg>"), "utf-8")
    asked = guide(question(1, answer="![Two boxes](a)"), media={"a": replace(media, sha256="dots")})
    [warning] = print_guide(asked).warnings
    assert "its markers come to more than 5,000 elements" in warning.message


@pytest.mark.parametrize(
    ("old", "new", "lacks"),
    [
        ('stroke="black"', 'stroke="url(#g)"', "lines in a gradient"),
        ("<text", '<text fill="url(#g)"', "words in a gradient"),
    ],
)
def test_what_a_gradient_leaves_out_is_a_warning(
    print_guide: Print, tmp_path: Path, old: str, new: str, lacks: str
) -> None:
    gradient = '<linearGradient id="g"><stop offset="0" stop-color="red"/></linearGradient>'
    media = drawn_with(tmp_path, gradient, 'fill="#c00"')
    media.path.write_text(media.path.read_text("utf-8").replace(old, new), "utf-8")
    asked = guide(question(1, answer="![Two boxes](a)"), media={"a": replace(media, sha256=new)})
    [warning] = print_guide(asked).warnings
    assert warning.message == f"a.svg: its {lacks} are not drawn"


def test_what_lies_outside_the_edges_of_an_svg_is_not_seen(
    print_guide: Print, tmp_path: Path
) -> None:
    media = {"a": drawn_with(tmp_path, "", 'fill="#c00" stroke-width="900"')}
    asked = guide(question(1, answer="![Two boxes](a)"), media=media)
    assert_within_margins(print_guide(asked))


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


@pytest.mark.parametrize(
    ("how", "shares"),
    [
        ('opacity="0.25"', (0.25, 0.25)),
        ('style="opacity: 25%; fill-opacity: .5"', (0.125, 0.25)),
        ('opacity="0.25" stroke-opacity="0.5"', (0.25, 0.125)),
        ('opacity="2"', (1.0, 1.0)),
        ('opacity="inherit"', (1.0, 1.0)),
    ],
)
def test_a_shape_of_an_svg_is_as_transparent_as_it_says(
    tmp_path: Path, how: str, shares: tuple[float, float]
) -> None:
    path = tmp_path / "a.svg"
    path.write_text(SVG.format(extra="").replace("<rect", f"<rect {how}"))
    drawing, lacking = read_drawing(path, how, color=True)
    rect = next(shape for shape in _shapes(drawing) if isinstance(shape, Rect))
    assert (rect.fillOpacity, rect.strokeOpacity) == shares
    assert lacking == []


@pytest.mark.parametrize(
    ("extra", "lacking"),
    [
        ('<g opacity="0.5"><path d="M0 0h9"/></g>', ["opacities of groups"]),
        ("<style>.a { opacity: .5 }</style>", ["opacities in style sheets"]),
        ("<style>.a { opacity: 1; fill-opacity: .5 }</style>", []),
        ('<g opacity="1"><path d="M0 0h9"/></g>', []),
    ],
)
def test_opacity_that_is_not_drawn_is_told(tmp_path: Path, extra: str, lacking: list[str]) -> None:
    path = tmp_path / "a.svg"
    path.write_text(SVG.format(extra="").replace("</svg>", f"{extra}</svg>"))
    assert read_drawing(path, extra, color=True)[1] == lacking


def test_words_of_an_svg_have_no_soft_hyphens(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    path.write_text(SVG.format(extra="Daten\u00adbank"), encoding="utf-8")
    drawing, _ = read_drawing(path, "hyphens", color=True)
    assert "Datenbank" in [s.text for s in _shapes(drawing) if isinstance(s, String)]


def test_a_character_that_no_font_of_an_svg_has_is_a_warning(
    print_guide: Print, tmp_path: Path
) -> None:
    media = {"a": drawn(tmp_path, "\U00013000")}
    printed = print_guide(guide(question(1, answer="![Two boxes](a)"), media=media))
    [warning] = printed.warnings
    assert "question 'question-1': no font can draw U+13000" in warning.message
    assert "[U+13000]" in printed.text


def test_words_of_an_svg_fall_back_as_those_of_texts_do(print_guide: Print, tmp_path: Path) -> None:
    media = {"a": drawn(tmp_path, "日本 and שלום")}
    media["a"].path.write_text(media["a"].path.read_text("utf-8").replace("Store", "店"), "utf-8")
    printed = print_guide(guide(question(1, answer="![Two boxes](a)"), media=media))
    assert printed.warnings == []
    page = printed.page_with("日本 and שלום")
    words = printed.pdfium[page].get_textpage()
    left, _, right, _ = words.get_charbox(words.search("店").get_next()[0])
    paths = printed.pdfium[page].get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH])
    boxes = [box for path in paths if (box := path.get_bounds())[2] - box[0] > 55]
    [(start, _, end, _)] = [box for box in boxes if box[0] < left < right < box[2]]
    assert (left + right) / 2 == pytest.approx((start + end) / 2, abs=2)


def test_an_svg_that_cant_be_drawn_is_replaced_by_its_text_with_a_warning(
    print_guide: Print, tmp_path: Path
) -> None:
    media = Media(path=tmp_path / "a.svg", kind="svg", width=10, height=10, sha256="")
    printed = print_guide(guide(question(1, answer="![Two boxes](a)"), media={"a": media}))
    assert "Two boxes" in printed.text
    assert "the PDF has only the picture's text" in printed.warnings[0].message


@pytest.mark.parametrize(
    "shape",
    [
        '<path d="L 5 5"/>',
        '<path d="M0 0 C 1 1"/>',
        '<rect width="NaN" height="5"/>',
        '<rect width="1e999" height="5"/>',
        '<text x="NaN" y="5">words</text>',
        '<text font-size="1e999">words</text>',
    ],
)
def test_an_svg_that_fails_when_it_is_drawn_fails_alone(
    print_guide: Print, tmp_path: Path, shape: str
) -> None:
    media = drawn(tmp_path)
    media.path.write_text(
        media.path.read_text("utf-8").replace("</svg>", f"{shape}</svg>"), "utf-8"
    )
    media = replace(media, sha256=shape)
    printed = print_guide(guide(question(1, answer="![Two boxes](a)\n\nMore."), media={"a": media}))
    assert_in_order(printed.text, "Two boxes", "More.")
    assert "the PDF has only the picture's text" in printed.warnings[0].message


def test_dashes_of_no_length_are_a_line(print_guide: Print, tmp_path: Path) -> None:
    media = {"a": drawn_with(tmp_path, "", 'fill="#c00" stroke-dasharray="0,0"')}
    printed = print_guide(guide(question(1, answer="![Two boxes](a)"), media=media))
    assert printed.warnings == []
    assert "Store" in printed.text


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


@pytest.mark.parametrize(
    ("path", "turns"),
    [
        ("M0 0H100V1", [0, 45, 90]),  # half-way, however short the next part is
        ("M20 60A40 40 0 0 1 100 60", [-90, 90]),  # one part, drawn by several curves
        ("M0 0H90V90Z", [-67.5, 45, 157.5, -67.5]),  # where it is closed it goes on
        ("M0 0L100 0 30", [0, 0]),  # broken
    ],
)
def test_a_marker_stands_on_each_corner_and_turns_half_the_way(
    path: str, turns: list[float]
) -> None:
    line = etree.Element("{http://www.w3.org/2000/svg}path", d=path)
    assert [corner.angle for corner in markers._corners(line)] == pytest.approx(turns)


@pytest.mark.parametrize("hidden", ['display="none"', 'style="visibility: hidden"'])
def test_a_line_that_is_not_seen_has_no_markers(hidden: str) -> None:
    root = etree.fromstring(
        '<svg xmlns="http://www.w3.org/2000/svg"><marker id="m"><path d="M0 0H1"/></marker>'
        f'<path d="M0 0H9" marker-end="url(#m)" {hidden}/></svg>'
    )
    markers.place_markers(root)
    assert len(root) == 2


def test_markers_that_are_repeated_with_their_line_are_counted_again(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><marker id="m">'
        + "<path/>" * 2000
        + '</marker><g id="g"><path d="M0 0H9" marker-end="url(#m)"/></g>'
        + '<use href="#g"/>' * 60
        + "</svg>"
    )
    with pytest.raises(PictureError, match="5,000 elements"):
        read_drawing(path, "repeated", color=True)


def test_a_marker_looks_as_it_does_where_it_is_defined_and_goes_with_its_line() -> None:
    root = etree.fromstring(
        '<svg xmlns="http://www.w3.org/2000/svg"><g fill="red"><marker id="m" orient="0.25turn"/>'
        '</g><g fill-opacity="0.2"><path id="p" d="M0 0H9" marker-end="url(#m)"/></g></svg>'
    )
    markers.place_markers(root)
    [used] = root.findall(".//*[@id='p']")
    line, marker = used
    assert line.get("d") == "M0 0H9"
    assert marker.get("fill") == "red"
    assert marker.get("fill-opacity") == "1"
    assert "rotate(90)" in marker.get("transform")


def test_a_picture_with_broken_exif_is_turned_all_the_same(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x011A] = 72.0
    path = tmp_path / "a.jpg"
    Image.new("RGB", (6, 4)).save(path, exif=exif)
    resolution = b"\x01\x1a\x00\x05"  # a fraction, made a text
    data = path.read_bytes()
    assert resolution in data
    path.write_bytes(data.replace(resolution, b"\x01\x1a\x00\x02"))
    pixels = read_picture(path, color=True).pixels
    assert pixels is not None
    assert pixels.getSize() == (4, 6)


def test_the_pixels_of_a_picture_are_let_go_of_when_it_is_drawn(
    print_guide: Print, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[Raster] = []

    def read(path: Path, *, color: bool) -> Raster:
        found.append(read_picture(path, color=color))
        return found[-1]

    monkeypatch.setattr(blocks, "read_picture", read)
    media = {name: picture(tmp_path / name, "png", "RGB") for name in ("a.png", "b.png")}
    answer = "![A](a.png)\n\n![B](b.png)\n\n![A](a.png)"
    printed = print_guide(guide(question(1, answer=answer), media=media))
    assert len(images(printed)) == 3
    assert [raster.pixels for raster in found] == [None, None]
