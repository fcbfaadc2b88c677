"""On paper: margins, sheets, page breaks, and whatever is thrown at them."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from pdf_guides import Printed, full_question, guide, md, question
from PIL import Image, ImageChops

from deckgen.exporters.pdf import styles
from deckgen.exporters.pdf.flowables import NOWHERE, Nothing, Room, Slab
from deckgen.exporters.pdf.pages import paginate
from deckgen.exporters.pdf.tags import Element
from deckgen.model import Block, FollowUp, Guide, Media, Round

Print = Callable[..., Printed]
MM = 72 / 25.4


def ink(printed: Printed, index: int) -> tuple[float, float, float, float] | None:
    """The edges of what is dark on a page as PDFium renders it: left, top, right, bottom."""
    image = printed.pdfium[index].render(scale=1).to_pil().convert("L")
    white = ImageChops.constant(image, 255)
    box: tuple[float, float, float, float] | None = ImageChops.difference(image, white).getbbox()
    return box


def assert_within_margins(printed: Printed) -> None:
    for index, page in enumerate(printed.pdfium):
        width, height = page.get_size()
        box = ink(printed, index)
        if box is None:
            continue
        inner, outer = 22 * MM, 17 * MM
        left, right = (inner, outer) if index % 2 == 0 else (outer, inner)
        assert box[0] >= left, f"page {index + 1} begins {box[0]} from the left"
        assert box[2] <= width - right, f"page {index + 1} ends {width - box[2]} from the right"
        assert box[1] >= 13 * MM
        assert box[3] <= height - 13 * MM


def nasty_questions() -> dict[str, dict[str, object]]:
    word = "".join(chr(ord("a") + n % 26) for n in range(3000))
    head = " | ".join(f"head {n}" for n in range(60))
    cells = "".join(f"| {' | '.join(f'c{r}.{n}' for n in range(60))} |\n" for r in range(5))
    wide = f"| {head} |\n|{'---|' * 60}\n{cells}"
    tall = f"| a | b |\n|---|---|\n| x | {'word ' * 4000}|\n| y | z |\n"
    deep = "".join(
        f"{'  ' * n}- level {n} and some words that need a second line\n" for n in range(12)
    )
    listing = "\n".join(f"line_{n:03d} = compute({n})" for n in range(500))
    columns = "x = " + " + ".join(f"term_{n}" for n in range(200)) + "\n" + "y" * 2000
    # Plain, because PDFium takes a page of nothing but coloured code for vertical writing.
    return {
        "a 200 KB answer": {"answer": ("It goes on and on about systems. " * 60 + "\n\n") * 100},
        "a word of 3,000 letters": {
            "question": word,
            "answer": word,
            "key_points": (word,),
            "category": word,
            "tags": (word,),
            "follow_ups": (FollowUp(question=md(word), answer=md(word)),),
        },
        "a table of 60 columns": {"answer": wide},
        "a cell longer than a page": {"answer": tall},
        "a list twelve deep": {"answer": deep},
        "a listing of 500 lines": {"answer": f"```\n{listing}\n```"},
        "lines of 2,000 columns": {"answer": f"```\n{columns}\n```"},
        "a long address": {"answer": "<https://example.com/" + "very/long/path/" * 60 + ">"},
        "long code in a line": {"answer": "`" + "a_long_name_" * 80 + "` and `" + "z" * 900 + "`"},
        "quotes in quotes": {"answer": "> > > " + "quoted words go on " * 400},
        "a formula too wide": {"answer": "$$" + "x + " * 300 + "y$$"},
        "nothing that shows": {
            "answer": "<!-- -->",
            "follow_ups": (FollowUp(question=md("<!-- -->")),),
        },
        "scripts of all kinds": {"answer": "λ Привет 日本語 العربية עברית हिन्दी 🎉 ｆｕｌｌ " * 50},
        "odd characters": {"answer": "a\u200bb\ufeff c\u00a0d \u0301 \ud800 \x07 e\u2028f"},
    }


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("name", nasty_questions())
def test_nothing_leaves_the_page(print_guide: Print, name: str, paper: str) -> None:
    fields = nasty_questions()[name]
    for answers in ("inline", "end"):
        printed = print_guide(guide(question(1, **fields)), paper=paper, answers=answers)
        assert_within_margins(printed)


def test_long_titles_stay_on_the_page(print_guide: Print) -> None:
    title = "Extraordinarily " * 30
    long = Round(id="phone", title=title, number=1, brief=(md("one"),))
    printed = print_guide(guide(question(1), title=title + "N" * 300, rounds=(long,)))
    assert_within_margins(printed)


def test_all_of_a_long_listing_is_there(print_guide: Print) -> None:
    text = print_guide(guide(question(1, **nasty_questions()["a listing of 500 lines"]))).text
    assert all(f"line_{n:03d} = compute({n})" in text for n in range(500))


def test_a_listing_that_goes_over_pages_says_that_it_continues(print_guide: Print) -> None:
    printed = print_guide(guide(question(1, **nasty_questions()["a listing of 500 lines"])))
    pages = [text for text in printed.pages if "compute(" in text]
    assert len(pages) > 5
    assert all("continued" in text for text in pages[1:])
    assert "continued" not in pages[0]


def test_a_wrapped_line_of_code_is_marked(print_guide: Print) -> None:
    printed = print_guide(guide(question(1, answer="```\n" + "word " * 60 + "\n```")))
    assert "↪" in printed.text
    assert "↪" not in print_guide(guide(question(1, answer="```\n" + "x" * 70 + "\n```"))).text


def test_a_table_repeats_its_head_on_every_page(print_guide: Print) -> None:
    rows = "".join(f"| row {n} | value |\n" for n in range(200))
    printed = print_guide(guide(question(1, answer=f"| Name | Worth |\n|---|---|\n{rows}")))
    pages = [text for text in printed.pages if " value" in text and "row" in text]
    assert len(pages) > 3
    assert all("Name Worth" in text for text in pages)


def test_a_cell_longer_than_a_page_loses_nothing(print_guide: Print) -> None:
    printed = print_guide(guide(question(1, **nasty_questions()["a cell longer than a page"])))
    assert printed.text.count("word") == 4000


def test_paper_sizes(print_guide: Print) -> None:
    sizes = {
        paper: print_guide(guide(question(1)), paper=paper).pdfium[0].get_size()
        for paper in ("a4", "letter")
    }
    assert sizes["a4"] == pytest.approx((595.28, 841.89), abs=0.01)
    assert sizes["letter"] == (612, 792)


def three_rounds() -> Guide:
    rounds = tuple(Round(id=f"r{n}", title=f"Round {n}", number=n) for n in (1, 2, 3))
    return guide(*(question(n, rounds=(f"r{n}",)) for n in (1, 2, 3)), rounds=rounds)


def test_two_sided_rounds_open_on_right_hand_pages(print_guide: Print) -> None:
    printed = print_guide(three_rounds())
    openings = [n for n, text in enumerate(printed.pages) if "Round 1 Round 1" in text]
    for number in (2, 3):
        openings.append(printed.page_with(f"Round {number} Round {number}"))
    assert all(index % 2 == 0 for index in openings)


def test_two_sided_the_wide_margin_is_at_the_spine(print_guide: Print) -> None:
    printed = print_guide(guide(full_question(answer="Words to fill the page with. " * 600)))
    start = printed.page_with("Words to fill the page")
    boxes = [ink(printed, n) for n in (start + 1, start + 2)]
    width = printed.pdfium[0].get_size()[0]
    for index, box in zip((start + 1, start + 2), boxes, strict=True):
        assert box is not None
        spine = width - box[2] if index % 2 else box[0]
        assert spine >= 22 * MM


def test_one_sided_pages_are_all_alike_and_none_is_blank(print_guide: Print) -> None:
    printed = print_guide(three_rounds(), duplex=False)
    assert all(ink(printed, index) for index in range(len(printed.pages)))
    assert all(text.split() for text in printed.pages)
    lefts = {round(box[0]) for n in range(1, len(printed.pages)) if (box := ink(printed, n))}
    assert min(lefts) >= 22 * MM


def test_without_color_every_page_is_pure_grey(print_guide: Print) -> None:
    answer = "```python\nimport os  # comment\nname = 'text' + 1\n```\n[link](https://example.com)"
    printed = print_guide(guide(full_question(answer=answer)), color=False)
    for page in printed.pdfium:
        red, green, blue = page.render(scale=1).to_pil().convert("RGB").split()
        assert ImageChops.difference(red, green).getbbox() is None
        assert ImageChops.difference(green, blue).getbbox() is None


def at_every_height(
    print_guide: Print, sought: str, make: Callable[[str], Guide]
) -> Iterator[tuple[str, str]]:
    """Prints a guide with more and more lines before what is sought, from where that stands on the
    first page of its chapter to where it stands on the next; gives the page with it, and the one
    after that."""
    where = []
    for lines in range(8, 30):
        printed = print_guide(make("- a line\n" * lines))
        first = printed.page_with("a line")
        page = printed.page_with(sought, first)
        where.append(page - first)
        yield printed.pages[page], printed.pages[page + 1]
    assert (where[0], where[-1]) == (0, 1), "it never met the foot of a page"


def test_no_heading_is_left_alone_at_the_foot_of_a_page(print_guide: Print) -> None:
    """Whatever the length of what comes before, a question's first words share its page."""
    second = question(2, answer="The second answer begins here and has its say.")

    def made(lines: str) -> Guide:
        return guide(question(1, answer=lines), second)

    for page, _ in at_every_height(print_guide, "question number 2?", made):
        assert "The second answer begins" in page


