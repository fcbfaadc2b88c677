"""What is on the page, that it is whole and harmless, and that it is the same every time."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from html_browser import Reader
from html_pages import Pages

from support import BankFolder, Run
from value_bank import picture, svg


def test_the_whole_guide_is_there_in_its_order(reader: Reader, pages: Pages) -> None:
    reader.open(pages.make())
    reader.click("#unfold")
    text = reader.text()
    place = 0
    for said in (
        *("Acme · Engineer · Senior", "4 questions in 2 rounds · facts as of 2026-06-19"),
        *("The process", "Two rounds, both on one day.", "Phone Screen", "45 minutes · by phone"),
        *("A short call.", "Caches above all.", "Sleep well.", "Talking too long."),
        *("Who decides?", "Basics easy technical practised by 1,204", "What is caches?"),
        *("Think of a fridge.", "Says what goes stale.", "dear to compute", "Names a bound."),
        *("And when full?", "The reader.", "No eviction.", "A book"),
        *("Report a mistake in 1.01", "What ends an entry's life?", "Its time to live."),
        *("What is queues?", "What is conflict?", "What is bare?"),
        *("Tests the basics.", "In the bag", "The careers page", "The guide online"),
    ):
        place = text.index(said, place)


def test_questions_stand_under_their_round_by_code(pages: Pages, reader: Reader) -> None:
    pages.questions = [
        {**pages.questions[1], "id": f"q{number}", "rounds": ["screen"]} for number in range(101)
    ]
    pages.questions.insert(3, {**pages.questions[0], "id": "last", "rounds": ["onsite"]})
    reader.open(pages.make())
    assert reader.shown == [*(f"1.{number:02}" for number in range(1, 102)), "2.01"]


def test_a_retired_question_is_left_out_and_a_missing_answer_is_said(
    pages: Pages, reader: Reader
) -> None:
    page = pages.make()
    assert "What is old?" not in page.read_text()
    reader.open(page)
    reader.click("#unfold")
    assert "No model answer has been written yet." in reader.text("[id='2.02']")
    assert reader.text().count("No model answer") == 1


def test_a_draft_that_was_asked_for_says_what_it_is(pages: Pages, reader: Reader) -> None:
    pages.questions[0]["status"] = "draft"
    reader.open(pages.make())
    about = reader.run("[...document.querySelectorAll('.about')].map((each) => each.innerText)")
    assert [" ".join(line.split()) for line in about] == [
        "Messaging hard technical",
        "Basics easy technical practised by 1,204 draft",  # whose code is its own until then
        "Leadership easy behavioral",
        "Basics medium technical",
    ]


def test_a_question_that_begins_with_code_is_whole(pages: Pages, reader: Reader) -> None:
    pages.questions[0]["question"] = "```python\nx = 1\n```\n\nWhat is x?"
    reader.open(pages.make())
    asked = reader.text("[id='1.01']")
    assert asked.index("1.01") < asked.index("x = 1") < asked.index("What is x?")


def test_a_question_without_a_word_is_there_all_the_same(pages: Pages, reader: Reader) -> None:
    pages.questions[0]["question"] = "<!-- to be worded -->"
    reader.open(pages.make())
    assert reader.text("[id='1.01'] h3").strip() == "1.01"


def test_rounds_and_guides_without_questions_are_pages_too(pages: Pages, reader: Reader) -> None:
    pages.questions = []
    pages.guide = {
        **{key: pages.guide[key] for key in ("title", "company", "role")},
        "rounds": [{"id": "only", "title": "Only"}],
    }
    reader.open(pages.make())
    assert "This round has no questions yet." in reader.text()
    assert reader.text("#shown") == "0 questions"
    [warning] = pages.warnings
    assert "there are no questions to show: drafts and retired ones are left out" in warning
    assert not reader.sees(".nothing")
    assert reader.run("document.querySelectorAll('nav a').length") == 1


def test_recall_cards_can_be_left_out(pages: Pages) -> None:
    assert "Its time to live." in pages.make().read_text()
    assert "Its time to live." not in pages.make(cards=False).read_text()


def test_no_two_things_have_one_name(pages: Pages, reader: Reader) -> None:
    reader.open(pages.make())
    names = reader.run("[...document.querySelectorAll('[id]')].map((each) => each.id)")
    assert len(names) == len(set(names))
    broken = reader.run(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map((each) => each.hash.slice(1))"
        ".filter((id) => !document.getElementById(id))"
    )
    assert broken == []


# ------------------------------------------------------------------------------------ harmless

EVIL = (
    '</script><script>window.hit = 1</script><img src=x onerror="window.hit = 1">'
    "<!--<script>]]>\"'`$title ${title} $$ &lt;b&gt; </style></title></textarea>"
)


def test_no_text_of_a_bank_becomes_anything_but_text(pages: Pages, reader: Reader) -> None:
    evil = {"title": EVIL, "url": "https://example.org/?\"'><script>window.hit=1</script>"}
    code = f"`{EVIL.replace('`', '')}`\n\n```html\n{EVIL}\n```\n\n[x](javascript:window.hit=1)"
    math = r"$\text{<script>window.hit=1</script>}$ $\href{javascript:window.hit=1}{x}$"
    text = f"{EVIL}\n\n{code}\n\n![{EVIL.replace(']', '')}](a.png)\n\n{math}"
    pages.media["a.png"] = picture()
    pages.guide |= dict.fromkeys(("title", "company", "role", "level"), EVIL)
    pages.guide |= {"summary": text, "source": [evil]}
    pages.guide["night_before"] = [{"title": EVIL, "items": [text]}]
    pages.guide["rounds"][0] |= {
        **dict.fromkeys(("title", "duration", "format"), EVIL),
        **{name: [text] for name in ("focus", "tips", "pitfalls", "ask")},
    }
    pages.questions = [
        {
            "id": "evil",
            "rounds": ["screen"],
            "difficulty": "easy",
            "category": EVIL,
            **dict.fromkeys(("question", "answer", "hint"), text),
            **{name: [text] for name in ("key_points", "strong", "pitfalls")},
            "follow_ups": [{"question": text, "answer": text}],
            "references": [evil],
            "tags": [EVIL],
            "cards": [
                {"id": "a", "front": text, "back": text},
                {"id": "b", "cloze": "A {{c1::<script>window.hit=1</script>::</b><img src=x>}}."},
            ],
        }
    ]
    page = pages.make()
    reader.open(page)
    reader.click("#unfold")
    reader.type("onerror=")
    assert reader.shown == ["1.01"]
    assert reader.run("window.hit") is None
    assert reader.run("document.title").startswith("</script><script>window.hit = 1</script>")
    assert reader.text("h1") == " ".join(EVIL.split())
    assert reader.run("document.scripts.length") == 2
    assert reader.run("document.querySelectorAll('img:not([src^=\"data:image/png\"])').length") == 0
    attributes = reader.run(
        "[...document.querySelectorAll('*')].flatMap((each) => each.getAttributeNames())"
    )
    assert [name for name in attributes if name.startswith("on") or name == "style"] == []
    addresses = reader.run("[...document.querySelectorAll('[href]')].map((each) => each.href)")
    assert {re.split("[:#?]", url)[0] for url in addresses} == {"https", "file", "data"}
    data = json.loads(reader.run("document.getElementById('guide').textContent"))
    assert data["questions"][0]["tags"] == ["-".join(EVIL.split())]


def test_even_a_script_that_got_in_would_not_run(pages: Pages, reader: Reader) -> None:
    page = pages.make()
    html = page.read_text()
    script = "<script>window.hit = 1</script><style>body { color: red }</style>"
    evil = '<p id="evil" onclick="window.hit = 1" style="color: red">click</p>'
    frame = '<iframe src="https://example.org"></iframe><img src="https://example.org/x.png">'
    page.write_text(html.replace("<main>", f"<main>{script}{evil}{frame}"))
    reader.open(page)
    reader.click("#evil")
    assert reader.run("window.hit") is None
    assert (
        reader.run("getComputedStyle(document.getElementById('evil')).color") == "rgb(34, 38, 43)"
    )
    assert reader.sees("#finder")  # the page's own still does
    refused = [
        event["params"].get("blockedReason", event["params"]["errorText"])
        for event in reader.browser.events
        if event["method"] == "Network.loadingFailed"
    ]
    assert set(refused) == {"csp", "net::ERR_BLOCKED_BY_CSP"}  # the picture, the frame


def test_the_policy_lets_nothing_through_but_this_style_and_this_script(pages: Pages) -> None:
    html = pages.make().read_text()
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    (style,) = re.findall("<style>(.*?)</style>", html, re.DOTALL)
    (script,) = re.findall("<script>(.*?)</script>", html, re.DOTALL)
    assert rules == {
        "default-src": "'none'",
        "img-src": "data:",
        "style-src": f"'sha256-{digest(style)}'",
        "script-src": f"'sha256-{digest(script)}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_nothing_is_fetched_and_every_picture_is_inside(pages: Pages, reader: Reader) -> None:
    pages.media = {f"a.{kind}": picture(kind) for kind in ("png", "jpeg", "gif", "webp")}
    pages.media["a.svg"] = svg()
    pages.questions[0]["answer"] = "\n\n".join(f"![a {name}]({name})" for name in pages.media)
    page = pages.make()
    for beside in (pages.path / "acme" / "media").iterdir():
        beside.unlink()
    reader.open(page)
    reader.click("#unfold")
    reader.until("[...document.images].every((image) => image.complete)")
    assert reader.run("[...document.images].map((image) => image.naturalWidth)") == [4, 4, 4, 4, 40]
    asked = [url for url in reader.browser.requests() if not url.startswith("data:")]
    assert asked == [page.as_uri()]


# ------------------------------------------------------------------------------------ the same

MAKE = """
import sys
from pathlib import Path
from deckgen.exporters.html import HtmlExporter, HtmlOptions
from deckgen.loader import load_bank

