"""load_bank: what a bank means."""

from __future__ import annotations

import dataclasses
import os
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from deckgen import BankError, Guide, load_bank
from support import BankFolder, Run


def only_guide(bank: BankFolder) -> Guide:
    (guide,) = load_bank(bank.path).guides
    return guide


def messages(bank: BankFolder) -> list[str]:
    with pytest.raises(BankError) as caught:
        load_bank(bank.path)
    return [problem.message for problem in caught.value.problems]


def test_a_guide_is_read_with_its_rounds_and_questions(bank: BankFolder) -> None:
    guide = only_guide(bank)
    assert (guide.id, guide.title, guide.updated) == ("example", "Example Guide", date(2026, 1, 2))
    assert guide.language == "en"
    assert [(r.id, r.number) for r in guide.rounds] == [("phone", 1), ("onsite", 2)]
    assert [(q.id, q.round, q.code) for q in guide.questions] == [
        ("caching", "onsite", "2.01"),
        ("sorting", "phone", "1.01"),
    ]
    caching = guide.questions[0]
    assert caching.answer.source == "Near the reader."
    assert [card.id for card in caching.cards] == ["ttl", "lru"]
    assert not guide.questions[1].answer


@pytest.mark.parametrize(
    "tag", ["yue", "zh-Hant-TW", "es-419", "de-CH-1901", "en-GB-oed", "i-klingon", "x-our-own"]
)
def test_every_kind_of_language_tag_is_taken(bank: BankFolder, tag: str) -> None:
    bank.edit("guide.yaml", "level:", f"language: {tag}\nlevel:")
    assert only_guide(bank).language == tag


def test_a_guides_own_folder_is_a_bank_too(bank: BankFolder) -> None:
    (guide,) = load_bank(bank.guide).guides
    assert guide.id == "example"


def test_every_value_of_the_model_is_frozen(bank: BankFolder) -> None:
    guide = only_guide(bank)
    for value in (guide, guide.rounds[0], guide.questions[0], guide.questions[0].cards[0]):
        with pytest.raises(dataclasses.FrozenInstanceError):
            value.id = "other"  # type: ignore[misc]


def test_a_guide_has_no_more_rounds_than_the_limit(bank: BankFolder) -> None:
    more = "".join(f"  - {{id: r{n}, title: R}}\n" for n in range(498))
    with (bank.guide / "guide.yaml").open("a", encoding="utf-8") as file:
        file.write(more)
    assert len(only_guide(bank).rounds) == 500
    bank.edit("guide.yaml", more, more + "  - {id: more, title: R}\n")
    assert messages(bank) == ["501 rounds: the limit is 500"]


def test_a_yaml_file_has_no_more_bytes_than_the_limit(bank: BankFolder) -> None:
    text = "# a\n" * (4 * 2**20)
    bank.write("questions/more.yaml", text)
    assert len(only_guide(bank).questions) == 2
    bank.write("questions/more.yaml", text + "#")
    (message,) = messages(bank)
    assert message.endswith("; the limit is 16: split it")


def test_what_is_equal_has_the_same_hash(bank: BankFolder) -> None:
    one, other = load_bank(bank.path), load_bank(bank.path)
    assert one == other
    assert hash(one) == hash(other)


def test_text_keys_take_unquoted_words_and_numbers_as_written(bank: BankFolder) -> None:
    bank.edit("questions/all.yaml", "Where would you put a cache?", "no")
    bank.edit("guide.yaml", "title: Example Guide", "title: 2024")
    guide = only_guide(bank)
    assert guide.questions[0].question.source == "no"
    assert guide.title == "2024"


def test_keys_with_all_after_them_commented_out_are_left_out(bank: BankFolder, run: Run) -> None:
    question = "{id: q, question: Why?, category: Algorithms, difficulty: easy}"
    bank.write("questions/a.yaml", f"defaults:\n  # difficulty: hard\nquestions: [{question}]\n")
    with (bank.guide / "guide.yaml").open("a", encoding="utf-8") as file:
        file.write("export:\n  pdf:\n    # paper: letter\n")
    checked = run("check", str(bank.path))
    assert (checked.code, checked.err) == (0, "")
    assert run("build", str(bank.path), "-f", "pdf", "-o", str(bank.path / "out")).code == 0