@pytest.mark.parametrize("below", ["", "\n\nAnother paragraph."])
def test_no_line_of_a_paragraph_stands_alone(print_guide: Print, below: str) -> None:
    """However many lines it has of which its page holds but some, and wherever in an answer."""
    divided = []
    for words in range(60, 120, 3):
        paragraph = " ".join(f"word{n}" for n in range(words))
        answer = "- a line\n" * 19 + f"\n{paragraph}{below}"
        sheets = print_guide(guide(question(1, answer=answer))).pdfium
        texts = [sheet.get_textpage().get_text_range() for sheet in sheets]
        lines = [len(re.findall(r"^word\d", text, re.MULTILINE)) for text in texts]
        if len(found := list(filter(None, lines))) > 1:
            assert min(found) > 1, found
            divided.append(found)
    assert len(divided) > 5


def test_what_announces_a_list_stays_with_it(print_guide: Print) -> None:
    for heading in ("**Skeleton**", "What to say, in this order"):

        def made(lines: str, heading: str = heading) -> Guide:
            text = f"{lines}\nWords.\n\n{heading}\n\n- first of the list\n- second"
            return guide(question(1, answer=text))

        for page, _ in at_every_height(print_guide, heading.strip("*"), made):
            assert "first of the list" in page, heading


def test_a_question_of_several_paragraphs_stands_on_one_page(print_guide: Print) -> None:
    between = "Words of it.\n\n" * 6  # reaches below the boxes beside it
    asked = f"Asked first.\n\n```python\nx = 1\n```\n\n{between}For example, this is asked last."

    def made(lines: str) -> Guide:
        return guide(question(1, answer=lines), question(2, question=asked))

    for page, _ in at_every_height(print_guide, "Asked first.", made):
        assert "asked last. MEDIUM" in page


