"""Recall cards on sheets: what is on them, and that fronts and backs meet when they are cut."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import page as validation
import pikepdf
import pypdfium2
import pytest
from pdf_guides import Printed, assert_in_order, full_question, guide, md, question
from PIL import Image, ImageChops, ImageDraw
from pypdfium2 import raw
from test_pdf_accessibility import Tree

from deckgen.exporters.pdf import CardsExporter, CardsOptions
from deckgen.markdown import ClozeText
from deckgen.model import Card, Guide, Media
from deckgen.problems import Place, Problem
from deckgen.testing import conformance

MM = 72 / 25.4
PrintCards = Callable[..., Printed]
papers = pytest.mark.parametrize("paper", ["a4", "letter"])
sizes = pytest.mark.parametrize("per_sheet", ["8", "10"])


@pytest.fixture
def print_cards(tmp_path: Path) -> PrintCards:
    """Print a guide's cards with some options."""
    made: list[Printed] = []

    def printed(guide: Guide, **options: Any) -> Printed:
        warnings: list[Problem] = []
        path = tmp_path / f"{len(made)}.cards.pdf"
        CardsExporter(replace(CardsOptions(), **options), warnings.append).export(guide, path)
        made.append(Printed(path, warnings))
        return made[-1]

    return printed


def recall(front: str, back: str, **fields: Any) -> Card:
    return Card(front=md(front), back=md(back), **fields)


def cloze(text: str, **fields: Any) -> Card:
    return Card(cloze=ClozeText(text), **fields)


def asked(number: int, *cards: Card, **fields: Any) -> Any:
    return question(number, cards=cards, **fields)


def numbered(count: int) -> Guide:
    """One card a question: "Front 7 here." and "Back 7 there."."""
    return guide(*(asked(n, recall(f"Front {n} here.", f"Back {n} there.")) for n in range(count)))


# ------------------------------------------------------------------------ what pages look like


class Box(NamedTuple):
    left: float
    bottom: float
    right: float
    top: float

    def holds(self, other: Box, slack: float = 0.0) -> bool:
        return (
            self.left - slack <= other.left
            and self.bottom - slack <= other.bottom
            and other.right <= self.right + slack
            and other.top <= self.top + slack
        )

    def inset(self, by: float) -> Box:
        return Box(self.left + by, self.bottom + by, self.right - by, self.top - by)


def marks(page: pypdfium2.PdfPage) -> Iterator[Box]:
    """The crop marks: the only lines that are hair thin."""
    for drawn in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=1):
        fill, stroke, width = ctypes.c_int(), ctypes.c_int(), ctypes.c_float()
        raw.FPDFPath_GetDrawMode(drawn, fill, stroke)
        raw.FPDFPageObj_GetStrokeWidth(drawn, width)
        if stroke.value and width.value < 0.5:
            yield Box(*drawn.get_bounds())


def cuts(page: pypdfium2.PdfPage) -> tuple[list[float], list[float]]:
    """Where the crop marks say to cut: x from the left, y from the bottom."""
    upright, level = set(), set()
    for left, bottom, right, top in marks(page):
        if right - left < top - bottom:
            upright.add(round((left + right) / 2, 1))
        else:
            level.add(round((bottom + top) / 2, 1))
    return sorted(upright), sorted(level)


def cards(page: pypdfium2.PdfPage) -> list[Box]:
    """The cards that cutting along the marks gives, row by row."""
    xs, ys = cuts(page)
    return [
        Box(xs[column], ys[row], xs[column + 1], ys[row + 1])
        for row in reversed(range(len(ys) - 1))
        for column in range(len(xs) - 1)
    ]


def letters(page: pypdfium2.PdfPage) -> Iterator[tuple[str, Box]]:
    """Every visible character with its box."""
    text = page.get_textpage()
    for index in range(text.count_chars()):
        char = chr(raw.FPDFText_GetUnicode(text, index))
        box = Box(*text.get_charbox(index))
        if char.strip() and box.right > box.left:
            yield char, box


