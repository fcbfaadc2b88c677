"""A deck over its generations, in the collection of somebody who studies it: what a newer file
brings, and what it leaves alone. Imports are at Anki's default settings."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection
from anki.import_export_pb2 import IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_ALWAYS as ALWAYS
from anki_bank import PublishedBank, question
from anki_collection import Candidate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deckgen.exporters.anki import package

DAY = 86_400
START = 1_000_000_000
LATER = int(time.time()) + DAY
"""Later than anything a candidate writes here, which Anki dates by the clock."""


def scheduling(candidate: Candidate) -> dict[tuple[str, int], tuple[Any, ...]]:
    """All that studying leaves on each card, by its note's GUID and its number."""
    rows = candidate.col.db.all(
        "select n.guid, c.ord, c.did, c.type, c.queue, c.due, c.ivl, c.factor, c.reps, c.lapses,"
        " c.left, c.flags, c.data, (select count(*) from revlog where cid = c.id)"
        " from cards c join notes n on n.id = c.nid"
    )
    return {(guid, ordinal): tuple(rest) for guid, ordinal, *rest in rows}


def content(candidate: Candidate) -> dict[str, tuple[Any, ...]]:
    """Each note's date, tags and fields, by its GUID."""
    rows = candidate.col.db.all("select guid, mod, tags, flds from notes")
    return {guid: tuple(rest) for guid, *rest in rows}


def study(candidate: Candidate) -> None:
    """Review, flag, suspend, bury, move and reschedule cards, which changes no note."""
    cards = sorted(candidate.cards(), key=lambda card: card.id)
    for card in cards[:3]:
        candidate.answer(card)
    col = candidate.col
    col.set_user_flag_for_cards(3, [cards[0].id])
    col.sched.suspend_cards([cards[1].id])
    col.sched.bury_cards([cards[2].id])
    col.set_deck([cards[3].id], col.decks.id("My own deck"))
    col.sched.set_due_date([cards[4].id], "7")
    # Anki notes the second of a review in two places, by two looks at the clock, and its check
    # makes them one. Where a second ends between the two, that is nothing an import has done.
    col.fix_integrity()


def test_a_deck_imported_twice_changes_nothing(bank: PublishedBank, candidate: Candidate) -> None:
    deck = bank.publish(START)
    candidate.import_deck(deck)
    study(candidate)
    before = scheduling(candidate), content(candidate)
    log = candidate.import_deck(deck)

    assert (len(log.new), len(log.updated), len(log.conflicting)) == (0, 0, 0)
    assert (scheduling(candidate), content(candidate)) == before


def fix_text(bank: PublishedBank) -> None:
    bank["caches"]["answer"] = "A better answer."


def add_question(bank: PublishedBank) -> None:
    bank.questions.insert(0, question("locks", cards=[{"front": "A?", "back": "B."}]))


def retire_question(bank: PublishedBank) -> None:
    bank["queues"]["status"] = "retired"


def change_cards(bank: PublishedBank) -> None:
    del bank["caches"]["cards"][0]
    bank["caches"]["cards"].append({"id": "new", "front": "New?", "back": "New."})


def move_question(bank: PublishedBank) -> None:
    bank["caches"]["rounds"] = ["onsite"]


def retitle_round(bank: PublishedBank) -> None:
    bank.guide["rounds"][0]["title"] = "Technical Screen"


def rename_category(bank: PublishedBank) -> None:
    for asked in bank.questions:
        asked["category"] = {"Basics": "Foundations"}.get(asked["category"], asked["category"])


def make_harder(bank: PublishedBank) -> None:
    bank["queues"]["difficulty"] = "medium"


GENERATIONS: list[tuple[Callable[[PublishedBank], None], int, int]] = [
    # what is done, and how many notes that adds and changes
    (fix_text, 0, 1),
    (add_question, 2, 0),
    (retire_question, 0, 1),
    (change_cards, 1, 0),
    (move_question, 0, 3),
    (retitle_round, 0, 3),
    (rename_category, 0, 6),
    (make_harder, 0, 1),
]


def test_generations_of_a_bank_reach_a_candidate_who_loses_nothing(
    bank: PublishedBank, candidate: Candidate
) -> None:
    candidate.import_deck(bank.publish(START))
    study(candidate)
    # Two releases on one day: a second apart is enough.
    for second, (change, added, changed) in enumerate(GENERATIONS, 1):
        cards, notes = scheduling(candidate), content(candidate)
        change(bank)
        log = candidate.import_deck(bank.publish(START + second))

        assert (len(log.new), len(log.updated)) == (added, changed), change.__name__
        assert not log.conflicting
        after = scheduling(candidate)
        assert {key: after[key] for key in cards} == cards
        assert len(content(candidate)) == len(notes) + added
        assert_sound(candidate)


