"""Plain text as Markdown: it reads as it did."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from deckgen.importing.plain import cleaned, escaped, markdown, one_line, table_row
from deckgen.markdown import CodeBlock, List, Markdown, Paragraph, Table, Text

MARKS = st.sampled_from(list("\\`*_[]()<>&$~#+-=|:.!123 ab{}\"'/;cn\t\n"))
ANY = st.text(st.one_of(MARKS, st.characters(codec="utf-8")), max_size=40)


@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
@given(ANY)
def test_any_line_reads_as_it_did(text: str) -> None:
    read = Markdown(escaped(text))
    assert read.plain == one_line(text)
    for block in read.blocks:
        assert isinstance(block, Paragraph)
        assert all(isinstance(part, Text) for part in block.content)


@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ANY, max_size=6).map("\n".join))
def test_no_word_of_any_text_is_lost_and_none_is_wrong(text: str) -> None:
    read = Markdown(markdown(text))
    assert not [remark for remark in read.remarks if not remark.warning]
    if not set("`~[") & set(text):  # fences name languages, and `[ ]` makes a task
        assert re.findall(r"[^\W\d_]+", read.plain) == re.findall(r"[^\W\d_]+", cleaned(text))


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5, then $6 and $$7$$.",
        "Is *this* __or__ `that` ~~true~~?",
        "<b>bold</b> <script>alert(1)</script> <!-- gone? --> &lt; &amp;",
        "{{c1::hidden}} and {{Front}} and [sound:a.mp3]",
        "![an image](http://example.com/a.png) [a link](javascript:x)",
        "# no heading",
        "> no quote",
        "1) alone",
        "---",
        "C:\\new\\table\\",
        "a | b | c",
        "snake_case, __init__ and 2 * 3 * 4",
    ],
)
def test_what_looks_like_a_mark_is_shown_as_written(text: str) -> None:
    assert Markdown(markdown(text)).plain == text


CELLS = st.text(st.one_of(MARKS, st.characters(codec="utf-8")), max_size=12).map(one_line)
ROWS = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=4)
)


def read_cells(text: str) -> list[list[str]]:
    """The cells of the one table that a text is."""
    (table,) = Markdown(markdown(text)).blocks
    assert isinstance(table, Table)
    rows = (table.head, *table.rows)
    assert all(isinstance(part, Text) for row in rows for cell in row for part in cell)
    return [["".join(part.text for part in cell) for cell in row] for row in rows]


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(ROWS)
def test_any_table_is_one_and_its_cells_read_as_they_did(rows: list[list[str]]) -> None:
    written = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    assume("<br" not in str(rows).lower())  # breaks a cell's line
    lines = [table_row(row) for row in (written[0], ["---"] * len(rows[0]), *written[1:])]
    assert read_cells("\n".join(lines)) == rows


def test_a_table_is_told_by_the_marks_below_its_head() -> None:
    assert read_cells("a | b\n:-:|--\nc | d") == [["a", "b"], ["c", "d"]]
    assert kinds("They:\n| a |\n|---|\n| b |\nDone.") == ["Paragraph", "Table", "Paragraph"]
    assert kinds("| a | b |\n| c | d |") == ["Paragraph"] * 2
    assert kinds("| a | b |\n|---|\n| c | d |") == ["Paragraph"] * 3
    assert kinds("- a | b\n--|--") == ["List", "Paragraph"]
    assert kinds("```\na | b\n--|--\n```") == ["CodeBlock"]


def test_no_cell_of_a_row_is_lost_and_those_that_lack_are_empty() -> None:
    assert read_cells("| a | b |\n|---|---|\n| c |\n| d | `e|f` |\n|") == [
        ["a", "b"], ["c", ""], ["d", "`e|f`"], ["", ""],
    ]  # fmt: skip


def test_the_lines_of_a_cell_stay_lines() -> None:
    assert markdown("| a |\n|--|\n| b<br>*c*<BR/>d |").endswith("| b<br>\\*c\\*<br>d |")


def kinds(text: str) -> list[str]:
    return [type(block).__name__ for block in Markdown(markdown(text)).blocks]


def test_a_line_is_a_paragraph_unless_it_breaks_off_in_a_sentence() -> None:
    assert kinds("One.\nTwo.\n\n\nThree.") == ["Paragraph"] * 3
    wrapped = "A line that was wrapped by a mail program at some\ncolumn goes on here."
    assert kinds(wrapped) == ["Paragraph"]


def test_lists_are_lists() -> None:
    text = "Name:\n• one\n• two\n  - inner\n\n• three\nDone."
    blocks = Markdown(markdown(text)).blocks
    assert [type(block) for block in blocks] == [Paragraph, List, Paragraph]
    points = blocks[1]
    assert isinstance(points, List)
    assert len(points.items) == 3
    assert isinstance(points.items[1].blocks[1], List)


def test_numbers_make_a_list_only_where_they_count() -> None:
    assert kinds("1. one\n2. two\n3) three") == ["List"]
    assert kinds("7. alone") == ["Paragraph"]
    assert kinds("1. one\n5. five") == ["Paragraph", "Paragraph"]
    two = Markdown(markdown("1. a\n2. b\n1. c\n2. d")).blocks
    assert [block.start for block in two if isinstance(block, List)] == [1, 1]


@pytest.mark.parametrize(
    "code",
    [
        "def f(x):\n    return x",
        "for (int i = 0; i < 3; i++) {\n  run(i);\n}",
        "SELECT name\nFROM trains\nWHERE late > 3",
        "x = 1\n\ny = x + 1",
        "import os\nprint(os.name)",
        "const a = () => {\n    go();\n};",
    ],
)
def test_code_is_code(code: str) -> None:
    before, block, after = Markdown(markdown(f"Look:\n{code}\nWell?")).blocks
    assert isinstance(block, CodeBlock)
    lines = ["".join(token.text for token in line) for line in block.lines]
    assert "\n".join(lines) == code
    assert isinstance(before, Paragraph)
    assert isinstance(after, Paragraph)


def test_fenced_code_keeps_its_language_and_its_fences() -> None:
    (block,) = Markdown(markdown("````Python\n```\n<b>\n````")).blocks
    assert isinstance(block, CodeBlock)
    assert (block.language, len(block.lines)) == ("python", 2)
    assert kinds("```\nnever closed") == ["Paragraph", "Paragraph"]
    assert kinds("```\n~~~\n````\n~~~~~a\n~~~\n~~~~~~ \n") == ["CodeBlock", "CodeBlock"]


def test_a_listing_is_as_long_as_it_is() -> None:
    assert kinds("\n".join(["```", *["word"] * 1000, "```"])) == ["CodeBlock"]


def test_a_long_line_takes_no_time() -> None:
    assert len(markdown("a=(" * 200_000)) == 600_000
    assert len(escaped("_" * 200_000)) == 400_000
