"""Searching, filtering, linking and ticking off, in a real Chromium, from a file."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from html_browser import Reader
from html_pages import Pages, question

ALL = ["1.01", "1.02", "2.01", "2.02"]


@pytest.fixture
def page(pages: Pages) -> Path:
    return pages.make()


# ------------------------------------------------------------------------------------- search


@pytest.mark.parametrize(
    ("typed", "found"),
    {
        "a word of the question": ("queues", ["1.02"]),
        "a word of the answer": ("dear compute", ["1.01"]),
        "words far apart, in any order": ("fridge CACHES", ["1.01"]),
        "a code": ("2.01", ["2.01"]),
        "a tag": ("warm-up", ["1.01"]),
        "a category": ("leadership", ["2.01"]),
        "a follow-up": ("who fills", ["1.01"]),
        "a recall card": ("entry's life", ["1.01"]),
        "a word without its accent": ("cafe", ["1.02"]),
        "words that no question has together": ("queues fridge", []),
        "a label of the page": ("pitfalls", []),
        "nothing but spaces": ("  ", ALL),
    }.values(),
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_search_finds_the_questions_that_have_all_its_words(
    reader: Reader, page: Path, typed: str, found: list[str]
) -> None:
    reader.open(page)
    reader.type(typed)
    assert reader.shown == found
    assert reader.sees(".nothing") == (not found)


def test_a_search_finds_words_with_soft_hyphens(reader: Reader, pages: Pages) -> None:
    pages.questions[0]["answer"] = "Near the reader\u00adship."
    reader.open(pages.make())
    reader.type("readership")
    assert reader.shown == ["1.01"]


def test_what_is_found_is_counted_and_stands_alone(reader: Reader, page: Path) -> None:
    reader.open(page)
    assert reader.text("#shown") == "4 questions"
    assert reader.sees("#process")
    reader.type("queues")
    assert reader.text("#shown") == "1 of 4 questions"
    assert reader.text("#round-screen .count") == "1 of 2 questions"
    for gone in ("#process", "#round-screen .aside", "#round-onsite", "#sources"):
        assert not reader.sees(gone), gone
    reader.type("")
    assert reader.shown == ALL
    assert reader.sees("#process")
    assert reader.sees("#round-onsite")


# ------------------------------------------------------------------------------------ filters


def test_filters_narrow_down_together(reader: Reader, page: Path) -> None:
    reader.open(page)
    reader.choose("difficulty", "easy")
    assert reader.shown == ["1.01", "2.01"]
    reader.choose("category", "leadership")
    assert reader.shown == ["2.01"]
    reader.choose("difficulty", "")
    reader.choose("category", "")
    # A question asked in two rounds is found under either.
    reader.choose("round", "screen")
    assert reader.shown == ["1.01", "1.02", "2.01"]


def test_an_option_counts_what_it_would_show(reader: Reader, page: Path) -> None:
    reader.open(page)
    reader.choose("difficulty", "easy")
    options = reader.run(
        "[...document.querySelectorAll('#filters option')].map((each) => each.textContent)"
    )
    assert options == [
        *("All rounds", "Phone Screen (2)", "Onsite (1)"),
        *("All categories", "Basics (1)", "Leadership (1)", "Messaging (0)"),
        *("Any difficulty", "Easy (2)", "Medium (1)", "Hard (1)"),
    ]


def test_filters_are_in_the_address_and_come_back_with_it(reader: Reader, page: Path) -> None:
    reader.open(page)
    reader.choose("difficulty", "easy")
    reader.type("the answer to & more=1")
    kept = reader.hash
    assert kept == "#q=the+answer+to+%26+more%3D1&difficulty=easy"
    reader.reload()
    assert reader.run("document.querySelector('[name=q]').value") == "the answer to & more=1"
    assert reader.shown == []
    reader.open(page, "#q=the+answer+to&difficulty=easy")
    assert reader.shown == ["2.01"]
    reader.click("#restart")
    reader.until("location.hash === ''")
    assert reader.shown == ALL


@pytest.mark.parametrize(
    "hash",
    [
        "#difficulty=nope",
        "#nope=1",
        "#%",
        "#nowhere",
        "#q=%E0%A4%A",
        "#&&=&",
        "#todo=x",
        "#length=3",
    ],
)
def test_an_address_that_makes_no_sense_shows_the_page(
    reader: Reader, page: Path, hash: str
) -> None:
    reader.open(page, hash)
    reader.choose("difficulty", "")
    assert reader.sees("#finder")
    if "q=" not in hash:
        assert reader.shown == ALL


# ---------------------------------------------------------------------------------- addresses

TOP = "document.getElementById('{}').getBoundingClientRect().top"


def test_a_code_behind_the_hash_leads_to_its_question(reader: Reader, page: Path) -> None:
    reader.open(page, "#2.01", height=300)
    assert reader.run("document.activeElement.id") == "2.01"
    assert 0 <= reader.run(TOP.format("2.01")) < 300
    reader.run("location.hash = '#1.02'")
    reader.until("document.activeElement.id === '1.02'")


def test_a_question_that_filters_hide_is_shown_when_it_is_linked_to(
    reader: Reader, page: Path
) -> None:
    reader.open(page, "#difficulty=hard")
    assert reader.shown == ["1.02"]
    reader.click("nav a[href='#sources']")
    reader.until("document.activeElement.id === 'sources'")
    assert reader.shown == ALL
    assert reader.hash == "#sources"


def test_filters_stay_when_a_question_they_show_is_linked_to(reader: Reader, page: Path) -> None:
    reader.open(page, "#difficulty=hard")
    reader.click("[id='1.02'] .code")
    reader.until("location.hash === '#1.02&difficulty=hard'")
    reader.reload()
    assert reader.shown == ["1.02"]
    assert reader.run("document.activeElement.id") == "1.02"
    reader.run("history.back()")
    reader.until("location.hash === '#difficulty=hard'")


# ----------------------------------------------------------------------------------- progress


def test_what_is_done_is_dated_counted_and_kept(reader: Reader, page: Path) -> None:
    reader.open(page)
    assert reader.text("#done") == "0 of 4 done"
    reader.click("[id='1.02'] .tick")
    assert reader.text("#done") == "1 of 4 done"
    assert reader.text("[id='1.02'] time") == date.today().isoformat()
    reader.reload()
    assert reader.text("#done") == "1 of 4 done"
    assert reader.run("document.querySelector('[id=\"1.02\"] .tick input').checked")
    kept = reader.run("localStorage.getItem('deckgen:acme')")
    assert json.loads(kept) == {"queues": date.today().isoformat()}
    reader.click("[id='1.02'] .tick")
    reader.reload()
    assert reader.text("#done") == "0 of 4 done"


def test_what_is_not_yet_done_can_be_filtered(reader: Reader, page: Path) -> None:
    reader.open(page)
    reader.click("[id='1.02'] .tick")
    reader.click("[name=todo]")
    assert reader.shown == ["1.01", "2.01", "2.02"]
    assert reader.hash == "#todo=1"
    # What is ticked now stays in sight, to be unticked again, until something else is asked for.
    reader.click("[id='1.01'] .tick")
    assert "1.01" in reader.shown
    reader.reload()
    assert reader.shown == ["2.01", "2.02"]


def test_two_guides_keep_their_progress_apart(
    reader: Reader, pages: Pages, page: Path, tmp_path: Path
) -> None:
    reader.open(page)
    reader.click(".tick")
    other = Pages(tmp_path / "other", {**pages.guide, "id": "other"}).make()
    reader.open(other)
    assert reader.text("#done") == "0 of 4 done"


def test_progress_follows_a_question_whose_code_and_text_change(
    reader: Reader, pages: Pages, page: Path
) -> None:
    reader.open(page)
    reader.click("[id='1.02'] .tick")
    pages.questions[1]["question"] = "Asked otherwise?"
    pages.questions.insert(0, question("new"))
    reader.open(pages.make())
    assert reader.run("document.querySelector('.done').id") == "1.03"


@pytest.mark.parametrize(
    "stored", ["{", "null", "[1]", "7", '"x"', '{"queues": 1}', '{"queues": "<b>"}']
)
def test_what_else_may_stand_where_progress_is_kept_does_no_harm(
    reader: Reader, page: Path, stored: str
) -> None:
    reader.open(page)
    reader.run(f"localStorage.setItem('deckgen:acme', {json.dumps(stored)})")
    reader.reload()
    assert reader.text("#done") == "0 of 4 done"
    reader.click(".tick")
    assert reader.text("#done") == "1 of 4 done"


def test_a_browser_that_keeps_nothing_says_so(reader: Reader, page: Path) -> None:
    reader.open(page)
    reader.run("Storage.prototype.setItem = () => { throw new Error('full') }")
    reader.click(".tick")
    assert reader.text("#done") == "1 of 4 done"
    assert "save your progress to a file" in reader.text("#says")


def test_what_is_ticked_in_another_tab_shows_in_this_one(reader: Reader, page: Path) -> None:
    reader.open(page)
    reader.run(
        "localStorage.setItem('deckgen:acme', '{\"queues\": \"2026-01-02\"}');"
        "dispatchEvent(new StorageEvent('storage', { key: 'deckgen:acme' }))"  # as another tab's
    )
    assert reader.text("#done") == "1 of 4 done"
    assert reader.text("[id='1.02'] time") == "2026-01-02"


def test_progress_goes_into_a_file_and_comes_back_from_it(
    reader: Reader, page: Path, tmp_path: Path
) -> None:
    browser = reader.browser
    browser.send("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    reader.open(page)
    reader.click("[id='2.01'] .tick")
    reader.click("#save")
    saved = tmp_path / "acme-progress.json"
    reader.wait(lambda: saved.exists() and saved.stat().st_size > 0)
    assert json.loads(saved.read_text()) == {
        "guide": "acme",
        "done": {"conflict": date.today().isoformat()},
    }

    answer_dialog(reader, "#clear")
    assert reader.text("#done") == "0 of 4 done"
    choose_file(reader, saved)
    reader.until("document.getElementById('done').textContent === '1 of 4 done'")
    reader.reload()
    assert reader.run("document.querySelector('.done').id") == "2.01"

    saved.write_text('{"guide": "other", "done": {"caches": "2026-01-01"}}')
    choose_file(reader, saved)
    reader.until("document.getElementById('says').textContent.startsWith('This is no')")
    assert reader.text("#done") == "1 of 4 done"


def answer_dialog(reader: Reader, selector: str) -> None:
    """Click on what asks for confirmation, and confirm."""
    browser = reader.browser
    browser.events.clear()
    reader.run(f"void setTimeout(() => document.querySelector('{selector}').click())")
    browser.wait("Page.javascriptDialogOpening")
    browser.send("Page.handleJavaScriptDialog", accept=True)


def choose_file(reader: Reader, path: Path) -> None:
    found = reader.browser.send("Runtime.evaluate", expression="document.getElementById('file')")
    reader.browser.send(
        "DOM.setFileInputFiles", files=[str(path)], objectId=found["result"]["objectId"]
    )


# ---------------------------------------------------------------------------------- unfolding


def test_all_answers_open_and_close_at_once(reader: Reader, page: Path) -> None:
    reader.open(page)
    assert not reader.sees("[id='1.01'] .key")
    reader.click("#unfold")
    assert reader.sees("[id='1.01'] .key")
    assert "The reader." in reader.text("[id='1.01']")
    reader.click("#unfold")
    assert not reader.sees("[id='1.01'] .key")


def test_a_recall_card_asks_before_it_answers(reader: Reader, page: Path) -> None:
    reader.open(page)
    reader.click("[id='1.01'] > details:last-of-type > summary")
    asked = reader.text("[id='1.01'] > details:last-of-type")
    assert "What ends an entry's life?" in asked
    assert "LRU drops the […] [when] used." in asked
    assert "Its time to live." not in asked
    assert "recently" not in asked
    cloze = "[id='1.01'] > details:last-of-type > div > ul > li:last-child"
    reader.click(f"{cloze} > details > summary")
    assert "LRU drops the least recently used." in reader.text(cloze)


def test_everything_can_be_done_from_the_keyboard(reader: Reader, page: Path) -> None:
    reader.open(page)
    reached: list[str] = []
    for _ in range(40):
        reader.press("Tab")
        reached.append(
            reader.run(
                "(({ name, id, className, tagName }) => name || id || className || tagName)"
                "(document.activeElement)"
            )
        )
    expected = ["skip", "q", "round", "category", "difficulty", "todo", "unfold", "save", "clear"]
    assert [each for each in dict.fromkeys(reached) if each in expected] == expected
    assert reached.index("q") == 1
    reader.run("document.querySelector('[id=\"1.01\"] summary').focus()")
    reader.press("Enter")
    assert "Think of a fridge." in reader.text("[id='1.01']")
    reader.run("document.querySelector('[id=\"1.01\"] .tick input').focus()")
    reader.press("Space")
    assert reader.text("#done") == "1 of 4 done"