def assert_sound(candidate: Candidate) -> None:
    types = [
        each.name for each in candidate.col.models.all_names_and_ids() if "deckgen" in each.name
    ]
    assert types == ["deckgen cloze", "deckgen question", "deckgen recall", "deckgen story"]
    problems, sound = candidate.col.fix_integrity()
    assert sound, problems
    assert candidate.col.get_empty_cards().notes == []


def test_what_is_published_is_what_the_candidate_sees(
    bank: PublishedBank, new_candidate: Callable[[], Candidate]
) -> None:
    """After all generations the notes are those of somebody who imports only the last file."""
    old, new = new_candidate(), new_candidate()
    old.import_deck(bank.publish(START))
    for second, (change, _, _) in enumerate(GENERATIONS, 1):
        change(bank)
        last = bank.publish(START + second)
        old.import_deck(last)
    new.import_deck(last)

    seen = content(old)
    assert {guid: seen[guid] for guid in content(new)} == content(new)
    assert len(content(old)) == len(content(new)) + 1  # the card that was removed stays


def test_words_and_tags_on_an_unchanged_note_stay(
    bank: PublishedBank, candidate: Candidate
) -> None:
    candidate.import_deck(bank.publish(START))
    note = candidate.note("queues")
    note["My notes"] = "Ask about back-pressure."
    note.add_tag("weak")
    candidate.col.update_note(note)
    fix_text(bank)
    add_question(bank)
    candidate.import_deck(bank.publish(LATER))

    note.load()
    assert note["My notes"] == "Ask about back-pressure."
    assert note.has_tag("weak")


def test_words_on_a_note_that_is_dated_ahead_go_with_the_next_import(
    bank: PublishedBank, candidate: Candidate
) -> None:
    """Why a check and a build warn of such dates."""
    deck = bank.publish(LATER)
    candidate.import_deck(deck)
    note = candidate.note("queues")
    note["My notes"] = "Ask about back-pressure."
    candidate.col.update_note(note)
    candidate.import_deck(deck)

    note.load()
    assert note["My notes"] == ""


def test_a_candidates_words_do_not_stop_a_later_fix(
    bank: PublishedBank, candidate: Candidate
) -> None:
    candidate.import_deck(bank.publish(START))
    note = candidate.note('caches "note:deckgen question"')
    note["My notes"] = "Mine."
    candidate.col.update_note(note)
    fix_text(bank)
    candidate.import_deck(bank.publish(LATER))

    note.load()
    assert "A better answer." in note["Answer"]


def test_a_note_that_the_candidate_changed_after_an_update_waits_for_the_next(
    bank: PublishedBank, candidate: Candidate
) -> None:
    candidate.import_deck(bank.publish(START))
    note = candidate.note('caches "note:deckgen question"')
    note["My notes"] = "Mine."
    candidate.col.update_note(note)
    fix_text(bank)
    log = candidate.import_deck(bank.publish(START + 1))

    assert not log.updated
    note.load()
    assert note["My notes"] == "Mine."
    assert "A better answer." not in note["Answer"]
    bank["caches"]["hint"] = "Where do readers sit?"
    candidate.import_deck(bank.publish(LATER))
    note.load()
    assert "A better answer." in note["Answer"]


def test_a_story_is_the_candidates_for_good(bank: PublishedBank, candidate: Candidate) -> None:
    candidate.import_deck(bank.publish(START))
    note = candidate.note('"note:deckgen story"')
    note["Situation"] = "Two teams, one database."
    note.add_tag("told-twice")
    candidate.col.update_note(note)
    written = note.fields[:]
    bank["conflict"]["question"] = "Tell me of another conflict."
    bank["conflict"]["category"] = "Something else"
    candidate.import_deck(bank.publish(LATER))

    note.load()
    assert note.fields == written
    assert note.has_tag("told-twice")
    # What docs/anki.md warns of: the one setting that does replace it.
    candidate.import_deck(bank.publish(LATER + 1), update_notes=ALWAYS)
    note.load()
    assert note["Situation"] == ""


