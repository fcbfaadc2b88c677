"""Cards as a real browser lays them out: on a phone and a desktop, by day and night, with text
enlarged, and with content that is wider than any screen. What is measured is what WCAG 2.2 asks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from anki_bank import PublishedBank, question
from anki_collection import Candidate
from anki_pages import SCREENS, typeset, write_page

from chromium import (
    CONTRASTS,
    LINES_OF_FACTS,
    OVERFLOWING,
    UNFOLD,
    Chromium,
    line_begins,
)
from deckgen import load_bank
from deckgen.exporters.anki import AnkiExporter, AnkiOptions
from value_bank import picture, svg

LONG_WORD = "supercalifragilistic" * 8
CODE = '''```python
# A comment, then everything that has a colour of its own.
@decorator
class Counter(Exception):
    """A docstring."""
    def add(self, n: int = 1) -> None:
        total = {"key": [1, 2.5, None], 'f': f"{n!r} and more", **kwargs} if n is not None else -n
        raise ValueError("bad") from None
```

```diff
- gone
+ come
```

```html
<p class="x" id=1>text &amp; more</p>
```

```console
$ ls -l
Traceback (most recent call last):
```
'''
WIDE_TABLE = """| one | two | three | four | five | six |
|-----|-----|------:|:----:|------|-----|
| a considerable cell | `code_in_a_cell_that_is_long` | 3 | four | five and more | six and more |
"""
EVERYTHING = f"""# A heading

