"""`deckgen new`: skeletons that pass a check."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import BankFolder, Run, schemas_hold

GUIDE = ["new", "guide", "Acme: Staff Engineer", "--company", "Acme & Co", "--role", "yes"]


def test_a_new_guide_passes_the_check_and_builds(run: Run) -> None:
    ran = run(*GUIDE)
    assert ran.code == 0
    assert "content/acme-staff-engineer/guide.yaml: written" in ran.out
    assert run("check", "--strict").code == 0
    assert run("build").code == 0
    assert run("build", "--drafts").code == 0
    assert "Acme: Staff Engineer" in run("stats").out


@pytest.mark.parametrize(
    ("title", "category", "folder"),
    [
        ("L" * 200, "General", "l" * 100),
        ("null", "C++: [x]", "null"),
        ("分布式", "分布式", "new-guide"),
        ("Acme", "w" * 300, "acme"),
    ],
)
def test_whatever_a_new_guide_is_called_it_passes_the_check(
    run: Run, tmp_path: Path, title: str, category: str, folder: str
) -> None:
    ran = run("new", "guide", title, "--company", "A", "--role", "B", "--category", category)
    assert ran.code == 0
    assert (tmp_path / "content" / folder / "guide.yaml").exists()
    assert run("check", "--strict").code == 0
    assert run("new", "question", "--question", "W" * 150, "--category", category).code == 0
    assert run("check", "--strict").code == 0


@pytest.mark.parametrize("names", [(" ", "A", "B"), ("Acme", "!?", "B"), ("Acme", "A", " ")])
def test_a_guide_without_names_is_not_begun(
    run: Run, tmp_path: Path, names: tuple[str, str, str]
) -> None:
    title, company, role = names
    ran = run("new", "guide", title, "--company", company, "--role", role)
    assert ran.code == 1
    assert ran.err.endswith("has no letter or digit\n")
    assert not (tmp_path / "content").exists()


def test_a_question_without_ascii_words_needs_an_id(run: Run) -> None:
    run(*GUIDE)
    ran = run("new", "question", "--question", "分布式?", "--category", "General")
    assert ran.code == 2
    assert "--id is missing" in ran.err


def test_of_several_guides_one_must_be_named(bank: BankFolder, run: Run) -> None:
    shutil.copytree(bank.guide, bank.path / "other")
    more = ("--question", "How?", "--category", "Algorithms")
    ran = run("new", "question", *more)
    assert (ran.code, ran.out) == (2, "")
    assert "--guide is missing: one of example, other" in ran.err
    assert run("new", "question", "--guide", "other", *more).code == 0
    assert "How?" in (bank.path / "other" / "questions" / "all.yaml").read_text()


def test_a_question_joins_a_guide_that_has_none(bank: BankFolder, run: Run) -> None:
    (bank.guide / "questions" / "all.yaml").unlink()
    more = ("--guide", "example", "--question", "How?", "--category", "Algorithms")
    assert run("new", "question", *more).code == 0
    assert "[draft] How?" in run("list").out


def test_what_is_wrong_with_a_new_question_has_no_place_where_it_is_no_more(run: Run) -> None:
    run(*GUIDE)
    ran = run("new", "question", "--question", "Why?", "--category", "General", "--type", "A b")
    assert ran.code == 1
    assert ran.err.startswith("error: expected a slug")


def test_the_first_lines_name_schemas_that_are_there(run: Run, tmp_path: Path) -> None:
    run(*GUIDE)
    run("new", "question", "--category", "General", "--question", "Why?", "--id", "why")
    assert schemas_hold(tmp_path / "content" / "acme-staff-engineer") == 2


def test_a_question_joins_a_file_of_another_systems_line_ends(bank: BankFolder, run: Run) -> None:
    path = bank.guide / "questions" / "all.yaml"
    old = b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(old)
    assert run("new", "question", "--question", "How?", "--category", "Algorithms").code == 0
    assert path.read_bytes().startswith(old)
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")


def test_no_guide_is_written_where_none_is_read(run: Run, tmp_path: Path) -> None:
    run(*GUIDE)
    ran = run(*GUIDE, "--bank", "content/acme-staff-engineer")
    assert (ran.code, ran.out) == (1, "")
    assert (
        "content/acme-staff-engineer: error: it is a guide's own folder: name the bank" in ran.err
    )
    assert run("check", "--strict").err == ""


def test_nothing_that_is_there_is_overwritten(run: Run, tmp_path: Path) -> None:
    run(*GUIDE)
    path = tmp_path / "content" / "acme-staff-engineer" / "guide.yaml"
    path.write_text("mine")
    ran = run(*GUIDE)
    assert ran.code == 1
    assert "it is there already" in ran.err
    assert path.read_text() == "mine"


def test_what_is_missing_is_wrong_usage_where_nobody_can_be_asked(run: Run) -> None:
    ran = run("new", "guide", "Acme")
    assert ran.code == 2
    assert "--company is missing, and there is no terminal to ask on" in ran.err


def test_a_terminal_is_asked_for_what_is_missing(tmp_path: Path) -> None:
    main, side = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "deckgen", "new", "guide", "Acme"],
        stdin=side, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, text=True,
    )  # fmt: skip
    os.write(main, b"Acme\nEngineer\n\n\n")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "Company" in err
    assert "content/acme/guide.yaml: written" in out


def test_a_new_question_joins_those_of_its_category_and_leaves_them_alone(
    bank: BankFolder, run: Run
) -> None:
    path = bank.guide / "questions" / "all.yaml"
    before = path.read_text()
    ran = run("new", "question", "--question", "How do you sort?", "--category", "Algorithms")
    assert (ran.code, ran.out) == (0, "content/example/questions/all.yaml: written\n")
    assert path.read_text().startswith(before)
    assert run("check").code == 0
    assert "how-do-you-sort  [draft] How do you sort?" in run("list").out
    assert (
        run("new", "question", "--question", "How?", "--category", "Distributed Systems").code == 0
    )
    assert run("check").code == 0


def test_a_new_question_of_a_new_category_gets_a_file_of_its_own(
    bank: BankFolder, run: Run
) -> None:
    bank.edit("guide.yaml", "[Algorithms]", "[Algorithms, Clean Code]")
    ran = run("new", "question", "--question", "Why?", "--category", "Clean Code", "--id", "why")
    assert ran.out == "content/example/questions/clean-code.yaml: written\n"
    assert run("check").code == 0


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--category", "Algoritms"], "no round lists the category 'Algoritms'; did you mean"),
        (["--category", "Algorithms", "--id", "caching"], "question id 'caching' is taken"),
        (["--category", "Algorithms", "--id", "A b"], "expected a slug"),
    ],
)
def test_a_question_that_would_break_the_bank_is_not_written(
    bank: BankFolder, run: Run, flags: list[str], message: str
) -> None:
    before = {path: path.read_text() for path in bank.guide.rglob("*.yaml")}
    ran = run("new", "question", "--question", "Why?", *flags)
    assert ran.code == 1
    assert message in ran.err
    assert ran.err.startswith("error: ") or "all.yaml" in ran.err  # no file that isn't there
    assert {path: path.read_text() for path in bank.guide.rglob("*.yaml")} == before


def test_a_question_joins_a_list_below_defaults(bank: BankFolder, run: Run) -> None:
    bank.write(
        "questions/all.yaml",
        """\
        defaults: {difficulty: easy}
        questions:
            - id: one
              question: |
                Why?
              category: Algorithms
        """,
    )
    assert run("new", "question", "--question", "How?", "--category", "Algorithms").code == 0
    assert run("list").out.count("easy") == 1
    assert run("check").code == 0


def test_a_file_that_ends_in_something_else_is_left_alone(bank: BankFolder, run: Run) -> None:
    path = bank.write(
        "questions/all.yaml",
        "questions: [{id: a, question: Q, category: Algorithms, difficulty: easy}]\n",
    )
    ran = run("new", "question", "--question", "How?", "--category", "Algorithms")
    assert ran.code == 1
    assert "all.yaml: error: can't add a question at its end" in ran.err
    assert path.read_text().count("\n") == 1