def test_defaults_fill_in_what_a_question_leaves_out(bank: BankFolder) -> None:
    bank.write(
        "questions/more.yaml",
        """\
        defaults: {category: Algorithms, difficulty: hard, tags: [x]}
        questions:
          - {id: a, question: A}
          - {id: b, question: B, difficulty: easy, tags: []}
        """,
    )
    a, b = only_guide(bank).questions[2:]
    assert (a.difficulty, a.tags) == ("hard", ("x",))
    assert (b.difficulty, b.tags) == ("easy", ())


@pytest.mark.parametrize("word", ["false", "False", "FALSE", '"False"'])
def test_math_is_left_alone_however_false_is_spelt(bank: BankFolder, word: str) -> None:
    bank.edit("questions/all.yaml", "tags: [warm up]", f"math: {word}")
    question = only_guide(bank).questions[1]
    assert (question.math, question.question.math) == (False, False)


def test_questions_come_by_file_path_then_by_position(bank: BankFolder) -> None:
    question = "- {{id: {}, question: Q, category: Algorithms, difficulty: easy}}\n"
    bank.write("questions/b.yaml", question.format("b1") + question.format("b0"))
    bank.write("questions/a/z.yaml", question.format("az"))
    bank.write("questions/.#b.yaml", "an editor's lock file")
    bank.write("questions/notes.txt", "not read")
    ids = [q.id for q in only_guide(bank).questions]
    assert ids == ["az", "caching", "sorting", "b1", "b0"]


def test_a_question_goes_to_the_rounds_it_names_or_to_that_of_its_category(
    bank: BankFolder,
) -> None:
    bank.edit("questions/all.yaml", "tags: [warm up]", "rounds: [onsite, phone]")
    assert only_guide(bank).questions[1].rounds == ("onsite", "phone")
    assert only_guide(bank).questions[0].rounds == ("onsite",)


def test_a_key_with_nothing_after_it_is_a_key_left_out(bank: BankFolder) -> None:
    bank.edit("questions/all.yaml", "  answer: Near the reader.\n", "  answer:\n  hint:\n")
    assert not only_guide(bank).questions[0].answer


def test_a_follow_up_may_be_a_text_alone(bank: BankFolder) -> None:
    bank.edit(
        "questions/all.yaml", "  tags: [warm up]", "  follow_ups: [Why?, {question: H, answer: B}]"
    )
    follow_ups = only_guide(bank).questions[1].follow_ups
    assert [(f.question.source, f.answer.source) for f in follow_ups] == [("Why?", ""), ("H", "B")]


def test_brief_takes_lines_or_a_list(bank: BankFolder) -> None:
    bank.edit("guide.yaml", "title: Phone Screen", "title: P\n    brief: |\n      one\n      two")
    bank.edit("guide.yaml", "title: Onsite", "title: O\n    brief: [one, two, three]")
    phone, onsite = only_guide(bank).rounds
    assert [line.source for line in phone.brief] == ["one", "two"]
    assert [line.source for line in onsite.brief] == ["one", "two", "three"]


def test_codes_once_given_stay_whatever_moves(bank: BankFolder) -> None:
    bank.write("ledger.yaml", only_guide(bank).ledger.text())
    bank.edit("questions/all.yaml", "tags: [warm up]", "rounds: [onsite]")
    question = "- {id: new, question: Q, category: Algorithms, difficulty: easy}\n"
    bank.write("questions/a.yaml", question)
    bank.edit("guide.yaml", "rounds:\n", "rounds:\n  - {id: zero, title: Zero}\n")
    guide = only_guide(bank)
    assert {q.id: q.code for q in guide.questions} == {
        "new": "1.02",
        "caching": "2.01",
        "sorting": "1.01",
    }
    assert {r.id: r.number for r in guide.rounds} == {"zero": 3, "phone": 1, "onsite": 2}


