"""Scripts that must be shaped, run from right to left, or break without spaces; and the fonts that
are named for them."""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Callable, Iterator
from importlib.metadata import distribution
from pathlib import Path

import page
import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdf_guides import Printed, full_question, guide, md, question
from reportlab.pdfbase.pdfdoc import PDFDocument

from deckgen.exporters.pdf import CardsExporter, CardsOptions, styles
from deckgen.exporters.pdf.breaker import Breaker
from deckgen.exporters.pdf.fonts import Fonts
from deckgen.exporters.pdf.scripts import directed, graphemes, mirrored, parts, reordered
from deckgen.exporters.pdf.story import clipped
from deckgen.exporters.pdf.styles import Style
from deckgen.exporters.pdf.text import Run
from deckgen.files import InputFile
from deckgen.model import Card, Link
from deckgen.problems import Place, Problem

Print = Callable[..., Printed]

# With deckgen[fonts], which the tests install: without it they fail, as they should.
FONTS = Path(str(distribution("manimgx-fonts").locate_file("manimgx_fonts")))
CJK = Path(str(distribution("manimgx-fonts-cjk").locate_file("manimgx_fonts_cjk")))

SCRIPTS = {
    "devanagari": "हिन्दी क्षत्रिय विद्यार्थी प्रार्थना",
    "bengali": "বাংলা ভাষা",
    "tamil": "தமிழ் கொடி",
    "telugu": "తెలుగు భాష",
    "kannada": "ಕನ್ನಡ",
    "malayalam": "മലയാളം",
    "gujarati": "ગુજરાતી",
    "sinhala": "සිංහල",
    "khmer": "ភាសាខ្មែរ",
    "myanmar": "မြန်မာ",
    "lao": "ພາສາລາວ",
    "ethiopic": "አማርኛ",
    "thai": "น้ำใจ ที่นี่",
    "japanese": "日本語、カタカナ。「括弧」",
    "chinese": "简体中文，繁體中文",
    "korean": "한국어 문장",
    "emoji": "🚀 👍🏽 👨‍👩‍👧 🇩🇪",
    "hebrew": "שלום עולם",
    "pointed hebrew": "שָׁלוֹם",
    "arabic": "السلام عليكم لا إله مُحَمَّد",
    "persian": "گفت‌وگو پژوهش",
    "urdu": "اردو ٹیکسٹ",
}


def bare(text: str) -> str:
    """A text without spaces and marks that copying may lose, in one form."""
    text = unicodedata.normalize("NFC", text)
    return re.sub(r"[\s\u200b-\u200f\ufe0f]", "", text)


def scripts_used(printed: Printed) -> dict[str, pikepdf.Object]:
    found = {}
    for sheet in printed.pike.pages:
        for font in sheet.Resources.get("/Font", {}).values():
            if font.Subtype == "/Type0":
                found[str(font.BaseFont).split("+")[1]] = font
    return found


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_shaped_and_read_back(print_guide: Print, script: str) -> None:
    text = SCRIPTS[script]
    answer = f"{text}\n\n**{text}**\n\n*{text}*\n\n`{text}`\n\n- {text}\n\n|a|\n|-|\n|{text}|"
    printed = print_guide(guide(question(1, question=text, answer=answer)))
    assert printed.warnings == []
    # The question, its entries in contents, index and bookmarks aside, and six times the answer.
    assert bare(printed.text).count(bare(text)) >= 7
    assert "[U+" not in printed.text