def test_where_an_answer_is_stands_with_its_question(print_guide: Print) -> None:
    questions = [full_question(n, question="Words to ask with. " * (4 * n)) for n in range(1, 14)]
    printed = print_guide(guide(*questions), answers="end")
    for text in printed.pages[4 : printed.page_with("near the reader")]:
        assert text.count("MEDIUM") == text.count("on page")


def test_no_number_of_a_table_is_cut(print_guide: Print) -> None:
    for columns in (4, 8, 13):
        numbers = [f"{column}{'12345678'}" for column in range(1, columns + 1)]
        rows = [
            f"| {' | '.join(row)} |" for row in (["head"] * columns, ["--:"] * columns, numbers)
        ]
        printed = print_guide(guide(question(1, answer="\n".join(rows))))
        assert [number for number in numbers if number not in printed.text] == [], columns


def test_the_cells_of_a_row_stand_on_one_baseline(print_guide: Print) -> None:
    tall = r"| low $\frac{\frac{a}{b}}{\frac{c}{d}}$ | plain |"
    printed = print_guide(guide(question(1, answer=f"| A | B |\n|---|---|\n{tall}")))
    text = printed.pdfium[printed.page_with("plain")].get_textpage()
    (_, left), (_, right) = (
        origin(text, text.search(word).get_next()[0]) for word in ("low", "plain")
    )
    assert left == pytest.approx(right, abs=0.05)