(guide,) = load_bank(Path(sys.argv[1])).guides
HtmlExporter(HtmlOptions(), print).export(guide, Path(sys.argv[2]))
"""


def test_the_bytes_are_the_same_anywhere(pages: Pages, tmp_path: Path) -> None:
    pages.media["a.svg"] = svg()
    pages.questions[0]["answer"] = r"$\frac{1}{2}$ ![a](a.svg)"
    pages.load()
    made = set()
    for number, zone in enumerate(("UTC", "Pacific/Kiritimati")):
        folder = tmp_path / f"run{number}"
        folder.mkdir()
        out = folder / "page.html"
        subprocess.run(
            [sys.executable, "-c", MAKE, str(pages.path), str(out)],
            env={**os.environ, "TZ": zone, "PYTHONHASHSEED": str(number), "LC_ALL": "C"},
            cwd=folder,
            check=True,
            timeout=60,
        )
        made.add(out.read_bytes())
    assert len(made) == 1
    assert b"\r" not in made.pop()


def test_the_command_line_makes_a_page_when_asked_and_only_then(
    bank: BankFolder, run: Run, tmp_path: Path
) -> None:
    assert run("build", "-f", "html", "-O", "html.cards=false").code == 0
    made = {path.name for path in (tmp_path / "output").iterdir()}
    assert made == {"example.html", "manifest.json"}
    assert "What does a TTL bound?" not in (tmp_path / "output" / "example.html").read_text()
    assert "up to date" in run("build", "-f", "html", "-O", "html.cards=false").out
    planned = run("build", "--dry-run", "-o", "other").out
    assert "example.apkg" in planned
    assert "example.html" not in planned


@pytest.mark.parametrize("name", ["page.js", "style.css", "page.html"])
def test_what_the_page_is_made_of_comes_with_the_package(name: str) -> None:
    import deckgen.exporters.html as package

    assert (Path(package.__file__).parent / "templates" / name).is_file()
