"""Pages of other kinds: lists of questions, questions and answers, notes, tables without a name."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases_files import check_expected, lay_out, read_parts
from deckgen import BankError, Guide, load_bank
from deckgen.importing import Given, import_data, read
from support import Run

CASES = sorted((Path(__file__).parent / "cases" / "lists").glob("*.txt"))


def told(guide: Guide) -> str:
    """A guide in short: whose it is, and its questions in a line each."""
    lines = [f"{guide.title} / {guide.company} / {guide.role} / {guide.level}"]
    lines += [f"summary: {guide.summary.plain}"] if guide.summary else []
    lines += [f"round: {round.title}" for round in guide.rounds]
    for q in sorted(guide.questions, key=lambda q: q.code):
        answer = f" -> {q.answer.source!r}" if q.answer else ""
        lines.append(f"{q.category} / {q.difficulty} / {q.type}: {q.question.source!r}{answer}")
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_page_with_questions_becomes_a_guide(
    path: Path, run: Run, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    parts = read_parts(path)
    lay_out(parts, tmp_path)
    (name,) = parts.keys() - {"expected"}
    ran = run("import", name, "-o", "content/g")
    assert ran.code == 0, ran.err
    assert run("check").code == 0
    found = told(load_bank(tmp_path / "content").guides[0]) + ran.err
    check_expected(path, parts, found, update=request.config.getoption("--update-cases"))
    again = run("import", name, "-o", "content/g")
    assert again.code == 0
    assert "0 new" in again.out
    assert "written" not in again.out


@pytest.mark.parametrize(
    "text",
    [
        "Dear Sir,\nI have read your list.\nIs all well?\n",
        "1. Buy milk\n2. Buy bread\n3. Call home\n4. Is it late?\n5. Sleep\n",
        "```\nWhat is this?\nWhat is that?\n```\n",
        "a | b\n--|--\n",
    ],
)
def test_what_asks_nothing_is_no_list_of_questions(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "page.md").write_text(text, encoding="utf-8")
    ran = run("import", "page.md")
    assert ran.code == 1
    assert "page.md: error: found no questions: expected" in ran.err


@pytest.mark.parametrize(
    "line",
    [
        *("?", "# ", "#" * 900 + "x\n", "**" * 100, "1. ", "1. What?\n", "Q: ", "- ", " " * 99),
        *("|\n", "|\\|", "**a** ", "<details>", "x</details>", f"# a{' #' * 450}x\n", "a\n\n"),
        *("**a**\n", "  - What?\n", "What,\n", "1.\ta\n", '"a"\tb\n', "```\n", "Role: x\n"),
    ],
)
def test_odd_pages_are_read_in_seconds(line: str) -> None:
    start = time.process_time()
    for name in ("page.txt", "page.md"):
        with suppress(BankError):
            read((line * (100_000 // len(line)) + "x").encode(), name, Given("T", "C", "R"))
    assert time.process_time() - start < 10


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *("", "# T", "## What?", "### **Why?**", "1. What is it?", "2) Explain"),
                *("**3.** x", "问：为什么？", "答：是"),
                *("- What?", "  - a", "    - Why?", "Q: What?", "**Q:** Why", "A: a", "**A:** b"),
                *("**What?**", "__a__", "Why, when", "and so?", "```", "    x = 1;", "| a | b |"),
                *("|---|---|", "Company: A", "5 comments", "<details><summary>What?</summary>"),
                *("</details>", "C#", "What? (hard)", "\t", "1.\tWhy?", "![a](b.png)", "<!--"),
            ]
        ),
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20),
    ),
    max_size=20,
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(LINES, st.sampled_from(["page.txt", "page.md"]))
def test_any_page_gives_a_guide_or_an_error_and_once_more_the_same(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], name: str
) -> None:
    folder = tmp_path_factory.mktemp("any") / "guide"
    data = "\n".join(["What is first?", "Why is it?", *lines]).encode()
    try:
        read(data, name, Given())
    except BankError:
        return
    for _ in range(2):  # each loads what it has written, and raises where that has an error
        done = import_data(data, name, bank=folder, output=folder, given=Given(), force=False)
    assert not done.written
    assert "0 new" in done.summary


def test_columns_of_a_sheet_say_category_difficulty_and_type(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sheet.csv").write_text(
        "Question,Answer,Category,Difficulty,Type,Owner\n"
        "What is CAP?,Three letters,Distributed Systems,Hard,System Design,Ann\n"
        "What is a key?,A name,Databases,tricky,,\n",
        encoding="utf-8",
    )
    ran = run("import", "sheet.csv", "-o", "content/g")
    assert ran.code == 0
    assert ran.err.splitlines() == [
        "sheet.csv:2: warning: not imported: 'Ann': it is in no known column",
        "sheet.csv:3: warning: the difficulty 'tricky' is taken as medium: "
        "expected easy, medium or hard",
    ]
    key, cap = load_bank(tmp_path / "content").guides[0].questions  # databases.yaml comes first
    assert (cap.category, cap.difficulty, cap.type) == (
        "Distributed Systems", "hard", "system-design",
    )  # fmt: skip
    assert (key.category, key.difficulty, key.type) == ("Databases", "medium", "technical")


def test_columns_of_anki_itself_are_no_loss(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text(
        "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n"
        "#tags column:6\nx1\tBasic\tInterview\tWhat is <b>TTL</b>?\tA limit\tcache\n",
        encoding="utf-8",
    )
    ran = run("import", "notes.txt", "-o", "content/g")
    assert (ran.code, ran.err) == (0, "")