def words_in(page: pypdfium2.PdfPage, box: Box) -> str:
    return " ".join(page.get_textpage().get_text_bounded(*box).split())


def where(page: pypdfium2.PdfPage, words: str) -> Box:
    """Where some words of one line stand."""
    text = page.get_textpage()
    found = text.search(words).get_next()
    assert found, words
    boxes = [Box(*text.get_charbox(index)) for index in range(found[0], sum(found))]
    return Box(
        min(b.left for b in boxes), min(b.bottom for b in boxes),
        max(b.right for b in boxes), max(b.top for b in boxes),
    )  # fmt: skip


def face(page: pypdfium2.PdfPage, words: str) -> str:
    """The name of the font that some words are set in."""
    text = page.get_textpage()
    found = text.search(words).get_next()
    assert found, words
    name = ctypes.create_string_buffer(200)
    raw.FPDFText_GetFontInfo(text, found[0], name, 200, ctypes.c_int())
    return name.value.decode()


def assert_on_their_cards(printed: Printed) -> None:
    """No character is nearer to a cut than 4 mm, and outside the cards are only the marks."""
    for number, page in enumerate(printed.pdfium, 1):
        places = [card.inset(4 * MM) for card in cards(page)]
        for char, box in letters(page):
            assert any(place.holds(box) for place in places), f"{char!r} on page {number}: {box}"
        assert inked(page) is None, f"page {number} has ink outside its cards"


def inked(page: pypdfium2.PdfPage) -> tuple[int, int, int, int] | None:
    """The edges of what is drawn within 4 mm of a cut or outside the cards, but for the marks."""
    image = page.render(scale=2).to_pil().convert("L")
    draw = ImageDraw.Draw(image)
    height = page.get_size()[1]
    for card in cards(page):
        left, bottom, right, top = card.inset(4 * MM)
        area = (left * 2, (height - top) * 2, right * 2, (height - bottom) * 2)
        draw.rectangle(area, fill=255)
    xs, ys = cuts(page)
    for x in xs:
        draw.rectangle((x * 2 - 2, 0, x * 2 + 2, image.height), fill=255)
    for y in ys:
        across = (height - y) * 2
        draw.rectangle((0, across - 2, image.width, across + 2), fill=255)
    for x in xs[1:-1]:
        for y in ys[1:-1]:  # the crosses where four cards meet
            across = (height - y) * 2
            draw.rectangle((x * 2 - 8, across - 8, x * 2 + 8, across + 8), fill=255)
    blank = Image.new("L", image.size, 255)
    box: tuple[int, int, int, int] | None = ImageChops.difference(image, blank).getbbox()
    return box


# ------------------------------------------------------------------------------------- sheets


def turned(box: Box, page: pypdfium2.PdfPage, edge: str) -> Box:
    """Where something on the back of a sheet is, seen through the front: turned like a page of a
    book about the long edge, like one of a wall calendar about the short edge."""
    width, height = page.get_size()
    if edge == "long-edge":
        return Box(width - box.right, box.bottom, width - box.left, box.top)
    return Box(box.left, height - box.top, box.right, height - box.bottom)


@papers
@sizes
@pytest.mark.parametrize("edge", ["long-edge", "short-edge"])
def test_every_back_lies_behind_its_front(
    print_cards: PrintCards, paper: str, per_sheet: str, edge: str
) -> None:
    printed = print_cards(numbered(23), paper=paper, per_sheet=per_sheet, duplex=edge)
    count = int(per_sheet)
    assert len(printed.pdfium) == 6
    for number in range(23):
        sheet = number // count
        front, back = printed.pdfium[2 * sheet], printed.pdfium[2 * sheet + 1]
        [card] = [c for c in cards(front) if c.holds(where(front, f"Front {number} here."))]
        [behind] = [c for c in cards(back) if c.holds(where(back, f"Back {number} there."))]
        assert turned(behind, back, edge) == pytest.approx(card, abs=0.11)
        assert card == cards(front)[number % count]
        assert words_in(back, behind).startswith(f"1.{number:02d} ")