A paragraph with *emphasis*, **strength**, ~~regret~~, `inline code`, [a link](https://example.org),
<kbd>E</kbd>, x<sup>2</sup>, `{LONG_WORD}` and {LONG_WORD}.

1. first
   - nested
     - deeper
       - deepest, with {LONG_WORD}
2. second

- [x] done
- [ ] to do

> A quotation.

{CODE}

{WIDE_TABLE}

![a wide picture](wide.png) ![a drawing](plan.svg)

---

The end.
"""

ARABIC = """هذا نص *طويل* عن `code(1, 2)` والشبكات.

- نقطة أولى
- نقطة ثانية

```python
def f(x):
    return x
```

| أ | ب |
|---|---|
| ١ | ٢ |
"""


@pytest.fixture(params=["en", "ar"], ids=["left to right", "right to left"])
def rich(request: Any, bank: PublishedBank, candidate: Candidate) -> Candidate:
    """A candidate whose deck has one note of each type, with everything on it."""
    text = EVERYTHING if request.param == "en" else ARABIC
    bank.guide["language"] = request.param
    bank.guide["rounds"][0]["title"] = f"A round whose title is long: {LONG_WORD}"
    bank.media = {"wide.png": picture(size=(900, 90)), "plan.svg": svg(700, 100)}
    listed = ["One point with `code`.", text]
    bank.questions = [
        question(
            "whole",
            type="behavioral",
            category="Cross-Functional Collaboration and Coordination",
            question=text,
            answer=text,
            hint=text,
            key_points=listed,
            strong=listed,
            pitfalls=listed,
            follow_ups=["Asked?", {"question": text, "answer": text}],
            references=[{"title": LONG_WORD, "url": f"https://example.org/{LONG_WORD}"}],
            status="retired",
            cards=[
                {"id": "a", "front": "A front?", "back": text},
                {
                    "id": "b",
                    "cloze": "Hide {{c1::`" + LONG_WORD + "`::" + LONG_WORD + "}}, {{c2::b}}.",
                },
            ],
        )
    ]
    candidate.import_deck(bank.publish(1_000_000_000))
    note = candidate.note('"note:deckgen question"')
    note["My notes"] = "Words of my own, with <b>bold</b> ones."
    candidate.col.update_note(note)
    return candidate


@pytest.fixture
def sides(rich: Candidate, tmp_path: Path) -> Callable[..., list[tuple[str, Path]]]:
    """Pages of every side of every card."""

    def write(**settings: Any) -> list[tuple[str, Path]]:
        pages = []
        media = Path(rich.col.media.dir())
        for card in rich.cards():
            for side, html in (("front", card.question()), ("back", card.answer())):
                name = f"{card.note_type()['name']} {card.ord} {side}"
                page = write_page(tmp_path / f"{name}.html", html, media=media, **settings)
                pages.append((name, page))
        return pages

    return write


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("text", ["100%", "150%"], ids=["text at 100%", "text at 150%"])
def test_nothing_scrolls_sideways_on_a_phone(
    text: str, screen: str, sides: Callable[..., Any], chromium: Chromium
) -> None:
    for name, page in sides(text=text, screen=SCREENS[screen]):
        chromium.open(page, width=360)
        chromium.run(UNFOLD)
        assert chromium.run(OVERFLOWING) == {"page": 0, "wide": []}, name


def test_wide_code_and_tables_scroll_in_boxes_of_their_own(
    sides: Callable[..., Any], chromium: Chromium, rich: Candidate
) -> None:
    (page,) = (page for name, page in sides() if name == "deckgen recall 0 back")
    chromium.open(page, width=360)
    boxes = chromium.run(
        "[...document.querySelectorAll('pre, .table')].map((box) => ["
        "getComputedStyle(box).overflowX, box.scrollWidth > box.clientWidth])"
    )
    assert {overflow for overflow, _ in boxes} == {"auto"}
    if "ar" not in {note["Language"] for note in rich.notes()}:
        assert [True, True] in [[overflow == "auto", scrolls] for overflow, scrolls in boxes]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_formula_is_wider_than_a_phone(
    language: str, bank: PublishedBank, candidate: Candidate, chromium: Chromium, tmp_path: Path
) -> None:
    bank.guide["language"] = language
    bank["queues"]["question"] = (
        "One in $a$ line.\n\n$$b$$\n\n- And $c$.\n\n| $d$ | e |\n|---|---|\n| f | g |\n"
    )
    candidate.import_deck(bank.publish(1_000_000_000))
    html = typeset(candidate.card("code:1.02").question())
    chromium.open(write_page(tmp_path / "math.html", html, media=tmp_path), width=360)

    assert chromium.run(OVERFLOWING)["page"] == 0
    lines = "[...document.querySelectorAll('mjx-container')].map((m) => m.clientHeight > 40)"
    # Those that are broken. The one on a line of its own scrolls, and the last with its table.
    assert chromium.run(lines) == [True, False, True, False]
    # Of those, what can't be broken is not lost.
    scrolls = "[...document.querySelectorAll('mjx-container')].map((m) => m.scrollWidth > 1000)"
    assert chromium.run(scrolls)[:3] == [True, True, True]


def test_a_formula_stands_on_the_line_of_its_words(
    bank: PublishedBank, candidate: Candidate, chromium: Chromium, tmp_path: Path
) -> None:
    bank["queues"]["question"] = "A short $x$ among words, and $a long one$."
    candidate.import_deck(bank.publish(1_000_000_000))
    html = typeset(candidate.card("code:1.02").question())
    chromium.open(write_page(tmp_path / "math.html", html, media=tmp_path), width=360)
    below_the_line = (
        "(() => { const mark = document.createElement('i');"
        "mark.style.display = 'inline-block';"  # empty, it ends on the line
        "document.querySelector('mjx-container').before(mark);"
        "return document.querySelector('mjx-c').getBoundingClientRect().bottom"
        " - mark.getBoundingClientRect().bottom })()"
    )
    assert chromium.run(below_the_line) == 0


def test_words_in_a_drawing_can_be_read_on_a_phone(
    bank: PublishedBank, candidate: Candidate, chromium: Chromium, tmp_path: Path
) -> None:
    """A drawing as wide as a page of text has letters of half their height on a phone."""
    bank.media = {"plan.svg": svg(640, 330), "photo.png": picture(size=(640, 330))}
    bank["queues"]["answer"] = "Above\n\n![a plan](plan.svg)\n\n![a photo](photo.png)"
    candidate.import_deck(bank.publish(1_000_000_000))
    html = candidate.card("code:1.02").answer()
    page = write_page(tmp_path / "x.html", html, media=Path(candidate.col.media.dir()))
    shown = (
        "[...document.images].map((each) => [each.width, Math.round(each.height),"
        "each.parentElement.scrollWidth > each.parentElement.clientWidth])"
    )
    chromium.open(page, width=360)
    assert chromium.run(shown) == [[506, 261, True], [320, 165, False]]
    assert chromium.run(OVERFLOWING) == {"page": 0, "wide": []}
    chromium.open(page, width=900)
    assert chromium.run(shown) == [[640, 330, False], [640, 330, False]]


def test_code_is_as_large_in_a_question_as_in_its_answer(
    sides: Callable[..., Any], chromium: Chromium
) -> None:
    sizes = set()
    for _, page in sides():
        chromium.open(page)
        found = "[...document.querySelectorAll('pre')].map((p) => getComputedStyle(p).fontSize)"
        sizes |= {round(float(size.removesuffix("px")), 2) for size in chromium.run(found)}
    assert sizes == {14.85}


def test_a_japanese_line_begins_with_no_mark_of_the_one_before(
    bank: PublishedBank, candidate: Candidate, chromium: Chromium, tmp_path: Path
) -> None:
    bank.guide["language"] = "ja"
    bank["queues"]["question"] = "サーバーのキャッシュとデータベースをモニターでチェック" * 9
    candidate.import_deck(bank.publish(1_000_000_000))
    html = candidate.card("code:1.02").question()
    for width in range(300, 400, 10):
        page = write_page(tmp_path / "x.html", html, media=tmp_path)
        chromium.open(page, width=width)
        found = chromium.run(line_begins("document.querySelector('.asked').firstChild"))
        assert len(found) > 5
        assert not set(found) & set("ーャュョッ"), width


@pytest.mark.parametrize("screen", SCREENS)
def test_the_line_before_the_answer_is_the_decks_own_in_each_of_ankis_programs(
    screen: str, sides: Callable[..., Any], chromium: Chromium
) -> None:
    (page,) = (page for name, page in sides(screen=SCREENS[screen]) if name.endswith("l 0 back"))
    chromium.open(page)
    line = (
        "(({ borderTopWidth, borderTopColor, opacity }) =>"
        "[borderTopWidth, borderTopColor, opacity])"
        "(getComputedStyle(document.getElementById('answer')))"
    )
    colour = "rgb(58, 63, 70)" if "night" in screen else "rgb(220, 217, 210)"
    assert chromium.run(line) == ["1px", colour, "1"]


def test_no_line_on_top_begins_with_a_dot(
    candidate: Candidate, bank: PublishedBank, chromium: Chromium, tmp_path: Path
) -> None:
    candidate.import_deck(bank.publish(1_000_000_000))
    html = candidate.card("code:1.02").question()
    page = write_page(tmp_path / "x.html", html, media=tmp_path)
    for width in range(120, 300, 2):
        chromium.open(page, width=width)
        assert chromium.run(LINES_OF_FACTS) == [1, 1], width


def test_what_is_a_colour_alone_is_seen_where_a_reader_chooses_all_colours(
    bank: PublishedBank, candidate: Candidate, chromium: Chromium, tmp_path: Path
) -> None:
    """Windows' contrast themes (the media feature `forced-colors`) take backgrounds away: that of
    a line one pixel high, and the white one that a black drawing needs."""
    bank.media = {"black.svg": svg()}
    bank["queues"]["answer"] = "Above\n\n---\n\n![a drawing](black.svg)"
    candidate.import_deck(bank.publish(1_000_000_000))
    page = write_page(
        tmp_path / "x.html",
        candidate.card("code:1.02").answer(),
        media=Path(candidate.col.media.dir()),
    )
    dark = [("forced-colors", "active"), ("prefers-color-scheme", "dark")]
    features = [{"name": name, "value": value} for name, value in dark]
    chromium.send("Emulation.setEmulatedMedia", features=features)
    try:
        chromium.open(page)
        lines = "[...document.querySelectorAll('hr')].map((h) => getComputedStyle(h).borderTop)"
        assert chromium.run(lines) == ["1px solid rgb(255, 255, 255)"] * 2
        ground = "getComputedStyle(document.querySelector('img')).backgroundColor"
        assert chromium.run(ground) == "rgb(255, 255, 255)"
    finally:
        chromium.send("Emulation.setEmulatedMedia", features=[])


def test_the_line_on_top_runs_in_order_from_the_right_where_the_guide_does(
    bank: PublishedBank, candidate: Candidate, chromium: Chromium, tmp_path: Path
) -> None:
    bank.guide["language"] = "ar"
    bank["queues"]["category"] = "الأساسيات"
    candidate.import_deck(bank.publish(1_000_000_000))
    page = write_page(tmp_path / "x.html", candidate.card("code:1.02").question(), media=tmp_path)
    chromium.open(page, width=900)
    parts = (
        "[...document.querySelectorAll('.about > *')]"
        ".map((each) => [each.textContent, each.getBoundingClientRect().x])"
    )
    placed = chromium.run(parts)
    order = [text for text, x in sorted(placed, key=lambda part: -part[1])]
    assert order == ["1.02", "الأساسيات", "hard", "Phone Screen"]


def test_a_sentence_in_english_ends_on_its_right_and_stands_on_the_side_of_any_guide(
    bank: PublishedBank, candidate: Candidate, chromium: Chromium, tmp_path: Path
) -> None:
    bank.guide["language"] = "ar"
    del bank["queues"]["answer"]
    candidate.import_deck(bank.publish(1_000_000_000))
    edge = (
        "[...document.querySelectorAll('.prompt, .missing')].map((each) => {"
        "const place = (at) => { const range = document.createRange();"
        "range.setStart(each.firstChild, at); range.setEnd(each.firstChild, at + 1);"
        "return range.getBoundingClientRect().x };"
        "const end = each.firstChild.length - 1;"
        "return place(end) > place(end - 1) })"
    )
    for card in (candidate.card("code:1.02"), candidate.card('"note:deckgen story"')):
        page = write_page(tmp_path / "x.html", card.answer(), media=tmp_path)
        chromium.open(page, width=900)
        found = chromium.run(edge)
        assert found
        assert all(found)
        side = (
            "[...document.querySelectorAll('.prompt, .missing')].map((each) => {"
            "const words = document.createRange(); words.selectNodeContents(each);"
            "return each.getBoundingClientRect().right - words.getBoundingClientRect().right })"
        )
        assert max(map(abs, chromium.run(side))) < 1


@pytest.mark.parametrize("screen", SCREENS)
def test_every_text_has_the_contrast_that_wcag_aa_asks(
    screen: str, sides: Callable[..., Any], chromium: Chromium
) -> None:
    for name, page in sides(screen=SCREENS[screen]):
        chromium.open(page)
        chromium.run(UNFOLD)
        found = chromium.run(CONTRASTS)
        assert found["measured"] >= 5, name
        assert found["poor"] == [], name


@pytest.mark.parametrize("screen", SCREENS)
def test_day_and_night_are_the_decks_own_in_each_of_ankis_programs(
    screen: str, sides: Callable[..., Any], chromium: Chromium
) -> None:
    (_, page), *_ = sides(screen=SCREENS[screen])
    chromium.open(page)
    ground = chromium.run("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(27, 30, 34)" if "night" in screen else "rgb(253, 252, 250)")


@pytest.mark.parametrize("screen", SCREENS)
def test_what_is_done_can_be_told_from_what_is_to_do(
    screen: str, bank: PublishedBank, candidate: Candidate, chromium: Chromium, tmp_path: Path
) -> None:
    """WCAG 2.2, 1.4.11: what tells something has a contrast of 3 to 1."""
    bank["queues"]["answer"] = "- [x] done\n- [ ] to do"
    candidate.import_deck(bank.publish(1_000_000_000))
    html = candidate.card("code:1.02").answer()
    chromium.open(write_page(tmp_path / "x.html", html, media=tmp_path, screen=SCREENS[screen]))
    done, to_do = (f"document.querySelectorAll('.task input')[{n}]" for n in (0, 1))
    assert chromium.contrast(to_do) >= 3
    assert chromium.contrast(to_do, inset=0.2) == 1
    assert chromium.contrast(done, inset=0.2) >= 3


def test_the_line_below_a_gap_is_seen_below_code_too(
    bank: PublishedBank, candidate: Candidate, chromium: Chromium, tmp_path: Path
) -> None:
    """Which phrases are gaps is not told by colour alone."""
    bank["caches"]["cards"] = [{"id": "a", "cloze": "See {{c1::`one`}} and {{c2::`two`}} there."}]
    candidate.import_deck(bank.publish(1_000_000_000))
    (card, _) = candidate.cards('"note:deckgen cloze"')
    chromium.open(write_page(tmp_path / "x.html", card.answer(), media=tmp_path))
    for gap in (".cloze", ".cloze-inactive"):
        below = f"""(() => {{
            const box = document.querySelector('{gap}').getBoundingClientRect();
            const letters = document.createRange();
            letters.selectNodeContents(document.querySelector('{gap} code'));
            const words = letters.getBoundingClientRect();
            const x = words.x, width = words.width, height = 4;
            return {{ getBoundingClientRect: () => ({{ x, y: box.bottom - 2, width, height }}) }};
        }})()"""
        assert chromium.contrast(below) >= 3, gap


def test_nothing_is_asked_of_the_network_and_every_picture_is_there(
    sides: Callable[..., Any], chromium: Chromium
) -> None:
    for name, page in sides():
        chromium.open(page)
        chromium.run(UNFOLD)
        assert all(url.startswith("file:") for url in chromium.requests()), name
        broken = "[...document.images].filter((image) => !image.naturalWidth).length"
        assert chromium.run(broken) == 0, name


def test_what_is_folded_opens_without_script(sides: Callable[..., Any], chromium: Chromium) -> None:
    (page,) = (page for name, page in sides() if name == "deckgen question 0 back")
    chromium.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        chromium.open(page)
        place = chromium.run(
            "(() => { const each = [...document.querySelectorAll('summary')].at(-1);"
            "each.scrollIntoView(); const box = each.getBoundingClientRect();"
            "return [box.x + box.width / 2, box.y + box.height / 2] })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            chromium.send(
                "Input.dispatchMouseEvent",
                type=kind,
                x=place[0],
                y=place[1],
                button="left",
                clickCount=1,
            )
        opened = "[...document.querySelectorAll('details')].map((each) => each.open)"
        assert chromium.run(opened)[-1]
        assert not chromium.run(opened)[0]
    finally:
        chromium.send("Emulation.setScriptExecutionDisabled", value=False)


def test_targets_are_large_enough_to_touch(sides: Callable[..., Any], chromium: Chromium) -> None:
    """WCAG 2.2, 2.5.8: 24 by 24 pixels."""
    (page,) = (page for name, page in sides() if name == "deckgen question 0 back")
    chromium.open(page)
    heights = chromium.run(
        "[...document.querySelectorAll('summary')].map((s) => s.getBoundingClientRect().height)"
    )
    assert len(heights) == 6
    assert min(heights) >= 24


def test_a_tap_on_what_unfolds_is_no_tap_on_the_card(
    sides: Callable[..., Any], chromium: Chromium
) -> None:
    """AnkiMobile turns the card by a tap on anything but a link, a button and what has this class:
    https://docs.ankiweb.net/ankimobile/more"""
    for name, page in sides():
        chromium.open(page)
        others = "[...document.querySelectorAll('summary:not(.tappable)')].length"
        assert chromium.run(others) == 0, name


def test_code_runs_from_the_left_in_a_guide_that_does_not(
    sides: Callable[..., Any], chromium: Chromium, rich: Candidate
) -> None:
    (page,) = (page for name, page in sides() if name == "deckgen recall 0 back")
    chromium.open(page)
    found = chromium.run(
        "['.recalled', 'pre', 'code']"
        ".map((each) => getComputedStyle(document.querySelector(each)).direction)"
    )
    page_direction = {note["Direction"] for note in rich.notes()}.pop()
    assert found == [page_direction, "ltr", "ltr"]


def test_no_card_of_the_shipped_deck_takes_more_than_two_screens_of_a_phone(
    candidate: Candidate, chromium: Chromium, tmp_path: Path
) -> None:
    guide = load_bank(Path(__file__).parents[2] / "content").guides[0]
    AnkiExporter(AnkiOptions(), print).export(guide, tmp_path / "shipped.apkg")
    candidate.import_deck(tmp_path / "shipped.apkg")
    media = Path(candidate.col.media.dir())
    page = write_page(tmp_path / "x.html", "", media=media, screen=SCREENS["AnkiDroid by day"])
    chromium.open(page, 360, 640)
    screens = (
        "(async (html) => { document.getElementById('qa').innerHTML = html;"  # as Anki does
        "await Promise.all([...document.images].map((each) => each.decode()));"
        "const line = document.getElementById('answer');"  # where Anki scrolls to
        "const top = line ? line.getBoundingClientRect().top : 0;"
        "return (document.documentElement.scrollHeight - top) / innerHeight })"
    )
    others = candidate.cards('-"note:deckgen question"')[::8]  # short, and much like one another
    for card in [*candidate.cards('"note:deckgen question"'), *others]:
        for side in (card.question(), card.answer()):
            assert chromium.run(f"{screens}({json.dumps(side)})") <= 2.05, card.note()["Code"]
