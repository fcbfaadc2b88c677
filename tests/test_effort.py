"""Files of modest size that would keep a careless program busy for minutes: none takes long."""

from __future__ import annotations

import contextlib
import gc
import random
import re
import struct
import weakref
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import NoReturn

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.DefaultTable import DefaultTable
from PIL import Image
from reportlab.graphics.shapes import Drawing

from deckgen import importing, yamltree
from deckgen.builder import build
from deckgen.check import check_bank
from deckgen.exporters.pdf import drawings, shaping, typefaces
from deckgen.exporters.pdf.pictures import PictureError
from deckgen.importing import Given, import_data
from deckgen.limits import alarm
from deckgen.problems import BankError
from support import BankFolder

QUESTION = "- {id: q, question: What?, category: K, difficulty: easy, type: coding"
GUIDE = "title: G\ncompany: C\nrole: R\nrounds:\n- {id: a, title: A, categories: [K]}\n"

Lay = Callable[[BankFolder], object]


def questions(text: str, guide: str = GUIDE) -> Lay:
    def lay(bank: BankFolder) -> None:
        bank.write("guide.yaml", guide)
        bank.write("questions/all.yaml", text)

    return lay


def cards(fronts: Iterable[str]) -> Lay:
    listed = (f"{{id: c{n}, front: {front}?, back: b{n}}}" for n, front in enumerate(fronts))
    return questions(f"{QUESTION}, cards: [{', '.join(listed)}]}}")


def picture(attributes: str, content: str = "") -> Lay:
    """A question with an SVG."""

    def lay(bank: BankFolder) -> None:
        questions(f"{QUESTION}, answer: '![A](a.svg)'}}")(bank)
        svg = f"<svg xmlns='http://www.w3.org/2000/svg' {attributes}>{content}</svg>"
        bank.write("media/a.svg", svg)

    return lay


def ledger(text: str) -> Lay:
    return lambda bank: bank.write("ledger.yaml", text)


MANY = 10_000
ACCENTS = "a" + "\u0301\u0323" * 12 * MANY
BANKS: dict[str, tuple[Lay, int]] = {
    # what to lay out, and how many problems a strict check may have at most
    "ledger of heads": (ledger("rendering: 1\nrounds:\n" * 4 * MANY + "x: 1\n"), 10 * MANY),
    "ledger of parts": (
        ledger("rendering: 1\nrounds:\n" * 1_000 + "questions:\n" * 3_000 + "x: 1\n"),
        MANY,
    ),
    "rounds": (
        questions(
            f"{QUESTION}, rounds: [{', '.join(f'x{n}' for n in range(MANY))}]}}",
            GUIDE + "".join(f"- {{id: r{n}, title: T}}\n" for n in range(MANY)),
        ),
        MANY + 1,
    ),
    "categories": (
        questions(
            "".join(f"{QUESTION.replace('K', f'X{n}')}}}\n" for n in range(MANY)),
            GUIDE.replace("K", ", ".join(f"K{n}" for n in range(MANY))),
        ),
        2 * MANY,
    ),
    "images that are not there": (
        questions(f"{QUESTION}, answer: '{' '.join(f'![](a{n}.png)' for n in range(MANY))}'}}"),
        MANY,
    ),
    "fronts that are the same": (cards(["What is the very best"] * MANY), 2 * MANY),
    "fronts that differ in a word": (
        cards(f"What is the very x{n}" for n in range(MANY)),
        12 * MANY,
    ),
    "blanks in a line": (questions(f"{QUESTION}, answer: a{' ' * 20 * MANY}b}}"), 10),
    "digits": (questions(f"{QUESTION}, answer: '{'1' * 20 * MANY}'}}"), 10),
    "gaps": (
        questions(
            f"{QUESTION}, cards: [{{cloze: '"
            + "".join(f"{{{{c{n % 500 + 1}::b}}}} " for n in range(2 * MANY))
            + "'}]}"
        ),
        MANY,
    ),
    "dollars after marks of quotes": (
        questions(f"{QUESTION}, answer: '{'>' * 10 * MANY}{'$$ ' * 3 * MANY}'}}"),
        10,
    ),
    "accents of a tag": (
        questions(f"{QUESTION}, answer: A, tags: [{ACCENTS}]}}"),
        10,
    ),
    "width of a picture": (picture(f"width='{'1' * 20 * MANY}x' height='1'"), 10),
}


