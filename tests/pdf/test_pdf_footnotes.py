"""Footnotes: where a text links to, on the same page as its words, for those who read on paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import page
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_guides import Printed, guide, md, question

from deckgen.exporters.pdf import PdfExporter, PdfOptions
from deckgen.model import FollowUp, Guide, Link

Print = Callable[..., Printed]

WORDS = "Words that fill the lines of an answer stand here. "


def link(number: int) -> str:
    return f"[word{number:04d}](https://www.example.org/page/{number:04d}/)"


def address(number: int) -> str:
    return f"example.org/page/{number:04d}"


def notes_of(text: str) -> list[tuple[int, str]]:
    """The notes on a page, by number, from its text."""
    found = re.findall(r"(?<!\S)(\d+) ((?:example\.org|docs\.)\S+)", text)
    return [(int(number), address) for number, address in found]


def words_on(text: str) -> set[str]:
    """The links with a mark; those without one are in the contents."""
    return set(re.findall(r"word(\d{4}) ?\d", text))


def addresses_on(text: str) -> set[str]:
    return set(re.findall(r"example\.org/page/(\d{4})", text))


def assert_below_their_words(printed: Printed) -> None:
    """On every page each link has its address, and the addresses stand below all the text that
    has links, inside the margins."""
    for number, (text, page_) in enumerate(zip(printed.pages, printed.pdfium, strict=True), 1):
        assert words_on(text) <= addresses_on(text), f"page {number}"
        shown = page_.get_textpage()
        raw = shown.get_text_range()
        boxes = {
            kind: [
                shown.get_charbox(index)
                for match in re.finditer(pattern, raw)
                for index in range(*match.span())
            ]
            for kind, pattern in (
                ("text", r"word\d{4}(?=\s?\d)"),
                ("notes", r"example\.org/page/\d{4}"),
            )
        }
        if boxes["notes"]:
            assert min(low for _, low, _, _ in boxes["notes"]) > 60
            if boxes["text"]:
                lowest = min(low for _, low, _, _ in boxes["text"])
                assert max(high for *_, high in boxes["notes"]) < lowest, f"page {number}"


def conforms(printed: Printed) -> None:
    report = page.validate_pdf(printed.path, profile=page.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, [(f.rule_id, f.message) for f in report.failures]


# ------------------------------------------------------------------------------------ numbers


def test_a_link_has_a_number_and_its_address_at_the_foot_of_the_page(print_guide: Print) -> None:
    answer = "See [the talk](https://www.example.org/talk/) and [the paper](https://example.org/p)."
    printed = print_guide(guide(question(1, answer=answer)))
    text = printed.pages[printed.page_with("See the talk")]
    assert "Seethetalk1andthepaper2." in text.replace(" ", "")
    assert notes_of(text) == [(1, "example.org/talk"), (2, "example.org/p")]


def test_numbers_run_through_a_chapter_and_begin_anew_in_the_next(print_guide: Print) -> None:
    questions = [
        question(1, answer=link(1)),
        question(2, answer=WORDS * 100 + link(2)),
        question(3, answer=link(3), round="onsite"),
    ]
    text = print_guide(guide(*questions)).text
    assert notes_of(text) == [(1, address(1)), (2, address(2)), (1, address(3))]


def test_every_text_of_guide_round_and_question_has_footnotes(print_guide: Print) -> None:
    made = guide(
        question(
            1,
            question=f"Why {link(2)}?",
            hint=link(3),
            key_points=(link(4), "Second"),
            answer=f"{link(5)}\n\n> {link(6)}\n\n1. {link(7)}\n   - {link(8)}\n\n# {link(9)}\n\n"
            f"| {link(10)} | b |\n| --- | --- |\n| {link(11)} | x {link(12)} |",
            strong=(link(13),),
            follow_ups=(FollowUp(question=md(link(14)), answer=md(link(15))),),
            pitfalls=(link(16),),
        ),
        summary=md(f"How it goes: {link(20)}."),
    )
    [phone, onsite] = made.rounds
    phone = replace(
        phone, summary=md(link(21)), focus=(md(link(22)),), tips=(md(link(23)),),
        pitfalls=(md(link(24)),), ask=(md(link(25)),), brief=(md(link(26)),),
    )  # fmt: skip
    printed = print_guide(replace(made, rounds=(phone, onsite)))
    assert_below_their_words(printed)
    assert len(words_on(printed.text)) == 22
    conforms(printed)


def test_with_gathered_answers_notes_stand_where_the_links_do(print_guide: Print) -> None:
    made = guide(*(question(n, question=f"Why {link(n)}?", answer=link(n + 50)) for n in (1, 2)))
    for answers, count in (("end", 4), ("none", 2)):
        printed = print_guide(made, answers=answers)
        assert_below_their_words(printed)
        assert len(words_on(printed.text)) == count


def test_one_address_has_one_note_on_each_page_where_a_question_links_to_it(
    print_guide: Print,
) -> None:
    answer = f"First {link(1)}, then {link(2)}, again {link(1)}. {WORDS * 150}\n\nLast {link(1)}."
    printed = print_guide(guide(question(1, answer=answer), question(2, answer=link(1))))
    first = printed.pages[printed.page_with("First word")]
    assert "Firstword00011,thenword00022,againword00011." in first.replace(" ", "")
    assert notes_of(first) == [(1, address(1)), (2, address(2))]
    last = printed.page_with("Last word00011")
    assert printed.pages[last] != first
    assert (1, address(1)) in notes_of(printed.pages[last])
    assert (3, address(1)) in notes_of(printed.text)
    conforms(printed)


@pytest.mark.parametrize(
    "text",
    [
        "<https://www.example.org/plain>",
        "[example.org/plain](https://example.org/plain/)",
        "<someone@example.org>",
        "<https://example.org/caf%C3%A9>",
    ],
)
def test_words_that_are_an_address_need_no_note(print_guide: Print, text: str) -> None:
    assert not notes_of(print_guide(guide(question(1, answer=text))).text)


def test_a_mail_address_is_noted(print_guide: Print) -> None:
    printed = print_guide(guide(question(1, answer="[Write](mailto:docs.team@example.org)")))
    assert notes_of(printed.text) == [(1, "docs.team@example.org")]


def test_references_keep_their_addresses_beside_them(print_guide: Print) -> None:
    paper = Link(title="A paper", url="https://example.org/paper")
    printed = print_guide(guide(question(1, references=(paper,))))
    assert "A paper example.org/paper" in printed.text
    assert not notes_of(printed.text)


# --------------------------------------------------------------------------------------- room


def crowded() -> dict[str, str]:
    rows = "".join(f"| row {n} {link(n)} | {'cell ' * (n % 40)}|\n" for n in range(90))
    return {
        "a paragraph of 200 links": " ".join(link(n) for n in range(200)),
        "a table over pages, a link in its head": f"| {link(900)} | b |\n|---|---|\n{rows}",
        "quotes over pages": "\n".join(f"> {WORDS * 8}{link(n)}\n>" for n in range(30)),
        "a list over pages": "\n".join(f"- {link(n)} {WORDS * (n % 5)}" for n in range(90)),
        "long paragraphs": "\n\n".join(f"{WORDS * (n % 17)}{link(n)}" for n in range(60)),
        "columns of links": "| a | b | c |\n|---|---|---|\n"
        + "".join(f"| {link(n)} | {link(n + 1)} | {link(n + 2)} |\n" for n in range(0, 240, 3)),
    }


@pytest.mark.parametrize("name", crowded())
def test_notes_have_their_room(print_guide: Print, name: str) -> None:
    text = crowded()[name]
    printed = print_guide(guide(question(1), question(2, answer=text)))
    assert_below_their_words(printed)
    linked = set(re.findall(r"\[word(\d{4})", text))
    assert linked == words_on(printed.text) == addresses_on(printed.text)
    conforms(printed)


def test_a_line_with_more_notes_than_a_page_holds_loses_none(print_guide: Print) -> None:
    tails = {n: f"{n:04d}/{'segment-' * 60}end{n:04d}" for n in range(50)}
    text = " ".join(f"[x](https://example.org/page/{tail})" for tail in tails.values())
    printed = print_guide(guide(question(1, answer=text), question(2, answer=WORDS * 50)))
    found = "".join(printed.text.split())
    for n in tails:
        assert f"end{n:04d}" in found
    assert addresses_on(printed.text) == {f"{n:04d}" for n in range(50)}
    for page_ in printed.pdfium:
        shown = page_.get_textpage()
        assert all(shown.get_charbox(n)[1] > 30 for n in range(shown.count_chars()))
    conforms(printed)


@settings(max_examples=25, deadline=None)
@given(
    parts=st.lists(
        st.tuples(
            st.sampled_from(["", "> ", "- ", "1. ", "## "]),
            st.integers(0, 12),
            st.integers(0, 9),
        ),
        min_size=1,
        max_size=60,
    )
)
def test_wherever_links_stand_their_notes_do_too(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[str, int, int]]
) -> None:
    number = 0
    blocks = []
    for prefix, words, links in parts:
        blocks.append(prefix + WORDS * words + " ".join(link(number + n) for n in range(links)))
        number += links
    path = tmp_path_factory.mktemp("notes") / "guide.pdf"
    made = guide(question(1, answer="\n\n".join(blocks)))
    PdfExporter(PdfOptions(), lambda _: None).export(made, path)
    printed = Printed(path, [])
    assert_below_their_words(printed)
    assert len(addresses_on(printed.text)) == number


# ------------------------------------------------------------------------------------- aloud


def elements(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    yield node
    for kid in node.get("/K", []):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from elements(kid)


def two_notes() -> Guide:
    return guide(question(1, answer=f"{link(1)} and {link(2)}."))


def test_a_note_follows_the_first_mark_that_refers_to_it(print_guide: Print) -> None:
    answer = f"{link(1)} and {link(2)}, then {link(1)}."
    root = print_guide(guide(question(1, answer=answer))).pike.Root.StructTreeRoot
    note = next(e for e in elements(root.K) if e.S == "/Note")
    paragraph = note.P
    roles = [str(kid.S) for kid in paragraph.K if isinstance(kid, pikepdf.Dictionary)]
    noted = ["/Link", "/Reference", "/Note"]
    assert roles == [*noted, *noted, "/Link", "/Reference"]
    assert [str(kid.S) for kid in note.K if isinstance(kid, pikepdf.Dictionary)] == [
        "/Lbl",
        "/Link",
    ]


def test_notes_are_found_by_their_identifiers(print_guide: Print) -> None:
    root = print_guide(two_notes()).pike.Root.StructTreeRoot
    notes = {bytes(e.ID): e.objgen for e in elements(root.K) if e.S == "/Note"}
    names = list(root.IDTree.Names)
    assert len(notes) == 2
    assert dict(zip(map(bytes, names[::2]), (e.objgen for e in names[1::2]), strict=True)) == notes
    assert [bytes(name) for name in names[::2]] == sorted(notes)


def test_identifiers_are_in_order_where_notes_are_drawn_out_of_it(print_guide: Print) -> None:
    # The first note of the text stands on a later page than the second: its row is broken.
    long = " ".join(["word"] * 1800)
    printed = print_guide(
        guide(question(1, answer=f"| a | b |\n|---|---|\n| {long} {link(1)} | {link(2)} |"))
    )
    first, second = (printed.page_with(address(number)) for number in (1, 2))
    assert first > second
    names = [bytes(name) for name in list(printed.pike.Root.StructTreeRoot.IDTree.Names)[::2]]
    assert len(names) == 2
    assert names == sorted(names)


def test_an_address_at_the_foot_is_a_link(print_guide: Print) -> None:
    printed = print_guide(two_notes())
    found = [
        annotation
        for page_ in printed.pike.pages
        for annotation in page_.get("/Annots", [])
        if "/A" in annotation and str(annotation.A.URI).endswith("/0001/")
    ]
    above, below = found
    assert float(below.Rect[1]) < 100 < float(above.Rect[1])
