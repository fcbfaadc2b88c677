"""What Markdown becomes on a card, after the real Anki has drawn it."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection
from anki_bank import PublishedBank, question
from anki_collection import Candidate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deckgen.exporters.anki import AnkiOptions
from deckgen.exporters.anki.notes import notes
from deckgen.kept import Kept
from value_bank import picture, svg

TIME = 1_000_000_000

HOSTILE = [
    "{{c1::not a cloze}}",
    "{{Question}} {{#Answer}}",
    "{ { } }",
    "[sound:a.mp3]",
    "[anki:tts lang=en_US]hello[/anki:tts]",
    "[anki:play:q:0]",
    "[latex]x[/latex]",
    "[$]x[/$] and [$$]y[/$$]",
    "[[type:Answer]]",
    "<script>alert(1)</script>",
    "<iframe src='//example.org'></iframe> <img src=x onerror=alert(1)>",
    "&lt; &amp;amp; &#91; as written",
    "unit&#31;s of &#1;&#127;text",  # what Anki joins fields with, and other controls
    "std::vector<int> a{{1, 2}}; b[c[0]];",
    "\\\\(x\\\\) and \\\\[y\\\\]",
    "tabs\tand a soft\nline break",
]
"""Texts that must be read on the card as they are (the last but one as Markdown reads it)."""


def as_read(html: str) -> str:
    """The words of a part of a card."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def inside(html: str, marker: str) -> str:
    """The content of the first element with a class."""
    return html.split(f'class="{marker}">', 1)[1].split("</div>", 1)[0]


def as_written(text: str, *, code: bool) -> str:
    resolved = text if code else unescape(text.replace("\\\\", "\\"))
    return " ".join(resolved.split())


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("code", [False, True], ids=["in prose", "in code"])
def test_what_anki_would_read_as_markup_reaches_the_card_as_text(
    text: str, code: bool, bank: PublishedBank, candidate: Candidate
) -> None:
    written = f"Say `` {text} `` now" if code else f"Say {_escaped(text)} now"
    bank["queues"]["question"] = written
    bank["queues"]["cards"] = [
        {"id": "a", "front": written, "back": written},
        {"id": "b", "cloze": f"Before {{{{c1::hidden {_in_cloze(written)}::a hint}}}} after."},
    ]
    candidate.import_deck(bank.publish(TIME))
    expected = f"Say {as_written(text, code=code)} now"

    for card in candidate.cards("code:1.02"):
        front, back = card.question(), card.answer()
        if card.note_type()["name"] == "deckgen cloze":
            assert as_read(inside(front, "asked")) == "Before [a hint] after."
            assert as_read(inside(back, "asked")) == f"Before hidden {expected} after."
        else:
            assert as_read(inside(front, "asked")) == expected
        assert not card.question_av_tags()
        assert not card.answer_av_tags()
        for side in (front, back):
            assert "[[type:" not in side
            assert "<script" not in side.lower()
            assert "<iframe" not in side.lower()
            assert r"\(" not in side
            assert r"\[" not in side


def _escaped(text: str) -> str:
    """Markdown that says the text: what a maintainer must escape, escaped."""
    return text.replace("$", r"\$")


def _in_cloze(text: str) -> str:
    if "``" in text:
        return text
    return text.replace("}}", r"\}\}").replace("::", r"\:\:").replace("{{", r"\{\{")


def test_texts_that_come_to_nothing_leave_no_empty_card(
    bank: PublishedBank, candidate: Candidate
) -> None:
    empty = "<!-- to be worded -->"
    bank.questions = [
        question(
            "later",
            question=empty,
            answer=empty,
            key_points=[empty],
            hint=empty,
            type="behavioral",
            cards=[{"id": "a", "front": empty, "back": "Back."}],
        )
    ]
    candidate.import_deck(bank.publish(TIME))

    assert candidate.col.get_empty_cards().notes == []
    assert {note.fields[0] for note in candidate.notes()} == {"1.01"}
    answer = candidate.card('"note:deckgen question"').answer()
    assert "No model answer has been written yet." in answer
    assert "Key points" not in answer
    assert "Hint" not in answer


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hint_is_read_as_it_was_written(
    text: str, bank: PublishedBank, candidate: Candidate
) -> None:
    hint = text.replace("}", r"\}").replace(":", r"\:")
    bank["queues"]["cards"] = [{"cloze": f"Before {{{{c1::hidden::{hint}}}}} after."}]
    candidate.import_deck(bank.publish(TIME))

    card = candidate.card('"note:deckgen cloze" code:1.02')
    shown = inside(card.question(), "asked")
    assert as_read(shown) == f"Before [{as_written(text, code=True)}] after."
    assert not re.search(r"\\[(\[]", unescape(shown))  # where MathJax finds a formula
    assert not card.question_av_tags()