@papers
@sizes
def test_printed_on_one_side_all_fronts_come_first_and_backs_in_the_same_places(
    print_cards: PrintCards, paper: str, per_sheet: str
) -> None:
    printed = print_cards(numbered(12), paper=paper, per_sheet=per_sheet, duplex="none")
    one, two, three, four = printed.pdfium
    count = int(per_sheet)
    for number in range(12):
        front, back = (one, three) if number < count else (two, four)
        place = cards(front)[number % count]
        assert place.holds(where(front, f"Front {number} here."))
        assert cards(back)[number % count].holds(where(back, f"Back {number} there."))


@papers
@sizes
def test_cards_have_one_size_on_both_papers_in_the_middle_of_the_sheet(
    print_cards: PrintCards, paper: str, per_sheet: str
) -> None:
    printed = print_cards(numbered(1), paper=paper, per_sheet=per_sheet)
    height = {"8": 64, "10": 51}[per_sheet]
    for page in printed.pdfium:
        made = cards(page)
        assert len(made) == int(per_sheet)
        for card in made:
            assert card.right - card.left == pytest.approx(92 * MM, abs=0.11)
            assert card.top - card.bottom == pytest.approx(height * MM, abs=0.11)
        width, depth = page.get_size()
        xs, ys = cuts(page)
        assert xs[0] == pytest.approx(width - xs[-1], abs=0.11)
        assert ys[0] == pytest.approx(depth - ys[-1], abs=0.11)


def test_marks_stay_off_the_cards_and_where_printers_reach(print_cards: PrintCards) -> None:
    for paper in ("a4", "letter"):
        for per_sheet in ("8", "10"):
            [front, _] = print_cards(numbered(1), paper=paper, per_sheet=per_sheet).pdfium
            width, height = front.get_size()
            reach = Box(0, 0, width, height).inset(5 * MM)
            xs, ys = cuts(front)
            drawn = list(marks(front))
            crosses = (len(xs) - 2) * (len(ys) - 2)
            assert len(drawn) == 2 * len(xs) + 2 * len(ys) + 2 * crosses
            assert all(reach.holds(mark) for mark in drawn)
            block = Box(xs[0], ys[0], xs[-1], ys[-1]).inset(-1.5 * MM)
            inner = [mark for mark in drawn if block.holds(mark)]
            assert len(inner) == 2 * crosses


def test_printers_are_asked_for_full_size_and_the_right_edge(print_cards: PrintCards) -> None:
    asked_for = {
        "long-edge": "/DuplexFlipLongEdge",
        "short-edge": "/DuplexFlipShortEdge",
        "none": "/Simplex",
    }
    for duplex, name in asked_for.items():
        preferences = print_cards(numbered(1), duplex=duplex).pike.Root.ViewerPreferences
        assert preferences.Duplex == name
        assert preferences.PrintScaling == "/None"


# -------------------------------------------------------------------------------------- cards


def test_a_front_says_code_category_and_difficulty_a_back_its_code(
    print_cards: PrintCards,
) -> None:
    made = asked(7, recall("Why?", "So."), category="Data Storage", difficulty="hard")
    front, back = print_cards(guide(made)).pages
    assert front == "1.07 Why? HARD · Data Storage"
    assert back == "1.07 So."


def test_cards_of_one_question_say_which_they_are_on_both_sides(print_cards: PrintCards) -> None:
    two = asked(1, recall("One?", "First."), recall("Two?", "Second."))
    front, back = print_cards(guide(two)).pages
    assert_in_order(front, "1.01 1 of 2 One?", "1.01 2 of 2 Two?")
    assert_in_order(back, "1.01 1 of 2 First.", "1.01 2 of 2 Second.")


def test_a_cloze_has_a_card_for_each_number(print_cards: PrintCards) -> None:
    text = "The {{c1::cache}} is {{c2::cold::hot or cold?}}, the {{c1::store}} is *slow*."
    front, back = print_cards(guide(asked(1, cloze(text))), duplex="none").pages
    assert_in_order(
        front,
        "1.01 1 of 2 The ____ is cold, the ____ is slow.",
        "1.01 2 of 2 The cache is ____ (hot or cold?), the store is slow.",
    )
    assert back.count("The cache is cold, the store is slow.") == 2


