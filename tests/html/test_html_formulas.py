"""Formulas as MathML, which the browser sets; what cannot be set is shown as it was written."""

from __future__ import annotations

import pytest
from html_browser import Reader
from html_pages import Pages

from deckgen.exporters.html.mathml import FormulaError, mathml


@pytest.fixture
def formulas(pages: Pages, reader: Reader) -> Reader:
    pages.questions = pages.questions[1:2]
    pages.questions[0]["answer"] = (
        r"So $O(n + v \log v)$, $\frac{1}{2}$ and $a < b$." + "\n\n$$\\sum_{i=1}^{n} x_i$$"
    )
    reader.open(pages.make())
    reader.click("#unfold")
    assert pages.warnings == []
    return reader


def test_a_browser_sets_them_in_the_line_and_on_their_own(formulas: Reader) -> None:
    found = formulas.run(
        "[...document.querySelectorAll('math')].map((each) => [each.namespaceURI,"
        "getComputedStyle(each).display, each.getBoundingClientRect().height > 10])"
    )
    space = "http://www.w3.org/1998/Math/MathML"
    assert found == [*[[space, "math", True]] * 3, [space, "block math", True]]
    fraction = formulas.run(
        "[...document.querySelectorAll('mfrac > *')]"
        ".map((each) => each.getBoundingClientRect().top)"
    )
    assert fraction[0] < fraction[1]


def test_their_tex_can_be_searched_but_is_not_seen(formulas: Reader) -> None:
    assert "\\frac" not in formulas.text("article")
    formulas.type("\\frac{1}{2}")
    assert len(formulas.shown) == 1


def test_the_name_of_a_function_keeps_its_distance() -> None:
    spaces = mathml(r"O(n + v \log v)").count("mspace width")
    assert spaces == 2
    assert mathml(r"\log(n)").count("mspace width") == 0
    assert mathml(r"k \log_2 n").count("mspace width") == 2


@pytest.mark.parametrize(
    "tex", [r"\nosuch{x}", "x_{", "", r"\newcommand{\a}{\a\a}\a", r"\left(", "{" * 5000]
)
def test_what_is_no_formula_is_one_error(tex: str) -> None:
    with pytest.raises(FormulaError, match=r"."):
        mathml(tex)


def test_a_formula_that_cannot_be_set_is_shown_as_written_and_reported(
    pages: Pages, reader: Reader
) -> None:
    pages.questions[0]["answer"] = r"Here: $\nosuch{x}$."
    reader.open(pages.make())
    reader.click("#unfold")
    assert r"Here: \nosuch{x}." in reader.text("article")
    (warning,) = pages.warnings
    assert r"the formula $\nosuch{x}$ is shown as it is written: \nosuch is not known" in warning
    assert "all.yaml:1:3" in warning


UNWANTED = {
    "an element": (r"\text{<script>x</script>}", "&lt;script&gt;x&lt;/script&gt;</mtext>"),
    "an entity": (r"\text{&lt;b&gt;}", "<mtext>&lt;b&gt;</mtext>"),
    "a style": (r"\style{color:red}{x}", "<mi>x</mi>"),
    "a class": (r"\class{skip}{x}", "<mi>x</mi>"),
    "an address": (r"\href{javascript:x}{y}", "<mi>y</mi>"),
    "a colour": (r"\color{red}{x}", "<mi>x</mi>"),
}


@pytest.mark.parametrize(("tex", "said"), UNWANTED.values(), ids=UNWANTED)
def test_nothing_but_mathematics_comes_out(tex: str, said: str) -> None:
    html = mathml(tex)
    assert said in html
    shown = html.split("<annotation")[0]
    for word in ("style", "class", "href", "red", "<script", "<b>"):
        assert word not in shown.replace("mstyle", ""), word
