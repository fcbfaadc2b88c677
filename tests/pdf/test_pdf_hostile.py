"""Texts nobody would write: they print, within the margins, as a valid file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import page
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdf_guides import Printed, full_question, guide, md
from test_pdf_print import assert_within_margins

from deckgen.exporters.pdf import PdfExporter, PdfOptions
from deckgen.model import FollowUp

PARTS = [
    "# ", "- ", "1. ", "> ", "```", "\n", "\n\n", "    ", "| a | b |\n|---|---|\n", "|", "`", "**",
    "*", "~~", "$", "$$", "[x](https://example.com)", "![a](b)", "<br>", "<sub>", "</sub>",
    "<!-- -->", "\\", "{", "}", ") 12 (", "%s", "λ", "日", "🎉", "word", "word word word", "x" * 80,
    "---\n", "- [ ] ", "\x00", "\u202e", "(", ")", "\ud800", "a.b/c_d-e", r"\frac{1}{2}", "&amp;",
    "<b>", "  \n", "e\u0301",
]  # fmt: skip

texts = st.lists(st.sampled_from(PARTS), min_size=1, max_size=40).map("".join)
questions = st.fixed_dictionaries(
    {
        "question": texts,
        "answer": texts,
        "hint": texts,
        "key_points": st.tuples(texts, texts),
        "category": texts,
        "tags": st.tuples(texts),
        "follow_ups": texts.map(lambda text: (FollowUp(question=md(text), answer=md(text)),)),
    }
)
options = st.builds(
    PdfOptions,
    paper=st.sampled_from(["a4", "letter"]),
    answers=st.sampled_from(["inline", "end", "none"]),
    color=st.booleans(),
)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(asked=st.lists(questions, min_size=1, max_size=4), title=texts, chosen=options)
def test_any_text_is_printed(
    tmp_path: Path, asked: list[dict[str, Any]], title: str, chosen: PdfOptions
) -> None:
    made = guide(*(full_question(n, **q) for n, q in enumerate(asked, 1)), title=title)
    path = tmp_path / "any.pdf"
    PdfExporter(chosen, lambda problem: None).export(made, path)
    assert_within_margins(Printed(path, []))
    report = page.validate_pdf(path, profile=page.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, [(f.rule_id, f.message) for f in report.failures]
