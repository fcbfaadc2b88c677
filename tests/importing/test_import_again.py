"""A newer copy of a page, imported into the guide that an older one became."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from import_pages import FOLDER, PAGE, guide

from deckgen import files
from deckgen.importing.identity import match
from deckgen.importing.values import ImportedQuestion
from deckgen.model import Question, Slug
from deckgen.texts import Markdown
from support import Run, schemas_hold

NEWER = (
    PAGE.replace("67 practiced", "71 practiced")
    .replace("Trade OffsMediumSystem Design", "Trade OffsMediumSystem Design\n9 practiced")
    .replace("6/19/2026", "7/1/2026")
    .replace(
        "Additional Information",
        "Data Quality and TestsEasyTechnical\n1 practiced\nWhat is a null?\n"
        "Conflict and FeedbackEasyBehavioral\nWho told you last?\nAdditional Information",
    )
    .replace("Frequently", "5\nDirector Conversation\n20 min\nFrequently")
    .replace("4 rounds", "5 rounds")
)


@pytest.fixture
def folder(run: Run, tmp_path: Path) -> Path:
    assert run("import", "-", input=PAGE).code == 0
    return tmp_path / FOLDER


def test_the_same_copy_changes_nothing(run: Run, folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    ran = run("import", "-", input=PAGE)
    assert ran.code == 0
    assert ran.out == f"{FOLDER}: 6 questions in 4 rounds: 0 new\n"
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_newer_copy_brings_counts_questions_rounds_and_date(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    old = {q.id: q for q in guide(tmp_path).questions}
    ran = run("import", "-", input=NEWER)
    assert ran.code == 0
    assert f"{FOLDER}: 8 questions in 5 rounds: 2 new, 2 counts updated" in ran.out
    assert "the round 'Director Conversation' is new: it was added as the last one" in ran.err
    found = guide(tmp_path)
    new = {q.id: q for q in found.questions}
    assert set(old) < set(new)
    assert {id: new[id].practiced for id in old if old[id].practiced != new[id].practiced} == {
        "what-is-a-b-lease-b-and": 71,
        "what-is-a-b-lease-b-and-2": 9,
    }
    assert str(found.updated) == "2026-07-01"
    assert found.rounds[-1].title == "Director Conversation"
    assert new["what-is-a-null"].category == "Data Quality and Tests"
    assert run("check").code == 0
    assert run("build").code == 0


def test_every_file_names_its_schema_for_editors(run: Run, folder: Path) -> None:
    before = schemas_hold(folder)
    assert run("import", "-", input=NEWER).code == 0
    assert schemas_hold(folder) == before + 1


def test_a_bank_that_names_no_schemas_gets_them_with_its_first_new_file(
    run: Run, folder: Path
) -> None:
    shutil.rmtree(folder.parent / ".schema")
    assert run("import", "-", input=PAGE.replace("67 practiced", "68 practiced")).code == 0
    assert not (folder.parent / ".schema").exists()
    assert run("import", "-", input=NEWER).code == 0
    schemas_hold(folder)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new).encode())


def test_what_the_maintainer_wrote_stays(run: Run, folder: Path, tmp_path: Path) -> None:
    path = folder / "questions" / "distributed-systems-fundamentals.yaml"
    written = """\
# Mine.
defaults: {difficulty: medium}
questions:
    - id: lease   # my own id
      question: |
        What is a \\<b>lease\\</b>, and why does it need a *fencing_token*?
        Think of clocks that jump, a pause of the process
      category: "Distributed Systems Fundamentals"  # as they call it
      practiced:   67   # on the page
      answer: |
        A lock that ends by itself.

      status: draft
# The end."""
    path.write_bytes(written.encode())
    edit(folder / "guide.yaml", "title: Recruiter Screening", "title: A First Talk # renamed")
    listed = "    categories:\n      - Conflict and Feedback\n"
    edit(folder / "guide.yaml", listed, "")
    edit(folder / "guide.yaml", "    duration: 30 min\n", f"    duration: 30 min # or 45\n{listed}")
    before = (folder / "guide.yaml").read_text()
    ran = run("import", "-", input=NEWER)
    assert ran.code == 0, ran.err
    assert path.read_bytes().decode() == written.replace("67 ", "71 ")
    after = (folder / "guide.yaml").read_text()
    kept = [line for line in before.splitlines() if line in after.splitlines()]
    assert kept == [line for line in before.splitlines() if not line.startswith("updated")]
    assert guide(tmp_path).rounds[0].categories == ("Conflict and Feedback",)
    assert run("check").code == 0