def test_hidden_words_are_set_off_on_the_back(print_cards: PrintCards) -> None:
    text = "A {{c1::warm `get(key)`}} is {{c2::quick}} here."
    _, back = print_cards(guide(asked(1, cloze(text))), duplex="none").pdfium
    first, second = cards(back)[:2]
    assert words_in(back, first) == "1.01 1 of 2 A warm get(key) is quick here."
    assert "SemiBold" in face(back, "warm")
    assert "Mono-SemiBold" in face(back, "get(key)")
    assert "SemiBold" not in face(back, "quick")
    rules = [
        Box(*drawn.get_bounds())
        for drawn in back.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=1)
        if any(card.inset(5 * MM).holds(Box(*drawn.get_bounds())) for card in (first, second))
    ]
    assert len(rules) == 3  # below "warm " and "get(key)", and below "quick" on the other card


def test_a_gap_inside_a_gap_is_hidden_with_it_or_alone(print_cards: PrintCards) -> None:
    text = "In {{c1::Python {{c2::3.11}} and later}} it works."
    front, back = print_cards(guide(asked(1, cloze(text))), duplex="none").pages
    assert_in_order(front, "In ____ it works.", "In Python ____ and later it works.")
    assert back.count("In Python 3.11 and later it works.") == 2


def test_retired_questions_have_no_cards_here(print_cards: PrintCards) -> None:
    old = asked(1, recall("Old?", "Old."), status="retired")
    printed = print_cards(guide(old, asked(2, recall("New?", "New."))))
    assert "Old" not in printed.text
    assert "1.02 New?" in printed.text


def test_cards_come_in_the_order_of_their_codes(print_cards: PrintCards) -> None:
    made = [asked(n, recall(f"Front {n} here.", "Back.")) for n in (10, 2, 1)]
    printed = print_cards(guide(*made))
    assert_in_order(printed.pages[0], "Front 1 here.", "Front 2 here.", "Front 10 here.")


def test_without_cards_one_page_says_so(print_cards: PrintCards) -> None:
    printed = print_cards(guide(full_question()))
    assert printed.pages == ["There are no recall cards here yet."]
    assert "no recall cards" in printed.warnings[0].message
    assert conforms(printed)


# --------------------------------------------------------------------------- what hardly fits


@papers
@sizes
def test_a_long_text_is_set_smaller_and_stays_whole(
    print_cards: PrintCards, paper: str, per_sheet: str
) -> None:
    text = " ".join(f"word{n}" for n in range(60))
    made = guide(asked(1, recall(text, text)), asked(2, recall("Short words?", "Yes.")))
    printed = print_cards(made, paper=paper, per_sheet=per_sheet)
    assert not printed.warnings
    for page in printed.pages:
        assert text in page
    front = printed.pdfium[0]
    long, short = where(front, "word0"), where(front, "words?")
    assert long.top - long.bottom < short.top - short.bottom
    assert_on_their_cards(printed)


def test_words_are_not_hyphenated(print_cards: PrintCards) -> None:
    text = "considerations notwithstanding internationalisation characteristics " * 3
    printed = print_cards(guide(asked(1, recall(text, text))))
    shown = "".join(page.get_textpage().get_text_range() for page in printed.pdfium)
    assert not {"\u00ad", "\ufffe", "-"} & set(shown)


def test_a_text_too_long_for_any_card_is_cut_with_a_warning(print_cards: PrintCards) -> None:
    text = " ".join(f"word{n}" for n in range(2000))
    place = Place("questions/all.yaml", 12, 5)
    printed = print_cards(guide(asked(1, recall("Short?", text, place=place))))
    [warning] = printed.warnings
    assert warning.warning
    assert warning.place == place
    assert "the back of this card is too long" in warning.message
    assert "'question-1'" in warning.message
    _, back = printed.pages
    assert "word0 word1" in back
    assert back.endswith("…")
    assert "word1999" not in back
    assert_on_their_cards(printed)


