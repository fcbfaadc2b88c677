"""Cards of other tools: tables, and decks that the real Anki has written."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import zstandard
from anki.collection import Collection, DeckIdLimit, ExportAnkiPackageOptions
from import_pages import guide
from PIL import Image

from deckgen import BankError
from deckgen.importing import Given, decks
from deckgen.importing.snippets import to_cloze, to_markdown
from deckgen.markdown import CodeBlock, List, Table
from support import Run

# ------------------------------------------------------------------------------------- tables


def test_a_table_becomes_questions_with_cards(run: Run, tmp_path: Path) -> None:
    (tmp_path / "my_cards.csv").write_text(
        'Question,Tags,Answer\n"What is $5, *really*?",money hard::ware,"A fiver,\nor ""five"""\n'
        "What is 2?,difficulty::hard category::number-theory,A prime.\n",
        encoding="utf-8",
    )
    ran = run("import", "my_cards.csv", "--company", "Acme", "--role", "Teller")
    assert ran.code == 0
    assert ran.err == ""
    assert run("check").code == 0
    assert run("build").code == 0
    found = guide(tmp_path, "content/my-cards")
    assert (found.title, found.company, found.role) == ("My Cards", "Acme", "Teller")
    assert [round.title for round in found.rounds] == ["Imported Cards"]
    first, second = found.questions
    assert first.question.plain == "What is $5, *really*?"
    assert first.answer.plain == 'A fiver, or "five"'
    assert first.tags == ("money", "hard::ware")
    (card,) = first.cards
    assert (card.front, card.back) == (first.question, first.answer)
    assert (second.difficulty, second.category, second.tags) == ("hard", "Number Theory", ())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.tsv", "Who?\tMe, myself.\ttag\n"),
        ("a.csv", "Who?;Me, myself.;tag\r\n"),
        ("a.csv", "Who?|Me, myself.|tag\n"),
        ("a.csv", '\ufeff"Who?","Me, myself.","tag"\n\n'),
        (
            "a.csv",
            "tags,back,front\ntag,Me\\, myself.,Who?".replace("Me\\, myself.", '"Me, myself."'),
        ),
        ("a.txt", "#separator:tab\n#html:true\n#tags column:3\nWho?\t<i></i>Me, myself.\ttag\n"),
        ("a.txt", "#separator:Semicolon\n#html:false\nWho?;Me, myself.;tag\n"),
    ],
)
def test_columns_go_by_name_or_by_order(run: Run, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    assert run("import", name, "-o", "a").code == 0
    (question,) = guide(tmp_path, "a").questions
    assert (question.question.plain, question.answer.plain, question.tags) == (
        "Who?",
        "Me, myself.",
        ("tag",),
    )


def test_an_image_that_a_table_names_is_reported(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text('#separator:tab\n#html:true\n<img src="x.png">Who?\tMe.\n')
    ran = run("import", "a.txt")
    assert ran.code == 0
    assert ran.err == "a.txt: warning: the image 'x.png' is not in the file: not imported\n"


def test_rows_that_are_no_cards_are_reported_with_their_lines(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('"One\nor two?",Two.,,more\nNo back?\n,No front.\n')
    ran = run("import", "a.csv")
    assert ran.code == 0
    assert ran.err.splitlines() == [
        "a.csv:1: warning: not imported: 'more': it is in no known column",
        "a.csv:3: warning: not imported: 'No back?': no back",
        "a.csv:4: warning: not imported: 'No front.': no front",
    ]


def test_a_type_too_long_for_a_slug_is_cut(run: Run, tmp_path: Path) -> None:
    long = "x" * 300
    (tmp_path / "a.csv").write_text(f"front,back,type,tags\nA?,a,{long},\nB?,b,,type::{long}\n")
    assert run("import", "a.csv").code == 0
    assert {q.type for q in guide(tmp_path, "content/a").questions} == {"x" * 80}


def test_html_that_no_parser_takes_is_text(run: Run, tmp_path: Path) -> None:
    reference = f"&#{'9' * 5000};"
    (tmp_path / "a.txt").write_text(f"#separator:tab\n#html:true\nA?\t<b>b</b>{reference}\n")
    assert run("import", "a.txt").code == 0
    (question,) = guide(tmp_path, "content/a").questions
    assert question.answer.plain == f"<b>b</b>{reference}"
    (tmp_path / "a.html").write_text(f"<html><h1>A?</h1>{reference}")
    assert "a.html: error: this is no HTML that can be read" in run("import", "a.html").err


def test_what_the_bank_would_not_take_is_an_error_of_the_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"A?,{'b ' * 200_000}\n")
    ran = run("import", "a.csv")
    assert ran.code == 1
    place = "content/a/questions/general.yaml:7:11"
    assert ran.err.startswith(f"a.csv: error: not imported: it would become {place}: expected at")
    assert not (tmp_path / "content").exists()


HUGE = pytest.param("a,b\n" + "x" * 2_000_000, id="huge")


@pytest.mark.parametrize("text", ["", "\n\n", "front,back\n", "a\n", HUGE])
def test_a_table_without_cards_or_with_a_huge_cell_is_an_error(
    run: Run, tmp_path: Path, text: str
) -> None:
    (tmp_path / "a.csv").write_text(text)
    assert run("import", "a.csv").code == 1
    assert not (tmp_path / "content").exists()


def test_a_longer_table_adds_its_cards(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Who?,Me.\n")
    run("import", "a.csv")
    path = tmp_path / "content" / "a" / "questions" / "general.yaml"
    path.write_text(path.read_text().replace("Me.", "Nobody."))
    (tmp_path / "a.csv").write_text("Who?,Me.\nWhere?,Here.\n")
    assert "2 questions in 1 round: 1 new" in run("import", "a.csv").out
    answers = {q.id: q.answer.plain for q in guide(tmp_path, "content/a").questions}
    assert answers == {"who": "Nobody.", "where": "Here."}


# -------------------------------------------------------------------------------------- decks


def png(colour: str = "red") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (4, 3), colour).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    (tmp_path / "anki").mkdir()
    col = Collection(str(tmp_path / "anki" / "collection.anki2"))
    yield col
    col.close()


def add(col: Collection, kind: str, *fields: str, tags: str = "") -> None:
    model = col.models.by_name(kind)
    assert model is not None
    note = col.new_note(model)
    note.fields = [*fields, *[""] * (len(note.fields) - len(fields))]
    note.tags = tags.split()
    deck = col.decks.id("Default")
    assert deck is not None
    col.add_note(note, deck)


def export(col: Collection, path: Path, *, legacy: bool) -> None:
    options = ExportAnkiPackageOptions(
        with_scheduling=False, with_deck_configs=False, with_media=True, legacy=legacy
    )
    deck = col.decks.id("Default")
    assert deck is not None
    col.export_anki_package(out_path=str(path), options=options, limit=DeckIdLimit(deck))


def test_a_note_with_nothing_but_sounds_to_recall_hinders_no_other(
    run: Run, tmp_path: Path, collection: Collection
) -> None:
    model = collection.models.by_name("Basic")
    assert model is not None
    collection.models.add_field(model, collection.models.new_field("Example"))
    collection.models.update_dict(model)
    add(collection, "Basic", "How is it said?", "[sound:a.mp3]", "[sound:b.mp3]")
    add(collection, "Basic", "What is an egg?", "", "One, whole.")
    export(collection, tmp_path / "deck.apkg", legacy=True)
    ran = run("import", "deck.apkg")
    assert ran.code == 0
    assert "not imported: 'How is it said?': no back" in ran.err
    (found,) = guide(tmp_path, "content/deck").questions
    assert found.question.plain == "What is an egg?"
    assert found.cards[0].back == found.answer


HTML = (
    "What <b>is</b> 2 * 3 &lt; $7?<br>Say it<ul><li>fast</li><li>well</li></ul>"
    '<img src="a picture.png"><img src="gone.png"><script>alert(1)</script>'
)


@pytest.mark.parametrize("legacy", [True, False], ids=["legacy", "zstd"])
def test_a_deck_that_anki_wrote_becomes_questions_with_cards(
    run: Run, tmp_path: Path, collection: Collection, legacy: bool
) -> None:
    collection.media.write_data("a picture.png", png())
    collection.media.write_data("other.png", png("blue"))
    add(collection, "Basic", HTML, "<pre>x = {{1}}\ny</pre>[sound:a.mp3]", tags="maths a::b")
    add(
        collection,
        "Cloze",
        "LRU evicts the {{c1::oldest::age}} in {{c2::<code>O(1)</code>}}.",
        "A hint.",
    )
    add(collection, "Basic", "<table><tr><th>a|b</th></tr><tr><td>1</td></tr></table>", "5")
    export(collection, tmp_path / "deck.apkg", legacy=legacy)
    ran = run("import", "deck.apkg")
    assert ran.code == 0
    assert "the image 'gone.png' is not in the package: not imported" in ran.err
    assert "the sound of 'What" in ran.err
    assert run("check").code == 0
    assert run("build").code == 0
    found = guide(tmp_path, "content/deck")
    first, cloze, table = found.questions
    assert first.question.plain.startswith("What is 2 * 3 < $7? Say it fast well")
    assert "alert" not in first.question.source
    assert any(isinstance(block, List) for block in first.question.blocks)
    assert first.tags == ("a::b", "maths")
    assert isinstance(first.answer.blocks[0], CodeBlock)
    assert first.cards[0].back == first.answer
    ((name, image),) = found.media.items()
    assert name.startswith("a-picture-")
    assert (image.kind, image.width, image.height) == ("png", 4, 3)
    assert len(list((tmp_path / "content" / "deck" / "media").iterdir())) == 1
    assert cloze.question.plain == "LRU evicts the [age] in […]."
    assert cloze.cards[0].cloze.plain == "LRU evicts the oldest in O(1)."
    assert cloze.answer.plain == "A hint."
    assert isinstance(table.question.blocks[0], Table)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        (r"\(a+b\) and \[c_1 * d_2\] cost $5 and $6", r"$a+b$ and $c_1 * d_2$ cost \$5 and \$6"),
        (r"[$]x[/$], [$$] y [/$$] *", r"$x$, $y$ \*"),
        (r"- \(a &lt; b\)", r"\- $a < b$"),
        (r"\(x\)2 \( \) \(a$b\)", r"\\(x\\)2 \\( \\) \\(a\$b\\)"),
        (r"\(x \\)", r"\\(x \\\\)"),
        (r"<code>\(x\)</code>", r"`\(x\)`"),
        (
            r"<table><tr><th>\(P(A|B)\) | x|y \|</th></tr></table>",
            "| $P(A|B)$ \\| x\\|y \\\\\\| |\n| --- |",
        ),
        (
            '<pre><code class="hljs lang-py">def f():<br>    x = "*"<br><br>f()</code></pre>',
            '```py\ndef f():\n    x = "*"\n\nf()\n```',
        ),
        ('<pre class="language-c++">a<br/>b</pre>', "```c++\na\nb\n```"),
    ],
)
def test_formulas_and_code_of_a_card_keep_their_form(html: str, markdown: str) -> None:
    assert to_markdown(html, lambda source: None) == markdown


