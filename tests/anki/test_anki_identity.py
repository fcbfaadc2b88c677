"""What may never change, and what may change only with a newer date. The cases hold what
was published: people's collections depend on it, so they are added to and never corrected."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from anki_bank import PublishedBank, question
from hypothesis import given
from hypothesis import strategies as st

from deckgen.exporters.anki import AnkiExporter, AnkiOptions, ids
from deckgen.exporters.anki.note_types import MODIFIED, NOTE_TYPES, style_sheet
from deckgen.exporters.anki.pieces import _about, _written
from deckgen.markdown import Markdown
from deckgen.model import Guide, Link, Media, Url
from value_bank import svg

CASES = Path(__file__).parent / "cases"


def case(name: str) -> Any:
    return json.loads((CASES / name).read_text("utf-8"))


def guide_with(bank: PublishedBank, id: str, *cards: dict[str, str]) -> Guide:
    bank.guide["id"] = "acme-senior"
    bank.questions = [question(id, cards=list(cards))]
    return bank.load()


def test_ids_are_those_that_were_published(bank: PublishedBank) -> None:
    cards = ({"id": "ttl", "front": "a", "back": "b"}, {"front": "c", "back": "d"})
    guide = guide_with(bank, "caches", *cards)
    (asked,) = guide.questions
    parts = [ids.QUESTION, ids.STORY, *(ids.card_id(asked, card) for card in asked.cards)]

    assert {
        "notes": {part: ids.guid(guide, asked, part) for part in parts},
        "first row": ids.first_row(guide),
        "types": {kind: ids.note_type(kind) for kind in NOTE_TYPES},
    } == case("ids.json")


@pytest.mark.parametrize(
    ("source", "kind", "name"),
    [
        ("Big diagrams/\u00dcber 1.old.png", "png", "big-diagrams-uber-1-old-0123456789abcdef.png"),
        ("photo.gif", "jpeg", "photo-0123456789abcdef.jpg"),
        ("\u56f3.svg", "svg", "image-0123456789abcdef.svg"),
        ("a" * 39 + "-b.png", "webp", "a" * 39 + "-0123456789abcdef.webp"),
    ],
)
def test_an_image_has_the_name_that_was_published(source: str, kind: Any, name: str) -> None:
    """Notes that do not change go on showing the image of that name."""
    digest = "0123456789abcdef" * 4
    media = Media(path=Path(source), kind=kind, width=1, height=1, sha256=digest)
    assert ids.media_name(source, media) == name


@pytest.mark.parametrize("kind", NOTE_TYPES)
def test_fields_and_templates_are_frozen(kind: Any) -> None:
    """One more, one fewer or another id, and Anki takes the type for a different one: every update
    would be refused as conflicting, and everybody's reviews left behind on the old type."""
    note_type = NOTE_TYPES[kind]
    assert {
        "name": note_type.name,
        "fields": {name: ids.field(kind, name) for name in note_type.fields},
        "templates": {each.name: ids.template(kind, each.name) for each in note_type.templates},
    } == case("note_types.json")[kind]


def test_changed_templates_have_a_newer_date() -> None:
    """Anki replaces its copy of a type only by a later one. After a change, give `MODIFIED` the
    present date and add a line with it and the new hash."""
    drawn = [[note_type.templates, style_sheet()] for note_type in NOTE_TYPES.values()]
    releases = case("template_dates.json")

    assert releases[-1] == [MODIFIED, sha256(repr(drawn).encode()).hexdigest()[:16]]
    dates = [date for date, _ in releases]
    assert dates == sorted(set(dates))


def test_all_ids_of_fields_and_types_differ() -> None:
    types = [ids.note_type(kind) for kind in NOTE_TYPES]
    fields = [ids.field(kind, name) for kind in NOTE_TYPES for name in NOTE_TYPES[kind].fields]
    assert len({*types, *fields}) == len(types) + len(fields)


def test_the_identity_of_a_card_without_id_is_its_position(bank: PublishedBank) -> None:
    same = {"front": "a", "back": "b"}
    guide = guide_with(bank, "caches", {"id": "named", **same}, dict(same), dict(same))

    assert list(pieces(guide)) == ["caches", "caches/named", "caches/#2", "caches/#3"]


def pieces(guide: Guide, **options: Any) -> dict[str, Any]:
    return dict(AnkiExporter(AnkiOptions(**options), print).pieces(guide))


WHOLE = {
    "answer": "a",
    "key_points": ["k"],
    "strong": ["s"],
    "hint": "h",
    "follow_ups": ["f"],
    "pitfalls": ["p"],
    "references": [{"title": "t", "url": "https://example.org"}],
    "tags": ["g"],
    "cards": [
        {"id": "one", "front": "a", "back": "b"},
        {"id": "two", "cloze": "a {{c1::b}} c d e f"},
    ],
}


