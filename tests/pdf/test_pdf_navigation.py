"""Contents, index, bookmarks, links and page labels lead where they say."""

from __future__ import annotations

import re
from collections.abc import Callable

import pikepdf
from pdf_guides import Printed, full_question, guide, md, question

from deckgen.model import Guide, Round

Print = Callable[..., Printed]


def long_guide(**fields: object) -> Guide:
    """Twelve questions over two rounds, some pages each."""
    answer = "This sentence is part of a long answer about systems. " * 60
    questions = [
        full_question(
            n,
            question=f"What would number {n} be?",
            answer=answer,
            round="phone" if n % 2 else "onsite",
            tags=("odd" if n % 2 else "even", f"tag-{n}"),
        )
        for n in range(1, 13)
    ]
    return guide(*questions, **fields)


def destination(annotation: pikepdf.Object) -> pikepdf.Object:
    return annotation.Dest[0]


def test_contents_and_index_give_the_page_where_each_question_is(print_guide: Print) -> None:
    for paper in ("a4", "letter"):
        printed = print_guide(long_guide(), paper=paper)
        body = printed.page_with("An engineer calls you")
        contents = printed.pages[printed.page_with("number 12 be?")]
        index = printed.pages[printed.page_with("By category")]
        for n in range(1, 13):
            where = printed.label(printed.page_with(f"What would number {n} be?", body))
            for listing in (contents, index):
                assert re.search(rf"number {n} be\? {where}\b", listing), (paper, n, where)


def test_terms_of_the_index_give_code_and_page(print_guide: Print) -> None:
    printed = print_guide(long_guide())
    body = printed.page_with("An engineer calls you")
    where = printed.label(printed.page_with("What would number 7 be?", body))
    assert f"tag 7 1.07 p. {where}" in printed.text


def test_every_internal_link_lands_on_what_it_names(print_guide: Print) -> None:
    printed = print_guide(long_guide(), answers="end")
    numbers = {page.objgen: n for n, page in enumerate(printed.pike.pages)}
    seen = 0
    for page in printed.pike.pages:
        for annotation in page.get("/Annots", []):
            if "/Dest" not in annotation:
                continue
            target = numbers[destination(annotation).objgen]
            named = str(annotation.Contents)
            if match := re.match(r"Question (\d\.\d\d)", named):
                assert match[1] in printed.pages[target]
                seen += 1
    assert seen > 50


def test_answers_at_the_end_link_there_and_back(print_guide: Print) -> None:
    printed = print_guide(guide(full_question()), answers="end")
    names = [
        str(annotation.Contents)
        for page in printed.pike.pages
        for annotation in page.get("/Annots", [])
    ]
    assert "The answer" in names
    assert "Question 1.01" in names


def test_external_links_keep_their_address(print_guide: Print) -> None:
    answer = "See [the paper](https://example.com/a?b=1&c=(2)) or <mailto:a@example.com>."
    printed = print_guide(guide(question(1, answer=answer)))
    addresses = [
        str(annotation.A.URI)
        for page in printed.pike.pages
        for annotation in page.get("/Annots", [])
        if "/A" in annotation
    ]
    assert set(addresses) == {"https://example.com/a?b=1&c=(2)", "mailto:a@example.com"}


def test_bookmarks_lead_to_just_above_what_they_name(print_guide: Print) -> None:
    printed = print_guide(long_guide())
    seen = 0
    for item in printed.pdfium.get_toc():
        title = item.get_title()
        if re.match(r"\d\.\d\d", title):
            target = item.get_dest()
            _, (_, top, _) = target.get_view()
            shown = printed.pdfium[target.get_index()].get_textpage()
            # The codes of a page stand in its head, too.
            found = shown.search(title.partition("\u2002")[2][:20])
            first, _ = found.get_next()
            assert 0 <= top - shown.get_charbox(first)[3] < 15, title
            seen += 1
    assert seen > 10