def test_formulas_can_be_hidden() -> None:
    html = r"{{c1::\(x^2\)}} and {{c2::\(\frac{a}{b}\)}}"
    assert to_cloze(html, lambda source: None) == r"{{c1::$x^2$}} and {{c2::$\frac{a}{b}$}}"


def package(path: Path, **entries: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name.replace("__", "."), data)
    return path


def database(*statements: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        return bytes(connection.serialize())


NOTES = "CREATE TABLE notes (id INTEGER, mid INTEGER, tags TEXT, flds TEXT)"
COL = "CREATE TABLE col (models TEXT)"
MODELS = json.dumps({"1": {"flds": [{"name": "Front"}, {"name": "Back"}, {"name": "Source"}]}})
NOTE = "INSERT INTO notes VALUES (1, 1, ' a ', 'Who?' || char(31) || 'Me.' || char(31) || 'A book')"
GOOD = database(NOTES, COL, f"INSERT INTO col VALUES ('{MODELS}')", NOTE)


def test_other_fields_follow_the_back(run: Run, tmp_path: Path) -> None:
    package(tmp_path / "a.apkg", collection__anki21=GOOD)
    assert run("import", "a.apkg").code == 0
    (question,) = guide(tmp_path, "content/a").questions
    assert question.answer.plain == "Me. Source A book"
    assert question.cards[0].back.plain == "Me."


BROKEN = {
    "no collection": ({"other": b"x"}, "this zip is no Anki package"),
    "no database": ({"collection__anki2": b"no database" * 99}, "its collection can't be read"),
    "an empty one": ({"collection__anki2": b""}, "its collection has no notes"),
    "a view for notes": (
        {"collection__anki2": database("CREATE VIEW notes AS SELECT 1 AS id")},
        "its collection is not one that Anki writes",
    ),
    "a table of a module for notes": (
        {"collection__anki2": database(COL, "CREATE VIRTUAL TABLE notes USING fts5(id, flds)")},
        "its collection is not one that Anki writes",
    ),
    "notes that are computed": (
        {
            "collection__anki2": database(
                "CREATE TABLE notes (id, mid, tags, flds AS (hex(zeroblob(50000000))))",
                COL,
                f"INSERT INTO col VALUES ('{MODELS}')",
                *["INSERT INTO notes VALUES (1, 1, '')"] * 4,
            )
        },
        "its notes have more than 256 MiB",
    ),
    "a table that takes long to make": (
        {"collection__anki2": database(NOTES, f"CREATE TABLE a (b{', UNIQUE (b)' * 1000})")},
        "its collection can't be read",
    ),
    "note types that are computed": (
        {
            "collection__anki2": database(
                "CREATE TABLE fields (ntid, ord, name AS (hex(zeroblob(5000000))))",
                *["INSERT INTO fields VALUES (1, 1)"] * 4,
                NOTES,
            )
        },
        "its note types have more than 16 MiB",
    ),
    "note types without end": (
        {"collection__anki2": database(NOTES, COL, f"INSERT INTO col VALUES ('{' ' * 2**24}1')")},
        "its note types can't be read",
    ),
    "no notes in it": ({"collection__anki2": database(NOTES, COL)}, "found no card in it"),
    "note types that are no JSON": (
        {"collection__anki2": database(NOTES, COL, "INSERT INTO col VALUES ('[1')", NOTE)},
        "its note types can't be read",
    ),
    "a list of images that is none": (
        {"collection__anki2": GOOD, "media": b"[1, 2"},
        "its list of images can't be read",
    ),
    "images cut off": (
        {
            "collection__anki21b": zstandard.compress(GOOD),
            "media": zstandard.compress(b"\x0a\xff\x01a"),
        },
        "its list of images is cut off",
    ),
    "no zstd": ({"collection__anki21b": b"plain"}, "this is no whole Anki package"),
}


@pytest.mark.parametrize(("entries", "message"), BROKEN.values(), ids=BROKEN)
def test_a_package_that_is_broken_is_an_error_and_nothing_is_written(
    run: Run, tmp_path: Path, entries: dict[str, bytes], message: str
) -> None:
    package(tmp_path / "a.apkg", **entries)
    ran = run("import", "a.apkg")
    assert ran.code == 1
    assert f"a.apkg: error: {message}" in ran.err
    assert not (tmp_path / "content").exists()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_package_compressed_in_another_way_is_an_error(
    run: Run, tmp_path: Path, method: int
) -> None:
    with zipfile.ZipFile(tmp_path / "a.apkg", "w", method) as archive:
        archive.writestr("collection.anki21", GOOD)
    data = bytearray((tmp_path / "a.apkg").read_bytes())
    data[80:120] = bytes(40)
    (tmp_path / "a.apkg").write_bytes(data)
    ran = run("import", "a.apkg")
    assert ran.code == 1
    assert "a.apkg: error: 'collection.anki21' in it is compressed in a way" in ran.err


def test_a_package_that_was_cut_off_is_an_error(run: Run, tmp_path: Path) -> None:
    path = package(tmp_path / "a.apkg", collection__anki21=GOOD)
    data = path.read_bytes()
    for end in range(4, len(data), max(1, len(data) // 9)):
        path.write_bytes(data[:end])
        assert run("import", "a.apkg").code == 1


@pytest.mark.parametrize("name", ["collection__anki2", "collection__anki21b"])
def test_a_bomb_is_not_unpacked(run: Run, tmp_path: Path, name: str) -> None:
    zeros = bytes(decks.MAX_COLLECTION + 1024)
    data = zstandard.compress(zeros) if name.endswith("b") else zeros
    package(tmp_path / "a.apkg", **{name: data})
    ran = run("import", "a.apkg")
    assert ran.code == 1
    assert "has more than 256 MiB" in ran.err


def test_images_that_are_none_are_reported_and_paths_lead_nowhere(run: Run, tmp_path: Path) -> None:
    front = '<img src="../../evil.png"><img src="fake.png"><img src="https://example.com/a.png">?'
    note = f"INSERT INTO notes VALUES (1, 1, '', '{front}' || char(31) || 'Me.')"
    base = database(NOTES, COL, f"INSERT INTO col VALUES ('{MODELS}')", note)
    media = json.dumps({"0": "../../evil.png", "1": "fake.png"}).encode()
    package(tmp_path / "a.apkg", collection__anki21=base, media=media, **{"0": png(), "1": b"x"})
    ran = run("import", "a.apkg")
    assert ran.code == 0
    assert "the image 'fake.png' is not a whole image" in ran.err
    assert "the image 'https://example.com/a.png' is not in the package" in ran.err
    (image,) = guide(tmp_path, "content/a").media.values()
    assert image.path.parent == tmp_path / "content" / "a" / "media"
    assert not list(tmp_path.parent.glob("evil*"))


def test_a_deck_of_deckgens_own_can_be_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Who?,Me.,difficulty::hard\n")
    run("import", "a.csv")
    run("build")
    ran = run("import", "output/a.apkg", "-o", "again", "--title", "Again")
    assert ran.code == 0
    assert {q.difficulty for q in guide(tmp_path, "again").questions} == {"hard"}


def test_many_big_images_are_not_all_unpacked(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decks, "MAX_IMAGES", 1000)
    front = "".join(f'<img src="{n}.png">' for n in range(4))
    note = f"INSERT INTO notes VALUES (1, 1, '', '{front}?' || char(31) || 'Me.')"
    base = database(NOTES, COL, f"INSERT INTO col VALUES ('{MODELS}')", note)
    images = {str(n): png() + bytes(600) + bytes([n]) for n in range(4)}
    media = json.dumps({entry: f"{entry}.png" for entry in images}).encode()
    path = package(tmp_path / "a.apkg", collection__anki21=base, media=media, **images)
    found = decks.read_deck(path.read_bytes(), "a.apkg", Given("Title"))
    assert len(found.media) == 2
    assert any("'3.png' is not imported" in remark.message for remark in found.remarks)


def test_a_note_too_big_to_be_a_card_is_passed_over(tmp_path: Path) -> None:
    fields = "replace(hex(zeroblob({})), '00', 'a' || char(31))"
    notes = [f"INSERT INTO notes VALUES ({n}, 1, '', {fields.format(n)})" for n in (2, 200)]
    base = database(NOTES, COL, f"INSERT INTO col VALUES ('{MODELS}')", *notes)
    path = package(tmp_path / "a.apkg", collection__anki21=base)
    found = decks.read_deck(path.read_bytes(), "a.apkg", Given("Title"))
    assert len(found.questions) == 1
    assert "more than 100 fields" in found.remarks[0].message


def test_a_note_of_millions_of_fields_is_not_taken_apart() -> None:
    fields = "replace(hex(zeroblob(2000000)), '00', char(31))"
    note = f"INSERT INTO notes VALUES (1, 1, '', {fields})"
    base = database(NOTES, COL, f"INSERT INTO col VALUES ('{MODELS}')", note)
    (found,) = decks._notes(base)
    assert len(found.fields) == decks.MAX_FIELDS + 1


def test_fields_of_one_name_are_all_imported(run: Run, tmp_path: Path) -> None:
    models = MODELS.replace("Source", "Front")
    base = database(NOTES, COL, f"INSERT INTO col VALUES ('{models}')", NOTE)
    package(tmp_path / "a.apkg", collection__anki21=base)
    run("import", "a.apkg")
    (question,) = guide(tmp_path, "content/a").questions
    assert question.question.plain == "Who?"
    assert question.answer.plain == "Me. Field 3 A book"


@pytest.mark.parametrize("number", ["\u00b2", "9" * 5000, "0"])
@pytest.mark.parametrize("key", ["tags column", "guid column"])
def test_a_column_that_is_no_number_is_passed_over(
    run: Run, tmp_path: Path, key: str, number: str
) -> None:
    (tmp_path / "a.txt").write_text(f"#separator:tab\n#{key}:{number}\nWho?\tMe.\n")
    assert run("import", "a.txt").code == 0


@pytest.mark.parametrize(
    "html", ["<table><tr><td colspan=\u00b2>a</table>", f"<ol start={'9' * 5000}><li>a</ol>"]
)
def test_html_with_numbers_that_are_none_is_text(html: str) -> None:
    assert to_markdown(html, lambda source: None) == "a"


def test_a_collection_that_takes_too_long_to_read_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite says of an alarm, too, that it was interrupted."""
    more = "INSERT INTO notes SELECT id + 1, mid, tags, flds FROM notes"
    base = database(NOTES, COL, f"INSERT INTO col VALUES ('{MODELS}')", NOTE, *[more] * 14)
    path = package(tmp_path / "a.apkg", collection__anki21=base)
    monkeypatch.setattr(decks, "MAX_STEPS", 10_000)
    with pytest.raises(BankError, match="reading its collection took too long"):
        decks.read_deck(path.read_bytes(), "a.apkg", Given("Title"))


def test_what_a_killed_import_of_a_deck_left_is_cleared_by_the_next(
    run: Run, tmp_path: Path
) -> None:
    base = database(NOTES, COL, f"INSERT INTO col VALUES ('{MODELS}')", NOTE)
    package(tmp_path / "a.apkg", collection__anki21=base)
    (tmp_path / "tmp" / ".deckgen-left").mkdir(parents=True)
    assert run("import", "a.apkg", env={"TMPDIR": str(tmp_path / "tmp")}).code == 0
    assert not list((tmp_path / "tmp").iterdir())
