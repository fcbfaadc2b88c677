"""A page saved as HTML."""

from __future__ import annotations

import re
import time
from html import escape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from import_pages import guide

from deckgen.importing import Given, read
from deckgen.importing.plain import one_line
from deckgen.importing.saved import html_lines
from deckgen.markdown import CodeBlock, List, Markdown, Table
from support import Run

PAGE = """<!DOCTYPE html>
<html><head><title>Acme</title><script>var Interview = "Rounds";</script></head>
<body><nav><a href="/">Home</a> <a href="/guides">Guides</a></nav>
<main>
<h1>Acme Senior Engineer Interview Preparation Guide</h1>
<div><span>Engineer</span></div><div>Acme</div><div>Senior</div>
<div>2&nbsp;rounds</div><p>Updated 6/19/2026</p>
<p>Acme makes
   <em>anvils</em> &amp; rockets.</p>
<h2>Interview Rounds</h2>
<ol>
<li><div>1</div><h3>Phone Screen</h3>
<div><span>30 min</span><span>2 focus topics</span><span>technical</span></div></li>
<li><div>2</div><h3>Onsite</h3><div>60 min</div></li>
</ol>
<h2>Frequently Asked Engineer Interview Questions</h2>
<article><div><span>Algorithms</span><span>Medium</span><span>Coding</span></div>
<div>1,204 practiced</div>
<p>What does <code>f(*args)</code> do, if it costs $5 &lt;b&gt;?</p>
<pre><code>def f(*args):
    return  args
</code></pre>
<ul><li>one</li><li>two <b>bold</b></li></ul>
<ol><li>first</li><li>second</li></ol>
</article>
<article><div>Hard Real-Time</div><div>Hard</div><div>Case Study</div><div>7 practiced</div>
<div>Why?<br>And when?</div></article>
</main>
<footer><p>Terms</p></footer>
</body></html>
"""


def test_a_saved_page_is_read_like_its_text(run: Run, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    ran = run("import", "page.html", "-o", "acme")
    assert ran.code == 0
    assert ran.err.splitlines() == [
        "page.html:3: warning: not imported: 'Home Guides': it is no content of the page",
        "page.html:29: warning: not imported: 'Terms': it is no content of the page",
    ]
    found = guide(tmp_path, "acme")
    assert found.summary.plain == "Acme makes anvils & rockets."
    assert [(r.title, r.duration, r.format) for r in found.rounds] == [
        ("Phone Screen", "30 min", "technical"),
        ("Onsite", "60 min", ""),
    ]
    first, second = found.questions
    assert (first.category, first.difficulty, first.type, first.practiced) == (
        "Algorithms",
        "medium",
        "coding",
        1204,
    )
    _, code, points, steps = first.question.blocks
    assert first.question.plain.startswith("What does f(*args) do, if it costs $5 <b>?")
    assert isinstance(code, CodeBlock)
    assert len(code.lines) == 2
    assert isinstance(points, List)
    assert points.start is None
    assert isinstance(steps, List)
    assert steps.start == 1
    assert (second.category, second.type) == ("Hard Real-Time", "case-study")
    assert second.question.plain == "Why? And when?"


def test_a_saved_page_is_known_without_its_name(run: Run, tmp_path: Path) -> None:
    assert run("import", "-", "-o", "acme", input=f"<!-- saved -->\n{PAGE}").code == 0
    assert len(guide(tmp_path, "acme").questions) == 2


def test_a_page_in_another_encoding_says_so_itself() -> None:
    text = '<html><head><meta charset="latin-1"></head><p>caf\xe9</p></html>'
    assert [line.text for line in html_lines(text.encode("latin-1"), "a.html")] == ["café"]


LABELS = """\
<div><span>Engineer</span>{0}<span>Acme</span>{0}<span>Senior</span><!-- x -->{0}\
<span><svg><title>icon</title></svg>2 rounds</span>{0}<time>Updated 6/19/2026</time></div>
"""


@pytest.mark.parametrize("between", ["", "\n    "])
def test_labels_side_by_side_are_kept_apart_however_the_page_is_laid_out(
    run: Run, tmp_path: Path, between: str
) -> None:
    start, end = PAGE.index("<div><span>Engineer"), PAGE.index("<p>Acme makes")
    page = PAGE[:start] + LABELS.format(between) + PAGE[end:].replace("Coding", "Puzzle")
    page = page.replace("</span><span>", f"</span>{between}<span>")
    (tmp_path / "page.html").write_text(page.replace("<div>1,204 practiced</div>", ""))
    assert run("import", "page.html", "-o", "acme").code == 0
    found = guide(tmp_path, "acme")
    head = (found.role, found.company, found.level, str(found.updated), found.summary.plain)
    assert head == ("Engineer", "Acme", "Senior", "2026-06-19", "Acme makes anvils & rockets.")
    assert [(r.duration, r.format) for r in found.rounds] == [
        ("30 min", "technical"),
        ("60 min", ""),
    ]
    first = found.questions[0]
    assert (first.category, first.difficulty, first.type) == ("Algorithms", "medium", "puzzle")


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 5000 + "deep",
        "<p" * 1000,
        "<![foo",
        "<!DOCTYPE",
        "&#xD800;&#0;<pre>\x00",
        "<ul><li>",
    ],
    ids=["deep", "torn", "declaration", "doctype", "surrogates", "open"],
)
def test_odd_html_is_no_traceback(run: Run, tmp_path: Path, html: str) -> None:
    (tmp_path / "a.html").write_bytes(html.encode())
    assert run("import", "a.html").code == 1


