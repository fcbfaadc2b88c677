"""Fonts: embedded, falling back character by character, and read back as they were written."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pikepdf
import pytest
from pdf_guides import Printed, full_question, guide, question

Print = Callable[..., Printed]


def fonts(printed: Printed) -> list[pikepdf.Object]:
    found = {}
    for page in printed.pike.pages:
        for font in page.Resources.get("/Font", {}).values():
            found[str(font.BaseFont)] = font
    return list(found.values())


def test_every_font_is_embedded_and_no_standard_one_is_used(print_guide: Print) -> None:
    answer = (
        "`code` *slant* **bold** → ∑ λ ☑ 𝔸\n\n```python\n# note\nif x: pass\n```\n\n|a|\n|-|\n|b|"
    )
    printed = print_guide(guide(full_question(answer=answer)))
    assert len(fonts(printed)) > 5
    for font in fonts(printed):
        assert "/FontFile2" in font.FontDescriptor, font.BaseFont
        assert "Helvetica" not in str(font.BaseFont)


@pytest.mark.parametrize(
    "text",
    [
        "Ελληνικά: αβγδεζηθικλμνξοπρστυφχψω",
        "Русский: съешь ещё этих мягких булок",
        "Čeština, Türkçe, Tiếng Việt, Íslenska",
        "arrows ← ↑ → ↓ ↔ ⇐ ⇒ ⇔ ↦ ⟶",
        "mathematics ∀ ∃ ∈ ∉ ∑ ∏ ∫ √ ∞ ≈ ≠ ≤ ≥ ⊂ ∪ ∩ ⊕ ¬ ∧ ∨",
        "boxes ┌─┬─┐ │ ├─┼─┤ └─┴─┘ ═ ║ ▒ ▓ █ ■ □",
        "signs ✓ ✗ ☐ ☑ ★ ⚠ ① ② € £ ¥ § ¶ † ‡ … “ ” ‘ ’ – —",
        "letters beyond the first plane 𝔸 𝑥 𝟙",
        "sub and super x₂ y³ aⁿ ½ ⅓",
    ],
)
def test_these_characters_are_drawn_and_read_back(print_guide: Print, text: str) -> None:
    answer = f"{text}\n\n*{text}*\n\n**{text}**\n\n`{text}`"
    printed = print_guide(guide(question(1, answer=answer)))
    assert printed.warnings == []
    # PDFium leaves out single spaces between wide signs.
    assert printed.text.replace(" ", "").count(text.replace(" ", "")) == 4


def test_a_character_that_no_font_has_is_spelt_out_with_a_warning(print_guide: Print) -> None:
    printed = print_guide(guide(question(1, answer="Tokyo is 𓀀𓀁, is it not?")))
    assert "Tokyo is [U+13000][U+13001], is it not?" in printed.text
    [first, second] = printed.warnings
    assert first.message == (
        "question 'question-1': no font can draw U+13000 𓀀 (EGYPTIAN HIEROGLYPH A001)"
    )
    assert "U+13001" in second.message


def test_a_missing_character_is_reported_wherever_it_stands(print_guide: Print) -> None:
    printed = print_guide(
        guide(question(1, answer="```\n𓀀\n```"), question(2, category="Kyoto 𓀀"), title="𓀀")
    )
    subjects = {warning.message.split(":")[0] for warning in printed.warnings}
    assert {"question 'question-1'", "question 'question-2'", "the guide"} <= subjects


def test_letters_with_separate_accents_are_composed(print_guide: Print) -> None:
    decomposed = unicodedata.normalize("NFD", "Škoda café")
    printed = print_guide(guide(question(1, answer=decomposed)))
    assert "Škoda café" in printed.text
    assert printed.warnings == []


def test_invisible_characters_leave_no_boxes(print_guide: Print) -> None:
    printed = print_guide(guide(question(1, answer="one\u200btwo three\ufe0f fo\u200dur")))
    assert "onetwo three four" in printed.text
    assert printed.warnings == []


def test_kerned_text_reads_back_as_words(print_guide: Print) -> None:
    words = "AVATAR To Ty We VAT, 11 f(x) \\(y\\) a\\\\b"
    assert (
        "AVATAR To Ty We VAT, 11 f(x) (y) a\\b"
        in print_guide(guide(question(1, answer=words))).text
    )


def test_no_code_of_a_font_stands_for_nothing(print_guide: Print) -> None:
    printed = print_guide(guide(full_question(answer="𝔸 → λ")))
    tables = [font.ToUnicode.read_bytes().decode() for font in fonts(printed)]
    assert all("<0000>" not in table for table in tables)
    assert any("<d835dd38>" in table.lower() for table in tables)
