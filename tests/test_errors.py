"""Every message about a bank, at its line and column. A case is a file in cases/errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases_files import CASES, check_expected, lay_out, read_parts
from deckgen import BankError, load_bank
from support import Run

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