def test_code_with_the_delimiters_of_clozes_can_be_hidden(
    bank: PublishedBank, candidate: Candidate
) -> None:
    bank["queues"]["cards"] = [
        {"cloze": "Use {{c1::`std::map<A, B<C>>`::a container}} or {{c2::`f({{1}})`}} at `a::b`."}
    ]
    candidate.import_deck(bank.publish(TIME))
    first, second = candidate.cards('"note:deckgen cloze" code:1.02')

    assert as_read(inside(first.question(), "asked")) == "Use [a container] or f({{1}}) at a::b."
    assert as_read(inside(second.question(), "asked")) == "Use std::map<A, B<C>> or [...] at a::b."
    for card in (first, second):
        shown = as_read(inside(card.answer(), "asked"))
        assert shown == "Use std::map<A, B<C>> or f({{1}}) at a::b."


@pytest.mark.parametrize(
    ("cloze", "cards"),
    [
        ("{{c1::a}} {{c1::b}} c", 1),
        ("{{c2::a}} {{c5::b}} {{c2::c}}", 2),
        ("{{c1::a {{c2::b}} c}} d", 2),
        ("- {{c1::a}}\n- {{c2::b}}\n\n> {{c3::c}}", 3),
        ("| a | b |\n|---|---|\n| {{c1::x}} | {{c2::y}} |", 2),
        ("The ratio {{c1::$a:b$}} is {{c2::**bold:**}}", 2),
    ],
)
def test_each_number_of_a_cloze_is_one_card(
    cloze: str, cards: int, bank: PublishedBank, candidate: Candidate
) -> None:
    bank["queues"]["cards"] = [{"cloze": cloze}]
    candidate.import_deck(bank.publish(TIME))

    found = candidate.cards('"note:deckgen cloze" code:1.02')
    assert len(found) == cards
    assert candidate.col.get_empty_cards().notes == []
    assert candidate.col.fix_integrity()[1]
    # No card more once Anki has looked at the note itself.
    note = found[0].note()
    candidate.col.update_note(note)
    assert len(note.cards()) == cards
    for card in found:
        assert as_read(inside(card.question(), "asked")).count("[...]") >= 1
        assert "}}" not in as_read(inside(card.answer(), "asked"))


def test_formulas_stand_between_the_delimiters_of_mathjax(
    bank: PublishedBank, candidate: Candidate
) -> None:
    bank["queues"]["answer"] = "Inline $a < b_{{1}}$ and\n\n$$\\sum_{i}^{n} [x]$$"
    bank["queues"]["cards"] = [{"cloze": "So {{c1::$\\frac{a}{{b}}$}} holds for {{c2::$x::y$}}."}]
    candidate.import_deck(bank.publish(TIME))

    answer = candidate.card('code:1.02 "note:deckgen question"').answer()
    assert r"\(a < b_{{1}}\)" in unescape(answer)
    assert r"\[\sum_{i}^{n} [x]\]" in unescape(answer)
    first, second = candidate.cards('"note:deckgen cloze" code:1.02')
    assert r"\(\frac{a}{{b}}\)" in unescape(first.answer())
    assert r"\(x::y\)" in unescape(second.answer())


def test_dollars_are_left_alone_where_the_question_says_so(
    bank: PublishedBank, candidate: Candidate
) -> None:
    bank["queues"].update(answer="$HOME and $PATH", math=False)
    candidate.import_deck(bank.publish(TIME))

    assert "$HOME and $PATH" in candidate.card("code:1.02").answer()


