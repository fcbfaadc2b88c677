"""What is on the pages, and in which order, by PDFium."""

from __future__ import annotations

import re
from collections.abc import Callable

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from pdf_guides import Printed, assert_in_order, full_question, guide, md, question

from deckgen.exporters.pdf.formula import FormulaError, formula
from deckgen.model import Block, FollowUp, Link, Round

Print = Callable[..., Printed]
PATH = pdfium.FPDF_PAGEOBJ_PATH


def test_the_cover_says_what_the_guide_is_and_counts_it(print_guide: Print) -> None:
    home = "https://example.com/guide"
    printed = print_guide(guide(question(1), question(2, difficulty="hard"), home=home))
    assert_in_order(
        printed.pages[0],
        "Example · Engineer · Senior",
        "Example Engineer Guide",
        "2 questions in 2 rounds, facts as of 2026-01-02",
        "1 Phone Screen",
        "2 Onsite",
        home,
    )


def test_a_chapter_opens_with_everything_known_of_its_round(print_guide: Print) -> None:
    printed = print_guide(guide(question(1)))
    assert_in_order(
        printed.pages[printed.page_with("An engineer calls you")],
        "Round 1",
        "Phone Screen",
        "What happens",
        "An engineer calls you.",
        "Length and form",
        "45 minutes",
        "A call with a shared editor",
        "What it tests",
        "Reasoning aloud",
        "How to prepare",
        "Practise with a clock",
        "How people fail",
        "Silence",
        "What to ask them",
        "What broke last week?",
    )


def test_a_question_stands_with_all_its_parts_in_order(print_guide: Print) -> None:
    printed = print_guide(guide(full_question()))
    assert_in_order(
        printed.pages[printed.page_with("Think of the reader")],
        "1.01",
        "What is asked in question number 1?",
        "MEDIUM · technical · Systems · practised by 7 people",
        "Hint Think of the reader.",
        "Key points Names staleness",
        "Names eviction",
        "Model answer Put it near the reader, as cache.get does.",
        "x = 1",
        "Measures before it caches",
        "Follow-ups 1. And if it fails?",
        "Serve stale.",
        "Pitfalls • Caches without a limit",
        "References A paper example.com/paper",
    )


def test_questions_stand_in_the_order_of_their_codes(print_guide: Print) -> None:
    printed = print_guide(guide(question(10), question(9), question(100)))
    body = printed.text[printed.text.index("What happens") :]
    assert_in_order(body, "question number 9?", "question number 10?", "question number 100?")


def test_a_missing_answer_is_said(print_guide: Print) -> None:
    bare = print_guide(guide(question(1))).text
    assert "has no model answer yet. Write your own." in bare
    assert "compare it with the key points" not in bare, "there are none"
    pointed = print_guide(guide(question(1, key_points=("Names one",)))).text
    assert "Write your own, then compare it with the key points." in pointed


def test_an_empty_round_says_that_it_has_no_questions(print_guide: Print) -> None:
    printed = print_guide(guide(question(1)))
    assert "This round has no questions yet." in printed.pages[printed.page_with("Round 2")]


def test_a_guide_without_questions_is_printed(print_guide: Print) -> None:
    printed = print_guide(guide(question(1, status="retired")))
    assert "0 questions in 2 rounds" in printed.text
    assert [warning.message for warning in printed.warnings] == [
        "there are no questions to print: drafts and retired ones are left out"
    ]


def test_a_retired_question_is_left_out(print_guide: Print) -> None:
    printed = print_guide(guide(question(1), question(2, question="Withdrawn?", status="retired")))
    assert "Withdrawn" not in printed.text
    assert "1 question in 2 rounds" in printed.text


def test_answers_can_be_gathered_at_the_end(print_guide: Print) -> None:
    printed = print_guide(guide(full_question(1), full_question(2)), answers="end")
    text = printed.text[printed.text.index("What happens") :]
    assert_in_order(text, "number 1?", "number 2?", "Answers", "1.01", "near the reader", "1.02")
    asked = printed.page_with("Think of the reader")
    answered = printed.page_with("near the reader")
    assert f"on page {printed.label(answered)}" in printed.pages[asked]