def test_a_deleted_questions_code_is_never_given_again(bank: BankFolder) -> None:
    bank.write("ledger.yaml", only_guide(bank).ledger.text())
    bank.edit("questions/all.yaml", "id: sorting", "id: searching")
    assert only_guide(bank).questions[1].code == "1.02"


def test_a_draft_has_a_code_that_the_ledger_does_not_keep(bank: BankFolder) -> None:
    bank.edit("questions/all.yaml", "tags: [warm up]", "status: draft")
    guide = only_guide(bank)
    assert guide.questions[1].code == "1.01"
    assert dict(guide.ledger.questions) == {"caching": "2.01"}


def test_images_are_what_their_content_says(bank: BankFolder) -> None:
    stream = BytesIO()
    Image.new("RGB", (2, 3)).save(stream, "GIF")
    media = bank.guide / "media"
    media.mkdir()
    (media / "picture.png").write_bytes(stream.getvalue())
    (media / "drawing.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 20"/>'
    )
    bank.edit(
        "questions/all.yaml", "Near the reader.", '"![a](picture.png) ![b](media/drawing.svg)"'
    )
    found = only_guide(bank).media
    kinds = {name: (m.kind, m.width, m.height) for name, m in found.items()}
    assert kinds == {"picture.png": ("gif", 2, 3), "drawing.svg": ("svg", 10, 20)}


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"'


@pytest.mark.parametrize(
    ("svg", "message"),
    [
        (f'<!DOCTYPE svg [<!ENTITY a "b">]>{SVG}/>', "a DOCTYPE"),
        (f'<?xml-stylesheet href="https://example.com/x.css"?>{SVG}/>', "<?xml-stylesheet?>"),
        (f'{SVG} onload="x()"/>', "a script in 'onload'"),
        (f'{SVG}><a href="javascript:x()"/></svg>', "a reference outside itself in 'href'"),
        (f'{SVG}><use href="other.svg#a"/></svg>', "a reference outside itself in 'href'"),
        (f'{SVG} xml:base="https://example.com/"/>', "a reference outside itself in 'base'"),
        (f'{SVG}><animate attributeName="xlink:href"/></svg>', "itself in 'attributename'"),
        (f'{SVG}><style>@import "x"</style></svg>', "a style that refers"),
        (f'{SVG}><style>@\\69mport "x"</style></svg>', "a style that refers"),
        (f"{SVG}><rect fill=\"url('http://x#a')\"/></svg>", "itself in 'fill'"),
        (f'{SVG}><rect fill="u\\72l(http://x)"/></svg>', "itself in 'fill'"),
        (f'{SVG}><animate attributeName="XLINK:HREF"/></svg>', "itself in 'attributename'"),
        *(
            (f"{SVG}><{name}/></svg>", f"<{name}>: only drawing elements")
            for name in ("SCRIPT", "iframe", "image", "audio", "video", "set", "handler")
        ),
        (f"{SVG}><foreignObject/></svg>", "<foreignObject>: only drawing elements"),
        (f'{SVG}><img xmlns="http://www.w3.org/1999/xhtml" src="x"/></svg>', "<img>: only"),
        (SVG + ">" + "<g>" * 200 + "</g>" * 200 + "</svg>", "elements nested more than 100 deep"),
        ('<svg width="1" height="1"/>', "its root is no <svg xmlns="),
        ('<svg xmlns="http://www.w3.org/2000/svg" width="1"/>', "without width and height"),
        (SVG.replace('"1"', '"0.001"') + "/>", "0.001 by 0.001: expected 0.1 to 100,000"),
        ("<html/>", "its root is no <svg xmlns="),
        ("<svg", "is not a whole SVG"),
    ],
)
def test_an_svg_that_runs_fetches_or_is_broken_is_an_error(
    bank: BankFolder, svg: str, message: str
) -> None:
    bank.write("media/a.svg", svg)
    bank.edit("questions/all.yaml", "Near the reader.", '"![a](a.svg)"')
    (found,) = messages(bank)
    assert found.startswith("the image 'a.svg' is")
    assert message in found