def test_options_and_limits_of_decks_stay(bank: PublishedBank, candidate: Candidate) -> None:
    candidate.import_deck(bank.publish(START))
    decks = candidate.col.decks
    root = decks.by_name("Acme Interview")
    root |= {"conf": decks.add_config_returning_id("Mine"), "newLimit": 77, "collapsed": True}
    decks.save(root)
    fix_text(bank)
    candidate.import_deck(bank.publish(START + 1))

    after = decks.by_name("Acme Interview")
    kept = ("conf", "newLimit", "collapsed")
    assert {key: after[key] for key in kept} == {key: root[key] for key in kept}


def test_a_renamed_deck_keeps_its_cards_and_new_ones_come_to_the_old_name(
    bank: PublishedBank, candidate: Candidate
) -> None:
    candidate.import_deck(bank.publish(START))
    decks = candidate.col.decks
    decks.rename(decks.by_name("Acme Interview"), "Job")
    cards = scheduling(candidate)
    add_question(bank)
    candidate.import_deck(bank.publish(START + 1))

    after = scheduling(candidate)
    assert {key: after[key] for key in cards} == cards
    assert {decks.name(card.did) for card in candidate.cards("code:1.03")} == {
        "Acme Interview::1 Phone Screen"
    }


def test_a_deleted_note_comes_back_with_the_next_update(
    bank: PublishedBank, candidate: Candidate
) -> None:
    candidate.import_deck(bank.publish(START))
    deleted = candidate.note('queues "note:deckgen question"')
    candidate.col.remove_notes([deleted.id])
    log = candidate.import_deck(bank.publish(START + 1))

    assert len(log.new) == 1
    assert candidate.note('queues "note:deckgen question"').guid == deleted.guid


def test_a_note_type_with_a_field_of_ones_own_gets_no_updates(
    bank: PublishedBank, candidate: Candidate
) -> None:
    candidate.import_deck(bank.publish(START))
    models = candidate.col.models
    changed = models.by_name("deckgen question")
    models.add_field(changed, models.new_field("Audio"))
    models.update_dict(changed)
    before = content(candidate)
    fix_text(bank)
    log = candidate.import_deck(bank.publish(LATER))

    assert len(log.conflicting) == 3
    assert content(candidate) == before