def test_pictures_of_every_kind_are_in_the_deck_under_safe_names(
    bank: PublishedBank, candidate: Candidate
) -> None:
    bank.media = {
        "A plan (v2).png": picture("png"),
        "b.jpg": picture("jpeg"),
        "c.gif": picture("gif"),
        "d.webp": picture("webp"),
        "e.svg": svg(),
    }
    bank["queues"]["answer"] = "\n".join(f"![{name}](<{name}>)" for name in bank.media)
    bank["queues"]["cards"] = [{"id": "a", "front": "What is it?", "back": "![plan](<e.svg>)"}]
    candidate.import_deck(bank.publish(TIME))

    folder = Path(candidate.col.media.dir())
    names = sorted(path.name for path in folder.iterdir())
    assert [re.sub(r"-[0-9a-f]{16}\.", ".", name) for name in names] == [
        *("a-plan-v2.png", "b.jpg", "c.gif", "d.webp", "e.svg")
    ]
    shown = re.findall(
        r'<img src="([^"]+)"', candidate.card('code:1.02 "note:deckgen question"').answer()
    )
    assert sorted(shown) == names
    assert 'width="40" height="20"' in candidate.card('"note:deckgen recall" code:1.02').answer()
    check = candidate.col.media.check()
    assert (list(check.missing), list(check.unused)) == ([], [])


def test_a_note_has_the_pictures_that_it_shows_and_no_others(bank: PublishedBank) -> None:
    bank.media = {f"{name}.png": picture() for name in "abc"}
    shown = {"id": "x", "front": "What?", "back": "![x](b.png)"}
    plain = {"id": "y", "cloze": "{{c1::z}}"}
    bank.questions = [
        question("one", question="![x](a.png)", cards=[shown, plain]),
        question("two", answer="![x](c.png)"),
    ]
    made = {note.key: note.media for note in notes(bank.load(), AnkiOptions(), {}, Kept())}
    assert made == {
        "one": ("a.png",),
        "one/x": ("a.png", "b.png"),
        "one/y": ("a.png",),
        "two": ("c.png",),
    }


def test_a_changed_picture_is_seen_by_those_who_have_the_deck(
    bank: PublishedBank, candidate: Candidate
) -> None:
    bank.media["a.png"] = picture(grey=0)
    bank["queues"]["answer"] = "![a](a.png)"
    candidate.import_deck(bank.publish(TIME))
    bank.media["a.png"] = picture(grey=200)
    candidate.import_deck(bank.publish(TIME + 1))

    (shown,) = re.findall(r'<img src="([^"]+)"', candidate.card("code:1.02").answer())
    assert (Path(candidate.col.media.dir()) / shown).read_bytes() == picture(grey=200)


def test_one_name_in_two_folders_is_two_pictures(bank: PublishedBank, candidate: Candidate) -> None:
    (bank.path / "acme" / "media" / "x").mkdir(parents=True)
    bank.media = {"a.png": picture(grey=0), "x/a.png": picture(grey=9)}
    bank["queues"]["answer"] = "![a](a.png) ![a](x/a.png)"
    candidate.import_deck(bank.publish(TIME))

    shown = re.findall(r'<img src="([^"]+)"', candidate.card("code:1.02").answer())
    folder = Path(candidate.col.media.dir())
    assert [(folder / name).read_bytes() for name in shown] == list(bank.media.values())


