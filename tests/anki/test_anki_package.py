"""What a first import of a deck gives, in the real Anki, and what the file itself is like."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from anki_bank import PublishedBank, question
from anki_collection import Candidate

from deckgen.exporters.anki import AnkiExporter, AnkiOptions
from value_bank import picture


def read_database(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(":memory:")) as connection, zipfile.ZipFile(path) as archive:
        connection.deserialize(archive.read("collection.anki2"))
        return connection.execute(query).fetchall()


def test_an_import_gives_every_note_once_and_leaves_anki_nothing_to_mend(
    bank: PublishedBank, candidate: Candidate
) -> None:
    log = candidate.import_deck(bank.publish(1_000_000_000))

    assert len(log.new) == log.found_notes == 6
    assert not log.conflicting
    assert len(candidate.cards()) == 7
    assert candidate.col.fix_integrity() == (
        candidate.col.tr.database_check_rebuilt(),
        True,
    )
    assert candidate.col.get_empty_cards().notes == []
    check = candidate.col.media.check()
    assert (list(check.missing), list(check.unused)) == ([], [])


def test_each_round_has_a_deck_below_one_that_is_not_folded(
    bank: PublishedBank, candidate: Candidate
) -> None:
    candidate.import_deck(bank.publish(1_000_000_000))

    assert candidate.decks() == [
        "Acme Interview",
        "Acme Interview::1 Phone Screen",
        "Acme Interview::2 Onsite",
        "Default",
    ]
    root = candidate.col.decks.by_name("Acme Interview")
    assert not root["collapsed"]
    assert "Acme, Engineer, Senior, as of 2026-06-19: 3 questions, 7 cards." in root["desc"]
    assert "A short call." in candidate.col.decks.by_name("Acme Interview::1 Phone Screen")["desc"]


def test_round_numbers_have_two_digits_when_one_of_them_does(
    bank: PublishedBank, candidate: Candidate
) -> None:
    bank.guide["rounds"] += [{"id": f"r{n}", "title": f"Round {n}"} for n in range(3, 11)]
    path = bank.publish(1_000_000_000)
    decks = _decks(path)

    assert "Acme Interview::01 Phone Screen" in decks
    assert "Acme Interview::10 Round 10" in decks  # a round without cards has its deck as well
    candidate.import_deck(path)
    assert "Acme Interview::01 Phone Screen" in candidate.decks()
    assert "Acme Interview::10 Round 10" not in candidate.decks()  # until it has some


def test_a_filter_does_not_rename_decks(bank: PublishedBank) -> None:
    bank.guide["rounds"] += [{"id": f"r{n}", "title": f"Round {n}"} for n in range(3, 11)]
    guide = bank.load()
    path = bank.path / "filtered.apkg"
    AnkiExporter(AnkiOptions(), print).export(replace(guide, rounds=guide.rounds[:2]), path)

    assert "Acme Interview::01 Phone Screen" in _decks(path)


def _decks(path: Path) -> list[str]:
    ((decks,),) = read_database(path, "select decks from col")
    return [deck["name"] for deck in json.loads(decks).values()]


def test_colons_in_titles_make_no_decks_of_their_own(
    bank: PublishedBank, candidate: Candidate
) -> None:
    bank.guide["title"] = "C++::std  Inter\u00adview"  # nor is a soft hyphen part of a name
    bank.guide["rounds"][0]["title"] = "a::b\nc:::d::::e"
    candidate.import_deck(bank.publish(1_000_000_000))

    assert candidate.decks() == [
        "C++:std Interview",
        "C++:std Interview::1 a:b c:d:e",
        "C++:std Interview::2 Onsite",
        "Default",
    ]


def test_notes_are_tagged_by_all_that_one_may_want_to_study_by(
    bank: PublishedBank, candidate: Candidate
) -> None:
    bank["queues"].update(
        rounds=["onsite", "screen"],
        category="Réseaux & Systèmes",
        tags=["message broker", "kafka", "a\u3000b", "::x::::y::"],
    )
    candidate.import_deck(bank.publish(1_000_000_000))

    assert sorted(candidate.note("queues").tags) == [
        "a-b",
        "category::réseaux-systèmes",
        "company::acme",
        "difficulty::hard",
        "kafka",
        "message-broker",
        "round::onsite",
        "round::screen",
        "type::technical",
        "x::y",
    ]


def test_a_prefix_puts_all_tags_under_one_root(bank: PublishedBank, candidate: Candidate) -> None:
    bank["queues"]["tags"] = ["kafka"]
    candidate.import_deck(bank.publish(1_000_000_000, tag_prefix="job hunt::"))

    tags = {tag for note in candidate.notes() for tag in note.tags}
    assert "job-hunt::kafka" in tags
    assert all(tag.startswith("job-hunt::") for tag in tags)


def test_a_retired_question_stays_in_the_deck_and_says_so(
    bank: PublishedBank, candidate: Candidate
) -> None:
    bank["queues"]["status"] = "retired"
    candidate.import_deck(bank.publish(1_000_000_000))

    card = candidate.card("tag:status::retired")
    assert "retired" in card.question()
    root = candidate.col.decks.by_name("Acme Interview")
    assert "2 questions, 7 cards." in root["desc"]


def test_a_question_without_an_answer_says_that_there_is_none(
    bank: PublishedBank, candidate: Candidate
) -> None:
    del bank["queues"]["answer"]
    candidate.import_deck(bank.publish(1_000_000_000))

    assert "No model answer has been written yet." in candidate.card("queues").answer()


def test_options_choose_the_deck_the_kinds_of_cards_and_their_order(
    bank: PublishedBank, candidate: Candidate
) -> None:
    bank["caches"]["difficulty"] = "medium"
    path = bank.publish(
        1_000_000_000,
        deck="Interviews::Acme",
        cards=("question",),
        stories=False,
        order="difficulty",
        licence="CC BY 4.0",
    )
    candidate.import_deck(path)

    assert {note.note_type()["name"] for note in candidate.notes()} == {"deckgen question"}
    assert "Interviews::Acme::2 Onsite" in candidate.decks()
    above = candidate.col.decks.by_name("Interviews")
    assert (above["collapsed"], above["desc"]) == (False, "")
    assert "CC BY 4.0" in candidate.col.decks.by_name("Interviews::Acme")["desc"]
    by_due = sorted(candidate.cards(), key=lambda card: card.due)
    assert [card.note()["Question"] for card in by_due] == [
        "What is conflict?",
        "What is caches?",
        "What is queues?",
    ]


def test_new_cards_come_in_the_order_of_the_interview(
    bank: PublishedBank, candidate: Candidate
) -> None:
    bank.questions.insert(0, question("salary", rounds=["onsite"]))
    candidate.import_deck(bank.publish(1_000_000_000))

    by_due = sorted(candidate.cards(), key=lambda card: (card.due, card.ord))
    codes = [card.note()["Code"] for card in by_due]
    assert codes == ["1.01"] * 4 + ["1.02"] + ["2.01", "2.02", "2.02"]
    assert len({card.due for card in by_due}) == 7  # siblings of one cloze share theirs


def test_codes_of_three_digits_come_after_those_of_two(
    bank: PublishedBank, candidate: Candidate
) -> None:
    bank.load()
    ledger = bank.path / "acme" / "ledger.yaml"
    ledger.write_text("questions: {caches: '1.100', queues: '1.99'}\n", "utf-8")
    candidate.import_deck(bank.publish(1_000_000_000, cards=("question",), stories=False))

    by_due = sorted(candidate.cards(), key=lambda card: card.due)
    assert [card.note()["Code"] for card in by_due] == ["1.99", "1.100", "2.01"]


def test_a_deck_says_where_its_facts_come_from(bank: PublishedBank, candidate: Candidate) -> None:
    bank.guide["summary"] = "Two rounds & a *call*.\n\nMore of it."
    bank.guide["source"] = [
        {"title": f"A & B {n}", "url": f"https://example.com/?a=1&b={n}"} for n in range(3)
    ]
    candidate.import_deck(bank.publish(1_000_000_000))

    def described() -> str:
        return candidate.col.decks.by_name("Acme Interview")["desc"]

    links = [f'<a href="https://example.com/?a=1&amp;b={n}">A &amp; B {n}</a>' for n in range(3)]
    links.append('<a href="https://example.org/guide">the guide online</a>')
    assert described().endswith(f"<p>Two rounds &amp; a call.</p><p>From {', '.join(links)}.</p>")
    bank.guide["source"] *= 2
    del bank.guide["home"]
    candidate.import_deck(bank.publish(1_000_000_001))
    assert described().endswith(f"<p>From {', '.join(links[:3])} and 3 other sources.</p>")
    del bank.guide["source"]
    bank.guide["home"] = "https://example.org/guide"
    candidate.import_deck(bank.publish(1_000_000_002))
    assert described().endswith(f"<p>From {links[3]}.</p>")
    for key in ("home", "summary", "updated"):
        del bank.guide[key]
    candidate.import_deck(bank.publish(1_000_000_003))
    what = "Interview preparation for Acme, Engineer, Senior: 3 questions, 7 cards."
    assert described() == f"<p>{what}</p>"


def test_the_browser_of_anki_sorts_and_checks_duplicates_by_what_the_file_says(
    bank: PublishedBank, candidate: Candidate
) -> None:
    bank.media["a b.png"] = picture()
    bank["queues"]["question"] = "A *queue* & `a < b`: ![a picture](a%20b.png) \\(x\\) fin\u00e9e?"
    bank["conflict"]["question"] = "![a picture](a%20b.png)"
    bank.questions.append(question("listed", question="- one\n- two\n\n![a](a%20b.png)\n\n> three"))
    bank["caches"]["cards"][1]["cloze"] = "An {{c1::`a::b`::hint}} of the {{c2::cafe\u0301}}."
    path = bank.publish(1_000_000_000)
    candidate.import_deck(path)

    query = "select guid, sfld, csum from notes order by guid"
    in_file = read_database(path, query)
    in_anki = [tuple(row) for row in candidate.col.db.all(query)]
    assert in_file == in_anki


def test_the_browser_of_anki_lists_a_card_by_what_it_asks_and_no_more(
    bank: PublishedBank, candidate: Candidate
) -> None:
    candidate.import_deck(bank.publish(1_000_000_000))
    candidate.col.set_browser_card_columns(["question"])

    listed = []
    for card in candidate.cards():
        cells, *_ = candidate.col.browser_row_for_id(card.id)
        listed += [text for text, *_ in cells]
    assert listed == [
        "What is caches?",
        "What ends an entry's life?",
        "LRU drops the [...] recently used entry.",
        "LRU drops the least recently [...] entry.",
        "What is queues?",
        "What is conflict?",
        "What is conflict?",
    ]


@pytest.mark.parametrize("kind", ["question", "recall", "cloze", "story"])
def test_every_note_shows_its_code_category_difficulty_and_round(
    kind: str, bank: PublishedBank, candidate: Candidate
) -> None:
    candidate.import_deck(bank.publish(1_000_000_000))

    cards = candidate.cards(f'"note:deckgen {kind}"')
    assert cards
    for card in cards:
        note = card.note()
        for side in (card.question(), card.answer()):
            for name in ("Code", "Category", "Difficulty", "Round"):
                assert note[name]
                assert note[name] in side


def test_an_answer_links_to_the_guide_and_to_where_mistakes_are_reported(
    bank: PublishedBank, candidate: Candidate
) -> None:
    candidate.import_deck(bank.publish(1_000_000_000))

    answer = candidate.card("queues").answer()
    assert '<a href="https://example.org/guide">The guide</a>' in answer
    assert '<a href="https://example.org/issues">Report a mistake in 1.02</a>' in answer


def test_an_answer_links_to_the_source_of_a_guide_that_has_no_page_of_its_own(
    bank: PublishedBank, candidate: Candidate
) -> None:
    del bank.guide["home"]
    bank.guide["source"] = [{"title": "A & B", "url": "https://example.com/"}]
    candidate.import_deck(bank.publish(1_000_000_000))

    assert '<a href="https://example.com/">Source</a>' in candidate.card("code:1.02").answer()


def test_the_file_is_the_same_bytes_whoever_makes_it_wherever_and_whenever(
    bank: PublishedBank, tmp_path: Path
) -> None:
    bank.media["dot.png"] = picture()
    bank["queues"]["answer"] = "![dot](dot.png)"
    first = bank.publish(1_000_000_000)
    script = (
        "import sys; from pathlib import Path; from deckgen.loader import load_bank;"
        "from deckgen.exporters.anki import AnkiExporter, AnkiOptions;"
        "guide = load_bank(sys.argv[1]).guides[0];"
        "times = {key: 10**9 for key in AnkiExporter(AnkiOptions(), print).pieces(guide)};"
        "AnkiExporter(AnkiOptions(), print, times).export(guide, Path(sys.argv[2]))"
    )
    moved = bank.path.rename(tmp_path / "elsewhere")
    for number, zone in enumerate(["UTC", "Asia/Kolkata", "America/St_Johns"]):
        path = tmp_path / f"{number}.apkg"
        environment = os.environ | {"TZ": zone, "PYTHONHASHSEED": str(number), "LANG": "C"}
        subprocess.run(
            [sys.executable, "-c", script, str(moved), str(path)],
            env=environment | {"PYTHONPATH": os.pathsep.join(sys.path)},
            cwd=tmp_path,
            check=True,
        )
        assert path.read_bytes() == (moved / first.name).read_bytes()


def test_the_file_is_compressed_and_has_no_clock_in_it(bank: PublishedBank) -> None:
    with zipfile.ZipFile(bank.publish(1_000_000_000)) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == ["collection.anki2", "media"]
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert all(entry.compress_type == zipfile.ZIP_DEFLATED for entry in entries)
    assert {(entry.create_system, entry.external_attr >> 16) for entry in entries} == {(3, 0o644)}


def test_an_export_leaves_no_litter(
    bank: PublishedBank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    bank.publish(1_000_000_000)

    assert list(temporary.iterdir()) == []


def test_notes_without_a_date_in_the_ledger_have_the_guides(bank: PublishedBank) -> None:
    path = bank.path / "undated.apkg"
    AnkiExporter(AnkiOptions(), print).export(bank.load(), path)

    query = "select mod, count(*) from notes group by mod"
    dates = dict(read_database(path, query))
    assert dates == {1_781_827_200: 5, 1: 1}  # 2026-06-19T00:00:00Z, and the story
    del bank.guide["updated"]
    AnkiExporter(AnkiOptions(), print).export(bank.load(), path)
    dates = dict(read_database(path, query))
    assert dates == {1_577_836_800: 5, 1: 1}  # 2020-01-01T00:00:00Z


def test_importing_the_exporter_loads_nothing_heavy() -> None:
    script = (
        "import sys, deckgen.exporters.anki;"
        "print({'genanki', 'pygments', 'pyromark', 'sqlite3', 'zipfile'} & set(sys.modules))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "set()"