@pytest.mark.parametrize("language", ["en", "he"])
def test_a_file_with_every_script_conforms_to_pdf_ua_1(print_guide: Print, language: str) -> None:
    answer = "\n\n".join(f"{text} and *{text}* [{text}](https://a.b)" for text in SCRIPTS.values())
    title = "Guide 日本 שלום हिन्दी"
    printed = print_guide(guide(full_question(answer=answer), title=title, language=language))
    report = page.validate_pdf(printed.path, profile=page.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, [(f.rule_id, f.message) for f in report.failures]
    assert printed.warnings == []


def test_more_clusters_than_a_font_has_codes_are_divided_among_several(
    print_guide: Print, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deckgen.exporters.pdf.shaping._MOST", 5)
    texts = [SCRIPTS[script] for script in ("arabic", "devanagari", "japanese")]
    printed = print_guide(guide(question(1, answer="\n\n".join(texts))))
    assert printed.warnings == []
    for text in texts:
        assert bare(text) in bare(printed.text)
    sheets = [sheet.Resources.get("/Font", {}) for sheet in printed.pike.pages]
    shaped = {name: font for fonts in sheets for name, font in fonts.items() if "Shaped" in name}
    assert len(shaped) > 8
    assert all(len(font.DescendantFonts[0].W[1]) <= 5 for font in shaped.values())


def test_shaped_fonts_are_embedded_subsets_with_widths_and_text(print_guide: Print) -> None:
    printed = print_guide(guide(question(1, answer=" ".join(SCRIPTS.values()))))
    used = scripts_used(printed)
    assert len(used) > 15
    for name, font in used.items():
        [inner] = font.DescendantFonts
        data = inner.FontDescriptor.FontFile3.read_bytes()
        assert len(data) < 20_000, name
        assert font.Encoding == "/Identity-H"
        assert (
            len(inner.W[1]) == font.ToUnicode.read_bytes().count(b"> <") - 1
        )  # the range of codes
        assert all(width >= 0 for width in inner.W[1])


def test_bold_is_taken_from_a_variable_fonts_axis(print_guide: Print) -> None:
    printed = print_guide(guide(question(1, answer="日 **日**")))
    files = []
    for sheet in printed.pike.pages:
        for font in sheet.Resources.Font.values():
            if font.Subtype == "/Type0":
                files.append(font.DescendantFonts[0].FontDescriptor.FontFile3.read_bytes())
    assert len({*files}) == 2


# --------------------------------------------------------------------------- right to left


def lines(printed: Printed, needle: str) -> list[str]:
    """The lines of the page that has this text, as PDFium reads them."""
    document = pypdfium2.PdfDocument(printed.path)
    texts = [sheet.get_textpage().get_text_range() for sheet in document]
    [found] = [text for text in texts if needle in text and "MEDIUM" in text]
    return [line.strip() for line in found.splitlines()]


def test_a_paragraph_from_right_to_left_reads_in_order(print_guide: Print) -> None:
    text = "זו פסקה ארוכה בעברית עם מספר 1234 בתוכה ועם נקודה בסופה"
    assert any(text in line for line in lines(print_guide(guide(question(1, answer=text))), text))


def places(printed: Printed, *words: str, on: str = "MEDIUM") -> list[tuple[float, float]]:
    """The left and right edges of words, by their characters' boxes, on the page that has all."""
    document = pypdfium2.PdfDocument(printed.path)
    for sheet in document:
        text = sheet.get_textpage()
        whole = text.get_text_range()
        if all(word in whole for word in words) and on in whole:
            found = []
            for word in words:
                at = whole.index(word)
                boxes = [text.get_charbox(at + n) for n in range(len(word))]
                found.append((min(box[0] for box in boxes), max(box[2] for box in boxes)))
            return found
    raise AssertionError(words)


def test_words_stand_from_right_to_left_and_numbers_do_not(print_guide: Print) -> None:
    printed = print_guide(guide(question(1, answer="ראשון 1234 שלישי")))
    first, number, third = places(printed, "ראשון", "1234", "שלישי")
    assert first[0] > number[1] > number[0] > third[1]


def test_latin_words_keep_their_order_among_others(print_guide: Print) -> None:
    printed = print_guide(guide(question(1, answer="אחד alpha beta שתיים")))
    one, alpha, beta, two = places(printed, "אחד", "alpha", "beta", "שתיים")
    assert two[1] < alpha[0] < alpha[1] < beta[0] < beta[1] < one[0]


def test_what_kind_a_question_is_reads_from_the_right(print_guide: Print) -> None:
    printed = print_guide(guide(question(1, category="רשתות", question="שאלה"), language="he"))
    difficulty, kind, category = places(printed, "MEDIUM", "technical", "רשתות")
    assert difficulty[0] > kind[1] > kind[0] > category[1]


def test_what_a_guide_is_for_reads_from_the_right(print_guide: Print) -> None:
    printed = print_guide(guide(question(1), company="Acme", level="בכיר", language="he"))
    company, role, level = places(printed, "Acme", "Engineer", "בכיר", on="facts as of")
    assert company[0] > role[1] > role[0] > level[1]


def test_the_area_of_a_link_lies_over_its_words(print_guide: Print) -> None:
    answer = "לפני [קישור](https://example.com/x) אחרי"
    printed = print_guide(guide(question(1, answer=answer)))
    [edges] = places(printed, "קישור")
    areas = [
        [float(edge) for edge in link.Rect]
        for sheet in printed.pike.pages
        for link in sheet.get("/Annots", [])
        if "/A" in link and str(link.A.URI) == "https://example.com/x"
    ]
    assert any(abs(a[0] - edges[0]) < 2 and abs(a[2] - edges[1]) < 2 for a in areas), areas


def test_a_line_that_is_justified_is_full(print_guide: Print) -> None:
    answer = "מילים בעברית שחוזרות שוב ושוב כדי למלא שורות " * 16
    printed = print_guide(guide(question(1, answer=answer)))
    document = pypdfium2.PdfDocument(printed.path)
    rows: dict[int, list[float]] = {}
    for sheet in document:
        text = sheet.get_textpage()
        for n, char in enumerate(text.get_text_range()):
            if "א" <= char <= "ת":
                left, _, right, _ = text.get_charbox(n)
                rows.setdefault(round(text.get_charbox(n, loose=True)[1]), []).extend((left, right))
    full = [row for row in rows.values() if len(row) > 100]
    widths = [max(row) - min(row) for row in full][:-1]
    assert len(widths) > 3
    assert max(widths) - min(widths) < 3


def test_a_space_that_holds_words_together_is_as_wide_as_its_neighbours(
    print_guide: Print,
) -> None:
    answer = "ראשונה\u00a0שנייה שלישית " + "אבגדהוזחטיכלמנ " * 8
    printed = print_guide(guide(question(1, answer=answer)))
    first, second, third = places(printed, "ראשונה", "שנייה", "שלישית")
    assert first[0] - second[1] == pytest.approx(second[0] - third[1], abs=0.3)


def test_arabic_letters_join(print_guide: Print) -> None:
    """A letter has another glyph in the middle of a word than alone."""
    printed = print_guide(guide(question(1, answer="ببب ب")))
    [font] = scripts_used(printed).values()
    texts = re.findall(rb"<\w{4}> <0628>", font.ToUnicode.read_bytes())
    assert len(texts) == 4


def test_the_pages_of_a_guide_from_right_to_left_are_mirrored(print_guide: Print) -> None:
    left = print_guide(guide(question(1, answer="Some words.")))
    right = print_guide(guide(question(1, answer="Some words."), language="ar"))
    [(start, _)] = places(left, "What happens")
    [(_, end)] = places(right, "What happens")
    width = float(left.pike.pages[0].MediaBox[2])
    assert start == pytest.approx(width - end, abs=1.5)


def test_the_point_of_a_number_stands_on_the_side_of_the_text(print_guide: Print) -> None:
    for language, seen in (("en", "71."), ("ar", ".71")):
        printed = print_guide(guide(question(1, answer="71. أول"), language=language))
        assert seen in printed.text


@pytest.mark.parametrize("title", ["Why?", "למה?", "为什么？"])
def test_codes_of_the_contents_stand_before_titles_of_every_direction(
    print_guide: Print, title: str
) -> None:
    for language in ("en", "ar"):
        made = guide(question(1, question=title), language=language)
        for listing in ("Contents", "By category"):
            code, words = places(print_guide(made), "1.01", title[:-1], on=listing)
            before = code[1] < words[0] if language == "en" else words[1] < code[0]
            assert before, (language, listing)


def test_a_title_of_ideographs_is_clipped_to_the_width_of_others() -> None:
    assert clipped(md("汉" * 20), 20) == "汉" * 9 + " …"
    assert clipped(md("x" * 20), 20) == "x" * 20


def test_a_title_is_clipped_where_a_line_may_end() -> None:
    assert clipped(md("CAP " + "汉" * 20), 20) == "CAP " + "汉" * 7 + " …"
    assert clipped(md("ระบบ " + "ที่นี่" * 9), 20) == "ระบบ " + "ที่นี่" * 2 + " …"
    assert clipped(md("several words here"), 17) == "several words …"


def test_the_address_of_a_reference_does_not_part_its_title(print_guide: Print) -> None:
    link = Link(title="תיעוד Python", url="https://docs.example.org/lock")
    for language in ("en", "ar"):
        printed = print_guide(guide(question(1, references=(link,)), language=language))
        first, second, address = places(printed, "תיעוד", "Python", "docs.example")
        assert second[1] < first[0]
        if language == "en":
            assert first[1] < address[0]
        else:
            assert address[1] < second[0]


def test_codes_of_the_index_keep_their_pages_after_a_term_from_the_right(
    print_guide: Print,
) -> None:
    questions = [question(n, tags=("خيوط",)) for n in (1, 2)]
    for language in ("en", "ar"):
        text = print_guide(guide(*questions, language=language)).text
        assert "1.01 p. 1, 1.02 p. 1" in text.partition("By subject")[2]


def test_nothing_leaves_a_mirrored_page(print_guide: Print) -> None:
    answer = "مرحبا " * 90 + "\n\n```\nx = 1\n" + "long " * 60 + "\n```\n\n> " + "كلمة " * 40
    printed = print_guide(guide(full_question(answer=answer), language="ar"))
    for sheet in pypdfium2.PdfDocument(printed.path):
        text = sheet.get_textpage()
        for n in range(text.count_chars()):
            left, _, right, _ = text.get_charbox(n)
            assert 30 < left <= right < sheet.get_width() - 30 or left == right


def test_what_is_read_in_reverse_says_so(print_guide: Print) -> None:
    printed = print_guide(guide(question(1, answer="Hebrew שלום here")))
    streams = b"".join(sheet.Contents.read_bytes() for sheet in printed.pike.pages)
    assert streams.count(b"/ReversedChars BMC") == 1


def test_code_runs_from_left_to_right_token_by_token(print_guide: Print) -> None:
    printed = print_guide(guide(question(1, answer='```python\nx = "שלום"  # הערה\n```')))
    name, word, comment = places(printed, "x", "שלום", "הערה")
    assert name[1] < word[0] < word[1] < comment[0]


def test_recall_cards_have_every_script(tmp_path: Path) -> None:
    warnings: list[Problem] = []
    cards = tuple(Card(id=f"c{n}", front=md(t), back=md(t)) for n, t in enumerate(SCRIPTS.values()))
    made = guide(question(1, cards=cards), language="he")
    CardsExporter(CardsOptions(), warnings.append).export(made, tmp_path / "c.pdf")
    text = bare("".join(
        sheet.get_textpage().get_text_range() for sheet in pypdfium2.PdfDocument(tmp_path / "c.pdf")
    ))  # fmt: skip
    assert warnings == []
    for script in ("devanagari", "japanese", "hebrew", "thai"):
        assert text.count(bare(SCRIPTS[script])) >= 2, script


def shown(runs: list[Run], right: bool | None = None) -> str:
    """What a line of runs looks like."""
    pieces, _ = reordered([(run, run.text) for run in directed(runs, right)[0]])
    return "".join(
        "".join(map(mirrored, text[:0:-1])) if text.startswith("\u200f") else text
        for _, text in pieces
    )


STYLE = Style()


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("abc אבג def", "abc גבא def"),
        ("abc אבג דהו def", "abc והד גבא def"),
        ("אבג (12) דהו", "והד (12) גבא"),
        ("אבג (abc def) דהו", "והד (abc def) גבא"),
        ("אבג, abc.", ".abc ,גבא"),
        ("abc (אבג)", "abc (גבא)"),
        ("אבג\u200e!", "!גבא"),
    ],
)
def test_lines_are_reordered_by_the_algorithm(text: str, seen: str) -> None:
    assert shown([Run(text, STYLE)]) == seen