@pytest.mark.parametrize(
    ("change", "redated"),
    [
        ({"question": "Other?"}, {"x", "x/one", "x/two"}),
        ({"category": "Other"}, {"x", "x/one", "x/two"}),
        ({"difficulty": "hard"}, {"x", "x/one", "x/two"}),
        ({"type": "coding"}, {"x", "x/one", "x/two"}),
        ({"rounds": ["onsite"]}, {"x", "x/one", "x/two"}),
        ({"rounds": ["screen", "onsite"]}, {"x", "x/one", "x/two"}),
        ({"tags": ["g", "other"]}, {"x", "x/one", "x/two"}),
        ({"status": "retired"}, {"x", "x/one", "x/two"}),
        ({"answer": "other"}, {"x"}),
        ({"key_points": ["k", "other"]}, {"x"}),
        ({"strong": ["other"]}, {"x"}),
        ({"hint": "other"}, {"x"}),
        ({"follow_ups": [{"question": "f", "answer": "other"}]}, {"x"}),
        ({"pitfalls": ["other"]}, {"x"}),
        ({"references": [{"title": "t", "url": "https://example.com"}]}, {"x"}),
        ({"cards": [{"id": "one", "front": "a", "back": "c"}, WHOLE["cards"][1]]}, {"x/one"}),
        ({"cards": [WHOLE["cards"][0], {"id": "two", "cloze": "a {{c2::b}}"}]}, {"x/two"}),
        ({"practiced": 100}, set()),
        ({"allow": ["answer-long"]}, set()),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_a_note_is_dated_anew_exactly_when_its_own_content_changes(
    change: dict[str, Any], redated: set[str], bank: PublishedBank
) -> None:
    bank.questions = [question("x", **WHOLE), question("y")]
    bank.publish(1_000_000_000)
    before = pieces(bank.load())
    bank["x"].update(change)
    after = pieces(bank.load())

    assert {key for key in before if before[key] != after[key]} == redated


NOTES_OF_X = {"x", "x/one", "x/two"}


@pytest.mark.parametrize(
    ("change", "redated"),
    [
        ({"home": "https://example.com/"}, NOTES_OF_X),
        ({"report": "https://example.com/"}, NOTES_OF_X),
        ({"home": None, "source": [{"title": "A", "url": "https://a.example"}]}, NOTES_OF_X),
        ({"source": [{"title": "A", "url": "https://a.example"}]}, set()),  # the home is shown
        ({"company": "Globex"}, NOTES_OF_X),
        ({"language": "he"}, NOTES_OF_X),
        ({"rounds": [{"id": "screen", "title": "Phone Call"}]}, NOTES_OF_X),
        ({"rounds": [{"id": "screen", "title": "Phone Screen", "tips": ["Sleep."]}]}, set()),
        ({"title": "Other", "role": "Other", "level": "Other", "updated": "2026-07-01"}, set()),
        ({"summary": "Other", "night_before": [{"title": "Sleep"}]}, set()),
        ({"export": {"anki": {"licence": "MIT", "order": "difficulty"}}}, set()),
    ],
    ids=str,
)
def test_all_notes_are_dated_anew_when_what_all_show_of_the_guide_changes(
    change: dict[str, Any], redated: set[str], bank: PublishedBank
) -> None:
    bank.questions = [question("x", **WHOLE)]
    before = pieces(bank.load())
    bank.guide = {key: value for key, value in (bank.guide | change).items() if value}
    after = pieces(bank.load())

    assert {key for key in before if before[key] != after[key]} == redated


def test_notes_are_dated_anew_when_their_code_or_the_root_of_their_tags_changes(
    bank: PublishedBank,
) -> None:
    bank.questions = [question("x", **WHOLE)]
    before = pieces(bank.load())
    rooted = pieces(bank.load(), tag_prefix="interviews")
    (bank.path / "acme" / "ledger.yaml").write_text('questions: {x: "1.07"}\n')
    moved = pieces(bank.load())

    for after in (rooted, moved):
        assert {key for key in before if before[key] != after[key]} == NOTES_OF_X


def test_unchanged_content_has_the_hash_that_was_published(bank: PublishedBank) -> None:
    """A hash that is taken otherwise dates every note of every guide anew, and replaces what people
    wrote on theirs."""
    bank.media["a.svg"] = svg()
    bank.questions = [
        question("x", **WHOLE),
        question("y", answer="![a](a.svg) $x$", math=False, type="behavioral"),
        question(
            "z", question='\u00dc\u4e2d "{{`b`}}"?', status="retired", rounds=["onsite", "screen"]
        ),
    ]
    found = pieces(bank.load())
    assert {key: [piece.kind, piece.digest] for key, piece in found.items()} == case("pieces.json")


def test_a_changed_picture_dates_the_notes_that_show_it(bank: PublishedBank) -> None:
    bank.media["a.svg"] = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
    bank.questions = [question("x", answer="![a](a.svg)"), question("y")]
    before = pieces(bank.load())
    bank.media["a.svg"] = b'<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1"/>'
    after = pieces(bank.load())

    assert {key for key in before if before[key] != after[key]} == {"x"}


@pytest.mark.parametrize("options", [{"deck": "d"}, {"cards": ()}, {"stories": False}])
def test_options_that_leave_notes_as_they_are_date_none(
    options: dict[str, Any], bank: PublishedBank
) -> None:
    assert pieces(bank.load(), **options) == pieces(bank.load())


def plain_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@given(st.text(), st.booleans())
def test_a_text_is_written_for_its_hash_as_json_has_it(text: str, math: bool) -> None:
    shown = "![a](b.png)"
    picture = Media(path=Path("b.png"), kind="png", width=1, height=1, sha256="0f" * 32)
    guide = Guide(title="", company="", role="", rounds=(), media={"b.png": picture})
    link = Link(title=text, url=Url("http://b"))
    text = text.replace("![", "")
    written = _written(guide, (Markdown(text, math), link, (Markdown(shown),)))
    values = [[text, math], [link.title, "http://b"], [[shown, True, picture.sha256]]]
    assert written == plain_json(values)


def test_a_piece_is_a_hash_of_its_sources_as_json(bank: PublishedBank) -> None:
    guide = guide_with(bank, "caches", {"id": "ttl", "front": "a", "back": "b"})
    (asked,) = guide.questions
    about = plain_json(_about(guide, asked, AnkiOptions()))
    texts = [[asked.question.source, True], ["a", True], ["b", True], ["", True]]
    source = f'["recall",{about},{plain_json(texts)}]'
    assert pieces(guide)["caches/ttl"].digest == sha256(source.encode()).hexdigest()[:16]
