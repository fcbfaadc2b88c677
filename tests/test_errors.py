"""Every message about a bank, at its line and column. A case is a file in cases/errors."""

from __future__ import annotations

import pickle
import shutil
import time
from pathlib import Path

import pytest

from cases_files import CASES, check_expected, lay_out, read_parts
from deckgen import BankError, Place, Problem, load_bank
from support import BankFolder, Run

FILES = sorted((CASES / "errors").glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_error_is_reported_at_its_place(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    parts = read_parts(path)
    lay_out(parts, tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BankError) as caught:
        load_bank("bank")
    found = "".join(f"{problem}\n" for problem in caught.value.problems)
    update = request.config.getoption("--update-cases")
    check_expected(path, parts, found, update=update)


def test_twelve_mistakes_give_twelve_messages_and_leave_the_outputs_alone(
    tmp_path: Path, run: Run
) -> None:
    parts = read_parts(CASES / "errors" / "twelve-mistakes.txt")
    lay_out(parts, tmp_path)
    old = tmp_path / "output" / "g.pdf"
    old.parent.mkdir()
    old.write_bytes(b"old")
    for command in ("build", "check", "list", "stats"):
        ran = run(command, "bank")
        assert ran.code == 1
        assert ran.err == parts["expected"]
    assert [file.name for file in old.parent.iterdir()] == ["g.pdf"]
    assert old.read_bytes() == b"old"


def test_an_error_with_its_problems_goes_from_one_process_to_another() -> None:
    error = BankError([Problem("one", Place("a.yaml", 1, 2)), Problem("two")])
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(copy), copy.problems, str(copy)) == (BankError, error.problems, str(error))


def test_options_in_a_bank_with_errors_are_looked_at_too(bank: BankFolder, run: Run) -> None:
    bank.edit("guide.yaml", "level:", "export: {html: {crads: true}, pfd: {}}\nlevl:")
    for command in ("build", "check"):
        ran = run(command, str(bank.path))
        assert ran.code == 1
        misspelt, unknown = ran.err.splitlines()
        assert "guide.yaml:4:17: error: unknown key 'crads'" in misspelt
        assert "guide.yaml:5:1: error: unknown key 'levl'" in unknown


def test_a_folder_that_cannot_be_read_hides_no_other_error(bank: BankFolder, run: Run) -> None:
    shutil.copytree(bank.guide, bank.path / "other")
    shutil.rmtree(bank.guide / "questions")
    (bank.guide / "questions").symlink_to(bank.path / "other" / "questions")
    (bank.path / "other" / "guide.yaml").write_text("titel: x\n", encoding="utf-8")
    for command in ("build", "check", "list"):
        ran = run(command, str(bank.path))
        assert ran.code == 1
        assert "example/questions: error: it is a link" in ran.err
        assert "other/guide.yaml:1:1: error: unknown key 'titel'" in ran.err


def test_a_guide_file_with_another_name_is_named(bank: BankFolder, run: Run) -> None:
    (bank.guide / "guide.yaml").rename(bank.guide / "guide.yml")
    for command in ("build", "check"):
        ran = run(command)
        assert ran.code == 1
        assert "content/example/guide.yml: error: expected the name guide.yaml" in ran.err


@pytest.mark.parametrize(
    ("named", "mend"),
    [
        ("contnet", "name the bank, or change to the folder it is in"),
        ("content/example/guide.yaml", "name the folder: content/example"),
    ],
)
def test_what_is_no_bank_is_told_with_what_to_do(
    bank: BankFolder, run: Run, named: str, mend: str
) -> None:
    ran = run("check", named)
    assert ran.code == 1
    assert f"{named}: error: can't read the bank: " in ran.err
    assert ran.err.splitlines()[0].endswith(f"; {mend}")


def test_a_file_full_of_syntax_errors_is_told_of_in_seconds(tmp_path: Path) -> None:
    question = "- id: a\n  question: Which: LRU?\n"
    (tmp_path / "g" / "questions").mkdir(parents=True)
    (tmp_path / "g" / "guide.yaml").write_text("title: T\n")
    (tmp_path / "g" / "questions" / "a.yaml").write_text(question * 20_000)
    start = time.process_time()
    with pytest.raises(BankError) as caught:
        load_bank(tmp_path)
    assert time.process_time() - start < 20
    told = [p for p in caught.value.problems if "a colon and a space" in p.message]
    assert [p.place.line for p in told if p.place] == list(range(2, 42, 2))