def test_a_reworded_question_is_known_by_the_closest_text(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    newer = PAGE.replace("Sort the wagons of one train.", "Sort all the wagons of one train.")
    ran = run("import", "-", input=newer.replace("1.2k", "1300"))
    assert "the page words question 'sort-the-wagons-of-one-train' otherwise than" in ran.err
    found = {q.id: q for q in guide(tmp_path).questions}
    assert len(found) == 6
    assert found["sort-the-wagons-of-one-train"].practiced == 1300
    assert "all" not in found["sort-the-wagons-of-one-train"].question.source


def test_equal_texts_stay_with_their_categories(run: Run, folder: Path, tmp_path: Path) -> None:
    run("import", "-", input=PAGE.replace("67 practiced", "68 practiced"))
    counts = {q.category: q.practiced for q in guide(tmp_path).questions}
    assert counts["Distributed Systems Fundamentals"] == 68
    assert counts["Architecture and Technical Trade Offs"] == 0


def test_equal_texts_of_other_categories_are_known_in_the_order_of_the_bank() -> None:
    text = "What is asked?"
    bank = [
        Question(id=Slug(id), question=Markdown(text), category=category, difficulty="easy")
        for id, category in (("a", "A"), ("b", "B"), ("c", "A"))
    ]
    moved = ImportedQuestion(question=text, category="C")
    assert match([moved, moved], bank) == bank[:2]


def test_a_category_keeps_the_spelling_of_the_bank(run: Run, folder: Path, tmp_path: Path) -> None:
    for path in folder.rglob("*.yaml"):
        path.write_text(path.read_text().replace("Trade Offs", "Trade-offs"))
    newer = PAGE.replace(
        "Additional", "Architecture and Technical Trade OffsEasyTechnical\nOne or four?\nAdditional"
    )
    assert run("import", "-", input=newer).code == 0
    assert [q.category for q in guide(tmp_path).questions if q.id == "one-or-four"] == [
        "Architecture and Technical Trade-offs"
    ]


def test_questions_that_left_the_page_stay_in_the_bank(run: Run, folder: Path) -> None:
    ran = run("import", "-", input=PAGE.split("Conflict and FeedbackHard")[0])
    assert "6 questions in 4 rounds: 0 new, 1 not in what was imported, left as they are" in ran.out


def test_line_ends_and_flow_style_survive(run: Run, folder: Path, tmp_path: Path) -> None:
    path = folder / "questions" / "algorithms-and-data-structures.yaml"
    line = (
        "- {id: sort, question: Sort the wagons of one train., "
        "category: Algorithms and Data Structures, difficulty: easy}"
    )
    path.write_bytes(f"# mine\r\n{line}\r\n".encode())
    newer = PAGE.replace(
        "Additional", "Algorithms and Data StructuresEasyCoding\nAnd back?\nAdditional"
    )
    assert run("import", "-", input=newer).code == 0
    text = path.read_bytes().decode()
    assert text.startswith(f"# mine\r\n{line.replace('}', ', practiced: 1200}')}\r\n")
    assert text.count("\n") == text.count("\r\n")
    assert {q.id for q in guide(tmp_path).questions} >= {"sort", "and-back"}


def test_a_file_that_can_take_no_question_is_left_and_another_made(run: Run, folder: Path) -> None:
    path = folder / "questions" / "conflict-and-feedback.yaml"
    edit(path, "- id", "questions:\n- id")
    text = path.read_text() + "defaults: {}\n"
    path.write_text(text)
    assert run("import", "-", input=NEWER).code == 0
    assert path.read_text() == text
    assert (folder / "questions" / "conflict-and-feedback-imported.yaml").exists()
    assert run("check").code == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "    categories:\n      - Conflict and Feedback\n",
            "    categories: [Conflict and Feedback]\n",
        ),
        (
            "    categories:\n      - Conflict and Feedback\n",
            "    categories: ['Conflict and Feedback']\n",
        ),
        ("      - Conflict and Feedback\n", "      - Conflict and Feedback # ours\n"),
        ("company: Fernweh Rail\n", "company: Fernweh Rail\nlanguage: en\n"),
        ("      - Conflict and Feedback\n", "      - Conflict and Feedback\n# rounds end here\n"),
        ("rounds:\n", "night_before:\n  - title: Sleep\nrounds:\n"),
    ],
)
def test_rounds_and_categories_find_their_place_in_any_layout(
    run: Run, folder: Path, tmp_path: Path, old: str, new: str
) -> None:
    edit(folder / "guide.yaml", old, new)
    newer = NEWER.replace("Additional", "Values at WorkHardBehavioral\nWhich?\nAdditional")
    ran = run("import", "-", input=newer)
    assert ran.code == 0, ran.err
    rounds = guide(tmp_path).rounds
    assert [r.id for r in rounds][-1] == "director-conversation"
    assert "Values at Work" in rounds[3].categories + rounds[4].categories
    assert "Conflict and Feedback" in rounds[3].categories
    assert new.splitlines()[-1].rstrip("]") in (folder / "guide.yaml").read_text()


