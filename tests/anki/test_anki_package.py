"""What a first import of a deck gives, in the real Anki, and what the file itself is like."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from anki_bank import BankFolder, question
from anki_collection import Candidate

from deckgen.exporters.anki import AnkiExporter, AnkiOptions
from value_bank import picture


def read_database(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    with zipfile.ZipFile(path) as archive:
        connection.deserialize(archive.read("collection.anki2"))
    return connection


def test_an_import_gives_every_note_once_and_leaves_anki_nothing_to_mend(
    bank: BankFolder, candidate: Candidate
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
    bank: BankFolder, candidate: Candidate
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


def test_round_numbers_have_two_digits_when_one_of_them_does(bank: BankFolder) -> None:
    bank.guide["rounds"] += [{"id": f"r{n}", "title": f"Round {n}"} for n in range(3, 11)]
    decks = _decks(bank.publish(1_000_000_000))

    assert "Acme Interview::01 Phone Screen" in decks
    assert "Acme Interview::10 Round 10" in decks  # a round without cards has its deck as well


def test_a_filter_does_not_rename_decks(bank: BankFolder) -> None:
    bank.guide["rounds"] += [{"id": f"r{n}", "title": f"Round {n}"} for n in range(3, 11)]
    guide = bank.load()
    path = bank.path / "filtered.apkg"
    AnkiExporter(AnkiOptions(), print).export(replace(guide, rounds=guide.rounds[:2]), path)

    assert "Acme Interview::01 Phone Screen" in _decks(path)


def _decks(path: Path) -> list[str]:
    (decks,) = read_database(path).execute("select decks from col").fetchone()
    return [deck["name"] for deck in json.loads(decks).values()]


def test_colons_in_titles_make_no_decks_of_their_own(
    bank: BankFolder, candidate: Candidate
) -> None:
    bank.guide["title"] = "C++::std  Interview"
    bank.guide["rounds"][0]["title"] = "a::b\nc"
    candidate.import_deck(bank.publish(1_000_000_000))

    assert "C++:std Interview::1 a:b c" in candidate.decks()


def test_notes_are_tagged_by_all_that_one_may_want_to_study_by(
    bank: BankFolder, candidate: Candidate
) -> None:
    bank["queues"].update(
        rounds=["onsite", "screen"],
        category="Réseaux & Systèmes",
        tags=["message broker", "kafka", "a\u3000b"],
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
    ]


def test_a_prefix_puts_all_tags_under_one_root(bank: BankFolder, candidate: Candidate) -> None:
    bank["queues"]["tags"] = ["kafka"]
    candidate.import_deck(bank.publish(1_000_000_000, tag_prefix="job hunt::"))

    tags = {tag for note in candidate.notes() for tag in note.tags}
    assert "job-hunt::kafka" in tags
    assert all(tag.startswith("job-hunt::") for tag in tags)


def test_a_retired_question_stays_in_the_deck_and_says_so(
    bank: BankFolder, candidate: Candidate
) -> None:
    bank["queues"]["status"] = "retired"
    candidate.import_deck(bank.publish(1_000_000_000))

    card = candidate.card("tag:status::retired")
    assert "retired" in card.question()


def test_a_question_without_an_answer_says_that_there_is_none(
    bank: BankFolder, candidate: Candidate
) -> None:
    del bank["queues"]["answer"]
    candidate.import_deck(bank.publish(1_000_000_000))

    assert "No model answer has been written yet." in candidate.card("queues").answer()


def test_options_choose_the_deck_the_kinds_of_cards_and_their_order(
    bank: BankFolder, candidate: Candidate
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
    assert not candidate.col.decks.by_name("Interviews")["collapsed"]
    assert "CC BY 4.0" in candidate.col.decks.by_name("Interviews::Acme")["desc"]
    by_due = sorted(candidate.cards(), key=lambda card: card.due)
    assert [card.note()["Question"] for card in by_due] == [
        "What is conflict?",
        "What is caches?",
        "What is queues?",
    ]


def test_new_cards_come_in_the_order_of_the_interview(
    bank: BankFolder, candidate: Candidate
) -> None:
    bank.questions.insert(0, question("salary", rounds=["onsite"]))
    candidate.import_deck(bank.publish(1_000_000_000))

    by_due = sorted(candidate.cards(), key=lambda card: (card.due, card.ord))
    codes = [card.note()["Code"] for card in by_due]
    assert codes == ["1.01"] * 4 + ["1.02"] + ["2.01", "2.02", "2.02"]
    assert len({card.due for card in by_due}) == 7  # siblings of one cloze share theirs


def test_the_browser_of_anki_sorts_and_checks_duplicates_by_what_the_file_says(
    bank: BankFolder, candidate: Candidate
) -> None:
    bank.media["a b.png"] = picture()
    bank["queues"]["question"] = "A *queue* & `a < b`: ![a picture](a%20b.png) \\(x\\) fin\u00e9e?"
    bank["caches"]["cards"][1]["cloze"] = "An {{c1::`a::b`::hint}} of the {{c2::cafe\u0301}}."
    path = bank.publish(1_000_000_000)
    candidate.import_deck(path)

    query = "select guid, sfld, csum from notes order by guid"
    in_file = read_database(path).execute(query).fetchall()
    in_anki = [tuple(row) for row in candidate.col.db.all(query)]
    assert in_file == in_anki


@pytest.mark.parametrize("kind", ["question", "recall", "cloze", "story"])
def test_every_note_shows_its_code_category_difficulty_and_round(
    kind: str, bank: BankFolder, candidate: Candidate
) -> None:
    candidate.import_deck(bank.publish(1_000_000_000))

    for card in candidate.cards(f'"note:deckgen {kind}"'):
        note = card.note()
        for side in (card.question(), card.answer()):
            for name in ("Code", "Category", "Difficulty", "Round"):
                assert note[name]
                assert note[name] in side


def test_an_answer_links_to_the_guide_and_to_where_mistakes_are_reported(
    bank: BankFolder, candidate: Candidate
) -> None:
    candidate.import_deck(bank.publish(1_000_000_000))

    answer = candidate.card("queues").answer()
    assert '<a href="https://example.org/guide">The guide</a>' in answer
    assert '<a href="https://example.org/issues">Report a mistake in 1.02</a>' in answer


def test_an_answer_links_to_the_source_of_a_guide_that_has_no_page_of_its_own(
    bank: BankFolder, candidate: Candidate
) -> None:
    del bank.guide["home"]
    bank.guide["source"] = [{"title": "A & B", "url": "https://example.com/"}]
    candidate.import_deck(bank.publish(1_000_000_000))

    assert '<a href="https://example.com/">Source</a>' in candidate.card("code:1.02").answer()


def test_the_file_is_the_same_bytes_whoever_makes_it_wherever_and_whenever(
    bank: BankFolder, tmp_path: Path
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


def test_the_file_is_compressed_and_has_no_clock_in_it(bank: BankFolder) -> None:
    with zipfile.ZipFile(bank.publish(1_000_000_000)) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == ["collection.anki2", "media"]
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert all(entry.compress_type == zipfile.ZIP_DEFLATED for entry in entries)


def test_an_export_leaves_no_litter(
    bank: BankFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    bank.publish(1_000_000_000)

    assert list(temporary.iterdir()) == []


def test_notes_without_a_date_in_the_ledger_have_the_guides(bank: BankFolder) -> None:
    path = bank.path / "undated.apkg"
    AnkiExporter(AnkiOptions(), print).export(bank.load(), path)

    dates = dict(read_database(path).execute("select mod, count(*) from notes group by mod"))
    assert dates == {1_781_827_200: 5, 1: 1}  # 2026-06-19T00:00:00Z, and the story


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