def test_answers_can_be_left_out_for_ruled_space(print_guide: Print) -> None:
    printed = print_guide(guide(full_question()), answers="none")
    assert_in_order(printed.text, "Think of the reader.", "And if it fails?", "Your answer")
    for told in ("near the reader", "Names staleness", "Serve stale", "Measures before"):
        assert told not in printed.text


def test_lines_to_write_on_fill_the_page_and_none_are_left_over(print_guide: Print) -> None:
    """What is asked may stand at the foot of a page with its lines on the next; of those, no page
    has but a few."""
    asked = tuple(FollowUp(question=md(f"And {n}?")) for n in range(4))
    questions = [
        question(n, question="Words to ask with. " * (3 * n), follow_ups=asked, answer="a " * 160)
        for n in range(1, 20)
    ]
    printed = print_guide(guide(*questions), answers="none")
    parted = 0
    for sheet, text in zip(printed.pdfium, printed.pages, strict=True):
        if "MEDIUM" not in text or "By category" in text:
            continue
        shapes = sheet.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH])
        bounds = [shape.get_bounds() for shape in shapes]
        ruled = [b for b in bounds if b[2] - b[0] > 300 and b[3] - b[1] < 1]
        first = max((b[3] for b in bounds if b[2] - b[0] < 100), default=0.0)
        above = sum(b[1] > first for b in ruled)
        assert above == 0 or above >= 3, "a few lines are left over"
        parted += bool(re.search(r"And 3\? (1 Phone|1\.\d\d)", text))
    assert parted


def test_a_question_of_several_rounds_is_printed_once_and_says_so(print_guide: Print) -> None:
    printed = print_guide(guide(question(1, rounds=("phone", "onsite"))))
    assert "also in round 2" in printed.text
    assert printed.text.count("MEDIUM") == 1


def test_every_kind_of_markdown_is_printed(print_guide: Print) -> None:
    answer = """
Plain *slanted* **heavy** ~~struck~~ `mono` H<sub>2</sub>O <kbd>Ctrl</kbd> one<br>two

## A heading

3. third
4. fourth
   - below

> quoted words

| left | right |
| :--- | ----: |
| cell | 17 |

---

- [ ] open
- [x] done

```sql
SELECT 1;
```
"""
    printed = print_guide(guide(question(1, answer=answer)))
    assert_in_order(
        printed.text,
        "Plain slanted heavy struck mono H2O Ctrl one two",
        "A heading",
        "3. third",
        "4. fourth",
        "• below",
        "quoted words",
        "left right",
        "cell 17",
        "open",
        "done",
        "SELECT 1;",
    )


def test_an_item_without_words_has_its_number_all_the_same(print_guide: Print) -> None:
    printed = print_guide(guide(question(1, answer="71. one\n72.\n73. three")))
    assert_in_order(printed.text, "71. one", "72.", "73. three")


def test_a_formula_is_drawn_and_a_broken_one_is_shown_as_written(print_guide: Print) -> None:
    good = print_guide(guide(question(1, answer=r"About $\frac{a}{b}$ of it.")))
    assert good.warnings == []
    assert "frac" not in good.text
    bad = print_guide(guide(question(1, answer=r"About $\frac{a$ of it.")))
    assert r"\frac{a" in bad.text
    assert "is printed as TeX" in bad.warnings[0].message


@pytest.mark.parametrize(
    ("tex", "why"),
    [
        (r"\nosuch x", r"\nosuch is not known"),
        (r"x \text{日}", "its font has no '日' (U+65E5)"),
        (r"\colorbox{red}{x}", "a background is not drawn"),
        (r"\begin{array}{c|c}a&b\end{array}", "the lines of an array are not drawn"),
        (r"\begin{array}{c}a\\\hline b\end{array}", "the lines of an array are not drawn"),
    ],
)
def test_a_formula_that_would_be_set_otherwise_is_shown_as_written(tex: str, why: str) -> None:
    with pytest.raises(FormulaError, match=re.escape(why)):
        formula(tex, 10, 300)