def test_a_cut_cloze_is_named_by_its_number(print_cards: PrintCards) -> None:
    text = "{{c1::one}} {{c2::two}} " + "words " * 2000
    printed = print_cards(guide(asked(1, cloze(text))), per_sheet="10")
    messages = [warning.message for warning in printed.warnings]
    assert len(messages) == 4
    assert "the front of this cloze 1 " in messages[0]
    assert all("print eight cards a sheet" in message for message in messages)


def hard_texts() -> dict[str, str]:
    head = " | ".join(f"head {n}" for n in range(30))
    code = "\n".join(f"line_{n:03d} = compute({n})" for n in range(60))
    return {
        "a long word": "x" * 3000,
        "a wide table": f"| {head} |\n|{'---|' * 30}\n| {' | '.join('c' * 30)} |",
        "a listing": f"```\n{code}\n```",
        "a long line of code": "```python\n" + "call(argument) + " * 40 + "\n```",
        "a list twelve deep": "".join(f"{'  ' * n}- level {n} and more\n" for n in range(12)),
        "a quotation": "> > > " + "quoted words " * 100,
        "a wide formula": "$$" + "x + " * 30 + "y$$",
        "a tall formula": r"$$\begin{pmatrix}" + r"1 \\ " * 40 + r"2 \end{pmatrix}$$",
        "a picture": "![A picture](big.png) and words " + "after it " * 30,
        "many scripts": "λ Привет 日本語 العربية 🎉 " * 20,
        "nothing that shows": "<!-- -->",
        "struck words": "~~" + " ".join(["struck words"] * 40) + "~~",
        "a tick list": "- [x] done\n- [ ] not done\n1. one\n2. two",
    }


@pytest.fixture
def media(tmp_path: Path) -> dict[str, Media]:
    path = tmp_path / "big.png"
    Image.new("RGB", (1200, 900), "navy").save(path)
    return {"big.png": Media(path=path, kind="png", width=1200, height=900, sha256="0")}


@sizes
@pytest.mark.parametrize("name", hard_texts())
def test_nothing_leaves_its_card(
    print_cards: PrintCards, media: dict[str, Media], name: str, per_sheet: str
) -> None:
    text = hard_texts()[name]
    made = asked(1, recall(text, text), cloze(text + "\n\nand {{c1::this}}"))
    printed = print_cards(guide(made, media=media), per_sheet=per_sheet, paper="letter")
    assert_on_their_cards(printed)
    assert conforms(printed)


def test_a_long_category_is_cut_short_at_the_edge_of_its_card(print_cards: PrintCards) -> None:
    printed = print_cards(guide(asked(1, recall("Why?", "So."), category="Subject " * 40)))
    assert_on_their_cards(printed)
    assert "Subject Subject" in printed.pages[0]
    assert printed.pages[0].endswith("…")


# ------------------------------------------------------------------------------- the file


RICH = r"""
A [link](https://example.com), `code` and $\frac{a}{b}$.

| Name | Worth |
| --- | --- |
| a | b |

- one
"""


