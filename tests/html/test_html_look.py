"""The page as a real browser lays it out: on a phone and a desktop, by day and night, from the
right, without script and on paper."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from html_browser import Reader
from html_pages import Pages, question

from chromium import (
    CONTRASTS,
    LINES_OF_FACTS,
    OVERFLOWING,
    UNFOLD,
    line_begins,
)
from value_bank import picture, svg

LONG_WORD = "supercalifragilistic" * 8
EVERYTHING = f"""A paragraph with *emphasis*, **strength**, ~~regret~~, [a link](https://example.org),
<kbd>E</kbd>, x<sup>2</sup>, $O(n \\log n)$, `{LONG_WORD}` and {LONG_WORD}.

# A heading

1. first
   - nested
     - deeper
       - deepest, with {LONG_WORD}
2. second

- [x] done
- [ ] to do

> A quotation.

$$\\sum_{{i=1}}^{{n}} x_i + a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r$$

```python
# A comment, then everything that has a colour of its own.
@decorator
class Counter(Exception):
    def add(self, n: int = 1) -> None:
        total = {{"key": [1, 2.5, None], 'f': f"{{n!r}} and more", **kwargs}} if n else -n
```

```diff
- gone
+ come
```

| one | two | three | four | five | six |
|-----|-----|------:|:----:|------|-----|
| a considerable cell | `code_in_a_cell_that_is_long` | 3 | four | five and more | six and more |

![a wide picture](wide.png) ![a drawing](plan.svg)

---

The end.
"""
ARABIC = "هذا نص *طويل* عن `code(1, 2)` والشبكات.\n\n- نقطة أولى\n\n```python\nx = 1\n```\n"


@pytest.fixture(params=["en", "ar"], ids=["left to right", "right to left"])
def rich(request: Any, pages: Pages) -> Path:
    """A page with everything on it."""
    text = EVERYTHING if request.param == "en" else ARABIC
    pages.guide |= {"language": request.param, "summary": text}
    pages.guide["title"] = f"A guide with a long name: {LONG_WORD}"
    pages.guide["rounds"][0] |= {"title": f"A long round: {LONG_WORD}", "focus": [text]}
    pages.guide["source"] = [{"title": LONG_WORD, "url": f"https://example.org/{LONG_WORD}"}]
    pages.media = {"wide.png": picture(size=(900, 90)), "plan.svg": svg(700, 100)}
    pages.questions[0] |= {
        "question": text,
        "answer": text,
        "hint": text,
        "category": f"Communication and {LONG_WORD}",
        "key_points": ["One point with `code`.", text],
        "follow_ups": [{"question": text, "answer": text}],
        "cards": [{"id": "a", "front": text, "back": text}, {"id": "b", "cloze": "A {{c1::b}}."}],
    }
    return pages.make()


@pytest.mark.parametrize("width", [360, 700, 1000, 1400])
def test_nothing_scrolls_sideways(reader: Reader, rich: Path, width: int) -> None:
    reader.open(rich, width=width)
    reader.run(UNFOLD)
    if width < 992:
        reader.click(".more")
    assert reader.run(OVERFLOWING) == {"page": 0, "wide": []}


def test_enlarged_text_stays_in_place_on_a_phone(reader: Reader, rich: Path) -> None:
    reader.open(rich, width=360)
    reader.run("document.documentElement.style.fontSize = '200%'")
    reader.run(UNFOLD)
    assert reader.run(OVERFLOWING) == {"page": 0, "wide": []}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_the_contrast_that_wcag_aa_asks(
    reader: Reader, rich: Path, scheme: str
) -> None:
    reader.prefers(color_scheme=scheme)
    reader.open(rich)
    reader.click(".tick")
    reader.run(UNFOLD)
    found = reader.run(CONTRASTS)
    assert found["measured"] > 100
    assert found["poor"] == []
    ground = reader.run("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(27, 30, 34)" if scheme == "dark" else "rgb(253, 252, 250)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_controls_can_be_told_from_the_page(reader: Reader, rich: Path, scheme: str) -> None:
    """WCAG 2.2, 1.4.11: their edges have a contrast of 3 to 1."""
    reader.prefers(color_scheme=scheme)
    reader.open(rich)
    edges = set(
        reader.run(
            "[...document.querySelectorAll('[type=search], select, button')]"
            ".map((each) => getComputedStyle(each).borderTopColor)"
        )
    )
    assert edges == {"rgb(163, 171, 181)" if scheme == "dark" else "rgb(92, 100, 112)"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_done_can_be_told_from_what_is_to_do(
    reader: Reader, pages: Pages, scheme: str
) -> None:
    pages.guide["summary"] = "- [x] done\n- [ ] to do\n"
    reader.prefers(color_scheme=scheme)
    reader.open(pages.make())
    done, to_do = (f"document.querySelectorAll('.task input')[{n}]" for n in (0, 1))
    assert reader.browser.contrast(to_do) >= 3
    assert reader.browser.contrast(to_do, inset=0.2) == 1
    assert reader.browser.contrast(done, inset=0.2) >= 3


def test_the_line_below_a_gap_is_seen_below_code_too(reader: Reader, pages: Pages) -> None:
    pages.questions[0]["cards"] = [{"id": "a", "cloze": "A {{c1::`word`}} is said here."}]
    reader.open(pages.make())
    reader.run(UNFOLD)
    ground = "getComputedStyle(document.querySelector('.gap code')).backgroundColor"
    assert reader.run(ground) == "rgba(0, 0, 0, 0)"


@pytest.mark.parametrize("width", [360, 1200])
def test_targets_are_large_enough_to_touch(reader: Reader, rich: Path, width: int) -> None:
    """WCAG 2.2, 2.5.8: 24 by 24 pixels."""
    reader.open(rich, width=width)
    reader.run(UNFOLD)
    if width == 360:
        reader.click(".more")
    small = reader.run(
        "[...document.querySelectorAll('summary, button, select, .tick, .filters label, nav a')]"
        ".filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 24)"
        ".map((each) => each.outerHTML)"
    )
    assert small == []


def test_a_guide_written_from_the_right_is_laid_out_so_but_for_code(
    reader: Reader, pages: Pages
) -> None:
    pages.guide["language"] = "ar"
    pages.questions[0]["answer"] = ARABIC
    reader.open(pages.make())
    reader.run(UNFOLD)
    directions = reader.run(
        "['html', 'article', 'pre', 'code']"
        ".map((each) => getComputedStyle(document.querySelector(each)).direction)"
    )
    assert directions == ["rtl", "rtl", "ltr", "ltr"]
    sides = reader.run(
        "['#shown', '.facts', '[name=q]']"
        ".map((each) => getComputedStyle(document.querySelector(each)).textAlign)"
    )
    assert sides == ["right", "right", "right"]
    left = "document.querySelector('{}').getBoundingClientRect().left"
    assert reader.run(f"{left.format('.side')} > {left.format('main')}")


def test_words_in_a_drawing_can_be_read_on_a_phone(reader: Reader, pages: Pages) -> None:
    pages.media = {"plan.svg": svg(640, 330), "photo.png": picture(size=(640, 330))}
    pages.questions[0]["answer"] = "Above\n\n![a plan](plan.svg)\n\n![a photo](photo.png)"
    page = pages.make()
    shown = (
        "[...document.images].map((each) => [each.width, Math.round(each.height),"
        "each.parentElement.scrollWidth > each.parentElement.clientWidth])"
    )
    reader.open(page, width=360)
    reader.run(UNFOLD)
    (plan, photo) = reader.run(shown)
    assert plan == [510, 263, True]
    assert photo == [325, 167, False]
    assert reader.run(OVERFLOWING) == {"page": 0, "wide": []}
    reader.open(page, width=900)
    reader.run(UNFOLD)
    assert reader.run(shown) == [[640, 330, False], [640, 330, False]]


def test_lines_end_where_they_may(reader: Reader, pages: Pages) -> None:
    pages.guide["language"] = "ja"
    pages.questions[0]["question"] = "サーバーのキャッシュとデータベースをモニターでチェック" * 9
    page = pages.make()
    for width in range(300, 400, 10):
        reader.open(page, width=width)
        begins = reader.run(line_begins("document.querySelector('article h3').lastChild"))
        assert len(begins) > 5
        assert not set(begins) & set("ーャュョッ"), width
        date = "document.querySelector('.facts time').getClientRects().length"
        assert reader.run(date) == 1, width


def test_no_line_of_facts_begins_with_a_dot(reader: Reader, pages: Pages) -> None:
    page = pages.make()
    for width in range(160, 300, 4):
        reader.open(page, width=width)
        assert set(reader.run(LINES_OF_FACTS)) == {1}, width


def test_the_search_field_stays_at_hand_on_a_phone(reader: Reader, rich: Path) -> None:
    reader.open(rich, "#2.01", width=360)
    box = "document.querySelector('{}').getBoundingClientRect()"
    assert reader.run(f"{box.format('.finder')}.top") == 0
    # What is jumped to is not below it.
    assert reader.run(
        f"document.getElementById('2.01').getBoundingClientRect().top"
        f" >= {box.format('.finder')}.bottom"
    )


def test_what_is_found_on_a_phone_is_in_sight(reader: Reader, pages: Pages) -> None:
    pages.questions += [question(f"more{number}") for number in range(30)]
    reader.open(pages.make(), "#2.02", width=360)
    reader.type("fridge")
    top = reader.run("document.getElementById('1.01').getBoundingClientRect().top")
    assert 0 < top < 740


def test_nothing_moves_by_itself(reader: Reader, pages: Pages) -> None:
    """Neither for those who asked for reduced motion nor for anyone."""
    reader.open(pages.make())
    reader.click("#unfold")
    assert reader.run("document.getAnimations().length") == 0
    moving = reader.run(
        "[...document.querySelectorAll('*')].map((each) => getComputedStyle(each))"
        ".filter((style) => style.scrollBehavior !== 'auto'"
        " || style.animationName !== 'none' || style.transitionDuration !== '0s').length"
    )
    assert moving == 0


def test_landmarks_and_labels_are_what_a_screen_reader_needs(reader: Reader, pages: Pages) -> None:
    reader.open(pages.make())
    tree = reader.browser.send("Accessibility.getFullAXTree")["nodes"]
    named = [
        (node["role"]["value"], node.get("name", {}).get("value", "").strip())
        for node in tree
        if not node["ignored"]
    ]
    for role, name in (
        ("banner", ""),
        ("main", ""),
        ("contentinfo", ""),
        ("search", "Questions"),
        ("navigation", "Contents"),
        ("region", "Progress"),
        ("region", "1 Phone Screen"),
        ("article", "1.01 What is caches?"),
        ("heading", "Acme Interview"),
        ("heading", "1.01 What is caches?"),
        ("searchbox", "Search questions and answers"),
        ("combobox", "Difficulty"),
        ("checkbox", "Done, 1.01"),
        ("progressbar", "Progress"),
    ):
        assert (role, name) in named, (role, name)
    controls = {"searchbox", "combobox", "checkbox", "button", "link", "progressbar"}
    assert [role for role, name in named if role in controls and not name] == []


# ------------------------------------------------------------------------------ without script


def test_without_script_all_can_be_read_and_nothing_is_shown_that_does_not_work(
    reader: Reader, pages: Pages
) -> None:
    page = pages.make()
    reader.scripting(False)
    reader.open(page)
    for control in ("#finder", ".progress", ".tick", ".count", ".nothing"):
        assert not reader.sees(control), control
    assert reader.sees("nav")
    assert reader.shown == ["1.01", "1.02", "2.01", "2.02"]
    reader.click("[id='1.01'] > details:nth-of-type(2) > summary")
    assert "Says what goes stale." in reader.text("[id='1.01']")
    reader.open(page, "#2.02", height=300)
    assert 0 <= reader.run("document.getElementById('2.02').getBoundingClientRect().top") < 300


# ------------------------------------------------------------------------------------ on paper


def printed_pages(reader: Reader) -> list[str]:
    pdf = base64.b64decode(reader.browser.send("Page.printToPDF")["data"])
    document = pdfium.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return [re.sub(r"\s+", " ", page) for page in pages]


def printed(reader: Reader) -> str:
    return " ".join(printed_pages(reader))


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_on_paper_everything_is_open_and_no_control_is_there(
    reader: Reader, pages: Pages, script: bool
) -> None:
    page = pages.make()
    reader.scripting(script)
    reader.open(page)
    text = printed(reader)
    for said in (
        *("Think of a fridge.", "dear to compute", "Says what goes stale.", "Names a bound."),
        *("The reader.", "No eviction.", "Its time to live.", "least recently used"),
        *("In the bag", "https://example.org/careers"),
    ):
        assert said in text, said
    for control in ("Filters", "Not yet done", "Save to file", "Skip to", "Done", "Show"):
        assert control not in text, control


def test_what_is_filtered_out_is_not_printed(reader: Reader, pages: Pages) -> None:
    reader.open(pages.make(), "#difficulty=hard")
    text = printed(reader)
    assert "Work that waits." in text
    assert "fridge" not in text
    assert "Two rounds" not in text


def test_paper_is_white_at_night(reader: Reader, pages: Pages) -> None:
    reader.open(pages.make())
    reader.browser.send(
        "Emulation.setEmulatedMedia",
        media="print",
        features=[{"name": "prefers-color-scheme", "value": "dark"}],
    )
    assert reader.run("getComputedStyle(document.body).color") == "rgb(34, 38, 43)"


def test_long_code_is_not_cut_off_on_paper(reader: Reader, pages: Pages) -> None:
    line = " ".join(f"word{number}" for number in range(60))
    pages.questions[0]["answer"] = f"```\n{line}\n```"
    reader.open(pages.make())
    assert all(f"word{number}" in printed(reader) for number in (0, 30, 59))


def test_a_question_is_not_parted_by_the_end_of_a_page(reader: Reader, pages: Pages) -> None:
    pages.questions = [
        question(f"long{n}", question=f"Begin{n} {'words ' * 70} end{n}?", answer="Line.\n\n" * n)
        for n in range(1, 30)
    ]
    reader.open(pages.make())
    found = printed_pages(reader)
    for n in range(1, 30):
        (begins,) = (page for page in found if f"Begin{n} " in page)
        assert f"end{n}?" in begins, n