def test_a_short_table_is_not_divided(print_guide: Print) -> None:
    table = "| Name | Worth |\n|---|---|\n| one | 1 |\n| two | 2 |\n| three | 3 |\n| four | 4 |"

    def made(lines: str) -> Guide:
        return guide(question(1, answer=f"{lines}\nWords.\n\n{table}"))

    for page, _ in at_every_height(print_guide, "one 1", made):
        assert "Name Worth one 1 two 2 three 3 four 4" in page


def test_a_narrow_column_is_not_broken_for_the_sake_of_wide_ones(print_guide: Print) -> None:
    words = "many words that need some lines " * 4
    rows = "".join(f"| {n} Grow | {words} | {words} |\n" for n in range(4))
    printed = print_guide(
        guide(question(1, answer=f"| Step | Do | Go on |\n|---|---|---|\n{rows}"))
    )
    lines = printed.pdfium[printed.page_with("Step Do")].get_textpage().get_text_range()
    assert len(re.findall(r"\d Grow\s", lines)) == 4
    assert not re.search(r"\d\s*\r\n\s*Grow", lines)


def text_edges(printed: Printed, index: int, text: str) -> tuple[float, float]:
    """The lower and the upper edge of the first place where a page has a text."""
    words = printed.pdfium[index].get_textpage()
    start, count = words.search(text).get_next()
    boxes = [words.get_charbox(n) for n in range(start, start + count)]
    return min(box[1] for box in boxes), max(box[3] for box in boxes)


@pytest.mark.parametrize("shape", ["![Boxes](a)", "```\n    code\n    ```"])
def test_a_number_begins_no_higher_than_what_it_stands_beside(
    print_guide: Print, tmp_path: Path, shape: str
) -> None:
    Image.new("RGB", (300, 100)).save(tmp_path / "a.png")
    media = {"a": Media(path=tmp_path / "a.png", kind="png", width=300, height=100, sha256="")}
    printed = print_guide(guide(question(1, answer=f"Words.\n\n71. {shape}"), media=media))
    page = printed.page_with("MEDIUM")
    shapes = (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH)
    found = [drawn.get_bounds() for drawn in printed.pdfium[page].get_objects(filter=shapes)]
    top = max(top for left, _, right, top in found if right - left > 200)
    _, number = text_edges(printed, page, "71.")
    assert number <= top


def test_a_listing_across_the_label_column_stands_below_its_number(print_guide: Print) -> None:
    printed = print_guide(guide(question(1, answer=f"71. ```\n    {'x' * 90}\n    ```")))
    page = printed.page_with("x" * 90)
    below, _ = text_edges(printed, page, "71.")
    _, above = text_edges(printed, page, "x" * 90)
    assert above < below


def test_a_listing_is_divided_between_its_parts(print_guide: Print) -> None:
    functions = "".join(
        f"def part_{n}():\n" + "    work()\n" * 5 + "    return\n\n" for n in range(30)
    )
    printed = print_guide(guide(question(1, answer=f"```python\n{functions}```")))
    pages = [text for text in printed.pages if "continued" in text]
    assert len(pages) > 3
    for text in pages:
        assert re.search(r"continued def part_\d+", text)


def tints(printed: Printed, index: int) -> list[tuple[float, float]]:
    """The lower and the upper edge of the rules beside the listings of a page."""
    shapes = printed.pdfium[index].get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH])
    bounds = [shape.get_bounds() for shape in shapes]
    return [
        (low, high) for left, low, right, high in bounds if 1 < right - left < 2 and high - low > 5
    ]


def test_a_page_neither_ends_nor_begins_with_empty_rows_of_code(print_guide: Print) -> None:
    functions = "".join(f"def part_{n}():\n    return {n}\n\n\n\n\n" for n in range(40))
    printed = print_guide(guide(question(1, answer=f"```python\n{functions}last = 1\n```")))
    pages = [n for n, text in enumerate(printed.pages) if re.search(r"def part_", text)]
    assert len(pages) > 2
    for page in pages:
        [(low, high)] = tints(printed, page)
        rows = [y for y, line in baselines(printed, page) if re.search("part_|return|last", line)]
        assert min(rows) - low < 12, "empty rows end the page"
        assert high - max(rows) < 32, "empty rows begin the page"