MARKUP: dict[str, tuple[str, str]] = {
    "emphasis": ("*a* **b** ~~c~~", "<p><em>a</em> <strong>b</strong> <del>c</del></p>"),
    "small tags": (
        "H<sub>2</sub>O <kbd>E</kbd><br>x<sup>2</sup>",
        "<p>H<sub>2</sub>O <kbd>E</kbd><br>x<sup>2</sup></p>",
    ),
    "a link": (
        '[a [b]](https://example.org/?q=[1]&r "t\\"u")',
        '<p><a href="https://example.org/?q=%5B1%5D&amp;r" title="t&quot;u">a &#91;b]</a></p>',
    ),
    "a heading": ("# One\n\n###### Six", "<h3>One</h3>\n<h6>Six</h6>"),
    "nested lists": (
        "3. a\n   - b\n   - c\n4. d",
        '<ol start="3">\n<li>a\n<ul>\n<li>b</li>\n<li>c</li>\n</ul></li>\n<li>d</li>\n</ol>',
    ),
    "a loose list": ("- a\n\n- b", "<ul>\n<li><p>a</p></li>\n<li><p>b</p></li>\n</ul>"),
    "tasks": (
        "- [x] a\n- [ ] b",
        '<ul>\n<li class="task"><input type="checkbox" disabled checked> a</li>\n'
        '<li class="task"><input type="checkbox" disabled> b</li>\n</ul>',
    ),
    "a quote and a rule": (
        "> a\n\n---",
        "<blockquote>\n<p>a</p>\n</blockquote>\n<hr>",
    ),
    "a table": (
        "| a | b | c |\n|---|--:|:-:|\n| `x` | 1 |",
        '<div class="table"><table>\n'
        "<thead><tr><th>a</th><th class=right>b</th><th class=center>c</th></tr></thead>\n"
        "<tbody>\n<tr><td><code>x</code></td><td class=right>1</td><td class=center></td></tr>\n"
        "</tbody>\n</table></div>",
    ),
    "code": (
        "```python\ndef f():\n    return 1\n```",
        '<pre><code><span class="k">def</span> <span class="nf">f</span>'
        '<span class="p">():</span>\n    <span class="k">return</span> '
        '<span class="mi">1</span></code></pre>',
    ),
    "the last line of a diff": (
        "```diff\n- a\n+ b\n```",
        '<pre><code><span class="gd">- a</span>\n<span class="gi">+ b</span></code></pre>',
    ),
    "a traceback in a console": (
        "```console\n$ ls\nTraceback (most recent call last):\nend\n```",
        '<pre><code><span class="gp">$ </span>ls\n'
        '<span class="go">Traceback (most recent call last):</span>\n'
        '<span class="go">end</span></code></pre>',
    ),
    "code of no language": ("```\na < b\n\nc\n```", "<pre><code>a &lt; b\n\nc</code></pre>"),
}


@pytest.mark.parametrize("markup", MARKUP)
def test_markdown_is_plain_html_that_anki_keeps_as_it_is(
    markup: str, bank: PublishedBank, candidate: Candidate
) -> None:
    source, html = MARKUP[markup]
    bank["queues"]["answer"] = source
    candidate.import_deck(bank.publish(TIME))

    note = candidate.note('code:1.02 "note:deckgen question"')
    assert note["Answer"] == html
    assert html in note.cards()[0].answer()


def test_the_answer_side_has_key_points_first_and_folds_the_rest(
    bank: PublishedBank, candidate: Candidate
) -> None:
    keys: dict[str, Any] = {
        "key_points": ["Key one", "Key *two*"],
        "answer": "The answer.",
        "strong": ["Strong one"],
        "hint": "A hint.",
        "follow_ups": ["Ask?", {"question": "And then?", "answer": "Reply."}],
        "pitfalls": ["Trap"],
        "references": [{"title": "A & B", "url": "https://example.org/a?b&c"}],
    }
    bank.questions = [question("whole", **keys)]
    candidate.import_deck(bank.publish(TIME))
    answer = candidate.card("code:1.01").answer()

    order = [
        *("What is whole?", "A hint.", "Key one", "<em>two</em>", "The answer.", "Strong one"),
        *("And then?", "Reply.", "Trap", '<a href="https://example.org/a?b&amp;c">A &amp; B</a>'),
    ]
    positions = [answer.index(part) for part in order]
    assert positions == sorted(positions)
    folded = re.findall(r"<details>.*?</details>", answer, re.DOTALL)
    assert [re.search(r"<summary.*?>(.*?)</summary>", part)[1] for part in folded] == [
        *("Hint", "Model answer", "What sets a strong answer apart"),
        *("Follow-up questions", "Pitfalls", "References"),
    ]


def test_an_answer_without_key_points_lies_open(bank: PublishedBank, candidate: Candidate) -> None:
    bank.questions = [question("bare", answer="The answer.")]
    candidate.import_deck(bank.publish(TIME))
    answer = candidate.card("code:1.01").answer()
    assert "The answer." in re.sub(r"<details>.*?</details>", "", answer, flags=re.DOTALL)


def test_a_story_says_what_to_write_and_then_shows_what_was_written(
    bank: PublishedBank, candidate: Candidate
) -> None:
    candidate.import_deck(bank.publish(TIME))
    card = candidate.card('"note:deckgen story"')
    assert "What you did, step by step" in card.answer()
    assert "No update of the deck overwrites it" in card.answer()

    note = card.note()
    note["Action"] = "I split the table."
    candidate.col.update_note(note)
    card.load()
    answer = card.answer()
    assert "I split the table." in answer
    assert "What you did, step by step" not in answer
    assert "No update of the deck overwrites it" not in answer


