"""Quotation marks and apostrophes, as they are printed."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdf_guides import Printed, guide, question

from deckgen.exporters.pdf import styles
from deckgen.exporters.pdf.quotes import curled
from deckgen.exporters.pdf.styles import Style
from deckgen.exporters.pdf.text import Run

BODY = styles.BODY.style


def printed(*parts: str | tuple[str, Style], language: str = "en") -> str:
    runs = [Run(part, BODY) if isinstance(part, str) else Run(*part) for part in parts]
    return "".join(run.text for run in curled(runs, language))


@pytest.mark.parametrize(
    ("written", "set"),
    [
        ("He said \"don't\" and 'no'.", "He said “don’t” and ‘no’."),
        ("'Why didn't you?': a talk", "‘Why didn’t you?’: a talk"),
        ("\"'Now' is late\", she said", "“‘Now’ is late”, she said"),
        ("devices' caches since the '90s", "devices’ caches since the ’90s"),
        ('("quoted")—"again"', "(“quoted”)—“again”"),
        ('a 27" screen, 5\' 3" tall', 'a 27" screen, 5\' 3" tall'),
        ("an 'arm' and 6' of rope", "an ‘arm’ and 6' of rope"),
        ('a stray" mark', 'a stray" mark'),
        ('key="value", "open', 'key="value", “open'),
        ("see en.wikipedia.org/wiki/Amdahl's_law", "see en.wikipedia.org/wiki/Amdahl's_law"),
    ],
)
def test_quotation_marks_are_a_printers(written: str, set: str) -> None:
    assert printed(written) == set


def test_marks_around_words_in_another_style_are_set_and_code_is_left() -> None:
    code = BODY.but(family="mono")
    italic = BODY.but(italic=True)
    text = printed('say "', ("it's", italic), '" to ', ('x["a"]', code), "'s owner")
    assert text == 'say “it’s” to x["a"]’s owner'


def test_other_languages_have_their_apostrophes_set_alone() -> None:
    assert printed("l'eau n'est pas \"ça\"", language="fr") == 'l’eau n’est pas "ça"'
    assert printed('צה"ל', language="he") == 'צה"ל'
    assert printed("צ'יפס", language="he") == "צ'יפס"
    assert printed("м'яч", language="uk") == "м’яч"
    assert printed("l'", ("eau", BODY.but(italic=True)), language="fr") == "l’eau"
    address = "https://fr.wikipedia.org/wiki/L'Étranger"
    assert printed(f"l'article {address}", language="fr") == f"l’article {address}"


@pytest.mark.parametrize("text", ['"' * 100_000, "a.b'" * 4_000])
def test_marks_in_a_word_of_any_length_take_no_longer_than_elsewhere(text: str) -> None:
    start = process_time()
    printed(text)
    assert process_time() - start < 1


@given(st.lists(st.tuples(st.text("ab' \"([/.1\n", max_size=8), st.booleans()), max_size=5))
def test_only_marks_are_changed_and_none_is_lost(written: list[tuple[str, bool]]) -> None:
    code = BODY.but(family="mono")
    runs = [Run(text, code if mono else BODY) for text, mono in written]
    for before, after in zip(runs, curled(runs, "en"), strict=True):
        assert before._replace(text="") == after._replace(text="")
        straightened = re.sub("[‘’]", "'", re.sub("[“”]", '"', after.text))
        assert straightened == before.text
        assert before.style is BODY or after is before


def test_the_whole_guide_has_them_but_its_code_and_addresses(
    print_guide: Callable[..., Printed],
) -> None:
    title = 'What\'s "exactly once"?'
    answer = f"{title} `it's`\n\n| {title} |\n|---|\n| 'cell' |\n\n<https://a.example/o's/b>"
    made = print_guide(guide(question(1, question=title, category="Amdahl's law", answer=answer)))
    assert made.text.count("What’s “exactly once”?") >= 5  # its entries in contents and index, too
    assert "‘cell’" in made.text
    assert "Amdahl’s law" in made.text
    assert "it's" in made.text
    assert "a.example/o's/b" in made.text
    assert "What's" not in made.text