def test_a_frame_or_a_stroke_of_a_formula_is_a_line() -> None:
    for tex in (r"\boxed{x}", r"\cancel{x}"):
        stroked = [part.split() for part in formula(tex, 10, 300).operators.splitlines()]
        assert stroked.count(["S"]) == 1, tex
        assert stroked.count(["f"]) == 1, tex  # the letter


def test_a_formula_wider_than_its_column_is_shown_as_written_with_a_warning(
    print_guide: Print,
) -> None:
    wide = "+".join(f"a_{{{n}}}" for n in range(14))
    cells = " | ".join(["long words in every cell " * 8] * 3)
    table = f"| a | b | c | d |\n|---|---|---|---|\n| ${wide}$ | {cells} |"
    printed = print_guide(guide(question(1, answer=table)))
    assert "a_{13}" in printed.text
    [warning] = printed.warnings
    assert "printed as TeX: its column is too narrow" in warning.message
    assert "question 'question-1'" in warning.message


def test_a_formula_has_the_space_of_its_first_letter_before_it() -> None:
    one, two = (formula(tex, 10, 300).width for tex in ("n", "nn"))
    assert two == pytest.approx(2 * one, abs=0.1)


def test_words_are_whole_where_lines_end(print_guide: Print) -> None:
    words = "internationalisation considerations notwithstanding characteristics " * 30
    printed = print_guide(guide(question(1, answer=words)))
    assert words.strip() in printed.text


def test_addresses_are_printed_for_those_who_read_on_paper(print_guide: Print) -> None:
    source = Link(title="The source", url="https://www.example.org/a/b/")
    printed = print_guide(guide(question(1), source=(source,)))
    assert "The source example.org/a/b" in printed.text


def test_addresses_stand_apart_from_titles_whether_or_not_their_line_is_broken(
    print_guide: Print,
) -> None:
    source = (
        Link(title="The first", url="https://example.org/a"),
        Link(title="The second", url="https://example.org/" + "/".join(["part"] * 40)),
    )
    printed = print_guide(guide(question(1), source=source))
    words = printed.pdfium[printed.page_with("The second")].get_textpage()
    gaps = []
    for title in ("first", "second"):
        start = words.search(title).get_next()[0]
        address = words.search("example", index=start).get_next()[0]
        end = words.get_charbox(start + len(title) - 1)
        gaps.append(words.get_charbox(address)[0] - end[2])
    assert gaps[0] == pytest.approx(gaps[1], abs=0.5)


def test_the_night_before_has_the_rounds_in_brief_and_the_blocks(print_guide: Print) -> None:
    block = Block(title="Opening moves", items=(md("Say the goal."),))
    story = question(1, type="behavioral", question="Tell me about a conflict.")
    printed = print_guide(guide(story, night_before=(block,)))
    assert_in_order(
        printed.pages[printed.page_with("Listen, ask")],
        "Listen, ask, then code.", "1.01, page 1", "Opening moves", "Say the goal.", "My stories",
        "Questions 1.01", "Story Numbers Themes Codes",
    )  # fmt: skip