CELL = st.text(
    st.one_of(st.sampled_from("\\\\`*_|<>&$~#+-=:1ab "), st.characters(codec="utf-8")), max_size=8
).map(one_line)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(CELL.filter(bool), min_size=3, max_size=3), min_size=2, max_size=4))
def test_any_table_of_a_saved_page_reads_as_it_did(rows: list[list[str]]) -> None:
    assume("<br" not in str(rows).lower())  # a text of its own, which no table can hold
    cells = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
    html = "".join(f"<tr>{row}</tr>" for row in cells)
    page = f"<meta charset=utf-8><h2>What is a?</h2><table>{html}</table><h2>Why is b?</h2><p>It."
    first, _ = read(page.encode(), "a.html", Given()).questions
    (table,) = Markdown(first.answer).blocks
    assert isinstance(table, Table)
    found = [["".join(str(part.text) for part in cell) for cell in row] for row in table.rows]  # type: ignore[union-attr]
    assert found == [[one_line(cell) for cell in row] for row in rows]


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td colspan=999999>a</td><td>b</td></tr><tr><td rowspan=999999>c</table>",
        "<table>" + "<tr><td>a" * 3000,
        "<table><tr><td>a</td></tr>" * 300,
        "<table>" + "<tr><td colspan=100>a</td><td rowspan=9>b</td></tr>" * 5000 + "</table>",
        "<table>" + f"<tr>{'<td>a</td>' * 300}</tr>" * 300 + "</table>",
        "<table><tr><td>a</td><td colspan=x>b</td></tr><tr></tr><td>c</td></table>",
        "<table><tr><td>a &lt;br></td><td>b</td></tr><tr><td>c</td></tr></table>",
    ],
    ids=["spans", "unclosed", "nested", "wide", "many", "torn", "breaks"],
)
def test_odd_tables_lose_no_word_and_take_no_time(table: str) -> None:
    start = time.process_time()
    page = f"<h2>What is this?</h2><p>It.</p><h2>What is it?</h2>{table}"
    last = read(page.encode(), "a.html", Given()).questions[-1]
    told = re.findall(r"\b[abc]\b", Markdown(last.answer).plain)
    assert len(told) == len(re.findall(r"<td[^>]*>[abc]\b", table))
    assert time.process_time() - start < 10


def test_a_row_of_more_columns_than_a_table_may_have_is_lines() -> None:
    wide = "<td colspan=100 rowspan=100>a</td>" * 250
    page = f"<h2>Why?</h2><p>It.</p><h2>What is it?</h2><table><tr>{wide}<tr><td>b</table>"
    last = read(page.encode(), "a.html", Given()).questions[-1]
    text = Markdown(last.answer)
    assert not any(isinstance(block, Table) for block in text.blocks)
    assert len(re.findall(r"\b[ab]\b", text.plain)) == 251


@pytest.mark.parametrize("said", ["utf-16", "UTF-32", "punycode"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_encoding_that_a_page_can_not_have_is_not_believed(said: str, encoding: str) -> None:
    html = f"<html><meta charset={said}><h1>T</h1><h2>What is ä-b?</h2><h2>What is c?</h2>"
    found = read(html.encode(encoding), "a.html", Given("Title", "Acme", "Engineer"))
    assert [question.question for question in found.questions] == ["What is ä-b?", "What is c?"]


@pytest.mark.parametrize(
    ("sign", "end"), [("<a ", ">"), ("<a b='", ">"), ("<!-- a> ", "-->"), ("</", ">")]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_page_whose_tags_or_comments_do_not_end_is_an_error_at_once(
    run: Run, tmp_path: Path, sign: str, end: str, encoding: str
) -> None:
    text = f"<!doctype html>\n<p>Why?</p>\n{sign * 100_000}"
    (tmp_path / "page.html").write_text(text, encoding=encoding)
    began = time.monotonic()
    ran = run("import", "page.html")
    assert time.monotonic() - began < 20
    assert ran.code == 1
    assert "page.html:3: error: found more than 100 " in ran.err
    assert f" and no {end!r} after them: expected a page of HTML, saved whole" in ran.err


def test_a_page_that_was_cut_off_is_read() -> None:
    data = b"<p>Why?</p>\n<!-- a <!-- b < c <a href='"
    first, *_ = html_lines(data, "page.html")
    assert first.text == "Why?"