@pytest.mark.parametrize(
    ("size", "width", "height"),
    [
        ('width="10" height="2.5"', 10, 2.5),
        ('width="10px" height=" .5 in "', 10, 48),
        ('width="30pt" height="25.4mm"', 40, 96),
        ('width="2.54cm" height="1in" viewBox="0 0 1 1"', 96, 96),
        ('width="100%" height="auto" viewBox="0,0 , 30 20"', 30, 20),
        ('width="10" viewBox="-5 -5 30 20"', 30, 20),
    ],
)
@pytest.mark.parametrize("before", ["", "\ufeff", "\n  ", '<?xml version="1.0"?>\n<!-- a -->'])
def test_an_svg_has_the_size_that_it_says_in_pixels(
    bank: BankFolder, before: str, size: str, width: float, height: float
) -> None:
    bank.write("media/a.svg", f'{before}<svg xmlns="http://www.w3.org/2000/svg" {size}/>')
    bank.edit("questions/all.yaml", "Near the reader.", '"![a](a.svg)"')
    media = only_guide(bank).media["a.svg"]
    assert (media.width, media.height) == pytest.approx((width, height))


@pytest.mark.parametrize("held", range(1, 9))
def test_a_photograph_is_as_wide_as_it_is_shown(bank: BankFolder, held: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = held  # the way the camera was held
    stream = BytesIO()
    Image.new("RGB", (2, 3)).save(stream, "JPEG", exif=exif)
    (bank.guide / "media").mkdir()
    (bank.guide / "media" / "a.jpg").write_bytes(stream.getvalue())
    bank.edit("questions/all.yaml", "Near the reader.", '"![a](a.jpg)"')
    media = only_guide(bank).media["a.jpg"]
    assert (media.width, media.height) == ((2, 3) if held < 5 else (3, 2))


def test_a_photograph_may_have_others_behind_it(bank: BankFolder) -> None:
    stream = BytesIO()
    others = [Image.new("RGB", (1, 1))]  # such as the depth that a phone saw
    Image.new("RGB", (2, 3)).save(stream, "MPO", save_all=True, append_images=others)
    (bank.guide / "media").mkdir()
    (bank.guide / "media" / "a.jpg").write_bytes(stream.getvalue())
    bank.edit("questions/all.yaml", "Near the reader.", '"![a](a.jpg)"')
    media = only_guide(bank).media["a.jpg"]
    assert (media.kind, media.width, media.height) == ("jpeg", 2, 3)


@pytest.mark.parametrize(
    "drawing",
    [
        """<rect fill="url(#a)" stroke="url('#b')"/>""",
        "<text>url(https://example.com), @import and C:\\temp</text>",
        "<style>rect { fill: url( '#a' ) }</style>",
        '<g xmlns:i="http://inkscape.example/" i:export="C:\\x"/>',
    ],
)
def test_an_svg_that_refers_to_itself_or_shows_code_is_taken(
    bank: BankFolder, drawing: str
) -> None:
    bank.write("media/a.svg", f"{SVG}>{drawing}</svg>")
    bank.edit("questions/all.yaml", "Near the reader.", '"![a](a.svg)"')
    assert only_guide(bank).media["a.svg"].kind == "svg"


def test_links_out_of_the_guide_and_things_that_are_no_files_are_errors(
    bank: BankFolder, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("- {id: a, question: Q, category: Algorithms, difficulty: easy}\n")
    (bank.guide / "questions" / "link.yaml").symlink_to(secret)
    (bank.guide / "questions" / "loop.yaml").symlink_to("loop.yaml")
    (bank.guide / "questions" / "folder.yaml").mkdir()
    os.mkfifo(bank.guide / "questions" / "pipe.yaml")
    found = messages(bank)
    assert len(found) == 3
    assert any("leaves the guide's folder" in message for message in found)
    assert any("not a plain file" in message for message in found)


@pytest.mark.parametrize("name", ["missing", "file"])
def test_what_is_no_bank_is_one_clear_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(BankError, match="can't read the bank"):
        load_bank(tmp_path / name)
    with pytest.raises(BankError, match=r"sub-folders hold a guide.yaml; found none"):
        load_bank(tmp_path)