@pytest.mark.parametrize("written", ["", "    categories:\n", "    categories: []\n"])
def test_a_round_that_lists_no_category_gets_its_first(
    run: Run, folder: Path, tmp_path: Path, written: str
) -> None:
    path = folder / "guide.yaml"
    edit(path, "    categories:\n      - Conflict and Feedback\n", written)
    edit(path, "      - Hard Real", "      - Conflict and Feedback\n      - Hard Real")
    newer = PAGE.replace("Additional", "Behavioral ValuesHardBehavioral\nWhich?\nAdditional")
    assert run("import", "-", input=newer).code == 0
    onsite = guide(tmp_path).rounds[3]
    assert (onsite.id, onsite.categories) == ("behavioral-onsite", ("Behavioral Values",))
    assert "    format: behavioral\n" in path.read_text()


def test_what_is_written_so_that_it_cannot_be_edited_is_said(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    question = folder / "questions" / "distributed-systems-fundamentals.yaml"
    edit(question, "practiced: 67", "practiced: &n 67")
    before = question.read_text()
    ran = run("import", "-", input=PAGE.replace("67 practiced", "71 practiced"))
    assert ran.code == 0
    assert "can't update 'practiced' of " in ran.err
    assert "it is 71" in ran.err
    assert question.read_text() == before
    path = folder / "guide.yaml"
    edit(path, "      - Conflict and", "      - &c Conflict and")
    before = path.read_text()
    newer = PAGE.replace("Additional", "Behavioral ValuesHardBehavioral\nWhich?\nAdditional")
    ran = run("import", "-", input=newer)
    assert ran.code == 1
    assert "guide.yaml:40:5: error: can't add the category 'Behavioral Values' here" in ran.err
    assert path.read_text() == before


def test_a_new_question_joins_the_others_of_its_category_wherever_they_stand(
    run: Run, folder: Path
) -> None:
    theirs = folder / "questions" / "conflict-and-feedback.yaml"
    mine = theirs.rename(folder / "questions" / "people.yaml")
    assert run("import", "-", input=NEWER).code == 0
    assert "Who told you last?" in mine.read_text()
    assert not theirs.exists()


def test_keys_after_the_rounds_stay_behind_them(run: Run, folder: Path, tmp_path: Path) -> None:
    path = folder / "guide.yaml"
    path.write_text(path.read_text() + "\n# the night\nnight_before:\n  - title: Sleep\n")
    assert run("import", "-", input=NEWER).code == 0
    assert path.read_text().endswith("\n# the night\nnight_before:\n  - title: Sleep\n")
    assert len(guide(tmp_path).rounds) == 5


def test_several_rounds_are_added_in_their_order_to_a_file_without_a_last_line_end(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    path = folder / "guide.yaml"
    path.write_text(path.read_text().rstrip("\n"))
    newer = NEWER.replace("20 min\n", "20 min\n6\nA Walk\n")
    newer = newer.replace("Additional", "Feedback at WorkHardBehavioral\nWhich?\nAdditional")
    assert run("import", "-", input=newer).code == 0
    rounds = guide(tmp_path).rounds
    assert [round.id for round in rounds[4:]] == ["director-conversation", "a-walk"]
    assert "Feedback at Work" in rounds[3].categories


def test_another_guide_is_not_overwritten_without_force(run: Run, folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.yaml")}
    other = PAGE.replace("Fernweh Rail", "Borrowed Boats")
    ran = run("import", "-", "-o", FOLDER, input=other)
    assert ran.code == 1
    assert "it holds another guide, 'Fernweh Rail Senior Data Engineer" in ran.err
    assert {path: path.read_bytes() for path in folder.rglob("*.yaml")} == before


def test_force_writes_the_guide_anew_and_keeps_ids_ledger_and_media(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    assert run("build").code == 0
    ledger = (folder / "ledger.yaml").read_bytes()
    edit(folder / "questions" / "conflict-and-feedback.yaml", "id: ", "id: my-")
    (folder / "questions" / "extra.yaml").write_text("[]\n")
    (folder / "media").mkdir()
    (folder / "media" / "mine.png").write_bytes(b"x")
    ran = run("import", "-", "--force", input=PAGE)
    assert ran.code == 0
    assert f"{FOLDER}/questions/extra.yaml: removed" in ran.out
    assert "my-when-were-you-last-wrong" in {q.id for q in guide(tmp_path).questions}
    assert (folder / "media" / "mine.png").exists()
    assert (folder / "ledger.yaml").read_bytes() == ledger


def test_a_broken_guide_is_reported_and_left_alone(run: Run, folder: Path) -> None:
    edit(folder / "guide.yaml", "company:", "compny:")
    before = {path: path.read_bytes() for path in folder.rglob("*.yaml")}
    ran = run("import", "-", input=NEWER)
    assert ran.code == 1
    assert "did you mean 'company'" in ran.err
    assert {path: path.read_bytes() for path in folder.rglob("*.yaml")} == before
    assert run("import", "-", "--force", input=NEWER).code == 0
    assert run("check").code == 0


def test_what_would_break_the_guide_is_undone(run: Run, folder: Path) -> None:
    path = folder / "guide.yaml"
    rounds = path.read_text().partition("rounds:\n")
    path.write_text(rounds[0] + "rounds: [{id: a, title: A, categories: &c [Sorting]}]\n")
    for file in (folder / "questions").iterdir():
        file.unlink()
    before = path.read_bytes()
    ran = run("import", "-", input=PAGE)
    assert ran.code == 1
    assert "can't add the round 'Recruiter Screening' here" in ran.err
    assert path.read_bytes() == before
    assert not list((folder / "questions").iterdir())


def test_a_guide_does_not_hide_those_of_the_bank_it_is_put_into(run: Run, tmp_path: Path) -> None:
    assert run("import", "-", input=PAGE).code == 0
    (guide,) = (folder for folder in (tmp_path / "content").iterdir() if folder.name != ".schema")
    for more in ([], ["--force"]):
        ran = run("import", "-", "-o", "content", *more, input=PAGE)
        assert ran.code == 1
        assert (
            f"it holds guides: give this one a folder of its own, -o content/{guide.name}"
            in ran.err
        )
    assert not (tmp_path / "content" / "guide.yaml").exists()


def test_a_file_in_the_way_and_questions_without_a_guide_are_errors(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    assert "it is no folder" in run("import", "-", "-o", "file", input=PAGE).err
    (tmp_path / "half" / "questions").mkdir(parents=True)
    (tmp_path / "half" / "questions" / "a.yaml").write_text("[]")
    ran = run("import", "-", "-o", "half", input=PAGE)
    assert ran.code == 1
    assert "it holds questions but no guide.yaml" in ran.err
    assert run("import", "-", "-o", "half", "--force", input=PAGE).code == 0


# ------------------------------------------------------------------------------- killed half way

ENDED = """
import os, signal, sys
from pathlib import Path
from deckgen.cli import main

left, replace = [int(sys.argv.pop(1))], Path.replace

def count(path, target):
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), getattr(signal, os.environ["SIGNAL"]))
    return replace(path, target)

Path.replace = count
sys.exit(main())
"""


def ended(tmp_path: Path, name: str, at: int, *more: str) -> int:
    """The status of an import of page.txt that gets a signal when it has replaced so many files."""
    command = [sys.executable, "-c", ENDED, str(at), "import", "page.txt", *more]
    env = {**os.environ, "SIGNAL": name}
    return subprocess.run(
        command, cwd=tmp_path, env=env, capture_output=True, timeout=60
    ).returncode


def state(tmp_path: Path) -> dict[str, bytes]:
    content = tmp_path / "content"
    found = (path for path in content.rglob("*") if path.is_file())
    return {path.relative_to(content).as_posix(): path.read_bytes() for path in found}


@pytest.mark.parametrize("at", [3, 4])
@pytest.mark.parametrize("more", [(), ("--force",)])
@pytest.mark.parametrize("is_new", [False, True])
def test_what_a_killed_import_left_the_same_import_completes(
    run: Run, folder: Path, tmp_path: Path, is_new: bool, more: tuple[str, ...], at: int
) -> None:
    newer = NEWER.replace("Data Quality and TestsEasy", "LineageEasy")
    (tmp_path / "page.txt").write_text(newer)
    edit(folder / "questions" / "conflict-and-feedback.yaml", "id: ", "id: my-")
    if is_new:
        shutil.rmtree(tmp_path / "content")
        (tmp_path / "content").mkdir()
    shutil.copytree(tmp_path / "content", tmp_path / "before")
    assert run("import", "page.txt", *more).code == 0
    new = state(tmp_path)
    shutil.rmtree(tmp_path / "content")
    (tmp_path / "before").rename(tmp_path / "content")
    assert ended(tmp_path, "SIGKILL", at, *more) == -9
    assert state(tmp_path) != new
    assert run("import", "page.txt", *more).code == 0
    assert state(tmp_path) == new
    assert not list(tmp_path.rglob(".deckgen-*"))


@pytest.mark.parametrize(("name", "status"), [("SIGTERM", -15), ("SIGINT", 130)])
def test_a_signal_while_files_are_replaced_leaves_the_old_guide_or_the_new(
    run: Run, folder: Path, tmp_path: Path, name: str, status: int
) -> None:
    (tmp_path / "page.txt").write_text(NEWER)
    old = state(tmp_path)
    assert ended(tmp_path, name, 2) == status
    found = state(tmp_path)
    assert run("import", "page.txt").code == 0
    assert found == (old if name == "SIGINT" else state(tmp_path))
    assert not list(tmp_path.rglob(".deckgen-*"))


@pytest.mark.parametrize("is_new", [False, True])
def test_an_import_waits_for_another_of_the_same_guide(
    folder: Path, tmp_path: Path, is_new: bool
) -> None:
    (tmp_path / "page.txt").write_text(NEWER)
    if is_new:
        shutil.rmtree(tmp_path / "content")
    old = state(tmp_path)
    with files.alone(tmp_path if is_new else folder):
        command = [sys.executable, "-m", "deckgen", "import", "page.txt"]
        process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL)
        time.sleep(1.5)
        assert process.poll() is None
        assert state(tmp_path) == old
    assert process.wait(timeout=30) == 0


@pytest.mark.parametrize("name", ["questions/conflict-and-feedback.yaml", "questions/mine.yaml"])
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(run: Run, folder: Path, name: str) -> None:
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    ran = run("import", "-", "--force", input=PAGE)
    message = "can't write this file: it is not a plain file: move it away, or choose another"
    assert (ran.code, ran.err.partition(" folder")[0]) == (1, f"{FOLDER}/{name}: error: {message}")


@pytest.mark.parametrize("where", ["loop", "loop/guide"])
def test_a_loop_of_links_is_no_folder(run: Run, tmp_path: Path, where: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    ran = run("import", "-", "-o", where, input=PAGE)
    assert ran.code == 1
    assert where in ran.err


def test_force_keeps_the_ids_of_a_guide_with_errors(run: Run, folder: Path, tmp_path: Path) -> None:
    edit(folder / "questions" / "conflict-and-feedback.yaml", "id: ", "id: my-")
    edit(folder / "guide.yaml", "- Conflict and Feedback", "- Conflict")
    assert run("check").code == 1
    assert run("import", "-", "--force", input=PAGE).code == 0
    assert "my-when-were-you-last-wrong" in {q.id for q in guide(tmp_path).questions}
