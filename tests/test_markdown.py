"""Markdown -> values. A case is a file in cases/markdown: a text, and what it parses to."""

from __future__ import annotations

import pickle
import re
from itertools import pairwise
from pathlib import Path
from pprint import pformat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases_files import CASES, check_expected, read_parts
from deckgen.markdown import (
    ClozeText,
    CodeBlock,
    Gap,
    Image,
    Link,
    List,
    Markdown,
    Math,
    Paragraph,
    Text,
    inline_text,
    walk,
)
from deckgen.markdown_parser import _parse, parse
from deckgen.markdown_pieces import WORDS_ALONE
from deckgen.remarks import may_be_warned_of
from deckgen.texts import MAX_DEPTH

FILES = sorted((CASES / "markdown").glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_parses_as_the_case_file_says(path: Path, request: pytest.FixtureRequest) -> None:
    parts = read_parts(path)
    parsed = parse(parts["text"], clozes=path.stem.startswith("cloze"))
    found = "".join(f"{pformat(value, width=96)}\n" for value in (*parsed.blocks, *parsed.remarks))
    check_expected(path, parts, found, update=request.config.getoption("--update-cases"))


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("$x$", ["x"]),
        ("costs $5 and $6", []),
        ("$ x$ and $x $", []),
        ("$x$5", []),
        ("2$x$", ["x"]),
        (r"\$x$", []),
        (r"$a\$b$", [r"a\$b"]),
        ("$a\nb$", []),
        ("$$a\nb$$", ["a\nb"]),
        ("$a*b$ and $c*d$", ["a*b", "c*d"]),
        ("`$x$`", []),
    ],
)
def test_finds_math_between_dollars_and_nowhere_else(text: str, formulas: list[str]) -> None:
    blocks = parse(text).blocks
    found = [part.tex for part in walk(blocks) if hasattr(part, "tex")]
    assert found == formulas


def test_math_false_leaves_every_dollar_alone() -> None:
    assert parse("$x$ and $$y$$", math=False).blocks == (Paragraph((Text("$x$ and $$y$$"),)),)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "data:x", "#a", "b/c"]
)
def test_links_that_lead_nowhere_safe_become_text_with_a_warning(url: str) -> None:
    parsed = parse(f"see [this]({url})")
    assert parsed.blocks == (Paragraph((Text("see this"),)),)
    assert [(r.warning, r.name) for r in parsed.remarks] == [(True, "link-target")]


@pytest.mark.parametrize(
    "text", ["> " * 100 + "x", "- " * 100 + "x", "*a _b " * 200 + "c" + "_ *" * 200]
)
def test_nesting_without_end_is_an_error_and_not_a_crash(text: str) -> None:
    remarks = parse(text).remarks
    assert [r.warning for r in remarks] in ([False], [])
    deep = any("nested" in r.message for r in remarks)
    assert deep or len(list(walk(parse(text).blocks))) < 10 * len(text)


def test_twelve_deep_lists_are_kept_whole() -> None:
    text = "\n".join("  " * depth + f"- level {depth}" for depth in range(12))
    words = Markdown(text).plain
    assert words == " ".join(f"level {depth}" for depth in range(12))


def test_the_parse_is_kept_and_travels_to_other_processes() -> None:
    text = Markdown("some *text*")
    assert text.blocks is text.blocks
    copy = pickle.loads(pickle.dumps(text))  # noqa: S301 - our own bytes
    assert copy == text
    assert copy._kept == text._parsed


def test_code_in_a_cloze_may_hold_what_would_end_it() -> None:
    (paragraph,) = ClozeText("{{c1::`std::map<a, {{b}}>`::type}}").blocks
    (gap,) = paragraph.content
    assert isinstance(gap, Gap)
    assert gap.hint == "type"
    assert ClozeText("{{c1::`a::b}}`}}").plain == "a::b}}"


@pytest.mark.parametrize(
    ("text", "hidden", "hint"),
    [
        (r"{{c1::a\}}}}", "a}}", ""),
        (r"{{c1::{a\}}}", "{a}", ""),
        (r"{{c1::a \}} b}}", "a }} b", ""),
        (r"{{c1::std\::::hint}}", "std::", "hint"),
        (r"{{c1::std\:::hint}}", "std:", "hint"),
        (r"{{c1::a::std\::b \}} c}}", "a", "std::b }} c"),
        (r"{{c1::a::b\}}}}", "a", "b}}"),
    ],
)
def test_a_backslash_makes_a_delimiter_literal_beside_a_true_one_and_in_hints(
    text: str, hidden: str, hint: str
) -> None:
    (paragraph,) = ClozeText(text).blocks
    assert isinstance(paragraph, Paragraph)
    (gap,) = paragraph.content
    assert isinstance(gap, Gap)
    assert (inline_text(gap.content), gap.hint) == (hidden, hint)


def test_tabs_in_code_are_four_columns_and_line_ends_are_gone() -> None:
    (block,) = parse("```\n\tx\n\n```").blocks
    assert isinstance(block, CodeBlock)
    assert ["".join(t.text for t in line) for line in block.lines] == ["    x"]


@pytest.mark.parametrize(
    ("language", "code"), [("haxe", "d$"), ("inform6", '"a\n\nb"'), ("racket", '"""a"""')]
)
def test_a_lexers_empty_tokens_part_no_others(language: str, code: str) -> None:
    (block,) = parse(f"```{language}\n{code}\n```").blocks
    assert isinstance(block, CodeBlock)
    for line in block.lines:
        assert all(one.style != other.style for one, other in pairwise(line))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("$x$ `⠿⠿⠿`", "x ⠿⠿⠿"),
        ("$x$\n```\n⠿⠁ &#x2801; <b>\n```", "x ⠿⠁ &#x2801; <b>"),
        ("<b>\n\n    ⠁⠂⠃", "<b> ⠁⠂⠃"),
        ("~ ⠁ [⠂](<https://a.example/&#x2801;&#x2801;&#x2801;>)", "~ ⠁ ⠂"),
        (r"~ \&#x2801; \\&#x2801;&#10242;", r"~ &#x2801; \⠁⠂"),
    ],
)
def test_a_texts_own_braille_is_never_taken_for_a_piece(text: str, plain: str) -> None:
    assert " ".join(Markdown(text).plain.split()) == plain
    assert " ".join(ClozeText(text).plain.split()) == plain