def test_inline_code_is_isolated() -> None:
    mono = Style(family="mono")
    assert shown([Run("אבג ", STYLE), Run("(1);", mono), Run(" דהו", STYLE)]) == "והד (1); גבא"


@given(st.text(alphabet="אבג abc 123 (.)", min_size=1, max_size=40))
@settings(max_examples=200, deadline=None)
def test_reordering_loses_nothing(text: str) -> None:
    runs, _ = directed([Run(text, STYLE)], None)
    pieces, reading = reordered([(run, run.text) for run in runs])
    assert sorted(reading) == list(range(len(pieces)))
    kept = "".join(part for _, part in pieces).replace("\u200f", "")
    assert sorted(kept) == sorted(text)


# ------------------------------------------------------------------------- where lines break


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("日本語", ["日", "本", "語"]),
        ("日本。", ["日", "本。"]),
        ("「日本」", ["「日", "本」"]),
        ("カード", ["カー", "ド"]),
        ("Python日本", ["Python", "日", "本"]),
        ("日abc", ["日", "abc"]),
        ("ที่นี่", ["ที่", "นี่"]),
        ("เป็น", ["เป็", "น"]),
        ("น้ำ", ["น้ำ"]),
        ("👨‍👩‍👧👍🏽", ["👨‍👩‍👧", "👍🏽"]),
    ],
)
def test_lines_break_where_scripts_without_spaces_may(word: str, expected: list[str]) -> None:
    assert parts(word) == expected