@pytest.mark.parametrize("name", BANKS)
def test_no_bank_of_modest_size_takes_long(bank: BankFolder, name: str) -> None:
    lay, most = BANKS[name]
    lay(bank)
    with alarm(15):
        problems, _ = check_bank(bank.path, strict=True)
    assert 0 < len(problems) <= most
    assert all(len(problem.message) < 500 for problem in problems)


# ---------------------------------------------------------------------------------------- imports

PAGE = "Acme Engineer Interview Preparation Guide\nInterview Rounds\n1\nPhone\n"
ASKED = f"{PAGE}Frequently Asked Acme Interview Questions\n"
LABEL = "Caching{}EasyCoding\nWhat is {} it?\n"
HTML = "<!doctype html><html><body><h1>Acme Engineer Interview Preparation Guide</h1>"


def field(html: str) -> str:
    """A table of one card, its front as HTML."""
    return f'#separator:tab\n#html:true\n"{html}"\tback\n'


FILES = {
    "labels": ("a.txt", ASKED + LABEL.format("", "") * MANY),
    "labels that differ": ("a.txt", ASKED + "".join(LABEL.format("", n) for n in range(MANY))),
    "categories": ("a.txt", ASKED + "".join(LABEL.format(n, n) for n in range(2_000))),
    "what is nearly a count": ("a.txt", "a\n1" + " " * 40 * MANY + "x"),
    "headings": ("a.txt", PAGE + "Interview Rounds\n" * 4 * MANY),
    "facts": ("a.txt", PAGE + "Title\n30 min\n" * 5 * MANY),
    "fences": ("a.txt", PAGE + "```a\n" * 4 * MANY),
    "code and prose": ("a.txt", PAGE + "x = 1\n\n\nfoo bar\n" * 5 * MANY),
    "items": ("a.html", HTML + "<ol>" + "<li>a</li>" * 3 * MANY),
    "spans in spans": ("a.html", HTML + "<span>x" * 4 * MANY),
    "labels in labels": ("a.html", HTML + "<div><span>a</span><span>" * MANY),
    "words in tags": ("a.html", HTML + "<p>" + f"<b>{'a' * 20}</b>" * 3 * MANY),
    "sounds": ("a.txt", field("[sound:" * 10 * MANY)),
    "clozes": ("a.txt", field("{{c1::a}} <code>" + "{{c1::" * 3_000 + "</code>")),
    "items of a field": ("a.txt", field("<ol>" + "<li>a</li>" * 3 * MANY)),
    "breaks in a listing": ("a.txt", field("<pre>" + "<br>" * 10 * MANY)),
    "wide cells": ("a.txt", field("<table><tr>" + "<td colspan=1000>a</td>" * 2 * MANY)),
    "blanks": ("a.txt", field("x" + " " * 50 * MANY + "y")),
    "cards that are the same": ("a.csv", "question one,b\n" * MANY),
}


@pytest.mark.parametrize("name", FILES)
def test_no_file_of_modest_size_takes_long_to_import(tmp_path: Path, name: str) -> None:
    file, text = FILES[name]
    with alarm(15), contextlib.suppress(BankError):
        import_data(
            text.encode(),
            file,
            bank=tmp_path,
            output=tmp_path / "guide",
            given=Given("Title", "Acme", "Engineer"),
            force=False,
        )


def test_a_newer_copy_takes_no_longer(tmp_path: Path) -> None:
    def copy(asked: str, number: int) -> None:
        text = ASKED + "".join(LABEL.format("", asked.format(n)) for n in range(number))
        output = tmp_path / "guide"
        import_data(
            text.encode(), "a.txt", bank=tmp_path, output=output, given=Given(), force=False
        )

    with alarm(30):
        copy("new", 3_000)  # all the same
        copy("old {}", 3_000)
        copy("a b " * 20_000, 1)
        copy("b a c " * 15_000, 1)


def shuffled(number: int, seed: int) -> str:
    """Questions that are all nearly the same."""
    words = random.Random(seed)
    texts = (" ".join(words.choices("ab", k=200)) for _ in range(number))
    return ASKED + "".join(LABEL.format("", text) for text in texts)


# Hypothesis watches the collector: an alarm that rings just then is lost, and rings again.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("name", "text"),
    [("a.html", HTML + "<p>a</p>" * 400_000), ("a.txt", shuffled(200, seed=2))],
    ids=["to read", "to compare with the bank"],
)
def test_a_file_that_takes_too_long_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, text: str
) -> None:
    def copy(name: str, text: str) -> None:
        given = Given("Title", "Acme", "Engineer")
        output = tmp_path / "guide"
        import_data(text.encode(), name, bank=tmp_path, output=output, given=given, force=False)

    copy("a.txt", shuffled(200, seed=1))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    monkeypatch.setattr(importing, "MAX_SECONDS", 1)
    with alarm(20), pytest.raises(BankError, match="it took more than 1 seconds to import"):
        copy(name, text)
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