def test_a_block_of_code_is_not_parted_from_what_opens_it(print_guide: Print) -> None:
    loops = "".join(f"for n in range({n}):\n    work(n)\n" for n in range(40))

    def made(lines: str) -> Guide:
        return guide(question(1, answer=f"{lines}\n```python\n{loops}```"))

    for page, _ in at_every_height(print_guide, "for n in range(8)", made):
        body = page.partition("for n in")[2]
        assert re.findall(r"(?:range|work)\((?:\d+|n)\)", body)[-1] == "work(n)"


@pytest.mark.parametrize("length", [9, 11, 13])
def test_a_short_row_of_a_table_is_not_divided(print_guide: Print, length: int) -> None:
    cell = "words of the cell that take some lines of it " * length
    rows = "".join(f"| begun{n} | {cell} ended{n} |\n" for n in range(30))
    printed = print_guide(guide(question(1, answer=f"| Name | Worth |\n|---|---|\n{rows}")))
    pages = [text for text in printed.pages if "begun" in text]
    assert len(pages) > 2
    for text in pages:
        assert re.findall(r"begun(\d+)", text) == re.findall(r"ended(\d+)", text)


def test_code_of_twenty_characters_is_not_cut_in_a_table(print_guide: Print) -> None:
    name, words = "com.example.service1", "linearizable reads and writes in one region"
    heads = ("Name", "Availability", words, "Latency p99", "Throughput", "Cost of the smallest one")
    row = (f"`{name}`", "99.999%", f"{words}, {words}", "13 ms", "1000 req/s", words)
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, ["---"] * 6, row))
    assert [line for line in lines(print_guide(guide(question(1, answer=table)))) if name in line]


def test_no_page_ends_inside_a_word(print_guide: Print) -> None:
    words = " ".join(
        f"Of {10 ** (n % 9)} it is extraordinary, a responsibility." for n in range(60)
    )
    divided = 0
    for count in range(8, 24):
        printed = print_guide(guide(question(1, answer="- a line\n" * count + f"\n{words}")))
        page = printed.page_with("a line")
        body = [(y, line) for y, line in baselines(printed, page) if 60 < y < 780]
        divided += sum(line.endswith("-") for _, line in body)
        assert not min(body)[1].endswith("-"), count
    assert divided > 5


def test_no_line_ends_between_a_number_and_its_unit(print_guide: Print) -> None:
    told = "It took 250 ms for 4 TB at 1.7 MB/s, 2 s later 27 Gbit/s, in 5 min. "
    text = "".join(f"{'x' * (n % 7)} {told}" for n in range(40))
    printed = print_guide(
        guide(question(1, answer=f"{text}\n\n| A | B |\n|---|---|\n| {text} | b |"))
    )
    ends = [line for line in lines(printed) if re.search(r"\d$", line) and "It took" in line]
    assert not [line for line in ends if re.search(r" (250|4|1\.7|2|27|5)$", line)]
    assert sum("250 ms" in line for line in lines(printed)) > 40


def test_no_line_ends_inside_an_order_of_growth(print_guide: Print) -> None:
    told = "It takes O(n log n) or Θ(V + E log V). "
    printed = print_guide(
        guide(question(1, answer="".join(f"{'x' * (n % 7)} {told}" for n in range(40))))
    )
    found = lines(printed)
    assert sum(line.count("O(n log n)") + line.count("Θ(V + E log V)") for line in found) == 80


@pytest.mark.parametrize("shape", ["```\nx = 1\n```", "| A | B |\n|---|---|\n| x = 1 | 2 |"])
def test_what_kind_a_question_is_stands_clear_of_a_shape_above_it(
    print_guide: Print, shape: str
) -> None:
    printed = print_guide(guide(question(1, question=f"Asked.\n\n{shape}")))
    page = printed.page_with("x = 1", after=3)
    _, facts = text_edges(printed, page, "MEDIUM")
    shapes = printed.pdfium[page].get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH])
    bounds = [shape.get_bounds() for shape in shapes]
    # The rules below the question's number stand to the left.
    foot = min(low for left, low, right, _ in bounds if left > 160 and right - left > 20)
    assert foot - facts > styles.SHAPE_GAP