def test_other_words_are_not_divided() -> None:
    assert all(parts(word) is None for word in ("word", "слово", "שלום", "हिन्दी", "—"))


@given(st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_no_character_is_lost_to_a_break(text: str) -> None:
    assert "".join(parts(text) or [text]) == text
    assert "".join(graphemes(text)) == text


@pytest.mark.parametrize("script", ["japanese", "thai", "arabic", "devanagari", "khmer"])
def test_long_text_without_spaces_stays_on_the_page(print_guide: Print, script: str) -> None:
    text = SCRIPTS[script].replace(" ", "") * 60
    printed = print_guide(
        guide(question(1, answer=f"{text}\n\n|a|\n|-|\n|{text}|\n\n```\n{text}\n```"))
    )
    for sheet in pypdfium2.PdfDocument(printed.path):
        found = sheet.get_textpage()
        edges = [found.get_charbox(n) for n in range(found.count_chars())]
        assert all(
            box[0] > 45 and box[2] < sheet.get_width() - 40 for box in edges if box[0] != box[2]
        )


CHINESE = (
    "缓存的价值在于用内存中的副本换取延迟，代价是副本可能过期；因此设计的第一步是与业务方约定可以接受多长时间"
    "的陈旧数据。对于热点键，可以再加一层很小的本地缓存，例如使用 Redis，把流量**降低一到两个**"
    "数量级，再配合[限流与熔断](https://a.b/c)，后端数据库看到的峰值就是可控的。首先要明确读写比例与一致性要求，然后再谈。"
)


def test_lines_of_ideographs_reach_from_margin_to_margin(print_guide: Print) -> None:
    printed = print_guide(guide(question(1, answer=CHINESE)))
    [sheet] = [
        sheet for sheet in pypdfium2.PdfDocument(printed.path)
        if "限流" in sheet.get_textpage().get_text_range()
    ]  # fmt: skip
    text = sheet.get_textpage()
    boxes: dict[int, list[tuple[str, float, float]]] = {}
    for number in range(text.count_chars()):
        char = text.get_text_range(number, 1)
        left, low, right, _ = text.get_charbox(number, loose=True)
        if char > "\u2e80":
            boxes.setdefault(round(low), []).append((char, left, right))
    *full, last = [line for line in boxes.values() if len(line) > 20]
    assert len(full) >= 2
    for line in full:
        assert max(right for _, _, right in line) == pytest.approx(544.27, abs=0.5)
    assert max(right for _, _, right in last) < 540
    assert bare(CHINESE)[:50] in bare(printed.text)
    # What is active is where the words are.
    [area] = [
        annotation.Rect for page in printed.pike.pages for annotation in page.get("/Annots", [])
        if annotation.get("/A", {}).get("/URI") == "https://a.b/c" and annotation.Contents != "1"
    ][:1]  # fmt: skip
    linked = [box for line in boxes.values() for box in line if box[0] in "限流与熔断"]
    start = min(left for char, left, _ in linked if char == "限")
    assert float(area[0]) == pytest.approx(start, abs=0.6)


def test_lines_of_ideographs_begin_at_the_margin_of_a_guide_that_begins_at_the_right(
    print_guide: Print,
) -> None:
    printed = print_guide(guide(question(1, answer="缓存的价值在于用" * 30), language="ar"))
    edges: dict[int, set[int]] = {}
    for sheet in pypdfium2.PdfDocument(printed.path):
        text = sheet.get_textpage()
        for number in range(text.count_chars()):
            if text.get_text_range(number, 1) > "\u2e80":
                _, low, right, _ = text.get_charbox(number, loose=True)
                edges.setdefault(round(low), set()).add(round(right))
    assert len(edges) > 4
    assert {max(line) for line in edges.values()} == {434}


@pytest.mark.parametrize("space", ["", " "])
@pytest.mark.parametrize("measure", [120, 200, 383])
def test_words_among_ideographs_neither_run_out_of_the_margin_nor_together(
    measure: int, space: str
) -> None:
    """A line is squeezed by as much as that can give which is moved."""
    breaker = Breaker(Fonts(PDFDocument(), lambda *_: None), "en")
    body = styles.BODY.style
    blank = breaker.width(" ", body)
    squeezed = 0
    for length in range(1, 30):
        text = f"{'abcdefghijklm'[: length % 13]}缓存的数{'nopqrstuvw'[: length % 7]}据缓" * 30
        text = text.replace("的", f"的{space}", length)
        for line in breaker.lines([Run(text, body)], measure, True):
            slack = measure - line.width
            squeezed += slack < -0.01
            if slack < -0.01 and not line.gaps:
                assert slack > -0.5 * blank * line.spaces
    assert squeezed


def test_few_ideographs_move_no_letters_apart(print_guide: Print) -> None:
    english = "The word for cache is 缓存, and nothing else of this paragraph is in Chinese. " * 6
    printed = print_guide(guide(question(1, answer=english)))
    operators = b"".join(sheet.Contents.read_bytes() for sheet in printed.pike.pages)
    assert b" Tc" not in operators
    assert b" Tw" in operators


# -------------------------------------------------------------------------- fonts by name


def named(name: str, guide_file: Path) -> InputFile:
    file = InputFile(name)
    file.place = Place(guide_file.as_posix(), 3, 5)
    return file


def test_a_named_file_comes_before_what_is_installed(print_guide: Print) -> None:
    file = str(FONTS / "NotoSans[wght].ttf")
    printed = print_guide(guide(question(1, answer="ǝ ʞ ᴁ")), fonts=(file,))
    assert any(name.startswith("NotoSans-") for name in scripts_used(printed))
    assert printed.warnings == []


def test_a_package_is_named_without_its_file(print_guide: Print) -> None:
    printed = print_guide(guide(question(1, answer="ᴁ")), fonts=("manimgx-fonts",))
    assert printed.warnings == []
    assert scripts_used(printed)


@pytest.fixture
def no_packs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deckgen.exporters.pdf.typefaces._PACKS", ())


@pytest.mark.usefixtures("no_packs")
def test_without_packages_arabic_and_hebrew_are_set_all_the_same(print_guide: Print) -> None:
    printed = print_guide(guide(question(1, answer="שלום وعليكم السلام")))
    assert printed.warnings == []
    assert set(scripts_used(printed)) == {"DejaVuSans"}


@pytest.mark.usefixtures("no_packs")
def test_without_a_font_a_script_is_spelt_out(print_guide: Print) -> None:
    printed = print_guide(guide(question(1, answer="日")))
    [warning] = printed.warnings
    assert "no font can draw U+65E5 日" in warning.message
    file = str(CJK / "NotoSansCJK-VF.otf.ttc")
    assert print_guide(guide(question(1, answer="日")), fonts=(file,)).warnings == []


def _bad_fonts() -> Iterator[tuple[str, bytes | None, str]]:
    good = (FONTS / "NotoSansHebrew[wght].ttf").read_bytes()
    yield "missing.ttf", None, "no such file"
    yield "text.ttf", b"hello", "neither a TrueType nor an OpenType font"
    yield "empty.otf", b"", "neither a TrueType nor an OpenType font"
    yield "web.ttf", b"wOF2" + good, "webfont"
    yield "short.ttf", good[:3000], "cut short"
    yield "head.ttf", good[:8], "cut short"
    tables = bytearray(good)
    for tag in (b"glyf", b"gvar"):
        at = tables.index(tag)
        tables[at : at + 4] = b"CBDT"
    yield "colour.ttf", bytes(tables), "only colour pictures"
    forbidden = bytearray(good)
    [offset] = struct.unpack_from(">I", good, good.index(b"OS/2") + 8)
    forbidden[offset + 8 : offset + 10] = b"\0\2"
    yield "forbidden.ttf", bytes(forbidden), "forbids embedding"
    unmapped = bytearray(good)
    at = unmapped.index(b"cmap")
    unmapped[at : at + 4] = b"cmaq"
    yield "unmapped.ttf", bytes(unmapped), "no table of characters"


@pytest.mark.parametrize(("name", "data", "reason"), list(_bad_fonts()), ids=lambda v: str(v)[:14])
def test_a_bad_font_is_one_warning(
    print_guide: Print, tmp_path: Path, name: str, data: bytes | None, reason: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    printed = print_guide(guide(question(1, answer="word")), fonts=(str(tmp_path / name),))
    [warning] = printed.warnings
    assert reason in warning.message
    assert name in warning.message


@given(st.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_damaged_font_is_no_crash(
    print_guide: Print, tmp_path: Path, data: st.DataObject
) -> None:
    good = bytearray((FONTS / "NotoSansHebrew[wght].ttf").read_bytes())
    for _ in range(data.draw(st.integers(1, 20))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged.ttf"
    path.write_bytes(good)
    print_guide(guide(question(1, answer="שָׁלוֹם (1)")), fonts=(str(path),))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../outside.ttf", "own folder fonts"),
        ("media/a.ttf", "own folder fonts"),
        ("/etc/passwd.ttf", "own folder fonts"),
        ("fonts/../../outside.ttf", "leaves the guide's folder"),
        ("fonts/link.ttf", "leaves the guide's folder"),
        ("fonts/none.ttf", "no such file"),
        ("no-such-font", "no package of this name"),
        ("requests", "expected a font file"),
        ("fonttools", "no fonts in this package"),
    ],
)
def test_a_guide_names_fonts_of_its_own_or_packages(
    print_guide: Print, tmp_path: Path, name: str, reason: str
) -> None:
    font = (FONTS / "NotoSansHebrew[wght].ttf").read_bytes()
    folder = tmp_path / "content"
    (folder / "fonts").mkdir(parents=True)
    (tmp_path / "outside.ttf").write_bytes(font)
    (folder / "fonts/link.ttf").symlink_to(tmp_path / "outside.ttf")
    asked = named(name, folder / "guide.yaml")
    printed = print_guide(guide(question(1, answer="word")), fonts=(asked,))
    [warning] = printed.warnings
    assert reason in warning.message
    assert warning.place == asked.place


def test_the_same_guide_gives_the_same_bytes(print_guide: Print) -> None:
    made = guide(full_question(answer="\n\n".join(SCRIPTS.values())), language="ar")
    first, second = (print_guide(made).path.read_bytes() for _ in range(2))
    assert first == second