def test_of_a_file_without_an_end_only_the_beginning_is_read() -> None:
    with open("/dev/zero", "rb") as endless:
        assert len(importing.begun(endless)) == yamltree.MAX_BYTES + 1


# ---------------------------------------------------------------------------------------- outputs


@pytest.mark.parametrize(
    "cluster", ["\N{REGIONAL INDICATOR SYMBOL LETTER A}", "👩\u200d", "ก\u0e31"]
)
def test_no_word_takes_long_to_print(bank: BankFolder, tmp_path: Path, cluster: str) -> None:
    questions(f"{QUESTION}, answer: {cluster * 3 * MANY}}}")(bank)
    with alarm(30):
        assert build(bank.path, tmp_path / "output", formats=["pdf"]).ok


OUTPUTS: dict[str, tuple[str, str]] = {
    # the format, and an answer
    "soft hyphens": ("pdf", "a\u00ad" * 10 * MANY),
    "accents out of order": ("anki", ACCENTS),
    "accents out of order, printed": ("pdf", ACCENTS),
    "accents of an ideograph": ("pdf", "\u6f22" + "\u0301" * 20 * MANY),
    "accents of a Thai letter": ("pdf", "\u0e01" + "\u0301" * 20 * MANY),
    "tabs of a listing": ("pdf", "\t" * 24 * MANY + "a"),
    "quotation marks": ("pdf", '"a ' * 4 * MANY + "b'' " * 3 * MANY),
    "functions of a formula": ("html", "$" + r"\log" * 6 * MANY + "$"),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_no_answer_of_modest_size_takes_long(bank: BankFolder, tmp_path: Path, name: str) -> None:
    format, answer = OUTPUTS[name]
    questions(f"{QUESTION}, answer: '{answer}'}}")(bank)
    with alarm(30):
        assert build(bank.path, tmp_path / "output", formats=[format]).ok


def test_no_opacity_takes_long_to_read(bank: BankFolder, tmp_path: Path) -> None:
    shape = f"<rect width='9' height='9' opacity='{'1' * 10 * MANY}x'/>"
    picture("width='9' height='9'", shape)(bank)
    with alarm(15):
        assert build(bank.path, tmp_path / "output", formats=["pdf"]).ok


@pytest.mark.parametrize(
    "content",
    [
        f"<style>z {'g ' * 9}{{fill:red}}</style>{'<g>' * 90}<path d='M0 0L1 1'/>{'</g>' * 90}",
        f"<path id='p' d='M0 0{'L1 2 3 4' * 4 * MANY}'/>" + "<use href='#p'/>" * MANY,
    ],
    ids=["style", "path"],
)
def test_a_picture_that_takes_too_long_is_its_text(
    bank: BankFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    monkeypatch.setattr(drawings, "MAX_SECONDS", 1)
    picture("width='9' height='9'", content)(bank)
    with alarm(20):
        report = build(bank.path, tmp_path / "output", formats=["pdf"])
    assert report.ok
    problems = [problem.message for outcome in report.outcomes for problem in outcome.problems]
    assert any("it takes over 1 seconds to draw" in message for message in problems)


def test_nothing_is_kept_of_a_picture_that_cannot_be_drawn(
    bank: BankFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> NoReturn:
        gc.collect()
        kept.append([begun() for begun in drawings_begun])
        drawing = Drawing()
        drawings_begun.append(weakref.ref(drawing))
        raise PictureError("no")

    drawings_begun: list[weakref.ref[Drawing]] = []
    kept: list[list[Drawing | None]] = []
    monkeypatch.setattr(drawings, "_count_stops", fail)
    picture("width='9' height='9'")(bank)
    bank.write("media/b.svg", (bank.guide / "media/a.svg").read_text(encoding="utf-8"))
    questions(f"{QUESTION}, answer: '![A](a.svg) ![B](b.svg)'}}")(bank)
    assert build(bank.path, tmp_path / "output", formats=["pdf"], jobs=1).ok
    assert kept == [[], [None]]


def test_no_element_of_a_picture_has_attributes_without_end(bank: BankFolder) -> None:
    attributes = " ".join(f"a{n}=''" for n in range(30 * MANY))
    picture("width='9' height='9'", f"<g {attributes}/>")(bank)
    with alarm(15):
        problems, _ = check_bank(bank.path)
    assert any("more than 1,000 attributes in one" in problem.message for problem in problems)


def test_a_picture_of_too_many_stops_is_its_text(bank: BankFolder, tmp_path: Path) -> None:
    gradient = f"<linearGradient id='a'>{'<stop/>' * 5_000}</linearGradient>"
    picture("width='9' height='9'", gradient + "<path d='M0 0L1 1' fill='url(#a)'/>" * 2_000)(bank)
    with alarm(15):
        report = build(bank.path, tmp_path / "output", formats=["pdf"])
    problems = [problem.message for outcome in report.outcomes for problem in outcome.problems]
    assert any("a gradient of more than 100 stops" in message for message in problems)


def test_no_png_is_read_for_its_thousands_of_colour_profiles(bank: BankFolder) -> None:
    whole, colours = BytesIO(), BytesIO()
    Image.new("L", (4, 4)).save(whole, "PNG")
    Image.new("L", (4, 4)).save(colours, "PNG", icc_profile=bytes(1_000_000))
    begin = colours.getvalue().index(b"iCCP") - 4
    profile = colours.getvalue()[begin : colours.getvalue().index(b"IDAT") - 4]
    head, pixels = whole.getvalue()[:begin], whole.getvalue()[begin:]
    questions(f"{QUESTION}, answer: '![A](a.png)'}}")(bank)
    bank.write("media/a.png", "").write_bytes(head + profile * 15_000 + pixels)
    with alarm(15):
        problems, _ = check_bank(bank.path)
    assert any("more than 100 colour profiles" in problem.message for problem in problems)


def test_no_jpeg_goes_over_its_pixels_for_ever(bank: BankFolder) -> None:
    whole = BytesIO()
    Image.new("L", (4000, 4000)).save(whole, "JPEG", progressive=True)
    head, *scans = re.split(b"(?=\xff\xda)", whole.getvalue())
    questions(f"{QUESTION}, answer: '![A](a.jpg)'}}")(bank)
    bank.write("media/a.jpg", "").write_bytes(head + scans[0] + scans[1] * 5000 + b"\xff\xd9")
    with alarm(15):
        problems, _ = check_bank(bank.path)
    assert any("JPEG of more than 100 scans" in problem.message for problem in problems)


@pytest.mark.parametrize(
    ("kind", "size", "limit"),
    [("webp", (5000, 4001), "of a WebP is 20 million"), ("png", (1, 65_536), "is 65,535 a side")],
)
def test_no_small_picture_takes_gigabytes(
    bank: BankFolder, kind: str, size: tuple[int, int], limit: str
) -> None:
    (pixels := BytesIO(), Image.new("L", size).save(pixels, kind))
    questions(f"{QUESTION}, answer: '![A](a.{kind})'}}")(bank)
    bank.write(f"media/a.{kind}", "").write_bytes(pixels.getvalue())
    problems, _ = check_bank(bank.path)
    assert any(f"the limit {limit}" in problem.message for problem in problems)


def test_a_picture_is_read_once_for_all_its_places(bank: BankFolder, tmp_path: Path) -> None:
    questions(f"{QUESTION}, answer: '{'![A](a.png) ' * MANY}'}}")(bank)
    (picture := BytesIO(), Image.new("1", (7000, 7000)).save(picture, "PNG"))
    bank.write("media/a.png", "").write_bytes(picture.getvalue())
    with alarm(30):
        assert build(bank.path, tmp_path / "output", formats=["pdf"]).ok


def test_no_title_of_a_round_takes_long_to_print(bank: BankFolder, tmp_path: Path) -> None:
    guide = GUIDE.replace("title: A", f"title: {'word ' * 4 * MANY}")
    questions(f"{QUESTION}}}", guide)(bank)
    with alarm(10):
        assert build(bank.path, tmp_path / "output", formats=["pdf"]).ok


def test_a_page_holds_an_image_a_hundred_times(bank: BankFolder, tmp_path: Path) -> None:
    picture("width='9' height='9'", f"<!--{' ' * 10 * MANY}-->")(bank)
    questions(f"{QUESTION}, answer: '{'![A](a.svg) ' * MANY}'}}")(bank)
    assert build(bank.path, tmp_path / "output", formats=["html"]).ok
    [page] = (tmp_path / "output").glob("*.html")
    assert page.stat().st_size < 20_000_000


# ----------------------------------------------------------------------------------------- fonts

YI = [chr(0xA000 + number) for number in range(1_000)]  # which no font has that deckgen brings


def font(rules: str = "", glyph: list[tuple[int, int]] | None = None) -> bytes:
    """A font for them: each is the same glyph of these points, another for all that rules see."""
    names = [".notdef", "a", *(f"yi{number}" for number in range(len(YI)))]
    pens = {name: TTGlyphPen(None) for name in names}
    for name, pen in pens.items():
        first, *others = glyph if glyph and name == "a" else [(0, 0), (0, 500), (500, 0)]
        pen.moveTo(first)
        for point in others:
            pen.lineTo(point)
        pen.closePath()
    glyphs = {name: pen.glyph() for name, pen in pens.items()}
    if glyph:
        for name in names[2:]:
            pen = TTGlyphPen(glyphs)
            pen.addComponent("a", (1, 0, 0, 1, 0, 0))
            glyphs[name] = pen.glyph()
    made = FontBuilder(1000)
    made.setupGlyphOrder(names)
    made.setupCharacterMap({ord(char): name for char, name in zip(YI, names[2:], strict=True)})
    made.setupGlyf(glyphs)
    made.setupHorizontalMetrics(dict.fromkeys(names, (600, 0)))
    made.setupHorizontalHeader()
    made.setupNameTable({"familyName": "Yi", "psName": "Yi"})
    made.setupOS2()
    made.setupPost()
    if rules:
        made.addOpenTypeFeatures(rules)
    (file := BytesIO(), made.save(file))
    return file.getvalue()


def with_ranges(number: int) -> bytes:
    """A font whose table of characters names the first million, again and again."""
    group = struct.pack(">III", 0, 0x10FFFF, 1)
    head = struct.pack(">HHHHIHHIII", 0, 1, 3, 10, 12, 12, 0, 16 + 12 * number, 0, number)
    replaced = TTFont(BytesIO(font()), recalcBBoxes=False)
    for tag, data in {
        "cmap": head + group * number,
        "maxp": struct.pack(">IH", 0x5000, 0xFFFF),
    }.items():
        replaced[tag] = DefaultTable(tag)
        replaced[tag].data = data
    (file := BytesIO(), replaced.save(file))
    return file.getvalue()


def multiplying(depth: int) -> str:
    """Rules that make sixteen glyphs of one, then of each of them."""
    lookups = [f"lookup L{n} {{sub yi0 by {'yi0 ' * 16};}} L{n};" for n in range(depth)]
    used = " ".join(f"lookup L{n};" for n in range(depth))
    return f"{' '.join(lookups)} feature ccmp {{ {used} }} ccmp;"


FONTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "ranges": (lambda: with_ranges(50 * MANY), ""),
    "glyphs": (lambda: font(multiplying(3)), "more than 8 glyphs of a character"),
    "more glyphs": (lambda: font(multiplying(8)), "more than 8 glyphs of a character"),
    "outlines": (
        lambda: font(glyph=[(n % 500, n // 500) for n in range(6 * MANY)]),
        "come to more than 100,000 lines",
    ),
}


def told_of_fonts(bank: BankFolder, tmp_path: Path, names: str, answer: str) -> list[str]:
    """What a build with fonts says, which takes no longer than another."""
    asked = f"{GUIDE}export: {{pdf: {{fonts: [{names}]}}}}\n"
    questions(f"{QUESTION}, answer: {answer}}}", asked)(bank)
    with alarm(15):
        report = build(bank.path, tmp_path / "output", formats=["pdf"])
    assert report.ok
    return [problem.message for outcome in report.outcomes for problem in outcome.problems]


@pytest.mark.parametrize("name", FONTS)
def test_no_font_takes_long(
    bank: BankFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    make, told = FONTS[name]
    monkeypatch.setattr(shaping, "MAX_LINES", 100_000)
    bank.write("fonts/a.ttf", "").write_bytes(make())
    words = " ".join(char + YI[0] for char in YI)
    problems = told_of_fonts(bank, tmp_path, "fonts/a.ttf", words)
    assert [told in message for message in problems] == [True] * bool(told)


def test_a_font_is_read_once_and_few_are(bank: BankFolder, tmp_path: Path) -> None:
    names = ["fonts/a.ttf"] * MANY + [f"fonts/{'./' * n}a.ttf" for n in range(1, 100)]
    bank.write("fonts/a.ttf", "").write_bytes(font())
    problems = told_of_fonts(bank, tmp_path, ", ".join(names), YI[0])
    assert len(problems) == 100 - typefaces.MAX_FONTS
    assert all("expected no more than 30 fonts" in message for message in problems)