def test_columns_of_the_last_page_of_the_index_are_about_as_long(print_guide: Print) -> None:
    tags = tuple(f"term-{n:03d}" for n in range(40))
    printed = print_guide(guide(full_question(tags=tags)))
    index = printed.page_with("term 039")
    image = printed.pdfium[index].render(scale=1).to_pil().convert("L").crop((60, 60, 560, 750))
    white = ImageChops.constant(image, 255)
    dark = ImageChops.difference(image, white)
    left, right = (dark.crop((x, 0, x + 220, 690)).getbbox()[3] for x in (0, 260))
    assert abs(left - right) < 50
    assert max(left, right) < 500


@pytest.mark.parametrize("inks", [styles.COLORS, styles.GREYS])
def test_all_words_have_enough_contrast(inks: dict[str, tuple[float, float, float]]) -> None:
    """4.5 to 1, as WCAG 2 asks of text, on the tint behind code too."""
    for name, ink in inks.items():
        if name not in ("faint", "tint"):
            for paper in ((1.0, 1.0, 1.0), inks["tint"]):
                assert (luminance(paper) + 0.05) / (luminance(ink) + 0.05) >= 4.5, name


def luminance(color: tuple[float, float, float]) -> float:
    """How light a colour of sRGB is, by WCAG 2."""
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in color]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_what_is_drawn_with_words_ends_where_they_end(print_guide: Print) -> None:
    struck = "~~" + "words struck out go on for some lines " * 20 + "~~"
    linked = "[" + "words of a link go on for some lines " * 20 + "](https://example.com)"
    printed = print_guide(guide(question(1, answer=f"{struck}\n\n{linked}")))
    assert_within_margins(printed)


def test_the_rule_beside_a_quote_crosses_no_table_that_is_wider(print_guide: Print) -> None:
    names = [f"heading{n}word" for n in range(7)]
    rows = [names, ["-"] * 7, *([f"wordlonger{n}" for n in range(7)] for _ in range(4))]
    table = "\n".join(f"> | {' | '.join(row)} |" for row in rows)
    printed = print_guide(guide(question(1, answer=f"> Above.\n>\n{table}\n>\n> Below.")))
    sheet = printed.pdfium[printed.page_with("wordlonger0")]
    shapes = [
        shape.get_bounds() for shape in sheet.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH])
    ]
    rules = [high - low for left, low, right, high in shapes if 1 < right - left < 2]
    assert len(rules) == 2
    assert max(rules) < styles.BODY.leading


def test_a_number_of_two_figures_stands_apart_from_its_follow_up(print_guide: Print) -> None:
    asked = tuple(FollowUp(question=md("Next?")) for _ in range(12))
    printed = print_guide(guide(question(1, follow_ups=asked)))
    page = printed.pdfium[printed.page_with("12.")].get_textpage()
    text = page.get_text_range()
    at = text.index("12.")
    ends, begins = page.get_charbox(at + 2)[2], page.get_charbox(text.index("Next", at))[0]
    assert begins - ends > 2


def test_lines_to_write_on_end_where_their_table_does(print_guide: Print) -> None:
    printed = print_guide(guide(question(1, type="behavioral")))
    sheet = printed.pdfium[printed.page_with("My stories")]
    ends: dict[int, float] = {}
    for shape in sheet.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH]):
        _, low, right, high = shape.get_bounds()
        if high - low < 1:
            ends[round(low)] = max(right, ends.get(round(low), 0.0))
    assert len(ends) > 8
    assert max(ends.values()) - min(ends.values()) < 0.1


def test_blanks_of_the_sheet_for_the_night_before_end_at_the_margin(print_guide: Print) -> None:
    items = ("Level I claim ____", "What I will not say ____________", "Not_a_blank __")
    block = Block(title="My lines", items=tuple(map(md, items)))
    printed = print_guide(guide(question(1), night_before=(block,)))
    page = printed.page_with("Level I claim")
    shapes = printed.pdfium[page].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH])
    bounds = [shape.get_bounds() for shape in shapes]
    _, low, _, high = (
        printed.pdfium[page]
        .get_textpage()
        .get_charbox(printed.pdfium[page].get_textpage().search("Level").get_next()[0])
    )
    ruled = [
        (left, right) for left, bottom, right, _ in bounds if bottom > low - 30 and bottom < high
    ]
    margin = max(right for _, _, right, _ in bounds)
    assert [right for _, right in ruled] == pytest.approx([margin, margin], abs=0.1)
    assert ruled[0][0] < ruled[1][0], "each begins after its words"
    assert "_" not in printed.pages[page].replace("Not_a_blank __", "")