def test_new_templates_and_styles_replace_older_ones(
    bank: PublishedBank, candidate: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    candidate.import_deck(bank.publish(START))
    study(candidate)
    before = scheduling(candidate), content(candidate)
    monkeypatch.setattr(package, "MODIFIED", LATER)
    monkeypatch.setattr(package, "style_sheet", lambda: ".card { color: teal }")
    candidate.import_deck(bank.publish(LATER))

    assert candidate.col.models.by_name("deckgen question")["css"] == ".card { color: teal }"
    assert (scheduling(candidate), content(candidate)) == before
    assert_sound(candidate)


def test_decks_of_two_guides_share_their_note_types(
    bank: PublishedBank, candidate: Candidate, tmp_path: Path
) -> None:
    other = PublishedBank(tmp_path / "other", questions=bank.questions)
    other.guide |= {"id": "globex", "title": "Globex Interview"}
    candidate.import_deck(bank.publish(START))
    log = candidate.import_deck(other.publish(START))

    assert len(log.new) == 6
    assert "Globex Interview::1 Phone Screen" in candidate.decks()
    assert_sound(candidate)


def test_a_new_description_reaches_a_deck_that_is_there(
    bank: PublishedBank, candidate: Candidate
) -> None:
    candidate.import_deck(bank.publish(START))
    bank.guide["updated"] = "2026-12-24"
    add_question(bank)
    candidate.import_deck(bank.publish(LATER))

    assert "as of 2026-12-24" in candidate.col.decks.by_name("Acme Interview")["desc"]


# ---------------------------------------------------------------------------------- random edits


def _reword(bank: PublishedBank, n: int) -> None:
    _some(bank, n)["question"] = f"Reworded {n}?"


def _reanswer(bank: PublishedBank, n: int) -> None:
    _some(bank, n)["answer"] = f"Answer {n}"


def _retag(bank: PublishedBank, n: int) -> None:
    _some(bank, n)["tags"] = [f"tag {n}"]


def _regrade(bank: PublishedBank, n: int) -> None:
    _some(bank, n)["difficulty"] = ("easy", "medium", "hard")[n % 3]


def _replace_rounds(bank: PublishedBank, n: int) -> None:
    _some(bank, n)["rounds"] = [["screen"], ["onsite"], ["onsite", "screen"]][n % 3]


def _retire(bank: PublishedBank, n: int) -> None:
    _some(bank, n)["status"] = ("retired", "published")[n % 2]


def _retitle(bank: PublishedBank, n: int) -> None:
    bank.guide["rounds"][n % 2]["title"] = f"Title {n}"


def _rename(bank: PublishedBank, n: int) -> None:
    for asked in bank.questions:
        if asked["category"] == _some(bank, n)["category"]:
            asked["category"] = f"Category {n}"


def _add(bank: PublishedBank, n: int) -> None:
    id = f"added-{len(bank.questions)}"
    bank.questions.insert(n % len(bank.questions), question(id, question=f"{id}?"))


def _add_card(bank: PublishedBank, n: int) -> None:
    cards = _some(bank, n).setdefault("cards", [])
    taken = {card["id"] for card in cards}
    id = next(f"card-{k}" for k in range(99) if f"card-{k}" not in taken | {"ttl", "lru"})
    cards.insert(n % (len(cards) + 1), {"id": id, "front": f"{id}?", "back": "Back."})


def _recard(bank: PublishedBank, n: int) -> None:
    for card in _some(bank, n).get("cards", [])[:1]:
        if "cloze" in card:
            card["cloze"] += f" And {{{{c{n + 3}::this}}}}."
        else:
            card["back"] = f"Back {n}."


def _remove_card(bank: PublishedBank, n: int) -> None:
    del _some(bank, n).get("cards", [])[:1]


def _some(bank: PublishedBank, n: int) -> dict[str, Any]:
    return bank.questions[n % len(bank.questions)]


EDITS = st.sampled_from(
    [
        *(_reword, _reanswer, _retag, _regrade, _replace_rounds, _retire, _retitle, _rename),
        *(_add, _add_card, _recard, _remove_card),
    ]
)
GENERATION = st.lists(st.tuples(EDITS, st.integers(0, 11)), max_size=4)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(GENERATION, min_size=2, max_size=5), st.integers(0, 11))
def test_whatever_is_edited_the_candidate_gets_it_and_loses_nothing(
    generations: list[list[tuple[Callable[[PublishedBank, int], None], int]]], noted: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bank = PublishedBank(Path(folder))
        bank.questions = [
            question(
                "caches",
                cards=[
                    {"id": "ttl", "front": "What ends it?", "back": "Time."},
                    {"id": "lru", "cloze": "LRU drops the {{c1::least}} recently used."},
                ],
            ),
            question("queues", category="Other"),
            question("conflict", type="behavioral"),
        ]
        candidate = Candidate(Collection(f"{folder}/collection.anki2"))
        try:
            _live_through(bank, candidate, generations, noted)
        finally:
            candidate.col.close()


def _live_through(
    bank: PublishedBank,
    candidate: Candidate,
    generations: list[list[tuple[Callable[[PublishedBank, int], None], int]]],
    noted: int,
) -> None:
    candidate.import_deck(bank.publish(START))
    published = content(candidate)
    study(candidate)
    _write_on(candidate, noted, START)
    for second, edits in enumerate(generations, 1):
        cards, notes = scheduling(candidate), content(candidate)
        for edit, n in edits:
            edit(bank, n)
        log = candidate.import_deck(bank.publish(START + 10 * second))
        fresh = _as_a_newcomer_has_it(bank, START + 10 * second)

        assert not log.conflicting
        after = content(candidate)
        for guid, note in fresh.items():
            is_story = note[0] == 1
            stays = guid in notes and (is_story or note == published[guid])
            assert after[guid] == (notes[guid] if stays else note)
        assert set(after) == set(notes) | set(fresh)
        kept = scheduling(candidate)
        assert {key: kept[key] for key in cards} == cards
        assert_sound(candidate)
        published.update(fresh)


def _write_on(candidate: Candidate, noted: int, when: int) -> None:
    """Words and a tag on some note, at a given time: Anki itself would date it by the clock."""
    notes = sorted(candidate.notes(), key=lambda note: note.id)
    note = notes[noted % len(notes)]
    note["My notes"] = "Mine."
    note.add_tag("weak")
    candidate.col.update_note(note)
    candidate.col.db.execute("update notes set mod = ? where id = ?", max(when, 2), note.id)


def _as_a_newcomer_has_it(bank: PublishedBank, when: int) -> dict[str, tuple[Any, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        newcomer = Candidate(Collection(f"{folder}/collection.anki2"))
        newcomer.import_deck(bank.path / f"{when}.apkg")
        notes = content(newcomer)
        newcomer.col.close()
    return notes
