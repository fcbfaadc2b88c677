"""Which texts are parsed to be checked: none that is left out may be wrong."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckgen import markdown
from deckgen.markdown import Gap, walk
from deckgen.markdown_parser import parse
from deckgen.remarks import SIMPLE_CLOZE, _depth, _is_shallow, may_be_wrong
from deckgen.texts import MAX_DEPTH


@settings(max_examples=400)
@given(
    st.lists(st.sampled_from([*"ab 1.-*_~|>#&:{}`\n", "`a`", "`` ` ``"]), max_size=12),
    st.sampled_from(["c1", "c20", "c0", "c1,2"]),
)
def test_a_cloze_that_is_not_parsed_to_be_checked_is_one(around: list[str], number: str) -> None:
    before, within = ("".join(around[at::2]) for at in (0, 1))
    text = before + "{{" + number + "::" + within + "}} " + before + within
    if SIMPLE_CLOZE.fullmatch(text):
        parsed = parse(text, clozes=True)
        assert any(isinstance(part, Gap) for part in walk(parsed.blocks))
        assert all(remark.warning for remark in parsed.remarks)


def test_a_cloze_beside_code_needs_no_parser_to_be_checked() -> None:
    assert SIMPLE_CLOZE.fullmatch("Of `code`, {{c1::this}} and `other code`.")


@settings(max_examples=400)
@given(
    st.lists(
        st.sampled_from(["*", "_a", "**a ", ">", "> ", "-  ", "-\t", "1. ", "a|", "\n"]), max_size=3
    ),
    st.integers(10, 80),
    st.sampled_from(
        ["a", "a\n", "\na", "a\n\nb", "a<!--\n\n-->b", "[a](http://b)", "\n\t\t- - *a*", "![a](b)"]
    ),
)
def test_a_text_that_is_not_parsed_to_be_checked_has_no_error(
    marks: list[str], times: int, between: str
) -> None:
    closing = [mark[::-1] for mark in reversed(marks)]
    text = markdown.Markdown("".join([*marks * times, between, *closing * times]))
    if not may_be_wrong(text):
        assert all(remark.warning for remark in text.remarks)
        assert not any(isinstance(part, markdown.Image) for part in walk(text.blocks))


@settings(max_examples=400)
@given(
    st.lists(st.sampled_from(["*" * 9, "_a" * 9, "> " * 7, "- " * 8, "\t", "\n", "\n\n", "<!--"])),
    st.integers(1, 3),
)
def test_a_glance_takes_nothing_deep_for_shallow(parts: list[str], times: int) -> None:
    text = "".join(parts) * times
    if _is_shallow(text):
        found = [text] if "<!--" in text else re.split(r"\n[ \t]*\n", text)
        assert all(_depth(part.expandtabs(4)) <= MAX_DEPTH for part in found)


WIDTHS = (7, 5, 4, 3, 2, 1, 2, 1)  # no line begins with 16 marks and tabs
STAIRS = "\n".join(
    "\t" * (sum(WIDTHS[:n]) // 2) + "  " * (sum(WIDTHS[:n]) % 2) + "- " * width + "x\n"
    for n, width in enumerate(WIDTHS)
)


@pytest.mark.parametrize(
    "text",
    [
        "a *b _" * 16 + "[a](http://b)" + "_ b* a" * 16,
        STAIRS.removesuffix("x\n") + "*a _b " * 5 + "c_ d* " * 5,  # a tab is two levels
        "*a <!--\n\n-->" * 17 + "_b " * 17 + "c_ " * 17 + "d* " * 17,
    ],
)
def test_what_is_too_deep_is_parsed_to_be_checked(text: str) -> None:
    assert may_be_wrong(markdown.Markdown(text))
    assert "nested more than 32 deep" in markdown.Markdown(text).remarks[0].message


@pytest.mark.parametrize(
    "text", ["> " * 33 + "{{c1::a}}", "*a _b " * 17 + "{{c1::a}}" + "_ b*" * 17]
)
def test_a_cloze_that_is_too_deep_is_parsed_to_be_checked(text: str) -> None:
    assert SIMPLE_CLOZE.fullmatch(text)
    assert may_be_wrong(markdown.ClozeText(text))
    assert "nested more than 32 deep" in markdown.ClozeText(text).remarks[0].message