def test_a_page_is_there_before_what_follows_is_laid_out() -> None:
    """What 10,000 questions need is no more than what a few pages do."""
    room = Room(None, 0, 300, Element("Sect"), depth=600)  # type: ignore[arg-type]
    asked = 0

    def endless() -> Iterator[Slab]:
        nonlocal asked
        while True:
            asked += 1
            yield Slab(Nothing(), 0, room, 20)

    pages = paginate(endless(), room, [0.0])
    for number in range(1, 100):
        assert len(next(pages).placed) == 30
        assert asked <= 30 * number + 5


def test_a_last_page_has_more_than_a_few_lines() -> None:
    room = Room(None, 0, 300, Element("Sect"), depth=600)  # type: ignore[arg-type]
    for count in range(31, 61):
        *_, last = paginate([Slab(Nothing(), 0, room, 20) for _ in range(count)], room, [0.0])
        assert len(last.placed) >= 4, count


def test_nothing_is_torn_for_a_last_page() -> None:
    room = Room(None, 0, 300, Element("Sect"), depth=600)  # type: ignore[arg-type]
    whole = [Slab(Nothing(), 0, room, 20, NOWHERE) for _ in range(30)]
    first, _ = paginate([*whole, Slab(Nothing(), 0, room, 20)], room, [0.0])
    assert len(first.placed) == 30


@pytest.mark.parametrize("count", [1, 2, 3, 5, 9])
def test_no_heading_of_the_index_is_left_at_the_foot_of_a_column(
    print_guide: Print, count: int
) -> None:
    categories = ("Systems", "Networks", "Storage")
    questions = (question(n, category=categories[n % 3]) for n in range(1, count + 1))
    printed = print_guide(guide(*questions))
    text = printed.pdfium[printed.page_with("Index", after=4)].get_textpage()
    raw = text.get_text_range()
    for name in ("By category", "By difficulty", *categories[1 : count + 1]):
        end = raw.index(f"{name}\r\n") + len(name)
        left, low, _, _ = text.get_charbox(end - len(name))
        next_left, _, _, next_high = text.get_charbox(end + 2)
        assert abs(next_left - left) < 20, name
        assert next_high < low, name


def test_no_line_ends_with_a_hyphen_or_point_of_an_address_or_of_code(
    print_guide: Print,
) -> None:
    address = "https://example.com/" + "-".join(f"part{n}.html" for n in range(60))
    code = " ".join(["`Retry-After`"] * 200 + ["and `--color-moved-ws=ignore-all-space`"] * 50)
    printed = print_guide(guide(question(1, answer=f"Read {address} and then {code}.")))
    ends = r"((part\d+|html|Retry|color|moved|ignore|all)-|part\d+\.)$"
    assert not [line for line in lines(printed) if re.search(ends, line)]
    assert sum("Retry-After" in line for line in lines(printed)) > 20


def lines(printed: Printed) -> list[str]:
    """The characters of every baseline of every page."""
    return [line for n in range(len(printed.pdfium)) for _, line in baselines(printed, n)]


def baselines(printed: Printed, index: int) -> list[tuple[int, str]]:
    """The baselines of a page, and the characters on each."""
    found: dict[int, str] = {}
    text = printed.pdfium[index].get_textpage()
    for number in range(text.count_chars()):
        char = text.get_text_range(number, 1).replace("\ufffe", "-")  # at a line's end
        if char.isprintable():
            baseline = round(origin(text, number)[1])
            found[baseline] = found.get(baseline, "") + char
    return [(baseline, line.rstrip()) for baseline, line in found.items()]


def origin(text: pypdfium2.PdfTextPage, index: int) -> tuple[float, float]:
    """Where a character stands on its line."""
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text, index, x, y)
    return x.value, y.value