@pytest.mark.parametrize(
    "text",
    ["# a\n<!-- x -->\nb", "# a\nb <!-- x -->", "# a\n<!-- x\n-->\n<!-- y -->\nb <!-- z -->"],
)
def test_a_comment_leaves_no_space_at_the_edge_of_a_paragraph(text: str) -> None:
    assert parse(text).blocks[1:] == (Paragraph((Text("b"),)),)


@pytest.mark.parametrize("label", ["$x$", "a <b>", "⠁⠂⠃ ~", "<sub>i</sub>"])
def test_a_link_finds_its_target_whatever_is_in_its_label(label: str) -> None:
    parsed = parse(f"[{label}]\n\n[{label}]: https://a.example")
    assert [part.url for part in walk(parsed.blocks) if isinstance(part, Link)] == [
        "https://a.example"
    ]


def test_image_paths_may_or_may_not_name_the_media_folder() -> None:
    for written in ("a b.png", "media/a b.png"):
        images = [p for p in walk(parse(f"![x](<{written}>)").blocks) if isinstance(p, Image)]
        assert [image.source for image in images] == ["a b.png"]


def test_the_words_alone_have_no_soft_hyphens() -> None:
    text = Markdown("Daten\u00adbank **Ver\u00adwal\u00adtung**")
    assert text.plain == "Datenbank Verwaltung"
    assert isinstance(text.blocks[0], Paragraph)
    assert text.blocks[0].content[0] == Text("Daten\u00adbank ")  # exporters have them


def test_tasks_are_items_that_are_done_or_not() -> None:
    (tasks,) = parse("- [x] a\n- [ ] b\n- [y] c").blocks
    assert isinstance(tasks, List)
    assert [item.done for item in tasks.items] == [True, False, None]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300), st.booleans(), st.booleans())
def test_no_text_makes_the_parser_fail(text: str, math: bool, clozes: bool) -> None:
    parsed = parse(text, math=math, clozes=clozes)
    list(walk(parsed.blocks))


MARKS = st.text(alphabet="*_`~[]()!<>$\\{}c1:|-\n #a.\"'/&;=+", max_size=80)


@given(MARKS, st.booleans())
def test_no_mixture_of_marks_makes_the_parser_fail(text: str, clozes: bool) -> None:
    parsed = parse(text, clozes=clozes)
    list(walk(parsed.blocks))
    assert isinstance(Markdown(text).plain, str)


@given(st.text(alphabet="abc xyz.,;!?", min_size=1).filter(str.strip))
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert Markdown(text).plain == " ".join(text.split())


@settings(max_examples=1000)
@given(st.from_regex(WORDS_ALONE, fullmatch=True), st.booleans(), st.booleans())
def test_words_alone_are_what_the_parser_makes_of_them(text: str, math: bool, clozes: bool) -> None:
    assert parse(text, math=math, clozes=clozes) == _parse(text, math, clozes)


@settings(max_examples=400)
@given(
    st.from_regex(WORDS_ALONE, fullmatch=True),
    st.sampled_from(["{{c1::W}}", "W {{c1::W::hint}}s", "- {{c1::*a* {{c2::W}}}}", "`{{c1::W}}`"]),
)
def test_words_alone_are_hidden_as_the_parser_would_have_them(words: str, text: str) -> None:
    source = text.replace("W", words)
    with pytest.MonkeyPatch.context() as patch:
        short = parse(source, clozes=True)
        for module in ("parser", "pieces"):
            patch.setattr(f"deckgen.markdown_{module}.WORDS_ALONE", re.compile("(?!)"))
        assert parse(source, clozes=True) == short


MARKED = [
    "_b_",
    "*b*",
    "`b`",
    "~~b~~",
    "$b$",
    "[b](c:d)",
    "<br>",
    "&lt;",
    "&#35;",
    "\\*",
    "http://b",
]
BEGUN = ["a", " ", ". ", "- ", "1. ", "# ", "\n", "\t", "é", "\x00", "{{c1::b}}", "<!--b-->"]


@settings(max_examples=1000)
@given(st.lists(st.sampled_from(MARKED + BEGUN), max_size=4).map("".join))
def test_what_is_more_than_words_is_parsed(text: str) -> None:
    assert parse(text, clozes=True) == _parse(text, True, True)


def test_the_level_limit_is_what_the_message_says() -> None:
    fits = "> " * (MAX_DEPTH) + "x"
    assert parse(fits).remarks == ()
    assert Math("x") == Math("x", display=False)


WARNED = [
    "```zz\nx\n```\n",
    "~~~ zz\nx\n~~~\n",
    "[a](/b)",
    "![a](b)",
    "<xx:y>",
    "[a]: /b",
    "``",
    "~~",
    "x",
    "\n",
]


@given(st.one_of(MARKS, st.lists(st.sampled_from(WARNED), max_size=5).map("".join)), st.booleans())
def test_what_no_warning_can_be_about_gets_none(source: str, clozes: bool) -> None:
    """`check.warnings` leaves such texts unparsed."""
    if any(remark.warning for remark in parse(source, clozes=clozes).remarks):
        assert may_be_warned_of(source)