def test_only_behavioral_questions_have_a_story(bank: PublishedBank, candidate: Candidate) -> None:
    candidate.import_deck(bank.publish(TIME))

    assert [note["Question"] for note in candidate.notes('"note:deckgen story"')] == [
        "What is conflict?"
    ]


def test_fields_say_in_the_editor_what_they_are_for(
    bank: PublishedBank, candidate: Candidate
) -> None:
    candidate.import_deck(bank.publish(TIME))
    fields = {f["name"]: f for f in candidate.col.models.by_name("deckgen story")["flds"]}

    assert fields["Situation"]["description"].startswith("Where and when")
    assert not fields["Situation"]["collapsed"]
    assert fields["Spare 1"]["collapsed"]
    assert fields["Code"]["preventDeletion"]


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        *((language, "ltr") for language in ("en", "ar-Latn", "pa-PK")),
        *((language, "rtl") for language in ("he", "ar-EG", "FA-ir", "ur", "yi", "ug", "syr")),
        *((language, "rtl") for language in ("az-Arab", "pa-arab-PK", "aii-Syrc", "ff-Adlm")),
    ],
)
def test_a_card_has_the_language_of_the_guide_and_its_direction(
    language: str, direction: str, bank: PublishedBank, candidate: Candidate
) -> None:
    bank.guide["language"] = language
    candidate.import_deck(bank.publish(TIME))

    opening = f'<div class="deckgen" lang="{language}" dir="{direction}">'
    assert all(opening in card.question() for card in candidate.cards())


def test_a_spare_field_makes_a_card_only_when_it_is_filled(
    bank: PublishedBank, candidate: Candidate
) -> None:
    candidate.import_deck(bank.publish(TIME))
    note = candidate.note('code:1.02 "note:deckgen question"')
    assert len(note.cards()) == 1

    note["Spare 1"] = "Something new"
    candidate.col.update_note(note)
    assert len(note.cards()) == 2


PARTS = [
    *("{{c1::", "{{", "}}", "::", "{", "}", ":", "[sound:a]", "[latex]", "[$]", "[[type:Answer]]"),
    *("\\(", "\\)", "\\[", "\\", "$", "<b>", "</span>", "&lt;", "&", "#", ";", '"', "'", "`", " "),
    *("<!--", "x", "é", "e\u0301", "1"),
]
NASTY = st.lists(st.sampled_from(PARTS), min_size=1, max_size=6).map("".join).filter(str.strip)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(NASTY, NASTY), min_size=1, max_size=40))
def test_any_code_is_read_on_the_card_as_it_was_written(pairs: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bank = PublishedBank(Path(folder))
        cards: list[dict[str, str]] = []
        for number, (one, two) in enumerate(pairs):
            text = f"{_code(one)}{_code(two)} x{_code(two)}"
            cards += [
                {"id": f"r{number}", "front": text, "back": text},
                {"id": f"c{number}", "cloze": f"{{{{c1::{text}::{number}}}}}{_code(one)} {text}"},
            ]
        bank.questions = [question("all", cards=cards)]
        candidate = Candidate(Collection(f"{folder}/collection.anki2"))
        try:
            candidate.import_deck(bank.publish(TIME))
            _check_each(candidate, pairs)
        finally:
            candidate.col.close()


def _code(text: str) -> str:
    """A code span of any text (https://spec.commonmark.org/0.31.2/#code-spans), and a stop, so that
    the backticks of the next do not touch its own."""
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{ticks} {text} {ticks}."


def _check_each(candidate: Candidate, pairs: list[tuple[str, str]]) -> None:
    cards = candidate.cards('"note:deckgen recall" OR "note:deckgen cloze"')
    assert len(cards) == 2 * len(pairs)
    read = sorted(as_read(inside(card.answer(), "asked")) for card in cards)
    expected = []
    for one, two in pairs:
        text = f"{one}.{two}. x{two}."
        expected += [text, f"{text}{one}. {text}"]
    assert read == sorted(unicodedata.normalize("NFC", " ".join(e.split())) for e in expected)