def conforms(printed: Printed) -> bool:
    report = validation.validate_pdf(printed.path, profile=validation.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, [(f.rule_id, f.message) for f in report.failures]
    return bool(report.rules.total > 100)


def rich() -> Guide:
    texts = [recall(RICH, RICH), cloze(RICH + "\n{{c1::hidden}} and {{c2::more}}")]
    return guide(*(asked(n, *texts) for n in range(1, 6)))


@papers
@sizes
@pytest.mark.parametrize("duplex", ["long-edge", "short-edge", "none"])
def test_the_file_conforms_to_pdf_ua_1(
    print_cards: PrintCards, paper: str, per_sheet: str, duplex: str
) -> None:
    assert conforms(print_cards(rich(), paper=paper, per_sheet=per_sheet, duplex=duplex))


@pytest.mark.parametrize("duplex", ["long-edge", "none"])
def test_read_aloud_a_card_is_its_code_its_front_and_its_back(
    print_cards: PrintCards, duplex: str
) -> None:
    tree = Tree(print_cards(numbered(12), duplex=duplex))
    assert tree.of("H1") == [f"1.{number:02d}" for number in range(12)]
    text = tree.text(tree.root.K)
    for number in range(12):
        assert_in_order(text, f"1.{number:02d}", f"Front {number} here.", f"Back {number} there.")
        assert text.count(f"1.{number:02d}") == 1


@pytest.mark.parametrize("terms", range(5, 12))
def test_a_formula_on_a_short_card_is_set_in_type(print_cards: PrintCards, terms: int) -> None:
    wide = "+".join(f"a_{{{n}}}" for n in range(terms))
    printed = print_cards(guide(asked(1, recall(f"- ${wide}$", "Short."))))
    assert "a_{" not in printed.text
    assert printed.warnings == []


def test_links_formulas_and_pictures_are_where_the_file_says(
    print_cards: PrintCards, media: dict[str, Media]
) -> None:
    text = "See [the page](https://example.com) and $x^2$.\n\n![It](big.png)\n\n" + "word " * 10
    printed = print_cards(guide(asked(1, recall(text, "So.")), media=media))
    front = printed.pdfium[0]
    [area] = printed.pike.pages[0].Annots
    link = Box(*map(float, area.Rect))
    assert link.holds(where(front, "the page"), slack=1)
    assert link.right - link.left < 60
    text_room = cards(front)[0].inset(4.5 * MM)
    tree = Tree(printed)
    marked = [node for role, node in tree.walk() if role in ("/Formula", "/Figure")]
    assert len(marked) == 2
    for node in marked:
        assert text_room.holds(Box(*map(float, node.A.BBox)))


def test_every_font_is_embedded(print_cards: PrintCards) -> None:
    printed = print_cards(rich())
    fonts = [font for page in printed.pike.pages for font in page.Resources.Font.values()]
    assert fonts
    assert all("/FontFile2" in font.FontDescriptor for font in fonts)


def test_without_color_every_sheet_is_pure_grey(print_cards: PrintCards) -> None:
    for page in print_cards(rich(), color=False).pdfium:
        red, green, blue = page.render(scale=1).to_pil().convert("RGB").split()
        assert ImageChops.difference(red, green).getbbox() is None
        assert ImageChops.difference(green, blue).getbbox() is None


def test_bookmarks_lead_to_the_first_card_of_a_round_and_a_question(
    print_cards: PrintCards,
) -> None:
    first = [asked(n, recall(f"Front {n}.", "Back.")) for n in range(1, 11)]
    onsite = asked(1, recall("Front of onsite.", "Back."), round="onsite", id="other")
    printed = print_cards(guide(*first, onsite))
    with pikepdf.open(printed.path) as file, file.open_outline() as outline:
        chapters = [(chapter.title, len(chapter.children)) for chapter in outline.root]
    assert chapters == [("1\u2002Phone Screen", 10), ("2\u2002Onsite", 1)]
    marks = list(printed.pdfium.get_toc())
    pages = {mark.get_title(): mark.get_dest().get_index() for mark in marks}
    assert pages["1\u2002Phone Screen"] == 0
    assert pages["2\u2002Onsite"] == 2
    assert [n for title, n in pages.items() if title.startswith("1.10")] == [2]


def test_sheets_are_labelled_by_number_and_side(print_cards: PrintCards) -> None:
    printed = print_cards(numbered(9))
    assert [printed.label(n) for n in range(4)] == ["1 front", "1 back", "2 front", "2 back"]


def test_what_no_font_can_draw_is_a_warning_that_names_the_question(
    print_cards: PrintCards,
) -> None:
    [warning] = print_cards(guide(asked(1, recall("𓀀?", "So.")))).warnings
    assert "question 'question-1': no font can draw U+13000" in warning.message


def test_the_same_cards_give_the_same_bytes(print_cards: PrintCards) -> None:
    assert print_cards(rich()).data == print_cards(rich()).data


def test_it_behaves_as_an_exporter_should() -> None:
    assert conformance("cards") == []
    assert not CardsExporter.on_by_default