def test_a_round_in_brief_is_not_divided(print_guide: Print) -> None:
    block = Block(title="Mine", items=(md("A line"),) * 9)
    for count in range(8, 14):
        brief = tuple(md(f"{what} something.") for what in ("Tests", "Open", "Close"))
        rounds = tuple(
            Round(id=f"r{n}", title=f"Round {n}", number=n, brief=brief) for n in range(1, count)
        )
        asked = [question(n, round=f"r{n}") for n in range(1, count)]
        printed = print_guide(guide(*asked, rounds=rounds, night_before=(block,)))
        sheet = printed.pages[printed.page_with("The night before", 4) :]
        assert sum(text.count("Tests something") for text in sheet) == count - 1
        for text in sheet:
            assert text.count("Tests something") == text.count("Close something"), count


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("count", [0, 45, 400])
def test_the_night_before_is_two_sides_of_a_leaf_whatever_the_size_of_the_bank(
    print_guide: Print, paper: str, count: int
) -> None:
    blocks = tuple(
        Block(title=f"Block {n}", items=tuple(md(f"One thing, and number {m}") for m in range(7)))
        for n in range(5)
    )
    brief = (md("Tests: this."), md("Open: like that."), md("Close: so."))
    rounds = tuple(
        Round(id=name, title=f"Round {name}", number=n, brief=brief)
        for n, name in enumerate(("phone", "onsite", "c", "d", "e"), 1)
    )
    questions = [question(n, type=("behavioral", "technical")[n % 2]) for n in range(count)]
    printed = print_guide(guide(*questions, night_before=blocks, rounds=rounds), paper=paper)
    first = printed.page_with("Close: so.")
    assert first % 2 == 0
    assert len(printed.pages) - first <= 2
    assert ("Story Numbers Themes Codes" in printed.pages[-1]) == bool(count)


def test_questions_for_stories_are_listed_by_code_those_in_a_row_as_one(print_guide: Print) -> None:
    types = ("behavioral", "behavioral", "behavioral", "coding", "behavioral")
    questions = [question(n, type=kind) for n, kind in enumerate(types, 1)]
    assert "Questions 1.01 to 1.03, 1.05 Story" in print_guide(guide(*questions)).text


@pytest.mark.parametrize(("few", "many"), [(1, 5), (5, 500)])
def test_the_cover_charts_five_questions_or_five_hundred(
    print_guide: Print, few: int, many: int
) -> None:
    hard = [question(n, difficulty="hard") for n in range(many)]
    easy = [question(n, id=f"e{n}", difficulty="easy", round="onsite") for n in range(few)]
    cover = print_guide(guide(*hard, *easy)).pdfium[0]
    boxes = [found.get_bounds() for found in cover.get_objects(filter=[PATH])]
    bars = [box for box in boxes if 5 < box[3] - box[1] < 8]
    [longest] = [box for box in bars if round(box[0]) == round(min(b[0] for b in bars))][:1]
    widths = sorted(
        right - left for left, _, right, _ in bars if left == pytest.approx(longest[0], abs=1)
    )
    assert 3 <= widths[0] < widths[-1] <= 85
    assert widths[-1] == pytest.approx(7 * many if many == 5 else 80, abs=1)


def test_a_mistake_can_be_reported_with_the_code(print_guide: Print) -> None:
    printed = print_guide(guide(full_question(), report="https://example.com/issues"))
    assert "Report a mistake in 1.01" in printed.text
    assert "https://example.com/issues" in printed.text


def test_a_follow_up_without_an_answer_is_printed(print_guide: Print) -> None:
    follow_up = FollowUp(question=md("And then?"))
    assert "And then?" in print_guide(guide(question(1, follow_ups=(follow_up,)))).text


def test_texts_that_come_to_nothing_leave_their_question_in_its_place(print_guide: Print) -> None:
    empty = question(1, question="<!-- later -->", answer="<!-- later -->", hint="<!-- -->")
    printed = print_guide(guide(empty, question(2)), answers="end")
    assert "1.01 MEDIUM" in printed.pages[printed.page_with("What happens")]


def test_a_round_that_was_filtered_out_is_not_named(print_guide: Print) -> None:
    printed = print_guide(guide(question(1, rounds=("phone", "elsewhere"))))
    assert "also in" not in printed.text


def test_how_to_use_fits_where_the_answers_are(print_guide: Print) -> None:
    made = guide(full_question())
    for answers, told in (
        ("inline", "2. Tick the key points"),
        ("end", "2. Turn to its answer"),
        ("none", "2. Use the lines"),
    ):
        assert told in print_guide(made, answers=answers).pages[1]