def test_bookmarks_name_chapters_with_their_questions_below(print_guide: Print) -> None:
    printed = print_guide(guide(question(1), question(1, round="onsite", id="two")))
    outline = [(item.level, item.get_title()) for item in printed.pdfium.get_toc()]
    assert outline == [
        (0, "How to use this guide"),
        (0, "Contents"),
        (0, "1\u2002Phone Screen"),
        (1, "1.01\u2002What is asked in question number 1?"),
        (0, "2\u2002Onsite"),
        (1, "2.01\u2002What is asked in question number 1?"),
        (0, "Index"),
        (0, "The night before"),
    ]
    for item in printed.pdfium.get_toc():
        words = " ".join(item.get_title().split()[-2:])
        assert words in printed.pages[item.get_dest().get_index()]


def test_what_programs_show_of_a_guide_has_no_soft_hyphens(print_guide: Print) -> None:
    rounds = (Round(id="phone", title="Telefon\u00adgespräch", number=1),)
    asked = question(1, question="Was ist eine Daten\u00adbank?")
    printed = print_guide(guide(asked, title="Hand\u00adbuch", rounds=rounds))
    titles = [item.get_title() for item in printed.pdfium.get_toc()]
    assert {"1\u2002Telefongespräch", "1.01\u2002Was ist eine Datenbank?"} <= set(titles)
    assert printed.pike.docinfo["/Title"] == "Handbuch"
    with printed.pike.open_metadata() as metadata:
        assert metadata["dc:title"] == "Handbuch"


def test_the_front_has_roman_numbers_and_the_body_begins_with_1(print_guide: Print) -> None:
    printed = print_guide(guide(question(1), summary=md("What it is like.")))
    labels = [printed.label(n) for n in range(len(printed.pages))]
    first = printed.page_with("What it is like.")
    assert labels[:first] == ["i", "ii", "iii", "iv"][:first]
    assert labels[first:] == [str(n) for n in range(1, len(labels) - first + 1)]
    assert printed.pages[first].endswith(" 1")


def test_running_heads_name_the_guide_and_the_chapter(print_guide: Print) -> None:
    printed = print_guide(long_guide())
    opening = printed.page_with("An engineer calls you")
    assert printed.pages[opening].endswith("1 Phone Screen 1.01 1")
    assert printed.pages[opening + 1].endswith("Example Engineer Guide 2")


def test_running_heads_have_the_codes_of_the_questions_on_the_page(print_guide: Print) -> None:
    answers = ("Long. " * 900, "Short.", "Short.", "Long. " * 900)
    questions = [full_question(n, answer=answer) for n, answer in enumerate(answers, 1)]
    codes = r"(1\.\d\d)(?:\u2013(1\.\d\d))?"
    for where in ("inline", "end"):
        printed = print_guide(guide(*questions), answers=where)
        seen = set()
        for text in printed.pages[printed.page_with("number 1?", 4) :]:
            head = re.search(rf"(?:Screen|Answers) {codes} \d+$|{codes} Example Engineer", text)
            if head:
                found = [code for code in head.groups() if code]
                first, last = found[0], found[-1]
                shown = re.findall(r"(1\.\d\d) What is", text)
                assert not shown or first <= shown[0] <= shown[-1] == last
                seen |= {first, last}
        assert seen >= {"1.01", "1.04"}, where


def test_the_file_says_what_it_is(print_guide: Print) -> None:
    printed = print_guide(guide(question(1), language="en-GB"))
    assert printed.pike.Root.Lang == "en-GB"
    assert printed.pike.Root.ViewerPreferences.DisplayDocTitle
    info = printed.pike.docinfo
    assert info["/Title"] == "Example Engineer Guide"
    assert info["/CreationDate"] == "D:20260102000000Z"
    with printed.pike.open_metadata() as metadata:
        assert metadata["dc:title"] == "Example Engineer Guide"
        assert metadata["xmp:ModifyDate"] == "2026-01-02T00:00:00Z"


def test_programs_that_read_no_pdf_find_what_the_file_says_of_itself(print_guide: Print) -> None:
    data = print_guide(guide(question(1))).data
    packet = data[data.index(b"<?xpacket begin") : data.index(b"<?xpacket end")]
    assert b"Example Engineer Guide" in packet


def test_a_guide_without_a_date_invents_none(print_guide: Print) -> None:
    printed = print_guide(guide(question(1), updated=None))
    assert "/CreationDate" not in printed.pike.docinfo
    assert "facts as of" not in printed.text
